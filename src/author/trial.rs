//! A change held against every rule before it is written.
//!
//! The register is opened a second time, in memory, with the new texts in the place of the
//! old ones. What denies there and did not before is the change's doing.

use crate::finding::{Judged, Outcome};
use crate::load::{Instead, OpenError};
use crate::model::Level;
use crate::rules::{self, Overrides};
use crate::snapshot::{Options, Snapshot};
use std::collections::HashMap;

/// What a change would do to the findings.
pub struct Verdict {
    /// Denied findings that were not there before.
    pub denied: Vec<Judged>,
    /// Warnings that were not there before.
    pub warned: Vec<Judged>,
    /// Findings that go.
    pub gone: usize,
}

/// Compares the register as it is with the register as it would be.
///
/// # Errors
/// When the register could not even be opened afterwards.
pub fn hold(before: &Snapshot, options: &Options, instead: Instead) -> Result<Verdict, OpenError> {
    let after = Snapshot::open_with(options, instead)?;
    Ok(compare(&rules::run(before, &Overrides::default()), &rules::run(&after, &Overrides::default()), |words| words.to_string()))
}

/// Compares what the rules said with what they say. `now` puts the words of before into
/// those of now: after a rename the same is said of another id.
pub fn compare(old: &Outcome, new: &Outcome, now: impl Fn(&str) -> String) -> Verdict {
    let mut left: HashMap<(&str, String, String), usize> = HashMap::new();
    for j in &old.findings {
        let (rule, subject, words) = key(j);
        *left.entry((rule, now(subject), now(words))).or_default() += 1;
    }
    let mut verdict = Verdict { denied: Vec::new(), warned: Vec::new(), gone: 0 };
    for j in &new.findings {
        let (rule, subject, words) = key(j);
        match left.get_mut(&(rule, subject.to_string(), words.to_string())) {
            Some(n) if *n > 0 => *n -= 1,
            // Whoever rewords a signed duty cannot have it attested before: told, not refused.
            _ if j.level == Level::Deny && j.finding.rule != "L017" => verdict.denied.push(j.clone()),
            _ => verdict.warned.push(j.clone()),
        }
    }
    verdict.gone = left.values().sum();
    verdict
}

/// Places move and are no part of it; the rule, its subject and its words are.
fn key(j: &Judged) -> (&str, &str, &str) {
    (j.finding.rule, &j.finding.subject, j.finding.message.en.as_deref().unwrap_or(""))
}
