//! Charts as data: what is drawn, never how. Each says in words what it shows, and can be
//! read as a table; a renderer that cannot draw prints that table.

use super::cell::{Cell, Tone};
use super::table::{Column, Row, Table};

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// A name for anchors and files, `states-by-department`.
    pub key: String,
    /// Title.
    pub title: String,
    /// What it shows, in a sentence or two: the text equivalent.
    pub said: String,
    /// What the first column of the table is: department, month.
    pub over: String,
    /// What is drawn.
    pub shape: Shape,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Lying bars of stacked counts, one a category.
    Bars {
        /// Name and ink of each layer.
        series: Vec<(String, Ink)>,
        /// Category, and one count a series.
        bars: Vec<(String, Vec<usize>)>,
    },
    /// Lines over time.
    Lines {
        /// Name and ink of each line.
        series: Vec<(String, Ink)>,
        /// Point in time, and one count a series; `None` where nothing is known (the future).
        points: Vec<(String, Vec<Option<usize>>)>,
    },
    /// A calendar of months with counts by tone.
    Calendar {
        /// `2026-11`, and how many fall into it, by tone.
        months: Vec<(String, Vec<(Tone, usize)>)>,
    },
    /// Who waits for whom: layers from left to right.
    Net {
        /// The nodes.
        nodes: Vec<Node>,
        /// From, to (indices), and the word of the link.
        edges: Vec<(usize, usize, String)>,
    },
}

/// A node of a [`Shape::Net`].
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Short text, an id.
    pub label: String,
    /// Longer text.
    pub title: String,
    /// 0 at the left: nothing before it.
    pub layer: usize,
    /// Colour by meaning, where it has one.
    pub tone: Option<Tone>,
    /// Anchor of its card, where the page has one.
    pub anchor: Option<String>,
    /// Of another department: drawn fainter.
    pub outside: bool,
}

/// Colour of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// By meaning.
    Tone(Tone),
    /// One of the palette, 0 to 7: for states and other things that are neither good nor bad.
    Shade(u8),
}

impl Chart {
    /// The same as a table.
    pub fn table(&self) -> Table {
        let text = |s: &str| Cell::Text(s.into());
        let (heads, rows): (Vec<String>, Vec<Vec<Cell>>) = match &self.shape {
            Shape::Bars { series, bars } => (
                series.iter().map(|s| s.0.clone()).collect(),
                bars.iter().map(|(c, n)| std::iter::once(text(c)).chain(n.iter().map(|n| Cell::Count(*n))).collect()).collect(),
            ),
            Shape::Lines { series, points } => (
                series.iter().map(|s| s.0.clone()).collect(),
                points
                    .iter()
                    .map(|(c, n)| std::iter::once(text(c)).chain(n.iter().map(|n| n.map_or(text(""), Cell::Count))).collect())
                    .collect(),
            ),
            Shape::Calendar { months } => {
                (vec!["Σ".into()], months.iter().map(|(m, n)| vec![text(m), Cell::Count(n.iter().map(|x| x.1).sum())]).collect())
            }
            Shape::Net { nodes, edges } => (
                vec!["→".into(), String::new()],
                edges.iter().map(|(a, b, w)| vec![text(&nodes[*a].label), text(&nodes[*b].label), text(w)]).collect(),
            ),
        };
        let number = !matches!(self.shape, Shape::Net { .. });
        let column = |l: String| if number { Column::number(l.clone(), l) } else { Column::text(l) };
        let columns = std::iter::once(Column::id(&self.over)).chain(heads.into_iter().map(column)).collect();
        let rows = rows.into_iter().map(Row::of).collect();
        Table { key: self.key.clone(), columns, rows, empty: self.said.clone(), ..Table::default() }
    }
}
