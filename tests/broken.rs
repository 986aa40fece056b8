//! The things that a gate must not miss, each broken by hand in a copy of the shipped
//! registers: one slip, one run, the rule's own id at the very line. What `check --prove`
//! does in memory is not asked here; these are other hands.

use duban::log::append::seal;
use duban::model::Entry;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The day up to which the sample city's log was written.
const DAY: &str = "2026-10-31";
const INDUSTRY: &str = "opinions-2022/3-industry.yaml";
const PLAN: &str = "sample-city/plan.yaml";

struct World(tempfile::TempDir);

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &to) } else { assert!(fs::copy(entry.path(), to).is_ok()) }
    }
}

impl World {
    fn new() -> World {
        let world = World(tempfile::tempdir().unwrap());
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations"), &world.path(""));
        world
    }
    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join("obligations").join(file)
    }
    /// Replaces a line below another one, and says which it is: `below` is the line of the item.
    #[track_caller]
    fn line(&self, file: &str, below: &str, from: &str, to: &str) -> usize {
        let text = fs::read_to_string(self.path(file)).unwrap();
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        let start = lines.iter().position(|l| l == below).unwrap_or_else(|| panic!("no line `{below}` in {file}"));
        let at = start + lines[start..].iter().position(|l| l.contains(from)).unwrap_or_else(|| panic!("no `{from}` below `{below}`"));
        if to.is_empty() {
            lines.remove(at);
        } else {
            lines[at] = lines[at].replace(from, to);
        }
        fs::write(self.path(file), lines.join("\n") + "\n").unwrap();
        at + 1
    }
    fn check(&self, register: &str) -> (i32, Value) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        command.env_remove("DUBAN_REGISTER").env("GIT_CEILING_DIRECTORIES", self.0.path()).current_dir(self.path(register));
        let out = command.args(["check", "--as-of", DAY, "--format", "json"]).output().unwrap();
        let said = serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)));
        (out.status.code().unwrap(), said)
    }
    /// The check of the sample city fails with this rule, about this subject, at this line.
    #[track_caller]
    fn fails(&self, rule: &str, subject: &str, file: &str, line: usize) {
        self.fails_in("sample-city", rule, subject, file, line);
    }
    #[track_caller]
    fn fails_in(&self, register: &str, rule: &str, subject: &str, file: &str, line: usize) {
        let (code, said) = self.check(register);
        let rows = said["rows"].as_array().unwrap();
        let file = match file.strip_prefix("sample-city/") {
            Some(own) => own.to_string(),
            None if register.is_empty() => file.to_string(),
            None => format!("../{file}"),
        };
        let hit = |r: &&Value| {
            r["rule"] == rule
                && r["level"] == "deny"
                && r["subject"] == subject
                && r["place"]["file"] == *file
                && r["place"]["line"] == line
        };
        let denied: Vec<String> =
            rows.iter().filter(|r| r["level"] == "deny").map(|r| format!("{} {} {}", r["rule"], r["subject"], r["place"])).collect();
        assert!(rows.iter().any(|r| hit(&r)), "no {rule} about {subject} at {file}:{line}; there are:\n{}", denied.join("\n"));
        assert_eq!((code, &said["verdict"], &said["read"]), (1, &json!("denied"), &json!(86)));
    }
    /// Adds entries to the sample city's log, sealed as the program seals them; the last one's line.
    fn log(&self, dept: &str, by: &str, entries: &[Value]) -> (String, usize) {
        let name = format!("sample-city/log/{dept}/2026-10.{by}-zzzz.jsonl");
        let head =
            json!({"seq": 0, "log": "duban/1", "dept": dept, "month": "2026-10", "writer": format!("{by}-zzzz"), "after": null, "h": ""});
        let head: duban::model::Header = serde_json::from_value(head).unwrap();
        let (mut text, mut h) = seal(&head, "");
        for (n, e) in entries.iter().enumerate() {
            let mut all = json!({"seq": n + 1, "at": format!("2026-10-31T2{n}:00:00.000+08:00"), "by": by, "dept": dept, "h": ""});
            all.as_object_mut().unwrap().extend(e.as_object().unwrap().clone());
            let entry: Entry = serde_json::from_value(all).unwrap();
            let (line, next) = seal(&entry, &h);
            (text, h) = (text + &line, next);
        }
        fs::create_dir_all(self.path(&name).parent().unwrap()).unwrap();
        fs::write(self.path(&name), text).unwrap();
        (name, entries.len() + 1)
    }
}

#[test]
fn the_copies_are_at_peace() {
    let world = World::new();
    for register in ["", "sample-city"] {
        assert_eq!(world.check(register).0, 0, "{register}");
    }
}

#[test]
fn who_and_by_when() {
    let world = World::new();
    world.line(INDUSTRY, "- id: OPN-3.18", "  owner:", "");
    let line = line_of(&world, INDUSTRY, "- id: OPN-3.18", "- id:");
    world.fails("O001", "OPN-3.18", INDUSTRY, line);
    world.fails_in("", "O001", "OPN-3.18", INDUSTRY, line);

    let world = World::new();
    let line = world.line(PLAN, "- duty: OPN-3.18@CITY-DRC", "  person: officer-drc", "") - 1;
    world.fails("O002", "OPN-3.18", PLAN, line);

    let world = World::new();
    let line = world.line(PLAN, "- duty: OPN-3.18@CITY-DRC", "  due: 2025-02-28", "") - 4;
    world.fails("O003", "OPN-3.18", PLAN, line);

    let world = World::new();
    let line = world.line(INDUSTRY, "- id: OPN-3.07", "DEP-NFRA", "DEP-CBIRC");
    world.fails_in("", "O004", "OPN-3.07", INDUSTRY, line);
}

#[test]
fn what_hangs_on_what() {
    let world = World::new();
    let line = world.line(INDUSTRY, "- id: OPN-3.18", "{on: OPN-3.17,", "{on: OPN-3.71,");
    world.fails("D001", "OPN-3.18", INDUSTRY, line);

    let world = World::new();
    let line = world.line(INDUSTRY, "- id: OPN-3.18", "OPN-3.18", "OPN-3.17");
    world.fails("E008", "OPN-3.17", INDUSTRY, line);

    // OPN-3.18 needs OPN-3.11 already.
    let world = World::new();
    world.line(INDUSTRY, "- id: OPN-3.11", "  recurrence:", "  needs: [{on: OPN-3.18, kind: feeds}]\n  recurrence:");
    let line = line_of(&world, INDUSTRY, "- id: OPN-3.11", "  needs:");
    world.fails("D002", "OPN-3.11", INDUSTRY, line);

    // Five that no link joins yet, in a ring.
    let world = World::new();
    let ids = ["OPN-1.01", "OPN-1.04", "OPN-1.08", "OPN-1.12", "OPN-1.13"];
    let file = "opinions-2022/1-crackdown.yaml";
    let mut out = fs::read_to_string(world.path(file)).unwrap();
    for (i, id) in ids.iter().enumerate() {
        let next = ids[(i + 1) % ids.len()];
        let head = format!("- id: {id}\n");
        let (before, rest) = out.split_once(&head).unwrap_or_else(|| panic!("{id}"));
        let end = rest.find("\n- id: ").map_or(rest.len(), |n| n + 1);
        let item = &rest[..end];
        let link = format!("    - {{on: {next}, kind: supports}}\n");
        let item = match item.split_once("  needs:\n") {
            Some((a, b)) => format!("{a}  needs:\n{link}{b}"),
            None => format!("  needs:\n{link}{item}"),
        };
        out = format!("{before}{head}{item}{}", &rest[end..]);
    }
    fs::write(world.path(file), out).unwrap();
    let line = line_of(&world, file, "- id: OPN-1.01", "{on: OPN-1.04,");
    world.fails("D002", "OPN-1.01", file, line);
    let (_, said) = world.check("sample-city");
    let ring = said["rows"].as_array().unwrap().iter().find(|r| r["rule"] == "D002").unwrap()["message"]["en"].clone();
    assert_eq!(ring, "these wait for each other: OPN-1.01 → OPN-1.04 → OPN-1.08 → OPN-1.12 → OPN-1.13 → OPN-1.01");

    let world = World::new();
    let line = world.line(INDUSTRY, "- id: OPN-3.18", "OPN-3.17, kind: requires", "OPN-3.17, kind: contains");
    world.fails("E006", &format!("../{INDUSTRY}"), INDUSTRY, line);
}

fn line_of(world: &World, file: &str, below: &str, words: &str) -> usize {
    let text = fs::read_to_string(world.path(file)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|l| *l == below).unwrap();
    start + lines[start..].iter().position(|l| l.contains(words)).unwrap() + 1
}

#[test]
fn where_it_comes_from_and_what_it_says() {
    let world = World::new();
    let line = world.line(INDUSTRY, "- id: OPN-3.18", ", anchor: 严重失信主体名单制度", " ");
    world.fails("E005", &format!("../{INDUSTRY}"), INDUSTRY, line);

    // Its officer applied for it and its acceptance was recorded; now the words are others.
    let world = World::new();
    let line = world.line(INDUSTRY, "- id: OPN-3.18", "的严重失信主体名单制度。", "的严重失信主体名单制度，并向社会公布。");
    world.fails("L017", "OPN-3.18", INDUSTRY, line - 1);
}

#[test]
fn what_the_log_may_not_say() {
    let world = World::new();
    let accept = json!({"duty": "OPN-3.09", "event": "accept"});
    let (file, line) = world.log("CITY-CAM", "reviewer-jco", &[accept]);
    world.fails("L005", "OPN-3.09@CITY-CAM", &file, line);

    // OPN-2.03 waits for acceptance; officer-bank applied and manager-bank agreed.
    for by in ["officer-bank", "manager-bank"] {
        let world = World::new();
        let (file, line) = world.log("CITY-BANK", by, &[json!({"duty": "OPN-2.03", "event": "accept", "release": "x"})]);
        world.fails("L005", "OPN-2.03@CITY-BANK", &file, line);
        let (_, said) = world.check("sample-city");
        assert!(said.to_string().contains("nobody accepts their own work"), "{by}");
    }

    let world = World::new();
    let minutes = json!([{"type": "minutes", "name": "x", "date": "2026-10-30"}]);
    let start = json!({"duty": "OPN-0.03", "event": "start", "until": "2027-05-31", "evidence": minutes});
    let apply = json!({"duty": "OPN-0.03", "event": "apply", "agreed": "manager-samr"});
    let (file, line) = world.log("CITY-SAMR", "officer-samr", &[start, apply]);
    world.fails("L005", "OPN-0.03@CITY-SAMR", &file, line);
    assert!(world.check("sample-city").1.to_string().contains("required evidence is missing"));

    let world = World::new();
    let file = "sample-city/log/CITY-CAM/2026-10.officer-cam-q8vk.jsonl";
    let text = fs::read_to_string(world.path(file)).unwrap();
    let altered = text.replacen("\"percent\":35", "\"percent\":95", 1);
    assert_ne!(text, altered);
    fs::write(world.path(file), altered).unwrap();
    world.fails("L002", "log/CITY-CAM/2026-10.officer-cam-q8vk.jsonl:2", file, 2);
}
