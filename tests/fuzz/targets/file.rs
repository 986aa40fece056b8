//! A log file of any bytes: verify and the reader end, agree on whether it is whole, and a
//! repair plan loses no genuine line.
#![no_main]

use duban::log::verify::{Options, verify};
use duban::log::{read, repair};
use duban::model::Zone;
use libfuzzer_sys::fuzz_target;
use std::cell::OnceCell;
use std::path::Path;

thread_local!(static PLACE: OnceCell<tempfile::TempDir> = const { OnceCell::new() });

fn ask(root: &Path) -> duban::log::verify::Report {
    verify(&Options { root, spool: &[], repo: None, branch: None, history: false, against: None, signers: None, progress: None }).0
}

fuzz_target!(|data: &[u8]| {
    PLACE.with(|place| {
        let dir = place.get_or_init(|| {
            let shm = Path::new("/dev/shm");
            let dir = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() }.expect("a folder");
            std::fs::create_dir_all(dir.path().join("log/DEP-A")).expect("a folder");
            dir
        });
        let file = dir.path().join("log/DEP-A/2026-03.officer-a-f122.jsonl");
        std::fs::write(&file, data).expect("a file");
        let report = ask(dir.path());
        // The same answer twice, and never a whole file that is not made of lines.
        let again = ask(dir.path());
        assert_eq!((&report.troubles, &report.root), (&again.troubles, &again.root));
        if report.whole() {
            assert!(data.ends_with(b"\n") && !data.contains(&b'\r') && data.starts_with(b"{\"seq\":0,"));
            assert_eq!(report.lines as usize, data.iter().filter(|b| **b == b'\n').count());
        }
        let o = Options {
            root: dir.path(),
            spool: &[],
            repo: None,
            branch: None,
            history: false,
            against: None,
            signers: None,
            progress: None,
        };
        for fix in repair::plan(&o, &report.troubles) {
            assert!(fix.mends || fix.writes.is_empty());
        }
        let now = chrono::DateTime::parse_from_rfc3339("2099-12-01T00:00:00+08:00").expect("an instant");
        let mut findings = Vec::new();
        let log = read::read(dir.path(), "", Zone::default(), now, &mut findings);
        if report.whole() {
            assert!(log.records.len() as u64 <= report.entries);
            // What verify calls whole, the reader may still refuse for its codes; then it says so.
            assert!(log.records.len() as u64 == report.entries || !findings.is_empty());
        }
    });
});
