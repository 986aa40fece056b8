//! Other systems' forms, out and in.
//!
//! Nothing here changes a state: what comes back from people is read into proposals that
//! `intake` judges and `log::append` records. Equal register and as-of day give equal bytes.
//! What could not be read is told by every form that has a place for it, and by the command.
//!
//! Order of things: [`ask`] is what an export is made from and what it gives; then one file
//! or folder a form. A form is added with its file and one line in [`KINDS`]; one that comes in
//! with a line in [`FOREIGN`]: [`draft`] is the policy that such a file becomes. [`ids`] are ids
//! that stay.

pub mod ask;
pub mod draft;
pub mod graphml;
pub mod ical;
mod ids;
mod json;
mod reqif;
mod tables;

pub use ask::{Ask, File, Written};
pub use draft::{Brought, Given, Source};

use crate::model::{Term, Words};

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
    text(
        "json",
        Term("全部数据：义务、依赖、任务及其状态", "everything as data: obligations, links, assignments and their state"),
        json::write,
    ),
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
    text("graphml", Term("GraphML：义务及其关联的图", "GraphML: the obligations with everything they touch"), graphml::write),
];

/// A form that can become a policy.
pub struct Foreign {
    /// Its name on the command line, `reqif`.
    pub name: &'static str,
    /// What it is.
    pub words: Term,
    /// Makes the draft; `Err` where the file is no such form or nothing can be made of it.
    pub read: fn(&[Source], &Given) -> Result<Brought, Words>,
}

/// Every form that comes in, by name.
pub const FOREIGN: &[Foreign] = &[Foreign {
    name: "reqif",
    words: Term("ReqIF：规格对象和关系成为义务草稿和依赖", "ReqIF: spec objects and relations become draft obligations and links"),
    read: reqif::bring,
}];

/// A form by its name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.name == name)
}

/// A form that comes in, by its name.
pub fn foreign(name: &str) -> Option<&'static Foreign> {
    FOREIGN.iter().find(|k| k.name == name)
}
