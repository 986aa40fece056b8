//! Where a clone keeps what is never committed, and the spool in it.
//!
//! Order of things: [`StateFolder`] is found once a run; it holds the writer's four
//! characters, the lock, the post that wrote last, bytes set aside, and the spool:
//! every acknowledged line of this clone until an upstream branch holds it. From the
//! sync of the spool on an entry survives whatever happens to the log.

use super::disk::Disk;
use super::lines::{is_dept, parse_name};
use crate::git::{self, Repo};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// One line of the spool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spooled {
    /// `log/DEPT/NAME`.
    pub file: String,
    /// The branch on which it was written; none outside git or when detached.
    pub branch: Option<String>,
    /// One or more whole lines with their LF.
    pub line: String,
}

/// Where this clone keeps what is never committed.
#[derive(Debug, Clone)]
pub struct StateFolder {
    /// The folder.
    pub path: PathBuf,
    /// The checkout around the register, if any.
    pub repo: Option<Repo>,
    /// The branch checked out when this was asked.
    pub branch: Option<String>,
}

impl StateFolder {
    /// In the worktree's own git folder, else `.duban/` in the register.
    ///
    /// # Errors
    /// When git is there and cannot be asked.
    pub fn find(root: &Path) -> Result<StateFolder, String> {
        let repo = git::locate(root)?;
        let path = repo.as_ref().map_or_else(|| root.join(".duban"), |r| r.git_dir.join("duban"));
        let branch = repo.as_ref().and_then(Repo::branch);
        Ok(StateFolder { path, repo, branch })
    }

    /// The folder and what must stand in it; outside git it hides itself from a git that
    /// comes later.
    ///
    /// # Errors
    /// When it cannot be made, or is a link.
    pub fn make(&self, disk: &dyn Disk) -> std::io::Result<()> {
        if fs::symlink_metadata(&self.path).is_ok_and(|m| !m.is_dir()) {
            return Err(std::io::Error::other(format!("{} is not a folder", self.path.display())));
        }
        if !self.path.exists() {
            disk.make_dirs(&self.path)?;
        }
        let ignore = self.path.join(".gitignore");
        if self.repo.is_none() && !ignore.exists() {
            fs::write(ignore, "*\n")?;
        }
        Ok(())
    }

    fn plain(&self, name: &str) -> Option<String> {
        let path = self.path.join(name);
        fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
        fs::read_to_string(path).ok()
    }

    /// The post that wrote last from this clone.
    pub fn last_post(&self) -> Option<String> {
        self.plain("post").map(|s| s.trim().to_string()).filter(|s| !s.is_empty())
    }

    /// Remembers the post; nothing depends on it.
    pub fn remember(&self, post: &str) {
        let path = self.path.join("post");
        if fs::symlink_metadata(&path).map_or(true, |m| m.is_file()) {
            let _ = fs::write(path, format!("{post}\n"));
        }
    }

    /// Path of the spool.
    pub fn spool_path(&self) -> PathBuf {
        self.path.join("spool.jsonl")
    }

    /// The spool's lines that read; a torn one was never confirmed.
    pub fn spool(&self) -> Vec<Spooled> {
        let Some(bytes) =
            fs::symlink_metadata(self.spool_path()).ok().filter(fs::Metadata::is_file).and_then(|_| fs::read(self.spool_path()).ok())
        else {
            return Vec::new();
        };
        bytes.split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice::<Spooled>(l).ok()).filter(inside).collect()
    }

    /// This clone's four characters. They are tied to the folder, so that a copied clone
    /// draws its own instead of writing on under the other's name.
    ///
    /// # Errors
    /// When the system gives no random numbers or the name cannot be kept.
    pub fn suffix(&self, disk: &dyn Disk) -> std::io::Result<String> {
        let here = place(&self.path);
        if let Some(text) = self.plain("writer") {
            let mut words = text.split_whitespace();
            if let Some(mark) = words.next().filter(|m| m.len() == 4 && m.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
                && words.next().is_none_or(|p| p == here)
            {
                return Ok(mark.to_string());
            }
        }
        let mut bytes = [0u8; 4];
        getrandom::fill(&mut bytes).map_err(|e| std::io::Error::other(format!("the system gives no random numbers: {e}")))?;
        let mark: String = bytes.iter().map(|b| char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(b & 31)])).collect();
        disk.replace(&self.path.join("writer"), format!("{mark} {here}\n").as_bytes())?;
        Ok(mark)
    }

    /// Lets go of the spool's lines that the upstream branch holds. Only ever shortens
    /// what is safe elsewhere; asked when the spool has grown.
    ///
    /// # Errors
    /// When the spool cannot be written; it is then as it was.
    pub fn settle(&self, disk: &dyn Disk, root: &Path) -> std::io::Result<usize> {
        let Some(repo) = &self.repo else { return Ok(0) };
        let Some(upstream) = repo.upstream() else { return Ok(0) };
        let spool = self.spool();
        let mut held: std::collections::HashMap<String, std::collections::HashSet<String>> = std::collections::HashMap::new();
        let mut keep = String::new();
        let mut gone = 0;
        for s in &spool {
            let lines = held
                .entry(s.file.clone())
                .or_insert_with(|| repo.file_at(&upstream, root, &s.file).unwrap_or_default().lines().map(String::from).collect());
            if s.line.lines().all(|l| lines.contains(l)) {
                gone += 1;
            } else {
                keep.push_str(&serde_json::to_string(s).expect("a spool line is plain data"));
                keep.push('\n');
            }
        }
        if gone > 0 {
            disk.replace(&self.spool_path(), keep.as_bytes())?;
        }
        Ok(gone)
    }
}

/// Nothing but `log/DEPT/MONTH.WRITER.jsonl`: the spool may come with a copied folder, and
/// must not lead out of the register.
fn inside(s: &Spooled) -> bool {
    let steps: Vec<&str> = s.file.split('/').collect();
    matches!(steps.as_slice(), ["log", dept, name] if is_dept(dept) && parse_name(name).is_some()) && s.line.ends_with('\n')
}

/// What tells a folder from its copy.
#[cfg(unix)]
fn place(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map_or_else(|_| "-".into(), |m| format!("{}:{}", m.dev(), m.ino()))
}
#[cfg(not(unix))]
fn place(path: &Path) -> String {
    crate::digest::chain("", path.to_string_lossy().as_bytes())
}
