//! Writes a generated register for whole-process measurements:
//! `cargo bench --bench generate -- 10000 50 DIR`.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let [n, d, dir] = args.as_slice() else {
        eprintln!("usage: cargo bench --bench generate -- OBLIGATIONS DEPARTMENTS DIR");
        return;
    };
    let (n, d) = (n.parse().expect("a number of obligations"), d.parse().expect("a number of departments"));
    support::register(std::path::Path::new(dir), n, d, 1);
    println!("{n} obligations, {d} departments in {dir}");
}
