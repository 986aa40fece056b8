//! Tables: heading, rows in groups, totals set off, a nil report where there is nothing.

use super::ids::Ids;
use super::said::{Dated, Line, Said, Word};
use super::sheet::{Sheet, sheet};
use super::words::Words;
use crate::page::{Cell, Kind, Row, Table, Tone};
use crate::render::tongues::tongues;
use maud::{Markup, Render, html};

/// From so many rows on the script offers a filter.
pub const FILTERED: usize = 30;

/// Class of a light.
pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Red => "r",
        Tone::Amber => "a",
        Tone::Green => "g",
        Tone::Grey => "k",
    }
}

/// A table; its style sheet goes to `styles`.
pub fn table(t: &Table, number: usize, ids: &mut Ids, styles: &mut String, words: &Words) -> Markup {
    let Sheet { class, css, head, stacks } = sheet(t, number);
    styles.push_str(&css);
    let id = ids.fresh(if t.key.is_empty() { "table" } else { &t.key });
    let long = t.items() > FILTERED;
    let ids = &*ids;
    let rows = Rows { t, ids, head, stacks };
    html! {
        table id=(Line(&id)) class=(class) data-long[long] {
            @if !t.caption.is_empty() { caption { (Said(&t.caption)) } }
            colgroup { @for _ in &t.columns { col; } }
            thead { tr { @for c in &t.columns { th.bi[tongues(&c.label).is_some()] scope="col" { (Said(&c.label)) } } } }
            @if t.rows.is_empty() { tbody { tr.nil { td colspan=(t.columns.len().max(1)) { (Said(&t.empty)) } } } }
            @else { (rows) }
        }
        @if ids.links.is_none() && rows.any_opens() { p.hint { (words.opens) } }
    }
}

/// The rows, a body for each group.
struct Rows<'a> {
    t: &'a Table,
    ids: &'a Ids,
    head: usize,
    /// Narrow screens stack the rows, and leave out what is zero.
    stacks: bool,
}

impl Rows<'_> {
    fn any_opens(&self) -> bool {
        self.t.rows.iter().any(|r| !r.query.is_empty() && (0..self.t.columns.len()).any(|i| self.t.opens(r, i).is_some()))
    }

    fn row(&self, out: &mut String, row: &Row) {
        out.push_str(if row.is_total() { "<tr class=\"s\">" } else { "<tr>" });
        let blank = Cell::Text(String::new());
        for i in 0..self.t.columns.len().max(row.cells.len()) {
            let cell = row.cells.get(i).unwrap_or(&blank);
            let zero = self.stacks && *cell == Cell::Count(0);
            let (open, close) = match (i == self.head, zero) {
                (true, _) => ("<th scope=\"row\">", "</th>"),
                (_, true) => ("<td class=\"z\">", "</td>"),
                _ => ("<td>", "</td>"),
            };
            out.push_str(open);
            let dated = self.t.columns.get(i).is_some_and(|c| c.whole);
            Held { cell, ids: self.ids, opens: self.t.opens(row, i), dated }.render_to(out);
            out.push_str(close);
        }
        out.push_str("</tr>");
    }
}

impl Render for Rows<'_> {
    fn render_to(&self, out: &mut String) {
        let mut open = false;
        for row in &self.t.rows {
            if !open || row.kind == Kind::Group {
                out.push_str(if open { "</tbody><tbody>" } else { "<tbody>" });
                open = true;
            }
            if row.kind == Kind::Group {
                let text: Vec<String> = row.cells.iter().map(Cell::text).collect();
                html! { tr.g { th scope="rowgroup" colspan=(self.t.columns.len().max(1)) { (Said(&text.join(" "))) } } }.render_to(out);
            } else {
                self.row(out, row);
            }
        }
        if open {
            out.push_str("</tbody>");
        }
    }
}

/// What a cell holds.
pub struct Held<'a> {
    /// The cell.
    pub cell: &'a Cell,
    /// Where links may lead.
    pub ids: &'a Ids,
    /// The query that opens a count.
    pub opens: Option<String>,
    /// Its column holds dates and what is told of them.
    pub dated: bool,
}

impl Held<'_> {
    /// An id, leading to what it means where there is an address for it.
    fn led(&self, out: &mut String, text: &str) {
        match self.ids.links.as_ref().and_then(|l| (l.card)(text)) {
            Some(to) => html! { a href=(to) { (Word(text)) } }.render_to(out),
            None => Said(text).render_to(out),
        }
    }
}

impl Render for Held<'_> {
    fn render_to(&self, out: &mut String) {
        // Nothing behind it: on a screen of links that leads nowhere.
        if self.ids.links.is_some() && self.opens.is_some() && *self.cell == Cell::Count(0) {
            out.push('0');
            return;
        }
        if let (Some(query), Some(links)) = (&self.opens, &self.ids.links) {
            html! { a.o href=((links.open)(query)) title=(Line(query)) { (Held { opens: None, ..*self }) } }.render_to(out);
            return;
        }
        if let Some(query) = &self.opens {
            html! { abbr title=(Line(query)) { (Held { opens: None, ..*self }) } }.render_to(out);
            return;
        }
        match self.cell {
            Cell::Light(t, text) if !text.is_empty() => {
                out.push_str("<span class=\"");
                out.push_str(tone(*t));
                out.push_str("\">");
                Said(text).render_to(out);
                out.push_str("</span>");
            }
            Cell::Lit(t, n) => {
                out.push_str("<span class=\"");
                out.push_str(tone(*t));
                out.push_str("\">");
                out.push_str(&n.to_string());
                out.push_str("</span>");
            }
            Cell::Id(text, anchor) => match self.ids.card(anchor.as_deref()) {
                Some(id) => html! { a href={ "#" (Line(id)) } { (Word(text)) } }.render_to(out),
                None => self.led(out, text),
            },
            Cell::Date(_, text) => parted(out, text),
            Cell::Text(text) if self.dated && self.ids.links.is_some() && text.contains('-') && !text.contains(' ') => self.led(out, text),
            Cell::Text(text) if self.dated => parted(out, text),
            Cell::Text(text) => Dated(text).render_to(out),
            Cell::Light(_, text) | Cell::Number(text) => Said(text).render_to(out),
            Cell::Count(_) | Cell::Share(..) => out.push_str(&self.cell.text()),
        }
    }
}

/// Dates with a place to break after the year, where the column is narrow.
fn parted(out: &mut String, text: &str) {
    let mut parts = text.split('年').peekable();
    while let Some(part) = parts.next() {
        Said(part).render_to(out);
        if let Some(next) = parts.peek() {
            out.push_str(if next.starts_with(|c: char| c.is_ascii_digit()) { "年<wbr>" } else { "年" });
        }
    }
}
