//! May it be recorded? The lifecycle's answer and the roles', asked under the lock over the
//! log as it will be.

use crate::finding::words;
use crate::log::roles::Desk;
use crate::log::{Facts, Folded, Log, Verdict, fold};
use crate::model::{Event, Kind, Words};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Judges new entries for one register.
pub struct Judge<'a> {
    s: &'a Snapshot,
    facts: Vec<Facts<'a>>,
    known: usize,
    unsettled: Cell<usize>,
    /// Why the last were refused, and the field that each is about.
    fields: RefCell<Vec<(Words, &'static str)>>,
}

impl<'a> Judge<'a> {
    /// For the register as it was opened.
    pub fn new(s: &'a Snapshot) -> Judge<'a> {
        let known = s.folded.verdicts.iter().filter(|v| matches!(v, Verdict::Unlawful(_))).count();
        Judge { s, facts: s.facts(), known, unsettled: Cell::new(0), fields: RefCell::default() }
    }

    /// Later entries that are no longer lawful after what was appended: a correction may do that.
    pub fn unsettled(&self) -> usize {
        self.unsettled.get()
    }

    /// The field of an entry that a refusal is about; empty where it is about the whole.
    pub fn field(&self, why: &Words) -> &'static str {
        self.fields.borrow().iter().find(|f| f.0 == *why).map_or("", |f| f.1)
    }

    /// What [`crate::log::append::Appender`] asks.
    pub fn ask(&self, log: &Log, fresh: &[usize]) -> Vec<(usize, Words)> {
        let r = &self.s.register;
        let far = log.records.iter().map(|x| x.day).max().unwrap_or(NaiveDate::MIN);
        let folded = fold::fold(r, &self.s.roster, &self.facts, log, far, None);
        let by_h: HashMap<&str, usize> = log.records.iter().enumerate().rev().map(|(i, x)| (&*x.entry.h, i)).collect();
        let desk = r.people.as_ref().map(|people| Desk::new(r, people));
        let mut refused = Vec::new();
        for at in fresh.iter().copied() {
            if let Err((field, why)) = one(self.s, &self.facts, log, &folded, &by_h, desk.as_ref(), at) {
                self.fields.borrow_mut().push((why.clone(), field));
                refused.push((at, why));
            }
        }
        let now = folded.verdicts.iter().filter(|v| matches!(v, Verdict::Unlawful(_))).count();
        if refused.is_empty() {
            self.unsettled.set(now.saturating_sub(self.known));
        }
        refused
    }
}

fn one(
    s: &Snapshot,
    facts: &[Facts],
    log: &Log,
    folded: &Folded,
    by_h: &HashMap<&str, usize>,
    desk: Option<&Desk>,
    at: usize,
) -> Result<(), (&'static str, Words)> {
    let r = &s.register;
    let record = &log.records[at];
    let entry = &record.entry;
    if entry.day.is_some_and(|d| d.0 > record.day) {
        return Err(("day", words("--day 晚于今天".into(), "--day lies in the future".into())));
    }
    match &folded.verdicts[at] {
        Verdict::Unlawful(why) | Verdict::Stray(why) => return Err(("event", why.clone())),
        Verdict::Fixes(_) => {
            // The corrected words must be lawful at their place.
            let (mut root, mut steps) = (at, 0);
            while let Some(next) =
                log.records[root].entry.fixes.as_ref().and_then(|h| by_h.get(&**h)).filter(|_| steps <= log.records.len())
            {
                root = *next;
                steps += 1;
            }
            let stands = folded.standing.get(&(root as u32)) == Some(&(at as u32));
            if let (Verdict::Unlawful(why), true) = (&folded.verdicts[root], stands) {
                return Err(("event", why.clone()));
            }
        }
        _ => {}
    }
    let duty = folded.duty_of[at].expect("a lawful entry has an assignment") as usize;
    let plan = s.roster.duties[duty].plan.map(|p| &r.plan[p as usize]);
    if entry.event == Event::Start && plan.and_then(|p| p.person.as_ref()).is_none() {
        return Err((
            "person",
            words("没有责任人：先在 plan.yaml 写 person".into(), "there is no named person: write `person` in plan.yaml first".into()),
        ));
    }
    let silent = entry.percent.is_none()
        && entry.nil.is_none()
        && entry.value.is_none()
        && entry.evidence.is_empty()
        && [&entry.note, &entry.issues, &entry.next].iter().all(|t| t.is_none());
    if entry.event == Event::Progress && entry.fixes.is_none() && silent {
        return Err((
            "note",
            words(
                "什么也没有报告：写明百分比、事项或佐证；确无进展用 --nil（零报告）".into(),
                "it reports nothing: give --percent, --note, --evidence or the like; if there is nothing to report, say so with --nil"
                    .into(),
            ),
        ));
    }
    if entry.event == Event::Measure && facts[duty].kind == Kind::Outcome && (entry.indicator.is_none() || entry.value.is_none()) {
        let field = if entry.indicator.is_none() { "indicator" } else { "value" };
        return Err((
            field,
            words("成效测量须写指标和数值（--indicator、--value）".into(), "measuring an outcome needs --indicator and --value".into()),
        ));
    }
    let entry_of = |h: &str| by_h.get(h).map(|i| &log.records[*i].entry);
    desk.map_or(Ok(()), |desk| {
        // Without the consent that it names it would be its post's fault alone.
        let bare = crate::model::Entry { agreed: None, ..entry.clone() };
        desk.may(entry, &entry_of).map_err(|why| (if desk.may(&bare, &entry_of).is_ok() { "agreed" } else { "by" }, why))
    })
}
