//! A folder of printed reports: written whole, or held against what it should be.
//!
//! Everything is made before the first file is touched; each file is put in its place at
//! once; what is as it should be is left alone. Nothing is ever deleted: a file that nobody
//! makes any more is told.

use super::forms::Carried;
use crate::author::write;
use crate::cli::context::{Stop, put, relative};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a file should be.
pub enum Is {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file that carries this digest of its page.
    Carrying(Carried, String),
}

/// A file of a report, by its path in the folder.
pub struct File {
    /// `pack/CITY-PSB.md`.
    pub path: String,
    /// What it should be.
    pub is: Is,
}

/// A page with its files.
pub struct Printed {
    /// Name without extension.
    pub stem: String,
    /// Its title.
    pub title: String,
    /// The as-of day in words.
    pub as_of: String,
    /// Digest of the page.
    pub digest: String,
    /// Its files.
    pub files: Vec<File>,
}

/// The folder.
pub struct Folder {
    dir: PathBuf,
    /// As seen from where the command runs.
    shown: String,
}

impl Folder {
    /// A folder outside the register: in it, every file would be a stray of the register.
    ///
    /// # Errors
    /// When it is inside.
    pub fn new(dir: PathBuf, root: &Path) -> Result<Folder, Stop> {
        let dir = tidy(&dir);
        if dir.starts_with(tidy(root)) {
            let why = "every file in a register's folder is part of the register";
            return Err(Stop::new(format!("{} is inside the register", dir.display()), why, "write to a folder outside of it"));
        }
        let here = std::env::current_dir().unwrap_or_default();
        let shown = relative(&here, &dir);
        Ok(Folder { dir, shown: if shown.is_empty() { ".".into() } else { shown } })
    }

    /// The line of the index that says with what fonts the PDF files were printed.
    pub fn fonts_line(&self) -> String {
        let text = std::fs::read_to_string(self.dir.join("index.md")).unwrap_or_default();
        text.lines().find(|l| l.starts_with(super::index::FONTS)).unwrap_or("").to_string()
    }

    /// The digest in that line.
    pub fn fonts(&self) -> Option<String> {
        let line = self.fonts_line();
        let digest = line.rsplit(' ').next()?;
        (digest.len() == 64).then(|| digest.to_string())
    }

    fn show(&self, path: &str) -> String {
        format!("{}/{path}", self.shown)
    }

    /// Puts the files in their places; says how many, and what is left over.
    pub fn write(&self, all: &[Printed], only: Option<&Vec<&str>>) -> Result<u8, Stop> {
        let mut written = 0;
        let files: Vec<&File> = all.iter().flat_map(|p| &p.files).collect();
        for file in &files {
            let Is::Bytes(bytes) = &file.is else { continue };
            let path = self.dir.join(&file.path);
            if std::fs::read(&path).is_ok_and(|old| old == *bytes) {
                continue;
            }
            let fail = |e: std::io::Error| {
                Stop::new(
                    format!("cannot write {}", self.show(&file.path)),
                    e.to_string(),
                    "what was written stays; run it again when this is mended",
                )
            };
            write::put(&path, bytes).map_err(fail)?;
            written += 1;
        }
        let left = only.map_or_else(Vec::new, |only| self.left_over(all, only));
        let mut said: String = left.iter().map(|p| format!("left over: {}\n", self.show(p))).collect();
        said += &format!("{} files in {}, {written} written\n", files.len(), self.shown);
        put(&crate::render::terminal::tame(&said))
    }

    /// Names every file that differs, is missing or is left over.
    pub fn compare(&self, all: &[Printed], only: Option<&Vec<&str>>) -> Result<u8, Stop> {
        let mut said = Vec::new();
        let mut n = 0;
        for file in all.iter().flat_map(|p| &p.files) {
            n += 1;
            let path = self.dir.join(&file.path);
            let shown = self.show(&file.path);
            match (std::fs::read(&path), &file.is) {
                (Err(e), _) if e.kind() == std::io::ErrorKind::NotFound => said.push(format!("missing: {shown}")),
                (Err(e), _) => said.push(format!("cannot be read: {shown}: {e}")),
                (Ok(old), Is::Bytes(new)) if old != *new => said.push(format!("differs: {shown}{}", first_difference(&old, new))),
                (Ok(old), Is::Carrying(read, want)) => match read(&old) {
                    Some(have) if have == *want => {}
                    Some(have) => said.push(format!("differs: {shown}: made from page {have}, now {want}")),
                    None => said.push(format!("differs: {shown}: it carries no page digest")),
                },
                (Ok(_), Is::Bytes(_)) => {}
            }
        }
        let left = only.map_or_else(Vec::new, |only| self.left_over(all, only));
        said.extend(left.into_iter().map(|p| format!("left over: {}", self.show(&p))));
        let bad = !said.is_empty();
        // Less was looked at there than bytes: that is said, not passed over.
        let carried = all.iter().flat_map(|p| &p.files).filter(|f| matches!(f.is, Is::Carrying(..))).count();
        let less = if carried > 0 { format!(" ({carried} of them by the digest that they carry)") } else { String::new() };
        said.push(if bad {
            format!("{} complaints about {n} files{less}", said.len())
        } else {
            format!("{n} files are as they should be{less}")
        });
        put(&(crate::render::terminal::tame(&said.join("\n")).into_owned() + "\n"))?;
        Ok(u8::from(bad))
    }

    /// Files that no report makes, hidden ones left aside; with formats named, those alone.
    fn left_over(&self, all: &[Printed], only: &[&str]) -> Vec<String> {
        let made: BTreeSet<&str> = all.iter().flat_map(|p| &p.files).map(|f| f.path.as_str()).collect();
        let mut found = Vec::new();
        let mut open = vec![(self.dir.clone(), String::new())];
        while let Some((dir, rel)) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&dir) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.starts_with('.') {
                    continue;
                }
                let path = if rel.is_empty() { name } else { format!("{rel}/{name}") };
                // A link to a folder is told as what it is and not followed.
                if entry.file_type().is_ok_and(|t| t.is_dir()) {
                    open.push((entry.path(), path));
                } else if !made.contains(path.as_str()) && (only.is_empty() || only.iter().any(|x| path.ends_with(&format!(".{x}")))) {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

/// The absolute path without `.` and `..`; links of what is there are resolved.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for step in path.components() {
        match step {
            std::path::Component::ParentDir => drop(out.pop()),
            step => out.push(step),
        }
        out = out.canonicalize().unwrap_or(out);
    }
    out
}

/// The line where two texts part, for whoever has to find it.
fn first_difference(old: &[u8], new: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else { return String::new() };
    let same = old.lines().zip(new.lines()).take_while(|(a, b)| a == b).count();
    format!(", from line {}", same + 1)
}
