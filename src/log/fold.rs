//! From entries to states, for any past day.
//!
//! 1. Keep the entries recorded up to the as-of day (in the register's zone).
//! 2. Give each entry its assignment; former ids and former leads lead to the present one.
//! 3. Settle corrections: what finally stands at each place ([`content`]).
//! 4. Go through the places in recording order, over all assignments together (an
//!    acceptance looks at the state of its prerequisites then), judge and apply.
//! 5. For `--on`: apply the lawful ones again, only those true by that day.
//! 6. Lights and roll-ups.

use super::lifecycle::{self, Surroundings};
use super::lights;
use super::read::{Log, Record};
use super::state::{Facts, Open, State};
use crate::finding::words;
use crate::model::{Due, Event, Light, MaxAge, NeedKind, Register, Roster, Status, Words};
use chrono::NaiveDate;
use std::collections::HashMap;

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Recorded after the as-of day.
    Later,
    /// Counts.
    Counts,
    /// Counts, with the words of the correction at that index.
    CorrectedBy(u32),
    /// Withdrawn by the void at that index.
    WithdrawnBy(u32),
    /// A correction or void; its words stand at the place of the entry it fixes.
    Fixes(u32),
    /// Stays in history, moves nothing, flags the assignment.
    Unlawful(Words),
    /// Belongs to no assignment.
    Stray(Words),
}

/// The fold for one date.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// State by assignment.
    pub states: Vec<State>,
    /// Roll-up by obligation.
    pub obligations: Vec<(Status, Light)>,
    /// By record.
    pub verdicts: Vec<Verdict>,
    /// By record: its assignment.
    pub duty_of: Vec<Option<u32>>,
    /// Entries recorded after the as-of day.
    pub later: usize,
    /// Place to the correction whose words stand there.
    pub standing: HashMap<u32, u32>,
}

/// The facts that the rules look at besides the log, for every assignment.
pub fn facts<'a>(register: &'a Register, roster: &Roster) -> Vec<Facts<'a>> {
    let ages: HashMap<&str, Option<u32>> =
        register.evidence_types.iter().map(|t| (t.code.as_str(), if let MaxAge::Cycles(n) = t.max_age { Some(n) } else { None })).collect();
    let listed: HashMap<&str, NaiveDate> = register.policies.iter().map(|p| (p.policy.code.as_str(), p.policy.listed.0)).collect();
    roster
        .duties
        .iter()
        .map(|duty| {
            let ob = &register.obligations[duty.obligation as usize];
            let plan = duty.plan.map(|p| &register.plan[p as usize]);
            Facts {
                kind: ob.kind,
                recurrence: ob.recurrence,
                review: ob.review,
                required: ob
                    .evidence
                    .iter()
                    .filter(|e| e.required)
                    .map(|e| (e.kind.as_str(), ages.get(e.kind.as_str()).copied().flatten()))
                    .collect(),
                start: plan.and_then(|p| p.start).map(|d| d.0),
                due: plan.and_then(|p| p.due),
                listed: listed.get(ob.id.policy()).copied().unwrap_or(NaiveDate::MIN),
                requires: ob
                    .needs
                    .iter()
                    .filter(|n| n.kind == NeedKind::Requires)
                    .filter_map(|n| register.obligation_index.get(n.on.as_str()).copied())
                    .collect(),
                no_lead: duty.dept.is_none(),
            }
        })
        .collect()
}

/// What an entry moved: the state before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Index of the record at whose place it happened.
    pub place: u32,
    /// Its assignment.
    pub duty: u32,
    /// Before.
    pub before: Brief,
    /// After.
    pub after: Brief,
}

/// The few things of a state that a change log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brief {
    /// One of the seven.
    pub status: Status,
    /// Present due date.
    pub due: Option<Due>,
    /// Newest percentage.
    pub percent: Option<u8>,
}

impl Brief {
    fn of(s: &State) -> Brief {
        Brief { status: s.status, due: s.due, percent: s.percent }
    }
}

/// Folds the log as of a day; with `on`, as what was true by that day.
pub fn fold(register: &Register, roster: &Roster, facts: &[Facts], log: &Log, as_of: NaiveDate, on: Option<NaiveDate>) -> Folded {
    watched(register, roster, facts, log, (as_of, on), &mut |_| {})
}

/// The same, telling every lawful entry's effect in recording order.
pub fn watched(
    register: &Register,
    roster: &Roster,
    facts: &[Facts],
    log: &Log,
    (as_of, on): (NaiveDate, Option<NaiveDate>),
    watch: &mut dyn FnMut(Step),
) -> Folded {
    let matcher = Matcher::new(register, roster);
    let records = &log.records;
    let mut verdicts = vec![Verdict::Later; records.len()];
    let mut duty_of: Vec<Option<u32>> = vec![None; records.len()];
    let mut later = 0;
    for (i, r) in records.iter().enumerate() {
        if r.day > as_of {
            later += 1;
            duty_of[i] = matcher.duty(r).ok();
            continue;
        }
        match matcher.duty(r) {
            Ok(duty) => {
                duty_of[i] = Some(duty);
                verdicts[i] = Verdict::Counts;
            }
            Err(why) => verdicts[i] = Verdict::Stray(why),
        }
    }
    let followed = follow_fixes(records, &mut verdicts, &mut duty_of);
    let (standing, fixed) = corrections(register, records, &mut verdicts);
    for (i, why) in followed {
        // Refused as a correction, it is judged by its own day after all.
        if matches!(verdicts[i], Verdict::Unlawful(_)) {
            (verdicts[i], duty_of[i]) = (Verdict::Stray(why), None);
        }
    }
    let mut fold = Fold {
        roster,
        facts,
        records,
        standing: &standing,
        fixed: &fixed,
        states: facts.iter().map(State::new).collect(),
        roll: Vec::new(),
    };
    fold.roll = (0..register.obligations.len()).map(|ob| fold.status_of(ob)).collect();
    let mut lawful = Vec::new();
    for (i, r) in records.iter().enumerate() {
        if !matches!(verdicts[i], Verdict::Counts | Verdict::CorrectedBy(_)) {
            continue;
        }
        let duty = duty_of[i].expect("an entry that counts has an assignment") as usize;
        let content = *standing.get(&(i as u32)).unwrap_or(&(i as u32));
        match fold.judge(i, content as usize, duty) {
            Ok(()) => {
                let before = Brief::of(&fold.states[duty]);
                fold.apply(i, content as usize, duty);
                watch(Step { place: i as u32, duty: duty as u32, before, after: Brief::of(&fold.states[duty]) });
                lawful.push((i, content as usize, duty, r.day));
            }
            Err(why) => {
                fold.states[duty].unlawful += 1;
                verdicts[i] = Verdict::Unlawful(why);
            }
        }
    }
    for (i, v) in verdicts.iter().enumerate() {
        // A correction refused for what it fixes flags its assignment as well.
        if let (Verdict::Unlawful(_), Some(duty), true) = (v, duty_of[i], records[i].entry.fixes.is_some()) {
            fold.states[duty as usize].unlawful += 1;
        }
    }
    let day = on.unwrap_or(as_of);
    if on.is_some() {
        let unlawful: Vec<u32> = fold.states.iter().map(|s| s.unlawful).collect();
        fold.states = facts.iter().map(State::new).collect();
        fold.states.iter_mut().zip(unlawful).for_each(|(s, n)| s.unlawful = n);
        for (i, content, duty, recorded) in lawful {
            if records[content].entry.day.map_or(recorded, |d| d.0) <= day {
                fold.apply(i, content, duty);
            }
        }
    }
    let mut states = fold.states;
    let roll = roll_ups(roster, &mut states, facts, register, day);
    Folded { states, obligations: roll, verdicts, duty_of, later, standing }
}

fn roll_ups(roster: &Roster, states: &mut [State], facts: &[Facts], register: &Register, day: NaiveDate) -> Vec<(Status, Light)> {
    let status: Vec<Status> =
        (0..register.obligations.len()).map(|ob| lights::roll_up_status(states[roster.of(ob)].iter().map(|s| s.status))).collect();
    for (state, facts) in states.iter_mut().zip(facts) {
        let ready = facts.requires.iter().all(|ob| status[*ob as usize].finished());
        (state.light, state.reasons) = lights::light(state, facts, &register.settings.thresholds, day, ready);
    }
    status.into_iter().enumerate().map(|(ob, s)| (s, lights::roll_up(states[roster.of(ob)].iter().map(|s| s.light)))).collect()
}

struct Matcher<'a> {
    register: &'a Register,
    roster: &'a Roster,
}

impl<'a> Matcher<'a> {
    fn new(register: &'a Register, roster: &'a Roster) -> Self {
        Matcher { register, roster }
    }

    fn duty(&self, r: &Record) -> Result<u32, Words> {
        let e = &r.entry;
        let Some(ob) = self.register.obligation_index.get(&*e.duty).map(|i| *i as usize) else {
            return Err(words(format!("登记册里没有义务 {}", e.duty), format!("there is no obligation {} in the register", e.duty)));
        };
        let dept = self.register.current(&e.dept);
        let of =
            |id: &str| self.roster.of(ob).find(|i| self.roster.duties[*i].dept.as_ref().is_some_and(|d| self.register.current(d) == id));
        if let Some(duty) = of(dept) {
            return Ok(duty as u32);
        }
        let former = self.roster.owners[ob].former.iter().find(|f| self.register.current(&f.dept) == dept);
        match former {
            Some(f) if r.day <= f.to.0 => self
                .roster
                .of(ob)
                .find(|i| self.roster.duties[*i].dept.is_some())
                .map(|i| i as u32)
                .ok_or_else(|| words("没有接手的牵头单位".into(), "no lead has taken over".into())),
            Some(f) => Err(words(
                format!("{} 已于 {} 移交 {}", e.dept, f.to.0, e.duty),
                format!("{} handed {} over on {}", e.dept, e.duty, f.to.0),
            )),
            None => Err(words(
                format!("{} 既不是 {} 的牵头单位，也不是原牵头单位", e.dept, e.duty),
                format!("{} is neither lead nor former lead of {}", e.dept, e.duty),
            )),
        }
    }
}

/// A former lead may correct its own entries after it handed over: a fixer goes where
/// the entry that it finally fixes went.
fn follow_fixes(records: &[Record], verdicts: &mut [Verdict], duty_of: &mut [Option<u32>]) -> Vec<(usize, Words)> {
    let mut followed = Vec::new();
    let stray: Vec<usize> =
        (0..records.len()).filter(|i| matches!(verdicts[*i], Verdict::Stray(_)) && records[*i].entry.fixes.is_some()).collect();
    if stray.is_empty() {
        return followed;
    }
    let by_h: HashMap<&str, usize> =
        records.iter().enumerate().rev().filter(|(i, _)| verdicts[*i] != Verdict::Later).map(|(i, r)| (&*r.entry.h, i)).collect();
    for i in stray {
        let mut at = i;
        let mut steps = 0;
        while let Some(next) = records[at].entry.fixes.as_ref().and_then(|h| by_h.get(&**h)) {
            at = *next;
            steps += 1;
            if duty_of[at].is_some() || steps > records.len() {
                break;
            }
        }
        let same = records[at].entry.duty == records[i].entry.duty && records[at].entry.dept == records[i].entry.dept;
        if let (Some(duty), true) = (duty_of[at], same) {
            duty_of[i] = Some(duty);
            if let Verdict::Stray(why) = std::mem::replace(&mut verdicts[i], Verdict::Counts) {
                followed.push((i, why));
            }
        }
    }
    followed
}

/// What stands at each place that a correction changed; fixers take no place of their own.
fn corrections(register: &Register, records: &[Record], verdicts: &mut [Verdict]) -> (HashMap<u32, u32>, HashMap<u32, u32>) {
    let mut standing = HashMap::new();
    let counts = |v: &Verdict| !matches!(v, Verdict::Later | Verdict::Stray(_));
    if !records.iter().zip(verdicts.iter()).any(|(r, v)| counts(v) && r.entry.fixes.is_some()) {
        return (standing, HashMap::new());
    }
    let mut by_h: HashMap<&str, u32> = HashMap::new();
    for (i, r) in records.iter().enumerate() {
        if counts(&verdicts[i]) {
            by_h.entry(&r.entry.h).or_insert(i as u32);
        }
    }
    let mut fixers: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut fixing: Vec<(u32, u32)> = Vec::new();
    for (i, r) in records.iter().enumerate() {
        let (true, Some(h)) = (counts(&verdicts[i]), &r.entry.fixes) else { continue };
        let same = |t: &u32| {
            let t = &records[*t as usize].entry;
            t.duty == r.entry.duty && register.current(&t.dept) == register.current(&r.entry.dept)
        };
        match by_h.get(&**h).copied().filter(same) {
            Some(target) => {
                fixers.entry(target).or_default().push(i as u32);
                fixing.push((i as u32, target));
            }
            None => {
                verdicts[i] = Verdict::Unlawful(words(
                    format!("fixes 指向的条目 {h} 不存在，或属于别的事项或单位"),
                    format!("`fixes` names {h}, which is not there or belongs to another duty or department"),
                ))
            }
        }
    }
    // Rings first: follow each fixer down; whoever comes back to itself is in one.
    let target: HashMap<u32, u32> = fixing.iter().copied().collect();
    let mut clear: HashMap<u32, bool> = HashMap::new();
    for (start, _) in &fixing {
        let mut path = vec![*start];
        let ring = loop {
            match target.get(path.last().expect("a path has a start")) {
                None => break None,
                Some(next) if clear.contains_key(next) => break None,
                Some(next) => match path.iter().position(|p| p == next) {
                    Some(at) => break Some(at),
                    None => path.push(*next),
                },
            }
        };
        for (n, p) in path.iter().enumerate() {
            clear.entry(*p).or_insert(ring.is_none_or(|at| n < at));
        }
    }
    for (i, _) in &fixing {
        if clear.get(i) == Some(&false) {
            verdicts[*i as usize] = Verdict::Unlawful(words("更正链首尾相接".into(), "the corrections form a ring".into()));
        }
    }
    // Fixers in recording order, so that whatever fixes a fixer is settled before it.
    let mut memo: HashMap<u32, Option<u32>> = HashMap::new();
    for (i, t) in &fixing {
        if clear.get(i) == Some(&true) {
            verdicts[*i as usize] = Verdict::Fixes(*t);
        }
    }
    let mut targets: Vec<u32> = fixers.keys().copied().filter(|t| clear.get(t) != Some(&false)).collect();
    targets.sort_unstable();
    for t in targets {
        let stands = content(t, records, &fixers, &clear, &mut memo);
        if records[t as usize].entry.fixes.is_some() {
            // A fixer takes no place of its own, not even one that is refused.
            continue;
        }
        match stands {
            Some(c) if c == t => {}
            Some(c) => {
                standing.insert(t, c);
                verdicts[t as usize] = Verdict::CorrectedBy(c);
            }
            None => {
                let void = fixers[&t].iter().copied().rfind(|f| clear.get(f) == Some(&true)).unwrap_or(t);
                verdicts[t as usize] = Verdict::WithdrawnBy(void);
            }
        }
    }
    (standing, target)
}

/// The record whose words finally stand for `e`; `None` when it is withdrawn. The newest
/// of several corrections wins, chains are followed; a withdrawn correction is no correction.
/// Iterative, because a hostile log may chain a million of them.
fn content(
    e: u32,
    records: &[Record],
    fixers: &HashMap<u32, Vec<u32>>,
    clear: &HashMap<u32, bool>,
    memo: &mut HashMap<u32, Option<u32>>,
) -> Option<u32> {
    let mut stack = vec![e];
    while let Some(&top) = stack.last() {
        if memo.contains_key(&top) {
            stack.pop();
            continue;
        }
        let own: Vec<u32> = fixers.get(&top).into_iter().flatten().copied().filter(|f| clear.get(f) == Some(&true)).collect();
        let before = stack.len();
        stack.extend(own.iter().copied().filter(|f| !memo.contains_key(f)));
        if stack.len() > before {
            continue;
        }
        let newest = own.iter().filter_map(|f| memo[f]).max();
        let value = match newest {
            None => Some(top),
            Some(leaf) if records[leaf as usize].entry.event == Event::Void => None,
            Some(leaf) => Some(leaf),
        };
        // A void stands for itself: it withdraws its target, not itself.
        memo.insert(top, value);
        stack.pop();
    }
    memo[&e]
}

struct Fold<'a> {
    roster: &'a Roster,
    facts: &'a [Facts<'a>],
    records: &'a [Record],
    standing: &'a HashMap<u32, u32>,
    fixed: &'a HashMap<u32, u32>,
    states: Vec<State>,
    roll: Vec<Status>,
}

impl Fold<'_> {
    fn status_of(&self, ob: usize) -> Status {
        lights::roll_up_status(self.states[self.roster.of(ob)].iter().map(|s| s.status))
    }

    fn near<'b>(
        &'b self,
        place: usize,
        ready: &'b dyn Fn() -> bool,
        named: &'b dyn Fn(&[Open], &str) -> Option<usize>,
    ) -> Surroundings<'b> {
        Surroundings { day: self.records[place].day, place: place as u32, ready, named }
    }

    /// `ref` may name the place's own entry or any correction in the chain that stands there.
    fn named(&self, open: &[Open], h: &str) -> Option<usize> {
        open.iter().position(|o| {
            // From the words that stand there back to the place itself.
            let mut at = Some(self.standing.get(&o.record).copied().unwrap_or(o.record));
            while let Some(r) = at {
                if &*self.records[r as usize].entry.h == h {
                    return true;
                }
                at = self.fixed.get(&r).copied().filter(|_| r != o.record);
            }
            false
        })
    }

    fn judge(&self, place: usize, content: usize, duty: usize) -> Result<(), Words> {
        let facts = &self.facts[duty];
        let ready = || facts.requires.iter().all(|ob| self.roll[*ob as usize].finished());
        let named = |open: &[Open], h: &str| self.named(open, h);
        lifecycle::judge(&self.records[content].entry, &self.states[duty], facts, &self.near(place, &ready, &named))
    }

    fn apply(&mut self, place: usize, content: usize, duty: usize) {
        let entry = &self.records[content].entry;
        let mut state = std::mem::take(&mut self.states[duty]);
        {
            let named = |open: &[Open], h: &str| self.named(open, h);
            lifecycle::apply(entry, &mut state, &self.facts[duty], &self.near(place, &|| true, &named));
        }
        state.entries += 1;
        if !matches!(entry.event, Event::Void | Event::Attest) {
            let day = self.records[place].day;
            state.updated = state.updated.max(Some(day));
        }
        if entry.note.is_some() || entry.issues.is_some() || entry.next.is_some() {
            state.words = Some(content as u32);
        }
        if entry.event.signs() {
            state.signed = Some(content as u32);
        }
        self.states[duty] = state;
        let ob = self.roster.duties[duty].obligation as usize;
        self.roll[ob] = self.status_of(ob);
    }
}

/// The due date that the plan gives now, against the one recorded at the start.
pub fn plan_moved(state: &State, facts: &Facts) -> Option<(Due, Option<Due>)> {
    let then = state.started_due?;
    (facts.due != Some(then)).then_some((then, facts.due))
}
