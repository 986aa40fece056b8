//! What presses and what falls due: the months as a picture, then the lists.

use super::shared::{or, query};
use crate::page::Block;
use crate::report::layout::{Ask, board};
use crate::report::list;
use crate::serve::call::{Call, Reply};
use crate::serve::look::{frame, whole};

/// `GET /calendar?q=…&next=30`.
pub fn calendar(call: &Call) -> Reply {
    or(call.view().and_then(|view| {
        let s = &view.s;
        let q = query(call, s)?;
        let next = call.query.one("next").and_then(|n| n.trim_end_matches('d').parse().ok()).unwrap_or(30u32).min(3660);
        let mut page = list::due_page(s, &list::due(s, &q, next, call.lang), call.lang);
        page.lang = if call.lang == crate::model::Lang::En { "en" } else { "zh" }.into();
        let lists = std::mem::take(&mut page.blocks);
        page.blocks = board::months(&Ask::new(s, &q, call.lang, None));
        // Each list has its heading before it; the head of one with nothing in it says so with its (0).
        for pair in lists.chunks(2) {
            let empty = matches!(&pair[1..], [Block::Table(t)] if t.rows.is_empty());
            page.blocks.extend_from_slice(if empty { &pair[..1] } else { pair });
        }
        Ok(frame(call, 200, whole(call, s, &page)))
    }))
}
