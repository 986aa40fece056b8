//! Sheets to PDF: glyphs, rules, colours, links, bookmarks, tags and metadata.
//!
//! The file is written as PDF/A-2a (archives) and PDF/UA-1 (readers' aids) where the page
//! tells its as-of date, which PDF/A wants as the date of making; else as PDF/UA-1 alone.
//! Nothing in it comes from a clock.

use super::error::PdfError;
use super::flow::Flow;
use super::setter::Setter;
use super::sheet::*;
use super::tags;
use crate::page::Page;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use std::collections::BTreeMap;

type Leaves = Vec<Vec<Identifier>>;

/// Writes the file.
pub fn paint(mut flow: Flow, page: &Page, stamp: &str) -> Result<Vec<u8>, PdfError> {
    let date = page.origin.get("as_of").and_then(|v| v.as_str()).and_then(date);
    let mut standard = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    if date.is_some() {
        standard = standard.with_archival_validator(Archival::A2_A);
    }
    let configuration = standard.finish().map_err(|e| PdfError::Write(format!("{e:?}")))?;
    unlink(&mut flow);
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut leaves: Leaves = flow.tree.0.iter().map(|_| vec![]).collect();
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).expect("a sheet has a size");
    for sheet in &flow.sheets {
        let mut side = document.start_page_with(settings.clone());
        for item in &sheet.items {
            let What::Link(at, anchor) = &item.what else { continue };
            if let (Some(link), Some(node)) = (link(&flow.anchors, *at, anchor), item.node) {
                leaves[node].push(side.add_tagged_annotation(link));
            }
        }
        let mut surface = side.surface();
        draw(&mut surface, sheet, flow.setter, &mut leaves);
        surface.finish();
        side.finish();
    }
    document.set_outline(outline(&flow.marks));
    document.set_metadata(metadata(page, stamp, date));
    document.set_tag_tree(tags::tree(&flow.tree, leaves, &page.lang));
    document.finish().map_err(|e| PdfError::Write(format!("{e} {}", reasons(&e))))
}

/// What the standards object to, in words.
fn reasons(error: &krilla::error::KrillaError) -> String {
    match error {
        krilla::error::KrillaError::Validation(list) => list.iter().take(5).map(|(e, _)| format!("{e:?}")).collect::<Vec<_>>().join("; "),
        _ => String::new(),
    }
}

fn metadata(page: &Page, stamp: &str, date: Option<DateTime>) -> Metadata {
    let mark = format!("{}{stamp}", crate::render::stamp::MARK);
    // The standards want a title; a page without one has at least its name.
    let title = [page.title.trim(), &page.key, "duban"].into_iter().find(|t| !t.is_empty()).unwrap_or_default();
    let lang = if page.lang.is_empty() { "zh" } else { &page.lang };
    let data = Metadata::new().title(title.into()).language(lang.into()).creator("duban".into()).producer("duban".into());
    let data = data.keywords(vec![mark.clone()]).document_id(mark);
    match date {
        Some(date) => data.creation_date(date),
        None => data,
    }
}

/// The as-of day at midnight, UTC+8.
fn date(text: &str) -> Option<DateTime> {
    let mut parts = text.split('-').map(|p| p.parse::<u16>().ok());
    let (y, m, d) = (parts.next()??, parts.next()??, parts.next()??);
    let small = |n: u16| u8::try_from(n).ok();
    Some(DateTime::new(y).month(small(m)?).day(small(d)?).hour(0).minute(0).second(0).utc_offset_hour(8).utc_offset_minute(0))
}

/// Bookmarks by depth.
fn outline(marks: &[Mark]) -> Outline {
    let mut outline = Outline::new();
    let mut at = 0;
    while at < marks.len() {
        outline.push_child(bookmark(marks, &mut at));
    }
    outline
}

fn bookmark(marks: &[Mark], at: &mut usize) -> OutlineNode {
    let mark = &marks[*at];
    *at += 1;
    let place = XyzDestination::new(mark.place.sheet, Point::from_xy(LEFT, mark.place.y));
    let mut node = OutlineNode::new(mark.text.clone(), place).with_open(mark.level == 1);
    while marks.get(*at).is_some_and(|m| m.level > mark.level) {
        node.push_child(bookmark(marks, at));
    }
    node
}

/// What leads to an anchor that is not on this page is no link, only words.
fn unlink(flow: &mut Flow) {
    for item in flow.sheets.iter().flat_map(|s| &s.items) {
        if let (What::Link(_, anchor), Some(node)) = (&item.what, item.node)
            && !flow.anchors.contains_key(&**anchor)
        {
            flow.tree.0[node].1 = Meaning::Words;
        }
    }
}

/// A link to an anchor of this page; an anchor that is not here leads nowhere.
fn link(anchors: &BTreeMap<String, Place>, [x, y, width, height]: [f32; 4], anchor: &str) -> Option<Annotation> {
    let place = anchors.get(anchor)?;
    let target = Target::Destination(XyzDestination::new(place.sheet, Point::from_xy(LEFT, place.y)).into());
    Some(Annotation::new_link(LinkAnnotation::new(Rect::from_xywh(x, y, width, height)?, target), Some(anchor.to_string())))
}

/// Items of one node in a row are one marked content; what belongs to none is an artifact.
fn draw(surface: &mut Surface, sheet: &Sheet, setter: &Setter, leaves: &mut Leaves) {
    let drawn = |i: &&Item| !matches!(i.what, What::Link(..));
    let items: Vec<&Item> = sheet.items.iter().filter(drawn).collect();
    for run in items.chunk_by(|a, b| a.node == b.node) {
        match run[0].node {
            Some(node) => leaves[node].push(surface.start_tagged(ContentTag::Span(SpanTag::empty()))),
            None => drop(surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)))),
        }
        run.iter().for_each(|item| one(surface, &item.what, setter));
        surface.end_tagged();
    }
    rules(surface, &sheet.rules);
}

fn one(surface: &mut Surface, what: &What, setter: &Setter) {
    match what {
        What::Text { x, y, size, role, text } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(BLACK)));
            let clusters = setter.clusters(*role, text);
            let mut x = *x;
            for run in clusters.chunk_by(|a, b| a.glyph.map(|g| g.0) == b.glyph.map(|g| g.0)) {
                let Some(face) = run[0].glyph.and_then(|(at, _)| setter.fonts().face(at)) else { continue };
                let glyph = |c: &super::setter::Cluster| {
                    let id = c.glyph.map_or(0, |g| g.1.id);
                    KrillaGlyph::new(GlyphId::new(id), c.advance, c.shift, 0.0, 0.0, c.start..c.end, None)
                };
                let glyphs: Vec<KrillaGlyph> = run.iter().map(glyph).collect();
                surface.draw_glyphs(Point::from_xy(x, *y), &glyphs, face.font.clone(), text, *size, false);
                x += run.iter().map(|c| c.advance).sum::<f32>() * size;
            }
        }
        What::Area(points, colour) => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*colour)));
            path(surface, points, true);
        }
        What::Stroke(points, colour, width, dash) => {
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(*colour, *width, *dash)));
            path(surface, points, false);
        }
        What::Link(..) | What::Nothing => {}
    }
}

fn path(surface: &mut Surface, points: &[(f32, f32)], close: bool) {
    let mut path = PathBuilder::new();
    for (i, (x, y)) in points.iter().enumerate() {
        if i == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
    }
    if close {
        path.close();
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// All rules of one thickness in one path.
fn rules(surface: &mut Surface, rules: &[[f32; 5]]) {
    let mut thick: Vec<f32> = rules.iter().map(|r| r[4]).collect();
    thick.sort_by(f32::total_cmp);
    thick.dedup();
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    for width in thick {
        let mut path = PathBuilder::new();
        for [x0, y0, x1, y1, _] in rules.iter().filter(|r| r[4] == width) {
            path.move_to(*x0, *y0);
            path.line_to(*x1, *y1);
        }
        surface.set_fill(None);
        surface.set_stroke(Some(stroke(BLACK, width, 0.0)));
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
    }
    surface.end_tagged();
}

fn fill([r, g, b]: Rgb) -> Fill {
    Fill { paint: rgb::Color::new(r, g, b).into(), ..Fill::default() }
}

fn stroke([r, g, b]: Rgb, width: f32, dash: f32) -> Stroke {
    let dash = (dash > 0.0).then(|| StrokeDash { array: vec![dash, dash * 0.7], offset: 0.0 });
    Stroke { paint: rgb::Color::new(r, g, b).into(), width, dash, ..Stroke::default() }
}
