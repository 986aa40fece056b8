//! What a segment is, in one small JSON file beside it, `FIRST-LAST.json`: whose, which numbers,
//! what went before, digests of the content, and which log lines it stands for. An OpenSSH
//! signature over its bytes may stand in `FIRST-LAST.json.sig`.

use super::error::{Error, Result, at};
use super::key;
use super::key::CONTRACT;
use crate::digest;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The manifest of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `duban-rollup/1`.
    pub contract: String,
    /// GB/T 2260 code of the unit, six digits.
    pub unit: String,
    /// What sort of unit it is: province, city, county, enterprise …
    pub kind: String,
    /// Code of the register, the one in register.yaml.
    pub register: String,
    /// Sample data: shown loudly wherever it is counted.
    pub sample: bool,
    /// First number of the segment. Rows take one number each, the seal itself the last one, so
    /// that a segment without rows (零报告) has a number as well.
    pub first: i64,
    /// Last number.
    pub last: i64,
    /// First day of the register's history, `2022-04-18`.
    pub begins: String,
    /// Last day that was looked at.
    pub through: String,
    /// SHA-256 of the manifest before; null at the first.
    pub previous: Option<String>,
    /// Rows.
    pub rows: i64,
    /// Of these, compensating: they are about days before their own.
    pub compensating: i64,
    /// SHA-256 of the rows' canonical JSON Lines.
    pub jsonl: String,
    /// SHA-256 of the Parquet file.
    pub parquet: String,
    /// The list of duties.
    pub duties: Duties,
    /// Obligations in the register, readable or not.
    pub read: u64,
    /// Of these, not readable: they stay in every total.
    pub invalid: u64,
    /// Version of the register's data (the one in the head of every report).
    pub data_version: String,
    /// What sealed it.
    pub program: String,
    /// Log lines that it stands for, by file; files that did not move are left out.
    pub log: Vec<Lines>,
    /// Fingerprint of the key that signs, or `no`.
    pub signed: String,
}

/// The list of duties of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duties {
    /// Duties.
    pub rows: i64,
    /// SHA-256 of their canonical JSON Lines.
    pub jsonl: String,
    /// SHA-256 of the Parquet file `FIRST-LAST.duties.parquet`; null where the list is that of the
    /// segment before, which is not sent again.
    pub parquet: Option<String>,
}

/// A range of lines of a log file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// `DEPT/NAME`.
    pub file: String,
    /// First line, from 1.
    pub from: u32,
    /// Last line.
    pub to: u32,
    /// Its chain value.
    pub h: String,
}

impl Manifest {
    /// As it stands in the file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data") + "\n"
    }
    /// `1-1124`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.first, self.last)
    }
    /// First and last day.
    pub fn days(&self) -> Option<(i32, i32)> {
        let day = |t: &str| crate::model::time::parse_date(t).ok().map(key::day);
        Some((day(&self.begins)?, day(&self.through)?))
    }
    /// Do its numbers fit together?
    pub fn fits(&self) -> bool {
        let days = self.days().is_some_and(|(a, b)| a <= b);
        let numbers = self.first >= 1 && self.rows >= 0 && self.first.checked_add(self.rows) == Some(self.last);
        let names = key::is_unit(&self.unit) && is_name(&self.register) && !self.kind.is_empty();
        self.contract == CONTRACT && days && numbers && names && (self.first == 1) == self.previous.is_none()
    }
}

/// Letters, digits, `.`, `_` and `-`: a name that may be a folder's.
pub fn is_name(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    plain && !text.is_empty() && text.len() <= 64 && !text.starts_with('.')
}

/// A manifest with where it stands.
#[derive(Debug, Clone)]
pub struct Segment {
    /// What it says.
    pub manifest: Manifest,
    /// Its bytes.
    pub text: String,
    /// SHA-256 of them: what the next one names, and what an ingest knows it by.
    pub digest: String,
    /// `UNIT/REGISTER/FIRST-LAST` below the inbox.
    pub base: PathBuf,
}

impl Segment {
    /// Reads one.
    ///
    /// # Errors
    /// When it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Segment> {
        let size = std::fs::symlink_metadata(path).map_err(at(path))?;
        let bad =
            |zh: &str, en: &str| Error::new(path.display().to_string(), (zh, en), ("请报送单位重新报送", "ask the unit to send it again"));
        if !size.is_file() || size.len() > 64 << 20 {
            return Err(bad("不是普通文件，或超过 64 MiB", "it is no plain file, or larger than 64 MiB"));
        }
        let text = std::fs::read_to_string(path).map_err(at(path))?;
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|e| bad(&format!("不是报送清单：{e}"), &format!("it is no manifest: {e}")))?;
        if !manifest.fits() {
            return Err(bad("清单内各数不相符，或版本未知", "what it says does not fit together, or its contract is not duban-rollup/1"));
        }
        let base = path.with_extension("");
        Ok(Segment { digest: digest::hex(text.as_bytes()), manifest, text, base })
    }
    /// A file of the segment: `parquet`, `duties.parquet`, `json.sig`.
    pub fn file(&self, end: &str) -> PathBuf {
        let name = self.base.file_name().unwrap_or_default().to_string_lossy();
        self.base.with_file_name(format!("{name}.{end}"))
    }
}

/// `1-1124` to its two numbers.
pub fn parse_name(name: &str) -> Option<(i64, i64)> {
    let (a, b) = name.split_once('-')?;
    let number = |t: &str| (!t.starts_with(['0', '+']) && t.len() < 18).then(|| t.parse::<i64>().ok()).flatten();
    Some((number(a)?, number(b)?))
}
