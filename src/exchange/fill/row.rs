//! One assignment as a row to fill in: what is offered from where it stands, and what it was
//! made from, so that a row that comes back can be held against what is so by then.

use crate::digest::Running;
use crate::exchange::ask::Ask;
use crate::log::Facts;
use crate::log::fp;
use crate::log::offer::{Offer, offers};
use crate::model::{Event, Status};
use crate::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What a row was made from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Base {
    /// The form of this note: 1.
    pub v: u32,
    /// The assignment, `OPN-3.18@CITY-DRC`.
    pub id: String,
    /// Digest of its state.
    pub state: String,
    /// Code of its state, to be told when it has moved.
    pub status: String,
    /// Entries that counted.
    pub entries: u32,
    /// What was filled in beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// The same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub issues: String,
    /// The same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub next: String,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Fill {
    /// The assignment.
    pub duty: usize,
    /// What it is made from.
    pub base: Base,
    /// Events that are lawful here.
    pub offers: Vec<Offer>,
}

/// What an assignment stands at, as data that is compared.
pub fn base(s: &Snapshot, duty: usize) -> Base {
    let state = &s.folded.states[duty];
    let ob = s.roster.duties[duty].obligation as usize;
    let words = state.words.get().map(|w| &s.log.records[w as usize].entry);
    let mut sum = Running::default();
    let text = |x: Option<String>| x.unwrap_or_else(|| "-".into());
    for (name, part) in [
        ("status", state.status.code().to_string()),
        ("due", text(state.due.map(|d| d.to_string()))),
        ("extensions", state.extensions.to_string()),
        ("open", format!("{} {}", state.blocks.len(), state.breaches.len())),
        ("review", text(state.next_review.map(|d| d.to_string()))),
        ("dates", format!("{} {}", text(state.resume.map(|d| d.to_string())), text(state.recheck.map(|d| d.to_string())))),
        ("wording", serde_json::to_string(&fp::of(&s.register.obligations[ob], &s.roster.owners[ob])).expect("plain data")),
    ] {
        sum.add(name, part.as_bytes());
    }
    let said = |x: Option<&Box<str>>| x.map_or(String::new(), |t| tidy(t));
    Base {
        v: 1,
        id: s.roster.full_id(&s.register, duty),
        state: sum.short(12),
        status: state.status.code().into(),
        entries: state.entries,
        percent: state.percent,
        issues: said(words.and_then(|e| e.issues.as_ref())),
        next: said(words.and_then(|e| e.next.as_ref())),
    }
}

/// A text without what a spreadsheet adds or takes away by itself: ends of lines in one form, no
/// characters that its files cannot hold.
pub fn tidy(text: &str) -> String {
    let odd = |c: &char| (c.is_control() && !matches!(c, '\n' | '\t')) || (*c as u32) & 0xfffe == 0xfffe;
    let ends = text.replace("\r\n", "\n").replace('\r', "\n");
    ends.chars().filter(|c| !odd(c)).collect::<String>().trim().to_string()
}

/// A row of an assignment.
pub fn fill(s: &Snapshot, facts: &[Facts], duty: usize) -> Fill {
    Fill { duty, base: base(s, duty), offers: offers(&s.folded.states[duty], &facts[duty], s.as_of) }
}

/// The rows that a question selects, by lead department in order of precedence; assignments
/// without lead have nobody to fill them in.
pub fn by_department(ask: &Ask) -> Vec<(String, Vec<Fill>)> {
    let facts = ask.s.facts();
    let mut out: Vec<(String, Vec<Fill>)> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for duty in &ask.selected {
        let Some(dept) = &ask.s.roster.duties[*duty].dept else { continue };
        let dept = ask.s.register.current(dept).to_string();
        let row = fill(ask.s, &facts, *duty);
        let at = *index.entry(dept.clone()).or_insert(out.len());
        if at == out.len() {
            out.push((dept, Vec::new()));
        }
        out[at].1.push(row);
    }
    out.sort_by_cached_key(|d| ask.s.register.body_index.get(&d.0).copied());
    out
}

impl Fill {
    /// The events offered.
    pub fn events(&self) -> Vec<Event> {
        self.offers.iter().map(|o| o.event).collect()
    }
    /// The states that one of them leads to, other than the present one.
    pub fn targets(&self) -> Vec<Status> {
        let mut all: Vec<Status> = self.offers.iter().map(|o| o.to).filter(|t| t.code() != self.base.status).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
    /// The event that leads to a state.
    pub fn leading_to(&self, to: Status) -> Option<Event> {
        self.offers.iter().find(|o| o.to == to && o.to.code() != self.base.status).map(|o| o.event)
    }
}
