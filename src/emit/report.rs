//! What every emitter is handed, and what more than one of them says.

use super::summary::Summary;
use crate::finding::{Judged, Outcome, RuleInfo};
use crate::model::{Lang, Level, Waiver};

/// Outcome and counts, with the words of the rules and of the waivers.
pub struct Report<'a> {
    /// What was found.
    pub outcome: &'a Outcome,
    /// What was looked at.
    pub summary: &'a Summary,
    /// Waivers, by the index that findings carry.
    pub waivers: &'a [Waiver],
    /// Every rule, in the order of the table.
    pub rules: &'a [RuleInfo],
    /// Language of the sentences.
    pub lang: Lang,
}

/// In which column a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It counts for the verdict, or warns.
    Counts,
    /// A waiver covers it.
    Waived,
    /// It stood at the revision already.
    Old,
}

impl<'a> Report<'a> {
    /// Every finding with its column: those that count first.
    pub fn all(&self) -> impl Iterator<Item = (Class, &'a Judged)> {
        let o = self.outcome;
        let column = |class, list: &'a [Judged]| list.iter().map(move |j| (class, j));
        column(Class::Counts, &o.findings).chain(column(Class::Old, &o.old)).chain(column(Class::Waived, &o.waived))
    }

    /// Words of the language asked for.
    pub fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::En { en } else { zh }
    }

    /// The sentence of a finding; with a second one what to do.
    pub fn words(&self, j: &Judged) -> (String, String) {
        (j.finding.message.say(self.lang).into_owned(), j.finding.remedy.say(self.lang).into_owned())
    }

    /// Sentence and remedy in one.
    pub fn whole(&self, j: &Judged) -> String {
        match self.words(j) {
            (message, remedy) if remedy.is_empty() => message,
            (message, remedy) => format!("{message}{}{remedy}", self.say("。→ ", ". → ")),
        }
    }

    /// Who allows a waived finding, why and until when.
    pub fn excuse(&self, j: &Judged) -> Option<String> {
        let w = &self.waivers[j.waiver?];
        Some(format!("{}: {} ({} {})", w.who.as_str(), w.why.say(self.lang), self.say("至", "until"), w.until.0))
    }

    /// "already there at REV".
    pub fn there_already(&self) -> String {
        let rev = self.outcome.since.as_deref().unwrap_or("?");
        if self.lang == Lang::En { format!("already there at {rev}") } else { format!("{rev} 时已有") }
    }

    /// One line: verdict and everything that was looked at. A check that passed says it too.
    pub fn line(&self) -> String {
        let (o, m) = (self.outcome, self.summary);
        let (deny, warn, waived, rules) = (o.count(Level::Deny), o.count(Level::Warn), o.waived.len(), o.rules);
        let allowed: usize = o.allowed.values().sum();
        let verdict = match (o.denied(), self.lang == Lang::En) {
            (true, true) => "FAILED",
            (false, true) => "passed",
            (true, false) => "未通过",
            (false, false) => "通过",
        };
        let old = o.since.as_ref().map_or(String::new(), |_| format!(" · {} {}", self.there_already(), o.old.len()));
        if self.lang == Lang::En {
            format!(
                "{verdict}: {deny} denied · {warn} warned · {waived} waived · {allowed} not listed (level allow){old} · {rules} rules · obligations: read {} · valid {} · invalid {} · assignments {} · files {} · log: entries {} · unreadable lines {} · recorded after the as-of date {} · as of {} · data version {}",
                m.read,
                m.valid,
                m.invalid,
                m.assignments,
                m.files,
                m.log_entries,
                m.unreadable_lines,
                m.recorded_after,
                m.as_of,
                m.data_version
            )
        } else {
            format!(
                "{verdict}：拒绝 {deny} · 提醒 {warn} · 豁免 {waived} · 按级别不列出 {allowed}{old} · 规则 {rules} 条 · 义务：读入 {} · 有效 {} · 无法读取 {} · 分工 {} · 文件 {} · 日志：条目 {} · 无法读取的行 {} · 截至日期之后的记录 {} · 截至日期 {} · 数据版本 {}",
                m.read,
                m.valid,
                m.invalid,
                m.assignments,
                m.files,
                m.log_entries,
                m.unreadable_lines,
                m.recorded_after,
                m.as_of,
                m.data_version
            )
        }
    }
}
