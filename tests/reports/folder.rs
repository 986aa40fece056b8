//! The program: a folder of reports written and compared, saved reports, and what it says when
//! it is asked for something that is not there.

use crate::worlds;
use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};

struct World {
    dir: tempfile::TempDir,
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    #[track_caller]
    fn code(self, want: i32) -> Run {
        assert_eq!(self.code, want, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
    #[track_caller]
    fn says(self, words: &str) -> Run {
        assert!(self.out.contains(words) || self.err.contains(words), "`{words}` is not in\n{}\n{}", self.out, self.err);
        self
    }
}

fn run(at: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    let output = command.current_dir(at).env_remove("DUBAN_REGISTER").env_remove("COLUMNS").args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

impl World {
    /// The world of the rules as `reg/`, with a folder for its reports beside it.
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        worlds::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base"), &dir.path().join("reg"));
        let world = World { dir };
        let settings = world.read("reg/register.yaml") + "reports: ../printed\n";
        world.write("reg/register.yaml", &settings);
        world
    }
    fn path(&self, rel: &str) -> PathBuf {
        self.dir.path().join(rel)
    }
    fn read(&self, rel: &str) -> String {
        fs::read_to_string(self.path(rel)).unwrap_or_else(|e| panic!("{rel}: {e}"))
    }
    fn write(&self, rel: &str, text: &str) {
        let path = self.path(rel);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fn duban(&self, args: &[&str]) -> Run {
        let fixed = ["-C", "reg", "--as-of", "2024-02-15", "--lang", "en"];
        run(self.dir.path(), &[&fixed, args].concat())
    }
    fn files(&self, rel: &str) -> Vec<String> {
        let mut out = Vec::new();
        let mut open = vec![self.path(rel)];
        while let Some(dir) = open.pop() {
            for e in fs::read_dir(dir).into_iter().flatten() {
                let path = e.unwrap().path();
                if path.is_dir() {
                    open.push(path)
                } else {
                    out.push(path.strip_prefix(self.path(rel)).unwrap().to_string_lossy().into_owned())
                }
            }
        }
        out.sort();
        out
    }
}

const SAVED: &str = "- name: monthly\n  layout: ledger\n  title: {zh: 月度台账, en: Monthly ledger}\n  filter: dept:DEP-POL\n  columns: [id, title, due]\n  formats: [md, csv]\n  as_of: 2023-12-31\n- name: packs\n  layout: pack\n  formats: [md]\n";

#[test]
fn the_committed_folders_are_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    run(root, &["report", "--all", "--check"]).code(0).says("都与登记册相符");
    run(root, &["-C", "obligations/sample-city", "report", "--all", "--check"]).code(0).says("都与登记册相符");
}

#[test]
fn a_page_is_the_same_however_its_register_is_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (register, inside) in [("obligations", "obligations"), ("obligations/sample-city", "obligations/sample-city")] {
        let words = ["report", "status", "--as-of", "2026-10-31", "--format", "json"];
        let named = run(root, &[&["--register", register][..], &words].concat()).code(0);
        let entered = run(root, &[&["-C", inside][..], &words].concat()).code(0);
        assert!(named.out.contains("\"left_out\"") && named.out == entered.out, "{register}");
    }
}

#[test]
fn all_writes_what_is_saved_and_check_sees_every_change() {
    let w = World::new();
    w.write("reg/reports/all.yaml", SAVED);
    w.duban(&["report", "--all"]).code(0).says("files in ../printed");
    let packs = ["DEP-BANK", "DEP-COM", "DEP-POL"].map(|d| format!("packs/{d}.md"));
    let mut want = vec!["index.html".to_string(), "index.md".into(), "monthly.about.csv".into(), "monthly.csv".into(), "monthly.md".into()];
    want.extend(packs);
    assert_eq!(w.files("printed"), want);
    w.duban(&["report", "--all", "--check"]).code(0);
    assert!(w.read("printed/index.md").contains("[md](packs/DEP-POL.md)"));

    // One figure, a missing file, one too many: each is named, and nothing is deleted.
    let ledger = w.read("printed/monthly.csv");
    w.write("printed/monthly.csv", &ledger.replacen("TST-1.01", "TST-1.02", 1));
    w.duban(&["report", "--all", "--check"]).code(1).says("differs: ../printed/monthly.csv, from line 2");
    w.write("printed/monthly.csv", &ledger);
    fs::remove_file(w.path("printed/packs/DEP-COM.md")).unwrap();
    w.duban(&["report", "--all", "--check"]).code(1).says("missing: ../printed/packs/DEP-COM.md");
    w.write("printed/old/last-year.md", "kept\n");
    w.duban(&["report", "--all"]).code(0).says("left over: ../printed/old/last-year.md");
    w.duban(&["report", "--all", "--check"]).code(1).says("left over: ../printed/old/last-year.md");
    assert_eq!(w.read("printed/old/last-year.md"), "kept\n");
    fs::remove_file(w.path("printed/old/last-year.md")).unwrap();
    w.duban(&["report", "--all", "--check"]).code(0);

    // A register that moved on is seen as well.
    let plan = w.read("reg/plan.yaml");
    w.write("reg/plan.yaml", &plan.replacen("2023-12-31", "2023-12-30", 1));
    w.duban(&["report", "--all", "--check"]).code(1).says("differs: ../printed/monthly.md");
}

#[test]
fn all_into_another_folder_writes_every_layout() {
    let w = World::new();
    w.write("reg/reports/all.yaml", SAVED);
    // Every format that needs no font.
    let forms = ["--format", "md,csv,json,html,xlsx,docx"];
    w.duban(&[&["report", "--all", "--out", "../else"], &forms[..]].concat()).code(0);
    let files = w.files("else");
    for layout in duban::report::layout::LAYOUTS.iter().filter(|l| !l.per_department) {
        for ext in ["md", "json", "about.csv", "html", "xlsx", "docx"] {
            assert!(files.contains(&format!("{}.{ext}", layout.key)), "{} {ext}", layout.key);
        }
    }
    assert!(files.contains(&"monthly.md".to_string()) && files.contains(&"pack/DEP-POL.json".to_string()));
    assert!(files.contains(&"pack.xlsx".to_string()) && !files.contains(&"pack/DEP-POL.xlsx".to_string()));
    let check = [&["report", "--all", "--out", "../else", "--check"], &forms[..]].concat();
    w.duban(&check).code(0);
    // A byte of a workbook, and the document of another page under this one's name.
    let book = fs::read(w.path("else/ledger.xlsx")).unwrap();
    let mut other = book.clone();
    other[book.len() / 2] ^= 1;
    fs::write(w.path("else/ledger.xlsx"), &other).unwrap();
    w.duban(&check).code(1).says("differs: ../else/ledger.xlsx");
    fs::write(w.path("else/ledger.xlsx"), &book).unwrap();
    fs::copy(w.path("else/overdue.docx"), w.path("else/ledger.docx")).unwrap();
    w.duban(&check).code(1).says("differs: ../else/ledger.docx: made from page");
    assert!(w.files("printed").is_empty(), "nothing outside the folder is touched");
}

#[test]
fn saved_reports_are_run_by_name() {
    let w = World::new();
    w.write("reg/reports/all.yaml", SAVED);
    let r = w.duban(&["report", "monthly", "--format", "csv"]).code(0);
    assert!(r.out.starts_with("[ledger]\ngroup,ID,Obligation,Due date\n"), "{}", r.out);
    assert!(r.out.contains("Monthly ledger") && r.out.contains("dept:DEP-POL"), "{}", r.out);
    // What is said on the command line goes before what was saved; filters are joined.
    let r = w.duban(&["report", "monthly", "--columns", "id,status", "--format", "csv", "--", "part:TST-2"]).code(0);
    assert!(r.out.starts_with("[ledger]\ngroup,ID,Status\nTST-2 Part two,TST-2.01,"), "{}", r.out);
    w.duban(&["report"]).code(0).says("Monthly ledger");
}

#[test]
fn a_mistake_in_a_saved_report_is_told_with_its_place() {
    let w = World::new();
    w.write("reg/reports/all.yaml", "- name: monthly\n  layout: ledger\n  colums: [id]\n");
    w.duban(&["check"]).code(1).says("reports/all.yaml:3:3");
    w.write("reg/reports/all.yaml", "- name: Monthly ledger\n  layout: ledger\n");
    w.duban(&["check"]).code(1).says("reports/all.yaml:1:9");
    w.write("reg/reports/all.yaml", "- name: monthly\n  layout: leger\n");
    w.duban(&["report", "monthly"]).code(2).says("reports/all.yaml, item 1: there is no layout `leger`").says("did you mean ledger?");
    w.write("reg/reports/all.yaml", "- name: monthly\n  layout: ledger\n  formats: [pfd]\n");
    w.duban(&["report", "--all"]).code(2).says("there is no format `pfd`");
    w.write("reg/reports/all.yaml", "- name: a\n  layout: ledger\n- name: a\n  layout: overview\n");
    w.duban(&["report", "--all"]).code(2).says("two saved reports are called `a`");
}

#[test]
fn what_is_not_there_is_an_error_with_a_suggestion() {
    let w = World::new();
    w.duban(&["report", "leger"]).code(2).says("did you mean ledger?");
    w.duban(&["report", "ledger", "--columns", "id,titel"]).code(2).says("did you mean title?");
    w.duban(&["report", "by-part", "--columns", "requirement"]).code(2).says("by-part has no column `requirement`");
    w.duban(&["report", "ledger", "--format", "marcdown"]).code(2).says("there is no format `marcdown`");
    w.duban(&["report", "ledger", "--format", "md,csv"]).code(2).says("several formats need a folder");
    w.duban(&["report", "ledger", "--period", "2023-13"]).code(2).says("2023-13");
    w.duban(&["report", "ledger", "--period", "2023-12..2023-01"]).code(2).says("ends before it begins");
    w.duban(&["report", "ledger", "--out", "printed"]).code(2).says("inside the register");
    w.duban(&["report", "ledger", "--filter", "dept:NOBODY"]).code(2).says("there is no department NOBODY");
    w.write("reg/register.yaml", &w.read("reg/register.yaml").replace("reports: ../printed\n", ""));
    w.duban(&["report", "--all"]).code(2).says("give --out DIR");
}

#[test]
fn several_formats_of_one_report_go_into_a_folder() {
    let w = World::new();
    w.duban(&["report", "by-part", "overdue", "--format", "md,json,csv-bom", "--out", "../out"]).code(0);
    let want = [
        "by-part.about.bom.csv",
        "by-part.bom.csv",
        "by-part.json",
        "by-part.md",
        "overdue.about.bom.csv",
        "overdue.bom.csv",
        "overdue.json",
        "overdue.md",
    ];
    assert_eq!(w.files("out"), want);
    assert!(w.read("out/overdue.bom.csv").starts_with("\u{feff}编号") || w.read("out/overdue.bom.csv").starts_with("\u{feff}ID,"));
    // Twice the same bytes; a file that is as it should be is left alone.
    let before = fs::metadata(w.path("out/by-part.md")).unwrap().modified().unwrap();
    w.duban(&["report", "by-part", "overdue", "--format", "md,json,csv-bom", "--out", "../out"]).code(0).says("0 written");
    assert_eq!(fs::metadata(w.path("out/by-part.md")).unwrap().modified().unwrap(), before);
    w.duban(&["report", "by-part", "--format", "md", "--out", "../out", "--check"]).code(0);
}

#[test]
fn a_marking_is_printed_where_it_is_asked_for() {
    let w = World::new();
    let r = w.duban(&["report", "overdue", "--marking", "内部资料 注意保存", "--format", "md"]).code(0);
    assert!(r.out.contains("**内部资料 注意保存**"));
    assert!(!w.duban(&["report", "overdue", "--format", "md"]).code(0).out.contains("注意保存"));
}
