//! L012: without people.yaml only "accepter ≠ applicant" is held, and that is said aloud.

use super::prelude::*;

/// L012.
pub const RULE: RuleInfo = RuleInfo {
    id: "L012",
    title: Term("没有人员名册，未核对角色", "roles are not checked"),
    level: Level::Warn,
    waivable: true,
    page: include_str!("l012.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    if s.register.people.is_none() && !s.log.records.is_empty() {
        out.push(
            Finding::new("L012", "people.yaml", Spot::Node(s.register.settings_at.file, vec![Step::Key("unit")]), "没有 people.yaml：只核对验收人不是申请人，其余角色未核对".into(), "there is no people.yaml: only accepter ≠ applicant is checked, no other role".into())
                .remedy("建立 people.yaml，列出岗位、单位和角色", "keep a people.yaml with posts, departments and roles"),
        );
    }
}
