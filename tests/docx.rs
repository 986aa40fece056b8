//! Documents, taken apart: what stands in their parts, what a reader of the parts sees, and
//! that an edited one is known.
#![cfg(feature = "docx")]

#[path = "pages/office.rs"]
mod office;
mod pages;

use duban::page::*;
use duban::render::docx::{render, stamp};
use duban::render::stamp as page_stamp;
use std::io::{Cursor, Read, Write};
use zip::{ZipArchive, ZipWriter};

fn part(bytes: &[u8], name: &str) -> String {
    let mut out = String::new();
    ZipArchive::new(Cursor::new(bytes)).unwrap().by_name(name).unwrap().read_to_string(&mut out).unwrap();
    out
}

fn document(page: &Page) -> String {
    part(&render(page).unwrap(), "word/document.xml")
}

/// The words of a part, a line a paragraph.
fn words(xml: &str) -> Vec<String> {
    let text = |p: &str| {
        let runs = p.split("<w:t ").skip(1).map(|t| t.split_once('>').unwrap().1.split("</w:t>").next().unwrap());
        runs.collect::<String>()
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&")
    };
    xml.split("<w:p>").skip(1).map(text).collect()
}

#[test]
fn a_circular_is_portrait_and_its_annex_landscape() {
    let page = office::circular();
    let bytes = render(&page).unwrap();
    office::show("circular.docx", &bytes, &[&page]);
    let xml = part(&bytes, "word/document.xml");
    let papers: Vec<&str> = xml.split("<w:pgSz ").skip(1).map(|s| s.split("/>").next().unwrap()).collect();
    assert_eq!(papers, ["w:w=\"11906\" w:h=\"16838\"", "w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\""]);
    // The annex begins with its heading; the parts of the circular stand before it.
    let (narrative, annex) = xml.split_once("</w:sectPr>").unwrap();
    assert_eq!(narrative.matches("\"Heading1\"").count(), 5);
    assert_eq!(narrative.matches("\"Heading2\"").count(), 1);
    let annex = words(annex);
    assert_eq!(annex.iter().find(|l| !l.is_empty()).unwrap(), "附：台账");
    // It is signed before the annex, which ends with legend and notes.
    assert!(annex.last().unwrap().starts_with("日志："), "{annex:?}");
    let plain = words(&document(&pages::ledger(1)));
    assert_eq!(plain.last().unwrap(), "填报日期：");
    let narrative = words(narrative);
    assert!(
        narrative.contains(&"一、总体情况".to_string()) && narrative.iter().any(|l| l.starts_with("截至2026年10月31日，全市共有义务86项"))
    );
    for text in ["合计（每项一次）", "87.2%", " 红 R1 ", "2026年9月30日", "填报日期："] {
        assert!(narrative.contains(&text.to_string()), "{text} is missing");
    }
    assert!(xml.contains("w:top=\"2097\" w:right=\"1473\" w:bottom=\"1984\" w:left=\"1587\""));
}

#[test]
fn heads_repeat_rows_do_not_part_and_lights_say_their_word() {
    let page = pages::ledger(60);
    let bytes = render(&page).unwrap();
    office::show("ledger.docx", &bytes, &[&page]);
    let xml = part(&bytes, "word/document.xml");
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 1);
    assert_eq!(xml.matches("<w:cantSplit/>").count(), 62);
    assert_eq!(xml.matches("w:fill=\"F4A9A3\"").count(), 15 + 1);
    let words = words(&xml);
    assert_eq!(words.iter().filter(|l| *l == "红 R1").count(), 15);
    assert!(words.contains(&"换行之前换行之后，喆堃𠮷 <b>&amp;</b> | \"引号\" 'x'".to_string()), "{words:?}");
    // A row taller than a page may part: its end would be lost otherwise.
    let mut tall = page.clone();
    if let Some(Block::Table(t)) = tall.blocks.first_mut() {
        t.rows[1].cells[9] = Cell::new("长".repeat(2000));
    }
    assert_eq!(document(&tall).matches("<w:cantSplit/>").count(), 61);
}

#[test]
fn every_block_is_there_charts_as_words_and_figures() {
    let page = pages::every_block();
    let bytes = render(&page).unwrap();
    office::show("overview.docx", &bytes, &[&page]);
    let words = words(&part(&bytes, "word/document.xml"));
    for text in [
        "内部资料 注意保存",
        "全市一览",
        "落实率",
        "79.8%",
        "较上月 +2",
        "亮灯走势：公安局 25 项，网信办 22 项。",
        "2026-12",
        "requires",
        "本期无此类事项",
        " 黄 A4 ",
    ] {
        assert!(words.contains(&text.to_string()), "{text} is missing: {words:?}");
    }
    let nil = office::nil();
    office::show("nil.docx", &render(&nil).unwrap(), &[&nil]);
    let english = office::english();
    office::show("english.docx", &render(&english).unwrap(), &[&english]);
}

#[test]
fn ids_lead_to_their_cards() {
    let page = pages::every_block();
    let xml = document(&page);
    let mark = xml.split("<w:bookmarkStart w:id=\"1\" w:name=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(mark, "d1_OPN_3_18");
    let pack = &office::pack()[0];
    let xml = document(pack);
    office::show("pack.docx", &render(pack).unwrap(), &[pack]);
    assert_eq!(xml.matches("<w:hyperlink ").count(), 4);
    for link in xml.split("<w:hyperlink w:anchor=\"").skip(1) {
        let name = link.split('"').next().unwrap();
        assert_eq!(xml.matches(&format!("w:name=\"{name}\"")).count(), 1, "{name}");
    }
}

#[test]
fn languages_and_faces_are_named() {
    let (zh, en) = (render(&pages::ledger(1)).unwrap(), render(&office::english()).unwrap());
    let styles = part(&zh, "word/styles.xml");
    assert!(!styles.contains('{'), "a place was not filled");
    for face in ["方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"] {
        assert!(styles.contains(&format!("w:eastAsia=\"{face}\"")), "{face}");
    }
    assert!(styles.contains("w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"") && styles.contains("w:firstLineChars=\"200\""));
    assert!(part(&en, "word/styles.xml").contains("w:lang w:val=\"en-GB\""));
    assert!(part(&en, "docProps/core.xml").contains("<dc:language>en</dc:language>"));
}

#[test]
fn equal_pages_give_equal_bytes_dated_by_the_as_of_day() {
    let page = office::circular();
    let bytes = render(&page).unwrap();
    assert_eq!(bytes, render(&page).unwrap());
    assert_eq!(part(&bytes, "docProps/core.xml").matches("2026-10-31T00:00:00Z").count(), 2);
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert!((0..archive.len()).all(|i| archive.by_index(i).unwrap().last_modified().map(|t| t.year()) == Some(1980)));
}

/// The same package with one part changed.
fn with(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let names: Vec<String> = archive.file_names().map(|n| n.unwrap().into_owned()).collect();
    for n in names {
        let mut text = String::new();
        archive.by_name(&n).unwrap().read_to_string(&mut text).unwrap();
        out.start_file(n.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(if n == name { change(text) } else { text }.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn the_stamp_is_the_pages_until_someone_edits() {
    let page = office::circular();
    let bytes = render(&page).unwrap();
    assert_eq!(stamp(&bytes), Some(page_stamp::stamp(&page)));
    // Packed by someone else, but not edited: the same.
    assert_eq!(stamp(&with(&bytes, "none", |t| t)), Some(page_stamp::stamp(&page)));
    // One number edited: the stamp does not count.
    assert_eq!(stamp(&with(&bytes, "word/document.xml", |t| t.replacen("86项", "85项", 1))), None);
    let mut other = page.clone();
    other.notes.push("一行".into());
    assert_ne!(stamp(&render(&other).unwrap()), stamp(&bytes));
    assert_eq!(stamp(b"PK\x03\x04 no document"), None);
    assert_eq!(stamp(&bytes[..bytes.len() / 2]), None);
}

#[test]
fn odd_characters_do_not_break_the_file() {
    let mut page = office::traps();
    page.title = "a\u{0}b\u{1b}c\u{202e}d\u{ffff} <&>\"'".into();
    let bytes = render(&page).unwrap();
    office::show("traps.docx", &bytes, &[&page]);
    let words = words(&part(&bytes, "word/document.xml"));
    assert!(words.contains(&"a·b·c·d· <&>\"'".to_string()), "{words:?}");
    let mut bare = Page { title: "空".into(), ..Page::default() };
    assert!(!render(&bare).unwrap().is_empty());
    bare.blocks = vec![Block::Break, Block::Facts(vec![]), Block::Figures(vec![]), Block::Table(Table::default())];
    let xml = document(&bare);
    assert!(!xml.contains("<w:tbl>") && xml.contains("空"), "{xml}");
}
