//! What people hand in: entries as typed at the command line, in drafts, in tables, and by
//! hand into the sealed files.
//!
//! Order of things: [`proposal`] is one entry in a person's words, and what those words
//! mean in this register; [`lawful`] says whether it may be recorded; [`drafts`] and
//! [`table`] read many of them from files and know the place of each; [`amend`] finds what
//! was edited by hand in a sealed file; [`store`] looks for the files that evidence names.
//! Nothing here writes to the log: that is `log::append`.

pub mod amend;
pub mod drafts;
pub mod lawful;
pub mod proposal;
pub mod store;
pub mod table;

pub use proposal::{Fault, Proposal};
