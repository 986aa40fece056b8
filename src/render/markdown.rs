//! Markdown that reads well in a diff: one row a line, pipes and line breaks escaped.

use crate::page::{Block, Kind, Page, Table};
use std::fmt::Write;

/// The page as Markdown.
pub fn render(page: &Page) -> String {
    let mut out = format!("# {}\n\n", line(&page.title));
    if let Some(banner) = &page.banner {
        let _ = writeln!(out, "> **{}**\n", line(banner));
    }
    if let Some(marking) = &page.marking {
        let _ = writeln!(out, "**{}**\n", line(marking));
    }
    for head in page.head.iter().filter(|h| !h.is_empty()) {
        let _ = writeln!(out, "- {}", line(head));
    }
    for meta in &page.meta {
        let _ = writeln!(out, "- {}", line(meta));
    }
    out.push('\n');
    for block in &page.blocks {
        match block {
            Block::Heading(h) => drop(writeln!(out, "{} {}\n", "#".repeat(usize::from(h.level)), line(&h.text))),
            Block::Prose(text) => drop(writeln!(out, "{}\n", line(text))),
            Block::Facts(facts) => {
                for (k, v) in facts {
                    let _ = writeln!(out, "- **{}**: {}", line(k), line(&v.text()));
                }
                out.push('\n');
            }
            Block::Table(t) => table(&mut out, t),
            Block::Figures(figures) => {
                for f in figures {
                    let aside = if f.aside.is_empty() { String::new() } else { format!(" — {}", line(&f.aside)) };
                    let _ = writeln!(out, "- **{}**: {}{aside}", line(&f.label), line(&f.value.text()));
                }
                out.push('\n');
            }
            Block::Chart(chart) => {
                let _ = writeln!(out, "**{}** — {}\n", line(&chart.title), line(&chart.said));
                table(&mut out, &chart.table());
            }
            Block::Break => {}
        }
    }
    if !page.legend.is_empty() {
        page.legend.iter().for_each(|(_, text)| out.push_str(&format!("- {}\n", line(text))));
        out.push('\n');
    }
    for note in &page.notes {
        let _ = writeln!(out, "{}\n", line(note));
    }
    page.signature.iter().for_each(|s| out.push_str(&format!("- {}: ＿＿＿＿\n", line(s))));
    out.truncate(out.trim_end().len());
    out + "\n"
}

fn table(out: &mut String, t: &Table) {
    if !t.caption.is_empty() {
        let _ = writeln!(out, "**{}**\n", line(&t.caption));
    }
    if t.rows.is_empty() {
        let _ = writeln!(out, "{}\n", line(&t.empty));
        return;
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(t.columns.iter().map(|c| line(&c.label)).collect()));
    out.push_str(&row(t.columns.iter().map(|c| if c.right { "---:" } else { "---" }.to_string()).collect()));
    for r in &t.rows {
        // A group's heading stands in the first column, for Markdown knows no spans.
        let bold = |s: String| if r.kind != Kind::Item && !s.is_empty() { format!("**{s}**") } else { s };
        let blank = t.columns.len().saturating_sub(r.cells.len());
        let cells = r.cells.iter().map(|c| bold(line(&c.text()))).chain(std::iter::repeat_n(String::new(), blank));
        out.push_str(&row(cells.collect()));
    }
    out.push('\n');
}

/// One line, with Markdown's own signs made harmless.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push_str("<br>"),
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => out.push('·'),
            '|' | '\\' | '`' | '*' | '_' | '<' | '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
