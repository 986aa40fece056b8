//! Corrections reach back: what stands at a place is known only when all of them are.
//!
//! A first pass takes the digest of every file and picks out the lines that fix others; where
//! there are any, a second finds the lines that they fix. These few are kept whole and settled
//! as the fold does it.

use super::at::At;
use super::kept::Kept;
use super::sheet::Sheet;
use super::spread;
use crate::log::fold::Verdict;
use crate::log::lines::{Lines, split};
use crate::log::read::Record;
use crate::log::settle::{self, Settled};
use crate::log::whose::Matcher;
use memchr::memmem;
use std::collections::{HashMap, HashSet};

/// The corrections of a log and what they fix.
pub struct Fixes {
    /// Both, in fold order.
    pub records: Vec<Record>,
    /// What becomes of them.
    pub settled: Settled,
    /// Their chain values.
    pub wanted: HashSet<Box<str>>,
    /// File and seq to the number of the record.
    pub at: HashMap<(u32, u32), u32>,
}

/// A line as it was picked out.
type Picked = (u32, u32, String);

/// Finds them, and fills in the digest of every file; after the months that were kept, if there
/// are any. `None` where a correction may reach into these, or one of these may reach out.
pub fn find(sheets: &mut [Sheet], at: &At, matcher: &Matcher, kept: Option<&Kept>) -> Option<Fixes> {
    let open = |s: &Sheet| kept.is_none_or(|k| *s.month > *k.month);
    let all: Vec<u32> = (0..sheets.len() as u32).filter(|i| open(&sheets[*i as usize])).collect();
    let none = HashSet::new();
    let dangling = kept.map_or(&none, |k| &k.dangling);
    let size = |i: &u32| sheets[*i as usize].size;
    let first = spread::over(&all, size, |i| fixers(*i, &sheets[*i as usize]))?;
    let mut picked: Vec<Picked> = Vec::new();
    let mut digests = Vec::with_capacity(first.len());
    for (whole, lines) in first {
        digests.push(whole);
        picked.extend(lines);
    }
    let mut records: Vec<Record> = picked.iter().map(|p| record(p, at)).collect::<Option<_>>()?;
    let mut targets: HashSet<Box<str>> = records.iter().filter_map(|r| r.entry.fixes.clone()).collect();
    let own = targets.len();
    targets.extend(dangling.iter().cloned());
    if !targets.is_empty() {
        let have: HashSet<(u32, u32)> = records.iter().map(|r| (r.file, r.line)).collect();
        let found = spread::over(&all, size, |i| named(*i, &sheets[*i as usize], &targets))?;
        for line in found.into_iter().flatten().filter(|(file, line, _)| !have.contains(&(*file, *line))) {
            records.push(record(&line, at)?);
        }
        let met = records.iter().filter(|r| targets.contains(&r.entry.h)).count();
        if kept.is_some() && (met < own || records.iter().any(|r| dangling.contains(&r.entry.h))) {
            return None;
        }
    }
    all.iter().zip(digests).for_each(|(i, whole)| (sheets[*i as usize].digest, sheets[*i as usize].lines) = whole);
    let key = |r: &Record| {
        let s = &sheets[r.file as usize];
        (r.entry.at, s.writer, s.name, r.entry.seq)
    };
    // By file first, as the whole log is put together: two departments' files may bear one name.
    records.sort_by_key(|r| (r.file, r.line));
    records.sort_by(|a, b| key(a).cmp(&key(b)));
    let settled = settle::settle(matcher, &records, at.as_of);
    let wanted = records.iter().map(|r| r.entry.h.clone()).collect();
    let places = records.iter().enumerate().map(|(i, r)| ((r.file, r.line - 1), i as u32)).collect();
    Some(Fixes { settled, wanted, at: places, records })
}

impl Fixes {
    /// The assignments of corrections that are refused for what they fix, once for each.
    pub fn refused(&self) -> impl Iterator<Item = u32> {
        self.refused_in(|_| true)
    }

    /// The same of some files.
    pub fn refused_in(&self, file: impl Fn(u32) -> bool) -> impl Iterator<Item = u32> {
        let refused = move |(i, r): (usize, &Record)| match (&self.settled.verdicts[i], self.settled.duty_of[i]) {
            (Verdict::Unlawful(_), Some(duty)) if r.entry.fixes.is_some() && file(r.file) => Some(duty),
            _ => None,
        };
        self.records.iter().enumerate().filter_map(refused)
    }

    /// Every correction: its file, the chain value that it names, and the file where that stands.
    pub fn reach(&self) -> Vec<(u32, &str, Option<u32>)> {
        let file: HashMap<&str, u32> = self.records.iter().map(|r| (&*r.entry.h, r.file)).collect();
        self.records.iter().filter_map(|r| r.entry.fixes.as_deref().map(|h| (r.file, h, file.get(h).copied()))).collect()
    }
}

/// The digest of a file with the number of its lines, and those that say `"fixes"`.
fn fixers(number: u32, sheet: &Sheet) -> Option<((String, usize), Vec<Picked>)> {
    let finder = memmem::Finder::new(b"\"fixes\"");
    let mut lines = Lines::open(sheet.path).ok()?;
    let mut out = Vec::new();
    let mut n = 0;
    while let Some(many) = lines.bulk().ok()? {
        let (mut from, mut above) = (0, n);
        while let Some(hit) = finder.find(&many[from..]).map(|i| from + i) {
            let start = memchr::memrchr(b'\n', &many[..hit]).map_or(0, |i| i + 1);
            let end = hit + memchr::memchr(b'\n', &many[hit..])?;
            above += ends(&many[from..start]);
            out.push((number, above + 1, split(&many[start..end])?.text.to_string()));
            (from, above) = (end + 1, above + 1);
        }
        n = above + ends(&many[from..]);
    }
    Some(((lines.digest(), n as usize), out))
}

/// How many lines end here.
fn ends(bytes: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', bytes).count() as u32
}

/// The lines of a file with one of these chain values.
fn named(number: u32, sheet: &Sheet, wanted: &HashSet<Box<str>>) -> Option<Vec<Picked>> {
    let mut lines = Lines::bare(sheet.path).ok()?;
    let mut out = Vec::new();
    let mut n = 0;
    while let Some(line) = lines.next().ok()? {
        n += 1;
        let end = line.bytes.len();
        let h = line.bytes.get(end.saturating_sub(24)..end.saturating_sub(2)).and_then(|h| std::str::from_utf8(h).ok());
        // A header is no entry: what fixes one fixes nothing.
        if n > 1 && h.is_some_and(|h| wanted.contains(h)) {
            out.push((number, n, split(line.bytes)?.text.to_string()));
        }
    }
    Some(out)
}

fn record((file, line, text): &Picked, at: &At) -> Option<Record> {
    let entry: crate::model::Entry = serde_json::from_str(text).ok()?;
    Some(Record { day: at.zone.day(entry.at), entry, file: *file, line: *line })
}
