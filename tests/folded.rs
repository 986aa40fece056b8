//! The folded state of closed months is never needed and never noticed: whatever becomes of it,
//! and whatever becomes of the log and the register beneath it, the answer is that of the whole
//! reading. On generated histories, and with every kind of harm.

#[path = "oracle/mod.rs"]
#[allow(missing_docs)]
mod oracle;
#[path = "sealed/mod.rs"]
#[allow(missing_docs, dead_code)]
mod sealed;

use chrono::{DateTime, FixedOffset, NaiveDate};
use duban::digest::{chain, hex};
use duban::log::Verdict;
use duban::log::lean::kept::{Keep, stat::RACY};
use duban::log::spool::StateFolder;
use duban::model::time::When;
use duban::snapshot::{Options, Snapshot};
use sealed::{same, world};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A register with its log, and beside it the folder in which something may be kept.
struct World {
    dir: tempfile::TempDir,
    seed: u64,
    now: DateTime<FixedOffset>,
}

impl World {
    fn new(seed: u64) -> (World, Vec<NaiveDate>) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("register");
        fs::create_dir(&root).unwrap();
        let dates = world(&root, seed);
        let now = DateTime::parse_from_rfc3339("2099-01-01T00:00:00+08:00").unwrap();
        (World { dir, seed, now }, dates)
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("register")
    }

    fn options<'a>(&self, root: &'a Path, as_of: NaiveDate) -> Options<'a> {
        Options { root, shown: "r", now: self.now, as_of: Some(When::Day(as_of)), on: None }
    }

    fn whole(&self, as_of: NaiveDate) -> Snapshot {
        Snapshot::open(&self.options(&self.root(), as_of)).unwrap_or_else(|e| panic!("{e}"))
    }

    fn kept_after(&self, as_of: NaiveDate, still: Duration) -> Snapshot {
        let path = self.dir.path().join("state");
        let state = || Some(StateFolder { path: path.clone(), repo: None, branch: None });
        let keep = Keep { state: &state, worth: 1, still };
        Snapshot::open_keeping(&self.options(&self.root(), as_of), Some(&keep)).unwrap_or_else(|e| panic!("{e}"))
    }

    /// Reads with whatever is kept; the answer is the whole reading's.
    fn kept(&self, as_of: NaiveDate) -> usize {
        self.kept_as(&self.whole(as_of))
    }

    /// The same with the answer at hand.
    fn kept_as(&self, whole: &Snapshot) -> usize {
        let kept = self.kept_after(whole.as_of, Duration::ZERO);
        same(self.seed, whole, &kept);
        assert_eq!(format!("{:?}", kept.findings), format!("{:?}", whole.findings), "seed {}", self.seed);
        kept.log.kept
    }

    /// The one file that is kept.
    fn file(&self) -> PathBuf {
        let mut all = fs::read_dir(self.dir.path().join("state/folded")).unwrap();
        let file = all.next().unwrap().unwrap().path();
        assert!(all.next().is_none(), "more than one file is kept");
        file
    }

    /// Log files, oldest month first.
    fn log(&self) -> Vec<PathBuf> {
        let depts = fs::read_dir(self.root().join("log")).unwrap().map(|e| e.unwrap().path());
        let mut all: Vec<PathBuf> = depts.flat_map(|d| fs::read_dir(d).unwrap().map(|e| e.unwrap().path())).collect();
        all.sort_by_key(|p| p.file_name().unwrap().to_owned());
        all
    }
}

/// The last days of the months that a log has.
fn ends(world: &World) -> Vec<NaiveDate> {
    let month = |p: &PathBuf| p.file_name().unwrap().to_str().unwrap()[..7].to_string();
    let mut months: Vec<String> = world.log().iter().map(month).collect();
    months.dedup();
    let first = |m: String| NaiveDate::parse_from_str(&format!("{m}-01"), "%Y-%m-%d").unwrap();
    months.into_iter().map(|m| first(m).checked_add_months(chrono::Months::new(1)).unwrap().pred_opt().unwrap()).collect()
}

#[test]
fn with_it_or_without_it_the_states_are_the_same() {
    let seeds: u64 = std::env::var("DUBAN_SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(40);
    let (mut used, mut partly, mut fixed, mut opened, mut grown) = (0, 0, 0, 0, 0);
    for seed in 0..seeds {
        let (world, mut days) = World::new(seed);
        days.extend(ends(&world));
        days.sort_unstable();
        // Forwards, so that what is kept grows; then backwards, so that too much is kept.
        let mut last = 0;
        for as_of in days.iter().chain(days.iter().rev()) {
            let whole = world.whole(*as_of);
            world.kept_as(&whole);
            let now = world.kept_as(&whole);
            used += usize::from(now > 0);
            partly += usize::from(now > 0 && now < whole.log.entries);
            fixed += usize::from(now > 0) * whole.folded.standing.len();
            opened += usize::from(now > 0) * whole.folded.states.iter().map(|s| s.blocks.len() + s.breaches.len()).sum::<usize>();
            grown += usize::from(last > 0 && now > last);
            last = now;
        }
    }
    // Worth something only if there was something to get wrong.
    assert!(used > 100 && partly > 50 && fixed > 20 && opened > 10 && grown > 10, "{used} {partly} {fixed} {opened} {grown}");
}

/// A world of which something is kept, open blocks among it.
fn rich() -> (World, NaiveDate) {
    for seed in 0..200 {
        let (world, _) = World::new(seed);
        let ends = ends(&world);
        let Some(as_of) = ends.iter().rev().nth(1).copied() else { continue };
        world.kept(as_of);
        let whole = world.whole(as_of);
        let open = whole.folded.states.iter().any(|s| !s.blocks.is_empty() && s.applied.is_some());
        if world.kept(as_of) > 30 && open && whole.findings.is_empty() {
            return (world, as_of);
        }
    }
    panic!("no world is rich enough");
}

/// Bytes with the digest that belongs to them.
fn sealed_again(bytes: &[u8]) -> Vec<u8> {
    let body = &bytes[..bytes.len() - 64];
    [body, hex(body).as_bytes()].concat()
}

#[test]
fn harmed_it_is_passed_over_and_made_anew() {
    let (world, as_of) = rich();
    let good = fs::read(world.file()).unwrap();
    let (file, whole) = (world.file(), world.whole(as_of));
    let harmed = |what: &str, harm: &dyn Fn()| {
        fs::write(&file, &good).unwrap();
        assert!(world.kept_as(&whole) > 0, "before {what}: nothing was kept");
        harm();
        assert_eq!(world.kept_as(&whole), 0, "{what}: it was believed all the same");
        assert!(world.kept_as(&whole) > 0, "{what}: it was not made anew");
    };
    harmed("taken away", &|| fs::remove_file(&file).unwrap());
    harmed("the folder taken away", &|| fs::remove_dir_all(file.parent().unwrap()).unwrap());
    for length in (0..good.len()).step_by(good.len() / 40) {
        harmed(&format!("cut to {length}"), &|| fs::write(&file, &good[..length]).unwrap());
    }
    harmed("a byte behind it", &|| fs::write(&file, [&good[..], b"x"].concat()).unwrap());
    for at in (0..good.len()).step_by(good.len() / 120) {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        harmed(&format!("a bit at {at}"), &|| fs::write(&file, &bad).unwrap());
    }
    let other = |from: &str, to: &str| {
        let text: Vec<u8> = good.clone();
        let at = text.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        sealed_again(&[&text[..at], to.as_bytes(), &text[at + from.len()..]].concat())
    };
    harmed("another form", &|| fs::write(&file, other("folded state 1", "folded state 0")).unwrap());
    harmed("a longer form", &|| fs::write(&file, other("folded state 1", "folded state 11")).unwrap());
    #[cfg(unix)]
    harmed("a link to a good one", &|| {
        let aside = world.dir.path().join("aside");
        fs::rename(&file, &aside).unwrap();
        std::os::unix::fs::symlink(&aside, &file).unwrap();
    });
    // Lengths that nobody could have room for, under a digest that is right.
    for at in [0, 30, 60, 150, good.len() / 2] {
        let huge = [&good[..at], &[0xff; 9], &[0x01], &good[at..]].concat();
        harmed(&format!("a length at {at}"), &|| fs::write(&file, sealed_again(&huge)).unwrap());
    }
}

/// For a small log nobody even asks where something could be kept.
#[test]
fn a_small_log_is_read_and_no_more() {
    let (world, as_of) = rich();
    let state = || panic!("asked where the state folder is");
    let keep = Keep::usual(&state);
    let s = Snapshot::open_keeping(&world.options(&world.root(), as_of), Some(&keep)).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(s.log.kept, 0);
}

#[test]
fn what_a_killed_run_left_is_swept_away() {
    let (world, as_of) = rich();
    let file = world.file();
    fs::write(file.with_file_name(".killed.new"), "half").unwrap();
    fs::remove_file(&file).unwrap();
    assert_eq!(world.kept(as_of), 0);
    assert_eq!(world.file(), file, "only the whole one stands there");
}

/// What cannot be written is not missed.
#[test]
fn where_nothing_can_be_kept_nothing_is() {
    let (world, as_of) = rich();
    let file = world.file();
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!((world.kept(as_of), world.kept(as_of)), (0, 0), "a folder in its place");
    let folder = file.parent().unwrap().to_path_buf();
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "a file").unwrap();
    assert_eq!((world.kept(as_of), world.kept(as_of)), (0, 0), "a file in the folder's place");
    fs::remove_file(&folder).unwrap();
    #[cfg(unix)]
    {
        let aside = world.dir.path().join("aside");
        fs::create_dir(&aside).unwrap();
        std::os::unix::fs::symlink(&aside, &folder).unwrap();
        assert_eq!((world.kept(as_of), world.kept(as_of)), (0, 0), "a link in the folder's place");
        assert_eq!(fs::read_dir(&aside).unwrap().count(), 0, "it was written through the link");
    }
}

/// The control: the comparisons above would see it if anything were believed blindly.
#[test]
fn a_state_changed_under_a_right_digest_is_another_answer() {
    let (world, as_of) = rich();
    let good = fs::read(world.file()).unwrap();
    let plain = format!("{:?}", sealed::states(&world.whole(as_of)));
    let mut differ = 0;
    for at in (0..good.len() - 64).rev().take(400) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(world.file(), sealed_again(&bad)).unwrap();
        let kept = world.kept_after(as_of, Duration::ZERO);
        differ += usize::from(kept.log.kept > 0 && format!("{:?}", sealed::states(&kept)) != plain);
    }
    assert!(differ > 20, "{differ}: the digest is all that stands between a wrong byte and a wrong answer");
}

/// Right in itself and for another log: refused.
#[test]
fn one_for_another_log_is_not_believed() {
    let (world, as_of) = rich();
    let (other, _) = World::new(world.seed);
    other.kept(as_of);
    assert!(other.kept(as_of) > 0);
    let foreign = fs::read(other.file()).unwrap();
    fs::write(world.file(), &foreign).unwrap();
    assert_eq!(world.kept(as_of), 0, "the same bytes of log, but another log");
    assert!(world.kept(as_of) > 0, "its own took the place");
}

#[test]
fn what_happens_to_a_closed_file_is_noticed() {
    let (world, as_of) = rich();
    let first = world.log()[0].clone();
    let text = fs::read_to_string(&first).unwrap();
    let changed = |what: &str, change: &dyn Fn()| {
        world.kept(as_of);
        assert!(world.kept(as_of) > 0, "before {what}: nothing was kept");
        change();
        assert_eq!(world.kept(as_of), 0, "{what}: it was not noticed");
    };
    changed("written anew with the same bytes", &|| again(&first, &text));
    changed("put back in its place from aside", &|| {
        let aside = first.with_extension("aside");
        fs::copy(&first, &aside).unwrap();
        fs::rename(&aside, &first).unwrap();
    });
    changed("a byte changed, the length kept", &|| again(&first, &text.replacen("\"by\":\"o", "\"by\":\"p", 1)));
    again(&first, &text);
    changed("a line appended late", &|| {
        let last = last(&text);
        again(&first, &format!("{text}{}", after(&last, "\"event\":\"progress\",\"note\":\"nachgetragen\"", 1)));
    });
    again(&first, &text);
    changed("taken away", &|| fs::remove_file(&first).unwrap());
    again(&first, &text);
    changed("another one beside it", &|| {
        let dept = first.parent().unwrap();
        let (dept, name) = (dept.file_name().unwrap().to_str().unwrap(), first.file_name().unwrap().to_str().unwrap());
        let writer = "officer-late-7f3k";
        let body = format!(
            "{{\"seq\":0,\"log\":\"duban/1\",\"dept\":\"{dept}\",\"month\":\"{}\",\"writer\":\"{writer}\",\"after\":null",
            &name[..7]
        );
        let beside = first.with_file_name(format!("{}.{writer}.jsonl", &name[..7]));
        fs::write(beside, format!("{body},\"h\":\"{}\"}}\n", chain("", body.as_bytes()))).unwrap();
    });
}

#[test]
fn another_register_is_another_question() {
    let (world, as_of) = rich();
    assert!(world.kept(as_of) > 0);
    let settings = world.root().join("register.yaml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}# a word\n")).unwrap();
    assert_eq!(world.kept(as_of), 0);
    assert!(world.kept(as_of) > 0);
    let zone = |t: &str| {
        if t.contains("time_zone") {
            t.replace("time_zone: \"+08:00\"", "time_zone: \"+07:00\"")
        } else {
            format!("{t}time_zone: \"+07:00\"\n")
        }
    };
    fs::write(&settings, zone(&text)).unwrap();
    assert_eq!(world.kept(as_of), 0);
    fs::write(&settings, &text).unwrap();
    assert_eq!(world.kept(as_of), 0, "only the newest is kept");
    assert!(world.kept(as_of) > 0);
}

/// A file that was written a moment ago may be written once more without a trace.
#[test]
fn a_file_just_written_is_not_believed() {
    let (world, as_of) = rich();
    fs::remove_file(world.file()).unwrap();
    for _ in 0..2 {
        assert_eq!(world.kept_after(as_of, RACY * 1000).log.kept, 0);
    }
    assert_eq!(fs::read_dir(world.dir.path().join("state/folded")).unwrap().count(), 0, "something was kept");
}

/// A withdrawal in an open month of an entry in a closed one: what is kept ends before it.
#[test]
fn a_correction_that_reaches_back_is_heard() {
    let mut heard = 0;
    for seed in 0..40 {
        let (world, _) = World::new(seed);
        // The newest month is open.
        let as_of = ends(&world).last().unwrap().pred_opt().unwrap();
        let plain = world.whole(as_of);
        world.kept_as(&plain);
        let before = world.kept_as(&plain);
        let Some(file) = withdraw(&world).filter(|_| before > 0) else { continue };
        let whole = world.whole(as_of);
        let withdrawn = |s: &Snapshot| s.folded.verdicts.iter().filter(|v| matches!(v, Verdict::WithdrawnBy(_))).count();
        if withdrawn(&whole) == withdrawn(&plain) {
            continue;
        }
        let (first, then) = (world.kept_as(&whole), world.kept_as(&whole));
        assert_eq!(first, 0, "seed {seed}: {} reaches back, and was not heard", file.display());
        assert!(then < before, "seed {seed}: what is kept reaches over a correction: {then} of {before}");
        heard += 1;
    }
    assert!(heard > 3, "{heard}");
}

/// The newest file of a writer who also wrote in an earlier month, and that earlier one.
fn pair(world: &World) -> Option<(PathBuf, PathBuf)> {
    let log = world.log();
    let name = |p: &PathBuf| p.file_name().unwrap().to_str().unwrap().to_string();
    let newest = name(log.last()?)[..7].to_string();
    log.iter().filter(|l| name(l)[..7] == newest).find_map(|late| {
        let early = log.iter().find(|e| e.parent() == late.parent() && name(e)[7..] == name(late)[7..] && name(e) < name(late))?;
        Some((early.clone(), late.clone()))
    })
}

fn line(text: &str, n: usize) -> Option<Value> {
    text.lines().nth(n).map(|l| serde_json::from_str(l).unwrap())
}

fn last(text: &str) -> Value {
    line(text, text.lines().count() - 1).unwrap()
}

/// Withdraws the first entry of a writer in the last line of the same writer's newest file.
fn withdraw(world: &World) -> Option<PathBuf> {
    let (early, late) = pair(world)?;
    let target = line(&fs::read_to_string(&early).unwrap(), 1)?;
    let text = fs::read_to_string(&late).unwrap();
    let mut last = last(&text);
    last["duty"] = target["duty"].clone();
    let what = format!("\"event\":\"void\",\"reason\":\"wrong\",\"fixes\":{}", target["h"]);
    again(&late, &format!("{text}{}", after(&last, &what, 1)));
    Some(late)
}

/// A closed month may name a line that comes to stand in an open one only later: a withdrawal
/// before its entry, somebody's witness. No honest clock does that, and it is heard all the same.
#[test]
fn what_reaches_forward_is_heard() {
    let (mut withdrawn, mut missed) = (0, 0);
    for seed in 0..40 {
        for witness in [false, true] {
            let (world, _) = World::new(seed);
            let as_of = ends(&world).last().unwrap().pred_opt().unwrap();
            let Some((early, late)) = pair(&world) else { continue };
            let (old, new) = (fs::read_to_string(&early).unwrap(), fs::read_to_string(&late).unwrap());
            let fresh = after(&last(&new), "\"event\":\"progress\",\"note\":\"später\"", 1);
            let mut end = last(&old);
            end["duty"] = last(&new)["duty"].clone();
            let name = format!("{}/{}", end["dept"].as_str().unwrap(), late.file_name().unwrap().to_str().unwrap());
            let h = last(&fresh)["h"].as_str().unwrap().to_string();
            let seq = last(&fresh)["seq"].as_u64().unwrap();
            let what = match witness {
                false => format!("\"event\":\"void\",\"reason\":\"wrong\",\"fixes\":\"{h}\""),
                true => format!("\"event\":\"progress\",\"note\":\"gesehen\",\"saw\":{{\"{name}\":\"{seq}:{h}\"}}"),
            };
            again(&early, &format!("{old}{}", after(&end, &what, 1)));
            if witness {
                again(&late, &format!("{new}{fresh}"));
            }
            world.kept(as_of);
            if world.kept(as_of) == 0 {
                continue;
            }
            // Now the entry comes, or the line that was seen goes.
            again(&late, &if witness { new } else { format!("{new}{fresh}") });
            let whole = world.whole(as_of);
            let count = whole
                .folded
                .verdicts
                .iter()
                .filter(|v| matches!(v, Verdict::WithdrawnBy(w) if whole.log.records[*w as usize].entry.fixes.as_deref() == Some(&*h)))
                .count();
            let told = whole.findings.iter().any(|f| f.rule == "L010");
            let kept = world.kept_as(&whole);
            if count > 0 || told {
                assert_eq!(kept, 0, "seed {seed}: it was not heard");
            }
            (withdrawn, missed) = (withdrawn + count, missed + usize::from(told));
        }
    }
    assert!(withdrawn > 3 && missed > 3, "{withdrawn} {missed}");
}

/// Writes a file so that the clock of the disk has moved on since it was last written.
fn again(path: &Path, text: &str) {
    let before = fs::metadata(path).and_then(|m| m.modified()).ok();
    loop {
        fs::write(path, text).unwrap();
        if fs::metadata(path).unwrap().modified().ok() != before {
            return;
        }
    }
}

/// A line after another one of the same writer about the same assignment, some milliseconds later.
fn after(last: &Value, what: &str, later: i64) -> String {
    let text = |key: &str| last[key].as_str().unwrap();
    let at = DateTime::parse_from_rfc3339(text("at")).unwrap() + chrono::Duration::milliseconds(later);
    let body = format!(
        "{{\"seq\":{},\"at\":\"{}\",\"by\":\"{}\",\"dept\":\"{}\",\"duty\":\"{}\",{what}",
        last["seq"].as_u64().unwrap() + 1,
        at.format("%Y-%m-%dT%H:%M:%S%.3f%:z"),
        text("by"),
        text("dept"),
        text("duty")
    );
    format!("{body},\"h\":\"{}\"}}\n", chain(text("h"), body.as_bytes()))
}
