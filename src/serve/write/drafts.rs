//! What is typed and not yet recorded: drafts in `log/drafts/DEPT`, the same that
//! `duban log seal` reads, so that nothing is kept where only the desk sees it.
//!
//! A draft of the desk holds one proposal with its post and key. One that waits for another post's
//! consent is named `consent-…`, the others `desk-…`.

use crate::intake::{Proposal, drafts};
use crate::serve::call::{Call, Reply, escape};
use crate::serve::read::or;
use crate::snapshot::Snapshot;
use maud::{Markup, html};
use std::io::Write;

/// A draft of the desk.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Department folder.
    pub dept: String,
    /// Name of the file.
    pub name: String,
    /// What it proposes.
    pub proposal: Proposal,
    /// It waits for consent.
    pub consent: bool,
    /// What is said at its head.
    pub said: Vec<String>,
    /// Digest of its bytes: what was looked at is what is agreed to.
    pub mark: String,
}

/// The desk's drafts that can be read; [`unread`] tells of the others.
pub fn all(s: &Snapshot) -> Vec<Draft> {
    let (found, _) = drafts::find(&s.root).unwrap_or_default();
    found.iter().filter_map(|rel| read(s, rel)).collect()
}

/// The desk's drafts that cannot be read, on a page that lists what waits: one of them may be a
/// request to whoever looks.
pub fn unread(call: &Call, s: &Snapshot) -> Markup {
    let lost: Vec<String> = match drafts::find(&s.root) {
        Ok((found, _)) => found.into_iter().filter(|rel| ours(rel) && read(s, rel).is_none()).collect(),
        Err(e) => vec![format!("log/drafts: {e}")],
    };
    html! {
        @if !lost.is_empty() {
            div.bad role="note" {
                (call.say("这些草稿无法读取，其中可能有等您办理的请求；请管理员查看：", "These drafts cannot be read, and a request to you may be among them; have whoever runs the desk look at them:"))
                ul { @for rel in &lost { li { (rel) } } }
            }
        }
    }
}

/// Was it written by the desk?
fn ours(rel: &str) -> bool {
    rel.rsplit('/').next().is_some_and(|name| name.starts_with("desk-") || name.starts_with("consent-"))
}

fn read(s: &Snapshot, rel: &str) -> Option<Draft> {
    let name = rel.rsplit('/').next()?;
    if !ours(rel) {
        return None;
    }
    let file = drafts::read(&s.root, rel).ok().filter(|f| f.slips.is_empty())?;
    let said = String::from_utf8_lossy(&file.bytes).lines().map_while(|l| l.strip_prefix("# ").map(String::from)).collect();
    let proposal = file.items.into_iter().next()?.1;
    Some(Draft {
        dept: file.dept,
        name: name.into(),
        proposal,
        consent: name.starts_with("consent-"),
        said,
        mark: crate::digest::hex(&file.bytes),
    })
}

/// Saves a draft of a post; one under the same key is replaced.
///
/// # Errors
/// When it cannot be written.
pub fn save(s: &Snapshot, p: &Proposal, by: &str, dept: &str) -> Result<(), Reply> {
    put(s, p, by, dept, "desk", &[])
}

/// Writes a draft of a kind, with lines at its head.
///
/// # Errors
/// When it cannot be written.
pub fn put(s: &Snapshot, p: &Proposal, by: &str, dept: &str, kind: &str, said: &[String]) -> Result<(), Reply> {
    let bad = |e: std::io::Error| Reply::problem(507, format!("the draft cannot be kept: {e}"));
    let mut p = p.clone();
    p.by = Some(by.into());
    let value = serde_json::to_value(&p).expect("a proposal is plain data");
    let text = drafts::write(said, &[value]);
    let dir = s.root.join("log/drafts").join(dept);
    for folder in [s.root.join("log/drafts"), dir.clone()] {
        match std::fs::symlink_metadata(&folder) {
            Ok(m) if m.is_dir() => {}
            Ok(_) => return Err(bad(std::io::Error::other(format!("{} is not a folder", folder.display())))),
            Err(_) => std::fs::create_dir_all(&folder).map_err(bad)?,
        }
    }
    let mut file = tempfile::Builder::new().prefix(".desk-").tempfile_in(&dir).map_err(bad)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(bad)?;
    file.persist(dir.join(name(kind, by, p.key.as_deref().unwrap_or("")))).map_err(|e| bad(e.error))?;
    Ok(())
}

/// The name of a draft: one a post and key.
fn name(kind: &str, by: &str, key: &str) -> String {
    let mark: String = crate::digest::hex(format!("{by}\n{key}").as_bytes()).chars().take(12).collect();
    let by: String = by.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("{kind}-{by}-{mark}.yaml")
}

/// A draft that became an entry goes.
pub fn gone(s: &Snapshot, key: &str, by: &str) {
    for d in all(s).iter().filter(|d| d.proposal.by.as_deref() == Some(by) && d.proposal.key.as_deref() == Some(key)) {
        take_away(s, d);
    }
}

/// Takes a draft away.
pub fn take_away(s: &Snapshot, d: &Draft) {
    // That it stays harms nobody: its key is recorded, and `seal` says so.
    let _ = std::fs::remove_file(s.root.join("log/drafts").join(&d.dept).join(&d.name));
}

/// The draft that a path means, among those that there are: no name of a path is ever opened.
///
/// # Errors
/// 404 where there is none.
pub fn find(call: &Call, s: &Snapshot) -> Result<Draft, Reply> {
    let found = all(s).into_iter().find(|d| d.dept == call.path[0] && d.name == call.path[1]);
    found.ok_or_else(|| Reply::problem(404, call.say("没有这份草稿，可能已办理", "there is no such draft; it may have been dealt with")))
}

/// `POST /draft/{dept}/{name}/drop`: by whoever wrote it.
pub fn drop(call: &Call) -> Reply {
    or(call.desk.views.now().map_err(|e| Reply::problem(503, e)).and_then(|view| {
        let d = find(call, &view.s)?;
        if d.proposal.by.as_deref() != Some(call.visitor().post.as_str()) {
            return Err(Reply::problem(403, call.say("这不是您的草稿", "this draft is not yours")));
        }
        take_away(&view.s, &d);
        call.desk.views.stale();
        Ok(Reply::go(format!("/assignment/{}", escape(&d.proposal.duty))))
    }))
}

/// A draft on a page, for whoever wrote it.
pub fn shown(call: &Call, d: &Draft) -> Markup {
    let p = &d.proposal;
    html! {
        div.note {
            b { (if d.consent { call.say("等待同意", "Waiting for consent") } else { call.say("草稿", "Draft") }) } " · " (p.event.term().say(call.lang)) " · " (p.duty)
            @if d.consent { " · " (p.agreed.as_deref().unwrap_or("")) }
            @if let Some(n) = &p.note { " · " (n.chars().take(80).collect::<String>()) }
            @for s in &d.said { br; (s) }
            div.acts {
                @if !d.consent { a.button href={ "/assignment/" (escape(&p.duty)) "/" (p.event.code()) "?draft=" (escape(&d.name)) @if let Some(f) = &p.fixes { "&fixes=" (escape(f)) } } { (call.say("继续填写", "Go on")) } }
                form method="post" action={ "/draft/" (escape(&d.dept)) "/" (escape(&d.name)) "/drop" } { input type="hidden" name="csrf" value=(call.visitor().csrf); button { (if d.consent { call.say("撤销请求", "Take back") } else { call.say("删除草稿", "Delete") }) } }
            }
        }
    }
}
