//! A log file line by line, in bounded memory whatever stands in it.
//!
//! [`Lines`] gives one line at a time and the digest of everything read; a line longer
//! than allowed is passed over byte by byte and told as such. [`split`] takes a line
//! apart as bytes: its number, what is hashed, its chain value. Nothing here knows
//! what an entry means.

use crate::digest::Sum;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Longest line, LF not counted: 64 KiB.
pub const MAX_LINE: usize = 64 << 10;

/// Bytes read at once.
const BUFFER: usize = 256 << 10;

/// One line.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Its bytes without the LF; of one too long, the first 64 KiB.
    pub bytes: &'a [u8],
    /// False for what follows the last LF.
    pub whole: bool,
    /// Longer than [`MAX_LINE`].
    pub long: bool,
}

/// What has been read since the program began, for whoever shows how far it is and what it cost.
#[derive(Debug)]
pub struct Counts {
    /// Bytes of log files.
    pub bytes: AtomicU64,
    /// Entries taken in.
    pub entries: AtomicU64,
    /// Entries that did not have to be: they stand in the folded state of closed months.
    pub kept: AtomicU64,
}

/// The counts of this run.
pub static COUNTS: Counts = Counts { bytes: AtomicU64::new(0), entries: AtomicU64::new(0), kept: AtomicU64::new(0) };

/// Where the bytes come from.
enum Source {
    File(File),
    Text(io::Cursor<Vec<u8>>),
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::File(f) => f.read(into),
            Source::Text(t) => t.read(into),
        }
    }
}

thread_local! {
    /// The buffer of the file that was read last: a log has thousands of files, and to make room
    /// for each anew costs as much as reading it.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Drop for Lines {
    fn drop(&mut self) {
        SPARE.set(std::mem::take(&mut self.buffer));
    }
}

/// Reads a file line by line.
///
/// A buffer of its own and not `BufReader`: what was read is hashed a buffer at a time (line by
/// line cost a tenth of `verify`), and a line that lies in the buffer as a whole is not copied.
pub struct Lines {
    source: Source,
    buffer: Vec<u8>,
    /// Bytes of it that are used.
    room: usize,
    /// Read up to here.
    at: usize,
    /// Filled up to here.
    end: usize,
    /// Hashed up to here.
    hashed: usize,
    /// A line that began in an earlier buffer.
    line: Vec<u8>,
    /// Over everything read; `None` where nobody will ask for it.
    sum: Option<Sum>,
}

impl Lines {
    /// Opens a file; whether it is a regular one was asked before.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Lines> {
        let mut options = File::options();
        options.read(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
        Ok(Lines::over(Source::File(options.open(path)?), BUFFER))
    }

    /// The same, for whoever does not ask for the digest.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn bare(path: &Path) -> io::Result<Lines> {
        let mut lines = Lines::open(path)?;
        lines.sum = None;
        Ok(lines)
    }

    /// The same from a byte on, with a buffer of about so many bytes.
    ///
    /// # Errors
    /// When it cannot be opened or has no such place.
    pub fn bare_from(path: &Path, from: u64, buffer: u64) -> io::Result<Lines> {
        let mut lines = Lines::bare(path)?;
        lines.room = usize::try_from(buffer).unwrap_or(BUFFER).clamp(4096, BUFFER);
        if let Source::File(f) = &mut lines.source {
            f.seek(io::SeekFrom::Start(from))?;
        }
        Ok(lines)
    }

    /// Reads a text as if it stood in a file.
    pub fn of(text: &str) -> Lines {
        Lines::over(Source::Text(io::Cursor::new(text.as_bytes().to_vec())), BUFFER)
    }

    fn over(source: Source, room: usize) -> Lines {
        let mut buffer = SPARE.take();
        buffer.resize(BUFFER, 0);
        Lines { source, buffer, room, at: 0, end: 0, hashed: 0, line: Vec::new(), sum: Some(Sum::default()) }
    }

    /// Digest of every byte read so far.
    pub fn digest(&self) -> String {
        let mut sum = self.sum.clone().unwrap_or_default();
        sum.add(&self.buffer[self.hashed..self.at]);
        sum.hex()
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read on.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let (mut any, mut long) = (false, false);
        loop {
            if self.at == self.end && !self.fill()? {
                return Ok(any.then_some(Line { bytes: &self.line, whole: false, long }));
            }
            let rest = &self.buffer[self.at..self.end];
            let end = memchr::memchr(b'\n', rest);
            let (piece, taken) = end.map_or((rest, rest.len()), |i| (&rest[..i], i + 1));
            self.at += taken;
            if !any && end.is_some() && piece.len() <= MAX_LINE {
                let from = self.at - taken;
                return Ok(Some(Line { bytes: &self.buffer[from..self.at - 1], whole: true, long: false }));
            }
            any = true;
            let room = (MAX_LINE + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if self.line.len() > MAX_LINE {
                self.line.truncate(MAX_LINE);
                long = true;
            }
            if end.is_some() {
                return Ok(Some(Line { bytes: &self.line, whole: true, long }));
            }
        }
    }

    /// As many whole lines as lie in the buffer, with their LFs; `None` at the end. For whoever looks
    /// for a few lines among millions; not to be mixed with [`Lines::next`].
    ///
    /// # Errors
    /// When the file cannot be read on, or what follows is no whole line of allowed length.
    pub fn bulk(&mut self) -> io::Result<Option<&[u8]>> {
        if let Some(sum) = &mut self.sum {
            sum.add(&self.buffer[self.hashed..self.at]);
        }
        self.buffer.copy_within(self.at..self.end, 0);
        (self.end, self.at, self.hashed) = (self.end - self.at, 0, 0);
        loop {
            let read = match self.source.read(&mut self.buffer[self.end..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            COUNTS.bytes.fetch_add(read as u64, Ordering::Relaxed);
            self.end += read;
            if let Some(last) = memchr::memrchr(b'\n', &self.buffer[..self.end]) {
                self.at = last + 1;
                return Ok(Some(&self.buffer[..self.at]));
            }
            if read == 0 {
                return if self.end == 0 { Ok(None) } else { Err(io::ErrorKind::InvalidData.into()) };
            }
        }
    }

    /// The next bytes of the file; false at its end.
    fn fill(&mut self) -> io::Result<bool> {
        if let Some(sum) = &mut self.sum {
            sum.add(&self.buffer[self.hashed..self.at]);
        }
        (self.at, self.end, self.hashed) = (0, 0, 0);
        self.end = loop {
            match self.source.read(&mut self.buffer[..self.room]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        COUNTS.bytes.fetch_add(self.end as u64, Ordering::Relaxed);
        Ok(self.end > 0)
    }
}

/// Signs of a chain value.
const VALUE: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = (b as u8).is_ascii_alphanumeric() || matches!(b as u8, b'-' | b'_');
        b += 1;
    }
    table
};

/// A line taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape<'a> {
    /// Its number.
    pub seq: u64,
    /// The line, found to be UTF-8 on the way.
    pub text: &'a str,
    /// What is hashed: everything before the last `,"h":"`.
    pub body: &'a [u8],
    /// The chain value, 22 bytes.
    pub h: &'a [u8],
}

/// Takes a line apart; `None` when it has not the shape of a log line.
pub fn split(line: &[u8]) -> Option<Shape<'_>> {
    // …,"h":"22 characters"}
    let tail = line.len().checked_sub(6 + 22 + 2)?;
    let (body, end) = line.split_at(tail);
    let h = end.strip_prefix(b",\"h\":\"")?.strip_suffix(b"\"}")?;
    // Looked up and without a way out: asked of every line.
    if !h.iter().fold(true, |fine, b| fine & VALUE[*b as usize]) {
        return None;
    }
    let digits = body.strip_prefix(b"{\"seq\":")?;
    let n = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if n == 0 || n > 18 || n > 1 && digits[0] == b'0' || digits.get(n) != Some(&b',') {
        return None;
    }
    let text = simdutf8::basic::from_utf8(line).ok()?;
    let seq = digits[..n].iter().fold(0u64, |s, b| s * 10 + u64::from(b - b'0'));
    Some(Shape { seq, text, body, h })
}

/// `2026-11.officer-miit-7f3k.jsonl`, perhaps `….2.jsonl`: month, writer and number.
pub fn parse_name(name: &str) -> Option<(&str, &str, u32)> {
    let stem = name.strip_suffix(".jsonl")?;
    let (month, writer) = stem.split_once('.')?;
    let month_ok = month.len() == 7 && crate::model::time::parse_date(&format!("{month}-01")).is_ok();
    let (writer, number) = match writer.rsplit_once('.') {
        Some((w, n)) if !n.starts_with('0') && n != "1" && n.len() < 9 && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => {
            (w, n.parse().ok()?)
        }
        _ => (writer, 1),
    };
    let (by, mark) = writer.rsplit_once('-')?;
    let good = !by.is_empty()
        && mark.len() == 4
        && writer.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    (month_ok && good).then_some((month, writer, number))
}

/// Is it a folder name of a department?
pub fn is_dept(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart_or_not_at_all() {
        let line = br#"{"seq":12,"at":"x","h":"AAAAAAAAAAAAAAAAAAAAAA"}"#;
        let shape = split(line).unwrap();
        assert_eq!((shape.seq, shape.body, shape.h), (12, &br#"{"seq":12,"at":"x""#[..], &[b'A'; 22][..]));
        for bad in [&line[..line.len() - 1], b"", b"{\"seq\":012,\"h\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", b"x"] {
            assert_eq!(split(bad), None, "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn by_the_line_or_in_bulk_the_bytes_are_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        // Lines of every length up to the longest, in several buffers.
        let text: String = (0..600).map(|i| "长".repeat(i * 36) + "\n").collect();
        for text in ["", "\n", &text] {
            std::fs::write(&path, text).unwrap();
            let (mut one, mut many) = (Lines::open(&path).unwrap(), Lines::open(&path).unwrap());
            let (mut lines, mut bytes) = (0, Vec::new());
            while one.next().unwrap().is_some() {
                lines += 1;
            }
            while let Some(some) = many.bulk().unwrap() {
                assert!(some.ends_with(b"\n"));
                bytes.extend_from_slice(some);
            }
            assert_eq!((memchr::memchr_iter(b'\n', &bytes).count(), one.digest()), (lines, many.digest()));
            assert!(bytes == text.as_bytes());
        }
        for bad in [format!("{text}x"), "x".repeat(300_000)] {
            std::fs::write(&path, bad).unwrap();
            let mut many = Lines::open(&path).unwrap();
            let end = std::iter::from_fn(|| many.bulk().map(|s| s.map(<[u8]>::len)).transpose()).find(Result::is_err);
            assert!(end.is_some(), "a line without end was passed over");
        }
    }

    #[test]
    fn names_say_month_writer_and_number() {
        assert_eq!(parse_name("2026-11.officer-miit-7f3k.jsonl"), Some(("2026-11", "officer-miit-7f3k", 1)));
        assert_eq!(parse_name("2026-11.officer-miit-7f3k.2.jsonl"), Some(("2026-11", "officer-miit-7f3k", 2)));
        for bad in ["2026-13.a-7f3k.jsonl", "2026-11.officer.jsonl", "2026-11.a-7f3k.txt", "notes.jsonl", "2026-11.a-7f3k.02.jsonl"] {
            assert_eq!(parse_name(bad), None, "{bad}");
        }
    }
}
