//! One line of the log as data (FORMATS, "The log").

use super::kinds::{Class, Event};
use super::time::{Day, Due};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One entry. The order of the fields is the order on the line; later versions may
/// only add optional fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 1, 2, 3… in its file.
    pub seq: u64,
    /// When it was recorded.
    #[serde(with = "instant")]
    pub at: DateTime<FixedOffset>,
    /// Who recorded it.
    pub by: Box<str>,
    /// Lead department, under its id of then.
    pub dept: Box<str>,
    /// Obligation id.
    pub duty: Box<str>,
    /// Supporting department that speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Box<str>>,
    /// What happened.
    pub event: Event,
    /// Post that consented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Box<str>>,
    /// Progress, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "percent")]
    pub percent: Option<u8>,
    /// The day it is true for; never after `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Due, resume, re-check, fix or next review date, as the event has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Due>,
    /// Indicator id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<Box<str>>,
    /// Its value as a decimal string, digits kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Box<str>>,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Box<str>>,
    /// What stands in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<Box<str>>,
    /// What comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<str>>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
    /// `h` of the block or breach that this one ends.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "ref")]
    pub reference: Option<Box<str>>,
    /// 零报告: nothing to report, said aloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nil: Option<bool>,
    /// 放行: why accepted although a prerequisite is unfinished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Box<str>>,
    /// Fingerprint of the duty as read by whoever signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp: Option<Fingerprint>,
    /// References to evidence, never the content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// `h` of the entry that this one replaces or withdraws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixes: Option<Box<str>>,
    /// For idempotent submission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Box<str>>,
    /// What the machine's clock said, when it was behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Box<str>>,
    /// Newest line of every other writer's file that moved since this writer's last line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub saw: BTreeMap<Box<str>, Box<str>>,
    /// Chain: first 22 characters of base64url(SHA-256(previous h, LF, bytes before)).
    pub h: Box<str>,
}

/// A reference to a piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Code in evidence-types.yaml.
    #[serde(rename = "type")]
    pub kind: Box<str>,
    /// What it is called.
    pub name: Box<str>,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Box<str>>,
    /// Its date.
    pub date: Day,
    /// Where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Box<str>>,
    /// Digest of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Box<str>>,
    /// Size of the file in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Secrecy class; absent = 内部 is not assumed, it prints as open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
}

impl Evidence {
    /// The name, or a notice in its place where the class forbids printing.
    pub fn shown(&self) -> std::borrow::Cow<'_, str> {
        match self.class {
            Some(class) if !class.printable() => format!("〔{}〕", class.code()).into(),
            _ => (&*self.name).into(),
        }
    }
}

/// Digests of a duty's wording, 12 characters each (FORMATS, `fp`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// Number of the recipe.
    pub recipe: u32,
    /// Of the requirement in both languages.
    pub requirement: Box<str>,
    /// Of kind and modality.
    pub modality: Box<str>,
    /// Of the effective owner.
    pub owner: Box<str>,
    /// Of the links.
    pub needs: Box<str>,
}

/// First line of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// 0.
    pub seq: u64,
    /// `duban/1`.
    pub log: Box<str>,
    /// The folder's department.
    pub dept: Box<str>,
    /// `2026-11`.
    pub month: Box<str>,
    /// `officer-miit-7f3k`.
    pub writer: Box<str>,
    /// This writer's last line in the department before this file.
    pub after: Option<After>,
    /// Chain, over an empty previous `h`.
    pub h: Box<str>,
}

/// Pointer to a line of another file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// File name.
    pub file: Box<str>,
    /// Its line number.
    pub seq: u64,
    /// Its chain value.
    pub h: Box<str>,
}

/// RFC 3339 with milliseconds and offset, kept as written.
pub mod instant {
    use chrono::{DateTime, FixedOffset, SecondsFormat};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes with milliseconds and numeric offset.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(at: &DateTime<FixedOffset>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&show(at))
    }
    /// The form on the line.
    pub fn show(at: &DateTime<FixedOffset>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Millis, false)
    }
    /// Reads RFC 3339.
    ///
    /// # Errors
    /// When the text is not RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<DateTime<FixedOffset>, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        DateTime::parse_from_rfc3339(&text)
            .map_err(|_| D::Error::custom(format!("`{text}` is not an instant; it should look like 2026-11-23T09:30:00.000+08:00")))
    }
}

fn percent<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<u8>, D::Error> {
    match Option::<u8>::deserialize(d)? {
        Some(n) if n > 100 => Err(serde::de::Error::custom(format!("percent is {n}; it runs from 0 to 100"))),
        other => Ok(other),
    }
}
