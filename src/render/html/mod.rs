//! HTML: one file that needs nothing else, neither network nor script, and prints as the
//! habits of reporting ask.
//!
//! Order of things: [`render`] a page, [`index`] of a folder of reports. Within: [`said`]
//! (text made harmless), [`ids`] (what links lead to), [`sheet`] (columns: their widths and
//! names, once a table instead of once a cell), [`table`], [`block`], [`chart`], [`frame`]
//! (head and foot), [`words`] (what the furniture says).
//!
//! The file stays small with many rows because cells carry no classes: alignment, widths
//! and the labels of stacked rows hang on the column, in a style sheet of the table.

mod block;
mod chart;
mod frame;
mod ids;
mod index;
mod said;
mod sheet;
mod table;
mod words;

pub use frame::{plain_css, script};
pub use ids::Links;
pub use index::{Entry, index};
pub use said::Dated;

use crate::page::Page;

/// The page as one HTML file.
pub fn render(page: &Page) -> String {
    let mut ids = ids::Ids::of(page);
    let mut styles = String::new();
    let words = words::of(&page.lang, page.both);
    let body = block::blocks(page, &mut ids, &mut styles, words);
    frame::page(page, &ids, &body, &styles, words).into_string()
}

/// A page as a part of a web site's: its content with links to other addresses, and the style
/// sheet of its tables.
pub struct Piece {
    /// The content: what a file of the page has between head and foot, with its notes.
    pub body: String,
    /// The style sheet of its tables, to stand beside [`plain_css`].
    pub css: String,
    /// The texts of the script that filters and sorts, where a table is long enough for it.
    pub filter: Option<(&'static str, &'static str)>,
}

/// The page as a part of a web site's.
pub fn piece(page: &Page, links: Links) -> Piece {
    let mut ids = ids::Ids::of(page);
    ids.links = Some(links);
    let mut css = String::new();
    let words = words::of(&page.lang, page.both);
    let body = block::blocks(page, &mut ids, &mut css, words);
    let css = format!("{css}{}", frame::stacks(&css));
    let long = page.tables().any(|t| t.items() > table::FILTERED);
    Piece { body: body.into_string(), css, filter: long.then_some((words.filter, words.shown)) }
}
