//! What stands in a cell: a number only where it reads exactly as the page says it.

use crate::page::{Cell, percent};
use crate::render::office::clean;
use chrono::{Datelike, NaiveDate};

/// Digits that a number of a workbook keeps.
const DIGITS: usize = 15;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Blank,
    /// Text, never read as anything else.
    Text(String, Form),
    /// A number.
    Number(f64, Form),
    /// A day.
    Day(NaiveDate, Form),
}

/// How a value is formatted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As it is.
    Plain,
    /// Text that stays text when it is edited: ids.
    Id,
    /// Text that begins like a formula: with the sign that says it is none.
    Quoted,
    /// A number format.
    Number(String),
}

/// What a cell of the page becomes.
pub fn of(cell: &Cell) -> Value {
    match cell {
        c if c.is_blank() => Value::Blank,
        Cell::Text(t) | Cell::Light(_, t) => text(t),
        Cell::Id(t, _) => Value::Text(clean(t).into_owned(), Form::Id),
        Cell::Count(n) | Cell::Lit(_, n) if *n < 10usize.pow(DIGITS as u32) => Value::Number(*n as f64, Form::Number("0".into())),
        Cell::Count(n) | Cell::Lit(_, n) => text(&n.to_string()),
        Cell::Share(_, 0) => text(&cell.text()),
        Cell::Share(a, b) => share(*a, *b),
        Cell::Date(day, said) => date(*day, said),
        Cell::Number(said) => number(said),
    }
}

/// Text that begins like a formula says that it is none, also after someone edits it.
pub fn text(text: &str) -> Value {
    let text = clean(text).into_owned();
    let form = if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\'']) { Form::Quoted } else { Form::Plain };
    if text.is_empty() { Value::Blank } else { Value::Text(text, form) }
}

/// A share keeps its value. Where a spreadsheet would round nearly all to all, or hardly any
/// to none, the page's own words are the format.
fn share(a: usize, b: usize) -> Value {
    let said = percent(a, b);
    let rounded = a < b && a * 2000 >= b * 1999 || a > 0 && a * 2000 < b;
    Value::Number(a as f64 / b as f64, Form::Number(if rounded { format!("\"{said}\"") } else { "0.0%".into() }))
}

/// A day, where the page says nothing but the day; spreadsheets begin in 1900.
fn date(day: NaiveDate, said: &str) -> Value {
    let forms =
        [(format!("{}年{}月{}日", day.year(), day.month(), day.day()), "yyyy\"年\"m\"月\"d\"日\""), (day.to_string(), "yyyy\\-mm\\-dd")];
    let form = forms.iter().find(|(text, _)| text == said).filter(|_| (1901..=9999).contains(&day.year()));
    form.map_or_else(|| text(said), |(_, form)| Value::Day(day, Form::Number((*form).into())))
}

/// A measured value: a number where no digit is lost, not even a nought at its end.
fn number(said: &str) -> Value {
    let (sign, digits) = said.strip_prefix('-').map_or((false, said), |d| (true, d));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let plain = numeric(whole) && part.is_none_or(numeric) && (whole == "0" || !whole.starts_with('0'));
    let kept = digits.bytes().filter(u8::is_ascii_digit).count() <= DIGITS;
    let value: f64 = said.parse().unwrap_or(0.0);
    // A nought with a minus would lose the minus.
    if !plain || !kept || sign && value == 0.0 {
        return text(said);
    }
    Value::Number(value, Form::Number(part.map_or("0".into(), |p| format!("0.{}", "0".repeat(p.len())))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(v: Value) -> String {
        match v {
            Value::Number(n, Form::Number(f)) => format!("{n} as {f}"),
            Value::Text(t, f) => format!("{t:?} {f:?}"),
            Value::Day(d, Form::Number(f)) => format!("{d} as {f}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn numbers_only_where_no_digit_is_lost() {
        let of = |s: &str| form(number(s));
        assert_eq!(of("12.50"), "12.5 as 0.00");
        assert_eq!(of("1034"), "1034 as 0");
        assert_eq!(of("-0.5"), "-0.5 as 0.0");
        for text in ["007", "1e5", "+3", "-0.0", "1.", ".5", "1234567890.123456", "12 %", "１２", "NaN", ""] {
            assert!(!matches!(number(text), Value::Number(..)), "{text}");
        }
    }

    #[test]
    fn shares_never_round_to_all_or_none() {
        assert_eq!(form(share(67, 84)), "0.7976190476190477 as 0.0%");
        assert_eq!(form(share(9999, 10000)), "0.9999 as \"99.9%\"");
        assert_eq!(form(share(1, 100_000)), "0.00001 as \"0.1%\"");
        assert_eq!(form(share(1999, 2000)), "0.9995 as \"99.9%\"");
        assert_eq!(form(share(0, 7)), "0 as 0.0%");
        assert_eq!(form(of(&Cell::Share(0, 0))), "\"—\" Plain");
    }

    #[test]
    fn ids_and_formulas_stay_text_and_days_are_days() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(form(of(&Cell::Id("3.10".into(), None))), "\"3.10\" Id");
        assert_eq!(form(of(&Cell::new("=1+1"))), "\"=1+1\" Quoted");
        assert_eq!(form(of(&Cell::Date(day, "2026年3月1日".into()))), "2026-03-01 as yyyy\"年\"m\"月\"d\"日\"");
        assert_eq!(form(of(&Cell::Date(day, "2026-03-01".into()))), "2026-03-01 as yyyy\\-mm\\-dd");
        // More than the day is said: the words stay.
        assert_eq!(form(of(&Cell::Date(day, "2026-03-01 (extended)".into()))), "\"2026-03-01 (extended)\" Plain");
    }
}
