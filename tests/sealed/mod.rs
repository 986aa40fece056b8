//! Generated worlds as registers on disk, their histories sealed into logs that `verify` would
//! find whole; and what it means that two readings of one are the same.

use crate::oracle::Line;
use crate::oracle::generate::{to_register_files, world_and_history};
use chrono::{DateTime, NaiveDate};
use duban::digest::chain;
use duban::log::State;
use duban::log::state::Seat;
use duban::snapshot::Snapshot;
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

pub fn world(root: &Path, seed: u64) -> Vec<NaiveDate> {
    world_by(root, seed, "")
}

pub fn world_by(root: &Path, seed: u64, finer: &str) -> Vec<NaiveDate> {
    let (world, lines, dates) = world_and_history(seed);
    for (path, content) in to_register_files(&world) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    seal(root, &lines, finer);
    dates
}

/// States without the numbers of records, which only the whole log has.
pub fn states(s: &Snapshot) -> Vec<State> {
    s.folded.states.iter().map(plain).collect()
}

fn some(seat: Seat) -> Seat {
    seat.get().map_or(seat, |_| 0.into())
}

pub fn plain(state: &State) -> State {
    let mut state = State { words: some(state.words), signed: some(state.signed), ..state.clone() };
    state.blocks.iter_mut().chain(state.breaches.iter_mut()).for_each(|o| o.record = 0);
    state
}

pub fn same(seed: u64, whole: &Snapshot, passing: &Snapshot) {
    assert_eq!(states(passing), states(whole), "seed {seed}, as of {}", whole.as_of);
    assert_eq!(passing.folded.obligations, whole.folded.obligations, "seed {seed}");
    assert_eq!((passing.folded.later, passing.log.entries), (whole.folded.later, whole.log.records.len()), "seed {seed}");
    assert_eq!((&passing.log.root, &passing.version), (&whole.log.root, &whole.version), "seed {seed}");
    let files = |s: &Snapshot| format!("{:?}", s.log.files);
    assert_eq!(files(passing), files(whole), "seed {seed}");
}
