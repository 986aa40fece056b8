//! D004: whoever builds on a duty that was reworded looks again, to a set depth.

use super::prelude::*;
use crate::log::wording::Gap;

/// D004.
pub const RULE: RuleInfo = RuleInfo {
    id: "D004",
    title: Term("所依赖的义务文本已变", "what it needs was reworded"),
    level: Level::Warn,
    waivable: true,
    page: include_str!("d004.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let roots: std::collections::BTreeSet<u32> =
        s.outdated.iter().filter(|o| matches!(o.gap, Gap::Changed(_))).map(|o| s.roster.duties[o.duty as usize].obligation).collect();
    let prints: HashMap<u32, &str> = s.outdated.iter().map(|o| (s.roster.duties[o.duty as usize].obligation, o.now.as_str())).collect();
    for (ob, (root, from)) in s.graph.downstream(&roots, r.settings.thresholds.suspect_depth) {
        let o = &r.obligations[ob as usize];
        let print = prints.get(&root).copied().unwrap_or("");
        let [root, from] = [root, from].map(|i| r.obligations[i as usize].id.as_str());
        let (zh, en) = if root == from {
            (format!("{} 依赖 {root}", o.id), format!("{} needs {root}", o.id))
        } else {
            (format!("{} 经 {from} 依赖 {root}", o.id), format!("{} needs {root} through {from}", o.id))
        };
        let at = o.needs.iter().position(|n| n.on.as_str() == from);
        let way: Vec<Step> = std::iter::once(Step::Key("needs")).chain(at.into_iter().flat_map(|i| [Step::Item(i), Step::Key("on")])).collect();
        out.push(
            Finding::new(
                "D004",
                o.id.as_str(),
                ob_spot(o, &way),
                format!("{zh}，而后者签认之后文本已变：存疑"),
                format!("{en}, whose wording changed since it was signed: suspect"),
            )
            .mark(format!("{root} {print}"))
            .remedy(
                format!("核对 {} 是否仍然成立；{root} 确认新文本（attest）后自动解除", o.id),
                format!("see whether {} still holds; it is cleared when {root} attests the new wording", o.id),
            ),
        );
    }
}
