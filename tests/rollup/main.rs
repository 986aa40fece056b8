//! The roll-up: seal, ingest, status, sql, on small worlds.
//!
//! Order of things: [`same`] holds the rows against the fold on generated histories that arrive
//! late and in pieces; [`sealing`], [`taking`] and [`asking`] are the three commands; [`world`]
//! is the small register they work on.
#![cfg(feature = "rollup")]

#[path = "../oracle/mod.rs"]
#[allow(missing_docs)]
mod oracle;

mod asking;
mod same;
mod sealing;
mod taking;
mod world;
