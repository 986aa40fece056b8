//! The graph as GraphML, for yEd, Gephi and network libraries.
//!
//! Nodes keep their ids (`OPN-3.18`, `DEP-NDRC`, `AFL:6`) and have kind and name, obligations
//! also state and light; edges have their kind. What the drawing is of — day, filter, counts —
//! stands at the graph itself, so that no reader has to be told beside it.

use super::build::{Graph, Node};
use super::export::{View, name, select};
use crate::model::{Light, Status};
use petgraph::graph::NodeIndex;
use std::fmt::Write;

/// Key, what it belongs to.
const KEYS: &[(&str, &str)] = &[("kind", "node"), ("name", "node"), ("status", "node"), ("light", "node"), ("link", "edge")];

/// The file. `state` gives an obligation's roll-up; `about` is what is said of the whole.
pub fn graphml(g: &Graph, view: &View, state: &dyn Fn(u32) -> (Status, Light), about: &[(&str, String)]) -> String {
    let d = select(g, view);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n",
    );
    for (key, of) in about.iter().map(|(k, _)| (*k, "graph")).chain(KEYS.iter().copied()) {
        let _ = writeln!(out, "  <key id=\"{key}\" for=\"{of}\" attr.name=\"{key}\" attr.type=\"string\"/>");
    }
    out.push_str("  <graph id=\"duban\" edgedefault=\"directed\">\n");
    about.iter().for_each(|(k, v)| data(&mut out, "    ", k, v));
    for n in &d.nodes {
        let _ = writeln!(out, "    <node id=\"{}\">", key(g, view, *n));
        data(&mut out, "      ", "kind", kind(&g.inner[*n]));
        data(&mut out, "      ", "name", &name(g, view, *n));
        if let Node::Obligation(i) = g.inner[*n] {
            let (status, light) = state(i);
            data(&mut out, "      ", "status", status.code());
            data(&mut out, "      ", "light", light.code());
        }
        out.push_str("    </node>\n");
    }
    for (i, (a, b, edge)) in d.edges.iter().enumerate() {
        let _ = writeln!(out, "    <edge id=\"e{i}\" source=\"{}\" target=\"{}\">", key(g, view, *a), key(g, view, *b));
        data(&mut out, "      ", "link", edge.name());
        out.push_str("    </edge>\n");
    }
    out + "  </graph>\n</graphml>\n"
}

fn data(out: &mut String, indent: &str, key: &str, value: &str) {
    let _ = writeln!(out, "{indent}<data key=\"{key}\">{}</data>", escape(value));
}

/// Its id, where that may be a name in XML; else its number, which no id of a register can be.
fn key(g: &Graph, view: &View, n: NodeIndex) -> String {
    let id = g.id(view.register, n);
    let fits =
        !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c) || ('\u{3400}'..='\u{9fff}').contains(&c));
    if fits { id } else { format!("n{}", n.index()) }
}

fn kind(node: &Node) -> &'static str {
    match node {
        Node::Policy(_) => "policy",
        Node::Part(_) => "part",
        Node::Obligation(_) => "obligation",
        Node::Invalid(_) => "invalid",
        Node::Sector(_) => "sector",
        Node::Body(_) => "department",
        Node::Enterprise(_) => "enterprise",
        Node::User(_) => "user",
        Node::Article(..) => "article",
        Node::Dangling(_) => "dangling",
    }
}

/// Text in XML; what XML has no place for shows as ·.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('·'),
            c => out.push(c),
        }
    }
    out
}
