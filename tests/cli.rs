//! The program as people and scripts meet it, on copies of the shipped registers.
//!
//! Every test has a folder of its own, outside git, so that the state folder is
//! `.duban/` in the register and nothing outside the copy can be touched.

use assert_cmd::Command;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use unicode_width::UnicodeWidthStr;

/// The day up to which the sample city's log was written.
const SAMPLE_DAY: &str = "2026-10-31";

/// The parts of the Opinions and of the court notice, with their files.
const PARTS: &[&str] = &[
    "opinions-2022/0-general.yaml",
    "opinions-2022/1-crackdown.yaml",
    "opinions-2022/2-prevention.yaml",
    "opinions-2022/3-industry.yaml",
    "opinions-2022/4-territory.yaml",
    "opinions-2022/5-organisation.yaml",
    "court-notice-2022/1-campaign.yaml",
    "court-notice-2022/2-punishment.yaml",
    "court-notice-2022/3-trials.yaml",
];

/// A folder with a copy of `obligations/`.
struct World {
    dir: tempfile::TempDir,
    register: &'static str,
}

/// What a run left behind.
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

fn copy(from: &Path, to: &Path, skip: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if skip.contains(&name.as_str()) || name.starts_with('.') {
            continue;
        }
        let path = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &path, skip);
        } else {
            fs::copy(entry.path(), path).unwrap();
        }
    }
}

impl World {
    fn new(register: &'static str, skip: &[&str]) -> World {
        let dir = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations"), &dir.path().join("obligations"), skip);
        World { dir, register }
    }
    /// The national register alone.
    fn national() -> World {
        World::new("obligations", &["sample-city"])
    }
    /// The sample city with its whole log.
    fn city() -> World {
        World::new("obligations/sample-city", &[])
    }
    /// The sample city before its first entry.
    fn young_city() -> World {
        World::new("obligations/sample-city", &["log"])
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join(self.register)
    }
    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join("obligations").join(file)
    }
    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }
    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }
    /// Replaces a text that stands there once.
    #[track_caller]
    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
        self.write(file, &text.replace(from, to));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("duban").unwrap();
        for name in
            ["DUBAN_REGISTER", "DUBAN_BY", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "GIT_DIR", "LC_ALL", "LC_MESSAGES", "LANG"]
        {
            command.env_remove(name);
        }
        command.env("GIT_CEILING_DIRECTORIES", self.dir.path().parent().unwrap());
        command.current_dir(self.dir.path()).arg("--register").arg(self.register).args(args);
        command
    }
    #[track_caller]
    fn run(&self, args: &[&str]) -> Run {
        let out = self.command(args).output().unwrap();
        Run {
            code: out.status.code().expect("not killed"),
            out: String::from_utf8(out.stdout).unwrap(),
            err: String::from_utf8(out.stderr).unwrap(),
        }
    }
    /// A run that must succeed.
    #[track_caller]
    fn ok(&self, args: &[&str]) -> String {
        self.run(args).code(0).out
    }
    #[track_caller]
    fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        self.run(&args).code(0).json()
    }

    /// Every file of the copy with its bytes; the state folder only where asked for.
    fn tree(&self, state: bool) -> BTreeMap<PathBuf, Vec<u8>> {
        fn walk(dir: &Path, state: bool, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    if state || path.file_name().unwrap() != ".duban" {
                        out.insert(path.clone(), Vec::new());
                        walk(&path, state, out);
                    }
                } else {
                    out.insert(path.clone(), fs::read(&path).unwrap());
                }
            }
        }
        let mut out = BTreeMap::new();
        walk(self.dir.path(), state, &mut out);
        out
    }

    /// The log files of the register that are there now.
    fn logs(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.tree(false).into_iter().filter(|(p, _)| p.extension().is_some_and(|e| e == "jsonl")).collect()
    }
}

fn rows(v: &Value) -> &Vec<Value> {
    v["rows"].as_array().unwrap()
}

fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v[key].as_str().unwrap_or_else(|| panic!("no {key} in {v}"))
}

fn texts<'a>(v: &'a Value, key: &str) -> Vec<&'a str> {
    rows(v).iter().map(|r| text(r, key)).collect()
}

// ---- the first screens ----

#[test]
fn status_and_coverage_name_the_departments_in_both_languages() {
    let known = [
        (
            World::national(),
            "zh",
            vec!["全国", "公安部", "工信部", "国家网信办", "人民银行", "金融监管总局", "各级法院", "未启动", "义务总数"],
        ),
        (World::national(), "en", vec!["National", "MPS", "MIIT", "CAC", "PBC", "NFRA", "Courts", "All obligations"]),
        (
            World::city(),
            "zh",
            vec!["示例市反诈专班", "示例数据", "市公安局", "市网信办", "金融监管分局", "市中院", "市商业银行", "义务总数"],
        ),
        (World::city(), "en", vec!["Sample City", "sample data", "PSB", "CAC", "NFRA", "Court", "City Commercial Bank", "All obligations"]),
    ];
    for (world, lang, names) in &known {
        for command in ["status", "coverage"] {
            let out = world.ok(&["--lang", lang, command]);
            for name in names.iter().filter(|n| command == "status" || **n != "未启动") {
                assert!(out.contains(name), "{command} --lang {lang} of {} lacks {name}:\n{out}", world.register);
            }
            assert!(out.contains("86"), "{out}");
        }
    }
    // The language of the register is spoken when nobody says otherwise.
    assert_eq!(known[0].0.ok(&["status"]), known[0].0.ok(&["--lang", "zh", "status"]));
}

#[test]
fn a_renamed_body_bears_the_name_of_the_day() {
    let world = World::national();
    let then = world.ok(&["status", "--as-of", "2022-12-31"]);
    assert!(then.contains("银保监会") && !then.contains("金融监管总局"), "{then}");
    let now = world.ok(&["status"]);
    assert!(now.contains("金融监管总局") && !now.contains("银保监会"), "{now}");
    let count = |as_of: &str| {
        let v = world.json(&["status", "--as-of", as_of]);
        let row = rows(&v).iter().find(|r| r["key"] == "DEP-NFRA").unwrap().clone();
        (row["total"].clone(), v["total"]["total"].clone(), rows(&v).len())
    };
    assert_eq!(count("2022-12-31"), count(SAMPLE_DAY));
    // Either id finds the same rows.
    assert_eq!(world.json(&["list", "dept:DEP-CBIRC"])["rows"], world.json(&["list", "dept:金融监管总局"])["rows"]);
}

#[test]
fn the_citys_counts_move_with_the_as_of_date() {
    let world = World::city();
    let at = |day: &str| world.json(&["status", "--as-of", day]);
    let (then, now) = (at("2022-12-31"), at(SAMPLE_DAY));
    assert_eq!((text(&then, "as_of"), text(&now, "as_of")), ("2022-12-31", SAMPLE_DAY));
    assert_ne!(then["total"]["states"], now["total"]["states"]);
    assert_eq!((then["total"]["total"].as_u64(), now["total"]["total"].as_u64()), (Some(86), Some(86)));
    assert!(then["recorded_after"].as_u64() > Some(0));
    assert_eq!(now["recorded_after"], 0);
    assert!(world.ok(&["status", "--as-of", "2022-12-31"]).contains("银保监分局"));
    // What is counted can be opened into rows with the same words.
    for row in rows(&now).iter().step_by(3) {
        let list = world.json(&["list", &format!("dept:{}", text(row, "key")), "--as-of", SAMPLE_DAY]);
        assert_eq!(rows(&list).len() as u64, row["total"].as_u64().unwrap(), "{row}");
    }
}

#[test]
fn both_registers_pass_the_gate() {
    for world in [World::national(), World::city()] {
        let v = world.json(&["check", "--as-of", SAMPLE_DAY]);
        assert_eq!((text(&v, "verdict"), v["deny"].as_u64(), v["read"].as_u64()), ("passed", Some(0), Some(86)), "{}", world.register);
        assert!(rows(&v).iter().all(|r| r["level"] != "deny"));
        world.ok(&["check", "--as-of", SAMPLE_DAY]);
    }
}

// ---- the graph ----

#[test]
fn the_graph_joins_part_three_to_its_sectors_and_leads() {
    let world = World::national();
    let out = world.ok(&["graph", "--format", "dot"]);
    let all = ["PBC", "NFRA", "MIIT", "CAC"];
    let want: [(&str, &str, &[&str], &[&str]); 6] = [
        ("OPN-3.09", "TEL", &["TEL"], &["MIIT"]),
        ("OPN-3.11", "NET", &["NET"], &["CAC"]),
        ("OPN-3.15", "CRS", &["FIN", "TEL", "NET"], &all),
        ("OPN-3.16", "CRS", &["FIN", "TEL", "NET"], &all),
        ("OPN-3.17", "CRS", &["FIN", "TEL", "NET"], &all),
        ("OPN-3.18", "CRS", &["CRS", "JUD", "FIN", "TEL", "NET"], &["NDRC"]),
    ];
    for (id, sector, reaches, leads) in want {
        let edges: BTreeSet<String> = out
            .lines()
            .map(|l| l.trim().replace(", style=bold", "").replace(", style=dashed", ""))
            .filter(|l| l.contains("->") && l.contains(&format!("\"{id}\"")))
            .collect();
        let named = |name: &str, kind: &str| edges.iter().filter(|e| e.contains(&format!("[label=\"{kind}\"]"))).any(|e| *e == name);
        assert!(named(&format!("\"{id}\" -> \"SEC-{sector}\" [label=\"in-sector\"];"), "in-sector"), "{id}: {edges:#?}");
        let count = |kind: &str| edges.iter().filter(|e| e.ends_with(&format!("[label=\"{kind}\"];"))).count();
        for code in reaches {
            assert!(edges.contains(&format!("\"{id}\" -> \"SEC-{code}\" [label=\"reaches\"];")), "{id} does not reach {code}: {edges:#?}");
        }
        for dept in leads {
            assert!(edges.contains(&format!("\"DEP-{dept}\" -> \"{id}\" [label=\"leads\"];")), "{id} is not led by {dept}: {edges:#?}");
        }
        assert_eq!((count("in-sector"), count("reaches"), count("leads")), (1, reaches.len(), leads.len()), "{id}");
    }
    assert!(out.contains("\"OPN-3.17\" -> \"OPN-3.16\" [label=\"requires\"];"));
    assert!(out.contains("\"OPN-3.18\" -> \"USR-ACCT\" [label=\"concerns\"];"));
    // Whatever an edge names is drawn as a node, and nothing is drawn as dangling.
    let name = |s: &str| s.split('"').nth(1).unwrap().to_string();
    let nodes: BTreeSet<String> = out.lines().filter(|l| l.contains("[label=") && l.contains("shape=")).map(name).collect();
    for line in out.lines().filter(|l| l.contains(" -> ")) {
        let (a, b) = line.split_once(" -> ").unwrap();
        assert!(nodes.contains(&name(a)) && nodes.contains(&name(b)), "{line}");
    }
    assert!(!out.contains("color=red") && out.starts_with("digraph") && out.trim_end().ends_with('}'));
    // A query draws its obligations and what they touch; an unknown edge is an error.
    let part = world.ok(&["graph", "part:OPN-3", "--edges", "leads,in-sector"]);
    assert!(part.contains("leads") && part.contains("in-sector") && !part.contains("requires") && !part.contains("\"OPN-1.01\""));
    assert!(world.run(&["graph", "--edges", "lead"]).code(2).err.contains("leads"));
}

// ---- owners ----

/// The file's lines without the `owner:` block of an obligation, and the 1-based line of its id.
fn without_owner(text: &str, id: &str) -> (String, usize) {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|l| *l == format!("- id: {id}")).unwrap_or_else(|| panic!("{id} is not there"));
    let owner = start + lines[start..].iter().position(|l| l.starts_with("  owner:")).unwrap();
    let end = owner + 1 + lines[owner + 1..].iter().take_while(|l| l.starts_with("   ")).count();
    let kept: Vec<&str> = lines[..owner].iter().chain(&lines[end..]).copied().collect();
    (kept.join("\n") + "\n", start + 1)
}

#[test]
fn an_obligation_without_owner_fails_the_gate_whichever_it_is() {
    let text_of = |file: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations").join(file)).unwrap();
    let all: Vec<(&str, String)> = PARTS
        .iter()
        .flat_map(|file| {
            text_of(file).lines().filter_map(|l| l.strip_prefix("- id: ").map(|id| (*file, id.to_string()))).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(all.len(), 86);
    // It must not matter whether another obligation leans on the one without owner.
    let linked: BTreeSet<String> = PARTS
        .iter()
        .flat_map(|f| text_of(f).lines().filter_map(|l| l.trim().strip_prefix("- {on: ").map(|l| l[..8].to_string())).collect::<Vec<_>>())
        .collect();
    assert!(linked.len() > 30 && all.iter().filter(|(_, id)| !linked.contains(id)).count() > 10);

    std::thread::scope(|scope| {
        for chunk in all.chunks(all.len().div_ceil(2)) {
            scope.spawn(move || {
                let world = World::national();
                for (file, id) in chunk {
                    let whole = world.read(file);
                    let (text_without, line) = without_owner(&whole, id);
                    world.write(file, &text_without);
                    let v = world.run(&["check", "--format", "json"]).code(1).json();
                    world.write(file, &whole);
                    assert_eq!((v["read"].as_u64(), v["valid"].as_u64(), v["invalid"].as_u64()), (Some(86), Some(86), Some(0)), "{id}");
                    assert_eq!(text(&v, "verdict"), "denied");
                    let hits: Vec<&Value> = rows(&v).iter().filter(|r| r["rule"] == "O001").collect();
                    assert_eq!(hits.len(), 1, "{id}");
                    let (hit, place) = (hits[0], &hits[0]["place"]);
                    assert_eq!((text(hit, "subject"), text(hit, "level")), (id.as_str(), "deny"));
                    assert_eq!(
                        (text(place, "file"), place["line"].as_u64()),
                        (format!("obligations/{file}").as_str(), Some(line as u64)),
                        "{id}"
                    );
                    assert!(text(place, "excerpt").contains(id.as_str()), "{place}");
                    // Nothing else denies: the one mistake is told once.
                    assert_eq!(v["deny"], 1, "{id}: {:?}", rows(&v).iter().filter(|r| r["level"] == "deny").collect::<Vec<_>>());
                }
            });
        }
    });
}

#[test]
fn an_owner_may_be_empty_in_other_ways_and_takes_no_waiver() {
    let world = World::national();
    let file = "opinions-2022/3-industry.yaml";
    let whole = world.read(file);
    let owner = "owner: {mode: single, lead: [DEP-NDRC], support: [DEP-MPS, DEP-PBC, DEP-MIIT, DEP-SPC], basis: proposed}";
    for other in ["owner: {mode: single, lead: [], support: [DEP-MPS], basis: proposed}", "owner: {mode: single, basis: proposed}"] {
        world.replace(file, owner, other);
        let out = world.run(&["check"]).code(1).out;
        assert!(out.contains("O001") && out.contains("OPN-3.18") && out.contains("3-industry.yaml"), "{other}: {out}");
        let listed = world.json(&["status"]);
        assert_eq!((listed["total"]["total"].as_u64(), listed["total"]["no_owner"].as_u64()), (Some(86), Some(1)));
        world.write(file, &whole);
    }
    // A waiver for it is itself an error and changes nothing.
    world.replace(file, owner, "owner: {mode: single, basis: proposed}");
    let waivers = world.read("waivers.yaml");
    world.write(
        "waivers.yaml",
        &waivers.replacen(
            "- rule: O002",
            "- {rule: O001, subject: OPN-3.18, who: register-editor, why: a try, until: 2030-12-31}\n- rule: O002",
            1,
        ),
    );
    let v = world.run(&["check", "--format", "json"]).code(1).json();
    let denied: BTreeSet<&str> = rows(&v).iter().filter(|r| r["level"] == "deny").map(|r| text(r, "rule")).collect();
    assert!(denied.contains("O001") && denied.contains("W003"), "{denied:?}");
    // Nor can it be talked down on the command line or in register.yaml.
    world.write("waivers.yaml", &waivers);
    for args in [["check", "--allow", "O001"], ["check", "--warn", "O001"]] {
        assert_ne!(world.run(&args).code, 0, "{args:?}");
    }
}

// ---- the log ----

#[test]
fn an_entry_shows_in_the_history_and_changes_nothing_else() {
    let world = World::city();
    let before = (world.json(&["history"]), world.json(&["list"]), world.logs());
    let target = rows(&before.1)
        .iter()
        .find(|r| r["status"] == "in-progress" && r["person"].is_string())
        .expect("the sample has something in progress")
        .clone();
    let (assignment, person) = (text(&target, "assignment"), text(&target, "person"));
    let said = world.ok(&["log", "progress", assignment, "--by", person, "--percent", "41", "--note", "核验二十三处，余四处"]);
    let after = (world.json(&["history"]), world.json(&["list"]), world.logs());

    assert_eq!(rows(&after.0).len(), rows(&before.0).len() + 1);
    let old: BTreeSet<&str> = texts(&before.0, "h").into_iter().collect();
    let new: Vec<&Value> = rows(&after.0).iter().filter(|r| !old.contains(text(r, "h"))).collect();
    assert_eq!(new.len(), 1);
    let entry = new[0];
    assert_eq!(
        (text(entry, "id"), text(entry, "by"), text(entry, "event"), text(entry, "mark")),
        (text(&target, "id"), person, "progress", "counts")
    );
    assert!(text(entry, "what").contains("核验二十三处，余四处") && text(entry, "what").contains("41%"), "{entry}");
    assert!(said.starts_with(text(entry, "h")) && said.contains(assignment), "{said}");
    assert!(world.ok(&["history", text(&target, "id"), "--width", "400"]).contains("核验二十三处，余四处"));
    let kept: Vec<&Value> = rows(&after.0).iter().filter(|r| old.contains(text(r, "h"))).collect();
    assert_eq!(kept, rows(&before.0).iter().collect::<Vec<_>>());

    // One line more in one file, everything before it untouched.
    let changed: Vec<&PathBuf> = after.2.iter().filter(|(p, bytes)| before.2.get(*p) != Some(bytes)).map(|(p, _)| p).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    let (was, is) = (before.2.get(changed[0]).cloned().unwrap_or_default(), &after.2[changed[0]]);
    assert!(is.starts_with(&was) && is.ends_with(b"\n") && before.2.keys().all(|p| after.2.contains_key(p)));
    // Every other assignment reads as before; of this one only what progress may move.
    let others = |v: &Value| rows(v).iter().filter(|r| r["assignment"] != target["assignment"]).cloned().collect::<Vec<_>>();
    assert_eq!(others(&before.1), others(&after.1));
    let now = rows(&after.1).iter().find(|r| r["assignment"] == target["assignment"]).unwrap();
    for key in ["status", "due", "person", "extensions", "next_review", "unlawful", "title", "lead"] {
        assert_eq!(now[key], target[key], "{key}");
    }
    assert_eq!(now["percent"], 41);
    world.ok(&["check"]);
}

/// A post, an obligation that it leads alone, and the start of it.
fn started(world: &World) -> (&'static str, &'static str) {
    world.ok(&["log", "start", "OPN-3.18", "--by", "officer-drc", "--evidence", "minutes=部署会纪要;number=2023〔1〕"]);
    ("officer-drc", "OPN-3.18")
}

#[test]
fn refused_entries_write_nothing() {
    let world = World::young_city();
    let refused: &[&[&str]] = &[
        &["log", "progress", "OPN-3.18", "--by", "officer-drc", "--note", "还没有启动"],
        &["log", "start", "OPN-3.18", "--by", "officer-drc"],
        &["log", "start", "OPN-3.18", "--by", "officer-drc", "--evidence", "training=培训记录"],
        &["log", "start", "OPN-3.18", "--by", "officer-drc", "--evidence", "minuets=纪要"],
        &["log", "start", "OPN-3.18", "--by", "officer-psb", "--evidence", "minutes=纪要"],
        &["log", "start", "OPN-3.18", "--by", "nobody", "--evidence", "minutes=纪要"],
        &["log", "start", "OPN-3.18", "--by", "Officer DRC", "--evidence", "minutes=纪要"],
        &["log", "start", "OPN-3.81", "--by", "officer-drc", "--evidence", "minutes=纪要"],
        &["log", "start", "OPN-3.15", "--by", "officer-drc", "--evidence", "minutes=纪要"],
        &["log", "strat", "OPN-3.18", "--by", "officer-drc", "--evidence", "minutes=纪要"],
        &["log", "start", "OPN-3.18", "--by", "officer-drc", "--evidence", "minutes=纪要", "--until", "2026-2-3"],
        &["log", "start", "OPN-3.18", "--by", "officer-drc", "--evidence", "minutes=纪要", "--day", "2999-01-01"],
        &["log", "start", "OPN-3.18", "--evidence", "minutes=纪要"],
        &["log", "accept", "OPN-3.18", "--by", "reviewer-jco"],
        &["log", "accept", "OPN-3.18", "--by", "officer-drc"],
        &["log", "exempt", "OPN-3.18", "--by", "officer-drc", "--reason", "不适用", "--until", "2030-01-01"],
        &["log", "void", "OPN-3.18", "--by", "officer-drc"],
        &["log", "void", "OPN-3.18", "--by", "officer-drc", "--fixes", "AAAAAAAAAAAAAAAAAAAAAA"],
        &["log", "progress", "OPN-3.18", "--by", "officer-drc", "--percent", "101"],
        &["log", "start", "OPN-3.04@CITY-PBC", "--by", "officer-pbc", "--evidence", "minutes=纪要"],
    ];
    let untouched = world.tree(false);
    for args in refused {
        let run = world.run(args).code(2);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{args:?}: {}", run.out);
        assert!(world.tree(false) == untouched, "{args:?} wrote something");
    }
    // The same after a first entry, when there is a file to write to.
    let (by, duty) = started(&world);
    let once = world.tree(false);
    assert_eq!(world.logs().len(), 1);
    let later: &[&[&str]] = &[
        &["log", "start", duty, "--by", by, "--evidence", "minutes=再次部署"],
        &["log", "apply", duty, "--by", by, "--agreed", "manager-drc"],
        &["log", "apply", duty, "--by", by, "--evidence", "policy-doc=办法"],
        &["log", "accept", duty, "--by", "reviewer-jco"],
        &["log", "unblock", duty, "--by", by],
        &["log", "breach", duty, "--by", by, "--note", "不是禁止事项"],
        &["log", "extend", duty, "--by", by, "--until", "2030-01-01", "--reason", "无人同意"],
        &["log", "progress", duty, "--by", by, "--indicator", "K9", "--value", "1"],
        &["log", "progress", duty, "--by", by, "--indicator", "K1", "--value", "一"],
        &["log", "progress", duty, "--by", by, "--via", "CITY-PSB"],
    ];
    for args in later {
        world.run(args).code(2);
        assert!(world.tree(false) == once, "{args:?} wrote something");
    }
    assert_eq!(rows(&world.json(&["history"])).len(), 1);
}

#[test]
fn a_misspelt_event_duty_or_evidence_type_is_answered_with_what_was_meant() {
    let world = World::young_city();
    let meant = [
        (vec!["log", "strat", "OPN-3.18", "--by", "officer-drc"], "start"),
        (vec!["log", "start", "OPN-3.81", "--by", "officer-drc"], "OPN-3.18"),
        (vec!["log", "start", "OPN-3.18", "--by", "officer-drc", "--evidence", "minuets=x"], "minutes"),
        (vec!["log", "start", "OPN-3.18", "--by", "officer-drd", "--evidence", "minutes=x"], "officer-drc"),
        (vec!["show", "OPN-3.81"], "OPN-3.18"),
        (vec!["explain", "O010"], "O001"),
    ];
    for (args, word) in meant {
        let run = world.run(&args).code(2);
        assert!(run.err.contains(word), "{args:?}: {}", run.err);
    }
}

#[test]
fn reading_commands_and_check_write_nothing() {
    for world in [World::national(), World::young_city()] {
        let before = world.tree(true);
        for args in [
            vec!["check"],
            vec!["check", "--format", "json"],
            vec!["check", "--strict"],
            vec!["status"],
            vec!["coverage", "--by", "part"],
            vec!["list"],
            vec!["due"],
            vec!["history"],
            vec!["show", "OPN-3.18"],
            vec!["impact", "OPN-3.11"],
            vec!["graph"],
            vec!["rules"],
        ] {
            let run = world.run(&args);
            assert!(run.code <= 1 && !run.out.is_empty(), "{args:?}: {}", run.err);
            assert!(world.tree(true) == before, "{args:?} wrote something");
        }
    }
}

#[test]
fn a_key_makes_submitting_twice_harmless() {
    let world = World::young_city();
    let args = ["log", "start", "OPN-3.18", "--by", "officer-drc", "--evidence", "minutes=纪要", "--key", "form-17"];
    let first = world.ok(&args);
    let once = world.logs();
    // A second start would be unlawful; under its key it is the first one again.
    let second = world.ok(&args);
    assert_eq!(first.split(' ').next(), second.split(' ').next());
    assert!(world.logs() == once);
    assert_eq!(rows(&world.json(&["history"])).len(), 1);
    world.ok(&["log", "progress", "OPN-3.18", "--by", "officer-drc", "--note", "另一条", "--key", "form-18"]);
    assert_eq!(rows(&world.json(&["history"])).len(), 2);
}

#[test]
fn entries_made_at_the_same_time_all_land() {
    let world = World::young_city();
    let (by, duty) = started(&world);
    let running: Vec<_> = (0..8)
        .map(|n| {
            let bin = assert_cmd::cargo::cargo_bin("duban");
            let mut command = std::process::Command::new(bin);
            command.current_dir(world.dir.path()).env_remove("DUBAN_BY").env("GIT_CEILING_DIRECTORIES", world.dir.path().parent().unwrap());
            command.args(["--register", world.register, "log", "progress", duty, "--by", by, "--note", &format!("第{n}条")]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in running {
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    let v = world.json(&["history", duty]);
    let said: BTreeSet<&str> = texts(&v, "what").into_iter().collect();
    assert!((0..8).all(|n| said.contains(format!("第{n}条").as_str())), "{said:?}");
    assert_eq!(rows(&v).len(), 9);
    assert_eq!(texts(&v, "mark"), ["counts"; 9]);
    let at = texts(&v, "at");
    assert!(at.windows(2).all(|w| w[0] < w[1]), "{at:?}");
    world.ok(&["check"]);
}

fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b == b'\n').count()
}

#[test]
fn a_torn_tail_is_set_aside_by_the_next_entry() {
    let world = World::young_city();
    let (by, duty) = started(&world);
    let (path, whole) = world.logs().pop_first().unwrap();
    let torn = b"{\"seq\":2,\"at\":\"2026-11-2\xe4";
    fs::write(&path, [whole.as_slice(), torn].concat()).unwrap();
    let v = world.run(&["check", "--format", "json"]).code(1).json();
    assert!(texts(&v, "rule").contains(&"L014"), "{v}");
    assert_eq!(rows(&world.json(&["history"])).len(), 1);

    world.ok(&["log", "progress", duty, "--by", by, "--note", "断电之后"]);
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.starts_with(&whole) && bytes.ends_with(b"\n"));
    assert_eq!(lines(&bytes), lines(&whole) + 1);
    let aside: Vec<Vec<u8>> =
        fs::read_dir(world.root().join(".duban/aside")).unwrap().map(|e| fs::read(e.unwrap().path()).unwrap()).collect();
    assert_eq!(aside, [torn.to_vec()]);
    assert_eq!(texts(&world.json(&["history"]), "event"), ["start", "progress"]);
    world.ok(&["check"]);
}

#[test]
fn confirmed_lines_that_the_file_has_lost_come_back() {
    let world = World::young_city();
    let (by, duty) = started(&world);
    world.ok(&["log", "progress", duty, "--by", by, "--note", "第二条"]);
    let (path, whole) = world.logs().pop_first().unwrap();
    // A tool that rewrote the file from an older copy has dropped the newest line.
    let cut = whole[..whole.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    fs::write(&path, &whole[..cut]).unwrap();
    assert_eq!(rows(&world.json(&["history"])).len(), 1);
    world.ok(&["log", "progress", duty, "--by", by, "--note", "第三条"]);
    assert!(fs::read(&path).unwrap().starts_with(&whole));
    // The whole file gone: the same.
    fs::remove_file(&path).unwrap();
    world.ok(&["log", "progress", duty, "--by", by, "--note", "第四条"]);
    let what = texts(&world.json(&["history"]), "what").join(" ");
    assert!(["第二条", "第三条", "第四条"].iter().all(|w| what.contains(w)), "{what}");
    world.ok(&["check"]);
}

#[test]
#[cfg(unix)]
fn the_log_is_not_written_through_links() {
    let world = World::young_city();
    let (by, duty) = started(&world);
    let (path, _) = world.logs().pop_first().unwrap();
    let elsewhere = world.dir.path().join("elsewhere.jsonl");
    fs::hard_link(&path, &elsewhere).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    world.run(&["log", "progress", duty, "--by", by, "--note", "x"]).code(2);
    assert_eq!(fs::read(&elsewhere).unwrap(), before);
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    world.run(&["log", "progress", duty, "--by", by, "--note", "x"]).code(2);
    assert_eq!(fs::read(&elsewhere).unwrap(), before);
}

/// What was called "not written" must not come back later.
#[test]
#[cfg(unix)]
fn an_entry_refused_at_a_link_stays_away() {
    let world = World::young_city();
    let (by, duty) = started(&world);
    let (path, _) = world.logs().pop_first().unwrap();
    let elsewhere = world.dir.path().join("elsewhere.jsonl");
    fs::hard_link(&path, &elsewhere).unwrap();
    world.run(&["log", "progress", duty, "--by", by, "--note", "甲"]).code(2);
    fs::remove_file(&elsewhere).unwrap();
    world.ok(&["log", "progress", duty, "--by", by, "--note", "乙"]);
    assert_eq!(texts(&world.json(&["history"]), "what")[1..], ["乙"]);
}

#[test]
fn an_altered_line_is_found() {
    let world = World::young_city();
    let (by, duty) = started(&world);
    world.ok(&["log", "progress", duty, "--by", by, "--percent", "30"]);
    let (path, whole) = world.logs().pop_first().unwrap();
    let altered = String::from_utf8(whole).unwrap().replace("\"percent\":30", "\"percent\":80");
    fs::write(&path, altered).unwrap();
    let v = world.run(&["check", "--format", "json"]).code(1).json();
    let hit = rows(&v).iter().find(|r| r["rule"] == "L002").expect("the chain is broken");
    assert_eq!(hit["place"]["line"], 3);
    assert_eq!(v["log_entries"], 2);
}

// ---- queries ----

#[test]
fn a_word_that_matches_nothing_known_is_an_error_with_a_suggestion() {
    let world = World::city();
    let typos = [
        ("dpt:CITY-PSB", "dept"),
        ("dept:CITY-PBS", "CITY-P"),
        ("dept:公安部部", "公安部"),
        ("sector:FIM", "FIN"),
        ("part:OPN-9", "OPN-"),
        ("policy:OPM", "OPN"),
        ("tier:X", "R"),
        ("person:officer-drd", "officer-drc"),
        ("status:operatin", "operating"),
        ("status:待验", "待验收"),
        ("light:rde", "red"),
        ("kind:buidl", "build"),
        ("due:2026-13", "2026-11"),
        ("due:2026-02-30", "2026-11"),
        ("evidence:policy-dco", "policy-doc"),
        ("OPN-3.81", "OPN-3.18"),
        ("not:dept:CITY-XXX", "CITY-"),
        ("OPN-3.18@CITY-PSB", "OPN-3.18"),
        ("数据", "text:"),
    ];
    for (word, meant) in typos {
        let run = world.run(&["status", word]).code(2);
        assert!(run.out.is_empty(), "{word} printed {}", run.out);
        // A department without near name has no list of all to offer.
        assert!(run.err.contains(meant) || word.starts_with("not:"), "{word}: {}", run.err);
        assert!(run.err.contains(word.rsplit(':').next().unwrap()), "{word}: {}", run.err);
    }
    // Every command that takes a query refuses it.
    for command in ["coverage", "list", "history", "due", "graph"] {
        let run = world.run(&[command, "status:operatin"]).code(2);
        assert!(run.out.is_empty() && run.err.contains("operating"), "{command}: {}", run.err);
    }
}

#[test]
fn what_cannot_go_on_says_so_in_the_language_asked_for_else_the_registers() {
    let world = World::young_city();
    // The register lists Chinese first; a locale only speaks where nothing else does.
    let wrong: [(&[&str], &str, &str); 9] = [
        (&["show", "OPN-9.99"], "没有义务 OPN-9.99", "there is no obligation OPN-9.99"),
        (&["status", "--as-of", "soon"], "--as-of：`soon` 既不是日期，也不是版本", "--as-of: `soon` is neither a date nor a revision"),
        (&["report", "leger"], "没有报表 `leger`\n  → 是否想写 ledger？", "there is no report `leger`\n  → did you mean ledger?"),
        (&["report", "ledger", "--format", "pfd"], "没有格式 `pfd`", "there is no format `pfd`"),
        (&["explain", "O01"], "没有规则 O01\n  → 是否想写 O001？", "there is no rule O01\n  → did you mean O001?"),
        (&["log", "start", "OPN-3.18"], "没有指明由谁登记", "nobody is named as recording this"),
        (&["check", "--allow", "O001"], "O001 的级别不能调低", "O001 cannot be lowered"),
        (&["export", "xls"], "没有格式 `xls`", "there is no form `xls`"),
        (&["graph", "--edges", "leed"], "没有关联 leed", "there is no edge leed"),
    ];
    for (args, zh, en) in wrong {
        let said = |more: &[&str]| {
            let run = world.run(&[more, args].concat()).code(2);
            assert!(run.out.is_empty(), "{args:?}: {}", run.out);
            run.err
        };
        let own = said(&[]);
        assert!(own.starts_with(&format!("duban: {zh}")), "{own}");
        assert_eq!(own, said(&["--lang", "zh"]));
        let english = said(&["--lang", "en"]);
        assert!(english.starts_with(&format!("duban: {en}")) && !english.contains('。'), "{english}");
        let (zh, en) = (zh.lines().next().unwrap(), en.lines().next().unwrap());
        assert!(said(&["--lang", "both"]).starts_with(&format!("duban: {zh} {en}")), "{args:?}");
        let out = world.command(args).env("LC_ALL", "en_US.UTF-8").output().unwrap();
        assert_eq!(String::from_utf8(out.stderr).unwrap(), own);
    }
    // Where there is no register, the locale speaks.
    let alone = |locale: &str| {
        let mut command = Command::cargo_bin("duban").unwrap();
        let out = command.env_remove("DUBAN_REGISTER").env("LC_ALL", locale).current_dir(world.dir.path().parent().unwrap());
        String::from_utf8(out.arg("status").output().unwrap().stderr).unwrap()
    };
    assert!(alone("zh_CN.UTF-8").starts_with("duban: 这里没有登记册\n"), "{}", alone("zh_CN.UTF-8"));
    assert!(alone("C").starts_with("duban: there is no register here\n"), "{}", alone("C"));
}

#[test]
fn words_that_mean_something_are_understood_in_both_languages() {
    let world = World::city();
    let rows_of = |words: &[&str]| {
        let args: Vec<&str> = ["list", "--as-of", SAMPLE_DAY].iter().chain(words).copied().collect();
        let v = world.json(&args);
        (rows(&v).iter().map(|r| text(r, "assignment").to_string()).collect::<Vec<_>>(), v["filter"].clone())
    };
    let all = rows_of(&[]).0;
    for (a, b) in [
        ("dept:CITY-PSB", "dept:市公安局"),
        ("dept:CITY-NFRA", "dept:CITY-CBIRC"),
        ("status:submitted", "status:待验收"),
        ("light:red", "light:红"),
        ("kind:build", "kind:建制"),
        ("sector:FIN", "sector:金融"),
        ("due:standing", "due:长期坚持"),
        ("tier:E", "tier:企业"),
    ] {
        let (one, two) = (rows_of(&[a]), rows_of(&[b]));
        assert_eq!(one.0, two.0, "{a} {b}");
        assert!(!one.0.is_empty() && one.0.len() < all.len(), "{a}");
    }
    let psb = (rows_of(&["dept:CITY-PSB"]).0.len(), rows_of(&["not:dept:CITY-PSB"]).0.len(), rows_of(&["not", "dept:CITY-PSB"]).0.len());
    assert_eq!((psb.0 + psb.1, psb.1), (all.len(), psb.2));
    let or = rows_of(&["status:suspended,submitted"]).0.len();
    assert_eq!(or, rows_of(&["status:suspended"]).0.len() + rows_of(&["status:submitted"]).0.len());
    assert_eq!(rows_of(&["OPN-3.18"]).0, ["OPN-3.18@CITY-DRC"]);
    // Spans are spelled out, ends included.
    assert_eq!(rows_of(&["due:2026Q4"]).1, "due:2026-10-01..2026-12-31");
    assert_eq!(rows_of(&["due:..2026-12"]).1, "due:..2026-12-31");
    assert_eq!(rows_of(&["due:本月"]).1, "due:2026-10-01..2026-10-31");
    // Nothing of a known kind is a nil report, said aloud, and no error.
    let empty = World::national();
    let out = empty.ok(&["list", "status:suspended"]);
    assert!(out.contains("status:suspended") && out.contains("本期无此类事项"), "{out}");
}

/// Words that could select nothing, or everything, only because of a slip.
#[test]
fn a_slip_never_selects_nothing() {
    let world = World::national();
    for word in ["dept:", "dept:,", "status:,", "due:2026-12..2026-01", "not", "not:"] {
        let run = world.run(&["list", word]).code(2);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{word}");
    }
}

// ---- JSON ----

/// Every envelope has these.
fn envelope(v: &Value, name: &str) {
    assert_eq!(text(v, "schema"), format!("duban/{name}/1"));
    assert!(v["filter"].is_string() && v["rows"].is_array(), "{name}");
    assert_eq!(text(v, "as_of").len(), 10);
    for key in ["read", "valid", "invalid", "filtered_out", "recorded_after"] {
        assert!(v[key].is_u64(), "{name} has no {key}");
    }
    assert_eq!(v["valid"].as_u64().unwrap() + v["invalid"].as_u64().unwrap(), v["read"].as_u64().unwrap(), "{name}");
}

#[test]
fn json_carries_what_scripts_rely_on() {
    for world in [World::national(), World::city()] {
        for (name, args) in [
            ("check", vec!["check"]),
            ("status", vec!["status"]),
            ("coverage", vec!["coverage"]),
            ("list", vec!["list"]),
            ("history", vec!["history"]),
            ("due", vec!["due", "--next", "90d"]),
            ("show", vec!["show", "OPN-3.18"]),
            ("impact", vec!["impact", "OPN-3.11"]),
        ] {
            let args: Vec<&str> = args.into_iter().chain(["--as-of", SAMPLE_DAY]).collect();
            let v = world.json(&args);
            envelope(&v, name);
            assert_eq!((v["read"].as_u64(), text(&v, "as_of")), (Some(86), SAMPLE_DAY), "{name}");
        }
        let v = world.json(&["list", "dept:公安部"]);
        assert_eq!(text(&v, "filter"), "dept:公安部");
        assert!(v["filtered_out"].as_u64() > Some(0) && v["read"] == 86);
        let row: BTreeSet<&String> = rows(&v)[0].as_object().unwrap().keys().collect();
        for key in ["id", "assignment", "dept", "lead", "status", "light", "reasons", "due", "person"] {
            assert!(row.contains(&key.to_string()), "a duty row has no {key}");
        }
        let status = world.json(&["status", "--by", "part"]);
        let keys = |m: &Value| m.as_object().map(Map::len).unwrap();
        for row in rows(&status) {
            assert!(row["key"].is_string() && row["no_owner"].is_u64());
            assert_eq!((keys(&row["states"]), keys(&row["lights"])), (7, 4));
            let sum: u64 = row["states"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
            assert_eq!(Some(sum), row["total"].as_u64());
        }
        assert_eq!(rows(&status).iter().map(|r| r["total"].as_u64().unwrap()).sum::<u64>(), 86);
    }
}

// ---- what cannot be read stays in the count ----

#[test]
fn a_broken_obligation_stays_in_every_count() {
    let file = "opinions-2022/3-industry.yaml";
    let owner = "  owner: {mode: single, lead: [DEP-NDRC], support: [DEP-MPS, DEP-PBC, DEP-MIIT, DEP-SPC], basis: proposed}";
    for (what, rule, broken) in [
        ("a syntax error", "E002", owner.replace("basis: proposed}", "basis: proposed")),
        ("an unknown key", "E003", owner.replace("owner:", "ownr:")),
        ("a bad date", "E006", owner.replace("basis: proposed}", "basis: proposed, former: [{dept: DEP-MPS, to: 2023-2-3}]}")),
        ("an empty value", "E005", owner.replace("basis: proposed}", "basis: }")),
        ("the same key twice", "E004", format!("{owner}\n{owner}")),
        ("a wrong word", "E006", owner.replace("single", "singel")),
        ("a full-width colon", "E002", owner.replace("owner: ", "owner： ")),
    ] {
        let world = World::national();
        world.replace(file, owner, &broken);
        let line = world.read(file).lines().position(|l| l == "- id: OPN-3.18").unwrap() as u64 + 1;
        let counted = |v: &Value| {
            assert_eq!((v["read"].as_u64(), v["valid"].as_u64(), v["invalid"].as_u64()), (Some(86), Some(85), Some(1)), "{what}");
        };
        // No query filters it out.
        let list = world.json(&["list", "dept:CAC"]);
        counted(&list);
        let lost = &list["invalid_items"];
        assert_eq!(
            (lost.as_array().map(Vec::len), text(&lost[0], "id"), lost[0]["line"].as_u64()),
            (Some(1), "OPN-3.18", Some(line)),
            "{what}"
        );
        assert!(text(&lost[0], "file").ends_with(file), "{what}");
        for command in ["status", "coverage"] {
            let v = world.json(&[command]);
            counted(&v);
            assert_eq!(v["total"]["total"], 86, "{what}: {command}");
            assert!(rows(&v).iter().any(|r| r["key"] == "invalid" && r["total"] == 1), "{what}: {command}");
        }
        let v = world.run(&["check", "--format", "json"]).code(1).json();
        counted(&v);
        let denied: Vec<&Value> = rows(&v).iter().filter(|r| r["level"] == "deny").collect();
        assert!(denied.iter().any(|r| r["rule"] == rule), "{what}: {denied:#?}");
        // Whoever points to the lost one is not blamed for it.
        assert!(denied.iter().all(|r| text(&r["place"], "file").ends_with(file)), "{what}: {denied:#?}");
        assert!(world.ok(&["status"]).contains("85"), "{what}");
        let run = world.run(&["show", "OPN-3.18"]).code(2);
        assert!(run.err.contains(file) && run.err.contains(&line.to_string()), "{what}: {}", run.err);
    }
}

#[test]
fn a_line_above_a_list_and_a_dash_that_slipped_lose_no_item() {
    let part = "opinions-2022/3-industry.yaml";
    // What makes of the list a text or a map; a dash one blank to the right.
    for (from, to, invalid) in [("", ">\n", 18), ("", "all:\n", 18), ("- id: OPN-3.05\n", " - id: OPN-3.05\n", 1)] {
        let world = World::national();
        let text = world.read(part);
        world.write(part, &text.replacen(from, to, 1));
        let run = world.run(&["status", "--format", "json"]);
        let said: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((&said["read"], &said["invalid"]), (&86.into(), &invalid.into()), "{to:?}: {}", run.err);
        let check = world.run(&["check", "--lang", "en"]).code(1);
        assert!(check.out.contains("3-industry.yaml:"), "{}", check.out);
    }
}

#[test]
fn a_part_that_is_not_utf8_still_counts_its_items() {
    let world = World::national();
    let file = "opinions-2022/5-organisation.yaml";
    let mut bytes = fs::read(world.path(file)).unwrap();
    // 反诈 as GB18030 writes it.
    let at = bytes.windows(8).position(|w| w == b"  title:").unwrap();
    bytes.splice(at..at, *b"  # \xb7\xb4\xd5\xa9\n");
    fs::write(world.path(file), bytes).unwrap();
    for command in ["status", "coverage", "list", "history"] {
        let v = world.json(&[command]);
        assert_eq!((v["read"].as_u64(), v["valid"].as_u64(), v["invalid"].as_u64()), (Some(86), Some(81), Some(5)), "{command}");
    }
    let list = world.json(&["list"]);
    let lost: Vec<&str> = list["invalid_items"].as_array().unwrap().iter().map(|i| text(i, "id")).collect();
    assert_eq!(lost, ["OPN-5.01", "OPN-5.02", "OPN-5.03", "OPN-5.04", "OPN-5.05"]);
    let v = world.run(&["check", "--format", "json"]).code(1).json();
    let denied: Vec<&Value> = rows(&v).iter().filter(|r| r["level"] == "deny").collect();
    assert_eq!((denied.len(), text(denied[0], "rule")), (1, "E001"), "{denied:#?}");
    assert!(text(&denied[0]["place"], "file").ends_with(file) && text(&denied[0]["message"], "en").contains("GB18030"));
}

#[test]
fn a_file_that_belongs_to_nothing_and_a_missing_one_are_told() {
    let world = World::national();
    world.write(
        "opinions-2022/6-extra.yaml",
        "- id: OPN-6.01\n  title: x\n  requirement: x\n  kind: action\n  modality: must\n  recurrence: continuous\n",
    );
    world.write("stray.yaml", "a: 1\n");
    let v = world.run(&["check", "--format", "json"]).code(1).json();
    // Not listed as a part, but counted all the same.
    assert_eq!(v["read"], 87);
    let denied: BTreeSet<(&str, &str)> =
        rows(&v).iter().filter(|r| r["level"] == "deny").map(|r| (text(r, "rule"), text(r, "subject"))).collect();
    assert!(denied.iter().any(|(r, s)| *r == "E012" && s.ends_with("stray.yaml")), "{denied:?}");
    assert!(denied.iter().any(|(r, s)| *r == "E012" && s.ends_with("6-extra.yaml")), "{denied:?}");
    assert!(denied.iter().any(|(r, s)| *r == "O001" && *s == "OPN-6.01"), "{denied:?}");
    fs::remove_file(world.path("stray.yaml")).unwrap();
    fs::remove_file(world.path("opinions-2022/6-extra.yaml")).unwrap();
    fs::remove_file(world.path("opinions-2022/4-territory.yaml")).unwrap();
    let v = world.run(&["check", "--format", "json"]).code(1).json();
    assert!(rows(&v).iter().any(|r| r["rule"] == "E001" && text(r, "subject").ends_with("4-territory.yaml")));
}

/// A policy whose own page is gone does not take its obligations out of the count.
#[test]
fn a_policy_without_its_page_still_counts_its_items() {
    let world = World::national();
    fs::remove_file(world.path("opinions-2022/policy.yaml")).unwrap();
    let v = world.run(&["check", "--format", "json"]).code(1).json();
    assert_eq!(v["read"], 86);
}

#[test]
fn without_a_usable_register_nothing_is_counted() {
    let world = World::national();
    let run = world.command(&[]).args(["status"]).arg("--register").arg("nowhere").output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    world.replace("register.yaml", "format: duban/1", "format: duban/9");
    let run = world.run(&["status"]);
    assert!(run.code == 1 && run.out.is_empty() && run.err.contains("duban/9"), "{} {}", run.code, run.err);
    // Found from a folder below as well.
    let below = World::national();
    let mut command = below.command(&[]);
    let out = command
        .current_dir(below.dir.path().join("obligations/law"))
        .args(["--register", "..", "status", "--format", "json"])
        .output()
        .unwrap();
    assert!(!out.status.success(), "--register may be given once only");
    let mut command = Command::cargo_bin("duban").unwrap();
    let out = command
        .env_remove("DUBAN_REGISTER")
        .current_dir(below.dir.path().join("obligations/law"))
        .args(["status", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&out.stdout).unwrap()["read"], 86);
    let mut command = Command::cargo_bin("duban").unwrap();
    let out = command
        .env_remove("DUBAN_REGISTER")
        .args(["-C", below.dir.path().to_str().unwrap(), "status", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&out.stdout).unwrap()["read"], 86);
}

// ---- the look ----

#[test]
fn piped_output_has_no_escape_codes() {
    let world = World::city();
    let commands = [
        vec!["status"],
        vec!["coverage"],
        vec!["list"],
        vec!["due"],
        vec!["show", "OPN-3.18"],
        vec!["history", "OPN-3.18"],
        vec!["impact", "OPN-3.11"],
        vec!["check", "--all"],
        vec!["rules"],
        vec!["status", "nonsense"],
    ];
    for args in &commands {
        for no_color in [false, true] {
            let mut command = world.command(args);
            if no_color {
                command.env("NO_COLOR", "1");
            }
            let out = command.output().unwrap();
            assert!(!out.stdout.contains(&0x1b) && !out.stderr.contains(&0x1b), "{args:?}");
        }
    }
    // The test would see them: told to, the program colours.
    for args in [["--color", "always", "status"], ["--color", "always", "check"]] {
        assert!(world.run(&args).out.contains('\u{1b}'), "{args:?}");
        let never: Vec<&str> = args.iter().map(|a| if *a == "always" { "never" } else { a }).collect();
        assert!(!world.run(&never).out.contains('\u{1b}'));
    }
}

/// Lines wider than asked for.
fn too_wide(out: &str, width: usize) -> Vec<String> {
    out.lines().filter(|l| l.width() > width).map(|l| format!("{} > {width}: {l}", l.width())).collect()
}

const WIDTHS: [&str; 6] = ["40", "60", "80", "120", "160", "200"];

#[test]
fn pages_keep_to_the_width() {
    for world in [World::national(), World::city()] {
        let keep = |width: &str, args: &[&str]| {
            let args: Vec<&str> = ["--width", width].iter().chain(args).copied().collect();
            let out = world.ok(&args);
            let wide = too_wide(&out, width.parse().unwrap());
            assert!(wide.is_empty(), "{} {args:?}: {wide:#?}", world.register);
            assert!(out.contains("86"), "{out}");
        };
        for lang in ["zh", "en"] {
            for width in WIDTHS {
                keep(width, &["--lang", lang, "status"]);
            }
            keep("40", &["--lang", lang, "status", "--by", "part"]);
            keep("60", &["--lang", lang, "coverage", "--as-of", "2022-12-31"]);
            keep("80", &["--lang", lang, "list", "part:OPN-3"]);
            keep("120", &["--lang", lang, "due"]);
        }
        keep("40", &["--lang", "both", "status"]);
        keep("80", &["--lang", "zh", "show", "OPN-3.18"]);
        keep("60", &["--lang", "both", "history", "OPN-3.18"]);
    }
    // COLUMNS is heard where no terminal says otherwise.
    let world = World::national();
    let out = world.command(&["status"]).env("COLUMNS", "60").output().unwrap();
    assert_eq!(String::from_utf8(out.stdout).unwrap(), world.ok(&["--width", "60", "status"]));
}

/// A label of `show` wider than half the page does not run into its value.
#[test]
fn labels_keep_to_the_width() {
    let world = World::national();
    for (lang, width) in [("en", 40), ("both", 40), ("both", 60), ("both", 80)] {
        let out = world.ok(&["--width", &width.to_string(), "--lang", lang, "show", "OPN-3.18"]);
        assert!(too_wide(&out, width).is_empty(), "{lang} {width}: {:#?}", too_wide(&out, width));
    }
}

#[test]
fn markdown_tables_have_as_many_cells_as_heads() {
    let world = World::city();
    for args in [vec!["status"], vec!["coverage"], vec!["list"], vec!["history", "OPN-3.18"]] {
        let args: Vec<&str> = args.into_iter().chain(["--format", "md"]).collect();
        let out = world.ok(&args);
        let bars = |l: &str| l.replace("\\|", "").matches('|').count();
        let mut head = 0;
        let mut tables = 0;
        for line in out.lines() {
            match (line.starts_with('|'), head) {
                (true, 0) => (head, tables) = (bars(line), tables + 1),
                (true, n) => assert_eq!(bars(line), n, "{args:?}: {line}"),
                (false, _) => head = 0,
            }
        }
        assert!(tables > 0, "{args:?}");
    }
}

/// What a run cost is said on standard error, only where asked for, and changes nothing else.
#[test]
fn the_cost_of_a_run_is_said_beside_and_not_in_the_result() {
    let run = |args: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_duban"))
            .args(["-C", "obligations/sample-city", "--as-of", "2026-10-31", "--lang", "en"])
            .args(args)
            .output();
        let out = out.unwrap();
        (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    let (plain, with) = (run(&["status"]), run(&["status", "--stats"]));
    assert_eq!(plain.0, with.0);
    assert_eq!(plain.1, "", "no bar, no figures where nobody asked and nobody looks");
    assert!(with.1.starts_with("stats: ") && with.1.contains(" log entries, ") && with.1.lines().count() == 1, "{}", with.1);
    let entries = with.1.split(" log entries").next().unwrap().rsplit(' ').next().unwrap();
    assert!(plain.0.contains(&format!("{entries} entries, root")), "{entries}: {}", plain.0);
}
