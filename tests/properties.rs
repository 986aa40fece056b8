//! Laws over generated files, logs, tables and graphs.
//!
//! - the two YAML readers agree, and no slip makes a part file's obligations disappear;
//! - a log line is what was said, and no byte of it can change unseen;
//! - a table keeps to the width it is given and loses nothing;
//! - a ring among obligations is found, and none is found where there is none.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate};
use duban::finding::Finding;
use duban::graph::{Edge, Graph, Node as GraphNode};
use duban::load::decode::Source;
use duban::load::read::Reader;
use duban::load::tree::{self, Node, NodeKind};
use duban::load::{scan, shape};
use duban::log::append::seal;
use duban::log::read::{self as log_read, Log};
use duban::model::entry::After;
use duban::model::register::FileInfo;
use duban::model::*;
use duban::page::{Block, Cell, Column, Page, Row, Table, Tone};
use duban::render::terminal::{self, Style};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde::Deserialize;
use std::path::Path;
use std::sync::LazyLock;
use unicode_width::UnicodeWidthStr;

/// So many cases, the same on every run; `DUBAN_TIMES=20` draws twenty times as many by
/// chance. No files are left beside the sources when one fails.
fn cases(n: u32) -> ProptestConfig {
    let times: Option<u32> = std::env::var("DUBAN_TIMES").ok().and_then(|s| s.parse().ok());
    let rng_seed = times.map_or(RngSeed::Fixed(20220419), |_| RngSeed::Random);
    ProptestConfig { cases: n * times.unwrap_or(1), rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

// ---- YAML: what is meant ----

/// A value before it is written down.
#[derive(Debug, Clone)]
enum Y {
    Text(String),
    /// A number or `true`: written without quotes.
    Raw(String),
    List(Vec<Y>),
    Map(Vec<(&'static str, Y)>),
}

impl Y {
    fn text(s: impl Into<String>) -> Y {
        Y::Text(s.into())
    }
    fn texts(all: Vec<&'static str>) -> Y {
        Y::List(all.into_iter().map(Y::text).collect())
    }
    /// As the slow reader would see it, whatever the writing.
    fn node(&self) -> Node {
        let kind = match self {
            Y::Text(text) => NodeKind::Scalar { text: text.clone(), plain: false },
            Y::Raw(text) => NodeKind::Scalar { text: text.clone(), plain: true },
            Y::List(all) => NodeKind::Seq(all.iter().map(Y::node).collect()),
            Y::Map(all) => NodeKind::Map(all.iter().map(|(k, v)| (Y::text(*k).node(), v.node())).collect()),
        };
        Node { span: tree::Span::default(), kind }
    }
}

/// Texts as people write them, and texts that YAML has its own ideas about.
fn words_text() -> impl Strategy<Value = String> {
    let awkward = vec![
        "no",
        "true",
        "~",
        "null",
        "123",
        "1.50",
        "0x1F",
        "2026-02-03",
        "a: b",
        "a #b",
        "- dash",
        "'q'",
        "\"dq\"",
        "制度：甲",
        "[b]",
        "{c}",
        "@at",
        "%p",
        "*s",
        "&a x",
        "!t",
        "?q",
        "|p",
        ">g",
        "a\\b",
        "colon:",
        "e'f",
        "it's \"so\"",
        "KPI：完成率",
        "a, b",
        "x: ",
        "：",
        "--- a",
        "... b",
        "第一行\n第二行",
        "line\n\nother",
        "逾期不报的，通报。",
        "A/B",
        "100%",
        "=1+1",
        "<<",
        "-",
        "#",
        ",",
        "é",
        "𠮷",
        "…",
        "y: [1, {2",
    ];
    prop_oneof![3 => "[a-z]{1,7}( [a-z]{1,6}){0,3}", 3 => "[一-龥]{1,12}", 1 => "[ -~]{0,9}[!-~]", 2 => select(awkward).prop_map(String::from)]
        .prop_map(|t| t.trim().to_string())
        .prop_filter("empty values are errors", |t| !t.is_empty())
}

fn words() -> impl Strategy<Value = Y> {
    let pair = (words_text(), words_text()).prop_map(|(zh, en)| Y::Map(vec![("zh", Y::Text(zh)), ("en", Y::Text(en))]));
    prop_oneof![3 => pair, 1 => words_text().prop_map(Y::Text), 1 => words_text().prop_map(|en| Y::Map(vec![("en", Y::Text(en))]))]
}

fn ids(all: &'static [&'static str], n: std::ops::Range<usize>) -> impl Strategy<Value = Y> {
    proptest::sample::subsequence(all, n).prop_map(Y::texts)
}

/// One value, or a list.
fn one_or_many(all: &'static [&'static str]) -> impl Strategy<Value = Y> {
    prop_oneof![select(all).prop_map(Y::text), ids(all, 1..all.len() + 1)]
}

fn code(all: &'static [&'static str]) -> impl Strategy<Value = Y> {
    select(all).prop_map(Y::text)
}

fn date() -> impl Strategy<Value = String> {
    (0..4000i64).prop_map(|n| (NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Duration::days(n)).to_string())
}

const UNITS: &[&str] = &["DEP-MIIT", "DEP-MPS", "DEP-NFRA", "DEP-CAC", "ENT-BANK", "USR-ACCT", "JUD", "FIN"];
const CYCLES: &[&str] = &["monthly", "quarterly", "half-yearly", "annual"];

fn id() -> impl Strategy<Value = Y> {
    (0..10u8, 1..100u8).prop_map(|(part, n)| Y::Text(format!("OPN-{part}.{n:02}")))
}

/// Keys in this order, the absent ones left out.
fn map(all: Vec<(&'static str, Option<Y>)>) -> Y {
    Y::Map(all.into_iter().filter_map(|(k, v)| Some((k, v?))).collect())
}

fn owner() -> impl Strategy<Value = Y> {
    let former = vec((select(UNITS), date()).prop_map(|(d, to)| map(vec![("dept", Some(Y::text(d))), ("to", Some(Y::Text(to)))])), 1..3);
    (code(&["single", "by-remit"]), of(ids(UNITS, 0..4)), of(ids(UNITS, 0..3)), of(words_text()), of(former)).prop_map(
        |(mode, lead, support, basis, former)| {
            map(vec![
                ("mode", Some(mode)),
                ("lead", lead),
                ("support", support),
                ("basis", basis.map(Y::Text)),
                ("former", former.map(Y::List)),
            ])
        },
    )
}

fn source() -> impl Strategy<Value = Y> {
    (words_text(), words_text(), of(vec(words_text(), 1..3)), of(1..4u8)).prop_map(|(layer, anchor, also, nth)| {
        map(vec![
            ("layer", Some(Y::Text(layer))),
            ("at", Some(Y::text("OPN:P3.s4.c2"))),
            ("also", also.map(|a| Y::List(a.into_iter().map(Y::Text).collect()))),
            ("anchor", Some(Y::Text(anchor))),
            ("nth", nth.map(|n| Y::Raw(n.to_string()))),
        ])
    })
}

fn needs() -> impl Strategy<Value = Y> {
    let one = (id(), code(&["requires", "feeds", "supports"]), of(words()))
        .prop_map(|(on, kind, why)| map(vec![("on", Some(on)), ("kind", Some(kind)), ("why", why)]));
    vec(one, 1..4).prop_map(Y::List)
}

fn indicators() -> impl Strategy<Value = Y> {
    let one = (1..9u8, words(), of(words()), of(code(&["up", "down", "monitor", "zero"])), of(code(CYCLES))).prop_map(
        |(n, name, unit, direction, cycle)| {
            map(vec![
                ("id", Some(Y::Text(format!("K{n}")))),
                ("name", Some(name)),
                ("unit", unit),
                ("direction", direction),
                ("cycle", cycle),
            ])
        },
    );
    vec(one, 1..3).prop_map(Y::List)
}

fn obligation() -> impl Strategy<Value = Y> {
    let evidence = (words_text(), of(any::<bool>()))
        .prop_map(|(t, r)| map(vec![("type", Some(Y::Text(t))), ("required", r.map(|r| Y::Raw(r.to_string())))]));
    let bearer =
        (prop_oneof![words_text().prop_map(Y::Text), vec(words_text().prop_map(Y::Text), 1..3).prop_map(Y::List)], of(words_text()))
            .prop_map(|(text, context)| map(vec![("text", Some(text)), ("context", context.map(Y::Text))]));
    let tier = (of(one_or_many(&["R", "E", "U"])), of(one_or_many(&["R", "E", "U"])))
        .prop_map(|(b, a)| map(vec![("bearer", b), ("addressed", a)]));
    let head = (id(), of(1..30u8), of(words()), words(), words(), of(words()));
    let sorts = (
        code(&["principle", "organisation", "action", "build", "prohibition", "outcome"]),
        code(&["must", "prohibition", "enabling"]),
        code(&["one-off", "build-then-operate", "continuous"]),
        of(code(CYCLES)),
    );
    let whence = (of(source()), of(bearer), of(owner()), of(code(UNITS)), of(ids(UNITS, 0..4)), of(tier));
    let rest = (
        of(ids(UNITS, 1..3)),
        of(needs()),
        of(vec(evidence, 1..4).prop_map(Y::List)),
        of(indicators()),
        of(words_text().prop_map(Y::Text)),
        any::<usize>(),
    );
    (head, sorts, whence, rest).prop_map(|(head, sorts, whence, rest)| {
        let mut all = map(vec![
            ("id", Some(head.0)),
            ("revision", head.1.map(|n| Y::Raw(n.to_string()))),
            ("section", head.2),
            ("title", Some(head.3)),
            ("requirement", Some(head.4)),
            ("practice", head.5),
            ("kind", Some(sorts.0)),
            ("modality", Some(sorts.1)),
            ("source", whence.0),
            ("bearer", whence.1),
            ("owner", whence.2),
            ("sector", whence.3),
            ("reaches", whence.4),
            ("tier", whence.5.filter(|t| !matches!(t, Y::Map(m) if m.is_empty()))),
            ("users", rest.0),
            ("needs", rest.1),
            ("recurrence", Some(sorts.2)),
            ("review", sorts.3),
            ("evidence", rest.2),
            ("indicators", rest.3),
            ("note", rest.4),
        ]);
        // Keys stand in any order, the id mostly first.
        if let Y::Map(entries) = &mut all
            && rest.5 % 4 == 0
        {
            let n = rest.5 / 4 % entries.len();
            entries.rotate_left(n);
        }
        all
    })
}

// ---- YAML: how it is written ----

/// Decides how each thing is written, choice by choice.
struct Pen<'a> {
    choices: &'a [u8],
    at: usize,
    /// Texts that look like something else may stand without quotes.
    careless: bool,
}

impl Pen<'_> {
    fn one_in(&mut self, n: u8) -> bool {
        self.at += 1;
        self.choices[self.at % self.choices.len()].is_multiple_of(n)
    }

    /// Safe without quotes in the given surroundings.
    fn plain(text: &str, flow: bool) -> bool {
        let first = text.chars().next().unwrap_or(' ');
        let typed = matches!(text.to_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n")
            || text.starts_with(|c: char| c.is_ascii_digit());
        (first.is_alphanumeric() && !typed)
            && !text.contains(": ")
            && !text.contains(" #")
            && !text.ends_with(':')
            && !text.contains('\n')
            && !(flow && text.contains([',', '[', ']', '{', '}', ':']))
    }

    fn scalar(&mut self, text: &str, flow: bool) -> String {
        let wild = self.careless
            && !matches!(text, "-" | "null")
            && !text.contains(['\n', '\'', '"', ' ', ',', '[', '{', ':', '#'])
            && self.one_in(3);
        if wild || Self::plain(text, flow) && !self.one_in(5) {
            return text.to_string();
        }
        if !text.contains('\n') && self.one_in(2) {
            return format!("'{}'", text.replace('\'', "''"));
        }
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                c if !c.is_ascii() && (c as u32) < 0x10000 && self.one_in(9) => out.push_str(&format!("\\u{:04X}", c as u32)),
                c => out.push(c),
            }
        }
        out + "\""
    }

    fn flow(&mut self, value: &Y, indent: usize) -> String {
        let gap = |pen: &mut Self| if pen.one_in(12) { format!(",\n{}", " ".repeat(indent + 4)) } else { ", ".to_string() };
        match value {
            Y::Text(text) => self.scalar(text, true),
            Y::Raw(text) => text.clone(),
            Y::List(all) => {
                let mut out = String::from("[");
                for (i, one) in all.iter().enumerate() {
                    out += &if i > 0 { gap(self) } else { String::new() };
                    out += &self.flow(one, indent);
                }
                out + "]"
            }
            Y::Map(all) => {
                let mut out = String::from("{");
                for (i, (key, one)) in all.iter().enumerate() {
                    out += &if i > 0 { gap(self) } else { String::new() };
                    out += &format!("{key}: {}", self.flow(one, indent));
                }
                out + "}"
            }
        }
    }

    /// A comment at the end of a line, or a line of its own, or none.
    fn remark(&mut self) -> &'static str {
        if self.one_in(10) { "  # 备注：owner: {x}" } else { "" }
    }

    fn line_between(&mut self, out: &mut String, indent: usize) {
        if self.one_in(14) {
            *out += &format!("{}# note, with [brackets\n", " ".repeat(indent));
        } else if self.one_in(14) {
            out.push('\n');
        }
    }

    /// The value after `key:` or `-`, to the end of its last line.
    fn block(&mut self, out: &mut String, value: &Y, indent: usize, in_list: bool) {
        match value {
            Y::Text(text)
                if !in_list && text.lines().all(|l| !l.is_empty() && !l.starts_with(' ')) && (text.contains('\n') || self.one_in(12)) =>
            {
                *out += " |-\n";
                text.lines().for_each(|l| *out += &format!("{}{l}\n", " ".repeat(indent + 2)));
            }
            Y::Map(all) if !all.is_empty() && !self.one_in(2) => {
                if in_list {
                    out.push(' ');
                } else {
                    *out += "\n";
                }
                for (i, (key, one)) in all.iter().enumerate() {
                    if i > 0 || !in_list {
                        self.line_between(out, indent + 2);
                        *out += &" ".repeat(indent + 2);
                    }
                    *out += &format!("{key}:");
                    self.block(out, one, indent + 2, false);
                }
            }
            Y::List(all) if !in_list && !all.is_empty() && !self.one_in(2) => {
                *out += "\n";
                let indent = if self.one_in(2) { indent } else { indent + 2 };
                for one in all {
                    self.line_between(out, indent);
                    *out += &format!("{}-", " ".repeat(indent));
                    self.block(out, one, indent, true);
                }
            }
            Y::Text(text) => *out += &format!(" {}{}\n", self.scalar(text, false), self.remark()),
            other => *out += &format!(" {}{}\n", self.flow(other, indent), self.remark()),
        }
    }
}

/// A part file; items begin at the first column.
fn write(items: &[Y], choices: &[u8], careless: bool) -> String {
    let mut pen = Pen { choices, at: 0, careless };
    let mut out = String::new();
    for item in items {
        pen.line_between(&mut out, 0);
        out.push('-');
        // Mostly a block, as the files are written.
        match item {
            Y::Map(all) if !pen.one_in(8) => {
                for (i, (key, one)) in all.iter().enumerate() {
                    if i > 0 {
                        pen.line_between(&mut out, 2);
                    }
                    out += &format!("{}{key}:", if i == 0 { " " } else { "  " });
                    pen.block(&mut out, one, 2, false);
                }
            }
            other => pen.block(&mut out, other, 0, true),
        }
    }
    if pen.one_in(6) { out.replace('\n', "\r\n") } else { out }
}

/// Obligations and the choices of the pen.
#[derive(Clone)]
struct Part(Vec<Y>, Vec<u8>);

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "a part file")
    }
}

fn part() -> impl Strategy<Value = Part> {
    (vec(obligation(), 1..4), vec(any::<u8>(), 40..120)).prop_map(|(items, choices)| Part(items, choices))
}

// ---- YAML: how it is damaged ----

/// A slip of the hand.
#[derive(Debug, Clone)]
enum Slip {
    Delete(usize),
    Double(usize),
    Char(usize, char),
    Cut(usize),
    Indent(usize, i8),
    SwapValues(usize, usize),
    Raw(usize, &'static str),
}

const SIGNS: &[char] = &[
    ':', '\'', '"', '{', '}', '[', ']', ',', '#', '-', '&', '*', '|', '>', '%', '~', '\t', ' ', '\n', '：', '　', '，', 'x', '0', '?',
    '\u{0}', '\u{85}', '\u{2028}', '🙂',
];
/// What may stand where a value should.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "1e3", "-1", "1.0", "1_000", "99999999999", "99999999999999999999", "True", "yes", "~", "null", "[]", "\"\"", "{a: b}", "[x]", "[[x]]", "2026-2-3", "*x", "&x y",
    "!!str z", "|", ".inf", "? a", "a: b: c", "'a' b", "- x",
];

fn slip() -> impl Strategy<Value = Slip> {
    let at = any::<usize>;
    prop_oneof![
        2 => at().prop_map(Slip::Delete),
        2 => at().prop_map(Slip::Double),
        4 => (at(), select(SIGNS)).prop_map(|(n, c)| Slip::Char(n, c)),
        1 => at().prop_map(Slip::Cut),
        3 => (at(), -3..4i8).prop_map(|(n, by)| Slip::Indent(n, by)),
        2 => (at(), at()).prop_map(|(a, b)| Slip::SwapValues(a, b)),
        3 => (at(), select(ODD)).prop_map(|(n, t)| Slip::Raw(n, t)),
    ]
}

fn damage(text: &str, slip: &Slip) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(String::from).collect();
    if lines.is_empty() {
        return text.to_string();
    }
    let n = lines.len();
    // Where a line's value begins, after the first `key: `.
    let value = |line: &str| line.find(": ").map(|i| i + 2);
    match slip {
        Slip::Delete(i) => drop(lines.remove(i % n)),
        Slip::Double(i) => lines.insert(i % n, lines[i % n].clone()),
        Slip::Indent(i, by) => {
            let line = &mut lines[i % n];
            let have = line.len() - line.trim_start_matches(' ').len();
            let want = (have as i64 + i64::from(*by)).max(0) as usize;
            *line = " ".repeat(want) + line.trim_start_matches(' ');
        }
        Slip::SwapValues(i, j) => {
            let (i, j) = (i % n, j % n);
            if let (Some(a), Some(b)) = (value(&lines[i]), value(&lines[j])) {
                let (x, y) = (lines[i].split_off(a), lines[j.min(n - 1)].clone().split_off(b.min(lines[j].len())));
                if i != j {
                    lines[j].truncate(b);
                    lines[j] += &x;
                    lines[i] += &y;
                } else {
                    lines[i] += &x;
                }
            }
        }
        Slip::Raw(i, odd) => {
            if let Some(at) = value(&lines[i % n]) {
                lines[i % n].truncate(at);
                lines[i % n] += &format!("{odd}\n");
            }
        }
        Slip::Char(i, c) => {
            let count = text.chars().count();
            return text.chars().enumerate().map(|(k, old)| if k == i % count { *c } else { old }).collect();
        }
        Slip::Cut(i) => return text.chars().take(i % text.chars().count()).collect(),
    }
    lines.concat()
}

static SHAPE: LazyLock<serde_json::Value> = LazyLock::new(|| schemars::schema_for!(Obligation).to_value());

fn read_list(text: &str) -> (Vec<Item<Obligation>>, Vec<Invalid>, Vec<Finding>) {
    let mut reader = Reader::default();
    reader.files.push(FileInfo { shown: "part.yaml".into(), path: "part.yaml".into(), text: text.into(), items: 0 });
    let (good, bad) = reader.list::<Obligation>(0, duban::model::register::Table::Obligations);
    (good, bad, reader.findings)
}

fn from_tree(text: &str) -> Option<Vec<Node>> {
    match tree::parse(text) {
        Ok(Some(Node { kind: NodeKind::Seq(items), .. })) => Some(items),
        _ => None,
    }
}

/// What must hold of any text whatever.
fn readers_agree(text: &str) -> Result<(), TestCaseError> {
    let (good, bad, findings) = read_list(text);
    let scan = scan::scan(text);
    let items = from_tree(text);
    // A comment that hugs a bracket is known too.
    if scan.troubles.is_empty()
        && !scan.unusual
        && !["{#", "[#", ",#"].iter().any(|known| text.contains(known))
        && let Ok(fast) = serde_yaml::from_str::<Vec<Obligation>>(text)
    {
        let items = items.clone().unwrap_or_default();
        prop_assert_eq!(items.len(), fast.len(), "the fast reader sees another number of items");
        for (node, fast) in items.iter().zip(&fast) {
            let slow = Obligation::deserialize(Source(node));
            prop_assert!(slow.is_ok(), "the fast reader takes what the slow one refuses: {:?}", slow.err());
            prop_assert_eq!(format!("{:?}", slow.unwrap()), format!("{fast:?}"));
            let mistakes = shape::mistakes(node, &SHAPE, &SHAPE);
            prop_assert!(mistakes.is_empty(), "the fast reader takes what the shape refuses: {:?}", mistakes);
        }
        // An emptied file is told, and counts for one at least.
        prop_assert!(fast.is_empty() && !text.contains("[]") || bad.is_empty() && findings.is_empty() && good.len() == fast.len());
    }
    for node in items.iter().flatten() {
        if shape::mistakes(node, &SHAPE, &SHAPE).is_empty() {
            let slow = Obligation::deserialize(Source(node)).err().map(|e| e.to_string());
            prop_assert!(slow.is_none(), "the shape takes what cannot be decoded: {slow:?}");
        }
    }
    // Whatever is bad is told, and what is there stays in the count.
    prop_assert!(bad.is_empty() || !findings.is_empty(), "an invalid item without a finding");
    let content = |l: &str| {
        !l.trim().is_empty() && !l.trim_start().starts_with('#') && !l.starts_with("---") && !l.starts_with("...") && !l.starts_with('%')
    };
    prop_assert!(good.len() + bad.len() > 0 || !text.lines().any(content), "a list that is not empty counts nothing");
    for finding in &findings {
        let duban::finding::Spot::Exact(place) = &finding.spot else { continue };
        prop_assert!(place.line <= text.split('\n').count() + 1, "a finding after the end: {:?}", place);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(250))]

    /// However it is written, a well-formed part reads as it was meant, without a finding.
    #[test]
    fn a_well_formed_part_reads_as_meant(Part(items, choices) in part()) {
        let text = write(&items, &choices, false);
        let (good, bad, findings) = read_list(&text);
        prop_assert!(bad.is_empty() && findings.is_empty(), "{text}\n{:?}", findings.iter().map(|f| (f.rule, f.message.en.clone(), f.spot.clone())).collect::<Vec<_>>());
        prop_assert_eq!(good.len(), items.len(), "{}", text);
        for (item, meant) in good.iter().zip(&items) {
            let meant = Obligation::deserialize(Source(&meant.node())).unwrap();
            prop_assert_eq!(format!("{:?}", item.node), format!("{meant:?}"), "{}", text);
        }
        readers_agree(&text)?;
    }

    /// Quotes forgotten around words that YAML takes for something else.
    #[test]
    fn careless_quoting_is_read_alike_by_both_readers(Part(items, choices) in part()) {
        let text = write(&items, &choices, true);
        readers_agree(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
    }
}

proptest! {
    #![proptest_config(cases(700))]

    #[test]
    fn slips_are_told_and_nothing_disappears(Part(items, choices) in part(), slips in vec(slip(), 1..4)) {
        let text = slips.iter().fold(write(&items, &choices, false), |text, slip| damage(&text, slip));
        readers_agree(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
    }

    /// One slip in one item leaves the others in the count: as many items as begin a line.
    #[test]
    fn a_slip_never_swallows_its_neighbours(Part(items, choices) in part(), slip in slip()) {
        let text = damage(&write(&items, &choices, false), &slip);
        let begun = text.lines().filter(|l| l.starts_with("- ")).count();
        let (good, bad, _) = read_list(&text);
        prop_assert!(good.len() + bad.len() >= begun, "{} + {} of {begun}\n{text}", good.len(), bad.len());
    }
}

// ---- the log ----

fn said() -> impl Strategy<Value = Box<str>> {
    let hard = vec![
        "他说：“好”",
        "a,\"h\":\"x\"}",
        "line\nbreak",
        "tab\there",
        "\u{1b}[31mred",
        "back\\slash",
        "𠮷野家",
        "é\u{301}",
        "\u{2028}",
        "{\"seq\":0}",
        "…",
    ];
    prop_oneof![3 => "[一-龥a-z ]{1,20}".prop_map(String::from), 1 => select(hard).prop_map(String::from), 1 => any::<String>()]
        .prop_map(|s| s.into())
}

fn a_day() -> impl Strategy<Value = Day> {
    (0..900i64).prop_map(|n| Day(NaiveDate::from_ymd_opt(2022, 5, 1).unwrap() + Duration::days(n)))
}

fn hash22() -> impl Strategy<Value = Box<str>> {
    "[A-Za-z0-9_-]{22}".prop_map(|s: String| s.into())
}

fn evidence() -> impl Strategy<Value = Evidence> {
    (
        said(),
        said(),
        of(said()),
        a_day(),
        of(said()),
        of("[0-9a-f]{64}".prop_map(|s: String| Box::from(s))),
        of(any::<u64>()),
        of(select(Class::ALL)),
    )
        .prop_map(|(kind, name, number, date, place, sha256, size, class)| Evidence {
            kind,
            name,
            number,
            date,
            place,
            sha256,
            size,
            class,
        })
}

fn fingerprint() -> impl Strategy<Value = Fingerprint> {
    let one = || "[A-Za-z0-9_-]{12}".prop_map(|s: String| Box::from(s));
    (1..3u32, one(), one(), one(), one()).prop_map(|(recipe, requirement, modality, owner, needs)| Fingerprint {
        recipe,
        requirement,
        modality,
        owner,
        needs,
    })
}

/// An entry with any fields; `seq`, `at`, `by`, `dept`, `saw` and `h` are set by whoever files it.
fn entry() -> impl Strategy<Value = Entry> {
    let until = prop_oneof![a_day().prop_map(|d| Due::On(d.0)), Just(Due::Standing)];
    let first = (of(said()), select(Event::ALL), of(said()), of(0..=100u8), of(until), of(said()));
    let second = (
        of("-?[0-9]{1,6}(\\.[0-9]{1,4})?".prop_map(|s: String| Box::from(s))),
        of(said()),
        of(said()),
        of(said()),
        of(said()),
        of(hash22()),
    );
    let third = (of(Just(true)), of(said()), of(fingerprint()), vec(evidence(), 0..3), of(hash22()), of(said()));
    (first, second, third, of(said())).prop_map(|(a, b, c, clock)| Entry {
        seq: 0,
        at: DateTime::UNIX_EPOCH.fixed_offset(),
        by: "officer-drc".into(),
        dept: "DEP-NDRC".into(),
        duty: "OPN-3.18".into(),
        via: a.0,
        event: a.1,
        agreed: a.2,
        percent: a.3,
        day: None,
        until: a.4,
        indicator: a.5,
        value: b.0,
        note: b.1,
        issues: b.2,
        next: b.3,
        reason: b.4,
        reference: b.5,
        nil: c.0,
        release: c.1,
        fp: c.2,
        evidence: c.3,
        fixes: c.4,
        key: c.5,
        clock,
        saw: Default::default(),
        h: "".into(),
    })
}

/// The order of the fields on a line (FORMATS, "The log").
const FIELDS: &[&str] = &[
    "seq",
    "at",
    "by",
    "dept",
    "duty",
    "via",
    "event",
    "agreed",
    "percent",
    "day",
    "until",
    "indicator",
    "value",
    "note",
    "issues",
    "next",
    "reason",
    "ref",
    "nil",
    "release",
    "fp",
    "evidence",
    "fixes",
    "key",
    "clock",
    "saw",
    "h",
];
const EVIDENCE: &[&str] = &["type", "name", "number", "date", "place", "sha256", "size", "class"];
const WRITERS: [&str; 3] = ["officer-drc", "manager-drc", "reviewer-jco"];

fn in_order(have: &serde_json::Map<String, serde_json::Value>, want: &[&str]) -> bool {
    let places: Vec<Option<usize>> = have.keys().map(|k| want.iter().position(|w| w == k)).collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

/// Entries with who files them, the milliseconds since the one before, how many days
/// before `at` they are true, and whether the writer looks at what others wrote.
type Filed = (Entry, usize, i64, Option<i64>, bool);

fn history() -> impl Strategy<Value = Vec<Filed>> {
    vec((entry(), 0..WRITERS.len(), 1..400_000_000i64, of(0..40i64), any::<bool>()), 1..7)
}

struct Filing {
    dept: &'static str,
    name: String,
    month: String,
    writer: String,
    text: String,
    last: (u64, String),
}

/// Seals the entries into the files where they belong, as an appender would.
fn file(history: &[Filed], zone: Zone) -> (Vec<Filing>, Vec<Entry>) {
    let mut files: Vec<Filing> = Vec::new();
    let mut written = Vec::new();
    let mut at: DateTime<FixedOffset> = "2024-03-01T09:00:00.000+08:00".parse().unwrap();
    for (entry, who, gap, back, looks) in history {
        at += Duration::milliseconds(*gap);
        let (dept, month) = ("DEP-NDRC", zone.day(at).format("%Y-%m").to_string());
        let writer = format!("{}-abc{}", WRITERS[*who], 2 + who);
        let newest = files.iter().rposition(|f| f.writer == writer);
        let index = match newest.filter(|i| files[*i].month == month) {
            Some(i) => i,
            None => {
                let after =
                    newest.map(|i| After { file: files[i].name.as_str().into(), seq: files[i].last.0, h: files[i].last.1.as_str().into() });
                let header = Header {
                    seq: 0,
                    log: "duban/1".into(),
                    dept: dept.into(),
                    month: month.as_str().into(),
                    writer: writer.as_str().into(),
                    after,
                    h: "".into(),
                };
                let (text, h) = seal(&header, "");
                files.push(Filing { dept, name: format!("{month}.{writer}.jsonl"), month, writer: writer.clone(), text, last: (0, h) });
                files.len() - 1
            }
        };
        let mut entry = entry.clone();
        entry.seq = files[index].last.0 + 1;
        entry.at = at;
        entry.by = WRITERS[*who].into();
        entry.dept = dept.into();
        entry.day = back.map(|n| Day(zone.day(at) - Duration::days(n)));
        if *looks {
            entry.saw = files
                .iter()
                .filter(|f| f.writer != writer)
                .map(|f| (f.name.as_str().into(), format!("{}:{}", f.last.0, f.last.1).into()))
                .collect();
        }
        // The first line of a file hangs on its header.
        let (line, h) = seal(&entry, &files[index].last.1);
        entry.h = h.as_str().into();
        files[index].text += &line;
        files[index].last = (entry.seq, h);
        written.push(entry);
    }
    (files, written)
}

fn put(root: &Path, files: &[Filing]) {
    for f in files {
        let dir = root.join("log").join(f.dept);
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join(&f.name), &f.text).unwrap();
    }
}

fn read_log(root: &Path) -> (Log, Vec<Finding>) {
    let mut findings = Vec::new();
    let log = log_read::read(root, "", Zone::default(), "2026-11-23T09:00:00+08:00".parse().unwrap(), &mut findings);
    (log, findings)
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| format!("{} {}", f.rule, f.message.en.as_deref().unwrap_or(""))).collect()
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn an_entry_survives_its_line(entry in entry()) {
        let text = serde_json::to_string(&entry).unwrap();
        prop_assert!(!text.contains('\n'));
        let back: Entry = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&back, &entry);
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), text);
    }

    #[test]
    fn sealed_lines_are_read_back_and_an_altered_byte_is_told(history in history(), flips in vec((any::<usize>(), 1..=255u8), 6)) {
        let zone = Zone::default();
        let dir = tempfile::tempdir().unwrap();
        let (files, written) = file(&history, zone);
        put(dir.path(), &files);
        let (log, findings) = read_log(dir.path());
        prop_assert!(findings.is_empty(), "{:?}", told(&findings));
        prop_assert_eq!(log.unreadable, 0);
        let read: Vec<&Entry> = log.records.iter().map(|r| &r.entry).collect();
        prop_assert_eq!(read, written.iter().collect::<Vec<_>>());
        for f in &files {
            for line in f.text.lines().skip(1) {
                let map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
                prop_assert!(in_order(&map, FIELDS), "{line}");
                for e in map.get("evidence").and_then(|e| e.as_array()).into_iter().flatten() {
                    prop_assert!(in_order(e.as_object().unwrap(), EVIDENCE), "{line}");
                }
            }
        }
        for (at, with) in flips {
            let f = &files[at % files.len()];
            let path = dir.path().join("log").join(f.dept).join(&f.name);
            let mut bytes = f.text.clone().into_bytes();
            let i = at / files.len() % bytes.len();
            bytes[i] ^= with;
            std::fs::write(&path, &bytes).unwrap();
            let (_, findings) = read_log(dir.path());
            prop_assert!(!findings.is_empty(), "byte {i} of {} changed unseen: {}", f.name, String::from_utf8_lossy(&bytes));
            std::fs::write(&path, &f.text).unwrap();
        }
    }

    /// A line dropped, doubled or exchanged with its neighbour is told as well; only the
    /// newest lines of a file that nobody saw can go without trace.
    #[test]
    fn a_line_dropped_doubled_or_moved_is_told(history in history(), at in any::<usize>(), how in 0..3u8) {
        let dir = tempfile::tempdir().unwrap();
        let (mut files, _) = file(&history, Zone::default());
        let n = files.len();
        let f = &mut files[at % n];
        let mut lines: Vec<String> = f.text.split_inclusive('\n').map(String::from).collect();
        let i = at / n % lines.len();
        match how {
            0 if i + 1 < lines.len() => drop(lines.remove(i)),
            1 => lines.insert(i, lines[i].clone()),
            _ if i + 1 < lines.len() => lines.swap(i, i + 1),
            _ => return Ok(()),
        }
        f.text = lines.concat();
        put(dir.path(), &files);
        let (_, findings) = read_log(dir.path());
        prop_assert!(!findings.is_empty(), "{}", lines.concat());
    }
}

/// Every byte of one small file, two bits each.
#[test]
fn no_byte_of_a_file_changes_unseen() {
    let blank: Entry = serde_json::from_str(r#"{"seq":0,"at":"2024-03-01T09:00:00.000+08:00","by":"officer-drc","dept":"DEP-NDRC","duty":"OPN-3.18","event":"progress","percent":40,"note":"核验二十三处","h":""}"#).unwrap();
    let history: Vec<Filed> = (0..2).map(|n| (blank.clone(), 0, 1000 + n, None, false)).collect();
    let (files, _) = file(&history, Zone::default());
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &files);
    assert!(read_log(dir.path()).1.is_empty());
    let path = dir.path().join("log").join(files[0].dept).join(&files[0].name);
    for i in 0..files[0].text.len() {
        for bit in [0x01, 0x20] {
            let mut bytes = files[0].text.clone().into_bytes();
            bytes[i] ^= bit;
            std::fs::write(&path, &bytes).unwrap();
            assert!(!read_log(dir.path()).1.is_empty(), "byte {i}: {}", String::from_utf8_lossy(&bytes));
        }
    }
}

// ---- tables ----

fn cell_text() -> impl Strategy<Value = String> {
    let hard = vec![
        "",
        "—",
        "“全国”",
        "2026-11-23",
        "OPN-3.18@CITY-NFRA",
        "100.0%",
        "①②③",
        "Ａ１",
        "é",
        "a\u{1b}[31mb",
        "两\n行",
        "x ",
        "（一）（二）",
        "officer-bank-lslz",
        "，。",
        "…",
    ];
    prop_oneof![3 => "[一-龥]{0,18}", 2 => "[a-z]{1,9}( [a-z]{1,9}){0,5}", 1 => "[一-龥]{1,5} [a-z]{1,6}[，。；][一-龥]{0,9}", 2 => select(hard).prop_map(String::from)]
}

fn cell(number: bool, whole: bool) -> BoxedStrategy<Cell> {
    let tone = select(vec![Tone::Red, Tone::Amber, Tone::Green, Tone::Grey]);
    match (number, whole) {
        (true, _) => {
            prop_oneof![(0..100_000usize).prop_map(Cell::Count), (0..9usize, 0..9usize).prop_map(|(a, b)| Cell::Share(a.min(b), b))].boxed()
        }
        (_, true) => "[A-Z]{2,4}-[0-9]{1,2}\\.[0-9]{2}(@[A-Z]{2,8})?".prop_map(Cell::Text).boxed(),
        _ => prop_oneof![3 => cell_text().prop_map(Cell::Text), 1 => (tone, cell_text()).prop_map(|(t, s)| Cell::Light(t, s))].boxed(),
    }
}

fn table() -> impl Strategy<Value = Table> {
    let label = || prop_oneof!["[一-龥]{1,6}", "[A-Z][a-z]{1,9}( [a-z]{1,6})?"];
    vec((0..4u8, label(), label()), 1..9).prop_flat_map(|columns| {
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|(sort, label, short)| match sort {
                0 => Column::number(label, short),
                1 => Column::id(label),
                _ => Column::text(label),
            })
            .collect();
        let row: Vec<BoxedStrategy<Cell>> = columns.iter().map(|c| cell(c.right, c.whole)).collect();
        let one = (row, cell_text(), 0..8u8).prop_map(|(cells, head, sort)| match sort {
            0 => Row::group(head),
            1 | 2 => Row::total(cells),
            _ => Row::of(cells),
        });
        (Just(columns), vec(one, 1..6)).prop_map(|(columns, rows)| Table::of(columns, rows, "无"))
    })
}

fn draw(table: &Table, width: usize) -> String {
    let page = Page { title: "表".into(), blocks: vec![Block::Table(table.clone())], ..Page::default() };
    terminal::render(&page, Style { width, colour: false })
}

/// Characters that must be on the page, each as often as the cells have it.
fn visible(text: &str) -> std::collections::BTreeMap<char, usize> {
    let mut out = std::collections::BTreeMap::new();
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).for_each(|c| *out.entry(c).or_default() += 1);
    out
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_table_keeps_to_its_width_and_loses_nothing(table in table(), width in 40..=200usize) {
        let out = draw(&table, width);
        prop_assert_eq!(out.find(char::from(27)), None);
        for line in out.lines() {
            prop_assert!(line.width() <= width, "{} > {width}\n{out}", line.width());
            prop_assert_eq!(line, line.trim_end());
        }
        let full = out.contains('┌');
        if full {
            let grid: Vec<usize> = out.lines().filter(|l| l.starts_with(['┌', '│', '╞', '├', '└'])).map(|l| l.width()).collect();
            prop_assert!(grid.len() >= 4 && grid.iter().all(|w| *w == grid[0]), "{:?}\n{}", grid, out);
            // Bars stand under one another.
            let bars = |l: &str| l.char_indices().filter(|(_, c)| "┌┬┐│┆╞╪╡└┴┘".contains(*c)).map(|(i, _)| l[..i].width()).collect::<Vec<_>>();
            let lines: Vec<&str> = out.lines().filter(|l| l.starts_with(['┌', '│', '╞', '└'])).collect();
            prop_assert!(lines.iter().all(|l| bars(l) == bars(lines[0])), "{}", out);
        }
        // In a list, noughts and empty cells are left out; everything else stands there.
        let cells: String = table.rows.iter().flat_map(|r| &r.cells).filter(|c| full || **c != Cell::Count(0)).map(Cell::text).collect();
        let have = visible(&out);
        for (c, n) in visible(&cells) {
            prop_assert!(have.get(&c).is_some_and(|m| *m >= n), "{c:?} is lost\n{out}");
        }
    }

    #[test]
    fn wrapping_loses_nothing_and_keeps_to_its_width(text in prop_oneof![cell_text(), "[一-龥a-z0-9，。；、（）《》 -]{0,120}"], limit in 10..80usize) {
        let out = terminal::wrap(&text, limit, "");
        prop_assert!(out.lines().all(|l| l.width() <= limit), "{out}");
        prop_assert_eq!(visible(&out.replace('·', "")), visible(&text.replace('·', "")));
    }
}

// ---- the graph ----

const NEEDS: [Edge; 3] = [Edge::Requires, Edge::Feeds, Edge::SupportsWork];

/// Edges run from lower to higher rank, so there is no ring; obligations stand in any order.
fn downhill() -> impl Strategy<Value = (Vec<u32>, Vec<(usize, usize, usize)>)> {
    (6..24usize).prop_flat_map(|n| {
        let order = Just((0..n as u32).collect::<Vec<_>>()).prop_shuffle();
        let edges = vec((0..n, 0..n, 0..NEEDS.len()), 0..n * 2)
            .prop_map(|all| all.into_iter().filter(|(a, b, _)| a != b).map(|(a, b, k)| (a.min(b), a.max(b), k)).collect());
        (order, edges)
    })
}

/// The graph, with departments that point both ways and must not count as links.
fn graph(order: &[u32], edges: &[(usize, usize, usize)]) -> Graph {
    let mut g = Graph::default();
    let nodes: Vec<_> = order.iter().map(|i| g.inner.add_node(GraphNode::Obligation(*i))).collect();
    let body = g.inner.add_node(GraphNode::Body(0));
    for (n, node) in nodes.iter().enumerate() {
        g.index.insert(format!("OPN-1.{:02}", order[n]), *node);
        g.inner.add_edge(body, *node, Edge::Leads);
        g.inner.add_edge(*node, body, Edge::Concerns);
    }
    for (a, b, kind) in edges {
        g.inner.add_edge(nodes[*a], nodes[*b], NEEDS[*kind]);
    }
    g
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn no_ring_is_found_where_there_is_none((order, edges) in downhill()) {
        let g = graph(&order, &edges);
        prop_assert_eq!(g.cycles(), Vec::<Vec<u32>>::new());
        // The longest chain ends, and each of its links is a prerequisite.
        for i in &order {
            let chain = g.longest_chain(&format!("OPN-1.{i:02}"), &|_| true);
            let requires = |a: u32, b: u32| edges.iter().any(|(x, y, k)| (order[*x], order[*y]) == (a, b) && NEEDS[*k] == Edge::Requires);
            let whole: Vec<u32> = std::iter::once(*i).chain(chain.iter().copied()).collect();
            prop_assert!(whole.windows(2).all(|w| requires(w[0], w[1])), "{:?}", whole);
        }
    }

    #[test]
    fn a_planted_ring_is_found((order, edges) in downhill(), length in 1..=6usize, pick in any::<prop::sample::Index>(), kinds in vec(0..NEEDS.len(), 6)) {
        let n = order.len();
        let start = pick.index(n);
        // Nodes far from one another, each once.
        let ring: Vec<usize> = (0..length).map(|k| (start + k * (n / length).max(1)) % n).collect();
        prop_assume!(ring.iter().collect::<std::collections::BTreeSet<_>>().len() == length);
        let mut all = edges.clone();
        all.extend((0..length).map(|k| (ring[k], ring[(k + 1) % length], kinds[k])));
        let g = graph(&order, &all);
        let found = g.cycles();
        // Whatever other rings the planted one makes hang together with it: one group.
        prop_assert_eq!(found.len(), 1, "{:?}", found);
        let found = &found[0];
        let linked = |a: u32, b: u32| all.iter().any(|(x, y, _)| (order[*x], order[*y]) == (a, b));
        prop_assert!((0..found.len()).all(|k| linked(found[k], found[(k + 1) % found.len()])), "{:?} is no ring", found);
        prop_assert_eq!(found.iter().collect::<std::collections::BTreeSet<_>>().len(), found.len());
        // Alone, it is found as it was planted, starting with its first obligation.
        let mut want: Vec<u32> = ring.iter().map(|i| order[*i]).collect();
        let first = want.iter().enumerate().min_by_key(|(_, o)| **o).unwrap().0;
        want.rotate_left(first);
        prop_assert_eq!(graph(&order, &all[edges.len()..]).cycles(), vec![want]);
        // Questions about a ring still end.
        for i in &order {
            let _ = g.longest_chain(&format!("OPN-1.{i:02}"), &|_| true);
            let _ = g.waiting_for(&format!("OPN-1.{i:02}"), &NEEDS);
        }
    }
}

/// A number or `true` where words are wanted is words; words without words are refused
/// where they stand, not at the item in serde's English.
#[test]
fn the_shape_refuses_what_cannot_be_decoded() {
    for title in ["3", "true", "{}"] {
        let text = format!("- id: OPN-1.01\n  title: {title}\n  requirement: x\n  kind: action\n  modality: must\n  recurrence: one-off\n");
        let (good, _, findings) = read_list(&text);
        let spots: Vec<usize> = findings.iter().map(|f| if let duban::finding::Spot::Exact(p) = &f.spot { p.line } else { 0 }).collect();
        assert!(good.len() == 1 || spots == [2], "title: {title}: {:?}", told(&findings));
    }
}

/// Words may hold a full-width colon, in a list and in a text of several lines too.
#[test]
fn a_full_width_colon_inside_words_is_no_key() {
    for text in [
        "- id: OPN-1.01\n  title: x\n  requirement: |-\n    KPI：完成率\n  kind: action\n  modality: must\n  recurrence: one-off\n",
        "- id: OPN-1.01\n  title: x\n  requirement: x\n  kind: action\n  modality: must\n  bearer:\n    text:\n      - A：甲\n  recurrence: one-off\n",
    ] {
        let (good, bad, findings) = read_list(text);
        assert!(good.len() == 1 && bad.is_empty() && findings.is_empty(), "{text}\n{:?}", told(&findings));
    }
}

/// What one reader takes the other takes too, or a slip elsewhere in the file would make
/// a good obligation bad.
#[test]
fn the_readers_agree_on_odd_writing_too() {
    let odd = [
        "revision: 0x10",
        "revision: +3",
        "revision: 0o7",
        "bearer: {text: [x, null]}",
        "bearer: {text: [-]}",
        "note: \u{feff}x",
        "note: ! x",
        "section: 007",
    ];
    let apart: Vec<&str> = odd
        .into_iter()
        .filter(|line| {
            let text = format!(
                "- id: OPN-1.01\n  title: x\n  requirement: x\n  kind: action\n  modality: must\n  recurrence: one-off\n  {line}\n"
            );
            readers_agree(&text).is_err()
        })
        .collect();
    assert!(apart.is_empty(), "{apart:?}");
}
