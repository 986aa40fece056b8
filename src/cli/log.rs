//! `log`: one entry, lawful or refused.

use super::args::LogArgs;
use super::context::{Context, Stop};
use crate::digest;
use crate::finding::words;
use crate::log::append::{AppendError, Appender};
use crate::log::disk::Real;
use crate::log::roles::Desk;
use crate::log::{Folded, Log, Verdict, fold, fp};
use crate::model::entry::instant;
use crate::model::*;
use crate::snapshot::Snapshot;
use crate::text::did_you_mean;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::path::Path;

/// Appends one entry and says its id.
pub fn log(context: &Context, args: &LogArgs) -> Result<u8, Stop> {
    if context.dated() {
        return Err(Stop::new(
            "an entry is recorded now, whatever --as-of or --on say",
            "the time of recording cannot be chosen",
            "leave them out; `--day` says for which day the entry is true",
        ));
    }
    let s = context.open()?;
    let state = context.state()?;
    let lang = context.lang(&s);
    let refuse = |w: Words| {
        Stop::new(
            if lang == Lang::En { "the entry is refused; nothing was written" } else { "条目被拒绝，什么也没有写入" },
            w.say(lang),
            "",
        )
    };
    let by =
        args.by.clone().or_else(|| state.last_post()).ok_or_else(|| {
            Stop::new("nobody is named as recording this", "an entry says who made it", "give --by POST, or set DUBAN_BY")
        })?;
    id::check("post", &by).map_err(|e| Stop::new("--by", e, ""))?;
    let event =
        Event::from_code(&args.event).or_else(|| Event::ALL.iter().copied().find(|e| e.term().0 == args.event)).ok_or_else(|| {
            let all: Vec<&str> = Event::ALL.iter().map(|e| e.code()).collect();
            let near = did_you_mean(&args.event, all.iter().copied());
            Stop::new(
                format!("there is no event {}", args.event),
                format!("known: {}", all.join(" ")),
                near.map_or(String::new(), |n| format!("did you mean {n}?")),
            )
        })?;
    let duty = find_duty(&s, &args.duty, &by)?;
    let entry = draft(&s, args, event, duty, &by)?;
    let before = s.folded.states[duty].status;
    let facts = s.facts();
    let known_before = s.folded.verdicts.iter().filter(|v| matches!(v, Verdict::Unlawful(_))).count();
    let check = |log: &Log, fresh: &[usize]| lawful(&s, &facts, log, fresh, known_before);
    let appender = Appender { root: &s.root, register: &s.register, now: context.now, state: &state, disk: &Real, progress: None };
    let done = appender.append(entry, &check).map_err(|e| match e {
        AppendError::Refused(mut w) => refuse(w.swap_remove(0).1),
        other => not_written(other),
    })?;
    drop(facts);
    report(context, &s, duty, before, &done, lang)
}

/// What to say when nothing, or nothing certain, was written.
pub fn not_written(e: AppendError) -> Stop {
    match e {
        AppendError::NotConfirmed(e) => Stop {
            what: "the entry is not confirmed on disk".into(),
            why: e.to_string(),
            hint: "do not rely on it; check the disk, then look with `duban history` and `duban verify`".into(),
            code: 74,
        },
        other => Stop::new("the entry was not written", other.to_string(), "mend this and try again"),
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
    if let Some(clock) = &done.clock {
        text += &if lang == Lang::En {
            format!("note: this machine's clock said {clock}; the entry follows the newest one of the department\n")
        } else {
            format!("注意：本机时钟为 {clock}，条目接在本单位最新一条之后\n")
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

/// The assignment meant; where several lead, the one of the post's own department.
fn find_duty(s: &Snapshot, written: &str, by: &str) -> Result<usize, Stop> {
    let r = &s.register;
    if let Some(i) = s.roster.find(r, written) {
        if s.roster.duties[i].dept.is_none() {
            return Err(Stop::new(
                format!("{written} has no lead department"),
                "the record is kept by the lead, and there is none (O001)",
                "name a lead first: owner: {mode: single, lead: [DEP-…]}",
            ));
        }
        return Ok(i);
    }
    let bare = written.split('@').next().unwrap_or(written);
    let Some(ob) = r.obligation_index.get(bare).map(|i| *i as usize) else {
        let near = did_you_mean(bare, r.obligation_index.keys().map(String::as_str));
        return Err(Stop::new(
            format!("there is no obligation {bare}"),
            "",
            near.map_or("`duban list` shows them all".into(), |n| format!("did you mean {n}?")),
        ));
    };
    let home = r.people.iter().flatten().find(|p| p.post.as_str() == by).and_then(|p| p.department.as_ref());
    let own = home.and_then(|d| s.roster.find(r, &format!("{bare}@{d}"))).filter(|_| written == bare);
    own.ok_or_else(|| {
        let all: Vec<String> = s.roster.of(ob).map(|i| s.roster.full_id(r, i)).collect();
        Stop::new(
            format!("{written} does not name one assignment"),
            format!("{bare} is led by several departments, each with its own record"),
            format!("write one of: {}", all.join(" ")),
        )
    })
}

fn draft(s: &Snapshot, a: &LogArgs, event: Event, duty: usize, by: &str) -> Result<Entry, Stop> {
    let d = &s.roster.duties[duty];
    let o = &s.register.obligations[d.obligation as usize];
    let state = &s.folded.states[duty];
    let plan = d.plan.map(|p| &s.register.plan[p as usize]);
    let bad = |flag: &str, e: String| Stop::new(format!("--{flag}"), e, "");
    let boxed = |x: &Option<String>| x.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(Box::from);
    let day = a.day.as_ref().map(|t| crate::model::time::parse_date(t).map(Day)).transpose().map_err(|e| bad("day", e))?;
    let mut until = a.until.as_ref().map(|t| crate::model::time::parse_due(t)).transpose().map_err(|e| bad("until", e))?;
    if event == Event::Start && until.is_none() {
        until = plan.and_then(|p| p.due);
    }
    if let Some(v) = &a.value
        && !decimal(v)
    {
        return Err(bad("value", format!("`{v}` is not a decimal number such as 12.5; digits are kept as written")));
    }
    if let Some(k) = &a.indicator
        && !o.indicators.iter().any(|i| i.id.as_str() == k)
    {
        let all: Vec<&str> = o.indicators.iter().map(|i| i.id.as_str()).collect();
        return Err(bad("indicator", format!("{} has no indicator {k}; it has: {}", o.id, all.join(", "))));
    }
    for post in [&a.agreed].into_iter().flatten() {
        id::check("post", post).map_err(|e| bad("agreed", e))?;
    }
    let open = match event {
        Event::Unblock => &state.blocks,
        Event::Remedy => &state.breaches,
        _ => &Vec::new(),
    };
    let only = (open.len() == 1).then(|| s.log.records[open[0].record as usize].entry.h.clone());
    let mut evidence = Vec::new();
    for text in &a.evidence {
        evidence.push(self::evidence(s, text, day)?);
    }
    let signed = matches!(event, Event::Attest | Event::Apply | Event::Accept | Event::Review);
    let via = boxed(&a.via);
    if let Some(v) = &via {
        let body = s.register.body(v).ok_or_else(|| bad("via", format!("there is no department {v}")))?;
        if !s.roster.owners[d.obligation as usize].support.iter().any(|x| s.register.current(x) == body.id.as_str()) {
            return Err(bad("via", format!("{v} does not support {}", o.id)));
        }
        if event != Event::Progress {
            return Err(bad("via", "a supporting department adds progress and evidence only; the lead records the rest".into()));
        }
    }
    Ok(Entry {
        seq: 0,
        at: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
        by: by.into(),
        dept: d.dept.as_deref().unwrap_or("").into(),
        duty: o.id.as_str().into(),
        via,
        event,
        agreed: boxed(&a.agreed),
        percent: a.percent,
        day,
        until,
        indicator: boxed(&a.indicator),
        value: boxed(&a.value),
        note: boxed(&a.note),
        issues: boxed(&a.issues),
        next: boxed(&a.next),
        reason: boxed(&a.reason),
        reference: boxed(&a.reference).or(only),
        nil: a.nil.then_some(true),
        release: boxed(&a.release),
        fp: signed.then(|| fp::of(o, &s.roster.owners[d.obligation as usize])),
        evidence,
        fixes: boxed(&a.fixes),
        key: boxed(&a.key),
        clock: None,
        saw: Default::default(),
        h: "".into(),
    })
}

/// Digits, one optional point, an optional sign.
fn decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (a, b) = digits.split_once('.').map_or((digits, "0"), |(a, b)| (a, b));
    !a.is_empty() && !b.is_empty() && a.bytes().chain(b.bytes()).all(|c| c.is_ascii_digit())
}

/// `TYPE=NAME;number=…;date=…`; a NAME that is a file gives its name, date, size and digest.
fn evidence(s: &Snapshot, text: &str, day: Option<Day>) -> Result<Evidence, Stop> {
    let bad = |e: String| Stop::new(format!("--evidence {text}"), e, "write it as policy-doc=NAME;number=…;date=2026-11-23");
    let mut fields = text.split(';');
    let (kind, name) = fields.next().and_then(|f| f.split_once('=')).ok_or_else(|| bad("it should be TYPE=NAME".into()))?;
    if s.register.evidence_type(kind).is_none() {
        let all: Vec<&str> = s.register.evidence_types.iter().map(|t| t.code.as_str()).collect();
        let near =
            did_you_mean(kind, all.iter().copied()).map_or_else(|| format!("known: {}", all.join(", ")), |n| format!("did you mean {n}?"));
        return Err(bad(format!("there is no evidence type {kind}; {near}")));
    }
    let today = s.register.settings.time_zone.day(chrono::Local::now().fixed_offset());
    let mut e = Evidence {
        kind: kind.into(),
        name: name.trim().into(),
        number: None,
        date: day.unwrap_or(Day(today)),
        place: None,
        sha256: None,
        size: None,
        class: None,
    };
    let path = Path::new(name);
    if path.is_file() {
        let bytes = std::fs::read(path).map_err(|x| bad(format!("the file cannot be read: {x}")))?;
        e.name = path.file_name().map_or(name.into(), |n| n.to_string_lossy().into_owned()).into();
        (e.sha256, e.size) = (Some(digest::hex(&bytes).into()), Some(bytes.len() as u64));
        if let Ok(time) = std::fs::metadata(path).and_then(|m| m.modified()) {
            e.date = Day(s.register.settings.time_zone.day(chrono::DateTime::<chrono::Local>::from(time).fixed_offset()));
        }
    }
    if e.name.is_empty() {
        return Err(bad("the evidence has no name".into()));
    }
    for field in fields {
        let (key, value) = field.split_once('=').ok_or_else(|| bad(format!("`{field}` is not key=value")))?;
        match key.trim() {
            "number" => e.number = Some(value.into()),
            "place" => e.place = Some(value.into()),
            "date" => e.date = Day(crate::model::time::parse_date(value).map_err(&bad)?),
            "class" => {
                e.class = Some(Class::from_code(value).ok_or_else(|| bad(format!("`{value}` is not a class; 公开 内部 秘密 机密 绝密")))?)
            }
            other => return Err(bad(format!("`{other}` is not a field of evidence; number, date, place, class"))),
        }
    }
    Ok(e)
}

/// Are the entries lawful, over the log as it is under the lock with them in place?
pub fn lawful(s: &Snapshot, facts: &[crate::log::Facts], log: &Log, fresh: &[usize], known: usize) -> Vec<(usize, Words)> {
    let r = &s.register;
    let far = log.records.iter().map(|x| x.day).max().unwrap_or(NaiveDate::MIN);
    let folded = fold::fold(r, &s.roster, facts, log, far, None);
    let by_h: HashMap<&str, usize> = log.records.iter().enumerate().rev().map(|(i, x)| (&*x.entry.h, i)).collect();
    let desk = r.people.as_ref().map(|people| Desk::new(r, people));
    let mut refused = Vec::new();
    for at in fresh.iter().copied() {
        if let Err(why) = one(s, facts, log, &folded, &by_h, desk.as_ref(), at) {
            refused.push((at, why));
        }
    }
    let now = folded.verdicts.iter().filter(|v| matches!(v, Verdict::Unlawful(_))).count();
    if refused.is_empty() && now > known {
        eprintln!("duban: {} later entries are no longer lawful after this correction; `duban check` lists them", now - known);
    }
    refused
}

fn one(
    s: &Snapshot,
    facts: &[crate::log::Facts],
    log: &Log,
    folded: &Folded,
    by_h: &HashMap<&str, usize>,
    desk: Option<&Desk>,
    at: usize,
) -> Result<(), Words> {
    let r = &s.register;
    let record = &log.records[at];
    let entry = &record.entry;
    if entry.day.is_some_and(|d| d.0 > record.day) {
        return Err(words("--day 晚于今天".into(), "--day lies in the future".into()));
    }
    match &folded.verdicts[at] {
        Verdict::Unlawful(why) | Verdict::Stray(why) => return Err(why.clone()),
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
                return Err(why.clone());
            }
        }
        _ => {}
    }
    let duty = folded.duty_of[at].expect("a lawful entry has an assignment") as usize;
    let plan = s.roster.duties[duty].plan.map(|p| &r.plan[p as usize]);
    if entry.event == Event::Start && plan.and_then(|p| p.person.as_ref()).is_none() {
        return Err(words(
            "没有责任人：先在 plan.yaml 写 person".into(),
            "there is no named person: write `person` in plan.yaml first".into(),
        ));
    }
    let silent = entry.percent.is_none()
        && entry.nil.is_none()
        && entry.value.is_none()
        && entry.evidence.is_empty()
        && [&entry.note, &entry.issues, &entry.next].iter().all(|t| t.is_none());
    if entry.event == Event::Progress && entry.fixes.is_none() && silent {
        return Err(words(
            "什么也没有报告：写明百分比、事项或佐证；确无进展用 --nil（零报告）".into(),
            "it reports nothing: give --percent, --note, --evidence or the like; if there is nothing to report, say so with --nil".into(),
        ));
    }
    if entry.event == Event::Measure && facts[duty].kind == Kind::Outcome && (entry.indicator.is_none() || entry.value.is_none()) {
        return Err(words(
            "成效测量须写指标和数值（--indicator、--value）".into(),
            "measuring an outcome needs --indicator and --value".into(),
        ));
    }
    desk.map_or(Ok(()), |desk| desk.may(entry, &|h| by_h.get(h).map(|i| log.records[*i].entry.event)))
}
