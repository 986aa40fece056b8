//! Adds lines to the log so that an acknowledged entry survives.
//!
//! In order (FORMATS, "Append"): lock; refuse links and odd files on the way; put back
//! spool lines that a file has lost, torn tails set aside; make the lines and ask whether
//! they are lawful; write the spool and sync it, from where the entries survive; append to
//! each file and sync; only then say the ids. A failed sync is never retried and never
//! acknowledged. Several entries are one such step: all of them or none.

use super::disk::{Disk, Fail};
use super::lines::{parse_name, split};
use super::read::{self, Log, LogFile, Record};
use super::spool::{Spooled, StateFolder};
use crate::digest;
use crate::finding::words;
use crate::model::entry::{After, instant};
use crate::model::{Entry, Header, Register, Words, Zone};
use chrono::{DateTime, Duration, FixedOffset, SubsecRound};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::path::Path;

/// Why entries were not appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// They are not lawful here: index of each and why.
    #[error("refused")]
    Refused(Vec<(usize, Words)>),
    /// The log folder is not as it should be.
    #[error("{0}")]
    Odd(String),
    /// Reading or writing failed before the entries were on disk.
    #[error("{what}: {cause}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The entries may or may not be on disk: exit 74.
    #[error("not confirmed: {0}")]
    NotConfirmed(std::io::Error),
}

fn io<T>(what: impl Into<String>, result: std::io::Result<T>) -> Result<T, AppendError> {
    result.map_err(|cause| AppendError::Io { what: what.into(), cause })
}

/// Largest part of a line that `saw` takes. A new clone of a department with thousands of
/// files names the newest ones first, and the rest with its next entries.
const SAW: usize = 24 << 10;

/// What to append, and where.
pub struct Appender<'a> {
    /// The register's folder.
    pub root: &'a Path,
    /// The register.
    pub register: &'a Register,
    /// The machine's clock.
    pub now: DateTime<FixedOffset>,
    /// What this clone keeps for itself.
    pub state: &'a StateFolder,
    /// How files are changed.
    pub disk: &'a dyn Disk,
    /// Told how many of the files are written, and of how many.
    pub progress: Option<&'a dyn Fn(usize, usize)>,
}

/// Are the entries lawful? Asked once, over the log as it is under the lock with the new
/// entries in their places, given by index; the answer names those that are not.
pub type Check<'a> = &'a dyn Fn(&Log, &[usize]) -> Vec<(usize, Words)>;

/// Lines for one file.
struct Batch {
    dept: String,
    name: String,
    bytes: String,
}

impl Appender<'_> {
    /// Appends one entry; see [`Appender::append_all`].
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn append(&self, entry: Entry, check: Check) -> Result<Entry, AppendError> {
        Ok(self.append_all(vec![entry], check)?.remove(0))
    }

    /// Appends entries, all or none; `seq`, `at`, `saw` and `h` are filled in here. Returns
    /// them as written; with a `key` seen before, the first entry under that key, and
    /// nothing is written for it.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn append_all(&self, drafts: Vec<Entry>, check: Check) -> Result<Vec<Entry>, AppendError> {
        let _lock = self.lock()?;
        let zone = self.register.settings.time_zone;
        let depts: std::collections::BTreeSet<String> = drafts.iter().map(|e| self.register.current(&e.dept).to_string()).collect();
        for entry in &drafts {
            self.refuse_links(&entry.dept)?;
        }
        let spool = self.state.spool();
        self.put_back(&spool, &|dept| depts.contains(self.register.current(dept)))?;
        // What a bulk step cut short owes to other departments is put back on the way; that
        // it cannot be is no reason to refuse this entry, and `check` and `verify` tell it.
        let _ = self.put_back(&spool, &|dept| !depts.contains(self.register.current(dept)));
        let mut log = read::read(self.root, "", zone, self.now, &mut Vec::new());
        let suffix = io("drawing the writer's name", self.state.suffix(self.disk))?;
        let mut keys: HashMap<(String, String), Entry> = log
            .records
            .iter()
            .filter_map(|r| Some(((r.entry.by.to_string(), r.entry.key.as_ref()?.to_string()), r.entry.clone())))
            .collect();
        let mut newest = self.newest(&log);
        let mut batches: Vec<Batch> = Vec::new();
        let (mut out, mut fresh, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for (n, mut entry) in drafts.into_iter().enumerate() {
            if let Some(key) = &entry.key
                && let Some(old) = keys.get(&(entry.by.to_string(), key.to_string()))
            {
                if old.duty == entry.duty && self.same(&old.dept, &entry.dept) && old.event == entry.event {
                    out.push(old.clone());
                } else {
                    let (zh, en) = (
                        format!("key {key} 已用于 {} 的 {}", old.duty, old.event.code()),
                        format!("the key {key} already stands for the {} of {}", old.event.code(), old.duty),
                    );
                    refused.push((n, words(zh, en)));
                }
                continue;
            }
            let writer = format!("{}-{suffix}", entry.by);
            self.stamp(&mut entry, &mut newest, zone);
            entry.dept = self.dept_on(&entry).into();
            self.refuse_links(&entry.dept)?;
            let (file, header) = self.target(&entry, &mut log, &writer, zone, &spool)?;
            self.saw(&mut entry, &log, &writer);
            let (last, previous) = &log.files[file].last;
            entry.seq = last + 1;
            let (line, h) = seal(&entry, previous);
            entry.h = h.as_str().into();
            if line.len() > 64 << 10 {
                refused.push((n, words("这一条超过 64 KiB".into(), "the entry is longer than 64 KiB".into())));
                continue;
            }
            if let Some(key) = &entry.key {
                keys.insert((entry.by.to_string(), key.to_string()), entry.clone());
            }
            let f = &mut log.files[file];
            f.last = (entry.seq, h);
            f.lines += 1;
            let text = header.unwrap_or_default() + &line;
            match batches.iter_mut().find(|b| b.dept == f.dept && b.name == f.name) {
                Some(b) => b.bytes.push_str(&text),
                None => batches.push(Batch { dept: f.dept.clone(), name: f.name.clone(), bytes: text }),
            }
            log.entries += 1;
            log.records.push(Record { day: zone.day(entry.at), entry: entry.clone(), file: file as u32, line: f.lines as u32 });
            fresh.push((n, entry.h.clone()));
            out.push(entry);
        }
        if refused.is_empty() && !fresh.is_empty() {
            refused = self.lawful(&mut log, &fresh, check);
        }
        if !refused.is_empty() {
            return Err(AppendError::Refused(refused));
        }
        if !batches.is_empty() {
            self.commit(&batches)?;
        }
        if let Some(last) = out.last() {
            self.state.remember(&last.by);
        }
        Ok(out)
    }

    /// The lock of this clone; let go when dropped.
    ///
    /// # Errors
    /// When the state folder cannot be made or locked.
    pub fn lock(&self) -> Result<File, AppendError> {
        io("making the state folder", self.state.make(self.disk))?;
        let path = self.state.path.join("lock");
        if fs::symlink_metadata(&path).is_ok_and(|m| !m.is_file()) {
            return Err(AppendError::Odd(format!("{} is not a plain file", path.display())));
        }
        let lock = io("opening the lock", OpenOptions::new().create(true).truncate(false).write(true).open(path))?;
        io("locking", lock.lock())?;
        Ok(lock)
    }

    /// Puts the new records in their places and asks.
    fn lawful(&self, log: &mut Log, fresh: &[(usize, Box<str>)], check: Check) -> Vec<(usize, Words)> {
        let drafts: HashMap<Box<str>, usize> = fresh.iter().map(|(n, h)| (h.clone(), *n)).collect();
        read::sort(log);
        let at: Vec<usize> = (0..log.records.len()).filter(|i| drafts.contains_key(&log.records[*i].entry.h)).collect();
        let refused = check(log, &at);
        refused.into_iter().map(|(i, why)| (drafts[&log.records[i].entry.h], why)).collect()
    }

    /// Newest instant of every department; entries more than a day ahead of the clock are
    /// not followed.
    fn newest(&self, log: &Log) -> HashMap<String, DateTime<FixedOffset>> {
        let limit = self.now + Duration::hours(24);
        let mut newest: HashMap<String, DateTime<FixedOffset>> = HashMap::new();
        for r in log.records.iter().filter(|r| r.entry.at < limit) {
            let slot = newest.entry(self.register.current(&r.entry.dept).to_string()).or_insert(r.entry.at);
            *slot = r.entry.at.max(*slot);
        }
        newest
    }

    /// Strictly later than everything this writer can see in the department.
    fn stamp(&self, entry: &mut Entry, newest: &mut HashMap<String, DateTime<FixedOffset>>, zone: Zone) {
        let now = self.now.with_timezone(&zone.0).trunc_subsecs(3);
        let dept = self.register.current(&entry.dept).to_string();
        entry.at = now;
        if let Some(old) = newest.get(&dept).filter(|n| **n >= now) {
            // Entries of one step follow each other by a millisecond; that is no wrong clock.
            if old.signed_duration_since(now) > Duration::seconds(1) {
                entry.clock = Some(instant::show(&now).into());
            }
            entry.at = old.with_timezone(&zone.0).trunc_subsecs(3) + Duration::milliseconds(1);
        }
        newest.insert(dept, entry.at);
    }

    fn same(&self, a: &str, b: &str) -> bool {
        self.register.current(a) == self.register.current(b)
    }

    /// The department's id on the day of the entry.
    fn dept_on(&self, entry: &Entry) -> String {
        let day = self.register.settings.time_zone.day(entry.at);
        let Some(body) = self.register.body(&entry.dept) else { return entry.dept.to_string() };
        body.was.iter().filter(|w| day <= w.to.0).min_by_key(|w| w.to.0).map_or(&body.id, |w| &w.id).to_string()
    }

    /// The file that the entry goes to: this month's of this writer, or the next number of
    /// it where the file does not follow from what was written here. Index into the log's
    /// files, with the header's line where the file begins with this entry.
    fn target(
        &self,
        entry: &Entry,
        log: &mut Log,
        writer: &str,
        zone: Zone,
        spool: &[Spooled],
    ) -> Result<(usize, Option<String>), AppendError> {
        // Lines of this file that another branch holds and this one does not: two
        // branches must not write on in one file, so the next number begins.
        let elsewhere = |name: &str| {
            let rel = format!("log/{}/{name}", entry.dept);
            let mut others = spool.iter().filter(|s| s.file == rel && s.branch != self.state.branch).peekable();
            others.peek().is_some() && {
                let have = whole_lines(&self.root.join(&rel));
                others.any(|s| !have.contains(&s.line))
            }
        };
        let month = zone.day(entry.at).format("%Y-%m").to_string();
        let dir = self.root.join("log").join(&*entry.dept);
        // A file whose end nobody can follow, or that runs ahead of the clock, is not written on.
        let sound = |f: &LogFile| f.header.is_some() && !f.last.1.is_empty();
        let ahead = self.now + Duration::hours(24);
        let newest = (0..log.files.len())
            .filter(|i| {
                let f = &log.files[*i];
                f.writer == writer && self.same(&f.dept, &entry.dept) && sound(f)
            })
            .max_by_key(|i| (log.files[*i].month.clone(), parse_name(&log.files[*i].name).map_or(1, |n| n.2)));
        if let Some(i) = newest {
            let f = &log.files[i];
            let early = log.records.iter().any(|r| r.file as usize == i && r.entry.at >= ahead);
            if f.month == month && *f.dept == *entry.dept && !early && !elsewhere(&f.name) {
                return Ok((i, None));
            }
        }
        let taken = |n: &str| {
            fs::symlink_metadata(dir.join(n)).is_ok() || log.files.iter().any(|f| *f.dept == *entry.dept && f.name == n) || elsewhere(n)
        };
        let name = (1..)
            .map(|n| if n == 1 { format!("{month}.{writer}.jsonl") } else { format!("{month}.{writer}.{n}.jsonl") })
            .find(|n| !taken(n))
            .expect("some number is free");
        let after = newest.map(|i| &log.files[i]).map(|f| After {
            file: if *f.dept == *entry.dept { f.name.as_str().into() } else { format!("{}/{}", f.dept, f.name).into() },
            seq: f.last.0,
            h: f.last.1.as_str().into(),
        });
        let header = Header {
            seq: 0,
            log: "duban/1".into(),
            dept: entry.dept.clone(),
            month: month.as_str().into(),
            writer: writer.into(),
            after,
            h: "".into(),
        };
        let (line, h) = seal(&header, "");
        log.files.push(LogFile {
            shown: format!("log/{}/{name}", entry.dept),
            dept: entry.dept.to_string(),
            name,
            month,
            writer: writer.into(),
            header: Some(Header { h: h.as_str().into(), ..header }),
            last: (0, h),
            digest: String::new(),
            lines: 1,
        });
        Ok((log.files.len() - 1, Some(line)))
    }

    /// Newest line of every other writer's file that this writer has not seen yet.
    fn saw(&self, entry: &mut Entry, log: &Log, writer: &str) {
        let mut known: HashMap<&str, &str> = HashMap::new();
        for r in &log.records {
            let f = &log.files[r.file as usize];
            if f.writer == writer && self.same(&f.dept, &entry.dept) {
                known.extend(r.entry.saw.iter().map(|(k, v)| (&**k, &**v)));
            }
        }
        let mut moved: Vec<(&str, String, String)> = Vec::new();
        for f in &log.files {
            if f.writer == writer || !self.same(&f.dept, &entry.dept) || f.last.1.is_empty() {
                continue;
            }
            let name = if *f.dept == *entry.dept { f.name.clone() } else { format!("{}/{}", f.dept, f.name) };
            let value = format!("{}:{}", f.last.0, f.last.1);
            if known.get(name.as_str()).or_else(|| known.get(f.name.as_str())) != Some(&value.as_str()) {
                moved.push((&f.month, name, value));
            }
        }
        moved.sort_by(|a, b| b.0.cmp(a.0).then_with(|| a.1.cmp(&b.1)));
        let mut room = SAW;
        for (_, name, value) in moved {
            let size = name.len() + value.len() + 6;
            if size > room {
                break;
            }
            room -= size;
            entry.saw.insert(name.into(), value.into());
        }
    }

    /// Refuses links and odd file types on the way to the department's folder.
    fn refuse_links(&self, dept: &str) -> Result<(), AppendError> {
        for dir in [self.root.join("log"), self.root.join("log").join(dept)] {
            match fs::symlink_metadata(&dir) {
                Ok(m) if !m.is_dir() => {
                    return Err(AppendError::Odd(format!(
                        "{} is not a folder but a link or a file; the log is not written through links",
                        dir.display()
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Restores lines that the spool holds and a file has lost, where the branch is the
    /// same; true when something was written. The lock is held.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn put_back(&self, spool: &[Spooled], wanted: &dyn Fn(&str) -> bool) -> Result<bool, AppendError> {
        let mut changed = false;
        for (file, lines) in lost(self.root, spool, self.state.branch.as_deref(), wanted) {
            self.write(&self.root.join(&file), &lines)?;
            changed = true;
        }
        Ok(changed)
    }

    fn commit(&self, batches: &[Batch]) -> Result<(), AppendError> {
        // What would refuse a file is asked before the spool holds the entries: after that
        // they would be put back, although nobody was told so.
        let mut spooled = String::new();
        for b in batches {
            self.refuse_odd(&self.root.join("log").join(&b.dept).join(&b.name))?;
            let s = Spooled { file: format!("log/{}/{}", b.dept, b.name), branch: self.state.branch.clone(), line: b.bytes.clone() };
            spooled += &serde_json::to_string(&s).expect("a spool line is plain data");
            spooled.push('\n');
        }
        let path = self.state.spool_path();
        self.refuse_odd(&path)?;
        let have = fs::read(&path).unwrap_or_default();
        // A half line that a full disk left must not swallow this one.
        if have.last().is_some_and(|l| *l != b'\n') {
            spooled.insert(0, '\n');
        }
        let first = !path.exists();
        match self.disk.append(&path, spooled.as_bytes()) {
            Ok(()) => {}
            Err(Fail::Write(cause)) => {
                // Some of it may stand there and be put back later as if it had been
                // acknowledged; as nobody was told, it is taken out again if that can be done.
                let _ = self.disk.cut(&path, have.len() as u64);
                return Err(AppendError::Io { what: "writing the spool".into(), cause });
            }
            Err(Fail::Sync(e)) => return Err(AppendError::NotConfirmed(e)),
        }
        if first {
            self.disk.sync_dir(&self.state.path).map_err(AppendError::NotConfirmed)?;
        }
        // The spool holds the entries now and will put them back: whatever fails from here
        // on is not "not written" but "not confirmed".
        for (n, b) in batches.iter().enumerate() {
            self.write(&self.root.join("log").join(&b.dept).join(&b.name), &b.bytes).map_err(|e| match e {
                AppendError::Io { cause, .. } => AppendError::NotConfirmed(cause),
                AppendError::Odd(what) => AppendError::NotConfirmed(std::io::Error::other(what)),
                other => other,
            })?;
            if let Some(tell) = self.progress {
                tell(n + 1, batches.len());
            }
        }
        // Now and then what the upstream branch holds is let go of. That it fails harms nobody.
        if have.len() > 256 << 10 && have.len() / (256 << 10) != (have.len() + spooled.len()) / (256 << 10) {
            let _ = self.state.settle(self.disk, self.root);
        }
        Ok(())
    }

    /// Refuses a file that is a link, is linked twice or is no plain file.
    fn refuse_odd(&self, path: &Path) -> Result<(), AppendError> {
        if let Ok(meta) = fs::symlink_metadata(path)
            && (!meta.is_file() || links(&meta) > 1)
        {
            return Err(AppendError::Odd(format!(
                "{} is a link, is linked twice or is no plain file; the log is not written through it",
                path.display()
            )));
        }
        Ok(())
    }

    /// One append, one sync; a new file or folder syncs its parent too.
    fn write(&self, path: &Path, bytes: &str) -> Result<(), AppendError> {
        let dir = path.parent().expect("a log file has a folder");
        let fresh = fs::symlink_metadata(path).is_err();
        if !dir.exists() {
            io(format!("making {}", dir.display()), self.disk.make_dirs(dir))?;
        }
        self.refuse_odd(path)?;
        if !fresh {
            self.cut_torn(path)?;
        }
        match self.disk.append(path, bytes.as_bytes()) {
            Ok(()) => {}
            Err(Fail::Write(cause)) => return Err(AppendError::Io { what: format!("writing {}", path.display()), cause }),
            Err(Fail::Sync(e)) => return Err(AppendError::NotConfirmed(e)),
        }
        if fresh {
            self.disk.sync_dir(dir).map_err(AppendError::NotConfirmed)?;
        }
        Ok(())
    }

    fn cut_torn(&self, path: &Path) -> Result<(), AppendError> {
        let bytes = io("reading the log file", fs::read(path))?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        if whole < bytes.len() {
            let name = format!("{}.{}", path.file_name().unwrap_or_default().to_string_lossy(), self.now.timestamp_millis());
            io("setting torn bytes aside", self.set_aside(&name, &bytes[whole..]))?;
            match self.disk.cut(path, whole as u64) {
                Ok(()) => {}
                Err(Fail::Write(cause)) => return Err(AppendError::Io { what: "cutting the torn tail".into(), cause }),
                Err(Fail::Sync(e)) => return Err(AppendError::NotConfirmed(e)),
            }
        }
        Ok(())
    }

    /// Keeps bytes in the state folder under a name not yet used.
    ///
    /// # Errors
    /// What the system said.
    pub fn set_aside(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let aside = self.state.path.join("aside");
        if !aside.exists() {
            self.disk.make_dirs(&aside)?;
        }
        // Bytes that stand there already need no second copy.
        for n in 0..10_000u32 {
            let path = aside.join(if n == 0 { name.to_string() } else { format!("{name}.{n}") });
            match fs::read(&path) {
                Ok(old) if old == bytes => return Ok(()),
                Ok(_) => continue,
                Err(_) => {
                    self.disk.create(&path, bytes).map_err(Fail::into_inner)?;
                    return self.disk.sync_dir(&aside);
                }
            }
        }
        Err(std::io::Error::other("too many files are set aside"))
    }
}

/// What the spool holds and the files have lost, on one branch: file and the lines to add.
/// Only what follows from the file as it is, so that nothing is doubled.
pub fn lost(root: &Path, spool: &[Spooled], branch: Option<&str>, wanted: &dyn Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut by_file: BTreeMap<&str, String> = BTreeMap::new();
    for s in spool.iter().filter(|s| s.branch.as_deref() == branch) {
        if wanted(s.file.split('/').nth(1).unwrap_or("")) {
            let text = by_file.entry(&s.file).or_default();
            // The same line may stand in the spool twice: written, lost, put back by hand.
            if !text.contains(s.line.as_str()) {
                text.push_str(&s.line);
            }
        }
    }
    let mut out = BTreeMap::new();
    for (file, lines) in by_file {
        let have = whole_lines(&root.join(file));
        let from = if have.is_empty() { lines.starts_with("{\"seq\":0,").then_some(0) } else { overlap(&have, &lines) };
        if let Some(from) = from.filter(|f| *f < lines.len()) {
            out.insert(file.to_string(), lines[from..].to_string());
        }
    }
    out
}

#[cfg(unix)]
fn links(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(meta)
}
#[cfg(not(unix))]
fn links(_: &fs::Metadata) -> u64 {
    1
}

/// The lines of a file that end in a line feed; what follows them may be torn in the
/// middle of a character.
pub fn whole_lines(path: &Path) -> String {
    let plain = fs::symlink_metadata(path).is_ok_and(|m| m.is_file());
    let bytes = if plain { fs::read(path).unwrap_or_default() } else { Vec::new() };
    let end = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// Where in `lines` the text after the end of `have` begins: after the last line that both
/// have, or where the first one follows the end of `have`.
fn overlap(have: &str, lines: &str) -> Option<usize> {
    let last = have.lines().next_back()?;
    if let Some(at) = lines.find(&format!("{last}\n")).filter(|at| *at == 0 || lines.as_bytes()[at - 1] == b'\n') {
        return have.ends_with(&lines[..at + last.len() + 1]).then_some(at + last.len() + 1);
    }
    let (end, first) = (split(last.as_bytes())?, split(lines.lines().next()?.as_bytes())?);
    digest::follows(end.h, first.body, first.h).then_some(0)
}

/// The line with its chain value filled in, and that value.
pub fn seal<T: Serialize>(value: &T, previous: &str) -> (String, String) {
    let text = serde_json::to_string(value).expect("a log line is plain data");
    let end = text.rfind(",\"h\":").expect("h is the last field of a line");
    let h = digest::chain(previous, &text.as_bytes()[..end]);
    (format!("{},\"h\":\"{h}\"}}\n", &text[..end]), h)
}
