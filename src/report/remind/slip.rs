//! The letters that are due as a page: how many of each, by department, then step by step from
//! the gravest, each department with its items under its own heading.

use super::escalate::{Escalation, LadderStep, LetterRow};
use crate::model::{Lang, Recipient, Term, terms as t};
use crate::page::{Block, Cell, Column, Figure, Page, Row, Table, Tone};
use crate::report::groups::place;
use crate::report::layout::{Ask, columns, dress, rows::nil, why::why};
use crate::report::list::invalid_block;
use std::collections::BTreeMap;

/// Rows of a department by their numbers in [`Escalation::rows`].
type ByDept = BTreeMap<(usize, String), Vec<usize>>;

/// The page.
pub fn page(ask: &Ask, e: &Escalation) -> Page {
    let mut blocks = vec![Block::Figures(e.ladder.iter().rev().map(|s| figure(ask, s)).collect())];
    blocks.push(Block::heading(ask.say("各单位应收函件", "Letters by department")));
    blocks.push(Block::Table(summary(ask, e)));
    for step in e.ladder.iter().rev() {
        blocks.push(Block::heading(format!("{} ({})", step.letter.say(ask.lang), step.due)));
        blocks.push(Block::Prose(terms_of(ask, step)));
        blocks.push(Block::Table(table(ask, e, step)));
    }
    let mut page = dress::page(ask, "escalate", Term("督办函件清单", "Letters that are due"), blocks, notes(ask, e));
    page.signature.clear();
    invalid_block(&mut page, &e.invalid_items, ask.lang);
    page
}

fn figure(ask: &Ask, s: &LadderStep) -> Figure {
    let tone = (s.due > 0).then_some(if s.step == 1 { Tone::Amber } else { Tone::Red });
    Figure { label: s.letter.say(ask.lang).into_owned(), value: Cell::Count(s.due), aside: from(ask, s), tone }
}

/// 逾期满 8 天起.
fn from(ask: &Ask, s: &LadderStep) -> String {
    match s.after_days {
        0 => ask.say("逾期即发", "as soon as late"),
        1 => ask.say("逾期满1天起", "from 1 day late"),
        n => ask.say(format!("逾期满{n}天起"), format!("from {n} days late")),
    }
}

/// What the letter is: since when, for whom, by when it wants an answer.
fn terms_of(ask: &Ask, s: &LadderStep) -> String {
    let to = Recipient::from_code(s.to).expect("a step has a recipient").term().say(ask.lang);
    let mut said = vec![from(ask, s), ask.say(format!("致{to}"), format!("to {to}"))];
    if let Some(n) = s.answer_days {
        let day = ask.day(crate::model::time::plus_days(ask.s.day(), n.into()));
        said.push(ask.say(format!("请于{day}前答复"), format!("answer by {day}")));
    }
    said.join(ask.semicolon())
}

fn by_dept<'a>(ask: &Ask, rows: impl Iterator<Item = (usize, &'a LetterRow)>) -> ByDept {
    let r = &ask.s.register;
    let mut all = ByDept::new();
    for (i, row) in rows {
        let key = match row.row.dept.as_str() {
            "" => (usize::MAX, String::new()),
            id => (place(r, r.body_index.get(id).copied()), id.to_string()),
        };
        all.entry(key).or_default().push(i);
    }
    all
}

fn dept_name(ask: &Ask, id: &str) -> String {
    if id.is_empty() { t::NO_LEAD.say(ask.lang).into_owned() } else { ask.name(id) }
}

/// Departments by steps, with their sum: every item once, at its highest step.
fn summary(ask: &Ask, e: &Escalation) -> Table {
    let steps: Vec<&LadderStep> = e.ladder.iter().rev().collect();
    let count = |rows: &[usize], step: usize| Cell::Count(rows.iter().filter(|i| e.rows[**i].step == step).count());
    let mut columns = vec![Column::text(t::DEPARTMENT.say(ask.lang)).key("dept")];
    columns.extend(steps.iter().map(|s| {
        let label = s.letter.say(ask.lang).into_owned();
        Column::number(label.clone(), label).key(format!("step-{}", s.step))
    }));
    columns.push(Column::number(t::TOTAL.say(ask.lang), t::TOTAL.say(ask.lang)).key("total"));
    let line = |name: String, all: &[usize]| {
        let counts = steps.iter().map(|s| count(all, s.step));
        std::iter::once(Cell::new(name)).chain(counts).chain([Cell::Count(all.len())]).collect::<Vec<_>>()
    };
    let by = by_dept(ask, e.rows.iter().enumerate());
    let mut rows: Vec<Row> = by.iter().map(|((_, id), all)| Row::of(line(dept_name(ask, id), all))).collect();
    if !rows.is_empty() {
        let all: Vec<usize> = (0..e.rows.len()).collect();
        rows.push(Row::total(line(t::TOTAL.say(ask.lang).into_owned(), &all)));
    }
    Table { key: "summary".into(), columns, rows, empty: nil(ask), ..Table::default() }
}

fn table(ask: &Ask, e: &Escalation, step: &LadderStep) -> Table {
    let say = |zh: &str, en: &str| ask.say(zh, en);
    let head = |key: &str| super::letter::plain(ask, key);
    let columns = vec![
        head("id"),
        head("title"),
        head("person"),
        Column::id(say("应办日", "Should be done")).key("late_since"),
        Column::number(say("逾期天数", "Days late"), say("天", "Days")).key("days"),
        Column::id(say("函件起发日", "Letter due since")).key("step_since"),
        head("why"),
    ];
    let mut rows = Vec::new();
    for ((_, id), all) in by_dept(ask, e.rows.iter().enumerate().filter(|(_, r)| r.step == step.step)) {
        rows.push(Row::group(addressed(ask, e, step, &id, &all)));
        rows.extend(all.into_iter().map(|i| Row::of(cells(ask, e, i))));
    }
    Table { key: format!("step-{}", step.step), columns, rows, empty: nil(ask), ..Table::default() }
}

fn cells(ask: &Ask, e: &Escalation, i: usize) -> Vec<Cell> {
    let (duty, row) = (e.duties[i], &e.rows[i]);
    let cell = |key: &str| columns::cell(ask, key, &columns::Line { duty, n: i + 1, role: String::new() });
    let day = |text: &Option<String>| {
        let day = text.as_ref().and_then(|d| crate::model::time::parse_date(d).ok());
        day.map_or(Cell::new("—"), |d| Cell::Date(d, ask.day(d)))
    };
    let days = if row.late_since.is_some() { Cell::Number(row.days.to_string()) } else { Cell::new("—") };
    vec![cell("id"), cell("title"), cell("person"), day(&row.late_since), days, day(&row.step_since), Cell::new(why(ask, duty))]
}

/// The department, and who opens the letter where that is not the person of each row.
fn addressed(ask: &Ask, e: &Escalation, step: &LadderStep, id: &str, rows: &[usize]) -> String {
    let name = dept_name(ask, id);
    let mut to: Vec<String> = Vec::new();
    for one in rows.iter().flat_map(|i| &e.rows[*i].recipients) {
        let shown = if ask.s.register.body(one).is_some() { ask.name(one) } else { one.clone() };
        if shown != name && !to.contains(&shown) {
            to.push(shown);
        }
    }
    let (open, close) = if ask.lang == Lang::En { (" (", ")") } else { ("（", "）") };
    match step.to {
        // Each row names its own.
        "person" | "lead" | "all" => name,
        _ if id.is_empty() => name,
        _ if to.is_empty() => format!("{name}{open}{}{close}", ask.say("未登记岗位", "no such post registered")),
        _ => format!("{name}{open}{}{close}", to.join(ask.comma())),
    }
}

fn notes(ask: &Ask, e: &Escalation) -> Vec<String> {
    let mut out = vec![ask.say(
        "每项只列其已到的最高一级；以前是否发过函，登记册不记，起发日供核对。",
        "Each item stands once, at the highest step it has reached. The register does not record what was sent: the day since which a letter is due tells what is new.",
    )];
    if e.usual {
        out.push(ask.say("登记册未设 escalation，按通用级差计算。", "register.yaml has no `escalation`: the usual ladder was used."));
    }
    if e.below > 0 {
        out.push(ask.say(
            format!("另有 {} 项已逾期或滞后，未到第一级。", e.below),
            format!("Late or behind but below the first step: {}.", e.below),
        ));
    }
    if e.reviewer_late > 0 {
        out.push(ask.say(
            format!("另有 {} 项待验收过久（A5）：应催验收人，不计入牵头单位函件。", e.reviewer_late),
            format!("Waiting for acceptance too long (A5): {}. Press whoever accepts; no letter to the lead.", e.reviewer_late),
        ));
    }
    out
}
