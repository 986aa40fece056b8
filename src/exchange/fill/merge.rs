//! One row that came back, held against what it was made from and what is so by now.
//!
//! Three-way, cell by cell, for what was filled in beforehand: unchanged since the export means
//! nothing to record; changed here alone is taken; changed on both sides is a conflict. A row
//! with something to record whose assignment has moved since the export is a conflict as a whole.

use super::cells::{self, Raw, Understood};
use super::columns::{COLUMNS, at};
use super::grid::Row;
use super::row::{Base, Fill, tidy};
use crate::digest;
use crate::finding::words;
use crate::intake::proposal::{Citation, Cited, Proposal};
use crate::log::Verdict;
use crate::model::{Day, Event, Lang, Status, Words};
use crate::snapshot::Snapshot;
use std::collections::HashMap;

/// What became of a row.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing was changed.
    Unchanged,
    /// This very row was recorded before: the `h` of its entry.
    Known(Box<str>),
    /// Something to record.
    Entry(Box<Proposal>),
    /// Why not: the column, where it is one cell's fault.
    Refused(Vec<Slip>),
}

/// A fault of a row.
#[derive(Debug, Clone)]
pub struct Slip {
    /// Number of our column.
    pub column: Option<usize>,
    /// What is wrong.
    pub what: Words,
}

/// What rows are held against.
pub struct Desk<'a> {
    /// The register as it is.
    pub s: &'a Snapshot,
    /// Its assignments, as they would be exported now.
    pub fills: Vec<Fill>,
    /// Keys of the log's entries that came from such tables; `None` for one that was withdrawn.
    known: HashMap<&'a str, Option<&'a str>>,
}

/// What keys begin with.
const KEY: &str = "fill-";

impl<'a> Desk<'a> {
    /// For a register.
    pub fn new(s: &'a Snapshot) -> Desk<'a> {
        let facts = s.facts();
        let known = s.log.records.iter().zip(&s.folded.verdicts).filter_map(|(r, verdict)| {
            let stands = !matches!(verdict, Verdict::WithdrawnBy(_));
            Some((r.entry.key.as_deref().filter(|k| k.starts_with(KEY))?, stands.then_some(&*r.entry.h)))
        });
        Desk { s, fills: (0..s.roster.duties.len()).map(|d| super::row::fill(s, &facts, d)).collect(), known: known.collect() }
    }

    /// The assignment that an id names; `by` and the note of the export help where several lead.
    fn duty(&self, written: &str, base: Option<&Base>) -> Result<usize, Words> {
        let r = &self.s.register;
        let id = cells::narrow(written).to_uppercase();
        if let Some(d) = self.s.roster.find(r, &id) {
            return if self.s.roster.duties[d].dept.is_some() {
                Ok(d)
            } else {
                Err(words(format!("{id} 没有牵头单位（O001），无处记录"), format!("{id} has no lead department (O001)")))
            };
        }
        if let Some(base) = base.filter(|b| b.id.split('@').next() == Some(id.as_str()))
            && let Some(d) = self.s.roster.find(r, &base.id)
        {
            return Ok(d);
        }
        crate::intake::proposal::find_duty(self.s, &id, "", None).map_err(|f| crate::intake::table::joined(&f.what, &f.hint))
    }

    /// A row whose entry was withdrawn may be recorded anew, under the next key.
    fn fresh(&self, key: String) -> String {
        let withdrawn = |k: &String| self.known.get(k.as_str()) == Some(&None);
        let mut all = std::iter::once(key.clone()).chain((2..).map(|n| format!("{key}-{n}")));
        all.find(|k| !withdrawn(k)).expect("numbers do not end")
    }

    /// Holds a row against the register.
    pub fn row(&self, row: &Row) -> (Option<usize>, Outcome) {
        let mut slips = Vec::new();
        let base = match note(row) {
            Ok(base) => base,
            Err(slip) => {
                slips.push(slip);
                None
            }
        };
        let duty = match row.cells[at("id")].text() {
            Ok(Some(id)) => self.duty(&id, base.as_ref()),
            Ok(None) => Err(words("没有编号".into(), "the row has no id".into())),
            Err(why) => Err(why),
        };
        let duty = match duty {
            Ok(d) => d,
            // A line with nothing to record is somebody's remark below the table.
            Err(_) if base.is_none() && (at("event")..at("by")).all(|i| row.cells[i].is_empty()) && row.cells[at("id")].is_empty() => {
                return (None, Outcome::Unchanged);
            }
            Err(what) => {
                let meant = base.as_ref().map(|b| b.id.as_str()).filter(|id| !id.is_empty());
                let more = |t: &Option<Box<str>>, lead: &str, tail: &str| {
                    format!("{}{}", t.as_deref().unwrap_or_default(), meant.map_or(String::new(), |m| format!("{lead}{m}{tail}")))
                };
                let what = words(more(&what.zh, "（导出时这一行是 ", "）"), more(&what.en, " (at the export this row was ", ")"));
                slips.push(Slip { column: Some(at("id")), what });
                return (None, Outcome::Refused(slips));
            }
        };
        let now = &self.fills[duty];
        let strange = base.as_ref().filter(|b| b.id != now.base.id && self.s.roster.find(&self.s.register, &b.id) != Some(duty));
        if let Some(b) = strange {
            let what = words(
                format!("校验格属于 {}：编号写错了，或行与行错位了；请改回编号，用整行排序，或重新导出", b.id),
                format!(
                    "the fingerprint belongs to {}: the id is wrong, or cells were moved between rows; put the id right, sort whole rows, or export anew",
                    b.id
                ),
            );
            // Not this assignment's row: nothing of it may stand on that one's ground.
            return (None, Outcome::Refused(vec![Slip { column: Some(at("base")), what }]));
        }
        let key = base.as_ref().map(|b| self.fresh(key(row, b)));
        if let Some(h) = key.as_ref().and_then(|k| self.known.get(k.as_str()).copied().flatten()).filter(|_| slips.is_empty()) {
            return (Some(duty), Outcome::Known(h.into()));
        }
        let mut hand = Hand { row, base: base.as_ref().unwrap_or(&now.base), now, slips, changed: false };
        let mut proposal = hand.proposal(self.s);
        proposal.key = key.map(Into::into);
        let Hand { mut slips, changed, .. } = hand;
        if !changed && slips.is_empty() {
            return (Some(duty), Outcome::Unchanged);
        }
        match &base {
            Some(b) if b.state != now.base.state && changed => slips.push(Slip { column: None, what: moved(b, &now.base) }),
            None if slips.iter().all(|s| s.column != Some(at("base"))) => {
                let what = words(
                    "没有校验格，无法核对导出之后有无变动；请重新导出，或用 duban log import 交自制的表".into(),
                    "there is no fingerprint, so nobody can tell whether the state moved; export anew, or hand in a table of your own with `duban log import`".into(),
                );
                slips.push(Slip { column: Some(at("base")), what });
            }
            _ => {}
        }
        (Some(duty), if slips.is_empty() { Outcome::Entry(Box::new(proposal)) } else { Outcome::Refused(slips) })
    }
}

/// What a row is recorded under, so that it is recorded once: what it was made from and what
/// stands in it, however often its file is filled in further and brought in.
fn key(row: &Row, base: &Base) -> String {
    let cells = (at("event")..at("by")).map(|i| row.cells[i].text().ok().flatten().unwrap_or_default());
    let parts: Vec<String> = cells.chain([seal(base)]).collect();
    format!("{KEY}{}", &digest::hex(parts.join("\n\u{1f}").as_bytes())[..22])
}

/// The hidden note of a row; `None` where there is none.
fn note(row: &Row) -> Result<Option<Base>, Slip> {
    let at = at("base");
    let bad = |zh: &str, en: &str| Slip { column: Some(at), what: words(zh.into(), en.into()) };
    let damaged = || {
        bad(
            "校验格损坏，无法核对导出之后有无变动；请重新导出",
            "the fingerprint is damaged, so nobody can tell whether the state moved since the export; export anew",
        )
    };
    match row.cells[at].text() {
        Ok(None) => Ok(None),
        Ok(Some(text)) => match open(&text) {
            Some(b) if b.v == 1 => Ok(Some(b)),
            Some(_) => Err(bad("校验格来自更新的版本", "the fingerprint is of a later version of the program")),
            None => Err(damaged()),
        },
        Err(_) => Err(damaged()),
    }
}

/// A note as it is written: its data, and a digest so that damage shows.
pub fn seal(base: &Base) -> String {
    let data = serde_json::to_string(base).expect("plain data");
    format!("{} {data}", &digest::hex(data.as_bytes())[..8])
}

fn open(text: &str) -> Option<Base> {
    let (sum, data) = text.split_once(' ')?;
    (digest::hex(data.as_bytes())[..8] == *sum).then(|| serde_json::from_str(data).ok()).flatten()
}

fn moved(then: &Base, now: &Base) -> Words {
    let name = |code: &str| Status::from_code(code).map_or((code.to_string(), code.to_string()), |s| (s.term().0.into(), s.code().into()));
    let ((zh0, en0), (zh1, en1)) = (name(&then.status), name(&now.status));
    let n = now.entries.saturating_sub(then.entries);
    words(
        format!("导出之后状态已变：当时{zh0}，现在{zh1}，其间新增 {n} 条记录；请重新导出再填"),
        format!(
            "the state moved since the export: it was {en0}, it is {en1}, with {n} entries in between; export anew and fill in that row again"
        ),
    )
}

/// Reading one row.
struct Hand<'a> {
    row: &'a Row,
    /// What it was made from; what is so now, where it does not say.
    base: &'a Base,
    now: &'a Fill,
    slips: Vec<Slip>,
    /// Does anything stand in it that was not there at the export?
    changed: bool,
}

impl Hand<'_> {
    /// A cell understood; a fault is told and counts as a change: it must not pass as nothing.
    fn take<T>(&mut self, key: &str, read: fn(&Raw) -> Understood<T>) -> Option<T> {
        let column = at(key);
        match read(&self.row.cells[column]) {
            Ok(value) => value,
            Err(what) => {
                let name = COLUMNS[column].name;
                let lead = |t: &Option<Box<str>>, name: &str, colon: &str| format!("{name}{colon}{}", t.as_deref().unwrap_or_default());
                let what = words(lead(&what.zh, name.0, "："), lead(&what.en, name.1, ": "));
                self.slips.push(Slip { column: Some(column), what });
                None
            }
        }
    }
    fn text(&mut self, key: &str) -> Option<Box<str>> {
        self.take(key, Raw::text).map(Into::into)
    }
    /// A cell understood, or nothing where it is at fault.
    fn known<T>(&mut self, key: &str, read: fn(&Raw) -> Understood<T>) -> Option<Option<T>> {
        let before = self.slips.len();
        let value = self.take(key, read);
        (self.slips.len() == before).then_some(value)
    }

    /// The register's own cells, which are locked: whoever changed one meant something by it.
    fn given(&mut self, s: &Snapshot) {
        let (state, duty) = (&s.folded.states[self.now.duty], &s.roster.duties[self.now.duty]);
        let mut tell = |key: &str, zh: &str, en: &str| {
            self.slips.push(Slip {
                column: Some(at(key)),
                what: words(format!("灰色格由登记册给出：{zh}"), format!("a grey cell is the register's: {en}")),
            });
        };
        let cell = |key: &str| &self.row.cells[at(key)];
        if let Ok(Some((status, _))) = cells::status(cell("status"))
            && status.code() != self.base.status
        {
            tell("status", "要转状态请填“拟转状态”或“办理动作”", "to change the state fill in `New status` or `Event`");
        }
        if self.base.state != self.now.base.state {
            return;
        }
        if let Ok(Some(due)) = cells::until(cell("due"))
            && Some(due) != state.due
        {
            tell("due", "要改时限请办“延期”并填“新期限”", "to move the due date choose Extend and fill in `New date`");
        }
        let person = duty.plan.and_then(|p| s.register.plan[p as usize].person.as_ref()).map_or("", |p| p.as_str());
        if cell("person").text().ok().flatten().unwrap_or_default() != tidy(person) && !cell("person").is_empty() {
            tell("person", "责任人在 plan.yaml 里改", "the person is changed in plan.yaml");
        }
    }

    /// Cells that mean nothing beside what is to happen: recorded, they would do nothing.
    fn fits(&mut self, p: &Proposal) {
        use Event::*;
        let moves =
            matches!(p.event, Start | Accept | Review | Measure | Inspect | Regress | Reopen | Suspend | Exempt | Extend | Block | Breach);
        let odd: [(bool, &str, &str, &str); 5] = [
            (
                p.until.is_some() && !moves,
                "until",
                "“新期限”要和延期、暂缓、受阻等动作一起填",
                "a new date goes with extending, suspending, blocking and the like",
            ),
            (p.indicator.is_some() && p.value.is_none(), "value", "填了指标，没有填指标值", "there is an indicator without its value"),
            (p.value.is_some() && p.indicator.is_none(), "indicator", "填了指标值，没有填指标", "there is a value without its indicator"),
            (p.release.is_some() && p.event != Accept, "release", "“放行理由”只在验收时填", "a release goes with acceptance alone"),
            (
                p.reference.is_some() && !matches!(p.event, Unblock | Remedy),
                "ref",
                "“所指条目”只在解除受阻、处置违反时填",
                "an entry is referred to in unblocking and remedying alone",
            ),
        ];
        for (_, key, zh, en) in odd.iter().filter(|o| o.0) {
            self.slips.push(Slip { column: Some(at(key)), what: words((*zh).into(), (*en).into()) });
        }
    }

    fn filled<T>(&mut self, value: Option<T>) -> Option<T> {
        self.changed |= value.is_some();
        value
    }

    /// A cell that was filled in beforehand.
    fn three<T: PartialEq + Clone + std::fmt::Display>(
        &mut self,
        key: &str,
        theirs: Option<T>,
        base: Option<T>,
        now: Option<T>,
    ) -> Option<T> {
        if theirs == base || theirs == now {
            return None;
        }
        self.changed = true;
        let show = |x: &Option<T>| x.as_ref().map_or("—".into(), T::to_string);
        let column = at(key);
        let name = COLUMNS[column].name;
        match &theirs {
            None => {
                let (zh, en) = if key == "percent" {
                    ("请填现在的进度", "write what it is now")
                } else {
                    ("已解决请写“无”", "write what is so, `none` for instance")
                };
                let what = words(
                    format!("{}被清空（原为“{}”）；{zh}", name.0, show(&base)),
                    format!("{} was emptied (it said `{}`); {en}", name.1, show(&base)),
                );
                self.slips.push(Slip { column: Some(column), what });
                None
            }
            Some(_) if base == now => theirs,
            Some(_) => {
                let what = words(
                    format!("{}两边都改了：导出时“{}”，表中“{}”，登记册现为“{}”", name.0, show(&base), show(&theirs), show(&now)),
                    format!(
                        "{} was changed on both sides: `{}` at the export, `{}` in the table, `{}` in the register now",
                        name.1,
                        show(&base),
                        show(&theirs),
                        show(&now)
                    ),
                );
                self.slips.push(Slip { column: Some(column), what });
                None
            }
        }
    }

    fn proposal(&mut self, s: &Snapshot) -> Proposal {
        let (then, now) = (self.base.clone(), self.now.base.clone());
        let full = |t: &str| Some(tidy(t)).filter(|t| !t.is_empty());
        let percent = self.known("percent", cells::percent).and_then(|t| self.three("percent", t, then.percent, now.percent));
        let issues = self.known("issues", Raw::text).and_then(|t| self.three("issues", t, full(&then.issues), full(&now.issues)));
        let next = self.known("next", Raw::text).and_then(|t| self.three("next", t, full(&then.next), full(&now.next)));
        self.given(s);
        let evidence = self.evidence(s);
        let mut p = Proposal {
            duty: now.id.clone().into(),
            event: Event::Progress,
            by: self.text("by"),
            via: self.text("via"),
            agreed: self.text("agreed"),
            percent,
            day: self.take("day", cells::day).map(Day),
            until: self.take("until", cells::until),
            indicator: self.text("indicator"),
            value: self.take("value", cells::decimal).map(Into::into),
            note: self.text("note"),
            issues: issues.map(Into::into),
            next: next.map(Into::into),
            reason: self.text("reason"),
            reference: self.text("ref"),
            nil: self.take("nil", cells::yes),
            release: self.text("release"),
            evidence,
            fixes: None,
            key: None,
        };
        let via = p.via.take().map(|v| body(s, &v));
        p.via = via;
        for some in [p.via.is_some(), p.agreed.is_some(), p.day.is_some(), p.until.is_some(), p.indicator.is_some(), p.value.is_some()] {
            self.changed |= some;
        }
        for some in
            [p.note.is_some(), p.reason.is_some(), p.reference.is_some(), p.nil.is_some(), p.release.is_some(), !p.evidence.is_empty()]
        {
            self.changed |= some;
        }
        if let Some(event) = self.event() {
            p.event = event;
        }
        self.fits(&p);
        p
    }

    /// What is to happen: the event that was chosen, the one that leads to the state chosen, or a
    /// report of progress.
    fn event(&mut self) -> Option<Event> {
        let event = self.take("event", cells::event);
        let event = self.filled(event);
        let target = self.take("target", cells::status).filter(|t| t.0.code() != self.now.base.status);
        let target = self.filled(target);
        let lawful = |zh: bool| {
            let all = self.now.events();
            all.iter().map(|e| if zh { e.term().0 } else { e.code() }).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
        };
        let (zh, en) = (lawful(true), lawful(false));
        let at_event = Some(at("event"));
        match (event, target) {
            (Some(e), None) => Some(e),
            (event, Some((to, daily))) => match (self.now.leading_to(to), event) {
                (Some(by), None) => Some(by),
                (Some(by), Some(e)) if by == e => Some(e),
                (Some(by), Some(e)) => {
                    let what = words(
                        format!("办理动作是{}，拟转状态{}却要{}", e.term().0, to.term().0, by.term().0),
                        format!("the event is {}, but the new status {} comes of {}", e.code(), to.code(), by.code()),
                    );
                    self.slips.push(Slip { column: at_event, what });
                    None
                }
                (None, _) => {
                    let more = if daily {
                        ("（“已完成”按申请销号理解）", " (`done` is read as an application for acceptance)")
                    } else {
                        ("", "")
                    };
                    let from = Status::from_code(&self.now.base.status).unwrap_or_default();
                    let what = words(
                        format!("从{}不能转为{}{}；可办：{zh}", from.term().0, to.term().0, more.0),
                        format!("{} cannot become {}{}; lawful now: {en}", from.code(), to.code(), more.1),
                    );
                    self.slips.push(Slip { column: Some(at("target")), what });
                    None
                }
            },
            (None, None) if self.changed && !self.now.events().contains(&Event::Progress) => {
                let what = words(
                    format!("填了内容却没有办理动作；可办：{zh}"),
                    format!("something is filled in, but no event is chosen; lawful now: {en}"),
                );
                self.slips.push(Slip { column: at_event, what });
                None
            }
            (None, None) => None,
        }
    }

    /// The piece in its own columns, and more of them line by line.
    fn evidence(&mut self, s: &Snapshot) -> Vec<Cited> {
        let kind = self.text("evidence_type");
        let (name, number) = (self.text("evidence_name"), self.text("evidence_number"));
        let date = self.take("evidence_date", cells::day).map(Day);
        let mut out = Vec::new();
        match (&kind, name.is_some() || number.is_some() || date.is_some()) {
            (Some(kind), _) => out.push(Cited::Full(Citation {
                kind: self.evidence_type(s, kind, "evidence_type"),
                name: name.or_else(|| number.clone()),
                file: None,
                number,
                date,
                place: None,
                sha256: None,
                size: None,
                class: None,
            })),
            (None, true) => {
                self.changed = true;
                let what = words("写了佐证却没有选佐证类型".into(), "evidence is filled in, but not its type".into());
                self.slips.push(Slip { column: Some(at("evidence_type")), what });
            }
            (None, false) => {}
        }
        let more = self.text("evidence").unwrap_or_default();
        for line in more.lines().map(str::trim).filter(|l| !l.is_empty()) {
            let line = line.replacen('＝', "=", 1).replace('；', ";");
            let (kind, rest) = line.split_once('=').unwrap_or((&line, ""));
            let line = if rest.is_empty() { line.clone() } else { format!("{}={rest}", self.evidence_type(s, kind, "evidence")) };
            out.push(Cited::Short(line.into()));
        }
        out
    }

    /// The code of a type of evidence by its code or either name; what is none is told.
    fn evidence_type(&mut self, s: &Snapshot, typed: &str, column: &str) -> Box<str> {
        let plain = |t: &str| cells::narrow(t).to_lowercase();
        let wanted = plain(typed);
        let same = |t: &Option<Box<str>>| t.as_deref().is_some_and(|t| plain(t) == wanted);
        let all = &s.register.evidence_types;
        if let Some(t) = all.iter().find(|t| plain(&t.code) == wanted || same(&t.name.zh) || same(&t.name.en)) {
            return t.code.as_str().into();
        }
        self.changed = true;
        let names = |lang| all.iter().map(|t| t.name.say(lang).into_owned()).collect::<Vec<_>>();
        let (zh, en) = (names(Lang::Zh), names(Lang::En));
        let what = words(
            format!("没有佐证类型“{}”；可用：{}", typed.trim(), zh.join("、")),
            format!("there is no type of evidence `{}`; known: {}", typed.trim(), en.join(", ")),
        );
        self.slips.push(Slip { column: Some(at(column)), what });
        typed.trim().into()
    }
}

/// A department by its id or name; what is none stays as typed and is refused later.
fn body(s: &Snapshot, typed: &str) -> Box<str> {
    let wanted = cells::narrow(typed);
    let r = &s.register;
    let named = |b: &&crate::model::Item<crate::model::Body>| {
        use crate::model::Lang::{En, Zh};
        b.id.as_str() == wanted || [Zh, En].iter().any(|l| cells::narrow(&r.name(&b.id, s.day(), *l)) == wanted)
    };
    r.bodies.iter().find(named).map_or_else(|| typed.trim().into(), |b| b.id.as_str().into())
}
