//! Git as people use it: does an acknowledged entry survive, or is its removal named?

use crate::world::{Dice, at, draft, files, folder, lost, register};
use duban::log::append::Appender;
use duban::log::disk::Real;
use duban::log::spool::StateFolder;
use duban::log::verify::{Options, Report, verify};
use duban::model::Register;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

/// Git in a folder, with nobody's settings.
fn git(dir: &Path, args: &[&str]) -> Output {
    let mut c = Command::new("git");
    c.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_EDITOR", "true").env("LC_ALL", "C");
    for (k, v) in [("NAME", "officer"), ("EMAIL", "officer@example.org")] {
        c.env(format!("GIT_AUTHOR_{k}"), v).env(format!("GIT_COMMITTER_{k}"), v);
    }
    let sure = ["-c", "core.fsync=none", "-c", "gc.auto=0", "-c", "protocol.file.allow=always", "-c", "advice.detachedHead=false"];
    c.arg("-C").arg(dir).args(sure).args(args).output().expect("git runs")
}

fn ok(dir: &Path, args: &[&str]) -> bool {
    git(dir, args).status.success()
}

fn must(dir: &Path, args: &[&str]) {
    let o = git(dir, args);
    if !o.status.success() {
        lost(&format!("git {args:?}: {}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr)));
    }
}

/// A repository with the register in it and nothing recorded.
fn begin(root: &Path) -> Register {
    std::fs::create_dir_all(root).unwrap();
    let register = register(root);
    std::fs::write(root.join(".gitattributes"), "log/**/*.jsonl -text merge=union\n").unwrap();
    must(root, &["init", "-q", "-b", "main"]);
    must(root, &["add", "-A"]);
    must(root, &["commit", "-qm", "register"]);
    register
}

/// What was promised: chain value, file.
struct Promise {
    h: String,
    file: String,
    seq: u64,
}

/// One entry through the appender of that checkout.
fn record(root: &Path, register: &Register, n: u64, by: &str, dept: &str) -> Option<Promise> {
    let state = StateFolder::find(root).unwrap_or_else(|e| lost(&e));
    // In the middle of a rebase or a merge nothing says which branch is written on.
    let appender = Appender { root, register, now: at(n), state: &state, disk: &Real, progress: None };
    let entry = appender.append(draft(dept, by, &format!("进展 {n}")), &|_, _| Vec::new()).ok()?;
    let named = files(root).into_iter().find(|(_, b)| contains(b, &entry.h)).map(|(f, _)| f);
    let Some(file) = named else { lost(&format!("{} was acknowledged and is in no file", entry.h)) };
    Some(Promise { h: entry.h.to_string(), file, seq: entry.seq })
}

fn contains(text: &[u8], h: &str) -> bool {
    memchr::memmem::find(text, h.as_bytes()).is_some()
}

fn look(root: &Path) -> Report {
    let state = StateFolder::find(root).unwrap_or_else(|e| lost(&e));
    let (spool, branch) = (state.spool(), state.branch.clone());
    let options = Options {
        root,
        spool: &spool,
        repo: state.repo.as_ref(),
        branch: branch.as_deref(),
        history: true,
        against: None,
        signers: None,
        progress: None,
    };
    verify(&options).0
}

/// Is its removal named: its line, one before it in the file, or the file?
fn named(report: &Report, p: &Promise) -> bool {
    report.troubles.iter().any(|t| t.file == p.file && (t.line == 0 || t.line <= p.seq + 1))
}

const OPS: [&str; 18] = [
    "append",
    "append",
    "append",
    "append",
    "commit",
    "commit",
    "branch",
    "switch",
    "merge",
    "merge-no-ff",
    "squash",
    "octopus",
    "rebase",
    "cherry-pick",
    "revert",
    "amend",
    "reset",
    "stash",
];

fn one(seed: u64, tally: &mut BTreeMap<&'static str, usize>) -> (usize, usize, usize) {
    let home = folder();
    let root = home.path().join("r");
    let register = begin(&root);
    let mut dice = Dice(seed);
    let mut promises: Vec<Promise> = Vec::new();
    let mut branches = vec!["main".to_string()];
    let mut n = 0;
    let clean = |root: &Path| {
        for undo in ["rebase", "merge", "cherry-pick", "revert"] {
            ok(root, &[undo, "--abort"]);
        }
    };
    for _ in 0..14 + dice.below(10) {
        let op = OPS[dice.below(OPS.len())];
        let other = branches[dice.below(branches.len())].clone();
        // Most people commit before they merge; the rest try it with a dirty tree.
        if !matches!(op, "append" | "reset" | "stash" | "switch") && dice.below(4) > 0 && ok(&root, &["add", "-A"]) {
            ok(&root, &["commit", "-qm", &format!("work {n}")]);
        }
        let done = match op {
            "append" => {
                n += 1;
                let (by, dept) = ([("officer-a", "DEP-A"), ("officer-b", "DEP-B"), ("officer-c", "DEP-A")])[dice.below(3)];
                let p = record(&root, &register, n, by, dept);
                let done = p.is_some();
                promises.extend(p);
                done
            }
            "commit" => ok(&root, &["add", "-A"]) && ok(&root, &["commit", "-qm", &format!("work {n}")]),
            "branch" => {
                let name = format!("b{}", branches.len());
                let done = ok(&root, &["checkout", "-q", "-b", &name]);
                branches.push(name);
                done
            }
            // Forced half of the time: what was not committed is then gone from the tree.
            "switch" if dice.below(2) == 0 => ok(&root, &["checkout", "-q", "-f", &other]),
            "switch" => ok(&root, &["checkout", "-q", &other]),
            "merge" => ok(&root, &["merge", "-q", "--no-edit", &other]),
            "merge-no-ff" => ok(&root, &["merge", "-q", "--no-ff", "--no-edit", &other]),
            "squash" => ok(&root, &["merge", "-q", "--squash", &other]) && ok(&root, &["commit", "-qm", "squashed"]),
            "octopus" => {
                let third = branches[dice.below(branches.len())].clone();
                ok(&root, &["merge", "-q", "--no-edit", &other, &third])
            }
            "rebase" => ok(&root, &["rebase", "-q", &other]),
            "cherry-pick" => ok(&root, &["cherry-pick", &other]),
            "revert" => ok(&root, &["revert", "--no-edit", "HEAD"]),
            "amend" => ok(&root, &["add", "-A"]) && ok(&root, &["commit", "-q", "--amend", "--no-edit"]),
            "reset" => ok(&root, &["reset", "-q", "--hard", "HEAD~1"]),
            _ => ok(&root, &["stash", "-q", "-u"]) && (dice.below(2) == 0 || ok(&root, &["stash", "pop", "-q"])),
        };
        if !done && !matches!(op, "append" | "commit") {
            clean(&root);
        }
        *tally.entry(if done { op } else { "refused by git" }).or_insert(0) += 1;
    }
    // A worktree of its own now and then: another clone's spool, the same branches.
    if dice.below(4) == 0 {
        let tree = home.path().join("w");
        if ok(&root, &["worktree", "add", "-q", "-b", "tree", tree.to_str().unwrap()]) {
            n += 1;
            promises.extend(record(&tree, &register, n, "officer-c", "DEP-A"));
            must(&tree, &["add", "-A"]);
            must(&tree, &["commit", "-qm", "in a worktree"]);
            let done = ok(&root, &["merge", "-q", "--no-edit", "tree"]);
            *tally.entry("worktree").or_insert(0) += 1;
            if !done {
                clean(&root);
            }
            must(&root, &["worktree", "remove", tree.to_str().unwrap()]);
        }
    }
    let report = look(&root);
    // A shallow clone has less to say, and must say so; what HEAD holds it must find whole.
    if dice.below(4) == 0 {
        let clone = home.path().join("shallow");
        let from = format!("file://{}", root.display());
        must(home.path(), &["clone", "-q", "--depth", "1", &from, clone.to_str().unwrap()]);
        let there = look(&clone);
        // One commit in all is no shallow history.
        let whole = !ok(&root, &["rev-parse", "-q", "--verify", "HEAD~1"]);
        if !whole && there.heard.silent.is_empty() {
            lost(&format!("seed {seed}: a shallow clone did not say that earlier commits are not there"));
        }
        *tally.entry("shallow clone").or_insert(0) += 1;
    }
    let tips: Vec<Vec<u8>> =
        branches.iter().chain([&"tree".to_string()]).map(|b| git(&root, &["grep", "-h", "", b, "--", "log"]).stdout).collect();
    let (mut here, mut elsewhere, mut told) = (0, 0, 0);
    let tree: Vec<u8> = files(&root).into_iter().flat_map(|(_, b)| b).collect();
    for p in &promises {
        if contains(&tree, &p.h) {
            here += 1;
        } else if named(&report, p) {
            told += 1;
        } else if tips.iter().any(|t| contains(t, &p.h)) {
            elsewhere += 1;
        } else {
            // Written on another branch, thrown away there: that branch's next entry or
            // verify must bring it up.
            let back = branches.iter().any(|b| {
                ok(&root, &["checkout", "-q", "-f", b]) && {
                    let seen = named(&look(&root), p);
                    n += 1;
                    let _ = record(&root, &register, n, "officer-a", "DEP-A");
                    let _ = record(&root, &register, n, "officer-b", "DEP-B");
                    seen || files(&root).iter().any(|(_, t)| contains(t, &p.h))
                }
            });
            if !back {
                let kept = std::env::temp_dir().join("duban-campaign-git");
                let _ = std::fs::remove_dir_all(&kept);
                let _ = Command::new("cp").arg("-r").arg(&root).arg(&kept).status();
                lost(&format!("seed {seed}: {} of {} is neither there nor named; the repository is {}", p.h, p.file, kept.display()));
            }
            told += 1;
        }
    }
    (here, elsewhere, told)
}

/// So many seeded sequences of what people do with git.
pub fn histories(seed: u64, count: u64) -> String {
    let (mut tally, mut all) = (BTreeMap::new(), (0, 0, 0));
    for n in 0..count {
        let (a, b, c) = one(seed.wrapping_mul(1_000_003).wrapping_add(n), &mut tally);
        all = (all.0 + a, all.1 + b, all.2 + c);
    }
    format!(
        "{} entries acknowledged: {} in the checkout, {} on another branch, {} gone and named; 0 lost; {tally:?}",
        all.0 + all.1 + all.2,
        all.0,
        all.1,
        all.2
    )
}

/// Five branches of five writers, merged in every order, or so many of them.
pub fn orders(count: u64) -> String {
    let home = folder();
    let origin = home.path().join("origin");
    let register = begin(&origin);
    if record(&origin, &register, 0, "officer-a", "DEP-A").is_none() {
        lost("the first entry was refused");
    }
    must(&origin, &["add", "-A"]);
    must(&origin, &["commit", "-qm", "begun"]);
    for w in 0..5u64 {
        let clone = home.path().join(format!("c{w}"));
        must(home.path(), &["clone", "-q", origin.to_str().unwrap(), clone.to_str().unwrap()]);
        must(&clone, &["checkout", "-q", "-b", &format!("w{w}")]);
        // The same post from another desk, too: the names of the files still differ.
        let by = ["officer-a", "officer-a", "officer-b", "officer-c", "officer-d"][w as usize];
        for n in 0..6 {
            let dept = ["DEP-A", "DEP-B"][((n + w) % 2) as usize];
            if record(&clone, &register, 10 + n * 7 + w, by, dept).is_none() {
                lost(&format!("writer {w} was refused"));
            }
        }
        must(&clone, &["add", "-A"]);
        must(&clone, &["commit", "-qm", "work"]);
        must(&clone, &["push", "-q", "origin", &format!("w{w}")]);
    }
    let mut first = None;
    let mut done = 0;
    let mut order = [0usize, 1, 2, 3, 4];
    let mut all = Vec::new();
    permute(&mut order, 0, &mut all);
    for order in all.into_iter().take(count as usize) {
        must(&origin, &["checkout", "-q", "--detach", "main"]);
        for w in order {
            must(&origin, &["merge", "-q", "--no-edit", "--no-ff", &format!("w{w}")]);
        }
        let report = look(&origin);
        if !report.whole() {
            lost(&format!("merged in the order {order:?}, and not whole: {:?}", report.troubles));
        }
        let folded = fold(&origin);
        let now = files(&origin);
        match &first {
            None => first = Some((now, folded)),
            Some((files, fold)) if *files != now || *fold != folded => {
                lost(&format!("merged in the order {order:?}, and folded to something else:\n{fold}\n{folded}"))
            }
            Some(_) => {}
        }
        done += 1;
    }
    let size = first.map_or(0, |(_, f)| f.len());
    format!("{done} orders of five branches merged without conflict, whole, folded to the same {size} bytes")
}

fn permute(order: &mut [usize; 5], k: usize, out: &mut Vec<[usize; 5]>) {
    if k == order.len() {
        out.push(*order);
    }
    for i in k..order.len() {
        order.swap(k, i);
        permute(order, k + 1, out);
        order.swap(k, i);
    }
}

/// What the log comes to, as the program prints it for other programs.
fn fold(root: &Path) -> String {
    let binary = crate::program::binary();
    let args = ["--lang", "en", "list", "--format", "json", "--on", "2026-03-05", "--as-of", "2026-03-05"];
    let out = Command::new(binary).arg("--register").arg(root).args(args).output().expect("the program runs");
    if !out.status.success() {
        lost(&format!("list: {}", String::from_utf8_lossy(&out.stderr)));
    }
    String::from_utf8_lossy(&out.stdout).into_owned()
}
