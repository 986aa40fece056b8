//! L007: `start` records the original due date; only extend, regress and reopen move it.

use super::prelude::*;

/// L007.
pub const RULE: RuleInfo = RuleInfo {
    id: "L007",
    title: Term("计划时限与启动时不同", "the plan’s due date moved"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("l007.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let facts = s.facts();
    for (i, (state, facts)) in s.folded.states.iter().zip(&facts).enumerate() {
        if let Some((then, now)) = crate::log::fold::plan_moved(state, facts).filter(|_| !plan_lost(s, i)) {
            let id = s.roster.id(&s.register, i);
            let now = now.map_or("-".into(), |d| d.to_string());
            out.push(
                Finding::new("L007", id.clone(), duty_spot(s, i, "due"), format!("{id} 启动时记录的时限是 {then}，计划现在写的是 {now}"), format!("{id} started with the due date {then}; the plan now says {now}"))
                    .remedy("改回原时限；延期用 duban log extend 记录", "write the original date again; record an extension with `duban log extend`"),
            );
        }
    }
}
