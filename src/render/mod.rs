//! Pages to terminal, Markdown, CSV and JSON. Nothing here knows an obligation.

pub mod csv;
mod figures;
pub mod json;
pub mod markdown;
pub mod terminal;
