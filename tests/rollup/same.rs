//! Whatever arrives in whatever order: the rows answer as the fold does, as known on every day
//! about every day.

use crate::oracle::{self, Line, generate};
use chrono::NaiveDate;
use duban::log::fold;
use duban::log::read::{Log, LogFile, Record};
use duban::model::entry::Header;
use duban::model::time::When;
use duban::rollup::ingest::ingest;
use duban::rollup::ledger::Ledger;
use duban::rollup::row::{self, Row};
use duban::rollup::seal::{Sealed, Sealing, seal};
use duban::rollup::tally::{Ask, By, answer};
use duban::rollup::{key, timeline};
use duban::snapshot::{Options, Snapshot};
use std::collections::BTreeMap;
use std::path::Path;

fn dice(seed: &mut u64, n: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*seed >> 33) as usize) % n
}

/// The lines that have arrived, as a log.
fn log_of(lines: &[Line], zone: duban::model::Zone) -> Log {
    let mut log = Log::default();
    for line in lines {
        let file = log.files.iter().position(|f| f.shown == line.file).unwrap_or_else(|| {
            let text =
                r#"{"seq":0,"log":"duban/1","dept":"DEP-A","month":"2026-01","writer":"w-aaaa","after":null,"h":"AAAAAAAAAAAAAAAAAAAAAA"}"#;
            let header: Header = serde_json::from_str(text).unwrap();
            log.files.push(LogFile {
                shown: line.file.clone(),
                dept: "DEP".into(),
                name: line.file.replace('/', "_"),
                month: String::new(),
                writer: line.writer.clone(),
                header: Some(header),
                last: (0, String::new()),
                digest: String::new(),
                lines: 0,
            });
            log.files.len() - 1
        });
        let entry: duban::model::Entry = serde_json::from_value(line.value.clone()).unwrap();
        let number = entry.seq as u32 + 1;
        log.records.push(Record { day: zone.day(entry.at), entry, file: file as u32, line: number });
    }
    let files = log.files.clone();
    log.records.sort_by(|a, b| {
        let key = |r: &Record| (r.entry.at, files[r.file as usize].writer.clone(), files[r.file as usize].name.clone(), r.entry.seq);
        key(a).cmp(&key(b))
    });
    log
}

fn open(root: &Path, as_of: NaiveDate) -> Snapshot {
    let now = chrono::DateTime::parse_from_rfc3339("2030-01-01T00:00:00+08:00").unwrap();
    Snapshot::open(&Options { root, shown: "", now, as_of: Some(When::Day(as_of)), on: None }).unwrap_or_else(|e| panic!("{e}"))
}

/// What the rows say of a duty.
fn says(rows: &[&Row], k: i32, d: i32) -> Option<(i32, i32)> {
    let counts = rows.iter().filter(|r| r.recorded <= k && r.effective <= d);
    counts.max_by_key(|r| r.ord).map(|r| (r.state, r.light))
}

fn one(seed: u64, dir: &Path) -> (usize, usize) {
    let (world, lines, dates) = generate::world_and_history(seed);
    let root = dir.join("register");
    for (path, content) in generate::to_register_files(&world) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let mut luck = seed;
    let last = *dates.iter().max().unwrap();
    let mut seals = [dates[dice(&mut luck, dates.len())], dates[dice(&mut luck, dates.len())], last];
    seals.sort();
    let (out, mut compensating, mut late_lines) = (dir.join("out"), 0, 0);
    for (n, day) in seals.iter().enumerate() {
        let mut snapshot = open(&root, *day);
        let zone = snapshot.register.settings.time_zone;
        // Of every file only the beginning has arrived; at the end all of it.
        let mut keep: BTreeMap<&str, usize> = BTreeMap::new();
        let arrived: Vec<Line> = lines
            .iter()
            .filter(|l| {
                let cut =
                    keep.entry(&l.file).or_insert_with(|| if n == 2 || dice(&mut luck, 2) > 0 { usize::MAX } else { dice(&mut luck, 4) });
                let seq = l.value["seq"].as_u64().unwrap() as usize;
                seq <= *cut
            })
            .cloned()
            .collect();
        // What was sealed once does not go away again.
        let before = std::fs::read_to_string(dir.join("have")).unwrap_or_default();
        let had = |l: &Line| before.lines().any(|h| h == l.value["h"].as_str().unwrap());
        let arrived: Vec<Line> = lines.iter().filter(|l| had(l) || arrived.iter().any(|a| a.value["h"] == l.value["h"])).cloned().collect();
        std::fs::write(dir.join("have"), arrived.iter().map(|l| format!("{}\n", l.value["h"].as_str().unwrap())).collect::<String>())
            .unwrap();
        snapshot.log = log_of(&arrived, zone);
        let sealing = Sealing { snapshot: &snapshot, unit: Some("330100"), kind: None, out: &out, key: None, program: "test" };
        match seal(&sealing).unwrap_or_else(|e| panic!("seed {seed}: {e}")) {
            Sealed::Segment { manifest, late, .. } => {
                compensating += manifest.compensating as usize;
                late_lines += late;
            }
            Sealed::Nothing(_) => {}
        }
        assert!(matches!(seal(&sealing).unwrap(), Sealed::Nothing(_)), "seed {seed}: sealed twice");
    }
    let mut snapshot = open(&root, last);
    snapshot.log = log_of(&lines, snapshot.register.settings.time_zone);
    compare(seed, dir, &snapshot, key::day(last));
    (compensating, late_lines)
}

fn compare(seed: u64, dir: &Path, s: &Snapshot, through: i32) {
    let data = dir.join("data");
    let done = ingest(&dir.join("out"), &data, 50).unwrap();
    assert!(done.pending.is_empty(), "seed {seed}: {:?}", done.pending);
    let ledger = Ledger::read(&data, false).unwrap();
    let mut rows: Vec<Row> = Vec::new();
    let code = s.register.settings.unit.code.as_str();
    let mut files: Vec<_> = std::fs::read_dir(dir.join(format!("out/330100/{code}"))).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.to_string_lossy().ends_with(".parquet") && !p.to_string_lossy().ends_with("duties.parquet"));
    for file in &files {
        row::read(file, &mut |_, r| {
            rows.push(r);
            Ok(())
        })
        .unwrap();
    }
    let mut by_duty: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|r| by_duty.entry(&r.duty).or_default().push(r));
    let begins = rows.iter().map(|r| r.recorded).min().unwrap();
    let (facts, names) = (s.facts(), timeline::names(s));
    let days: Vec<i32> = (begins..=through).step_by(13).chain([through]).collect();
    for k in &days {
        for d in days.iter().filter(|d| *d <= k) {
            let on = (d != k).then(|| key::date(*d));
            let want = fold::fold(&s.register, &s.roster, &facts, &s.log, key::date(*k), on);
            let mut groups: BTreeMap<String, (i32, i32)> = BTreeMap::new();
            for (duty, _, of, whole) in &names {
                let (status, light) = if *whole { want.obligations[*of] } else { (want.states[*of].status, want.states[*of].light) };
                let want = (key::state(status), key::light(light));
                assert_eq!(
                    says(&by_duty[&**duty], *k, *d),
                    Some(want),
                    "seed {seed}: {duty} as known on {} about {}",
                    key::date(*k),
                    key::date(*d)
                );
                if *whole {
                    groups.insert(duty.to_string(), want);
                }
            }
            if (k + d + seed as i32) % 11 == 0 {
                for full in [false, true] {
                    let got = answer(&data, &ledger, Ask { by: By::Obligation, as_of: *k, on: *d, full }).unwrap();
                    let got: BTreeMap<String, (i32, i32)> = got
                        .groups
                        .into_iter()
                        .map(|(g, c)| {
                            (
                                g,
                                (
                                    1 + c.states.iter().position(|n| *n == 1).unwrap() as i32,
                                    c.lights.iter().position(|n| *n == 1).unwrap() as i32,
                                ),
                            )
                        })
                        .collect();
                    assert_eq!(got, groups, "seed {seed} as known on {} about {}, full {full}", key::date(*k), key::date(*d));
                }
            }
        }
    }
}

#[test]
fn the_rows_answer_as_the_fold_does() {
    let seeds: u64 = std::env::var("DUBAN_SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(8);
    let (mut compensating, mut late) = (0, 0);
    for seed in 0..seeds {
        let dir = tempfile::tempdir().unwrap();
        let (c, l) = one(seed, dir.path());
        compensating += c;
        late += l;
    }
    // It is worth something only if corrections and late lines came by.
    assert!(compensating > 10 && late > 2, "{compensating} compensating rows, {late} late lines");
    let _ = oracle::Thresholds::default();
}
