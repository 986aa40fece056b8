//! Findings as JSON, schema `duban/check/1`.

use super::report::Report;
use crate::finding::Judged;
use crate::model::Level;
use serde_json::{Value, json};

/// The published shape of what [`render`] writes, as a JSON Schema.
pub const SCHEMA: &str = include_str!("check.schema.json");

/// The whole outcome.
pub fn render(report: &Report) -> String {
    let (outcome, summary) = (report.outcome, report.summary);
    let one = |j: &Judged| {
        let mut v = json!({
            "rule": j.finding.rule, "level": j.level, "subject": j.finding.subject, "message": j.finding.message,
            "remedy": j.finding.remedy, "place": j.place, "fingerprint": j.fingerprint,
        });
        if let Some(w) = j.waiver {
            let w = &report.waivers[w];
            v["waiver"] = json!({"who": w.who, "why": w.why, "until": w.until});
        }
        v
    };
    let mut v = json!({"schema": "duban/check/1"});
    let head = serde_json::to_value(summary).expect("a summary is plain data");
    if let (Value::Object(v), Value::Object(head)) = (&mut v, head) {
        v.extend(head);
        v.insert("verdict".into(), json!(if outcome.denied() { "denied" } else { "passed" }));
        v.insert("rules".into(), json!(outcome.rules));
        v.insert("deny".into(), json!(outcome.count(Level::Deny)));
        v.insert("warn".into(), json!(outcome.count(Level::Warn)));
        v.insert("allowed".into(), json!(outcome.allowed));
        v.insert("waived_count".into(), json!(outcome.waived.len()));
        if let Some(since) = &outcome.since {
            v.insert("since".into(), json!(since));
            v.insert("old_count".into(), json!(outcome.old.len()));
            v.insert("old".into(), outcome.old.iter().map(one).collect());
        }
        v.insert("rows".into(), outcome.findings.iter().map(one).collect());
        v.insert("waived".into(), outcome.waived.iter().map(one).collect());
    }
    serde_json::to_string_pretty(&v).expect("plain data") + "\n"
}
