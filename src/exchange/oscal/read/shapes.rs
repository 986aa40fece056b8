//! What an import is made from, and what it gives.

use super::told::Told;

/// What is known besides the text.
pub struct Given<'a> {
    /// The code of the new policy; without one the ids must be ours already.
    pub code: Option<&'a str>,
    /// Its title, where that is not the catalogue's.
    pub title: Option<&'a str>,
    /// The day on which it is put on the list.
    pub listed: chrono::NaiveDate,
    /// Bytes of the file, for the fingerprint.
    pub bytes: &'a [u8],
}

/// A policy to be.
pub struct Policy {
    /// Its code.
    pub code: String,
    /// Its parts.
    pub parts: usize,
    /// Its obligations.
    pub obligations: usize,
    /// Names and contents of its files.
    pub files: Vec<(String, String)>,
}

/// What came of a catalogue.
pub struct Brought {
    /// The policies, in order of their codes.
    pub policies: Vec<Policy>,
    /// Controls met.
    pub read: usize,
    /// Of these, elements that are no control at all.
    pub unreadable: usize,
    /// Of these, written under another id than their own.
    pub renamed: usize,
    /// Everything that is told.
    pub told: Told,
}
