//! A file as the system describes it: what tells, without reading it, that nobody wrote to it.
//!
//! As git's index does it: size, both times to the nanosecond, and which file it is. A file that
//! was written within [`RACY`] before it was looked at is not believed: a second change within
//! one tick of the clock would leave no trace.

use std::fs::Metadata;
use std::time::Duration;

/// How long a file must have been left alone.
pub const RACY: Duration = Duration::from_secs(2);

/// Seconds since 1970 and nanoseconds, by the clock of the disk.
pub type Moment = (i64, i64);

/// What the system says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Bytes.
    pub size: u64,
    /// When its bytes were last written.
    pub written: Moment,
    /// When anything about it was last changed; nobody can set this one.
    pub changed: Moment,
    /// Its number on the disk.
    pub number: u64,
    /// The disk.
    pub disk: u64,
}

impl Stat {
    /// Of a file; `None` where the system does not tell enough.
    #[cfg(unix)]
    pub fn of(meta: &Metadata) -> Option<Stat> {
        use std::os::unix::fs::MetadataExt;
        Some(Stat {
            size: meta.len(),
            written: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
            number: meta.ino(),
            disk: meta.dev(),
        })
    }
    /// Of a file; `None` where the system does not tell enough.
    #[cfg(not(unix))]
    pub fn of(_: &Metadata) -> Option<Stat> {
        None
    }

    /// Had it been left alone for so long at a moment?
    pub fn still(&self, at: Moment, long: Duration) -> bool {
        let nanos = |(s, n): Moment| i128::from(s) * 1_000_000_000 + i128::from(n);
        nanos(self.written.max(self.changed)) + long.as_nanos() as i128 <= nanos(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_believed_once_it_was_left_alone() {
        let stat = Stat { size: 1, written: (10, 0), changed: (11, 5), number: 1, disk: 1 };
        assert!(!stat.still((13, 4), RACY));
        assert!(stat.still((13, 5), RACY));
        assert!(!stat.still((9, 0), RACY), "a clock that was set back");
    }
}
