//! `rollup ingest`: each segment once, and what is not taken is said.

use crate::world::{World, bytes, files};
use duban::rollup::ingest::{Done, ingest};
use duban::rollup::ledger::{Ledger, Word};
use duban::rollup::manifest::Manifest;
use std::path::Path;
use std::process::Command;

fn three() -> World {
    let w = World::new();
    w.start("2026-01-12");
    ["2026-01-31", "2026-02-28", "2026-04-30"].iter().for_each(|d| drop(w.seal(d)));
    w
}

fn take(w: &World) -> Done {
    ingest(&w.out(), &w.data(), 3).unwrap_or_else(|e| panic!("{e}"))
}

fn said(done: &Done) -> Vec<(String, Word, String)> {
    done.pending.iter().map(|p| (p.file.rsplit('/').next().unwrap().to_string(), p.word, p.en.clone())).collect()
}

/// The names of the segments, in order, `1-6`.
fn segments(w: &World) -> Vec<String> {
    let mut all: Vec<String> =
        files(&w.out()).iter().filter_map(|f| Some(f.strip_suffix(".json")?.rsplit('/').next()?.to_string())).collect();
    all.sort_by_key(|n| n.split('-').next().unwrap().parse::<i64>().unwrap());
    all
}

fn path(w: &World, name: &str) -> std::path::PathBuf {
    w.out().join("330100/T").join(name)
}

#[test]
fn seen_is_nothing_and_equal_bytes_come_out() {
    let w = three();
    let done = take(&w);
    assert_eq!((done.taken, done.seen, done.unsigned, done.pending.len()), (3, 0, 3, 0));
    let first = bytes(&w.data());
    let again = take(&w);
    assert_eq!((again.taken, again.seen, again.rows), (0, 3, 0));
    assert_eq!(bytes(&w.data()), first);
    // Another dataset, taken in one after the other and in larger runs: the same bytes.
    let other = w.dir.path().join("other");
    let inbox = w.dir.path().join("inbox");
    std::fs::create_dir_all(inbox.join("330100/T")).unwrap();
    for name in segments(&w) {
        for end in ["duties.parquet", "parquet", "json"] {
            let file = format!("{name}.{end}");
            let _ = std::fs::copy(path(&w, &file), inbox.join("330100/T").join(&file));
        }
        assert_eq!(ingest(&inbox, &other, 1 << 20).unwrap().taken, 1);
    }
    assert_eq!(bytes(&other), first);
    assert!(files(&w.data()).iter().all(|f| !f.contains(".runs")), "nothing half-made stays");
}

#[test]
fn a_gap_is_parked_until_it_is_filled() {
    let w = three();
    let names = segments(&w);
    let aside = w.dir.path().join("aside");
    let middle = path(&w, &format!("{}.json", names[1]));
    std::fs::rename(&middle, &aside).unwrap();
    let done = take(&w);
    let (from, to) = names[1].split_once('-').unwrap();
    assert_eq!(done.taken, 1);
    assert_eq!(
        said(&done),
        [
            (format!("{}.parquet", names[1]), Word::Unread, "it has no manifest: perhaps it has not all arrived yet".into()),
            (format!("{}.json", names[2]), Word::Parked, format!("parked: numbers {from} to {to} are missing")),
        ]
    );
    assert_eq!(Ledger::read(&w.data(), false).unwrap().pending.len(), 2);
    std::fs::rename(&aside, &middle).unwrap();
    let done = take(&w);
    assert_eq!((done.taken, done.seen, done.pending.len()), (2, 1, 0));
    assert!(Ledger::read(&w.data(), false).unwrap().pending.is_empty());
}

#[test]
fn a_rewritten_history_is_refused() {
    let w = three();
    take(&w);
    let before = bytes(&w.data());
    // The same numbers, with another content.
    let json = path(&w, &format!("{}.json", segments(&w)[1]));
    let text = std::fs::read_to_string(&json).unwrap();
    std::fs::write(&json, text.replace("2026-02-28", "2026-02-27")).unwrap();
    let done = take(&w);
    let name = json.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(said(&done), [(name, Word::Refused, "a rewritten history: these numbers were taken already, with another content".into())]);
    let part = |all: &[(String, Vec<u8>)]| all.iter().filter(|f| f.0.ends_with("parquet")).cloned().collect::<Vec<_>>();
    assert_eq!(part(&bytes(&w.data())), part(&before));
    std::fs::write(&json, text).unwrap();

    // One that follows another past.
    let json = path(&w, &format!("{}.json", segments(&w)[2]));
    let mut m: Manifest = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    m.previous = Some("0".repeat(64));
    std::fs::write(&json, m.text()).unwrap();
    let fresh = w.dir.path().join("fresh");
    let done = ingest(&w.out(), &fresh, 100).unwrap();
    assert_eq!((done.taken, done.pending[0].word), (2, Word::Refused));
    assert!(done.pending[0].en.contains("the segment that it follows is not the one that was taken"));
}

#[test]
fn an_altered_byte_is_refused_wherever_it_is() {
    let w = three();
    let file = path(&w, &format!("{}.parquet", segments(&w)[0]));
    let good = std::fs::read(&file).unwrap();
    for at in (0..good.len()).step_by(97).chain([good.len() - 1]) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        std::fs::write(&file, &bad).unwrap();
        let fresh = w.dir.path().join(format!("data-{at}"));
        let done = ingest(&w.out(), &fresh, 100).unwrap();
        let first = &said(&done)[0];
        assert_eq!((done.taken, first.1), (0, Word::Refused), "byte {at}: {first:?}");
        // What follows waits.
        assert_eq!(done.pending.iter().filter(|p| p.word == Word::Parked).count(), 2);
    }
    // Sound Parquet, sound digest of the bytes, another content than the canonical lines say.
    std::fs::write(&file, &good).unwrap();
    let json = path(&w, &format!("{}.json", segments(&w)[0]));
    let text = std::fs::read_to_string(&json).unwrap();
    let mut m: Manifest = serde_json::from_str(&text).unwrap();
    m.jsonl = "0".repeat(64);
    std::fs::write(&json, m.text()).unwrap();
    let done = ingest(&w.out(), &w.data(), 100).unwrap();
    assert!(said(&done)[0].2.contains("digest of the content is not what the manifest says"), "{:?}", said(&done));
}

#[test]
fn what_belongs_nowhere_is_unread_and_stays_counted() {
    let w = three();
    for name in ["notes.txt", "330100/T/notes.txt", "330100/T/7-x.json", "Hangzhou/T/1-1.json", "330100/readme"] {
        let path = w.out().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }
    // What is still being written has a dot before its name.
    std::fs::write(w.out().join("330100/T/.1-9.parquet.new"), "x").unwrap();
    let done = take(&w);
    assert_eq!((done.taken, done.pending.len()), (3, 5), "{:?}", done.pending);
    assert!(done.pending.iter().all(|p| p.word == Word::Unread));
    // Another inbox without that register changes nothing about it.
    let empty = w.dir.path().join("empty");
    std::fs::create_dir_all(&empty).unwrap();
    let done = ingest(&empty, &w.data(), 100).unwrap();
    assert_eq!((done.pending.len(), done.elsewhere), (0, 3));
}

fn keygen(dir: &Path, name: &str) -> (std::path::PathBuf, String) {
    let key = dir.join(name);
    let ok = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&key).status().unwrap();
    assert!(ok.success());
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    (key, public.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

#[test]
fn only_a_signer_of_that_unit_is_heard() {
    let w = World::new();
    w.start("2026-01-12");
    let (zhejiang, zhejiang_public) = keygen(w.dir.path(), "zhejiang");
    let (_, guangdong_public) = keygen(w.dir.path(), "guangdong");
    let s = w.open("2026-01-31");
    let out = w.out();
    let sealing =
        duban::rollup::seal::Sealing { snapshot: &s, unit: Some("330100"), kind: None, out: &out, key: Some(&zhejiang), program: "test" };
    duban::rollup::seal::seal(&sealing).unwrap();
    let with = |signers: String| {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("allowed_signers"), signers).unwrap();
        let done = ingest(&out, data.path(), 100).unwrap();
        (done.taken, done.unsigned, done.pending.first().map(|p| p.en.clone()).unwrap_or_default())
    };
    for prefix in ["33", "3301", "330100", "*"] {
        assert_eq!(with(format!("{prefix} {zhejiang_public}\n")), (1, 0, String::new()), "{prefix}");
    }
    let foreign = "the key that signed may not sign for 330100: allowed_signers has it under none of its prefixes";
    assert_eq!(with(format!("33 {guangdong_public}\n44 {zhejiang_public}\n")), (0, 0, foreign.into()));
    let (taken, _, why) = with(format!("33 valid-before=\"20250101\" {zhejiang_public}\n"));
    assert_eq!((taken, why.as_str()), (0, "the key was not valid when it signed"));
    // A signature of another manifest, and none at all.
    let sig = files(&out).into_iter().find(|f| f.ends_with(".sig")).unwrap();
    let json = out.join(sig.strip_suffix(".sig").unwrap());
    let text = std::fs::read_to_string(&json).unwrap();
    std::fs::write(&json, text.replace("\"kind\": \"city\"", "\"kind\": \"town\"")).unwrap();
    assert!(with(format!("33 {zhejiang_public}\n")).2.starts_with("the signature does not fit the manifest"));
    std::fs::write(&json, text).unwrap();
    std::fs::remove_file(out.join(&sig)).unwrap();
    assert_eq!(with(format!("33 {zhejiang_public}\n")).2, "it is not signed, and this dataset asks for signatures");
}

#[test]
fn an_ingest_that_was_cut_off_is_taken_up_again() {
    let w = three();
    take(&w);
    let whole = bytes(&w.data());
    // The tables are there, the ledger is still the one of the first segment.
    let cut = w.dir.path().join("cut");
    let inbox = w.dir.path().join("inbox/330100/T");
    std::fs::create_dir_all(&inbox).unwrap();
    for end in ["duties.parquet", "parquet", "json"] {
        let file = format!("{}.{end}", segments(&w)[0]);
        std::fs::copy(path(&w, &file), inbox.join(file)).unwrap();
    }
    ingest(&w.dir.path().join("inbox"), &cut, 100).unwrap();
    let ledger = std::fs::read(cut.join("ledger.jsonl")).unwrap();
    for (name, bytes) in whole.iter().filter(|f| f.0 != "ledger.jsonl") {
        let path = cut.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(cut.join("ledger.jsonl"), ledger).unwrap();
    assert_eq!(ingest(&w.out(), &cut, 100).unwrap().taken, 2);
    assert_eq!(bytes(&cut), whole);
}
