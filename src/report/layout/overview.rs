//! Overview: one sheet for a board. On its front key figures with what changed since the last
//! period and the rules behind the lights; on its back the worst ten with why and what falls due.
//! The sheet behind it ranks and draws the departments, and says one by one what moved.
//!
//! Figures count obligations by roll-up; departments, reasons, moves and charts count
//! assignments. The page says so at its foot.

use super::ask::Ask;
use super::charts;
use super::columns::lead;
use super::dress::page;
use super::due;
use super::past::{self, Past, done};
use super::rates;
use super::rows::{Group, nil, table};
use super::why::lateness;
use crate::log::lights::CODES;
use crate::model::{Light, Status, Term, terms as t};
use crate::page::{Block, Cell, Column, Figure, Page, Row, Table, Tone};
use crate::report::groups::obligations;
use crate::report::rows::tone;

/// The page.
pub fn overview(ask: &Ask) -> Page {
    let before = ask.period.from.pred_opt().map(|day| past::at(ask, day));
    let months = past::months(ask, 12);
    // One word, two bases: each stands where its figures do.
    let mut blocks = vec![Block::Figures(figures(ask, before.as_ref()))];
    blocks.push(Block::heading(ask.based(Term("亮灯原因", "Lights and why"), t::ASSIGNMENTS)));
    blocks.push(Block::Table(reasons(ask)));
    let red = ask.selected.iter().filter(|d| ask.s.folded.states[**d].light == Light::Red).count();
    let worst = worst(ask, 10);
    let (n, all) = (worst.len(), red);
    blocks.push(Block::heading(ask.say(
        format!("最急的 {n} 项{}（红灯共 {all} 项）", t::ASSIGNMENTS.0),
        format!("The worst {n} (of {all} red {})", t::ASSIGNMENTS.1.to_lowercase()),
    )));
    let keys = ["id", "title", "lead", "person", "due", "light", "why", "next"];
    let mut list = table(ask, "worst", &keys, &[Group::plain(worst.clone())]);
    // Late items have been put off: room for the first date below the present one.
    list.columns[4].width = 46;
    list.rows.iter_mut().zip(worst).for_each(|(row, duty)| row.cells[4] = due::broad(ask, duty));
    blocks.extend([Block::Table(list), charts::calendar(ask)]);
    blocks.extend([Block::Table(rates::ranking(ask)), charts::states(ask)]);
    if let Some(before) = &before {
        blocks.push(Block::heading(ask.say(
            format!("自 {} 以来的变动（{}）", ask.day(before.day), t::ASSIGNMENTS.0),
            format!("What moved since {} ({})", ask.day(before.day), t::ASSIGNMENTS.1.to_lowercase()),
        )));
        blocks.push(Block::Table(moved(ask, before)));
    }
    blocks.extend([charts::lights(ask, &months), charts::burn_up(ask, &months)]);
    let notes = vec![
        ask.say(
            "关键数字按义务汇总状态计数，每项一次；原因、变动、单位和图按牵头任务计数。",
            "Key figures count obligations by roll-up, each once; reasons, moves, departments and charts count assignments.",
        ),
        t::RATE_NOTE.say(ask.lang).into_owned(),
        t::PLAN_NOTE.say(ask.lang).into_owned(),
    ];
    page(ask, "overview", Term("督办情况一览", "Overview"), blocks, notes)
}

/// The figures, each with its change since the day before the period.
pub fn figures(ask: &Ask, before: Option<&Past>) -> Vec<Figure> {
    let obs = obligations(ask.s, &ask.selected);
    let invalid = ask.s.register.invalid.len();
    let now = |what: &dyn Fn(Status, Light) -> bool| {
        obs.iter().filter(|o| what(ask.s.folded.obligations[**o].0, ask.s.folded.obligations[**o].1)).count()
    };
    let then = |what: &dyn Fn(Status, Light) -> bool| {
        before.map(|p| obs.iter().filter(|o| what(p.obligations[**o].0, p.obligations[**o].1)).count())
    };
    let since = |a: usize, b: Option<usize>| match (b, before) {
        (Some(b), Some(p)) => {
            let day = ask.day(p.day);
            let (zh, en) = change(a, b);
            ask.say(format!("较 {day} {zh}"), format!("{en} since {day}"))
        }
        _ => String::new(),
    };
    let figure = |label: String, value: Cell, aside: String, tone| Figure { label, value, aside, tone };
    let term = |x: Term| x.say(ask.lang).into_owned();
    let duties = ask.say(format!("{} 项牵头任务", ask.selected.len()), format!("{} assignments", ask.selected.len()));
    // Elsewhere on the page the same words count assignments.
    let of_obligations =
        |x: Term, link: &str| ask.say(format!("{}{link}{}", x.0, t::OBLIGATIONS.0), format!("{} {}", x.1, t::OBLIGATIONS.1.to_lowercase()));
    let mut out = vec![figure(term(t::OBLIGATIONS), Cell::Count(obs.len() + invalid), duties, None)];
    let of = |s: Status| s != Status::NotApplicable;
    let (have, all) = (now(&|s, _| done(s)), now(&|s, _| of(s)) + invalid);
    let change = since(have, then(&|s, _| done(s)));
    out.push(figure(term(t::DELIVERY), Cell::Share(have, all), format!("{have}/{all} {change}").trim().into(), None));
    for light in Light::ALL {
        let n = now(&|_, l| l == *light);
        let label = of_obligations(light.term(), "灯");
        out.push(figure(label, Cell::Count(n), since(n, then(&|_, l| l == *light)), Some(tone(*light))));
    }
    for status in [Status::Submitted, Status::Operating, Status::Closed] {
        let n = now(&|s, _| s == status);
        out.push(figure(of_obligations(status.term(), ""), Cell::Count(n), since(n, then(&|s, _| s == status)), None));
    }
    let led = ask.say(format!("{}的{}", t::NO_LEAD.0, t::OBLIGATIONS.0), format!("{} without lead", t::OBLIGATIONS.1));
    let no_lead = obs.iter().filter(|o| ask.s.roster.owners[**o].lead.is_empty()).count();
    out.push(figure(led, Cell::Count(no_lead), String::new(), (no_lead > 0).then_some(Tone::Red)));
    out.extend(rates::figures(ask));
    out
}

/// What became of a count, in both languages: in Chinese nothing is said in words, less has a minus sign.
fn change(now: usize, then: usize) -> (String, String) {
    let (zh, en) = ("持平".to_string(), "±0".to_string());
    let signed = |sign: &str| format!("{sign}{}", now.abs_diff(then));
    match now.cmp(&then) {
        std::cmp::Ordering::Equal => (zh, en),
        std::cmp::Ordering::Greater => (signed("+"), signed("+")),
        std::cmp::Ordering::Less => (signed("−"), signed("−")),
    }
}

/// The rules that fire, worst first, with how many assignments each marks.
pub fn reasons(ask: &Ask) -> Table {
    let columns = vec![
        Column::text(t::LIGHT.say(ask.lang)).key("light"),
        Column::id(ask.say("规则", "Rule")).key("rule"),
        Column::text(t::WHY.say(ask.lang)).key("why"),
        Column::number(t::ASSIGNMENTS.say(ask.lang), t::ASSIGNMENTS.say(ask.lang)).key("assignments"),
    ];
    let mut counts: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    ask.selected.iter().flat_map(|d| ask.s.folded.states[*d].reasons).for_each(|c| *counts.entry(c).or_default() += 1);
    let light = |code: &str| match code.as_bytes()[0] {
        b'R' => Light::Red,
        b'A' => Light::Amber,
        _ => Light::Grey,
    };
    let mut codes: Vec<&str> = CODES.iter().copied().filter(|c| counts.contains_key(c)).collect();
    codes.sort_by_key(|c| light(c));
    let rows = codes.into_iter().map(|c| {
        let cells = vec![
            Cell::Light(tone(light(c)), light(c).term().say(ask.lang).into_owned()),
            Cell::new(c),
            Cell::new(t::reason(c).say(ask.lang)),
            Cell::Count(counts[c]),
        ];
        Row::of(cells).opens(ask.opens(&format!("reason:{c}")))
    });
    let rows = rows.collect();
    Table { key: "reasons".into(), columns, rows, empty: nil(ask), half: true, ..Table::default() }
}

/// Assignments that became red, ceased to be, became done or ceased to be.
fn moved(ask: &Ask, before: &Past) -> Table {
    let is = |d: usize| (ask.s.folded.states[d].status, ask.s.folded.states[d].light);
    let was = |d: usize| before.duties[d];
    type Test<'a> = &'a dyn Fn(usize) -> bool;
    let kinds: [(Term, Test); 4] = [
        (Term("新亮红灯", "Became red"), &|d| is(d).1 == Light::Red && was(d).1 != Light::Red),
        (Term("红灯转出", "No longer red"), &|d| is(d).1 != Light::Red && was(d).1 == Light::Red),
        (Term("新完成（已销号或常态运行）", "Done (closed or operating)"), &|d| done(is(d).0) && !done(was(d).0)),
        (Term("退回整改", "Sent back"), &|d| !done(is(d).0) && done(was(d).0)),
    ];
    let columns = vec![
        Column::id(t::ID.say(ask.lang)).key("id").wide(20),
        Column::text(t::TITLE.say(ask.lang)).key("title"),
        Column::text(t::LEAD.say(ask.lang)).key("lead").wide(62),
        Column::text(t::FROM.say(ask.lang)).key("from").wide(34),
        Column::text(t::TO.say(ask.lang)).key("to").wide(34),
    ];
    let mut rows = Vec::new();
    for (term, test) in kinds {
        let mine: Vec<usize> = ask.selected.iter().copied().filter(|d| test(*d)).collect();
        if mine.is_empty() {
            continue;
        }
        rows.push(Row::group(format!("{} ({})", term.say(ask.lang), mine.len())));
        rows.extend(mine.into_iter().map(|d| {
            let both = |x: (Status, Light)| format!("{} · {}", x.0.term().say(ask.lang), x.1.term().say(ask.lang));
            let o = ask.obligation(d);
            let cells = vec![
                Cell::Id(o.id.to_string(), None),
                Cell::new(o.title.say(ask.lang)),
                Cell::new(lead(ask, d)),
                Cell::Light(tone(was(d).1), both(was(d))),
                Cell::Light(tone(is(d).1), both(is(d))),
            ];
            Row::of(cells)
        }));
    }
    Table { key: "moved".into(), columns, rows, empty: nil(ask), ..Table::default() }
}

/// Red ones by number of red rules, then by how many days late.
fn worst(ask: &Ask, most: usize) -> Vec<usize> {
    let reds = |d: usize| ask.s.folded.states[d].reasons.iter().filter(|r| r.starts_with('R')).count();
    let mut all: Vec<usize> = ask.selected.iter().copied().filter(|d| ask.s.folded.states[*d].light == Light::Red).collect();
    all.sort_by_key(|d| (std::cmp::Reverse(reds(*d)), std::cmp::Reverse(lateness(ask, *d)), *d));
    all.truncate(most);
    all
}
