//! The log's line format: a line read back is the line written, sealed lines hold, and no
//! byte of one can change unseen.

use chrono::{DateTime, FixedOffset};
use duban::log::append::seal;
use duban::log::read;
use duban::model::entry::{Evidence, Header};
use duban::model::{Class, Day, Due, Entry, Event, Fingerprint, Zone};
use proptest::prelude::*;

fn words() -> impl Strategy<Value = Option<Box<str>>> {
    prop::option::of("[ -~甲乙丙。〔〕\u{1}\n\t\"\\\\]{1,24}".prop_map(Box::from))
}

fn day() -> impl Strategy<Value = Day> {
    (2020i32..2030, 1u32..13, 1u32..29).prop_map(|(y, m, d)| Day(chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap()))
}

fn evidence() -> impl Strategy<Value = Evidence> {
    (words(), words(), day(), prop::option::of(any::<u32>()), prop::option::of(prop::sample::select(Class::ALL))).prop_map(
        |(name, number, date, size, class)| {
            let name = name.unwrap_or_else(|| "纪要".into());
            Evidence { kind: "minutes".into(), name, number, date, place: None, sha256: None, size: size.map(u64::from), class }
        },
    )
}

fn entry() -> impl Strategy<Value = Entry> {
    let free = (words(), words(), words(), words(), words());
    let dates = (prop::option::of(day()), prop::option::of(prop_oneof![day().prop_map(|d| Due::On(d.0)), Just(Due::Standing)]));
    let rest = (prop::option::of(0u8..=100), prop::collection::vec(evidence(), 0..3), any::<bool>(), prop::sample::select(Event::ALL));
    (free, dates, rest, 0i64..28 * 86_400_000).prop_map(|(free, dates, rest, ms)| {
        let month = DateTime::parse_from_rfc3339("2023-03-01T00:00:00.000+08:00").unwrap();
        let fp =
            || Fingerprint { recipe: 1, requirement: "aaaaaaaaaaaa".into(), modality: "b".into(), owner: "c".into(), needs: "d".into() };
        Entry {
            seq: 0,
            at: month + chrono::Duration::milliseconds(ms),
            by: "officer-a".into(),
            dept: "DEP-A".into(),
            duty: "TST-1.01".into(),
            via: None,
            event: rest.3,
            agreed: None,
            percent: rest.0,
            day: dates.0,
            until: dates.1,
            indicator: None,
            value: None,
            note: free.0,
            issues: free.1,
            next: free.2,
            reason: free.3,
            reference: None,
            nil: rest.2.then_some(true),
            release: free.4,
            fp: rest.2.then(fp),
            evidence: rest.1,
            fixes: None,
            key: None,
            clock: None,
            saw: Default::default(),
            h: "".into(),
        }
    })
}

/// Entries as a file of the log, chained.
fn file(entries: &mut [Entry]) -> String {
    entries.sort_by_key(|e| e.at);
    let header = Header {
        seq: 0,
        log: "duban/1".into(),
        dept: "DEP-A".into(),
        month: "2023-03".into(),
        writer: "officer-a-7f3k".into(),
        after: None,
        h: "".into(),
    };
    let (mut out, mut h) = seal(&header, "");
    let mut last: Option<DateTime<FixedOffset>> = None;
    for (i, e) in entries.iter_mut().enumerate() {
        e.seq = i as u64 + 1;
        if last.is_some_and(|l| e.at <= l) {
            e.at = last.unwrap() + chrono::Duration::milliseconds(1);
        }
        e.day = e.day.filter(|d| d.0 <= Zone::default().day(e.at));
        last = Some(e.at);
        let (line, next) = seal(e, &h);
        e.h = next.as_str().into();
        out += &line;
        h = next;
    }
    out
}

fn read_back(bytes: &[u8]) -> (Vec<Entry>, usize) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("log/DEP-A");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("2023-03.officer-a-7f3k.jsonl"), bytes).unwrap();
    let mut findings = Vec::new();
    let now = DateTime::parse_from_rfc3339("2026-01-01T00:00:00+08:00").unwrap();
    let log = read::read(dir.path(), "", Zone::default(), now, &mut findings);
    (log.records.into_iter().map(|r| r.entry).collect(), findings.len())
}

/// FORMATS' order of the fields.
const ORDER: &[&str] = &[
    "seq",
    "at",
    "by",
    "dept",
    "duty",
    "via",
    "event",
    "agreed",
    "percent",
    "day",
    "until",
    "indicator",
    "value",
    "note",
    "issues",
    "next",
    "reason",
    "ref",
    "nil",
    "release",
    "fp",
    "evidence",
    "fixes",
    "key",
    "clock",
    "saw",
    "h",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_line_read_back_is_the_line_written(mut entries in prop::collection::vec(entry(), 1..4)) {
        let text = file(&mut entries);
        prop_assert_eq!(read_back(text.as_bytes()), (entries.clone(), 0));
        for (line, e) in text.lines().skip(1).zip(&entries) {
            prop_assert_eq!(&serde_json::to_string(e).unwrap(), line);
            let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
            let places: Vec<usize> = value.keys().map(|k| ORDER.iter().position(|o| o == k).unwrap()).collect();
            prop_assert!(places.is_sorted(), "{line}");
        }
    }

    #[test]
    fn no_byte_changes_unseen(mut entries in prop::collection::vec(entry(), 1..3), at in any::<prop::sample::Index>(), bit in 0..8u32) {
        let mut bytes = file(&mut entries).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1u8 << bit;
        let (read, findings) = read_back(&bytes);
        prop_assert!(findings > 0, "byte {at} changed and nothing was said: {read:?}");
    }

    #[test]
    fn no_line_leaves_unseen_unless_it_is_the_last(mut entries in prop::collection::vec(entry(), 2..5), which in any::<prop::sample::Index>()) {
        let text = file(&mut entries);
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        lines.remove(which.index(lines.len() - 1));
        prop_assert!(read_back(lines.concat().as_bytes()).1 > 0);
    }
}
