//! `escalate`: every late assignment with the letter that is due for it by the ladder.
//!
//! The schema's name is `duban/escalate/1`. A row names the step (from 1), the letter, whom it
//! is for, how late and since when, and the day on which the step began. Late items that the
//! ladder does not reach yet are counted.

use super::ladder::{Late, begun, late, reached};
use super::posts::recipients;
use crate::model::time::plus_days;
use crate::model::{Rung, Words};
use crate::report::frame::Frame;
use crate::report::layout::Ask;
use crate::report::list::{InvalidRow, invalid_rows};
use crate::report::rows::{DutyRow, duty_row};
use serde::Serialize;

/// The letters of a day.
#[derive(Debug, Clone, Serialize)]
pub struct Escalation {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// The ladder that was used, mildest first.
    pub ladder: Vec<LadderStep>,
    /// True where register.yaml has no ladder of its own.
    pub usual: bool,
    /// Assignments that are late but below the first step.
    pub below: usize,
    /// Applications that wait for whoever accepts, longer than they may: no letter to the lead.
    pub reviewer_late: usize,
    /// The letters: highest step first, then days late.
    pub rows: Vec<LetterRow>,
    /// Undecodable obligations: nobody knows whether they are late.
    pub invalid_items: Vec<InvalidRow>,
    #[serde(skip)]
    pub(super) duties: Vec<usize>,
}

/// A step of the ladder as data.
#[derive(Debug, Clone, Serialize)]
pub struct LadderStep {
    /// From 1.
    pub step: usize,
    /// Days late from which it is due.
    pub after_days: u32,
    /// The letter.
    pub letter: Words,
    /// Code of the recipient.
    pub to: &'static str,
    /// Days to answer in.
    pub answer_days: Option<u32>,
    /// How many are due.
    pub due: usize,
}

/// A letter that is due.
#[derive(Debug, Clone, Serialize)]
pub struct LetterRow {
    /// Its step, from 1.
    pub step: usize,
    /// The letter.
    pub letter: Words,
    /// Code of the recipient.
    pub to: &'static str,
    /// Posts and departments that it goes to; empty for everybody, and where nobody is registered.
    pub recipients: Vec<String>,
    /// Days late.
    pub days: i64,
    /// The day it should have been done.
    pub late_since: Option<String>,
    /// The first day on which this step was due.
    pub step_since: Option<String>,
    /// The rules that say so.
    pub late_by: Vec<&'static str>,
    /// When an answer is asked for.
    pub answer_by: Option<String>,
    /// The assignment.
    #[serde(flatten)]
    pub row: DutyRow,
}

/// Works it out for the selection.
pub fn build(ask: &Ask) -> Escalation {
    let settings = &ask.s.register.settings;
    let ladder = settings.ladder();
    let mut all: Vec<(usize, usize, Late)> = Vec::new();
    let mut below = 0;
    for duty in &ask.selected {
        let Some(late) = late(ask.s, *duty) else { continue };
        match reached(&ladder, late.days) {
            Some(step) => all.push((step, *duty, late)),
            None => below += 1,
        }
    }
    all.sort_by_key(|(step, duty, late)| (std::cmp::Reverse(*step), std::cmp::Reverse(late.days), *duty));
    let waits = |d: &&usize| ask.s.folded.states[**d].reasons.contains(&"A5");
    Escalation {
        frame: Frame::new(ask.s, "escalate", ask.query, &ask.selected),
        usual: settings.escalation.is_empty(),
        below,
        reviewer_late: ask.selected.iter().filter(waits).count(),
        rows: all.iter().map(|(step, duty, late)| row(ask, (*step, &ladder[*step]), *duty, late)).collect(),
        ladder: ladder.iter().enumerate().map(|(i, x)| step(i, x, all.iter().filter(|a| a.0 == i).count())).collect(),
        invalid_items: invalid_rows(ask.s),
        duties: all.into_iter().map(|a| a.1).collect(),
    }
}

fn step(i: usize, step: &Rung, due: usize) -> LadderStep {
    LadderStep {
        step: i + 1,
        after_days: step.after.days(),
        letter: step.letter.clone(),
        to: step.to.code(),
        answer_days: step.answer.as_ref().map(|a| a.days()),
        due,
    }
}

fn row(ask: &Ask, (i, step): (usize, &Rung), duty: usize, late: &Late) -> LetterRow {
    LetterRow {
        step: i + 1,
        letter: step.letter.clone(),
        to: step.to.code(),
        recipients: recipients(ask, duty, step.to),
        days: late.days,
        late_since: late.since.map(|d| d.to_string()),
        step_since: late.since.map(|d| begun(step, d).to_string()),
        late_by: late.codes.clone(),
        answer_by: step.answer.as_ref().map(|a| plus_days(ask.s.day(), a.days().into()).to_string()),
        row: duty_row(ask.s, duty, ask.lang),
    }
}
