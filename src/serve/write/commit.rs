//! Tells git: each entry is a commit of its file alone, with its post as author, pushed where a
//! remote is named.
//!
//! The entry is on disk before git hears of it. That git fails is told to whoever recorded and
//! counted; the next entry's commit takes the file along.

use crate::model::Entry;
use crate::serve::desk::Desk;
use crate::snapshot::Snapshot;
use std::sync::atomic::Ordering::Relaxed;

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
    if let Err(e) = repo.commit_below("log", &author, &message) {
        return Some(e);
    }
    repo.push_with_rebase(push?, 5).err()
}
