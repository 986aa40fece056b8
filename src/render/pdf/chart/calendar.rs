//! A calendar of months: a box each, in it how many fall into it, by light and its word.

use super::super::flow::{Align, Flow};
use super::super::fonts::Role;
use super::super::sheet::*;
use super::ink::{outline, word};
use crate::page::{Page, Tone};

/// Boxes in a row.
pub const ROW: usize = 6;
/// Height of a row of them.
pub const HEIGHT: f32 = 15.5 * MM;
const SIZE: f32 = 9.0;

/// Draws it.
pub fn draw(flow: &mut Flow, months: &[(String, Vec<(Tone, usize)>)], page: &Page, node: usize) {
    let width = flow.width / ROW as f32;
    for row in months.chunks(ROW) {
        flow.need(HEIGHT);
        let y = flow.y;
        for (i, (name, tones)) in row.iter().enumerate() {
            month(flow, (name, tones), page, [flow.left + width * i as f32, y, width, HEIGHT], node);
        }
        flow.y += HEIGHT;
    }
}

fn month(flow: &mut Flow, (name, tones): (&str, &[(Tone, usize)]), page: &Page, [x, y, width, height]: [f32; 4], node: usize) {
    outline(flow, [x, y, width, height], Some(node));
    let label = flow.lines(name, Role::Head, SIZE, width, 0.0);
    flow.draw(&label, 0..1, [x + 1.5 * MM, y + MM, width], Align::Left, Some(node));
    let sum: usize = tones.iter().map(|t| t.1).sum();
    let total = flow.lines(&if sum == 0 { "—".into() } else { sum.to_string() }, Role::Head, SIZE, width, 0.0);
    flow.draw(&total, 0..1, [x, y + MM, width - 1.5 * MM], Align::Right, Some(node));
    let there: Vec<_> = tones.iter().filter(|t| t.1 > 0).collect();
    let field = (width - 3.0 * MM) / there.len().max(1) as f32;
    for (i, (tone, n)) in there.into_iter().enumerate() {
        let at = [x + 1.5 * MM + field * i as f32, y + 7.0 * MM, field, 6.5 * MM];
        flow.fill(at, pale(*tone), Some(node));
        outline(flow, at, Some(node));
        let words = flow.fitted(&format!("{} {n}", word(page, *tone)), Role::Body, SIZE, field - 1.0);
        flow.draw(&words, 0..words.lines.len(), [at[0], at[1] + (at[3] - words.height()) / 2.0, field], Align::Centre, Some(node));
    }
}
