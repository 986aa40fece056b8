//! The two first screens as reports: 办理状态一览 and 责任覆盖一览, by department.

use super::ask::Ask;
use super::dress::page;
use super::rows::nil;
use super::tally;
use crate::model::terms as t;
use crate::page::{Block, Page};
use crate::report::coverage as cov;
use crate::report::groups::{By, groups};

/// Counts by state and light.
pub fn status(ask: &Ask) -> Page {
    let table = Block::Table(tally::table(ask, "status", By::Department, t::DEPARTMENT));
    page(ask, "status", t::STATUS_TITLE, vec![table], vec![t::TOTAL_NOTE_DEPT.say(ask.lang).into_owned()])
}

/// What is there of what must be, and the rates.
pub fn coverage(ask: &Ask) -> Page {
    let data = cov::build(ask.s, ask.query, By::Department, ask.lang);
    let mut blocks = cov::page(ask.s, &data, By::Department, ask.lang).blocks;
    let departments = groups(ask.s, By::Department, &ask.selected, ask.lang);
    for block in &mut blocks {
        let Block::Table(table) = block else { continue };
        table.empty = nil(ask);
        let waived = table.columns.iter().position(|c| c.key == "waived");
        for (i, row) in table.rows.iter_mut().enumerate() {
            row.query = match departments.get(i) {
                Some(g) => tally::opens(ask, By::Department, &g.key),
                None if row.is_total() => tally::total(ask),
                None => String::new(),
            };
            // No query word selects what is waived: the figure does not open.
            if let Some(cell) = waived.and_then(|w| row.cells.get_mut(w)) {
                *cell = crate::page::Cell::Number(cell.text());
            }
        }
    }
    let notes = [t::TOTAL_NOTE_DEPT, t::WAIVED_NOTE, t::RATE_NOTE].map(|n| n.say(ask.lang).into_owned()).to_vec();
    page(ask, "coverage", t::COVERAGE_TITLE, blocks, notes)
}
