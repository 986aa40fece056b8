//! Widths of columns. A sheet has one set of them for all of its blocks: the widest table
//! rules, the others get what they cannot do without.
//!
//! Where a column is too narrow, a spreadsheet prints ### for a number or a day; so what does
//! not break always fits, and what wraps gives way. Chinese characters count double.

use crate::page::{Column, Row, Table};
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
/// A column that wraps is not made narrower for the others' sake.
const NARROW: u32 = 60;
/// … nor is one of another table asked to be wider.
const WISH: u32 = 130;

/// Columns of a sheet, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid(pub Vec<u32>);

/// Pixels that so many half characters take.
fn pixels(halves: usize) -> u32 {
    u32::try_from(halves * HALF / 100 + SIDES).unwrap_or(WIDEST).min(WIDEST)
}

/// Least and wished width of a column.
fn needs(t: &Table, i: usize, column: &Column) -> (u32, u32) {
    let body = |f: fn(&str) -> usize| {
        let cells = t.rows.iter().filter(|r| r.cells.len() > 1).filter_map(|r: &Row| r.cells.get(i));
        cells.map(|c| f(&c.text())).max().unwrap_or(0)
    };
    let head = unbroken(&column.label);
    if column.whole {
        let least = pixels(body(widest).max(head));
        return (least, least);
    }
    (pixels(body(unbroken).min(16).max(head)).min(PAGE / 4), pixels(body(widest).max(widest(&column.label))))
}

impl Grid {
    /// For all tables of a page.
    pub fn of(tables: &[&Table]) -> Grid {
        let ruler = tables.iter().rev().max_by_key(|t| (t.columns.len(), t.rows.len()));
        let mut grid = Grid(ruler.map_or(Vec::new(), |t| ruled(t)));
        for t in tables.iter().filter(|t| ruler.is_none_or(|r| !std::ptr::eq(*r, **t))) {
            for (i, column) in t.columns.iter().enumerate() {
                let (least, wish) = needs(t, i, column);
                grid.0[i] = grid.0[i].max(least.max(wish.min(WISH)));
            }
        }
        grid.fill();
        tables.iter().for_each(|t| grid.make_room(t));
        grid
    }
    /// As wide as the page: few columns are stretched, then blank ones follow.
    fn fill(&mut self) {
        let total = self.total().max(1);
        if total < PAGE {
            let stretch = (PAGE * 100 / total).min(160);
            self.0.iter_mut().for_each(|w| *w = *w * stretch / 100);
        }
        while self.0.len() < 3 || self.total() + 40 < PAGE && self.0.len() < 6 {
            let left = PAGE.saturating_sub(self.total());
            self.0.push((left / 2).max(NARROW));
        }
    }
    /// A row has a greatest height; text that needs more gets a wider column.
    fn make_room(&mut self, t: &Table) {
        for row in t.rows.iter().filter(|r| r.cells.len() > 1) {
            for (i, cell) in row.cells.iter().enumerate().take(self.0.len()) {
                if let crate::page::Cell::Text(text) = cell {
                    while text.len() > TALLEST && self.0[i] < WIDEST && lines(text, room(self.0[i], 10)) > TALLEST {
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
    /// The first columns that together are so wide; at least one is left over.
    pub fn first(&self, pixels: u32) -> (u16, u16) {
        let mut sum = 0;
        let enough = self.0.iter().position(|w| {
            sum += w;
            sum >= pixels
        });
        (0, u16::try_from(enough.unwrap_or(self.0.len())).unwrap_or(0).min(self.last().saturating_sub(1)))
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

/// Half characters that stand side by side in so many pixels at a size in points.
pub fn room(pixels: u32, size: usize) -> usize {
    (pixels as usize).saturating_sub(SIDES) * 1000 / (HALF * size)
}

/// The columns of the table that rules: millimetres as the page asks, more where something
/// does not break, and what is left shared among the columns that ask for nothing.
fn ruled(t: &Table) -> Vec<u32> {
    let needs: Vec<(u32, u32)> = t.columns.iter().enumerate().map(|(i, c)| needs(t, i, c)).collect();
    let asked = |i: usize| u32::from(t.columns[i].width) * PAGE / 261;
    let free = |i: usize| t.columns[i].width == 0 && !t.columns[i].whole;
    let n = t.columns.len();
    let mut out: Vec<u32> = (0..n).map(|i| asked(i).max(if asked(i) > 0 && !t.columns[i].whole { 0 } else { needs[i].0 })).collect();
    let wishes: u32 = (0..n).filter(|i| free(*i)).map(|i| needs[i].1 - needs[i].0.min(needs[i].1)).sum();
    let left = PAGE.saturating_sub(out.iter().sum());
    for i in (0..n).filter(|i| free(*i) && wishes > 0) {
        let wish = needs[i].1 - needs[i].0.min(needs[i].1);
        out[i] += (u64::from(left.min(wishes)) * u64::from(wish) / u64::from(wishes)) as u32;
    }
    give_way(&mut out, t);
    out
}

/// Too wide for the page: the columns that wrap give way, the widest most.
fn give_way(widths: &mut [u32], t: &Table) {
    let over = widths.iter().sum::<u32>().saturating_sub(PAGE);
    let spare = |i: usize, w: u32| if t.columns[i].whole { 0 } else { w.saturating_sub(NARROW) };
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
    use crate::page::Cell;

    #[test]
    fn what_does_not_break_fits_and_the_page_is_full() {
        let columns = vec![Column::number("序号", "序").wide(8), Column::id("完成时限").wide(19), Column::text("进展情况").wide(234)];
        let rows = vec![Row::of(vec![Cell::Count(10_000), Cell::new("2026年11月28日"), Cell::new("长".repeat(200))])];
        let grid = Grid::of(&[&Table::of(columns, rows, "")]);
        assert!(grid.0[0] >= 42 && grid.0[1] >= 102, "{grid:?}");
        assert!((PAGE - 5..=PAGE).contains(&grid.total()), "{grid:?}");
        // A sheet with a narrow table is as wide as any other.
        let narrow = Grid::of(&[&Table::of(vec![Column::id("编号")], vec![], "")]);
        assert!(narrow.0.len() >= 3 && narrow.total() + 60 > PAGE, "{narrow:?}");
    }

    #[test]
    fn the_columns_fall_into_parts() {
        let grid = Grid(vec![30, 64, 136, 76, 91, 53, 72, 57, 38, 151, 106, 113]);
        assert_eq!(grid.parts(3), [(0, 3), (4, 8), (9, 11)]);
        assert_eq!(Grid(vec![10, 10, 900]).parts(3), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(Grid(vec![900, 10]).parts(5), [(0, 0), (1, 1)]);
        assert_eq!(grid.first(100), (0, 2));
    }

    #[test]
    fn a_text_that_no_row_could_show_gets_a_wider_column() {
        let columns = vec![Column::id("编号").wide(17), Column::text("进展情况").wide(40)];
        let rows = vec![Row::of(vec![Cell::new("OPN-3.18"), Cell::new("长".repeat(2000))])];
        let grid = Grid::of(&[&Table::of(columns, rows, "")]);
        assert!(lines(&"长".repeat(2000), room(grid.0[1], 10)) <= TALLEST, "{grid:?}");
    }
}
