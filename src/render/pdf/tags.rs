//! The tree of meanings as tags of the file: headings, tables with heads and cells, pictures
//! with their words, links.

use super::sheet::{Meaning, Tree};
use krilla::tagging::kind::{TD, TH};
use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use std::num::{NonZeroU16, NonZeroU32};

/// More children than this are put into groups: arrays in a PDF/A have a limit.
const CHILDREN: usize = 4000;

/// The tree, with the marked contents that belong to each node.
pub fn tree(tree: &Tree, leaves: Vec<Vec<Identifier>>, lang: &str) -> TagTree {
    let mut children: Vec<Vec<Node>> = tree.0.iter().map(|_| vec![]).collect();
    let mut top = Vec::new();
    // From the last to the first: what is below a node comes after it.
    for (i, ((above, meaning), leaves)) in tree.0.iter().zip(leaves).enumerate().rev() {
        let mut below = std::mem::take(&mut children[i]);
        below.reverse();
        let mut all: Vec<Node> = leaves.into_iter().map(Node::from).collect();
        all.append(&mut below);
        if matches!(meaning, Meaning::Section) {
            all = grouped(all);
        }
        if all.is_empty() {
            continue;
        }
        let group = TagGroup::with_children(kind(meaning), all);
        match above {
            Some(above) => children[*above].push(group.into()),
            None => top.push(group.into()),
        }
    }
    top.reverse();
    let mut out = TagTree::new().with_lang(Some(lang.into()).filter(|_| !lang.is_empty()));
    grouped(top).into_iter().for_each(|n| out.push(n));
    out
}

/// At most [`CHILDREN`] nodes, by groups that mean nothing.
fn grouped(nodes: Vec<Node>) -> Vec<Node> {
    if nodes.len() <= CHILDREN {
        return nodes;
    }
    let mut nodes = nodes.into_iter().peekable();
    let mut out: Vec<Node> = Vec::new();
    while nodes.peek().is_some() {
        out.push(TagGroup::with_children(Tag::Div, nodes.by_ref().take(CHILDREN).collect()).into());
    }
    out
}

fn kind(meaning: &Meaning) -> TagKind {
    match meaning {
        Meaning::Section => Tag::Section.into(),
        Meaning::Heading(level, text) => Tag::Hn(NonZeroU16::new((*level).max(1)).expect("not 0"), Some(spoken(text))).into(),
        Meaning::Paragraph => Tag::P.into(),
        Meaning::Caption => Tag::Caption.into(),
        Meaning::Table(about) => Tag::Table.with_summary(Some(about.clone()).filter(|a| !a.is_empty())).into(),
        Meaning::TableHead => Tag::THead.into(),
        Meaning::TableBody => Tag::TBody.into(),
        Meaning::Row => Tag::TR.into(),
        Meaning::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Meaning::RowHead(over) => head(*over).into(),
        Meaning::Cell(over) => cell(*over).into(),
        Meaning::Figure(said) => Tag::Figure(Some(said.clone())).into(),
        Meaning::Words => Tag::Span.into(),
        Meaning::Link(to) => Tag::Link.with_alt_text(Some(to.clone())).into(),
    }
}

/// The standards want words for every heading.
fn spoken(text: &str) -> String {
    if text.trim().is_empty() { "—".into() } else { text.into() }
}

fn head(over: usize) -> Tag<TH> {
    Tag::TH(TableHeaderScope::Row).with_col_span(span(over))
}

fn cell(over: usize) -> Tag<TD> {
    Tag::TD.with_col_span(span(over))
}

fn span(over: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(over).unwrap_or(1)).filter(|n| n.get() > 1)
}
