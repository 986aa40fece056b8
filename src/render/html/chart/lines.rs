//! Lines over time. Each has its own dashes beside its colour; its last value stands at its
//! end, pushed up or down where two would meet. A line ends where nothing is known.

use super::parts::{NARROW, fit, ink, named, round, share};
use crate::page::{Chart, Ink};
use crate::render::html::said::Line;
use crate::text::width;
use maud::{Markup, html};

/// Pixels of the field that the lines are drawn in, and above it.
const HIGH: usize = 180;
const TOP: usize = 12;
/// The field lies between these percentages of the width.
const LEFT: usize = 10;
const WIDE: usize = 79;
/// Marks for the points while they are few.
const DOTS: usize = 16;

type Points = [(String, Vec<Option<usize>>)];

/// The picture.
pub fn lines(c: &Chart, series: &[(String, Ink)], points: &Points, number: usize) -> Markup {
    let most = points.iter().flat_map(|p| p.1.iter().flatten()).copied().max().unwrap_or(0);
    let (top, step) = round(most);
    let names = named(number, 0, &c.title, &c.said);
    let y = |v: usize| TOP + HIGH - v * HIGH / top;
    let last = points.len().saturating_sub(1).max(1);
    // Hundredths of a percent from the left edge.
    let x = |i: usize| share(LEFT * last + i * WIDE, 100 * last);
    html! {
        svg.v role="img" aria-labelledby=(names.by) width="100%" height=(TOP + HIGH + 28) {
            (names.elements)
            @for v in (0..=top).step_by(step) {
                line.gr x1={ (LEFT) "%" } x2={ (LEFT + WIDE) "%" } y1=(y(v)) y2=(y(v)) {}
                text.tt.sm x={ (LEFT - 1) "%" } y=(y(v) + 4) { (v) }
            }
            @for i in labelled(points) {
                line.gr x1=(x(i)) x2=(x(i)) y1=(TOP + HIGH) y2=(TOP + HIGH + 5) {}
                text.md.sm x=(x(i)) y=(TOP + HIGH + 18) { (Line(&fit(&points[i].0, 10))) }
            }
            svg x={ (LEFT) "%" } y=(TOP) width={ (WIDE) "%" } height=(HIGH) viewBox={ "0 0 1000 " (HIGH) } preserveAspectRatio="none" overflow="visible" {
                @for (n, (_, color)) in series.iter().enumerate() {
                    @let way = path(points, n, last, |v| HIGH - v * HIGH / top);
                    @if !way.is_empty() { path class={ "l" (ink(*color)) " d" (n % 4) } vector-effect="non-scaling-stroke" d=(way) {} }
                }
            }
            @if points.len() <= DOTS {
                @for (n, (name, color)) in series.iter().enumerate() {
                    @for (i, (at, v)) in points.iter().enumerate().filter_map(|(i, p)| Some((i, (&p.0, p.1.get(n).copied().flatten()?)))) {
                        circle class={ "f" (ink(*color)) } cx=(x(i)) cy=(y(v)) r="3" { title { (Line(&format!("{name} · {at} {v}"))) } }
                    }
                }
            }
            @for (n, v, at) in ends(series, points, y) {
                text class={ "en t" (ink(series[n].1)) } x={ (LEFT + WIDE + 1) "%" } y=(at + 4) { (v) }
            }
        }
    }
}

/// Which points have their name under the field: as many as a phone has room for, evenly,
/// counted from the last.
fn labelled(points: &Points) -> Vec<usize> {
    let widest = points.iter().map(|p| width(&p.0).min(10)).max().unwrap_or(1);
    let room = (NARROW * WIDE / 100 / (widest * 6 + 10)).max(1) + 1;
    let step = points.len().div_ceil(room).max(1);
    let mut all: Vec<usize> = (0..points.len()).rev().step_by(step).collect();
    all.reverse();
    all
}

/// The way of a line; it is broken where nothing is known, and a lonely point is a dot.
fn path(points: &Points, line: usize, last: usize, y: impl Fn(usize) -> usize) -> String {
    let mut out = String::new();
    let mut down = false;
    for (i, (_, values)) in points.iter().enumerate() {
        match values.get(line).copied().flatten() {
            Some(v) => {
                let (x, y) = (i * 1000 / last, y(v));
                out += &if down { format!("L{x} {y}") } else { format!("M{x} {y}h.1") };
                down = true;
            }
            None => down = false,
        }
    }
    out
}

/// Line, value and height of the figures at the right edge, 13 pixels apart at least.
fn ends(series: &[(String, Ink)], points: &Points, y: impl Fn(usize) -> usize) -> Vec<(usize, usize, usize)> {
    let Some((_, values)) = points.last() else { return Vec::new() };
    let mut all: Vec<(usize, usize, usize)> =
        (0..series.len()).filter_map(|n| values.get(n).copied().flatten().map(|v| (n, v, y(v)))).collect();
    all.sort_by_key(|(n, _, y)| (*y, *n));
    for i in 1..all.len() {
        all[i].2 = all[i].2.max(all[i - 1].2 + 13);
    }
    // What was pushed below the field comes up again.
    let mut floor = TOP + HIGH;
    for end in all.iter_mut().rev() {
        end.2 = end.2.min(floor);
        floor = end.2.saturating_sub(13);
    }
    all
}
