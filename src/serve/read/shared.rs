//! What several pages need: the query of the address, pages of long lists, the banner of sample data.

use crate::page::{Block, Page};
use crate::serve::call::{Call, Reply};
use crate::snapshot::Snapshot;
use crate::snapshot::query::Query;
use maud::{Markup, html};

/// The query in the address.
///
/// # Errors
/// What in it is not understood, in the caller's language.
pub fn query(call: &Call, s: &Snapshot) -> Result<Query, Reply> {
    let words: Vec<String> = call.query.one("q").map(String::from).into_iter().collect();
    Query::parse(s, &words).map_err(|w| Reply::trouble(call, 400, &w))
}

/// That there is no obligation of this name; one that cannot be read is told as such, with its place.
pub fn no_obligation(call: &Call, s: &Snapshot, id: &str) -> Reply {
    match crate::report::list::invalid_rows(s).into_iter().find(|i| i.id.as_deref() == Some(id)) {
        Some(i) => {
            let what = call.say("无法读取，仍计入总数；请先改正：", "cannot be read and stays in the totals; mend it first:");
            Reply::problem(404, format!("{id} {what} {}:{}", i.file, i.line))
        }
        None => Reply::problem(404, call.say("没有这项义务；可用检索查找", "there is no such obligation; the search finds others")),
    }
}

/// Rows of a page of a long list.
pub const ROWS: usize = 500;

/// Keeps one page's rows of the first table and says where one is.
pub fn paged(call: &Call, page: &mut Page) -> Markup {
    let at: usize = call.query.one("page").and_then(|p| p.parse().ok()).unwrap_or(1).max(1);
    let mut all = 0;
    if let Some(Block::Table(t)) = page.blocks.iter_mut().find(|b| matches!(b, Block::Table(_))) {
        all = t.rows.len();
        if all > ROWS {
            t.rows = t.rows.drain(..).skip((at - 1) * ROWS).take(ROWS).collect();
        }
    }
    let pages = all.div_ceil(ROWS);
    let to = |n: usize| {
        let mut fields: Vec<(&str, String)> = call.query.0.iter().filter(|f| f.0 != "page").map(|f| (f.0.as_str(), f.1.clone())).collect();
        fields.push(("page", n.to_string()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        call.link(&call.at, &fields)
    };
    html! {
        @if pages > 1 {
            nav.pager aria-label=(call.say("页", "Pages")) {
                @if at > 1 { a href=(to(at - 1)) rel="prev" { (call.say("上一页", "Previous")) } }
                span { (call.say("第", "Page")) " " (at) " / " (pages) " · " (all) " " (call.say("行", "rows")) }
                @if at < pages { a href=(to(at + 1)) rel="next" { (call.say("下一页", "Next")) } }
            }
        }
    }
}

/// The answer, whichever way it went.
pub fn or(answer: Result<Reply, Reply>) -> Reply {
    answer.unwrap_or_else(|e| e)
}

/// What stands over every page of sample data.
pub fn banner(s: &Snapshot, lang: crate::model::Lang) -> Option<String> {
    let q = Query::default();
    crate::report::frame::Frame::new(s, "desk", &q, &[]).page(s, crate::model::Term("", ""), lang).banner
}
