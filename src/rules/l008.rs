//! L008: an exemption is looked at again on its date; the light stays grey, the finding does not.

use super::prelude::*;

/// L008.
pub const RULE: RuleInfo = RuleInfo {
    id: "L008",
    title: Term("不适用已过复查日期", "an exemption past its re-check date"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("l008.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, state) in s.folded.states.iter().enumerate() {
        if state.status == Status::NotApplicable
            && let Some(day) = state.recheck.filter(|d| *d < s.day())
        {
            let id = s.roster.id(&s.register, i);
            out.push(
                Finding::new("L008", id.clone(), duty_spot(s, i, "duty"), format!("{id} 认定不适用，应于 {day} 复查"), format!("{id} is exempt and was to be looked at again on {day}"))
                    .remedy("先 restore；仍不适用的，再 exempt 并写新的复查日", "restore it; if it still does not apply, exempt it anew with a later date"),
            );
        }
    }
}
