//! Who waits for whom: boxes in layers from left to right, with arrows between them.

use super::super::flow::{Align, Flow, Lines};
use super::super::fonts::Role;
use super::super::sheet::*;
use super::ink::{Key, dash, keys, outline};
use crate::page::Node;

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
pub fn height(flow: &Flow, nodes: &[Node], edges: &[Edge]) -> Option<f32> {
    let placed = place(flow, nodes)?;
    let bottom = placed.iter().map(|p| p.at[1] + p.at[3]).fold(0.0, f32::max);
    let sound = edges.iter().all(|e| e.0 < nodes.len() && e.1 < nodes.len());
    (sound && bottom + 30.0 * MM <= BOTTOM - TOP).then_some(bottom)
}

/// Draws it at the pen.
pub fn draw(flow: &mut Flow, nodes: &[Node], edges: &[Edge], node: usize) {
    let mut words: Vec<&str> = edges.iter().map(|e| e.2.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    keys(flow, words.iter().enumerate().map(|(i, w)| (Key::Line(GREY, dash(i)), *w)).collect(), node);
    let Some(placed) = place(flow, nodes) else { return };
    let top = flow.y;
    for (from, to, word) in edges {
        let kind = words.binary_search(&word.as_str()).unwrap_or(0);
        arrow(flow, placed[*from].at, placed[*to].at, top, dash(kind), node);
    }
    let mut bottom = top;
    for (n, p) in nodes.iter().zip(&placed) {
        let [x, y, width, tall] = p.at;
        bottom = bottom.max(top + y + tall);
        draw_box(flow, n, p, [x, top + y, width, tall], node);
    }
    flow.y = bottom + MM;
}

/// Boxes of a layer stand below each other; layers share the width.
fn place(flow: &Flow, nodes: &[Node]) -> Option<Vec<Placed>> {
    let layers = nodes.iter().map(|n| n.layer + 1).max()?;
    let pitch = USABLE / layers as f32;
    if pitch < LAYER {
        return None;
    }
    let width = (pitch - 14.0 * MM).min(60.0 * MM).max(pitch * 0.55);
    let mut down = vec![0.0; layers];
    let place = |n: &Node| {
        let words =
            [flow.fitted(&n.label, Role::Head, 9.0, width - 3.0 * MM), flow.lines(&n.title, Role::Body, 8.0, width - 3.0 * MM, 0.0)];
        let tall = words.iter().map(Lines::height).sum::<f32>() + 2.0 * MM;
        let y = down[n.layer];
        down[n.layer] += tall + GAP;
        Placed { words, at: [LEFT + pitch * n.layer as f32, y, width, tall] }
    };
    Some(nodes.iter().map(place).collect())
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
        outline(flow, [x, y, width, tall], node);
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

/// From the right of a box to the left of another, as a bow where they do not face.
fn arrow(flow: &mut Flow, from: [f32; 4], to: [f32; 4], top: f32, dash: f32, node: usize) {
    let a = (from[0] + from[2], top + from[1] + from[3] / 2.0);
    let b = (to[0], top + to[1] + to[3] / 2.0);
    let head = 2.0 * MM;
    let bend = ((b.0 - a.0) / 2.0).abs().max(8.0 * MM);
    let (c, d, e) = ((a.0 + bend, a.1), (b.0 - head - bend, b.1), (b.0 - head, b.1));
    let at = |t: f32| {
        let (u, k) = (1.0 - t, [(1.0 - t).powi(3), 3.0 * (1.0 - t).powi(2) * t, 3.0 * (1.0 - t) * t * t, t.powi(3)]);
        let _ = u;
        (k[0] * a.0 + k[1] * c.0 + k[2] * d.0 + k[3] * e.0, k[0] * a.1 + k[1] * c.1 + k[2] * d.1 + k[3] * e.1)
    };
    let points = (0..=16).map(|i| at(i as f32 / 16.0)).collect();
    flow.put(Some(node), What::Stroke(points, GREY, 0.8, dash));
    flow.put(Some(node), What::Area(vec![b, (b.0 - head, b.1 - 0.8 * MM), (b.0 - head, b.1 + 0.8 * MM)], GREY));
}
