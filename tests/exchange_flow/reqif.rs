//! ReqIF: out and back the same; a foreign file with everything wrong that can be; hostile ones.

use crate::world::{Run, World, hold, run, shipped};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Ids, words and links of a register, as `export json` gives them.
fn content(dir: &Path, register: &str, query: &str) -> Vec<Value> {
    let out = run(dir, &["--register", register, "--as-of", "2026-10-31", "export", "json", query]).out;
    let v: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}"));
    let keys = ["id", "title", "requirement"];
    let mut all: Vec<Value> = v["obligations"].as_array().unwrap().iter().map(|o| keys.iter().map(|k| o[*k].clone()).collect()).collect();
    let mut links: Vec<Value> = v["links"].as_array().unwrap().clone();
    links.sort_by_key(|l| (l["from"].to_string(), l["to"].to_string(), l["kind"].to_string()));
    all.extend(links);
    all
}

#[test]
fn our_own_file_comes_back_the_same() {
    for root in shipped() {
        for code in ["OPN", "SPC"] {
            let dir = tempfile::tempdir().unwrap();
            let query = format!("policy:{code}");
            let register = root.display().to_string();
            let file = run(dir.path(), &["--register", &register, "--as-of", "2026-10-31", "export", "reqif", &query]);
            assert_eq!(file.code, 0, "{}", file.err);
            fs::write(dir.path().join("x.reqif"), &file.out).unwrap();
            let settings = "format: duban/1\nunit: {code: X, name: {en: X}}\npolicies: [new]\n";
            fs::create_dir(dir.path().join("reg")).unwrap();
            fs::write(dir.path().join("reg/register.yaml"), settings).unwrap();
            let done = run(dir.path(), &["--as-of", "2026-10-31", "import", "reqif", "x.reqif", "--id", code, "--out", "reg/new"]);
            assert_eq!(done.code, 0, "{}{}", done.out, done.err);
            let (before, after) = (content(dir.path(), &register, &query), content(dir.path(), "reg", &query));
            assert!(before.len() > 20 && before == after, "{code} of {register}");
            // The draft is whole but for its owners.
            let check = run(dir.path(), &["--register", "reg", "--as-of", "2026-10-31", "--lang", "en", "check", "--format", "json"]);
            let v: Value = serde_json::from_str(&check.out).unwrap();
            let rules: std::collections::BTreeSet<&str> =
                v["rows"].as_array().unwrap().iter().map(|r| r["rule"].as_str().unwrap()).collect();
            let known = ["A6", "A8", "E010", "L012", "O001"];
            assert!(rules.contains("O001") && rules.iter().all(|r| known.contains(r)), "{rules:?}");
        }
    }
}

#[test]
fn needs_out_of_sight_are_carried_by_name() {
    let w = World::new();
    let file = w.run(&["export", "reqif", "LIB-1.01"]).out;
    assert!(file.contains("THE-VALUE=\"requires LIB-1.02\"") && !file.contains("<SPEC-RELATION "));
    fs::write(w.0.path().join("one.reqif"), file).unwrap();
    assert_eq!(bring(&w, "one.reqif", "LIB", &["--out", "one"]).code, 0);
    assert!(fs::read_to_string(w.0.path().join("one/1-part.yaml")).unwrap().contains("- {on: LIB-1.02, kind: requires}"));
}

#[test]
fn another_code_gives_new_ids_and_keeps_the_old_ones_beside_them() {
    let w = World::new();
    fs::write(w.0.path().join("lib.reqif"), w.run(&["export", "reqif"]).out).unwrap();
    assert_eq!(bring(&w, "lib.reqif", "ABC", &["--out", "abc"]).code, 0);
    let part = fs::read_to_string(w.0.path().join("abc/1-part.yaml")).unwrap();
    assert!(
        part.contains("- id: ABC-1.02\n") && part.contains("foreign_id: \"LIB-1.02\"") && part.contains("{on: ABC-1.03, kind: feeds}"),
        "{part}"
    );
    // A second time nothing is overwritten.
    let again = bring(&w, "lib.reqif", "ABC", &["--out", "abc"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("nothing was written"), "{}", again.err);
}

fn bring(w: &World, file: &str, code: &str, more: &[&str]) -> Run {
    run(
        w.0.path(),
        &[&["--register", "reg", "--as-of", "2026-04-10", "--lang", "en", "import", "reqif", file, "--id", code], more].concat(),
    )
}

/// Every kind of mistake in one file.
const FOREIGN: &str = r#"<?xml version="1.0"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:h="http://www.w3.org/1999/xhtml">
<THE-HEADER><REQ-IF-HEADER IDENTIFIER="head"><TITLE>Plant rules</TITLE></REQ-IF-HEADER></THE-HEADER>
<CORE-CONTENT><REQ-IF-CONTENT>
<DATATYPES><DATATYPE-DEFINITION-ENUMERATION IDENTIFIER="e"><SPECIFIED-VALUES><ENUM-VALUE IDENTIFIER="e1" LONG-NAME="high"/></SPECIFIED-VALUES></DATATYPE-DEFINITION-ENUMERATION></DATATYPES>
<SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t"><SPEC-ATTRIBUTES>
<ATTRIBUTE-DEFINITION-STRING IDENTIFIER="uid" LONG-NAME="UID"><DEFAULT-VALUE><ATTRIBUTE-VALUE-STRING THE-VALUE="none"/></DEFAULT-VALUE></ATTRIBUTE-DEFINITION-STRING>
<ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="txt" LONG-NAME="ReqIF.Text"/><ATTRIBUTE-DEFINITION-ENUMERATION IDENTIFIER="pri" LONG-NAME="Priority"/>
</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE><SPEC-RELATION-TYPE IDENTIFIER="sat" LONG-NAME="satisfies"/><SPEC-RELATION-TYPE IDENTIFIER="req" LONG-NAME="requires"/></SPEC-TYPES>
<SPEC-OBJECTS>
<SPEC-OBJECT IDENTIFIER="chapter" LONG-NAME="Chapter one"/>
<SPEC-OBJECT IDENTIFIER="a"><VALUES><ATTRIBUTE-VALUE-STRING THE-VALUE="SYS-1"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>uid</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
<ATTRIBUTE-VALUE-XHTML><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>txt</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION><THE-VALUE><h:div><h:p>Staff &amp; guests shall <h:b>not</h:b>
 smoke&#33;</h:p><h:ul><h:li>indoors</h:li></h:ul></h:div></THE-VALUE></ATTRIBUTE-VALUE-XHTML>
<ATTRIBUTE-VALUE-ENUMERATION><DEFINITION><ATTRIBUTE-DEFINITION-ENUMERATION-REF>pri</ATTRIBUTE-DEFINITION-ENUMERATION-REF></DEFINITION><VALUES><ENUM-VALUE-REF>e1</ENUM-VALUE-REF></VALUES></ATTRIBUTE-VALUE-ENUMERATION></VALUES></SPEC-OBJECT>
<SPEC-OBJECT IDENTIFIER="a" LONG-NAME="the same identifier"/>
<SPEC-OBJECT LONG-NAME="no identifier"/>
<SPEC-OBJECT IDENTIFIER="mute"/>
<SPEC-OBJECT IDENTIFIER="b" LONG-NAME="Only a name"/>
<SPEC-OBJECT IDENTIFIER="k" DESC="各馆应当每日开放。"><VALUES><ATTRIBUTE-VALUE-STRING THE-VALUE="PLT-7.03"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>uid</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING></VALUES></SPEC-OBJECT>
</SPEC-OBJECTS>
<SPEC-RELATIONS>
<SPEC-RELATION IDENTIFIER="r1"><SOURCE><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>b</SPEC-OBJECT-REF></TARGET><TYPE><SPEC-RELATION-TYPE-REF>req</SPEC-RELATION-TYPE-REF></TYPE></SPEC-RELATION>
<SPEC-RELATION IDENTIFIER="r2"><SOURCE><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>nowhere</SPEC-OBJECT-REF></TARGET><TYPE><SPEC-RELATION-TYPE-REF>req</SPEC-RELATION-TYPE-REF></TYPE></SPEC-RELATION>
<SPEC-RELATION IDENTIFIER="r3"><SOURCE><SPEC-OBJECT-REF>chapter</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>
<SPEC-RELATION IDENTIFIER="r4"><SOURCE><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>
<SPEC-RELATION IDENTIFIER="r5"><SOURCE><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>b</SPEC-OBJECT-REF></TARGET><TYPE><SPEC-RELATION-TYPE-REF>req</SPEC-RELATION-TYPE-REF></TYPE></SPEC-RELATION>
<SPEC-RELATION IDENTIFIER="r1"><SOURCE><SPEC-OBJECT-REF>b</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>
<SPEC-RELATION IDENTIFIER="r6"><SOURCE><SPEC-OBJECT-REF>k</SPEC-OBJECT-REF></SOURCE><TARGET/></SPEC-RELATION>
<SPEC-RELATION IDENTIFIER="r7"><SOURCE><SPEC-OBJECT-REF>k</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></TARGET><TYPE><SPEC-RELATION-TYPE-REF>sat</SPEC-RELATION-TYPE-REF></TYPE></SPEC-RELATION>
</SPEC-RELATIONS>
<SPECIFICATIONS><SPECIFICATION IDENTIFIER="s" LONG-NAME="Plant"><CHILDREN><SPEC-HIERARCHY><OBJECT><SPEC-OBJECT-REF>chapter</SPEC-OBJECT-REF></OBJECT><CHILDREN>
<SPEC-HIERARCHY><OBJECT><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY><SPEC-HIERARCHY><OBJECT><SPEC-OBJECT-REF>gone</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY>
<SPEC-HIERARCHY><OBJECT><SPEC-OBJECT-REF>a</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY></CHILDREN></SPEC-HIERARCHY></CHILDREN></SPECIFICATION></SPECIFICATIONS>
</REQ-IF-CONTENT></CORE-CONTENT>
<TOOL-EXTENSIONS><SPEC-OBJECT IDENTIFIER="not-one"/></TOOL-EXTENSIONS>
</REQ-IF>
"#;

#[test]
fn a_foreign_file_becomes_drafts_and_everything_else_is_told() {
    let w = World::new();
    fs::write(w.0.path().join("plant.reqif"), FOREIGN).unwrap();
    let dry = bring(&w, "plant.reqif", "PLT", &[]);
    assert!(dry.code == 1 && !w.path("plt").exists(), "{}", dry.err);
    // Spec objects = drafts + headings + lost.
    assert!(
        dry.out.contains("7 objects = 3 draft obligations + 1 headings + 3 lost; 8 relations, 6 lost; 2 needs in the drafts."),
        "{}",
        dry.out
    );
    let done = bring(&w, "plant.reqif", "PLT", &["--out", "plt"]);
    let mut whole = done.out;
    for file in ["policy.yaml", "clauses.yaml", "1-part.yaml", "7-part.yaml"] {
        whole += &format!("==== {file}\n{}", fs::read_to_string(w.0.path().join("plt").join(file)).unwrap());
    }
    hold("plant.txt", &whole);
    // What was written is a policy that the program reads: only its owners are missing.
    w.replace("register.yaml", "policies: [lib]", "policies: [lib, plt]");
    fs::rename(w.0.path().join("plt"), w.path("plt")).unwrap();
    let list = w.run(&["list", "policy:PLT", "--format", "json"]);
    assert_eq!(list.code, 0);
    let v: Value = serde_json::from_str(&list.out).unwrap();
    assert_eq!((v["rows"].as_array().unwrap().len(), &v["data_errors"]), (3, &0.into()));
}

#[test]
fn a_hostile_file_is_refused_with_line_and_cause() {
    let deep = format!("<REQ-IF>{}", "<a>".repeat(100_000));
    let cases: &[(&str, &[u8], &str)] = &[
        (
            "bomb",
            b"<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>\n<REQ-IF>&b;</REQ-IF>",
            "line 2: the file has a document type",
        ),
        ("outside", b"<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><REQ-IF/>", "line 1: the file has a document type"),
        ("entity", b"<REQ-IF>\n&xxe;</REQ-IF>", "line 2: the entity &xxe; is not one of XML's own"),
        ("in an attribute", b"<REQ-IF>\n<A B=\"&xxe;\"/></REQ-IF>", "line 2: an attribute of <A>"),
        ("twice", b"<REQ-IF><A B=\"1\" B=\"2\"/></REQ-IF>", "line 1: an attribute of <A>"),
        ("html", b"<html/>", "its root is <html>"),
        ("cut", b"<REQ-IF>\n<SPEC-OBJECT>", "line 2: the file ends inside <SPEC-OBJECT>"),
        ("crossed", b"<REQ-IF><A></REQ-IF>", "not well-formed XML"),
        ("words", b"obligations: none", "text outside the root element"),
        ("empty", b"", "the file is empty"),
        ("archive", b"PK\x03\x04rest", "unpack it first"),
        ("utf16", b"\xff\xfe<\0", "it is UTF-16"),
        ("latin", b"<REQ-IF>\xe9</REQ-IF>", "not UTF-8 at byte 8"),
        ("deep", deep.as_bytes(), "more than 500 elements inside each other"),
        ("nothing", b"<REQ-IF><SPEC-OBJECT IDENTIFIER=\"a\"/></REQ-IF>", "none of its 1 spec objects has a text"),
    ];
    let w = World::new();
    for (name, bytes, said) in cases {
        fs::write(w.0.path().join("bad.reqif"), bytes).unwrap();
        let run = bring(&w, "bad.reqif", "ABC", &["--out", "abc"]);
        assert!(run.code == 2 && run.err.contains(said) && run.err.contains("bad.reqif"), "{name}: {} {}", run.code, run.err);
        assert!(!w.0.path().join("abc").exists(), "{name}");
    }
    fs::write(w.0.path().join("ok.reqif"), w.run(&["export", "reqif"]).out).unwrap();
    for (args, said) in [
        (&["import", "reqif", "ok.reqif", "--id", "abc"][..], "cannot be the code of a policy"),
        (&["import", "regif", "ok.reqif", "--id", "ABC"], "did you mean reqif?"),
        (&["import", "reqif", "ok.reqif", "ok.reqif", "--id", "ABC"], "one ReqIF file at a time"),
        (&["import", "reqif", "absent.reqif", "--id", "ABC"], "cannot read absent.reqif"),
        (&["import", "reqif", "reg", "--id", "ABC"], "not a regular file"),
    ] {
        let run = w.run(args);
        assert!(run.code == 2 && run.err.contains(said), "{args:?}: {} {}", run.code, run.err);
    }
}
