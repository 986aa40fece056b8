//! Lines over time: a scale of round numbers at the left, the points in time below, the last
//! known value at the end of every line.

use super::super::flow::{Align, Flow};
use super::super::fonts::Role;
use super::super::sheet::*;
use super::ink::{Key, dash, keys, line};
use crate::page::Ink;

const SCALE: f32 = 14.0 * MM;
const END: f32 = 14.0 * MM;
const SIZE: f32 = 9.0;

/// Height of the picture without its keys: less in half the page's width.
pub fn height(flow: &Flow) -> f32 {
    if flow.width < USABLE { 50.0 * MM } else { 75.0 * MM }
}

/// Draws them.
pub fn draw(flow: &mut Flow, series: &[(String, Ink)], points: &[(String, Vec<Option<usize>>)], node: usize) {
    let key = |(i, (name, ink)): (usize, &'_ (String, Ink))| (Key::Line(line(*ink), dash(i)), name.to_string());
    keys(flow, series.iter().enumerate().map(key).collect(), Some(node));
    let most = points.iter().flat_map(|p| p.1.iter().flatten()).copied().max().unwrap_or(0).max(1);
    let step = round_step(most);
    let top = most.div_ceil(step) * step;
    let (left, above, width, tall) = (flow.left + SCALE, flow.y + 2.0 * MM, flow.width - SCALE - END, height(flow) - 9.0 * MM);
    let across = |i: usize| left + width * (i as f32 + 0.5) / points.len() as f32;
    let up = |n: usize| above + tall * (1.0 - n as f32 / top as f32);
    for n in (0..=top).step_by(step) {
        let (y, shade) = (up(n), if n == 0 { BLACK } else { [190, 190, 190] });
        flow.put(Some(node), What::Stroke(vec![(left, y), (left + width, y)], shade, 0.4, 0.0));
        let mark = flow.lines(&n.to_string(), Role::Body, SIZE, SCALE, 0.0);
        flow.draw(&mark, 0..1, [flow.left, y - mark.pitch() / 2.0, SCALE - 2.0 * MM], Align::Right, Some(node));
    }
    times(flow, points, [left, above + tall, width], node);
    let mut ends = Vec::new();
    for (i, (_, ink)) in series.iter().enumerate() {
        let known: Vec<(usize, usize)> = points.iter().enumerate().filter_map(|(at, p)| Some((at, (*p.1.get(i)?)?))).collect();
        draw_line(flow, &known, &across, &up, (line(*ink), dash(i)), node);
        ends.extend(known.last().map(|(at, n)| (across(*at), up(*n), *n)));
    }
    self::ends(flow, ends, node);
    flow.y += height(flow);
}

/// As many names as there is room for, always the last.
fn times(flow: &mut Flow, points: &[(String, Vec<Option<usize>>)], [left, y, width]: [f32; 3], node: usize) {
    let slot = width / points.len() as f32;
    let widest = points.iter().map(|p| flow.lines(&p.0, Role::Body, SIZE, flow.width, 0.0).width()).fold(1.0, f32::max) + 2.0 * MM;
    let every = (widest / slot).ceil().max(1.0) as usize;
    for (i, (name, _)) in points.iter().enumerate().filter(|(i, _)| (points.len() - 1 - i).is_multiple_of(every)) {
        let x = left + slot * (i as f32 + 0.5);
        flow.put(Some(node), What::Stroke(vec![(x, y), (x, y + MM)], BLACK, 0.4, 0.0));
        let label = flow.lines(name, Role::Body, SIZE, flow.width, 0.0);
        flow.draw(&label, 0..1, [x - 50.0, y + 1.2 * MM, 100.0], Align::Centre, Some(node));
    }
}

/// One line, in pieces where something is not known.
fn draw_line(
    flow: &mut Flow,
    known: &[(usize, usize)],
    across: &impl Fn(usize) -> f32,
    up: &impl Fn(usize) -> f32,
    (colour, dash): (Rgb, f32),
    node: usize,
) {
    let mut piece: Vec<(f32, f32)> = Vec::new();
    let mut before = None;
    for (at, n) in known {
        if before.is_some_and(|b: usize| b + 1 != *at) {
            flow.put(Some(node), What::Stroke(std::mem::take(&mut piece), colour, 1.4, dash));
        }
        let (x, y) = (across(*at), up(*n));
        piece.push((x, y));
        flow.put(Some(node), What::Area(vec![(x - 1.6, y - 1.6), (x + 1.6, y - 1.6), (x + 1.6, y + 1.6), (x - 1.6, y + 1.6)], colour));
        before = Some(*at);
    }
    flow.put(Some(node), What::Stroke(piece, colour, 1.4, dash));
}

/// The last value of each line beside its end, pushed apart where they would meet.
fn ends(flow: &mut Flow, mut ends: Vec<(f32, f32, usize)>, node: usize) {
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut drawn: Vec<(f32, f32)> = Vec::new();
    for (x, y, n) in ends {
        let label = flow.lines(&n.to_string(), Role::Head, SIZE, END, 0.0);
        let near = drawn.iter().filter(|d| (d.0 - x).abs() < END).map(|d| d.1 + label.pitch() * 0.85);
        let y = near.fold(y, f32::max);
        drawn.push((x, y));
        flow.draw(&label, 0..1, [x + 1.5 * MM, y - label.pitch() / 2.0, END], Align::Left, Some(node));
    }
}

/// A step of 1, 2 or 5 times a power of ten, so that there are at most six.
fn round_step(most: usize) -> usize {
    let mut step = 1;
    loop {
        for round in [step, 2 * step, 5 * step] {
            if most.div_ceil(round) <= 6 {
                return round;
            }
        }
        step *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!([1, 6, 7, 84, 999, 10_000].map(round_step), [1, 1, 2, 20, 200, 2000]);
    }
}
