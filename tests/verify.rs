//! Every trouble of a log by its own word, on a small log of three writers; git as a witness;
//! what `repair` does about each, and what it leaves.
//!
//! The log: officer-a and officer-c write in DEP-A and have seen each other's lines,
//! officer-b writes in DEP-B. A world is one slip, and the whole list of what is said of it.

#[path = "campaign/world.rs"]
#[allow(dead_code, reason = "shared with the campaign, which uses more of it")]
mod world;

use assert_cmd::Command;
use duban::log::disk::{Disk, Fail, Real};
use duban::log::verify::Word;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use world::{files, folder, log, look};

/// A log on which slips are made, in the folder of its register.
struct Log {
    dir: tempfile::TempDir,
    /// The files of officer-a, officer-c and officer-b, below the register.
    files: [String; 3],
}

impl Log {
    fn new() -> Log {
        let dir = folder();
        log(dir.path(), 4_500);
        let all = files(dir.path());
        let of = |who: &str| all.iter().find(|(f, _)| f.contains(who)).unwrap().0.clone();
        let files = [of("officer-a"), of("officer-c"), of("officer-b")];
        let log = Log { dir, files };
        assert!(look(log.root(), true).whole());
        log
    }
    fn root(&self) -> &Path {
        self.dir.path()
    }
    fn path(&self, i: usize) -> PathBuf {
        self.root().join(&self.files[i])
    }
    fn lines(&self, i: usize) -> Vec<String> {
        fs::read_to_string(self.path(i)).unwrap().lines().map(String::from).collect()
    }
    fn write(&self, i: usize, lines: &[String]) {
        let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
        fs::write(self.path(i), text).unwrap();
    }
    fn edit(&self, f: impl Fn(&mut Vec<String>)) {
        let mut lines = self.lines(0);
        f(&mut lines);
        self.write(0, &lines);
    }
    /// Word, writer and line of every trouble; without the spool the disk stands alone.
    fn said(&self, spool: bool) -> Vec<(Word, &'static str, u64)> {
        let who = |f: &str| {
            let all = ["officer-a", "officer-c", "officer-b"];
            all.into_iter().find(|w| f.contains(*w)).unwrap_or("")
        };
        let mut all: Vec<_> = look(self.root(), spool).troubles.iter().map(|t| (t.word, who(&t.file), t.line)).collect();
        all.sort();
        all
    }
    fn run(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::cargo_bin("duban").unwrap();
        for name in ["DUBAN_REGISTER", "DUBAN_BY", "COLUMNS", "GIT_DIR"] {
            command.env_remove(name);
        }
        command.env("GIT_CEILING_DIRECTORIES", self.root().parent().unwrap());
        let out = command.current_dir(self.root()).args(["--register", ".", "--lang", "en"]).args(args).output().unwrap();
        let text = [out.stdout, out.stderr].map(|b| String::from_utf8(b).unwrap()).concat();
        (out.status.code().unwrap(), text)
    }
    fn git(&self, args: &[&str]) -> String {
        let mut all = vec!["-c", "user.name=clerk-a", "-c", "user.email=clerk-a@example.org", "-c", "commit.gpgsign=false"];
        all.extend(args);
        let out = std::process::Command::new("git").current_dir(self.root()).args(all).output().unwrap();
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }
    /// Takes the log into git, with the state folder left out.
    fn committed(&self) {
        self.git(&["init", "-q", "-b", "main"]);
        fs::write(self.root().join(".gitignore"), ".duban/\n").unwrap();
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "the log"]);
    }
}

use Word::*;

/// A slip, whether the spool is asked, and all that is said of it.
type Slip = (&'static str, fn(&Log), bool, &'static [(Word, &'static str, u64)]);

const SLIPS: &[Slip] = &[
    ("nothing", |_| {}, true, &[]),
    ("a word changed", |l| l.edit(|x| x[2] = x[2].replace("进展", "完成")), true, &[(Altered, "officer-a", 3)]),
    ("a line taken out of the middle", |l| l.edit(|x| drop(x.remove(2))), true, &[(Missing, "officer-a", 3)]),
    ("an emptied file", |l| fs::write(l.path(0), "").unwrap(), true, &[(Missing, "officer-a", 1)]),
    (
        "the last line taken away: a colleague saw the one before",
        |l| l.edit(|x| x.truncate(x.len() - 2)),
        false,
        &[(Dropped, "officer-a", 7)],
    ),
    ("the last line taken away: the spool alone knows", |l| l.edit(|x| drop(x.pop())), true, &[(Dropped, "officer-a", 8)]),
    ("a whole file taken away", |l| fs::remove_file(l.path(0)).unwrap(), false, &[(Gone, "officer-a", 0)]),
    ("lines swapped", |l| l.edit(|x| x.swap(2, 3)), true, &[(Reordered, "officer-a", 3)]),
    ("a line doubled", |l| l.edit(|x| x.insert(3, x[2].clone())), true, &[(Repeated, "officer-a", 4)]),
    (
        "a file copied under the next number",
        |l| {
            let copy = l.path(0).to_string_lossy().replace(".jsonl", ".2.jsonl");
            fs::copy(l.path(0), copy).unwrap();
        },
        true,
        &[(Repeated, "officer-a", 0)],
    ),
    (
        "a line of another file",
        |l| {
            let other = l.lines(2)[3].clone();
            l.edit(|x| x.insert(3, other.clone()));
        },
        true,
        &[(Moved, "officer-a", 4)],
    ),
    (
        "a file in another department's folder",
        |l| {
            fs::rename(l.path(0), l.root().join("log/DEP-B").join(l.path(0).file_name().unwrap())).unwrap();
        },
        false,
        &[(Gone, "officer-a", 0), (Moved, "officer-a", 1)],
    ),
    (
        "a torn tail",
        |l| {
            let mut bytes = fs::read(l.path(0)).unwrap();
            bytes.extend_from_slice(b"{\"seq\":9,\"at\":\"2026-0");
            fs::write(l.path(0), bytes).unwrap();
        },
        true,
        &[(Torn, "officer-a", 9)],
    ),
    ("line ends of another system", |l| l.edit(|x| x.iter_mut().for_each(|l| l.push('\r'))), true, &[(Crlf, "officer-a", 1)]),
    ("a byte-order mark", |l| l.edit(|x| x[0].insert(0, '\u{feff}')), true, &[(Bom, "officer-a", 1)]),
    (
        "marks of a merge",
        |l| {
            l.edit(|x| {
                x.insert(3, "<<<<<<< HEAD".into());
                x.insert(5, "=======".into());
                x.push(">>>>>>> other".into());
            })
        },
        true,
        &[(Conflict, "officer-a", 4)],
    ),
    ("a scrawl", |l| l.edit(|x| x[3] = "记得补".into()), true, &[(Unreadable, "officer-a", 4)]),
    #[cfg(unix)]
    ("a second name for the file", |l| fs::hard_link(l.path(0), l.root().join("elsewhere")).unwrap(), true, &[(Link, "officer-a", 0)]),
];

#[test]
fn each_trouble_has_its_own_word_with_file_and_line() {
    let mut heard: Vec<Word> = Vec::new();
    for (what, slip, spool, want) in SLIPS {
        let log = Log::new();
        slip(&log);
        let mut want = want.to_vec();
        want.sort();
        assert_eq!(log.said(*spool), want, "{what}");
        heard.extend(want.iter().map(|w| w.0));
        let (code, text) = log.run(&["verify"]);
        assert_eq!(code, i32::from(*what != "nothing"), "{what}: {text}");
        assert_eq!(text.lines().last().unwrap().starts_with("NOT whole"), code == 1, "{what}: {text}");
    }
    // The rest have worlds of their own below.
    let rest: Vec<&str> = Word::ALL.iter().filter(|w| !heard.contains(w)).map(|w| w.code()).collect();
    assert_eq!(rest, ["witness", "history", "rewritten", "fork"]);
}

/// Two clones of one state folder wrote on after the same line; a tool set them together.
#[test]
fn a_file_written_in_two_places_is_a_fork_and_both_ends_are_kept_apart() {
    let log = Log::new();
    let whole = log.lines(0);
    let last = whole.last().unwrap();
    let before: Vec<String> = whole[..whole.len() - 1].to_vec();
    let previous = before.last().unwrap().rsplit_once("\"h\":\"").unwrap().1.trim_end_matches("\"}").to_string();
    let body = last.rsplit_once(",\"h\":\"").unwrap().0.replace("进展", "另一端");
    let other = format!("{body},\"h\":\"{}\"}}", duban::digest::chain(&previous, body.as_bytes()));
    log.edit(|x| x.push(other.clone()));
    assert_eq!(log.said(true), [(Fork, "officer-a", 9)]);
    // A dry run writes nothing; the file keeps its end, the other end gets the next number.
    let before = files(log.root());
    let (code, text) = log.run(&["repair"]);
    assert_eq!((code, files(log.root()) == before), (1, true), "{text}");
    let (code, text) = log.run(&["repair", "--apply"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(log.said(true), []);
    assert_eq!(log.lines(0), whole);
    let second = fs::read_to_string(log.path(0).to_string_lossy().replace(".jsonl", ".2.jsonl")).unwrap();
    assert_eq!(second.lines().last(), Some(other.as_str()));
}

/// A line and everything after it written anew with a right chain: the file itself is sound,
/// the colleague's `saw` is not to be talked round.
#[test]
fn a_rewritten_chain_is_contradicted_by_those_who_saw_it() {
    let log = Log::new();
    let mut lines = log.lines(0);
    let mut previous = String::new();
    for (i, line) in lines.iter_mut().enumerate() {
        let mut body = line.rsplit_once(",\"h\":\"").unwrap().0.to_string();
        if i == 2 {
            body = body.replace("进展", "完成");
        }
        previous = duban::digest::chain(&previous, body.as_bytes());
        *line = format!("{body},\"h\":\"{previous}\"}}");
    }
    log.write(0, &lines);
    assert_eq!(log.said(false), [(Witness, "officer-a", 3)]);
    let text = log.run(&["verify", "--format", "json"]).1;
    let v: Value = serde_json::from_str(&text).unwrap();
    let t = &v["rows"][0];
    assert_eq!((t["word"].as_str(), t["line"].as_u64(), t["seq"].as_u64()), (Some("witness"), Some(3), Some(2)), "{text}");
    let said: Vec<&str> = t["witness"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert!(said.contains(&"spool") && said.iter().any(|w| w.starts_with("saw log/DEP-A/")), "{said:?}");
}

/// A commit that takes lines away is named with its author; what a revision holds is held
/// against the files.
#[test]
fn git_is_a_witness() {
    let log = Log::new();
    log.committed();
    let whole = log.lines(2);
    // officer-b is alone in DEP-B: nobody saw the lines, and the spool is taken away as well.
    fs::remove_dir_all(log.root().join(".duban")).unwrap();
    log.write(2, &whole[..whole.len() - 1]);
    let (code, text) = log.run(&["verify"]);
    let place = format!("dropped  {}:{}", log.files[2], whole.len());
    assert!(code == 1 && text.starts_with(&place), "before the commit: {text}");
    log.git(&["commit", "-qam", "tidied up"]);
    let commit = log.git(&["rev-parse", "--short=12", "HEAD"]);
    let (code, text) = log.run(&["verify"]);
    assert!(code == 1 && text.contains("history") && text.contains("clerk-a") && text.contains(commit.trim()), "{text}");
    // Without git nobody knows: the README says so.
    assert_eq!(log.run(&["verify", "--no-git"]).0, 0);
    let (code, text) = log.run(&["verify", "--no-git", "--against", "HEAD~1"]);
    assert!(code == 1 && text.contains(&place), "{text}");
    // It comes back from there.
    assert_eq!(log.run(&["repair", "--apply"]).0, 0);
    assert_eq!((log.lines(2), log.run(&["verify"]).0), (whole.clone(), 0));

    // A chain written anew and committed: the file is sound, the commit's predecessor differs.
    let mut lines = whole;
    let mut previous = String::new();
    for line in &mut lines {
        let body = line.rsplit_once(",\"h\":\"").unwrap().0.replace("进展 5", "完成 5");
        previous = duban::digest::chain(&previous, body.as_bytes());
        *line = format!("{body},\"h\":\"{previous}\"}}");
    }
    log.git(&["commit", "-qam", "put back", "--allow-empty"]);
    log.write(2, &lines);
    let (code, text) = log.run(&["verify"]);
    assert!(code == 1 && text.starts_with(&format!("rewritten  {}:", log.files[2])), "{text}");
}

#[test]
fn a_checkpoint_holds_what_it_signed_off() {
    let log = Log::new();
    let (code, text) = log.run(&["checkpoint", "--by", "auditor-a"]);
    assert_eq!(code, 0, "{text}");
    fs::remove_dir_all(log.root().join(".duban")).unwrap();
    let checkpoint = fs::read_dir(log.root().join("log/checkpoints")).unwrap().next().unwrap().unwrap().path();
    let good = fs::read_to_string(&checkpoint).unwrap();
    let whole = log.lines(2);
    // Entries written after it are no trouble; a line less than it counted is.
    log.write(2, &whole[..whole.len() - 1]);
    assert_eq!(log.said(false), [(Dropped, "officer-b", whole.len() as u64)]);
    // Kept outside the register it still speaks.
    let outside = log.root().join("kept.txt");
    fs::rename(&checkpoint, &outside).unwrap();
    assert_eq!(log.said(false), []);
    let (code, text) = log.run(&["verify", "--no-git", "--against", "kept.txt"]);
    assert!(code == 1 && text.starts_with("dropped"), "{text}");
    // The checkpoint itself: any figure changed, and its root does not fit.
    log.write(2, &whole);
    let slips = [
        ("\nentries ", "\nentries 1", Altered),
        ("\nend\n", "\n", Altered),
        (" DEP-B/", " DEP-C/", Altered),
        ("\nat 20", "\nat 19", Moved),
    ];
    for (from, to, word) in slips {
        assert!(good.contains(from));
        fs::write(&checkpoint, good.replacen(from, to, 1)).unwrap();
        assert_eq!(look(log.root(), false).troubles.iter().map(|t| t.word).collect::<Vec<_>>(), [word], "{from}");
    }
    fs::write(&checkpoint, &good).unwrap();
    assert_eq!(log.said(false), []);
}

/// Every slip again: a dry run writes nothing, `--apply` loses no line that was genuine, and
/// what is left is told.
#[test]
fn repair_loses_no_byte() {
    let mut mended = BTreeMap::new();
    for (what, slip, _, want) in SLIPS.iter().filter(|s| !s.3.is_empty()) {
        let log = Log::new();
        slip(&log);
        let before = files(log.root());
        let dry = log.run(&["repair"]);
        assert_eq!(files(log.root()), before, "{what}: a dry run wrote\n{}", dry.1);
        let (code, text) = log.run(&["repair", "--apply"]);
        let after: String = everything(log.root());
        for (file, bytes) in &before {
            for line in String::from_utf8_lossy(bytes).lines() {
                let line = line.trim_matches(|c| c == '\u{feff}' || c == '\r');
                assert!(after.contains(line), "{what}: {file} lost {line}\n{text}");
            }
        }
        let whole = look(log.root(), true).whole();
        assert_eq!(code, i32::from(!whole), "{what}: {text}");
        mended.insert(*what, whole);
        assert!(!want.is_empty());
    }
    let left: Vec<&str> = mended.iter().filter(|(_, whole)| !**whole).map(|(what, _)| *what).collect();
    assert_eq!(left, ["a file copied under the next number", "a file in another department's folder", "a second name for the file"]);
}

/// Every file below the register, what was set aside with it.
fn everything(root: &Path) -> String {
    let mut out = String::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(dir) = open.pop() {
        for e in fs::read_dir(dir).unwrap().flatten() {
            match e.path() {
                p if p.is_dir() => open.push(p),
                // The spool would answer for every line, also for one that repair threw away.
                p if p.file_name().is_some_and(|n| n == "spool.jsonl") => {}
                p => out += &String::from_utf8_lossy(&fs::read(p).unwrap()),
            }
        }
    }
    out
}

/// A disk that counts what makes a file durable; each of these calls is one sync.
#[derive(Default)]
struct Counted(std::sync::Mutex<Vec<String>>);

impl Counted {
    fn note(&self, what: &str, path: &Path) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        self.0.lock().unwrap().push(format!("{what} {name}"));
    }
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Disk for Counted {
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        self.note("append", path);
        Real.append(path, bytes)
    }
    fn cut(&self, path: &Path, length: u64) -> Result<(), Fail> {
        self.note("cut", path);
        Real.cut(path, length)
    }
    fn create(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        self.note("create", path);
        Real.create(path, bytes)
    }
    fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        Real.rename(from, to)
    }
    fn make_dirs(&self, path: &Path) -> std::io::Result<()> {
        if !path.is_dir() {
            self.note("folders", path);
        }
        Real.make_dirs(path)
    }
    fn sync_dir(&self, path: &Path) -> std::io::Result<()> {
        self.note("folder", path);
        Real.sync_dir(path)
    }
    fn remove(&self, path: &Path) -> std::io::Result<()> {
        Real.remove(path)
    }
}

/// The spool first, then the file: two syncs; where the file is new, its folder as a third.
#[test]
fn an_entry_costs_two_syncs_and_the_first_of_a_file_three() {
    let dir = folder();
    let register = world::register(dir.path());
    let disk = Counted::default();
    let mut costs = Vec::new();
    // The very first also makes folders; after a month the same post begins another file.
    for minute in [1, 2, 3, 50_000, 50_001] {
        world::append(dir.path(), &register, minute, vec![world::draft("DEP-A", "officer-a", "进展")], &disk).unwrap();
        costs.push(disk.take());
    }
    let shown = |calls: &[String]| calls.iter().map(|c| c.split('.').next().unwrap().to_string()).collect::<Vec<_>>();
    let (first, again) = (["append spool", "append 2026-04", "folder DEP-A"], ["append spool", "append 2026-03"]);
    assert_eq!(shown(&costs[1]), again);
    assert_eq!(shown(&costs[2]), again);
    assert_eq!(shown(&costs[3]), first);
    assert_eq!(shown(&costs[4]), ["append spool", "append 2026-04"]);
}
