//! Reads each file of the log once, in bounded memory.
//!
//! Order of things: [`find`] lists what lies below `log/`; [`read_file`] goes through one
//! file line by line, and while every line follows the one above that is all. At the first
//! one that does not, the file is read a second time, whole, and [`super::chain`] says
//! what happened. [`siblings`] looks at files of one writer and month together.

use super::chain::{self, Row};
use super::trouble::{Brief, Trouble, Word};
use crate::digest::{self, Running};
use crate::log::lines::{Lines, MAX_LINE, Shape, is_dept, parse_name, split};
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Largest file whose breaks are worked out line by line; of a larger one the first break
/// is named and the rest counted.
const SECOND_PASS: u64 = 64 << 20;
/// Most lines for the same.
const SECOND_LINES: u64 = 1 << 20;

/// Troubles listed of one file; then only counted.
pub const MOST: usize = 1000;

/// One file that was read.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its folder.
    pub dept: String,
    /// Its name.
    pub name: String,
    /// Its lines, whatever they are; a torn rest counts as one.
    pub lines: u64,
    /// Entries that hold.
    pub entries: u64,
    /// Largest number that stands in it.
    pub last: Option<u64>,
    /// SHA-256 of all bytes.
    pub digest: String,
    /// The header's chain value, when it holds.
    pub header: Option<Box<[u8]>>,
    /// Nothing is wrong with it by itself.
    pub sound: bool,
    /// What its lines say of others.
    pub refs: Vec<Reference>,
}

impl Seen {
    /// `DEPT/NAME`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.dept, self.name)
    }
}

/// A line that another line names.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Line that says so.
    pub line: u64,
    /// `after` or `saw`.
    pub word: &'static str,
    /// The file it names, `DEPT/NAME`.
    pub file: Box<str>,
    /// The number.
    pub seq: u64,
    /// The chain value.
    pub h: Box<str>,
}

/// What is asked of a header.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    log: Cow<'a, str>,
    #[serde(borrow)]
    dept: Cow<'a, str>,
    #[serde(borrow)]
    month: Cow<'a, str>,
    #[serde(borrow)]
    writer: Cow<'a, str>,
    #[serde(borrow)]
    after: Option<Pointer<'a>>,
}

#[derive(Deserialize)]
struct Pointer<'a> {
    #[serde(borrow)]
    file: Cow<'a, str>,
    seq: u64,
    #[serde(borrow)]
    h: Cow<'a, str>,
}

/// What is asked of an entry.
#[derive(Deserialize)]
struct Lean<'a> {
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    by: Cow<'a, str>,
    #[serde(borrow)]
    dept: Cow<'a, str>,
    #[serde(borrow)]
    duty: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    saw: Option<&'a RawValue>,
}

/// The entry on a line, as far as it reads.
pub fn brief(line: &[u8]) -> Option<Brief> {
    let e: Lean = serde_json::from_slice(line).ok()?;
    Some(Brief { duty: e.duty.into(), event: e.event.into(), by: e.by.into(), at: e.at.into() })
}

/// Log files as (department, name), in order; what does not belong is a trouble.
pub fn find(root: &Path, troubles: &mut Vec<Trouble>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let base = root.join("log");
    if std::fs::symlink_metadata(&base).is_ok_and(|m| !m.is_dir()) {
        troubles.push(link("log"));
        return out;
    }
    for dept in names(&base, "log", troubles) {
        let path = base.join(&dept);
        let shown = format!("log/{dept}");
        let folder = std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_dir());
        if dept.starts_with('.') || matches!(dept.as_str(), "checkpoints" | "drafts") {
            hidden(&path, &shown, folder, troubles);
        } else if !folder && std::fs::symlink_metadata(&path).is_ok_and(|m| !m.is_file()) {
            troubles.push(link(&shown));
        } else if !folder || !is_dept(&dept) {
            troubles.push(stray(&shown));
        } else {
            for name in names(&path, &shown, troubles) {
                let shown = format!("{shown}/{name}");
                let meta = std::fs::symlink_metadata(path.join(&name));
                if name.starts_with('.') && !name.ends_with(".jsonl") {
                } else if meta.as_ref().is_ok_and(|m| !m.is_file() && !m.is_dir() || m.is_file() && links(m) > 1) {
                    troubles.push(link(&shown));
                } else if meta.is_ok_and(|m| m.is_dir()) || parse_name(&name).is_none() {
                    troubles.push(stray(&shown));
                } else {
                    out.push((dept.clone(), name));
                }
            }
        }
    }
    out
}

/// Log files below a folder where none belong: there they would leave the count.
fn hidden(path: &Path, shown: &str, folder: bool, troubles: &mut Vec<Trouble>) {
    if !folder {
        if shown.ends_with(".jsonl") {
            troubles.push(stray(shown));
        }
        return;
    }
    let mut open = vec![(path.to_path_buf(), shown.to_string())];
    while let Some((path, shown)) = open.pop() {
        for name in names(&path, &shown, troubles) {
            let (path, shown) = (path.join(&name), format!("{shown}/{name}"));
            if std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_dir()) {
                open.push((path, shown));
            } else if name.ends_with(".jsonl") {
                troubles.push(stray(&shown));
            }
        }
    }
}

fn names(dir: &Path, shown: &str, troubles: &mut Vec<Trouble>) -> Vec<String> {
    let mut names: Vec<String> = match std::fs::read_dir(dir) {
        Ok(entries) => entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => {
            let t = Trouble::new(Word::Unreadable, shown, 0, format!("无法读取文件夹：{e}"), format!("the folder cannot be read: {e}"));
            troubles.push(t);
            Vec::new()
        }
    };
    names.sort();
    names
}

fn link(shown: &str) -> Trouble {
    let (zh, en) = ("不是普通文件，或有别的硬链接", "not a plain file, or linked a second time; nothing of it is read");
    Trouble::new(Word::Link, shown, 0, zh, en)
}

fn stray(shown: &str) -> Trouble {
    Trouble::new(Word::Moved, shown, 0, "日志中没有这样的位置或名称", "no log file has this name or place; nothing of it is read")
}

#[cfg(unix)]
fn links(meta: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(meta)
}
#[cfg(not(unix))]
fn links(_: &std::fs::Metadata) -> u64 {
    1
}

/// What one pass remembers.
struct Pass<'a> {
    shown: String,
    dept: &'a str,
    month: &'a str,
    writer: &'a str,
    /// The writer as the header has it: entries are held against the header.
    home: (String, String),
    troubles: Vec<Trouble>,
    more: u64,
    refs: Vec<Reference>,
    header: Option<Box<[u8]>>,
    entries: u64,
    at: Option<(String, DateTime<FixedOffset>)>,
}

/// Reads one file; `None` when it cannot even be opened.
pub fn read_file(root: &Path, dept: &str, name: &str, troubles: &mut Vec<Trouble>, more: &mut u64) -> Option<Seen> {
    let path = root.join("log").join(dept).join(name);
    let shown = format!("log/{dept}/{name}");
    let (month, writer, _) = parse_name(name)?;
    let by = writer.rsplit_once('-').map_or(writer, |(by, _)| by);
    let mut pass = Pass {
        shown: shown.clone(),
        dept,
        month,
        writer,
        home: (dept.into(), by.into()),
        troubles: Vec::new(),
        more: 0,
        refs: Vec::new(),
        header: None,
        entries: 0,
        at: None,
    };
    let read = pass.stream(&path);
    let (lines, last, digest, broken) = match read {
        Ok(done) => done,
        Err(e) => {
            troubles.push(Trouble::new(Word::Unreadable, &shown, 0, format!("无法读取：{e}"), format!("it cannot be read: {e}")));
            return None;
        }
    };
    if broken {
        pass.again(&path, lines);
    }
    let sound = pass.troubles.is_empty();
    let list = pass.troubles.len().min(MOST);
    *more += pass.more + (pass.troubles.len() - list) as u64;
    troubles.extend(pass.troubles.drain(..list));
    Some(Seen {
        dept: dept.into(),
        name: name.into(),
        lines,
        entries: pass.entries,
        last,
        digest,
        header: pass.header,
        sound,
        refs: pass.refs,
    })
}

/// Lines, largest number, digest, and whether the chain broke.
type Streamed = (u64, Option<u64>, String, bool);

impl Pass<'_> {
    fn tell(&mut self, t: Trouble) {
        if self.troubles.len() < MOST { self.troubles.push(t) } else { self.more += 1 }
    }

    /// One pass: torn, CR, marks, shape, and the chain as long as it holds.
    fn stream(&mut self, path: &Path) -> std::io::Result<Streamed> {
        let mut lines = Lines::open(path)?;
        let (mut n, mut last, mut broken, mut crlf, mut conflict) = (0u64, None, false, false, false);
        let mut next = 0u64;
        let mut above = Vec::with_capacity(22);
        while let Some(line) = lines.next()? {
            n += 1;
            let mut bytes = line.bytes;
            if n == 1
                && let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf")
            {
                bytes = rest;
                let t = Trouble::new(Word::Bom, &self.shown, 1, "文件以字节序标记开头", "the file begins with a byte-order mark");
                self.tell(t);
            }
            if !line.whole {
                let (zh, en) = if bytes.iter().all(|b| *b == 0) {
                    ("末尾是一段零字节：写入时断电", "zero bytes at the end: the power went while it was written")
                } else {
                    ("最后一行没有换行：写入中断，从未确认", "the last line does not end: it was cut off in writing and never confirmed")
                };
                let t = Trouble::new(Word::Torn, &self.shown, n, zh, en);
                self.tell(t);
                continue;
            }
            if let Some(rest) = bytes.strip_suffix(b"\r") {
                bytes = rest;
                if !std::mem::replace(&mut crlf, true) {
                    let (zh, en) = ("换行符是 CR LF：有程序改过换行", "lines end in CR LF: some program converted them");
                    let t = Trouble::new(Word::Crlf, &self.shown, n, zh, en);
                    self.tell(t);
                }
            }
            if chain::is_marker(bytes) {
                if !std::mem::replace(&mut conflict, true) {
                    let (zh, en) = ("有合并冲突的标记", "marks of an unfinished merge stand in the file");
                    let t = Trouble::new(Word::Conflict, &self.shown, n, zh, en);
                    self.tell(t);
                }
                continue;
            }
            let shape = if line.long { None } else { split(bytes) };
            let Some(s) = shape else {
                let long = line.long || bytes.len() > MAX_LINE;
                let t = unshaped(&self.shown, n, long, bytes);
                self.tell(t);
                broken = true;
                continue;
            };
            last = last.max(Some(s.seq));
            if broken {
                continue;
            }
            if s.seq != next || !digest::follows(if next == 0 { b"" } else { &above }, s.body, s.h) {
                broken = true;
                continue;
            }
            above.clear();
            above.extend_from_slice(s.h);
            next += 1;
            self.good(n, &s, bytes);
        }
        if n == 0 {
            let t = Trouble::new(Word::Missing, &self.shown, 1, "文件是空的：连日志头也没有", "the file is empty: even its header is gone");
            self.tell(t.seq(0));
        }
        Ok((n, last, lines.digest(), broken))
    }

    /// The chain broke: the whole file once more, to say what happened.
    fn again(&mut self, path: &Path, lines: u64) {
        let size = std::fs::metadata(path).map_or(u64::MAX, |m| m.len());
        if size > SECOND_PASS || lines > SECOND_LINES {
            let (zh, en) =
                ("校验链断了；文件太大，未逐行说明", "the chain does not hold; the file is too large to say line by line what happened");
            let t = Trouble::new(Word::Altered, &self.shown, 0, zh, en);
            self.tell(t);
            return;
        }
        let Ok(text) = std::fs::read(path) else { return };
        (self.entries, self.at, self.header) = (0, None, None);
        self.refs.clear();
        let home = (self.dept.to_string(), self.writer.rsplit_once('-').map_or(self.writer, |(by, _)| by).to_string());
        let foreign = |line: &[u8]| {
            serde_json::from_slice::<Lean>(line)
                .is_ok_and(|e| e.dept != home.0.as_str() || e.by != home.1.as_str() || !e.at.starts_with(self.month))
        };
        let rows = chain::rows(&text, &foreign);
        let (breaks, good) = chain::breaks(&rows);
        // What the first pass said of good lines is said again by this one.
        self.troubles.retain(|t| !(matches!(t.word, Word::Moved | Word::Reordered) || t.word == Word::Unreadable && t.seq.is_some()));
        for b in breaks {
            let row = &rows[b.row];
            let t = told(&self.shown, row, &b);
            self.tell(t);
        }
        for (row, _) in rows.iter().zip(&good).filter(|(_, g)| **g) {
            let s = row.shape.expect("a good row has a shape");
            self.good(row.line, &s, row.bytes);
        }
        self.troubles.sort_by_key(|t| (t.line, t.word));
    }

    /// A line that holds: what it is, and what it says of others.
    fn good(&mut self, line: u64, s: &Shape, bytes: &[u8]) {
        if s.seq == 0 {
            return self.head(line, s, bytes);
        }
        let entry: Lean = match serde_json::from_str(s.text) {
            Ok(e) => e,
            Err(e) => {
                let t = Trouble::new(Word::Unreadable, &self.shown, line, format!("不是一条记录：{e}"), format!("it is no entry: {e}"));
                return self.tell(t.seq(s.seq));
            }
        };
        self.entries += 1;
        if entry.dept != self.home.0.as_str() || entry.by != self.home.1.as_str() {
            let (zh, en) = (
                format!("这一条属于 {} 的 {}，不属于本文件", entry.dept, entry.by),
                format!("this entry is of {} by {}, not of this file", entry.dept, entry.by),
            );
            let t = Trouble { entry: brief(bytes), ..Trouble::new(Word::Moved, &self.shown, line, zh, en).seq(s.seq) };
            self.tell(t);
        }
        self.later(line, s.seq, &entry.at, bytes);
        if let Some(saw) = entry.saw {
            match serde_json::from_str::<BTreeMap<Cow<str>, Cow<str>>>(saw.get()) {
                Ok(all) => {
                    for (file, value) in all {
                        let (seq, h) = value.split_once(':').unwrap_or(("", ""));
                        let seq = seq.parse().unwrap_or(u64::MAX);
                        self.refs.push(Reference { line, word: "saw", file: self.whole_path(&file), seq, h: h.into() });
                    }
                }
                Err(e) => {
                    let t = Trouble::new(
                        Word::Unreadable,
                        &self.shown,
                        line,
                        format!("saw 无法读取：{e}"),
                        format!("`saw` cannot be read: {e}"),
                    );
                    self.tell(t.seq(s.seq));
                }
            }
        }
    }

    /// `at` must be later than on the good line above.
    fn later(&mut self, line: u64, seq: u64, at: &str, bytes: &[u8]) {
        // Of one form and one offset, instants compare as text: asked a million times.
        let plain = |t: &str| t.len() == 29 && t.is_ascii();
        if let Some((old, _)) = &self.at
            && plain(at)
            && plain(old)
            && at[23..] == old[23..]
            && at.as_bytes()[..23].iter().zip(old.as_bytes()).all(|(a, b)| a.is_ascii_digit() == b.is_ascii_digit())
            && real(at)
        {
            if at <= old.as_str() {
                self.early(line, seq, bytes);
            }
            let (text, _) = self.at.as_mut().expect("just looked at");
            text.clear();
            text.push_str(at);
            return;
        }
        let Ok(instant) = DateTime::parse_from_rfc3339(at) else {
            let t = Trouble::new(Word::Unreadable, &self.shown, line, format!("`{at}` 不是时刻"), format!("`{at}` is not an instant"));
            return self.tell(t.seq(seq));
        };
        let before = self.at.as_ref().and_then(|(text, _)| DateTime::parse_from_rfc3339(text).ok());
        if before.is_some_and(|b| instant <= b) {
            self.early(line, seq, bytes);
        }
        self.at = Some((at.into(), instant));
    }

    fn early(&mut self, line: u64, seq: u64, bytes: &[u8]) {
        let (zh, en) = ("`at` 没有晚于上一条", "`at` is not later than that of the entry above");
        let t = Trouble { entry: brief(bytes), ..Trouble::new(Word::Reordered, &self.shown, line, zh, en).seq(seq) };
        self.tell(t);
    }

    fn head(&mut self, line: u64, s: &Shape, bytes: &[u8]) {
        let head: Head = match serde_json::from_slice(bytes) {
            Ok(head) => head,
            Err(e) => {
                let t = Trouble::new(Word::Unreadable, &self.shown, line, format!("不是日志头：{e}"), format!("it is no header: {e}"));
                return self.tell(t.seq(0));
            }
        };
        self.header = Some(s.h.into());
        if head.log != "duban/1" {
            let (zh, en) = (format!("格式 `{}` 不认识", head.log), format!("the format `{}` is not known", head.log));
            let t = Trouble::new(Word::Unreadable, &self.shown, line, zh, en);
            self.tell(t.seq(0));
        }
        if head.dept != self.dept || head.month != self.month || head.writer != self.writer {
            let (zh, en) = (
                format!("日志头说这是 {}/{}.{}", head.dept, head.month, head.writer),
                format!("its header says that it is {}/{}.{}", head.dept, head.month, head.writer),
            );
            let t = Trouble::new(Word::Moved, &self.shown, line, zh, en);
            self.tell(t.seq(0));
            self.home = (head.dept.into(), head.writer.rsplit_once('-').map_or(&*head.writer, |(by, _)| by).into());
        }
        if let Some(p) = head.after {
            self.refs.push(Reference { line, word: "after", file: self.whole_path(&p.file), seq: p.seq, h: p.h.into() });
        }
    }

    /// A name alone stands in the folder that the header names.
    fn whole_path(&self, file: &str) -> Box<str> {
        if file.contains('/') { file.into() } else { format!("{}/{file}", self.home.0).into() }
    }
}

/// A day of the calendar and a time of the clock, in the usual form.
fn real(at: &str) -> bool {
    let b = at.as_bytes();
    let two = |i: usize| u32::from(b[i] - b'0') * 10 + u32::from(b[i + 1] - b'0');
    b[4] == b'-'
        && b[7] == b'-'
        && matches!(b[10], b'T')
        && b[13] == b':'
        && b[16] == b':'
        && b[19] == b'.'
        && (1..=12).contains(&two(5))
        && (1..=28).contains(&two(8))
        && two(11) < 24
        && two(14) < 60
        && two(17) < 60
}

fn unshaped(shown: &str, line: u64, long: bool, bytes: &[u8]) -> Trouble {
    let (zh, en) = if long {
        ("一行超过 64 KiB", "the line is longer than 64 KiB")
    } else if std::str::from_utf8(bytes).is_err() {
        ("不是 UTF-8", "the bytes are not UTF-8")
    } else {
        ("不是日志行", "this is no line of a log")
    };
    Trouble { entry: brief(bytes), ..Trouble::new(Word::Unreadable, shown, line, zh, en) }
}

fn told(shown: &str, row: &Row, b: &chain::Break) -> Trouble {
    let seq = row.shape.map_or(0, |s| s.seq);
    let (zh, en) = match b.word {
        Word::Repeated => (format!("第 {seq} 条又出现一次"), format!("entry {seq} stands here a second time")),
        Word::Fork => (
            format!("另有一条第 {seq} 条接在同一行之后：同一文件在两处续写"),
            format!("another entry {seq} follows the same line: the file was written on in two places"),
        ),
        Word::Reordered => (format!("第 {seq} 条排在它所接的那一行之前"), format!("entry {seq} stands before the line that it follows")),
        Word::Moved => (format!("第 {seq} 条是从别处来的"), format!("entry {seq} comes from another file")),
        Word::Missing if b.from + 1 >= seq => (format!("第 {} 条不在了", b.from), format!("entry {} is not there", b.from)),
        Word::Missing => (format!("第 {} 至 {} 条不在了", b.from, seq - 1), format!("entries {} to {} are not there", b.from, seq - 1)),
        _ => (format!("第 {seq} 条不是当初写下的"), format!("entry {seq} is not what was written")),
    };
    let t = Trouble::new(b.word, shown, row.line, zh, en).seq(if b.word == Word::Missing { b.from } else { seq });
    Trouble { entry: if b.word == Word::Missing { None } else { brief(row.bytes) }, ..t }
}

/// Files of one writer and month with one header: a copy, or two ends of one file.
pub fn siblings(root: &Path, seen: &mut [Seen], troubles: &mut Vec<Trouble>) {
    let mut groups: BTreeMap<(String, Box<[u8]>), Vec<usize>> = BTreeMap::new();
    for (i, s) in seen.iter().enumerate() {
        if let Some(h) = &s.header {
            groups.entry((s.dept.clone(), h.clone())).or_default().push(i);
        }
    }
    for mut group in groups.into_values().filter(|g| g.len() > 1) {
        group.sort_by_key(|i| parse_name(&seen[*i].name).map(|(m, w, n)| (m.to_string(), w.to_string(), n)));
        let mut known: HashSet<Vec<u8>> = HashSet::new();
        for (n, i) in group.into_iter().enumerate() {
            let path = root.join("log").join(&seen[i].dept).join(&seen[i].name);
            let (mut own, mut shared) = (0, 0);
            if let Ok(mut lines) = Lines::open(&path) {
                while let Ok(Some(line)) = lines.next() {
                    if let Some(s) = split(line.bytes).filter(|s| s.seq > 0) {
                        if known.insert(s.h.to_vec()) { own += 1 } else { shared += 1 }
                    }
                }
            }
            if n > 0 && own == 0 {
                let (zh, en) = (
                    "这里的每一条都已在同一填报人的另一文件里：文件被复制",
                    "every entry of it stands in another file of the same writer: it is a copy",
                );
                troubles.push(Trouble::new(Word::Repeated, &format!("log/{}", seen[i].path()), 0, zh, en));
            } else if n > 0 {
                seen[i].entries = seen[i].entries.saturating_sub(shared);
            }
        }
    }
}

/// The root over files in the order of their paths.
pub fn root<'a>(files: impl Iterator<Item = (String, &'a str)>) -> String {
    let all: BTreeMap<String, &str> = files.collect();
    let mut sum = Running::default();
    for (path, digest) in &all {
        sum.add(path, digest.as_bytes());
    }
    sum.short(64)
}
