//! Where the nodes of a net stand: layers from left to right, each centred.

use crate::page::Node;
pub use crate::render::layers::Edge;
use crate::render::layers::{Slot, order};

/// Pixels: a box, the gap between layers, the place of a bend.
pub const BOX: (usize, usize) = (156, 40);
/// Between two layers.
pub const GAP: usize = 58;
/// Between two boxes of a layer.
const BETWEEN: usize = 12;
const BEND: usize = 8;

/// A laid-out net.
pub struct Laid {
    /// Left and upper corner of each node's box.
    pub nodes: Vec<(usize, usize)>,
    /// Heights at which each link passes the layers between its ends: left edge, middle.
    pub bends: Vec<Vec<(usize, usize)>>,
    /// Size of the whole.
    pub size: (usize, usize),
}

/// Corners and heights, each layer centred.
pub fn place(nodes: &[Node], edges: &[Edge]) -> Laid {
    let slots = order(nodes, edges);
    let high = |s: &Slot| if matches!(s, Slot::Node(_)) { BOX.1 } else { BEND };
    let tall = |l: &Vec<Slot>| l.iter().map(|s| high(s) + BETWEEN).sum::<usize>();
    let whole = slots.iter().map(tall).max().unwrap_or(0);
    let mut laid = Laid { nodes: vec![(0, 0); nodes.len()], bends: vec![Vec::new(); edges.len()], size: (0, whole) };
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
