//! 变更记录: every entry with what it moved, in recording order.

use super::ask::Ask;
use super::dress::page;
use super::due;
use super::rows::nil;
use super::words::printable;
use crate::log::{Brief, Step, Verdict};
use crate::model::{Entry, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use std::collections::{HashMap, HashSet};

/// Entries recorded up to the as-of day; of the period alone where one was asked for.
pub fn history(ask: &Ask) -> Page {
    let wanted: HashSet<u32> = ask.selected.iter().map(|d| *d as u32).collect();
    let steps: HashMap<u32, Step> = ask.s.steps().into_iter().map(|s| (s.place, s)).collect();
    let whole = ask.query.is_empty();
    let say = |term: Term| term.say(ask.lang).into_owned();
    let columns = vec![
        Column::id(say(t::TIME)).key("time").wide(30),
        Column::id(say(t::ID)).key("id").wide(36),
        Column::text(say(t::CHANGE)).key("change").wide(30),
        Column::text(say(t::FROM)).key("from").wide(26),
        Column::text(say(t::TO)).key("to").wide(26),
        Column::text(say(t::BY)).key("by").wide(26),
        Column::text(say(t::GROUNDS)).key("reason"),
    ];
    let mut rows = Vec::new();
    for (i, r) in ask.s.log.records.iter().enumerate() {
        let mine = ask.s.folded.duty_of[i].map_or(whole, |d| wanted.contains(&d));
        let shown = ask.s.folded.verdicts[i] != Verdict::Later && (!ask.period.given || ask.period.holds(r.day));
        if mine && shown {
            rows.push(row(ask, i, steps.get(&(i as u32))));
        }
    }
    let table = Table { key: "history".into(), columns, rows, empty: nil(ask), ..Table::default() };
    page(ask, "history", Term("变更记录", "Change log"), vec![Block::Table(table)], Vec::new())
}

fn row(ask: &Ask, i: usize, step: Option<&Step>) -> Row {
    let r = &ask.s.log.records[i];
    let e = &r.entry;
    let (from, to) = step.map_or((String::new(), String::new()), |s| moved(ask, s));
    let id = match ask.s.folded.duty_of[i] {
        Some(d) => ask.s.roster.id(&ask.s.register, d as usize),
        None => format!("{}@{}", e.duty, e.dept),
    };
    let time = e.at.with_timezone(&ask.s.register.settings.time_zone.0).format("%Y-%m-%d %H:%M").to_string();
    let mark = mark(ask, i);
    let change = format!("{}{mark}", e.event.term().say(ask.lang));
    Row::of(vec![
        Cell::new(time),
        Cell::Id(id, None),
        Cell::new(change),
        Cell::new(from),
        Cell::new(to),
        Cell::new(&*e.by),
        Cell::new(reason(ask, e)),
    ])
}

/// State, due date and percentage where they moved.
fn moved(ask: &Ask, s: &Step) -> (String, String) {
    let said = |b: &Brief, other: &Brief| {
        let mut out = Vec::new();
        if b.status != other.status {
            out.push(b.status.term().say(ask.lang).into_owned());
        }
        if b.due != other.due {
            out.push(due::plain(ask, b.due).text());
        }
        if b.percent != other.percent {
            out.push(b.percent.map_or("—".into(), |p| format!("{p}%")));
        }
        out.join(ask.comma())
    };
    (said(&s.before, &s.after), said(&s.after, &s.before))
}

/// Why, in the entry's own words: reason, what was said, who agreed, the evidence.
fn reason(ask: &Ask, e: &Entry) -> String {
    let label = |term: Term, text: &str| format!("{}{}{text}", term.say(ask.lang), ask.colon());
    let mut out: Vec<String> = Vec::new();
    out.extend(e.reason.iter().map(|x| x.to_string()));
    out.extend((e.nil == Some(true)).then(|| t::NIL_REPORT.say(ask.lang).into_owned()));
    out.extend(e.note.iter().map(|x| x.to_string()));
    out.extend(e.issues.iter().map(|x| label(t::ISSUES, x)));
    out.extend(e.next.iter().map(|x| label(t::NEXT, x)));
    out.extend(e.release.iter().map(|x| label(Term("放行", "release"), x)));
    if let (Some(k), Some(v)) = (&e.indicator, &e.value) {
        out.push(format!("{k} = {v}"));
    }
    out.extend(e.agreed.iter().map(|x| label(Term("同意", "agreed"), x)));
    out.extend(e.via.iter().map(|x| label(Term("经由", "via"), &ask.name(x))));
    out.extend(e.evidence.iter().map(|x| {
        let number = x.number.as_ref().filter(|_| printable(x)).map_or(String::new(), |n| format!(" {n}"));
        format!("{}{number}", x.shown())
    }));
    out.join(ask.semicolon())
}

/// What became of the entry, where it does not simply count.
fn mark(ask: &Ask, i: usize) -> String {
    let (term, why) = match &ask.s.folded.verdicts[i] {
        Verdict::Counts | Verdict::Later => return String::new(),
        Verdict::CorrectedBy(_) => (t::CORRECTED, None),
        Verdict::WithdrawnBy(_) => (t::DELETED, None),
        Verdict::Fixes(_) => (t::CORRECTION, None),
        Verdict::Unlawful(w) => (t::UNLAWFUL, Some(w)),
        Verdict::Stray(w) => (t::STRAY, Some(w)),
    };
    let why = why.map_or(String::new(), |w| format!("{}{}", ask.colon(), w.say(ask.lang)));
    match ask.lang {
        crate::model::Lang::En => format!(" ({}{why})", term.1),
        _ => format!("（{}{why}）", term.say(ask.lang)),
    }
}
