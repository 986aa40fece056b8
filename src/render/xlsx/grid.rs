//! Widths of columns. A sheet has one set of them for all of its blocks: the widest table
//! rules, the others get what they cannot do without.
//!
//! Where a column is too narrow, a spreadsheet prints ### for a number or a day; so what does
//! not break always fits, and what wraps gives way. Chinese characters count double.

use crate::page::{Cell, Column, Kind, Table};
use crate::render::office::{lines, unbroken, widest};

/// Width of the printed page between its margins, in pixels: 261 mm at 96 to the inch.
pub const PAGE: u32 = 986;
/// The widest column that there is, in pixels: 255 characters.
const WIDEST: u32 = 1790;
/// The tallest row shows so many lines of cells.
const TALLEST: usize = 29;
/// Half a character of a cell's text (10 points), in hundredths of a pixel.
const HALF: usize = 667;
/// What a cell keeps free at its sides, in pixels.
const SIDES: usize = 9;
/// Half characters of a text that is kept on one line where it should be; longer ones wrap.
const LONG: usize = 48;
/// Half characters of a piece that does not break and is given room; an address is broken.
const PIECE: usize = 16;
/// Letters of a word in a head that gets room to spare.
const LONG_WORD: usize = 9;
/// A column that wraps is not made narrower for the others' sake,
const NARROW: u32 = 60;
/// … nor one of another table wider than this for its own,
const WISH: u32 = 130;
/// … nor any wider than this to fill the page.
const STRETCHED: u32 = 480;
/// A table of fewer columns keeps its width.
const SEVERAL: usize = 5;
/// Width of blank columns beside a narrow table.
const BLANK: u32 = 100;

/// Columns of a sheet, in pixels.
///
/// Where the page is not in Chinese, its letters are narrower than half a character.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid(pub Vec<u32>, pub bool);

/// Pixels that so many half characters take.
fn pixels(halves: usize) -> u32 {
    u32::try_from((halves * HALF).div_ceil(100) + SIDES).unwrap_or(WIDEST).min(WIDEST)
}

/// Least and wished width of a column.
fn needs(t: &Table, i: usize, column: &Column) -> (u32, u32) {
    let word = unbroken(&column.label);
    // Where the face of heads is absent, a long word is wider in the one that stands in for it.
    let (mut least, mut wish) = (if word < LONG_WORD { word } else { word + 2 }, widest(&column.label));
    for cell in t.rows.iter().filter(|r| r.kind != Kind::Group).filter_map(|r| r.cells.get(i)) {
        let text = cell.text();
        // Lines that must not wrap have room to spare, or a wider face cuts the first of them.
        let all = widest(&text) + if column.whole && text.contains('\n') { 3 } else { 0 };
        let wraps = matches!(cell, Cell::Text(_) | Cell::Light(..) | Cell::Id(..));
        wish = wish.max(all);
        least = least.max(match () {
            _ if !wraps => all,
            _ if column.whole => all.min(LONG),
            _ => unbroken(&text).min(PIECE),
        });
    }
    (pixels(least), pixels(if column.whole { least } else { wish.max(least) }))
}

impl Grid {
    /// For all tables of a page.
    pub fn of(tables: &[&Table], chinese: bool) -> Grid {
        let ruler = tables.iter().rev().max_by_key(|t| (t.columns.len(), t.rows.len()));
        let mut grid = Grid(ruler.map_or(Vec::new(), |t| ruled(t)), chinese);
        for t in tables.iter().filter(|t| ruler.is_none_or(|r| !std::ptr::eq(*r, **t))) {
            for (i, column) in t.columns.iter().enumerate() {
                let (least, wish) = needs(t, i, column);
                grid.0[i] = grid.0[i].max(least.max(wish.min(WISH)));
            }
        }
        grid.fill(|i| ruler.and_then(|r| r.columns.get(i)).is_some_and(|c| !c.whole));
        tables.iter().for_each(|t| grid.make_room(t));
        grid
    }
    /// As wide as the page: a table of several columns is stretched, those that wrap most;
    /// what is left is blank columns, so that the frame has something to stand on.
    fn fill(&mut self, wraps: impl Fn(usize) -> bool) {
        if self.0.len() >= SEVERAL {
            let left = PAGE.saturating_sub(self.total());
            let stretched = |i: usize, w: u32| if wraps(i) { (w * 3).min(STRETCHED.max(w)) } else { w * 3 / 2 };
            let wishes: u32 = self.0.iter().enumerate().map(|(i, w)| stretched(i, *w) - w).sum();
            for (i, w) in self.0.iter_mut().enumerate() {
                *w += (u64::from(left.min(wishes)) * u64::from(stretched(i, *w) - *w) / u64::from(wishes.max(1))) as u32;
            }
        }
        while self.0.len() < 3 || self.total() + BLANK / 2 < PAGE {
            self.0.push(BLANK.min(PAGE.saturating_sub(self.total()).max(NARROW)));
        }
    }
    /// A row has a greatest height; text that needs more gets a wider column.
    fn make_room(&mut self, t: &Table) {
        for row in t.rows.iter().filter(|r| r.cells.len() > 1) {
            for (i, cell) in row.cells.iter().enumerate().take(self.0.len()) {
                if let Cell::Text(text) = cell {
                    while text.len() > TALLEST && self.0[i] < WIDEST && lines(text, self.room(self.0[i], 10)) > TALLEST {
                        self.0[i] = (self.0[i] * 5 / 4).min(WIDEST);
                    }
                }
            }
        }
    }
    /// Of all columns.
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }
    /// The last column.
    pub fn last(&self) -> u16 {
        u16::try_from(self.0.len() - 1).unwrap_or(u16::MAX)
    }
    /// Pixels of the columns from one to another.
    pub fn width(&self, (from, to): (u16, u16)) -> u32 {
        self.0[usize::from(from)..=usize::from(to)].iter().sum()
    }
    /// Half characters that stand side by side in so many pixels at a size in points.
    pub fn room(&self, pixels: u32, size: usize) -> usize {
        let halves = (pixels as usize).saturating_sub(SIDES) * 1000 / (HALF * size);
        if self.1 { halves } else { halves * 7 / 6 }
    }
    /// The same in a column of cells.
    pub fn column(&self, column: usize) -> usize {
        self.room(self.0.get(column).copied().unwrap_or(NARROW), 10)
    }
    /// The first columns that together are so wide; at least one is left over.
    pub fn first(&self, pixels: u32) -> (u16, u16) {
        let mut sum = 0;
        let enough = self.0.iter().position(|w| {
            sum += w;
            sum >= pixels
        });
        (0, u16::try_from(enough.unwrap_or(self.0.len())).unwrap_or(0).min(self.last().saturating_sub(1)))
    }
    /// The last columns that together are so wide, and those before them that are so wide.
    pub fn corner(&self, before: u32, last: u32) -> ((u16, u16), (u16, u16)) {
        let end = self.last();
        let from = (1..=end).rev().find(|i| self.width((*i, end)) >= last).unwrap_or(1.min(end));
        let left = (0..from).rev().find(|i| self.width((*i, from - 1)) >= before).unwrap_or(0);
        ((left, from.saturating_sub(1)), (from, end))
    }
    /// All columns in so many parts of nearly equal width, none empty.
    pub fn parts(&self, n: usize) -> Vec<(u16, u16)> {
        let n = n.clamp(1, self.0.len());
        let (mut out, mut from, mut sum) = (Vec::new(), 0usize, 0u32);
        for (i, w) in self.0.iter().enumerate() {
            sum += w;
            let done = out.len() + 1;
            let (left, parts_left) = (self.0.len() - i - 1, n - done.min(n));
            // The boundary nearest to the n-th part of the whole.
            let goal = self.total() * done as u32 / n as u32;
            let next = self.0.get(i + 1).copied().unwrap_or(0);
            if done < n && (left == parts_left || sum + next / 2 >= goal && left >= parts_left) {
                out.push((from as u16, i as u16));
                from = i + 1;
            }
        }
        out.push((from as u16, self.last()));
        out
    }
}

/// The columns of the table that rules: millimetres as the page asks, more where something
/// does not break, and what is left shared among the columns that ask for nothing.
fn ruled(t: &Table) -> Vec<u32> {
    let needs: Vec<(u32, u32)> = t.columns.iter().enumerate().map(|(i, c)| needs(t, i, c)).collect();
    let asked = |i: usize| u32::from(t.columns[i].width) * PAGE / 261;
    let free = |i: usize| t.columns[i].width == 0 && !t.columns[i].whole;
    let n = t.columns.len();
    let mut out: Vec<u32> = (0..n).map(|i| asked(i).max(needs[i].0)).collect();
    let wishes: u32 = (0..n).filter(|i| free(*i)).map(|i| needs[i].1 - needs[i].0.min(needs[i].1)).sum();
    let left = PAGE.saturating_sub(out.iter().sum());
    for i in (0..n).filter(|i| free(*i) && wishes > 0) {
        let wish = needs[i].1 - needs[i].0.min(needs[i].1);
        out[i] += (u64::from(left.min(wishes)) * u64::from(wish) / u64::from(wishes)) as u32;
    }
    let least: Vec<u32> = needs.iter().map(|n| n.0).collect();
    give_way(&mut out, &least);
    out
}

/// Too wide for the page: the columns that can give way, the widest most.
fn give_way(widths: &mut [u32], least: &[u32]) {
    let over = widths.iter().sum::<u32>().saturating_sub(PAGE);
    let spare = |i: usize, w: u32| w.saturating_sub(least[i].max(NARROW));
    let all: u32 = widths.iter().enumerate().map(|(i, w)| spare(i, *w)).sum();
    if all == 0 {
        return;
    }
    for (i, w) in widths.iter_mut().enumerate() {
        *w -= (u64::from(over.min(all)) * u64::from(spare(i, *w))).div_ceil(u64::from(all)) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Row;

    #[test]
    fn what_does_not_break_fits_and_the_page_is_full() {
        let columns = vec![Column::number("序号", "序").wide(8), Column::id("完成时限").wide(19), Column::text("进展情况").wide(234)];
        let rows = vec![Row::of(vec![Cell::Count(10_000), Cell::new("2026年11月28日"), Cell::new("长".repeat(200))])];
        let grid = Grid::of(&[&Table::of(columns, rows, "")], true);
        assert!(grid.0[0] >= 42 && grid.0[1] >= 102, "{grid:?}");
        assert!((PAGE - 5..=PAGE).contains(&grid.total()), "{grid:?}");
        // A sheet with a narrow table is as wide as any other.
        let narrow = Grid::of(&[&Table::of(vec![Column::id("编号")], vec![], "")], true);
        assert!(narrow.0.len() >= 3 && narrow.total() + 60 > PAGE, "{narrow:?}");
    }

    #[test]
    fn the_columns_fall_into_parts() {
        let grid = Grid(vec![30, 64, 136, 76, 91, 53, 72, 57, 38, 151, 106, 113], true);
        assert_eq!(grid.parts(3), [(0, 3), (4, 8), (9, 11)]);
        assert_eq!(Grid(vec![10, 10, 900], true).parts(3), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(Grid(vec![900, 10], true).parts(5), [(0, 0), (1, 1)]);
        assert_eq!(grid.first(100), (0, 2));
    }

    #[test]
    fn a_text_that_no_row_could_show_gets_a_wider_column() {
        let columns = vec![Column::id("编号").wide(17), Column::text("进展情况").wide(40)];
        let rows = vec![Row::of(vec![Cell::new("OPN-3.18"), Cell::new("长".repeat(2000))])];
        let grid = Grid::of(&[&Table::of(columns, rows, "")], true);
        assert!(lines(&"长".repeat(2000), grid.column(1)) <= TALLEST, "{grid:?}");
    }
}
