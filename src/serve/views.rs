//! The register as of the days that people look at, kept open and opened again when a file
//! of it changed.
//!
//! Before a view is given out the files' names, sizes and times are looked at, at most five
//! times a second; after an entry of our own, at once. So a figure on a page is never older
//! than that, and the command line says the same one.

use super::config::Config;
use crate::load::OpenError;
use crate::model::Zone;
use crate::model::time::When;
use crate::snapshot::{Options, Snapshot};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The register as of a day.
pub struct View {
    /// The register.
    pub s: Snapshot,
    /// The first screen, which everybody looks at, made once: by language.
    pub kept: [OnceLock<Arc<super::look::Doc>>; 3],
    /// The mark of its files.
    pub mark: u64,
}

type Key = (NaiveDate, Option<NaiveDate>);

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(200);
/// Days kept open at a time.
const MOST: usize = 12;

struct Kept {
    /// What the folder looked like.
    mark: u64,
    looked: Option<Instant>,
    views: Vec<(Key, Arc<View>)>,
}

/// The views of a register.
pub struct Views {
    root: PathBuf,
    shown: String,
    clock: fn() -> DateTime<FixedOffset>,
    as_of: Option<NaiveDate>,
    kept: Mutex<Kept>,
    opening: Mutex<()>,
    /// Folders that the register is read from (its own and its catalogue's), and its zone.
    found: OnceLock<(Vec<PathBuf>, Zone)>,
}

impl Views {
    /// Of the register that the desk serves.
    pub fn new(config: &Config) -> Views {
        Views {
            root: config.root.clone(),
            shown: config.shown.clone(),
            clock: config.clock,
            as_of: config.as_of,
            kept: Mutex::new(Kept { mark: 0, looked: None, views: Vec::new() }),
            opening: Mutex::default(),
            found: OnceLock::new(),
        }
    }

    /// As of today, or of the day that the desk was told.
    ///
    /// # Errors
    /// When the register cannot be opened.
    pub fn today(&self) -> Result<Arc<View>, String> {
        self.at(None, None)
    }

    /// As of now, whatever day the desk was told: what an entry is judged by.
    ///
    /// # Errors
    /// When the register cannot be opened.
    pub fn now(&self) -> Result<Arc<View>, String> {
        self.open(None, None)
    }

    /// As of a day.
    ///
    /// # Errors
    /// When the register cannot be opened.
    pub fn at(&self, as_of: Option<NaiveDate>, on: Option<NaiveDate>) -> Result<Arc<View>, String> {
        self.open(as_of.or(self.as_of), on)
    }

    fn open(&self, as_of: Option<NaiveDate>, on: Option<NaiveDate>) -> Result<Arc<View>, String> {
        let now = (self.clock)();
        let zone = self.found.get().map_or_else(Zone::default, |f| f.1);
        let key = (as_of.unwrap_or_else(|| zone.day(now)), on);
        if let Some(view) = self.kept(key) {
            return Ok(view);
        }
        // One opens, the others wait for it; whoever asks for a day that is open waits for nobody.
        let _one = self.opening.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(view) = self.kept(key) {
            return Ok(view);
        }
        // Looked at before it is read: what changes meanwhile makes it stale, never unseen.
        let mark = self.mark();
        let options = Options { root: &self.root, shown: &self.shown, now, as_of: as_of.map(When::Day), on: on.map(When::Day) };
        let s = Snapshot::open(&options).map_err(said)?;
        let first = self.found.set((folders(&self.root, &s), s.register.settings.time_zone)).is_ok();
        let mark = if first { self.mark() } else { mark };
        let key = (s.as_of, on);
        let view = Arc::new(View { s, kept: Default::default(), mark });
        let mut kept = self.kept.lock().unwrap_or_else(|e| e.into_inner());
        if kept.mark != mark {
            kept.views.clear();
            kept.mark = mark;
        }
        if kept.views.len() >= MOST {
            kept.views.remove(0);
        }
        kept.views.push((key, view.clone()));
        Ok(view)
    }

    /// The view of a day, where it is open and no file changed since.
    fn kept(&self, key: Key) -> Option<Arc<View>> {
        let mut kept = self.kept.lock().unwrap_or_else(|e| e.into_inner());
        if kept.looked.is_none_or(|t| t.elapsed() > LOOK) {
            let mark = self.mark();
            if mark != kept.mark {
                kept.views.clear();
                kept.mark = mark;
            }
            kept.looked = Some(Instant::now());
        }
        let at = kept.views.iter().position(|v| v.0 == key)?;
        // The one asked for last goes last, and the first is let go.
        let found = kept.views.remove(at);
        kept.views.push(found.clone());
        Some(found.1)
    }

    /// Something was written: the next to ask looks at the files.
    pub fn stale(&self) {
        self.kept.lock().unwrap_or_else(|e| e.into_inner()).looked = None;
    }

    /// What the files look like now: changes when one of them does.
    pub fn mark(&self) -> u64 {
        let mut sum = DefaultHasher::new();
        let own = [self.root.clone()];
        for folder in self.found.get().map_or(&own[..], |f| &f.0) {
            walk(folder, 0, &mut sum);
        }
        sum.finish() | 1
    }
}

/// The register's folder and, where it borrows one, the catalogue's.
fn folders(root: &Path, s: &Snapshot) -> Vec<PathBuf> {
    let mut all = vec![root.to_path_buf()];
    if let Some(catalogue) = &s.register.settings.catalogue {
        let other = root.join(catalogue.as_str());
        match (root.canonicalize(), other.canonicalize()) {
            (Ok(a), Ok(b)) if a.starts_with(&b) => all = vec![other],
            _ => all.push(other),
        }
    }
    all
}

/// Names, sizes and times; nothing is opened, no link followed.
fn walk(dir: &Path, depth: usize, sum: &mut DefaultHasher) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut all: Vec<_> = entries.flatten().collect();
    all.sort_by_key(std::fs::DirEntry::file_name);
    for entry in all {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let Ok(meta) = entry.metadata() else { continue };
        if meta.is_dir() && depth < 16 {
            name.hash(sum);
            walk(&entry.path(), depth + 1, sum);
        } else {
            (name, meta.len(), meta.modified().ok()).hash(sum);
        }
    }
}

/// Why a register cannot be opened.
fn said(e: OpenError) -> String {
    match e {
        OpenError::Missing(at) => format!("there is no register.yaml in {at}"),
        OpenError::Settings(findings) => {
            let all: Vec<String> = findings.iter().map(|f| f.message.say(crate::model::Lang::En).into_owned()).collect();
            format!("register.yaml cannot be used; see `duban check`: {}", all.join("; "))
        }
    }
}
