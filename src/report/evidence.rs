//! `evidence`: every reference that entries carry, and what became of its file.
//!
//! The register holds references, never content; whoever calls says what was found
//! ([`Look`]). A reference above 内部 prints its class alone. What a correction replaced or
//! a void withdrew is listed and marked, not counted as evidence.

use super::frame::Frame;
use crate::log::Verdict;
use crate::model::{Class, Evidence, Lang, Status, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table, Tone};
use crate::snapshot::{Snapshot, query::Query};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// There, with another digest.
    Changed,
    /// Not where it was looked for.
    Missing,
    /// There, and cannot be read.
    Unreadable,
    /// A required type for which nothing was ever named.
    Lacking,
    /// There, with the digest recorded.
    Present,
    /// Recorded with a digest, and no folder was given to look in.
    NotLooked,
    /// Cited by name alone.
    NameOnly,
}

impl Look {
    /// All, the worst first.
    pub const ALL: [Look; 7] =
        [Look::Changed, Look::Missing, Look::Unreadable, Look::Lacking, Look::Present, Look::NotLooked, Look::NameOnly];

    /// Its words.
    pub fn term(self) -> Term {
        match self {
            Look::Changed => Term("已改动", "changed"),
            Look::Missing => Term("缺失", "missing"),
            Look::Unreadable => Term("无法读取", "unreadable"),
            Look::Lacking => Term("应有未报", "required, none"),
            Look::Present => Term("在位", "present"),
            Look::NotLooked => Term("未查找", "not looked for"),
            Look::NameOnly => Term("仅记名称", "by name only"),
        }
    }
    fn tone(self) -> Tone {
        match self {
            Look::Changed | Look::Missing | Look::Unreadable => Tone::Red,
            Look::Lacking => Tone::Amber,
            Look::Present => Tone::Green,
            Look::NotLooked | Look::NameOnly => Tone::Grey,
        }
    }
}

/// One reference.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceRow {
    /// Assignment.
    pub assignment: String,
    /// Code of the type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name; the class in brackets where that may not be printed.
    pub name: String,
    /// Document number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its date.
    pub date: String,
    /// Secrecy class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<&'static str>,
    /// What became of the file.
    pub file: Look,
    /// Where it was found, or why not read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// Too old for its type, and nothing newer of it.
    pub expired: bool,
    /// Replaced by a correction, withdrawn, or never counted.
    pub withdrawn: bool,
    /// Digest recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The entry.
    pub h: String,
}

/// The list with its frame.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// Rows by what became of the file, withdrawn ones not counted.
    pub files: BTreeMap<Look, usize>,
    /// Of these, expired.
    pub expired: usize,
    /// References of corrected, withdrawn or unlawful entries.
    pub withdrawn: usize,
    /// The rows.
    pub rows: Vec<EvidenceRow>,
}

impl EvidenceReport {
    /// Is a file that was looked for changed, missing or unreadable?
    pub fn bad(&self) -> bool {
        [Look::Changed, Look::Missing, Look::Unreadable].iter().any(|l| self.files.get(l).is_some_and(|n| *n > 0))
    }
}

/// Looks every reference of the assignments selected up, those of the as-of day and before.
pub fn build(s: &Snapshot, query: &Query, look: &dyn Fn(&Evidence) -> (Look, String)) -> EvidenceReport {
    let selected = query.select(s);
    let wanted: HashSet<u32> = selected.iter().map(|i| *i as u32).collect();
    let facts = s.facts();
    let day = s.day();
    let standing: HashSet<u32> = s.folded.standing.values().copied().collect();
    // Newest date of each type by assignment, for "expired" says nothing where a newer one is there.
    let mut rows: Vec<(usize, EvidenceRow)> = Vec::new();
    let mut newest: BTreeMap<(u32, &str), crate::model::Day> = BTreeMap::new();
    let counts = |i: usize| match &s.folded.verdicts[i] {
        Verdict::Counts => true,
        Verdict::Fixes(_) => standing.contains(&(i as u32)),
        _ => false,
    };
    let records = || {
        s.log.records.iter().enumerate().filter_map(|(i, r)| {
            let duty = s.folded.duty_of[i].filter(|d| wanted.contains(d))?;
            (s.folded.verdicts[i] != Verdict::Later).then_some((i, r, duty))
        })
    };
    for (_, r, duty) in records().filter(|(i, ..)| counts(*i)) {
        for e in &r.entry.evidence {
            let slot = newest.entry((duty, &e.kind)).or_insert(e.date);
            *slot = e.date.max(*slot);
        }
    }
    for (i, r, duty) in records() {
        for e in &r.entry.evidence {
            let hidden = e.class.is_some_and(|c| !c.printable());
            let fact = &facts[duty as usize];
            let age = s.register.evidence_type(&e.kind).and_then(|t| match t.max_age {
                crate::model::MaxAge::Cycles(n) => fact.review.map(|c| c.after(e.date.0, n)),
                crate::model::MaxAge::None => None,
            });
            let live = counts(i);
            let (file, at) = look(e);
            rows.push((
                duty as usize,
                EvidenceRow {
                    assignment: s.roster.full_id(&s.register, duty as usize),
                    kind: e.kind.to_string(),
                    name: e.shown().into_owned(),
                    number: e.number.as_ref().filter(|_| !hidden).map(|n| n.to_string()),
                    date: e.date.0.to_string(),
                    class: e.class.map(Class::code),
                    file,
                    // A path would give the name away.
                    at: if hidden { String::new() } else { at },
                    expired: live && age.is_some_and(|a| a < day) && newest.get(&(duty, &*e.kind)) == Some(&e.date),
                    withdrawn: !live,
                    sha256: e.sha256.as_ref().filter(|_| !hidden).map(|x| x.to_string()),
                    h: r.entry.h.to_string(),
                },
            ));
        }
    }
    for i in &selected {
        let state = &s.folded.states[*i];
        if !matches!(state.status, Status::Submitted | Status::Closed | Status::Operating) {
            continue;
        }
        for (kind, _) in facts[*i].required.iter().filter(|(kind, _)| !state.evidence.has(kind)) {
            rows.push((
                *i,
                EvidenceRow {
                    assignment: s.roster.full_id(&s.register, *i),
                    kind: (*kind).into(),
                    name: "—".into(),
                    number: None,
                    date: "—".into(),
                    class: None,
                    file: Look::Lacking,
                    at: String::new(),
                    expired: false,
                    withdrawn: false,
                    sha256: None,
                    h: String::new(),
                },
            ));
        }
    }
    let place: BTreeMap<usize, usize> = selected.iter().enumerate().map(|(n, i)| (*i, n)).collect();
    rows.sort_by(|a, b| (place.get(&a.0), &a.1.kind, &a.1.date).cmp(&(place.get(&b.0), &b.1.kind, &b.1.date)));
    let rows: Vec<EvidenceRow> = rows.into_iter().map(|r| r.1).collect();
    let live = || rows.iter().filter(|r| !r.withdrawn);
    EvidenceReport {
        frame: Frame::new(s, "evidence", query, &selected),
        files: Look::ALL.iter().map(|l| (*l, live().filter(|r| r.file == *l).count())).collect(),
        expired: live().filter(|r| r.expired).count(),
        withdrawn: rows.iter().filter(|r| r.withdrawn).count(),
        rows,
    }
}

/// The list as a page.
pub fn page(s: &Snapshot, report: &EvidenceReport, lang: Lang) -> Page {
    let mut page = report.frame.page(s, Term("佐证材料核对", "Evidence"), lang);
    let say = |zh: &'static str, en: &'static str| Term(zh, en).say(lang).into_owned();
    let counts: Vec<String> = Look::ALL.iter().map(|l| format!("{} {}", l.term().say(lang), report.files[l])).collect();
    page.meta.push(format!(
        "{} {} · {} · {} {} · {} {}",
        t::ROWS.say(lang),
        report.rows.len(),
        counts.join(" · "),
        say("过期", "expired"),
        report.expired,
        say("已更正或撤回", "corrected or withdrawn"),
        report.withdrawn
    ));
    let columns = vec![
        Column::id(t::ID.say(lang)),
        Column::text(say("类型", "Type")),
        Column::text(say("名称", "Name")),
        Column::id(t::DATE.say(lang)),
        Column::text(say("文件", "File")),
        Column::text(t::MARK.say(lang)),
        Column::id("h"),
    ];
    let rows = report
        .rows
        .iter()
        .map(|r| {
            let kind = s.register.evidence_type(&r.kind).map_or_else(|| r.kind.clone(), |t| t.name.say(lang).into_owned());
            let mut mark = Vec::new();
            if r.expired {
                mark.push(say("过期", "expired"));
            }
            if r.withdrawn {
                mark.push(say("已更正或撤回", "corrected or withdrawn"));
            }
            mark.extend(r.class.map(String::from));
            let name = r.number.as_ref().map_or_else(|| r.name.clone(), |n| format!("{} {n}", r.name));
            let cells = vec![
                Cell::Text(r.assignment.clone()),
                Cell::Text(kind),
                Cell::Text(name),
                Cell::Text(r.date.clone()),
                Cell::Light(r.file.tone(), r.file.term().say(lang).into_owned()),
                Cell::Text(mark.join(" ")),
                Cell::Text(r.h.clone()),
            ];
            Row::of(cells)
        })
        .collect();
    page.blocks.push(Block::Table(Table::of(columns, rows, t::NOTHING.say(lang).into_owned())));
    page.notes.push(say(
        "文件：在位 = 找到且摘要与记录一致；未查找 = 没有给出存放文件夹（--in 或 evidence_store）；仅记名称 = 记录时没有文件摘要，无从核对。",
        "File: present = found, with the digest recorded; not looked for = no folder was given (--in, or evidence_store); \
         by name only = no digest was recorded, so nothing can be compared.",
    ));
    page
}
