//! Opening a register.
//!
//! `load` gives the register, `log` the entries, `graph` the links; the fold for the
//! as-of day completes it. Rules and reports see nothing else.

use crate::digest::Running;
use crate::finding::Finding;
use crate::graph::Graph;
use crate::load::{self, OpenError};
use crate::log::lean::kept::Keep;
use crate::log::wording::{Outdated, Part, outdated};
use crate::log::{Facts, Folded, Log, Step, fold, lean, read};
use crate::model::register::Lost;
use crate::model::time::When;
use crate::model::{Register, Roster, Words};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What to open and as of when.
pub struct Options<'a> {
    /// The register's folder.
    pub root: &'a Path,
    /// How the folder is named to people.
    pub shown: &'a str,
    /// The machine's clock, asked once.
    pub now: DateTime<FixedOffset>,
    /// `--as-of`; today in the register's zone when absent.
    pub as_of: Option<When>,
    /// `--on`.
    pub on: Option<When>,
}

/// Everything as of a date.
pub struct Snapshot {
    /// The register's folder.
    pub root: PathBuf,
    /// How it is named to people.
    pub shown: String,
    /// The YAML files.
    pub register: Register,
    /// Who carries what.
    pub roster: Roster,
    /// The log.
    pub log: Log,
    /// The links.
    pub graph: Graph,
    /// States and lights.
    pub folded: Folded,
    /// Mistakes met on the way in.
    pub findings: Vec<Finding>,
    /// What could not be decoded.
    pub lost: Lost,
    /// Assignments whose newest signature is for other words.
    pub outdated: Vec<Outdated>,
    /// The words that were signed, by assignment and part, as far as git has them; `None` where
    /// git was not asked.
    pub then: Option<BTreeMap<(u32, Part), Words>>,
    /// The as-of day.
    pub as_of: NaiveDate,
    /// `--on`, when given.
    pub on: Option<NaiveDate>,
    /// Digest of the register's files with log count and root: never a revision id, so
    /// that committed reports stay equal after the commit.
    pub version: String,
}

impl Snapshot {
    /// Opens a register.
    ///
    /// # Errors
    /// When there is no usable register.yaml.
    pub fn open(options: &Options) -> Result<Snapshot, OpenError> {
        Snapshot::open_with(options, load::Instead::new())
    }

    /// Opens a register as it would be with other texts in some places.
    ///
    /// # Errors
    /// When there is no usable register.yaml.
    pub fn open_with(options: &Options, instead: load::Instead) -> Result<Snapshot, OpenError> {
        Snapshot::opened(options, instead, false, None)
    }

    /// Opens a register for whoever counts states and looks at no entry and no link: the log is
    /// read in passing where it is healthy ([`lean`]), and then there are no records, nothing is
    /// known to be outdated, and the graph is empty.
    ///
    /// # Errors
    /// When there is no usable register.yaml.
    pub fn open_lean(options: &Options) -> Result<Snapshot, OpenError> {
        Snapshot::open_keeping(options, None)
    }

    /// The same, with the folded state of closed months kept somewhere: the answer is the same,
    /// and sooner there.
    ///
    /// # Errors
    /// When there is no usable register.yaml.
    pub fn open_keeping(options: &Options, keep: Option<&Keep>) -> Result<Snapshot, OpenError> {
        Snapshot::opened(options, load::Instead::new(), options.on.is_none(), keep)
    }

    fn opened(options: &Options, instead: load::Instead, passing: bool, keep: Option<&Keep>) -> Result<Snapshot, OpenError> {
        let loaded = load::open_with(options.root, options.shown, instead.clone())?;
        let (register, mut findings) = (loaded.register, loaded.findings);
        if register.total() == 0 {
            let spot = crate::finding::Spot::Node(register.settings_at.file, vec![crate::finding::Step::Key("policies")]);
            let (zh, en) = ("登记册里一项义务也没有", "there is not one obligation in the register: nothing was checked");
            findings.push(Finding::new("E005", "register.yaml", spot, zh.into(), en.into()));
        }
        let zone = register.settings.time_zone;
        let as_of = options.as_of.map_or_else(|| zone.day(options.now), |w| w.day(zone));
        let on = options.on.map(|w| w.day(zone));
        let roster = Roster::build(&register);
        let facts = fold::facts(&register, &roster);
        let at = lean::At { root: options.root, shown: options.shown, zone, now: options.now, as_of };
        let ask = lean::Ask { keep, ..lean::Ask::new(at, &register, &roster, &facts) };
        let (log, folded, graph, outdated) = match passing.then(|| lean::read(&ask, &mut findings)).flatten() {
            Some((log, folded)) => (log, folded, Graph::default(), Vec::new()),
            None => {
                let log = read::read_with(options.root, options.shown, zone, options.now, &instead, &mut findings);
                let folded = fold::fold(&register, &roster, &facts, &log, as_of, on);
                let outdated = outdated(&register, &roster, &log, &folded, &loaded.lost);
                (log, folded, Graph::build(&register, &roster), outdated)
            }
        };
        drop(facts);
        let version = version(&register, &log);
        Ok(Snapshot {
            root: options.root.to_path_buf(),
            shown: options.shown.to_string(),
            register,
            roster,
            log,
            graph,
            folded,
            findings,
            lost: loaded.lost,
            outdated,
            then: None,
            as_of,
            on,
            version,
        })
    }

    /// The day whose lights and names are shown: `--on`, else the as-of day.
    pub fn day(&self) -> NaiveDate {
        self.on.unwrap_or(self.as_of)
    }

    /// Is what was signed for an assignment no longer what stands there?
    pub fn outdated_at(&self, duty: usize) -> Option<&Outdated> {
        let at = self.outdated.binary_search_by_key(&(duty as u32), |o| o.duty).ok()?;
        Some(&self.outdated[at])
    }

    /// The facts behind the rules, by assignment.
    pub fn facts(&self) -> Vec<Facts<'_>> {
        fold::facts(&self.register, &self.roster)
    }

    /// What every entry moved, in recording order.
    pub fn steps(&self) -> Vec<Step> {
        let mut all = Vec::new();
        fold::watched(&self.register, &self.roster, &self.facts(), &self.log, (self.as_of, self.on), &mut |step| all.push(step));
        all
    }

    /// Folds for another date.
    pub fn fold_at(&self, as_of: NaiveDate) -> Folded {
        fold::fold(&self.register, &self.roster, &self.facts(), &self.log, as_of, None)
    }
}

/// Twelve hexadecimal digits over the bytes of every file in reading order and the log's
/// root. Paths are left out: the version is the same from whatever folder one looks.
fn version(register: &Register, log: &Log) -> String {
    let mut sum = Running::default();
    for file in &register.files {
        sum.add("file", file.text.as_bytes());
    }
    sum.add("log", format!("{} {}", log.entries, log.root).as_bytes());
    sum.short(12)
}
