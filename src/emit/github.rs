//! GitHub workflow commands: one annotation a finding, on the line it stands on.
//!
//! Findings that count are errors and warnings; what stood there before is a notice. Waived
//! ones are one notice a rule, since GitHub shows ten annotations of a kind a step and a
//! hundred excuses would push the errors out. The last notice is what was looked at.

use super::report::{Class, Report};
use crate::model::Level;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The whole outcome.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let mut waived: BTreeMap<&str, usize> = BTreeMap::new();
    for (class, j) in report.all() {
        let command = match (class, j.level) {
            (Class::Counts, Level::Deny) => "error",
            (Class::Counts, _) => "warning",
            (Class::Old, _) => "notice",
            (Class::Waived, _) => {
                *waived.entry(j.finding.rule).or_default() += 1;
                continue;
            }
        };
        let p = &j.place;
        let mut properties = format!("file={}", property(&p.file));
        if p.line > 0 {
            let _ = write!(properties, ",line={},endLine={}", p.line, p.line);
        }
        if let Some((from, to)) = p.columns() {
            let _ = write!(properties, ",col={from},endColumn={to}");
        }
        let lead = if class == Class::Old { format!("{}: ", report.there_already()) } else { String::new() };
        let title = property(&format!("{} {}", j.finding.rule, j.finding.subject));
        let _ = writeln!(out, "::{command} {properties},title={title}::{}", data(&(lead + &report.whole(j))));
    }
    if !waived.is_empty() {
        let parts: Vec<String> = waived.iter().map(|(rule, n)| format!("{rule} × {n}")).collect();
        let _ = writeln!(out, "::notice title=duban::{}", data(&format!("{}: {}", report.say("豁免", "waived"), parts.join(", "))));
    }
    let _ = writeln!(out, "::notice title=duban check::{}", data(&report.line()));
    out
}

/// The text after the last `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_breaks_out_of_its_field() {
        assert_eq!(super::property("a,b:c%\n::error::x"), "a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax");
        assert_eq!(super::data("100% of\r\nit, so: yes"), "100%25 of%0D%0Ait, so: yes");
    }
}
