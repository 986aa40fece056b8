//! O005: whoever leads does not also support itself, or counts double.

use super::prelude::*;

/// O005.
pub const RULE: RuleInfo = RuleInfo {
    id: "O005",
    title: Term("配合单位同时是牵头单位", "a supporting department also leads"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("o005.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, owner) in s.roster.owners.iter().enumerate() {
        let o = &s.register.obligations[i];
        for (key, list) in [("lead", &owner.lead), ("support", &owner.support)] {
            for (n, id) in list.iter().enumerate() {
                let same = |x: &UnitId| s.register.current(x) == s.register.current(id);
                let twice = list[..n].iter().any(same);
                if twice || key == "support" && owner.lead.iter().any(same) {
                    let (zh, en) = if twice { ("列了两次", "is listed twice") } else { ("既牵头又配合", "both leads and supports") };
                    out.push(Finding::new("O005", o.id.as_str(), owner_spot(s, i, &[Step::Key("owner"), Step::Key(key), Step::Item(n)]), format!("{id} {zh}"), format!("{id} {en}")));
                }
            }
        }
    }
}
