//! Power cuts and failing calls while a checkpoint is made or a log is mended.

use crate::crash::{Faulty, KINDS, Recorder, rebuild};
use crate::world::{Dice, at, files, folder, log, look, lost};
use duban::log::append::Appender;
use duban::log::disk::{Disk, Real};
use duban::log::repair;
use duban::log::spool::StateFolder;
use duban::log::verify::{Options, checkpoint, verify};
use duban::model::Register;
use std::collections::BTreeSet;
use std::path::Path;

fn state(root: &Path) -> StateFolder {
    StateFolder { path: root.join(".duban"), repo: None, branch: None }
}

/// Mends what can be mended, through a disk.
fn mend(root: &Path, register: &Register, disk: &dyn Disk) -> std::io::Result<usize> {
    let state = state(root);
    let spool = state.spool();
    let options = Options { root, spool: &spool, repo: None, branch: None, history: false, against: None, signers: None, progress: None };
    let fixes = repair::plan(&options, &verify(&options).0.troubles);
    let appender = Appender { root, register, now: at(60_000), state: &state, disk, progress: None };
    repair::apply(&appender, &fixes)
}

/// A checkpoint over the log as it is, through a disk.
fn sign_off(root: &Path, disk: &dyn Disk) -> std::io::Result<String> {
    let state = state(root);
    let spool = state.spool();
    let options = Options { root, spool: &spool, repo: None, branch: None, history: false, against: None, signers: None, progress: None };
    let (_, seen) = verify(&options);
    let c = checkpoint::next(root, "T", "auditor-a", "2026-04-20T09:00:00.000+08:00", &seen, "no");
    let name = c.name("auditor-a-zzzz");
    checkpoint::store(disk, &root.join("log/checkpoints"), &name, &c.text()).map(|()| name)
}

/// Every line that is anywhere: in the log, in the spool, set aside.
fn lines(root: &Path) -> BTreeSet<Vec<u8>> {
    let mut out = BTreeSet::new();
    for (_, bytes) in files(root) {
        out.extend(bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec));
    }
    for e in std::fs::read_dir(root.join(".duban/aside")).into_iter().flatten().flatten() {
        let bytes = std::fs::read(e.path()).unwrap_or_default();
        out.extend(bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec));
    }
    out
}

/// A log with files cut, swapped, doubled, scrawled on and removed.
fn broken(root: &Path, dice: &mut Dice) -> Register {
    let register = log(root, 6_000);
    for (rel, good) in files(root) {
        let path = root.join(rel);
        let mut all: Vec<&[u8]> = good.split_inclusive(|b| *b == b'\n').collect();
        let n = all.len();
        match dice.below(6) {
            0 if n > 3 => all.truncate(n - 2),
            1 if n > 3 => all.swap(n - 1, n - 2),
            2 => all.push(all[n - 1]),
            3 => all.push(b"{\"seq\":9,\"at\":\"20"),
            4 if n > 2 => drop(all.remove(n / 2)),
            _ => {
                std::fs::remove_file(&path).unwrap();
                continue;
            }
        }
        std::fs::write(&path, all.concat()).unwrap();
    }
    register
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    crate::crash::copy(from, to);
}

/// So many broken logs, mended over a failing disk and after every power cut.
pub fn mended(seed: u64, count: u64) -> String {
    let mut dice = Dice(seed);
    let (mut cuts, mut faults, mut points) = (0, 0, 0);
    for round in 0..count {
        let home = folder();
        let (good, root) = (home.path().join("good"), home.path().join("r"));
        std::fs::create_dir_all(&good).unwrap();
        let register = broken(&good, &mut dice);
        let before = lines(&good);
        let ask = |root: &Path, what: &str| {
            if let Err(e) = mend(root, &register, &Real) {
                lost(&format!("round {round}, {what}: mending was refused: {e}"));
            }
            let report = look(root, true);
            if !report.whole() {
                lost(&format!("round {round}, {what}: not whole after mending: {:?}", report.troubles));
            }
            let after = lines(root);
            if let Some(l) = before.iter().find(|l| !after.contains(*l)) {
                lost(&format!("round {round}, {what}: a line is nowhere any more: {}", String::from_utf8_lossy(l)));
            }
        };
        copy(&good, &root);
        let recorder = Recorder::over(&root);
        if mend(&root, &register, &recorder).is_err() {
            lost(&format!("round {round}: mending was refused"));
        }
        for (what, state) in recorder.states(97) {
            rebuild(&root, &state);
            ask(&root, &what);
            cuts += 1;
        }
        for (kind, (name, _)) in KINDS.iter().enumerate() {
            for n in 1.. {
                copy(&good, &root);
                let disk = Faulty::at_call(n, kind);
                let _ = mend(&root, &register, &disk);
                if disk.spared() {
                    break;
                }
                ask(&root, &format!("{name} at call {n}"));
                faults += 1;
            }
        }
        // Signing off: before it, after it or not there at all, never half a witness.
        copy(&good, &root);
        ask(&root, "before signing off");
        copy(&root, &good);
        let recorder = Recorder::over(&root);
        if sign_off(&root, &recorder).is_err() {
            lost("no checkpoint was made");
        }
        let again = |root: &Path, what: &str| {
            let report = look(root, true);
            if !report.whole() {
                lost(&format!("round {round}, checkpoint, {what}: not whole: {:?}", report.troubles));
            }
            if checkpoint::names(root).is_empty() && sign_off(root, &Real).is_err() {
                lost(&format!("round {round}, checkpoint, {what}: cannot be made again"));
            }
            if look(root, true).heard.checkpoints != 1 {
                lost(&format!("round {round}, checkpoint, {what}: not heard"));
            }
        };
        for (what, state) in recorder.states(97) {
            rebuild(&root, &state);
            again(&root, &what);
            points += 1;
        }
        for (kind, (name, ..)) in KINDS.iter().enumerate() {
            for n in 1.. {
                copy(&good, &root);
                let disk = Faulty::at_call(n, kind);
                let _ = sign_off(&root, &disk);
                if disk.spared() {
                    break;
                }
                again(&root, &format!("{name} at call {n}"));
                points += 1;
            }
        }
    }
    format!(
        "{count} broken logs: {cuts} power cuts and {faults} failed calls while mending, {points} while signing off; 0 lines lost, whole after the next try"
    )
}
