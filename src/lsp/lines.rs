//! Lines and columns of a text, in whatever unit the client counts.
//!
//! Inside the house columns are characters; an editor counts bytes, UTF-16 units or
//! characters, as agreed at the beginning. Bytes of the text are the common ground.

use crate::text::Place;
use gen_lsp_types::{Position, PositionEncodingKind, Range};
use std::sync::Arc;

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 units: what the protocol takes when nothing is agreed.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The first of the client's that is known here.
    pub fn agree(offered: &[&str]) -> Encoding {
        let known = |name: &&str| match *name {
            "utf-8" => Some(Encoding::Utf8),
            "utf-16" => Some(Encoding::Utf16),
            "utf-32" => Some(Encoding::Utf32),
            _ => None,
        };
        offered.iter().find_map(known).unwrap_or(Encoding::Utf16)
    }
    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }
    fn units(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
}

/// A text with the beginnings of its lines; the protocol's line ends are LF, CRLF and CR.
#[derive(Debug, Clone)]
pub struct Lines {
    /// The text.
    pub text: Arc<str>,
    starts: Vec<usize>,
}

impl Lines {
    /// Looks at the text once.
    pub fn new(text: Arc<str>) -> Lines {
        let bytes = text.as_bytes();
        let ends = |i: usize| bytes[i] == b'\n' || bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n');
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(|i| ends(*i)).map(|i| i + 1)).collect();
        Lines { text, starts }
    }

    /// The line that holds a byte, from 0.
    pub fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|s| *s <= at) - 1
    }

    /// Bytes of a line (from 0) without its end.
    pub fn line(&self, n: usize) -> std::ops::Range<usize> {
        let Some(from) = self.starts.get(n).copied() else { return self.text.len()..self.text.len() };
        let to = self.starts.get(n + 1).copied().unwrap_or(self.text.len());
        from..from + self.text[from..to].trim_end_matches(['\n', '\r']).len()
    }

    /// The byte at a line (from 1) and a column in characters (from 0), as the YAML reader counts.
    pub fn byte(&self, line: usize, col: usize) -> usize {
        let line = self.line(line.saturating_sub(1));
        self.text[line.clone()].char_indices().nth(col).map_or(line.end, |(i, _)| line.start + i)
    }

    /// A byte as the client counts.
    pub fn position(&self, at: usize, encoding: Encoding) -> Position {
        let line = self.line_of(at.min(self.text.len()));
        let range = self.line(line);
        let units: usize = self.text[range.start..at.clamp(range.start, range.end)].chars().map(|c| encoding.units(c)).sum();
        Position::new(line as u32, units as u32)
    }

    /// Bytes as a range of the client's.
    pub fn range(&self, bytes: std::ops::Range<usize>, encoding: Encoding) -> Range {
        Range::new(self.position(bytes.start, encoding), self.position(bytes.end, encoding))
    }

    /// The byte that a client means; what lies beyond a line or the text is its end, the
    /// middle of a character its beginning.
    pub fn offset(&self, at: Position, encoding: Encoding) -> usize {
        let line = self.line(at.line as usize);
        let mut left = at.character as usize;
        for (i, c) in self.text[line.clone()].char_indices() {
            let units = encoding.units(c);
            if left < units {
                return line.start + i;
            }
            left -= units;
        }
        line.end
    }

    /// A place of ours: the marked words, a whole line, or for the file its first line.
    pub fn of_place(&self, place: &Place, encoding: Encoding) -> Range {
        let line = self.line(place.line.saturating_sub(1));
        if place.line == 0 || place.column == 0 || place.file.ends_with(".jsonl") {
            return self.range(line, encoding);
        }
        let from = self.byte(place.line, place.column - 1);
        self.range(from..self.byte(place.line, place.column - 1 + place.length).max(from), encoding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_finds_its_way_back() {
        let lines = Lines::new("a𠮷督\r\n办: x\rlast".into());
        assert_eq!(lines.starts.len(), 3);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (at, _) in lines.text.char_indices().filter(|(_, c)| !matches!(c, '\r' | '\n')) {
                assert_eq!(lines.offset(lines.position(at, encoding), encoding), at, "{encoding:?} {at}");
            }
        }
        let columns = |e| lines.position(lines.text.find('督').unwrap(), e).character;
        assert_eq!([columns(Encoding::Utf8), columns(Encoding::Utf16), columns(Encoding::Utf32)], [5, 3, 2]);
        assert_eq!(lines.offset(Position::new(0, 2), Encoding::Utf16), 1, "the middle of 𠮷 is its beginning");
        assert_eq!(lines.offset(Position::new(9, 9), Encoding::Utf16), lines.text.len());
    }
}
