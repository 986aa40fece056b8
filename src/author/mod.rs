//! The author's desk: what helps people to write a register by hand and keeps them from
//! slips.
//!
//! Order of things: [`schema`] tells editors the shape of every file; [`shipped`] holds the
//! national catalogue inside the program and [`init`] makes a register of one's own from
//! it; [`yaml`] changes one place of a text and leaves every other byte alone, [`change`]
//! turns "set this to that" and "add this" into such changes, [`trial`] holds the result
//! against every rule before [`write`] puts it on disk. [`codeowners`] says who looks after
//! which file.

pub mod schema;
