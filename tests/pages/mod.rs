//! Pages to render in tests: one with every kind of block, and ledgers of any length. Made
//! by hand, without a register, so that a renderer is tested by itself.
#![allow(dead_code)]

use chrono::NaiveDate;
use duban::page::*;

fn text(t: &str) -> Cell {
    Cell::new(t)
}

fn day(y: i32, m: u32, d: u32) -> Cell {
    let date = NaiveDate::from_ymd_opt(y, m, d).unwrap();
    Cell::Date(date, format!("{y}年{m}月{d}日"))
}

/// Head and foot as every report has them.
pub fn framed(key: &str, title: &str) -> Page {
    let legend = [(Tone::Red, "红"), (Tone::Amber, "黄"), (Tone::Green, "绿"), (Tone::Grey, "灰")];
    let signature = ["填报单位（盖章）", "填报人", "审核人", "单位负责人（签发）", "联系电话", "填报日期"];
    let mut origin = serde_json::Map::new();
    origin.insert("as_of".into(), "2026-10-31".into());
    origin.insert("read".into(), 86.into());
    Page {
        key: key.into(),
        lang: "zh".into(),
        title: title.into(),
        head: ["填报单位：示例市反诈专班".into(), "截至日期：2026年10月31日".into(), "单位：项".into()],
        meta: vec!["数据版本：318e0a0f9a87".into(), "读入 86 · 有效 86 · 无效 0 · 筛除 0（筛选：无）".into()],
        origin,
        banner: Some("【示例数据 / sample data】".into()),
        legend: legend.map(|(t, w)| (t, format!("{w}：见附注"))).to_vec(),
        notes: vec!["日志：1124 条，总校验值 0123456789abcdef".into()],
        signature: signature.map(String::from).to_vec(),
        ..Page::default()
    }
}

/// Columns of the supervision ledger with their widths on paper.
pub fn ledger_columns() -> Vec<Column> {
    vec![
        Column::number("序号", "序").key("seq").wide(8),
        Column::id("编号").key("id").wide(17),
        Column::text("工作事项").key("title").wide(36),
        Column::text("牵头单位").key("lead").wide(20),
        Column::text("配合单位").key("support").wide(24),
        Column::text("责任人").key("person").wide(14),
        Column::id("完成时限").key("due").wide(19),
        Column::text("办理状态").key("status").wide(15),
        Column::text("亮灯").key("light").wide(10),
        Column::text("进展情况").key("progress").wide(40),
        Column::text("存在问题").key("issues").wide(28),
        Column::text("下一步措施").key("next").wide(30),
    ]
}

/// A ledger of so many rows; words of odd sorts in some of them.
pub fn ledger(rows: usize) -> Page {
    let tones = [(Tone::Red, "红 R1"), (Tone::Amber, "黄 A1 A4"), (Tone::Green, "绿"), (Tone::Grey, "灰")];
    let mut page = framed("ledger", "督办台账");
    let mut all = vec![Row::group("OPN-3 行业治理")];
    for i in 0..rows {
        let odd = match i % 5 {
            0 => "换行之前\n换行之后，喆堃𠮷 <b>&amp;</b> | \"引号\" 'x'",
            1 => {
                "涉“两卡”人员联合惩戒机制已印发，共享接口仅1家完成，列入标准待定稿；上级系统接口未开放，申诉流程未落地。https://example.org/a?b=c&d=e"
            }
            2 => "",
            _ => "按月调度（2026年10月）：完成 55/58 家",
        };
        let (tone, word) = tones[i % 4];
        all.push(Row::of(vec![
            Cell::Count(i + 1),
            Cell::Id(format!("OPN-{}.{:02}", i % 6, i % 99 + 1), Some(format!("OPN-{}.{:02}", i % 6, i % 99 + 1))),
            text("严重失信主体名单制度"),
            text("市发展改革委"),
            text("公安局、人民银行分行、通信管理局、法院"),
            text("officer-drc"),
            if i % 3 == 0 { text("长期坚持") } else { day(2026, 11, 1 + (i % 28) as u32) },
            text("推进中"),
            Cell::Light(tone, word.into()),
            text(odd),
            text(if i % 2 == 0 { "" } else { "接口未开放" }),
            text("11月起每周调度"),
        ]));
    }
    page.blocks.push(Block::Table(Table { key: "ledger".into(), ..Table::of(ledger_columns(), all, "本期无此类事项") }));
    page
}

/// Every kind of block and cell once.
pub fn every_block() -> Page {
    let mut page = framed("overview", "全市一览");
    page.marking = Some("内部资料 注意保存".into());
    page.blocks.push(Block::Figures(vec![
        Figure { label: "义务".into(), value: Cell::Count(86), aside: "较上月 +0".into(), tone: None },
        Figure { label: "落实率".into(), value: Cell::Share(67, 84), aside: "67/84".into(), tone: None },
        Figure { label: "红灯".into(), value: Cell::Count(11), aside: "较上月 +2".into(), tone: Some(Tone::Red) },
    ]));
    page.blocks.push(Block::heading("各单位情况"));
    page.blocks.push(Block::Prose("本期红灯 11 项，主要原因是逾期（R1）和进度滞后（R3）。".into()));
    let columns = vec![
        Column::text("单位").key("department"),
        Column::number("总数", "总").key("total"),
        Column::number("红", "红").key("red").counts("light:red"),
        Column::number("落实率", "落实").key("delivered"),
        Column::number("当期值", "值").key("actual"),
    ];
    let row = |name: &str, id: &str, n: usize, red: usize, value: &str| {
        Row::of(vec![text(name), Cell::Count(n), Cell::Count(red), Cell::Share(n - red, n), Cell::Number(value.into())])
            .opens(format!("dept:{id}"))
    };
    let rows = vec![
        row("公安局", "CITY-PSB", 25, 2, "12.50"),
        row("网信办", "CITY-CAC", 22, 3, "1034"),
        Row::total(vec![text("合计（每项一次）"), Cell::Count(86), Cell::Count(11), Cell::Share(75, 86), text("")]),
    ];
    page.blocks.push(Block::Table(Table {
        key: "departments".into(),
        caption: "按单位".into(),
        ..Table::of(columns, rows, "本期无此类事项")
    }));
    page.blocks.push(Block::Table(Table {
        key: "nil".into(),
        caption: "逾期".into(),
        ..Table::of(vec![Column::id("编号").key("id")], vec![], "本期无此类事项")
    }));
    let chart = |key: &str, title: &str, shape: Shape| {
        Block::Chart(Chart {
            key: key.into(),
            title: title.into(),
            said: format!("{title}：公安局 25 项，网信办 22 项。"),
            over: "单位".into(),
            shape,
        })
    };
    let states = vec![("推进中".to_string(), Ink::Shade(1)), ("常态运行".into(), Ink::Shade(4)), ("红".into(), Ink::Tone(Tone::Red))];
    page.blocks.push(chart(
        "states",
        "各单位状态",
        Shape::Bars {
            series: states,
            bars: vec![("公安局".into(), vec![3, 20, 2]), ("网信办".into(), vec![4, 15, 3]), ("无".into(), vec![0, 0, 0])],
        },
    ));
    let lights = vec![("红".to_string(), Ink::Tone(Tone::Red)), ("绿".into(), Ink::Tone(Tone::Green)), ("计划".into(), Ink::Shade(2))];
    let points = (1..=12).map(|m| (format!("2026-{m:02}"), vec![Some(m % 5), (m < 11).then_some(40 + m), Some(m * 7)])).collect();
    page.blocks.push(chart("lights", "亮灯走势", Shape::Lines { series: lights, points }));
    let months = (1..=12).map(|m| (format!("2027-{m:02}"), vec![(Tone::Red, m % 3), (Tone::Green, m % 4)])).collect();
    page.blocks.push(chart("calendar", "到期日历", Shape::Calendar { months }));
    let node = |label: &str, layer, tone, outside| Node {
        label: label.into(),
        title: "严重失信主体名单制度".into(),
        layer,
        tone,
        anchor: Some(label.into()),
        outside,
    };
    let nodes =
        vec![node("OPN-3.11", 0, Some(Tone::Red), true), node("OPN-3.17", 1, Some(Tone::Amber), false), node("OPN-3.18", 2, None, false)];
    let edges = vec![(0, 1, "requires".to_string()), (1, 2, "feeds".into()), (0, 2, "supports".into())];
    page.blocks.push(chart("net", "依赖关系", Shape::Net { nodes, edges }));
    page.blocks.push(Block::Break);
    page.blocks.push(Block::card("OPN-3.18 严重失信主体名单制度", "OPN-3.18"));
    page.blocks.push(Block::Facts(vec![
        ("牵头单位".into(), text("市发展改革委")),
        ("亮灯".into(), Cell::Light(Tone::Amber, "黄 A4".into())),
        ("完成时限".into(), day(2026, 11, 30)),
        ("依赖".into(), Cell::Id("OPN-3.11".into(), Some("OPN-3.11".into()))),
    ]));
    page
}

/// A table of many counts, as the report by part has it: totals, lights with counts, a rate.
pub fn counts() -> Page {
    let mut page = framed("by-part", "Obligations by part");
    page.lang = "en".into();
    page.head = ["Reporting unit: Sample City task force".into(), "As of 2026-10-31".into(), "Unit: items".into()];
    let heads =
        ["Total", "Not started", "In progress", "Submitted for acceptance", "Closed", "In steady operation", "Suspended", "Not applicable"];
    let mut columns = vec![Column::text("Part").key("part")];
    columns.extend(heads.map(|h| Column::number(h, h).key(h).counts("status:x")));
    columns.extend(["Red", "Amber", "Green", "Grey"].map(|h| Column::number(h, h).key(h).counts("light:x")));
    columns.push(Column::number("Closure rate", "Rate").key("rate"));
    let row = |name: String, n: usize, kind: Kind| {
        let mut cells = vec![text(&name), Cell::Count(9 * n)];
        cells.extend((0..7).map(|i| Cell::Count(n * i % 8)));
        cells.push(Cell::Lit(Tone::Red, n % 4));
        cells.push(Cell::Lit(Tone::Amber, n % 3));
        cells.extend([Cell::Count(n), Cell::Count(0), Cell::Share(n * 3 % 8, 8)]);
        Row { kind, cells, query: format!("part:{n}") }
    };
    let mut rows: Vec<Row> =
        (1..7).map(|n| row(format!("{n} Regulation of telecom, finance and internet industries"), n, Kind::Item)).collect();
    rows.push(row("All obligations (each once)".into(), 9, Kind::Total));
    page.blocks.push(Block::Table(Table { key: "by-part".into(), ..Table::of(columns, rows, "nothing to report") }));
    page
}

/// Charts as large as they get: 23 departments, 60 months, a net over six layers; long names.
pub fn charts() -> Page {
    let mut page = framed("charts", "图表");
    let chart = |key: &str, title: &str, over: &str, shape: Shape| {
        Block::Chart(Chart {
            key: key.into(), title: title.into(), said: format!("{title}：数字见数据表。"), over: over.into(), shape
        })
    };
    let states = ["未启动", "推进中", "待验收", "已销号", "常态运行", "暂缓", "不适用"];
    let series: Vec<(String, Ink)> = states.iter().enumerate().map(|(i, s)| (s.to_string(), Ink::Shade(i as u8))).collect();
    let bars = (0..23).map(|i| {
        let name = if i % 7 == 3 {
            format!("{i} 严重失信主体名单管理与涉诈“两卡”人员联合惩戒工作专班办公室（牵头）")
        } else {
            format!("第{i}局")
        };
        (name, (0..7).map(|k| (i * 13 + k * 7) % (3 + 4 * k)).collect())
    });
    page.blocks.push(Block::heading("各单位状态"));
    page.blocks.push(chart("states", "各单位状态", "单位", Shape::Bars { series, bars: bars.collect() }));
    let month = |i: usize| format!("{}-{:02}", 2023 + i / 12, i % 12 + 1);
    let lights: Vec<(String, Ink)> = [("红", Tone::Red), ("黄", Tone::Amber), ("绿", Tone::Green), ("灰", Tone::Grey)]
        .map(|(n, t)| (n.to_string(), Ink::Tone(t)))
        .to_vec();
    let points = (0..60).map(|i| (month(i), vec![Some(11 + i % 3), Some(12 + i % 4), Some(40 + i % 9), Some(12)])).collect();
    page.blocks.push(Block::heading("走势"));
    page.blocks.push(chart("lights", "亮灯走势（五年）", "月份", Shape::Lines { series: lights, points }));
    let burn = vec![("计划完成".to_string(), Ink::Shade(0)), ("实际完成".into(), Ink::Shade(3)), ("立项".into(), Ink::Shade(1))];
    let points =
        (0..60).map(|i| (month(i), vec![Some(i * 86 / 59), (i < 40).then_some(i * i * 86 / 3600), (i < 40).then_some(86)])).collect();
    page.blocks.push(chart("burn-up", "完成进度（燃起图）", "月份", Shape::Lines { series: burn, points }));
    let months =
        (0..60).map(|i| (month(i), vec![(Tone::Red, i % 3), (Tone::Amber, i * 7 % 5), (Tone::Green, i * i % 131), (Tone::Grey, i % 2)]));
    page.blocks.push(chart("due", "到期日历", "月份", Shape::Calendar { months: months.collect() }));
    let tones = [Some(Tone::Red), Some(Tone::Amber), Some(Tone::Green), Some(Tone::Grey), None];
    let nodes = (0..34).map(|i| Node {
        label: format!("OPN-{}.{:02}", i % 6, i + 1),
        title: if i % 5 == 0 {
            "涉诈电话卡、物联网卡及关联互联网账号的依法处置机制".into()
        } else {
            "严重失信主体名单".into()
        },
        layer: [0, 0, 1, 1, 1, 2, 2, 3, 4, 5][i % 10],
        tone: tones[i % 5],
        anchor: (i == 1).then(|| "OPN-1.02".into()),
        outside: i % 4 == 1,
    });
    let nodes: Vec<Node> = nodes.collect();
    let words = ["requires", "feeds", "supports"];
    let mut edges = Vec::new();
    for a in 0..nodes.len() {
        for b in 0..nodes.len() {
            if nodes[a].layer < nodes[b].layer && (a * 7 + b * 11) % 17 == 0 {
                edges.push((a, b, words[(a + b) % 3].to_string()));
            }
        }
    }
    // A circle that the data may have: it is drawn, round below.
    edges.push((9, 8, "requires".into()));
    page.blocks.push(Block::heading("依赖"));
    page.blocks.push(chart("net", "依赖关系", "编号", Shape::Net { nodes, edges }));
    page.blocks.push(Block::card("OPN-1.02 名单制度", "OPN-1.02"));
    page.blocks.push(Block::Prose("见上。".into()));
    page
}

/// Words that would do harm if they were taken for more than words.
pub const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "javascript:alert(1) data:text/html,<b>x</b>",
    "\u{202e}gnp.exe\u{2066}",
    "a\0b\u{1b}[31m\u{7f}\u{85}\u{ffff}",
    "https://good.example@bad.example/ https://ok.example/a\"onclick=x https://ok.example/\u{202e}b",
    "]]> --> <!-- &lt; &#0; \\3c /style>",
];

/// Those words in every place of a page that takes words.
pub fn hostile() -> Page {
    let all = HOSTILE.join("\n");
    let mut page = framed("x", &all);
    page.lang = "zh\" onload=\"x".into();
    page.head = [all.clone(), all.clone(), all.clone()];
    page.marking = Some(all.clone());
    page.meta.push(all.clone());
    page.banner = Some(all.clone());
    page.legend.push((Tone::Red, all.clone()));
    page.notes.push(all.clone());
    page.signature.push(all.clone());
    page.blocks.push(Block::Figures(vec![Figure { label: all.clone(), value: text(&all), aside: all.clone(), tone: Some(Tone::Red) }]));
    page.blocks.push(Block::Prose(all.clone()));
    page.blocks.push(Block::Facts(vec![(all.clone(), text(&all))]));
    for bad in HOSTILE {
        page.blocks.push(Block::card(bad, bad));
    }
    let columns = HOSTILE.map(|h| Column::text(h).key(h).counts(h)).to_vec();
    let cells = HOSTILE.map(|h| Cell::Light(Tone::Red, h.into())).to_vec();
    let ids = HOSTILE.map(|h| Cell::Id(h.into(), Some(h.into()))).to_vec();
    let rows = vec![Row::group(&*all), Row::of(HOSTILE.map(text).to_vec()), Row::of(cells).opens(&*all), Row::of(ids)];
    page.blocks.push(Block::Table(Table { key: all.clone(), caption: all.clone(), ..Table::of(columns, rows, &*all) }));
    // Columns that ask never to be broken, by far too many and with a word that fits nowhere.
    let columns = (0..14).map(|i| Column::id(format!("{}{i}", HOSTILE[0]))).collect();
    let cells = (0..14).map(|i| text(&format!("X-{i:028}{}", "Donau".repeat(if i == 13 { 40 } else { 0 })))).collect();
    page.blocks.push(Block::Table(Table::of(columns, vec![Row::of(cells)], "")));
    let chart = |shape| Block::Chart(Chart { key: all.clone(), title: all.clone(), said: all.clone(), over: all.clone(), shape });
    let series = vec![(all.clone(), Ink::Shade(9))];
    page.blocks.push(chart(Shape::Bars { series: series.clone(), bars: vec![(all.clone(), vec![1])] }));
    page.blocks.push(chart(Shape::Lines { series, points: vec![(all.clone(), vec![Some(1)])] }));
    page.blocks.push(chart(Shape::Calendar { months: vec![(all.clone(), vec![(Tone::Red, 12_345)])] }));
    let node = Node { label: all.clone(), title: all.clone(), layer: 7, tone: None, anchor: Some(HOSTILE[0].into()), outside: true };
    page.blocks.push(chart(Shape::Net { nodes: vec![node.clone(), node], edges: vec![(0, 1, all.clone())] }));
    page
}
