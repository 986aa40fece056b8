//! Segments of many units, seeded. See `benches/rollup.rs` for what is in them.

use super::Seed;
use duban::rollup::key::CONTRACT;
use duban::rollup::manifest::{Duties, Lines, Manifest, Segment};
use duban::rollup::row::{Listed, Row, duties_digest};
use duban::rollup::{key, places, seal};
use std::collections::HashMap;
use std::path::Path;

const KINDS: [&str; 4] = ["province", "city", "county", "enterprise"];
const SECTORS: [&str; 6] = ["CRS", "FIN", "JUD", "LOC", "NET", "TEL"];
/// Obligations of a register.
const SIZE: u64 = 200;

fn day(text: &str) -> i32 {
    key::day(duban::model::time::parse_date(text).expect("a day"))
}

/// Ends of the quarters that are sealed.
fn quarters() -> Vec<i32> {
    let (mut all, mut month) = (Vec::new(), "2024-03".to_string());
    while month.as_str() < "2026-10" {
        all.push(key::month_end(&month).expect("a month"));
        month = (0..3).fold(month, |m, _| key::next_month(&m).expect("a month"));
    }
    all.push(day("2026-10-31"));
    all
}

struct Unit {
    code: String,
    kind: &'static str,
    duties: u64,
}

/// A third of the registers lies in one province.
fn units(duties: u64, seed: &mut Seed) -> Vec<Unit> {
    let provinces: Vec<&str> = places::mainland().collect();
    let mut used: HashMap<String, u32> = HashMap::new();
    let mut left = duties;
    let mut all = Vec::new();
    while left > 0 {
        let province = if seed.below(3) == 0 { "33" } else { provinces[seed.below(provinces.len() as u64) as usize] };
        let n = used.entry(province.into()).or_insert(0);
        // As many as the code has room for; after that, larger registers.
        let code = format!("{province}{:04}", *n % 10_000);
        *n += 1;
        let kind = KINDS[if *n == 1 { 0 } else { 1 + seed.below(3) as usize }];
        let mine = SIZE.min(left);
        all.push(Unit { code, kind, duties: mine });
        left -= mine;
    }
    all
}

/// Makes the inbox.
pub fn make(inbox: &Path, rows: u64, duties: u64, seed: u64) -> String {
    let mut seed = Seed(seed);
    let quarters = quarters();
    let units = units(duties, &mut seed);
    let (mut made, mut parked, mut again) = (0, 0, 0);
    let again_box = inbox.with_file_name(format!("{}.again", inbox.file_name().unwrap_or_default().to_string_lossy()));
    for (n, unit) in units.iter().enumerate() {
        let register = format!("R{n:05}");
        let dir = inbox.join(&unit.code).join(&register);
        let listed = listed(unit, &mut seed);
        let share = rows * unit.duties / duties;
        let mut story = Story { counts: vec![0; listed.len()], states: vec![1; listed.len()], seed: Seed(seed.below(u64::MAX)) };
        let mut last: Option<(Manifest, String)> = None;
        let mut from = day("2024-01-01");
        for (q, through) in quarters.iter().enumerate() {
            let mut wanted = share / quarters.len() as u64;
            let mut all = Vec::new();
            if q == 0 {
                story.begin(&listed, from, &mut all);
                wanted = wanted.saturating_sub(listed.len() as u64);
            }
            story.go_on(&listed, (from, *through), wanted, &mut all);
            let manifest = manifest(unit, &register, &all, &listed, *through, last.as_ref());
            let (manifest, path) =
                seal::write(&dir, manifest, &all, &listed, last.as_ref().map(|l| &l.0), None).expect("a segment is written");
            made += manifest.rows;
            let digest = Segment::read(&path).expect("it was written just now").digest;
            if n % 40 == 7 && q == 0 {
                again += 1;
                copy(&path, &again_box.join(&unit.code).join(&register));
            }
            if n % 97 == 50 && q == 5 {
                parked += 1;
                remove(&path);
            }
            last = Some((manifest, digest));
            from = through + 1;
        }
    }
    format!("{made} rows, {} registers, {duties} duties; {parked} registers with a lost segment, {again} segments sent twice", units.len())
}

fn siblings(path: &Path) -> Vec<std::path::PathBuf> {
    let stem = path.file_stem().expect("a name").to_string_lossy().into_owned() + ".";
    let dir = std::fs::read_dir(path.parent().expect("a folder")).expect("a folder");
    dir.map(|e| e.expect("an entry").path()).filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&stem))).collect()
}

fn copy(path: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folder");
    for p in siblings(path) {
        std::fs::copy(&p, to.join(p.file_name().expect("a name"))).expect("file");
    }
}

fn remove(path: &Path) {
    siblings(path).iter().for_each(|p| std::fs::remove_file(p).expect("file"));
}

fn listed(unit: &Unit, seed: &mut Seed) -> Vec<Listed> {
    (0..unit.duties)
        .map(|i| {
            let id = format!("OPN-{}.{:02}", i / 50 + 1, i % 50 + 1);
            let reached = 1 + seed.below(3);
            let mut sectors: Vec<&str> = (0..reached).map(|_| SECTORS[seed.below(6) as usize]).collect();
            sectors.sort_unstable();
            sectors.dedup();
            Listed {
                duty: id.as_str().into(),
                obligation: id.as_str().into(),
                department: format!("DEP-{:02}", i % 12).into(),
                whole: true,
                sectors: sectors.join(",").into(),
            }
        })
        .collect()
}

struct Story {
    counts: Vec<i64>,
    states: Vec<i32>,
    seed: Seed,
}

impl Story {
    fn row(&mut self, listed: &[Listed], i: usize, (recorded, effective): (i32, i32), all: &mut Vec<Row>) {
        self.counts[i] += 1;
        let light = if self.states[i] == 7 { 3 } else { self.seed.below(3) as i32 };
        all.push(Row {
            duty: listed[i].duty.clone(),
            department: listed[i].department.clone(),
            state: self.states[i],
            light,
            recorded,
            effective,
            ord: key::ord(effective, self.counts[i]),
        });
    }

    fn begin(&mut self, listed: &[Listed], day: i32, all: &mut Vec<Row>) {
        (0..listed.len()).for_each(|i| self.row(listed, i, (day, day), all));
    }

    fn go_on(&mut self, listed: &[Listed], (from, through): (i32, i32), wanted: u64, all: &mut Vec<Row>) {
        let days = (through - from + 1) as u64;
        let n = listed.len() as u64;
        for k in 0..wanted {
            // The first two of a register have a hundred times as many.
            let hot = self.seed.below(4) == 0;
            let i = if hot { self.seed.below(2.min(n)) } else { self.seed.below(n) } as usize;
            let recorded = from + (k * days / wanted) as i32;
            let late = if self.seed.below(20) == 0 { self.seed.below(60) as i32 } else { 0 };
            self.states[i] = 1 + self.seed.below(7) as i32;
            let effective = (recorded - late).max(day("2024-01-01"));
            self.row(listed, i, (recorded, effective), all);
            if self.seed.below(50) == 0 {
                self.states[i] = 1 + self.seed.below(7) as i32;
                let later = (recorded + self.seed.below(3) as i32).min(through);
                self.row(listed, i, (later, effective), all);
            }
        }
        // A segment's rows stand in the order in which they became known.
        all.sort_by_key(|r| r.recorded);
    }
}

fn manifest(unit: &Unit, register: &str, rows: &[Row], listed: &[Listed], through: i32, last: Option<&(Manifest, String)>) -> Manifest {
    let first = last.map_or(1, |l| l.0.last + 1);
    Manifest {
        contract: CONTRACT.into(),
        unit: unit.code.clone(),
        kind: unit.kind.into(),
        register: register.into(),
        sample: true,
        first,
        last: first + rows.len() as i64,
        begins: "2024-01-01".into(),
        through: key::date(through).to_string(),
        previous: last.map(|l| l.1.clone()),
        rows: rows.len() as i64,
        compensating: rows.iter().filter(|r| r.effective < r.recorded).count() as i64,
        jsonl: String::new(),
        parquet: String::new(),
        duties: Duties { rows: listed.len() as i64, jsonl: duties_digest(listed), parquet: None },
        read: listed.len() as u64,
        invalid: 0,
        data_version: "000000000000".into(),
        program: "generated".into(),
        log: Vec::<Lines>::new(),
        signed: "no".into(),
    }
}
