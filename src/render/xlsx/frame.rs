//! The rows of a sheet that have its whole width: title and head, headings and paragraphs,
//! facts and key figures, legend and signatures.

use super::error::XlsxError;
use super::looks::{Look, Role, leading, size};
use super::plan::{Line, Tile};
use super::sheet::Sheet;
use super::value::{self, Value};
use crate::page::{Cell, Figure};
use crate::render::office::{clean, colon, lines, named, word};
use crate::text::width;

/// Width of a label, of a legend's colour, of a label to sign beside at least, of its blank,
/// in pixels.
const LABEL: u32 = 100;
const SWATCH: u32 = 40;
const SIGNED: u32 = 150;
const BLANK: u32 = 220;

impl Sheet<'_> {
    /// Rows, one below the other.
    pub fn lines(&mut self, from: u32, lines: &[Line]) -> Result<(), XlsxError> {
        let last = from + (lines.len() as u32).saturating_sub(1);
        match lines.first() {
            // A heading is not the last of a page, and key figures do not part.
            Some(Line::Heading(_)) => self.together.push((from, from + 3)),
            Some(Line::Fact(..) | Line::Tiles(..)) => self.together.push((from, last.min(from + 11))),
            _ => {}
        }
        let colours = lines.iter().filter(|l| matches!(l, Line::Legend(..))).count() as u32;
        if let Some(first) = lines.iter().position(|l| matches!(l, Line::Legend(..))) {
            self.together.push((from + first as u32, from + first as u32 + colours - 1));
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
            Line::Tiles(tile, figures, n) => self.tiles(row, *tile, figures, *n),
            Line::Legend(tone, text) => {
                let (label, rest) = self.beside(SWATCH);
                self.spread(row, label, &value::text(word(text)), Look::of(Role::Nil).tone(Some(*tone)))?;
                self.text(row, rest, &clean(text), Role::Meta)
            }
            Line::Sign(label) => {
                let ((left, blank), label) = (self.signed(), colon(&clean(label)));
                self.text(row, left, &label, Role::Sign)?;
                self.spread(row, blank, &Value::Blank, Look::of(Role::Blank))?;
                let n = lines(&label, self.plan.grid.room(self.plan.grid.width(left), size(Role::Sign)));
                self.height(row, (n as f64 * leading(Role::Sign) + 6.0).max(22.0))
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
        // Eight pixels a half character: faces that stand in are wider than the one asked for.
        let longest = self.plan.page.signature.iter().map(|s| width(&colon(s))).max().unwrap_or(0);
        let signed = SIGNED.max(longest as u32 * 8 + 9).min(self.plan.grid.total() / 2);
        let (left, rest) = self.beside(signed);
        let at_left = (left, self.within(rest, BLANK));
        let corner = self.plan.grid.corner(signed, BLANK);
        let waste = |(a, b): ((u16, u16), (u16, u16))| self.plan.grid.width(a).max(signed) + self.plan.grid.width(b).max(BLANK);
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

    fn fact(&mut self, row: u32, label: &str, cell: &Cell) -> Result<(), XlsxError> {
        let (left, mut right) = self.beside(LABEL);
        self.spread(row, left, &value::text(label), Look::of(Role::Label))?;
        if let Cell::Light(..) = cell {
            if named(&self.words, cell) {
                self.lights.push((row, row, right.0));
            }
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

    fn tiles(&mut self, row: u32, tile: Tile, figures: &[Figure], n: usize) -> Result<(), XlsxError> {
        for (span, f) in self.plan.grid.parts(n).into_iter().zip(figures) {
            match tile {
                Tile::Label => self.spread(row, span, &value::text(&f.label), Look::of(Role::Aside(true)))?,
                Tile::Value => self.cell(row, span, &f.value, Look::of(Role::Figure).tone(f.tone))?,
                Tile::Aside => self.spread(row, span, &value::text(&f.aside), Look::of(Role::Aside(false)))?,
            }
        }
        self.height(row, if tile == Tile::Value { 30.0 } else { 16.0 })
    }
}
