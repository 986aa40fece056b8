//! O003: 无时限 is a gap, 长期坚持 a decision; one of the two must be written (reporting-habits section 9).

use super::prelude::*;

/// O003.
pub const RULE: RuleInfo = RuleInfo {
    id: "O003",
    title: Term("既无时限也未注明长期坚持", "neither a due date nor `standing`"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("o003.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, duty) in s.roster.duties.iter().enumerate() {
        let Some(dept) = &duty.dept else { continue };
        if !plan_lost(s, i) && duty.plan.and_then(|p| s.register.plan[p as usize].due).is_none() {
            let id = s.roster.id(&s.register, i);
            out.push(
                Finding::new("O003", id.clone(), duty_spot(s, i, "due"), format!("{id}（{dept}）既无完成时限，也未注明长期坚持"), format!("{id} ({dept}) has neither a due date nor `standing`"))
                    .remedy("在 plan.yaml 写 due: 日期，或 due: standing", "write `due:` with a date, or `due: standing`, in plan.yaml"),
            );
        }
    }
}
