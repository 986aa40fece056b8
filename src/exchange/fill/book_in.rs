//! The cells of a workbook, whoever saved it. Read one after the other: a cell far out does not
//! make a table of a billion.

use super::cells::Raw;
use super::grid::{Cells, Leaf, WIDE, letters};
use crate::finding::words;
use crate::model::Words;
use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use chrono::NaiveDate;
use std::io::Cursor;

/// Rows that are looked at in a sheet.
const LONG: u32 = 200_000;

/// Every visible sheet by name, with its cells and its merged areas, `J6:J9`.
///
/// # Errors
/// When the file is no workbook, or not whole.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Leaf>, Words> {
    let bad = |e: XlsxError| words(format!("无法作为 .xlsx 读取：{e}"), format!("it cannot be read as an .xlsx workbook: {e}"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(bad)?;
    let names: Vec<String> = book.sheets_metadata().iter().filter(|s| s.visible == SheetVisible::Visible).map(|s| s.name.clone()).collect();
    let mut out = Vec::new();
    for name in names {
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
        let mut cells = Cells::new();
        while let Some(cell) = reader.next_cell_with_formula().map_err(bad)? {
            let (row, column) = cell.pos;
            let raw = raw(cell.value, cell.formula.as_deref());
            if raw.is_empty() {
                continue;
            }
            if row >= LONG || column >= WIDE {
                let place = format!("{}{}", letters(column), row + 1);
                return Err(words(
                    format!("{name} {place} 处有内容：表格不会有这么大，请删去表外的内容"),
                    format!("{name} has something at {place}: no table of ours is that large; delete what stands outside it"),
                ));
            }
            cells.push(((row, column), raw));
        }
        drop(reader);
        let merged = book.merge_cells_by_sheet_name(&name).map_err(bad)?;
        let spot = |(row, column): (u32, u32)| format!("{}{}", letters(column), row + 1);
        let merged = merged.into_iter().map(|d| format!("{}:{}", spot(d.start), spot(d.end))).collect();
        out.push((name, cells, merged));
    }
    Ok(out)
}

fn raw(value: DataRef, formula: Option<&str>) -> Raw {
    match Data::from(value) {
        Data::Empty if formula.is_some_and(|f| !f.is_empty()) => Raw::Wrong(
            words(
                format!("公式 ={} 没有值：请在表格软件里打开、重算并保存", formula.unwrap_or_default()),
                format!("the formula ={} has no value: open the workbook, let it be reckoned, and save it", formula.unwrap_or_default()),
            ),
            format!("={}", formula.unwrap_or_default()),
        ),
        Data::Empty => Raw::Empty,
        Data::String(t) => Raw::of(&t),
        Data::Int(n) => Raw::Number(n as f64),
        Data::Float(n) => Raw::Number(n),
        Data::Bool(b) => Raw::Truth(b),
        Data::DateTime(d) => {
            let (y, m, dd, ..) = d.to_ymd_hms_milli();
            NaiveDate::from_ymd_opt(i32::from(y), u32::from(m), u32::from(dd)).map_or(Raw::Number(d.as_f64()), Raw::Day)
        }
        Data::DateTimeIso(t) => NaiveDate::parse_from_str(t.get(..10).unwrap_or(&t), "%Y-%m-%d").map_or(Raw::Text(t), Raw::Day),
        Data::DurationIso(t) => Raw::Text(t),
        Data::Error(e) => Raw::Wrong(words(format!("单元格是错误值 {e}"), format!("the cell is an error: {e}")), e.to_string()),
    }
}
