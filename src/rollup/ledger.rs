//! What a dataset holds: `ledger.jsonl`, replaced by rename, last of all. A part that it does not
//! name is not there for us, so an ingest that was cut off leaves the old answer standing.
//!
//! One JSON object a line: the contract; registers; the segments of each (for ingest alone);
//! what waits, was refused or could not be read; parts.

use super::error::{Error, Result, at};
use super::key;
use super::key::CONTRACT;
use super::store;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A register as far as it was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// GB/T 2260 code.
    pub unit: String,
    /// Sort of unit.
    pub kind: String,
    /// Code of the register.
    pub register: String,
    /// Sample data.
    pub sample: bool,
    /// First day of its history.
    pub begins: String,
    /// Last day that it was sealed through.
    pub through: String,
    /// Last number.
    pub last: i64,
    /// Digest of the newest manifest.
    pub head: String,
    /// Digest of its list of duties.
    pub duties: String,
    /// Obligations, readable or not.
    pub read: u64,
    /// Of these, not readable.
    pub invalid: u64,
    /// Segments.
    pub segments: u64,
    /// Of these, not signed, or with a signature that nobody could check.
    pub unsigned: u64,
}

/// Why a segment is not in the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// It waits for one before it.
    Parked,
    /// It must not be taken.
    Refused,
    /// It cannot be read.
    Unread,
}

/// A segment that is not in the figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pending {
    /// `UNIT/REGISTER/FILE` below its inbox.
    pub file: String,
    /// Why, in a word.
    pub word: Word,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// A file of the dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

/// First and last number, and the manifest's digest.
pub type Taken = (i64, i64, String);

/// The ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// By unit and register.
    pub registers: BTreeMap<(String, String), Held>,
    /// Segments of each; empty where the ledger was read for a question alone.
    pub segments: BTreeMap<(String, String), Vec<Taken>>,
    /// What is not in the figures.
    pub pending: Vec<Pending>,
    /// By path below the dataset.
    pub parts: BTreeMap<String, Part>,
}

/// The ledger's file name.
pub const FILE: &str = "ledger.jsonl";

impl Ledger {
    /// Reads it; an empty one where there is none. With `whole` the segments too.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(dataset: &Path, whole: bool) -> Result<Ledger> {
        let path = dataset.join(FILE);
        let mut ledger = Ledger::default();
        let file = match std::fs::File::open(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(ledger),
            other => other.map_err(at(&path))?,
        };
        for (n, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(at(&path))?;
            if line.starts_with("{\"segments\"") && !whole {
                continue;
            }
            ledger.line(&line, n == 0).ok_or_else(|| damaged(&path, n + 1))?;
        }
        Ok(ledger)
    }

    fn line(&mut self, line: &str, first: bool) -> Option<()> {
        let Value::Object(mut all) = serde_json::from_str(line).ok()? else { return None };
        if first {
            return (all.get("contract")? == CONTRACT).then_some(());
        }
        let key = all.keys().next()?.clone();
        let value = all.remove(&key)?;
        match key.as_str() {
            "register" => {
                let held: Held = serde_json::from_value(value).ok()?;
                self.registers.insert((held.unit.clone(), held.register.clone()), held);
            }
            "segments" => {
                let (unit, register, taken): (String, String, Vec<Taken>) = serde_json::from_value(value).ok()?;
                self.segments.insert((unit, register), taken);
            }
            "pending" => self.pending.push(serde_json::from_value(value).ok()?),
            "part" => {
                let (path, part): (String, Part) = serde_json::from_value(value).ok()?;
                self.parts.insert(path, part);
            }
            _ => return None,
        }
        Some(())
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, dataset: &Path) -> Result<()> {
        let mut out = json!({ "contract": CONTRACT }).to_string() + "\n";
        let mut put = |value: Value| out += &(value.to_string() + "\n");
        self.registers.values().for_each(|h| put(json!({ "register": h })));
        self.segments.iter().for_each(|((u, r), all)| put(json!({ "segments": (u, r, all) })));
        self.pending.iter().for_each(|p| put(json!({ "pending": p })));
        self.parts.iter().for_each(|(path, part)| put(json!({ "part": (path, part) })));
        store::put(&dataset.join(FILE), out.as_bytes())
    }

    /// Parts of a table: `log`, `state` or `obligations`, with province and month.
    pub fn parts_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = (&'a str, Place<'a>)> {
        self.parts.keys().filter_map(move |path| Some((path.as_str(), place(path, table)?)))
    }

    /// Provinces that have duties.
    pub fn provinces(&self) -> std::collections::BTreeSet<String> {
        self.parts_of("obligations").map(|(_, p)| p.province.to_string()).collect()
    }

    /// Every part named is there with the size that was written.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn whole(&self, dataset: &Path) -> Result<()> {
        for (name, part) in &self.parts {
            let path = dataset.join(name);
            if std::fs::metadata(&path).is_ok_and(|m| m.len() == part.bytes) {
                continue;
            }
            return Err(Error::new(
                path.display().to_string(),
                (
                    "数据集不完整：账册所列文件缺失或大小不符",
                    "the dataset is not whole: this file of the ledger is missing or has another size",
                ),
                (
                    "先再运行一次 duban rollup ingest；仍不行则由收件夹重建数据集",
                    "run `duban rollup ingest` again; if that does not mend it, make the dataset anew from the inboxes",
                ),
            ));
        }
        Ok(())
    }

    /// The last day that any register was sealed through.
    pub fn newest(&self) -> Option<i32> {
        let day = |h: &Held| crate::model::time::parse_date(&h.through).ok().map(key::day);
        self.registers.values().filter_map(day).max()
    }
}

/// Where a part belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Two digits.
    pub province: &'a str,
    /// `2026-10`; empty for the list of duties.
    pub month: &'a str,
}

fn place<'a>(path: &'a str, table: &str) -> Option<Place<'a>> {
    let mut steps = path.strip_prefix(table)?.strip_prefix('/')?.split('/');
    let mut place = Place { province: "", month: "" };
    for step in steps.by_ref() {
        if let Some(p) = step.strip_prefix("province=") {
            place.province = p;
        } else if let Some(m) = step.strip_prefix("month=") {
            place.month = m;
        }
    }
    Some(place)
}

fn damaged(path: &Path, line: usize) -> Error {
    Error::new(
        format!("{}:{line}", path.display()),
        ("账册无法读取，或属于别的版本", "the ledger cannot be read, or is of another contract"),
        ("由收件夹重建数据集", "make the dataset anew from the inboxes"),
    )
}
