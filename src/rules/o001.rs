//! O001: the point of the gate. An obligation without a lead fails and takes no waiver.

use super::prelude::*;

/// O001.
pub const RULE: RuleInfo = RuleInfo {
    id: "O001",
    title: Term("没有牵头单位", "no lead department"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("o001.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for duty in s.roster.duties.iter().filter(|d| d.dept.is_none()) {
        let o = &s.register.obligations[duty.obligation as usize];
        out.push(
            Finding::new("O001", o.id.as_str(), owner_spot(s, duty.obligation as usize, &[Step::Key("owner")]), format!("{} 没有牵头单位，没有人对它负责", o.id), format!("{} has no lead department: nobody answers for it", o.id))
                .remedy("补上 owner: {mode: single, lead: [单位编号]}；此规则不接受豁免", "write owner: {mode: single, lead: [DEP-…]}; this rule takes no waiver"),
        );
    }
}
