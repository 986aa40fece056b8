//! The entries of a selection, newest first.

use super::{or, paged, query};
use crate::page::Block;
use crate::report::show;
use crate::serve::call::{Call, Reply};
use crate::serve::look::{frame, whole};
use maud::html;

/// `GET /history?q=…`.
pub fn history(call: &Call) -> Reply {
    or(call.view().and_then(|view| {
        let q = query(call, &view.s)?;
        let mut page = show::history_page(&view.s, &show::history(&view.s, &q, call.lang), call.lang);
        page.lang = if call.lang == crate::model::Lang::En { "en" } else { "zh" }.into();
        for block in &mut page.blocks {
            if let Block::Table(t) = block {
                t.rows.reverse();
            }
        }
        let pager = paged(call, &mut page);
        let mut doc = whole(call, &view.s, &page);
        doc.body = html! { (pager) (doc.body) (pager) };
        Ok(frame(call, 200, doc))
    }))
}
