//! What is wrong, in words: rule info, finding, outcome.
//!
//! A finding says which rule, about what, where, why and what to do; it knows no
//! colour and no output format. Where it stands may be given as a path into a YAML
//! tree ([`Spot::Node`]); the place is worked out only for what is printed.
//!
//! Order of things: [`RuleInfo`], [`Finding`] and [`Judged`] here, [`Outcome`] last; [`same`]
//! knows a finding again after its line has moved.

pub mod same;

use crate::model::{Level, Term, Words};
use crate::text::Place;

/// A rule as the table lists it.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// Stable id, `O001`. Never reused for another meaning.
    pub id: &'static str,
    /// What is wrong, in one line.
    pub title: Term,
    /// Level unless register.yaml or the command line says otherwise.
    pub level: Level,
    /// False for the rules that take no waiver: O001 and whatever breaks the data.
    pub waivable: bool,
    /// Its page of prose, spoken by `explain`.
    pub page: &'static str,
}

/// One step into a YAML tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of a key; where the key is missing, the place stays at the node reached.
    Key(&'static str),
    /// An element of a list.
    Item(usize),
    /// The key of one entry of a map whose keys are free: a rule's id, an indicator.
    Entry(Box<str>),
}

/// Where a finding stands.
#[derive(Debug, Clone)]
pub enum Spot {
    /// Known already.
    Exact(Place),
    /// A node of a register file, by file number and path.
    Node(u32, Vec<Step>),
}

/// One finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// Obligation, assignment, department or file that it is about; what waivers name.
    pub subject: String,
    /// What is so, in both languages.
    pub message: Words,
    /// What to do, in both languages; empty where the rule's page says it all.
    pub remedy: Words,
    /// Where.
    pub spot: Spot,
    /// What else tells it from another finding of the rule about the subject: the members of
    /// a ring. Empty where the marked words say enough.
    pub mark: String,
}

impl Finding {
    /// A finding without remedy of its own.
    pub fn new(rule: &'static str, subject: impl Into<String>, spot: Spot, zh: String, en: String) -> Finding {
        Finding { rule, subject: subject.into(), message: words(zh, en), remedy: Words::default(), spot, mark: String::new() }
    }
    /// Adds what tells it from its like.
    pub fn mark(mut self, mark: impl Into<String>) -> Finding {
        self.mark = mark.into();
        self
    }
    /// Adds what to do.
    pub fn remedy(mut self, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        self.remedy = words(zh.into(), en.into());
        self
    }
}

/// Words in both languages.
pub fn words(zh: String, en: String) -> Words {
    Words { zh: Some(zh.into()), en: Some(en.into()) }
}

/// A finding with its final level, ready to print.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// Where, worked out.
    pub place: Place,
    /// Its level after register, command line and `--strict`.
    pub level: Level,
    /// Index of the waiver that covers it.
    pub waiver: Option<usize>,
    /// The same as long as rule, subject and words are, wherever the line stands; see [`same`].
    pub fingerprint: String,
}

/// Gives findings their fingerprints; `shown` is how the register's folder is named.
pub fn number<'a>(shown: &str, all: impl Iterator<Item = &'a mut Judged>) {
    let apart = |j: &'a mut Judged| {
        let f = &j.finding;
        (same::Known { rule: f.rule, subject: &f.subject, mark: &f.mark, place: &j.place }, &mut j.fingerprint)
    };
    same::number(shown, all.map(apart));
}

/// Result of a check; the exit code comes from here alone, whatever the format.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Findings that count, sorted by file, line, column, rule, subject.
    pub findings: Vec<Judged>,
    /// Findings that a waiver covers: their own column, never "covered".
    pub waived: Vec<Judged>,
    /// With a revision to compare with: what stood there already. Listed in a column of its
    /// own, and never part of the verdict.
    pub old: Vec<Judged>,
    /// The revision, when there is one.
    pub since: Option<String>,
    /// Findings that the register or the command line set to `allow`, by rule: not shown one
    /// by one, but never out of the count.
    pub allowed: std::collections::BTreeMap<&'static str, usize>,
    /// Rules that were looked at.
    pub rules: usize,
}

impl Outcome {
    /// Findings at a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|j| j.level == level).count()
    }
    /// True when something is at the denying level: exit 1.
    pub fn denied(&self) -> bool {
        self.count(Level::Deny) > 0
    }
}
