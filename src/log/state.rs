//! What the fold keeps about one assignment.

use crate::model::{Due, Kind, Light, Recurrence, Status};
use chrono::NaiveDate;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

/// What of an assignment the rules look at besides the log.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// What it has in common with the other assignments of its obligation.
    pub common: Arc<Common<'a>>,
    /// Planned start.
    pub start: Option<NaiveDate>,
    /// Original due date of the plan.
    pub due: Option<Due>,
    /// True for the row of an obligation without lead.
    pub no_lead: bool,
}

/// What the obligation says: the same for all its assignments, and kept once.
#[derive(Debug)]
pub struct Common<'a> {
    /// Sort of obligation.
    pub kind: Kind,
    /// How it ends.
    pub recurrence: Recurrence,
    /// Review cycle.
    pub review: Option<crate::model::Cycle>,
    /// Evidence types marked required, with their age in cycles.
    pub required: Vec<(&'a str, Option<u32>)>,
    /// When the policy was listed.
    pub listed: NaiveDate,
    /// Indices of the obligations that must be finished first.
    pub requires: Vec<u32>,
}

impl<'a> std::ops::Deref for Facts<'a> {
    type Target = Common<'a>;
    fn deref(&self) -> &Common<'a> {
        &self.common
    }
}

/// A block or breach not yet ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Index of the record whose place it stands at.
    pub record: u32,
    /// Fix date, where one is set.
    pub until: Option<NaiveDate>,
}

/// Blocks or breaches not yet ended, oldest first: mostly none, and then no more than a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::box_collection, reason = "a list is three words; a million assignments have none")]
pub struct Opens(Option<Box<Vec<Open>>>);

impl Opens {
    /// One more.
    pub fn push(&mut self, open: Open) {
        self.0.get_or_insert_default().push(open);
    }
    /// Takes one away.
    pub fn remove(&mut self, i: usize) {
        if let Some(all) = &mut self.0 {
            all.remove(i);
        }
        self.0.take_if(|all| all.is_empty());
    }
    /// Takes all away.
    pub fn clear(&mut self) {
        self.0 = None;
    }
}

impl std::ops::Deref for Opens {
    type Target = [Open];
    fn deref(&self) -> &[Open] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }
}

impl std::ops::DerefMut for Opens {
    fn deref_mut(&mut self) -> &mut [Open] {
        self.0.as_deref_mut().map_or(&mut [], Vec::as_mut_slice)
    }
}

/// The newest application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Recording day.
    pub day: NaiveDate,
    /// Applicant.
    pub by: Box<str>,
    /// Who agreed.
    pub agreed: Option<Box<str>>,
    /// Due date then.
    pub due: Option<Due>,
    /// Original due date then.
    pub original: Option<Due>,
}

/// The newest acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Recording day.
    pub day: NaiveDate,
    /// Accepter.
    pub by: Box<str>,
}

/// One text for every type of evidence: a log names its few types a million times. More kinds
/// than a register could have are foreign words, and stand by themselves.
fn once(kind: &str) -> Arc<str> {
    thread_local! {
        static SEEN: RefCell<HashSet<Arc<str>>> = RefCell::default();
    }
    SEEN.with_borrow_mut(|seen| match seen.get(kind) {
        Some(known) => known.clone(),
        None => {
            let fresh: Arc<str> = kind.into();
            if seen.len() < 10_000 {
                seen.insert(fresh.clone());
            }
            fresh
        }
    })
}

/// The pieces of evidence on hand: type and date, in the order in which they came.
///
/// A flat list and not a map of lists: an assignment has few of them and a register a million
/// assignments, where a map costs half a kilobyte each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OnHand(Box<[(Arc<str>, NaiveDate)]>);

impl OnHand {
    /// One more piece.
    pub fn add(&mut self, kind: &str, date: NaiveDate) {
        let kind = self.0.iter().find(|(k, _)| **k == *kind).map_or_else(|| once(kind), |(k, _)| k.clone());
        self.take(kind, date);
    }
    /// The same with a text that is at hand.
    pub fn take(&mut self, kind: Arc<str>, date: NaiveDate) {
        let mut all = std::mem::take(&mut self.0).into_vec();
        all.reserve_exact(1);
        all.push((kind, date));
        self.0 = all.into();
    }
    /// All of them.
    pub fn pieces(&self) -> std::slice::Iter<'_, (Arc<str>, NaiveDate)> {
        self.0.iter()
    }
    /// Is there a piece of this type?
    pub fn has(&self, kind: &str) -> bool {
        self.0.iter().any(|(k, _)| **k == *kind)
    }
    /// Dates of the pieces of a type.
    pub fn dates<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = NaiveDate> + Clone + 'a {
        self.0.iter().filter(move |(k, _)| **k == *kind).map(|(_, day)| *day)
    }
    /// How many pieces there are of each type, by its code.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        self.0.iter().for_each(|(k, _)| *counts.entry(&**k).or_default() += 1);
        counts
    }
    /// Is there nothing?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.0 = Box::default();
    }
}

/// Reasons as they are told: one list for every set of codes that occurs, kept for as long as
/// the program runs. There are a few hundred such sets at most, and a million assignments.
pub fn reasons(codes: &[&'static str]) -> &'static [&'static str] {
    static LISTS: Mutex<BTreeMap<Vec<&'static str>, &'static [&'static str]>> = Mutex::new(BTreeMap::new());
    if codes.is_empty() {
        return &[];
    }
    let mut lists = LISTS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(list) = lists.get(codes) {
        return list;
    }
    let list: &'static [&'static str] = Vec::leak(codes.to_vec());
    lists.insert(codes.to_vec(), list);
    list
}

/// Number of a record, or none: four bytes, and a million assignments have two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat(u32);

impl Seat {
    /// The number, where there is one.
    pub fn get(self) -> Option<u32> {
        (self.0 != u32::MAX).then_some(self.0)
    }
}

impl Default for Seat {
    fn default() -> Seat {
        Seat(u32::MAX)
    }
}

impl From<u32> for Seat {
    /// The last number of all stands for none; no log has as many entries.
    fn from(record: u32) -> Seat {
        Seat(record)
    }
}

/// State of one assignment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// One of the seven.
    pub status: Status,
    /// Present due date.
    pub due: Option<Due>,
    /// Due date before any extension.
    pub original: Option<Due>,
    /// `until` of the newest lawful start: what the plan's due date was then.
    pub started_due: Option<Due>,
    /// Recording day of the newest lawful start.
    pub started: Option<NaiveDate>,
    /// Extensions so far.
    pub extensions: u32,
    /// Newest percentage.
    pub percent: Option<u8>,
    /// Open blocks.
    pub blocks: Opens,
    /// Open breaches.
    pub breaches: Opens,
    /// Resume date.
    pub resume: Option<NaiveDate>,
    /// Re-check date of an exemption.
    pub recheck: Option<NaiveDate>,
    /// Next review.
    pub next_review: Option<NaiveDate>,
    /// Evidence since the last regress or reopen.
    pub evidence: OnHand,
    /// Recording day of the newest update (rule A3).
    pub updated: Option<NaiveDate>,
    /// Newest application, forgotten at a regress or reopen.
    pub applied: Option<Arc<Applied>>,
    /// Newest application ever, for the on-time rate.
    pub ever_applied: Option<Arc<Applied>>,
    /// Newest acceptance.
    pub accepted: Option<Arc<Accepted>>,
    /// Index of the newest record with note, issues or next steps.
    pub words: Seat,
    /// Index of the newest record that signed the wording: attest, apply, accept or review.
    pub signed: Seat,
    /// Lawful entries that count.
    pub entries: u32,
    /// Entries refused at reading.
    pub unlawful: u32,
    /// Light on the date asked for.
    pub light: Light,
    /// Codes of the rules that fire, worst first.
    pub reasons: &'static [&'static str],
}

impl State {
    /// At the beginning: whatever the plan says.
    pub fn new(facts: &Facts) -> State {
        State { due: facts.due, original: facts.due, ..State::default() }
    }
    /// True when every required type of evidence is there.
    pub fn has_required(&self, facts: &Facts) -> bool {
        facts.required.iter().all(|(t, _)| self.evidence.has(t))
    }
}
