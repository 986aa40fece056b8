//! L005: an entry that its state did not allow stays in history and moves nothing.

use super::prelude::*;

/// L005.
pub const RULE: RuleInfo = RuleInfo {
    id: "L005",
    title: Term("不合流转规则的条目", "an unlawful entry"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("l005.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for (i, v) in s.folded.verdicts.iter().enumerate() {
        if let crate::log::Verdict::Unlawful(why) = v {
            let e = &s.log.records[i].entry;
            out.push(
                Finding::new("L005", format!("{}@{}", e.duty, e.dept), line_spot(s, i), format!("{} 的 {} 不合规则：{}", e.by, e.event.code(), why.say(Lang::Zh)), format!("the {} by {} is not lawful: {}", e.event.code(), e.by, why.say(Lang::En)))
                    .remedy("用 duban log void 撤回，补记所缺的一步，再重新记录", "withdraw it with `duban log void`, record the step that is missing, then record it again"),
            );
        }
    }
}
