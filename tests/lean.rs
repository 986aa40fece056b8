//! The log read in passing against the log read whole: the same states, counts and root, on
//! generated histories sealed into real files; and at the first thing that is wrong, the reader
//! in passing steps back.

#[path = "oracle/mod.rs"]
#[allow(missing_docs)]
mod oracle;

#[path = "sealed/mod.rs"]
#[allow(missing_docs)]
mod sealed;

use chrono::{DateTime, NaiveDate};
use duban::log::{State, lean};
use duban::model::time::When;
use duban::snapshot::{Options, Snapshot};
use sealed::{plain, same, states, world, world_by};
use std::fs;
use std::path::Path;

fn both(root: &Path, as_of: NaiveDate) -> (Snapshot, Snapshot) {
    let now = DateTime::parse_from_rfc3339("2099-01-01T00:00:00+08:00").unwrap();
    let options = Options { root, shown: "r", now, as_of: Some(When::Day(as_of)), on: None };
    (Snapshot::open(&options).unwrap_or_else(|e| panic!("{e}")), Snapshot::open_lean(&options).unwrap_or_else(|e| panic!("{e}")))
}

/// However little of the log is taken in hand at a time, the states are the same.
fn in_slices(seed: u64, root: &Path, whole: &Snapshot) {
    let now = DateTime::parse_from_rfc3339("2099-01-01T00:00:00+08:00").unwrap();
    let zone = whole.register.settings.time_zone;
    let at = lean::At { root, shown: "r", zone, now, as_of: whole.as_of };
    for share in [300, 5_000] {
        let facts = whole.facts();
        let ask = lean::Ask { share, ..lean::Ask::new(at, &whole.register, &whole.roster, &facts) };
        let Some((log, folded)) = lean::read(&ask, &mut Vec::new()) else {
            assert!(!whole.findings.is_empty(), "seed {seed}: it gave up");
            continue;
        };
        assert_eq!((log.entries, &log.root), (whole.log.entries, &whole.log.root), "seed {seed}");
        let plain: Vec<State> = folded.states.iter().map(plain).collect();
        assert_eq!(plain, states(whole), "seed {seed}, {share} bytes at a time");
    }
}

#[test]
fn in_passing_or_whole_the_states_are_the_same() {
    let seeds: u64 = std::env::var("DUBAN_SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(150);
    let (mut passed, mut fixed, mut unlawful, mut opened) = (0, 0, 0, 0);
    for seed in 0..seeds {
        let dir = tempfile::tempdir().unwrap();
        for as_of in world(dir.path(), seed) {
            let (whole, passing) = both(dir.path(), as_of);
            same(seed, &whole, &passing);
            let sick: Vec<_> = whole.findings.iter().filter(|f| f.rule != "L016").collect();
            // A healthy log is really read in passing, a sick one never.
            assert_eq!(passing.log.records.is_empty(), sick.is_empty(), "seed {seed}: {sick:?}");
            in_slices(seed, dir.path(), &whole);
            passed += usize::from(sick.is_empty() && passing.log.entries > 0);
            fixed += whole.folded.standing.len();
            unlawful += whole.folded.states.iter().map(|s| s.unlawful as usize).sum::<usize>();
            opened += whole.folded.states.iter().map(|s| s.blocks.len() + s.breaches.len()).sum::<usize>();
        }
    }
    // Worth something only if there was something to get wrong.
    assert!(passed > 300 && fixed > 100 && unlawful > 100 && opened > 50, "{passed} {fixed} {unlawful} {opened}");
}

/// Every kind of harm that one can do to a file: the reader in passing steps back, and what is
/// then said is what the whole reading says.
#[test]
fn at_the_first_harm_the_log_is_read_whole() {
    type Harm = fn(&str) -> String;
    let harms: &[(&str, Harm)] = &[
        ("a letter changed", |t| t.replacen("\"event\":\"", "\"event\": \"", 1)),
        ("the last line torn", |t| t[..t.len() - 9].into()),
        ("a line taken away", |t| {
            [t.lines().next().unwrap(), "\n", &t.lines().skip(2).map(|l| format!("{l}\n")).collect::<String>()].concat()
        }),
        ("a line said twice", |t| format!("{t}{}\n", t.lines().last().unwrap())),
        ("no header", |t| t.lines().skip(1).map(|l| format!("{l}\n")).collect()),
        ("nothing at all", |_| String::new()),
        ("a mark at the beginning", |t| format!("\u{feff}{t}")),
        ("line ends of another system", |t| t.replace('\n', "\r\n")),
        ("something after the end", |t| t.replacen("\"}\n", "\"} \n", 1)),
        ("a conflict", |t| format!("<<<<<<< ours\n{t}")),
    ];
    let seed = 3;
    for (what, harm) in harms {
        let dir = tempfile::tempdir().unwrap();
        let as_of = *world(dir.path(), seed).iter().max().unwrap();
        // The longest one: what is taken away in the middle is missed, what at the end is not.
        let depts = fs::read_dir(dir.path().join("log")).unwrap().map(|e| e.unwrap().path());
        let files = depts.flat_map(|d| fs::read_dir(d).unwrap().map(|e| e.unwrap().path()));
        let (_, file) = files.map(|f| (fs::read_to_string(&f).unwrap().lines().count(), f)).max().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, harm(&text)).unwrap();
        let (whole, passing) = both(dir.path(), as_of);
        assert!(!whole.findings.is_empty(), "{what}: nothing was found");
        assert!(!passing.log.records.is_empty(), "{what}: it was read in passing all the same");
        assert_eq!(format!("{:?}", passing.findings), format!("{:?}", whole.findings), "{what}");
        same(seed, &whole, &passing);
    }
}

/// A clock that counts finer than a thousandth orders entries that are one instant here: such a
/// log is healthy, and read whole.
#[test]
fn a_finer_clock_is_left_to_the_whole_reading() {
    let dir = tempfile::tempdir().unwrap();
    let as_of = *world_by(dir.path(), 5, "250").iter().max().unwrap();
    let (whole, passing) = both(dir.path(), as_of);
    assert!(whole.findings.is_empty(), "{:?}", whole.findings);
    assert!(!passing.log.records.is_empty());
    same(5, &whole, &passing);
}

/// What another writer saw and what a file comes after must be there, also when nothing else is amiss.
#[test]
fn a_witness_without_its_line_is_no_healthy_log() {
    let dir = tempfile::tempdir().unwrap();
    let as_of = *world(dir.path(), 5).iter().max().unwrap();
    let seen = |text: &str| text.split("\"saw\":{\"").nth(1).map(|t| t[..t.find('"').unwrap()].to_string());
    let mut names = Vec::new();
    for dept in fs::read_dir(dir.path().join("log")).unwrap() {
        for file in fs::read_dir(dept.unwrap().path()).unwrap() {
            names.extend(seen(&fs::read_to_string(file.unwrap().path()).unwrap()));
        }
    }
    let (_, passing) = both(dir.path(), as_of);
    assert!(passing.log.records.is_empty(), "the world was not healthy to begin with");
    fs::remove_file(dir.path().join("log").join(&names[0])).unwrap();
    let (whole, passing) = both(dir.path(), as_of);
    assert!(whole.findings.iter().any(|f| f.rule == "L010"), "{:?}", whole.findings);
    same(5, &whole, &passing);
    assert!(!passing.log.records.is_empty());
}
