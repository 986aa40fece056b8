//! The graph as DOT and Mermaid: layout is left to whoever draws it.

use super::build::{Edge, Graph, Node};
use crate::model::{Lang, Register};
use chrono::NaiveDate;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What to draw: these obligations with everything they touch directly.
pub struct View<'a> {
    /// The register.
    pub register: &'a Register,
    /// Day whose names are shown.
    pub day: NaiveDate,
    /// Language of the names.
    pub lang: Lang,
    /// Indices of the obligations to draw.
    pub obligations: &'a [u32],
    /// Kinds of edges to draw.
    pub edges: &'a [Edge],
}

/// What is drawn.
pub(super) struct Drawing {
    pub nodes: BTreeSet<NodeIndex>,
    pub edges: Vec<(NodeIndex, NodeIndex, Edge)>,
}

pub(super) fn select(g: &Graph, view: &View) -> Drawing {
    let wanted: BTreeSet<u32> = view.obligations.iter().copied().collect();
    let inside = |n: NodeIndex| matches!(g.inner[n], Node::Obligation(i) if wanted.contains(&i));
    let outside = |n: NodeIndex| matches!(g.inner[n], Node::Obligation(i) if !wanted.contains(&i));
    let mut d = Drawing { nodes: g.inner.node_indices().filter(|n| inside(*n)).collect(), edges: Vec::new() };
    let mut seen = BTreeSet::new();
    for e in g.inner.edge_references().filter(|e| view.edges.contains(e.weight())) {
        let (a, b, kind) = (e.source(), e.target(), *e.weight());
        // A link to an obligation left out by the query still shows its other end.
        let touches = inside(a) || inside(b);
        let between = kind.is_need() || !(outside(a) || outside(b));
        if touches && between && seen.insert((a, b, kind.name())) {
            d.nodes.extend([a, b]);
            d.edges.push((a, b, kind));
        }
    }
    // Departments and kinds belong to their sector even when no edge of an obligation says so.
    if view.edges.contains(&Edge::BelongsTo) {
        let bodies: Vec<NodeIndex> =
            d.nodes.iter().copied().filter(|n| matches!(g.inner[*n], Node::Body(_) | Node::Enterprise(_) | Node::User(_))).collect();
        for n in bodies {
            for e in g.inner.edges(n).filter(|e| *e.weight() == Edge::BelongsTo) {
                d.nodes.insert(e.target());
                d.edges.push((n, e.target(), Edge::BelongsTo));
            }
        }
    }
    d
}

fn label(g: &Graph, view: &View, n: NodeIndex) -> String {
    format!("{}\n{}", g.id(view.register, n), name(g, view, n))
}

/// Its name or title.
pub(super) fn name(g: &Graph, view: &View, n: NodeIndex) -> String {
    let r = view.register;
    match &g.inner[n] {
        Node::Policy(i) => {
            r.policies[*i as usize].policy.short.as_ref().unwrap_or(&r.policies[*i as usize].policy.title).say(view.lang).into_owned()
        }
        Node::Part(id) => r
            .policies
            .iter()
            .flat_map(|p| &p.policy.parts)
            .find(|p| p.id.as_str() == id)
            .map_or(String::new(), |p| p.title.say(view.lang).into_owned()),
        Node::Obligation(i) => r.obligations[*i as usize].title.say(view.lang).into_owned(),
        Node::Article(law, no) => {
            let law = &r.laws[*law as usize];
            law.articles
                .iter()
                .find(|a| a.no.as_str() == no)
                .map_or(String::new(), |a| format!("{} {}", law.name.say(view.lang), a.topic.say(view.lang)))
        }
        Node::Invalid(_) => "(invalid)".into(),
        Node::Dangling(_) => "(not there)".into(),
        _ => r.name(&g.id(r, n), view.day, view.lang),
    }
}

fn shape(node: &Node) -> &'static str {
    match node {
        Node::Policy(_) | Node::Part(_) => "folder",
        Node::Obligation(_) => "box",
        Node::Sector(_) => "ellipse",
        Node::Body(_) => "house",
        Node::Enterprise(_) | Node::User(_) => "component",
        Node::Article(..) => "note",
        Node::Invalid(_) | Node::Dangling(_) => "octagon",
    }
}

/// Graphviz.
pub fn dot(g: &Graph, view: &View) -> String {
    let d = select(g, view);
    let quote =
        |s: &str| format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace(char::is_control, "·"));
    let mut out = String::from("digraph duban {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
    for n in &d.nodes {
        let style = if matches!(g.inner[*n], Node::Dangling(_) | Node::Invalid(_)) { ", color=red" } else { "" };
        let _ = writeln!(
            out,
            "  {} [label={}, shape={}{style}];",
            quote(&g.id(view.register, *n)),
            quote(&label(g, view, *n)),
            shape(&g.inner[*n])
        );
    }
    for (a, b, kind) in &d.edges {
        let style = match kind {
            Edge::Leads => ", style=bold",
            Edge::Supports | Edge::SupportsWork | Edge::Reaches => ", style=dashed",
            _ => "",
        };
        let _ = writeln!(
            out,
            "  {} -> {} [label=\"{}\"{style}];",
            quote(&g.id(view.register, *a)),
            quote(&g.id(view.register, *b)),
            kind.name()
        );
    }
    out + "}\n"
}

/// Mermaid flowchart.
pub fn mermaid(g: &Graph, view: &View) -> String {
    let d = select(g, view);
    // Mermaid takes entities for its own signs.
    let quote = |s: &str| {
        format!(
            "\"{}\"",
            s.replace('&', "#amp;")
                .replace('"', "#quot;")
                .replace('<', "#lt;")
                .replace('>', "#gt;")
                .replace('\n', "<br/>")
                .replace(char::is_control, "·")
        )
    };
    let key = |n: NodeIndex| format!("n{}", n.index());
    let mut out = String::from("flowchart LR\n");
    for n in &d.nodes {
        let text = quote(&label(g, view, *n));
        let (open, close) = match g.inner[*n] {
            Node::Sector(_) => ("([", "])"),
            Node::Body(_) => ("[/", "\\]"),
            Node::Article(..) => (">", "]"),
            Node::Dangling(_) | Node::Invalid(_) => ("{{", "}}"),
            _ => ("[", "]"),
        };
        let _ = writeln!(out, "  {}{open}{text}{close}", key(*n));
    }
    for (a, b, kind) in &d.edges {
        let arrow = match kind {
            Edge::Leads => "==>",
            Edge::Supports | Edge::SupportsWork | Edge::Reaches => "-.->",
            _ => "-->",
        };
        let _ = writeln!(out, "  {} {arrow}|{}| {}", key(*a), kind.name(), key(*b));
    }
    out
}
