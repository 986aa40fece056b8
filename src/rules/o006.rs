//! O006: `single` means exactly one lead.

use super::prelude::*;

/// O006.
pub const RULE: RuleInfo = RuleInfo {
    id: "O006",
    title: Term("牵头方式与牵头单位数不符", "lead mode and number of leads disagree"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("o006.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, owner) in s.roster.owners.iter().enumerate() {
        let o = &s.register.obligations[i];
        if owner.mode == Some(LeadMode::Single) && owner.lead.len() > 1 {
            out.push(
                Finding::new("O006", o.id.as_str(), owner_spot(s, i, &[Step::Key("owner"), Step::Key("mode")]), format!("mode 是 single，牵头单位却有 {} 个", owner.lead.len()), format!("the mode is `single`, but there are {} leads", owner.lead.len()))
                    .remedy("按职责分工的写 by-remit，否则只留一个牵头单位", "write `by-remit` where each leads in its own field, else keep one lead"),
            );
        }
    }
}
