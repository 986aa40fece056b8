//! Registers to report on, and every page of each.

use crate::oracle::Line;
use crate::oracle::generate::{to_register_files, world_and_history};
use crate::support;
use chrono::{DateTime, FixedOffset, NaiveDate};
use duban::log::fold;
use duban::log::read::{LogFile, Record};
use duban::model::time::When;
use duban::model::{Entry, Lang};
use duban::page::Page;
use duban::report::layout::{self, Ask, LAYOUTS};
use duban::snapshot::{Options, Snapshot, query::Query};
use std::path::Path;

fn day(text: &str) -> NaiveDate {
    duban::model::time::parse_date(text).unwrap()
}

/// A register in a folder, as of a day.
pub fn open(root: &Path, as_of: &str) -> Snapshot {
    let now: DateTime<FixedOffset> = "2027-01-31T18:00:00+08:00".parse().unwrap();
    Snapshot::open(&Options { root, shown: "", now, as_of: Some(When::Day(day(as_of))), on: None })
        .unwrap_or_else(|e| panic!("{}: {e}", root.display()))
}

/// One of the shipped registers on the sample's day.
pub fn shipped(name: &str) -> Snapshot {
    open(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name), "2026-10-31")
}

/// A generated register of some size, with a log.
pub fn generated(n: usize, d: usize, entries: usize, as_of: &str) -> Snapshot {
    let dir = tempfile::tempdir().unwrap();
    support::register(dir.path(), n, d, 7);
    support::log(dir.path(), n, d, entries, false);
    open(dir.path(), as_of)
}

/// A small world with a wild history, on the last of its dates.
pub fn wild(seed: u64) -> Snapshot {
    let (world, lines, dates) = world_and_history(seed);
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in to_register_files(&world) {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let as_of = *dates.iter().max().unwrap();
    let mut s = open(dir.path(), &as_of.to_string());
    put_log(&mut s, &lines);
    s.folded = fold::fold(&s.register, &s.roster, &s.facts(), &s.log, as_of, None);
    s
}

fn put_log(s: &mut Snapshot, lines: &[Line]) {
    let zone = s.register.settings.time_zone;
    for line in lines {
        let file = s.log.files.iter().position(|f| f.shown == line.file).unwrap_or_else(|| {
            let named = |t: &str| t.to_string();
            s.log.files.push(LogFile {
                shown: named(&line.file),
                dept: String::new(),
                name: named(&line.file),
                month: String::new(),
                writer: named(&line.writer),
                header: None,
                last: (0, String::new()),
                digest: String::new(),
                lines: 0,
            });
            s.log.files.len() - 1
        });
        let entry: Entry = serde_json::from_value(line.value.clone()).unwrap();
        s.log.records.push(Record { day: zone.day(entry.at), entry, file: file as u32, line: 0 });
    }
    let files = s.log.files.clone();
    s.log.records.sort_by(|a, b| {
        let key = |r: &Record| (r.entry.at, files[r.file as usize].writer.clone(), files[r.file as usize].name.clone(), r.entry.seq);
        key(a).cmp(&key(b))
    });
}

/// Every register by name.
pub fn all() -> Vec<(String, Snapshot)> {
    let mut all = vec![
        ("sample city".to_string(), shipped("obligations/sample-city")),
        ("national".into(), shipped("obligations")),
        ("generated 300".into(), generated(300, 12, 900, "2026-06-30")),
        ("one unreadable".into(), unreadable()),
    ];
    all.extend((0..25).map(|seed| (format!("wild {seed}"), wild(seed))));
    all
}

/// The sample city with an obligation that cannot be decoded and one without lead.
pub fn unreadable() -> Snapshot {
    let dir = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations"), dir.path());
    let part = dir.path().join("opinions-2022/1-crackdown.yaml");
    let text = std::fs::read_to_string(&part).unwrap();
    std::fs::write(&part, text.replacen("  kind: ", "  kimd: ", 1)).unwrap();
    let part = dir.path().join("opinions-2022/4-territory.yaml");
    let text = std::fs::read_to_string(&part).unwrap();
    let (head, tail) = text.split_once("  owner:").unwrap();
    let (_, tail) = tail.split_once('\n').unwrap();
    std::fs::write(&part, format!("{head}{tail}")).unwrap();
    let s = open(&dir.path().join("sample-city"), "2026-10-31");
    assert_eq!(s.register.invalid.len(), 1);
    assert!(s.roster.duties.iter().any(|d| d.dept.is_none()), "one has no lead");
    s
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Every page of a register with a filter: all layouts, each department of the pack.
pub fn pages(s: &Snapshot, filter: &str, lang: Lang) -> Vec<(String, Page)> {
    let query = Query::parse(s, &[filter.to_string()]).unwrap_or_else(|w| panic!("{filter}: {}", w.say(Lang::En)));
    let mut out = Vec::new();
    for layout in LAYOUTS {
        let mut ask = Ask::new(s, &query, lang, None);
        let depts = if layout.per_department { layout::packed(&ask) } else { Vec::new() };
        if depts.is_empty() {
            out.push((layout.key.to_string(), layout::build(layout, &ask).unwrap()));
        }
        for dept in depts.into_iter().take(3) {
            ask.dept = Some(dept.clone());
            out.push((format!("{} {dept}", layout.key), layout::build(layout, &ask).unwrap()));
        }
    }
    out
}
