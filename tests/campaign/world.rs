//! Small registers for the campaign, and the questions asked of them.

use chrono::{DateTime, FixedOffset};
use duban::log::append::{AppendError, Appender};
use duban::log::disk::{Disk, Real};
use duban::log::spool::StateFolder;
use duban::log::verify::{Options, Report, verify};
use duban::model::{Entry, Event, Register};
use std::path::{Path, PathBuf};

/// A seeded sequence of numbers (splitmix64); the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// The moment of the n-th entry.
pub fn at(n: u64) -> DateTime<FixedOffset> {
    let begin = DateTime::parse_from_rfc3339("2026-03-02T09:00:00.000+08:00").unwrap();
    begin + chrono::Duration::minutes(n as i64)
}

/// A register of two departments and one obligation each; enough for the program too.
pub fn register(root: &Path) -> Register {
    let files = [
        ("register.yaml", "format: duban/1\nunit: {code: T, name: {zh: 试, en: T}}\nlanguages: [en]\npolicies: [p]\n"),
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
            "- id: TST-1.01\n  title: a\n  requirement: a\n  kind: action\n  modality: must\n  recurrence: continuous\n  owner: {mode: by-remit, lead: [DEP-A, DEP-B]}\n",
        ),
        ("evidence-types.yaml", "types:\n- {code: minutes, name: {zh: 纪要, en: Minutes}, max_age: none}\n"),
        (
            "plan.yaml",
            "- {duty: TST-1.01@DEP-A, person: officer-a, due: standing}\n- {duty: TST-1.01@DEP-B, person: officer-b, due: standing}\n",
        ),
    ];
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let loaded = duban::load::open(root, "").unwrap_or_else(|e| panic!("{e}"));
    let wrong: Vec<_> = loaded.findings.iter().map(|f| (f.rule, &f.message)).collect();
    assert!(wrong.is_empty(), "the campaign's register is wrong: {wrong:?}");
    loaded.register
}

/// An entry still without number, time and chain value.
pub fn draft(dept: &str, by: &str, note: &str) -> Entry {
    let text = format!(
        r#"{{"seq":0,"at":"2026-03-02T09:00:00.000+08:00","by":"{by}","dept":"{dept}","duty":"TST-1.01","event":"{}","note":"{note}","h":""}}"#,
        Event::Progress.code()
    );
    serde_json::from_str(&text).expect("a draft reads")
}

/// Appends through a disk.
pub fn append(root: &Path, register: &Register, n: u64, drafts: Vec<Entry>, disk: &dyn Disk) -> Result<Vec<Entry>, AppendError> {
    let state = StateFolder { path: root.join(".duban"), repo: None, branch: None };
    Appender { root, register, now: at(n), state: &state, disk, progress: None }.append_all(drafts, &|_, _| Vec::new())
}

/// Verifies with the spool of the folder, without git.
pub fn look(root: &Path, spool: bool) -> Report {
    let state = StateFolder { path: root.join(".duban"), repo: None, branch: None };
    let spool = if spool { state.spool() } else { Vec::new() };
    let options = Options { root, spool: &spool, repo: None, branch: None, history: false, against: None, signers: None, progress: None };
    verify(&options).0
}

/// A log of three writers in two departments over two months, about so many bytes.
pub fn log(root: &Path, bytes: u64) -> Register {
    let register = register(root);
    let mut n = 0;
    while size(&root.join("log")) < bytes {
        let (dept, by) = [("DEP-A", "officer-a"), ("DEP-A", "officer-c"), ("DEP-B", "officer-b")][(n % 3) as usize];
        let minute = if n > 24 { n + 45_000 } else { n };
        append(root, &register, minute, vec![draft(dept, by, &format!("进展 {n}"))], &Real).unwrap();
        n += 1;
    }
    register
}

/// Every log file, by path below the register.
pub fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut open = vec![root.join("log")];
    while let Some(dir) = open.pop() {
        for e in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            if e.path().is_dir() {
                open.push(e.path());
            } else {
                let rel = e.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
                out.push((rel, std::fs::read(e.path()).unwrap()));
            }
        }
    }
    out.sort();
    out
}

fn size(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|e| if e.path().is_dir() { size(&e.path()) } else { e.metadata().map_or(0, |m| m.len()) }).sum()
}

/// A folder that goes away by itself, in memory where there is such a place.
pub fn folder() -> tempfile::TempDir {
    let shm = PathBuf::from("/dev/shm");
    if shm.is_dir()
        && let Ok(dir) = tempfile::Builder::new().prefix("duban-campaign").tempdir_in(shm)
    {
        return dir;
    }
    tempfile::tempdir().unwrap()
}

/// Ends the campaign.
pub fn lost(what: &str) -> ! {
    println!("LOST: {what}");
    std::process::exit(1)
}
