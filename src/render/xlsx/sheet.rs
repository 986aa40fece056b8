//! One page on one sheet: what any cell of it needs; frame, tables and charts write with it.

use super::chart;
use super::error::XlsxError;
use super::looks::{Look, Looks, Role, leading, size};
use super::paper;
use super::plan::{Anchors, Part, Plan, behind};
use super::table;
use super::value::{self, Value};
use crate::page::{Cell, Tone};
use crate::render::office::{chinese, clean, ground, lines, words};
use rust_xlsxwriter::{Color, ConditionalFormatFormula, ConditionalFormatText, ConditionalFormatTextRule, ExcelDateTime, Format, Url};
use rust_xlsxwriter::{Worksheet, utility};
use std::collections::BTreeMap;

/// Links that a sheet may hold.
const LINKS: usize = 65_530;
/// Characters that the tip of a link may hold, with room for those that count double.
const TIP: usize = 120;
/// Characters that a cell may hold.
const CHARS: usize = 32_767;
/// A table of the page, as the print set-up needs it.
pub struct List {
    /// Row of its head.
    pub head: u32,
    /// Last row that is not a total at its end.
    pub last: u32,
    /// Last column.
    pub last_column: u16,
    /// Rows of the list.
    pub items: usize,
    /// Nothing but items and groups before the totals.
    pub sortable: bool,
    /// What its head says.
    pub labels: Vec<String>,
}

/// A sheet being written.
pub struct Sheet<'a> {
    /// The sheet.
    pub out: Worksheet,
    /// What is written.
    pub plan: &'a Plan<'a>,
    /// Tables met so far.
    pub lists: Vec<List>,
    /// First row, last row, column of cells that each begin with the word of their colour.
    pub lights: Vec<(u32, u32, u16)>,
    /// Heights of rows that are not the standard one, in points.
    pub heights: BTreeMap<u32, f64>,
    /// First and last row of what stands on one page.
    pub together: Vec<(u32, u32)>,
    /// Words of the legend with their tones.
    pub words: Vec<(Tone, String)>,
    looks: Looks,
    anchors: &'a Anchors,
    links: usize,
}

/// Writes a plan.
pub fn write(plan: &Plan, anchors: &Anchors) -> Result<Worksheet, XlsxError> {
    let looks = Looks::new(chinese(plan.page));
    let (lists, lights, together, heights) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
    let mut sheet =
        Sheet { out: Worksheet::new(), plan, lists, lights, heights, together, words: words(plan.page), looks, anchors, links: 0 };
    sheet.out.set_name(plan.name)?;
    for (i, width) in plan.grid.0.iter().enumerate() {
        sheet.out.set_column_width_pixels(i as u16, *width)?;
    }
    let mut breaks = Vec::new();
    for (row, part) in &plan.parts {
        match part {
            Part::Lines(lines) => sheet.lines(*row, lines)?,
            Part::Table(t) => table::write(&mut sheet, *row, t, true)?,
            Part::Chart(c, picture, t) => chart::write(&mut sheet, *row, c, *picture, t)?,
            Part::Break => breaks.push(*row),
        }
    }
    sheet.colours()?;
    paper::set(&mut sheet, &breaks)?;
    Ok(sheet.out)
}

impl Sheet<'_> {
    /// Height of a row in points; the print set-up wants to know it again.
    pub fn height(&mut self, row: u32, points: f64) -> Result<(), XlsxError> {
        self.heights.insert(row, points);
        self.out.set_row_height(row, points)?;
        Ok(())
    }

    /// Text over columns, in a row that is high enough for it.
    pub fn text(&mut self, row: u32, span: (u16, u16), text: &str, role: Role) -> Result<(), XlsxError> {
        self.spread(row, span, &value::text(text), Look::of(role))?;
        self.raise(row, span, text, role)
    }

    /// Merged cells do not make their row higher by themselves.
    fn raise(&mut self, row: u32, span: (u16, u16), text: &str, role: Role) -> Result<(), XlsxError> {
        let n = lines(text, self.plan.grid.room(self.plan.grid.width(span), size(role)));
        let height = (n as f64 * leading(role) + 3.0).clamp(15.0, 409.0);
        if n > 1 || role_is_tall(role) { self.height(row, height) } else { Ok(()) }
    }

    /// A cell of the page over columns: with its light, with its link.
    pub fn cell(&mut self, row: u32, span: (u16, u16), cell: &Cell, mut look: Look) -> Result<(), XlsxError> {
        look.tone = cell.tone().or(look.tone);
        let target = match cell {
            Cell::Id(_, Some(anchor)) if self.links < LINKS => self.anchors.find(self.plan.name, anchor),
            _ => None,
        };
        look.link |= target.is_some();
        let value = value::of(cell);
        self.spread(row, span, &value, look.clone())?;
        if let (Some((sheet, to)), Value::Text(text, form)) = (target, value) {
            self.links += 1;
            let url = Url::new(place(sheet, *to)).set_text(text);
            look.form = form;
            self.out.write_url_with_format(row, span.0, url, self.looks.get(&look))?;
        }
        Ok(())
    }

    /// A count that leads to its rows, where the workbook has them; the words that select them
    /// are its tip.
    pub fn count(&mut self, row: u32, span: (u16, u16), cell: &Cell, query: Option<String>, mut look: Look) -> Result<(), XlsxError> {
        let target = query.as_ref().filter(|_| self.links < LINKS).and_then(|q| self.anchors.find(self.plan.name, &behind(q)));
        if let (Some((sheet, to)), Some(query)) = (target, &query) {
            self.links += 1;
            look.link = true;
            let tip: String = clean(query).chars().take(TIP).collect();
            let url = Url::new(place(sheet, *to)).set_text(cell.text()).set_tip(tip);
            // The number is written over the link's text: it stays a number.
            self.out.write_url(row, span.0, url)?;
        }
        self.cell(row, span, cell, look)
    }

    /// A value over columns.
    pub fn spread(&mut self, row: u32, (from, to): (u16, u16), value: &Value, mut look: Look) -> Result<(), XlsxError> {
        look.form = match value {
            Value::Blank => look.form,
            Value::Text(_, form) | Value::Number(_, form) | Value::Day(_, form) => form.clone(),
        };
        let format: &Format = self.looks.get(&look);
        if from < to {
            self.out.merge_range(row, from, row, to, "", format)?;
        }
        match value {
            Value::Blank => {
                self.out.write_blank(row, from, format)?;
            }
            Value::Text(text, _) => {
                let chars = text.encode_utf16().count();
                if chars > CHARS {
                    let place = utility::row_col_to_cell(row, from);
                    return Err(XlsxError::TooLong { sheet: self.plan.name.into(), place, chars });
                }
                self.out.write_string_with_format(row, from, text, format)?;
            }
            Value::Number(n, _) => {
                self.out.write_number_with_format(row, from, *n, format)?;
            }
            Value::Day(day, _) => {
                use chrono::Datelike;
                let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
                self.out.write_datetime_with_format(row, from, &day, format)?;
            }
        }
        Ok(())
    }

    /// The ground of a light follows its word when someone edits it; what is no word of the
    /// legend is no light. Cells that say their colour otherwise, or count it, have their own
    /// ground and no rule.
    fn colours(&mut self) -> Result<(), XlsxError> {
        for (from, to, column) in std::mem::take(&mut self.lights) {
            for (tone, word) in self.words.iter().filter(|(_, w)| !w.contains('"')) {
                let rule = ConditionalFormatText::new()
                    .set_rule(ConditionalFormatTextRule::BeginsWith(word.clone()))
                    .set_format(Format::new().set_background_color(Color::RGB(ground(*tone))))
                    .set_stop_if_true(true);
                self.out.add_conditional_format(from, column, to, column, &rule)?;
            }
            let white = Format::new().set_background_color(Color::White);
            let rest = ConditionalFormatFormula::new().set_rule("=TRUE").set_format(white);
            self.out.add_conditional_format(from, column, to, column, &rest)?;
        }
        Ok(())
    }
}

/// A row of a sheet as a link names it.
fn place(sheet: &str, row: u32) -> String {
    format!("internal:'{}'!A{}", sheet.replace('\'', "''"), row + 1)
}

/// Lines larger than the standard row even when there is one of them.
fn role_is_tall(role: Role) -> bool {
    matches!(role, Role::Title | Role::Heading(_) | Role::Banner | Role::Prose | Role::Head(_) | Role::Marking)
}
