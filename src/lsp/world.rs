//! One register with the editor's texts in the place of the disk's.
//!
//! [`World::open`] reads it and asks every rule. Where a text is broken the register is
//! opened a second time with the mended one: findings come from what stands there, cards
//! and offers from what can be understood.

use super::desk::Setup;
use super::docs::tidy;
use super::leaf::{Leaf, Leaves};
use super::place::{self, Open};
use crate::author::schema::{self, FileKind};
use crate::finding::Outcome;
use crate::load::{Instead, OpenError};
use crate::model::{Lang, Text};
use crate::rules::{self, Overrides};
use crate::snapshot::{Options, Snapshot};
use chrono::{DateTime, FixedOffset};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A register, open.
pub struct World {
    /// Its folder.
    pub root: PathBuf,
    /// The folder that names are relative to.
    pub base: PathBuf,
    /// Its folder as people name it.
    pub shown: String,
    /// Its folder and those of its catalogues, as reached and tidied.
    pub chain: Vec<(PathBuf, PathBuf)>,
    /// As it is.
    pub snapshot: Result<Snapshot, OpenError>,
    /// As it can be understood, where that is more.
    pub healed: Option<Snapshot>,
    /// What the rules say.
    pub outcome: Outcome,
    /// Its files.
    pub leaves: Vec<Arc<Leaf>>,
    /// The clock when it was opened.
    pub now: DateTime<FixedOffset>,
}

impl World {
    /// Opens a register; `before` is what was known of it.
    pub fn open(root: &Path, before: Option<World>, folders: &[PathBuf], open: &Open, leaves: &mut Leaves, setup: &Setup) -> World {
        let base = folders.iter().filter(|f| root.starts_with(f)).max_by_key(|f| f.components().count());
        let base = base.cloned().unwrap_or_else(|| root.to_path_buf());
        let mut world = World {
            shown: place::relative(&base, root),
            chain: place::chain(root, open),
            snapshot: Err(OpenError::Missing(root.display().to_string())),
            healed: None,
            outcome: Outcome::default(),
            leaves: Vec::new(),
            now: (setup.now)(),
            root: root.to_path_buf(),
            base,
        };
        let instead = world.instead(open);
        world.snapshot = Snapshot::open_with(&world.options(setup), instead);
        if let Ok(s) = &world.snapshot {
            world.outcome = rules::run(s, &Overrides::default());
        }
        world.look(before, open, leaves, setup);
        world
    }

    /// What it is opened with.
    pub fn options<'a>(&'a self, setup: &Setup) -> Options<'a> {
        Options { root: &self.root, shown: &self.shown, now: self.now, as_of: setup.as_of, on: setup.on }
    }

    /// The path by which the register reaches a file: `../` stays in it.
    pub fn reached(&self, path: &Path) -> Option<PathBuf> {
        place::belongs(path, &self.chain).map(|((joined, _), rel)| joined.join(rel))
    }

    /// The editor's texts under the paths by which the register reaches them.
    pub fn instead(&self, open: &Open) -> Instead {
        open.iter().filter_map(|(path, doc)| Some((self.reached(path)?, doc.lines.text.to_string()))).collect()
    }

    /// The leaves, and the register as it can be understood.
    fn look(&mut self, before: Option<World>, open: &Open, leaves: &mut Leaves, setup: &Setup) {
        self.leaves = self.all(self.texts(self.snapshot.as_ref().ok(), open), open, leaves);
        if self.snapshot.is_err() || self.leaves.iter().any(|l| l.healed.is_some()) {
            let mut instead = self.instead(open);
            // Files on the disk may be broken too.
            for leaf in self.leaves.iter() {
                if let (Some(text), Some(path)) = (&leaf.healed, self.reached(&leaf.path)) {
                    instead.insert(path, text.clone());
                }
            }
            self.healed = self.known(before, &instead, setup).or_else(|| Snapshot::open_with(&self.options(setup), instead).ok());
            if self.snapshot.is_err() {
                self.leaves = self.all(self.texts(self.healed.as_ref(), open), open, leaves);
            }
        }
        self.leaves.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// A register.yaml that is broken hides every file: what was known before is more, or what
    /// lies on the disk.
    fn known(&self, before: Option<World>, instead: &Instead, setup: &Setup) -> Option<Snapshot> {
        self.snapshot.is_err().then_some(())?;
        let disk = || {
            let saved = instead.iter().filter(|(path, _)| !path.ends_with("register.yaml")).map(|(p, t)| (p.clone(), t.clone()));
            Snapshot::open_with(&self.options(setup), saved.collect()).ok()
        };
        before.and_then(|w| w.healed.or(w.snapshot.ok())).or_else(disk)
    }

    /// The texts of its files: as read, else as the editor has them, and register.yaml always.
    fn texts(&self, s: Option<&Snapshot>, open: &Open) -> Vec<(PathBuf, Arc<str>)> {
        let read = s.map_or(&[][..], |s| &s.register.files).iter().map(|f| (self.path(&f.shown), f.text.clone()));
        let mut out: Vec<(PathBuf, Arc<str>)> = read.collect();
        for (path, doc) in open.iter().filter(|(path, _)| self.holds(path)) {
            // What was read may be a mended text.
            out.retain(|(p, _)| p != path);
            out.push((path.clone(), doc.lines.text.clone()));
        }
        for file in self.chain.iter().map(|(_, dir)| dir.join("register.yaml")) {
            if let (false, Ok(text)) = (out.iter().any(|(p, _)| *p == file), std::fs::read_to_string(&file)) {
                out.push((file, text.into()));
            }
        }
        out
    }

    fn all(&self, texts: Vec<(PathBuf, Arc<str>)>, open: &Open, leaves: &mut Leaves) -> Vec<Arc<Leaf>> {
        let edited = |p: &Path| open.get(p).and_then(|d| d.edited);
        texts.iter().filter_map(|(p, t)| Some(leaves.get(p, self.kind(p)?, t, edited(p)))).collect()
    }

    /// The kind of one of its files.
    pub fn kind(&self, path: &Path) -> Option<&'static FileKind> {
        let (_, rel) = place::belongs(path, &self.chain)?;
        let folder = |dir: &str| rel.strip_prefix(dir).is_some_and(|r| r.starts_with('/'));
        let listed = self.understood().is_some_and(|s| {
            let shown = |f: u32| self.path(&s.register.files[f as usize].shown);
            s.register.laws.iter().any(|l| shown(l.at.file) == path)
        });
        // A law that cannot be read is still known by its folder.
        let law = listed || folder("law") && rel != "law/crosswalk.yaml";
        let laws: Vec<Text> = law.then(|| Text::new(&rel).ok()).flatten().into_iter().collect();
        schema::kind_of(&rel, &laws)
    }

    /// The path of a file as it is shown.
    pub fn path(&self, shown: &str) -> PathBuf {
        tidy(&self.base.join(shown))
    }

    /// The register as far as it can be understood.
    pub fn understood(&self) -> Option<&Snapshot> {
        self.healed.as_ref().or(self.snapshot.as_ref().ok())
    }

    /// The language to speak.
    pub fn lang(&self, setup: &Setup) -> Lang {
        setup.lang.or(self.understood().and_then(|s| s.register.default_lang())).unwrap_or(setup.fallback)
    }

    /// Does a file belong to it or to a catalogue of it?
    pub fn holds(&self, path: &Path) -> bool {
        place::belongs(path, &self.chain).is_some()
    }

    /// One of its files.
    pub fn leaf(&self, path: &Path) -> Option<&Arc<Leaf>> {
        self.leaves.iter().find(|l| l.path == path)
    }
}
