//! The front page of a folder of reports: titles, and the files of each by format.

use super::frame::{document, plain_css};
use super::said::{Dated, Line, Said};
use super::words;
use maud::{Markup, html};

/// A report of the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What it belongs to (a folder, 部门清单); entries of one group stand together. May be empty.
    pub group: String,
    /// Title.
    pub title: String,
    /// Its as-of day in words.
    pub day: String,
    /// Name of a format as people call it (HTML, PDF), and its file's path from the index.
    pub files: Vec<(String, String)>,
}

/// The index as one HTML file; `notes` are lines under the title, `foot` those at the end (fonts).
pub fn index(lang: &str, title: &str, notes: &[String], entries: &[Entry], foot: &[String]) -> String {
    let words = words::of(lang, false);
    let mut groups: Vec<(&str, Vec<&Entry>)> = Vec::new();
    for e in entries {
        match groups.iter_mut().find(|g| g.0 == e.group) {
            Some(group) => group.1.push(e),
            None => groups.push((&e.group, vec![e])),
        }
    }
    let body = html! {
        header id="top" { h1 { (Said(title)) } @if !notes.is_empty() { ul.meta { @for n in notes { li { (Said(n)) } } } } }
        main id="main" { @for (name, list) in &groups { @if !name.is_empty() { h2 { (Said(name)) } } (shelf(list, words)) } }
        @if !foot.is_empty() { footer { ul.notes { @for n in foot { li { (Said(n)) } } } } }
    };
    document(lang, title, &plain_css(), false, &body, words).into_string()
}

fn shelf(list: &[&Entry], words: &words::Words) -> Markup {
    html! {
        table.ix {
            thead { tr { th scope="col" { (words.report) } th scope="col" { (words.as_of) } th scope="col" { (words.files) } } }
            tbody {
                @for e in list {
                    tr {
                        th scope="row" { @match e.files.first() { Some((_, path)) => a href=(href(path)) { (Line(&e.title)) }, None => (Said(&e.title)) } }
                        td { (Dated(&e.day)) }
                        td { @for (i, (format, path)) in e.files.iter().enumerate() { @if i > 0 { " · " } a href=(href(path)) { (Line(format)) } } }
                    }
                }
            }
        }
    }
}

/// A path as a link: whatever is in it stays a path below the index, never a scheme, a host
/// or a query.
fn href(path: &str) -> String {
    let mut out = String::from("./");
    for b in path.trim_start_matches(['/', '\\']).bytes() {
        match b {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => out.push(b as char),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_paths() {
        assert_eq!(href("packs/公安局.html"), "./packs/%E5%85%AC%E5%AE%89%E5%B1%80.html");
        assert_eq!(href("javascript:alert(1)"), "./javascript%3Aalert%281%29");
        assert_eq!(href("//evil.example/x?y#z"), "./evil.example/x%3Fy%23z");
    }
}
