//! O002: every assignment has a named person or post.

use super::prelude::*;

/// O002.
pub const RULE: RuleInfo = RuleInfo {
    id: "O002",
    title: Term("没有责任人", "no named person"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("o002.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, duty) in s.roster.duties.iter().enumerate() {
        let Some(dept) = &duty.dept else { continue };
        if !plan_lost(s, i) && duty.plan.and_then(|p| s.register.plan[p as usize].person.as_ref()).is_none() {
            let id = s.roster.id(&s.register, i);
            out.push(
                Finding::new("O002", id.clone(), duty_spot(s, i, "person"), format!("{id}（{dept}）没有责任人"), format!("{id} ({dept}) has no named person"))
                    .remedy("在 plan.yaml 该事项下写 person", "name a `person` in plan.yaml"),
            );
        }
    }
}
