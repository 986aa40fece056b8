//! The only caller of the `git` program.
//!
//! Everything here may be absent: a register lives just as well outside git. [`tree`] lays
//! out an earlier revision.

pub mod tree;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn ask(dir: &Path, args: &[&str]) -> Option<String> {
    let out = Command::new("git").arg("-C").arg(dir).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_string())
}

/// The git folder of this worktree (never the common one), absolute.
pub fn git_dir(dir: &Path) -> Option<PathBuf> {
    ask(dir, &["rev-parse", "--absolute-git-dir"]).map(PathBuf::from)
}

/// The branch checked out, `None` when detached or outside git.
pub fn branch(dir: &Path) -> Option<String> {
    ask(dir, &["symbolic-ref", "--short", "-q", "HEAD"])
}

/// When a revision was committed, RFC 3339, if the name is one.
pub fn date_of(dir: &Path, revision: &str) -> Option<String> {
    // A name that begins with a hyphen would be read as an option.
    if revision.starts_with('-') {
        return None;
    }
    ask(dir, &["log", "-1", "--format=%cI", "--end-of-options", revision, "--"])
}
