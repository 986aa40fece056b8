//! The same table as CSV, out and back: the note that a workbook hides is the last column.

use super::cells::Raw;
use super::columns::{COLUMNS, head};
use super::grid::Cells;
use super::lay::{Table, Value};
use crate::finding::words;
use crate::intake::table::{decoded, divider};
use crate::model::Words;

/// The table; a byte-order mark for spreadsheets that are opened by double-click.
pub fn write(t: &Table, mark: bool) -> Vec<u8> {
    let mut out =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(if mark { "\u{feff}".into() } else { Vec::new() });
    let columns = t.columns();
    let heads = columns.iter().map(|i| head(&COLUMNS[*i]).replace('\n', " "));
    out.write_record(heads).expect("memory does not fail");
    for row in &t.rows {
        let cells = columns.iter().map(|i| match &row.values[*i] {
            Value::Blank => String::new(),
            Value::Text(t) => t.clone(),
            Value::Percent(n) => format!("{n}%"),
            Value::Day(d) => d.to_string(),
        });
        out.write_record(cells).expect("memory does not fail");
    }
    out.into_inner().expect("memory does not fail")
}

/// Its cells, and what should be known of how it was read: GB18030, other signs than commas.
///
/// # Errors
/// When the bytes are no text, or no CSV.
pub fn read(bytes: &[u8]) -> Result<(Cells, Vec<Words>), Words> {
    let (text, gb) = decoded(bytes)?;
    let (by, parted) = divider(&text);
    let gb = gb.then(|| words("文件是 GB18030 编码，已按此读入".into(), "the file is in GB18030 and was read as such".into()));
    let notes = gb.into_iter().chain(parted).collect();
    let mut reader = csv::ReaderBuilder::new().delimiter(by).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut out = Cells::new();
    let mut next = 0;
    for record in reader.records() {
        let record = record.map_err(|e| words(format!("CSV 有误：{e}"), format!("this is not CSV: {e}")))?;
        // A line of its own for every record, whatever the reader says of it: two on one line
        // would be one row.
        let line = (record.position().map_or(1, csv::Position::line).saturating_sub(1) as u32).max(next);
        next = line + 1;
        out.extend(record.iter().enumerate().map(|(c, text)| ((line, c as u32), Raw::of(text))).filter(|c| !c.1.is_empty()));
    }
    Ok((out, notes))
}
