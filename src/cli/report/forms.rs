//! The formats of a report: one line each.
//!
//! A form makes one or several files of a page. A binary one may carry the page's digest in
//! its bytes ([`Form::carried`]): then `--check` compares that instead of the bytes, which may
//! hang on fonts and on the version of a library.

use super::faces::Faces;
use crate::cli::context::{Said, near as closest};
use crate::page::Page;
use crate::render::{csv as sheets, html, json, markdown, stamp, terminal};
use crate::text::did_you_mean;
use std::rc::Rc;

/// What a form needs to know besides the page.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Columns and colour of the terminal; a file is always 120 columns wide and without colour.
    pub style: terminal::Style,
    /// The page's digest, for forms that carry it.
    pub digest: String,
    /// The fonts of the paper form, looked for once and only when asked.
    #[cfg_attr(not(feature = "pdf"), allow(dead_code))]
    pub faces: Rc<Faces>,
}

impl Setting {
    /// For a file: the same wherever it is written.
    pub fn file(page: &Page, faces: &Rc<Faces>) -> Setting {
        Setting { style: terminal::Style { width: 120, colour: false }, digest: stamp::stamp(page), faces: faces.clone() }
    }
}

/// Reads the page digest out of a file's bytes.
pub type Carried = fn(&[u8]) -> Option<String>;

/// What a form makes of a page: what stands between the report's name and the extension, and
/// the bytes.
pub type Made = Vec<(String, Vec<u8>)>;

/// Makes one file of several pages.
pub type Together = fn(&[&Page]) -> Result<Vec<u8>, String>;

/// A format.
pub struct Form {
    /// `md`.
    pub name: &'static str,
    /// Other names of it.
    pub also: &'static [&'static str],
    /// Extension of its files.
    pub extension: &'static str,
    /// Not for a terminal.
    pub binary: bool,
    /// Is it among those that `--all` writes?
    pub in_all: bool,
    /// Makes the files; `Err` says why it cannot.
    pub render: fn(&Page, &Setting) -> Result<Made, String>,
    /// The page digest that its bytes carry, for binary forms.
    pub carried: Option<Carried>,
    /// Makes one file of all pages of a report, for a form that has sheets.
    pub together: Option<Together>,
    /// Its counts lead to the rows behind them.
    pub behind: bool,
}

fn one(text: String) -> Result<Made, String> {
    Ok(vec![(String::new(), text.into_bytes())])
}

const fn text(
    name: &'static str,
    also: &'static [&'static str],
    extension: &'static str,
    render: fn(&Page, &Setting) -> Result<Made, String>,
) -> Form {
    Form { name, also, extension, binary: false, in_all: true, render, carried: None, together: None, behind: false }
}

/// Every format.
pub const FORMS: &[Form] = &[
    Form { in_all: false, ..text("terminal", &["text"], "txt", |p, s| one(terminal::render(p, s.style))) },
    text("md", &["markdown"], "md", |p, _| one(markdown::render(p))),
    text("csv", &[], "csv", |p, _| Ok(tables(p, ""))),
    Form { in_all: false, ..text("csv-bom", &[], "bom.csv", |p, _| Ok(tables(p, sheets::BOM))) },
    text("json", &[], "json", |p, _| one(json::render(p))),
    text("html", &[], "html", |p, _| one(html::render(p))),
    #[cfg(feature = "pdf")]
    Form { binary: true, carried: Some(crate::render::pdf::stamp), ..text("pdf", &[], "pdf", |p, s| whole(s.faces.pdf(p))) },
    #[cfg(feature = "xlsx")]
    Form { binary: true, behind: true, together: Some(workbook), ..text("xlsx", &["excel"], "xlsx", |p, _| whole(workbook(&[p]))) },
    #[cfg(feature = "docx")]
    Form {
        binary: true,
        carried: Some(crate::render::docx::stamp),
        ..text("docx", &["word"], "docx", |p, _| whole(crate::render::docx::render(p).map_err(|e| e.to_string())))
    },
];

#[cfg(feature = "xlsx")]
fn workbook(pages: &[&Page]) -> Result<Vec<u8>, String> {
    crate::render::xlsx::render(pages).map_err(|e| e.to_string())
}

#[cfg(any(feature = "docx", feature = "pdf", feature = "xlsx"))]
fn whole(bytes: Result<Vec<u8>, String>) -> Result<Made, String> {
    Ok(vec![(String::new(), bytes?)])
}

/// The table that is the report goes by the report's name alone, the others have theirs behind it.
fn tables(page: &Page, bom: &str) -> Made {
    let name = |key: &str| if key == page.key { String::new() } else { format!(".{key}") };
    sheets::tables(page).into_iter().map(|(key, text)| (name(&key), format!("{bom}{text}").into_bytes())).collect()
}

/// One text for a pipe, where the form makes several files.
pub fn piped(form: &Form, page: &Page, setting: &Setting) -> Result<Vec<u8>, String> {
    match form.name {
        "csv" => Ok(sheets::render(page).into_bytes()),
        "csv-bom" => Ok(format!("{}{}", sheets::BOM, sheets::render(page)).into_bytes()),
        _ => Ok((form.render)(page, setting)?.into_iter().flat_map(|(_, bytes)| bytes).collect()),
    }
}

/// The form with a name.
///
/// # Errors
/// That there is none, with the names that there are.
pub fn find(name: &str) -> Result<&'static Form, (Said, Said)> {
    FORMS.iter().find(|f| f.name == name || f.also.contains(&name)).ok_or_else(|| {
        let all: Vec<&str> = FORMS.iter().map(|f| f.name).collect();
        let near = did_you_mean(name, all.iter().copied());
        let all = all.join(", ");
        let hint = closest(near, &format!("可用的格式：{all}"), &format!("formats: {all}"));
        ((format!("没有格式 `{name}`"), format!("there is no format `{name}`")).into(), hint.into())
    })
}

#[cfg(test)]
mod tests {
    use super::FORMS;
    use crate::report::layout::saved::FORMATS;

    #[test]
    fn the_check_of_saved_reports_knows_every_format() {
        let all: Vec<&str> = FORMS.iter().flat_map(|f| std::iter::once(&f.name).chain(f.also)).copied().collect();
        assert!(all.iter().all(|f| FORMATS.contains(f)), "{all:?}");
        #[cfg(all(feature = "pdf", feature = "xlsx", feature = "docx"))]
        assert_eq!(all, FORMATS);
    }
}
