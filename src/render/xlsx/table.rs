//! A table: caption, head, rows; a nil line where there are none.

use super::error::XlsxError;
use super::looks::{Look, Role, leading, size};
use super::sheet::{List, Sheet};
use super::value::{self, Value};
use crate::page::{Cell, Kind, Row, Table};
use crate::render::office::{lines, named, widest};

/// Writes a table that begins in a row; a list of the page is remembered for filters and
/// the printed head.
pub fn write(sheet: &mut Sheet, mut row: u32, t: &Table, list: bool) -> Result<(), XlsxError> {
    let last_column = u16::try_from(t.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if !t.caption.is_empty() {
        sheet.text(row, (0, sheet.plan.grid.last()), &t.caption, Role::Heading(3))?;
        row += 1;
    }
    for (i, column) in t.columns.iter().enumerate() {
        sheet.spread(row, (i as u16, i as u16), &value::text(&column.label), Look::of(Role::Header))?;
    }
    let head = row;
    let first = head - u32::from(!t.caption.is_empty());
    sheet.together.push((first, head + 2));
    let labels = t.columns.iter().enumerate().map(|(i, c)| lines_in(sheet, i, &c.label)).max().unwrap_or(1);
    raise(sheet, head, labels)?;
    for r in &t.rows {
        row += 1;
        match r.kind {
            Kind::Group => group(sheet, row, r, last_column)?,
            Kind::Item | Kind::Total => cells(sheet, row, r, t)?,
        }
    }
    if t.rows.is_empty() {
        sheet.spread(row + 1, (0, last_column), &value::text(&t.empty), Look::of(Role::Nil))?;
        sheet.height(row + 1, 20.0)?;
        row += 1;
    }
    sheet.height(row + 1, 8.0)?;
    lights(sheet, head, t);
    if list {
        let totals = t.rows.iter().rev().take_while(|r| r.kind == Kind::Total).count();
        let sortable = t.rows.iter().rev().skip(totals).all(|r| r.kind != Kind::Total);
        let labels = t.columns.iter().map(|c| c.label.clone()).collect();
        sheet.lists.push(List { head, last: row - totals as u32, last_column, items: t.items(), sortable, labels });
    }
    Ok(())
}

/// The first cell spans the table; more cells, should there be any, stand in their columns.
fn group(sheet: &mut Sheet, row: u32, r: &Row, last: u16) -> Result<(), XlsxError> {
    if let [only] = r.cells.as_slice() {
        let room = sheet.plan.grid.room(sheet.plan.grid.width((0, last)), size(Role::Group));
        raise(sheet, row, lines(&only.text(), room))?;
        return sheet.cell(row, (0, last), only, Look::of(Role::Group));
    }
    for i in 0..=last.max(r.cells.len().saturating_sub(1) as u16) {
        match r.cells.get(usize::from(i)) {
            Some(cell) => sheet.cell(row, (i, i), cell, Look::of(Role::Group))?,
            None => sheet.spread(row, (i, i), &Value::Blank, Look::of(Role::Group))?,
        }
    }
    Ok(())
}

fn cells(sheet: &mut Sheet, row: u32, r: &Row, t: &Table) -> Result<(), XlsxError> {
    let columns = &t.columns;
    let role = if r.is_total() { Role::Total } else { Role::Item };
    let mut most = 1;
    for i in 0..columns.len().max(r.cells.len()) {
        let at = (i as u16, i as u16);
        let (right, whole) = columns.get(i).map_or((false, false), |c| (c.right, c.whole));
        let light = matches!(r.cells.get(i), Some(Cell::Light(..) | Cell::Lit(..)));
        let n = r.cells.get(i).map_or(1, |c| lines_in(sheet, i, &c.text()));
        most = most.max(n);
        let look = Look { right, middle: whole || light, whole: whole && n == 1, ..Look::of(role) };
        match r.cells.get(i) {
            Some(cell @ (Cell::Count(n) | Cell::Lit(_, n))) if *n > 0 => sheet.count(row, at, cell, t.opens(r, i), look)?,
            Some(cell) => sheet.cell(row, at, cell, look)?,
            None => sheet.spread(row, at, &Value::Blank, look)?,
        }
    }
    raise(sheet, row, most)
}

/// Lines that a text takes in a column.
fn lines_in(sheet: &Sheet, column: usize, text: &str) -> usize {
    let room = sheet.plan.grid.column(column);
    // What fits stands as it is.
    if widest(text) <= room { text.split('\n').count() } else { lines(text, room) }
}

/// Not every office program finds the height of a row by itself when it opens a file.
fn raise(sheet: &mut Sheet, row: u32, lines: usize) -> Result<(), XlsxError> {
    if lines < 2 {
        return Ok(());
    }
    sheet.height(row, (lines as f64 * leading(Role::Item) + 3.0).min(409.0))
}

/// Columns of lights keep their colours by the word, where every light says its own.
fn lights(sheet: &mut Sheet, head: u32, t: &Table) {
    for column in 0..t.columns.len() {
        let cells = t.rows.iter().filter(|r| r.kind != Kind::Group).filter_map(|r| r.cells.get(column));
        let lit: Vec<&Cell> = cells.filter(|c| c.tone().is_some()).collect();
        if !lit.is_empty() && lit.iter().all(|c| named(&sheet.words, c)) {
            sheet.lights.push((head + 1, head + t.rows.len() as u32, column as u16));
        }
    }
}
