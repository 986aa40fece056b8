//! A rule of the table: what is said of it, and its check; its page in one language.

use crate::finding::{Finding, RuleInfo};
use crate::model::Lang;
use crate::snapshot::Snapshot;

/// A rule with its check; `None` when it is met while reading.
pub struct Rule {
    /// What `rules`, `explain` and every format say of it.
    pub info: RuleInfo,
    /// The check.
    pub check: Option<fn(&Snapshot, &mut Vec<Finding>)>,
}

/// A rule's page in one language: the English comes first, the Chinese under its own
/// heading; the example and the last line belong to both.
pub fn page(info: &RuleInfo, lang: Lang) -> String {
    let page = info.page;
    let Some((en, zh)) = page.split_once("\n## 中文\n") else { return page.into() };
    match lang {
        Lang::Both => page.into(),
        Lang::En => format!("{en}\n"),
        Lang::Zh => {
            let head = en.lines().next().unwrap_or("");
            let example = en.split_once("\n## Example\n").map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or("").trim_end());
            format!("{head}\n{zh}\n## 例\n{example}\n")
        }
    }
}
