//! L017: what was signed must still be what stands there.

use super::prelude::*;
use crate::log::wording::{self, Gap, Outdated, Part};
use crate::text::difference;

/// L017.
pub const RULE: RuleInfo = RuleInfo {
    id: "L017",
    title: Term("签认之后文本已变", "reworded since it was signed"),
    level: Level::Deny,
    waivable: true,
    page: include_str!("l017.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    for o in &s.outdated {
        let id = s.roster.id(&s.register, o.duty as usize);
        let e = &s.log.records[o.record as usize].entry;
        let day = s.log.records[o.record as usize].day;
        let (zh, en) = match &o.gap {
            Gap::Unsaid => ("没有写明所依据的文本（fp）".into(), "does not say which wording was read (no `fp`)".into()),
            Gap::Recipe(n) => (format!("的文本指纹用了本程序不认识的算法 {n}"), format!("carries a fingerprint of recipe {n}, which is not known here")),
            Gap::Changed(parts) => {
                let told: Vec<(String, String)> = parts.iter().map(|p| changed(s, o, *p)).collect();
                let join = |f: fn(&(String, String)) -> &str, sep| told.iter().map(f).collect::<Vec<_>>().join(sep);
                (format!("所依据的文本已变：{}", join(|t| &t.0, "；")), format!("was for other words: {}", join(|t| &t.1, "; ")))
            }
        };
        let slip = matches!(o.gap, Gap::Changed(_));
        out.push(
            Finding::new(
                "L017",
                id.clone(),
                spot(s, o),
                format!("{id}：{} 于 {day} 的“{}”{zh}", e.by, e.event.term().0),
                format!("{id}: the `{}` by {} on {day} {en}", e.event.code(), e.by),
            )
            .mark(format!("{} {}", e.h, o.now))
            .remedy(
                format!("核对现行文本后，由承办单位 duban log attest {id} --reason …{}", if slip { "；改错了就改回原文" } else { "" }),
                format!("read the present wording and `duban log attest {id} --reason …`{}", if slip { "; if the change was a slip, take it back" } else { "" }),
            ),
        );
    }
}

/// What changed in a part, old words and new; that the old ones cannot be had is said.
fn changed(s: &Snapshot, o: &Outdated, part: Part) -> (String, String) {
    let ob = s.roster.duties[o.duty as usize].obligation as usize;
    let now = wording::say(&s.register.obligations[ob], &s.roster.owners[ob], part);
    let say = |w: &Words, lang| w.say(lang).into_owned();
    if let Some(then) = s.then.as_ref().and_then(|t| t.get(&(o.duty, part))) {
        let differ = |lang| difference(&say(then, lang), &say(&now, lang));
        // Changed in one language only: the other has nothing to show.
        let told = |lang, other| if say(then, lang) == say(&now, lang) { differ(other) } else { differ(lang) };
        return (format!("{} {}", part.code(), told(Lang::Zh, Lang::En)), format!("{} {}", part.code(), told(Lang::En, Lang::Zh)));
    }
    // Nobody knows which of the two languages changed, so both are shown.
    let (zh, en) = (say(&now, Lang::Zh), say(&now, Lang::En));
    let both = if zh == en || part != Part::Requirement { None } else { Some((format!("“{zh}” · “{en}”"), format!("“{en}” · “{zh}”"))) };
    let (zh, en) = both.unwrap_or((format!("“{zh}”"), format!("“{en}”")));
    // An editor does not ask git at each key.
    let (lack_zh, lack_en) = if s.then.is_some() { ("（原文字不可得）", " (words not available)") } else { ("", "") };
    (format!("{}{lack_zh}现为{zh}", part.code()), format!("{}{lack_en} is now {en}", part.code()))
}

/// Where the first part that changed stands.
fn spot(s: &Snapshot, o: &Outdated) -> Spot {
    let ob = s.roster.duties[o.duty as usize].obligation as usize;
    let at = |key| ob_spot(&s.register.obligations[ob], &[Step::Key(key)]);
    match &o.gap {
        Gap::Changed(parts) => match parts[0] {
            Part::Requirement => at("requirement"),
            Part::Modality => at("modality"),
            Part::Owner => owner_spot(s, ob, &[Step::Key("owner")]),
            Part::Needs => at("needs"),
        },
        _ => line_spot(s, o.record as usize),
    }
}
