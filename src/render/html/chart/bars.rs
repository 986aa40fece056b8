//! Lying bars of stacked counts: name and total stand over the bar, so that long names have
//! the whole width. Many bars are several pictures, which a wide screen sets side by side and
//! paper may break between.

use super::parts::{NARROW, fit, ink, named, share};
use crate::page::{Chart, Ink};
use crate::render::html::said::Line;
use crate::text::width;
use maud::{Markup, html};

/// Bars in one picture.
pub const CHUNK: usize = 12;
/// Pixels from bar to bar.
const PITCH: usize = 38;

/// The pictures.
pub fn bars(c: &Chart, series: &[(String, Ink)], bars: &[(String, Vec<usize>)], number: usize) -> Markup {
    let most = bars.iter().map(|b| b.1.iter().sum()).max().unwrap_or(0);
    let parts = bars.len().div_ceil(CHUNK);
    // Even parts: 23 bars are 12 and 11, 13 are 7 and 6.
    let each = bars.len().div_ceil(parts.max(1)).max(1);
    html! {
        div.bars {
            @for (n, chunk) in bars.chunks(each).enumerate() {
                @let title = if parts > 1 { format!("{} {}/{parts}", c.title, n + 1) } else { c.title.clone() };
                @let names = named(number, n, &title, &c.said);
                svg.v role="img" aria-labelledby=(names.by) width="100%" height=(chunk.len() * PITCH) {
                    (names.elements)
                    @for (i, (name, counts)) in chunk.iter().enumerate() { (bar(name, counts, series, most, i * PITCH)) }
                }
            }
        }
    }
}

fn bar(name: &str, counts: &[usize], series: &[(String, Ink)], most: usize, y: usize) -> Markup {
    let total: usize = counts.iter().sum();
    let room = (NARROW * 2 / 13).saturating_sub(total.to_string().len() + 2);
    let mut at = 0;
    let mut pieces = Vec::new();
    for ((label, ink), n) in series.iter().zip(counts).filter(|(_, n)| **n > 0) {
        pieces.push((label, *ink, *n, at));
        at += n;
    }
    html! {
        text.lb x="0" y=(y + 14) { (Line(&fit(name, room))) @if width(name) > room { title { (Line(name)) } } }
        text.tt x="100%" y=(y + 14) { (total) }
        rect.bed x="0" y=(y + 20) width="100%" height="13" {}
        @for (label, ink_, n, at) in pieces {
            rect class={ "f" (ink(ink_)) } x=(share(at, most)) y=(y + 20) width=(share(n, most)) height="13" { title { (Line(&format!("{name} · {label} {n}"))) } }
            // The figure stands in its piece where it has room on a phone.
            @if n * NARROW / most >= n.to_string().len() * 7 + 5 {
                text class={ "in p" (ink(ink_)) } x=(share(2 * at + n, 2 * most)) y=(y + 30) { (n) }
            }
        }
    }
}
