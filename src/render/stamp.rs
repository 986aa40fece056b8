//! The digest of a page: what a format carries whose bytes depend on fonts or on an office
//! program, so that a committed file can be compared with what would be written today.
//!
//! Every field of the page goes in, each with its length before it. The shapes are taken
//! apart without `..`: a field that is added to the page and not here does not compile.

use crate::digest::Running;
use crate::page::{Block, Cell, Chart, Column, Figure, Heading, Ink, Node, Page, Row, Shape, Table};

/// What stands before the digest in the metadata of a file.
pub const MARK: &str = "duban-page-sha256:";

/// SHA-256 of everything that the page says, 64 hexadecimal digits.
pub fn stamp(page: &Page) -> String {
    let mut sum = Walk(Running::default());
    sum.page(page);
    sum.0.short(64)
}

/// The digest that stands behind [`MARK`] in a text; `None` where there is none, or where
/// two of them disagree.
pub fn find(bytes: &[u8]) -> Option<String> {
    let mark = MARK.as_bytes();
    let mut found: Option<&[u8]> = None;
    for (at, _) in bytes.windows(mark.len()).enumerate().filter(|(_, w)| *w == mark) {
        let rest = &bytes[at + mark.len()..];
        let digits = rest.get(..64).filter(|d| d.iter().all(u8::is_ascii_hexdigit))?;
        if found.is_some_and(|f| f != digits) {
            return None;
        }
        found = Some(digits);
    }
    String::from_utf8(found?.to_vec()).ok()
}

struct Walk(Running);

impl Walk {
    fn text(&mut self, name: &str, text: &str) {
        self.0.add(name, text.as_bytes());
    }
    fn number(&mut self, name: &str, n: usize) {
        self.text(name, &n.to_string());
    }
    fn texts<'a>(&mut self, name: &str, texts: impl ExactSizeIterator<Item = &'a String>) {
        self.number(name, texts.len());
        texts.for_each(|t| self.text(name, t));
    }
    fn maybe(&mut self, name: &str, text: &Option<String>) {
        self.texts(name, text.iter());
    }

    fn page(&mut self, page: &Page) {
        // What stands behind its counts follows from the data version, and no form that carries the digest shows it.
        let Page { behind: _, key, lang, both, title, head, marking, meta, origin, banner, blocks, legend, notes, signature } = page;
        self.text("key", key);
        self.text("lang", lang);
        if *both {
            self.text("both", "");
        }
        self.text("title", title);
        self.texts("head", head.iter());
        self.maybe("marking", marking);
        self.texts("meta", meta.iter());
        self.number("origin", origin.len());
        for (k, v) in origin {
            self.text(k, &v.to_string());
        }
        self.maybe("banner", banner);
        self.number("blocks", blocks.len());
        blocks.iter().for_each(|b| self.block(b));
        self.number("legend", legend.len());
        for (tone, words) in legend {
            self.text(tone.code(), words);
        }
        self.texts("notes", notes.iter());
        self.texts("signature", signature.iter());
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(Heading { level, text, anchor }) => {
                self.number("heading", usize::from(*level));
                self.text("text", text);
                self.maybe("anchor", anchor);
            }
            Block::Prose(text) => self.text("prose", text),
            Block::Facts(facts) => {
                self.number("facts", facts.len());
                for (label, value) in facts {
                    self.text("label", label);
                    self.cell(value);
                }
            }
            Block::Figures(figures) => {
                self.number("figures", figures.len());
                for Figure { label, value, aside, tone } in figures {
                    self.text("label", label);
                    self.cell(value);
                    self.text("aside", aside);
                    self.text("tone", tone.map_or("", |t| t.code()));
                }
            }
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
            Block::Break => self.text("break", ""),
        }
    }

    fn table(&mut self, table: &Table) {
        let Table { key, caption, columns, rows, empty, half } = table;
        self.text("table", key);
        self.text("caption", caption);
        self.text("empty", empty);
        if *half {
            self.text("half", "");
        }
        self.number("columns", columns.len());
        for Column { key, label, short, right, whole, width, query, below } in columns {
            [key, label, short, query, below].into_iter().for_each(|t| self.text("column", t));
            self.number("width", usize::from(*width) * 4 + usize::from(*right) * 2 + usize::from(*whole));
        }
        self.number("rows", rows.len());
        for Row { kind, cells, query } in rows {
            self.number("row", *kind as usize);
            self.text("query", query);
            self.number("cells", cells.len());
            cells.iter().for_each(|c| self.cell(c));
        }
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(t) => self.text("text", t),
            Cell::Id(t, anchor) => {
                self.text("id", t);
                self.maybe("anchor", anchor);
            }
            Cell::Count(n) => self.number("count", *n),
            Cell::Share(a, b) => {
                self.number("share", *a);
                self.number("of", *b);
            }
            Cell::Light(tone, word) => self.text(tone.code(), word),
            Cell::Lit(tone, n) => self.number(tone.code(), *n),
            Cell::Date(day, said) => {
                self.text("date", &day.to_string());
                self.text("said", said);
            }
            Cell::Number(t) => self.text("number", t),
        }
    }

    fn series(&mut self, series: &[(String, Ink)]) {
        self.number("series", series.len());
        for (name, ink) in series {
            match ink {
                Ink::Tone(t) => self.text(t.code(), name),
                Ink::Shade(n) => self.text(&n.to_string(), name),
            }
        }
    }

    fn chart(&mut self, chart: &Chart) {
        let Chart { key, title, said, over, shape } = chart;
        [key, title, said, over].into_iter().for_each(|t| self.text("chart", t));
        match shape {
            Shape::Bars { series, bars } => {
                self.series(series);
                self.number("bars", bars.len());
                for (category, counts) in bars {
                    self.text("bar", category);
                    counts.iter().for_each(|n| self.number("n", *n));
                }
            }
            Shape::Lines { series, points } => {
                self.series(series);
                self.number("points", points.len());
                for (at, counts) in points {
                    self.text("point", at);
                    counts.iter().for_each(|n| self.text("n", &n.map_or(String::new(), |n| n.to_string())));
                }
            }
            Shape::Calendar { months } => {
                self.number("calendar", months.len());
                for (month, tones) in months {
                    self.text("month", month);
                    tones.iter().for_each(|(t, n)| self.number(t.code(), *n));
                }
            }
            Shape::Net { nodes, edges } => {
                self.number("net", nodes.len());
                for Node { label, title, layer, tone, anchor, outside } in nodes {
                    self.text("label", label);
                    self.text("title", title);
                    self.number("layer", *layer * 2 + usize::from(*outside));
                    self.text("tone", tone.map_or("", |t| t.code()));
                    self.maybe("anchor", anchor);
                }
                self.number("edges", edges.len());
                for (from, to, word) in edges {
                    self.number("from", *from);
                    self.number("to", *to);
                    self.text("word", word);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_makes_another_stamp_and_the_mark_is_found_again() {
        let mut page = Page { blocks: vec![Block::Facts(vec![("总数".into(), Cell::Count(86))])], ..Page::default() };
        let first = stamp(&page);
        assert_eq!(first, stamp(&page.clone()));
        page.blocks = vec![Block::Facts(vec![("总数".into(), Cell::Count(87))])];
        let second = stamp(&page);
        assert_ne!(first, second);
        let carry = format!("(… {MARK}{first}) <x>{MARK}{first}</x>");
        assert_eq!(find(carry.as_bytes()), Some(first.clone()));
        assert_eq!(find(format!("{carry} {MARK}{second}").as_bytes()), None, "two that disagree");
        assert_eq!(find(b"duban-page-sha256:12"), None);
    }
}
