//! The rows behind the totals: one page that holds, for every count that can be opened, what it
//! counts. A workbook carries it as a sheet of its own and its counts lead there.
//!
//! A total of obligations has a row an obligation, with the roll-up of its assignments; any
//! other a row an assignment: as many rows as the figure says.

use super::ask::day_text;
use crate::model::{Due, Lang, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::report::rows::{lead_name, light_cell, tone};
use crate::snapshot::{Snapshot, query::Query};
use std::collections::BTreeSet;

/// Rows that one workbook is given at most; what is beyond is said and opens by `duban list`.
const MOST: usize = 60_000;

/// What stands behind the counts of some pages; `None` where nothing opens.
pub fn behind(s: &Snapshot, pages: &[&Page], lang: Lang) -> Option<Page> {
    let mut rows = Vec::new();
    let (mut met, mut listed, mut beyond) = (BTreeSet::new(), 0, 0);
    for words in pages.iter().flat_map(|p| opening(p)) {
        if !met.insert(words.clone()) {
            continue;
        }
        let Ok(query) = Query::parse(s, std::slice::from_ref(&words)) else { continue };
        let mut duties = query.select(s);
        if query.whole() {
            let mut once = BTreeSet::new();
            duties.retain(|d| once.insert(s.roster.duties[*d].obligation));
        }
        listed += duties.len();
        if listed > MOST {
            (listed, beyond) = (listed - duties.len(), beyond + 1);
            continue;
        }
        rows.push(Row::group(format!("{words} · {}", duties.len())).opens(&*words));
        rows.extend(duties.into_iter().map(|d| row(s, d, query.whole(), lang)));
    }
    let first = pages.first().filter(|_| !met.is_empty())?;
    let mut page = Page {
        key: "rows".into(),
        lang: first.lang.clone(),
        both: first.both,
        title: t::BEHIND_TITLE.say(lang).into_owned(),
        head: first.head.clone(),
        banner: first.banner.clone(),
        marking: first.marking.clone(),
        legend: first.legend.clone(),
        ..Page::default()
    };
    page.meta.extend(first.meta.first().cloned());
    page.meta.push(t::BEHIND_NOTE.say(lang).into_owned());
    if !s.register.invalid.is_empty() {
        page.meta.push(format!("{} {}", t::INVALID_ROW.say(lang), s.register.invalid.len()));
    }
    if beyond > 0 {
        page.meta.push(format!("{}{beyond}", t::BEHIND_MORE.say(lang)));
    }
    let table = Table { key: "rows".into(), ..Table::of(columns(lang), rows, t::NOTHING.say(lang)) };
    page.blocks.push(Block::Table(table));
    Some(page)
}

/// The queries of the counts of a page that are not nought, in order.
fn opening(page: &Page) -> impl Iterator<Item = String> {
    page.tables().flat_map(|t| {
        t.rows.iter().flat_map(move |r| {
            let counts = r.cells.iter().enumerate().filter(|(_, c)| matches!(c, Cell::Count(n) | Cell::Lit(_, n) if *n > 0));
            counts.filter_map(move |(i, _)| t.opens(r, i))
        })
    })
}

fn columns(lang: Lang) -> Vec<Column> {
    let say = |term: crate::model::Term| term.say(lang).into_owned();
    vec![
        Column::id(say(t::ID)).key("id").wide(24),
        Column::text(say(t::TITLE)).key("title").wide(96),
        Column::text(say(t::LEAD)).key("lead").wide(52),
        Column::id(say(t::DUE)).key("due").wide(28),
        Column::text(say(t::STATUS)).key("status").wide(32),
        Column::text(say(t::LIGHT)).key("light").wide(29),
    ]
}

/// An assignment, or the obligation that it is of.
fn row(s: &Snapshot, duty: usize, whole: bool, lang: Lang) -> Row {
    let ob = s.roster.duties[duty].obligation;
    let (o, state) = (&s.register.obligations[ob as usize], &s.folded.states[duty]);
    let due = match state.due {
        _ if whole => Cell::new(""),
        Some(Due::On(day)) => Cell::Date(day, day_text(day, lang)),
        Some(Due::Standing) => Cell::new(t::STANDING.say(lang)),
        None => Cell::new(""),
    };
    let (status, light) = if whole { s.folded.obligations[ob as usize] } else { (state.status, state.light) };
    let light = if whole { Cell::Light(tone(light), light.term().say(lang).into_owned()) } else { light_cell(light, state.reasons, lang) };
    let lead = if whole { leads(s, ob, lang) } else { lead_name(s, duty, lang) };
    Row::of(vec![
        Cell::Id(o.id.to_string(), None),
        Cell::new(o.title.say(lang)),
        Cell::new(lead),
        due,
        Cell::new(status.term().say(lang)),
        light,
    ])
}

/// Every lead of an obligation.
fn leads(s: &Snapshot, ob: u32, lang: Lang) -> String {
    let (from, to) = (s.roster.first[ob as usize], s.roster.first[ob as usize + 1]);
    (from..to).map(|d| lead_name(s, d as usize, lang)).collect::<Vec<_>>().join(if lang == Lang::En { ", " } else { "、" })
}
