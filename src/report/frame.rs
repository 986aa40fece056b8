//! What every report carries: unit, as-of date, version, filter, and the counts that
//! keep it honest. One object; every format prints from it.

use crate::model::{Lang, Term, terms as t};
use crate::page::Page;
use crate::snapshot::{Snapshot, query::Query};
use serde::Serialize;

/// Counts and origin of a report.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// `duban/status/1`.
    pub schema: String,
    /// Code of the unit.
    pub unit: String,
    /// True for sample data.
    pub sample: bool,
    /// As-of day.
    pub as_of: String,
    /// `--on`, when given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Digest of the register's files and log.
    pub data_version: String,
    /// The query as understood.
    pub filter: String,
    /// Obligations met, decoded or not.
    pub read: usize,
    /// Of these, decoded.
    pub valid: usize,
    /// Of these, not decoded: they stay in every total.
    pub invalid: usize,
    /// Valid ones that the filter leaves out.
    pub filtered_out: usize,
    /// Entries recorded after the as-of day.
    pub recorded_after: usize,
    /// Log lines that could not be read.
    pub unreadable_lines: usize,
    /// Entries in the log.
    pub log_entries: usize,
    /// Root over the log's files.
    pub log_root: String,
    /// Mistakes met while reading: with any of them the figures are not to be relied on.
    pub data_errors: usize,
    /// What was left out, by which rule.
    pub left_out: Vec<crate::model::LeftOut>,
}

/// Mistakes met while reading; a draft that waits is none in what was read.
pub fn mistakes(s: &Snapshot) -> usize {
    s.findings.iter().filter(|f| f.rule != "L016").count()
}

impl Frame {
    /// For a report over a selection of assignments.
    pub fn new(s: &Snapshot, name: &str, query: &Query, selected: &[usize]) -> Frame {
        let r = &s.register;
        let mut seen = vec![false; r.obligations.len()];
        selected.iter().for_each(|d| seen[s.roster.duties[*d].obligation as usize] = true);
        let kept = seen.iter().filter(|x| **x).count();
        Frame {
            schema: format!("duban/{name}/1"),
            unit: r.settings.unit.code.to_string(),
            sample: r.settings.sample,
            as_of: s.as_of.to_string(),
            on: s.on.map(|d| d.to_string()),
            data_version: s.version.clone(),
            filter: query.shown.clone(),
            read: r.total(),
            valid: r.obligations.len(),
            invalid: r.invalid.len(),
            filtered_out: r.obligations.len() - kept,
            recorded_after: s.folded.later,
            unreadable_lines: s.log.unreadable,
            log_entries: s.log.entries,
            log_root: s.log.root.clone(),
            data_errors: mistakes(s),
            left_out: r.tally.left_out.clone(),
        }
    }

    /// The head of a page.
    pub fn page(&self, s: &Snapshot, title: Term, lang: Lang) -> Page {
        let settings = &s.register.settings;
        let say = |term: Term| term.say(lang);
        let unit = settings.unit.name.say(lang);
        let mut meta = vec![format!(
            "{}: {unit} · {}: {}{} · {}: {}",
            say(t::UNIT),
            say(t::AS_OF),
            self.as_of,
            self.on.as_ref().map_or(String::new(), |d| format!(" · {}: {d}", say(t::ON))),
            say(t::VERSION),
            self.data_version
        )];
        let filter = if self.filter.is_empty() { say(t::FILTER_NONE).into_owned() } else { self.filter.clone() };
        let mut counts = format!(
            "{} {} · {} {} · {} {} · {} {}（{}: {filter}） · {} {}",
            say(t::READ),
            self.read,
            say(t::VALID),
            self.valid,
            say(t::INVALID),
            self.invalid,
            say(t::FILTERED_OUT),
            self.filtered_out,
            say(t::FILTER),
            say(t::RECORDED_AFTER),
            self.recorded_after
        );
        if lang == Lang::En {
            counts = counts.replace('（', " (").replace('）', ")");
        }
        if self.unreadable_lines > 0 {
            counts += &format!(" · {} {}", say(t::UNREADABLE_LINES), self.unreadable_lines);
        }
        let visible: Vec<String> = self
            .left_out
            .iter()
            .filter(|l| l.rule == "nested register")
            .map(|l| format!("{} ({})", l.path.replace(char::is_control, "·"), l.rule))
            .collect();
        if !visible.is_empty() {
            counts += &format!(" · {}: {}", say(t::LEFT_OUT), visible.join(", "));
        }
        meta.push(counts);
        if self.data_errors > 0 {
            meta.push(match lang {
                Lang::En => {
                    format!("!! {} mistakes met while reading: the figures are not to be relied on; see `duban check`", self.data_errors)
                }
                Lang::Zh => format!("!! 读入时遇到 {} 处错误，数字不可依据；见 duban check", self.data_errors),
                Lang::Both => {
                    format!("!! 读入时遇到 {0} 处错误，数字不可依据；{0} mistakes met while reading: see `duban check`", self.data_errors)
                }
            });
        }
        let banner = settings.sample.then(|| {
            let written = settings.sample_as_of.map(|d| match lang {
                Lang::En => format!(" — written up to {}", d.0),
                _ => format!("（编写至 {}）", d.0),
            });
            format!("【{} / {}】{}", t::SAMPLE.0, t::SAMPLE.1, written.unwrap_or_default())
        });
        // On paper the root is a witness: whoever holds the page can tell later whether the log
        // is still the one that it was printed from (`duban verify` prints it too).
        let log = match lang {
            Lang::En => format!("Log: {} entries, root {}", self.log_entries, self.log_root),
            Lang::Zh => format!("日志：{} 条，总校验值 {}", self.log_entries, self.log_root),
            Lang::Both => format!("日志 / Log: {} 条 entries, root {}", self.log_entries, self.log_root),
        };
        Page { title: format!("{} — {unit}", say(title)), meta, banner, notes: vec![log], ..Page::default() }
    }
}
