//! Pages to look at. Every figure is a report's: these only choose, frame and link.
//!
//! [`home`] the first screen, [`list`] what any figure opens into, [`card`] one obligation,
//! [`search`], [`charts`], [`calendar`], [`history`], [`reports`] in every form, [`fixed`] the desk's
//! own files, [`health`] for those who watch it; [`shared`] is what several need.

pub mod calendar;
pub mod card;
pub mod charts;
pub mod fixed;
pub mod health;
pub mod history;
pub mod home;
pub mod list;
pub mod reports;
pub mod search;
pub mod shared;

pub use shared::{banner, or, query};
