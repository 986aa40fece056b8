//! What is so: one file a report, each first plain data, then a page.
//!
//! [`frame`] is what all of them carry; [`rows`] and [`groups`] are shared shapes. Any
//! total can be opened into its rows: `status` counts what `list` shows with the same query.
//! [`layout`] holds those that are printed and handed round, in one table, [`LAYOUTS`]; [`remind`]
//! what is sent: digests and supervision letters.

pub mod coverage;
pub mod evidence;
pub mod frame;
pub mod groups;
pub mod layout;
pub mod list;
pub mod remind;
pub mod rows;
pub mod show;
pub mod status;

pub use layout::LAYOUTS;
