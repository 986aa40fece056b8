//! Forecast: due dates that cannot hold, whatever the people concerned do, and those that
//! are hard to hold.
//!
//! The arithmetic, over unfinished obligations and their `requires` links alone:
//!
//! - `end(P)`, the earliest day on which P can be finished if it ends on time: today if it
//!   waits for acceptance; else the latest of today, its due dates, its resume date, and
//!   `end` of what it requires. A standing or missing due date says nothing, so P then ends
//!   when what it requires does.
//! - An open assignment with a due date not yet past *cannot hold* it when the latest `end` of
//!   what it requires is after that date: it is short by the difference in days.
//! - It is *tight* when what is left of its own work does not fit between the two:
//!   `ceil((100 − percent) · planned / 100)` days, planned = due − start, 100 left where no
//!   percentage is recorded; without a planned start it is not judged.
//! - Obligations in a ring of links, and all that waits for one, can end at no time.
//!
//! One walk in topological order: linear in obligations and links.

use super::ask::Ask;
use super::dress::page;
use super::rows::nil;
use crate::model::time::days_between;
use crate::model::{Due, NeedKind, Status, Term, terms as t};
use crate::page::{Block, Cell, Column, Figure, Page, Row, Table, Tone};
use crate::report::rows::lead_name;
use chrono::NaiveDate;
use std::collections::VecDeque;

/// When an obligation can end, and which link decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Finished already.
    Done,
    /// Not before this day.
    On(Link),
    /// Never: it waits for itself.
    Never,
}

/// A day, and the chain of prerequisites that sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The day.
    pub day: NaiveDate,
    /// The prerequisite that sets it, where one does.
    pub by: Option<u32>,
    /// The last of the chain, whose own date it is.
    pub root: u32,
    /// Links from here to there.
    pub depth: u32,
}

/// The end of every obligation of the register.
pub fn ends(ask: &Ask) -> Vec<End> {
    let s = ask.s;
    let r = &s.register;
    let needs = requires(ask);
    let n = r.obligations.len();
    let mut waits: Vec<Vec<u32>> = vec![Vec::new(); n];
    let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
    needs.iter().enumerate().for_each(|(ob, all)| all.iter().for_each(|p| waits[*p as usize].push(ob as u32)));
    let mut end = vec![End::Never; n];
    let mut queue: VecDeque<usize> = (0..n).filter(|i| open[*i] == 0).collect();
    while let Some(ob) = queue.pop_front() {
        end[ob] = if s.folded.obligations[ob].0.finished() { End::Done } else { on_time(ask, ob, upstream(&needs[ob], &end)) };
        for next in &waits[ob] {
            open[*next as usize] -= 1;
            if open[*next as usize] == 0 {
                queue.push_back(*next as usize);
            }
        }
    }
    // What is finished waits for nobody, not even in a ring.
    (0..n).filter(|i| s.folded.obligations[*i].0.finished()).for_each(|i| end[i] = End::Done);
    end
}

/// Unfinished obligations that each one requires.
fn requires(ask: &Ask) -> Vec<Vec<u32>> {
    let r = &ask.s.register;
    let open = |id: &str| r.obligation_index.get(id).copied().filter(|i| !ask.s.folded.obligations[*i as usize].0.finished());
    r.obligations
        .iter()
        .map(|o| {
            let mut all: Vec<u32> = o.needs.iter().filter(|n| n.kind == NeedKind::Requires).filter_map(|n| open(n.on.as_str())).collect();
            all.sort_unstable();
            all.dedup();
            all
        })
        .collect()
}

/// The latest end among prerequisites, with whose it is.
fn upstream(needs: &[u32], end: &[End]) -> Option<(Link, u32)> {
    let days = needs.iter().filter_map(|p| if let End::On(link) = end[*p as usize] { Some((link, *p)) } else { None });
    days.max_by_key(|(link, p)| (link.day, std::cmp::Reverse(*p)))
}

fn on_time(ask: &Ask, ob: usize, upstream: Option<(Link, u32)>) -> End {
    let s = ask.s;
    let mut own = s.day();
    for d in s.roster.of(ob) {
        let state = &s.folded.states[d];
        if state.status.open() || state.status == Status::Suspended {
            own = own.max(state.due.and_then(Due::day).unwrap_or(own));
        }
        if state.status == Status::Suspended {
            own = own.max(state.resume.unwrap_or(own));
        }
    }
    match upstream {
        // An obligation that waits for acceptance no longer waits for its prerequisites' dates.
        Some((link, p)) if link.day > own && s.folded.obligations[ob].0 != Status::Submitted => {
            End::On(Link { by: Some(p), depth: link.depth + 1, ..link })
        }
        _ => End::On(Link { day: own, by: None, root: ob as u32, depth: 0 }),
    }
}

/// An assignment whose due date is in doubt.
struct Doubt {
    duty: usize,
    due: NaiveDate,
    /// When what it requires ends; `None` = never.
    end: Option<NaiveDate>,
    /// The prerequisite that decides, and the chain behind it.
    first: u32,
    /// Days of its own work that are left, where that can be reckoned.
    own: Option<i64>,
}

impl Doubt {
    fn short(&self) -> Option<i64> {
        self.end.map(|e| days_between(self.due, e))
    }
    fn cannot(&self) -> bool {
        self.end.is_none_or(|e| e > self.due)
    }
    fn tight(&self) -> bool {
        let room = |e: NaiveDate| days_between(e, self.due);
        !self.cannot() && self.end.zip(self.own).is_some_and(|(e, own)| own > room(e))
    }
}

/// The two lists, the worst first.
pub fn forecast(ask: &Ask) -> Page {
    let end = ends(ask);
    let needs = requires(ask);
    let mut counts = (0, 0);
    let mut doubts: Vec<Doubt> = Vec::new();
    for duty in &ask.selected {
        let state = &ask.s.folded.states[*duty];
        let Some(due) = state.due.and_then(Due::day).filter(|_| state.status.open()) else { continue };
        if due < ask.s.day() {
            counts.1 += 1;
            continue;
        }
        counts.0 += 1;
        doubts.extend(doubt(ask, *duty, due, &needs, &end));
    }
    let mut cannot: Vec<&Doubt> = doubts.iter().filter(|d| d.cannot()).collect();
    cannot.sort_by_key(|d| (d.end.is_some(), std::cmp::Reverse(d.short()), d.duty));
    let mut tight: Vec<&Doubt> = doubts.iter().filter(|d| d.tight()).collect();
    tight.sort_by_key(|d| (d.due, d.duty));
    let figure = |zh: &str, en: &str, n: usize, tone| Figure { label: ask.say(zh, en), value: Cell::Count(n), aside: String::new(), tone };
    let figures = Block::Figures(vec![
        figure("未到期、有时限的未完成任务", "Open assignments with a due date ahead", counts.0, None),
        figure("时限守不住", "Due dates that cannot hold", cannot.len(), Some(Tone::Red)),
        figure("时限吃紧", "Due dates that are tight", tight.len(), Some(Tone::Amber)),
        figure("已逾期（另见逾期清单）", "Overdue already (see the overdue list)", counts.1, None),
    ]);
    let blocks = vec![
        figures,
        Block::heading(
            ask.say("即使前置事项都按期完成也守不住的时限", "Due dates that cannot hold even if everything upstream ends on time"),
        ),
        table(ask, "cannot-hold", &cannot, &end),
        Block::heading(ask.say("前置事项按期完成后余下的时间不够的时限", "Due dates that leave too little time after their prerequisites")),
        table(ask, "tight", &tight, &end),
    ];
    page(ask, "forecast", Term("时限推算", "Forecast"), blocks, notes(ask))
}

fn doubt(ask: &Ask, duty: usize, due: NaiveDate, needs: &[Vec<u32>], end: &[End]) -> Option<Doubt> {
    let mine = &needs[ask.ob(duty)];
    if mine.is_empty() {
        return None;
    }
    let ring = mine.iter().find(|p| end[**p as usize] == End::Never);
    let (until, first) = match (ring, upstream(mine, end)) {
        (Some(p), _) => (None, *p),
        (None, Some((link, p))) => (Some(link.day), p),
        (None, None) => return None,
    };
    Some(Doubt { duty, due, end: until, first, own: own_days(ask, duty, due) })
}

/// Links of a chain that are written out; a longer one names its last as well, and how many
/// stand between.
const WRITTEN: usize = 6;

/// From the obligation back to the prerequisite whose own date decides.
fn chain(ask: &Ask, d: &Doubt, end: &[End]) -> String {
    let id = |i: u32| ask.s.register.obligations[i as usize].id.to_string();
    let mut all = vec![ask.obligation(d.duty).id.to_string(), id(d.first)];
    let mut at = d.first;
    while let End::On(Link { by: Some(p), .. }) = end[at as usize] {
        if all.len() > WRITTEN {
            let End::On(link) = end[at as usize] else { break };
            if link.depth > 1 {
                all.push(ask.say(format!("（其间 {} 项）", link.depth - 1), format!("({} between)", link.depth - 1)));
            }
            all.push(id(link.root));
            break;
        }
        all.push(id(p));
        at = p;
    }
    all.join(" ← ")
}

fn own_days(ask: &Ask, duty: usize, due: NaiveDate) -> Option<i64> {
    let planned = days_between(ask.plan(duty)?.start?.0, due);
    let left = 100 - i64::from(ask.s.folded.states[duty].percent.unwrap_or(0));
    (planned > 0).then(|| (left * planned + 99) / 100)
}

fn table(ask: &Ask, key: &str, all: &[&Doubt], end: &[End]) -> Block {
    let say = |term: Term| term.say(ask.lang).into_owned();
    let number = |term: Term, key: &str| Column::number(say(term), say(term)).key(key).wide(22);
    let columns = vec![
        Column::id(say(t::ID)).key("id").wide(20),
        Column::text(say(t::TITLE)).key("title"),
        Column::text(say(t::LEAD)).key("lead").wide(34),
        Column::id(say(t::DUE)).key("due").wide(26),
        Column::id(say(t::UPSTREAM_END)).key("upstream_end").wide(28),
        number(t::SHORT_BY, "days_short"),
        number(t::OWN_WORK, "own_days"),
        Column::text(say(t::CHAIN)).key("chain"),
    ];
    let rows = all.iter().map(|d| row(ask, d, end)).collect();
    Block::Table(Table { key: key.into(), columns, rows, empty: nil(ask), ..Table::default() })
}

fn row(ask: &Ask, d: &Doubt, end: &[End]) -> Row {
    let o = ask.obligation(d.duty);
    let never = ask.say("永不（互为前置）", "never (a ring)");
    let number = |n: Option<i64>| n.map_or(Cell::new("—"), |n| Cell::Number(n.to_string()));
    Row::of(vec![
        Cell::Id(o.id.to_string(), None),
        Cell::new(o.title.say(ask.lang)),
        Cell::new(lead_name(ask.s, d.duty, ask.lang)),
        Cell::Date(d.due, ask.day(d.due)),
        d.end.map_or(Cell::Text(never), |e| Cell::Date(e, ask.day(e))),
        number(if d.cannot() { d.short() } else { d.short().zip(d.own).map(|(n, own)| n + own) }),
        number(d.own),
        Cell::new(chain(ask, d, end)),
    ])
}

fn notes(ask: &Ask) -> Vec<String> {
    let today = ask.day(ask.s.day());
    vec![ask.say(
        format!(
            "算法：前置事项最早在其时限那天完成（待验收的、已过时限的，最早在{}），并不早于它自己的前置；长期坚持和未定时限的不设下限。守不住 = 前置最早完成日晚于本事项时限，差几天即相差天数；吃紧 = 二者之间的天数少于剩余工作日历天（（100−进度%）×计划天数，向上取整；没有进度按 0%）。",
            today
        ),
        format!(
            "Arithmetic: a prerequisite ends on its due date at the earliest (on {} where it waits for acceptance or is past it), and not before its own prerequisites; standing and missing due dates set no bound. Cannot hold = what it requires ends after its due date, short by the difference; tight = fewer days between the two than its own work has left ((100 − percent) of the planned days, rounded up; no percentage counts as 0).",
            today
        ),
    )]
}
