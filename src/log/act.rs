//! What the lifecycle looks at in an entry, and nothing else of it.
//!
//! Made of a whole [`Entry`], or of the few fields that the lean reader keeps: so there is one
//! lifecycle, whichever way a line came in.

use crate::model::{Due, Entry, Event};
use chrono::NaiveDate;

/// The parts of an entry that decide what is lawful and what it does.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    /// What happened.
    pub event: Event,
    /// Who recorded it.
    pub by: &'a str,
    /// Post that consented.
    pub agreed: Option<&'a str>,
    /// Progress, 0 to 100.
    pub percent: Option<u8>,
    /// Due, resume, re-check, fix or next review date.
    pub until: Option<Due>,
    /// `h` of the block or breach that it ends.
    pub reference: Option<&'a str>,
    /// Which texts it carries.
    pub says: Says,
    /// Type and date of each piece of evidence.
    pub evidence: Vec<(&'a str, NaiveDate)>,
}

/// Which texts an entry carries: that they are there is all that the lifecycle asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Says {
    /// What was done.
    pub note: bool,
    /// What stands in the way.
    pub issues: bool,
    /// What comes next.
    pub next: bool,
    /// Why.
    pub reason: bool,
    /// Why accepted although a prerequisite is unfinished.
    pub release: bool,
}

impl<'a> Act<'a> {
    /// Of a whole entry.
    pub fn of(e: &'a Entry) -> Act<'a> {
        Act {
            event: e.event,
            by: &e.by,
            agreed: e.agreed.as_deref(),
            percent: e.percent,
            until: e.until,
            reference: e.reference.as_deref(),
            says: Says {
                note: e.note.is_some(),
                issues: e.issues.is_some(),
                next: e.next.is_some(),
                reason: e.reason.is_some(),
                release: e.release.is_some(),
            },
            evidence: e.evidence.iter().map(|x| (&*x.kind, x.date.0)).collect(),
        }
    }
}
