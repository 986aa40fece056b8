//! Digests and letters in a small world, whole; and a ladder of one's own.

use crate::world::{World, hold};
use serde_json::Value;

#[test]
fn a_digest_whole_in_both_languages_and_widths() {
    let w = World::new();
    for (lang, width) in [("zh", "60"), ("zh", "160"), ("en", "60"), ("en", "160")] {
        let run = w.run(&["digest", "--dept", "MAIN", "--lang", lang, "--width", width]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        hold(&format!("digest-{lang}-{width}.txt"), &run.out.replace(&w.open().version, "VERSION").replace(&w.open().log.root, "ROOT"));
    }
}

#[test]
fn the_letters_whole_in_both_languages() {
    let w = World::new();
    for (lang, width) in [("zh", "60"), ("en", "160")] {
        let run = w.run(&["escalate", "--lang", lang, "--width", width]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        hold(&format!("escalate-{lang}-{width}.txt"), &run.out.replace(&w.open().version, "VERSION").replace(&w.open().log.root, "ROOT"));
    }
}

fn data(w: &World, args: &[&str]) -> Value {
    let run = w.run(&[args, &["--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

fn rows(v: &Value, keys: &[&str]) -> Vec<String> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), String::from);
    v["rows"].as_array().unwrap().iter().map(|r| keys.iter().map(|k| text(&r[*k])).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn lists_of_a_digest_as_data() {
    let w = World::new();
    let d = data(&w, &["digest", "--dept", "总馆"]);
    assert_eq!(d["schema"], "duban/digest/1");
    assert_eq!((&d["dept"], &d["leads"], &d["supports"]), (&"LIB-MAIN".into(), &5.into(), &1.into()));
    assert_eq!(
        rows(&d, &["list", "id", "date", "days"]),
        [
            "late LIB-1.01 2026-03-31 10",
            "returned LIB-1.02 2026-03-25 16",
            "due LIB-1.03 2026-04-20 10",
            "waiting LIB-1.04 2026-03-20 21",
            "new LIB-1.05 2026-04-08 null",
            "supports LIB-1.06 2026-03-20 null",
        ]
    );
    assert_eq!(d["subject"], "[City Library] Main house: 1 late, 1 returned, 1 due soon, 1 waiting, 1 new (as of 2026-04-10)");
    // A department without any part in it is told so; one that supports is told what.
    let hq = data(&w, &["digest", "--dept", "LIB-HQ"]);
    assert_eq!(hq["subject"], "[City Library] Head office: nothing presses (as of 2026-04-10)");
    assert_eq!(rows(&hq, &["list", "id"]), ["accepts LIB-1.04"]);
    let east = data(&w, &["digest", "--dept", "EAST"]);
    assert_eq!(rows(&east, &["list", "id"])[0], "late LIB-1.06");
    assert_eq!(rows(&east, &["list", "id"]).iter().filter(|r| r.starts_with("supports")).count(), 5);
    // Looking further back and ahead.
    let wide = data(&w, &["digest", "--dept", "MAIN", "--since", "2026-01-01", "--next", "90d"]);
    assert_eq!(rows(&wide, &["list"]).iter().filter(|r| *r == "new").count(), 5);
    assert!(rows(&wide, &["list", "id"]).contains(&"due LIB-1.02".to_string()));
}

#[test]
fn one_department_is_asked_for() {
    let w = World::new();
    for (dept, said) in [("MAIN,EAST", "is not one department"), ("-", "is not one department"), ("NORTH", "there is no department NORTH")]
    {
        let run = w.run(&["digest", "--dept", dept]);
        assert_eq!(run.code, 2, "{dept}");
        assert!(run.err.contains(said), "{dept}: {}", run.err);
    }
    assert!(w.run(&["digest", "--dept", "MAIN", "--next", "soon"]).err.contains("is not a number of days"));
    assert!(w.run(&["digest", "--dept", "MAIN", "--since", "whenever"]).err.contains("neither a date nor a period"));
}

#[test]
fn a_mail_has_text_and_html_and_is_the_same_twice() {
    let w = World::new();
    let mail = || w.run(&["digest", "--dept", "MAIN", "--format", "eml"]).out;
    let first = mail();
    assert_eq!(first, mail());
    assert!(first.is_ascii() && first.lines().all(|l| l.len() <= 78), "a long or foreign line");
    assert_eq!(first.matches('\n').count(), first.matches("\r\n").count());
    assert!(first.starts_with("Date: Fri, 10 Apr 2026 00:00:00 +0800\r\nFrom: =?UTF-8?B?"));
    assert_eq!(first.matches("Content-Type: text/").count(), 2);
    assert!(w.run(&["digest", "--dept", "MAIN", "--format", "html"]).out.starts_with("<!DOCTYPE html>"));
}

#[test]
fn steps_of_the_usual_ladder_and_of_ones_own() {
    let w = World::new();
    let usual = data(&w, &["escalate"]);
    assert_eq!((&usual["schema"], &usual["usual"]), (&"duban/escalate/1".into(), &true.into()));
    // Nobody leads LIB-1.07: its grace was over on 31 January, and it is not dropped.
    assert_eq!(
        rows(&usual, &["step", "id", "days", "late_since", "step_since", "answer_by"]),
        [
            "4 LIB-1.07 69 2026-01-31 2026-03-03 null",
            "3 LIB-1.06 21 2026-03-20 2026-04-05 2026-04-15",
            "2 LIB-1.01 10 2026-03-31 2026-04-08 2026-04-15"
        ]
    );
    assert_eq!(usual["reviewer_late"], 1);
    w.replace("register.yaml", "policies: [lib]\n", "policies: [lib]\nescalation:\n  - {after: 11d, letter: {zh: 黄色督办单, en: Yellow slip}, to: units, answer: 7天}\n  - {after: 60d, letter: 红色督办单, to: manager}\n");
    let own = data(&w, &["escalate"]);
    assert_eq!((&own["usual"], &own["below"]), (&false.into(), &1.into()));
    assert_eq!(
        rows(&own, &["step", "id", "to", "recipients", "answer_by"]),
        ["2 LIB-1.07 manager [] null", r#"1 LIB-1.06 units ["LIB-EAST","LIB-MAIN"] 2026-04-17"#]
    );
    assert_eq!(rows(&data(&w, &["escalate", "dept:EAST"]), &["id"]), ["LIB-1.06"]);
}

#[test]
fn a_ladder_that_cannot_be_is_told_with_its_place() {
    for (step, said) in [
        ("{after: soon, letter: x, to: lead}", "`soon` is not a number of days; it should look like 14d"),
        ("{after: 3d, letter: x, to: boss}", "`boss` is not one of the values"),
        ("{after: 3d, to: lead}", "letter"),
        ("{after: 3d, letter: '', to: lead}", "empty"),
        ("{after: 3d, letter: x, to: lead, when: y}", "when"),
    ] {
        let w = World::new();
        w.replace("register.yaml", "policies: [lib]\n", &format!("policies: [lib]\nescalation:\n  - {step}\n"));
        let run = w.run(&["escalate"]);
        assert_eq!(run.code, 1, "{step}: {}", run.out);
        assert!(run.err.contains(said) && run.err.contains("reg/register.yaml:6"), "{step}: {}", run.err);
    }
    // Steps that do not rise are a finding of the check, and the letters still come in order.
    let w = World::new();
    w.replace(
        "register.yaml",
        "policies: [lib]\n",
        "policies: [lib]\nescalation:\n  - {after: 30d, letter: B, to: lead}\n  - {after: 5d, letter: A, to: lead}\n",
    );
    let check = w.run(&["check"]);
    assert!(
        check.out.contains("step 2 begins at 5d, no later than the step before it (30d)") && check.out.contains("register.yaml:7"),
        "{}",
        check.out
    );
    let run = w.run(&["escalate", "--format", "json"]);
    assert_eq!(run.code, 1);
    let v: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(rows(&v, &["step", "id"]), ["2 LIB-1.07", "1 LIB-1.06", "1 LIB-1.01"]);
}
