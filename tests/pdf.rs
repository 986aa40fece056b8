//! Pages as PDF: what can be said of a file without a reader of PDF. What a reader says of it
//! (words, fonts, pages, tags) stands in `tests/conformance/pdf.py`, which opens the files that
//! this test writes into the folder `DUBAN_PDF_OUT`. `DUBAN_PDF_FONT` names another font to write with.
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
    let given = std::env::var_os("DUBAN_PDF_FONT");
    match pdf::Fonts::find(given.as_deref().map(Path::new), None) {
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

/// Renders, and leaves the file for those who look at it, with what must be found in it.
fn render(name: &str, page: &Page, fonts: &pdf::Fonts) -> Vec<u8> {
    let bytes = pdf::render(page, fonts).unwrap_or_else(|e| panic!("{name}: {e}"));
    if let Some(folder) = std::env::var_os("DUBAN_PDF_OUT") {
        let file = |ending: &str| Path::new(&folder).join(format!("{name}.{ending}"));
        std::fs::write(file("pdf"), &bytes).unwrap();
        std::fs::write(file("json"), serde_json::to_string_pretty(&expected(page)).unwrap()).unwrap();
    }
    bytes
}

/// What a reader must find: every text of the page, headings as bookmarks, heads of tables.
fn expected(page: &Page) -> serde_json::Value {
    let (mut texts, mut marks, mut charts) = (vec![page.title.clone()], vec![page.title.clone()], 0);
    texts.extend(page.head.iter().chain(&page.meta).chain(&page.notes).chain(&page.signature).cloned());
    texts.extend(page.legend.iter().map(|l| l.1.clone()).chain(page.banner.clone()).chain(page.marking.clone()));
    for block in &page.blocks {
        match block {
            Block::Heading(h) => [&mut texts, &mut marks].into_iter().for_each(|l| l.push(h.text.clone())),
            Block::Prose(t) => texts.push(t.clone()),
            Block::Facts(facts) => facts.iter().for_each(|(k, v)| texts.extend([k.clone(), v.text()])),
            Block::Figures(all) => all.iter().for_each(|f| texts.extend([f.label.clone(), f.value.text(), f.aside.clone()])),
            Block::Table(t) => {
                texts.push(t.caption.clone());
                texts.extend(t.rows.iter().flat_map(|r| r.cells.iter().map(Cell::text)));
                texts.extend(t.rows.is_empty().then(|| t.empty.clone()));
            }
            Block::Chart(c) => {
                // Ninety nodes are printed as their table.
                charts += usize::from(!matches!(&c.shape, Shape::Net { nodes, .. } if nodes.len() > 60));
                texts.extend([c.title.clone(), c.said.clone()]);
            }
            Block::Break => {}
        }
    }
    texts.retain(|t| !t.trim().is_empty());
    let anchors: Vec<&String> =
        page.blocks.iter().filter_map(|b| if let Block::Heading(h) = b { h.anchor.as_ref() } else { None }).collect();
    let ids = page.blocks.iter().flat_map(|b| match b {
        Block::Table(t) => t.rows.iter().flat_map(|r| &r.cells).collect(),
        Block::Facts(facts) => facts.iter().map(|f| &f.1).collect(),
        _ => vec![],
    });
    let ids: Vec<(&String, bool)> = ids
        .filter_map(|c| if let Cell::Id(id, to) = c { Some((id, to.as_ref().is_some_and(|a| anchors.contains(&a)))) } else { None })
        .collect();
    let nodes = page
        .blocks
        .iter()
        .filter_map(|b| if let Block::Chart(Chart { shape: Shape::Net { nodes, .. }, .. }) = b { Some(nodes) } else { None });
    let boxes = nodes.flatten().filter(|n| n.anchor.as_ref().is_some_and(|a| anchors.contains(&a))).count();
    let links = boxes + ids.iter().filter(|i| i.1).count();
    let heads: Vec<Vec<&str>> = page.tables().map(|t| t.columns.iter().map(|c| c.label.as_str()).collect()).collect();
    serde_json::json!({
        "title": page.title, "lang": page.lang, "texts": texts, "marks": marks, "heads": heads, "links": links,
        "widths": page.tables().next().map(|t| t.columns.iter().map(|c| c.width).collect::<Vec<_>>()),
        "ids": ids.iter().map(|i| i.0).collect::<Vec<_>>(), "only": page.blocks.len() == 1, "charts": charts,
        "signature": page.signature, "marking": page.marking, "banner": page.banner, "stamp": stamp::stamp(page),
    })
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

/// More of everything than fits easily: many columns, bars, months, nodes, figures, cards.
fn crowded() -> Page {
    let mut page = pages::framed("by-part", "分部分、分单位情况（列多、图多）：关于推动打击治理电信网络诈骗工作任务落实情况的综合报表");
    let tile = |i: usize| Figure { label: format!("指标{i}"), value: Cell::Count(i * 1234), aside: String::new(), tone: None };
    page.blocks.push(Block::Figures((1..=12).map(tile).collect()));
    let heads = [
        "总数",
        "未启动",
        "推进中",
        "待验收",
        "已销号",
        "常态运行",
        "暂缓",
        "不适用",
        "红",
        "黄",
        "绿",
        "灰",
        "销号率",
        "落实率",
        "按期率",
    ];
    let columns = std::iter::once(Column::text("部分")).chain(heads.map(|h| Column::number(h, h))).collect();
    let row = |i: usize| {
        let cells = (0..heads.len()).map(|k| if k < 12 { Cell::Count(i * k * 7) } else { Cell::Share(i, k + i) });
        Row::of(std::iter::once(Cell::new(format!("第{i}部分 行业治理与综合监管责任落实"))).chain(cells).collect())
    };
    let total = Row::total(std::iter::once(Cell::new("合计")).chain((0..heads.len()).map(|k| Cell::Count(k * 100_000))).collect());
    let rows = (1..=9).map(row).chain([total]).collect();
    page.blocks.push(Block::Table(Table { caption: "分部分".into(), key: "parts".into(), ..Table::of(columns, rows, "") }));
    let chart = |key: &str, title: &str, shape| {
        Block::Chart(Chart {
            key: key.into(), title: title.into(), said: format!("{title}，逐项见表。"), over: "单位".into(), shape
        })
    };
    let shades: Vec<(String, Ink)> = (0..7).map(|i| (format!("状态{i}"), Ink::Shade(i))).collect();
    let bars = (1..=40).map(|i| (format!("第{i}个责任单位（市住房和城乡建设局）"), (0..7).map(|k| (i * k) % 11).collect())).collect();
    page.blocks.push(chart("states", "四十个单位", Shape::Bars { series: shades.clone(), bars }));
    let points = (0..48)
        .map(|i| (format!("{}-{:02}", 2023 + i / 12, i % 12 + 1), (0..7).map(|k| (i % 9 != 3).then_some(90 + k + i % 3)).collect()))
        .collect();
    page.blocks.push(chart("trend", "四年走势", Shape::Lines { series: shades, points }));
    let net = |n: usize, layers: usize| {
        let node = |i: usize| Node {
            label: format!("OPN-{}.{:02}", i / 10, i),
            title: "严重失信主体名单制度与联合惩戒".into(),
            layer: i % layers,
            tone: [None, Some(Tone::Red), Some(Tone::Amber)][i % 3],
            anchor: None,
            outside: i.is_multiple_of(4),
        };
        let edges = (0..n - 1).map(|i| (i, (i * 3 + 1) % n, "requires".to_string())).collect();
        Shape::Net { nodes: (0..n).map(node).collect(), edges }
    };
    page.blocks.push(chart("net", "三十个节点", net(30, 5)));
    page.blocks.push(chart("large", "画不下的依赖关系", net(90, 12)));
    for i in 0..5 {
        page.blocks.push(Block::card(format!("OPN-3.{i:02} 事项"), format!("OPN-3.{i:02}")));
        page.blocks.push(Block::Facts(vec![
            ("工作要求".into(), Cell::new("建立严重失信主体名单制度，依法依规联合惩戒。".repeat(6))),
            ("前置".into(), Cell::Id("OPN-3.01".into(), Some("OPN-3.01".into()))),
        ]));
    }
    page
}

/// A ledger in English: longer words in the same widths.
fn english() -> Page {
    let mut page = pages::ledger(12);
    page.lang = "en".into();
    page.title = "Supervision ledger".into();
    page.head = ["Reporting unit: Sample City".into(), "As of: 2026-10-31".into(), "Unit: items".into()];
    page.signature = ["Reporting unit (seal)", "Prepared by", "Reviewed by", "Approved by", "Telephone", "Date"].map(String::from).to_vec();
    let labels = [
        "No.",
        "ID",
        "Obligation",
        "Lead unit",
        "Supporting units",
        "Responsible person",
        "Due date",
        "Status",
        "RAG",
        "Progress",
        "Issues",
        "Next steps",
    ];
    let states = ["In progress", "In steady operation", "Submitted for acceptance", "Not applicable"];
    let Block::Table(t) = &mut page.blocks[0] else { panic!("a ledger is a table") };
    t.columns.iter_mut().zip(labels).for_each(|(c, l)| c.label = l.into());
    for (i, row) in t.rows.iter_mut().filter(|r| r.kind == Kind::Item).enumerate() {
        row.cells[2] = Cell::new("A list of seriously untrustworthy entities is kept and shared");
        row.cells[3] = Cell::new("Development and Reform Commission");
        row.cells[4] = Cell::new("Public Security Bureau; Communications Administration");
        row.cells[7] = Cell::new(states[i % 4]);
        row.cells[11] = Cell::new("Weekly coordination from November; responsibilities are reassigned");
    }
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
    let again = self::fonts().unwrap();
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
    for (name, page) in [("tall-row", tall()), ("nil", nil()), ("odd", odd()), ("english", english()), ("crowded", crowded())] {
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
    // Nothing at all, and charts without data or words.
    let shapes = [
        Shape::Bars { series: vec![], bars: vec![] },
        Shape::Lines { series: vec![("线".into(), Ink::Shade(9))], points: vec![("1月".into(), vec![None])] },
        Shape::Calendar { months: vec![] },
        Shape::Net { nodes: vec![], edges: vec![] },
    ];
    let chart = |shape| Block::Chart(Chart { key: "x".into(), title: String::new(), said: String::new(), over: String::new(), shape });
    let nothing =
        [Block::Figures(vec![]), Block::Facts(vec![]), Block::Table(Table::default()), Block::Break, Block::Break, Block::heading("")];
    let page = Page { blocks: shapes.map(chart).into_iter().chain(nothing).collect(), ..Page::default() };
    for page in [Page::default(), page] {
        assert_eq!(pdf::stamp(&pdf::render(&page, &fonts).unwrap()), Some(stamp::stamp(&page)));
    }
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
