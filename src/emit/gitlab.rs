//! GitLab code quality: a list of issues with fingerprints that outlive a moved line.
//!
//! The form has no room for counts or for waivers, and GitLab draws no verdict from it:
//! the job's exit code does. Waived findings are of severity `info` and say who allows
//! them; whoever calls prints the counts beside it.

use super::report::{Class, Report};
use crate::model::Level;
use serde_json::{Value, json};

/// The whole outcome.
pub fn render(report: &Report) -> String {
    let issues: Vec<Value> = report
        .all()
        .map(|(class, j)| {
            let severity = match (class, j.level) {
                (Class::Waived, _) => "info",
                (_, Level::Deny) => "major",
                _ => "minor",
            };
            let lead = match class {
                Class::Counts => String::new(),
                Class::Old => format!("[{}] ", report.there_already()),
                Class::Waived => format!("[{} {}] ", report.say("豁免", "waived by"), report.excuse(j).unwrap_or_default()),
            };
            json!({
                "description": format!("{lead}{}: {}", j.finding.rule, report.whole(j)),
                "check_name": j.finding.rule,
                "fingerprint": j.fingerprint,
                "severity": severity,
                // Lines begin at 1; the file as a whole is its first.
                "location": {"path": j.place.file, "lines": {"begin": j.place.line.max(1)}},
            })
        })
        .collect();
    serde_json::to_string_pretty(&issues).expect("plain data") + "\n"
}
