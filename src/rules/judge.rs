//! From findings to an outcome: levels, waivers, places, order.

use super::prelude::*;
use super::rule::Rule;
use crate::finding::{Judged, Outcome, number};
use crate::load::places::Places;

/// The rules about waivers themselves; they are met here.
pub const RULES: &[RuleInfo] = &[
    RuleInfo {
        id: "W001",
        title: Term("豁免已过期", "an expired waiver"),
        level: Level::Warn,
        waivable: false,
        page: include_str!("w001.md"),
    },
    RuleInfo {
        id: "W002",
        title: Term("豁免没有对象", "a waiver that matches nothing"),
        level: Level::Warn,
        waivable: false,
        page: include_str!("w002.md"),
    },
    RuleInfo {
        id: "W003",
        title: Term("此规则不接受豁免", "a waiver for a rule that takes none"),
        level: Level::Deny,
        waivable: false,
        page: include_str!("w003.md"),
    },
];

/// Levels that the command line sets.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Rule id to level; stronger than register.yaml.
    pub levels: Vec<(String, Level)>,
    /// `--strict`: whatever warns denies.
    pub strict: bool,
}

/// Asks every rule of the table.
pub fn run(table: &[Rule], s: &Snapshot, overrides: &Overrides) -> Outcome {
    let infos: HashMap<&str, &RuleInfo> = table.iter().map(|e| (e.info.id, &e.info)).collect();
    let find = |id: &str| infos.get(id).copied();
    let mut findings = s.findings.clone();
    unknown_rules(s, &infos, &mut findings);
    for rule in table {
        if let Some(check) = rule.check {
            check(s, &mut findings);
        }
    }
    // A rule that takes no waiver cannot be talked down either: O001 and whatever could
    // not be read fail the check, whoever asks.
    let fixed = |info: &RuleInfo| !info.waivable && info.level == Level::Deny;
    let level = |rule: &str, usual: Level| {
        if find(rule).is_some_and(fixed) {
            return Level::Deny;
        }
        let cli = overrides.levels.iter().rev().find(|(id, _)| id.eq_ignore_ascii_case(rule)).map(|(_, l)| *l);
        let level = cli.or_else(|| s.register.settings.rules.get(rule).copied()).unwrap_or(usual);
        if overrides.strict && level == Level::Warn { Level::Deny } else { level }
    };
    let waivers = Waivers::new(s);
    let mut used = vec![false; s.register.waivers.len()];
    let mut outcome = Outcome { rules: table.len(), ..Outcome::default() };
    let mut judged: Vec<(Finding, Level, Option<usize>)> = Vec::with_capacity(findings.len());
    for finding in findings {
        let info = find(finding.rule).expect("every finding names a rule of the table");
        let waiver = if info.waivable { waivers.find(&finding, &mut used, s.as_of) } else { None };
        judged.push((finding, level(info.id, info.level), waiver));
    }
    let mut about = Vec::new();
    for (i, w) in s.register.waivers.iter().enumerate() {
        let Some(info) = find(w.rule.as_str()) else { continue };
        let subject = w.subject.as_str();
        let at = |key| in_file(w.at, &[Step::Key(key)]);
        if !info.waivable {
            about.push(Finding::new(
                "W003",
                subject,
                at("rule"),
                format!("{} 不接受豁免", info.id),
                format!("{} takes no waiver", info.id),
            ));
        } else if w.until.0 < s.as_of {
            about.push(Finding::new(
                "W001",
                subject,
                at("until"),
                format!("对 {subject} 的 {} 豁免已于 {} 到期，不再起作用", info.id, w.until.0),
                format!("the waiver of {} for {subject} ended on {} and no longer counts", info.id, w.until.0),
            ));
        } else if !used[i] {
            about.push(Finding::new(
                "W002",
                subject,
                at("subject"),
                format!("没有 {} 的发现与 {subject} 相符；问题已解决就删去这条豁免", info.id),
                format!("no finding of {} matches {subject}; if the matter is mended, delete the waiver", info.id),
            ));
        }
    }
    for (rule, wanted) in &s.register.settings.rules {
        if let Some(info) = find(rule).filter(|i| fixed(i) && *wanted < Level::Deny) {
            let spot = Spot::Node(s.register.settings_at.file, vec![Step::Key("rules"), Step::Entry(rule.as_str().into())]);
            about.push(Finding::new(
                "W003",
                info.id,
                spot,
                format!("{} 的级别不能调低", info.id),
                format!("the level of {} cannot be lowered", info.id),
            ));
        }
    }
    judged.extend(about.into_iter().map(|f| {
        let usual = find(f.rule).expect("in the table").level;
        let l = level(f.rule, usual);
        (f, l, None)
    }));
    let mut places = Places::new(&s.register);
    for (finding, level, waiver) in judged {
        if level == Level::Allow {
            *outcome.allowed.entry(finding.rule).or_default() += 1;
            continue;
        }
        let place = places.place(&finding.spot);
        let list = if waiver.is_some() { &mut outcome.waived } else { &mut outcome.findings };
        list.push(Judged { finding, place, level, waiver, fingerprint: String::new() });
    }
    for list in [&mut outcome.findings, &mut outcome.waived] {
        list.sort_by(|a, b| key(a).cmp(&key(b)));
    }
    number(&s.shown, outcome.findings.iter_mut().chain(&mut outcome.waived));
    outcome
}

/// E011 for rule ids in register.yaml and waivers.yaml: only here is the table known.
fn unknown_rules(s: &Snapshot, infos: &HashMap<&str, &RuleInfo>, out: &mut Vec<Finding>) {
    let r = &s.register;
    let mut look = |id: &str, subject: &str, spot: Spot| {
        if !infos.contains_key(id) {
            let (zh, en) = meant_if(few(out, "E011"), id, infos.keys().copied());
            out.push(Finding::new("E011", subject, spot, format!("没有规则 {id}{zh}"), format!("there is no rule {id}{en}")));
        }
    };
    for rule in r.settings.rules.keys() {
        look(rule, rule, Spot::Node(r.settings_at.file, vec![Step::Key("rules"), Step::Entry(rule.as_str().into())]));
    }
    for w in &r.waivers {
        look(w.rule.as_str(), w.subject.as_str(), in_file(w.at, &[Step::Key("rule")]));
    }
}

fn key(j: &Judged) -> (std::cmp::Reverse<Level>, &str, usize, usize, &str, &str) {
    (std::cmp::Reverse(j.level), &j.place.file, j.place.line, j.place.column, j.finding.rule, &j.finding.subject)
}

/// Waivers by rule and subject, so that many findings do not walk a long list.
struct Waivers<'a> {
    exact: HashMap<(&'a str, &'a str), Vec<usize>>,
    begins: HashMap<&'a str, Vec<(&'a str, usize)>>,
    until: Vec<chrono::NaiveDate>,
}

impl<'a> Waivers<'a> {
    fn new(s: &'a Snapshot) -> Waivers<'a> {
        let mut w = Waivers { exact: HashMap::new(), begins: HashMap::new(), until: Vec::new() };
        for (i, waiver) in s.register.waivers.iter().enumerate() {
            w.until.push(waiver.until.0);
            match waiver.subject.as_str().strip_suffix('*') {
                Some(begin) => w.begins.entry(waiver.rule.as_str()).or_default().push((begin, i)),
                None => w.exact.entry((waiver.rule.as_str(), waiver.subject.as_str())).or_default().push(i),
            }
        }
        w
    }

    fn find(&self, f: &Finding, used: &mut [bool], day: chrono::NaiveDate) -> Option<usize> {
        // A repeated waiver (W004) counts as well: the first one that is still in force.
        let exact = self.exact.get(&(f.rule, f.subject.as_str())).map_or(&[][..], Vec::as_slice);
        exact.iter().for_each(|i| used[*i] = true);
        let begins = || self.begins.get(f.rule)?.iter().find(|(b, i)| f.subject.starts_with(b) && self.until[*i] >= day).map(|(_, i)| *i);
        let found = exact.iter().copied().find(|i| self.until[*i] >= day).or_else(begins)?;
        used[found] = true;
        Some(found)
    }
}
