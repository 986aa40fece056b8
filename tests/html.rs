//! HTML read back: every word of the page is there and harmless, ids are unique and links lead
//! somewhere, figures parse back equal, colours have contrast, equal pages give equal bytes.
//!
//! With `DUBAN_HTML_OUT=FOLDER` the pages are also written there, for
//! `tests/conformance/html.py` and for looking at.

mod pages;

use duban::digest::integrity;
use duban::page::*;
use duban::render::html::{Entry, index, render};
use std::collections::HashSet;

/// A tag, or text between tags.
#[derive(Debug)]
enum Piece {
    Open(String, Vec<(String, String)>),
    Close(String),
    Text(String),
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// Reads what our own renderer writes: quoted attributes, escaped text. Anything else panics.
fn pieces(html: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            out.push(Piece::Text(decoded(&rest[..at])));
        }
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            out.push(Piece::Close(name.into()));
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut list = Vec::new();
        let mut a = attributes;
        while !a.is_empty() {
            let stop = a.find(['=', ' ']).unwrap_or(a.len());
            let key = &a[..stop];
            if a[stop..].starts_with('=') {
                let value = a[stop + 1..].strip_prefix('"').expect("a quoted value");
                let close = value.find('"').expect("the value ends");
                list.push((key.to_string(), decoded(&value[..close])));
                a = value[close + 1..].trim_start();
            } else {
                list.push((key.to_string(), String::new()));
                a = a[stop..].trim_start();
            }
        }
        out.push(Piece::Open(name.into(), list));
        if matches!(name, "style" | "script") {
            let close = rest.find(&format!("</{name}>")).expect("it ends");
            out.push(Piece::Text(rest[..close].into()));
            rest = &rest[close..];
        }
    }
    out
}

fn attributes<'a>(pieces: &'a [Piece], key: &'a str) -> Vec<&'a str> {
    let all = pieces.iter().filter_map(|p| if let Piece::Open(_, a) = p { Some(a) } else { None }).flatten();
    all.filter(|(k, _)| k == key).map(|(_, v)| v.as_str()).collect()
}

/// The rows of the tables of the page (not of charts), as text.
fn tables(html: &str) -> Vec<Vec<Vec<String>>> {
    let (mut out, mut inside, mut cell) = (Vec::new(), false, None::<String>);
    for piece in pieces(html) {
        match piece {
            Piece::Open(name, a) if name == "table" => {
                inside = a.iter().any(|(k, v)| k == "class" && v.starts_with("t "));
                if inside {
                    out.push(Vec::new());
                }
            }
            Piece::Open(name, _) if inside && name == "tr" => out.last_mut().unwrap().push(Vec::new()),
            Piece::Open(name, _) if inside && (name == "td" || name == "th") => cell = Some(String::new()),
            Piece::Close(name) if inside && (name == "td" || name == "th") => {
                out.last_mut().unwrap().last_mut().unwrap().push(cell.take().unwrap())
            }
            Piece::Open(name, _) if name == "br" => cell.iter_mut().for_each(|c| c.push('\n')),
            Piece::Text(t) => cell.iter_mut().for_each(|c| c.push_str(&t)),
            _ => {}
        }
    }
    out
}

fn all() -> Vec<(&'static str, Page)> {
    vec![
        ("every", pages::every_block()),
        ("ledger-60", pages::ledger(60)),
        ("ledger-0", nothing()),
        ("charts", pages::charts()),
        ("counts", pages::counts()),
        ("hostile", pages::hostile()),
    ]
}

/// A ledger without a row: neither items nor groups.
fn nothing() -> Page {
    let mut page = pages::framed("ledger", "督办台账");
    page.blocks.push(Block::Table(Table { key: "ledger".into(), ..Table::of(pages::ledger_columns(), vec![], "本期无此类事项") }));
    page
}

fn shelf() -> String {
    let file = |f: &str, p: &str| (f.to_string(), p.to_string());
    let entries = [
        Entry {
            group: "全市".into(),
            title: "全市一览".into(),
            day: "2026年10月31日".into(),
            files: vec![file("HTML", "overview.html"), file("PDF", "overview.pdf")],
        },
        Entry {
            group: "部门清单".into(),
            title: "公安局 <清单>".into(),
            day: "2026-10-31".into(),
            files: vec![file("HTML", "packs/公安局 a.html"), file("XLSX", "packs/公安局 a.xlsx")],
        },
        Entry { group: "全市".into(), title: "督办台账".into(), ..Entry::default() },
    ];
    index("zh", "报表目录", &["截至日期：2026年10月31日".into()], &entries, &["PDF · 字体".into()])
}

#[test]
fn pages_are_written_for_looking_at() {
    let Ok(dir) = std::env::var("DUBAN_HTML_OUT") else { return };
    std::fs::create_dir_all(&dir).unwrap();
    let write = |name: &str, html: String| std::fs::write(format!("{dir}/{name}.html"), html).unwrap();
    all().iter().for_each(|(name, page)| write(name, render(page)));
    write("ledger-10000", render(&pages::ledger(10_000)));
    write("index", shelf());
}

#[test]
fn every_cell_is_there_and_figures_parse_back_equal() {
    for (name, page) in all().iter().filter(|p| p.0 != "hostile") {
        let html = render(page);
        let read = tables(&html);
        let said: Vec<&Table> = page.tables().collect();
        assert_eq!(read.len(), said.len(), "{name}");
        for (read, table) in read.iter().zip(said) {
            let heads: Vec<&str> = table.columns.iter().map(|c| c.label.as_str()).collect();
            assert_eq!(read[0], heads, "{name}");
            if table.rows.is_empty() {
                assert_eq!(read[1..], [[table.empty.clone()]], "a nil report says so");
                continue;
            }
            let want: Vec<Vec<String>> = table.rows.iter().map(|r| r.cells.iter().map(Cell::text).collect()).collect();
            assert_eq!(read[1..], want, "{name}");
            // Counts are counts again.
            for (row, texts) in table.rows.iter().zip(&read[1..]) {
                for (cell, text) in row.cells.iter().zip(texts) {
                    assert!(!matches!(cell, Cell::Count(n) if text.parse() != Ok(*n)), "{name}: {text}");
                }
            }
        }
    }
}

#[test]
fn ids_are_unique_and_every_link_leads_somewhere() {
    for (name, page) in all() {
        let html = render(&page);
        let pieces = pieces(&html);
        let ids = attributes(&pieces, "id");
        let set: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), set.len(), "{name}: an id twice");
        assert!(ids.iter().all(|i| !i.is_empty() && !i.contains(char::is_whitespace)), "{name}");
        for href in attributes(&pieces, "href") {
            let sound =
                href.starts_with("http://") || href.starts_with("https://") || href.strip_prefix('#').is_some_and(|a| set.contains(a));
            assert!(sound, "{name}: {href}");
        }
        for by in attributes(&pieces, "aria-labelledby") {
            assert!(by.split(' ').all(|id| set.contains(id)), "{name}: {by}");
        }
    }
    // The link from the facts to a card that the page does not have is words only.
    let html = render(&pages::every_block());
    assert!(html.contains("href=\"#OPN-3.18\"") && !html.contains("href=\"#OPN-3.11\""));
}

#[test]
fn hostile_words_stay_words() {
    let page = pages::hostile();
    let html = render(&page);
    let pieces = pieces(&html);
    let opened: Vec<&str> = pieces.iter().filter_map(|p| if let Piece::Open(n, _) = p { Some(n.as_str()) } else { None }).collect();
    assert!(!opened.iter().any(|n| ["img", "script", "b>x", "iframe", "object"].contains(n)), "{opened:?}");
    let keys = pieces.iter().filter_map(|p| if let Piece::Open(_, a) = p { Some(a) } else { None }).flatten();
    assert!(keys.clone().all(|(k, _)| !k.starts_with("on") && k != "style" && k != "src"), "an attribute was smuggled in");
    assert!(html.contains("<html lang=\"zh\">"));
    assert!(
        !html
            .contains(|c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{ffff}'))
    );
    let links: HashSet<&str> = attributes(&pieces, "href").into_iter().filter(|h| !h.starts_with('#')).collect();
    assert_eq!(links, HashSet::from(["https://ok.example/a", "https://ok.example/"]));
    // All of it can be read.
    let text: String = pieces.iter().filter_map(|p| if let Piece::Text(t) = p { Some(t.as_str()) } else { None }).collect();
    for word in [
        "<script>alert(1)</script>",
        "\" onmouseover=\"alert(1)",
        "[U+202E]gnp.exe[U+2066]",
        "a[U+0000]b[U+001B][31m[U+007F][U+0085][U+FFFF]",
        "&lt; &#0; \\3c /style>",
    ] {
        assert!(text.contains(word), "{word}");
    }
    // The style sheet holds the labels of columns: it ends where we end it.
    assert_eq!(html.matches("</style").count(), 1);
}

#[test]
fn nothing_is_loaded_and_only_our_own_words_run() {
    for (name, page) in all() {
        let html = render(&page);
        let pieces = pieces(&html);
        let policy = attributes(&pieces, "content").into_iter().find(|c| c.starts_with("default-src 'none'")).expect("a policy");
        let inside = |tag: &str| {
            let at = pieces.iter().position(|p| matches!(p, Piece::Open(n, _) if n == tag))?;
            if let Piece::Text(t) = &pieces[at + 1] { Some(t.as_str()) } else { None }
        };
        let style = inside("style").unwrap();
        assert!(policy.contains(&format!("style-src '{}'", integrity(style.as_bytes()))), "{name}");
        match inside("script") {
            Some(script) => assert!(policy.contains(&format!("script-src '{}'", integrity(script.as_bytes()))), "{name}"),
            None => assert!(!policy.contains("script-src"), "{name}"),
        }
        assert_eq!(inside("script").is_some(), name == "ledger-60", "{name}: a script only where a table is long");
        for word in ["url(", "@import", " src=", "style=\"", "<link"] {
            assert!(!html.contains(word) || name == "hostile", "{name}: {word}");
        }
    }
}

#[test]
fn structure_can_be_heard() {
    let html = render(&pages::every_block());
    for word in [
        "<!DOCTYPE html><html lang=\"zh\">",
        "<meta charset=\"utf-8\">",
        "<main id=\"main\">",
        "<caption>按单位</caption>",
        "<tr class=\"s\">",
    ] {
        assert!(html.contains(word), "{word}");
    }
    assert_eq!(html.matches("<h1>").count(), 1);
    // Four charts: each a picture with its name, its description and its table.
    assert_eq!((html.matches("role=\"img\"").count(), html.matches("<desc ").count(), html.matches("<details").count()), (4, 4, 4));
    assert!(html.contains("<abbr title=\"dept:CITY-PSB light:red\">2</abbr>"));
    assert!(html.contains("<span class=\"a\">黄 A4</span>"));
    assert!(render(&pages::ledger(2)).contains("<tr class=\"g\"><th scope=\"rowgroup\" colspan=\"12\">OPN-3 行业治理</th></tr>"));
    // The furniture speaks the language of the page.
    let mut english = pages::every_block();
    english.lang = "en".into();
    let english = render(&english);
    assert!(english.contains("<html lang=\"en\">") && english.contains("<summary>As a table</summary>") && !english.contains("数据表"));
    let index = shelf();
    assert!(index.contains("href=\"./packs/%E5%85%AC%E5%AE%89%E5%B1%80%20a.html\">公安局 &lt;清单&gt;</a>"));
    assert!(index.find("督办台账").unwrap() < index.find("部门清单").unwrap(), "a group stands together");
}

#[test]
fn the_printed_page_is_that_of_the_habits() {
    let html = render(&pages::ledger(60));
    for word in [
        "@page{size:A4 landscape;margin:20mm 18mm 18mm;",
        "content:\"— \" counter(page) \" —\"",
        "display:table-header-group",
        "break-inside:avoid",
    ] {
        assert!(html.contains(word), "{word}");
    }
    // Widths of the habits' table, out of 261 mm.
    for (column, millimetres) in [8.0, 17.0, 36.0, 20.0, 24.0, 14.0, 19.0, 15.0, 10.0, 40.0, 28.0, 30.0].into_iter().enumerate() {
        let want = format!(".t1 col:nth-child({}){{width:{:.3}%}}", column + 1, millimetres * 100.0 / 261.0);
        assert!(html.contains(&want), "{want}");
    }
    // The marking stands in the page, and at the head of each further sheet.
    let marked = render(&pages::every_block());
    assert!(
        marked.contains("<p class=\"mark\">内部资料 注意保存</p>") && marked.contains("@page{@top-right{content:\"内部资料 注意保存\"}}")
    );
    assert!(!html.contains("@page{@top-right{content:"));
    // Signed on last of all.
    assert!(html.rfind("填报日期").unwrap() > html.rfind("日志：").unwrap());
}

#[test]
fn equal_pages_give_equal_bytes_and_long_ones_stay_small() {
    for ((name, a), (_, b)) in all().into_iter().zip(all()) {
        assert_eq!(render(&a), render(&b), "{name}");
    }
    let size = |rows| render(&pages::ledger(rows)).len();
    let (one, two) = (size(1000) - size(500), size(1500) - size(1000));
    assert!(one.abs_diff(two) < 2500, "a row costs the same wherever it stands: {one} and {two} for 500");
    assert!(one / 500 < 900, "{} bytes a row", one / 500);
}

/// Relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let part = |i: usize| f64::from(u8::from_str_radix(&colour[i..i + 2], 16).unwrap()) / 255.0;
    let linear = |c: f64| if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

/// Pairs of a scheme whose contrast is less than is asked: 4.5 for words, 3 for lines and marks.
fn faint(scheme: &str) -> Vec<String> {
    let value = |name: &str| {
        let at = scheme.find(&format!("--{name}:")).unwrap_or_else(|| panic!("--{name}")) + name.len() + 3;
        scheme[at..at + 7].to_string()
    };
    let mut pairs: Vec<(String, String, f64)> = vec![];
    let mut pair = |a: &str, b: &str, least: f64| pairs.push((a.into(), b.into(), least));
    for c in ["r", "a", "g", "k"] {
        pair(&format!("{c}b"), &format!("{c}t"), 4.5);
    }
    for word in ["ink", "mt", "link"] {
        pair(word, "bg", 4.5);
        pair(word, "soft", 4.5);
    }
    for c in ["r", "a", "g", "k", "0", "1", "2", "3", "4", "5", "6", "7"] {
        pair(&format!("f{c}"), &format!("p{c}"), 4.5);
        pair(&format!("l{c}"), "bg", 4.5);
    }
    let short = |(a, b, least): &(String, String, f64)| contrast(&value(a), &value(b)) < *least;
    pairs.iter().filter(|p| short(p)).map(|(a, b, least)| format!("{a} on {b}: {:.2} < {least}", contrast(&value(a), &value(b)))).collect()
}

#[test]
fn colours_have_contrast_in_both_schemes() {
    let style = include_str!("../src/render/html/style.css");
    let (light, dark) = style.split_once("prefers-color-scheme:dark").unwrap();
    assert_eq!(faint(light), Vec::<String>::new(), "light");
    assert_eq!(faint(dark), Vec::<String>::new(), "dark");
    // The measure measures.
    assert_eq!(faint(&light.replace("--mt:#535b65", "--mt:#999999")).len(), 2);
}

#[test]
fn ids_stay_whole_until_there_is_no_room_at_all() {
    let page = |columns: usize, id: &str| {
        let mut page = pages::framed("x", "x");
        let row = Row::of(vec![Cell::Id(id.into(), None); columns]);
        page.blocks.push(Block::Table(Table::of(vec![Column::id("编号"); columns], vec![row], "")));
        render(&page)
    };
    let whole = |html: &str| html.contains("tbody>tr>:nth-child(1){white-space:nowrap}") || html.contains("tbody>tr>:nth-child(1),");
    assert!(whole(&page(1, "OPN-3.18")));
    assert!(whole(&page(6, "CITY-CYBERPOLICE-3.18")));
    assert!(!whole(&page(1, &"x".repeat(60))), "a word that somebody wrote there");
    let crowd = page(16, "CITY-CYBERPOLICE-3.18");
    assert!(whole(&crowd) && !crowd.contains("tbody>tr>:nth-child(16)"), "as many as there is room for");
}
