//! The gate as CI meets it: forms of output, what is new since a revision, the baseline,
//! the proof. Each test is a small world, a copy of `tests/rules/base`, in which nothing is
//! wrong until something is broken by hand.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The day as of which the base is at peace.
const DAY: &str = "2023-06-30";
const FORMATS: &[&str] = &["text", "json", "sarif", "junit", "github", "gitlab"];

struct World(tempfile::TempDir);

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    #[track_caller]
    fn code(self, want: i32) -> Run {
        assert_eq!(self.code, want, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", self.out, self.err))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)
        } else {
            let _ = fs::copy(entry.path(), to).unwrap();
        }
    }
}

impl World {
    fn new() -> World {
        let world = World(tempfile::tempdir().unwrap());
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base"), &world.path("reg"));
        world
    }
    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }
    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path("reg").join(file)).unwrap()
    }
    fn write(&self, file: &str, text: &str) {
        fs::write(self.path("reg").join(file), text).unwrap();
    }
    /// Replaces words that stand there once.
    #[track_caller]
    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
        self.write(file, &text.replace(from, to));
    }
    /// Everything in the world: path and bytes.
    fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let (mut open, mut out) = (vec![self.0.path().to_path_buf()], BTreeMap::new());
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    open.push(entry.path())
                } else {
                    drop(out.insert(entry.path(), fs::read(entry.path()).unwrap()))
                }
            }
        }
        out
    }
    fn bare(&self, dir: &str, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        for name in ["DUBAN_REGISTER", "NO_COLOR", "COLUMNS", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "LC_ALL", "LC_MESSAGES", "LANG"]
        {
            command.env_remove(name);
        }
        command.env("GIT_CEILING_DIRECTORIES", self.0.path().parent().unwrap());
        let out = command.current_dir(self.path(dir)).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: out.status.code().expect("an exit code"), out: text(out.stdout), err: text(out.stderr) }
    }
    fn check(&self, more: &[&str]) -> Run {
        let args: Vec<&str> = ["check", "--lang", "en", "--as-of", DAY].into_iter().chain(more.iter().copied()).collect();
        self.bare("reg", &args)
    }
    fn git(&self, args: &[&str]) {
        let fixed = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"];
        let out = Command::new("git").current_dir(self.0.path()).env_remove("GIT_DIR").args(fixed).args(args).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    fn commit(&self) {
        if !self.path(".git").exists() {
            self.git(&["init", "-q", "-b", "main"]);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "state"]);
    }
}

/// One that denies, one that is waived, one that warns, one obligation that cannot be read.
fn broken() -> World {
    let world = World::new();
    world.replace("tst/1-a.yaml", "  owner: {mode: single, lead: [DEP-POL]}\n", "");
    world.replace("tst/2-b.yaml", "  title: {zh: 案件下降, en: Fewer cases}", "  title: {zh: 案件下降, fr: 减少, en: Fewer cases}");
    world.replace("plan.yaml", "- duty: TST-2.01\n  person: officer-pol\n  start: 2023-01-15\n  due: standing\n", "");
    let waiver = |rule: &str| format!("- {{rule: {rule}, subject: TST-2.01, who: supervisor-gov, why: 待定, until: 2023-12-31}}\n");
    world.write("waivers.yaml", &(waiver("O002") + &waiver("O003")));
    world
}

#[test]
fn the_verdict_does_not_depend_on_the_form() {
    let (good, bad) = (World::new(), broken());
    for format in FORMATS {
        let before = (good.tree(), bad.tree());
        let (quiet, loud) = (good.check(&["--format", format]).code(0), bad.check(&["--format", format]).code(1));
        assert_eq!((good.tree(), bad.tree()), before, "{format}: check wrote something");
        // What was looked at is said in both, on one stream or the other.
        for (run, read, invalid) in [(&quiet, 5, 0), (&loud, 5, 1)] {
            let said = format!("{}{}", run.out, run.err);
            let forms = [format!("read {read} · valid {} · invalid {invalid}", read - invalid), format!("\"invalid\": {invalid}")];
            assert!(forms.iter().any(|f| said.contains(f.as_str())), "{format}:\n{said}");
        }
        assert!(!quiet.out.contains("O001 TST") && loud.out.contains("O001"), "{format}: {}", loud.out);
    }
    assert_eq!(good.check(&["--format", "gitlab"]).json(), json!([]));
}

#[test]
fn sarif_says_where_in_characters_and_suppresses_what_is_waived() {
    let world = broken();
    let v = world.check(&["--format", "sarif"]).json();
    let run = &v["runs"][0];
    assert_eq!((&v["version"], &run["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")));
    let results = run["results"].as_array().unwrap();
    let of = |rule: &str| results.iter().filter(|r| r["ruleId"] == rule).collect::<Vec<_>>();
    let place = |r: &Value| r["locations"][0]["physicalLocation"].clone();
    let key = place(of("E003")[0]);
    assert_eq!(key["region"], json!({"startLine": 17, "startColumn": 21, "endColumn": 23, "snippet": {"text": "fr"}}));
    assert_eq!(key["artifactLocation"]["uri"], "tst/2-b.yaml");
    // The line in the file holds these words at these characters.
    let line: Vec<char> = world.read("tst/2-b.yaml").lines().nth(16).unwrap().chars().collect();
    assert_eq!(line[20..22].iter().collect::<String>(), "fr");
    assert!(of("O001")[0].get("suppressions").is_none() && of("O001")[0]["level"] == "error");
    for rule in ["O002", "O003"] {
        let s = &of(rule)[0]["suppressions"][0];
        assert_eq!((&s["kind"], &s["status"]), (&json!("external"), &json!("accepted")));
        assert_eq!(s["justification"], "supervisor-gov: 待定 (until 2023-12-31)");
    }
    assert_eq!((&run["properties"]["invalid"], &run["invocations"][0]["exitCode"]), (&json!(1), &json!(1)));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), duban::rules::TABLE.len());
    for r in results {
        assert_eq!(rules[r["ruleIndex"].as_u64().unwrap() as usize]["id"], r["ruleId"]);
    }
    let o001 = rules.iter().find(|r| r["id"] == "O001").unwrap();
    assert!(o001["help"]["markdown"].as_str().unwrap().starts_with("# O001 "));
    assert!(o001["help"]["text"].as_str().unwrap().starts_with("Name the lead."));
}

#[test]
fn junit_fails_what_denies_and_skips_what_is_waived() {
    let world = broken();
    let xml = world.check(&["--format", "junit"]).out;
    let sum = |key: &str| -> usize {
        xml.split(&format!(" {key}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap().parse::<usize>().unwrap()).sum()
    };
    let v = world.check(&["--format", "json"]).json();
    assert_eq!(sum("failures"), v["deny"].as_u64().unwrap() as usize);
    assert_eq!((sum("skipped"), xml.matches("<skipped ").count()), (2, 2));
    assert_eq!(sum("tests"), xml.matches("<testcase ").count());
    assert!(sum("tests") >= duban::rules::TABLE.len(), "every rule that was looked at is a case");
    assert!(xml.contains("<testcase name=\"O001 TST-1.01\" classname=\"duban.O001\" time=\"0\">"), "{xml}");
    assert!(xml.contains("tst/2-b.yaml:17:21\n  title: {zh: 案件下降, fr: 减少, en: Fewer cases}"), "{xml}");
    for rule in duban::rules::TABLE.iter() {
        assert!(duban::emit::junit::FAMILIES.iter().any(|(l, _)| rule.info.id.starts_with(*l)), "{} would not be reported", rule.info.id);
    }
}

#[test]
fn annotations_name_files_from_the_top_of_the_worktree() {
    let world = broken();
    let here = world.check(&["--format", "github"]).out;
    assert!(here.contains("::error file=tst/2-b.yaml,line=17,endLine=17,col=21,endColumn=23,title=E003 tst/2-b.yaml::"), "{here}");
    assert!(here.contains("::notice title=duban::waived: O002 × 1, O003 × 1\n"), "{here}");
    world.git(&["init", "-q", "-b", "main"]);
    let args = ["-C", "reg", "check", "--lang", "en", "--as-of", DAY, "--format"];
    let inside = world.bare(".", &[&args[..], &["github"]].concat()).code(1).out;
    assert!(inside.contains("::error file=reg/tst/2-b.yaml,line=17,"), "{inside}");
    let sarif = world.bare(".", &[&args[..], &["sarif"]].concat()).json();
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert!(uri.as_str().unwrap().starts_with("reg/"), "{uri}");
    // For programs that run in the same folder the path is the folder's.
    let json = world.bare(".", &[&args[..], &["json"]].concat()).json();
    assert!(json["rows"].as_array().unwrap().iter().any(|r| r["place"]["file"] == "tst/1-a.yaml"));
}

#[test]
fn fingerprints_outlive_a_moved_line_and_count_what_is_twice() {
    let world = broken();
    let prints = |world: &World| -> Vec<String> {
        let v = world.check(&["--format", "gitlab"]).json();
        let mut all: Vec<String> = v.as_array().unwrap().iter().map(|i| i["fingerprint"].as_str().unwrap().to_string()).collect();
        all.sort();
        all
    };
    let before = prints(&world);
    assert_eq!(before.len(), before.iter().collect::<BTreeSet<_>>().len(), "two findings share a fingerprint: {before:?}");
    for file in ["tst/1-a.yaml", "tst/2-b.yaml", "plan.yaml"] {
        let text = world.read(file);
        world.write(file, &format!("# a line more\n\n{text}"));
    }
    assert_eq!(prints(&world), before);
    world.replace(
        "tst/1-a.yaml",
        "modality: must\n  source: {layer: opinions, at: TST:P1.s1.c1",
        "modality: mast\n  source: {layer: opinions, at: TST:P1.s1.c1",
    );
    assert_ne!(prints(&world), before, "another mistake is another fingerprint");
}

#[test]
fn a_register_that_cannot_be_opened_is_a_finding_in_every_form() {
    let world = World::new();
    world.replace("register.yaml", "format: duban/1", "format: duban/9");
    for format in FORMATS {
        let run = world.check(&["--format", format]).code(1);
        let said = if *format == "text" { &run.err } else { &run.out };
        assert!(said.contains("E006") && said.contains("register.yaml"), "{format}:\n{}\n{}", run.out, run.err);
    }
}

/// Holds a value against the part of JSON Schema that the published shape uses.
fn fits(value: &Value, schema: &Value, root: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(path) = schema["$ref"].as_str() {
        fits(value, &root["$defs"][path.rsplit('/').next().unwrap()], root, at, wrong);
    }
    let of = |t: &str| match t {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        other => panic!("{other}?"),
    };
    if schema["type"].as_str().is_some_and(|t| !of(t))
        || schema.get("const").is_some_and(|c| c != value)
        || schema["enum"].as_array().is_some_and(|all| !all.contains(value))
    {
        wrong.push(format!("{at}: {value}"));
    }
    for key in schema["required"].as_array().into_iter().flatten().filter(|k| value.get(k.as_str().unwrap()).is_none()) {
        wrong.push(format!("{at}: no {key}"));
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(s), _) => fits(inner, s, root, &format!("{at}.{key}"), wrong),
            (None, Value::Bool(false)) => wrong.push(format!("{at}: {key} is not in the schema")),
            (None, s) => fits(inner, s, root, &format!("{at}.{key}"), wrong),
        }
    }
    for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
        fits(inner, &schema["items"], root, &format!("{at}[{i}]"), wrong);
    }
}

#[test]
fn json_has_the_published_shape() {
    let schema: Value = serde_json::from_str(duban::emit::json::SCHEMA).unwrap();
    let told = |v: &Value| {
        let mut wrong = Vec::new();
        fits(v, &schema, &schema, "$", &mut wrong);
        wrong
    };
    let world = broken();
    world.commit();
    for args in [&["--format", "json"][..], &["--format", "json", "--allow", "O002"]] {
        let v = world.check(args).json();
        assert_eq!(told(&v), Vec::<String>::new());
        // Whatever the schema lists is there, and the schema bites.
        let listed: BTreeSet<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let here: BTreeSet<&String> = v.as_object().unwrap().keys().collect();
        let more: Vec<_> = listed.difference(&here).map(|k| k.as_str()).collect();
        assert_eq!(more, ["old", "old_count", "since"]);
        let mut other = v.clone();
        other["rows"][0]["colour"] = json!("red");
        other["read"] = json!("5");
        assert_eq!(told(&other).len(), 2);
    }
}

/// What a revision had is listed and does not fail; what is new fails; what takes no waiver
/// fails however old it is; and a revision that cannot be had is no green.
#[test]
fn only_what_is_new_fails() {
    let world = World::new();
    world.commit();
    world.replace("plan.yaml", "  person: officer-bank\n  start: 2023-02-01\n", "  start: 2023-02-01\n");
    world.check(&[]).code(1);
    world.check(&["--new-since", "HEAD"]).code(1);
    world.commit();
    let run = world.check(&["--new-since", "HEAD", "--format", "json"]).code(0);
    let v = run.json();
    assert_eq!((v["rows"].as_array().unwrap().len(), v["old_count"].as_u64(), v["old"][0]["rule"].as_str()), (0, Some(1), Some("O002")));
    // The lines above have moved: it is the same finding still. A second one is new.
    let text = world.read("plan.yaml");
    world.write("plan.yaml", &format!("# a comment\n\n{text}"));
    world.check(&["--new-since", "HEAD"]).code(0);
    world.replace("plan.yaml", "- duty: TST-1.01\n  person: officer-pol\n", "- duty: TST-1.01\n");
    let v = world.check(&["--new-since", "HEAD", "--format", "json"]).code(1).json();
    assert_eq!((v["rows"][0]["subject"].as_str().map(|s| s.starts_with("TST-1.01")), v["old_count"].as_u64()), (Some(true), Some(1)));
    // A line of a log that cannot be read is no less unreadable for being old.
    world.write("plan.yaml", &text);
    let waivers = "- rule: nothing\n  subject: x\n";
    world.write("waivers.yaml", waivers);
    world.commit();
    world.check(&["--new-since", "HEAD"]).code(1);
    let run = world.check(&["--new-since", "nowhere"]).code(2);
    assert!(run.err.contains("cannot compare with nowhere") && run.out.is_empty(), "{}{}", run.out, run.err);
}

/// A duty whose words change after they were signed is outdated, with old and new words, by
/// whom and when; what needs it is suspect; a slip elsewhere is nothing; an attest clears it.
#[test]
fn a_reworded_duty_is_outdated_until_it_is_attested() {
    let world = World::new();
    world.commit();
    world.replace("tst/1-a.yaml", "title: {zh: 建立名单制度, en: Set up the list}", "title: {zh: 建立名单制度, en: Setting up the list}");
    world.check(&[]).code(0);
    world.replace(
        "tst/1-a.yaml",
        "{zh: 建立名单制度。, en: Set up a list and keep it.}",
        "{zh: 建立公开名单制度。, en: Set up a list and publish it.}",
    );
    world.replace("tst/1-a.yaml", "support: [DEP-POL]", "support: [DEP-POL, DEP-COM]");
    // What was signed stood in a commit before the last one, and in the catalogue's words.
    world.commit();
    let found = |run: Run, rule: &str| -> Vec<Value> {
        run.json()["rows"].as_array().unwrap().iter().filter(|r| r["rule"] == rule).cloned().collect()
    };
    let json = ["--format", "json"];
    let told = found(world.check(&json).code(1), "L017");
    let message = &told[0]["message"];
    assert_eq!(
        message["en"],
        "TST-1.02: the `accept` by reviewer-gov on 2023-04-20 was for other words: requirement Set up a list and [-keep-]{+publish+} it.; owner DEP-BANK; support DEP-POL{+, DEP-COM+} single"
    );
    assert!(message["zh"].as_str().unwrap().contains("requirement 建立{+公开+}名单制度。"), "{message}");
    assert_eq!((told.len(), &told[0]["subject"], &told[0]["place"]["line"]), (1, &json!("TST-1.02"), &json!(17)));
    let suspect = found(world.check(&json), "D004");
    assert_eq!((suspect.len(), &suspect[0]["subject"], &suspect[0]["level"]), (1, &json!("TST-1.03"), &json!("warn")));
    // The day before it was first signed there was nothing to outdate.
    assert!(found(world.bare("reg", &["check", "--as-of", "2023-04-01", "--format", "json"]), "L017").is_empty());
    // Without git the words are not available, and that is said.
    fs::rename(world.path(".git"), world.path("git")).unwrap();
    assert!(found(world.check(&json), "L017")[0]["message"]["en"].as_str().unwrap().contains("requirement (words not available) is now"));
    fs::rename(world.path("git"), world.path(".git")).unwrap();
    world.bare("reg", &["log", "attest", "TST-1.02", "--by", "officer-bank", "--lang", "en"]).code(2);
    world.bare("reg", &["log", "attest", "TST-1.02", "--by", "officer-bank", "--reason", "the list is public now", "--lang", "en"]).code(0);
    let now = world.bare("reg", &["check", "--format", "json"]);
    assert!(found(now, "L017").is_empty());
}

/// An old repository: what denies is waived by name, the rest still fails; what comes later
/// fails; nothing but waivers.yaml is written, and without who and why not even that.
#[test]
fn a_baseline_waives_by_name_what_is_there_and_nothing_that_comes() {
    let world = World::new();
    world.replace("plan.yaml", "  person: officer-bank\n  start: 2023-02-01\n", "  start: 2023-02-01\n");
    world.replace("plan.yaml", "  start: 2023-02-01\n  due: 2023-05-31\n", "  start: 2023-02-01\n");
    world.write("waivers.yaml", "# accepted so far\n# why this one\n- {rule: O009, subject: X-1.01, who: a, why: b, until: 2023-12-31}\n");
    let before = world.tree();
    let base = ["--accept-as-baseline"];
    world.check(&base).code(2);
    world.check(&["--accept-as-baseline", "--who", "supervisor-gov", "--why", " "]).code(2);
    world.check(&["--accept-as-baseline", "--who", "supervisor-gov", "--why", "x", "--until", "2023-01-01"]).code(2);
    assert_eq!(world.tree(), before, "a refused baseline wrote something");
    let accept = ["--accept-as-baseline", "--who", "supervisor-gov", "--why", "taken over: to be cleared", "--until", "2099-09-30"];
    let v = world.check(&["--format", "json"]).code(1).json();
    let print = v["rows"].as_array().unwrap().iter().find(|r| r["rule"] == "L007").unwrap()["fingerprint"].as_str().unwrap().to_string();
    let run = world.check(&accept).code(0);
    assert!(run.err.contains("waivers.yaml: added 3 · renewed 0 · supervisor-gov · 2099-09-30"), "{}", run.err);
    let item = |rule: &str| {
        format!("- rule: {rule}\n  subject: TST-1.02\n  who: supervisor-gov\n  why: \"taken over: to be cleared\"\n  until: 2099-09-30\n")
    };
    assert_eq!(
        world.read("waivers.yaml"),
        format!(
            "# accepted so far\n# why this one\n{}{}{}- {{rule: O009, subject: X-1.01, who: a, why: b, until: 2023-12-31}}\n",
            item("L007").replace("  who:", &format!("  finding: {print}\n  who:")),
            item("O002"),
            item("O003")
        )
    );
    let mut after = world.tree();
    after.insert(world.path("reg/waivers.yaml"), before.get(&world.path("reg/waivers.yaml")).cloned().unwrap());
    assert_eq!(after, before, "something besides waivers.yaml was written");
    // Again: nothing to add, the same bytes.
    let same = world.tree();
    world.check(&accept).code(0);
    assert_eq!(world.tree(), same);
    // What comes later fails; what takes no waiver cannot be accepted; and it all ends.
    world.replace("plan.yaml", "- duty: TST-2.01\n  person: officer-pol\n", "- duty: TST-2.01\n");
    world.check(&[]).code(1);
    world.replace("plan.yaml", "- duty: TST-2.01\n", "- duty: TST-2.01\n  person: officer-pol\n");
    world.check(&[]).code(0);
    let over = world.bare("reg", &["check", "--as-of", "2099-10-01", "--format", "json"]).code(1).json();
    let rules: BTreeSet<&str> = over["rows"].as_array().unwrap().iter().map(|r| r["rule"].as_str().unwrap()).collect();
    assert!(rules.is_superset(&BTreeSet::from(["O002", "O003", "W001"])), "{rules:?}");
    world.replace("tst/1-a.yaml", "  owner: {mode: single, lead: [DEP-POL]}\n", "");
    let run = world.check(&accept).code(1);
    assert!(run.err.contains("what a waiver cannot settle still fails"), "{}", run.err);
    assert!(!world.read("waivers.yaml").contains("O001"));
}

/// Whatever is broken, a rule speaks; one that is turned off is missed, one that is lowered
/// warns, one that is waived is said to be; and nothing is written.
#[test]
fn the_proof_breaks_one_thing_of_every_kind() {
    let world = World::new();
    let before = world.tree();
    let prove = |more: &[&str]| world.check(&[&["--prove", "--format", "json"], more].concat());
    let answers = |run: &Run| -> BTreeMap<String, String> {
        let rows = run.json()["rows"].as_array().unwrap().clone();
        rows.iter().map(|r| (r["broken"]["en"].as_str().unwrap().to_string(), r["answer"].as_str().unwrap().to_string())).collect()
    };
    let run = prove(&[]).code(0);
    let v = run.json();
    assert_eq!((&v["verdict"], &v["untried"]), (&json!("passed"), &json!([])));
    for row in v["rows"].as_array().unwrap() {
        match row["answer"].as_str().unwrap() {
            "denies" => {
                let expected: Vec<&str> = row["expected"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
                assert!(expected.contains(&row["rule"].as_str().unwrap()) && row["level"] == "deny", "{row}");
                let file = row["place"]["file"].as_str().unwrap();
                assert!(row["place"]["line"].as_u64().unwrap() > 0 || file.starts_with("stray-"), "{row}");
            }
            // A unit with a catalogue of its own borrows none, saves no report, and no list of waivers is there to be out of order.
            "no-occasion" => assert!(["E015", "E017", "O009", "W004"].contains(&row["expected"][0].as_str().unwrap()), "{row}"),
            other => panic!("{other}: {row}"),
        }
    }
    assert!(v["rows"].as_array().unwrap().len() >= 55, "{}", v["rows"].as_array().unwrap().len());
    assert_eq!(world.tree(), before, "the proof wrote something");
    // The controls: a gate with holes is seen to have them.
    let text = world.read("register.yaml");
    world.write("register.yaml", &(text.clone() + "rules: {O002: allow, O003: warn}\n"));
    let run = prove(&[]).code(1);
    let told = answers(&run);
    assert_eq!((told["the named person taken out"].as_str(), told["the due date taken out"].as_str()), ("silence", "warns"));
    assert_eq!(run.json()["verdict"], "missed");
    let strict = prove(&["--strict"]).code(1);
    assert_eq!(answers(&strict)["the due date taken out"], "denies");
    world.write("register.yaml", &text);
    world.write("waivers.yaml", "- {rule: O002, subject: \"TST-*\", who: a, why: b, until: 2099-12-31}\n");
    assert_eq!(answers(&prove(&[]).code(0))["the named person taken out"], "waived");
    // One assignment without waiver is enough to try it on.
    world.write("waivers.yaml", "- {rule: O002, subject: \"TST-1*\", who: a, why: b, until: 2099-12-31}\n");
    assert_eq!(answers(&prove(&[]).code(0))["the named person taken out"], "denies");
    let text = world.check(&["--prove", "--width", "100"]).code(0).out;
    assert!(text.contains("passed: a rule speaks for each of "), "{text}");
    assert!(text.contains("O002 the named person taken out") == text.contains("waived, so that the check would pass"), "{text}");
    // What hides it is named; where there is nothing to break, nothing is proved.
    world.write("waivers.yaml", "- {rule: O002, subject: \"TST-*\", who: supervisor-gov, why: b, until: 2099-12-31}\n");
    let text = world.check(&["--prove", "--width", "160"]).code(0).out;
    assert!(text.contains("O002 the named person taken out: TST-* supervisor-gov 2099-12-31"), "{text}");
    let empty = World::new();
    empty.write("tst/1-a.yaml", "- id: [\n");
    empty.write("tst/2-b.yaml", "- id: [\n");
    empty.check(&["--prove"]).code(2);
    world.check(&["--prove", "--format", "sarif"]).code(2);
}

/// What a waiver covers and what is "already there" is the very finding: a second rewording, a
/// second alteration of the same line, a second unlawful entry are new.
#[test]
fn a_second_fault_about_the_same_thing_is_a_new_one() {
    let world = World::new();
    let accept = ["--accept-as-baseline", "--who", "supervisor-gov", "--why", "known", "--until", "2099-12-31"];
    let log = "log/DEP-POL/2023-05.officer-pol-p2la.jsonl";
    let reworded = |words: &str| world.replace("tst/1-a.yaml", "zh: 明确各单位分工", words);
    reworded("zh: 明确各单位分工甲");
    world.replace(log, "Half of the districts", "All of the districts");
    world.commit();
    world.check(&[]).code(1);
    world.check(&["--new-since", "HEAD"]).code(0);
    world.check(&accept).code(0);
    world.check(&[]).code(0);
    assert_eq!(world.read("waivers.yaml").matches("  finding: ").count(), 2, "{}", world.read("waivers.yaml"));
    // Again, otherwise.
    reworded("zh: 乙明确各单位分工");
    world.check(&[]).code(1);
    world.check(&["--new-since", "HEAD"]).code(1);
    world.replace("tst/1-a.yaml", "乙", "");
    world.check(&[]).code(0);
    world.replace(log, "All of the districts", "None of the districts");
    world.check(&[]).code(1);
    world.check(&["--new-since", "HEAD"]).code(1);
}

/// A misspelt waiver is not written over, a link is not followed, an odd file is left alone.
#[test]
fn a_baseline_leaves_what_it_cannot_read_alone() {
    let world = World::new();
    world.replace("plan.yaml", "  person: officer-bank\n  start: 2023-02-01\n", "  start: 2023-02-01\n");
    let accept = ["--accept-as-baseline", "--who", "supervisor-gov", "--why", "known"];
    for text in ["- {rule: O002, subject: TST-1.02, whoo: a, why: b, until: 2099-12-31}\n", "- rule: [\n", "\t- rule: x\n"] {
        world.write("waivers.yaml", text);
        let run = world.check(&accept).code(2);
        assert!(run.err.contains("mend waivers.yaml first"), "{text}: {}", run.err);
        assert_eq!(world.read("waivers.yaml"), text);
    }
    world.write("waivers.yaml", "# nothing yet\n");
    world.check(&accept);
    assert!(world.read("waivers.yaml").starts_with("# nothing yet\n- rule: O002\n"), "{}", world.read("waivers.yaml"));
}

/// A correction of an old signature signs what that one had signed; a fresh signature of changed
/// words says that it signs them; what does not apply asks nobody.
#[test]
fn a_correction_signs_nothing_anew() {
    let world = World::new();
    let log = |args: &[&str]| world.bare("reg", &[&["log"], args, &["--lang", "en"]].concat());
    let outdated = || world.bare("reg", &["check", "--format", "json"]).json().to_string().contains("\"L017\"");
    log(&["attest", "TST-1.02", "--by", "officer-bank", "--reason", "read"]).code(0);
    let line = world.bare("reg", &["history", "TST-1.02", "--format", "json"]).json();
    let h = line["rows"].as_array().unwrap().last().unwrap()["h"].as_str().unwrap().to_string();
    world.replace("tst/1-a.yaml", "zh: 建立名单制度。", "zh: 建立公开名单制度。");
    assert!(outdated());
    log(&["attest", "TST-1.02", "--by", "officer-bank", "--reason", "a slip of the pen mended", "--fixes", &h]).code(0);
    assert!(outdated(), "whoever mends a slip in an old entry has read nothing anew");
    let run = log(&["attest", "TST-1.02", "--by", "officer-bank", "--reason", "read the new words"]).code(0);
    assert!(run.out.contains("its wording had changed since it was last signed (requirement)"), "{}", run.out);
    assert!(!outdated());
    world.replace("tst/1-a.yaml", "zh: 建立公开名单制度。", "zh: 建立名单制度。");
    assert!(outdated());
    let until = "2099-12-31";
    log(&["exempt", "TST-1.02", "--by", "officer-bank", "--agreed", "approver-gov", "--reason", "left the business", "--until", until])
        .code(0);
    assert!(!outdated(), "what does not apply cannot be attested, so it is not asked for");
}
