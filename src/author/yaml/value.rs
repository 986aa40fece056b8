//! Values in YAML's one-line form, and what a node says as a value.

use super::deed::Step;
use crate::load::tree::{Node, NodeKind};
use serde_json::{Map, Value};

/// A value on one line: `[DEP-A, DEP-B]`, `{zh: …, en: "a: b"}`.
pub fn line(value: &Value) -> String {
    match value {
        Value::String(text) => word(text, false),
        Value::Array(all) => format!("[{}]", all.iter().map(line).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            format!("{{{}}}", map.iter().map(|(k, v)| format!("{}: {}", word(k, false), line(v))).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A mapping with a line for each key, each begun with the indent; the first one's is the caller's.
pub fn block(value: &Value, indent: usize) -> String {
    let Value::Object(map) = value else { return line(value) };
    let lines: Vec<String> = map.iter().map(|(k, v)| format!("{}: {}", word(k, false), line(v))).collect();
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// A text so that it reads back as itself: plain where that is safe anywhere, else in quotes.
pub fn word(text: &str, quoted: bool) -> String {
    if !quoted && plain(text) { text.to_string() } else { serde_json::to_string(text).expect("a text is plain data") }
}

/// May the text stand without quotes, in a line or inside brackets, for this reader and
/// for stricter and laxer ones?
fn plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let marks = |c: char| {
        matches!(c, ',' | '[' | ']' | '{' | '}' | '"' | '\'' | '`' | '\\')
            || c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{a0}')
    };
    let low = text.to_ascii_lowercase();
    // Inside brackets some readers stumble over a colon before a sign.
    let colon = text.char_indices().any(|(i, c)| c == ':' && !text[i + 1..].starts_with(char::is_alphanumeric));
    let other_sort = matches!(low.as_str(), "true" | "false" | "null" | "~" | "yes" | "no" | "on" | "off" | "y" | "n") || number(text);
    !(first.is_whitespace()
        || text.ends_with(char::is_whitespace)
        || "-?:#&*!|>%@=<.+".contains(first)
        || text.contains(marks)
        || colon
        || text.contains(" #")
        || other_sort)
}

/// Would some reader take it for a number? A date of ten characters is one to nobody here.
fn number(text: &str) -> bool {
    let date = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    text.starts_with(|c: char| c.is_ascii_digit()) && !date && text.bytes().all(|b| b.is_ascii_hexdigit() || b"xXoO._:+-".contains(&b))
}

/// A value wrapped in the keys that lead to it.
pub fn nest(path: &[Step], value: &Value) -> Value {
    path.iter().rev().fold(value.clone(), |inner, step| match step {
        Step::Key(key) => Value::Object(Map::from_iter([(key.clone(), inner)])),
        Step::Item(_) => Value::Array(vec![inner]),
    })
}

/// Does a node say this value?
pub fn says(node: &Node, value: &Value) -> bool {
    match (&node.kind, value) {
        (NodeKind::Scalar { text, plain }, Value::String(want)) => text == want && !(*plain && node.is_empty()),
        (NodeKind::Scalar { text, plain: true }, Value::Bool(want)) => text.parse() == Ok(*want),
        (NodeKind::Scalar { text, plain: true }, Value::Number(want)) => text.parse().is_ok_and(|n: serde_json::Number| n == *want),
        (NodeKind::Seq(items), Value::Array(all)) => items.len() == all.len() && items.iter().zip(all).all(|(n, v)| says(n, v)),
        (NodeKind::Map(entries), Value::Object(map)) => {
            entries.len() == map.len() && entries.iter().zip(map).all(|((k, n), (key, v))| k.text() == Some(key) && says(n, v))
        }
        _ => false,
    }
}

/// What a node says; every scalar as its text.
pub fn of(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Scalar { text, .. } => Value::String(text.clone()),
        NodeKind::Seq(items) => Value::Array(items.iter().map(of).collect()),
        NodeKind::Map(entries) => Value::Object(entries.iter().map(|(k, v)| (k.text().unwrap_or_default().to_string(), of(v))).collect()),
    }
}
