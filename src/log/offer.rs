//! What may be recorded from where an assignment stands: for drop-downs, forms and hints.
//!
//! There is no second table: an entry that lacks nothing is put before [`super::lifecycle`] for
//! every event, so what is offered here is what would be taken there.

use super::act::Act;
use super::lifecycle::{Surroundings, apply, judge};
use super::state::{Facts, Open, State};
use crate::model::{Day, Due, Entry, Event, Evidence, Status};
use chrono::NaiveDate;

/// An event that is lawful here, and the state it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The event.
    pub event: Event,
    /// The state after it; the present one where it changes none.
    pub to: Status,
}

/// Every event that is lawful from a state, in the order of the vocabulary. `void` is left out:
/// it is about an entry, not about the state.
pub fn offers(state: &State, facts: &Facts, day: NaiveDate) -> Vec<Offer> {
    let ready = || true;
    let named = |open: &[Open], _: &str| (!open.is_empty()).then_some(0);
    let near = Surroundings { day, place: 0, ready: &ready, named: &named };
    Event::ALL
        .iter()
        .filter_map(|event| {
            let entry = complete(*event, facts, day);
            judge(&Act::of(&entry), state, facts, &near).ok()?;
            let mut after = state.clone();
            apply(&Act::of(&entry), &mut after, facts, &near);
            Some(Offer { event: *event, to: after.status })
        })
        .collect()
}

/// An entry with everything that any event asks for.
fn complete(event: Event, facts: &Facts, day: NaiveDate) -> Entry {
    let some = || Some("-".into());
    let usual = ["minutes", "stat-report", "inspection"];
    let evidence = usual.iter().copied().chain(facts.required.iter().map(|r| r.0)).map(|kind| Evidence {
        kind: kind.into(),
        name: "-".into(),
        number: None,
        date: Day(day),
        place: None,
        sha256: None,
        size: None,
        class: None,
    });
    Entry {
        seq: 0,
        at: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
        // Nobody's post: the accepter must be another than the applicant.
        by: "".into(),
        dept: "".into(),
        duty: "".into(),
        via: None,
        event,
        agreed: some(),
        percent: None,
        day: None,
        until: Some(Due::On(day)),
        indicator: some(),
        value: some(),
        note: some(),
        issues: some(),
        next: some(),
        reason: some(),
        reference: some(),
        nil: None,
        release: some(),
        fp: None,
        evidence: evidence.collect(),
        fixes: None,
        key: None,
        clock: None,
        saw: Default::default(),
        h: "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::state::Common;
    use crate::model::{Kind, Recurrence};

    fn world(status: Status, kind: Kind) -> Vec<(Event, Status)> {
        let common = Common {
            kind,
            recurrence: Recurrence::OneOff,
            review: None,
            required: vec![("policy-doc", None)],
            listed: NaiveDate::MIN,
            requires: vec![],
        };
        let facts = Facts { common: common.into(), start: None, due: None, no_lead: false };
        let state = State { status, ..State::new(&facts) };
        let day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        offers(&state, &facts, day).into_iter().map(|o| (o.event, o.to)).collect()
    }

    #[test]
    fn what_is_offered_depends_on_where_one_stands() {
        use Event::*;
        use Status::*;
        let start = world(NotStarted, Kind::Action);
        assert!(start.contains(&(Start, InProgress)) && !start.iter().any(|o| o.0 == Apply || o.0 == Unblock || o.0 == Void));
        assert_eq!(
            world(Submitted, Kind::Action),
            [
                (Progress, Submitted),
                (Return, InProgress),
                (Accept, Closed),
                (Measure, Submitted),
                (Inspect, Submitted),
                (Attest, Submitted)
            ]
        );
        assert!(world(NotStarted, Kind::Prohibition).contains(&(Inspect, Operating)));
        assert!(world(InProgress, Kind::Outcome).contains(&(Measure, Operating)));
    }
}
