//! A policy text as a reader takes it: signs folded, blanks gone, cut into pieces.
//!
//! [`Reading::new`] walks the text once. What two printings of the same words may differ
//! in (full and half width, kinds of quotation marks and dashes, blanks, line breaks) is
//! folded away in `chars`; `origin` leads back to the bytes of the file. A piece ends at a
//! stop, comma, semicolon or colon outside quotation marks and brackets, and at every line
//! end. A line end alone does not say whether a heading ended or a word was broken: the
//! piece after it only remembers [`Break`], and whoever knows the clauses decides.

use crate::text::fold;

/// What stands between a piece and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// A sign: both are clauses.
    Sign,
    /// The end of a line.
    Line,
    /// An empty line.
    Blank,
}

/// A stretch of the text between two signs or line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// First character, an index of [`Reading::chars`].
    pub from: usize,
    /// One past the last; the sign that ends it is inside.
    pub to: usize,
    /// What stands before it.
    pub before: Break,
    /// A stop ends it.
    pub stop: bool,
}

/// A text, read.
pub struct Reading {
    /// The text as it is in the file.
    pub text: String,
    /// Its characters, folded.
    pub chars: Vec<char>,
    /// For each of them the byte of the file where it stands.
    pub origin: Vec<u32>,
    /// The pieces in order; together they are all of `chars`.
    pub pieces: Vec<Piece>,
    lines: Vec<u32>,
    /// Characters of the file before every so many bytes.
    marks: Vec<u32>,
}

/// Bytes from one mark to the next: a line may be as long as the file.
const MARK: usize = 1 << 10;

/// How a character opens or closes what no comma cuts.
fn nesting(c: char) -> i32 {
    match c {
        '(' | '（' | '[' | '《' | '〈' | '“' | '「' | '『' | '〔' | '【' => 1,
        ')' | '）' | ']' | '》' | '〉' | '”' | '」' | '』' | '〕' | '】' => -1,
        _ => 0,
    }
}

/// A bracket left open for longer than this was a slip of the pen.
const LONGEST_BRACKET: usize = 400;

/// Shortened words whose point ends no sentence.
const SHORT: &[&str] =
    &["e.g", "i.e", "no", "nos", "art", "arts", "para", "paras", "sec", "cf", "vs", "mr", "mrs", "ms", "dr", "st", "inc"];

impl Reading {
    /// Reads a text.
    pub fn new(text: String) -> Reading {
        let mut r = Reading {
            chars: Vec::with_capacity(text.len() / 2),
            origin: Vec::new(),
            pieces: Vec::new(),
            lines: vec![0],
            marks: Vec::new(),
            text,
        };
        let text = std::mem::take(&mut r.text);
        let mut walk = Walk { r: &mut r, from: 0, before: Break::Blank, depth: 0, opened: 0, quoted: false };
        let mut chars = text.char_indices().peekable();
        let mut line = 0;
        let mut pending = false;
        let mut before = 0;
        while let Some((at, c)) = chars.next() {
            while walk.r.marks.len() * MARK <= at {
                walk.r.marks.push(before);
            }
            before += 1;
            if c == '\n' {
                let bare = text[line..at].trim().is_empty();
                line = at + 1;
                walk.r.lines.push(line as u32);
                walk.end(pending, if bare { Break::Blank } else { Break::Line });
                pending = false;
                continue;
            }
            let Some(f) = fold(c) else { continue };
            // Closing marks after a stop still belong to its sentence.
            if pending && nesting(c) >= 0 && f != '"' && f != '\'' {
                walk.end(true, Break::Sign);
                pending = false;
            }
            walk.push(f, at);
            match c {
                '"' => walk.quoted = !walk.quoted,
                _ => walk.nest(nesting(c)),
            }
            let next = chars.peek().map(|(_, c)| *c);
            if stops(&text[line..], at - line, f, next) {
                (pending, walk.depth, walk.quoted) = (true, 0, false);
            } else if !pending && matches!(f, ',' | ';' | ':') && walk.free() && !between_digits(&text, at, next) {
                walk.end(false, Break::Sign);
            }
        }
        walk.end(pending, Break::Line);
        r.text = text;
        r
    }

    /// 1-based line and column in the file of a character.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let Some(byte) = self.origin.get(at).map(|b| *b as usize) else { return (self.lines.len(), 1) };
        let line = self.lines.partition_point(|l| *l as usize <= byte);
        let start = self.lines[line - 1] as usize;
        (line, self.count(byte) - self.count(start) + 1)
    }

    /// Characters of the file before a byte.
    fn count(&self, byte: usize) -> usize {
        let mark = (byte / MARK).min(self.marks.len() - 1);
        let from = (mark * MARK..).find(|b| self.text.is_char_boundary(*b)).expect("the end is a boundary");
        self.marks[mark] as usize + self.text[from..byte.max(from)].chars().count()
    }

    /// The words of the file behind a stretch of characters, on one line.
    pub fn words(&self, from: usize, to: usize) -> String {
        let Some(start) = self.origin.get(from) else { return String::new() };
        let last = self.origin[to.min(self.origin.len()).max(from + 1) - 1] as usize;
        let end = last + self.text[last..].chars().next().map_or(0, char::len_utf8);
        let raw = &self.text[*start as usize..end];
        // A line end inside a Chinese word leaves nothing, other blanks one blank.
        let mut out = String::with_capacity(raw.len());
        let (mut blank, mut line) = (false, false);
        for c in raw.chars() {
            if c.is_whitespace() {
                (blank, line) = (true, line || c == '\n');
                continue;
            }
            if blank && !(line && !(c.is_ascii() && out.ends_with(|c: char| c.is_ascii()))) {
                out.push(' ');
            }
            (blank, line) = (false, false);
            out.push(c);
        }
        out
    }

    /// True when a Latin word begins at a character: the blanks before it are folded away.
    pub fn starts_word(&self, at: usize) -> bool {
        let Some(byte) = self.origin.get(at).map(|b| *b as usize) else { return true };
        !self.text[..byte].ends_with(|c: char| c.is_alphanumeric())
    }

    /// True when no sign ends a piece: a heading, or a sentence broken by the line's end.
    pub fn unsigned(&self, piece: usize) -> bool {
        let p = self.pieces[piece];
        !p.stop && !matches!(self.chars[p.to - 1], ',' | ';' | ':')
    }

    /// The piece that a character stands in.
    pub fn piece_at(&self, at: usize) -> usize {
        self.pieces.partition_point(|p| p.to <= at).min(self.pieces.len().saturating_sub(1))
    }
}

struct Walk<'a> {
    r: &'a mut Reading,
    from: usize,
    before: Break,
    depth: i32,
    opened: usize,
    quoted: bool,
}

impl Walk<'_> {
    fn push(&mut self, c: char, at: usize) {
        self.r.chars.push(c);
        self.r.origin.push(at as u32);
    }

    fn nest(&mut self, by: i32) {
        if by > 0 && self.depth == 0 {
            self.opened = self.r.chars.len();
        }
        self.depth = (self.depth + by).max(0);
    }

    fn free(&mut self) -> bool {
        if self.r.chars.len() - self.opened > LONGEST_BRACKET {
            self.depth = 0;
            self.quoted = false;
        }
        self.depth == 0 && !self.quoted
    }

    /// Ends the piece under way; `then` stands before the next one.
    fn end(&mut self, stop: bool, then: Break) {
        let to = self.r.chars.len();
        if then == Break::Blank {
            (self.depth, self.quoted) = (0, false);
        }
        if to == self.from {
            self.before = self.before.max(then);
            return;
        }
        self.r.pieces.push(Piece { from: self.from, to, before: self.before, stop });
        (self.from, self.before) = (to, then);
    }
}

fn between_digits(text: &str, at: usize, next: Option<char>) -> bool {
    next.is_some_and(|c| c.is_ascii_digit()) && text[..at].ends_with(|c: char| c.is_ascii_digit())
}

/// Does the sign at byte `at` of this line end a sentence?
fn stops(line: &str, at: usize, sign: char, next: Option<char>) -> bool {
    match sign {
        '。' | '!' | '?' => true,
        '.' => {
            if !next.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '”' | '’' | ')')) {
                return false;
            }
            // A look at one word, however long the line.
            let head = &line[floor(line, at.saturating_sub(24))..at];
            let word = head.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
            let number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_uppercase());
            let starts = head.trim() == word;
            !(letter || (number && starts) || SHORT.contains(&word.to_lowercase().as_str()))
        }
        _ => false,
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let r = Reading::new(text.into());
        r.pieces.iter().map(|p| r.chars[p.from..p.to].iter().collect()).collect()
    }

    #[test]
    fn commas_cut_only_outside_brackets_and_quotation_marks() {
        assert_eq!(
            cut("各馆要开放(周一,周二)自习室,登记。不得“先收费,后登记”。"),
            ["各馆要开放(周一,周二)自习室,", "登记。", "不得\"先收费,后登记\"。"]
        );
        assert_eq!(cut("Pay 1,000 yuan, e.g. by card. Then (a, b) go."), ["Pay1,000yuan,", "e.g.bycard.", "Then(a,b)go."]);
    }

    #[test]
    fn widths_blanks_and_breaks_do_not_matter() {
        let a = Reading::new("各馆要开放，登记；离开。".into());
        let b = Reading::new("各馆要\n开 放,登记;\n\n离开｡".into());
        assert_eq!(a.chars, b.chars);
        assert_eq!(b.pieces.iter().map(|p| p.before).collect::<Vec<_>>(), [Break::Blank, Break::Line, Break::Sign, Break::Blank]);
        assert_eq!(b.words(0, 5), "各馆要开 放");
        assert_eq!(b.place(3), (2, 1));
    }

    #[test]
    fn places_on_a_long_line_count_characters() {
        let r = Reading::new(format!("{}\n甲{}乙", "前 a，".repeat(700), "字a".repeat(3000)));
        for at in [0, 1, 1399, 2099, 2100, 2101, 5000, r.chars.len() - 1] {
            let byte = r.origin[at] as usize;
            let start = r.text[..byte].rfind('\n').map_or(0, |i| i + 1);
            let line = 1 + usize::from(start > 0);
            assert_eq!(r.place(at), (line, r.text[start..byte].chars().count() + 1), "{at}");
        }
    }

    #[test]
    fn a_bracket_never_closed_swallows_little() {
        let text = format!("({}", "甲乙丙,".repeat(300));
        assert!(cut(&text).len() > 150);
    }
}
