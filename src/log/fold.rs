//! From entries to states, for any past day.
//!
//! 1. Keep the entries recorded up to the as-of day (in the register's zone).
//! 2. Give each entry its assignment; former ids and former leads lead to the present one.
//! 3. Settle corrections: what finally stands at each place ([`super::settle`]).
//! 4. Go through the places in recording order, over all assignments together (an
//!    acceptance looks at the state of its prerequisites then), judge and apply ([`super::engine`]).
//! 5. For `--on`: apply the lawful ones again, only those true by that day.
//! 6. Lights and roll-ups.

use super::act::Act;
use super::engine::{Engine, Place};
use super::lights;
use super::read::{Log, Record};
use super::settle::{self, Settled};
use super::state::{Common, Facts, Open, State};
use super::whose::Matcher;
use crate::model::{Due, Light, MaxAge, NeedKind, Register, Roster, Status, Words};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Recorded after the as-of day.
    Later,
    /// Counts.
    Counts,
    /// Counts, with the words of the correction at that index.
    CorrectedBy(u32),
    /// Withdrawn by the void at that index.
    WithdrawnBy(u32),
    /// A correction or void; its words stand at the place of the entry it fixes.
    Fixes(u32),
    /// Stays in history, moves nothing, flags the assignment.
    Unlawful(Words),
    /// Belongs to no assignment.
    Stray(Words),
}

/// The fold for one date.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// State by assignment.
    pub states: Vec<State>,
    /// Roll-up by obligation.
    pub obligations: Vec<(Status, Light)>,
    /// By record.
    pub verdicts: Vec<Verdict>,
    /// By record: its assignment.
    pub duty_of: Vec<Option<u32>>,
    /// Entries recorded after the as-of day.
    pub later: usize,
    /// Place to the correction whose words stand there.
    pub standing: HashMap<u32, u32>,
}

/// The facts that the rules look at besides the log, for every assignment.
pub fn facts<'a>(register: &'a Register, roster: &Roster) -> Vec<Facts<'a>> {
    let ages: HashMap<&str, Option<u32>> =
        register.evidence_types.iter().map(|t| (t.code.as_str(), if let MaxAge::Cycles(n) = t.max_age { Some(n) } else { None })).collect();
    let listed: HashMap<&str, NaiveDate> = register.policies.iter().map(|p| (p.policy.code.as_str(), p.policy.listed.0)).collect();
    let mut all = Vec::with_capacity(roster.duties.len());
    for (i, ob) in register.obligations.iter().enumerate() {
        let common = Arc::new(Common {
            kind: ob.kind,
            recurrence: ob.recurrence,
            review: ob.review,
            required: ob
                .evidence
                .iter()
                .filter(|e| e.required)
                .map(|e| (e.kind.as_str(), ages.get(e.kind.as_str()).copied().flatten()))
                .collect(),
            listed: listed.get(ob.id.policy()).copied().unwrap_or(NaiveDate::MIN),
            requires: ob
                .needs
                .iter()
                .filter(|n| n.kind == NeedKind::Requires)
                .filter_map(|n| register.obligation_index.get(n.on.as_str()).copied())
                .collect(),
        });
        for duty in &roster.duties[roster.of(i)] {
            let plan = duty.plan.map(|p| &register.plan[p as usize]);
            all.push(Facts {
                common: common.clone(),
                start: plan.and_then(|p| p.start).map(|d| d.0),
                due: plan.and_then(|p| p.due),
                no_lead: duty.dept.is_none(),
            });
        }
    }
    all
}

/// What an entry moved: the state before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Index of the record at whose place it happened.
    pub place: u32,
    /// Its assignment.
    pub duty: u32,
    /// Before.
    pub before: Brief,
    /// After.
    pub after: Brief,
}

/// The few things of a state that a change log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brief {
    /// One of the seven.
    pub status: Status,
    /// Present due date.
    pub due: Option<Due>,
    /// Newest percentage.
    pub percent: Option<u8>,
}

impl Brief {
    fn of(s: &State) -> Brief {
        Brief { status: s.status, due: s.due, percent: s.percent }
    }
}

/// Folds the log as of a day; with `on`, as what was true by that day.
pub fn fold(register: &Register, roster: &Roster, facts: &[Facts], log: &Log, as_of: NaiveDate, on: Option<NaiveDate>) -> Folded {
    watched(register, roster, facts, log, (as_of, on), &mut |_| {})
}

/// The same, telling every lawful entry's effect in recording order.
pub fn watched(
    register: &Register,
    roster: &Roster,
    facts: &[Facts],
    log: &Log,
    (as_of, on): (NaiveDate, Option<NaiveDate>),
    watch: &mut dyn FnMut(Step),
) -> Folded {
    let records = &log.records;
    let matcher = Matcher::new(register, roster);
    let settled = settle::settle(&matcher, records, as_of);
    let Settled { mut verdicts, duty_of, .. } = settled;
    let (standing, fixed, later) = (settled.standing, settled.fixed, settled.later);
    let mut engine = Engine::new(roster, facts);
    let named = |open: &[Open], h: &str| named(records, &standing, &fixed, open, h);
    let mut lawful = Vec::new();
    for (i, r) in records.iter().enumerate() {
        if !matches!(verdicts[i], Verdict::Counts | Verdict::CorrectedBy(_)) {
            continue;
        }
        let duty = duty_of[i].expect("an entry that counts has an assignment") as usize;
        let content = *standing.get(&(i as u32)).unwrap_or(&(i as u32));
        let (act, place) = (Act::of(&records[content as usize].entry), Place { record: i as u32, content, day: r.day });
        match engine.judge(&act, duty, place, &named) {
            Ok(()) => {
                let before = Brief::of(&engine.states[duty]);
                engine.apply(&act, duty, place, &named);
                watch(Step { place: i as u32, duty: duty as u32, before, after: Brief::of(&engine.states[duty]) });
                if on.is_some() {
                    lawful.push((place, duty));
                }
            }
            Err(why) => {
                engine.states[duty].unlawful += 1;
                verdicts[i] = Verdict::Unlawful(why);
            }
        }
    }
    for (i, v) in verdicts.iter().enumerate() {
        // A correction refused for what it fixes flags its assignment as well.
        if let (Verdict::Unlawful(_), Some(duty), true) = (v, duty_of[i], records[i].entry.fixes.is_some()) {
            engine.states[duty as usize].unlawful += 1;
        }
    }
    let day = on.unwrap_or(as_of);
    if on.is_some() {
        let first = std::mem::replace(&mut engine, Engine::new(roster, facts)).states;
        engine.states.iter_mut().zip(first).for_each(|(s, first)| s.unlawful = first.unlawful);
        for (place, duty) in lawful {
            let entry = &records[place.content as usize].entry;
            if entry.day.map_or(place.day, |d| d.0) <= day {
                engine.apply(&Act::of(entry), duty, place, &named);
            }
        }
    }
    let mut states = engine.states;
    let obligations = roll_ups(roster, &mut states, facts, register, day);
    Folded { states, obligations, verdicts, duty_of, later, standing }
}

/// `ref` may name the place's own entry or any correction in the chain that stands there.
pub(super) fn named(records: &[Record], standing: &HashMap<u32, u32>, fixed: &HashMap<u32, u32>, open: &[Open], h: &str) -> Option<usize> {
    open.iter().position(|o| names(records, standing, fixed, o.record, h))
}

/// Is `h` that of a record, or of any correction in the chain that stands at its place?
pub(super) fn names(records: &[Record], standing: &HashMap<u32, u32>, fixed: &HashMap<u32, u32>, place: u32, h: &str) -> bool {
    chain(standing, fixed, place).any(|r| *records[r as usize].entry.h == *h)
}

/// From the words that stand at a place back to the record that was there first.
pub(super) fn chain(standing: &HashMap<u32, u32>, fixed: &HashMap<u32, u32>, place: u32) -> impl Iterator<Item = u32> {
    let first = standing.get(&place).copied().unwrap_or(place);
    std::iter::successors(Some(first), move |r| fixed.get(r).copied().filter(|_| *r != place))
}

/// Lights of every assignment, and status and light of every obligation, on a day.
pub(super) fn roll_ups(
    roster: &Roster,
    states: &mut [State],
    facts: &[Facts],
    register: &Register,
    day: NaiveDate,
) -> Vec<(Status, Light)> {
    let status: Vec<Status> = (0..register.obligations.len())
        .map(|ob| lights::roll_up_status(&lights::tally(states[roster.of(ob)].iter().map(|s| s.status))))
        .collect();
    for (state, facts) in states.iter_mut().zip(facts) {
        let ready = facts.requires.iter().all(|ob| status[*ob as usize].finished());
        (state.light, state.reasons) = lights::light(state, facts, &register.settings.thresholds, day, ready);
    }
    status.into_iter().enumerate().map(|(ob, s)| (s, lights::roll_up(states[roster.of(ob)].iter().map(|s| s.light)))).collect()
}

/// The due date that the plan gives now, against the one recorded at the start.
pub fn plan_moved(state: &State, facts: &Facts) -> Option<(Due, Option<Due>)> {
    let then = state.started_due?;
    (facts.due != Some(then)).then_some((then, facts.due))
}
