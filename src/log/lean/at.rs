//! Where the reader in passing looks, and when.

use crate::model::Zone;
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::path::Path;

/// Where the log is and when one looks.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The register's folder.
    pub root: &'a Path,
    /// How it is named to people.
    pub shown: &'a str,
    /// The register's zone.
    pub zone: Zone,
    /// The machine's clock.
    pub now: DateTime<FixedOffset>,
    /// The as-of day.
    pub as_of: NaiveDate,
}
