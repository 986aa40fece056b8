//! The fold against a second, slow reading of the rules, written from the formats' page
//! alone (`tests/oracle`), on thousands of generated worlds and histories.
//!
//! `DUBAN_SEEDS=20000 cargo test --release --test fold` runs a longer campaign.

#[path = "oracle/mod.rs"]
#[allow(missing_docs)]
mod oracle;

use duban::log::read::{Log, LogFile, Record};
use duban::log::{Verdict, fold};
use duban::model::{Entry, Light, Roster, Status};
use oracle::generate::{to_register_files, world_and_history};
use std::collections::BTreeMap;

/// The generated lines as a log, in fold order.
fn log_of(lines: &[oracle::Line], zone: duban::model::Zone) -> Log {
    let mut log = Log::default();
    for line in lines {
        let file = log.files.iter().position(|f| f.shown == line.file).unwrap_or_else(|| {
            log.files.push(LogFile {
                shown: line.file.clone(),
                dept: String::new(),
                name: line.file.clone(),
                month: String::new(),
                writer: line.writer.clone(),
                header: None,
                last: (0, String::new()),
                digest: String::new(),
                lines: 0,
            });
            log.files.len() - 1
        });
        let entry: Entry = serde_json::from_value(line.value.clone()).unwrap_or_else(|e| panic!("{e}: {}", line.value));
        log.records.push(Record { day: zone.day(entry.at), entry, file: file as u32, line: 0 });
    }
    let files = log.files.clone();
    log.records.sort_by(|a, b| {
        let key = |r: &Record| (r.entry.at, files[r.file as usize].writer.clone(), files[r.file as usize].name.clone(), r.entry.seq);
        key(a).cmp(&key(b))
    });
    log
}

#[test]
fn fold_agrees_with_the_slow_reading() {
    let seeds: u64 = std::env::var("DUBAN_SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(2000);
    let dir = tempfile::tempdir().unwrap();
    let mut compared = 0usize;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..seeds {
        let (world, lines, dates) = world_and_history(seed);
        let root = dir.path().join(seed.to_string());
        for (path, content) in to_register_files(&world) {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let loaded = duban::load::open(&root, "").unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        assert!(loaded.findings.is_empty(), "seed {seed}: {:?}", loaded.findings);
        let register = loaded.register;
        let roster = Roster::build(&register);
        let facts = fold::facts(&register, &roster);
        let log = log_of(&lines, register.settings.time_zone);
        for (n, as_of) in dates.iter().enumerate() {
            // Every other date also as "what was true on an earlier day".
            let ons = [None, (n > 0).then(|| dates[n - 1])];
            for on in ons.into_iter().take(if n % 2 == 0 { 1 } else { 2 }) {
                let want = oracle::read(&world, &lines, *as_of, on);
                let got = fold::fold(&register, &roster, &facts, &log, *as_of, on);
                for (i, row) in want.0.iter().enumerate() {
                    let duty = &roster.duties[i];
                    let state = &got.states[i];
                    let mut unlawful: Vec<String> = (0..log.records.len())
                        .filter(|r| got.duty_of[*r] == Some(i as u32) && matches!(got.verdicts[*r], Verdict::Unlawful(_)))
                        .map(|r| {
                            // A corrected place is refused for the words that stand there.
                            let words = got.standing.get(&(r as u32)).map_or(r, |c| *c as usize);
                            log.records[words].entry.h.to_string()
                        })
                        .collect();
                    unlawful.sort();
                    let mine = oracle::Row {
                        assignment: (
                            register.obligations[duty.obligation as usize].id.to_string(),
                            duty.dept.as_ref().map_or(String::new(), |d| d.to_string()),
                        ),
                        status: state.status.code().into(),
                        light: state.light.code().into(),
                        reasons: state.reasons.iter().map(|r| r.to_string()).collect(),
                        due: state.due.map(|d| d.to_string()),
                        extensions: state.extensions,
                        unlawful,
                    };
                    assert_eq!(&mine, row, "seed {seed}, as of {as_of}, on {on:?}");
                    *seen.entry(mine.status).or_default() += 1;
                    for reason in mine.reasons {
                        *seen.entry(reason).or_default() += 1;
                    }
                    compared += 1;
                }
                for (i, ob) in register.obligations.iter().enumerate() {
                    let (status, light) = got.obligations[i];
                    let want = &want.1[ob.id.as_str()];
                    assert_eq!(
                        (status.code(), light.code()),
                        (want.0.as_str(), want.1.as_str()),
                        "seed {seed}, {} as of {as_of}, on {on:?}",
                        ob.id
                    );
                }
            }
        }
        std::fs::remove_dir_all(&root).unwrap();
    }
    // The comparison is worth something only if every state and every rule came by.
    for status in Status::ALL {
        assert!(seen.contains_key(status.code()), "no history reached {}", status.code());
    }
    for code in duban::log::lights::CODES {
        assert!(seen.contains_key(*code), "no history fired {code}");
    }
    assert!(Light::ALL.len() == 4 && compared > 10_000, "only {compared} rows were compared");
}

/// Prints one world, for whoever has to settle a disagreement: `DUBAN_SEED=16 cargo test --test fold -- --ignored --nocapture`.
#[test]
#[ignore = "a tool for people: prints one generated world"]
fn print_one_world() {
    let seed: u64 = std::env::var("DUBAN_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    let (world, lines, dates) = world_and_history(seed);
    for (path, content) in to_register_files(&world) {
        println!("== {path}\n{content}");
    }
    for line in &lines {
        println!("{} {}", line.file, line.value);
    }
    println!("{dates:?}");
}
