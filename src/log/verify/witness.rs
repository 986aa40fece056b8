//! What others say of a file: later files, colleagues' `saw`, the spool.
//!
//! A witness names a file, a number and a chain value. Where the file holds by itself,
//! line seq + 1 is looked up by passing over line feeds; memory grows with what is named,
//! not with entries. What a file's own chain has said already is not said again: the
//! witness is added to that trouble.

use super::file::{Seen, brief};
use super::options::Options;
use super::trouble::{Heard, Trouble, Word};
use crate::log::lines::{Lines, split};
use crate::log::spool::Spooled;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// The files with what is wrong of them so far.
pub struct Hall<'a> {
    root: PathBuf,
    seen: &'a [Seen],
    by_path: HashMap<String, usize>,
    /// Everything told so far.
    pub troubles: Vec<Trouble>,
    /// Of every file the least line that a word of lost or changed bytes names.
    first: HashMap<String, (u64, usize)>,
    at: HashMap<Place, usize>,
}

/// File, word and line of a trouble.
type Place = (String, Word, u64);

fn place(t: &Trouble) -> Place {
    (t.file.clone(), t.word, t.line)
}

/// A claim: this number of this file has this value, says that line.
struct Claim {
    seq: u64,
    h: Box<str>,
    says: String,
}

impl<'a> Hall<'a> {
    /// Over the files that were read.
    pub fn new(root: &Path, seen: &'a [Seen], troubles: Vec<Trouble>) -> Hall<'a> {
        let by_path = seen.iter().enumerate().map(|(i, s)| (s.path(), i)).collect();
        let mut hall = Hall { root: root.to_path_buf(), seen, by_path, troubles: Vec::new(), first: HashMap::new(), at: HashMap::new() };
        for (i, t) in troubles.iter().enumerate() {
            hall.note(t, i);
        }
        hall.troubles = troubles;
        hall
    }

    /// The register's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file with a path `DEPT/NAME`.
    pub fn get(&self, path: &str) -> Option<&'a Seen> {
        self.by_path.get(path).map(|i| &self.seen[*i])
    }

    /// Adds a trouble, or its witness to one that says so already: a trouble of the same
    /// file at or before that line, whose word speaks of lost or changed bytes.
    pub fn add(&mut self, t: Trouble) {
        let first = self.first.get(&t.file).filter(|(line, _)| *line <= t.line || t.line == 0).map(|(_, i)| *i);
        match first.or_else(|| self.at.get(&place(&t)).copied()) {
            Some(i) => {
                let old = &mut self.troubles[i];
                for (list, more) in [(&mut old.witness, t.witness), (&mut old.found, t.found)] {
                    for one in more {
                        if !list.contains(&one) && list.len() < 20 {
                            list.push(one);
                        }
                    }
                }
            }
            None => {
                self.note(&t, self.troubles.len());
                self.troubles.push(t);
            }
        }
    }

    /// Remembers where a trouble stands, so that the next witness finds it without a search.
    fn note(&mut self, t: &Trouble, i: usize) {
        let quiet = matches!(t.word, Word::Crlf | Word::Bom | Word::Torn | Word::Conflict | Word::Fork | Word::Repeated | Word::History);
        if !quiet {
            let slot = self.first.entry(t.file.clone()).or_insert((t.line, i));
            if t.line < slot.0 {
                *slot = (t.line, i);
            }
        }
        self.at.entry(place(t)).or_insert(i);
    }

    /// Every `after` and every `saw`.
    pub fn references(&mut self, heard: &mut Heard) {
        let mut claims: BTreeMap<usize, Vec<Claim>> = BTreeMap::new();
        let mut gone: BTreeMap<String, (u64, String)> = BTreeMap::new();
        for s in self.seen {
            for r in &s.refs {
                heard.references += 1;
                let says = format!("{} log/{}:{}", r.word, s.path(), r.line);
                // By its whole path: one post may write in two departments under one name.
                match self.by_path.get(&*r.file).copied() {
                    Some(i) => claims.entry(i).or_default().push(Claim { seq: r.seq, h: r.h.clone(), says }),
                    None => {
                        let old = gone.entry(r.file.to_string()).or_insert((r.seq, says.clone()));
                        if r.seq > old.0 {
                            *old = (r.seq, says);
                        }
                    }
                }
            }
        }
        for (path, (seq, says)) in gone {
            self.add(not_there(&path, seq, vec![says]));
        }
        for (i, claims) in claims {
            self.hold(i, claims, None);
        }
    }

    /// Holds claims against one file: one pass over its lines.
    fn hold(&mut self, i: usize, mut claims: Vec<Claim>, found: Option<&str>) {
        let s = &self.seen[i];
        claims.sort_by(|a, b| (a.seq, &a.h).cmp(&(b.seq, &b.h)));
        claims.dedup_by(|a, b| a.seq == b.seq && a.h == b.h);
        let shown = format!("log/{}", s.path());
        let mut have: HashMap<u64, (u64, String, Vec<u8>)> = HashMap::new();
        let wanted: std::collections::HashSet<u64> = claims.iter().map(|c| c.seq).collect();
        let mut all: HashMap<(u64, String), ()> = HashMap::new();
        if let Ok(mut lines) = Lines::open(&self.root.join(&shown)) {
            let mut n = 0;
            // Of a sound file line seq + 1 is the one; of another every line is looked at.
            while let Ok(Some(line)) = lines.next() {
                n += 1;
                if s.sound && !wanted.contains(&(n - 1)) {
                    continue;
                }
                let bytes = line.bytes.strip_suffix(b"\r").unwrap_or(line.bytes);
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                if let Some(shape) = split(bytes).filter(|x| line.whole && wanted.contains(&x.seq)) {
                    let h = String::from_utf8_lossy(shape.h).into_owned();
                    all.insert((shape.seq, h.clone()), ());
                    have.entry(shape.seq).or_insert_with(|| (n, h, bytes.to_vec()));
                }
            }
        }
        for c in claims {
            if all.contains_key(&(c.seq, c.h.to_string())) {
                continue;
            }
            let found: Vec<String> = found.map(String::from).into_iter().collect();
            let t = match have.get(&c.seq) {
                Some((line, _, bytes)) => {
                    let (zh, en) =
                        (format!("第 {} 条不是见证人当时看到的", c.seq), format!("entry {} is not the one that was seen", c.seq));
                    Trouble { entry: brief(bytes), ..Trouble::new(Word::Witness, &shown, *line, zh, en).seq(c.seq) }
                }
                None => dropped(&shown, s, c.seq),
            };
            self.add(Trouble { witness: vec![c.says], found, ..t });
        }
    }

    /// Every line of the spool that this branch wrote.
    pub fn spool(&mut self, o: &Options, heard: &mut Heard) {
        let mut claims: BTreeMap<usize, Vec<Claim>> = BTreeMap::new();
        let mut gone: BTreeMap<String, u64> = BTreeMap::new();
        for s in o.spool {
            heard.spool += 1;
            if s.branch.as_deref() != o.branch && !self.orphan(o, s) {
                continue;
            }
            let path = s.file.strip_prefix("log/").unwrap_or(&s.file).to_string();
            for line in s.line.lines() {
                let Some(shape) = split(line.as_bytes()) else { continue };
                let h: Box<str> = String::from_utf8_lossy(shape.h).into();
                match self.by_path.get(&path) {
                    Some(i) => {
                        let says = match &s.branch {
                            Some(b) if Some(b.as_str()) != o.branch => format!("spool (branch {b})"),
                            _ => "spool".into(),
                        };
                        claims.entry(*i).or_default().push(Claim { seq: shape.seq, h, says });
                    }
                    None => drop(gone.entry(path.clone()).and_modify(|n| *n = shape.seq.max(*n)).or_insert(shape.seq)),
                }
            }
        }
        for (path, seq) in gone {
            let t = not_there(&path, seq, vec!["spool".into()]);
            self.add(Trouble { found: vec!["spool".into()], ..t });
        }
        for (i, claims) in claims {
            self.hold(i, claims, Some("spool"));
        }
    }

    /// A line of the spool that another branch wrote and that no branch holds: the branch
    /// was reset, deleted or renamed.
    fn orphan(&self, o: &Options, s: &Spooled) -> bool {
        let (Some(repo), Some(branch)) = (o.repo, &s.branch) else { return o.repo.is_some() };
        match repo.file_at(branch, o.root, &s.file) {
            Some(text) => !s.line.lines().all(|l| text.lines().any(|t| t == l)),
            None => true,
        }
    }
}

/// A file that a witness names and that is not there.
pub fn not_there(path: &str, seq: u64, witness: Vec<String>) -> Trouble {
    let (zh, en) = (format!("文件不在了；至少曾有 {seq} 条"), format!("the file is not there; it had {seq} entries at least"));
    Trouble { witness, ..Trouble::new(Word::Gone, &format!("log/{path}"), 0, zh, en).seq(seq) }
}

/// A file that ends before a number.
pub fn dropped(shown: &str, s: &Seen, seq: u64) -> Trouble {
    let last = s.last.map_or(0, |l| l + 1);
    let (zh, en) = if last >= seq {
        (format!("第 {seq} 条不在了"), format!("entry {seq} is not there"))
    } else {
        (format!("第 {last} 至 {seq} 条不在了"), format!("entries {last} to {seq} are not there"))
    };
    // A file with a hole holds the number's place by its neighbours.
    let line = if s.last.is_some_and(|l| seq <= l) { seq + 1 } else { last + 1 };
    Trouble::new(Word::Dropped, shown, line, zh, en).seq(seq)
}
