//! Lists of assignments: rows under group headings, in the columns asked for.

use super::ask::Ask;
use super::columns::{self, Line};
use crate::model::{Due, Lang, terms as t};
use crate::page::{Block, Row, Table};
use std::cmp::Ordering;

/// A heading and the rows under it; without heading where the list has no groups.
pub struct Group {
    /// The heading.
    pub head: Option<String>,
    /// Assignment and role of each row.
    pub rows: Vec<(usize, String)>,
}

impl Group {
    /// Rows without heading and roles.
    pub fn plain(duties: impl IntoIterator<Item = usize>) -> Group {
        Group { head: None, rows: duties.into_iter().map(|d| (d, String::new())).collect() }
    }
    /// Rows under a heading.
    pub fn under(head: impl Into<String>, duties: impl IntoIterator<Item = usize>) -> Group {
        Group { head: Some(head.into()), ..Group::plain(duties) }
    }
}

/// The list with the layout's columns, or those asked for.
pub fn table(ask: &Ask, key: &str, own: &[&str], groups: &[Group]) -> Table {
    let asked: Vec<&str> = ask.columns.iter().map(String::as_str).collect();
    let keys = if asked.is_empty() { own } else { &asked };
    // The ledger's widths are exact; a choice of columns shares the page anew.
    let exact = key == "ledger" && asked.is_empty();
    let mut rows = Vec::new();
    let mut n = 0;
    for group in groups.iter().filter(|g| !g.rows.is_empty()) {
        rows.extend(group.head.clone().map(Row::group));
        for (duty, role) in &group.rows {
            n += 1;
            let line = Line { duty: *duty, n, role: role.clone() };
            rows.push(Row::of(keys.iter().map(|k| columns::cell(ask, k, &line)).collect()));
        }
    }
    Table {
        key: key.into(),
        columns: keys.iter().map(|k| columns::head(k, ask.lang, exact)).collect(),
        rows,
        empty: nil(ask),
        ..Table::default()
    }
}

/// What stands in the place of an empty list: a nil report, never nothing.
pub fn nil(ask: &Ask) -> String {
    match ask.lang {
        Lang::En => "Nothing to report this period".into(),
        Lang::Zh => t::NOTHING.0.into(),
        Lang::Both => format!("{} Nothing to report this period", t::NOTHING.0),
    }
}

/// The list as the only block of a part of the page.
pub fn block(ask: &Ask, key: &str, own: &[&str], groups: &[Group]) -> Block {
    Block::Table(table(ask, key, own, groups))
}

/// Groups by part, in the order of part and id.
pub fn by_part(ask: &Ask) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for duty in ask.by_part() {
        let (_, name) = ask.part(ask.ob(duty));
        match groups.last_mut().filter(|g| g.head.as_deref() == Some(name)) {
            Some(g) => g.rows.push((duty, String::new())),
            None => groups.push(Group::under(name, [duty])),
        }
    }
    groups
}

/// Due dates in order: days, then 长期坚持, then 未定.
pub fn by_due(ask: &Ask, a: usize, b: usize) -> Ordering {
    let key = |d: usize| match ask.s.folded.states[d].due {
        Some(Due::On(day)) => (0, Some(day), d),
        Some(Due::Standing) => (1, None, d),
        None => (2, None, d),
    };
    key(a).cmp(&key(b))
}
