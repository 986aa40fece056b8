//! A YAML text that is no file of the register: one item or a list of them, with the line
//! of each and every mistake in its place. Drafts of entries are read this way.

use super::decode::Source;
use super::scan;
use super::shape;
use super::tree::{self, Node, NodeKind, TreeError};
use crate::finding::words;
use crate::model::Words;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// A mistake and where it is: 1-based line and column.
pub type Slip = (usize, usize, Words);

/// Items with their first line, and every mistake of the text.
pub fn items<T: DeserializeOwned + JsonSchema>(bytes: &[u8]) -> (Vec<(usize, T)>, Vec<Slip>) {
    let text = match scan::utf8(bytes) {
        Ok(text) => text,
        Err(t) => {
            let line = bytes[..t.from].iter().filter(|b| **b == b'\n').count() + 1;
            return (Vec::new(), vec![(line, 1, words(t.zh, t.en))]);
        }
    };
    let mut slips: Vec<Slip> = Vec::new();
    for t in scan::scan(text).troubles {
        let (line, col) = crate::text::line_col(text, t.from);
        slips.push((line, col, words(t.zh, t.en)));
    }
    let mut broken = |e: TreeError| slips.push((e.line, e.col + 1, words(e.zh, e.en)));
    let nodes: Vec<Node> = match tree::parse(text) {
        Ok(None) => {
            broken(TreeError { line: 1, col: 0, zh: "文件是空的".into(), en: "the file is empty".into() });
            Vec::new()
        }
        Ok(Some(Node { kind: NodeKind::Seq(items), .. })) if !items.is_empty() => items,
        Ok(Some(node)) => vec![node],
        Err(e) => {
            let pieces = tree::parse_items(text);
            if pieces.iter().all(Result::is_ok) {
                broken(e);
            }
            pieces.into_iter().filter_map(|p| p.map_err(|(_, e)| broken(e)).ok()).collect()
        }
    };
    let schema = schemars::schema_for!(T).to_value();
    let mut out = Vec::new();
    for node in nodes {
        let found = shape::mistakes(&node, &schema, &schema);
        if found.is_empty() {
            match T::deserialize(Source(&node)) {
                Ok(value) => out.push((node.span.line, value)),
                Err(e) => slips.push((node.span.line, node.span.col + 1, words(format!("无法读取：{e}"), e.to_string()))),
            }
        }
        slips.extend(found.into_iter().map(|m| (m.span.line, m.span.col + 1, words(m.zh, m.en))));
    }
    slips.sort_by_key(|s| (s.0, s.1));
    (out, slips)
}
