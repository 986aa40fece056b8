//! `list` and `due`: assignments as rows.

use super::frame::Frame;
use super::rows::{DutyRow, due_text, duty_row, light_cell};
use crate::model::time::{days_between, plus_days};
use crate::model::{Due, Lang, Status, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::snapshot::{Snapshot, query::Query};
use serde::Serialize;

/// Rows with their frame.
#[derive(Debug, Clone, Serialize)]
pub struct ListReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// The rows.
    pub rows: Vec<DutyRow>,
    /// Undecodable obligations, never filtered out.
    pub invalid_items: Vec<InvalidRow>,
    #[serde(skip)]
    selected: Vec<usize>,
}

/// An obligation that could not be decoded.
#[derive(Debug, Clone, Serialize)]
pub struct InvalidRow {
    /// Its id, if that much could be read.
    pub id: Option<String>,
    /// File.
    pub file: String,
    /// Line.
    pub line: usize,
}

/// What could not be decoded, with its place.
pub fn invalid_rows(s: &Snapshot) -> Vec<InvalidRow> {
    s.register
        .invalid
        .iter()
        .map(|i| InvalidRow { id: i.id.clone(), file: s.register.files[i.at.file as usize].shown.clone(), line: i.line })
        .collect()
}

/// The assignments that a query selects, in display order.
pub fn build(s: &Snapshot, query: &Query, lang: Lang) -> ListReport {
    let selected = query.select(s);
    ListReport {
        frame: Frame::new(s, "list", query, &selected),
        rows: selected.iter().map(|i| duty_row(s, *i, lang)).collect(),
        invalid_items: invalid_rows(s),
        selected,
    }
}

/// `date` is the date that the list is about, where that is not the due date.
fn table(s: &Snapshot, rows: &[usize], lang: Lang, date: Option<DateColumn>, extra: Option<(&str, &dyn Fn(usize) -> Cell)>) -> Table {
    let say = |term: crate::model::Term| term.say(lang).into_owned();
    let mut columns = vec![
        Column::id(say(t::ID)),
        Column::text(say(t::TITLE)),
        Column::text(say(t::LEAD)),
        Column::text(say(t::PERSON)),
        Column::id(say(date.map_or(t::DUE, |d| d.0))),
        Column::text(say(t::STATUS)),
        Column::text(say(t::LIGHT)),
    ];
    if let Some((label, _)) = extra {
        columns.push(Column::number(label, label));
    }
    let rows = rows
        .iter()
        .map(|i| {
            let (duty, state) = (&s.roster.duties[*i], &s.folded.states[*i]);
            let o = &s.register.obligations[duty.obligation as usize];
            let person = duty.plan.and_then(|p| s.register.plan[p as usize].person.as_ref());
            let mut cells = vec![
                Cell::Text(o.id.to_string()),
                Cell::Text(o.title.say(lang).into_owned()),
                Cell::Text(super::rows::lead_name(s, *i, lang)),
                Cell::Text(person.map_or_else(|| "—".into(), |p| p.to_string())),
                Cell::Text(date.map_or_else(|| due_text(state.due, lang), |d| d.1(state))),
                Cell::Text(state.status.term().say(lang).into_owned()),
                light_cell(state.light, state.reasons, lang),
            ];
            if let Some((_, f)) = extra {
                cells.push(f(*i));
            }
            Row::of(cells)
        })
        .collect();
    Table::of(columns, rows, t::NOTHING.say(lang).into_owned())
}

/// Heading and content of a date column.
type DateColumn = (crate::model::Term, fn(&crate::log::State) -> String);

/// Invalid obligations as a table of their own, when there are any.
pub fn invalid_block(page: &mut Page, items: &[InvalidRow], lang: Lang) {
    if items.is_empty() {
        return;
    }
    page.blocks.push(Block::heading(format!("{} ({})", t::INVALID_ROW.say(lang), items.len())));
    let rows = items
        .iter()
        .map(|i| Row::of(vec![Cell::Text(i.id.clone().unwrap_or_else(|| "?".into())), Cell::Text(format!("{}:{}", i.file, i.line))]))
        .collect();
    page.blocks.push(Block::Table(Table::of(vec![Column::id(t::ID.say(lang)), Column::text(t::SOURCE.say(lang))], rows, String::new())));
}

/// The list as a page.
pub fn page(s: &Snapshot, report: &ListReport, lang: Lang) -> Page {
    let mut page = report.frame.page(s, t::LIST_TITLE, lang);
    page.meta.push(format!("{} {}", t::ROWS.say(lang), report.rows.len()));
    page.blocks.push(Block::Table(table(s, &report.selected, lang, None, None)));
    invalid_block(&mut page, &report.invalid_items, lang);
    page.notes.push(t::LEGEND.say(lang).into_owned());
    page
}

/// What presses: overdue, due soon, reviews, waiting for acceptance, dates to come back to.
#[derive(Debug, Clone, Serialize)]
pub struct DueReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// Days ahead.
    pub next_days: u32,
    /// Every row, with the list it stands in.
    pub rows: Vec<DueRow>,
    #[serde(skip)]
    lists: Vec<DueList>,
}

/// Heading, key, and assignments with their days.
type DueList = (crate::model::Term, &'static str, Vec<(usize, i64)>);

/// A row of `due`.
#[derive(Debug, Clone, Serialize)]
pub struct DueRow {
    /// overdue, due-soon, review, waiting, resume.
    pub list: &'static str,
    /// Days left; negative = late; for waiting, days waited.
    pub days: i64,
    /// The assignment.
    #[serde(flatten)]
    pub row: DutyRow,
}

/// Looks `next` days ahead.
pub fn due(s: &Snapshot, query: &Query, next: u32, lang: Lang) -> DueReport {
    let selected = query.select(s);
    let day = s.day();
    let horizon = plus_days(day, next.into());
    let mut lists: [Vec<(usize, i64)>; 5] = Default::default();
    for i in &selected {
        let state = &s.folded.states[*i];
        if state.status.open()
            && let Some(due) = state.due.and_then(Due::day)
        {
            match days_between(day, due) {
                left if left < 0 => lists[0].push((*i, left)),
                left if due <= horizon => lists[1].push((*i, left)),
                _ => {}
            }
        }
        match (state.status, state.next_review, state.resume, state.recheck) {
            (Status::Operating, Some(n), ..) if n <= horizon => lists[2].push((*i, days_between(day, n))),
            (Status::Submitted, ..) => lists[3].push((*i, state.applied.as_ref().map_or(0, |a| days_between(a.day, day)))),
            (Status::Suspended, _, Some(d), _) | (Status::NotApplicable, _, _, Some(d)) if d <= horizon => {
                lists[4].push((*i, days_between(day, d)))
            }
            _ => {}
        }
    }
    for (n, list) in lists.iter_mut().enumerate() {
        list.sort_by_key(|(i, days)| (if n == 3 { -days } else { *days }, *i));
    }
    let heads = [
        (t::OVERDUE_HEAD, "overdue"),
        (t::SOON_HEAD, "due-soon"),
        (t::REVIEWS_HEAD, "review"),
        (t::WAITING_HEAD, "waiting"),
        (t::RESUME_HEAD, "resume"),
    ];
    let lists: Vec<_> = heads.into_iter().zip(lists).map(|((term, key), list)| (term, key, list)).collect();
    let rows = lists
        .iter()
        .flat_map(|(_, key, list)| list.iter().map(|(i, days)| DueRow { list: key, days: *days, row: duty_row(s, *i, lang) }))
        .collect();
    DueReport { frame: Frame::new(s, "due", query, &selected), next_days: next, rows, lists }
}

/// `due` as a page: five lists, an empty one as a nil report.
pub fn due_page(s: &Snapshot, report: &DueReport, lang: Lang) -> Page {
    let mut page = report.frame.page(s, t::DUE_TITLE, lang);
    for (term, key, list) in &report.lists {
        page.blocks.push(Block::heading(format!("{} ({})", term.say(lang), list.len())));
        let days: std::collections::HashMap<usize, i64> = list.iter().copied().collect();
        let label = match (*key, lang) {
            ("overdue", _) => t::DAYS_OVERDUE.say(lang).into_owned(),
            ("waiting", Lang::En) => "Days waited".into(),
            ("waiting", _) => "已等天数".into(),
            _ => t::DAYS_LEFT.say(lang).into_owned(),
        };
        let date: Option<DateColumn> = match *key {
            "review" => Some((t::NEXT_REVIEW, |state| state.next_review.map_or_else(String::new, |d| d.to_string()))),
            "resume" => Some((t::DATE, |state| {
                state.resume.filter(|_| state.status == Status::Suspended).or(state.recheck).map_or_else(String::new, |d| d.to_string())
            })),
            "waiting" => Some((t::APPLIED_ON, |state| state.applied.as_ref().map_or_else(String::new, |a| a.day.to_string()))),
            _ => None,
        };
        let cell = |i: usize| Cell::Text(if *key == "overdue" { -days[&i] } else { days[&i] }.to_string());
        let rows: Vec<usize> = list.iter().map(|(i, _)| *i).collect();
        page.blocks.push(Block::Table(table(s, &rows, lang, date, Some((&label, &cell)))));
    }
    page.notes.push(t::LEGEND.say(lang).into_owned());
    page
}
