//! What is known about an office before its register is made.

use crate::model::UnitId;
use chrono::NaiveDate;

/// Where the catalogue comes from.
pub enum Catalogue {
    /// The shipped one, written out into `national/`.
    Shipped,
    /// Another register, by its path as seen from the new one, with what it holds.
    Other {
        /// `../../shared/obligations`.
        path: String,
        /// Codes of its policies.
        policies: Vec<String>,
        /// Does it know the joint conference office?
        office: bool,
    },
    /// None: another policy comes here.
    Empty,
}

/// What is known about the office.
pub struct Given {
    /// Begins the ids of its bodies.
    pub code: UnitId,
    /// Its name.
    pub name: String,
    /// `city`, `province`, `bank` …
    pub kind: String,
    /// Where the duties come from.
    pub catalogue: Catalogue,
    /// The day of today.
    pub today: NaiveDate,
}
