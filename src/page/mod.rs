//! What is so, as typed blocks: neither colour nor file format, and no obligation.
//!
//! A report makes one [`Page`]; every renderer shows the same one. Cells keep their
//! type, so that a renderer may align, colour or bar them as it can.

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Title.
    pub title: String,
    /// Lines under the title: unit, as-of date, version, filter, counts.
    pub meta: Vec<String>,
    /// True for sample data: shown loudly.
    pub banner: Option<String>,
    /// Content, in order.
    pub blocks: Vec<Block>,
    /// Lines at the foot: legend, how to read the totals.
    pub notes: Vec<String>,
}

/// A part of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Prose(String),
    /// Label and value pairs.
    Facts(Vec<(String, Cell)>),
    /// A table.
    Table(Table),
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// What is said when there are no rows: an empty list is a nil report, never left out.
    pub empty: String,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Heading.
    pub label: String,
    /// Short heading for narrow pages.
    pub short: String,
    /// Numbers stand at the right.
    pub right: bool,
    /// Never broken over lines: ids, dates, numbers.
    pub whole: bool,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Cells, one a column.
    pub cells: Vec<Cell>,
    /// A total: set off from the rows above.
    pub total: bool,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A count.
    Count(usize),
    /// A rate; nothing over nothing prints —, not 0 % or 100 %.
    Share(usize, usize),
    /// A light with its word.
    Light(Tone, String),
}

/// Colour by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Bad.
    Red,
    /// Look here.
    Amber,
    /// Fine.
    Green,
    /// Out of the reckoning.
    Grey,
}

impl Cell {
    /// As plain text.
    pub fn text(&self) -> String {
        match self {
            Cell::Text(t) | Cell::Light(_, t) => t.clone(),
            Cell::Count(0) => "0".into(),
            Cell::Count(n) => n.to_string(),
            Cell::Share(_, 0) => "—".into(),
            Cell::Share(a, b) => percent(*a, *b),
        }
    }
}

/// `a` of `b` as a percentage with one decimal, rounded half up; never "100.0%" unless all.
pub fn percent(a: usize, b: usize) -> String {
    let mut tenths = (a * 2000 + b) / (2 * b);
    if tenths == 1000 && a < b {
        tenths = 999;
    }
    if tenths == 0 && a > 0 {
        tenths = 1;
    }
    format!("{}.{}%", tenths / 10, tenths % 10)
}

impl Column {
    /// A column of text that may wrap.
    pub fn text(label: impl Into<String>) -> Column {
        let label = label.into();
        Column { short: label.clone(), label, right: false, whole: false }
    }
    /// A column of ids or dates.
    pub fn id(label: impl Into<String>) -> Column {
        Column { whole: true, ..Column::text(label) }
    }
    /// A column of numbers.
    pub fn number(label: impl Into<String>, short: impl Into<String>) -> Column {
        Column { label: label.into(), short: short.into(), right: true, whole: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_never_round_up_to_all_or_down_to_none() {
        assert_eq!(Cell::Share(0, 0).text(), "—");
        assert_eq!(percent(9999, 10000), "99.9%");
        assert_eq!(percent(1, 100_000), "0.1%");
        assert_eq!(percent(1, 3), "33.3%");
        assert_eq!(percent(5, 5), "100.0%");
    }
}
