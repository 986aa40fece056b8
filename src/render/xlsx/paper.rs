//! The printed page: A4 landscape with 18 mm at the sides and at the foot and 20 mm at the
//! head, one page wide, the head of the table on every page, the number of the page as
//! “— 3 —”.

use super::sheet::List;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Inches.
fn mm(n: f64) -> f64 {
    n / 25.4
}

/// A4.
const A4: u8 = 9;
/// The head of a table is frozen where it stands among the first rows.
const NEAR_TOP: u32 = 14;

/// Set-up of the printed page and of the screen.
pub fn set(sheet: &mut Worksheet, rows: u32, last_column: u16, lists: &[List], breaks: &[u32]) -> Result<(), XlsxError> {
    sheet.set_paper_size(A4).set_landscape().set_margins(mm(18.0), mm(18.0), mm(20.0), mm(18.0), mm(9.0), mm(9.0));
    sheet.set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_footer("&C&\"宋体,Regular\"&12— &P —").set_screen_gridlines(false);
    sheet.set_print_area(0, 0, rows.saturating_sub(1), last_column)?;
    let breaks: Vec<u32> = breaks.iter().copied().filter(|b| (1..rows).contains(b)).collect();
    if !breaks.is_empty() {
        sheet.set_page_breaks(&breaks)?;
    }
    if let Some(list) = lists.iter().filter(|l| l.items > 1 && l.sortable).max_by_key(|l| l.items) {
        sheet.autofilter(list.head, 0, list.last, list.last_column)?;
    }
    // One head for the whole sheet: only where it is right for every row below it.
    if let Some(first) = lists.first().filter(|f| lists.iter().all(|l| l.labels == f.labels)) {
        sheet.set_repeat_rows(first.head, first.head)?;
        if first.head <= NEAR_TOP {
            sheet.set_freeze_panes(first.head + 1, 0)?;
        }
    }
    Ok(())
}
