//! Charts as inline SVG, each with a title, a description and the same figures as a table.
//!
//! Order of things: [`chart`] is the figure with legend and table; one file a shape
//! ([`bars`], [`lines`], [`calendar`], [`net`] with its [`order`]); [`parts`] is what they
//! share. Widths are in percent and heights in pixels, so that words keep their size on a
//! phone as on a wide screen; all is laid out for [`parts::NARROW`] pixels at least.

mod bars;
mod calendar;
mod lines;
mod net;
mod order;
mod parts;

use super::ids::Ids;
use super::said::{Line, Said};
use super::table::{Held, tone};
use super::words::Words;
use crate::page::{Cell, Chart, Ink, Shape, Table, Tone};
use maud::{Markup, html};

/// A chart; `number` is its number on the page.
pub fn chart(c: &Chart, number: usize, ids: &mut Ids, words: &Words) -> Markup {
    let key = ids.fresh(&format!("chart-{}", if c.key.is_empty() { "x" } else { &c.key }));
    let picture = match &c.shape {
        Shape::Bars { series, bars } => bars::bars(c, series, bars, number),
        Shape::Lines { series, points } => lines::lines(c, series, points, number),
        Shape::Calendar { months } => calendar::calendar(c, months, number, words),
        Shape::Net { nodes, edges } => net::net(c, nodes, edges, number, ids),
    };
    html! {
        figure.c.wide[wide(&c.shape)].many[many(&c.shape)] id=(Line(&key)) {
            figcaption { b { (Said(&c.title)) } " " span { (Said(&c.said)) } }
            (legend(&c.shape, words))
            (picture)
            details.net[matches!(c.shape, Shape::Net { .. })] { summary { (words.as_table) } (figures(&table(c, words), ids)) }
        }
    }
}

/// Does it want the whole width of a wide screen?
fn wide(shape: &Shape) -> bool {
    match shape {
        Shape::Net { .. } => true,
        Shape::Bars { bars, .. } => bars.len() > bars::CHUNK,
        _ => false,
    }
}

/// Is it too tall for one sheet of paper?
fn many(shape: &Shape) -> bool {
    matches!(shape, Shape::Bars { bars, .. } if bars.len() > 2 * bars::CHUNK)
}

/// What the inks mean: of lines also how they are dashed, and the last value known.
fn legend(shape: &Shape, words: &Words) -> Markup {
    let mut tones: Vec<Tone> = Vec::new();
    if let Shape::Calendar { months } = shape {
        tones = months.iter().flat_map(|m| m.1.iter().map(|x| x.0)).collect();
        tones.sort_unstable();
        tones.dedup();
    }
    let swatch = |ink: Ink| html! { svg.sw aria-hidden="true" width="12" height="12" { rect class={ "f" (parts::ink(ink)) } width="12" height="12" {} } };
    let dash = |ink: Ink, n: usize| html! { svg.sw aria-hidden="true" width="26" height="12" { line class={ "l" (parts::ink(ink)) " d" (n % 4) } x1="1" x2="25" y1="6" y2="6" {} } };
    html! {
        @match shape {
            Shape::Bars { series, .. } => ul.key { @for (name, ink) in series { li { (swatch(*ink)) (Said(name)) } } },
            Shape::Lines { series, points } => ul.key {
                @for (n, (name, ink)) in series.iter().enumerate() {
                    li { (dash(*ink, n)) (Said(name)) @if let Some((at, v)) = parts::last(points, n) { " " b { (v) } " " small { (Line(at)) } } }
                }
            },
            Shape::Calendar { .. } => ul.key { @for t in &tones { li { (swatch(Ink::Tone(*t))) (words.tone(*t)) } } },
            Shape::Net { edges, .. } => ul.key {
                @for (n, word) in net::kinds(edges).iter().enumerate() { li { (dash(Ink::Shade(0), n)) (Said(word)) } }
            },
        }
    }
}

/// The same as a table; of a calendar also the colours, of a net the links to the cards.
fn table(c: &Chart, words: &Words) -> Table {
    let mut t = c.table();
    match &c.shape {
        Shape::Calendar { months } => {
            t.columns.truncate(1);
            let tones = [Tone::Red, Tone::Amber, Tone::Green, Tone::Grey];
            t.columns.push(crate::page::Column::number(words.sum, words.sum));
            t.columns.extend(tones.map(|x| crate::page::Column::number(words.tone(x), words.tone(x))));
            for (row, (_, counts)) in t.rows.iter_mut().zip(months) {
                row.cells.extend(tones.map(|x| Cell::Count(counts.iter().filter(|n| n.0 == x).map(|n| n.1).sum())));
            }
        }
        Shape::Net { nodes, edges } => {
            if let Some(last) = t.columns.last_mut() {
                last.label = words.link.into();
            }
            for (row, (a, b, _)) in t.rows.iter_mut().zip(edges) {
                for (cell, n) in row.cells.iter_mut().zip([a, b]) {
                    *cell = Cell::Id(nodes[*n].label.clone(), nodes[*n].anchor.clone());
                }
            }
            // Whoever stands alone is in the picture, so in the table too.
            let linked = |n: usize| edges.iter().any(|(a, b, _)| *a == n || *b == n);
            let alone = nodes.iter().enumerate().filter(|(n, _)| !linked(*n));
            t.rows.extend(
                alone.map(|(_, n)| crate::page::Row::of(vec![Cell::Id(n.label.clone(), n.anchor.clone()), Cell::new(""), Cell::new("—")])),
            );
        }
        _ => {}
    }
    t
}

/// A small table without what large ones need.
fn figures(t: &Table, ids: &Ids) -> Markup {
    let class = |i: usize| t.columns[i].right.then_some("n");
    html! {
        div.box tabindex="0" role="group" aria-label=(Line(&t.columns[0].label)) {
            table {
                thead { tr { @for (i, c) in t.columns.iter().enumerate() { th scope="col" class=[class(i)] { (Said(&c.label)) } } } }
                tbody {
                    @for row in &t.rows {
                        tr {
                            @for (i, cell) in row.cells.iter().enumerate() {
                                @if i == 0 { th scope="row" { (Held { cell, ids, opens: None, dated: false }) } }
                                @else { td class=[class(i)] { (Held { cell, ids, opens: None, dated: false }) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Class of a node or count by its colour.
fn tint(t: Option<Tone>) -> &'static str {
    t.map_or("", tone)
}
