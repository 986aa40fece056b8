//! Equal register and day give equal bytes; what could not be read is told and fails.

use crate::world::{World, open, shipped};
use duban::exchange::{Ask, KINDS};
use duban::model::Lang;
use duban::snapshot::query::Query;
use std::collections::BTreeMap;

#[test]
fn every_form_of_both_shipped_registers_twice() {
    for root in shipped() {
        for lang in [Lang::Zh, Lang::En] {
            let files = |_: u8| {
                let s = open(&root, "2026-10-31");
                let query = Query::default();
                let ask = Ask::new(&s, &query, lang);
                let mut all: BTreeMap<String, Vec<u8>> = BTreeMap::new();
                for kind in KINDS {
                    let made = (kind.write)(&ask).unwrap_or_else(|w| panic!("{}: {}", kind.name, w.say(Lang::En)));
                    assert!(!made.is_empty(), "{} made nothing", kind.name);
                    for file in made {
                        assert!(!file.bytes.is_empty(), "{}/{} is empty", kind.name, file.name);
                        let old = all.insert(format!("{}/{}", kind.name, file.name), file.bytes);
                        assert!(old.is_none(), "{}/{} twice", kind.name, file.name);
                    }
                }
                all
            };
            let (first, second) = (files(1), files(2));
            for (name, bytes) in &first {
                assert!(second[name] == *bytes, "{name} of {} differs", root.display());
            }
        }
    }
}

#[test]
fn what_cannot_be_read_is_told_and_fails_every_form() {
    let w = World::new();
    let whole = w.run(&["export", "tables", "--out", "out"]);
    assert_eq!((whole.code, whole.err.as_str()), (0, ""), "{}", whole.out);
    w.replace("lib/1.yaml", "title: {zh: 整理书架", "titel: {zh: 整理书架");
    for kind in KINDS {
        let run = w.run(&["export", kind.name, "--out", "broken"]);
        assert_eq!(run.code, 1, "{}", kind.name);
        assert!(run.err.contains("1 obligations are missing from the export"), "{}: {}", kind.name, run.err);
    }
    // Those that have a place for a remark say it themselves.
    let read = |file: &str| std::fs::read_to_string(w.0.path().join("broken").join(file)).unwrap();
    assert!(read("all.ics").replace("\r\n ", "").contains("1 obligations of the register could not be read."));
    assert!(read("register.reqif").contains("invalid 1: LIB-1.03 (reg/lib/1.yaml:"), "{}", &read("register.reqif")[..900]);
    assert!(read("register.graphml").contains("<data key=\"invalid\">1</data>"));
    let row = read("obligations.csv").lines().find(|l| l.starts_with("LIB-1.03,no,")).map(String::from);
    assert!(row.is_some_and(|r| r.contains("lib/1.yaml:")));
    assert!(read("links.csv").contains("LIB-1.02,LIB-1.03,feeds,,,invalid"));
    for command in [&["digest", "--dept", "MAIN"][..], &["escalate"]] {
        let run = w.run(command);
        assert_eq!(run.code, 1, "{command:?}");
        assert!(run.err.contains("obligations are missing") && run.out.contains("LIB-1.03"), "{command:?}: {}{}", run.err, run.out);
    }
    assert!(w.run(&["digest", "--dept", "MAIN"]).out.contains("1 unreadable"));
}

#[test]
fn tables_have_a_row_each_and_no_formula() {
    let w = World::new();
    w.replace("lib/1.yaml", "title: {zh: 修理桌椅, en: Mend the chairs}", "title: {zh: '=1+1', en: '@now'}");
    for (kind, bom) in [("tables", ""), ("tables-bom", "\u{feff}")] {
        assert_eq!(w.run(&["export", kind, "--out", "out"]).code, 0);
        let rows = |name: &str| {
            let text = std::fs::read_to_string(w.0.path().join("out").join(name)).unwrap();
            assert_eq!(text.starts_with('\u{feff}'), !bom.is_empty(), "{kind}/{name}");
            let text = text.trim_start_matches('\u{feff}').to_string();
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            reader.records().map(|r| r.unwrap().iter().map(String::from).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(rows("obligations.csv").len(), 7);
        assert_eq!(rows("assignments.csv").len(), 7);
        let links: Vec<String> = rows("links.csv").iter().map(|r| r[..3].join(" ")).collect();
        assert_eq!(links, ["LIB-1.01 LIB-1.02 requires", "LIB-1.02 LIB-1.03 feeds", "LIB-1.02 LIB-1.06 supports"]);
        assert!(rows("articles.csv").is_empty());
        let odd = rows("obligations.csv").into_iter().find(|r| r[0] == "LIB-1.04").unwrap();
        assert_eq!(odd[5..7], ["'=1+1", "'@now"]);
    }
    let filtered = w.run(&["export", "tables", "dept:EAST", "--out", "east"]);
    assert_eq!(filtered.code, 0);
    let text = std::fs::read_to_string(w.0.path().join("east/obligations.csv")).unwrap();
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn the_graph_as_graphml_has_what_the_drawing_has() {
    let w = World::new();
    let (dot, xml) = (w.run(&["graph"]).out, w.run(&["graph", "--format", "graphml"]).out);
    assert_eq!(xml.matches("<edge ").count(), dot.matches(" -> ").count());
    assert_eq!(xml.matches("<node ").count(), dot.lines().filter(|l| l.contains("[label=") && l.contains("shape=")).count());
    assert_eq!(xml, w.run(&["export", "graphml"]).out);
    let some = w.run(&["graph", "--format", "graphml", "--edges", "requires", "LIB-1.01"]).out;
    assert_eq!((some.matches("<edge ").count(), some.matches("<node ").count()), (1, 2));
    assert!(some.contains("<node id=\"LIB-1.02\">") && some.contains("<data key=\"filter\">LIB-1.01</data>"), "{some}");
}
