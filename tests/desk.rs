//! The author's desk: schemas, a register of one's own, changes that keep every other byte.
//!
//! Each test has a folder of its own, outside git.

use duban::author::{mark, schema};
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
