//! What is told of an import: everything that does not become part of an obligation as it was.

use crate::model::{Lang, Term};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How much weight a remark has; also the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A control that is not written.
    NotWritten,
    /// A control that is written with something of ours in it; each is told by its path.
    Changed,
    /// Contents without a place here; told by kind, with the first paths.
    LeftOut,
}

/// Remarks by weight and kind, each with the paths it is about.
#[derive(Debug, Default)]
pub struct Told(BTreeMap<(Weight, String), (Term, Vec<String>)>);

/// Paths printed of what is left out.
const SHOWN: usize = 3;

impl Told {
    /// Adds a remark; `about` tells kinds of the same sort apart (a part's name, a property's).
    pub fn add(&mut self, weight: Weight, term: Term, about: &str, path: impl Into<String>) {
        self.0.entry((weight, format!("{} {about}", term.1))).or_insert_with(|| (term, Vec::new())).1.push(path.into());
    }
    /// Paths told with a weight.
    pub fn count(&self, weight: Weight) -> usize {
        self.0.iter().filter(|((w, _), _)| *w == weight).map(|(_, (_, paths))| paths.len()).sum()
    }
    /// As lines for a person.
    pub fn lines(&self, lang: Lang) -> String {
        let mut out = String::new();
        for ((weight, key), (term, paths)) in &self.0 {
            let about = key.strip_prefix(term.1).unwrap_or("").trim();
            let about = if about.is_empty() { String::new() } else { format!(" `{about}`") };
            let _ = writeln!(out, "  {}{about}: {}", term.say(lang), paths.len());
            let most = if *weight == Weight::LeftOut { SHOWN } else { paths.len() };
            for path in &paths[..most.min(paths.len())] {
                let _ = writeln!(out, "    {path}");
            }
            if paths.len() > most {
                let _ = writeln!(out, "    … + {}", paths.len() - most);
            }
        }
        out
    }
}
