//! A policy to be made of another system's file, for a person to finish: what is known of it,
//! and the files that say it.
//!
//! As with `source --scaffold`, drafts have no owner and say that they are drafts; `check` names
//! each (O001). Every draft stands at a clause of its own in clauses.yaml, so that coverage is
//! whole from the start. What the form says and a register has no place for is [`Told`].

use crate::digest;
use crate::model::{Kind, Modality, NeedKind, Recurrence, Words};
use crate::source::scaffold::quoted;
use chrono::NaiveDate;
use std::fmt::Write;

/// A file of another system.
pub struct Source {
    /// As it was named.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// What is told besides the file.
pub struct Given<'a> {
    /// The policy's code.
    pub code: &'a str,
    /// The day on which it is put on the list.
    pub listed: NaiveDate,
}

/// A policy with the account of how it came about.
pub struct Brought {
    /// The policy.
    pub draft: Draft,
    /// Things of the form that might have been obligations: written and told ones together.
    pub objects: usize,
    /// Links of the form: written and told ones together.
    pub links: usize,
    /// What was not carried over.
    pub told: Vec<Told>,
}

/// What became of something that was not carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// An object that is a heading.
    Heading,
    /// An object that is lost.
    Object,
    /// A link that is lost.
    Link,
    /// Anything else: an attribute, a place in a hierarchy.
    Other,
}

/// Something that was not carried over.
pub struct Told {
    /// What it was.
    pub what: What,
    /// Where it stands: `file.reqif:12 _id`.
    pub place: String,
    /// Why it was not, or what was made of it.
    pub why: Words,
}

/// A policy to be.
pub struct Draft {
    /// Its title.
    pub title: Words,
    /// What it was made of.
    pub about: Words,
    /// SHA-256 of the file, and its length in bytes.
    pub print: (String, usize),
    /// Its parts, in order; each has items.
    pub parts: Vec<Part>,
}

/// A part.
pub struct Part {
    /// `3` of `ABC-3`, 0 to 99.
    pub number: u32,
    /// Its heading.
    pub title: Words,
    /// Its obligations, in order.
    pub items: Vec<Item>,
}

/// An obligation to be.
pub struct Item {
    /// `ABC-3.18`.
    pub id: String,
    /// Its id in the other system, where it is another.
    pub foreign_id: Option<String>,
    /// Title.
    pub title: Words,
    /// What it asks for.
    pub requirement: Words,
    /// What sort of thing it is.
    pub kind: Kind,
    /// How binding.
    pub modality: Modality,
    /// How it ends.
    pub recurrence: Recurrence,
    /// What it needs: id, how, why.
    pub needs: Vec<(String, NeedKind, Option<Words>)>,
}

impl Draft {
    /// Draft obligations in all.
    pub fn items(&self) -> usize {
        self.parts.iter().map(|p| p.items.len()).sum()
    }
    /// Links in all.
    pub fn needs(&self) -> usize {
        self.parts.iter().flat_map(|p| &p.items).map(|i| i.needs.len()).sum()
    }
    /// The fingerprint of a file.
    pub fn print_of(bytes: &[u8]) -> (String, usize) {
        (digest::hex(bytes), bytes.len())
    }

    /// Names and contents of the policy's files.
    pub fn files(&self, given: &Given) -> Vec<(String, String)> {
        let mut files = vec![("policy.yaml".to_string(), self.policy(given)), ("clauses.yaml".to_string(), self.clauses(given))];
        files.extend(self.parts.iter().map(|p| (format!("{}-part.yaml", p.number), part(p, given))));
        files
    }

    fn policy(&self, given: &Given) -> String {
        let mut out = format!(
            "# A draft by `duban import`: titles and dates are for a person to set right.\n\
             # The fingerprint is that of the file that was read: SHA-256 of its bytes, and its length.\n\
             code: {}\ntitle: {}\nlisted: {}   # the day its items go on the list; the no-lead grace counts from here\n\
             source:\n  about: {}\n  sha256: \"{}\"\n  bytes: {}\nparts:\n",
            given.code,
            words(&self.title),
            given.listed,
            words(&self.about),
            self.print.0,
            self.print.1
        );
        for p in &self.parts {
            let _ = writeln!(out, "  - {{id: {0}-{1}, file: {1}-part.yaml, title: {2}}}", given.code, p.number, words(&p.title));
        }
        out
    }

    fn clauses(&self, given: &Given) -> String {
        let mut out = String::from("# One clause for each draft, by policy:part.place: what the file gave, in its order.\nclauses:\n");
        for p in &self.parts {
            for (n, i) in p.items.iter().enumerate() {
                let opening: String = anchor(i).chars().take(6).collect();
                let at = locator(given, p, n);
                let _ = writeln!(out, "  - at: {at}\n    opening: {}\n    class: obligation\n    primary: [{}]", quoted(&opening), i.id);
            }
        }
        out
    }
}

fn locator(given: &Given, p: &Part, n: usize) -> String {
    format!("{}:P{}.s{}.c1", given.code, p.number, n + 1)
}

/// At most 15 characters of the requirement's beginning, one line, no blank at either end.
fn anchor(i: &Item) -> String {
    let said = i.requirement.say(crate::model::Lang::Zh);
    let first = said.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or(&i.id);
    let clean: String = first.chars().filter(|c| !c.is_control()).take(15).collect();
    if clean.trim().is_empty() { i.id.clone() } else { clean.trim().to_string() }
}

fn part(p: &Part, given: &Given) -> String {
    let mut out = format!(
        "# Part {} of {}: drafts by `duban import`.\n\
         # For each: see that the requirement is whole, set kind and recurrence, name the owner.\n",
        p.number, given.code
    );
    for (n, i) in p.items.iter().enumerate() {
        let _ = write!(
            out,
            "\n- id: {}\n  title: {}\n  requirement: {}\n  kind: {}\n  modality: {}\n  source: {{layer: import, at: {}, anchor: {}}}\n",
            i.id,
            words(&i.title),
            words(&i.requirement),
            i.kind.code(),
            i.modality.code(),
            locator(given, p, n),
            quoted(&anchor(i)),
        );
        if !i.needs.is_empty() {
            out.push_str("  needs:\n");
        }
        for (on, kind, why) in &i.needs {
            let why = why.as_ref().map_or(String::new(), |w| format!(", why: {}", words(w)));
            let _ = writeln!(out, "    - {{on: {on}, kind: {}{why}}}", kind.code());
        }
        let _ =
            writeln!(out, "  recurrence: {}\n  note: {}", i.recurrence.code(), quoted("草稿，待人改定 / draft, for a person to finish"));
        if let Some(id) = &i.foreign_id {
            let _ = writeln!(out, "  foreign_id: {}", quoted(id));
        }
    }
    out
}

/// `{zh: …, en: …}` of what there is. Lines become one: a requirement is one paragraph.
fn words(w: &Words) -> String {
    let one = |text: &str| quoted(&text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" "));
    let all: Vec<String> =
        [("zh", &w.zh), ("en", &w.en)].iter().filter_map(|(k, v)| Some(format!("{k}: {}", one(v.as_deref()?)))).collect();
    format!("{{{}}}", all.join(", "))
}

/// Words in the language of their script.
pub fn by_script(text: &str) -> Words {
    let han = text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}'));
    let text: Option<Box<str>> = Some(text.into());
    if han { Words { zh: text, en: None } } else { Words { zh: None, en: text } }
}
