//! Makes the registers of many units as segments, for the roll-up's measurements and the
//! conformance of engines: `cargo bench --bench rollup -- INBOX MILLIONS [DUTIES] [SEED]`.
//!
//! MILLIONS of rows (decimals allowed) over DUTIES obligations (rows / 20 when absent) of units
//! in 31 provinces, coded by GB/T 2260, from 2024-01 to 2026-10, a segment a quarter. On purpose:
//! *skewed* (one province has a third of everything, a few duties have a hundred times the rows),
//! *late* (one row in 20 came to be known up to 60 days after its day), *corrected* (one in 50 is
//! a second row for a day that had one, of the same day of recording or later), *duplicate* (one
//! register in 40 sends its first segment in a second inbox as well, `INBOX.again`), *parked* (one
//! register in 97 has lost a segment in the middle; what follows waits). The same numbers give
//! the same bytes.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

#[cfg(feature = "rollup")]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let number = |i: usize| args.get(i).and_then(|a| a.parse::<f64>().ok());
    let (Some(dir), Some(millions)) = (args.first(), number(1)) else {
        eprintln!("usage: cargo bench --bench rollup -- INBOX MILLIONS [DUTIES] [SEED]");
        return;
    };
    let rows = (millions * 1e6) as u64;
    let duties = number(2).map_or(rows / 20, |d| d as u64).max(1);
    let made = support::rollup::make(std::path::Path::new(dir), rows, duties, number(3).map_or(1, |s| s as u64));
    println!("{made}");
}

#[cfg(not(feature = "rollup"))]
fn main() {
    eprintln!("built without `rollup`: nothing to make");
}
