//! Consent of another post: at the desk nobody can write another's name under a thing.
//!
//! What needs consent (an application, an extension, a suspension, an exemption) waits as a draft until the
//! post that it names, itself signed in, says yes; then it is recorded with both names. Asked again after
//! that, its key makes it the same entry.

use super::drafts::{self, Draft};
use super::entry::{self, Refused};
use super::form::landed;
use crate::intake::{Proposal, table};
use crate::serve::call::{Call, Reply, escape};
use crate::serve::read::or;
use crate::snapshot::Snapshot;
use maud::{Markup, html};

/// Lets a proposal wait for the consent that it names.
///
/// # Errors
/// When it cannot be kept.
pub fn ask(call: &Call, s: &Snapshot, p: &Proposal, by: &str, dept: &str) -> Result<(), Reply> {
    let at = crate::serve::look::at(&call.now.with_timezone(&s.register.settings.time_zone.0));
    let agreed = p.agreed.as_deref().unwrap_or("");
    drafts::put(s, p, by, dept, "consent", &[format!("{by} asked {agreed} for consent, {at} / {by} 于 {at} 请 {agreed} 同意")])?;
    // A draft that it was before is the same thing.
    for d in drafts::all(s).iter().filter(|d| !d.consent && d.proposal.by.as_deref() == Some(by) && d.proposal.key == p.key) {
        drafts::take_away(s, d);
    }
    call.desk.views.stale();
    Ok(())
}

/// `POST /consent/{dept}/{name}` with `action` agree or decline.
pub fn consent(call: &Call) -> Reply {
    or(done(call))
}

fn done(call: &Call) -> Result<Reply, Reply> {
    let view = call.desk.views.now().map_err(|e| Reply::problem(503, e))?;
    let s = &view.s;
    let d = drafts::find(call, s)?;
    let who = call.visitor();
    let by = d.proposal.by.as_deref().unwrap_or("").to_string();
    if !d.consent || d.proposal.agreed.as_deref() != Some(who.post.as_str()) {
        return Err(Reply::problem(403, call.say("这项请求不是请您同意的", "you were not asked for this consent")));
    }
    if call.form.one("action") == Some("decline") {
        let why = call.form.one("reason").ok_or_else(|| Reply::problem(422, call.say("请写明不同意的理由", "say why not")))?;
        let at = crate::serve::look::at(&call.now.with_timezone(&s.register.settings.time_zone.0));
        let p = Proposal { agreed: None, ..d.proposal.clone() };
        drafts::put(s, &p, &by, &d.dept, "desk", &[format!("{} 不同意 / declined, {at}: {why}", who.post)])?;
        drafts::take_away(s, &d);
        call.desk.views.stale();
        return Ok(Reply::go("/queue?declined=1"));
    }
    if call.form.one("action") != Some("agree") {
        return Err(Reply::problem(422, "action: agree | decline"));
    }
    if call.form.one("mark") != Some(d.mark.as_str()) {
        return Err(Reply::problem(
            409,
            call.say(
                "请求在您查看之后已被修改，请重新查看后再决定",
                "the request was changed since you looked at it: look at it again before you decide",
            ),
        ));
    }
    match entry::record(call, &d.proposal, &by) {
        Ok(made) => {
            drafts::take_away(s, &d);
            call.desk.views.stale();
            let id = s
                .roster
                .find(&s.register, &d.proposal.duty)
                .map_or_else(|| d.proposal.duty.to_string(), |i| s.roster.full_id(&s.register, i));
            Ok(Reply::go(landed(&id, &made)))
        }
        Err(Refused::Faults(faults)) => {
            let all: Vec<String> = faults.iter().map(|f| table::joined(&f.what, &f.hint).say(call.lang).into_owned()).collect();
            Err(Reply::problem(
                409,
                format!("{}{}", call.say("情况已变，不能记录：", "things have changed and it cannot be recorded: "), all.join("; ")),
            ))
        }
        Err(other) => Err(entry::closed(call, &other).unwrap_or_default()),
    }
}

/// A request on a page, for the post that is asked.
pub fn shown(call: &Call, s: &Snapshot, d: &Draft) -> Markup {
    let p = &d.proposal;
    let title = s
        .roster
        .find(&s.register, &p.duty)
        .map(|i| s.register.obligations[s.roster.duties[i].obligation as usize].title.say(call.lang).into_owned());
    html! {
        div.note {
            b { (call.say("请您同意", "Your consent is asked")) } " · " (p.event.term().say(call.lang)) " · "
            a href={ "/assignment/" (escape(&p.duty)) } { (p.duty) } " " (title.unwrap_or_default())
            ul {
                li { (call.say("申请人：", "by ")) (p.by.as_deref().unwrap_or("")) }
                @if let Some(u) = p.until { li { (call.say("日期：", "date: ")) (u.to_string()) } }
                @for text in [&p.reason, &p.note].into_iter().flatten() { li { (text) } }
                @for c in &p.evidence { @if let crate::intake::proposal::Cited::Full(c) = c { li {
                    (s.register.evidence_type(&c.kind).map_or_else(|| c.kind.to_string(), |t| t.name.say(call.lang).into_owned())) "：" (c.name.as_deref().unwrap_or("")) " " (c.number.as_deref().unwrap_or(""))
                    @if let Some(sum) = &c.sha256 { " " small { (call.say("附文件，摘要 ", "with a file, digest ")) code { (sum.chars().take(12).collect::<String>()) } "…" } }
                } } }
            }
            form.form method="post" action={ "/consent/" (escape(&d.dept)) "/" (escape(&d.name)) } {
                input type="hidden" name="csrf" value=(call.visitor().csrf);
                input type="hidden" name="mark" value=(d.mark);
                div.send {
                    button.main name="action" value="agree" { (call.say("同意并记录", "Consent and record")) }
                    label { span.vh { (call.say("不同意的理由", "Why not")) } input name="reason" maxlength="500" placeholder=(call.say("不同意的理由", "why not")); }
                    button name="action" value="decline" { (call.say("不同意", "Decline")) }
                }
            }
        }
    }
}
