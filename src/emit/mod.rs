//! Findings as text, JSON and the forms that CI systems read. Emitters see no obligation
//! and decide nothing: the verdict is the Outcome's, whatever the format.
//!
//! Order of things: [`Report`] is what every emitter is handed; [`text`] is for people,
//! [`json`] for programs (its shape is [`json::SCHEMA`]); [`sarif`], [`junit`], [`github`]
//! and [`gitlab`] are other people's forms. Each is a function from a report to a text.

pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
mod report;
pub mod sarif;
mod summary;
pub mod text;

pub use report::{Class, Report};
pub use summary::Summary;
