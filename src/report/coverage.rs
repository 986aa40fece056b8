//! `coverage`: how much of what must be there is there, and the rates.
//!
//! Shares count assignments by department and person, obligations elsewhere. A waiver is
//! its own column and never counts as covered. An undecodable obligation stays in the
//! denominator and covers nothing.

use super::frame::Frame;
use super::groups::{By, Group, groups, obligations};
use crate::model::{Due, Kind, Lang, Recurrence, Relation, Status, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::snapshot::{Snapshot, query::Query};
use serde::Serialize;
use std::collections::HashSet;

/// A share as two counts; nothing over nothing is null in JSON's `rate`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share(pub usize, pub usize);

impl Serialize for Share {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = s.serialize_map(Some(3))?;
        map.serialize_entry("have", &self.0)?;
        map.serialize_entry("of", &self.1)?;
        map.serialize_entry("rate", &(self.1 > 0).then(|| self.0 as f64 / self.1 as f64))?;
        map.end()
    }
}

/// The report as data.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// Assignments selected.
    pub assignments: usize,
    /// One row a group.
    pub rows: Vec<CoverageRow>,
    /// Every assignment or obligation once.
    pub total: CoverageRow,
}

/// Shares of one group.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageRow {
    /// Its id.
    pub key: String,
    /// Its name on the day shown.
    pub name: String,
    /// What is in it.
    pub total: usize,
    /// Has a lead department.
    pub lead: Share,
    /// Has a named person.
    pub person: Share,
    /// Has a due date or `standing`.
    pub due: Share,
    /// Lead, person and due date or `standing`.
    pub owner_complete: Share,
    /// Has a waiver for a missing person or due date.
    pub waived: usize,
    /// Has every required evidence.
    pub evidence: Share,
    /// Meets an article of law (any relation but `none`).
    pub article: Share,
    /// Stands in a clause of the source.
    pub clause: Share,
    /// 落实率.
    pub delivered: Share,
    /// 销号率.
    pub closed: Share,
    /// 按期率.
    pub on_time: Share,
    /// 逾期率.
    pub overdue: Share,
    /// 证据齐全率.
    pub evidence_complete: Share,
}

struct Counter<'a> {
    s: &'a Snapshot,
    articles: HashSet<&'a str>,
    clauses: HashSet<&'a str>,
}

/// What one assignment or one obligation has; an obligation has what all its assignments have.
struct Member {
    ob: usize,
    duties: Vec<usize>,
}

impl Counter<'_> {
    fn row(&self, key: &str, name: String, members: &[Member], invalid: usize) -> CoverageRow {
        let s = self.s;
        let of = members.len() + invalid;
        let share = |have: &dyn Fn(&Member) -> bool| Share(members.iter().filter(|m| have(m)).count(), of);
        let all = |m: &Member, has: &dyn Fn(usize) -> bool| m.duties.iter().all(|d| has(*d));
        let plan = |d: usize| s.roster.duties[d].plan.map(|p| &s.register.plan[p as usize]);
        let lead = |d: usize| s.roster.duties[d].dept.is_some();
        let person = |d: usize| plan(d).is_some_and(|p| p.person.is_some());
        let due = |d: usize| plan(d).is_some_and(|p| p.due.is_some());
        let evidence = |d: usize| {
            let o = &s.register.obligations[s.roster.duties[d].obligation as usize];
            o.evidence.iter().filter(|e| e.required).all(|e| s.folded.states[d].evidence.has(e.kind.as_str()))
        };
        let waived = |d: usize| {
            let subject = s.roster.id(&s.register, d);
            let open = |rule: &str, has: bool| {
                !has && lead(d) && s.register.waivers.iter().any(|w| w.until.0 >= s.as_of && w.covers(rule, &subject))
            };
            open("O002", person(d)) || open("O003", due(d))
        };
        let state = |d: usize| &s.folded.states[d];
        let status = |m: &Member| if m.duties.len() == 1 { state(m.duties[0]).status } else { s.folded.obligations[m.ob].0 };
        let kind = |m: &Member| &s.register.obligations[m.ob];
        let rate = |of: &dyn Fn(&Member) -> bool, have: &dyn Fn(&Member) -> bool| {
            let base: Vec<&Member> = members.iter().filter(|m| of(m)).collect();
            Share(base.iter().filter(|m| have(m)).count(), base.len())
        };
        let counted = |m: &Member| status(m) != Status::NotApplicable;
        let delivered = |m: &Member| matches!(status(m), Status::Closed | Status::Operating);
        let one_off = |m: &Member| kind(m).recurrence == Recurrence::OneOff && kind(m).kind != Kind::Prohibition;
        let original = |d: usize| state(d).ever_applied.as_ref().and_then(|a| a.original).and_then(Due::day);
        let ever = |m: &Member| m.duties.iter().any(|d| original(*d).is_some());
        let punctual = |d: usize| state(d).ever_applied.as_ref().is_none_or(|a| original(d).is_none_or(|due| a.day <= due));
        let open_due = |m: &Member| m.duties.iter().any(|d| state(*d).status.open() && matches!(state(*d).due, Some(Due::On(_))));
        let done = |m: &Member| matches!(status(m), Status::Submitted | Status::Closed | Status::Operating);
        CoverageRow {
            key: key.into(),
            name,
            total: of,
            lead: share(&|m| all(m, &lead)),
            person: share(&|m| all(m, &person)),
            due: share(&|m| all(m, &due)),
            owner_complete: share(&|m| all(m, &|d| lead(d) && person(d) && due(d))),
            waived: members.iter().filter(|m| m.duties.iter().any(|d| waived(*d))).count(),
            evidence: share(&|m| all(m, &evidence)),
            article: share(&|m| self.articles.contains(s.register.obligations[m.ob].id.as_str())),
            clause: share(&|m| self.clauses.contains(s.register.obligations[m.ob].id.as_str())),
            delivered: {
                let r = rate(&counted, &delivered);
                Share(r.0, r.1 + invalid)
            },
            closed: rate(&|m| counted(m) && one_off(m), &|m| status(m) == Status::Closed),
            on_time: rate(&ever, &|m| all(m, &punctual)),
            overdue: rate(&open_due, &|m| m.duties.iter().any(|d| state(*d).reasons.contains(&"R1"))),
            evidence_complete: rate(&done, &|m| {
                m.duties
                    .iter()
                    .filter(|d| matches!(state(**d).status, Status::Submitted | Status::Closed | Status::Operating))
                    .all(|d| evidence(*d))
            }),
        }
    }

    fn members(&self, g: &Group, by: By) -> Vec<Member> {
        if by.counts_assignments() {
            g.duties.iter().map(|d| Member { ob: self.s.roster.duties[*d].obligation as usize, duties: vec![*d] }).collect()
        } else {
            self.whole(&g.obligations)
        }
    }

    fn whole(&self, obligations: &[usize]) -> Vec<Member> {
        obligations.iter().map(|o| Member { ob: *o, duties: self.s.roster.of(*o).collect() }).collect()
    }
}

/// Counts a selection.
pub fn build(s: &Snapshot, query: &Query, by: By, lang: Lang) -> CoverageReport {
    let selected = query.select(s);
    let counter = Counter {
        s,
        articles: s
            .register
            .crosswalk
            .iter()
            .filter(|c| c.links.iter().any(|l| l.relation != Relation::None))
            .map(|c| c.duty.as_str())
            .collect(),
        clauses: s.register.policies.iter().flat_map(|p| p.clauses.iter().flat_map(|c| c.primary.iter().map(|id| id.as_str()))).collect(),
    };
    let invalid = s.register.invalid.len();
    let mut rows: Vec<CoverageRow> =
        groups(s, by, &selected, lang).iter().map(|g| counter.row(&g.key, g.name.clone(), &counter.members(g, by), 0)).collect();
    if invalid > 0 {
        rows.push(counter.row("invalid", t::INVALID_ROW.say(lang).into_owned(), &[], invalid));
    }
    let total = counter.row("total", t::GRAND_TOTAL.say(lang).into_owned(), &counter.whole(&obligations(s, &selected)), invalid);
    CoverageReport { frame: Frame::new(s, "coverage", query, &selected), assignments: selected.len(), rows, total }
}

/// The report as a page: what is there, then the rates.
pub fn page(s: &Snapshot, report: &CoverageReport, by: By, lang: Lang) -> Page {
    let mut page = report.frame.page(s, t::COVERAGE_TITLE, lang);
    let head = match by {
        By::Department => t::DEPARTMENT,
        By::Sector => t::SECTOR,
        By::Part => t::PART,
        By::Policy => t::POLICY,
        By::Tier => t::TIER,
        By::Person => t::PERSON,
    };
    let pick = |lang: Lang, zh: &'static str, en: &'static str| if lang == Lang::En { en } else { zh };
    let number = |key: &str, term: crate::model::Term, zh, en| Column::number(term.say(lang), pick(lang, zh, en)).key(key);
    let first = || vec![Column::text(head.say(lang)).key("group"), number("total", t::ALL, "总数", "All")];
    let mut have = first();
    have.extend([
        number("lead", t::WITH_LEAD, "牵头", "Lead"),
        number("person", t::WITH_PERSON, "责任人", "Pers"),
        number("due", t::WITH_DUE, "时限", "Due"),
        number("owner_complete", t::OWNER_COMPLETE, "齐全", "Owner"),
        number("waived", t::WAIVED, "豁免", "Waiv"),
        number("evidence", t::WITH_EVIDENCE, "证据", "Evid"),
        number("article", t::WITH_ARTICLE, "法条", "Art"),
        number("clause", t::WITH_CLAUSE, "条款", "Cl"),
    ]);
    let mut rates = first();
    rates.extend([
        number("delivered", t::DELIVERY, "落实率", "Deliv"),
        number("closed_rate", t::CLOSURE, "销号率", "Closed"),
        number("on_time", t::ON_TIME, "按期率", "Time"),
        number("overdue", t::OVERDUE_RATE, "逾期率", "Over"),
        number("evidence_complete", t::EVIDENCE_RATE, "证据率", "Evid"),
    ]);
    let share = |x: &Share| Cell::Share(x.0, x.1);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for (r, total) in report.rows.iter().map(|r| (r, false)).chain([(&report.total, true)]) {
        let name = || vec![Cell::Text(r.name.clone()), Cell::Count(r.total)];
        let mut cells = name();
        cells.extend([
            share(&r.lead),
            share(&r.person),
            share(&r.due),
            share(&r.owner_complete),
            Cell::Count(r.waived),
            share(&r.evidence),
            share(&r.article),
            share(&r.clause),
        ]);
        a.push(if total { Row::total(cells) } else { Row::of(cells) });
        let mut cells = name();
        cells.extend([share(&r.delivered), share(&r.closed), share(&r.on_time), share(&r.overdue), share(&r.evidence_complete)]);
        b.push(if total { Row::total(cells) } else { Row::of(cells) });
    }
    let empty = t::NOTHING.say(lang).into_owned();
    page.blocks.push(Block::Table(Table { key: "coverage".into(), ..Table::of(have, a, empty.clone()) }));
    page.blocks.push(Block::Table(Table { key: "rates".into(), ..Table::of(rates, b, empty) }));
    page.notes.push(if by.counts_assignments() { t::TOTAL_NOTE_DEPT } else { t::TOTAL_NOTE_ONCE }.say(lang).into_owned());
    page.notes.push(t::WAIVED_NOTE.say(lang).into_owned());
    page.notes.push(t::RATE_NOTE.say(lang).into_owned());
    page
}
