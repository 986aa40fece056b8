//! Who waits for whom: boxes in layers, arrows from what comes first. A picture of fixed
//! size that scrolls where it does not fit; the links of the boxes stand in the table too.

use super::order::{BOX, Edge, GAP, Laid, place};
use super::parts::{fit, named};
use super::tint;
use crate::page::{Chart, Node};
use crate::render::html::ids::Ids;
use crate::render::html::said::Line;
use maud::{Markup, html};

/// Room around the picture, for links that go backwards.
const EDGE: usize = 28;

/// The words of the links, in order of their first use: each has its dashes.
pub fn kinds(edges: &[Edge]) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for (_, _, word) in edges {
        if !out.contains(&word.as_str()) {
            out.push(word);
        }
    }
    out
}

/// The picture.
pub fn net(c: &Chart, nodes: &[Node], edges: &[Edge], number: usize, ids: &Ids) -> Markup {
    let laid = place(nodes, edges);
    let kinds = kinds(edges);
    let names = named(number, 0, &c.title, &c.said);
    let (w, h) = (laid.size.0 + 2 * EDGE, laid.size.1 + 2 * EDGE);
    html! {
        div.sc tabindex="0" role="group" aria-label=(Line(&c.title)) {
            div {
                svg.net role="img" aria-labelledby=(names.by) width=(w) height=(h) viewBox={ "0 0 " (w) " " (h) } {
                    (names.elements)
                    g transform={ "translate(" (EDGE) " " (EDGE) ")" } {
                        @for (e, edge) in edges.iter().enumerate() { (arrow(e, edge, &laid, kinds.iter().position(|k| *k == edge.2).unwrap_or(0))) }
                        @for (node, at) in nodes.iter().zip(&laid.nodes) { (boxed(node, *at, ids.leads(node.anchor.as_deref(), &node.label).is_some())) }
                    }
                }
                (links(nodes, &laid, ids, (w, h)))
            }
        }
    }
}

/// The links of the boxes, a sheet of glass over the picture: a picture with a name may not
/// hold links. The keyboard and the ear find the same ones in the table.
fn links(nodes: &[Node], laid: &Laid, ids: &Ids, (w, h): (usize, usize)) -> Markup {
    let linked = nodes.iter().zip(&laid.nodes).filter_map(|(n, at)| Some((n, at, ids.leads(n.anchor.as_deref(), &n.label)?)));
    let all: Vec<_> = linked.collect();
    html! {
        @if !all.is_empty() {
            svg.over aria-hidden="true" width=(w) height=(h) {
                @for (node, (x, y), to) in all {
                    a href=(Line(&to)) tabindex="-1" {
                        rect x=(x + EDGE) y=(y + EDGE) width=(BOX.0) height=(BOX.1) { title { (Line(&node.label)) " " (Line(&node.title)) } }
                    }
                }
            }
        }
    }
}

fn boxed(node: &Node, (x, y): (usize, usize), linked: bool) -> Markup {
    let class = format!("bx {}{}{}", tint(node.tone), if node.outside { " out" } else { "" }, if linked { " to" } else { "" });
    html! {
        g class=(class) {
            title { (Line(&node.label)) " " (Line(&node.title)) }
            rect x=(x) y=(y) width=(BOX.0) height=(BOX.1) {}
            @if node.tone.is_some() { rect.tn x=(x) y=(y) width="6" height=(BOX.1) {} }
            text.lb x=(x + 13) y=(y + 16) { (Line(&fit(&node.label, 20))) }
            text.sm x=(x + 13) y=(y + 32) { (Line(&fit(&node.title, 24))) }
        }
    }
}

/// A link with its head: led through its bends, or round below where it does not go forward.
fn arrow(e: usize, (a, b, word): &Edge, laid: &Laid, kind: usize) -> Markup {
    let (from, to) = (laid.nodes[*a], laid.nodes[*b]);
    let start = (from.0 + BOX.0, from.1 + BOX.1 / 2);
    let end = (to.0.saturating_sub(7), to.1 + BOX.1 / 2);
    let way = if to.0 > from.0 {
        let mut way = format!("M{} {}", start.0, start.1);
        let mut at = start;
        for bend in laid.bends[e].iter().copied().chain([end]) {
            let half = GAP / 2;
            way += &format!("C{} {} {} {} {} {}", at.0 + half, at.1, bend.0.saturating_sub(half), bend.1, bend.0, bend.1);
            at = (bend.0 + BOX.0, bend.1);
            if bend != end {
                way += &format!("H{}", at.0);
            }
        }
        way
    } else {
        let low = from.1.max(to.1) + BOX.1 + 9;
        format!("M{} {}C{} {low} {} {low} {} {}", start.0, start.1, start.0 + 40, i64::try_from(end.0).unwrap_or(0) - 46, end.0, end.1)
    };
    html! {
        path class={ "ar d" (kind % 4) } d=(way) { title { (Line(word)) } }
        path.hd d={ "M" (end.0) " " (end.1 - 4) "l7 4l-7 4z" } {}
    }
}
