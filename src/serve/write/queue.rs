//! What waits for somebody: consent asked of the post, applications to accept or return, and for a
//! supervisor what is red.

use super::mine::table;
use super::{consent, drafts};
use crate::model::{Event, Light, Role, Status};
use crate::serve::call::{Call, Reply};
use crate::serve::look::{Doc, frame};
use crate::serve::read::{banner, or};
use crate::serve::who::may::May;
use maud::html;

/// `GET /queue`.
pub fn queue(call: &Call) -> Reply {
    or(call.desk.views.now().map_err(|e| Reply::problem(503, e)).map(|view| {
        let s = &view.s;
        let who = call.visitor();
        let may = May::new(s, s.register.settings.time_zone.day(call.now));
        let asked: Vec<_> = drafts::all(s).into_iter().filter(|d| d.consent && d.proposal.agreed.as_deref() == Some(who.post.as_str())).collect();
        let all = 0..s.roster.duties.len();
        let mut submitted: Vec<usize> = all.clone().filter(|d| s.folded.states[*d].status == Status::Submitted && may.speaks(*d, who, Event::Accept).is_some()).collect();
        submitted.sort_by_key(|d| s.folded.states[*d].applied.as_ref().map(|a| a.day));
        let own = |d: &usize| s.folded.states[*d].applied.as_ref().is_some_and(|a| *a.by == *who.post || a.agreed.as_deref() == Some(who.post.as_str()));
        let (mine, others): (Vec<usize>, Vec<usize>) = submitted.into_iter().partition(own);
        let red: Vec<usize> = if who.is(&[Role::Supervisor]) { all.filter(|d| s.folded.states[*d].light == Light::Red && s.roster.duties[*d].dept.is_some()).collect() } else { Vec::new() };
        let title = call.say("待办", "Queue");
        let body = html! {
            @if let Some(b) = banner(s, call.lang) { p.ban { (b) } }
            div.title { h1 { (title) } }
            @if call.query.one("declined").is_some() { p.good role="status" { (call.say("已退回申请人。", "It went back to whoever asked.")) } }
            h2 { (call.say("请我同意", "My consent is asked")) " (" (asked.len()) ")" }
            @if asked.is_empty() { p.quiet { (crate::model::terms::NOTHING.say(call.lang)) } }
            @for d in &asked { (consent::shown(call, s, d)) }
            @if who.is(&[Role::Reviewer]) {
                h2 { (call.say("待验收", "Waiting for acceptance")) " (" (others.len()) ")" }
                (table(call, s, &others))
                @if !mine.is_empty() { h2 { (call.say("本人申请或同意的，须由他人验收", "Applied for or agreed to by you: somebody else must accept")) } (table(call, s, &mine)) }
            }
            @if who.is(&[Role::Supervisor]) { h2 { (call.say("红灯", "Red")) " (" (red.len()) ")" } (table(call, s, &red)) }
        };
        frame(call, 200, Doc::new(title, body))
    }))
}
