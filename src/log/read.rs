//! Reads the log: every file, every line, the chain held on the way.
//!
//! A line that cannot be read is a finding and stays in the count as unreadable; a
//! line whose chain value is wrong is a finding and is still folded, because hiding
//! what it says would be worse than doubting it aloud.

use super::lines::{COUNTS, Lines};
use super::verify;
use crate::digest;
use crate::finding::{Finding, Spot};
use crate::model::{Entry, Header, Instead, Zone};
use crate::text::Place;
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// One file of the log.
#[derive(Debug, Clone)]
pub struct LogFile {
    /// Path to print.
    pub shown: String,
    /// Folder under `log/`: a department, perhaps under a former id.
    pub dept: String,
    /// File name.
    pub name: String,
    /// `2026-11`.
    pub month: String,
    /// `officer-miit-7f3k`.
    pub writer: String,
    /// Its first line, when it could be read.
    pub header: Option<Header>,
    /// Newest line: seq and chain value.
    pub last: (u64, String),
    /// SHA-256 of the file.
    pub digest: String,
    /// Lines, header included.
    pub lines: usize,
}

/// An entry with where it stands and when it counts.
#[derive(Debug, Clone)]
pub struct Record {
    /// The entry.
    pub entry: Entry,
    /// Index of its file.
    pub file: u32,
    /// 1-based line.
    pub line: u32,
    /// Recording day in the register's zone.
    pub day: NaiveDate,
}

/// The whole log.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// Files in the order of their paths.
    pub files: Vec<LogFile>,
    /// Entries in fold order: instant, writer, file name, seq. Empty where the log was read in
    /// passing ([`super::lean`]): `entries` says how many there are.
    pub records: Vec<Record>,
    /// How many entries there are.
    pub entries: usize,
    /// How many of them were read by an earlier run ([`super::lean::kept`]).
    pub kept: usize,
    /// Lines that could not be read.
    pub unreadable: usize,
    /// One digest over all files and their line counts.
    pub root: String,
}

/// Reads everything under `log/`. `now` is the machine's clock: an entry more than a
/// day ahead of it is a finding.
pub fn read(root: &Path, shown: &str, zone: Zone, now: DateTime<FixedOffset>, findings: &mut Vec<Finding>) -> Log {
    read_with(root, shown, zone, now, &Instead::new(), findings)
}

/// Reads it as it would be with other texts in some places.
pub fn read_with(root: &Path, shown: &str, zone: Zone, now: DateTime<FixedOffset>, instead: &Instead, findings: &mut Vec<Finding>) -> Log {
    let mut log = Log::default();
    let walk = walk_with(root, shown, instead, findings);
    for f in &walk.files {
        let text = instead.get(&f.path).map(|t| Lines::of(t));
        file(&mut log, (&f.path, text), &f.shown, &f.dept, &f.name, zone, now, findings);
    }
    log.entries = log.records.len();
    COUNTS.entries.fetch_add(log.entries as u64, Ordering::Relaxed);
    log.root = short_root(verify::root(log.files.iter().map(|f| (format!("{}/{}", f.dept, f.name), f.digest.as_str()))));
    sort(&mut log);
    seen(&log, findings);
    log
}

/// The root as it is printed: its first sixteen digits.
pub(super) fn short_root(mut root: String) -> String {
    root.truncate(16);
    root
}

/// What lies under `log/`.
pub struct Walk {
    /// What may be a file of the log, in the order of the paths.
    pub files: Vec<Found>,
}

/// Something in a department's folder.
pub struct Found {
    /// Folder under `log/`.
    pub dept: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Path to print.
    pub shown: String,
}

/// Looks through `log/`; what does not belong there is told.
pub fn walk(root: &Path, shown: &str, findings: &mut Vec<Finding>) -> Walk {
    walk_with(root, shown, &Instead::new(), findings)
}

fn walk_with(root: &Path, shown: &str, instead: &Instead, findings: &mut Vec<Finding>) -> Walk {
    let base = root.join("log");
    let log_shown = if shown.is_empty() { "log".to_string() } else { format!("{shown}/log") };
    let mut files = Vec::new();
    for dept in with(names(&base, &log_shown, findings), &base, instead) {
        let dir = base.join(&dept);
        // Hidden things are nobody's record, unless log files hide among them.
        if dept == "checkpoints" || dept == "drafts" || dept.starts_with('.') {
            let mut inside = Vec::new();
            lines_below(&base.join(&dept), &mut inside);
            inside.iter().for_each(|p| odd(findings, &format!("{log_shown}/{dept}/{p}")));
            if dept == "drafts" {
                waiting(&dir, &log_shown, findings);
            }
            continue;
        }
        let shown = format!("{log_shown}/{dept}");
        let planned = !dir.exists() && instead.keys().any(|p| p.starts_with(&dir));
        if !planned && !dir.is_dir() || std::fs::symlink_metadata(&dir).is_ok_and(|m| m.file_type().is_symlink()) {
            odd(findings, &shown);
            continue;
        }
        for name in with(names(&dir, &shown, findings), &dir, instead) {
            if name.starts_with('.') {
                if name.ends_with(".jsonl") {
                    odd(findings, &format!("{shown}/{name}"));
                }
            } else {
                let (path, shown) = (dir.join(&name), format!("{shown}/{name}"));
                files.push(Found { dept: dept.clone(), name, path, shown });
            }
        }
    }
    Walk { files }
}

/// Puts the records in fold order.
pub fn sort(log: &mut Log) {
    let files = &log.files;
    log.records.sort_by(|a, b| {
        let key = |r: &Record| (r.entry.at, &files[r.file as usize].writer, &files[r.file as usize].name, r.entry.seq);
        key(a).cmp(&key(b))
    });
}

fn names(dir: &Path, shown: &str, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut names = match std::fs::read_dir(dir) {
        Ok(entries) => entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => {
            findings.push(Finding::new(
                "L001",
                shown,
                Spot::Exact(Place::file(shown)),
                format!("无法读取文件夹：{e}"),
                format!("the folder cannot be read: {e}"),
            ));
            Vec::new()
        }
    };
    names.sort();
    names
}

/// Names in a folder together with those that texts are given for.
fn with(mut names: Vec<String>, dir: &Path, instead: &Instead) -> Vec<String> {
    let more = instead.keys().filter_map(|p| Some(p.strip_prefix(dir).ok()?.iter().next()?.to_string_lossy().into_owned()));
    names.extend(more);
    names.sort();
    names.dedup();
    names
}

fn odd(findings: &mut Vec<Finding>, shown: &str) {
    findings.push(
        Finding::new(
            "L001",
            shown,
            Spot::Exact(Place::file(shown)),
            "日志文件夹中有不属于日志的东西".into(),
            "this does not belong in the log".into(),
        )
        .remedy(
            "日志只有 log/单位/YYYY-MM.填报人.jsonl 普通文件；请移走它",
            "the log holds plain files log/DEPT/YYYY-MM.WRITER.jsonl only; move it away",
        ),
    );
}

/// Drafts that nobody has sealed yet: what they say is in no figure.
fn waiting(dir: &Path, log_shown: &str, findings: &mut Vec<Finding>) {
    for folder in names(dir, &format!("{log_shown}/drafts"), findings) {
        if !std::fs::symlink_metadata(dir.join(&folder)).is_ok_and(|m| m.is_dir()) {
            continue;
        }
        let shown = format!("{log_shown}/drafts/{folder}");
        for name in names(&dir.join(&folder), &shown, findings) {
            if name.ends_with(".yaml") || name.ends_with(".yml") {
                let place = Spot::Exact(Place::file(format!("{shown}/{name}")));
                let (zh, en) = ("草稿尚未封存：所写内容不在任何统计之内", "the draft is not sealed: what it says is in no figure");
                findings.push(
                    Finding::new("L016", format!("log/drafts/{folder}/{name}"), place, zh.into(), en.into())
                        .remedy("核对后 duban log seal；不要了就删去", "look it over and `duban log seal` it, or take it away"),
                );
            }
        }
    }
}

/// Log files where none belong: set there, they would leave the count.
fn lines_below(dir: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            let mut below = Vec::new();
            lines_below(&entry.path(), &mut below);
            out.extend(below.into_iter().map(|b| format!("{name}/{b}")));
        } else if name.ends_with(".jsonl") {
            out.push(name);
        }
    }
}

/// `2026-11.officer-miit-7f3k.jsonl`, perhaps `….2.jsonl`, to month and writer.
pub fn parse_name(name: &str) -> Option<(&str, &str)> {
    let stem = name.strip_suffix(".jsonl")?;
    let (month, writer) = stem.split_once('.')?;
    let month_ok = month.len() == 7 && crate::model::time::parse_date(&format!("{month}-01")).is_ok();
    let writer = match writer.rsplit_once('.') {
        Some((w, n)) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => w,
        _ => writer,
    };
    (month_ok && !writer.is_empty()).then_some((month, writer))
}

#[allow(clippy::too_many_arguments)]
fn file(
    log: &mut Log,
    (path, planned): (&Path, Option<Lines>),
    shown: &str,
    dept: &str,
    name: &str,
    zone: Zone,
    now: DateTime<FixedOffset>,
    findings: &mut Vec<Finding>,
) {
    let Some((month, writer)) = parse_name(name) else { return odd(findings, shown) };
    if planned.is_none() && !std::fs::symlink_metadata(path).is_ok_and(|m| m.is_file()) {
        return odd(findings, shown);
    }
    let unread = |findings: &mut Vec<Finding>, e: &std::io::Error| {
        let place = Spot::Exact(Place::file(shown));
        findings.push(Finding::new("L001", shown, place, format!("无法读取：{e}"), format!("cannot be read: {e}")));
    };
    let mut text = match planned.map_or_else(|| Lines::open(path), Ok) {
        Ok(text) => text,
        Err(e) => {
            unread(findings, &e);
            log.unreadable += 1;
            return;
        }
    };
    let index = log.files.len() as u32;
    let mut reader = FileReader {
        shown,
        subject: format!("{dept}/{name}"),
        findings,
        prev: String::new(),
        next_seq: 0,
        last_at: None,
        unreadable: 0,
        told: 0,
        blind: false,
    };
    let mut header = None;
    let mut lines = 0;
    let month_of = |at: DateTime<FixedOffset>| zone.day(at).format("%Y-%m").to_string();
    loop {
        let next = match text.next() {
            Ok(Some(next)) => next,
            Ok(None) => break,
            Err(e) => {
                unread(reader.findings, &e);
                reader.unreadable += 1;
                break;
            }
        };
        lines += 1;
        let (body, line) = (next.bytes, lines as u32);
        if !next.whole {
            reader.tell(
                "L014",
                line,
                body,
                "最后一行不完整（没有换行），可能是写入中断".into(),
                "the last line is torn: it does not end in a line feed, so it was never confirmed".into(),
            );
            continue;
        }
        if next.long {
            reader.long(body, line);
            continue;
        }
        if line == 1 {
            header = reader.header(body, dept, month, writer);
            continue;
        }
        let Some(entry) = reader.entry(body, line) else { continue };
        if month_of(entry.at) != month {
            reader.tell(
                "L003",
                line,
                body,
                format!("`at` 的月份不是文件名中的 {month}"),
                format!("the month of `at` is not the file's, {month}"),
            );
        }
        if *entry.dept != *dept {
            reader.tell(
                "L003",
                line,
                body,
                format!("`dept` 是 {}，文件却在 {dept} 的文件夹里", entry.dept),
                format!("`dept` is {}, but the file lies in the folder of {dept}", entry.dept),
            );
        }
        if writer.rsplit_once('-').map(|(by, _)| by) != Some(&*entry.by) {
            reader.tell(
                "L003",
                line,
                body,
                format!("`by` 是 {}，与文件名中的填报人 {writer} 不符", entry.by),
                format!("`by` is {}, which is not the file's writer {writer}", entry.by),
            );
        }
        if entry.at.signed_duration_since(now).num_hours() >= 24 {
            reader.tell(
                "L009",
                line,
                body,
                "`at` 比本机时钟超前 24 小时以上".into(),
                "`at` is 24 hours or more ahead of this machine's clock".into(),
            );
        }
        let day = zone.day(entry.at);
        if entry.day.is_some_and(|d| d.0 > day) {
            reader.tell(
                "L015",
                line,
                body,
                "`day` 晚于记录时间 `at`".into(),
                "`day` lies after `at`: nothing can be recorded before it is true".into(),
            );
        }
        log.records.push(Record { day, entry, file: index, line });
    }
    if lines == 0 {
        let place = Spot::Exact(Place::file(shown));
        reader.findings.push(Finding::new(
            "L003",
            shown,
            place,
            "日志文件是空的：连日志头也没有了".into(),
            "the log file is empty: even its header is gone".into(),
        ));
    }
    reader.more();
    log.unreadable += reader.unreadable;
    let last = (reader.next_seq.saturating_sub(1), reader.prev);
    log.files.push(LogFile {
        shown: shown.into(),
        dept: dept.into(),
        name: name.into(),
        month: month.into(),
        writer: writer.into(),
        header,
        last,
        digest: text.digest(),
        lines,
    });
}

struct FileReader<'a> {
    shown: &'a str,
    /// `DEPT/FILE`, from wherever one looks: what waivers name.
    subject: String,
    findings: &'a mut Vec<Finding>,
    prev: String,
    next_seq: u64,
    last_at: Option<DateTime<FixedOffset>>,
    unreadable: usize,
    told: usize,
    blind: bool,
}

/// Troubles told of one file; more are counted.
const MOST: usize = 200;

impl FileReader<'_> {
    fn tell(&mut self, rule: &'static str, line: u32, raw: &[u8], zh: String, en: String) {
        self.told += 1;
        if self.told > MOST {
            return;
        }
        let text = String::from_utf8_lossy(raw);
        let short: String = text.trim_end().chars().take(200).collect();
        let subject = format!("log/{}:{line}", self.subject);
        // A line that is altered once more is another matter.
        let mark = digest::fingerprint([text.trim_end()]);
        self.findings.push(Finding::new(rule, subject, Spot::Exact(Place::line(self.shown, line as usize, &short)), zh, en).mark(mark));
    }

    /// Checks the chain value of a line and moves on to it.
    fn link(&mut self, body: &[u8], line: u32, h: &str) {
        let end = find_h(body).unwrap_or(body.len());
        let previous = if line == 1 { "" } else { &self.prev };
        // Nothing may follow the value: what stands after it would not be hashed.
        let closed = body[end..] == *format!(",\"h\":\"{h}\"}}").as_bytes();
        let blind = std::mem::take(&mut self.blind);
        if !closed || !blind && digest::chain(previous, &body[..end]) != h {
            self.tell(
                "L002",
                line,
                body,
                "校验链不符：本行或上一行在写入后被改动".into(),
                "the chain does not hold: this line or the one before it was altered after it was written".into(),
            );
        }
        self.prev = h.to_string();
    }

    fn header(&mut self, body: &[u8], dept: &str, month: &str, writer: &str) -> Option<Header> {
        self.next_seq = 1;
        let header: Header =
            match std::str::from_utf8(body).map_err(|e| e.to_string()).and_then(|t| serde_json::from_str(t).map_err(|e| e.to_string())) {
                Ok(header) => header,
                Err(e) => {
                    self.tell("L003", 1, body, format!("首行不是日志头：{e}"), format!("the first line is not a log header: {e}"));
                    self.unreadable += 1;
                    self.prev = tail_h(body).unwrap_or_default();
                    return None;
                }
            };
        if (&*header.log, &*header.dept, &*header.month, &*header.writer, header.seq) != ("duban/1", dept, month, writer, 0) {
            self.tell(
                "L003",
                1,
                body,
                "日志头与文件所在位置不符".into(),
                "the header does not match the file's folder, month or writer".into(),
            );
        }
        self.link(body, 1, &header.h);
        Some(header)
    }

    /// A line beyond 64 KiB, of which the beginning is at hand.
    fn long(&mut self, body: &[u8], line: u32) {
        self.unreadable += 1;
        self.tell("L001", line, &body[..200], "一行超过 64 KiB".into(), "the line is longer than 64 KiB".into());
        // Its chain value stands at its end, out of reach: the next line is not held against it.
        self.blind = true;
        self.next_seq += 1;
    }

    /// What was too much to tell one by one.
    fn more(&mut self) {
        if let Some(n) = self.told.checked_sub(MOST).filter(|n| *n > 0) {
            let place = Spot::Exact(Place::file(self.shown));
            self.findings.push(Finding::new(
                "L001",
                format!("log/{}", self.subject),
                place,
                format!("此文件另有 {n} 处，见 duban verify"),
                format!("and {n} more troubles in this file; see `duban verify`"),
            ));
        }
    }

    fn entry(&mut self, body: &[u8], line: u32) -> Option<Entry> {
        let entry: Entry =
            match std::str::from_utf8(body).map_err(|e| e.to_string()).and_then(|t| serde_json::from_str(t).map_err(|e| e.to_string())) {
                Ok(entry) => entry,
                Err(e) => {
                    self.unreadable += 1;
                    self.tell("L001", line, body, format!("这一行无法读取：{e}"), format!("this line cannot be read: {e}"));
                    self.prev = tail_h(body).unwrap_or_default();
                    self.next_seq += 1;
                    return None;
                }
            };
        if entry.seq != self.next_seq {
            self.tell(
                "L004",
                line,
                body,
                format!("序号应为 {}，写的是 {}：有行缺失、重复或换位", self.next_seq, entry.seq),
                format!("seq should be {} and is {}: a line is missing, repeated or out of place", self.next_seq, entry.seq),
            );
        }
        if self.last_at.is_some_and(|t| entry.at <= t) {
            self.tell("L004", line, body, "`at` 没有晚于上一行".into(), "`at` is not later than the line before".into());
        }
        self.next_seq = entry.seq + 1;
        self.last_at = Some(entry.at);
        let h = entry.h.clone();
        self.link(body, line, &h);
        Some(entry)
    }
}

/// Offset of the last `,"h":` of a line.
fn find_h(body: &[u8]) -> Option<usize> {
    body.windows(5).rposition(|w| w == b",\"h\":")
}

/// The chain value at the end of a line that cannot be read otherwise.
fn tail_h(body: &[u8]) -> Option<String> {
    let h = body.get(find_h(body)? + 6..)?;
    Some(String::from_utf8_lossy(h).trim_end_matches(['"', '}']).to_string())
}

/// Every line that a `saw` or an `after` names must still be there with that value.
fn seen(log: &Log, findings: &mut Vec<Finding>) {
    let mut once: HashMap<&str, u32> = HashMap::new();
    let mut told = std::collections::HashSet::new();
    for r in &log.records {
        if let Some(first) = once.insert(&r.entry.h, r.file).filter(|f| *f != r.file && told.insert((*f, r.file))) {
            let (a, b) = (&log.files[first as usize].shown, &log.files[r.file as usize].shown);
            let place = Spot::Exact(Place::line(b, r.line as usize, ""));
            findings.push(Finding::new(
                "L003",
                b.as_str(),
                place,
                format!("与 {a} 的条目相同：文件被复制"),
                format!("the same entries stand in {a}: the file is a copy"),
            ));
        }
    }
    let mut lines: HashMap<(&str, &str, u64), &str> = HashMap::new();
    let mut folders: HashMap<&str, Vec<&str>> = HashMap::new();
    for file in &log.files {
        folders.entry(&file.name).or_default().push(&file.dept);
        if let Some(h) = &file.header {
            lines.insert((&file.dept, &file.name, 0), &h.h);
        }
    }
    for r in &log.records {
        let f = &log.files[r.file as usize];
        lines.insert((&f.dept, &f.name, r.entry.seq), &r.entry.h);
    }
    // A name may carry the folder of a former id; a bare one is looked for in its own
    // folder first, then wherever a file of that name lies.
    let holds = |dept: &str, name: &str, seq: u64, h: &str| match name.split_once('/') {
        Some((d, n)) => lines.get(&(d, n, seq)) == Some(&h),
        None => {
            lines.get(&(dept, name, seq)) == Some(&h)
                || folders.get(name).is_some_and(|ds| ds.iter().any(|d| lines.get(&(*d, name, seq)) == Some(&h)))
        }
    };
    let mut tell = |file: &LogFile, line: u32, what: &str, name: &str, seq: u64| {
        findings.push(Finding::new(
            "L010",
            format!("log/{}/{}:{line}", file.dept, file.name),
            Spot::Exact(Place::line(&file.shown, line as usize, "")),
            format!("`{what}` 所指的 {name} 第 {seq} 条已不在或已改动"),
            format!("`{what}` names entry {seq} of {name}, which is gone or altered"),
        ));
    };
    for file in &log.files {
        if let Some(after) = file.header.as_ref().and_then(|h| h.after.as_ref())
            && !holds(&file.dept, &after.file, after.seq, &after.h)
        {
            tell(file, 1, "after", &after.file, after.seq);
        }
    }
    for r in &log.records {
        let file = &log.files[r.file as usize];
        for (name, value) in &r.entry.saw {
            let (seq, h) = value.split_once(':').unwrap_or(("", ""));
            let seq = seq.parse().unwrap_or(u64::MAX);
            if !holds(&file.dept, name, seq, h) {
                tell(file, r.line, "saw", name, seq);
            }
        }
    }
}
