//! For those who watch the desk: is it well, and what did it do.

use crate::model::{Light, Status};
use crate::serve::call::{Call, Reply};
use serde_json::json;
use std::sync::atomic::Ordering::Relaxed;

/// `GET /healthz`: 200 while the register can be opened and the desk is not stopping. Nothing
/// is told of the register's content, because anybody may ask.
pub fn health(call: &Call) -> Reply {
    let stopping = call.desk.stopping.load(Relaxed);
    match call.desk.views.today() {
        Ok(_) if !stopping => Reply::json(200, &json!({"status": "ok"})),
        Ok(_) => Reply::json(503, &json!({"status": "stopping"})),
        Err(_) => Reply::json(503, &json!({"status": "the register cannot be opened"})),
    }
}

/// `GET /metrics`: counters, and how the register stands.
pub fn metrics(call: &Call) -> Reply {
    let mut more: Vec<(String, &str, f64)> = Vec::new();
    let opened = call.desk.views.today();
    // Without it the register's own figures would be missing and nobody be told.
    more.push(("duban_register_open".into(), "1 while the register can be opened.", f64::from(u8::from(opened.is_ok()))));
    if let Ok(view) = opened {
        let s = &view.s;
        let states = &s.folded.states;
        for (i, x) in Status::ALL.iter().enumerate() {
            let n = states.iter().filter(|d| d.status == *x).count();
            let help = if i == 0 { "Assignments by state." } else { "" };
            more.push((format!("duban_assignments{{status=\"{}\"}}", x.code()), help, n as f64));
        }
        for (i, x) in Light::ALL.iter().enumerate() {
            let n = states.iter().filter(|d| d.light == *x).count();
            more.push((format!("duban_lights{{light=\"{}\"}}", x.code()), if i == 0 { "Assignments by light." } else { "" }, n as f64));
        }
        let no_lead = s.roster.owners.iter().filter(|o| o.lead.is_empty()).count();
        more.push(("duban_obligations_without_lead".into(), "Obligations without lead department.", no_lead as f64));
        more.push(("duban_obligations_invalid".into(), "Obligations that cannot be read.", s.register.invalid.len() as f64));
        more.push(("duban_log_entries".into(), "Entries in the log.", s.log.entries as f64));
        more.push(("duban_log_unreadable_lines".into(), "Lines of the log that cannot be read.", s.log.unreadable as f64));
    }
    let more: Vec<(&str, &str, f64)> = more.iter().map(|(a, b, c)| (a.as_str(), *b, *c)).collect();
    Reply::new(200, "text/plain; version=0.0.4; charset=utf-8", call.desk.tell.text(&more))
}
