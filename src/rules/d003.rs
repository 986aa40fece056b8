//! D003: two links of one kind to the same obligation.

use super::prelude::*;

/// D003.
pub const RULE: RuleInfo = RuleInfo {
    id: "D003",
    title: Term("同一依赖写了两次", "the same link twice"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("d003.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for o in &s.register.obligations {
        for (i, n) in o.needs.iter().enumerate() {
            if o.needs[..i].iter().any(|m| m.on == n.on && m.kind == n.kind) {
                out.push(Finding::new("D003", o.id.as_str(), ob_spot(o, &[Step::Key("needs"), Step::Item(i), Step::Key("on")]), format!("对 {} 的同类依赖写了两次", n.on), format!("the link to {} stands here twice", n.on)));
            }
        }
    }
}
