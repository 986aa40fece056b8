//! Key figures and charts on the terminal: bars for shares, stacked bars with their counts,
//! a sparkline with its values, a calendar of months, the links of a net. Whatever is drawn
//! stands beside it in figures.

use super::terminal::{Style, ansi, wrap};
use crate::page::{Cell, Chart, Figure, Ink, Shape, Tone};
use crate::text::width;
use std::fmt::Write;

/// Cells of a bar that stands for all.
const BAR: usize = 20;

fn paint(text: &str, tone: Option<Tone>, style: Style) -> String {
    match tone {
        Some(tone) if style.colour => format!("\u{1b}[{}m{text}\u{1b}[0m", ansi(tone)),
        _ => text.to_string(),
    }
}

fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// One figure a line: label, value, a bar where it is a share, what stands beside it.
pub fn draw(out: &mut String, figures: &[Figure], style: Style) {
    let widest = figures.iter().map(|f| width(&f.label)).max().unwrap_or(0).min(style.width / 2);
    let values = figures.iter().map(|f| width(&f.value.text())).max().unwrap_or(0);
    // A narrow terminal keeps its columns for words.
    let shares = style.width >= 80 && figures.iter().any(|f| matches!(f.value, Cell::Share(..)));
    for f in figures {
        let bar = match f.value {
            Cell::Share(a, b) if shares => format!("  {}", share(a, b)),
            _ if shares => " ".repeat(BAR + 2),
            _ => String::new(),
        };
        let value = f.value.text();
        let value = format!("{}{value}", " ".repeat(values.saturating_sub(width(&value))));
        let line = format!("{}  {value}{bar}  {}", pad(&f.label, widest), f.aside);
        let text = wrap(line.trim_end(), style.width, "");
        out.push_str(&format!("{}\n", paint(text.trim_end(), f.tone, style)));
    }
}

/// `██████░░░░`: so many of so many.
fn share(a: usize, b: usize) -> String {
    let mut full = (a * BAR + b / 2).checked_div(b).unwrap_or(0);
    // As with percentages: never all unless all, never none unless none.
    if full == BAR && a < b {
        full -= 1;
    }
    if full == 0 && a > 0 {
        full = 1;
    }
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

/// The chart below its title and sentence.
pub fn chart(out: &mut String, chart: &Chart, style: Style) {
    match &chart.shape {
        Shape::Bars { series, bars } => stacked(out, series, bars, style),
        Shape::Lines { series, points } => lines(out, series, points, style),
        Shape::Calendar { months } => calendar(out, months, style),
        Shape::Net { nodes, edges } => {
            for (a, b, word) in edges {
                out.push_str(&wrap(&format!("{} → {}  {word}", nodes[*a].label, nodes[*b].label), style.width, ""));
            }
        }
    }
}

fn tone(ink: Ink) -> Option<Tone> {
    if let Ink::Tone(t) = ink { Some(t) } else { None }
}

fn stacked(out: &mut String, series: &[(String, Ink)], bars: &[(String, Vec<usize>)], style: Style) {
    let most = bars.iter().map(|b| b.1.iter().sum::<usize>()).max().unwrap_or(0).max(1);
    let widest = bars.iter().map(|b| width(&b.0)).max().unwrap_or(0).min(style.width / 3);
    let cells = (style.width / 4).clamp(6, 40);
    const INKS: [char; 7] = ['█', '▓', '▒', '░', '▚', '▞', '·'];
    for (name, counts) in bars {
        let mut bar = String::new();
        let mut said = Vec::new();
        for (i, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let long = (n * cells).div_ceil(most);
            bar += &paint(&INKS[i % INKS.len()].to_string().repeat(long), tone(series[i].1), style);
            said.push(format!("{} {n}", series[i].0));
        }
        let total: usize = counts.iter().sum();
        let _ = writeln!(out, "{}  {bar} {total}", pad(&super::terminal::tame(name), widest));
        out.push_str(&wrap(&said.join(" · "), style.width.saturating_sub(2), "  "));
    }
}

fn lines(out: &mut String, series: &[(String, Ink)], points: &[(String, Vec<Option<usize>>)], style: Style) {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let widest = series.iter().map(|s| width(&s.0)).max().unwrap_or(0).min(style.width / 2);
    if let (Some(first), Some(last)) = (points.first(), points.last()) {
        let _ = writeln!(out, "{}  {} – {}", " ".repeat(widest), first.0, last.0);
    }
    for (i, (name, ink)) in series.iter().enumerate() {
        let values: Vec<usize> = points.iter().map_while(|p| p.1[i]).collect();
        // Each by its own height: a small one that doubles is what is looked for.
        let most = values.iter().max().copied().unwrap_or(0).max(1);
        let spark: String = values.iter().map(|n| STEPS[n * 7 / most]).collect();
        let _ = writeln!(out, "{}  {}", pad(&super::terminal::tame(name), widest), paint(&spark, tone(*ink), style));
        let said: Vec<String> = values.iter().map(ToString::to_string).collect();
        out.push_str(&wrap(&said.join(" "), style.width.saturating_sub(2), "  "));
    }
}

fn calendar(out: &mut String, months: &[(String, Vec<(Tone, usize)>)], style: Style) {
    let most = months.iter().map(|m| m.1.iter().map(|x| x.1).sum::<usize>()).max().unwrap_or(0).max(1);
    for (month, counts) in months {
        let total: usize = counts.iter().map(|x| x.1).sum();
        let bar: String = counts.iter().map(|(t, n)| paint(&"█".repeat((n * BAR).div_ceil(most)), Some(*t), style)).collect();
        let _ = writeln!(out, "{month}  {total:>4} {bar}");
    }
}
