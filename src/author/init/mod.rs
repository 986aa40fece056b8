//! A register of one's own.
//!
//! 1. [`Given`] is what is known about the office; [`files`] says what it consists of: the office's own files from [`texts`], and the
//!    shipped catalogue written out below unless another one is borrowed.
//! 2. [`stage`] writes all of it to a hidden folder beside its place, where the caller can
//!    hold it against every rule.
//! 3. [`settle`] gives the folder its name in one step. Killed at any moment, there is a whole
//!    register or none.

mod given;
mod texts;

pub use given::{Catalogue, Given};

use super::{mark, schema, shipped};
use std::io;
use std::path::Path;

/// Which runner the side files are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// A script alone.
    Script,
    /// GitHub Actions.
    GitHub,
    /// GitLab CI.
    GitLab,
}

/// The folder of the register below the one that was named.
pub const FOLDER: &str = "obligations";

/// The register's files, by their paths in it.
pub fn files(given: &Given) -> Vec<mark::Wanted> {
    let mut out = Vec::new();
    let (mut home, mut below) = (schema::FOLDER.to_string(), String::new());
    match &given.catalogue {
        Catalogue::Shipped => {
            home = format!("national/{home}");
            below = "national/".into();
            out.extend(shipped::FILES.iter().map(|(path, text)| (format!("national/{path}"), (*text).to_string())));
        }
        Catalogue::Other { .. } => {}
        Catalogue::Empty => out.push(("evidence-types.yaml".into(), shipped::file("evidence-types.yaml").into())),
    }
    out.extend(schema::KINDS.iter().map(|kind| (format!("{below}{}/{}.json", schema::FOLDER, kind.name), schema::text(kind))));
    for (path, text) in texts::own(given) {
        let text = match schema::kind_of(path, &[]) {
            Some(kind) => mark::marked(&text, kind, path, &home),
            None => text,
        };
        out.push((path.to_string(), text));
    }
    out.sort();
    out
}

/// The files beside the register, by their paths in the folder named.
pub fn beside(runner: Runner) -> Vec<(&'static str, String)> {
    let mut out = vec![(".gitattributes", texts::GITATTRIBUTES.to_string()), ("ci/obligations.sh", texts::script())];
    match runner {
        Runner::Script => {}
        Runner::GitHub => out.push((".github/workflows/obligations.yml", texts::GITHUB.into())),
        Runner::GitLab => out.push((".gitlab-ci.yml", texts::GITLAB.into())),
    }
    out
}

/// Writes the files to a hidden folder in `dir`; gone with its owner unless it is settled.
///
/// # Errors
/// When the disk does not take them.
pub fn stage(dir: &Path, files: &[mark::Wanted]) -> io::Result<tempfile::TempDir> {
    let stage = tempfile::Builder::new().prefix(".duban-").tempdir_in(dir)?;
    for (path, text) in files {
        super::write::create(&stage.path().join(path), text.as_bytes())?;
    }
    Ok(stage)
}

/// Gives the staged folder its name.
///
/// # Errors
/// When the name is taken; then nothing has changed.
pub fn settle(stage: tempfile::TempDir, place: &Path) -> io::Result<()> {
    if place.symlink_metadata().is_ok() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something of that name is there already"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(stage.path(), std::fs::Permissions::from_mode(0o755))?;
    }
    std::fs::rename(stage.path(), place)?;
    // It has another name now: there is nothing left to remove.
    let _ = stage.keep();
    Ok(())
}
