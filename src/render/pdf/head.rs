//! What stands above, below and around the content: title and the line under it, banner,
//! meta lines; legend, notes and the lines to sign on; page numbers and markings.

use super::flow::{Align, Flow, Lines, balanced};
use super::fonts::Role;
use super::sheet::*;
use crate::page::Page;

/// Title, line of three, banner, meta lines.
pub fn head(flow: &mut Flow, page: &Page) {
    flow.marks.push(Mark { level: 1, text: page.title.clone(), place: Place { sheet: 0, y: TOP } });
    let title = balanced(flow.setter, &page.title, Role::Title, 22.0, USABLE);
    flow.set(&title, Align::Centre, Meaning::Heading(1, page.title.clone()));
    flow.space(3.0 * MM);
    if page.head.iter().any(|t| !t.is_empty()) {
        three(flow, &page.head);
    }
    if let Some(banner) = &page.banner {
        self::banner(flow, banner);
    }
    for meta in &page.meta {
        flow.paragraph(meta, Role::Body, 9.0, Align::Left, Meaning::Paragraph);
    }
    flow.space(2.0 * MM);
}

/// Unit at the left, date in the middle, measure at the right; each in its third.
fn three(flow: &mut Flow, head: &[String; 3]) {
    let node = flow.part(Meaning::Paragraph);
    let widths = [0.4 * USABLE, 0.3 * USABLE, 0.3 * USABLE];
    let mut x = LEFT;
    let mut height: f32 = 0.0;
    let y = flow.y;
    for ((text, width), align) in head.iter().zip(widths).zip([Align::Left, Align::Centre, Align::Right]) {
        let lines = flow.lines(text, Role::Body, 11.0, width, 0.0);
        // The middle part stands in the middle of the page, not of its third.
        let left = if align == Align::Centre { LEFT + (USABLE - width) / 2.0 } else { x };
        flow.draw(&lines, 0..lines.lines.len(), [left, y, width], align, Some(node));
        height = height.max(lines.height());
        x += width;
    }
    flow.y += height + 1.5 * MM;
}

/// Loud: a box over the whole width.
fn banner(flow: &mut Flow, text: &str) {
    let node = flow.part(Meaning::Paragraph);
    let lines = flow.lines(text, Role::Head, 14.0, USABLE - 4.0 * MM, 0.0);
    let (y, height) = (flow.y, lines.height() + 2.0 * MM);
    flow.frame([LEFT, y, USABLE, height], 1.2);
    flow.draw(&lines, 0..lines.lines.len(), [LEFT + 2.0 * MM, y + MM, USABLE - 4.0 * MM], Align::Centre, Some(node));
    flow.y += height + 2.0 * MM;
}

/// Legend, notes and signature, together on the last sheet where they fit on one: a sheet
/// that is signed shows more than names.
pub fn foot(flow: &mut Flow, page: &Page) {
    let (notes, legend) = (notes(flow, page), legend_rows(flow, page));
    flow.close();
    let sign = sign_height(page);
    let tall = tall(legend.len(), &notes, sign);
    if tall <= BOTTOM - TOP {
        flow.need(tall);
    }
    flow.space(3.0 * MM);
    self::legend(flow, page, &legend);
    for note in &notes {
        flow.set(note, Align::Left, Meaning::Paragraph);
    }
    signature(flow, &page.signature, sign);
}

/// Height of [`foot`] where names are signed; nothing where none are.
pub fn foot_height(flow: &Flow, page: &Page) -> f32 {
    if page.signature.is_empty() { 0.0 } else { tall(legend_rows(flow, page).len(), &notes(flow, page), sign_height(page)) }
}

fn notes(flow: &Flow, page: &Page) -> Vec<Lines> {
    page.notes.iter().map(|n| flow.lines(n, Role::Body, 9.0, USABLE, 0.0)).collect()
}

fn sign_height(page: &Page) -> f32 {
    SIGN_PITCH * page.signature.len() as f32 + if page.signature.is_empty() { 0.0 } else { 4.0 * MM }
}

fn tall(legend: usize, notes: &[Lines], sign: f32) -> f32 {
    legend as f32 * LEGEND_PITCH + notes.iter().map(Lines::height).sum::<f32>() + 3.0 * MM + sign
}

const LEGEND_PITCH: f32 = 5.0 * MM;
const LEGEND_SIZE: f32 = 9.0;
const SWATCH: f32 = 8.0 * MM;

/// Which entries of the legend stand in which row, with their widths.
fn legend_rows(flow: &Flow, page: &Page) -> Vec<Vec<(usize, f32)>> {
    let mut rows: Vec<Vec<(usize, f32)>> = Vec::new();
    let mut used = USABLE;
    for (i, (_, words)) in page.legend.iter().enumerate() {
        let width = SWATCH + 1.5 * MM + flow.lines(words, Role::Body, LEGEND_SIZE, USABLE - SWATCH - 2.0 * MM, 0.0).width() + 6.0 * MM;
        if used + width > USABLE {
            rows.push(vec![]);
            used = 0.0;
        }
        used += width;
        rows.last_mut().expect("one was begun").push((i, width));
    }
    rows
}

fn legend(flow: &mut Flow, page: &Page, rows: &[Vec<(usize, f32)>]) {
    for row in rows {
        flow.need(LEGEND_PITCH);
        let (y, mut x) = (flow.y, LEFT);
        let mut tall = LEGEND_PITCH;
        for (i, width) in row {
            let (tone, words) = &page.legend[*i];
            let node = flow.part(Meaning::Paragraph);
            let swatch = [x, y + 0.6 * MM, SWATCH, LEGEND_PITCH - 1.4 * MM];
            flow.fill(swatch, pale(*tone), None);
            flow.frame(swatch, 0.4);
            let lines = flow.lines(words, Role::Body, LEGEND_SIZE, USABLE - SWATCH - 2.0 * MM, 0.0);
            let at = [x + SWATCH + 1.5 * MM, y + (LEGEND_PITCH - lines.pitch()) / 2.0, USABLE];
            flow.draw(&lines, 0..lines.lines.len(), at, Align::Left, Some(node));
            tall = tall.max(lines.height());
            x += width;
        }
        flow.y += tall;
    }
}

const SIGN_PITCH: f32 = 8.0 * MM;
const SIGN_SIZE: f32 = 11.0;

/// One line each, in the right half, with a rule to write on.
fn signature(flow: &mut Flow, labels: &[String], height: f32) {
    if labels.is_empty() {
        return;
    }
    flow.need(height);
    flow.space(4.0 * MM);
    let half = 0.55 * USABLE;
    let labels: Vec<Lines> = labels.iter().map(|l| flow.fitted(l, Role::Body, SIGN_SIZE, half / 2.0)).collect();
    let widest = labels.iter().map(Lines::width).fold(0.0, f32::max) + 2.0 * MM;
    for label in labels {
        let node = flow.part(Meaning::Paragraph);
        let y = flow.y;
        let feet = y + SIGN_PITCH - 1.5 * MM;
        flow.draw(&label, 0..label.lines.len(), [LEFT + half, feet - label.size * FEET, half], Align::Left, Some(node));
        flow.rule((LEFT + half + widest, feet + 1.0), (LEFT + USABLE, feet + 1.0), 0.4);
        flow.y += SIGN_PITCH.max(label.height());
    }
}

/// Number at the foot of every sheet, marking at the top right, banner again at the top left
/// of every sheet but the first: a sheet that is taken out still says what it is.
pub fn around(flow: &mut Flow, page: &Page) {
    for i in 0..flow.sheets.len() {
        let mut line = |text: &str, role, size: f32, y: f32, align| {
            let lines = flow.lines(text, role, size, USABLE, 0.0);
            lines.draw(&mut flow.sheets[i].items, 0..lines.lines.len(), [LEFT, y, USABLE], align, None);
        };
        if let Some(marking) = &page.marking {
            line(marking, Role::Head, 10.0, 11.0 * MM, Align::Right);
        }
        if let (Some(banner), true) = (&page.banner, i > 0) {
            line(banner, Role::Head, 10.0, 11.0 * MM, Align::Left);
        }
        line(&format!("— {} —", i + 1), Role::Body, 12.0, BOTTOM + 5.0 * MM, Align::Centre);
    }
}
