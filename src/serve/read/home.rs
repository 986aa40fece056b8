//! The first screen: departments × states and lights, with shares, what moved since last month
//! and why things are red. Every count opens into its rows.

use super::shared::{or, query};
use crate::report::layout::{Ask, board};
use crate::serve::call::{Call, Reply};
use crate::serve::look::{frame, whole};
use std::sync::Arc;

/// `GET /`.
pub fn home(call: &Call) -> Reply {
    or(made(call))
}

fn made(call: &Call) -> Result<Reply, Reply> {
    let view = call.view()?;
    let make = || -> Result<Arc<crate::serve::look::Doc>, Reply> {
        let q = query(call, &view.s)?;
        let ask = Ask::new(&view.s, &q, call.lang, None);
        Ok(Arc::new(whole(call, &view.s, &board::first(&ask))))
    };
    // Everybody's first screen is the same one: it is made once for each state of the files.
    let plain = ["q", "as_of", "on"].iter().all(|k| call.query.one(k).is_none());
    let doc = match view.kept.get(call.lang as usize).filter(|_| plain) {
        Some(kept) => match kept.get() {
            Some(doc) => doc.clone(),
            None => {
                let doc = make()?;
                kept.get_or_init(|| doc).clone()
            }
        },
        None => make()?,
    };
    Ok(frame(call, 200, (*doc).clone()))
}
