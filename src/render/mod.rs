//! Pages to terminal and Markdown. Nothing here knows an obligation.

pub mod markdown;
pub mod terminal;
