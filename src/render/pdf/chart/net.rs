//! Who waits for whom: boxes in layers from left to right, with arrows between them; an arrow
//! over several layers passes between their boxes.

use super::super::flow::{Align, Flow, Lines};
use super::super::fonts::Role;
use super::super::sheet::*;
use super::ink::{Key, dash, keys, outline, word};
use crate::page::{Node, Page};
use crate::render::layers::{Edge, Slot, order};

/// Space between two boxes of a layer.
const GAP: f32 = 3.0 * MM;
/// Least width of a layer; with more layers than fit, there is no picture.
const LAYER: f32 = 36.0 * MM;
const GREY: Rgb = [90, 90, 90];

/// Room of an arrow that passes between two boxes, with the space below it.
const BEND: f32 = 2.0 * MM;
/// Heading, keys and words around the picture.
const AROUND: f32 = 28.0 * MM;

/// A box: its words, where it stands.
struct Placed {
    words: [Lines; 2],
    at: [f32; 4],
}

/// Boxes, and where each arrow passes the layers between its ends: left and height.
struct Laid {
    boxes: Vec<Placed>,
    bends: Vec<Vec<(f32, f32)>>,
    tall: f32,
}

/// How tall the picture is; `None` where it does not fit one sheet.
pub fn height(flow: &Flow, nodes: &[Node], edges: &[Edge], page: &Page) -> Option<f32> {
    let sound = edges.iter().all(|e| e.0 < nodes.len() && e.1 < nodes.len());
    let tall = sound.then(|| place(flow, nodes, edges, page))??.tall;
    let below = if edges.iter().any(|e| nodes[e.0].layer >= nodes[e.1].layer) { 10.0 * MM } else { MM };
    (tall + below + AROUND <= BOTTOM - TOP).then_some(tall + below)
}

/// Draws it at the pen.
pub fn draw(flow: &mut Flow, nodes: &[Node], edges: &[Edge], page: &Page, node: usize) {
    let mut words: Vec<&str> = edges.iter().map(|e| e.2.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    keys(flow, words.iter().enumerate().map(|(i, w)| (Key::Line(GREY, dash(i)), *w)).collect(), Some(node));
    let Some(laid) = place(flow, nodes, edges, page) else { return };
    let top = flow.y;
    for ((from, to, word), bends) in edges.iter().zip(&laid.bends) {
        let kind = words.binary_search(&word.as_str()).unwrap_or(0);
        arrow(flow, [laid.boxes[*from].at, laid.boxes[*to].at], bends, top, dash(kind), node);
    }
    let back = edges.iter().any(|e| nodes[e.0].layer >= nodes[e.1].layer);
    for (n, p) in nodes.iter().zip(&laid.boxes) {
        let [x, y, width, tall] = p.at;
        draw_box(flow, n, p, [x, top + y, width, tall], node);
    }
    flow.y = top + laid.tall + if back { 10.0 * MM } else { MM };
}

/// Boxes of a layer stand below each other, each layer in the middle of the height; layers
/// share the width.
fn place(flow: &Flow, nodes: &[Node], edges: &[Edge], page: &Page) -> Option<Laid> {
    let layers = order(nodes, edges);
    let pitch = flow.width / layers.len().max(1) as f32;
    if layers.is_empty() || pitch < LAYER {
        return None;
    }
    let width = (pitch - 14.0 * MM).min(60.0 * MM).max(pitch * 0.55);
    let boxed = |n: &Node| {
        let words =
            [flow.fitted(&label(n, page), Role::Head, 9.0, width - 3.0 * MM), flow.lines(&n.title, Role::Body, 8.0, width - 3.0 * MM, 0.0)];
        let tall = words.iter().map(Lines::height).sum::<f32>() + 2.0 * MM;
        Placed { words, at: [0.0, 0.0, width, tall] }
    };
    let mut boxes: Vec<Placed> = nodes.iter().map(boxed).collect();
    let mut bends = vec![Vec::new(); edges.len()];
    let high = |boxes: &[Placed], slot: &Slot| if let Slot::Node(n) = slot { boxes[*n].at[3] + GAP } else { BEND };
    let sum = |layer: &Vec<Slot>| layer.iter().map(|s| high(&boxes, s)).sum::<f32>();
    let tops: Vec<f32> = layers.iter().map(sum).collect();
    let tall = tops.iter().copied().fold(0.0, f32::max);
    for (l, layer) in layers.iter().enumerate() {
        let (x, mut y) = (flow.left + pitch * l as f32, (tall - tops[l]) / 2.0);
        for slot in layer {
            let height = high(&boxes, slot);
            match slot {
                Slot::Node(n) => [boxes[*n].at[0], boxes[*n].at[1]] = [x, y],
                Slot::Bend(e) => bends[*e].push((x, y)),
            }
            y += height;
        }
    }
    Some(Laid { boxes, bends, tall })
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

/// From the right of a box to the left of another, past the boxes between them; from below to
/// below where the other is not further right (a circle).
fn arrow(flow: &mut Flow, [from, to]: [[f32; 4]; 2], bends: &[(f32, f32)], top: f32, dash: f32, node: usize) {
    const HEAD: f32 = 2.0 * MM;
    let side = |[x, y, w, h]: [f32; 4], at: (f32, f32)| (x + w * at.0, top + y + h * at.1);
    let (points, head) = if to[0] > from[0] {
        let (a, b) = (side(from, (1.0, 0.5)), side(to, (0.0, 0.5)));
        let mut points = vec![a];
        for (x, y) in bends {
            swing(&mut points, (*x, top + y));
            points.push((x + from[2], top + y));
        }
        swing(&mut points, (b.0 - HEAD, b.1));
        (points, [b, (b.0 - HEAD, b.1 - 0.8 * MM), (b.0 - HEAD, b.1 + 0.8 * MM)])
    } else {
        let (a, b) = (side(from, (0.6, 1.0)), side(to, (0.4, 1.0)));
        let e = (b.0, b.1 + HEAD);
        let bow = [a, (a.0, a.1 + 8.0 * MM), (e.0, e.1 + 8.0 * MM), e];
        ((0..=20).map(|i| on(bow, i as f32 / 20.0)).collect(), [b, (b.0 - 0.8 * MM, e.1), (b.0 + 0.8 * MM, e.1)])
    };
    flow.put(Some(node), What::Stroke(points, GREY, 0.8, dash));
    flow.put(Some(node), What::Area(head.to_vec(), GREY));
}

/// On from the last point, leaving and arriving level.
fn swing(points: &mut Vec<(f32, f32)>, to: (f32, f32)) {
    let from = points.last().copied().unwrap_or(to);
    let bend = (to.0 - from.0) / 2.0;
    let bow = [from, (from.0 + bend, from.1), (to.0 - bend, to.1), to];
    points.extend((1..=20).map(|i| on(bow, i as f32 / 20.0)));
}

/// The point of a cubic bow at `t`.
fn on(bow: [(f32, f32); 4], t: f32) -> (f32, f32) {
    let u = 1.0 - t;
    let share = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
    let sum = |of: fn(&(f32, f32)) -> f32| bow.iter().zip(share).map(|(p, k)| of(p) * k).sum();
    (sum(|p| p.0), sum(|p| p.1))
}
