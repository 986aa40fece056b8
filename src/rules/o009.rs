//! O009: in a unit that borrows its catalogue, every lead is one of its own bodies.

use super::prelude::*;

/// O009.
pub const RULE: RuleInfo = RuleInfo {
    id: "O009",
    title: Term("牵头单位不属于本级", "the lead is not one of this unit’s bodies"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("o009.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    if !r.borrowed || r.own_bodies == 0 {
        return;
    }
    for (i, owner) in s.roster.owners.iter().enumerate() {
        for lead in &owner.lead {
            if r.body_index.get(lead.as_str()).is_some_and(|b| *b as usize >= r.own_bodies) {
                let id = &r.obligations[i].id;
                out.push(
                    Finding::new("O009", format!("{id}@{lead}"), owner_spot(s, i, &[Step::Key("owner"), Step::Key("lead")]), format!("{id} 由目录中的 {lead} 牵头，本级没有单位代行"), format!("{id} is led by {lead} of the catalogue, and no body of this unit acts for it"))
                        .remedy("在 departments.yaml 给本级单位写 acts_for，或在 plan.yaml 写 owner", "give one of the unit's bodies `acts_for`, or write the owner in plan.yaml"),
                );
            }
        }
    }
}
