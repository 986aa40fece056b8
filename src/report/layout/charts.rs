//! Charts that several layouts draw: states by department, lights over time, the due-date
//! calendar, the burn-up. Each says in a sentence what it shows.

use super::ask::Ask;
use super::past::{Past, done};
use crate::model::{Due, Light, Status, Term, terms as t};
use crate::page::{Block, Chart, Ink, Shape, Tone};
use crate::report::groups::{By, groups};
use crate::report::rows::tone;
use chrono::{Datelike, Months, NaiveDate};
use std::collections::BTreeMap;

fn chart(ask: &Ask, key: &str, title: Term, over: Term, said: String, shape: Shape) -> Block {
    let words = |x: Term| x.say(ask.lang).into_owned();
    Block::Chart(Chart { key: key.into(), title: words(title), said, over: words(over), shape })
}

/// How many assignments of each department are in each state.
pub fn states(ask: &Ask) -> Block {
    let series = Status::ALL.iter().enumerate().map(|(i, x)| (x.term().say(ask.lang).into_owned(), Ink::Shade(i as u8))).collect();
    let all = groups(ask.s, By::Department, &ask.selected, ask.lang);
    let bars: Vec<(String, Vec<usize>)> = all
        .iter()
        .map(|g| {
            let count = |x: &Status| g.duties.iter().filter(|d| ask.s.folded.states[**d].status == *x).count();
            (g.name.clone(), Status::ALL.iter().map(count).collect())
        })
        .collect();
    let most = bars.iter().max_by_key(|b| b.1.iter().sum::<usize>());
    let said = most.map_or(String::new(), |(name, n)| {
        let (units, total) = (bars.len(), n.iter().sum::<usize>());
        ask.say(
            format!("{units} 个单位牵头任务的办理状态；{name}最多，{total} 项。"),
            format!("States of the assignments of {units} departments; {name} has most, {total}."),
        )
    });
    chart(ask, "states-by-department", Term("各单位办理状态", "States by department"), t::DEPARTMENT, said, Shape::Bars { series, bars })
}

/// How many assignments of the selection show each light at each month's end.
pub fn lights(ask: &Ask, past: &[Past]) -> Block {
    let series = Light::ALL.iter().map(|l| (l.term().say(ask.lang).into_owned(), Ink::Tone(tone(*l)))).collect();
    let count = |p: &Past, l: Light| ask.selected.iter().filter(|d| p.duties[**d].1 == l).count();
    let points = past.iter().map(|p| (p.label.clone(), Light::ALL.iter().map(|l| Some(count(p, *l))).collect())).collect();
    let said = match (past.first(), past.last()) {
        (Some(a), Some(b)) => {
            let (red, now) = (count(a, Light::Red), count(b, Light::Red));
            ask.say(
                format!("{} 至 {} 各月末牵头任务的亮灯；红灯由 {red} 项到 {now} 项。", a.label, b.label),
                format!("Lights of the assignments at each month's end, {} to {}; red from {red} to {now}.", a.label, b.label),
            )
        }
        _ => String::new(),
    };
    chart(ask, "lights-over-time", Term("亮灯走势", "Lights over time"), t::MONTH, said, Shape::Lines { series, points })
}

/// Open assignments by the month of their due date, twelve months on.
pub fn calendar(ask: &Ask) -> Block {
    let today = ask.s.day();
    let first = today.with_day(1).expect("every month has a first day");
    let label = |n: u32| first.checked_add_months(Months::new(n)).map_or(String::new(), |d| d.format("%Y-%m").to_string());
    let months: Vec<String> = (0..12).map(label).collect();
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let (mut over, mut beyond, mut undated) = (0, 0, 0);
    for d in &ask.selected {
        let state = &ask.s.folded.states[*d];
        let Some(due) = state.due.and_then(Due::day).filter(|_| state.status.open()) else {
            undated += usize::from(state.status.open());
            continue;
        };
        let month = due.format("%Y-%m").to_string();
        match months.iter().find(|m| **m == month) {
            _ if due < today => over += 1,
            Some(m) => counts.entry(m).or_default()[state.light as usize] += 1,
            None => beyond += 1,
        }
    }
    let tones = [Tone::Red, Tone::Amber, Tone::Green, Tone::Grey];
    let cell = |m: &String| {
        let n = counts.get(m.as_str()).copied().unwrap_or_default();
        (m.clone(), tones.iter().copied().zip(n).filter(|x| x.1 > 0).collect())
    };
    let inside: usize = counts.values().flatten().sum();
    let said = ask.say(
        format!("未完成的牵头任务按时限月份：今后十二个月内 {inside} 项；已逾期 {over} 项，更晚 {beyond} 项，无日期 {undated} 项，不在图中。"),
        format!(
            "Open assignments by the month they are due: {inside} within twelve months; not drawn: {over} overdue, {beyond} later, {undated} without a date."
        ),
    );
    let shape = Shape::Calendar { months: months.iter().map(cell).collect() };
    chart(ask, "due-dates", Term("到期日历", "Due-date calendar"), t::MONTH, said, shape)
}

/// Of the assignments with an original due date: how many should be done by then, and how many
/// are; six months on for the plan.
pub fn burn_up(ask: &Ask, past: &[Past]) -> Block {
    let due = |d: usize| ask.s.folded.states[d].original.and_then(Due::day);
    let dated: Vec<usize> = ask.selected.iter().copied().filter(|d| due(*d).is_some()).collect();
    let scope = |p: &Past| dated.iter().filter(|d| p.duties[**d].0 != Status::NotApplicable).count();
    let mut dues: Vec<NaiveDate> = dated.iter().filter_map(|d| due(*d)).collect();
    dues.sort_unstable();
    let planned = |day: NaiveDate| dues.partition_point(|d| *d <= day);
    let finished = |p: &Past| dated.iter().filter(|d| done(p.duties[**d].0)).count();
    let mut points: Vec<(String, Vec<Option<usize>>)> =
        past.iter().map(|p| (p.label.clone(), vec![Some(planned(p.day)), Some(finished(p)), Some(scope(p))])).collect();
    if let Some(last) = past.last() {
        let first = last.day.with_day(1).expect("every month has a first day");
        for n in 1..=6 {
            let Some(end) = first.checked_add_months(Months::new(n + 1)).and_then(|d| d.pred_opt()) else { break };
            points.push((end.format("%Y-%m").to_string(), vec![Some(planned(end)), None, None]));
        }
    }
    let (n, undated) = (dated.len(), ask.selected.len() - dated.len());
    let said = past.last().map_or(String::new(), |p| {
        let (plan, have) = (planned(p.day), finished(p));
        ask.say(
            format!("有原定时限的牵头任务 {n} 项：按原定时限应完成 {plan} 项，已完成 {have} 项；长期坚持和未定时限的 {undated} 项不在图中。"),
            format!("{n} assignments have an original due date: {plan} should be done, {have} are; {undated} standing or undated ones are not drawn."),
        )
    });
    let series = vec![
        (t::PLANNED.say(ask.lang).into_owned(), Ink::Shade(2)),
        (t::DONE.say(ask.lang).into_owned(), Ink::Tone(Tone::Green)),
        (t::SCOPE.say(ask.lang).into_owned(), Ink::Tone(Tone::Grey)),
    ];
    chart(ask, "burn-up", Term("完成进度", "Burn-up"), t::MONTH, said, Shape::Lines { series, points })
}
