//! L006: an entry for a body that is neither lead nor former lead, or for an obligation that is not there.

use super::prelude::*;

/// L006.
pub const RULE: RuleInfo = RuleInfo {
    id: "L006",
    title: Term("条目不属于任何分工", "an entry for no assignment"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("l006.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, v) in s.folded.verdicts.iter().enumerate() {
        if let crate::log::Verdict::Stray(why) = v {
            let e = &s.log.records[i].entry;
            out.push(
                Finding::new("L006", format!("{}@{}", e.duty, e.dept), line_spot(s, i), why.say(Lang::Zh).into(), why.say(Lang::En).into())
                    .remedy("若是移交，在 owner.former 写明原牵头单位和移交日", "if it was handed over, name the former lead and its last day in `owner.former`"),
            );
        }
    }
}
