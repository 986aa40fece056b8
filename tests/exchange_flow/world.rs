//! A small register of libraries with a log, and the program run in it.

use assert_cmd::Command;
use duban::log::append::seal;
use duban::model::time::When;
use duban::model::{Entry, Header};
use duban::snapshot::{Options, Snapshot};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// The day on which everything here is asked.
pub const DAY: &str = "2026-04-10";

pub struct World(pub tempfile::TempDir);

pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

const REGISTER: &str = "format: duban/1\nunit: {code: LB, name: {zh: 市图书馆, en: City Library}}\nlanguages: [zh, en]\npolicies: [lib]\n";
const DEPARTMENTS: &str = "\
bodies:
  - {id: LIB-MAIN, name: {zh: 总馆, en: Main house}, order: 1}
  - {id: LIB-EAST, name: {zh: 东馆, en: East house}, order: 2, was: [{id: LIB-OLD, to: 2025-12-31, name: {zh: 旧东馆, en: Old East}}]}
  - {id: LIB-HQ, name: {zh: 馆办, en: Head office}, order: 3}
";
const PEOPLE: &str = "\
- {post: officer-main, department: LIB-MAIN, roles: [officer]}
- {post: manager-main, department: LIB-MAIN, roles: [manager]}
- {post: officer-east, department: LIB-EAST, roles: [officer]}
- {post: reviewer-hq, department: LIB-HQ, roles: [reviewer]}
";
const POLICY: &str = "\
code: LIB
title: {zh: 图书馆规则, en: Library rules}
listed: 2026-01-01
parts:
  - {id: LIB-1, file: 1.yaml, title: {zh: 开放, en: Opening}}
";
const PLAN: &str = "\
- {duty: LIB-1.01, person: officer-main, start: 2026-01-05, due: 2026-03-31}
- {duty: LIB-1.02, person: officer-main, start: 2026-01-05, due: 2026-06-30}
- {duty: LIB-1.03, person: officer-main, contact: 阅览部, start: 2026-01-05, due: 2026-04-20}
- {duty: LIB-1.04, person: officer-main, start: 2026-01-05, due: 2026-05-31}
- {duty: LIB-1.05, person: officer-main, start: 2026-04-08, due: standing}
- {duty: LIB-1.06, person: officer-east, start: 2026-01-05, due: 2026-03-20}
";

fn obligation(n: &str, zh: &str, en: &str, owner: &str, more: &str) -> String {
    format!(
        "- id: LIB-1.{n}\n  title: {{zh: {zh}, en: {en}}}\n  requirement: {{zh: {zh}，逗号、分号；和\\反斜线都要写清。, en: \"{en}, in full; every word\"}}\n  kind: action\n  modality: must\n{owner}  recurrence: one-off\n  evidence: [{{type: minutes, required: true}}]\n{more}"
    )
}

impl World {
    /// The register with its log.
    pub fn new() -> World {
        let w = World(tempfile::tempdir().unwrap());
        w.write("register.yaml", REGISTER);
        w.write("departments.yaml", DEPARTMENTS);
        w.write("people.yaml", PEOPLE);
        w.write("evidence-types.yaml", "types:\n  - {code: minutes, name: {zh: 会议纪要, en: Minutes}, max_age: none}\n");
        w.write("lib/policy.yaml", POLICY);
        w.write("plan.yaml", PLAN);
        let main = "  owner: {mode: single, lead: [LIB-MAIN], support: [LIB-EAST]}\n";
        let parts = [
            obligation(
                "01",
                "每日开放",
                "Open every day",
                main,
                "  needs: [{on: LIB-1.02, kind: requires, why: {zh: 先登记, en: Register first}}]\n",
            ),
            obligation(
                "02",
                "登记读者",
                "Register readers",
                main,
                "  needs: [{on: LIB-1.03, kind: feeds}, {on: LIB-1.06, kind: supports}]\n",
            ),
            obligation("03", "整理书架", "Tidy the shelves", main, ""),
            obligation("04", "修理桌椅", "Mend the chairs", main, ""),
            obligation("05", "延长时间", "Longer hours", main, ""),
            obligation("06", "东馆扩建", "Extend the East", "  owner: {mode: single, lead: [LIB-EAST], support: [LIB-MAIN]}\n", ""),
            obligation("07", "无人负责", "Nobody’s", "", ""),
        ];
        w.write("lib/1.yaml", &parts.concat());
        w.tell();
        w
    }

    fn tell(&self) {
        let start = |n: &str, at: &str, until: &str| json!({"at": at, "duty": format!("LIB-1.{n}"), "event": "start", "until": until, "evidence": [{"type": "minutes", "name": "Minutes 1", "date": "2026-01-05"}]});
        let apply = |n: &str, at: &str| json!({"at": at, "duty": format!("LIB-1.{n}"), "event": "apply", "agreed": "manager-main", "percent": 100, "evidence": [{"type": "minutes", "name": "Minutes 2", "date": "2026-03-01"}]});
        self.log(
            "LIB-MAIN",
            "officer-main-aaaa",
            &[
                start("01", "2026-03-02T09:00:00.000+08:00", "2026-03-31"),
                start("02", "2026-03-02T09:01:00.000+08:00", "2026-06-30"),
                start("03", "2026-03-02T09:02:00.000+08:00", "2026-04-20"),
                start("04", "2026-03-02T09:03:00.000+08:00", "2026-05-31"),
                apply("02", "2026-03-10T09:00:00.000+08:00"),
                apply("04", "2026-03-20T09:00:00.000+08:00"),
            ],
        );
        self.log("LIB-EAST", "officer-east-bbbb", &[start("06", "2026-03-03T09:00:00.000+08:00", "2026-03-20")]);
        self.log(
            "LIB-MAIN",
            "reviewer-hq-cccc",
            &[json!({"at": "2026-03-25T09:00:00.000+08:00", "duty": "LIB-1.02", "event": "return", "reason": "登记表不全 / the forms are not whole"})],
        );
    }

    /// Sealed entries of a writer in one month.
    pub fn log(&self, dept: &str, writer: &str, entries: &[Value]) {
        let month = &entries[0]["at"].as_str().unwrap()[..7];
        let head = json!({"seq": 0, "log": "duban/1", "dept": dept, "month": month, "writer": writer, "after": null, "h": ""});
        let head: Header = serde_json::from_value(head).unwrap();
        let (mut text, mut last) = seal(&head, "");
        for (i, entry) in entries.iter().enumerate() {
            let mut v: Map<String, Value> = entry.as_object().unwrap().clone();
            v.insert("seq".into(), json!(i + 1));
            v.insert("by".into(), json!(writer.rsplit_once('-').unwrap().0));
            v.insert("dept".into(), json!(dept));
            v.insert("h".into(), json!(""));
            let entry: Entry = serde_json::from_value(Value::Object(v)).unwrap();
            let (line, h) = seal(&entry, &last);
            text += &line;
            last = h;
        }
        self.write(&format!("log/{dept}/{month}.{writer}.jsonl"), &text);
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.0.path().join("reg").join(file)
    }
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    #[track_caller]
    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
        self.write(file, &text.replace(from, to));
    }
    /// Runs the program on the day, in English and 100 columns unless told.
    pub fn run(&self, args: &[&str]) -> Run {
        let mut all = vec!["--register", "reg"];
        if !args.contains(&"--as-of") {
            all.extend(["--as-of", DAY]);
        }
        if !args.contains(&"--lang") {
            all.extend(["--lang", "en"]);
        }
        run(self.0.path(), &[&all, args].concat())
    }
    /// The register opened in this program.
    pub fn open(&self) -> Snapshot {
        open(&self.path(""), DAY)
    }
}

/// Runs the program in a folder.
pub fn run(dir: &Path, args: &[&str]) -> Run {
    let mut command = Command::cargo_bin("duban").unwrap();
    for name in ["DUBAN_REGISTER", "DUBAN_BY", "LANG", "LC_ALL", "COLUMNS", "NO_COLOR"] {
        command.env_remove(name);
    }
    let out = command.current_dir(dir).args(args).output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    Run { code: out.status.code().unwrap(), out: text(out.stdout), err: text(out.stderr) }
}

/// A register as of a day; the clock stands still.
pub fn open(root: &Path, day: &str) -> Snapshot {
    let now = "2027-01-31T18:00:00+08:00".parse().unwrap();
    let as_of = Some(When::Day(duban::model::time::parse_date(day).unwrap()));
    Snapshot::open(&Options { root, shown: "", now, as_of, on: None }).unwrap_or_else(|e| panic!("{e}"))
}

/// The two shipped registers.
pub fn shipped() -> [PathBuf; 2] {
    ["obligations", "obligations/sample-city"].map(|p| Path::new(env!("CARGO_MANIFEST_DIR")).join(p))
}

/// Holds a text against its file in `printed`; `DUBAN_BLESS=1` writes it anew.
#[track_caller]
pub fn hold(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchange_flow/printed").join(name);
    if std::env::var_os("DUBAN_BLESS").is_some_and(|v| v == "1") {
        fs::write(&path, text).unwrap();
    }
    let want = fs::read_to_string(&path).unwrap_or_default();
    let line = want.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    assert!(want == text, "{name} differs from line {}: {}", line + 1, text.lines().nth(line).unwrap_or("(end)"));
}
