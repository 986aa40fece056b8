//! Which block stands in which section: a table too wide for the portrait page turns the
//! paper, and takes the headings right above it along.

use super::section::Paper;
use super::widths;
use crate::page::{Block, Page, Table};

/// Blocks that follow each other on one sort of paper.
pub struct Section<'a> {
    /// Which way it lies.
    pub paper: Paper,
    /// In order; a break at the head of a section is none.
    pub blocks: Vec<(&'a Block, Option<Table>)>,
}

/// The sections of a page, at least one.
pub fn sections(page: &Page) -> Vec<Section<'_>> {
    let mut out: Vec<Section> = Vec::new();
    for block in &page.blocks {
        let chart = if let Block::Chart(c) = block { Some(c.table()) } else { None };
        let table = if let Block::Table(t) = block { Some(t) } else { chart.as_ref() };
        let paper = table.map(|t| if widths::wide(t, Paper::Portrait.width()) { Paper::Landscape } else { Paper::Portrait });
        let now = out.last().map(|s| s.paper);
        let needed = match (paper, now) {
            // What is no table stays where it is; a small table does not turn the paper back.
            (None, Some(_)) | (Some(Paper::Portrait), Some(Paper::Landscape)) => now,
            (wanted, _) => wanted.or(Some(Paper::Portrait)),
        };
        let needed = if ends_annex(block, now) { Some(Paper::Portrait) } else { needed };
        if needed != now {
            let mut blocks = out.last_mut().map_or(Vec::new(), |s| headings(&mut s.blocks));
            out.retain(|s| !s.blocks.is_empty());
            blocks.retain(|(b, _)| !matches!(b, Block::Break));
            out.push(Section { paper: needed.unwrap_or(Paper::Portrait), blocks });
        }
        let section = out.last_mut().expect("there is one now");
        if !(section.blocks.is_empty() && matches!(block, Block::Break)) {
            section.blocks.push((block, chart));
        }
    }
    if out.is_empty() {
        out.push(Section { paper: Paper::Portrait, blocks: Vec::new() });
    }
    out
}

/// The section that is signed where the last one is an annex: words, then 署名, then 附.
pub fn before_annex(sections: &[Section]) -> Option<usize> {
    let (last, before) = sections.split_last()?;
    if last.paper == Paper::Portrait { None } else { before.iter().rposition(|s| s.paper == Paper::Portrait) }
}

/// After a wide table a part of the page with words turns the paper back.
fn ends_annex(block: &Block, now: Option<Paper>) -> bool {
    now == Some(Paper::Landscape) && matches!(block, Block::Heading(h) if h.level == 2)
}

/// Takes headings and breaks away from the end.
fn headings<'a>(blocks: &mut Vec<(&'a Block, Option<Table>)>) -> Vec<(&'a Block, Option<Table>)> {
    let keep = blocks.iter().rposition(|(b, _)| !matches!(b, Block::Heading(_) | Block::Break)).map_or(0, |i| i + 1);
    blocks.split_off(keep)
}
