//! The walls of the house: who may import whom, what every module says of itself, what
//! every rule brings with it, and that the README's index does not lag behind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            // What a package of its own has built is nobody's source.
            if !path.ends_with("target") {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The table in the header of src/lib.rs: room → (may import, own crates).
fn table() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let words = |cell: &str| cell.split_whitespace().filter(|w| *w != "–").map(String::from).collect::<BTreeSet<_>>();
    let rows = text.lines().filter_map(|l| l.strip_prefix("//! | ")).filter(|l| !l.starts_with("room"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        (cells[0].to_string(), (words(cells[1]), words(cells[2])))
    })
    .collect()
}

/// Rooms named after `crate::` in a text without its comments.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines().map(str::trim).filter(|l| !l.starts_with("//")) {
        for piece in line.split("crate::").skip(1) {
            found.insert(piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

/// Every import that the table does not allow, in one list.
fn trespasses(files: &[(String, String, String)]) -> Vec<String> {
    let table = table();
    let mut out = Vec::new();
    for (room, path, text) in files {
        let Some((may, _)) = table.get(room) else {
            out.push(format!("{path}: the room {room} is not in the table"));
            continue;
        };
        for to in imports(text) {
            if to != *room && !may.contains("everything") && !may.contains(&to) {
                out.push(format!("{path}: {room} may not import {to}"));
            }
        }
        for (owner, (_, crates)) in table.iter().filter(|(owner, _)| *owner != room) {
            for name in crates {
                let used = text.lines().map(str::trim).any(|l| !l.starts_with("//") && l.contains(&format!("{name}::")));
                // The terminal renderer measures characters as `text` measures words, and
                // `cli` draws one finding before a register is open. The parts of a Word document
                // are XML, as JUnit is, and so is what requirements tools exchange.
                let known = matches!(
                    (name.as_str(), room.as_str()),
                    ("unicode_width" | "quick_xml", "render")
                        | ("quick_xml" | "rust_xlsxwriter" | "csv", "exchange")
                        // Secrets of sessions.
                        | ("getrandom", "serve")
                        | ("annotate_snippets", "cli")
                );
                if used && !known {
                    out.push(format!("{path}: {name} lives in {owner} only"));
                }
            }
        }
    }
    out
}

fn house() -> Vec<(String, String, String)> {
    let mut paths = Vec::new();
    sources(&root().join("src"), &mut paths);
    paths
        .into_iter()
        .filter_map(|p| {
            let rel = p.strip_prefix(root().join("src")).unwrap().to_string_lossy().into_owned();
            let room = rel.split('/').next().filter(|_| rel.contains('/'))?.to_string();
            Some((room, rel, fs::read_to_string(&p).unwrap()))
        })
        .collect()
}

#[test]
fn nobody_walks_through_walls() {
    let files = house();
    assert!(files.len() > 50, "the house was not looked at");
    assert_eq!(trespasses(&files), Vec::<String>::new());
    // The wall stands: an import that is not allowed is seen.
    let bad = vec![("page".to_string(), "page/x.rs".to_string(), "use crate::model::Lang;\nfn f() { clap::x() }".to_string())];
    assert_eq!(trespasses(&bad).len(), 2);
}

#[test]
fn the_table_has_no_circle() {
    let table = table();
    let mut left: BTreeMap<&str, BTreeSet<&str>> =
        table.iter().map(|(k, (may, _))| (k.as_str(), may.iter().map(String::as_str).filter(|m| *m != "everything").collect())).collect();
    assert!(left.len() >= 15);
    while !left.is_empty() {
        let free: Vec<&str> = left.iter().filter(|(_, may)| may.is_empty()).map(|(k, _)| *k).collect();
        assert!(!free.is_empty(), "rooms in a circle: {:?}", left.keys());
        for room in free {
            left.remove(room);
            for may in left.values_mut() {
                may.remove(room);
            }
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut paths = Vec::new();
    for dir in ["src", "tests", "benches"] {
        sources(&root().join(dir), &mut paths);
    }
    let silent: Vec<_> = paths.iter().filter(|p| !fs::read_to_string(p).unwrap().starts_with("//!")).collect();
    assert!(silent.is_empty(), "no header: {silent:?}");
}

#[test]
fn children_do_not_import_their_own_door() {
    // What a child may take from its parent are siblings: lower-case module names.
    for (room, path, text) in house() {
        if path.ends_with("mod.rs") || room == "model" {
            continue;
        }
        for line in text.lines().filter(|l| l.starts_with("use super::")) {
            let first = line.trim_start_matches("use super::").chars().next().unwrap();
            assert!(first.is_lowercase() && !line.starts_with("use super::{"), "{path}: {line}");
        }
    }
}

/// The first word of every `Stop::new(` in a text that speaks one language only: a literal with a
/// sentence in it, and not a pair.
fn monolingual(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices("Stop::new(") {
        let rest = text[at + "Stop::new(".len()..].trim_start();
        let Some(quoted) = rest.strip_prefix("format!(").map_or(rest, str::trim_start).strip_prefix('"') else { continue };
        let literal = &quoted[..quoted.find('"').unwrap_or(quoted.len())];
        let word = |w: &&str| w.len() > 1 && w.bytes().all(|b| b.is_ascii_lowercase());
        if literal.split_whitespace().filter(word).count() > 1 {
            out.push(literal.to_string());
        }
    }
    out
}

#[test]
fn who_cannot_go_on_says_so_in_both_languages() {
    let mut files = Vec::new();
    sources(&root().join("src/cli"), &mut files);
    let texts: Vec<String> = files.iter().map(|f| fs::read_to_string(f).unwrap()).collect();
    let found: Vec<String> = texts.iter().flat_map(|t| monolingual(t)).collect();
    assert_eq!(found, [""; 0]);
    assert!(texts.iter().map(|t| t.matches("Stop::new(").count()).sum::<usize>() > 100);
    let ill = "Stop::new(\n    \"there is no rule\", \"\", \"\") Stop::new(format!(\"{x}: cannot be read\"), e, \"\")";
    assert_eq!(monolingual(ill), ["there is no rule", "{x}: cannot be read"]);
    assert_eq!(monolingual("Stop::new((\"没有规则\", \"there is no rule\"), e, \"\") Stop::new(\"--by\", e, \"\")"), [""; 0]);
}

#[test]
fn every_rule_brings_its_page_and_its_worlds() {
    for rule in duban::rules::TABLE.iter() {
        let id = rule.info.id;
        assert!(rule.info.page.starts_with(&format!("# {id} ")), "{id}: the page begins with another title");
        assert!(rule.info.page.contains("## Remedy") && rule.info.page.contains("## 中文"), "{id}: the page is not whole");
        for file in ["bad.edit", "bad.txt", "quiet.edit"] {
            assert!(root().join("tests/rules").join(id).join(file).exists(), "{id} has no {file}");
        }
    }
}

#[test]
fn the_readme_index_is_the_table() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("<!-- rules -->").expect("the README has a rule index");
    let (index, _) = rest.split_once("<!-- /rules -->").expect("the rule index ends");
    // A renderer of Markdown may escape the backticks of a title.
    let index = index.replace("\\`", "`");
    let rows: Vec<&str> =
        index.lines().map(str::trim).filter(|l| l.starts_with("| ") && !l.starts_with("| id") && !l.starts_with("|--")).collect();
    let want: Vec<String> = duban::rules::TABLE
        .iter()
        .map(|r| {
            let level = serde_json::to_value(r.info.level).unwrap();
            format!("| {} | {} | {} | {} |", r.info.id, r.info.title.1, level.as_str().unwrap(), if r.info.waivable { "yes" } else { "no" })
        })
        .collect();
    assert_eq!(rows, want);
}

#[test]
fn every_dependency_says_why() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut before = "";
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if inside && line.contains(" = ") {
            assert!(before.starts_with('#'), "no comment above: {line}");
        }
        before = line;
    }
}
