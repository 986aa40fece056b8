//! CODEOWNERS: whom git asks about which file.
//!
//! A department's handles stand in departments.yaml (`git:`). A part's file belongs to the
//! leads of the obligations in it, a department's log to the department; whatever no
//! department leads to the owner who was told. A lead without handle is never passed over
//! in silence: its name stands in the result.

use crate::model::{Body, Register};
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The file and what is missing in it.
pub struct Made {
    /// The text of CODEOWNERS.
    pub text: String,
    /// Leads without handle.
    pub bare: Vec<String>,
    /// Handles that no host would understand, with their department.
    pub odd: Vec<String>,
}

/// `@team`, `@org/team` or a mail address.
fn fits(handle: &str) -> bool {
    let plain = !handle.contains(|c: char| c.is_whitespace() || c == '#');
    plain
        && (handle.strip_prefix('@').is_some_and(|h| !h.is_empty() && !h.contains('@'))
            || handle.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.')))
}

/// Makes the file. `own` are the register's own YAML files, `prefix` is the way from the top
/// of the repository to the register: empty, or `obligations/`.
pub fn make(s: &Snapshot, own: &[String], prefix: &str, owner: Option<&str>) -> Made {
    let r = &s.register;
    let mut lines: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let (mut bare, mut odd) = (BTreeSet::new(), BTreeSet::new());
    let mut handles = |id: &str| -> Vec<String> {
        let Some(body) = r.body(id) else { return Vec::new() };
        let all: Vec<String> = body.git.0.iter().map(|h| h.to_string()).collect();
        if all.is_empty() {
            bare.insert(body.id.to_string());
        }
        odd.extend(all.iter().filter(|h| !fits(h)).map(|h| format!("{}: {h}", body.id)));
        all.into_iter().filter(|h| fits(h)).collect()
    };
    // Which leads stand in which of the register's own part files, and who leads at all.
    let mut files: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut leads: BTreeSet<&str> = BTreeSet::new();
    for (o, owner) in r.obligations.iter().zip(&s.roster.owners) {
        let shown = r.files[o.at.file as usize].shown.as_str();
        let path = shown.strip_prefix(s.shown.as_str()).map_or(shown, |p| p.trim_start_matches('/'));
        let mine = own.iter().find(|p| *p == path);
        for lead in &owner.lead {
            leads.insert(r.current(lead.as_str()));
            if let Some(path) = mine {
                files.entry(path).or_default().extend(handles(lead));
            }
        }
    }
    let mut logs: Vec<(String, Vec<String>)> = Vec::new();
    for lead in &leads {
        let all = handles(lead);
        logs.extend(folders(r, lead).map(|id| (format!("log/{id}/"), all.clone())));
    }
    let owned: Vec<(String, Vec<String>)> = files.into_iter().map(|(p, h)| (p.to_string(), h.into_iter().collect())).chain(logs).collect();
    for (path, all) in &owned {
        lines.entry(path.clone()).or_default().extend(all.iter().map(String::as_str));
    }
    let mut text = String::from(
        "# Made by `duban codeowners` from the lead departments; handles stand in departments.yaml under `git`.\n# 由 duban codeowners 按牵头单位生成；账号写在 departments.yaml 的 git 里。\n",
    );
    for id in &bare {
        let _ = writeln!(text, "# no handle · 没有账号: {id}");
    }
    let place = |path: &str| format!("/{prefix}{path}").replace(' ', "\\ ");
    if let Some(owner) = owner {
        let _ = writeln!(text, "{} {owner}", place(""));
    }
    for (path, all) in lines {
        if !all.is_empty() {
            let _ = writeln!(text, "{} {}", place(&path), all.into_iter().collect::<Vec<_>>().join(" "));
        }
    }
    Made { text, bare: bare.into_iter().collect(), odd: odd.into_iter().collect() }
}

/// Folders of the log: the department's own and those of its former selves.
fn folders<'a>(r: &'a Register, id: &'a str) -> impl Iterator<Item = &'a str> {
    r.body(id).into_iter().flat_map(|b| Body::ids(b).map(|i| i.as_str()))
}
