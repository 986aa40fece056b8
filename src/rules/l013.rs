//! L013: evidence types, indicators and supporting departments in entries are known.

use super::prelude::*;

/// L013.
pub const RULE: RuleInfo = RuleInfo {
    id: "L013",
    title: Term("条目里的编码不存在", "an entry with an unknown code"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("l013.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    for (i, rec) in s.log.records.iter().enumerate() {
        let e = &rec.entry;
        let mut tell = |zh: String, en: String| out.push(Finding::new("L013", format!("{}@{}", e.duty, e.dept), line_spot(s, i), zh, en));
        for ev in e.evidence.iter().filter(|ev| r.evidence_type(&ev.kind).is_none() && !s.lost.may_hold(Table::EvidenceTypes, &ev.kind)) {
            tell(format!("没有证据类型 {}", ev.kind), format!("there is no evidence type {}", ev.kind));
        }
        if let (Some(k), Some(o)) = (&e.indicator, r.obligation(&e.duty))
            && !o.indicators.iter().any(|x| x.id.as_str() == &**k)
        {
            tell(format!("{} 没有指标 {k}", e.duty), format!("{} has no indicator {k}", e.duty));
        }
        if e.via.is_some() && e.event != Event::Progress && e.event != Event::Void {
            tell("配合单位（via）只能报进展和证据".into(), "a supporting department (via) records progress and evidence only".into());
        }
        if let Some(via) = e.via.as_ref().filter(|v| r.body(v).is_none() && !s.lost.may_hold(Table::Departments, v)) {
            tell(format!("没有单位 {via}"), format!("there is no department {via}"));
        }
    }
}
