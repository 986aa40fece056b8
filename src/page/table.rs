//! Tables: columns with their widths on paper, rows of several kinds, and the query that
//! opens a count into its rows.

use super::cell::Cell;

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// A name for anchors, sheets and data, `ledger`.
    pub key: String,
    /// Title over it, where the page has several.
    pub caption: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// What is said when there are no rows: an empty list is a nil report, never left out.
    pub empty: String,
    /// Half a page is wide enough: on paper it may share the width with what follows, or be
    /// folded into two strips.
    pub half: bool,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Name in data and in `--columns`: `due` (report-columns).
    pub key: String,
    /// Heading.
    pub label: String,
    /// Short heading for narrow pages.
    pub short: String,
    /// Numbers stand at the right.
    pub right: bool,
    /// Never broken over lines: ids, dates, numbers.
    pub whole: bool,
    /// Millimetres on the printed page; 0 = shares what is left by what it holds.
    pub width: u16,
    /// The query words that select what the column counts, `status:closed`.
    pub query: String,
    /// What lines below its days are called where they get a column of their own.
    pub below: String,
}

/// What a row is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// A row of the list.
    #[default]
    Item,
    /// Heads the rows below it: the first cell spans the table. It is no row of the count.
    Group,
    /// A total: set off from the rows above.
    Total,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// What it is.
    pub kind: Kind,
    /// Cells, one a column; a group has one.
    pub cells: Vec<Cell>,
    /// The query words that select what the row counts, `dept:CITY-CAC`. Where the table has
    /// several rows of the same things, as lists do, it is empty. Of a group: the words that
    /// select the rows below it.
    pub query: String,
}

impl Row {
    /// A row of the list.
    pub fn of(cells: Vec<Cell>) -> Row {
        Row { cells, ..Row::default() }
    }
    /// A total.
    pub fn total(cells: Vec<Cell>) -> Row {
        Row { kind: Kind::Total, cells, ..Row::default() }
    }
    /// A heading inside the table.
    pub fn group(text: impl Into<String>) -> Row {
        Row { kind: Kind::Group, cells: vec![Cell::Text(text.into())], ..Row::default() }
    }
    /// Is it set off from the rows above?
    pub fn is_total(&self) -> bool {
        self.kind == Kind::Total
    }
    /// With the query that selects what it counts.
    pub fn opens(mut self, query: impl Into<String>) -> Row {
        self.query = query.into();
        self
    }
}

impl Table {
    /// The only table of its page.
    pub fn of(columns: Vec<Column>, rows: Vec<Row>, empty: impl Into<String>) -> Table {
        Table { columns, rows, empty: empty.into(), ..Table::default() }
    }
    /// Rows of the list: neither groups nor totals.
    pub fn items(&self) -> usize {
        self.rows.iter().filter(|r| r.kind == Kind::Item).count()
    }
    /// The query that opens a count into its rows; `None` where there is nothing to open.
    pub fn opens(&self, row: &Row, column: usize) -> Option<String> {
        let column = self.columns.get(column)?;
        if row.query.is_empty()
            || !matches!(row.cells.get(self.columns.iter().position(|c| c == column)?)?, Cell::Count(_) | Cell::Lit(..) | Cell::Light(..))
        {
            return None;
        }
        Some(format!("{} {}", row.query, column.query).trim().to_string())
    }
}

impl Column {
    /// A column of text that may wrap.
    pub fn text(label: impl Into<String>) -> Column {
        let label = label.into();
        Column { short: label.clone(), label, ..Column::default() }
    }
    /// A column of ids or dates.
    pub fn id(label: impl Into<String>) -> Column {
        Column { whole: true, ..Column::text(label) }
    }
    /// A column of numbers.
    pub fn number(label: impl Into<String>, short: impl Into<String>) -> Column {
        Column { label: label.into(), short: short.into(), right: true, whole: true, ..Column::default() }
    }
    /// With its name in data.
    pub fn key(mut self, key: impl Into<String>) -> Column {
        self.key = key.into();
        self
    }
    /// With its width on paper, in millimetres.
    pub fn wide(mut self, millimetres: u16) -> Column {
        self.width = millimetres;
        self
    }
    /// With the query that selects what it counts.
    pub fn counts(mut self, query: impl Into<String>) -> Column {
        self.query = query.into();
        self
    }
}
