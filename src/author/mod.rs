//! The author's desk: what helps people to write a register by hand and keeps them from
//! slips.
//!
//! Order of things: [`schema`] tells editors the shape of every file and [`mark`] puts it
//! beside a register; [`shipped`] is the national catalogue inside the program, [`init`]
//! makes a register of one's own from it; [`write`] is the one way onto the disk.

pub mod init;
pub mod mark;
pub mod schema;
pub mod shipped;
pub mod write;
pub mod yaml;
