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

/// What an event asks for where an assignment stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// Fields without which it is refused, `reason`.
    pub fields: Vec<&'static str>,
    /// Evidence without which it is refused: of each group one type at least.
    pub evidence: Vec<Vec<String>>,
}

/// Takes a field out of an entry.
type Without = fn(&mut Entry);

/// Fields that an event may ask for, and how an entry is without them.
const ASKED: [(&str, Without); 9] = [
    ("agreed", |e| e.agreed = None),
    ("until", |e| e.until = None),
    ("indicator", |e| e.indicator = None),
    ("value", |e| e.value = None),
    ("reason", |e| e.reason = None),
    ("ref", |e| e.reference = None),
    ("release", |e| e.release = None),
    ("issues", |e| (e.issues, e.note) = (None, None)),
    ("note", |e| (e.note, e.issues) = (None, None)),
];

/// What an event asks for from a state: found by leaving out one thing after the other and asking
/// [`super::lifecycle`] each time. `ready` says whether every prerequisite is finished, `types`
/// are the codes of all kinds of evidence. The event must be lawful there with everything given.
pub fn wants(state: &State, facts: &Facts, day: NaiveDate, event: Event, ready: bool, types: &[&str]) -> Wants {
    let ready = || ready;
    let named = |open: &[Open], _: &str| (!open.is_empty()).then_some(0);
    let near = Surroundings { day, place: 0, ready: &ready, named: &named };
    let lawful = |entry: &Entry| judge(&Act::of(entry), state, facts, &near).is_ok();
    let whole = complete(event, facts, day);
    let piece = |kind: &str| Evidence { kind: kind.into(), ..whole.evidence[0].clone() };
    let with = |kinds: &mut dyn Iterator<Item = &str>| Entry { evidence: kinds.map(piece).collect(), ..whole.clone() };
    let mut out = Wants::default();
    for (name, without) in ASKED {
        let mut entry = whole.clone();
        without(&mut entry);
        // A breach wants one of the two; the first of them stands for both.
        let stood_for = name == "note" && out.fields.contains(&"issues");
        if !stood_for && !lawful(&entry) {
            out.fields.push(name);
        }
    }
    if lawful(&with(&mut std::iter::empty())) {
        return out;
    }
    let alone: Vec<String> = types.iter().filter(|t| lawful(&with(&mut std::iter::once(**t)))).map(|t| t.to_string()).collect();
    if !alone.is_empty() {
        out.evidence.push(alone);
        return out;
    }
    let needed = types.iter().filter(|t| !lawful(&with(&mut types.iter().copied().filter(|x| x != *t))));
    out.evidence = needed.map(|t| vec![t.to_string()]).collect();
    out
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
        event,
        agreed: some(),
        until: Some(Due::On(day)),
        indicator: some(),
        value: some(),
        note: some(),
        issues: some(),
        next: some(),
        reason: some(),
        reference: some(),
        release: some(),
        evidence: evidence.collect(),
        ..blank()
    }
}

/// An entry that says nothing, made by nobody: the accepter must be another than the applicant.
pub fn blank() -> Entry {
    Entry {
        seq: 0,
        at: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
        by: "".into(),
        dept: "".into(),
        duty: "".into(),
        via: None,
        event: Event::Progress,
        agreed: None,
        percent: None,
        day: None,
        until: None,
        indicator: None,
        value: None,
        note: None,
        issues: None,
        next: None,
        reason: None,
        reference: None,
        nil: None,
        release: None,
        fp: None,
        evidence: Default::default(),
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

    fn wanted(status: Status, kind: Kind, event: Event, ready: bool) -> (Vec<&'static str>, Vec<Vec<String>>) {
        let required = vec![("policy-doc", None), ("ledger", None)];
        let common = Common { kind, recurrence: Recurrence::OneOff, review: None, required, listed: NaiveDate::MIN, requires: vec![] };
        let facts = Facts { common: common.into(), start: None, due: None, no_lead: false };
        let state = State { status, ..State::new(&facts) };
        let day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let types = ["minutes", "policy-doc", "circular", "ledger", "inspection", "stat-report"];
        let w = wants(&state, &facts, day, event, ready, &types);
        (w.fields, w.evidence)
    }

    #[test]
    fn what_is_asked_for_is_what_would_be_missed() {
        let some = |all: &[&[&str]]| all.iter().map(|g| g.iter().map(|t| t.to_string()).collect()).collect::<Vec<Vec<String>>>();
        use Event::*;
        use Status::*;
        assert_eq!(wanted(NotStarted, Kind::Action, Start, true), (vec!["until"], some(&[&["minutes", "policy-doc", "circular"]])));
        assert_eq!(wanted(InProgress, Kind::Action, Apply, true), (vec!["agreed"], some(&[&["policy-doc"], &["ledger"]])));
        assert_eq!(wanted(Submitted, Kind::Action, Accept, true), (vec![], vec![]));
        assert_eq!(wanted(Submitted, Kind::Action, Accept, false), (vec!["release"], vec![]));
        assert_eq!(wanted(InProgress, Kind::Action, Extend, true), (vec!["agreed", "until", "reason"], vec![]));
        assert_eq!(wanted(InProgress, Kind::Action, Progress, true), (vec![], vec![]));
        assert_eq!(wanted(Operating, Kind::Prohibition, Breach, true), (vec!["issues"], vec![]));
        let inspect = some(&[&["policy-doc", "ledger", "inspection"]]);
        assert_eq!(wanted(Operating, Kind::Prohibition, Inspect, true), (vec![], inspect));
        assert_eq!(wanted(Operating, Kind::Action, Review, true).1.len(), 1);
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
