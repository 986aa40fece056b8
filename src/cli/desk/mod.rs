//! The author's commands.
//!
//! Order of things: [`args`] is their manual; [`bare`] runs those that need no register;
//! then one file a command.

pub mod args;
pub mod codeowners;
pub mod complete;
pub mod edit;
mod init;
mod lsp;
mod man;
pub mod schema;

use super::args::{Cli, Command};
use super::context::{Stop, enter, put, spoken};

/// Commands that need no register; `None` for every other. `-C` counts for these as well.
pub fn bare(cli: &Cli) -> Option<Result<u8, Stop>> {
    let lang = spoken(&cli.global);
    let go = |run: &dyn Fn() -> Result<u8, Stop>| Some(enter(&cli.global).and_then(|()| run()));
    match &cli.command {
        Command::Schema(args) if !args.write => go(&|| put(&schema::print(args, lang)?)),
        Command::Completions { shell } => go(&|| complete::script(shell)),
        Command::Man { dir } => go(&|| man::write(dir)),
        Command::Init(args) => go(&|| init::init(args, lang)),
        Command::Lsp { .. } => go(&|| lsp::serve(&cli.global)),
        _ => None,
    }
}
