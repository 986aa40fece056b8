//! What shares the width of the page: two blocks side by side, and a narrow table folded into
//! two strips. A board reads one sheet; a ranking alone in a page's width wastes it.

use super::chart;
use super::flow::{Align, Flow};
use super::fonts::Role;
use super::sheet::*;
use super::table;
use crate::page::{Block, Kind, Page, Table};

/// Between the two halves.
const GAP: f32 = 6.0 * MM;
/// A table with fewer rows is not folded.
const FOLDED: usize = 8;

fn one(flow: &mut Flow, block: &Block, page: &Page) {
    match block {
        Block::Table(t) => {
            flow.space(3.0 * MM);
            table::table(flow, t);
        }
        Block::Chart(c) => chart::chart(flow, c, page),
        _ => {}
    }
}

/// Height of a block in half the width; `None` where it takes more than a sheet. It is laid out
/// on paper that is thrown away: what a table takes is known only when its lines are broken.
fn height(flow: &Flow, block: &Block, page: &Page) -> Option<f32> {
    let mut scrap = Flow::new(flow.setter, &page.lang);
    (scrap.width, scrap.letters) = ((USABLE - GAP) / 2.0, flow.letters);
    // A hair below the top, where the space above a block counts.
    scrap.y = TOP + 0.1;
    one(&mut scrap, block, page);
    (scrap.sheets.len() == 1).then_some(scrap.y - TOP)
}

/// Height of what at the head of these blocks cannot be parted from the heading above it: what
/// stands side by side, the first rows of a table, a card with its own heading.
pub fn height_of(flow: &Flow, blocks: &[Block], page: &Page) -> f32 {
    let both = |a: &Block, b: &Block| Some(height(flow, a, page)?.max(height(flow, b, page)?));
    match blocks {
        [a, b, ..] if a.half() && b.half() => both(a, b).unwrap_or(0.0),
        [Block::Table(t), ..] => match strips(t).and_then(|[a, b]| both(&a, &b)) {
            Some(tall) => tall,
            None => 4.0 * MM + table::opening(flow, t),
        },
        [Block::Facts(all), ..] => 4.0 * MM + table::entire(flow, all),
        [Block::Heading(_), rest @ ..] => 14.0 * MM + height_of(flow, rest, page),
        _ => 0.0,
    }
}

/// Two blocks side by side; false where one is too tall, and nothing was drawn.
pub fn pair(flow: &mut Flow, a: &Block, b: &Block, page: &Page) -> bool {
    let (Some(left), Some(right)) = (height(flow, a, page), height(flow, b, page)) else { return false };
    flow.need(left.max(right).min(BOTTOM - TOP));
    let (y, mut end) = (flow.y, flow.y);
    for (i, block) in [a, b].into_iter().enumerate() {
        flow.width = (USABLE - GAP) / 2.0;
        flow.left = LEFT + (flow.width + GAP) * i as f32;
        flow.y = y;
        one(flow, block, page);
        end = end.max(flow.y);
    }
    (flow.left, flow.width, flow.y) = (LEFT, USABLE, end);
    true
}

/// A narrow table as two strips, where it can be folded.
fn strips(t: &Table) -> Option<[Block; 2]> {
    if !t.half || t.rows.len() < FOLDED || t.rows.iter().any(|r| r.kind != Kind::Item) {
        return None;
    }
    let strip = |rows: &[_]| Block::Table(Table { caption: String::new(), rows: rows.to_vec(), ..t.clone() });
    let (first, second) = t.rows.split_at(t.rows.len().div_ceil(2));
    Some([strip(first), strip(second)])
}

/// A narrow table without neighbour in two strips; false where it cannot be folded, and nothing
/// was drawn.
pub fn folded(flow: &mut Flow, t: &Table, page: &Page) -> bool {
    let Some([first, second]) = strips(t) else { return false };
    let Some(tall) = height(flow, &first, page) else { return false };
    if !t.caption.is_empty() {
        flow.need(tall + 8.0 * MM);
        flow.space(3.0 * MM);
        flow.paragraph(&t.caption, Role::Head, 11.0, Align::Left, Meaning::Paragraph);
    }
    pair(flow, &first, &second, page)
}
