//! `rollup`: many registers, one answer.
//!
//! Order of things: [`args`] is the manual; [`seal`] needs a register, the others in [`data`] a
//! folder of what registers handed in; [`words`] is how they speak.

pub mod args;
mod data;
mod seal;
mod words;

use super::args::Global;
use super::context::{Context, Stop, spoken};
use args::Rollup;

/// The command.
pub fn rollup(global: &Global, command: &Rollup) -> Result<u8, Stop> {
    match command {
        Rollup::Seal(args) => seal::seal(&Context::new(global)?, args),
        Rollup::Ingest(args) => data::ingest(&Context::anywhere(global)?, spoken(global), args),
        Rollup::Status(args) => data::status(&Context::anywhere(global)?, spoken(global), args),
        Rollup::Sql(args) => data::sql(&Context::anywhere(global)?, spoken(global), args),
    }
}
