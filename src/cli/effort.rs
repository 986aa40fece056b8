//! What a run costs (`--stats`), and how far a long one is (a bar on a terminal).
//!
//! Both look at [`Counts`] of the log's reader from outside; nothing that is printed as a result
//! depends on them.

use crate::log::lines::{COUNTS, Counts};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Work below this says nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two drawings.
const BEAT: Duration = Duration::from_millis(200);
/// Cells of the bar.
const CELLS: u64 = 24;

/// A bar on standard error for as long as it lives.
pub struct Bar {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Begins, drawing nothing for the first second; never draws where `wanted` is false.
    pub fn over(root: &Path, wanted: bool) -> Bar {
        if !wanted {
            return Bar { end: None, thread: None };
        }
        let (end, ended) = channel();
        let root = root.to_path_buf();
        let draw = move || {
            let mut pause = PATIENCE;
            let mut all = None;
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let all = *all.get_or_insert_with(|| bytes(&root.join("log")));
                eprint!("\r{}", line(COUNTS.bytes.load(Ordering::Relaxed), all));
                pause = BEAT;
            }
            if pause == BEAT {
                eprint!("\r\u{1b}[K");
                let _ = std::io::stderr().flush();
            }
        };
        Bar { end: Some(end), thread: std::thread::Builder::new().spawn(draw).ok() }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.end.take());
        // Waited for, so that the line is clean before anything else is written.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The bar as it is drawn. The log is read twice where it is read in passing: once for
/// corrections, once for good.
fn line(done: u64, all: u64) -> String {
    let all = (2 * all).max(1);
    let full = (done * CELLS / all).min(CELLS);
    let bar: String = (0..CELLS).map(|i| if i < full { '█' } else { '░' }).collect();
    format!("log {bar} {:>3} %  {} MB", (done * 100 / all).min(99), done >> 20)
}

/// Bytes of the log's files.
fn bytes(log: &Path) -> u64 {
    let below = |dir: PathBuf| std::fs::read_dir(dir).into_iter().flatten().flatten();
    let size = |e: std::fs::DirEntry| e.metadata().map_or(0, |m| if m.is_file() { m.len() } else { 0 });
    below(log.into()).flat_map(|dept| below(dept.path())).map(size).sum()
}

/// What a run cost, for `--stats`: processor time, entries a second, peak memory.
pub fn stats(began: Instant) -> String {
    let wall = began.elapsed().as_secs_f64();
    let Counts { entries, kept, .. } = &COUNTS;
    let (entries, kept) = (entries.load(Ordering::Relaxed), kept.load(Ordering::Relaxed));
    let mut parts = vec![format!("{wall:.2} s")];
    parts.push(cpu().map_or("CPU time not known on this system".into(), |s| format!("{s:.2} s CPU")));
    if entries > 0 {
        parts.push(format!("{entries} log entries, {:.0} a second", entries as f64 / wall.max(1e-9)));
    }
    if kept > 0 {
        parts.push(format!("{kept} of them from the folded state of closed months, {} read", entries - kept));
    }
    parts.push(peak().map_or("peak memory not known on this system".into(), |kb| format!("peak {:.1} MB", kb as f64 / 1000.0 * 1.024)));
    format!("stats: {}\n", parts.join(" · "))
}

/// Processor seconds of all threads, in hundredths, as Linux tells them.
fn cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |i: usize| fields.get(i)?.parse::<u64>().ok();
    Some((ticks(11)? + ticks(12)?) as f64 / 100.0)
}

/// Peak resident memory in KiB, as Linux tells it.
fn peak() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    text.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_never_says_done_before_it_is() {
        assert_eq!(line(0, 100 << 20), format!("log {}   0 %  0 MB", "░".repeat(24)));
        assert_eq!(line(100 << 20, 100 << 20), format!("log {}{}  50 %  100 MB", "█".repeat(12), "░".repeat(12)));
        assert_eq!(line(300 << 20, 100 << 20), format!("log {}  99 %  300 MB", "█".repeat(24)));
        assert_eq!(line(0, 0), format!("log {}   0 %  0 MB", "░".repeat(24)));
    }
}
