//! `lsp`: the language server over standard input and output.

use crate::cli::args::Global;
use crate::cli::context::{Stop, day_told, find, spoken, told};
use crate::lsp::{self, Setup};
use chrono::Local;
use std::io::{BufReader, stdin, stdout};

/// Serves one editor until it goes. The clock is asked each time a register is opened, for
/// an editor stays open over midnight.
pub fn serve(global: &Global) -> Result<u8, Stop> {
    let cwd = std::env::current_dir().map_err(|e| Stop::new(("工作目录已不存在", "the working folder is gone"), e.to_string(), ""))?;
    let setup = Setup {
        now: &|| Local::now().fixed_offset(),
        as_of: day_told(&cwd, &global.as_of, "--as-of")?,
        on: day_told(&cwd, &global.on, "--on")?,
        lang: told(global),
        fallback: spoken(global),
        register: global.register.as_deref().map(|dir| find(&cwd, Some(dir))).transpose()?,
    };
    // One lock for the whole conversation: nothing else may write there.
    Ok(lsp::run(&setup, BufReader::new(stdin()), stdout().lock()))
}
