//! Timings of the parts: `cargo bench --bench parts`. Whole-process figures are taken with
//! `benches/generate.rs` and the release binary; see the README.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

use divan::Bencher;
use std::path::PathBuf;

fn main() {
    divan::main();
}

fn folder(n: usize) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("duban-bench-{n}"));
    if !dir.join("plan.yaml").exists() {
        support::register(&dir, n, 50, 1);
    }
    dir
}

fn snapshot(n: usize) -> duban::snapshot::Snapshot {
    let now = chrono::DateTime::parse_from_rfc3339("2026-06-30T12:00:00+08:00").expect("an instant");
    let options = duban::snapshot::Options { root: &folder(n), shown: "", now, as_of: None, on: None };
    duban::snapshot::Snapshot::open(&options).unwrap_or_else(|e| panic!("{e}"))
}

#[divan::bench(args = [100, 1000, 10000])]
fn load(bencher: Bencher, n: usize) {
    let dir = folder(n);
    bencher.bench(|| duban::load::open(&dir, "").map(|l| l.register.total()).ok());
}

#[divan::bench(args = [100, 1000, 10000])]
fn rules(bencher: Bencher, n: usize) {
    let s = snapshot(n);
    bencher.bench(|| duban::rules::run(&s, &Default::default()).findings.len());
}

#[divan::bench(args = [100, 1000, 10000])]
fn graph(bencher: Bencher, n: usize) {
    let s = snapshot(n);
    bencher.bench(|| duban::graph::Graph::build(&s.register, &s.roster).cycles().len());
}

#[path = "../tests/pages/mod.rs"]
mod pages;

#[divan::bench(args = [1000, 10000])]
fn html(bencher: Bencher, n: usize) {
    let page = pages::ledger(n);
    bencher.bench(|| duban::render::html::render(&page).len());
}
