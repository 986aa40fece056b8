//! Words of duty: 应、应当、须、必须、要、不得、禁止、严禁; shall, must, may not.
//!
//! 应, 须 and 要 also stand in words that bind nobody (反应, 胡须, 重要); those are left
//! out by their neighbours. A list of words is no reading: it finds what to look at.

/// Two-character words around 应 that are no duty.
const YING: &[&str] = &[
    "反应", "适应", "响应", "供应", "相应", "对应", "感应", "效应", "回应", "呼应", "顺应", "照应", "答应", "策应", "接应", "因应", "报应",
    "应用", "应急", "应付", "应邀", "应聘", "应征", "应届", "应援", "应运", "应变", "应战", "应诉", "应答", "应对", "应有", "应收", "应纳",
    "应税", "应验",
];
/// The same around 须.
const XU: &[&str] = &["无须", "毋须", "胡须", "触须", "根须", "须知", "须臾", "须眉"];
/// The same around 要.
const YAO: &[&str] = &[
    "重要", "主要", "必要", "需要", "首要", "纲要", "摘要", "概要", "简要", "紧要", "机要", "扼要", "险要", "次要", "只要", "想要", "正要",
    "将要", "快要", "还要", "显要", "提要", "辑要", "撮要", "索要", "要求", "要素", "要点", "要件", "要害", "要闻", "要领", "要地", "要么",
    "要不", "要是", "要塞", "要道", "要职", "要义", "要旨", "要冲", "要价", "要员", "要挟", "要约", "要紧", "要案", "要目", "要诀",
];
/// Always duty.
const PLAIN: &[&str] = &["应当", "必须", "不得", "禁止", "严禁", "不准", "不许", "不要"];

/// What sort of duty a clause speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Something to do.
    Do,
    /// Something not to do.
    Not,
}

/// The first word of duty in a clause of folded characters: its sort and its index.
/// `at_word` says whether a Latin word begins at an index, since blanks are folded away.
pub fn find(clause: &[char], at_word: impl Fn(usize) -> bool) -> Option<(Duty, usize)> {
    let starts = |i: usize, word: &str| clause[i..].iter().copied().take(word.chars().count()).eq(word.chars());
    let around = |i: usize, words: &[&str]| words.iter().any(|w| starts(i, w) || (i > 0 && starts(i - 1, w)));
    let mut found = None;
    for (i, c) in clause.iter().enumerate() {
        let duty = match c {
            '不' | '禁' | '严' => ["不得", "禁止", "严禁", "不准", "不许", "不要"].iter().any(|w| starts(i, w)).then_some(Duty::Not),
            '应' | '须' | '要' | '必' => {
                let words = match c {
                    '应' => YING,
                    '须' => XU,
                    _ => YAO,
                };
                let bare = *c != '必' && !around(i, words);
                (bare || PLAIN.iter().any(|w| starts(i, w))).then_some(Duty::Do)
            }
            's' | 'm' | 'S' | 'M' if at_word(i) => english(clause, i, &at_word),
            _ => None,
        };
        match duty {
            // A clause that forbids anything is a prohibition, wherever its first word stands.
            Some(Duty::Not) => return Some((Duty::Not, found.map_or(i, |(_, at)| at))),
            Some(Duty::Do) if found.is_none() => found = Some((Duty::Do, i)),
            _ => {}
        }
    }
    found
}

fn english(clause: &[char], i: usize, at_word: &impl Fn(usize) -> bool) -> Option<Duty> {
    let word = |from: usize, w: &str| {
        let n = w.chars().count();
        let same = clause.len() >= from + n && clause[from..from + n].iter().map(|c| c.to_ascii_lowercase()).eq(w.chars());
        let ends = clause.get(from + n).is_none_or(|c| !c.is_ascii_alphanumeric()) || at_word(from + n);
        (same && ends && at_word(from)).then_some(from + n)
    };
    if let Some(next) = word(i, "may") {
        return word(next, "not").or_else(|| word(next, "only")).map(|_| Duty::Not);
    }
    let next = word(i, "shall").or_else(|| word(i, "must"))?;
    Some(if word(next, "not").is_some() || word(next, "never").is_some() { Duty::Not } else { Duty::Do })
}

#[cfg(test)]
mod tests {
    use super::super::reading::Reading;
    use super::*;

    fn of(text: &str) -> Option<Duty> {
        let r = Reading::new(text.into());
        find(&r.chars, |i| r.starts_word(i)).map(|d| d.0)
    }

    #[test]
    fn words_that_bind_and_words_that_only_look_so() {
        for text in [
            "各馆应当开放",
            "各馆应公布名单",
            "须登记",
            "必须按时",
            "各馆要检查",
            "每馆应于月底前报送",
            "Libraries shall open daily",
            "It must be kept",
        ] {
            assert_eq!(of(text), Some(Duty::Do), "{text}");
        }
        for text in ["不得收费", "禁止吸烟", "严禁外借", "各馆要公示且不得收费", "Staff may not lend", "Staff shall not lend", "不要占座"]
        {
            assert_eq!(of(text), Some(Duty::Not), "{text}");
        }
        for text in
            ["这是重要工作", "主要问题", "通知要求", "适应变化", "应用软件", "读者须知", "You may lend", "mustard", "a marshal", "无须登记"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
