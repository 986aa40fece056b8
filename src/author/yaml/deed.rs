//! What is asked for, and why it is not done.

use crate::model::Term;
use serde_json::Value;
use std::ops::Range;

/// One step into a YAML tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// An element of a list.
    Item(usize),
}

/// What is to be done at a path.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Put this value there; the last keys of the path may be missing.
    Set(Value),
    /// Take the key or the element away.
    Unset,
    /// Add this element at the end of the list: each key of a mapping on a line of its own
    /// where the list is written in lines.
    Push(Value),
}

/// So many bytes out, so many in.
#[derive(Debug, Clone)]
pub struct Splice {
    /// The bytes that go.
    pub range: Range<usize>,
    /// What comes.
    pub words: String,
}

/// Why a change is not made. The file is as it was.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", .0.1)]
pub struct Refused(pub Say);

/// A sentence in Chinese and English.
#[derive(Debug, Clone)]
pub struct Say(pub String, pub String);

impl Refused {
    /// From a sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Refused {
        Refused(Say(zh.into(), en.into()))
    }
    /// From a fixed sentence.
    pub fn term(t: Term) -> Refused {
        Refused::new(t.0, t.1)
    }
}
