//! ReqIF 1.2: obligations and their links for requirements tools, out and in.
//!
//! Out: [`write`] makes one file with [`names`]' types: a specification a policy, headings for
//! its parts, obligations under them, relations for the needs. Ids are uuids of what a thing is;
//! the creation time is the as-of day.
//!
//! In: [`read`] takes a file apart, whosever it is, and refuses what no exchange needs
//! (document types, entities of its own); [`bring`] makes a draft policy of it, and tells
//! everything that was not carried over.

mod bring;
mod names;
mod plain;
mod read;
mod write;
mod xml;

pub use bring::bring;
pub use write::write;
