//! The trio of a progress report, this period only: what was done, what stands in the way,
//! what comes next; and the evidence of an assignment.
//!
//! Earlier words are in the change log. Silence is not a nil report, so it is said. Every
//! entry of the period stands in the cell, newest first: nothing is left out.

use super::ask::Ask;
use crate::model::{Entry, Event, Evidence, Lang, Light, Status, terms as t};
use chrono::{Datelike, NaiveDate};

/// What was done this period.
pub fn progress(ask: &Ask, duty: usize) -> String {
    let said: Vec<(NaiveDate, String)> =
        ask.this_period(duty).filter_map(|(day, e)| Some((day, deed(ask, duty, e)?))).filter(|(_, s)| !s.is_empty()).collect();
    let state = &ask.s.folded.states[duty];
    if said.is_empty() {
        let silent = state.status == Status::InProgress && state.light != Light::Grey;
        return if silent { t::NOT_REPORTED.say(ask.lang).into_owned() } else { String::new() };
    }
    dated(ask, said)
}

/// What stands in the way, as told this period.
pub fn issues(ask: &Ask, duty: usize) -> String {
    told(ask, duty, |e| e.issues.as_deref())
}

/// What comes next, as told this period.
pub fn next(ask: &Ask, duty: usize) -> String {
    told(ask, duty, |e| e.next.as_deref())
}

fn told(ask: &Ask, duty: usize, what: fn(&Entry) -> Option<&str>) -> String {
    let mut all: Vec<(NaiveDate, String)> = Vec::new();
    for (day, e) in ask.this_period(duty) {
        // The same words again say nothing new.
        if let Some(words) = what(e).filter(|w| all.iter().all(|a| a.1 != *w)) {
            all.push((day, words.to_string()));
        }
    }
    dated(ask, all)
}

/// One alone stands by itself; several each with their day.
fn dated(ask: &Ask, all: Vec<(NaiveDate, String)>) -> String {
    if let [(_, one)] = &all[..] {
        return one.clone();
    }
    let day = |d: NaiveDate| match ask.lang {
        Lang::Zh => format!("{}月{}日", d.month(), d.day()),
        _ => d.format("%m-%d").to_string(),
    };
    all.into_iter().map(|(d, words)| format!("{} {words}", day(d))).collect::<Vec<_>>().join("\n")
}

/// An entry as progress: percentage, what happened where it is more than progress, words.
fn deed(ask: &Ask, duty: usize, e: &Entry) -> Option<String> {
    let mut out = Vec::new();
    let event = match e.event {
        Event::Void | Event::Attest => return None,
        Event::Progress => None,
        other => Some(other.term().say(ask.lang).into_owned()),
    };
    out.extend(e.percent.map(|p| format!("{p}%")));
    if e.nil == Some(true) {
        out.push(t::NIL_REPORT.say(ask.lang).into_owned());
    }
    if let (Some(k), Some(v)) = (&e.indicator, &e.value) {
        let known = ask.obligation(duty).indicators.iter().find(|x| x.id.as_str() == &**k);
        out.push(format!("{} {v}", known.map_or_else(|| k.to_string(), |x| x.name.say(ask.lang).into_owned())));
    }
    out.extend(e.note.as_ref().map(|n| n.to_string()));
    let told = out.join(if ask.lang == Lang::En { ", " } else { "，" });
    let parts: Vec<String> = event.into_iter().chain(Some(told).filter(|t| !t.is_empty())).collect();
    Some(parts.join(ask.colon()))
}

/// What stands as evidence now: since the last regress or reopen.
pub fn standing<'a>(ask: &Ask<'a>, duty: usize) -> Vec<&'a Evidence> {
    let mut all = Vec::new();
    for (_, e) in ask.entries(duty) {
        if matches!(e.event, Event::Regress | Event::Reopen) {
            all.clear();
        }
        all.extend(&e.evidence);
    }
    all
}

/// Count and document numbers; above 内部 neither name nor number is printed.
pub fn evidence(ask: &Ask, duty: usize) -> String {
    let all = standing(ask, duty);
    if all.is_empty() {
        return String::new();
    }
    let mut numbers: Vec<String> = Vec::new();
    for e in &all {
        let said = match (printable(e), &e.number) {
            (false, _) => e.shown().into_owned(),
            (true, Some(n)) => n.to_string(),
            (true, None) => continue,
        };
        if !numbers.contains(&said) {
            numbers.push(said);
        }
    }
    let count = ask.say(format!("{}件", all.len()), format!("{} items", all.len()));
    if numbers.is_empty() { count } else { format!("{count}{}{}", ask.colon(), numbers.join(ask.comma())) }
}

/// May its name and number be printed?
pub fn printable(e: &Evidence) -> bool {
    e.class.is_none_or(|c| c.printable())
}
