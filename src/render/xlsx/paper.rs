//! The printed page: A4 landscape with 18 mm at the sides and at the foot and 20 mm at the
//! head, one page wide, the head of the table on every page, the number of the page as
//! “— 3 —”.

use super::error::XlsxError;
use super::grid::PAGE;
use super::plan::{Line, Part};
use super::sheet::Sheet;
use std::collections::BTreeMap;

/// Inches.
fn mm(n: f64) -> f64 {
    n / 25.4
}

/// A4.
const A4: u8 = 9;
/// The head of a table is frozen where it stands among the first rows.
const NEAR_TOP: u32 = 14;
/// Standard height of a row, in points.
const ROW: f64 = 15.0;
/// Breaks that a sheet may have.
const BREAKS: usize = 1_000;
/// Height between the margins, in points, less what printers and rounding take.
const TALL: f64 = (210.0 - 20.0 - 18.0) * 72.0 / 25.4 - 6.0;

/// Set-up of the printed page and of the screen.
pub fn set(sheet: &mut Sheet, breaks: &[u32]) -> Result<(), XlsxError> {
    let (rows, last_column) = (sheet.plan.rows, sheet.plan.grid.last());
    let head = head(sheet);
    let scale = f64::from(PAGE) / f64::from(sheet.plan.grid.total().max(PAGE));
    let height = |row: u32| sheet.heights.get(&row).copied().unwrap_or(ROW);
    let planned = |tall: f64, all: bool| pages(rows, height, tall, breaks, &sheet.together, all);
    // A list that ends where it begins has one head: repeated, it would stand over signatures.
    let end = sheet.lists.last().map_or(0, |l| l.last);
    let parted = |head: &u32| planned(TALL / scale * 0.95, true).iter().any(|row| (*head + 1..=end).contains(row));
    let repeated = head.filter(parted);
    let all = head.is_none_or(|h| h > NEAR_TOP);
    let breaks = planned(TALL / scale - repeated.map_or(0.0, height), all);
    let out = &mut sheet.out;
    out.set_paper_size(A4).set_landscape().set_margins(mm(18.0), mm(18.0), mm(20.0), mm(18.0), mm(9.0), mm(9.0));
    out.set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    out.set_footer("&C&\"宋体,Regular\"&12— &P —").set_screen_gridlines(false);
    out.set_print_area(0, 0, rows.saturating_sub(1), last_column)?;
    if let Some(list) = sheet.lists.iter().filter(|l| l.items > 1 && l.sortable).max_by_key(|l| l.items) {
        out.autofilter(list.head, 0, list.last, list.last_column)?;
    }
    if let Some(head) = head {
        if repeated.is_some() {
            out.set_repeat_rows(head, head)?;
        }
        if head <= NEAR_TOP {
            out.set_freeze_panes(head + 1, 0)?;
        }
    }
    if !breaks.is_empty() {
        out.set_page_breaks(&breaks)?;
    }
    Ok(())
}

/// The head that the pages of the last list repeat: nothing follows that list, and where
/// lists of the same columns stand before it with no more than headings between, it is the
/// head of the first of them. Pages before it have none.
fn head(sheet: &Sheet) -> Option<u32> {
    let last = sheet.lists.last()?;
    let mut out = None;
    for (row, part) in sheet.plan.parts[..sheet.plan.parts.len() - 1].iter().rev() {
        match part {
            Part::Table(_) => {
                let list = sheet.lists.iter().rev().find(|l| (*row..=*row + 1).contains(&l.head))?;
                if list.labels != last.labels {
                    break;
                }
                out = Some(list.head);
            }
            Part::Lines(lines) if lines.iter().all(|l| matches!(l, Line::Heading(_))) => {}
            Part::Break => {}
            _ => break,
        }
    }
    out
}

/// First and last rows of what stands together: a heading goes with all of what it heads,
/// where that fits a page; what begins inside another is no beginning of its own.
fn wholes(together: &[(u32, u32)], fits: impl Fn(u32, u32) -> bool) -> BTreeMap<u32, u32> {
    let mut out: BTreeMap<u32, u32> = BTreeMap::new();
    for (from, to) in together.iter().rev() {
        let mut to = *to;
        while let Some((inner, last)) = out.range(from + 1..=to).next().map(|(a, b)| (*a, *b)) {
            out.remove(&inner);
            to = if fits(*from, to.max(last)) { to.max(last) } else { to };
        }
        out.insert(*from, to);
    }
    out
}

/// Rows that begin a page because the page says so, or because what stands together would
/// be parted. The others a spreadsheet finds itself, so that a list that is filtered before
/// it is printed has no half-empty pages; a sheet that is no list gets `all` of them, and
/// prints as it was planned.
fn pages(rows: u32, height: impl Fn(u32) -> f64, tall: f64, breaks: &[u32], together: &[(u32, u32)], all: bool) -> Vec<u32> {
    let tall_of = |from: u32, to: u32| -> f64 { (from..=to.min(rows.saturating_sub(1))).map(&height).sum() };
    let starts = wholes(together, |from, to| tall_of(from, to) <= tall);
    let (mut out, mut used) = (Vec::new(), 0.0);
    for row in 0..rows {
        let block = starts.get(&row).map_or(0.0, |to| tall_of(row, *to));
        let parted = used > 0.0 && block <= tall && used + block > tall;
        let full = used > 0.0 && used + height(row) > tall;
        let begins = row > 0 && (breaks.contains(&row) || parted || full && all);
        // A spreadsheet knows no more breaks than these.
        if begins && out.len() < BREAKS {
            out.push(row);
        }
        if begins || full {
            used = 0.0;
        }
        used += height(row);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_together_is_not_parted() {
        let each = |_| 10.0;
        assert_eq!(pages(30, each, 100.0, &[], &[], false), [0u32; 0]);
        assert_eq!(pages(30, each, 100.0, &[], &[(8, 11)], false), [8]);
        // A heading stays with what it heads, though that alone would fit the next page.
        assert_eq!(pages(30, each, 100.0, &[], &[(6, 9), (7, 15)], false), [6]);
        assert_eq!(pages(30, each, 100.0, &[], &[(8, 11), (9, 20)], false), [8]);
        // It begins a page anyway, a break is asked for, it is taller than a page.
        assert_eq!(pages(30, each, 100.0, &[], &[(10, 13)], false), [10]);
        assert_eq!(pages(30, each, 100.0, &[5], &[(8, 11)], false), [5]);
        assert_eq!(pages(30, each, 100.0, &[], &[(8, 28)], false), [0u32; 0]);
        // No list: every page is as planned.
        assert_eq!(pages(30, each, 100.0, &[], &[(8, 11)], true), [8, 18, 28]);
    }
}
