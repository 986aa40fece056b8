//! S002: an anchor finds a place, it does not reprint the text: 15 characters at most.

use super::prelude::*;

/// S002.
pub const RULE: RuleInfo = RuleInfo {
    id: "S002",
    title: Term("锚点过长", "an anchor that quotes too much"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("s002.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for o in &s.register.obligations {
        if let Some(n) = o.source.as_ref().map(|x| x.anchor.as_str().chars().count()).filter(|n| *n > 15) {
            out.push(Finding::new("S002", o.id.as_str(), ob_spot(o, &[Step::Key("source"), Step::Key("anchor")]), format!("锚点有 {n} 个字，至多 15 个"), format!("the anchor has {n} characters; 15 at most")));
        }
    }
}
