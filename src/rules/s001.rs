//! S001: every obligation says where in the text it stands.

use super::prelude::*;

/// S001.
pub const RULE: RuleInfo = RuleInfo {
    id: "S001",
    title: Term("没有来源", "no source"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("s001.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for o in s.register.obligations.iter().filter(|o| o.source.is_none()) {
        out.push(Finding::new("S001", o.id.as_str(), ob_spot(o, &[Step::Key("id")]), format!("{} 没有写来源", o.id), format!("{} names no source", o.id)).remedy("写 source: {layer, at, anchor}", "write source: {layer, at, anchor}"));
    }
}
