//! The answer as a page and as data. What is not in the figures stands in its head: segments that
//! wait, were refused or cannot be read, registers not sealed up to the day, obligations that
//! nobody could read.

use super::key;
use super::ledger::{Held, Ledger, Pending, Word};
use super::places;
use super::tally::{Answer, Ask, By, Counts};
use crate::model::{Lang, Light, Status, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table, Tone};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Rows of what is not in the figures that a page shows; the head counts all.
const SHOWN: usize = 50;

/// The report as data.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `duban/rollup-status/1`.
    pub schema: &'static str,
    /// As known on this day.
    pub as_of: String,
    /// About this day.
    pub on: String,
    /// What the rows are.
    pub by: &'static str,
    /// Month whose states were used.
    pub states_of: Option<String>,
    /// Registers in the dataset.
    pub registers: usize,
    /// Units that they belong to.
    pub units: usize,
    /// Of these, registers of sample data.
    pub sample: usize,
    /// Segments taken in.
    pub segments: u64,
    /// Of these, without a signature that was checked.
    pub unsigned: u64,
    /// Segments that wait for one before them.
    pub parked: usize,
    /// Segments refused.
    pub refused: usize,
    /// Segments and files that cannot be read.
    pub unread: usize,
    /// Registers that are not sealed through the as-of day.
    pub behind: usize,
    /// Registers whose history begins after the day asked about.
    pub not_begun: usize,
    /// Obligations in all registers.
    pub read: u64,
    /// Of these, readable.
    pub valid: u64,
    /// Of these, not readable: they stay in the total.
    pub invalid: u64,
    /// One row a group.
    pub rows: Vec<Line>,
    /// Every obligation of every register once.
    pub total: Line,
    /// What is not in the figures.
    pub pending: Vec<Pending>,
    /// `UNIT/REGISTER` and the day it is sealed through, of those that are behind.
    pub behind_registers: Vec<(String, String)>,
}

/// Counts of a group, with the names that `status` uses.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Code of the province, the sector …
    pub key: String,
    /// Its name.
    pub name: String,
    /// What is in it.
    pub total: u64,
    /// By state.
    pub states: Map<String, Value>,
    /// By light.
    pub lights: Map<String, Value>,
    /// Known only after the day asked about; where an earlier day is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<u64>,
    /// Of these, not readable.
    pub invalid: u64,
}

const TITLE: Term = Term("各级办理状态汇总", "Roll-up of registers");
const LATE: Term = Term("事后补报", "Late");
const UNLISTED: Term = Term("未计入汇总的报送", "Not in the figures");
const BEHIND: Term = Term("未封存到截至日期的登记册", "Registers not sealed through the as-of day");

/// Name of a grouping in data.
pub fn by_name(by: By) -> &'static str {
    match by {
        By::Province => "province",
        By::Sector => "sector",
        By::Obligation => "obligation",
        By::UnitKind => "unit-kind",
    }
}

fn line(key: &str, name: String, c: &Counts, late: bool, invalid: u64) -> Line {
    let states = Status::ALL.iter().zip(c.states).map(|(s, n)| (s.code().to_string(), json!(n))).collect();
    let lights = Light::ALL.iter().zip(c.lights).map(|(l, n)| (l.code().to_string(), json!(n))).collect();
    Line { key: key.into(), name, total: c.total() + invalid, states, lights, late: late.then_some(c.late), invalid }
}

fn before(day: &str, than: i32) -> bool {
    crate::model::time::parse_date(day).is_ok_and(|d| key::day(d) < than)
}

/// Puts answer and ledger together.
pub fn build(ledger: &Ledger, ask: Ask, answer: &Answer, lang: Lang) -> Report {
    let name = |k: &str| match ask.by {
        By::Province => places::province(k).map_or(k.to_string(), |t| t.say(lang).into_owned()),
        _ if k == "-" => t::OUTSIDE.say(lang).into_owned(),
        _ => k.to_string(),
    };
    let held: Vec<&Held> = ledger.registers.values().collect();
    let sum = |f: fn(&Held) -> u64| held.iter().map(|h| f(h)).sum::<u64>();
    let (read, invalid) = (sum(|h| h.read), sum(|h| h.invalid));
    let mut rows: Vec<Line> = answer.groups.iter().map(|(k, c)| line(k, name(k), c, ask.late(), 0)).collect();
    if invalid > 0 {
        rows.push(line("invalid", t::INVALID_ROW.say(lang).into_owned(), &Counts::default(), ask.late(), invalid));
    }
    let behind: Vec<_> =
        held.iter().filter(|h| before(&h.through, ask.as_of)).map(|h| (format!("{}/{}", h.unit, h.register), h.through.clone())).collect();
    let count = |w: Word| ledger.pending.iter().filter(|p| p.word == w).count();
    let units: std::collections::BTreeSet<&str> = held.iter().map(|h| h.unit.as_str()).collect();
    Report {
        schema: "duban/rollup-status/1",
        as_of: key::date(ask.as_of).to_string(),
        on: key::date(ask.on).to_string(),
        by: by_name(ask.by),
        states_of: answer.month.clone(),
        registers: held.len(),
        units: units.len(),
        sample: held.iter().filter(|h| h.sample).count(),
        segments: sum(|h| h.segments),
        unsigned: sum(|h| h.unsigned),
        parked: count(Word::Parked),
        refused: count(Word::Refused),
        unread: count(Word::Unread),
        behind: behind.len(),
        not_begun: held.iter().filter(|h| !before(&h.begins, ask.on.saturating_add(1))).count(),
        read,
        valid: read - invalid.min(read),
        invalid,
        rows,
        total: line("total", t::GRAND_TOTAL.say(lang).into_owned(), &answer.total, ask.late(), invalid),
        pending: ledger.pending.clone(),
        behind_registers: behind,
    }
}

impl Report {
    /// Is everything that was handed in, and everybody, in the figures?
    pub fn whole(&self) -> bool {
        self.parked + self.refused + self.unread + self.behind + self.not_begun == 0 && self.invalid == 0 && self.registers > 0
    }

    /// The lines of the head.
    fn head(&self, lang: Lang) -> Vec<String> {
        let say = |zh: String, en: String| Pair(zh, en).say(lang);
        let mut all =
            vec![say(format!("截至日期 {} · 口径日 {}", self.as_of, self.on), format!("As known on {} · about {}", self.as_of, self.on))];
        all.push(say(
            format!("登记册 {}（单位 {}） · 分段 {}（签名未核对 {}）", self.registers, self.units, self.segments, self.unsigned),
            format!(
                "registers {} (units {}) · segments {} (signature not checked {})",
                self.registers, self.units, self.segments, self.unsigned
            ),
        ));
        all.push(say(
            format!("未计入：暂存 {} · 拒收 {} · 无法读取 {} · 未封存到截至日期的登记册 {} · 尚无历史的登记册 {}", self.parked, self.refused, self.unread, self.behind, self.not_begun),
            format!("not in the figures: parked {} · refused {} · unread {} · registers not sealed through the as-of day {} · registers whose history begins later {}", self.parked, self.refused, self.unread, self.behind, self.not_begun),
        ));
        all.push(say(
            format!("读入 {} · 有效 {} · 无法读取 {}", self.read, self.valid, self.invalid),
            format!("read {} · valid {} · invalid {}", self.read, self.valid, self.invalid),
        ));
        all
    }

    /// The report as a page.
    pub fn page(&self, by: By, lang: Lang) -> Page {
        let head = match by {
            By::Province => Term("省级行政区", "Province"),
            By::Sector => t::SECTOR,
            By::Obligation => t::TITLE,
            By::UnitKind => Term("单位类别", "Sort of unit"),
        };
        let late = self.total.late.is_some();
        let mut columns = vec![Column::text(head.say(lang)).key("group"), Column::number(t::ALL.say(lang), t::ALL.say(lang)).key("total")];
        let number =
            |term: Term, key: &str| Column::number(term.say(lang), term.say(if lang == Lang::En { Lang::En } else { Lang::Zh })).key(key);
        columns.extend(Status::ALL.iter().map(|x| number(x.term(), x.code())));
        columns.extend(Light::ALL.iter().map(|x| number(x.term(), x.code())));
        columns.extend(late.then(|| number(LATE, "late")));
        let mut rows: Vec<Row> = self.rows.iter().map(|r| Row::of(cells(r))).collect();
        rows.push(Row::total(cells(&self.total)));
        let table = Table { key: "rollup".into(), ..Table::of(columns, rows, t::NOTHING.say(lang)) };
        let mut page = Page { key: "rollup".into(), title: TITLE.say(lang).into(), both: lang == Lang::Both, ..Page::default() };
        page.lang = if lang == Lang::En { "en" } else { "zh" }.into();
        page.meta = self.head(lang);
        page.blocks.push(Block::Table(table));
        if self.sample > 0 {
            let words =
                Pair(format!("其中示例数据的登记册 {}", self.sample), format!("registers of sample data among them: {}", self.sample));
            page.banner = Some(words.say(lang));
        }
        self.left_out(&mut page, lang);
        page.notes.push(t::TOTAL_NOTE_ONCE.say(lang).into());
        if late {
            page.notes.push(
                Term(
                    "“事后补报”：口径日的状态或亮灯，口径日之后才有记录。",
                    "“Late”: state or light on that day was recorded only after it.",
                )
                .say(lang)
                .into(),
            );
        }
        page.notes.push(t::LEGEND.say(lang).into());
        page
    }

    /// The same with the counts of the head as a table, for forms that show tables alone.
    pub fn tables(&self, by: By, lang: Lang) -> Page {
        let mut page = self.page(by, lang);
        let columns = vec![Column::id("count"), Column::number("value", "value")];
        let all = [
            ("registers", self.registers as u64),
            ("sample", self.sample as u64),
            ("units", self.units as u64),
            ("segments", self.segments),
            ("unsigned", self.unsigned),
            ("parked", self.parked as u64),
            ("refused", self.refused as u64),
            ("unread", self.unread as u64),
            ("behind", self.behind as u64),
            ("not_begun", self.not_begun as u64),
            ("read", self.read),
            ("valid", self.valid),
            ("invalid", self.invalid),
        ];
        let mut rows = vec![Row::of(vec![Cell::new("as_of"), Cell::new(&self.as_of)]), Row::of(vec![Cell::new("on"), Cell::new(&self.on)])];
        rows.extend(all.iter().map(|(name, n)| Row::of(vec![Cell::new(*name), Cell::Count(*n as usize)])));
        page.blocks.insert(0, Block::Table(Table { key: "head".into(), ..Table::of(columns, rows, "") }));
        page
    }

    fn left_out(&self, page: &mut Page, lang: Lang) {
        let more = |n: usize| n.saturating_sub(SHOWN);
        if !self.pending.is_empty() {
            let columns = vec![
                Column::text(Term("文件", "File").say(lang)),
                Column::id(t::MARK.say(lang)),
                Column::text(Term("原因", "Why").say(lang)),
            ];
            let words = |w: Word| match w {
                Word::Parked => Term("暂存", "parked"),
                Word::Refused => Term("拒收", "refused"),
                Word::Unread => Term("无法读取", "unread"),
            };
            let row = |p: &Pending| {
                Row::of(vec![
                    Cell::new(&p.file),
                    Cell::Light(Tone::Red, words(p.word).say(lang).into()),
                    Cell::new(Pair(p.zh.clone(), p.en.clone()).say(lang)),
                ])
            };
            let rows = self.pending.iter().take(SHOWN).map(row).collect();
            page.blocks.push(Block::heading(UNLISTED.say(lang)));
            page.blocks.push(Block::Table(Table { key: "pending".into(), ..Table::of(columns, rows, "") }));
        }
        if !self.behind_registers.is_empty() {
            let columns = vec![Column::id(Term("登记册", "Register").say(lang)), Column::id(Term("已封存到", "Sealed through").say(lang))];
            let rows = self.behind_registers.iter().take(SHOWN).map(|(r, d)| Row::of(vec![Cell::new(r), Cell::new(d)])).collect();
            page.blocks.push(Block::heading(BEHIND.say(lang)));
            page.blocks.push(Block::Table(Table { key: "behind".into(), ..Table::of(columns, rows, "") }));
        }
        for n in [more(self.pending.len()), more(self.behind_registers.len())].into_iter().filter(|n| *n > 0) {
            page.notes.push(Pair(format!("另有 {n} 行未列，全部见 JSON。"), format!("{n} more rows; JSON has them all.")).say(lang));
        }
    }
}

fn cells(r: &Line) -> Vec<Cell> {
    let count = |m: &Map<String, Value>, k: &str| m[k].as_u64().unwrap_or(0) as usize;
    let name = if r.key == r.name || matches!(r.key.as_str(), "total" | "invalid" | "-") {
        r.name.clone()
    } else {
        format!("{} {}", r.key, r.name)
    };
    let mut cells = vec![Cell::Text(name), Cell::Count(r.total as usize)];
    cells.extend(Status::ALL.iter().map(|x| Cell::Count(count(&r.states, x.code()))));
    cells.extend(Light::ALL.iter().map(|x| match (count(&r.lights, x.code()), x) {
        (n, Light::Red) if n > 0 => Cell::Lit(Tone::Red, n),
        (n, Light::Amber) if n > 0 => Cell::Lit(Tone::Amber, n),
        (n, _) => Cell::Count(n),
    }));
    cells.extend(r.late.map(|n| Cell::Count(n as usize)));
    cells
}

/// Two sentences of one meaning that were made here.
struct Pair(String, String);

impl Pair {
    fn say(self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.0,
            Lang::En => self.1,
            Lang::Both => format!("{} {}", self.0, self.1),
        }
    }
}
