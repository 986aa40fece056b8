//! Pages as PDF: what can be said of a file without a reader of PDF. What a reader says of it
//! (words, fonts, pages, tags) stands in `tests/conformance/pdf.py`, which opens the files that
//! this test writes into the folder `DUBAN_PDF_OUT`.
//!
//! Needs a font with Chinese characters. Where the machine has none, every test asserts the
//! error that says so and prints that it did: the path taken is always told.
#![cfg(feature = "pdf")]

mod pages;

use duban::page::*;
use duban::render::{pdf, stamp};
use std::path::Path;

/// The fonts of this machine; `None` where there are none, and then the error is the clear one.
fn fonts() -> Option<pdf::Fonts> {
    match pdf::Fonts::find(None, None) {
        Ok(fonts) => {
            println!("PATH TAKEN: with the fonts {:?}", fonts.names());
            Some(fonts)
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("no font with Chinese characters was found in /usr/share/fonts"), "{text}");
            assert!(text.contains("fonts-noto-cjk") && text.contains("@expo-google-fonts/noto-sans-sc"), "{text}");
            assert!(std::env::var_os("DUBAN_PDF_OUT").is_none(), "files were asked for, and there is no font: {text}");
            println!("PATH TAKEN: this machine has no font; only the error was tested");
            None
        }
    }
}

/// Renders, and leaves the file for those who look at it.
fn render(name: &str, page: &Page, fonts: &pdf::Fonts) -> Vec<u8> {
    let bytes = pdf::render(page, fonts).unwrap_or_else(|e| panic!("{name}: {e}"));
    if let Some(folder) = std::env::var_os("DUBAN_PDF_OUT") {
        std::fs::write(Path::new(&folder).join(format!("{name}.pdf")), &bytes).unwrap();
    }
    bytes
}

fn times(bytes: &[u8], word: &str) -> usize {
    bytes.windows(word.len()).filter(|w| *w == word.as_bytes()).count()
}

/// A ledger with one row taller than a sheet between two small ones.
fn tall() -> Page {
    let mut page = pages::ledger(3);
    let Block::Table(t) = &mut page.blocks[0] else { panic!("a ledger is a table") };
    let long: Vec<String> = (1..=60).map(|i| format!("第{i}周：涉“两卡”人员联合惩戒机制已印发，共享接口仅1家完成。")).collect();
    t.rows[2].cells[9] = Cell::new(long.join("\n"));
    page
}

/// An empty list.
fn nil() -> Page {
    let mut page = pages::framed("overdue", "逾期清单");
    let columns = pages::ledger_columns();
    page.blocks.push(Block::Table(Table { key: "overdue".into(), ..Table::of(columns, vec![], "本期无此类事项") }));
    page
}

/// Characters that fonts forget, and ways to write that Chinese offices have.
fn odd() -> Page {
    let mut page = pages::framed("list", "生僻字与全角");
    let say = |t: &str| Block::Prose(t.into());
    page.blocks.push(Block::heading("人名用字"));
    page.blocks.push(say("喆、堃、𠮷、㐱、镕、玥、昇、祎、赟；文号〔2026〕3号——破折号、省略号……；ＡＢＣ１２３（全角）％＃＠。"));
    page.blocks.push(say(&"避头尾：标点不在行首，“引号”与（括号）不在行末，《书名》亦然。".repeat(12)));
    let long = format!("https://example.org/{}?q=1", "a-very-long-path/".repeat(30));
    page.blocks.push(say(&format!("网址只在不得已时断开：{long}。")));
    page.blocks.push(say("English words are not broken inside, nor is OPN-3.04 or 2026-11-23 or 12,345.60; ".repeat(6).trim()));
    page
}

#[test]
fn every_kind_of_block_is_written_and_equal_input_gives_equal_bytes() {
    let Some(fonts) = fonts() else { return };
    let page = pages::every_block();
    let first = render("every-block", &page, &fonts);
    assert!(first.starts_with(b"%PDF-1."));
    let again = pdf::Fonts::find(None, None).unwrap();
    assert!(first == pdf::render(&page.clone(), &again).unwrap(), "two runs differ");
    assert_eq!(fonts.digest(), again.digest());
    assert_eq!(fonts.digest().len(), 64);
    // Archives and readers' aids: both standards are claimed, and the writer held the file against them.
    assert_eq!((times(&first, "<pdfaid:part>2<"), times(&first, "<pdfuaid:part>1<")), (1, 1));
}

#[test]
fn a_file_carries_the_stamp_of_its_page_and_no_other() {
    let Some(fonts) = fonts() else { return };
    let page = pages::ledger(60);
    let bytes = render("ledger-60", &page, &fonts);
    assert_eq!(pdf::stamp(&bytes), Some(stamp::stamp(&page)));
    // One count more is another page.
    let mut other = pages::ledger(60);
    let Block::Table(t) = &mut other.blocks[0] else { panic!("a ledger is a table") };
    t.rows[1].cells[0] = Cell::Count(2);
    assert_ne!(pdf::stamp(&bytes), Some(stamp::stamp(&other)));
    assert_eq!(pdf::stamp(b"%PDF-1.7 nothing"), None);
    assert!(bytes.len() < 500_000, "{} bytes for 60 rows", bytes.len());
}

#[test]
fn tall_rows_nil_reports_and_odd_characters() {
    let Some(fonts) = fonts() else { return };
    for (name, page) in [("tall-row", tall()), ("nil", nil()), ("odd", odd())] {
        let bytes = render(name, &page, &fonts);
        assert_eq!(pdf::stamp(&bytes), Some(stamp::stamp(&page)), "{name}");
    }
}

#[test]
fn a_page_without_as_of_date_or_language_or_blocks_is_still_a_file() {
    let Some(fonts) = fonts() else { return };
    let page = Page { title: "空".into(), ..Page::default() };
    let bytes = render("bare", &page, &fonts);
    assert_eq!((times(&bytes, "<pdfaid:part>"), times(&bytes, "<pdfuaid:part>1<")), (0, 1));
}

#[test]
fn what_no_font_has_is_listed_and_nothing_is_written() {
    let Some(fonts) = fonts() else { return };
    let mut page = pages::framed("list", "缺字");
    // Characters that are not assigned: no font can have them.
    page.blocks.push(Block::Prose("甲\u{2fff0}乙\u{323b0}".into()));
    page.blocks.push(Block::Facts(vec![("备注".into(), Cell::new("丙\u{2fff0}"))]));
    let error = pdf::render(&page, &fonts).unwrap_err().to_string();
    assert!(error.starts_with("no font has 2 characters of this report:\n"), "{error}");
    assert!(error.contains("U+2FFF0 in: 甲") && error.contains("U+323B0"), "{error}");
    assert!(error.contains("fonts-noto-cjk"), "{error}");
    // The same without them is written.
    page.blocks.truncate(0);
    assert!(pdf::render(&page, &fonts).is_ok());
}

#[test]
fn scripts_that_need_a_shaper_are_refused_and_said() {
    let Some(fonts) = fonts() else { return };
    let mut page = pages::framed("list", "少数民族文字");
    page.blocks.push(Block::Prose("维吾尔文：ئۇيغۇر".into()));
    let error = pdf::render(&page, &fonts).unwrap_err().to_string();
    assert!(error.contains("cannot shape") && error.contains("U+0626") && error.contains("HTML"), "{error}");
}

#[test]
fn fonts_that_are_named_and_not_there_are_errors() {
    let missing = |e: Result<pdf::Fonts, pdf::PdfError>| e.err().map(|e| e.to_string()).unwrap_or_default();
    let text = missing(pdf::Fonts::find(Some(Path::new("nowhere/else.ttf")), None));
    assert!(text.starts_with("the font nowhere/else.ttf was not found in /usr/share/fonts"), "{text}");
    let text = missing(pdf::Fonts::find(None, Some("no-such-font.ttc")));
    assert!(text.starts_with("the font no-such-font.ttc was not found"), "{text}");
    let text = missing(pdf::Fonts::from_bytes(vec![b"not a font".to_vec()]));
    assert!(text.starts_with("font 1 is no TrueType or OpenType font"), "{text}");
    let empty = tempfile::tempdir().unwrap();
    let text = missing(pdf::Fonts::find_in(&[empty.path()], None, None));
    assert!(text.starts_with("no font with Chinese characters was found in ") && text.contains("--font"), "{text}");
}
