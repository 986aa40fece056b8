//! `rollup ingest`, `rollup status`, `rollup sql`: in a national office, without a register.

use super::args::{IngestArgs, RollupBy, RollupFormat, SqlArgs, StatusArgs};
use super::words::{say, told};
use crate::cli::context::{Context, Stop, put};
use crate::model::Lang;
use crate::render::terminal::tame;
use crate::render::{csv as sheets, markdown, terminal};
use crate::rollup::ingest::{Done, RUN, watched};
use crate::rollup::ledger::{FILE, Ledger, Word};
use crate::rollup::tally::{Ask, By, answer};
use crate::rollup::{key, report, sql as texts};
use std::path::Path;

fn by(arg: RollupBy) -> By {
    match arg {
        RollupBy::Province => By::Province,
        RollupBy::Sector => By::Sector,
        RollupBy::Obligation => By::Obligation,
        RollupBy::UnitKind => By::UnitKind,
    }
}

/// Takes an inbox in.
pub fn ingest(context: &Context, lang: Lang, args: &IngestArgs) -> Result<u8, Stop> {
    let bar = |n: usize, all: usize| {
        if context.bar {
            eprint!("\r{n}/{all}  ");
        }
    };
    let done = watched(&args.inbox, &args.data, RUN, &bar);
    if context.bar {
        eprint!("\r\u{1b}[K");
    }
    let done = done.map_err(told(lang))?;
    put(&ingested(&done, lang))?;
    Ok(u8::from(!done.pending.is_empty() || done.elsewhere > 0))
}

fn ingested(done: &Done, lang: Lang) -> String {
    let mut out = String::new();
    for p in &done.pending {
        let word = match p.word {
            Word::Parked => say(lang, "暂存".into(), "parked".into()),
            Word::Refused => say(lang, "拒收".into(), "refused".into()),
            Word::Unread => say(lang, "无法读取".into(), "unread".into()),
        };
        out += &format!("{word}  {}\n    {}\n", tame(&p.file), tame(&say(lang, p.zh.clone(), p.en.clone())));
    }
    let count = |w: Word| done.pending.iter().filter(|p| p.word == w).count();
    out += &say(
        lang,
        format!(
            "收入 {}（{} 行） · 已有 {} · 暂存 {} · 拒收 {} · 无法读取 {}",
            done.taken,
            done.rows,
            done.seen,
            count(Word::Parked),
            count(Word::Refused),
            count(Word::Unread)
        ),
        format!(
            "taken {} ({} rows) · seen {} · parked {} · refused {} · unread {}",
            done.taken,
            done.rows,
            done.seen,
            count(Word::Parked),
            count(Word::Refused),
            count(Word::Unread)
        ),
    );
    out += "\n";
    if done.elsewhere > 0 {
        out += &say(
            lang,
            format!("其他收件夹仍有未收 {}\n", done.elsewhere),
            format!("from other inboxes, still not taken: {}\n", done.elsewhere),
        );
    }
    if done.unsigned > 0 {
        out += &say(
            lang,
            format!("签名未核对 {}：数据集中没有 allowed_signers\n", done.unsigned),
            format!("signatures not checked: {}; there is no allowed_signers in the dataset\n", done.unsigned),
        );
    }
    out
}

/// The two days; the newest that any register was sealed through, where none was told.
fn ask(context: &Context, lang: Lang, ledger: Option<&Ledger>, by: By, full: bool) -> Result<Ask, Stop> {
    let none = || {
        let what = say(lang, "不知道截至日期".into(), "the as-of day is not known".into());
        Stop::new(what, "", say(lang, "用 --as-of 指明，或指明数据集".into(), "give --as-of, or a dataset that has segments".into()))
    };
    let as_of = context.day_told().map(key::day).or_else(|| ledger.and_then(Ledger::newest)).ok_or_else(none)?;
    let on = context.on_told().map_or(as_of, key::day);
    Ok(Ask { by, as_of, on: on.min(as_of), full })
}

fn ledger(dataset: &Path, lang: Lang) -> Result<Ledger, Stop> {
    if !dataset.join(FILE).is_file() {
        let what = say(lang, "没有数据集".into(), "there is no dataset".into());
        let todo =
            say(lang, "先用 duban rollup ingest 收入报送".into(), "take segments in first: `duban rollup ingest INBOX --data DIR`".into());
        return Err(Stop::new(dataset.display().to_string(), what, todo));
    }
    Ledger::read(dataset, false).map_err(told(lang))
}

/// Counts.
pub fn status(context: &Context, lang: Lang, args: &StatusArgs) -> Result<u8, Stop> {
    let ledger = ledger(&args.data, lang)?;
    let ask = ask(context, lang, Some(&ledger), by(args.by), args.full)?;
    let answer = answer(&args.data, &ledger, ask).map_err(told(lang))?;
    let report = report::build(&ledger, ask, &answer, lang);
    let page = || report.page(ask.by, lang);
    let text = match args.format {
        RollupFormat::Text => terminal::render(&page(), terminal::Style { width: context.width, colour: context.colour }),
        RollupFormat::Md => markdown::render(&page()),
        RollupFormat::Csv => sheets::render(&report.tables(ask.by, lang)),
        RollupFormat::Json => serde_json::to_string_pretty(&report).expect("a report is plain data") + "\n",
    };
    put(&text)?;
    Ok(u8::from(!report.whole()))
}

/// Prints the SQL text.
pub fn sql(context: &Context, lang: Lang, args: &SqlArgs) -> Result<u8, Stop> {
    let ledger = args.data.as_ref().map(|d| ledger(d, lang)).transpose()?;
    let ask = ask(context, lang, ledger.as_ref(), by(args.by), !args.snapshot)?;
    let month = ledger.as_ref().and_then(|l| ask.month(l));
    if args.snapshot && month.is_none() {
        let what = say(lang, "没有早于该日的月末状态".into(), "there are no states of a month that ends before that day".into());
        return Err(Stop::new("--snapshot", what, say(lang, "不用 --snapshot".into(), "ask without --snapshot".into())));
    }
    put(&texts::text(ask, month.as_deref()))
}
