//! Where the bytes of a node are.
//!
//! The reader counts lines and characters, and a bracketed list ends for it at its last
//! element: here both become whole byte ranges.

use crate::load::tree::{Node, NodeKind};
use std::ops::Range;

/// A text with the beginnings of its lines.
pub struct Places<'a> {
    /// The text.
    pub text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Places<'a> {
    /// Looks at the text once.
    pub fn new(text: &'a str) -> Places<'a> {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Places { text, starts }
    }

    /// The byte at a line (from 1) and a column (from 0, in characters).
    fn byte(&self, line: usize, col: usize) -> usize {
        let Some(from) = self.starts.get(line.saturating_sub(1)) else { return self.text.len() };
        self.text[*from..].char_indices().nth(col).map_or(self.text.len(), |(i, _)| from + i)
    }

    /// First byte of a node.
    pub fn start(&self, node: &Node) -> usize {
        self.byte(node.span.line, node.span.col)
    }

    /// Is it a list or mapping in brackets?
    pub fn bracketed(&self, node: &Node) -> bool {
        !matches!(node.kind, NodeKind::Scalar { .. }) && self.text[self.start(node)..].starts_with(['[', '{'])
    }

    /// Is it a text in the indented form, after `|` or `>`?
    pub fn indented_text(&self, node: &Node) -> bool {
        matches!(node.kind, NodeKind::Scalar { plain: false, .. }) && self.text[self.start(node)..].starts_with(['|', '>'])
    }

    /// The bytes of a node, closing bracket included, line end excluded.
    pub fn range(&self, node: &Node) -> Range<usize> {
        let from = self.start(node);
        from..self.end(node).max(from)
    }

    fn end(&self, node: &Node) -> usize {
        let last = match &node.kind {
            NodeKind::Scalar { .. } => {
                let to = self.byte(node.span.end_line, node.span.end_col);
                // A plain word ends before the blanks that follow it.
                return self.start(node) + self.text[self.start(node)..to.max(self.start(node))].trim_end().len();
            }
            NodeKind::Seq(items) => items.last(),
            NodeKind::Map(entries) => entries.last().map(|(_, v)| v),
        };
        let inner = last.map(|n| self.end(n));
        if self.bracketed(node) { self.close(inner.unwrap_or(self.start(node) + 1)) } else { inner.unwrap_or(self.start(node)) }
    }

    /// From the end of the last element to behind the bracket: only blanks, a comma and comments come between.
    fn close(&self, from: usize) -> usize {
        let mut comment = false;
        for (i, b) in self.text.bytes().enumerate().skip(from) {
            match b {
                b'#' => comment = true,
                b'\n' => comment = false,
                b']' | b'}' if !comment => return i + 1,
                _ => {}
            }
        }
        self.text.len()
    }

    /// The end of the line that holds a byte: its line feed, or the end of the text.
    pub fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |i| at + i)
    }

    /// The beginning of the line that holds a byte.
    pub fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |i| i + 1)
    }

    /// Does a comment begin in these bytes? `nodes` are whatever stands in them: a sign
    /// inside a text is none.
    pub fn comment(&self, range: Range<usize>, nodes: &[&Node]) -> bool {
        let mut texts: Vec<Range<usize>> = Vec::new();
        let mut open: Vec<&Node> = nodes.to_vec();
        while let Some(node) = open.pop() {
            match &node.kind {
                NodeKind::Scalar { .. } => texts.push(self.range(node)),
                NodeKind::Seq(items) => open.extend(items),
                NodeKind::Map(entries) => entries.iter().for_each(|(k, v)| open.extend([k, v])),
            }
        }
        self.text[range.clone()].match_indices('#').any(|(i, _)| !texts.iter().any(|t| t.contains(&(range.start + i))))
    }
}
