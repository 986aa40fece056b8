//! What keeps a saved report from being run: found by asking what running it asks, without
//! printing it.

use super::ask::{Ask, Period};
use super::columns;
use crate::model::{Lang, Saved, Words};
use crate::snapshot::{Snapshot, query::Query};

/// Every format that a saved report may name, with its other names.
pub const FORMATS: &[&str] =
    &["terminal", "text", "md", "markdown", "csv", "csv-bom", "json", "html", "pdf", "xlsx", "excel", "docx", "word"];

/// One mistake.
pub struct Fault {
    /// The key that it stands at, and where in its list.
    pub key: &'static str,
    /// The element of the list.
    pub item: Option<usize>,
    /// What is wrong.
    pub what: Words,
    /// The word that names nothing, and those that would.
    pub unknown: Option<(String, Vec<String>)>,
}

impl Fault {
    fn unknown(key: &'static str, item: Option<usize>, what: (&str, &str), word: &str, known: Vec<String>) -> Fault {
        let what = said(format!("没有{} {word}", what.0), format!("there is no {} `{word}`", what.1));
        Fault { key, item, what, unknown: Some((word.into(), known)) }
    }
    fn told(key: &'static str, what: Words) -> Fault {
        Fault { key, item: None, what, unknown: None }
    }
}

fn said(zh: String, en: String) -> Words {
    Words { zh: Some(zh.into()), en: Some(en.into()) }
}

/// What is wrong with a saved report.
pub fn faults(s: &Snapshot, saved: &Saved) -> Vec<Fault> {
    let mut out = Vec::new();
    let layout = super::find(saved.layout.as_str());
    if layout.is_none() {
        let known = super::LAYOUTS.iter().map(|l| l.key.to_string()).collect();
        out.push(Fault::unknown("layout", None, ("版式", "layout"), saved.layout.as_str(), known));
    }
    for (i, format) in saved.formats.iter().enumerate().filter(|(_, f)| !FORMATS.contains(&f.as_str())) {
        let known = FORMATS.iter().map(|f| (*f).to_string()).collect();
        out.push(Fault::unknown("formats", Some(i), ("格式", "format"), format.as_str(), known));
    }
    let filter: Vec<String> = saved.filter.iter().map(|f| f.to_string()).collect();
    let query = Query::parse(s, &filter).map_err(|what| out.push(Fault::told("filter", what)));
    let period = saved.period.as_ref().map(|p| Period::parse(p.as_str(), s.day())).transpose();
    if let Err(what) = &period {
        out.push(Fault::told("period", what.clone()));
    }
    if let (Some(layout), false) = (layout, saved.columns.is_empty()) {
        let known: Vec<String> = if layout.any_column {
            columns::keys().map(String::from).collect()
        } else {
            // Which columns its tables have is known when they are made.
            let page = (layout.build)(&Ask::new(s, &query.unwrap_or_default(), Lang::En, None));
            page.tables().flat_map(|t| t.columns.iter().map(|c| c.key.clone())).collect()
        };
        for (i, column) in saved.columns.iter().enumerate().filter(|(_, c)| !known.iter().any(|k| k == c.as_str())) {
            let word = column.as_str();
            let what = said(format!("版式 {} 没有列 {word}", layout.key), format!("layout {} has no column `{word}`", layout.key));
            out.push(Fault { key: "columns", item: Some(i), what, unknown: Some((word.into(), known.clone())) });
        }
    }
    out
}
