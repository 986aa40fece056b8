//! `digest`: what presses on one department, in seven lists.
//!
//! | list | what stands in it |
//! |---|---|
//! | new | came to it since the first day: the policy listed, the plan's start, a hand-over, applicable again |
//! | late | a red rule of lateness, or a review past its day (A10), an exemption past its re-check date |
//! | returned | sent back or reopened, and not applied for again |
//! | due | due date, review, resume or re-check date from today to the last day asked for |
//! | waiting | applied for, not yet accepted |
//! | supports | open items of others that it supports, the most pressing first |
//! | accepts | applications that wait for its reviewers, where people.yaml gives it any |
//!
//! The first five are of what it leads. An item may stand in several lists; the schema's name
//! is `duban/digest/1`.

use super::ladder::{late, reached};
use super::posts;
use crate::model::time::{days_between, plus_days};
use crate::model::{Due, Event, Role, Status, Term, Words};
use crate::report::frame::Frame;
use crate::report::layout::{Ask, columns};
use crate::report::list::{InvalidRow, invalid_rows};
use crate::report::rows::{DutyRow, duty_row};
use chrono::NaiveDate;
use serde::Serialize;

/// What a department is told.
#[derive(Debug, Clone, Serialize)]
pub struct Digest {
    /// Origin and counts; what it leads is what is selected.
    #[serde(flatten)]
    pub frame: Frame,
    /// The department's present id.
    pub dept: String,
    /// Its name on the day.
    pub name: String,
    /// Posts and persons, with their roles.
    pub to: Vec<Addressee>,
    /// A line for the mail's subject.
    pub subject: String,
    /// First day of what is called new.
    pub since: String,
    /// Days ahead.
    pub next_days: u32,
    /// Assignments that it leads.
    pub leads: usize,
    /// Assignments of others that it supports, open or not.
    pub supports: usize,
    /// How many stand in each list, in the order in which they are told.
    pub counts: Vec<(&'static str, usize)>,
    /// Every row, with the list it stands in.
    pub rows: Vec<DigestRow>,
    /// Undecodable obligations: nobody knows whose they are.
    pub invalid_items: Vec<InvalidRow>,
    #[serde(skip)]
    pub(super) lists: Vec<List>,
}

/// A post with what it may do.
#[derive(Debug, Clone, Serialize)]
pub struct Addressee {
    /// The post or person.
    pub post: String,
    /// Codes of its roles; empty for one that only the plan names.
    pub roles: Vec<&'static str>,
}

/// A row as data.
#[derive(Debug, Clone, Serialize)]
pub struct DigestRow {
    /// The list.
    pub list: &'static str,
    /// The day it is about: due, review, resume, re-check, application, return.
    pub date: Option<String>,
    /// Days to that day, or since it: late, waiting, returned.
    pub days: Option<i64>,
    /// What about it: why it is new, what the date is, why it came back.
    pub what: String,
    /// The letter that is due, where the ladder has reached one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<Words>,
    /// The assignment.
    #[serde(flatten)]
    pub row: DutyRow,
}

/// One list.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub key: &'static str,
    pub head: Term,
    pub lines: Vec<Line>,
}

/// An assignment in a list.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub duty: usize,
    pub date: Option<NaiveDate>,
    pub days: Option<i64>,
    pub what: String,
    pub letter: Option<Words>,
}

/// Works it out for a department by its present id; new is what came since `since`, due what
/// comes within `next` days.
pub fn build(ask: &Ask, dept: &str, since: NaiveDate, next: u32) -> Digest {
    let leads: Vec<usize> = posts::leads(ask, dept).collect();
    let supports = supported(ask, dept);
    let lists = lists(ask, dept, (&leads, &supports), since, next);
    let to = posts::of(ask, dept).into_iter();
    let rows = lists.iter().flat_map(|l| l.lines.iter().map(|line| row(ask, l.key, line))).collect();
    let counts: Vec<(&'static str, usize)> = lists.iter().map(|l| (l.key, l.lines.len())).collect();
    Digest {
        frame: Frame { schema: "duban/digest/1".into(), ..ask.frame() },
        dept: dept.into(),
        name: ask.name(dept),
        to: to.map(|(post, roles)| Addressee { post, roles: roles.into_iter().map(Role::code).collect() }).collect(),
        subject: subject(ask, dept, &lists),
        since: since.to_string(),
        next_days: next,
        leads: leads.len(),
        supports: supports.len(),
        counts,
        rows,
        invalid_items: invalid_rows(ask.s),
        lists,
    }
}

/// Assignments of others that it supports.
fn supported(ask: &Ask, dept: &str) -> Vec<usize> {
    let r = &ask.s.register;
    let supports = |d: &usize| ask.s.roster.owners[ask.ob(*d)].support.iter().any(|x| r.current(x) == dept);
    let leads_part = |d: &usize| {
        let mut all = ask.s.roster.of(ask.ob(*d));
        all.any(|x| ask.s.roster.duties[x].dept.as_deref().is_some_and(|x| r.current(x) == dept))
    };
    ask.selected.iter().copied().filter(|d| supports(d) && !leads_part(d)).collect()
}

fn lists(ask: &Ask, dept: &str, (leads, supports): (&[usize], &[usize]), since: NaiveDate, next: u32) -> Vec<List> {
    let of = |duties: &[usize], f: &dyn Fn(usize) -> Option<Line>| duties.iter().filter_map(|d| f(*d)).collect::<Vec<_>>();
    let mut new = of(leads, &|d| newly(ask, d, since));
    new.sort_by_key(|l| (l.date, l.duty));
    let mut lates = of(leads, &|d| lateness(ask, d));
    lates.sort_by_key(|l| (std::cmp::Reverse(l.days), l.duty));
    let mut returned = of(leads, &|d| sent_back(ask, d));
    returned.sort_by_key(|l| (l.date, l.duty));
    let mut due = of(leads, &|d| upcoming(ask, d, next));
    due.sort_by_key(|l| (l.date, l.duty));
    let mut waiting = of(leads, &|d| waits(ask, d));
    waiting.sort_by_key(|l| (l.date, l.duty));
    let mut helps = of(supports, &|d| helped(ask, d));
    helps.sort_by_key(|l| (ask.s.folded.states[l.duty].light, l.date.unwrap_or(NaiveDate::MAX), l.duty));
    let list = |key, head, lines| List { key, head, lines };
    let mut all = vec![
        list("late", Term("已逾期", "Late"), lates),
        list("returned", Term("被退回，待重新申请", "Returned, to be applied for again"), returned),
        list("due", Term("即将到期", "Due soon"), due),
        list("waiting", Term("已申请，待验收", "Applied for, waiting for acceptance"), waiting),
        list("new", Term("新到事项", "New"), new),
        list("supports", Term("配合事项（在办）", "What it supports (open)"), helps),
    ];
    if reviews(ask, dept) {
        let everybody: Vec<usize> = ask.selected.clone();
        let mut accepts = of(&everybody, &|d| waits(ask, d));
        accepts.sort_by_key(|l| (l.date, l.duty));
        all.push(list(
            "accepts",
            Term("等待本单位验收人（如由其验收）", "Waiting for acceptance here, where its reviewers accept"),
            accepts,
        ));
    }
    all
}

/// Does people.yaml give the department a reviewer?
fn reviews(ask: &Ask, dept: &str) -> bool {
    let r = &ask.s.register;
    let mut people = r.people.iter().flatten();
    people.any(|p| p.roles.contains(&Role::Reviewer) && p.department.as_deref().is_some_and(|d| r.current(d) == dept))
}

fn line(duty: usize, date: Option<NaiveDate>, days: Option<i64>, what: String) -> Line {
    Line { duty, date, days, what, letter: None }
}

/// Came to the department between the first day and the as-of day.
fn newly(ask: &Ask, duty: usize, since: NaiveDate) -> Option<Line> {
    let (today, o) = (ask.s.day(), ask.obligation(duty));
    let owner = &ask.s.roster.owners[ask.ob(duty)];
    let listed = ask.s.register.policy_of(&o.id).map(|p| p.policy.listed.0);
    let start = ask.plan(duty).and_then(|p| p.start).map(|d| d.0);
    // The day after a former lead's last.
    let handed = owner.former.iter().map(|f| plus_days(f.to.0, 1)).max();
    let restored = ask.entries(duty).filter(|(_, e)| e.event == Event::Restore).map(|(day, _)| day).max();
    let why = [
        (listed, ask.say("列入登记册", "put on the list")),
        (handed, ask.say("移交到本单位", "handed over")),
        (restored, ask.say("恢复适用", "applies again")),
        (start, ask.say("计划启动", "planned start")),
    ];
    let (day, what) = why.into_iter().filter_map(|(d, w)| Some((d?, w))).find(|(d, _)| since <= *d && *d <= today)?;
    Some(line(duty, Some(day), None, what))
}

fn lateness(ask: &Ask, duty: usize) -> Option<Line> {
    let state = &ask.s.folded.states[duty];
    let today = ask.s.day();
    if let (Status::NotApplicable, Some(day)) = (state.status, state.recheck.filter(|d| *d < today)) {
        return Some(line(
            duty,
            Some(day),
            Some(days_between(day, today)),
            ask.say("不适用已过复查日期", "exemption past its re-check date"),
        ));
    }
    let late = late(ask.s, duty)?;
    let ladder = ask.s.register.settings.ladder();
    let letter = reached(&ladder, late.days).map(|i| ladder[i].letter.clone());
    let why: Vec<String> = late.codes.iter().map(|c| crate::report::layout::why::one(ask, duty, c)).collect();
    let days = late.since.map(|_| late.days);
    Some(Line { letter, ..line(duty, late.since, days, why.join(ask.semicolon())) })
}

/// Returned, regressed or reopened, and not applied for since.
fn sent_back(ask: &Ask, duty: usize) -> Option<Line> {
    if ask.s.folded.states[duty].status != Status::InProgress {
        return None;
    }
    let turns = [Event::Apply, Event::Return, Event::Regress, Event::Reopen];
    let (day, last) = ask.entries(duty).rfind(|(_, e)| turns.contains(&e.event))?;
    if last.event == Event::Apply {
        return None;
    }
    let reason = last.reason.as_deref().or(last.note.as_deref()).unwrap_or("—");
    let what = format!("{}{}{reason}", last.event.term().say(ask.lang), ask.colon());
    Some(line(duty, Some(day), Some(days_between(day, ask.s.day())), what))
}

/// The next day that matters, from today on; what is past is late.
fn upcoming(ask: &Ask, duty: usize, next: u32) -> Option<Line> {
    let state = &ask.s.folded.states[duty];
    let (day, what) = match state.status {
        s if s.open() => (state.due.and_then(Due::day)?, ask.say("完成时限", "due date")),
        Status::Operating => (state.next_review?, ask.say("定期复核", "review")),
        Status::Suspended => (state.resume?, ask.say("恢复日期", "resume date")),
        Status::NotApplicable => (state.recheck?, ask.say("复查日期", "re-check date")),
        _ => return None,
    };
    let left = days_between(ask.s.day(), day);
    (0..=i64::from(next)).contains(&left).then(|| line(duty, Some(day), Some(left), what))
}

fn waits(ask: &Ask, duty: usize) -> Option<Line> {
    let state = &ask.s.folded.states[duty];
    if state.status != Status::Submitted {
        return None;
    }
    let applied = state.applied.as_ref();
    let by = applied.map_or(String::new(), |a| ask.say(format!("{} 申请", a.by), format!("applied by {}", a.by)));
    Some(line(duty, applied.map(|a| a.day), columns::waited(ask, duty), by))
}

fn helped(ask: &Ask, duty: usize) -> Option<Line> {
    let state = &ask.s.folded.states[duty];
    let open = state.status.open() || state.status == Status::Submitted;
    open.then(|| line(duty, state.due.and_then(Due::day), None, String::new()))
}

fn row(ask: &Ask, list: &'static str, line: &Line) -> DigestRow {
    DigestRow {
        list,
        date: line.date.map(|d| d.to_string()),
        days: line.days,
        what: line.what.clone(),
        letter: line.letter.clone(),
        row: duty_row(ask.s, line.duty, ask.lang),
    }
}

/// `【示例市反诈专班】市公安局：逾期2项、临期1项（截至2026年10月31日）`.
fn subject(ask: &Ask, dept: &str, lists: &[List]) -> String {
    let unit = ask.s.register.settings.unit.name.say(ask.lang);
    let words = [
        ("late", Term("逾期", "late")),
        ("returned", Term("退回", "returned")),
        ("due", Term("临期", "due soon")),
        ("waiting", Term("待验收", "waiting")),
        ("new", Term("新到", "new")),
    ];
    let count = |key: &str| lists.iter().find(|l| l.key == key).map_or(0, |l| l.lines.len());
    let said =
        words.iter().filter(|(k, _)| count(k) > 0).map(|(k, w)| ask.say(format!("{}{}项", w.0, count(k)), format!("{} {}", count(k), w.1)));
    let mut said: Vec<String> = said.collect();
    if said.is_empty() {
        said.push(ask.say("本期无催办事项", "nothing presses"));
    }
    let lost = ask.s.register.invalid.len();
    if lost > 0 {
        said.push(ask.say(format!("另有{lost}项无法读取"), format!("{lost} unreadable")));
    }
    let (day, name, said) = (ask.day(ask.s.as_of), ask.name(dept), said.join(ask.comma()));
    ask.say(format!("【{unit}】{name}：{said}（截至{day}）"), format!("[{unit}] {name}: {said} (as of {day})"))
}
