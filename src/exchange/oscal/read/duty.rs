//! One control made into an obligation, and what of it has no place told.

use super::told::{Told, Weight};
use super::walk::Found;
use super::words::{Params, named, ours, own, script};
use crate::exchange::clean::{cut, line, odd};
use crate::model::{Cycle, Kind, Modality, Recurrence, Term};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What a control is made with.
pub struct Making<'m> {
    /// Its id here.
    pub id: &'m str,
    /// Its own, where that is another.
    pub foreign: Option<&'m str>,
    /// The id of the control around it.
    pub parent: Option<&'m str>,
    /// Its clause, `ABC:P1.s3.c1`.
    pub at: &'m str,
    /// Ids here by ids there.
    pub ids: &'m HashMap<String, String>,
}

const NO_TITLE: Term = Term("没有标题，以条文开头代之", "no title; the beginning of its text stands for it");
const NO_STATEMENT: Term = Term("没有条文，以标题代之", "no statement; its title stands for it");
const PART: Term = Term("这种部分没有去处", "a part of this kind, without a place here");
const PROP: Term = Term("属性没有去处", "a property without a place here");
const LINK: Term = Term("链接没有去处", "a link without a place here");
const DANGLING: Term = Term("链接指向目录里没有的控制项", "a link to a control that is not in the catalogue");
const FIELD: Term = Term("控制项的其他内容没有去处", "of a control, without a place here");
const CLEANED: Term = Term("标题里的控制字符等去掉了", "control and other invisible characters were taken out of a title");

/// Our properties that become fields.
const KEPT: &[&str] =
    &["kind", "modality", "recurrence", "review", "revision", "note", "title-zh", "title-en", "section-zh", "section-en", "foreign-id"];

/// The obligation and the beginning of its clause.
pub fn duty(found: &Found, making: &Making, params: &mut Params, told: &mut Told) -> (Value, String) {
    let (c, path) = (found.value, &found.path);
    let mut texts: [Option<Value>; 2] = [None, None];
    for (i, part) in list(c, "parts").iter().enumerate() {
        let at = format!("{path}.parts[{i}]");
        let name = part["name"].as_str().unwrap_or("");
        match ["statement", "guidance"].iter().position(|n| *n == name).filter(|slot| texts[*slot].is_none()) {
            Some(slot) => texts[slot] = params.part(part, &at, told),
            None => told.add(Weight::LeftOut, PART, name, at),
        }
    }
    let [statement, practice] = texts;
    let written = c["title"].as_str();
    if written.is_some_and(|t| t.chars().any(odd)) {
        told.add(Weight::Changed, CLEANED, "", path);
    }
    let title = named(c, "title", written).unwrap_or_else(|| {
        told.add(Weight::Changed, NO_TITLE, "", path);
        let said = statement.as_ref().and_then(first).or(making.foreign.map(String::from)).unwrap_or_else(|| making.id.into());
        json!({ script(&said): cut(&line(&said), 40) })
    });
    let requirement = statement.unwrap_or_else(|| {
        told.add(Weight::Changed, NO_STATEMENT, "", path);
        title.clone()
    });
    let said = first(&requirement).unwrap_or_default();
    let anchor = anchor(&said);
    let (kind, guessed) = codes(c);
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<Value>| drop(value.map(|v| out.insert(key.into(), v)));
    put("id", Some(json!(making.id)));
    put("revision", own(c, "revision").and_then(|n| n.parse::<u32>().ok()).map(|n| json!(n)));
    put("section", section(c, making));
    put("title", Some(title));
    put("requirement", Some(requirement));
    put("practice", practice);
    put("kind", Some(json!(kind[0])));
    put("modality", Some(json!(kind[1])));
    put("source", Some(json!({"layer": "oscal", "at": making.at, "anchor": anchor})));
    put("needs", needs(found, making, told));
    put("recurrence", Some(json!(kind[2])));
    put("review", own(c, "review").filter(|r| serde_json::from_value::<Cycle>(json!(r)).is_ok()).map(|r| json!(r)));
    put("note", note(c, guessed).map(|n| json!(line(&n))));
    put("foreign_id", making.foreign.or(own(c, "foreign-id")).map(|x| json!(line(x))));
    rest(found, making, told);
    (Value::Object(out), said.chars().take(6).collect::<String>().trim().to_string())
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The first line of words in the first language that they have.
fn first(words: &Value) -> Option<String> {
    let text = words.as_object()?.values().next()?.as_str()?;
    text.lines().map(str::trim).find(|l| !l.is_empty()).map(String::from)
}

/// At most 15 characters from the beginning, whole words where it has blanks.
fn anchor(said: &str) -> String {
    let short: String = said.chars().take(15).collect();
    let whole = said.chars().count() <= 15 || said[short.len()..].starts_with(' ');
    let end = short.rfind(' ').filter(|at| !whole && short.is_ascii() && *at > 0);
    end.map_or(short.as_str(), |at| &short[..at]).trim().to_string()
}

/// Kind, modality and recurrence: ours where they are said, else the plainest; and whether one was guessed.
fn codes(c: &Value) -> ([&'static str; 3], bool) {
    let kind = own(c, "kind").and_then(Kind::from_code);
    let modality = own(c, "modality").and_then(Modality::from_code);
    let recurrence = own(c, "recurrence").and_then(Recurrence::from_code);
    let guessed = kind.is_none() || modality.is_none() || recurrence.is_none();
    let codes = [
        kind.unwrap_or(Kind::Action).code(),
        modality.unwrap_or(Modality::Must).code(),
        recurrence.unwrap_or(Recurrence::Continuous).code(),
    ];
    (codes, guessed)
}

fn note(c: &Value, guessed: bool) -> Option<String> {
    let guess = "由目录导入，性质、要求程度、办结方式待人核定 / imported: kind, modality and recurrence are for a person to set";
    let all: Vec<&str> = own(c, "note").into_iter().chain(guessed.then_some(guess)).collect();
    (!all.is_empty()).then(|| all.join(" · "))
}

/// What people call it: ours, else its label, else the control around it.
fn section(c: &Value, making: &Making) -> Option<Value> {
    let label = label(c).filter(|l| *l != making.id && Some(*l) != making.foreign).or(making.parent);
    named(c, "section", label)
}

fn label(c: &Value) -> Option<&str> {
    list(c, "props").iter().find(|p| p["name"].as_str() == Some("label") && !ours(p))?["value"].as_str()
}

/// Links to other controls that say a need; every other link is told.
fn needs(found: &Found, making: &Making, told: &mut Told) -> Option<Value> {
    let mut out: Vec<Value> = Vec::new();
    for (i, link) in list(found.value, "links").iter().enumerate() {
        let path = format!("{}.links[{i}]", found.path);
        let rel = link["rel"].as_str().unwrap_or("");
        let kind = match rel {
            "requires" | "required" => "requires",
            "feeds" => "feeds",
            "supports" => "supports",
            other => {
                told.add(Weight::LeftOut, LINK, other, path);
                continue;
            }
        };
        let target = link["href"].as_str().and_then(|h| h.strip_prefix('#'));
        match target.and_then(|t| making.ids.get(t)).filter(|id| *id != making.id) {
            Some(on) if !out.iter().any(|n| n["on"] == json!(on) && n["kind"] == json!(kind)) => {
                let mut need = json!({"on": on, "kind": kind});
                if let Some(why) = link["text"].as_str() {
                    need["why"] = json!({ script(why): line(why) });
                }
                out.push(need);
            }
            _ => told.add(Weight::LeftOut, DANGLING, rel, path),
        }
    }
    (!out.is_empty()).then(|| json!(out))
}

/// Tells what has become nothing.
fn rest(found: &Found, making: &Making, told: &mut Told) {
    let c = found.value;
    let mut labels = 0;
    for (i, prop) in list(c, "props").iter().enumerate() {
        let name = prop["name"].as_str().unwrap_or("");
        labels += usize::from(name == "label" && !ours(prop));
        let kept = ours(prop) && KEPT.contains(&name) && (name != "foreign-id" || making.foreign.is_none());
        let section = name == "label" && labels == 1;
        if !kept && !section {
            told.add(Weight::LeftOut, PROP, name, format!("{}.props[{i}]", found.path));
        }
    }
    let known = |k: &str| matches!(k, "id" | "title" | "params" | "props" | "links" | "parts" | "controls");
    let class = |k: &str| k == "class" && c["class"].as_str() == own(c, "kind");
    for key in c.as_object().into_iter().flat_map(|m| m.keys()).filter(|k| !known(k) && !class(k)) {
        told.add(Weight::LeftOut, FIELD, key, &found.path);
    }
}
