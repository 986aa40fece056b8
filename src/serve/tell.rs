//! Counters, as Prometheus reads them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper ends of the classes of time, in seconds.
const CLASSES: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Debug, Clone, Copy, Default)]
struct Times {
    classes: [u64; CLASSES.len()],
    count: u64,
    sum: f64,
}

/// What happened since the start.
#[derive(Debug, Default)]
pub struct Tell {
    /// By route and status class.
    requests: Mutex<BTreeMap<(&'static str, u16), Times>>,
    /// Entries recorded.
    pub entries: AtomicU64,
    /// Entries refused.
    pub refused: AtomicU64,
    /// Passwords that reached the hash.
    pub hashes: AtomicU64,
    /// Sign-ins.
    pub signed_in: AtomicU64,
    /// Tries held back.
    pub held_back: AtomicU64,
    /// Forms without our token.
    pub forged: AtomicU64,
    /// Bytes of uploads taken.
    pub uploaded: AtomicU64,
    /// Commits or pushes that failed.
    pub git_failed: AtomicU64,
    /// Something was committed and not yet pushed.
    pub push_wanted: AtomicBool,
    /// What git said when it last could not push.
    pub push_said: Mutex<Option<String>>,
    /// Reports being made now.
    pub printing: AtomicU64,
    /// Connections open now.
    pub connections: AtomicU64,
    /// Answers that our own mistakes spoilt.
    pub panics: AtomicU64,
}

impl Tell {
    /// One answer.
    pub fn answered(&self, route: &'static str, status: u16, took: Duration) {
        let mut all = self.requests.lock().unwrap_or_else(|e| e.into_inner());
        let t = all.entry((route, status / 100)).or_default();
        let took = took.as_secs_f64();
        for (class, n) in CLASSES.iter().zip(&mut t.classes) {
            *n += u64::from(took <= *class);
        }
        t.count += 1;
        t.sum += took;
    }

    /// As text; `more` are further lines.
    pub fn text(&self, more: &[(&str, &str, f64)]) -> String {
        let mut out = String::new();
        out += "# HELP duban_request_seconds Time to answer.\n# TYPE duban_request_seconds histogram\n";
        for ((route, status), t) in &*self.requests.lock().unwrap_or_else(|e| e.into_inner()) {
            let label = format!("route=\"{route}\",status=\"{status}xx\"");
            for (class, n) in CLASSES.iter().zip(t.classes) {
                out += &format!("duban_request_seconds_bucket{{{label},le=\"{class}\"}} {n}\n");
            }
            out += &format!("duban_request_seconds_bucket{{{label},le=\"+Inf\"}} {}\n", t.count);
            out += &format!("duban_request_seconds_sum{{{label}}} {}\nduban_request_seconds_count{{{label}}} {}\n", t.sum, t.count);
        }
        let counters = [
            ("duban_entries_total", "Entries recorded through the desk.", &self.entries),
            ("duban_refused_total", "Entries refused.", &self.refused),
            ("duban_password_hashes_total", "Passwords that were held against a hash.", &self.hashes),
            ("duban_sign_ins_total", "Right passwords.", &self.signed_in),
            ("duban_held_back_total", "Tries of passwords that were held back.", &self.held_back),
            ("duban_forged_total", "Forms without the session's token.", &self.forged),
            ("duban_uploaded_bytes_total", "Bytes of files taken in.", &self.uploaded),
            ("duban_git_failed_total", "Commits or pushes that failed.", &self.git_failed),
            ("duban_panics_total", "Answers spoilt by a mistake of the program.", &self.panics),
        ];
        for (name, help, value) in counters {
            out += &format!("# HELP {name} {help}\n# TYPE {name} counter\n{name} {}\n", value.load(Relaxed));
        }
        out += &format!(
            "# HELP duban_connections Connections open.\n# TYPE duban_connections gauge\nduban_connections {}\n",
            self.connections.load(Relaxed)
        );
        for (name, help, value) in more {
            let family = name.split('{').next().unwrap_or(name);
            if !help.is_empty() {
                out += &format!("# HELP {family} {help}\n# TYPE {family} gauge\n");
            }
            out += &format!("{name} {value}\n");
        }
        out
    }
}
