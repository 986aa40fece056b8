//! 任务分解表: one row a task, with every lead, person and due date in it.

use super::ask::Ask;
use super::columns::{self, Line};
use super::dress::page;
use super::due;
use super::rows::nil;
use crate::model::{Lang, LeadMode, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};

const KEYS: [&str; 9] = ["id", "title", "requirement", "lead", "support", "person", "due", "indicator", "remark"];

/// The breakdown, by part and id.
pub fn breakdown(ask: &Ask) -> Page {
    let asked: Vec<&str> = ask.columns.iter().map(String::as_str).collect();
    let keys: &[&str] = if asked.is_empty() { &KEYS } else { &asked };
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); ask.s.register.obligations.len()];
    ask.selected.iter().for_each(|d| of[ask.ob(*d)].push(*d));
    let mut rows = Vec::new();
    let mut part = None;
    for (n, ob) in ask.obligations().into_iter().enumerate() {
        let (rank, name) = ask.part(ob);
        if part != Some((rank, name)) {
            rows.push(Row::group(name));
            part = Some((rank, name));
        }
        rows.push(Row::of(keys.iter().map(|k| cell(ask, k, &of[ob], n + 1)).collect()));
    }
    let mut columns: Vec<Column> = keys.iter().map(|k| columns::head(k, ask.lang, false)).collect();
    // Where leads have dates or persons of their own, their names stand before them.
    for column in &mut columns {
        match column.key.as_str() {
            "due" => (column.whole, column.width) = (false, 36),
            "person" => column.width = 32,
            _ => {}
        }
    }
    let table = Table { key: "task-breakdown".into(), columns, rows, empty: nil(ask), ..Table::default() };
    let notes = due::note(ask, &ask.selected).into_iter().collect();
    page(ask, "task-breakdown", Term("任务分解表", "Task breakdown"), vec![Block::Table(table)], notes)
}

/// What all leads share stands once; else one line a lead.
fn cell(ask: &Ask, key: &str, duties: &[usize], n: usize) -> Cell {
    if key == "lead" {
        return Cell::new(leads(ask, duties));
    }
    let each: Vec<Cell> = duties.iter().map(|d| columns::cell(ask, key, &Line { duty: *d, n, role: String::new() })).collect();
    if each.iter().all(|c| *c == each[0]) {
        return each[0].clone();
    }
    let name = |d: usize| crate::report::rows::lead_name(ask.s, d, ask.lang);
    let lines = duties.iter().zip(&each).filter(|(_, c)| !c.is_blank());
    Cell::Text(lines.map(|(d, c)| format!("{}{}{}", name(*d), ask.colon(), c.text().replace('\n', " "))).collect::<Vec<_>>().join("\n"))
}

/// 按职责分工负责：A、B, or the one lead.
fn leads(ask: &Ask, duties: &[usize]) -> String {
    let names: Vec<String> = duties.iter().map(|d| crate::report::rows::lead_name(ask.s, *d, ask.lang)).collect();
    let by_remit = ask.s.roster.owners[ask.ob(duties[0])].mode == Some(LeadMode::ByRemit);
    match (by_remit, ask.lang) {
        (false, _) => names.join(ask.comma()),
        (true, Lang::En) => format!("{} ({})", names.join(", "), t::BY_REMIT.1),
        (true, _) => format!("{}（{}）", names.join("、"), t::BY_REMIT.say(ask.lang)),
    }
}
