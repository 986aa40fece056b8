//! `check --prove`: what would happen if one thing of every kind were broken.

use super::args::{Check, CheckFormat, Format};
use super::context::{Context, Stop};
use crate::author::prove::{self, Answer, Proof, Row as Tried};
use crate::model::{Lang, Level, Term};
use crate::page::{Block, Cell, Column, Page, Row, Table, Tone};
use crate::rules::{self, Overrides};
use crate::snapshot::Snapshot;
use serde_json::{Value, json};

/// Breaks, asks and prints; exit 1 if something would slip through unheard.
pub fn prove(context: &Context, args: &Check, s: &Snapshot, overrides: &Overrides) -> Result<u8, Stop> {
    let format = match args.format {
        CheckFormat::Text => Format::Text,
        CheckFormat::Json => Format::Json,
        _ => {
            return Err(Stop::new(
                ("--prove 没有可报告的发现", "--prove has no findings to report"),
                ("它只有 text 和 json 两种格式", "its forms are text and json"),
                ("请去掉 --format", "leave --format out"),
            ));
        }
    };
    if s.register.obligations.is_empty() {
        let why = (
            "本登记册没有一项义务可读，因此没有可破坏的东西",
            "not one obligation of this register can be read, so there is nothing to break",
        );
        return Err(Stop::new(
            ("此处无法证明", "nothing can be proved here"),
            why,
            ("`duban check` 会说明问题", "`duban check` says what is wrong"),
        ));
    }
    let total = prove::count();
    let proof = prove::prove(s, &context.options(), overrides, |n| {
        if context.bar {
            eprint!("\r{n}/{total}{}", if n == total { "\r\u{1b}[K" } else { "" });
        }
    });
    let lang = context.lang(s);
    let failed = proof.rows.iter().any(|r| r.answer.fails());
    context.print(format, &data(s, &proof, failed), || page(s, &proof, failed, lang))?;
    Ok(u8::from(failed))
}

fn count(proof: &Proof, answer: Answer) -> usize {
    proof.rows.iter().filter(|r| r.answer == answer).count()
}

fn data(s: &Snapshot, proof: &Proof, failed: bool) -> Value {
    let row = |r: &Tried| {
        let f = r.finding.as_ref();
        json!({
            "broken": {"zh": r.name.0, "en": r.name.1},
            "what": r.what,
            "expected": r.rules,
            "answer": r.answer.code(),
            "rule": f.map(|j| j.finding.rule),
            "level": f.map(|j| j.level),
            "subject": f.map(|j| j.finding.subject.as_str()),
            "waiver": r.waiver,
            "place": f.map(|j| json!({"file": j.place.file, "line": j.place.line, "column": j.place.column})),
        })
    };
    json!({
        "schema": "duban/prove/1",
        "as_of": s.as_of.to_string(),
        "data_version": s.version,
        "verdict": if failed { "missed" } else { "passed" },
        "rows": proof.rows.iter().map(row).collect::<Vec<_>>(),
        "untried": proof.untried,
    })
}

/// The answer in a word, with its colour.
fn answer(a: Answer, lang: Lang) -> Cell {
    let (tone, word) = match a {
        Answer::Denies => (Tone::Green, Term("拒绝", "denies")),
        Answer::Warns => (Tone::Amber, Term("仅提醒", "warns only")),
        Answer::Waived => (Tone::Amber, Term("被豁免", "waived")),
        Answer::Other => (Tone::Red, Term("别的规则报", "another rule")),
        Answer::Silence => (Tone::Red, Term("无人过问", "nobody speaks")),
        Answer::NoOccasion => (Tone::Grey, Term("无从试起", "none here")),
    };
    Cell::Light(tone, word.say(lang).into_owned())
}

fn page(s: &Snapshot, proof: &Proof, failed: bool, lang: Lang) -> Page {
    let say = |zh: &'static str, en: &'static str| Term(zh, en).say(lang).into_owned();
    let columns = vec![
        Column::text(say("破坏", "Broken")),
        Column::text(say("对象", "What")),
        Column::id(say("规则", "Rule")),
        Column::text(say("结果", "Answer")),
        Column::text(say("位置", "Place")),
    ];
    let rows = proof
        .rows
        .iter()
        .map(|r| {
            let expected = r.rules.join("/");
            let (rule, place) = r.finding.as_ref().map_or((expected.clone(), String::new()), |j| {
                let rule = j.finding.rule;
                let rule = if r.rules.contains(&rule) { rule.to_string() } else { format!("{rule} ({expected})") };
                (rule, if j.place.line == 0 { j.place.file.clone() } else { format!("{}:{}", j.place.file, j.place.line) })
            });
            let cells = vec![
                Cell::Text(r.name.say(lang).into_owned()),
                Cell::Text(r.what.clone()),
                Cell::Text(rule),
                answer(r.answer, lang),
                Cell::Text(place),
            ];
            Row::of(cells)
        })
        .collect();
    let figures = [Answer::Denies, Answer::Warns, Answer::Waived, Answer::Other, Answer::Silence, Answer::NoOccasion]
        .map(|a| format!("{} {}", answer(a, lang).text(), count(proof, a)))
        .join(" · ");
    let verdict = if failed {
        say("未通过：至少有一种破坏无人过问", "FAILED: something would slip through")
    } else {
        let (none, all) = (count(proof, Answer::NoOccasion), proof.rows.len());
        match lang {
            Lang::En if none == 0 => format!("passed: whatever is broken, a rule speaks ({all} kinds)"),
            Lang::En => format!("passed: a rule speaks for each of {} kinds; {none} could not be tried here", all - none),
            _ if none == 0 => format!("通过：{all} 种破坏都有规则过问"),
            _ => format!("通过：试过的 {} 种破坏都有规则过问；{none} 种在此无从试起", all - none),
        }
    };
    let waived: Vec<String> = proof
        .rows
        .iter()
        .filter_map(|r| Some(format!("{} {}: {}", r.finding.as_ref()?.finding.rule, r.name.say(lang), r.waiver.as_ref()?)))
        .collect();
    let lowered: Vec<&str> = rules::TABLE
        .iter()
        .filter(|r| r.info.level == Level::Deny && s.register.settings.rules.get(r.info.id).is_some_and(|l| *l < Level::Deny))
        .map(|r| r.info.id)
        .collect();
    let mut notes = vec![format!("{verdict} — {figures}")];
    if !waived.is_empty() {
        notes.push(format!("{}: {}", say("被豁免，检查仍会通过", "waived, so that the check would pass"), waived.join("; ")));
    }
    if !proof.untried.is_empty() {
        notes.push(format!("{}: {}", say("没有试的拒绝级规则", "rules that deny and were not tried"), proof.untried.join(" ")));
    }
    if !lowered.is_empty() {
        notes.push(format!("{}: {}", say("register.yaml 调低了级别", "lowered in register.yaml"), lowered.join(" ")));
    }
    notes.push(say(
        "全在内存中进行，没有写任何文件。锚点是否仍在原文，由 duban source --text 核对。",
        "All of it in memory: nothing was written. Whether an anchor is still in the text is for `duban source --text`.",
    ));
    Page {
        title: say("门禁自证", "Would the gate notice?"),
        meta: vec![format!("{} · {} · {}", s.register.settings.unit.name.say(lang), s.as_of, s.version)],
        blocks: vec![Block::Table(Table::of(columns, rows, ""))],
        notes,
        ..Page::default()
    }
}
