//! The tables of a dataset: changes sorted by register, duty and `ord`, a province and a month a
//! folder; states at the end of months; the list of duties. How they are made anew.
//!
//! Everything here is derived from segments, and does not depend on the order in which these came:
//! equal segments give equal bytes. Changes and states get names by content, so that what the
//! ledger names stays until the ledger names something else.

use super::error::{Error, Result, at};
use super::key;
use super::ledger::{Ledger, Part};
use super::merge::{END, Key, Merge, join};
use super::row::Listed;
use super::store::{self, Book, Columns, Kind, Sheet, Walk};
use super::tasks;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Columns of `log/`.
pub const CHANGES: Columns = &[
    ("register", Kind::Run),
    ("duty", Kind::Key),
    ("ord", Kind::Key),
    ("state", Kind::Code),
    ("light", Kind::Code),
    ("recorded", Kind::Day),
    ("effective", Kind::Day),
];

/// Columns of `state/`: per duty the greatest packed row recorded up to the day `known`.
pub const STATES: Columns = &[("register", Kind::Run), ("duty", Kind::Key), ("packed", Kind::Key), ("known", Kind::Day)];

/// Columns of `obligations/`: a row for every duty and sector reached, `once` = 1 at the first.
pub const OBLIGATIONS: Columns = &[
    ("register", Kind::Run),
    ("duty", Kind::Key),
    ("once", Kind::Code),
    ("whole", Kind::Code),
    ("unit", Kind::Code),
    ("kind", Kind::Text),
    ("obligation", Kind::Text),
    ("department", Kind::Text),
    ("sector", Kind::Text),
];

/// Rows of a part; a partition with more has several.
const PART: u64 = 8 << 20;

/// A change on its way into a part: register, duty, ord, state, light, recorded.
pub type Change = (i64, i64, i64, i32, i32, i32);

/// Month as a number, 202610.
pub fn month_number(recorded: i32) -> i32 {
    use chrono::Datelike;
    let d = key::date(recorded);
    d.year() * 100 + d.month() as i32
}

/// Sorted runs of changes that wait to be merged into their partitions.
pub struct Runs {
    dir: PathBuf,
    rows: Vec<(u8, i32, Change)>,
    limit: usize,
    made: BTreeMap<(u8, i32), Vec<PathBuf>>,
    count: usize,
}

impl Runs {
    /// Runs below the dataset, of so many rows in memory.
    pub fn new(dataset: &Path, limit: usize) -> Runs {
        Runs { dir: dataset.join(".runs"), rows: Vec::new(), limit, made: BTreeMap::new(), count: 0 }
    }
    /// Takes a change of a province in.
    ///
    /// # Errors
    /// When a full run cannot be written.
    pub fn push(&mut self, province: u8, change: Change) -> Result<()> {
        self.rows.push((province, month_number(change.5), change));
        if self.rows.len() >= self.limit { self.flush() } else { Ok(()) }
    }
    fn flush(&mut self) -> Result<()> {
        self.rows.sort_unstable();
        let mut sheet: Option<((u8, i32), Sheet)> = None;
        for (province, month, change) in self.rows.drain(..) {
            let place = (province, month);
            if sheet.as_ref().is_none_or(|(p, _)| *p != place) {
                sheet.take().map(|(_, s)| s.finish()).transpose()?;
                let path = self.dir.join(format!("{province:02}-{month}-{}.parquet", self.count));
                self.made.entry(place).or_default().push(path.clone());
                sheet = Some((place, Sheet::create(&path, CHANGES)?));
            }
            let (_, sheet) = sheet.as_mut().expect("it was opened just now");
            put(sheet, change)?;
        }
        sheet.map(|(_, s)| s.finish()).transpose()?;
        self.count += 1;
        Ok(())
    }
}

fn put(sheet: &mut Sheet, (register, duty, ord, state, light, recorded): Change) -> Result<()> {
    let c = sheet.row();
    c[0].long(register);
    c[1].long(duty);
    c[2].long(ord);
    c[3].int(state);
    c[4].int(light);
    c[5].int(recorded);
    c[6].int(key::parts(ord).0);
    sheet.done()
}

fn walk(path: &Path, columns: Columns, wanted: &[usize]) -> Result<Walk> {
    let book = Book::open(path, columns)?;
    let groups = (0..book.groups()).collect();
    Ok(book.walk(wanted, groups))
}

/// Parts that took the place of others, by path below the dataset.
pub type Parts = Vec<(String, Part)>;

/// Merges the runs into their partitions. The ledger's parts of these are replaced in it, and
/// what it no longer names is told, to be taken away once it is in its place.
///
/// # Errors
/// When something cannot be read or written.
pub fn changes(dataset: &Path, ledger: &mut Ledger, mut runs: Runs) -> Result<BTreeMap<String, String>> {
    runs.flush()?;
    let mut jobs = Vec::new();
    for ((province, month), files) in &runs.made {
        let (province, month) = (format!("{province:02}"), format!("{}-{:02}", month / 100, month % 100));
        let old: Vec<String> =
            ledger.parts_of("log").filter(|(_, p)| p.province == province && p.month == month).map(|(path, _)| path.to_string()).collect();
        jobs.push((province, month, old, files.clone()));
    }
    let made = tasks::all(&jobs, |(province, month, old, files)| {
        let folder = format!("log/province={province}/month={month}");
        let sources = old.iter().map(|p| dataset.join(p)).chain(files.iter().cloned());
        let walks = sources.map(|p| walk(&p, CHANGES, &[0, 1, 2, 3, 4, 5])).collect::<Result<Vec<_>>>()?;
        merged(dataset, &folder, Merge::new(walks, 0, END)?)
    })?;
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for ((province, month, old, _), parts) in jobs.iter().zip(made) {
        ledger.parts.retain(|path, _| !old.contains(path));
        ledger.parts.extend(parts);
        first.entry(province.clone()).or_insert_with(|| month.clone());
    }
    let _ = std::fs::remove_dir_all(&runs.dir);
    Ok(first)
}

fn merged(dataset: &Path, folder: &str, mut merge: Merge) -> Result<Parts> {
    let mut out = Out::new(dataset, folder, CHANGES);
    let mut rows: Vec<Change> = Vec::new();
    loop {
        let k = merge.least();
        if k == END {
            return out.finish();
        }
        rows.clear();
        merge.take(k, |_, w, i| {
            let v = &w.values;
            rows.push((v[0].long_at(i), v[1].long_at(i), v[2].long_at(i), v[3].int_at(i), v[4].int_at(i), v[5].int_at(i)));
        })?;
        rows.sort_unstable();
        // A run that was merged already, by an ingest that was cut off, is not there twice.
        rows.dedup();
        rows.iter().try_for_each(|r| put(out.sheet()?, *r))?;
    }
}

/// Parts of one folder, cut at [`PART`] rows, named by number and content.
struct Out<'a> {
    dataset: &'a Path,
    folder: &'a str,
    columns: Columns,
    sheet: Option<Sheet>,
    done: Parts,
}

impl<'a> Out<'a> {
    fn new(dataset: &'a Path, folder: &'a str, columns: Columns) -> Out<'a> {
        Out { dataset, folder, columns, sheet: None, done: Vec::new() }
    }
    fn waiting(&self) -> PathBuf {
        self.dataset.join(self.folder).join(".part")
    }
    fn sheet(&mut self) -> Result<&mut Sheet> {
        if self.sheet.as_ref().is_some_and(|s| s.rows >= PART) {
            self.close()?;
        }
        if self.sheet.is_none() {
            self.sheet = Some(Sheet::create(&self.waiting(), self.columns)?);
        }
        Ok(self.sheet.as_mut().expect("it was opened just now"))
    }
    fn close(&mut self) -> Result<()> {
        let Some(sheet) = self.sheet.take() else { return Ok(()) };
        let (rows, bytes) = (sheet.rows, sheet.finish()?);
        let waiting = self.waiting();
        let sum = store::digest(&waiting)?;
        let name = format!("{}/part-{:04}-{}.parquet", self.folder, self.done.len(), &sum[..12]);
        let path = self.dataset.join(&name);
        std::fs::rename(&waiting, &path).map_err(at(&path))?;
        self.done.push((name, Part { rows, bytes }));
        Ok(())
    }
    fn finish(mut self) -> Result<Parts> {
        self.close()?;
        Ok(self.done)
    }
}

/// Months whose states are kept: the newest thirteen and every December.
fn kept(all: &[String]) -> BTreeSet<String> {
    let newest = all.len().saturating_sub(13);
    all.iter().enumerate().filter(|(i, m)| *i >= newest || m.ends_with("-12")).map(|(_, m)| m.clone()).collect()
}

/// Makes the states of months anew, in every province from the first month that changed on, and
/// for months that are not there yet.
///
/// # Errors
/// When something cannot be read or written.
pub fn states(dataset: &Path, ledger: &mut Ledger, changed: &BTreeMap<String, String>) -> Result<()> {
    let months: BTreeSet<String> = ledger.parts_of("log").map(|(_, p)| p.month.to_string()).collect();
    let (Some(first), Some(last)) = (months.first().cloned(), months.last().cloned()) else { return Ok(()) };
    let every: Vec<String> = std::iter::successors(Some(first), |m| key::next_month(m)).take_while(|m| *m <= last).collect();
    let keep = kept(&every);
    let gone = |p: &super::ledger::Place| !keep.contains(p.month) || changed.get(p.province).is_some_and(|first| p.month >= first.as_str());
    let drop_now: BTreeSet<String> = ledger.parts_of("state").filter(|(_, p)| gone(p)).map(|(path, _)| path.to_string()).collect();
    ledger.parts.retain(|path, _| !drop_now.contains(path));
    let provinces: Vec<String> = ledger.provinces().into_iter().collect();
    let made = tasks::all(&provinces, |province| province_states(dataset, ledger, province, &keep))?;
    made.into_iter().for_each(|parts| ledger.parts.extend(parts));
    Ok(())
}

fn province_states(dataset: &Path, ledger: &Ledger, province: &str, keep: &BTreeSet<String>) -> Result<Parts> {
    let mut logs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, p) in ledger.parts_of("log").filter(|(_, p)| p.province == province) {
        logs.entry(p.month).or_default().push(path);
    }
    let Some(begins) = logs.keys().next().map(ToString::to_string) else { return Ok(Vec::new()) };
    let mut have: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, p) in ledger.parts_of("state").filter(|(_, p)| p.province == province) {
        have.entry(p.month.into()).or_default().push(path.into());
    }
    let mut all = Vec::new();
    for month in keep.iter().filter(|m| **m >= begins) {
        if have.contains_key(month) {
            continue;
        }
        let before = have.range(..month.clone()).next_back().map(|(m, parts)| (m.clone(), parts.clone()));
        let since = before.as_ref().map_or("", |(m, _)| m.as_str());
        let mut walks = Vec::new();
        for path in before.iter().flat_map(|(_, parts)| parts) {
            walks.push(walk(&dataset.join(path), STATES, &[0, 1, 2])?);
        }
        let olds = walks.len();
        for (_, paths) in logs.range::<str, _>((std::ops::Bound::Excluded(since), std::ops::Bound::Included(month.as_str()))) {
            for path in paths {
                walks.push(walk(&dataset.join(path), CHANGES, &[0, 1, 2, 3, 4])?);
            }
        }
        let folder = format!("state/month={month}/province={province}");
        let parts = month_states(dataset, &folder, month, olds, Merge::new(walks, 0, END)?)?;
        have.insert(month.clone(), parts.iter().map(|(p, _)| p.clone()).collect());
        all.extend(parts);
    }
    Ok(all)
}

fn month_states(dataset: &Path, folder: &str, month: &str, olds: usize, mut merge: Merge) -> Result<Parts> {
    let known = key::month_end(month).unwrap_or(i32::MAX);
    let mut out = Out::new(dataset, folder, STATES);
    loop {
        let k: Key = merge.least();
        if k == END {
            return out.finish();
        }
        let mut best = i64::MIN;
        merge.take(k, |source, w, i| {
            let v = &w.values;
            let packed = if source < olds { v[2].long_at(i) } else { key::packed(v[2].long_at(i), v[3].int_at(i), v[4].int_at(i)) };
            best = best.max(packed);
        })?;
        let sheet = out.sheet()?;
        let c = sheet.row();
        c[0].long((k >> 64) as i64);
        c[1].long(k as i64);
        c[2].long(best);
        c[3].int(known);
        sheet.done()?;
    }
}

/// A register with its newest list of duties.
pub struct Fresh {
    /// GB/T 2260 code.
    pub unit: String,
    /// Sort of unit.
    pub kind: String,
    /// Code of the register.
    pub register: String,
    /// Where the list is.
    pub file: PathBuf,
}

/// Puts new lists of duties in the place of old ones. The files keep their names: a question by
/// an engine must never see a duty in two of them.
///
/// # Errors
/// When something cannot be read or written, or two duties have one key.
pub fn obligations(dataset: &Path, ledger: &mut Ledger, fresh: &[Fresh]) -> Result<()> {
    let mut by_province: BTreeMap<String, Vec<&Fresh>> = BTreeMap::new();
    for f in fresh {
        by_province.entry(f.unit[..2].into()).or_default().push(f);
    }
    let jobs: Vec<_> = by_province.into_iter().collect();
    let made = tasks::all(&jobs, |(province, fresh)| province_obligations(dataset, province, fresh))?;
    ledger.parts.extend(made);
    Ok(())
}

fn province_obligations(dataset: &Path, province: &str, fresh: &[&Fresh]) -> Result<(String, Part)> {
    let name = format!("obligations/province={province}/part-0000.parquet");
    let path = dataset.join(&name);
    let mut new: Vec<(i64, &Fresh)> = fresh.iter().map(|f| (key::register(&f.unit, &f.register), *f)).collect();
    new.sort_by_key(|(k, _)| *k);
    let mut old = if path.exists() { Some(walk(&path, OBLIGATIONS, &[0, 1, 2, 3, 4, 5, 6, 7, 8])?) } else { None };
    let mut sheet = Sheet::create(&path, OBLIGATIONS)?;
    let mut last: Key = 0;
    for (register, f) in new.iter().map(|(k, f)| (*k, Some(*f))).chain([(i64::MAX, None)]) {
        // What stands before it, and its own old list, which it replaces.
        while let Some(w) = old.as_mut() {
            if !w.more()? || w.values[0].long_at(w.at) > register {
                break;
            }
            if w.values[0].long_at(w.at) < register {
                let (v, i) = (&w.values, w.at);
                let c = sheet.row();
                (0..2).for_each(|n| c[n].long(v[n].long_at(i)));
                (2..5).for_each(|n| c[n].int(v[n].int_at(i)));
                (5..9).for_each(|n| c[n].text(v[n].text_at(i)));
                sheet.done()?;
                last = join(v[0].long_at(i), v[1].long_at(i));
            }
            w.at += 1;
        }
        if let Some(f) = f {
            last = list(&mut sheet, register, f, last)?;
        }
    }
    let (rows, bytes) = (sheet.rows, sheet.finish()?);
    Ok((name, Part { rows, bytes }))
}

fn list(sheet: &mut Sheet, register: i64, f: &Fresh, mut last: Key) -> Result<Key> {
    let mut all: Vec<(i64, Listed)> =
        super::row::read_duties(&f.file)?.into_iter().map(|l| (key::duty(&f.unit, &f.register, &l.duty), l)).collect();
    all.sort();
    for (duty, l) in all {
        let k = join(register, duty);
        if k <= last {
            let what = (format!("{} 的键与另一事项相同", l.duty), format!("the key of {} is that of another duty", l.duty));
            let todo = ("请国家级单位登记换号", "give one of the two another id");
            return Err(Error::new(f.file.display().to_string(), (&what.0, &what.1), todo));
        }
        last = k;
        for (n, sector) in l.sectors.split(',').enumerate() {
            let c = sheet.row();
            c[0].long(register);
            c[1].long(duty);
            c[2].int(i32::from(n == 0));
            c[3].int(i32::from(l.whole));
            c[4].int(f.unit.parse().unwrap_or(0));
            c[5].text(&f.kind);
            c[6].text(&l.obligation);
            c[7].text(&l.department);
            c[8].text(if sector.is_empty() { "-" } else { sector });
            sheet.done()?;
        }
    }
    Ok(last)
}

/// Takes away what the ledger no longer names, in the folders that are ours.
pub fn sweep(dataset: &Path, ledger: &Ledger) {
    for table in ["log", "state"] {
        sweep_dir(dataset, Path::new(table), ledger);
    }
}

fn sweep_dir(dataset: &Path, below: &Path, ledger: &Ledger) {
    for entry in std::fs::read_dir(dataset.join(below)).into_iter().flatten().flatten() {
        let path = below.join(entry.file_name());
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            sweep_dir(dataset, &path, ledger);
        } else if path.extension().is_some_and(|e| e == "parquet") && !ledger.parts.contains_key(&path.to_string_lossy().replace('\\', "/"))
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
