//! Entries that come in by hand or by the hundred: drafts that are sealed, sealed lines that
//! somebody edited, tables that are imported; and the evidence that entries name.
//!
//! On a copy of the sample city, outside git. All or nothing is the law of every one of them.

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

struct City {
    dir: tempfile::TempDir,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

impl City {
    fn new() -> City {
        let dir = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations"), &dir.path().join("obligations"));
        City { dir }
    }
    fn root(&self) -> PathBuf {
        self.dir.path().join("obligations/sample-city")
    }
    fn write(&self, file: &str, text: &str) -> PathBuf {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
    #[track_caller]
    fn run(&self, code: i32, args: &[&str]) -> String {
        let mut command = Command::cargo_bin("duban").unwrap();
        for name in ["DUBAN_REGISTER", "DUBAN_BY", "COLUMNS", "GIT_DIR"] {
            command.env_remove(name);
        }
        command.env("GIT_CEILING_DIRECTORIES", self.dir.path().parent().unwrap()).current_dir(self.dir.path());
        let out = command.args(["--register", "obligations/sample-city", "--lang", "en"]).args(args).output().unwrap();
        let text = [out.stdout, out.stderr].map(|b| String::from_utf8(b).unwrap()).concat();
        assert_eq!(out.status.code(), Some(code), "{args:?}: {text}");
        text
    }
    #[track_caller]
    fn json(&self, code: i32, args: &[&str]) -> Value {
        serde_json::from_str(&self.run(code, args)).unwrap()
    }
    /// Names and bytes of what lies in a folder of the register, the log files in it only.
    fn files(&self, folder: &str) -> BTreeMap<String, String> {
        let dir = fs::read_dir(self.root().join(folder)).into_iter().flatten().flatten();
        dir.map(|e| (e.file_name().into_string().unwrap(), fs::read_to_string(e.path()).unwrap())).collect()
    }
    /// Path of the only log file of the department that was not shipped.
    #[track_caller]
    fn fresh(&self) -> PathBuf {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations/sample-city/log/CITY-CAC");
        let mut new = self.files("log/CITY-CAC").into_keys().filter(|n| !shipped.join(n).exists());
        let name = new.next().expect("a file was written");
        assert_eq!(new.next(), None);
        self.root().join("log/CITY-CAC").join(name)
    }
    fn count(&self) -> u64 {
        self.json(0, &["verify", "--format", "json"])["entries"].as_u64().unwrap()
    }
}

const GOOD: &str = "- duty: OPN-0.34\n  event: progress\n  percent: 55\n  note: two of three\n";
const BAD: &str = "duty: OPN-0.35\nevent: progres\npercent: 140\ndya: 2026-01-01\n";

#[test]
fn drafts_are_sealed_file_by_file_all_or_none() {
    let city = City::new();
    let before = city.count();
    city.write("log/drafts/CITY-CAC/a.yaml", GOOD);
    city.write("log/drafts/CITY-CAC/b.yaml", BAD);
    // One lawful entry and one that is not: the file stays as a whole.
    let half = format!("{GOOD}- duty: OPN-0.35\n  event: accept\n  note: by nobody\n");
    city.write("log/drafts/CITY-CAC/c.yaml", &half);
    // A draft in another department's folder is not that department's to seal.
    city.write("log/drafts/CITY-PSB/d.yaml", GOOD);
    let dry = city.run(1, &["log", "seal", "--by", "officer-cac", "--dry-run"]);
    assert!(dry.contains("b.yaml:2:8: `progres` is not one of the values; did you mean `progress`?"), "{dry}");
    assert!(dry.contains("b.yaml:4:1: unknown key `dya`; did you mean `day`?"), "{dry}");
    assert!(dry.ends_with("drafts that would be sealed: 1 files; not: 3; nothing was written\n"), "{dry}");
    assert_eq!((city.count(), city.files("log/drafts/CITY-CAC").len()), (before, 3));

    let said = city.run(1, &["log", "seal", "--by", "officer-cac"]);
    assert!(said.ends_with("drafts sealed: 1 files; left in place: 3\n"), "{said}");
    assert_eq!(city.count(), before + 1);
    assert_eq!(city.files("log/drafts/CITY-CAC"), BTreeMap::from([("b.yaml".into(), BAD.into()), ("c.yaml".into(), half)]));
    // What was refused is refused again, what was sealed is not there twice.
    city.run(1, &["log", "seal", "--by", "officer-cac"]);
    assert_eq!(city.count(), before + 1);
    // The gate tells of drafts that wait.
    assert!(city.run(0, &["check"]).contains("L016"));
}

/// The power went after the entries were written and before the drafts were put away: the
/// drafts lie there again as they were, and sealing them once more records nothing twice.
#[test]
fn a_draft_that_was_sealed_and_not_put_away_is_not_sealed_twice() {
    let city = City::new();
    let before = city.count();
    let two = format!("{GOOD}- duty: OPN-0.34\n  event: progress\n  percent: 60\n  note: then\n");
    let path = city.write("log/drafts/CITY-CAC/a.yaml", &two);
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    city.run(0, &["log", "seal", "--by", "officer-cac"]);
    assert_eq!((city.count(), path.exists()), (before + 2, false));
    city.write("log/drafts/CITY-CAC/a.yaml", &two);
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    city.run(0, &["log", "seal", "--by", "officer-cac"]);
    assert_eq!((city.count(), path.exists()), (before + 2, false));
    // The same words written anew are a question, not a second entry by accident.
    city.write("log/drafts/CITY-CAC/a.yaml", &two);
    let said = city.run(1, &["log", "seal", "--by", "officer-cac"]);
    assert!(city.count() == before + 2 && path.exists(), "{said}");
}

#[test]
fn a_sealed_line_that_was_edited_is_put_back_and_the_edit_becomes_a_correction() {
    let city = City::new();
    city.run(0, &["log", "progress", "OPN-0.34", "--by", "officer-cac", "--percent", "55", "--note", "two of three"]);
    let before = city.count();
    let path = city.fresh();
    let sealed = fs::read_to_string(&path).unwrap();
    let edited = sealed.replace("\"percent\":55", "\"percent\":65");
    assert_ne!(edited, sealed);
    fs::write(&path, format!("{edited}{{\"duty\":\"OPN-0.35\",\"event\":\"progress\",\"note\":\"typed\"}}\n记得补\n")).unwrap();
    let typed = fs::read_to_string(&path).unwrap();
    assert!(city.run(1, &["verify"]).ends_with("NOT whole: 3 troubles\n"));

    // A dry run says what it would do, and does nothing.
    let dry = city.run(1, &["log", "amend"]);
    assert!(dry.contains("percent changed; it is put back and the change recorded as a correction"), "{dry}");
    assert!(dry.contains("a line typed in by hand, never sealed; it is taken out and offered as a draft"), "{dry}");
    assert_eq!(fs::read_to_string(&path).unwrap(), typed);

    city.run(0, &["log", "amend", "--apply", "--by", "officer-cac", "--reason", "the figure was mistyped"]);
    let now = fs::read_to_string(&path).unwrap();
    assert!(now.starts_with(&sealed) && now.lines().count() == sealed.lines().count() + 1, "{now}");
    let last: Value = serde_json::from_str(now.lines().last().unwrap()).unwrap();
    let first: Value = serde_json::from_str(sealed.lines().last().unwrap()).unwrap();
    assert_eq!((&last["percent"], &last["fixes"], &last["reason"]), (&65.into(), &first["h"], &"the figure was mistyped".into()));
    assert_eq!(city.count(), before + 1);
    let drafts: String = city.files("log/drafts/CITY-CAC").into_values().collect();
    assert!(drafts.contains("note: \"typed\"") && drafts.contains("记得补"), "{drafts}");
    // Nothing is left to amend; a second run is quiet.
    let again = city.run(0, &["log", "amend", "--apply", "--reason", "x"]);
    assert!(city.count() == before + 1, "{again}");
}

#[test]
fn an_import_is_all_or_none_and_may_be_repeated() {
    let city = City::new();
    let before = city.count();
    let head = "编号,办理动作,填报人,进度,进展\n";
    let good = "OPN-0.34,进展,officer-cac,70,甲\nＯＰＮ－０.３５,progress,officer-cac,３０％,乙\n";
    let file = city.write("in.csv", &format!("{head}{good}OPN-9.99,progress,officer-cac,x,丙\n"));
    let file = file.to_str().unwrap().to_string();
    let said = city.run(1, &["log", "import", &file]);
    assert!(said.contains("in.csv:4") && said.contains("OPN-9.99") || said.contains("percent is \"x\""), "{said}");
    assert!(said.ends_with("refused: 1 of 3 rows; nothing was written\n"), "{said}");
    assert_eq!(city.count(), before);

    // With and without a byte-order mark, and as JSON Lines.
    city.write("in.csv", &format!("\u{feff}{head}{good}"));
    assert_eq!(city.run(0, &["log", "import", &file, "--dry-run"]), "2 rows would be recorded; nothing was written\n");
    assert_eq!(city.count(), before);
    let said = city.run(0, &["log", "import", &file]);
    assert!(said.ends_with("2 entries recorded in 1 files, 0 were there already, of 2 rows\n"), "{said}");
    let said = city.run(0, &["log", "import", &file]);
    assert!(said.ends_with("0 entries recorded in 0 files, 2 were there already, of 2 rows\n"), "{said}");
    assert_eq!(city.count(), before + 2);
    let jsonl = "{\"duty\":\"OPN-0.34\",\"event\":\"progress\",\"by\":\"officer-cac\",\"percent\":80,\"note\":\"丁\"}\n";
    let lines = city.write("in.jsonl", &format!("{jsonl}{{\"duty\":\"OPN-0.34\"\n"));
    let said = city.run(1, &["log", "import", lines.to_str().unwrap()]);
    assert!(said.contains("in.jsonl:2") && city.count() == before + 2, "{said}");
    fs::write(&lines, jsonl).unwrap();
    city.run(0, &["log", "import", lines.to_str().unwrap()]);
    assert_eq!(city.count(), before + 3);
    // A row that the state does not allow takes the lawful one with it.
    let file = city.write("late.csv", "duty,event,by,note\nOPN-0.34,progress,officer-cac,戊\nOPN-0.35,accept,officer-cac,己\n");
    let said = city.run(1, &["log", "import", file.to_str().unwrap()]);
    assert!(said.contains("late.csv:3") && city.count() == before + 3, "{said}");
}

#[test]
fn evidence_is_measured_again() {
    let city = City::new();
    let store = city.dir.path().join("store/2026");
    fs::create_dir_all(&store).unwrap();
    let papers = ["plan", "list", "secret"].map(|n| store.join(format!("{n}.pdf")));
    for p in &papers {
        fs::write(p, p.to_str().unwrap()).unwrap();
    }
    let with = |kind: &str, p: &Path| format!("{kind}={}", p.display());
    let (plan, list) = (with("policy-doc", &papers[0]), with("resp-list", &papers[1]));
    city.run(0, &["log", "progress", "OPN-0.34", "--by", "officer-cac", "--note", "x", "--evidence", &plan, "--evidence", &list]);
    // A paper above the internal class: its name is kept in the log and printed nowhere.
    city.write(
        "log/drafts/CITY-CAC/s.yaml",
        &format!(
            "duty: OPN-0.34\nevent: progress\nnote: x\nevidence:\n- {{type: policy-doc, file: {:?}, class: 秘密}}\n",
            papers[2].to_str().unwrap()
        ),
    );
    city.run(0, &["log", "seal", "--by", "officer-cac"]);
    let store = city.dir.path().join("store");
    let ask = |code: i32| {
        let v = city.json(code, &["evidence", "OPN-0.34", "--in", store.to_str().unwrap(), "--format", "json"]);
        let rows = v["rows"].as_array().unwrap().clone();
        let mut all: Vec<(String, String)> =
            rows.iter().map(|r| (r["name"].as_str().unwrap_or("").to_string(), r["file"].as_str().unwrap_or("").to_string())).collect();
        all.retain(|(_, f)| f != "name-only");
        all.sort();
        (all, v.to_string() + &city.run(code, &["evidence", "OPN-0.34", "--in", store.to_str().unwrap()]))
    };
    let (rows, printed) = ask(0);
    assert_eq!(states(&rows), [("list.pdf", "present"), ("plan.pdf", "present"), ("〔秘密〕", "present")]);
    assert!(!printed.contains("secret.pdf"), "{printed}");
    let history = city.run(0, &["history", "OPN-0.34", "--format", "json"]) + &city.run(0, &["show", "OPN-0.34"]);
    assert!(!history.contains("secret.pdf"), "{history}");

    fs::write(&papers[0], "another").unwrap();
    fs::remove_file(&papers[1]).unwrap();
    let (rows, printed) = ask(1);
    assert_eq!(states(&rows), [("list.pdf", "missing"), ("plan.pdf", "changed"), ("〔秘密〕", "present")]);
    assert!(printed.contains("changed") && printed.contains("missing"), "{printed}");
    // A folder that is not there is no empty folder.
    assert!(city.run(2, &["evidence", "--in", "nowhere"]).contains("nowhere is no folder"));
}

fn states(rows: &[(String, String)]) -> Vec<(&str, &str)> {
    rows.iter().map(|(name, state)| (name.as_str(), state.as_str())).collect()
}
