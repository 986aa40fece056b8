//! Calendars: folded lines, ids that stay, dates that move, nothing dropped.

use crate::world::{World, hold};
use duban::exchange::ical::{MOST, folded};
use proptest::prelude::*;
use serde_json::json;

fn unfold(text: &str) -> String {
    text.replace("\r\n ", "")
}

proptest! {
    /// Unfolding gives the line back; no piece is longer than 75 octets; none begins or ends
    /// within a character.
    #[test]
    fn folding_loses_nothing(line in "[ -~\u{e9}\u{4e00}-\u{4fff}\u{1f600}-\u{1f64f}]{0,300}") {
        let text = folded(&line);
        prop_assert!(text.ends_with("\r\n"));
        let body = &text[..text.len() - 2];
        for (i, piece) in body.split("\r\n").enumerate() {
            prop_assert!(piece.len() <= MOST, "{} octets", piece.len());
            prop_assert!(i == 0 || piece.starts_with(' '));
        }
        prop_assert_eq!(unfold(body), line);
    }
}

#[test]
fn a_calendar_whole() {
    let w = World::new();
    let run = w.run(&["export", "ical", "dept:EAST"]);
    assert_eq!(run.code, 0, "{}", run.err);
    hold("east.ics", &run.out.replace(&w.open().version, "VERSION"));
    let all = w.run(&["export", "ical-all"]).out;
    assert!(all.lines().all(|l| l.len() <= MOST) && all.matches('\n').count() == all.matches("\r\n").count());
    // Three of the seven have no date to keep: one waits, one is standing, one has no due date.
    assert_eq!(all.matches("BEGIN:VEVENT").count(), 4);
    let said = unfold(&all);
    assert!(
        said.contains("7 assignments: 4 with a date\\, 1 standing\\, 1 without due date\\, 1 waiting for acceptance\\, 0 finished"),
        "{said}"
    );
    // Commas, semicolons and backslashes of the text are escaped.
    assert!(said.contains("in full\\; every word"));
}

#[test]
fn several_departments_need_a_folder_and_each_has_its_file() {
    let w = World::new();
    let run = w.run(&["export", "ical"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("it is 3 files: LIB-MAIN.ics, LIB-EAST.ics, no-lead.ics"), "{}", run.err);
    assert_eq!(w.run(&["export", "ical", "--out", "out"]).code, 0);
    // Nobody leads it and it has no date: the calendar says so instead of being empty.
    let none = std::fs::read_to_string(w.0.path().join("out/no-lead.ics")).unwrap();
    assert!(none.contains("BEGIN:VJOURNAL") && unfold(&none).contains("1 without due date"), "{none}");
}

/// UID, SEQUENCE and day of the event of an obligation.
fn event(text: &str, id: &str) -> [String; 3] {
    let text = unfold(text);
    let event = text.split("BEGIN:VEVENT").find(|e| e.contains(&format!(": {id} "))).expect("an event");
    ["UID:", "SEQUENCE:", "DTSTART;VALUE=DATE:"].map(|k| event.split(k).nth(1).unwrap().split("\r\n").next().unwrap().to_string())
}

#[test]
fn when_the_day_moves_the_event_moves_and_keeps_its_id() {
    let w = World::new();
    let before = event(&w.run(&["export", "ical-all"]).out, "LIB-1.03");
    assert_eq!(before[1..], ["1", "20260420"]);
    w.log(
        "LIB-MAIN",
        "officer-main-dddd",
        &[json!({"at": "2026-04-09T09:00:00.000+08:00", "duty": "LIB-1.03", "event": "extend", "agreed": "approver-hq", "reason": "Paint", "until": "2026-05-20"})],
    );
    let after = event(&w.run(&["export", "ical-all"]).out, "LIB-1.03");
    assert_eq!(after, [before[0].clone(), "2".into(), "20260520".into()]);
    // Another language and another day are the same thing.
    let other = w.run(&["export", "ical-all", "--as-of", "2026-04-11"]).out;
    assert_eq!(event(&other, "LIB-1.03"), after);
    assert!(other.contains("DTSTAMP:20260411T000000Z"));
}

#[test]
fn a_renamed_department_keeps_its_events() {
    let w = World::new();
    let before = event(&w.run(&["export", "ical-all"]).out, "LIB-1.06");
    w.replace(
        "departments.yaml",
        "id: LIB-EAST, name: {zh: 东馆, en: East house}, order: 2, was: [",
        "id: LIB-NEW, name: {zh: 新馆, en: New house}, order: 2, was: [{id: LIB-EAST, to: 2026-04-01, name: {zh: 东馆, en: East house}}, ",
    );
    w.replace("lib/1.yaml", "lead: [LIB-EAST]", "lead: [LIB-NEW]");
    assert_eq!(event(&w.run(&["export", "ical-all"]).out, "LIB-1.06"), before);
}
