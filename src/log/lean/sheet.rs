//! One file of the log, read once: its chain held, its entries boiled down.

use super::at::At;
use super::fixes::Fixes;
use super::kept::stat::Stat;
use super::line::Line;
use super::quick;
use crate::digest;
use crate::log::act::{Act, Says};
use crate::log::lines::{Lines, split};
use crate::log::whose::Matcher;
use crate::model::{Due, Event, Header, Zone};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use std::collections::HashMap;
use std::path::Path;

/// A file of the log before it is read.
pub struct Sheet<'a> {
    /// Folder under `log/`.
    pub dept: &'a str,
    /// File name.
    pub name: &'a str,
    /// Where it is.
    pub path: &'a Path,
    /// Path to print.
    pub shown: &'a str,
    /// `2026-11`.
    pub month: &'a str,
    /// `officer-miit-7f3k`.
    pub writer: &'a str,
    /// `officer-miit`.
    pub by: &'a str,
    /// Bytes, to share out the work by.
    pub size: u64,
    /// What the system says of it.
    pub stat: Option<Stat>,
    /// SHA-256 of the file, once known.
    pub digest: String,
    /// Its lines when the digest was taken.
    pub lines: usize,
}

/// What a file is held against.
pub struct Desk<'a> {
    /// Whose entries they are.
    pub matcher: &'a Matcher<'a>,
    /// Corrections and what they fix.
    pub fixes: &'a Fixes,
    /// When one looks.
    pub at: &'a At<'a>,
}

/// How far a file has been read, and what is kept of it for good.
#[derive(Clone, Default)]
pub struct Taken {
    /// Its first line.
    pub header: Option<Header>,
    /// Newest line: seq and chain value.
    pub last: (u64, String),
    /// Lines, header included.
    pub lines: usize,
    /// Bytes of them.
    bytes: u64,
    /// When the newest entry was recorded.
    at: Option<i64>,
}

impl Taken {
    /// A file read earlier, to its end.
    pub fn closed(header: Option<Header>, last: (u64, String), lines: usize) -> Taken {
        Taken { header, last, lines, ..Taken::default() }
    }
}

/// An entry boiled down; texts are numbers in its file's table.
#[derive(Debug, Clone, Copy)]
pub struct Small {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Number in the file.
    pub seq: u32,
    /// Its assignment.
    pub duty: Option<u32>,
    /// Recording day.
    pub day: NaiveDate,
    until: Option<Due>,
    agreed: u32,
    /// First piece of evidence.
    first: u32,
    pieces: u16,
    /// Number of [`Side`], from 1.
    side: u32,
    event: Event,
    percent: Option<u8>,
    says: Says,
    /// A correction, or something that one fixes.
    pub special: bool,
}

/// What only blocks, breaches and their ends need.
struct Side {
    own: Box<str>,
    reference: Option<Box<str>>,
}

/// A file boiled down.
#[derive(Default)]
pub struct Gist {
    /// Number of the file.
    pub sheet: u32,
    /// Its entries.
    pub smalls: Vec<Small>,
    /// Lines of other files that must be there: name, seq, `h`.
    pub claims: Vec<(Box<str>, u64, Box<str>)>,
    /// What is kept.
    pub taken: Taken,
    texts: Vec<Box<str>>,
    pieces: Vec<(u32, NaiveDate)>,
    sides: Vec<Side>,
}

impl Gist {
    /// What the lifecycle looks at in an entry.
    pub fn act<'a>(&'a self, i: usize, by: &'a str) -> Act<'a> {
        let small = &self.smalls[i];
        let text = |n: u32| &*self.texts[n as usize - 1];
        let from = small.first as usize;
        Act {
            event: small.event,
            by,
            agreed: (small.agreed > 0).then(|| text(small.agreed)),
            percent: small.percent,
            until: small.until,
            reference: self.side(small).and_then(|s| s.reference.as_deref()),
            says: small.says,
            evidence: self.pieces[from..from + small.pieces as usize].iter().map(|(kind, day)| (text(*kind), *day)).collect(),
        }
    }

    fn side(&self, small: &Small) -> Option<&Side> {
        (small.side as usize).checked_sub(1).map(|i| &self.sides[i])
    }

    /// The `h` of a block or breach; empty for others.
    pub fn own(&self, i: usize) -> &str {
        self.side(&self.smalls[i]).map_or("", |s| &s.own)
    }
}

/// Which part of a file is wanted.
#[derive(Clone, Copy)]
pub struct Slice {
    /// Entries before this instant, in milliseconds since 1970; `None` to the end of the file.
    pub before: Option<i64>,
    /// Bytes to read at once.
    pub buffer: u64,
    /// How many slices there are, to know about how many entries come.
    pub many: u64,
}

/// Reads a file on from where it was left; `None` at the first thing that is not as it should be.
pub fn read(sheet: &Sheet, number: u32, so_far: &Taken, slice: Slice, desk: &Desk) -> Option<Gist> {
    let mut lines = Lines::bare_from(sheet.path, so_far.bytes, slice.buffer).ok()?;
    let mut gist = Gist { sheet: number, taken: so_far.clone(), ..Gist::default() };
    // An entry has two hundred bytes or so; a wrong guess costs no more than none.
    gist.smalls.reserve((sheet.size / slice.many / 200).min(100_000) as usize);
    let led = desk.matcher.of_dept(sheet.dept);
    let mut maker = Maker { sheet, desk, led, texts: HashMap::new(), month: month(sheet.month)?, last: so_far.at, midnight: None };
    let mut prev = [0u8; 22];
    if so_far.lines > 0 {
        prev.copy_from_slice(so_far.last.1.as_bytes());
    }
    while let Some(line) = lines.next().ok()? {
        let shape = split(line.bytes).filter(|_| line.whole && !line.long)?;
        let first = gist.taken.lines == 0;
        if shape.seq != gist.taken.lines as u64 || !digest::follows(if first { b"" } else { &prev }, shape.body, shape.h) {
            return None;
        }
        if first {
            gist.header(shape.text, sheet)?;
        } else if !maker.entry(&mut gist, shape.text, slice.before)? {
            // It belongs to a later slice, which will read it again.
            break;
        }
        prev.copy_from_slice(shape.h);
        gist.taken.lines += 1;
        gist.taken.bytes += line.bytes.len() as u64 + 1;
    }
    let last = gist.taken.lines.checked_sub(1)?;
    gist.taken.last = (last as u64, String::from_utf8(prev.to_vec()).ok()?);
    gist.taken.at = maker.last;
    Some(gist)
}

impl Gist {
    fn header(&mut self, text: &str, sheet: &Sheet) -> Option<()> {
        let h: Header = serde_json::from_str(text).ok()?;
        if (&*h.log, &*h.dept, &*h.month, &*h.writer) != ("duban/1", sheet.dept, sheet.month, sheet.writer) {
            return None;
        }
        self.claims.extend(h.after.as_ref().map(|a| (a.file.clone(), a.seq, a.h.clone())));
        self.taken.header = Some(h);
        Some(())
    }
}

struct Maker<'a> {
    sheet: &'a Sheet<'a>,
    desk: &'a Desk<'a>,
    /// What the department leads.
    led: &'a [(u32, u32)],
    texts: HashMap<Box<str>, u32>,
    month: (i32, u32),
    last: Option<i64>,
    /// The day of the line before.
    midnight: Option<Midnight>,
}

impl Maker<'_> {
    /// Takes an entry; `false` where it is not before the instant.
    fn entry(&mut self, gist: &mut Gist, text: &str, before: Option<i64>) -> Option<bool> {
        let line: Line = quick::read(text).map_or_else(|| serde_json::from_str(text).ok(), Some)?;
        let (desk, zone) = (self.desk, self.desk.at.zone);
        let (at, day) = instant(line.at, zone, &mut self.midnight)?;
        if before.is_some_and(|b| at >= b) {
            return Some(false);
        }
        let ahead = at - desk.at.now.timestamp_millis() >= 24 * 3_600_000;
        let late = self.last.is_some_and(|last| at <= last);
        let elsewhere = (day.year(), day.month()) != self.month || line.dept != self.sheet.dept || line.by != self.sheet.by;
        if ahead || late || elsewhere || line.day.is_some_and(|d| d.0 > day) || line.percent.is_some_and(|p| p > 100) {
            return None;
        }
        self.last = Some(at);
        let special = desk.fixes.wanted.contains(line.h);
        if line.fixes.is_some() && !special {
            return None;
        }
        for (name, value) in &line.saw.0 {
            let (seq, h) = value.split_once(':')?;
            gist.claims.push(((*name).into(), seq.parse().ok()?, h.into()));
        }
        let side = match line.event {
            Event::Block | Event::Breach | Event::Unblock | Event::Remedy => {
                gist.sides.push(Side { own: line.h.into(), reference: line.reference.map(Into::into) });
                u32::try_from(gist.sides.len()).ok()?
            }
            _ => 0,
        };
        let first = u32::try_from(gist.pieces.len()).ok()?;
        for piece in &line.evidence {
            let kind = self.text(gist, piece.kind)?;
            gist.pieces.push((kind, piece.date.0));
        }
        let agreed = line.agreed.map_or(Some(0), |a| self.text(gist, a))?;
        gist.smalls.push(Small {
            at,
            seq: u32::try_from(line.seq).ok()?,
            duty: desk.matcher.duty_of(self.led, line.duty, line.dept, day).ok(),
            day,
            until: line.until,
            agreed,
            first,
            pieces: u16::try_from(line.evidence.len()).ok()?,
            side,
            event: line.event,
            percent: line.percent,
            says: Says {
                note: line.note.is_some(),
                issues: line.issues.is_some(),
                next: line.next.is_some(),
                reason: line.reason.is_some(),
                release: line.release.is_some(),
            },
            special,
        });
        Some(true)
    }

    /// Number of a text in the file's table, from 1.
    fn text(&mut self, gist: &mut Gist, text: &str) -> Option<u32> {
        if let Some(n) = self.texts.get(text) {
            return Some(*n);
        }
        gist.texts.push(text.into());
        let n = u32::try_from(gist.texts.len()).ok()?;
        self.texts.insert(text.into(), n);
        Some(n)
    }
}

fn month(text: &str) -> Option<(i32, u32)> {
    let (year, month) = text.split_once('-')?;
    Some((year.parse().ok()?, month.parse().ok()?))
}

/// A day as an instant begins and ends with it.
struct Midnight {
    /// `2026-11-23`.
    date: [u8; 10],
    /// `+08:00`.
    offset: [u8; 6],
    day: NaiveDate,
    east: FixedOffset,
    /// Its first millisecond, since 1970.
    at: i64,
}

impl Midnight {
    fn of(date: [u8; 10], offset: [u8; 6]) -> Option<Midnight> {
        if (date[4], date[7], offset[3]) != (b'-', b'-', b':') {
            return None;
        }
        let day = NaiveDate::from_ymd_opt(digits(&date[..4])? as i32, digits(&date[5..7])?, digits(&date[8..])?)?;
        let (hours, minutes) = (digits(&offset[1..3])?, digits(&offset[4..])?);
        let seconds = (hours * 3600 + minutes * 60) as i32;
        let east = match offset[0] {
            b'+' if minutes < 60 => FixedOffset::east_opt(seconds)?,
            b'-' if minutes < 60 => FixedOffset::west_opt(seconds)?,
            _ => return None,
        };
        let at = day.and_time(chrono::NaiveTime::MIN).and_local_timezone(east).single()?.timestamp_millis();
        Some(Midnight { date, offset, day, east, at })
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
}

/// Milliseconds since 1970 and the day in the register's zone, of
/// `2026-11-23T09:30:00.000+08:00`, the form that every line has. Only of this one: with more
/// digits, two entries of one millisecond might be told apart by whoever reads the log whole, and
/// not here. Entries of one day stand together, so the calendar is asked once a day: that and
/// reading in place cost a twentieth of what the general reader does.
fn instant(text: &str, zone: Zone, last: &mut Option<Midnight>) -> Option<(i64, NaiveDate)> {
    let b: &[u8; 29] = text.as_bytes().try_into().ok()?;
    if (b[10], b[13], b[16], b[19]) != (b'T', b':', b':', b'.') {
        return None;
    }
    let (date, offset): ([u8; 10], [u8; 6]) = (b[..10].try_into().ok()?, b[23..].try_into().ok()?);
    let known = last.take().filter(|m| m.date == date && m.offset == offset);
    let midnight = last.insert(known.map_or_else(|| Midnight::of(date, offset), Some)?);
    let (hours, minutes, seconds) = (digits(&b[11..13])?, digits(&b[14..16])?, digits(&b[17..19])?);
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let at = midnight.at + i64::from((hours * 3600 + minutes * 60 + seconds) * 1000 + digits(&b[20..23])?);
    let day = if midnight.east == zone.0 { midnight.day } else { zone.day(DateTime::from_timestamp_millis(at)?.fixed_offset()) };
    Some((at, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_the_general_reader_reads_them() {
        let zone = Zone::default();
        let mut last = None;
        let (mut read, mut refused) = (0, 0);
        for date in ["2026-11-23", "2026-11-30", "2026-02-29", "2024-02-29", "1969-12-31", "2026-13-01", "2026-1-123"] {
            for time in ["00:00:00.000", "09:30:07.041", "23:59:59.999", "16:00:00.000", "24:00:00.000", "12:60:00.000", "12:00:61.000"] {
                for offset in ["+08:00", "+00:00", "-09:30", "+05:45", "+23:59", "+08:60", "*08:00"] {
                    let text = format!("{date}T{time}{offset}");
                    let general = DateTime::parse_from_rfc3339(&text).ok();
                    let ours = instant(&text, zone, &mut last);
                    assert_eq!(ours, general.map(|at| (at.timestamp_millis(), zone.day(at))), "{text}");
                    if ours.is_some() { read += 1 } else { refused += 1 }
                }
            }
        }
        assert!(read > 50 && refused > 50, "{read}, {refused}");
        // Forms of RFC 3339 that no line has; a second that was put in.
        for other in [
            "2026-11-23T09:30:00+08:00",
            "2026-11-23T01:30:00.000Z",
            "2026-11-23T09:30:00.0000+08:00",
            "2026-11-23t09:30:00.000+08:00",
            "2026-12-31T23:59:60.000+00:00",
            "",
        ] {
            assert_eq!(instant(other, zone, &mut last), None, "{other}");
        }
    }
}
