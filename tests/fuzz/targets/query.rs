//! A query of any words on the shipped sample: it selects or it says why, and `not:` of a
//! query selects the rest.
#![no_main]

use duban::snapshot::query::{Query, period};
use duban::snapshot::{Options, Snapshot};
use libfuzzer_sys::fuzz_target;
use std::cell::OnceCell;
use std::path::Path;

thread_local!(static SAMPLE: OnceCell<Snapshot> = const { OnceCell::new() });

fuzz_target!(|text: &str| {
    SAMPLE.with(|sample| {
        let s = sample.get_or_init(open);
        let words: Vec<String> = text.split_whitespace().map(String::from).collect();
        if let Ok(q) = Query::parse(s, &words) {
            let rows = q.select(s);
            assert!(rows.windows(2).all(|w| w[0] < w[1]));
            assert!(rows.iter().all(|d| q.matches(s, *d)));
            if let [one] = &words[..]
                && one.contains(':')
                && !one.starts_with("not:")
                && let Ok(rest) = Query::parse(s, &[format!("not:{one}")])
            {
                assert!(rows.iter().all(|d| !rest.matches(s, *d)), "{one}");
            }
        }
        let _ = period(text, s.as_of);
    });
});

fn open() -> Snapshot {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../obligations/sample-city");
    let now = "2026-11-01T00:00:00+08:00".parse().expect("an instant");
    let options = Options { root: &root, shown: "", now, as_of: None, on: None };
    Snapshot::open(&options).expect("the sample opens")
}
