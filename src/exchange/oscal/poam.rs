//! poam.json: what is open or late, each with its due date as a deadline and a milestone.
//!
//! An assignment is in here unless nothing is left to do ([`super::results::done`]). The risk
//! carries deadline and reasons, because an item has no field for them.

use super::book::{Book, prop};
use super::results::{asked, done, last, lights, told};
use super::when;
use crate::exchange::clean::line;
use crate::model::{Due, Status, Term, terms as t};
use serde_json::{Value, json};

/// The document; none when nothing is open, for OSCAL has no empty plan.
pub fn document(book: &Book) -> Option<Value> {
    let open: Vec<usize> = book.ask.selected.iter().copied().filter(|d| !done(book, *d)).collect();
    if open.is_empty() {
        return None;
    }
    let risks: Vec<Value> = open.iter().map(|d| risk(book, *d)).collect();
    let items: Vec<Value> = open.iter().map(|d| item(book, *d)).collect();
    let unit = book.ask.s.register.settings.unit.code.as_str();
    let system = json!({"identifier-type": "https://ietf.org/rfc/rfc4122", "id": book.space.id("unit", unit)});
    let body = vec![("system-id", system), ("risks", json!(risks)), ("poam-items", json!(items))];
    Some(book.document("plan-of-action-and-milestones", Term("未完成与逾期事项", "Open and late items"), body))
}

fn title(book: &Book, duty: usize) -> String {
    let node = book.node(book.ask.s.roster.duties[duty].obligation as usize);
    format!("{} {} {}", node.id, book.name(book.dept(duty)), book.line(&node.title))
}

fn risk(book: &Book, duty: usize) -> Value {
    let s = book.ask.s;
    let (ob, state) = (s.roster.duties[duty].obligation as usize, &s.folded.states[duty]);
    let day = state.due.and_then(Due::day);
    let deadline = day.and_then(|d| when::day(d, s.register.settings.time_zone));
    let dept = book.dept(duty);
    let roles = (dept != "-").then(|| json!({"role-id": "lead", "party-uuids": [book.space.id("party", dept)]}));
    let milestone = deadline.as_ref().map(|date| {
        json!({
            "uuid": book.space.id("milestone", book.duty(duty)), "type": "milestone", "title": book.say(t::DUE),
            "timing": {"on-date": {"date": date}}, "responsible-roles": [roles],
        })
    });
    let next = last(book, duty, |e| &e.next);
    let response = json!({
        "uuid": book.space.id("response", book.duty(duty)), "lifecycle": "planned", "title": book.say(t::NEXT),
        "description": next.unwrap_or_else(|| book.say(Term("未填下一步措施", "no next steps were written"))), "tasks": [milestone],
    });
    let mut props = vec![prop("assignment", book.duty(duty))];
    props.extend(lights(book, duty));
    json!({
        "uuid": book.space.id("risk", book.duty(duty)), "title": title(book, duty), "description": told(book, duty),
        "statement": last(book, duty, |e| &e.issues).unwrap_or_else(|| asked(book, &book.node(ob).requirement)),
        "props": props, "status": status(state.status), "deadline": deadline, "remediations": [response],
    })
}

fn status(status: Status) -> &'static str {
    match status {
        Status::NotStarted => "open",
        Status::InProgress | Status::Closed | Status::Operating => "remediating",
        Status::Submitted => "investigating",
        Status::Suspended | Status::NotApplicable => "deviation-approved",
    }
}

fn item(book: &Book, duty: usize) -> Value {
    let s = book.ask.s;
    let ob = s.roster.duties[duty].obligation as usize;
    let plan = s.roster.duties[duty].plan.map(|p| &s.register.plan[p as usize]);
    let mut props = vec![
        prop("assignment", book.duty(duty)),
        prop("control-id", book.control(ob)),
        prop("department", book.dept(duty)),
        prop("person", plan.and_then(|p| p.person.as_ref()).map_or("", |p| p.as_str())),
    ];
    props.extend(lights(book, duty));
    json!({
        "uuid": book.space.id("poam-item", book.duty(duty)), "title": line(&title(book, duty)),
        "description": asked(book, &book.node(ob).requirement), "props": props,
        "links": [{"href": format!("catalog.json#{}", book.control(ob)), "rel": "control"}],
        "related-risks": [{"risk-uuid": book.space.id("risk", book.duty(duty))}],
    })
}
