//! The page that leads to the printed reports, and the list of what can be printed.

use super::folder::{File, Is, Printed};
use crate::model::{Lang, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::report::layout::LAYOUTS;
use crate::snapshot::Snapshot;
use std::fmt::Write;

/// `index.md`: every report with its day, its files and the digest of its page.
pub fn of(s: &Snapshot, all: &[Printed], lang: Lang) -> Printed {
    let say = |zh: &'static str, en: &'static str| Term(zh, en).say(lang).into_owned();
    let unit = s.register.settings.unit.name.say(lang);
    let mut out = format!("# {} — {unit}\n\n", say("报表目录", "Reports"));
    if s.register.settings.sample {
        let _ = writeln!(out, "> **【{} / {}】**\n", t::SAMPLE.0, t::SAMPLE.1);
    }
    let made = say(
        "由 duban report --all 生成，请勿手改；duban report --all --check 核对。",
        "Made by duban report --all; not to be edited by hand. duban report --all --check compares.",
    );
    let _ = writeln!(out, "{made}\n");
    let heads = [say("报表", "Report"), t::AS_OF.say(lang).into_owned(), say("文件", "Files"), say("页面校验值", "Page digest")];
    let _ = writeln!(out, "| {} |\n| --- | --- | --- | --- |", heads.join(" | "));
    for p in all {
        let links: Vec<String> = p.files.iter().map(|f| format!("[{}]({})", kind(p, f), f.path)).collect();
        let day = p.as_of.rsplit(['：', ' ']).next().unwrap_or("");
        let _ = writeln!(out, "| {} | {day} | {} | {} |", escape(&p.title), links.join(" · "), p.digest);
    }
    let file = File { path: "index.md".into(), is: Is::Bytes(out.into_bytes()) };
    Printed { stem: "index".into(), title: String::new(), as_of: String::new(), digest: String::new(), files: vec![file] }
}

/// What of a path the stem does not say: `md`, `counts.csv`.
fn kind<'a>(p: &Printed, f: &'a File) -> &'a str {
    f.path.strip_prefix(&p.stem).map_or(&f.path, |rest| rest.trim_start_matches('.'))
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// The layouts, then the saved reports.
pub fn list(s: &Snapshot, lang: Lang) -> Page {
    let say = |zh: &'static str, en: &'static str| Term(zh, en).say(lang).into_owned();
    let columns = vec![
        Column::id(say("名称", "Name")).key("name"),
        Column::text(say("报表", "Report")).key("title"),
        Column::text(say("通常周期", "Usual cycle")).key("cycle"),
    ];
    let layouts = LAYOUTS.iter().map(|l| Row::of(vec![Cell::new(l.key), Cell::new(l.title.say(lang)), Cell::new(l.cycle.say(lang))]));
    let layouts = Table { key: "layouts".into(), caption: say("版式", "Layouts"), ..Table::of(columns, layouts.collect(), "") };
    let columns = vec![
        Column::id(say("名称", "Name")).key("name"),
        Column::text(say("标题", "Title")).key("title"),
        Column::id(say("版式", "Layout")).key("layout"),
        Column::text(t::FILTER.say(lang)).key("filter"),
    ];
    let saved = s.register.reports.iter().map(|r| {
        let title = r.title.as_ref().map_or(String::new(), |w| w.say(lang).into_owned());
        Row::of(vec![
            Cell::new(r.name.as_str()),
            Cell::Text(title),
            Cell::new(r.layout.as_str()),
            Cell::new(r.filter.as_ref().map_or("", |f| f.as_str())),
        ])
    });
    let none = say("没有（可写在 reports/*.yaml）", "none (they stand in reports/*.yaml)");
    let saved = Table { key: "saved".into(), caption: say("已存报表", "Saved reports"), ..Table::of(columns, saved.collect(), none) };
    let title = say("报表", "Reports");
    let origin = serde_json::Map::from_iter([("schema".to_string(), "duban/reports/1".into())]);
    Page { key: "reports".into(), title, origin, blocks: vec![Block::Table(layouts), Block::Table(saved)], ..Page::default() }
}
