//! The entries of a selection, newest first.

use super::{or, paged, query};
use crate::page::{Block, Page};
use crate::report::show;
use crate::serve::call::{Call, Reply};
use crate::serve::look::{frame, whole};
use crate::snapshot::{Snapshot, query::Query};
use maud::html;

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
        let mut doc = whole(call, &view.s, &page);
        doc.body = html! { (pager) (doc.body) (pager) };
        Ok(frame(call, 200, doc))
    }))
}
