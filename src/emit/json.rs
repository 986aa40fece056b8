//! Findings as JSON, schema `duban/check/1`.

use super::summary::Summary;
use crate::finding::{Judged, Outcome};
use crate::model::{Level, Waiver};
use serde_json::{Value, json};

/// The whole outcome.
pub fn render(outcome: &Outcome, summary: &Summary, waivers: &[Waiver]) -> String {
    let one = |j: &Judged| {
        let mut v = json!({
            "rule": j.finding.rule, "level": j.level, "subject": j.finding.subject, "message": j.finding.message,
            "remedy": j.finding.remedy, "place": j.place,
        });
        if let Some(w) = j.waiver {
            v["waiver"] = json!({"who": waivers[w].who, "why": waivers[w].why, "until": waivers[w].until});
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
        v.insert("rows".into(), outcome.findings.iter().map(one).collect());
        v.insert("waived".into(), outcome.waived.iter().map(one).collect());
    }
    serde_json::to_string_pretty(&v).expect("plain data") + "\n"
}
