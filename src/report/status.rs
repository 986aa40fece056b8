//! `status`: counts by state and light, per department by default. The first screen.

use super::frame::Frame;
use super::groups::{By, groups, obligations};
use crate::model::{Lang, Light, Status, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::snapshot::{Snapshot, query::Query};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The report as data.
#[derive(Debug, Clone, Serialize)]
pub struct StatusReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// Assignments selected.
    pub assignments: usize,
    /// One row a group.
    pub rows: Vec<StatusRow>,
    /// Every obligation once.
    pub total: StatusRow,
}

/// Counts of one group.
#[derive(Debug, Clone, Serialize)]
pub struct StatusRow {
    /// Its id.
    pub key: String,
    /// Its name on the day shown.
    pub name: String,
    /// What is in it.
    pub total: usize,
    /// By state.
    pub states: Map<String, Value>,
    /// By light.
    pub lights: Map<String, Value>,
    /// Of these, without lead.
    pub no_lead: usize,
    /// The same, under the name that scripts use.
    pub no_owner: usize,
    /// Of these, undecodable.
    pub invalid: usize,
}

fn row(key: &str, name: String, members: &[(Status, Light)], no_lead: usize, invalid: usize) -> StatusRow {
    let states = Status::ALL.iter().map(|s| (s.code().to_string(), json!(members.iter().filter(|m| m.0 == *s).count()))).collect();
    let lights = Light::ALL.iter().map(|l| (l.code().to_string(), json!(members.iter().filter(|m| m.1 == *l).count()))).collect();
    StatusRow { key: key.into(), name, total: members.len() + invalid, states, lights, no_lead, no_owner: no_lead, invalid }
}

/// Counts a selection.
pub fn build(s: &Snapshot, query: &Query, by: By, lang: Lang) -> StatusReport {
    let selected = query.select(s);
    let no_lead = |duties: &[usize]| duties.iter().filter(|d| s.roster.duties[**d].dept.is_none()).count();
    let mut rows: Vec<StatusRow> = groups(s, by, &selected, lang)
        .into_iter()
        .map(|g| {
            let members: Vec<(Status, Light)> = if by.counts_assignments() {
                g.duties.iter().map(|d| (s.folded.states[*d].status, s.folded.states[*d].light)).collect()
            } else {
                g.obligations.iter().map(|o| s.folded.obligations[*o]).collect()
            };
            let leadless = if by.counts_assignments() {
                no_lead(&g.duties)
            } else {
                g.obligations.iter().filter(|o| s.roster.owners[**o].lead.is_empty()).count()
            };
            row(&g.key, g.name, &members, leadless, 0)
        })
        .collect();
    let invalid = s.register.invalid.len();
    if invalid > 0 {
        rows.push(row("invalid", t::INVALID_ROW.say(lang).into_owned(), &[], 0, invalid));
    }
    let members: Vec<(Status, Light)> = obligations(s, &selected).into_iter().map(|o| s.folded.obligations[o]).collect();
    let total = row("total", t::GRAND_TOTAL.say(lang).into_owned(), &members, no_lead(&selected), invalid);
    StatusReport { frame: Frame::new(s, "status", query, &selected), assignments: selected.len(), rows, total }
}

/// Short headings for narrow pages.
fn short(status: Status, lang: Lang) -> &'static str {
    let (zh, en) = match status {
        Status::NotStarted => ("未启", "New"),
        Status::InProgress => ("推进", "Prog"),
        Status::Submitted => ("待验", "Subm"),
        Status::Closed => ("销号", "Done"),
        Status::Operating => ("常态", "Oper"),
        Status::Suspended => ("暂缓", "Susp"),
        Status::NotApplicable => ("不适", "N/A"),
    };
    if lang == Lang::En { en } else { zh }
}

/// The report as a page.
pub fn page(s: &Snapshot, report: &StatusReport, by: By, lang: Lang) -> Page {
    let mut page = report.frame.page(s, t::STATUS_TITLE, lang);
    let head = match by {
        By::Department => t::DEPARTMENT,
        By::Sector => t::SECTOR,
        By::Part => t::PART,
        By::Policy => t::POLICY,
        By::Tier => t::TIER,
        By::Person => t::PERSON,
    };
    let mut columns = vec![Column::text(head.say(lang)), Column::number(t::ALL.say(lang), t::ALL.say(lang))];
    columns.extend(Status::ALL.iter().map(|x| Column::number(x.term().say(lang), short(*x, lang))));
    columns.extend(Light::ALL.iter().map(|x| Column::number(x.term().say(lang), if lang == Lang::En { x.term().1 } else { x.term().0 })));
    let cells = |r: &StatusRow, total: bool| {
        let count = |m: &Map<String, Value>, k: &str| Cell::Count(m[k].as_u64().unwrap_or(0) as usize);
        let mut cells = vec![Cell::Text(r.name.clone()), Cell::Count(r.total)];
        cells.extend(Status::ALL.iter().map(|x| count(&r.states, x.code())));
        cells.extend(Light::ALL.iter().map(|x| match (count(&r.lights, x.code()), x) {
            (Cell::Count(n), Light::Red | Light::Amber) if n > 0 => Cell::Lit(super::rows::tone(*x), n),
            (cell, _) => cell,
        }));
        if total { Row::total(cells) } else { Row::of(cells) }
    };
    let mut rows: Vec<Row> = report.rows.iter().map(|r| cells(r, false)).collect();
    rows.push(cells(&report.total, true));
    page.blocks.push(Block::Table(Table::of(columns, rows, t::NOTHING.say(lang).into_owned())));
    page.notes.push(if by.counts_assignments() { t::TOTAL_NOTE_DEPT } else { t::TOTAL_NOTE_ONCE }.say(lang).into_owned());
    page.notes.push(t::LEGEND.say(lang).into_owned());
    page
}
