//! catalog.json: policies and their parts as groups, obligations as controls.
//!
//! The requirement is the part `statement`, the practice the part `guidance`. Prose stands in the
//! language asked for; with both, the other one is a part `translation` inside. Titles are kept in
//! each language as properties `title-zh` and `title-en`, so that none is lost whatever was asked for.

use super::book::{Book, NS, both, classed, prop};
use crate::exchange::clean::{line, prose};
use crate::model::{Lang, Term, Words};
use serde_json::{Value, json};

/// The document.
pub fn document(book: &Book) -> Value {
    book.document("catalog", Term("义务目录", "Catalogue of obligations"), vec![("groups", json!(groups(book)))])
}

/// Policies in display order; an obligation of none has a group by its code.
fn groups(book: &Book) -> Vec<Value> {
    let r = &book.ask.s.register;
    let mut codes: Vec<&str> = Vec::new();
    let known = r.policies.iter().map(|p| p.policy.code.as_str());
    for code in known.chain(book.obligations.iter().map(|ob| book.node(*ob).id.policy())) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.into_iter().map(|code| policy(book, code)).filter(|g| g["groups"].as_array().is_some_and(|all| !all.is_empty())).collect()
}

fn policy(book: &Book, code: &str) -> Value {
    let found = book.ask.s.register.policies.iter().map(|p| &p.policy).find(|p| p.code.as_str() == code);
    let own: Vec<usize> = book.obligations.iter().copied().filter(|ob| book.node(*ob).id.policy() == code).collect();
    let mut parts: Vec<(&str, Option<&Words>)> = Vec::new();
    let declared = found.iter().flat_map(|p| &p.parts).map(|p| (p.id.as_str(), Some(&p.title)));
    for (id, title) in declared.chain(own.iter().map(|ob| (book.node(*ob).id.part(), None))) {
        if !parts.iter().any(|(there, _)| *there == id) {
            parts.push((id, title));
        }
    }
    let parts: Vec<Value> = parts
        .into_iter()
        .map(|(id, title)| {
            let controls: Vec<Value> = own.iter().filter(|ob| book.node(**ob).id.part() == id).map(|ob| control(book, *ob)).collect();
            json!({
                "id": id, "class": "part", "title": title.map_or_else(|| line(id), |w| book.line(w)),
                "props": title.map_or_else(Vec::new, |w| both("title", w)), "controls": controls,
            })
        })
        .filter(|g| g["controls"].as_array().is_some_and(|all| !all.is_empty()))
        .collect();
    let mut props = found.map_or_else(Vec::new, |p| both("title", &p.title));
    if let Some(p) = found {
        props.push(prop("listed", &p.listed.0.to_string()));
        props.push(prop("published", &p.published.map_or(String::new(), |d| d.0.to_string())));
        props.extend(p.issuer.as_ref().map_or_else(Vec::new, |w| both("issuer", w)));
    }
    let title = found.map_or_else(|| line(code), |p| book.line(&p.title));
    json!({"id": code, "class": "policy", "title": title, "props": props, "groups": parts})
}

fn control(book: &Book, ob: usize) -> Value {
    let o = book.node(ob);
    let id = book.control(ob);
    let practice = o.practice.as_ref().map(|w| part(book, &format!("{id}_gdn"), "guidance", w));
    let (links, props_of_links) = needs(book, ob);
    let mut props = vec![json!({"name": "label", "value": line(o.id.as_str())})];
    props.extend(both("title", &o.title));
    props.extend(facts(book, ob));
    props.extend(props_of_links);
    json!({
        "id": id, "class": o.kind.code(), "title": book.line(&o.title), "props": props, "links": links,
        "parts": [part(book, &book.statement(ob), "statement", &o.requirement), practice],
    })
}

/// Prose in the language asked for, with its translation inside where both are.
pub fn part(book: &Book, id: &str, name: &str, words: &Words) -> Value {
    let first = book.first();
    let (zh, en) = (words.zh.as_deref(), words.en.as_deref());
    let order = if first == Lang::En { [("en", en), ("zh", zh)] } else { [("zh", zh), ("en", en)] };
    let mut there = order.into_iter().filter_map(|(code, text)| Some((code, text?)));
    let (code, text) = there.next().unwrap_or(("zh", ""));
    let other = there.next().filter(|(_, other)| book.ask.lang == Lang::Both && *other != text);
    let translation = other.map(|(code, text)| {
        json!({"id": format!("{id}.{code}"), "name": "translation", "ns": NS, "class": code, "props": [prop("language", code)], "prose": prose(text)})
    });
    json!({"id": id, "name": name, "props": [prop("language", code)], "prose": prose(text), "parts": [translation]})
}

/// What else the catalogue says of it.
fn facts(book: &Book, ob: usize) -> Vec<Value> {
    let o = book.node(ob);
    let mut out = vec![
        prop("kind", o.kind.code()),
        prop("modality", o.modality.code()),
        prop("recurrence", o.recurrence.code()),
        prop("review", json!(o.review).as_str().unwrap_or("")),
        prop("revision", &o.revision.map_or(String::new(), |n| n.to_string())),
        prop("foreign-id", o.foreign_id.as_ref().map_or("", |x| x.as_str())),
        prop("sector", o.sector.as_ref().map_or("", |x| x.as_str())),
        prop("note", o.note.as_ref().map_or("", |x| x.as_str())),
    ];
    out.extend(o.section.as_ref().map_or_else(Vec::new, |w| both("section", w)));
    out.extend(o.reaches.iter().map(|x| prop("reaches", x)));
    out.extend(o.tier.bearer.0.iter().map(|x| classed("tier", "bearer", x.code())));
    out.extend(o.tier.addressed.0.iter().map(|x| classed("tier", "addressed", x.code())));
    out.extend(o.enterprises.iter().map(|x| prop("enterprise-kind", x)));
    out.extend(o.users.iter().map(|x| prop("user-kind", x)));
    out.extend(o.evidence.iter().map(|e| classed("evidence-type", if e.required { "required" } else { "recommended" }, e.kind.as_str())));
    out.extend(o.indicators.iter().map(|k| classed("indicator", &token(k.id.as_str()), &k.name.say(book.ask.lang))));
    if let Some(source) = &o.source {
        out.push(prop("source-layer", source.layer.as_str()));
        out.push(prop("source-at", source.at.as_str()));
        out.push(prop("source-anchor", source.anchor.as_str()));
        out.extend(source.also.iter().map(|a| prop("source-also", a.as_str())));
    }
    if let Some(bearer) = &o.bearer {
        out.extend(bearer.text.0.iter().map(|b| prop("bearer", b.as_str())));
        out.push(prop("bearer-context", bearer.context.as_ref().map_or("", |c| c.as_str())));
    }
    out
}

/// Links to what is in here; what it needs of others is kept as properties that say so.
fn needs(book: &Book, ob: usize) -> (Vec<Value>, Vec<Value>) {
    let (mut links, mut props) = (Vec::new(), Vec::new());
    for need in &book.node(ob).needs {
        let why = need.why.as_ref().map(|w| book.line(w));
        match book.control_of(need.on.as_str()) {
            Some(control) => links.push(json!({"href": format!("#{control}"), "rel": need.kind.code(), "text": why})),
            None => {
                let mut outside = classed("needs", need.kind.code(), need.on.as_str());
                outside["remarks"] = json!("不在本目录所选范围内 / not among what was selected for this catalogue");
                props.push(outside);
            }
        }
    }
    (links, props)
}

/// A word that OSCAL takes as a token: letters, digits, dots, hyphens, a letter first.
pub fn token(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    if plain.starts_with(|c: char| c.is_alphabetic() || c == '_') { plain } else { format!("_{plain}") }
}
