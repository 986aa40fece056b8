//! What waits for somebody: consent asked of the post, applications to accept or return, and for a
//! supervisor what is red.

use super::consent;
use super::drafts;
use super::mine::table;
use crate::model::{Event, Light, Role, Status};
use crate::report::rows::light_cell;
use crate::serve::call::{Call, Reply, escape};
use crate::serve::look::{Doc, frame};
use crate::serve::read::{banner, or, search::shade};
use crate::serve::who::may::May;
use crate::snapshot::Snapshot;
use maud::{Markup, html};

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
            @if let Some(b) = banner(s, call.lang) { p.ban { (crate::render::html::Dated(&b)) } }
            div.title { h1 { (title) } }
            @if call.query.one("declined").is_some() { p.good role="status" { (call.say("已退回申请人。", "It went back to whoever asked.")) } }
            (drafts::unread(call, s))
            h2 { (call.say("请我同意", "My consent is asked")) " (" (asked.len()) ")" }
            @if asked.is_empty() { p.quiet { (call.say("没有。", "Nothing.")) } }
            @for d in &asked { (consent::shown(call, s, d)) }
            @if who.is(&[Role::Reviewer]) {
                h2 { (call.say("待验收", "Waiting for acceptance")) " (" (others.len()) ")" }
                (waiting(call, s, &others))
                @if !mine.is_empty() { h2 { (call.say("本人申请或同意的，须由他人验收", "Applied for or agreed to by you: somebody else must accept")) } (waiting(call, s, &mine)) }
            }
            @if who.is(&[Role::Supervisor]) { h2 { (call.say("红灯", "Red")) " (" (red.len()) ")" } (table(call, s, &red)) }
        };
        frame(call, 200, Doc::new(title, body))
    }))
}

/// What waits for acceptance, longest first: who applied, with whose consent, and when.
fn waiting(call: &Call, s: &Snapshot, duties: &[usize]) -> Markup {
    html! {
        @if duties.is_empty() { p.quiet { (call.say("没有。", "Nothing.")) } }
        @else {
            table.plainlist {
                thead { tr {
                    th scope="col" { (call.say("编号", "ID")) } th scope="col" { (call.say("工作事项", "Obligation")) } th scope="col" { (call.say("牵头单位", "Lead unit")) }
                    th scope="col" { (call.say("申请人", "Applied by")) } th scope="col" { (call.say("同意人", "Agreed")) } th scope="col" { (call.say("申请日", "Applied on")) } th scope="col" { (call.say("已等天数", "Days waited")) } th scope="col" { (call.say("亮灯", "RAG")) }
                } }
                tbody { @for d in duties {
                    @let state = &s.folded.states[*d];
                    @let o = &s.register.obligations[s.roster.duties[*d].obligation as usize];
                    tr {
                        th.id scope="row" { a href={ "/assignment/" (escape(&s.roster.full_id(&s.register, *d))) } { (o.id) } }
                        td.wide { (o.title.say(call.lang)) }
                        td data-label=(call.say("牵头单位", "Lead unit")) { (crate::report::rows::lead_name(s, *d, call.lang)) }
                        @if let Some(a) = &state.applied {
                            td data-label=(call.say("申请人", "Applied by")) { (a.by) }
                            td data-label=(call.say("同意人", "Agreed")) { (a.agreed.as_deref().unwrap_or("—")) }
                            td data-label=(call.say("申请日", "Applied on")) { (a.day.to_string()) }
                            td data-label=(call.say("已等天数", "Days waited")) { ((s.day() - a.day).num_days()) }
                        } @else { td {} td {} td {} td {} }
                        td { span class=(shade(state.light)) { (light_cell(state.light, state.reasons, call.lang).text()) } }
                    }
                } }
            }
        }
    }
}
