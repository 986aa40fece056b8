//! Where the nodes of a net stand: layers from left to right, in each an order with few
//! crossings, links over several layers led between the boxes.
//!
//! Layers come with the nodes. Four sweeps put every node near the mean of its neighbours;
//! links that jump over layers have a bend in each of them, which takes a thin place of its
//! own. Equal nets give equal pictures: nothing is drawn by lot.

use crate::page::Node;
use std::collections::HashMap;

/// From, to, and the word of the link.
pub type Edge = (usize, usize, String);

/// Pixels: a box, the gap between layers, the place of a bend.
pub const BOX: (usize, usize) = (156, 40);
/// Between two layers.
pub const GAP: usize = 58;
/// Between two boxes of a layer.
const BETWEEN: usize = 12;
const BEND: usize = 8;

/// What stands in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Slot {
    Node(usize),
    /// Of the link with this number.
    Bend(usize),
}

/// A laid-out net.
pub struct Laid {
    /// Left and upper corner of each node's box.
    pub nodes: Vec<(usize, usize)>,
    /// Heights at which each link passes the layers between its ends: left edge, middle.
    pub bends: Vec<Vec<(usize, usize)>>,
    /// Size of the whole.
    pub size: (usize, usize),
}

/// Lays out nodes and links.
pub fn order(nodes: &[Node], edges: &[Edge]) -> Laid {
    let layers = self::layers(nodes);
    let count = layers.iter().max().map_or(0, |m| m + 1);
    let mut slots: Vec<Vec<Slot>> = vec![Vec::new(); count];
    layers.iter().enumerate().for_each(|(n, l)| slots[*l].push(Slot::Node(n)));
    for (e, (a, b, _)) in edges.iter().enumerate() {
        (layers[*a] + 1..layers[*b].max(layers[*a] + 1)).for_each(|l| slots[l].push(Slot::Bend(e)));
    }
    for sweep in 0..4 {
        let way: Vec<usize> = if sweep % 2 == 0 { (1..count).collect() } else { (0..count.saturating_sub(1)).rev().collect() };
        for l in way {
            let beside = if sweep % 2 == 0 { l - 1 } else { l + 1 };
            sort(&mut slots, &layers, l, beside, edges);
        }
    }
    place(&slots, nodes.len(), edges.len())
}

/// Layers without gaps, whatever numbers they came with.
fn layers(nodes: &[Node]) -> Vec<usize> {
    let mut known: Vec<usize> = nodes.iter().map(|n| n.layer).collect();
    known.sort_unstable();
    known.dedup();
    nodes.iter().map(|n| known.partition_point(|l| *l < n.layer)).collect()
}

/// Sorts a layer by the mean place of the neighbours in the layer beside it; who has none
/// stays where it is.
fn sort(slots: &mut [Vec<Slot>], layers: &[usize], layer: usize, beside: usize, edges: &[Edge]) {
    let places: HashMap<Slot, usize> = slots[beside].iter().enumerate().map(|(i, s)| (*s, i)).collect();
    let mut near: HashMap<Slot, (usize, usize)> = HashMap::new();
    for (e, edge) in edges.iter().enumerate() {
        if let (Some(here), Some(there)) = (touch(e, edge, layers, layer), touch(e, edge, layers, beside)) {
            let sum = near.entry(here).or_default();
            *sum = (sum.0 + places[&there], sum.1 + 1);
        }
    }
    let (length, own) = (slots[beside].len().max(1) as f64, slots[layer].len().max(1) as f64);
    let mean = |i: usize, s: &Slot| match near.get(s) {
        Some((sum, n)) => (*sum as f64 / *n as f64 + 0.5) / length,
        None => (i as f64 + 0.5) / own,
    };
    let mut keyed: Vec<(f64, Slot)> = slots[layer].iter().enumerate().map(|(i, s)| (mean(i, s), *s)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    slots[layer] = keyed.into_iter().map(|k| k.1).collect();
}

/// Where a link that goes forward touches a layer.
fn touch(e: usize, (a, b, _): &Edge, layers: &[usize], layer: usize) -> Option<Slot> {
    match (layers[*a], layers[*b]) {
        (from, to) if from >= to || layer < from || layer > to => None,
        (from, _) if layer == from => Some(Slot::Node(*a)),
        (_, to) if layer == to => Some(Slot::Node(*b)),
        _ => Some(Slot::Bend(e)),
    }
}

/// Corners and heights, each layer centred.
fn place(slots: &[Vec<Slot>], nodes: usize, edges: usize) -> Laid {
    let high = |s: &Slot| if matches!(s, Slot::Node(_)) { BOX.1 } else { BEND };
    let tall = |l: &Vec<Slot>| l.iter().map(|s| high(s) + BETWEEN).sum::<usize>();
    let whole = slots.iter().map(tall).max().unwrap_or(0);
    let mut laid = Laid { nodes: vec![(0, 0); nodes], bends: vec![Vec::new(); edges], size: (0, whole) };
    for (l, layer) in slots.iter().enumerate() {
        let x = l * (BOX.0 + GAP);
        let mut y = (whole - tall(layer)) / 2 + BETWEEN / 2;
        for slot in layer {
            match slot {
                Slot::Node(n) => laid.nodes[*n] = (x, y),
                Slot::Bend(e) => laid.bends[*e].push((x, y + BEND / 2)),
            }
            y += high(slot) + BETWEEN;
        }
        laid.size.0 = x + BOX.0;
    }
    laid
}
