//! Knows a finding again: the same rule about the same thing in the same words, wherever
//! the line has moved.
//!
//! A fingerprint is made of rule, subject, the marked words with their line's text, and
//! what the rule adds ([`super::Finding::mark`]). Line numbers and the folder one looks
//! from are left out. Findings that agree in all of it are numbered, so that a second
//! one counts as one more and not as the first.

use crate::digest::fingerprint;
use crate::model::Quick;
use crate::text::Place;

/// What a finding is known by.
pub struct Known<'a> {
    /// Its rule.
    pub rule: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// What the rule adds.
    pub mark: &'a str,
    /// Where it stands.
    pub place: &'a Place,
}

/// Gives every finding its fingerprint; `shown` is how the register's folder is named.
pub fn number<'a>(shown: &str, all: impl Iterator<Item = (Known<'a>, &'a mut String)>) {
    let mut seen: Quick<String, usize> = Quick::default();
    for (known, slot) in all {
        let base = base(shown, &known);
        let n = seen.entry(base.clone()).or_default();
        *n += 1;
        *slot = if *n == 1 { base } else { format!("{base}.{n}") };
    }
}

/// Without the number.
fn base(shown: &str, k: &Known) -> String {
    let p = k.place;
    // A file as subject is named from the register's folder, from wherever one looks.
    let file = inside(shown, &p.file);
    let subject = if k.subject == p.file { file.as_str() } else { k.subject };
    let subject = if subject.starts_with("log/") { numberless(subject) } else { subject };
    let marked: String = p.excerpt.chars().skip(p.column.saturating_sub(1)).take(p.length).collect();
    // What has no words of its own is told by its file.
    let place = if p.excerpt.is_empty() { file.as_str() } else { p.excerpt.trim() };
    fingerprint(["1", k.rule, subject, place, &marked, k.mark])
}

/// `log/DEPT/FILE:12` without the line.
fn numberless(subject: &str) -> &str {
    match subject.rsplit_once(':') {
        Some((head, n)) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => head,
        _ => subject,
    }
}

/// A path as seen from the register's folder.
pub fn inside(shown: &str, path: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (shown.split('/').filter(|s| !s.is_empty()).collect(), path.split('/').collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let steps = std::iter::repeat_n("..", from.len() - common).chain(to[common..].iter().copied());
    steps.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(shown: &str, all: &[(&str, Place)]) -> Vec<String> {
        let mut out = vec![String::new(); all.len()];
        let known = all.iter().map(|(subject, place)| Known { rule: "O001", subject, mark: "", place });
        number(shown, known.zip(&mut out));
        out
    }

    #[test]
    fn a_moved_line_is_the_same_finding_and_a_second_one_is_not() {
        let at = |file: &str, line: usize, excerpt: &str| Place { line, ..Place::line(file, 1, excerpt) };
        let here = numbered("", &[("OPN-3.18", at("a.yaml", 7, "- id: OPN-3.18")), ("OPN-3.18", at("a.yaml", 9, "- id: OPN-3.18"))]);
        let there =
            numbered("x", &[("OPN-3.18", at("x/a.yaml", 70, "  - id: OPN-3.18")), ("OPN-3.19", at("x/a.yaml", 9, "- id: OPN-3.19"))]);
        assert_eq!(here[0], there[0]);
        assert_eq!(here[1], format!("{}.2", here[0]));
        assert_ne!(there[1], there[0]);
    }

    #[test]
    fn a_file_is_named_from_its_register() {
        assert_eq!(inside("obligations/city", "obligations/city/plan.yaml"), "plan.yaml");
        assert_eq!(inside("obligations/city", "obligations/law/a.yaml"), "../law/a.yaml");
        assert_eq!(inside("", "../law/a.yaml"), "../law/a.yaml");
        assert_eq!(inside("../city", "../law/a.yaml"), "../law/a.yaml");
    }
}
