//! What writers saw of one another's files must still be there.
//!
//! Gathered while the files are read, each line once however many saw it; held against the
//! files at the end.

use super::sheet::{Gist, Sheet};
use super::spread;
use crate::log::lines::{Lines, split};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Lines that must be there.
#[derive(Default)]
pub struct Claims {
    /// By file: number of the line to its chain value.
    by_file: BTreeMap<usize, HashMap<u64, Box<str>>>,
    /// Chain values of the headers: two alike are two ends of one file, or a copy.
    headers: HashSet<Box<str>>,
}

impl Claims {
    /// Takes those of a file, or of the next slice of it; `None` where one names a file that is not there, or another value
    /// for the same line, or where the file is another's copy.
    pub fn add(&mut self, sheets: &[Sheet], own: usize, gist: &mut Gist, first: bool) -> Option<()> {
        let header = gist.taken.header.as_ref()?;
        if first && !self.headers.insert(header.h.clone()) {
            return None;
        }
        for (name, seq, h) in std::mem::take(&mut gist.claims) {
            let file = find(sheets, own, &name)?;
            let known = self.by_file.entry(file).or_default().entry(seq).or_insert_with(|| h.clone());
            if **known != *h {
                return None;
            }
        }
        Some(())
    }

    /// Are all of them there?
    pub fn hold(self, sheets: &[Sheet]) -> Option<()> {
        let files: Vec<(usize, HashMap<u64, Box<str>>)> = self.by_file.into_iter().collect();
        spread::over(&files, |(i, _)| sheets[*i].size, |(i, wanted)| stand(&sheets[*i], wanted)).map(drop)
    }
}

/// The file that a name means: `DEPT/NAME`, or `NAME` in one's own folder.
fn find(sheets: &[Sheet], own: usize, name: &str) -> Option<usize> {
    let (dept, name) = name.split_once('/').unwrap_or((sheets[own].dept, name));
    // The files stand in the order of their paths.
    sheets.binary_search_by(|s| (s.dept, s.name).cmp(&(dept, name))).ok()
}

fn stand(sheet: &Sheet, wanted: &HashMap<u64, Box<str>>) -> Option<()> {
    let mut lines = Lines::bare(sheet.path).ok()?;
    let mut met = 0;
    while let Some(line) = lines.next().ok()? {
        let shape = split(line.bytes)?;
        if let Some(h) = wanted.get(&shape.seq) {
            if h.as_bytes() != shape.h {
                return None;
            }
            met += 1;
        }
    }
    (met == wanted.len()).then_some(())
}
