//! The hall: one register opened once, as of a date, then read only.
//!
//! Order of things: [`Snapshot::open`] reads everything and folds it for the day;
//! [`query`] selects assignments of it, with the same words for every command.

mod hall;
pub mod query;

pub use hall::{Options, Snapshot};
