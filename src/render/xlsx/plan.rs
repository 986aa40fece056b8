//! The rows of a sheet before any is written: links lead forward, and a print set-up needs
//! the end.

use super::below::parted;
use super::calendar::coloured;
use super::error::XlsxError;
use super::grid::Grid;
use super::looks::{Role, leading, size};
use crate::page::{Block, Cell, Chart, Figure, Heading, Kind, Page, Shape, Table, Tone};
use crate::render::office::{chinese, clean, lines, words};
use crate::text::width;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// Rows of a sheet.
const ROWS: usize = 1_048_576;
/// The tallest row, in points.
const TALLEST: f64 = 400.0;
/// Rows under a chart's picture, 20 pixels each, and bars that fit a row.
const PICTURE: usize = 14;

/// Sheets and rows that an anchor leads to.
#[derive(Default)]
pub struct Anchors(HashMap<String, Vec<(String, u32)>>);

/// A sheet, planned.
pub struct Plan<'a> {
    /// What it shows.
    pub page: &'a Page,
    /// Its name.
    pub name: &'a str,
    /// Its columns.
    pub grid: Grid,
    /// Its parts with their first rows.
    pub parts: Vec<(u32, Part<'a>)>,
    /// All rows.
    pub rows: u32,
}

/// A part of a sheet.
pub enum Part<'a> {
    /// Rows that have the sheet's width.
    Lines(Vec<Line<'a>>),
    /// A table of the page.
    Table(Cow<'a, Table>),
    /// A chart: picture rows, then its figures as a table.
    Chart(&'a Chart, u32, Table),
    /// On paper the next part begins a page.
    Break,
}

/// One row.
pub enum Line<'a> {
    /// Text over the whole width.
    Text(Role, String),
    /// A heading.
    Heading(&'a Heading),
    /// The line under the title.
    Head(&'a [String; 3]),
    /// Label and value.
    Fact(&'a str, &'a Cell),
    /// Key figures side by side: their labels, the figures, what stands beside them; for how
    /// many there is room, so that rows of fewer stand below the others.
    Tiles(Tile, &'a [Figure], usize),
    /// What a colour means.
    Legend(Tone, &'a str),
    /// A line to sign on.
    Sign(&'a str),
    /// Nothing.
    Gap,
}

/// Which row of the key figures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tile {
    /// What it is.
    Label,
    /// The figure.
    Value,
    /// What stands beside it.
    Aside,
}

impl<'a> Plan<'a> {
    /// Of a page.
    pub fn of(page: &'a Page, name: &'a str) -> Result<Plan<'a>, XlsxError> {
        let words = words(page);
        let drawn = |b: &Block| if let Block::Chart(c) = b { Some(figures(c, &words)) } else { None };
        let mut charts: BTreeMap<usize, Table> = page.blocks.iter().enumerate().filter_map(|(i, b)| Some((i, drawn(b)?))).collect();
        let shown: Vec<Cow<Table>> = page.tables().map(parted).collect();
        let tables: Vec<&Table> = shown.iter().map(AsRef::as_ref).chain(charts.values()).collect();
        let grid = Grid::of(&tables, chinese(page));
        let mut parts = vec![Part::Lines(top(page, &grid))];
        for (i, block) in page.blocks.iter().enumerate() {
            parts.push(part(block, &grid, charts.remove(&i)));
        }
        parts.push(Part::Lines(foot(page, &grid)));
        let mut at = 0usize;
        let mut placed = Vec::with_capacity(parts.len());
        for part in parts {
            let rows = part.rows();
            placed.push((u32::try_from(at).unwrap_or(u32::MAX), part));
            at += rows;
        }
        if at > ROWS {
            return Err(XlsxError::TooManyRows { sheet: name.into(), rows: at });
        }
        Ok(Plan { page, name, grid, parts: placed, rows: at as u32 })
    }
}

impl Anchors {
    /// Where the cards of all sheets stand.
    pub fn of(plans: &[Plan]) -> Anchors {
        let mut out = Anchors::default();
        for plan in plans {
            for (row, part) in &plan.parts {
                match part {
                    Part::Lines(lines) => {
                        for (i, line) in lines.iter().enumerate() {
                            if let Line::Heading(Heading { anchor: Some(anchor), .. }) = line {
                                out.put(anchor.clone(), plan, row + i as u32);
                            }
                        }
                    }
                    Part::Table(t) => {
                        let first = row + u32::from(!t.caption.is_empty()) + 1;
                        for (i, r) in t.rows.iter().enumerate().filter(|(_, r)| r.kind == Kind::Group && !r.query.is_empty()) {
                            out.put(behind(&r.query), plan, first + i as u32);
                        }
                    }
                    _ => {}
                }
            }
        }
        out
    }
    fn put(&mut self, anchor: String, plan: &Plan, row: u32) {
        self.0.entry(anchor).or_default().push((plan.name.to_string(), row));
    }
    /// A card: on the sheet itself before any other.
    pub fn find(&self, sheet: &str, anchor: &str) -> Option<&(String, u32)> {
        let all = self.0.get(anchor)?;
        all.iter().find(|(name, _)| name == sheet).or(all.first())
    }
}

/// The anchor of the rows that a query selects; no card has a line break in its name.
pub fn behind(query: &str) -> String {
    format!("\n{query}")
}

impl Part<'_> {
    /// How many rows it takes, with the gap below it.
    fn rows(&self) -> usize {
        match self {
            Part::Lines(lines) => lines.len(),
            Part::Table(t) => table_rows(t),
            Part::Chart(_, picture, table) => *picture as usize + table_rows(table),
            Part::Break => 0,
        }
    }
}

/// Caption, head, rows or the nil line, gap.
fn table_rows(t: &Table) -> usize {
    usize::from(!t.caption.is_empty()) + 1 + t.rows.len().max(1) + 1
}

fn part<'a>(block: &'a Block, grid: &Grid, table: Option<Table>) -> Part<'a> {
    match block {
        Block::Heading(h) => Part::Lines(vec![Line::Heading(h)]),
        Block::Prose(text) => Part::Lines(texts(Role::Prose, text, grid).chain([Line::Gap]).collect()),
        Block::Facts(facts) => Part::Lines(facts.iter().map(|(k, v)| Line::Fact(k, v)).chain([Line::Gap]).collect()),
        Block::Figures(figures) => Part::Lines(tiles(figures, grid)),
        Block::Table(t) => Part::Table(parted(t)),
        Block::Chart(chart) => {
            let mut table = table.unwrap_or_else(|| chart.table());
            table.caption.clear();
            Part::Chart(chart, 2 + picture(chart), table)
        }
        Block::Break => Part::Break,
    }
}

/// What a chart is drawn from.
fn figures(chart: &Chart, words: &[(Tone, String)]) -> Table {
    match &chart.shape {
        Shape::Calendar { months } => coloured(months, chart.table(), words),
        _ => chart.table(),
    }
}

/// Rows under the picture; none where there is nothing to draw.
pub fn picture(chart: &Chart) -> u32 {
    (match &chart.shape {
        Shape::Bars { bars, .. } if !bars.is_empty() => (bars.len() * 5 / 4 + 4).clamp(8, 36),
        Shape::Lines { points, .. } if !points.is_empty() => PICTURE,
        Shape::Calendar { months } if !months.is_empty() => PICTURE,
        _ => 0,
    }) as u32
}

fn tiles<'a>(figures: &'a [Figure], grid: &Grid) -> Vec<Line<'a>> {
    // As even as can be: eight figures are two rows of four.
    let most = grid.0.len().clamp(1, 5);
    let n = figures.len().div_ceil(figures.len().div_ceil(most).max(1)).max(1);
    let rows = figures.chunks(n).flat_map(|f| [Tile::Label, Tile::Value, Tile::Aside].map(|t| Line::Tiles(t, f, n)));
    rows.chain([Line::Gap]).collect()
}

/// A text in as many rows as it needs: a row has a greatest height.
fn texts<'a>(role: Role, text: &str, grid: &Grid) -> impl Iterator<Item = Line<'a>> + use<'a> {
    let room = grid.room(grid.total(), size(role));
    let most = (TALLEST / leading(role)) as usize;
    let text = clean(text);
    let mut out = Vec::new();
    for piece in if lines(&text, room) > most { chop(&text, (room - 1) * most) } else { vec![text] } {
        out.push(Line::Text(role, piece.into_owned()));
    }
    out.into_iter()
}

/// Pieces of at most so many half characters, cut at line breaks and stops where there are any.
fn chop<'t>(text: &'t str, most: usize) -> Vec<Cow<'t, str>> {
    let mut out = Vec::new();
    for line in text.split('\n') {
        let (mut start, mut stop, mut used) = (0, 0, 0);
        for (i, c) in line.char_indices() {
            used += width(&line[i..i + c.len_utf8()]);
            if used > most {
                let end = if stop > start { stop } else { i };
                out.push(Cow::Borrowed(&line[start..end]));
                (start, used) = (end, width(&line[end..i + c.len_utf8()]));
            }
            if "。；. ".contains(c) {
                stop = i + c.len_utf8();
            }
        }
        out.push(Cow::Borrowed(&line[start..]));
    }
    out
}

fn top<'a>(page: &'a Page, grid: &Grid) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    out.extend(page.marking.iter().map(|m| Line::Text(Role::Marking, clean(m).into_owned())));
    out.extend(texts(Role::Title, &page.title, grid));
    out.extend(page.banner.iter().flat_map(|b| texts(Role::Banner, b, grid)));
    if page.head.iter().any(|h| !h.is_empty()) {
        out.push(Line::Head(&page.head));
    }
    out.extend(page.meta.iter().flat_map(|m| texts(Role::Meta, m, grid)));
    out.push(Line::Gap);
    out
}

fn foot<'a>(page: &'a Page, grid: &Grid) -> Vec<Line<'a>> {
    let mut out: Vec<Line> = page.legend.iter().map(|(tone, text)| Line::Legend(*tone, text)).collect();
    out.extend(page.notes.iter().flat_map(|n| texts(Role::Meta, n, grid)));
    if !page.signature.is_empty() {
        out.push(Line::Gap);
    }
    out.extend(page.signature.iter().map(|s| Line::Sign(s)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_divided_and_nothing_is_lost() {
        let text = format!("{}。{}", "长".repeat(30), "短".repeat(45));
        let pieces = chop(&text, 80);
        assert_eq!(pieces.len(), 3);
        assert!(pieces[0].ends_with('。'));
        assert_eq!(pieces.concat(), text);
        assert!(pieces.iter().all(|p| width(p) <= 80));
    }
}
