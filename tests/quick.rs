//! The quick reader of plain YAML against the general one: whatever it takes, it reads as the
//! other does; the shipped registers are read by it; and what is not plain it leaves alone.
//!
//! `DUBAN_CASES=2000000 cargo test --release --test quick` for a long campaign.

use duban::load::{quick, scan};
use duban::model::{ClauseFile, Crosswalk, Departments, EvidenceTypes, Law, Obligation, Person, PlanItem, Policy, Settings, Waiver};
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

/// What becomes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The scan keeps it from both.
    Kept,
    /// The quick reader leaves it to the other.
    Left,
    /// It takes it, and they agree.
    Taken,
}

fn way<T: DeserializeOwned + Debug>(text: &str) -> Way {
    let scan = scan::scan(text);
    if scan.unusual || !scan.troubles.is_empty() || scan::utf8(text.as_bytes()).is_err() {
        return Way::Kept;
    }
    let Some(ours) = quick::read::<T>(text) else { return Way::Left };
    match serde_yaml::from_str::<T>(text) {
        Ok(theirs) => assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "\n{text}"),
        Err(e) => panic!("only the quick reader takes this: {e}\n{text}"),
    }
    Way::Taken
}

/// As the type that a file of this name is, or as any value.
fn as_its_type(path: &Path, text: &str) -> Way {
    let name = path.file_name().unwrap().to_str().unwrap();
    match (name, path.parent().unwrap().file_name().unwrap().to_str().unwrap()) {
        ("register.yaml", _) => way::<Settings>(text),
        ("departments.yaml", _) => way::<Departments>(text),
        ("evidence-types.yaml", _) => way::<EvidenceTypes>(text),
        ("plan.yaml", _) => way::<Vec<PlanItem>>(text),
        ("people.yaml", _) => way::<Vec<Person>>(text),
        ("waivers.yaml", _) => way::<Vec<Waiver>>(text),
        ("policy.yaml", _) => way::<Policy>(text),
        ("clauses.yaml", _) => way::<ClauseFile>(text),
        ("crosswalk.yaml", _) => way::<Vec<Crosswalk>>(text),
        (_, "law") => way::<Law>(text),
        (_, "reports") => way::<serde_yaml::Value>(text),
        _ => way::<Vec<Obligation>>(text),
    }
}

fn shipped() -> Vec<(PathBuf, String)> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations")];
    let mut found = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|x| x == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_shipped_registers_are_read_quickly() {
    let mut slow = Vec::new();
    let files = shipped();
    for (path, text) in &files {
        if as_its_type(path, text) != Way::Taken {
            slow.push(path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string());
        }
    }
    assert!(files.len() > 20);
    assert_eq!(slow, [""; 0]);
}

#[test]
fn what_is_plain_is_taken() {
    for text in [
        "a: b\n",
        "a: b",
        "# head\n\na: b # c\nd: [e]  # f\ng: \"h\" \ni: j#k \n",
        "a:\n  b: c\n\n  # word\n  d: e\n",
        "a:\n- b\n- c\nd: e\n",
        "a:\n  - b: c\n    d: [e, f]\n  - g: {h: i, j: [k, {l: m}]}\n",
        "- a: b\n  c:\n  - d\n- a: e\n",
        "- one word\n- another # of two\n",
        "a: \"q: 100%, and: all\"\nb: 'it is'\n",
        "a: it's 8:30, so & more; see https://example.org/a?b=c\n",
        "a: [  b ,c  ]\nd: { e:  f }\n",
        "a: []\nb: {}\n",
        "a:   b c  d\n",
    ] {
        assert_eq!(way::<serde_yaml::Value>(text), Way::Taken, "{text}");
    }
    assert_eq!(way::<std::collections::BTreeMap<String, u32>>("a: 0\nb: 18\n"), Way::Taken);
    assert_eq!(way::<std::collections::BTreeMap<String, Option<bool>>>("a: true\nb: false\n"), Way::Taken);
    assert_eq!(way::<Vec<String>>("- 2026-11-26\n- 12\n"), Way::Taken);
}

#[test]
fn what_is_not_plain_is_left() {
    for text in [
        "a: b\n  c\n",
        "a: b\n c: d\n",
        "a:\n  b\n",
        "a: |\n  b\n",
        "a: >-\n  b\n",
        "a: # b\n",
        "a: [b]# c\n",
        "a: \"b\"# c\n",
        "a: b: c\n",
        "a: b:\n",
        "a: \"b\\n\"\n",
        "a: 'it''s'\n",
        "a: [b,\n  c]\n",
        "a: [b, ]\n",
        "a: [b] c\n",
        "a: {b: c}}\n",
        "a: {b: c d: e}\n",
        "a: {b:c}\n",
        "a: [b: c]\n",
        "a: [why?]\n",
        "a: 12\n",
        "a: .5\n",
        "a: 1e3\n",
        "a: TRUE\n",
        "true: a\n",
        "a:\n    b: c\n  d: e\n",
        "- a\nb: c\n",
        "- - a\n",
        "-  a: b\n   c: d\n",
        "a: \u{80}\n",
        "a: \u{ffff}\n",
        "word\n",
        "名: a\n",
        "\"a\": b\n",
        "  a: b\n",
        "a: -b\n",
        "a: b\na: c\n",
        "a: ? b\n",
        "a: null\n",
        "a: ~\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !x b\n",
        "a: \"\"\n",
        "a:\n",
        "a:",
        "a:\nb: c\n",
        "a:\n  b:\n- c\n",
        "---\na: b\n",
        "%a: b\n",
        "a: b\r\n",
        "a:\tb\n",
        "",
        "# a\n",
    ] {
        assert_ne!(way::<serde_yaml::Value>(text), Way::Taken, "{text}");
        // By itself, too, whatever the scan would have said.
        assert!(quick::read::<serde_yaml::Value>(text).is_none(), "{text}");
    }
    assert!(quick::read::<Vec<Option<String>>>("- null\n").is_none());
    for bad in ["a: 300\n", "a: -1\n", "a: 07\n", "a: \"7\"\n", "a: 1_0\n", "a: 1.0\n"] {
        assert_ne!(way::<std::collections::BTreeMap<String, u8>>(bad), Way::Taken, "{bad}");
    }
}

/// Numbers that look like chance: SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

const PUT: [&str; 62] = [
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    "\n# w\n",
    "\n    # w\n",
    ": ",
    ":",
    " #",
    "#",
    "- ",
    "-",
    "'",
    "\"",
    "''",
    "\"\"",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    ", ",
    ",",
    "?",
    "? ",
    "|",
    ">",
    "|\n",
    "\\",
    "\\n",
    "!",
    "!x ",
    "&a ",
    "*a",
    "~",
    "null",
    "true",
    "1",
    "0",
    "0x1",
    "007",
    "1e3",
    ".5",
    "+",
    "-1",
    "：",
    "\u{a0}",
    "\u{3000}",
    "\u{85}",
    "\t",
    "\r",
    "%",
    "@",
    "`",
    "<<: ",
    "---\n",
    "a: b",
];

/// Some lines of a file, with something put in, taken out, moved or said twice.
fn changed(text: &str, chance: &mut Chance) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // From the beginning of an item, if there is one near.
    let from = chance.below(lines.len());
    let from = (0..=from).rev().take(40).find(|i| lines[*i].starts_with("- ")).unwrap_or(0);
    let mut lines: Vec<&str> = lines[from..].iter().take(3 + chance.below(40)).copied().collect();
    if chance.below(4) == 0 {
        let (i, j) = (chance.below(lines.len()), chance.below(lines.len()));
        match chance.below(3) {
            0 => lines.swap(i, j),
            1 => lines.insert(i, lines[j]),
            _ => drop(lines.remove(i)),
        }
    }
    let mut text = lines.concat();
    for _ in 0..chance.below(4) {
        let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        // Where something begins or ends more often than elsewhere.
        let marks: Vec<usize> = (0..places.len() - 1).filter(|i| !text.as_bytes()[places[*i]].is_ascii_alphanumeric()).collect();
        let at = if marks.is_empty() || chance.below(3) == 0 { chance.below(places.len()) } else { marks[chance.below(marks.len())] };
        let gone = [0, 0, 0, 1, 1, 2, 5][chance.below(7)];
        let put = if chance.below(4) == 0 { "" } else { PUT[chance.below(PUT.len())] };
        text.replace_range(places[at]..places[(at + gone).min(places.len() - 1)], put);
    }
    text
}

#[test]
fn never_otherwise_than_the_general_reader() {
    let cases: usize = std::env::var("DUBAN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(4_000);
    let files = shipped();
    let mut chance = Chance(20220418);
    let mut ways = [[0usize; 3]; 2];
    for case in 0..cases {
        let (path, text) = &files[case % files.len()];
        let text = changed(text, &mut chance);
        ways[0][as_its_type(path, &text) as usize] += 1;
        ways[1][way::<serde_yaml::Value>(&text) as usize] += 1;
    }
    println!("as its type, as any value: kept, left, taken: {ways:?}");
    // All three ways are gone, so that the agreement is about something.
    assert!(ways.iter().all(|w| w.iter().all(|n| *n > cases / 50)), "{ways:?}");
}
