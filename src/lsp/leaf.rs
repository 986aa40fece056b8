//! One file of a register as the answers see it: text, tree, marks. Read once for each text.

use super::heal;
use super::lines::Lines;
use super::marks::{self, Mark};
use super::table::Sort;
use crate::author::schema::FileKind;
use crate::load::tree::{self, Node};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file.
pub struct Leaf {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: &'static FileKind,
    /// Its text as the editor has it.
    pub lines: Lines,
    /// Its tree, mended where the text is broken.
    pub tree: Option<Node>,
    /// The text with what broke it emptied; `None` where it is fine or beyond help.
    pub healed: Option<String>,
    /// Can the text not be read as it is?
    pub broken: bool,
    /// Every id in it.
    pub marks: Vec<Mark>,
}

impl Leaf {
    /// Reads a text.
    pub fn new(path: &Path, kind: &'static FileKind, text: Arc<str>, suspect: Option<usize>) -> Leaf {
        let lines = Lines::new(text);
        let parsed = tree::parse(&lines.text);
        let broken = parsed.is_err();
        let healed = if broken { heal::heal(&lines.text, suspect) } else { None };
        let tree = match &healed {
            Some(text) => tree::parse(text).ok().flatten(),
            None => parsed.ok().flatten(),
        };
        let marks = tree.as_ref().map_or(Vec::new(), |t| marks::marks(kind.name, t, &lines));
        Leaf { path: path.to_path_buf(), kind, lines, tree, healed, broken, marks }
    }

    /// The mark at a byte; of two that touch there, the one that begins.
    pub fn mark_at(&self, at: usize) -> Option<&Mark> {
        self.marks.iter().rfind(|m| m.bytes.start <= at && at <= m.bytes.end)
    }
}

/// Leaves by path, kept as long as their text is the same.
#[derive(Default)]
pub struct Leaves {
    all: HashMap<PathBuf, Arc<Leaf>>,
}

impl Leaves {
    /// The leaf of a text.
    pub fn get(&mut self, path: &Path, kind: &'static FileKind, text: &Arc<str>, suspect: Option<usize>) -> Arc<Leaf> {
        if let Some(leaf) = self.all.get(path).filter(|l| l.kind.name == kind.name && *l.lines.text == **text) {
            return leaf.clone();
        }
        let leaf = Arc::new(Leaf::new(path, kind, text.clone(), suspect));
        self.all.insert(path.to_path_buf(), leaf.clone());
        leaf
    }
}

/// A mark with its file.
pub type Found<'a> = (&'a Arc<Leaf>, &'a Mark);

/// Every mark of a sort and one of some ids.
pub fn find<'a>(leaves: &'a [Arc<Leaf>], sort: Sort, ids: &'a [String]) -> impl Iterator<Item = Found<'a>> {
    leaves.iter().flat_map(move |l| l.marks.iter().filter(move |m| m.sort == sort && ids.contains(&m.id)).map(move |m| (l, m)))
}
