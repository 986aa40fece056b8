//! The same figures in the forms that are opened and not piped: HTML, workbooks, documents and,
//! where this machine has a font, PDF is at least written without a complaint.
//!
//! Every row of every table is read back, cell by cell and in order: as words from HTML and
//! documents, as numbers and dates from workbooks. The control changes one count.

use crate::worlds;
use calamine::{Data, Reader, Xlsx};
use duban::model::Lang;
use duban::page::{Block, Cell, Kind, Page};
use duban::render::{docx, html, pdf, xlsx};
use std::io::{Cursor, Read};

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_string(), |t, (a, b)| t.replace(a, b))
}

/// The rows of a marked-up text: what stands between the tags, a cell a piece.
fn rows(text: &str, row: [&str; 2], cells: &[[&str; 2]]) -> Vec<Vec<String>> {
    let words = |piece: &str| {
        let (mut out, mut tag) = (String::new(), false);
        for c in piece.chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => out.push(c),
                _ => {}
            }
        }
        squeezed(&unescaped(&out))
    };
    let one = |piece: &str| {
        let mut out = Vec::new();
        let mut rest = piece;
        while let Some((at, [open, close])) = cells.iter().filter_map(|c| Some((rest.find(c[0])?, *c))).min_by_key(|f| f.0) {
            let inner = &rest[at + open.len()..];
            let end = inner.find(close).expect("a cell ends");
            // The rest of the opening tag is no words.
            out.push(words(&format!("<{}", &inner[..end])));
            rest = &inner[end..];
        }
        out
    };
    text.split(row[0]).skip(1).map(|r| one(r.split(row[1]).next().unwrap_or(""))).collect()
}

/// Rows that are no groups, as the page has them.
fn wanted(page: &Page) -> Vec<&[Cell]> {
    page.tables().flat_map(|t| &t.rows).filter(|r| r.kind != Kind::Group).map(|r| r.cells.as_slice()).collect()
}

/// The first row of the page that does not follow in the form.
fn lost<T>(page: &Page, there: &[T], same: impl Fn(&[Cell], &T) -> bool) -> Option<String> {
    let mut at = 0;
    for cells in wanted(page) {
        match there[at..].iter().position(|row| same(cells, row)) {
            Some(n) => at += n + 1,
            None => return Some(cells.iter().map(Cell::text).collect::<Vec<_>>().join(" | ")),
        }
    }
    None
}

fn in_words(cells: &[Cell], row: &Vec<String>) -> bool {
    cells.len() == row.len() && cells.iter().zip(row).all(|(c, w)| squeezed(&c.text()) == *w)
}

fn in_html(page: &Page, printed: &Page) -> Option<String> {
    lost(page, &rows(&html::render(printed), ["<tr", "</tr>"], &[["<td", "</td>"], ["<th", "</th>"]]), in_words)
}

fn in_document(page: &Page, printed: &Page) -> Option<String> {
    let bytes = docx::render(printed).unwrap();
    let mut xml = String::new();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    lost(page, &rows(&xml, ["<w:tr>", "</w:tr>"], &[["<w:tc>", "</w:tc>"]]), in_words)
}

fn in_workbook(page: &Page, printed: &Page) -> Option<String> {
    let bytes = xlsx::render(&[printed]).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let there: Vec<Vec<Data>> =
        book.worksheets().into_iter().flat_map(|(_, r)| r.rows().map(<[Data]>::to_vec).collect::<Vec<_>>()).collect();
    let one = |c: &Cell, d: &Data| match (c, d) {
        (Cell::Count(n) | Cell::Lit(_, n), Data::Float(f)) => *f == *n as f64,
        (Cell::Share(a, b), Data::Float(f)) => *b > 0 && (f - *a as f64 / *b as f64).abs() < 1e-9,
        (Cell::Date(day, _), Data::DateTime(d)) => {
            f64::from((*day - chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days() as i32) == d.as_f64()
        }
        (Cell::Number(n), Data::Float(f)) => n.parse() == Ok(*f),
        (c, Data::Empty) => c.text().is_empty(),
        (c, Data::String(s)) => squeezed(&c.text()) == squeezed(s),
        _ => false,
    };
    // What stands below a day has a column behind the others.
    let told =
        |c: &Cell, row: &[Data]| c.below().is_none_or(|b| row.iter().any(|d| matches!(d, Data::String(s) if squeezed(s) == squeezed(b))));
    lost(page, &there, |cells, row: &Vec<Data>| {
        cells.len() <= row.len() && cells.iter().zip(row).all(|(c, d)| one(c, d) && told(c, &row[cells.len()..]))
    })
}

type Form = fn(&Page, &Page) -> Option<String>;
const FORMS: [(&str, Form); 3] = [("html", in_html), ("xlsx", in_workbook), ("docx", in_document)];

#[test]
fn every_row_of_every_report_is_in_the_other_forms() {
    let mut tried = 0;
    let registers = [
        ("sample city", worlds::shipped("obligations/sample-city")),
        ("national", worlds::shipped("obligations")),
        ("generated", worlds::generated(120, 7, 600, "2026-06-30")),
        ("unreadable", worlds::unreadable()),
        ("wild", worlds::wild(7)),
    ];
    for (name, s) in registers {
        for lang in [Lang::Zh, Lang::En] {
            for (layout, page) in worlds::pages(&s, "", lang) {
                for (form, there) in FORMS {
                    if let Some(row) = there(&page, &page) {
                        panic!("{name}, {layout}, {lang:?}: {form} has no row {row}");
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 500, "only {tried} pages were read back");
}

#[test]
fn a_count_that_differs_is_seen_in_each_of_them() {
    let s = worlds::shipped("obligations/sample-city");
    let mut seen = 0;
    for (layout, page) in worlds::pages(&s, "", Lang::Zh) {
        let mut bad = page.clone();
        let count = bad
            .blocks
            .iter_mut()
            .filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None })
            .flat_map(|t| t.rows.iter_mut().flat_map(|r| &mut r.cells))
            .find(|c| matches!(c, Cell::Count(_)));
        let Some(Cell::Count(n)) = count else { continue };
        *n += 100_000;
        for (form, there) in FORMS {
            assert!(there(&page, &bad).is_some(), "{layout}: {form} hides a changed count");
            seen += 1;
        }
    }
    assert!(seen >= 30, "only {seen} controls ran");
}

/// Every character of every shipped report has a glyph, or the machine has no font at all.
#[test]
fn every_shipped_report_can_be_put_on_paper() {
    let fonts = match pdf::Fonts::find(None, None) {
        Ok(fonts) => fonts,
        Err(e) => return assert!(e.to_string().contains("no font with Chinese characters was found"), "{e}"),
    };
    for register in ["obligations/sample-city", "obligations"] {
        for (layout, page) in worlds::pages(&worlds::shipped(register), "", Lang::Zh) {
            let bytes = pdf::render(&page, &fonts).unwrap_or_else(|e| panic!("{register}, {layout}: {e}"));
            assert_eq!(pdf::stamp(&bytes), Some(duban::render::stamp::stamp(&page)), "{register}, {layout}");
        }
    }
}
