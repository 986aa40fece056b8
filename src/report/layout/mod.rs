//! The layouts that `duban report` prints: one table, one build function each.
//!
//! [`ask`] is what a report is asked for; [`dress`] what every page wears; [`columns`],
//! [`words`], [`due`] and [`why`] are what stands in a row about an assignment, [`rows`] and
//! [`tally`] make tables of them whose counts open into their rows. Then one file a layout or
//! a small family: [`first`] are the two first screens; [`lists`], [`tasks`], [`departments`], [`parts`], [`closure`], [`changes`],
//! [`indicators`], [`crosswalk`], [`circular`] of reports.csv, and beyond them [`overview`],
//! [`pack`], [`trend`] and [`forecast`]. [`board`] and [`behind`] are no layouts: what the
//! web desk shows on its first screens, and the rows behind the counts of any of them;
//! [`saved`] says what keeps a saved report from being run.
//!
//! A layout is added with its file and one line in [`LAYOUTS`].

pub mod ask;
mod behind;
pub mod board;
mod changes;
mod charts;
mod circular;
mod closure;
pub(in crate::report) mod columns;
mod crosswalk;
mod departments;
pub(in crate::report) mod dress;
pub(in crate::report) mod due;
mod first;
mod forecast;
mod indicators;
mod lists;
mod net;
mod overview;
mod pack;
mod parts;
mod past;
mod rates;
pub(in crate::report) mod rows;
pub mod saved;
mod tally;
mod tasks;
mod trend;
pub(in crate::report) mod why;
mod words;

pub use ask::{Ask, Period, day_text};
pub use behind::behind;

use crate::model::{Term, terms as t};
use crate::page::{Block, Page};

/// A layout.
pub struct Layout {
    /// Its name, `ledger`.
    pub key: &'static str,
    /// Its title.
    pub title: Term,
    /// How often it is usually printed.
    pub cycle: Term,
    /// Makes the page.
    pub build: fn(&Ask) -> Page,
    /// Its list takes any column about an assignment; else only those of its own tables.
    pub any_column: bool,
    /// One page a department: [`packed`] says which.
    pub per_department: bool,
}

const fn layout(key: &'static str, title: Term, cycle: Term, build: fn(&Ask) -> Page) -> Layout {
    Layout { key, title, cycle, build, any_column: false, per_department: false }
}

impl Layout {
    const fn list(mut self) -> Layout {
        self.any_column = true;
        self
    }
    const fn packed(mut self) -> Layout {
        self.per_department = true;
        self
    }
}

const WEEKLY: Term = Term("每周", "weekly");
const MONTHLY: Term = Term("每月", "monthly");
const ON_DEMAND: Term = Term("按需", "on demand");

/// Every layout: ours for a board first, then those of reports.csv in its order.
pub const LAYOUTS: &[Layout] = &[
    layout("overview", Term("督办情况一览", "Overview"), MONTHLY, overview::overview),
    layout("pack", Term("部门资料包", "Department pack"), MONTHLY, pack::pack).packed(),
    layout("status", t::STATUS_TITLE, WEEKLY, first::status),
    layout("coverage", t::COVERAGE_TITLE, MONTHLY, first::coverage),
    layout("task-breakdown", Term("任务分解表", "Task breakdown"), Term("一次，变更时重印", "once, on change"), tasks::breakdown).list(),
    layout("ledger", Term("督办台账", "Supervision ledger"), Term("每周或每月", "weekly or monthly"), lists::ledger).list(),
    layout("by-department", Term("部门任务清单", "By department"), MONTHLY, departments::by_department).list(),
    layout("by-sector", Term("分领域情况表", "By sector"), MONTHLY, lists::by_sector).list(),
    layout("by-part", Term("分部分情况表", "By part"), MONTHLY, parts::by_part),
    layout("by-tier", Term("三级责任情况表", "By tier"), Term("每季", "quarterly"), lists::by_tier).list(),
    layout("overdue", Term("逾期清单", "Overdue list"), WEEKLY, lists::overdue).list(),
    layout("no-owner", Term("无牵头单位清单", "No-owner list"), WEEKLY, lists::no_owner).list(),
    layout("not-started", Term("未启动清单", "Not-started list"), WEEKLY, lists::not_started).list(),
    layout("near-due", Term("临期清单", "Due soon"), WEEKLY, lists::near_due).list(),
    layout("closure", Term("销号清单", "Closure list"), MONTHLY, closure::closure).list(),
    layout("circular", Term("进展情况通报", "Progress circular"), Term("每月或每季", "monthly or quarterly"), circular::circular),
    layout("evidence", Term("佐证材料目录", "Evidence index"), Term("随销号", "with closure"), closure::evidence),
    layout("history", Term("变更记录", "Change log"), ON_DEMAND, changes::history),
    layout("indicators", Term("量化指标表", "Indicator table"), Term("每月或每季", "monthly or quarterly"), indicators::indicators),
    layout("crosswalk", Term("法条对照表", "Legal crosswalk"), ON_DEMAND, crosswalk::crosswalk),
    layout("trend", Term("趋势表", "Trend"), MONTHLY, trend::trend),
    layout("forecast", Term("时限推算", "Forecast"), MONTHLY, forecast::forecast),
];

/// The layout with a name.
pub fn find(key: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|l| l.key == key)
}

/// The departments that a pack has a page for, by their present ids, in order of precedence.
pub fn packed(ask: &Ask) -> Vec<String> {
    departments::shares(ask).into_iter().map(|((_, id), _)| id).filter(|id| id != "-").collect()
}

/// Builds a page in the columns asked for.
///
/// # Errors
/// The first column that the layout does not have, with those that it has.
pub fn build(layout: &Layout, ask: &Ask) -> Result<Page, (String, Vec<String>)> {
    if layout.any_column {
        let bad = ask.columns.iter().find(|c| !columns::keys().any(|k| k == *c));
        return match bad {
            Some(bad) => Err((bad.clone(), columns::keys().map(String::from).collect())),
            None => Ok((layout.build)(ask)),
        };
    }
    let mut page = (layout.build)(ask);
    let known: Vec<String> = page.tables().flat_map(|t| t.columns.iter().map(|c| c.key.clone())).collect();
    if let Some(bad) = ask.columns.iter().find(|c| !known.contains(c)) {
        return Err((bad.clone(), known));
    }
    for block in &mut page.blocks {
        if let Block::Table(t) = block {
            choose(t, &ask.columns);
        }
    }
    Ok(page)
}

/// Keeps the columns asked for, in that order; a table that has none of them stays whole.
fn choose(t: &mut crate::page::Table, asked: &[String]) {
    let kept: Vec<usize> = asked.iter().filter_map(|k| t.columns.iter().position(|c| c.key == *k)).collect();
    if kept.is_empty() {
        return;
    }
    t.columns = kept.iter().map(|i| t.columns[*i].clone()).collect();
    for row in t.rows.iter_mut().filter(|r| r.kind != crate::page::Kind::Group) {
        row.cells = kept.iter().map(|i| row.cells[*i].clone()).collect();
    }
}
