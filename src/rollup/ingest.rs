//! `rollup ingest`: segments into a dataset, each once, by digest.
//!
//! 1. [`scan`] finds what lies in the inbox: manifests, and what is none.
//! 2. Every register's segments are judged in the order of their numbers: seen → nothing; a gap →
//!    parked; the same numbers with another digest, or another past → refused as a rewritten
//!    history; a signer that may not sign for that unit → refused; other bytes than the manifest
//!    says → refused; not readable → unread.
//! 3. The rows of those taken are merged into the tables ([`compact`]); then the ledger is
//!    replaced, and what it no longer names is taken away.
//!
//! What was not taken stays in the ledger until an ingest of the same register's folder finds
//! it taken or gone: no question is answered without saying so.

use super::compact::{self, Fresh, Runs};
use super::error::{Error, Result, at};
use super::key;
use super::key::NAMESPACE;
use super::ledger::{Held, Ledger, Pending, Word};
use super::manifest::{Manifest, Segment, parse_name};
use super::row::{self, Canon};
use super::store;
use crate::ssh;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Rows held in memory before they are sorted and put aside.
pub const RUN: usize = 1 << 20;

/// What an ingest did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Segments taken.
    pub taken: usize,
    /// Their rows.
    pub rows: u64,
    /// Segments that were there already.
    pub seen: usize,
    /// Those taken without a signature that was checked.
    pub unsigned: usize,
    /// What this inbox has and was not taken.
    pub pending: Vec<Pending>,
    /// What waits from other inboxes.
    pub elsewhere: usize,
}

/// Takes the segments of an inbox into a dataset.
///
/// # Errors
/// When the inbox or the dataset cannot be read or written.
pub fn ingest(inbox: &Path, dataset: &Path, run: usize) -> Result<Done> {
    watched(inbox, dataset, run, &|_, _| {})
}

/// The same, telling now and then how many segments of how many were looked at.
///
/// # Errors
/// As [`ingest`].
pub fn watched(inbox: &Path, dataset: &Path, run: usize, tell: &dyn Fn(usize, usize)) -> Result<Done> {
    if !inbox.is_dir() {
        let what = ("没有这个收件夹", "there is no such inbox");
        return Err(Error::new(inbox.display().to_string(), what, ("检查路径", "check the path")));
    }
    std::fs::create_dir_all(dataset).map_err(at(dataset))?;
    let lock = dataset.join(".lock");
    let lock = std::fs::File::create(&lock).map_err(at(&lock))?;
    lock.lock().map_err(at(dataset))?;
    let mut ledger = Ledger::read(dataset, true)?;
    let before = ledger.clone();
    let mut done = Done::default();
    let found = scan(inbox, &mut done.pending)?;
    let keys = Keys::of(dataset);
    let mut runs = Runs::new(dataset, run);
    let mut fresh: BTreeMap<(String, String), Fresh> = BTreeMap::new();
    let (mut seen, all) = (0, found.registers.values().map(Vec::len).sum());
    for ((unit, register), segments) in &found.registers {
        tell(seen, all);
        seen += segments.len();
        let mut desk = Desk { ledger: &mut ledger, keys: &keys, inbox, done: &mut done, runs: &mut runs, fresh: &mut fresh };
        segments.iter().try_for_each(|s| desk.judge(unit, register, s))?;
    }
    if done.taken > 0 {
        compact::obligations(dataset, &mut ledger, &fresh.into_values().collect::<Vec<_>>())?;
        let changed = compact::changes(dataset, &mut ledger, runs)?;
        compact::states(dataset, &mut ledger, &changed)?;
    }
    // What waits from registers that this inbox does not have goes on waiting.
    ledger.pending.retain(|p| !found.folders.contains(folder(&p.file)));
    done.elsewhere = ledger.pending.len();
    ledger.pending.extend(done.pending.iter().cloned());
    ledger.pending.sort();
    ledger.pending.dedup();
    if ledger != before || !dataset.join(super::ledger::FILE).exists() {
        ledger.write(dataset)?;
    }
    compact::sweep(dataset, &ledger);
    Ok(done)
}

/// `UNIT/REGISTER` of `UNIT/REGISTER/FILE`.
fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(f, _)| f)
}

/// What lies in an inbox.
struct Found {
    /// By unit and register, in the order of numbers.
    registers: BTreeMap<(String, String), Vec<Segment>>,
    /// Folders that were looked into.
    folders: BTreeSet<String>,
}

fn names(dir: &Path) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(at(dir))? {
        all.push(entry.map_err(at(dir))?.file_name().to_string_lossy().into_owned());
    }
    // What is being written has a dot before its name.
    all.retain(|n| !n.starts_with('.'));
    all.sort();
    Ok(all)
}

fn scan(inbox: &Path, pending: &mut Vec<Pending>) -> Result<Found> {
    let mut found = Found { registers: BTreeMap::new(), folders: BTreeSet::from([String::new()]) };
    for unit in names(inbox)? {
        if !key::is_unit(&unit) || !inbox.join(&unit).is_dir() {
            pending.push(odd(unit, ("不是以行政区划代码命名的文件夹", "it is no folder named by a GB/T 2260 code")));
            continue;
        }
        found.folders.insert(unit.clone());
        for register in names(&inbox.join(&unit))? {
            let base = format!("{unit}/{register}");
            if !inbox.join(&base).is_dir() {
                pending.push(odd(base, ("不是登记册的文件夹", "it is no register's folder")));
                continue;
            }
            found.folders.insert(base.clone());
            let segments = segments(inbox, &base, pending)?;
            found.registers.insert((unit.clone(), register), segments);
        }
    }
    Ok(found)
}

fn segments(inbox: &Path, base: &str, pending: &mut Vec<Pending>) -> Result<Vec<Segment>> {
    let all = names(&inbox.join(base))?;
    let mut out: Vec<Segment> = Vec::new();
    for name in &all {
        let file = format!("{base}/{name}");
        let (stem, end) = name.split_once('.').unwrap_or((name, ""));
        match (parse_name(stem), end) {
            (Some(_), "json") => match Segment::read(&inbox.join(&file)) {
                Ok(segment) => out.push(segment),
                Err(e) => pending.push(Pending {
                    file,
                    word: Word::Unread,
                    zh: e.what.say(crate::model::Lang::Zh).into(),
                    en: e.what.say(crate::model::Lang::En).into(),
                }),
            },
            (Some(_), "parquet" | "duties.parquet" | "json.sig") => {
                if !all.contains(&format!("{stem}.json")) {
                    pending.push(odd(file, ("没有报送清单：可能尚未送全", "it has no manifest: perhaps it has not all arrived yet")));
                }
            }
            _ => pending.push(odd(file, ("不是报送文件", "it is no part of a segment"))),
        }
    }
    out.sort_by(|a, b| (a.manifest.first, a.manifest.last, &a.digest).cmp(&(b.manifest.first, b.manifest.last, &b.digest)));
    Ok(out)
}

fn odd(file: String, (zh, en): (&str, &str)) -> Pending {
    Pending { file, word: Word::Unread, zh: zh.into(), en: en.into() }
}

/// Whose signatures count.
struct Keys {
    signers: Option<PathBuf>,
    revoked: Option<PathBuf>,
}

impl Keys {
    /// `allowed_signers` and `revoked_keys` beside the ledger.
    fn of(dataset: &Path) -> Keys {
        let there = |name: &str| Some(dataset.join(name)).filter(|p| p.is_file());
        Keys { signers: there("allowed_signers"), revoked: there("revoked_keys") }
    }

    /// May the segment be taken? `true` where its signature was checked.
    fn ask(&self, s: &Segment) -> std::result::Result<bool, (String, String)> {
        let Some(signers) = &self.signers else { return Ok(false) };
        let unit = &s.manifest.unit;
        let Ok(signature) = std::fs::read_to_string(s.file("json.sig")) else {
            return Err(("没有签名，而本数据集要求签名".into(), "it is not signed, and this dataset asks for signatures".into()));
        };
        let time = s.manifest.through.replace('-', "") + "235959Z";
        let mut said = ssh::Verdict::WrongKey;
        // A principal is the beginning of the codes that its key may sign for.
        for prefix in [&unit[..2], &unit[..4], &unit[..6], "*"] {
            match ssh::verify(s.text.as_bytes(), &signature, prefix, NAMESPACE, &time, signers, self.revoked.as_deref()) {
                ssh::Verdict::Good => return Ok(true),
                ssh::Verdict::WrongKey => {}
                other => said = other,
            }
        }
        Err(match said {
            ssh::Verdict::WrongKey => (
                format!("签名的密钥无权代表 {unit}：allowed_signers 中没有"),
                format!("the key that signed may not sign for {unit}: allowed_signers has it under none of its prefixes"),
            ),
            ssh::Verdict::Bad(why) => (format!("签名与清单不符：{why}"), format!("the signature does not fit the manifest: {why}")),
            ssh::Verdict::WrongNamespace(n) => {
                (format!("签名是为 {n} 作的，不是报送"), format!("the signature was made for {n}, not for a roll-up"))
            }
            ssh::Verdict::Expired => ("签名时密钥不在有效期内".into(), "the key was not valid when it signed".into()),
            ssh::Verdict::Revoked => ("密钥已作废".into(), "the key was revoked".into()),
            ssh::Verdict::NotAsked(why) => (format!("签名无法核对：{why}"), format!("the signature cannot be checked: {why}")),
            ssh::Verdict::Good => unreachable!("returned already"),
        })
    }
}

struct Desk<'a> {
    ledger: &'a mut Ledger,
    keys: &'a Keys,
    inbox: &'a Path,
    done: &'a mut Done,
    runs: &'a mut Runs,
    fresh: &'a mut BTreeMap<(String, String), Fresh>,
}

/// Why not.
type Why = (Word, String, String);

fn refused<T>(zh: impl Into<String>, en: impl Into<String>) -> std::result::Result<T, Why> {
    Err((Word::Refused, zh.into(), en.into()))
}

impl Desk<'_> {
    /// One segment; an error only where the dataset itself cannot go on.
    fn judge(&mut self, unit: &str, register: &str, s: &Segment) -> Result<()> {
        let place = (unit.to_string(), register.to_string());
        match self.may(&place, s) {
            Ok(None) => self.done.seen += 1,
            Ok(Some(signed)) => self.take(place, s, signed)?,
            Err((word, zh, en)) => {
                let path = s.file("json");
                let file = path.strip_prefix(self.inbox).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                self.done.pending.push(Pending { file, word, zh, en });
            }
        }
        Ok(())
    }

    /// `None` where it was taken already, else whether its signature was checked.
    fn may(&self, place: &(String, String), s: &Segment) -> std::result::Result<Option<bool>, Why> {
        let m = &s.manifest;
        if (&m.unit, &m.register) != (&place.0, &place.1) || s.base.file_name().is_none_or(|n| *n.to_string_lossy() != *m.name()) {
            return refused("清单与所在位置不符", "the manifest does not fit the place where it lies");
        }
        let held = self.ledger.registers.get(place);
        let last = held.map_or(0, |h| h.last);
        if m.first <= last {
            let taken = self.ledger.segments.get(place).into_iter().flatten();
            if taken.clone().any(|t| t.2 == s.digest) {
                return Ok(None);
            }
            let (zh, en) =
                ("改写历史：这些序号已经收过，内容不同", "a rewritten history: these numbers were taken already, with another content");
            return refused(zh, en);
        }
        let signed = self.keys.ask(s).map_err(|(zh, en)| (Word::Refused, zh, en))?;
        if m.first > last + 1 {
            let (zh, en) = (
                format!("暂存：缺第 {} 至 {} 号", last + 1, m.first - 1),
                format!("parked: numbers {} to {} are missing", last + 1, m.first - 1),
            );
            return Err((Word::Parked, zh, en));
        }
        if m.previous.as_ref() != held.map(|h| &h.head) {
            let (zh, en) = (
                "改写历史：所接的上一段不是已收的那一段",
                "a rewritten history: the segment that it follows is not the one that was taken",
            );
            return refused(zh, en);
        }
        self.whole(s, held)?;
        Ok(Some(signed))
    }

    /// Are the files what the manifest says, row by row?
    fn whole(&self, s: &Segment, held: Option<&Held>) -> std::result::Result<(), Why> {
        let m = &s.manifest;
        let unread =
            |e: Error| (Word::Unread, e.what.say(crate::model::Lang::Zh).into_owned(), e.what.say(crate::model::Lang::En).into_owned());
        let altered = |what: &str| {
            refused(
                format!("{what} 的字节与清单不符：被改动或传输有误"),
                format!("the bytes of the {what} file are not those of the manifest: altered, or damaged on the way"),
            )
        };
        let data = s.file("parquet");
        if store::digest(&data).map_err(unread)? != m.parquet {
            return altered("parquet");
        }
        let days = m.days().expect("it was read, so it fits");
        let (mut canon, mut next) = (Canon::default(), m.first);
        let read = row::read(&data, &mut |number, r| {
            row::sound(&data, number, &r, days)?;
            canon.row(number, &r);
            next += i64::from(number == next);
            Ok(())
        });
        read.map_err(|e| (Word::Refused, e.what.say(crate::model::Lang::Zh).into(), e.what.say(crate::model::Lang::En).into()))?;
        if next != m.last || canon.hex() != m.jsonl {
            return refused("行数或内容摘要与清单不符", "number of rows or digest of the content is not what the manifest says");
        }
        match &m.duties.parquet {
            None if held.is_some_and(|h| h.duties == m.duties.jsonl) => Ok(()),
            None => {
                refused("缺事项表：与上一段的不同却未附上", "the list of duties is not the one of the segment before, and was not sent")
            }
            Some(sum) => {
                let path = s.file("duties.parquet");
                if store::digest(&path).map_err(unread)? != *sum {
                    return altered("duties.parquet");
                }
                let all = row::read_duties(&path).map_err(unread)?;
                if all.len() as i64 != m.duties.rows || row::duties_digest(&all) != m.duties.jsonl {
                    return refused("事项表与清单不符", "the list of duties is not what the manifest says");
                }
                Ok(())
            }
        }
    }

    fn take(&mut self, place: (String, String), s: &Segment, signed: bool) -> Result<()> {
        let m: &Manifest = &s.manifest;
        let province: u8 = m.unit[..2].parse().unwrap_or(0);
        let register = key::register(&m.unit, &m.register);
        let mut last: (Box<str>, i64) = ("".into(), 0);
        let runs = &mut *self.runs;
        row::read(&s.file("parquet"), &mut |_, r| {
            if last.0 != r.duty {
                last = (r.duty.clone(), key::duty(&m.unit, &m.register, &r.duty));
            }
            runs.push(province, (register, last.1, r.ord, r.state, r.light, r.recorded))
        })?;
        let before = self.ledger.registers.get(&place);
        let held = Held {
            unit: m.unit.clone(),
            kind: m.kind.clone(),
            register: m.register.clone(),
            sample: m.sample,
            begins: m.begins.clone(),
            through: m.through.clone(),
            last: m.last,
            head: s.digest.clone(),
            duties: m.duties.jsonl.clone(),
            read: m.read,
            invalid: m.invalid,
            segments: before.map_or(0, |h| h.segments) + 1,
            unsigned: before.map_or(0, |h| h.unsigned) + u64::from(!signed),
        };
        if m.duties.parquet.is_some() {
            let fresh = Fresh { unit: m.unit.clone(), kind: m.kind.clone(), register: m.register.clone(), file: s.file("duties.parquet") };
            self.fresh.insert(place.clone(), fresh);
        }
        self.ledger.segments.entry(place.clone()).or_default().push((m.first, m.last, s.digest.clone()));
        self.ledger.registers.insert(place, held);
        self.done.taken += 1;
        self.done.rows += m.rows as u64;
        self.done.unsigned += usize::from(!signed);
        Ok(())
    }
}
