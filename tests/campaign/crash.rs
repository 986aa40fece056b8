//! Power cuts and failing calls, by a disk that writes down what it is asked.
//!
//! A story of appends is told once over a recording disk. Then every state in which a
//! power cut could leave the folder is made: every prefix of the calls; the last write
//! torn at each byte; its space there but filled with zeros; whatever was not synced
//! dropped, names of new files included. In each the next entry is recorded, and then
//! every acknowledged entry must be there and the log whole.

use crate::damage::Second;
use crate::world::{append, draft, files, folder, look, lost, register};
use duban::log::append::AppendError;
use duban::log::disk::{Disk, Fail, Real};
use duban::model::Register;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One call, as it reached the disk.
#[derive(Clone)]
enum Call {
    Write(PathBuf, Vec<u8>),
    Sync(PathBuf),
    Cut(PathBuf, u64),
    Rename(PathBuf, PathBuf),
    SyncDir(PathBuf),
    Remove(PathBuf),
}

/// Does what the disk does and writes it down.
#[derive(Default)]
pub struct Recorder(Mutex<Vec<Call>>, State);

impl Recorder {
    /// Over a folder as it is, all of it on disk.
    pub fn over(root: &Path) -> Recorder {
        let mut state = State::new();
        let mut open = vec![root.to_path_buf()];
        while let Some(dir) = open.pop() {
            for e in std::fs::read_dir(dir).unwrap().flatten() {
                if e.path().is_dir() {
                    open.push(e.path());
                } else {
                    let bytes = std::fs::read(e.path()).unwrap();
                    state.insert(e.path(), Content { seen: bytes.clone(), kept: bytes, named: true, before: None });
                }
            }
        }
        Recorder(Mutex::default(), state)
    }
    /// Every state that a power cut could leave: between the calls with the unsynced kept
    /// and dropped, and each write torn and with zeros at every `step`-th byte.
    pub fn states(&self, step: usize) -> Vec<(String, BTreeMap<PathBuf, Vec<u8>>)> {
        let (mut state, mut out) = (self.1.clone(), Vec::new());
        for (n, call) in self.0.lock().unwrap().iter().enumerate() {
            if let Call::Write(path, bytes) = call {
                for at in (0..bytes.len()).step_by(step) {
                    let mut files = left(&state, false);
                    files.entry(path.clone()).or_default().extend_from_slice(&bytes[..at]);
                    out.push((format!("call {n}, torn at byte {at}"), files.clone()));
                    files.entry(path.clone()).or_default().extend(std::iter::repeat_n(0, bytes.len() - at));
                    out.push((format!("call {n}, zeros from byte {at}"), files));
                }
            }
            apply(&mut state, call);
            out.push((format!("after call {n}, all kept"), left(&state, false)));
            out.push((format!("after call {n}, unsynced dropped"), left(&state, true)));
        }
        out
    }
    fn note(&self, call: Call) {
        self.0.lock().unwrap().push(call);
    }
    fn calls(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Disk for Recorder {
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        self.note(Call::Write(path.into(), bytes.into()));
        Real.append(path, bytes)?;
        self.note(Call::Sync(path.into()));
        Ok(())
    }
    fn cut(&self, path: &Path, length: u64) -> Result<(), Fail> {
        self.note(Call::Cut(path.into(), length));
        Real.cut(path, length)?;
        self.note(Call::Sync(path.into()));
        Ok(())
    }
    fn create(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        self.note(Call::Write(path.into(), bytes.into()));
        Real.create(path, bytes)?;
        self.note(Call::Sync(path.into()));
        Ok(())
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Call::Rename(from.into(), to.into()));
        Real.rename(from, to)
    }
    fn make_dirs(&self, path: &Path) -> io::Result<()> {
        Real.make_dirs(path)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.note(Call::SyncDir(path.into()));
        Real.sync_dir(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note(Call::Remove(path.into()));
        Real.remove(path)
    }
}

/// A file as the system sees it and as the disk has it.
#[derive(Clone, Default)]
struct Content {
    seen: Vec<u8>,
    kept: Vec<u8>,
    /// Its name is on disk.
    named: bool,
    /// What stood under its name until a rename that is not on disk yet.
    before: Option<Vec<u8>>,
}

/// A folder on its way to the disk.
type State = BTreeMap<PathBuf, Content>;

fn apply(state: &mut State, call: &Call) {
    match call {
        Call::Write(p, bytes) => state.entry(p.clone()).or_default().seen.extend_from_slice(bytes),
        Call::Sync(p) => {
            if let Some(c) = state.get_mut(p) {
                c.kept = c.seen.clone();
            }
        }
        Call::Cut(p, n) => {
            if let Some(c) = state.get_mut(p) {
                c.seen.truncate(*n as usize);
            }
        }
        Call::Rename(a, b) => {
            if let Some(c) = state.remove(a) {
                // Until the folder is synced either file may stand under the name.
                let before = state.remove(b).filter(|o| o.named).map(|o| o.kept);
                state.insert(b.clone(), Content { named: false, before, ..c });
            }
        }
        Call::SyncDir(d) => state.iter_mut().filter(|(p, _)| p.parent() == Some(d)).for_each(|(_, c)| c.named = true),
        Call::Remove(p) => drop(state.remove(p)),
    }
}

/// The files that a power cut leaves, in the mildest and in the harshest reading.
fn left(state: &State, harsh: bool) -> BTreeMap<PathBuf, Vec<u8>> {
    let some = state.iter().filter(|(_, c)| !harsh || c.named || c.before.is_some());
    some.map(|(p, c)| {
        let bytes = match (&c.before, harsh) {
            (_, false) => c.seen.clone(),
            (Some(before), true) if !c.named => before.clone(),
            (_, true) => c.kept.clone(),
        };
        (p.clone(), bytes)
    })
    .collect()
}

/// The story: two writers, a new month, several entries in one step.
fn story(root: &Path, register: &Register, disk: &dyn Disk, after: &mut dyn FnMut(Result<Vec<String>, AppendError>)) {
    for n in 0..27u64 {
        let (dept, by) = [("DEP-A", "officer-a"), ("DEP-B", "officer-b"), ("DEP-A", "officer-c")][(n % 3) as usize];
        let many = if n % 4 == 3 { 3 } else { 1 };
        let drafts = (0..many).map(|m| draft(dept, by, &format!("进展 {n}.{m}"))).collect();
        let minute = if n > 14 { 45_000 + n } else { n };
        let done = append(root, register, minute, drafts, disk);
        after(done.map(|all| all.into_iter().map(|e| e.h.to_string()).collect()));
    }
}

/// Records one more entry in what is left, and looks.
fn recover(case: &Path, register: &Register, promised: &[String], what: &str) {
    let next = append(case, register, 50_000, vec![draft("DEP-A", "officer-a", "之后"), draft("DEP-B", "officer-b", "之后")], &Real);
    let more = append(case, register, 50_001, vec![draft("DEP-A", "officer-c", "之后")], &Real);
    if let Err(e) = next.and(more) {
        lost(&format!("{what}: the next entry was refused: {e}"));
    }
    let text: String = files(case).into_iter().map(|(_, b)| String::from_utf8_lossy(&b).into_owned()).collect();
    if let Some(h) = promised.iter().find(|h| text.matches(h.as_str()).count() == 0) {
        lost(&format!("{what}: the acknowledged entry {h} is missing"));
    }
    let report = look(case, true);
    if !report.whole() {
        let kept = std::env::temp_dir().join("duban-campaign-lost");
        let _ = std::fs::remove_dir_all(&kept);
        copy(case, &kept);
        lost(&format!("{what}: not whole: {:?}; the folder is {}", report.troubles, kept.display()));
    }
}

/// The folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    let _ = std::fs::create_dir_all(to);
    for e in std::fs::read_dir(from).into_iter().flatten().flatten() {
        if e.path().is_dir() { copy(&e.path(), &to.join(e.file_name())) } else { drop(std::fs::copy(e.path(), to.join(e.file_name()))) }
    }
}

/// Every state that a power cut could leave, at most so many.
pub fn states(count: u64) -> String {
    let home = folder();
    let register = register(home.path());
    let root = home.path().join("r");
    std::fs::create_dir_all(&root).unwrap();
    let recorder = Recorder::default();
    // Acknowledged after so many calls.
    let mut promised: Vec<(usize, String)> = Vec::new();
    story(&root, &register, &recorder, &mut |done| {
        let n = recorder.calls();
        promised.extend(done.unwrap_or_else(|e| lost(&format!("the story itself failed: {e}"))).into_iter().map(|h| (n, h)));
    });
    let Recorder(calls, _) = recorder;
    let mut calls = calls.into_inner().unwrap();
    if std::env::var_os("CONTROL").is_some() {
        // A program that never syncs: the campaign must find the loss, or it is worth nothing.
        calls.retain(|c| !matches!(c, Call::Sync(_)));
    }
    let (mut state, mut done, mut torn, mut zeros, mut dropped) = (State::new(), 0u64, 0u64, 0u64, 0u64);
    let case = home.path().join("case");
    let mut second = Second::new();
    let mut ask = |files: BTreeMap<PathBuf, Vec<u8>>, upto: usize, what: &str| {
        let _ = std::fs::remove_dir_all(&case);
        std::fs::create_dir_all(case.join(".duban")).unwrap();
        for (path, bytes) in files {
            let to = case.join(path.strip_prefix(&root).unwrap());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, bytes).unwrap();
        }
        second.add(&case, &look(&case, false));
        let due: Vec<String> = promised.iter().filter(|(n, _)| *n <= upto).map(|(_, h)| h.clone()).collect();
        recover(&case, &register, &due, what);
    };
    for (n, call) in calls.iter().enumerate() {
        if let Call::Write(path, bytes) = call {
            for at in 0..bytes.len() {
                if done >= count {
                    break;
                }
                let mut files = left(&state, false);
                files.entry(path.clone()).or_default().extend_from_slice(&bytes[..at]);
                ask(files, n, &format!("call {n}, torn at byte {at}"));
                (torn, done) = (torn + 1, done + 1);
                // The blocks are there and their content is not: from 512 to 512 bytes.
                if at % 512 == 0 {
                    let mut files = left(&state, false);
                    let file = files.entry(path.clone()).or_default();
                    file.extend_from_slice(&bytes[..at]);
                    file.extend(std::iter::repeat_n(0, bytes.len() - at));
                    ask(files, n, &format!("call {n}, zeros from byte {at}"));
                    (zeros, done) = (zeros + 1, done + 1);
                }
            }
        }
        apply(&mut state, call);
        for harsh in [false, true] {
            ask(left(&state, harsh), n + 1, &format!("after call {n}, {}", if harsh { "unsynced dropped" } else { "all kept" }));
            (dropped, done) = (dropped + 1, done + 1);
        }
    }
    format!(
        "{done} states of {} calls: {torn} torn, {zeros} with zeros, {dropped} whole or with the unsynced dropped; {} entries promised, 0 missing, every one whole after the next entry; {}",
        calls.len(),
        promised.len(),
        second.ask()
    )
}

/// Lays out a state recorded over `root` as that folder.
pub fn rebuild(root: &Path, state: &BTreeMap<PathBuf, Vec<u8>>) {
    let _ = std::fs::remove_dir_all(root);
    for (path, bytes) in state {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// How a call fails.
pub const KINDS: [(&str, i32); 4] = [("EIO", 5), ("ENOSPC", 28), ("EINTR", 4), ("half written", 28)];

/// Fails at the n-th call.
pub struct Faulty {
    left: AtomicUsize,
    kind: usize,
}

impl Faulty {
    /// The n-th call fails in that way.
    pub fn at_call(n: usize, kind: usize) -> Faulty {
        Faulty { left: AtomicUsize::new(n), kind }
    }
    /// There were fewer calls than that.
    pub fn spared(&self) -> bool {
        (1..usize::MAX / 2).contains(&self.left.load(Ordering::Relaxed))
    }
    fn now(&self) -> Option<io::Error> {
        let n = self.left.fetch_sub(1, Ordering::Relaxed);
        (n == 1).then(|| io::Error::from_raw_os_error(KINDS[self.kind].1))
    }
    fn at(&self) -> io::Result<()> {
        self.now().map_or(Ok(()), Err)
    }
    /// Two calls each: the writing and the sync.
    fn both(&self, path: &Path, bytes: &[u8], write: impl Fn(&[u8]) -> Result<(), Fail>) -> Result<(), Fail> {
        if let Some(e) = self.now() {
            if self.kind == 3 {
                let _ = write(&bytes[..bytes.len() / 2]);
            }
            return Err(Fail::Write(e));
        }
        let _ = path;
        write(bytes)?;
        self.at().map_err(Fail::Sync)
    }
}

impl Disk for Faulty {
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        self.both(path, bytes, |b| Real.append(path, b))
    }
    fn cut(&self, path: &Path, length: u64) -> Result<(), Fail> {
        self.at().map_err(Fail::Write)?;
        Real.cut(path, length)
    }
    fn create(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        self.both(path, bytes, |b| Real.create(path, b))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.at()?;
        Real.rename(from, to)
    }
    fn make_dirs(&self, path: &Path) -> io::Result<()> {
        self.at()?;
        Real.make_dirs(path)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.at()?;
        Real.sync_dir(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.at()?;
        Real.remove(path)
    }
}

/// Each call of the story fails once, in each way; what was acknowledged must be there.
pub fn faults() -> String {
    let home = folder();
    let register = register(home.path());
    let (mut failed, mut refused) = (0, 0);
    for (kind, (name, _)) in KINDS.iter().enumerate() {
        for n in 1.. {
            let root = home.path().join("r");
            let _ = std::fs::remove_dir_all(&root);
            std::fs::create_dir_all(&root).unwrap();
            let disk = Faulty::at_call(n, kind);
            let mut promised = Vec::new();
            story(&root, &register, &disk, &mut |done| match done {
                Ok(all) => promised.extend(all),
                Err(_) => refused += 1,
            });
            recover(&root, &register, &promised, &format!("{name} at call {n}"));
            failed += 1;
            // The counter was not used up: there are no more calls.
            if disk.spared() {
                failed -= 1;
                break;
            }
        }
    }
    format!(
        "{failed} calls failed in {} ways, {refused} entries refused or not confirmed, 0 acknowledged ones missing, whole after the next entry",
        KINDS.len()
    )
}
