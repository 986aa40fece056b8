//! The columns that a row about an assignment can have, by the keys of report-columns:
//! [`ALL`] is the table of names and widths, [`cell`] what stands in one.
//!
//! The ledger prints the widths of the table; elsewhere only the narrow ones are fixed and
//! the columns of words share what is left.

use super::ask::Ask;
use super::due;
use super::why::why;
use super::words;
use crate::model::time::days_between;
use crate::model::{Due, Lang, LeadMode, Relation, Status, Term, Tier, terms as t};
use crate::page::{Cell, Column};
use crate::report::rows::{lead_name, light_cell};

/// Sort of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Words,
    Whole,
    Number,
}
use Sort::{Number, Whole, Words};

/// Key, name, millimetres in the ledger, sort.
type Head = (&'static str, Term, u16, Sort);

/// Every column, in the order of report-columns; the last ones are ours.
const ALL: &[Head] = &[
    ("seq", t::SEQ, 8, Number),
    ("id", t::ID, 17, Whole),
    ("title", t::TITLE, 36, Words),
    ("requirement", t::REQUIREMENT, 0, Words),
    ("part", t::PART, 0, Words),
    ("sector", t::SECTOR, 0, Words),
    ("tier", t::TIER, 0, Words),
    ("lead", t::LEAD, 20, Words),
    ("support", t::SUPPORT, 24, Words),
    ("person", t::PERSON, 14, Words),
    ("contact", t::CONTACT, 0, Words),
    ("due", t::DUE, 19, Whole),
    ("status", t::STATUS, 15, Words),
    ("light", t::LIGHT, 10, Words),
    ("progress", t::PROGRESS, 40, Words),
    ("issues", t::ISSUES, 28, Words),
    ("next", t::NEXT, 30, Words),
    ("evidence", t::EVIDENCE, 0, Words),
    ("extensions", t::EXTENSIONS, 0, Number),
    ("days", t::DAYS_OVERDUE, 0, Number),
    ("indicator", t::INDICATOR, 0, Words),
    ("accepted_by", t::ACCEPTED_BY, 0, Words),
    ("accepted_on", t::ACCEPTED_ON, 0, Whole),
    ("basis", t::BASIS, 0, Words),
    ("remark", t::REMARK, 0, Words),
    ("role", t::ROLE, 0, Words),
    ("days_left", t::DAYS_LEFT, 0, Number),
    ("days_waited", t::DAYS_WAITED, 0, Number),
    ("due_original", t::DUE_ORIGINAL, 0, Whole),
    ("due_set", t::DUE_SET, 0, Words),
    ("start", t::START, 0, Whole),
    ("percent", t::PERCENT, 0, Number),
    ("next_review", t::NEXT_REVIEW, 0, Whole),
    ("why", t::WHY, 0, Words),
    ("proposed_lead", t::PROPOSED_LEAD, 0, Words),
    ("listed_on", t::LISTED_ON, 0, Whole),
];

/// The keys that may be asked for.
pub fn keys() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|c| c.0)
}

/// A row about an assignment.
#[derive(Debug, Clone)]
pub struct Line {
    /// The assignment.
    pub duty: usize,
    /// Its number in the report, from 1.
    pub n: usize,
    /// 牵头 or 配合 with whose row it is, where the layout says so.
    pub role: String,
}

/// The head of a column; `exact` with the ledger's widths.
pub fn head(key: &str, lang: Lang, exact: bool) -> Column {
    let (_, term, width, sort) = *ALL.iter().find(|c| c.0 == key).expect("layouts name columns of the table");
    let label = term.say(lang).into_owned();
    let short = if lang == Lang::En { term.1 } else { term.0 };
    let column = match sort {
        Number => Column::number(label, short),
        Whole => Column { short: short.into(), ..Column::id(label) },
        Words => Column { short: short.into(), ..Column::text(label) },
    };
    let fixed = match key {
        _ if exact => width,
        "seq" => 10,
        "id" => 20,
        "person" if lang == Lang::En => 25,
        "person" => 18,
        "remark" => 24,
        "due" | "accepted_on" | "listed_on" | "due_original" | "start" | "next_review" => 24,
        "status" => 17,
        "light" => 14,
        "extensions" | "days" | "days_left" | "days_waited" | "percent" => 14,
        _ => 0,
    };
    let below = if key == "due" { t::DUE_MOVED.say(lang).into_owned() } else { String::new() };
    Column { below, ..column.key(key).wide(fixed) }
}

/// What stands in a column of a row.
pub fn cell(ask: &Ask, key: &str, line: &Line) -> Cell {
    let duty = line.duty;
    let (o, state) = (ask.obligation(duty), &ask.s.folded.states[duty]);
    let plan = ask.plan(duty);
    let lang = ask.lang;
    let date = |day: Option<chrono::NaiveDate>| day.map_or(Cell::new(""), |d| Cell::Date(d, ask.day(d)));
    match key {
        "seq" => Cell::Count(line.n),
        "id" => Cell::Id(o.id.to_string(), None),
        "title" => Cell::new(o.title.say(lang)),
        "requirement" => Cell::new(o.requirement.say(lang)),
        "part" => Cell::new(ask.part(ask.ob(duty)).1),
        "sector" => Cell::new(o.reaches.iter().map(|c| ask.name(c)).collect::<Vec<_>>().join(ask.comma())),
        "tier" => Cell::new(tiers(&o.tier.bearer.0, ask)),
        "lead" => Cell::new(lead(ask, duty)),
        "support" => Cell::new(names(ask, &ask.s.roster.owners[ask.ob(duty)].support)),
        "person" => Cell::new(plan.and_then(|p| p.person.as_ref()).map_or("—", |p| p.as_str())),
        "contact" => Cell::new(plan.and_then(|p| p.contact.as_ref()).map_or("", |p| p.as_str())),
        "due" => due::cell(ask, duty),
        "due_original" => due::plain(ask, state.original),
        "due_set" => Cell::new(due::set_by(ask, duty)),
        "start" => date(plan.and_then(|p| p.start).map(|d| d.0)),
        "status" => Cell::new(state.status.term().say(lang)),
        "light" => light_cell(state.light, state.reasons, lang),
        "why" => Cell::new(why(ask, duty)),
        "progress" => Cell::new(words::progress(ask, duty)),
        "issues" => Cell::new(words::issues(ask, duty)),
        "next" => Cell::new(words::next(ask, duty)),
        "evidence" => Cell::new(words::evidence(ask, duty)),
        "extensions" => Cell::Count(state.extensions as usize),
        "days" => number(days_late(ask, duty)),
        "days_left" => number(days_late(ask, duty).map(|n| -n)),
        "days_waited" => number(waited(ask, duty)),
        "percent" => Cell::new(state.percent.map_or(String::new(), |p| format!("{p}%"))),
        "indicator" => Cell::new(indicators(ask, duty)),
        "accepted_by" => Cell::new(state.accepted.as_ref().map_or("", |a| &*a.by)),
        "accepted_on" => date(state.accepted.as_ref().map(|a| a.day)),
        "next_review" => date(state.next_review),
        "basis" => Cell::new(basis(ask, &o.id)),
        "remark" => Cell::new(plan.and_then(|p| p.remark.as_ref()).map_or("".into(), |w| w.say(lang))),
        "role" => Cell::new(line.role.clone()),
        "proposed_lead" => Cell::new(proposed(ask, duty)),
        "listed_on" => date(ask.s.register.policy_of(&o.id).map(|p| p.policy.listed.0)),
        other => unreachable!("no column {other}"),
    }
}

fn number(n: Option<i64>) -> Cell {
    n.map_or(Cell::new(""), |n| Cell::Number(n.to_string()))
}

/// Days past the due date; negative before it.
pub fn days_late(ask: &Ask, duty: usize) -> Option<i64> {
    Some(days_between(ask.s.folded.states[duty].due.and_then(Due::day)?, ask.s.day()))
}

/// Days since the application that waits for acceptance.
pub fn waited(ask: &Ask, duty: usize) -> Option<i64> {
    let state = &ask.s.folded.states[duty];
    state.applied.as_ref().filter(|_| state.status == Status::Submitted).map(|a| days_between(a.day, ask.s.day()))
}

/// The lead, with 按职责分工负责 where each answers for its own field.
pub fn lead(ask: &Ask, duty: usize) -> String {
    let name = lead_name(ask.s, duty, ask.lang);
    let by_remit = ask.s.roster.owners[ask.ob(duty)].mode == Some(LeadMode::ByRemit) && ask.s.roster.duties[duty].dept.is_some();
    let term = t::BY_REMIT.say(ask.lang);
    match ask.lang {
        _ if !by_remit => name,
        Lang::En => format!("{name} ({term})"),
        _ => format!("{name}（{term}）"),
    }
}

/// Names of units, joined.
pub fn names(ask: &Ask, ids: &[crate::model::UnitId]) -> String {
    ids.iter().map(|d| ask.name(d)).collect::<Vec<_>>().join(ask.comma())
}

fn tiers(all: &[Tier], ask: &Ask) -> String {
    if all.is_empty() {
        return t::OUTSIDE.say(ask.lang).into_owned();
    }
    all.iter().map(|x| x.term().say(ask.lang)).collect::<Vec<_>>().join(ask.comma())
}

/// Indicators with the target that the plan sets.
pub fn indicators(ask: &Ask, duty: usize) -> String {
    let one = |k: &crate::model::Indicator| {
        let unit = k.unit.as_ref().map_or(String::new(), |u| u.say(ask.lang).into_owned());
        let target = ask.plan(duty).and_then(|p| p.indicators.get(k.id.as_str())).and_then(|x| x.target.as_ref());
        match target {
            Some(x) => format!("{}（{} {}{unit}）", k.name.say(ask.lang), t::TARGET.say(ask.lang), x.as_str()),
            None => k.name.say(ask.lang).into_owned(),
        }
    };
    let said: Vec<String> = ask.obligation(duty).indicators.iter().map(one).collect();
    let said = said.join(ask.semicolon());
    if ask.lang == Lang::En { said.replace('（', " (").replace('）', ")") } else { said }
}

fn basis(ask: &Ask, id: &str) -> String {
    let all: Vec<String> =
        ask.links(id).iter().filter(|l| l.relation != Relation::None).map(|l| super::crosswalk::article(ask, l)).collect();
    all.join(ask.comma())
}

/// Who might lead: what the catalogue proposes, else what its surroundings suggest.
fn proposed(ask: &Ask, duty: usize) -> String {
    let o = ask.obligation(duty);
    match (&o.owner, &o.bearer) {
        (Some(owner), _) if !owner.lead.is_empty() => names(ask, &owner.lead),
        (Some(owner), _) if !owner.support.is_empty() => names(ask, &owner.support),
        (_, Some(bearer)) => bearer.context.as_ref().map_or("—".into(), |c| c.to_string()),
        _ => "—".into(),
    }
}
