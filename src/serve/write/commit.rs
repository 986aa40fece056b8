//! Tells git: each entry is a commit of its department's folder of the log, with its post as author,
//! pushed by and by where a remote is named.
//!
//! The entry is on disk before git hears of it. That git fails is told to whoever recorded, and
//! counted; the next entry's commit takes the file along. [`pushing`] runs beside the desk: what cannot be
//! pushed is told on the page of the next entry and in the access log, and tried again.

use crate::git::Repo;
use crate::log::append::Appender;
use crate::log::disk::Real;
use crate::model::Entry;
use crate::serve::desk::Desk;
use crate::snapshot::Snapshot;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Commits an entry; what git said where it could not.
pub fn commit(desk: &Desk, s: &Snapshot, entry: &Entry) -> Option<String> {
    let mode = desk.config.git.as_ref()?;
    let said = told(desk, s, entry, mode.push.as_deref());
    if said.is_some() {
        desk.tell.git_failed.fetch_add(1, Relaxed);
    }
    said
}

fn told(desk: &Desk, s: &Snapshot, entry: &Entry, push: Option<&str>) -> Option<String> {
    let Some(repo) = &desk.config.state.repo else { return Some("the register is not in a git repository".into()) };
    let dept = s.register.name(&entry.dept, s.day(), crate::model::Lang::Zh);
    let message = format!("{} {}@{}\n\n{} {}\n{}", entry.event.code(), entry.duty, entry.dept, dept, entry.by, entry.h);
    let author = format!("{0} <{0}@{1}.invalid>", entry.by, s.register.settings.unit.code.as_str().to_lowercase());
    // The department's own folder: drafts, its own and others', lie elsewhere and are nobody's to publish.
    if let Err(e) = repo.commit_below(&format!("log/{}", entry.dept), &author, &message) {
        return Some(e);
    }
    if push.is_some() {
        desk.tell.push_wanted.store(true, Relaxed);
    }
    None
}

/// Pushes what was committed, for as long as the desk is open: nobody waits for a remote. Where it
/// has moved on, our commits are put on top, while no entry is being written.
pub fn pushing(desk: &Desk) {
    let Some((repo, remote)) = desk.config.state.repo.as_ref().zip(desk.config.git.as_ref().and_then(|g| g.push.as_deref())) else {
        return;
    };
    let mut wait = Duration::from_millis(200);
    loop {
        std::thread::sleep(wait);
        let stopping = desk.stopping.load(Relaxed);
        if desk.tell.push_wanted.swap(false, Relaxed) {
            let said = pushed(desk, repo, remote).err();
            // What could not be pushed is tried again, ever less often.
            wait = if said.is_some() { (wait * 2).min(Duration::from_secs(60)) } else { Duration::from_millis(200) };
            if let Some(e) = &said {
                desk.tell.push_wanted.store(true, Relaxed);
                desk.tell.git_failed.fetch_add(1, Relaxed);
                let mut sink = desk.config.access.lock().unwrap_or_else(|e| e.into_inner());
                let _ = writeln!(
                    sink,
                    "{}",
                    serde_json::json!({"at": (desk.config.clock)().to_rfc3339(), "push": crate::git::masked(remote), "failed": e})
                );
            }
            *desk.tell.push_said.lock().unwrap_or_else(|e| e.into_inner()) = said;
        }
        if stopping {
            return;
        }
    }
}

fn pushed(desk: &Desk, repo: &Repo, remote: &str) -> Result<(), String> {
    let mut said = String::new();
    for _ in 0..5 {
        match repo.push(remote) {
            Ok(()) => return Ok(()),
            Err(e) => said = e,
        }
        repo.fetch(remote)?;
        let _here = desk.pen.lock().unwrap_or_else(|e| e.into_inner());
        // The command line's own entries are kept out by the lock of the log.
        let view = desk.views.now()?;
        let appender = Appender {
            root: &view.s.root,
            register: &view.s.register,
            now: (desk.config.clock)(),
            state: &desk.config.state,
            disk: &Real,
            progress: None,
        };
        let _there = appender.lock().map_err(|e| e.to_string())?;
        repo.rebase_on_fetched()?;
    }
    Err(said)
}
