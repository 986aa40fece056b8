//! R1–R7 and A1–A11 as findings: the lights of the fold, each with its place and words.
//!
//! The rules themselves are `log::lights`; nothing is decided again here.

use super::prelude::*;
use crate::model::time::days_between;

macro_rules! lights {
    ($($id:literal, $file:literal, $zh:literal, $en:literal;)+) => {
        /// Every light rule.
        pub const RULES: &[RuleInfo] = &[$(RuleInfo { id: $id, title: Term($zh, $en), level: Level::Warn, waivable: true, page: include_str!($file) }),+];
    };
}

lights! {
    "R1", "r1.md", "逾期", "overdue";
    "R2", "r2.md", "无牵头单位且已过宽限期", "no lead, grace over";
    "R3", "r3.md", "进度低于序时超过上限", "far behind schedule";
    "R4", "r4.md", "逾期未复核超过上限", "review long overdue";
    "R5", "r5.md", "存在未处置的违反", "unresolved breach";
    "R6", "r6.md", "受阻未定解决日期或已过该日期", "blocked, no fix date or past it";
    "R7", "r7.md", "暂缓已过恢复日期", "suspension past its resume date";
    "A1", "a1.md", "临期", "due soon";
    "A2", "a2.md", "进度低于序时", "behind schedule";
    "A3", "a3.md", "超过一个复核周期未更新", "no update for over a cycle";
    "A4", "a4.md", "前置事项未完成", "prerequisite unfinished";
    "A5", "a5.md", "待验收过久", "waiting long for acceptance";
    "A6", "a6.md", "未设时限也未注明长期坚持", "no due date, not standing";
    "A7", "a7.md", "证据缺项或过期", "evidence missing or expired";
    "A8", "a8.md", "无牵头单位，仍在宽限期", "no lead, still in grace";
    "A9", "a9.md", "受阻，已定解决日期", "blocked, fix date set";
    "A10", "a10.md", "复核到期未办", "review overdue";
    "A11", "a11.md", "申请验收晚于时限", "submitted late";
}

/// One finding a reason.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let infos: HashMap<&str, &RuleInfo> = RULES.iter().map(|r| (r.id, r)).collect();
    for (i, state) in s.folded.states.iter().enumerate() {
        for code in state.reasons {
            let Some(info) = infos.get(code) else { continue };
            let id = s.roster.id(&s.register, i);
            let (zh, en) = detail(s, state, code);
            let key = if matches!(*code, "R1" | "A1" | "A6" | "A11") { "due" } else { "duty" };
            out.push(Finding::new(
                info.id,
                id.clone(),
                duty_spot(s, i, key),
                format!("{id} {}{zh}", info.title.0),
                format!("{id}: {}{en}", info.title.1),
            ));
        }
    }
}

/// The figures behind a reason, where there are any.
fn detail(s: &Snapshot, state: &crate::log::State, code: &str) -> (String, String) {
    let day = s.day();
    let due = state.due.and_then(Due::day);
    match (code, due, state.next_review) {
        ("R1", Some(due), _) => {
            (format!("：时限 {due}，已逾 {} 天", days_between(due, day)), format!(" by {} days (due {due})", days_between(due, day)))
        }
        ("A1", Some(due), _) => {
            (format!("：时限 {due}，还有 {} 天", days_between(day, due)), format!(": {} days left (due {due})", days_between(day, due)))
        }
        ("R4" | "A10", _, Some(next)) => (format!("：应于 {next} 复核"), format!(": it was to be reviewed on {next}")),
        ("R3" | "A2", ..) => (format!("：现为 {}%", state.percent.unwrap_or(0)), format!(": it stands at {}%", state.percent.unwrap_or(0))),
        ("R7", ..) => state.resume.map_or_else(Default::default, |d| (format!("（{d}）"), format!(" ({d})"))),
        _ => Default::default(),
    }
}
