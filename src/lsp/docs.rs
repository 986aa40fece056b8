//! The documents that the editor has open: their texts are the truth, not the disk.

use super::lines::{Encoding, Lines};
use gen_lsp_types::TextDocumentContentChangeEvent as Change;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One open document.
#[derive(Debug, Clone)]
pub struct Doc {
    /// Its address, spelt as the client spells it.
    pub uri: String,
    /// The client's count of its changes.
    pub version: i32,
    /// Its text.
    pub lines: Lines,
    /// The line changed last, from 0: where a text is broken, this one is suspected first.
    pub edited: Option<usize>,
}

impl Doc {
    /// A document as it is opened.
    pub fn new(uri: String, version: i32, text: String) -> Doc {
        Doc { uri, version, lines: Lines::new(Arc::from(text)), edited: None }
    }

    /// Takes changes in their order: pieces, or the whole.
    pub fn change(&mut self, version: i32, changes: Vec<Change>, encoding: Encoding) {
        self.version = version;
        for change in changes {
            let text = match change {
                Change::TextDocumentContentChangePartial(c) => {
                    let from = self.lines.offset(c.range.start, encoding);
                    let to = self.lines.offset(c.range.end, encoding).max(from);
                    self.edited = Some(c.range.start.line as usize + c.text.matches('\n').count());
                    format!("{}{}{}", &self.lines.text[..from], c.text, &self.lines.text[to..])
                }
                Change::TextDocumentContentChangeWholeDocument(c) => {
                    self.edited = differs(&self.lines.text, &c.text);
                    c.text
                }
            };
            self.lines = Lines::new(Arc::from(text));
        }
    }
}

/// The first line that is not as it was.
fn differs(old: &str, new: &str) -> Option<usize> {
    let same = old.lines().zip(new.lines()).take_while(|(a, b)| a == b).count();
    (old != new).then_some(same)
}

/// The path of a `file:` address.
pub fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // `file:///C:/x` and `file://host/x`: a drive has no slash before it, a host is none of ours.
    let rest = &rest[rest.find('/')?..];
    let mut bytes = Vec::with_capacity(rest.len());
    let mut all = rest.bytes();
    while let Some(b) = all.next() {
        if b == b'%' {
            let hex = [all.next()?, all.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            bytes.push(b);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let drive = text.as_bytes().get(2) == Some(&b':');
    Some(tidy(Path::new(if drive { &text[1..] } else { &text })))
}

/// The address of a path.
pub fn uri(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut out = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"/-._~".contains(&b) {
            out.push(b as char);
        } else {
            out += &format!("%{b:02X}");
        }
    }
    out
}

/// Takes `.` and `..` out of a path without asking the disk.
pub fn tidy(path: &Path) -> PathBuf {
    use std::path::Component::*;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            CurDir => {}
            ParentDir if matches!(out.components().next_back(), Some(Normal(_))) => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_paths_are_two_names_of_one_thing() {
        let at = Path::new("/a b/督办/c%20.yaml");
        assert_eq!(path(&uri(at)).as_deref(), Some(at));
        assert_eq!(path("file:///x/./y/../z"), Some(PathBuf::from("/x/z")));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file:///%zz"), None);
    }
}
