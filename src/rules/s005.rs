//! S005: obligations and parts named by clauses are there.

use super::prelude::*;

/// S005.
pub const RULE: RuleInfo = RuleInfo {
    id: "S005",
    title: Term("条款指向不存在的义务", "a clause that names nothing"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("s005.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let parts: HashSet<&str> = r.policies.iter().flat_map(|p| p.policy.parts.iter().map(|x| x.id.as_str())).collect();
    for p in &r.policies {
        for c in &p.clauses {
            let mut look = |id: &str, path: &[Step]| {
                if !(r.obligation_index.contains_key(id) || parts.contains(id) || s.lost.may_hold(Table::Obligations, id)) {
                    let (zh, en) = meant_if(few(out, "S005"), id, r.obligation_index.keys().map(String::as_str));
                    out.push(Finding::new("S005", c.node.at.as_str(), in_list("clauses", c.at, path), format!("没有义务或部分 {id}{zh}"), format!("there is no obligation or part {id}{en}")));
                }
            };
            for (i, id) in c.primary.iter().enumerate() {
                look(id, &[Step::Key("primary"), Step::Item(i)]);
            }
            for (i, x) in c.secondary.iter().enumerate() {
                look(&x.id, &[Step::Key("secondary"), Step::Item(i), Step::Key("id")]);
            }
            for (i, x) in c.see.iter().enumerate() {
                look(&x.from, &[Step::Key("see"), Step::Item(i)]);
                if let Some(to) = &x.to {
                    look(to, &[Step::Key("see"), Step::Item(i)]);
                }
            }
        }
    }
}
