//! Counts by state and light whose every figure opens into its rows.
//!
//! Department rows count assignments at their lead; all others and the total count
//! obligations by their roll-up, and their query says `unit:obligation`.

use super::ask::Ask;
use super::rows::nil;
use crate::model::{Light, Status, Term, terms as t};
use crate::page::{Cell, Column, Row, Table};
use crate::report::groups::{By, Group, groups, obligations};
use crate::report::rows::tone;

/// A state and a light for each thing counted.
pub type Members = Vec<(Status, Light)>;

/// Number, states and lights, each with the words that select it.
pub fn columns(ask: &Ask) -> Vec<Column> {
    let lang = ask.lang;
    let mut all = vec![Column::number(t::ALL.say(lang), t::ALL.say(lang)).key("total").wide(16)];
    let column = |term: Term, code: &str, word: &str| {
        Column::number(term.say(lang), term.say(lang)).key(code).counts(format!("{word}:{code}")).wide(15)
    };
    all.extend(Status::ALL.iter().map(|x| column(x.term(), x.code(), "status")));
    all.extend(Light::ALL.iter().map(|x| column(x.term(), x.code(), "light")));
    all
}

/// The counts of some things; `invalid` stand in the number alone.
pub fn cells(members: &Members, invalid: usize) -> Vec<Cell> {
    let mut out = vec![Cell::Count(members.len() + invalid)];
    out.extend(Status::ALL.iter().map(|x| Cell::Count(members.iter().filter(|m| m.0 == *x).count())));
    out.extend(Light::ALL.iter().map(|x| match (members.iter().filter(|m| m.1 == *x).count(), x) {
        (n, Light::Red | Light::Amber) if n > 0 => Cell::Lit(tone(*x), n),
        (n, _) => Cell::Count(n),
    }));
    out
}

/// The assignments of a group, or its obligations by roll-up.
pub fn members(ask: &Ask, group: &Group, by: By) -> Members {
    if by.counts_assignments() {
        group.duties.iter().map(|d| (ask.s.folded.states[*d].status, ask.s.folded.states[*d].light)).collect()
    } else {
        group.obligations.iter().map(|o| ask.s.folded.obligations[*o]).collect()
    }
}

/// Every obligation of the selection once.
pub fn whole(ask: &Ask) -> Members {
    obligations(ask.s, &ask.selected).into_iter().map(|o| ask.s.folded.obligations[o]).collect()
}

/// The words that select a group.
pub fn opens(ask: &Ask, by: By, key: &str) -> String {
    let word = match by {
        By::Department => format!("dept:{key}"),
        By::Sector => format!("sector:{key} unit:obligation"),
        By::Part => format!("part:{key} unit:obligation"),
        By::Policy => format!("policy:{key} unit:obligation"),
        By::Tier => format!("tier:{key} unit:obligation"),
        By::Person => format!("person:{key}"),
    };
    ask.opens(&word)
}

/// One row a group, then what could not be read, then the total.
pub fn table(ask: &Ask, key: &str, by: By, head: Term) -> Table {
    let mut all = vec![Column::text(head.say(ask.lang)).key("group")];
    all.extend(columns(ask));
    let mut rows: Vec<Row> = groups(ask.s, by, &ask.selected, ask.lang)
        .iter()
        .map(|g| {
            let line = std::iter::once(Cell::new(&g.name)).chain(cells(&members(ask, g, by), 0)).collect();
            // No query word selects "reaches no sector": such a row stays shut.
            let shut = g.key == "-" && by == By::Sector;
            Row::of(line).opens(if shut { String::new() } else { opens(ask, by, &g.key) })
        })
        .collect();
    rows.extend(foot(ask, &[]));
    Table { key: key.into(), columns: all, rows, empty: nil(ask), ..Table::default() }
}

/// What could not be read as a row of its own, and the total; `more` ends both.
pub fn foot(ask: &Ask, more: &[Cell]) -> Vec<Row> {
    let invalid = ask.s.register.invalid.len();
    let line = |name: Term, members: &Members, n: usize, more: &[Cell]| {
        std::iter::once(Cell::new(name.say(ask.lang))).chain(cells(members, n)).chain(more.iter().cloned()).collect::<Vec<_>>()
    };
    let mut rows = Vec::new();
    if invalid > 0 {
        let blank = vec![Cell::new("—"); more.len()];
        rows.push(Row::of(line(t::INVALID_ROW, &Vec::new(), invalid, &blank)));
    }
    rows.push(Row::total(line(t::GRAND_TOTAL, &whole(ask), invalid, more)).opens(total(ask)));
    rows
}

/// The words that select every obligation of the page.
pub fn total(ask: &Ask) -> String {
    format!("{} unit:obligation", ask.opens(""))
}
