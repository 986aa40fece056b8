//! The dependency picture of a department: what its items require, and what requires them.

use super::ask::Ask;
use crate::model::{NeedKind, Term, terms as t};
use crate::page::{Block, Chart, Node, Shape};
use crate::report::rows::tone;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The `requires` links of some obligations, both ways; `None` where there is none.
pub fn picture(ask: &Ask, mine: &BTreeSet<usize>, cards: &BTreeSet<usize>) -> Option<Block> {
    let r = &ask.s.register;
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for (ob, o) in r.obligations.iter().enumerate() {
        for need in o.needs.iter().filter(|n| n.kind == NeedKind::Requires) {
            let Some(before) = r.obligation_index.get(need.on.as_str()).map(|i| *i as usize) else { continue };
            if mine.contains(&ob) || mine.contains(&before) {
                edges.push((before, ob));
            }
        }
    }
    edges.sort_unstable();
    edges.dedup();
    let layers = layers(&edges);
    if edges.is_empty() {
        return None;
    }
    let order: Vec<usize> = layers.keys().copied().collect();
    let at: BTreeMap<usize, usize> = order.iter().enumerate().map(|(i, ob)| (*ob, i)).collect();
    let nodes: Vec<Node> = order.iter().map(|ob| node(ask, *ob, layers[ob], mine.contains(ob), cards.contains(ob))).collect();
    let word = NeedKind::Requires.term().say(ask.lang).into_owned();
    let open = edges.iter().filter(|(a, _)| !ask.s.folded.obligations[*a].0.finished()).count();
    let said = ask.say(
        format!("前置关系 {} 条，其中前置未完成的 {open} 条；箭头由前置指向后续，虚线框为其他单位的事项。", edges.len()),
        format!("{} links, {open} of them with an unfinished prerequisite; arrows lead from the prerequisite, other departments' items have dashed frames.", edges.len()),
    );
    let edges = edges.into_iter().map(|(a, b)| (at[&a], at[&b], word.clone())).collect();
    let title = Term("前置关系图", "Dependencies").say(ask.lang).into_owned();
    let over = t::ID.say(ask.lang).into_owned();
    Some(Block::Chart(Chart { key: "dependencies".into(), title, said, over, shape: Shape::Net { nodes, edges } }))
}

fn node(ask: &Ask, ob: usize, layer: usize, mine: bool, card: bool) -> Node {
    let o = &ask.s.register.obligations[ob];
    Node {
        label: o.id.to_string(),
        title: o.title.say(ask.lang).into_owned(),
        layer,
        tone: Some(tone(ask.s.folded.obligations[ob].1)),
        anchor: card.then(|| o.id.to_string()),
        outside: !mine,
    }
}

/// Longest way from a beginning; what stands in a ring keeps the layer reached before it.
fn layers(edges: &[(usize, usize)]) -> BTreeMap<usize, usize> {
    let mut layer: BTreeMap<usize, usize> = edges.iter().flat_map(|(a, b)| [(*a, 0), (*b, 0)]).collect();
    let mut open: BTreeMap<usize, usize> = layer.keys().map(|n| (*n, 0)).collect();
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (a, b) in edges {
        *open.entry(*b).or_default() += 1;
        next.entry(*a).or_default().push(*b);
    }
    let mut queue: VecDeque<usize> = open.iter().filter(|(_, n)| **n == 0).map(|(ob, _)| *ob).collect();
    while let Some(a) = queue.pop_front() {
        for b in next.get(&a).into_iter().flatten() {
            let far = layer[&a] + 1;
            layer.entry(*b).and_modify(|l| *l = far.max(*l));
            let left = open.entry(*b).and_modify(|n| *n -= 1).or_default();
            if *left == 0 {
                queue.push_back(*b);
            }
        }
    }
    layer
}
