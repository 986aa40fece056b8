//! Damage by hand: bits, cuts, lines; is it seen, and by which word?

use crate::world::{Dice, files, folder, log, look, lost};
use duban::log::verify::{Report, Word};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The damaged logs kept for the second verifier, with what the program said of each.
pub struct Second {
    kept: Option<tempfile::TempDir>,
    expected: String,
    cases: usize,
}

impl Second {
    /// Keeps nothing unless `PYTHON` is set.
    pub fn new() -> Second {
        Second { kept: std::env::var_os("PYTHON").map(|_| folder()), expected: String::new(), cases: 0 }
    }

    /// A copy of the log as it stands, and the program's words, files and lines.
    pub fn add(&mut self, root: &Path, report: &Report) {
        let Some(kept) = &self.kept else { return };
        let case = kept.path().join(self.cases.to_string());
        fs::create_dir_all(&case).unwrap();
        for (rel, bytes) in files(root) {
            let to = case.join(rel);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        let mut said: Vec<String> = report.troubles.iter().map(|t| format!("{} {}:{}", t.word.code(), t.file, t.line)).collect();
        said.sort();
        self.expected += &format!("{}\t{}\n", self.cases, said.join("\t"));
        self.cases += 1;
    }

    /// The second verifier's word on every case.
    pub fn ask(self) -> String {
        let Some(kept) = self.kept else { return "the second verifier was not asked (PYTHON=1)".into() };
        let list = kept.path().join("expected.tsv");
        fs::write(&list, self.expected).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/agree.py");
        let out = std::process::Command::new("python3").arg(script).arg(kept.path()).arg(&list).output();
        match out {
            Err(e) => format!("SKIPPED the second verifier: python3 cannot be run ({e})"),
            Ok(o) if o.status.success() => String::from_utf8_lossy(&o.stdout).trim().to_string(),
            Ok(o) => {
                let text = [o.stdout, o.stderr].map(|b| String::from_utf8_lossy(&b).into_owned()).concat();
                lost(&format!("the second verifier disagrees:\n{text}"))
            }
        }
    }
}

/// Every bit of a log of so many bytes.
pub fn bits(bytes: u64) -> String {
    let dir = folder();
    log(dir.path(), bytes);
    let (mut flipped, mut by, mut second) = (0, BTreeMap::new(), Second::new());
    for (rel, good) in files(dir.path()) {
        let path = dir.path().join(&rel);
        for i in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[i / 8] ^= 1 << (i % 8);
            fs::write(&path, &bad).unwrap();
            let report = look(dir.path(), false);
            flipped += 1;
            match report.troubles.first() {
                None => lost(&format!("bit {i} of {rel} flipped, and nothing was said")),
                Some(t) => *by.entry(t.word.code()).or_insert(0) += 1,
            }
            if !report.troubles.iter().any(|t| t.file == rel) {
                lost(&format!("bit {i} of {rel} flipped, and another file was named"));
            }
            second.add(dir.path(), &report);
        }
        fs::write(&path, &good).unwrap();
    }
    if !look(dir.path(), false).whole() {
        lost("put back as it was, and not whole");
    }
    format!("{flipped} bits flipped, all seen; by first word {by:?}; {}", second.ask())
}

/// Cut at every byte of the last lines of every file: which witness saw it?
pub fn cuts(lines: u64) -> String {
    let dir = folder();
    log(dir.path(), 10_240);
    let (mut cut, mut unseen, mut by, mut second) = (0, 0, BTreeMap::new(), Second::new());
    for (rel, good) in files(dir.path()) {
        let path = dir.path().join(&rel);
        let ends: Vec<usize> = (0..good.len()).filter(|i| good[*i] == b'\n').collect();
        let from = ends.len().checked_sub(lines as usize + 1).map_or(0, |n| ends[n] + 1);
        for to in from..good.len() {
            fs::write(&path, &good[..to]).unwrap();
            cut += 1;
            let at_a_line = to == 0 || good[to - 1] == b'\n';
            let alone = look(dir.path(), false);
            let word = match alone.troubles.first() {
                Some(t) => t.word.code(),
                // A whole line less, and nobody else saw it: the spool did.
                None if at_a_line => "spool alone",
                None => lost(&format!("{rel} cut at byte {to}, inside a line, and nothing was said")),
            };
            *by.entry(word).or_insert(0) += 1;
            unseen += usize::from(word == "spool alone");
            second.add(dir.path(), &alone);
            if look(dir.path(), true).whole() {
                lost(&format!("{rel} cut at byte {to}, and not even the spool saw it"));
            }
        }
        fs::write(&path, &good).unwrap();
    }
    format!("{cut} cuts, all seen with the spool, {unseen} by it alone; by first word {by:?}; {}", second.ask())
}

/// One operation on lines, and the words that are right for it.
fn operate(kind: usize, lines: &mut Vec<Vec<u8>>, other: &[Vec<u8>], dice: &mut Dice) -> Option<(&'static str, &'static [Word])> {
    let n = lines.len();
    // The header stays in its place and the last line is the business of the cuts.
    if n < 5 {
        return None;
    }
    let i = 1 + dice.below(n - 2);
    Some(match kind {
        0 => {
            lines.remove(i);
            ("delete", &[Word::Missing])
        }
        1 => {
            let line = lines[i].clone();
            lines.insert(i + 1 + dice.below(n - i), line);
            ("double", &[Word::Repeated])
        }
        2 => {
            lines.swap(i, i + 1);
            ("swap", &[Word::Reordered])
        }
        3 => {
            let line = lines.remove(i);
            let j = (i + 1 + dice.below(n - 2)) % n;
            lines.insert(if j == 0 { n - 1 } else { j }, line.clone());
            if lines.iter().position(|l| *l == line) == Some(i) {
                return None;
            }
            ("move", &[Word::Reordered])
        }
        4 => {
            let mut forged = String::from_utf8(lines[i].clone()).ok()?;
            forged = forged.replace("进展", "完成");
            lines.insert(i + 1, forged.into_bytes());
            ("forge", &[Word::Altered])
        }
        5 => {
            let j = 1 + dice.below(other.len() - 1);
            lines.insert(i + 1, other[j].clone());
            ("carry", &[Word::Moved])
        }
        6 => {
            let mut changed = String::from_utf8(lines[i].clone()).ok()?;
            changed = changed.replace("进展", "完成");
            lines[i] = changed.into_bytes();
            ("rewrite", &[Word::Altered])
        }
        _ => {
            lines[i] = b"not a line of a log".to_vec();
            ("scrawl", &[Word::Unreadable])
        }
    })
}

/// So many operations, each with the right word; the second verifier asked where told.
pub fn surgery(seed: u64, count: u64) -> String {
    let dir = folder();
    log(dir.path(), 24_000);
    let all = files(dir.path());
    let mut dice = Dice(seed);
    let split = |text: &[u8]| -> Vec<Vec<u8>> { text.split_inclusive(|b| *b == b'\n').map(|l| l[..l.len() - 1].to_vec()).collect() };
    let (mut done, mut by) = (0, BTreeMap::new());
    let mut second = Second::new();
    while done < count {
        let k = dice.below(all.len());
        let (rel, good) = &all[k];
        let other = split(&all[(k + 1 + dice.below(all.len() - 1)) % all.len()].1);
        let mut lines = split(good);
        let Some((name, words)) = operate(dice.below(8), &mut lines, &other, &mut dice) else { continue };
        let bad: Vec<u8> = lines.iter().flat_map(|l| l.iter().copied().chain([b'\n'])).collect();
        fs::write(dir.path().join(rel), &bad).unwrap();
        let report = look(dir.path(), false);
        if !report.troubles.iter().any(|t| t.file == *rel && words.contains(&t.word)) {
            let said: Vec<String> = report.troubles.iter().map(|t| format!("{} {}:{}", t.word.code(), t.file, t.line)).collect();
            let kept = std::env::temp_dir().join("duban-campaign-lost.jsonl");
            let _ = fs::write(&kept, &bad);
            lost(&format!("{name} in {rel}: wanted {words:?}, said {said:?}; the file is {}", kept.display()));
        }
        second.add(dir.path(), &report);
        fs::write(dir.path().join(rel), good).unwrap();
        *by.entry(name).or_insert(0) += 1;
        done += 1;
    }
    format!("{done} operations, each with its word {by:?}; {}", second.ask())
}
