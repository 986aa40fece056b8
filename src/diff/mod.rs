//! What changed between two states of a register.
//!
//! Order of things: [`fields`] turns an obligation and a plan into named words; [`compare`]
//! sets two snapshots side by side; [`page`] says it to people. Where the snapshots come
//! from (two days of one register, two revisions) is the caller's affair.

pub mod compare;
pub mod fields;
pub mod page;
