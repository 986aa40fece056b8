//! Pages to terminal, Markdown and PDF. Nothing here knows an obligation.

pub mod markdown;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod stamp;
pub mod terminal;
