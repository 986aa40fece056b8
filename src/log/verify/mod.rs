//! Is the log whole? Every trouble by its own word (`src/log/FORMAT.md`).
//!
//! Order of things: [`file`] reads each file once, in bounded memory, and asks [`chain`]
//! only of a file that does not hold; [`witness`] holds the files against what others say
//! of them: later files, colleagues' `saw`, the spool; [`checkpoint`] against signed-off
//! states; [`history`] against git. A witness that could not be heard is named, never
//! passed over.
//!
//! `check` reads entries (`log::read`); this reads bytes. Memory grows with files and
//! references, not with entries; a broken file is read a second time, alone.

pub mod chain;
pub mod checkpoint;
mod file;
mod history;
mod options;
mod trouble;
mod witness;

pub use file::{MOST, Seen, read_file, root};
pub use history::Against;
pub use options::Options;
pub use trouble::{Brief, Heard, Report, Signature, Trouble, Word};

/// Verifies a log.
pub fn verify(o: &Options) -> (Report, Vec<Seen>) {
    let mut report = Report::default();
    let found = file::find(o.root, &mut report.troubles);
    let mut seen: Vec<Seen> = Vec::with_capacity(found.len());
    let all = found.len();
    for (n, place) in found.into_iter().enumerate() {
        if let Some(one) = read_file(o.root, &place.0, &place.1, &mut report.troubles, &mut report.more) {
            seen.push(one);
        }
        if let Some(tell) = o.progress {
            tell(n + 1, all);
        }
    }
    file::siblings(o.root, &mut seen, &mut report.troubles);
    report.files = seen.len();
    report.lines = seen.iter().map(|s| s.lines).sum();
    report.entries = seen.iter().map(|s| s.entries).sum();
    report.root = root(seen.iter().map(|s| (s.path(), s.digest.as_str())));
    let mut hall = witness::Hall::new(o.root, &seen, std::mem::take(&mut report.troubles));
    hall.references(&mut report.heard);
    hall.spool(o, &mut report.heard);
    checkpoint::hear(o, &seen, &mut hall, &mut report);
    history::hear(o, &mut hall, &seen, &mut report);
    report.troubles = hall.troubles;
    report.troubles.sort_by(|a, b| (&a.file, a.line, a.word, a.seq).cmp(&(&b.file, b.line, b.word, b.seq)));
    (report, seen)
}
