//! component-definition.json: every department as a component, with what it leads and what it
//! supports as two sets of implemented controls.
//!
//! A lead has one implemented requirement for each assignment selected, so their number is the
//! number of rows of `list`. What nobody leads stands under a component of its own.

use super::book::{Book, classed, prop};
use super::results::lights;
use crate::model::{LeadMode, Term, terms as t};
use serde_json::{Value, json};

/// The document.
pub fn document(book: &Book) -> Value {
    let title = Term("牵头与配合", "Lead and supporting departments");
    book.document("component-definition", title, vec![("components", json!(components(book)))])
}

fn components(book: &Book) -> Vec<Value> {
    let mut ids = book.departments();
    ids.push("-");
    ids.into_iter()
        .map(|id| component(book, id))
        .filter(|c| c["control-implementations"].as_array().is_some_and(|a| !a.is_empty()))
        .collect()
}

fn component(book: &Book, id: &str) -> Value {
    let r = &book.ask.s.register;
    let body = r.body(id);
    let role = body.and_then(|b| b.role.as_ref()).map(|w| book.line(w));
    let full = body.map(|b| book.line(b.names_on(book.ask.day()).0));
    let leads: Vec<Value> = book
        .ask
        .selected
        .iter()
        .filter(|d| book.dept(**d) == id)
        .map(|d| requirement(book, Some(*d), book.ask.s.roster.duties[*d].obligation as usize, id))
        .collect();
    let supports: Vec<Value> = book
        .obligations
        .iter()
        .filter(|ob| book.ask.s.roster.owners[**ob].support.iter().any(|d| r.current(d) == id))
        .map(|ob| requirement(book, None, *ob, id))
        .collect();
    let sets = [("lead", t::LEAD, leads), ("support", t::SUPPORT, supports)];
    let sets: Vec<Value> = sets
        .into_iter()
        .filter(|(.., all)| !all.is_empty())
        .map(|(role, word, all)| {
            json!({
                "uuid": book.space.id("control-implementation", &format!("{id} {role}")), "source": "catalog.json",
                "description": book.say(word), "props": [prop("role", role)], "implemented-requirements": all,
            })
        })
        .collect();
    json!({
        "uuid": book.space.id("component", id), "type": "organization", "title": book.name(id),
        "description": role.or(full).unwrap_or_else(|| book.name(id)),
        "props": [prop("department", id), prop("sector", body.and_then(|b| r.sector_of(b)).map_or("", |x| x.as_str()))],
        "control-implementations": sets,
    })
}

/// What a department does about an obligation: an assignment where it leads, a hand where it supports.
fn requirement(book: &Book, duty: Option<usize>, ob: usize, dept: &str) -> Value {
    let owner = &book.ask.s.roster.owners[ob];
    let key = duty.map_or_else(|| format!("{} {dept}", book.control(ob)), |d| book.duty(d).to_string());
    let (kind, role) = if duty.is_some() { ("lead", "lead") } else { ("support", "support") };
    let mut props =
        vec![prop("mode", owner.mode.map_or("", LeadMode::code)), prop("basis", owner.basis.as_ref().map_or("", |x| x.as_str()))];
    if let Some(duty) = duty {
        let plan = book.ask.s.roster.duties[duty].plan.map(|p| &book.ask.s.register.plan[p as usize]);
        props.push(prop("assignment", book.duty(duty)));
        props.push(prop("person", plan.and_then(|p| p.person.as_ref()).map_or("", |p| p.as_str())));
        props.push(prop("start", &plan.and_then(|p| p.start).map_or(String::new(), |d| d.0.to_string())));
        props.extend(lights(book, duty));
    }
    props.extend(owner.former.iter().map(|f| classed("former-lead", "until", &format!("{} {}", f.dept, f.to.0))));
    let party = (dept != "-").then(|| json!({"role-id": role, "party-uuids": [book.space.id("party", dept)]}));
    json!({
        "uuid": book.space.id(&format!("implemented-requirement {kind}"), &key), "control-id": book.control(ob),
        "description": book.line(&book.node(ob).title), "props": props, "responsible-roles": [party],
    })
}
