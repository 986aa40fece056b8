//! Any total can be opened into its rows: the query behind every count that has one is run, and
//! selects as many obligations or assignments as the figure says.

use crate::worlds;
use duban::model::Lang;
use duban::page::{Cell, Page};
use duban::snapshot::{Snapshot, query::Query};
use std::collections::BTreeSet;

/// What a query selects: assignments, or with `unit:obligation` obligations.
fn selects(s: &Snapshot, query: &str) -> usize {
    let q = Query::parse(s, &[query.to_string()]).unwrap_or_else(|w| panic!("`{query}` does not open: {}", w.say(Lang::En)));
    let all = q.select(s);
    if q.whole() { all.iter().map(|d| s.roster.duties[*d].obligation).collect::<BTreeSet<_>>().len() } else { all.len() }
}

/// Counts that open, each with what its query selects; the numbers must be equal.
fn opened(s: &Snapshot, page: &Page) -> Vec<(String, usize, usize)> {
    let mut out = Vec::new();
    for t in page.tables() {
        for row in &t.rows {
            for (i, cell) in row.cells.iter().enumerate() {
                let Some(query) = t.opens(row, i) else { continue };
                let n = match cell {
                    Cell::Count(n) | Cell::Lit(_, n) => *n,
                    _ => continue,
                };
                // What could not be read stays in the total and is listed beside every list.
                let more = if row.is_total() && t.columns[i].key == "total" { s.register.invalid.len() } else { 0 };
                out.push((format!("{} {} `{query}`", t.key, t.columns[i].key), n, selects(s, &query) + more));
            }
        }
    }
    out
}

#[test]
fn every_total_opens_into_its_rows() {
    let mut n = 0;
    let mut some = 0;
    for (name, s) in worlds::all() {
        let filters: &[&str] = if name == "sample city" {
            &["", "dept:CITY-PSB", "light:red", "unit:obligation light:amber", "part:OPN-3 not:status:closed", "OPN-0.03 OPN-0.04"]
        } else {
            &[""]
        };
        for filter in filters {
            for (layout, page) in worlds::pages(&s, filter, Lang::En) {
                for (what, said, selected) in opened(&s, &page) {
                    assert_eq!(said, selected, "{name}, filter `{filter}`, {layout}: {what}");
                    n += 1;
                    some += usize::from(said > 0);
                }
            }
        }
    }
    assert!(n > 6_000 && some > 1_000, "only {n} counts opened, {some} of them more than nothing");
}

/// The comparison sees a wrong figure and a wrong query.
#[test]
fn a_total_that_does_not_open_into_its_rows_is_seen() {
    let s = worlds::shipped("obligations/sample-city");
    let (_, mut page) = worlds::pages(&s, "", Lang::En).into_iter().find(|(l, _)| l == "by-part").unwrap();
    let agree = |page: &Page| opened(&s, page).iter().all(|(_, said, selected)| said == selected);
    assert!(agree(&page));
    let good = page.clone();
    for block in &mut page.blocks {
        if let duban::page::Block::Table(t) = block {
            t.rows[0].cells[1] = Cell::Count(999);
        }
    }
    assert!(!agree(&page), "a wrong figure passed");
    let mut page = good;
    for block in &mut page.blocks {
        if let duban::page::Block::Table(t) = block {
            t.columns.iter_mut().filter(|c| c.key == "closed").for_each(|c| c.query = "status:operating".into());
        }
    }
    assert!(!agree(&page), "a wrong query passed");
}
