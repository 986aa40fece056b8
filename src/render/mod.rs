//! Pages to terminal, Markdown, CSV, JSON, HTML, PDF, workbooks and documents. Nothing here knows
//! an obligation.
//!
//! Order of things: texts first ([`terminal`], [`markdown`], [`csv`], [`json`], [`html`], [`eml`]), then the
//! paper ([`pdf`]) and the office files ([`xlsx`], [`docx`]); [`stamp`] is the digest of a page, for
//! those whose bytes hang on fonts or get edited. `layers` orders the boxes of a net, `tongues`
//! parts a heading in two languages.

pub mod csv;
#[cfg(feature = "docx")]
pub mod docx;
pub mod eml;
mod figures;
pub mod html;
pub mod json;
mod layers;
pub mod markdown;
#[cfg(any(feature = "docx", feature = "xlsx"))]
pub mod office;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod stamp;
pub mod terminal;
mod tongues;
#[cfg(feature = "xlsx")]
pub mod xlsx;
