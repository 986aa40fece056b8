//! What the server keeps: open documents, open registers, what it told of them.
//!
//! A change makes registers stale; [`Desk::refresh`] opens those anew and
//! [`Desk::news`] says which diagnostics are not as the client last heard.

use super::diagnose;
use super::docs::{self, Doc};
use super::leaf::{Leaf, Leaves};
use super::lines::Encoding;
use super::place::{self, Open};
use super::world::World;
use crate::model::Lang;
use crate::model::time::When;
use chrono::{DateTime, FixedOffset};
use gen_lsp_types::{Diagnostic, Position, PublishDiagnosticsParams, Uri};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the command line decides.
pub struct Setup<'a> {
    /// Asks the clock; once for each time that a register is opened.
    pub now: &'a dyn Fn() -> DateTime<FixedOffset>,
    /// `--as-of`.
    pub as_of: Option<When>,
    /// `--on`.
    pub on: Option<When>,
    /// `--lang`.
    pub lang: Option<Lang>,
    /// The language where neither the command line nor the register names one.
    pub fallback: Lang,
    /// `--register`: open from the beginning, whatever the workspace is.
    pub register: Option<PathBuf>,
}

/// What the client can take.
#[derive(Debug, Clone, Copy, Default)]
pub struct Client {
    /// Related places of a diagnostic.
    pub related: bool,
    /// Edits with the version of their document.
    pub versions: bool,
    /// Watching files for us.
    pub watches: bool,
}

/// Everything the server keeps.
pub struct Desk<'a> {
    /// What the command line decides.
    pub setup: &'a Setup<'a>,
    /// What columns count.
    pub encoding: Encoding,
    /// What the client can take.
    pub client: Client,
    /// The workspace's folders.
    pub folders: Vec<PathBuf>,
    /// Open documents.
    pub open: Open,
    /// Files read so far.
    pub leaves: Leaves,
    /// Registers that are looked after.
    pub worlds: BTreeMap<PathBuf, World>,
    /// Registers opened for one question that concerns all of the workspace.
    pub guests: BTreeMap<PathBuf, World>,
    stale: bool,
    untold: bool,
    touched: BTreeSet<PathBuf>,
    told: BTreeMap<PathBuf, Vec<Diagnostic>>,
    /// How long the last look at the registers took.
    pub cost: Duration,
}

/// A place in a file of a register.
pub struct Spot {
    /// The register's folder.
    pub root: PathBuf,
    /// The file.
    pub leaf: Arc<Leaf>,
    /// The byte.
    pub at: usize,
}

impl<'a> Desk<'a> {
    /// An empty desk.
    pub fn new(setup: &'a Setup<'a>) -> Desk<'a> {
        Desk {
            setup,
            encoding: Encoding::Utf16,
            client: Client::default(),
            folders: Vec::new(),
            open: Open::new(),
            leaves: Leaves::default(),
            worlds: BTreeMap::new(),
            guests: BTreeMap::new(),
            stale: true,
            untold: true,
            touched: BTreeSet::new(),
            told: BTreeMap::new(),
            cost: Duration::ZERO,
        }
    }

    /// A document is opened; false where it belongs to no register.
    pub fn opened(&mut self, uri: &str, version: i32, text: String) -> bool {
        let Some(path) = docs::path(uri) else { return true };
        self.open.insert(path.clone(), Doc::new(uri.to_string(), version, text));
        self.touch(path.clone());
        path.extension().is_none_or(|e| e != "yaml") || place::root_of(&path, &self.folders, &self.open).is_some()
    }

    /// A document has changed.
    pub fn changed(&mut self, uri: &str, version: i32, changes: Vec<gen_lsp_types::TextDocumentContentChangeEvent>) {
        let Some(path) = docs::path(uri) else { return };
        if let Some(doc) = self.open.get_mut(&path) {
            doc.change(version, changes, self.encoding);
            self.touch(path);
        }
    }

    /// A document is closed: the disk counts again.
    pub fn closed(&mut self, uri: &str) {
        let Some(path) = docs::path(uri) else { return };
        self.open.remove(&path);
        self.touch(path);
    }

    fn touch(&mut self, path: PathBuf) {
        self.stale = true;
        self.touched.insert(path);
    }

    /// Something on the disk is not as it was.
    pub fn stirred(&mut self) {
        self.stale = true;
        self.touched.extend(self.worlds.keys().map(|r| r.join("register.yaml")));
    }

    /// Is anything not yet looked at, or not yet told?
    pub fn behind(&self) -> bool {
        self.stale || self.untold
    }

    /// The registers to look after: of every open document and every workspace folder.
    fn wanted(&self) -> BTreeSet<PathBuf> {
        let mains = self.folders.iter().filter_map(|f| place::main_of(f, &self.open));
        let opened = self.open.keys().filter_map(|p| place::root_of(p, &self.folders, &self.open));
        mains.chain(opened).chain(self.setup.register.clone()).collect()
    }

    /// Opens whatever is stale.
    pub fn refresh(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        self.untold = true;
        let begun = Instant::now();
        let touched = std::mem::take(&mut self.touched);
        let wanted = self.wanted();
        let mut old = std::mem::take(&mut self.worlds);
        for root in wanted {
            let before = old.remove(&root);
            let same = |w: &World| !touched.iter().any(|p| p.ends_with("register.yaml") || w.holds(p));
            let world = match before {
                Some(world) if same(&world) => world,
                before => World::open(&root, before, &self.folders, &self.open, &mut self.leaves, self.setup),
            };
            self.worlds.insert(root, world);
        }
        self.cost = begun.elapsed();
    }

    /// Opens every register of the workspace that knows a file: beside those looked after,
    /// the catalogues above and whoever borrows.
    pub fn gather(&mut self, file: &Path) {
        self.refresh();
        self.guests.clear();
        let above = self.worlds.values().flat_map(|w| w.chain.iter().map(|(_, dir)| dir.clone()));
        let mut roots: BTreeSet<PathBuf> = above.collect();
        roots.extend(place::registers(&self.folders, &self.open));
        for root in roots {
            let holds = || place::belongs(file, &place::chain(&root, &self.open)).is_some();
            if !self.worlds.contains_key(&root) && holds() {
                let world = World::open(&root, None, &self.folders, &self.open, &mut self.leaves, self.setup);
                self.guests.insert(root, world);
            }
        }
    }

    /// After [`Desk::gather`]: the registers that know a file.
    pub fn knowing<'b>(&'b self, file: &'b Path) -> impl Iterator<Item = &'b World> {
        self.worlds.values().chain(self.guests.values()).filter(move |w| w.holds(file))
    }

    /// Where the client points. The text is the newest; in a large register, while only
    /// this file is being typed in, the rest may be as it was a moment ago.
    pub fn spot(&mut self, uri: &str, at: Position) -> Option<Spot> {
        let path = docs::path(uri)?;
        let root = place::root_of(&path, &self.folders, &self.open)?;
        let typing = self.cost > Duration::from_millis(100) && self.touched.iter().all(|p| *p == path);
        if !(typing && self.worlds.contains_key(&root)) {
            self.refresh();
        }
        let world = self.worlds.get(&root)?;
        let doc = self.open.get(&path)?;
        let leaf = self.leaves.get(&path, world.kind(&path)?, &doc.lines.text, doc.edited);
        Some(Spot { root, at: leaf.lines.offset(at, self.encoding), leaf })
    }

    /// The address of a file, as the client spells it where it is open.
    pub fn uri(&self, path: &Path) -> String {
        self.open.get(path).map_or_else(|| docs::uri(path), |d| d.uri.clone())
    }

    /// Diagnostics that differ from what the client last heard; emptied ones where there are none left.
    pub fn news(&mut self) -> Vec<PublishDiagnosticsParams> {
        self.untold = false;
        let mut all: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        // Two registers may see the same in a catalogue that they share.
        let mut seen = HashSet::new();
        for world in self.worlds.values() {
            for (path, mut more) in diagnose::of(world, self) {
                more.retain(|d| self.worlds.len() < 2 || seen.insert((path.clone(), d.range, diagnose::text(d).to_string())));
                all.entry(path).or_default().extend(more);
            }
        }
        for path in self.told.keys() {
            all.entry(path.clone()).or_default();
        }
        let fresh = all.iter().filter(|(path, list)| self.told.get(*path) != Some(*list)).map(|(path, list)| PublishDiagnosticsParams {
            uri: Uri(self.uri(path)),
            version: self.open.get(path).map(|d| d.version),
            diagnostics: list.clone(),
        });
        let fresh = fresh.collect();
        all.retain(|_, list| !list.is_empty());
        self.told = all;
        fresh
    }

    /// What the client was told of a file.
    pub fn told(&self, path: &Path) -> &[Diagnostic] {
        self.told.get(path).map_or(&[], Vec::as_slice)
    }
}
