//! Knows a finding again: the same rule about the same thing in the same words, wherever
//! the line has moved.
//!
//! A fingerprint is made of rule, subject, the marked words with their line's text, and
//! what the rule adds ([`super::Finding::mark`]). Line numbers and the folder one looks
//! from are left out. Findings that agree in all of it are numbered, so that a second
//! one counts as one more and not as the first.

use super::Judged;
use crate::digest::fingerprint;
use std::collections::HashMap;

/// Gives every finding its fingerprint; `shown` is how the register's folder is named.
pub fn number<'a>(shown: &str, all: impl Iterator<Item = &'a mut Judged>) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for j in all {
        let base = base(shown, j);
        let n = seen.entry(base.clone()).or_default();
        *n += 1;
        j.fingerprint = if *n == 1 { base } else { format!("{base}.{n}") };
    }
}

/// Without the number.
fn base(shown: &str, j: &Judged) -> String {
    let (f, p) = (&j.finding, &j.place);
    // A file as subject is named from the register's folder, from wherever one looks.
    let file = inside(shown, &p.file);
    let subject = if f.subject == p.file { file.as_str() } else { &f.subject };
    let subject = if subject.starts_with("log/") { numberless(subject) } else { subject };
    let marked: String = p.excerpt.chars().skip(p.column.saturating_sub(1)).take(p.length).collect();
    // What has no words of its own is told by its file.
    let place = if p.excerpt.is_empty() { file.as_str() } else { p.excerpt.trim() };
    fingerprint(["1", f.rule, subject, place, &marked, &f.mark])
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
    use crate::finding::{Finding, Spot};
    use crate::model::Level;
    use crate::text::Place;

    fn judged(subject: &str, file: &str, line: usize, excerpt: &str) -> Judged {
        let place = Place { line, ..Place::line(file, 1, excerpt) };
        let finding = Finding::new("O001", subject, Spot::Exact(place.clone()), String::new(), String::new());
        Judged { finding, place, level: Level::Deny, waiver: None, fingerprint: String::new() }
    }

    #[test]
    fn a_moved_line_is_the_same_finding_and_a_second_one_is_not() {
        let mut here = [judged("OPN-3.18", "a.yaml", 7, "- id: OPN-3.18"), judged("OPN-3.18", "a.yaml", 9, "- id: OPN-3.18")];
        let mut there = [judged("OPN-3.18", "x/a.yaml", 70, "  - id: OPN-3.18"), judged("OPN-3.19", "x/a.yaml", 9, "- id: OPN-3.19")];
        number("", here.iter_mut());
        number("x", there.iter_mut());
        assert_eq!(here[0].fingerprint, there[0].fingerprint);
        assert_eq!(here[1].fingerprint, format!("{}.2", here[0].fingerprint));
        assert_ne!(there[1].fingerprint, there[0].fingerprint);
    }

    #[test]
    fn a_file_is_named_from_its_register() {
        assert_eq!(inside("obligations/city", "obligations/city/plan.yaml"), "plan.yaml");
        assert_eq!(inside("obligations/city", "obligations/law/a.yaml"), "../law/a.yaml");
        assert_eq!(inside("", "../law/a.yaml"), "../law/a.yaml");
        assert_eq!(inside("../city", "../law/a.yaml"), "../law/a.yaml");
    }
}
