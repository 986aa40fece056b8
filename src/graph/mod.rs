//! The obligations as a graph (petgraph).
//!
//! Nodes: policy, part, obligation, sector, department, enterprise and user kind,
//! article of law, and whatever is named but not there: a dangling reference is a node
//! too, so that it shows instead of falling out.
//!
//! Edges: contains, in-sector (primary and reached), belongs-to (department → sector),
//! leads, supports, concerns (enterprise and user kinds), requires, feeds,
//! supports-work, maps-to (article).
//!
//! Order of things: [`build`] makes it; [`query`] asks it; [`export`] writes DOT and Mermaid,
//! [`graphml`] GraphML.

mod build;
pub mod export;
pub mod graphml;
pub mod query;

pub use build::{Edge, Graph, Node};
