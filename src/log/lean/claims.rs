//! What writers saw of one another's files must still be there.
//!
//! Gathered while the files are read, each line once however many saw it; held against the
//! files at the end.

use super::kept::Kept;
use super::sheet::{Gist, Sheet, Taken};
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

    /// Takes those of the months that were kept: their headers, and what they saw of later files.
    pub fn resume(&mut self, sheets: &[Sheet], kept: &Kept) -> Option<()> {
        self.headers.extend(kept.files.iter().filter_map(|f| f.taken.header.as_ref()).map(|h| h.h.clone()));
        for (name, seq, h) in &kept.claims {
            // A file is named as a whole, so nobody's own folder is asked.
            let file = name.contains('/').then(|| find(sheets, 0, name))??;
            self.by_file.entry(file).or_default().insert(*seq, h.clone());
        }
        Some(())
    }

    /// What has been seen so far of files of later months: file, seq, `h`.
    pub fn beyond(&self, sheets: &[Sheet], month: &str) -> Vec<(String, u64, &str)> {
        let mut all = Vec::new();
        for (file, lines) in self.by_file.iter().filter(|(i, _)| *sheets[**i].month > *month) {
            let name = format!("{}/{}", sheets[*file].dept, sheets[*file].name);
            all.extend(lines.iter().map(|(seq, h)| (name.clone(), *seq, &**h)));
        }
        all.sort_unstable();
        all
    }

    /// Are all of them there? The newest line of a file is known without a look.
    pub fn hold(self, sheets: &[Sheet], taken: &[Taken]) -> Option<()> {
        let mut files: Vec<(usize, HashMap<u64, Box<str>>)> = self.by_file.into_iter().collect();
        for (file, wanted) in &mut files {
            let (seq, h) = &taken[*file].last;
            if wanted.remove(seq).is_some_and(|w| *w != **h) {
                return None;
            }
        }
        files.retain(|(_, wanted)| !wanted.is_empty());
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
