//! `check --accept-as-baseline`: what denies today is waived by name, with who, why and until
//! when; what comes later fails. The one form of `check` that writes, and only waivers.yaml.

use super::args::Check;
use super::context::{Context, Stop};
use super::gate;
use crate::author::baseline::{Key, Terms, accept};
use crate::author::{mark, schema, write};
use crate::finding::Outcome;
use crate::model::time::{parse_date, plus_days};
use crate::model::{Lang, Level, Term};
use crate::rules::{self, Overrides};
use crate::snapshot::Snapshot;
use std::collections::BTreeSet;

/// Days after which a baseline ends where nobody says otherwise, as those of `init`.
const DAYS: u64 = 180;

/// What may be waived and denies. Waivers out of order are put in order instead.
fn keys(outcome: &Outcome) -> Vec<Key> {
    let may = |rule: &str| rule != "W004" && rules::find(rule).is_some_and(|i| i.waivable);
    let denied = outcome.findings.iter().filter(|j| j.level == Level::Deny && may(j.finding.rule));
    // A finding of the log is waived by itself: its subject, an assignment or a line, may have others.
    let only = |j: &crate::finding::Judged| if j.finding.rule.starts_with('L') { j.fingerprint.clone() } else { String::new() };
    let keys: BTreeSet<Key> = denied.map(|j| (j.finding.rule.to_string(), j.finding.subject.clone(), only(j))).collect();
    keys.into_iter().collect()
}

/// Writes the baseline and prints what `check` says afterwards; the exit code is that one's.
pub fn baseline(context: &Context, args: &Check, s: &Snapshot, overrides: &Overrides, outcome: Outcome) -> Result<u8, Stop> {
    let lang = context.lang(s);
    let say = |zh: &'static str, en: &'static str| Term(zh, en).say(lang);
    let given = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty());
    let (Some(who), Some(why)) = (given(&args.who), given(&args.why)) else {
        return Err(Stop::new(
            say("基线须有人负责、有理由", "a baseline needs somebody who answers for it, and a reason"),
            say("每条豁免都要写明谁、为什么、到哪天", "every waiver says who, why and until when"),
            "duban check --accept-as-baseline --who POST --why TEXT [--until DATE]",
        ));
    };
    let today = s.register.settings.time_zone.day(context.now);
    let until = match &args.until {
        Some(day) => parse_date(day).map_err(|e| Stop::new("--until", e, "2027-03-31"))?,
        None => plus_days(s.as_of.max(today), DAYS),
    };
    if until < s.as_of.max(today) {
        return Err(Stop::new("--until", say("这一天已经过去", "that day has passed already"), ""));
    }
    let (keys, until) = (keys(&outcome), until.to_string());
    let path = s.root.join("waivers.yaml");
    let shown = if s.shown.is_empty() { "waivers.yaml".to_string() } else { format!("{}/waivers.yaml", s.shown) };
    // What cannot be read there would be written over, with its reasons; an empty file has none.
    let unread = |j: &&crate::finding::Judged| {
        let rule = j.finding.rule;
        j.place.file == shown && rule.starts_with('E') && rule != "E011" && !(rule == "E005" && j.place.line == 0)
    };
    let broken = outcome.findings.iter().find(unread);
    if let Some(j) = broken {
        let why = format!("{}:{} {} {}", j.place.file, j.place.line, j.finding.rule, j.finding.message.say(lang));
        return Err(Stop::new(say("没有写入", "nothing was written"), why, say("先改正 waivers.yaml", "mend waivers.yaml first")));
    }
    let old = match std::fs::symlink_metadata(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Ok(meta) if !meta.is_file() => {
            return Err(Stop::new("waivers.yaml", say("不是普通文件", "it is not a regular file"), ""));
        }
        _ => Some(std::fs::read_to_string(&path).map_err(|e| Stop::new("waivers.yaml", e.to_string(), ""))?),
    };
    let kind = schema::find("waivers").expect("waivers have a schema");
    let fresh = || mark::marked("[]\n", kind, "waivers.yaml", &mark::home(&s.root));
    let done = accept(&old.clone().unwrap_or_else(fresh), &keys, &Terms { who: &who, why: &why, until: &until }).map_err(|e| {
        let why = if lang == Lang::En { e.0.1 } else { e.0.0 };
        Stop::new(say("没有写入", "nothing was written"), why, "")
    })?;
    let mut after = Snapshot::open_with(&context.options(), [(path.clone(), done.text.clone())].into()).map_err(|e| context.refuse(e))?;
    super::check::prepare(context, &mut after);
    let outcome = rules::run(&after, overrides);
    if old.as_deref() != Some(&done.text) && !(old.is_none() && keys.is_empty()) {
        write::put(&path, done.text.as_bytes()).map_err(|e| Stop::new(say("没有写入", "nothing was written"), e.to_string(), ""))?;
    }
    let (added, renewed) = (say("新增", "added"), say("续期", "renewed"));
    let line = format!("waivers.yaml: {added} {} · {renewed} {} · {who} · {until}", done.added, done.renewed);
    eprintln!("{}", crate::render::terminal::tame(&line));
    if outcome.denied() {
        eprintln!("{}", say("仍有不能以豁免了结的发现，须逐一改正", "what a waiver cannot settle still fails and must be mended"));
    }
    gate::tell(context, args, &after, outcome)
}
