//! An OSCAL catalogue made into policies: files for a person to finish, nothing lost in silence.
//!
//! 1. [`json`] reads the text; a key that stands there twice is a mistake.
//! 2. [`walk`] goes through it once and finds every control, however deep in groups and controls.
//! 3. [`places`] says which part each goes to and what it is called here.
//! 4. [`shapes`] is what is asked for and what comes of it; [`duty`] makes the obligations, with [`words`] for texts and parameters; [`files`] writes them.
//!
//! The sum is held: controls read = obligations written + controls told with a reason. Whatever of a
//! control has no place in an obligation is told as well ([`told`]). Nobody is made an owner: `check`
//! asks for one (O001).

mod duty;
mod files;
mod json;
mod places;
mod shapes;
pub mod told;
mod walk;
mod words;

pub use shapes::{Brought, Given, Policy};

use crate::model::{Term, Words};
use serde_json::Value;
use std::collections::HashMap;
use told::{Told, Weight};

const WITHDRAWN: Term = Term("目录中已撤销，没有写成义务", "withdrawn in the catalogue, no obligation was made of it");
const TOP: Term = Term("目录的其他内容没有去处", "of the catalogue, without a place here");
const META: Term = Term("元数据没有去处", "of the metadata, without a place here");

fn two(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: Some(zh.into().into()), en: Some(en.into().into()) }
}

/// Makes the files.
///
/// # Errors
/// When the text is no catalogue, has no control to write, or more than ids have room for.
pub fn bring(given: &Given) -> Result<Brought, Words> {
    let document = document(given.bytes)?;
    let catalog = &document["catalog"];
    let mut told = Told::default();
    let walk = walk::walk(catalog, &mut told);
    let unreadable = told.count(Weight::NotWritten);
    let read = walk.controls.len() + unreadable;
    if walk.controls.is_empty() {
        return Err(two("目录里没有控制项", "there is no control in the catalogue"));
    }
    let (places, parts) = places::places(&walk, given.code, &mut told)?;
    let mut params = words::Params::default();
    params.take(catalog, "", &mut told);
    walk.groups.iter().for_each(|g| params.take(g.value, &g.path, &mut told));
    walk.controls.iter().for_each(|c| params.take(c.value, &c.path, &mut told));
    let items = items(&walk, &places, &mut params, &mut told);
    params.rest(&mut told);
    around(&document, &mut told);
    let policies: Vec<Policy> =
        parts.iter().map(|(code, parts)| files::policy(code, parts, &places, &items, &walk, catalog, given)).collect();
    let written: usize = policies.iter().map(|p| p.obligations).sum();
    assert_eq!(read, written + told.count(Weight::NotWritten), "every control is an obligation or told");
    if written == 0 {
        return Err(two("目录里的控制项全部已撤销", "every control of the catalogue is withdrawn"));
    }
    let renamed = items.iter().filter(|i| i.duty.is_some() && places[i.control].foreign.is_some()).count();
    Ok(Brought { policies, read, unreadable, renamed, told })
}

/// The catalogue's document.
fn document(bytes: &[u8]) -> Result<Value, Words> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|e| two(format!("不是 UTF-8（第 {} 字节起）", e.valid_up_to()), format!("it is not UTF-8 at byte {}", e.valid_up_to())))?;
    let document = json::parse(text).map_err(|e| two(format!("不是可读的 JSON：{e}"), format!("it is no JSON that can be read: {e}")))?;
    if document["catalog"].is_object() {
        return Ok(document);
    }
    let found: Vec<&str> = document.as_object().into_iter().flat_map(|m| m.keys()).map(String::as_str).take(3).collect();
    let found = found.join(", ");
    Err(two(
        format!("不是 OSCAL 目录：顶层应为 `catalog`，现为 `{found}`"),
        format!("it is no OSCAL catalogue: its top should be `catalog` and is `{found}`"),
    ))
}

/// Every control with its clause; withdrawn ones are told.
fn items(walk: &walk::Walk, places: &[places::Place], params: &mut words::Params, told: &mut Told) -> Vec<files::Item> {
    let mut ids: HashMap<String, String> = HashMap::new();
    for (c, place) in walk.controls.iter().zip(places) {
        if let Some(id) = c.value["id"].as_str().filter(|_| !withdrawn(c.value)) {
            ids.entry(id.into()).or_insert_with(|| place.id.clone());
        }
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut out = Vec::new();
    for (control, (found, place)) in walk.controls.iter().zip(places).enumerate() {
        let n = counts.entry(place.part.as_str()).or_default();
        *n += 1;
        let at = format!("{}:P{}.s{n}.c1", place.code, place.part.rsplit('-').next().unwrap_or("1"));
        let duty = if withdrawn(found.value) {
            told.add(Weight::NotWritten, WITHDRAWN, found.value["id"].as_str().unwrap_or(""), &found.path);
            None
        } else {
            let parent = found.parent.and_then(|p| walk.controls[p].value["id"].as_str());
            let making = duty::Making { id: &place.id, foreign: place.foreign.as_deref(), parent, at: &at, ids: &ids };
            Some(duty::duty(found, &making, params, told))
        };
        out.push(files::Item { control, at, duty });
    }
    out
}

fn withdrawn(control: &Value) -> bool {
    control["props"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|p| p["name"].as_str() == Some("status") && p["value"].as_str().is_some_and(|v| v.eq_ignore_ascii_case("withdrawn")))
}

/// Tells what stands around the controls.
fn around(document: &Value, told: &mut Told) {
    let keys = |v: &Value| v.as_object().map_or_else(Vec::new, |m| m.keys().cloned().collect());
    for key in keys(document).iter().filter(|k| !matches!(k.as_str(), "catalog" | "$schema")) {
        told.add(Weight::LeftOut, TOP, key, key.as_str());
    }
    let catalog = &document["catalog"];
    for key in keys(catalog).iter().filter(|k| !matches!(k.as_str(), "uuid" | "metadata" | "params" | "controls" | "groups")) {
        told.add(Weight::LeftOut, TOP, key, format!("catalog.{key}"));
    }
    let used = |k: &str| matches!(k, "title" | "published" | "version" | "last-modified" | "oscal-version");
    for key in keys(&catalog["metadata"]).iter().filter(|k| !used(k)) {
        told.add(Weight::LeftOut, META, key, format!("catalog.metadata.{key}"));
    }
}
