//! The page as data, schema `duban/report/1` (`report.schema.json` beside this file).
//!
//! What the report says of itself stands at the top: `schema`, `report`, `as_of`, `filter`,
//! `read` and the rest of the page's origin. Then the words of the page and its `blocks` in
//! order. Cells keep their type: a count is a number, a rate two counts, a date ten
//! characters (what pages print below it stands in the row's `below`), a measured value its digits as text; a light is its colour and its words,
//! a count with a light its number too.

use crate::page::{Block, Cell, Chart, Figure, Ink, Kind, Page, Row, Shape, Table};
use serde_json::{Map, Value, json};

/// The page as JSON text.
pub fn render(page: &Page) -> String {
    serde_json::to_string_pretty(&value(page)).expect("a page is plain data") + "\n"
}

/// The page as a value.
pub fn value(page: &Page) -> Value {
    let mut out = page.origin.clone();
    if !out.contains_key("schema") {
        out.insert("schema".into(), json!("duban/report/1"));
    }
    if !out.contains_key("report") {
        out.insert("report".into(), json!(page.key));
    }
    let words = json!({
        "title": page.title,
        "lang": page.lang,
        "head": page.head,
        "marking": page.marking,
        "banner": page.banner,
        "meta": page.meta,
        "blocks": page.blocks.iter().map(block).collect::<Vec<_>>(),
        "legend": page.legend.iter().map(|(tone, text)| json!({"light": tone.code(), "text": text})).collect::<Vec<_>>(),
        "notes": page.notes,
        "signature": page.signature,
    });
    if let Value::Object(words) = words {
        out.extend(words);
    }
    Value::Object(out)
}

fn block(b: &Block) -> Value {
    match b {
        Block::Heading(h) => json!({"block": "heading", "level": h.level, "text": h.text, "anchor": h.anchor}),
        Block::Prose(text) => json!({"block": "prose", "text": text}),
        Block::Facts(facts) => {
            let all: Vec<Value> = facts.iter().map(|(k, v)| json!({"label": k, "value": cell(v)})).collect();
            json!({"block": "facts", "facts": all})
        }
        Block::Figures(all) => json!({"block": "figures", "figures": all.iter().map(figure).collect::<Vec<_>>()}),
        Block::Table(t) => table(t),
        Block::Chart(c) => chart(c),
        Block::Break => json!({"block": "break"}),
    }
}

fn figure(f: &Figure) -> Value {
    json!({"label": f.label, "value": cell(&f.value), "aside": f.aside, "light": f.tone.map(|t| t.code())})
}

/// A cell with its type.
fn cell(c: &Cell) -> Value {
    match c {
        Cell::Text(t) | Cell::Id(t, _) | Cell::Number(t) => json!(t),
        Cell::Count(n) => json!(n),
        Cell::Share(have, of) => json!({"have": have, "of": of, "rate": (*of > 0).then(|| *have as f64 / *of as f64)}),
        Cell::Light(tone, text) => json!({"light": tone.code(), "text": text}),
        Cell::Lit(tone, n) => json!({"light": tone.code(), "text": c.text(), "count": n}),
        Cell::Date(day, _) => json!(day.to_string()),
    }
}

fn table(t: &Table) -> Value {
    let kind = |c: usize| {
        let cells = t.rows.iter().filter(|r| r.kind == Kind::Item).filter_map(|r| r.cells.get(c)).filter(|c| !c.is_blank());
        let mut kinds: Vec<&str> = cells.map(sort).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    let columns: Vec<Value> =
        t.columns.iter().enumerate().map(|(i, c)| json!({"key": name(t, i), "label": c.label, "types": kind(i)})).collect();
    let rows: Vec<Value> = t.rows.iter().map(|r| row(t, r)).collect();
    json!({
        "block": "table", "key": t.key, "caption": t.caption, "columns": columns,
        "rows": rows, "nil": t.rows.is_empty().then_some(&t.empty),
    })
}

fn sort(c: &Cell) -> &'static str {
    match c {
        Cell::Text(_) => "text",
        Cell::Id(..) => "id",
        Cell::Count(_) => "count",
        Cell::Share(..) => "share",
        Cell::Light(..) | Cell::Lit(..) => "light",
        Cell::Date(..) => "date",
        Cell::Number(_) => "number",
    }
}

/// The key of a column; its place where it has none.
fn name(t: &Table, i: usize) -> String {
    if t.columns[i].key.is_empty() { format!("c{i}") } else { t.columns[i].key.clone() }
}

fn row(t: &Table, r: &Row) -> Value {
    if r.kind == Kind::Group {
        return json!({"kind": "group", "text": r.cells.first().map_or(String::new(), Cell::text)});
    }
    let cells: Map<String, Value> = r.cells.iter().enumerate().map(|(i, c)| (name(t, i), cell(c))).collect();
    let opens: Map<String, Value> = (0..r.cells.len()).filter_map(|i| Some((name(t, i), json!(t.opens(r, i)?)))).collect();
    let kind = if r.is_total() { "total" } else { "item" };
    let mut out = json!({"kind": kind, "cells": cells});
    if !opens.is_empty() {
        out["opens"] = Value::Object(opens);
    }
    let below: Map<String, Value> = r.cells.iter().enumerate().filter_map(|(i, c)| Some((name(t, i), json!(c.below()?)))).collect();
    if !below.is_empty() {
        out["below"] = Value::Object(below);
    }
    out
}

fn ink(i: &Ink) -> Value {
    match i {
        Ink::Tone(t) => json!(t.code()),
        Ink::Shade(n) => json!(n),
    }
}

fn chart(c: &Chart) -> Value {
    let series = |all: &[(String, Ink)]| all.iter().map(|(name, i)| json!({"name": name, "ink": ink(i)})).collect::<Vec<_>>();
    let data = match &c.shape {
        Shape::Bars { series: s, bars } => {
            json!({"bars": bars.iter().map(|(k, n)| json!({"at": k, "counts": n})).collect::<Vec<_>>(), "series": series(s)})
        }
        Shape::Lines { series: s, points } => {
            json!({"lines": points.iter().map(|(k, n)| json!({"at": k, "counts": n})).collect::<Vec<_>>(), "series": series(s)})
        }
        Shape::Calendar { months } => {
            let month = |(m, n): &(String, Vec<(crate::page::Tone, usize)>)| {
                let counts: Map<String, Value> = n.iter().map(|(t, n)| (t.code().to_string(), json!(n))).collect();
                json!({"at": m, "counts": counts})
            };
            json!({"calendar": months.iter().map(month).collect::<Vec<_>>()})
        }
        Shape::Net { nodes, edges } => json!({
            "nodes": nodes.iter().map(|n| json!({
                "label": n.label, "title": n.title, "layer": n.layer, "light": n.tone.map(|t| t.code()), "outside": n.outside,
            })).collect::<Vec<_>>(),
            "edges": edges.iter().map(|(a, b, w)| json!({"from": nodes[*a].label, "to": nodes[*b].label, "link": w})).collect::<Vec<_>>(),
        }),
    };
    json!({"block": "chart", "key": c.key, "title": c.title, "said": c.said, "over": c.over, "data": data})
}
