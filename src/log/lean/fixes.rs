//! Corrections reach back: what stands at a place is known only when all of them are.
//!
//! A first pass takes the digest of every file and picks out the lines that fix others; where
//! there are any, a second finds the lines that they fix. These few are kept whole and settled
//! as the fold does it.

use super::at::At;
use super::sheet::Sheet;
use super::spread;
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

/// Finds them, and fills in the digest of every file.
pub fn find(sheets: &mut [Sheet], at: &At, matcher: &Matcher) -> Option<Fixes> {
    let all: Vec<u32> = (0..sheets.len() as u32).collect();
    let size = |i: &u32| sheets[*i as usize].size;
    let first = spread::over(&all, size, |i| fixers(*i, &sheets[*i as usize]))?;
    let mut picked: Vec<Picked> = Vec::new();
    let mut digests = Vec::with_capacity(first.len());
    for (whole, lines) in first {
        digests.push(whole);
        picked.extend(lines);
    }
    let mut records: Vec<Record> = picked.iter().map(|p| record(p, at)).collect::<Option<_>>()?;
    let targets: HashSet<Box<str>> = records.iter().filter_map(|r| r.entry.fixes.clone()).collect();
    if !targets.is_empty() {
        let have: HashSet<(u32, u32)> = records.iter().map(|r| (r.file, r.line)).collect();
        let found = spread::over(&all, size, |i| named(*i, &sheets[*i as usize], &targets))?;
        for line in found.into_iter().flatten().filter(|(file, line, _)| !have.contains(&(*file, *line))) {
            records.push(record(&line, at)?);
        }
    }
    sheets.iter_mut().zip(digests).for_each(|(s, whole)| (s.digest, s.lines) = whole);
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

/// The digest of a file with the number of its lines, and those that say `"fixes"`.
fn fixers(number: u32, sheet: &Sheet) -> Option<((String, usize), Vec<Picked>)> {
    let finder = memmem::Finder::new(b"\"fixes\"");
    let mut lines = Lines::open(sheet.path).ok()?;
    let mut out = Vec::new();
    let mut n = 0;
    while let Some(line) = lines.next().ok()? {
        n += 1;
        if finder.find(line.bytes).is_some() {
            out.push((number, n, split(line.bytes)?.text.to_string()));
        }
    }
    Some(((lines.digest(), n as usize), out))
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
