//! What officers really type: full-width digits, blanks around words, dates in Chinese or as
//! text, shares in any of three ways, states by the words of daily life.
//!
//! Nothing is guessed where two readings are possible: `03/04/2026` is refused.

use crate::finding::words;
use crate::model::{Due, Event, Status, Words};
use chrono::{Datelike, Days, NaiveDate};

/// A cell as it came.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Raw {
    /// Nothing, or blanks.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number without a date's format.
    Number(f64),
    /// A day.
    Day(NaiveDate),
    /// TRUE or FALSE.
    Truth(bool),
    /// An error value, a formula without a value: what it is, and what stands there.
    Wrong(Words, String),
}

/// What a cell that was given back begins with, until it is mended.
pub const FAULT: char = '⚠';

/// A value, or why there is none.
pub type Understood<T> = Result<Option<T>, Words>;

fn no<T>(zh: String, en: String) -> Understood<T> {
    Err(words(zh, en))
}

/// Text in half width without blanks.
pub fn narrow(text: &str) -> String {
    crate::text::folded(text).into_iter().collect()
}

impl Raw {
    /// From text: blanks are nothing.
    pub fn of(text: &str) -> Raw {
        if text.trim().is_empty() { Raw::Empty } else { Raw::Text(text.to_string()) }
    }
    /// Is nothing there?
    pub fn is_empty(&self) -> bool {
        *self == Raw::Empty
    }
    /// As text: a whole number without its point.
    ///
    /// # Errors
    /// Where it is an error.
    pub fn text(&self) -> Understood<String> {
        Ok(match self {
            Raw::Empty => None,
            Raw::Text(t) if t.trim_start().starts_with(FAULT) => {
                return no("这一格是带错退回的，还没有改".into(), "the cell was given back with a fault and is not mended yet".into());
            }
            Raw::Text(t) => Some(super::row::tidy(t)).filter(|t| !t.is_empty()),
            Raw::Number(n) => Some(n.to_string()),
            Raw::Day(d) => Some(d.to_string()),
            Raw::Truth(b) => Some(if *b { "是" } else { "否" }.into()),
            Raw::Wrong(why, _) => return Err(why.clone()),
        })
    }
}

/// 0 to 100. A number up to 1 is a share, as a cell in per cent holds it; one above is per cent
/// as it stands.
///
/// # Errors
/// Where it is neither.
pub fn percent(raw: &Raw) -> Understood<u8> {
    let whole = |n: f64, shown: &str| {
        let rounded = n.round();
        match () {
            _ if !(0.0..=100.0).contains(&n) => no(format!("{shown} 超出 0 到 100"), format!("{shown} is outside 0 to 100")),
            _ if (n - rounded).abs() > 1e-6 => no(format!("{shown} 不是整数百分比"), format!("{shown} is no whole per cent")),
            _ => Ok(Some(rounded as u8)),
        }
    };
    match raw {
        Raw::Number(n) if *n >= 0.0 && *n <= 1.0 => whole(n * 100.0, &format!("{}%", (n * 1e4).round() / 100.0)),
        Raw::Number(n) => whole(*n, &n.to_string()),
        other => {
            let Some(text) = other.text()? else { return Ok(None) };
            let plain = narrow(&text);
            let digits = plain.strip_prefix("百分之").or(plain.strip_suffix('%')).unwrap_or(&plain);
            match digits.parse::<f64>() {
                // As text nobody knows which: eight tenths, or less than one per cent.
                Ok(n) if n > 0.0 && n < 1.0 && digits.len() == plain.len() => {
                    let as_share = (n * 100.0).round();
                    no(
                        format!("“{text}”是 {as_share}% 还是不足 1%？请写 {as_share} 或 {as_share}%"),
                        format!("`{text}`: {as_share} per cent, or less than one? write {as_share} or {as_share}%"),
                    )
                }
                Ok(n) if n.is_finite() => whole(n, &text),
                _ => no(format!("“{text}”不是百分比；写 40 或 40%"), format!("`{text}` is no per cent; write 40 or 40%")),
            }
        }
    }
}

/// A day.
///
/// # Errors
/// Where it is none, or might be two.
pub fn day(raw: &Raw) -> Understood<NaiveDate> {
    match raw {
        Raw::Day(d) => Ok(Some(*d)),
        // A day whose format was lost: a count from 1899-12-30, of this century.
        Raw::Number(n) if (36_526.0..73_051.0).contains(n) && n.fract() == 0.0 => {
            Ok(NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|d| d.checked_add_days(Days::new(*n as u64))))
        }
        other => {
            let Some(text) = other.text()? else { return Ok(None) };
            match written(&narrow(&text)) {
                Some(day) => Ok(Some(day)),
                None => no(
                    format!("“{text}”不是日期；写 2026-03-01 或 2026年3月1日"),
                    format!("`{text}` is no date that can be read in one way only; write 2026-03-01"),
                ),
            }
        }
    }
}

/// `2026年3月1日`, `2026-3-1`, `2026/03/01`, `2026.3.1`, `20260301`, `二〇二六年三月一日`; the year first, or
/// nobody can tell day from month.
fn written(text: &str) -> Option<NaiveDate> {
    // A time of midnight is what programs add to a day.
    let text = ["00:00:00", "T00:00:00", "0:00:00"].iter().find_map(|t| text.strip_suffix(t)).unwrap_or(text);
    let text = text.trim_end_matches(['日', '号']);
    let parts: Vec<&str> = text.split(['年', '月', '-', '/', '.']).collect();
    let (y, m, d) = match parts.as_slice() {
        [y, m, d] => (number(y)?, number(m)?, number(d)?),
        [all] if all.len() == 8 && all.bytes().all(|b| b.is_ascii_digit()) => {
            (all[..4].parse().ok()?, all[4..6].parse().ok()?, all[6..].parse().ok()?)
        }
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(y).ok()?, m, d).filter(|d| (1900..=9999).contains(&d.year()))
}

/// Digits, or a Chinese number: a year by its digits, others up to 三十一.
fn number(text: &str) -> Option<u32> {
    if !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|x| x == c).or((c == '零').then_some(0)).map(|n| n as u32);
    let all: Vec<char> = text.chars().collect();
    match all.iter().position(|c| *c == '十') {
        None if all.is_empty() => None,
        None => all.iter().try_fold(0u32, |n, c| Some(n * 10 + digit(*c)?)),
        Some(at) => {
            let tens = if at == 0 { 1 } else { all[..at].iter().try_fold(0, |n, c| Some(n * 10 + digit(*c)?))? };
            let ones = all[at + 1..].iter().try_fold(0, |n, c| Some(n * 10 + digit(*c)?))?;
            (all.len() <= 3).then_some(tens * 10 + ones)
        }
    }
}

/// A day, or 长期坚持.
///
/// # Errors
/// As [`day`].
pub fn until(raw: &Raw) -> Understood<Due> {
    if let Raw::Text(t) = raw
        && matches!(narrow(t).to_lowercase().as_str(), "长期坚持" | "长期" | "standing")
    {
        return Ok(Some(Due::Standing));
    }
    Ok(day(raw)?.map(Due::On))
}

/// Yes; no and nothing are the same.
///
/// # Errors
/// Where it is neither.
pub fn yes(raw: &Raw) -> Understood<bool> {
    let Some(text) = raw.text()? else { return Ok(None) };
    match narrow(&text).to_lowercase().as_str() {
        "是" | "有" | "√" | "✓" | "yes" | "y" | "true" | "1" => Ok(Some(true)),
        "否" | "无" | "no" | "n" | "false" | "0" => Ok(None),
        _ => no(format!("“{text}”应为 是 或空"), format!("`{text}` should be yes or nothing")),
    }
}

/// An event by its code or either name.
///
/// # Errors
/// Where there is no such event.
pub fn event(raw: &Raw) -> Understood<Event> {
    let Some(text) = raw.text()? else { return Ok(None) };
    let plain = narrow(&text).to_lowercase();
    let same = |x: &str| narrow(x).to_lowercase() == plain;
    match Event::ALL.iter().copied().find(|e| same(e.code()) || same(e.term().0) || same(e.term().1)) {
        Some(e) => Ok(Some(e)),
        None => {
            let all: Vec<&str> = Event::ALL.iter().map(|e| e.term().0).collect();
            let near = crate::text::did_you_mean(&plain, Event::ALL.iter().flat_map(|e| [e.code(), e.term().0]));
            let (zh, en) = near.map_or((String::new(), String::new()), |n| (format!("，是否想写 {n}？"), format!("; did you mean {n}?")));
            no(format!("没有办理动作“{text}”{zh}（可用：{}）", all.join(" ")), format!("there is no event `{text}`{en}"))
        }
    }
}

/// A state by its code, either name, or a word of daily life. 已完成 typed by the unit is an
/// application, not a closure (reporting-habits section 9): the second value says so.
///
/// # Errors
/// Where there is no such state.
pub fn status(raw: &Raw) -> Understood<(Status, bool)> {
    let Some(text) = raw.text()? else { return Ok(None) };
    let plain = narrow(&text).to_lowercase();
    let same = |x: &str| narrow(x).to_lowercase() == plain;
    if let Some(s) = Status::ALL.iter().copied().find(|s| same(s.code()) || same(s.term().0) || same(s.term().1)) {
        return Ok(Some((s, false)));
    }
    let meant = match plain.as_str() {
        "已完成" | "完成" | "已办结" | "办结" | "已落实" | "done" | "completed" | "complete" => (Status::Submitted, true),
        "进行中" | "办理中" | "正在推进" | "已启动" | "正在办理" | "ongoing" | "started" => (Status::InProgress, false),
        "未开始" | "尚未启动" | "没启动" | "notyet" => (Status::NotStarted, false),
        "销号" | "已验收" | "已结" => (Status::Closed, false),
        "暂停" | "已暂缓" => (Status::Suspended, false),
        _ => {
            let all: Vec<&str> = Status::ALL.iter().map(|s| s.term().0).collect();
            return no(
                format!("没有状态“{text}”（可用：{}）", all.join(" ")),
                format!("there is no state `{text}`; known: {}", Status::ALL.iter().map(|s| s.code()).collect::<Vec<_>>().join(", ")),
            );
        }
    };
    Ok(Some(meant))
}

/// A number kept digit by digit.
///
/// # Errors
/// Where it is an error value.
pub fn decimal(raw: &Raw) -> Understood<String> {
    Ok(raw.text()?.map(|t| narrow(&t).replace(',', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Raw {
        Raw::of(t)
    }

    #[test]
    fn dates_as_people_write_them_and_none_that_could_be_two() {
        let first = NaiveDate::from_ymd_opt(2026, 3, 1);
        for t in [
            "2026年3月1日",
            "２０２６年３月１日",
            " 2026-3-1 ",
            "2026/03/01",
            "2026.3.1",
            "20260301",
            "二〇二六年三月一日",
            "2026-03-01 00:00:00",
            "2026年3月1号",
        ] {
            assert_eq!(day(&text(t)).unwrap(), first, "{t}");
        }
        assert_eq!(day(&Raw::Number(46_082.0)).unwrap(), first);
        assert_eq!(day(&text("二〇二六年十二月三十一日")).unwrap(), NaiveDate::from_ymd_opt(2026, 12, 31));
        for t in ["03/04/2026", "3月1日", "2026年3月", "2026-02-30", "明天", "12", "2026-3-1-1"] {
            assert!(day(&text(t)).is_err(), "{t}");
        }
        assert!(day(&Raw::Number(3.0)).is_err() && day(&Raw::Number(46_082.5)).is_err());
        assert_eq!((day(&Raw::Empty).unwrap(), until(&text("长期坚持")).unwrap()), (None, Some(Due::Standing)));
    }

    #[test]
    fn shares_in_three_ways() {
        for raw in [text("８０％"), text("80"), text(" 80 % "), text("百分之80"), Raw::Number(0.8), Raw::Number(80.0)] {
            assert_eq!(percent(&raw).unwrap(), Some(80), "{raw:?}");
        }
        assert_eq!((percent(&Raw::Number(1.0)).unwrap(), percent(&text("1%")).unwrap()), (Some(100), Some(1)));
        assert_eq!(percent(&Raw::Number(0.29)).unwrap(), Some(29), "not 28.999…");
        let why = |t: &str| percent(&text(t)).unwrap_err().en.unwrap();
        assert!(["0.8", "0.80", "０.８"].iter().all(|t| why(t).contains("write 80 or 80%")), "{}", why("0.8"));
        assert!(why("0.8%").contains("no whole per cent"), "{}", why("0.8%"));
        for raw in [text("约80"), text("120%"), Raw::Number(-0.1), Raw::Number(0.333), Raw::Number(f64::NAN), text("inf")] {
            assert!(percent(&raw).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn words_of_daily_life() {
        assert_eq!(status(&text(" 已完成 ")).unwrap(), Some((Status::Submitted, true)));
        assert_eq!(status(&text("待验收")).unwrap(), Some((Status::Submitted, false)));
        assert_eq!(status(&text("in-progress")).unwrap(), Some((Status::InProgress, false)));
        assert!(status(&text("差不多")).is_err());
        assert_eq!(event(&text("申请销号")).unwrap(), Some(Event::Apply));
        assert_eq!(event(&text("Apply for acceptance")).unwrap(), Some(Event::Apply));
        assert!(event(&text("申请销好")).unwrap_err().zh.unwrap().contains("申请销号"));
        assert_eq!((yes(&text("是")).unwrap(), yes(&text("否")).unwrap()), (Some(true), None));
        assert_eq!(decimal(&text("１,２３４.５０")).unwrap().as_deref(), Some("1234.50"));
        assert!(text(" \u{3000} ").is_empty() && Raw::Wrong(Words::default(), String::new()).text().is_err());
    }
}
