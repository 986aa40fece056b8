//! The entries of a selection, newest first.

use super::shared::{or, paged, query};
use crate::page::{Block, Cell, Page};
use crate::report::show;
use crate::serve::call::{Call, Reply};
use crate::serve::look::{frame, whole_with};
use crate::snapshot::{Snapshot, query::Query};

/// The entries of a selection as a page, newest first; without the column of ids where all are of one assignment.
pub fn entries(call: &Call, s: &Snapshot, q: &Query, ids: bool) -> Page {
    let mut page = show::history_page(s, &show::history(s, q, call.lang), call.lang);
    page.lang = if call.lang == crate::model::Lang::En { "en" } else { "zh" }.into();
    for block in &mut page.blocks {
        let Block::Table(t) = block else { continue };
        t.rows.reverse();
        // Events and posts are short words: broken in the middle they read badly.
        for column in t.columns.iter_mut().skip(2).take(2) {
            column.whole = true;
        }
        // The chain's values are for the command line's `fixes`; people tell entries by day and post.
        if let Some(last) = t.columns.last_mut().filter(|c| c.label == "h") {
            last.label = call.say("校验值", "Hash").into();
            last.short.clone_from(&last.label);
        }
        let mark = t.columns.len() - 2;
        if t.rows.iter().all(|r| r.cells.get(mark).is_none_or(Cell::is_blank)) {
            t.columns.remove(mark);
            t.rows.iter_mut().filter(|r| r.cells.len() > mark).for_each(|r| drop(r.cells.remove(mark)));
        }
        if !ids {
            t.columns.remove(1);
            t.rows.iter_mut().filter(|r| r.cells.len() > 1).for_each(|r| drop(r.cells.remove(1)));
        }
    }
    page
}

/// `GET /history?q=…`.
pub fn history(call: &Call) -> Reply {
    or(call.view().and_then(|view| {
        let q = query(call, &view.s)?;
        let mut page = entries(call, &view.s, &q, true);
        let pager = paged(call, &mut page);
        Ok(frame(call, 200, whole_with(call, &view.s, &page, &pager, &pager)))
    }))
}
