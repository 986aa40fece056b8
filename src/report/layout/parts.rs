//! 分部分情况表: counts of each part of the policy, and its 销号率.

use super::ask::Ask;
use super::dress::page;
use super::rows::nil;
use super::tally;
use crate::model::{Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::report::coverage;
use crate::report::groups::{By, groups};
use std::collections::HashMap;

/// One row a part; every figure opens into its rows.
pub fn by_part(ask: &Ask) -> Page {
    let rates = coverage::build(ask.s, ask.query, By::Part, ask.lang);
    let closed: HashMap<&str, Cell> = rates.rows.iter().map(|r| (r.key.as_str(), Cell::Share(r.closed.0, r.closed.1))).collect();
    let mut columns = vec![Column::text(t::PART.say(ask.lang)).key("part")];
    columns.extend(tally::columns(ask));
    columns.push(Column::number(t::CLOSURE.say(ask.lang), t::CLOSURE.say(ask.lang)).key("closed_rate").wide(16));
    let known = |key: &str| ask.s.register.policies.iter().flat_map(|p| &p.policy.parts).any(|p| p.id.as_str() == key);
    let mut rows: Vec<Row> = groups(ask.s, By::Part, &ask.selected, ask.lang)
        .iter()
        .map(|g| {
            let mut cells = vec![Cell::new(&g.name)];
            cells.extend(tally::cells(&tally::members(ask, g, By::Part), 0));
            cells.push(closed[g.key.as_str()].clone());
            Row::of(cells).opens(if known(&g.key) { tally::opens(ask, By::Part, &g.key) } else { String::new() })
        })
        .collect();
    rows.extend(tally::foot(ask, &[Cell::Share(rates.total.closed.0, rates.total.closed.1)]));
    let table = Table { key: "by-part".into(), columns, rows, empty: nil(ask), ..Table::default() };
    page(ask, "by-part", Term("分部分情况表", "By part"), vec![Block::Table(table)], vec![t::RATE_NOTE.say(ask.lang).into_owned()])
}
