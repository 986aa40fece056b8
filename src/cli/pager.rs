//! Long pages on a terminal go through a pager, as people know it from git: `DUBAN_PAGER`, else
//! `PAGER`, else `less`; `cat` or nothing at all turns it off. Pipes and files never see one.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

/// The pager that people asked for; `None` where they want none.
fn asked() -> Option<String> {
    let word = std::env::var("DUBAN_PAGER").or_else(|_| std::env::var("PAGER")).unwrap_or_else(|_| "less".into());
    Some(word.trim().to_string()).filter(|w| !w.is_empty() && w != "cat")
}

/// Shows a text that is longer than the screen; false where it is not, or nobody pages.
pub fn page(text: &[u8]) -> bool {
    let rows = terminal_size::terminal_size().map(|(_, h)| usize::from(h.0));
    let long = rows.is_some_and(|rows| text.iter().filter(|b| **b == b'\n').count() >= rows);
    if !long || !std::io::stdout().is_terminal() {
        return false;
    }
    let Some(pager) = asked() else { return false };
    let mut words = pager.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("less"));
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colours as they are, back to the shell at the end, nothing cut at the side.
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut pipe) = child.stdin.take() {
        // Whoever leaves the pager early has seen enough.
        let _ = pipe.write_all(text);
    }
    child.wait().is_ok()
}
