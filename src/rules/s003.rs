//! S003: `source.at` and `source.also` name clauses of clauses.yaml.

use super::prelude::*;

/// S003.
pub const RULE: RuleInfo = RuleInfo {
    id: "S003",
    title: Term("来源条款不存在", "a clause that is not there"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("s003.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    // A policy without clauses is told once, by S006.
    for p in r.policies.iter().filter(|p| !p.clauses.is_empty()) {
        let known: HashSet<&str> = p.clauses.iter().map(|c| c.node.at.as_str()).collect();
        for o in r.obligations.iter().filter(|o| o.id.policy() == p.policy.code.as_str()) {
            let Some(src) = &o.source else { continue };
            let mut look = |at: &str, path: &[Step]| {
                if !known.contains(at) && !s.lost.may_hold(Table::Clauses, at) {
                    let (zh, en) = meant_if(few(out, "S003"), at, known.iter().copied());
                    out.push(Finding::new("S003", o.id.as_str(), ob_spot(o, path), format!("clauses.yaml 里没有条款 {at}{zh}"), format!("clauses.yaml has no clause {at}{en}")));
                }
            };
            look(src.at.as_str(), &[Step::Key("source"), Step::Key("at")]);
            for (i, at) in src.also.iter().enumerate() {
                look(at.as_str(), &[Step::Key("source"), Step::Key("also"), Step::Item(i)]);
            }
        }
    }
}
