//! Tables that officers fill in, as workbooks and as CSV, out and back.
//!
//! Order of things: [`columns`]; [`row`], what stands in a row and what it was made from; [`lay`]
//! says what each cell holds, `book` (with its `guide`) and [`csv_io`] write it. On the way back
//! `book_in` and [`csv_io`] take the cells in, [`grid`] finds the table, [`cells`] understands what
//! people type, [`merge`] holds each row against the register; what could not be taken is laid
//! out again, with why. [`write_csv`] and its like are the doors out, [`read`] is the door in.

#[cfg(feature = "xlsx")]
mod book;
#[cfg(feature = "xlsx")]
mod book_in;
pub mod cells;
pub mod columns;
pub mod csv_io;
pub mod grid;
#[cfg(feature = "xlsx")]
mod guide;
pub mod lay;
pub mod merge;
pub mod row;

use super::ask::{Ask, File, Written};
use crate::finding::words;
use crate::model::{Lang, Words};
use crate::snapshot::Snapshot;
use grid::{Grid, Row};
use lay::{Laid, Table};
use merge::Desk;

/// What a table is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A workbook.
    Xlsx,
    /// CSV; with a byte-order mark?
    Csv(bool),
}

/// A workbook a department.
pub fn write_xlsx(ask: &Ask) -> Written {
    write(ask, Form::Xlsx)
}

/// A CSV a department.
pub fn write_csv(ask: &Ask) -> Written {
    write(ask, Form::Csv(false))
}

/// The same with a byte-order mark.
pub fn write_csv_bom(ask: &Ask) -> Written {
    write(ask, Form::Csv(true))
}

fn write(ask: &Ask, form: Form) -> Written {
    let departments = row::by_department(ask);
    if departments.is_empty() {
        return Err(words(
            "没有可填报的办理项".into(),
            "no assignment with a lead department is selected: nobody could fill anything in".into(),
        ));
    }
    departments
        .into_iter()
        .map(|(dept, fills)| {
            let rows = fills.iter().map(|f| lay::fresh(ask.s, f, ask.lang)).collect();
            let table = table(ask.s, &ask.s.register.name(&dept, ask.s.day(), ask.lang), rows, false, ask.lang);
            Ok(File { name: format!("fill-{dept}.{}", form.extension()), bytes: bytes(&table, form)? })
        })
        .collect()
}

impl Form {
    /// What its files' names end in.
    pub fn extension(self) -> &'static str {
        if self == Form::Xlsx { "xlsx" } else { "csv" }
    }
}

fn table(s: &Snapshot, who: &str, rows: Vec<Laid>, conflicts: bool, lang: Lang) -> Table {
    let (title, lines) = lay::over(s, who, lang);
    let name =
        |t: &crate::model::Item<crate::model::EvidenceType>| t.name.say(if lang == Lang::En { Lang::En } else { Lang::Zh }).into_owned();
    Table { title, lines, rows, conflicts, evidence: s.register.evidence_types.iter().map(name).collect(), day: s.day(), lang }
}

fn bytes(t: &Table, form: Form) -> Result<Vec<u8>, Words> {
    match form {
        #[cfg(feature = "xlsx")]
        Form::Xlsx => book::write(t),
        #[cfg(not(feature = "xlsx"))]
        Form::Xlsx => Err(words("本程序未编入工作簿功能".into(), "this program was built without workbooks".into())),
        Form::Csv(mark) => Ok(csv_io::write(t, mark)),
    }
}

/// What a file holds.
///
/// # Errors
/// When it cannot be read, or no table of ours is in it.
pub fn read(bytes: &[u8], form: Form) -> Result<Grid, Words> {
    let mut sheets: Vec<grid::Leaf> = match form {
        #[cfg(feature = "xlsx")]
        Form::Xlsx => book_in::sheets(bytes)?,
        #[cfg(not(feature = "xlsx"))]
        Form::Xlsx => return Err(words("本程序未编入工作簿功能".into(), "this program was built without workbooks".into())),
        Form::Csv(_) => vec![],
    };
    let mut out = Grid::default();
    if let Form::Csv(_) = form {
        let (cells, notes) = csv_io::read(bytes)?;
        out.notes.extend(notes);
        sheets.push((String::new(), cells, Vec::new()));
    }
    let mut found = false;
    for (name, cells, merged) in &sheets {
        match grid::grid(name, cells) {
            Some(mut g) => {
                found = true;
                if !merged.is_empty() {
                    let all = merged.join(" ");
                    out.unread += merged.len();
                    out.notes.push(words(
                        format!("{name} 有合并单元格 {all}：只有左上一格有内容，其余各行视为未填；请取消合并再填"),
                        format!(
                            "{name} has merged cells {all}: only the first holds anything, the other rows count as not filled in; part them"
                        ),
                    ));
                }
                out.rows.append(&mut g.rows);
                out.notes.append(&mut g.notes);
                out.unread += g.unread;
                if out.places.is_empty() {
                    out.places = g.places;
                }
            }
            None if matches!(name.as_str(), "说明" | "Instructions") || cells.is_empty() => {}
            None => out.notes.push(words(
                format!("工作表“{name}”里没有本表的表头，未读"),
                format!("sheet `{name}` has no head of ours and was not read"),
            )),
        }
    }
    if !found {
        return Err(words(
            "没有找到表头：应有“编号”和“办理动作”“进度”等列；用 duban export xlsx 导出的表来填".into(),
            "there is no head with `ID` and columns to fill in; use a table that `duban export xlsx` wrote".into(),
        ));
    }
    Ok(out)
}

/// A row that was not recorded, and why.
pub struct Left<'a> {
    /// The row.
    pub row: &'a Row,
    /// Its assignment, where the id is known.
    pub duty: Option<usize>,
    /// Why.
    pub why: String,
}

/// The table of rows that were not recorded: as they came, on fresh ground, with why.
///
/// # Errors
/// Where it does not fit its form.
pub fn conflicts(desk: &Desk, left: &[Left], form: Form, lang: Lang) -> Result<Vec<u8>, Words> {
    let rows = left.iter().map(|l| lay::returned(desk.s, l.duty.map(|d| &desk.fills[d]), l.row, &l.why, lang)).collect();
    let who = if lang == Lang::En { "not recorded" } else { "未记录的行" };
    bytes(&table(desk.s, who, rows, true, lang), form)
}
