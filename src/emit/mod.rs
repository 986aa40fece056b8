//! Findings as text and JSON. Emitters see no obligation and decide nothing: the verdict
//! is the Outcome's, whatever the format.

pub mod json;
mod summary;
pub mod text;

pub use summary::Summary;
