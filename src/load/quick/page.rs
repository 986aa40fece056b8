//! Lines, keys and scalars of a plain text, and what is not plain.

use std::fmt;

/// Longest key; of the keys that a register has none has thirty characters.
const KEY: usize = 64;

/// Not in that style, or not what the type wants. The general reader will say which and where.
#[derive(Debug)]
pub struct Left;

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("left to the general reader")
    }
}
impl std::error::Error for Left {}
impl serde::de::Error for Left {
    fn custom<T: fmt::Display>(_: T) -> Left {
        Left
    }
}

/// What was asked for, or left.
pub type Got<T> = Result<T, Left>;

/// What stands at a place.
pub enum Shape<'de> {
    /// Words as they are.
    Plain(&'de str),
    /// Words between quotation marks, without them.
    Quoted(&'de str),
    /// Behind `[`.
    Listed,
    /// Behind `{`.
    Paired,
    /// A list, its dashes at this column.
    Items(usize),
    /// A map, its keys at this column; true when the first key comes at once, behind a dash.
    Entries(usize, bool),
}

/// A text and how far it has been read.
pub struct Page<'de> {
    /// All of it.
    pub text: &'de str,
    /// Byte up to which it has been read.
    pub at: usize,
}

impl<'de> Page<'de> {
    /// The byte so many bytes ahead.
    pub fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// From the beginning of a line: the column at which the next line begins that says something,
    /// and there we are, still at its beginning. `None` at the end.
    pub fn line(&mut self) -> Option<usize> {
        loop {
            let column = self.text.as_bytes()[self.at..].iter().take_while(|b| **b == b' ').count();
            match self.byte(column)? {
                b'\n' => self.at += column + 1,
                b'#' => {
                    self.at += self.rest_of_line().len();
                    self.eat(b'\n');
                }
                _ => return Some(column),
            }
        }
    }

    /// As far as the line's end.
    pub fn rest_of_line(&self) -> &'de str {
        let rest = &self.text[self.at..];
        rest.find('\n').map_or(rest, |n| &rest[..n])
    }

    /// Is there a dash with a space behind it?
    pub fn dash(&self) -> bool {
        self.byte(0) == Some(b'-') && self.byte(1) == Some(b' ')
    }

    /// Length of the key that stands here with a colon and a space or the line's end behind it.
    pub fn key_length(&self) -> Option<usize> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().take(KEY + 1).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
        let fine = rest.first()?.is_ascii_alphabetic() && length <= KEY && rest.get(length) == Some(&b':');
        (fine && matches!(rest.get(length + 1), None | Some(b' ' | b'\n'))).then_some(length)
    }

    /// Is there a key?
    pub fn key_ahead(&self) -> bool {
        self.key_length().is_some()
    }

    /// A key with its colon.
    pub fn key(&mut self) -> Got<&'de str> {
        let length = self.key_length().ok_or(Left)?;
        let key = &self.text[self.at..self.at + length];
        self.at += length + 1;
        if meant(key) { Err(Left) } else { Ok(key) }
    }

    /// Past spaces.
    pub fn spaces(&mut self) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|b| **b == b' ').count();
    }

    /// Past a sign, if it is there.
    pub fn eat(&mut self, mark: u8) -> bool {
        let there = self.byte(0) == Some(mark);
        self.at += usize::from(there);
        there
    }

    /// Past the end of the line; spaces and, behind one, a comment may come before it.
    pub fn end_line(&mut self) -> Got<()> {
        let start = self.at;
        self.spaces();
        if self.at > start && self.byte(0) == Some(b'#') {
            self.at += self.rest_of_line().len();
        }
        if self.at == self.text.len() || self.eat(b'\n') { Ok(()) } else { Err(Left) }
    }

    /// A value on its line; a scalar is read with the line's end.
    pub fn inline(&mut self) -> Got<Shape<'de>> {
        if let Some(shape) = self.marked()? {
            if matches!(shape, Shape::Quoted(_)) {
                self.end_line()?;
            }
            return Ok(shape);
        }
        let line = self.rest_of_line();
        let comment = line.match_indices('#').find(|(i, _)| line[..*i].ends_with(' '));
        let said = comment.map_or(line, |(i, _)| &line[..i]).trim_end_matches(' ');
        self.at += said.len();
        self.end_line()?;
        plain(said).map(Shape::Plain)
    }

    /// A value in brackets; what is behind it is not looked at.
    pub fn bracketed(&mut self) -> Got<Shape<'de>> {
        self.spaces();
        if let Some(shape) = self.marked()? {
            return Ok(shape);
        }
        let rest = &self.text[self.at..];
        let end = rest.bytes().position(|b| matches!(b, b',' | b'[' | b']' | b'{' | b'}' | b'\n')).ok_or(Left)?;
        self.at += end;
        let text = rest[..end].trim_end_matches(' ');
        if !matches!(rest.as_bytes()[end], b',' | b']' | b'}') || text.contains('?') {
            return Err(Left);
        }
        plain(text).map(Shape::Plain)
    }

    /// What begins with a bracket or a quotation mark.
    pub fn marked(&mut self) -> Got<Option<Shape<'de>>> {
        let mark = self.byte(0).ok_or(Left)?;
        match mark {
            b'[' => self.at += 1,
            b'{' => self.at += 1,
            b'"' | b'\'' => {
                let inside = &self.text[self.at + 1..];
                let end = inside.bytes().position(|b| b == mark || b == b'\n').ok_or(Left)?;
                let text = &inside[..end];
                self.at += end + 2;
                // A mark that stands twice is one of the text.
                if inside.as_bytes()[end] == b'\n' || text.is_empty() || text.contains('\\') || self.byte(0) == Some(mark) {
                    return Err(Left);
                }
                return Ok(Some(Shape::Quoted(text)));
            }
            _ => return Ok(None),
        }
        Ok(Some(if mark == b'[' { Shape::Listed } else { Shape::Paired }))
    }
}

/// Words without quotation marks, if nothing in them means anything.
fn plain(text: &str) -> Got<&str> {
    let bytes = text.as_bytes();
    let first = bytes.first().ok_or(Left)?;
    let mark = matches!(
        first,
        b'-' | b'?'
            | b':'
            | b','
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'#'
            | b'&'
            | b'*'
            | b'!'
            | b'|'
            | b'>'
            | b'\''
            | b'"'
            | b'%'
            | b'@'
            | b'`'
            | b' '
    );
    // Without a way out, so that many bytes are looked at in one step.
    let sign = bytes.windows(2).fold(bytes.ends_with(b":"), |found, two| found | (two == b": ") | (two == b" #"));
    if mark || sign { Err(Left) } else { Ok(text) }
}

/// Words that mean nothing.
pub fn nothing(text: &str) -> bool {
    matches!(text, "~" | "null" | "Null" | "NULL")
}

/// Words that mean nothing, yes or no.
pub fn meant(text: &str) -> bool {
    nothing(text) || matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
}
