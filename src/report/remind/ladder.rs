//! Since when an assignment is late, by what rule, and which letter that is due.
//!
//! The red rules have a day from which lateness counts: the due date (R1), the next review (R4
//! and its amber beginning A10), the end of the grace without lead (R2), the breach (R5), the
//! block or its fix date (R6), the resume date (R7). Far behind schedule (R3) is late in no
//! day, so that it is at the foot of the ladder. Of several the longest counts.

use crate::model::time::{days_between, plus_days};
use crate::model::{Due, Rung};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;

/// How late an assignment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Days late; 0 where only the schedule slips.
    pub days: i64,
    /// The day it should have been done; `None` where only the schedule slips.
    pub since: Option<NaiveDate>,
    /// The rules that say so, in the order of the lights.
    pub codes: Vec<&'static str>,
}

/// How late; `None` where no rule of lateness fires.
pub fn late(s: &Snapshot, duty: usize) -> Option<Late> {
    let mut out = Late { days: 0, since: None, codes: Vec::new() };
    for code in s.folded.states[duty].reasons {
        let Some(clock) = clock(s, duty, code) else { continue };
        out.codes.push(code);
        if let Some(day) = clock
            && out.since.is_none_or(|have| day < have)
        {
            (out.since, out.days) = (Some(day), days_between(day, s.day()));
        }
    }
    (!out.codes.is_empty()).then_some(out)
}

/// The day a rule counts from; `Some(None)` for one that counts none, `None` for one that says
/// nothing of lateness.
fn clock(s: &Snapshot, duty: usize, code: &str) -> Option<Option<NaiveDate>> {
    let state = &s.folded.states[duty];
    let recorded = |record: u32| s.log.records[record as usize].day;
    let day = match code {
        "R1" => state.due.and_then(Due::day),
        "R2" => Some(grace_over(s, duty)),
        "R3" => None,
        "R4" | "A10" => state.next_review,
        "R5" => state.breaches.iter().map(|b| recorded(b.record)).min(),
        "R6" => {
            let past = state.blocks.iter().filter(|b| b.until.is_none_or(|u| u < s.day()));
            past.map(|b| b.until.unwrap_or(recorded(b.record))).min()
        }
        "R7" => state.resume,
        _ => return None,
    };
    Some(day)
}

/// The last day on which the obligation might stand without lead.
fn grace_over(s: &Snapshot, duty: usize) -> NaiveDate {
    let ob = s.roster.duties[duty].obligation as usize;
    let listed = s.register.policy_of(&s.register.obligations[ob].id).map_or(s.day(), |p| p.policy.listed.0);
    plus_days(listed, s.register.settings.thresholds.lead_grace_days.into())
}

/// The highest step that so many days reach; `None` below the first.
pub fn reached(ladder: &[Rung], days: i64) -> Option<usize> {
    ladder.iter().rposition(|step| i64::from(step.after.days()) <= days)
}

/// The first day on which a step was due for what is late since a day.
pub fn begun(step: &Rung, since: NaiveDate) -> NaiveDate {
    // On the day itself nothing is late yet.
    plus_days(since, step.after.days().max(1).into())
}
