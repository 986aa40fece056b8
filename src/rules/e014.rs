//! E014: `relation: none` names no article; every other relation does.

use super::prelude::*;

/// E014.
pub const RULE: RuleInfo = RuleInfo {
    id: "E014",
    title: Term("法条对照自相矛盾", "a crosswalk row that contradicts itself"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e014.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for c in &s.register.crosswalk {
        for (i, l) in c.links.iter().enumerate() {
            let spot = || in_file(c.at, &[Step::Key("links"), Step::Item(i), Step::Key("relation")]);
            if (l.relation == Relation::None) == l.article.is_some() {
                let (zh, en) = if l.article.is_some() {
                    ("注明无对应条文（none），却写了条文", "the relation is `none`, yet an article is named")
                } else {
                    ("没有写条文，关系却不是 none", "no article is named, yet the relation is not `none`")
                };
                out.push(Finding::new("E014", c.duty.as_str(), spot(), zh.into(), en.into()));
            }
        }
    }
}
