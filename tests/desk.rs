//! The author's desk: schemas, a register of one's own, changes that keep every other byte.
//!
//! Each test has a folder of its own, outside git.

use duban::author::{mark, schema, shipped};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations")
}

#[test]
fn shipped_schemas_and_first_lines_are_what_the_types_say() {
    for register in ["", "sample-city"] {
        let behind: Vec<String> = mark::plan(&shipped().join(register)).unwrap().into_iter().map(|w| w.0).collect();
        assert_eq!(behind, Vec::<String>::new(), "run `duban -C obligations/{register} schema --write`");
    }
    // A file that was not marked, or a schema that fell behind, is seen.
    let text = std::fs::read_to_string(shipped().join("waivers.yaml")).unwrap();
    let kind = schema::find("waivers").unwrap();
    let bare = text.split_once('\n').unwrap().1;
    assert_eq!(mark::marked(bare, kind, "waivers.yaml", ".schemas"), text);
    assert_eq!(mark::marked(&text, kind, "waivers.yaml", ".schemas"), text);
    assert!(
        mark::marked(bare, kind, "a/waivers.yaml", "up/.schemas")
            .starts_with("# yaml-language-server: $schema=../up/.schemas/waivers.json\n# ")
    );
}

#[test]
fn every_kind_has_a_file_and_every_file_a_kind() {
    let files = mark::files(&shipped()).unwrap();
    assert!(files.len() >= 20 && files.iter().all(|(path, _)| !path.contains("sample-city") && !path.starts_with('.')));
    let city = mark::files(&shipped().join("sample-city")).unwrap();
    let used: std::collections::BTreeSet<&str> = files.iter().chain(&city).map(|(_, k)| k.name).collect();
    let all: std::collections::BTreeSet<&str> = schema::KINDS.iter().map(|k| k.name).collect();
    assert_eq!(used, all);
}

/// What a run left behind.
struct Run {
    code: i32,
    out: String,
    err: String,
}

#[track_caller]
fn duban(dir: &Path, args: &[&str]) -> Run {
    let mut command = assert_cmd::Command::cargo_bin("duban").unwrap();
    for name in ["DUBAN_REGISTER", "DUBAN_BY", "NO_COLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    let out = command.current_dir(dir).env("LC_ALL", "en_US.UTF-8").args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: out.status.code().unwrap(), out: text(out.stdout), err: text(out.stderr) }
}

impl Run {
    #[track_caller]
    fn code(self, want: i32) -> Run {
        assert_eq!(self.code, want, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

/// Every file below a folder with its bytes, hidden ones too.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().replace('\\', "/");
                out.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    out
}

#[test]
fn the_program_carries_the_shipped_catalogue() {
    // Saved reports are its own unit's, as a plan would be: whoever borrows the catalogue has its own.
    let ours = |n: &str| !n.starts_with("sample-city/") && !n.starts_with("reports/") && !n.starts_with('.');
    let on_disk: BTreeMap<String, Vec<u8>> = tree(&shipped()).into_iter().filter(|(n, _)| ours(n)).collect();
    let inside: BTreeMap<String, Vec<u8>> = shipped::FILES.iter().map(|(n, t)| (n.to_string(), t.as_bytes().to_vec())).collect();
    assert_eq!(inside.keys().collect::<Vec<_>>(), on_disk.keys().collect::<Vec<_>>());
    assert!(inside == on_disk);
}

#[test]
fn init_makes_a_register_that_passes_and_never_touches_what_is_there() {
    let world = tempfile::tempdir().unwrap();
    let said = duban(world.path(), &["init", "office", "--code", "CITY", "--name", "某市：\"反诈\"专班 #1", "--lang", "en"]).code(0).out;
    let office = world.path().join("office");
    assert!(said.contains("README.md") && office.join(".gitattributes").exists());
    let check = duban(&office, &["check", "--lang", "en"]).code(0).out;
    assert!(check.contains("read 86 · valid 86 · invalid 0"), "{check}");
    assert!(check.contains("passed: 0 denied"), "{check}");
    // The catalogue below is in use, so nothing says that it was left out.
    assert!(!check.contains("nested register"), "{check}");
    assert!(duban(&office, &["status", "--lang", "en"]).code(0).out.contains("某市：\"反诈\"专班 #1"));
    assert_eq!(duban(&office, &["schema", "--write", "--check"]).code, 0);
    // A second time: nothing is written, nothing is touched.
    let before = tree(world.path());
    assert!(duban(world.path(), &["init", "office"]).code(2).err.contains("already"));
    assert_eq!(before, tree(world.path()));
    // Files of the folder's own stay; what is missing in them is said.
    let own = world.path().join("own");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join(".gitattributes"), "*.png binary\n").unwrap();
    let said = duban(world.path(), &["init", "own", "--ci", "gitlab", "--lang", "en"]).code(0).out;
    assert!(said.contains("was left alone") && said.contains("merge=union"), "{said}");
    assert_eq!(std::fs::read_to_string(own.join(".gitattributes")).unwrap(), "*.png binary\n");
    assert!(own.join(".gitlab-ci.yml").exists());
    // What cannot be begun leaves nothing behind.
    duban(world.path(), &["init", "gone", "--code", "not a code"]).code(2);
    duban(world.path(), &["init", "gone", "--catalogue", "nowhere"]).code(2);
    assert!(!world.path().join("gone").exists());
}

#[test]
fn init_borrows_another_catalogue_or_starts_without_one() {
    let world = tempfile::tempdir().unwrap();
    duban(world.path(), &["init", "province", "--code", "PROV"]).code(0);
    duban(world.path(), &["init", "cities/one", "--code", "ONE", "--catalogue", "province"]).code(0);
    let one = world.path().join("cities/one");
    assert!(
        std::fs::read_to_string(one.join("obligations/register.yaml")).unwrap().contains("catalogue: \"../../../province/obligations\"")
    );
    assert!(duban(&one, &["check", "--lang", "en"]).code(0).out.contains("read 86 · valid 86"));
    // A catalogue that would not pass is not handed on.
    let plan = world.path().join("province/obligations/national/opinions-2022/0-general.yaml");
    let text = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, text.replacen("kind: organisation", "kind: nonsense", 1)).unwrap();
    assert!(duban(world.path(), &["init", "cities/two", "--catalogue", "province"]).code(2).err.contains("E006"));
    assert_eq!(std::fs::read_dir(world.path().join("cities")).unwrap().count(), 1);
    // Without a catalogue there is nothing to check yet, and the gate says so.
    duban(world.path(), &["init", "bare", "--empty"]).code(0);
    let check = duban(&world.path().join("bare"), &["check", "--lang", "en"]).code(1).out;
    assert!(check.contains("E005") && check.contains("not one obligation") && check.contains("1 denied"), "{check}");
}

/// The shell lines of a new register's own README.
fn first_day(office: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(office.join("obligations/README.md")).unwrap();
    let block = text.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    block.lines().map(|l| l.split("  #").next().unwrap().trim().to_string()).collect()
}

/// Words of a shell line; quotes hold together.
fn words(line: &str) -> Vec<String> {
    let (mut out, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => out.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    out.push(word);
    out
}

#[test]
fn a_new_users_first_day_goes_as_the_readme_says() {
    let world = tempfile::tempdir().unwrap();
    duban(world.path(), &["init", "office", "--code", "CITY"]).code(0);
    let office = world.path().join("office");
    let lines = first_day(&office);
    assert!(lines.len() >= 8, "{lines:?}");
    for line in &lines {
        let words = words(line);
        let args: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        assert_eq!(words[0], "duban");
        duban(&office, &args).code(0);
    }
    let show = duban(&office, &["list", "OPN-5.01", "--lang", "en"]).code(0).out;
    assert!(show.contains("officer-city") && show.contains("In progress") && show.contains("standing"), "{show}");
    duban(&office, &["verify"]).code(0);
    assert!(duban(&office, &["list", "dept:CITY-PSB", "--lang", "en"]).code(0).out.contains("OPN-0.03"));
    // The office that starts without a catalogue: its first policy and its first obligation.
    duban(world.path(), &["init", "bare", "--code", "AB", "--empty"]).code(0);
    let bare = world.path().join("bare");
    let policy = ["new", "policy", "ABC", "--zh", "某办法", "--part-zh", "总则", "--lang", "en"];
    assert!(duban(&bare, &policy).code(1).err.contains("S006"));
    assert!(!bare.join("obligations/abc").exists());
    duban(&bare, &[&policy[..], &["--force"]].concat()).code(0);
    let obligation = [
        "new",
        "obligation",
        "ABC-1",
        "--zh",
        "建台账",
        "--requirement-zh",
        "建立台账",
        "--kind",
        "build",
        "--recurrence",
        "one-off",
        "--at",
        "ABC:P1.s1.c1",
        "--anchor",
        "建立台账",
        "--lead",
        "AB-OFFICE",
        "--sector",
        "ALL",
        "--lang",
        "en",
    ];
    let refused = duban(&bare, &obligation).code(1).err;
    assert!(refused.contains("O002") && refused.contains("O003"), "{refused}");
    duban(&bare, &[&obligation[..], &["--force"]].concat()).code(0);
    duban(&bare, &["set", "ABC-1.01", "person", "officer-ab"]).code(0);
    duban(&bare, &["set", "ABC-1.01", "due", "2099-12-31"]).code(0);
    let check = duban(&bare, &["check", "--lang", "en"]).code(0).out;
    assert!(check.contains("read 1 · valid 1"), "{check}");
    assert_eq!(duban(&bare, &["schema", "--write", "--check"]).code, 0);
}

/// A copy of the shipped registers.
fn copy() -> tempfile::TempDir {
    let world = tempfile::tempdir().unwrap();
    for (name, bytes) in tree(&shipped()) {
        let path = world.path().join("obligations").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    world
}

/// Files that differ, with the lines that went and came.
fn changed(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let mut out = Vec::new();
    for (name, old) in before.iter().filter(|(name, old)| after[*name] != **old) {
        let (old, new) = (String::from_utf8(old.clone()).unwrap(), String::from_utf8(after[name].clone()).unwrap());
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        out.push(name.clone());
        out.extend(old.iter().filter(|l| !new.contains(l)).map(|l| format!("- {l}")));
        out.extend(new.iter().filter(|l| !old.contains(l)).map(|l| format!("+ {l}")));
    }
    out
}

#[test]
fn set_changes_one_line() {
    let world = copy();
    let city = world.path().join("obligations/sample-city");
    let cases: &[(&Path, &[&str], &[&str])] = &[
        (
            world.path(),
            &["OPN-3.18", "title.en", "A list: of parties"],
            &["obligations/opinions-2022/3-industry.yaml", "  title: {zh: 严重失信主体名单制度, en: ", "en: \"A list: of parties\"}"],
        ),
        (
            world.path(),
            &["OPN-3.18", "evidence[policy-doc].required", "false"],
            &["opinions-2022/3-industry.yaml", "{type: policy-doc, required: false}"],
        ),
        (world.path(), &["DEP-MIIT", "note", "a remark"], &["obligations/departments.yaml", "+     note: a remark"]),
        (world.path(), &["OPN", "short.en", "Opinions"], &["opinions-2022/policy.yaml", "en: Opinions}"]),
        (
            world.path(),
            &["register", "thresholds.near_days", "21"],
            &["obligations/register.yaml", "+   near_days: 21         # A1: due soon"],
        ),
        (&city, &["OPN-3.09", "due", "2027-04-30"], &["sample-city/plan.yaml", "+   due: 2027-04-30"]),
        (&city, &["officer-cam", "name.zh", "通管局专岗"], &["sample-city/people.yaml", "name: {zh: 通管局专岗}}"]),
    ];
    for (dir, args, want) in cases {
        let before = tree(world.path());
        let command = [&["set"], *args, &["--as-of", "2026-10-31", "--lang", "en"]].concat();
        // Where a rule speaks against the change, it is refused and nothing moves.
        let run = duban(dir, &command);
        if run.code == 1 {
            assert_eq!(before, tree(world.path()));
            assert!(run.err.contains("--force"), "{}", run.err);
            duban(dir, &[&command[..], &["--force"]].concat()).code(0);
        } else {
            assert_eq!(run.code, 0, "{}", run.err);
        }
        let told = changed(&before, &tree(world.path())).join("\n");
        for w in *want {
            assert!(told.contains(w), "{args:?}\n{told}");
        }
        assert!(told.lines().count() <= 3, "{args:?}\n{told}");
    }
}

#[test]
fn set_refuses_what_would_not_hold() {
    let world = copy();
    let city = world.path().join("obligations/sample-city");
    let before = tree(world.path());
    let refused: &[(&Path, &[&str], i32, &str)] = &[
        (world.path(), &["OPN-3.18", "owner.lead", "DEP-MITT"], 1, "E009"),
        (world.path(), &["OPN-3.18", "owner", "--unset"], 1, "O001"),
        (world.path(), &["OPN-3.18", "kind", "nonsense"], 1, "E006"),
        (world.path(), &["OPN-3.18", "requirment", "x"], 2, "did you mean requirement?"),
        (world.path(), &["OPN-3.18", "title", "x"], 2, "both languages"),
        (world.path(), &["OPN-3.18", "revision", "two"], 2, "0, 1, 2"),
        (world.path(), &["OPN-3.18", "evidence[minuets].required", "true"], 2, "there are:"),
        (world.path(), &["OPN-3.81", "note", "x"], 2, "did you mean OPN-"),
        (world.path(), &["register", "format", "duban/9"], 2, "could not be used"),
        (&city, &["OPN-3.18", "title.en", "x"], 2, "of the catalogue"),
        (&city, &["OPN-0.31", "person", "x"], 2, "OPN-0.31@CITY-CAC"),
        (&city, &["OPN-3.09", "due", "soon"], 1, "E006"),
    ];
    for (dir, args, code, says) in refused {
        let run = duban(dir, &[&["set"], *args, &["--as-of", "2026-10-31", "--lang", "en"]].concat()).code(*code);
        assert!(run.err.contains("nothing was written") && run.err.contains(says), "{args:?}\n{}", run.err);
        assert_eq!(before, tree(world.path()), "{args:?}");
    }
    // A dry run shows and does not write; the same value again is no change.
    let dry = duban(world.path(), &["set", "OPN-3.18", "note", "x", "--dry-run", "--lang", "en"]).code(0).out;
    assert!(dry.contains("+   note: x") && dry.contains("nothing was written"), "{dry}");
    assert!(duban(world.path(), &["set", "OPN-3.18", "kind", "build", "--lang", "en"]).code(0).out.contains("nothing changed"));
    assert_eq!(before, tree(world.path()));
}

#[test]
fn new_refuses_what_is_there() {
    let world = copy();
    let before = tree(world.path());
    for args in [
        &["new", "department", "DEP-MIIT", "--zh", "x"][..],
        &["new", "policy", "OPN", "--zh", "x"],
        &["new", "obligation", "OPN-3.18", "--zh", "x", "--requirement-zh", "x", "--kind", "build", "--recurrence", "one-off"],
        &["new", "obligation", "XYZ-1", "--zh", "x", "--requirement-zh", "x", "--kind", "build", "--recurrence", "one-off"],
    ] {
        duban(world.path(), args).code(2);
    }
    // The number after the last, and its clause; refused for what is still missing, then forced.
    let new = [
        "new",
        "obligation",
        "OPN-3",
        "--zh",
        "甲",
        "--requirement-zh",
        "乙",
        "--kind",
        "action",
        "--recurrence",
        "continuous",
        "--at",
        "OPN:P9.s1.c1",
        "--anchor",
        "丙",
    ];
    assert!(duban(world.path(), &[&new[..], &["--lang", "en"]].concat()).code(1).err.contains("O001"));
    assert_eq!(before, tree(world.path()));
    let out = duban(world.path(), &[&new[..], &["--force", "--dry-run"]].concat()).code(0).out;
    assert!(out.contains("+ - id: OPN-3.") && out.contains("at: OPN:P9.s1.c1"), "{out}");
    assert_eq!(before, tree(world.path()));
}

#[test]
fn codeowners_come_from_the_leads() {
    let world = copy();
    std::fs::create_dir(world.path().join(".git")).unwrap();
    let city = world.path().join("obligations/sample-city");
    let made = |dir: &Path, args: &[&str]| duban(dir, &[&["codeowners"], args].concat());
    // Without handles every lead is named as lacking one, and nobody is asked.
    let bare = made(&city, &[]).code(0);
    assert!(bare.out.contains("# no handle · 没有账号: CITY-PSB\n") && bare.err.contains("CITY-CAM"), "{}{}", bare.out, bare.err);
    assert_eq!(bare.out.lines().filter(|l| !l.starts_with('#')).count(), 0);
    for (id, handle) in [("CITY-PSB", "@city/psb"), ("CITY-NFRA", "@city/nfra\", \"nfra@example.org")] {
        duban(&city, &["set", id, "git", &format!("[\"{handle}\"]"), "--as-of", "2026-10-31"]).code(0);
    }
    let out = made(&city, &["--owner", "@city/office"]).code(0).out;
    let lines: Vec<&str> = out.lines().filter(|l| !l.starts_with('#')).collect();
    // The department that was renamed keeps the older part of its log under its former id.
    assert_eq!(
        lines,
        [
            "/obligations/sample-city/ @city/office",
            "/obligations/sample-city/log/CITY-CBIRC/ @city/nfra nfra@example.org",
            "/obligations/sample-city/log/CITY-NFRA/ @city/nfra nfra@example.org",
            "/obligations/sample-city/log/CITY-PSB/ @city/psb",
        ]
    );
    // The national register owns its part files: each belongs to all that lead in it.
    for (id, handle) in [("DEP-MIIT", "@gov/miit"), ("DEP-NDRC", "@gov/ndrc")] {
        duban(world.path(), &["set", id, "git", handle]).code(0);
    }
    let out = made(world.path(), &[]).code(0).out;
    assert!(out.contains("/obligations/opinions-2022/3-industry.yaml @gov/miit @gov/ndrc\n"), "{out}");
    let file = world.path().join("CODEOWNERS");
    std::fs::write(&file, &out).unwrap();
    made(world.path(), &["--check", "CODEOWNERS"]).code(0);
    std::fs::write(&file, out.replace("@gov/ndrc", "@gov/ndcr")).unwrap();
    made(world.path(), &["--check", "CODEOWNERS"]).code(1);
    duban(world.path(), &["set", "DEP-MIIT", "git", "not a handle"]).code(0);
    assert!(made(world.path(), &[]).code(2).err.contains("DEP-MIIT: not a handle"));
}

#[test]
fn completions_know_the_register() {
    let world = copy();
    let city = world.path().join("obligations/sample-city");
    let ask = |dir: &Path, words: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("duban").unwrap();
        command
            .env_remove("DUBAN_REGISTER")
            .env("COMPLETE", "bash")
            .env("_CLAP_IFS", "\n")
            .env("_CLAP_COMPLETE_INDEX", words.len().to_string());
        let out = command.current_dir(dir).args(["--", "duban"]).args(words).output().unwrap();
        String::from_utf8(out.stdout).unwrap().lines().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(
        ask(&city, &["log", "progress", "OPN-0.31@"]),
        ["OPN-0.31@CITY-PBC", "OPN-0.31@CITY-NFRA", "OPN-0.31@CITY-CAM", "OPN-0.31@CITY-CAC"]
    );
    assert_eq!(ask(&city, &["list", "dept:CITY-PS"]), ["dept:CITY-PSB"]);
    assert_eq!(ask(&city, &["list", "not:status:closed,ope"]), ["not:status:closed,operating"]);
    assert_eq!(ask(&city, &["explain", "o00"]).len(), 9);
    assert_eq!(
        ask(world.path(), &["-C", "obligations/sample-city", "log", "start", "OPN-3.09", "--by", "officer-ca"]),
        ["officer-cac", "officer-cam"]
    );
    assert!(ask(&city, &["set", "OPN-3.09", ""]).contains(&"person".to_string()));
    // Nowhere, there is nothing to offer, and nothing goes wrong.
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(ask(nowhere.path(), &["show", "OPN-3.1"]), Vec::<String>::new());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(duban(nowhere.path(), &["completions", shell]).code(0).out.contains("duban"), "{shell}");
    }
    duban(nowhere.path(), &["completions", "csh"]).code(2);
    duban(nowhere.path(), &["man", "pages"]).code(0);
    let pages = tree(&nowhere.path().join("pages"));
    assert!(pages.len() > 20 && pages.contains_key("duban.1") && pages.contains_key("duban-new-obligation.1"));
}
