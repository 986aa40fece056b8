//! E008: an id stands for one thing only.

use super::prelude::*;

/// E008.
pub const RULE: RuleInfo = RuleInfo {
    id: "E008",
    title: Term("编号重复", "the same id twice"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e008.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let mut seen: Quick<String, u32> = Quick::default();
    let mut look = |id: &str, file: u32, spot: Spot| {
        if let Some(first) = seen.get(id) {
            let file = &r.files[*first as usize].shown;
            out.push(
                Finding::new("E008", id, spot, format!("编号 {id} 已在 {file} 用过"), format!("the id {id} is already used in {file}"))
                    .remedy("编号永不重用：给后来的一项另取编号", "ids are never reused: give the newer item another one"),
            );
        } else {
            seen.insert(id.to_string(), file);
        }
    };
    for o in &r.obligations {
        look(&o.id, o.at.file, ob_spot(o, &[Step::Key("id")]));
        for (i, k) in o.indicators.iter().enumerate() {
            look(&format!("{} {}", o.id, k.id), o.at.file, ob_spot(o, &[Step::Key("indicators"), Step::Item(i), Step::Key("id")]));
        }
    }
    for b in &r.bodies {
        look(&b.id, b.at.file, in_list("bodies", b.at, &[Step::Key("id")]));
        for (i, w) in b.was.iter().enumerate() {
            look(&w.id, b.at.file, in_list("bodies", b.at, &[Step::Key("was"), Step::Item(i), Step::Key("id")]));
        }
    }
    for (list, groups) in [("enterprises", &r.enterprises), ("users", &r.users)] {
        for g in groups {
            look(&g.id, g.at.file, in_list(list, g.at, &[Step::Key("id")]));
        }
    }
    for x in &r.sectors {
        look(&x.id, x.at.file, in_list("sectors", x.at, &[Step::Key("id")]));
    }
    for t in &r.evidence_types {
        look(&format!("evidence type {}", t.code), t.at.file, in_list("types", t.at, &[Step::Key("code")]));
    }
    for p in r.people.iter().flatten() {
        look(&format!("post {}", p.post), p.at.file, in_file(p.at, &[Step::Key("post")]));
    }
    for p in &r.policies {
        look(&p.policy.code, p.at.file, Spot::Node(p.at.file, vec![Step::Key("code")]));
    }
}
