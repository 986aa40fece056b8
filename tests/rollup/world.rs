//! A register of one department with three obligations, with a log written through the program's
//! own appender, and an outgoing folder beside it.

use chrono::{DateTime, FixedOffset};
use duban::log::append::Appender;
use duban::log::disk::Real;
use duban::log::spool::StateFolder;
use duban::model::Entry;
use duban::model::time::When;
use duban::rollup::seal::{Sealed, Sealing, seal};
use duban::snapshot::{Options, Snapshot};
use std::path::{Path, PathBuf};

const FILES: &[(&str, &str)] = &[
    ("register.yaml", "format: duban/1\nunit: {code: T, name: {zh: 试, en: T}, kind: city}\nlanguages: [en]\npolicies: [p]\n"),
    (
        "departments.yaml",
        "sectors:\n- {id: SEC-A, code: AAA, name: {zh: 甲, en: A}}\nbodies:\n- {id: DEP-A, name: {zh: 甲, en: A}}\n- {id: DEP-B, name: {zh: 乙, en: B}}\n",
    ),
    (
        "p/policy.yaml",
        "code: TST\ntitle: {zh: 试, en: T}\nissuer: {zh: 试, en: T}\npublished: 2026-01-01\nlisted: 2026-01-01\nparts:\n- {id: TST-1, title: {zh: 一, en: one}, file: 1.yaml}\n",
    ),
    (
        "p/1.yaml",
        "- id: TST-1.01\n  title: a\n  requirement: a\n  kind: action\n  modality: must\n  recurrence: continuous\n  sector: AAA\n  owner: {mode: single, lead: [DEP-A]}\n- id: TST-1.02\n  title: b\n  requirement: b\n  kind: action\n  modality: must\n  recurrence: continuous\n  owner: {mode: by-remit, lead: [DEP-A, DEP-B]}\n",
    ),
    ("evidence-types.yaml", "types:\n- {code: minutes, name: {zh: 纪要, en: Minutes}, max_age: none}\n"),
    (
        "plan.yaml",
        "- {duty: TST-1.01, person: officer-a, start: 2026-01-10, due: 2026-03-31}\n- {duty: TST-1.02@DEP-A, person: officer-a, due: standing}\n- {duty: TST-1.02@DEP-B, person: officer-b, due: standing}\n",
    ),
];

pub struct World {
    pub dir: tempfile::TempDir,
}

pub fn instant(day: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("{day}T10:00:00+08:00")).unwrap()
}

impl World {
    pub fn new() -> World {
        let world = World { dir: tempfile::tempdir().unwrap() };
        for (name, text) in FILES {
            world.write(name, text);
        }
        world
    }
    pub fn root(&self) -> PathBuf {
        self.dir.path().join("register")
    }
    pub fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }
    pub fn write(&self, name: &str, text: &str) {
        let path = self.root().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    pub fn open(&self, day: &str) -> Snapshot {
        let root = self.root();
        let as_of = duban::model::time::parse_date(day).unwrap();
        Snapshot::open(&Options { root: &root, shown: "", now: instant("2026-12-31"), as_of: Some(When::Day(as_of)), on: None }).unwrap()
    }
    /// Appends an entry on a day; gives its chain value.
    pub fn log(&self, day: &str, by: &str, event: &str, more: &str) -> String {
        self.log_at(day, by, event, "TST-1.01", more)
    }
    pub fn log_at(&self, day: &str, by: &str, event: &str, duty: &str, more: &str) -> String {
        let dept = if by == "officer-b" { "DEP-B" } else { "DEP-A" };
        let text = format!(
            r#"{{"seq":0,"at":"{day}T10:00:00.000+08:00","by":"{by}","dept":"{dept}","duty":"{duty}","event":"{event}"{more},"h":""}}"#
        );
        let entry: Entry = serde_json::from_str(&text).unwrap();
        let s = self.open("2026-12-31");
        let state = StateFolder { path: self.dir.path().join("state"), repo: None, branch: None };
        let root = self.root();
        let appender = Appender { root: &root, register: &s.register, now: instant(day), state: &state, disk: &Real, progress: None };
        appender.append_all(vec![entry], &|_, _| Vec::new()).unwrap().remove(0).h.to_string()
    }
    pub fn start(&self, day: &str) -> String {
        let evidence = format!(r#","until":"2026-03-31","evidence":[{{"type":"minutes","name":"m","date":"{day}"}}]"#);
        self.log(day, "officer-a", "start", &evidence)
    }
    pub fn seal(&self, day: &str) -> Sealed {
        self.try_seal(day).unwrap_or_else(|e| panic!("{e}"))
    }
    pub fn try_seal(&self, day: &str) -> Result<Sealed, duban::rollup::error::Error> {
        let s = self.open(day);
        assert!(s.findings.iter().all(|f| f.rule != "L001"), "{:?}", s.findings);
        seal(&Sealing { snapshot: &s, unit: Some("330100"), kind: None, out: &self.out(), key: None, program: "test" })
    }
    /// Every row of every segment as a line: duty, recorded, effective, state, light.
    pub fn rows(&self) -> Vec<String> {
        let mut all = Vec::new();
        for path in files(&self.out()).iter().filter(|p| p.ends_with(".parquet") && !p.ends_with("duties.parquet")) {
            duban::rollup::row::read(&self.out().join(path), &mut |n, r| {
                use duban::rollup::key::{date, light_word, state_word};
                let (state, light) = (state_word(r.state).unwrap(), light_word(r.light).unwrap());
                all.push((n, format!("{} {} {} {state} {light}", r.duty, date(r.recorded), date(r.effective))));
                Ok(())
            })
            .unwrap();
        }
        all.sort();
        all.into_iter().map(|(_, line)| line).collect()
    }
    /// Of these, the ones that begin so.
    pub fn rows_of(&self, duty: &str) -> Vec<String> {
        self.rows().into_iter().filter_map(|l| l.strip_prefix(&format!("{duty} ")).map(String::from)).collect()
    }
}

/// Every file below a folder, by path.
pub fn files(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            all.extend(files(&entry.path()).into_iter().map(|f| format!("{name}/{f}")));
        } else if name != ".lock" {
            all.push(name);
        }
    }
    all.sort();
    all
}

/// Names and bytes of everything below a folder.
pub fn bytes(dir: &Path) -> Vec<(String, Vec<u8>)> {
    files(dir).into_iter().map(|f| (f.clone(), std::fs::read(dir.join(&f)).unwrap())).collect()
}
