//! `rollup`: many registers, one answer.
//!
//! Order of things: [`args`] is the manual; [`seal`] needs a register, the others in [`data`] a
//! folder of what registers handed in.

pub mod args;
mod data;
mod seal;

use super::args::Global;
use super::context::{Context, Stop, spoken};
use crate::model::Lang;
use crate::rollup::error::Error;
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

/// Trouble in the roll-up's room, as a command tells it.
fn told(lang: Lang) -> impl Fn(Error) -> Stop {
    move |e| Stop::new(e.at.clone(), e.what.say(lang), e.todo.say(lang))
}

fn say(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
        Lang::Both => format!("{zh} {en}"),
    }
}
