//! The registers of an earlier revision, laid out in a folder of their own.
//!
//! The repository is only read: an index beside the temporary folder, no hooks, nothing
//! checked out where people work. Every folder of the revision that has a register.yaml
//! comes along, so that a catalogue is where its borrower expects it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A revision laid out; the folder goes with it.
pub struct Tree {
    /// The register's folder in it.
    pub root: PathBuf,
    /// The commit, abbreviated.
    pub commit: String,
    /// When it was committed, RFC 3339.
    pub date: String,
    _folder: tempfile::TempDir,
}

/// Why a revision cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// The register does not stand in git.
    #[error("the register does not stand in a git repository")]
    NoRepository,
    /// There is no such revision.
    #[error("there is no revision {0}")]
    NoRevision(String),
    /// The revision has no register at the same place.
    #[error("revision {0} has no {1}")]
    NoRegister(String, String),
    /// git or the disk refused.
    #[error("the revision cannot be laid out: {0}")]
    Failed(String),
}

fn git(dir: &Path, index: Option<&Path>, args: &[&str], input: Option<&[u8]>) -> Result<Vec<u8>, TreeError> {
    let mut command = Command::new("git");
    // Bytes as committed, and nobody's hook is run.
    command
        .arg("-C")
        .arg(dir)
        .args(["-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", "-c", "core.fsmonitor=false"])
        .args(args);
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let failed = |e: std::io::Error| TreeError::Failed(e.to_string());
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    if let (Some(bytes), Some(mut pipe)) = (input, child.stdin.take()) {
        pipe.write_all(bytes).map_err(failed)?;
    }
    let out = child.wait_with_output().map_err(failed)?;
    if out.status.success() { Ok(out.stdout) } else { Err(TreeError::Failed(String::from_utf8_lossy(&out.stderr).trim().to_string())) }
}

fn line(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_string()
}

/// Lays out the registers of a revision; `dir` is the register's folder today.
///
/// # Errors
/// When there is no repository, revision or register, or git fails.
pub fn materialise(dir: &Path, revision: &str) -> Result<Tree, TreeError> {
    let top = line(git(dir, None, &["rev-parse", "--show-toplevel"], None).map_err(|_| TreeError::NoRepository)?);
    let prefix = line(git(dir, None, &["rev-parse", "--show-prefix"], None)?);
    let top = PathBuf::from(top);
    // A name that begins with a hyphen would be read as an option.
    let name = format!("{revision}^{{commit}}");
    let commit = (!revision.starts_with('-')).then(|| git(dir, None, &["rev-parse", "--verify", "--quiet", &name], None).ok()).flatten();
    let commit = line(commit.ok_or_else(|| TreeError::NoRevision(revision.to_string()))?);
    let list = git(&top, None, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", &commit], None)?;
    let paths: Vec<&[u8]> = list.split(|b| *b == 0).filter(|p| !p.is_empty()).collect();
    let wanted = format!("{prefix}register.yaml");
    if !paths.contains(&wanted.as_bytes()) {
        return Err(TreeError::NoRegister(revision.to_string(), wanted));
    }
    let folders: BTreeSet<&[u8]> =
        paths.iter().filter_map(|p| p.strip_suffix(b"register.yaml")).filter(|f| f.is_empty() || f.ends_with(b"/")).collect();
    let inside = |p: &[u8]| folders.contains(&b""[..]) || p.iter().enumerate().any(|(i, b)| *b == b'/' && folders.contains(&p[..=i]));
    let mut input = Vec::new();
    for path in paths.into_iter().filter(|p| inside(p)) {
        input.extend_from_slice(path);
        input.push(0);
    }
    let folder = tempfile::Builder::new().prefix("duban-").tempdir().map_err(|e| TreeError::Failed(e.to_string()))?;
    let index = folder.path().join("index");
    let tree = folder.path().join("tree");
    let into = format!("--prefix={}/", tree.to_str().ok_or_else(|| TreeError::Failed("the temporary folder has an odd name".into()))?);
    git(&top, Some(&index), &["read-tree", &commit], None)?;
    git(&top, Some(&index), &["checkout-index", "-q", "-f", "-z", "--stdin", &into], Some(&input))?;
    let date = line(git(dir, None, &["log", "-1", "--format=%cI", &commit], None)?);
    let short = line(git(dir, None, &["rev-parse", "--short", &commit], None)?);
    Ok(Tree { root: tree.join(&prefix), commit: short, date, _folder: folder })
}

/// Commits that touched any YAML file of the repository, newest first, at the most so many: the
/// whole name and when, RFC 3339. Nothing outside git or where it cannot be asked.
pub fn revisions(dir: &Path, most: usize) -> Vec<(String, String)> {
    let n = format!("-{most}");
    let args = ["log", "--format=%H %cI", &n, "--", ":(top,glob)**/*.yaml", ":(top,glob)**/*.yml"];
    let Ok(out) = git(dir, None, &args, None) else { return Vec::new() };
    String::from_utf8_lossy(&out).lines().filter_map(|l| l.split_once(' ')).map(|(c, d)| (c.to_string(), d.to_string())).collect()
}
