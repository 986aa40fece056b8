//! Lying bars of stacked counts: the category at the left, its count in every field that has
//! room for it, the sum at the end.

use super::super::flow::{Align, Flow, Lines};
use super::super::fonts::Role;
use super::super::sheet::*;
use super::ink::{Key, field, keys, outline};
use crate::page::Ink;

/// Thickness of a bar.
const THICK: f32 = 4.4 * MM;
const NAMES: f32 = 66.0 * MM;
const SIZE: f32 = 9.0;

/// From one bar to the next: closer in half the page's width.
pub fn pitch(flow: &Flow) -> f32 {
    if flow.width < USABLE { 5.3 * MM } else { 6.4 * MM }
}

/// Draws them, over several sheets if need be.
pub fn draw(flow: &mut Flow, series: &[(String, Ink)], bars: &[(String, Vec<usize>)], node: usize) {
    let key = || series.iter().map(|(name, ink)| (Key::Field(field(*ink)), name.as_str())).collect::<Vec<_>>();
    keys(flow, key(), Some(node));
    let names: Vec<Lines> = bars.iter().map(|b| flow.fitted(&b.0, Role::Body, SIZE, NAMES - 2.0 * MM)).collect();
    let left = flow.left + names.iter().map(Lines::width).fold(16.0 * MM, f32::max) + 2.0 * MM;
    let most = bars.iter().map(|b| b.1.iter().sum::<usize>()).max().unwrap_or(0).max(1);
    let scale =
        |ends: &[Lines]| (flow.left + flow.width - left - ends.iter().map(Lines::width).fold(0.0, f32::max) - 3.0 * MM) / most as f32;
    let ends = |flow: &Flow, long| bars.iter().map(|b| flow.lines(&end(&b.1, long), Role::Head, SIZE, flow.width, 0.0)).collect::<Vec<_>>();
    let mut last = ends(flow, false);
    let narrow = |n: usize, scale: f32| n > 0 && count(flow, n).width() + 2.0 >= n as f32 * scale;
    if bars.iter().flat_map(|b| &b.1).any(|n| narrow(*n, scale(&last))) {
        // A field too narrow for its count: then all counts stand at the end.
        last = ends(flow, true);
    }
    let scale = scale(&last);
    for ((name, (_, counts)), end) in names.iter().zip(bars).zip(&last) {
        if flow.room() < tall(flow, name) {
            flow.turn();
            keys(flow, key(), None);
        }
        bar(flow, [name, end], counts, series, [left, scale], node);
    }
}

fn tall(flow: &Flow, name: &Lines) -> f32 {
    pitch(flow).max(name.height() + 0.6 * MM)
}

fn count(flow: &Flow, n: usize) -> Lines {
    flow.lines(&n.to_string(), Role::Body, SIZE, flow.width, 0.0)
}

/// What stands at the end of a bar: the sum, or the sum and its parts.
fn end(counts: &[usize], long: bool) -> String {
    let sum = counts.iter().sum::<usize>();
    let parts: Vec<String> = counts.iter().map(usize::to_string).collect();
    if long { format!("{sum} = {}", parts.join(" + ")) } else { sum.to_string() }
}

fn bar(flow: &mut Flow, [name, end]: [&Lines; 2], counts: &[usize], series: &[(String, Ink)], [left, scale]: [f32; 2], node: usize) {
    let (y, tall) = (flow.y, tall(flow, name));
    let at = [flow.left, y + (tall - name.height()) / 2.0, left - flow.left - 2.0 * MM];
    flow.draw(name, 0..name.lines.len(), at, Align::Right, Some(node));
    let mut x = left;
    let top = y + (tall - THICK) / 2.0;
    for (n, (_, ink)) in counts.iter().zip(series).filter(|(n, _)| **n > 0) {
        let width = *n as f32 * scale;
        flow.fill([x, top, width, THICK], field(*ink), Some(node));
        outline(flow, [x, top, width, THICK], Some(node));
        let count = count(flow, *n);
        if count.width() + 2.0 < width {
            flow.draw(&count, 0..1, [x, top + (THICK - count.pitch()) / 2.0, width], Align::Centre, Some(node));
        }
        x += width;
    }
    flow.draw(end, 0..1, [x + 1.5 * MM, top + (THICK - end.pitch()) / 2.0, flow.width], Align::Left, Some(node));
    flow.put(Some(node), What::Stroke(vec![(left, y), (left, y + tall)], BLACK, 0.6, 0.0));
    flow.y += tall;
}
