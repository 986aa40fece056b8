//! Laws of the pen: a change is exactly what was asked for, and every other byte stays.
//!
//! Random places of the shipped registers are changed and read again by a reader that the
//! pen does not use.

use duban::author::yaml::{self, Deed, Step, value};
use duban::load::tree::{self, Node, NodeKind};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::LazyLock;

fn cases(n: u32) -> ProptestConfig {
    let times: Option<u32> = std::env::var("DUBAN_TIMES").ok().and_then(|s| s.parse().ok());
    let rng_seed = times.map_or(RngSeed::Fixed(20220419), |_| RngSeed::Random);
    ProptestConfig { cases: n * times.unwrap_or(1), rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// A shipped file with the path of every node in it.
struct File {
    name: String,
    text: String,
    paths: Vec<Vec<Step>>,
}

fn paths(node: &Node, at: &mut Vec<Step>, out: &mut Vec<Vec<Step>>) {
    if !at.is_empty() {
        out.push(at.clone());
    }
    match &node.kind {
        NodeKind::Scalar { .. } => {}
        NodeKind::Seq(items) => {
            for (i, item) in items.iter().enumerate() {
                at.push(Step::Item(i));
                paths(item, at, out);
                at.pop();
            }
        }
        NodeKind::Map(entries) => {
            for (k, v) in entries {
                at.push(Step::Key(k.text().unwrap().into()));
                paths(v, at, out);
                at.pop();
            }
        }
    }
}

static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations");
    let mut all = Vec::new();
    for register in ["", "sample-city"] {
        for (name, _) in duban::author::mark::files(&root.join(register)).unwrap() {
            let text = std::fs::read_to_string(root.join(register).join(&name)).unwrap();
            let mut found = Vec::new();
            paths(&tree::parse(&text).unwrap().unwrap(), &mut Vec::new(), &mut found);
            all.push(File { name, text, paths: found });
        }
    }
    assert!(all.len() > 20 && all.iter().map(|f| f.paths.len()).sum::<usize>() > 10_000);
    all
});

/// A file by another reader, as data.
fn other(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// The same change, made to data.
fn done(data: &mut Value, path: &[Step], deed: &Deed) {
    let (last, lead) = path.split_last().unwrap();
    let mut at = data;
    for step in lead {
        at = match step {
            Step::Key(k) => at.as_object_mut().unwrap().entry(k.clone()).or_insert_with(|| json!({})),
            Step::Item(i) => &mut at[*i],
        };
    }
    match (deed, last) {
        (Deed::Set(v), Step::Key(k)) => drop(at.as_object_mut().unwrap().insert(k.clone(), v.clone())),
        (Deed::Set(v), Step::Item(i)) => at[*i] = v.clone(),
        (Deed::Unset, Step::Key(k)) => drop(at.as_object_mut().unwrap().shift_remove(k)),
        (Deed::Unset, Step::Item(i)) => drop(at.as_array_mut().unwrap().remove(*i)),
        (Deed::Push(v), Step::Key(k)) => at[k].as_array_mut().unwrap().push(v.clone()),
        (Deed::Push(v), Step::Item(i)) => at[*i].as_array_mut().unwrap().push(v.clone()),
    }
}

/// Comments of a text, in order: whatever follows a `#` that begins a line or follows a blank
/// outside quotes. Rough, but the same on both sides.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|l| if l.trim_start().starts_with('#') { Some(l) } else { l.find("  # ").map(|i| &l[i..]) }).collect()
}

/// Bytes at both ends that are the same.
fn kept(a: &str, b: &str) -> usize {
    let head = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let tail = a.bytes().rev().zip(b.bytes().rev()).take_while(|(x, y)| x == y).count();
    (head + tail).min(a.len())
}

#[track_caller]
fn holds(file: &File, path: &[Step], deed: &Deed, after: &str) {
    let mut want = other(&file.text);
    done(&mut want, path, deed);
    assert_eq!(other(after), want, "{} {path:?} {deed:?}", file.name);
    assert_eq!(comments(after), comments(&file.text), "{} {path:?} {deed:?}", file.name);
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9\\-]{1,12}",
        4 => "\\PC{1,20}".prop_map(|s| s.replace(['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'], "x")).prop_filter("visible", |s| !s.trim().is_empty()),
        2 => prop::sample::select(vec!["true", "no", "2026-01-05", "007", "1e3", "~", "null", "a: b", "a #b", "- a", "{a}", "[x", "\"q\"", "it's", "全角：冒号", "on", "0x1f", "a:", " lead", "trail ", "\\", "!x", "&a", "*a", "1_000", ".5", "-", "?"]).prop_map(String::from),
    ]
}

fn place() -> impl Strategy<Value = (usize, usize)> {
    (0..FILES.len()).prop_flat_map(|f| (Just(f), 0..FILES[f].paths.len()))
}

proptest! {
    #![proptest_config(cases(300))]

    /// Any text in the place of any value.
    #[test]
    fn set_changes_this_and_nothing_else((f, p) in place(), text in words()) {
        let (file, path) = (&FILES[f], &FILES[f].paths[p]);
        let root = tree::parse(&file.text).unwrap().unwrap();
        let scalar = yaml::at(&root, path).unwrap().text().is_some();
        let deed = Deed::Set(json!(text));
        match yaml::apply(&file.text, path, &deed, &[]) {
            Ok(after) => {
                holds(file, path, &deed, &after);
                if scalar {
                    let old = yaml::at(&root, path).unwrap().text().unwrap();
                    // Out go at most the old words and their quotes.
                    prop_assert!(kept(&file.text, &after) + 2 * old.len() + 2 >= file.text.len());
                }
            }
            Err(e) => prop_assert!(!scalar && e.to_string().contains("comment"), "{} {path:?}: {e}", file.name),
        }
    }

    /// Lists and mappings in the place of any value.
    #[test]
    fn set_takes_whole_values((f, p) in place(), a in words(), b in words(), which in 0..5usize) {
        let (file, path) = (&FILES[f], &FILES[f].paths[p]);
        let deed = Deed::Set([json!([a, b]), json!({"zh": a, "en": [b, {"x": a}]}), json!([]), json!(true), json!(7)][which].clone());
        match yaml::apply(&file.text, path, &deed, &[]) {
            Ok(after) => holds(file, path, &deed, &after),
            Err(e) => prop_assert!(e.to_string().contains("comment"), "{} {path:?}: {e}", file.name),
        }
    }

    /// A new key, at any mapping, with whatever order is wanted; keys below it as well.
    #[test]
    fn insert_adds_a_key((f, p) in place(), text in words(), rank in 0..6usize, deep in any::<bool>()) {
        let (file, path) = (&FILES[f], &FILES[f].paths[p]);
        let root = tree::parse(&file.text).unwrap().unwrap();
        let NodeKind::Map(entries) = &yaml::at(&root, path).unwrap().kind else { return Ok(()) };
        let mut order: Vec<String> = entries.iter().filter_map(|(k, _)| k.text().map(String::from)).collect();
        order.insert(rank.min(order.len()), "brand_new".into());
        let mut path = path.clone();
        path.push(Step::Key("brand_new".into()));
        if deep {
            path.push(Step::Key("below".into()));
        }
        let deed = Deed::Set(json!(text));
        let after = yaml::apply(&file.text, &path, &deed, &order).map_err(|e| TestCaseError::fail(format!("{} {path:?}: {e}", file.name)))?;
        holds(file, &path, &deed, &after);
        // The keys stand in the order asked for.
        let new = tree::parse(&after).unwrap().unwrap();
        let NodeKind::Map(entries) = &yaml::at(&new, &path[..path.len() - 1 - usize::from(deep)]).unwrap().kind else { panic!() };
        prop_assert_eq!(entries.iter().filter_map(|(k, _)| k.text().map(String::from)).collect::<Vec<_>>(), order);
        // Nothing goes at all.
        prop_assert!(kept(&file.text, &after) >= file.text.len());
    }

    /// Any key or element taken away, unless it is the only one or a comment stands there.
    #[test]
    fn unset_takes_this_away((f, p) in place()) {
        let (file, path) = (&FILES[f], &FILES[f].paths[p]);
        match yaml::apply(&file.text, path, &Deed::Unset, &[]) {
            Ok(after) => holds(file, path, &Deed::Unset, &after),
            Err(e) => prop_assert!(e.to_string().contains("comment") || e.to_string().contains("only one"), "{} {path:?}: {e}", file.name),
        }
    }

    /// An element at the end of any list.
    #[test]
    fn push_adds_an_element((f, p) in place(), text in words()) {
        let (file, path) = (&FILES[f], &FILES[f].paths[p]);
        let root = tree::parse(&file.text).unwrap().unwrap();
        let NodeKind::Seq(_) = &yaml::at(&root, path).unwrap().kind else { return Ok(()) };
        for v in [json!(text), json!({"id": text, "name": {"zh": "x"}})] {
            let deed = Deed::Push(v);
            let after = yaml::apply(&file.text, path, &deed, &[]).map_err(|e| TestCaseError::fail(format!("{} {path:?}: {e}", file.name)))?;
            holds(file, path, &deed, &after);
        }
    }

    /// A text in one-line form reads back as itself, alone and inside brackets.
    #[test]
    fn a_word_reads_back(text in words()) {
        let line = value::line(&json!({"a": [text, text], "b": text}));
        prop_assert_eq!(other(&line), json!({"a": [text, text], "b": text}));
        let said = value::says(&tree::parse(&line).unwrap().unwrap(), &json!({"a": [text, text], "b": text}));
        prop_assert!(said, "{line}");
    }
}

#[test]
fn a_change_keeps_comments_quotes_and_order() {
    let key = |k: &str| Step::Key(k.into());
    let text = "# head\n- id: A   # the first\n  title: {zh: 甲, en: \"Q\"}   # two words\n  list:\n  # why these\n  - x\n  - y\n\n- id: B\n  long: |\n    one\n    two\n\n# tail\n";
    let set = |path: &[Step], v: Value, order: &[&str]| {
        yaml::apply(text, path, &Deed::Set(v), &order.iter().map(|s| s.to_string()).collect::<Vec<_>>()).map_err(|e| e.to_string())
    };
    let at = |i: usize, keys: &[&str]| std::iter::once(Step::Item(i)).chain(keys.iter().map(|k| key(k))).collect::<Vec<_>>();
    assert_eq!(set(&at(0, &["title", "en"]), json!("W"), &[]).unwrap(), text.replace("\"Q\"", "\"W\""));
    assert_eq!(set(&at(0, &["title", "zh"]), json!("乙：丙, 丁"), &[]).unwrap(), text.replace("zh: 甲", "zh: \"乙：丙, 丁\""));
    assert_eq!(set(&at(1, &["note"]), json!("w"), &["id", "note"]).unwrap(), text.replace("- id: B\n", "- id: B\n  note: w\n"));
    // Behind a text in lines, before the blank line and the comment that follow.
    assert_eq!(set(&at(1, &["note"]), json!("w"), &["id", "long", "note"]).unwrap(), text.replace("    two\n", "    two\n  note: w\n"));
    // What would lose a comment, or touch a text in lines, is refused.
    assert!(set(&at(0, &["list"]), json!(["z"]), &[]).unwrap_err().contains("comment"));
    assert!(set(&at(1, &["long"]), json!("z"), &[]).unwrap_err().contains("by hand"));
    assert!(yaml::apply(text, &at(0, &["title"]), &Deed::Unset, &[]).unwrap_err().to_string().contains("comment"));
    assert!(yaml::apply("a: [1", &[key("a")], &Deed::Unset, &[]).is_err());
    // An empty list that is the whole file grows lines.
    let grown = yaml::apply("# plan\n[]\n", &[], &Deed::Push(json!({"duty": "A-1.01", "person": "x"})), &[]).unwrap();
    assert_eq!(grown, "# plan\n- duty: A-1.01\n  person: x\n");
    let more = yaml::apply(&grown, &[], &Deed::Push(json!({"duty": "A-1.02"})), &[]).unwrap();
    assert_eq!(more, "# plan\n- duty: A-1.01\n  person: x\n- duty: A-1.02\n");
}

/// A path as people write it: keys with dots, elements by name where they have one.
fn written(root: &Node, path: &[Step]) -> String {
    let mut out = String::new();
    for (n, step) in path.iter().enumerate() {
        match step {
            Step::Key(k) if out.is_empty() => out += k,
            Step::Key(k) => out += &format!(".{k}"),
            Step::Item(i) => {
                let item = yaml::at(root, &path[..=n]).unwrap();
                let name = item.text().or_else(|| {
                    ["id", "type", "on", "dept", "code", "post", "at", "no", "duty", "rule"].iter().find_map(|k| item.get(k)?.text())
                });
                out += &format!("[{}]", name.map_or((i + 1).to_string(), String::from));
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(cases(500))]

    /// The name of a field leads to the field: to itself, or to one that calls itself the same.
    #[test]
    fn a_fields_name_leads_to_it((f, p) in place()) {
        use duban::author::field;
        let (file, path) = (&FILES[f], &FILES[f].paths[p]);
        let root = tree::parse(&file.text).unwrap().unwrap();
        let name = written(&root, path);
        let words = field::parse(&name).map_err(|e| TestCaseError::fail(format!("{name}: {e}")))?;
        let found = field::steps(&root, &words).map_err(|e| TestCaseError::fail(format!("{name}: {e}")))?;
        prop_assert_eq!(&written(&root, &found), &name);
        let schema = duban::author::schema::schema(duban::author::schema::kind_of(&file.name, &LAWS).unwrap());
        let mut shape = field::Shape::of(&schema);
        for step in path {
            shape = shape.step(step).map_err(|e| TestCaseError::fail(format!("{name}: {e}")))?;
        }
        // What stands there now can be typed there, and says the same.
        let node = yaml::at(&root, path).unwrap();
        if let Some(text) = node.text() {
            let typed = field::value(text, &shape, Some(node)).map_err(|e| TestCaseError::fail(format!("{name}: {e}")))?;
            prop_assert!(value::says(node, &typed), "{name}: {typed}");
        }
    }
}

static LAWS: LazyLock<Vec<duban::model::Text>> =
    LazyLock::new(|| ["law/anti-fraud-law-2022.yaml", "law/criminal-law.yaml"].map(|l| duban::model::Text::new(l).unwrap()).into());
