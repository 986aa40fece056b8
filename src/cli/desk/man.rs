//! `man`: the manual pages, from the same comments as `--help`.

use crate::cli::args::Cli;
use crate::cli::context::{Stop, put};
use clap::CommandFactory;

/// Writes a page for the program and one for each command.
pub fn write(dir: &std::path::Path) -> Result<u8, Stop> {
    let fail = |e: std::io::Error| {
        Stop::new(
            (format!("无法写到 {}", dir.display()), format!("cannot write to {}", dir.display())),
            e.to_string(),
            ("请指明可写的目录", "name a folder that can be written"),
        )
    };
    std::fs::create_dir_all(dir).map_err(fail)?;
    // The environment of whoever makes the pages is no part of them.
    clap_mangen::generate_to(Cli::command().mut_args(|a| a.hide_env_values(true)), dir).map_err(fail)?;
    let pages = std::fs::read_dir(dir).map_err(fail)?.flatten().filter(|e| e.path().extension().is_some_and(|x| x == "1")).count();
    put(&format!("{}  {pages} × .1\n", dir.display()))
}
