//! What the furniture of a page says: the page itself carries all other words, in its own
//! language. Renderers see no register, so these few do not stand in the one table of terms.

use crate::page::Tone;

/// The words of a page in one language or both.
pub struct Words {
    /// Opens the text equivalent of a chart.
    pub as_table: &'static str,
    /// Before the meaning of the colours.
    pub legend: &'static str,
    /// Heads the list of a page's parts.
    pub contents: &'static str,
    /// Jumps over the head.
    pub skip: &'static str,
    /// Names the field that filters a table.
    pub filter: &'static str,
    /// How many rows are shown; the script puts figures for {} and {}.
    pub shown: &'static str,
    /// Under tables whose counts open.
    pub opens: &'static str,
    /// Heads the links of a chart of dependencies.
    pub link: &'static str,
    /// All of a month.
    pub sum: &'static str,
    /// Heads the files of an index.
    pub files: &'static str,
    /// Heads the titles of an index.
    pub report: &'static str,
    /// Heads their days.
    pub as_of: &'static str,
    /// Names of the colours: red, amber, green, grey.
    tones: [&'static str; 4],
}

const ZH: Words = Words {
    as_table: "数据表",
    legend: "图例",
    contents: "目录",
    skip: "跳到正文",
    filter: "筛选行",
    shown: "显示 {} / {} 行",
    opens: "带虚线的数字可以展开：停在数字上见查询词，用 duban list 加查询词列出各项。",
    link: "关系",
    sum: "合计",
    files: "文件",
    report: "报表",
    as_of: "截至日期",
    tones: ["红", "黄", "绿", "灰"],
};

const EN: Words = Words {
    as_table: "As a table",
    legend: "Legend",
    contents: "Contents",
    skip: "Skip to the report",
    filter: "Filter rows",
    shown: "{} of {} rows shown",
    opens: "Counts with dots under them open: rest on one to see its query, and list the rows with duban list and the query.",
    link: "Link",
    sum: "Total",
    files: "Files",
    report: "Report",
    as_of: "As of",
    tones: ["Red", "Amber", "Green", "Grey"],
};

const BOTH: Words = Words {
    as_table: "数据表 As a table",
    legend: "图例 Legend",
    contents: "目录 Contents",
    skip: "跳到正文 Skip to the report",
    filter: "筛选行 Filter rows",
    shown: "显示 {} / {} 行 rows shown",
    opens: "带虚线的数字可以展开：停在数字上见查询词，用 duban list 加查询词列出各项。 Counts with dots under them open: rest on one to see its query, and list the rows with duban list and the query.",
    link: "关系 Link",
    sum: "合计 Total",
    files: "文件 Files",
    report: "报表 Report",
    as_of: "截至日期 As of",
    tones: ["红 Red", "黄 Amber", "绿 Green", "灰 Grey"],
};

/// The words for a language, `zh` or any other, or for `both`.
pub fn of(lang: &str, both: bool) -> &'static Words {
    match lang.starts_with("zh") || lang.is_empty() {
        true if both => &BOTH,
        true => &ZH,
        false => &EN,
    }
}

impl Words {
    /// The name of a colour.
    pub fn tone(&self, tone: Tone) -> &'static str {
        self.tones[tone as usize]
    }
}
