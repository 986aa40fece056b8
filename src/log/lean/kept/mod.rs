//! The folded state of closed months: kept in the state folder, derived, and never needed.
//!
//! Months before the clock's own are closed: nobody writes there any more, and if somebody does,
//! the file no longer is the one that was read ([`stat`]). So a run over a large log leaves
//! behind what its closed months come to, and the next one begins there and reads the open
//! months alone. One file a register, `folded/NAME`, in this order:
//!
//! 1. what it is for: this very program, the zone, every byte of the register's YAML;
//! 2. the files that it stands for, each as the system described it *before* it was read;
//! 3. counts, corrections that fix nothing, lines of open months that closed ones had seen;
//! 4. every state, and by which chain values open blocks and breaches are named;
//! 5. the digest of all that.
//!
//! Anything that is not exactly so (another program, another file, a bit that fell over) and
//! the file is passed over; the log is read as if it were not there. Nobody is told, because
//! nothing is wrong. [`keeper`] writes it, [`states`] and [`pack`] make bytes of it.

pub mod keeper;
mod pack;
pub mod stat;
mod states;

use super::at::At;
use super::sheet::{Sheet, Taken};
use crate::digest::{self, Running};
use crate::log::State;
use crate::log::spool::StateFolder;
use crate::model::entry::After;
use crate::model::{Header, Register};
use pack::In;
use stat::{Moment, RACY, Stat};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

/// Bytes of closed log below which nothing is kept: about twenty thousand entries, read in the
/// time in which git says where its folder is.
pub const WORTH: u64 = 4 << 20;

/// What stands at the beginning.
const MAGIC: &str = "duban folded state 1\n";

/// Where the folded state is kept.
pub struct Keep<'a> {
    /// The state folder; asked only where it is worth it.
    pub state: &'a dyn Fn() -> Option<StateFolder>,
    /// Bytes of closed log from which on it is worth it.
    pub worth: u64,
    /// How long a file must have been left alone before it is believed.
    pub still: Duration,
}

impl<'a> Keep<'a> {
    /// As the program does it.
    pub fn usual(state: &'a dyn Fn() -> Option<StateFolder>) -> Keep<'a> {
        Keep { state, worth: WORTH, still: RACY }
    }
}

/// What a folded state is for.
pub struct Key {
    /// The state folder.
    state: StateFolder,
    /// Name of the file: one a register, however often the register changes.
    name: String,
    zone: i32,
    register: String,
    still: Duration,
}

impl Key {
    /// Of a register; `None` where there is no state folder.
    pub fn of(keep: &Keep, at: &At, register: &Register) -> Option<Key> {
        let state = (keep.state)()?;
        let here = at.root.canonicalize().ok()?;
        let mut sum = Running::default();
        for file in &register.files {
            let path = file.path.strip_prefix(at.root).unwrap_or(&file.path);
            sum.add(&path.to_string_lossy(), file.text.as_bytes());
        }
        let name = digest::hex(here.to_string_lossy().as_bytes())[..16].to_string();
        Some(Key { state, name, zone: at.zone.0.local_minus_utc(), register: sum.short(64), still: keep.still })
    }

    fn dir(&self) -> PathBuf {
        self.state.path.join("folded")
    }
}

/// A file of a closed month as it was read.
pub struct Closed {
    /// What is known of it.
    pub taken: Taken,
    /// Its digest.
    pub digest: String,
}

/// What was kept.
pub struct Kept {
    /// The newest month in it.
    pub month: String,
    /// One for every file up to that month, in the order of the paths.
    pub files: Vec<Closed>,
    /// Entries in them.
    pub entries: u32,
    /// What corrections name that is not there: if an open month has it, all is different.
    pub dangling: HashSet<Box<str>>,
    /// Lines of open months that were seen: file, seq, `h`.
    pub claims: Vec<(Box<str>, u64, Box<str>)>,
    /// States at the end of the month, without lights.
    pub states: Vec<State>,
    /// Place of an open block or breach to the chain values that name it.
    pub opened: HashMap<u32, Vec<Box<str>>>,
}

/// Reads what was kept; `None` where there is nothing that is exactly for this.
///
/// `closed`: months before it are closed; `duties`: how many assignments there are.
pub fn load(key: &Key, sheets: &[Sheet], closed: &str, duties: usize) -> Option<Kept> {
    if !std::fs::symlink_metadata(key.dir()).ok()?.is_dir() {
        return None;
    }
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    let file = options.open(key.dir().join(&key.name)).ok()?;
    let meta = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut from = In::new(file, meta.len())?;
    let is_for = from.text()? == MAGIC
        && from.text()? == env!("DUBAN_BUILD")
        && from.signed()? == i64::from(key.zone)
        && from.text()? == key.register;
    let month = from.text().filter(|m| is_for && **m < *closed)?;
    let then = (from.signed()?, from.signed()?);
    let mut wanted = sheets.iter().filter(|s| *s.month <= *month);
    let many = from.number()?;
    let mut files = Vec::new();
    for _ in 0..many {
        files.push(self::file(&mut from, wanted.next()?, then, key.still)?);
    }
    if wanted.next().is_some() {
        return None;
    }
    let entries = from.four()?;
    let mut dangling = HashSet::new();
    for _ in 0..from.number()? {
        dangling.insert(from.text()?.into());
    }
    let mut claims = Vec::new();
    for _ in 0..from.number()? {
        claims.push((from.text()?.into(), from.number()?, from.text()?.into()));
    }
    if from.number()? != duties as u64 {
        return None;
    }
    let mut all = Vec::with_capacity(duties);
    for _ in 0..duties {
        all.push(states::read(&mut from)?);
    }
    let mut opened = HashMap::new();
    for _ in 0..from.number()? {
        let place = from.four()?;
        let mut names = Vec::new();
        for _ in 0..from.number()? {
            names.push(from.text()?.into());
        }
        opened.insert(place, names);
    }
    from.whole()?;
    Some(Kept { month, files, entries, dangling, claims, states: all, opened })
}

/// One file, if it still is the one that was read.
fn file<R: Read>(from: &mut In<R>, sheet: &Sheet, then: Moment, still: Duration) -> Option<Closed> {
    let same = *from.word()? == *sheet.dept && from.text()? == sheet.name;
    let size = from.number()?;
    let written = (from.signed()?, from.signed()?);
    let changed = (from.signed()?, from.signed()?);
    let stat = Stat { size, written, changed, number: from.number()?, disk: from.number()? };
    if !same || sheet.stat != Some(stat) || !stat.still(then, still) {
        return None;
    }
    let digest = from.text()?;
    let lines: usize = from.small()?;
    let last = (from.number()?, from.text()?);
    let h = from.text()?.into();
    let after = match from.number()? {
        0 => None,
        _ => Some(After { file: from.text()?.into(), seq: from.number()?, h: from.text()?.into() }),
    };
    let (dept, month, writer) = (sheet.dept.into(), sheet.month.into(), sheet.writer.into());
    let header = Some(Header { seq: 0, log: "duban/1".into(), dept, month, writer, after, h });
    Some(Closed { taken: Taken::closed(header, last, lines), digest })
}
