//! `digest` and `escalate`: what is mailed to a department, and who is due which letter.
//!
//! Both print and send nothing. A register with mistakes is told on standard error, with exit
//! code 1: what is sent unseen must not be short by what could not be read.

use super::args::{DigestArgs, MailFormat, SheetFormat};
use super::context::{Context, Stop};
use super::export::doubts;
use crate::model::Lang;
use crate::model::time::Zone;
use crate::page::Page;
use crate::render::{eml, html, markdown, terminal};
use crate::report::layout::{Ask, Period};
use crate::report::remind::{digest as digests, escalate as letters, letter, slip};
use crate::snapshot::{Snapshot, query, query::Query};
use chrono::{Days, NaiveDate};

/// `digest`.
pub fn digest(context: &Context, args: &DigestArgs) -> Result<u8, Stop> {
    let s = context.open()?;
    let lang = context.lang(&s);
    let dept = department(&s, &args.dept, lang)?;
    let next = days(&args.next, "--next")?;
    let since = since(&args.since, s.day(), lang)?;
    let all = Query::default();
    let period = Period { from: since, to: s.day(), given: true };
    let mut ask = Ask::new(&s, &all, lang, Some(period));
    ask.dept = Some(dept.clone());
    let report = digests::build(&ask, &dept, since, next);
    let page = || letter::page(&ask, &report);
    let text = match args.format {
        MailFormat::Text => terminal::render(&page(), terminal::Style { width: context.width, colour: context.colour }),
        MailFormat::Html => html::render(&page()),
        MailFormat::Md => markdown::render(&page()),
        MailFormat::Json => data(&report),
        MailFormat::Eml => mail(&ask, &report, &page()),
    };
    context.write(&text)?;
    Ok(doubts(&s, lang))
}

/// `escalate`.
pub fn escalate(context: &Context, words: &[String], format: SheetFormat) -> Result<u8, Stop> {
    let s = context.open()?;
    let lang = context.lang(&s);
    let query = Query::parse(&s, words).map_err(|w| Stop::new(w.say(lang), "", ""))?;
    let ask = Ask::new(&s, &query, lang, None);
    let report = letters::build(&ask);
    let page = || slip::page(&ask, &report);
    let text = match format {
        SheetFormat::Text => terminal::render(&page(), terminal::Style { width: context.width, colour: context.colour }),
        SheetFormat::Html => html::render(&page()),
        SheetFormat::Md => markdown::render(&page()),
        SheetFormat::Json => data(&report),
    };
    context.write(&text)?;
    Ok(doubts(&s, lang))
}

fn data<T: serde::Serialize>(report: &T) -> String {
    serde_json::to_string_pretty(report).expect("a report is plain data") + "\n"
}

/// The present id of the one department meant.
fn department(s: &Snapshot, word: &str, lang: Lang) -> Result<String, Stop> {
    let query = Query::parse(s, &[format!("dept:{word}")]).map_err(|w| Stop::new(w.say(lang), "", ""))?;
    match query.departments().unwrap_or_default().as_slice() {
        [one] if !one.is_empty() => Ok((*one).to_string()),
        _ => Err(Stop::new(
            (format!("--dept {word} 不是单独一个部门"), format!("--dept {word} is not one department")),
            ("摘要只写给一个部门", "a digest is written to one"),
            ("请逐个部门分别生成", "ask for each by itself"),
        )),
    }
}

fn days(text: &str, flag: &str) -> Result<u32, Stop> {
    let n = text.trim_end_matches(['d', '天']).parse::<u32>().ok().filter(|n| *n <= 36_500);
    n.ok_or_else(|| {
        Stop::new(
            (format!("{flag} {text} 不是天数"), format!("{flag} {text} is not a number of days")),
            "",
            ("请写作 30d", "write it as 30d"),
        )
    })
}

/// A number of days back, a day, or the first day of a period.
fn since(text: &str, today: NaiveDate, lang: Lang) -> Result<NaiveDate, Stop> {
    if text.ends_with(['d', '天']) {
        let back = days(text, "--since")?;
        return Ok(today.checked_sub_days(Days::new(back.into())).unwrap_or(today));
    }
    let (from, _) = query::period(text, today)
        .map_err(|w| Stop::new(format!("--since: {}", w.say(lang)), "", ("或写天数：7d", "or a number of days: 7d")))?;
    Ok(from)
}

fn mail(ask: &Ask, d: &digests::Digest, page: &Page) -> String {
    let Zone(offset) = ask.s.register.settings.time_zone;
    let midnight = ask.s.as_of.and_hms_opt(0, 0, 0).and_then(|t| t.and_local_timezone(offset).single());
    let date = midnight.map_or_else(String::new, |t| t.format("%a, %d %b %Y %H:%M:%S %z").to_string());
    let from = ask.s.register.settings.unit.name.say(ask.lang);
    eml::render(page, &eml::Head { from: &from, to: &d.name, subject: &d.subject, date: &date })
}
