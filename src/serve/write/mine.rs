//! An officer's list: what presses in the own department, everything it leads, what it supports,
//! and what is begun and not yet recorded.

use super::drafts;
use crate::model::Light;
use crate::page::Block;
use crate::report::list;
use crate::report::rows::{due_text, light_cell};
use crate::serve::call::{Call, Reply, escape};
use crate::serve::look::{Doc, frame, part};
use crate::serve::read::{banner, or, search::shade};
use crate::snapshot::{Snapshot, query::Query};
use maud::{Markup, PreEscaped, html};

/// `GET /mine`.
pub fn mine(call: &Call) -> Reply {
    or(made(call))
}

fn made(call: &Call) -> Result<Reply, Reply> {
    let view = call.desk.views.now().map_err(|e| Reply::problem(503, e))?;
    let s = &view.s;
    let who = call.visitor();
    let Some(dept) = who.dept.clone() else {
        return Ok(frame(
            call,
            200,
            Doc::new(
                who.post.clone(),
                html! { div.title { h1 { (who.post) } } p { (call.say("people.yaml 没有为您的岗位写明单位。", "people.yaml gives your post no department.")) } },
            ),
        ));
    };
    let name = s.register.name(&dept, s.day(), call.lang);
    let q = Query::parse(s, &[format!("dept:{dept}")]).map_err(|w| Reply::trouble(call, 400, &w))?;
    let mut led = q.select(s);
    let rank = |d: usize| {
        (
            s.folded.states[d].status.finished(),
            s.folded.states[d].light,
            s.folded.states[d].due.and_then(crate::model::Due::day).unwrap_or(chrono::NaiveDate::MAX),
        )
    };
    led.sort_by_key(|d| rank(*d));
    let support = Query::parse(s, &[format!("support:{dept}")]).map_or_else(|_| Vec::new(), |q| q.select(s));
    let mut page = list::due_page(s, &list::due(s, &q, 30, call.lang), call.lang);
    page.lang = if call.lang == crate::model::Lang::En { "en" } else { "zh" }.into();
    // Each list has its heading before it; an empty one is told by the head of the page alone.
    let blocks = std::mem::take(&mut page.blocks);
    for pair in blocks.chunks(2) {
        if matches!(&pair[1..], [Block::Table(t)] if !t.rows.is_empty()) {
            page.blocks.extend_from_slice(pair);
        }
    }
    let pressing = part(call, s, &page);
    let drafts: Vec<_> = drafts::all(s).into_iter().filter(|d| d.proposal.by.as_deref() == Some(who.post.as_str())).collect();
    let count = |l: Light| led.iter().filter(|d| s.folded.states[**d].light == l).count();
    let body = html! {
        @if let Some(b) = banner(s, call.lang) { p.ban { (crate::render::html::Dated(&b)) } }
        div.title { h1 { (name) } p.sub { (led.len()) " " (call.say("项牵头", "led")) " · " (support.len()) " " (call.say("项配合", "supported")) @for l in Light::ALL { " · " span class=(shade(*l)) { (l.term().say(call.lang)) " " (count(*l)) } } } }
        (drafts::unread(call, s))
        @for d in &drafts { (drafts::shown(call, d)) }
        (PreEscaped(&pressing.body))
        h2 { (call.say("牵头事项", "Led")) " (" (led.len()) ")" }
        (table(call, s, &led))
        @if !support.is_empty() { h2 { (call.say("配合事项（只报进展和佐证，记在牵头单位名下）", "Supported (progress and evidence only, in the lead's record)")) } (table(call, s, &support)) }
    };
    let mut doc = Doc::new(name, body);
    doc.css = pressing.css;
    Ok(frame(call, 200, doc))
}

/// Assignments as rows that lead to their pages.
pub fn table(call: &Call, s: &Snapshot, duties: &[usize]) -> Markup {
    let r = &s.register;
    html! {
        @if duties.is_empty() { p.quiet { (crate::model::terms::NOTHING.say(call.lang)) } }
        @else {
            table.plainlist {
                thead { tr {
                    th scope="col" { (call.say("编号", "ID")) } th scope="col" { (call.say("工作事项", "Obligation")) } th scope="col" { (call.say("牵头单位", "Lead unit")) }
                    th scope="col" { (call.say("责任人", "Person")) } th scope="col" { (call.say("状态", "Status")) } th scope="col" { (call.say("亮灯", "RAG")) } th scope="col" { (call.say("完成时限", "Due")) }
                } }
                tbody { @for d in duties {
                    @let duty = &s.roster.duties[*d];
                    @let state = &s.folded.states[*d];
                    @let o = &r.obligations[duty.obligation as usize];
                    @let id = s.roster.full_id(r, *d);
                    tr {
                        th.id scope="row" { a href={ "/assignment/" (escape(&id)) } { (o.id) } }
                        td.wide { (o.title.say(call.lang)) }
                        td data-label=(call.say("牵头单位", "Lead unit")) { (crate::report::rows::lead_name(s, *d, call.lang)) }
                        td data-label=(call.say("责任人", "Person")) { (duty.plan.and_then(|p| r.plan[p as usize].person.as_ref()).map_or("—".into(), |p| p.to_string())) }
                        td { (state.status.term().say(call.lang)) @if let Some(p) = state.percent { " " (p) "%" } }
                        td { span class=(shade(state.light)) { (light_cell(state.light, state.reasons, call.lang).text()) } }
                        td data-label=(call.say("完成时限", "Due")) { (due_text(state.due, call.lang)) }
                    }
                } }
            }
        }
    }
}
