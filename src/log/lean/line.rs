//! A line of the log without its texts: what [`crate::model::Entry`] reads, read in passing.
//!
//! The fields, their types and their bounds are those of `Entry`; a test holds the two together.
//! What only has to be a text is looked at and dropped; what is kept is borrowed from the line.

use crate::model::{Class, Day, Due, Event};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

/// A text that is there.
#[derive(Debug, Clone, Copy)]
pub struct Said;

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Said, D::Error> {
        struct Here;
        impl Visitor<'_> for Here {
            type Value = Said;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: Error>(self, _: &str) -> Result<Said, E> {
                Ok(Said)
            }
        }
        d.deserialize_str(Here)
    }
}

/// One entry in passing.
#[expect(dead_code, reason = "some fields are read for their form alone")]
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line<'a> {
    /// Number in the file.
    pub seq: u64,
    /// RFC 3339.
    pub at: &'a str,
    /// Who.
    pub by: &'a str,
    /// Lead department.
    pub dept: &'a str,
    /// Obligation.
    pub duty: &'a str,
    /// Who speaks.
    #[serde(default)]
    pub via: Option<Said>,
    /// What happened.
    pub event: Event,
    /// Who consented.
    #[serde(default)]
    pub agreed: Option<&'a str>,
    /// Progress.
    #[serde(default)]
    pub percent: Option<u8>,
    /// The day it is true for.
    #[serde(default)]
    pub day: Option<Day>,
    /// A date.
    #[serde(default)]
    pub until: Option<Due>,
    /// What is measured.
    #[serde(default)]
    pub indicator: Option<Said>,
    /// How much it is.
    #[serde(default)]
    pub value: Option<Said>,
    /// What was done.
    #[serde(default)]
    pub note: Option<Said>,
    /// What stands in the way.
    #[serde(default)]
    pub issues: Option<Said>,
    /// What comes next.
    #[serde(default)]
    pub next: Option<Said>,
    /// Why.
    #[serde(default)]
    pub reason: Option<Said>,
    /// What it ends.
    #[serde(default, rename = "ref")]
    pub reference: Option<&'a str>,
    /// Nothing to report.
    #[serde(default)]
    pub nil: Option<bool>,
    /// Why all the same.
    #[serde(default)]
    pub release: Option<Said>,
    /// What was read when it was signed.
    #[serde(default)]
    pub fp: Option<Print>,
    /// Evidence.
    #[serde(default, borrow)]
    pub evidence: Vec<Piece<'a>>,
    /// What it replaces.
    #[serde(default)]
    pub fixes: Option<&'a str>,
    /// By which it is known again.
    #[serde(default)]
    pub key: Option<Said>,
    /// What the clock said.
    #[serde(default)]
    pub clock: Option<Said>,
    /// What the writer had seen.
    #[serde(default, borrow)]
    pub saw: Saw<'a>,
    /// Chain value.
    pub h: &'a str,
}

/// A piece of evidence in passing.
#[expect(dead_code, reason = "some fields are read for their form alone")]
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece<'a> {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// What it is called.
    pub name: Said,
    /// Document number.
    #[serde(default)]
    pub number: Option<Said>,
    /// Its date.
    pub date: Day,
    /// Where it is kept.
    #[serde(default)]
    pub place: Option<Said>,
    /// Digest of the file.
    #[serde(default)]
    pub sha256: Option<Said>,
    /// Its size in bytes.
    #[serde(default)]
    pub size: Option<u64>,
    /// Secrecy class.
    #[serde(default)]
    pub class: Option<Class>,
}

/// A fingerprint in passing.
#[expect(dead_code, reason = "read for its form alone")]
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// Number of the recipe.
    pub recipe: u32,
    /// Of the requirement.
    pub requirement: Said,
    /// Of kind and modality.
    pub modality: Said,
    /// Of the owner.
    pub owner: Said,
    /// Of the prerequisites.
    pub needs: Said,
}

/// Files and the newest line of each that the writer had seen.
#[derive(Debug, Default)]
pub struct Saw<'a>(pub Vec<(&'a str, &'a str)>);

impl<'de: 'a, 'a> Deserialize<'de> for Saw<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Saw<'a>, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Saw<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Saw<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    all.push(pair);
                }
                Ok(Saw(all))
            }
        }
        d.deserialize_map(Pairs)
    }
}
