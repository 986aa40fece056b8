//! The form of one event for one assignment: exactly the fields and the evidence that the event
//! needs from the present state, and those that usually go with it.

mod about;
mod fields;

use super::consent;
use super::drafts;
use super::entry::{self, Refused};
use crate::intake::{Fault, Proposal, table};
use crate::model::Event;
use crate::serve::call::{Call, Fields, Reply, escape};
use crate::serve::look::{Doc, frame};
use crate::serve::read::or;
use crate::serve::who::{Visitor, secret};
use crate::snapshot::Snapshot;
use about::About;
use maud::html;

/// `GET /assignment/{id}/{event}`, with `fixes` or `draft` in the query.
pub fn form(call: &Call) -> Reply {
    or(asked(call))
}

fn asked(call: &Call) -> Result<Reply, Reply> {
    let view = call.desk.views.now().map_err(|e| Reply::problem(503, e))?;
    let who = call.visitor();
    let about = About::of(call, &view.s, who, &call.path[0], &call.path[1], call.query.one("fixes"))?;
    let draft = call
        .query
        .one("draft")
        .and_then(|name| drafts::all(&view.s).into_iter().find(|d| d.name == name && d.proposal.by.as_deref() == Some(who.post.as_str())));
    let filled = match (&draft, about.fixes) {
        (Some(d), _) => fields::of(&d.proposal),
        (None, Some(e)) if about.event != Event::Void => fields::of_entry(e),
        _ => Fields::default(),
    };
    Ok(shown(call, who, &about, &filled, &[], 200))
}

/// The form again after the session had ended in the middle of it.
pub fn again(call: &Call, who: Visitor, path: &str, filled: Fields) -> Reply {
    let made = || -> Result<Reply, Reply> {
        let view = call.desk.views.now().map_err(|e| Reply::problem(503, e))?;
        let rest = path.strip_prefix("/assignment/").and_then(|r| r.split_once('/'));
        let (id, event) = rest.ok_or_else(|| Reply::go("/"))?;
        let id = crate::serve::gate::fields(id).0.pop().map_or_else(String::new, |f| f.0);
        let about = About::of(call, &view.s, &who, &id, event, filled.one("fixes"))?;
        // The page is that of whoever has just signed in, at the form's own address.
        let call = call.as_who(who.clone(), path);
        Ok(shown(&call, &who, &about, &filled, &[], 200))
    };
    or(made())
}

/// `POST /assignment/{id}/{event}`.
pub fn submit(call: &Call) -> Reply {
    or(submitted(call))
}

fn submitted(call: &Call) -> Result<Reply, Reply> {
    let view = call.desk.views.now().map_err(|e| Reply::problem(503, e))?;
    let who = call.visitor();
    let form = &call.form;
    // Sent twice: the entry stands there already, and its state need not allow it any more.
    if let Some(h) = form.one("key").and_then(|key| known(&view.s, &who.post, key)) {
        let id = &call.path[0];
        return Ok(Reply::go(format!("/assignment/{}?done={}&known=1", escape(id), escape(&h))));
    }
    let about = About::of(call, &view.s, who, &call.path[0], &call.path[1], form.one("fixes"))?;
    let faulty = |faults: &[Fault]| shown(call, who, &about, form, faults, 422);
    let files = std::mem::take(&mut *call.files.lock().unwrap_or_else(|e| e.into_inner()));
    let made = entry::proposal(&about.id, about.event, form, &files);
    *call.files.lock().unwrap_or_else(|e| e.into_inner()) = files;
    let mut p = match made {
        Ok(p) => Proposal { via: about.via.as_deref().map(Into::into), ..p },
        Err(faults) => return Ok(faulty(&faults)),
    };
    if form.one("action") == Some("draft") {
        entry::keep(call, &mut p, about.dept())?;
        drafts::save(&view.s, &p, &who.post, about.dept())?;
        call.desk.views.stale();
        return Ok(Reply::go(format!("/assignment/{}?drafted={}", escape(&about.id), escape(p.key.as_deref().unwrap_or("1")))));
    }
    if let Err(refused) = entry::lawful(call, &p, &who.post) {
        return match refused {
            Refused::Faults(faults) => Ok(faulty(&faults)),
            other => Err(entry::closed(call, &other).unwrap_or_default()),
        };
    }
    entry::keep(call, &mut p, about.dept())?;
    // Nobody gives another's consent: that post is asked.
    if let Some(agreed) = p.agreed.as_deref().filter(|a| *a != who.post) {
        let agreed = agreed.to_string();
        consent::ask(call, &view.s, &p, &who.post, about.dept())?;
        return Ok(Reply::go(format!(
            "/assignment/{}?asked={}&key={}",
            escape(&about.id),
            escape(&agreed),
            escape(p.key.as_deref().unwrap_or(""))
        )));
    }
    match entry::record(call, &p, &who.post) {
        Ok(done) => {
            drafts::gone(&view.s, p.key.as_deref().unwrap_or(""), &who.post);
            call.desk.views.stale();
            Ok(Reply::go(landed(&about.id, &done)))
        }
        Err(Refused::Faults(faults)) => Ok(faulty(&faults)),
        Err(other) => Err(entry::closed(call, &other).unwrap_or_default()),
    }
}

/// Where one is led after an entry.
pub fn landed(id: &str, done: &entry::Done) -> String {
    let mut to = format!("/assignment/{}?done={}", escape(id), escape(&done.entry.h));
    if done.known {
        to += "&known=1";
    }
    if done.git.is_some() {
        to += "&git=1";
    }
    if done.unsettled > 0 {
        to += &format!("&unsettled={}", done.unsettled);
    }
    to
}

/// The entry that a post recorded under a key.
pub fn known(s: &Snapshot, post: &str, key: &str) -> Option<String> {
    let found = s.log.records.iter().rev().find(|r| *r.entry.by == *post && r.entry.key.as_deref() == Some(key))?;
    Some(found.entry.h.to_string())
}

fn shown(call: &Call, who: &Visitor, about: &About, filled: &Fields, faults: &[Fault], status: u16) -> Reply {
    let s = about.s;
    let o = &s.register.obligations[s.roster.duties[about.duty].obligation as usize];
    let state = &s.folded.states[about.duty];
    let key = filled.one("key").map_or_else(|| format!("desk-{}", &secret()[..24]), String::from);
    let event = about.event.term().say(call.lang);
    let title = match about.fixes {
        Some(_) if about.event != Event::Void => format!("{}：{event}", call.say("更正", "Correct")),
        _ => event.into_owned(),
    };
    // A browser keeps what is typed for this post, assignment and event until it was taken.
    let keep = format!("{} {} {}", who.post, about.id, about.event.code());
    let fresh = faults.is_empty() && filled.0.is_empty();
    let whole: Vec<&Fault> = faults.iter().filter(|f| !fields::shown(about, f.field)).collect();
    let consents = about.wants.fields.contains(&"agreed");
    let body = html! {
        div.title {
            h1 { (title) }
            p.sub { a href={ "/assignment/" (escape(&about.id)) } { (about.id) } " " (o.title.say(call.lang)) " · " (state.status.term().say(call.lang)) @if let Some(v) = &about.via { " · " (call.say("配合单位填报：", "for the supporting unit ")) (v) } }
        }
        @if !faults.is_empty() {
            div.bad role="alert" {
                (call.say("没有记录，请改正后再提交：", "Nothing was recorded; mend this and send it again:"))
                ul { @for f in if whole.is_empty() { faults.iter().collect() } else { whole.clone() } { li { (table::joined(&f.what, &f.hint).say(call.lang)) } } }
                @if call.files.lock().is_ok_and(|f| !f.is_empty()) { p { (call.say("附件须重新选择。", "Files have to be chosen again.")) } }
            }
        }
        @if let Some(e) = about.fixes { p.note { (call.say("所更正的条目：", "The entry: ")) (crate::serve::look::at(&e.at)) " " (e.event.term().say(call.lang)) " " (e.note.as_deref().unwrap_or("")) " " code { (e.h) } } }
        form.form method="post" enctype="multipart/form-data" action={ "/assignment/" (escape(&about.id)) "/" (about.event.code()) } data-keep=(keep) data-filled[!fresh] {
            input type="hidden" name="csrf" value=(who.csrf);
            input type="hidden" name="key" value=(key);
            @if let Some(e) = about.fixes { input type="hidden" name="fixes" value=(e.h); }
            (fields::all(call, about, filled, faults))
            div.send {
                button.main type="submit" name="action" value="record" {
                    (if consents { call.say("送请同意", "Send for consent") } else { call.say("记录", "Record") })
                }
                button type="submit" name="action" value="draft" formnovalidate { (call.say("存为草稿", "Save as a draft")) }
                a href={ "/assignment/" (escape(&about.id)) } { (call.say("放弃", "Cancel")) }
            }
            p.quiet { (call.say("带 * 的必填。记录只增不改：有误可更正，不可删除。", "Fields with * are needed. Entries are only ever added: mistakes are corrected, nothing is deleted.")) }
        }
    };
    frame(call, status, Doc::new(format!("{title} {}", about.id), body).typed())
}
