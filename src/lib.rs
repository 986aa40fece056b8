//! duban
pub mod cli;
pub mod digest;
pub mod emit;
pub mod finding;
pub mod git;
pub mod graph;
pub mod load;
pub mod log;
pub mod model;
pub mod page;
pub mod render;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod text;
