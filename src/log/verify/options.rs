//! Where to look, and whom to ask.

use super::history::Against;
use crate::git::Repo;
use crate::log::spool::Spooled;
use std::path::Path;

/// Where to look, and whom to ask.
pub struct Options<'a> {
    /// The register's folder.
    pub root: &'a Path,
    /// The spool of this clone.
    pub spool: &'a [Spooled],
    /// The git checkout that holds the register, if any.
    pub repo: Option<&'a Repo>,
    /// The branch checked out.
    pub branch: Option<&'a str>,
    /// Go through git's history; without it git is not asked at all.
    pub history: bool,
    /// A revision or checkpoint named by the user.
    pub against: Option<Against>,
    /// File of the keys that may sign checkpoints.
    pub signers: Option<&'a Path>,
    /// Told after each file: files done, files in all.
    pub progress: Option<&'a dyn Fn(usize, usize)>,
}
