//! The two readers of a part file held against each other: the typed one (serde over the
//! whole text) and the slow one (tree, shape, item by item). Whatever the fast one takes,
//! the slow one takes too and reads the same; whatever is damaged never loses an item.

use duban::load::read::Reader;
use duban::load::{decode::Source, scan, shape, tree};
use duban::model::Obligation;
use proptest::prelude::*;
use serde::Deserialize;
use std::io::Write;

/// A part file of `n` obligations with whatever optional fields the bits say.
fn part(items: &[(u16, String)]) -> String {
    let mut out = String::from("# A generated part.\n\n");
    for (i, (bits, words)) in items.iter().enumerate() {
        let has = |bit: u16| bits & (1 << bit) != 0;
        let quoted = format!("'{}'", words.replace('\'', "''"));
        out += &format!("- id: TST-1.{:02}\n", i + 1);
        if has(0) {
            out += &format!("  title: {{zh: {quoted}, en: \"Item {i}: so # so\"}}\n");
        } else {
            out += &format!("  title:\n    zh: {quoted}\n    en: Item {i}   # a comment\n");
        }
        out += &format!("  requirement: {quoted}\n  kind: action\n  modality: must\n  recurrence: continuous\n");
        let optional = [
            "  revision: 3\n",
            "  source: {layer: x, at: 'T:P1.s1.c1', anchor: 锚点, nth: 2}\n",
            "  bearer: {text: [甲, 乙], context: 丙}\n",
            "  owner: {mode: by-remit, lead: [DEP-A, DEP-B], support: [DEP-C]}\n",
            "  sector: AAA\n  reaches: [AAA, BBB]\n",
            "  tier:\n    bearer: R\n    addressed: [E, U]\n",
            "  needs:\n  - {on: TST-1.01, kind: requires}\n  - on: TST-1.02\n    kind: feeds\n    why: {en: because}\n",
            "  review: half-yearly\n",
            "  evidence: [{type: minutes, required: true}, {type: ledger}]\n",
            "  indicators:\n    - {id: K1, name: 指标, direction: up}\n",
            "  note: >-\n    a folded\n    note\n",
            "\n",
        ];
        for (bit, text) in optional.iter().enumerate() {
            if has(bit as u16 + 1) {
                out += text;
            }
        }
    }
    out
}

/// What the program makes of a text: good ones as debug text, number of bad ones.
fn read(text: &str) -> (Vec<String>, usize, usize) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut reader = Reader::default();
    let Some(index) = reader.text(file.path(), "part.yaml") else { return (Vec::new(), 0, reader.findings.len()) };
    let (good, bad) = reader.list::<Obligation>(index);
    (good.iter().map(|o| format!("{:?}", o.node)).collect(), bad.len(), reader.findings.len())
}

/// The slow road alone.
fn slowly(text: &str) -> Option<Vec<String>> {
    let schema = schemars::schema_for!(Obligation).to_value();
    let root = tree::parse(text).ok()??;
    root.items()
        .iter()
        .map(|item| {
            if !shape::mistakes(item, &schema, &schema).is_empty() {
                return None;
            }
            // No mistake in its shape means that it decodes: the two come from one struct.
            Some(format!("{:?}", Obligation::deserialize(Source(item)).expect("a node without mistakes decodes")))
        })
        .collect()
}

fn items() -> impl Strategy<Value = Vec<(u16, String)>> {
    prop::collection::vec((any::<u16>(), "[a-z甲乙：，#{}\\[\\]\"' ]{0,12}[a-z甲乙]"), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn both_readers_read_the_same(items in items(), windows in any::<bool>()) {
        let mut text = part(&items);
        if windows {
            text = text.replace('\n', "\r\n");
        }
        let typed: Vec<Obligation> = serde_yaml::from_str(&text).expect("a generated part is well formed");
        let typed: Vec<String> = typed.iter().map(|o| format!("{o:?}")).collect();
        prop_assert_eq!(slowly(&text), Some(typed.clone()));
        prop_assert_eq!(read(&text), (typed, 0, 0));
    }

    #[test]
    fn damage_is_told_and_loses_nobody(items in items(), line in any::<prop::sample::Index>(), how in 0..7) {
        let whole = part(&items);
        let mut lines: Vec<String> = whole.lines().map(String::from).collect();
        let at = line.index(lines.len());
        match how {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => lines[at] = lines[at].replacen(": ", "：", 1),
            3 => lines[at] = format!(" {}", lines[at]),
            4 => lines[at] = lines[at].replacen(['}', ']'], "", 1),
            5 => lines[at] = format!("\t{}", lines[at]),
            _ => lines[at] = lines[at].replacen("kind", "knid", 1),
        }
        let text = lines.join("\n") + "\n";
        let (good, bad, findings) = read(&text);
        // Every line that begins an item keeps an item in the count.
        let begun = text.lines().filter(|l| l.starts_with("- id:")).count();
        prop_assert!(good.len() + bad >= begun.min(items.len()), "{} + {bad} of {begun}:\n{text}", good.len());
        if bad > 0 {
            prop_assert!(findings > 0, "lost in silence:\n{text}");
        }
        let scanned = scan::scan(&text);
        if let (Ok(typed), true) = (serde_yaml::from_str::<Vec<Obligation>>(&text), scanned.troubles.is_empty() && !scanned.unusual) {
            let typed: Vec<String> = typed.iter().map(|o| format!("{o:?}")).collect();
            prop_assert_eq!(slowly(&text), Some(typed));
        }
    }

    #[test]
    fn no_text_at_all_makes_a_reader_panic(text in "[-a-z:{}\\[\\]\"'#&*!|>%@` \n\t：，?~]{0,120}") {
        let _ = read(&text);
        let _ = slowly(&text);
    }
}
