//! D001: a link to an obligation that is not there stays in the graph as a dangling node and fails.

use super::prelude::*;

/// D001.
pub const RULE: RuleInfo = RuleInfo {
    id: "D001",
    title: Term("依赖指向不存在的义务", "a link to nowhere"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("d001.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    for o in &r.obligations {
        for (i, n) in o.needs.iter().enumerate() {
            if !r.obligation_index.contains_key(n.on.as_str()) && !s.lost.may_hold(Table::Obligations, n.on.as_str()) {
                let (zh, en) = meant_if(few(out, "D001"), &n.on, r.obligation_index.keys().map(String::as_str));
                out.push(Finding::new("D001", o.id.as_str(), ob_spot(o, &[Step::Key("needs"), Step::Item(i), Step::Key("on")]), format!("{} 依赖的 {} 不存在{zh}", o.id, n.on), format!("{} needs {}, which is not there{en}", o.id, n.on)));
            }
        }
    }
}
