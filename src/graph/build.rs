//! Builds the graph from a register and its roster.

use crate::model::{NeedKind, Register, Roster};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::HashMap;

/// What a node is; the number is the index in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A policy.
    Policy(u32),
    /// A part, by its id.
    Part(String),
    /// An obligation.
    Obligation(u32),
    /// An obligation whose node could not be decoded.
    Invalid(String),
    /// A sector.
    Sector(u32),
    /// A department.
    Body(u32),
    /// An enterprise kind.
    Enterprise(u32),
    /// A user kind.
    User(u32),
    /// An article of a law: law, number.
    Article(u32, String),
    /// Named somewhere, but not there.
    Dangling(String),
}

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Policy → part → obligation.
    Contains,
    /// Obligation → its primary sector.
    InSector,
    /// Obligation → a sector that it reaches.
    Reaches,
    /// Department, enterprise or user kind → sector or parent.
    BelongsTo,
    /// Department → obligation.
    Leads,
    /// Department → obligation.
    Supports,
    /// Obligation → enterprise or user kind.
    Concerns,
    /// Obligation → the one that must be finished first.
    Requires,
    /// Obligation → the one that gives it input.
    Feeds,
    /// Obligation → the one that helps it.
    SupportsWork,
    /// Obligation → article.
    MapsTo,
}

impl Edge {
    /// All of them.
    pub const ALL: &'static [Edge] = &[
        Edge::Contains,
        Edge::InSector,
        Edge::Reaches,
        Edge::BelongsTo,
        Edge::Leads,
        Edge::Supports,
        Edge::Concerns,
        Edge::Requires,
        Edge::Feeds,
        Edge::SupportsWork,
        Edge::MapsTo,
    ];
    /// Its name in exports.
    pub fn name(self) -> &'static str {
        match self {
            Edge::Contains => "contains",
            Edge::InSector => "in-sector",
            Edge::Reaches => "reaches",
            Edge::BelongsTo => "belongs-to",
            Edge::Leads => "leads",
            Edge::Supports => "supports",
            Edge::Concerns => "concerns",
            Edge::Requires => "requires",
            Edge::Feeds => "feeds",
            Edge::SupportsWork => "supports-work",
            Edge::MapsTo => "maps-to",
        }
    }
    /// True for the three links between obligations.
    pub fn is_need(self) -> bool {
        matches!(self, Edge::Requires | Edge::Feeds | Edge::SupportsWork)
    }
}

impl From<NeedKind> for Edge {
    fn from(kind: NeedKind) -> Edge {
        match kind {
            NeedKind::Requires => Edge::Requires,
            NeedKind::Feeds => Edge::Feeds,
            NeedKind::Supports => Edge::SupportsWork,
        }
    }
}

/// The graph with the way from ids to nodes.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The graph itself.
    pub inner: DiGraph<Node, Edge>,
    /// Node by id: `OPN-3.18`, `DEP-NDRC`, `SEC-CRS`, `AFL:6`.
    pub index: HashMap<String, NodeIndex>,
}

impl Graph {
    /// Builds it.
    pub fn build(register: &Register, roster: &Roster) -> Graph {
        let mut g = Graph::default();
        for (i, s) in register.sectors.iter().enumerate() {
            g.node(s.id.as_str(), Node::Sector(i as u32));
        }
        for (i, b) in register.bodies.iter().enumerate() {
            let node = g.node(b.id.as_str(), Node::Body(i as u32));
            for id in b.ids() {
                g.index.insert(id.to_string(), node);
            }
        }
        for (i, e) in register.enterprises.iter().enumerate() {
            g.node(e.id.as_str(), Node::Enterprise(i as u32));
        }
        for (i, u) in register.users.iter().enumerate() {
            g.node(u.id.as_str(), Node::User(i as u32));
        }
        for (i, law) in register.laws.iter().enumerate() {
            for a in &law.articles {
                g.node(&format!("{}:{}", law.id, a.no.as_str()), Node::Article(i as u32, a.no.to_string()));
            }
        }
        g.belonging(register);
        g.obligations(register, roster);
        for row in &register.crosswalk {
            let from = g.to(row.duty.as_str());
            for link in &row.links {
                if let Some(article) = &link.article {
                    let to = g.to(&format!("{}:{}", link.law, article.as_str()));
                    g.inner.add_edge(from, to, Edge::MapsTo);
                }
            }
        }
        g
    }

    fn belonging(&mut self, register: &Register) {
        for body in &register.bodies {
            let from = self.to(body.id.as_str());
            if let Some(sector) = register.sector_of(body) {
                let to = self.to(sector.as_str());
                self.inner.add_edge(from, to, Edge::BelongsTo);
            }
        }
        for group in register.enterprises.iter().chain(&register.users) {
            let (from, to) = (self.to(group.id.as_str()), self.to(group.parent.as_str()));
            self.inner.add_edge(from, to, Edge::BelongsTo);
        }
    }

    fn obligations(&mut self, register: &Register, roster: &Roster) {
        for (i, p) in register.policies.iter().enumerate() {
            let policy = self.node(p.policy.code.as_str(), Node::Policy(i as u32));
            for part in &p.policy.parts {
                let part = self.node(part.id.as_str(), Node::Part(part.id.to_string()));
                self.inner.add_edge(policy, part, Edge::Contains);
            }
        }
        let nodes: Vec<NodeIndex> =
            register.obligations.iter().enumerate().map(|(i, o)| self.node(o.id.as_str(), Node::Obligation(i as u32))).collect();
        for bad in &register.invalid {
            if let Some(id) = &bad.id {
                self.node(id, Node::Invalid(id.clone()));
            }
        }
        let sectors: HashMap<String, String> = register.sectors.iter().map(|s| (s.code.to_string(), s.id.to_string())).collect();
        let sector = |code: &str| sectors.get(code).cloned().unwrap_or_else(|| code.to_string());
        for (i, (o, node)) in register.obligations.iter().zip(&nodes).enumerate() {
            let part = self.to(o.id.part());
            self.inner.add_edge(part, *node, Edge::Contains);
            let mut out: Vec<(String, Edge)> = Vec::new();
            out.extend(o.sector.iter().map(|s| (sector(s), Edge::InSector)));
            out.extend(o.reaches.iter().map(|s| (sector(s), Edge::Reaches)));
            out.extend(o.enterprises.iter().chain(&o.users).map(|k| (k.to_string(), Edge::Concerns)));
            out.extend(o.needs.iter().map(|n| (n.on.to_string(), Edge::from(n.kind))));
            for (id, edge) in out {
                let to = self.to(&id);
                self.inner.add_edge(*node, to, edge);
            }
            let owner = &roster.owners[i];
            for (ids, edge) in [(&owner.lead, Edge::Leads), (&owner.support, Edge::Supports)] {
                for id in ids {
                    let from = self.to(id);
                    self.inner.add_edge(from, *node, edge);
                }
            }
        }
    }

    fn node(&mut self, id: &str, node: Node) -> NodeIndex {
        if let Some(old) = self.index.get(id) {
            return *old;
        }
        let index = self.inner.add_node(node);
        self.index.insert(id.to_string(), index);
        index
    }

    /// The node of an id; a dangling one when nothing bears it.
    fn to(&mut self, id: &str) -> NodeIndex {
        match self.index.get(id) {
            Some(node) => *node,
            None => self.node(id, Node::Dangling(id.to_string())),
        }
    }

    /// The id that a node is printed with.
    pub fn id(&self, register: &Register, node: NodeIndex) -> String {
        match &self.inner[node] {
            Node::Policy(i) => register.policies[*i as usize].policy.code.to_string(),
            Node::Part(id) | Node::Invalid(id) | Node::Dangling(id) => id.clone(),
            Node::Obligation(i) => register.obligations[*i as usize].id.to_string(),
            Node::Sector(i) => register.sectors[*i as usize].id.to_string(),
            Node::Body(i) => register.bodies[*i as usize].id.to_string(),
            Node::Enterprise(i) => register.enterprises[*i as usize].id.to_string(),
            Node::User(i) => register.users[*i as usize].id.to_string(),
            Node::Article(law, no) => format!("{}:{no}", register.laws[*law as usize].id),
        }
    }
}
