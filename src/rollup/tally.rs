//! Our own fold over a dataset: per duty the greatest row that counts, and how many stand so.
//!
//! "As known on K, about D": rows recorded up to K and effective up to D. The newest states that
//! lie before both days take the place of everything recorded by then ([`Ask::full`] asks for the
//! whole history instead; the answer is the same). The sorted files of a province are walked side
//! by side with its list of duties, so that memory does not grow with either; provinces, and
//! pieces of large ones, are shared among the cores.

use super::compact::{CHANGES, OBLIGATIONS, STATES};
use super::error::{Error, Result};
use super::key;
use super::ledger::Ledger;
use super::merge::{self, END, Key, Merge};
use super::store::{Book, Walk};
use super::tasks;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// What to group by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Province: the code's first two digits.
    Province,
    /// Sector reached; an obligation counts in each.
    Sector,
    /// Obligation, over all registers.
    Obligation,
    /// Sort of unit.
    UnitKind,
}

/// The question.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// What to group by.
    pub by: By,
    /// As known on this day.
    pub as_of: i32,
    /// About this day.
    pub on: i32,
    /// From the whole history, without states of months.
    pub full: bool,
}

impl Ask {
    /// Both days, the earlier one: nothing later than it is in the states that may be used.
    fn earlier(&self) -> i32 {
        self.as_of.min(self.on)
    }
    /// Is the day asked about known better by now than it was then?
    pub fn late(&self) -> bool {
        self.on < self.as_of
    }
    /// The month whose states may stand for everything before.
    pub fn month(&self, ledger: &Ledger) -> Option<String> {
        let fits = |m: &&str| key::month_end(m).is_some_and(|end| end <= self.earlier());
        ledger.parts_of("state").map(|(_, p)| p.month).filter(fits).max().filter(|_| !self.full).map(String::from)
    }
}

/// Counts of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Obligations by state, in the order of the lifecycle.
    pub states: [u64; 7],
    /// By light, worst first.
    pub lights: [u64; 4],
    /// Of these: state or light about that day was recorded only after it.
    pub late: u64,
}

impl Counts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.states.iter().sum()
    }
    /// With others.
    pub fn add(&mut self, o: &Counts) {
        self.states.iter_mut().zip(o.states).for_each(|(a, b)| *a += b);
        self.lights.iter_mut().zip(o.lights).for_each(|(a, b)| *a += b);
        self.late += o.late;
    }
    fn count(&mut self, packed: i64, late: bool) {
        let (state, light) = key::unpacked(packed);
        self.states[(state - 1) as usize] += 1;
        self.lights[light as usize] += 1;
        self.late += u64::from(late);
    }
}

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// By group.
    pub groups: BTreeMap<String, Counts>,
    /// Every obligation of every register once.
    pub total: Counts,
    /// Month whose states were used.
    pub month: Option<String>,
    /// Rows that were looked at.
    pub rows: u64,
}

/// Answers.
///
/// # Errors
/// When a part cannot be read.
pub fn answer(dataset: &Path, ledger: &Ledger, ask: Ask) -> Result<Answer> {
    ledger.whole(dataset)?;
    let month = ask.month(ledger);
    let provinces: Vec<Province> =
        ledger.provinces().iter().map(|p| Province::plan(dataset, ledger, p, ask, month.as_deref())).collect::<Result<_>>()?;
    let all: u64 = provinces.iter().map(|p| p.rows).sum();
    let jobs: Vec<(&Province, Key, Key)> =
        provinces.iter().flat_map(|p| p.pieces(all).into_iter().map(move |(from, until)| (p, from, until))).collect();
    let mut out = Answer { month, rows: all, ..Answer::default() };
    for (groups, total) in tasks::all(&jobs, |(p, from, until)| piece(p, *from, *until, ask))? {
        for (name, counts) in groups {
            out.groups.entry(name).or_default().add(&counts);
        }
        out.total.add(&total);
    }
    Ok(out)
}

/// A part with the columns that the question needs.
struct Source {
    path: std::path::PathBuf,
    columns: super::store::Columns,
    wanted: Vec<usize>,
    /// States of a month, already packed.
    packed: bool,
    /// Rows may have been recorded after the day of knowing, or after the day asked about.
    recorded: bool,
    /// Rows may be effective only after the day asked about.
    effective: bool,
}

/// What to read of a province.
struct Province {
    duties: Vec<std::path::PathBuf>,
    sources: Vec<Source>,
    rows: u64,
    /// First keys of row groups with the rows up to there.
    cuts: Vec<(Key, u64)>,
}

impl Province {
    fn plan(dataset: &Path, ledger: &Ledger, province: &str, ask: Ask, month: Option<&str>) -> Result<Province> {
        let duties = ledger.parts_of("obligations").filter(|(_, p)| p.province == province).map(|(path, _)| dataset.join(path)).collect();
        let mut out = Province { duties, sources: Vec::new(), rows: 0, cuts: Vec::new() };
        for (path, p) in ledger.parts_of("state").filter(|(_, p)| p.province == province && Some(p.month) == month) {
            let wanted = vec![0, 1, 2];
            let (packed, recorded, effective) = (true, false, false);
            debug_assert!(key::month_end(p.month).is_some());
            out.sources.push(Source { path: dataset.join(path), columns: STATES, wanted, packed, recorded, effective });
            out.rows += ledger.parts[path].rows;
        }
        let last = key::month(ask.as_of);
        let since = month.unwrap_or("");
        for (path, p) in ledger.parts_of("log").filter(|(_, p)| p.province == province && p.month > since && p.month <= last.as_str()) {
            let end = key::month_end(p.month).unwrap_or(i32::MAX);
            // No row is effective after it was recorded.
            let (recorded, effective) = (end > ask.as_of || ask.late() && end > ask.on, end > ask.on);
            let mut wanted = vec![0, 1, 2, 3, 4];
            wanted.extend(recorded.then_some(5));
            wanted.extend(effective.then_some(6));
            out.sources.push(Source { path: dataset.join(path), columns: CHANGES, wanted, packed: false, recorded, effective });
            out.rows += ledger.parts[path].rows;
        }
        Ok(out)
    }

    /// Ranges of keys to work on: one, unless the province is a large share of all there is.
    fn pieces(&self, all: u64) -> Vec<(Key, Key)> {
        let cores = tasks::cores() as u64;
        let piece = (all / (4 * cores)).max(1 << 18);
        if cores == 1 || self.rows <= 2 * piece {
            return vec![(0, END)];
        }
        let mut from = 0;
        let mut out = Vec::new();
        let mut taken = 0;
        for (cut, rows) in self.cuts() {
            if rows >= taken + piece && cut > from {
                out.push((from, cut));
                (from, taken) = (cut, rows);
            }
        }
        out.push((from, END));
        out
    }

    /// First keys of all row groups in order, with the rows before them.
    fn cuts(&self) -> Vec<(Key, u64)> {
        let mut all: Vec<(Key, u64)> = self.cuts.clone();
        for s in &self.sources {
            let Ok(book) = Book::open(&s.path, s.columns) else { continue };
            all.extend((0..book.groups()).map(|g| (merge::bounds(&book, g).0, book.group_rows(g) as u64)));
        }
        all.sort_unstable();
        let mut before = 0;
        for (_, rows) in &mut all {
            (*rows, before) = (before, before + *rows);
        }
        all
    }
}

fn open(path: &Path, columns: super::store::Columns, wanted: &[usize], (from, until): (Key, Key)) -> Result<Walk> {
    let book = Book::open(path, columns)?;
    let near = |g: &usize| {
        let (low, high) = merge::bounds(&book, *g);
        high >= from && low < until
    };
    let groups = (0..book.groups()).filter(near).collect();
    Ok(book.walk(wanted, groups))
}

type Groups = HashMap<String, Counts>;

fn piece(p: &Province, from: Key, until: Key, ask: Ask) -> Result<(Groups, Counts)> {
    let name = match ask.by {
        By::Province => 4,
        By::Sector => 8,
        By::Obligation => 6,
        By::UnitKind => 5,
    };
    let duties = p.duties.iter().map(|path| open(path, OBLIGATIONS, &[0, 1, 2, 3, name], (from, until))).collect::<Result<Vec<_>>>()?;
    let mut duties = Merge::new(duties, from, until)?;
    let walks = p.sources.iter().map(|s| open(&s.path, s.columns, &s.wanted, (from, until))).collect::<Result<Vec<_>>>()?;
    let mut rows = Merge::new(walks, from, until)?;
    let mut sum = Sum { by: ask.by, name, groups: HashMap::new(), total: Counts::default() };
    loop {
        let k = rows.least();
        if k == END {
            return Ok((sum.groups, sum.total));
        }
        let (mut best, mut then) = (i64::MIN, i64::MIN);
        rows.take(k, |i, w, at| {
            let s = &p.sources[i];
            let v = &w.values;
            if s.packed {
                best = best.max(v[2].long_at(at));
                then = then.max(v[2].long_at(at));
                return;
            }
            let recorded = if s.recorded { v[5].int_at(at) } else { i32::MIN };
            if recorded > ask.as_of || s.effective && v[6].int_at(at) > ask.on {
                return;
            }
            let packed = key::packed(v[2].long_at(at), v[3].int_at(at), v[4].int_at(at));
            best = best.max(packed);
            if recorded <= ask.on {
                then = then.max(packed);
            }
        })?;
        while duties.least() < k {
            // A duty without a row up to that day: its history had not begun.
            let other = duties.least();
            duties.take(other, |_, _, _| {})?;
        }
        if duties.least() != k {
            return Err(unlisted(p));
        }
        let counted = best != i64::MIN && best % 64 >= 8;
        let late = ask.late() && (then == i64::MIN || then % 64 != best % 64);
        duties.take(k, |_, w, at| {
            if counted {
                sum.count(w, at, best, late);
            }
        })?;
    }
}

fn unlisted(p: &Province) -> Error {
    let at = p.duties.first().map_or_else(String::new, |d| d.display().to_string());
    Error::new(
        at,
        ("事项表缺少日志中的事项：数据集不完整", "the list of duties lacks one that the log has: the dataset is not whole"),
        ("由收件夹重建数据集", "make the dataset anew from the inboxes"),
    )
}

struct Sum {
    by: By,
    name: usize,
    groups: Groups,
    total: Counts,
}

impl Sum {
    fn count(&mut self, w: &Walk, at: usize, best: i64, late: bool) {
        let v = &w.values;
        if v[3].int_at(at) != 1 {
            return;
        }
        let once = v[2].int_at(at) == 1;
        if once {
            self.total.count(best, late);
        }
        if !once && self.by != By::Sector {
            return;
        }
        let province;
        let name = if self.by == By::Province {
            province = province_of(v[4].int_at(at));
            province.as_str()
        } else {
            v[self.name].text_at(at)
        };
        match self.groups.get_mut(name) {
            Some(counts) => counts.count(best, late),
            None => self.groups.entry(name.to_string()).or_default().count(best, late),
        }
    }
}

/// `330000` of 330106.
pub fn province_of(unit: i32) -> String {
    format!("{:06}", unit - unit % 10_000)
}
