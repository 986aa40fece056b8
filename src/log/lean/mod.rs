//! The log in passing: states and counts of a healthy log, without keeping a single entry.
//!
//! For whoever counts and never looks at an entry (`status`, `coverage`). It reads what
//! [`super::read`] reads, holds the same things against the chain, and feeds the same engine;
//! what it does not do is remember. A million entries cost seventy bytes each for one month at
//! a time, not six hundred for good.
//!
//! It knows one answer besides its own: *not my business*. At the first thing that is not as it
//! should be (a line that does not follow, a wrong folder, a name that does not belong, a
//! witness that misses its line) it gives up, and the whole log is read by the one that can
//! tell what is wrong. So nothing is told in two ways, and nothing is passed over.
//!
//! 1. [`super::read::walk`] finds the files; [`kept`] looks whether an earlier run left behind
//!    what the closed months come to, and then only the later ones are read.
//! 2. [`fixes`] looks for corrections, which reach back: they and what they fix are settled first.
//! 3. Month by month, oldest first, and a large month in slices of time: [`sheet`] reads each
//!    file on whichever core is free and holds its chain; the entries are put in recording order
//!    and applied ([`run`]).
//! 4. [`claims`]: every line that another one saw must still be there.
//!
//! An entry belongs to the month of its file, else the reader has given up: so the months in
//! order are the log in order.

mod at;
mod claims;
mod fixes;
pub mod kept;
mod line;
mod pass;
mod quick;
mod run;
mod sheet;
mod spread;

use super::fold::{Folded, roll_ups};
use super::lines::COUNTS;
use super::read::{Found, Log, LogFile, Walk};
use super::state::Facts;
use super::verify;
use super::whose::Matcher;
use crate::finding::Finding;
use crate::model::time::plus_days;
use crate::model::{Register, Roster};
pub use at::At;
use chrono::NaiveDate;
use kept::{Keep, Key, stat::Stat};
use pass::Pass;
use sheet::Sheet;
use std::sync::atomic::Ordering;

/// Bytes of log that are taken in hand at a time: a month with more is read in slices of time.
const SHARE: u64 = 64 << 20;

/// What is read, for whom, and how much of it at a time.
pub struct Ask<'a> {
    /// Where and when.
    pub at: At<'a>,
    /// The YAML files.
    pub register: &'a Register,
    /// Who carries what.
    pub roster: &'a Roster,
    /// The facts besides the log, by assignment.
    pub facts: &'a [Facts<'a>],
    /// Bytes of log taken in hand at a time; the answer does not depend on it.
    pub share: u64,
    /// Where the folded state of closed months is kept; the answer does not depend on it.
    pub keep: Option<&'a Keep<'a>>,
}

impl<'a> Ask<'a> {
    /// As the program reads.
    pub fn new(at: At<'a>, register: &'a Register, roster: &'a Roster, facts: &'a [Facts<'a>]) -> Ask<'a> {
        Ask { at, register, roster, facts, share: SHARE, keep: None }
    }
}

/// States as of a day and the log's files, without its entries: `records`, `verdicts` and
/// `duty_of` are empty, and so nobody may look an entry up. `None` where the log must be read whole.
pub fn read(ask: &Ask, findings: &mut Vec<Finding>) -> Option<(Log, Folded)> {
    let Ask { at, register, roster, facts, share, keep } = ask;
    let mut met = Vec::new();
    let walk = super::read::walk(at.root, at.shown, &mut met);
    // Drafts that wait are told, and change no figure.
    if met.iter().any(|f| f.rule != "L016") {
        return None;
    }
    let mut sheets = sheets(&walk)?;
    let closed = closed(at);
    let bytes: u64 = sheets.iter().filter(|s| *s.month < *closed).map(|s| s.size).sum();
    let key = keep.filter(|keep| bytes >= keep.worth.max(1)).and_then(|keep| Some((Key::of(keep, at, register)?, keep.worth)));
    let pass = Pass { at, roster, facts, matcher: Matcher::new(register, roster), share: *share, closed, key };
    let kept = pass.key.as_ref().and_then(|(key, _)| kept::load(key, &sheets, &pass.closed, roster.duties.len()));
    let brief = kept.and_then(|kept| pass.over(&mut sheets, Some(kept)));
    let mut done = match brief {
        Some(done) => done,
        None => pass.over(&mut sheets, None)?,
    };
    let obligations = roll_ups(roster, &mut done.states, facts, register, at.as_of);
    let mut log = Log { entries: done.entries as usize, kept: done.kept as usize, ..Log::default() };
    for (sheet, taken) in sheets.into_iter().zip(done.taken) {
        log.files.push(LogFile {
            shown: sheet.shown.into(),
            dept: sheet.dept.into(),
            name: sheet.name.into(),
            month: sheet.month.into(),
            writer: sheet.writer.into(),
            header: Some(taken.header?),
            last: taken.last,
            digest: sheet.digest,
            lines: taken.lines,
        });
    }
    log.root = super::read::short_root(verify::root(log.files.iter().map(|f| (format!("{}/{}", f.dept, f.name), f.digest.as_str()))));
    findings.extend(met);
    COUNTS.entries.fetch_add(log.entries as u64, Ordering::Relaxed);
    COUNTS.kept.fetch_add(u64::from(done.kept), Ordering::Relaxed);
    Some((log, Folded { states: done.states, obligations, later: done.later, ..Folded::default() }))
}

/// The month from which on nothing is closed: the clock's own, or that of the day after the
/// as-of day, so that what stands in earlier months was recorded by the as-of day.
fn closed(at: &At) -> String {
    let month = |day: NaiveDate| day.format("%Y-%m").to_string();
    month(at.zone.day(at.now)).min(month(plus_days(at.as_of, 1)))
}

/// The files, as far as their names and kinds are as they should be.
fn sheets(walk: &Walk) -> Option<Vec<Sheet<'_>>> {
    walk.files.iter().map(sheet).collect()
}

fn sheet(found: &Found) -> Option<Sheet<'_>> {
    let Found { dept, name, path, shown } = found;
    let (month, writer) = super::read::parse_name(name)?;
    let meta = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let by = writer.rsplit_once('-')?.0;
    let stat = Stat::of(&meta);
    Some(Sheet { dept, name, path, shown, month, writer, by, size: meta.len(), stat, digest: String::new(), lines: 0 })
}
