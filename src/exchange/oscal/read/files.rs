//! The files of the policies, as text.

use super::places::{Parts, Place};
use super::shapes::{Given, Policy};
use super::walk::Walk;
use super::words::{named, own};
use crate::author::yaml::value::{block, line as one_line};
use crate::digest;
use crate::exchange::clean::line;
use crate::model::time::parse_date;
use serde_json::{Map, Value, json};

/// A control that has become an obligation, or the reason why it has not.
pub struct Item {
    /// Index of the control.
    pub control: usize,
    /// Its clause.
    pub at: String,
    /// The obligation and the beginning of its text; none for one that is withdrawn.
    pub duty: Option<(Value, String)>,
}

/// One policy with its parts.
pub fn policy(code: &str, parts: &Parts, places: &[Place], items: &[Item], walk: &Walk, catalog: &Value, given: &Given) -> Policy {
    let own: Vec<&Item> = items.iter().filter(|i| places[i.control].code == code).collect();
    let mut files = vec![("policy.yaml".to_string(), head(code, parts, walk, catalog, given)), ("clauses.yaml".into(), clauses(&own))];
    let mut obligations = 0;
    for (part, _) in parts {
        let mut out = format!(
            "# Part {part}: imported from an OSCAL catalogue, an obligation for each control.\n\
             # Name the owner of each; set kind and recurrence where the note asks for it.\n"
        );
        let duties: Vec<&Value> =
            own.iter().filter(|i| places[i.control].part == *part).filter_map(|i| i.duty.as_ref()).map(|(duty, _)| duty).collect();
        obligations += duties.len();
        if duties.is_empty() {
            out.push_str("[]\n");
        }
        for duty in duties {
            out.push_str(&format!("\n- {}\n", block(duty, 2)));
        }
        files.push((file(part), out));
    }
    Policy { code: code.into(), parts: parts.len(), obligations, files }
}

/// The file of a part, `3-part.yaml`.
fn file(part: &str) -> String {
    format!("{}-part.yaml", part.rsplit('-').next().unwrap_or(part))
}

fn head(code: &str, parts: &Parts, walk: &Walk, catalog: &Value, given: &Given) -> String {
    let group = walk.groups.iter().find(|g| g.id == Some(code)).map(|g| g.value);
    let meta = &catalog["metadata"];
    let date = |v: Option<&str>| v.and_then(|v| v.get(..10)).and_then(|d| parse_date(d).ok());
    let title =
        given.title.and_then(|t| named(&Value::Null, "", Some(t))).or_else(|| group.and_then(|g| named(g, "title", g["title"].as_str())));
    let title = title.or_else(|| named(&Value::Null, "", meta["title"].as_str())).unwrap_or_else(|| json!({ "en": code }));
    let published = date(group.and_then(|g| own(g, "published"))).or(date(meta["published"].as_str()));
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<Value>| drop(value.map(|v| out.insert(key.into(), v)));
    put("code", Some(json!(code)));
    put("title", Some(title));
    put("issuer", group.and_then(|g| named(g, "issuer", None)));
    put("published", published.map(|d| json!(d.to_string())));
    put("listed", Some(json!(date(group.and_then(|g| own(g, "listed"))).unwrap_or(given.listed).to_string())));
    let about = ["uuid", "version", "last-modified", "oscal-version"].map(|key| {
        let value = if key == "uuid" { &catalog[key] } else { &meta[key] };
        format!("{key} {}", value.as_str().map_or_else(|| "—".into(), line))
    });
    put(
        "source",
        Some(json!({
            "about": {"en": format!("OSCAL catalogue: {}", about.join(", "))}, "sha256": digest::hex(given.bytes),
            "bytes": given.bytes.len(), "characters": String::from_utf8_lossy(given.bytes).chars().count(),
        })),
    );
    let list: Vec<String> = parts
        .iter()
        .map(|(part, group)| {
            let group = group.map(|g| &walk.groups[g]);
            let title = group.and_then(|g| named(g.value, "title", Some(&g.titles.join(" / "))));
            let title = title.or_else(|| named(&Value::Null, "", meta["title"].as_str())).unwrap_or_else(|| json!({"en": part}));
            format!("  - {}\n", one_line(&json!({"id": part, "file": file(part), "title": title})))
        })
        .collect();
    format!(
        "# Imported from an OSCAL catalogue; its fingerprint is that of the file that was read.\n\
         # `listed` is the day its items go on the list: the no-lead grace counts from here.\n{}\nparts:\n{}",
        block(&Value::Object(out), 0),
        list.concat()
    )
}

/// Every control of the catalogue: the obligation that it has become, or why it is none.
fn clauses(items: &[&Item]) -> String {
    let mut out = String::from(
        "# Every control of the catalogue in its order: the obligation that it has become, or the reason for none.\n\
         # A locator reads policy:part.control.clause; `opening` is at most six characters.\nclauses:\n",
    );
    for item in items {
        let mut clause = json!({"at": item.at});
        match &item.duty {
            Some((duty, opening)) => {
                if !opening.is_empty() {
                    clause["opening"] = json!(opening);
                }
                clause["class"] = json!("obligation");
                clause["primary"] = json!([duty["id"]]);
            }
            None => {
                clause["class"] = json!("withdrawn");
                clause["reason"] = json!({"zh": "目录中已撤销", "en": "withdrawn in the catalogue"});
            }
        }
        out.push_str(&format!("  - {}\n", one_line(&clause)));
    }
    out
}
