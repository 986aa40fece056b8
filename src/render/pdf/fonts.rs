//! The fonts of a PDF: three roles, and others behind them for the characters that they lack.
//!
//! Order of things: [`Role`]; [`Fonts::find`] (what is given, then the register's setting,
//! then the list of `search`), [`Fonts::from_bytes`]; [`Fonts::digest`] and
//! [`Fonts::names`] for the index of reports. Files behind the roles are read when a
//! character asks for them.

use super::error::PdfError;
use super::face::Face;
use super::search::{BODY, FOLDERS, HEAD, Installed, LAST, TITLE};
use crate::digest;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Cells and prose (仿宋, 宋体).
    Body,
    /// Heads of tables, headings, totals (黑体).
    Head,
    /// The title (小标宋).
    Title,
}

/// The fonts of a report.
pub struct Fonts {
    sources: Vec<Source>,
    /// Which source each role takes first.
    roles: [usize; 3],
    /// How many of the sources were asked for by name; they come first.
    asked: usize,
}

struct Source {
    /// Where the bytes come from; `None` for those that were handed over.
    path: Option<PathBuf>,
    index: Option<u32>,
    weight: f32,
    face: OnceLock<Option<Face>>,
}

impl Source {
    fn file(path: PathBuf, index: Option<u32>, weight: f32) -> Source {
        Source { path: Some(path), index, weight, face: OnceLock::new() }
    }
    /// Reads it now, and says why not.
    fn read(&self) -> Result<(), PdfError> {
        let Some(path) = &self.path else { return Ok(()) };
        if self.face.get().is_none() {
            let bytes = std::fs::read(path).map_err(|e| PdfError::Unreadable(path.clone(), e))?;
            let face = Face::new(Arc::new(bytes), self.index, self.weight, &path.display().to_string())?;
            let _ = self.face.set(Some(face));
        }
        Ok(())
    }
}

impl Fonts {
    /// Finds the fonts: `given` (`--font`) first, then what the register names (a file, or the
    /// name of a file in the folders of fonts), then the list. Behind a file of a collection
    /// `#2` chooses a face. What was asked for by name and is not there is an error; behind
    /// what was asked for the list still serves the characters that it lacks.
    pub fn find(given: Option<&Path>, register_setting: Option<&str>) -> Result<Fonts, PdfError> {
        let folders: Vec<&Path> = FOLDERS.iter().map(Path::new).collect();
        Fonts::find_in(&folders, given, register_setting)
    }

    /// As [`Fonts::find`], in other folders.
    pub fn find_in(folders: &[&Path], given: Option<&Path>, register_setting: Option<&str>) -> Result<Fonts, PdfError> {
        let there = Installed::look(folders);
        let shown = || folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>();
        let mut fonts = Fonts { sources: vec![], roles: [0; 3], asked: 0 };
        for asked in [given.map(|g| g.to_string_lossy().into_owned()), register_setting.map(String::from)].into_iter().flatten() {
            let (file, index) = split_index(&asked);
            let path = Some(PathBuf::from(file)).filter(|p| p.is_file()).or_else(|| there.get(file).cloned());
            let path = path.ok_or_else(|| PdfError::NoSuchFont { font: file.into(), folders: shown() })?;
            fonts.add(path, index, 400.0);
        }
        fonts.asked = fonts.sources.len();
        let last = there.of(&LAST);
        let (body, head, title) = (there.of(&BODY), there.of(&HEAD), there.of(&TITLE));
        let firsts = [(&body, 400.0), (&head, 500.0), (&title, 700.0)];
        for (role, (list, weight)) in firsts.into_iter().enumerate() {
            // A role whose own list has nothing takes what the body has.
            if let Some(path) = list.first().or(body.first()).or(head.first()).or(last.first()) {
                let at = fonts.add(path.clone(), None, weight);
                fonts.roles[role] = if fonts.asked > 0 { 0 } else { at };
            }
        }
        for path in body.into_iter().chain(head).chain(last) {
            fonts.add(path, None, 400.0);
        }
        if fonts.sources.is_empty() {
            return Err(PdfError::NoFont(shown()));
        }
        (0..fonts.asked).chain(fonts.roles).try_for_each(|i| fonts.sources[i].read())?;
        Ok(fonts)
    }

    /// From font files in memory, the first for all roles, the others for what it lacks.
    pub fn from_bytes(files: Vec<Vec<u8>>) -> Result<Fonts, PdfError> {
        let face = |(i, bytes): (usize, Vec<u8>)| Face::new(Arc::new(bytes), None, 400.0, &format!("font {}", i + 1));
        let faces = files.into_iter().enumerate().map(face).collect::<Result<Vec<_>, _>>()?;
        if faces.is_empty() {
            return Err(PdfError::NoFont(vec!["nothing".into()]));
        }
        let source = |face| Source { path: None, index: None, weight: 400.0, face: OnceLock::from(Some(face)) };
        Ok(Fonts { sources: faces.into_iter().map(source).collect(), roles: [0; 3], asked: 0 })
    }

    /// A file, once.
    fn add(&mut self, path: PathBuf, index: Option<u32>, weight: f32) -> usize {
        let known = |s: &Source| s.path.as_ref() == Some(&path) && s.index == index && s.weight == weight;
        self.sources.iter().position(known).unwrap_or_else(|| {
            self.sources.push(Source::file(path, index, weight));
            self.sources.len() - 1
        })
    }

    /// How many faces there are to ask, read or not.
    pub fn len(&self) -> usize {
        self.sources.len()
    }
    /// Never: there is always one.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
    /// The first face of a role.
    pub fn first(&self, role: Role) -> usize {
        self.roles[role as usize]
    }
    /// A face; read now, if it was not. A listed file that cannot be read has no characters.
    pub fn face(&self, at: usize) -> Option<&Face> {
        let source = &self.sources[at];
        let _ = source.read();
        source.face.get_or_init(|| None).as_ref()
    }

    /// Names of the faces of the roles, and of all that have been read for what those lack.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for face in self.sources.iter().filter_map(|s| s.face.get()?.as_ref()) {
            if !names.contains(&face.name) {
                names.push(face.name.clone());
            }
        }
        names
    }

    /// SHA-256 over the files of the three roles and of what was asked for by name: two
    /// machines with equal digests write equal bytes, unless a character had to be taken from
    /// another font.
    pub fn digest(&self) -> String {
        let mut sum = digest::Running::default();
        let used: std::collections::BTreeSet<usize> = (0..self.asked).chain(self.roles).collect();
        for face in used.into_iter().filter_map(|at| self.face(at)) {
            sum.add(&face.name, face.bytes());
        }
        sum.short(64)
    }
}

/// `file.ttc#2` → the file and the number of the face.
fn split_index(asked: &str) -> (&str, Option<u32>) {
    match asked.rsplit_once('#').map(|(file, n)| (file, n.parse())) {
        Some((file, Ok(n))) => (file, Some(n)),
        _ => (asked, None),
    }
}

#[cfg(test)]
mod tests {
    use super::split_index;

    #[test]
    fn a_face_of_a_collection_is_chosen_by_its_number() {
        assert_eq!(split_index("a/b.ttc#2"), ("a/b.ttc", Some(2)));
        assert_eq!(split_index("odd#name.ttf"), ("odd#name.ttf", None));
        assert_eq!(split_index("simsun.ttc"), ("simsun.ttc", None));
    }
}
