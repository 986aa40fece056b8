//! E013: an obligation stands in the file of its part, and its part is declared.

use super::prelude::*;

/// E013.
pub const RULE: RuleInfo = RuleInfo {
    id: "E013",
    title: Term("义务放错了地方", "an obligation in the wrong place"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e013.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let mut parts: HashMap<&str, String> = HashMap::new();
    for p in &r.policies {
        let base = r.files[p.at.file as usize].shown.trim_end_matches("policy.yaml").to_string();
        for part in &p.policy.parts {
            parts.insert(&part.id, format!("{base}{}", part.file.as_str()));
        }
    }
    for o in &r.obligations {
        let here = &r.files[o.at.file as usize].shown;
        let spot = || ob_spot(o, &[Step::Key("id")]);
        match parts.get(o.id.part()) {
            None if s.lost.has(Table::Policies) => {}
            None => out.push(
                Finding::new("E013", o.id.as_str(), spot(), format!("没有哪份 policy.yaml 声明第 {} 部分", o.id.part()), format!("no policy.yaml declares the part {}", o.id.part()))
                    .remedy("在 policy.yaml 的 parts 里加上该部分", "add the part to `parts` in policy.yaml"),
            ),
            Some(file) if file != here => out.push(
                Finding::new("E013", o.id.as_str(), spot(), format!("{} 应在 {file}", o.id), format!("{} belongs in {file}", o.id)),
            ),
            Some(_) => {}
        }
    }
}
