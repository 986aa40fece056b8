//! E010: plan and crosswalk name obligations that are there.

use super::prelude::*;

/// E010.
pub const RULE: RuleInfo = RuleInfo {
    id: "E010",
    title: Term("没有这项义务", "unknown obligation"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e010.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let mut look = |id: &str, spot: Spot| {
        let bare = id.split('@').next().unwrap_or(id);
        if r.obligation_index.contains_key(bare) || s.lost.may_hold(Table::Obligations, bare) {
            return;
        }
        let (zh, en) = meant_if(few(out, "E010"), bare, r.obligation_index.keys().map(String::as_str));
        out.push(
            Finding::new("E010", id, spot, format!("没有义务 {bare}{zh}"), format!("there is no obligation {bare}{en}"))
                .remedy("改正编号；义务撤销时编号保留，不会消失", "correct the id; a withdrawn obligation keeps its id and does not vanish"),
        );
    };
    for p in &r.plan {
        look(p.duty.as_str(), in_file(p.at, &[Step::Key("duty")]));
    }
    for c in &r.crosswalk {
        look(&c.duty, in_file(c.at, &[Step::Key("duty")]));
    }
}
