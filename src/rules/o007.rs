//! O007: a plan item that matches no assignment plans nothing.

use super::prelude::*;

/// O007.
pub const RULE: RuleInfo = RuleInfo {
    id: "O007",
    title: Term("计划写给了不存在的分工", "a plan for no assignment"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("o007.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    for item in r.plan.iter().filter(|p| p.owner.is_some() && p.duty.as_str().contains('@')) {
        out.push(
            Finding::new("O007", item.duty.as_str(), in_file(item.at, &[Step::Key("owner")]), "owner 写在分工上不起作用：牵头单位属于整项义务".into(), "`owner` on an assignment has no effect: the lead belongs to the obligation".into())
                .remedy("另写一项 duty: 义务编号，下面只写 owner", "write an item of its own, `duty:` with the obligation's id, and `owner` under it"),
        );
    }
    for i in &s.roster.unmatched_plan {
        let item = &r.plan[*i as usize];
        let id = item.duty.as_str();
        let bare = id.split('@').next().unwrap_or(id);
        // Nobody leads it at all: O001 says so.
        let Some(ob) = r.obligation_index.get(bare).filter(|o| !s.roster.owners[**o as usize].lead.is_empty()) else { continue };
        let leads: Vec<String> = s.roster.of(*ob as usize).map(|d| s.roster.full_id(r, d)).collect();
        out.push(
            Finding::new("O007", id, in_file(item.at, &[Step::Key("duty")]), format!("{id} 不是任何牵头分工；现有：{}", leads.join("、")), format!("{id} is not an assignment; there are: {}", leads.join(", ")))
                .remedy("改写为其中之一，或用 owner 改牵头单位", "write one of these, or change the lead with `owner`"),
        );
    }
}
