//! How wide the columns are, and how large the letters.
//!
//! Widths that are given in millimetres are kept when all are given and add up to the page.
//! A column may take from its neighbours only where a number, an id or a date would not fit
//! otherwise; where widths are missing, what is left is shared by what the columns hold.

use super::super::flow::Flow;
use super::super::fonts::Role;
use super::super::setter::clean;
use super::super::sheet::MM;
use super::super::wrap::{Unit, longest};
use crate::page::{Cell, Column, Kind, Table};
use crate::render::tongues::tongues;

/// Space between a rule and the letters, left and right.
pub const PAD: f32 = 0.8 * MM;
/// Letters as parts of their size, the first with which everything fits.
const SHRINK: [f32; 6] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5];

/// Widths and size of the letters, in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Width of each column, rules included.
    pub widths: Vec<f32>,
    /// Size of the letters.
    pub size: f32,
    /// How the cells of a column stand that are never broken; `None` where they wrap.
    pub whole: Vec<Option<Whole>>,
}

/// One way for all cells of a column: letters of two sizes in one column look like a mistake.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Whole {
    /// Size of the letters.
    pub size: f32,
    /// Do dates stand in two lines?
    pub halved: bool,
}

/// What a column needs and would like, at size 1.
#[derive(Debug, Clone, Copy, Default)]
struct Need {
    /// Its widest piece that must stay whole.
    least: f32,
    /// Its widest cell in one line.
    most: f32,
    /// Its widest line, with dates in one line and in two.
    lines: [f32; 2],
    /// Its cells are never broken.
    whole: bool,
}

/// Decides.
pub fn grid(flow: &Flow, t: &Table) -> Grid {
    let needs: Vec<Need> = (0..t.columns.len()).map(|i| need(flow, t, i)).collect();
    let mut sizes = SHRINK.iter().map(|part| part * flow.letters);
    let fits = |size: &f32| needs.iter().map(|n| n.least * size + 2.0 * PAD).sum::<f32>() <= flow.width;
    let size = sizes.find(fits).unwrap_or(SHRINK[5] * flow.letters);
    let least: Vec<f32> = needs.iter().map(|n| n.least * size + 2.0 * PAD).collect();
    let most: Vec<f32> = needs.iter().map(|n| n.most * size + 2.0 * PAD).collect();
    let given: Vec<f32> = t.columns.iter().map(|c| f32::from(c.width) * MM).collect();
    let widths = settle(wish(t, flow.width, &given, &least, &most), &least, flow.width);
    let whole = needs.iter().zip(&widths).map(|(n, w)| n.whole.then(|| way(n, w - 2.0 * PAD, size))).collect();
    Grid { widths, size, whole }
}

/// Dates in one line where letters need not get much smaller for it, else in two.
fn way(need: &Need, width: f32, size: f32) -> Whole {
    let fits = |wide: f32| size.min(width / wide.max(0.01));
    let halved = need.lines[1] < need.lines[0] && fits(need.lines[0]) < 0.9 * size;
    Whole { size: fits(need.lines[usize::from(halved)]), halved }
}

fn need(flow: &Flow, t: &Table, i: usize) -> Need {
    let column = &t.columns[i];
    let mut need = Need { whole: column.whole || brief(t, i), ..Need::default() };
    if column.width > 0 && !need.whole {
        // It has its width; what is in it wraps.
        return need;
    }
    let line = |role, text: &str| longest(flow.setter, role, text, Unit::Line);
    let word = |role, text: &str| longest(flow.setter, role, text, Unit::Word);
    let head = label(column);
    // Of two languages the Chinese stays whole on its line.
    let chinese = if tongues(&column.label).is_some() { line(Role::Head, head.split('\n').next().unwrap_or("")).min(6.0) } else { 0.0 };
    (need.least, need.most) = (word(Role::Head, &head).max(chinese), line(Role::Head, &head));
    for row in t.rows.iter().filter(|r| r.kind != Kind::Group) {
        let Some(cell) = row.cells.get(i) else { continue };
        let role = if row.kind == Kind::Total { Role::Head } else { Role::Body };
        let text = cell.text();
        let shown = clean(&text);
        let full = line(role, &shown);
        let halves = dated(cell).map_or(full, |h| line(role, &h));
        need.lines = [need.lines[0].max(full), need.lines[1].max(halves)];
        let keep = if need.whole { [full, halves][usize::from(column.width > 0)] } else { word(role, &shown) };
        (need.least, need.most) = (need.least.max(keep), need.most.max(full));
    }
    if column.width > 0 {
        // Letters a little smaller before a width is touched.
        need.least *= 0.85;
    } else if !column.whole {
        // A word that is wider than a quarter of the page is broken, not waited for.
        need.least = need.least.min(flow.width / 4.0 / flow.letters);
    }
    need
}

/// The heading of a column, each language on lines of its own.
pub fn label(column: &Column) -> String {
    let parts = tongues(&column.label).map(|(chinese, english)| format!("{chinese}\n{english}"));
    clean(&parts.unwrap_or_else(|| column.label.clone())).into_owned()
}

/// Most characters of a Chinese word that stays whole: 常态运行.
const WORD: usize = 4;

/// Does a column hold nothing but short Chinese words, as that of the states does?
fn brief(t: &Table, i: usize) -> bool {
    let mut cells = t.rows.iter().filter(|r| r.kind != Kind::Group).filter_map(|r| r.cells.get(i)).filter(|c| !c.is_blank()).peekable();
    let short = |c: &Cell| matches!(c, Cell::Text(x) | Cell::Light(_, x) if x.chars().count() <= WORD && !x.contains(char::is_whitespace));
    t.columns[i].width > 0 && cells.peek().is_some() && cells.all(short)
}

/// Chinese dates may be broken after their years, where the column is too narrow for them.
pub fn dated(cell: &Cell) -> Option<String> {
    let Cell::Date(_, said) = cell else { return None };
    said.contains('年').then(|| said.replace('年', "年\n"))
}

/// What each column should have before needs are looked at.
fn wish(t: &Table, page: f32, given: &[f32], least: &[f32], most: &[f32]) -> Vec<f32> {
    let fixed: f32 = given.iter().sum();
    if given.iter().all(|g| *g > 0.0) {
        // All given: scaled where they do not add up, but only what can wrap.
        let soft = |i: usize| !t.columns[i].whole;
        let total: f32 = (0..given.len()).filter(|i| soft(*i)).map(|i| given[i]).sum();
        let scale = if total > 0.0 { ((page - fixed + total) / total).max(0.1) } else { 1.0 };
        return (0..given.len()).map(|i| if soft(i) { given[i] * scale } else { given[i] }).collect();
    }
    let open: Vec<usize> = (0..given.len()).filter(|i| given[*i] == 0.0).collect();
    let floor: f32 = open.iter().map(|i| least[*i]).sum();
    let spare = (page - fixed - floor).max(0.0);
    let wanted: f32 = open.iter().map(|i| most[*i]).sum();
    if wanted <= page - fixed {
        // Everything in one line, and the rest of the page in the same proportions.
        let scale = (page - fixed) / wanted.max(1.0);
        return (0..given.len()).map(|i| if given[i] > 0.0 { given[i] } else { most[i] * scale }).collect();
    }
    // A long text counts as a few lines, or it would take all.
    let appetite = |i: usize| (most[i].min(90.0 * MM) - least[i]).max(0.0) + 0.15 * least[i];
    let hunger: f32 = open.iter().map(|i| appetite(*i)).sum::<f32>().max(0.1);
    let share = |i: usize| least[i] + spare * appetite(i) / hunger;
    (0..given.len()).map(|i| if given[i] > 0.0 { given[i] } else { share(i) }).collect()
}

/// Columns that are too narrow for what they must keep whole take from those that have room;
/// then everything is made to add up to the page.
fn settle(mut widths: Vec<f32>, least: &[f32], page: f32) -> Vec<f32> {
    let lack: f32 = widths.iter().zip(least).map(|(w, l)| (l - w).max(0.0)).sum();
    let room: f32 = widths.iter().zip(least).map(|(w, l)| (w - l).max(0.0)).sum();
    if lack > 0.01 {
        let take = (lack / room.max(0.01)).min(1.0);
        for (w, l) in widths.iter_mut().zip(least) {
            *w = if *w < *l { *l } else { *w - (*w - *l) * take };
        }
    }
    let sum: f32 = widths.iter().sum();
    if (sum - page).abs() > 0.01 && sum > 0.0 {
        widths.iter_mut().for_each(|w| *w *= page / sum);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::super::super::sheet::USABLE;
    use super::*;

    #[test]
    fn a_narrow_column_takes_from_the_roomy_ones_and_the_sum_is_the_page() {
        let widths = settle(vec![10.0, USABLE / 2.0, USABLE / 2.0 - 10.0], &[30.0, 20.0, 20.0], USABLE);
        assert!((widths.iter().sum::<f32>() - USABLE).abs() < 0.1, "{widths:?}");
        assert!((widths[0] - 30.0).abs() < 0.1 && widths[1] > 300.0, "{widths:?}");
        assert_eq!(settle(vec![USABLE], &[20.0], USABLE), vec![USABLE]);
    }
}
