//! Which entry is lawful from which state, and what it does.
//!
//! One table for writing and for reading (FORMATS, event table; transitions T01–T17
//! of reporting-habits section 4). "Any pair not listed is refused."

use super::act::Act;
use super::state::{Accepted, Applied, Facts, Open, Opens, State};
use crate::finding::words;
use crate::model::{Due, Event, Kind, Recurrence, Status, Words};
use chrono::NaiveDate;
use std::sync::Arc;

/// What an entry meets besides its own state.
pub struct Surroundings<'a> {
    /// Recording day of the place where the entry stands.
    pub day: NaiveDate,
    /// Index of the record at that place.
    pub place: u32,
    /// True when every `requires` prerequisite is finished at this moment.
    pub ready: &'a dyn Fn() -> bool,
    /// The open block or breach that `ref` names, if it is one of these.
    pub named: &'a dyn Fn(&[Open], &str) -> Option<usize>,
}

fn no(zh: impl Into<String>, en: impl Into<String>) -> Result<(), Words> {
    Err(words(zh.into(), en.into()))
}

fn need(have: bool, zh: &str, en: &str) -> Result<(), Words> {
    if have { Ok(()) } else { no(format!("缺少{zh}"), format!("{en} is missing")) }
}

fn need_date(entry: &Act, zh: &str, en: &str) -> Result<(), Words> {
    if matches!(entry.until, Some(Due::On(_))) { Ok(()) } else { no(format!("缺少{zh}（until）"), format!("{en} (until) is missing")) }
}

fn from(state: &State, event: Event, allowed: &[Status]) -> Result<(), Words> {
    if allowed.contains(&state.status) {
        return Ok(());
    }
    let zh: Vec<_> = allowed.iter().map(|s| s.term().0).collect();
    let en: Vec<_> = allowed.iter().map(|s| s.code()).collect();
    no(
        format!("“{}”只能从 {} 出发，现状是 {}", event.term().0, zh.join("、"), state.status.term().0),
        format!("`{}` is lawful from {}; the assignment is {}", event.code(), en.join(", "), state.status.code()),
    )
}

/// Is the entry lawful here? `Err` says why not.
///
/// # Errors
/// The reason, in both languages.
pub fn judge(entry: &Act, state: &State, facts: &Facts, near: &Surroundings) -> Result<(), Words> {
    use Status::*;
    let event = entry.event;
    let carries = |types: &[&str]| entry.evidence.iter().any(|(kind, _)| types.contains(kind));
    let required = || facts.required.iter().map(|(t, _)| *t);
    match event {
        Event::Start => {
            from(state, event, &[NotStarted])?;
            if facts.kind == Kind::Prohibition {
                return no(
                    "禁止性要求不启动，以首次核查（inspect）进入常态",
                    "a prohibition is not started; its first `inspect` puts it in operation",
                );
            }
            if entry.until.is_none() && facts.due.is_none() {
                return no("没有完成时限，也没有注明长期坚持", "there is neither a due date nor `standing`; set one in plan.yaml");
            }
            if !carries(&["minutes", "policy-doc", "circular"]) {
                return no("启动须附 minutes、policy-doc 或 circular 之一", "starting needs evidence: minutes, policy-doc or circular");
            }
            Ok(())
        }
        Event::Progress => from(state, event, &[InProgress, Submitted, Operating]),
        Event::Apply => {
            from(state, event, &[InProgress])?;
            if facts.kind == Kind::Outcome {
                return no("成效类事项只测量，不申请销号", "an outcome is measured, never submitted for acceptance");
            }
            need(entry.agreed.is_some(), "单位负责人同意（agreed）", "the consent of the head of unit (agreed)")?;
            let missing: Vec<&str> = required().filter(|t| !state.evidence.has(t) && !carries(&[t])).collect();
            if missing.is_empty() {
                Ok(())
            } else {
                no(format!("缺少必备证据：{}", missing.join("、")), format!("required evidence is missing: {}", missing.join(", ")))
            }
        }
        Event::Return => from(state, event, &[Submitted]).and(need(entry.says.reason, "退回理由（reason）", "the reason")),
        Event::Accept => {
            from(state, event, &[Submitted])?;
            let applied = state.applied.as_ref();
            if applied.is_some_and(|a| *a.by == *entry.by || a.agreed.as_deref() == Some(entry.by)) {
                return no(
                    "验收人不得为申请人或同意申请的人",
                    "the accepter applied or agreed to the application; nobody accepts their own work",
                );
            }
            if !entry.says.release && !(near.ready)() {
                return no(
                    "前置事项尚未完成，须写明放行理由（release）",
                    "a prerequisite is unfinished; say in `release` why it is accepted all the same",
                );
            }
            Ok(())
        }
        Event::Review => {
            from(state, event, &[Operating])?;
            if entry.evidence.is_empty() { no("复核须附本周期证据", "a review needs evidence of the cycle") } else { Ok(()) }
        }
        Event::Measure | Event::Inspect => {
            if state.status == NotApplicable {
                return no("不适用的事项没有测量或核查", "the assignment is not applicable");
            }
            let usual = if event == Event::Measure { "stat-report" } else { "inspection" };
            if carries(&[usual]) || required().any(|t| carries(&[t])) {
                Ok(())
            } else {
                no(format!("须附 {usual} 或事项的必备证据"), format!("evidence is missing: {usual}, or a type the item requires"))
            }
        }
        Event::Regress => from(state, event, &[Operating]).and(need(entry.says.reason, "理由（reason）", "the reason")).and(need_date(
            entry,
            "整改时限",
            "the new due date",
        )),
        Event::Reopen => from(state, event, &[Closed]).and(need(entry.says.reason, "理由（reason）", "the reason")).and(need_date(
            entry,
            "新的完成时限",
            "the new due date",
        )),
        Event::Suspend => from(state, event, &[NotStarted, InProgress])
            .and(need(entry.agreed.is_some(), "批准人（agreed）", "the approver (agreed)"))
            .and(need_date(entry, "恢复日期", "the resume date")),
        Event::Resume => from(state, event, &[Suspended]),
        Event::Exempt => from(state, event, &[NotStarted, InProgress, Operating])
            .and(need(entry.agreed.is_some(), "批准人（agreed）", "the approver (agreed)"))
            .and(need(entry.says.reason, "理由（reason）", "the reason"))
            .and(need_date(entry, "复查日期", "the re-check date")),
        Event::Restore => from(state, event, &[NotApplicable])
            .and(need(entry.agreed.is_some(), "批准人（agreed）", "the approver (agreed)"))
            .and(need(entry.says.reason, "理由（reason）", "the reason")),
        Event::Extend => from(state, event, &[NotStarted, InProgress])
            .and(need(entry.agreed.is_some(), "批准人（agreed）", "the approver (agreed)"))
            .and(need(entry.says.reason, "理由（reason）", "the reason"))
            .and(need_date(entry, "新的完成时限", "the new due date")),
        Event::Block => from(state, event, &[NotStarted, InProgress]).and(need(
            entry.says.issues,
            "受阻问题（issues）",
            "what stands in the way (issues)",
        )),
        Event::Unblock => from(state, event, &[NotStarted, InProgress]).and(named(entry, &state.blocks, near, "受阻", "block")),
        Event::Breach | Event::Remedy if facts.kind != Kind::Prohibition => {
            no("只有禁止性要求才有违反", "only a prohibition can be breached")
        }
        Event::Breach if state.status == NotApplicable => no("不适用的事项没有违反", "the assignment is not applicable"),
        Event::Breach if !entry.says.issues && !entry.says.note => {
            no("须写明违反情况（issues 或 note）", "say what the breach is (issues or note)")
        }
        Event::Breach => Ok(()),
        Event::Remedy => named(entry, &state.breaches, near, "违反", "breach"),
        Event::Attest if state.status == NotApplicable => no("不适用的事项无须确认文本", "the assignment is not applicable"),
        Event::Attest => need(entry.says.reason, "理由（reason）", "the reason"),
        Event::Void => no("撤回须以 fixes 指明要撤回的条目", "a void must name in `fixes` the entry it withdraws"),
    }
}

fn named(entry: &Act, open: &[Open], near: &Surroundings, zh: &str, en: &str) -> Result<(), Words> {
    match entry.reference {
        None => no(format!("缺少 ref：所结束的{zh}条目的 h"), format!("`ref` is missing: the h of the {en} that this ends")),
        Some(h) if (near.named)(open, h).is_none() => {
            no(format!("ref 指向的不是一条未结束的{zh}"), format!("`ref` does not name an open {en} of this assignment"))
        }
        Some(_) => Ok(()),
    }
}

/// What a lawful entry does to the state.
pub fn apply(entry: &Act, state: &mut State, facts: &Facts, near: &Surroundings) {
    use Status::*;
    let until = entry.until.and_then(Due::day);
    for (kind, date) in &entry.evidence {
        state.evidence.add(kind, *date);
    }
    let review = |state: &mut State| state.next_review = until.or_else(|| facts.review.map(|c| c.after(near.day, 1)));
    match entry.event {
        Event::Start => {
            state.status = InProgress;
            state.started = Some(near.day);
            state.started_due = entry.until.or(facts.due);
            state.original = state.started_due;
            if state.extensions == 0 {
                state.due = state.original;
            }
        }
        Event::Progress => state.percent = entry.percent.or(state.percent),
        Event::Apply => {
            state.status = Submitted;
            let (by, agreed) = (entry.by.into(), entry.agreed.map(Into::into));
            let applied = Arc::new(Applied { day: near.day, by, agreed, due: state.due, original: state.original });
            state.applied = Some(applied.clone());
            state.ever_applied = Some(applied);
        }
        Event::Return => state.status = InProgress,
        Event::Accept => {
            state.accepted = Some(Arc::new(Accepted { day: near.day, by: entry.by.into() }));
            if facts.recurrence == Recurrence::OneOff && facts.kind != Kind::Prohibition {
                state.status = Closed;
            } else {
                state.status = Operating;
                review(state);
            }
        }
        Event::Review => review(state),
        Event::Measure => {
            if facts.kind == Kind::Outcome && state.status == InProgress {
                state.status = Operating;
            }
            if state.status == Operating {
                review(state);
            }
        }
        Event::Inspect => {
            if facts.kind == Kind::Prohibition && state.status == NotStarted {
                state.status = Operating;
            }
            if state.status == Operating {
                review(state);
            }
        }
        Event::Regress | Event::Reopen => {
            state.status = InProgress;
            state.due = entry.until;
            state.percent = None;
            state.evidence.clear();
            state.next_review = None;
            state.applied = None;
        }
        Event::Suspend => {
            state.status = Suspended;
            state.resume = until;
        }
        Event::Resume => state.status = InProgress,
        Event::Exempt => {
            state.status = NotApplicable;
            state.recheck = until;
        }
        Event::Restore => {
            state.status = NotStarted;
            (state.due, state.original) = (facts.due, facts.due);
            (state.extensions, state.percent, state.next_review, state.started_due) = (0, None, None, None);
            state.blocks.clear();
            state.breaches.clear();
        }
        Event::Extend => {
            state.due = entry.until;
            state.extensions += 1;
        }
        Event::Block => state.blocks.push(Open { record: near.place, until }),
        Event::Breach => state.breaches.push(Open { record: near.place, until }),
        Event::Unblock => end(&mut state.blocks, entry, near),
        Event::Remedy => end(&mut state.breaches, entry, near),
        Event::Attest | Event::Void => {}
    }
}

fn end(open: &mut Opens, entry: &Act, near: &Surroundings) {
    if let Some(i) = entry.reference.and_then(|h| (near.named)(open, h)) {
        open.remove(i);
    }
}
