//! What stands in a segment: rows of change, and the list of duties they speak of. Both have a
//! canonical form, one JSON object a line, whose digest is in the manifest: whatever wrote the
//! Parquet file, equal content has equal digests.

use super::error::{Error, Result};
use super::key;
use super::store::{Book, Columns, Kind, Sheet};
use crate::digest::Sum;
use serde_json::json;
use std::path::Path;

/// Columns of a segment.
pub const SEGMENT: Columns = &[
    ("number", Kind::Key),
    ("duty", Kind::Text),
    ("department", Kind::Text),
    ("state", Kind::Code),
    ("light", Kind::Code),
    ("recorded", Kind::Day),
    ("effective", Kind::Day),
    ("ord", Kind::Key),
];

/// Columns of a segment's list of duties.
pub const DUTIES: Columns =
    &[("duty", Kind::Text), ("obligation", Kind::Text), ("department", Kind::Text), ("whole", Kind::Code), ("sectors", Kind::Text)];

/// From a day on, a duty stands so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `OPN-3.18`, or `OPN-3.18@DEP-NDRC` for one of several leads.
    pub duty: Box<str>,
    /// The lead; `*` where there are several, `-` where there is none.
    pub department: Box<str>,
    /// Code of the state, [`key::GONE`] when it left the register.
    pub state: i32,
    /// Code of the light.
    pub light: i32,
    /// Day on which it became known.
    pub recorded: i32,
    /// Day from which it is true; never after `recorded`.
    pub effective: i32,
    /// `effective` and the row's number within its duty ([`key::ord`]).
    pub ord: i64,
}

/// A duty with what one groups by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// As in [`Row::duty`].
    pub duty: Box<str>,
    /// Its obligation.
    pub obligation: Box<str>,
    /// As in [`Row::department`].
    pub department: Box<str>,
    /// Speaks for the obligation as a whole, and not for one of several leads.
    pub whole: bool,
    /// Codes of the sectors reached, with commas.
    pub sectors: Box<str>,
}

/// Digest of a canonical form that grows line by line.
#[derive(Default)]
pub struct Canon(Sum);

impl Canon {
    /// A row.
    pub fn row(&mut self, number: i64, r: &Row) {
        let (_, sequence) = key::parts(r.ord);
        let word = |w: Option<&'static str>| w.unwrap_or("?");
        // Ids need no escape in JSON, but what comes from outside is not yet known to be ids.
        let line = format!(
            "{{\"number\":{number},\"duty\":{},\"department\":{},\"state\":\"{}\",\"light\":\"{}\",\"recorded\":\"{}\",\"effective\":\"{}\",\"sequence\":{sequence}}}\n",
            json!(r.duty),
            json!(r.department),
            word(key::state_word(r.state)),
            word(key::light_word(r.light)),
            key::date(r.recorded),
            key::date(r.effective),
        );
        self.0.add(line.as_bytes());
    }
    /// A duty.
    pub fn listed(&mut self, l: &Listed) {
        let line = json!({"duty": l.duty, "obligation": l.obligation, "department": l.department, "whole": l.whole, "sectors": l.sectors});
        self.0.add(format!("{line}\n").as_bytes());
    }
    /// In hexadecimal.
    pub fn hex(&self) -> String {
        self.0.hex()
    }
}

/// Writes rows, numbered from `first`.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, first: i64, rows: &[Row]) -> Result<()> {
    let mut sheet = Sheet::create(path, SEGMENT)?;
    for (i, r) in rows.iter().enumerate() {
        let c = sheet.row();
        c[0].long(first + i as i64);
        c[1].text(&r.duty);
        c[2].text(&r.department);
        c[3].int(r.state);
        c[4].int(r.light);
        c[5].int(r.recorded);
        c[6].int(r.effective);
        c[7].long(r.ord);
        sheet.done()?;
    }
    sheet.finish().map(|_| ())
}

/// Reads rows one by one, with their numbers.
///
/// # Errors
/// When the file cannot be read, or `each` says so.
pub fn read(path: &Path, each: &mut dyn FnMut(i64, Row) -> Result<()>) -> Result<()> {
    let book = Book::open(path, SEGMENT)?;
    let groups = (0..book.groups()).collect();
    let mut walk = book.walk(&[0, 1, 2, 3, 4, 5, 6, 7], groups);
    while walk.more()? {
        let (v, i) = (&walk.values, walk.at);
        let row = Row {
            duty: v[1].text_at(i).into(),
            department: v[2].text_at(i).into(),
            state: v[3].int_at(i),
            light: v[4].int_at(i),
            recorded: v[5].int_at(i),
            effective: v[6].int_at(i),
            ord: v[7].long_at(i),
        };
        each(v[0].long_at(i), row)?;
        walk.at += 1;
    }
    Ok(())
}

/// Writes a list of duties.
///
/// # Errors
/// When the file cannot be written.
pub fn write_duties(path: &Path, all: &[Listed]) -> Result<()> {
    let mut sheet = Sheet::create(path, DUTIES)?;
    for l in all {
        let c = sheet.row();
        c[0].text(&l.duty);
        c[1].text(&l.obligation);
        c[2].text(&l.department);
        c[3].int(i32::from(l.whole));
        c[4].text(&l.sectors);
        sheet.done()?;
    }
    sheet.finish().map(|_| ())
}

/// Reads a list of duties.
///
/// # Errors
/// When the file cannot be read.
pub fn read_duties(path: &Path) -> Result<Vec<Listed>> {
    let book = Book::open(path, DUTIES)?;
    let groups = (0..book.groups()).collect();
    let mut walk = book.walk(&[0, 1, 2, 3, 4], groups);
    let mut all = Vec::new();
    while walk.more()? {
        let (v, i) = (&walk.values, walk.at);
        all.push(Listed {
            duty: v[0].text_at(i).into(),
            obligation: v[1].text_at(i).into(),
            department: v[2].text_at(i).into(),
            whole: v[3].int_at(i) == 1,
            sectors: v[4].text_at(i).into(),
        });
        walk.at += 1;
    }
    Ok(all)
}

/// Digest of a list of duties.
pub fn duties_digest(all: &[Listed]) -> String {
    let mut canon = Canon::default();
    all.iter().for_each(|l| canon.listed(l));
    canon.hex()
}

/// Is the row one that version 1 could have written? Its fault otherwise.
///
/// # Errors
/// Told with the file.
pub fn sound(path: &Path, number: i64, r: &Row, (begins, through): (i32, i32)) -> Result<()> {
    let (day, sequence) = key::parts(r.ord);
    let fault = if key::state_word(r.state).is_none() || key::light_word(r.light).is_none() {
        ("状态或亮灯代码未知", "state or light has an unknown code")
    } else if day != r.effective || sequence == 0 || r.ord != key::ord(day, sequence) {
        ("ord 与生效日不符", "ord does not fit the effective day")
    } else if r.effective > r.recorded || r.effective < begins || r.recorded > through {
        ("日期次序不对", "its days are out of order: begins ≤ effective ≤ recorded ≤ through")
    } else {
        return Ok(());
    };
    Err(Error::new(
        path.display().to_string(),
        (&format!("第 {number} 行：{}", fault.0), &format!("row {number}: {}", fault.1)),
        ("请报送单位重新封存", "ask the unit to seal again"),
    ))
}
