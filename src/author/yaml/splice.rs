//! Which bytes go and which come, for one deed.
//!
//! Four cases: a value in the place of a value, a new key in a mapping, a new element in
//! a list, and something taken away; each in lines or in brackets.

use super::deed::{Deed, Refused, Splice, Step};
use super::place::Places;
use super::value;
use crate::load::tree::{Node, NodeKind};
use serde_json::Value;

/// The splice for a deed at a path.
pub fn splice(text: &str, root: &Node, path: &[Step], deed: &Deed, order: &[String]) -> Result<Splice, Refused> {
    let places = Places::new(text);
    // As far as the path leads; `parent` is the node that holds the last one reached.
    let (mut node, mut parent) = (root, None);
    for (n, step) in path.iter().enumerate() {
        let next = match step {
            Step::Key(key) => node.get(key),
            Step::Item(i) => node.items().get(*i),
        };
        let Some(next) = next else {
            return match deed {
                Deed::Set(v) => insert(&places, node, &path[n..], v, order),
                Deed::Push(v) => insert(&places, node, &path[n..], &Value::Array(vec![v.clone()]), order),
                Deed::Unset => Err(Refused::new("那里本来就没有", "there is nothing there to take away")),
            };
        };
        parent = Some((node, step));
        node = next;
    }
    match deed {
        Deed::Set(v) => replace(&places, node, parent, v),
        Deed::Push(v) => push(&places, node, v),
        Deed::Unset => remove(&places, parent.ok_or_else(|| Refused::new("整个文件不能删去", "a whole file is not taken away"))?),
    }
}

fn comment_lost() -> Refused {
    Refused::new("那里有注释，改动会把它丢掉；请手工编辑", "a comment stands there and would be lost; edit it by hand")
}

/// A value in the place of a value.
fn replace(places: &Places, node: &Node, parent: Option<(&Node, &Step)>, v: &Value) -> Result<Splice, Refused> {
    let mut range = places.range(node);
    if places.indented_text(node) {
        return Err(Refused::new(
            "那里是分行写的长文（| 或 >）；请手工编辑",
            "a text in indented lines (| or >) stands there; edit it by hand",
        ));
    }
    if matches!(node.kind, NodeKind::Scalar { .. }) {
        // The hand that wrote quotes gets quotes.
        let quoted = places.text[range.clone()].starts_with('"') && node.text().is_some_and(|t| value::word(t, false) == t);
        let words = match v {
            Value::String(text) => value::word(text, quoted),
            other => value::line(other),
        };
        return Ok(Splice { range, words });
    }
    let mut words = value::line(v);
    // What stood in lines below its key moves up beside it.
    if !places.bracketed(node)
        && let Some((Node { kind: NodeKind::Map(entries), .. }, Step::Key(key))) = parent
        && let Some((k, _)) = entries.iter().find(|(k, _)| k.text() == Some(key))
    {
        let colon = places.range(k).end;
        let colon = colon + places.text[colon..range.start].find(':').unwrap_or(0) + 1;
        range.start = colon;
        words.insert(0, ' ');
    }
    if places.comment(range.clone(), &[node]) {
        return Err(comment_lost());
    }
    Ok(Splice { range, words })
}

/// A key that is not there yet, with what is below it.
fn insert(places: &Places, map: &Node, path: &[Step], v: &Value, order: &[String]) -> Result<Splice, Refused> {
    let (NodeKind::Map(entries), [Step::Key(key), rest @ ..]) = (&map.kind, path) else {
        let what = match path.first() {
            Some(Step::Item(i)) => Refused::new(format!("列表里没有第 {} 项", i + 1), format!("the list has no item {}", i + 1)),
            _ => Refused::new(
                "那里写的是一个值，不是键值对；请把整个值写成 {…}",
                "a single value stands there, not keys; write the whole value as {…}",
            ),
        };
        return Err(what);
    };
    if rest.iter().any(|s| matches!(s, Step::Item(_))) {
        return Err(Refused::new("列表还不存在；请先写出列表", "there is no such list yet; write the list first"));
    }
    let words = format!("{}: {}", value::word(key, false), value::line(&value::nest(rest, v)));
    let rank = |key: &str| order.iter().position(|o| o == key);
    // Behind the last key that belongs before it; a key of no known order goes last.
    let before = match rank(key) {
        Some(mine) => {
            entries.iter().filter(|(k, _)| k.text().and_then(rank).is_some_and(|r| r < mine)).max_by_key(|(k, _)| k.text().and_then(rank))
        }
        None => entries.last(),
    };
    let at = |at: usize, words: String| Ok(Splice { range: at..at, words });
    if places.bracketed(map) {
        return match (before, entries.first()) {
            (Some((_, v)), _) => at(places.range(v).end, format!(", {words}")),
            (None, Some((k, _))) => at(places.start(k), format!("{words}, ")),
            (None, None) => at(places.start(map) + 1, words),
        };
    }
    let indent = " ".repeat(entries.first().map_or(0, |(k, _)| k.span.col));
    match (before, entries.first()) {
        (Some((k, v)), _) => at(entry_end(places, k, v), format!("\n{indent}{words}")),
        (None, Some((k, _))) => at(places.start(k), format!("{words}\n{indent}")),
        (None, None) => at(places.start(map), words),
    }
}

/// The end of the last line of an entry, comment included.
fn entry_end(places: &Places, key: &Node, v: &Node) -> usize {
    if !places.indented_text(v) {
        return places.line_end(places.range(v).end);
    }
    // A text in indented lines goes on until something stands as far left as its key.
    let mut end = places.line_end(places.start(v));
    let mut last = end;
    while end < places.text.len() {
        let line = &places.text[end + 1..places.line_end(end + 1)];
        let blank = line.trim().is_empty();
        if !blank && line.len() - line.trim_start().len() <= key.span.col {
            break;
        }
        end += 1 + line.len();
        if !blank {
            last = end;
        }
    }
    last
}

/// An element at the end of a list.
fn push(places: &Places, list: &Node, v: &Value) -> Result<Splice, Refused> {
    let NodeKind::Seq(items) = &list.kind else {
        return Err(Refused::new("那里不是列表", "there is no list there"));
    };
    let range = places.range(list);
    let own_line = places.line_start(range.start) == range.start;
    match items.last() {
        // An empty list that is the whole file becomes a list in lines.
        None if own_line => Ok(Splice { range, words: format!("- {}", value::block(v, 2)) }),
        None => Ok(Splice { range, words: format!("[{}]", value::line(v)) }),
        Some(last) if places.bracketed(list) => {
            let at = places.range(last).end;
            Ok(Splice { range: at..at, words: format!(", {}", value::line(v)) })
        }
        Some(last) => {
            let at = places.line_end(places.range(last).end);
            let dash = list.span.col;
            // A blank line between items that are written so.
            let gap = items.len() > 1 && places.text[places.range(&items[items.len() - 2]).end..places.start(last)].contains("\n\n");
            let lead = if gap { "\n\n" } else { "\n" };
            Ok(Splice { range: at..at, words: format!("{lead}{}- {}", " ".repeat(dash), value::block(v, dash + 2)) })
        }
    }
}

/// A key or an element taken away with its comma or its lines.
fn remove(places: &Places, (parent, step): (&Node, &Step)) -> Result<Splice, Refused> {
    // First byte, last byte and nodes of each neighbour.
    let parts: Vec<(usize, usize, Vec<&Node>)> = match &parent.kind {
        NodeKind::Map(entries) => entries.iter().map(|(k, v)| (places.start(k), places.range(v).end, vec![k, v])).collect(),
        NodeKind::Seq(items) => items.iter().map(|v| (places.start(v), places.range(v).end, vec![v])).collect(),
        NodeKind::Scalar { .. } => Vec::new(),
    };
    let n = match (step, &parent.kind) {
        (Step::Key(key), NodeKind::Map(entries)) => entries.iter().position(|(k, _)| k.text() == Some(key)).unwrap_or(0),
        (Step::Item(i), _) => *i,
        _ => 0,
    };
    if parts.len() < 2 {
        return Err(Refused::new("那是唯一的一项；请删去它所属的整个键", "it is the only one there; take away the key that holds it"));
    }
    let nodes = &parts[n].2;
    if nodes.iter().any(|v| places.indented_text(v)) {
        return Err(Refused::new(
            "那里是分行写的长文（| 或 >）；请手工编辑",
            "a text in indented lines (| or >) stands there; edit it by hand",
        ));
    }
    let range = if places.bracketed(parent) {
        if n + 1 < parts.len() { parts[n].0..parts[n + 1].0 } else { parts[n - 1].1..parts[n].1 }
    } else {
        let from = places.line_start(parts[n].0);
        let dash = places.text[from..parts[n].0].contains('-') && matches!(parent.kind, NodeKind::Map(_));
        let to = (places.line_end(parts[n].1) + 1).min(places.text.len());
        // The first key of a list's item shares its line with the dash: the next one moves up.
        if dash { parts[n].0..parts[n + 1].0 } else { from..to }
    };
    if places.comment(range.clone(), nodes) {
        return Err(comment_lost());
    }
    Ok(Splice { range, words: String::new() })
}
