//! Tables: heads that repeat on every page, rows that do not part, lights with their word on
//! their colour.

use super::body::Links;
use super::section::Paper;
use super::widths;
use super::xml::Xml;
use crate::page::{Cell, Column, Figure, Kind, Row, Table, Tone};
use crate::render::office::{ground, lines};

/// Lines of a cell that surely stand on one page; a row with more may part, or its end
/// would be lost.
const TALL: usize = 30;

/// How a cell is set.
pub struct Set<'a> {
    /// Style of its paragraphs.
    pub style: &'a str,
    /// `left`, `center`, `right`; empty as the style says.
    pub align: &'a str,
    /// Its width.
    pub width: usize,
    /// Columns that it spans.
    pub span: usize,
    /// Colour of a light.
    pub tone: Option<Tone>,
}

/// A table of the page.
pub fn write(x: &mut Xml, t: &Table, paper: Paper, links: &Links) {
    let widths = widths::of(t, paper.width());
    let total = widths.iter().sum();
    grid(x, &widths, |x| {
        row(x, true, true, |x| {
            for (column, width) in t.columns.iter().zip(&widths) {
                cell(x, &head(*width), |x| links.text(x, &column.label, false));
            }
        });
        for r in &t.rows {
            let whole = fits(r, &widths);
            match r.kind {
                Kind::Group if r.cells.len() == 1 => row(x, whole, false, |x| {
                    let set = Set { align: "left", span: widths.len(), ..head(total) };
                    cell(x, &set, |x| links.cell(x, &r.cells[0], false));
                }),
                _ => row(x, whole, false, |x| cells(x, r, t, &widths, links)),
            }
        }
        if t.rows.is_empty() {
            row(x, true, false, |x| {
                let set = Set { style: "TableText", align: "center", span: widths.len(), ..head(total) };
                cell(x, &set, |x| links.text(x, &t.empty, false));
            });
        }
    });
}

fn head<'a>(width: usize) -> Set<'a> {
    Set { style: "TableHead", align: "", width, span: 1, tone: None }
}

/// Does a row surely fit a page?
fn fits(r: &Row, widths: &[usize]) -> bool {
    let room = |i: usize| widths.get(i).map_or(10, |w| w / 100);
    r.cells.len() < 2 || r.cells.iter().enumerate().all(|(i, c)| lines(&c.text(), room(i)) <= TALL)
}

fn cells(x: &mut Xml, r: &Row, t: &Table, widths: &[usize], links: &Links) {
    // More cells than columns: the last one takes what is left over.
    let last = widths.len().saturating_sub(1);
    for (i, width) in widths.iter().enumerate() {
        let here: &[Cell] = if i == last { r.cells.get(i..).unwrap_or_default() } else { r.cells.get(i..=i).unwrap_or_default() };
        let tone = here.iter().find_map(Cell::tone);
        let set = Set { style: "TableText", align: align(&t.columns[i], tone), width: *width, span: 1, tone };
        cell(x, &set, |x| {
            for (n, c) in here.iter().enumerate() {
                if n > 0 {
                    links.text(x, " ", r.is_total());
                }
                links.cell(x, c, r.is_total());
            }
        });
    }
}

fn align(column: &Column, tone: Option<Tone>) -> &'static str {
    match () {
        _ if column.right => "right",
        _ if column.whole || tone.is_some() => "center",
        _ => "left",
    }
}

/// Labels and values.
pub fn facts(x: &mut Xml, facts: &[(String, Cell)], paper: Paper, links: &Links) {
    let left = paper.width() / 4;
    let right = paper.width() - left;
    grid(x, &[left, right], |x| {
        for (label, value) in facts {
            row(x, lines(&value.text(), right / 100) <= TALL, false, |x| {
                cell(x, &Set { align: "left", ..head(left) }, |x| links.text(x, label, false));
                let set = Set { style: "TableText", align: "left", ..head(right) };
                cell(x, &set, |x| match value {
                    Cell::Light(tone, word) => links.light(x, *tone, word),
                    other => links.cell(x, other, false),
                });
            });
        }
    });
}

/// Key figures, as even as can be: eight are two rows of four.
pub fn figures(x: &mut Xml, figures: &[Figure], paper: Paper, links: &Links) {
    let n = figures.len().div_ceil(figures.len().div_ceil(5).max(1)).max(1);
    let widths = vec![paper.width() / n; n];
    grid(x, &widths, |x| {
        for some in figures.chunks(n) {
            row(x, true, false, |x| {
                for (i, width) in widths.iter().enumerate() {
                    figure(x, some.get(i), *width, links);
                }
            });
        }
    });
}

fn figure(x: &mut Xml, f: Option<&Figure>, width: usize, links: &Links) {
    x.within("w:tc", &[], |x| {
        properties(x, &Set { tone: f.and_then(|f| f.tone), ..head(width) });
        let Some(f) = f else { return paragraph(x, "TableText", "center", |_| {}) };
        paragraph(x, "TableText", "center", |x| links.text(x, &f.label, false));
        paragraph(x, "KeyFigure", "", |x| links.cell(x, &f.value, false));
        paragraph(x, "TableText", "center", |x| links.text(x, &f.aside, false));
    });
}

fn grid(x: &mut Xml, widths: &[usize], rows: impl FnOnce(&mut Xml)) {
    let total = widths.iter().sum::<usize>().to_string();
    x.within("w:tbl", &[], |x| {
        x.within("w:tblPr", &[], |x| {
            x.set("w:tblStyle", "TableGrid");
            x.leaf("w:tblW", &[("w:w", &*total), ("w:type", "dxa")]);
            x.set("w:jc", "center").leaf("w:tblLayout", &[("w:type", "fixed")]);
        });
        x.within("w:tblGrid", &[], |x| {
            for width in widths {
                x.leaf("w:gridCol", &[("w:w", &*width.to_string())]);
            }
        });
        rows(x);
    });
}

fn row(x: &mut Xml, whole: bool, head: bool, cells: impl FnOnce(&mut Xml)) {
    x.within("w:tr", &[], |x| {
        x.within("w:trPr", &[], |x| {
            if whole {
                x.leaf("w:cantSplit", &[]);
            }
            if head {
                x.leaf("w:tblHeader", &[]);
            }
        });
        cells(x);
    });
}

fn cell(x: &mut Xml, set: &Set, text: impl FnOnce(&mut Xml)) {
    x.within("w:tc", &[], |x| {
        properties(x, set);
        paragraph(x, set.style, set.align, text);
    });
}

fn properties(x: &mut Xml, set: &Set) {
    x.within("w:tcPr", &[], |x| {
        x.leaf("w:tcW", &[("w:w", &*set.width.to_string()), ("w:type", "dxa")]);
        if set.span > 1 {
            x.set("w:gridSpan", &set.span.to_string());
        }
        if let Some(tone) = set.tone {
            let fill = format!("{:06X}", ground(tone));
            x.leaf("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", &*fill)]);
        }
        x.set("w:vAlign", "center");
    });
}

fn paragraph(x: &mut Xml, style: &str, align: &str, text: impl FnOnce(&mut Xml)) {
    x.within("w:p", &[], |x| {
        x.within("w:pPr", &[], |x| {
            x.set("w:pStyle", style);
            if !align.is_empty() {
                x.set("w:jc", align);
            }
        });
        text(x);
    });
}
