//! `source`: a small policy of our own, its text, and what becomes of it when words change.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The text that the small register was read from. The third paragraph is broken in a word.
const TEXT: &str = "\
市图书馆服务规定

第一,开放。各馆要每日开放自习室,不得收取入场费。开放时间以公告为准。

第二,借阅。各馆应当建立借阅登记制度,珍本“只读,不借”,禁止带出馆外。登记制度由市馆统一编

制,每年修订。

第三,安全。各馆须定期检查消防设施,及时排除隐患。
";

const CLAUSES: &str = "\
sentences:
  - {at: LIB:P1.s1, gist: {zh: 第一部分标题, en: 'Part 1, heading'}}
clauses:
  - {at: LIB:H.s1.c1, opening: 市图书馆服务, class: headline, reason: {zh: 标题, en: Headline}}
  - {at: LIB:P1.s1.c1, opening: 第一, class: connector, reason: {zh: 序号, en: Ordinal}}
  - {at: LIB:P1.s1.c2, opening: 开放, class: headline, reason: {zh: 标题, en: Headline}}
  - {at: LIB:P1.s2.c1, opening: 各馆要每日开, class: obligation, primary: [LIB-1.01]}
  - {at: LIB:P1.s2.c2, opening: 不得收取入场, class: obligation, primary: [LIB-1.02]}
  - {at: LIB:P1.s3.c1, opening: 开放时间以公, class: background, reason: {zh: 说明, en: Explanation}}
  - {at: LIB:P2.s1.c1, opening: 第二, class: connector, reason: {zh: 序号, en: Ordinal}}
  - {at: LIB:P2.s1.c2, opening: 借阅, class: headline, reason: {zh: 标题, en: Headline}}
  - {at: LIB:P2.s2.c1, opening: 各馆应当建立, class: obligation, primary: [LIB-2.01]}
  - {at: LIB:P2.s2.c2, opening: 珍本“只读,, class: part-of, secondary: [{id: LIB-2.02, as: part-of}]}
  - {at: LIB:P2.s2.c3, opening: 禁止带出馆外, class: obligation, primary: [LIB-2.02]}
  - {at: LIB:P2.s3.c1, opening: 登记制度由市, class: obligation, primary: [LIB-2.03]}
  - {at: LIB:P2.s3.c2, opening: 每年修订, class: part-of, secondary: [{id: LIB-2.03, as: part-of}]}
  - {at: LIB:P3.s1.c1, opening: 第三, class: connector, reason: {zh: 序号, en: Ordinal}}
  - {at: LIB:P3.s1.c2, opening: 安全, class: headline, reason: {zh: 标题, en: Headline}}
  - {at: LIB:P3.s2.c1, opening: 各馆须定期检, class: obligation, primary: [LIB-3.01]}
  - {at: LIB:P3.s2.c2, opening: 及时排除隐患, class: obligation, primary: [LIB-3.02]}
";

/// id, locator, anchor, which occurrence.
const DUTIES: &[(&str, &str, &str, u32)] = &[
    ("LIB-1.01", "P1.s2.c1", "每日开放自习室", 1),
    ("LIB-1.02", "P1.s2.c2", "不得收取入场费", 1),
    ("LIB-2.01", "P2.s2.c1", "借阅登记制度", 1),
    ("LIB-2.02", "P2.s2.c3", "禁止带出馆外", 1),
    ("LIB-2.03", "P2.s3.c1", "登记制度", 2),
    ("LIB-3.01", "P3.s2.c1", "检查消防设施", 1),
    ("LIB-3.02", "P3.s2.c2", "排除隐患", 1),
];

struct World(tempfile::TempDir);

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl World {
    fn new() -> World {
        let world = World(tempfile::tempdir().unwrap());
        let sum = duban::digest::hex(TEXT.as_bytes());
        world.write(
            "register.yaml",
            "format: duban/1\nunit: {code: X, name: {zh: 市馆, en: City library}}\nlanguages: [en]\npolicies: [lib]\n",
        );
        world.write("departments.yaml", "sectors: []\nbodies:\n  - {id: LIB-MAIN, name: {zh: 市馆, en: Main library}}\n");
        let parts: String =
            (1..=3).map(|n| format!("  - {{id: LIB-{n}, file: {n}.yaml, title: {{zh: 第{n}部分, en: Part {n}}}}}\n")).collect();
        let size = format!("sha256: {sum}, bytes: {}, characters: {}", TEXT.len(), TEXT.chars().count());
        world.write(
            "lib/policy.yaml",
            &format!("code: LIB\ntitle: {{zh: 规定, en: Rules}}\nlisted: 2026-01-01\nsource: {{{size}}}\nparts:\n{parts}"),
        );
        world.write("lib/clauses.yaml", CLAUSES.replace("珍本“只读,,", "\"珍本“只读,\",").as_str());
        for part in 1..=3 {
            let mine = DUTIES.iter().filter(|d| d.0.starts_with(&format!("LIB-{part}.")));
            let yaml: String = mine
                .map(|(id, at, anchor, nth)| {
                    format!(
                        "- id: {id}\n  title: {{zh: {anchor}, en: Duty {id}}}\n  requirement: {{zh: {anchor}}}\n  kind: action\n  modality: must\n  \
                         source: {{layer: rules, at: LIB:{at}, anchor: {anchor}, nth: {nth}}}\n  owner: {{mode: single, lead: [LIB-MAIN]}}\n  recurrence: continuous\n"
                    )
                })
                .collect();
            world.write(&format!("lib/{part}.yaml"), &yaml);
        }
        world.write("../text.txt", TEXT);
        world
    }
    fn path(&self, file: &str) -> PathBuf {
        match file.strip_prefix("../") {
            Some(file) => self.0.path().join(file),
            None => self.0.path().join("reg").join(file),
        }
    }
    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    #[track_caller]
    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
        self.write(file, &text.replace(from, to));
    }
    fn run(&self, args: &[&str]) -> Run {
        let mut command = Command::cargo_bin("duban").unwrap();
        for name in ["DUBAN_REGISTER", "DUBAN_BY", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        let out = command.current_dir(self.0.path()).args(args).timeout(Duration::from_secs(120)).output().unwrap();
        Run {
            code: out.status.code().expect("not killed"),
            out: String::from_utf8(out.stdout).unwrap(),
            err: String::from_utf8(out.stderr).unwrap(),
        }
    }
    #[track_caller]
    fn json(&self, args: &[&str], code: i32) -> Value {
        let all: Vec<&str> = ["-C", "reg", "source"].into_iter().chain(args.iter().copied()).chain(["--format", "json"]).collect();
        let run = self.run(&all);
        assert_eq!(run.code, code, "{}\n{}", run.out, run.err);
        serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}\n{}", run.out))
    }
    /// The text with changes, held against the register.
    #[track_caller]
    fn against(&self, changes: &[(&str, &str)], code: i32) -> Value {
        let mut text = TEXT.to_string();
        for (from, to) in changes {
            assert_eq!(text.matches(from).count(), 1, "`{from}`");
            text = text.replace(from, to);
        }
        self.write("../changed.txt", &text);
        self.json(&["--text", "../changed.txt"], code)
    }
}

/// `LIB-1.01 moved LIB:P3.s2.c3` for every anchor out of its place.
fn out_of_place(v: &Value) -> Vec<String> {
    let rows = v["policies"][0]["anchors_out"].as_array().unwrap();
    let s = |x: &Value| x.as_str().unwrap_or("").to_string();
    rows.iter().map(|r| format!("{} {} {}", s(&r["id"]), s(&r["fate"]), s(&r["found_at"])).trim().to_string()).collect()
}

fn locators(v: &Value) -> Vec<String> {
    let rows = v["policies"][0]["locators_out"].as_array().unwrap();
    rows.iter().map(|r| format!("{} {}", r["at"].as_str().unwrap(), r["fate"].as_str().unwrap())).collect()
}

fn suspects(v: &Value) -> Vec<&str> {
    v["policies"][0]["suspects"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect()
}

fn duties(v: &Value) -> Vec<String> {
    let rows = v["duties"].as_array().unwrap();
    rows.iter().map(|r| format!("{} {} {}", r["kind"].as_str().unwrap(), r["at"].as_str().unwrap(), r["words"].as_str().unwrap())).collect()
}

// ---- coverage ----

#[test]
fn every_clause_stands_in_one_column_and_the_columns_add_up() {
    let v = World::new().json(&[], 0);
    assert_eq!(v["schema"], "duban/source/1");
    let p = &v["policies"][0];
    let rows: Vec<String> = p["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            format!("{} {}={}+{}+{}+{}", r["part"].as_str().unwrap(), r["clauses"], r["primary"], r["secondary"], r["reason"], r["open"])
        })
        .collect();
    assert_eq!(rows, ["LIB:H 1=0+0+1+0", "LIB:P1 5=2+0+3+0", "LIB:P2 7=3+2+2+0", "LIB:P3 4=2+0+2+0"]);
    assert_eq!((&p["total"]["clauses"], &p["total"]["open"], &v["holds"]), (&17.into(), &0.into(), &true.into()));
    assert_eq!(p["rows"][1]["gist"], "Part 1, heading");
    let parts: Vec<String> = p["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| format!("{} {}/{}", r["part"].as_str().unwrap(), r["with_clause"], r["obligations"]))
        .collect();
    assert_eq!(parts, ["LIB-1 2/2", "LIB-2 3/3", "LIB-3 2/2"]);
}

#[test]
fn nothing_falls_out_of_the_count_in_silence() {
    // A clause without obligation or reason.
    let w = World::new();
    w.replace("lib/clauses.yaml", "class: background, reason: {zh: 说明, en: Explanation}", "class: background");
    let v = w.json(&[], 1);
    assert_eq!((&v["policies"][0]["open"][0], &v["total"]["open"]), (&"LIB:P1.s3.c1".into(), &1.into()));
    // A clause that names an obligation which is not there.
    let w = World::new();
    w.replace("lib/clauses.yaml", "primary: [LIB-3.02]", "primary: [LIB-3.99]");
    let v = w.json(&[], 1);
    assert_eq!((&v["policies"][0]["open"][0], &v["policies"][0]["without_clause"][0]), (&"LIB:P3.s2.c2".into(), &"LIB-3.02".into()));
    // An obligation that cannot be read stays in the count of its part.
    let w = World::new();
    w.replace("lib/3.yaml", "- id: LIB-3.02\n  title: {zh: 排除隐患, en: Duty LIB-3.02}\n", "- id: LIB-3.02\n");
    let v = w.json(&[], 1);
    let part = &v["policies"][0]["parts"][2];
    assert_eq!((&part["obligations"], &part["with_clause"], &v["invalid"]), (&2.into(), &1.into(), &1.into()));
    // No clauses at all, and clauses that cannot be read.
    let w = World::new();
    fs::remove_file(w.path("lib/clauses.yaml")).unwrap();
    assert_eq!(w.json(&[], 1)["policies"][0]["clauses"], "none");
    w.write("lib/clauses.yaml", "clauses: [\n");
    assert_eq!(w.json(&[], 1)["policies"][0]["clauses"], "unreadable");
}

#[test]
fn coverage_is_said_in_both_languages_and_in_markdown() {
    let w = World::new();
    let en = w.run(&["-C", "reg", "source", "--policy", "lib", "--lang", "en"]);
    assert!(en.code == 0 && en.out.contains("17 clauses, 17 accounted for, 0 open"), "{}", en.out);
    let zh = w.run(&["-C", "reg", "source", "--lang", "zh"]);
    assert!(zh.out.contains("条款合计 17，已交代 17，未交代 0"), "{}", zh.out);
    let md = w.run(&["-C", "reg", "source", "--format", "md"]);
    assert!(md.out.contains("| LIB:P2 |"), "{}", md.out);
    let bad = w.run(&["-C", "reg", "source", "--policy", "LIP"]);
    assert!(bad.code == 2 && bad.err.contains("did you mean LIB?"), "{}", bad.err);
}

// ---- against a text ----

#[test]
fn the_text_that_was_read_holds_every_anchor() {
    let v = World::new().json(&["--text", "../text.txt"], 0);
    let p = &v["policies"][0];
    assert_eq!((&p["fingerprint"], &p["anchors"]["there"], &p["locators"]["there"]), (&"same".into(), &7.into(), &17.into()));
    assert_eq!(p["renumbered"], Value::Array(Vec::new()));
    assert_eq!((&v["duties_total"], &v["duties_covered"], &v["holds"]), (&5.into(), &5.into(), &true.into()));
}

#[test]
fn nth_is_held_to_the_letter_on_the_text_that_was_read() {
    let w = World::new();
    w.replace("lib/2.yaml", "anchor: 登记制度, nth: 2", "anchor: 登记制度, nth: 1");
    assert_eq!(out_of_place(&w.json(&["--text", "../text.txt"], 1)), ["LIB-2.03 moved LIB:P2.s2.c1"]);
}

#[test]
fn widths_blanks_and_line_ends_change_nothing() {
    let w = World::new();
    let mut text: String = TEXT.replace(',', "，").replace('“', "「").replace('”', "」").replace("\n\n", "\n \u{3000}\r\n");
    text = text.replace("自习室", "自 习\u{200b}室").replace("消防", "消\n防");
    w.write("../changed.txt", &text);
    let v = w.json(&["--text", "../changed.txt"], 0);
    let p = &v["policies"][0];
    assert_eq!((&p["fingerprint"], &p["anchors"]["there"], &p["locators"]["there"]), (&"differs".into(), &7.into(), &17.into()));
    assert_eq!(v["duties_covered"], 5);
}

#[test]
fn three_passages_altered_are_moved_reworded_and_gone_and_nothing_else_is() {
    let v = World::new().against(
        &[
            (",不得收取入场费。", "。"),
            ("及时排除隐患。", "及时排除隐患,不得收取入场费。"),
            ("借阅登记制度", "借阅备案制度"),
            ("禁止带出馆外", "由市馆保管"),
        ],
        1,
    );
    assert_eq!(out_of_place(&v), ["LIB-1.02 moved LIB:P3.s2.c3", "LIB-2.01 reworded LIB:P2.s2.c1", "LIB-2.02 gone"]);
    assert_eq!(locators(&v), ["LIB:P1.s2.c2 moved", "LIB:P2.s2.c3 gone"]);
    let row = &v["policies"][0]["anchors_out"][1];
    assert_eq!((&row["passage"], &row["difference"]), (&"借阅备案制度".into(), &"借阅[-登记-]{+备案+}制度".into()));
    assert_eq!(suspects(&v), ["LIB-1.02", "LIB-2.01", "LIB-2.02"]);
    assert_eq!(v["policies"][0]["fingerprint"], "differs");
}

#[test]
fn a_clause_put_in_renumbers_and_moves_nothing_but_its_duty_is_listed() {
    let v = World::new().against(&[("第二,借阅。", "第二,借阅。各馆应当公布藏书目录。")], 1);
    assert_eq!((out_of_place(&v).len(), locators(&v).len(), suspects(&v).len()), (0, 0, 0));
    assert_eq!(duties(&v), ["new LIB:P2.s2.c1 各馆应当公布藏书目录。"]);
    let now: Vec<String> =
        v["policies"][0]["renumbered"].as_array().unwrap().iter().map(|r| r["now"].as_str().unwrap().to_string()).collect();
    assert_eq!(now, ["LIB:P2.s3.c1", "LIB:P2.s3.c2", "LIB:P2.s3.c3", "LIB:P2.s4.c1", "LIB:P2.s4.c2"]);
}

#[test]
fn a_clause_taken_out_is_gone_although_its_words_stood_elsewhere_before() {
    // The other occurrence of the anchor was another's from the beginning.
    let v = World::new().against(&[("登记制度由市馆统一编\n\n制,每年修订。", "")], 1);
    assert_eq!(out_of_place(&v), ["LIB-2.03 gone"]);
    assert_eq!(locators(&v), ["LIB:P2.s3.c1 gone", "LIB:P2.s3.c2 gone"]);
}

#[test]
fn a_clause_with_a_fingerprint_shows_a_change_that_no_anchor_shows() {
    let w = World::new();
    let change = [("各馆须定期检查消防设施", "各馆须定期检查消防设施和电梯")];
    // Without: only the fingerprint of the whole text says that something changed.
    assert_eq!(w.against(&change, 0)["policies"][0]["fingerprint"], "differs");
    let chars = duban::text::folded("各馆须定期检查消防设施,");
    let fp = duban::source::stand::words_print(&chars);
    w.replace("lib/clauses.yaml", "opening: 各馆须定期检,", &format!("opening: 各馆须定期检, fp: \"{fp}\","));
    assert_eq!(w.json(&["--text", "../text.txt"], 0)["holds"], true);
    let v = w.against(&change, 1);
    assert_eq!((locators(&v), suspects(&v)), (vec!["LIB:P3.s2.c1 reworded".to_string()], vec!["LIB-3.01"]));
}

#[test]
fn a_clause_of_duty_with_a_reason_is_listed_and_one_left_open_fails() {
    let w = World::new();
    w.replace("lib/clauses.yaml", "class: obligation, primary: [LIB-3.01]", "class: background, reason: {zh: 试, en: Trial}");
    w.replace("lib/3.yaml", "at: LIB:P3.s2.c1, anchor: 检查消防设施", "at: LIB:P3.s2.c2, anchor: 及时排除");
    let v = w.json(&["--text", "../text.txt"], 0);
    assert_eq!(duties(&v), ["reason LIB:P3.s2.c1 各馆须定期检查消防设施,"]);
    w.replace("lib/clauses.yaml", "class: background, reason: {zh: 试, en: Trial}", "class: background");
    assert_eq!(duties(&w.json(&["--text", "../text.txt"], 1)), ["open LIB:P3.s2.c1 各馆须定期检查消防设施,"]);
}

#[test]
fn a_locator_that_clauses_do_not_have_is_told() {
    let w = World::new();
    w.replace("lib/3.yaml", "at: LIB:P3.s2.c2", "at: LIB:P3.s9.c9");
    let v = w.json(&["--text", "../text.txt"], 1);
    assert_eq!((locators(&v), suspects(&v)), (vec!["LIB:P3.s9.c9 unknown".to_string()], vec!["LIB-3.02"]));
}

#[test]
fn texts_that_cannot_be_read_are_refused() {
    let w = World::new();
    for (file, bytes, says) in
        [("no.txt", None, "cannot read"), ("empty.txt", Some(&b" \n"[..]), "empty"), ("odd.txt", Some(&b"\xff\xfe"[..]), "UTF-8")]
    {
        if let Some(bytes) = bytes {
            fs::write(w.path(&format!("../{file}")), bytes).unwrap();
        }
        let run = w.run(&["-C", "reg", "source", "--text", &format!("../{file}")]);
        assert!(run.code == 2 && run.err.contains(says), "{file}: {} {}", run.code, run.err);
    }
}

#[test]
fn large_and_hostile_texts_take_bounded_time() {
    let w = World::new();
    let brackets: String = "(“《".repeat(200_000);
    let texts = [
        ("the same clause", "各馆要每日开放自习室,".repeat(100_000)),
        ("openings without end", "第一,开放,借阅,安全,".repeat(80_000)),
        ("no sign at all", "登记制度".repeat(300_000)),
        ("open brackets", brackets),
        ("duties on one line", "各处应当甲,不得乙;".repeat(60_000)),
        ("line ends", "各\n".repeat(400_000)),
    ];
    for (name, text) in texts {
        w.write("../changed.txt", &format!("{TEXT}{text}"));
        let start = Instant::now();
        let run = w.run(&["-C", "reg", "source", "--text", "../changed.txt", "--format", "json"]);
        assert!(run.code <= 1, "{name}: {}", run.err);
        // Unoptimised; anything quadratic takes hours.
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
        let v: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(v["policies"][0]["anchors"]["gone"], 0, "{name}");
    }
}

// ---- scaffold ----

const CHINESE: &str = "\
市图书馆管理办法

第一章 总则

第一条 为了规范市图书馆管理，制定本办法。
第二条 各馆应当每日开放自习室，并公布开放时间；不得收取入场费。

第二章 借阅

第三条 读者须持证借阅。珍本“只读，不借”，禁止带出馆外。
（一）各馆要建立登记制度；
（二）登记应包括：姓名、日期。

第三章 附则

第四条 本办法自公布之日起施行。
";

const ENGLISH: &str = "\
# Library Rules

These rules were adopted by the council.

## Opening

1. Every library shall open its reading room daily, and
post the hours at the door; the hours shall be legible.
2. Staff may not charge for entry.

## Lending

3. Rare books must stay in the room. They are old, e.g. from 1700.
";

/// Rule ids in a check's JSON, each with its count.
fn rules(w: &World) -> Vec<String> {
    let run = w.run(&["-C", "reg", "check", "--format", "json"]);
    let v: Value = serde_json::from_str(&run.out).unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for r in v["rows"].as_array().unwrap().iter().filter(|r| r["level"] == "deny") {
        *counts.entry(r["rule"].as_str().unwrap().to_string()).or_insert(0) += 1;
    }
    counts.into_iter().map(|(rule, n)| format!("{rule} {n}")).collect()
}

fn scaffolded(text: &str) -> (World, Run) {
    let w = World(tempfile::tempdir().unwrap());
    w.write("../text.txt", text);
    w.write("register.yaml", "format: duban/1\nunit: {code: X, name: {en: X}}\nlanguages: [en]\npolicies: [new]\n");
    let run = w.run(&["source", "--scaffold", "text.txt", "--id", "NEW", "--out", "reg/new", "--lang", "en"]);
    (w, run)
}

#[test]
fn a_chinese_text_becomes_a_policy_that_loads_and_lacks_owners() {
    let (w, run) = scaffolded(CHINESE);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("16 clauses, 6 draft obligations in 2 parts, 6 clauses that nobody has read yet"), "{}", run.out);
    // Each draft lacks its owner, each unread clause is open: nothing else denies.
    assert_eq!(rules(&w), ["O001 6", "S006 6"]);
    let part = fs::read_to_string(w.path("new/2-part.yaml")).unwrap();
    for line in [
        "- id: NEW-2.02",
        "  title: {zh: \"禁止带出馆外\"}",
        "  kind: prohibition",
        "  source: {layer: text, at: NEW:P2.s3.c2, anchor: \"禁止带出馆外\"}",
        "  requirement: {zh: \"各馆要建立登记制度\"}",
    ] {
        assert!(part.lines().any(|l| l == line), "no `{line}` in\n{part}");
    }
    let policy = fs::read_to_string(w.path("new/policy.yaml")).unwrap();
    assert!(policy.contains("title: {zh: \"市图书馆管理办法\"}") && policy.contains("# NEW-3 \"附则\""), "{policy}");
    // What was made of a text is found in it, every anchor and locator, without renumbering.
    let v = w.json(&["--text", "../text.txt"], 0);
    let p = &v["policies"][0];
    assert_eq!((&p["anchors"]["there"], &p["locators"]["there"], &p["renumbered"]), (&6.into(), &16.into(), &Value::Array(vec![])));
    assert_eq!((p["anchors_out"].as_array().unwrap().len(), &v["duties_covered"]), (0, &6.into()));
}

#[test]
fn an_english_text_with_headings_and_numbered_paragraphs() {
    let (w, run) = scaffolded(ENGLISH);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(rules(&w)[0], "O001 4");
    let part = fs::read_to_string(w.path("new/1-part.yaml")).unwrap();
    for line in [
        "  title: {en: \"Every library shall open its reading room daily\"}",
        "  source: {layer: text, at: NEW:P1.s2.c1, anchor: \"shall open its\"}",
        "  source: {layer: text, at: NEW:P1.s3.c1, anchor: \"may not charge\"}",
        "  modality: prohibition",
    ] {
        assert!(part.lines().any(|l| l == line), "no `{line}` in\n{part}");
    }
    let v = w.json(&["--text", "../text.txt"], 0);
    assert_eq!((&v["policies"][0]["anchors"]["there"], &v["policies"][0]["locators"]["gone"]), (&4.into(), &0.into()));
}

#[test]
fn a_scaffold_overwrites_nothing_and_says_what_it_cannot_do() {
    let (w, _) = scaffolded(CHINESE);
    w.write("new/policy.yaml", "mine\n");
    let again = w.run(&["source", "--scaffold", "text.txt", "--id", "NEW", "--out", "reg/new"]);
    assert!(again.code == 2 && again.err.contains("already there"), "{}", again.err);
    assert_eq!(fs::read_to_string(w.path("new/policy.yaml")).unwrap(), "mine\n");
    let (w, run) = scaffolded("天气很好。\n");
    assert!(run.code == 2 && run.err.contains("no clause of duty"), "{}", run.err);
    assert!(!w.path("new").exists());
    let bad = w.run(&["source", "--scaffold", "text.txt", "--id", "new", "--out", "reg/new"]);
    assert!(bad.code == 2 && bad.err.contains("cannot be the code"), "{}", bad.err);
}

#[test]
fn signs_that_yaml_takes_for_its_own_do_no_harm() {
    let (w, run) =
        scaffolded("\u{feff}各馆应当: {公布} \"目录\" # 每月 \\ 一次\t；\u{7}读者须 - 登记 [甲: 乙] & *丙 !!丁。\n'不得' @ `收费` %。\n");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(rules(&w)[0], "O001 3");
    assert_eq!(w.json(&["--text", "../text.txt"], 0)["policies"][0]["anchors"]["there"], 3);
}
