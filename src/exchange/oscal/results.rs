//! assessment-results.json: the state of every assignment as a finding, its evidence as observations.
//!
//! Satisfied is what is closed or operating with no light against it but that it came late. What
//! does not apply is told as such and not as satisfied: a reader that counts green must not count
//! it. Evidence above 内部 shows its type and class; its observation has the day of the entry.
//! What a correction replaced or a void withdrew is no evidence and not in here.

use super::book::{Book, classed, prop, tidy};
use super::when;
use crate::exchange::clean::{line, prose};
use crate::model::{Class, Evidence, Status, Term, Words, terms as t};
use crate::report::evidence::{self, EvidenceRow, Look};
use crate::report::rows::due_text;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The document.
pub fn document(book: &Book) -> Value {
    let s = book.ask.s;
    let plan = book.space.id("resource", "assessment-plan");
    let mut rows = evidence_rows(book);
    let days: HashMap<&str, NaiveDate> = s.log.records.iter().map(|r| (&*r.entry.h, r.day)).collect();
    let (mut observations, mut findings) = (Vec::new(), Vec::new());
    for duty in &book.ask.selected {
        let own = rows.remove(&s.roster.full_id(&s.register, *duty)).unwrap_or_default();
        // Its place among the pieces of its entry: an entry never changes, a later one adds its own.
        let mut of_entry: HashMap<&str, usize> = HashMap::new();
        let there = own.iter().filter(|r| r.file != Look::Lacking);
        let seen: Vec<Value> = there
            .map(|r| {
                let n = of_entry.entry(&*r.h).and_modify(|n| *n += 1).or_default();
                observation(book, *duty, (*n, r), days.get(&*r.h))
            })
            .collect();
        findings.push(finding(book, *duty, &seen, &own));
        observations.extend(seen);
    }
    let controls: Vec<Value> = book.obligations.iter().map(|ob| json!({"control-id": book.control(*ob)})).collect();
    let day = when::day(book.ask.day(), s.register.settings.time_zone);
    let result = json!({
        "uuid": book.space.id("result", "state"), "title": book.say(t::STATUS_TITLE),
        "description": book.say(Term("由登记册和日志按亮灯规则算出，不由人填写", "Worked out of the register and the log by the rules of the lights; nobody types it in")),
        "start": day, "end": day, "props": [prop("as-of", &s.as_of.to_string())],
        "reviewed-controls": {"control-selections": [{"include-controls": controls}]},
        "observations": observations, "findings": findings,
    });
    let title = Term("办理状态与佐证材料", "State and evidence");
    let resources = json!([
        {
            "uuid": plan, "title": book.say(Term("没有评估计划", "There is no assessment plan")),
            "description": book.say(Term(
                "状态由登记册、日志和亮灯规则算出；按职责分工，验收人逐项验收，日志为证",
                "The state follows from the register, its log and the rules of the lights; reviewers accept item by item, as the log shows",
            )),
        },
        {"uuid": book.space.id("resource", "catalog"), "title": book.say(t::OBLIGATIONS), "rlinks": [{"href": "catalog.json", "media-type": "application/json"}]},
    ]);
    let body = vec![
        ("import-ap", json!({"href": format!("#{plan}")})),
        ("results", json!([result])),
        ("back-matter", json!({"resources": resources})),
    ];
    book.document("assessment-results", title, body)
}

/// Evidence that counts, and required types that have none, by assignment.
fn evidence_rows(book: &Book) -> HashMap<String, Vec<EvidenceRow>> {
    let look = |e: &Evidence| (if e.sha256.is_some() { Look::NotLooked } else { Look::NameOnly }, String::new());
    let mut all: HashMap<String, Vec<EvidenceRow>> = HashMap::new();
    for row in evidence::build(book.ask.s, book.ask.query, &look).rows.into_iter().filter(|r| !r.withdrawn) {
        all.entry(row.assignment.clone()).or_default().push(row);
    }
    all
}

/// May nothing but its class be shown?
fn hidden(row: &EvidenceRow) -> bool {
    row.class.and_then(Class::from_code).is_some_and(|c| !c.printable())
}

/// One piece of evidence; `recorded` is the day of its entry.
fn observation(book: &Book, duty: usize, (n, row): (usize, &EvidenceRow), recorded: Option<&NaiveDate>) -> Value {
    let s = book.ask.s;
    let zone = s.register.settings.time_zone;
    let dated = crate::model::time::parse_date(&row.date).ok().filter(|_| !hidden(row)).and_then(|d| when::day(d, zone));
    let recorded = || recorded.and_then(|d| when::day(*d, zone));
    let collected = dated.or_else(recorded).or_else(|| when::day(book.ask.day(), zone));
    let mut props = vec![prop("evidence-type", &row.kind), prop("class", row.class.unwrap_or("")), prop("entry", &row.h)];
    if !hidden(row) {
        props.push(prop("date", &row.date));
        props.push(prop("number", row.number.as_deref().unwrap_or("")));
        props.push(prop("sha256", row.sha256.as_deref().unwrap_or("")));
    }
    props.extend(row.expired.then(|| prop("expired", "yes")));
    let kind = s.register.evidence_type(&row.kind).map_or_else(|| line(&row.kind), |x| book.line(&x.name));
    let dept = book.dept(duty);
    let subject = (dept != "-").then(|| json!({"subject-uuid": book.space.id("party", dept), "type": "party"}));
    tidy(json!({
        "uuid": book.space.id("observation", &format!("{} {} {n}", book.duty(duty), row.h)),
        "title": format!("{} {kind}", book.duty(duty)), "description": line(&row.name), "props": props,
        "methods": ["EXAMINE"], "subjects": [subject],
        "relevant-evidence": [{"description": line(&row.name)}], "collected": collected,
    }))
}

fn finding(book: &Book, duty: usize, seen: &[Value], rows: &[EvidenceRow]) -> Value {
    let s = book.ask.s;
    let ob = s.roster.duties[duty].obligation as usize;
    let state = &s.folded.states[duty];
    let mut props = vec![prop("assignment", book.duty(duty)), prop("department", book.dept(duty))];
    props.extend(lights(book, duty));
    props.push(prop("original-due", &state.original.filter(|d| Some(*d) != state.due).map_or(String::new(), |d| d.to_string())));
    props.push(prop("extensions", &if state.extensions > 0 { state.extensions.to_string() } else { String::new() }));
    props.push(prop("next-review", &state.next_review.map_or(String::new(), |d| d.to_string())));
    props.push(prop("accepted-on", &state.accepted.as_ref().map_or(String::new(), |a| a.day.to_string())));
    props.push(prop("unlawful-entries", &if state.unlawful > 0 { state.unlawful.to_string() } else { String::new() }));
    props.extend(rows.iter().filter(|r| r.file == Look::Lacking).map(|r| classed("evidence-missing", "required", &r.kind)));
    let target = json!({
        "type": "statement-id", "target-id": book.statement(ob),
        "status": {"state": if satisfied(book, duty) { "satisfied" } else { "not-satisfied" }, "reason": reason(book, duty)},
        "implementation-status": {"state": implementation(state.status), "remarks": book.say(state.status.term())},
    });
    let seen: Vec<Value> = seen.iter().map(|o| json!({"observation-uuid": o["uuid"]})).collect();
    json!({
        "uuid": book.space.id("finding", book.duty(duty)),
        "title": format!("{} {} {}", book.node(ob).id, book.name(book.dept(duty)), book.line(&book.node(ob).title)),
        "description": told(book, duty), "props": props, "target": target, "related-observations": seen,
    })
}

/// State, light, due date and percentage as properties.
pub fn lights(book: &Book, duty: usize) -> Vec<Value> {
    let state = &book.ask.s.folded.states[duty];
    let mut out = vec![
        prop("status", state.status.code()),
        prop("light", state.light.code()),
        prop("due", &state.due.map_or(String::new(), |d| d.to_string())),
        prop("percent", &state.percent.map_or(String::new(), |p| p.to_string())),
    ];
    out.extend(state.reasons.iter().map(|code| classed("reason", code, &book.say(t::reason(code)))));
    out
}

/// Is nothing left to do? That it came late stays on the record and is no work.
pub fn done(book: &Book, duty: usize) -> bool {
    let state = &book.ask.s.folded.states[duty];
    state.status.finished() && state.reasons.iter().all(|r| *r == "A11" || r.starts_with('G'))
}

fn satisfied(book: &Book, duty: usize) -> bool {
    done(book, duty) && book.ask.s.folded.states[duty].status != Status::NotApplicable
}

fn reason(book: &Book, duty: usize) -> &'static str {
    match book.ask.s.folded.states[duty].light {
        _ if satisfied(book, duty) => "pass",
        crate::model::Light::Red => "fail",
        _ => "other",
    }
}

fn implementation(status: Status) -> &'static str {
    match status {
        Status::NotStarted | Status::Suspended => "planned",
        Status::InProgress | Status::Submitted => "partial",
        Status::Closed | Status::Operating => "implemented",
        Status::NotApplicable => "not-applicable",
    }
}

/// State and light in words, then what was last written about it.
pub fn told(book: &Book, duty: usize) -> String {
    let s = book.ask.s;
    let state = &s.folded.states[duty];
    let lang = book.ask.lang;
    let mut out = vec![
        format!("{}: {}", t::STATUS.say(lang), state.status.term().say(lang)),
        format!("{}: {}", t::LIGHT.say(lang), state.light.term().say(lang)),
        format!("{}: {}", t::DUE.say(lang), due_text(state.due, lang)),
    ];
    if !state.reasons.is_empty() {
        let why: Vec<String> = state.reasons.iter().map(|code| format!("{code} {}", t::reason(code).say(lang))).collect();
        out.push(format!("{}: {}", t::REASONS.say(lang), why.join("; ")));
    }
    let words = state.words.get().map(|w| &s.log.records[w as usize].entry);
    let last = words.map(|e| [(t::PROGRESS, &e.note), (t::ISSUES, &e.issues), (t::NEXT, &e.next)]);
    for (word, text) in last.into_iter().flatten() {
        out.extend(text.as_ref().map(|text| format!("{}: {}", word.say(lang), line(text))));
    }
    prose(&out.join("\n"))
}

/// The words of an entry's field, where the newest entry with words has it.
pub fn last(book: &Book, duty: usize, field: fn(&crate::model::Entry) -> &Option<Box<str>>) -> Option<String> {
    let s = book.ask.s;
    let entry = &s.log.records[s.folded.states[duty].words.get()? as usize].entry;
    field(entry).as_deref().map(prose)
}

/// A requirement as prose, in the language asked for.
pub fn asked(book: &Book, words: &Words) -> String {
    prose(&words.say(book.ask.lang))
}
