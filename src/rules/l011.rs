//! L011: where people.yaml is kept, every entry is by a post that may make it.

use super::prelude::*;

/// L011.
pub const RULE: RuleInfo = RuleInfo {
    id: "L011",
    title: Term("填报人没有相应权限", "a post without the role"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("l011.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let Some(people) = &s.register.people else { return };
    let desk = crate::log::roles::Desk::new(&s.register, people);
    let entries: HashMap<&str, &Entry> = s.log.records.iter().map(|r| (&*r.entry.h, &r.entry)).collect();
    for (i, v) in s.folded.verdicts.iter().enumerate() {
        if matches!(v, crate::log::Verdict::Later) {
            continue;
        }
        let r = &s.log.records[i];
        if let Err(why) = desk.may(&r.entry, &|h| entries.get(h).copied()) {
            out.push(Finding::new("L011", format!("{}@{}", r.entry.duty, r.entry.dept), line_spot(s, i), why.say(Lang::Zh).into(), why.say(Lang::En).into()).remedy("在 people.yaml 补上角色，或由有权的岗位更正", "give the post its role in people.yaml, or have the right post correct the entry"));
        }
    }
}
