//! O004: obligations carry present ids; a body that has ended answers for nothing.

use super::prelude::*;

/// O004.
pub const RULE: RuleInfo = RuleInfo {
    id: "O004",
    title: Term("牵头单位已撤并", "the lead is a former body"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("o004.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, owner) in s.roster.owners.iter().enumerate() {
        let o = &s.register.obligations[i];
        for (n, lead) in owner.lead.iter().enumerate() {
            let Some(body) = s.register.body(lead) else { continue };
            let spot = || owner_spot(s, i, &[Step::Key("owner"), Step::Key("lead"), Step::Item(n)]);
            if let Some(was) = body.was.iter().find(|w| w.id == *lead) {
                out.push(
                    Finding::new("O004", o.id.as_str(), spot(), format!("{lead} 已于 {} 撤并为 {}", was.to.0, body.id), format!("{lead} ended on {} and became {}", was.to.0, body.id))
                        .remedy(format!("改写为 {}；历史日期的报表仍会显示旧名", body.id), format!("write {}; reports for earlier dates still show the former name", body.id)),
                );
            } else if let Some(end) = body.valid_to.filter(|e| e.0 < s.as_of) {
                out.push(Finding::new("O004", o.id.as_str(), spot(), format!("{lead} 已于 {} 终止，没有承接单位", end.0), format!("{lead} ended on {} without successor", end.0)));
            }
        }
    }
}
