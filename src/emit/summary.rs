//! The counts that stand under every list of findings.

/// What every emitter prints beside the findings.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Summary {
    /// Unit code.
    pub unit: String,
    /// Sample data?
    pub sample: bool,
    /// As-of day.
    pub as_of: String,
    /// Digest of register and log.
    pub data_version: String,
    /// Filter in force: always none for a check.
    pub filter: String,
    /// Obligations met.
    pub read: usize,
    /// Of these, decoded.
    pub valid: usize,
    /// Of these, not decoded.
    pub invalid: usize,
    /// Always nought: a check looks at everything.
    pub filtered_out: usize,
    /// Assignments.
    pub assignments: usize,
    /// Log entries read.
    pub log_entries: usize,
    /// Log lines not readable.
    pub unreadable_lines: usize,
    /// Entries after the as-of day.
    pub recorded_after: usize,
    /// Files read.
    pub files: usize,
    /// What was left out, by which rule.
    pub left_out: Vec<crate::model::LeftOut>,
}
