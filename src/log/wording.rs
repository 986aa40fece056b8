//! Does the wording that somebody signed still stand in the register?
//!
//! `attest`, `apply`, `accept` and `review` carry the fingerprint of the duty as it was read
//! ([`super::fp`]). Where requirement, modality, owner or links have changed since the newest of
//! them, the assignment is *outdated*: nobody has said that the new words are carried out.
//!
//! 1. [`outdated`] compares, for every assignment that was ever signed.
//! 2. [`say`] puts a part of a duty into words, so that old and new can be set side by side.

use super::fold::Folded;
use super::fp;
use super::read::Log;
use crate::model::register::{Lost, Table};
use crate::model::{Fingerprint, Obligation, Register, Roster, Status, UnitId, Words, terms};
use chrono::NaiveDate;
use std::collections::HashMap;

/// A part of a duty that is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The requirement, in either language.
    Requirement,
    /// Kind and modality.
    Modality,
    /// Leads, supports and mode, after the plan has had its say.
    Owner,
    /// The links to other obligations.
    Needs,
}

impl Part {
    /// All of them, in the order in which they are told.
    pub const ALL: [Part; 4] = [Part::Requirement, Part::Modality, Part::Owner, Part::Needs];

    /// The field of the register.
    pub fn code(self) -> &'static str {
        match self {
            Part::Requirement => "requirement",
            Part::Modality => "modality",
            Part::Owner => "owner",
            Part::Needs => "needs",
        }
    }

    /// Its digest in a fingerprint.
    pub fn of(self, fp: &Fingerprint) -> &str {
        match self {
            Part::Requirement => &fp.requirement,
            Part::Modality => &fp.modality,
            Part::Owner => &fp.owner,
            Part::Needs => &fp.needs,
        }
    }
}

/// Why what was signed does not vouch for what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// These parts have changed since.
    Changed(Vec<Part>),
    /// The entry does not say which wording was read.
    Unsaid,
    /// The fingerprint was made by a recipe that this program does not know.
    Recipe(u32),
}

impl Gap {
    /// The fields that changed; `fp` where the signature says nothing that could be compared.
    pub fn codes(&self) -> Vec<&'static str> {
        match self {
            Gap::Changed(parts) => parts.iter().map(|p| p.code()).collect(),
            Gap::Unsaid | Gap::Recipe(_) => vec!["fp"],
        }
    }
    /// The same in a line.
    pub fn say(&self) -> String {
        self.codes().join(", ")
    }
}

/// An assignment whose newest signature is for other words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outdated {
    /// Index of the assignment.
    pub duty: u32,
    /// Index of the record that signed last.
    pub record: u32,
    /// What is amiss.
    pub gap: Gap,
    /// Digests of the parts that changed, as they stand now: another change is another finding.
    pub now: String,
}

/// Every assignment whose newest signature does not fit the register, in display order.
/// What stands in something unreadable is not called changed.
pub fn outdated(register: &Register, roster: &Roster, log: &Log, folded: &Folded, lost: &Lost) -> Vec<Outdated> {
    let mut prints: HashMap<u32, Fingerprint> = HashMap::new();
    let mut out = Vec::new();
    for (i, state) in folded.states.iter().enumerate() {
        // What does not apply here asks nobody to read it; a restored one is compared again.
        let Some(record) = state.signed.get().filter(|_| state.status != Status::NotApplicable) else { continue };
        let ob = roster.duties[i].obligation;
        let now = prints.entry(ob).or_insert_with(|| fp::of(&register.obligations[ob as usize], &roster.owners[ob as usize]));
        let signed = &log.records[record as usize];
        let gap = match &signed.entry.fp {
            None => Some(Gap::Unsaid),
            Some(then) if then.recipe != fp::RECIPE => Some(Gap::Recipe(then.recipe)),
            Some(then) => {
                let owner_lost = lost.has(Table::Departments) || lost.may_hold(Table::Plan, &register.obligations[ob as usize].id);
                let same = |part: &Part| {
                    part.of(then) == part.of(now)
                        || *part == Part::Owner && (owner_lost || fp::owner(&on_day(register, roster, ob, signed.day)) == then.owner)
                };
                let changed: Vec<Part> = Part::ALL.into_iter().filter(|p| !same(p)).collect();
                (!changed.is_empty()).then_some(Gap::Changed(changed))
            }
        };
        let digests = |gap: &Gap| match gap {
            Gap::Changed(parts) => parts.iter().map(|p| p.of(now)).collect::<Vec<_>>().join(" "),
            _ => String::new(),
        };
        out.extend(gap.map(|gap| Outdated { duty: i as u32, record, now: digests(&gap), gap }));
    }
    out
}

/// The owner under the ids of a day: a department that was only renamed is the same one.
fn on_day(register: &Register, roster: &Roster, ob: u32, day: NaiveDate) -> crate::model::roster::Effective {
    let mut owner = roster.owners[ob as usize].clone();
    let then = |id: &UnitId| {
        let former = register.body(id).and_then(|b| b.was.iter().filter(|w| day <= w.to.0).min_by_key(|w| w.to.0));
        former.map_or_else(|| id.clone(), |w| w.id.clone())
    };
    owner.lead = owner.lead.iter().map(then).collect();
    owner.support = owner.support.iter().map(then).collect();
    owner
}

/// A part of a duty in words, in both languages.
pub fn say(obligation: &Obligation, owner: &crate::model::roster::Effective, part: Part) -> Words {
    let both = |zh: String, en: String| Words { zh: Some(zh.into()), en: Some(en.into()) };
    let ids = |all: &[UnitId]| all.iter().map(|d| d.as_str()).collect::<Vec<_>>().join(", ");
    match part {
        Part::Requirement => {
            let r = &obligation.requirement;
            both(r.say(crate::model::Lang::Zh).into_owned(), r.say(crate::model::Lang::En).into_owned())
        }
        Part::Modality => {
            let (k, m) = (obligation.kind, obligation.modality);
            both(format!("{} · {}", k.term().0, m.term().0), format!("{} · {}", k.code(), m.code()))
        }
        Part::Owner => {
            let support = |lead: String, word: &str| {
                if owner.support.is_empty() { lead } else { format!("{lead}; {word} {}", ids(&owner.support)) }
            };
            let lead = |none: &str| if owner.lead.is_empty() { none.to_string() } else { ids(&owner.lead) };
            let mode = owner.mode.map_or("", |m| m.code());
            let (zh, en) = (lead(terms::NO_LEAD.0), lead(terms::NO_LEAD.1));
            both(
                format!("{} {mode}", support(zh, terms::SUPPORT.0)).trim().into(),
                format!("{} {mode}", support(en, "support")).trim().into(),
            )
        }
        Part::Needs => {
            let all: Vec<String> = obligation.needs.iter().map(|n| format!("{} {}", n.kind.code(), n.on)).collect();
            let all = if all.is_empty() { "—".into() } else { all.join(", ") };
            both(all.clone(), all)
        }
    }
}
