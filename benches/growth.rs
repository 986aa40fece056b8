//! No rule grows worse than N log N: `cargo bench --bench growth [-- 1000 10000 100000]`.
//!
//! Two generated registers of each size, one in order and one ill all over, both with a log of five
//! entries an obligation. Two things are measured and refused (exit 1) where ten times as much takes more than
//! [`MOST`] times as long: the whole program's `check`, in CPU seconds, and every rule by itself, the best
//! of several runs, where it takes at least [`SHARE`] of that check. A cheaper one may leave the
//! processor's caches on the way from 10,000 to 100,000 and seem to grow by twenty or thirty times, though
//! it looks at each thing once; what grows with the square takes a hundred times as long, and is
//! refused from [`SQUARE`] on. Below [`FLOOR`] of the check nothing is judged: a rule that looked at
//! every pair of 100,000 obligations would take seconds there, and so a good part of the check.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

use duban::rules::TABLE;
use duban::snapshot::{Options, Snapshot};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Ten times as much may take so many times as long.
const MOST: f64 = 13.0;
/// A rule that takes this share of the check, or more, is held to [`MOST`].
const SHARE: f64 = 0.05;
/// A cheaper one is held to this.
const SQUARE: f64 = 60.0;
/// A rule that takes less than this share of the check is not judged.
const FLOOR: f64 = 0.005;

/// User and system seconds of all children that were waited for, by the kernel's own account.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("this bench needs /proc");
    let fields: Vec<&str> = stat.rsplit_once(')').expect("a name in brackets").1.split_whitespace().collect();
    // cutime and cstime, in hundredths.
    (fields[13].parse::<f64>().expect("a number") + fields[14].parse::<f64>().expect("a number")) / 100.0
}

fn program(register: &Path, runs: usize) -> f64 {
    let before = children();
    for _ in 0..runs {
        let mut duban = Command::new(env!("CARGO_BIN_EXE_duban"));
        duban.arg("--register").arg(register).args(["check", "--as-of", "2026-07-01"]).env_remove("DUBAN_REGISTER");
        let code = duban.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program runs").code();
        assert!(code.is_some_and(|c| c < 2), "check could not go on in {}", register.display());
    }
    (children() - before) / runs as f64
}

fn rules(register: &Path) -> BTreeMap<String, f64> {
    let now = chrono::DateTime::parse_from_rfc3339("2026-07-01T12:00:00+08:00").expect("an instant");
    let s = Snapshot::open(&Options { root: register, shown: "", now, as_of: None, on: None }).unwrap_or_else(|e| panic!("{e}"));
    let time = |check: fn(&Snapshot, &mut Vec<duban::finding::Finding>)| {
        let once = || {
            let begin = Instant::now();
            check(&s, &mut Vec::new());
            begin.elapsed().as_secs_f64()
        };
        (0..3).map(|_| once()).fold(f64::MAX, f64::min)
    };
    let mut all: BTreeMap<String, f64> = TABLE.iter().filter_map(|r| Some((r.info.id.to_string(), time(r.check?)))).collect();
    if std::env::var_os("CONTROL").is_some() {
        all.insert("control".into(), time(every_pair));
    }
    all
}

/// A rule as it must not be: it looks at every pair. `CONTROL=1` puts it among the others, and the
/// bench has to refuse it.
fn every_pair(s: &Snapshot, _: &mut Vec<duban::finding::Finding>) {
    let all = &s.register.obligations;
    let alike = |a: usize| all.iter().filter(|b| b.sector == all[a].sector && b.at.item == all[a].at.item).count();
    std::hint::black_box((0..all.len()).map(alike).sum::<usize>());
}

fn made(n: usize, ill: bool) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("duban-growth-{n}-{}", if ill { "ill" } else { "well" }));
    let _ = std::fs::remove_dir_all(&dir);
    support::register(&dir, n, 50, 1);
    support::log(&dir, n, 50, 5 * n, ill);
    if ill {
        support::sicken(&dir);
    }
    dir
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000, 100_000];
    }
    let mut refused = Vec::new();
    for ill in [false, true] {
        let mut last: Option<BTreeMap<String, f64>> = None;
        for n in &sizes {
            let dir = made(*n, ill);
            let mut times = rules(&dir);
            times.insert("check".into(), program(&dir, if *n < 10_000 { 10 } else { 3 }));
            let name = if ill { "ill" } else { "well" };
            let mut slow: Vec<(&String, &f64)> = times.iter().filter(|(k, _)| *k != "check").collect();
            slow.sort_by(|a, b| b.1.total_cmp(a.1));
            let slow: Vec<String> = slow.iter().take(5).map(|(k, t)| format!("{k} {t:.3}")).collect();
            println!("{name:4} {n:>7}: check {:.3} s CPU; slowest rules: {}", times["check"], slow.join(", "));
            for (what, t) in last.iter().flatten() {
                let (now, ratio) = (times[what], times[what] / t);
                if what == "check" {
                    println!("             × {ratio:.1}");
                }
                let most = if what == "check" || now >= SHARE * times["check"] { MOST } else { SQUARE };
                if (what == "check" || now >= FLOOR * times["check"]) && ratio > most {
                    refused.push(format!("{what} ({name}, {n}): {t:.4} s → {now:.4} s, × {ratio:.1}"));
                }
            }
            last = Some(times);
            let _ = std::fs::remove_dir_all(&dir);
        }
    }
    if !refused.is_empty() {
        println!("REFUSED: it grows too fast for ten times as much\n  {}", refused.join("\n  "));
        std::process::exit(1);
    }
    println!("nothing grows by more than × {MOST} for ten times as much");
}
