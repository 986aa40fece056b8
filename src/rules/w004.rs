//! W004: waivers are sorted by rule and subject, so that a new one shows in a diff.

use super::prelude::*;

/// W004.
pub const RULE: RuleInfo = RuleInfo {
    id: "W004",
    title: Term("豁免没有排序或重复", "waivers out of order"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("w004.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for pair in s.register.waivers.windows(2) {
        let key = |w: &Waiver| (w.rule.to_string(), w.subject.to_string(), w.finding.as_ref().map_or(String::new(), |f| f.to_string()));
        if key(&pair[0]) >= key(&pair[1]) {
            let (zh, en) = if key(&pair[0]) == key(&pair[1]) { ("与上一条重复", "repeats the one before") } else { ("应排在上一条之前", "belongs before the one above") };
            out.push(Finding::new("W004", pair[1].subject.as_str(), in_file(pair[1].at, &[Step::Key("subject")]), zh.into(), en.into()));
        }
    }
}
