//! The program itself, killed at random moments while it writes.

use crate::world::{Dice, folder, look, lost, register};
use std::collections::HashSet;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The program, built beside this one.
pub fn binary() -> PathBuf {
    let mut path = std::env::current_exe().expect("this program has a path");
    path.pop();
    path.pop();
    path.push("duban");
    if !path.is_file() {
        lost(&format!("{} is not built: cargo build with the same profile first", path.display()));
    }
    path
}

/// So many kills; every acknowledged entry must be there after the next one.
pub fn kill(seed: u64, count: u64) -> String {
    let mut dice = Dice(seed);
    let (mut said, mut unsaid, mut left) = (0, 0, count);
    // Every entry reads the log before it: one log for all kills would take hours.
    while left > 0 {
        let now = left.min(1_000);
        let (more, less) = kill_on_one_log(&mut dice, now);
        (said, unsaid, left) = (said + more, unsaid + less, left - now);
    }
    format!("{said} entries acknowledged, 0 missing, {unsaid} killed before they said anything; whole")
}

/// How many entries were acknowledged, and how many kills came before that.
fn kill_on_one_log(dice: &mut Dice, count: u64) -> (usize, u64) {
    let dir = folder();
    register(dir.path());
    let binary = binary();
    let (mut said, mut unsaid) = (HashSet::new(), 0);
    let run = |n: u64, after: Option<u64>| -> Option<String> {
        let note = format!("entry {n}");
        let mut child = Command::new(&binary)
            .args(["--register", dir.path().to_str().unwrap(), "--lang", "en", "log", "progress", "TST-1.01@DEP-A", "--by", "officer-a"])
            .args(["--nil", "--note", &note])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        if let Some(after) = after {
            std::thread::sleep(Duration::from_micros(after));
            let _ = child.kill();
        }
        let mut text = String::new();
        let _ = child.stdout.take().unwrap().read_to_string(&mut text);
        let _ = child.wait();
        // The id is printed as one word with the rest of its line; a half line is no promise.
        text.ends_with('\n').then(|| text.split_whitespace().next().unwrap_or("").to_string()).filter(|h| h.len() == 22)
    };
    // The log must be begun, and the time an undisturbed entry takes is known then.
    let start = Command::new(&binary)
        .args(["--register", dir.path().to_str().unwrap(), "log", "start", "TST-1.01@DEP-A", "--by", "officer-a"])
        .args(["--evidence", "minutes=m"])
        .output()
        .expect("the program runs");
    if !start.status.success() {
        lost(&format!("the first entry was refused: {}", String::from_utf8_lossy(&start.stderr)));
    }
    let begun = std::time::Instant::now();
    said.extend(run(0, None));
    let mut usual = begun.elapsed().as_micros() as usize + 1;
    for n in 1..=count {
        let after = dice.below(2 * usual) as u64;
        match run(n, Some(after)) {
            // About half are to be killed, however busy the machine is.
            Some(h) => {
                said.insert(h);
                usual -= usual / 50;
            }
            None => {
                unsaid += 1;
                usual += usual / 50;
            }
        }
    }
    // One more heals whatever the last one left.
    said.extend(run(count + 1, None));
    let text: String = crate::world::files(dir.path()).into_iter().map(|(_, b)| String::from_utf8_lossy(&b).into_owned()).collect();
    let missing: Vec<&String> = said.iter().filter(|h| !text.contains(h.as_str())).collect();
    if !missing.is_empty() || said.len() < 2 {
        lost(&format!("{} of {} acknowledged entries are missing: {missing:?}", missing.len(), said.len()));
    }
    let report = look(dir.path(), true);
    if !report.whole() {
        lost(&format!("not whole after the last entry: {:?}", report.troubles));
    }
    (said.len(), unsaid)
}

/// Sixteen writers at once, so many entries each, while others read.
pub fn crowd(entries: u64) -> String {
    let dir = folder();
    register(dir.path());
    let binary = binary();
    let root = dir.path().to_str().unwrap().to_string();
    let log = |by: &str, event: &str, more: &[&str]| {
        Command::new(&binary)
            .args(["--register", &root, "log", event, "TST-1.01@DEP-A", "--by", by])
            .args(more)
            .output()
            .expect("the program runs")
    };
    if !log("officer-a", "start", &["--evidence", "minutes=m"]).status.success() {
        lost("the first entry was refused");
    }
    let done = std::sync::atomic::AtomicBool::new(false);
    let reads = std::sync::atomic::AtomicUsize::new(0);
    let said = std::sync::Mutex::new(HashSet::new());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let out = Command::new(&binary).args(["--register", &root, "--lang", "en", "verify"]).output().expect("it runs");
                // A reader may meet a line half written; nothing else.
                let text = String::from_utf8_lossy(&out.stdout).into_owned();
                let odd = text.lines().any(|l| l.contains("log/") && !l.starts_with(' ') && !l.starts_with("torn"));
                if odd && !look(dir.path(), true).troubles.is_empty() {
                    eprintln!("a reader saw: {text}");
                }
                reads.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        });
        let writers: Vec<_> = (0..16)
            .map(|w| {
                let (said, log) = (&said, &log);
                scope.spawn(move || {
                    for n in 0..entries {
                        let out = log(&format!("officer-{w}"), "progress", &["--note", &format!("{w}.{n}")]);
                        let text = String::from_utf8_lossy(&out.stdout).into_owned();
                        match text.split_whitespace().next().filter(|_| out.status.success()) {
                            Some(h) => drop(said.lock().unwrap().insert(h.to_string())),
                            None => lost(&format!("refused: {}", String::from_utf8_lossy(&out.stderr))),
                        }
                    }
                })
            })
            .collect();
        for w in writers {
            let _ = w.join();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let said = said.into_inner().unwrap();
    let text: String = crate::world::files(dir.path()).into_iter().map(|(_, b)| String::from_utf8_lossy(&b).into_owned()).collect();
    let missing = said.iter().filter(|h| !text.contains(h.as_str())).count();
    let report = look(dir.path(), true);
    if missing > 0 || said.len() as u64 != 16 * entries || !report.whole() {
        lost(&format!("{missing} of {} missing; {:?}", said.len(), report.troubles));
    }
    format!("{} entries by 16 at once, 0 missing, {} reads meanwhile; whole", said.len(), reads.into_inner())
}
