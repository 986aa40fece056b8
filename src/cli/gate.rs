//! What `check` says, in whatever form: one outcome, one exit code.
//!
//! Order of things: [`tell`] prints an outcome; [`unusable`] prints what is wrong with a
//! register.yaml that cannot be opened, in the same forms.

use super::args::{Check, CheckFormat};
use super::context::{Context, Stop};
use crate::emit::{Report, Summary, github, gitlab, json, junit, sarif, text};
use crate::finding::{Outcome, RuleInfo};
use crate::git;
use crate::load::OpenError;
use crate::model::{Lang, Waiver};
use crate::rules;
use crate::snapshot::Snapshot;

/// Prints an outcome; the exit code is the outcome's.
pub fn tell(context: &Context, args: &Check, s: &Snapshot, outcome: Outcome) -> Result<u8, Stop> {
    let waivers: Vec<Waiver> = s.register.waivers.iter().map(|w| w.node.clone()).collect();
    print(context, args.format, args.all, outcome, &summary(s), &waivers, context.lang(s))
}

/// The counts of a snapshot.
pub fn summary(s: &Snapshot) -> Summary {
    let r = &s.register;
    Summary {
        unit: r.settings.unit.code.to_string(),
        sample: r.settings.sample,
        as_of: s.as_of.to_string(),
        data_version: s.version.clone(),
        filter: String::new(),
        read: r.total(),
        valid: r.obligations.len(),
        invalid: r.invalid.len(),
        filtered_out: 0,
        assignments: s.roster.duties.len(),
        log_entries: s.log.records.len(),
        unreadable_lines: s.log.unreadable,
        recorded_after: s.folded.later,
        files: r.tally.files + s.log.files.len(),
        left_out: r.tally.left_out.clone(),
    }
}

/// A register that cannot be opened: the findings of its register.yaml on standard output
/// for whoever reads a form, the words on standard error for everyone.
pub fn unusable(context: &Context, args: &Check, error: OpenError) -> Result<u8, Stop> {
    if let (OpenError::Settings(findings), true) = (&error, args.format != CheckFormat::Text) {
        let outcome = Outcome { findings: context.told((**findings).clone()), rules: rules::TABLE.len(), ..Outcome::default() };
        let summary = Summary { as_of: context.now.date_naive().to_string(), files: 1, ..Summary::default() };
        print(context, args.format, args.all, outcome, &summary, &[], context.bare_lang())?;
    }
    Err(context.refuse(error))
}

fn print(
    context: &Context,
    format: CheckFormat,
    all: bool,
    mut outcome: Outcome,
    summary: &Summary,
    waivers: &[Waiver],
    lang: Lang,
) -> Result<u8, Stop> {
    // CI systems look for files from the top of the worktree, not from where -C led.
    if !matches!(format, CheckFormat::Text | CheckFormat::Json)
        && let Some(prefix) = git::prefix(std::path::Path::new("."))
    {
        let lists = [&mut outcome.findings, &mut outcome.waived, &mut outcome.old];
        lists.into_iter().flatten().for_each(|j| j.place.file = from_top(&prefix, &j.place.file));
    }
    let infos: Vec<RuleInfo> = rules::TABLE.iter().map(|r| r.info).collect();
    let report = Report { outcome: &outcome, summary, waivers, rules: &infos, lang };
    let out = match format {
        CheckFormat::Text => {
            let style = text::Style { lang, colour: context.colour, width: context.width, all };
            text::render(&outcome, summary, style, &|id| rules::find(id).map_or_else(String::new, |i| i.title.say(lang).into_owned()))
        }
        CheckFormat::Json => json::render(&report),
        CheckFormat::Sarif => sarif::render(&report),
        CheckFormat::Junit => junit::render(&report),
        CheckFormat::Github => github::render(&report),
        CheckFormat::Gitlab => gitlab::render(&report),
    };
    // These forms go to a file as a rule: who reads the job's log sees the verdict too.
    if matches!(format, CheckFormat::Sarif | CheckFormat::Junit | CheckFormat::Gitlab) {
        eprintln!("duban check: {}", report.line());
    }
    context.write(&out)?;
    Ok(u8::from(outcome.denied()))
}

/// A path from the top of the worktree; one that leads out of it stays as it is.
fn from_top(prefix: &str, path: &str) -> String {
    let mut steps: Vec<&str> = prefix.split('/').filter(|s| !s.is_empty()).collect();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.is_empty() => return path.to_string(),
            ".." => drop(steps.pop()),
            other => steps.push(other),
        }
    }
    if path.starts_with('/') { path.to_string() } else { steps.join("/") }
}
