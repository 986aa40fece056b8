//! In what order the nodes of a net stand: layers from left to right, in each an order with few
//! crossings, links over several layers led between the boxes.
//!
//! Layers come with the nodes. Four sweeps put every node near the mean of its neighbours;
//! links that jump over layers have a bend in each of them, which takes a thin place of its
//! own. Equal nets give equal pictures: nothing is drawn by lot. How large a box is, and where
//! it stands, is for the renderer.

use crate::page::Node;
use std::collections::HashMap;

/// From, to, and the word of the link.
pub type Edge = (usize, usize, String);

/// What stands in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The node with this number.
    Node(usize),
    /// Where the link with this number passes.
    Bend(usize),
}

/// The layers of nodes and links, each from top to bottom.
pub fn order(nodes: &[Node], edges: &[Edge]) -> Vec<Vec<Slot>> {
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
    slots
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
