//! O008: of two plans for one assignment only one could count, so neither is trusted.

use super::prelude::*;

/// O008.
pub const RULE: RuleInfo = RuleInfo {
    id: "O008",
    title: Term("同一分工计划了两次", "an assignment planned twice"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("o008.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    for (again, first) in &s.roster.repeated_plan {
        let (item, old) = (&r.plan[*again as usize], &r.plan[*first as usize]);
        out.push(Finding::new("O008", item.duty.as_str(), in_file(item.at, &[Step::Key("duty")]), format!("{} 已有计划（{}）", item.duty.as_str(), old.duty.as_str()), format!("{} has a plan already ({})", item.duty.as_str(), old.duty.as_str())));
    }
}
