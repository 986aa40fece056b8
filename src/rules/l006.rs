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
    // One finding an obligation and body, at its first entry: twenty lines of the same
    // hand-over are one mistake.
    let mut first: HashMap<(&str, &str, String), (usize, usize)> = HashMap::new();
    for (i, v) in s.folded.verdicts.iter().enumerate() {
        if let crate::log::Verdict::Stray(why) = v {
            let e = &s.log.records[i].entry;
            // The obligation is there but cannot be read: that is said already, and denies.
            if s.lost.may_hold(Table::Obligations, &e.duty) {
                continue;
            }
            // Nobody leads it at all: O001 says so, and its entries wait for an owner.
            if s.register.obligation_index.get(&*e.duty).is_some_and(|o| s.roster.owners[*o as usize].lead.is_empty()) {
                continue;
            }
            first.entry((&e.duty, &e.dept, why.say(Lang::En).into_owned())).or_insert((i, 0)).1 += 1;
        }
    }
    for ((duty, dept, _), (i, count)) in first {
        let crate::log::Verdict::Stray(why) = &s.folded.verdicts[i] else { continue };
        let (zh, en) = if count > 1 { (format!("（共 {count} 条）"), format!(" ({count} entries)")) } else { Default::default() };
        out.push(
            Finding::new("L006", format!("{duty}@{dept}"), line_spot(s, i), format!("{}{zh}", why.say(Lang::Zh)), format!("{}{en}", why.say(Lang::En))).remedy(
                "若是移交，在 owner.former 写明原牵头单位和移交日",
                "if it was handed over, name the former lead and its last day in `owner.former`",
            ),
        );
    }
}
