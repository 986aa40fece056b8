//! Writes a generated register, with a log where asked for, for whole-process measurements:
//! `cargo bench --bench generate -- 10000 50 DIR [ENTRIES]`.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let (n, d, dir, entries) = match args.as_slice() {
        [n, d, dir] => (n, d, dir, "0"),
        [n, d, dir, entries] => (n, d, dir, entries.as_str()),
        _ => {
            eprintln!("usage: cargo bench --bench generate -- OBLIGATIONS DEPARTMENTS DIR [ENTRIES]");
            return;
        }
    };
    let (n, d) = (n.parse().expect("a number of obligations"), d.parse().expect("a number of departments"));
    let entries = entries.parse().expect("a number of entries");
    support::register(std::path::Path::new(dir), n, d, 1);
    support::log(std::path::Path::new(dir), n, d, entries, false);
    println!("{n} obligations, {d} departments, {entries} entries in {dir}");
}
