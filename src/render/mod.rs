//! Pages to terminal, Markdown, CSV, JSON, HTML and PDF. Nothing here knows an obligation.

pub mod csv;
mod figures;
pub mod html;
pub mod json;
pub mod markdown;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod stamp;
pub mod terminal;
