//! The page that leads to the printed reports, and the list of what can be printed.

use super::faces::Faces;
use super::folder::{File, Is, Printed};
use crate::model::{Lang, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::render::html;
use crate::report::layout::LAYOUTS;
use crate::snapshot::Snapshot;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How the line about the fonts begins.
pub const FONTS: &str = "PDF · ";

/// The fonts that the PDF files were printed with; empty where there are none. It hangs on the
/// machine, so a comparison takes it from the index that is there.
pub fn fonts(all: &[Printed], faces: &Faces, lang: Lang) -> String {
    if !all.iter().flat_map(|p| &p.files).any(|f| f.path.ends_with(".pdf")) {
        return String::new();
    }
    let word = Term("字体", "fonts").say(lang);
    format!("{FONTS}{word}: {} · SHA-256 {}", faces.names().join(", "), faces.digest().unwrap_or_default())
}

/// The language of a page's words.
pub fn lang(page: &Page) -> Lang {
    if page.lang == "en" { Lang::En } else { Lang::Zh }
}

/// `index.md` and `index.html`: every report with its day, its files and the digest of its page.
pub fn of(s: &Snapshot, all: &[Printed], lang: Lang, fonts: &str) -> Printed {
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
        let day = day(p);
        let _ = writeln!(out, "| {} | {day} | {} | {} |", escape(&p.title), links.join(" · "), p.digest);
    }
    if !fonts.is_empty() {
        let _ = writeln!(out, "\n{fonts}");
    }
    let title = format!("{} — {unit}", say("报表目录", "Reports"));
    let page = clickable(s, all, lang, &title, made, fonts);
    let file = |path: &str, text: String| File { path: path.into(), is: Is::Bytes(text.into_bytes()) };
    let files = vec![file("index.md", out), file("index.html", page)];
    Printed { stem: "index".into(), title: String::new(), as_of: String::new(), digest: String::new(), files }
}

/// The same for a browser.
fn clickable(s: &Snapshot, all: &[Printed], lang: Lang, title: &str, made: String, fonts: &str) -> String {
    let sample = s.register.settings.sample.then(|| format!("【{} / {}】", t::SAMPLE.0, t::SAMPLE.1));
    let notes: Vec<String> = sample.into_iter().chain([made]).collect();
    // What a browser opens comes first.
    let rank = |name: &str| ["html", "pdf", "xlsx", "docx", "md"].iter().position(|n| *n == name).unwrap_or(9);
    let folders: BTreeSet<&str> = all.iter().filter_map(|p| p.stem.split_once('/')).map(|x| x.0).collect();
    let entry = |p: &Printed| {
        let mut files: Vec<(String, String)> = p.files.iter().map(|f| (kind(p, f).to_string(), f.path.clone())).collect();
        files.sort_by_key(|f| rank(&f.0));
        let files = files.into_iter().map(|(name, path)| (if name.len() < 5 { name.to_uppercase() } else { name }, path)).collect();
        // The workbook of all pages of a folder stands with them.
        let folder = p.stem.split_once('/').map_or(p.stem.as_str(), |x| x.0);
        let group = folders.get(folder).map_or(String::new(), |f| shelf(s, f, lang));
        html::Entry { group, title: p.title.clone(), day: day(p).into(), files }
    };
    let foot: Vec<String> = Some(fonts.to_string()).filter(|f| !f.is_empty()).into_iter().collect();
    let lang = if lang == Lang::En { "en" } else { "zh" };
    html::index(lang, title, &notes, &all.iter().map(entry).collect::<Vec<_>>(), &foot)
}

/// What a folder of pages is called: the title of the saved report, else of the layout.
fn shelf(s: &Snapshot, folder: &str, lang: Lang) -> String {
    let saved = s.register.reports.iter().find(|r| r.name.as_str() == folder);
    let layout = saved.map_or(folder, |r| r.layout.as_str());
    let own = saved.and_then(|r| r.title.as_ref()).map(|w| w.say(lang).into_owned());
    let known = LAYOUTS.iter().find(|l| l.key == layout).map(|l| l.title.say(lang).into_owned());
    own.or(known).unwrap_or_else(|| folder.into())
}

/// The as-of day without the words before it.
fn day(p: &Printed) -> &str {
    p.as_of.rsplit(['：', ' ']).next().unwrap_or("")
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
