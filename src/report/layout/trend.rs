//! Trend: states and lights at each month's end, and what moved within the month.
//!
//! Everything counts assignments, so that rows add up. Opened = left 未启动; finished = became
//! closed or operating; reopened = the way back; late = rule R1 fires at the month's end.

use super::ask::Ask;
use super::charts;
use super::dress::page;
use super::past::{Past, done, months};
use super::rows::nil;
use super::tally;
use crate::model::{Status, Term, terms as t};
use crate::page::{Block, Cell, Chart, Column, Ink, Page, Row, Shape, Table};

/// Twelve months back, or those of the period asked for.
pub fn trend(ask: &Ask) -> Page {
    let past = months(ask, 12);
    let mut columns = vec![Column::id(t::MONTH.say(ask.lang)).key("month").wide(20)];
    columns.extend(tally::columns(ask));
    let number = |term: Term, key: &str| Column::number(term.say(ask.lang), term.say(ask.lang)).key(key).wide(16);
    columns.extend([number(t::OPENED, "opened"), number(t::FINISHED, "finished"), number(t::REOPENED, "reopened")]);
    columns.push(number(t::LATE, "late").counts("reason:R1"));
    let rows: Vec<Row> = past.iter().enumerate().map(|(i, p)| row(ask, p, i.checked_sub(1).map(|k| &past[k]))).collect();
    let table = Table { key: "trend".into(), columns, rows, empty: nil(ask), ..Table::default() };
    let blocks = vec![charts::lights(ask, &past), states(ask, &past), charts::burn_up(ask, &past), Block::Table(table)];
    let notes = vec![
        ask.say(
            "本表按牵头任务计数。新启动 = 当月离开未启动；新完成 = 当月转为已销号或常态运行；退回整改 = 由已完成退回；逾期 = 月末 R1。首月不计变动。",
            "Counts assignments. Opened = left not-started; finished = became closed or operating; reopened = the way back; overdue = R1 at the month's end. The first month has nothing to be compared with.",
        ),
        t::PLAN_NOTE.say(ask.lang).into_owned(),
    ];
    page(ask, "trend", Term("趋势表", "Trend"), blocks, notes)
}

fn row(ask: &Ask, p: &Past, before: Option<&Past>) -> Row {
    let mut cells = vec![Cell::new(&p.label)];
    cells.extend(tally::cells(&ask.selected.iter().map(|d| p.duties[*d]).collect(), 0));
    // Moves within a month are no state that a query could select: figures that do not open.
    let moved = |what: fn(Status, Status) -> bool| {
        let n = |b: &Past| ask.selected.iter().filter(|d| what(b.duties[**d].0, p.duties[**d].0)).count();
        before.map_or(Cell::new("—"), |b| Cell::Number(n(b).to_string()))
    };
    cells.push(moved(|a, b| a == Status::NotStarted && !matches!(b, Status::NotStarted | Status::NotApplicable)));
    cells.push(moved(|a, b| !done(a) && done(b)));
    cells.push(moved(|a, b| done(a) && !done(b)));
    cells.push(Cell::Count(ask.selected.iter().filter(|d| p.late[**d]).count()));
    // Earlier months are opened with --as-of; the words for it stand in the note.
    Row::of(cells).opens(if p.day == ask.s.day() { ask.opens("") } else { String::new() })
}

fn states(ask: &Ask, past: &[Past]) -> Block {
    let series = Status::ALL.iter().enumerate().map(|(i, x)| (x.term().say(ask.lang).into_owned(), Ink::Shade(i as u8))).collect();
    let count = |p: &Past, x: Status| ask.selected.iter().filter(|d| p.duties[**d].0 == x).count();
    let bars = past.iter().map(|p| (p.label.clone(), Status::ALL.iter().map(|x| count(p, *x)).collect())).collect();
    let said = ask.say("各月末牵头任务的办理状态。", "States of the assignments at each month's end.");
    let title = Term("办理状态走势", "States over time").say(ask.lang).into_owned();
    Block::Chart(Chart {
        key: "states-over-time".into(),
        title,
        said,
        over: t::MONTH.say(ask.lang).into_owned(),
        shape: Shape::Bars { series, bars },
    })
}
