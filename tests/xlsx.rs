//! Workbooks, read back by a reader that is not ours: values with their types, names of
//! sheets, what refuses to be written.
#![cfg(feature = "xlsx")]

#[path = "pages/office.rs"]
mod office;
mod pages;

use calamine::{Data, Range, Reader, Xlsx};
use duban::page::*;
use duban::render::xlsx::{XlsxError, render};
use std::io::Cursor;

fn read(bytes: Vec<u8>) -> Vec<(String, Range<Data>)> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    book.worksheets()
}

fn sheet(page: &Page) -> Range<Data> {
    read(render(&[page]).unwrap()).remove(0).1
}

/// Rows of a sheet as the reader shows them, each cell with the first letter of its type.
fn lines(range: &Range<Data>) -> Vec<String> {
    let cell = |c: &Data| match c {
        Data::Empty => String::new(),
        Data::String(s) => format!("s:{s}"),
        Data::Float(f) => format!("n:{f}"),
        Data::DateTime(d) => format!("d:{}", d.as_f64()),
        other => format!("?:{other:?}"),
    };
    range.rows().map(|r| r.iter().map(cell).collect::<Vec<_>>().join("|").trim_end_matches('|').to_string()).collect()
}

/// The rows of the first table, from its head on.
fn table(range: &Range<Data>, head: &str) -> Vec<String> {
    lines(range).into_iter().skip_while(|l| !l.starts_with(&format!("s:{head}"))).take_while(|l| !l.is_empty()).collect()
}

#[test]
fn a_cell_keeps_its_type_and_its_words() {
    let page = office::traps();
    let bytes = render(&[&page]).unwrap();
    office::show("traps.xlsx", &bytes, &[&page]);
    let got = table(&read(bytes).remove(0).1, "编号");
    let want = [
        "s:编号|s:文字|s:当期值|s:落实率|s:完成时限|s:亮灯",
        "s:3.10|s:=1+1|n:12.5|s:—|d:46023|s:红 R1",
        "s:1-2|s:+86|n:1034|n:0.9999|d:46055|s:黄 A4",
        "s:2026-03-01|s:-|s:007|n:0.00001|s:2026年3月3日（延期1次）|s:绿",
        "s:1/2|s:@SUM(A1)|s:-0.0|n:0.3333333333333333|d:46113|s:灰 G1",
        "s:0012|s:=HYPERLINK(\"https://example.org\")|s:1234567890.1234567|n:1|d:46144|s:红 R1",
        "s:12E5|s:_x0041_ 甲|s:+3|n:0|s:2026年6月3日（延期1次）|s:黄 A4",
        "s:=1|s:·[31m·乙·||n:0.125|d:46204|s:绿",
        "s:OPN-3.10|s: 前后 |s:1e5|n:0.5|d:46236|s:灰 G1",
        "s:３.10|s:1e5|n:0.1|n:0.75|s:2026年9月3日（延期1次）|s:红 R1",
        "s:-1|s:TRUE|n:-2.5|n:0.8333333333333334|d:46296|s:黄 A4",
        "s:+1|s:首行\n次行|n:99999999999999|n:1|d:46328|s:绿",
        "s:TRUE|s:<b>&amp;|s:8０|n:0.0005002501250625312|s:2026年12月3日（延期1次）|s:灰 G1",
    ];
    assert_eq!(got, want);
    // A reader that meets a formula would say so: there is none.
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(render(&[&page]).unwrap())).unwrap();
    let name = book.sheet_names()[0].clone();
    assert_eq!(name, "易错 a b 督办 台账");
    assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0);
}

#[test]
fn a_ledger_has_its_frame_its_rows_and_its_foot() {
    let page = pages::ledger(60);
    let bytes = render(&[&page]).unwrap();
    office::show("ledger.xlsx", &bytes, &[&page]);
    let got = lines(&read(bytes).remove(0).1);
    assert_eq!(got[0], "s:督办台账");
    assert_eq!(got[1], "s:【示例数据 / sample data】");
    assert_eq!(got[2].replace('|', ""), "s:填报单位：示例市反诈专班s:截至日期：2026年10月31日s:单位：项");
    assert!(got[3].starts_with("s:数据版本") && got[4].contains("读入 86"), "{got:?}");
    assert_eq!(got[7], "s:OPN-3 行业治理");
    assert_eq!(got.iter().filter(|l| l.starts_with("n:")).count(), 60);
    assert!(got[8].starts_with("n:1|s:OPN-0.01|s:严重失信主体名单制度|"), "{}", got[8]);
    assert!(got[9].contains("|d:46328|"), "{}", got[9]);
    let foot: Vec<&String> = got.iter().rev().take(12).rev().collect();
    assert!(foot.iter().any(|l| l.contains("绿：见附注")) && foot.iter().any(|l| l.contains("总校验值")));
    assert_eq!(*foot[11], "s:填报日期：");
}

#[test]
fn an_empty_list_is_a_nil_report() {
    let page = office::nil();
    let bytes = render(&[&page]).unwrap();
    office::show("nil.xlsx", &bytes, &[&page]);
    let got = table(&read(bytes).remove(0).1, "序号");
    assert_eq!(got.len(), 2);
    assert_eq!(got[1], "s:本期无此类事项");
}

#[test]
fn every_block_is_there_and_charts_are_native() {
    let page = pages::every_block();
    let bytes = render(&[&page]).unwrap();
    office::show("overview.xlsx", &bytes, &[&page]);
    let text = lines(&sheet(&page)).join("\n");
    for part in [
        "内部资料 注意保存",
        "s:落实率",
        "n:0.7976190476190477",
        "n:86",
        "s:各单位状态",
        "s:公安局|n:3|n:20|n:2",
        "s:2026-12|n:2||n:84",
        "s:OPN-3.11|s:OPN-3.17|s:requires",
        "d:46356",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    let names = parts_of(&bytes);
    assert_eq!(names.iter().filter(|n| n.starts_with("xl/charts/chart")).count(), 3, "{names:?}");
}

fn parts_of(bytes: &[u8]) -> Vec<String> {
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().file_names().map(|n| n.unwrap().into_owned()).collect()
}

#[test]
fn a_pack_is_a_sheet_a_department_with_links_between_them() {
    let pages = office::pack();
    let refs: Vec<&Page> = pages.iter().collect();
    let bytes = render(&refs).unwrap();
    office::show("pack.xlsx", &bytes, &refs);
    let names: Vec<String> = read(bytes.clone()).into_iter().map(|s| s.0).collect();
    assert_eq!(names, ["公安局", "网信办", "民政局（含原救助站、社会组织管理局、养老服务指导中心、殡葬管理"]);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    let links: Vec<&str> = xml.split("location=\"").skip(1).map(|l| l.split('"').next().unwrap()).collect();
    assert_eq!(links.len(), 5, "{links:?}");
    assert!(links[..4].iter().all(|l| l.starts_with("'公安局'!A")) && links[4].starts_with("'网信办'!A"), "{links:?}");
}

#[test]
fn a_count_leads_to_the_rows_behind_it_and_nought_to_none() {
    let columns = |query: &str| vec![Column::id("单位"), Column::number("总数", "总").counts(query)];
    let row = |n| Row::of(vec![Cell::new("甲"), Cell::Count(n)]).opens(format!("dept:{n}"));
    let mut page = Page { title: "一览".into(), ..Page::default() };
    page.blocks.push(Block::Table(Table::of(columns("light:red"), vec![row(2), row(0), row(7)], "")));
    let bare = render(&[&page]).unwrap();
    let mut behind = Page { title: "各项".into(), ..Page::default() };
    let group = Row::group("甲").opens("dept:2 light:red");
    behind.blocks.push(Block::Table(Table::of(columns(""), vec![group, row(1), row(1)], "")));
    page.behind = Some(Box::new(behind));
    let bytes = render(&[&page]).unwrap();
    let read = read(bytes.clone());
    assert_eq!(read.iter().map(|s| s.0.as_str()).collect::<Vec<_>>(), ["一览", "各项"]);
    assert!(lines(&read[0].1).contains(&"s:甲|n:2".to_string()), "a number all the same: {:?}", lines(&read[0].1));
    let links = |bytes: Vec<u8>| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let xml = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
        xml.split("<hyperlink ").skip(1).map(|l| l.split("/>").next().unwrap().to_string()).collect::<Vec<_>>()
    };
    // The title, a blank row, the head, then the group: only the count whose rows are there leads to them.
    let place = lines(&read[1].1).iter().position(|l| l == "s:甲").unwrap() + 1;
    let found = links(bytes);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(&format!("location=\"'各项'!A{place}\"")) && found[0].contains("tooltip=\"dept:2 light:red\""), "{found:?}");
    assert!(links(bare).is_empty());
}

#[test]
fn equal_pages_give_equal_bytes_and_the_day_is_the_as_of_day() {
    let (page, english) = (pages::every_block(), office::english());
    let bytes = render(&[&page, &english]).unwrap();
    assert_eq!(bytes, render(&[&page, &english]).unwrap());
    office::show("english.xlsx", &render(&[&english]).unwrap(), &[&english]);
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let core = std::io::read_to_string(archive.by_name("docProps/core.xml").unwrap()).unwrap();
    assert_eq!(core.matches("2026-10-31T00:00:00Z").count(), 2, "{core}");
    for i in 0..archive.len() {
        let time = archive.by_index(i).unwrap().last_modified();
        assert_eq!(time.map(|t| t.year()), Some(1980));
    }
}

#[test]
fn what_does_not_fit_is_an_error_that_says_where() {
    let with = |n: usize| {
        let mut page = pages::framed("ledger", "督办台账");
        let columns = vec![Column::id("编号"), Column::text("进展情况")];
        page.blocks.push(Block::Table(Table::of(columns, vec![Row::of(vec![Cell::new("OPN-3.18"), Cell::new("长".repeat(n))])], "")));
        page
    };
    assert!(lines(&sheet(&with(32_767))).iter().any(|l| l.chars().filter(|c| *c == '长').count() == 32_767));
    let circular = office::circular();
    office::show("circular.xlsx", &render(&[&circular]).unwrap(), &[&circular]);
    let error = render(&[&with(32_768)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sheet 督办台账, B8: 32768 characters, but a cell of a workbook holds 32,767; shorten the text, leave the column out, or use another format"
    );
    // Long prose is no cell of a table: it goes on in the next row.
    let mut page = pages::framed("circular", "通报");
    page.blocks.push(Block::Prose("长".repeat(40_000)));
    let whole: usize = lines(&sheet(&page)).iter().map(|l| l.chars().filter(|c| *c == '长').count()).sum();
    assert_eq!(whole, 40_000);
    assert!(matches!(render(&[]), Err(XlsxError::Empty)));
    let bare = vec![Block::Break, Block::Facts(vec![]), Block::Figures(vec![]), Block::Table(Table::default())];
    assert!(render(&[&Page { blocks: bare, ..Page::default() }, &Page::default()]).is_ok());
}

#[test]
fn a_row_with_too_few_or_too_many_cells_loses_none() {
    let mut page = pages::framed("odd", "台账");
    let rows = vec![Row::of(vec![Cell::Count(1)]), Row::of(vec![Cell::Count(2), Cell::new("甲"), Cell::new("乙")])];
    page.blocks.push(Block::Table(Table::of(vec![Column::number("序号", "序"), Column::text("事项")], rows, "")));
    assert_eq!(table(&sheet(&page), "序号"), ["s:序号|s:事项", "n:1", "n:2|s:甲|s:乙"]);
}

/// For measuring: `cargo test --release --test xlsx -- --ignored --exact ten_thousand_rows`.
#[test]
#[ignore = "large"]
fn ten_thousand_rows() {
    let page = pages::ledger(10_000);
    let bytes = render(&[&page]).unwrap();
    assert!(bytes.len() > 100_000);
}

#[test]
fn a_colour_follows_the_words_of_the_legend_and_no_others() {
    let columns = vec![Column::id("编号"), Column::text("亮灯"), Column::text("由"), Column::number("红", "红")];
    let light = |tone, word: &str| Cell::Light(tone, word.into());
    let row = |id: &str, own, both, n| Row::of(vec![Cell::Id(id.into(), None), own, both, n]);
    let rows = vec![
        row("OPN-3.17", light(Tone::Red, "红 R1"), light(Tone::Amber, "推进中 · 黄"), Cell::Lit(Tone::Red, 3)),
        row("OPN-3.18", light(Tone::Green, "绿"), light(Tone::Red, "推进中 · 红"), Cell::Count(0)),
        row("OPN-3.19", Cell::new(""), Cell::new(""), Cell::Lit(Tone::Amber, 12)),
    ];
    let legend =
        [(Tone::Red, "红：见附注"), (Tone::Amber, "黄：见附注"), (Tone::Green, "绿：见附注")].map(|(t, s)| (t, s.to_string())).to_vec();
    let page = Page { title: "颜色".into(), legend, blocks: vec![Block::Table(Table::of(columns, rows, ""))], ..Page::default() };
    let bytes = render(&[&page]).unwrap();
    // Counts are numbers, whatever their colour.
    let want = ["s:OPN-3.17|s:红 R1|s:推进中 · 黄|n:3", "s:OPN-3.18|s:绿|s:推进中 · 红|n:0", "s:OPN-3.19|||n:12"];
    assert_eq!(table(&read(bytes.clone()).remove(0).1, "编号")[1..], want);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    let places: Vec<&str> = xml.split("<conditionalFormatting sqref=\"").skip(1).map(|s| s.split('"').next().unwrap()).collect();
    assert_eq!(places, ["B4:B6"], "only the lights that say their word have rules");
    let words: Vec<&str> = xml.split("operator=\"beginsWith\" text=\"").skip(1).map(|s| s.split('"').next().unwrap()).collect();
    assert_eq!(words, ["红", "黄", "绿"]);
}
