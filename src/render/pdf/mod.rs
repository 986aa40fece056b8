//! PDF for paper: the A4 landscape page of an office's ledger, selectable and tagged.
//!
//! Order of things: `fonts` (found by `search`, asked through `face`), `setter` (characters to
//! glyphs; collects what no font has), `wrap` (where lines end); `sheet` is plain data between
//! layout and writer; `flow` fills sheets, `head`, `blocks`, `beside`, `table` and `chart` lay out
//! what a page holds; `paint` and `tags` write them with krilla.
//!
//! [`render`] gives equal bytes for an equal page and equal fonts. As fonts differ between
//! machines, the file also carries the [`stamp`] of its page, which does not.

mod beside;
mod blocks;
mod chart;
mod error;
mod face;
mod flow;
mod fonts;
mod head;
mod paint;
mod search;
mod setter;
mod sheet;
mod table;
mod tags;
mod wrap;

use crate::page::Page;
use crate::render::stamp as stamps;
pub use error::{Lack, PdfError};
pub use fonts::Fonts;
pub use search::FOLDERS;

/// The page as a PDF file. No file is made when a character has no glyph.
pub fn render(page: &Page, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let setter = setter::Setter::new(fonts);
    let mut flow = flow::Flow::new(&setter, &page.lang);
    head::head(&mut flow, page);
    blocks::blocks(&mut flow, page);
    head::foot(&mut flow, page);
    head::around(&mut flow, page);
    setter.verdict()?;
    paint::paint(flow, page, &stamps::stamp(page))
}

/// The digest of the page that a PDF was made from, as its metadata has it.
pub fn stamp(pdf: &[u8]) -> Option<String> {
    stamps::find(pdf)
}
