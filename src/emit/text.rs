//! Findings for people: place, the line underlined, what, why, what to do.
//!
//! Denying findings are drawn in full. Warnings are counted by rule with their first
//! subjects, because four hundred drawn boxes hide the one that matters; `--all` draws
//! them too. Nothing is left out of the counts either way.

use super::summary::Summary;
use crate::finding::{Judged, Outcome};
use crate::model::{Lang, Level};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level as Mark, Renderer, Snippet};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Language.
    pub lang: Lang,
    /// Colour or not.
    pub colour: bool,
    /// Width of the terminal.
    pub width: usize,
    /// Draw warnings in full as well.
    pub all: bool,
}

/// The whole outcome.
pub fn render(outcome: &Outcome, summary: &Summary, style: Style, title: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width).decor_style(if style.colour { DecorStyle::Unicode } else { DecorStyle::Ascii });
    for j in outcome.findings.iter().filter(|j| j.level == Level::Deny || style.all) {
        draw(&mut out, &renderer, j, style.lang);
    }
    let zh = style.lang != Lang::En;
    let mut groups: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    if !style.all {
        for j in outcome.findings.iter().filter(|j| j.level == Level::Warn) {
            groups.entry(j.finding.rule).or_default().push(j);
        }
    }
    for (rule, all) in &groups {
        let head = format!("{}[{rule}] {} × {}", if zh { "提醒" } else { "warning" }, title(rule), all.len());
        let mut subjects: Vec<&str> = all.iter().map(|j| j.finding.subject.as_str()).collect();
        subjects.dedup();
        let more = subjects.len().saturating_sub(4);
        let mut list = tame(&subjects[..subjects.len().min(4)].join(", ")).replace('\n', "·");
        if more > 0 {
            let _ = write!(list, "{}", if zh { format!(" 等 {} 项", subjects.len()) } else { format!(" and {more} more") });
        }
        let _ = writeln!(out, "{head}: {list}");
    }
    if !groups.is_empty() {
        out.push('\n');
    }
    if !outcome.waived.is_empty() {
        let mut by: BTreeMap<&str, usize> = BTreeMap::new();
        outcome.waived.iter().for_each(|j| *by.entry(j.finding.rule).or_default() += 1);
        let parts: Vec<String> = by.iter().map(|(r, n)| format!("{r} × {n}")).collect();
        let _ = writeln!(out, "{} {}: {}", if zh { "豁免" } else { "waived" }, outcome.waived.len(), parts.join(", "));
    }
    if let Some(since) = &outcome.since {
        let mut by: BTreeMap<&str, usize> = BTreeMap::new();
        outcome.old.iter().for_each(|j| *by.entry(j.finding.rule).or_default() += 1);
        let parts: Vec<String> = by.iter().map(|(r, n)| format!("{r} × {n}")).collect();
        let head = if zh { format!("{since} 时已有") } else { format!("already there at {since}") };
        let _ = writeln!(out, "{head} {}: {}", outcome.old.len(), if parts.is_empty() { "–".into() } else { parts.join(", ") });
        for j in &outcome.old {
            let at = if j.place.line > 0 { format!(":{}", j.place.line) } else { String::new() };
            let line = format!("{} {}{at} {}", j.finding.rule, j.place.file, j.finding.message.say(style.lang));
            let _ = writeln!(out, "  {}", tame(&line).replace('\n', "·"));
        }
    }
    if !outcome.allowed.is_empty() {
        let parts: Vec<String> = outcome.allowed.iter().map(|(r, n)| format!("{r} × {n}")).collect();
        let head = if zh { "按级别设置不列出" } else { "not listed, level allow" };
        let _ = writeln!(out, "{head} {}: {}", outcome.allowed.values().sum::<usize>(), parts.join(", "));
    }
    tail(&mut out, outcome, summary, zh, style.colour);
    out
}

fn tail(out: &mut String, outcome: &Outcome, m: &Summary, zh: bool, colour: bool) {
    let verdict = |text: &str| match (colour, outcome.denied()) {
        (false, _) => text.to_string(),
        (true, true) => format!("\u{1b}[1;31m{text}\u{1b}[0m"),
        (true, false) => format!("\u{1b}[1;32m{text}\u{1b}[0m"),
    };
    if m.sample {
        out.push_str("【示例数据 / sample data】\n");
    }
    let left: Vec<String> = m.left_out.iter().map(|l| format!("{} ({})", tame(&l.path).replace('\n', "·"), l.rule)).collect();
    let left = if left.is_empty() {
        String::new()
    } else {
        format!("{}{}", if zh { " · 按规则略过：" } else { " · left out by rule: " }, left.join(", "))
    };
    let (deny, warn) = (outcome.count(Level::Deny), outcome.count(Level::Warn));
    let old = match (&outcome.since, zh) {
        (None, _) => String::new(),
        (Some(since), true) => format!(" · {since} 时已有 {}", outcome.old.len()),
        (Some(since), false) => format!(" · {} already there at {since}", outcome.old.len()),
    };
    if zh {
        let _ = writeln!(
            out,
            "义务：读入 {} · 有效 {} · 无法读取 {} · 被筛除 0（筛选：无） · 分工 {} · 文件 {}{left}",
            m.read, m.valid, m.invalid, m.assignments, m.files
        );
        let _ = writeln!(
            out,
            "日志：条目 {} · 无法读取的行 {} · 截至日期之后的记录 {} · 截至日期 {} · 数据版本 {}",
            m.log_entries, m.unreadable_lines, m.recorded_after, m.as_of, m.data_version
        );
        let _ = writeln!(
            out,
            "{}：拒绝 {deny} · 提醒 {warn} · 豁免 {}{old} · 规则 {} 条",
            verdict(if outcome.denied() { "未通过" } else { "通过" }),
            outcome.waived.len(),
            outcome.rules
        );
    } else {
        let _ = writeln!(
            out,
            "obligations: read {} · valid {} · invalid {} · filtered out 0 (filter: none) · assignments {} · files {}{left}",
            m.read, m.valid, m.invalid, m.assignments, m.files
        );
        let _ = writeln!(
            out,
            "log: entries {} · unreadable lines {} · recorded after the as-of date {} · as of {} · data version {}",
            m.log_entries, m.unreadable_lines, m.recorded_after, m.as_of, m.data_version
        );
        let _ = writeln!(
            out,
            "{}: {deny} denied · {warn} warned · {} waived{old} · {} rules",
            verdict(if outcome.denied() { "FAILED" } else { "passed" }),
            outcome.waived.len(),
            outcome.rules
        );
    }
}

/// One finding in full.
pub fn draw(out: &mut String, renderer: &Renderer, j: &Judged, lang: Lang) {
    let (message, remedy) = (tame(&j.finding.message.say(lang)), tame(&j.finding.remedy.say(lang)));
    let level = if j.level == Level::Deny { Mark::ERROR } else { Mark::WARNING };
    let title = level.primary_title(&*message).id(j.finding.rule);
    let p = &crate::text::Place { file: tame(&j.place.file).replace('\n', "·"), excerpt: tame(&j.place.excerpt), ..j.place.clone() };
    let group = if p.line == 0 || p.excerpt.is_empty() {
        let at = match (p.line, p.column) {
            (0, _) => p.file.clone(),
            (line, 0) => format!("{}:{line}", p.file),
            (line, column) => format!("{}:{line}:{column}", p.file),
        };
        let origin = annotate_snippets::Origin::path(&at);
        let mut group = title.element(origin);
        if !remedy.is_empty() {
            group = group.element(Mark::HELP.message(&*remedy));
        }
        let _ = writeln!(out, "{}\n", renderer.render(&[group]));
        return;
    } else {
        let from = byte(&p.excerpt, p.column.saturating_sub(1));
        let to = byte(&p.excerpt, p.column.saturating_sub(1) + p.length).max(from);
        let snippet = Snippet::source(&*p.excerpt).line_start(p.line).path(&*p.file).annotation(AnnotationKind::Primary.span(from..to));
        let mut group = title.element(snippet);
        if !remedy.is_empty() {
            group = group.element(Mark::HELP.message(&*remedy));
        }
        group
    };
    let _ = writeln!(out, "{}\n", renderer.render(&[group]));
}

/// Control characters of the data never reach the terminal, one sign for one, so that
/// columns stay right. Tabs stay: the renderer knows them.
fn tame(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\t' && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
                '·'
            } else {
                c
            }
        })
        .collect()
}

/// Byte offset of the n-th character.
fn byte(text: &str, n: usize) -> usize {
    text.char_indices().nth(n).map_or(text.len(), |(i, _)| i)
}
