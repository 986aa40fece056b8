//! Who waits for whom: boxes in layers from left to right, with arrows between them.

use super::super::flow::{Align, Flow, Lines};
use super::super::fonts::Role;
use super::super::sheet::*;
use super::ink::{Key, dash, keys, outline, word};
use crate::page::{Node, Page};

/// Space between two boxes of a layer.
const GAP: f32 = 3.0 * MM;
/// Least width of a layer; with more layers than fit, there is no picture.
const LAYER: f32 = 36.0 * MM;
const GREY: Rgb = [90, 90, 90];

/// From, to, and the word of the link.
type Edge = (usize, usize, String);

/// A box: its words, where it stands.
struct Placed {
    words: [Lines; 2],
    at: [f32; 4],
}

/// How tall the picture is; `None` where it does not fit one sheet.
pub fn height(flow: &Flow, nodes: &[Node], edges: &[Edge], page: &Page) -> Option<f32> {
    let placed = place(flow, nodes, page)?;
    let bottom = placed.iter().map(|p| p.at[1] + p.at[3]).fold(0.0, f32::max);
    let sound = edges.iter().all(|e| e.0 < nodes.len() && e.1 < nodes.len());
    (sound && bottom + 40.0 * MM <= BOTTOM - TOP).then_some(bottom + 10.0 * MM)
}

/// Draws it at the pen.
pub fn draw(flow: &mut Flow, nodes: &[Node], edges: &[Edge], page: &Page, node: usize) {
    let mut words: Vec<&str> = edges.iter().map(|e| e.2.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    keys(flow, words.iter().enumerate().map(|(i, w)| (Key::Line(GREY, dash(i)), *w)).collect(), Some(node));
    let Some(placed) = place(flow, nodes, page) else { return };
    let top = flow.y;
    for (from, to, word) in edges {
        let kind = words.binary_search(&word.as_str()).unwrap_or(0);
        arrow(flow, placed[*from].at, placed[*to].at, top, dash(kind), node);
    }
    let far = edges.iter().any(|e| nodes[e.0].layer + 1 != nodes[e.1].layer);
    let mut bottom = top;
    for (n, p) in nodes.iter().zip(&placed) {
        let [x, y, width, tall] = p.at;
        bottom = bottom.max(top + y + tall);
        draw_box(flow, n, p, [x, top + y, width, tall], node);
    }
    flow.y = bottom + if far { 10.0 * MM } else { MM };
}

/// Boxes of a layer stand below each other; layers share the width.
fn place(flow: &Flow, nodes: &[Node], page: &Page) -> Option<Vec<Placed>> {
    let layers = nodes.iter().map(|n| n.layer + 1).max()?;
    let pitch = flow.width / layers as f32;
    if pitch < LAYER {
        return None;
    }
    let width = (pitch - 14.0 * MM).min(60.0 * MM).max(pitch * 0.55);
    let mut down = vec![0.0; layers];
    let place = |n: &Node| {
        let words =
            [flow.fitted(&label(n, page), Role::Head, 9.0, width - 3.0 * MM), flow.lines(&n.title, Role::Body, 8.0, width - 3.0 * MM, 0.0)];
        let tall = words.iter().map(Lines::height).sum::<f32>() + 2.0 * MM;
        let y = down[n.layer];
        down[n.layer] += tall + GAP;
        Placed { words, at: [flow.left + pitch * n.layer as f32, y, width, tall] }
    };
    Some(nodes.iter().map(place).collect())
}

/// The id, with the word of its light.
fn label(n: &Node, page: &Page) -> String {
    n.tone.map_or(n.label.clone(), |t| format!("{} {}", n.label, word(page, t)))
}

/// Other departments' boxes have dashed rules; a light is a strip at the left.
fn draw_box(flow: &mut Flow, n: &Node, p: &Placed, [x, y, width, tall]: [f32; 4], node: usize) {
    flow.fill([x, y, width, tall], [255, 255, 255], Some(node));
    if let Some(tone) = n.tone {
        flow.fill([x, y, 1.6 * MM, tall], pale(tone), Some(node));
    }
    if n.outside {
        let corners = vec![(x, y), (x + width, y), (x + width, y + tall), (x, y + tall), (x, y)];
        flow.put(Some(node), What::Stroke(corners, GREY, 0.5, 2.0));
    } else {
        outline(flow, [x, y, width, tall], Some(node));
    }
    let mut part = node;
    if let Some(anchor) = &n.anchor {
        part = flow.tree.add(Some(node), Meaning::Link(n.label.clone()));
        flow.put(Some(part), What::Link([x, y, width, tall], anchor.as_str().into()));
    }
    let mut top = y + MM;
    for lines in &p.words {
        flow.draw(lines, 0..lines.lines.len(), [x + 2.4 * MM, top, width - 3.0 * MM], Align::Left, Some(part));
        top += lines.height();
    }
}

/// From the right of a box to the left of another, in a bow below what stands between them;
/// from below to below where the other is not further right (a circle).
fn arrow(flow: &mut Flow, from: [f32; 4], to: [f32; 4], top: f32, dash: f32, node: usize) {
    const HEAD: f32 = 2.0 * MM;
    let side = |[x, y, w, h]: [f32; 4], at: (f32, f32)| (x + w * at.0, top + y + h * at.1);
    let (bow, head) = if to[0] > from[0] {
        let (a, b) = (side(from, (1.0, 0.5)), side(to, (0.0, 0.5)));
        let e = (b.0 - HEAD, b.1);
        let sag = if to[0] > from[0] + 2.0 * from[2] { 17.0 * MM } else { 0.0 };
        let bend = (b.0 - a.0) / 2.0;
        ([a, (a.0 + bend, a.1 + sag), (e.0 - bend, e.1 + sag), e], [b, (e.0, e.1 - 0.8 * MM), (e.0, e.1 + 0.8 * MM)])
    } else {
        let (a, b) = (side(from, (0.6, 1.0)), side(to, (0.4, 1.0)));
        let e = (b.0, b.1 + HEAD);
        ([a, (a.0, a.1 + 8.0 * MM), (e.0, e.1 + 8.0 * MM), e], [b, (e.0 - 0.8 * MM, e.1), (e.0 + 0.8 * MM, e.1)])
    };
    let points = (0..=20).map(|i| on(bow, i as f32 / 20.0)).collect();
    flow.put(Some(node), What::Stroke(points, GREY, 0.8, dash));
    flow.put(Some(node), What::Area(head.to_vec(), GREY));
}

/// The point of a cubic bow at `t`.
fn on(bow: [(f32, f32); 4], t: f32) -> (f32, f32) {
    let u = 1.0 - t;
    let share = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
    let sum = |of: fn(&(f32, f32)) -> f32| bow.iter().zip(share).map(|(p, k)| of(p) * k).sum();
    (sum(|p| p.0), sum(|p| p.1))
}
