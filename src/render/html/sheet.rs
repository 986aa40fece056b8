//! The columns of one table as a style sheet: widths on screen and paper, alignment, and the
//! labels that stand before the cells when a narrow screen stacks them.
//!
//! Widths come from the page in millimetres ([`PAPER`] of them fit on A4 landscape). A column
//! of numbers or ids is never made narrower than what it holds: what it lacks is taken from
//! the columns that can wrap.

use super::said::{quoted, unseen};
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

/// A column of ids whose longest is longer is one of words that somebody wrote there: it wraps.
const ENTIRE: usize = 40;
/// Pixels of the narrowest screen on which rows are not stacked, without its margins.
const SCREEN: usize = 1060;
/// A word of more half characters than this has no place in a heading or a light as a whole.
const OVERLONG: usize = 20;

/// What stands in a column.
struct Measure {
    /// Widest cell, in half characters.
    widest: usize,
    /// Mean of those that are not blank.
    mean: usize,
    /// Longest English word, or file's name, to 12 letters.
    word: usize,
    /// Longest word of the heading.
    head: usize,
    /// Dates may break after the year.
    dated: bool,
    /// Nothing in it is ever broken over lines.
    entire: bool,
    /// A light or a heading has a word that may be wider than any column.
    overlong: bool,
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
    let mut all: Vec<Measure> = (0..t.columns.len()).map(|i| measure(t, i)).collect();
    entire(t, &mut all);
    let all = all;
    let name = t.columns.iter().position(|c| c.key == "id").or_else(|| t.columns.iter().position(|c| !c.right));
    // Given widths hold whatever stands there; a browser's own grow with the longest word.
    let overlong = all.iter().any(|m| m.overlong);
    let fixed = overlong || t.columns.iter().any(|c| c.width > 0) || t.rows.len() > LONG;
    let below = stack(&all, fixed);
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
        if overlong { " y" } else { "" },
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
    let mut m = Measure { widest: 0, mean: 0, word: 0, head, dated: false, entire: false, overlong: head > OVERLONG };
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
        m.overlong |= matches!(cell, Cell::Light(_, x) if x.split([' ', '\n']).any(|w| w.is_ascii() && w.len() > OVERLONG));
        if let Cell::Text(text) | Cell::Light(_, text) = cell {
            let words = text.split(|c: char| !c.is_ascii_alphabetic() && c != '.').map(|w| w.trim_matches('.').len());
            // What is spelt out is eight letters, a light has a margin.
            let spelt = if text.chars().any(unseen) { 8 } else { 0 };
            m.word = m.word.max(words.filter(|w| *w <= 12).max().unwrap_or(0).max(spelt) + usize::from(matches!(cell, Cell::Light(..))));
        }
        sum += w;
        filled += usize::from(w > 0);
    }
    m.mean = sum.checked_div(filled).unwrap_or(0);
    m
}

/// Which columns are never broken: those that the page asks for, the narrowest first, as long
/// as the others keep room for their words on the narrowest screen that shows rows side by side.
fn entire(t: &Table, all: &mut [Measure]) {
    let broken = |m: &Measure| pixels(m.widest.min(m.word.max(4)).max(m.head.min(12)));
    let mut room = SCREEN.saturating_sub(all.iter().map(broken).sum());
    let mut asked: Vec<usize> = (0..all.len()).filter(|i| t.columns[*i].whole && all[*i].widest <= ENTIRE).collect();
    asked.sort_by_key(|i| all[*i].widest);
    for i in asked {
        let more = pixels(all[i].widest).saturating_sub(broken(&all[i]));
        all[i].entire = more <= room;
        room = room.saturating_sub(more);
    }
}

/// Pixels of a cell of so many half characters.
fn pixels(halves: usize) -> usize {
    halves * 15 / 2 + 14
}

/// Least millimetres on paper: whole cells entire, dates without their year, text some words.
fn least(t: &Table, m: &Measure, i: usize) -> f64 {
    let body = match (m.dated, m.entire) {
        (true, _) if t.columns[i].whole == m.entire => m.widest.saturating_sub(6).max(6),
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
fn stack(all: &[Measure], fixed: bool) -> Option<u16> {
    let need: usize = all
        .iter()
        .map(|m| {
            let text = if m.entire { m.widest } else { m.widest.min(12) };
            pixels(text.max(m.head.min(OVERLONG)))
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
    rule(&|i| all[i].entire && all[i].dated && fixed, "word-break:keep-all;overflow-wrap:normal");
    let body = |i: usize| all[i].entire && !(all[i].dated && fixed);
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
    let long = |i: &usize| all[*i].widest > 22 || (!all[*i].entire && t.columns[*i].width >= 28);
    let hits: Vec<String> = (0..all.len()).filter(long).map(|i| format!(".t{number} tr>:nth-child({})", i + 1)).collect();
    if !hits.is_empty() {
        let _ = write!(css, "{}{{grid-column:1/-1}}", hits.join(","));
    }
    css.push('}');
}
