//! What a page says, as one digest: equal pages have equal stamps whatever the file around
//! them looks like, so that a file whose bytes depend on fonts or packing can be compared.
//!
//! Every field is written with its name and its length, so that no two pages give the same
//! bytes; a new field changes the stamp, and so it should.

use crate::digest::Running;
use crate::page::{Block, Cell, Chart, Ink, Page, Shape, Table, Tone};

/// The digest of a page, 64 hexadecimal digits.
pub fn of(page: &Page) -> String {
    let mut out = Canon(Running::default());
    out.add("duban/page", "1").add("key", &page.key).add("lang", &page.lang).add("title", &page.title);
    page.head.iter().for_each(|h| out.say("head", h));
    page.marking.iter().for_each(|m| out.say("marking", m));
    page.meta.iter().for_each(|m| out.say("meta", m));
    out.say("origin", &serde_json::to_string(&page.origin).unwrap_or_default());
    page.banner.iter().for_each(|b| out.say("banner", b));
    page.blocks.iter().for_each(|b| block(&mut out, b));
    page.legend.iter().for_each(|(tone, text)| out.say(tone.code(), text));
    page.notes.iter().for_each(|n| out.say("note", n));
    page.signature.iter().for_each(|s| out.say("signature", s));
    out.0.short(64)
}

struct Canon(Running);

impl Canon {
    fn say(&mut self, name: &str, text: &str) {
        self.0.add(name, text.as_bytes());
    }
    fn add(&mut self, name: &str, text: &str) -> &mut Canon {
        self.say(name, text);
        self
    }
}

fn block(out: &mut Canon, block: &Block) {
    match block {
        Block::Heading(h) => {
            out.add("heading", &h.level.to_string()).add("text", &h.text).say("anchor", h.anchor.as_deref().unwrap_or_default());
        }
        Block::Prose(text) => out.say("prose", text),
        Block::Facts(facts) => facts.iter().for_each(|(label, value)| cell(out.add("fact", label), value)),
        Block::Figures(figures) => figures.iter().for_each(|f| {
            out.add("figure", &f.label).add("aside", &f.aside).say("tone", f.tone.map_or("", Tone::code));
            cell(out, &f.value);
        }),
        Block::Table(t) => table(out, t),
        Block::Chart(c) => chart(out, c),
        Block::Break => out.say("break", ""),
    }
}

fn cell(out: &mut Canon, cell: &Cell) {
    let pair = |a: &str, b: &str| format!("{a} {b}");
    match cell {
        Cell::Text(t) => out.say("text", t),
        Cell::Id(t, anchor) => out.add("id", t).say("to", anchor.as_deref().unwrap_or_default()),
        Cell::Count(n) => out.say("count", &n.to_string()),
        Cell::Share(a, b) => out.say("share", &pair(&a.to_string(), &b.to_string())),
        Cell::Light(tone, t) => out.say("light", &pair(tone.code(), t)),
        Cell::Date(day, t) => out.say("date", &pair(&day.to_string(), t)),
        Cell::Number(t) => out.say("number", t),
    }
}

fn table(out: &mut Canon, t: &Table) {
    out.add("table", &t.key).add("caption", &t.caption).say("empty", &t.empty);
    for c in &t.columns {
        out.add("column", &c.key).add("label", &c.label).add("short", &c.short).add("query", &c.query);
        out.say("set", &format!("{} {} {}", c.right, c.whole, c.width));
    }
    for r in &t.rows {
        out.add("row", &format!("{:?}", r.kind)).say("query", &r.query);
        r.cells.iter().for_each(|c| cell(out, c));
    }
}

fn chart(out: &mut Canon, c: &Chart) {
    out.add("chart", &c.key).add("title", &c.title).add("said", &c.said).say("over", &c.over);
    let ink = |i: &Ink| match i {
        Ink::Tone(tone) => tone.code().to_string(),
        Ink::Shade(n) => n.to_string(),
    };
    match &c.shape {
        Shape::Bars { series, .. } => series.iter().for_each(|(name, i)| out.add("bar", name).say("ink", &ink(i))),
        Shape::Lines { series, .. } => series.iter().for_each(|(name, i)| out.add("line", name).say("ink", &ink(i))),
        Shape::Calendar { months } => months.iter().for_each(|(month, counts)| {
            out.say("month", month);
            counts.iter().for_each(|(tone, n)| out.say(tone.code(), &n.to_string()));
        }),
        Shape::Net { nodes, .. } => nodes.iter().for_each(|n| {
            out.add("node", &n.label).add("title", &n.title).add("tone", n.tone.map_or("", Tone::code));
            out.add("to", n.anchor.as_deref().unwrap_or_default()).say("set", &format!("{} {}", n.layer, n.outside));
        }),
    }
    table(out, &c.table());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_more_or_less_is_another_stamp() {
        let page = Page { title: "督办台账".into(), ..Page::default() };
        let other = Page { title: "督办台".into(), meta: vec!["账".into()], ..Page::default() };
        assert_eq!(of(&page), of(&page.clone()));
        assert_eq!(of(&page).len(), 64);
        assert_ne!(of(&page), of(&other));
        let count = |n| Page { blocks: vec![Block::Facts(vec![("红".into(), Cell::Count(n))])], ..page.clone() };
        assert_ne!(of(&count(11)), of(&count(12)));
    }
}
