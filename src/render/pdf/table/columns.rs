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
use crate::page::{Cell, Kind, Table};

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
}

/// What a column needs and would like, at size 1.
#[derive(Debug, Clone, Copy, Default)]
struct Need {
    /// Its widest piece that must stay whole.
    least: f32,
    /// Its widest cell in one line.
    most: f32,
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
    Grid { widths: settle(wish(t, flow.width, &given, &least, &most), &least, flow.width), size }
}

fn need(flow: &Flow, t: &Table, i: usize) -> Need {
    let column = &t.columns[i];
    let mut need = Need::default();
    if column.width > 0 && !column.whole {
        // It has its width; what is in it wraps.
        return need;
    }
    let mut take = |role, text: &str, whole: bool| {
        let line = longest(flow.setter, role, text, Unit::Line);
        need.least = need.least.max(if whole { line } else { longest(flow.setter, role, text, Unit::Word) });
        need.most = need.most.max(line);
    };
    take(Role::Head, &clean(&column.label), false);
    for row in t.rows.iter().filter(|r| r.kind != Kind::Group) {
        let Some(cell) = row.cells.get(i) else { continue };
        let role = if row.kind == Kind::Total { Role::Head } else { Role::Body };
        let text = cell.text();
        let shown = clean(&text);
        match dated(cell).filter(|_| column.width > 0) {
            Some(halves) => halves.iter().for_each(|h| take(role, h, true)),
            None => take(role, &shown, column.whole),
        }
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

/// A Chinese date may be broken after its year, where its column is too narrow for it.
pub fn dated(cell: &Cell) -> Option<[String; 2]> {
    let Cell::Date(_, said) = cell else { return None };
    let (year, rest) = said.split_once('年')?;
    Some([format!("{year}年"), rest.to_string()])
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
