//! From a path into a YAML tree to a place: only for what is printed.

use super::tree::{self, Node, NodeKind};
use crate::finding::{Spot, Step};
use crate::model::Register;
use crate::text::Place;

/// Works out places. It keeps one file's tree, the last one: trees of a hundred thousand
/// obligations take gigabytes, so whoever asks often asks file by file.
pub struct Places<'a> {
    register: &'a Register,
    last: Option<(u32, Option<Node>, Vec<&'a str>)>,
}

impl<'a> Places<'a> {
    /// For one register.
    pub fn new(register: &'a Register) -> Places<'a> {
        Places { register, last: None }
    }

    /// The place of a spot.
    pub fn place(&mut self, spot: &Spot) -> Place {
        let (file, path) = match spot {
            Spot::Exact(place) => return place.clone(),
            Spot::Node(file, path) => (*file, path),
        };
        let info = &self.register.files[file as usize];
        if self.last.as_ref().is_none_or(|(last, ..)| *last != file) {
            // Given up before the next one is read.
            self.last = None;
            self.last = Some((file, whole_or_pieces(&info.text), info.text.lines().collect()));
        }
        let Some((_, Some(root), lines)) = &self.last else { return Place::file(&info.shown) };
        let span = walk(root, path);
        Place::at(&info.shown, lines, span.line, span.col, span.end_line, span.end_col)
    }
}

/// The tree of a file; of a broken list file, the items that can be read.
fn whole_or_pieces(text: &str) -> Option<Node> {
    match tree::parse(text) {
        Ok(tree) => tree,
        Err(_) => {
            let items = tree::parse_items(text);
            (!items.is_empty()).then(|| Node {
                span: tree::Span { line: 1, col: 0, end_line: 1, end_col: 1 },
                kind: NodeKind::Seq(
                    items
                        .into_iter()
                        .map(|i| {
                            i.unwrap_or_else(|(line, _)| Node {
                                span: tree::Span { line, col: 0, end_line: line, end_col: 1 },
                                kind: NodeKind::Seq(Vec::new()),
                            })
                        })
                        .collect(),
                ),
            })
        }
    }
}

/// Goes as far as the path leads. A node reached through a list is shown by its `id`,
/// `duty`, `rule`, `at` or first key, since the whole of it would be many lines; a
/// key's value by itself, or by the key when the value spans lines.
fn walk(root: &Node, path: &[Step]) -> tree::Span {
    let mut node = root;
    let mut span = head(node);
    for step in path {
        match step {
            Step::Key(key) => {
                let Some((k, v)) = node.entry(key) else { return span };
                span = if v.span.line == v.span.end_line { v.span } else { k.span };
                node = v;
            }
            Step::Entry(key) => {
                let Some((k, v)) = node.entry(key) else { return span };
                span = k.span;
                node = v;
            }
            Step::Item(i) => {
                let Some(item) = node.items().get(*i) else { return span };
                node = item;
                span = head(node);
            }
        }
    }
    span
}

fn head(node: &Node) -> tree::Span {
    match &node.kind {
        NodeKind::Map(entries) => {
            let named = ["id", "duty", "code", "rule", "post", "at"].iter().find_map(|k| node.get(k));
            named.or(entries.first().map(|(k, _)| k)).map_or(node.span, |n| n.span)
        }
        _ => node.span,
    }
}
