//! States under way: one entry after the other, judged and applied.
//!
//! Whoever has the entries feeds it, in recording order: the fold over the whole log, or the
//! lean reader. The status of an obligation is kept by counting its assignments, so that an
//! obligation of a thousand departments costs no more than one of a single department.

use super::act::Act;
use super::lifecycle::{self, Surroundings};
use super::lights::{self, Tally};
use super::state::{Facts, Open, State};
use crate::model::{Event, Roster, Status, Words};
use chrono::NaiveDate;

/// Where an entry stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Number of the record at that place.
    pub(super) record: u32,
    /// Number of the record whose words stand there.
    pub(super) content: u32,
    /// Recording day.
    pub(super) day: NaiveDate,
}

/// Which of the open blocks or breaches an `h` names.
pub(super) type Named<'b> = &'b dyn Fn(&[Open], &str) -> Option<usize>;

/// The states, and what their obligations come to.
pub(super) struct Engine<'a> {
    roster: &'a Roster,
    facts: &'a [Facts<'a>],
    pub(super) states: Vec<State>,
    tally: Vec<Tally>,
    roll: Vec<Status>,
}

impl<'a> Engine<'a> {
    /// At the beginning.
    pub(super) fn new(roster: &'a Roster, facts: &'a [Facts<'a>]) -> Engine<'a> {
        Engine::resume(roster, facts, facts.iter().map(State::new).collect())
    }

    /// Where it was left.
    pub(super) fn resume(roster: &'a Roster, facts: &'a [Facts<'a>], states: Vec<State>) -> Engine<'a> {
        let count = |ob: usize| lights::tally(states[roster.of(ob)].iter().map(|s| s.status));
        let tally: Vec<Tally> = (0..roster.first.len().saturating_sub(1)).map(count).collect();
        let roll = tally.iter().map(lights::roll_up_status).collect();
        Engine { roster, facts, states, tally, roll }
    }

    /// Is it lawful here?
    ///
    /// # Errors
    /// Why not.
    pub(super) fn judge(&self, act: &Act, duty: usize, place: Place, named: Named) -> Result<(), Words> {
        let facts = &self.facts[duty];
        let ready = || facts.requires.iter().all(|ob| self.roll[*ob as usize].finished());
        let near = Surroundings { day: place.day, place: place.record, ready: &ready, named };
        lifecycle::judge(act, &self.states[duty], facts, &near)
    }

    /// Does what a lawful entry says.
    pub(super) fn apply(&mut self, act: &Act, duty: usize, place: Place, named: Named) {
        let state = &mut self.states[duty];
        let before = state.status;
        let near = Surroundings { day: place.day, place: place.record, ready: &|| true, named };
        lifecycle::apply(act, state, &self.facts[duty], &near);
        state.entries += 1;
        if !matches!(act.event, Event::Void | Event::Attest) {
            state.updated = state.updated.max(Some(place.day));
        }
        if act.says.note || act.says.issues || act.says.next {
            state.words = place.content.into();
        }
        if act.event.signs() {
            state.signed = place.content.into();
        }
        let after = state.status;
        if before != after {
            let ob = self.roster.duties[duty].obligation as usize;
            self.tally[ob][before as usize] -= 1;
            self.tally[ob][after as usize] += 1;
            self.roll[ob] = lights::roll_up_status(&self.tally[ob]);
        }
    }
}
