//! Whole pages of the world of the rules (`tests/rules/base`), as people see them: on a day on
//! which nothing presses and on one on which much does, in both languages, at 160 and 60
//! columns. `DUBAN_BLESS=1` writes them anew.

use crate::worlds;
use duban::model::Lang;
use duban::page::Page;
use duban::render::{csv, json, markdown, stamp, terminal};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Quiet, and long after.
const DAYS: [&str; 2] = ["2023-06-30", "2024-02-15"];

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports/printed")
}

fn base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base")
}

/// Holds a text against its file, or writes it.
fn hold(name: &str, text: &str, wrong: &mut Vec<String>) {
    let path = home().join(name);
    if std::env::var_os("DUBAN_BLESS").is_some_and(|v| v == "1") {
        std::fs::create_dir_all(home()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    if want != text {
        let line = want.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
        let now = text.lines().nth(line).unwrap_or("(end)");
        wrong.push(format!("{name}, line {}: {now}", line + 1));
    }
}

fn pages(day: &str, lang: Lang) -> Vec<(String, Page)> {
    worlds::pages(&worlds::open(&base(), day), "", lang)
}

#[test]
fn whole_pages_on_the_terminal() {
    let mut wrong = Vec::new();
    let mut texts: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for day in DAYS {
        for (lang, width) in [(Lang::Zh, 160), (Lang::En, 160), (Lang::Zh, 60), (Lang::En, 60)] {
            for (layout, page) in pages(day, lang) {
                let key = layout.split(' ').next().unwrap().to_string();
                // The ledger and the overview at every width; the others wide, one language a day.
                let whole = matches!(key.as_str(), "ledger" | "overview");
                let wide = width == 160 && (lang == Lang::Zh) == (day == DAYS[1]);
                if whole || wide {
                    let text = terminal::render(&page, terminal::Style { width, colour: false });
                    let _ = writeln!(texts.entry(key).or_default(), "==== {day} {lang:?} {width}\n\n{text}");
                }
            }
        }
    }
    texts.iter().for_each(|(key, text)| hold(&format!("{key}.txt"), text, &mut wrong));
    assert_eq!(texts.len(), duban::report::layout::LAYOUTS.len());
    assert!(wrong.is_empty(), "DUBAN_BLESS=1 writes them anew:\n{}", wrong.join("\n"));
}

#[test]
fn whole_pages_in_the_other_formats() {
    let mut wrong = Vec::new();
    for (layout, page) in pages(DAYS[1], Lang::Zh) {
        if matches!(layout.as_str(), "ledger" | "overview" | "by-part") {
            hold(&format!("{layout}.md"), &markdown::render(&page), &mut wrong);
            hold(&format!("{layout}.csv"), &csv::render(&page), &mut wrong);
            hold(&format!("{layout}.json"), &json::render(&page), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "DUBAN_BLESS=1 writes them anew:\n{}", wrong.join("\n"));
}

/// Equal input gives equal bytes, and the canonical form tells apart what people can see.
#[test]
fn equal_pages_have_equal_bytes_and_others_have_not() {
    let (a, b) = (pages(DAYS[1], Lang::Zh), pages(DAYS[1], Lang::Zh));
    for ((layout, a), (_, b)) in a.iter().zip(&b) {
        assert_eq!(stamp::stamp(a), stamp::stamp(b), "{layout}");
    }
    let (_, page) = &a[0];
    let mut other = page.clone();
    other.signature.pop();
    assert_ne!(stamp::stamp(page), stamp::stamp(&other));
    let (_, ledger) = a.iter().find(|(l, _)| l == "ledger").unwrap();
    let mut other = ledger.clone();
    other.blocks.iter_mut().for_each(|b| {
        if let duban::page::Block::Table(t) = b {
            t.columns[0].width += 1;
        }
    });
    assert_ne!(stamp::stamp(ledger), stamp::stamp(&other), "a width on paper is part of the page");
}
