//! The terminal: comfy-table, or a list where the table would not fit.
//!
//! Three layouts, the first that fits the width: full headings with rules; short
//! headings without vertical rules; under [`LIST_BELOW`] columns, or where even that is
//! too wide, one row a paragraph. Nothing is ever cut: long cells wrap.

use super::figures;
use crate::page::{Block, Cell, Kind, Page, Row, Table, Tone};
use crate::text::width;
use comfy_table::{Attribute, Cell as Box_, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table as Grid, Width, presets};
use std::fmt::Write;

/// Below this many columns a table becomes a list.
pub const LIST_BELOW: usize = 60;
/// A column that may wrap is not made narrower than this.
const NARROWEST: usize = 12;

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Colour or not; decided once by the caller.
    pub colour: bool,
}

/// The page as text.
pub fn render(page: &Page, style: Style) -> String {
    let mut out = String::new();
    let paint = |text: &str, code: &str| if style.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() };
    let bold = |out: &mut String, text: &str, code: &str| {
        for line in wrap(&text.replace('\n', " "), style.width, "").lines() {
            let _ = writeln!(out, "{}", paint(line, code));
        }
    };
    bold(&mut out, &page.title, "1");
    if let Some(banner) = &page.banner {
        bold(&mut out, banner, "1;33");
    }
    if let Some(marking) = &page.marking {
        bold(&mut out, marking, "1");
    }
    for line in page.head.iter().filter(|h| !h.is_empty()).chain(&page.meta) {
        out.push_str(&wrap(line, style.width, ""));
    }
    // One layout for the whole page: the roomiest that all of its tables fit.
    let tables = page.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None });
    let layout = tables.filter(|t| !t.rows.is_empty()).map(|t| self::layout(t, style.width)).max().unwrap_or(Layout::Full);
    for block in &page.blocks {
        out.push('\n');
        match block {
            Block::Heading(h) => bold(&mut out, &h.text, "1"),
            Block::Prose(text) => out.push_str(&wrap(text, style.width, "")),
            Block::Facts(facts) => self::facts(&mut out, facts, style),
            Block::Table(t) => {
                if !t.caption.is_empty() {
                    bold(&mut out, &t.caption, "1");
                }
                if t.rows.is_empty() { out.push_str(&wrap(&t.empty, style.width, "")) } else { table(&mut out, t, style, layout) }
            }
            Block::Figures(all) => figures::draw(&mut out, all, style),
            Block::Chart(chart) => {
                bold(&mut out, &chart.title, "1");
                out.push_str(&wrap(&chart.said, style.width, ""));
                figures::chart(&mut out, chart, style);
            }
            Block::Break => out.truncate(out.len() - 1),
        }
    }
    if !page.notes.is_empty() || !page.legend.is_empty() {
        out.push('\n');
    }
    for (tone, text) in &page.legend {
        let text = wrap(text, style.width, "");
        out.push_str(&if style.colour { format!("\u{1b}[{}m{}\u{1b}[0m\n", ansi(*tone), text.trim_end()) } else { text });
    }
    for note in &page.notes {
        out.push_str(&wrap(note, style.width, ""));
    }
    if !page.signature.is_empty() {
        out.push('\n');
        page.signature.iter().for_each(|s| out.push_str(&wrap(&format!("{s}: ________"), style.width, "")));
    }
    out
}

fn facts(out: &mut String, facts: &[(String, Cell)], style: Style) {
    let widest = facts.iter().map(|(k, _)| width(k)).max().unwrap_or(0).min(style.width / 2);
    for (label, value) in facts {
        let label = tame(label);
        // A label wider than its column stands on lines of its own.
        let own_line = width(&label) > widest;
        if own_line {
            out.push_str(&wrap(&label, style.width, ""));
        }
        let label = if own_line { "" } else { &*label };
        let gap = " ".repeat((widest + 2).saturating_sub(width(label)));
        let text = value.text();
        let indent = " ".repeat(widest + 2);
        let body = wrap(&text, style.width.saturating_sub(widest + 2).max(10), &indent);
        let body = body.strip_prefix(&indent).unwrap_or(&body).to_string();
        let body = match value {
            Cell::Light(tone, _) | Cell::Lit(tone, _) if style.colour => format!("\u{1b}[{}m{}\u{1b}[0m\n", ansi(*tone), body.trim_end()),
            _ => body,
        };
        let _ = write!(out, "{label}{gap}{body}");
    }
}

/// The colour of a light.
pub fn ansi(tone: Tone) -> &'static str {
    match tone {
        Tone::Red => "31",
        Tone::Amber => "33",
        Tone::Green => "32",
        Tone::Grey => "90",
    }
}

/// Rows that have a cell in each column; a group's heading spans them all.
fn rows(t: &Table) -> impl Iterator<Item = &Row> {
    t.rows.iter().filter(|r| r.kind != Kind::Group)
}

/// Least width of a column: its longest unbreakable piece.
fn least(t: &Table, i: usize, short: bool) -> usize {
    let column = &t.columns[i];
    let label = if short { &column.short } else { &column.label };
    let cells = rows(t).filter_map(|r| r.cells.get(i)).flat_map(|c| c.text().lines().map(width).collect::<Vec<_>>());
    let widest = cells.max().unwrap_or(0);
    let head = label.split(' ').map(width).max().unwrap_or(0);
    let body = if column.whole { widest } else { widest.min(NARROWEST) };
    head.max(body).max(1)
}

/// The layouts, roomiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layout {
    Full,
    Short,
    List,
}

/// What a column takes besides its text.
fn frame(layout: Layout) -> usize {
    if layout == Layout::Full { 3 } else { 1 }
}

/// The roomiest layout that fits.
fn layout(t: &Table, width: usize) -> Layout {
    let n = t.columns.len();
    let needs = |layout| (0..n).map(|i| least(t, i, layout == Layout::Short) + frame(layout)).sum::<usize>();
    match () {
        _ if width < LIST_BELOW || needs(Layout::Short) > width => Layout::List,
        _ if needs(Layout::Full) < width => Layout::Full,
        _ => Layout::Short,
    }
}

/// Width of each column: what it needs, then what is left shared out among those that
/// would like more, a little at a time.
fn widths(t: &Table, layout: Layout, limit: usize) -> Vec<usize> {
    let n = t.columns.len();
    let short = layout == Layout::Short;
    let mut have: Vec<usize> = (0..n).map(|i| least(t, i, short)).collect();
    let label = |c: &crate::page::Column| width(if short { &c.short } else { &c.label });
    let like: Vec<usize> = (0..n)
        .map(|i| {
            let cells = rows(t).filter_map(|r| r.cells.get(i)).map(|c| c.text().split('\n').map(width).max().unwrap_or(0));
            cells.max().unwrap_or(0).max(label(&t.columns[i]))
        })
        .collect();
    let mut left = limit.saturating_sub(have.iter().sum::<usize>() + n * frame(layout) + usize::from(layout == Layout::Full));
    while left > 0 {
        // The hungriest column gets the next cell.
        let Some(i) = (0..n).filter(|i| have[*i] < like[*i]).max_by_key(|i| ((like[*i] - have[*i]) * 100 / have[*i], *i)) else { break };
        have[i] += 1;
        left -= 1;
    }
    have
}

fn table(out: &mut String, t: &Table, style: Style, layout: Layout) {
    if layout == Layout::List {
        return list(out, t, style);
    }
    let widths = widths(t, layout, style.width);
    // Each group is a piece under its heading; the pieces keep the widths of the whole.
    for piece in t.rows.chunk_by(|_, next| next.kind != Kind::Group) {
        let (head, rows) = match piece {
            [head, rows @ ..] if head.kind == Kind::Group => (Some(head), rows),
            rows => (None, rows),
        };
        if let Some(head) = head {
            for line in wrap(&head.cells.first().map_or(String::new(), Cell::text), style.width, "").lines() {
                let _ = if style.colour { writeln!(out, "\u{1b}[1m{line}\u{1b}[0m") } else { writeln!(out, "{line}") };
            }
        }
        if !rows.is_empty() {
            grid(out, t, rows, &widths, style, layout);
        }
    }
}

/// Rows of a table as a grid.
fn grid(out: &mut String, t: &Table, rows: &[Row], widths: &[usize], style: Style, layout: Layout) {
    let short = layout == Layout::Short;
    let mut grid = Grid::new();
    grid.load_style(if short { presets::NOTHING } else { presets::UTF8_FULL_CONDENSED });
    grid.set_content_arrangement(ContentArrangement::Disabled);
    if style.colour {
        grid.enforce_styling();
    } else {
        grid.force_no_tty();
    }
    // Wrapped here and not by the table: never inside a date, a number or an id, never
    // with a stop at the head of a line.
    let fit = |text: &str, i: usize| wrap(text, widths[i], "").trim_end_matches('\n').to_string();
    grid.set_header(
        t.columns
            .iter()
            .enumerate()
            .map(|(i, c)| Box_::new(fit(if short { &c.short } else { &c.label }, i)).add_attribute(Attribute::Bold)),
    );
    for row in rows {
        grid.add_row(row.cells.iter().enumerate().map(|(i, c)| {
            let cell = Box_::new(fit(&c.text(), i));
            let cell = match c.tone() {
                Some(Tone::Red) => cell.fg(Color::Red),
                Some(Tone::Amber) => cell.fg(Color::Yellow),
                Some(Tone::Green) => cell.fg(Color::Green),
                Some(Tone::Grey) => cell.fg(Color::DarkGrey),
                None => cell,
            };
            if row.is_total() { cell.add_attribute(Attribute::Bold) } else { cell }
        }));
    }
    for (i, column) in t.columns.iter().enumerate() {
        let pad = if short { (0, 1) } else { (1, 1) };
        if let Some(c) = grid.column_mut(i) {
            c.set_padding(pad);
            if column.right {
                c.set_cell_alignment(CellAlignment::Right);
            }
            let width = u16::try_from(widths[i]).unwrap_or(u16::MAX) + pad.0 + pad.1;
            c.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
    }
    for line in grid.lines() {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// One row a paragraph, one cell a line.
fn list(out: &mut String, t: &Table, style: Style) {
    for row in &t.rows {
        if row.kind == Kind::Group {
            let head = row.cells.first().map_or(String::new(), Cell::text);
            let line = format!("── {}", wrap(&head, style.width.saturating_sub(3), "   ").trim());
            let _ = writeln!(out, "{}", line.trim_end());
            continue;
        }
        let mut cells = t.columns.iter().zip(&row.cells);
        if let Some((_, first)) = cells.next() {
            let head = tame(&first.text()).replace('\n', " ");
            for line in wrap(&head, style.width, "").lines() {
                let _ = if style.colour { writeln!(out, "\u{1b}[1m{line}\u{1b}[0m") } else { writeln!(out, "{line}") };
            }
        }
        let mut line = String::from(" ");
        let flush = |line: &mut String, out: &mut String| {
            if line.trim() != "" {
                let _ = writeln!(out, "{}", line.trim_end());
            }
            *line = String::from(" ");
        };
        for (column, cell) in cells {
            let text = tame(&cell.text()).into_owned();
            if text.is_empty() || *cell == Cell::Count(0) {
                continue;
            }
            let piece = format!(" {} {text}", column.label);
            if column.right {
                if width(&line) + width(&piece) + 1 > style.width {
                    flush(&mut line, out);
                }
                line.push_str(&piece);
                line.push(' ');
            } else {
                flush(&mut line, out);
                out.push_str(&wrap(piece.trim_start(), style.width.saturating_sub(2).max(10), "  "));
            }
        }
        flush(&mut line, out);
    }
}

/// Wraps at spaces and between Chinese characters; never inside a date, number or id.
pub fn wrap(text: &str, limit: usize, indent: &str) -> String {
    let mut out = String::new();
    let text = &tame(text);
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for piece in pieces(paragraph).into_iter().flat_map(|p| chop(p, limit)) {
            let w = width(piece.trim_end());
            if used > 0 && used + w > limit {
                let _ = writeln!(out, "{indent}{}", line.trim_end());
                line.clear();
                used = 0;
            }
            line.push_str(piece);
            used += width(piece);
        }
        let _ = writeln!(out, "{indent}{}", line.trim_end());
    }
    out
}

/// Control characters of the data never reach the terminal: an escape sequence in a title
/// could repaint what a manager reads. They show as ·.
pub fn tame(text: &str) -> std::borrow::Cow<'_, str> {
    let harmful = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(harmful) { text.replace(harmful, "·").into() } else { text.into() }
}

/// A word wider than the line (a path, a digest) is cut where the line ends.
fn chop(piece: &str, limit: usize) -> Vec<&str> {
    if width(piece.trim_end()) <= limit.max(1) {
        return vec![piece];
    }
    let mut out = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (i, c) in piece.char_indices() {
        let w = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + w > limit.max(2) && i > start {
            out.push(&piece[start..i]);
            (start, used) = (i, 0);
        }
        used += w;
    }
    out.push(&piece[start..]);
    out
}

/// Breakable pieces: words with their trailing space, single wide characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    let closes = |c: char| "，。；：、）》〕」】”’！？)]}%".contains(c);
    let opens = |c: char| "（《〔「【“‘([{".contains(c);
    for (i, c) in text.char_indices() {
        if let Some(b) = before {
            let wide = |c: char| unicode_width::UnicodeWidthChar::width(c) == Some(2);
            let cut = b == ' ' && c != ' ' || (wide(b) || wide(c)) && !closes(c) && !opens(b) && b != ' ';
            if cut {
                out.push(&text[start..i]);
                start = i;
            }
        }
        before = Some(c);
    }
    out.push(&text[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_characters_but_not_inside_dates_or_before_stops() {
        let text = wrap("时限为2026-11-23，逾期须说明理由。", 12, "");
        assert!(text.lines().all(|l| width(l) <= 12), "{text}");
        assert!(text.contains("2026-11-23"), "{text}");
        assert!(!text.lines().any(|l| l.starts_with('，') || l.starts_with('。')), "{text}");
    }
}
