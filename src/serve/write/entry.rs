//! From a form to a line of the log: by the same proposal, the same judge and the same append as
//! the command line.
//!
//! The post is always the session's. Every form has a key, made when the page was: sent twice,
//! or again after the connection dropped or the desk was restarted, it is recorded once.

use crate::finding::words;
use crate::intake::Fault;
use crate::intake::lawful::Judge;
use crate::intake::proposal::{self, Citation, Cited, Here, Proposal};
use crate::log::Log;
use crate::log::append::{AppendError, Appender};
use crate::log::disk::Real;
use crate::model::{Class, Day, Entry, Event, Words, time};
use crate::serve::call::{Call, Fields, Reply, Upload};
use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

/// What became of an entry.
#[derive(Debug)]
pub struct Done {
    /// As it stands in the log.
    pub entry: Entry,
    /// It stood there before, under the same key.
    pub known: bool,
    /// Later entries that are no longer lawful after it: a correction may do that.
    pub unsettled: usize,
    /// What git said where it could not be told.
    pub git: Option<String>,
}

/// Why there is no entry.
#[derive(Debug)]
pub enum Refused {
    /// The words or the state do not allow it.
    Faults(Vec<Fault>),
    /// It cannot be done now; nothing was written.
    Closed(String),
    /// It may or may not be written.
    Unsure(String),
}

/// Most pieces of evidence of a form.
pub const PIECES: usize = 12;

/// The form as a proposal; every field that cannot be read is told.
///
/// # Errors
/// The faults, never none.
pub fn proposal(duty: &str, event: Event, form: &Fields, files: &[Upload]) -> Result<Proposal, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut bad = |field: &'static str, zh: String, en: String| faults.push(proposal::fault(field, words(zh, en), Words::default()));
    let date = |name: &str, e: String| (format!("{name}应写成 2026-11-23 这样的日期"), format!("a date is written as 2026-11-23 ({e})"));
    let text = |name: &str| form.one(name).map(|v| Box::<str>::from(v.replace("\r\n", "\n")));
    let percent = form.one("percent").and_then(|t| {
        let narrow: String = crate::text::folded(t).into_iter().collect();
        narrow.trim().trim_end_matches('%').parse::<u8>().ok().filter(|n| *n <= 100).or_else(|| {
            bad(
                "percent",
                format!("进度应是 0 到 100 的整数，填的是“{t}”"),
                format!("progress is a whole number from 0 to 100, not “{t}”"),
            );
            None
        })
    });
    let day = form
        .one("day")
        .and_then(|t| time::parse_date(t).map(Day).map_err(|e| date("发生日期", e)).map_err(|(zh, en)| bad("day", zh, en)).ok());
    let until = match form.one("until_standing") {
        Some(_) => time::parse_due("standing").ok(),
        None => {
            form.one("until").and_then(|t| time::parse_due(t).map_err(|e| date("期限", e)).map_err(|(zh, en)| bad("until", zh, en)).ok())
        }
    };
    let mut evidence = Vec::new();
    for n in 0..PIECES {
        let field = |name: &str| form.one(&format!("ev{n}_{name}")).map(Box::<str>::from);
        let upload = files.iter().find(|f| f.field == format!("ev{n}_file"));
        let (kind, name, number) = (field("type"), field("name"), field("number"));
        if upload.is_none() && name.is_none() && number.is_none() && field("sha256").is_none() {
            continue;
        }
        let Some(kind) = kind else {
            bad("evidence", format!("第 {} 件佐证没有选类型", n + 1), format!("evidence {}: no type is chosen", n + 1));
            continue;
        };
        let date = field("date")
            .and_then(|t| time::parse_date(&t).map(Day).map_err(|e| date("佐证日期", e)).map_err(|(zh, en)| bad("evidence", zh, en)).ok());
        let class = field("class").and_then(|c| Class::from_code(&c));
        let place = field("place");
        let (mut sha256, mut size) = (field("sha256"), field("size").and_then(|t| t.parse().ok()));
        let shown = name.or_else(|| upload.map(|u| u.name.rsplit(['/', '\\']).next().unwrap_or("").into()));
        if let Some(u) = upload {
            (sha256, size) = (Some(u.sha256.as_str().into()), Some(u.size));
        }
        evidence.push(Cited::Full(Citation { kind, name: shown, file: None, number, date, place, sha256, size, class }));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Proposal {
        duty: duty.into(),
        event,
        by: None,
        via: text("via"),
        agreed: text("agreed"),
        percent,
        day,
        until,
        indicator: text("indicator"),
        value: text("value"),
        note: text("note"),
        issues: text("issues"),
        next: text("next"),
        reason: text("reason"),
        reference: text("ref"),
        nil: form.one("nil").map(|_| true),
        release: text("release"),
        evidence,
        fixes: text("fixes"),
        key: text("key"),
    })
}

/// Puts the files of a form in their place, once it is known that the entry is lawful, and writes
/// the places into its evidence.
///
/// # Errors
/// Why a file cannot be kept.
pub fn keep(call: &Call, p: &mut Proposal, dept: &str) -> Result<(), Reply> {
    let bad = |e: String| Reply::problem(507, format!("the file cannot be kept: {e}; nothing was recorded"));
    let Some(store) = call.desk.store().map_err(bad)? else { return Ok(()) };
    for upload in call.files.lock().unwrap_or_else(|e| e.into_inner()).iter_mut().filter(|u| u.waiting.is_some()) {
        let place = store.keep(upload, dept).map_err(|e| bad(e.to_string()))?;
        for cited in &mut p.evidence {
            if let Cited::Full(c) = cited
                && c.sha256.as_deref() == Some(&upload.sha256)
                && c.place.is_none()
            {
                c.place = Some(place.as_str().into());
            }
        }
    }
    Ok(())
}

/// Records a proposal by a post.
///
/// # Errors
/// See [`Refused`].
pub fn record(call: &Call, p: &Proposal, by: &str) -> Result<Done, Refused> {
    let desk = &call.desk;
    let done = write(call, p, by, false);
    match &done {
        Ok(done) if !done.known => drop(desk.tell.entries.fetch_add(1, Relaxed)),
        Ok(_) => {}
        Err(_) => drop(desk.tell.refused.fetch_add(1, Relaxed)),
    }
    done
}

/// Would it be recorded? Nothing is written.
///
/// # Errors
/// See [`Refused`].
pub fn lawful(call: &Call, p: &Proposal, by: &str) -> Result<(), Refused> {
    write(call, p, by, true).map(|_| ())
}

fn write(call: &Call, p: &Proposal, by: &str, dry: bool) -> Result<Done, Refused> {
    let desk = &call.desk;
    let _one = desk.pen.lock().unwrap_or_else(|e| e.into_inner());
    let view = desk.views.now().map_err(Refused::Closed)?;
    let s = &view.s;
    if s.register.people.is_none() {
        return Err(Refused::Closed("there is no people.yaml: nobody could be held to a role".into()));
    }
    let duty = proposal::find_duty(s, &p.duty, by, None).map_err(|f| Refused::Faults(vec![f]))?;
    let today = s.register.settings.time_zone.day(call.now);
    let entry = proposal::entry(s, p, duty, by, Here { base: None, today }).map_err(Refused::Faults)?;
    let before: HashSet<Box<str>> = s.log.records.iter().filter(|r| r.entry.key.is_some()).map(|r| r.entry.h.clone()).collect();
    let judge = Judge::new(s);
    let fine = std::cell::Cell::new(None);
    let check = |log: &Log, fresh: &[usize]| {
        let refused = judge.ask(log, fresh);
        if dry && refused.is_empty() {
            fine.set(Some(log.records[fresh[0]].entry.clone()));
            return vec![(fresh[0], Words::default())];
        }
        refused
    };
    let appender = Appender {
        root: &s.root,
        register: &s.register,
        now: (desk.config.clock)(),
        state: &desk.config.state,
        disk: &Real,
        progress: None,
    };
    let done = appender.append(entry, &check);
    desk.views.stale();
    match done {
        Ok(entry) => {
            let known = before.contains(&entry.h);
            let pushed = || desk.tell.push_said.lock().unwrap_or_else(|e| e.into_inner()).clone();
            let git = if known || dry { None } else { super::commit::commit(desk, s, &entry).or_else(pushed) };
            Ok(Done { entry, known, unsettled: judge.unsettled(), git })
        }
        Err(AppendError::Refused(mut why)) => match fine.take() {
            Some(entry) => Ok(Done { entry, known: false, unsettled: 0, git: None }),
            None => {
                let what = why.swap_remove(0).1;
                Err(Refused::Faults(vec![proposal::fault(judge.field(&what), what, Words::default())]))
            }
        },
        Err(AppendError::NotConfirmed(e)) => Err(Refused::Unsure(e.to_string())),
        Err(other) => Err(Refused::Closed(other.to_string())),
    }
}

/// A refusal that is not about the words.
pub fn closed(call: &Call, refused: &Refused) -> Option<Reply> {
    match refused {
        Refused::Faults(_) => None,
        Refused::Closed(why) => Some(Reply::problem(503, format!("{}{why}", call.say("没有写入：", "nothing was written: ")))),
        Refused::Unsure(why) => Some(Reply::problem(
            500,
            format!(
                "{}{why}",
                call.say(
                    "不能确认是否已写入磁盘，请先看记录再决定是否重报：",
                    "it is not certain that it is on disk; look at the log before you send it again: "
                )
            ),
        )),
    }
}
