//! The dates of an assignment that somebody has to keep, each as an all-day event.
//!
//! An open item has its due date, an operating one its next review, a suspended one its resume
//! date, one that does not apply its re-check date. What is submitted waits for somebody else
//! and has none. The id of an event hangs on unit, obligation, first id of the department and
//! sort of date, not on the day: when the day moves, the event moves.

use super::line::{escape, fold};
use crate::exchange::ask::Ask;
use crate::exchange::names::{Space, first_id};
use crate::model::{Due, Lang, Light, Status, Term, terms as t};
use crate::report::rows::{due_text, lead_name};
use chrono::{Datelike, NaiveDate};

/// A date to keep.
pub struct Date {
    /// The assignment.
    pub duty: usize,
    /// The day.
    pub day: NaiveDate,
    /// `due`, `review`, `resume`, `recheck`.
    pub sort: &'static str,
    /// What the day is, in words.
    pub word: Term,
}

/// The date of an assignment, if it has one that a calendar can hold.
pub fn date(ask: &Ask, duty: usize) -> Option<Date> {
    let state = &ask.s.folded.states[duty];
    let (day, sort, word) = match state.status {
        s if s.open() => (state.due.and_then(Due::day), "due", Term("到期", "Due")),
        Status::Operating => (state.next_review, "review", Term("复核", "Review")),
        Status::Suspended => (state.resume, "resume", Term("恢复", "Resume")),
        Status::NotApplicable => (state.recheck, "recheck", Term("复查", "Re-check")),
        _ => return None,
    };
    // iCalendar has four digits for the year.
    let day = day.filter(|d| d.year() <= 9999)?;
    Some(Date { duty, day, sort, word })
}

/// The event. `records` is how many entries the log has for the assignment: it only grows, so
/// that a later export outranks an earlier one.
pub fn event(ask: &Ask, d: &Date, records: usize) -> String {
    let say = |term: Term| term.say(ask.lang).into_owned();
    let (o, state) = (ask.obligation(d.duty), &ask.s.folded.states[d.duty]);
    let r = &ask.s.register;
    let near = r.settings.thresholds.near_days;
    let dept = ask.s.roster.duties[d.duty].dept.as_deref().unwrap_or("-");
    let uid = Space::of(&r.settings.unit.code).of_words("date", &[&o.id, first_id(r, dept), d.sort]);
    let title = o.title.say(ask.lang);
    let summary = match ask.lang {
        Lang::En => format!("{}: {} {title}", d.word.1, o.id),
        _ => format!("{}：{} {title}", say(d.word), o.id),
    };
    let lines = [
        "BEGIN:VEVENT".to_string(),
        format!("UID:{uid}"),
        format!("DTSTAMP:{}", stamp(ask)),
        format!("SEQUENCE:{records}"),
        format!("DTSTART;VALUE=DATE:{}", d.day.format("%Y%m%d")),
        format!("SUMMARY:{}", escape(&summary)),
        format!("DESCRIPTION:{}", escape(&description(ask, d))),
        format!("CATEGORIES:{},{}", escape(&light(state.light, ask.lang)), escape(&say(d.word))),
        format!("COLOR:{}", colour(state.light)),
        // The day is to be kept, not spent: it takes no time away.
        "TRANSP:TRANSPARENT".into(),
        "BEGIN:VALARM".into(),
        "ACTION:DISPLAY".into(),
        format!("DESCRIPTION:{}", escape(&summary)),
        if near == 0 { "TRIGGER:PT0S".into() } else { format!("TRIGGER:-P{near}D") },
        "END:VALARM".into(),
        "END:VEVENT".into(),
    ];
    lines.iter().map(|l| fold(l)).collect()
}

/// The as-of day: nothing here asks a clock.
pub fn stamp(ask: &Ask) -> String {
    ask.s.as_of.format("%Y%m%dT000000Z").to_string()
}

fn light(light: Light, lang: Lang) -> String {
    match lang {
        Lang::En => light.term().1.into(),
        Lang::Zh => format!("{}灯", light.term().0),
        Lang::Both => format!("{}灯 {}", light.term().0, light.term().1),
    }
}

/// A colour that clients know by name (RFC 7986).
fn colour(light: Light) -> &'static str {
    match light {
        Light::Red => "red",
        Light::Amber => "orange",
        Light::Green => "green",
        Light::Grey => "gray",
    }
}

/// What somebody wants to know when the reminder comes.
fn description(ask: &Ask, d: &Date) -> String {
    let say = |term: Term| term.say(ask.lang).into_owned();
    let (o, state) = (ask.obligation(d.duty), &ask.s.folded.states[d.duty]);
    let r = &ask.s.register;
    let duty = &ask.s.roster.duties[d.duty];
    let colon = if ask.lang == Lang::En { ": " } else { "：" };
    let mut lines = vec![o.requirement.say(ask.lang).into_owned()];
    let mut add = |label: Term, text: String| {
        if !text.is_empty() {
            lines.push(format!("{}{colon}{text}", say(label)));
        }
    };
    add(t::LEAD, lead_name(ask.s, d.duty, ask.lang));
    let comma = if ask.lang == Lang::En { ", " } else { "、" };
    let support = ask.s.roster.owners[duty.obligation as usize].support.iter().map(|x| r.name(x, ask.day(), ask.lang));
    add(t::SUPPORT, support.collect::<Vec<_>>().join(comma));
    let person = duty.plan.and_then(|p| r.plan[p as usize].person.as_ref());
    add(t::PERSON, person.map_or(String::new(), |p| p.to_string()));
    add(t::STATUS, say(state.status.term()));
    let reasons: Vec<String> = state.reasons.iter().map(|c| format!("{c} {}", t::reason(c).say(ask.lang))).collect();
    add(t::LIGHT, format!("{} {}", say(state.light.term()), reasons.join(comma)).trim().to_string());
    if state.extensions > 0 {
        add(t::DUE_ORIGINAL, due_text(state.original, ask.lang));
        add(t::EXTENSIONS, state.extensions.to_string());
    }
    lines.join("\n")
}
