//! The findings of an old register taken as its baseline: waivers.yaml with one more item for
//! each, sorted, every other byte of every other item as it was.
//!
//! 1. [`pieces`] cuts the file into its items, each with the comments above it.
//! 2. [`accept`] adds what is asked for, renews what had run out, sorts, and reads the result
//!    again: it must say what it said before, and what was asked for, and nothing else.

use super::yaml::{self, Refused, value};
use crate::load::tree::Node;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A rule, what it is waived for, and the fingerprint of the very finding where it is for that one
/// alone; else empty.
pub type Key = (String, String, String);

/// Who accepts it, why, until when.
pub struct Terms<'a> {
    /// The post.
    pub who: &'a str,
    /// The reason.
    pub why: &'a str,
    /// The last day on which it holds, `2027-03-31`.
    pub until: &'a str,
}

/// The new text, and how many waivers were added and renewed.
#[derive(Debug)]
pub struct Accepted {
    /// The text of waivers.yaml.
    pub text: String,
    /// Items that were not there.
    pub added: usize,
    /// Items that were there and had run out.
    pub renewed: usize,
}

/// Adds a waiver for every key; one that is there already is renewed.
///
/// # Errors
/// When the file cannot be read as a list of items each begun on a line of its own.
pub fn accept(text: &str, keys: &[Key], terms: &Terms) -> Result<Accepted, Refused> {
    let (head, old) = pieces(text)?;
    let mut seen = BTreeSet::new();
    if let Some((twice, _)) = old.iter().find(|(k, _)| !seen.insert(k)) {
        return Err(Refused::new(
            format!("waivers.yaml 里 {} 对 {} 的豁免写了两次，请先删去一条", twice.0, twice.1),
            format!("waivers.yaml waives {} for {} twice; take one of the two out first", twice.0, twice.1),
        ));
    }
    let mut items: Vec<(Key, String)> = old.clone();
    // Lines end as they do in the file.
    let ends = |words: String| if text.contains("\r\n") { words.replace('\n', "\r\n") } else { words };
    let wanted: BTreeMap<&Key, String> = keys.iter().map(|k| (k, ends(item(k, terms)))).collect();
    let mut renewed = 0;
    for (key, words) in &mut items {
        if let Some(fresh) = wanted.get(key) {
            // The comments above it stay: they say why it was let pass the first time.
            let comments: String = words.split_inclusive('\n').take_while(|l| !l.starts_with("- ")).collect();
            *words = comments + fresh;
            renewed += 1;
        }
    }
    let there: Vec<Key> = items.iter().map(|i| i.0.clone()).collect();
    let fresh = wanted.into_iter().filter(|(k, _)| !there.contains(k)).map(|(k, words)| (k.clone(), words));
    items.extend(fresh);
    let added = items.len() - there.len();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    let text = head + &items.iter().map(|i| i.1.as_str()).collect::<String>();
    held(&old, &text, keys, terms)?;
    Ok(Accepted { text, added, renewed })
}

fn item((rule, subject, finding): &Key, terms: &Terms) -> String {
    let mut map = json!({"rule": rule, "subject": subject, "finding": finding, "who": terms.who, "why": terms.why, "until": terms.until});
    if let (true, Some(map)) = (finding.is_empty(), map.as_object_mut()) {
        map.shift_remove("finding");
    }
    format!("- {}\n", value::block(&map, 2))
}

/// The text before the first item, and every item with its key and the comments above it.
fn pieces(text: &str) -> Result<(String, Vec<(Key, String)>), Refused> {
    if text.lines().all(|l| l.trim().is_empty() || l.starts_with('#')) {
        return Ok((text.lines().map(|l| format!("{l}\n")).collect(), Vec::new()));
    }
    let root = yaml::read(text)?;
    let odd = || {
        Refused::new(
            "waivers.yaml 的每条豁免须各自以“- ”另起一行；请先改成这种写法",
            "every waiver must begin a line of its own with `- `; write waivers.yaml that way first",
        )
    };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let starts: Vec<usize> = root.items().iter().map(|n| n.span.line - 1).collect();
    if starts.iter().any(|l| !lines[*l].starts_with("- ")) {
        return Err(odd());
    }
    if starts.is_empty() {
        // `[]`: nothing yet.
        let head = lines.iter().filter(|l| l.trim_end() != "[]").map(|l| ended(l)).collect();
        return if lines.iter().filter(|l| l.trim_end() == "[]").count() == 1 { Ok((head, Vec::new())) } else { Err(odd()) };
    }
    // A comment belongs to the item below it; what stands above the first one is the file's.
    let begins = |i: usize| {
        let floor = if i == 0 { starts[0] } else { starts[i - 1] + 1 };
        (floor..starts[i]).rev().take_while(|l| lines[*l].starts_with('#') || lines[*l].trim().is_empty()).last().unwrap_or(starts[i])
    };
    let begins: Vec<usize> = (0..starts.len()).map(begins).chain([lines.len()]).collect();
    let key = |n: &Node| {
        let word = |k: &str| n.get(k).and_then(Node::text).unwrap_or_default().to_string();
        (word("rule"), word("subject"), word("finding"))
    };
    let items = root.items().iter().zip(begins.windows(2)).map(|(n, w)| (key(n), lines[w[0]..w[1]].iter().map(|l| ended(l)).collect()));
    Ok((lines[..begins[0]].concat(), items.collect()))
}

/// A line with its line feed, which the last one of a file may lack.
fn ended(line: &str) -> String {
    if line.ends_with('\n') { line.into() } else { format!("{line}\n") }
}

/// Does the new text say what the old one said, and what was asked for?
fn held(old: &[(Key, String)], text: &str, keys: &[Key], terms: &Terms) -> Result<(), Refused> {
    let says = |words: &str| -> Result<Value, Refused> { Ok(value::of(&yaml::read(words)?)) };
    let mut want: BTreeMap<Key, Vec<Value>> = BTreeMap::new();
    for (key, words) in old.iter().filter(|(k, _)| !keys.contains(k)) {
        want.entry(key.clone()).or_default().push(says(words)?[0].clone());
    }
    for key in keys {
        want.entry(key.clone()).or_default().push(says(&item(key, terms))?[0].clone());
    }
    let want: Vec<Value> = want.into_values().flatten().collect();
    if says(text)?.as_array().is_some_and(|now| *now == want) {
        return Ok(());
    }
    Err(Refused::new(
        "改动之后的 waivers.yaml 读起来与所求不同，所以没有改",
        "the changed waivers.yaml would not read as asked for, so it was left alone",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms { who: "supervisor-jco", why: "旧账: 待清", until: "2027-03-31" };

    fn key(rule: &str, subject: &str) -> Key {
        (rule.into(), subject.into(), String::new())
    }

    #[test]
    fn waivers_are_added_in_order_and_comments_stay_with_theirs() {
        let old = "# head\n\n# why this one\n- {rule: O003, subject: X-1.01, who: a, why: b, until: 2026-01-01}\n# unsorted\n- rule: O002\n  subject: X-1.09\n  who: a\n  why: b\n  until: 2026-01-01";
        let done = accept(old, &[key("O002", "X-1.01"), key("O003", "X-1.01")], &TERMS).unwrap();
        assert_eq!((done.added, done.renewed), (1, 1));
        assert_eq!(
            done.text,
            "# head\n\n# why this one\n- rule: O002\n  subject: X-1.01\n  who: supervisor-jco\n  why: \"旧账: 待清\"\n  until: 2027-03-31\n# unsorted\n- rule: O002\n  subject: X-1.09\n  who: a\n  why: b\n  until: 2026-01-01\n- rule: O003\n  subject: X-1.01\n  who: supervisor-jco\n  why: \"旧账: 待清\"\n  until: 2027-03-31\n"
        );
    }

    #[test]
    fn an_empty_list_becomes_a_list_and_an_odd_one_is_left_alone() {
        let done = accept("# none yet\n[]\n", &[key("O002", "OPN-*")], &TERMS).unwrap();
        assert!(done.text.starts_with("# none yet\n- rule: O002\n  subject: OPN-*\n"), "{}", done.text);
        let one = ("L005".to_string(), "X-1.01@Y".to_string(), "abc".to_string());
        assert!(accept("# nothing\n", &[one], &TERMS).unwrap().text.contains("  subject: X-1.01@Y\n  finding: abc\n  who:"));
        assert!(accept("- {rule: A1, subject: X, who: a, why: b, until: 2026-01-01}\n- {rule: A1, subject: X, who: a, why: b, until: 2026-01-01}\n", &[], &TERMS).is_err());
        assert!(accept("[{rule: O002, subject: X, who: a, why: b, until: 2026-01-01}]\n", &[key("O002", "Y")], &TERMS).is_err());
    }
}
