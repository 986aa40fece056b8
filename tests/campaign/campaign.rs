//! The log's campaign: damages it and kills what writes it, and counts what is seen and what is kept.
//!
//! `cargo run --release --example campaign -- [--seed N] [PART=COUNT …]`; without parts the
//! short form that CI runs. Parts: `bits` (every bit of a small log flipped), `cuts` (cut
//! at every byte of the last three lines), `surgery` (lines deleted, doubled, swapped,
//! moved, inserted, carried between files), `states` (power cuts: every state in which
//! the disk could be left), `faults` (each file call fails in turn), `crowd` (16
//! writers at once), `kill` (the program killed at random moments), `mend` (power cuts and
//! failing calls while a log is mended and a checkpoint made), `full` (a small disk filled),
//! `hostile` (links, pipes, names, sizes), `git` (sequences of what people do with git),
//! `orders` (branches merged in every order).
//! `PYTHON=1` asks the second verifier about every bit, cut, surgery and odd thing as well.
//!
//! `CONTROL=1` takes every sync out of the recorded story: `states` must then fail.
//!
//! A part prints what it did and ends the program with 1 at the first loss. Nothing here
//! needs the network; what cannot be done on this machine is said aloud.

mod crash;
mod damage;
mod gitworld;
mod mend;
mod odd;
mod program;
mod world;

use std::collections::BTreeMap;

/// Part, short count, what a count is.
const PARTS: [(&str, u64, &str); 12] = [
    ("bits", 10_240, "bytes of log"),
    ("cuts", 3, "lines"),
    ("surgery", 5_000, "operations"),
    ("states", 20_000, "states at most"),
    ("faults", 1, "story"),
    ("crowd", 25, "entries each"),
    ("mend", 12, "broken logs"),
    ("full", 200, "fills"),
    ("hostile", 1, "round"),
    ("git", 100, "sequences"),
    ("orders", 120, "orders"),
    ("kill", 500, "kills"),
];

fn main() {
    let mut seed = 20_220_418;
    let mut wanted: BTreeMap<String, u64> = BTreeMap::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if arg == "--seed" {
            seed = args.next().and_then(|n| n.parse().ok()).expect("--seed N");
        } else {
            let (part, count) = arg.split_once('=').unwrap_or((&arg, ""));
            let usual = PARTS.iter().find(|p| p.0 == part).unwrap_or_else(|| panic!("no part {part}")).1;
            wanted.insert(part.into(), if count.is_empty() { usual } else { count.parse().expect("a count") });
        }
    }
    if wanted.is_empty() {
        wanted = PARTS.iter().map(|p| (p.0.to_string(), p.1)).collect();
    }
    for (part, _, unit) in PARTS {
        let Some(count) = wanted.get(part).copied() else { continue };
        let begun = std::time::Instant::now();
        let said = match part {
            "bits" => damage::bits(count),
            "cuts" => damage::cuts(count),
            "surgery" => damage::surgery(seed, count),
            "states" => crash::states(count),
            "faults" => crash::faults(),
            "crowd" => program::crowd(count),
            "mend" => mend::mended(seed, count),
            "full" => odd::full(seed, count),
            "hostile" => odd::hostile(count),
            "git" => gitworld::histories(seed, count),
            "orders" => gitworld::orders(count),
            _ => program::kill(seed, count),
        };
        println!("{part} ({count} {unit}): {said} [{:.1} s]", begun.elapsed().as_secs_f64());
    }
}
