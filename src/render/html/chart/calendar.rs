//! A calendar of months: a row a year, in each month how many fall into it, and under the
//! figure a strip of the colours.

use super::parts::{fit, ink, named, share};
use crate::page::{Chart, Ink, Tone};
use crate::render::html::said::Line;
use crate::render::html::words::Words;
use maud::{Markup, html};

/// Pixels of a row of months, and of the line with the year over it.
const CELL: usize = 50;
const YEAR: usize = 22;

type Month = (String, Vec<(Tone, usize)>);

/// A month in its place: column, its short name.
type Placed<'a> = (usize, String, &'a Month);

/// The picture.
pub fn calendar(c: &Chart, months: &[Month], number: usize, words: &Words) -> Markup {
    let names = named(number, 0, &c.title, &c.said);
    // Four digits do not fit a twelfth of a phone.
    let most = months.iter().map(total).max().unwrap_or(0);
    let across = if most < 1000 && months.iter().all(|m| month(&m.0).is_some()) { 12 } else { 6 };
    let rows = rows(months, across);
    let mut y = 0;
    let mut placed = Vec::new();
    for (head, cells) in rows {
        let over = if head.is_empty() { 4 } else { YEAR };
        placed.push((head, cells, y + over));
        y += over + CELL;
    }
    html! {
        svg.v role="img" aria-labelledby=(names.by) width="100%" height=(y.max(1)) {
            (names.elements)
            @for (head, cells, y) in &placed {
                @if !head.is_empty() { text.lb x="0" y=(y - 7) { (Line(head)) } }
                @for (column, name, month) in cells { (cell(*column, across, *y, name, month, words)) }
            }
        }
    }
}

fn total(m: &Month) -> usize {
    m.1.iter().map(|x| x.1).sum()
}

/// Year and month of `2026-11`.
fn month(text: &str) -> Option<(&str, usize)> {
    let (year, month) = text.split_once('-')?;
    let n: usize = month.parse().ok().filter(|n| (1..=12).contains(n))?;
    (year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit())).then_some((year, n))
}

/// Rows of months: a year each where they are months, else so many a row.
fn rows(months: &[Month], across: usize) -> Vec<(String, Vec<Placed<'_>>)> {
    let mut out: Vec<(String, Vec<Placed>)> = Vec::new();
    for (i, m) in months.iter().enumerate() {
        let (head, slot, name) = match month(&m.0) {
            Some((year, n)) if across == 12 => (year.to_string(), n - 1, n.to_string()),
            _ => (String::new(), i % across, fit(&m.0, 8)),
        };
        let next = out.last().is_none_or(|r| r.0 != head || r.1.last().is_some_and(|c| c.0 >= slot));
        if next {
            out.push((head, Vec::new()));
        }
        if let Some(row) = out.last_mut() {
            row.1.push((slot, name, m));
        }
    }
    out
}

fn cell(column: usize, across: usize, y: usize, name: &str, m: &Month, words: &Words) -> Markup {
    let sum = total(m);
    let left = share(column, across);
    let parts: Vec<String> = m.1.iter().filter(|x| x.1 > 0).map(|(t, n)| format!("{} {n}", words.tone(*t))).collect();
    let mut at = 0;
    let mut strips = Vec::new();
    for (tone, n) in m.1.iter().filter(|x| x.1 > 0) {
        strips.push((*tone, at, *n));
        at += n;
    }
    html! {
        svg x=(left) y=(y) width=(share(100, across * 100 + 4 * across)) height=(CELL - 4) {
            title { (Line(&format!("{} {sum} {}", m.0, parts.join(" ")))) }
            rect.bed width="100%" height="100%" {}
            text.sm.mt x="3" y="12" { (Line(name)) }
            @if sum > 0 { text.big.md x="50%" y="32" { (sum) } }
            @for (tone, at, n) in strips {
                rect class={ "f" (ink(Ink::Tone(tone))) } x=(share(at, sum)) y=(CELL - 11) width=(share(n, sum)) height="7" {}
            }
        }
    }
}
