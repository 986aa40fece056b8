//! One page on one sheet: the rows of its frame here, tables and charts in their own files.

use super::XlsxError;
use super::looks::{Look, Looks, Role, leading, size};
use super::plan::{Anchors, Line, Part, Plan, Tile};
use super::value::{self, Value};
use super::{chart, paper, table};
use crate::page::{Cell, Figure};
use crate::render::office::{chinese, clean, colon, ground, lines, word, words};
use crate::text::width;
use rust_xlsxwriter::{Color, ConditionalFormatFormula, ConditionalFormatText, ConditionalFormatTextRule, ExcelDateTime, Format, Url};
use rust_xlsxwriter::{Worksheet, utility};
use std::collections::BTreeMap;

/// Links that a sheet may hold.
const LINKS: usize = 65_530;
/// Characters that a cell may hold.
const CHARS: usize = 32_767;
/// Width of a label, of a legend's colour, of a label to sign beside, of its blank, in pixels.
const LABEL: u32 = 100;
const SWATCH: u32 = 40;
const SIGNED: u32 = 150;
const BLANK: u32 = 220;

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
    /// First row, last row, column of cells with lights.
    pub lights: Vec<(u32, u32, u16)>,
    /// Heights of rows that are not the standard one, in points.
    pub heights: BTreeMap<u32, f64>,
    /// First and last row of what stands on one page.
    pub together: Vec<(u32, u32)>,
    looks: Looks,
    anchors: &'a Anchors,
    links: usize,
}

/// Writes a plan.
pub fn write(plan: &Plan, anchors: &Anchors) -> Result<Worksheet, XlsxError> {
    let looks = Looks::new(chinese(plan.page));
    let (lists, lights, together, heights) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
    let mut sheet = Sheet { out: Worksheet::new(), plan, lists, lights, heights, together, looks, anchors, links: 0 };
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
    fn lines(&mut self, from: u32, lines: &[Line]) -> Result<(), XlsxError> {
        let last = from + (lines.len() as u32).saturating_sub(1);
        match lines.first() {
            // A heading is not the last of a page, and key figures do not part.
            Some(Line::Heading(_)) => self.together.push((from, from + 3)),
            Some(Line::Fact(..) | Line::Tiles(..)) => self.together.push((from, last.min(from + 11))),
            _ => {}
        }
        if let Some(sign) = lines.iter().position(|l| matches!(l, Line::Sign(_))) {
            self.together.push((from + sign as u32, last));
        }
        for (i, line) in lines.iter().enumerate() {
            self.line(from + i as u32, line)?;
        }
        Ok(())
    }

    fn line(&mut self, row: u32, line: &Line) -> Result<(), XlsxError> {
        let all = (0, self.plan.grid.last());
        match line {
            Line::Text(role, text) => self.text(row, all, text, *role),
            Line::Heading(h) => self.text(row, all, &clean(&h.text), Role::Heading(h.level)),
            Line::Head(head) => self.head(row, head),
            Line::Fact(label, cell) => self.fact(row, label, cell),
            Line::Tiles(tile, figures) => self.tiles(row, *tile, figures),
            Line::Legend(tone, text) => {
                let (label, rest) = self.beside(SWATCH);
                self.spread(row, label, &value::text(word(text)), Look::of(Role::Nil).tone(Some(*tone)))?;
                self.text(row, rest, &clean(text), Role::Meta)
            }
            Line::Sign(label) => {
                let (left, blank) = self.signed();
                self.text(row, left, &colon(&clean(label)), Role::Sign)?;
                self.spread(row, blank, &Value::Blank, Look::of(Role::Blank))?;
                self.height(row, 24.0)
            }
            Line::Gap => self.height(row, 8.0),
        }
    }

    /// The columns of a label that needs so many pixels, and those beside it.
    fn beside(&self, pixels: u32) -> ((u16, u16), (u16, u16)) {
        let label = self.plan.grid.first(pixels);
        (label, (label.1 + 1, self.plan.grid.last()))
    }

    /// The first of some columns that together are so wide.
    fn within(&self, (from, to): (u16, u16), pixels: u32) -> (u16, u16) {
        (from, (from..to).find(|i| self.plan.grid.width((from, *i)) >= pixels).unwrap_or(to))
    }

    /// Where names are signed: at the left, or in the right corner where the columns there are
    /// narrower.
    fn signed(&self) -> ((u16, u16), (u16, u16)) {
        let (left, rest) = self.beside(SIGNED);
        let at_left = (left, self.within(rest, BLANK));
        let corner = self.plan.grid.corner(SIGNED, BLANK);
        let waste = |(a, b): ((u16, u16), (u16, u16))| self.plan.grid.width(a).max(SIGNED) + self.plan.grid.width(b).max(BLANK);
        if waste(corner) + 100 < waste(at_left) { corner } else { at_left }
    }

    /// The line under the title: in three parts of the sheet, or, where the columns do not
    /// fall so, as one text with blanks between its parts.
    fn head(&mut self, row: u32, head: &[String; 3]) -> Result<(), XlsxError> {
        let grid = &self.plan.grid;
        let spans = grid.parts(3);
        let room_of = |span| grid.room(grid.width(span), size(Role::Head(0)));
        let fits = spans.len() == 3 && spans.iter().zip(head).all(|(s, h)| width(h) <= room_of(*s));
        let middle = spans.get(1).map_or(0, |s| grid.width((0, s.1)) * 2 - grid.width(*s));
        if fits && middle.abs_diff(grid.total()) < 200 {
            for (i, (span, part)) in spans.into_iter().zip(head).enumerate() {
                self.text(row, span, &clean(part), Role::Head(i as u8))?;
            }
            return Ok(());
        }
        let all = (0, grid.last());
        let side = width(&head[0]).max(width(&head[2]));
        let gap = (room_of(all).saturating_sub(2 * side + width(&head[1])) / 2).saturating_sub(1).max(2);
        let blank = |part: &str| " ".repeat(gap + side - width(part));
        let text = format!("{}{}{}{}{}", head[0], blank(&head[0]), head[1], blank(&head[2]), head[2]);
        self.text(row, all, &clean(&text), Role::Head(1))
    }

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

    fn fact(&mut self, row: u32, label: &str, cell: &Cell) -> Result<(), XlsxError> {
        let (left, mut right) = self.beside(LABEL);
        self.spread(row, left, &value::text(label), Look::of(Role::Label))?;
        if let Cell::Light(..) = cell {
            self.lights.push((row, row, right.0));
            // Its colour is no wider than a colour needs to be.
            let light = self.within(right, LABEL);
            if light.1 < right.1 {
                self.spread(row, (light.1 + 1, right.1), &Value::Blank, Look::of(Role::Fact))?;
                right = light;
            }
        }
        self.cell(row, right, cell, Look::of(Role::Fact))?;
        // The higher of the two says how high the row is.
        let lines_of = |span, text: &str| lines(text, self.plan.grid.room(self.plan.grid.width(span), 10));
        let n = lines_of(left, label).max(lines_of(right, &cell.text()));
        self.height(row, (n as f64 * leading(Role::Fact) + 2.0).clamp(16.0, 409.0))
    }

    fn tiles(&mut self, row: u32, tile: Tile, figures: &[Figure]) -> Result<(), XlsxError> {
        for (span, f) in self.plan.grid.parts(figures.len()).into_iter().zip(figures) {
            match tile {
                Tile::Label => self.spread(row, span, &value::text(&f.label), Look::of(Role::Aside(true)))?,
                Tile::Value => self.cell(row, span, &f.value, Look::of(Role::Figure).tone(f.tone))?,
                Tile::Aside => self.spread(row, span, &value::text(&f.aside), Look::of(Role::Aside(false)))?,
            }
        }
        self.height(row, if tile == Tile::Value { 30.0 } else { 16.0 })
    }

    /// A cell of the page over columns: with its light, with its link.
    pub fn cell(&mut self, row: u32, span: (u16, u16), cell: &Cell, mut look: Look) -> Result<(), XlsxError> {
        if let Cell::Light(tone, _) = cell {
            look.tone = Some(*tone);
        }
        let target = match cell {
            Cell::Id(_, Some(anchor)) if self.links < LINKS => self.anchors.get(anchor),
            _ => None,
        };
        look.link = target.is_some();
        let value = value::of(cell);
        self.spread(row, span, &value, look.clone())?;
        if let (Some((sheet, to)), Value::Text(text, form)) = (target, value) {
            self.links += 1;
            let url = Url::new(format!("internal:'{}'!A{}", sheet.replace('\'', "''"), to + 1)).set_text(text);
            look.form = form;
            self.out.write_url_with_format(row, span.0, url, self.looks.get(&look))?;
        }
        Ok(())
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

    /// The ground of a light follows its word when someone edits it; what is no known word is
    /// no light.
    fn colours(&mut self) -> Result<(), XlsxError> {
        let words = words(self.plan.page);
        for (from, to, column) in std::mem::take(&mut self.lights) {
            for (tone, word) in &words {
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

/// Lines larger than the standard row even when there is one of them.
fn role_is_tall(role: Role) -> bool {
    matches!(role, Role::Title | Role::Heading(_) | Role::Banner | Role::Prose | Role::Head(_) | Role::Marking)
}
