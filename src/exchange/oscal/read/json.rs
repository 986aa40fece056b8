//! JSON in which a key stands once.
//!
//! The usual reader lets the last of two equal keys win: half a catalogue would be gone without a
//! word. Here that is a mistake with its line. The order of keys is kept.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A value read so.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Once;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_bool<E>(self, v: bool) -> Result<Once, E> {
                Ok(Once(v.into()))
            }
            fn visit_i64<E>(self, v: i64) -> Result<Once, E> {
                Ok(Once(v.into()))
            }
            fn visit_u64<E>(self, v: u64) -> Result<Once, E> {
                Ok(Once(v.into()))
            }
            fn visit_f64<E>(self, v: f64) -> Result<Once, E> {
                Ok(Once(v.into()))
            }
            fn visit_str<E>(self, v: &str) -> Result<Once, E> {
                Ok(Once(v.into()))
            }
            fn visit_unit<E>(self) -> Result<Once, E> {
                Ok(Once(Value::Null))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Once, A::Error> {
                let mut all = Vec::new();
                while let Some(Once(one)) = seq.next_element()? {
                    all.push(one);
                }
                Ok(Once(all.into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
                let mut all = Map::new();
                while let Some((key, Once(value))) = map.next_entry::<String, Once>()? {
                    if all.contains_key(&key) {
                        return Err(A::Error::custom(format!("the key `{key}` stands there twice")));
                    }
                    all.insert(key, value);
                }
                Ok(Once(all.into()))
            }
        }
        d.deserialize_any(V)
    }
}

/// Reads a text.
///
/// # Errors
/// What is wrong, with line and column.
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str::<Once>(text).map(|once| once.0).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_key_stands_once() {
        assert_eq!(parse(r#"{"a": [1, {"b": null}]}"#).unwrap().to_string(), r#"{"a":[1,{"b":null}]}"#);
        assert!(parse(r#"{"a": {"x": 1, "x": 2}}"#).unwrap_err().contains("`x` stands there twice at line 1"));
        assert!(parse(&"[".repeat(100_000)).is_err(), "no depth brings it down");
    }
}
