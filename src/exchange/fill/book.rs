//! The table as a workbook: the register's columns locked, the others to be filled in with
//! lists and checks, the row's note hidden, and a sheet that says how.

use super::columns::{COLUMNS, Holds, head};
use super::guide;
use super::lay::{Laid, Table, Value};
use crate::finding::words;
use crate::model::{Lang, Light, Words};
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula,
    ProtectionOptions, Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// The row of the head, from 0: title and lines stand above it.
const HEAD: u32 = 4;
/// The sheet of lists that the drop-downs look at.
const LISTS: &str = "_lists";

/// The workbook; equal tables give equal bytes.
///
/// # Errors
/// Where the table does not fit a sheet.
pub fn write(t: &Table) -> Result<Vec<u8>, Words> {
    let long = |v: &Value| matches!(v, Value::Text(t) if t.chars().count() > LONG);
    if let Some(row) = t.rows.iter().find(|r| r.values.iter().any(long)) {
        let id = if let Value::Text(t) = &row.values[0] { t.as_str() } else { "—" };
        return Err(words(
            format!("{id} 有一格超过 {LONG} 个字符，工作簿放不下；请用 csv"),
            format!("{id} has a cell of more than {LONG} characters, which a workbook cannot hold; use csv"),
        ));
    }
    make(t).map_err(|e| words(format!("无法写成工作簿：{e}"), format!("it does not fit a workbook: {e}")))
}

fn make(t: &Table) -> Result<Vec<u8>, XlsxError> {
    let (zh, mut book) = (t.lang != Lang::En, Workbook::new());
    let created = stamp(t.day)?;
    book.set_properties(&DocProperties::new().set_title(fit(&t.title)).set_creation_datetime(&created));
    let mut lists = Lists::default();
    let mut sheet = Worksheet::new();
    sheet.set_name(if zh { "填报" } else { "Fill in" })?;
    top(&mut sheet, t)?;
    let columns = t.columns();
    for (c, i) in columns.iter().enumerate() {
        let column = &COLUMNS[*i];
        sheet.set_column_width(c as u16, column.width)?;
        if column.holds == Holds::Base {
            sheet.set_column_hidden(c as u16)?;
        }
    }
    let looks = Looks::new();
    for (r, row) in t.rows.iter().enumerate() {
        let at = HEAD + 1 + r as u32;
        line(&mut sheet, at, row, &columns, &looks)?;
        sheet.set_row_height(at, height(row, &columns))?;
    }
    checks(&mut sheet, t, &columns, &mut lists)?;
    let last = HEAD + t.rows.len() as u32;
    sheet.set_freeze_panes(HEAD + 1, 2)?;
    sheet.autofilter(HEAD, 0, last.max(HEAD), columns.len() as u16 - 1)?;
    sheet.protect_with_options(&ProtectionOptions {
        use_autofilter: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEAD, HEAD)?;
    book.push_worksheet(sheet);
    book.push_worksheet(guide::sheet(zh)?);
    book.push_worksheet(lists.sheet()?);
    book.save_to_buffer()
}

/// Points that a row takes: programs differ in whether they reckon it themselves.
fn height(row: &Laid, columns: &[usize]) -> f64 {
    let lines = columns.iter().filter(|i| COLUMNS[**i].holds != Holds::Base).map(|i| match &row.values[*i] {
        Value::Text(t) => {
            let width = |l: &str| l.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>();
            t.lines().map(|l| (width(l) / (COLUMNS[*i].width - 1.0)).ceil().max(1.0)).sum::<f64>()
        }
        _ => 1.0,
    });
    // A row may have 409 points.
    (lines.fold(1.0, f64::max) * 14.5 + 3.0).min(400.0)
}

/// A sheet's cell holds 32,767 characters.
const LONG: usize = 32_000;

/// What XML can hold.
fn fit(text: &str) -> String {
    super::row::tidy(text)
}

fn stamp(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(u16::try_from(day.year().max(1900)).unwrap_or(1900), day.month() as u8, day.day() as u8)
}

/// Title, lines, head.
fn top(sheet: &mut Worksheet, t: &Table) -> Result<(), XlsxError> {
    sheet.write_with_format(0, 0, fit(&t.title), &Format::new().set_bold().set_font_size(16))?;
    for (i, text) in t.lines.iter().take(HEAD as usize - 1).enumerate() {
        sheet.write_with_format(1 + i as u32, 0, fit(text), &Format::new().set_font_color("#444444"))?;
    }
    let base = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let base = base.set_border(FormatBorder::Thin);
    for (c, i) in t.columns().into_iter().enumerate() {
        let given = matches!(COLUMNS[i].holds, Holds::Said | Holds::Id | Holds::Base);
        let ground = if given { "#D9D9D9" } else { "#DDEBF7" };
        sheet.write_with_format(HEAD, c as u16, head(&COLUMNS[i]), &base.clone().set_background_color(ground))?;
    }
    sheet.set_row_height(HEAD, 46)?;
    Ok(())
}

struct Looks {
    given: Format,
    open: Format,
}

impl Looks {
    fn new() -> Looks {
        let cell = Format::new().set_text_wrap().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        Looks { given: cell.clone().set_background_color("#F2F2F2"), open: cell.set_unlocked() }
    }
}

/// The ground of a light; its word stands on it.
fn ground(light: Light) -> &'static str {
    match light {
        Light::Red => "#F4A69E",
        Light::Amber => "#FFD97A",
        Light::Green => "#A9D8A4",
        Light::Grey => "#D0D0D0",
    }
}

fn line(sheet: &mut Worksheet, at: u32, row: &Laid, columns: &[usize], looks: &Looks) -> Result<(), XlsxError> {
    for (c, i) in columns.iter().enumerate() {
        let (c, column) = (c as u16, &COLUMNS[*i]);
        // Where the id is not known, it can be mended.
        let given = matches!(column.holds, Holds::Said | Holds::Base) || column.holds == Holds::Id && row.light.is_some();
        let mut look = if given { looks.given.clone() } else { looks.open.clone() };
        if column.key == "light"
            && let Some(light) = row.light
        {
            look = look.set_background_color(ground(light));
        }
        look = match column.holds {
            Holds::Percent => look.set_num_format("0%"),
            Holds::Day | Holds::Until => look.set_num_format("yyyy-mm-dd"),
            // A number must stay as it is typed.
            Holds::Decimal | Holds::Word | Holds::Text | Holds::Id => look.set_num_format("@"),
            _ => look,
        };
        match &row.values[*i] {
            Value::Blank => sheet.write_blank(at, c, &look)?,
            Value::Text(t) => sheet.write_string_with_format(at, c, fit(t), &look)?,
            Value::Percent(n) => sheet.write_number_with_format(at, c, f64::from(*n) / 100.0, &look)?,
            Value::Day(d) => sheet.write_with_format(at, c, stamp(*d)?, &look.set_num_format("yyyy-mm-dd"))?,
        };
    }
    Ok(())
}

/// Lists by what stands in them, a column each on a hidden sheet: a list in the cell itself
/// may hold 255 characters, which Chinese names and their commas soon exceed.
#[derive(Default)]
struct Lists(BTreeMap<Vec<String>, u16>);

impl Lists {
    fn reference(&mut self, list: &[String]) -> Formula {
        let next = self.0.len() as u16;
        let column = *self.0.entry(list.to_vec()).or_insert(next);
        let letters = super::grid::letters(u32::from(column));
        Formula::new(format!("={LISTS}!${letters}$1:${letters}${}", list.len().max(1)))
    }
    fn sheet(&self) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(LISTS)?.set_hidden(true);
        for (list, column) in &self.0 {
            for (row, text) in list.iter().enumerate() {
                sheet.write_string(row as u32, *column, fit(text))?;
            }
        }
        Ok(sheet)
    }
}

/// What may be typed where.
fn checks(sheet: &mut Worksheet, t: &Table, columns: &[usize], lists: &mut Lists) -> Result<(), XlsxError> {
    let zh = t.lang != Lang::En;
    let say = |a: &'static str, b: &'static str| if zh { a } else { b };
    let (first, last) = (HEAD + 1, HEAD + t.rows.len() as u32);
    if t.rows.is_empty() {
        return Ok(());
    }
    for (c, i) in columns.iter().enumerate() {
        let c = c as u16;
        match COLUMNS[*i].holds {
            Holds::Event | Holds::Target => {
                for (r, row) in t.rows.iter().enumerate() {
                    let offered = if COLUMNS[*i].holds == Holds::Event { &row.events } else { &row.targets };
                    if !offered.is_empty() {
                        let text =
                            say("请从列表中选：只列出现状下可办的", "choose from the list: it has what is lawful from the present state");
                        let check = list(lists, offered, text)?;
                        sheet.add_data_validation(first + r as u32, c, first + r as u32, c, &check)?;
                    }
                }
            }
            Holds::EvidenceType => {
                let check = list(lists, &t.evidence, say("请从列表中选", "choose from the list"))?;
                sheet.add_data_validation(first, c, last, c, &check)?;
            }
            Holds::Yes => {
                let check = list(lists, &[say("是", "yes").to_string()], say("填“是”或留空", "yes, or nothing"))?;
                sheet.add_data_validation(first, c, last, c, &check)?;
            }
            Holds::Percent => {
                let check = DataValidation::new().allow_decimal_number(DataValidationRule::Between(0.0, 1.0));
                let check = check.set_error_message(say("0% 到 100%", "0% to 100%"))?;
                sheet.add_data_validation(first, c, last, c, &check)?;
            }
            Holds::Day | Holds::Until => {
                let span = DataValidationRule::Between(ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2100, 12, 31)?);
                let style =
                    if COLUMNS[*i].holds == Holds::Day { DataValidationErrorStyle::Stop } else { DataValidationErrorStyle::Warning };
                let check = DataValidation::new().allow_date(span).set_error_style(style);
                let check = check.set_error_message(say("请填日期，如 2026-03-01", "a date, such as 2026-03-01"))?;
                sheet.add_data_validation(first, c, last, c, &check)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn list(lists: &mut Lists, of: &[String], message: &str) -> Result<DataValidation, XlsxError> {
    DataValidation::new().allow_list_formula(lists.reference(of)).set_error_message(message)
}
