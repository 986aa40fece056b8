//! A catalogue gone through once, in its own order: every control with its path and its group.
//!
//! What is no control and has no place in a policy is told on the way. Nothing is skipped: an
//! element that is not what stands in such a place is told as a control that cannot be written:
//! at least one is missing from the count, and nobody knows how many.

use super::told::{Told, Weight};
use crate::model::Term;
use serde_json::Value;

/// A control as it was met.
pub struct Found<'a> {
    /// `groups[0].controls[2]`.
    pub path: String,
    /// The control.
    pub value: &'a Value,
    /// Its group, as an index in [`Walk::groups`]; none at the top.
    pub group: Option<usize>,
    /// The control around it, as an index in [`Walk::controls`].
    pub parent: Option<usize>,
}

/// A group as it was met.
pub struct Group<'a> {
    /// Its path.
    pub path: String,
    /// Its id.
    pub id: Option<&'a str>,
    /// Its own title with those of the groups around it, outermost first.
    pub titles: Vec<String>,
    /// The group itself.
    pub value: &'a Value,
    /// The outermost group around it; itself where it is one.
    pub top: usize,
}

/// Everything met.
#[derive(Default)]
pub struct Walk<'a> {
    /// Controls in order; one inside another follows it.
    pub controls: Vec<Found<'a>>,
    /// Groups in order.
    pub groups: Vec<Group<'a>>,
}

const NO_CONTROL: Term = Term("不是控制项（不是对象），没有写入", "not a control (not an object), not written");
const NO_GROUP: Term = Term("不是组（不是对象或列表），其中内容没有读", "not a group (no object or list), nothing in it was read");
const EMPTY_GROUP: Term = Term("组里没有控制项，没有写成部分", "a group without controls, no part was made of it");
const GROUP_FIELD: Term = Term("组的内容没有去处", "of a group, without a place here");

/// Goes through a catalogue.
pub fn walk<'a>(catalog: &'a Value, told: &mut Told) -> Walk<'a> {
    let mut walk = Walk::default();
    walk.controls(catalog, "", (None, None), told);
    walk.groups(catalog, "", (&[], None), told);
    walk
}

fn list<'a>(value: &'a Value, key: &str, path: &str, told: &mut Told) -> &'a [Value] {
    match &value[key] {
        Value::Null => &[],
        Value::Array(all) => all,
        _ => {
            told.add(Weight::NotWritten, NO_GROUP, key, format!("{path}{key}"));
            &[]
        }
    }
}

impl<'a> Walk<'a> {
    fn controls(&mut self, value: &'a Value, path: &str, near: (Option<usize>, Option<usize>), told: &mut Told) {
        for (i, control) in list(value, "controls", path, told).iter().enumerate() {
            let path = format!("{path}controls[{i}]");
            if !control.is_object() {
                told.add(Weight::NotWritten, NO_CONTROL, "", path);
                continue;
            }
            let at = self.controls.len();
            let inside = format!("{path}.");
            self.controls.push(Found { path, value: control, group: near.0, parent: near.1 });
            self.controls(control, &inside, (near.0, Some(at)), told);
        }
    }

    fn groups(&mut self, value: &'a Value, path: &str, (titles, top): (&[String], Option<usize>), told: &mut Told) {
        for (i, group) in list(value, "groups", path, told).iter().enumerate() {
            let path = format!("{path}groups[{i}]");
            let Some(map) = group.as_object() else {
                told.add(Weight::NotWritten, NO_GROUP, "", path);
                continue;
            };
            let id = group["id"].as_str();
            let title = group["title"].as_str().map(str::trim).filter(|t| !t.is_empty()).or(id).unwrap_or("");
            let titles: Vec<String> = titles.iter().cloned().chain([title.to_string()]).filter(|t| !t.is_empty()).collect();
            for key in map.keys().filter(|k| !matches!(k.as_str(), "id" | "title" | "class" | "controls" | "groups" | "params")) {
                if key == "props" && map[key].as_array().is_some_and(|all| all.iter().all(super::words::ours)) {
                    continue;
                }
                told.add(Weight::LeftOut, GROUP_FIELD, key, &path);
            }
            let (at, before) = (self.groups.len(), self.controls.len());
            let inside = format!("{path}.");
            let top = top.unwrap_or(at);
            self.groups.push(Group { path: path.clone(), id, titles: titles.clone(), value: group, top });
            self.controls(group, &inside, (Some(at), None), told);
            self.groups(group, &inside, (&titles, Some(top)), told);
            if self.controls.len() == before {
                told.add(Weight::LeftOut, EMPTY_GROUP, "", path);
            }
        }
    }
}
