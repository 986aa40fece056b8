//! What stands in one place of a table: typed, so that a spreadsheet gets a number where a
//! page gets a word.

use chrono::NaiveDate;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text; may have line breaks.
    Text(String),
    /// An id, with the anchor of the card that it leads to where the page has one.
    Id(String, Option<String>),
    /// A count.
    Count(usize),
    /// A rate; nothing over nothing prints —, not 0 % or 100 %.
    Share(usize, usize),
    /// A light with its word.
    Light(Tone, String),
    /// A count on the colour of a light: how many are red.
    Lit(Tone, usize),
    /// A day, with how it is said on the page (2022年4月19日, 2022-04-19); lines below the
    /// first are what became of it: 原定 …, 延期1次.
    Date(NaiveDate, String),
    /// A measured value as a decimal string, digits kept.
    Number(String),
}

/// Colour by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Tone {
    /// A name for style sheets and schemas.
    pub fn code(self) -> &'static str {
        match self {
            Tone::Red => "red",
            Tone::Amber => "amber",
            Tone::Green => "green",
            Tone::Grey => "grey",
        }
    }
}

impl Cell {
    /// Plain text.
    pub fn new(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }
    /// As plain text.
    pub fn text(&self) -> String {
        match self {
            Cell::Text(t) | Cell::Light(_, t) | Cell::Id(t, _) | Cell::Date(_, t) | Cell::Number(t) => t.clone(),
            Cell::Count(n) | Cell::Lit(_, n) => n.to_string(),
            Cell::Share(_, 0) => "—".into(),
            Cell::Share(a, b) => percent(*a, *b),
        }
    }
    /// Its colour, where it has one.
    pub fn tone(&self) -> Option<Tone> {
        match self {
            Cell::Light(tone, _) | Cell::Lit(tone, _) => Some(*tone),
            _ => None,
        }
    }
    /// What stands below a day.
    pub fn below(&self) -> Option<&str> {
        if let Cell::Date(_, said) = self { said.split_once('\n').map(|(_, below)| below) } else { None }
    }
    /// Nothing to see.
    pub fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(t) | Cell::Light(_, t) | Cell::Id(t, _) | Cell::Date(_, t) | Cell::Number(t) if t.is_empty())
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
