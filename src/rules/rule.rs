//! A rule of the table: what is said of it, and its check.

use crate::finding::{Finding, RuleInfo};
use crate::snapshot::Snapshot;

/// A rule with its check; `None` when it is met while reading.
pub struct Rule {
    /// What `rules`, `explain` and every format say of it.
    pub info: RuleInfo,
    /// The check.
    pub check: Option<fn(&Snapshot, &mut Vec<Finding>)>,
}
