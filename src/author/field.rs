//! Field names and values as people type them: `title.zh`, `evidence[policy-doc].required`.
//!
//! [`parse`] reads the name, [`steps`] finds the way it means in a tree, [`Shape`] what may
//! stand there, and [`value`] reads the words typed as such a thing.

use super::yaml::{Refused, Step, value as yaml_value};
use crate::load::tree::{self, Node, NodeKind};
use crate::text::did_you_mean;
use serde_json::Value;

/// One word of a field's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// `title`.
    Key(String),
    /// `[K1]`: the element that calls itself so; `[2]`: the second.
    Item(String),
}

/// Keys by which the elements of a list call themselves.
const NAMES: &[&str] = &["id", "type", "on", "dept", "code", "post", "at", "no", "duty", "rule"];

/// Reads a field's name.
///
/// # Errors
/// When it has an empty word or an open bracket.
pub fn parse(name: &str) -> Result<Vec<Word>, Refused> {
    let odd = || {
        Refused::new(
            format!("`{name}` 不是字段名，应形如 title.zh 或 evidence[policy-doc].required"),
            format!("`{name}` is no field; write title.zh or evidence[policy-doc].required"),
        )
    };
    let mut out = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (item, after) = inner.split_once(']').filter(|(i, _)| !i.is_empty()).ok_or_else(odd)?;
            out.push(Word::Item(item.into()));
            rest = after;
        } else {
            let rest_key = if out.is_empty() { rest } else { rest.strip_prefix('.').ok_or_else(odd)? };
            let end = rest_key.find(['.', '[']).unwrap_or(rest_key.len());
            if end == 0 {
                return Err(odd());
            }
            out.push(Word::Key(rest_key[..end].into()));
            rest = &rest_key[end..];
        }
    }
    if out.is_empty() { Err(odd()) } else { Ok(out) }
}

/// The way to a field below a node. Keys may be missing; elements may not.
///
/// # Errors
/// When a list has no such element.
pub fn steps(node: &Node, words: &[Word]) -> Result<Vec<Step>, Refused> {
    let mut out = Vec::new();
    let mut at = Some(node);
    for word in words {
        let step = match word {
            Word::Key(key) => Step::Key(key.clone()),
            Word::Item(name) => Step::Item(item(at, name)?),
        };
        at = at.and_then(|n| super::yaml::at(n, std::slice::from_ref(&step)));
        out.push(step);
    }
    Ok(out)
}

fn item(list: Option<&Node>, name: &str) -> Result<usize, Refused> {
    let items = list.map_or(&[][..], Node::items);
    let called = |n: &Node| n.text() == Some(name) || NAMES.iter().any(|k| n.get(k).and_then(Node::text) == Some(name));
    let number = || name.parse::<usize>().ok().filter(|n| (1..=items.len()).contains(n)).map(|n| n - 1);
    items.iter().position(called).or_else(number).ok_or_else(|| {
        let known: Vec<&str> = items.iter().filter_map(|n| n.text().or_else(|| NAMES.iter().find_map(|k| n.get(k)?.text()))).collect();
        let all = known.join(", ");
        Refused::new(format!("列表里没有 `{name}`；现有：{all}"), format!("the list has no `{name}`; there are: {all}"))
    })
}

/// What may stand at a place: every branch of the schema that leads there.
pub struct Shape<'a> {
    root: &'a Value,
    branches: Vec<&'a Value>,
}

impl<'a> Shape<'a> {
    /// The shape of a whole file.
    pub fn of(schema: &'a Value) -> Shape<'a> {
        let mut shape = Shape { root: schema, branches: Vec::new() };
        shape.branches = shape.open(schema);
        shape
    }

    /// Every branch behind a schema: references followed, choices spread out.
    fn open(&self, schema: &'a Value) -> Vec<&'a Value> {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            return self.root.pointer(name.trim_start_matches('#')).map_or(Vec::new(), |s| self.open(s));
        }
        let many = ["allOf", "anyOf", "oneOf"].iter().find_map(|k| schema.get(*k)?.as_array());
        many.map_or_else(|| vec![schema], |all| all.iter().flat_map(|s| self.open(s)).collect())
    }

    /// The shape one step further.
    ///
    /// # Errors
    /// When there is no such key: with the one that was probably meant.
    pub fn step(&self, step: &Step) -> Result<Shape<'a>, Refused> {
        let next: Vec<&'a Value> = self
            .branches
            .iter()
            .filter_map(|b| match step {
                Step::Key(key) => {
                    b.get("properties").and_then(|p| p.get(key)).or_else(|| b.get("additionalProperties").filter(|a| a.is_object()))
                }
                Step::Item(_) => b.get("items"),
            })
            .flat_map(|s| self.open(s))
            .collect();
        if next.is_empty() {
            let known = self.keys();
            let Step::Key(key) = step else {
                return Err(Refused::new("那里不是列表", "there is no list there"));
            };
            let all = known.join(", ");
            let (zh, en) = did_you_mean(key, known.iter().map(String::as_str))
                .map_or((format!("；可用：{all}"), format!("; there are: {all}")), |n| {
                    (format!("；是否想写 {n}？"), format!("; did you mean {n}?"))
                });
            return Err(Refused::new(format!("没有字段 `{key}`{zh}"), format!("there is no field `{key}`{en}")));
        }
        Ok(Shape { root: self.root, branches: next })
    }

    /// The keys that a mapping may have here, in their order.
    pub fn keys(&self) -> Vec<String> {
        self.branches.iter().filter_map(|b| b.get("properties")?.as_object()).flat_map(|p| p.keys().cloned()).collect()
    }

    fn sort(&self, name: &str) -> bool {
        self.branches.iter().any(|b| match b.get("type") {
            Some(Value::String(one)) => one == name,
            Some(Value::Array(many)) => many.iter().any(|t| t == name),
            _ => name == "string" && (b.get("enum").is_some() || b.get("const").is_some()),
        })
    }
}

/// Reads typed words as what the shape asks for. `there` is what stands there now.
///
/// # Errors
/// When they cannot be that, or would throw away one of two languages.
pub fn value(typed: &str, shape: &Shape, there: Option<&Node>) -> Result<Value, Refused> {
    let open = typed.trim_start();
    if open.starts_with('{') && shape.sort("object") || open.starts_with('[') && shape.sort("array") {
        return flow(typed, shape);
    }
    let listed = there.is_some_and(|n| matches!(n.kind, NodeKind::Seq(_)));
    if shape.sort("array") && (listed || !shape.sort("string")) {
        return Ok(Value::Array(typed.split(',').map(str::trim).filter(|w| !w.is_empty()).map(Value::from).collect()));
    }
    if shape.sort("boolean") || shape.sort("integer") {
        let sort = if shape.sort("boolean") { "true/false" } else { "0, 1, 2 …" };
        return match serde_json::from_str::<Value>(typed.trim()) {
            Ok(v) if v.is_boolean() && shape.sort("boolean") || v.is_u64() && shape.sort("integer") => Ok(v),
            _ => Err(Refused::new(format!("`{typed}` 应为 {sort}"), format!("`{typed}` should be {sort}"))),
        };
    }
    if !shape.sort("string") {
        let keys = shape.keys().join(", ");
        return Err(Refused::new(
            format!("这里要写 {{…}}，键有 {keys}；或在字段名后接 .键"),
            format!("write {{…}} here with the keys {keys}, or name one of them behind the field"),
        ));
    }
    if there.is_some_and(|n| matches!(n.kind, NodeKind::Map(_))) {
        return Err(Refused::new(
            "那里有两种语言：请改 .zh 或 .en，或写 {zh: …, en: …}",
            "both languages stand there: set .zh or .en, or write {zh: …, en: …}",
        ));
    }
    Ok(Value::String(typed.to_string()))
}

/// A value in brackets; numbers and truth values become what the shape asks for.
fn flow(typed: &str, shape: &Shape) -> Result<Value, Refused> {
    let broken = |e: tree::TreeError| Refused::new(format!("`{typed}`：{}", e.zh), format!("`{typed}`: {}", e.en));
    let node = tree::parse(typed).map_err(broken)?.ok_or_else(|| Refused::new("值为空", "the value is empty"))?;
    typed_as(&node, shape)
}

fn typed_as(node: &Node, shape: &Shape) -> Result<Value, Refused> {
    match &node.kind {
        NodeKind::Seq(items) => {
            let inner = shape.step(&Step::Item(0))?;
            items.iter().map(|n| typed_as(n, &inner)).collect::<Result<_, _>>().map(Value::Array)
        }
        NodeKind::Map(entries) => {
            let mut map = serde_json::Map::new();
            for (k, v) in entries {
                let key = k.text().unwrap_or_default().to_string();
                let inner = shape.step(&Step::Key(key.clone()))?;
                map.insert(key, typed_as(v, &inner)?);
            }
            Ok(Value::Object(map))
        }
        NodeKind::Scalar { text, plain: true } if shape.sort("boolean") || shape.sort("integer") => value(text, shape, None),
        NodeKind::Scalar { .. } => Ok(yaml_value::of(node)),
    }
}
