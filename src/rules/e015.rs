//! E015: a department of the catalogue has one stand-in in a unit, or leads would be guessed.

use super::prelude::*;

/// E015.
pub const RULE: RuleInfo = RuleInfo {
    id: "E015",
    title: Term("两个本级单位代行同一单位", "two bodies act for the same department"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e015.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let mut first: HashMap<&str, &str> = HashMap::new();
    for b in &r.bodies[..r.own_bodies] {
        for dept in &b.acts_for.0 {
            if let Some(other) = first.insert(r.current(dept), &b.id) {
                out.push(
                    Finding::new("E015", b.id.as_str(), in_list("bodies", b.at, &[Step::Key("acts_for")]), format!("{dept} 已由 {other} 代行"), format!("{other} acts for {dept} already"))
                        .remedy("只留一个；个别事项另有牵头的，在 plan.yaml 写 owner", "keep one; where an obligation has another lead, write its owner in plan.yaml"),
                );
            }
        }
    }
}
