//! The folder outside the repository where the files of the evidence are kept, as
//! `register.yaml: evidence_store` names it.
//!
//! A file waits under a name of ours in `.waiting` until its entry is recorded, then goes to
//! `DEPARTMENT/NAME`. No name of a person's is ever a path, nothing is written through a link, and
//! nothing that is there is written over.

use crate::serve::call::Upload;
use crate::serve::desk::Desk;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The store.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Desk {
    /// The store; `None` where register.yaml names none: then files are hashed and let go.
    ///
    /// # Errors
    /// When the folder named lies in the register or in the repository, or is none.
    pub fn store(&self) -> Result<Option<Store>, String> {
        let view = self.views.now()?;
        let Some(named) = &view.s.register.settings.evidence_store else { return Ok(None) };
        let folder = view.s.root.join(named.as_str());
        let real = folder.canonicalize().map_err(|e| format!("evidence_store {}: {e}", named.as_str()))?;
        let root = view.s.root.canonicalize().unwrap_or_else(|_| view.s.root.clone());
        let top = root.ancestors().find(|a| a.join(".git").exists()).unwrap_or(&root);
        if real.starts_with(top) || top.starts_with(&real) || !real.is_dir() {
            return Err(format!("evidence_store {} must be a folder outside the repository", named.as_str()));
        }
        Ok(Some(Store { folder: real }))
    }
}

impl Store {
    /// A file that waits; gone when it is dropped.
    ///
    /// # Errors
    /// What the system said.
    pub fn wait(&self) -> io::Result<NamedTempFile> {
        let room = self.folder.join(".waiting");
        own(&room)?;
        NamedTempFile::new_in(room)
    }

    /// Puts a file that waited in its place; gives the place within the store. The same file twice is kept once.
    ///
    /// # Errors
    /// What the system said; a folder that is a link.
    pub fn keep(&self, upload: &mut Upload, dept: &str) -> io::Result<String> {
        let Some(waiting) = upload.waiting.take() else { return Err(io::Error::other("the file did not come whole")) };
        let dept = tame(dept);
        let dir = self.folder.join(&dept);
        own(&dir)?;
        let name = tame(&upload.name);
        let mut waiting = waiting;
        for n in 0..100 {
            let shown = match n {
                0 => name.clone(),
                1 => format!("{}-{name}", &upload.sha256[..8]),
                n => format!("{}-{n}-{name}", &upload.sha256[..8]),
            };
            let to = dir.join(&shown);
            match waiting.persist_noclobber(&to) {
                Ok(()) => {
                    fs::File::open(&to)?.sync_all()?;
                    return Ok(format!("{dept}/{shown}"));
                }
                Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
                    let plain = fs::symlink_metadata(&to).is_ok_and(|m| m.is_file() && m.len() == upload.size);
                    if plain && crate::intake::proposal::measure(&to).is_ok_and(|(sum, _)| sum == upload.sha256) {
                        return Ok(format!("{dept}/{shown}"));
                    }
                    waiting = e.path;
                }
                Err(e) => return Err(e.error),
            }
        }
        Err(io::Error::other("too many files of that name"))
    }
}

impl Store {
    /// Takes away what waits for longer than any upload lasts: a desk that was killed left it.
    pub fn tidy(&self, older: std::time::Duration) {
        for entry in fs::read_dir(self.folder.join(".waiting")).into_iter().flatten().flatten() {
            let old = entry.metadata().and_then(|m| m.modified()).is_ok_and(|t| t.elapsed().is_ok_and(|age| age > older));
            if old {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A folder of ours: made where there is none, refused where it is a link or a file.
fn own(dir: &Path) -> io::Result<()> {
    match fs::symlink_metadata(dir) {
        Ok(m) if m.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::other(format!("{} is not a folder but a link or a file; nothing is written through it", dir.display()))),
        Err(e) if e.kind() == io::ErrorKind::NotFound => fs::create_dir(dir),
        Err(e) => Err(e),
    }
}

/// A name of a person's as a name of a file: its last part, without what a path, a shell or a list
/// of files could stumble over; at most 120 bytes, its ending kept.
pub fn tame(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let good = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '(' | ')' | '（' | '）' | '《' | '》' | '〔' | '〕' | '号');
    let mut out: String = last.chars().map(|c| if good(c) { c } else { '_' }).collect();
    while out.starts_with('.') || out.starts_with('-') {
        out.remove(0);
    }
    if out.len() > 120 {
        let end: String = out.rsplit_once('.').map(|x| x.1).filter(|e| e.len() <= 10).map_or_else(String::new, |e| format!(".{e}"));
        let mut at = 120 - end.len();
        while !out.is_char_boundary(at) {
            at -= 1;
        }
        out = format!("{}{end}", &out[..at]);
    }
    if out.is_empty() { "file".into() } else { out }
}

#[cfg(test)]
mod tests {
    use super::tame;

    #[test]
    fn no_name_is_a_path() {
        let cases = [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("..", "file"),
            ("", "file"),
            (".bashrc", "bashrc"),
            ("-rf", "rf"),
            ("通知（2026）.pdf", "通知（2026）.pdf"),
            ("a\0b\n$(x).pdf", "a_b__(x).pdf"),
            ("/abs/olute", "olute"),
        ];
        for (name, want) in cases {
            assert_eq!(tame(name), want, "{name:?}");
        }
        let long = tame(&format!("{}.pdf", "长".repeat(200)));
        assert!(long.len() <= 120 && long.ends_with(".pdf"), "{long}");
    }
}
