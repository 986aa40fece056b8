//! Registers to export, and the program run on them.

use assert_cmd::Command;
use duban::exchange::{Ask, File, find};
use duban::model::Lang;
use duban::model::time::{When, parse_date};
use duban::snapshot::{Options, Snapshot, query::Query};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The day up to which the sample was written.
pub const DAY: &str = "2026-10-31";

/// A folder of the repository.
pub fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A register as of the sample's day.
pub fn open(root: &Path) -> Snapshot {
    let now = "2027-01-31T18:00:00+08:00".parse().unwrap();
    Snapshot::open(&Options { root, shown: "", now, as_of: Some(When::Day(parse_date(DAY).unwrap())), on: None }).unwrap()
}

/// The files of a form.
pub fn files(s: &Snapshot, form: &str, words: &str, lang: Lang) -> Vec<File> {
    let words: Vec<String> = words.split_whitespace().map(String::from).collect();
    let query = Query::parse(s, &words).unwrap_or_else(|w| panic!("{}", w.say(Lang::En)));
    (find(form).unwrap().write)(&Ask::new(s, &query, lang)).unwrap_or_else(|w| panic!("{}", w.say(Lang::En)))
}

/// One of them as JSON, without the key around it.
pub fn document(files: &[File], name: &str) -> Value {
    let file = files.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("no {name}"));
    let value: Value = serde_json::from_slice(&file.bytes).unwrap();
    value.as_object().unwrap().values().next().unwrap().clone()
}

/// Every mapping at any depth, with the key of the list or mapping around it.
pub fn each(value: &Value, key: &str, found: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(map) => {
            found(key, value);
            map.iter().for_each(|(k, v)| each(v, k, found));
        }
        Value::Array(all) => all.iter().for_each(|v| each(v, key, found)),
        _ => {}
    }
}

/// The program.
pub fn duban(args: &[&str]) -> (i32, String, String) {
    let done = Command::cargo_bin("duban").unwrap().args(args).env_remove("DUBAN_REGISTER").env("LC_ALL", "en_US.UTF-8").output().unwrap();
    (done.status.code().unwrap(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
}

/// A register of two obligations: one with hostile words, one that cannot be decoded.
pub fn tiny() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let long = "很长".repeat(5000);
    let part = format!(
        r#"- id: TNY-1.01
  title: {{zh: "引号“\"'`与\u0007控制\u2028符 * _ <b>", en: "{{{{ insert: param, x }}}}"}}
  requirement: {{zh: "第一行\n第二行 {long}", en: "on"}}
  kind: action
  modality: must
  source: {{layer: text, at: TNY:P1.s1.c1, anchor: 第一行}}
  needs: [{{on: TNY-1.02, kind: requires, why: {{zh: "因为\t如此"}}}}]
  recurrence: one-off
- id: TNY-1.02
  title: {{zh: 读不出来}}
  requirement: {{zh: 读不出来}}
  kind: action
  modality: must
  recurrence: now and then
"#
    );
    let files = [
        (
            "register.yaml",
            "format: duban/1\nunit: {code: 示例, name: {zh: \"示例\\u0007市\"}}\nlanguages: [zh]\npolicies: [tny]\n".to_string(),
        ),
        (
            "tny/policy.yaml",
            "code: TNY\ntitle: {zh: 小政策}\nlisted: 2026-01-01\nparts:\n  - {id: TNY-1, file: 1-part.yaml, title: {zh: 正文}}\n".into(),
        ),
        ("tny/clauses.yaml", "clauses:\n  - {at: TNY:P1.s1.c1, class: obligation, primary: [TNY-1.01]}\n".into()),
        ("tny/1-part.yaml", part),
    ];
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}
