//! A folder of printed reports: written whole, or held against what it should be.
//!
//! Everything is made before the first file is touched; each file is put in its place at
//! once; what is as it should be is left alone. Nothing is ever deleted: a file that nobody
//! makes any more is told.

use super::forms::Carried;
use crate::author::write;
use crate::cli::context::{Stop, put, relative};
use crate::model::{Lang, Term};
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
            let why = ("登记册目录中的每个文件都属于登记册", "every file in a register's folder is part of the register");
            return Err(Stop::new(
                (format!("{} 在登记册之内", dir.display()), format!("{} is inside the register", dir.display())),
                why,
                ("请写到登记册之外的目录", "write to a folder outside of it"),
            ));
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
    pub fn write(&self, all: &[Printed], only: Option<&Vec<&str>>, lang: Lang) -> Result<u8, Stop> {
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
                    (format!("无法写入 {}", self.show(&file.path)), format!("cannot write {}", self.show(&file.path))),
                    e.to_string(),
                    ("已写的保留；解决后请再运行一次", "what was written stays; run it again when this is mended"),
                )
            };
            write::put(&path, bytes).map_err(fail)?;
            written += 1;
        }
        let left = only.map_or_else(Vec::new, |only| self.left_over(all, only));
        let mut said: String = left.iter().map(|p| about(LEFT_OVER, lang, &self.show(p)) + "\n").collect();
        let (n, shown) = (files.len(), &self.shown);
        said += &match lang {
            Lang::En => format!("{n} files in {shown}, {written} written\n"),
            _ => format!("{shown} 中共 {n} 个文件，写入 {written} 个\n"),
        };
        put(&crate::render::terminal::tame(&said))
    }

    /// Names every file that differs, is missing or is left over.
    pub fn compare(&self, all: &[Printed], only: Option<&Vec<&str>>, lang: Lang) -> Result<u8, Stop> {
        let en = lang == Lang::En;
        let mut said = Vec::new();
        let mut n = 0;
        for file in all.iter().flat_map(|p| &p.files) {
            n += 1;
            let path = self.dir.join(&file.path);
            let shown = self.show(&file.path);
            match (std::fs::read(&path), &file.is) {
                (Err(e), _) if e.kind() == std::io::ErrorKind::NotFound => said.push(about(MISSING, lang, &shown)),
                (Err(e), _) => said.push(about(UNREADABLE, lang, &format!("{shown}: {e}"))),
                (Ok(old), Is::Bytes(new)) if old != *new => {
                    said.push(about(DIFFERS, lang, &format!("{shown}{}", first_difference(&old, new, lang))));
                }
                (Ok(old), Is::Carrying(read, want)) => match read(&old) {
                    Some(have) if have == *want => {}
                    Some(have) => said.push(about(
                        DIFFERS,
                        lang,
                        &if en {
                            format!("{shown}: made from page {have}, now {want}")
                        } else {
                            format!("{shown}：由页面 {have} 制成，现为 {want}")
                        },
                    )),
                    None => said.push(about(
                        DIFFERS,
                        lang,
                        &if en { format!("{shown}: it carries no page digest") } else { format!("{shown}：不带页面摘要") },
                    )),
                },
                (Ok(_), Is::Bytes(_)) => {}
            }
        }
        let left = only.map_or_else(Vec::new, |only| self.left_over(all, only));
        said.extend(left.into_iter().map(|p| about(LEFT_OVER, lang, &self.show(&p))));
        let bad = !said.is_empty();
        // Less was looked at there than bytes: that is said, not passed over.
        let carried = all.iter().flat_map(|p| &p.files).filter(|f| matches!(f.is, Is::Carrying(..))).count();
        let less = match carried {
            0 => String::new(),
            n if en => format!(" ({n} of them by the digest that they carry)"),
            n => format!("（其中 {n} 个按所带摘要核对）"),
        };
        said.push(match (bad, en) {
            (true, true) => format!("{} complaints about {n} files{less}", said.len()),
            (true, false) => format!("{n} 个文件中发现 {} 处不符{less}", said.len()),
            (false, true) => format!("{n} files are as they should be{less}"),
            (false, false) => format!("{n} 个文件都与登记册相符{less}"),
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

/// What may be said of a file, before its path.
const LEFT_OVER: Term = Term("多余", "left over");
const MISSING: Term = Term("缺少", "missing");
const UNREADABLE: Term = Term("无法读取", "cannot be read");
const DIFFERS: Term = Term("不同", "differs");

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

fn about(what: Term, lang: Lang, path: &str) -> String {
    format!("{}: {path}", what.say(lang))
}

/// The line where two texts part, for whoever has to find it.
fn first_difference(old: &[u8], new: &[u8], lang: Lang) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else { return String::new() };
    let same = old.lines().zip(new.lines()).take_while(|(a, b)| a == b).count();
    if lang == Lang::En { format!(", from line {}", same + 1) } else { format!("，从第 {} 行起", same + 1) }
}
