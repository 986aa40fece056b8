//! Questions to the graph.

use super::build::{Edge, Graph, Node};
use petgraph::Direction::{Incoming, Outgoing};
// Kosaraju's walk is iterative; Tarjan's recursion overflowed the stack at 100,000 in a ring.
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

impl Graph {
    /// All cycles at once: every group of obligations that need each other in a ring,
    /// by one run of strongly connected components. Each group comes as one ring to
    /// print, starting with its first obligation.
    pub fn cycles(&self) -> Vec<Vec<u32>> {
        let mut sub: DiGraph<NodeIndex, ()> = DiGraph::new();
        let mut to_sub: HashMap<NodeIndex, NodeIndex> = HashMap::new();
        for e in self.inner.edge_references().filter(|e| e.weight().is_need()) {
            let mut at = |n| *to_sub.entry(n).or_insert_with(|| sub.add_node(n));
            let (a, b) = (at(e.source()), at(e.target()));
            sub.add_edge(a, b, ());
        }
        let mut found: Vec<Vec<u32>> = Vec::new();
        for group in kosaraju_scc(&sub) {
            let inside: HashSet<NodeIndex> = group.iter().copied().collect();
            if group.len() > 1 || sub.contains_edge(group[0], group[0]) {
                let start = group.iter().copied().min_by_key(|n| self.obligation(sub[*n])).expect("a group has members");
                found.push(ring(&sub, &inside, start).into_iter().filter_map(|n| self.obligation(sub[n])).collect());
            }
        }
        found.sort();
        found
    }

    fn obligation(&self, node: NodeIndex) -> Option<u32> {
        match self.inner[node] {
            Node::Obligation(i) => Some(i),
            _ => None,
        }
    }

    /// What waits for an obligation, directly or through others: index → distance and
    /// the kind of the first link.
    pub fn waiting_for(&self, id: &str, kinds: &[Edge]) -> BTreeMap<u32, (u32, Edge)> {
        let mut found = BTreeMap::new();
        let Some(start) = self.index.get(id) else { return found };
        let mut queue = VecDeque::from([(*start, 0u32, None)]);
        let mut seen = HashSet::from([*start]);
        while let Some((node, depth, first)) = queue.pop_front() {
            for e in self.inner.edges_directed(node, Incoming).filter(|e| kinds.contains(e.weight())) {
                let first = first.unwrap_or(*e.weight());
                if seen.insert(e.source()) {
                    if let Some(i) = self.obligation(e.source()) {
                        found.insert(i, (depth + 1, first));
                    }
                    queue.push_back((e.source(), depth + 1, Some(first)));
                }
            }
        }
        found
    }

    /// What needs one of the roots, to so many links down: index → the nearest root, and the
    /// obligation through which it is reached. The roots are no part of it. One walk for all.
    pub fn downstream(&self, roots: &BTreeSet<u32>, depth: u32) -> BTreeMap<u32, (u32, u32)> {
        let mut found = BTreeMap::new();
        let nodes = self.inner.node_indices().filter_map(|n| Some((self.obligation(n).filter(|i| roots.contains(i))?, n)));
        let mut queue: VecDeque<(u32, NodeIndex, u32)> = nodes.map(|(i, n)| (i, n, 0)).collect();
        while let Some((root, node, far)) = queue.pop_front() {
            let Some(here) = self.obligation(node).filter(|_| far < depth) else { continue };
            let mut above: Vec<(u32, NodeIndex)> = self
                .inner
                .edges_directed(node, Incoming)
                .filter(|e| e.weight().is_need())
                .filter_map(|e| Some((self.obligation(e.source())?, e.source())))
                .collect();
            above.sort_unstable();
            for (i, n) in above {
                if !roots.contains(&i) && !found.contains_key(&i) {
                    found.insert(i, (root, here));
                    queue.push_back((root, n, far + 1));
                }
            }
        }
        found
    }

    /// The longest chain of unfinished prerequisites behind an obligation, nearest first.
    /// Rings are cut where they close, so the answer always ends.
    pub fn longest_chain(&self, id: &str, unfinished: &dyn Fn(u32) -> bool) -> Vec<u32> {
        let Some(start) = self.index.get(id) else { return Vec::new() };
        let mut best: HashMap<NodeIndex, (u32, Option<NodeIndex>)> = HashMap::new();
        let mut open: HashSet<NodeIndex> = HashSet::new();
        let mut stack = vec![(*start, false)];
        while let Some((node, back)) = stack.pop() {
            let next: Vec<NodeIndex> = self
                .inner
                .edges_directed(node, Outgoing)
                .filter(|e| *e.weight() == Edge::Requires)
                .map(|e| e.target())
                .filter(|n| self.obligation(*n).is_some_and(unfinished))
                .collect();
            if back {
                open.remove(&node);
                let far =
                    next.iter().filter_map(|n| best.get(n).map(|(len, _)| (*len + 1, std::cmp::Reverse(self.obligation(*n)), *n))).max();
                best.insert(node, far.map_or((0, None), |(len, _, n)| (len, Some(n))));
            } else if !best.contains_key(&node) && open.insert(node) {
                stack.push((node, true));
                stack.extend(next.into_iter().filter(|n| !open.contains(n)).map(|n| (n, false)));
            }
        }
        let mut chain = Vec::new();
        let mut at = best.get(start).and_then(|b| b.1);
        while let Some(node) = at {
            chain.extend(self.obligation(node));
            at = best.get(&node).and_then(|b| b.1).filter(|_| chain.len() < self.inner.node_count());
        }
        chain
    }

    /// Departments that neither lead nor support, and obligations that no other links to.
    pub fn orphans(&self) -> Vec<NodeIndex> {
        self.inner
            .node_indices()
            .filter(|n| match self.inner[*n] {
                Node::Body(_) => !self.inner.edges_directed(*n, Outgoing).any(|e| matches!(e.weight(), Edge::Leads | Edge::Supports)),
                Node::Obligation(_) => {
                    !self.inner.edges_directed(*n, Incoming).chain(self.inner.edges_directed(*n, Outgoing)).any(|e| e.weight().is_need())
                }
                _ => false,
            })
            .collect()
    }

    /// References that lead nowhere.
    pub fn dangling(&self) -> Vec<NodeIndex> {
        self.inner.node_indices().filter(|n| matches!(self.inner[*n], Node::Dangling(_))).collect()
    }
}

/// One ring through `start` inside a strongly connected group: the shortest, by breadth.
fn ring(g: &DiGraph<NodeIndex, ()>, inside: &HashSet<NodeIndex>, start: NodeIndex) -> Vec<NodeIndex> {
    let mut from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in g.neighbors(node).filter(|n| inside.contains(n)) {
            if next == start {
                let mut path = vec![node];
                while *path.last().expect("not empty") != start {
                    path.push(from[path.last().expect("not empty")]);
                }
                path.reverse();
                return path;
            }
            if next != start && !from.contains_key(&next) {
                from.insert(next, node);
                queue.push_back(next);
            }
        }
    }
    vec![start]
}
