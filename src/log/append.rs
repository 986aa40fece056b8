//! Adds one line to the log so that an acknowledged entry survives.
//!
//! In order (FORMATS, "Append"): lock; open folders and file without following links;
//! set a torn tail aside; put back spool lines that the file has lost; write the spool
//! and sync it, from where the entry survives; append to the file in one write and
//! sync; only then say the id. A failed sync is never retried and never acknowledged.

use super::read::{self, Log};
use crate::digest;
use crate::finding::words;
use crate::git;
use crate::model::entry::{After, instant};
use crate::model::{Entry, Header, Register, Words, Zone};
use chrono::{DateTime, Duration, FixedOffset, SubsecRound};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Why an entry was not appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The entry is not lawful here.
    #[error("refused")]
    Refused(Box<Words>),
    /// The log folder is not as it should be.
    #[error("{0}")]
    Odd(String),
    /// Reading or writing failed before the entry was on disk.
    #[error("{what}: {cause}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The entry may or may not be on disk: exit 74.
    #[error("not confirmed: {0}")]
    NotConfirmed(std::io::Error),
}

fn io<T>(what: impl Into<String>, result: std::io::Result<T>) -> Result<T, AppendError> {
    result.map_err(|cause| AppendError::Io { what: what.into(), cause })
}

/// Where this clone keeps what is never committed: the writer's four characters, the
/// spool, the lock, the post that wrote last.
pub struct StateFolder(pub PathBuf);

impl StateFolder {
    /// In the worktree's own git folder, else `.duban/` in the register.
    pub fn find(root: &Path) -> StateFolder {
        StateFolder(git::git_dir(root).map_or_else(|| root.join(".duban"), |d| d.join("duban")))
    }
    /// The post that wrote last from this clone.
    pub fn last_post(&self) -> Option<String> {
        fs::read_to_string(self.0.join("post")).ok().map(|s| s.trim().to_string()).filter(|s| !s.is_empty())
    }
    fn spool(&self) -> Vec<Spooled> {
        let bytes = fs::read(self.0.join("spool.jsonl")).unwrap_or_default();
        let lines = bytes.split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice::<Spooled>(l).ok());
        // Nothing but `log/DEPT/MONTH.WRITER.jsonl`: the spool may come with a copied folder,
        // and must not lead out of the register.
        lines
            .filter(|s| {
                let steps: Vec<&str> = s.file.split('/').collect();
                matches!(steps.as_slice(), ["log", dept, name] if crate::model::UnitId::new(dept).is_ok() && read::parse_name(name).is_some())
            })
            .collect()
    }
    fn suffix(&self) -> Result<String, AppendError> {
        let path = self.0.join("writer");
        if let Ok(text) = fs::read_to_string(&path)
            && text.trim().len() == 4
        {
            return Ok(text.trim().to_string());
        }
        let mut bytes = [0u8; 4];
        getrandom::fill(&mut bytes).map_err(|e| AppendError::Odd(format!("the system gives no random numbers: {e}")))?;
        let text: String = bytes.iter().map(|b| char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(b & 31)])).collect();
        io("writing the writer's name", fs::write(&path, format!("{text}\n")))?;
        Ok(text)
    }
}

/// One line of the spool.
#[derive(Serialize, Deserialize)]
struct Spooled {
    file: String,
    branch: Option<String>,
    line: String,
}

/// What to append, and where.
pub struct Appender<'a> {
    /// The register's folder.
    pub root: &'a Path,
    /// The register.
    pub register: &'a Register,
    /// The machine's clock.
    pub now: DateTime<FixedOffset>,
}

/// A lawfulness check over the log as it is under the lock, with the entry as it will be.
pub type Check<'a> = &'a dyn Fn(&Log, &Entry) -> Result<(), Words>;

impl Appender<'_> {
    /// Appends an entry; `seq`, `at`, `saw` and `h` are filled in here. Returns it as written;
    /// with a `key` seen before, the first entry under that key, and nothing is written.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn append(&self, mut entry: Entry, check: Check) -> Result<Entry, AppendError> {
        let state = StateFolder::find(self.root);
        io("making the state folder", fs::create_dir_all(&state.0))?;
        let lock = io("opening the lock", OpenOptions::new().create(true).truncate(false).write(true).open(state.0.join("lock")))?;
        io("locking", lock.lock())?;
        self.refuse_links(&entry.dept)?;
        let zone = self.register.settings.time_zone;
        let mut log = read::read(self.root, "", zone, self.now, &mut Vec::new());
        if let Some(key) = &entry.key
            && let Some(r) = log.records.iter().find(|r| r.entry.key.as_ref() == Some(key) && r.entry.by == entry.by)
        {
            let same = r.entry.duty == entry.duty && self.same(&r.entry.dept, &entry.dept) && r.entry.event == entry.event;
            return if same {
                Ok(r.entry.clone())
            } else {
                Err(AppendError::Refused(Box::new(words(
                    format!("key {key} 已用于 {} 的 {}", r.entry.duty, r.entry.event.code()),
                    format!("the key {key} already stands for the {} of {}", r.entry.event.code(), r.entry.duty),
                ))))
            };
        }
        let writer = format!("{}-{}", entry.by, state.suffix()?);
        if self.put_back(&state, &entry.dept)? {
            log = read::read(self.root, "", zone, self.now, &mut Vec::new());
        }
        self.stamp(&mut entry, &log, zone);
        entry.dept = self.dept_on(&entry).into();
        self.refuse_links(&entry.dept)?;
        let plan = self.target(&entry, &log, &writer, zone, &state.spool())?;
        entry.seq = plan.next_seq;
        self.saw(&mut entry, &log, &writer);
        let header = plan.header.as_ref().map(|h| seal(h, ""));
        let previous = header.as_ref().map_or(plan.previous.clone(), |(_, h)| h.clone());
        let (line, h) = seal(&entry, &previous);
        entry.h = h.into();
        check(&log, &entry).map_err(|w| AppendError::Refused(Box::new(w)))?;
        if line.len() > 64 << 10 {
            return Err(AppendError::Refused(Box::new(words("这一条超过 64 KiB".into(), "the entry is longer than 64 KiB".into()))));
        }
        let bytes = format!("{}{line}", header.map_or(String::new(), |(l, _)| l));
        self.commit(&state, &plan, &bytes)?;
        let _ = fs::write(state.0.join("post"), format!("{}\n", entry.by));
        drop(lock);
        Ok(entry)
    }

    /// Strictly later than everything this writer can see in the department; entries more
    /// than a day ahead of the clock are not followed.
    fn stamp(&self, entry: &mut Entry, log: &Log, zone: Zone) {
        let now = self.now.with_timezone(&zone.0).trunc_subsecs(3);
        let limit = self.now + Duration::hours(24);
        let newest = log.records.iter().filter(|r| self.same(&r.entry.dept, &entry.dept) && r.entry.at < limit).map(|r| r.entry.at).max();
        entry.at = now;
        if let Some(newest) = newest.filter(|n| *n >= now) {
            entry.clock = Some(instant::show(&now).into());
            entry.at = newest.with_timezone(&zone.0).trunc_subsecs(3) + Duration::milliseconds(1);
        }
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

    /// The file that the entry goes to: this month's of this writer, or the next number
    /// of it where the file does not follow from what was written here.
    fn target(&self, entry: &Entry, log: &Log, writer: &str, zone: Zone, spool: &[Spooled]) -> Result<Target, AppendError> {
        let branch = git::branch(self.root);
        // Lines of this file that another branch holds and this one does not: two
        // branches must not write on in one file, so the next number begins.
        let elsewhere = |name: &str| {
            let rel = format!("log/{}/{name}", entry.dept);
            let have = whole_lines(&self.root.join(&rel));
            spool.iter().any(|s| s.file == rel && s.branch != branch && !have.contains(&s.line))
        };
        let month = zone.day(entry.at).format("%Y-%m").to_string();
        let dir = self.root.join("log").join(&*entry.dept);
        let newest = log
            .files
            .iter()
            .filter(|f| f.writer == writer && self.same(&f.dept, &entry.dept))
            .max_by_key(|f| (f.month.clone(), number(&f.name)));
        if let Some(f) = newest.filter(|f| f.month == month && *f.dept == *entry.dept && f.header.is_some() && !elsewhere(&f.name)) {
            return Ok(Target { path: dir.join(&f.name), next_seq: f.last.0 + 1, previous: f.last.1.clone(), header: None });
        }
        let name = (1..)
            .map(|n| if n == 1 { format!("{month}.{writer}.jsonl") } else { format!("{month}.{writer}.{n}.jsonl") })
            .find(|n| !dir.join(n).exists() && !elsewhere(n))
            .expect("some number is free");
        let after = newest.map(|f| After {
            file: if *f.dept == *entry.dept { f.name.as_str().into() } else { format!("{}/{}", f.dept, f.name).into() },
            seq: f.last.0,
            h: f.last.1.as_str().into(),
        });
        let header = Header {
            seq: 0,
            log: "duban/1".into(),
            dept: entry.dept.clone(),
            month: month.into(),
            writer: writer.into(),
            after,
            h: "".into(),
        };
        Ok(Target { path: dir.join(name), next_seq: 1, previous: String::new(), header: Some(header) })
    }

    /// Newest line of every other writer's file that this writer has not seen yet.
    fn saw(&self, entry: &mut Entry, log: &Log, writer: &str) {
        let mut known = std::collections::HashMap::new();
        for r in &log.records {
            let f = &log.files[r.file as usize];
            if f.writer == writer && self.same(&f.dept, &entry.dept) {
                known.extend(r.entry.saw.iter().map(|(k, v)| (k.to_string(), v.to_string())));
            }
        }
        for f in &log.files {
            if f.writer == writer || !self.same(&f.dept, &entry.dept) {
                continue;
            }
            let name = if *f.dept == *entry.dept { f.name.clone() } else { format!("{}/{}", f.dept, f.name) };
            let value = format!("{}:{}", f.last.0, f.last.1);
            let old = known.get(&name).or_else(|| known.get(&f.name));
            if old != Some(&value) {
                entry.saw.insert(name.into(), value.into());
            }
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

    /// Cuts torn tails back (their bytes set aside) and restores lines that the spool
    /// holds and a file of this department has lost, where the branch is the same.
    fn put_back(&self, state: &StateFolder, dept: &str) -> Result<bool, AppendError> {
        let mut changed = false;
        let spool = state.spool();
        let branch = git::branch(self.root);
        let mut by_file: std::collections::BTreeMap<&str, String> = std::collections::BTreeMap::new();
        for s in spool.iter().filter(|s| s.branch == branch) {
            let folder = s.file.split('/').nth(1).unwrap_or("");
            if self.same(folder, dept) && !s.file.contains("..") {
                by_file.entry(&s.file).or_default().push_str(&s.line);
            }
        }
        for (file, lines) in by_file {
            let path = self.root.join(file);
            let have = whole_lines(&path);
            let whole = have.as_str();
            // Only what follows from the file as it is: its last lines are the spool's first.
            let from = if whole.is_empty() { Some(0) } else { overlap(whole, &lines) };
            if let Some(from) = from.filter(|f| *f < lines.len())
                && (whole.is_empty() && lines.starts_with("{\"seq\":0,") || !whole.is_empty())
            {
                self.write(state, &path, &lines[from..])?;
                changed = true;
            }
        }
        Ok(changed)
    }

    fn commit(&self, state: &StateFolder, plan: &Target, bytes: &str) -> Result<(), AppendError> {
        let rel = plan.path.strip_prefix(self.root).unwrap_or(&plan.path).to_string_lossy().replace('\\', "/");
        let spooled = serde_json::to_string(&Spooled { file: rel, branch: git::branch(self.root), line: bytes.into() })
            .expect("a spool line is plain data");
        // What would refuse the file is asked before the spool holds the entry: after that it
        // would be put back, although nobody was told so.
        self.refuse_odd(&plan.path)?;
        let path = state.0.join("spool.jsonl");
        if fs::symlink_metadata(&path).is_ok_and(|m| !m.is_file()) {
            return Err(AppendError::Odd(format!("{} is not a plain file", path.display())));
        }
        // A half line that a full disk left must not swallow this one.
        let torn = fs::read(&path).is_ok_and(|b| b.last().is_some_and(|l| *l != b'\n'));
        let spooled = if torn { format!("\n{spooled}") } else { spooled };
        let mut spool = io("opening the spool", OpenOptions::new().create(true).append(true).open(state.0.join("spool.jsonl")))?;
        io("writing the spool", spool.write_all(format!("{spooled}\n").as_bytes()))?;
        spool.sync_all().map_err(AppendError::NotConfirmed)?;
        // The spool holds the entry now and will put it back: whatever fails from here on
        // is not "not written" but "not confirmed".
        self.write(state, &plan.path, bytes).map_err(|e| match e {
            AppendError::Io { cause, .. } => AppendError::NotConfirmed(cause),
            AppendError::Odd(what) => AppendError::NotConfirmed(std::io::Error::other(what)),
            other => other,
        })
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
    fn write(&self, state: &StateFolder, path: &Path, bytes: &str) -> Result<(), AppendError> {
        let dir = path.parent().expect("a log file has a folder");
        let fresh = !path.exists();
        io(format!("making {}", dir.display()), fs::create_dir_all(dir))?;
        self.refuse_odd(path)?;
        let mut file = io(format!("opening {}", path.display()), OpenOptions::new().create(true).append(true).read(true).open(path))?;
        self.cut_torn(state, &mut file, path)?;
        io(format!("writing {}", path.display()), file.write_all(bytes.as_bytes()))?;
        file.sync_all().map_err(AppendError::NotConfirmed)?;
        if fresh {
            for folder in [dir, dir.parent().unwrap_or(dir)] {
                File::open(folder).and_then(|d| d.sync_all()).map_err(AppendError::NotConfirmed)?;
            }
        }
        Ok(())
    }

    fn cut_torn(&self, state: &StateFolder, file: &mut File, path: &Path) -> Result<(), AppendError> {
        let mut bytes = Vec::new();
        io("reading the log file", file.rewind().and_then(|()| file.read_to_end(&mut bytes)))?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        if whole < bytes.len() {
            let aside = state.0.join("aside");
            io("making the folder for torn bytes", fs::create_dir_all(&aside))?;
            let name = format!("{}.{}", path.file_name().unwrap_or_default().to_string_lossy(), self.now.timestamp_millis());
            io("setting torn bytes aside", fs::write(aside.join(name), &bytes[whole..]))?;
            io("cutting the torn tail", file.set_len(whole as u64))?;
            file.sync_all().map_err(AppendError::NotConfirmed)?;
        }
        Ok(())
    }
}

struct Target {
    path: PathBuf,
    next_seq: u64,
    previous: String,
    header: Option<Header>,
}

/// `….3.jsonl` is 3; without a number 1.
fn number(name: &str) -> u32 {
    name.strip_suffix(".jsonl").and_then(|s| s.rsplit_once('.')).and_then(|(_, n)| n.parse().ok()).unwrap_or(1)
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
fn whole_lines(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    let end = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// Where in `lines` the text after the end of `have` begins, if `have` ends in a prefix of `lines`.
fn overlap(have: &str, lines: &str) -> Option<usize> {
    let last = have.lines().next_back()?;
    let at = lines.find(&format!("{last}\n"))?;
    have.ends_with(&lines[..at + last.len() + 1]).then_some(at + last.len() + 1)
}

/// The line with its chain value filled in, and that value.
pub fn seal<T: Serialize>(value: &T, previous: &str) -> (String, String) {
    let text = serde_json::to_string(value).expect("a log line is plain data");
    let end = text.rfind(",\"h\":").expect("h is the last field of a line");
    let h = digest::chain(previous, &text.as_bytes()[..end]);
    (format!("{},\"h\":\"{h}\"}}\n", &text[..end]), h)
}
