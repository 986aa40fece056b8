//! The same figures come out of every format: each is parsed back and held against the page.
//!
//! A table is compared cell by cell, words and all, wherever the form keeps cells apart; key
//! figures and charts by their values. The control changes one figure of a page and must be
//! seen in every format.

use crate::worlds;
use duban::model::Lang;
use duban::page::{Block, Cell, Kind, Page, Row, Shape, Table};
use duban::render::{csv, json, markdown, terminal};
use serde_json::Value;

/// What a page says in figures: the cells of each table, key figures, chart counts.
#[derive(Debug, Clone, PartialEq, Default)]
struct Said {
    /// Rows of cells that are no groups, by table.
    tables: Vec<Vec<Vec<String>>>,
    /// Values of key figures.
    figures: Vec<String>,
    /// Counts of charts, in drawing order.
    charts: Vec<Vec<usize>>,
}

fn items(t: &Table) -> impl Iterator<Item = &Row> {
    t.rows.iter().filter(|r| r.kind != Kind::Group)
}

/// What the form does with a cell that it can bear as words.
fn of_page(page: &Page, cell: fn(&Cell) -> String) -> Said {
    let mut said = Said::default();
    for block in &page.blocks {
        match block {
            Block::Table(t) => said.tables.push(items(t).map(|r| r.cells.iter().map(cell).collect()).collect()),
            Block::Figures(all) => said.figures.extend(all.iter().map(|f| cell(&f.value))),
            Block::Chart(c) => said.charts.push(match &c.shape {
                Shape::Bars { bars, .. } => bars.iter().flat_map(|b| b.1.clone()).collect(),
                Shape::Lines { points, .. } => points.iter().flat_map(|p| p.1.iter().flatten().copied()).collect(),
                Shape::Calendar { months } => months.iter().map(|m| m.1.iter().map(|x| x.1).sum()).collect(),
                Shape::Net { edges, .. } => vec![edges.len()],
            }),
            _ => {}
        }
    }
    said
}

fn plain(c: &Cell) -> String {
    c.text()
}

/// Dates are ISO in data, with what stands below them.
fn data(c: &Cell) -> String {
    match c {
        Cell::Date(day, _) => c.below().map_or(day.to_string(), |below| format!("{day}\n{below}")),
        other => other.text(),
    }
}

/// Is a chart one that is read as a table of counts?
fn counted(page: &Page) -> Vec<bool> {
    page.blocks.iter().filter_map(|b| if let Block::Chart(c) = b { Some(!matches!(c.shape, Shape::Net { .. })) } else { None }).collect()
}

fn split_row(line: &str) -> Vec<String> {
    let (mut cells, mut now, mut escaped) = (Vec::new(), String::new(), false);
    let inner = line.strip_prefix("| ").and_then(|l| l.strip_suffix(" |")).unwrap_or_else(|| panic!("no row: {line}"));
    for c in inner.chars() {
        match c {
            _ if escaped => {
                now.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '|' => cells.push(std::mem::take(&mut now)),
            c => now.push(c),
        }
    }
    cells.push(now);
    cells.iter().map(|c| c.trim().replace("<br>", "\n")).collect()
}

/// Grids of the Markdown text, in order; key figures from lines `- **label**: value — aside`.
fn of_markdown(page: &Page) -> Said {
    let text = markdown::render(page);
    let mut grids: Vec<Vec<Vec<String>>> = Vec::new();
    let mut inside = false;
    let mut fact_lines = Vec::new();
    for line in text.lines() {
        if !line.starts_with("| ") {
            inside = false;
            fact_lines.extend(line.strip_prefix("- **"));
            continue;
        }
        if !inside {
            grids.push(Vec::new());
        }
        inside = true;
        grids.last_mut().unwrap().push(split_row(line));
    }
    let figures = page.blocks.iter().find_map(|b| if let Block::Figures(f) = b { Some(f.len()) } else { None }).unwrap_or(0);
    let value = |line: &&str| line.split_once("**: ").unwrap().1.split(" — ").next().unwrap().to_string();
    let mut said = Said { figures: fact_lines.iter().take(figures).map(value).collect(), ..Said::default() };
    let mut grids = grids.into_iter();
    for block in &page.blocks {
        match block {
            Block::Table(t) if t.rows.is_empty() => said.tables.push(Vec::new()),
            Block::Table(t) => {
                // Head and rule; then rows, groups among them.
                let rows = grids.next().expect("a grid").into_iter().skip(2).zip(&t.rows).filter(|(_, r)| r.kind != Kind::Group);
                said.tables.push(rows.map(|(cells, r)| if r.is_total() { unbold(cells) } else { cells }).collect());
            }
            Block::Chart(c) if c.table().rows.is_empty() => said.charts.push(vec![0; usize::from(matches!(c.shape, Shape::Net { .. }))]),
            Block::Chart(c) => {
                let rows: Vec<Vec<String>> = grids.next().expect("a grid").into_iter().skip(2).collect();
                said.charts.push(match c.shape {
                    Shape::Net { .. } => vec![rows.len()],
                    _ => rows.iter().flat_map(|r| r[1..].iter().filter(|c| !c.is_empty()).map(|c| c.parse().unwrap())).collect(),
                });
            }
            _ => {}
        }
    }
    assert!(grids.next().is_none(), "a grid too many");
    said
}

fn unbold(cells: Vec<String>) -> Vec<String> {
    cells.iter().map(|c| c.strip_prefix("**").and_then(|c| c.strip_suffix("**")).unwrap_or(c).to_string()).collect()
}

/// RFC 4180, read back; one `'` before what would be a formula taken away.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(field.is_empty() && row.is_empty() && !quoted, "the last line ends");
    let risky = |t: &str| t.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\'']);
    let tame = |f: String| f.strip_prefix('\'').filter(|t| risky(t)).map(String::from).unwrap_or(f);
    rows.into_iter().map(|r| r.into_iter().map(tame).collect()).collect()
}

fn of_csv(page: &Page) -> Said {
    let mut files = csv::tables(page).into_iter();
    let mut said = Said::default();
    for block in &page.blocks {
        match block {
            Block::Table(t) => {
                let rows = records(&files.next().expect("a file").1);
                let grouped = usize::from(t.rows.iter().any(|r| r.kind == Kind::Group));
                let rows = if t.rows.is_empty() { &rows[..0] } else { &rows[1..] };
                said.tables.push(rows.iter().map(|r| r[grouped..].to_vec()).collect());
            }
            Block::Figures(_) => {
                let rows = records(&files.next().expect("a file").1);
                said.figures.extend(rows[1..].iter().map(|r| r[1].clone()));
            }
            Block::Chart(c) => {
                let rows = records(&files.next().expect("a file").1);
                let rows = if c.table().rows.is_empty() { &rows[..0] } else { &rows[1..] };
                said.charts.push(match c.shape {
                    Shape::Net { .. } => vec![rows.len()],
                    _ => rows.iter().flat_map(|r| r[1..].iter().filter(|c| !c.is_empty()).map(|c| c.parse().unwrap())).collect(),
                });
            }
            _ => {}
        }
    }
    said
}

/// A typed value as the page would say it.
fn say(v: &Value) -> String {
    match v {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        Value::Object(o) if o.contains_key("light") => o["text"].as_str().unwrap().into(),
        Value::Object(o) => Cell::Share(o["have"].as_u64().unwrap() as usize, o["of"].as_u64().unwrap() as usize).text(),
        other => panic!("no cell: {other}"),
    }
}

fn of_json(page: &Page) -> Said {
    let v: Value = serde_json::from_str(&json::render(page)).unwrap();
    let mut said = Said::default();
    for b in v["blocks"].as_array().unwrap() {
        match b["block"].as_str().unwrap() {
            "table" => {
                let keys: Vec<&str> = b["columns"].as_array().unwrap().iter().map(|c| c["key"].as_str().unwrap()).collect();
                let rows = b["rows"].as_array().unwrap().iter().filter(|r| r["kind"] != "group");
                let below = |r: &Value, k: &str| r["below"][k].as_str().map_or(String::new(), |below| format!("\n{below}"));
                said.tables.push(rows.map(|r| keys.iter().map(|k| say(&r["cells"][k]) + &below(r, k)).collect()).collect());
            }
            "figures" => said.figures.extend(b["figures"].as_array().unwrap().iter().map(|f| say(&f["value"]))),
            "chart" => {
                let d = &b["data"];
                let counts = |all: &Value| -> Vec<usize> {
                    let each = all.as_array().unwrap().iter().flat_map(|x| x["counts"].as_array().unwrap());
                    each.filter_map(|n| n.as_u64().map(|n| n as usize)).collect()
                };
                said.charts.push(match () {
                    _ if d.get("bars").is_some() => counts(&d["bars"]),
                    _ if d.get("lines").is_some() => counts(&d["lines"]),
                    _ if d.get("edges").is_some() => vec![d["edges"].as_array().unwrap().len()],
                    _ => {
                        let sum = |m: &Value| m["counts"].as_object().unwrap().values().map(|n| n.as_u64().unwrap() as usize).sum();
                        d["calendar"].as_array().unwrap().iter().map(sum).collect()
                    }
                });
            }
            _ => {}
        }
    }
    said
}

/// The terminal at a width at which nothing wraps: grids between `│`, one line a row, or as many
/// as a cell has lines.
fn of_terminal(page: &Page) -> Said {
    let text = terminal::render(page, terminal::Style { width: 40_000, colour: false });
    let mut lines = text.lines();
    let mut said = Said::default();
    let mut skip_to = |what: &dyn Fn(&str) -> bool| lines.by_ref().find(|l| what(l)).map(String::from);
    for block in &page.blocks {
        match block {
            Block::Table(t) if t.rows.is_empty() => said.tables.push(Vec::new()),
            Block::Table(t) => {
                let mut rows = Vec::new();
                for piece in t.rows.chunk_by(|_, next| next.kind != Kind::Group) {
                    let inside: Vec<&Row> = piece.iter().filter(|r| r.kind != Kind::Group).collect();
                    if inside.is_empty() {
                        continue;
                    }
                    skip_to(&|l| l.starts_with('╞')).expect("the rule under a head");
                    for r in inside {
                        let high = r.cells.iter().map(|c| c.text().split('\n').count()).max().unwrap_or(1);
                        let mut cells = vec![Vec::new(); r.cells.len()];
                        for _ in 0..high {
                            let line = skip_to(&|_| true).expect("a row");
                            let inner =
                                line.strip_prefix('│').and_then(|l| l.strip_suffix('│')).unwrap_or_else(|| panic!("no row: {line}"));
                            inner.split('┆').enumerate().for_each(|(i, c)| cells[i].push(c.trim().to_string()));
                        }
                        rows.push(cells.into_iter().map(|c| c.join("\n").trim().to_string()).collect());
                    }
                }
                said.tables.push(rows);
            }
            Block::Figures(all) => {
                for f in all {
                    let line = skip_to(&|l| l.starts_with(&f.label)).expect("a figure");
                    said.figures.push(line[f.label.len()..].split_whitespace().next().unwrap().to_string());
                }
            }
            Block::Chart(c) => {
                skip_to(&|l| l == c.title).expect("a chart");
                let mut counts = Vec::new();
                match &c.shape {
                    Shape::Net { edges, .. } => {
                        let found = edges.iter().filter(|_| skip_to(&|l| l.contains(" → ")).is_some()).count();
                        counts.push(found);
                    }
                    Shape::Calendar { months } => {
                        for (month, _) in months {
                            let line = skip_to(&|l| l.starts_with(month.as_str())).expect("a month");
                            counts.push(line.split_whitespace().nth(1).unwrap().parse().unwrap());
                        }
                    }
                    Shape::Bars { series, bars } => {
                        for (name, _) in bars {
                            skip_to(&|l| l.starts_with(name.as_str())).expect("a bar");
                            let line = skip_to(&|_| true).expect("its counts");
                            let said: Vec<&str> = line.trim().split(" · ").collect();
                            let of = |s: &str| said.iter().find_map(|p| p.strip_prefix(s)?.trim().parse().ok()).unwrap_or(0);
                            counts.extend(series.iter().map(|s| of(&s.0)));
                        }
                    }
                    Shape::Lines { series, .. } => {
                        let mut all: Vec<Vec<usize>> = Vec::new();
                        for (name, _) in series {
                            skip_to(&|l| l.starts_with(name.as_str())).expect("a line");
                            let line = skip_to(&|_| true).expect("its values");
                            all.push(line.split_whitespace().map(|n| n.parse().unwrap()).collect());
                        }
                        let longest = all.iter().map(Vec::len).max().unwrap_or(0);
                        // By point in time, as the page has them.
                        counts.extend((0..longest).flat_map(|i| all.iter().filter_map(move |s| s.get(i).copied())));
                    }
                }
                said.charts.push(counts);
            }
            _ => {}
        }
    }
    said
}

/// Words as a terminal shows them: at a line's end and its beginning no space.
fn trimmed(mut said: Said) -> Said {
    for cell in said.tables.iter_mut().flatten().flatten() {
        *cell = cell.split('\n').map(str::trim).collect::<Vec<_>>().join("\n").trim().to_string();
    }
    said
}

/// Charts of nets that a form cannot count when there is none.
fn without_nets(mut said: Said, page: &Page) -> Said {
    let keep = counted(page);
    let mut i = 0;
    said.charts.retain(|_| {
        i += 1;
        keep[i - 1]
    });
    said
}

/// Every format against the page: the name of the first that says something else.
fn disagreement(page: &Page, printed: &Page) -> Option<String> {
    let check = |name: &str, want: Said, got: Said| {
        let (want, got) = (trimmed(want), trimmed(got));
        (want != got).then(|| {
            for (i, (a, b)) in want.tables.iter().zip(&got.tables).enumerate() {
                if a != b {
                    let at = a.iter().zip(b).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
                    return format!("{name}: table {i}, row {at}: {:?} is not {:?}", a.get(at), b.get(at));
                }
            }
            format!("{name}: {:?} {:?} are not {:?} {:?}", want.figures, want.charts, got.figures, got.charts)
        })
    };
    None.or_else(|| check("markdown", of_page(page, plain), of_markdown(printed)))
        .or_else(|| check("csv", of_page(page, data), of_csv(printed)))
        .or_else(|| check("json", of_page(page, data), of_json(printed)))
        .or_else(|| check("terminal", without_nets(of_page(page, plain), page), without_nets(of_terminal(printed), page)))
}

#[test]
fn every_format_says_the_same_figures() {
    let mut pages = 0;
    for (name, s) in worlds::all() {
        for lang in [Lang::Zh, Lang::En] {
            for (layout, page) in worlds::pages(&s, "", lang) {
                if let Some(what) = disagreement(&page, &page) {
                    panic!("{name}, {layout}, {lang:?}: {what}");
                }
                pages += 1;
            }
        }
    }
    assert!(pages > 1000, "only {pages} pages were compared");
}

/// One figure of a page changed by one.
fn spoilt(page: &Page) -> Option<Page> {
    let mut bad = page.clone();
    for block in &mut bad.blocks {
        match block {
            Block::Table(t) => {
                for cell in t.rows.iter_mut().flat_map(|r| &mut r.cells) {
                    match cell {
                        Cell::Count(n) | Cell::Lit(_, n) => {
                            *n += 1;
                            return Some(bad);
                        }
                        Cell::Light(_, text) | Cell::Number(text) if !text.is_empty() => {
                            text.push('1');
                            return Some(bad);
                        }
                        _ => {}
                    }
                }
            }
            Block::Figures(all) => {
                if let Some(f) = all.first_mut() {
                    f.value = Cell::Count(987_654);
                    return Some(bad);
                }
            }
            _ => {}
        }
    }
    None
}

#[test]
fn one_changed_figure_is_seen_in_every_format() {
    let s = worlds::shipped("obligations/sample-city");
    let mut seen = 0;
    for (layout, page) in worlds::pages(&s, "", Lang::Zh) {
        let Some(bad) = spoilt(&page) else { continue };
        for (name, want, got) in [
            ("markdown", of_page(&page, plain), of_markdown(&bad)),
            ("csv", of_page(&page, data), of_csv(&bad)),
            ("json", of_page(&page, data), of_json(&bad)),
            ("terminal", of_page(&page, plain), of_terminal(&bad)),
        ] {
            assert_ne!(trimmed(want), trimmed(got), "{layout}: {name} hides a changed figure");
            seen += 1;
        }
    }
    assert!(seen >= 60, "only {seen} controls ran");
}

/// Under sixty columns a table is a list: every figure stands in its row's paragraph.
#[test]
fn the_narrow_list_keeps_every_figure() {
    let s = worlds::shipped("obligations/sample-city");
    for (layout, page) in worlds::pages(&s, "", Lang::Zh) {
        let text = terminal::render(&page, terminal::Style { width: 50, colour: false });
        let flat: String = text.split_whitespace().collect();
        for row in page.tables().flat_map(items) {
            for cell in &row.cells {
                let said: String = cell.text().split_whitespace().collect();
                assert!(*cell == Cell::Count(0) || flat.contains(&said), "{layout}: {said} is not there");
            }
        }
        assert!(text.lines().all(|l| unicode_width::UnicodeWidthStr::width(l) <= 50), "{layout} is wider than the terminal");
    }
}
