//! The habits of those who read such reports (reporting-habits, sections 5 to 9): one test each.

use crate::worlds;
use duban::model::{Class, Lang, Status};
use duban::page::{Block, Cell, Kind, Page, Table};
use duban::render::{csv, json, markdown, terminal};
use duban::report::layout::{self, Ask, Period};
use duban::snapshot::{Snapshot, query::Query};
use std::collections::BTreeSet;

fn page(s: &Snapshot, layout: &str, lang: Lang) -> Page {
    let query = Query::default();
    layout::build(layout::find(layout).unwrap(), &Ask::new(s, &query, lang, None)).unwrap()
}

fn table<'a>(page: &'a Page, key: &str) -> &'a Table {
    page.tables().find(|t| t.key == key).unwrap_or_else(|| panic!("{} has no table {key}", page.key))
}

/// The cells of a column, item rows alone.
fn column<'a>(t: &'a Table, key: &str) -> Vec<&'a Cell> {
    let i = t.columns.iter().position(|c| c.key == key).unwrap_or_else(|| panic!("{} has no column {key}", t.key));
    t.rows.iter().filter(|r| r.kind == Kind::Item).map(|r| &r.cells[i]).collect()
}

fn city() -> Snapshot {
    worlds::shipped("obligations/sample-city")
}

#[test]
fn every_page_says_where_it_comes_from_and_who_signs() {
    for (lang, words) in
        [(Lang::Zh, ["填报单位：示例市反诈专班", "截至日期：2026年10月31日"]), (Lang::En, ["Reporting unit: ", "As of: 2026-10-31"])]
    {
        let s = city();
        for (layout, p) in worlds::pages(&s, "", lang) {
            assert!(!p.title.is_empty() && !p.key.is_empty(), "{layout}");
            assert!(p.head[0].starts_with(words[0]) && p.head[1] == words[1], "{layout}: {:?}", p.head);
            let meta = p.meta.join("\n");
            let rows = if lang == Lang::Zh { "行数 " } else { "rows " };
            assert!(
                meta.contains(&s.version) && meta.contains(rows) && meta.contains(if lang == Lang::Zh { "筛选" } else { "Filter" }),
                "{layout}: {meta}"
            );
            assert_eq!((p.legend.len(), p.signature.len()), (4, 6), "{layout}");
            assert!(p.banner.is_some(), "{layout} hides that it is a sample");
            for key in ["schema", "report", "as_of", "data_version", "filter", "read", "valid", "invalid", "period", "row_count"] {
                assert!(p.origin.contains_key(key), "{layout} has no {key}");
            }
            let count = p.tables().map(Table::items).sum::<usize>();
            assert_eq!(p.origin["row_count"], count, "{layout}");
            for t in p.tables() {
                assert!(!t.key.is_empty() && t.columns.iter().all(|c| !c.key.is_empty()), "{layout}: {}", t.key);
                assert!(!t.empty.is_empty(), "{layout}: {} has no nil report", t.key);
                let keys: BTreeSet<&str> = t.columns.iter().map(|c| c.key.as_str()).collect();
                assert_eq!(keys.len(), t.columns.len(), "{layout}: {} has a key twice", t.key);
                for r in t.rows.iter().filter(|r| r.kind != Kind::Group) {
                    assert_eq!(r.cells.len(), t.columns.len(), "{layout}: {}", t.key);
                }
            }
        }
    }
}

#[test]
fn the_ledgers_columns_and_widths_are_those_of_the_table() {
    let p = page(&city(), "ledger", Lang::Zh);
    let got: Vec<(&str, &str, u16)> = table(&p, "ledger").columns.iter().map(|c| (c.key.as_str(), c.label.as_str(), c.width)).collect();
    let want = [
        ("seq", "序号", 8),
        ("id", "编号", 17),
        ("title", "工作事项", 36),
        ("lead", "牵头单位", 20),
        ("support", "配合单位", 24),
        ("person", "责任人", 14),
        ("due", "完成时限", 19),
        ("status", "办理状态", 15),
        ("light", "亮灯", 10),
        ("progress", "进展情况", 40),
        ("issues", "存在问题", 28),
        ("next", "下一步措施", 30),
    ];
    assert_eq!(got, want);
    assert_eq!(got.iter().map(|c| c.2).sum::<u16>(), 261);
}

#[test]
fn an_empty_list_is_a_nil_report_in_every_format() {
    for (lang, words) in [(Lang::Zh, "本期无此类事项"), (Lang::En, "Nothing to report this period")] {
        let p = page(&city(), "no-owner", lang);
        assert!(table(&p, "no-owner").rows.is_empty());
        for text in
            [markdown::render(&p), csv::render(&p), json::render(&p), terminal::render(&p, terminal::Style { width: 100, colour: false })]
        {
            assert!(text.contains(words), "{text}");
        }
    }
}

#[test]
fn only_this_period_stands_in_a_cell_and_the_rest_in_the_change_log() {
    let s = city();
    let query = Query::default();
    let ask = Ask::new(&s, &query, Lang::Zh, None);
    let p = layout::build(layout::find("ledger").unwrap(), &ask).unwrap();
    let cells: String = ["progress", "issues", "next"].iter().flat_map(|k| column(table(&p, "ledger"), k)).map(Cell::text).collect();
    let log: String = column(table(&page(&s, "history", Lang::Zh), "history"), "reason").iter().map(|c| c.text()).collect();
    let (mut old, mut new) = (0, 0);
    for r in &s.log.records {
        let words = [&r.entry.note, &r.entry.issues, &r.entry.next];
        for w in words.into_iter().flatten().filter(|w| w.chars().count() > 12) {
            assert!(log.contains(&**w), "the change log has lost: {w}");
            if r.day < Period::month_of(s.day()).from {
                let again =
                    s.log.records.iter().any(|x| x.day >= Period::month_of(s.day()).from && format!("{:?}", x.entry).contains(&**w));
                assert!(again || !cells.contains(&**w), "from an earlier period: {w}");
                old += 1;
            } else if cells.contains(&**w) {
                new += 1;
            }
        }
    }
    assert!(old > 500 && new > 10, "{old} earlier, {new} of this period");
}

#[test]
fn another_period_shows_its_own_words() {
    let s = city();
    let query = Query::default();
    let day = |t: &str| duban::model::time::parse_date(t).unwrap();
    let period = Period { from: day("2022-04-01"), to: day("2022-04-30"), given: true };
    let p = layout::build(layout::find("ledger").unwrap(), &Ask::new(&s, &query, Lang::Zh, Some(period))).unwrap();
    let progress: String = column(table(&p, "ledger"), "progress").iter().map(|c| c.text()).collect();
    assert!(progress.contains("召开部署会，打击整治养老诈骗专项行动任务分解为11项"), "{progress}");
    assert!(p.meta.iter().any(|m| m.contains("2022年4月1日 – 2022年4月30日")));
}

#[test]
fn evidence_above_internal_is_never_named() {
    let mut s = city();
    // The sample may have none: two are made secret here, and one is not.
    let mut secret = Vec::new();
    for r in s.log.records.iter_mut() {
        for e in &mut r.entry.evidence {
            if secret.len() < 40 && e.number.is_some() {
                e.class = Some(if secret.len() % 2 == 0 { Class::Confidential } else { Class::TopSecret });
                e.name = format!("隐去的材料{}", secret.len()).into();
                e.number = Some(format!("密发〔2026〕{}号", 1000 + secret.len()).into());
                secret.push((e.name.to_string(), e.number.as_ref().unwrap().to_string()));
            }
        }
    }
    assert!(secret.len() == 40);
    let mut marked = 0;
    for (layout, p) in worlds::pages(&s, "", Lang::Zh) {
        let all =
            [json::render(&p), markdown::render(&p), csv::render(&p), terminal::render(&p, terminal::Style { width: 160, colour: false })]
                .concat();
        for (name, number) in &secret {
            assert!(!all.contains(name.as_str()) && !all.contains(number.as_str()), "{layout} prints {name}");
        }
        marked += usize::from(all.contains("〔秘密〕"));
    }
    // The notice in its place, and what is open stays printed: the check can fail.
    assert!(marked >= 2, "only {marked} pages say that something is secret");
    assert!(json::render(&page(&s, "evidence", Lang::Zh)).contains("示政法〔2024〕5号"));
}

#[test]
fn by_department_prints_roles_and_counts_lead_rows_alone() {
    let s = city();
    let p = page(&s, "by-department", Lang::Zh);
    let roles: Vec<String> = column(table(&p, "by-department"), "role").iter().map(|c| c.text()).collect();
    let leads = roles.iter().filter(|r| *r == "牵头").count();
    let supports = roles.iter().filter(|r| r.starts_with("配合（牵头：")).count();
    assert_eq!(leads, s.roster.duties.len());
    assert_eq!(leads + supports, roles.len());
    assert!(supports > 100);
    let counted: usize = column(table(&p, "counts"), "total").iter().map(|c| if let Cell::Count(n) = c { *n } else { 0 }).sum();
    assert_eq!(counted, leads, "support rows are not counted");
    // A supporting unit's row shows the lead's status: 市纪委监委 leads nothing here.
    let group = |name: &str| {
        let t = table(&p, "by-department");
        let from = t.rows.iter().position(|r| r.kind == Kind::Group && r.cells[0].text().starts_with(name)).unwrap();
        t.rows[from + 1..].iter().take_while(|r| r.kind != Kind::Group).collect::<Vec<_>>()
    };
    let disc = group("市纪委监委");
    assert!(!disc.is_empty() && disc.iter().all(|r| r.cells[3].text().starts_with("配合")));
    // Red first, lead rows before support rows.
    for name in ["市公安局", "市网信办", "金融监管分局"] {
        let rows = group(name);
        let key: Vec<(bool, u8)> = rows
            .iter()
            .map(|r| {
                let Cell::Light(tone, _) = &r.cells[6] else { panic!("a light") };
                (r.cells[3].text() != "牵头", *tone as u8)
            })
            .collect();
        assert!(key.is_sorted(), "{name}: {key:?}");
    }
}

#[test]
fn by_sector_goes_by_what_is_reached() {
    let s = city();
    let p = page(&s, "by-sector", Lang::Zh);
    let t = table(&p, "by-sector");
    let mut sector = String::new();
    let mut seen = 0;
    for r in &t.rows {
        if r.kind == Kind::Group {
            sector = r.cells[0].text();
            continue;
        }
        let o = s.register.obligation(&r.cells[0].text()).unwrap();
        let names: Vec<String> = o.reaches.iter().map(|c| s.register.name(c, s.day(), Lang::Zh)).collect();
        assert!(names.contains(&sector), "{} under {sector}", o.id);
        seen += usize::from(o.sector.as_ref().is_some_and(|x| !o.reaches.contains(x)));
    }
    assert!(seen > 0, "no item whose primary sector it does not reach came by");
}

#[test]
fn by_tier_prints_the_group_outside_the_tiers() {
    let p = page(&city(), "by-tier", Lang::Zh);
    let heads: Vec<String> = table(&p, "by-tier").rows.iter().filter(|r| r.kind == Kind::Group).map(|r| r.cells[0].text()).collect();
    assert_eq!(heads, ["主管部门", "企业", "用户", "—"]);
}

#[test]
fn what_has_no_owner_has_a_list_and_stays_in_the_totals() {
    let s = worlds::unreadable();
    let p = page(&s, "no-owner", Lang::Zh);
    assert_eq!(table(&p, "no-owner").items(), 1);
    let id = table(&p, "no-owner").rows[0].cells[0].text();
    let ledger = page(&s, "ledger", Lang::Zh);
    assert!(column(table(&ledger, "ledger"), "id").iter().any(|c| c.text() == id), "the ledger has lost it");
    let departments = page(&s, "by-department", Lang::Zh);
    assert!(table(&departments, "by-department").rows.iter().any(|r| r.kind == Kind::Group && r.cells[0].text() == "无牵头单位"));
    for key in ["by-part", "by-department", "by-sector", "by-tier"] {
        let p = page(&s, key, Lang::Zh);
        let t = p.tables().next().unwrap();
        let total = t.rows.iter().find(|r| r.is_total()).unwrap();
        assert_eq!(total.cells[1], Cell::Count(s.register.total()), "{key}: the unreadable one is in the total too");
    }
}

#[test]
fn with_mistakes_the_page_says_not_to_rely_on_it() {
    for (layout, p) in worlds::pages(&worlds::unreadable(), "", Lang::Zh) {
        assert!(p.meta.iter().any(|m| m.contains("数字不可依据")), "{layout}");
        assert!(p.origin["data_errors"].as_u64() > Some(0), "{layout}");
    }
    for (layout, p) in worlds::pages(&city(), "", Lang::Zh) {
        assert!(!p.meta.iter().any(|m| m.contains("不可依据")), "{layout} cries wolf");
    }
}

#[test]
fn standing_is_a_decision_and_not_set_a_gap() {
    let s = city();
    for (lang, standing, gap) in [(Lang::Zh, "长期坚持", "未定"), (Lang::En, "standing", "not set")] {
        let p = page(&s, "ledger", lang);
        let all = column(table(&p, "ledger"), "due");
        let count = |w: &str| all.iter().filter(|c| c.text() == w).count();
        let have = |d: Option<duban::model::Due>| s.folded.states.iter().filter(|x| x.due == d && x.extensions == 0).count();
        assert_eq!(count(standing), have(Some(duban::model::Due::Standing)));
        assert_eq!(count(gap), have(None));
        assert!(count(standing) > 0 && count(gap) > 0);
    }
}

#[test]
fn an_extended_due_date_shows_its_original_and_how_often() {
    let s = city();
    let p = page(&s, "ledger", Lang::Zh);
    let all = column(table(&p, "ledger"), "due");
    for (i, d) in s.folded.states.iter().enumerate().filter(|(_, d)| d.extensions > 0) {
        let id = s.register.obligations[s.roster.duties[i].obligation as usize].id.as_str();
        let want = format!("延期{}次", d.extensions);
        assert!(all.iter().any(|c| c.text().contains(&want) && c.text().contains("原定")), "{id}: {want}");
    }
    assert!(s.folded.states.iter().filter(|d| d.extensions > 0).count() >= 3);
    // The policy sets no date: who did is said.
    assert!(p.notes.iter().any(|n| n.starts_with("完成时限的设定") && n.contains("supervisor-jco")), "{:?}", p.notes);
}

#[test]
fn dates_are_said_as_each_language_says_them() {
    let s = city();
    for (lang, bad) in [(Lang::Zh, '-'), (Lang::En, '年')] {
        let mut seen = 0;
        for (layout, p) in worlds::pages(&s, "", lang) {
            for cell in p.tables().flat_map(|t| &t.rows).flat_map(|r| &r.cells) {
                if let Cell::Date(day, text) = cell {
                    assert!(!text.contains(bad), "{layout}: {text}");
                    let noughts = text.contains("年0") || text.contains("月0");
                    assert!(!noughts && (lang == Lang::Zh || text.split('\n').next() == Some(&*day.to_string())), "{layout}: {text}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 1000, "only {seen} dates");
    }
}

#[test]
fn a_renamed_department_is_one_row_under_the_name_of_the_day() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations/sample-city");
    let names = |day: &str| {
        let s = worlds::open(&root, day);
        let p = page(&s, "by-department", Lang::Zh);
        column(table(&p, "counts"), "group").iter().map(|c| c.text()).collect::<Vec<_>>()
    };
    let (then, now) = (names("2023-03-31"), names("2026-10-31"));
    assert_eq!(then.len(), now.len());
    assert!(now.contains(&"金融监管分局".to_string()) && !now.iter().any(|n| n.contains("银保监")), "{now:?}");
    assert!(then.iter().any(|n| n.contains("银保监")) && !then.contains(&"金融监管分局".to_string()), "{then:?}");
}

#[test]
fn the_word_stands_beside_the_colour() {
    for (layout, p) in worlds::pages(&city(), "", Lang::Zh) {
        for t in p.tables() {
            for cell in t.rows.iter().flat_map(|r| &r.cells) {
                if let Cell::Light(_, text) = cell {
                    let word = ["红", "黄", "绿", "灰"].iter().any(|w| text.contains(w));
                    assert!(word, "{layout}: {text}");
                }
            }
        }
    }
}

// ---- forecast ----

/// The world of the rules on 12 January 2023, before anything began, with other due dates and links.
fn january(edits: &[(&str, &str, &str)]) -> Page {
    let dir = tempfile::tempdir().unwrap();
    worlds::copy(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base"), dir.path());
    for (file, old, new) in edits {
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file}: {old}");
        std::fs::write(path, text.replacen(old, new, 1)).unwrap();
    }
    page(&worlds::open(dir.path(), "2023-01-12"), "forecast", Lang::En)
}

fn lines(p: &Page, key: &str) -> Vec<String> {
    table(p, key).rows.iter().map(|r| r.cells.iter().map(Cell::text).collect::<Vec<_>>().join(" | ")).collect()
}

/// TST-1.02 and both TST-1.03 require TST-1.01, which is due on 30 April.
#[test]
fn a_due_date_before_its_prerequisites_cannot_hold() {
    let p = january(&[("plan.yaml", "start: 2023-02-01\n  due: 2023-05-31", "start: 2023-02-01\n  due: 2023-03-31")]);
    assert_eq!(
        lines(&p, "cannot-hold"),
        ["TST-1.02 | Set up the list | Banking regulator | 2023-03-31 | 2023-04-30 | 30 | 58 | TST-1.02 ← TST-1.01"]
    );
    // 245 days are left to TST-1.03 at DEP-POL after 30 April; its plan has 350.
    assert_eq!(lines(&p, "tight"), ["TST-1.03 | Tell the public | Police | 2023-12-31 | 2023-04-30 | 105 | 350 | TST-1.03 ← TST-1.01"]);
}

#[test]
fn a_chain_is_followed_to_the_date_that_decides() {
    let need = "needs:\n    - {on: TST-1.01, kind: requires}\n    - {on: TST-1.02, kind: feeds}";
    let p = january(&[
        ("tst/1-a.yaml", need, "needs:\n    - {on: TST-1.02, kind: requires}"),
        ("plan.yaml", "due: 2023-04-30", "due: 2024-06-30"),
    ]);
    assert_eq!(
        lines(&p, "cannot-hold"),
        [
            "TST-1.02 | Set up the list | Banking regulator | 2023-05-31 | 2024-06-30 | 396 | 119 | TST-1.02 ← TST-1.01",
            "TST-1.03 | Tell the public | Police | 2023-12-31 | 2024-06-30 | 182 | 350 | TST-1.03 ← TST-1.02 ← TST-1.01",
            "TST-1.03 | Tell the public | Banking regulator | 2024-03-31 | 2024-06-30 | 91 | 212 | TST-1.03 ← TST-1.02 ← TST-1.01",
        ]
    );
}

/// Early prerequisites, and plans that begin after them: nothing to say.
#[test]
fn due_dates_with_room_are_left_in_peace() {
    let p = january(&[
        ("plan.yaml", "due: 2023-04-30", "due: 2023-01-31"),
        (
            "plan.yaml",
            "- duty: TST-1.03@DEP-POL\n  person: officer-pol\n  start: 2023-01-15",
            "- duty: TST-1.03@DEP-POL\n  person: officer-pol\n  start: 2023-02-15",
        ),
    ]);
    assert_eq!((lines(&p, "cannot-hold").len(), lines(&p, "tight").len()), (0, 0));
}

#[test]
fn what_waits_for_itself_can_end_at_no_time() {
    let p = january(&[("tst/1-a.yaml", "  recurrence: one-off", "  needs: [{on: TST-1.02, kind: requires}]\n  recurrence: one-off")]);
    let all = lines(&p, "cannot-hold");
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(all.iter().all(|l| l.contains("never (a ring)")), "{all:?}");
}

// ---- trend ----

#[test]
fn the_trend_is_what_was_reported_then() {
    let s = city();
    let p = page(&s, "trend", Lang::Zh);
    let t = table(&p, "trend");
    assert_eq!(t.items(), 13);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations/sample-city");
    for (month, day) in [("2026-03", "2026-03-31"), ("2026-07", "2026-07-31"), ("2026-10", "2026-10-31")] {
        let then = worlds::open(&root, day);
        let row = t.rows.iter().find(|r| r.cells[0].text() == month).unwrap();
        let count = |x: Status| then.folded.states.iter().filter(|d| d.status == x).count();
        let want: Vec<String> = Status::ALL.iter().map(|x| count(*x).to_string()).collect();
        let got: Vec<String> = row.cells[2..9].iter().map(Cell::text).collect();
        assert_eq!(got, want, "{month}");
    }
    assert!(matches!(&p.blocks[0], Block::Chart(_)));
}
