//! Every place of a file where an id stands.
//!
//! The tree says where, the [`table`] what. The bytes of a mark are those of the id alone,
//! also inside `OPN-3.18@DEP-NDRC`, so that a rename changes nothing else.

use super::lines::Lines;
use super::table::{self, Sort, What};
use crate::load::tree::{Node, NodeKind};
use crate::model::{ObligationId, UnitId, Words};
use std::ops::Range;

/// One id at one place.
#[derive(Debug, Clone)]
pub struct Mark {
    /// What it names.
    pub sort: Sort,
    /// The id; `AFL:6` for an article.
    pub id: String,
    /// `bodies`, `sectors`, `former`…; empty where there is one class only.
    pub class: &'static str,
    /// True where the id is given, false where it is named.
    pub gives: bool,
    /// Its bytes.
    pub bytes: Range<usize>,
    /// Do those bytes say the id letter by letter? Escapes and folded texts do not.
    pub exact: bool,
    /// Title or name of what is given here.
    pub about: Words,
}

/// The marks of a tree, by their place in the text.
pub fn marks(kind: &str, root: &Node, lines: &Lines) -> Vec<Mark> {
    let mut all = Marker { root, lines, out: Vec::new() };
    for row in table::rows(kind) {
        let words: Vec<&str> = row.at.split('.').collect();
        all.walk(root, &words, &[], row.what);
    }
    all.out.sort_by_key(|m| (m.bytes.start, m.bytes.end));
    all.out
}

struct Marker<'a> {
    root: &'a Node,
    lines: &'a Lines,
    out: Vec<Mark>,
}

impl<'a> Marker<'a> {
    fn walk(&mut self, node: &'a Node, words: &[&str], above: &[&'a Node], what: What) {
        let Some((word, rest)) = words.split_first() else {
            if node.text().is_some() {
                self.scalar(node, above.last().copied(), what);
            }
            return;
        };
        match (*word, &node.kind) {
            ("*", NodeKind::Seq(items)) => items.iter().for_each(|n| self.walk(n, rest, above, what)),
            ("*", NodeKind::Scalar { .. }) => self.walk(node, rest, above, what),
            ("{}", NodeKind::Map(entries)) => entries.iter().for_each(|(k, _)| self.walk(k, rest, above, what)),
            (key, NodeKind::Map(_)) => {
                if let Some(value) = node.get(key) {
                    self.walk(value, rest, &[above, &[node]].concat(), what);
                }
            }
            _ => {}
        }
    }

    fn scalar(&mut self, node: &Node, holder: Option<&Node>, what: What) {
        let text = node.text().unwrap_or_default();
        match what {
            What::Gives(Sort::Article, class) => self.article(node, self.root.get("id"), class, holder),
            What::Names(Sort::Article, _) => self.article(node, holder.and_then(|h| h.get("law")), "", None),
            What::Gives(sort, class) => self.put(node, sort, class, 0..text.len(), holder),
            What::Names(sort, _) => self.put(node, sort, "", 0..text.len(), None),
            What::Duty => self.duty(node, text),
            What::Subject if text.contains('@') || ObligationId::new(text).is_ok() => self.duty(node, text),
            What::Subject if UnitId::new(text).is_ok() => self.put(node, Sort::Unit, "", 0..text.len(), None),
            What::Subject => {}
            What::See if ObligationId::new(text).is_ok() => self.put(node, Sort::Obligation, "", 0..text.len(), None),
            What::See if text.contains(':') => self.put(node, Sort::Clause, "", 0..text.len(), None),
            What::See => self.put(node, Sort::Part, "", 0..text.len(), None),
        }
    }

    fn duty(&mut self, node: &Node, text: &str) {
        let at = text.find('@').unwrap_or(text.len());
        self.put(node, Sort::Obligation, "", 0..at, None);
        if at + 1 < text.len() && !text.ends_with('*') {
            self.put(node, Sort::Unit, "", at + 1..text.len(), None);
        }
    }

    fn article(&mut self, node: &Node, law: Option<&Node>, class: &'static str, holder: Option<&Node>) {
        let Some(law) = law.and_then(Node::text) else { return };
        let text = node.text().unwrap_or_default();
        self.put(node, Sort::Article, class, 0..text.len(), holder);
        if let Some(last) = self.out.last_mut() {
            last.id = format!("{law}:{text}");
            last.gives = holder.is_some();
        }
    }

    /// A part of a scalar's text as a mark; `holder` is the mapping of what is given here.
    fn put(&mut self, node: &Node, sort: Sort, class: &'static str, part: Range<usize>, holder: Option<&Node>) {
        let id = &node.text().unwrap_or_default()[part.clone()];
        let mut from = self.lines.byte(node.span.line, node.span.col);
        if self.lines.text[from..].starts_with(['"', '\'']) {
            from += 1;
        }
        let bytes = from + part.start..from + part.end;
        let exact = self.lines.text.get(bytes.clone()) == Some(id);
        let to = if exact { bytes.end } else { self.lines.byte(node.span.end_line, node.span.end_col).max(from) };
        self.out.push(Mark {
            sort,
            id: id.to_string(),
            class,
            gives: holder.is_some(),
            bytes: if exact { bytes } else { from..to },
            exact,
            about: holder.map(about).unwrap_or_default(),
        });
    }
}

/// What a thing is called.
fn about(holder: &Node) -> Words {
    let named = ["title", "name", "topic", "gist", "opening", "department"].iter().find_map(|k| holder.get(k));
    let text = |n: &Node, k: &str| n.get(k).and_then(Node::text).map(Box::from);
    named.map_or_else(Words::default, |n| match n.text() {
        Some(one) => Words::plain(one),
        None => Words { zh: text(n, "zh"), en: text(n, "en") },
    })
}
