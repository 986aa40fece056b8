//! What an export is made from, and what it gives.

use crate::model::{Lang, Obligation, Words};
use crate::report::frame::Frame;
use crate::snapshot::{Snapshot, query::Query};
use chrono::NaiveDate;

/// What was asked for.
pub struct Ask<'a> {
    /// The register as of a day.
    pub s: &'a Snapshot,
    /// The query as it was understood.
    pub query: &'a Query,
    /// The assignments that it selects, in display order.
    pub selected: Vec<usize>,
    /// The language of words that stand in one language only.
    pub lang: Lang,
}

/// A file that was made.
pub struct File {
    /// Its name, `catalog.json`.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// The files, or why there are none.
pub type Written = Result<Vec<File>, Words>;

impl<'a> Ask<'a> {
    /// A question to a register.
    pub fn new(s: &'a Snapshot, query: &'a Query, lang: Lang) -> Ask<'a> {
        Ask { s, query, selected: query.select(s), lang }
    }
    /// Origin and counts.
    pub fn frame(&self, name: &str) -> Frame {
        Frame::new(self.s, name, self.query, &self.selected)
    }
    /// Obligations of which an assignment is selected, each once, in display order.
    pub fn obligations(&self) -> Vec<usize> {
        crate::report::groups::obligations(self.s, &self.selected)
    }
    /// The obligation of an assignment.
    pub fn obligation(&self, duty: usize) -> &'a Obligation {
        &self.s.register.obligations[self.s.roster.duties[duty].obligation as usize].node
    }
    /// The as-of day.
    pub fn day(&self) -> NaiveDate {
        self.s.day()
    }
}

impl File {
    /// A file of text.
    pub fn text(name: impl Into<String>, text: String) -> File {
        File { name: name.into(), bytes: text.into_bytes() }
    }
}
