//! The pen that fills sheets from top to bottom: where it stands, what room is left, when a
//! new sheet begins. Text of one width in one font; everything else builds on it.

use super::fonts::Role;
use super::setter::{Setter, clean};
use super::sheet::*;
use super::wrap::{Line, Measure, Unit, longest, wrap};
use std::collections::BTreeMap;

/// Filling sheets.
pub struct Flow<'a> {
    /// Measures text.
    pub setter: &'a Setter<'a>,
    /// Sheets so far; the pen is on the last.
    pub sheets: Vec<Sheet>,
    /// Where the pen is.
    pub y: f32,
    /// Meanings.
    pub tree: Tree,
    /// Sections that are open, with the level of their headings.
    sections: Vec<(u8, usize)>,
    /// Anchors met; the first of a name counts.
    pub anchors: BTreeMap<String, Place>,
    /// Bookmarks.
    pub marks: Vec<Mark>,
    /// Size of the letters in cells: 10 in Chinese, smaller in languages with long words.
    pub letters: f32,
    /// Left edge of what is laid out now, and its width: the page's, or one of its halves.
    pub left: f32,
    /// See `left`.
    pub width: f32,
    /// Height of what must stand below the last rows of the table that is laid out now: names are
    /// not signed on a sheet without a row of what is signed.
    pub foot: f32,
}

/// Where lines stand between left and right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// Text in its lines.
pub struct Lines {
    /// The text, cleaned.
    pub text: String,
    /// Font.
    pub role: Role,
    /// Size in points.
    pub size: f32,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Indent of the first line, in points.
    pub indent: f32,
}

impl Lines {
    /// Height in points.
    pub fn height(&self) -> f32 {
        self.pitch() * self.lines.len() as f32
    }
    /// From one line to the next.
    pub fn pitch(&self) -> f32 {
        self.size * LEADING
    }
    /// Width of the widest line.
    pub fn width(&self) -> f32 {
        self.lines.iter().map(|l| l.width).fold(0.0, f32::max) * self.size
    }
    /// Draws some of the lines: left, top, width to align in.
    pub fn draw(&self, on: &mut Vec<Item>, which: std::ops::Range<usize>, [x, y, width]: [f32; 3], align: Align, node: Option<usize>) {
        for (row, line) in self.lines[which.clone()].iter().enumerate() {
            let spare = width - line.width * self.size;
            let shift = match align {
                Align::Left if which.start + row == 0 => self.indent,
                Align::Left => 0.0,
                Align::Centre => spare / 2.0,
                Align::Right => spare,
            };
            let text = self.text[line.start..line.end].into();
            let y = y + self.pitch() * row as f32 + self.size * FEET;
            on.push(Item { node, what: What::Text { x: x + shift, y, size: self.size, role: self.role, text } });
        }
    }
}

impl<'a> Flow<'a> {
    /// On an empty sheet, for a page in a language.
    pub fn new(setter: &'a Setter<'a>, lang: &str) -> Flow<'a> {
        let letters = if lang.is_empty() || lang.starts_with("zh") { 10.0 } else { 8.5 };
        let (sheets, tree) = (vec![Sheet::default()], Tree::default());
        let (sections, anchors, marks) = (vec![], BTreeMap::new(), vec![]);
        Flow { setter, sheets, y: TOP, tree, sections, anchors, marks, letters, left: LEFT, width: USABLE, foot: 0.0 }
    }

    /// Room below the pen.
    pub fn room(&self) -> f32 {
        BOTTOM - self.y
    }
    /// The sheet under the pen.
    pub fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("there is always a sheet")
    }
    /// Is nothing on it yet?
    pub fn fresh(&self) -> bool {
        self.y <= TOP
    }
    /// A new sheet.
    pub fn turn(&mut self) {
        self.sheets.push(Sheet::default());
        self.y = TOP;
    }
    /// A new sheet if this one has less room than that, unless nothing is on it.
    pub fn need(&mut self, height: f32) {
        if self.room() < height && !self.fresh() {
            self.turn();
        }
    }
    /// A section under those with smaller levels, and how deep it stands: 2 below the title.
    pub fn open(&mut self, level: u8) -> u8 {
        while self.sections.last().is_some_and(|s| s.0 >= level) {
            self.sections.pop();
        }
        let node = self.part(Meaning::Section);
        self.sections.push((level, node));
        1 + self.sections.len() as u8
    }
    /// What follows belongs to no section.
    pub fn close(&mut self) {
        self.sections.clear();
    }
    /// Some space, unless at the top of a sheet.
    pub fn space(&mut self, height: f32) {
        if !self.fresh() {
            self.y += height;
        }
    }
    /// Here.
    pub fn place(&self) -> Place {
        Place { sheet: self.sheets.len() - 1, y: self.y }
    }
    /// A part of the open section.
    pub fn part(&mut self, meaning: Meaning) -> usize {
        self.tree.add(self.sections.last().map(|s| s.1), meaning)
    }

    /// [`lines`] with this flow's setter.
    pub fn lines(&self, text: &str, role: Role, size: f32, width: f32, indent: f32) -> Lines {
        lines(self.setter, text, role, size, width, indent)
    }
    /// [`fitted`] with this flow's setter.
    pub fn fitted(&self, text: &str, role: Role, size: f32, width: f32) -> Lines {
        fitted(self.setter, text, role, size, width)
    }

    /// Draws some of the lines with their top at `y`, between `x` and `x + width`.
    pub fn draw(&mut self, of: &Lines, which: std::ops::Range<usize>, area: [f32; 3], align: Align, node: Option<usize>) {
        of.draw(&mut self.sheets.last_mut().expect("there is always a sheet").items, which, area, align, node);
    }

    /// A paragraph over the whole width, broken over sheets where it must be.
    pub fn paragraph(&mut self, text: &str, role: Role, size: f32, align: Align, meaning: Meaning) {
        let lines = self.lines(text, role, size, self.width, 0.0);
        self.set(&lines, align, meaning);
    }

    /// Lines over the whole width; a single line is not left alone at the foot of a sheet.
    pub fn set(&mut self, lines: &Lines, align: Align, meaning: Meaning) {
        let node = Some(self.part(meaning));
        self.need(lines.pitch() * lines.lines.len().min(2) as f32);
        for i in 0..lines.lines.len() {
            self.need(lines.pitch());
            let area = [self.left, self.y, self.width];
            self.draw(lines, i..i + 1, area, align, node);
            self.y += lines.pitch();
        }
    }

    /// A rule.
    pub fn rule(&mut self, from: (f32, f32), to: (f32, f32), thick: f32) {
        self.sheet().rules.push([from.0, from.1, to.0, to.1, thick]);
    }
    /// The four rules of a box.
    pub fn frame(&mut self, [x, y, width, height]: [f32; 4], thick: f32) {
        for (from, to) in [((x, y), (x + width, y)), ((x, y + height), (x + width, y + height))] {
            self.rule(from, to, thick);
        }
        for (from, to) in [((x, y), (x, y + height)), ((x + width, y), (x + width, y + height))] {
            self.rule(from, to, thick);
        }
    }
    /// A filled box.
    pub fn fill(&mut self, [x, y, width, height]: [f32; 4], colour: Rgb, node: Option<usize>) {
        let corners = vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.sheet().items.push(Item { node, what: What::Area(corners, colour) });
    }
    /// Anything else.
    pub fn put(&mut self, node: Option<usize>, what: What) {
        self.sheet().items.push(Item { node, what });
    }
}

/// A text in lines of a width, the first line indented.
pub fn lines(setter: &Setter, text: &str, role: Role, size: f32, width: f32, indent: f32) -> Lines {
    broken(setter, text, role, size, width, indent).0
}

/// As [`lines`], with what had to be broken.
fn broken(setter: &Setter, text: &str, role: Role, size: f32, width: f32, indent: f32) -> (Lines, Unit) {
    let text = clean(text).into_owned();
    let (lines, unit) = wrap(setter, &text, Measure { role, width: width / size, indent: indent / size });
    (Lines { text, role, size, lines, indent }, unit)
}

/// Longest text, in characters, whose letters may get smaller for one long word with joints.
const SHORT: usize = 40;

/// A text in lines of a width. Rather than breaking a word, its letters get smaller: to seven
/// tenths in a short text, so that an id or a date stays whole; in any text to a little more
/// than half for what has no joints. Only what is wider still is broken anywhere.
pub fn fitted(setter: &Setter, text: &str, role: Role, size: f32, width: f32) -> Lines {
    // A hair more room than measured: what fits exactly is not broken for rounding.
    let at = |size| broken(setter, text, role, size, width + 0.1, 0.0);
    let (full, unit) = at(size);
    let fit = |unit, least: f32| {
        let fits = width / longest(setter, role, &full.text, unit).max(0.01);
        (fits >= size * least).then_some(size.min(fits))
    };
    let short = full.text.chars().count() <= SHORT;
    let word = (unit != Unit::Line && short).then(|| fit(Unit::Word, 0.7)).flatten();
    let smaller = word.or_else(|| (unit == Unit::Joint).then(|| fit(Unit::Joint, 0.55)).flatten());
    smaller.map_or(full, |size| at(size).0)
}

/// As [`fitted`], lines about equally long: for heads of columns and titles.
pub fn balanced(setter: &Setter, text: &str, role: Role, size: f32, width: f32) -> Lines {
    let full = fitted(setter, text, role, size, width);
    let many = full.lines.len();
    let sum: f32 = full.lines.iter().map(|l| l.width).sum::<f32>() * full.size;
    let least = (sum / many as f32).max(longest(setter, role, &full.text, Unit::Word) * full.size);
    let tries = (0..40).map(|i| least + 0.25 * full.size * i as f32).take_while(|w| *w < width);
    let mut tighter = tries.map(|w| lines(setter, text, role, full.size, w + 0.1, 0.0)).filter(|l| l.lines.len() == many);
    if many < 2 { full } else { tighter.next().unwrap_or(full) }
}
