//! Would the gate notice? One thing of every kind is broken in memory, and every rule asked.
//!
//! Order of things: [`kind`] is what a kind of breakage is.
//!
//! 1. [`bench`] holds the register as it is, finds a place where something can be broken, and
//!    makes the broken texts; nothing reaches the disk.
//! 2. [`pages`], [`links`] and [`entries`] are the kinds: files and fields, who and by when and
//!    what for, and the log. Each names the rules that should speak.
//! 3. [`prove`] opens the register anew for each and sees which of them does, at its set level.

mod bench;
mod entries;
mod kind;
mod links;
mod pages;

use crate::finding::{Judged, Outcome};
use crate::load::OpenError;
use crate::model::{Level, Term};
use crate::rules::{self, Overrides};
use crate::snapshot::{Options, Snapshot};
use bench::Bench;
use kind::Breakage;
pub use kind::Broken;
use std::collections::HashSet;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// No rule speaks: the gate would stay green in silence.
    Silence,
    /// Another rule speaks, and not the one that should.
    Other,
    /// It speaks and a waiver covers it: listed, and no failure.
    Waived,
    /// It speaks and the check still passes: the level is `warn`.
    Warns,
    /// It speaks and the check fails.
    Denies,
    /// The register has nothing of the kind to break.
    NoOccasion,
}

impl Answer {
    /// Its name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Answer::Silence => "silence",
            Answer::Other => "other",
            Answer::Waived => "waived",
            Answer::Warns => "warns",
            Answer::Denies => "denies",
            Answer::NoOccasion => "no-occasion",
        }
    }
    /// Would it slip through unheard?
    pub fn fails(self) -> bool {
        matches!(self, Answer::Silence | Answer::Other)
    }
}

/// One breakage and its answer.
pub struct Row {
    /// What was done.
    pub name: Term,
    /// To what.
    pub what: String,
    /// The rules of which one should speak.
    pub rules: &'static [&'static str],
    /// What came of it.
    pub answer: Answer,
    /// The finding that answers; of several, the one that weighs most.
    pub finding: Option<Judged>,
    /// The waiver that covers it: whom it names, for what, until when.
    pub waiver: Option<String>,
}

/// The whole proof.
pub struct Proof {
    /// A row a kind.
    pub rows: Vec<Row>,
    /// Rules that deny as set here and that no kind tries.
    pub untried: Vec<&'static str>,
}

/// Every kind, in the order of the table of rules.
fn kinds() -> impl Iterator<Item = &'static Breakage> {
    pages::KINDS.iter().chain(links::KINDS).chain(entries::KINDS)
}

/// How many kinds there are: for whoever shows how far the proof is.
pub fn count() -> usize {
    kinds().count()
}

/// Breaks one thing of every kind and asks every rule; `step` hears of each kind when it is done.
pub fn prove(s: &Snapshot, options: &Options, overrides: &Overrides, mut step: impl FnMut(usize)) -> Proof {
    let before = rules::run(s, overrides);
    let bench = Bench::new(s);
    let rows: Vec<Row> = kinds()
        .enumerate()
        .map(|(n, kind)| {
            let row = one(kind, &bench, &before, options, overrides);
            step(n + 1);
            row
        })
        .collect();
    let tried: HashSet<&str> = kinds().flat_map(|k| k.rules.iter().copied()).collect();
    let untried = rules::TABLE.iter().map(|r| r.info).filter(|i| i.level == Level::Deny && !tried.contains(i.id)).map(|i| i.id).collect();
    Proof { rows, untried }
}

fn one(kind: &Breakage, bench: &Bench, before: &Outcome, options: &Options, overrides: &Overrides) -> Row {
    let row = |what, answer, finding| Row { name: kind.name, what, rules: kind.rules, answer, finding, waiver: None };
    let Some(broken) = (kind.make)(bench) else { return row(String::new(), Answer::NoOccasion, None) };
    let after = match Snapshot::open_with(options, broken.texts) {
        Ok(after) => after,
        // A register that cannot be opened fails the check with the findings of its register.yaml.
        Err(OpenError::Settings(_)) => return row(broken.what, Answer::Denies, None),
        Err(OpenError::Missing(_)) => return row(broken.what, Answer::Silence, None),
    };
    let outcome = rules::run(&after, overrides);
    let had: HashSet<&str> = before.findings.iter().chain(&before.waived).map(|j| j.fingerprint.as_str()).collect();
    let all = || outcome.findings.iter().chain(&outcome.waived);
    let fresh = |j: &&Judged| !had.contains(j.fingerprint.as_str());
    // Where the very thing was amiss before, as a person is who was never named, it is no news and
    // an answer all the same.
    let known = |j: &&Judged| kind.rules.contains(&j.finding.rule) && j.finding.subject == broken.what;
    let weigh = |j: &Judged| match (kind.rules.contains(&j.finding.rule), j.waiver, j.level) {
        (true, None, Level::Deny) => Answer::Denies,
        (true, None, _) => Answer::Warns,
        (true, Some(_), _) => Answer::Waived,
        (false, None, Level::Deny) => Answer::Other,
        _ => Answer::Silence,
    };
    let spoken = |best: &(Answer, &Judged)| best.0 > Answer::Other;
    let best = heaviest(all().filter(fresh), weigh);
    let best = best.filter(spoken).or_else(|| heaviest(all().filter(known), weigh)).or(best);
    let Some((answer, j)) = best.filter(|b| b.0 > Answer::Silence) else { return row(broken.what, Answer::Silence, None) };
    let waiver = j.waiver.map(|w| {
        let w = &after.register.waivers[w];
        format!("{} {} {}", w.subject.as_str(), w.who.as_str(), w.until.0)
    });
    Row { waiver, ..row(broken.what, answer, Some(j.clone())) }
}

/// The first of the heaviest: findings come sorted by place.
fn heaviest<'a>(all: impl Iterator<Item = &'a Judged>, weigh: impl Fn(&Judged) -> Answer) -> Option<(Answer, &'a Judged)> {
    all.fold(None, |best: Option<(Answer, &Judged)>, j| {
        let w = weigh(j);
        if best.is_none_or(|b| w > b.0) { Some((w, j)) } else { best }
    })
}
