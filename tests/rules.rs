//! Every rule of the table in a small world of its own.
//!
//! `tests/rules/base` is a register in which no rule has anything to say. A world is that
//! register with a small change, written for people in an `.edit` file: `bad.edit` makes
//! the rule fire, `quiet.edit` is a near miss that must not. The whole of what `duban
//! check` prints in the bad world stands in `bad.txt`; `DUBAN_BLESS=1` writes it anew.
//! Further worlds of a rule are called `bad-….edit` and `quiet-….edit`. `DUBAN_RULE=O001`
//! asks one rule alone.
//!
//! The first line of an `.edit` file is a comment that says why. Then, in any order:
//!
//! - `edit PATH`, then `<<<`, the words that stand there once, `===`, the words to put in
//!   their place, `>>>`: whole lines where they match whole lines;
//! - `write PATH` and `append PATH`, then `<<<`, the text, `>>>`;
//! - `delete PATH`, a file or a folder; `torn PATH`: the last line feed is cut off;
//! - `log FOLDER WRITER`, then entries as JSON, up to an empty line: `seq`, `by`, `dept`,
//!   header, chain and the base's fingerprint (`fp`; `null` for none, `now` for the world's)
//!   are filled in unless given, `"as": "x"` names a line whose chain value others write as
//!   `$x`, `{"header": {…}}` changes the header. An entry goes to the file of its month, or
//!   to that of a third word `YYYY-MM`;
//! - `args …`: more arguments; `--as-of` replaces the usual one;
//! - `also RULE …`: what else fires there, because it cannot be helped. Nothing else may.
//!
//! `\xNN` in a text is that byte.

use assert_cmd::Command;
use duban::log::append::seal;
use duban::model::{Entry, Header, Level, Light};
use duban::rules::TABLE;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The day as of which the base is at peace.
const DAY: &str = "2023-06-30";

/// The log of the base sealed from `base.edit`: chain values of its named lines.
static BASE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut sealed = World::empty();
    sealed.edit(&home().join("base.edit"));
    let log = home().join("base/log");
    if blessing() {
        let _ = fs::remove_dir_all(&log);
        copy(&sealed.path("log"), &log);
    }
    assert_eq!(files(&log), files(&sealed.path("log")), "base/log is not what base.edit seals (DUBAN_BLESS=1 writes it anew)");
    sealed.names
});

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

fn blessing() -> bool {
    std::env::var_os("DUBAN_BLESS").is_some_and(|v| v == "1")
}

/// A copy of the base that can be changed.
struct World {
    dir: tempfile::TempDir,
    args: Vec<String>,
    also: BTreeSet<String>,
    names: BTreeMap<String, String>,
}

/// What a run left behind.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", self.out, self.err))
    }
}

/// Rule and level of every finding, waived ones left out.
fn findings(v: &Value) -> Vec<(String, String)> {
    let word = |row: &Value, key: &str| row[key].as_str().expect("a row has a rule and a level").to_string();
    v["rows"].as_array().expect("rows").iter().map(|r| (word(r, "rule"), word(r, "level"))).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// `\xNN` as bytes.
fn unescape(text: &str) -> Vec<u8> {
    let mut pieces = text.split("\\x");
    let mut out = pieces.next().unwrap_or("").as_bytes().to_vec();
    for piece in pieces {
        out.push(u8::from_str_radix(&piece[..2], 16).unwrap_or_else(|_| panic!("\\x{piece} is no byte")));
        out.extend_from_slice(&piece.as_bytes()[2..]);
    }
    out
}

fn once(text: &[u8], words: &[u8]) -> Vec<usize> {
    text.windows(words.len().max(1)).enumerate().filter(|(_, w)| *w == words).map(|(i, _)| i).collect()
}

impl World {
    /// The base, and the names of its lines.
    fn new() -> World {
        let world = World { names: BASE.clone(), ..World::empty() };
        copy(&home().join("base"), world.dir.path());
        world
    }

    fn empty() -> World {
        World { dir: tempfile::tempdir().unwrap(), args: Vec::new(), also: BTreeSet::new(), names: BTreeMap::new() }
    }

    fn with(edit: &Path) -> World {
        let mut world = World::new();
        world.edit(edit);
        world
    }

    fn path(&self, rel: &str) -> PathBuf {
        self.dir.path().join(rel)
    }

    /// Applies an `.edit` file.
    fn edit(&mut self, edit: &Path) {
        let text = fs::read_to_string(edit).unwrap_or_else(|e| panic!("{}: {e}", edit.display()));
        let at = |n: usize| format!("{}:{}", edit.display(), n + 1);
        assert!(text.starts_with("# "), "{}: the first line says why", at(0));
        let lines: Vec<&str> = text.lines().collect();
        let mut n = 0;
        while n < lines.len() {
            let line = lines[n].trim_end();
            n += 1;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let here = at(n - 1);
            let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
            let mut block = |end: &str| -> String {
                let from = n;
                while lines.get(n).is_some_and(|l| *l != end) {
                    n += 1;
                }
                assert!(n < lines.len(), "{here}: no `{end}`");
                n += 1;
                lines[from..n - 1].iter().map(|l| format!("{l}\n")).collect()
            };
            match verb {
                "edit" => {
                    assert_eq!(block("<<<"), "", "{here}");
                    let (old, new) = (block("==="), block(">>>"));
                    self.replace(rest, &unescape(&old), &unescape(&new), &here);
                }
                "write" | "append" => {
                    assert_eq!(block("<<<"), "", "{here}");
                    let text = unescape(&block(">>>"));
                    let path = self.path(rest);
                    let mut all = if verb == "append" { fs::read(&path).unwrap_or_else(|e| panic!("{here}: {e}")) } else { Vec::new() };
                    all.extend(text);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, all).unwrap();
                }
                "delete" => {
                    let path = self.path(rest);
                    if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
                        .unwrap_or_else(|e| panic!("{here}: {e}"));
                }
                "torn" => {
                    let bytes = fs::read(self.path(rest)).unwrap_or_else(|e| panic!("{here}: {e}"));
                    fs::write(self.path(rest), bytes.strip_suffix(b"\n").expect("a line feed to cut")).unwrap();
                }
                "also" => self.also.extend(rest.split_whitespace().map(String::from)),
                "args" => self.args.extend(rest.split_whitespace().map(String::from)),
                "log" => {
                    let words: Vec<&str> = rest.split_whitespace().collect();
                    let mut header = Value::Null;
                    while let Some(line) = lines.get(n).filter(|l| !l.trim().is_empty()) {
                        n += 1;
                        let mut text = line.to_string();
                        for (name, h) in &self.names {
                            text = text.replace(&format!("${name}\""), &format!("{h}\""));
                        }
                        let mut v: Map<String, Value> = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", at(n - 1)));
                        match v.remove("header") {
                            Some(h) => header = h,
                            None => self.log(words[0], words[1], words.get(2).copied(), v, &header, &at(n - 1)),
                        }
                    }
                }
                other => panic!("{here}: `{other}`?"),
            }
        }
    }

    fn replace(&self, rel: &str, old: &[u8], new: &[u8], here: &str) {
        let text = fs::read(self.path(rel)).unwrap_or_else(|e| panic!("{here}: {rel}: {e}"));
        let whole: Vec<usize> = once(&text, old).into_iter().filter(|i| *i == 0 || text[*i - 1] == b'\n').collect();
        // Part of a line where it is not whole lines.
        let part = |s: &[u8]| s.strip_suffix(b"\n").unwrap_or(s).to_vec();
        let (found, old, new) =
            if whole.is_empty() { (once(&text, &part(old)), part(old), part(new)) } else { (whole, old.to_vec(), new.to_vec()) };
        assert_eq!(found.len(), 1, "{here}: {rel} should hold this once: {}", String::from_utf8_lossy(&old));
        let (from, to) = (found[0], found[0] + old.len());
        fs::write(self.path(rel), [&text[..from], &new, &text[to..]].concat()).unwrap();
    }

    /// Adds one sealed entry; begins the file where there is none.
    fn log(&mut self, folder: &str, writer: &str, month: Option<&str>, mut v: Map<String, Value>, header: &Value, here: &str) {
        let name = v.remove("as");
        let month = month.unwrap_or(&v["at"].as_str().expect("at")[..7]).to_string();
        let dir = self.path("log").join(folder);
        let path = dir.join(format!("{month}.{writer}.jsonl"));
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        if text.is_empty() {
            let mut head =
                json!({"seq": 0, "log": "duban/1", "dept": folder, "month": month, "writer": writer, "after": last(&dir, writer), "h": ""});
            for (key, value) in header.as_object().into_iter().flatten() {
                head[key] = value.clone();
            }
            let head: Header = serde_json::from_value(head).unwrap_or_else(|e| panic!("{here}: {e}"));
            text = seal(&head, "").0;
        }
        let newest: Value = serde_json::from_str(text.lines().last().expect("a header")).expect("a line of the log is JSON");
        let usual = json!({"seq": newest["seq"].as_u64().unwrap() + 1, "by": writer.rsplit_once('-').expect("a writer").0, "dept": folder});
        for (key, value) in usual.as_object().into_iter().flatten() {
            v.entry(key.as_str()).or_insert(value.clone());
        }
        if let Some(fp) = self.signature(&v) {
            v.insert("fp".into(), fp);
        }
        v.retain(|key, value| key != "fp" || !value.is_null());
        v.insert("h".into(), "".into());
        let entry: Entry = serde_json::from_value(v.into()).unwrap_or_else(|e| panic!("{here}: {e}"));
        let (line, h) = seal(&entry, newest["h"].as_str().unwrap());
        fs::create_dir_all(&dir).unwrap();
        fs::write(path, text + &line).unwrap();
        if let Some(name) = name {
            self.names.insert(name.as_str().expect("a name").into(), h);
        }
    }

    /// What whoever signs has read: the wording of the base, or with `"fp":"now"` the world's.
    fn signature(&self, v: &Map<String, Value>) -> Option<Value> {
        static READ: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| prints(&home().join("base")));
        let event = duban::model::Event::from_code(v["event"].as_str()?)?;
        let duty = v["duty"].as_str()?;
        match v.get("fp") {
            Some(now) if now == "now" => prints(self.dir.path()).remove(duty),
            None if event.signs() => READ.get(duty).cloned(),
            _ => None,
        }
    }

    /// `duban check` in this world.
    fn check(&self, more: &[&str]) -> Run {
        let mut args = vec!["check", "--lang", "en", "--width", "100", "--all", "--color", "never"];
        args.extend(self.args.iter().map(String::as_str).chain(more.iter().copied()));
        if !args.contains(&"--as-of") {
            args.extend(["--as-of", DAY]);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        let output = command.current_dir(self.dir.path()).env_remove("DUBAN_REGISTER").args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Fingerprints of every obligation of a register.
fn prints(dir: &Path) -> BTreeMap<String, Value> {
    let r = duban::load::open(dir, "").expect("the register can be read").register;
    let roster = duban::model::Roster::build(&r);
    let print = |i: usize| serde_json::to_value(duban::log::fp::of(&r.obligations[i], &roster.owners[i])).unwrap();
    (0..r.obligations.len()).map(|i| (r.obligations[i].id.to_string(), print(i))).collect()
}

/// A writer's newest line in a folder, as `after` has it.
fn last(dir: &Path, writer: &str) -> Value {
    let ours = |name: &str| name.ends_with(&format!(".{writer}.jsonl"));
    let names = fs::read_dir(dir).into_iter().flatten().map(|e| e.unwrap().file_name().into_string().unwrap());
    let Some(name) = names.filter(|n| ours(n)).max() else { return Value::Null };
    let text = fs::read_to_string(dir.join(&name)).unwrap();
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    json!({"file": name, "seq": line["seq"], "h": line["h"]})
}

/// Every file of a folder with its text, by path.
fn files(dir: &Path) -> BTreeMap<PathBuf, String> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path).into_iter().map(|(p, t)| (Path::new(path.file_name().unwrap()).join(p), t)));
        } else {
            out.insert(path.file_name().unwrap().into(), fs::read_to_string(&path).unwrap());
        }
    }
    out
}

/// Holds a text against a file, or writes the file when blessing.
fn same(path: &Path, got: &str) -> Result<(), String> {
    if blessing() {
        fs::write(path, got).unwrap();
        return Ok(());
    }
    let want = fs::read_to_string(path).unwrap_or_default();
    if want == got {
        return Ok(());
    }
    Err(format!("{} has other words (DUBAN_BLESS=1 writes them anew)\n--- it says\n{want}\n--- now\n{got}", path.display()))
}

/// All worlds of one rule.
fn worlds_of(id: &str, usual: Level) -> Result<(), String> {
    let mut edits: Vec<PathBuf> = fs::read_dir(home().join(id)).into_iter().flatten().map(|e| e.unwrap().path()).collect();
    edits.retain(|p| p.extension().is_some_and(|e| e == "edit"));
    edits.sort();
    for edit in edits {
        let name = edit.file_stem().unwrap().to_string_lossy().into_owned();
        let world = World::with(&edit);
        let run = world.check(&["--format", "json"]);
        let all = findings(&run.json());
        let tell = |what: String| Err(format!("{id}/{name}: {what}\n{}{}", world.check(&[]).out, run.err));
        let level = serde_json::to_value(usual).unwrap();
        let fires = all.iter().any(|(rule, l)| rule == id && *l == level);
        if name.starts_with("bad") && !fires {
            return tell("the rule does not fire, or not at its level".into());
        }
        if !name.starts_with("bad") && all.iter().any(|(rule, _)| rule == id) {
            return tell("the rule fires".into());
        }
        let others: BTreeSet<String> = all.iter().map(|(rule, _)| rule.clone()).filter(|rule| rule != id).collect();
        if others != world.also {
            return tell(format!("besides the rule fire {others:?}, and not {:?}", world.also));
        }
        // A warning ends in 0 unless one of the others denies.
        let deny = |rule: &str| TABLE.iter().any(|r| r.info.level == Level::Deny && r.info.id == rule);
        let code = i32::from(fires && usual == Level::Deny || world.also.iter().any(|rule| deny(rule)));
        if run.code != code {
            return tell(format!("the exit code should be {code}, is {}", run.code));
        }
        if name.starts_with("bad") {
            let text = world.check(&[]);
            if text.code != code || !text.err.is_empty() || text.out.contains(&*world.dir.path().to_string_lossy()) {
                return tell(format!("exit code {} in place of {code}, or words on standard error, or this machine's folder", text.code));
            }
            same(&edit.with_extension("txt"), &text.out)?;
        }
    }
    Ok(())
}

#[test]
fn every_rule_fires_where_it_should_and_nowhere_else() {
    let rules: Vec<(&str, Level)> = TABLE.iter().map(|r| (r.info.id, r.info.level)).collect();
    let only = std::env::var("DUBAN_RULE").ok();
    let rules: Vec<_> = rules.into_iter().filter(|(id, _)| only.as_ref().is_none_or(|o| o == id)).collect();
    let failed: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = [0, 1].map(|n| rules.iter().skip(n).step_by(2)).into();
        let hands: Vec<_> = halves
            .into_iter()
            .map(|half| scope.spawn(move || half.filter_map(|(id, level)| worlds_of(id, *level).err()).collect::<Vec<_>>()))
            .collect();
        hands.into_iter().flat_map(|h| h.join().expect("a world could not be made")).collect()
    });
    assert!(failed.is_empty(), "{} of {} rules:\n\n{}", failed.len(), rules.len(), failed.join("\n\n"));
}

#[test]
fn the_base_is_at_peace() {
    let base = World::new();
    let run = base.check(&[]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    same(&home().join("base.txt"), &run.out).unwrap_or_else(|e| panic!("{e}"));
    let v = base.check(&["--format", "json"]).json();
    assert_eq!((&v["deny"], &v["warn"], &v["waived_count"]), (&json!(0), &json!(0), &json!(0)));
    let options = duban::snapshot::Options {
        root: base.dir.path(),
        shown: "",
        now: chrono::Local::now().fixed_offset(),
        as_of: Some(duban::model::time::When::Day(DAY.parse().unwrap())),
        on: None,
    };
    let s = duban::snapshot::Snapshot::open(&options).unwrap();
    let lights: BTreeSet<Light> = s.folded.states.iter().map(|s| s.light).collect();
    assert_eq!(lights, BTreeSet::from([Light::Green, Light::Grey]));
}

#[test]
fn every_rule_has_its_worlds_and_its_page() {
    let ids: BTreeSet<&str> = TABLE.iter().map(|r| r.info.id).collect();
    let mut wrong = Vec::new();
    for id in &ids {
        for name in ["bad.edit", "bad.txt", "quiet.edit"] {
            if !home().join(id).join(name).is_file() {
                wrong.push(format!("tests/rules/{id}/{name} is missing"));
            }
        }
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/rules/{}.md", id.to_lowercase()));
        if fs::read_to_string(&page).unwrap_or_default().lines().count() <= 5 {
            wrong.push(format!("src/rules/{}.md has no more than five lines", id.to_lowercase()));
        }
    }
    for entry in fs::read_dir(home()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() && name != "base" && !ids.contains(name.as_str()) {
            wrong.push(format!("tests/rules/{name} is no rule's"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The negative control: whichever obligation loses its owner, the gate closes, and the
/// obligation stays in the count.
#[test]
fn no_obligation_can_lose_its_owner_unseen() {
    let before = World::new().check(&["--format", "json"]).json()["read"].clone();
    let mut tried = 0;
    for part in ["tst/1-a.yaml", "tst/2-b.yaml"] {
        let whole = fs::read_to_string(home().join("base").join(part)).unwrap();
        let mut id = "";
        for line in whole.lines() {
            id = line.strip_prefix("- id: ").unwrap_or(id);
            if !line.starts_with("  owner:") {
                continue;
            }
            let lead = &line[line.find("lead: [").unwrap()..];
            let lead = &lead[..lead.find(']').unwrap() + 1];
            let nobody = format!("{}\n", line.replace(lead, "lead: []"));
            let unsaid = format!("{}\n", line.replace(&format!(", {lead}"), ""));
            // An empty value is no value: told as such, and the obligation still counts as read.
            for (put, rule) in [("", "O001"), (&*nobody, "O001"), (&*unsaid, "O001"), ("  owner:\n", "E005"), ("  owner: {}\n", "E005")] {
                let world = World::new();
                world.replace(part, format!("{line}\n").as_bytes(), put.as_bytes(), id);
                let run = world.check(&["--format", "json"]);
                let v = run.json();
                assert_eq!((run.code, &v["read"]), (1, &before), "{id} with {put:?}: {}", run.out);
                let about = if rule == "O001" { id } else { part };
                let rows = v["rows"].as_array().unwrap();
                assert!(
                    rows.iter().any(|r| r["rule"] == rule && r["level"] == "deny" && r["subject"] == about),
                    "{id} with {put:?}: {}",
                    run.out
                );
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 5 * before.as_u64().unwrap(), "every obligation of the base has an owner line of its own");
}
