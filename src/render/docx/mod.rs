//! Documents for people who edit before they sign: the circular (通报) first of all.
//!
//! The package is written here: the crates that write such files know neither heads that
//! repeat on every page nor the language of a text, and both are asked for. So this is
//! `zip` for the container, `quick-xml` for the parts, and five small parts in all.
//!
//! Portrait pages have the text area of official documents; a table too wide for it gets a
//! landscape section with its heading. Headings are Word's own, so that its navigation
//! pane shows them.
//!
//! Order of things: [`flow`] parts the page into sections; [`body`] writes blocks and
//! [`table`] tables with the [`widths`] they get; [`section`] is paper, margins and page
//! numbers; [`package`] puts it all into one file, with the [`seal`] that tells later
//! whether it was edited; [`error`] is what can go wrong. `styles.xml` says how everything
//! looks.

mod body;
mod error;
mod flow;
mod package;
mod seal;
mod section;
mod table;
mod widths;
mod xml;

pub use error::DocxError;
pub use seal::stamp;

use crate::page::Page;

/// The page as a document.
pub fn render(page: &Page) -> Result<Vec<u8>, DocxError> {
    package::pack(page, &body::document(page))
}
