//! One assignment: where it stands, what may be recorded there by whoever looks, what waits to
//! become an entry, and its entries.

use super::drafts::{self, Draft};
use crate::model::{Event, Role};
use crate::page::{Block, Page};
use crate::report::show;
use crate::serve::call::{Call, Reply, escape};
use crate::serve::look::{Doc, frame, part};
use crate::serve::read::or;
use crate::serve::who::{Visitor, may::May};
use crate::snapshot::{Snapshot, query::Query};
use maud::{Markup, PreEscaped, html};

/// So many of one's entries are offered for correction, newest first.
const LAST: usize = 50;

/// The assignment that a path means, as of now.
///
/// # Errors
/// 404 where there is none.
pub fn find(call: &Call, s: &Snapshot, id: &str) -> Result<usize, Reply> {
    let none = || match id.split('@').next().filter(|o| s.register.invalid.iter().any(|i| i.id.as_deref() == Some(*o))) {
        Some(o) => crate::serve::read::shared::no_obligation(call, s, o),
        None => Reply::problem(404, call.say("没有这个办理项；可用检索查找", "there is no such assignment; the search finds others")),
    };
    s.roster.find(&s.register, id).filter(|d| s.roster.duties[*d].dept.is_some()).ok_or_else(none)
}

/// `GET /assignment/{id}`.
pub fn assignment(call: &Call) -> Reply {
    or(made(call))
}

fn made(call: &Call) -> Result<Reply, Reply> {
    let view = call.view()?;
    let s = &view.s;
    let duty = find(call, s, &call.path[0])?;
    let id = s.roster.full_id(&s.register, duty);
    let o = &s.register.obligations[s.roster.duties[duty].obligation as usize];
    let lead = crate::report::rows::lead_name(s, duty, call.lang);
    let lang = if call.lang == crate::model::Lang::En { "en" } else { "zh" };
    let facts = Page { lang: lang.into(), blocks: vec![Block::Facts(show::duty_facts(s, duty, call.lang))], ..Page::default() };
    let facts = part(call, s, &facts);
    let q = Query::parse(s, std::slice::from_ref(&id)).map_err(|w| Reply::trouble(call, 400, &w))?;
    let page = crate::serve::read::history::entries(call, s, &q, false);
    let history = part(call, s, &page);
    // What may be recorded is asked as of now, whatever day is shown.
    let now = call.desk.views.now().map_err(|e| Reply::problem(503, e))?;
    let acts = call.visitor.as_ref().filter(|_| call.query.one("as_of").is_none()).map(|who| acts(call, &now.s, who, &id)).transpose()?;
    let body = html! {
        @if let Some(b) = crate::serve::read::banner(s, call.lang) { p.ban { (crate::render::html::Dated(&b)) } }
        div.title {
            h1 { (o.title.say(call.lang)) }
            p.sub { (lead) " · " a href=(call.link(&format!("/obligation/{}", escape(o.id.as_str())), &[])) { (o.id) } " · " (id) }
        }
        (told(call, s))
        blockquote { (o.requirement.say(call.lang)) }
        (PreEscaped(&facts.body))
        @if let Some(a) = acts { (a) }
        h2 { (crate::model::terms::HISTORY_TITLE.say(call.lang)) }
        (PreEscaped(&history.body))
    };
    let mut doc = Doc::new(format!("{} {}", o.id, o.title.say(call.lang)), body);
    doc.css = format!("{}{}", facts.css, history.css);
    doc.filter = history.filter;
    Ok(frame(call, 200, doc))
}

/// What became of the form that led here.
fn told(call: &Call, s: &Snapshot) -> Markup {
    let entry = call.query.one("done").and_then(|h| s.log.records.iter().rev().find(|r| *r.entry.h == *h)).map(|r| &r.entry);
    html! {
        @if let Some(e) = entry {
            @let key = e.key.as_deref().unwrap_or("");
            @if call.query.one("known").is_some() {
                p.note role="status" data-taken=(key) { (call.say("这张表此前已记录过，没有重复记录：", "This form was recorded before, and nothing was recorded twice: ")) b { (e.event.term().say(call.lang)) } " " code { (e.h) } "。" (call.say("后来改动的内容未记录；要改请用“更正”。", " What you changed since is not recorded: use “Correct” for that.")) }
            } @else {
                p.good role="status" data-taken=(key) { (call.say("已记录：", "Recorded: ")) b { (e.event.term().say(call.lang)) } " " code { (e.h) } " " (crate::serve::look::at(&e.at)) }
            }
        }
        @if let Some(post) = call.query.one("asked") { p.good role="status" data-taken=(call.query.one("key").unwrap_or("")) { (call.say("已送请同意：", "Sent for consent to: ")) b { (post) } "。" (call.say("同意之后才成为记录。", " It becomes an entry once it is given.")) } }
        @if let Some(key) = call.query.one("drafted") { p.good role="status" data-taken=(key) { (call.say("草稿已保存。草稿不计入任何数字，封存后才是记录。", "The draft is saved. It counts nowhere until it is recorded.")) } }
        @if call.query.one("git").is_some() { p.note { (call.say("已记录在磁盘，但 git 提交或此前的推送没有成功，原因见访问日志；稍后会再试。", "It is recorded on disk, but git could not commit it, or could not push what was committed before; the access log says why. It is tried again.")) } }
        @if let Some(n) = call.query.one("unsettled") { p.note { (n) " " (call.say("条较晚的条目因这次更正不再合规，见记录。", "later entries are no longer lawful after this correction; see the log.")) } }
    }
}

/// What may be recorded, what waits, and which entries may be corrected.
fn acts(call: &Call, s: &Snapshot, who: &Visitor, id: &str) -> Result<Markup, Reply> {
    let duty = find(call, s, id)?;
    let may = May::new(s, s.register.settings.time_zone.day(call.now));
    let offered = may.offered(duty, who);
    let path = format!("/assignment/{}", escape(id));
    let waiting: Vec<Draft> = drafts::all(s).into_iter().filter(|d| s.roster.find(&s.register, &d.proposal.duty) == Some(duty)).collect();
    let mine = |d: &&Draft| d.proposal.by.as_deref() == Some(who.post.as_str());
    let no_person = s.roster.duties[duty].plan.is_none_or(|p| s.register.plan[p as usize].person.is_none());
    let own: Vec<&crate::model::Entry> = s
        .log
        .records
        .iter()
        .enumerate()
        .filter(|(i, r)| s.folded.duty_of[*i] == Some(duty as u32) && r.entry.fixes.is_none() && *r.entry.by == *who.post)
        .map(|(_, r)| &r.entry)
        .collect();
    Ok(html! {
        h2 { (call.say("填报", "Record")) }
        @if offered.is_empty() {
            p.quiet { (call.say("以您的岗位和目前状态，没有可记录的事项。", "There is nothing that your post may record from its present state.")) }
        }
        ul.acts {
            @for o in &offered {
                @let now = s.folded.states[duty].status;
                li {
                    @if o.event == Event::Start && no_person { span.quiet { (o.event.term().say(call.lang)) } small { (call.say("先由管理员在 plan.yaml 写明责任人", "plan.yaml names no person yet")) } }
                    @else { a.button href={ (path) "/" (o.event.code()) } { (o.event.term().say(call.lang)) } @if o.to != now { small { "→ " (o.to.term().say(call.lang)) } } }
                }
            }
        }
        @for d in waiting.iter().filter(mine) { (drafts::shown(call, d)) }
        @for d in waiting.iter().filter(|d| d.consent && d.proposal.agreed.as_deref() == Some(who.post.as_str())) { (super::consent::shown(call, s, d)) }
        @if !own.is_empty() && who.is(&[Role::Officer, Role::Manager, Role::Supervisor, Role::Reviewer, Role::Approver]) {
            details {
                summary { (call.say("更正或撤回我记录的条目", "Correct or withdraw an entry of mine")) }
                ul {
                    @if own.len() > LAST { li { (own.len() - LAST) " " (call.say("条较早的未列出，可在命令行更正", "earlier ones are not listed; the command line corrects them")) } }
                    @for e in own.iter().rev().take(LAST) {
                        li {
                            (crate::serve::look::at(&e.at)) " " (e.event.term().say(call.lang)) " " code { (e.h) } " · "
                            a href={ (path) "/" (e.event.code()) "?fixes=" (escape(&e.h)) } { (call.say("更正", "Correct")) } " · "
                            a href={ (path) "/void?fixes=" (escape(&e.h)) } { (call.say("撤回", "Withdraw")) }
                        }
                    }
                }
            }
        }
    })
}
