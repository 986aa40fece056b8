//! The quick reader of plain YAML against the general one: whatever it takes, it reads as the
//! other does; the shipped registers are read by it; and what is not plain it leaves alone. And a
//! list cut into its items against the list as a whole.
//!
//! `DUBAN_CASES=2000000 cargo test --release --test quick` for a long campaign.

use duban::load::decode::Source;
use duban::load::read::Reader;
use duban::load::tree::{self, Node, NodeKind, Piece};
use duban::load::{quick, scan, shape};
use duban::model::register::{FileInfo, Table};
use duban::model::{ClauseFile, Crosswalk, Departments, EvidenceTypes, Law, Obligation, Person, PlanItem, Policy, Settings, Waiver};
use schemars::JsonSchema;
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

/// What becomes of a list that is cut into its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// It is not cut.
    No,
    /// A piece is not YAML, or the whole is no list: the whole is asked.
    Back,
    /// All items are read, each by itself, and are those of the whole with all their places.
    Alike,
}

fn cut(text: &str) -> Cut {
    let Some(pieces) = tree::even_pieces(text) else { return Cut::No };
    let (count, alone) = (pieces.len(), pieces.into_iter().map(Piece::parse).collect::<Result<Vec<Node>, _>>());
    match (alone, tree::parse(text)) {
        (Ok(alone), Ok(Some(Node { kind: NodeKind::Seq(whole), .. }))) => assert_eq!(alone, whole, "\n{text}"),
        (Ok(_), whole) => panic!("only piece by piece this is a list: {whole:?}\n{text}"),
        (Err(e), Ok(Some(Node { kind: NodeKind::Seq(whole), .. }))) => {
            // As many pieces as items, so a place would be looked for in them.
            assert_ne!(count, whole.len(), "only as a whole this is a list: {}\n{text}", e.en);
            return Cut::Back;
        }
        (Err(_), _) => return Cut::Back,
    }
    Cut::Alike
}

#[test]
fn items_by_themselves_are_those_of_the_whole() {
    for text in ["- a\n- b\n", "# c\n\n- a: b\n\n  # d\n- - c\n-\n  d: e\n", "- |\n  a\n  - b\n\n- 'c\n  d'\n- [e,\n  f]\n"] {
        assert_eq!(cut(text), Cut::Alike, "{text}");
    }
    // A last line that says nothing, a second document, what only the whole may say.
    for text in [
        "",
        "a: b\n",
        "  - a\n  - b\n",
        "---\n- a\n",
        "- a\n...\n- b\n",
        "- a\n---\n- b\n",
        "%YAML 1.2\n- a\n",
        "-\ta\n- b\n",
        "- a\r- b\n",
        ">\n- a\n",
        "- >\r\n- a\r\n",
        "\"\"\n- a\n",
        "# \0\n- a\n",
        "# \u{feff}\n- a\n",
        "- a\n# \0\n- b\n",
    ] {
        assert_eq!(cut(text), Cut::No, "{text:?}");
    }
    for text in ["- a: \"b\n- c\"\n", "- [a,\n- b]\n", "- a\nb: c\n", "- a\n b: c\n", "- *a\n"] {
        assert_eq!(cut(text), Cut::Back, "{text:?}");
    }
    let cases: usize = std::env::var("DUBAN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(4_000);
    let files = shipped();
    let mut chance = Chance(19_750_401);
    let mut ways = [0usize; 3];
    for case in 0..cases {
        let text = changed(&files[case % files.len()].1, &mut chance);
        ways[cut(&text) as usize] += 1;
    }
    println!("not cut, given back, alike: {ways:?}");
    assert!(ways.iter().all(|n| *n > cases / 50), "{ways:?}");
}

/// What a list says: good items and bad ones with their numbers, and how many mistakes are told.
type Said = (Vec<(u32, String)>, Vec<(u32, Option<String>, usize)>, usize);

/// As it is read.
fn said<T: DeserializeOwned + JsonSchema + Debug>(text: &str) -> Said {
    let mut reader = Reader::default();
    reader.files.push(FileInfo { shown: "list.yaml".into(), path: "list.yaml".into(), text: text.into(), items: 0 });
    let (good, bad) = reader.list::<T>(0, Table::Other);
    let told = reader.findings.iter().filter(|f| f.rule != "E002").count();
    let good = good.iter().map(|i| (i.at.item, format!("{:?}", i.node))).collect();
    (good, bad.into_iter().map(|i| (i.at.item, i.id, i.line)).collect(), told)
}

/// As a tree read at once says it; nothing where that is no list.
fn meant<T: DeserializeOwned + JsonSchema + Debug>(text: &str) -> Option<Said> {
    let Ok(Some(Node { kind: NodeKind::Seq(items), .. })) = tree::parse(text) else { return None };
    let shape = schemars::schema_for!(T).to_value();
    let (mut good, mut bad, mut told) = (Vec::new(), Vec::new(), 0);
    for (n, item) in items.iter().enumerate() {
        let found = shape::mistakes(item, &shape, &shape).len();
        told += found;
        if found == 0 {
            good.push((n as u32, format!("{:?}", T::deserialize(Source(item)).expect("its shape is right"))));
        } else {
            let id = ["id", "duty", "code", "post", "at", "no"].iter().find_map(|k| item.get(k)?.text().map(String::from));
            bad.push((n as u32, id, item.span.line));
        }
    }
    Some((good, bad, told))
}

#[test]
fn a_list_says_the_same_however_it_is_read() {
    let cases: usize = std::env::var("DUBAN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(4_000);
    let files: Vec<_> = shipped().into_iter().filter(|(path, _)| path.components().any(|c| c.as_os_str() == "opinions-2022")).collect();
    let plan = shipped().into_iter().find(|(path, _)| path.ends_with("plan.yaml")).unwrap().1;
    let mut chance = Chance(20221201);
    let mut ways = [0usize; 3];
    for case in 0..cases {
        let of_plan = case % 3 == 0;
        let text = changed(if of_plan { &plan } else { &files[case % files.len()].1 }, &mut chance);
        let meant = if of_plan { meant::<PlanItem>(&text) } else { meant::<Obligation>(&text) };
        let said = if of_plan { said::<PlanItem>(&text) } else { said::<Obligation>(&text) };
        let Some(meant) = meant else {
            ways[0] += 1;
            continue;
        };
        ways[if meant.1.is_empty() { 1 } else { 2 }] += 1;
        assert_eq!(said, meant, "\n{text}");
    }
    println!("no list, good, with bad items: {ways:?}");
    assert!(ways.iter().all(|n| *n > cases / 50), "{ways:?}");
}

#[test]
fn what_was_told_before_a_broken_item_is_told_once() {
    let ill = "- id: GEN-1.01\n  ovner: {}\n";
    let one = said::<Obligation>(ill);
    assert!(one.0.is_empty() && one.2 > 1, "{one:?}");
    for broken in ["- id: GEN-1.02\n  title: [\n", "- {\n"] {
        // The broken one is counted, and what is told of the other stays as it was.
        let both = said::<Obligation>(&format!("{ill}{broken}"));
        assert_eq!((both.0.len(), both.1.len(), both.2), (0, 2, one.2), "{both:?}");
        assert_eq!(both.1[0], one.1[0]);
    }
}
