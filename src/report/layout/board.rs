//! What the web desk shows and nobody prints: the first screen, the charts, the dependencies of
//! one obligation. The figures are those of the printed layouts; only the choice is the screen's.

use super::ask::Ask;
use super::charts;
use super::crosswalk::article;
use super::dress::page;
use super::net;
use super::overview;
use super::past::{self, Past, done};
use super::tally;
use crate::log::lights::CODES;
use crate::model::{Light, Status, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::report::groups::{By, groups};
use std::collections::BTreeSet;

/// Key figures; departments × states and lights, with shares, what moved since the last month's
/// end and the rules behind the reds; the rules that fire.
pub fn first(ask: &Ask) -> Page {
    let before = ask.period.from.pred_opt().map(|day| past::at(ask, day));
    let mut blocks = vec![Block::Figures(overview::figures(ask, before.as_ref()))];
    blocks.push(Block::heading(ask.based(Term("各单位", "Departments"), t::ASSIGNMENTS)));
    blocks.push(Block::Table(departments(ask, before.as_ref())));
    blocks.push(Block::heading(ask.based(Term("亮灯原因", "Lights and why"), t::ASSIGNMENTS)));
    blocks.push(Block::Table(overview::reasons(ask)));
    blocks.push(charts::states(ask));
    let since = before.map_or(String::new(), |b| ask.day(b.day));
    let moved = ask.say(
        format!("“较上月末”：与 {since} 相比，红灯和完成（已销号或常态运行）各增减几项。"),
        format!("“Since last month”: how many more or fewer are red, and done (closed or operating), than on {since}."),
    );
    let notes = [t::TOTAL_NOTE_DEPT, t::RATE_NOTE, t::PLAN_NOTE].map(|n| n.say(ask.lang).into_owned());
    page(ask, "board", t::STATUS_TITLE, blocks, std::iter::once(moved).chain(notes).collect())
}

/// The department table of `status` with what a manager asks next.
fn departments(ask: &Ask, before: Option<&Past>) -> Table {
    let mut table = tally::table(ask, "departments", By::Department, t::DEPARTMENT);
    table.columns[0].whole = true;
    let column = |zh: &str, en: &str, key: &str| Column::number(ask.say(zh, en), ask.say(zh, en)).key(key);
    table.columns.push(column("落实率", "Delivered", "delivered"));
    table.columns.push(column("红灯较上月末", "Red since last month", "red-moved"));
    table.columns.push(column("完成较上月末", "Done since last month", "done-moved"));
    table.columns.push(Column::text(ask.say("红灯原因", "Why red")).key("why-red"));
    let all = groups(ask.s, By::Department, &ask.selected, ask.lang);
    for (i, row) in table.rows.iter_mut().enumerate() {
        let more = match all.get(i) {
            Some(g) => more(ask, &Base::assignments(ask, &g.duties, before), &g.duties),
            // The total counts obligations, each once: its share and what moved do, too.
            None if row.is_total() => more(ask, &Base::obligations(ask, before), &ask.selected),
            None => vec![Cell::new(""); 4],
        };
        row.cells.extend(more);
    }
    table
}

/// What a row counts: states and lights now, and at the end of last month where that is known.
struct Base {
    now: Vec<(Status, Light)>,
    then: Option<Vec<(Status, Light)>>,
    /// What could not be read stands in the whole.
    invalid: usize,
}

impl Base {
    fn assignments(ask: &Ask, duties: &[usize], before: Option<&Past>) -> Base {
        let now = duties.iter().map(|d| (ask.s.folded.states[*d].status, ask.s.folded.states[*d].light)).collect();
        Base { now, then: before.map(|b| duties.iter().map(|d| b.duties[*d]).collect()), invalid: 0 }
    }
    fn obligations(ask: &Ask, before: Option<&Past>) -> Base {
        let all = ask.obligations();
        let now = all.iter().map(|o| ask.s.folded.obligations[*o]).collect();
        let then = before.map(|b| all.iter().map(|o| b.obligations[*o]).collect());
        Base { now, then, invalid: ask.s.register.invalid.len() }
    }
}

/// Share, what moved in red and in done, and the rules behind the reds of some assignments.
fn more(ask: &Ask, base: &Base, duties: &[usize]) -> Vec<Cell> {
    type Test<'a> = &'a dyn Fn(&(Status, Light)) -> bool;
    let count = |all: &[(Status, Light)], what: Test| all.iter().filter(|x| what(x)).count();
    let moved = |what: Test| {
        let Some(then) = &base.then else { return Cell::new("—") };
        let (now, then) = (count(&base.now, what), count(then, what));
        let sign = match now.cmp(&then) {
            std::cmp::Ordering::Equal => return Cell::Number("±0".into()),
            std::cmp::Ordering::Greater => "+",
            std::cmp::Ordering::Less => "−",
        };
        Cell::Number(format!("{sign}{}", now.abs_diff(then)))
    };
    let mut why: Vec<(usize, &str)> = CODES
        .iter()
        .filter(|c| c.starts_with('R'))
        .map(|c| (duties.iter().filter(|d| ask.s.folded.states[**d].reasons.contains(c)).count(), *c))
        .filter(|x| x.0 > 0)
        .collect();
    why.sort_by_key(|x| std::cmp::Reverse(x.0));
    let why: Vec<String> = why.into_iter().map(|(n, c)| format!("{c} {} ×{n}", t::reason(c).say(ask.lang))).collect();
    let of = count(&base.now, &|x| x.0 != Status::NotApplicable) + base.invalid;
    vec![
        Cell::Share(count(&base.now, &|x| done(x.0)), of),
        moved(&|x| x.1 == Light::Red),
        moved(&|x| done(x.0)),
        Cell::Text(why.join("\n")),
    ]
}

/// States by department, lights over time, burn-up against plan, due dates.
pub fn drawn(ask: &Ask) -> Page {
    let months = past::months(ask, 12);
    let blocks = vec![charts::states(ask), charts::lights(ask, &months), charts::burn_up(ask, &months), charts::calendar(ask)];
    page(ask, "charts", Term("图表", "Charts"), blocks, vec![t::PLAN_NOTE.say(ask.lang).into_owned()])
}

/// The due dates of twelve months as a picture, and what it draws by month, so that each opens.
pub fn months(ask: &Ask) -> Vec<Block> {
    let first = ask.s.day().format("%Y-%m").to_string();
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for d in &ask.selected {
        let state = &ask.s.folded.states[*d];
        if let Some(day) = state.due.and_then(crate::model::Due::day).filter(|_| state.status.open()) {
            *counts.entry(day.format("%Y-%m").to_string()).or_default() += 1;
        }
    }
    let columns = vec![
        Column::id(t::MONTH.say(ask.lang)).key("month"),
        Column::number(t::COUNT.say(ask.lang), t::COUNT.say(ask.lang)).key("count"),
        Column::text(t::NOTE.say(ask.lang)).key("note"),
    ];
    let open = Status::ALL.iter().filter(|s| s.open()).map(|s| s.code()).collect::<Vec<_>>().join(",");
    let rows = counts.into_iter().map(|(month, n)| {
        let words = format!("due:{month} status:{open}");
        let note = if month < first { t::OVERDUE_HEAD.say(ask.lang).into_owned() } else { String::new() };
        Row::of(vec![Cell::new(month), Cell::Count(n), Cell::new(note)]).opens(ask.opens(&words))
    });
    let table = Table {
        key: "due-months".into(),
        caption: ask.say("未完成事项按时限月份", "Open assignments by the month they are due"),
        columns,
        rows: rows.collect(),
        empty: t::NOTHING.say(ask.lang).into_owned(),
        half: true,
    };
    vec![charts::calendar(ask), Block::Table(table)]
}

/// The articles of law that an obligation carries out; `None` where none is on record.
pub fn articles(ask: &Ask, ob: usize) -> Option<Block> {
    let links = ask.links(ask.s.register.obligations[ob].id.as_str());
    let columns = vec![Column::text(t::BASIS.say(ask.lang)), Column::text(t::RELATION.say(ask.lang)), Column::text(t::NOTE.say(ask.lang))];
    let rows = links.iter().map(|l| {
        let note = l.note.as_ref().map_or_else(String::new, |n| n.to_string());
        Row::of(vec![Cell::Text(article(ask, l)), Cell::new(l.relation.term().say(ask.lang)), Cell::Text(note)])
    });
    let table = Table { key: "articles".into(), columns, rows: rows.collect(), ..Table::default() };
    (!links.is_empty()).then_some(Block::Table(table))
}

/// What an obligation requires and what requires it; `None` where there is neither.
pub fn dependencies(ask: &Ask, ob: usize) -> Option<Block> {
    net::picture(ask, &BTreeSet::from([ob]), &BTreeSet::new())
}
