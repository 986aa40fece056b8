//! Checkpoints as witnesses: states that somebody signed off (FORMAT.md, Checkpoints).
//!
//! Order of things: [`Checkpoint::parse`] reads one; [`hear`] holds the log against every
//! one there is; [`against`] against one that the user names; [`write()`] makes the next.

use super::file::Seen;
use super::options::Options;
use super::trouble::{Report, Signature, Trouble, Word};
use super::witness::{Hall, not_there};
use crate::digest;
use crate::finding::words;
use crate::log::disk::Disk;
use crate::log::lines::{Lines, parse_name};
use crate::ssh;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What signatures under checkpoints are made for.
pub const NAMESPACE: &str = "duban-checkpoint";
/// The keys that may sign, unless another file is named.
pub const SIGNERS: &str = "log/checkpoints/allowed_signers";
/// Keys that may no longer.
pub const REVOKED: &str = "log/checkpoints/revoked_keys";

/// A checkpoint as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The register's unit.
    pub unit: String,
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub by: String,
    /// Entries that held.
    pub entries: u64,
    /// 64 hexadecimal digits.
    pub root: String,
    /// `no`, or the fingerprint of the key.
    pub signed: String,
    /// Earlier checkpoints: name and digest.
    pub previous: Vec<(String, String)>,
    /// Lines, digest and path of every file.
    pub files: Vec<(u64, String, String)>,
    /// What follows `end`.
    pub signature: Option<String>,
}

impl Checkpoint {
    /// The lines up to and with `end`.
    pub fn text(&self) -> String {
        let mut out = format!(
            "duban checkpoint 1\nunit {}\nat {}\nby {}\nentries {}\nfiles {}\nroot {}\nsigned {}\n",
            self.unit,
            self.at,
            self.by,
            self.entries,
            self.files.len(),
            self.root,
            self.signed
        );
        for (name, sum) in &self.previous {
            out += &format!("previous {name} {sum}\n");
        }
        for (lines, sum, path) in &self.files {
            out += &format!("file {lines} {sum} {path}\n");
        }
        out + "end\n"
    }

    /// Reads one; only what [`Checkpoint::text`] would write again, byte for byte, is one.
    pub fn parse(text: &str) -> Option<Checkpoint> {
        let end = text.find("\nend\n")? + 5;
        let (body, rest) = text.split_at(end);
        let mut c = Checkpoint { signature: (!rest.trim().is_empty()).then(|| rest.to_string()), ..Checkpoint::default() };
        for line in body.lines() {
            let (key, value) = line.split_once(' ').unwrap_or((line, ""));
            match key {
                "unit" => c.unit = value.into(),
                "at" => c.at = value.into(),
                "by" => c.by = value.into(),
                "entries" => c.entries = value.parse().ok()?,
                "root" => c.root = value.into(),
                "signed" => c.signed = value.into(),
                "previous" => c.previous.push(value.split_once(' ').map(|(n, s)| (n.into(), s.into()))?),
                "file" => {
                    let mut words = value.splitn(3, ' ');
                    c.files.push((words.next()?.parse().ok()?, words.next()?.into(), words.next()?.into()));
                }
                _ => {}
            }
        }
        let root = super::file::root(c.files.iter().map(|(_, sum, path)| (path.clone(), sum.as_str())));
        // Of two ends of one file the lines they share count once, so the sum may be higher.
        let most: u64 = c.files.iter().map(|(lines, ..)| lines.saturating_sub(1)).fold(0, u64::saturating_add);
        let ends = c.files.iter().any(|(.., path)| parse_name(path.rsplit('/').next().unwrap_or(path)).is_some_and(|n| n.2 > 1));
        let fits = c.entries == most || ends && c.entries < most;
        let signed = c.signed != "no" || c.signature.is_none();
        (c.text() == body && root == c.root && fits && signed).then_some(c)
    }

    /// `2026-11-23.auditor-jco-k2qm.1a2b3c4d.txt`.
    pub fn name(&self, writer: &str) -> String {
        format!("{}.{writer}.{}.txt", self.at.get(..10).unwrap_or_default(), self.root.get(..8).unwrap_or_default())
    }
}

/// Names of the checkpoints that there are.
pub fn names(root: &Path) -> Vec<String> {
    let dir = std::fs::read_dir(root.join("log/checkpoints"));
    let mut all: Vec<String> =
        dir.into_iter().flatten().flatten().map(|e| e.file_name().to_string_lossy().into_owned()).filter(|n| n.ends_with(".txt")).collect();
    all.sort();
    all
}

/// The text of a checkpoint: a plain file of a bearable size.
fn text(path: &Path) -> Option<String> {
    std::fs::symlink_metadata(path).ok().filter(|m| m.is_file() && m.len() < 256 << 20)?;
    String::from_utf8(std::fs::read(path).ok()?).ok()
}

/// Holds the log against every checkpoint.
pub fn hear(o: &Options, seen: &[Seen], hall: &mut Hall, report: &mut Report) {
    let names = names(o.root);
    let have: HashSet<&String> = names.iter().collect();
    for name in &names {
        let shown = format!("log/checkpoints/{name}");
        report.heard.checkpoints += 1;
        let Some((text, c)) = text(&o.root.join(&shown)).and_then(|t| Some((t.clone(), Checkpoint::parse(&t)?))) else {
            let (zh, en) = ("检查点被改动或无法读取", "the checkpoint was altered or cannot be read");
            hall.add(Trouble::new(Word::Altered, &shown, 1, zh, en));
            continue;
        };
        if !name.contains(&c.root[..8]) || !name.starts_with(&c.at[..10]) {
            let (zh, en) = ("检查点的文件名与内容不符", "the checkpoint's name does not fit what it says");
            hall.add(Trouble::new(Word::Moved, &shown, 0, zh, en));
        }
        for (earlier, sum) in &c.previous {
            let path = o.root.join("log/checkpoints").join(earlier);
            let t = match std::fs::read(&path) {
                Err(_) => Trouble::new(Word::Gone, &format!("log/checkpoints/{earlier}"), 0, "检查点不在了", "the checkpoint is not there"),
                Ok(b) if digest::hex(&b) != *sum => {
                    let (zh, en) = ("检查点已不是后一个检查点所见的", "the checkpoint is not the one that a later one names");
                    Trouble::new(Word::Rewritten, &format!("log/checkpoints/{earlier}"), 0, zh, en)
                }
                Ok(_) => continue,
            };
            if have.contains(earlier) || t.word == Word::Gone {
                hall.add(Trouble { witness: vec![shown.clone()], ..t });
            }
        }
        hold(o.root, &c, &shown, seen, hall);
        signature(o, name, &shown, &c, &text, hall, report);
    }
}

/// Holds the log against one checkpoint outside the register or in it.
pub fn against(root: &Path, path: &Path, seen: &[Seen], hall: &mut Hall) -> bool {
    let Some(c) = text(path).and_then(|t| Checkpoint::parse(&t)) else { return false };
    hold(root, &c, &path.to_string_lossy(), seen, hall);
    true
}

fn hold(root: &Path, c: &Checkpoint, says: &str, seen: &[Seen], hall: &mut Hall) {
    let by_path: std::collections::HashMap<String, &Seen> = seen.iter().map(|s| (s.path(), s)).collect();
    for (lines, sum, path) in &c.files {
        let shown = format!("log/{path}");
        let t = match by_path.get(path) {
            None => not_there(path, lines.saturating_sub(1), Vec::new()),
            Some(s) if s.lines < *lines => {
                let (zh, en) = (
                    format!("检查点时有 {lines} 行，现有 {} 行", s.lines),
                    format!("it had {lines} lines at the checkpoint and has {} now", s.lines),
                );
                Trouble::new(Word::Dropped, &shown, s.lines + 1, zh, en)
            }
            Some(s) if s.lines == *lines && s.digest == *sum => continue,
            Some(_) if first_lines(root, &shown, *lines).as_ref() == Some(sum) => continue,
            Some(_) => {
                let (zh, en) =
                    (format!("前 {lines} 行已不是检查点时的内容"), format!("its first {lines} lines are not those of the checkpoint"));
                Trouble::new(Word::Rewritten, &shown, 0, zh, en)
            }
        };
        hall.add(Trouble { witness: vec![says.to_string()], ..t });
    }
}

/// Digest of the first lines of a file.
fn first_lines(root: &Path, shown: &str, lines: u64) -> Option<String> {
    let mut file = Lines::open(&root.join(shown)).ok()?;
    for _ in 0..lines {
        file.next().ok()??;
    }
    Some(file.digest())
}

fn signature(o: &Options, name: &str, shown: &str, c: &Checkpoint, text: &str, hall: &mut Hall, report: &mut Report) {
    let default = o.root.join(SIGNERS);
    let signers: PathBuf = o.signers.map_or(default, Path::to_path_buf);
    let revoked = signers.with_file_name("revoked_keys");
    let body = &text[..text.find("\nend\n").map_or(0, |i| i + 5)];
    let (verdict, zh, en) = match &c.signature {
        None if c.signed == "no" => ("unsigned", "没有签名".to_string(), "it is not signed".to_string()),
        None => ("stripped", "签名被去掉了".into(), "its signature was taken off".into()),
        Some(_) if !signers.is_file() => {
            let why = words(
                format!("{name} 的签名未核对：没有 allowed_signers"),
                format!("the signature of {name} is not checked: there is no allowed_signers"),
            );
            report.heard.silent.push(why);
            ("not-asked", "签名未核对：没有 allowed_signers".into(), "its signature is not checked: there is no allowed_signers".into())
        }
        Some(signature) => {
            let time =
                chrono::DateTime::parse_from_rfc3339(&c.at).map(|t| t.to_utc().format("%Y%m%d%H%M%SZ").to_string()).unwrap_or_default();
            match ssh::verify(body.as_bytes(), signature, &c.by, NAMESPACE, &time, &signers, revoked.is_file().then_some(&*revoked)) {
                ssh::Verdict::Good => {
                    report.heard.signatures += 1;
                    ("good", format!("{} 的签名有效", c.by), format!("signed by {}", c.by))
                }
                ssh::Verdict::Bad(why) => {
                    ("altered", format!("签名与内容不符：{why}"), format!("the signature does not fit the text: {why}"))
                }
                ssh::Verdict::WrongNamespace(n) => (
                    "wrong-namespace",
                    format!("签名是为 {n} 作的，不是检查点"),
                    format!("the signature was made for {n}, not for a checkpoint"),
                ),
                ssh::Verdict::WrongKey => {
                    ("wrong-key", format!("密钥不是 {} 的", c.by), format!("the key is none of those of {} in allowed_signers", c.by))
                }
                ssh::Verdict::Expired => ("expired", "签名时密钥不在有效期内".into(), "the key was not valid when it signed".into()),
                ssh::Verdict::Revoked => ("revoked", "密钥已作废".into(), "the key was revoked".into()),
                ssh::Verdict::NotAsked(why) => {
                    report
                        .heard
                        .silent
                        .push(words(format!("{name} 的签名未核对：{why}"), format!("the signature of {name} is not checked: {why}")));
                    ("not-asked", format!("签名未核对：{why}"), format!("its signature is not checked: {why}"))
                }
            }
        }
    };
    if !matches!(verdict, "good" | "unsigned" | "not-asked") {
        hall.add(Trouble::new(Word::Altered, shown, 1, format!("检查点：{zh}"), format!("checkpoint: {en}")));
    }
    report.signatures.push(Signature { checkpoint: name.into(), by: c.by.clone(), verdict, message: words(zh, en) });
}

/// The next checkpoint over what was seen, not yet signed; `None` while something is wrong.
pub fn next(root: &Path, unit: &str, by: &str, at: &str, seen: &[Seen], signed: &str) -> Checkpoint {
    let mut files: Vec<_> = seen.iter().map(|s| (s.lines, s.digest.clone(), s.path())).collect();
    files.sort_by(|a, b| a.2.cmp(&b.2));
    let all = names(root);
    let mut named = HashSet::new();
    for name in &all {
        if let Some(c) = text(&root.join("log/checkpoints").join(name)).and_then(|t| Checkpoint::parse(&t)) {
            named.extend(c.previous.into_iter().map(|(n, _)| n));
        }
    }
    let previous = all
        .into_iter()
        .filter(|n| !named.contains(n))
        .filter_map(|n| std::fs::read(root.join("log/checkpoints").join(&n)).ok().map(|b| (n, digest::hex(&b))))
        .collect();
    Checkpoint {
        unit: unit.into(),
        at: at.into(),
        by: by.into(),
        entries: seen.iter().map(|s| s.entries).sum(),
        root: super::file::root(seen.iter().map(|s| (s.path(), s.digest.as_str()))),
        signed: signed.into(),
        previous,
        files,
        signature: None,
    }
}

/// Puts a checkpoint in its place: it is there whole or not at all.
///
/// # Errors
/// What the system said, or that one of this name is there already.
pub fn store(disk: &dyn Disk, dir: &Path, name: &str, text: &str) -> std::io::Result<()> {
    if std::fs::symlink_metadata(dir.join(name)).is_ok() {
        return Err(std::io::Error::other(format!("{name} is there already: nothing was recorded since")));
    }
    disk.make_dirs(dir)?;
    disk.replace(&dir.join(name), text.as_bytes())
}
