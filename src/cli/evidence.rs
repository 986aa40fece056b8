//! `evidence`: what entries name, looked for and measured again.

use super::args::Select;
use super::context::{Context, Stop};
use crate::intake::store::{Held, Store};
use crate::report::evidence::{self as report, Look};
use crate::snapshot::query::Query;
use std::path::PathBuf;

/// Lists, re-hashes, and tells what is missing, changed or expired.
pub fn evidence(context: &Context, select: &Select, folders: &[PathBuf]) -> Result<u8, Stop> {
    let s = context.open()?;
    let lang = context.lang(&s);
    let q = Query::parse(&s, &select.query).map_err(|w| Stop::new(w.say(lang), "", ""))?;
    let mut folders = folders.to_vec();
    folders.extend(s.register.settings.evidence_store.as_ref().map(|d| s.root.join(d.as_str())));
    if let Some(f) = folders.iter().find(|f| !f.is_dir()) {
        return Err(Stop::new(
            (format!("{} 不是目录", f.display()), format!("{} is no folder", f.display())),
            ("佐证文件要到那里去找", "the files of the evidence are looked for there"),
            (
                "请用 --in 另指一个，或改正 register.yaml 的 `evidence_store`",
                "give another with --in, or mend `evidence_store` in register.yaml",
            ),
        ));
    }
    let store = Store::open(&folders);
    let look = |e: &crate::model::Evidence| match store.look(e) {
        Held::Present(p) => (Look::Present, p.display().to_string()),
        Held::Changed(p) => (Look::Changed, p.display().to_string()),
        Held::Missing => (Look::Missing, String::new()),
        Held::Unreadable(p, why) => (Look::Unreadable, format!("{}: {why}", p.display())),
        Held::NameOnly => (Look::NameOnly, String::new()),
        Held::NotLooked => (Look::NotLooked, String::new()),
    };
    let report = report::build(&s, &q, &look);
    for t in &store.troubles {
        eprintln!("duban: {t}");
    }
    context.print(select.format, &report, || report::page(&s, &report, lang))?;
    Ok(u8::from(report.bad() || !store.troubles.is_empty()))
}
