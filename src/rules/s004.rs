//! S004: every obligation is primary in exactly one clause, the one that it names.

use super::prelude::*;

/// S004.
pub const RULE: RuleInfo = RuleInfo {
    id: "S004",
    title: Term("条款与义务对不上", "clause and obligation disagree"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("s004.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    // A policy without clauses is told once, by S006.
    for p in r.policies.iter().filter(|p| !p.clauses.is_empty()) {
        let mut first: HashMap<&str, &Item<Clause>> = HashMap::new();
        for c in &p.clauses {
            for (i, id) in c.primary.iter().enumerate() {
                if let Some(old) = first.insert(id.as_str(), c) {
                    out.push(Finding::new("S004", id.as_str(), in_list("clauses", c.at, &[Step::Key("primary"), Step::Item(i)]), format!("{id} 已在 {} 列为主要义务", old.node.at.as_str()), format!("{id} is primary in {} already", old.node.at.as_str())));
                }
            }
        }
        for o in r.obligations.iter().filter(|o| o.id.policy() == p.policy.code.as_str()) {
            let Some(src) = &o.source else { continue };
            let spot = ob_spot(o, &[Step::Key("source"), Step::Key("at")]);
            match first.get(o.id.as_str()) {
                None if s.lost.may_hold(Table::Clauses, src.at.as_str()) => {}
                None => out.push(Finding::new("S004", o.id.as_str(), spot, format!("没有哪一条款把 {} 列为主要义务", o.id), format!("no clause has {} as primary", o.id))),
                Some(c) if c.node.at.as_str() != src.at.as_str() => out.push(Finding::new("S004", o.id.as_str(), spot, format!("{} 在 {} 列为主要义务，来源却写 {}", o.id, c.node.at.as_str(), src.at.as_str()), format!("{} is primary in {}, but names {} as its source", o.id, c.node.at.as_str(), src.at.as_str()))),
                Some(_) => {}
            }
        }
    }
}
