//! The columns of one table as a style sheet: widths on screen and paper, alignment, and the
//! labels that stand before the cells when a narrow screen stacks them.
//!
//! Widths come from the page in millimetres ([`PAPER`] of them fit on A4 landscape). A column
//! of numbers or ids is never made narrower than what it holds: what it lacks is taken from
//! the columns that can wrap.

use super::said::quoted;
use crate::page::{Cell, Kind, Table};
use crate::render::tongues::tongues;
use crate::text::width;
use std::fmt::Write;

/// Millimetres between the margins.
pub const PAPER: f64 = 261.0;
/// Half of a Chinese character of 10 points, in millimetres.
const HALF: f64 = 1.764;
/// Padding and rule of a printed cell, in millimetres.
const PAD: f64 = 0.9;
/// Rows that are measured for columns that wrap.
const SAMPLE: usize = 400;
/// On paper a table of so many rows is not parted.
const FEW: usize = 8;
/// From so many rows on a table is laid out by given widths: a browser need not read it all
/// before it shows the first row.
pub const LONG: usize = 300;

/// What stands in a column.
struct Measure {
    /// Widest cell, in half characters.
    widest: usize,
    /// Mean of those that are not blank.
    mean: usize,
    /// Longest English word, to 12 letters.
    word: usize,
    /// Longest word of the heading.
    head: usize,
    /// Dates may break after the year.
    dated: bool,
}

/// How a table is to be laid out.
pub struct Sheet {
    /// Classes of the table.
    pub class: String,
    /// Its rules.
    pub css: String,
    /// The column that names a row.
    pub head: usize,
    /// Are its rows stacked on narrow screens?
    pub stacks: bool,
}

/// Measures a table, `number` is its number on the page.
pub fn sheet(t: &Table, number: usize) -> Sheet {
    let all: Vec<Measure> = (0..t.columns.len()).map(|i| measure(t, i)).collect();
    let name = t.columns.iter().position(|c| c.key == "id").or_else(|| t.columns.iter().position(|c| !c.right));
    let fixed = t.columns.iter().any(|c| c.width > 0) || t.rows.len() > LONG;
    let below = stack(t, &all, fixed);
    let mut css = String::new();
    if fixed {
        for (i, w) in widths(t, &all).iter().enumerate() {
            let _ = write!(css, ".t{number} col:nth-child({}){{width:{:.3}%}}", i + 1, w * 100.0 / PAPER);
        }
    }
    if t.rows.len() > LONG {
        let columns: String = widths(t, &all).iter().map(|w| format!(" minmax(0,{w:.2}fr)")).collect();
        let _ = write!(css, "@media screen and (min-width:{}px){{.t{number} tr{{grid-template-columns:{columns}}}}}", below.unwrap_or(0));
    }
    align(&mut css, t, &all, number, fixed);
    if let Some(below) = below {
        labels(&mut css, t, &all, number, below);
    }
    let class = format!(
        "t t{number}{}{}{}{}",
        match (fixed, t.rows.len() > LONG) {
            (_, true) => " x b",
            (true, _) => " x",
            _ => "",
        },
        if all.iter().any(|m| m.head > 20) { " y" } else { "" },
        match t.rows.len() {
            0 => " e w",
            1..=FEW => " w",
            _ => "",
        },
        format_args!(" s{}", below.unwrap_or(0))
    );
    Sheet { class, css, head: name.unwrap_or(0), stacks: below.is_some() }
}

fn measure(t: &Table, i: usize) -> Measure {
    let column = &t.columns[i];
    let items = t.rows.iter().filter(|r| r.kind != Kind::Group).filter_map(|r| r.cells.get(i));
    // A Chinese word of a heading may be broken, unless English stands below it.
    let most = if tongues(&column.label).is_some() { 12 } else { 4 };
    let head = column.label.split([' ', '\n']).map(|w| if w.is_ascii() { width(w) } else { width(w).min(most) }).max().unwrap_or(0);
    let mut m = Measure { widest: 0, mean: 0, word: 0, head, dated: false };
    let (mut sum, mut filled) = (0, 0);
    for (k, cell) in items.enumerate() {
        m.dated |= matches!(cell, Cell::Date(..));
        if k >= SAMPLE && !column.whole {
            break;
        }
        let w = match cell {
            Cell::Count(n) | Cell::Lit(_, n) => n.checked_ilog10().map_or(1, |d| d as usize + 1),
            Cell::Text(x) | Cell::Light(_, x) | Cell::Id(x, _) | Cell::Date(_, x) | Cell::Number(x) => {
                x.split('\n').map(width).max().unwrap_or(0)
            }
            Cell::Share(..) => width(&cell.text()),
        };
        m.widest = m.widest.max(w);
        if let Cell::Text(text) = cell {
            let words = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::len);
            m.word = m.word.max(words.filter(|w| *w <= 12).max().unwrap_or(0));
        }
        sum += w;
        filled += usize::from(w > 0);
    }
    m.mean = sum.checked_div(filled).unwrap_or(0);
    m
}

/// Least millimetres on paper: whole cells entire, dates without their year, text some words.
fn least(t: &Table, m: &Measure, i: usize) -> f64 {
    let body = match (m.dated, t.columns[i].whole) {
        (true, _) => m.widest.saturating_sub(6).max(6),
        (_, true) => m.widest,
        _ => m.widest.min(4).max(m.word),
    };
    body.max(m.head.min(12)) as f64 * HALF + PAD
}

/// Millimetres of each column, together [`PAPER`].
fn widths(t: &Table, all: &[Measure]) -> Vec<f64> {
    let floors: Vec<f64> =
        all.iter().enumerate().map(|(i, m)| if t.columns[i].whole || t.columns[i].width == 0 { least(t, m, i) } else { 0.0 }).collect();
    let given: f64 = t.columns.iter().map(|c| f64::from(c.width)).sum();
    let wish = |i: usize| ((all[i].mean as f64 * 1.4).clamp(4.0, 34.0) * HALF + PAD).max(least(t, &all[i], i));
    let wished: f64 = (0..all.len()).filter(|i| t.columns[*i].width == 0).map(wish).sum();
    // What the page leaves open shares what is left; where too little is left all shrink.
    let share = if wished > 0.0 && given < PAPER { ((PAPER - given) / wished).max(0.6) } else { 1.0 };
    let mut out: Vec<f64> =
        t.columns.iter().enumerate().map(|(i, c)| if c.width > 0 { f64::from(c.width) } else { wish(i) * share }).collect();
    let total: f64 = out.iter().sum();
    out.iter_mut().for_each(|w| *w *= PAPER / total.max(1.0));
    // Numbers and ids stay whole, at the cost of those that wrap.
    let lack: f64 = out.iter().zip(&floors).map(|(w, f)| (f - w).max(0.0)).sum();
    let spare: f64 = out.iter().zip(&floors).filter(|(w, f)| w > f).map(|(w, f)| w - f).sum();
    let give = if spare > 0.0 { (lack / spare).min(0.9) } else { 0.0 };
    for (w, f) in out.iter_mut().zip(&floors) {
        *w = if *w < *f { *f } else { *w - (*w - *f) * give };
    }
    out
}

/// Below how many pixels the rows are stacked: never, 640, 900 or 1100.
fn stack(t: &Table, all: &[Measure], fixed: bool) -> Option<u16> {
    let need: usize = all
        .iter()
        .enumerate()
        .map(|(i, m)| {
            let text = if t.columns[i].whole { m.widest } else { m.widest.min(12) };
            text.max(m.head) * 15 / 2 + 14
        })
        .sum();
    match need {
        0..=350 => None,
        351..=600 => Some(640),
        601..=840 if !fixed => Some(900),
        _ => Some(1100),
    }
}

fn align(css: &mut String, t: &Table, all: &[Measure], number: usize, fixed: bool) {
    let mut rule = |which: &dyn Fn(usize) -> bool, what: &str| {
        let hits: Vec<String> = (0..all.len()).filter(|i| which(*i)).map(|i| format!(".t{number} tr>:nth-child({})", i + 1)).collect();
        if !hits.is_empty() {
            let _ = write!(css, "{}{{{what}}}", hits.join(","));
        }
    };
    rule(&|i| t.columns[i].right, "text-align:right;font-variant-numeric:tabular-nums");
    // Where widths are given a date may break after its year.
    rule(&|i| t.columns[i].whole && all[i].dated && fixed, "word-break:keep-all;overflow-wrap:normal");
    let body = |i: usize| t.columns[i].whole && !(all[i].dated && fixed);
    let hits: Vec<String> = (0..all.len()).filter(|i| body(*i)).map(|i| format!(".t{number} tbody>tr>:nth-child({})", i + 1)).collect();
    if !hits.is_empty() {
        let _ = write!(css, "{}{{white-space:nowrap}}", hits.join(","));
    }
}

fn labels(css: &mut String, t: &Table, all: &[Measure], number: usize, below: u16) {
    let _ = write!(css, "@media screen and (max-width:{}px){{", below - 1);
    for (i, c) in t.columns.iter().enumerate() {
        let _ = write!(css, ".t{number} tr>:nth-child({})::before{{content:{}}}", i + 1, quoted(&c.label));
    }
    let long = |i: &usize| !t.columns[*i].whole && (all[*i].widest > 22 || t.columns[*i].width >= 28);
    let hits: Vec<String> = (0..all.len()).filter(long).map(|i| format!(".t{number} tr>:nth-child({})", i + 1)).collect();
    if !hits.is_empty() {
        let _ = write!(css, "{}{{grid-column:1/-1}}", hits.join(","));
    }
    css.push('}');
}
