//! What is drawn where: sheets of paper as plain data, and the tree of meanings over them.
//!
//! Lengths are points (1/72 inch), from the top left corner of the sheet. The layout writes
//! sheets and knows no PDF; `paint` reads them and knows no page.

use super::fonts::Role;
use crate::page::Tone;

/// Points in a millimetre.
pub const MM: f32 = 72.0 / 25.4;
/// A4 landscape.
pub const WIDTH: f32 = 297.0 * MM;
/// A4 landscape.
pub const HEIGHT: f32 = 210.0 * MM;
/// Left edge of what is printed; the right one is as far in.
pub const LEFT: f32 = 18.0 * MM;
/// Usable width: 261 mm.
pub const USABLE: f32 = WIDTH - 2.0 * LEFT;
/// Upper edge of what is printed.
pub const TOP: f32 = 20.0 * MM;
/// Lower edge of what is printed.
pub const BOTTOM: f32 = HEIGHT - 18.0 * MM;
/// Distance of two lines, at size 1.
pub const LEADING: f32 = 1.3;
/// From the top of a line to the feet of its letters, at size 1.
pub const FEET: f32 = 1.03;

/// Red, green, blue.
pub type Rgb = [u8; 3];
/// Text and rules.
pub const BLACK: Rgb = [0, 0, 0];

/// One side of paper.
#[derive(Debug, Default)]
pub struct Sheet {
    /// What stands on it, in reading order.
    pub items: Vec<Item>,
    /// Thin rules, drawn over the colours: x, y, x, y, and how thick.
    pub rules: Vec<[f32; 5]>,
}

/// Something drawn.
#[derive(Debug)]
pub struct Item {
    /// What it is part of; `None` for what is no content (page numbers, repeated heads).
    pub node: Option<usize>,
    /// How it looks.
    pub what: What,
}

/// How something looks.
#[derive(Debug)]
pub enum What {
    /// A line of text; `y` is where its letters stand.
    Text {
        /// Left.
        x: f32,
        /// Feet of the letters.
        y: f32,
        /// Size in points.
        size: f32,
        /// Font.
        role: Role,
        /// The letters.
        text: Box<str>,
    },
    /// A filled shape.
    Area(Vec<(f32, f32)>, Rgb),
    /// A line through points: colour, thickness, length of its dashes (0 = none).
    Stroke(Vec<(f32, f32)>, Rgb, f32, f32),
    /// A place to click: left, top, width, height, and the anchor that it leads to.
    Link([f32; 4], Box<str>),
    /// The node has no ink: an empty cell.
    Nothing,
}

/// What a part of the document means.
#[derive(Debug)]
pub enum Meaning {
    /// A part with a heading of its own.
    Section,
    /// A heading of a level from 1.
    Heading(u16, String),
    /// A paragraph.
    Paragraph,
    /// Words over a table or under a chart.
    Caption,
    /// A table; what it is about.
    Table(String),
    /// Its head.
    TableHead,
    /// Some of its rows.
    TableBody,
    /// A row.
    Row,
    /// A cell that heads a column.
    ColumnHead,
    /// A cell that heads a row, over so many columns.
    RowHead(usize),
    /// A cell, over so many columns.
    Cell(usize),
    /// A picture, and what it shows in words.
    Figure(String),
    /// Something that leads elsewhere; where to, in words.
    Link(String),
    /// Words of a line, nothing more.
    Words,
}

/// The tree: every node knows what is above it; `None` is the document.
#[derive(Debug, Default)]
pub struct Tree(pub Vec<(Option<usize>, Meaning)>);

impl Tree {
    /// A new part.
    pub fn add(&mut self, above: Option<usize>, meaning: Meaning) -> usize {
        self.0.push((above, meaning));
        self.0.len() - 1
    }
}

/// Where an anchor or a bookmark leads.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Sheet, from 0.
    pub sheet: usize,
    /// From its top.
    pub y: f32,
}

/// A bookmark.
#[derive(Debug)]
pub struct Mark {
    /// 1 for the title, 2 and 3 for headings.
    pub level: u8,
    /// Its words.
    pub text: String,
    /// Where it leads.
    pub place: Place,
}

/// The colour of a light's field: pale, so that the word on it reads and copies well in
/// black and white.
pub fn pale(tone: Tone) -> Rgb {
    match tone {
        Tone::Red => [244, 166, 158],
        Tone::Amber => [255, 217, 122],
        Tone::Green => [169, 216, 164],
        Tone::Grey => [208, 208, 208],
    }
}
