//! 量化指标表: baseline, target, the newest value and the same a year before.
//!
//! Year on year: the newest value against the newest one that was at least a year old then,
//! and not more than two. Values are decimal strings; the change is worked out in whole
//! numbers, never in floating point.

use super::ask::Ask;
use super::dress::page;
use super::rows::nil;
use crate::model::{Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::report::rows::light_cell;
use chrono::{Months, NaiveDate};

/// One row an indicator of an assignment, by part and id.
pub fn indicators(ask: &Ask) -> Page {
    let say = |term: Term| term.say(ask.lang).into_owned();
    let number = |term: Term, key: &str| Column::number(say(term), say(term)).key(key).wide(22);
    let columns = vec![
        Column::id(say(t::ID)).key("id").wide(36),
        Column::text(say(t::INDICATOR)).key("indicator"),
        number(t::BASELINE, "baseline"),
        number(t::TARGET, "target"),
        number(t::ACTUAL, "actual"),
        Column::text(say(t::YEAR_ON_YEAR)).key("year_on_year").wide(40),
        Column::text(say(t::LIGHT)).key("light").wide(18),
    ];
    let mut rows = Vec::new();
    for duty in ask.by_part() {
        let o = ask.obligation(duty);
        for k in &o.indicators {
            rows.push(row(ask, duty, k));
        }
    }
    let note = ask.say(
        "同比：与一年前（至多两年前）最近一次的值相比。",
        "Year on year: against the newest value that was at least one year and at most two years old then.",
    );
    let table = Table { key: "indicators".into(), columns, rows, empty: nil(ask), ..Table::default() };
    page(ask, "indicators", Term("量化指标表", "Indicator table"), vec![Block::Table(table)], vec![note])
}

fn row(ask: &Ask, duty: usize, k: &crate::model::Indicator) -> Row {
    let state = &ask.s.folded.states[duty];
    let set = ask.plan(duty).and_then(|p| p.indicators.get(k.id.as_str()));
    let given = |x: Option<&crate::model::Text>| x.map_or(Cell::new("—"), |v| Cell::Number(v.to_string()));
    let values = values(ask, duty, k.id.as_str());
    let now = values.last();
    let unit = k.unit.as_ref().map_or(String::new(), |u| match ask.lang {
        crate::model::Lang::En => format!(" ({})", u.say(ask.lang)),
        _ => format!("（{}）", u.say(ask.lang)),
    });
    Row::of(vec![
        Cell::Id(ask.s.roster.id(&ask.s.register, duty), None),
        Cell::new(format!("{} {}{unit}", k.id.as_str(), k.name.say(ask.lang))),
        given(set.and_then(|x| x.baseline.as_ref())),
        given(set.and_then(|x| x.target.as_ref())),
        now.map_or(Cell::new("—"), |(_, v)| Cell::Number(v.clone())),
        Cell::new(now.and_then(|now| year_on_year(ask, &values, now)).unwrap_or_else(|| "—".into())),
        light_cell(state.light, state.reasons, ask.lang),
    ])
}

/// Measured values with the days that they are true for, oldest first.
fn values(ask: &Ask, duty: usize, id: &str) -> Vec<(NaiveDate, String)> {
    let mut all: Vec<(NaiveDate, String)> = ask
        .entries(duty)
        .filter(|(_, e)| e.indicator.as_deref() == Some(id))
        .filter_map(|(day, e)| Some((e.day.map_or(day, |d| d.0), e.value.as_ref()?.to_string())))
        .collect();
    all.sort_by_key(|v| v.0);
    all
}

fn year_on_year(ask: &Ask, values: &[(NaiveDate, String)], now: &(NaiveDate, String)) -> Option<String> {
    let (last, first) = (now.0.checked_sub_months(Months::new(12))?, now.0.checked_sub_months(Months::new(24))?);
    let before = values.iter().rev().find(|(day, _)| first <= *day && *day <= last)?;
    let change = change(&before.1, &now.1)?;
    let then = ask.day(before.0);
    Some(format!("{change}（{then}{}{}）", ask.colon(), before.1))
}

/// `+12.5%` from two decimal strings, rounded half away from nought.
fn change(before: &str, now: &str) -> Option<String> {
    let (a, b) = (scaled(before)?, scaled(now)?);
    if a == 0 {
        return None;
    }
    let per_mille = ((b - a) * 2000 / a.abs() + (b - a).signum()) / 2;
    let sign = if per_mille < 0 { "-" } else { "+" };
    Some(format!("{sign}{}.{}%", per_mille.abs() / 10, per_mille.abs() % 10))
}

/// A decimal string in millionths; `None` where it is none, or too long to reckon with.
fn scaled(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |d| (-1, d));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || part.len() > 6 || !plain(whole) || !plain(part) {
        return None;
    }
    let part: i128 = format!("{part:0<6}").parse().ok()?;
    Some(sign * (whole.parse::<i128>().ok()? * 1_000_000 + part))
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn changes_are_reckoned_in_whole_numbers() {
        assert_eq!(change("200", "225").as_deref(), Some("+12.5%"));
        assert_eq!(change("120", "97").as_deref(), Some("-19.2%"));
        assert_eq!(change("0.30", "0.30").as_deref(), Some("+0.0%"));
        assert_eq!(change("-10", "-5").as_deref(), Some("+50.0%"));
        assert_eq!(change("0", "5"), None);
        assert_eq!(change("n/a", "5"), None);
    }
}
