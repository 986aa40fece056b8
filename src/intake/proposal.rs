//! One entry in a person's words, and what they mean in this register.
//!
//! The same words everywhere: options of `log`, keys of a draft, columns of a table
//! ([`FIELDS`]). [`find_duty`] says which assignment is meant, [`entry`] fills in what the
//! register knows: department, due date of the plan, fingerprint, digests of the files.

use crate::digest::Sum;
use crate::finding::words;
use crate::log::fp;
use crate::model::entry::Entry;
use crate::model::{Class, Day, Due, Event, Evidence, Fingerprint, Term, Words, id, time};
use crate::snapshot::Snapshot;
use crate::text::did_you_mean;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::Path;

/// An entry as a person writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The assignment: `OPN-3.18`, or `OPN-3.18@DEP-NDRC` where several lead.
    pub duty: Box<str>,
    /// What happened.
    pub event: Event,
    /// The post that records it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Box<str>>,
    /// Supporting department that speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Box<str>>,
    /// Post that consented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Box<str>>,
    /// Progress, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// The day it is true for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// New due, resume, re-check, fix or next review date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Due>,
    /// Indicator id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<Box<str>>,
    /// Its value as a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Box<str>>,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Box<str>>,
    /// What stands in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<Box<str>>,
    /// What comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<str>>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
    /// `h` of the block or breach that this ends.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "ref")]
    pub reference: Option<Box<str>>,
    /// Nothing to report, said aloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nil: Option<bool>,
    /// Why accepted although a prerequisite is unfinished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Box<str>>,
    /// Evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Cited>,
    /// `h` of the entry that this one replaces or withdraws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixes: Option<Box<str>>,
    /// Submitting twice under one key records once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Box<str>>,
}

/// A piece of evidence as a person cites it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Cited {
    /// `policy-doc=通知.pdf;number=…`.
    Short(Box<str>),
    /// Field by field.
    Full(Citation),
}

/// A piece of evidence, field by field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Code in evidence-types.yaml.
    #[serde(rename = "type")]
    pub kind: Box<str>,
    /// What it is called; of a file, the file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Box<str>>,
    /// A file whose date, size and digest are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Box<str>>,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Box<str>>,
    /// Its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// Where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Box<str>>,
    /// Digest, of a file that was read before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Box<str>>,
    /// Size in bytes, of a file that was read before.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "size")]
    pub size: Option<u64>,
    /// Secrecy class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
}

/// A number; also as digits, which is how a choice of shapes hands it on from YAML.
fn size<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Digits(Box<str>),
    }
    match Either::deserialize(d)? {
        Either::Number(n) => Ok(Some(n)),
        Either::Digits(t) => t.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("size is {t}; a whole number is wanted"))),
    }
}

/// Names of a proposal's fields: as written in drafts and tables, and as a Chinese table
/// may head its columns.
pub const FIELDS: &[Term] = &[
    Term("编号", "duty"),
    Term("办理动作", "event"),
    Term("填报人", "by"),
    Term("配合单位", "via"),
    Term("同意人", "agreed"),
    Term("进度", "percent"),
    Term("发生日期", "day"),
    Term("期限", "until"),
    Term("指标", "indicator"),
    Term("指标值", "value"),
    Term("进展", "note"),
    Term("问题", "issues"),
    Term("下一步", "next"),
    Term("理由", "reason"),
    Term("所指条目", "ref"),
    Term("零报告", "nil"),
    Term("放行理由", "release"),
    Term("佐证材料", "evidence"),
    Term("更正条目", "fixes"),
    Term("提交标识", "key"),
];

/// Why a proposal cannot become an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, `day`; empty when it is about the whole.
    pub field: &'static str,
    /// What is so.
    pub what: Words,
    /// What to do; may be empty.
    pub hint: Words,
}

/// A fault of one field.
pub fn fault(field: &'static str, what: Words, hint: Words) -> Fault {
    Fault { field, what, hint }
}

/// The assignment meant; where several lead, the one of the folder the draft lies in, else
/// the one of the post's own department.
///
/// # Errors
/// When none, or more than one, is meant.
pub fn find_duty(s: &Snapshot, written: &str, by: &str, folder: Option<&str>) -> Result<usize, Fault> {
    let r = &s.register;
    let no = |zh: String, en: String, hint: Words| Err(fault("duty", words(zh, en), hint));
    if let Some(i) = s.roster.find(r, written) {
        if s.roster.duties[i].dept.is_none() {
            return no(
                format!("{written} 没有牵头单位（O001），无处记录"),
                format!("{written} has no lead department (O001), and the record is kept by the lead"),
                words(
                    "先写明：owner: {mode: single, lead: [DEP-…]}".into(),
                    "name a lead first: owner: {mode: single, lead: [DEP-…]}".into(),
                ),
            );
        }
        return Ok(i);
    }
    let bare = written.split('@').next().unwrap_or(written);
    let Some(ob) = r.obligation_index.get(bare).map(|i| *i as usize) else {
        if r.invalid.iter().any(|i| i.id.as_deref() == Some(bare)) {
            return no(
                format!("{bare} 无法读取"),
                format!("{bare} cannot be read"),
                words("先按 duban check 改正".into(), "mend it first: duban check".into()),
            );
        }
        let near = did_you_mean(bare, r.obligation_index.keys().map(String::as_str));
        let hint = match near {
            Some(n) => words(format!("是否想写 {n}？"), format!("did you mean {n}?")),
            None => words("全部编号见 duban list".into(), "`duban list` shows them all".into()),
        };
        return no(format!("没有义务 {bare}"), format!("there is no obligation {bare}"), hint);
    };
    let home = r.people.iter().flatten().find(|p| p.post.as_str() == by).and_then(|p| p.department.as_ref());
    let own = [folder, home.map(|d| d.as_str())].into_iter().flatten().find_map(|d| s.roster.find(r, &format!("{bare}@{d}")));
    match own.filter(|_| written == bare) {
        Some(i) => Ok(i),
        None => {
            let all: Vec<String> = s.roster.of(ob).map(|i| s.roster.full_id(r, i)).collect();
            no(
                format!("{written} 不止一个办理项：各牵头单位分别记录"),
                format!("{written} does not name one assignment: each of its leads keeps its own record"),
                words(format!("请写其中之一：{}", all.join(" ")), format!("write one of: {}", all.join(" "))),
            )
        }
    }
}

/// The event of a word: its code, or its Chinese name.
///
/// # Errors
/// When there is no such event.
pub fn event(word: &str) -> Result<Event, Fault> {
    Event::from_code(word).or_else(|| Event::ALL.iter().copied().find(|e| e.term().0 == word)).ok_or_else(|| {
        let all: Vec<&str> = Event::ALL.iter().map(|e| e.code()).collect();
        let hint = match did_you_mean(word, all.iter().copied()) {
            Some(n) => words(format!("是否想写 {n}？"), format!("did you mean {n}?")),
            None => words(format!("可用：{}", all.join(" ")), format!("known: {}", all.join(" "))),
        };
        fault("event", words(format!("没有 {word} 这一办理动作"), format!("there is no event {word}")), hint)
    })
}

/// Where files are looked for and what day it is.
#[derive(Debug, Clone, Copy)]
pub struct Here<'a> {
    /// Folder from which a file's path is meant; `None` where whoever asks sits elsewhere, and no
    /// name of theirs may be looked for on this machine.
    pub base: Option<&'a Path>,
    /// Today, in the register's zone.
    pub today: NaiveDate,
}

/// The entry that a proposal means; every fault of it at once.
///
/// # Errors
/// The faults, never none.
pub fn entry(s: &Snapshot, p: &Proposal, duty: usize, by: &str, here: Here) -> Result<Entry, Vec<Fault>> {
    let d = &s.roster.duties[duty];
    let o = &s.register.obligations[d.obligation as usize];
    let state = &s.folded.states[duty];
    let plan = d.plan.map(|p| &s.register.plan[p as usize]);
    let mut faults = Vec::new();
    let mut bad = |field: &'static str, zh: String, en: String| faults.push(fault(field, words(zh, en), Words::default()));
    let boxed = |x: &Option<Box<str>>| x.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(Box::from);
    for (field, post) in [("by", Some(by)), ("agreed", p.agreed.as_deref())] {
        if let Some(Err(e)) = post.map(|post| id::check("post", post)) {
            bad(field, e.clone(), e);
        }
    }
    if let Some(v) = &p.value
        && !decimal(v)
    {
        bad(
            "value",
            format!("`{v}` 不是 12.5 这样的十进制数；数字照原样保存"),
            format!("`{v}` is not a decimal number such as 12.5; digits are kept as written"),
        );
    }
    if let Some(n) = p.percent.filter(|n| *n > 100) {
        bad("percent", format!("进度 {n} 超出 0 到 100"), format!("percent is {n}; it runs from 0 to 100"));
    }
    if let Some(k) = &p.indicator
        && !o.indicators.iter().any(|i| i.id.as_str() == &**k)
    {
        let all: Vec<&str> = o.indicators.iter().map(|i| i.id.as_str()).collect();
        let all = if all.is_empty() { "—".to_string() } else { all.join(", ") };
        bad("indicator", format!("{} 没有指标 {k}；它的指标：{all}", o.id), format!("{} has no indicator {k}; it has: {all}", o.id));
    }
    let via: Option<Box<str>> = boxed(&p.via);
    if let Some(v) = &via {
        match s.register.body(v) {
            None => bad("via", format!("没有单位 {v}"), format!("there is no department {v}")),
            Some(body) => {
                let support = &s.roster.owners[d.obligation as usize].support;
                if !support.iter().any(|x| s.register.current(x) == body.id.as_str()) {
                    bad("via", format!("{v} 不是 {} 的配合单位", o.id), format!("{v} does not support {}", o.id));
                } else if p.event != Event::Progress && !(p.event == Event::Void && p.fixes.is_some()) {
                    bad(
                        "via",
                        "配合单位只报进展和佐证；其余由牵头单位记录".into(),
                        "a supporting department adds progress and evidence only; the lead records the rest".into(),
                    );
                }
            }
        }
    }
    let mut evidence = Vec::new();
    for cited in &p.evidence {
        match citation(cited).and_then(|c| reference(s, &c, p.day, here)) {
            Ok(e) => evidence.push(e),
            Err(e) => faults.push(e),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let open = match p.event {
        Event::Unblock => &state.blocks,
        Event::Remedy => &state.breaches,
        _ => &Default::default(),
    };
    let only = (open.len() == 1).then(|| s.log.records[open[0].record as usize].entry.h.clone());
    Ok(Entry {
        seq: 0,
        at: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
        by: by.into(),
        dept: d.dept.as_deref().unwrap_or("").into(),
        duty: o.id.as_str().into(),
        via,
        event: p.event,
        agreed: boxed(&p.agreed),
        percent: p.percent,
        day: p.day,
        until: p.until.or_else(|| plan.and_then(|p| p.due).filter(|_| p.event == Event::Start)),
        indicator: boxed(&p.indicator),
        value: boxed(&p.value),
        note: boxed(&p.note),
        issues: boxed(&p.issues),
        next: boxed(&p.next),
        reason: boxed(&p.reason),
        reference: boxed(&p.reference).or(only),
        nil: p.nil.filter(|n| *n),
        release: boxed(&p.release),
        fp: p.event.signs().then(|| signed(s, p, d.obligation as usize)),
        evidence,
        fixes: boxed(&p.fixes),
        key: boxed(&p.key),
        clock: None,
        saw: Default::default(),
        h: "".into(),
    })
}

/// What was read by whoever signs: the present wording; in a correction that of the entry that it
/// corrects, because mending a slip in an old entry reads nothing anew.
fn signed(s: &Snapshot, p: &Proposal, ob: usize) -> Fingerprint {
    let old = p.fixes.as_ref().and_then(|h| s.log.records.iter().find(|r| *r.entry.h == **h)).and_then(|r| r.entry.fp.clone());
    old.unwrap_or_else(|| fp::of(&s.register.obligations[ob], &s.roster.owners[ob]))
}

/// Digits, one optional point, an optional sign.
fn decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (a, b) = digits.split_once('.').map_or((digits, "0"), |(a, b)| (a, b));
    !a.is_empty() && !b.is_empty() && a.bytes().chain(b.bytes()).all(|c| c.is_ascii_digit())
}

/// `TYPE=NAME;number=…;date=…` taken apart.
///
/// # Errors
/// When it is not written so.
pub fn citation(cited: &Cited) -> Result<Citation, Fault> {
    let text = match cited {
        Cited::Full(c) => return Ok(c.clone()),
        Cited::Short(text) => text,
    };
    let bad = |zh: String, en: String| {
        let hint =
            words("写法：policy-doc=名称;number=…;date=2026-11-23".into(), "write it as policy-doc=NAME;number=…;date=2026-11-23".into());
        fault("evidence", words(format!("{text}：{zh}"), format!("{text}: {en}")), hint)
    };
    let mut fields = text.split(';');
    let (kind, name) =
        fields.next().and_then(|f| f.split_once('=')).ok_or_else(|| bad("应写成 类型=名称".into(), "it should be TYPE=NAME".into()))?;
    let mut c = Citation {
        kind: kind.trim().into(),
        name: Some(name.trim().into()),
        file: None,
        number: None,
        date: None,
        place: None,
        sha256: None,
        size: None,
        class: None,
    };
    for field in fields {
        let (key, value) =
            field.split_once('=').ok_or_else(|| bad(format!("`{field}` 不是 键=值"), format!("`{field}` is not key=value")))?;
        match key.trim() {
            "number" => c.number = Some(value.into()),
            "place" => c.place = Some(value.into()),
            "date" => c.date = Some(Day(time::parse_date(value).map_err(|e| bad(e.clone(), e))?)),
            "class" => {
                c.class = Some(Class::from_code(value).ok_or_else(|| {
                    bad(
                        format!("`{value}` 不是密级：公开 内部 秘密 机密 绝密"),
                        format!("`{value}` is not a class; 公开 内部 秘密 机密 绝密"),
                    )
                })?)
            }
            other => {
                return Err(bad(
                    format!("佐证没有 `{other}` 这一项；可用 number date place class"),
                    format!("`{other}` is not a field of evidence; number, date, place, class"),
                ));
            }
        }
    }
    Ok(c)
}

/// The reference that goes on the line. A name that is a file here gives its name, date,
/// size and digest; `file` must be one.
fn reference(s: &Snapshot, c: &Citation, day: Option<Day>, here: Here) -> Result<Evidence, Fault> {
    let bad = |zh: String, en: String, hint: Words| fault("evidence", words(zh, en), hint);
    if s.register.evidence_type(&c.kind).is_none() {
        let all: Vec<&str> = s.register.evidence_types.iter().map(|t| t.code.as_str()).collect();
        let hint = match did_you_mean(&c.kind, all.iter().copied()) {
            Some(n) => words(format!("是否想写 {n}？"), format!("did you mean {n}?")),
            None => words(format!("可用：{}", all.join(", ")), format!("known: {}", all.join(", "))),
        };
        return Err(bad(format!("没有佐证类型 {}", c.kind), format!("there is no evidence type {}", c.kind), hint));
    }
    let mut e = Evidence {
        kind: c.kind.clone(),
        name: c.name.as_deref().unwrap_or("").into(),
        number: c.number.clone(),
        date: c.date.or(day).unwrap_or(Day(here.today)),
        place: c.place.clone(),
        sha256: c.sha256.clone(),
        size: c.size,
        class: c.class,
    };
    if c.file.is_some() && here.base.is_none() {
        let (zh, en) =
            ("file 指本机文件，此处不可用；请上传文件或只写名称", "`file` is a file of this machine and cannot be named from elsewhere");
        return Err(bad(zh.into(), en.into(), words("改用上传，或写 name".into(), "upload it, or give its `name`".into())));
    }
    let named = c.file.as_deref().or(c.name.as_deref());
    let path = here.base.zip(named).map(|(base, n)| base.join(n)).filter(|p| c.file.is_some() || p.is_file());
    if let Some(path) = path {
        let (hex, size) = measure(&path).map_err(|x| {
            bad(
                format!("文件 {} 无法读取：{x}", path.display()),
                format!("the file {} cannot be read: {x}", path.display()),
                words("路径从草稿或表格所在文件夹算起".into(), "a path is meant from the folder of the draft or table".into()),
            )
        })?;
        if c.file.is_none() || c.name.is_none() {
            e.name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()).into();
        }
        (e.sha256, e.size) = (Some(hex.into()), Some(size));
        if c.date.is_none()
            && let Ok(time) = std::fs::metadata(&path).and_then(|m| m.modified())
        {
            e.date = Day(s.register.settings.time_zone.day(chrono::DateTime::<chrono::Utc>::from(time).fixed_offset()));
        }
    }
    if e.name.trim().is_empty() {
        return Err(bad("佐证没有名称".into(), "the evidence has no name".into(), Words::default()));
    }
    Ok(e)
}

/// Digest and size of a plain file, in bounded memory.
///
/// # Errors
/// When it is no plain file or cannot be read.
pub fn measure(path: &Path) -> std::io::Result<(String, u64)> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("not a plain file"));
    }
    let mut file = std::fs::File::open(path)?;
    let (mut sum, mut size) = (Sum::default(), 0u64);
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((sum.hex(), size)),
            Ok(n) => {
                sum.add(&buffer[..n]);
                size += n as u64;
            }
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
