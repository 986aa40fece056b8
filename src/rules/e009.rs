//! E009: every department that is named must be there.

use super::prelude::*;

/// E009.
pub const RULE: RuleInfo = RuleInfo {
    id: "E009",
    title: Term("没有这个单位", "unknown department"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e009.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let mut look = |id: &str, subject: &str, spot: Spot| {
        if r.body(id).is_some() || s.lost.may_hold(Table::Departments, id) {
            return;
        }
        let (zh, en) = meant_if(few(out, "E009"), id, r.body_index.keys().map(String::as_str));
        out.push(
            Finding::new("E009", subject, spot, format!("没有单位 {id}{zh}"), format!("there is no department {id}{en}"))
                .remedy("在 departments.yaml 增加该单位，或改正编号", "add it to departments.yaml, or correct the id"),
        );
    };
    let owner = |o: &Owner, subject: &str, spot: &dyn Fn(&[Step]) -> Spot, look: &mut dyn FnMut(&str, &str, Spot)| {
        for (key, ids) in [("lead", &o.lead), ("support", &o.support)] {
            for (i, id) in ids.iter().enumerate() {
                look(id, subject, spot(&[Step::Key("owner"), Step::Key(key), Step::Item(i)]));
            }
        }
        for (i, f) in o.former.iter().enumerate() {
            look(&f.dept, subject, spot(&[Step::Key("owner"), Step::Key("former"), Step::Item(i), Step::Key("dept")]));
        }
    };
    for o in &r.obligations {
        if let Some(w) = &o.owner {
            owner(w, &o.id, &|p| ob_spot(o, p), &mut look);
        }
    }
    for p in &r.plan {
        if let Some(w) = &p.owner {
            owner(w, p.duty.as_str(), &|path| in_file(p.at, path), &mut look);
        }
    }
    for b in &r.bodies {
        for d in &b.acts_for.0 {
            look(d, &b.id, in_list("bodies", b.at, &[Step::Key("acts_for")]));
        }
    }
    for (list, groups) in [("enterprises", &r.enterprises), ("users", &r.users)] {
        for g in groups {
            for (i, d) in g.regulators.iter().enumerate() {
                look(d, &g.id, in_list(list, g.at, &[Step::Key("regulators"), Step::Item(i)]));
            }
        }
    }
    for c in &r.changes {
        if let Some(b) = &c.body {
            look(b, b, in_list("changes", c.at, &[Step::Key("body")]));
        }
    }
    for p in r.people.iter().flatten() {
        if let Some(d) = &p.department {
            look(d, &p.post, in_file(p.at, &[Step::Key("department")]));
        }
    }
}
