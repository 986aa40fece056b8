//! `source`: every clause of every policy, and whether it is covered or says why not.
//!
//! Clauses are counted under their part of the text (the block of the locator), obligations
//! under their part of the policy. Each stands in exactly one column, so the columns add up
//! to the total; what names only obligations that are not there counts as open.

use super::compare::covered;
use super::stand::split;
use crate::model::register::{PolicyFolder, Table};
use crate::model::{Clause, Lang};
use crate::report::frame::Frame;
use crate::snapshot::{Snapshot, query::Query};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Coverage of all policies.
#[derive(Debug, Serialize)]
pub struct SourceReport {
    /// What every report carries.
    #[serde(flatten)]
    pub frame: Frame,
    /// Each policy.
    pub policies: Vec<PolicyCover>,
    /// All clauses.
    pub total: Counts,
    /// True when every clause is accounted for, every obligation has its clause and everything could be read.
    pub holds: bool,
}

/// Coverage of one policy.
#[derive(Debug, Serialize)]
pub struct PolicyCover {
    /// Its code.
    pub policy: String,
    /// Its short title.
    pub title: String,
    /// Clauses by part of the text, in its order.
    pub rows: Vec<CoverRow>,
    /// All clauses.
    pub total: Counts,
    /// Clauses by class.
    pub classes: BTreeMap<String, usize>,
    /// Obligations by part of the policy.
    pub parts: Vec<PartRow>,
    /// Clauses left open.
    pub open: Vec<String>,
    /// Obligations that no clause carries first.
    pub without_clause: Vec<String>,
    /// `read`, `none` where there is no clauses.yaml, `unreadable` where it cannot be read.
    pub clauses: &'static str,
}

/// Clauses of one part of the text.
#[derive(Debug, Serialize)]
pub struct CoverRow {
    /// The part, `OPN:P3`.
    pub part: String,
    /// What its first sentence is about.
    pub gist: String,
    /// Counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Clauses by what became of them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Counts {
    /// All.
    pub clauses: usize,
    /// First source of an obligation.
    pub primary: usize,
    /// Says an obligation again, is part of one, or aims at one.
    pub secondary: usize,
    /// No obligation, with the reason.
    pub reason: usize,
    /// Neither.
    pub open: usize,
}

/// Obligations of one part of the policy.
#[derive(Debug, Serialize)]
pub struct PartRow {
    /// The part, `OPN-3`; empty for what cannot be read.
    pub part: String,
    /// Its title.
    pub title: String,
    /// Obligations, readable or not.
    pub obligations: usize,
    /// Of these, with a clause that carries it first.
    pub with_clause: usize,
}

impl Counts {
    /// Clauses accounted for.
    pub fn accounted(&self) -> usize {
        self.clauses - self.open
    }
    fn add(&mut self, s: &Snapshot, c: &Clause) -> bool {
        self.clauses += 1;
        let first = Clause { secondary: Vec::new(), ..c.clone() };
        let names_nothing = !(c.primary.is_empty() && c.secondary.is_empty());
        match () {
            () if !c.primary.is_empty() && covered(s, &first) => self.primary += 1,
            () if covered(s, c) => self.secondary += 1,
            // A reason why the clause is the source of something does not help where that is missing.
            () if !names_nothing && (c.reason.is_some() || !c.see.is_empty()) => self.reason += 1,
            () => {
                self.open += 1;
                return false;
            }
        }
        true
    }
    fn sum(&mut self, o: &Counts) {
        self.clauses += o.clauses;
        self.primary += o.primary;
        self.secondary += o.secondary;
        self.reason += o.reason;
        self.open += o.open;
    }
}

/// Counts policies, by their indices in the register.
pub fn build(s: &Snapshot, policies: &[usize], lang: Lang) -> SourceReport {
    let selected: Vec<usize> = (0..s.roster.duties.len()).collect();
    let frame = Frame::new(s, "source", &Query::default(), &selected);
    let policies: Vec<PolicyCover> = policies.iter().map(|p| one(s, &s.register.policies[*p], lang)).collect();
    let mut total = Counts::default();
    policies.iter().for_each(|p| total.sum(&p.total));
    let whole = |p: &PolicyCover| p.open.is_empty() && p.without_clause.is_empty() && p.clauses == "read";
    let holds = !policies.is_empty()
        && policies.iter().all(whole)
        && frame.invalid == 0
        && !s.lost.has(Table::Policies)
        && !s.lost.has(Table::Clauses)
        && !s.lost.has(Table::Obligations);
    SourceReport { frame, policies, total, holds }
}

fn one(s: &Snapshot, folder: &PolicyFolder, lang: Lang) -> PolicyCover {
    let policy = &folder.policy;
    let mut rows: Vec<CoverRow> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    let mut gists: HashMap<&str, String> = HashMap::new();
    for sentence in &folder.sentences {
        let block = sentence.at.as_str().rsplit_once(".s").map_or(sentence.at.as_str(), |(b, _)| b);
        gists.entry(block).or_insert_with(|| sentence.gist.say(lang).into_owned());
    }
    let (mut open, mut classes) = (Vec::new(), BTreeMap::new());
    let mut first: HashMap<&str, usize> = HashMap::new();
    for c in &folder.clauses {
        let block = split(c.node.at.as_str()).map_or(c.node.at.as_str(), |(b, ..)| b);
        let row = *at.entry(block).or_insert_with(|| {
            rows.push(CoverRow { part: block.to_string(), gist: gists.remove(block).unwrap_or_default(), counts: Counts::default() });
            rows.len() - 1
        });
        if !rows[row].counts.add(s, &c.node) {
            open.push(c.node.at.to_string());
        }
        *classes.entry(c.class.to_string()).or_default() += 1;
        c.primary.iter().for_each(|id| *first.entry(id.as_str()).or_default() += 1);
    }
    let mut total = Counts::default();
    rows.iter().for_each(|r| total.sum(&r.counts));
    let code = policy.code.as_str();
    let mut parts: Vec<PartRow> = policy
        .parts
        .iter()
        .map(|p| PartRow { part: p.id.to_string(), title: p.title.say(lang).into_owned(), obligations: 0, with_clause: 0 })
        .collect();
    let mut index: HashMap<String, usize> = parts.iter().enumerate().map(|(i, p)| (p.part.clone(), i)).collect();
    let mut without_clause = Vec::new();
    let readable = s.register.obligations.iter().map(|o| (o.id.as_str(), true));
    let unreadable = s.register.invalid.iter().filter_map(|i| i.id.as_deref()).map(|id| (id, false));
    for (id, good) in readable.chain(unreadable).filter(|(id, _)| id.split('-').next() == Some(code)) {
        let part = id.split_once('.').map_or(id, |(p, _)| p).to_string();
        let i = *index.entry(part.clone()).or_insert_with(|| {
            parts.push(PartRow { part, title: String::new(), obligations: 0, with_clause: 0 });
            parts.len() - 1
        });
        parts[i].obligations += 1;
        if good && first.contains_key(id) {
            parts[i].with_clause += 1;
        } else {
            without_clause.push(id.to_string());
        }
    }
    let clauses = match () {
        () if !folder.clauses.is_empty() => "read",
        () if s.lost.has(Table::Clauses) => "unreadable",
        () => "none",
    };
    let title = policy.short.as_ref().unwrap_or(&policy.title).say(lang).into_owned();
    PolicyCover { policy: code.into(), title, rows, total, classes, parts, open, without_clause, clauses }
}
