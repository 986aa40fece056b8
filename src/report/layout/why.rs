//! Why a light shows what it shows: the rules that fire, with their numbers.

use super::ask::Ask;
use crate::model::time::days_between;
use crate::model::{Due, NeedKind, terms};

/// Every reason of an assignment in words, with the days and percentages behind it.
pub fn why(ask: &Ask, duty: usize) -> String {
    let all: Vec<String> = ask.s.folded.states[duty].reasons.iter().map(|code| one(ask, duty, code)).collect();
    all.join(ask.semicolon())
}

/// One reason: `R1 逾期 31 天`.
pub fn one(ask: &Ask, duty: usize, code: &str) -> String {
    let (state, today) = (&ask.s.folded.states[duty], ask.s.day());
    let days = |zh: &str, n: i64, en: &str| {
        let days = if n == 1 { "day" } else { "days" };
        Some(ask.say(format!("{zh} {n} 天"), format!("{en} {n} {days}")))
    };
    let due = state.due.and_then(Due::day);
    let told = match code {
        "R1" => due.and_then(|d| days("逾期", days_between(d, today), "overdue by")),
        "A1" => due.and_then(|d| days("距时限", days_between(today, d), "due within")),
        "R4" | "A10" => state.next_review.and_then(|d| days("复核逾期", days_between(d, today), "review late by")),
        "A5" => state.applied.as_ref().and_then(|a| days("待验收", days_between(a.day, today), "waiting for acceptance")),
        "A3" => state.updated.and_then(|d| days("未更新", days_between(d, today), "no update for")),
        "R7" => state.resume.and_then(|d| days("暂缓到期", days_between(d, today), "suspension over by")),
        "R3" | "A2" => behind(ask, duty),
        "A4" => Some(unfinished(ask, duty)),
        _ => None,
    };
    format!("{code} {}", told.unwrap_or_else(|| terms::reason(code).say(ask.lang).into_owned()))
}

fn behind(ask: &Ask, duty: usize) -> Option<String> {
    let state = &ask.s.folded.states[duty];
    let (start, due, percent) = (ask.plan(duty)?.start?.0, state.due?.day()?, state.percent?);
    let planned = days_between(start, due).max(1);
    let want = 100 * days_between(start, ask.s.day()).clamp(0, planned) / planned;
    Some(ask.say(format!("进度 {percent}%，序时 {want}%"), format!("at {percent}%, schedule says {want}%")))
}

fn unfinished(ask: &Ask, duty: usize) -> String {
    let r = &ask.s.register;
    let needs = ask.obligation(duty).needs.iter().filter(|n| n.kind == NeedKind::Requires);
    let open = needs.filter(|n| r.obligation_index.get(n.on.as_str()).is_some_and(|i| !ask.s.folded.obligations[*i as usize].0.finished()));
    let ids: Vec<&str> = open.map(|n| n.on.as_str()).collect();
    ask.say(format!("前置未完成：{}", ids.join("、")), format!("prerequisite unfinished: {}", ids.join(", ")))
}
