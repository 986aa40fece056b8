//! The table of speed: every job on a generated register of its own, the whole release program
//! measured, beside what it must reach. `cargo bench --bench table`, with words after `--` for
//! some of the jobs only (`check`, `html`, `1M`, `10M`, `shipped`).
//!
//! Processor seconds and peak memory are what the program says of itself (`--stats`), the best
//! of three runs, of 10M one: another load on the machine, or memory that the system has to find
//! first, can only make a run dearer. Exit code 1 when a must is missed. Registers are kept in the
//! system's folder for passing files and made anew when missing; 10M needs 3 GB there.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// What a run cost.
#[derive(Clone, Copy)]
struct Cost {
    cpu: f64,
    mb: f64,
}

/// What it may cost at most; 0 for no bound.
struct Must {
    cpu: f64,
    mb: f64,
}

struct Table {
    rows: usize,
    missed: usize,
}

impl Table {
    fn row(&mut self, job: &str, at: &str, cost: Cost, must: &Must) {
        let bound = |value: f64, most: f64, unit: &str| match most {
            0.0 => format!("{value:.2} {unit}"),
            _ => format!("{value:.2} {unit} (must {most:.2})"),
        };
        let missed = must.cpu > 0.0 && cost.cpu > must.cpu || must.mb > 0.0 && cost.mb > must.mb;
        if self.rows == 0 {
            println!("| job | at | CPU | peak memory | |\n|---|---|---|---|---|");
        }
        let verdict = if missed { "missed" } else { "reached" };
        println!("| {job} | {at} | {} | {} | {verdict} |", bound(cost.cpu, must.cpu, "s"), bound(cost.mb, must.mb, "MB"));
        self.rows += 1;
        self.missed += usize::from(missed);
    }
}

/// Runs the program once and reads what it says that it cost.
fn once(args: &[&str], fails: bool) -> Cost {
    let run = Command::new(env!("CARGO_BIN_EXE_duban")).args(args).arg("--stats").output().expect("the program runs");
    let said = String::from_utf8_lossy(&run.stderr);
    // A generated register has open items, so `check` may deny; that it ran to its end is what counts.
    assert!(run.status.success() || fails && run.status.code() == Some(1), "{args:?}: {said}");
    let stats = said.lines().find_map(|l| l.strip_prefix("stats: ")).unwrap_or_else(|| panic!("no figures: {said}"));
    let number = |unit: &str| {
        let part = stats.split(" · ").find(|p| p.contains(unit)).unwrap_or_else(|| panic!("{unit} is not in {stats}"));
        part.split_whitespace().find_map(|w| w.parse().ok()).unwrap_or_else(|| panic!("no number: {part}"))
    };
    Cost { cpu: number(" CPU"), mb: number("peak ") }
}

fn best(args: &[&str], fails: bool) -> Cost {
    let runs: Vec<Cost> = (0..3).map(|_| once(args, fails)).collect();
    let least = |of: fn(&Cost) -> f64| runs.iter().map(of).fold(f64::INFINITY, f64::min);
    Cost { cpu: least(|c| c.cpu), mb: least(|c| c.mb) }
}

/// `status` where an earlier run left the folded state of closed months behind: all months of
/// the generated logs are closed.
fn folded(dir: &str) -> Cost {
    let args = ["-C", dir, "status", "--as-of", "2026-12-31"];
    // Files that were written a moment ago are not believed.
    std::thread::sleep(std::time::Duration::from_secs(3));
    once(&args, false);
    let run = Command::new(env!("CARGO_BIN_EXE_duban")).args(args).arg("--stats").output().expect("the program runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.contains("from the folded state of closed months, 0 read"), "the log was read all the same: {said}");
    best(&args, false)
}

/// A generated register: obligations, departments, leads of each, log entries.
fn folder(n: usize, d: usize, leads: usize, entries: usize) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("duban-table-{n}-{d}-{leads}-{entries}"));
    let done = dir.join("done");
    if !done.exists() {
        let _ = std::fs::remove_dir_all(&dir);
        support::register_by(&dir, n, d, leads, 1);
        support::log_by(&dir, n, d, leads, entries, false);
        std::fs::write(done, "").expect("file");
    }
    dir
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let wanted = |job: &str| words.is_empty() || words.iter().any(|w| w == job);
    let mut table = Table { rows: 0, missed: 0 };
    let at = |dir: &Path| dir.to_string_lossy().into_owned();
    if wanted("check") {
        let (ten, hundred) = (at(&folder(10_000, 50, 1, 0)), at(&folder(100_000, 50, 1, 0)));
        let small = best(&["-C", &ten, "check", "--as-of", "2026-06-30"], true);
        table.row("`check`, all rules", "10,000 obligations", small, &Must { cpu: 0.4, mb: 100.0 });
        let large = best(&["-C", &hundred, "check", "--as-of", "2026-06-30"], true);
        table.row("`check`, all rules", "100,000 obligations", large, &Must { cpu: 13.0 * small.cpu, mb: 0.0 });
    }
    if wanted("html") {
        let ten = at(&folder(10_000, 50, 1, 0));
        let cost = best(&["-C", &ten, "report", "task-breakdown", "--format", "html", "--as-of", "2026-06-30"], true);
        table.row("HTML report with every row", "10,000 obligations", cost, &Must { cpu: 1.0, mb: 0.0 });
    }
    if wanted("1M") {
        let dir = at(&folder(1_000, 100, 100, 1_000_000));
        let cost = best(&["-C", &dir, "status", "--no-cache", "--as-of", "2026-12-31"], false);
        table.row("`status`, chain verified", "1 M entries, 100,000 duties", cost, &Must { cpu: 1.0, mb: 80.0 });
        table.row("`status`, from the folded state", "1 M entries, 100,000 duties", folded(&dir), &Must { cpu: 1.0, mb: 80.0 });
    }
    if wanted("10M") {
        let dir = at(&folder(1_000, 1_000, 1_000, 10_000_000));
        let cost = once(&["-C", &dir, "status", "--no-cache", "--as-of", "2026-12-31"], false);
        table.row("`status`, chain verified", "10 M entries, 1 M duties", cost, &Must { cpu: 10.0, mb: 400.0 });
        table.row("`status`, from the folded state", "10 M entries, 1 M duties", folded(&dir), &Must { cpu: 1.0, mb: 400.0 });
    }
    if wanted("shipped") {
        let city = concat!(env!("CARGO_MANIFEST_DIR"), "/obligations/sample-city");
        let national = concat!(env!("CARGO_MANIFEST_DIR"), "/obligations");
        for args in [&["status"][..], &["list"], &["show", "OPN-3.18"], &["check"]] {
            for (name, dir) in [("sample city", city), ("national", national)] {
                let all: Vec<&str> = ["-C", dir, "--as-of", "2026-10-31"].into_iter().chain(args.iter().copied()).collect();
                let cost = best(&all, false);
                table.row(&format!("`{}`", args.join(" ")), name, cost, &Must { cpu: 0.03, mb: 0.0 });
            }
        }
    }
    println!("\n{} rows, {} missed", table.rows, table.missed);
    ExitCode::from(u8::from(table.missed > 0 || table.rows == 0))
}
