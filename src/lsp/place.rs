//! Which register a file belongs to, and which registers there are.

use super::docs::{Doc, tidy};
use crate::load::tree::{self, Node};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The open documents by path.
pub type Open = BTreeMap<PathBuf, Doc>;

/// Folders looked into when registers are searched for.
const MOST: usize = 2000;

fn has(dir: &Path, open: &Open) -> bool {
    let file = dir.join("register.yaml");
    open.contains_key(&file) || file.is_file()
}

/// The register that a file belongs to: the nearest register.yaml upward, else
/// `obligations/register.yaml` of a workspace folder that holds the file.
pub fn root_of(file: &Path, folders: &[PathBuf], open: &Open) -> Option<PathBuf> {
    if let Some(dir) = file.ancestors().skip(1).find(|dir| has(dir, open)) {
        return Some(dir.to_path_buf());
    }
    let beside = |f: &&PathBuf| file.starts_with(f) && has(&f.join("obligations"), open);
    folders.iter().find(beside).map(|f| f.join("obligations"))
}

/// The register that a workspace folder is about, without a file being open: its own, the
/// one in `obligations`, or the one it lies in.
pub fn main_of(folder: &Path, open: &Open) -> Option<PathBuf> {
    [folder.to_path_buf(), folder.join("obligations")].into_iter().find(|d| has(d, open)).or_else(|| root_of(&folder.join("x"), &[], open))
}

/// Every register below some folders: a rename must not forget one that borrows.
pub fn registers(folders: &[PathBuf], open: &Open) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut left: Vec<(PathBuf, usize)> = folders.iter().map(|f| (f.clone(), 0)).collect();
    let mut seen = 0;
    while let Some((dir, depth)) = left.pop() {
        seen += 1;
        if has(&dir, open) {
            out.push(dir.clone());
        }
        if depth >= 5 || seen > MOST {
            continue;
        }
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let idle = name.starts_with('.') || matches!(name.as_str(), "log" | "target" | "node_modules");
            if !idle && entry.file_type().is_ok_and(|t| t.is_dir()) {
                left.push((entry.path(), depth + 1));
            }
        }
    }
    out.sort();
    out
}

/// The folders of a register and the catalogues above it: as they are reached, and tidied.
pub fn chain(root: &Path, open: &Open) -> Vec<(PathBuf, PathBuf)> {
    let mut out = vec![(root.to_path_buf(), tidy(root))];
    while out.len() < 8 {
        let (joined, dir) = out.last().expect("the root is there");
        let file = dir.join("register.yaml");
        let text = open.get(&file).map(|d| d.lines.text.to_string()).or_else(|| std::fs::read_to_string(&file).ok()).unwrap_or_default();
        let root = super::heal::heal(&text, None).map_or_else(|| tree::parse(&text), |t| tree::parse(&t));
        let Some(up) = root.ok().flatten().and_then(|r| r.get("catalogue").and_then(Node::text).map(String::from)) else { break };
        let next = (joined.join(&up), tidy(&dir.join(&up)));
        if out.iter().any(|(_, d)| *d == next.1) || !has(&next.1, open) {
            break;
        }
        out.push(next);
    }
    out
}

/// The folder of a chain that a file belongs to, with its path in there; none for what is
/// hidden, the log's, or another register's.
pub fn belongs<'a>(file: &Path, chain: &'a [(PathBuf, PathBuf)]) -> Option<(&'a (PathBuf, PathBuf), String)> {
    let link = chain.iter().filter(|(_, dir)| file.starts_with(dir)).max_by_key(|(_, dir)| dir.components().count())?;
    let rel = file.strip_prefix(&link.1).ok()?.to_str()?.replace('\\', "/");
    let other = file.ancestors().skip(1).take_while(|d| *d != link.1).any(|d| d.join("register.yaml").is_file());
    let fits = rel.ends_with(".yaml") && !rel.split('/').any(|w| w.starts_with('.')) && !rel.starts_with("log/") && !other;
    fits.then_some((link, rel))
}

/// `to` as seen from `from`, with `/`; both tidied.
pub fn relative(from: &Path, to: &Path) -> String {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let mut steps = vec!["..".to_string(); from.components().count() - common];
    steps.extend(to.components().skip(common).map(|c| c.as_os_str().to_string_lossy().into_owned()));
    steps.join("/")
}
