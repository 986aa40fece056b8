//! The page as tables for spreadsheets: one table a file.
//!
//! [`tables`] gives every table of the page by its key — figures, facts and charts are tables
//! too — and last `about`: title, origin, notes, what the colours mean. Nothing is cut. Group
//! headings become a first column, so that every row stands by itself.
//!
//! Written by RFC 4180 with LF: fields with a comma, a quote or a line break are quoted. A
//! field of words that begins with `= + - @` (also full-width), a tab, a carriage return or
//! `'` gets one `'` in front, so that no spreadsheet takes it for a formula; taking one `'`
//! away before those gives the words back. Counts, dates and measured values are left as they are.

use crate::page::{Block, Cell, Kind, Page, Table};

/// Sets a spreadsheet at ease about UTF-8.
pub const BOM: &str = "\u{feff}";

/// Every table with its key, in the order of the page; `about` is the last.
pub fn tables(page: &Page) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut facts: Vec<[String; 3]> = Vec::new();
    let mut prose: Vec<[String; 3]> = Vec::new();
    let mut heading = String::new();
    for block in &page.blocks {
        match block {
            Block::Heading(h) => {
                heading.clone_from(&h.text);
                prose.push(["heading".into(), String::new(), word(&h.text)]);
            }
            Block::Prose(text) => prose.push(["text".into(), String::new(), word(text)]),
            Block::Facts(all) => facts.extend(all.iter().map(|(k, v)| [word(&heading), word(k), cell(v)])),
            Block::Figures(all) => {
                let rows = all.iter().map(|f| [word(&f.label), cell(&f.value), word(&f.aside)]);
                put(
                    &mut out,
                    "figures",
                    std::iter::once(["figure", "value", "aside"].map(String::from)).chain(rows).map(Vec::from).collect(),
                );
            }
            Block::Table(t) => put(&mut out, &t.key, table(t)),
            Block::Chart(c) => {
                prose.push(["chart".into(), word(&c.key), word(&format!("{} — {}", c.title, c.said))]);
                put(&mut out, &c.key, table(&c.table()));
            }
            Block::Break => {}
        }
    }
    if !facts.is_empty() {
        let head = ["heading", "label", "value"].map(String::from);
        put(&mut out, "facts", std::iter::once(head).chain(facts).map(Vec::from).collect());
    }
    put(&mut out, "about", about(page, prose));
    out
}

/// The tables one after another, each under its key: for a pipe.
pub fn render(page: &Page) -> String {
    let all = tables(page);
    let section = |(key, text): &(String, String)| format!("[{key}]\n{text}");
    all.iter().map(section).collect::<Vec<_>>().join("\n")
}

/// Two tables of one key are told apart by number.
fn put(out: &mut Vec<(String, String)>, key: &str, rows: Vec<Vec<String>>) {
    let key = if key.is_empty() { "table" } else { key };
    let (mut name, mut n) = (key.to_string(), 1);
    while out.iter().any(|(k, _)| *k == name) {
        n += 1;
        name = format!("{key}-{n}");
    }
    let text = rows.iter().map(|r| r.iter().map(|f| field(f)).collect::<Vec<_>>().join(",") + "\n").collect();
    out.push((name, text));
}

fn table(t: &Table) -> Vec<Vec<String>> {
    let grouped = t.rows.iter().any(|r| r.kind == Kind::Group);
    let lead = |first: &str| grouped.then(|| word(first)).into_iter();
    let mut rows = vec![lead("group").chain(t.columns.iter().map(|c| word(&c.label))).collect::<Vec<_>>()];
    let mut group = String::new();
    for r in &t.rows {
        match r.kind {
            Kind::Group => group = r.cells.first().map_or(String::new(), Cell::text),
            _ => rows.push(lead(if r.is_total() { "" } else { &group }).chain(r.cells.iter().map(cell)).collect()),
        }
    }
    if t.rows.is_empty() {
        rows.push(vec![word(&t.empty)]);
    }
    rows
}

fn about(page: &Page, prose: Vec<[String; 3]>) -> Vec<Vec<String>> {
    let mut rows = vec![["what", "key", "value"].map(String::from)];
    let mut line = |what: &str, key: &str, value: &str| rows.push([what.into(), word(key), word(value)]);
    line("title", "", &page.title);
    page.marking.iter().for_each(|m| line("marking", "", m));
    page.banner.iter().for_each(|m| line("banner", "", m));
    page.head.iter().filter(|h| !h.is_empty()).for_each(|h| line("head", "", h));
    page.meta.iter().for_each(|m| line("meta", "", m));
    for (key, value) in &page.origin {
        let text = value.as_str().map_or_else(|| value.to_string(), String::from);
        line("origin", key, &text);
    }
    rows.extend(prose);
    let mut line = |what: &str, key: &str, value: &str| rows.push([what.into(), word(key), word(value)]);
    page.legend.iter().for_each(|(tone, text)| line("legend", tone.code(), text));
    page.notes.iter().for_each(|n| line("note", "", n));
    page.signature.iter().for_each(|s| line("signature", s, ""));
    rows.into_iter().map(Vec::from).collect()
}

/// Numbers and dates as they are, what stands below a date too; words made harmless.
fn cell(c: &Cell) -> String {
    match c {
        Cell::Count(_) | Cell::Lit(..) | Cell::Share(..) => c.text(),
        Cell::Date(day, _) => c.below().map_or(day.to_string(), |below| word(&format!("{day}\n{below}"))),
        Cell::Number(n) if n.parse::<f64>().is_ok() => n.clone(),
        _ => word(&c.text()),
    }
}

/// Words that no spreadsheet takes for a formula.
fn word(text: &str) -> String {
    let risky = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\'');
    if text.starts_with(risky) { format!("'{text}") } else { text.to_string() }
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula_and_measured_values_stay_numbers() {
        for bad in ["=1+1", "+SUM(A1)", "-2", "@x", "＝1", "\tx", "'=1"] {
            assert_eq!(cell(&Cell::new(bad)), format!("'{bad}"));
        }
        assert_eq!(cell(&Cell::Number("-3.50".into())), "-3.50");
        assert_eq!(cell(&Cell::Number("=1".into())), "'=1");
        assert_eq!(cell(&Cell::new("—")), "—");
        assert_eq!(field("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
    }
}
