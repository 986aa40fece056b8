//! A kind of breakage: what is done, who should speak, and the hand that does it.

use super::bench::Bench;
use crate::model::{Instead, Term};

/// A register with one thing broken.
pub struct Broken {
    /// What was broken: an id, a file.
    pub what: String,
    /// The texts that differ.
    pub texts: Instead,
}

/// A kind of breakage.
pub struct Breakage {
    /// What is done.
    pub name: Term,
    /// The rules of which one must speak.
    pub rules: &'static [&'static str],
    /// Breaks it; `None` where the register has nothing of the kind.
    pub make: fn(&Bench) -> Option<Broken>,
}

/// A kind, for the tables.
pub const fn kind(zh: &'static str, en: &'static str, rules: &'static [&'static str], make: fn(&Bench) -> Option<Broken>) -> Breakage {
    Breakage { name: Term(zh, en), rules, make }
}
