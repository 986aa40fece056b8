//! From the fold to rows: how every duty stood, day by day, as known day by day.
//!
//! The fold answers "as of K, on D". A duty's rows are a set of points (effective day, sequence)
//! of which the one with the greatest effective day up to D counts, and of several for one day
//! the one with the greatest sequence. Going through the days of recording in order, the fold's
//! answer is held against what the points say, and a row is written where they differ:
//!
//! 1. on day K for K itself: an entry, or the calendar alone, changed state or light;
//! 2. where an entry of day K speaks of earlier days or corrects an earlier entry, for every
//!    day D that it may touch: these are the compensating rows;
//! 3. where lines came late (their day was sealed already) from that day on again, the rows of
//!    then coming back in on their own days.
//!
//! So the rows answer exactly as the fold does, whatever came in whatever order. Days without
//! entries are not folded again: the states stay and only the lights are worked out anew.

use super::key;
use super::row::Row;
use crate::log::{Folded, Log, State, fold, lights};
use crate::model::{Light, Status};
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, HashMap};

/// A duty with its points as known on the day being looked at.
#[derive(Debug, Clone, Default)]
struct Series {
    duty: Box<str>,
    department: Box<str>,
    /// Effective day to sequence and code.
    points: BTreeMap<i32, (i64, i32)>,
    /// Rows so far.
    count: i64,
    /// It had rows before this seal.
    old: bool,
}

impl Series {
    fn says(&self, day: i32) -> Option<i32> {
        self.points.range(..=day).next_back().map(|(_, p)| p.1)
    }
    fn put(&mut self, effective: i32, sequence: i64, code: i32) {
        let point = self.points.entry(effective).or_insert((sequence, code));
        if point.0 < sequence {
            *point = (sequence, code);
        }
    }
}

/// Which days to go through.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// First day of recording to look at.
    pub from: i32,
    /// Last day that an earlier seal looked at; none at the first.
    pub sealed: Option<i32>,
    /// Last day.
    pub through: i32,
}

/// The rows that are missing.
#[derive(Debug, Default)]
pub struct Made {
    /// In the order in which they became known.
    pub rows: Vec<Row>,
    /// Of these, for days before their own.
    pub compensating: usize,
    /// A duty that has more rows than the sequence can number.
    pub full: Option<Box<str>>,
}

/// The names of a register's series: obligations as wholes, then each of several leads.
pub fn names(s: &Snapshot) -> Vec<(Box<str>, Box<str>, usize, bool)> {
    let mut all = Vec::new();
    for (ob, obligation) in s.register.obligations.iter().enumerate() {
        let duties = s.roster.of(ob);
        let dept = |i: usize| s.roster.duties[i].dept.as_ref().map_or("-", |d| s.register.current(d));
        let lead = if duties.len() > 1 { "*" } else { duties.clone().next().map_or("-", dept) };
        all.push((obligation.id.as_str().into(), lead.into(), ob, true));
        if duties.len() > 1 {
            all.extend(duties.map(|i| (format!("{}@{}", obligation.id, dept(i)).into(), dept(i).into(), i, false)));
        }
    }
    all
}

/// States of assignments, and of obligations as wholes, on a day.
type Day = (Vec<State>, Vec<(Status, Light)>);

/// Makes the rows that are missing from `old`, which come in the order of their numbers.
pub fn make(s: &Snapshot, old: Vec<Row>, span: Span) -> Made {
    let mut maker = Maker::new(s, old, span);
    let by_day = days(&s.log);
    let mut states: Option<Day> = None;
    for k in span.from..=span.through {
        let returned = maker.recall(k);
        let touched = by_day.get(&k).map(|records| earliest(&s.log, records, k));
        let from = [returned, touched.flatten()].into_iter().flatten().min();
        for d in from.into_iter().flat_map(|from| from..k) {
            let past = maker.fold(k, Some(d));
            maker.compare(k, d, &past.states, &past.obligations);
        }
        let now = match states.take() {
            Some((states, _)) if touched.is_none() => maker.relight(states, k),
            _ => {
                let now = maker.fold(k, None);
                (now.states, now.obligations)
            }
        };
        maker.compare(k, k, &now.0, &now.1);
        states = Some(now);
    }
    maker.made
}

/// Records by day of recording.
fn days(log: &Log) -> HashMap<i32, Vec<usize>> {
    let mut all: HashMap<i32, Vec<usize>> = HashMap::new();
    for (i, r) in log.records.iter().enumerate() {
        all.entry(key::day(r.day)).or_default().push(i);
    }
    all
}

/// The first day of which a record speaks; never after its recording.
fn speaks(log: &Log, i: usize) -> i32 {
    let r = &log.records[i];
    key::day(r.entry.day.map_or(r.day, |d| d.0.min(r.day)))
}

/// The first day before K that the entries of day K may change.
fn earliest(log: &Log, records: &[usize], k: i32) -> Option<i32> {
    let mut first = records.iter().map(|i| speaks(log, *i)).min();
    if records.iter().any(|i| log.records[*i].entry.fixes.is_some()) {
        let by_h: HashMap<&str, usize> = log.records.iter().enumerate().rev().map(|(i, r)| (&*r.entry.h, i)).collect();
        for i in records {
            let mut at = *i;
            for _ in 0..log.records.len() {
                let Some(next) = log.records[at].entry.fixes.as_ref().and_then(|h| by_h.get(&**h)) else { break };
                at = *next;
            }
            if at != *i {
                // Whatever was recorded from there on is judged anew.
                let again = (at..log.records.len()).take_while(|j| key::day(log.records[*j].day) <= k);
                first = first.into_iter().chain(again.map(|j| speaks(log, j))).min();
            }
        }
    }
    first.filter(|d| *d < k)
}

struct Maker<'a> {
    s: &'a Snapshot,
    facts: Vec<crate::log::Facts<'a>>,
    span: Span,
    series: Vec<Series>,
    /// Series of an obligation as a whole, and of an assignment where there are several.
    whole: Vec<usize>,
    part: Vec<Option<usize>>,
    /// Rows of earlier seals, to come back on their day of recording.
    waiting: std::iter::Peekable<std::vec::IntoIter<(usize, Row)>>,
    made: Made,
}

impl<'a> Maker<'a> {
    fn new(s: &'a Snapshot, old: Vec<Row>, span: Span) -> Maker<'a> {
        let (mut whole, mut part) = (vec![0; s.register.obligations.len()], vec![None; s.roster.duties.len()]);
        let (mut series, mut index) = (Vec::new(), HashMap::new());
        for (duty, department, of, is_whole) in names(s) {
            index.insert(duty.clone(), series.len());
            if is_whole {
                whole[of] = series.len()
            } else {
                part[of] = Some(series.len())
            }
            series.push(Series { duty, department, ..Series::default() });
        }
        let mut waiting = Vec::new();
        for row in old {
            let i = *index.entry(row.duty.clone()).or_insert_with(|| {
                let (duty, department) = (row.duty.clone(), row.department.clone());
                series.push(Series { duty, department, ..Series::default() });
                series.len() - 1
            });
            let (_, sequence) = key::parts(row.ord);
            series[i].old = true;
            series[i].count = series[i].count.max(sequence);
            if row.recorded < span.from {
                series[i].put(row.effective, sequence, row.state * 8 + row.light);
            } else {
                waiting.push((i, row));
            }
        }
        // Late rows of an earlier seal stand behind rows of later days.
        waiting.sort_by_key(|(_, r)| r.recorded);
        let facts = s.facts();
        Maker { s, facts, span, series, whole, part, waiting: waiting.into_iter().peekable(), made: Made::default() }
    }

    /// Rows of earlier seals that became known on day K; the first earlier day they speak of.
    fn recall(&mut self, k: i32) -> Option<i32> {
        let mut first = None;
        while let Some((i, row)) = self.waiting.next_if(|(_, r)| r.recorded <= k) {
            self.series[i].put(row.effective, key::parts(row.ord).1, row.state * 8 + row.light);
            if row.effective < k {
                first = Some(first.map_or(row.effective, |f: i32| f.min(row.effective)));
            }
        }
        first
    }

    fn fold(&self, k: i32, on: Option<i32>) -> Folded {
        fold::fold(&self.s.register, &self.s.roster, &self.facts, &self.s.log, key::date(k), on.map(key::date))
    }

    /// The states of the day before in the light of another day.
    fn relight(&self, mut states: Vec<State>, k: i32) -> Day {
        let (roster, day) = (&self.s.roster, key::date(k));
        let obligations = self.s.register.obligations.len();
        let status: Vec<Status> =
            (0..obligations).map(|ob| lights::roll_up_status(&lights::tally(states[roster.of(ob)].iter().map(|s| s.status)))).collect();
        for (state, facts) in states.iter_mut().zip(&self.facts) {
            let ready = facts.requires.iter().all(|ob| status[*ob as usize].finished());
            (state.light, state.reasons) = lights::light(state, facts, &self.s.register.settings.thresholds, day, ready);
        }
        let roll = status.into_iter().enumerate();
        let roll = roll.map(|(ob, s)| (s, lights::roll_up(states[roster.of(ob)].iter().map(|s| s.light)))).collect();
        (states, roll)
    }

    /// Holds the answer of the fold against what the points say, as known on K about D.
    fn compare(&mut self, k: i32, d: i32, states: &[State], obligations: &[(Status, Light)]) {
        let code = |status: Status, light: Light| key::state(status) * 8 + key::light(light);
        for (ob, (status, light)) in obligations.iter().enumerate() {
            self.hold(self.whole[ob], k, d, code(*status, *light));
        }
        for (duty, state) in states.iter().enumerate() {
            if let Some(i) = self.part[duty] {
                self.hold(i, k, d, code(state.status, state.light));
            }
        }
        let known = self.s.register.obligations.len() + self.part.iter().flatten().count();
        if d == k && k >= self.present() {
            // What has left the register since the last seal.
            (known..self.series.len()).for_each(|i| self.hold(i, k, d, key::GONE * 8 + key::light(Light::Grey)));
        }
    }

    /// The first day that belongs to this seal: changes of the register itself count from it.
    fn present(&self) -> i32 {
        self.span.sealed.map_or(self.span.from, |sealed| (sealed + 1).min(self.span.through))
    }

    fn hold(&mut self, i: usize, k: i32, d: i32, code: i32) {
        let present = self.present();
        let series = &mut self.series[i];
        if series.says(d) == Some(code) || !series.old && self.span.sealed.is_some() && d < present {
            return;
        }
        if series.count >= key::MOST {
            self.made.full.get_or_insert_with(|| series.duty.clone());
            return;
        }
        series.count += 1;
        series.put(d, series.count, code);
        self.made.compensating += usize::from(d < k);
        self.made.rows.push(Row {
            duty: series.duty.clone(),
            department: series.department.clone(),
            state: code / 8,
            light: code % 8,
            recorded: k,
            effective: d,
            ord: key::ord(d, series.count),
        });
    }
}
