//! Two snapshots side by side, by obligation, assignment and file.
//!
//! What cannot be read on one side is neither added nor removed: it is named as
//! unreadable, and the comparison does not hold.

use super::fields::{self, Fields};
use crate::model::Lang;
use crate::model::register::Table;
use crate::snapshot::Snapshot;
use crate::text::difference;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The comparison.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// `duban/diff/1`.
    pub schema: &'static str,
    /// Code of the unit.
    pub unit: String,
    /// True for sample data.
    pub sample: bool,
    /// The older side.
    pub from: Side,
    /// The newer side.
    pub to: Side,
    /// True when nothing at all differs.
    pub same: bool,
    /// Obligations that came.
    pub added: Vec<Named>,
    /// Obligations that went.
    pub removed: Vec<Named>,
    /// Obligations that read otherwise; owners are among their fields.
    pub changed: Vec<Changed>,
    /// Assignments that came or went with an obligation that stays.
    pub assignments: Vec<Assignment>,
    /// Plans that read otherwise.
    pub plans: Vec<Changed>,
    /// States, lights and due dates that moved.
    pub moved: Vec<Moved>,
    /// Files whose bytes differ.
    pub files: Vec<FileChange>,
    /// Obligations that one side cannot read.
    pub unreadable: Vec<Unreadable>,
}

/// One side of the comparison.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// As it was asked for.
    pub name: String,
    /// `day`, `revision` or `present`.
    pub kind: &'static str,
    /// The commit, where it is a revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// States and lights are folded as of this day.
    pub as_of: String,
    /// Digest of the register's files and log.
    pub data_version: String,
    /// Obligations met.
    pub read: usize,
    /// Of these, readable.
    pub valid: usize,
    /// Of these, not.
    pub invalid: usize,
    /// Entries of the log up to the day.
    pub entries: usize,
    /// Mistakes met while reading.
    pub troubles: usize,
}

/// An obligation by name.
#[derive(Debug, Serialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who leads it.
    pub lead: Vec<String>,
}

/// Something with fields that differ.
#[derive(Debug, Serialize)]
pub struct Changed {
    /// Obligation or assignment.
    pub id: String,
    /// Title of the obligation.
    pub title: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// One field that differs.
#[derive(Debug, Serialize)]
pub struct Field {
    /// Its name, as in the file.
    pub field: &'static str,
    /// Old words.
    pub old: String,
    /// New words.
    pub new: String,
    /// By words, where it is prose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
}

/// An assignment that came or went.
#[derive(Debug, Serialize)]
pub struct Assignment {
    /// `OPN-3.18@DEP-NDRC`.
    pub assignment: String,
    /// `added` or `removed`.
    pub change: &'static str,
    /// Its state on the side where it is.
    pub status: &'static str,
    /// Its light there.
    pub light: &'static str,
}

/// State, light and due date of an assignment on both sides.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// `OPN-3.18@DEP-NDRC`.
    pub assignment: String,
    /// Title of the obligation.
    pub title: String,
    /// States.
    pub status: [&'static str; 2],
    /// Lights.
    pub light: [&'static str; 2],
    /// Rules that fire.
    pub reasons: [Vec<&'static str>; 2],
    /// Present due dates.
    pub due: [Option<String>; 2],
    /// Newest percentages.
    pub percent: [Option<u8>; 2],
}

/// A file whose bytes differ.
#[derive(Debug, Serialize)]
pub struct FileChange {
    /// Its path.
    pub path: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
}

/// An obligation that one side cannot read.
#[derive(Debug, Serialize)]
pub struct Unreadable {
    /// Its id, or the place where one stands.
    pub id: String,
    /// `from`, `to` or `both`.
    pub side: &'static str,
}

impl Diff {
    /// False when either side could not be read whole: then silence proves nothing.
    pub fn whole(&self) -> bool {
        self.unreadable.is_empty() && [&self.from, &self.to].iter().all(|s| s.invalid == 0 && s.troubles == 0)
    }
}

/// One side's counts.
pub fn side(s: &Snapshot, name: &str, kind: &'static str, commit: Option<String>) -> Side {
    // Rules E001 to E007 and L001: something is missing from what is compared.
    let unread = |rule: &str| matches!(rule, "E001" | "E002" | "E003" | "E004" | "E005" | "E006" | "E007" | "E016" | "L001");
    Side {
        name: name.into(),
        kind,
        commit,
        as_of: s.as_of.to_string(),
        data_version: s.version.clone(),
        read: s.register.total(),
        valid: s.register.obligations.len(),
        invalid: s.register.invalid.len(),
        entries: s.log.records.len() - s.folded.later,
        troubles: s.findings.iter().filter(|f| unread(f.rule)).count(),
    }
}

/// Ids with the how-manieth time they stand there: a copy is no change of the original.
fn obligations(s: &Snapshot) -> HashMap<(&str, usize), usize> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let mut out = HashMap::new();
    for (i, o) in s.register.obligations.iter().enumerate() {
        let n = times.entry(o.id.as_str()).or_default();
        out.insert((o.id.as_str(), *n), i);
        *n += 1;
    }
    out
}

fn differing(old: Fields, new: Fields) -> Vec<Field> {
    let pairs = old.into_iter().zip(new).filter(|(a, b)| a.1 != b.1);
    pairs
        .map(|((field, old), (_, new))| {
            let difference = (fields::is_prose(field) && !old.is_empty() && !new.is_empty()).then(|| difference(&old, &new));
            Field { field, old, new, difference }
        })
        .collect()
}

/// Sets two snapshots side by side.
pub fn compare(a: &Snapshot, b: &Snapshot, from: Side, to: Side, lang: Lang) -> Diff {
    let (left, right) = (obligations(a), obligations(b));
    let named = |s: &Snapshot, i: usize| {
        let o = &s.register.obligations[i];
        Named {
            id: o.id.to_string(),
            title: o.title.say(lang).into_owned(),
            lead: s.roster.owners[i].lead.iter().map(|d| d.to_string()).collect(),
        }
    };
    let mut unreadable: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut lost = |id: &str, side: &'static str| {
        let at = unreadable.entry(id.to_string()).or_insert(side);
        if *at != side {
            *at = "both";
        }
    };
    for (s, side) in [(a, "from"), (b, "to")] {
        for x in &s.register.invalid {
            let place = || s.register.files.get(x.at.file as usize).map_or_else(String::new, |f| format!("{}:{}", f.shown, x.line));
            lost(&x.id.clone().unwrap_or_else(place), side);
        }
    }
    let (mut added, mut removed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for (i, o) in a.register.obligations.iter().enumerate() {
        if left.get(&(o.id.as_str(), 0)) == Some(&i) && !right.contains_key(&(o.id.as_str(), 0)) {
            if b.lost.may_hold(Table::Obligations, &o.id) { lost(&o.id, "to") } else { removed.push(named(a, i)) }
        }
    }
    let mut copies: Vec<(&(&str, usize), bool)> = left.keys().filter(|k| k.1 > 0 && !right.contains_key(*k)).map(|k| (k, false)).collect();
    copies.extend(right.keys().filter(|k| k.1 > 0 && !left.contains_key(*k)).map(|k| (k, true)));
    copies.sort_unstable();
    for (key, came) in copies {
        if came { added.push(named(b, right[key])) } else { removed.push(named(a, left[key])) }
    }
    let mut times: HashMap<&str, usize> = HashMap::new();
    for (j, o) in b.register.obligations.iter().enumerate() {
        let n = times.entry(o.id.as_str()).or_default();
        let key = (o.id.as_str(), *n);
        *n += 1;
        match left.get(&key) {
            None if key.1 > 0 => {}
            None if a.lost.may_hold(Table::Obligations, &o.id) => lost(&o.id, "from"),
            None => added.push(named(b, j)),
            Some(i) => {
                let fields = differing(fields::obligation(a, *i), fields::obligation(b, j));
                if !fields.is_empty() {
                    changed.push(Changed { id: o.id.to_string(), title: o.title.say(lang).into_owned(), fields });
                }
            }
        }
    }
    let (assignments, plans, moved) = duties(a, b, lang);
    let files = files(a, b);
    let same = a.version == b.version
        && added.is_empty()
        && removed.is_empty()
        && changed.is_empty()
        && plans.is_empty()
        && assignments.is_empty()
        && moved.is_empty()
        && files.is_empty()
        && from.entries == to.entries
        && unreadable.is_empty();
    Diff {
        schema: "duban/diff/1",
        unit: b.register.settings.unit.code.to_string(),
        sample: b.register.settings.sample,
        from,
        to,
        same,
        added,
        removed,
        changed,
        assignments,
        plans,
        moved,
        files,
        unreadable: unreadable.into_iter().map(|(id, side)| Unreadable { id, side }).collect(),
    }
}

/// Assignments, their plans, their states.
fn duties(a: &Snapshot, b: &Snapshot, lang: Lang) -> (Vec<Assignment>, Vec<Changed>, Vec<Moved>) {
    let all = |s: &Snapshot| (0..s.roster.duties.len()).map(|i| (s.roster.full_id(&s.register, i), i)).collect::<Vec<_>>();
    let (left, right) = (all(a), all(b));
    let index = |list: &[(String, usize)]| list.iter().cloned().collect::<HashMap<String, usize>>();
    let (old, new) = (index(&left), index(&right));
    let stays = |s: &Snapshot, other: &Snapshot, i: usize| {
        let id = &s.register.obligations[s.roster.duties[i].obligation as usize].id;
        other.register.obligation_index.contains_key(id.as_str())
    };
    let row = |s: &Snapshot, id: &str, i: usize, change| Assignment {
        assignment: id.to_string(),
        change,
        status: s.folded.states[i].status.code(),
        light: s.folded.states[i].light.code(),
    };
    let mut assignments: Vec<Assignment> =
        left.iter().filter(|(id, i)| !new.contains_key(id) && stays(a, b, *i)).map(|(id, i)| row(a, id, *i, "removed")).collect();
    assignments.extend(right.iter().filter(|(id, i)| !old.contains_key(id) && stays(b, a, *i)).map(|(id, i)| row(b, id, *i, "added")));
    assignments.sort_by(|x, y| x.assignment.cmp(&y.assignment));
    let (mut plans, mut moved) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for (id, j) in &right {
        let Some(i) = old.get(id).filter(|_| seen.insert(id)) else { continue };
        let title = || b.register.obligations[b.roster.duties[*j].obligation as usize].title.say(lang).into_owned();
        let fields = differing(fields::plan(a, *i), fields::plan(b, *j));
        if !fields.is_empty() {
            plans.push(Changed { id: id.clone(), title: title(), fields });
        }
        let (x, y) = (&a.folded.states[*i], &b.folded.states[*j]);
        let due = |s: &crate::log::State| s.due.map(|d| d.to_string());
        if (x.status, x.light, &x.reasons, x.percent) != (y.status, y.light, &y.reasons, y.percent) || due(x) != due(y) {
            moved.push(Moved {
                assignment: id.clone(),
                title: title(),
                status: [x.status.code(), y.status.code()],
                light: [x.light.code(), y.light.code()],
                reasons: [x.reasons.to_vec(), y.reasons.to_vec()],
                due: [due(x), due(y)],
                percent: [x.percent, y.percent],
            });
        }
    }
    (assignments, plans, moved)
}

fn files(a: &Snapshot, b: &Snapshot) -> Vec<FileChange> {
    let of = |s: &Snapshot| s.register.files.iter().map(|f| (f.shown.clone(), f.text.clone())).collect::<BTreeMap<_, _>>();
    let (left, right) = (of(a), of(b));
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let change = |path: &&String| match (left.get(*path), right.get(*path)) {
        (Some(x), Some(y)) if x == y => None,
        (Some(_), Some(_)) => Some("changed"),
        (Some(_), None) => Some("removed"),
        _ => Some("added"),
    };
    names.iter().filter_map(|p| change(p).map(|change| FileChange { path: p.to_string(), change })).collect()
}
