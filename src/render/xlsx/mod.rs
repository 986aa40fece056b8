//! Workbooks: a sheet a page, so that a department pack is a sheet a department.
//!
//! Cells keep their type: counts, shares and days are numbers that a spreadsheet reckons
//! with, formatted as the page says them; ids are text for ever. Nothing becomes a formula.
//!
//! Order of things: [`names`] of sheets; [`below`], days without what stands below them; [`grid`], the widths that all blocks of a sheet
//! share; [`plan`] gives each block its rows, so that links know where cards will stand;
//! [`sheet`] writes them, with [`frame`], [`table`] and [`chart`] (a [`calendar`] by colour); [`value`] and
//! [`looks`] are what stands in a cell and how; [`paper`] is the printed page, [`error`] what
//! can go wrong.

mod below;
mod calendar;
mod chart;
mod error;
mod frame;
mod grid;
mod looks;
mod names;
mod paper;
mod plan;
mod sheet;
mod table;
mod value;

pub use error::XlsxError;

use super::office;
use crate::page::Page;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

/// The pages as one workbook; behind them the rows that their counts lead to.
pub fn render(pages: &[&Page]) -> Result<Vec<u8>, XlsxError> {
    let first = *pages.first().ok_or(XlsxError::Empty)?;
    let behind: Vec<&Page> = pages.iter().filter_map(|p| p.behind.as_deref()).collect();
    let mut names = names::of(pages, &[]);
    names.extend(names::of(&behind, &names));
    let pages: Vec<&Page> = pages.iter().copied().chain(behind).collect();
    let plans = pages.iter().zip(&names).map(|(p, n)| plan::Plan::of(p, n)).collect::<Result<Vec<_>, _>>()?;
    let anchors = plan::Anchors::of(&plans);
    let mut book = Workbook::new();
    book.set_properties(&properties(first)?);
    for plan in &plans {
        book.push_worksheet(sheet::write(plan, &anchors)?);
    }
    Ok(book.save_to_buffer()?)
}

/// Dated by the as-of day and by nothing else.
fn properties(page: &Page) -> Result<DocProperties, XlsxError> {
    use chrono::Datelike;
    let day = office::day(page);
    let (year, month, of_month) = (u16::try_from(day.year()).unwrap_or(2000), day.month() as u8, day.day() as u8);
    let created = ExcelDateTime::from_ymd(year.max(1900), month, of_month)?;
    let mut out = DocProperties::new().set_title(office::clean(&page.title)).set_creation_datetime(&created);
    for key in ["as_of", "data_version", "filter"] {
        let said = office::origin(page, key);
        if !said.is_empty() && said.len() <= 255 {
            out = out.set_custom_property(key, &*office::clean(said));
        }
    }
    let language = if office::chinese(page) { "zh-CN" } else { "en" };
    Ok(out.set_custom_property("language", language))
}
