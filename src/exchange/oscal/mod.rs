//! OSCAL 1.2.1, the form of the tools for governance, risk and compliance.
//!
//! Seven kinds of files that stand side by side and point to each other by name:
//! [`catalog`] the obligations as controls, [`component`] who leads and supports, [`results`] state
//! and evidence, [`poam`] what is open or late, [`mapping`] the law crosswalk, and [`law`] one
//! catalogue a law for it to point into. A profile, a system security plan or an assessment plan is
//! not made up: nothing here is one; the results say so in a resource of their own.
//!
//! Order of things: [`book`] names everything and writes the heads, [`when`] the dates; then one
//! file a document. [`read`] goes the other way: a catalogue becomes a policy.

mod book;
mod catalog;
mod component;
mod law;
mod mapping;
mod poam;
pub mod read;
mod results;
mod when;

use super::ask::{Ask, File, Written};
use crate::model::Words;
use serde_json::Value;

/// The files that are there only when there is something to say: an earlier one left over in
/// the same folder would say what is so no longer.
pub const SOMETIMES: &[&str] = &["poam.json", "mapping.json"];

/// Every document.
pub fn write(ask: &Ask) -> Written {
    let book = book::Book::new(ask);
    let two = |zh: &str, en: &str| Words { zh: Some(zh.into()), en: Some(en.into()) };
    if book.obligations.is_empty() {
        return Err(two("没有选中任何义务，没有内容可导出", "no obligation is selected, so there is nothing to export"));
    }
    if !when::holds(ask.day()) {
        return Err(two("OSCAL 只容纳 1901 至 2998 年的日期", "OSCAL has room for dates of the years 1901 to 2998 alone"));
    }
    let laws = law::all(&book);
    // Each is written before the next is made: as trees all of them together take several times
    // the room of their bytes.
    let file = |name: &str, value: Value| File::text(name, text(&value));
    let mut files = vec![
        file("catalog.json", catalog::document(&book)),
        file("component-definition.json", component::document(&book)),
        file("assessment-results.json", results::document(&book)),
    ];
    files.extend(poam::document(&book).map(|d| file("poam.json", d)));
    files.extend(mapping::document(&book, &laws).map(|d| file("mapping.json", d)));
    files.extend(laws.iter().map(|l| file(&l.file, law::document(&book, l))));
    Ok(files)
}

fn text(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a document is plain data") + "\n"
}
