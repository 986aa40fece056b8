//! Days and instants in the one form that OSCAL takes.
//!
//! It knows the years 1900 to 2999 and the offsets that countries use. A day outside is left out
//! of the fields that are dates; the property beside it keeps it as it was written.

use crate::model::Zone;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat, Utc};

/// Can the day be written?
pub fn holds(day: NaiveDate) -> bool {
    (1901..=2998).contains(&day.year())
}

/// The first instant of a day in a zone; nothing where OSCAL has no such year.
pub fn day(day: NaiveDate, zone: Zone) -> Option<String> {
    let begin = day.and_hms_opt(0, 0, 0)?.and_local_timezone(zone.0).single()?;
    instant(begin)
}

/// An instant; in universal time where OSCAL does not know its offset.
pub fn instant(at: DateTime<FixedOffset>) -> Option<String> {
    if !holds(at.date_naive()) {
        return None;
    }
    if known(at.offset().local_minus_utc()) {
        return Some(at.to_rfc3339_opts(SecondsFormat::AutoSi, false));
    }
    Some(at.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// Offsets in seconds that the schema lists.
fn known(offset: i32) -> bool {
    let (hours, minutes) = (offset.abs() / 3600, offset.abs() % 3600 / 60);
    let whole = offset % 60 == 0;
    whole
        && match (offset >= 0, minutes) {
            (true, 0) => hours <= 14,
            (false, 0) => hours <= 12,
            (true, 30) => matches!(hours, 3 | 4 | 5 | 6 | 9 | 10),
            (false, 30) => matches!(hours, 3 | 9),
            (true, 45) => matches!(hours, 5 | 8 | 12),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_offsets_that_oscal_has() {
        let on = |y| NaiveDate::from_ymd_opt(y, 3, 1).unwrap();
        assert_eq!(day(on(2026), Zone::default()).as_deref(), Some("2026-03-01T00:00:00+08:00"));
        assert_eq!(day(on(3026), Zone::default()), None);
        let odd = Zone("+08:07".parse().unwrap());
        assert_eq!(day(on(2026), odd).as_deref(), Some("2026-02-28T15:53:00Z"));
    }
}
