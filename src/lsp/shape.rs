//! What may stand at a place, by the JSON Schema of the file.

use crate::author::schema;
use crate::author::yaml::Step;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;

static SCHEMAS: LazyLock<HashMap<&'static str, Value>> =
    LazyLock::new(|| schema::KINDS.iter().map(|k| (k.name, schema::schema(k))).collect());

/// The schema of a kind of file.
pub fn of(kind: &str) -> &'static Value {
    &SCHEMAS[kind]
}

/// The shapes allowed at a path; several where there is a choice.
pub fn at<'a>(root: &'a Value, path: &[Step]) -> Vec<&'a Value> {
    path.iter().fold(open(root, root), |here, step| here.iter().filter_map(|s| below(s, step)).flat_map(|s| open(root, s)).collect())
}

fn below<'a>(shape: &'a Value, step: &Step) -> Option<&'a Value> {
    let free = || shape.get("additionalProperties").filter(|v| v.is_object());
    match step {
        Step::Key(key) => shape.get("properties").and_then(|p| p.get(key)).or_else(free),
        Step::Item(_) => shape.get("items"),
    }
}

/// A shape without references and choices: all that it may be.
fn open<'a>(root: &'a Value, shape: &'a Value) -> Vec<&'a Value> {
    if let Some(name) = shape.get("$ref").and_then(Value::as_str) {
        return root.pointer(name.trim_start_matches('#')).map_or(Vec::new(), |s| open(root, s));
    }
    let branches = ["allOf", "anyOf", "oneOf"].iter().find_map(|k| shape.get(k).and_then(Value::as_array));
    branches.map_or_else(|| vec![shape], |all| all.iter().flat_map(|s| open(root, s)).collect())
}

/// What the schema says of the key at the end of a path.
pub fn about<'a>(root: &'a Value, path: &[Step]) -> Option<&'a str> {
    let (last, way) = path.split_last()?;
    let said = |s: &'a Value| s.get("description").and_then(Value::as_str);
    let shapes = at(root, way);
    let raw = shapes.iter().find_map(|s| below(s, last))?;
    said(raw).or_else(|| open(root, raw).into_iter().find_map(said))
}

/// Fixed values at a path, each with what is said of it.
pub fn values(root: &Value, path: &[Step]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for shape in at(root, path) {
        let said = shape.get("description").and_then(Value::as_str).unwrap_or_default();
        let many = shape.get("enum").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        out.extend(many.iter().chain(shape.get("const")).filter_map(Value::as_str).map(|v| (v.to_string(), said.to_string())));
        if shape.get("type").is_some_and(|t| t == "boolean") {
            out.extend(["true", "false"].map(|v| (v.to_string(), String::new())));
        }
        // The pattern of a due date lets in one word.
        if shape.get("pattern").and_then(Value::as_str).is_some_and(|p| p.contains("standing")) {
            out.push(("standing".into(), String::new()));
        }
    }
    out
}

/// May a mapping stand at a path?
pub fn mapping(root: &Value, path: &[Step]) -> bool {
    at(root, path).iter().any(|s| s.get("properties").is_some() || s.get("additionalProperties").is_some_and(Value::is_object))
}

/// A key that a mapping may have.
pub struct Key {
    /// The key.
    pub name: String,
    /// Must it be there?
    pub required: bool,
    /// What the schema says of it.
    pub about: String,
}

/// The keys of the mapping at a path.
pub fn keys(root: &Value, path: &[Step]) -> Vec<Key> {
    let mut out: Vec<Key> = Vec::new();
    for shape in at(root, path) {
        let required = shape.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for name in shape.get("properties").and_then(Value::as_object).into_iter().flat_map(|p| p.keys()) {
            let way: Vec<Step> = path.iter().cloned().chain([Step::Key(name.clone())]).collect();
            let about = about(root, &way).unwrap_or_default().to_string();
            out.push(Key { name: name.clone(), required: required.iter().any(|r| r == name), about });
        }
    }
    out
}
