//! The table in what came back: the head is found by its words wherever it stands, columns may
//! have changed places, strange ones are told when something stands in them.

use super::cells::Raw;
use super::columns::{COLUMNS, at, named};
use crate::finding::words;
use crate::model::Words;

/// Cells of a sheet, as they came: row and column from 0.
pub type Cells = Vec<((u32, u32), Raw)>;

/// A sheet as it was read: its name (empty in a CSV file), its cells, its merged areas as `J6:J9`.
pub type Leaf = (String, Cells, Vec<String>);

/// A row as it came.
#[derive(Debug, Clone)]
pub struct Row {
    /// The sheet; empty in a CSV.
    pub sheet: String,
    /// Its number in the sheet, from 1.
    pub line: u32,
    /// By our columns.
    pub cells: Vec<Raw>,
}

/// A table as it came.
#[derive(Debug, Default)]
pub struct Grid {
    /// Rows with something in them.
    pub rows: Vec<Row>,
    /// What else should be known.
    pub notes: Vec<Words>,
    /// Cells with something in them that were not read.
    pub unread: usize,
    /// Where each of our columns stands, from 0; for telling.
    pub places: Vec<Option<u32>>,
}

/// Rows that a head may stand in.
const HEAD: u32 = 20;
/// Columns that are looked at: more would be no table of ours.
pub const WIDE: u32 = 256;

/// The letters of a column: 0 is A.
pub fn letters(column: u32) -> String {
    let (mut n, mut out) = (column + 1, String::new());
    while n > 0 {
        out.insert(0, char::from(b'A' + ((n - 1) % 26) as u8));
        n = (n - 1) / 26;
    }
    out
}

/// The table of a sheet; `None` where there is no head with an id column.
pub fn grid(sheet: &str, cells: &Cells) -> Option<Grid> {
    let heads = head(cells)?;
    let line = heads.line;
    let mut out = Grid { places: vec![None; COLUMNS.len()], ..Grid::default() };
    let mut ours: Vec<Option<usize>> = vec![None; WIDE as usize];
    let mut strange: Vec<(u32, String, u32)> = Vec::new();
    for (column, text) in &heads.texts {
        match named(text) {
            Some(i) if out.places[i].is_none() => {
                out.places[i] = Some(*column);
                ours[*column as usize] = Some(i);
            }
            Some(i) => strange.push((*column, format!("{} ×2", COLUMNS[i].name.0), 0)),
            None => strange.push((*column, text.split_whitespace().collect::<Vec<_>>().join(" "), 0)),
        }
    }
    for ((row, column), raw) in cells.iter().filter(|((r, _), raw)| *r > line && !raw.is_empty()) {
        let Some(i) = ours.get(*column as usize).copied().flatten() else {
            match strange.iter_mut().find(|s| s.0 == *column) {
                Some(s) => s.2 += 1,
                None => strange.push((*column, String::new(), 1)),
            }
            continue;
        };
        if out.rows.last().is_none_or(|r| r.line != row + 1) {
            out.rows.push(Row { sheet: sheet.into(), line: row + 1, cells: vec![Raw::Empty; COLUMNS.len()] });
        }
        let last = out.rows.last_mut().expect("one was pushed");
        last.cells[i] = raw.clone();
    }
    // A line below the table that has no id and nothing to record is a remark of somebody's.
    for (column, text, n) in strange.into_iter().filter(|s| s.2 > 0) {
        out.unread += n as usize;
        let (c, text) = (letters(column), if text.is_empty() { "—".into() } else { text });
        out.notes.push(words(
            format!("{sheet} {c} 列“{text}”不是本表的列，其中 {n} 格未读"),
            format!("{sheet} column {c} `{text}` is not one of this table's: {n} cells in it were not read"),
        ));
    }
    let absent: Vec<usize> = (at("event")..COLUMNS.len()).filter(|i| out.places[*i].is_none()).collect();
    if !absent.is_empty() {
        let names = |zh: bool| absent.iter().map(|i| if zh { COLUMNS[*i].name.0 } else { COLUMNS[*i].name.1 }).collect::<Vec<_>>();
        out.notes.push(words(
            format!("{sheet} 缺少列：{}", names(true).join("、")),
            format!("{sheet} lacks the columns {}", names(false).join(", ")),
        ));
    }
    Some(out)
}

struct Head {
    line: u32,
    texts: Vec<(u32, String)>,
}

/// The first of the upper rows that names the id column and one to fill in.
fn head(cells: &Cells) -> Option<Head> {
    for line in 0..HEAD {
        let texts: Vec<(u32, String)> = cells
            .iter()
            .filter(|((r, c), _)| *r == line && *c < WIDE)
            .filter_map(|((_, c), raw)| Some((*c, raw.text().ok().flatten()?)))
            .collect();
        let known: Vec<usize> = texts.iter().filter_map(|t| named(&t.1)).collect();
        if known.contains(&at("id")) && known.iter().any(|k| *k >= at("event")) {
            return Some(Head { line, texts });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(rows: &[&[&str]]) -> Cells {
        let mut out = Cells::new();
        for (r, row) in rows.iter().enumerate() {
            out.extend(row.iter().enumerate().map(|(c, t)| ((r as u32, c as u32), Raw::of(t))));
        }
        out
    }

    #[test]
    fn the_head_is_found_and_strange_columns_are_told() {
        let g =
            grid("表", &cells(&[&["填报表"], &[], &["进度\nProgress %", "备注", "编号"], &["40", "x", "OPN-1.01"], &[], &["", "y", ""]]))
                .unwrap();
        assert_eq!(g.rows.len(), 1);
        assert_eq!((g.rows[0].line, &g.rows[0].cells[at("percent")]), (4, &Raw::of("40")));
        assert!(g.notes[0].en.as_deref().unwrap().contains("column B `备注`") && g.notes[0].en.as_deref().unwrap().contains("2 cells"));
        assert_eq!((g.unread, g.notes[1].en.as_deref().unwrap().contains("lacks the columns Event")), (2, true));
        assert!(grid("表", &cells(&[&["编号", "工作事项"]])).is_none(), "nothing to fill in");
        assert_eq!([0, 25, 26, 255].map(letters), ["A", "Z", "AA", "IV"]);
    }
}
