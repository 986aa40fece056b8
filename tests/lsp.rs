//! The language server, driven over its pipes: unsaved buffers, broken YAML, several
//! registers, renames that reach through files, and clients that misbehave.
//!
//! `tests/lsp/conversation.txt` is a conversation written down: what the client says, and
//! every answer in full. `DUBAN_BLESS=1` writes the answers anew.

#[path = "lsp/client.rs"]
mod client;

use client::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const DAY: &[&str] = &["--lang", "en", "--as-of", "2023-06-30"];

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            let _ = std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A copy of a folder of the repository, under the real name of the temporary one.
fn world(from: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap().join("w");
    copy(&home().join(from), &root);
    (dir, root)
}

fn base() -> (tempfile::TempDir, PathBuf) {
    world("tests/rules/base")
}

/// Runs `duban check` on a folder: exit code and findings as rule, subject.
fn check(root: &Path, args: &[&str]) -> (i32, Vec<(String, String)>) {
    let out = Command::new(env!("CARGO_BIN_EXE_duban")).args(args).args(["check", "--format", "json"]).current_dir(root).output().unwrap();
    let json: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e} {}", String::from_utf8_lossy(&out.stderr)));
    let word = |f: &Value, k: &str| f[k].as_str().unwrap().to_string();
    let mut all: Vec<_> = json["rows"].as_array().unwrap().iter().map(|f| (word(f, "rule"), word(f, "subject"))).collect();
    all.sort();
    (out.status.code().unwrap(), all)
}

fn labels(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().map_or(Vec::new(), |a| a.iter().map(|i| i["label"].as_str().unwrap()).collect())
}

/// The text with the edit of one item of a completion made.
fn accept(text: &str, answer: &Value, label: &str) -> String {
    let item = answer["items"].as_array().unwrap().iter().find(|i| i["label"] == label).unwrap_or_else(|| panic!("no {label}: {answer:#}"));
    edited(text, &[item["textEdit"].clone()])
}

/// The text with edits made; columns are UTF-16.
fn edited(text: &str, edits: &[Value]) -> String {
    let byte = |p: &Value| {
        let begin = text.split_inclusive('\n').take(p["line"].as_u64().unwrap() as usize).map(str::len).sum::<usize>();
        let mut left = p["character"].as_u64().unwrap() as usize;
        let rest = text[begin..].char_indices().find(|(_, c)| {
            let here = left == 0;
            left = left.saturating_sub(c.len_utf16());
            here
        });
        rest.map_or(text.len(), |(i, _)| begin + i)
    };
    let mut spans: Vec<(usize, usize, &str)> =
        edits.iter().map(|e| (byte(&e["range"]["start"]), byte(&e["range"]["end"]), e["newText"].as_str().unwrap())).collect();
    spans.sort();
    let mut out = text.to_string();
    for (from, to, new) in spans.into_iter().rev() {
        out.replace_range(from..to, new);
    }
    out
}

/// Texts after a rename, by path; what is open in `buffers` counts before the disk.
fn renamed(client: &Client, edit: &Value, buffers: &[(&str, &str)]) -> BTreeMap<String, String> {
    let changes = edit["documentChanges"].as_array().unwrap_or_else(|| panic!("no changes: {edit:#}"));
    let one = |c: &Value| {
        let uri = c["textDocument"]["uri"].as_str().unwrap();
        let path = uri.strip_prefix(&(client.uri("") + "/")).unwrap().to_string();
        let open = buffers.iter().find(|(p, _)| *p == path).map(|(_, t)| t.to_string());
        let text = open.unwrap_or_else(|| client.disk(&path));
        let after = edited(&text, c["edits"].as_array().unwrap());
        (path, after)
    };
    changes.iter().map(one).collect()
}

#[test]
fn findings_come_while_the_text_is_unsaved() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.disk("tst/1-a.yaml");
    // Chinese before and inside the marked words.
    let bad = text
        .replace("title: {zh: 开展宣传, en: Tell the public}", "title: {zh: 开展宣传, 英: 大家}")
        .replace("lead: [DEP-BANK]", "lead: [DEP-BNAK]");
    c.open("tst/1-a.yaml", &bad);
    c.until("two findings", |c| c.findings("tst/1-a.yaml").len() >= 2);
    let all = c.told["tst/1-a.yaml"].clone();
    let of = |rule: &str| all.iter().find(|d| d["code"] == rule).unwrap_or_else(|| panic!("{rule}: {all:#?}")).clone();
    let key = of("E003");
    let line = bad.lines().position(|l| l.contains("英")).unwrap();
    assert_eq!(key["range"], json!({"start": {"line": line, "character": 20}, "end": {"line": line, "character": 21}}));
    assert_eq!((&key["severity"], &key["source"]), (&json!(1), &json!("duban")));
    assert!(key.get("codeDescription").is_none());
    let id = of("E009");
    assert!(id["message"].as_str().unwrap().contains("did you mean DEP-BANK?"), "{id:#}");
    let line = bad.lines().position(|l| l.contains("BNAK")).unwrap();
    assert_eq!(id["range"], json!({"start": {"line": line, "character": 31}, "end": {"line": line, "character": 39}}));
    // One click writes what was meant.
    let place = json!({"textDocument": {"uri": c.uri("tst/1-a.yaml")}, "range": id["range"], "context": {"diagnostics": [id]}});
    let fixes = c.ask("textDocument/codeAction", place).unwrap();
    assert_eq!(fixes[0]["title"], "change to DEP-BANK");
    let fixed = edited(&bad, fixes[0]["edit"]["documentChanges"][0]["edits"].as_array().unwrap());
    assert!(fixed.contains("lead: [DEP-BANK]"));
    // Mended in the buffer: the old findings go.
    c.change("tst/1-a.yaml", 2, &text);
    c.until("nothing left", |c| c.told["tst/1-a.yaml"].is_empty());
    assert_eq!(std::fs::read_to_string(root.join("tst/1-a.yaml")).unwrap(), text, "the server never writes");
    assert_eq!(c.bye(), 0);
}

#[test]
fn files_that_are_not_open_are_told_of_as_well() {
    let (_dir, root) = base();
    std::fs::write(root.join("notes.txt"), "what is this").unwrap();
    let mut c = Client::start(&root, DAY);
    c.until("a stray file", |c| c.findings("notes.txt") == [("E012".to_string(), 1)]);
    // An id changed here is missing there, and comes back.
    let text = c.disk("tst/1-a.yaml");
    c.open("tst/1-a.yaml", &text.replace("id: TST-1.01", "id: TST-1.09"));
    c.until("plan and clauses", |c| c.findings("plan.yaml").iter().any(|f| f.1 == 1) && !c.findings("tst/clauses.yaml").is_empty());
    assert!(c.told.keys().any(|p| p.starts_with("log/DEP-POL/") && p.ends_with(".jsonl")), "{:?}", c.told.keys());
    let uri = c.uri("tst/1-a.yaml");
    c.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    c.until("all is well", |c| c.told.iter().all(|(p, d)| d.is_empty() || p == "notes.txt"));
    assert_eq!(c.bye(), 0);
}

#[test]
fn what_a_waiver_covers_is_a_hint_with_its_reason() {
    let (_dir, root) = base();
    let waiver = "- rule: O002\n  subject: TST-1.01\n  who: supervisor-gov\n  why: 人员待定\n  until: 2030-12-31\n";
    std::fs::write(root.join("waivers.yaml"), waiver).unwrap();
    let mut c = Client::start(&root, DAY);
    let plan = c.disk("plan.yaml").replacen("  person: officer-pol\n", "", 1);
    c.open("plan.yaml", &plan);
    c.until("a hint", |c| c.told.values().flatten().any(|d| d["severity"] == 4));
    let hint = c.told.values().flatten().find(|d| d["severity"] == 4).unwrap().clone();
    assert_eq!(hint["code"], "O002");
    assert!(hint["message"].as_str().unwrap().ends_with("waived until 2030-12-31: 人员待定 (supervisor-gov)"), "{hint:#}");
    assert!(hint["relatedInformation"][0]["location"]["uri"].as_str().unwrap().ends_with("waivers.yaml"));
    assert_eq!(c.bye(), 0);
}

#[test]
fn broken_yaml_is_told_and_everything_else_goes_on() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.disk("tst/1-a.yaml");
    let half = text.replace("needs: [{on: TST-1.01, kind: requires}]", "needs: [{on: TST-");
    c.open("tst/1-a.yaml", &half);
    c.until("not YAML", |c| c.findings("tst/1-a.yaml").iter().any(|f| f.0 == "E002"));
    // Nobody is told that the obligation is gone.
    assert!(c.findings("plan.yaml").is_empty() && c.findings("tst/clauses.yaml").is_empty());
    let place = c.at("tst/1-a.yaml", &half, "needs: [{on: TST-", 17);
    let offered = c.ask("textDocument/completion", place).unwrap();
    assert_eq!(labels(&offered), ["TST-1.01", "TST-1.02", "TST-1.03", "TST-2.01", "TST-2.02"]);
    assert!(accept(&half, &offered, "TST-2.01").contains("needs: [{on: TST-2.01\n"));
    // The card of the obligation that is being typed, and of one beside it.
    let place = c.at("tst/1-a.yaml", &half, "id: TST-1.03", 5);
    assert!(c.ask("textDocument/hover", place).unwrap()["contents"]["value"].as_str().unwrap().contains("Tell the public"));
    let place = c.at("tst/1-a.yaml", &half, "id: TST-1.02", 5);
    assert!(c.ask("textDocument/hover", place).unwrap()["contents"]["value"].as_str().unwrap().contains("Set up a list"));
    // A rename waits until the file can be read.
    let mut place = c.at("tst/1-a.yaml", &half, "id: TST-1.03", 5);
    place["newName"] = json!("TST-1.04");
    let why = c.ask("textDocument/rename", place).unwrap_err();
    assert!(why["message"].as_str().unwrap().contains("mend it first"), "{why:#}");
    // Departments are still known while their own file is broken.
    let departments = c.disk("departments.yaml").replace("    sector: SEC-JUD\n", "    acts_for: [DEP-\n");
    c.open("departments.yaml", &departments);
    c.until("not YAML", |c| c.findings("departments.yaml").iter().any(|f| f.0 == "E002"));
    let place = c.at("departments.yaml", &departments, "acts_for: [DEP-", 15);
    assert_eq!(labels(&c.ask("textDocument/completion", place).unwrap()), ["DEP-BANK", "DEP-COM", "DEP-POL"]);
    assert_eq!(c.bye(), 0);
}

/// The text with a line of its own, and what is offered at its end.
fn offered(c: &mut Client, version: i32, path: &str, text: &str, at: &str) -> Value {
    c.change(path, version, text);
    let place = c.at(path, text, at, at.chars().count());
    c.ask("textDocument/completion", place).unwrap()
}

#[test]
fn completion_knows_what_may_stand_there() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.open_disk("tst/1-a.yaml");
    let path = "tst/1-a.yaml";
    let mut version = 1;
    let mut ask = |c: &mut Client, path: &str, text: String, at: &str| {
        version += 1;
        offered(c, version, path, &text, at)
    };
    // Enumerations, with what they mean.
    let kinds = ask(&mut c, path, text.replace("kind: build", "kind: "), "  kind: \n".trim_end_matches('\n'));
    assert_eq!(labels(&kinds), ["principle", "organisation", "action", "build", "prohibition", "outcome"]);
    assert!(kinds["items"][3]["documentation"].as_str().unwrap().contains("build"));
    assert_eq!(
        labels(&ask(
            &mut c,
            path,
            text.replace("review: quarterly\n  evidence: [{type: policy-doc, required: true}, {type: stat-report}]", "review: q"),
            "review: q"
        ))
        .len(),
        4
    );
    // Departments inside a list, those that are there left out.
    let leads = ask(&mut c, path, text.replace("lead: [DEP-POL, DEP-BANK]", "lead: [DEP-POL, D]"), "lead: [DEP-POL, D");
    assert_eq!(labels(&leads), ["DEP-BANK", "DEP-COM"]);
    assert_eq!(leads["items"][0]["detail"], "Financial regulator");
    // In the middle of a word the whole word is replaced.
    let now = text.replace("lead: [DEP-BANK]", "lead: [DEP-B.NK]");
    let leads = ask(&mut c, path, now.clone(), "lead: [DEP-B");
    assert!(accept(&now, &leads, "DEP-COM").contains("lead: [DEP-COM]"));
    // Sectors, evidence types, kinds of needs, clauses.
    assert_eq!(labels(&ask(&mut c, path, text.replace("reaches: [JUD, FIN]", "reaches: ["), "reaches: [")), ["FIN", "JUD"]);
    assert_eq!(labels(&ask(&mut c, path, text.replace("{type: stat-report}", "{type: s"), "{type: s")).len(), 5);
    assert_eq!(
        labels(&ask(&mut c, path, text.replace("{on: TST-1.01, kind: requires}", "{on: TST-1.01, kind: "), "{on: TST-1.01, kind: ")),
        ["requires", "feeds", "supports"]
    );
    assert!(
        labels(&ask(&mut c, path, text.replace("at: TST:P1.s1.c2", "at: TST:P1"), "at: TST:P1,".trim_end_matches(',')))
            .contains(&"TST:P1.s1.c2")
    );
    assert_eq!(labels(&ask(&mut c, path, text.replace("users: [USR-ACCT]", "users: [U"), "users: [U")), ["USR-ACCT"]);
    // Keys that are missing, in lines and in brackets; the required ones first.
    let now = text
        .replace("  kind: build\n", "  zz\n")
        .replace("  modality: must\n  source: {layer: opinions, at: TST:P1.s1.c2", "  source: {layer: opinions, at: TST:P1.s1.c2");
    let keys = ask(&mut c, path, now.clone(), "  zz\n".trim_end());
    let required: Vec<&str> =
        keys["items"].as_array().unwrap().iter().filter(|i| i["detail"] == "required").map(|i| i["label"].as_str().unwrap()).collect();
    assert_eq!(required, ["kind", "modality"]);
    assert!(!labels(&keys).contains(&"title"));
    assert!(accept(&now, &keys, "modality").contains("\n  modality: \n"));
    let keys = ask(
        &mut c,
        path,
        text.replace("owner: {mode: single, lead: [DEP-BANK], support: [DEP-POL]}", "owner: {mode: single, "),
        "owner: {mode: single, ",
    );
    assert_eq!(labels(&keys), ["lead", "support", "basis", "former"]);
    // Plan, waivers, clauses, crosswalk, people, register.
    let plan = c.open_disk("plan.yaml");
    let duties = ask(&mut c, "plan.yaml", format!("{plan}- duty: TST-2.02@"), "- duty: TST-2.02@\n".trim_end());
    assert!(labels(&duties).contains(&"TST-1.03@DEP-BANK") && labels(&duties).contains(&"TST-2.02"), "{duties:#}");
    let now = format!("{plan}- duty: TST-2.02@");
    assert!(accept(&now, &duties, "TST-2.02@DEP-COM").ends_with("- duty: TST-2.02@DEP-COM"));
    assert_eq!(labels(&ask(&mut c, "plan.yaml", format!("{plan}- duty: x\n  person: "), "x\n  person: ")).len(), 8);
    assert!(labels(&ask(&mut c, "plan.yaml", format!("{plan}- duty: x\n  due: s"), "x\n  due: s")).contains(&"standing"));
    c.open("waivers.yaml", "- rule: O\n");
    assert!(labels(&ask(&mut c, "waivers.yaml", "- rule: O\n".into(), "- rule: O")).contains(&"O002"));
    assert!(labels(&ask(&mut c, "waivers.yaml", "- rule: O002\n  subject: \n".into(), "subject: ")).contains(&"TST-1.03@DEP-POL"));
    let cross = c.open_disk("law/crosswalk.yaml");
    let articles =
        ask(&mut c, "law/crosswalk.yaml", cross.replace("{law: TL, article: \"1\",", "{law: TL, article: ,"), "{law: TL, article: ");
    assert_eq!(labels(&articles), ["1", "2", "2之一"]);
    assert_eq!(articles["items"][0]["textEdit"]["newText"], "\"1\"", "a number is a word here");
    let people = c.open_disk("people.yaml");
    assert!(labels(&ask(&mut c, "people.yaml", people.replace("roles: [approver]", "roles: ["), "roles: [")).contains(&"supervisor"));
    let register = c.open_disk("register.yaml");
    assert!(labels(&ask(&mut c, "register.yaml", format!("{register}rules:\n  O0"), "rules:\n  O0")).contains(&"O002"));
    assert_eq!(labels(&ask(&mut c, "register.yaml", format!("{register}rules:\n  O002: "), "O002: ")), ["allow", "warn", "deny"]);
    let clauses = c.open_disk("tst/clauses.yaml");
    assert_eq!(
        labels(&ask(
            &mut c,
            "tst/clauses.yaml",
            clauses.replace("primary: [TST-1.02]", "primary: [TST-1."),
            "primary: [TST-1.\n".trim_end()
        ))
        .len(),
        5
    );
    assert_eq!(c.bye(), 0);
}

fn card(c: &mut Client, path: &str, text: &str, at: &str, on: usize) -> String {
    let place = c.at(path, text, at, on);
    let answer = c.ask("textDocument/hover", place).unwrap();
    answer["contents"]["value"].as_str().unwrap_or_else(|| panic!("nothing at {at} of {path}")).to_string()
}

#[test]
fn hover_says_what_is_known() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.open_disk("tst/1-a.yaml");
    let whole = card(&mut c, "tst/1-a.yaml", &text, "- id: TST-1.02", 8);
    let want = "### TST-1.02 Set up the list\n\nSet up a list and keep it.\n\n- **Lead unit**: Financial regulator DEP-BANK (Single lead)\n- **Supporting units**: Police DEP-POL\n- **Kind**: Build · Must · Build then operate\n- **Source**: TST:P1.s1.c2 · 「名单制度」\n- **Needs**: TST-1.01 (requires)\n- `TST-1.02@DEP-BANK` Financial regulator: Operating · Green · Due date 2023-05-31 · Responsible person officer-bank\n- **log entries**: 4\n";
    assert_eq!(whole, want);
    let plan = c.open_disk("plan.yaml");
    // Either half of an assignment.
    assert!(card(&mut c, "plan.yaml", &plan, "TST-1.03@DEP-BANK", 2).starts_with("### TST-1.03 Tell the public"));
    let bank = card(&mut c, "plan.yaml", &plan, "TST-1.03@DEP-BANK", 12);
    for part in [
        "### DEP-BANK Financial regulator",
        "DEP-CBR Banking regulator (→ 2023-05-17)",
        "- **leads**: 2",
        "- **supports**: 1",
        "- **log entries**: 4",
    ] {
        assert!(bank.contains(part), "{part}: {bank}");
    }
    assert!(card(&mut c, "plan.yaml", &plan, "person: officer-pol", 10).contains("- **department**: Police DEP-POL"));
    assert!(card(&mut c, "plan.yaml", &plan, "due: standing", 1).starts_with("**due**"));
    let cross = c.open_disk("law/crosswalk.yaml");
    let article = card(&mut c, "law/crosswalk.yaml", &cross, "article: 2之一", 10);
    assert!(article.starts_with("### TL:2之一 Test Law Trade in accounts") && article.contains("TST-2.01 (sanctions)"), "{article}");
    assert!(card(&mut c, "law/crosswalk.yaml", &cross, "law: TL", 6).contains("in force"));
    assert!(card(&mut c, "tst/1-a.yaml", &text, "type: stat-report", 8).contains("2 review cycles"));
    assert!(card(&mut c, "tst/1-a.yaml", &text, "at: TST:P1.s1.c1", 6).contains("### TST:P1.s1.c1 Who does what"));
    assert!(card(&mut c, "tst/1-a.yaml", &text, "kind: build", 8).contains("A system or a regime to build"));
    assert!(card(&mut c, "tst/1-a.yaml", &text, "modality:", 3).contains("How binding"));
    assert!(card(&mut c, "tst/1-a.yaml", &text, "enterprises: [ENT-BANK]", 15).contains("Banks"));
    c.open("waivers.yaml", "- rule: O002\n  subject: TST-1.01\n");
    assert!(card(&mut c, "waivers.yaml", "- rule: O002\n", "O002", 2).starts_with("# O002 "));
    // Only the last piece is asked for, so the range is that piece's.
    let place = c.at("plan.yaml", &plan, "TST-1.03@DEP-BANK", 12);
    let answer = c.ask("textDocument/hover", place).unwrap();
    let line = plan.lines().position(|l| l.contains("TST-1.03@DEP-BANK")).unwrap();
    assert_eq!(answer["range"], json!({"start": {"line": line, "character": 17}, "end": {"line": line, "character": 25}}));
    assert_eq!(c.bye(), 0);
    // In the register's own language when none is asked for.
    let mut c = Client::start(&root, &["--as-of", "2023-06-30"]);
    let text = c.open_disk("tst/1-a.yaml");
    assert!(card(&mut c, "tst/1-a.yaml", &text, "- id: TST-1.02", 8).contains("### TST-1.02 建立名单制度"));
    assert_eq!(c.bye(), 0);
}

/// Places as `path:line:column`, from 1.
fn places(c: &Client, answer: &Value) -> Vec<String> {
    let one = |l: &Value| {
        let uri = l["uri"].as_str().unwrap();
        let start = &l["range"]["start"];
        let path = uri.strip_prefix(&(c.uri("") + "/")).unwrap();
        format!("{path}:{}:{}", start["line"].as_u64().unwrap() + 1, start["character"].as_u64().unwrap() + 1)
    };
    answer.as_array().map_or(Vec::new(), |a| a.iter().map(one).collect())
}

#[test]
fn definition_and_references_go_through_the_files() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let plan = c.open_disk("plan.yaml");
    let go = |c: &mut Client, path: &str, text: &str, at: &str, on: usize| {
        let place = c.at(path, text, at, on);
        let answer = c.ask("textDocument/definition", place).unwrap();
        places(c, &answer)
    };
    let refs = |c: &mut Client, path: &str, text: &str, at: &str, on: usize, given: bool| {
        let mut place = c.at(path, text, at, on);
        place["context"] = json!({"includeDeclaration": given});
        let answer = c.ask("textDocument/references", place).unwrap();
        places(c, &answer)
    };
    assert_eq!(go(&mut c, "plan.yaml", &plan, "TST-1.03@DEP-BANK", 3), ["tst/1-a.yaml:32:7"]);
    assert_eq!(go(&mut c, "plan.yaml", &plan, "TST-1.03@DEP-BANK", 12), ["departments.yaml:9:9"]);
    assert_eq!(go(&mut c, "plan.yaml", &plan, "by: supervisor-gov", 5), ["people.yaml:8:10"]);
    let text = c.open_disk("tst/1-a.yaml");
    assert_eq!(go(&mut c, "tst/1-a.yaml", &text, "type: stat-report", 8), ["evidence-types.yaml:5:12"]);
    assert_eq!(go(&mut c, "tst/1-a.yaml", &text, "at: TST:P1.s1.c2", 8), ["tst/clauses.yaml:5:10"]);
    assert_eq!(go(&mut c, "tst/1-a.yaml", &text, "reaches: [JUD]", 11), ["departments.yaml:2:25"]);
    let cross = c.open_disk("law/crosswalk.yaml");
    assert_eq!(go(&mut c, "law/crosswalk.yaml", &cross, "article: 2之一", 10), ["law/test-law.yaml:8:10"]);
    assert_eq!(
        refs(&mut c, "tst/1-a.yaml", &text, "id: TST-1.01", 6, false),
        ["plan.yaml:1:9", "tst/1-a.yaml:27:16", "tst/1-a.yaml:43:12", "tst/clauses.yaml:4:53"]
    );
    assert_eq!(refs(&mut c, "tst/1-a.yaml", &text, "id: TST-1.01", 6, true).len(), 5);
    // A former id and the present one are one department.
    let departments = c.open_disk("departments.yaml");
    let bank = refs(&mut c, "departments.yaml", &departments, "id: DEP-CBR", 6, true);
    assert!(bank.contains(&"departments.yaml:9:9".to_string()) && bank.contains(&"departments.yaml:14:14".to_string()), "{bank:?}");
    assert!(
        bank.iter().any(|p| p.starts_with("plan.yaml:"))
            && bank.iter().any(|p| p.starts_with("people.yaml:"))
            && bank.iter().any(|p| p.starts_with("tst/2-b.yaml:"))
    );
    assert_eq!(go(&mut c, "departments.yaml", &departments, "id: DEP-CBR", 6), ["departments.yaml:14:14"]);
    assert_eq!(c.bye(), 0);
}

/// The base without its log, so that ids may still change.
fn fresh() -> (tempfile::TempDir, PathBuf) {
    let (dir, root) = base();
    std::fs::remove_dir_all(root.join("log")).unwrap();
    (dir, root)
}

#[test]
fn a_rename_reaches_every_place_and_nothing_else() {
    for (old, new, at, file) in [
        ("TST-1.02", "TST-1.09", "id: TST-1.02", "tst/1-a.yaml"),
        ("DEP-BANK", "DEP-FIN", "id: DEP-BANK", "departments.yaml"),
        ("policy-doc", "policy-paper", "code: policy-doc", "evidence-types.yaml"),
        ("officer-pol", "clerk-pol", "post: officer-pol", "people.yaml"),
    ] {
        let (_dir, root) = fresh();
        let waiver = format!(
            "# {old} stays in comments\n- rule: O002\n  subject: TST-1.02@DEP-BANK\n  who: officer-pol\n  why: {old} is only spoken of\n  until: 2030-12-31\n"
        );
        std::fs::write(root.join("waivers.yaml"), &waiver).unwrap();
        let mut c = Client::start(&root, DAY);
        // A reference that stands in the buffer only.
        let plan = c.disk("plan.yaml")
            + "# at the end\n- duty: TST-1.02@DEP-COM # sic\n  remark: TST-1.02 and DEP-BANK are words here\n  person: officer-pol\n";
        c.open("plan.yaml", &plan);
        let text = c.disk(file);
        c.open(file, &text);
        let place = c.at(file, &text, at, at.len() - 2);
        let ready = c.ask("textDocument/prepareRename", place.clone()).unwrap();
        assert_eq!(ready["placeholder"], old);
        let mut params = place;
        params["newName"] = json!(new);
        let edit = c.ask("textDocument/rename", params).unwrap();
        let after = renamed(&c, &edit, &[("plan.yaml", &plan)]);
        for path in [
            "departments.yaml",
            "evidence-types.yaml",
            "people.yaml",
            "plan.yaml",
            "tst/1-a.yaml",
            "tst/2-b.yaml",
            "tst/clauses.yaml",
            "law/crosswalk.yaml",
            "waivers.yaml",
        ] {
            let before = if path == "plan.yaml" { plan.clone() } else { c.disk(path) };
            // Comments and prose stay; everything else that is the whole word goes.
            let want: String = before
                .split_inclusive('\n')
                .map(|l| {
                    let keep = l.starts_with('#') || l.contains("remark:") || l.contains("why:");
                    if keep { l.to_string() } else { l.replace(old, new) }
                })
                .collect();
            assert_eq!(after.get(path).unwrap_or(&before), &want, "{old} in {path}");
        }
        let versions: Vec<&Value> = edit["documentChanges"].as_array().unwrap().iter().map(|d| &d["textDocument"]["version"]).collect();
        assert!(versions.contains(&&json!(1)), "an open document is named with its version");
        // The ordinary check sees the same things of the new id.
        std::fs::write(root.join("plan.yaml"), &plan).unwrap();
        let was = check(&root, DAY);
        for (path, text) in &after {
            std::fs::write(root.join(path), text).unwrap();
        }
        let is = check(&root, DAY);
        let mut expected: Vec<_> = was.1.iter().map(|(r, s)| (r.clone(), s.replace(old, new))).collect();
        expected.sort();
        assert_eq!((is.0, is.1), (was.0, expected), "{old} → {new}");
        assert_eq!(c.bye(), 0);
    }
}

#[test]
fn a_rename_that_must_not_be_is_refused_with_the_reason() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.open_disk("tst/1-a.yaml");
    let departments = c.open_disk("departments.yaml");
    let why = |c: &mut Client, path: &str, text: &str, at: &str, on: usize, new: &str| {
        let mut place = c.at(path, text, at, on);
        place["newName"] = json!(new);
        let error = c.ask("textDocument/rename", place).expect_err(new);
        assert_eq!(error["code"], -32803);
        error["message"].as_str().unwrap().to_string()
    };
    // The log names them.
    let said = why(&mut c, "tst/1-a.yaml", &text, "id: TST-1.02", 6, "TST-1.09");
    assert!(said.contains("4 entries in the log of . name TST-1.02") && said.contains("sealed"), "{said}");
    let said = why(&mut c, "departments.yaml", &departments, "id: DEP-POL", 6, "DEP-PSB");
    assert!(said.contains("`was`"), "{said}");
    let place = c.at("departments.yaml", &departments, "id: DEP-POL", 6);
    assert!(c.ask("textDocument/prepareRename", place).is_err());
    // The present id of a department whose old id alone is on record, and the other way round.
    assert!(why(&mut c, "departments.yaml", &departments, "id: DEP-CBR", 6, "DEP-CBRC").contains("sealed"));
    // Not named by the register.
    assert!(why(&mut c, "tst/1-a.yaml", &text, "at: TST:P1.s1.c1", 6, "TST:P9").contains("not named by the register"));
    assert!(why(&mut c, "tst/1-a.yaml", &text, "明确分工", 1, "X").contains("no id here"));
    assert_eq!(c.bye(), 0);

    let (_dir, root) = fresh();
    let mut c = Client::start(&root, DAY);
    c.open_disk("tst/1-a.yaml");
    c.open_disk("departments.yaml");
    for (new, part) in [("TST-1.2", "not an obligation id"), ("TST-1.03", "taken already"), ("TST-1.02", "taken already")] {
        let said = why(&mut c, "tst/1-a.yaml", &text, "id: TST-1.02", 6, new);
        assert!(said.contains(part), "{new}: {said}");
    }
    // Another part than its file: the rules say so, and the rename is not made.
    let said = why(&mut c, "tst/1-a.yaml", &text, "id: TST-1.02", 6, "XXX-9.02");
    assert!(said.contains("would bring a new error"), "{said}");
    let escaped = text.replace("id: TST-1.02", "id: \"TST-1\\u002e02\"");
    c.change("tst/1-a.yaml", 2, &escaped);
    let clauses = c.open_disk("tst/clauses.yaml");
    let said = why(&mut c, "tst/clauses.yaml", &clauses, "primary: [TST-1.02]", 12, "TST-1.09");
    assert!(said.contains("letter by letter"), "{said}");
    assert_eq!(c.bye(), 0);
}

#[test]
fn an_old_client_gets_its_edits_by_address() {
    let (_dir, root) = fresh();
    let mut c = Client::bare(&root, DAY);
    c.hello(json!({}));
    let people = c.open_disk("people.yaml");
    let mut place = c.at("people.yaml", &people, "officer-bank", 2);
    place["newName"] = json!("clerk-bank");
    let edit = c.ask("textDocument/rename", place).unwrap();
    let uris: Vec<&String> = edit["changes"].as_object().unwrap().keys().collect();
    assert_eq!(uris, [&c.uri("people.yaml"), &c.uri("plan.yaml")]);
    let plan = edited(&c.disk("plan.yaml"), edit["changes"][uris[1]].as_array().unwrap());
    assert_eq!(plan, c.disk("plan.yaml").replace("officer-bank", "clerk-bank"));
    assert_eq!(c.bye(), 0);
}

#[test]
fn two_registers_one_of_which_borrows() {
    let (_dir, root) = world("obligations");
    let args = ["--lang", "en", "--as-of", "2026-10-31"];
    let mut c = Client::start(&root, &args);
    let plan = c.open_disk("sample-city/plan.yaml");
    let catalogue = c.open_disk("opinions-2022/0-general.yaml");
    // A change of the catalogue's buffer shows in the register that borrows it.
    c.change("opinions-2022/0-general.yaml", 2, &catalogue.replace("- id: OPN-0.02\n", "- id: OPN-0.99\n"));
    c.until("the plan speaks of an obligation that is gone", |c| c.findings("sample-city/plan.yaml").iter().any(|f| f.0 == "E010"));
    assert!(!c.findings("law/crosswalk.yaml").is_empty());
    c.change("opinions-2022/0-general.yaml", 3, &catalogue);
    c.until("it is back", |c| {
        c.findings("sample-city/plan.yaml").iter().all(|f| f.0 != "E010") && c.findings("law/crosswalk.yaml").is_empty()
    });
    // Own bodies come first.
    let now = format!("{plan}- duty: OPN-0.05\n  owner: {{mode: single, lead: [");
    c.change("sample-city/plan.yaml", 2, &now);
    let place = c.at("sample-city/plan.yaml", &now, "- duty: OPN-0.05\n  owner: {mode: single, lead: [", 48);
    let offered = c.ask("textDocument/completion", place).unwrap();
    assert!(labels(&offered)[0].starts_with("CITY-") && labels(&offered).contains(&"DEP-MIIT"), "{offered:#}");
    c.change("sample-city/plan.yaml", 3, &plan);
    // From the catalogue to whoever borrows it.
    let mut place = c.at("opinions-2022/0-general.yaml", &catalogue, "- id: OPN-0.02", 8);
    place["context"] = json!({"includeDeclaration": true});
    let answer = c.ask("textDocument/references", place).unwrap();
    let all = places(&c, &answer);
    assert!(
        all.iter().any(|p| p.starts_with("sample-city/plan.yaml:")) && all.iter().any(|p| p.starts_with("law/crosswalk.yaml:")),
        "{all:?}"
    );
    // What only the catalogue's own unit reads is reached from either side.
    let waivers =
        c.disk("waivers.yaml") + "- rule: O009\n  subject: OPN-3.01@DEP-MIIT\n  who: register-editor\n  why: x\n  until: 2030-12-31\n";
    c.open("waivers.yaml", &waivers);
    std::fs::write(root.join("waivers.yaml"), &waivers).unwrap();
    let departments = c.open_disk("departments.yaml");
    let mut place = c.at("departments.yaml", &departments, "id: DEP-MIIT", 6);
    place["newName"] = json!("DEP-IND");
    let edit = c.ask("textDocument/rename", place).unwrap();
    let city = c.open_disk("sample-city/departments.yaml");
    let mut place = c.at("sample-city/departments.yaml", &city, "DEP-MIIT", 3);
    place["newName"] = json!("DEP-IND");
    let other = c.ask("textDocument/rename", place).unwrap();
    let after = renamed(&c, &edit, &[]);
    assert_eq!(renamed(&c, &other, &[]), after);
    assert!(after["waivers.yaml"].contains("OPN-3.01@DEP-IND"));
    assert!(after["sample-city/departments.yaml"].contains("DEP-IND") && !after["sample-city/departments.yaml"].contains("DEP-MIIT"));
    let was = (check(&root, &args), check(&root.join("sample-city"), &args));
    for (path, text) in &after {
        std::fs::write(root.join(path), text).unwrap();
    }
    let renamed_all = |(code, all): (i32, Vec<(String, String)>)| {
        let mut all: Vec<_> = all.into_iter().map(|(r, s)| (r, s.replace("DEP-MIIT", "DEP-IND"))).collect();
        all.sort();
        (code, all)
    };
    assert_eq!((check(&root, &args), check(&root.join("sample-city"), &args)), (renamed_all(was.0), renamed_all(was.1)));
    // The borrower's log is on record for the catalogue's ids as well.
    let logged = c.disk("sample-city/plan.yaml");
    assert!(logged.contains("OPN-0.02@"));
    let mut place = c.at("opinions-2022/0-general.yaml", &catalogue, "- id: OPN-0.02", 8);
    place["newName"] = json!("OPN-0.98");
    let error = c.ask("textDocument/rename", place).unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("log of sample-city"), "{error:#}");
    assert_eq!(c.bye(), 0);
}

#[test]
fn columns_are_counted_as_agreed() {
    for (offer, name, columns) in [
        (json!(["utf-8"]), "utf-8", (35, 43)),
        (json!(["utf-16", "utf-8"]), "utf-16", (31, 39)),
        (json!(["utf-32"]), "utf-32", (30, 38)),
        (json!(["utf-7"]), "utf-16", (31, 39)),
        (Value::Null, "utf-16", (31, 39)),
    ] {
        let (_dir, root) = base();
        let mut c = Client::bare(&root, DAY);
        let answer = c.hello(json!({"general": {"positionEncodings": offer}}));
        assert_eq!(answer["capabilities"]["positionEncoding"], name);
        let line = r#"  owner: {basis: "𠮷督", lead: [DEP-BNAK], mode: single}"#;
        let text = c.disk("tst/1-a.yaml").replace("  owner: {mode: single, lead: [DEP-BANK], support: [DEP-POL]}", line);
        c.open("tst/1-a.yaml", &text);
        c.until("a finding", |c| c.findings("tst/1-a.yaml").iter().any(|f| f.0 == "E009"));
        let d = c.told["tst/1-a.yaml"].iter().find(|d| d["code"] == "E009").unwrap().clone();
        let column = |end: &str| d["range"][end]["character"].as_u64().unwrap();
        assert_eq!((column("start"), column("end")), columns, "{name}");
        // A piece changed in the same unit: the word is mended.
        let uri = c.uri("tst/1-a.yaml");
        let change = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"range": d["range"], "text": "DEP-BANK"}]});
        c.tell("textDocument/didChange", change);
        c.until("mended", |c| c.told["tst/1-a.yaml"].iter().all(|d| d["code"] != "E009"));
        assert_eq!(c.bye(), 0);
    }
}

#[test]
fn pieces_and_wholes_and_both_kinds_of_line_ends() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.disk("plan.yaml").replace('\n', "\r\n");
    c.open("plan.yaml", &text);
    let uri = c.uri("plan.yaml");
    let edit = |line: u32, from: u32, to: u32, text: &str| json!({"range": {"start": {"line": line, "character": from}, "end": {"line": line, "character": to}}, "text": text});
    // Several pieces in one message apply in their order; the second counts after the first.
    let changes = json!([edit(0, 8, 16, "TST-9.0"), edit(0, 15, 15, "9"), edit(0, 0, 0, "# 首行\r\n")]);
    c.tell("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": changes}));
    c.until("no such duty", |c| c.told.get("plan.yaml").is_some_and(|all| all.iter().any(|d| d["range"]["start"]["line"] == 1)));
    let d = c.told["plan.yaml"].iter().find(|d| d["range"]["start"]["line"] == 1).unwrap().clone();
    assert_eq!(d["range"]["end"]["character"], 16, "CR is no part of the line: {d:#}");
    assert!(d["message"].as_str().unwrap().contains("TST-9.09"), "{d:#}");
    c.change("plan.yaml", 3, &text);
    c.until("all is well", |c| c.told["plan.yaml"].is_empty());
    assert_eq!(c.bye(), 0);
}

#[test]
fn a_burst_of_changes_is_seen_as_one() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.open_disk("tst/1-a.yaml");
    c.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": c.uri("tst/1-a.yaml")}})).unwrap();
    for n in 0..200 {
        c.change("tst/1-a.yaml", n + 2, &text.replace("kind: build", &format!("kind: build{n}")));
    }
    let mut told = 0;
    while !c.told.get("tst/1-a.yaml").is_some_and(|all| all.iter().any(|d| d["message"].as_str().unwrap().contains("build199"))) {
        let heard = c.hear().expect("the last word");
        told += usize::from(heard["method"] == "textDocument/publishDiagnostics");
    }
    assert!(told < 60, "{told} times for 200 changes");
    assert_eq!(c.bye(), 0);
}

#[test]
fn the_outline_names_the_items() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    c.open_disk("tst/1-a.yaml");
    c.open_disk("departments.yaml");
    let uri = c.uri("tst/1-a.yaml");
    let all = c.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).unwrap();
    let names: Vec<String> =
        all.as_array().unwrap().iter().map(|s| format!("{} {}", s["name"].as_str().unwrap(), s["detail"].as_str().unwrap())).collect();
    assert_eq!(names, ["TST-1.01 Settle who does what", "TST-1.02 Set up the list", "TST-1.03 Tell the public"]);
    let uri = c.uri("departments.yaml");
    let all = c.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).unwrap();
    let bodies = all.as_array().unwrap().iter().find(|s| s["name"] == "bodies").unwrap();
    assert_eq!(bodies["children"][1]["name"], "DEP-BANK");
    assert_eq!(c.bye(), 0);
}

#[test]
fn where_there_is_no_register_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let mut c = Client::start(&root, &["--lang", "en"]);
    c.until("a word", |c| c.said.iter().any(|m| m["method"] == "window/showMessage"));
    assert!(c.said[0]["params"]["message"].as_str().unwrap().contains("no register here"));
    c.open("x.yaml", "a: [");
    let place = json!({"textDocument": {"uri": c.uri("x.yaml")}, "position": {"line": 0, "character": 2}});
    assert_eq!(c.ask("textDocument/hover", place.clone()), Ok(Value::Null));
    assert_eq!(c.ask("textDocument/completion", place.clone()), Ok(Value::Null));
    assert!(c.ask("textDocument/prepareRename", place).is_err());
    c.open("untitled", "no yaml at all");
    assert_eq!(c.bye(), 0);

    // A register whose register.yaml is broken: the error stands there, and nowhere is silence.
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let text = c.open_disk("register.yaml");
    c.open_disk("plan.yaml");
    c.change("register.yaml", 2, &text.replace("policies: [tst]", "policies: [tst"));
    c.until("an error", |c| c.findings("register.yaml").iter().any(|f| f.0 == "E002") && !c.findings("plan.yaml").is_empty());
    let note = &c.told["plan.yaml"][0];
    assert_eq!((&note["severity"], note["message"].as_str().unwrap().contains("nothing here was checked")), (&json!(3), true));
    // Cards and ids go on.
    let plan = c.disk("plan.yaml");
    let whole = card(&mut c, "plan.yaml", &plan, "duty: TST-1.02", 8);
    assert!(whole.contains("Set up the list"), "{whole}");
    c.change("register.yaml", 3, &text.replace("duban/1", "duban/9"));
    c.until("another format", |c| c.findings("register.yaml").iter().any(|f| f.0 == "E006"));
    c.change("register.yaml", 4, &text);
    c.until("all is well", |c| c.told.values().all(Vec::is_empty));
    // Gone from the disk while it is open: the buffer counts; gone altogether: no crash.
    std::fs::remove_file(root.join("plan.yaml")).unwrap();
    let uri = c.uri("plan.yaml");
    c.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 3}]}));
    assert!(card(&mut c, "plan.yaml", &plan, "duty: TST-1.02", 8).contains("Set up the list"));
    std::fs::remove_dir_all(&root).unwrap();
    c.tell("workspace/didChangeWatchedFiles", json!({"changes": []}));
    let place = c.at("plan.yaml", &plan, "duty: TST-1.02", 8);
    c.ask(
        "textDocument/references",
        json!({"textDocument": place["textDocument"], "position": place["position"], "context": {"includeDeclaration": true}}),
    )
    .unwrap();
    assert_eq!(c.bye(), 0);
}

#[test]
fn clients_that_misbehave() {
    let (_dir, root) = base();
    let mut c = Client::bare(&root, DAY);
    // Too early.
    assert_eq!(c.ask("textDocument/hover", json!({})).unwrap_err()["code"], -32002);
    c.tell("textDocument/didOpen", json!({}));
    c.hello(json!({}));
    assert_eq!(c.ask("initialize", json!({})).unwrap_err()["code"], -32600);
    // Unknown, wrong, garbage: each is answered, and the server lives.
    assert_eq!(c.ask("textDocument/foldingRange", json!({})).unwrap_err()["code"], -32601);
    assert_eq!(c.ask("textDocument/hover", json!({"x": 1})).unwrap_err()["code"], -32602);
    c.tell("textDocument/didChange", json!({"what": "?"}));
    c.tell("$/setTrace", json!({"value": "off"}));
    c.raw(b"Content-Length: 7\r\n\r\n{\"a\": 1");
    c.raw(b"GARBAGE\r\nContent-Length: 2\r\nContent-Type: x\r\n\r\n{}");
    c.raw(b"Content-Length: 4\r\n\r\n\xff\xfe\xfd\xfc");
    let mut errors = 0;
    while errors < 3 {
        let heard = c.hear().expect("an answer to garbage");
        errors += usize::from(heard["error"]["code"] == -32700 && heard["id"].is_null());
    }
    // Positions far outside, documents that nobody opened.
    let text = c.open_disk("plan.yaml");
    let far = json!({"textDocument": {"uri": c.uri("plan.yaml")}, "position": {"line": 99999, "character": 99999}});
    c.ask("textDocument/completion", far.clone()).unwrap();
    c.ask("textDocument/hover", far).unwrap();
    let other = json!({"textDocument": {"uri": "untitled:1"}, "position": {"line": 0, "character": 0}});
    assert_eq!(c.ask("textDocument/hover", other), Ok(Value::Null));
    let uri = c.uri("plan.yaml");
    let backwards = json!({"range": {"start": {"line": 5, "character": 3}, "end": {"line": 1, "character": 0}}, "text": ""});
    c.tell("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [backwards]}));
    // Cancelled while it waits: the burst before it keeps the server busy.
    for n in 0..20 {
        c.change("plan.yaml", n + 3, &text);
        c.begin("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}}));
    }
    let place = c.at("plan.yaml", &text, "duty: TST-1.02", 8);
    let id = c.begin("textDocument/hover", place);
    c.tell("$/cancelRequest", json!({"id": id}));
    c.tell("$/cancelRequest", json!({"id": "never heard of"}));
    match c.answer(id) {
        Err(e) => assert_eq!(e["code"], -32800),
        Ok(card) => assert!(card.is_object(), "it was quicker"),
    }
    // After shutdown nothing is answered but that.
    assert_eq!(c.ask("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(c.ask("textDocument/hover", json!({})).unwrap_err()["code"], -32600);
    c.tell("exit", Value::Null);
    assert_eq!(c.end(), 0);
    // Gone without a word, and exit before shutdown.
    let mut c = Client::start(&root, DAY);
    c.hang_up();
    assert_eq!(c.end(), 1);
    let mut c = Client::start(&root, DAY);
    c.tell("exit", Value::Null);
    assert_eq!(c.end(), 1);
}

#[test]
fn a_large_text_is_borne() {
    let (_dir, root) = base();
    let mut c = Client::start(&root, DAY);
    let one = c.disk("tst/1-a.yaml");
    let item = &one[one.find("- id: TST-1.02").unwrap()..one.find("# two leads").unwrap()];
    let mut text = String::new();
    for n in 0..520 {
        text += &item.replace("TST-1.02", &format!("TST-{}.{:03}", n / 400 + 1, n % 400 + 100));
    }
    text += "- id: TST-1.02\n  kind: ";
    c.open("tst/1-a.yaml", &text);
    let lines = text.matches('\n').count();
    let place = json!({"textDocument": {"uri": c.uri("tst/1-a.yaml")}, "position": {"line": lines, "character": 8}});
    assert_eq!(labels(&c.ask("textDocument/completion", place).unwrap()).len(), 6);
    let plan = c.disk("plan.yaml") + "- duty: TST-2.1";
    c.open("plan.yaml", &plan);
    let place = c.at("plan.yaml", &plan, "- duty: TST-2.1", 15);
    let offered = c.ask("textDocument/completion", place).unwrap();
    assert_eq!((offered["isIncomplete"].clone(), labels(&offered).len() <= 1000), (json!(true), true));
    assert!(labels(&offered).iter().all(|l| l.contains("TST-2.1")));
    assert_eq!(c.bye(), 0);
}

/// What the client says stands behind `>>> METHOD`, the answer behind `<<<`; `$ROOT` is the
/// workspace, `$DISK` in the place of a text the file as it lies there.
#[test]
fn a_conversation_written_down() {
    let file = home().join("tests/lsp/conversation.txt");
    let script = std::fs::read_to_string(&file).unwrap();
    let (_dir, root) = fresh();
    let mut c = Client::bare(&root, DAY);
    let here = c.uri("");
    let mut out = String::new();
    for block in script.split_inclusive("\n\n") {
        if block.starts_with("<<<") {
            continue;
        }
        out += block;
        let Some((method, params)) = block.lines().find_map(|l| l.strip_prefix(">>> ")).and_then(|l| l.split_once(' ')) else { continue };
        let mut params: Value = serde_json::from_str(&params.replace("$ROOT", &here)).unwrap_or_else(|e| panic!("{e}: {params}"));
        if params["textDocument"]["text"] == "$DISK" {
            let path = params["textDocument"]["uri"].as_str().unwrap().strip_prefix(&format!("{here}/")).unwrap().to_string();
            params["textDocument"]["text"] = json!(c.disk(&path));
        }
        if ["initialized", "exit"].contains(&method) || method.starts_with("textDocument/did") {
            c.tell(method, params);
            continue;
        }
        let answer = match c.ask(method, params) {
            Ok(result) => result,
            Err(error) => json!({"error": error}),
        };
        out += &format!("<<<\n{}\n\n", serde_json::to_string_pretty(&answer).unwrap().replace(&here, "$ROOT"));
    }
    assert_eq!(c.end(), 0);
    if std::env::var_os("DUBAN_BLESS").is_some_and(|v| v == "1") {
        return std::fs::write(&file, &out).unwrap();
    }
    let differs = out.lines().zip(script.lines()).position(|(a, b)| a != b);
    assert!(out == script, "the conversation went otherwise from line {:?} on (DUBAN_BLESS=1 writes it anew)", differs.map(|n| n + 1));
}
