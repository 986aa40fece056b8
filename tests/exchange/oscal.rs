//! OSCAL out and in. Schemas and trestle are asked in tests/conformance/exchange_oscal.py.

use super::worlds::{DAY, document, duban, each, files, open, root, tiny};
use duban::exchange::File;
use duban::exchange::oscal::read::{Brought, Given, bring};
use duban::model::Lang;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const REGISTERS: [(&str, usize, usize); 2] = [("obligations", 86, 0), ("obligations/sample-city", 86, 1124)];

fn prop<'a>(value: &'a Value, name: &str) -> Vec<&'a str> {
    let named = |p: &&Value| p["name"] == name;
    value["props"].as_array().into_iter().flatten().filter(named).filter_map(|p| p["value"].as_str()).collect()
}

/// Controls by id.
fn controls(catalog: &Value) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    each(catalog, "", &mut |key, v| {
        if key == "controls" {
            assert!(out.insert(v["id"].as_str().unwrap().to_string(), v.clone()).is_none(), "{} twice", v["id"]);
        }
    });
    out
}

#[test]
fn two_runs_are_equal_and_count_as_list_does() {
    for (name, obligations, entries) in REGISTERS {
        let s = open(&root(name));
        assert_eq!((s.register.obligations.len(), s.log.records.len()), (obligations, entries), "{name}");
        for lang in [Lang::Zh, Lang::En, Lang::Both] {
            let made = files(&s, "oscal", "", lang);
            let again = files(&open(&root(name)), "oscal", "", lang);
            assert_eq!(made.len(), 7, "{name}");
            for (a, b) in made.iter().zip(&again) {
                assert!(a.name == b.name && a.bytes == b.bytes, "{name} {}", a.name);
            }
            assert_eq!(controls(&document(&made, "catalog.json")).len(), obligations);
            let results = document(&made, "assessment-results.json");
            assert_eq!(results["results"][0]["findings"].as_array().unwrap().len(), s.roster.duties.len());
        }
    }
}

#[test]
fn findings_say_what_list_says_and_nothing_is_green_that_is_not() {
    let s = open(&root("obligations/sample-city"));
    let made = files(&s, "oscal", "", Lang::Zh);
    let results = document(&made, "assessment-results.json");
    let findings = results["results"][0]["findings"].as_array().unwrap();
    let poam = document(&made, "poam.json");
    let open_items: BTreeSet<&str> = poam["poam-items"].as_array().unwrap().iter().flat_map(|i| prop(i, "assignment")).collect();
    for (i, state) in s.folded.states.iter().enumerate() {
        let name = s.roster.full_id(&s.register, i);
        let f = findings.iter().find(|f| prop(f, "assignment") == [name.as_str()]).unwrap_or_else(|| panic!("{name}"));
        assert_eq!((prop(f, "status"), prop(f, "light")), (vec![state.status.code()], vec![state.light.code()]), "{name}");
        let satisfied = f["target"]["status"]["state"] == "satisfied";
        let late_only = state.reasons.iter().all(|r| *r == "A11");
        assert_eq!(satisfied, matches!(state.status.code(), "closed" | "operating") && late_only, "{name}");
        let exempt = state.status.code() == "not-applicable";
        assert_eq!(open_items.contains(name.as_str()), !satisfied && !exempt, "{name}");
    }
}

#[test]
fn evidence_above_internal_shows_its_class_alone() {
    let s = open(&root("obligations/sample-city"));
    let hidden: Vec<_> = s.log.records.iter().flat_map(|r| &r.entry.evidence).filter(|e| e.class.is_some_and(|c| !c.printable())).collect();
    assert!(!hidden.is_empty(), "the sample has some");
    for lang in [Lang::Zh, Lang::En, Lang::Both] {
        for file in files(&s, "oscal", "", lang) {
            let text = String::from_utf8(file.bytes).unwrap();
            for e in &hidden {
                assert!(!text.contains(&*e.name), "{} shows a name", file.name);
                assert!(e.number.as_ref().is_none_or(|n| !text.contains(&**n)), "{} shows a number", file.name);
            }
        }
    }
}

/// Ids of things by what they are of.
fn uuids(files: &[File]) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files.iter().filter(|f| f.name.ends_with(".json")) {
        each(&document(files, &file.name), "", &mut |key, v| {
            if let Some(id) = v["uuid"].as_str().filter(|_| !key.is_empty()) {
                assert_eq!(id.chars().nth(14), Some('5'), "{id}");
                assert!(out.entry(format!("{} {key}", file.name)).or_default().insert(id.into()), "{} {key}: {id} twice", file.name);
            }
        });
    }
    out
}

#[test]
fn ids_stay_from_one_revision_to_the_next() {
    let city = root("obligations/sample-city");
    let (now, other) = (open(&city), open(&city));
    let before = uuids(&files(&now, "oscal", "", Lang::Zh));
    // Another language changes words and no id; a document that says something else is another one.
    let after = uuids(&files(&other, "oscal", "", Lang::En));
    assert_eq!(before, after);
    let id = |lang| document(&files(&now, "oscal", "", lang), "catalog.json")["uuid"].clone();
    assert_ne!(id(Lang::Zh), id(Lang::En));
    // A part of it has the same ids as the whole.
    let some = uuids(&files(&now, "oscal", "part:OPN-3", Lang::Zh));
    for (what, ids) in some.iter().filter(|(what, _)| !what.contains("mappings")) {
        assert!(ids.is_subset(&before[what]), "{what}");
    }
    // Two units' things differ.
    let national = uuids(&files(&open(&root("obligations")), "oscal", "", Lang::Zh));
    assert!(national["assessment-results.json findings"].is_disjoint(&before["assessment-results.json findings"]));
}

#[test]
fn what_could_not_be_read_is_told_and_hostile_words_stand() {
    let dir = tiny();
    let s = open(dir.path());
    assert_eq!((s.register.obligations.len(), s.register.invalid.len()), (1, 1));
    let made = files(&s, "oscal", "", Lang::Both);
    let names: Vec<&str> = made.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["catalog.json", "component-definition.json", "assessment-results.json", "poam.json"]);
    for name in names {
        let doc = document(&made, name);
        assert!(
            doc["metadata"]["remarks"].as_str().unwrap().contains("TNY-1.02 (tny/1-part.yaml:9)"),
            "{name}: {}",
            doc["metadata"]["remarks"]
        );
        assert_eq!(prop(&doc["metadata"], "invalid"), ["1"]);
    }
    let catalog = document(&made, "catalog.json");
    let control = &controls(&catalog)["TNY-1.01"];
    assert_eq!(control["title"], "引号“\"'`与 控制 符 * _ <b> {{ insert: param, x }}");
    assert_eq!(control["parts"][0]["prose"].as_str().unwrap().chars().count(), 10_008);
    // What it needs is not in here: no link that leads nowhere, and still not lost.
    assert_eq!(control["links"], Value::Null);
    assert_eq!(prop(control, "needs"), ["TNY-1.02"]);
    // Nobody leads it: a component of its own, not an omission.
    let components = document(&made, "component-definition.json");
    assert_eq!(prop(&components["components"][0], "department"), ["-"]);

    let away = tempfile::tempdir().unwrap();
    let out = away.path().join("out");
    let args = ["--register", dir.path().to_str().unwrap(), "--as-of", DAY, "export", "oscal", "--out", out.to_str().unwrap()];
    let (code, _, err) = duban(&args);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("缺少 1 项义务"), "{err}");
    // An earlier mapping that is left over says what is so no longer.
    std::fs::write(out.join("mapping.json"), "{}").unwrap();
    let (code, _, err) = duban(&args);
    assert!(code == 1 && err.contains("remove: ") && err.contains("mapping.json"), "{err}");
}

#[test]
fn nothing_selected_is_an_error_and_no_empty_file() {
    let city = root("obligations/sample-city");
    let (code, _, err) = duban(&[
        "--register",
        city.to_str().unwrap(),
        "--lang",
        "en",
        "export",
        "oscal",
        "status:closed",
        "light:red",
        "--out",
        "/nowhere",
    ]);
    assert_eq!(code, 2);
    assert!(err.contains("no obligation is selected"), "{err}");
}

fn given<'a>(bytes: &'a [u8], code: Option<&'a str>) -> Given<'a> {
    Given { code, title: None, listed: "2026-01-01".parse().unwrap(), bytes }
}

fn brought(value: &Value, code: &str) -> Brought {
    bring(&given(value.to_string().as_bytes(), Some(code))).unwrap_or_else(|w| panic!("{}", w.say(Lang::En)))
}

#[test]
fn out_and_in_again_is_the_same() {
    for lang in [Lang::Zh, Lang::En, Lang::Both] {
        let s = open(&root("obligations"));
        let made = files(&s, "oscal", "", lang);
        let catalog = &made.iter().find(|f| f.name == "catalog.json").unwrap().bytes;
        let brought = bring(&given(catalog, None)).unwrap();
        assert_eq!((brought.read, brought.unreadable, brought.renamed), (86, 0, 0));
        let dir = tempfile::tempdir().unwrap();
        let codes: Vec<String> = brought.policies.iter().map(|p| p.code.to_lowercase()).collect();
        let settings = format!("format: duban/1\nunit: {{code: CN, name: 全国}}\nlanguages: [zh, en]\npolicies: [{}]\n", codes.join(", "));
        std::fs::write(dir.path().join("register.yaml"), settings).unwrap();
        for p in &brought.policies {
            let folder = dir.path().join(p.code.to_lowercase());
            std::fs::create_dir(&folder).unwrap();
            p.files.iter().for_each(|(name, text)| std::fs::write(folder.join(name), text).unwrap());
        }
        let back = open(dir.path());
        assert!(back.findings.is_empty(), "{:?}", back.findings);
        let same = |s: &duban::snapshot::Snapshot| -> Vec<_> {
            let one = |o: &duban::model::Obligation| {
                let needs: Vec<_> = o.needs.iter().map(|n| (n.on.to_string(), n.kind)).collect();
                (o.id.clone(), o.title.clone(), o.section.clone(), o.kind, o.modality, o.recurrence, o.review, o.revision, needs)
            };
            s.register.obligations.iter().map(|o| one(o)).collect()
        };
        assert_eq!(same(&back), same(&s));
        let words = |s: &duban::snapshot::Snapshot| {
            s.register
                .obligations
                .iter()
                .map(|o| (o.requirement.say(lang).into_owned(), o.practice.as_ref().map(|w| w.say(lang).into_owned())))
                .collect::<Vec<_>>()
        };
        assert_eq!(words(&back), words(&s));
        // And `check` says honestly what is missing: every owner, and nothing else that denies.
        let outcome = duban::rules::run(&back, &duban::rules::Overrides::default());
        let denied: Vec<&str> = outcome.findings.iter().filter(|j| j.level == duban::model::Level::Deny).map(|j| j.finding.rule).collect();
        assert_eq!((denied.len(), denied.iter().filter(|r| **r == "O001").count()), (86, 86), "{denied:?}");
    }
}

/// A catalogue as other people make them, with something of everything.
fn foreign() -> Value {
    json!({"catalog": {
        "uuid": "x", "metadata": {"title": "Small catalog", "version": "1", "parties": []},
        "params": [{"id": "unused"}],
        "groups": [
            {"id": "ac", "title": "Access", "params": [{"id": "gp", "values": ["weekly"]}], "parts": [{"name": "overview"}], "controls": [
                {"id": "ac-1", "class": "X", "title": "Policy", "remarks": "r",
                 "params": [{"id": "p1", "label": "role"}, {"id": "p2", "select": {"choice": ["never", "{{ insert: param, p1 }}"]}}],
                 "props": [{"name": "label", "value": "AC-1"}, {"name": "sort-id", "value": "ac-01"}],
                 "links": [{"href": "#ia-1", "rel": "related"}, {"href": "#ac-2", "rel": "required"}, {"href": "#zz", "rel": "required"}],
                 "parts": [
                    {"name": "statement", "parts": [{"name": "item", "props": [{"name": "label", "value": "a."}],
                     "prose": "Tell {{ insert: param, p1 }} {{insert:param,p2}} {{ insert: param, gp }} {{ insert: param, nope }}"}]},
                    {"name": "guidance", "prose": "Think."}, {"name": "assessment-method", "prose": "EXAMINE"}]},
                {"id": "ac-2", "title": "Accounts", "parts": [{"name": "statement", "prose": "Manage."}], "controls": [
                    {"id": "ac-2.1", "title": "Nested", "parts": [{"name": "statement", "prose": "Deeper."}]},
                    {"id": "ac-2.2", "title": "Gone", "props": [{"name": "status", "value": "withdrawn"}]}]},
                {"id": "ac-2", "title": "Twice", "parts": [{"name": "statement", "prose": "Again."}]},
                {"id": "ac-3", "parts": [{"name": "statement", "prose": "Without title."}]},
                {"title": "Without id"}, 7]},
            {"id": "none", "title": "Nothing in it"}, "no group",
            {"id": "out", "title": "Outer", "groups": [{"title": "Inner", "controls": [{"id": "NST-9.01", "title": "控\u{7}制", "parts": [{"name": "statement", "prose": "制定\n制度。"}]}]}]},
        ],
        "controls": [{"id": "top", "title": "Top"}],
        "back-matter": {"resources": []},
    }})
}

#[test]
fn a_foreign_catalogue_loses_nothing_in_silence() {
    let b = brought(&foreign(), "NST");
    let written: usize = b.policies.iter().map(|p| p.obligations).sum();
    // Ten controls and two things that are none: eight obligations, one withdrawn, two unreadable … and one that kept its id.
    assert_eq!((b.read, written, b.unreadable, b.renamed), (11, 8, 2, 6));
    let told = b.told.lines(Lang::En);
    let want = "\
  a group without controls, no part was made of it: 1
    groups[1]
  a link to a control that is not in the catalogue `required`: 1
    groups[0].controls[0].links[2]
  a link without a place here `related`: 1
    groups[0].controls[0].links[0]
  a parameter that is not there, its place left as it was `nope`: 1
    groups[0].controls[0].parts[0].parts[0]
  a parameter that no text names: 1
    params[0]
  a part of this kind, without a place here `assessment-method`: 1
    groups[0].controls[0].parts[2]
  a property without a place here `sort-id`: 1
    groups[0].controls[0].props[1]
";
    for line in want.lines() {
        assert!(told.contains(line), "{line}\n--\n{told}");
    }
    for line in [
        "not a control (not an object), not written: 1\n    groups[0].controls[5]",
        "not a group (no object or list), nothing in it was read: 1\n    groups[2]",
        "withdrawn in the catalogue, no obligation was made of it `ac-2.2`: 1\n    groups[0].controls[1].controls[1]",
        "a control without id, given one: 1\n    groups[0].controls[4]",
        "keeps its own as foreign_id `ac-2`: 1\n    groups[0].controls[2]",
        "no title; the beginning of its text stands for it: 1\n    groups[0].controls[3]",
        "no statement; its title stands for it: 2\n    controls[0]\n    groups[0].controls[4]",
        "taken out of a title: 1\n    groups[3].groups[0].controls[0]",
    ] {
        assert!(told.contains(line), "{line}\n--\n{told}");
    }
    let text = &b.policies[0].files.iter().find(|(_, t)| t.contains("foreign_id: ac-1\n")).unwrap().1;
    assert!(text.contains("a. Tell 〔role〕 〔never / 〔role〕〕 〔weekly〕 {{ insert: param, nope }}"), "{text}");
    assert!(text.contains("foreign_id: ac-2.1"), "{text}");
    let policy = &b.policies[0].files[0].1;
    assert!(policy.contains("{id: NST-9, file: 9-part.yaml, title: {en: Outer / Inner}}"), "{policy}");
}

#[test]
fn what_it_writes_loads_and_check_says_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("catalog.json");
    std::fs::write(&file, foreign().to_string()).unwrap();
    let register = dir.path().join("obligations");
    std::fs::create_dir(&register).unwrap();
    std::fs::write(register.join("register.yaml"), "# mine\nformat: duban/1\nunit: {code: T, name: 试}\nlanguages: [zh]\n").unwrap();
    let (r, f) = (register.to_str().unwrap(), file.to_str().unwrap());
    let run = |more: &[&str]| duban(&[&["--register", r, "--lang", "en", "import", "oscal", f, "--listed", "2026-01-01"], more].concat());

    let (code, out, err) = run(&["--id", "NST"]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(out.starts_with("11 controls read = 8 obligations + 3 not written; 6 ids kept as foreign_id\n"), "{out}");
    assert!(out.ends_with("a dry run: nothing was written; write with --out DIR or --apply\n") && !register.join("nst").exists(), "{out}");

    let (_, out, err) = run(&["--id", "NST", "--apply"]);
    assert!(out.ends_with("`duban check` now asks for the owners of 8 obligations (O001)\n"), "{out}{err}");
    let settings = std::fs::read_to_string(register.join("register.yaml")).unwrap();
    assert!(settings.starts_with("# mine\n") && settings.contains("policies: [nst]"), "{settings}");
    let s = open(&register);
    assert!(s.findings.is_empty(), "{:?}", s.findings);
    let foreign: Vec<_> = s.register.obligations.iter().map(|o| o.foreign_id.as_ref().map_or("-", |x| x.as_str())).collect();
    assert_eq!(foreign, ["top", "ac-1", "ac-2", "ac-2.1", "ac-2", "ac-3", "-", "-"]);
    let (code, out, _) = duban(&["--register", r, "check", "--format", "json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    let denied = |rule: &str| found["rows"].as_array().unwrap().iter().filter(|f| f["rule"] == rule).count();
    assert_eq!((code, denied("O001")), (1, 8), "{out}");

    let (code, _, err) = run(&["--id", "NST", "--apply"]);
    assert!(code == 2 && err.contains("there is a policy NST already"), "{err}");
}

#[test]
fn what_is_no_catalogue_is_refused_with_the_reason() {
    let cases: [(&str, &str); 8] = [
        ("", "it is no JSON that can be read: EOF while parsing a value at line 1 column 0"),
        ("{\"profile\": {}}", "it is no OSCAL catalogue: its top should be `catalog` and is `profile`"),
        ("[]", "its top should be `catalog` and is ``"),
        ("{\"catalog\": {\"controls\": [], \"controls\": [1]}}", "the key `controls` stands there twice at line 1"),
        ("{\"catalog\": {}}", "there is no control in the catalogue"),
        ("{\"catalog\": {\"controls\": 3}}", "there is no control in the catalogue"),
        (
            "{\"catalog\": {\"controls\": [{\"id\": \"a\", \"props\": [{\"name\": \"status\", \"value\": \"Withdrawn\"}]}]}}",
            "every control of the catalogue is withdrawn",
        ),
        ("\u{1}", "it is no JSON that can be read"),
    ];
    for (text, want) in cases {
        let said = bring(&given(text.as_bytes(), Some("ABC"))).err().unwrap_or_else(|| panic!("{text} was taken"));
        assert!(said.say(Lang::En).contains(want), "{text}: {}", said.say(Lang::En));
    }
    assert!(bring(&given(b"\xff\xfe", None)).err().unwrap().say(Lang::En).contains("not UTF-8 at byte 0"));
    let deep = format!("{{\"catalog\": {}1{}}}", "{\"controls\": [".repeat(5000), "]}".repeat(5000));
    assert!(bring(&given(deep.as_bytes(), None)).is_err());
    let many: Vec<Value> = (0..1000).map(|i| json!({"id": format!("c-{i}"), "title": "t"})).collect();
    let said = bring(&given(json!({"catalog": {"controls": many}}).to_string().as_bytes(), Some("ABC"))).err().unwrap();
    assert!(said.say(Lang::En).contains("ids have room for 999"), "{}", said.say(Lang::En));
    let said = bring(&given(foreign().to_string().as_bytes(), None)).err().unwrap();
    assert_eq!(said.say(Lang::En), "the id top (controls[0]) is not one of ours: give the new policy a code with --id ABC");
}
