//! Writes what is kept, while the log is read: after its last closed month, and under its name
//! only when everything has been read and found right.
//!
//! Nothing is synced and nothing is told: a file that is half there is passed over, one that
//! cannot be written is not missed.

use super::pack::Out;
use super::stat::{Moment, Stat};
use super::states;
use crate::log::State;
use crate::log::disk;
use crate::log::lean::sheet::{Sheet, Taken};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

/// What is kept, under way.
pub struct Keeper<'a> {
    key: &'a super::Key,
    fresh: NamedTempFile,
    /// When it was begun, by the clock of the disk.
    begun: Moment,
}

/// What is to be kept besides the states.
pub struct Account<'a> {
    /// The newest month in it.
    pub month: &'a str,
    /// All files of the log, and what is known of those up to that month.
    pub files: (&'a [Sheet<'a>], &'a [Taken]),
    /// Entries in them.
    pub entries: u32,
    /// What corrections name that is not there.
    pub dangling: Vec<&'a str>,
    /// Lines of later files that were seen: file, seq, `h`.
    pub claims: Vec<(String, u64, &'a str)>,
    /// Place of an open block or breach and the chain values that name it.
    pub opened: Vec<(u32, Vec<&'a str>)>,
}

impl<'a> Keeper<'a> {
    /// Begins, before a byte of the log is read: what the system says of a file must be older
    /// than what was read of it.
    pub fn begin(key: &'a super::Key) -> Option<Keeper<'a>> {
        key.state.make(&disk::Real).ok()?;
        let dir = key.dir();
        if fs::symlink_metadata(&dir).is_err() {
            fs::create_dir(&dir).ok()?;
        }
        if !fs::symlink_metadata(&dir).ok()?.is_dir() {
            return None;
        }
        sweep(&dir);
        let fresh = tempfile::Builder::new().prefix(".").suffix(".new").tempfile_in(dir).ok()?;
        let begun = Stat::of(&fresh.as_file().metadata().ok()?)?.written;
        Some(Keeper { key, fresh, begun })
    }

    /// Are these files as they were when the walk met them, and left alone long enough?
    pub fn trusts<'s>(&self, mut sheets: impl Iterator<Item = &'s Sheet<'s>>) -> bool {
        sheets.all(|s| {
            let now = fs::symlink_metadata(s.path).ok().and_then(|m| Stat::of(&m));
            now == s.stat && now.is_some_and(|n| n.still(self.begun, self.key.still))
        })
    }

    /// Writes it down. `unlawful`: entries refused besides those that the states know of.
    ///
    /// # Errors
    /// When that is not possible; then nothing is kept.
    pub fn write(&mut self, account: &Account, all: &[State], unlawful: impl Fn(u32) -> u32) -> io::Result<()> {
        let mut out = Out::new(self.fresh.as_file_mut());
        self::head(&mut out, self.key, account.month, self.begun);
        files(&mut out, account);
        out.four(account.entries);
        out.number(account.dangling.len() as u64);
        account.dangling.iter().for_each(|h| out.text(h));
        out.number(account.claims.len() as u64);
        for (file, seq, h) in &account.claims {
            out.text(file);
            out.number(*seq);
            out.text(h);
        }
        out.number(all.len() as u64);
        all.iter().enumerate().for_each(|(i, state)| states::write(&mut out, state, unlawful(i as u32)));
        out.number(account.opened.len() as u64);
        for (place, names) in &account.opened {
            out.four(*place);
            out.number(names.len() as u64);
            names.iter().for_each(|h| out.text(h));
        }
        out.end().map(drop)
    }

    /// Gives it its name: whatever stood there, a link too, is gone.
    pub fn done(self) {
        let _ = self.fresh.persist(self.key.dir().join(&self.key.name));
    }
}

/// Takes away what a run that was killed has left half; one that is still at it keeps nothing then,
/// and is not missed either.
fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') && name.ends_with(".new") && entry.file_type().is_ok_and(|t| t.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn head(out: &mut Out<&mut File>, key: &super::Key, month: &str, begun: Moment) {
    out.text(super::MAGIC);
    out.text(env!("DUBAN_BUILD"));
    out.signed(i64::from(key.zone));
    out.text(&key.register);
    out.text(month);
    out.signed(begun.0);
    out.signed(begun.1);
}

fn files(out: &mut Out<&mut File>, account: &Account) {
    let (sheets, taken) = account.files;
    let all = || sheets.iter().zip(taken).filter(|(s, _)| s.month <= account.month);
    out.number(all().count() as u64);
    for (sheet, taken) in all() {
        let (Some(stat), Some(header)) = (&sheet.stat, &taken.header) else { continue };
        out.word(sheet.dept);
        out.text(sheet.name);
        out.number(stat.size);
        [stat.written.0, stat.written.1, stat.changed.0, stat.changed.1].into_iter().for_each(|n| out.signed(n));
        out.number(stat.number);
        out.number(stat.disk);
        out.text(&sheet.digest);
        out.number(taken.lines as u64);
        out.number(taken.last.0);
        out.text(&taken.last.1);
        out.text(&header.h);
        out.number(u64::from(header.after.is_some()));
        if let Some(after) = &header.after {
            out.text(&after.file);
            out.number(after.seq);
            out.text(&after.h);
        }
    }
}
