//! Blocks in order; charts and narrow tables that follow each other stand side by side where
//! there is room.

use super::chart::chart;
use super::ids::Ids;
use super::said::{Dated, Line, Said, Word};
use super::table::{Held, table, tone};
use super::words::Words;
use crate::page::{Block, Cell, Figure, Heading, Page};
use maud::{Markup, PreEscaped, Render, html};

/// From so many parts on a page has a list of them.
const CONTENTS: usize = 3;

/// All blocks of a page; style sheets of its tables go to `styles`.
pub fn blocks(page: &Page, ids: &mut Ids, styles: &mut String, words: &Words) -> Markup {
    let mut out = String::new();
    let (mut headings, mut tables, mut charts) = (0, 0, 0);
    let (mut beside, mut parted) = (false, false);
    for block in &page.blocks {
        let small = block.half();
        if small != beside {
            out.push_str(if small { "<div class=\"cs\">" } else { "</div>" });
            beside = small;
        }
        let markup = match block {
            Block::Heading(h) => {
                headings += 1;
                parted |= h.level <= 2;
                heading(h, parted, ids.heading(headings - 1))
            }
            Block::Prose(text) => html! { p { (Said(text)) } },
            Block::Facts(list) => facts(list, ids),
            Block::Figures(list) => figures(list, ids),
            Block::Table(t) => {
                tables += 1;
                let drawn = table(t, tables, ids, styles, words);
                if t.half {
                    html! { div { (drawn) } }
                } else {
                    drawn
                }
            }
            Block::Chart(c) => {
                charts += 1;
                chart(c, charts, ids, words)
            }
            Block::Break => html! { div.pb {} },
        };
        out.push_str(&markup.0);
    }
    if beside {
        out.push_str("</div>");
    }
    PreEscaped(out)
}

/// A card is below a part; on a page without parts it is one.
fn heading(h: &Heading, parted: bool, id: &str) -> Markup {
    if h.level <= 2 || !parted {
        html! { h2 id=(Line(id)) { (Said(&h.text)) } }
    } else {
        html! { h3 id=(Line(id)) { (Said(&h.text)) } }
    }
}

/// The parts of the page, where there are many.
pub fn contents(page: &Page, ids: &Ids, words: &Words) -> Markup {
    let all = page.blocks.iter().filter_map(|b| if let Block::Heading(h) = b { Some(h) } else { None }).enumerate();
    let parts: Vec<(usize, &Heading)> = all.filter(|(_, h)| h.level <= 2).collect();
    html! {
        @if parts.len() >= CONTENTS {
            nav.toc aria-label=(words.contents) {
                ul { @for (n, h) in parts { li { a href={ "#" (Line(ids.heading(n))) } { (Word(&h.text)) } } } }
            }
        }
    }
}

fn facts(list: &[(String, Cell)], ids: &Ids) -> Markup {
    html! {
        dl.f {
            @for (label, cell) in list { div { dt { (Said(label)) } dd { (Fact { cell, ids }) } } }
        }
    }
}

/// A value beside its label; inside a web site the ids in its words lead to what they mean.
struct Fact<'a> {
    cell: &'a Cell,
    ids: &'a Ids,
}

impl Render for Fact<'_> {
    fn render_to(&self, out: &mut String) {
        let (Cell::Text(text), Some(links)) = (self.cell, &self.ids.links) else {
            return Held { cell: self.cell, ids: self.ids, opens: None, dated: false }.render_to(out);
        };
        let part = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '@'));
        let mut rest = text.as_str();
        while let Some((end, next)) = rest
            .char_indices()
            .find(|(_, c)| part(*c))
            .map(|(i, c)| (i, i + c.len_utf8()))
            .or(Some((rest.len(), rest.len())))
            .filter(|_| !rest.is_empty())
        {
            match (links.card)(&rest[..end]) {
                Some(to) => html! { a href=(to) { (Word(&rest[..end])) } }.render_to(out),
                None => Said(&rest[..end]).render_to(out),
            }
            Said(&rest[end..next]).render_to(out);
            rest = &rest[next..];
        }
    }
}

/// A figure that is no figure but words, which need room more than size.
fn wordy(value: &Cell) -> bool {
    matches!(value, Cell::Text(text) if text.split_whitespace().any(|w| w.is_ascii() && w.len() > 10))
}

fn figures(list: &[Figure], ids: &Ids) -> Markup {
    html! {
        dl.fs {
            @for f in list {
                div class=[f.tone.map(tone)] {
                    dt { (Said(&f.label)) }
                    dd class=[wordy(&f.value).then_some("tx")] { (Held { cell: &f.value, ids, opens: None, dated: false }.render()) }
                    @if !f.aside.is_empty() { dd.as { (Dated(&f.aside)) } }
                }
            }
        }
    }
}
