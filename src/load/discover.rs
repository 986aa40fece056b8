//! Finds the files of a register and its catalogue and puts them together.

use super::read::Reader;
use crate::finding::{Finding, Spot, Step};
use crate::model::LeftOut;
use crate::model::register::{FileInfo, Lost, PolicyFolder, Table};
use crate::model::*;
use crate::text::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Everything read, with what is wrong in it.
pub struct Loaded {
    /// The register.
    pub register: Register,
    /// Data errors met while reading.
    pub findings: Vec<Finding>,
    /// What could not be decoded.
    pub lost: Lost,
}

/// Why a register cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no register.yaml.
    #[error("there is no register.yaml in {0}")]
    Missing(String),
    /// register.yaml itself cannot be used; the findings say why.
    #[error("register.yaml cannot be used")]
    Settings(Box<Vec<Finding>>),
}

/// Opens the register in `root`; `shown` is how the folder is named to people.
///
/// # Errors
/// When there is no usable register.yaml.
pub fn open(root: &Path, shown: &str) -> Result<Loaded, OpenError> {
    open_with(root, shown, Instead::new())
}

/// Opens it as it would be with other texts in some places.
///
/// # Errors
/// As [`open`].
pub fn open_with(root: &Path, shown: &str, instead: Instead) -> Result<Loaded, OpenError> {
    let mut reader = Reader::with(instead);
    let mut opener = Opener { reader: &mut reader, invalid: Vec::new() };
    let (settings, settings_at) = opener.settings(root, shown)?;
    let mut parts = opener.folder(root, shown, (&settings, settings_at), true);
    let mut own = std::mem::take(&mut opener.reader.tally.left_out);
    let mut borrowed = false;
    let mut seen = BTreeSet::from([root.canonicalize().unwrap_or_else(|_| root.to_path_buf())]);
    let (mut from, mut from_shown, mut next) = (root.to_path_buf(), shown.to_string(), settings.catalogue.clone());
    while let Some(path) = next.take() {
        borrowed = true;
        let dir = from.join(path.as_str());
        let dir_shown = join(&from_shown, path.as_str());
        let real = dir.canonicalize().unwrap_or_else(|_| dir.clone());
        if !seen.insert(real) {
            opener.tell(
                "E016",
                settings_at,
                &dir_shown,
                "目录（catalogue）绕回了自身".into(),
                "`catalogue` leads back to a register already opened".into(),
            );
            break;
        }
        match opener.settings(&dir, &dir_shown) {
            Ok((above, above_at)) => {
                // The catalogue may stand below: then it is read, not left out.
                own.retain(|l| l.rule != "nested register" || join(shown, &l.path) != dir_shown);
                let more = opener.folder(&dir, &dir_shown, (&above, above_at), false);
                parts.add(more);
                next = above.catalogue.clone();
            }
            Err(OpenError::Missing(_)) => opener.tell(
                "E016",
                settings_at,
                &dir_shown,
                format!("目录 `{dir_shown}` 中没有 register.yaml"),
                format!("`catalogue` points to `{dir_shown}`, where there is no register.yaml"),
            ),
            Err(_) => opener.tell(
                "E016",
                settings_at,
                &dir_shown,
                format!("目录 `{dir_shown}` 的 register.yaml 无法使用"),
                format!("the register.yaml of the catalogue `{dir_shown}` cannot be used"),
            ),
        }
        (from, from_shown) = (dir, dir_shown);
    }
    // What the catalogue leaves out is told from the register's folder, as what the register does:
    // however the register is named on the command line, its reports have the same bytes.
    own.extend(opener.reader.tally.left_out.drain(..).map(|l| LeftOut { path: seen_from(shown, &l.path), ..l }));
    opener.reader.tally.left_out = own;
    let invalid = std::mem::take(&mut opener.invalid);
    let register = parts.finish(settings, settings_at, borrowed, invalid, &mut reader);
    Ok(Loaded { register, findings: reader.findings, lost: reader.lost })
}

/// A path from a folder; both as they are named to people, from one place.
fn seen_from(folder: &str, path: &str) -> String {
    let parts = |p: &str| tidy(p).split('/').filter(|x| !matches!(*x, "" | ".")).map(String::from).collect::<Vec<_>>();
    let (home, path) = (parts(folder), parts(path));
    let same = home.iter().zip(&path).take_while(|(a, b)| a == b).count();
    // From above, nobody can say how the folders below are called: then it stays as it is.
    if home[same..].iter().any(|x| x == "..") {
        return path.join("/");
    }
    let up = home.len() - same;
    std::iter::repeat_n("..".to_string(), up).chain(path[same..].iter().cloned()).collect::<Vec<_>>().join("/")
}

/// Collapses `a/../b` and `./` without asking the file system.
fn tidy(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if out.last().is_some_and(|s| *s != "..") => drop(out.pop()),
            other => out.push(other),
        }
    }
    if path.starts_with('/') { format!("/{}", out.join("/")) } else { out.join("/") }
}

#[derive(Default)]
struct Parts {
    policies: Vec<PolicyFolder>,
    obligations: Vec<Item<Obligation>>,
    sectors: Vec<Item<Sector>>,
    bodies: Vec<Item<Body>>,
    own_bodies: usize,
    enterprises: Vec<Item<GroupKind>>,
    users: Vec<Item<GroupKind>>,
    changes: Vec<Item<Change>>,
    evidence_types: Vec<Item<EvidenceType>>,
    laws: Vec<Item<Law>>,
    crosswalk: Vec<Item<Crosswalk>>,
    plan: Vec<Item<PlanItem>>,
    people: Option<Vec<Item<Person>>>,
    waivers: Vec<Item<Waiver>>,
    reports: Vec<Item<Saved>>,
}

impl Parts {
    /// Adds a catalogue below what the unit has itself.
    fn add(&mut self, other: Parts) {
        let policies = std::mem::take(&mut self.policies);
        let obligations = std::mem::take(&mut self.obligations);
        self.policies = other.policies.into_iter().chain(policies).collect();
        self.obligations = other.obligations.into_iter().chain(obligations).collect();
        self.sectors.extend(other.sectors);
        self.bodies.extend(other.bodies);
        self.enterprises.extend(other.enterprises);
        self.users.extend(other.users);
        self.changes.extend(other.changes);
        self.evidence_types.extend(other.evidence_types);
        self.laws.extend(other.laws);
        self.crosswalk.extend(other.crosswalk);
    }

    fn finish(self, settings: Settings, settings_at: At, borrowed: bool, invalid: Vec<Invalid>, reader: &mut Reader) -> Register {
        let mut body_index = Quick::default();
        for (i, body) in self.bodies.iter().enumerate() {
            for id in body.ids() {
                body_index.entry(id.to_string()).or_insert(i as u32);
            }
        }
        let mut obligation_index = Quick::default();
        for (i, obligation) in self.obligations.iter().enumerate() {
            obligation_index.entry(obligation.id.to_string()).or_insert(i as u32);
        }
        Register {
            settings,
            settings_at,
            borrowed,
            files: std::mem::take(&mut reader.files),
            policies: self.policies,
            obligations: self.obligations,
            invalid,
            sectors: self.sectors,
            own_bodies: self.own_bodies,
            bodies: self.bodies,
            enterprises: self.enterprises,
            users: self.users,
            changes: self.changes,
            evidence_types: self.evidence_types,
            laws: self.laws,
            crosswalk: self.crosswalk,
            plan: self.plan,
            people: self.people,
            waivers: self.waivers,
            reports: self.reports,
            tally: std::mem::take(&mut reader.tally),
            body_index,
            obligation_index,
        }
    }
}

struct Opener<'a> {
    reader: &'a mut Reader,
    invalid: Vec<Invalid>,
}

impl Opener<'_> {
    /// A catalogue that cannot be opened: whatever stands in it is lost, and counts for one
    /// obligation at least.
    fn tell(&mut self, rule: &'static str, at: At, subject: &str, zh: String, en: String) {
        for table in [Table::Obligations, Table::Departments, Table::EvidenceTypes, Table::Laws, Table::Policies, Table::Clauses] {
            self.reader.lost.table(table);
        }
        self.invalid.push(Invalid { id: None, at: At { file: at.file, item: 0 }, line: 0 });
        self.reader.findings.push(Finding::new(rule, subject, Spot::Node(at.file, vec![Step::Key("catalogue")]), zh, en));
    }

    fn settings(&mut self, root: &Path, shown: &str) -> Result<(Settings, At), OpenError> {
        let path = root.join("register.yaml");
        if !path.exists() {
            return Err(OpenError::Missing(shown.to_string()));
        }
        let fail = |reader: &mut Reader| OpenError::Settings(Box::new(reader.findings.clone()));
        let shown = join(shown, "register.yaml");
        let Some(file) = self.reader.text(&path, &shown) else { return Err(fail(self.reader)) };
        let before = self.reader.findings.len();
        match self.reader.whole::<Settings>(file, Table::Other) {
            Some(settings) if self.reader.findings.len() == before && settings.format.as_str() == "duban/1" => {
                self.ladder(&settings, file, &shown);
                Ok((settings, At { file, item: 0 }))
            }
            Some(settings) if self.reader.findings.len() == before => {
                let spot = Spot::Node(file, vec![Step::Key("format")]);
                let format = settings.format.as_str();
                self.reader.findings.push(Finding::new(
                    "E006",
                    shown,
                    spot,
                    format!("`{format}` 不是本程序认识的格式；应为 duban/1"),
                    format!("`{format}` is not a format known here; it should be duban/1"),
                ));
                Err(fail(self.reader))
            }
            _ => Err(fail(self.reader)),
        }
    }

    /// A ladder of letters goes up: a step that begins no later than the one before it could
    /// never be reached, or hides that one.
    fn ladder(&mut self, settings: &Settings, file: u32, shown: &str) {
        for (i, pair) in settings.escalation.windows(2).enumerate() {
            let (before, here) = (&pair[0].after, &pair[1].after);
            if here.days() <= before.days() {
                let spot = Spot::Node(file, vec![Step::Key("escalation"), Step::Item(i + 1), Step::Key("after")]);
                let (zh, en) = (
                    format!("第{}级从 {here} 起，不晚于上一级的 {before}", i + 2),
                    format!("step {} begins at {here}, no later than the step before it ({before})", i + 2),
                );
                let finding = Finding::new("E006", shown, spot, zh, en);
                self.reader.findings.push(finding.remedy("各级的 after 依次递增", "let `after` rise from step to step"));
            }
        }
    }

    /// Reads one register's folder; only the unit's own has plan, people and waivers that count.
    fn folder(&mut self, root: &Path, shown: &str, (settings, at): (&Settings, At), own: bool) -> Parts {
        let mut files = BTreeMap::new();
        self.walk(root, "", shown, own, &mut files);
        if own {
            // Files that are to be made. Only the unit's own register is ever written to.
            let planned = self.reader.instead.keys().filter_map(|p| Some((within(root, p)?, p.clone())));
            files.extend(planned.filter(|(rel, _)| rel != "register.yaml" && !rel.starts_with("log/")));
        }
        let mut parts = Parts::default();
        self.saved(shown, own, &mut files, &mut parts);
        let mut take = |name: &str| files.remove(name);
        if let Some(path) = take("departments.yaml") {
            self.departments(&path, &join(shown, "departments.yaml"), &mut parts, own);
        }
        if let Some(path) = take("evidence-types.yaml")
            && let Some((file, types)) = self.whole::<EvidenceTypes>(&path, &join(shown, "evidence-types.yaml"), Table::EvidenceTypes)
        {
            parts.evidence_types = number(types.types, file);
        }
        if own {
            if let Some(path) = take("plan.yaml") {
                parts.plan = self.list(&path, &join(shown, "plan.yaml"), Table::Plan);
            }
            if let Some(path) = take("people.yaml") {
                parts.people = Some(self.list(&path, &join(shown, "people.yaml"), Table::People));
            }
            if let Some(path) = take("waivers.yaml") {
                parts.waivers = self.list(&path, &join(shown, "waivers.yaml"), Table::Other);
            }
        } else {
            for name in ["plan.yaml", "people.yaml", "waivers.yaml"] {
                if take(name).is_some() {
                    self.reader.leave_out(&join(shown, name), "belongs to the catalogue's own unit");
                }
            }
        }
        for (i, law) in settings.laws.iter().enumerate() {
            match take(law.as_str()) {
                Some(path) => {
                    if let Some((file, law)) = self.whole::<Law>(&path, &join(shown, law.as_str()), Table::Laws) {
                        parts.laws.push(Item { node: law, at: At { file, item: 0 } });
                    }
                }
                None => {
                    self.absent(at, &join(shown, law.as_str()), "laws", i);
                    self.reader.lost.table(Table::Laws);
                }
            }
        }
        if let Some(path) = take("law/crosswalk.yaml") {
            parts.crosswalk = self.list(&path, &join(shown, "law/crosswalk.yaml"), Table::Other);
        }
        for (i, folder) in settings.policies.iter().enumerate() {
            self.policy(shown, folder.as_str(), (at, i), &mut files, &mut parts);
        }
        for name in files.keys() {
            self.stray(&join(shown, name));
        }
        parts
    }

    /// reports/*.yaml: the unit's saved reports.
    fn saved(&mut self, shown: &str, own: bool, files: &mut BTreeMap<String, PathBuf>, parts: &mut Parts) {
        let mine: Vec<String> = files.keys().filter(|k| k.starts_with("reports/") && k.ends_with(".yaml")).cloned().collect();
        for name in mine {
            let (path, shown) = (files.remove(&name).expect("it was listed"), join(shown, &name));
            if own {
                parts.reports.extend(self.list(&path, &shown, Table::Other));
            } else {
                self.reader.leave_out(&shown, "belongs to the catalogue's own unit");
            }
        }
    }

    /// A file that register.yaml lists and that is not there: told at the line that lists it.
    fn absent(&mut self, at: At, shown: &str, key: &'static str, item: usize) {
        self.reader.findings.push(
            Finding::new(
                "E001",
                shown,
                Spot::Node(at.file, vec![Step::Key(key), Step::Item(item)]),
                format!("register.yaml 的 `{key}` 列出了它，但没有文件 {shown}"),
                format!("register.yaml lists it under `{key}`, but there is no file {shown}"),
            )
            .remedy("补上文件，或从 register.yaml 删去这一项", "put the file there, or take the item out of register.yaml"),
        );
    }

    fn stray(&mut self, shown: &str) {
        self.reader.findings.push(
            Finding::new(
                "E012",
                shown,
                Spot::Exact(Place::file(shown)),
                "这个文件不属于登记册的任何部分".into(),
                "this file belongs to no part of the register".into(),
            )
            .remedy(
                "列入 register.yaml 的 policies 或 laws，或移出本文件夹；说明文字请用 .md",
                "list it under `policies` or `laws` in register.yaml, or move it out of the folder; notes may stay as .md",
            ),
        );
    }

    /// Sorted walk; hidden files, notes, nested registers and the log are left out by name.
    fn walk(&mut self, dir: &Path, rel: &str, shown: &str, own: bool, files: &mut BTreeMap<String, PathBuf>) {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) => {
                let shown = join(shown, rel);
                self.reader.findings.push(Finding::new(
                    "E001",
                    &shown,
                    Spot::Exact(Place::file(&shown)),
                    format!("无法读取文件夹：{e}"),
                    format!("the folder cannot be read: {e}"),
                ));
                return;
            }
        };
        let mut names: Vec<(String, PathBuf)> =
            entries.flatten().map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect();
        names.sort();
        for (name, path) in names {
            let rel = if rel.is_empty() { name.clone() } else { format!("{rel}/{name}") };
            // Links are met as files, so that reading them is refused aloud.
            let is_dir = std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_dir());
            let told = if own { rel.clone() } else { join(shown, &rel) };
            if name.starts_with('.') {
                // .gitignore, .gitattributes and the editor's schemas are the usual company of a register.
                if !matches!(name.as_str(), ".gitignore" | ".gitattributes" | ".schemas" | ".duban" | ".git") {
                    self.reader.leave_out(&told, "hidden");
                }
            } else if rel == "log" && is_dir {
                if !own {
                    self.reader.leave_out(&join(shown, &rel), "belongs to the catalogue's own unit");
                }
            } else if rel == "register.yaml" {
            } else if is_dir && path.join("register.yaml").exists() {
                // The register that borrows this catalogue is no news.
                if own {
                    self.reader.leave_out(&told, "nested register");
                }
            } else if is_dir {
                self.walk(&path, &rel, shown, own, files);
            } else if name.ends_with(".md") {
                self.reader.leave_out(&told, "notes");
            } else {
                files.insert(rel, path);
            }
        }
    }

    fn list<T: serde::de::DeserializeOwned + schemars::JsonSchema>(&mut self, path: &Path, shown: &str, table: Table) -> Vec<Item<T>> {
        match self.reader.text(path, shown) {
            Some(file) => self.reader.list(file, table).0,
            None => {
                self.reader.lost.table(table);
                Vec::new()
            }
        }
    }

    fn whole<T: serde::de::DeserializeOwned + schemars::JsonSchema>(&mut self, path: &Path, shown: &str, table: Table) -> Option<(u32, T)> {
        let read = self.reader.text(path, shown).and_then(|file| Some((file, self.reader.whole(file, table)?)));
        if read.is_none() {
            self.reader.lost.table(table);
        }
        read
    }

    fn departments(&mut self, path: &Path, shown: &str, parts: &mut Parts, own: bool) {
        let Some((file, all)) = self.whole::<Departments>(path, shown, Table::Departments) else { return };
        parts.sectors = number(all.sectors, file);
        parts.bodies = number(all.bodies, file);
        if own {
            parts.own_bodies = parts.bodies.len();
        }
        parts.enterprises = number(all.enterprises, file);
        parts.users = number(all.users, file);
        parts.changes = number(all.changes, file);
    }

    /// Every YAML file of a policy's folder counts, listed as a part or not.
    fn policy(&mut self, shown: &str, folder: &str, listed: (At, usize), files: &mut BTreeMap<String, PathBuf>, parts: &mut Parts) {
        let prefix = format!("{folder}/");
        let mut mine: Vec<(String, PathBuf)> =
            files.range(prefix.clone()..).take_while(|(k, _)| k.starts_with(&prefix)).map(|(k, v)| (k.clone(), v.clone())).collect();
        mine.iter().for_each(|(k, _)| drop(files.remove(k)));
        let mut take = |name: &str| mine.iter().position(|(k, _)| k[prefix.len()..] == *name).map(|i| mine.remove(i).1);
        let policy = match take("policy.yaml") {
            Some(path) => self.whole::<Policy>(&path, &join(shown, &format!("{folder}/policy.yaml")), Table::Policies),
            None => {
                self.absent(listed.0, &join(shown, &format!("{folder}/policy.yaml")), "policies", listed.1);
                self.reader.lost.table(Table::Policies);

                None
            }
        };
        let clauses = take("clauses.yaml")
            .and_then(|p| self.whole::<ClauseFile>(&p, &join(shown, &format!("{folder}/clauses.yaml")), Table::Clauses));
        let mut order: Vec<(String, PathBuf)> = Vec::new();
        if let Some((at, policy)) = &policy {
            for (i, part) in policy.parts.iter().enumerate() {
                match take(part.file.as_str()) {
                    Some(path) => order.push((part.file.to_string(), path)),
                    None => {
                        let shown = join(shown, &format!("{folder}/{}", part.file.as_str()));
                        let spot = Spot::Node(*at, vec![Step::Key("parts"), Step::Item(i), Step::Key("file")]);
                        self.reader.findings.push(Finding::new(
                            "E001",
                            &shown,
                            spot,
                            format!("第 {} 部分的文件 `{}` 不存在", part.id, part.file.as_str()),
                            format!("the file `{}` of part {} does not exist", part.file.as_str(), part.id),
                        ));
                        // At least one obligation is missing from the count, and nobody knows which.
                        self.reader.lost.table(Table::Obligations);
                        self.invalid.push(Invalid { id: None, at: At { file: *at, item: i as u32 }, line: 0 });
                    }
                }
            }
        }
        for (name, path) in mine {
            let shown = join(shown, &name);
            let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
            if !yaml {
                self.stray(&shown);
                continue;
            }
            if policy.is_some() {
                self.reader.findings.push(Finding::new(
                    "E012",
                    &shown,
                    Spot::Exact(Place::file(&shown)),
                    "policy.yaml 的 parts 没有列出这个文件；其中的义务仍计入总数".into(),
                    "policy.yaml lists no part for this file; its obligations are counted all the same".into(),
                ));
            }
            order.push((name[prefix.len()..].to_string(), path));
        }
        if policy.is_none() && order.is_empty() {
            // Not one file of it: at least one obligation is missing from the count.
            self.reader.lost.table(Table::Obligations);
            self.invalid.push(Invalid { id: None, at: At { file: listed.0.file, item: listed.1 as u32 }, line: 0 });
        }
        for (name, path) in order {
            let shown = join(shown, &format!("{folder}/{name}"));
            match self.reader.text(&path, &shown) {
                Some(file) => {
                    let (good, bad) = self.reader.list::<Obligation>(file, Table::Obligations);
                    parts.obligations.extend(good);
                    self.invalid.extend(bad);
                }
                // Nothing of the file can be read: at least one obligation is missing from the count.
                None => self.unreadable(&path, &shown),
            }
        }
        if let Some((file, policy)) = policy {
            let (file_c, clauses) = clauses.unwrap_or((file, ClauseFile::default()));
            let at = At { file, item: 0 };
            parts.policies.push(PolicyFolder {
                policy,
                at,
                folder: folder.to_string(),
                clauses: number(clauses.clauses, file_c),
                sentences: clauses.sentences,
            });
        }
    }

    /// Counts the items of a file whose bytes are not UTF-8 by their `- id:` lines.
    fn unreadable(&mut self, path: &Path, shown: &str) {
        self.reader.files.push(FileInfo { shown: shown.to_string(), path: path.to_path_buf(), text: "".into(), items: 0 });
        let file = self.reader.files.len() as u32 - 1;
        // Only what `text` would have read: a pipe would wait for ever, a device never ends.
        let plain = std::fs::symlink_metadata(path).is_ok_and(|m| m.is_file() && m.len() <= super::scan::MAX_BYTES);
        let bytes = if plain { std::fs::read(path).unwrap_or_default() } else { Vec::new() };
        let mut found = 0;
        for (line, text) in bytes.split(|b| *b == b'\n').enumerate() {
            if let Some(id) = text.strip_prefix(b"- id:") {
                let id = String::from_utf8_lossy(id).trim().to_string();
                self.reader.lost.id(id.clone());
                self.invalid.push(Invalid { id: Some(id), at: At { file, item: found }, line: line + 1 });
                found += 1;
            }
        }
        if found == 0 {
            self.reader.lost.table(Table::Obligations);
            self.invalid.push(Invalid { id: None, at: At { file, item: 0 }, line: 0 });
        }
    }
}

/// The path of a planned file in its register; `None` for what is another's: above it, or in
/// a folder below that is a register itself.
fn within(root: &Path, path: &Path) -> Option<String> {
    let rel = path.strip_prefix(root).ok()?;
    let plain = rel.components().all(|c| matches!(c, std::path::Component::Normal(_)));
    let other = rel.ancestors().skip(1).any(|d| !d.as_os_str().is_empty() && root.join(d).join("register.yaml").exists());
    (plain && !other).then(|| rel.to_str().map(|r| r.replace('\\', "/"))).flatten()
}

fn join(shown: &str, name: &str) -> String {
    if shown.is_empty() { tidy(name) } else { tidy(&format!("{shown}/{name}")) }
}

fn number<T>(nodes: Vec<T>, file: u32) -> Vec<Item<T>> {
    nodes.into_iter().enumerate().map(|(i, node)| Item { node, at: At { file, item: i as u32 } }).collect()
}
