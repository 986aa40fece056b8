//! The types of our ReqIF: attributes of an obligation, of a heading, of a specification and of
//! a relation, with the vocabularies.
//!
//! `ReqIF.…` are the names that tools agree on (the implementers' guide): id, heading, name and
//! text in the language asked for. The rest are ours, with a language each where there are two.

use crate::model::{Kind, Light, Modality, Recurrence, Status, Term};

/// What sort of value an attribute has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Plain text.
    Text,
    /// A paragraph of XHTML.
    Rich,
    /// One of a vocabulary, by its name.
    Choice(&'static str),
}

/// Attribute names that tools agree on.
pub const ID: &str = "ReqIF.ForeignID";
/// A heading's words.
pub const CHAPTER: &str = "ReqIF.ChapterName";
/// A requirement's name.
pub const NAME: &str = "ReqIF.Name";
/// A requirement's text.
pub const TEXT: &str = "ReqIF.Text";

/// Attributes of an obligation.
pub const OBLIGATION: &[(&str, Sort)] = &[
    (ID, Sort::Text),
    (NAME, Sort::Text),
    (TEXT, Sort::Rich),
    ("title.zh", Sort::Text),
    ("title.en", Sort::Text),
    ("requirement.zh", Sort::Text),
    ("requirement.en", Sort::Text),
    ("kind", Sort::Choice("kind")),
    ("modality", Sort::Choice("modality")),
    ("recurrence", Sort::Choice("recurrence")),
    ("lead", Sort::Text),
    ("support", Sort::Text),
    ("status", Sort::Choice("status")),
    ("light", Sort::Choice("light")),
    ("due", Sort::Text),
    ("source", Sort::Text),
    ("needs.outside", Sort::Text),
];
/// Attributes of a heading.
pub const HEADING: &[(&str, Sort)] = &[(ID, Sort::Text), (CHAPTER, Sort::Text), ("title.zh", Sort::Text), ("title.en", Sort::Text)];
/// Attributes of a policy.
pub const POLICY: &[(&str, Sort)] = &[(ID, Sort::Text), (NAME, Sort::Text), ("title.zh", Sort::Text), ("title.en", Sort::Text)];
/// Attributes of a relation.
pub const RELATION: &[(&str, Sort)] = &[("why.zh", Sort::Text), ("why.en", Sort::Text)];

/// Every vocabulary: code and words of each value.
pub fn choices() -> Vec<(&'static str, Vec<(&'static str, Term)>)> {
    vec![
        ("kind", Kind::ALL.iter().map(|x| (x.code(), x.term())).collect()),
        ("modality", Modality::ALL.iter().map(|x| (x.code(), x.term())).collect()),
        ("recurrence", Recurrence::ALL.iter().map(|x| (x.code(), x.term())).collect()),
        ("status", Status::ALL.iter().map(|x| (x.code(), x.term())).collect()),
        ("light", Light::ALL.iter().map(|x| (x.code(), x.term())).collect()),
    ]
}
