//! Hover: the card of whatever stands under the cursor, or what a key or value means.

use super::card;
use super::desk::{Desk, Spot};
use super::leaf::Leaf;
use super::route::Answer;
use super::shape;
use crate::author::yaml::Step;
use crate::load::tree::{Node, NodeKind};
use gen_lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind};
use serde_json::{Value, json};
use std::ops::Range;

/// Answers the request.
///
/// # Errors
/// None: where there is nothing to say, nothing is said.
pub fn answer(desk: &mut Desk, params: HoverParams) -> Answer {
    let at = params.text_document_position_params;
    let Some(spot) = desk.spot(&at.text_document.uri.0, at.position) else { return Ok(Value::Null) };
    let world = &desk.worlds[&spot.root];
    let lang = world.lang(desk.setup);
    let marked = spot.leaf.mark_at(spot.at).and_then(|m| Some((card::of(world, m, lang)?, m.bytes.clone())));
    let Some((value, bytes)) = marked.or_else(|| word(&spot)) else { return Ok(Value::Null) };
    let range = spot.leaf.lines.range(bytes, desk.encoding);
    Ok(json!(Hover { contents: MarkupContent { kind: MarkupKind::Markdown, value }.into(), range: Some(range) }))
}

/// What the schema says of a key, or of a value of a vocabulary.
fn word(spot: &Spot) -> Option<(String, Range<usize>)> {
    let leaf = &spot.leaf;
    let (path, bytes, value) = way(leaf, spot.at)?;
    let schema = shape::of(leaf.kind.name);
    let key = path.iter().rev().find_map(|s| if let Step::Key(k) = s { Some(k.as_str()) } else { None }).unwrap_or_default();
    if let Some(value) = value
        && let Some((_, about)) = shape::values(schema, &path).into_iter().find(|(v, about)| *v == value && !about.is_empty())
    {
        return Some((format!("**{value}** ({key})\n\n{about}"), bytes));
    }
    let about = shape::about(schema, &path)?;
    Some((format!("**{key}**\n\n{about}"), bytes))
}

/// The way to the key or word at a byte, with its bytes and, for a word, its text.
fn way(leaf: &Leaf, at: usize) -> Option<(Vec<Step>, Range<usize>, Option<String>)> {
    let bytes = |n: &Node| leaf.lines.byte(n.span.line, n.span.col)..leaf.lines.byte(n.span.end_line, n.span.end_col);
    let inside = |n: &Node| (bytes(n).start..=bytes(n).end).contains(&at);
    let mut node = leaf.tree.as_ref()?;
    let mut path = Vec::new();
    loop {
        match &node.kind {
            NodeKind::Map(entries) => {
                let (key, value) = entries.iter().find(|(k, v)| inside(k) || inside(v))?;
                path.push(Step::Key(key.text()?.to_string()));
                if inside(key) {
                    return Some((path, bytes(key), None));
                }
                node = value;
            }
            NodeKind::Seq(items) => {
                let i = items.iter().position(inside)?;
                path.push(Step::Item(i));
                node = &items[i];
            }
            NodeKind::Scalar { text, .. } => return Some((path, bytes(node), Some(text.clone()))),
        }
    }
}
