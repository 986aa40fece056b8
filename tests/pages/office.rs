//! More pages for the office formats: a circular with its annex, an empty ledger, a page of
//! everything that a spreadsheet would like to misread, a pack, an English page; and a page
//! as JSON, for readers that are not ours.
#![allow(dead_code)]

use crate::pages::{framed, ledger, ledger_columns};
use chrono::NaiveDate;
use duban::page::*;
use serde_json::{Value, json};

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// A ledger without rows.
pub fn nil() -> Page {
    let mut page = framed("overdue", "逾期清单");
    page.blocks.push(Block::Table(Table { key: "overdue".into(), ..Table::of(ledger_columns(), vec![], "本期无此类事项") }));
    page
}

/// 通报 as reporting-habits section 6 lays it out.
pub fn circular() -> Page {
    let mut page = framed("circular", "关于2026年10月打击治理电信网络诈骗工作进展情况的通报");
    let prose = |t: &str| Block::Prose(t.into());
    page.blocks.push(Block::heading("一、总体情况"));
    page.blocks.push(prose("截至2026年10月31日，全市共有义务86项，涉及牵头单位14个。已销号9项，转入常态运行58项，推进中17项，未启动2项；销号率64.3%，落实率79.8%。"));
    page.blocks.push(prose("亮灯分布：红11，黄16，绿55，灰4。与上月相比，红灯增加2项，黄灯减少3项。各单位情况见下表。"));
    let columns = vec![
        Column::text("单位").key("department"),
        Column::number("总数", "总").key("total"),
        Column::text("亮灯").key("light"),
        Column::number("红", "红").key("red"),
        Column::number("落实率", "落实").key("delivered"),
    ];
    let row = |name: &str, n: usize, tone: Tone, word: &str, red: usize| {
        Row::of(vec![Cell::new(name), Cell::Count(n), Cell::Light(tone, word.into()), Cell::Count(red), Cell::Share(n - red, n)])
    };
    let rows = vec![
        row("公安局", 25, Tone::Red, "红", 2),
        row("网信办", 22, Tone::Red, "红", 3),
        row("发展改革委", 7, Tone::Amber, "黄", 0),
        row("民政局", 3, Tone::Green, "绿", 0),
        Row::total(vec![Cell::new("合计（每项一次）"), Cell::Count(86), Cell::new(""), Cell::Count(11), Cell::Share(75, 86)]),
    ];
    page.blocks.push(Block::Table(Table {
        key: "rank".into(),
        caption: "各单位进展情况".into(),
        ..Table::of(columns, rows, "本期无此类事项")
    }));
    page.blocks.push(Block::heading("二、红灯事项"));
    page.blocks.push(Block::card("（一）OPN-3.18 严重失信主体名单制度", "OPN-3.18"));
    page.blocks.push(prose("市发展改革委牵头。时限2026年9月30日，逾期31天（R1）。列入标准待定稿，上级系统接口未开放；计划11月中旬前完成定稿并报批，必要时提请专班协调。前置事项："));
    page.blocks.push(Block::Facts(vec![
        ("前置事项".into(), Cell::Id("OPN-3.04".into(), Some("OPN-3.04".into()))),
        ("亮灯".into(), Cell::Light(Tone::Red, "红 R1".into())),
        ("完成时限".into(), Cell::Date(day(2026, 9, 30), "2026年9月30日".into())),
    ]));
    page.blocks.push(Block::heading("三、做法与成效"));
    page.blocks.push(prose(
        "公安局牵头推动“一案双查”，追回涉案资金1,240万元，比上月增长12.5%。\n网信办清理涉诈账号3,417个，处置周期由5天缩短为2天。",
    ));
    page.blocks.push(Block::heading("四、存在问题"));
    page.blocks.push(prose("个别单位未按期报送进展；两项义务连续三个月未启动。"));
    page.blocks.push(Block::heading("五、下一步要求"));
    page.blocks.push(prose(
        "（一）红灯事项牵头单位于11月10日前书面说明原因、措施和新的时限。\n（二）临期事项牵头单位每周报送一次进展，无进展的实行零报告。",
    ));
    page.blocks.push(Block::heading("附：台账"));
    page.blocks.extend(ledger(24).blocks);
    page
}

/// Whatever a spreadsheet would like to read as something else.
pub fn traps() -> Page {
    let mut page = framed("traps", "易错 [a]/b: 督办*台账?");
    let columns = vec![
        Column::id("编号").key("id"),
        Column::text("文字").key("text"),
        Column::number("当期值", "值").key("actual"),
        Column::number("落实率", "率").key("share"),
        Column::id("完成时限").key("due"),
        Column::text("亮灯").key("light"),
    ];
    let texts = [
        "=1+1",
        "+86",
        "-",
        "@SUM(A1)",
        "=HYPERLINK(\"https://example.org\")",
        "_x0041_ 甲",
        "\u{1b}[31m\u{202e}乙\u{ffff}",
        " 前后 ",
        "1e5",
        "TRUE",
        "首行\r\n次行",
        "<b>&amp;",
    ];
    let numbers = ["12.50", "1034", "007", "-0.0", "1234567890.1234567", "+3", "", "1e5", "0.1", "-2.50", "99999999999999", "8０"];
    let shares = [(0, 0), (9999, 10_000), (1, 100_000), (1, 3), (2, 2), (0, 9), (1, 8), (1, 2), (3, 4), (5, 6), (7, 7), (1, 1999)];
    let ids = ["3.10", "1-2", "2026-03-01", "1/2", "0012", "12E5", "=1", "OPN-3.10", "３.10", "-1", "+1", "TRUE"];
    let lights = [(Tone::Red, "红 R1"), (Tone::Amber, "黄 A4"), (Tone::Green, "绿"), (Tone::Grey, "灰 G1")];
    let rows = (0..12).map(|i| {
        let due = match i % 3 {
            0 => Cell::Date(day(2026, 1 + i as u32, 1), format!("2026年{}月1日", i + 1)),
            1 => Cell::Date(day(2026, 1 + i as u32, 2), format!("2026-{:02}-02", i + 1)),
            _ => Cell::Date(day(2026, 1 + i as u32, 3), format!("2026年{}月3日（延期1次）", i + 1)),
        };
        let (tone, word) = lights[i % 4];
        Row::of(vec![
            Cell::Id(ids[i].into(), None),
            Cell::new(texts[i]),
            Cell::Number(numbers[i].into()),
            Cell::Share(shares[i].0, shares[i].1),
            due,
            Cell::Light(tone, word.into()),
        ])
    });
    page.blocks.push(Block::Table(Table { key: "traps".into(), ..Table::of(columns, rows.collect(), "本期无此类事项") }));
    page
}

/// A pack of departments: a list with links to cards, then the cards.
pub fn pack() -> Vec<Page> {
    let one = |name: &str, from: usize| {
        let mut page = framed("department-pack", &format!("部门任务包 — {name}"));
        let columns = vec![Column::id("编号").key("id"), Column::text("工作事项").key("title"), Column::text("亮灯").key("light")];
        let id = |i: usize| format!("OPN-3.{i:02}");
        let anchor = |i: usize| Some(id(i));
        let mut rows: Vec<Row> = (from..from + 4)
            .map(|i| Row::of(vec![Cell::Id(id(i), anchor(i)), Cell::new("严重失信主体名单制度"), Cell::Light(Tone::Green, "绿".into())]))
            .collect();
        // Leads to a card on another sheet, and one that has no card anywhere.
        rows.push(Row::of(vec![Cell::Id(id(11), anchor(11)), Cell::new("配合"), Cell::Light(Tone::Red, "红 R3".into())]));
        rows.push(Row::of(vec![Cell::Id(id(77), anchor(77)), Cell::new("无卡片"), Cell::Light(Tone::Grey, "灰".into())]));
        page.blocks.push(Block::Table(Table { key: "list".into(), ..Table::of(columns, rows, "本期无此类事项") }));
        page.blocks.push(Block::Break);
        for i in from..from + 4 {
            page.blocks.push(Block::card(format!("{} 严重失信主体名单制度", id(i)), id(i)));
            page.blocks
                .push(Block::Facts(vec![("牵头单位".into(), Cell::new(name)), ("亮灯".into(), Cell::Light(Tone::Green, "绿".into()))]));
        }
        page
    };
    vec![one("公安局", 1), one("网信办", 11), one("民政局（含原救助站、社会组织管理局、养老服务指导中心、殡葬管理所等单位）", 21)]
}

/// The same things in English.
pub fn english() -> Page {
    let mut page = framed("ledger", "Supervision ledger — Sample City Task Force");
    page.lang = "en".into();
    page.head = ["Reporting unit: Sample City Task Force".into(), "As of: 2026-10-31".into(), "Unit: items".into()];
    page.meta = vec!["Data version: 318e0a0f9a87".into(), "read 86 · valid 86 · invalid 0 · filtered out 0 (Filter: none)".into()];
    page.legend = vec![
        (Tone::Red, "Red: a red rule fires".into()),
        (Tone::Amber, "Amber: an amber rule fires".into()),
        (Tone::Green, "Green: none".into()),
        (Tone::Grey, "Grey: not applicable, suspended or not yet to start".into()),
    ];
    page.signature = ["Reporting unit (seal)", "Prepared by", "Reviewed by", "Approved by", "Telephone", "Date"].map(String::from).to_vec();
    let labels = [
        "No.",
        "ID",
        "Obligation",
        "Lead unit",
        "Supporting units",
        "Responsible person",
        "Due date",
        "Status",
        "RAG",
        "Progress",
        "Issues",
        "Next steps",
    ];
    let columns = ledger_columns().into_iter().zip(labels).map(|(c, l)| Column { label: l.into(), short: l.into(), ..c }).collect();
    let lights = [(Tone::Red, "Red R1"), (Tone::Amber, "Amber A4"), (Tone::Green, "Green"), (Tone::Grey, "Grey G1")];
    let rows = (0..20).map(|i| {
        let (tone, word) = lights[i % 4];
        Row::of(vec![
            Cell::Count(i + 1),
            Cell::Id(format!("OPN-3.{:02}", i + 1), None),
            Cell::new("Serious-dishonesty list system"),
            Cell::new("Development and Reform Commission"),
            Cell::new("Public Security Bureau, PBC branch"),
            Cell::new("officer-drc"),
            Cell::Date(day(2026, 11, 1 + i as u32), format!("2026-11-{:02}", i + 1)),
            Cell::new("In progress"),
            Cell::Light(tone, word.into()),
            Cell::new("Monthly coordination (October 2026): 55 of 58 done"),
            Cell::new("The interface of the upper system is not open"),
            Cell::new("Weekly from November"),
        ])
    });
    page.blocks.push(Block::Table(Table { key: "ledger".into(), ..Table::of(columns, rows.collect(), "nothing to report") }));
    page
}

/// A page's tables as JSON: what another reader must find in the file.
pub fn twin(pages: &[&Page]) -> Value {
    let cell = |c: &Cell| match c {
        Cell::Text(t) => json!({"kind": "text", "said": t}),
        Cell::Id(t, a) => json!({"kind": "id", "said": t, "anchor": a}),
        Cell::Count(n) => json!({"kind": "count", "said": c.text(), "value": n}),
        Cell::Share(a, b) => json!({"kind": "share", "said": c.text(), "part": a, "whole": b}),
        Cell::Light(tone, t) => json!({"kind": "light", "said": t, "tone": tone.code()}),
        Cell::Lit(tone, n) => json!({"kind": "count", "said": c.text(), "value": n, "tone": tone.code()}),
        Cell::Date(d, t) => json!({"kind": "date", "said": t, "day": d.to_string()}),
        Cell::Number(t) => json!({"kind": "number", "said": t}),
    };
    let table = |t: &Table, chart: bool| {
        let rows: Vec<Value> = t
            .rows
            .iter()
            .map(|r| json!({"kind": format!("{:?}", r.kind), "cells": r.cells.iter().map(cell).collect::<Vec<_>>()}))
            .collect();
        json!({"key": t.key, "chart": chart, "empty": t.empty, "labels": t.columns.iter().map(|c| &c.label).collect::<Vec<_>>(), "rows": rows})
    };
    let page = |p: &Page| {
        let tables: Vec<Value> = p
            .blocks
            .iter()
            .filter_map(|b| match b {
                Block::Table(t) => Some(table(t, false)),
                Block::Chart(c) => Some(table(&c.table(), true)),
                _ => None,
            })
            .collect();
        let labelled = |label: &String, value: &Cell, aside: &str| json!({"label": label, "aside": aside, "value": cell(value)});
        let facts: Vec<Value> = p
            .blocks
            .iter()
            .flat_map(|b| if let Block::Facts(f) = b { f.iter().map(|(l, v)| labelled(l, v, "")).collect() } else { vec![] })
            .collect();
        let figures: Vec<Value> = p
            .blocks
            .iter()
            .flat_map(
                |b| if let Block::Figures(f) = b { f.iter().map(|f| labelled(&f.label, &f.value, &f.aside)).collect() } else { vec![] },
            )
            .collect();
        let headings: Vec<Value> =
            p.blocks.iter().filter_map(|b| if let Block::Heading(h) = b { Some(json!([h.level, h.text])) } else { None }).collect();
        let charts = p.blocks.iter().filter(|b| matches!(b, Block::Chart(c) if !matches!(c.shape, Shape::Net { .. }))).count();
        json!({"title": p.title, "lang": p.lang, "meta": p.meta, "head": p.head, "notes": p.notes, "signature": p.signature,
            "legend": p.legend.iter().map(|l| &l.1).collect::<Vec<_>>(), "tables": tables, "headings": headings, "charts": charts, "facts": facts, "figures": figures})
    };
    json!({"pages": pages.iter().map(|p| page(p)).collect::<Vec<_>>()})
}

/// Puts a file where `DUBAN_OFFICE_OUT` says, with the pages' JSON beside it.
pub fn show(name: &str, bytes: &[u8], pages: &[&Page]) {
    let Some(out) = std::env::var_os("DUBAN_OFFICE_OUT").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&out).unwrap();
    std::fs::write(out.join(name), bytes).unwrap();
    std::fs::write(out.join(format!("{name}.json")), serde_json::to_string_pretty(&twin(pages)).unwrap()).unwrap();
}
