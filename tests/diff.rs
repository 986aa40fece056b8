//! `diff`: a small register under git, and one with a log, before and after.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

struct World(tempfile::TempDir);

struct Run {
    code: i32,
    out: String,
    err: String,
}

const PART: &str = "\
- id: LIB-1.01
  title: {zh: 每日开放, en: Open every day}
  requirement: {zh: 各馆每日开放自习室。, en: Libraries open the reading room every day.}
  kind: action
  modality: must
  source: {layer: rules, at: LIB:P1.s1.c1, anchor: 每日开放}
  owner: {mode: single, lead: [LIB-MAIN]}
  recurrence: continuous
- id: LIB-1.02
  title: {zh: 不得收费, en: No fees}
  requirement: {zh: 不得收取入场费。, en: No entrance fee.}
  kind: prohibition
  modality: prohibition
  source: {layer: rules, at: LIB:P1.s1.c2, anchor: 不得收费}
  owner: {mode: single, lead: [LIB-MAIN]}
  recurrence: continuous
";

impl World {
    /// A register, committed as `v1` of a repository.
    fn new() -> World {
        let w = World(tempfile::tempdir().unwrap());
        w.write(
            "register.yaml",
            "format: duban/1\nunit: {code: X, name: {zh: 市馆, en: City library}}\nlanguages: [en]\npolicies: [lib]\n",
        );
        w.write(
            "departments.yaml",
            "bodies:\n  - {id: LIB-MAIN, name: {zh: 市馆, en: Main library}}\n  - {id: LIB-EAST, name: {zh: 东馆, en: East library}}\n",
        );
        w.write(
            "lib/policy.yaml",
            "code: LIB\ntitle: {en: Rules}\nlisted: 2026-01-01\nparts:\n  - {id: LIB-1, file: 1.yaml, title: {en: Part 1}}\n",
        );
        w.write(
            "lib/clauses.yaml",
            "clauses:\n  - {at: LIB:P1.s1.c1, class: obligation, primary: [LIB-1.01]}\n  - {at: LIB:P1.s1.c2, class: obligation, primary: [LIB-1.02]}\n",
        );
        w.write("lib/1.yaml", PART);
        w.write("plan.yaml", "- {duty: LIB-1.01, person: officer-a, start: 2026-01-05, due: 2026-03-31}\n");
        w.git(&["init", "-q", "-b", "main"]);
        w.commit("v1");
        w
    }
    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join("reg").join(file)
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
    #[track_caller]
    fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.current_dir(self.0.path()).args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(args).assert().success();
    }
    fn commit(&self, tag: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", tag]);
        self.git(&["tag", tag]);
    }
    fn run(&self, args: &[&str]) -> Run {
        let mut command = Command::cargo_bin("duban").unwrap();
        for name in ["DUBAN_REGISTER", "DUBAN_BY", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG", "GIT_DIR", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        let out = command.current_dir(self.path("")).args(args).output().unwrap();
        Run {
            code: out.status.code().expect("not killed"),
            out: String::from_utf8(out.stdout).unwrap(),
            err: String::from_utf8(out.stderr).unwrap(),
        }
    }
    #[track_caller]
    fn json(&self, args: &[&str], code: i32) -> Value {
        let all: Vec<&str> =
            ["diff"].into_iter().chain(args.iter().copied()).chain(["--as-of", "2026-02-01", "--format", "json"]).collect();
        let run = self.run(&all);
        assert_eq!(run.code, code, "{}\n{}", run.out, run.err);
        serde_json::from_str(&run.out).unwrap()
    }
}

fn ids<'a>(v: &'a Value, list: &str, key: &str) -> Vec<&'a str> {
    v[list].as_array().unwrap().iter().map(|r| r[key].as_str().unwrap()).collect()
}

/// `LIB-1.01 owner.lead: LIB-MAIN > LIB-EAST`
fn fields(v: &Value, list: &str) -> Vec<String> {
    let s = |x: &Value| x.as_str().unwrap_or("").to_string();
    let rows = v[list].as_array().unwrap().iter();
    rows.flat_map(|r| {
        r["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(move |f| format!("{} {}: {} > {}", s(&r["id"]), s(&f["field"]), s(&f["old"]), s(&f["new"])))
    })
    .collect()
}

#[test]
fn nothing_changed_says_so() {
    let w = World::new();
    let v = w.json(&["v1"], 0);
    assert_eq!(
        (&v["schema"], &v["same"], &v["from"]["kind"], &v["to"]["kind"]),
        (&"duban/diff/1".into(), &true.into(), &"revision".into(), &"present".into())
    );
    for (lang, says) in [("en", "Nothing changed."), ("zh", "没有任何变动。")] {
        assert!(w.run(&["diff", "v1", "--lang", lang]).out.contains(says));
    }
    // A comment is a change of a file and of nothing else; it is not called nothing.
    w.replace("lib/1.yaml", "- id: LIB-1.01\n", "# a remark\n- id: LIB-1.01\n");
    let v = w.json(&["v1"], 0);
    assert_eq!((&v["same"], ids(&v, "files", "path"), fields(&v, "changed").len()), (&false.into(), vec!["lib/1.yaml"], 0));
}

#[test]
fn obligations_and_plans_field_by_field() {
    let w = World::new();
    w.replace("lib/1.yaml", "Libraries open the reading room every day.", "Libraries open the reading room on every working day.");
    w.replace("lib/1.yaml", "不得收取入场费。", "不得收取任何费用。");
    w.replace("plan.yaml", "due: 2026-03-31", "due: 2026-01-31");
    let text = fs::read_to_string(w.path("lib/1.yaml")).unwrap();
    let (first, second) = text.split_once("- id: LIB-1.02").unwrap();
    let first = first.replace("lead: [LIB-MAIN]}", "lead: [LIB-EAST], support: [LIB-MAIN]}");
    w.write("lib/1.yaml", &format!("{first}- id: LIB-1.02{second}"));
    w.commit("v2");
    let v = w.json(&["v1", "v2"], 0);
    assert_eq!(
        fields(&v, "changed"),
        [
            "LIB-1.01 requirement.en: Libraries open the reading room every day. > Libraries open the reading room on every working day.",
            "LIB-1.01 owner.lead: LIB-MAIN > LIB-EAST",
            "LIB-1.01 owner.support:  > LIB-MAIN",
            "LIB-1.02 requirement.zh: 不得收取入场费。 > 不得收取任何费用。",
        ]
    );
    let words = |i: usize| v["changed"][i]["fields"][0]["difference"].as_str().unwrap().to_string();
    assert_eq!(words(0), "Libraries open the reading room {+on +}every {+working +}day.");
    assert_eq!(words(1), "不得收取[-入场-]{+任何+}费{+用+}。");
    let came: Vec<String> =
        v["assignments"].as_array().unwrap().iter().map(|r| format!("{} {}", r["assignment"], r["change"]).replace('"', "")).collect();
    assert_eq!(came, ["LIB-1.01@LIB-EAST added", "LIB-1.01@LIB-MAIN removed"]);
    // The plan names LIB-1.01, whoever leads it: the assignments differ, and both are told.
    assert_eq!(ids(&v, "files", "path"), ["lib/1.yaml", "plan.yaml"]);
    // The other way round, and with two dots.
    assert_eq!(fields(&w.json(&["v2", "v1"], 0), "changed")[1], "LIB-1.01 owner.lead: LIB-EAST > LIB-MAIN");
    assert_eq!(w.json(&["v1..v2"], 0)["changed"], v["changed"]);
}

#[test]
fn obligations_that_came_and_went_and_lights_that_moved() {
    let w = World::new();
    let (first, second) = PART.split_once("- id: LIB-1.02").unwrap();
    w.write("lib/1.yaml", &format!("{first}- id: LIB-1.03{second}"));
    w.replace("plan.yaml", "due: 2026-03-31", "due: 2026-01-31");
    let v = w.json(&["v1"], 0);
    assert_eq!((ids(&v, "added", "id"), ids(&v, "removed", "id"), fields(&v, "changed").len()), (vec!["LIB-1.03"], vec!["LIB-1.02"], 0));
    assert_eq!(fields(&v, "plans"), ["LIB-1.01@LIB-MAIN due: 2026-03-31 > 2026-01-31"]);
    let moved = &v["moved"][0];
    assert_eq!(
        (&moved["assignment"], &moved["light"][1], &moved["due"][1]),
        (&"LIB-1.01@LIB-MAIN".into(), &"red".into(), &"2026-01-31".into())
    );
    assert_eq!(v["moved"].as_array().unwrap().len(), 1);
}

#[test]
fn two_days_of_the_present_register() {
    let w = World::new();
    let run = w.run(&["diff", "2026-03-31", "2026-04-01", "--format", "json"]);
    let v: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &v["from"]["as_of"], &v["to"]["as_of"]), (0, &"2026-03-31".into(), &"2026-04-01".into()));
    assert_eq!((fields(&v, "changed").len(), ids(&v, "moved", "assignment")), (0, vec!["LIB-1.01@LIB-MAIN"]));
    assert!(v["moved"][0]["reasons"][1].as_array().unwrap().contains(&"R1".into()), "{v}");
    // The same day twice.
    let same = w.run(&["diff", "2026-04-01", "2026-04-01", "--lang", "en"]);
    assert!(same.out.contains("Nothing changed."), "{}", same.out);
}

#[test]
fn what_cannot_be_read_is_not_called_removed() {
    let w = World::new();
    w.replace("lib/1.yaml", "- id: LIB-1.02\n  title: {zh: 不得收费, en: No fees}\n", "- id: LIB-1.02\n");
    let v = w.json(&["v1"], 1);
    assert_eq!(
        (ids(&v, "removed", "id").len(), ids(&v, "unreadable", "id"), ids(&v, "unreadable", "side")),
        (0, vec!["LIB-1.02"], vec!["to"])
    );
    // Nor what stands in a file of which nothing can be read.
    fs::write(w.path("lib/1.yaml"), b"\xff\xfe").unwrap();
    let v = w.json(&["v1"], 1);
    assert_eq!(ids(&v, "removed", "id").len(), 0, "{v}");
    // Nor a plan that is broken.
    let w = World::new();
    w.write("plan.yaml", "- {duty: LIB-1.01, person: [\n");
    let run = w.run(&["diff", "v1", "--lang", "en"]);
    assert!(run.code == 1 && run.out.contains("Not everything could be read"), "{}", run.out);
}

#[test]
fn markdown_fits_a_pull_request_comment() {
    let w = World::new();
    w.replace("lib/1.yaml", "No entrance fee.", "No fee | of any sort.");
    let md = w.run(&["diff", "v1", "--as-of", "2026-02-01", "--format", "md", "--lang", "en"]).out;
    let row = md.lines().find(|l| l.starts_with("| LIB-1.02 |")).unwrap_or_else(|| panic!("{md}"));
    assert_eq!(row, "| LIB-1.02 | requirement.en | No \\[-entrance-\\]{+fee \\| of+} \\[-fee-\\]{+any sort+}. |");
    assert!(md.starts_with("# What changed — X\n") && md.contains("obligations: added 0 · removed 0 · changed 1 (owner 0)"), "{md}");
    assert!(md.lines().all(|l| !l.contains('\u{1b}')));
}

#[test]
fn a_borrowed_catalogue_comes_along_and_nothing_is_written() {
    let w = World::new();
    w.write("east/register.yaml", "format: duban/1\nunit: {code: E, name: {en: East}}\nlanguages: [en]\ncatalogue: ..\n");
    w.write("east/departments.yaml", "bodies:\n  - {id: EAST-HALL, acts_for: LIB-MAIN, name: {en: East hall}}\n");
    w.commit("v2");
    w.replace("lib/1.yaml", "No entrance fee.", "No fee at all.");
    let before = fs::read(w.0.path().join(".git/index")).unwrap();
    let v: Value = serde_json::from_str(&w.run(&["--register", "east", "diff", "v2", "--format", "json"]).out).unwrap();
    assert_eq!((&v["unit"], fields(&v, "changed").len(), &v["from"]["read"]), (&"E".into(), 1, &2.into()));
    assert_eq!(fs::read(w.0.path().join(".git/index")).unwrap(), before);
    // The register of the city did not stand there at the first revision.
    let none = w.run(&["--register", "east", "diff", "v1"]);
    assert!(none.code == 2 && none.err.contains("has no reg/east/register.yaml"), "{}", none.err);
}

#[test]
fn what_is_neither_day_nor_revision_is_refused() {
    let w = World::new();
    for name in ["nowhere", "-v1", "--output=x"] {
        let run = w.run(&["diff", "--", name]);
        assert!(run.code == 2 && run.err.contains("there is no revision"), "{name}: {}", run.err);
    }
}
