//! What is being typed where the cursor stands, also while the line is no YAML.
//!
//! A word of ours is put in the place of the half-typed one, the line is closed in the
//! ways in which it may be going on, and whichever text can be read says where the word
//! came to stand.

use super::heal;
use super::leaf::Leaf;
use crate::author::yaml::Step;
use crate::load::tree::{self, Node, NodeKind};
use std::ops::Range;

/// A word that stands in no register.
const WORD: &str = "zz-here-zz";

/// Where the cursor stands.
#[derive(Debug)]
pub struct Cursor {
    /// The way to the value; to the mapping, where a key is being typed.
    pub path: Vec<Step>,
    /// Is a key being typed?
    pub key: bool,
    /// Does a colon follow the key already?
    pub colon: bool,
    /// Does the word stand on a line of its own?
    pub alone: bool,
    /// Is the word inside quotes?
    pub quoted: bool,
    /// The bytes of the half-typed word.
    pub word: Range<usize>,
    /// The word up to the cursor.
    pub typed: String,
    /// Keys of the same mapping with their values where those are words; words of the same list.
    pub beside: Vec<(String, String)>,
}

/// Looks at the cursor.
pub fn find(leaf: &Leaf, at: usize) -> Option<Cursor> {
    let text = &leaf.lines.text;
    let n = leaf.lines.line_of(at);
    let line = leaf.lines.line(n);
    let ends = |c: char| c.is_whitespace() || "[]{},\"'".contains(c);
    let from = text[line.start..at]
        .rfind(ends)
        .map_or(line.start, |i| line.start + i + text[line.start + i..].chars().next().map_or(1, char::len_utf8));
    let mut to = text[at..line.end].find(ends).map_or(line.end, |i| at + i);
    let colon = text[from..to].ends_with(':');
    if colon {
        to -= 1;
    }
    let (before, after) = (&text[line.start..from], &text[to..line.end]);
    // In a comment, or right behind a colon where a blank is missing, nothing is offered.
    if at > to || before.trim_start().starts_with('#') || before.contains(" #") {
        return None;
    }
    let quote = before.chars().last().filter(|c| matches!(c, '"' | '\''));
    let tail = format!("{}{}", quote.map_or(String::new(), String::from), closers(before));
    let ways = [
        format!("{before}{WORD}{after}"),
        format!("{before}{WORD}{tail}"),
        format!("{before}{WORD}{}: x{}", quote.map_or(String::new(), String::from), closers(before)),
    ];
    let whole = leaf.healed.as_deref().unwrap_or(text);
    let (path, key, beside) = ways
        .iter()
        .find_map(|way| look(&with_line(whole, n, way)))
        .or_else(|| ways.iter().find_map(|way| look(&item(&with_line(text, n, way), n))))?;
    let alone = before.trim().is_empty();
    Some(Cursor { path, key, colon, alone, quoted: quote.is_some(), word: from..to, typed: text[from..at].to_string(), beside })
}

/// The text with another line in the place of one.
fn with_line(text: &str, n: usize, line: &str) -> String {
    let mut out: Vec<&str> = text.split_inclusive('\n').collect();
    let end = if out.get(n).is_some_and(|l| l.ends_with('\n')) { "\n" } else { "" };
    let line = format!("{line}{end}");
    match out.get_mut(n) {
        Some(old) => *old = &line,
        None => out.push(&line),
    }
    out.concat()
}

/// The item of a list file that holds a line, mended around it, at its own place.
fn item(text: &str, n: usize) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let begins = |l: &&str| l.starts_with("- ") || l.trim_end() == "-";
    let n = n.min(lines.len().saturating_sub(1));
    let from = (0..=n).rfind(|i| begins(&lines[*i])).unwrap_or(0);
    let to = (n + 1..lines.len()).find(|i| begins(&lines[*i])).unwrap_or(lines.len());
    let piece = lines.get(from..to).unwrap_or_default().concat();
    heal::heal(&piece, None).unwrap_or(piece)
}

/// What closes the brackets that are open at the end of a piece of a line.
fn closers(text: &str) -> String {
    let mut open = Vec::new();
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => open.push(']'),
            (None, '{') => open.push('}'),
            (None, ']' | '}') => drop(open.pop()),
            _ => {}
        }
    }
    open.iter().rev().collect()
}

type Seen = (Vec<Step>, bool, Vec<(String, String)>);

fn look(text: &str) -> Option<Seen> {
    let root = tree::parse(text).ok()??;
    below(&root, &mut Vec::new())
}

/// Finds our word below a node.
fn below(node: &Node, way: &mut Vec<Step>) -> Option<Seen> {
    let word = |n: &Node| n.text() == Some(WORD);
    match &node.kind {
        NodeKind::Map(entries) => {
            let beside = || {
                let others = entries.iter().filter(|(k, _)| !word(k));
                others.filter_map(|(k, v)| Some((k.text()?.to_string(), v.text().unwrap_or_default().to_string()))).collect()
            };
            if entries.iter().any(|(k, _)| word(k)) {
                return Some((way.clone(), true, beside()));
            }
            for (key, value) in entries {
                way.push(Step::Key(key.text().unwrap_or_default().to_string()));
                if word(value) {
                    return Some((way.clone(), false, beside()));
                }
                if let Some(seen) = below(value, way) {
                    return Some(seen);
                }
                way.pop();
            }
            None
        }
        NodeKind::Seq(items) => {
            for (i, item) in items.iter().enumerate() {
                way.push(Step::Item(i));
                if word(item) {
                    let others = items.iter().filter(|n| !word(n)).filter_map(Node::text);
                    return Some((way.clone(), false, others.map(|t| (t.to_string(), String::new())).collect()));
                }
                if let Some(seen) = below(item, way) {
                    return Some(seen);
                }
                way.pop();
            }
            None
        }
        NodeKind::Scalar { .. } => None,
    }
}
