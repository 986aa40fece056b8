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
//! 1. [`super::read::walk`] finds the files.
//! 2. [`fixes`] looks for corrections, which reach back: they and what they fix are settled first.
//! 3. Month by month, oldest first, and a large month in slices of time: [`sheet`] reads each
//!    file on whichever core is free and holds its chain; the entries are put in recording order
//!    and applied.
//! 4. [`claims`]: every line that another one saw must still be there.
//!
//! An entry belongs to the month of its file, else the reader has given up: so the months in
//! order are the log in order.

mod at;
mod claims;
mod fixes;
mod line;
mod sheet;
mod spread;

use super::act::Act;
use super::engine::{Engine, Place};
use super::fold::{Folded, Verdict, names, roll_ups};
use super::lines::COUNTS;
use super::read::{Found, Log, LogFile, Walk};
use super::state::{Facts, Open};
use super::verify;
use super::whose::Matcher;
use crate::finding::Finding;
use crate::model::time::parse_date;
use crate::model::{Event, Register, Roster, Zone};
pub use at::At;
use chrono::NaiveDate;
use fixes::Fixes;
use sheet::{Desk, Gist, Sheet, Slice, Taken};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;

/// Bytes of log that are taken in hand at a time: a month with more is read in slices of time.
const SHARE: u64 = 64 << 20;

/// States as of a day and the log's files, without its entries: `records`, `verdicts` and
/// `duty_of` are empty, and so nobody may look an entry up. `None` where the log must be read whole.
pub fn read(at: &At, register: &Register, roster: &Roster, facts: &[Facts], findings: &mut Vec<Finding>) -> Option<(Log, Folded)> {
    read_by(SHARE, at, register, roster, facts, findings)
}

/// The same with so many bytes of log taken in hand at a time; the answer does not depend on it.
pub fn read_by(
    share: u64,
    at: &At,
    register: &Register,
    roster: &Roster,
    facts: &[Facts],
    findings: &mut Vec<Finding>,
) -> Option<(Log, Folded)> {
    let mut met = Vec::new();
    let walk = super::read::walk(at.root, at.shown, &mut met);
    // Drafts that wait are told, and change no figure.
    if met.iter().any(|f| f.rule != "L016") {
        return None;
    }
    let mut sheets = sheets(&walk)?;
    let matcher = Matcher::new(register, roster);
    let fixes = fixes::find(&mut sheets, at, &matcher)?;
    let mut run = Run { engine: Engine::new(roster, facts), fixes: &fixes, opened: HashMap::new(), as_of: at.as_of, next: 0, later: 0 };
    let desk = Desk { matcher: &matcher, fixes: &fixes, at };
    let mut taken: Vec<Taken> = vec![Taken::default(); sheets.len()];
    let mut claims = claims::Claims::default();
    for month in months(&sheets) {
        let bytes: u64 = month.iter().map(|i| sheets[*i].size).sum();
        for slice in slices(sheets[month[0]].month, at.zone, bytes.div_ceil(share.max(1)))? {
            let read = |i: &usize| sheet::read(&sheets[*i], *i as u32, &taken[*i], slice, &desk);
            let mut gists = spread::over(&month, |i| sheets[*i].size, read)?;
            run.month(&gists, &sheets)?;
            for (i, gist) in month.iter().zip(&mut gists) {
                claims.add(&sheets, *i, gist, taken[*i].lines == 0)?;
                taken[*i] = std::mem::take(&mut gist.taken);
            }
        }
    }
    claims.hold(&sheets)?;
    let mut states = run.finish();
    let obligations = roll_ups(roster, &mut states.0, facts, register, at.as_of);
    let mut log = Log { entries: states.1 as usize, ..Log::default() };
    for (sheet, taken) in sheets.into_iter().zip(taken) {
        if sheet.lines != taken.lines {
            // Somebody wrote between the two passes.
            return None;
        }
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
    Some((log, Folded { states: states.0, obligations, later: states.2, ..Folded::default() }))
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
    Some(Sheet { dept, name, path, shown, month, writer, by, size: meta.len(), digest: String::new(), lines: 0 })
}

/// Numbers of the files of each month, oldest first; within a month in the order in which
/// entries of one instant are taken.
fn months(sheets: &[Sheet]) -> Vec<Vec<usize>> {
    let mut months: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    sheets.iter().enumerate().for_each(|(i, s)| months.entry(s.month).or_default().push(i));
    let order = |mut all: Vec<usize>| {
        all.sort_by_key(|i| (sheets[*i].writer, sheets[*i].name));
        all
    };
    months.into_values().map(order).collect()
}

/// A month in so many slices of time, each as long as the others.
fn slices(month: &str, zone: Zone, many: u64) -> Option<Vec<Slice>> {
    let many = many.clamp(1, 4096);
    let first = parse_date(&format!("{month}-01")).ok()?;
    let start = zone.end(first).timestamp_millis() - 86_399_999;
    let piece = 31 * 86_400_000 / many as i64;
    // Whole files are read in large bites; of many slices each is a small part of its file.
    let buffer = if many == 1 { u64::MAX } else { 32 << 10 };
    Some((1..=many).map(|n| Slice { before: (n < many).then(|| start + n as i64 * piece), buffer }).collect())
}

/// The fold under way.
struct Run<'a> {
    engine: Engine<'a>,
    fixes: &'a Fixes,
    /// Blocks and breaches by place: the `h` that ends them, and their number among the fixes.
    opened: HashMap<u32, (Box<str>, Option<u32>)>,
    as_of: NaiveDate,
    next: u32,
    later: usize,
}

impl Run<'_> {
    /// Applies the entries of a month.
    fn month(&mut self, gists: &[Gist], sheets: &[Sheet]) -> Option<()> {
        let mut order: Vec<(i64, u32, u32)> = Vec::with_capacity(gists.iter().map(|g| g.smalls.len()).sum());
        for (rank, gist) in gists.iter().enumerate() {
            order.extend(gist.smalls.iter().enumerate().map(|(i, s)| (s.at, rank as u32, i as u32)));
        }
        // Every file is in order by itself, which this sort makes use of.
        order.sort();
        for (_, rank, i) in order {
            let gist = &gists[rank as usize];
            self.entry(gist, i as usize, sheets)?;
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
            self.opened.insert(record, (gist.own(i).into(), known));
        }
        let place = Place { record, content: record, day: small.day };
        let opened = &self.opened;
        let named = |open: &[Open], h: &str| {
            open.iter().position(|o| match opened.get(&o.record) {
                Some((_, Some(m))) => names(&fixes.records, &fixes.settled.standing, &fixes.settled.fixed, *m, h),
                Some((own, None)) => **own == *h,
                None => false,
            })
        };
        match self.engine.judge(&act, duty, place, &named) {
            Ok(()) => self.engine.apply(&act, duty, place, &named),
            Err(_) => self.engine.states[duty].unlawful += 1,
        }
        Some(())
    }

    /// States, entries read, entries after the day.
    fn finish(mut self) -> (Vec<super::State>, u32, usize) {
        let settled = &self.fixes.settled;
        for (i, v) in settled.verdicts.iter().enumerate() {
            if let (Verdict::Unlawful(_), Some(duty), true) = (v, settled.duty_of[i], self.fixes.records[i].entry.fixes.is_some()) {
                self.engine.states[duty as usize].unlawful += 1;
            }
        }
        (self.engine.states, self.next, self.later)
    }
}
