//! What a report is asked for, and what every layout looks up: the selection, the period,
//! the entries of each assignment that count.

use crate::log::Verdict;
use crate::model::{Entry, Lang, LawLink, Obligation, PlanItem, Term, Words};
use crate::report::frame::Frame;
use crate::snapshot::{
    Snapshot,
    query::{self, Query},
};
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Was it asked for? Else it is the month of the as-of day, and lists that have no
    /// period of their own (closures, changes) show everything.
    pub given: bool,
}

impl Period {
    /// The month of a day, up to that day.
    pub fn month_of(day: NaiveDate) -> Period {
        Period { from: day.with_day(1).unwrap_or(day), to: day, given: false }
    }
    /// A period word, or two with `..` between.
    ///
    /// # Errors
    /// When it is none, or ends before it begins.
    pub fn parse(word: &str, today: NaiveDate) -> Result<Period, Words> {
        let (from, to) = match word.split_once("..") {
            Some((a, b)) => (query::period(a, today)?.0, query::period(b, today)?.1),
            None => query::period(word, today)?,
        };
        let turned = || Words {
            zh: Some(format!("期间 {word} 的起止颠倒").into()),
            en: Some(format!("the period {word} ends before it begins").into()),
        };
        if from > to { Err(turned()) } else { Ok(Period { from, to, given: true }) }
    }
    /// Is a day inside?
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
    /// Written out: end dates are inclusive and headers spell the span out.
    pub fn say(&self, lang: Lang) -> String {
        format!("{} – {}", day_text(self.from, lang), day_text(self.to, lang))
    }
}

/// What a layout is built from.
pub struct Ask<'a> {
    /// The register as of a day.
    pub s: &'a Snapshot,
    /// What is selected.
    pub query: &'a Query,
    /// The assignments it selects, in display order.
    pub selected: Vec<usize>,
    /// The language.
    pub lang: Lang,
    /// This period.
    pub period: Period,
    /// Columns by their keys; the layout's own when empty.
    pub columns: Vec<String>,
    /// Title, where it is not the layout's.
    pub title: Option<Words>,
    /// 内部资料 注意保存, where it was asked for.
    pub marking: Option<String>,
    /// The department of a pack, by its present id.
    pub dept: Option<String>,
    /// By assignment: day and record of every entry that counts, in recording order.
    entries: Vec<Vec<(NaiveDate, u32)>>,
    /// Rank of a part by its id.
    parts: HashMap<&'a str, (usize, String)>,
    /// Articles of law by obligation.
    links: HashMap<&'a str, Vec<&'a LawLink>>,
}

impl<'a> Ask<'a> {
    /// A question to a register.
    pub fn new(s: &'a Snapshot, query: &'a Query, lang: Lang, period: Option<Period>) -> Ask<'a> {
        Ask {
            s,
            query,
            selected: query.select(s),
            lang,
            period: period.unwrap_or(Period::month_of(s.day())),
            columns: Vec::new(),
            title: None,
            marking: None,
            dept: None,
            entries: entries(s),
            parts: parts(s, lang),
            links: links(s),
        }
    }

    /// The frame of its page; a pack's counts what its department leads.
    pub fn frame(&self) -> Frame {
        let Some(dept) = &self.dept else { return Frame::new(self.s, "report", self.query, &self.selected) };
        let led = |d: &usize| self.s.roster.duties[*d].dept.as_ref().is_some_and(|x| self.s.register.current(x) == dept);
        let mine: Vec<usize> = self.selected.iter().copied().filter(led).collect();
        let mut query = Query::default();
        query.shown = self.opens(&format!("dept:{dept}"));
        Frame::new(self.s, "report", &query, &mine)
    }
    /// The obligation of an assignment.
    pub fn ob(&self, duty: usize) -> usize {
        self.s.roster.duties[duty].obligation as usize
    }
    /// The same as a node.
    pub fn obligation(&self, duty: usize) -> &'a Obligation {
        &self.s.register.obligations[self.ob(duty)].node
    }
    /// What the plan says of an assignment.
    pub fn plan(&self, duty: usize) -> Option<&'a PlanItem> {
        self.s.roster.duties[duty].plan.map(|p| &self.s.register.plan[p as usize].node)
    }
    /// Entries of an assignment that count, with their recording days.
    pub fn entries(&self, duty: usize) -> impl DoubleEndedIterator<Item = (NaiveDate, &'a Entry)> {
        let s = self.s;
        self.entries[duty].iter().map(move |(day, i)| (*day, &s.log.records[*i as usize].entry))
    }
    /// Of these, those of this period, newest first.
    pub fn this_period(&self, duty: usize) -> impl Iterator<Item = (NaiveDate, &'a Entry)> {
        let period = self.period;
        self.entries(duty).rev().filter(move |(day, _)| period.holds(*day))
    }
    /// Name of a unit on the day shown.
    pub fn name(&self, id: &str) -> String {
        self.s.register.name(id, self.s.day(), self.lang)
    }
    /// Place and name of an obligation's part.
    pub fn part(&self, ob: usize) -> (usize, &str) {
        let id = self.s.register.obligations[ob].id.part();
        self.parts.get(id).map_or((usize::MAX, id), |(i, name)| (*i, name))
    }
    /// The selection in the order of part and id.
    pub fn by_part(&self) -> Vec<usize> {
        let mut all = self.selected.clone();
        all.sort_by(|a, b| {
            let key = |d: &usize| (self.part(self.ob(*d)).0, &self.obligation(*d).id, *d);
            key(a).cmp(&key(b))
        });
        all
    }
    /// The articles that an obligation meets; `none` among them where it meets none.
    pub fn links(&self, id: &str) -> &[&'a LawLink] {
        self.links.get(id).map_or(&[], Vec::as_slice)
    }
    /// Obligations of the selection, each once, in the order of part and id.
    pub fn obligations(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.by_part().into_iter().map(|d| self.ob(d)).collect();
        all.dedup();
        all
    }
    /// The words that select what the page selects, and these besides. A page without filter
    /// names every policy, so that its totals can be opened too.
    pub fn opens(&self, more: &str) -> String {
        // What the filter says of obligations must not colour what is added.
        let more = if self.query.whole() { format!("unit:assignment {more}") } else { more.to_string() };
        if self.query.shown.is_empty() && more.is_empty() {
            let codes: Vec<&str> = self.s.register.policies.iter().map(|p| p.policy.code.as_str()).collect();
            return format!("policy:{}", codes.join(","));
        }
        format!("{} {more}", self.query.shown).trim().to_string()
    }
    /// One phrase in the language of the page; for both, Chinese then English.
    pub fn say(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        match self.lang {
            Lang::Zh => zh.into(),
            Lang::En => en.into(),
            Lang::Both => format!("{} {}", zh.into(), en.into()),
        }
    }
    /// A heading with what its figures count: 亮灯原因（牵头任务）, Lights and why (assignments).
    pub fn based(&self, head: Term, base: Term) -> String {
        self.say(format!("{}（{}）", head.0, base.0), format!("{} ({})", head.1, base.1.to_lowercase()))
    }
    /// Between things of a list.
    pub fn comma(&self) -> &'static str {
        if self.lang == Lang::En { ", " } else { "、" }
    }
    /// Between phrases.
    pub fn semicolon(&self) -> &'static str {
        if self.lang == Lang::En { "; " } else { "；" }
    }
    /// After a label.
    pub fn colon(&self) -> &'static str {
        if self.lang == Lang::En { ": " } else { "：" }
    }
    /// A day as it is printed.
    pub fn day(&self, day: NaiveDate) -> String {
        day_text(day, self.lang)
    }
}

/// 2022年4月19日 without leading noughts in Chinese; ISO in English, and where both
/// languages stand side by side.
pub fn day_text(day: NaiveDate, lang: Lang) -> String {
    if lang == Lang::Zh { format!("{}年{}月{}日", day.year(), day.month(), day.day()) } else { day.to_string() }
}

fn entries(s: &Snapshot) -> Vec<Vec<(NaiveDate, u32)>> {
    let mut all = vec![Vec::new(); s.roster.duties.len()];
    for (i, r) in s.log.records.iter().enumerate() {
        let content = match s.folded.verdicts[i] {
            Verdict::Counts => i,
            Verdict::CorrectedBy(c) => c as usize,
            _ => continue,
        };
        let Some(duty) = s.folded.duty_of[i] else { continue };
        // With --on an entry counts from the day that it is true for.
        let true_on = s.log.records[content].entry.day.map_or(r.day, |d| d.0);
        if s.on.is_none_or(|on| true_on <= on) {
            let day = if s.on.is_some() { true_on } else { r.day };
            all[duty as usize].push((day, content as u32));
        }
    }
    all
}

fn links(s: &Snapshot) -> HashMap<&str, Vec<&LawLink>> {
    let mut all: HashMap<&str, Vec<&LawLink>> = HashMap::new();
    for c in &s.register.crosswalk {
        all.entry(c.duty.as_str()).or_default().extend(&c.node.links);
    }
    all
}

fn parts(s: &Snapshot, lang: Lang) -> HashMap<&str, (usize, String)> {
    let all = s.register.policies.iter().flat_map(|p| &p.policy.parts).enumerate();
    all.map(|(i, p)| (p.id.as_str(), (i, format!("{} {}", p.id, p.title.say(lang))))).collect()
}
