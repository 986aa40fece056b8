//! States and lights at the end of each month, as a report printed then would have had them.

use super::ask::Ask;
use crate::model::{Light, Status};
use chrono::{Datelike, Months, NaiveDate};

/// One point in time.
pub struct Past {
    /// `2026-10`.
    pub label: String,
    /// Its day: the month's last, or the as-of day.
    pub day: NaiveDate,
    /// By assignment.
    pub duties: Vec<(Status, Light)>,
    /// By obligation.
    pub obligations: Vec<(Status, Light)>,
    /// Assignments that rule R1 calls overdue.
    pub late: Vec<bool>,
}

/// As of a past day.
pub fn at(ask: &Ask, day: NaiveDate) -> Past {
    if day == ask.s.day() {
        return of(&ask.s.folded, day);
    }
    of(&ask.s.fold_at(day), day)
}

fn of(folded: &crate::log::Folded, day: NaiveDate) -> Past {
    Past {
        label: day.format("%Y-%m").to_string(),
        day,
        duties: folded.states.iter().map(|s| (s.status, s.light)).collect(),
        obligations: folded.obligations.clone(),
        late: folded.states.iter().map(|s| s.reasons.contains(&"R1")).collect(),
    }
}

/// The month's ends from the listing of the first policy on, `most` at most, then the as-of
/// day. With a period asked for, those within it.
pub fn months(ask: &Ask, most: u32) -> Vec<Past> {
    let today = ask.s.day();
    let listed = ask.s.register.policies.iter().map(|p| p.policy.listed.0).min().unwrap_or(today);
    let first = |d: NaiveDate| d.with_day(1).expect("every month has a first day");
    let mut start = first(today).checked_sub_months(Months::new(most)).unwrap_or(today).max(first(listed));
    if ask.period.given {
        // Nothing stood there before it was listed.
        start = first(ask.period.from).max(first(listed));
    }
    let last = if ask.period.given { ask.period.to.min(today) } else { today };
    let mut all = Vec::new();
    while let Some(next) = start.checked_add_months(Months::new(1)) {
        let end = next.pred_opt().unwrap_or(next);
        if end >= last {
            break;
        }
        all.push(at(ask, end));
        start = next;
    }
    all.push(at(ask, last));
    all
}

/// Closed or operating: done, as the rates have it.
pub fn done(status: Status) -> bool {
    matches!(status, Status::Closed | Status::Operating)
}
