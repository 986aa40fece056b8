//! Colours of charts, and the row that names them.
//!
//! Fields are pale, so that black figures read on them and copies in black and white keep
//! them apart by their rules; lines are dark and differ by their dashes.

use super::super::flow::{Align, Flow};
use super::super::fonts::Role;
use super::super::sheet::*;
use crate::page::{Ink, Page, Tone};

const PALE: [Rgb; 8] = [
    [222, 226, 230],
    [189, 208, 231],
    [148, 180, 214],
    [205, 196, 226],
    [176, 208, 196],
    [232, 221, 190],
    [222, 190, 200],
    [168, 176, 186],
];
const DARK: [Rgb; 8] =
    [[80, 88, 96], [31, 88, 140], [20, 50, 100], [96, 70, 140], [24, 110, 90], [120, 92, 20], [140, 50, 80], [50, 50, 50]];

/// Colour of a field.
pub fn field(ink: Ink) -> Rgb {
    match ink {
        Ink::Tone(tone) => pale(tone),
        Ink::Shade(n) => PALE[usize::from(n) % 8],
    }
}

/// Colour of a line.
pub fn line(ink: Ink) -> Rgb {
    match ink {
        Ink::Tone(Tone::Red) => [192, 48, 38],
        Ink::Tone(Tone::Amber) => [184, 126, 0],
        Ink::Tone(Tone::Green) => [44, 124, 52],
        Ink::Tone(Tone::Grey) => [120, 120, 120],
        Ink::Shade(n) => DARK[usize::from(n) % 8],
    }
}

/// Length of the dashes of the n-th line; 0 = a full line.
pub fn dash(n: usize) -> f32 {
    [0.0, 5.0, 2.0, 9.0][n % 4]
}

/// How a series is shown in its key.
pub enum Key {
    /// A field of a colour.
    Field(Rgb),
    /// A line: colour and dashes.
    Line(Rgb, f32),
}

/// The row of keys over a chart; more rows where they do not fit.
pub fn keys(flow: &mut Flow, keys: Vec<(Key, impl AsRef<str>)>, node: Option<usize>) {
    const SIZE: f32 = 9.0;
    const PITCH: f32 = 5.0 * MM;
    let (mut x, mut y) = (flow.left, flow.y);
    for (key, name) in keys {
        let lines = flow.lines(name.as_ref(), Role::Body, SIZE, flow.width - 10.0 * MM, 0.0);
        let width = 8.0 * MM + lines.width() + 6.0 * MM;
        if x > flow.left && x + width > flow.left + flow.width {
            (x, y) = (flow.left, y + PITCH);
        }
        let middle = y + PITCH / 2.0;
        match key {
            Key::Field(colour) => {
                flow.fill([x, middle - MM, 6.0 * MM, 2.4 * MM], colour, node);
                outline(flow, [x, middle - MM, 6.0 * MM, 2.4 * MM], node);
            }
            Key::Line(colour, dash) => {
                flow.put(node, What::Stroke(vec![(x, middle), (x + 6.5 * MM, middle)], colour, 1.4, dash));
            }
        }
        let at = [x + 8.0 * MM, middle - lines.pitch() / 2.0, flow.width];
        flow.draw(&lines, 0..lines.lines.len(), at, Align::Left, node);
        x += width;
    }
    flow.y = y + PITCH + MM;
}

/// A thin black rule around a field of a picture.
pub fn outline(flow: &mut Flow, [x, y, w, h]: [f32; 4], node: Option<usize>) {
    let corners = vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
    flow.put(node, What::Stroke(corners, BLACK, 0.4, 0.0));
}

/// The word of a light as the page's own legend has it: what stands before its explanation.
pub fn word(page: &Page, tone: Tone) -> String {
    let entry = page.legend.iter().find(|l| l.0 == tone).map(|l| l.1.as_str());
    let word: String = entry.unwrap_or_default().chars().take_while(|c| c.is_alphanumeric()).collect();
    if word.is_empty() { tone.code().into() } else { word }
}
