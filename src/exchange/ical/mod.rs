//! iCalendar (RFC 5545): the dates of each lead department as a calendar that any mail program
//! takes in.
//!
//! `ical` makes a file a department, `ical-all` one of everything. What has no date — standing,
//! not set, waiting for acceptance — is counted in the calendar's description, as is what could
//! not be read. A department without any date gets a calendar with a note of just that: an old
//! file must not go on reminding.
//!
//! Order of things: [`line`] escapes and folds, [`event`] is a date with its event.

mod event;
mod line;

use super::ask::{Ask, File, Written};
use super::names::{Space, first_id};
use crate::model::{Due, Lang, Status, terms as t};
use crate::report::groups::{By, Group, groups};
use line::{escape, fold};
use std::collections::HashMap;

#[doc(hidden)]
pub use line::{MOST, fold as folded};

/// A file a lead department.
pub fn by_department(ask: &Ask) -> Written {
    let records = records(ask);
    let file = |g: &Group| {
        let name = if g.key == "-" { "no-lead".to_string() } else { g.key.clone() };
        File::text(format!("{name}.ics"), calendar(ask, &g.key, &g.name, &g.duties, &records))
    };
    let all: Vec<File> = groups(ask.s, By::Department, &ask.selected, ask.lang).iter().map(file).collect();
    // What cannot be read has no lead that anybody knows: the calendar of everything says so.
    if all.is_empty() { together(ask) } else { Ok(all) }
}

/// One file of everything.
pub fn together(ask: &Ask) -> Written {
    let name = ask.s.register.settings.unit.name.say(ask.lang).into_owned();
    Ok(vec![File::text("all.ics", calendar(ask, "*", &name, &ask.selected, &records(ask)))])
}

/// Entries of the log up to the as-of day, by assignment.
fn records(ask: &Ask) -> HashMap<usize, usize> {
    let mut all = HashMap::new();
    for (record, duty) in ask.s.log.records.iter().zip(&ask.s.folded.duty_of) {
        if let Some(duty) = duty.filter(|_| record.day <= ask.s.as_of) {
            *all.entry(duty as usize).or_default() += 1;
        }
    }
    all
}

fn calendar(ask: &Ask, key: &str, name: &str, duties: &[usize], records: &HashMap<usize, usize>) -> String {
    let mut dates: Vec<event::Date> = duties.iter().filter_map(|d| event::date(ask, *d)).collect();
    dates.sort_by_key(|d| (d.day, d.duty));
    let unit = &ask.s.register.settings.unit;
    let about = about(ask, duties, dates.len());
    let title = if key == "*" { name.to_string() } else { format!("{name} · {}", unit.name.say(ask.lang)) };
    // A sample's dates must not pass for real ones among somebody's appointments.
    let title = if ask.s.register.settings.sample { format!("{title}【{} / {}】", t::SAMPLE.0, t::SAMPLE.1) } else { title };
    let mut out: String = [
        "BEGIN:VCALENDAR".to_string(),
        "VERSION:2.0".into(),
        format!("PRODID:-//duban//{}//EN", env!("CARGO_PKG_VERSION")),
        "CALSCALE:GREGORIAN".into(),
        "METHOD:PUBLISH".into(),
        format!("UID:{}", Space::of(&unit.code).id("calendar", if key == "*" { key } else { first_id(&ask.s.register, key) })),
        format!("NAME:{}", escape(&title)),
        format!("X-WR-CALNAME:{}", escape(&title)),
        format!("DESCRIPTION:{}", escape(&about)),
        format!("X-WR-CALDESC:{}", escape(&about)),
    ]
    .iter()
    .map(|l| fold(l))
    .collect();
    for d in &dates {
        out += &event::event(ask, d, records.get(&d.duty).copied().unwrap_or(0));
    }
    if dates.is_empty() {
        out += &note(ask, key, &about);
    }
    out + "END:VCALENDAR\r\n"
}

/// A calendar holds at least one thing: that there is nothing.
fn note(ask: &Ask, key: &str, about: &str) -> String {
    let lines = [
        "BEGIN:VJOURNAL".to_string(),
        format!("UID:{}", Space::of(&ask.s.register.settings.unit.code).id("no-dates", first_id(&ask.s.register, key))),
        format!("DTSTAMP:{}", event::stamp(ask)),
        format!("DTSTART;VALUE=DATE:{}", ask.s.as_of.format("%Y%m%d")),
        format!("SUMMARY:{}", escape(&t::NOTHING.say(ask.lang))),
        format!("DESCRIPTION:{}", escape(about)),
        "END:VJOURNAL".into(),
    ];
    lines.iter().map(|l| fold(l)).collect()
}

/// What the calendar is of, and what of it has no date.
fn about(ask: &Ask, duties: &[usize], dated: usize) -> String {
    let r = &ask.s.register;
    let count = |f: &dyn Fn(usize) -> bool| duties.iter().filter(|d| f(**d)).count();
    let state = |d: usize| &ask.s.folded.states[d];
    let standing = count(&|d| state(d).status.open() && state(d).due == Some(Due::Standing));
    let unset = count(&|d| state(d).status.open() && state(d).due.is_none());
    let waiting = count(&|d| state(d).status == Status::Submitted);
    let rest = duties.len() - dated - standing - unset - waiting;
    let filter = if ask.query.shown.is_empty() { t::FILTER_NONE.say(ask.lang).into_owned() } else { ask.query.shown.clone() };
    let sample = if r.settings.sample { format!("【{} / {}】", t::SAMPLE.0, t::SAMPLE.1) } else { String::new() };
    let (day, version, lost) = (ask.s.as_of, &ask.s.version, r.invalid.len());
    let zh = format!(
        "{sample}截至 {day} · 数据版本 {version} · 筛选：{filter}\n任务 {} 项：有日期 {dated}，长期坚持 {standing}，未定时限 {unset}，待验收 {waiting}，已办结或无日期 {rest}。全册无法读取 {lost} 项。",
        duties.len()
    );
    let en = format!(
        "{sample}as of {day} · data version {version} · filter: {filter}\n{} assignments: {dated} with a date, {standing} standing, {unset} without due date, {waiting} waiting for acceptance, {rest} finished or without date. {lost} obligations of the register could not be read.",
        duties.len()
    );
    match ask.lang {
        Lang::Zh => zh,
        Lang::En => en,
        Lang::Both => format!("{zh}\n{en}"),
    }
}
