//! Dates, due dates, cycles and the register's time zone.
//!
//! All rules count whole days in the register's zone. A date is written with ten
//! characters; chrono alone would let `2026-2-3` through, so the length is held.

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, de::Visitor};
use std::borrow::Cow;

/// Reads `2026-11-23`, ten characters and nothing else.
///
/// # Errors
/// A sentence saying what is wrong.
pub fn parse_date(text: &str) -> Result<NaiveDate, String> {
    let shaped = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return Err(format!("`{text}` is not a date; write ten characters, such as 2026-02-03"));
    }
    // Ten thousand dates a register, ten million a log: not by a format that is read anew each time.
    let n = |from: usize, to: usize| text.as_bytes()[from..to].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    NaiveDate::from_ymd_opt(n(0, 4) as i32, n(5, 7), n(8, 10)).ok_or_else(|| format!("`{text}` is not a day of the calendar"))
}

/// Reads a due date or the word `standing`.
///
/// # Errors
/// A sentence saying what is wrong.
pub fn parse_due(text: &str) -> Result<Due, String> {
    if text == "standing" {
        Ok(Due::Standing)
    } else {
        parse_date(text).map(Due::On).map_err(|e| format!("{e}, or `standing` where there is none by decision"))
    }
}

/// A calendar day in a YAML file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub NaiveDate);

/// When a duty is due: a day, or 长期坚持, which is a decision and not a gap
/// (reporting-habits section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// Due on this day, inclusive.
    On(NaiveDate),
    /// No due date, by decision.
    Standing,
}

impl Due {
    /// The day, where there is one.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Due::On(day) => Some(day),
            Due::Standing => None,
        }
    }
}

impl std::fmt::Display for Due {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Due::On(day) => write!(f, "{day}"),
            Due::Standing => write!(f, "standing"),
        }
    }
}

/// A day, or only a year: allowed in renames alone (FORMATS, "An obligation").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The calendar year.
    pub year: i32,
}

/// What `--as-of` names: a day, or the moment of a git commit, which is a day only in the
/// register's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A calendar day.
    Day(NaiveDate),
    /// A moment.
    Moment(DateTime<FixedOffset>),
}

impl When {
    /// The day meant, in a zone.
    pub fn day(self, zone: Zone) -> NaiveDate {
        match self {
            When::Day(day) => day,
            When::Moment(at) => zone.day(at),
        }
    }
}

/// The date of a reorganisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeDate {
    /// Known to the day.
    Day(NaiveDate),
    /// Known to the year.
    Year(i32),
}

impl<'de> Deserialize<'de> for ChangeDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = ChangeDate;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a date, or {year: 2023}")
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<ChangeDate, E> {
                parse_date(v).map(ChangeDate::Day).map_err(E::custom)
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<ChangeDate, A::Error> {
                Year::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|y| ChangeDate::Year(y.year))
            }
        }
        d.deserialize_any(V)
    }
}

impl JsonSchema for ChangeDate {
    fn schema_name() -> Cow<'static, str> {
        "ChangeDate".into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let year = g.subschema_for::<Year>();
        json_schema!({"anyOf": [{"type": "string", "format": "date"}, year]})
    }
}

/// Reads a text where it stands, without a copy of its own.
fn in_place<'de, D: Deserializer<'de>, T>(d: D, read: fn(&str) -> Result<T, String>) -> Result<T, D::Error> {
    struct Here<T>(fn(&str) -> Result<T, String>);
    impl<T> Visitor<'_> for Here<T> {
        type Value = T;
        fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            (self.0)(text).map_err(E::custom)
        }
    }
    d.deserialize_str(Here(read))
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        in_place(d, |text| parse_date(text).map(Day))
    }
}
impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}
impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}
impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        in_place(d, parse_due)
    }
}
impl Serialize for Due {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl JsonSchema for Due {
    fn schema_name() -> Cow<'static, str> {
        "Due".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "due"})
    }
}

/// How often a standing duty is reviewed. Proposed by the model: the text sets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cycle {
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every six months.
    HalfYearly,
    /// Every twelve months.
    Annual,
}

impl Cycle {
    /// Length in calendar months.
    pub fn months(self) -> u32 {
        match self {
            Cycle::Monthly => 1,
            Cycle::Quarterly => 3,
            Cycle::HalfYearly => 6,
            Cycle::Annual => 12,
        }
    }
    /// `n` cycles after a day, the day of the month clamped (31 January + 1 month = 28 or 29 February).
    pub fn after(self, day: NaiveDate, n: u32) -> NaiveDate {
        day.checked_add_months(Months::new(self.months().saturating_mul(n))).unwrap_or(NaiveDate::MAX)
    }
}

/// `n` days after a day; stays at the end of time instead of failing.
pub fn plus_days(day: NaiveDate, n: u64) -> NaiveDate {
    day.checked_add_days(Days::new(n)).unwrap_or(NaiveDate::MAX)
}

/// Whole days from `from` to `to`, negative when `to` is earlier.
pub fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.num_days_from_ce() as i64 - from.num_days_from_ce() as i64
}

/// The register's zone as a fixed offset, `+08:00`. China keeps one offset all year;
/// a zone with summer time is written with its standard offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(pub FixedOffset);

impl Default for Zone {
    fn default() -> Self {
        Zone(FixedOffset::east_opt(8 * 3600).expect("eight hours is an offset"))
    }
}

impl Zone {
    /// The day of an instant in this zone.
    pub fn day(self, at: DateTime<FixedOffset>) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }
    /// The last millisecond of a day in this zone.
    pub fn end(self, day: NaiveDate) -> DateTime<FixedOffset> {
        let late = day.and_hms_milli_opt(23, 59, 59, 999).expect("every day has this time");
        late.and_local_timezone(self.0).single().expect("a fixed offset leaves no gap")
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse::<FixedOffset>().map(Zone).map_err(|_| D::Error::custom(format!("`{text}` is not an offset; write it as \"+08:00\"")))
    }
}
impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "text"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_ten_characters_and_real() {
        assert!(parse_date("2026-02-03").is_ok());
        for bad in ["2026-2-3", "2026-02-30", "2026/02/03", "２０２６-02-03", "2026-02-03 ", ""] {
            assert!(parse_date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn months_are_clamped() {
        let jan = parse_date("2023-01-31").unwrap();
        assert_eq!(Cycle::Monthly.after(jan, 1).to_string(), "2023-02-28");
        assert_eq!(Cycle::Quarterly.after(jan, 2).to_string(), "2023-07-31");
    }
}
