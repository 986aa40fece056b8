//! What happened: the log, its fold, the lifecycle and the lights.
//!
//! Order of things: [`read`] takes the lines in and holds their chain; [`lifecycle`]
//! says which entry is lawful and what it does, [`offer`] which would be; [`fold`] makes states of entries for
//! any day; [`lights`] colours them; [`append`] adds one line so that it survives;
//! [`fp`] is the fingerprint of what was signed, [`wording`] asks whether it still stands. [`lines`], [`disk`] and [`spool`] stand
//! below: bytes, changes of files, what this clone keeps for itself. [`verify`] says
//! whether the log is whole, [`repair`] mends what can be mended.
//!
//! Status and colours are never stored: they are folded from catalogue, plan and log.

pub mod act;
pub mod append;
pub mod disk;
mod engine;
pub mod fold;
pub mod fp;
pub mod lean;
pub mod lifecycle;
pub mod lights;
pub mod lines;
pub mod offer;
pub mod read;
pub mod repair;
pub mod roles;
mod settle;
pub mod spool;
pub mod state;
pub mod verify;
mod whose;
pub mod wording;

pub use fold::{Brief, Folded, Step, Verdict};
pub use read::{Log, Record};
pub use state::{Facts, State};
