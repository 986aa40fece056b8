//! The columns of a table that officers fill in: their names in both languages, what they hold,
//! and who may write in them.

use crate::model::Term;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The register's own words: locked, not read back.
    Said,
    /// An id: locked, read back.
    Id,
    /// An event that is lawful from the row's state.
    Event,
    /// A state that the row may come to.
    Target,
    /// 0 to 100 per cent.
    Percent,
    /// A day.
    Day,
    /// A day or `standing`.
    Until,
    /// A type of evidence.
    EvidenceType,
    /// Yes or nothing.
    Yes,
    /// A number that is kept digit by digit.
    Decimal,
    /// A post, a department, an id.
    Word,
    /// Free text.
    Text,
    /// What the row was made from: hidden.
    Base,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its key.
    pub key: &'static str,
    /// Its head.
    pub name: Term,
    /// What it holds.
    pub holds: Holds,
    /// Its width in characters.
    pub width: f64,
}

const fn column(key: &'static str, zh: &'static str, en: &'static str, holds: Holds, width: f64) -> Column {
    Column { key, name: Term(zh, en), holds, width }
}

/// Every column, in order.
pub const COLUMNS: &[Column] = &[
    column("id", "编号", "ID", Holds::Id, 22.0),
    column("title", "工作事项", "Obligation", Holds::Said, 26.0),
    column("status", "现状", "Present status", Holds::Said, 11.0),
    column("light", "亮灯", "RAG", Holds::Said, 12.0),
    column("due", "完成时限", "Due date", Holds::Said, 12.0),
    column("person", "责任人", "Responsible person", Holds::Said, 13.0),
    column("why", "未记录原因", "Why not recorded", Holds::Said, 40.0),
    column("event", "办理动作", "Event", Holds::Event, 13.0),
    column("target", "拟转状态", "New status", Holds::Target, 11.0),
    column("percent", "进度", "Progress %", Holds::Percent, 9.0),
    column("note", "进展情况", "Progress", Holds::Text, 34.0),
    column("issues", "存在问题", "Issues", Holds::Text, 24.0),
    column("next", "下一步措施", "Next steps", Holds::Text, 24.0),
    column("day", "发生日期", "Date of event", Holds::Day, 12.0),
    column("until", "新期限", "New date", Holds::Until, 12.0),
    column("agreed", "同意人", "Agreed by", Holds::Word, 14.0),
    column("reason", "理由", "Reason", Holds::Text, 22.0),
    column("evidence_type", "佐证类型", "Evidence type", Holds::EvidenceType, 18.0),
    column("evidence_name", "佐证名称", "Evidence name", Holds::Text, 24.0),
    column("evidence_number", "文号", "Document number", Holds::Text, 18.0),
    column("evidence_date", "佐证日期", "Evidence date", Holds::Day, 12.0),
    column("evidence", "其他佐证", "More evidence", Holds::Text, 22.0),
    column("indicator", "指标", "Indicator", Holds::Word, 9.0),
    column("value", "指标值", "Value", Holds::Decimal, 10.0),
    column("nil", "零报告", "Nil report", Holds::Yes, 8.0),
    column("via", "配合单位", "Supporting unit", Holds::Word, 13.0),
    column("release", "放行理由", "Release", Holds::Text, 18.0),
    column("ref", "所指条目", "Entry referred to", Holds::Word, 14.0),
    column("by", "填报人", "Recorded by", Holds::Word, 15.0),
    column("base", "校验（勿改）", "Fingerprint (leave)", Holds::Base, 4.0),
];

/// Number of a column.
pub fn at(key: &str) -> usize {
    COLUMNS.iter().position(|c| c.key == key).expect("the key of a column")
}

/// Both names, one below the other.
pub fn head(c: &Column) -> String {
    format!("{}\n{}", c.name.0, c.name.1)
}

/// The column that a head names: its key, or any of its names; two languages may stand
/// together, blanks and widths do not matter.
pub fn named(head: &str) -> Option<usize> {
    let plain = |t: &str| crate::text::folded(t).into_iter().collect::<String>().to_lowercase();
    let (whole, lines): (String, Vec<String>) = (plain(head), head.lines().map(plain).filter(|l| !l.is_empty()).collect());
    COLUMNS.iter().position(|c| {
        let known = [plain(c.name.0), plain(c.name.1), plain(c.key), plain(c.name.0) + &plain(c.name.1)];
        known.contains(&whole) || (lines.len() > 1 && lines.iter().all(|l| known.contains(l)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_known_however_they_are_typed() {
        for (i, c) in COLUMNS.iter().enumerate() {
            for head in [head(c), c.name.0.into(), format!(" {} ", c.name.1), c.key.to_uppercase(), format!("{} {}", c.name.0, c.name.1)] {
                assert_eq!(named(&head), Some(i), "{head}");
            }
        }
        assert_eq!((named("进 度"), named("备注"), named("")), (Some(at("percent")), None, None));
    }
}
