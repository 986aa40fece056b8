//! E017: a saved report that cannot be run: layout, columns, formats, filter, period, a name twice.

use super::prelude::*;
use crate::report::layout::saved::faults;

/// E017.
pub const RULE: RuleInfo = RuleInfo {
    id: "E017",
    title: Term("存档报表无法生成", "a saved report that cannot be run"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e017.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let mut names = HashSet::new();
    for saved in &s.register.reports {
        let name = saved.name.as_str();
        if !names.insert(name) {
            let at = in_file(saved.at, &[Step::Key("name")]);
            out.push(
                Finding::new("E017", name, at, format!("已有名为 {name} 的存档报表"), format!("a saved report is called {name} already"))
                    .remedy("另取一个名字：文件以它命名", "give it another name: its files are called by it"),
            );
        }
        for fault in faults(s, &saved.node) {
            let mut way = vec![Step::Key(fault.key)];
            way.extend(fault.item.map(Step::Item));
            let (zh, en) = fault.unknown.as_ref().map_or_else(Default::default, |(word, known)| {
                let near = meant_if(few(out, "E017"), word, known.iter().map(String::as_str));
                if near.0.is_empty() { (format!("；可用：{}", known.join("、")), format!("; known: {}", known.join(", "))) } else { near }
            });
            let what = &fault.what;
            out.push(Finding::new("E017", name, in_file(saved.at, &way), format!("{}{zh}", what.say(Lang::Zh)), format!("{}{en}", what.say(Lang::En))));
        }
    }
}
