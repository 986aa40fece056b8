//! Turns text into glyphs: which face has a character, how wide a text is, what no font has.
//!
//! A [`Setter`] lives for one report and remembers every character that it met, so that a
//! character costs one look into the fonts. It never fails half-way: what is missing is
//! collected and told once, at the end, all of it.

use super::error::{Lack, PdfError};
use super::face::Glyph;
use super::fonts::{Fonts, Role};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// A font, a character, its selector.
type Asked = (Role, char, Option<char>);
/// The face that has it, and the glyph there.
type Found = Option<(usize, Glyph)>;

/// Sets text in the fonts of a report.
pub struct Setter<'a> {
    fonts: &'a Fonts,
    known: RefCell<HashMap<Asked, Found>>,
    missing: RefCell<BTreeMap<String, String>>,
    unshaped: RefCell<BTreeMap<String, String>>,
}

/// A character of a text with its selector, and where it stands.
pub struct Cluster {
    /// First byte.
    pub start: usize,
    /// Byte behind it.
    pub end: usize,
    /// Width at size 1.
    pub advance: f32,
    /// Face and glyph; `None` for what no font has.
    pub glyph: Found,
    /// How far the glyph is moved to the right, at size 1: quotation marks of a Chinese font
    /// stand in a square that Latin text has no room for.
    pub shift: f32,
}

impl<'a> Setter<'a> {
    /// For one report.
    pub fn new(fonts: &'a Fonts) -> Setter<'a> {
        Setter { fonts, known: RefCell::default(), missing: RefCell::default(), unshaped: RefCell::default() }
    }

    /// The fonts.
    pub fn fonts(&self) -> &'a Fonts {
        self.fonts
    }

    /// The characters of a text, which [`clean`] has seen.
    pub fn clusters(&self, role: Role, text: &str) -> Vec<Cluster> {
        let mut out = Vec::with_capacity(text.len() / 2);
        let mut chars = text.char_indices().peekable();
        let mut before = None;
        while let Some((start, c)) = chars.next() {
            let selector = chars.next_if(|(_, c)| is_selector(*c)).map(|(_, c)| c);
            let end = chars.peek().map_or(text.len(), |(i, _)| *i);
            let glyph = self.glyph(role, c, selector, text);
            let narrow = is_quote(c) && ![before, chars.peek().map(|n| n.1)].into_iter().flatten().any(is_wide);
            let (advance, shift) = match glyph {
                Some((_, Glyph { advance, ink: [left, right], .. })) if narrow && advance > 0.8 => (right - left + 0.1, 0.05 - left),
                _ => (glyph.map_or(1.0, |g| g.1.advance), 0.0),
            };
            out.push(Cluster { start, end, advance, glyph, shift });
            before = Some(c);
        }
        out
    }

    /// What could not be printed: nothing, or the error that lists all of it.
    pub fn verdict(&self) -> Result<(), PdfError> {
        let lacks = |of: BTreeMap<String, String>| of.into_iter().map(|(text, place)| Lack { text, place }).collect::<Vec<_>>();
        let (unshaped, missing) = (lacks(self.unshaped.take()), lacks(self.missing.take()));
        match (unshaped.is_empty(), missing.is_empty()) {
            (false, _) => Err(PdfError::Shaping(unshaped)),
            (_, false) => Err(PdfError::Missing(missing, self.fonts.names())),
            _ => Ok(()),
        }
    }

    fn glyph(&self, role: Role, c: char, selector: Option<char>, text: &str) -> Found {
        if let Some(known) = self.known.borrow().get(&(role, c, selector)) {
            return *known;
        }
        let found = self.look(role, c, selector);
        if found.is_none() || needs_shaping(c) {
            let lack = c.to_string() + &selector.map(String::from).unwrap_or_default();
            let into = if needs_shaping(c) { &self.unshaped } else { &self.missing };
            into.borrow_mut().entry(lack).or_insert_with(|| start(text));
        }
        self.known.borrow_mut().insert((role, c, selector), found);
        found
    }

    /// The role's own face, then all others in their order.
    fn look(&self, role: Role, c: char, selector: Option<char>) -> Found {
        let first = self.fonts.first(role);
        let order = std::iter::once(first).chain((0..self.fonts.len()).filter(|i| *i != first));
        order.into_iter().find_map(|at| Some((at, self.fonts.face(at)?.reader().glyph(c, selector)?)))
    }
}

fn start(text: &str) -> String {
    let line: String = text.chars().take(24).collect();
    if line.len() < text.len() { line + "…" } else { line }
}

/// Marks that Chinese and Latin text share, and that Chinese fonts draw as wide as a character.
fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’')
}

/// A Chinese character or stop.
fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

/// Selectors that choose a form of the character before them (names of people use them).
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}')
}

/// Scripts whose letters join, stack or run from right to left; without a shaper they would
/// come out wrong though every font had them. Private-use characters have no meaning that a
/// reader could be sure of.
fn needs_shaping(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1a20}'..='\u{1cff}' | '\u{a800}'..='\u{abff}')
        || matches!(c, '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

/// A text as it is printed: line breaks in one form, control characters as `·` (as on a
/// terminal), invisible helpers left out.
pub fn clean(text: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_control() && c != '\n' || c > '\u{ac}' && replaced(c).is_some();
    if !text.contains(odd) {
        return text.into();
    }
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match replaced(c) {
            Some(r) => out.push_str(r),
            None => out.push(c),
        }
    }
    out.into()
}

fn replaced(c: char) -> Option<&'static str> {
    match c {
        '\n' => None,
        '\t' => Some(" "),
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some("\n"),
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}' => Some(""),
        c if c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => Some("·"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_does_not_reach_the_paper() {
        assert_eq!(clean("甲\r\n乙\t丙\u{1b}[31m\u{202e}丁\u{200b}\u{feff}"), "甲\n乙 丙·[31m·丁");
        assert!(matches!(clean("喆堃𠮷 — ８０％"), Cow::Borrowed(_)), "nothing to do");
        assert!(needs_shaping('ئ') && needs_shaping('བ') && needs_shaping('ᠮ') && !needs_shaping('ꆈ') && !needs_shaping('喆'));
    }
}
