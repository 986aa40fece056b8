//! Rows on sheets: the head again on every sheet, a row whole on one sheet unless it is
//! taller than a sheet, a group never without its first row.

use super::super::flow::{Align, Flow, Lines, lines};
use super::super::fonts::Role;
use super::super::setter::clean;
use super::super::sheet::*;
use super::super::wrap::{Unit, longest};
use super::cells::{AIR, Laid, LaidRow, head, row, spanning};
use super::columns::{Grid, PAD, grid};
use crate::page::{Cell, Kind, Row, Table};

/// Thickness of rules: thin.
const THIN: f32 = 0.5;
/// A table of so many rows stands on one sheet.
const FEW: usize = 8;
/// So many rows of a table go with the lines to sign on.
pub const ALONG: usize = 3;
/// Room on a sheet that headings may take.
const HEADING: f32 = 30.0 * MM;
/// Rows of a body: arrays in a PDF have a limit, and readers are glad of smaller ones.
const BODY_ROWS: usize = 500;

/// A table with its caption; caption, head and first row stay together.
pub fn table(flow: &mut Flow, t: &Table) {
    if t.columns.is_empty() {
        return;
    }
    let grid = grid(flow, t);
    let (setter, left, width) = (flow.setter, flow.left, flow.width);
    let mut rows = t.rows.iter().map(|r| row(setter, t, r, &grid, left)).peekable();
    let head = head(setter, t, &grid, left);
    let caption = lines(setter, &t.caption, Role::Head, 11.0, width, 0.0);
    flow.need(opens(flow, t, &grid, &caption, &head));

    let node = flow.part(Meaning::Table(if t.caption.is_empty() { t.key.clone() } else { t.caption.clone() }));
    if !t.caption.is_empty() {
        let part = flow.tree.add(Some(node), Meaning::Caption);
        let y = flow.y;
        flow.draw(&caption, 0..caption.lines.len(), [left, y, width], Align::Left, Some(part));
        flow.y += caption.height() + MM;
    }
    let part = flow.tree.add(Some(node), Meaning::TableHead);
    let tag = flow.tree.add(Some(part), Meaning::Row);
    let mut paper = Paper { head: Some(head), columns: t.columns.len(), top: false };
    paper.begin(flow, Some(tag));
    let mut body = flow.tree.add(Some(node), Meaning::TableBody);
    if t.rows.is_empty() {
        let cell = spanning(setter, &t.empty, &grid, left, Align::Centre, Role::Body);
        let tag = flow.tree.add(Some(body), Meaning::Row);
        paper.place(flow, &LaidRow { kind: Kind::Item, cells: vec![cell] }, 0.0, tag);
    }
    let along = along(flow, t, &grid);
    let mut i = 0;
    while let Some(laid) = rows.next() {
        // A group stays with the row below it, and the last row with the total.
        let next = rows.peek().filter(|n| laid.kind == Kind::Group || n.kind == Kind::Total);
        let after = match along {
            Some((from, tall)) if from == i => tall - laid.height(),
            _ => next.map_or(0.0, LaidRow::height),
        };
        i += 1;
        if i % BODY_ROWS == 0 {
            body = flow.tree.add(Some(node), Meaning::TableBody);
        }
        let tag = flow.tree.add(Some(body), Meaning::Row);
        paper.place(flow, &laid, after, tag);
    }
}

/// The last rows, which go to the sheet that is signed where nothing else would stand on it: the
/// first of them, and the height of all with the foot below them.
fn along(flow: &Flow, t: &Table, grid: &Grid) -> Option<(usize, f32)> {
    let mut from = t.rows.len().checked_sub(ALONG).filter(|_| flow.foot > 0.0)?;
    while from > 0 && t.rows[from - 1].kind == Kind::Group {
        from -= 1;
    }
    let tall = t.rows[from..].iter().map(|r| row(flow.setter, t, r, grid, flow.left).height()).sum::<f32>();
    // From the first row on it would be the whole table, whose head is drawn already.
    (from > 0).then_some((from, tall + flow.foot))
}

/// Height of what of a table cannot be parted from the heading above it.
pub fn opening(flow: &Flow, t: &Table) -> f32 {
    if t.columns.is_empty() {
        return 0.0;
    }
    let grid = grid(flow, t);
    let caption = lines(flow.setter, &t.caption, Role::Head, 11.0, flow.width, 0.0);
    opens(flow, t, &grid, &caption, &head(flow.setter, t, &grid, flow.left))
}

/// Caption, head and first row, with the row below it where the first is the head of a group;
/// a table of a few rows is whole where it fits a sheet.
fn opens(flow: &Flow, t: &Table, grid: &Grid, caption: &Lines, head: &LaidRow) -> f32 {
    let above = head.height() + if t.caption.is_empty() { 0.0 } else { caption.height() + MM };
    let tall = |rows: &[Row]| above + rows.iter().map(|r| row(flow.setter, t, r, grid, flow.left).height()).sum::<f32>();
    let sheet = BOTTOM - TOP - HEADING;
    let first = 1 + t.rows.iter().take_while(|r| r.kind == Kind::Group).count();
    let parts = [t.rows.len(), first, 1].into_iter().map(|n| n.min(t.rows.len()));
    let tall_of = parts.filter(|n| *n <= FEW.max(first)).map(|n| (n, tall(&t.rows[..n])));
    // More than half a sheet is not left empty for a table of a few rows.
    let mut fits = tall_of.filter(|(n, tall)| *tall <= if *n > first { sheet / 2.0 } else { sheet }).map(|x| x.1);
    if t.rows.is_empty() { above + 10.0 * MM } else { fits.next().unwrap_or(above + 40.0 * MM) }
}

/// Height of labels and values where they fit one sheet: then they are not parted.
pub fn entire(flow: &Flow, all: &[(String, Cell)]) -> f32 {
    let mut scrap = Flow::new(flow.setter, "");
    (scrap.width, scrap.letters) = (flow.width, flow.letters);
    facts(&mut scrap, all);
    if scrap.sheets.len() == 1 && scrap.y + HEADING <= BOTTOM { scrap.y - TOP } else { 0.0 }
}

/// Labels and values, as a table without head.
pub fn facts(flow: &mut Flow, facts: &[(String, Cell)]) {
    if facts.is_empty() {
        return;
    }
    const SIZE: f32 = 10.5;
    let wide = |label: &str| longest(flow.setter, Role::Head, &clean(label), Unit::Line) * SIZE + 2.0 * PAD + MM;
    let label = facts.iter().map(|f| wide(&f.0)).fold(22.0 * MM, f32::max).min(flow.width * 0.3);
    let grid = Grid { widths: vec![label, flow.width - label], size: SIZE, whole: vec![] };
    let columns = vec![crate::page::Column::text(""), crate::page::Column::text("")];
    let t = Table { columns, ..Table::default() };
    let node = flow.part(Meaning::Table(facts.iter().map(|f| f.0.as_str()).collect::<Vec<_>>().join("、")));
    let body = flow.tree.add(Some(node), Meaning::TableBody);
    let mut paper = Paper { head: None, columns: 2, top: true };
    for (label, value) in facts {
        let mut laid = row(flow.setter, &t, &Row::of(vec![Cell::Text(String::new()), value.clone()]), &grid, flow.left);
        laid.cells[0].lines = flow.lines(label, Role::Head, SIZE, grid.widths[0] - 2.0 * PAD, 0.0);
        let cell = &mut laid.cells[1];
        cell.align = Align::Left;
        if cell.colour.is_some() {
            // The colour behind the word, not over the whole page.
            cell.across[1] = cell.across[1].min(cell.lines.width() + 4.0 * PAD);
        }
        let tag = flow.tree.add(Some(body), Meaning::Row);
        paper.place(flow, &laid, 0.0, tag);
    }
}

/// A table on its way over the sheets.
struct Paper {
    head: Option<LaidRow>,
    columns: usize,
    /// The first row draws the rule above it, where there is no head.
    top: bool,
}

impl Paper {
    /// The head; content the first time, repeated as no content.
    fn begin(&mut self, flow: &mut Flow, tag: Option<usize>) {
        let Some(head) = self.head.take() else {
            self.top = true;
            return;
        };
        let height = head.height();
        let whole = head.cells.iter().map(|c| c.lines.lines.len()).max().unwrap_or(0);
        self.top = true;
        self.strip(flow, &head, 0, whole, height, |flow, _| tag.map(|t| flow.tree.add(Some(t), Meaning::ColumnHead)));
        self.head = Some(head);
    }

    /// A row, on a new sheet where it does not fit here with what must follow it.
    fn place(&mut self, flow: &mut Flow, laid: &LaidRow, after: f32, tag: usize) {
        let height = laid.height();
        let sheet = BOTTOM - TOP - self.head.as_ref().map_or(0.0, LaidRow::height);
        let wanted = if height + after <= sheet { height + after } else { height };
        if wanted > flow.room() + 0.01 && (height <= sheet || flow.room() < sheet / 4.0) {
            flow.turn();
            self.begin(flow, None);
        }
        let cells: Vec<usize> = (0..laid.cells.len()).map(|i| flow.tree.add(Some(tag), self.meaning(laid, i))).collect();
        let node = |_: &mut Flow, i: usize| Some(cells[i]);
        let all = laid.cells.iter().map(|c| c.lines.lines.len()).max().unwrap_or(0);
        let mut from = 0;
        while from < all {
            // Taller than a sheet: as many lines as there is room for, the rest overleaf.
            let pitch = laid.cells.iter().map(|c| c.lines.pitch()).fold(1.0, f32::max);
            let fits = (((flow.room() + 0.01 - 2.0 * AIR) / pitch).floor().max(1.0)) as usize;
            let to = if height <= flow.room() + 0.01 && from == 0 { all } else { (from + fits).min(all) };
            let tall = if from == 0 && to == all { height } else { (to - from) as f32 * pitch + 2.0 * AIR };
            self.strip(flow, laid, from, to, tall, node);
            from = to;
            if from < all {
                flow.turn();
                self.begin(flow, None);
            }
        }
    }

    fn meaning(&self, row: &LaidRow, i: usize) -> Meaning {
        let spans = row.cells.len() == 1 && self.columns > 1;
        match row.kind {
            Kind::Group => Meaning::RowHead(self.columns),
            Kind::Total if i == 0 => Meaning::RowHead(1),
            _ if self.head.is_none() && i == 0 => Meaning::RowHead(1),
            _ if spans => Meaning::Cell(self.columns),
            _ => Meaning::Cell(1),
        }
    }

    /// Lines `from..to` of every cell of a row, its colours and rules.
    fn strip(
        &mut self,
        flow: &mut Flow,
        laid: &LaidRow,
        from: usize,
        to: usize,
        tall: f32,
        mut node: impl FnMut(&mut Flow, usize) -> Option<usize>,
    ) {
        let y = flow.y;
        let (left, right) = (laid.cells[0].across[0], laid.cells.iter().map(|c| c.across[0] + c.across[1]).fold(0.0, f32::max));
        let right = if self.head.is_none() && laid.cells.len() == 2 { flow.left + flow.width } else { right };
        if std::mem::take(&mut self.top) {
            flow.rule((left, y), (right, y), THIN);
        }
        let cut = from > 0 || laid.cells.iter().any(|c| c.lines.lines.len() > to);
        for (i, cell) in laid.cells.iter().enumerate() {
            let part = node(flow, i);
            cell_strip(flow, cell, from, to, [y, tall], cut, part);
            flow.rule((cell.across[0], y), (cell.across[0], y + tall), THIN);
        }
        flow.rule((right, y), (right, y + tall), THIN);
        let thick = if laid.kind == Kind::Total { 2.0 * THIN } else { THIN };
        flow.rule((left, y + tall), (right, y + tall), THIN);
        if thick > THIN {
            flow.rule((left, y), (right, y), thick);
        }
        flow.y += tall;
    }
}

/// One cell of a strip: in the middle of its height, or from the top where the row is cut.
fn cell_strip(flow: &mut Flow, cell: &Laid, from: usize, to: usize, [y, tall]: [f32; 2], cut: bool, node: Option<usize>) {
    let [x, width] = cell.across;
    let which = from.min(cell.lines.lines.len())..to.min(cell.lines.lines.len());
    if let Some(colour) = cell.colour {
        flow.fill([x, y, width, tall], colour, None);
    }
    if from > 0 && cell.again {
        let which = 0..cell.lines.lines.len().min(to - from);
        return flow.draw(&cell.lines, which, [x + PAD, y + AIR, width - 2.0 * PAD], cell.align, None);
    }
    let empty = cell.lines.text.is_empty();
    if empty {
        flow.put(node, What::Nothing);
    }
    if which.is_empty() || empty {
        return;
    }
    let air = if cut { AIR } else { (tall - cell.lines.height()) / 2.0 };
    let mut node = node;
    if let (Some(anchor), Some(above)) = (&cell.link, node) {
        let link = flow.tree.add(Some(above), Meaning::Link(cell.lines.text.clone()));
        flow.put(Some(link), What::Link([x, y, width, tall], anchor.as_str().into()));
        node = Some(link);
    }
    flow.draw(&cell.lines, which, [x + PAD, y + air, width - 2.0 * PAD], cell.align, node);
}
