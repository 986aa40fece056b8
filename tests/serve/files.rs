//! Files: hashed and let go, or kept in a folder outside of the repository, and never anywhere else.

use super::world::City;
use std::fs;

const PATH: &str = "/assignment/OPN-5.04%40CITY-PSB/progress";
const BYTES: &[u8] = b"%PDF-1.7 the minutes";

fn fields(key: &str) -> Vec<(&str, &str)> {
    vec![("note", "with a paper"), ("key", key), ("ev0_type", "minutes"), ("action", "record")]
}

fn last(city: &City) -> serde_json::Value {
    city.told(&["history", "OPN-5.04@CITY-PSB", "--format", "json"])["rows"].as_array().unwrap().last().unwrap()["fields"].clone()
}

/// With a store, named in register.yaml.
fn stored() -> (City, std::path::PathBuf) {
    let mut city = City::closed(&["officer-psb"]);
    let store = city.dir.path().join("store");
    fs::create_dir(&store).unwrap();
    let yaml = city.root().join("register.yaml");
    let text = fs::read_to_string(&yaml).unwrap() + "evidence_store: ../../store\n";
    fs::write(&yaml, text).unwrap();
    city.start(&["--upload", "1"]);
    (city, store)
}

#[test]
fn without_a_store_a_file_is_hashed_and_let_go() {
    let city = City::open(&["officer-psb"], &[]);
    let mut officer = city.signed("officer-psb");
    let done = officer.upload(PATH, &fields("u1"), &[("ev0_file", "../../../tmp/minutes.pdf", BYTES)]);
    assert_eq!(done.status, 303, "{}", done.text());
    let e = &last(&city)["evidence"][0];
    assert_eq!((e["name"].as_str(), e["size"].as_u64()), (Some("minutes.pdf"), Some(BYTES.len() as u64)));
    assert_eq!(e["sha256"].as_str().unwrap().len(), 64);
    // A name is a name: no file of this machine is looked at.
    let named = [("note", "x"), ("key", "u2"), ("ev0_type", "minutes"), ("ev0_name", "/etc/passwd"), ("action", "record")];
    assert_eq!(officer.post(PATH, &named).status, 303);
    assert_eq!(
        (&last(&city)["evidence"][0]["sha256"], last(&city)["evidence"][0]["name"].as_str()),
        (&serde_json::Value::Null, Some("/etc/passwd"))
    );
    let by_file = serde_json::json!({"duty": "OPN-5.04@CITY-PSB", "event": "progress", "note": "x", "key": "u3", "evidence": [{"type": "minutes", "file": "/etc/passwd"}]});
    assert_eq!(officer.json("/api/v1/entries", &by_file).status, 422);
}

#[test]
fn with_a_store_a_file_is_kept_there_once() {
    let (city, store) = stored();
    let mut officer = city.signed("officer-psb");
    assert_eq!(officer.upload(PATH, &fields("u1"), &[("ev0_file", "..\\..\\minutes.pdf", BYTES)]).status, 303);
    assert_eq!(fs::read(store.join("CITY-PSB/minutes.pdf")).unwrap(), BYTES);
    assert_eq!(last(&city)["evidence"][0]["place"], "CITY-PSB/minutes.pdf");
    // The same file again is the same file; another of that name stands beside it.
    assert_eq!(officer.upload(PATH, &fields("u2"), &[("ev0_file", "minutes.pdf", BYTES)]).status, 303);
    assert_eq!(officer.upload(PATH, &fields("u3"), &[("ev0_file", "minutes.pdf", b"others")]).status, 303);
    let names = || {
        let mut all: Vec<String> =
            fs::read_dir(store.join("CITY-PSB")).unwrap().flatten().map(|e| e.file_name().into_string().unwrap()).collect();
        all.sort();
        all
    };
    assert_eq!(names().len(), 2, "{:?}", names());
    // Refused, too large, without the token: nothing is left behind.
    assert_eq!(
        officer.upload(PATH, &[("key", "u4"), ("ev0_type", "no-such"), ("action", "record")], &[("ev0_file", "a.pdf", BYTES)]).status,
        422
    );
    assert_eq!(officer.upload(PATH, &fields("u5"), &[("ev0_file", "b.pdf", &vec![0; (1 << 20) + 1])]).status, 413);
    officer.csrf = "0".repeat(64);
    assert_eq!(officer.upload(PATH, &fields("u6"), &[("ev0_file", "c.pdf", BYTES)]).status, 403);
    assert_eq!(names().len(), 2, "{:?}", names());
    assert_eq!(fs::read_dir(store.join(".waiting")).unwrap().count(), 0);
    // A head of a part that does not end is not read for ever, and a form of many parts neither.
    let long = format!("--X\r\ncontent-disposition: form-data; name=\"{}", "a".repeat(1 << 20));
    let kind = [("content-type", "multipart/form-data; boundary=X")];
    assert_eq!(officer.raw("POST", PATH, &kind, long.as_bytes()).status, 400);
    let many: String = (0..300).map(|n| format!("--X\r\ncontent-disposition: form-data; name=\"n{n}\"\r\n\r\nx\r\n")).collect();
    assert_eq!(officer.raw("POST", PATH, &kind, many.as_bytes()).status, 413);
    // `duban evidence` finds what was kept.
    assert!(city.told(&["evidence", "OPN-5.04@CITY-PSB", "--format", "json"]).to_string().contains("present"));
}

#[test]
fn a_large_file_goes_through_in_pieces() {
    let city = City::open(&["officer-psb"], &["--upload", "40"]);
    let mut officer = city.signed("officer-psb");
    let large = vec![7u8; 30 << 20];
    assert_eq!(officer.upload(PATH, &fields("u1"), &[("ev0_file", "scan.pdf", &large)]).status, 303);
    assert_eq!(last(&city)["evidence"][0]["size"].as_u64(), Some(30 << 20));
    // Of somebody who is not known any more the words come back, though a file came with them.
    officer.cookies.clear();
    let late = officer.upload(PATH, &fields("u2"), &[("ev0_file", "scan.pdf", BYTES)]);
    assert!(late.status == 401 && late.text().contains("name=\"f_note\" value=\"with a paper\""), "{}", late.status);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (city, store) = stored();
    let mut officer = city.signed("officer-psb");
    let elsewhere = city.dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, store.join("CITY-PSB")).unwrap();
    let before = city.entries();
    assert_eq!(officer.upload(PATH, &fields("u1"), &[("ev0_file", "minutes.pdf", BYTES)]).status, 507);
    fs::remove_file(store.join("CITY-PSB")).unwrap();
    // A link in the place of the file itself is not followed either.
    fs::create_dir(store.join("CITY-PSB")).unwrap();
    std::os::unix::fs::symlink(elsewhere.join("x"), store.join("CITY-PSB/minutes.pdf")).unwrap();
    assert_eq!(officer.upload(PATH, &fields("u2"), &[("ev0_file", "minutes.pdf", BYTES)]).status, 303);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    assert_eq!(city.entries(), before + 1);
    // Drafts lie in the register, where a link is refused too.
    std::os::unix::fs::symlink(&elsewhere, city.root().join("log/drafts")).unwrap();
    assert_eq!(officer.post(PATH, &[("note", "x"), ("key", "d"), ("action", "draft")]).status, 507);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}
