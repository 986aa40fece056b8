//! The files that evidence names, looked for in the folders where an office keeps them.
//!
//! The register holds references only; [`Store`] says of each whether its file is where it
//! was looked for, and whether it still has the digest that was recorded. Links are not
//! followed. A file found under another name by its size and digest is found.

use super::proposal::measure;
use crate::model::Evidence;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// There, with the digest recorded.
    Present(PathBuf),
    /// There under that name, with another digest.
    Changed(PathBuf),
    /// Not in any of the folders.
    Missing,
    /// There, or so it seems, and it cannot be read: neither present nor missing.
    Unreadable(PathBuf, String),
    /// Cited by name alone: there is no digest to hold it against.
    NameOnly,
    /// No folder was given to look in.
    NotLooked,
}

/// Folders and what lies in them.
#[derive(Debug, Default)]
pub struct Store {
    by_name: HashMap<String, Vec<PathBuf>>,
    by_size: HashMap<u64, Vec<PathBuf>>,
    sums: RefCell<HashMap<PathBuf, Result<String, String>>>,
    folders: usize,
    /// Folders and files that could not be looked at.
    pub troubles: Vec<String>,
}

impl Store {
    /// Looks through the folders, to any depth.
    pub fn open(folders: &[PathBuf]) -> Store {
        let mut store = Store { folders: folders.len(), ..Store::default() };
        let mut open: Vec<PathBuf> = folders.to_vec();
        while let Some(dir) = open.pop() {
            let entries = match std::fs::read_dir(&dir) {
                Ok(entries) => entries,
                Err(e) => {
                    store.troubles.push(format!("{}: {e}", dir.display()));
                    continue;
                }
            };
            let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
            paths.sort();
            for path in paths {
                match std::fs::symlink_metadata(&path) {
                    Ok(m) if m.is_dir() => open.push(path),
                    Ok(m) if m.is_file() => {
                        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                        store.by_name.entry(name).or_default().push(path.clone());
                        store.by_size.entry(m.len()).or_default().push(path);
                    }
                    Ok(_) => {}
                    Err(e) => store.troubles.push(format!("{}: {e}", path.display())),
                }
            }
        }
        store
    }

    fn sum(&self, path: &Path) -> Result<String, String> {
        if let Some(known) = self.sums.borrow().get(path) {
            return known.clone();
        }
        let sum = measure(path).map(|(hex, _)| hex).map_err(|e| e.to_string());
        self.sums.borrow_mut().insert(path.into(), sum.clone());
        sum
    }

    /// What became of the file of a reference.
    pub fn look(&self, e: &Evidence) -> Held {
        let Some(wanted) = &e.sha256 else { return Held::NameOnly };
        if self.folders == 0 {
            return Held::NotLooked;
        }
        let named = self.by_name.get(&*e.name).map(Vec::as_slice).unwrap_or_default();
        let sized = e.size.and_then(|s| self.by_size.get(&s)).map(Vec::as_slice).unwrap_or_default();
        let (mut changed, mut unread) = (None, None);
        for (path, by_name) in named.iter().map(|p| (p, true)).chain(sized.iter().map(|p| (p, false))) {
            match self.sum(path) {
                Ok(sum) if sum == **wanted => return Held::Present(path.clone()),
                Ok(_) if by_name => changed = Some(path.clone()),
                Ok(_) => {}
                Err(why) if by_name => unread = Some((path.clone(), why)),
                Err(_) => {}
            }
        }
        match (unread, changed) {
            (Some((path, why)), _) => Held::Unreadable(path, why),
            (None, Some(path)) => Held::Changed(path),
            (None, None) => Held::Missing,
        }
    }
}
