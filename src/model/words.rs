//! Words in two languages.
//!
//! A register may speak Chinese, English or both. `Words` carries what is written;
//! [`Words::say`] falls back to the other language, because a missing
//! translation must not make an obligation nameless.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::borrow::Cow;

/// The language that a command speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Both, Chinese first.
    Both,
}

/// One fixed word or phrase of the program in both languages; all of them stand
/// in [`super::terms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term(pub &'static str, pub &'static str);

impl Term {
    /// The phrase in a language; for both, Chinese then English.
    pub fn say(self, lang: Lang) -> Cow<'static, str> {
        match lang {
            Lang::Zh => self.0.into(),
            Lang::En => self.1.into(),
            Lang::Both if self.0 == self.1 => self.0.into(),
            Lang::Both => format!("{} {}", self.0, self.1).into(),
        }
    }
}

/// Words of the register in one or two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Words {
    /// Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zh: Option<Box<str>>,
    /// English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<Box<str>>,
}

impl Words {
    /// The same text for both languages.
    pub fn plain(text: &str) -> Words {
        Words { zh: Some(text.into()), en: None }
    }
    /// In the language asked for, else in the one there is.
    pub fn say(&self, lang: Lang) -> Cow<'_, str> {
        let (zh, en) = (self.zh.as_deref(), self.en.as_deref());
        match lang {
            Lang::Zh => zh.or(en).unwrap_or("").into(),
            Lang::En => en.or(zh).unwrap_or("").into(),
            Lang::Both => match (zh, en) {
                (Some(zh), Some(en)) if zh != en => format!("{zh} {en}").into(),
                (Some(one), _) | (None, Some(one)) => one.into(),
                (None, None) => "".into(),
            },
        }
    }
    /// True when either language contains the (lower-case) text.
    pub fn contains(&self, low: &str) -> bool {
        [&self.zh, &self.en].into_iter().flatten().any(|w| w.to_lowercase().contains(low))
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = Words;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("words: {zh: …, en: …} or one text")
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Words, E> {
                if v.trim().is_empty() {
                    return Err(E::custom("the value is empty"));
                }
                Ok(Words::plain(v))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
                let mut words = Words::default();
                while let Some(key) = map.next_key::<String>()? {
                    let slot = match key.as_str() {
                        "zh" => &mut words.zh,
                        "en" => &mut words.en,
                        other => return Err(A::Error::unknown_field(other, &["zh", "en"])),
                    };
                    if slot.is_some() {
                        return Err(A::Error::custom(format!("duplicate field `{key}`")));
                    }
                    *slot = Some(map.next_value::<super::Text>()?.as_str().into());
                }
                if words.zh.is_none() && words.en.is_none() {
                    return Err(A::Error::custom("the value is empty"));
                }
                Ok(words)
            }
        }
        d.deserialize_any(V)
    }
}

impl JsonSchema for Words {
    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [
            {"type": "string", "format": "text"},
            {"type": "object", "additionalProperties": false, "minProperties": 1, "properties": {
                "zh": {"type": "string", "format": "text"},
                "en": {"type": "string", "format": "text"},
            }},
        ]})
    }
}
