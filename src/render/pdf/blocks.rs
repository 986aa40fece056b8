//! Headings, prose, facts and key figures.

use super::beside;
use super::chart;
use super::flow::{Align, Flow, Lines};
use super::fonts::Role;
use super::head;
use super::sheet::*;
use super::table;
use crate::page::{Block, Figure, Heading, Page};

/// All blocks, in order.
pub fn blocks(flow: &mut Flow, page: &Page) {
    let mut left = page.blocks.as_slice();
    while let Some((block, rest)) = left.split_first() {
        left = rest;
        if let Some(next) = rest.first().filter(|n| n.half() && block.half())
            && beside::pair(flow, block, next, page)
        {
            left = &rest[1..];
            continue;
        }
        match block {
            Block::Heading(h) => heading(flow, h, headed(flow, rest, page)),
            Block::Prose(text) => prose(flow, text, page.lang.starts_with("zh")),
            Block::Facts(facts) => {
                flow.space(1.5 * MM);
                flow.need(table::entire(flow, facts));
                table::facts(flow, facts);
                flow.space(2.0 * MM);
            }
            Block::Figures(figures) => self::figures(flow, figures),
            Block::Table(t) if beside::folded(flow, t, page) => flow.space(2.0 * MM),
            Block::Table(t) => {
                flow.space(2.0 * MM);
                flow.foot = if rest.is_empty() { head::foot_height(flow, page) + 2.0 * MM } else { 0.0 };
                table::table(flow, t);
                flow.foot = 0.0;
                flow.space(2.0 * MM);
            }
            Block::Chart(c) => chart::chart(flow, c, page),
            Block::Break if !flow.fresh() => flow.turn(),
            Block::Break => {}
        }
    }
}

/// Height of what cannot be parted from a heading; where that is all that is left of the page and
/// short, the foot goes with it, for names are not signed on a sheet of their own.
fn headed(flow: &Flow, rest: &[Block], page: &Page) -> f32 {
    let tall = beside::height_of(flow, rest, page);
    let last = match rest {
        [Block::Facts(_)] => true,
        [Block::Table(t)] => t.rows.len() <= table::ALONG && !t.half,
        _ => false,
    };
    let with = tall + 5.0 * MM + head::foot_height(flow, page);
    if last && 14.0 * MM + with <= BOTTOM - TOP { with } else { tall }
}

/// A heading: bookmark, anchor, and never the last thing on a sheet; `after` is the height of
/// what cannot be parted from it.
fn heading(flow: &mut Flow, h: &Heading, after: f32) {
    let size = if h.level <= 2 { 14.0 } else { 12.0 };
    flow.space(if h.level <= 2 { 5.0 * MM } else { 4.0 * MM });
    // What is taller than a sheet with its heading begins under it wherever there is some room.
    let wanted = if 10.0 * MM + after > BOTTOM - TOP { 40.0 * MM } else { 10.0 * MM + after };
    flow.need(wanted.max(28.0 * MM));
    let depth = flow.open(h.level);
    let place = flow.place();
    flow.marks.push(Mark { level: depth, text: h.text.clone(), place });
    if let Some(anchor) = &h.anchor {
        flow.anchors.entry(anchor.clone()).or_insert(place);
    }
    flow.paragraph(&h.text, Role::Head, size, Align::Left, Meaning::Heading(u16::from(depth), h.text.clone()));
    flow.space(1.5 * MM);
}

/// Paragraphs; in Chinese the first line is indented by two characters.
fn prose(flow: &mut Flow, text: &str, chinese: bool) {
    const SIZE: f32 = 11.0;
    for paragraph in text.split('\n').filter(|p| !p.trim().is_empty()) {
        let lines = flow.lines(paragraph, Role::Body, SIZE, USABLE, if chinese { 2.0 * SIZE } else { 0.0 });
        flow.set(&lines, Align::Left, Meaning::Paragraph);
        flow.space(1.0 * MM);
    }
    flow.space(1.0 * MM);
}

/// Tiles in rows of up to seven.
fn figures(flow: &mut Flow, figures: &[Figure]) {
    const GAP: f32 = 3.0 * MM;
    flow.space(1.5 * MM);
    let rows = figures.len().div_ceil(7).max(1);
    for row in figures.chunks(figures.len().div_ceil(rows).max(1)) {
        let width = (USABLE - GAP * (row.len() - 1) as f32) / row.len() as f32;
        let tiles: Vec<[Lines; 3]> = row.iter().map(|f| tile(flow, f, width - 5.0 * MM)).collect();
        let height = tiles.iter().map(|t| t.iter().map(Lines::height).sum::<f32>()).fold(0.0, f32::max) + 3.0 * MM;
        flow.need(height);
        for (i, (figure, lines)) in row.iter().zip(&tiles).enumerate() {
            let (x, y) = (LEFT + (width + GAP) * i as f32, flow.y);
            draw_tile(flow, figure, lines, [x, y, width, height]);
        }
        flow.y += height + 2.0 * MM;
    }
    flow.space(1.0 * MM);
}

fn tile(flow: &Flow, f: &Figure, width: f32) -> [Lines; 3] {
    [
        flow.lines(&f.label, Role::Head, 9.5, width, 0.0),
        flow.fitted(&f.value.text(), Role::Head, 18.0, width),
        flow.lines(&f.aside, Role::Body, 8.0, width, 0.0),
    ]
}

/// Label, value, what stands beside it; a light is a strip at the left of its own word.
fn draw_tile(flow: &mut Flow, figure: &Figure, lines: &[Lines; 3], [x, y, width, height]: [f32; 4]) {
    let node = flow.part(Meaning::Paragraph);
    if let Some(tone) = figure.tone {
        flow.fill([x, y, 2.0 * MM, height], pale(tone), None);
        flow.rule((x + 2.0 * MM, y), (x + 2.0 * MM, y + height), 0.4);
    }
    flow.frame([x, y, width, height], 0.5);
    let mut top = y + 1.5 * MM;
    for part in lines {
        flow.draw(part, 0..part.lines.len(), [x + 3.5 * MM, top, width], Align::Left, Some(node));
        top += part.height();
    }
}
