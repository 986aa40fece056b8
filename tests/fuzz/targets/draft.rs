//! A draft of any bytes: it reads or its mistakes are told with a place, never neither; the
//! key of an entry stays the same from one reading to the next.
#![no_main]

use duban::intake::drafts;
use libfuzzer_sys::fuzz_target;
use std::cell::OnceCell;
use std::path::Path;

thread_local!(static PLACE: OnceCell<tempfile::TempDir> = const { OnceCell::new() });

fuzz_target!(|data: &[u8]| {
    PLACE.with(|place| {
        let dir = place.get_or_init(|| {
            let shm = Path::new("/dev/shm");
            let dir = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() }.expect("a folder");
            std::fs::create_dir_all(dir.path().join("log/drafts/DEP-A")).expect("a folder");
            dir
        });
        let rel = "log/drafts/DEP-A/a.yaml";
        std::fs::write(dir.path().join(rel), data).expect("a file");
        let Ok(draft) = drafts::read(dir.path(), rel) else {
            assert!(data.len() > 1 << 20);
            return;
        };
        assert!(!draft.items.is_empty() || !draft.slips.is_empty());
        assert!(draft.slips.iter().all(|(line, ..)| *line >= 1));
        let again = drafts::read(dir.path(), rel).expect("it read before");
        for n in 0..draft.items.len() {
            assert_eq!(draft.key(n), again.key(n));
        }
    });
});
