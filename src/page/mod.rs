//! What is so, as typed blocks: neither colour nor file format, and no obligation.
//!
//! A report makes one [`Page`]; every renderer shows the same one. Cells keep their
//! type, so that a renderer may align, colour or bar them as it can.
//!
//! Order of things: [`Page`] and its [`Block`]s here; [`Cell`] is what stands in one place,
//! [`Table`] rows and columns of them, [`Chart`] what may be drawn.

mod cell;
mod chart;
mod table;

pub use cell::{Cell, Tone, percent};
pub use chart::{Chart, Ink, Node, Shape};
pub use table::{Column, Kind, Row, Table};

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The report's name, `ledger`.
    pub key: String,
    /// Language of its words, as web pages name it: `zh`, `en`; `zh` where both stand there.
    pub lang: String,
    /// Its words stand there in Chinese and English.
    pub both: bool,
    /// Title.
    pub title: String,
    /// The three parts of the line under a printed title: unit at the left, as-of date in the
    /// middle, unit of measure at the right (reporting-habits section 7).
    pub head: [String; 3],
    /// 内部资料 注意保存, where the user asks for it.
    pub marking: Option<String>,
    /// Lines under the title: unit, as-of date, version, filter, counts.
    pub meta: Vec<String>,
    /// The same as data, for programs: `as_of`, `filter`, `read` …
    pub origin: serde_json::Map<String, serde_json::Value>,
    /// True for sample data: shown loudly.
    pub banner: Option<String>,
    /// Content, in order.
    pub blocks: Vec<Block>,
    /// What the colours mean.
    pub legend: Vec<(Tone, String)>,
    /// Lines at the foot: how to read the totals, the log's root.
    pub notes: Vec<String>,
    /// Lines to sign on, last of all: 填报单位（盖章）…
    pub signature: Vec<String>,
    /// The rows behind its counts, for a form whose counts can lead to them: groups whose query
    /// is the one that opens the count, each with its rows.
    pub behind: Option<Box<Page>>,
}

/// A part of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading.
    Heading(Heading),
    /// A paragraph.
    Prose(String),
    /// Label and value pairs.
    Facts(Vec<(String, Cell)>),
    /// Key figures, large.
    Figures(Vec<Figure>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// On paper the next block begins a page.
    Break,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 2 for the parts of a page, 3 below them.
    pub level: u8,
    /// Words.
    pub text: String,
    /// What links lead to: an id for an obligation's card.
    pub anchor: Option<String>,
}

/// A key figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: Cell,
    /// What stands beside it: the change since the last period, the parts of a share.
    pub aside: String,
    /// Good or bad, where it is either.
    pub tone: Option<Tone>,
}

impl Block {
    /// A heading of a part of the page.
    pub fn heading(text: impl Into<String>) -> Block {
        Block::Heading(Heading { level: 2, text: text.into(), anchor: None })
    }
    /// Is half a page's width enough for it? Two such blocks may stand side by side.
    pub fn half(&self) -> bool {
        match self {
            Block::Table(t) => t.half,
            Block::Chart(c) => matches!(c.shape, Shape::Bars { .. } | Shape::Lines { .. }),
            _ => false,
        }
    }
    /// A smaller heading that links lead to.
    pub fn card(text: impl Into<String>, anchor: impl Into<String>) -> Block {
        Block::Heading(Heading { level: 3, text: text.into(), anchor: Some(anchor.into()) })
    }
}

impl Page {
    /// Its tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None })
    }
}
