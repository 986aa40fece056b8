//! From a path into a YAML tree to a place: only for what is printed.

use super::tree::{self, Node, NodeKind, Piece};
use crate::finding::{Spot, Step};
use crate::model::Register;
use crate::model::register::FileInfo;
use crate::text::Place;

/// Works out places. It keeps one tree, the last one, of an item where a file can be cut, else of a
/// file: trees of a hundred thousand obligations take gigabytes, so whoever asks often asks file
/// by file and item by item.
pub struct Places<'a> {
    register: &'a Register,
    file: Option<Open<'a>>,
}

/// The file that was asked for last.
struct Open<'a> {
    number: u32,
    text: &'a str,
    lines: Vec<&'a str>,
    /// Its items; none when it is to be read whole.
    pieces: Vec<Piece<'a>>,
    /// The tree, and of which item; of the whole file without. No tree where it is not YAML.
    tree: Option<(Option<usize>, Option<Node>)>,
}

impl<'a> Places<'a> {
    /// For one register.
    pub fn new(register: &'a Register) -> Places<'a> {
        Places { register, file: None }
    }

    /// The place of a spot.
    pub fn place(&mut self, spot: &Spot) -> Place {
        let (file, path) = match spot {
            Spot::Exact(place) => return place.clone(),
            Spot::Node(file, path) => (*file, path),
        };
        let info = &self.register.files[file as usize];
        let open = match self.file.take().filter(|open| open.number == file) {
            Some(open) => self.file.insert(open),
            None => self.file.insert(Open::new(file, info)),
        };
        let Some((item, root)) = open.tree(path) else { return Place::file(&info.shown) };
        let span = walk(root, if item.is_some() { &path[1..] } else { path });
        Place::at(&info.shown, &open.lines, span.line, span.col, span.end_line, span.end_col)
    }
}

impl<'a> Open<'a> {
    fn new(number: u32, info: &'a FileInfo) -> Open<'a> {
        // As many as were counted, or they are not its items.
        let pieces = if info.items == 0 { None } else { tree::even_pieces(&info.text) };
        let pieces = pieces.filter(|p| p.len() == info.items).unwrap_or_default();
        Open { number, lines: info.text.lines().collect(), pieces, tree: None, text: &info.text }
    }

    /// The tree that a path leads into: an item's where it begins with one, else the file's.
    fn tree(&mut self, path: &[Step]) -> Option<(Option<usize>, &Node)> {
        let item = match path.first() {
            Some(Step::Item(i)) if *i < self.pieces.len() => Some(*i),
            _ => None,
        };
        if self.tree.as_ref().is_none_or(|(of, _)| *of != item) {
            // Given up before the next one is read.
            self.tree = None;
            let tree = match item {
                Some(i) => Some(self.pieces[i].parse().unwrap_or_else(|_| unread(self.pieces[i].before + 1))),
                None => whole_or_pieces(self.text),
            };
            self.tree = Some((item, tree));
        }
        self.tree.as_ref().and_then(|(of, node)| Some((*of, node.as_ref()?)))
    }
}

/// What stands for an item that is not YAML: its first line.
fn unread(line: usize) -> Node {
    Node { span: tree::Span { line, col: 0, end_line: line, end_col: 1 }, kind: NodeKind::Seq(Vec::new()) }
}

/// The tree of a file; of a broken list file, the items that can be read.
fn whole_or_pieces(text: &str) -> Option<Node> {
    match tree::parse(text) {
        Ok(tree) => tree,
        Err(_) => {
            let items = tree::parse_items(text);
            (!items.is_empty()).then(|| Node {
                span: tree::Span { line: 1, col: 0, end_line: 1, end_col: 1 },
                kind: NodeKind::Seq(items.into_iter().map(|i| i.unwrap_or_else(|(line, _)| unread(line))).collect()),
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
