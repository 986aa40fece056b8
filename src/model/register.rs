//! The register: everything that stands in the YAML files, with where it stands.
//!
//! [`At`] remembers file and item of every node, four bytes each; lines and
//! columns are worked out only for what is printed. Items that could not be
//! decoded are kept as [`Invalid`]: they stay in the denominator.

use super::catalogue::*;
use super::local::*;
use super::{Lang, ObligationId, Quick, UnitId};
use chrono::NaiveDate;
use std::collections::HashSet;

/// Texts by the paths of their files, YAML and log: a register as it would be, before anything is
/// written.
pub type Instead = std::collections::BTreeMap<std::path::PathBuf, String>;

/// Where a node stands: the file's number and its place in a list of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At {
    /// Index in [`Register::files`].
    pub file: u32,
    /// Index in its list.
    pub item: u32,
}

/// A node with its place.
#[derive(Debug, Clone)]
pub struct Item<T> {
    /// The node.
    pub node: T,
    /// Where it stands.
    pub at: At,
}

impl<T> std::ops::Deref for Item<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.node
    }
}

/// An obligation that could not be decoded; it still counts.
#[derive(Debug, Clone)]
pub struct Invalid {
    /// Its id as written, if that much could be read.
    pub id: Option<String>,
    /// Where it stands.
    pub at: At,
    /// 1-based line of its first character.
    pub line: usize,
}

/// A table of the register that others point into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Obligations and their indicators.
    Obligations,
    /// departments.yaml: sectors, bodies, enterprise and user kinds.
    Departments,
    /// evidence-types.yaml.
    EvidenceTypes,
    /// Laws and their articles.
    Laws,
    /// policy.yaml with its parts.
    Policies,
    /// clauses.yaml.
    Clauses,
    /// people.yaml.
    People,
    /// plan.yaml: what it says of an assignment is not known to be absent.
    Plan,
    /// Waivers, crosswalk: nothing points into them.
    Other,
}

/// What could not be read, so that no rule calls it unknown: the mistake itself is told
/// once, where it stands, and fails the check; everything that points there is not told.
#[derive(Debug, Clone, Default)]
pub struct Lost {
    ids: HashSet<String>,
    tables: HashSet<Table>,
}

impl Lost {
    /// An id stands in something unreadable.
    pub fn id(&mut self, id: impl Into<String>) {
        self.ids.insert(id.into());
    }
    /// What another has, too.
    pub fn join(&mut self, other: Lost) {
        self.ids.extend(other.ids);
        self.tables.extend(other.tables);
    }
    /// Something of a table is unreadable, and nobody knows which ids stood in it.
    pub fn table(&mut self, table: Table) {
        self.tables.insert(table);
    }
    /// May the id stand in what could not be read of that table?
    pub fn may_hold(&self, table: Table, id: &str) -> bool {
        self.ids.contains(id) || self.tables.contains(&table)
    }
    /// Is anything of the table unreadable without a name?
    pub fn has(&self, table: Table) -> bool {
        self.tables.contains(&table)
    }
}

/// A policy with its folder.
#[derive(Debug, Clone)]
pub struct PolicyFolder {
    /// policy.yaml.
    pub policy: Policy,
    /// Where it stands.
    pub at: At,
    /// Folder relative to its register.
    pub folder: String,
    /// clauses.yaml, where there is one.
    pub clauses: Vec<Item<Clause>>,
    /// Gists of the sentences.
    pub sentences: Vec<Sentence>,
}

/// One YAML file that was read.
#[derive(Debug, Clone)]
pub struct FileInfo {
    /// Path to print, relative to the register's folder (`../` for the catalogue's).
    pub shown: String,
    /// Where it was read from: what [`Instead`] names it by.
    pub path: std::path::PathBuf,
    /// Its bytes, kept for places and for the data version.
    pub text: std::sync::Arc<str>,
    /// How many items the list has that it is; 0 when it is none, or may not be cut into items.
    pub items: usize,
}

/// Counts of what was met on the way in.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Tally {
    /// Files read.
    pub files: usize,
    /// Files and folders left out, each by a named rule.
    pub left_out: Vec<LeftOut>,
}

/// Something left out on purpose.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LeftOut {
    /// Path relative to the register.
    pub path: String,
    /// The rule's name: `nested register`, `hidden`, `notes`.
    pub rule: &'static str,
}

/// Everything that stands in the YAML files of one register and its catalogue.
#[derive(Debug, Clone)]
pub struct Register {
    /// register.yaml.
    pub settings: Settings,
    /// Where it stands.
    pub settings_at: At,
    /// True when policies come from another register.
    pub borrowed: bool,
    /// Files by number.
    pub files: Vec<FileInfo>,
    /// Policies in display order.
    pub policies: Vec<PolicyFolder>,
    /// Obligations in display order.
    pub obligations: Vec<Item<Obligation>>,
    /// Obligations that could not be decoded.
    pub invalid: Vec<Invalid>,
    /// Sectors.
    pub sectors: Vec<Item<Sector>>,
    /// Bodies: the unit's own first, then the catalogue's.
    pub bodies: Vec<Item<Body>>,
    /// How many of `bodies` are the unit's own.
    pub own_bodies: usize,
    /// Enterprise kinds.
    pub enterprises: Vec<Item<GroupKind>>,
    /// User kinds.
    pub users: Vec<Item<GroupKind>>,
    /// Reorganisations.
    pub changes: Vec<Item<Change>>,
    /// Evidence types.
    pub evidence_types: Vec<Item<EvidenceType>>,
    /// Laws.
    pub laws: Vec<Item<Law>>,
    /// Law crosswalk.
    pub crosswalk: Vec<Item<Crosswalk>>,
    /// The plan.
    pub plan: Vec<Item<PlanItem>>,
    /// People; `None` = no people.yaml, so roles are not checked.
    pub people: Option<Vec<Item<Person>>>,
    /// Waivers.
    pub waivers: Vec<Item<Waiver>>,
    /// Saved reports, by file and place in it.
    pub reports: Vec<Item<Saved>>,
    /// What was met on the way in.
    pub tally: Tally,
    /// Every unit id, present or former, to its body.
    pub body_index: Quick<String, u32>,
    /// Obligation id to its index.
    pub obligation_index: Quick<String, u32>,
}

impl Register {
    /// The body behind an id, present or former.
    pub fn body(&self, id: &str) -> Option<&Item<Body>> {
        self.body_index.get(id).map(|i| &self.bodies[*i as usize])
    }
    /// The present id behind an id, present or former; the id itself when unknown.
    pub fn current<'a>(&'a self, id: &'a str) -> &'a str {
        self.body(id).map_or(id, |b| b.id.as_str())
    }
    /// The obligation with an id.
    pub fn obligation(&self, id: &str) -> Option<&Item<Obligation>> {
        self.obligation_index.get(id).map(|i| &self.obligations[*i as usize])
    }
    /// The policy of an obligation.
    pub fn policy_of(&self, id: &ObligationId) -> Option<&PolicyFolder> {
        self.policies.iter().find(|p| p.policy.code.as_str() == id.policy())
    }
    /// Short name of a unit as of a day: body (with its name of then), sector, enterprise or user kind.
    pub fn name(&self, id: &str, day: NaiveDate, lang: Lang) -> String {
        self.body(id).map(|b| b.short_name(day, lang)).unwrap_or_else(|| self.plain_name(id, lang))
    }
    fn plain_name(&self, id: &str, lang: Lang) -> String {
        let sector = self.sectors.iter().find(|s| s.id.as_str() == id || s.code.as_str() == id).map(|s| s.name.say(lang));
        let group = || self.enterprises.iter().chain(&self.users).find(|g| g.id.as_str() == id).map(|g| g.name.say(lang));
        sector.or_else(group).map_or_else(|| id.to_string(), |n| n.into_owned())
    }
    /// The sector of a body: its own, else that of the body it acts for or belongs to.
    pub fn sector_of<'a>(&'a self, body: &'a Body) -> Option<&'a UnitId> {
        let mut seen = 0;
        let mut body = body;
        loop {
            if let Some(sector) = &body.sector {
                return Some(sector);
            }
            let up = body.acts_for.0.first().or(body.parent.as_ref())?;
            if let Some(kind) = self.enterprises.iter().find(|g| &g.id == up) {
                return self.kind_sector(kind);
            }
            body = &self.body(up)?.node;
            seen += 1;
            if seen > 8 {
                return None;
            }
        }
    }
    fn kind_sector<'a>(&'a self, kind: &'a GroupKind) -> Option<&'a UnitId> {
        let mut kind = kind;
        for _ in 0..8 {
            if self.sectors.iter().any(|s| s.id == kind.parent) {
                return Some(&kind.parent);
            }
            kind = self.enterprises.iter().chain(&self.users).find(|g| g.id == kind.parent)?;
        }
        None
    }
    /// Evidence type by code.
    pub fn evidence_type(&self, code: &str) -> Option<&Item<EvidenceType>> {
        self.evidence_types.iter().find(|t| t.code.as_str() == code)
    }
    /// Obligations in the denominator: decoded or not.
    pub fn total(&self) -> usize {
        self.obligations.len() + self.invalid.len()
    }
    /// The language that a command speaks when nobody says otherwise.
    pub fn default_lang(&self) -> Option<Lang> {
        self.settings.languages.first().copied()
    }
}

impl Body {
    /// The names valid on a day: the former self's up to its last day.
    pub fn names_on(&self, day: NaiveDate) -> (&super::Words, Option<&super::Words>) {
        self.was
            .iter()
            .filter(|w| day <= w.to.0)
            .min_by_key(|w| w.to.0)
            .map_or((&self.name, self.short.as_ref()), |w| (&w.name, w.short.as_ref()))
    }
    /// Short name on a day, full name where there is no short one.
    pub fn short_name(&self, day: NaiveDate, lang: Lang) -> String {
        let (name, short) = self.names_on(day);
        short.unwrap_or(name).say(lang).into_owned()
    }
    /// Every id it has or had.
    pub fn ids(&self) -> impl Iterator<Item = &UnitId> {
        std::iter::once(&self.id).chain(self.was.iter().map(|w| &w.id))
    }
}
