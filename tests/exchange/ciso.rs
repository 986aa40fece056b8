//! The CISO Assistant library, by the rules of its loader.
//!
//! The loader lowers every urn, so two that differ by case are one; it takes a library whose
//! version is greater; it finds parents and mapped nodes by urn. PyYAML reads the file in
//! tests/conformance/exchange_oscal.py; here the library that reads the register does.

use super::worlds::{duban, files, open, root, tiny};
use duban::model::{Lang, Relation};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The file, read back: the shape of YAML that it is written in is JSON in lines.
fn library(text: &str) -> Value {
    let root = duban::load::tree::parse(text).unwrap_or_else(|e| panic!("line {}: {}", e.line, e.en)).unwrap();
    duban::author::yaml::value::of(&root)
}

fn strings<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value.as_array().into_iter().flatten().filter_map(|v| v[key].as_str()).collect()
}

/// Everything that the loader would refuse or get wrong.
fn objections(library: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for field in ["urn", "name", "version", "objects", "ref_id", "locale"] {
        if library[field].is_null() {
            out.push(format!("no {field}"));
        }
    }
    if library["version"].as_str().is_none_or(|v| v.parse::<i32>().is_err()) {
        out.push("the version is no integer".into());
    }
    let mut urns: BTreeSet<String> = BTreeSet::new();
    let mut take = |node: &Value, out: &mut Vec<String>| {
        let urn = node["urn"].as_str().unwrap_or("");
        let form = urn.split(':').count() >= 5 && urn.starts_with("urn:") && urn.len() <= 255;
        let plain = urn.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._:".contains(&b));
        if !form || !plain {
            out.push(format!("bad urn {urn}"));
        }
        if !urns.insert(urn.to_lowercase()) {
            out.push(format!("urn twice {urn}"));
        }
        let long = |key: &str, most: usize| node[key].as_str().is_some_and(|t| t.is_empty() || t.chars().count() > most);
        if long("name", 200) || long("ref_id", 100) {
            out.push(format!("{urn}: name or ref_id is empty or too long"));
        }
    };
    take(library, &mut out);
    let mut nodes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for framework in library["objects"]["frameworks"].as_array().into_iter().flatten() {
        take(framework, &mut out);
        let own = nodes.entry(framework["urn"].as_str().unwrap_or("")).or_default();
        for node in framework["requirement_nodes"].as_array().into_iter().flatten() {
            take(node, &mut out);
            if node["parent_urn"].as_str().is_some_and(|p| !own.contains(p)) {
                out.push(format!("{}: no parent", node["urn"]));
            }
            own.insert(node["urn"].as_str().unwrap_or(""));
        }
    }
    for set in library["objects"]["requirement_mapping_sets"].as_array().into_iter().flatten() {
        take(set, &mut out);
        for (side, key) in [("source_framework_urn", "source_requirement_urn"), ("target_framework_urn", "target_requirement_urn")] {
            let known = nodes.get(set[side].as_str().unwrap_or("")).cloned().unwrap_or_default();
            out.extend(
                strings(&set["requirement_mappings"], key).into_iter().filter(|u| !known.contains(u)).map(|u| format!("{u}: no such node")),
            );
        }
    }
    out
}

#[test]
fn the_loader_has_nothing_to_say() {
    for name in ["obligations", "obligations/sample-city"] {
        let s = open(&root(name));
        for lang in [Lang::Zh, Lang::En, Lang::Both] {
            let made = files(&s, "ciso", "", lang);
            assert!(made.len() == 1 && made[0].bytes == files(&open(&root(name)), "ciso", "", lang)[0].bytes, "{name}: two runs differ");
            let text = String::from_utf8(made[0].bytes.clone()).unwrap();
            let library = library(&text);
            assert_eq!(objections(&library), Vec::<String>::new(), "{name}");
            assert_eq!(library["version"], "20261031");
            let nodes = library["objects"]["frameworks"][0]["requirement_nodes"].as_array().unwrap();
            let assessed: BTreeSet<&str> =
                nodes.iter().filter(|n| n["assessable"] == "true").filter_map(|n| n["ref_id"].as_str()).collect();
            let all: BTreeSet<&str> = s.register.obligations.iter().map(|o| o.id.as_str()).collect();
            assert_eq!(assessed, all, "{name}");
            // Nobody's compliance with a law follows from a file of topics.
            for law in &library["objects"]["frameworks"].as_array().unwrap()[1..] {
                assert!(law["requirement_nodes"].as_array().unwrap().iter().all(|n| n["assessable"] == "false"));
            }
            let pairs: BTreeSet<_> = s
                .register
                .crosswalk
                .iter()
                .flat_map(|c| c.links.iter().filter(|l| l.relation != Relation::None).map(move |l| (&c.duty, &l.law, &l.article)))
                .collect();
            let sets = library["objects"]["requirement_mapping_sets"].as_array().unwrap();
            let mapped: usize = sets.iter().map(|s| s["requirement_mappings"].as_array().unwrap().len()).sum();
            assert_eq!(mapped, pairs.len(), "{name}");
        }
    }
}

#[test]
fn each_rule_of_the_loader_can_object() {
    let s = open(&root("obligations"));
    let good = library(&String::from_utf8(files(&s, "ciso", "", Lang::Zh)[0].bytes.clone()).unwrap());
    let spoilt = |spoil: &dyn Fn(&mut Value)| {
        let mut bad = good.clone();
        spoil(&mut bad);
        objections(&bad)
    };
    let node = |v: &mut Value, i: usize| v["objects"]["frameworks"][0]["requirement_nodes"][i]["urn"].take();
    assert!(!spoilt(&|v| v["version"] = "1.0".into()).is_empty());
    assert!(!spoilt(&|v| drop(v.as_object_mut().unwrap().shift_remove("objects"))).is_empty());
    assert!(!spoilt(&|v| drop(node(v, 0))).is_empty());
    assert!(!spoilt(&|v| v["urn"] = "urn:duban:risk:library:示例".into()).is_empty());
    assert!(!spoilt(&|v| v["objects"]["frameworks"][0]["requirement_nodes"][3]["parent_urn"] = "urn:a:b:c:d".into()).is_empty());
    assert!(!spoilt(&|v| v["objects"]["frameworks"][1]["urn"] = v["objects"]["frameworks"][0]["urn"].clone()).is_empty());
}

#[test]
fn only_a_duty_of_the_same_content_is_equal() {
    let s = open(&root("obligations"));
    let library = library(&String::from_utf8(files(&s, "ciso", "", Lang::Zh)[0].bytes.clone()).unwrap());
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for set in library["objects"]["requirement_mapping_sets"].as_array().unwrap() {
        for m in set["requirement_mappings"].as_array().unwrap() {
            let (word, why) = (m["relationship"].as_str().unwrap(), m["annotation"].as_str().unwrap());
            *seen.entry(word).or_default() += 1;
            match word {
                "equal" => assert!(why.lines().any(|l| l.starts_with("落实 · 把握: 高")), "{why}"),
                "intersect" => assert!(why.contains("落实") || why.contains("细化"), "{why}"),
                _ => assert!(why.lines().all(|l| l.starts_with("罚则") || l.starts_with("相关")), "{why}"),
            }
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [("equal", 19), ("intersect", 86), ("not_related", 115)]);
}

#[test]
fn hostile_words_are_texts_and_what_is_missing_is_told() {
    let dir = tiny();
    let s = open(dir.path());
    let text = String::from_utf8(files(&s, "ciso", "", Lang::Zh)[0].bytes.clone()).unwrap();
    assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{2028}'), "a character that YAML 1.1 takes for something");
    let library = library(&text);
    assert_eq!(objections(&library), Vec::<String>::new());
    assert!(library["description"].as_str().unwrap().contains("TNY-1.02 (tny/1-part.yaml:9)"));
    // `on` is a word and no truth value; quotes and braces stand.
    let node = &library["objects"]["frameworks"][0]["requirement_nodes"][2];
    assert_eq!(node["translations"]["en"]["description"], "on");
    assert!(text.contains("description: \"on\"\n"), "{}", &text[..2000]);
    let (code, out, err) = duban(&["--register", dir.path().to_str().unwrap(), "export", "ciso"]);
    assert!(code == 1 && out.starts_with("urn: \"urn:duban:risk:library:"), "{err}");
}
