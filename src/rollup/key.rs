//! The frozen numbers of contract v1: keys, codes of states and lights, `ord` and its packing.
//!
//! `ord` = effective second << 20 | sequence. The fold counts whole days, so a version 1 writer
//! gives the first second of the effective day, counted from 1970-01-01 in the register's own
//! calendar; the sequence is the number of the row within its duty, from 1. Of all rows of a
//! duty that count, the one with the greatest `ord` says how it stands; [`packed`] carries state
//! and light along, so that one MAX is enough.

use crate::digest;
use crate::model::{Light, Status};
use chrono::{Datelike, NaiveDate};

/// The contract's name and version, in every manifest and ledger.
pub const CONTRACT: &str = "duban-rollup/1";

/// What signatures under manifests are made for.
pub const NAMESPACE: &str = "duban-rollup";

/// Bits of the sequence.
pub const SEQUENCE_BITS: u32 = 20;
/// Greatest sequence within a duty.
pub const MOST: i64 = (1 << SEQUENCE_BITS) - 1;
/// A duty that is no longer in the register.
pub const GONE: i32 = 0;

const SECONDS: i64 = 86_400;
/// 1970-01-01, counted from the year 1.
const EPOCH: i32 = 719_163;

/// 63 bits of SHA-256 over a text: `330100/SC` names a register, `330100/SC/OPN-3.18` a duty.
pub fn key(text: &str) -> i64 {
    let hex = digest::hex(text.as_bytes());
    let bits = u64::from_str_radix(&hex[..16], 16).expect("a digest is hexadecimal");
    (bits >> 1) as i64
}

/// Key of a register.
pub fn register(unit: &str, register: &str) -> i64 {
    key(&format!("{unit}/{register}"))
}

/// Key of a duty: an obligation of a register, or one of its leads where it has several.
pub fn duty(unit: &str, register: &str, duty: &str) -> i64 {
    key(&format!("{unit}/{register}/{duty}"))
}

/// Days since 1970-01-01, as Parquet's DATE has them.
pub fn day(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// The date of such a number; the last one there is where it lies beyond the calendar.
pub fn date(day: i32) -> NaiveDate {
    day.checked_add(EPOCH).and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or(NaiveDate::MAX)
}

/// `ord` of the row with that sequence for that effective day.
pub fn ord(effective: i32, sequence: i64) -> i64 {
    (i64::from(effective) * SECONDS) << SEQUENCE_BITS | sequence
}

/// Effective day and sequence of an `ord`.
pub fn parts(ord: i64) -> (i32, i64) {
    (((ord >> SEQUENCE_BITS).div_euclid(SECONDS)) as i32, ord & MOST)
}

/// `ord * 64 + state * 8 + light`.
pub fn packed(ord: i64, state: i32, light: i32) -> i64 {
    ord * 64 + i64::from(state * 8 + light)
}

/// State and light of a packed number.
pub fn unpacked(packed: i64) -> (i32, i32) {
    (((packed % 64) / 8) as i32, (packed % 8) as i32)
}

/// 1 to 7 in the order of the lifecycle; 0 is [`GONE`].
pub fn state(status: Status) -> i32 {
    1 + Status::ALL.iter().position(|s| *s == status).expect("every state is in the list") as i32
}

/// 0 to 3, worst first.
pub fn light(light: Light) -> i32 {
    Light::ALL.iter().position(|l| *l == light).expect("every light is in the list") as i32
}

/// The word of a state's code.
pub fn state_word(code: i32) -> Option<&'static str> {
    if code == GONE { Some("gone") } else { Status::ALL.get(usize::try_from(code - 1).ok()?).map(|s| s.code()) }
}

/// The word of a light's code.
pub fn light_word(code: i32) -> Option<&'static str> {
    Light::ALL.get(usize::try_from(code).ok()?).map(|l| l.code())
}

/// `2026-10` of a day.
pub fn month(day: i32) -> String {
    date(day).format("%Y-%m").to_string()
}

/// The last day of a month, `2026-10`.
pub fn month_end(month: &str) -> Option<i32> {
    let first = crate::model::time::parse_date(&format!("{month}-01")).ok()?;
    Some(day(first.checked_add_months(chrono::Months::new(1))?) - 1)
}

/// The month after.
pub fn next_month(month: &str) -> Option<String> {
    Some(self::month(month_end(month)? + 1))
}

/// Six digits of GB/T 2260, beginning with a province's two.
pub fn is_unit(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_frozen() {
        let d = |t: &str| day(crate::model::time::parse_date(t).unwrap());
        assert_eq!(d("1970-01-01"), 0);
        assert_eq!(ord(d("2026-10-31"), 3), (20_757 * 86_400) << 20 | 3);
        assert_eq!(parts(ord(d("2026-10-31"), 3)), (d("2026-10-31"), 3));
        assert_eq!(parts(ord(d("1969-12-31"), 1)), (d("1969-12-31"), 1));
        assert_eq!(unpacked(packed(ord(5, 9), 7, 3)), (7, 3));
        assert!(packed(ord(d("2262-01-01"), MOST), 7, 3) > 0, "room until long after this calendar");
        assert_eq!(key("330100/SC/OPN-3.18"), key("330100/SC/OPN-3.18"));
        assert!(key("x") >= 0 && key("x") != key("y"));
    }

    #[test]
    fn months_end_and_follow() {
        assert_eq!(month_end("2024-02").map(date).unwrap().to_string(), "2024-02-29");
        assert_eq!(next_month("2026-12").unwrap(), "2027-01");
        assert_eq!((month_end("2026-13"), is_unit("330100"), is_unit("33010")), (None, true, false));
    }

    #[test]
    fn codes_are_frozen() {
        let states: Vec<_> = (0..8).map(|c| state_word(c).unwrap()).collect();
        assert_eq!(states.join(" "), "gone not-started in-progress submitted closed operating suspended not-applicable");
        let lights: Vec<_> = (0..4).map(|c| light_word(c).unwrap()).collect();
        assert_eq!((lights.join(" ").as_str(), state_word(8), light_word(-1)), ("red amber green grey", None, None));
    }
}
