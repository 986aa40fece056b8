//! SARIF 2.1.0: one run, every rule with its page, every finding with its place.
//!
//! Columns count characters, and the run says so (`unicodeCodePoints`). Waived findings are
//! suppressions, never left out; with a revision to compare with, what stood there is
//! `unchanged`. What was looked at stands in the run's properties and as a notification,
//! also when nothing was found.

use super::report::{Class, Report};
use crate::finding::{Judged, RuleInfo};
use crate::model::Level;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The whole outcome.
pub fn render(report: &Report) -> String {
    let (o, m) = (report.outcome, report.summary);
    let index: HashMap<&str, usize> = report.rules.iter().enumerate().map(|(i, r)| (r.id, i)).collect();
    let results: Vec<Value> = report.all().map(|(class, j)| result(report, class, j, index[j.finding.rule])).collect();
    let mut properties = serde_json::to_value(m).expect("a summary is plain data");
    properties["verdict"] = json!(if o.denied() { "denied" } else { "passed" });
    properties["deny"] = json!(o.count(Level::Deny));
    properties["warn"] = json!(o.count(Level::Warn));
    properties["waived"] = json!(o.waived.len());
    properties["allowed"] = json!(o.allowed);
    properties["rules"] = json!(o.rules);
    if let Some(since) = &o.since {
        properties["since"] = json!(since);
        properties["old"] = json!(o.old.len());
    }
    let broken = m.invalid + m.unreadable_lines > 0;
    let run = json!({
        "tool": {"driver": {
            "name": "duban",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": report.rules.iter().map(|r| rule(r, report)).collect::<Vec<_>>(),
        }},
        // Two registers of one repository are two analyses.
        "automationDetails": {"id": format!("duban/{}/", m.unit)},
        "columnKind": "unicodeCodePoints",
        "invocations": [{
            "executionSuccessful": true,
            "exitCode": u8::from(o.denied()),
            "toolExecutionNotifications": [{
                "level": if broken { "error" } else { "note" },
                "message": {"text": report.line()},
            }],
        }],
        "properties": properties,
        "results": results,
    });
    let log = json!({"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [run]});
    serde_json::to_string_pretty(&log).expect("plain data") + "\n"
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "none",
    }
}

fn rule(r: &RuleInfo, report: &Report) -> Value {
    let (title, section) = (r.title.say(report.lang), |name: &str| section(r.page, name));
    let full = r.page.split_once("\n\n").and_then(|(_, rest)| rest.split("\n## ").next()).unwrap_or(r.page);
    json!({
        "id": r.id,
        "name": r.id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": one_line(full)},
        "help": {"text": section("Remedy").unwrap_or(r.page), "markdown": r.page},
        "defaultConfiguration": {"level": level(r.level)},
        "properties": {"waivable": r.waivable, "title": {"zh": r.title.0, "en": r.title.1}},
    })
}

/// The text under a heading of a rule's page.
fn section<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("\n## {name}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest).trim())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn result(report: &Report, class: Class, j: &Judged, index: usize) -> Value {
    let p = &j.place;
    let mut physical = json!({"artifactLocation": {"uri": uri(&p.file), "uriBaseId": "%SRCROOT%"}});
    if p.line > 0 {
        let mut region = json!({"startLine": p.line});
        if let Some((from, to)) = p.columns() {
            region["startColumn"] = json!(from);
            region["endColumn"] = json!(to);
            region["snippet"] = json!({"text": p.excerpt.chars().skip(from - 1).take(to - from).collect::<String>()});
        }
        physical["region"] = region;
    }
    let mut v = Map::new();
    v.insert("ruleId".into(), json!(j.finding.rule));
    v.insert("ruleIndex".into(), json!(index));
    v.insert("level".into(), json!(level(j.level)));
    v.insert("message".into(), json!({"text": report.whole(j)}));
    v.insert("locations".into(), json!([{"physicalLocation": physical, "logicalLocations": [{"name": j.finding.subject}]}]));
    v.insert("partialFingerprints".into(), json!({"dubanFinding/v1": j.fingerprint}));
    if report.outcome.since.is_some() {
        // A waived finding is not compared: whether it is new does not matter.
        v.insert("baselineState".into(), json!(if class == Class::Counts { "new" } else { "unchanged" }));
    }
    if class == Class::Waived {
        let excuse = report.excuse(j).unwrap_or_default();
        v.insert("suppressions".into(), json!([{"kind": "external", "status": "accepted", "justification": excuse}]));
    }
    v.insert("properties".into(), json!({"subject": j.finding.subject, "message": j.finding.message, "remedy": j.finding.remedy}));
    Value::Object(v)
}

/// A path as a URI reference: everything but letters, digits, `/` and `-._~` by its bytes.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(super::uri("a b/政策.yaml"), "a%20b/%E6%94%BF%E7%AD%96.yaml");
        assert_eq!(super::uri("../x-1_y~.yaml"), "../x-1_y~.yaml");
    }
}
