//! What belongs to one unit: its settings, plan, people and waivers.

use super::catalogue::Owner;
use super::id::{DayCount, Post, ReportName, Text, UnitId};
use super::kinds::{Recipient, Role};
use super::time::{Day, Due, Zone};
use super::words::{Lang, Words};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// register.yaml.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `duban/1`.
    pub format: Text,
    /// Whose register it is.
    pub unit: Unit,
    /// Languages of the register; the first is the default.
    #[serde(default)]
    pub languages: Vec<Lang>,
    /// Zone in which days are counted.
    #[serde(default)]
    pub time_zone: Zone,
    /// Folders of its own policies, in display order.
    #[serde(default)]
    pub policies: Vec<Text>,
    /// Files of its own laws.
    #[serde(default)]
    pub laws: Vec<Text>,
    /// Another register whose catalogue this one uses.
    pub catalogue: Option<Text>,
    /// True for sample data; every header says so.
    #[serde(default)]
    pub sample: bool,
    /// The day up to which the sample was written.
    pub sample_as_of: Option<Day>,
    /// Folder outside the repository where the files of the evidence are kept, from the
    /// register's folder; `duban evidence` looks there.
    pub evidence_store: Option<Text>,
    /// Folder that `duban report --all` writes, from the register's folder; outside of it.
    pub reports: Option<Text>,
    /// Font of PDF reports: a file, or the name of a file in the system's folders of fonts.
    pub font: Option<Text>,
    /// Thresholds of the lights.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// The ladder of letters for what is late, mildest first; the usual one when absent
    /// ([`Rung::usual`]).
    #[serde(default)]
    pub escalation: Vec<Rung>,
    /// Levels that differ from the rule table's: `R1: deny`.
    #[serde(default, deserialize_with = "unique")]
    pub rules: BTreeMap<String, Level>,
}

/// Whose register it is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Short code.
    pub code: Text,
    /// Name, printed in every header.
    pub name: Words,
    /// national, province, city, bank, enterprise …
    pub kind: Option<Text>,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported; exit code stays 0.
    Warn,
    /// Reported; exit code 1.
    Deny,
}

/// Thresholds of the lights, in days or percentage points (rag-rules.csv), and of what is suspect.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// R2, A8: days an obligation may stand without lead, from the policy's `listed`.
    pub lead_grace_days: u32,
    /// R3: more points behind than this is red.
    pub behind_red: u32,
    /// A2: this many points behind or more is amber.
    pub behind_amber: u32,
    /// R4: a review later than this is red; earlier it is A10.
    pub review_red_days: u32,
    /// A1: due within so many days.
    pub near_days: u32,
    /// A3: days allowed beyond one review cycle without an update.
    pub stale_grace_days: u32,
    /// A4: an unfinished prerequisite matters within so many days of the due date.
    pub dep_days: u32,
    /// A5: days an application may wait.
    pub accept_days: u32,
    /// D004: how many links down a reworded obligation makes others suspect; 0 = none.
    pub suspect_depth: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            lead_grace_days: 30,
            behind_red: 30,
            behind_amber: 10,
            review_red_days: 30,
            near_days: 14,
            stale_grace_days: 7,
            dep_days: 28,
            accept_days: 14,
            suspect_depth: 1,
        }
    }
}

/// One step of the ladder of letters: 催办, 督办函, 约谈, 通报.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// From so many days late on: `7d`; `0d` = as soon as it is late. Each step begins later than the one before.
    pub after: DayCount,
    /// What the office calls the letter: 督办函.
    pub letter: Words,
    /// Whom it is written to.
    pub to: Recipient,
    /// Days that the letter leaves for an answer; absent = it asks for none.
    pub answer: Option<DayCount>,
}

impl Rung {
    /// The ladder where register.yaml has none. The days follow schemes in use (to 7 days late, to
    /// 15, and beyond); 30 days are the limit from which a late review is red.
    pub fn usual() -> Vec<Rung> {
        let days = |n: &str| DayCount::new(n).expect("a number of days");
        let step = |after: &str, zh: &str, en: &str, to, answer: Option<&str>| Rung {
            after: days(after),
            letter: Words { zh: Some(zh.into()), en: Some(en.into()) },
            to,
            answer: answer.map(days),
        };
        vec![
            step("0d", "催办", "Reminder", Recipient::Person, Some("3d")),
            step("8d", "督办函", "Supervision letter", Recipient::Lead, Some("5d")),
            step("16d", "约谈", "Summons to talk", Recipient::Manager, Some("5d")),
            step("31d", "通报", "Circular", Recipient::All, None),
        ]
    }
}

impl Settings {
    /// The ladder of letters, mildest first: the register's, else the usual one.
    pub fn ladder(&self) -> Vec<Rung> {
        let mut all = if self.escalation.is_empty() { Rung::usual() } else { self.escalation.clone() };
        // Told as a mistake where it is written; used in order all the same.
        all.sort_by_key(|s| s.after.days());
        all
    }
}

/// One item of plan.yaml: who does it here and by when, or another owner.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanItem {
    /// `OPN-3.18@CITY-DRC`, or `OPN-3.18` where there is one lead.
    pub duty: Text,
    /// Another owner than the catalogue's; stands with the obligation, not the assignment.
    pub owner: Option<Owner>,
    /// The named person or post.
    pub person: Option<Text>,
    /// Who fills in the table.
    pub contact: Option<Text>,
    /// Planned start.
    pub start: Option<Day>,
    /// Original due date, or `standing`. Absent = a gap.
    pub due: Option<Due>,
    /// Who set it, when, on what basis.
    pub due_set: Option<DueSet>,
    /// Baselines and targets.
    #[serde(default, deserialize_with = "unique")]
    pub indicators: BTreeMap<String, Target>,
    /// Remark.
    pub remark: Option<Words>,
}

/// Who set a due date: the policy sets none (reporting-habits section 9).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DueSet {
    /// The post.
    pub by: Post,
    /// The day.
    pub on: Day,
    /// The document or meeting.
    pub basis: Option<Words>,
}

/// Baseline and target of an indicator, as decimal strings.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Value at the start.
    pub baseline: Option<Text>,
    /// Value wanted.
    pub target: Option<Text>,
}

/// One report of reports/*.yaml: a layout with what to select, run by its name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// The name it is run by and its file is called by: small letters, digits and dashes.
    pub name: ReportName,
    /// The layout, `ledger`.
    pub layout: Text,
    /// Title, where it is not the layout's.
    pub title: Option<Words>,
    /// Query words.
    pub filter: Option<Text>,
    /// Columns by their keys, in order; the layout's own when absent.
    #[serde(default)]
    pub columns: Vec<Text>,
    /// Period word, `2026-10`, `2026Q3`, `last-month`; the month of the as-of day when absent.
    pub period: Option<Text>,
    /// A line at the head of the page: 内部资料 注意保存.
    pub marking: Option<Words>,
    /// Formats that `--all` writes; all of them when absent.
    #[serde(default)]
    pub formats: Vec<Text>,
    /// Language, where it is not the register's first.
    pub lang: Option<Lang>,
    /// As-of day that `--all` prints it for; a committed report must not change with the calendar.
    pub as_of: Option<Day>,
}

/// One entry of people.yaml.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The post, as `by` in the log.
    pub post: Post,
    /// Its department.
    pub department: Option<UnitId>,
    /// What it may do.
    pub roles: Vec<Role>,
    /// Name to print, where the office wants one.
    pub name: Option<Words>,
}

/// One entry of waivers.yaml: baseline and exceptions in one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The rule's id.
    pub rule: Text,
    /// An id or assignment; `OPN-*` covers every subject that begins so.
    pub subject: Text,
    /// The very finding, by its fingerprint (`check --format json`): another one about the same
    /// subject is not covered. Written by `check --accept-as-baseline` for findings of the log.
    pub finding: Option<Text>,
    /// Who allows it.
    pub who: Text,
    /// Why.
    pub why: Words,
    /// Last day on which it holds.
    pub until: Day,
}

impl Waiver {
    /// True when the waiver covers whatever the rule says of this subject. One that names a single
    /// finding does not.
    pub fn covers(&self, rule: &str, subject: &str) -> bool {
        if self.rule.as_str() != rule || self.finding.is_some() {
            return false;
        }
        match self.subject.as_str().strip_suffix('*') {
            Some(begin) => subject.starts_with(begin),
            None => self.subject.as_str() == subject,
        }
    }
}

/// A map whose keys stand there once: of two, only one could count.
fn unique<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<BTreeMap<String, T>, D::Error> {
    struct V<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for V<T> {
        type Value = BTreeMap<String, T>;
        fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
            f.write_str("keys and values")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all = BTreeMap::new();
            while let Some((key, value)) = map.next_entry::<String, T>()? {
                if all.insert(key.clone(), value).is_some() {
                    return Err(serde::de::Error::custom(format!("duplicate field `{key}`")));
                }
            }
            Ok(all)
        }
    }
    d.deserialize_map(V(std::marker::PhantomData))
}
