//! Mends what can be mended, and loses nothing.
//!
//! Order of things: [`plan`] gathers for every troubled file each line that is still
//! somewhere (the file itself, the spool, git) and follows the chain from the header as far
//! as it goes; [`apply`] sets the file's old bytes aside and puts the mended ones in their
//! place. A file is only mended when every genuine line of it is in what is put there: a
//! hole that nobody can fill stays, and is told.

use super::append::Appender;
use super::lines::{Shape, parse_name, split};
use super::verify::{Options, Trouble, Word};
use crate::digest;
use crate::finding::words;
use crate::model::Words;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What is to be done with one file.
#[derive(Debug, Clone, Serialize)]
pub struct Fix {
    /// `log/…`.
    pub file: String,
    /// What would be done, or why nothing can be.
    pub what: Words,
    /// Files to write: path and bytes; empty when nothing can be done.
    #[serde(skip)]
    pub writes: Vec<(String, Vec<u8>)>,
    /// Can it be mended?
    pub mends: bool,
    /// Lines put back that the file had lost.
    pub restored: usize,
}

/// Earlier versions of a file that git is asked for.
const VERSIONS: usize = 50;

/// What can be done about the troubles, file by file.
pub fn plan(o: &Options, troubles: &[Trouble]) -> Vec<Fix> {
    let mut by_file: BTreeMap<&str, Vec<&Trouble>> = BTreeMap::new();
    for t in troubles {
        by_file.entry(&t.file).or_default().push(t);
    }
    by_file.into_iter().map(|(file, troubles)| fix(o, file, &troubles)).collect()
}

fn no(file: &str, zh: &str, en: &str) -> Fix {
    Fix { file: file.into(), what: words(zh.into(), en.into()), writes: Vec::new(), mends: false, restored: 0 }
}

fn fix(o: &Options, file: &str, troubles: &[&Trouble]) -> Fix {
    let name = file.rsplit('/').next().unwrap_or("");
    if troubles.iter().any(|t| t.word == Word::Link) || parse_name(name).is_none() {
        return no(file, "不是日志文件，请自行移走", "it is no log file; look at it and move it away yourself");
    }
    if troubles.iter().any(|t| t.word == Word::Moved && t.line <= 1) {
        return no(file, "文件不在它的日志头所说的位置，请移回", "it is not where its header says; move it back");
    }
    if troubles.iter().any(|t| t.word == Word::Repeated && t.line == 0) {
        return no(file, "是另一文件的副本；核对后请自行移走", "it is a copy of another file; look at it and move it away yourself");
    }
    let path = o.root.join(file);
    let old =
        if std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_file()) { std::fs::read(&path).unwrap_or_default() } else { Vec::new() };
    let here = shaped(&old);
    let mut pool = here.clone();
    for s in o.spool.iter().filter(|s| s.file == file && (s.branch.as_deref() == o.branch || old.is_empty())) {
        pool.extend(shaped(s.line.as_bytes()));
    }
    if let Some(repo) = o.repo {
        let mut revisions = vec!["HEAD".to_string()];
        revisions.extend(repo.versions(file, VERSIONS));
        for revision in revisions {
            pool.extend(repo.bytes_at(&revision, file).map(|b| shaped(&b)).unwrap_or_default());
        }
    }
    let ends = chains(&pool);
    let Some(longest) = ends.first() else {
        return no(file, "连日志头也找不到", "not even its header is anywhere to be found");
    };
    // Genuine lines of the file must all be in what is put there.
    let kept: HashSet<&[u8]> = ends.iter().flatten().map(Vec::as_slice).collect();
    let sound: HashSet<&[u8]> = genuine(&here);
    if sound.iter().any(|l| !kept.contains(l)) {
        let (zh, en) = ("缺的行哪里都找不到，文件保持原样", "the lines in between are nowhere to be found; the file stays as it is");
        return no(file, zh, en);
    }
    let have: HashSet<&Vec<u8>> = here.iter().collect();
    let restored = ends.iter().flatten().collect::<HashSet<_>>().into_iter().filter(|l| !have.contains(*l)).count();
    let text = |lines: &[Vec<u8>]| lines.iter().flat_map(|l| l.iter().copied().chain([b'\n'])).collect::<Vec<u8>>();
    let mut writes = vec![(file.to_string(), text(longest))];
    let folder = file.rsplit_once('/').map_or("", |(f, _)| f);
    let mut number = 2;
    for end in &ends[1..] {
        let (month, writer, _) = parse_name(name).expect("asked above");
        let free = loop {
            let rel = format!("{folder}/{month}.{writer}.{number}.jsonl");
            number += 1;
            match std::fs::read(o.root.join(&rel)) {
                Err(_) => break Some(rel),
                // An end that an earlier repair has set beside the file already.
                Ok(b) if b.starts_with(&text(end)) => break None,
                Ok(_) => {}
            }
        };
        writes.extend(free.map(|rel| (rel, text(end))));
    }
    writes.retain(|(rel, bytes)| *rel != file || *bytes != old);
    if writes.is_empty() {
        let (zh, en) = (
            "文件本身完好；见证另有所见，无从修复",
            "the file holds by itself and nothing more of it is to be found; what the witness saw cannot be brought back",
        );
        return no(file, zh, en);
    }
    let (zh, en) = if ends.len() > 1 {
        (
            format!("分成 {} 个文件，补回 {restored} 行", ends.len()),
            format!("set side by side as {} files, {restored} lines put back", ends.len()),
        )
    } else {
        (format!("按校验链重排，补回 {restored} 行"), format!("written anew along its chain, {restored} lines put back"))
    };
    Fix { file: file.into(), what: words(zh, en), writes, mends: true, restored }
}

/// Lines with the shape of a log line, CRs and marks passed over.
fn shaped(text: &[u8]) -> Vec<Vec<u8>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let whole = text.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let lines = text[..whole].split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
    lines.filter(|l| split(l).is_some()).map(<[u8]>::to_vec).collect()
}

fn shape(line: &[u8]) -> Shape<'_> {
    split(line).expect("only lines with a shape are gathered")
}

/// Lines that follow another line of the same file, or are its header.
fn genuine(lines: &[Vec<u8>]) -> HashSet<&[u8]> {
    let mut by_seq: HashMap<u64, Vec<&[u8]>> = HashMap::new();
    for l in lines {
        by_seq.entry(shape(l).seq).or_default().push(shape(l).h);
    }
    let follows = |l: &[u8]| {
        let s = shape(l);
        if s.seq == 0 {
            return digest::follows(b"", s.body, s.h);
        }
        by_seq.get(&(s.seq - 1)).is_some_and(|all| all.iter().take(8).any(|h| digest::follows(h, s.body, s.h)))
    };
    lines.iter().map(Vec::as_slice).filter(|l| follows(l)).collect()
}

/// Every chain from a header to an end, the longest first.
fn chains(pool: &[Vec<u8>]) -> Vec<Vec<Vec<u8>>> {
    let mut by_seq: BTreeMap<u64, Vec<&Vec<u8>>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for l in pool.iter().filter(|l| seen.insert(l.as_slice())) {
        by_seq.entry(shape(l).seq).or_default().push(l);
    }
    // Per end: the index of its last line and of the one before, so that a long file is
    // not copied for each of its lines.
    let mut nodes: Vec<(&Vec<u8>, Option<usize>)> = Vec::new();
    let mut level: Vec<usize> = Vec::new();
    let mut ends = Vec::new();
    for l in by_seq.get(&0).into_iter().flatten().filter(|l| digest::follows(b"", shape(l).body, shape(l).h)) {
        nodes.push((l, None));
        level.push(nodes.len() - 1);
    }
    let mut seq = 1;
    while !level.is_empty() {
        let mut next = Vec::new();
        for i in level {
            let before = nodes.len();
            for l in by_seq.get(&seq).into_iter().flatten().take(64) {
                if digest::follows(shape(nodes[i].0).h, shape(l).body, shape(l).h) {
                    nodes.push((l, Some(i)));
                    next.push(nodes.len() - 1);
                }
            }
            if nodes.len() == before {
                ends.push((seq, i));
            }
        }
        level = next;
        seq += 1;
    }
    ends.sort_by_key(|(n, i)| (std::cmp::Reverse(*n), *i));
    ends.into_iter()
        .map(|(_, i)| {
            let (mut out, mut at) = (Vec::new(), Some(i));
            while let Some(i) = at {
                out.push(nodes[i].0.clone());
                at = nodes[i].1;
            }
            out.reverse();
            out
        })
        .collect()
}

/// Carries the plan out under the lock: old bytes aside first, then each file whole.
///
/// # Errors
/// What the system said; what was done until then is whole, and asking again goes on.
pub fn apply(appender: &Appender, fixes: &[Fix]) -> std::io::Result<usize> {
    let mut done = 0;
    for fix in fixes.iter().filter(|f| f.mends) {
        // The further ends first: until the file itself is written anew nothing has left it.
        for (rel, bytes) in fix.writes.iter().rev() {
            let path = appender.root.join(rel);
            let dir = path.parent().expect("a log file has a folder");
            if std::fs::symlink_metadata(&path).is_ok() {
                let old = std::fs::read(&path)?;
                let name = format!("{}.{}", rel.replace('/', "+"), appender.now.timestamp_millis());
                appender.set_aside(&name, &old)?;
            } else if !dir.exists() {
                appender.disk.make_dirs(dir)?;
            }
            appender.disk.replace(&path, bytes)?;
        }
        done += 1;
    }
    Ok(done)
}
