//! `rollup status` and `rollup sql`: the answer is the one that `status` gives, and whatever is
//! not in it is said and makes the exit code 1.

use crate::world::{World, files};
use assert_cmd::Command;
use duban::rollup::ingest::ingest;
use duban::rollup::tally::{Ask, By};
use duban::rollup::{key, sql};
use serde_json::Value;
use std::path::Path;

fn run(dir: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("duban").unwrap();
    for name in ["DUBAN_REGISTER", "DUBAN_BY", "COLUMNS", "GIT_DIR"] {
        command.env_remove(name);
    }
    command.env("GIT_CEILING_DIRECTORIES", dir.parent().unwrap()).env("LC_ALL", "C.UTF-8");
    let out = command.current_dir(dir).args(args).output().unwrap();
    let text = [out.stdout, out.stderr].map(|b| String::from_utf8(b).unwrap()).concat();
    (out.status.code().unwrap(), text)
}

fn copy(from: &Path, to: &Path) {
    for name in files(from) {
        let path = to.join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(from.join(&name), path).unwrap();
    }
}

#[test]
fn the_sample_city_stands_as_status_says() {
    let dir = tempfile::tempdir().unwrap();
    let here = dir.path();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations"), &here.join("obligations"));
    let city = ["--register", "obligations/sample-city"];
    for day in ["2026-08-31", "2026-10-31"] {
        let (code, text) = run(here, &[&city[..], &["--as-of", day, "rollup", "seal", "--out", "out", "--unit", "330100"]].concat());
        assert_eq!(code, 0, "{text}");
    }
    let (code, text) = run(here, &["--lang", "en", "rollup", "ingest", "out", "--data", "data"]);
    assert_eq!(code, 0, "{text}");
    for dates in [
        &["--as-of", "2026-10-31"][..],
        &["--as-of", "2026-09-30"],
        &["--as-of", "2026-08-15"],
        &["--as-of", "2026-03-31"],
        &["--as-of", "2025-12-31"],
        &["--as-of", "2026-10-31", "--on", "2026-06-30"],
        &["--as-of", "2026-10-31", "--on", "2026-10-15"],
        &["--as-of", "2026-07-31", "--on", "2026-07-02"],
    ] {
        let (_, want) = run(here, &[&city[..], dates, &["status", "--by", "sector", "--format", "json"]].concat());
        let want: Value = serde_json::from_str(&want).unwrap();
        for full in [&[][..], &["--full"]] {
            let (code, got) = run(here, &[dates, &["rollup", "status", "data", "--by", "sector", "--format", "json"], full].concat());
            let got: Value = serde_json::from_str(&got).unwrap();
            let line = |v: &Value| ["key", "total", "states", "lights", "invalid"].map(|k| v[k].clone());
            let sorted = |v: &Value| {
                let mut all: Vec<_> = v["rows"].as_array().unwrap().iter().map(line).collect();
                all.sort_by_key(|l| l[0].to_string());
                all
            };
            assert_eq!(sorted(&got), sorted(&want), "{dates:?}");
            assert_eq!(line(&got["total"]), line(&want["total"]), "{dates:?}");
            assert_eq!((&got["read"], &got["invalid"], code), (&want["read"], &want["invalid"], 0), "{dates:?}");
        }
    }
    // By province there is one row, and it is the total.
    let (_, text) = run(here, &["rollup", "status", "data", "--by", "province", "--format", "json"]);
    let v: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((v["rows"][0]["key"].as_str(), &v["rows"][0]["states"]), (Some("330000"), &v["total"]["states"]));
    assert_eq!((v["sample"].as_u64(), v["segments"].as_u64()), (Some(1), Some(2)));
}

#[test]
fn what_is_missing_is_said_and_is_not_fine() {
    let w = World::new();
    w.start("2026-01-12");
    ["2026-01-31", "2026-02-28", "2026-03-31"].iter().for_each(|d| drop(w.seal(d)));
    let status = |more: &[&str]| run(w.dir.path(), &[&["--lang", "en", "rollup", "status", "data"], more].concat());
    ingest(&w.out(), &w.data(), 100).unwrap();
    let (code, whole) = status(&[]);
    assert_eq!(code, 0, "{whole}");
    assert!(whole.contains("parked 0 · refused 0 · unread 0"), "{whole}");
    // Asked about a day through which nobody has sealed.
    let (code, behind) = status(&["--as-of", "2026-04-01"]);
    assert_eq!(code, 1);
    assert!(behind.contains("not sealed through the as-of day 1") && behind.contains("330100/T"), "{behind}");
    // Asked about a day before everything.
    let (code, early) = status(&["--as-of", "2025-12-31"]);
    assert_eq!(code, 1);
    assert!(early.contains("begins later 1"), "{early}");
    // A segment in the middle has not arrived.
    let data = w.dir.path().join("data");
    std::fs::remove_dir_all(&data).unwrap();
    let middle = files(&w.out()).into_iter().filter(|f| f.ends_with(".json")).nth(1).unwrap();
    std::fs::remove_file(w.out().join(middle)).unwrap();
    ingest(&w.out(), &data, 100).unwrap();
    let (code, parked) = status(&["--as-of", "2026-01-31"]);
    assert_eq!(code, 1);
    assert!(parked.contains("parked 1 · refused 0 · unread 1") && parked.contains("Not in the figures"), "{parked}");
    // A part of the dataset is gone: no answer at all.
    let part = files(&data).into_iter().find(|f| f.starts_with("log/")).unwrap();
    std::fs::remove_file(data.join(part)).unwrap();
    let (code, gone) = status(&[]);
    assert_eq!(code, 2);
    assert!(gone.contains("the dataset is not whole"), "{gone}");
    // No dataset is no empty answer.
    let (code, none) = run(w.dir.path(), &["--lang", "en", "rollup", "status", "nowhere"]);
    assert_eq!((code, none.contains("there is no dataset")), (2, true), "{none}");
}

#[test]
fn what_came_late_is_the_difference() {
    let w = World::new();
    w.start("2026-01-12");
    let suspend = r#","day":"2026-01-20","agreed":"approver-x","reason":"r","until":"2026-06-30""#;
    w.log("2026-02-03", "officer-a", "suspend", suspend);
    w.seal("2026-02-28");
    ingest(&w.out(), &w.data(), 100).unwrap();
    let late = |on: &str| {
        let (_, text) = run(w.dir.path(), &["--on", on, "rollup", "status", "data", "--format", "json"]);
        let v: Value = serde_json::from_str(&text).unwrap();
        (v["total"]["late"].as_u64(), v["total"]["states"]["suspended"].as_u64())
    };
    assert_eq!(late("2026-01-19"), (Some(0), Some(0)));
    assert_eq!(late("2026-01-25"), (Some(1), Some(1)));
    assert_eq!(late("2026-02-10"), (Some(0), Some(1)));
    assert_eq!(late("2026-02-28"), (None, Some(1)));
}

#[test]
fn every_form_has_every_row() {
    let w = World::new();
    w.seal("2026-02-28");
    ingest(&w.out(), &w.data(), 100).unwrap();
    for by in ["province", "sector", "obligation", "unit-kind"] {
        let ask = |format: &str| run(w.dir.path(), &["--lang", "en", "rollup", "status", "data", "--by", by, "--format", format]).1;
        let name = match by {
            "province" => "330000 Zhejiang",
            "sector" => "AAA",
            "obligation" => "TST-1.02",
            _ => "city",
        };
        for format in ["text", "md", "csv", "json"] {
            let text = ask(format);
            let short = name.split(' ').next_back().unwrap();
            assert!(text.contains(short), "{by} {format}: {text}");
        }
    }
    // What is not in the figures is counted where there are tables alone.
    let (_, csv) = run(w.dir.path(), &["rollup", "status", "data", "--format", "csv"]);
    assert!(csv.starts_with("[head]\ncount,value\nas_of,2026-02-28\n") && csv.contains("\nparked,0\n"), "{csv}");
    let (_, zh) = run(w.dir.path(), &["--lang", "zh", "rollup", "status", "data"]);
    assert!(zh.contains("浙江省") && zh.contains("暂存 0 · 拒收 0 · 无法读取 0"), "{zh}");
}

#[test]
fn the_text_says_the_question() {
    let day = |t: &str| key::day(duban::model::time::parse_date(t).unwrap());
    let ask = Ask { by: By::Province, as_of: day("2026-10-31"), on: day("2026-09-15"), full: false };
    let whole = sql::text(ask, None);
    assert!(whole.contains("WHERE c.recorded <= DATE '2026-10-31' AND c.effective <= DATE '2026-09-15'"), "{whole}");
    let short = sql::text(Ask { by: By::Sector, ..ask }, Some("2026-08"));
    assert!(short.contains("WHERE s.known = DATE '2026-08-31'") && short.contains("GROUP BY o.sector"), "{short}");
    assert!(!short.contains("o.once"), "an obligation counts in every sector");
    for text in [&whole, &short] {
        let words = text.to_uppercase();
        // What not every engine has, or has in its own way.
        for bad in ["QUALIFY", "ARG_MAX", "ARGMAX", "MAX_BY", " / ", " DIV ", "OVER (", "{", "CAST("] {
            assert!(!words.contains(bad), "{bad}: {text}");
        }
    }
    // The program prints it for a dataset, and will not guess a day.
    let w = World::new();
    w.seal("2026-02-28");
    ingest(&w.out(), &w.data(), 100).unwrap();
    let (code, text) = run(w.dir.path(), &["rollup", "sql", "data", "--snapshot"]);
    assert_eq!((code, text.contains("known at the end of 2026-01") || text.contains("known at the end of 2026-02")), (0, true), "{text}");
    assert_eq!(run(w.dir.path(), &["rollup", "sql"]).0, 2);
}
