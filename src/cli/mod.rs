//! Arguments, environment, clock, terminal and standard output: only here.
//!
//! Order of things: [`args`] is the manual; [`context`] finds the register and decides
//! language, colour and width once; then one file a command. Trouble comes in three
//! channels: findings (exit 1), "cannot go on" (exit 2, [`stop`]), our own bugs.

pub mod args;
mod baseline;
mod check;
pub mod context;
pub mod desk;
mod diff;
mod effort;
mod evidence;
mod export;
mod gate;
mod hand;
mod import;
mod log;
mod pager;
mod prove;
mod recall;
mod remind;
mod report;
mod reports;
#[cfg(feature = "rollup")]
mod rollup;
#[cfg(feature = "serve")]
mod serve;
mod source;
mod stop;
mod trust;

use args::{Cli, Command, LogCommand, LogMany};
use clap::Parser;
use context::{Context, Stop};
use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    desk::complete::answer();
    let began = std::time::Instant::now();
    let cli = Cli::parse();
    let stats = cli.global.stats;
    let (lang, register) = (context::told(&cli.global), cli.global.register.clone());
    let done = run(cli);
    if stats {
        eprint!("{}", effort::stats(began));
    }
    match done {
        Ok(code) => ExitCode::from(code),
        Err(stop) => {
            eprint!("{}", stop.render(context::tongue(lang, register.as_deref())));
            ExitCode::from(stop.code)
        }
    }
}

fn run(cli: Cli) -> Result<u8, Stop> {
    if let Command::Source(args) = &cli.command
        && args.scaffold.is_some()
    {
        return source::scaffold(&cli.global, args);
    }
    if let Some(done) = desk::bare(&cli) {
        return done;
    }
    if let Command::Rules { format } = &cli.command {
        return check::rules(&Context::anywhere(&cli.global)?, *format);
    }
    if let Command::Explain { rule } = &cli.command {
        return check::explain(&Context::anywhere(&cli.global)?, rule);
    }
    if let Command::Import(args) = &cli.command {
        return import::import(&Context::anywhere(&cli.global)?, args);
    }
    #[cfg(feature = "rollup")]
    if let Command::Rollup(command) = &cli.command {
        return rollup::rollup(&cli.global, command);
    }
    let context = Context::new(&cli.global)?;
    match cli.command {
        Command::Check(args) => check::check(&context, &args),
        Command::Status { select, by, no_cache } => reports::status(&context, &select, by, !no_cache),
        Command::Coverage { select, by, no_cache } => reports::coverage(&context, &select, by, !no_cache),
        Command::List(select) => reports::list(&context, &select),
        Command::Show { id, format } => reports::show(&context, &id, format),
        Command::History(select) => reports::history(&context, &select),
        Command::Due { select, next } => reports::due(&context, &select, &next),
        Command::Export(args) => export::export(&context, &args),
        Command::Digest(args) => remind::digest(&context, &args),
        Command::Escalate { query, format } => remind::escalate(&context, &query, format),
        Command::Report(args) => report::report(&context, &args),
        Command::Log(command) => match *command {
            LogCommand { many: Some(LogMany::Seal(args)), .. } => hand::seal(&context, &args),
            LogCommand { many: Some(LogMany::Amend(args)), .. } => hand::amend(&context, &args),
            LogCommand { many: Some(LogMany::Import(args)), .. } => hand::import(&context, &args),
            LogCommand { one: Some(args), .. } => log::log(&context, &args),
            LogCommand { .. } => Err(Stop::new(
                ("log：发生了什么？是哪一项任务？", "log: what happened, and to which assignment?"),
                "",
                ("见 `duban log --help`", "see `duban log --help`"),
            )),
        },
        Command::Evidence { select, folders } => evidence::evidence(&context, &select, &folders),
        Command::Verify(args) => trust::verify(&context, &args),
        Command::Checkpoint(args) => trust::checkpoint(&context, &args),
        Command::Repair(args) => trust::repair(&context, &args),
        Command::Graph { find: Some(find), .. } => reports::find(&context, find),
        Command::Graph { query, format, edges, .. } => reports::graph(&context, &query, format, &edges),
        Command::Source(args) => source::source(&context, &args),
        Command::Diff { from, to, format } => diff::diff(&context, &from, to.as_deref(), format),
        Command::Codeowners(args) => desk::codeowners::codeowners(&context, &args),
        Command::Completions { .. }
        | Command::Man { .. }
        | Command::Init(_)
        | Command::Import(_)
        | Command::Lsp { .. }
        | Command::Rules { .. }
        | Command::Explain { .. } => unreachable!("needs no register, so it ran already"),
        #[cfg(feature = "rollup")]
        Command::Rollup(_) => {
            unreachable!("needs no register, so it ran already")
        }
        Command::New(args) => desk::edit::new(&context, &args),
        Command::Set(args) => desk::edit::set(&context, &args),
        Command::Schema(args) => desk::schema::write(&context, &args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::serve(&context, &args),
        #[cfg(feature = "serve")]
        Command::Account(command) => serve::account(&context, &command),
        Command::Impact { id, format } => reports::impact(&context, &id, format),
    }
}
