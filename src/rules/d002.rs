//! D002: every ring is shown, all of them in one run.

use super::prelude::*;

/// D002.
pub const RULE: RuleInfo = RuleInfo {
    id: "D002",
    title: Term("依赖成环", "obligations that wait for each other"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("d002.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let mut seen = HashSet::new();
    let doubled: HashSet<&str> = r.obligations.iter().map(|o| o.id.as_str()).filter(|id| !seen.insert(*id)).collect();
    for ring in s.graph.cycles() {
        // An id that stands twice (E008) waits for itself only because of that.
        if let [one] = ring[..]
            && doubled.contains(r.obligations[one as usize].id.as_str())
        {
            continue;
        }
        let ids: Vec<&str> = ring.iter().map(|i| r.obligations[*i as usize].id.as_str()).collect();
        let Some(first) = ring.first().map(|i| &r.obligations[*i as usize]) else { continue };
        // The very link that leads on in the ring.
        let next = ids[1 % ids.len()];
        let link = first.needs.iter().position(|n| n.on.as_str() == next);
        let at: Vec<Step> = std::iter::once(Step::Key("needs")).chain(link.into_iter().flat_map(|i| [Step::Item(i), Step::Key("on")])).collect();
        let way = format!("{} → {}", ids.join(" → "), ids[0]);
        out.push(
            Finding::new("D002", ids[0], ob_spot(first, &at), format!("依赖成环：{way}"), format!("these wait for each other: {way}"))
                .mark(way)
                .remedy("去掉其中一条依赖；互相支撑的，只保留更强的一条", "take one link out; where two help each other, keep the stronger"),
        );
    }
}
