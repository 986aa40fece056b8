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
    // File by file and item by item: see `Places`. What is alike keeps its order, so the numbers
    // below stay.
    findings.sort_by_key(|f| match &f.spot {
        Spot::Exact(_) => None,
        Spot::Node(file, path) => match path.first() {
            Some(Step::Item(i)) => Some((*file, Some(*i))),
            _ => Some((*file, None)),
        },
    });
    let mut places = Places::new(&s.register);
    let mut judged: Vec<Judged> = Vec::with_capacity(findings.len());
    for finding in findings {
        let info = find(finding.rule).expect("every finding names a rule of the table");
        let level = level(info.id, info.level);
        if level == Level::Allow {
            *outcome.allowed.entry(finding.rule).or_default() += 1;
            // A waiver for it is not idle: it waits for the day when the rule is back.
            waivers.find(&finding, None, &mut used, s.as_of);
            continue;
        }
        let place = places.place(&finding.spot);
        judged.push(Judged { finding, place, level, waiver: None, fingerprint: String::new() });
    }
    // The order of numbering is the order of printing: the second of two alike stays the second.
    judged.sort_by(|a, b| key(a).cmp(&key(b)));
    number(&s.shown, judged.iter_mut());
    for j in &mut judged {
        if find(j.finding.rule).is_some_and(|i| i.waivable) {
            j.waiver = waivers.find(&j.finding, Some(&j.fingerprint), &mut used, s.as_of);
        }
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
    let mut more: Vec<Judged> = Vec::new();
    for finding in about {
        let level = level(finding.rule, find(finding.rule).expect("in the table").level);
        if level == Level::Allow {
            *outcome.allowed.entry(finding.rule).or_default() += 1;
            continue;
        }
        let place = places.place(&finding.spot);
        more.push(Judged { finding, place, level, waiver: None, fingerprint: String::new() });
    }
    number(&s.shown, more.iter_mut());
    for j in judged.into_iter().chain(more) {
        if j.waiver.is_some() { &mut outcome.waived } else { &mut outcome.findings }.push(j);
    }
    for list in [&mut outcome.findings, &mut outcome.waived] {
        list.sort_by(|a, b| key(a).cmp(&key(b)));
    }
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
    all: &'a [Item<Waiver>],
    exact: HashMap<(&'a str, &'a str), Vec<usize>>,
    begins: HashMap<&'a str, Vec<(&'a str, usize)>>,
    until: Vec<chrono::NaiveDate>,
}

impl<'a> Waivers<'a> {
    fn new(s: &'a Snapshot) -> Waivers<'a> {
        let mut w = Waivers { all: &s.register.waivers, exact: HashMap::new(), begins: HashMap::new(), until: Vec::new() };
        for (i, waiver) in s.register.waivers.iter().enumerate() {
            w.until.push(waiver.until.0);
            match waiver.subject.as_str().strip_suffix('*') {
                Some(begin) => w.begins.entry(waiver.rule.as_str()).or_default().push((begin, i)),
                None => w.exact.entry((waiver.rule.as_str(), waiver.subject.as_str())).or_default().push(i),
            }
        }
        w
    }

    /// The waiver of a finding; one that names another finding is none of it.
    fn find(&self, f: &Finding, print: Option<&str>, used: &mut [bool], day: chrono::NaiveDate) -> Option<usize> {
        let fits = |i: &usize| match (&self.all[*i].finding, print) {
            (Some(one), Some(print)) => one.as_str() == print,
            _ => true,
        };
        // A repeated waiver (W004) counts as well: the first one that is still in force.
        let exact = self.exact.get(&(f.rule, f.subject.as_str())).map_or(&[][..], Vec::as_slice);
        exact.iter().filter(|i| fits(i)).for_each(|i| used[*i] = true);
        let begins = || {
            let all = self.begins.get(f.rule)?;
            all.iter().find(|(b, i)| f.subject.starts_with(b) && self.until[*i] >= day && fits(i)).map(|(_, i)| *i)
        };
        let found = exact.iter().copied().find(|i| self.until[*i] >= day && fits(i)).or_else(begins)?;
        used[found] = true;
        Some(found)
    }
}
