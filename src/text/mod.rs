//! Text and places.
//!
//! The only room that counts lines and columns. Both are 1-based; columns count
//! characters, not bytes and not terminal cells, because that is what editors
//! show and what SARIF calls `unicodeCodePoints`.
//!
//! Order of things: [`Place`] (where something stands), [`line_col`] (from a byte
//! offset), [`width`] (terminal cells), [`did_you_mean`], [`difference`] (two wordings),
//! [`folded`] (words as they count for comparison).

mod difference;
mod fold;

pub use difference::difference;
pub use fold::{fold, folded};
use unicode_width::UnicodeWidthStr;

/// A place in a file, ready to print: built only for what is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Place {
    /// Path relative to the register's folder, with `/`.
    pub file: String,
    /// 1-based line; 0 when the file as a whole is meant.
    pub line: usize,
    /// 1-based column in characters; 0 when the line as a whole is meant.
    pub column: usize,
    /// Length of the marked words in characters, at least 1.
    pub length: usize,
    /// The whole line as it stands in the file, without its line end.
    pub excerpt: String,
}

/// Lines longer than this many bytes are not shown.
const LONGEST: usize = 2000;

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<String>) -> Place {
        Place { file: file.into(), line: 0, column: 0, length: 1, excerpt: String::new() }
    }

    /// One whole line of a text; `line` is 1-based.
    pub fn line(file: impl Into<String>, line: usize, excerpt: &str) -> Place {
        let lead = excerpt.chars().take_while(|c| c.is_whitespace()).count();
        Place { file: file.into(), line, column: lead + 1, length: excerpt.trim().chars().count().max(1), excerpt: excerpt.to_string() }
    }

    /// The words from byte `from` to byte `to` of `text`, cut at the end of the line.
    pub fn span(file: impl Into<String>, text: &str, from: usize, to: usize) -> Place {
        let from = floor(text, from.min(text.len()));
        let (line, column) = line_col(text, from);
        let start = text[..from].rfind('\n').map_or(0, |i| i + 1);
        let end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let to = floor(text, to.clamp(from, end));
        Place {
            file: file.into(),
            line,
            column,
            length: text[from..to].trim_end().chars().count().max(1),
            excerpt: text[start..end].trim_end_matches('\r').to_string(),
        }
    }
}

impl Place {
    /// First column and the one after the last, for programs; `None` where the file or the
    /// line as a whole is meant. Lines of the log are: what is shown of them may be cut.
    pub fn columns(&self) -> Option<(usize, usize)> {
        (self.line > 0 && self.column > 0 && !self.excerpt.is_empty() && !self.file.ends_with(".jsonl"))
            .then_some((self.column, self.column + self.length))
    }

    /// From 1-based lines and 0-based character columns, as YAML readers count;
    /// `lines` is the text split at line ends.
    pub fn at(file: impl Into<String>, lines: &[&str], line: usize, col: usize, end_line: usize, end_col: usize) -> Place {
        let excerpt = lines.get(line.saturating_sub(1)).copied().unwrap_or("").trim_end_matches('\r');
        // A line of half a megabyte is no excerpt; the column still says where.
        if excerpt.len() > LONGEST {
            return Place { file: file.into(), line, column: col + 1, length: 1, excerpt: String::new() };
        }
        let total = excerpt.trim_end().chars().count();
        let end = if end_line > line { total } else { end_col.min(total) };
        Place { file: file.into(), line, column: col + 1, length: end.saturating_sub(col).max(1), excerpt: excerpt.to_string() }
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// 1-based line and column (in characters) of a byte offset.
pub fn line_col(text: &str, at: usize) -> (usize, usize) {
    let at = floor(text, at.min(text.len()));
    let before = &text[..at];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (line, before[start..].chars().count() + 1)
}

/// Terminal cells that a text takes: Chinese characters take two.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The candidate that the writer probably meant, if one is near enough.
///
/// Near enough is one edit in three characters, so that a short word does not
/// match everything; upper and lower case do not count.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody mistypes an id of such a length, and comparing costs its square.
    if word.len() > 200 {
        return None;
    }
    let low = word.to_lowercase();
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let (bag, ascii, own) = (bag(&low), low.is_ascii(), letters(word));
    let mut best: Option<(usize, bool, &str)> = None;
    for c in candidates {
        // A register may have a hundred thousand ids: most are told to be farther than the
        // best one so far without a table.
        let near = best.map_or(limit, |b| b.0);
        if ascii && c.is_ascii() && apart(&bag, c) > near {
            continue;
        }
        let d = strsim::damerau_levenshtein(&low, &c.to_lowercase());
        if d <= near && d < c.chars().count() {
            let this = (d, letters(c) != own, c);
            best = Some(best.map_or(this, |b| b.min(this)));
        }
    }
    best.map(|b| b.2)
}

/// How often each letter occurs, upper and lower case together, thrown into 64 bins.
fn bag(word: &str) -> [i32; 64] {
    let mut bins = [0; 64];
    word.bytes().for_each(|b| bins[usize::from(b.to_ascii_lowercase() % 64)] += 1);
    bins
}

/// In how many letters two words differ at the least, wherever those stand: never more than the
/// edits between them. For ASCII, where a letter is a byte.
fn apart(bag: &[i32; 64], word: &str) -> usize {
    let mut bins = *bag;
    word.bytes().for_each(|b| bins[usize::from(b.to_ascii_lowercase() % 64)] -= 1);
    let (more, less) = bins.iter().fold((0i32, 0i32), |(a, b), n| (a + (*n).max(0), b + (-*n).max(0)));
    more.max(less) as usize
}

/// The letters of a word in order: of two near candidates the one with the same letters
/// (OPN-3.18 for OPN-3.81) is likelier meant.
fn letters(word: &str) -> Vec<char> {
    let mut all: Vec<char> = word.to_lowercase().chars().collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_before_and_inside() {
        let text = "a: 1\n标题: 制度文件 # x\n";
        let at = text.find("制度").unwrap();
        let place = Place::span("f", text, at, at + "制度文件".len());
        assert_eq!((place.line, place.column, place.length), (2, 5, 4));
        assert_eq!(place.excerpt, "标题: 制度文件 # x");
    }

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        assert_eq!(did_you_mean("DEP-MITT", ["DEP-MIIT", "DEP-MPS"]), Some("DEP-MIIT"));
        assert_eq!(did_you_mean("ownr", ["owner", "users"]), Some("owner"));
        assert_eq!(did_you_mean("xyz", ["owner", "users"]), None);
        assert_eq!(did_you_mean("OPN-3.81", ["OPN-3.82", "OPN-3.18", "SPC-3.81"]), Some("OPN-3.18"));
        assert_eq!(did_you_mean("严重失信主题", ["严重失信主体"]), Some("严重失信主体"));
    }
}
