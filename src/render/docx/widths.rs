//! Widths of a table's columns, in twentieths of a point: together they are the text area.
//! What does not break gets what it needs; what wraps shares the rest.

use crate::page::{Cell, Kind, Table};
use crate::render::office::{unbroken, widest};

/// Half a character of 10 points.
const HALF: usize = 100;
/// What a cell keeps free at its sides.
const SIDES: usize = 170;
/// Half characters of a text that is kept on one line where it should be.
const LONG: usize = 26;
/// Half characters of a word that is.
const PIECE: usize = 14;
/// A column of words has room for seven characters: 26 mm.
const WORDS: usize = 1470;

/// Widths that add up to a total.
pub fn of(t: &Table, total: usize) -> Vec<usize> {
    let n = t.columns.len();
    let needs: Vec<(usize, usize)> = (0..n).map(|i| needs(t, i)).collect();
    let asked = |i: usize| usize::from(t.columns[i].width) * 567 / 10;
    let mut out: Vec<usize> = (0..n).map(|i| asked(i).max(needs[i].0)).collect();
    let sum: usize = out.iter().sum();
    if sum > total {
        shrink(&mut out, &needs, total);
    } else {
        grow(&mut out, &needs, total - sum);
    }
    // What rounding has left.
    let rest = total.saturating_sub(out.iter().sum());
    if let Some(last) = out.last_mut() {
        *last += rest;
    }
    out
}

/// Does it need more than the text area of a portrait page? Figures do with what they need;
/// words want room for a few of them on a line, or a row takes a quarter of the page.
pub fn wide(t: &Table, area: usize) -> bool {
    let needed = |i: usize| {
        let (column, (least, wish)) = (&t.columns[i], needs(t, i));
        match column.width {
            _ if column.right => least,
            0 if !column.whole => least.max(wish.min(WORDS)),
            asked => least.max(usize::from(asked) * 567 / 10),
        }
    };
    t.columns.len() > 10 || (0..t.columns.len()).map(needed).sum::<usize>() > area
}

/// Least and wished width.
fn needs(t: &Table, i: usize) -> (usize, usize) {
    let column = &t.columns[i];
    let (mut least, mut wish) = (unbroken(&column.label), widest(&column.label));
    for cell in t.rows.iter().filter(|r| r.kind != Kind::Group).filter_map(|r| r.cells.get(i)) {
        let text = cell.text();
        let widest = |text: &str| text.split('\n').map(|line| widest(line) + changes(line).div_ceil(2)).max().unwrap_or(0);
        let typed = !matches!(cell, Cell::Text(_) | Cell::Light(..));
        wish = wish.max(widest(&text));
        least = least.max(if column.whole || typed { widest(&text).min(LONG) } else { unbroken(&text).min(PIECE) });
    }
    (least * HALF + SIDES, wish.max(least) * HALF + SIDES)
}

/// How often Chinese and Latin meet in a text: some programs leave a little room there.
fn changes(text: &str) -> usize {
    let latin = |c: char| c.is_ascii_alphanumeric();
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(a, b)| latin(*a) && !b.is_ascii() || !a.is_ascii() && latin(*b)).count()
}

/// Those that can give way do, the widest most; if that is not enough, all do.
fn shrink(out: &mut [usize], needs: &[(usize, usize)], total: usize) {
    let over = out.iter().sum::<usize>() - total;
    let spare: usize = out.iter().zip(needs).map(|(w, n)| w - n.0).sum();
    if spare >= over {
        out.iter_mut().zip(needs).for_each(|(w, n)| *w -= ((*w - n.0) * over).div_ceil(spare.max(1)).min(*w - n.0));
    } else {
        let sum: usize = needs.iter().map(|n| n.0).sum();
        out.iter_mut().zip(needs).for_each(|(w, n)| *w = n.0 * total / sum);
    }
}

/// First what is wished for, then all alike.
fn grow(out: &mut [usize], needs: &[(usize, usize)], mut left: usize) {
    let wishes: usize = out.iter().zip(needs).map(|(w, n)| n.1.saturating_sub(*w)).sum();
    if wishes > 0 {
        let given = left.min(wishes);
        out.iter_mut().zip(needs).for_each(|(w, n)| *w += n.1.saturating_sub(*w) * given / wishes);
        left -= given;
    }
    let all = out.iter().sum::<usize>().max(1);
    out.iter_mut().for_each(|w| *w += *w * left / all);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Column, Row};

    #[test]
    fn a_table_is_as_wide_as_the_text() {
        let columns = vec![Column::text("单位"), Column::number("总数", "总"), Column::text("进展情况")];
        let rows = vec![Row::of(vec![Cell::new("公安局"), Cell::Count(25), Cell::new("长".repeat(300))])];
        let t = Table::of(columns, rows, "");
        for total in [1000, 8845, 14798] {
            assert_eq!(of(&t, total).iter().sum::<usize>(), total);
        }
        assert!(of(&t, 8845)[1] >= 530, "{:?}", of(&t, 8845));
        assert!(!wide(&t, 8845));
    }
}
