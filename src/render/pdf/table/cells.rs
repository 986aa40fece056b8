//! One row laid out: its cells in lines, and how tall it is.

use super::super::flow::{Align, Lines, balanced, fitted, lines};
use super::super::fonts::Role;
use super::super::setter::Setter;
use super::super::sheet::{MM, Rgb, pale};
use super::columns::{Grid, PAD, Whole, dated, label};
use crate::page::{Cell, Column, Kind, Row, Table};

/// Space above and below the letters of a cell.
pub const AIR: f32 = 0.7 * MM;

/// A cell in lines.
pub struct Laid {
    /// Its lines.
    pub lines: Lines,
    /// How they stand.
    pub align: Align,
    /// Its colour: lights have one.
    pub colour: Option<Rgb>,
    /// Where it leads.
    pub link: Option<String>,
    /// Left and width, rules included.
    pub across: [f32; 2],
    /// Said again overleaf where the row is cut: what names the row, and the word of a colour.
    pub again: bool,
}

/// A row in lines.
pub struct LaidRow {
    /// What it is.
    pub kind: Kind,
    /// Its cells.
    pub cells: Vec<Laid>,
}

impl LaidRow {
    /// Height with the air.
    pub fn height(&self) -> f32 {
        self.cells.iter().map(|c| c.lines.height()).fold(0.0, f32::max) + 2.0 * AIR
    }
}

/// The head of a table.
pub fn head(setter: &Setter, t: &Table, grid: &Grid, left: f32) -> LaidRow {
    let cell = |(i, c): (usize, &Column)| {
        let across = across(grid, i, left);
        let lines = balanced(setter, &label(c), Role::Head, grid.size, across[1] - 2.0 * PAD);
        Laid { lines, align: Align::Centre, colour: None, link: None, across, again: false }
    };
    LaidRow { kind: Kind::Item, cells: t.columns.iter().enumerate().map(cell).collect() }
}

/// A row. A group spans the table; cells that are not given are empty.
pub fn row(setter: &Setter, t: &Table, r: &Row, grid: &Grid, left: f32) -> LaidRow {
    let cells = if r.kind == Kind::Group {
        vec![spanning(setter, &r.cells.first().map_or(String::new(), Cell::text), grid, left, Align::Left, Role::Head)]
    } else {
        let blank = Cell::Text(String::new());
        let cell = |(i, c): (usize, &Column)| one(setter, c, r.cells.get(i).unwrap_or(&blank), r.kind, (grid, i), across(grid, i, left));
        t.columns.iter().enumerate().map(cell).collect()
    };
    LaidRow { kind: r.kind, cells }
}

/// One cell over the whole table.
pub fn spanning(setter: &Setter, text: &str, grid: &Grid, left: f32, align: Align, role: Role) -> Laid {
    let width = grid.widths.iter().sum::<f32>();
    let lines = lines(setter, text, role, grid.size, width - 2.0 * PAD, 0.0);
    Laid { lines, align, colour: None, link: None, across: [left, width], again: false }
}

fn across(grid: &Grid, i: usize, left: f32) -> [f32; 2] {
    [left + grid.widths[..i].iter().sum::<f32>(), grid.widths[i]]
}

fn one(setter: &Setter, column: &Column, cell: &Cell, kind: Kind, (grid, i): (&Grid, usize), across: [f32; 2]) -> Laid {
    let role = if kind == Kind::Total { Role::Head } else { Role::Body };
    let (text, width) = (cell.text(), across[1] - 2.0 * PAD);
    let align = match cell {
        _ if column.right => Align::Right,
        Cell::Light(..) | Cell::Lit(..) => Align::Centre,
        Cell::Id(..) | Cell::Date(..) => Align::Centre,
        _ if column.whole => Align::Centre,
        _ => Align::Left,
    };
    let lines = match grid.whole.get(i).copied().flatten() {
        Some(way) => whole(setter, cell, text, role, way, width),
        None => fitted(setter, &text, role, grid.size, width),
    };
    let colour = cell.tone().filter(|_| !cell.is_blank()).map(pale);
    let link = if let Cell::Id(_, anchor) = cell { anchor.clone() } else { None };
    let again = matches!(cell, Cell::Id(..) | Cell::Count(_)) && column.whole || colour.is_some();
    Laid { lines, align, colour, link, across, again }
}

/// Never broken: the letters of the column are small enough, and a date may stand in two lines.
fn whole(setter: &Setter, cell: &Cell, mut text: String, role: Role, way: Whole, width: f32) -> Lines {
    if let Some(halves) = dated(cell).filter(|_| way.halved) {
        text = halves;
    }
    lines(setter, &text, role, way.size, width + 0.1, 0.0)
}
