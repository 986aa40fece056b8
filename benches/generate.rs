//! Writes a generated register, with a log where asked for, for whole-process measurements:
//! `cargo bench --bench generate -- 10000 50 DIR [ENTRIES [LEADS]] [ill]`. With LEADS departments to
//! an obligation there are LEADS times as many duties; `ill`, it is the ill register of the growth
//! bench, to be profiled.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let ill = args.pop_if(|a| a == "ill").is_some();
    let (n, d, dir, entries, leads) = match args.as_slice() {
        [n, d, dir] => (n, d, dir, "0", "1"),
        [n, d, dir, entries] => (n, d, dir, entries.as_str(), "1"),
        [n, d, dir, entries, leads] => (n, d, dir, entries.as_str(), leads.as_str()),
        _ => {
            eprintln!("usage: cargo bench --bench generate -- OBLIGATIONS DEPARTMENTS DIR [ENTRIES [LEADS]] [ill]");
            return;
        }
    };
    let (n, d) = (n.parse().expect("a number of obligations"), d.parse().expect("a number of departments"));
    let entries = entries.parse().expect("a number of entries");
    let leads = leads.parse().expect("a number of leads");
    support::register_by(std::path::Path::new(dir), n, d, leads, 1);
    support::log_by(std::path::Path::new(dir), n, d, leads, entries, ill);
    if ill {
        support::sicken(std::path::Path::new(dir));
    }
    println!("{n} obligations, {d} departments, {} duties, {entries} entries in {dir}", n * leads);
}
