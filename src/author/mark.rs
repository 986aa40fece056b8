//! The schemas beside a register, and the line in each file that leads an editor to them.
//!
//! 1. [`home`]: a register that borrows a catalogue with schemas uses those; otherwise
//!    they stand in its own hidden folder.
//! 2. [`files`]: every YAML file of the register with its kind.
//! 3. [`plan`]: what would have to be written so that all of it is as it should be.

use super::schema::{self, FOLDER, FileKind};
use crate::load::tree;
use crate::model::Text;
use std::io;
use std::path::{Path, PathBuf};

/// A file to be written: its path in the register and its bytes.
pub type Wanted = (String, String);

/// Where the schemas of a register are, as seen from its folder: `.schemas`, `../.schemas`.
pub fn home(root: &Path) -> String {
    let (mut dir, mut way) = (root.to_path_buf(), String::new());
    // A ring of catalogues is E016; here it only must not turn for ever.
    for _ in 0..8 {
        let Some(up) = setting(&dir, "catalogue").into_iter().next() else { break };
        dir = dir.join(&up);
        way = format!("{way}{}/", up.trim_end_matches('/'));
        if dir.join(FOLDER).is_dir() {
            return format!("{way}{FOLDER}");
        }
    }
    FOLDER.into()
}

/// The words under a key of register.yaml; none where it cannot be read.
fn setting(dir: &Path, key: &str) -> Vec<String> {
    let Ok(text) = std::fs::read_to_string(dir.join("register.yaml")) else { return Vec::new() };
    let Ok(Some(root)) = tree::parse(&text) else { return Vec::new() };
    let Some(node) = root.get(key) else { return Vec::new() };
    let all = if node.text().is_some() { std::slice::from_ref(node) } else { node.items() };
    all.iter().filter_map(|n| n.text().map(String::from)).collect()
}

/// Every YAML file of a register with its kind, sorted; what is hidden, another register
/// or the log is none of it.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(root: &Path) -> io::Result<Vec<(String, &'static FileKind)>> {
    let laws: Vec<Text> = setting(root, "laws").iter().filter_map(|l| Text::new(l).ok()).collect();
    let mut out = Vec::new();
    let mut open = vec![(root.to_path_buf(), String::new())];
    while let Some((dir, rel)) = open.pop() {
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path: PathBuf = entry.path();
            let at = if rel.is_empty() { name.clone() } else { format!("{rel}/{name}") };
            let kind = entry.file_type()?;
            if name.starts_with('.') || at == "log" {
                continue;
            } else if kind.is_dir() && !path.join("register.yaml").exists() {
                open.push((path, at));
            } else if kind.is_file()
                && let Some(kind) = schema::kind_of(&at, &laws)
            {
                out.push((at, kind));
            }
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(out)
}

/// A text with the line that leads to its schema: put on top, or in the place of another.
pub fn marked(text: &str, kind: &FileKind, path: &str, home: &str) -> String {
    let ups = "../".repeat(path.matches('/').count());
    let line = schema::modeline(kind, &format!("{ups}{home}"));
    let rest = match text.split_once('\n') {
        Some((first, rest)) if schema::is_modeline(first) => rest,
        _ => text,
    };
    line + rest
}

/// The files that are not yet as they should be: schemas that differ, files without their line.
///
/// # Errors
/// When a folder or a file cannot be read.
pub fn plan(root: &Path) -> io::Result<Vec<Wanted>> {
    let home = home(root);
    let mut out = Vec::new();
    if home == FOLDER {
        for kind in schema::KINDS {
            let (path, text) = (format!("{FOLDER}/{}.json", kind.name), schema::text(kind));
            if std::fs::read_to_string(root.join(&path)).ok().as_deref() != Some(&text) {
                out.push((path, text));
            }
        }
    }
    for (path, kind) in files(root)? {
        let text = std::fs::read_to_string(root.join(&path)).map_err(|e| io::Error::new(e.kind(), format!("{path}: {e}")))?;
        let marked = marked(&text, kind, &path, &home);
        if marked != text {
            out.push((path, marked));
        }
    }
    Ok(out)
}
