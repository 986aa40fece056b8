//! Everything as data: for programs that want the whole register in one piece.
//!
//! The schema's name is `duban/export/1`. Obligations carry what the catalogue says with the
//! owner here and their roll-up; `links` go from the obligation that needs to the one needed;
//! `assignments` are the rows of `list`; `invalid_items` could not be decoded and are in the
//! count all the same.

use super::ask::{Ask, File, Written};
use crate::log::fp;
use crate::report::list::{InvalidRow, invalid_rows};
use crate::report::rows::{DutyRow, duty_row};
use crate::report::show::whole;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashSet;

#[derive(Serialize)]
struct Everything {
    #[serde(flatten)]
    frame: crate::report::frame::Frame,
    policies: Vec<Value>,
    departments: Vec<Value>,
    obligations: Vec<Value>,
    links: Vec<Value>,
    articles: Vec<Value>,
    assignments: Vec<DutyRow>,
    invalid_items: Vec<InvalidRow>,
}

/// One file.
pub fn write(ask: &Ask) -> Written {
    let r = &ask.s.register;
    let obligations = ask.obligations();
    let kept: HashSet<&str> = obligations.iter().map(|o| r.obligations[*o].id.as_str()).collect();
    let links = obligations.iter().flat_map(|o| {
        let from = &r.obligations[*o];
        from.needs.iter().map(move |n| json!({"from": from.id.to_string(), "to": n.on.to_string(), "kind": n.kind.code(), "why": n.why}))
    });
    let articles = r.crosswalk.iter().filter(|c| kept.contains(c.duty.as_str())).flat_map(|c| {
        c.links.iter().map(move |l| {
            json!({"id": c.duty.to_string(), "law": l.law.to_string(), "article": l.article.as_ref().map(|a| a.as_str()),
                   "paragraph": l.paragraph, "relation": l.relation.code(), "confidence": l.confidence.map(|c| c.code())})
        })
    });
    let data = Everything {
        frame: ask.frame("export"),
        policies: r.policies.iter().map(|p| policy(&p.policy)).collect(),
        departments: r
            .bodies
            .iter()
            .map(|b| json!({"id": b.id.to_string(), "name": r.name(&b.id, ask.day(), crate::model::Lang::Both)}))
            .collect(),
        obligations: obligations.iter().map(|o| obligation(ask, *o)).collect(),
        links: links.collect(),
        articles: articles.collect(),
        assignments: ask.selected.iter().map(|d| duty_row(ask.s, *d, ask.lang)).collect(),
        invalid_items: invalid_rows(ask.s),
    };
    let text = serde_json::to_string_pretty(&data).expect("an export is plain data") + "\n";
    Ok(vec![File::text("register.json", text)])
}

fn policy(p: &crate::model::Policy) -> Value {
    let parts = p.parts.iter().map(|x| json!({"id": x.id.to_string(), "title": x.title}));
    json!({"code": p.code.to_string(), "title": p.title, "listed": p.listed.0.to_string(), "parts": parts.collect::<Vec<_>>()})
}

fn obligation(ask: &Ask, ob: usize) -> Value {
    let o = &ask.s.register.obligations[ob];
    let (status, light) = ask.s.folded.obligations[ob];
    let mut all = json!({"id": o.id.to_string(), "title": o.title, "requirement": o.requirement});
    let map = all.as_object_mut().expect("an object was just made");
    if let Value::Object(more) = whole(ask.s, ob) {
        map.extend(more);
    }
    map.insert("foreign_id".into(), json!(o.foreign_id.as_ref().map(|x| x.as_str())));
    map.insert("status".into(), json!(status.code()));
    map.insert("light".into(), json!(light.code()));
    map.insert("fp".into(), json!(fp::of(o, &ask.s.roster.owners[ob])));
    all
}
