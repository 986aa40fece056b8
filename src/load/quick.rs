//! YAML in the plain style of a register, read straight into its types.
//!
//! Four fifths of what `check` costs is the general reader of YAML, and almost everything that it
//! is asked to read is one small part of the language: maps and lists by indentation, short ones
//! in brackets on one line, words that end with their line. That part is read here, at a tenth.
//! Whatever else YAML has (a text or a list in brackets over several lines, an escape, an
//! anchor, an empty value) is `None` here, and the general reader reads the file: this one refuses
//! nothing, and takes nothing that the other would read otherwise. `tests/quick.rs` holds the two
//! against one another, on the shipped registers and on files changed at random.
//!
//! Only for texts that [`super::scan`] calls plain. [`read`] is the way in; [`Page`] knows lines,
//! keys and scalars; [`Value`] offers them to serde, [`Items`] and [`Entries`] by indentation,
//! [`Listed`] and [`Paired`] in brackets.

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Longest key; of the keys that a register has none has thirty characters.
const KEY: usize = 64;

/// What the text says, if it is in that style and is what the type wants.
pub fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    if !printable(text) {
        return None;
    }
    let mut page = Page { text, at: 0 };
    let shape = match page.line()? {
        0 if page.dash() => Shape::Items(0),
        0 if page.key_ahead() => Shape::Entries(0, false),
        _ => return None,
    };
    let value = T::deserialize(Value { page: &mut page, shape, alone: false }).ok()?;
    page.line().is_none().then_some(value)
}

/// Only characters that the general reader lets through, and no tab or odd line break, which mean
/// more to it than to us. Asked as a whole, many bytes in one step.
fn printable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let odd = |b: &u8| (*b < 0x20) & (*b != b'\n') | (*b == 0x7f);
    !bytes.iter().fold(false, |found, b| found | odd(b))
        // U+0080 to U+009F, by their first byte.
        && memchr::memchr_iter(0xc2, bytes).all(|i| bytes[i + 1] >= 0xa0)
        && !["\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}"].iter().any(|c| text.contains(c))
}

/// Not in that style, or not what the type wants. The general reader will say which and where.
#[derive(Debug)]
struct Left;

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

type Got<T> = Result<T, Left>;

/// What stands at a place.
enum Shape<'de> {
    Plain(&'de str),
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
struct Page<'de> {
    text: &'de str,
    at: usize,
}

impl<'de> Page<'de> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// From the beginning of a line: the column at which the next line begins that says something,
    /// and there we are, still at its beginning. `None` at the end.
    fn line(&mut self) -> Option<usize> {
        loop {
            let column = self.text.as_bytes()[self.at..].iter().take_while(|b| **b == b' ').count();
            match self.byte(column)? {
                b'\n' => self.at += column + 1,
                b'#' => self.at = memchr::memchr(b'\n', &self.text.as_bytes()[self.at..]).map_or(self.text.len(), |n| self.at + n + 1),
                _ => return Some(column),
            }
        }
    }

    /// Is there a dash with a space behind it?
    fn dash(&self) -> bool {
        self.byte(0) == Some(b'-') && self.byte(1) == Some(b' ')
    }

    /// Length of the key that stands here with a colon and a space or the line's end behind it.
    fn key_length(&self) -> Option<usize> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().take(KEY + 1).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
        let fine = rest.first()?.is_ascii_alphabetic() && length <= KEY && rest.get(length) == Some(&b':');
        (fine && matches!(rest.get(length + 1), None | Some(b' ' | b'\n'))).then_some(length)
    }

    fn key_ahead(&self) -> bool {
        self.key_length().is_some()
    }

    /// A key with its colon.
    fn key(&mut self) -> Got<&'de str> {
        let length = self.key_length().ok_or(Left)?;
        let key = &self.text[self.at..self.at + length];
        self.at += length + 1;
        if meant(key) { Err(Left) } else { Ok(key) }
    }

    fn spaces(&mut self) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|b| **b == b' ').count();
    }

    fn eat(&mut self, mark: u8) -> bool {
        let there = self.byte(0) == Some(mark);
        self.at += usize::from(there);
        there
    }

    /// Past the end of the line; spaces and, behind one, a comment may come before it.
    fn end_line(&mut self) -> Got<()> {
        let start = self.at;
        self.spaces();
        if self.at > start && self.byte(0) == Some(b'#') {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        }
        if self.at == self.text.len() || self.eat(b'\n') { Ok(()) } else { Err(Left) }
    }

    /// A value on its line; a scalar is read with the line's end.
    fn inline(&mut self) -> Got<Shape<'de>> {
        if let Some(shape) = self.marked()? {
            if matches!(shape, Shape::Quoted(_)) {
                self.end_line()?;
            }
            return Ok(shape);
        }
        let rest = &self.text[self.at..];
        let line = &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
        let said = memchr::memmem::find(line.as_bytes(), b" #").map_or(line, |i| &line[..i]).trim_end_matches(' ');
        self.at += said.len();
        self.end_line()?;
        plain(said).map(Shape::Plain)
    }

    /// A value in brackets; what is behind it is not looked at.
    fn bracketed(&mut self) -> Got<Shape<'de>> {
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
    fn marked(&mut self) -> Got<Option<Shape<'de>>> {
        let mark = self.byte(0).ok_or(Left)?;
        match mark {
            b'[' => self.at += 1,
            b'{' => self.at += 1,
            b'"' | b'\'' => {
                let inside = &self.text[self.at + 1..];
                let end = memchr::memchr2(mark, b'\n', inside.as_bytes()).ok_or(Left)?;
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
    let sign = |i: usize| match bytes[i] {
        b':' => matches!(bytes.get(i + 1), None | Some(b' ')),
        _ => i > 0 && bytes[i - 1] == b' ',
    };
    if mark || memchr::memchr2_iter(b':', b'#', bytes).any(sign) { Err(Left) } else { Ok(text) }
}

/// Words that mean nothing, yes or no.
fn meant(text: &str) -> bool {
    matches!(text, "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
}

/// Words that the general reader takes for a number or for one of those, where the type leaves it the choice.
fn taken_for_more(text: &str) -> bool {
    meant(text)
        || match text.as_bytes()[0] {
            b'+' | b'.' => true,
            b'0'..=b'9' => text.parse::<f64>().is_ok() || ["0x", "0o", "0b"].iter().any(|p| text.starts_with(p)),
            _ => false,
        }
}

/// A value as serde asks for it.
struct Value<'p, 'de> {
    page: &'p mut Page<'de>,
    shape: Shape<'de>,
    /// Behind a closing bracket the line must end.
    alone: bool,
}

impl<'de> Value<'_, 'de> {
    fn text(&self) -> Got<&'de str> {
        match self.shape {
            Shape::Plain(text) | Shape::Quoted(text) => Ok(text),
            _ => Err(Left),
        }
    }

    /// A whole number of at most eighteen digits.
    fn number(&self) -> Got<u64> {
        match self.shape {
            Shape::Plain(text)
                if text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0')) =>
            {
                text.parse().map_err(|_| Left)
            }
            _ => Err(Left),
        }
    }

    fn closed<T>(page: &mut Page, alone: bool, value: T, done: bool) -> Got<T> {
        if !done {
            return Err(Left);
        }
        if alone {
            page.end_line()?;
        }
        Ok(value)
    }
}

/// Kinds of value that no register has: left.
macro_rules! left {
    ($($name:ident)*) => { $(
        fn $name<V: Visitor<'de>>(self, _: V) -> Got<V::Value> {
            Err(Left)
        }
    )* };
}

macro_rules! numbers {
    ($visit:ident $($name:ident)*) => { $(
        fn $name<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
            v.$visit(self.number()?.try_into().map_err(|_| Left)?)
        }
    )* };
}

impl<'de> Deserializer<'de> for Value<'_, 'de> {
    type Error = Left;

    fn deserialize_any<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        match self.shape {
            Shape::Plain(text) if taken_for_more(text) => Err(Left),
            Shape::Plain(text) | Shape::Quoted(text) => v.visit_borrowed_str(text),
            Shape::Listed | Shape::Items(_) => self.deserialize_seq(v),
            Shape::Paired | Shape::Entries(..) => self.deserialize_map(v),
        }
    }
    fn deserialize_seq<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        let Value { page, shape, alone } = self;
        match shape {
            Shape::Items(column) => {
                let mut items = Items { page, column, done: false };
                let value = v.visit_seq(&mut items)?;
                Self::closed(items.page, false, value, items.done)
            }
            Shape::Listed => {
                let mut items = Listed { page, begun: false, done: false };
                let value = v.visit_seq(&mut items)?;
                Self::closed(items.page, alone, value, items.done)
            }
            _ => Err(Left),
        }
    }
    fn deserialize_map<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        let Value { page, shape, alone } = self;
        match shape {
            Shape::Entries(column, here) => {
                let mut entries = Entries { page, column, here, done: false };
                let value = v.visit_map(&mut entries)?;
                Self::closed(entries.page, false, value, entries.done)
            }
            Shape::Paired => {
                let mut entries = Paired { page, begun: false, done: false };
                let value = v.visit_map(&mut entries)?;
                Self::closed(entries.page, alone, value, entries.done)
            }
            _ => Err(Left),
        }
    }
    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], v: V) -> Got<V::Value> {
        self.deserialize_map(v)
    }
    fn deserialize_option<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        match self.shape {
            Shape::Plain(text) if meant(text) => Err(Left),
            _ => v.visit_some(self),
        }
    }
    fn deserialize_bool<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        match self.shape {
            Shape::Plain("true") => v.visit_bool(true),
            Shape::Plain("false") => v.visit_bool(false),
            _ => Err(Left),
        }
    }
    fn deserialize_str<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        v.visit_borrowed_str(self.text()?)
    }
    fn deserialize_string<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        self.deserialize_str(v)
    }
    fn deserialize_identifier<V: Visitor<'de>>(self, v: V) -> Got<V::Value> {
        self.deserialize_str(v)
    }
    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], v: V) -> Got<V::Value> {
        v.visit_enum(StrDeserializer::new(self.text()?))
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, v: V) -> Got<V::Value> {
        v.visit_newtype_struct(self)
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Got<V::Value> {
        Err(Left)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, _: V) -> Got<V::Value> {
        Err(Left)
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, _: V) -> Got<V::Value> {
        Err(Left)
    }
    numbers! { visit_u64 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    numbers! { visit_i64 deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 }
    left! { deserialize_i128 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_ignored_any }
}

/// A list by indentation.
struct Items<'p, 'de> {
    page: &'p mut Page<'de>,
    column: usize,
    done: bool,
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Left;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Got<Option<T::Value>> {
        let page = &mut *self.page;
        let ends = match page.line() {
            None => true,
            Some(column) if column > self.column => return Err(Left),
            Some(column) => column < self.column || page.byte(column) != Some(b'-'),
        };
        if ends {
            // What stands at this column without a dash is for the map around to judge.
            self.done = true;
            return Ok(None);
        }
        page.at += self.column;
        if !page.dash() {
            return Err(Left);
        }
        page.at += 2;
        let shape = match page.byte(0) {
            _ if page.key_ahead() => Shape::Entries(self.column + 2, true),
            None | Some(b' ' | b'\n') => return Err(Left),
            _ => page.inline()?,
        };
        seed.deserialize(Value { page, shape, alone: true }).map(Some)
    }
}

/// A map by indentation.
struct Entries<'p, 'de> {
    page: &'p mut Page<'de>,
    column: usize,
    /// The next key is here, not at the next line.
    here: bool,
    done: bool,
}

impl<'de> MapAccess<'de> for &mut Entries<'_, 'de> {
    type Error = Left;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Got<Option<K::Value>> {
        let page = &mut *self.page;
        if !std::mem::take(&mut self.here) {
            match page.line() {
                Some(column) if column == self.column => page.at += column,
                Some(column) if column > self.column => return Err(Left),
                _ => {
                    self.done = true;
                    return Ok(None);
                }
            }
        }
        seed.deserialize(BorrowedStrDeserializer::new(page.key()?)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Got<T::Value> {
        let page = &mut *self.page;
        let shape = if page.eat(b'\n') {
            let column = page.line().ok_or(Left)?;
            let start = page.at;
            page.at += column;
            let shape = match (page.dash(), page.key_ahead()) {
                (true, _) if column >= self.column => Shape::Items(column),
                (false, true) if column > self.column => Shape::Entries(column, false),
                _ => return Err(Left),
            };
            page.at = start;
            shape
        } else {
            page.spaces();
            page.inline()?
        };
        seed.deserialize(Value { page, shape, alone: true })
    }
}

/// A list in brackets.
struct Listed<'p, 'de> {
    page: &'p mut Page<'de>,
    begun: bool,
    done: bool,
}

impl<'de> SeqAccess<'de> for &mut Listed<'_, 'de> {
    type Error = Left;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Got<Option<T::Value>> {
        if ends(self.page, &mut self.begun, b']')? {
            self.done = true;
            return Ok(None);
        }
        let shape = self.page.bracketed()?;
        seed.deserialize(Value { page: self.page, shape, alone: false }).map(Some)
    }
}

/// A map in brackets.
struct Paired<'p, 'de> {
    page: &'p mut Page<'de>,
    begun: bool,
    done: bool,
}

impl<'de> MapAccess<'de> for &mut Paired<'_, 'de> {
    type Error = Left;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Got<Option<K::Value>> {
        if ends(self.page, &mut self.begun, b'}')? {
            self.done = true;
            return Ok(None);
        }
        self.page.spaces();
        seed.deserialize(BorrowedStrDeserializer::new(self.page.key()?)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Got<T::Value> {
        let shape = self.page.bracketed()?;
        seed.deserialize(Value { page: self.page, shape, alone: false })
    }
}

/// Past a comma, or at the closing bracket? A comma before the bracket is left.
fn ends(page: &mut Page, begun: &mut bool, bracket: u8) -> Got<bool> {
    page.spaces();
    if page.eat(bracket) {
        return Ok(true);
    }
    if std::mem::replace(begun, true) && !page.eat(b',') {
        return Err(Left);
    }
    page.spaces();
    if page.byte(0) == Some(bracket) { Err(Left) } else { Ok(false) }
}
