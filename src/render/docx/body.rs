//! The text: frame, headings, paragraphs, and what hangs on them.

use super::flow::{self, Section};
use super::package::NAMESPACES;
use super::section::{self, Paper};
use super::table;
use super::xml::Xml;
use crate::page::{Block, Cell, Heading, Page, Table, Tone};
use crate::render::office::{clean, colon, ground, word};
use crate::text::width;
use std::collections::BTreeMap;

/// Half characters of 10.5 points on a line of so many twentieths of a point.
const META_HALF: usize = 105;

/// Anchors of the page and the names of their bookmarks.
pub struct Links(BTreeMap<String, String>);

/// `word/document.xml`.
pub fn document(page: &Page) -> Vec<u8> {
    let links = Links::of(page);
    let sections = flow::sections(page);
    let signed = flow::before_annex(&sections);
    let mut x = Xml::new();
    x.within("w:document", &NAMESPACES, |x| {
        x.within("w:body", &[], |x| {
            for (i, s) in sections.iter().enumerate() {
                if i == 0 {
                    top(x, page, s.paper, &links);
                }
                blocks(x, s, &links);
                if Some(i) == signed {
                    signature(x, page, &links);
                }
                if i + 1 < sections.len() {
                    x.within("w:p", &[], |x| {
                        x.within("w:pPr", &[], |x| {
                            x.set("w:pStyle", "Gap");
                            section::write(x, s.paper);
                        });
                    });
                }
            }
            foot(x, page, &links);
            if signed.is_none() {
                signature(x, page, &links);
            }
            section::write(x, sections.last().map_or(Paper::Portrait, |s| s.paper));
        });
    });
    x.done()
}

fn top(x: &mut Xml, page: &Page, paper: Paper, links: &Links) {
    page.marking.iter().for_each(|m| links.paragraph(x, "Marking", m));
    links.paragraph(x, "Title", &page.title);
    page.banner.iter().for_each(|b| links.paragraph(x, "Banner", b));
    head(x, page, paper, links);
    page.meta.iter().for_each(|m| links.paragraph(x, "Meta", m));
    x.within("w:p", &[], |x| style(x, "Gap"));
}

/// Unit, as-of date and unit of measure on one line where it holds them.
fn head(x: &mut Xml, page: &Page, paper: Paper, links: &Links) {
    let (room, [left, middle, right]) = (paper.width() / META_HALF, &page.head);
    if width(left).max(width(right)) * 2 + width(middle) + 4 > room {
        page.head.iter().filter(|h| !h.is_empty()).for_each(|h| links.paragraph(x, "Meta", h));
        return;
    }
    if page.head.iter().all(String::is_empty) {
        return;
    }
    x.within("w:p", &[], |x| {
        x.within("w:pPr", &[], |x| {
            x.set("w:pStyle", "Meta");
            x.within("w:tabs", &[], |x| {
                x.leaf("w:tab", &[("w:val", "center"), ("w:pos", &*(paper.width() / 2).to_string())]);
                x.leaf("w:tab", &[("w:val", "right"), ("w:pos", &*paper.width().to_string())]);
            });
        });
        for (i, part) in page.head.iter().enumerate() {
            if i > 0 {
                x.within("w:r", &[], |x| {
                    x.leaf("w:tab", &[]);
                });
            }
            links.text(x, part, false);
        }
    });
}

fn blocks(x: &mut Xml, s: &Section, links: &Links) {
    let mut new_page = false;
    for (block, chart) in &s.blocks {
        if std::mem::take(&mut new_page) {
            x.within("w:p", &[], |x| {
                x.within("w:pPr", &[], |x| {
                    x.set("w:pStyle", "Gap").leaf("w:pageBreakBefore", &[]);
                });
            });
        }
        match block {
            Block::Heading(h) => links.heading(x, h),
            Block::Prose(text) => text.lines().for_each(|l| links.paragraph(x, "BodyText", l)),
            Block::Facts(facts) if !facts.is_empty() => table::facts(x, facts, s.paper, links),
            Block::Figures(figures) if !figures.is_empty() => table::figures(x, figures, s.paper, links),
            Block::Table(t) => captioned(x, t, s.paper, links),
            Block::Chart(c) => {
                links.paragraph(x, "Caption", &c.title);
                links.paragraph(x, "Said", &c.said);
                if let Some(t) = chart.as_ref().filter(|t| !t.rows.is_empty()) {
                    table::write(x, t, s.paper, links);
                }
            }
            Block::Break => new_page = true,
            Block::Facts(_) | Block::Figures(_) => {}
        }
        // Two tables without a paragraph between them would be one.
        if matches!(block, Block::Facts(_) | Block::Figures(_) | Block::Table(_) | Block::Chart(_)) {
            x.within("w:p", &[], |x| style(x, "Gap"));
        }
    }
}

fn captioned(x: &mut Xml, t: &Table, paper: Paper, links: &Links) {
    if !t.caption.is_empty() {
        links.paragraph(x, "Caption", &t.caption);
    }
    // A table without columns is no table to Word.
    if t.columns.is_empty() { links.paragraph(x, "BodyText", &t.empty) } else { table::write(x, t, paper, links) }
}

fn foot(x: &mut Xml, page: &Page, links: &Links) {
    page.legend.iter().for_each(|(tone, text)| legend(x, *tone, text, links));
    page.notes.iter().for_each(|n| links.paragraph(x, "Meta", n));
}

fn signature(x: &mut Xml, page: &Page, links: &Links) {
    if !page.signature.is_empty() {
        x.within("w:p", &[], |x| style(x, "Gap"));
    }
    for line in &page.signature {
        x.within("w:p", &[], |x| {
            style(x, "Signature");
            links.text(x, &colon(line), false);
            x.within("w:r", &[], |x| {
                x.leaf("w:tab", &[]);
            });
        });
    }
}

/// What a colour means: the word on its colour, then the rest.
fn legend(x: &mut Xml, tone: Tone, text: &str, links: &Links) {
    let text = clean(text);
    let word = if text.starts_with(word(&text)) { word(&text) } else { "" };
    x.within("w:p", &[], |x| {
        style(x, "Said");
        links.light(x, tone, word);
        links.text(x, &text[word.len()..], false);
    });
}

fn style(x: &mut Xml, name: &str) {
    x.within("w:pPr", &[], |x| {
        x.set("w:pStyle", name);
    });
}

impl Links {
    /// A bookmark for every heading that links lead to.
    fn of(page: &Page) -> Links {
        let mut out = BTreeMap::new();
        for block in &page.blocks {
            if let Block::Heading(Heading { anchor: Some(anchor), .. }) = block {
                let plain: String = anchor.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(24).collect();
                let name = format!("d{}_{plain}", out.len() + 1);
                out.entry(anchor.clone()).or_insert(name);
            }
        }
        Links(out)
    }

    fn heading(&self, x: &mut Xml, h: &Heading) {
        let mark = h.anchor.as_ref().and_then(|a| self.0.get_key_value(a));
        x.within("w:p", &[], |x| {
            style(x, if h.level <= 2 { "Heading1" } else { "Heading2" });
            let Some((anchor, name)) = mark else { return self.text(x, &h.text, false) };
            let id = (self.0.keys().position(|k| k == anchor).unwrap_or(0) + 1).to_string();
            x.leaf("w:bookmarkStart", &[("w:id", &*id), ("w:name", name)]);
            self.text(x, &h.text, false);
            x.leaf("w:bookmarkEnd", &[("w:id", &*id)]);
        });
    }

    /// A paragraph of plain text.
    fn paragraph(&self, x: &mut Xml, name: &str, text: &str) {
        x.within("w:p", &[], |x| {
            style(x, name);
            self.text(x, text, false);
        });
    }

    /// A cell's words; an id leads to its card where the page has one.
    pub fn cell(&self, x: &mut Xml, cell: &Cell, bold: bool) {
        let target = if let Cell::Id(_, Some(anchor)) = cell { self.0.get(anchor) } else { None };
        match target {
            Some(name) => drop(x.within("w:hyperlink", &[("w:anchor", name), ("w:history", "1")], |x| run(x, &cell.text(), bold, true))),
            None => self.text(x, &cell.text(), bold),
        }
    }

    /// A word on the colour of its light, where it has no cell of its own.
    pub fn light(&self, x: &mut Xml, tone: Tone, word: &str) {
        let fill = format!("{:06X}", ground(tone));
        x.within("w:r", &[], |x| {
            x.within("w:rPr", &[], |x| {
                x.leaf("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", &*fill)]);
            });
            x.within("w:t", &[("xml:space", "preserve")], |x| x.text(&format!(" {} ", clean(word).replace('\n', " "))));
        });
    }

    /// Text; its lines stay lines.
    pub fn text(&self, x: &mut Xml, text: &str, bold: bool) {
        if !text.is_empty() {
            run(x, text, bold, false);
        }
    }
}

fn run(x: &mut Xml, text: &str, bold: bool, link: bool) {
    x.within("w:r", &[], |x| {
        if bold || link {
            x.within("w:rPr", &[], |x| {
                if link {
                    x.set("w:rStyle", "Hyperlink");
                }
                if bold {
                    x.leaf("w:b", &[]);
                }
            });
        }
        for (i, line) in clean(text).split('\n').enumerate() {
            if i > 0 {
                x.leaf("w:br", &[]);
            }
            x.within("w:t", &[("xml:space", "preserve")], |x| x.text(line));
        }
    });
}
