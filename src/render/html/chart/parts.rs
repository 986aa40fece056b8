//! What the charts share: percentages, inks, words cut to fit and said to be cut.

use crate::page::{Ink, Tone};
use crate::render::html::said::Line;
use crate::text::width;
use maud::{Markup, PreEscaped, html};

/// Every chart of percentages can be read at so many pixels.
pub const NARROW: usize = 300;

/// `n` of `of` in percent with two decimals.
pub fn share(n: usize, of: usize) -> String {
    let hundredths = (n * 10_000).checked_div(of).unwrap_or(0);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Name of an ink in classes: fills are `f…`, lines `l…`, words on a fill `p…`.
pub fn ink(ink: Ink) -> String {
    match ink {
        Ink::Tone(t) => match t {
            Tone::Red => "r",
            Tone::Amber => "a",
            Tone::Green => "g",
            Tone::Grey => "k",
        }
        .into(),
        Ink::Shade(n) => (n % 8).to_string(),
    }
}

/// Text cut to so many half characters, with … where something is missing.
pub fn fit(text: &str, limit: usize) -> String {
    let text = text.replace(['\n', '\r'], " ");
    if width(&text) <= limit {
        return text;
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > limit {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out + "…"
}

/// A round number at or above `n`, that a scale of a few even steps can end in; and the step.
pub fn round(n: usize) -> (usize, usize) {
    let n = n.max(4);
    let mut unit = 1;
    loop {
        for step in [unit, 2 * unit, 5 * unit] {
            if step * 4 >= n {
                return (n.div_ceil(step) * step, step);
            }
        }
        unit *= 10;
    }
}

/// The last point where a line is known.
pub fn last(points: &[(String, Vec<Option<usize>>)], line: usize) -> Option<(&str, usize)> {
    points.iter().rev().find_map(|(at, v)| v.get(line).copied().flatten().map(|v| (at.as_str(), v)))
}

/// Title and description inside a picture, and the attribute that names them.
pub struct Named {
    /// Value of `aria-labelledby`.
    pub by: String,
    /// The two elements.
    pub elements: Markup,
}

/// Names for the picture `part` of chart `number`.
pub fn named(number: usize, part: usize, title: &str, said: &str) -> Named {
    let (t, d) = (format!("c{number}-{part}-t"), format!("c{number}-{part}-d"));
    Named {
        by: format!("{t} {d}"),
        elements: html! { title id=(PreEscaped(&t)) { (Line(title)) } desc id=(PreEscaped(&d)) { (Line(said)) } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_by_width_and_say_so() {
        assert_eq!(fit("市场监督管理局", 14), "市场监督管理局");
        assert_eq!(fit("市场监督管理局", 10), "市场监督…");
        assert_eq!(share(1, 3), "33.33%");
        assert_eq!((round(7), round(86), round(0), round(1034)), ((8, 2), (100, 50), (4, 1), (1500, 500)));
    }
}
