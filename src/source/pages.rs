//! The two reports as pages.

use super::compare::{FoundAt, PolicyText, TextReport};
use super::cover::{Counts, SourceReport};
use crate::model::{Lang, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::snapshot::Snapshot;

const fn two(zh: &'static str, en: &'static str) -> Term {
    Term(zh, en)
}

const COVER_TITLE: Term = two("来源覆盖", "Source coverage");
const TEXT_TITLE: Term = two("与原文核对", "Held against the text");
const PART_OF_TEXT: Term = two("文本部分", "Part of the text");
const CLAUSES: Term = two("条款", "Clauses");
const PRIMARY: Term = two("义务出处", "Source of an obligation");
const SECONDARY: Term = two("涉及义务", "Touches an obligation");
const REASON: Term = two("不立项并说明原因", "None, with the reason");
const OPEN: Term = two("未交代", "Open");
const ACCOUNTED: Term = two("已交代", "Accounted for");
const OBLIGATIONS: Term = two("义务", "Obligations");
const FATE: Term = two("核对结果", "Outcome");
const ANCHOR: Term = two("锚点", "Anchor");
const LOCATOR: Term = two("条款编号", "Locator");
const FOUND: Term = two("现处", "Found at");
const PASSAGE: Term = two("现文与差异", "Passage and difference");
const CLAUSE: Term = two("条款原文", "Clause");
const LINE: Term = two("行", "Line");

/// Words for what became of an anchor or locator.
fn fate(code: &str, lang: Lang) -> String {
    match code {
        "there" => two("仍在原处", "there"),
        "moved" => two("已移位", "moved"),
        "reworded" => two("已改写", "reworded"),
        "gone" => two("已消失", "gone"),
        "unknown" => two("条款表中没有", "not in clauses.yaml"),
        "new" => two("条款表中没有", "not in clauses.yaml"),
        "open" => two("未交代", "left open"),
        "reason" => two("不立项并说明原因", "none, with the reason"),
        "none" => two("没有写来源", "no source"),
        other => return other.to_string(),
    }
    .say(lang)
    .into_owned()
}

fn say(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
        Lang::Both => format!("{zh}\n{en}"),
    }
}

fn text(x: impl Into<String>) -> Cell {
    Cell::Text(x.into())
}

fn rows(all: Vec<Vec<Cell>>) -> Vec<Row> {
    all.into_iter().map(Row::of).collect()
}

fn counts(c: &Counts) -> Vec<Cell> {
    vec![
        Cell::Count(c.clauses),
        Cell::Count(c.primary),
        Cell::Count(c.secondary),
        Cell::Count(c.reason),
        Cell::Count(c.open),
        Cell::Share(c.primary + c.secondary, c.clauses),
        Cell::Share(c.accounted(), c.clauses),
    ]
}

/// Coverage as a page.
pub fn cover(s: &Snapshot, report: &SourceReport, lang: Lang) -> Page {
    let mut page = report.frame.page(s, COVER_TITLE, lang);
    let number = |term: Term, zh: &str, en: &str| Column::number(term.say(lang), if lang == Lang::En { en } else { zh });
    let empty = t::NOTHING.say(lang).into_owned();
    for p in &report.policies {
        page.blocks.push(Block::heading(format!("{} {}", p.policy, p.title)));
        match p.clauses {
            "none" => page.blocks.push(Block::Prose(say(
                lang,
                "没有 clauses.yaml：条款覆盖情况不明。".into(),
                "There is no clauses.yaml: what the text covers is unknown.".into(),
            ))),
            "unreadable" => page.blocks.push(Block::Prose(say(
                lang,
                "clauses.yaml 无法读取：条款覆盖情况不明；见 `duban check`。".into(),
                "clauses.yaml cannot be read: what the text covers is unknown; see `duban check`.".into(),
            ))),
            _ => {}
        }
        let columns = vec![
            Column::id(PART_OF_TEXT.say(lang)),
            Column::text(two("大意", "About").say(lang)),
            number(CLAUSES, "条款", "All"),
            number(PRIMARY, "出处", "Source"),
            number(SECONDARY, "涉及", "Touch"),
            number(REASON, "原因", "Reason"),
            number(OPEN, "未交代", "Open"),
            number(two("有义务", "With obligation"), "有义务", "Oblig."),
            number(ACCOUNTED, "已交代", "Acc."),
        ];
        let mut all: Vec<Row> = p.rows.iter().map(|r| Row::of([vec![text(&r.part), text(&r.gist)], counts(&r.counts)].concat())).collect();
        all.push(Row::total([vec![text(t::TOTAL.say(lang)), text("")], counts(&p.total)].concat()));
        page.blocks.push(Block::Table(Table::of(columns, all, empty.clone())));
        let columns = vec![
            Column::id(t::PART.say(lang)),
            Column::text(t::TITLE.say(lang)),
            number(OBLIGATIONS, "义务", "All"),
            number(t::WITH_CLAUSE, "有条款", "Clause"),
            number(two("占比", "Share"), "占比", "Share"),
        ];
        let part = |r: &super::cover::PartRow| {
            vec![
                text(&r.part),
                text(&r.title),
                Cell::Count(r.obligations),
                Cell::Count(r.with_clause),
                Cell::Share(r.with_clause, r.obligations),
            ]
        };
        page.blocks.push(Block::Table(Table::of(columns, rows(p.parts.iter().map(part).collect()), empty.clone())));
        for (term, list) in [
            (two("未交代的条款", "Clauses left open"), &p.open),
            (two("没有条款的义务", "Obligations without a clause"), &p.without_clause),
        ] {
            if !list.is_empty() {
                page.blocks.push(Block::Facts(vec![(format!("{} ({})", term.say(lang), list.len()), text(list.join(", ")))]));
            }
        }
    }
    let (n, all) = (report.total.accounted(), report.total.clauses);
    page.notes.push(say(
        lang,
        format!("条款合计 {all}，已交代 {n}，未交代 {}。每条只计入一列，各列之和等于总数。", report.total.open),
        format!(
            "{all} clauses, {n} accounted for, {} open. Each stands in one column; the columns add up to the total.",
            report.total.open
        ),
    ));
    if !report.holds {
        page.notes.push(say(lang, "未全部交代。".into(), "Not everything is accounted for.".into()));
    }
    page
}

fn place(found: &Option<FoundAt>, lang: Lang) -> String {
    let Some(f) = found else { return "—".into() };
    let line = say(lang, format!("第 {} 行第 {} 字", f.line, f.column), format!("line {}, column {}", f.line, f.column)).replace('\n', " ");
    if f.found_at.is_empty() { line } else { format!("{} ({line})", f.found_at) }
}

/// The comparison as a page.
pub fn compared(s: &Snapshot, report: &TextReport, lang: Lang) -> Page {
    let mut page = report.frame.page(s, TEXT_TITLE, lang);
    let info = &report.text;
    page.meta.push(say(
        lang,
        format!("文本：{} · SHA-256 {} · {} 字节 · {} 字符", info.file, info.sha256, info.bytes, info.characters),
        format!("text: {} · SHA-256 {} · {} bytes · {} characters", info.file, info.sha256, info.bytes, info.characters),
    ));
    for p in &report.policies {
        policy(&mut page, p, lang);
    }
    duties(&mut page, report, lang);
    page.notes.push(if report.holds {
        say(lang, "通过：锚点和条款都在原处。".into(), "passed: every anchor and locator is in its place.".into())
    } else {
        say(lang, "未通过：上列各项须重新核对。".into(), "failed: read again what is listed above.".into())
    });
    page
}

fn policy(page: &mut Page, p: &PolicyText, lang: Lang) {
    page.blocks.push(Block::heading(p.policy.clone()));
    let all_there = p.anchors_out.is_empty() && p.locators_out.is_empty();
    let fingerprint = match (p.fingerprint, all_there) {
        ("same", _) => say(lang, "一致：就是当时所读的文本".into(), "the same: this is the text that was read".into()),
        ("none", _) => say(lang, "policy.yaml 没有记下指纹，无从比较".into(), "policy.yaml records none; nothing to compare".into()),
        (_, false) => say(lang, "不一致：文本已变".into(), "differs: the text has changed".into()),
        (_, true) => say(
            lang,
            "不一致：文本已变，变动在锚点和条款开头之外，或只在标点、空白、换行；请对照两份文本".into(),
            "differs: the text has changed outside anchors and openings, or only in signs, blanks and line ends; compare the two".into(),
        ),
    };
    let count = |m: &std::collections::BTreeMap<&str, usize>| {
        let order = ["there", "moved", "reworded", "gone", "none", "unknown"];
        order.iter().filter_map(|k| m.get(k).map(|n| format!("{} {n}", fate(k, lang)))).collect::<Vec<_>>().join(" · ")
    };
    let mut facts = vec![
        (two("指纹", "Fingerprint").say(lang).into_owned(), text(fingerprint)),
        (ANCHOR.say(lang).into_owned(), text(count(&p.anchors))),
        (LOCATOR.say(lang).into_owned(), text(count(&p.locators))),
    ];
    if !p.disagrees.is_empty() {
        facts.insert(1, ("policy.yaml".into(), text(p.disagrees.join("; "))));
    }
    if !p.renumbered.is_empty() {
        let list: Vec<String> = p.renumbered.iter().map(|r| format!("{} → {}", r.at, r.now)).collect();
        facts.push((two("编号顺延", "Renumbered").say(lang).into_owned(), text(list.join(", "))));
    }
    page.blocks.push(Block::Facts(facts));
    let empty = t::NOTHING.say(lang).into_owned();
    if !p.anchors_out.is_empty() {
        let heads = [t::ID, FATE, LOCATOR, ANCHOR, FOUND, PASSAGE];
        let columns =
            heads.iter().enumerate().map(|(i, h)| if i == 0 { Column::id(h.say(lang)) } else { Column::text(h.say(lang)) }).collect();
        let row = |a: &super::compare::AnchorRow| {
            let nth = if a.nth > 1 { format!(" ({})", a.nth) } else { String::new() };
            let passage = match (&a.difference, &a.found) {
                (Some(d), Some(f)) => format!("{d} ({})", crate::page::percent(f.likeness as usize, 1000)),
                (None, Some(f)) => f.occurrence.filter(|n| *n as u32 != a.nth).map_or_else(String::new, |n| format!("№ {n}")),
                _ => String::new(),
            };
            vec![
                text(&a.id),
                text(fate(a.fate, lang)),
                text(&a.at),
                text(format!("{}{nth}", a.anchor)),
                text(place(&a.found, lang)),
                text(passage),
            ]
        };
        page.blocks.push(Block::Table(Table::of(columns, rows(p.anchors_out.iter().map(row).collect()), empty.clone())));
    }
    if !p.locators_out.is_empty() {
        let heads = [LOCATOR, FATE, two("开头", "Opening"), FOUND, two("现文", "Passage")];
        let columns =
            heads.iter().enumerate().map(|(i, h)| if i == 0 { Column::id(h.say(lang)) } else { Column::text(h.say(lang)) }).collect();
        let row = |l: &super::compare::LocatorRow| {
            let passage = l.found.as_ref().map_or_else(String::new, |f| f.passage.clone());
            vec![text(&l.at), text(fate(l.fate, lang)), text(&l.opening), text(place(&l.found, lang)), text(passage)]
        };
        page.blocks.push(Block::Table(Table::of(columns, rows(p.locators_out.iter().map(row).collect()), empty.clone())));
    }
    if !p.suspects.is_empty() {
        page.blocks.push(Block::heading(format!("{} ({})", two("存疑的义务", "Suspect obligations").say(lang), p.suspects.len())));
        let columns = vec![Column::id(t::ID.say(lang)), Column::text(t::TITLE.say(lang)), Column::text(two("缘由", "Why").say(lang))];
        // Fates are the last word of each reason.
        let why = |r: &String| r.rsplit_once(' ').map_or_else(|| r.clone(), |(a, f)| format!("{a} {}", fate(f, lang)).trim().to_string());
        let row =
            |x: &super::compare::Suspect| vec![text(&x.id), text(&x.title), text(x.reasons.iter().map(why).collect::<Vec<_>>().join("; "))];
        page.blocks.push(Block::Table(Table::of(columns, rows(p.suspects.iter().map(row).collect()), empty)));
    }
}

fn duties(page: &mut Page, report: &TextReport, lang: Lang) {
    let by = |kind: &str| report.duties.iter().filter(|d| d.kind == kind).count();
    page.blocks.push(Block::heading(two("义务用语", "Clauses of duty").say(lang).into_owned()));
    page.blocks.push(Block::Prose(say(
        lang,
        format!(
            "含义务用语的条款 {}：已立项 {} · 不立项并说明原因 {} · 条款表中没有 {} · 未交代 {}",
            report.duties_total,
            report.duties_covered,
            by("reason"),
            by("new"),
            by("open")
        ),
        format!(
            "{} clauses speak of duty: under an obligation {} · none, with the reason {} · not in clauses.yaml {} · left open {}",
            report.duties_total,
            report.duties_covered,
            by("reason"),
            by("new"),
            by("open")
        ),
    )));
    if report.duties.is_empty() {
        return;
    }
    let columns = vec![
        Column::text(FATE.say(lang)),
        Column::text(LOCATOR.say(lang)),
        Column::number(LINE.say(lang), LINE.say(lang)),
        Column::text(CLAUSE.say(lang)),
        Column::text(t::REASONS.say(lang)),
    ];
    let row = |d: &super::compare::DutyClause| {
        let reason = d.reason.as_ref().map_or_else(String::new, |r| r.say(lang).into_owned());
        vec![text(fate(d.kind, lang)), text(&d.at), Cell::Count(d.line), text(&d.words), text(reason)]
    };
    page.blocks.push(Block::Table(Table::of(columns, rows(report.duties.iter().map(row).collect()), String::new())));
}
