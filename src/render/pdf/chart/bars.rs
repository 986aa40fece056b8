//! Lying bars of stacked counts: the category at the left, its count in every field that has
//! room for it, the sum at the end.

use super::super::flow::{Align, Flow};
use super::super::fonts::Role;
use super::super::sheet::*;
use super::ink::{Key, field, keys, outline};
use crate::page::Ink;

/// From one bar to the next.
pub const PITCH: f32 = 6.4 * MM;
const THICK: f32 = 4.4 * MM;
const NAMES: f32 = 48.0 * MM;
const SIZE: f32 = 9.0;

/// Draws them, over several sheets if need be.
pub fn draw(flow: &mut Flow, series: &[(String, Ink)], bars: &[(String, Vec<usize>)], node: usize) {
    keys(flow, series.iter().map(|(name, ink)| (Key::Field(field(*ink)), name.as_str())).collect(), node);
    let most = bars.iter().map(|b| b.1.iter().sum::<usize>()).max().unwrap_or(0).max(1);
    let scale = (USABLE - NAMES - 18.0 * MM) / most as f32;
    for (name, counts) in bars {
        let label = flow.fitted(name, Role::Body, SIZE, NAMES - 2.0 * MM);
        let tall = PITCH.max(label.height() + MM);
        flow.need(tall);
        let y = flow.y;
        flow.draw(&label, 0..label.lines.len(), [LEFT, y + (tall - label.height()) / 2.0, NAMES - 2.0 * MM], Align::Right, Some(node));
        let mut x = LEFT + NAMES;
        let top = y + (tall - THICK) / 2.0;
        for (n, (_, ink)) in counts.iter().zip(series).filter(|(n, _)| **n > 0) {
            let width = *n as f32 * scale;
            flow.fill([x, top, width, THICK], field(*ink), Some(node));
            outline(flow, [x, top, width, THICK], node);
            let count = flow.lines(&n.to_string(), Role::Body, SIZE, USABLE, 0.0);
            // A field too narrow for its count is told in the words under the chart.
            if count.width() + 2.0 < width {
                flow.draw(&count, 0..1, [x, top + (THICK - count.pitch()) / 2.0, width], Align::Centre, Some(node));
            }
            x += width;
        }
        let sum = flow.lines(&counts.iter().sum::<usize>().to_string(), Role::Head, SIZE, USABLE, 0.0);
        flow.draw(&sum, 0..1, [x + 1.5 * MM, top + (THICK - sum.pitch()) / 2.0, USABLE], Align::Left, Some(node));
        flow.put(Some(node), What::Stroke(vec![(LEFT + NAMES, y), (LEFT + NAMES, y + tall)], BLACK, 0.6, 0.0));
        flow.y += tall;
    }
}
