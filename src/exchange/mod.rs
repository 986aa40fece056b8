//! Other systems' forms, out and in.
//!
//! Nothing here changes a state: what comes back from people is read into proposals that
//! `intake` judges and `log::append` records. Equal register and as-of day give equal bytes.
//! What could not be read is told by every form that has a place for it, and by the command.
//!
//! Order of things: [`ask`] is what an export is made from and what it gives; then one file
//! or folder a form. A form is added with its file and one line in [`KINDS`]. What comes in is
//! read by [`fill`], [`oscal`] and [`reqif`] (into the [`draft`] of a policy); [`names`] are ids
//! that stay.

pub mod ask;
mod ciso;
mod clean;
pub mod draft;
pub mod fill;
pub mod graphml;
pub mod ical;
mod json;
mod names;
pub mod oscal;
pub mod reqif;
mod tables;
mod yaml;

pub use ask::{Ask, File, Written};
pub use draft::{Brought, Given, Source};

use crate::model::Term;

/// A form that other systems read.
pub struct Kind {
    /// Its name on the command line, `oscal`.
    pub name: &'static str,
    /// What it is.
    pub words: Term,
    /// Makes the files; several have names that tell them apart.
    pub write: fn(&Ask) -> Written,
    /// Is it one file that a pipe may take?
    pub piped: bool,
}

const fn text(name: &'static str, words: Term, write: fn(&Ask) -> Written) -> Kind {
    Kind { name, words, write, piped: true }
}

/// Every form, by name.
pub const KINDS: &[Kind] = &[
    text("ciso", Term("CISO Assistant 库：框架与法条对照", "CISO Assistant library: framework and law crosswalk"), ciso::write),
    text("csv", Term("填报表（CSV），每个牵头单位一份", "fill-in tables as CSV, one a lead department"), fill::write_csv),
    text("csv-bom", Term("同上，带字节顺序标记，供双击打开", "the same with a byte-order mark, for spreadsheets"), fill::write_csv_bom),
    text("graphml", Term("GraphML：义务及其关联的图", "GraphML: the obligations with everything they touch"), graphml::write),
    text(
        "ical",
        Term(
            "日历：每个牵头单位一个文件，含时限、复核、恢复、复查日期",
            "calendars, a file a lead department: due, review, resume and re-check dates",
        ),
        ical::by_department,
    ),
    text("ical-all", Term("日历：全部日期一个文件", "one calendar of all these dates"), ical::together),
    text(
        "json",
        Term("全部数据：义务、依赖、任务及其状态", "everything as data: obligations, links, assignments and their state"),
        json::write,
    ),
    Kind {
        name: "oscal",
        words: Term(
            "OSCAL 1.2.1：目录、组件、评估结果、整改计划、法条对照",
            "OSCAL 1.2.1: catalogue, components, assessment results, plan of action, law crosswalk",
        ),
        write: oscal::write,
        piped: false,
    },
    text(
        "reqif",
        Term("ReqIF 1.2：义务及其依赖，供需求管理工具", "ReqIF 1.2: obligations and their links, for requirements tools"),
        reqif::write,
    ),
    text(
        "tables",
        Term("四张 CSV 表：义务、任务、依赖、法条", "four CSV tables: obligations, assignments, links, articles"),
        tables::write,
    ),
    text("tables-bom", Term("同上，带字节顺序标记，供双击打开", "the same with a byte-order mark, for spreadsheets"), tables::with_bom),
    #[cfg(feature = "xlsx")]
    Kind {
        name: "xlsx",
        words: Term("填报工作簿，每个牵头单位一份", "fill-in workbooks, one a lead department"),
        write: fill::write_xlsx,
        piped: false,
    },
];

/// Files that a form writes only when there is something to say. One of an earlier export that is
/// still there, and not written now, says what is so no longer.
pub fn sometimes(form: &str) -> &'static [&'static str] {
    match form {
        "oscal" => oscal::SOMETIMES,
        _ => &[],
    }
}

/// A form by its name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.name == name)
}
