//! States as bytes: four for what is there, then only that.
//!
//! Lights and reasons are not kept: they are worked out for the day that is asked for.

use super::pack::{In, Out};
use crate::log::State;
use crate::log::state::{Accepted, Applied, OnHand, Open, Opens, Seat};
use crate::model::{Due, Status};
use chrono::NaiveDate;
use std::io::{Read, Write};
use std::sync::Arc;

/// Bits of the four bytes; two each for due dates and the newest application ever.
mod bit {
    pub const DUE: u32 = 3;
    pub const ORIGINAL: u32 = 5;
    pub const STARTED_DUE: u32 = 7;
    pub const STARTED: u32 = 9;
    pub const PERCENT: u32 = 10;
    pub const BLOCKS: u32 = 11;
    pub const BREACHES: u32 = 12;
    pub const RESUME: u32 = 13;
    pub const RECHECK: u32 = 14;
    pub const NEXT_REVIEW: u32 = 15;
    pub const EVIDENCE: u32 = 16;
    pub const UPDATED: u32 = 17;
    pub const APPLIED: u32 = 18;
    pub const EVER: u32 = 19;
    pub const ACCEPTED: u32 = 21;
    pub const WORDS: u32 = 22;
    pub const SIGNED: u32 = 23;
    pub const UNLAWFUL: u32 = 24;
    pub const EXTENSIONS: u32 = 25;
}

/// Writes a state; `unlawful` more entries were refused.
pub fn write<W: Write>(out: &mut Out<W>, state: &State, unlawful: u32) {
    let State { status, due, original, started_due, started, extensions, percent, blocks, breaches, resume, .. } = state;
    let State { recheck, next_review, evidence, updated, applied, ever_applied, accepted, words, signed, .. } = state;
    let unlawful = state.unlawful + unlawful;
    let same = matches!((applied, ever_applied), (Some(a), Some(e)) if Arc::ptr_eq(a, e));
    let ever = if same { 2 } else { u32::from(ever_applied.is_some()) };
    let mut mask = *status as u32 | due_mark(*due) << bit::DUE | due_mark(*original) << bit::ORIGINAL;
    mask |= due_mark(*started_due) << bit::STARTED_DUE | ever << bit::EVER;
    let flags = [
        (bit::STARTED, started.is_some()),
        (bit::PERCENT, percent.is_some()),
        (bit::BLOCKS, !blocks.is_empty()),
        (bit::BREACHES, !breaches.is_empty()),
        (bit::RESUME, resume.is_some()),
        (bit::RECHECK, recheck.is_some()),
        (bit::NEXT_REVIEW, next_review.is_some()),
        (bit::EVIDENCE, !evidence.is_empty()),
        (bit::UPDATED, updated.is_some()),
        (bit::APPLIED, applied.is_some()),
        (bit::ACCEPTED, accepted.is_some()),
        (bit::WORDS, words.get().is_some()),
        (bit::SIGNED, signed.get().is_some()),
        (bit::UNLAWFUL, unlawful > 0),
        (bit::EXTENSIONS, *extensions > 0),
    ];
    mask |= flags.iter().map(|(bit, set)| u32::from(*set) << bit).sum::<u32>();
    out.four(mask);
    [due, original, started_due].into_iter().flatten().filter_map(|d| d.day()).for_each(|d| out.day(d));
    [started, resume, recheck, next_review, updated].into_iter().flatten().for_each(|d| out.day(*d));
    [words.get(), signed.get()].into_iter().flatten().for_each(|n| out.four(n));
    percent.iter().for_each(|p| out.number(u64::from(*p)));
    [blocks, breaches].into_iter().filter(|o| !o.is_empty()).for_each(|o| opens(out, o));
    if !evidence.is_empty() {
        out.number(evidence.pieces().len() as u64);
        evidence.pieces().for_each(|(kind, day)| {
            out.word(kind);
            out.day(*day);
        });
    }
    [applied.as_ref(), ever_applied.as_ref().filter(|_| !same)].into_iter().flatten().for_each(|a| application(out, a));
    if let Some(a) = accepted {
        out.day(a.day);
        out.word(&a.by);
    }
    [unlawful, *extensions].into_iter().filter(|n| *n > 0).for_each(|n| out.number(u64::from(n)));
    out.number(u64::from(state.entries));
}

/// Reads a state.
pub fn read<R: Read>(from: &mut In<R>) -> Option<State> {
    let mask = from.four()?;
    let has = |bit: u32| mask >> bit & 1 == 1;
    let status = *Status::ALL.iter().find(|s| **s as u32 == mask & 7)?;
    let due = due(from, mask >> bit::DUE & 3)?;
    let original = self::due(from, mask >> bit::ORIGINAL & 3)?;
    let started_due = self::due(from, mask >> bit::STARTED_DUE & 3)?;
    let mut day = |bit: u32| -> Option<Option<NaiveDate>> { if has(bit) { from.day().map(Some) } else { Some(None) } };
    let (started, resume, recheck) = (day(bit::STARTED)?, day(bit::RESUME)?, day(bit::RECHECK)?);
    let (next_review, updated) = (day(bit::NEXT_REVIEW)?, day(bit::UPDATED)?);
    let words = if has(bit::WORDS) { from.four()?.into() } else { Seat::default() };
    let signed = if has(bit::SIGNED) { from.four()?.into() } else { Seat::default() };
    let percent = if has(bit::PERCENT) { Some(from.small::<u8>()?) } else { None };
    let blocks = if has(bit::BLOCKS) { opened(from)? } else { Opens::default() };
    let breaches = if has(bit::BREACHES) { opened(from)? } else { Opens::default() };
    let evidence = if has(bit::EVIDENCE) { on_hand(from)? } else { OnHand::default() };
    let applied = if has(bit::APPLIED) { Some(Arc::new(applied(from)?)) } else { None };
    let ever_applied = match mask >> bit::EVER & 3 {
        0 => None,
        1 => Some(Arc::new(self::applied(from)?)),
        2 => Some(applied.clone()?),
        _ => return None,
    };
    let accepted = if has(bit::ACCEPTED) { Some(Arc::new(Accepted { day: from.day()?, by: (&*from.word()?).into() })) } else { None };
    let unlawful = if has(bit::UNLAWFUL) { from.small()? } else { 0 };
    let extensions = if has(bit::EXTENSIONS) { from.small()? } else { 0 };
    Some(State {
        status,
        due,
        original,
        started_due,
        started,
        extensions,
        percent,
        blocks,
        breaches,
        resume,
        recheck,
        next_review,
        evidence,
        updated,
        applied,
        ever_applied,
        accepted,
        words,
        signed,
        entries: from.small()?,
        unlawful,
        // Worked out for the day that is asked for.
        light: Default::default(),
        reasons: &[],
    })
}

fn due_mark(due: Option<Due>) -> u32 {
    match due {
        None => 0,
        Some(Due::Standing) => 1,
        Some(Due::On(_)) => 2,
    }
}

fn due<R: Read>(from: &mut In<R>, mark: u32) -> Option<Option<Due>> {
    match mark {
        0 => Some(None),
        1 => Some(Some(Due::Standing)),
        2 => from.day().map(|d| Some(Due::On(d))),
        _ => None,
    }
}

fn opens<W: Write>(out: &mut Out<W>, all: &[Open]) {
    out.number(all.len() as u64);
    for open in all {
        out.four(open.record);
        out.number(u64::from(open.until.is_some()));
        open.until.iter().for_each(|d| out.day(*d));
    }
}

fn opened<R: Read>(from: &mut In<R>) -> Option<Opens> {
    let mut all = Opens::default();
    for _ in 0..from.number()? {
        let record = from.four()?;
        let until = if from.number()? == 1 { Some(from.day()?) } else { None };
        all.push(Open { record, until });
    }
    Some(all)
}

fn on_hand<R: Read>(from: &mut In<R>) -> Option<OnHand> {
    let mut all = OnHand::default();
    for _ in 0..from.number()? {
        let kind = from.word()?;
        all.take(kind, from.day()?);
    }
    Some(all)
}

fn application<W: Write>(out: &mut Out<W>, a: &Applied) {
    out.day(a.day);
    out.word(&a.by);
    out.number(u64::from(due_mark(a.due) | due_mark(a.original) << 2 | u32::from(a.agreed.is_some()) << 4));
    [a.due, a.original].into_iter().flatten().filter_map(Due::day).for_each(|d| out.day(d));
    a.agreed.iter().for_each(|a| out.word(a));
}

fn applied<R: Read>(from: &mut In<R>) -> Option<Applied> {
    let day = from.day()?;
    let by = (&*from.word()?).into();
    let marks: u32 = from.small()?;
    let due = due(from, marks & 3)?;
    let original = self::due(from, marks >> 2 & 3)?;
    let agreed = if marks >> 4 == 1 { Some((&*from.word()?).into()) } else { None };
    Some(Applied { day, by, agreed, due, original })
}
