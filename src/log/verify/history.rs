//! Git as a witness: what HEAD or a named revision holds, and what commits took away.

use super::checkpoint;
use super::file::{Seen, brief};
use super::options::Options;
use super::trouble::{Report, Trouble, Word};
use super::witness::{Hall, not_there};
use crate::finding::words;
use crate::git::Repo;
use crate::log::lines::{Lines, split};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// A state that the user names.
#[derive(Debug, Clone)]
pub enum Against {
    /// A revision of git.
    Revision(String),
    /// A checkpoint's file.
    Checkpoint(PathBuf),
}

/// Asks git, as far as it can be asked.
pub fn hear(o: &Options, hall: &mut Hall, seen: &[Seen], report: &mut Report) {
    if let Some(Against::Checkpoint(path)) = &o.against
        && !checkpoint::against(o.root, path, seen, hall)
    {
        let (zh, en) = ("点名的检查点被改动或无法读取", "the checkpoint named was altered or cannot be read");
        hall.add(Trouble::new(Word::Altered, &path.to_string_lossy(), 1, zh, en));
    }
    // A revision that was named is asked also where git's history is not; that it cannot be
    // asked is a trouble, for the answer would not be the one that was wanted.
    if let Some(Against::Revision(r)) = &o.against
        && let Err(e) = o.repo.ok_or_else(|| "no git".to_string()).and_then(|repo| present(repo, r, hall))
    {
        let (zh, en) = (format!("无法与 {r} 对照：{e}"), format!("it cannot be held against {r}: {e}"));
        hall.add(Trouble::new(Word::Unreadable, &format!("git {r}"), 0, zh, en));
    }
    let Some(repo) = o.repo.filter(|_| o.history) else {
        let (zh, en) = ("git 未作见证：不在 git 中，或 --no-git", "git bears no witness: not in git, or --no-git");
        report.heard.silent.push(words(zh.into(), en.into()));
        return;
    };
    if repo.shallow() {
        let (zh, en) = ("浅克隆：更早的提交不在此处", "a shallow clone: earlier commits are not here to bear witness");
        report.heard.silent.push(words(zh.into(), en.into()));
    }
    if repo.commit("HEAD").is_some()
        && let Err(e) = present(repo, "HEAD", hall)
    {
        report.heard.silent.push(words(format!("git 未作见证：{e}"), format!("git bears no witness: {e}")));
    }
    match repo.removals("log") {
        Ok((commits, removals)) => {
            report.heard.commits = commits;
            taken(o, repo, &removals, hall, seen);
        }
        Err(e) => report.heard.silent.push(words(format!("git 历史未作见证：{e}"), format!("git's history bears no witness: {e}"))),
    }
}

/// Every file of a revision must still begin with what it had then.
fn present(repo: &Repo, revision: &str, hall: &mut Hall) -> Result<(), String> {
    for file in repo.differing(revision, "log")? {
        let Some(path) = file.strip_prefix("log/").filter(|p| p.ends_with(".jsonl")) else { continue };
        let Some(then) = repo.bytes_at(revision, &file) else { continue };
        let lines = then.iter().filter(|b| **b == b'\n').count() as u64;
        let says = format!("git {revision}");
        let Some(s) = hall.get(path) else {
            let t = not_there(path, lines.saturating_sub(1), vec![says.clone()]);
            hall.add(Trouble { found: vec![says], ..t });
            continue;
        };
        let Some((line, word)) = first_difference(hall, &file, &then) else { continue };
        let old = then.split(|b| *b == b'\n').nth(line as usize - 1).unwrap_or_default();
        let (zh, en) = match word {
            Word::Dropped => (
                format!("{revision} 有 {lines} 行，现有 {} 行", s.lines),
                format!("{revision} has {lines} lines of it, and there are {}", s.lines),
            ),
            _ => (format!("从第 {line} 行起已不是 {revision} 中的内容"), format!("from line {line} on it is not what {revision} holds")),
        };
        let t = Trouble { entry: brief(old), seq: split(old).map(|s| s.seq), ..Trouble::new(word, &file, line, zh, en) };
        hall.add(Trouble { witness: vec![says.clone()], found: vec![says], ..t });
    }
    Ok(())
}

/// The first line of `then` that is not there now.
fn first_difference(hall: &Hall, file: &str, then: &[u8]) -> Option<(u64, Word)> {
    let mut now = Lines::open(&hall.root().join(file)).ok()?;
    for (i, old) in then.split_inclusive(|b| *b == b'\n').enumerate() {
        let line = i as u64 + 1;
        match now.next().ok()? {
            None => return Some((line, Word::Dropped)),
            Some(l) if l.bytes != old.strip_suffix(b"\n").unwrap_or(old) || !l.whole && old.ends_with(b"\n") => {
                return Some((line, Word::Rewritten));
            }
            Some(_) => {}
        }
    }
    None
}

/// Lines that commits took away and that are nowhere now.
fn taken(o: &Options, repo: &Repo, removals: &[crate::git::Removal], hall: &mut Hall, seen: &[Seen]) {
    // By chain value: a line that came back, in whatever file, is not lost.
    let mut lost: HashMap<Vec<u8>, (usize, Vec<u8>)> = HashMap::new();
    for (n, removal) in removals.iter().enumerate().filter(|(_, r)| r.file.ends_with(".jsonl")) {
        for line in repo.removed_lines(removal) {
            let line = line.strip_suffix(b"\r").unwrap_or(&line).to_vec();
            let key = split(&line).map_or_else(|| line.clone(), |_| line.clone());
            lost.entry(key).or_insert((n, line));
        }
    }
    if lost.is_empty() {
        return;
    }
    let mut there: HashSet<Vec<u8>> = HashSet::new();
    for s in seen {
        let Ok(mut lines) = Lines::open(&o.root.join("log").join(s.path())) else { continue };
        while let Ok(Some(line)) = lines.next() {
            let bytes = line.bytes.strip_suffix(b"\r").unwrap_or(line.bytes);
            if lost.contains_key(bytes) {
                there.insert(bytes.to_vec());
            }
        }
    }
    let mut told: Vec<(usize, Vec<u8>)> = lost.into_iter().filter(|(k, _)| !there.contains(k)).map(|(_, v)| v).collect();
    told.sort();
    for (n, line) in told {
        let r = &removals[n];
        // A header alone is no entry, and marks of a merge are nobody's.
        let Some(seq) = split(&line).map(|s| s.seq).filter(|s| *s > 0) else { continue };
        let commit = r.commit.get(..12).unwrap_or(&r.commit);
        let (zh, en) = (
            format!("第 {seq} 条被 {} 的提交 {commit}（{}）删改", r.author, r.at),
            format!("entry {seq} was taken away or changed by commit {commit} of {} ({})", r.author, r.at),
        );
        let t = Trouble { entry: brief(&line), ..Trouble::new(Word::History, &r.file, seq + 1, zh, en).seq(seq) };
        let found = vec![format!("git {commit}^")];
        hall.troubles.push(Trouble { witness: vec![format!("git {commit}")], found, ..t });
    }
}
