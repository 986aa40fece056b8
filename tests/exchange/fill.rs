//! Fill-in tables out and back: what is offered, what people type, what has moved meanwhile.
//! The workbook itself is read and edited by other people's programs in tests/conformance.

use super::worlds::{DAY, duban, files, open, root};
use duban::model::Lang;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A copy of the sample city with its catalogue.
fn city() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    copy(&root("obligations"), &dir.path().join("obligations"));
    let city = dir.path().join("obligations/sample-city");
    (dir, city)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A table in memory: heads and rows by the first word of each head.
struct Sheet {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn of(city: &Path, dir: &Path, dept: &str) -> Sheet {
        let out = dir.join("fill");
        let (code, said, err) =
            duban(&["--register", city.to_str().unwrap(), "--lang", "zh", "export", "csv", "--out", out.to_str().unwrap()]);
        assert_eq!((code, err.as_str()), (0, ""), "{said}");
        Sheet::read(&out.join(format!("fill-{dept}.csv")))
    }
    fn read(path: &Path) -> Sheet {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        let mut all: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(String::from).collect()).collect();
        let heads = all.remove(0).into_iter().map(|h| h.trim_start_matches('\u{feff}').split(' ').next().unwrap().to_string()).collect();
        Sheet { heads, rows: all }
    }
    fn at(&self, head: &str) -> usize {
        self.heads.iter().position(|h| h == head).unwrap_or_else(|| panic!("no column {head}: {:?}", self.heads))
    }
    fn put(&mut self, id: &str, head: &str, text: &str) {
        let (id_at, at) = (self.at("编号"), self.at(head));
        let row = self.rows.iter_mut().find(|r| r[id_at].starts_with(id)).unwrap_or_else(|| panic!("no row {id}"));
        row[at] = text.into();
    }
    fn get(&self, id: &str, head: &str) -> String {
        let at = self.at(head);
        self.rows.iter().find(|r| r[self.at("编号")].starts_with(id)).unwrap()[at].clone()
    }
    fn write(&self, path: &Path) {
        let mut out = csv::WriterBuilder::new().from_path(path).unwrap();
        out.write_record(&self.heads).unwrap();
        self.rows.iter().for_each(|r| out.write_record(r).unwrap());
        out.flush().unwrap();
    }
}

fn import(city: &Path, file: &Path, more: &[&str]) -> (i32, String) {
    let mut args =
        vec!["--register", city.to_str().unwrap(), "--lang", "en", "import", "csv", file.to_str().unwrap(), "--by", "officer-psb"];
    args.extend(more);
    let (code, said, err) = duban(&args);
    assert_eq!(err, "", "{said}");
    (code, said)
}

fn lines(city: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut folders = vec![city.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for e in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            // What this clone keeps for itself: its lock, its writer's name.
            if e.file_name() == ".duban" {
            } else if e.file_type().unwrap().is_dir() {
                folders.push(e.path());
            } else {
                out.insert(e.path(), fs::read(e.path()).unwrap());
            }
        }
    }
    out
}

#[test]
fn equal_bytes_and_a_row_for_every_assignment_with_a_lead() {
    for register in ["obligations", "obligations/sample-city"] {
        let s = open(&root(register));
        let with_lead = s.roster.duties.iter().filter(|d| d.dept.is_some()).count();
        for form in ["xlsx", "csv", "csv-bom"] {
            let (a, b) = (files(&s, form, "", Lang::Zh), files(&s, form, "", Lang::Zh));
            assert!(a.iter().zip(&b).all(|(x, y)| x.name == y.name && x.bytes == y.bytes), "{form}");
            if form == "csv" {
                let rows: usize = a.iter().map(|f| csv::Reader::from_reader(f.bytes.as_slice()).records().count()).sum();
                assert_eq!((rows, with_lead > 100), (with_lead, true), "{register}");
            }
        }
        assert!(s.as_of.to_string() == DAY);
    }
}

#[test]
fn untouched_tables_record_nothing_and_a_dry_run_writes_nothing() {
    let (dir, city) = city();
    let sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    let file = dir.path().join("untouched.csv");
    sheet.write(&file);
    let before = lines(&city);
    let (code, said) = import(&city, &file, &["--apply"]);
    assert_eq!((code, said.contains("25 rows: 0 recorded, 25 unchanged, 0 not")), (0, true), "{said}");
    let mut sheet = sheet;
    sheet.put("OPN-1.02", "进展情况", "抽查完成");
    sheet.write(&file);
    let (code, said) = import(&city, &file, &[]);
    assert_eq!((code, said.contains("1 to record, 24 unchanged") && said.contains("nothing was written")), (0, true), "{said}");
    assert!(lines(&city) == before, "a dry run wrote");
}

#[test]
fn seven_rows_go_in_together_and_three_come_back_with_why() {
    let (dir, city) = city();
    let mut sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    sheet.put("OPN-0.03", "进度", "８０％");
    sheet.put("OPN-0.21", "进度", " 45 ");
    sheet.put("OPN-0.21", "发生日期", "2026年3月1日");
    sheet.put("OPN-0.22", "进展情况", "第一行\n第二行，有逗号");
    sheet.put("OPN-0.22", "佐证类型", "会议纪要或部署文件");
    sheet.put("OPN-0.22", "佐证名称", "第三次会商");
    sheet.put("OPN-0.22", "佐证日期", "２０２６．１０．９");
    sheet.put("OPN-1.02", "零报告", "是");
    sheet.put("OPN-1.03", "存在问题", "人手不足");
    sheet.put("OPN-1.05", "办理动作", "进展");
    sheet.put("OPN-1.05", "下一步措施", "月底前补齐");
    sheet.put("OPN-0.23", "拟转状态", "推进中");
    sheet.put("OPN-0.23", "进展情况", "已会签");
    // Wrong in three ways.
    sheet.put("OPN-1.06", "拟转状态", "已完成");
    sheet.put("OPN-1.07", "发生日期", "03/04/2026");
    sheet.put("OPN-1.08", "编号", "OPN-1.99");
    let file = dir.path().join("filled.csv");
    sheet.write(&file);
    let (code, said) = import(&city, &file, &["--apply"]);
    assert_eq!(code, 1);
    let expected = format!(
        "{f}: 25 rows: 7 recorded, 15 unchanged, 3 not
  + 2 OPN-0.03@CITY-PSB Progress 80%
  + 3 OPN-0.21@CITY-PSB Progress 45%
  + 4 OPN-0.22@CITY-PSB Progress
  + 5 OPN-0.23@CITY-PSB Progress
  + 6 OPN-1.02@CITY-PSB Progress
  + 7 OPN-1.03@CITY-PSB Progress
  + 9 OPN-1.05@CITY-PSB Progress
  ✗ H10 OPN-1.06@CITY-PSB: operating cannot become submitted (`done` is read as an application for acceptance); lawful now: progress, review, measure, inspect, regress, exempt, attest
  ✗ M11 OPN-1.07@CITY-PSB: Date of event: `03/04/2026` is no date that can be read in one way only; write 2026-03-01
  ✗ A12 OPN-1.99: there is no obligation OPN-1.99 → did you mean OPN-1.09? (at the export this row was OPN-1.08@CITY-PSB)
  the rows not recorded: {c}
",
        f = file.display(),
        c = dir.path().join("filled-conflicts.csv").display()
    );
    // Rows with line breaks inside move the lines of those below them.
    let numbers = |t: &str| t.split(|c: char| c.is_ascii_digit()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("#");
    assert_eq!(numbers(&said), numbers(&expected));
    let back = Sheet::read(&dir.path().join("filled-conflicts.csv"));
    assert_eq!(back.rows.len(), 3);
    assert_eq!(back.get("OPN-1.07", "发生日期"), "03/04/2026", "as it was typed");
    assert!(back.get("OPN-1.06", "未记录原因").contains("operating cannot become submitted"));
    // Once more: recorded once, and the file that was left is not overwritten.
    let (_, again) = import(&city, &file, &["--apply"]);
    assert!(again.contains("0 recorded, 15 unchanged, 7 recorded before, 3 not") && again.contains("filled-conflicts-2.csv"), "{again}");
    let (code, whole, _) = duban(&["--register", city.to_str().unwrap(), "verify", "--lang", "en"]);
    assert!(code == 0 && whole.contains("entries 1131"), "{whole}");
    // Mended, the rows that came back go in.
    let mut back = back;
    back.put("OPN-1.06", "拟转状态", "");
    back.put("OPN-1.06", "进展情况", "已完成抽查");
    back.put("OPN-1.07", "发生日期", "2026-04-03");
    back.put("OPN-1.07", "进展情况", "四月核查");
    back.put("OPN-1.99", "编号", "OPN-1.08");
    back.put("OPN-1.08", "进展情况", "编号已改正");
    let mended = dir.path().join("mended.csv");
    back.write(&mended);
    let (code, said) = import(&city, &mended, &["--apply"]);
    assert_eq!((code, said.contains("3 rows: 3 recorded, 0 unchanged, 0 not")), (0, true), "{said}");
}

#[test]
fn what_moved_since_the_export_is_a_conflict_and_cells_are_merged_three_ways() {
    let (dir, city) = city();
    let mut sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    let reg = city.to_str().unwrap();
    let log = |args: &[&str]| {
        let (code, out, err) = duban(&[&["--register", reg, "log"], args].concat());
        assert_eq!(code, 0, "{out}{err}");
    };
    // The state moves: in progress, then suspended.
    log(&[
        "suspend",
        "OPN-0.23@CITY-PSB",
        "--by",
        "officer-psb",
        "--agreed",
        "approver-gov",
        "--until",
        "2027-12-01",
        "--reason",
        "x",
        "--evidence",
        "approval=批复;date=2026-10-01",
    ]);
    // Only words move: no state.
    log(&["progress", "OPN-1.02@CITY-PSB", "--by", "officer-psb", "--issues", "登记册里的问题"]);
    log(&["progress", "OPN-1.03@CITY-PSB", "--by", "officer-psb", "--percent", "60"]);
    sheet.put("OPN-0.23", "进展情况", "照旧推进");
    sheet.put("OPN-1.02", "存在问题", "表里的问题");
    sheet.put("OPN-1.03", "进度", "60");
    sheet.put("OPN-1.05", "存在问题", "");
    let file = dir.path().join("late.csv");
    sheet.write(&file);
    let (code, said) = import(&city, &file, &[]);
    assert_eq!(code, 1);
    for part in [
        "0 to record, 22 unchanged, 3 not",
        "OPN-0.23@CITY-PSB: the state moved since the export: it was in-progress, it is suspended, with 1 entries in between",
        "OPN-1.02@CITY-PSB: Issues was changed on both sides: `—` at the export, `表里的问题` in the table, `登记册里的问题` in the register now",
        "OPN-1.05@CITY-PSB: Issues was emptied",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
}

#[test]
fn damage_and_disorder_are_told() {
    let (dir, city) = city();
    let whole = Sheet::of(&city, dir.path(), "CITY-PSB");
    let file = dir.path().join("odd.csv");
    let run = |change: &dyn Fn(&mut Sheet)| {
        let mut sheet = Sheet { heads: whole.heads.clone(), rows: whole.rows.clone() };
        sheet.put("OPN-1.02", "进展情况", "x");
        change(&mut sheet);
        sheet.write(&file);
        import(&city, &file, &[]).1
    };
    let base = whole.at("校验（勿改）");
    assert!(run(&|s| s.rows.iter_mut().for_each(|r| r[base] = String::new())).contains("there is no fingerprint"));
    assert!(run(&|s| s.put("OPN-1.02", "校验（勿改）", "x {}")).contains("the fingerprint is damaged"));
    let moved = run(&|s| {
        let all: Vec<String> = s.rows.iter().map(|r| r[base].clone()).collect();
        let n = all.len();
        s.rows.iter_mut().enumerate().for_each(|(i, r)| r[base] = all[(i + 1) % n].clone());
    });
    assert!(moved.contains("cells were moved between rows"), "{moved}");
    let twice = run(&|s| {
        let row = s.rows.iter().find(|r| r[0].starts_with("OPN-1.02")).unwrap().clone();
        s.rows.push(row);
    });
    assert!(twice.contains("1 to record") && twice.contains("has the same assignment: one row each"), "{twice}");
    let strange = run(&|s| {
        s.heads.push("备注".into());
        s.rows.iter_mut().for_each(|r| r.push("y".into()));
    });
    assert!(strange.contains("`备注` is not one of this table's: 25 cells") && strange.contains("1 to record"), "{strange}");
    let turned = run(&|s| {
        s.heads.reverse();
        s.rows.iter_mut().for_each(|r| r.reverse());
    });
    assert!(turned.contains("1 to record, 24 unchanged, 0 not"), "{turned}");
    fs::write(&file, "甲,乙\n1,2\n").unwrap();
    let (code, _, err) = duban(&["--register", city.to_str().unwrap(), "import", "csv", file.to_str().unwrap(), "--by", "officer-psb"]);
    assert!(code == 2 && err.contains("没有找到表头") || err.contains("there is no head"), "{err}");
}

#[test]
fn an_exported_file_filled_in_as_it_is_loses_no_row() {
    let (dir, city) = city();
    drop(Sheet::of(&city, dir.path(), "CITY-PSB"));
    for (dept, rows) in [("CITY-PSB", 25), ("CITY-PLAC", 1)] {
        let path = dir.path().join("fill").join(format!("fill-{dept}.csv"));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("\r\n"), "as spreadsheets write it");
        // The first row's cell for progress in words, as an editor would fill it in.
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut all: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(String::from).collect()).collect();
        let note = all[0].iter().position(|h| h.starts_with("进展情况")).unwrap();
        all[1][note] = "首行".into();
        for ends in [csv::Terminator::CRLF, csv::Terminator::Any(b'\n'), csv::Terminator::Any(b'\r')] {
            let mut out = csv::WriterBuilder::new().terminator(ends).from_writer(Vec::new());
            all.iter().for_each(|r| out.write_record(r).unwrap());
            fs::write(&path, out.into_inner().unwrap()).unwrap();
            let (_, said) = import(&city, &path, &[]);
            // The office's own row is read and refused, for another office hands it in.
            let wanted = match rows {
                25 => "25 rows: 1 to record, 24 unchanged, 0 not\n  + 2 OPN-0.03@CITY-PSB",
                _ => "1 rows: 0 to record, 0 unchanged, 1 not",
            };
            assert!(said.contains(wanted), "{ends:?} {said}");
        }
    }
}

#[test]
fn nothing_that_was_filled_in_passes_unsaid() {
    let (dir, city) = city();
    let whole = Sheet::of(&city, dir.path(), "CITY-PSB");
    let file = dir.path().join("odd.csv");
    let run = |cells: &[(&str, &str, &str)]| {
        let mut sheet = Sheet { heads: whole.heads.clone(), rows: whole.rows.clone() };
        cells.iter().for_each(|(id, head, text)| sheet.put(id, head, text));
        sheet.write(&file);
        import(&city, &file, &[])
    };
    for (cells, told) in [
        (vec![("OPN-1.02", "现状", "已销号")], "a grey cell is the register's: to change the state"),
        (vec![("OPN-1.02", "完成时限", "2029-12-31")], "a grey cell is the register's: to move the due date"),
        (vec![("OPN-1.02", "责任人", "officer-x")], "a grey cell is the register's: the person"),
        (vec![("OPN-1.02", "进展情况", "x"), ("OPN-1.02", "新期限", "2027-01-01")], "a new date goes with extending"),
        (vec![("OPN-1.02", "指标值", "3")], "there is a value without its indicator"),
        (vec![("OPN-1.02", "进展情况", "x"), ("OPN-1.02", "所指条目", "abc")], "an entry is referred to in unblocking"),
        (vec![("OPN-1.02", "进展情况", "⚠ #N/A")], "given back with a fault and is not mended"),
        (vec![("OPN-1.02", "进展情况", "x"), ("OPN-1.02", "佐证类型", "没有这种")], "there is no type of evidence"),
        (vec![("OPN-1.02", "进展情况", "x"), ("OPN-1.02", "配合单位", "某某局")], "there is no department 某某局"),
    ] {
        let (code, said) = run(&cells);
        assert!(code == 1 && said.contains(told) && said.contains("0 to record"), "{told}: {said}");
    }
    // An id that is another's: nothing of it stands on that one's ground when it comes back.
    let (code, said) = run(&[("OPN-1.09", "进展情况", "typed"), ("OPN-1.09", "编号", "OPN-1.07")]);
    assert!(code == 1 && said.contains("the fingerprint belongs to OPN-1.09@CITY-PSB"), "{said}");
    let (_, said) = import(&city, &file, &["--apply"]);
    assert!(said.contains("0 recorded"), "{said}");
    let (code, again) = import(&city, &dir.path().join("odd-conflicts.csv"), &["--apply"]);
    assert!(code == 1 && again.contains("0 recorded") && again.contains("the fingerprint belongs to"), "{again}");
    // Rows that are left do not go into the register.
    let inside = city.join("log");
    let args =
        ["--register", city.to_str().unwrap(), "import", "csv", file.to_str().unwrap(), "--by", "officer-psb", "--apply", "--conflicts"];
    let (code, _, err) = duban(&[&args[..], &[inside.to_str().unwrap()]].concat());
    assert!(code == 2 && err.contains("在登记册之内"), "{err}");
}

#[test]
fn words_that_a_workbook_cannot_hold_do_not_look_changed() {
    let (dir, city) = city();
    let (code, _, err) = duban(&[
        "--register",
        city.to_str().unwrap(),
        "log",
        "progress",
        "OPN-1.02@CITY-PSB",
        "--by",
        "officer-psb",
        "--issues",
        "甲\u{7}乙\u{1b}[31m",
    ]);
    assert_eq!(code, 0, "{err}");
    let sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    let file = dir.path().join("same.csv");
    sheet.write(&file);
    let (code, said) = import(&city, &file, &[]);
    assert!(code == 0 && said.contains("25 unchanged"), "{said}");
}

#[test]
fn gb18030_is_read_and_told() {
    let (dir, city) = city();
    let mut sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    sheet.put("OPN-1.02", "进展情况", "抽查完成");
    let file = dir.path().join("gb.csv");
    sheet.write(&file);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, encoding_rs::GB18030.encode(&text).0).unwrap();
    let (code, said) = import(&city, &file, &[]);
    assert!(code == 0 && said.contains("GB18030") && said.contains("1 to record, 24 unchanged"), "{said}");
}

#[test]
fn semicolons_and_tabs_are_read_and_told_and_a_file_of_the_other_form_is_named() {
    let (dir, city) = city();
    let mut sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    sheet.put("OPN-1.02", "进展情况", "抽查完成，甲;乙");
    let file = dir.path().join("filled.csv");
    for (by, said_of) in [(b';', "semicolons"), (b'\t', "tabs"), (b',', "")] {
        let mut out = csv::WriterBuilder::new().delimiter(by).from_path(&file).unwrap();
        out.write_record(&sheet.heads).unwrap();
        sheet.rows.iter().for_each(|r| out.write_record(r).unwrap());
        out.flush().unwrap();
        let (code, said) = import(&city, &file, &[]);
        assert!(code == 0 && said.contains("1 to record, 24 unchanged"), "{said}");
        assert_eq!(said.contains("parted by"), !said_of.is_empty(), "{said}");
        assert!(said.contains(said_of), "{said}");
    }
    fs::write(&file, b"PK\x03\x04 whatever").unwrap();
    let (code, _, err) = duban(&["--register", city.to_str().unwrap(), "--lang", "en", "import", "csv", file.to_str().unwrap()]);
    assert!(code == 2 && err.contains("it is a workbook (xlsx) and no CSV") && err.contains("duban import xlsx"), "{err}");
    sheet.write(&file);
    let (code, _, err) = duban(&["--register", city.to_str().unwrap(), "--lang", "zh", "import", "xlsx", file.to_str().unwrap()]);
    assert!(code == 2 && err.contains("这不是工作簿") && err.contains("duban import csv"), "{err}");
}

#[test]
fn a_row_whose_entry_was_withdrawn_may_be_recorded_again_once() {
    let (dir, city) = city();
    let mut sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    sheet.put("OPN-1.02", "进展情况", "抽查完成");
    let file = dir.path().join("filled.csv");
    sheet.write(&file);
    let counts = |want: &str| {
        let (code, said) = import(&city, &file, &["--apply"]);
        assert!(code == 0 && said.contains(want), "{want}: {said}");
    };
    counts("1 recorded, 24 unchanged, 0 not");
    counts("0 recorded, 24 unchanged, 1 recorded before, 0 not");
    for _ in 0..2 {
        let root = city.to_str().unwrap();
        let (_, history, _) = duban(&["--register", root, "history", "OPN-1.02@CITY-PSB", "--format", "json"]);
        let rows: serde_json::Value = serde_json::from_str(&history).unwrap();
        let live = |r: &&serde_json::Value| r["what"] == "抽查完成" && r["mark"] == "counts";
        let h = rows["rows"].as_array().unwrap().iter().rev().find(live).unwrap_or_else(|| panic!("{history}"))["h"]
            .as_str()
            .unwrap()
            .to_string();
        let (code, said, err) =
            duban(&["--register", root, "log", "void", "OPN-1.02@CITY-PSB", "--fixes", &h, "--note", "误报", "--by", "officer-psb"]);
        assert_eq!(code, 0, "{said}{err}");
        counts("1 recorded, 24 unchanged, 0 not");
        counts("0 recorded, 24 unchanged, 1 recorded before, 0 not");
    }
}

#[test]
fn what_is_refused_for_one_field_is_told_with_its_column() {
    let (dir, city) = city();
    let mut sheet = Sheet::of(&city, dir.path(), "CITY-PSB");
    sheet.put("OPN-1.02", "进展情况", "抽查完成");
    sheet.put("OPN-1.02", "发生日期", "2099-01-01");
    sheet.put("OPN-1.03", "进展情况", "抽查完成");
    sheet.put("OPN-1.03", "填报人", "officer-nobody");
    sheet.put("OPN-1.05", "进展情况", "抽查完成");
    let file = dir.path().join("filled.csv");
    sheet.write(&file);
    let (code, said) = import(&city, &file, &[]);
    assert!(code == 1 && said.contains("1 to record"), "{said}");
    for (id, head) in [("OPN-1.02", "发生日期"), ("OPN-1.03", "填报人")] {
        let letter = duban::exchange::fill::grid::letters(sheet.at(head) as u32);
        let line = said.lines().find(|l| l.contains(id)).unwrap();
        assert!(line.trim_start().starts_with(&format!("✗ {letter}")), "{line}");
    }
}
