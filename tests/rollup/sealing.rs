//! `rollup seal`: what becomes a segment, and what does not.

use crate::world::{World, bytes, files};
use duban::rollup::manifest::Manifest;
use duban::rollup::seal::Sealed;

fn segment(s: Sealed) -> (Manifest, usize) {
    match s {
        Sealed::Segment { manifest, late, .. } => (*manifest, late),
        Sealed::Nothing(day) => panic!("nothing since {day}"),
    }
}

#[test]
fn entries_and_the_calendar_become_rows() {
    let w = World::new();
    w.start("2026-01-12");
    let (m, late) = segment(w.seal("2026-04-30"));
    assert_eq!(
        w.rows_of("TST-1.01"),
        [
            "2026-01-01 2026-01-01 not-started grey",
            "2026-01-10 2026-01-10 not-started green",
            "2026-01-12 2026-01-12 in-progress green",
            "2026-03-17 2026-03-17 in-progress amber",
            "2026-04-01 2026-04-01 in-progress red",
        ]
    );
    // Of an obligation with two leads there is a row for the whole and one for each.
    let duties: Vec<String> = w.rows().iter().filter(|l| l.starts_with("TST-1.02")).cloned().collect();
    assert_eq!(
        duties,
        [
            "TST-1.02 2026-01-01 2026-01-01 not-started green",
            "TST-1.02@DEP-A 2026-01-01 2026-01-01 not-started green",
            "TST-1.02@DEP-B 2026-01-01 2026-01-01 not-started green",
        ]
    );
    assert_eq!((m.first, m.last, m.rows, m.compensating, late, m.previous), (1, 9, 8, 0, 0, None));
    assert_eq!((m.begins.as_str(), m.through.as_str(), m.read, m.invalid), ("2026-01-01", "2026-04-30", 2, 0));
    assert_eq!((m.log.len(), m.log[0].from, m.log[0].to), (1, 1, 2));
    assert_eq!(files(&w.out()), ["330100/T/1-9.duties.parquet", "330100/T/1-9.json", "330100/T/1-9.parquet"]);
}

#[test]
fn sealed_twice_gives_nothing_new() {
    let w = World::new();
    w.start("2026-01-12");
    segment(w.seal("2026-01-31"));
    let before = bytes(&w.out());
    assert!(matches!(w.seal("2026-01-31"), Sealed::Nothing(day) if day == "2026-01-31"));
    assert_eq!(bytes(&w.out()), before);
    // On a later day nothing happened either, and that is worth a segment: 零报告.
    let (m, _) = segment(w.seal("2026-02-05"));
    assert_eq!((m.rows, m.last - m.first, m.log.len(), m.duties.parquet), (0, 0, 0, None));
    // Never back.
    let e = w.try_seal("2026-02-01").unwrap_err();
    assert!(e.to_string().contains("it is sealed through 2026-02-05"), "{e}");
}

#[test]
fn equal_worlds_give_equal_bytes() {
    let make = || {
        let w = World::new();
        segment(w.seal("2026-04-30"));
        bytes(&w.out())
    };
    assert_eq!(make(), make());
}

#[test]
fn late_lines_go_into_the_next_segment() {
    let w = World::new();
    let (first, _) = segment(w.seal("2026-02-28"));
    let old = bytes(&w.out());
    // A line of January arrives after February was sealed.
    w.start("2026-01-12");
    let (next, late) = segment(w.seal("2026-03-01"));
    assert_eq!((next.first, late), (first.last + 1, 1));
    assert_eq!(w.rows_of("TST-1.01")[2..], ["2026-01-12 2026-01-12 in-progress green"]);
    // What was sealed is as it was.
    assert!(old.iter().all(|(name, b)| std::fs::read(w.out().join(name)).unwrap() == *b));
}

#[test]
fn a_correction_yields_compensating_rows() {
    let w = World::new();
    let start = w.start("2026-01-12");
    segment(w.seal("2026-02-10"));
    w.log("2026-02-20", "officer-a", "void", &format!(r#","fixes":"{start}","reason":"made in error""#));
    let (m, _) = segment(w.seal("2026-02-28"));
    // As now known, nothing was started on 12 January; as known then, it was.
    assert_eq!(
        w.rows_of("TST-1.01"),
        [
            "2026-01-01 2026-01-01 not-started grey",
            "2026-01-10 2026-01-10 not-started green",
            "2026-01-12 2026-01-12 in-progress green",
            "2026-02-20 2026-01-12 not-started green",
        ]
    );
    assert_eq!((m.rows, m.compensating), (1, 1));
}

#[test]
fn what_is_true_for_an_earlier_day_stands_there() {
    let w = World::new();
    w.start("2026-01-12");
    let suspend = r#","day":"2026-01-20","agreed":"approver-x","reason":"r","until":"2026-06-30""#;
    w.log("2026-02-03", "officer-a", "suspend", suspend);
    segment(w.seal("2026-02-10"));
    assert_eq!(w.rows_of("TST-1.01")[3..], ["2026-02-03 2026-01-20 suspended grey"]);
}

#[test]
fn a_register_that_changes_counts_from_the_seal_that_sees_it() {
    let w = World::new();
    segment(w.seal("2026-02-10"));
    let one = "- id: TST-1.01\n  title: a\n  requirement: a\n  kind: action\n  modality: must\n  recurrence: continuous\n  sector: AAA\n  owner: {mode: single, lead: [DEP-A]}\n";
    w.write("p/1.yaml", &format!("{one}{}", one.replace("1.01", "1.03")));
    w.write("plan.yaml", "- {duty: TST-1.01, person: officer-a, start: 2026-01-10, due: 2026-02-15}\n");
    let (m, _) = segment(w.seal("2026-02-20"));
    let new: Vec<String> = w.rows().into_iter().filter(|l| l.contains(" 2026-02-1")).collect();
    assert_eq!(
        new,
        [
            "TST-1.01 2026-02-11 2026-02-11 not-started amber",
            "TST-1.03 2026-02-11 2026-02-11 not-started amber",
            "TST-1.02 2026-02-11 2026-02-11 gone grey",
            "TST-1.02@DEP-A 2026-02-11 2026-02-11 gone grey",
            "TST-1.02@DEP-B 2026-02-11 2026-02-11 gone grey",
            "TST-1.01 2026-02-16 2026-02-16 not-started red",
        ]
    );
    assert_eq!((m.read, m.duties.rows), (2, 5));
}

#[test]
fn a_log_that_is_not_what_was_sealed_is_not_sealed_on() {
    let w = World::new();
    w.start("2026-01-12");
    segment(w.seal("2026-01-31"));
    let log = w.root().join("log/DEP-A");
    let file = std::fs::read_dir(&log).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let e = w.try_seal("2026-02-28").unwrap_err();
    assert!(e.to_string().contains("the log was rewritten, or is not there"), "{e}");
    // Another line of the same number.
    let at = text.trim_end().len() - 3;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    std::fs::write(&file, format!("{}{other}{}", &text[..at], &text[at + 1..])).unwrap();
    let e = w.try_seal("2026-02-28").unwrap_err();
    assert!(e.to_string().contains("line 2 of log/DEP-A/"), "{e}");
    std::fs::write(&file, text).unwrap();
    segment(w.seal("2026-02-28"));
}

#[test]
fn without_its_earlier_segments_nothing_is_sealed() {
    let w = World::new();
    let (first, _) = segment(w.seal("2026-01-31"));
    segment(w.seal("2026-02-28"));
    let name = w.out().join(format!("330100/T/{}", first.name()));
    let json = name.with_extension("json");
    let text = std::fs::read_to_string(&json).unwrap();
    std::fs::remove_file(&json).unwrap();
    let e = w.try_seal("2026-03-31").unwrap_err();
    assert!(e.to_string().contains("number 1 should come next"), "{e}");
    std::fs::write(&json, text.replace("\"kind\": \"city\"", "\"kind\": \"town\"")).unwrap();
    let e = w.try_seal("2026-03-31").unwrap_err();
    assert!(e.to_string().contains("do not follow one another"), "{e}");
}
