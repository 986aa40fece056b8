//! What stands on a page, as serde asks for it: [`Value`], lists and maps by indentation
//! ([`Items`], [`Entries`]) and in brackets ([`Listed`], [`Paired`]).

use super::page::{Got, Left, Page, Shape, meant, nothing};
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value as serde asks for it.
pub struct Value<'p, 'de> {
    /// Where it stands.
    pub page: &'p mut Page<'de>,
    /// How it begins.
    pub shape: Shape<'de>,
    /// Behind a closing bracket the line must end.
    pub alone: bool,
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
            Shape::Plain(text) if nothing(text) => Err(Left),
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

/// Words that the general reader takes for a number or for one of those, where the type leaves it the choice.
fn taken_for_more(text: &str) -> bool {
    meant(text)
        || match text.as_bytes()[0] {
            b'+' | b'.' => true,
            b'0'..=b'9' => text.parse::<f64>().is_ok() || ["0x", "0o", "0b"].iter().any(|p| text.starts_with(p)),
            _ => false,
        }
}
