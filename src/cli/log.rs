//! `log`: one entry, lawful or refused.

use super::args::LogArgs;
use super::context::{Context, Stop};
use crate::finding::words;
use crate::intake::lawful::Judge;
use crate::intake::proposal::{self, Cited, Here};
use crate::intake::{Fault, Proposal, table};
use crate::log::Log;
use crate::log::append::{AppendError, Appender};
use crate::log::disk::Real;
use crate::log::spool::StateFolder;
use crate::model::entry::instant;
use crate::model::*;
use crate::snapshot::Snapshot;
use std::path::Path;

/// Appends one entry and says its id.
pub fn log(context: &Context, args: &LogArgs) -> Result<u8, Stop> {
    undated(context)?;
    let s = context.open()?;
    let state = context.state()?;
    let lang = context.lang(&s);
    let by = post(&state, args.by.as_ref())?;
    let wrong = |f: Fault| stop(&f, lang);
    let proposal = proposal(args).map_err(wrong)?;
    let duty = proposal::find_duty(&s, &proposal.duty, &by, None).map_err(wrong)?;
    let here = Here { base: Some(Path::new("")), today: s.register.settings.time_zone.day(context.now) };
    let entry = proposal::entry(&s, &proposal, duty, &by, here).map_err(|mut all| {
        let (first, more) = (all.remove(0), all);
        let mut stop = stop(&first, lang);
        for f in more {
            stop.why.push(&format!("\n--{}: {}", f.field, table::joined(&f.what, &f.hint).say(lang)));
        }
        stop
    })?;
    let before = s.folded.states[duty].status;
    let judge = Judge::new(&s);
    let check = |log: &Log, fresh: &[usize]| judge.ask(log, fresh);
    let appender = Appender { root: &s.root, register: &s.register, now: context.now, state: &state, disk: &Real, progress: None };
    let done = appender.append(entry, &check).map_err(|e| match e {
        AppendError::Refused(mut w) => {
            Stop::new(("条目被拒绝，什么也没有写入", "the entry is refused; nothing was written"), w.swap_remove(0).1.say(lang), "")
        }
        other => not_written(other),
    })?;
    unsettled(&judge, lang);
    drop(judge);
    report(context, &s, duty, before, &done, lang)
}

/// An entry is recorded now.
pub fn undated(context: &Context) -> Result<(), Stop> {
    if context.dated() {
        return Err(Stop::new(
            ("无论 --as-of、--on 怎么写，条目都记在此刻", "an entry is recorded now, whatever --as-of or --on say"),
            ("登记时间不可选择", "the time of recording cannot be chosen"),
            ("请去掉它们；条目对哪一天成立，用 `--day` 说明", "leave them out; `--day` says for which day the entry is true"),
        ));
    }
    Ok(())
}

/// The post that records: as given, else the one that wrote last from this clone.
pub fn post(state: &StateFolder, given: Option<&String>) -> Result<String, Stop> {
    let by = given.cloned().or_else(|| state.last_post()).ok_or_else(|| {
        Stop::new(
            ("没有指明由谁登记", "nobody is named as recording this"),
            ("每条记录都写明由谁登记", "an entry says who made it"),
            ("请给出 --by 岗位，或设置 DUBAN_BY", "give --by POST, or set DUBAN_BY"),
        )
    })?;
    id::check("post", &by).map_err(|e| Stop::new("--by", e, ""))?;
    Ok(by)
}

/// Says on standard error what a correction has made of later entries.
pub fn unsettled(judge: &Judge, lang: Lang) {
    match (judge.unsettled(), lang) {
        (0, _) => {}
        (n, Lang::En) => eprintln!("duban: {n} later entries are no longer lawful after this correction; `duban check` lists them"),
        (n, _) => eprintln!("duban: 更正之后，另有 {n} 条较晚的条目不再合规，见 duban check"),
    }
}

fn stop(f: &Fault, lang: Lang) -> Stop {
    let what = f.what.say(lang);
    let what = if matches!(f.field, "" | "duty" | "event") { what.into_owned() } else { format!("--{}: {what}", f.field) };
    Stop::new(what, "", f.hint.say(lang))
}

/// The options as a proposal.
fn proposal(a: &LogArgs) -> Result<Proposal, Fault> {
    let bad = |field: &'static str, e: String| proposal::fault(field, words(e.clone(), e), Words::default());
    let boxed = |x: &Option<String>| x.as_deref().map(Box::from);
    Ok(Proposal {
        duty: a.duty.as_str().into(),
        event: proposal::event(&a.event)?,
        by: None,
        via: boxed(&a.via),
        agreed: boxed(&a.agreed),
        percent: a.percent,
        day: a.day.as_ref().map(|t| time::parse_date(t).map(Day)).transpose().map_err(|e| bad("day", e))?,
        until: a.until.as_ref().map(|t| time::parse_due(t)).transpose().map_err(|e| bad("until", e))?,
        indicator: boxed(&a.indicator),
        value: boxed(&a.value),
        note: boxed(&a.note),
        issues: boxed(&a.issues),
        next: boxed(&a.next),
        reason: boxed(&a.reason),
        reference: boxed(&a.reference),
        nil: a.nil.then_some(true),
        release: boxed(&a.release),
        evidence: a.evidence.iter().map(|e| Cited::Short(e.as_str().into())).collect(),
        fixes: boxed(&a.fixes),
        key: boxed(&a.key),
    })
}

/// What to say when nothing, or nothing certain, was written.
pub fn not_written(e: AppendError) -> Stop {
    match e {
        AppendError::NotConfirmed(e) => Stop {
            code: 74,
            ..Stop::new(
                ("条目未确认写到磁盘", "the entry is not confirmed on disk"),
                e.to_string(),
                (
                    "不要当它已登记；请检查磁盘，再用 `duban history`、`duban verify` 查看",
                    "do not rely on it; check the disk, then look with `duban history` and `duban verify`",
                ),
            )
        },
        other => Stop::new(("条目没有写入", "the entry was not written"), other.to_string(), ("请解决后再试", "mend this and try again")),
    }
}

fn report(context: &Context, s: &Snapshot, duty: usize, before: Status, done: &Entry, lang: Lang) -> Result<u8, Stop> {
    let after = context.open()?;
    let (state, id) = (&after.folded.states[duty], s.roster.full_id(&s.register, duty));
    let term = |x: Status| x.term().say(lang);
    let reasons = if state.reasons.is_empty() { String::new() } else { format!(" {}", state.reasons.join(" ")) };
    let mut text = format!(
        "{} {} {id} {}: {} → {}, {}{reasons}\n",
        done.h,
        instant::show(&done.at),
        done.event.term().say(lang),
        term(before),
        term(state.status),
        state.light.term().say(lang),
    );
    for e in &done.evidence {
        text += &cited(e, lang);
    }
    if let Some(clock) = &done.clock {
        text += &if lang == Lang::En {
            format!("note: this machine's clock said {clock}; the entry follows the newest one of the department\n")
        } else {
            format!("注意：本机时钟为 {clock}，条目接在本单位最新一条之后\n")
        };
    }
    // Whoever signs a duty whose words had changed hears that these are the words now signed.
    if let Some(o) = s.outdated_at(duty).filter(|_| done.event.signs() && after.outdated_at(duty).is_none()) {
        text += &match lang {
            Lang::En => {
                format!("note: its wording had changed since it was last signed ({}); this entry signs the present one\n", o.gap.say())
            }
            _ => format!("注意：上次签认之后文本已变（{}）；本条签认的是现行文本\n", o.gap.say()),
        };
    }
    if s.register.people.is_none() {
        text += if lang == Lang::En {
            "note: there is no people.yaml, so roles are not checked\n"
        } else {
            "注意：没有 people.yaml，未核对角色\n"
        };
    }
    context.write(&text)
}

/// What was recorded of a piece of evidence: a mistyped path would otherwise pass for a name.
fn cited(e: &Evidence, lang: Lang) -> String {
    let name = e.shown();
    match (&e.sha256, e.size, lang) {
        (Some(sum), Some(size), Lang::En) => {
            format!("evidence {} {name}: file of {}, {size} bytes, sha256 {}…\n", e.kind, e.date.0, &sum[..12])
        }
        (Some(sum), Some(size), _) => format!("佐证 {} {name}：文件，日期 {}，{size} 字节，sha256 {}…\n", e.kind, e.date.0, &sum[..12]),
        (_, _, Lang::En) => format!("evidence {} {name}: cited by name, no file of that name here\n", e.kind),
        _ => format!("佐证 {} {name}：只记名称，此处没有同名文件\n", e.kind),
    }
}
