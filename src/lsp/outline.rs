//! The outline of a file: its items with their titles.

use super::desk::Desk;
use super::leaf::Leaf;
use super::lines::Encoding;
use super::route::Answer;
use crate::load::tree::{Node, NodeKind};
use crate::model::{Lang, Words};
use gen_lsp_types::{DocumentSymbol, DocumentSymbolParams, Position, SymbolKind};
use serde_json::{Value, json};

/// Answers the request.
///
/// # Errors
/// None.
pub fn answer(desk: &mut Desk, params: DocumentSymbolParams) -> Answer {
    let Some(spot) = desk.spot(&params.text_document.uri.0, Position::new(0, 0)) else { return Ok(Value::Null) };
    let lang = desk.worlds[&spot.root].lang(desk.setup);
    let Some(root) = &spot.leaf.tree else { return Ok(json!([])) };
    let scribe = Scribe { leaf: &spot.leaf, lang, encoding: desk.encoding };
    Ok(json!(match &root.kind {
        NodeKind::Seq(items) => items.iter().filter_map(|n| scribe.item(n)).collect::<Vec<_>>(),
        NodeKind::Map(entries) => entries.iter().filter_map(|(k, v)| scribe.list(k, v)).collect(),
        NodeKind::Scalar { .. } => Vec::new(),
    }))
}

struct Scribe<'a> {
    leaf: &'a Leaf,
    lang: Lang,
    encoding: Encoding,
}

impl Scribe<'_> {
    /// A key of a mapping file with the items of its list.
    fn list(&self, key: &Node, value: &Node) -> Option<DocumentSymbol> {
        let items: Vec<DocumentSymbol> = value.items().iter().filter_map(|n| self.item(n)).collect();
        let kind = if items.is_empty() { SymbolKind::Property } else { SymbolKind::Array };
        self.symbol(key.text()?, value.text().unwrap_or_default(), kind, key, (key, value), items)
    }

    /// An item of a list by what it calls itself.
    fn item(&self, node: &Node) -> Option<DocumentSymbol> {
        let named = ["id", "duty", "code", "rule", "post", "at", "no", "date"].iter().find_map(|k| node.get(k))?;
        let said = ["title", "name", "subject", "gist", "topic", "person", "class", "department", "kind"].iter().find_map(|k| node.get(k));
        let part = |n: &Node, k: &str| n.get(k).and_then(Node::text).map(Box::from);
        let words =
            said.map_or_else(Words::default, |n| n.text().map_or_else(|| Words { zh: part(n, "zh"), en: part(n, "en") }, Words::plain));
        self.symbol(named.text()?, &words.say(self.lang), SymbolKind::Object, named, (node, node), Vec::new())
    }

    fn symbol(
        &self,
        name: &str,
        detail: &str,
        kind: SymbolKind,
        shown: &Node,
        (first, last): (&Node, &Node),
        children: Vec<DocumentSymbol>,
    ) -> Option<DocumentSymbol> {
        let lines = &self.leaf.lines;
        let byte = |line, col| lines.byte(line, col);
        let whole = byte(first.span.line, first.span.col)..byte(last.span.end_line, last.span.end_col);
        let shown = byte(shown.span.line, shown.span.col)..byte(shown.span.end_line, shown.span.end_col);
        let whole = whole.start.min(shown.start)..whole.end.max(shown.end);
        let children = (!children.is_empty()).then_some(children);
        let detail = (!detail.is_empty()).then(|| detail.to_string());
        (!name.trim().is_empty()).then(|| DocumentSymbol {
            name: name.to_string(),
            detail,
            kind,
            range: lines.range(whole, self.encoding),
            selection_range: lines.range(shown, self.encoding),
            children,
            ..blank()
        })
    }
}

/// The fields that are not used, one of them for old clients only.
fn blank() -> DocumentSymbol {
    #[allow(deprecated)]
    DocumentSymbol {
        name: String::new(),
        detail: None,
        kind: SymbolKind::Object,
        tags: None,
        deprecated: None,
        range: Default::default(),
        selection_range: Default::default(),
        children: None,
    }
}
