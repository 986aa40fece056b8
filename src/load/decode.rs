//! From tree to type: lets serde read a [`Node`] as it would read the file.
//!
//! Used for the good items of a file that has a bad one, so that one slip does not
//! take a whole part out of the count.

use super::tree::{Node, NodeKind};
use serde::de::value::{Error, MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};

/// A node as a serde source.
pub struct Source<'a>(pub &'a Node);

impl<'de, 'a: 'de> IntoDeserializer<'de, Error> for Source<'a> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de, 'a: 'de> Deserializer<'de> for Source<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        match &self.0.kind {
            NodeKind::Seq(items) => v.visit_seq(SeqDeserializer::new(items.iter().map(Source))),
            NodeKind::Map(entries) => v.visit_map(MapDeserializer::new(entries.iter().map(|(k, val)| (Source(k), Source(val))))),
            NodeKind::Scalar { .. } if self.0.is_empty() => v.visit_unit(),
            // `title: 3` and `title: true` are words where words are wanted.
            NodeKind::Scalar { text, .. } => v.visit_str(text),
        }
    }
    fn deserialize_bool<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        match &self.0.kind {
            NodeKind::Scalar { text, plain: true } if matches!(text.as_str(), "true" | "false") => v.visit_bool(text == "true"),
            _ => self.deserialize_any(v),
        }
    }
    fn deserialize_u64<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        match &self.0.kind {
            // `007` and `+7` are words to the other reader, so they are here.
            NodeKind::Scalar { text, plain: true } => match text.parse::<u64>() {
                Ok(n) if n.to_string() == *text => v.visit_u64(n),
                _ => self.deserialize_any(v),
            },
            _ => self.deserialize_any(v),
        }
    }
    fn deserialize_u32<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        self.deserialize_u64(v)
    }
    fn deserialize_u8<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        self.deserialize_u64(v)
    }
    fn deserialize_i32<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        self.deserialize_u64(v)
    }
    fn deserialize_option<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        if self.0.is_empty() { v.visit_none() } else { v.visit_some(self) }
    }
    fn deserialize_str<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        match self.0.text() {
            Some(text) => v.visit_str(text),
            None => self.deserialize_any(v),
        }
    }
    fn deserialize_string<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        self.deserialize_str(v)
    }
    fn deserialize_identifier<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Error> {
        self.deserialize_str(v)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, v: V) -> Result<V::Value, Error> {
        v.visit_newtype_struct(self)
    }
    fn deserialize_enum<V: Visitor<'de>>(self, name: &'static str, variants: &'static [&'static str], v: V) -> Result<V::Value, Error> {
        match self.0.text() {
            Some(text) => StrDeserializer::new(text).deserialize_enum(name, variants, v),
            None => self.deserialize_any(v),
        }
    }
    serde::forward_to_deserialize_any! {
        i8 i16 i64 i128 u16 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}
