//! Ids and other checked words: strings that mean something only in one form.
//!
//! Each form is one function from text to "fine" or a sentence saying what is
//! wrong and how it should look. The serde reader and the place-giving reader
//! both call it through [`check`], so they cannot disagree.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, de::Visitor};
use std::{borrow::Borrow, borrow::Cow, cell::RefCell, collections::HashSet, fmt, ops::Deref, sync::Arc};

/// Holds `text` against the form called `format`; `Err` says what is wrong.
pub fn check(format: &str, text: &str) -> Result<(), String> {
    match format {
        "obligation-id" => obligation_id(text),
        "unit-id" => unit_id(text),
        "date" => super::time::parse_date(text).map(drop),
        "due" => super::time::parse_due(text).map(drop),
        "post" => post(text),
        "report-name" => report_name(text),
        "days" => days(text).map(drop),
        _ if text.trim().is_empty() => Err("the value is empty".into()),
        _ => Ok(()),
    }
}

/// `^[A-Z][A-Z0-9]{1,11}-[0-9]{1,2}\.[0-9]{2,3}[a-z]?$` (FORMATS, "An obligation").
fn obligation_id(text: &str) -> Result<(), String> {
    let wrong = || Err(format!("`{text}` is not an obligation id; it should look like OPN-3.18"));
    let Some((code, rest)) = text.split_once('-') else { return wrong() };
    let Some((part, item)) = rest.split_once('.') else { return wrong() };
    let item = item.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(item);
    let digits = |s: &str, n: std::ops::RangeInclusive<usize>| n.contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    let code_ok = (2..=12).contains(&code.len())
        && code.starts_with(|c: char| c.is_ascii_uppercase())
        && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if code_ok && digits(part, 1..=2) && digits(item, 2..=3) { Ok(()) } else { wrong() }
}

/// Sectors, bodies, enterprise and user kinds, parts: capitals, digits and hyphens.
/// These ids become folder names, so nothing else is let in.
fn unit_id(text: &str) -> Result<(), String> {
    let fine = (1..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && !text.ends_with('-')
        && !text.contains("--")
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if fine { Ok(()) } else { Err(format!("`{text}` is not an id; it should look like DEP-MIIT: capitals, digits and single hyphens")) }
}

/// A post or person: `[a-z0-9.-]{1,40}` (FORMATS, log table).
fn post(text: &str) -> Result<(), String> {
    let fine = (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
        && !text.starts_with('.');
    if fine {
        Ok(())
    } else {
        Err(format!("`{text}` is not a post; it should look like officer-miit: small letters, digits, dots and hyphens, 40 at most"))
    }
}

/// What a saved report is called: it becomes a file name, so nothing else is let in.
fn report_name(text: &str) -> Result<(), String> {
    let fine = (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && text != "index";
    let form = "small letters, digits and hyphens, 40 at most, and not `index`";
    if fine { Ok(()) } else { Err(format!("`{text}` is not a report's name; it should look like monthly-ledger: {form}")) }
}

/// A number of days, `14d` or `14天`, four digits at most.
fn days(text: &str) -> Result<u32, String> {
    let digits = text.strip_suffix('d').or(text.strip_suffix('天')).unwrap_or("");
    let fine = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let n = if fine { digits.parse().ok() } else { None };
    n.ok_or_else(|| format!("`{text}` is not a number of days; it should look like 14d, from 0d to 9999d"))
}

/// One text for every id that reads the same: a register names its few hundred units a million
/// times. Kept for as long as the thread lives.
fn once(text: &str) -> Arc<str> {
    thread_local! {
        static SEEN: RefCell<HashSet<Arc<str>, foldhash::fast::RandomState>> = RefCell::default();
    }
    SEEN.with_borrow_mut(|seen| match seen.get(text) {
        Some(known) => known.clone(),
        None => {
            let fresh: Arc<str> = text.into();
            seen.insert(fresh.clone());
            fresh
        }
    })
}

macro_rules! checked {
    ($(#[$doc:meta])* $name:ident, $format:literal) => { checked!($(#[$doc])* $name, $format, Arc::from); };
    ($(#[$doc:meta])* $name:ident, $format:literal, $shared:path) => {
        $(#[$doc])*
        // Shared, not copied: a register says the same few ids a million times.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and wraps a text.
            ///
            /// # Errors
            /// A sentence saying what is wrong with it.
            pub fn new(text: &str) -> Result<Self, String> {
                check($format, text).map(|()| $name($shared(text)))
            }
            /// The plain text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(&self.0) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                // Looked at where it stands: a text that is only passed on is not copied twice.
                struct Here;
                impl Visitor<'_> for Here {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result { f.write_str("a string") }
                    fn visit_str<E: Error>(self, text: &str) -> Result<$name, E> {
                        $name::new(text).map_err(E::custom)
                    }
                }
                d.deserialize_str(Here)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> { stringify!($name).into() }
            fn inline_schema() -> bool { true }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "format": $format})
            }
        }
        impl Deref for $name { type Target = str; fn deref(&self) -> &str { &self.0 } }
        impl Borrow<str> for $name { fn borrow(&self) -> &str { &self.0 } }
        impl fmt::Display for $name { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { f.pad(&self.0) } }
        impl fmt::Debug for $name { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { fmt::Debug::fmt(&*self.0, f) } }
        impl PartialEq<str> for $name { fn eq(&self, other: &str) -> bool { &*self.0 == other } }
        impl PartialEq<&str> for $name { fn eq(&self, other: &&str) -> bool { &*self.0 == *other } }
    };
}

checked!(
    /// The id of an obligation, `OPN-3.18`. Never renumbered, never reused.
    ObligationId, "obligation-id");
checked!(
    /// The id of a sector, body, enterprise or user kind, or part: `DEP-MIIT`, `OPN-3`.
    UnitId, "unit-id", once);
checked!(
    /// A post or person as written in the log: `officer-miit`.
    Post, "post");
checked!(
    /// What a saved report is called: `monthly-ledger`.
    ReportName, "report-name");
checked!(
    /// Any text with at least one visible character.
    Text, "text");

checked!(
    /// A number of days: `14d`, `14天`.
    DayCount, "days");

impl DayCount {
    /// How many, 0 to 9999.
    pub fn days(&self) -> u32 {
        days(&self.0).unwrap_or(0)
    }
}

impl ObligationId {
    /// The id of the part that the obligation belongs to: `OPN-3.18` is in `OPN-3`.
    pub fn part(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(part, _)| part)
    }
    /// The code of its policy: `OPN`.
    pub fn policy(&self) -> &str {
        self.0.split_once('-').map_or(&self.0, |(code, _)| code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_and_out_of_form() {
        for good in ["OPN-3.18", "SPC-1.01", "OPN-1.05a", "LAW22-12.345"] {
            assert!(ObligationId::new(good).is_ok(), "{good}");
        }
        for bad in ["OPN-3", "opn-3.18", "OPN-3.1", "OPN-3.18A", "O-3.18", "OPN-123.18", "ＯＰＮ-3.18", "OPN-3.18 "] {
            assert!(ObligationId::new(bad).is_err(), "{bad}");
        }
        for bad in ["DEP-", "../etc", "dep-miit", "DEP--X", "", "DEP/MIIT"] {
            assert!(UnitId::new(bad).is_err(), "{bad}");
        }
        assert_eq!(DayCount::new("14d").map(|d| d.days()), Ok(14));
        for bad in ["d", "-1d", "1.5d", "14", "10000d", "１d", "+3d", "3 d"] {
            assert!(DayCount::new(bad).is_err(), "{bad}");
        }
        assert!(Post::new("officer-miit").is_ok());
        assert!(Post::new("..").is_err());
    }
}
