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
    let on_disk: BTreeMap<String, Vec<u8>> =
        tree(&shipped()).into_iter().filter(|(n, _)| !n.starts_with("sample-city/") && !n.starts_with('.')).collect();
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
