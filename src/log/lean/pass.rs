//! One reading of the log: of all months, or of those after the ones that were kept.

use super::at::At;
use super::claims::Claims;
use super::fixes::{self, Fixes};
use super::kept::keeper::{Account, Keeper};
use super::kept::{Kept, Key};
use super::run::Run;
use super::sheet::{self, Desk, Sheet, Slice, Taken};
use super::spread;
use crate::log::state::{Facts, State};
use crate::log::whose::Matcher;
use crate::model::time::parse_date;
use crate::model::{Roster, Zone};
use std::collections::{BTreeMap, HashMap};

/// What a reading goes by.
pub struct Pass<'a> {
    /// Where and when.
    pub at: &'a At<'a>,
    /// Who carries what.
    pub roster: &'a Roster,
    /// The facts besides the log.
    pub facts: &'a [Facts<'a>],
    /// Whose entries they are.
    pub matcher: Matcher<'a>,
    /// Bytes of log taken in hand at a time.
    pub share: u64,
    /// Months before this one are closed.
    pub closed: String,
    /// Where their folded state is kept, if it is worth it, and from how many bytes on.
    pub key: Option<(Key, u64)>,
}

/// What it comes to.
pub struct Done {
    /// By file.
    pub taken: Vec<Taken>,
    /// By assignment, without lights.
    pub states: Vec<State>,
    /// Entries of the log.
    pub entries: u32,
    /// Those of them that were read by an earlier run.
    pub kept: u32,
    /// Those recorded after the as-of day.
    pub later: usize,
}

impl Pass<'_> {
    /// Reads; `None` at the first thing that is not as it should be. Fills in digests and lines.
    pub fn over<'w>(&self, sheets: &mut [Sheet<'w>], mut kept: Option<Kept>) -> Option<Done> {
        let after = kept.as_ref().map_or(String::new(), |k| k.month.clone());
        let before = kept.as_ref().map_or(0, |k| k.entries);
        let keeper = self.keeper(sheets, &after);
        let fixes = fixes::find(sheets, self.at, &self.matcher, kept.as_ref())?;
        let mut claims = Claims::default();
        let mut taken: Vec<Taken> = vec![Taken::default(); sheets.len()];
        let mut dangling = Vec::new();
        if let Some(kept) = &mut kept {
            claims.resume(sheets, kept)?;
            dangling.extend(kept.dangling.drain());
            let closed = (0..sheets.len()).filter(|i| *sheets[*i].month <= *after);
            for (i, file) in closed.collect::<Vec<_>>().into_iter().zip(kept.files.drain(..)) {
                (sheets[i].digest, sheets[i].lines, taken[i]) = (file.digest, file.taken.lines, file.taken);
            }
        }
        let cut = keeper.as_ref().and_then(|k| self.cut(sheets, &fixes, &after, k));
        let mut keeper = keeper.filter(|_| cut.is_some());
        let sheets = &*sheets;
        let mut run = Run::new(self.roster, self.facts, &fixes, self.at.as_of, kept);
        let desk = Desk { matcher: &self.matcher, fixes: &fixes, at: self.at };
        for month in months(sheets).into_iter().filter(|m| *sheets[m[0]].month > *after) {
            self.month(sheets, &month, &desk, &mut run, &mut taken, &mut claims)?;
            let name = sheets[month[0]].month;
            if cut == Some(name) {
                keeper = keeper.and_then(|k| write(k, name, (sheets, &taken), &run, &fixes, &claims, &dangling));
            }
        }
        claims.hold(sheets, &taken)?;
        if sheets.iter().zip(&taken).any(|(s, t)| s.lines != t.lines) {
            // Somebody wrote between the two passes.
            return None;
        }
        if let Some(keeper) = keeper {
            keeper.done();
        }
        let entries = run.next;
        let (states, later) = run.finish();
        Some(Done { taken, states, entries, kept: before, later })
    }

    /// Reads the files of a month and applies what they say.
    fn month(&self, sheets: &[Sheet], month: &[usize], desk: &Desk, run: &mut Run, taken: &mut [Taken], claims: &mut Claims) -> Option<()> {
        let bytes: u64 = month.iter().map(|i| sheets[*i].size).sum();
        for slice in slices(sheets[month[0]].month, self.at.zone, bytes.div_ceil(self.share.max(1)))? {
            let read = |i: &usize| sheet::read(&sheets[*i], *i as u32, &taken[*i], slice, desk);
            let mut gists = spread::over(month, |i| sheets[*i].size, read)?;
            run.month(&gists, sheets)?;
            for (i, gist) in month.iter().zip(&mut gists) {
                claims.add(sheets, *i, gist, taken[*i].lines == 0)?;
                taken[*i] = std::mem::take(&mut gist.taken);
            }
        }
        Some(())
    }

    /// Is there anything to keep that is not kept yet? Begun before the log is read.
    fn keeper(&self, sheets: &[Sheet], after: &str) -> Option<Keeper<'_>> {
        let (key, _) = self.key.as_ref()?;
        sheets.iter().any(|s| *s.month > *after && *s.month < *self.closed).then(|| Keeper::begin(key)).flatten()
    }

    /// The newest closed month over whose end no correction reaches, if it is worth it and its
    /// files can be believed.
    fn cut<'w>(&self, sheets: &[Sheet<'w>], fixes: &Fixes, after: &str, keeper: &Keeper) -> Option<&'w str> {
        let month = |file: u32| sheets[file as usize].month;
        let spans: Vec<(&str, &str)> = fixes
            .reach()
            .into_iter()
            .filter_map(|(from, _, to)| to.map(|to| (month(from).min(month(to)), month(from).max(month(to)))))
            .filter(|(first, last)| first != last)
            .collect();
        let mut all: Vec<&'w str> = sheets.iter().map(|s| s.month).filter(|m| **m > *after && **m < *self.closed).collect();
        all.sort_unstable();
        all.dedup();
        let cut = all.into_iter().rfind(|m| !spans.iter().any(|(first, last)| first <= m && m < last))?;
        let closed = || sheets.iter().filter(|s| s.month <= cut);
        let (_, worth) = self.key.as_ref()?;
        (closed().map(|s| s.size).sum::<u64>() >= *worth && keeper.trusts(closed())).then_some(cut)
    }
}

/// Writes down what the months up to one come to; gives the keeper up where it cannot.
fn write<'k>(
    mut keeper: Keeper<'k>,
    month: &str,
    files: (&[Sheet], &[Taken]),
    run: &Run,
    fixes: &Fixes,
    claims: &Claims,
    dangling: &[Box<str>],
) -> Option<Keeper<'k>> {
    let (sheets, _) = files;
    let closed = |file: u32| sheets[file as usize].month <= month;
    let lost = fixes.reach().into_iter().filter(|(from, _, to)| to.is_none() && closed(*from)).map(|(_, h, _)| h);
    let account = Account {
        month,
        files,
        entries: run.next,
        dangling: dangling.iter().map(|h| &**h).chain(lost).collect(),
        claims: claims.beyond(sheets, month),
        opened: run.opened(),
    };
    let mut refused: HashMap<u32, u32> = HashMap::new();
    fixes.refused_in(closed).for_each(|duty| *refused.entry(duty).or_default() += 1);
    keeper.write(&account, run.states(), |duty| refused.get(&duty).copied().unwrap_or(0)).ok()?;
    Some(keeper)
}

/// Numbers of the files of each month, oldest first; within a month in the order in which
/// entries of one instant are taken.
fn months(sheets: &[Sheet]) -> Vec<Vec<usize>> {
    let mut months: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    sheets.iter().enumerate().for_each(|(i, s)| months.entry(s.month).or_default().push(i));
    let order = |mut all: Vec<usize>| {
        all.sort_by_key(|i| (sheets[*i].writer, sheets[*i].name));
        all
    };
    months.into_values().map(order).collect()
}

/// A month in so many slices of time, each as long as the others.
fn slices(month: &str, zone: Zone, many: u64) -> Option<Vec<Slice>> {
    let many = many.clamp(1, 4096);
    let first = parse_date(&format!("{month}-01")).ok()?;
    let start = zone.end(first).timestamp_millis() - 86_399_999;
    let piece = 31 * 86_400_000 / many as i64;
    // Whole files are read in large bites; of many slices each is a small part of its file.
    let buffer = if many == 1 { u64::MAX } else { 32 << 10 };
    Some((1..=many).map(|n| Slice { before: (n < many).then(|| start + n as i64 * piece), buffer, many }).collect())
}
