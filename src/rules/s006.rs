//! S006: every clause yields an obligation or says why it yields none.

use super::prelude::*;

/// S006.
pub const RULE: RuleInfo = RuleInfo {
    id: "S006",
    title: Term("条款没有着落", "a clause left open"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("s006.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for p in &s.register.policies {
        for c in &p.clauses {
            if c.primary.is_empty() && c.secondary.is_empty() && c.see.is_empty() && c.reason.is_none() {
                out.push(
                    Finding::new("S006", c.node.at.as_str(), in_list("clauses", c.at, &[Step::Key("at")]), format!("条款 {} 既没有义务，也没有说明原因", c.node.at.as_str()), format!("clause {} has neither an obligation nor a reason for none", c.node.at.as_str()))
                        .remedy("写 primary，或写 reason", "write `primary`, or a `reason`"),
                );
            }
        }
        if p.clauses.is_empty() && !s.lost.has(Table::Clauses) {
            out.push(Finding::new("S006", p.policy.code.as_str(), Spot::Node(p.at.file, vec![Step::Key("code")]), "没有 clauses.yaml：无法说明条款覆盖".into(), "there is no clauses.yaml: the coverage of the text is unknown".into()));
        }
    }
}
