//! The charts of a selection.

use super::shared::{or, query};
use crate::report::layout::{Ask, board};
use crate::serve::call::{Call, Reply};
use crate::serve::look::{frame, whole};

/// `GET /charts?q=…`.
pub fn charts(call: &Call) -> Reply {
    or(call.view().and_then(|view| {
        let q = query(call, &view.s)?;
        let ask = Ask::new(&view.s, &q, call.lang, None);
        Ok(frame(call, 200, whole(call, &view.s, &board::drawn(&ask))))
    }))
}
