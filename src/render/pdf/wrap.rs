//! Where lines end: the Unicode algorithm, the Chinese rules that it leaves open, and a last
//! resort, so that no text is ever cut.
//!
//! Three kinds of places, the next tried only where the one before does not fit the width:
//! *free* ([`free`]: between Chinese characters, after spaces), *joint* (inside ids, addresses
//! and dates: after `-`, `/`, `年` …), *anywhere* between two characters.

use super::fonts::Role;
use super::setter::{Cluster, Setter};
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// A line of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// First byte.
    pub start: usize,
    /// Byte behind it; a space at which the line was broken is in it.
    pub end: usize,
    /// Width without trailing spaces, at size 1.
    pub width: f32,
}

/// How a text stands.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Font.
    pub role: Role,
    /// Width at size 1 (millimetres divided by the size of the letters).
    pub width: f32,
    /// Indent of the first line, at size 1.
    pub indent: f32,
}

/// Stops that do not stand at the head of a line.
const NO_START: &str = "、，。；：？！）》〉」』】〕〗〙”’…·％℃%,.;:?!)]}～";
/// Brackets that do not stand at the end of one.
const NO_END: &str = "（《〈「『【〔〖〘“‘([{￥＄№";
/// Words of measure that stay with their number: never inside a date, a number, an amount.
const UNITS: &str = "年月日号时分秒项家个件条款章节页次天周人名户期批份元万亿岁级类位张％%℃";

/// Breaks a text into lines, and says what had to be broken: nothing but lines, words at their
/// joints, or anything. An empty text has one empty line.
pub fn wrap(setter: &Setter, text: &str, measure: Measure) -> (Vec<Line>, Unit) {
    let mut lines = Vec::new();
    let mut deepest = 0;
    let mut start = 0;
    for (i, paragraph) in text.split('\n').enumerate() {
        let clusters = setter.clusters(measure.role, paragraph);
        let indent = if i == 0 { measure.indent } else { 0.0 };
        let Measure { width, .. } = measure;
        let mut fill = Fill { text: paragraph, clusters: &clusters, width, at: start, indent, lines: &mut lines, line: None, deepest };
        fill.paragraph();
        deepest = fill.deepest;
        start += paragraph.len() + 1;
    }
    (lines, [Unit::Line, Unit::Word, Unit::Joint][deepest.min(2)])
}

/// What is not to be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A line of the text as given.
    Line,
    /// What has no free place inside.
    Word,
    /// What has no joint inside either.
    Joint,
}

/// Widest piece of a text that is not to be broken, at size 1.
pub fn longest(setter: &Setter, role: Role, text: &str, unit: Unit) -> f32 {
    let piece = |paragraph: &str| -> f32 {
        let clusters = setter.clusters(role, paragraph);
        let mut cuts = if unit == Unit::Line { vec![] } else { free(paragraph) };
        if unit == Unit::Joint {
            cuts.extend(joints(paragraph));
            cuts.sort_unstable();
        }
        pieces(&clusters, &cuts, 0..clusters.len()).into_iter().map(|p| ink(paragraph, &clusters[p])).fold(0.0, f32::max)
    };
    text.split('\n').map(piece).fold(0.0, f32::max)
}

/// Filling one paragraph.
struct Fill<'a> {
    text: &'a str,
    clusters: &'a [Cluster],
    width: f32,
    at: usize,
    indent: f32,
    lines: &'a mut Vec<Line>,
    /// The line that is being filled: first cluster, the one behind its last, width with spaces.
    line: Option<(usize, usize, f32)>,
    /// How fine the places were at which it had to be broken.
    deepest: usize,
}

/// Letters are measured in floating point; a hair's breadth is no reason to break.
const HAIR: f32 = 0.005;

impl Fill<'_> {
    fn paragraph(&mut self) {
        for piece in pieces(self.clusters, &free(self.text), 0..self.clusters.len()) {
            self.place(piece, 0);
        }
        if self.line.is_some() || self.clusters.is_empty() {
            let (a, b, _) = self.line.take().unwrap_or_default();
            self.finish(a, b);
        }
    }

    /// Places a piece on this line, else on the next, else breaks it at finer places.
    fn place(&mut self, piece: std::ops::Range<usize>, depth: usize) {
        let (ink, full) = (ink(self.text, &self.clusters[piece.clone()]), advance(&self.clusters[piece.clone()]));
        let indent = if self.lines_of_this() { 0.0 } else { self.indent };
        if let Some((first, behind, used)) = self.line {
            if used + ink <= self.width + HAIR {
                self.line = Some((first, piece.end, used + full));
                return;
            }
            self.finish(first, behind);
            self.line = None;
            return self.place(piece, depth);
        }
        if indent + ink <= self.width + HAIR || piece.len() == 1 {
            self.line = Some((piece.start, piece.end, indent + full));
            return;
        }
        self.deepest = self.deepest.max(depth + 1);
        let cuts = if depth == 0 { joints(self.text) } else { self.clusters.iter().map(|c| c.start).collect() };
        for part in pieces(self.clusters, &cuts, piece) {
            self.place(part, depth + 1);
        }
    }

    fn lines_of_this(&self) -> bool {
        self.indent == 0.0 || self.lines.last().is_some_and(|l| l.start >= self.at)
    }

    fn finish(&mut self, first: usize, behind: usize) {
        let of = &self.clusters[first..behind];
        let start = of.first().map_or(0, |c| c.start);
        let end = of.last().map_or(start, |c| c.end);
        self.lines.push(Line { start: self.at + start, end: self.at + end, width: ink(self.text, of) });
    }
}

fn advance(of: &[Cluster]) -> f32 {
    of.iter().map(|c| c.advance).sum()
}

/// Width without the spaces at the end.
fn ink(text: &str, of: &[Cluster]) -> f32 {
    let blank = of.iter().rev().take_while(|c| text[c.start..c.end].trim().is_empty()).count();
    advance(&of[..of.len() - blank])
}

/// Runs of clusters between cuts, which are bytes in order.
fn pieces(clusters: &[Cluster], cuts: &[usize], within: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut first = within.start;
    for (i, cluster) in clusters.iter().enumerate().take(within.end).skip(within.start + 1) {
        if cuts.binary_search(&cluster.start).is_ok() {
            out.push(first..i);
            first = i;
        }
    }
    if first < within.end {
        out.push(first..within.end);
    }
    out
}

/// Places where a line may end at will: those of UAX 14 that neither split a word of Latin
/// letters, an id or a number with its unit, nor begin a line with a stop or end one with an
/// opening bracket; and those beside Chinese quotation marks, which UAX 14 leaves closed.
pub fn free(text: &str) -> Vec<usize> {
    let mut allowed = linebreaks(text).filter(|(_, kind)| *kind == BreakOpportunity::Allowed).map(|(at, _)| at).peekable();
    let mut out = Vec::new();
    let mut before: Option<char> = None;
    for (at, after) in text.char_indices() {
        let listed = allowed.next_if_eq(&at).is_some();
        if let Some(before) = before {
            let quotes = "“‘".contains(after) && is_han(before) || "”’".contains(before) && is_han(after);
            if (listed || quotes) && !holds(before, after) {
                out.push(at);
            }
        }
        before = Some(after);
    }
    out
}

/// May two characters not be parted?
fn holds(before: char, after: char) -> bool {
    let wide_digit = |c: char| ('０'..='９').contains(&c);
    let digit = |c: char| c.is_ascii_digit() || wide_digit(c);
    let latin = |c: char| c.is_ascii_graphic();
    NO_START.contains(after)
        || NO_END.contains(before)
        || latin(before) && latin(after)
        || wide_digit(before) && wide_digit(after)
        || digit(before) && UNITS.contains(after)
        || digit(after) && "年月第".contains(before)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Places inside what [`free`] holds together: after the joints of ids and addresses, and
/// after the year of a date.
fn joints(text: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut before: Option<char> = None;
    for (at, after) in text.char_indices() {
        let joint = before.is_some_and(|b| {
            "-/_@?&=+#~|".contains(b) && after.is_ascii_alphanumeric()
                || ".:,;".contains(b) && after.is_ascii_alphabetic()
                || b == '年'
                || "([{".contains(after)
                || b == ' '
        });
        if joint {
            out.push(at);
        }
        before = Some(after);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        let mut cuts = free(text);
        cuts.push(text.len());
        let mut from = 0;
        cuts.into_iter().map(|to| &text[std::mem::replace(&mut from, to)..to]).collect()
    }

    #[test]
    fn stops_ids_dates_and_numbers_are_held_together() {
        assert_eq!(parts("“两卡”人员，见〔2026〕3号。"), ["“两", "卡”", "人", "员，", "见", "〔2026〕", "3号。"]);
        assert_eq!(parts("涉“两卡”"), ["涉", "“两", "卡”"]);
        assert_eq!(parts("OPN-3.04至2026年11月30日"), ["OPN-3.04", "至", "2026年11月30日"]);
        assert_eq!(parts("仅1家完成 55/58 家"), ["仅", "1家", "完", "成 ", "55/58 ", "家"]);
        assert_eq!(parts("８０％"), ["８０％"]);
        assert_eq!(parts("see https://example.org/a?b=c ok"), ["see ", "https://example.org/a?b=c ", "ok"]);
        assert_eq!(parts("完成——已销号"), ["完", "成", "——", "已", "销", "号"]);
    }
}
