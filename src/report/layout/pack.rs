//! Department pack: what one department has to know and to answer for.
//!
//! Its figures, its red and amber items with why, what is due within 90 days, what waits for
//! acceptance or review, its rates beside the whole, the dependency picture, its list, and a
//! card for each item that is not green.

use super::ask::Ask;
use super::columns;
use super::departments::{Share, roles, shares, urgency};
use super::dress::page;
use super::due;
use super::net;
use super::rates;
use super::rows::{Group, block, by_due};
use super::why::why;
use crate::model::time::plus_days;
use crate::model::{Due, Light, NeedKind, Status, Term, terms as t};
use crate::page::{Block, Cell, Figure, Page};
use crate::report::rows::{light_cell, tone};
use std::collections::BTreeSet;

/// How far the pack looks ahead, in days.
const AHEAD: u64 = 90;

/// The page of the department asked for; of the first where none was.
pub fn pack(ask: &Ask) -> Page {
    let mut all = shares(ask);
    let first = all.keys().map(|(_, id)| id.clone()).find(|id| id != "-");
    let dept = ask.dept.clone().or(first).unwrap_or_else(|| "-".into());
    let share = all.iter_mut().find(|((_, id), _)| *id == dept).map(|(_, s)| std::mem::take(s)).unwrap_or_default();
    let mut leads = share.leads.clone();
    urgency(ask, &mut leads);
    let pressing: Vec<usize> = leads.iter().copied().filter(|d| matches!(light(ask, *d), Light::Red | Light::Amber)).collect();
    let carded: BTreeSet<usize> = pressing.iter().map(|d| ask.ob(*d)).collect();
    let mut blocks = vec![Block::Figures(figures(ask, &share))];
    let head = |zh: &str, en: &str| Block::heading(ask.say(zh, en));
    blocks.push(head("红灯和黄灯事项", "Red and amber items, and why"));
    blocks.push(block(ask, "pressing", &["id", "title", "due", "status", "light", "why", "next"], &[Group::plain(pressing.clone())]));
    blocks.push(head("今后90天内到期", "Due within 90 days"));
    blocks.push(block(
        ask,
        "due-90",
        &["id", "title", "person", "due", "days_left", "status", "progress"],
        &[Group::plain(soon(ask, &leads))],
    ));
    blocks.push(head("待验收", "Waiting for acceptance"));
    let waiting = leads.iter().copied().filter(|d| ask.s.folded.states[*d].status == Status::Submitted);
    blocks.push(block(ask, "waiting", &["id", "title", "person", "days_waited", "evidence"], &[Group::plain(waiting)]));
    blocks.push(head("90天内应复核", "Reviews due within 90 days"));
    blocks.push(block(ask, "reviews", &["id", "title", "person", "next_review", "light"], &[Group::plain(reviews(ask, &leads))]));
    blocks.push(head("与全部相比", "Its rates beside the whole"));
    blocks.push(Block::Table(rates::beside(ask, &dept)));
    blocks.extend(net::picture(ask, &leads.iter().map(|d| ask.ob(*d)).collect(), &carded));
    blocks.push(head("任务清单", "Its list"));
    let keys = ["id", "title", "role", "due", "status", "light", "progress", "issues", "next"];
    blocks.push(block(ask, "list", &keys, &[Group { head: None, rows: roles(ask, &share) }]));
    if !pressing.is_empty() {
        blocks.push(Block::Break);
        blocks.push(head("事项卡片", "Cards"));
        pressing.iter().for_each(|d| blocks.extend(card(ask, *d)));
    }
    link(ask, &mut blocks, &carded);
    let notes = [Some(t::LEAD_NOTE.say(ask.lang).into_owned()), due::note(ask, &leads)].into_iter().flatten().collect();
    let mut page = page(ask, "pack", Term("部门资料包", "Department pack"), blocks, notes);
    let name = if dept == "-" { t::NO_LEAD.say(ask.lang).into_owned() } else { ask.name(&dept) };
    page.title = format!("{}{}{name}", page.title, ask.colon());
    page.origin.insert("dept".into(), dept.into());
    page
}

fn light(ask: &Ask, duty: usize) -> Light {
    ask.s.folded.states[duty].light
}

fn figures(ask: &Ask, share: &Share) -> Vec<Figure> {
    let count = |l: Light| share.leads.iter().filter(|d| light(ask, **d) == l).count();
    let figure = |label: String, n: usize, aside: String, tone| Figure { label, value: Cell::Count(n), aside, tone };
    let support = ask.say(format!("另配合 {} 项", share.supports.len()), format!("supports {} more", share.supports.len()));
    let mut out = vec![figure(t::ASSIGNMENTS.say(ask.lang).into_owned(), share.leads.len(), support, None)];
    for l in Light::ALL {
        out.push(figure(ask.say(format!("{}灯", l.term().0), l.term().1), count(*l), String::new(), Some(tone(*l))));
    }
    for s in [Status::InProgress, Status::Submitted, Status::Operating, Status::Closed] {
        let n = share.leads.iter().filter(|d| ask.s.folded.states[**d].status == s).count();
        out.push(figure(s.term().say(ask.lang).into_owned(), n, String::new(), None));
    }
    out
}

/// Open ones whose due date is not past and within the days ahead.
fn soon(ask: &Ask, leads: &[usize]) -> Vec<usize> {
    let (today, last) = (ask.s.day(), plus_days(ask.s.day(), AHEAD));
    let near = |d: &usize| {
        let state = &ask.s.folded.states[*d];
        state.status.open() && state.due.and_then(Due::day).is_some_and(|day| today <= day && day <= last)
    };
    let mut all: Vec<usize> = leads.iter().copied().filter(near).collect();
    all.sort_by(|a, b| by_due(ask, *a, *b));
    all
}

fn reviews(ask: &Ask, leads: &[usize]) -> Vec<usize> {
    let last = plus_days(ask.s.day(), AHEAD);
    let next = |d: usize| ask.s.folded.states[d].next_review.filter(|_| ask.s.folded.states[d].status == Status::Operating);
    let mut all: Vec<usize> = leads.iter().copied().filter(|d| next(*d).is_some_and(|day| day <= last)).collect();
    all.sort_by_key(|d| (next(*d), *d));
    all
}

/// One item whole: what it asks, who, by when, why its light, and its neighbours.
fn card(ask: &Ask, duty: usize) -> [Block; 2] {
    let o = ask.obligation(duty);
    let state = &ask.s.folded.states[duty];
    let line = columns::Line { duty, n: 1, role: String::new() };
    let mut facts = Vec::new();
    for key in ["requirement", "part", "support", "person", "due", "due_set", "status", "progress", "issues", "next", "evidence", "basis"] {
        let cell = if key == "due" { due::line(ask, duty) } else { columns::cell(ask, key, &line) };
        if !cell.is_blank() {
            facts.push((columns::head(key, ask.lang, false).label, cell));
        }
    }
    facts.push((t::LIGHT.say(ask.lang).into_owned(), light_cell(state.light, state.reasons, ask.lang)));
    facts.push((t::WHY.say(ask.lang).into_owned(), Cell::new(why(ask, duty))));
    let needs: Vec<String> = o.needs.iter().filter(|n| n.kind == NeedKind::Requires).map(|n| needed(ask, n.on.as_str())).collect();
    if !needs.is_empty() {
        facts.push((t::NEEDS.say(ask.lang).into_owned(), Cell::new(needs.join(ask.semicolon()))));
    }
    [Block::card(format!("{} {}", o.id, o.title.say(ask.lang)), o.id.as_str()), Block::Facts(facts)]
}

fn needed(ask: &Ask, id: &str) -> String {
    let Some(ob) = ask.s.register.obligation_index.get(id).map(|i| *i as usize) else { return id.into() };
    let (title, status) = (ask.s.register.obligations[ob].title.say(ask.lang), ask.s.folded.obligations[ob].0.term());
    match ask.lang {
        crate::model::Lang::En => format!("{id} {title} ({})", status.1),
        _ => format!("{id} {title}（{}）", status.say(ask.lang)),
    }
}

/// Ids lead to their card where the page has one.
fn link(ask: &Ask, blocks: &mut [Block], carded: &BTreeSet<usize>) {
    let has = |id: &str| ask.s.register.obligation_index.get(id).is_some_and(|i| carded.contains(&(*i as usize)));
    for block in blocks {
        let Block::Table(table) = block else { continue };
        for cell in table.rows.iter_mut().flat_map(|r| &mut r.cells) {
            if let Cell::Id(id, anchor) = cell
                && has(id)
            {
                *anchor = Some(id.clone());
            }
        }
    }
}
