//! Red, amber, green, grey: the rules of rag-rules.csv, one line each.
//!
//! Grey first and alone; else every red and amber rule that fires is a reason; the
//! worst is the colour. Computed for one day, never stored, never typed in.

use super::state::{Facts, State, reasons};
use crate::model::time::{days_between, plus_days};
use crate::model::{Due, Kind, Light, Status, Thresholds};
use chrono::NaiveDate;

/// Every code, in the order in which reasons are listed.
pub const CODES: &[&str] =
    &["G1", "G2", "G3", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11"];

/// Colour and reasons of one assignment on day `d`. `ready`: every `requires`
/// prerequisite is finished by roll-up.
pub fn light(state: &State, facts: &Facts, t: &Thresholds, d: NaiveDate, ready: bool) -> (Light, &'static [&'static str]) {
    use Status::*;
    let status = state.status;
    let grey = match status {
        NotApplicable => Some("G1"),
        Suspended if state.resume.is_some_and(|r| d <= r) => Some("G2"),
        NotStarted if facts.start.is_some_and(|s| s > d) => Some("G3"),
        _ => None,
    };
    if let Some(code) = grey {
        return (Light::Grey, reasons(&[code]));
    }
    let mut out = Vec::with_capacity(8);
    let mut fire = |code: &'static str, when: bool| {
        if when {
            out.push(code);
        }
    };
    let open = status.open();
    let due = state.due.and_then(Due::day);
    let left = due.map(|due| days_between(d, due));
    let listed = days_between(facts.listed, d);
    let behind = behind(state, facts, d);
    let late = if status == Operating { state.next_review.map_or(0, |n| days_between(n, d)) } else { 0 };
    fire("R1", open && left.is_some_and(|l| l < 0));
    fire("R2", facts.no_lead && listed > t.lead_grace_days.into());
    let (gap, planned) = behind.unwrap_or((0, 1));
    let far = gap > i64::from(t.behind_red) * planned;
    fire("R3", open && behind.is_some() && far);
    fire("R4", late > t.review_red_days.into());
    fire("R5", !state.breaches.is_empty());
    fire("R6", open && state.blocks.iter().any(|b| b.until.is_none_or(|u| u < d)));
    fire("R7", status == Suspended);
    fire("A1", open && left.is_some_and(|l| (0..=i64::from(t.near_days)).contains(&l)));
    fire("A2", open && behind.is_some() && !far && gap >= i64::from(t.behind_amber) * planned);
    let base = state.updated.or(facts.start).unwrap_or(facts.listed);
    fire("A3", open && facts.review.is_some_and(|c| d > plus_days(c.after(base, 1), t.stale_grace_days.into())));
    fire("A4", open && !ready && (status == InProgress || left.is_some_and(|l| l <= i64::from(t.dep_days))));
    fire("A5", status == Submitted && state.applied.as_ref().is_some_and(|a| days_between(a.day, d) > t.accept_days.into()));
    fire("A6", open && state.due.is_none());
    fire("A7", evidence_wanting(state, facts, d));
    fire("A8", facts.no_lead && listed <= t.lead_grace_days.into());
    fire("A9", open && state.blocks.iter().any(|b| b.until.is_some_and(|u| u >= d)));
    fire("A10", (1..=i64::from(t.review_red_days)).contains(&late));
    let done = matches!(status, Submitted | Closed | Operating);
    fire("A11", done && state.applied.as_ref().is_some_and(|a| a.due.and_then(Due::day).is_some_and(|due| a.day > due)));
    let colour = match out.first() {
        Some(code) if code.starts_with('R') => Light::Red,
        Some(_) => Light::Amber,
        None => Light::Green,
    };
    (colour, reasons(&out))
}

/// 100·elapsed − percent·planned and planned, in whole days; start exclusive, due
/// inclusive. `None` where start, due date or percentage is unknown: skipped, not assumed.
fn behind(state: &State, facts: &Facts, d: NaiveDate) -> Option<(i64, i64)> {
    let (start, due, percent) = (facts.start?, state.due?.day()?, state.percent?);
    let planned = days_between(start, due);
    if planned <= 0 {
        return None;
    }
    let elapsed = days_between(start, d).clamp(0, planned);
    Some((100 * elapsed - i64::from(percent) * planned, planned))
}

/// A7: a required type is missing, or, once operating, too old.
fn evidence_wanting(state: &State, facts: &Facts, d: NaiveDate) -> bool {
    let operating = state.status == Status::Operating;
    let measured = matches!(facts.kind, Kind::Outcome | Kind::Prohibition);
    if !(operating || !measured && matches!(state.status, Status::Submitted | Status::Closed)) {
        return false;
    }
    facts.required.iter().any(|(kind, age)| {
        let dates = state.evidence.dates(kind);
        if dates.clone().next().is_none() {
            return true;
        }
        // Tomorrow's paper does not make today's fresh.
        let newest = dates.clone().filter(|day| *day <= d).max();
        let later = || dates.clone().any(|day| day > d);
        operating
            && matches!((age, facts.review), (Some(n), Some(c)) if newest.is_none_or(|day| c.after(day, *n) < d) && !(newest.is_none() && later()))
    })
}

/// Colour of an obligation: the worst non-grey of its assignments; all grey → grey.
pub fn roll_up(lights: impl IntoIterator<Item = Light>) -> Light {
    lights.into_iter().min().unwrap_or(Light::Grey)
}

/// How many assignments of an obligation are in each of the seven states.
pub type Tally = [u32; 7];

/// Counts states.
pub fn tally(statuses: impl IntoIterator<Item = Status>) -> Tally {
    let mut tally = Tally::default();
    statuses.into_iter().for_each(|s| tally[s as usize] += 1);
    tally
}

/// Status of an obligation from its assignments (reporting-habits section 3).
pub fn roll_up_status(tally: &Tally) -> Status {
    use Status::*;
    let of = |some: &[Status]| some.iter().map(|s| tally[*s as usize]).sum::<u32>();
    let total: u32 = tally.iter().sum();
    let counted = total - of(&[NotApplicable]);
    if counted == 0 {
        return if total > 0 { NotApplicable } else { NotStarted };
    }
    let all = |allowed: &[Status]| of(allowed) == counted;
    match () {
        _ if all(&[Closed]) => Closed,
        _ if all(&[Closed, Operating]) => Operating,
        _ if all(&[NotStarted]) => NotStarted,
        _ if all(&[Suspended]) => Suspended,
        _ if all(&[NotStarted, Suspended]) => NotStarted,
        _ if all(&[Closed, Operating, Submitted]) => Submitted,
        _ => InProgress,
    }
}
