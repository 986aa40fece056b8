//! Tables on paper: widths of columns, a head that every sheet repeats, rows that stay whole.
//!
//! Order of things: `columns` decides widths and the size of the letters; `cells` lays out
//! one row; `rows` places rows on sheets. [`table`] and [`facts`] are the doors, [`opening`]
//! and [`entire`] say what room they ask for.

mod cells;
mod columns;
mod rows;

pub use rows::{ALONG, entire, facts, opening, table};
