//! A full disk, and what should not lie in a log's folder.

use crate::program::binary;
use crate::world::{Dice, append, draft, files, folder, log, look, lost, register};
use duban::log::disk::Real;
use duban::log::verify::Word;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output};

/// A small disk that is filled to within a few pages, so many times.
pub fn full(seed: u64, count: u64) -> String {
    let home = folder();
    let disk = home.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=512k", "none"]).arg(&disk).output();
    if !mounted.is_ok_and(|o| o.status.success()) {
        return "SKIPPED: this machine lets nobody mount a small disk; `faults` fails every call with ENOSPC instead".into();
    }
    struct Unmount<'a>(&'a Path);
    impl Drop for Unmount<'_> {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(self.0).status();
        }
    }
    let _gone = Unmount(&disk);
    let mut dice = Dice(seed);
    let (mut said, mut refused) = (0, 0);
    for round in 0..count {
        let root = disk.join("r");
        let _ = fs::remove_dir_all(&root);
        fs::create_dir(&root).unwrap();
        let register = register(&root);
        let mut promised = Vec::new();
        let mut n = 0;
        let mut put = |promised: &mut Vec<String>, many: usize| -> bool {
            n += 1;
            let (dept, by) = [("DEP-A", "officer-a"), ("DEP-B", "officer-b")][(n % 2) as usize];
            let note = "进展".repeat(1 + (n as usize * 37) % 200);
            let drafts = (0..many).map(|_| draft(dept, by, &note)).collect();
            match append(&root, &register, n, drafts, &Real) {
                Ok(all) => promised.extend(all.into_iter().map(|e| e.h.to_string())),
                Err(_) => return false,
            }
            true
        };
        for _ in 0..dice.below(4) {
            put(&mut promised, 1);
        }
        // All but a few pages are taken by something else.
        let leave = dice.below(24) * 1024;
        let ballast = root.join("ballast");
        let mut room = 512 * 1024;
        while room > 0 && fs::write(&ballast, vec![1; room]).is_err() {
            room -= 4096;
        }
        fs::write(&ballast, vec![1; room.saturating_sub(leave)]).unwrap();
        let mut hit = 0;
        for _ in 0..40 {
            if !put(&mut promised, 1 + dice.below(3)) {
                hit += 1;
            }
            if hit > 2 {
                break;
            }
        }
        refused += hit;
        if hit == 0 {
            lost(&format!("round {round}: the disk never filled; the trial shows nothing"));
        }
        fs::remove_file(&ballast).unwrap();
        if !put(&mut promised, 1) || !put(&mut promised, 1) {
            lost(&format!("round {round}: there is room again, and the entry was refused"));
        }
        let text: String = files(&root).into_iter().map(|(_, b)| String::from_utf8_lossy(&b).into_owned()).collect();
        if let Some(h) = promised.iter().find(|h| text.matches(h.as_str()).count() == 0) {
            lost(&format!("round {round}: the acknowledged entry {h} is missing"));
        }
        if !look(&root, true).whole() {
            lost(&format!("round {round}: not whole: {:?}", look(&root, true).troubles));
        }
        said += promised.len();
    }
    format!("{count} fills: {said} entries acknowledged, 0 missing, {refused} refused or not confirmed; whole once there was room")
}

fn run(root: &Path, args: &[&str]) -> Output {
    // 256 MB of address space and ten seconds of processor are the stated bounds.
    let words = ["-c", "ulimit -v 262144; ulimit -t 10; exec timeout 60 \"$0\" \"$@\""];
    Command::new("sh").args(words).arg(binary()).arg("--register").arg(root).args(["--lang", "en"]).args(args).output().expect("sh runs")
}

/// Each odd thing in turn; `verify` must name it and end, the next entry must go elsewhere
/// or be refused, and nothing that was acknowledged may be gone.
pub fn hostile(_: u64) -> String {
    type Make = fn(&Path, &Path);
    let first = |root: &Path| root.join(&files(root)[0].0);
    let cases: [(&str, Word, Make); 17] = [
        ("a link in the place of a file", Word::Link, |file, _| {
            fs::rename(file, file.with_extension("old")).unwrap();
            std::os::unix::fs::symlink(file.with_extension("old"), file).unwrap();
        }),
        ("a link to nothing", Word::Link, |_, dir| {
            std::os::unix::fs::symlink("/nowhere", dir.join("2026-03.officer-z-aaaa.jsonl")).unwrap()
        }),
        ("a link to a device", Word::Link, |_, dir| {
            std::os::unix::fs::symlink("/dev/zero", dir.join("2026-03.officer-z-aaaa.jsonl")).unwrap()
        }),
        ("a second hard link", Word::Link, |file, _| {
            fs::hard_link(file, file.parent().unwrap().join("2026-03.officer-z-aaaa.jsonl")).unwrap()
        }),
        ("a pipe", Word::Link, |_, dir| {
            let made = Command::new("mkfifo").arg(dir.join("2026-03.officer-z-aaaa.jsonl")).status().unwrap();
            assert!(made.success());
        }),
        ("a folder named like a file", Word::Moved, |_, dir| fs::create_dir(dir.join("2026-03.officer-z-aaaa.jsonl")).unwrap()),
        ("a department's folder that is a link", Word::Link, |_, dir| {
            std::os::unix::fs::symlink("/etc", dir.parent().unwrap().join("DEP-Z")).unwrap();
        }),
        ("a name with a line feed and a terminal's code", Word::Moved, |_, dir| {
            fs::write(dir.join("2026-03.a\n\u{1b}[2J-aaaa.jsonl"), "x\n").unwrap();
        }),
        ("a name that is no text", Word::Moved, |_, dir| {
            fs::write(dir.join(std::ffi::OsStr::from_bytes(b"2026-03.\xff\xfe-aaaa.jsonl")), "x\n").unwrap();
        }),
        ("a name of 255 bytes", Word::Moved, |_, dir| fs::write(dir.join("a".repeat(249) + ".jsonl"), "x\n").unwrap()),
        ("an empty file", Word::Missing, |_, dir| fs::write(dir.join("2026-03.officer-z-aaaa.jsonl"), "").unwrap()),
        ("a line of 64 KiB and one byte", Word::Unreadable, |file, _| {
            let mut text = fs::read(file).unwrap();
            let line = format!("{{\"seq\":99,\"note\":\"{}\",\"h\":\"aaaaaaaaaaaaaaaaaaaaaa\"}}\n", "x".repeat((64 << 10) - 48));
            text.extend_from_slice(line.as_bytes());
            fs::write(file, text).unwrap();
        }),
        ("a gigabyte of zeros", Word::Torn, |_, dir| {
            fs::File::create(dir.join("2026-03.officer-z-aaaa.jsonl")).unwrap().set_len(1 << 30).unwrap();
        }),
        ("ten million line feeds", Word::Unreadable, |_, dir| {
            fs::write(dir.join("2026-03.officer-z-aaaa.jsonl"), vec![b'\n'; 10 << 20]).unwrap();
        }),
        ("brackets nested 30,000 deep", Word::Altered, |_, dir| {
            let deep = format!("{{\"seq\":0,\"x\":{},\"h\":\"aaaaaaaaaaaaaaaaaaaaaa\"}}\n", "[".repeat(30_000));
            fs::write(dir.join("2026-03.officer-z-aaaa.jsonl"), deep).unwrap();
        }),
        ("a number beyond every integer", Word::Unreadable, |_, dir| {
            let line = "{\"seq\":99999999999999999999999999,\"h\":\"aaaaaaaaaaaaaaaaaaaaaa\"}\n";
            fs::write(dir.join("2026-03.officer-z-aaaa.jsonl"), line).unwrap();
        }),
        ("a file in the log's own folder", Word::Moved, |_, dir| {
            fs::write(dir.parent().unwrap().join("2026-03.officer-z-aaaa.jsonl"), "x\n").unwrap()
        }),
    ];
    let mut said = Vec::new();
    for (name, word, make) in cases {
        let dir = folder();
        log(dir.path(), 3_000);
        let file = first(dir.path());
        make(&file, file.parent().unwrap());
        let out = run(dir.path(), &["verify"]);
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let named = text.lines().any(|l| l.starts_with(word.code()));
        if out.status.code() != Some(1) || !named || text.contains('\u{1b}') {
            lost(&format!(
                "{name}: exit {:?}, wanted `{}`: {text}{}",
                out.status.code(),
                word.code(),
                String::from_utf8_lossy(&out.stderr)
            ));
        }
        if std::env::var_os("PYTHON").is_some() {
            second(name, word, dir.path());
        }
        let reported = run(dir.path(), &["check"]);
        if reported.status.code() != Some(1) {
            lost(&format!("{name}: check ended with {:?}: {}", reported.status.code(), String::from_utf8_lossy(&reported.stdout)));
        }
        // The next entry is recorded beside it; only where the month's own file is the odd
        // thing is it refused, with the place and the reason. Never a hang, never a crash.
        let paper = dir.path().join("minutes.pdf");
        fs::write(&paper, "minutes").unwrap();
        let paper = format!("minutes={}", paper.display());
        let out = run(dir.path(), &["log", "start", "TST-1.01@DEP-A", "--by", "officer-a", "--note", "after", "--evidence", &paper]);
        let why = String::from_utf8_lossy(&out.stderr).into_owned();
        match out.status.code() {
            Some(0) => {
                let told = String::from_utf8_lossy(&out.stdout).into_owned();
                let there = fs::read_dir(dir.path().join("log/DEP-A")).unwrap().filter_map(Result::ok).any(|e| {
                    let plain = e.metadata().is_ok_and(|m| m.is_file() && m.len() < 1 << 20);
                    plain && fs::read(e.path()).is_ok_and(|b| String::from_utf8_lossy(&b).contains("\"note\":\"after\""))
                });
                if !there {
                    lost(&format!("{name}: acknowledged and not there: {told}"));
                }
                said.push(format!("{name}: {}, recorded beside it", word.code()));
            }
            Some(1 | 2 | 74) if why.contains("log/DEP-A") => said.push(format!("{name}: {}, refused with the place", word.code())),
            other => lost(&format!("{name}: the next entry ended with {other:?}: {why}")),
        }
    }
    said.push(clock_back());
    said.push(read_only());
    format!("{} cases under 256 MB and 10 s of processor\n  {}", said.len(), said.join("\n  "))
}

/// The second verifier stands before the same odd thing; nothing can be copied for it here.
fn second(name: &str, word: Word, root: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/verify.py");
    let out = Command::new("timeout").arg("300").arg("python3").arg(script).arg(root).output().expect("python3 runs");
    let text = String::from_utf8_lossy(&out.stdout);
    if out.status.code() != Some(1) || !text.lines().any(|l| l.starts_with(&format!("{} ", word.code()))) {
        let tail: String = text.chars().take(500).collect();
        lost(&format!(
            "{name}: the second verifier ended with {:?} and not `{}`: {tail}{}",
            out.status.code(),
            word.code(),
            String::from_utf8_lossy(&out.stderr)
        ));
    }
}

/// A clock that was set back: the order of the entries stays, and the clock is on record.
fn clock_back() -> String {
    let dir = folder();
    let register = register(dir.path());
    for n in [1_000, 500, 2, 50_000, 40_000, 1] {
        if let Err(e) = append(dir.path(), &register, n, vec![draft("DEP-A", "officer-a", "进展")], &Real) {
            lost(&format!("a clock set back to minute {n}: {e}"));
        }
    }
    let text: String = files(dir.path()).into_iter().map(|(_, b)| String::from_utf8_lossy(&b).into_owned()).collect();
    let kept = text.matches("\"clock\":").count();
    // Three times the entry follows the one before it. The fourth time, minute 40,000, the
    // newest entry is a week ahead of the clock: it is not followed, so nothing to keep.
    if kept != 3 || !look(dir.path(), true).whole() {
        lost(&format!("a clock set back: {kept} of 3 kept on record; {:?}", look(dir.path(), true).troubles));
    }
    "a clock set back four times: later than the entry before, the clock's own time kept; an entry a week ahead is not followed".into()
}

/// A folder that may not be written: refused, with nothing half written.
fn read_only() -> String {
    let dir = folder();
    log(dir.path(), 3_000);
    let before = files(dir.path());
    let sealed = |on: bool| {
        // Permissions do not stop root, the immutable flag would need another file system:
        // a read-only mount stops everybody.
        let args: &[&str] = if on { &["-o", "remount,bind,ro"] } else { &[] };
        let own = dir.path();
        if on {
            Command::new("mount").arg("--bind").arg(own).arg(own).status().is_ok_and(|s| s.success())
                && Command::new("mount").args(args).arg(own).status().is_ok_and(|s| s.success())
        } else {
            Command::new("umount").arg(own).status().is_ok_and(|s| s.success())
        }
    };
    if !sealed(true) {
        let _ = sealed(false);
        return "SKIPPED a read-only folder: this machine lets nobody mount one".into();
    }
    let out = run(dir.path(), &["log", "progress", "TST-1.01@DEP-A", "--by", "officer-a", "--note", "after"]);
    let looked = run(dir.path(), &["verify"]);
    sealed(false);
    let why = String::from_utf8_lossy(&out.stderr).into_owned();
    if out.status.code() == Some(0) || why.is_empty() || files(dir.path()) != before || looked.status.code() != Some(0) {
        lost(&format!("a read-only folder: {:?} {why}; verify {:?}", out.status.code(), looked.status.code()));
    }
    "a read-only folder: the entry is refused, verify reads on".into()
}
