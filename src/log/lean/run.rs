//! The fold under way: entries of one month after the other, in recording order.

use super::fixes::Fixes;
use super::kept::Kept;
use super::sheet::{Gist, Sheet};
use crate::log::act::Act;
use crate::log::engine::{Engine, Place};
use crate::log::fold::{Verdict, chain, names};
use crate::log::state::{Facts, Open, State};
use crate::model::{Event, Roster};
use chrono::NaiveDate;
use std::collections::HashMap;

/// By which chain values a block or breach is named.
enum Names {
    /// Its own; or, where it is corrected or a correction, those of a chain: its number among the fixes.
    Own(Box<str>, Option<u32>),
    /// These: it was read by an earlier run.
    Kept(Vec<Box<str>>),
}

/// The fold under way.
pub struct Run<'a> {
    engine: Engine<'a>,
    fixes: &'a Fixes,
    /// Blocks and breaches by place.
    opened: HashMap<u32, Names>,
    as_of: NaiveDate,
    /// Entries so far.
    pub next: u32,
    later: usize,
}

impl<'a> Run<'a> {
    /// At the beginning, or after the months that were kept.
    pub fn new(roster: &'a Roster, facts: &'a [Facts<'a>], fixes: &'a Fixes, as_of: NaiveDate, kept: Option<Kept>) -> Run<'a> {
        let Some(kept) = kept else {
            return Run { engine: Engine::new(roster, facts), fixes, opened: HashMap::new(), as_of, next: 0, later: 0 };
        };
        let opened = kept.opened.into_iter().map(|(place, names)| (place, Names::Kept(names))).collect();
        Run { engine: Engine::resume(roster, facts, kept.states), fixes, opened, as_of, next: kept.entries, later: 0 }
    }

    /// Applies the entries of a month.
    pub fn month(&mut self, gists: &[Gist], sheets: &[Sheet]) -> Option<()> {
        // Instant, rank of the file and place in it as one number each: sorted in half the time.
        let key = |at: i64, rank: usize, i: usize| u128::from(at as u64 ^ 1 << 63) << 64 | (rank as u128) << 32 | i as u128;
        let mut order: Vec<u128> = Vec::with_capacity(gists.iter().map(|g| g.smalls.len()).sum());
        for (rank, gist) in gists.iter().enumerate() {
            order.extend(gist.smalls.iter().enumerate().map(|(i, s)| key(s.at, rank, i)));
        }
        order.sort_unstable();
        for place in order {
            self.entry(&gists[(place >> 32) as u32 as usize], place as u32 as usize, sheets)?;
        }
        Some(())
    }

    fn entry(&mut self, gist: &Gist, i: usize, sheets: &[Sheet]) -> Option<()> {
        let small = &gist.smalls[i];
        let record = self.next;
        self.next = self.next.checked_add(1)?;
        if small.day > self.as_of {
            self.later += 1;
            return Some(());
        }
        let fixes = self.fixes;
        let known = if small.special { Some(*fixes.at.get(&(gist.sheet, small.seq))?) } else { None };
        let (mut duty, mut stands) = (small.duty, None);
        if let Some(m) = known {
            match fixes.settled.verdicts[m as usize] {
                Verdict::Counts => {}
                Verdict::CorrectedBy(c) => stands = Some(c),
                _ => return Some(()),
            }
            duty = fixes.settled.duty_of[m as usize];
        }
        let Some(duty) = duty.map(|d| d as usize) else { return Some(()) };
        let act = match stands {
            Some(c) => Act::of(&fixes.records[c as usize].entry),
            None => gist.act(i, sheets[gist.sheet as usize].by),
        };
        if matches!(act.event, Event::Block | Event::Breach) {
            self.opened.insert(record, Names::Own(gist.own(i).into(), known));
        }
        let place = Place { record, content: record, day: small.day };
        let opened = &self.opened;
        let named = |open: &[Open], h: &str| {
            open.iter().position(|o| match opened.get(&o.record) {
                Some(Names::Own(_, Some(m))) => names(&fixes.records, &fixes.settled.standing, &fixes.settled.fixed, *m, h),
                Some(Names::Own(own, None)) => **own == *h,
                Some(Names::Kept(all)) => all.iter().any(|own| **own == *h),
                None => false,
            })
        };
        match self.engine.judge(&act, duty, place, &named) {
            Ok(()) => self.engine.apply(&act, duty, place, &named),
            Err(_) => self.engine.states[duty].unlawful += 1,
        }
        Some(())
    }

    /// The states so far.
    pub fn states(&self) -> &[State] {
        &self.engine.states
    }

    /// Blocks and breaches that are open now, by place, and what names them.
    pub fn opened(&self) -> Vec<(u32, Vec<&str>)> {
        let open = |s: &'_ State| s.blocks.iter().chain(s.breaches.iter()).map(|o| o.record).collect::<Vec<u32>>();
        let mut places: Vec<u32> = self.engine.states.iter().flat_map(open).collect();
        places.sort_unstable();
        places.into_iter().map(|place| (place, self.opened.get(&place).map_or(Vec::new(), |n| self.all(n)))).collect()
    }

    fn all<'n>(&'n self, names: &'n Names) -> Vec<&'n str> {
        let settled = &self.fixes.settled;
        match names {
            Names::Own(_, Some(m)) => {
                chain(&settled.standing, &settled.fixed, *m).map(|r| &*self.fixes.records[r as usize].entry.h).collect()
            }
            Names::Own(own, None) => vec![own],
            Names::Kept(all) => all.iter().map(|h| &**h).collect(),
        }
    }

    /// States, entries after the day.
    pub fn finish(mut self) -> (Vec<State>, usize) {
        for duty in self.fixes.refused() {
            self.engine.states[duty as usize].unlawful += 1;
        }
        (self.engine.states, self.later)
    }
}
