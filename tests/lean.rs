//! The log read in passing against the log read whole: the same states, counts and root, on
//! generated histories sealed into real files; and at the first thing that is wrong, the reader
//! in passing steps back.

#[path = "oracle/mod.rs"]
#[allow(missing_docs)]
mod oracle;

use chrono::{DateTime, NaiveDate};
use duban::digest::chain;
use duban::log::{State, lean};
use duban::model::time::When;
use duban::snapshot::{Options, Snapshot};
use oracle::Line;
use oracle::generate::{to_register_files, world_and_history};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

/// One file under way: what stands in it, its newest `seq:h`.
#[derive(Default)]
struct Sealed {
    text: String,
    h: String,
    seq: u64,
}

/// Writes a history as a log that `verify` would find whole. Chain values are new ones, so what
/// `ref` and `fixes` name is put right; what names a later line (a ring) cannot be, and stays.
/// Every fourth line says what its writer had seen. `finer`: more digits behind the second.
fn seal(root: &Path, lines: &[Line], finer: &str) {
    let mut order: Vec<&Line> = lines.iter().collect();
    let at = |l: &Line| DateTime::parse_from_rfc3339(l.value["at"].as_str().unwrap()).unwrap();
    order.sort_by_key(|l| (at(l), l.writer.clone(), l.file.clone()));
    let mut files: BTreeMap<String, Sealed> = BTreeMap::new();
    let mut now: HashMap<String, String> = HashMap::new();
    for (n, line) in order.into_iter().enumerate() {
        let seen =
            files.iter().find(|(name, _)| **name != line.file).map(|(name, f)| (name[4..].to_string(), format!("{}:{}", f.seq, f.h)));
        let file = files.entry(line.file.clone()).or_default();
        if file.text.is_empty() {
            let (dept, name) = line.file[4..].split_once('/').unwrap();
            let body = format!(
                "{{\"seq\":0,\"log\":\"duban/1\",\"dept\":\"{dept}\",\"month\":\"{}\",\"writer\":\"{}\",\"after\":null",
                &name[..7],
                line.writer
            );
            file.h = chain("", body.as_bytes());
            file.text = format!("{body},\"h\":\"{}\"}}\n", file.h);
        }
        let mut value = line.value.clone();
        let map = value.as_object_mut().unwrap();
        let at = map["at"].as_str().unwrap();
        let at = format!("{}{finer}{}", &at[..23], &at[23..]);
        map.insert("at".into(), Value::from(at));
        let old = map.shift_remove("h").unwrap().as_str().unwrap().to_string();
        for key in ["ref", "fixes"] {
            if let Some(h) = map.get(key).and_then(|v| now.get(v.as_str().unwrap())) {
                map.insert(key.into(), Value::from(h.clone()));
            }
        }
        if let Some((name, value)) = seen.filter(|_| n % 4 == 0) {
            map.insert("saw".into(), serde_json::json!({ name: value }));
        }
        let body = value.to_string();
        let body = &body[..body.len() - 1];
        file.h = chain(&file.h, body.as_bytes());
        file.seq += 1;
        now.insert(old, file.h.clone());
        file.text += &format!("{body},\"h\":\"{}\"}}\n", file.h);
    }
    for (name, file) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
}

fn world(root: &Path, seed: u64) -> Vec<NaiveDate> {
    world_by(root, seed, "")
}

fn world_by(root: &Path, seed: u64, finer: &str) -> Vec<NaiveDate> {
    let (world, lines, dates) = world_and_history(seed);
    for (path, content) in to_register_files(&world) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    seal(root, &lines, finer);
    dates
}

fn both(root: &Path, as_of: NaiveDate) -> (Snapshot, Snapshot) {
    let now = DateTime::parse_from_rfc3339("2099-01-01T00:00:00+08:00").unwrap();
    let options = Options { root, shown: "r", now, as_of: Some(When::Day(as_of)), on: None };
    (Snapshot::open(&options).unwrap_or_else(|e| panic!("{e}")), Snapshot::open_lean(&options).unwrap_or_else(|e| panic!("{e}")))
}

/// States without the numbers of records, which only the whole log has.
fn states(s: &Snapshot) -> Vec<State> {
    s.folded.states.iter().map(plain).collect()
}

fn plain(state: &State) -> State {
    let mut state = State { words: state.words.map(|_| 0), signed: state.signed.map(|_| 0), ..state.clone() };
    state.blocks.iter_mut().chain(state.breaches.iter_mut()).for_each(|o| o.record = 0);
    state
}

fn same(seed: u64, whole: &Snapshot, passing: &Snapshot) {
    assert_eq!(states(passing), states(whole), "seed {seed}, as of {}", whole.as_of);
    assert_eq!(passing.folded.obligations, whole.folded.obligations, "seed {seed}");
    assert_eq!((passing.folded.later, passing.log.entries), (whole.folded.later, whole.log.records.len()), "seed {seed}");
    assert_eq!((&passing.log.root, &passing.version), (&whole.log.root, &whole.version), "seed {seed}");
    let files = |s: &Snapshot| format!("{:?}", s.log.files);
    assert_eq!(files(passing), files(whole), "seed {seed}");
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
