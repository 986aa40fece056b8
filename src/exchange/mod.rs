//! Other systems' forms, out and in.
//!
//! Nothing here changes a state: what comes back from people is read into proposals that
//! `intake` judges and `log::append` records. Equal register and as-of day give equal bytes.
//! What could not be read is told by every form that has a place for it, and by the command.
//!
//! Order of things: [`ask`] is what an export is made from and what it gives; then one file
//! or folder a form. A form is added with its file and one line in [`KINDS`].

pub mod ask;
mod ciso;
mod clean;
pub mod fill;
mod json;
mod names;
pub mod oscal;
mod yaml;

pub use ask::{Ask, File, Written};

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

/// Every form, by name.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "ciso",
        words: Term("CISO Assistant 库：框架与法条对照", "CISO Assistant library: framework and law crosswalk"),
        write: ciso::write,
        piped: true,
    },
    Kind {
        name: "csv",
        words: Term("填报表（CSV），每个牵头单位一份", "fill-in tables as CSV, one a lead department"),
        write: fill::write_csv,
        piped: true,
    },
    Kind {
        name: "csv-bom",
        words: Term("同上，带字节顺序标记，供双击打开", "the same with a byte-order mark, for spreadsheets"),
        write: fill::write_csv_bom,
        piped: true,
    },
    Kind {
        name: "json",
        words: Term("全部数据：义务、依赖、任务及其状态", "everything as data: obligations, links, assignments and their state"),
        write: json::write,
        piped: true,
    },
    Kind {
        name: "oscal",
        words: Term(
            "OSCAL 1.2.1：目录、组件、评估结果、整改计划、法条对照",
            "OSCAL 1.2.1: catalogue, components, assessment results, plan of action, law crosswalk",
        ),
        write: oscal::write,
        piped: false,
    },
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
