//! Drafts: `log/drafts/DEPT/*.yaml`, entries written at leisure and sealed together.
//!
//! A draft counts for nothing until it is sealed, and `check` says that it waits. Each
//! entry goes in under a key made of the file's path, words and time of writing, so that a
//! seal cut short and asked again records nothing twice.

use super::proposal::Proposal;
use crate::digest;
use crate::finding::words;
use crate::load::loose::{self, Slip};
use crate::model::Words;
use serde_json::Value;
use std::io;
use std::path::{Path, PathBuf};

/// Largest draft: 1 MiB.
const MOST: u64 = 1 << 20;

/// A draft file as it was read.
#[derive(Debug)]
pub struct DraftFile {
    /// `log/drafts/DEPT/NAME.yaml`.
    pub rel: String,
    /// Its folder: the department whose record it is for.
    pub dept: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Entries with their line.
    pub items: Vec<(usize, Proposal)>,
    /// Every mistake in it.
    pub slips: Vec<Slip>,
    /// First part of its entries' keys: path and words.
    pub words_key: String,
    /// Second part: when it was written.
    time_key: String,
}

impl DraftFile {
    /// The key of its entry `n`.
    pub fn key(&self, n: usize) -> String {
        format!("{}-{}-{n}", self.words_key, self.time_key)
    }
}

/// Paths of all drafts, sorted, and what lies there and is none: perhaps a piece of
/// evidence, perhaps a draft under another ending.
pub fn find(root: &Path) -> io::Result<(Vec<String>, Vec<String>)> {
    let (mut drafts, mut odd) = (Vec::new(), Vec::new());
    let base = root.join("log/drafts");
    for dept in names(&base)? {
        let dir = base.join(&dept);
        if !std::fs::symlink_metadata(&dir)?.is_dir() {
            if !dept.starts_with('.') {
                odd.push(format!("log/drafts/{dept}"));
            }
            continue;
        }
        for name in names(&dir)? {
            let rel = format!("log/drafts/{dept}/{name}");
            let plain = std::fs::symlink_metadata(dir.join(&name))?.is_file();
            if plain && (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.starts_with('.') {
                drafts.push(rel);
            } else if !name.starts_with('.') {
                odd.push(rel);
            }
        }
    }
    Ok((drafts, odd))
}

fn names(dir: &Path) -> io::Result<Vec<String>> {
    let mut all: Vec<String> = match std::fs::read_dir(dir) {
        Ok(entries) => entries.map(|e| e.map(|e| e.file_name().to_string_lossy().into_owned())).collect::<io::Result<_>>()?,
        Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(e),
    };
    all.sort();
    Ok(all)
}

/// Reads one draft; mistakes are part of the answer.
///
/// # Errors
/// When the file cannot be read, is no plain file or is larger than 1 MiB.
pub fn read(root: &Path, rel: &str) -> io::Result<DraftFile> {
    let path: PathBuf = root.join(rel);
    let meta = std::fs::symlink_metadata(&path)?;
    if !meta.is_file() {
        return Err(io::Error::other("not a plain file"));
    }
    if meta.len() > MOST {
        return Err(io::Error::other("larger than 1 MiB"));
    }
    let bytes = std::fs::read(&path)?;
    let (items, mut slips) = loose::items::<Proposal>(&bytes);
    if items.is_empty() && slips.is_empty() {
        slips.push((1, 1, words("没有可封存的内容".into(), "there is nothing in it to seal".into())));
    }
    let time = meta.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |d| d.as_nanos());
    let text = String::from_utf8_lossy(&bytes);
    Ok(DraftFile {
        rel: rel.into(),
        dept: rel.split('/').nth(2).unwrap_or_default().into(),
        items,
        slips,
        words_key: format!("draft-{}", digest::fingerprint([rel, &text])),
        time_key: digest::fingerprint([time.to_string().as_str()]),
        bytes,
    })
}

/// A draft as YAML text under comment lines; every value is written so that any YAML
/// reader gives back the same characters.
pub fn write(comments: &[String], proposals: &[Value]) -> String {
    let mut out = String::new();
    for line in comments.iter().flat_map(|c| c.split('\n')) {
        out += &format!("# {}\n", line.chars().map(|c| if c.is_control() || odd(c) { ' ' } else { c }).collect::<String>());
    }
    for p in proposals {
        let mut lead = "- ";
        for (key, value) in p.as_object().into_iter().flatten() {
            out += &format!("{lead}{key}: {}\n", quoted(value));
            lead = "  ";
        }
    }
    out
}

/// JSON is YAML, but for the line breaks that only YAML knows.
fn quoted(value: &Value) -> String {
    let text = value.to_string();
    text.chars().map(|c| if odd(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

fn odd(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// What is said where the same words were sealed before under another time of writing.
pub fn again(h: &str) -> Words {
    words(
        format!("同一文件同样的内容已封存为 {h}；确为另一条的，请改动内容或写上 key"),
        format!("the same words were sealed from this file as {h}; if this is another entry, change them or give it a `key`"),
    )
}
