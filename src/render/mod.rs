//! Pages to terminal, Markdown and HTML. Nothing here knows an obligation.

pub mod html;
pub mod markdown;
pub mod terminal;
