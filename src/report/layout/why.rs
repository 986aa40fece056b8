//! Why a light shows what it shows: the rules that fire, with their numbers.

use super::ask::Ask;
use crate::model::time::days_between;
use crate::model::{Due, NeedKind, terms};

/// Every reason of an assignment in words, with the days and percentages behind it.
pub fn why(ask: &Ask, duty: usize) -> String {
    let all: Vec<String> = ask.s.folded.states[duty].reasons.iter().map(|code| one(ask, duty, code)).collect();
    all.join(ask.semicolon())
}

/// Days by which the latest of what is late is late: due date, review, resume date.
pub fn lateness(ask: &Ask, duty: usize) -> i64 {
    let (state, today) = (&ask.s.folded.states[duty], ask.s.day());
    let since = |code: &str| match code {
        "R1" => state.due.and_then(Due::day),
        "R4" => state.next_review,
        "R7" => state.resume,
        _ => None,
    };
    state.reasons.iter().filter_map(|c| since(c)).map(|d| days_between(d, today)).max().unwrap_or(0)
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
        "R6" => blocked(ask, duty).and_then(|d| days("受阻，解决日期已过", days_between(d, today), "blocked, past its fix date by")),
        "A7" => missing(ask, duty),
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

/// The fix date that is longest past; `None` where a block has none.
fn blocked(ask: &Ask, duty: usize) -> Option<chrono::NaiveDate> {
    let blocks = &ask.s.folded.states[duty].blocks;
    let dates: Option<Vec<chrono::NaiveDate>> = blocks.iter().map(|b| b.until).collect();
    dates?.into_iter().min()
}

/// The required types of which there is nothing; `None` where what is there is too old.
fn missing(ask: &Ask, duty: usize) -> Option<String> {
    let state = &ask.s.folded.states[duty];
    let wanted = ask.obligation(duty).evidence.iter().filter(|e| e.required && !state.evidence.has(e.kind.as_str()));
    let name = |code: &str| ask.s.register.evidence_type(code).map_or_else(|| code.to_string(), |t| t.name.say(ask.lang).into_owned());
    let names: Vec<String> = wanted.map(|e| name(e.kind.as_str())).collect();
    let old = || ask.say("必备证据过期", "required evidence too old");
    Some(if names.is_empty() { old() } else { ask.say(format!("缺{}", names.join("、")), format!("missing: {}", names.join(", "))) })
}

fn unfinished(ask: &Ask, duty: usize) -> String {
    let r = &ask.s.register;
    let needs = ask.obligation(duty).needs.iter().filter(|n| n.kind == NeedKind::Requires);
    let open = needs.filter(|n| r.obligation_index.get(n.on.as_str()).is_some_and(|i| !ask.s.folded.obligations[*i as usize].0.finished()));
    let ids: Vec<&str> = open.map(|n| n.on.as_str()).collect();
    ask.say(format!("前置未完成：{}", ids.join("、")), format!("prerequisite unfinished: {}", ids.join(", ")))
}
