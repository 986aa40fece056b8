//! Pages to terminal, Markdown, CSV, JSON and HTML. Nothing here knows an obligation.

pub mod csv;
mod figures;
pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;
