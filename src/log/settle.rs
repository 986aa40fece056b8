//! Corrections and withdrawals: what finally stands at each place of the log.
//!
//! [`settle`] needs only the entries that fix others and those that are fixed: the lean reader
//! gives it these alone, and gets the same answer as with the whole log.

use super::fold::Verdict;
use super::read::Record;
use super::whose::Matcher;
use crate::finding::words;
use crate::model::{Event, Words};
use chrono::NaiveDate;
use std::collections::HashMap;

/// What became of some records before any is judged.
pub(super) struct Settled {
    /// By record.
    pub(super) verdicts: Vec<Verdict>,
    /// By record: its assignment.
    pub(super) duty_of: Vec<Option<u32>>,
    /// Place to the correction whose words stand there.
    pub(super) standing: HashMap<u32, u32>,
    /// Correction to the record that it fixes.
    pub(super) fixed: HashMap<u32, u32>,
    /// Recorded after the day.
    pub(super) later: usize,
}

/// Gives each record its assignment and settles the corrections among those of a day and before.
pub(super) fn settle(matcher: &Matcher, records: &[Record], as_of: NaiveDate) -> Settled {
    let mut verdicts = vec![Verdict::Later; records.len()];
    let mut duty_of: Vec<Option<u32>> = vec![None; records.len()];
    let mut later = 0;
    for (i, r) in records.iter().enumerate() {
        let duty = matcher.duty(&r.entry.duty, &r.entry.dept, r.day);
        if r.day > as_of {
            later += 1;
            duty_of[i] = duty.ok();
            continue;
        }
        match duty {
            Ok(duty) => {
                duty_of[i] = Some(duty);
                verdicts[i] = Verdict::Counts;
            }
            Err(why) => verdicts[i] = Verdict::Stray(why),
        }
    }
    let followed = follow_fixes(records, &mut verdicts, &mut duty_of);
    let (standing, fixed) = corrections(matcher, records, &mut verdicts);
    for (i, why) in followed {
        // Refused as a correction, it is judged by its own day after all.
        if matches!(verdicts[i], Verdict::Unlawful(_)) {
            (verdicts[i], duty_of[i]) = (Verdict::Stray(why), None);
        }
    }
    Settled { verdicts, duty_of, standing, fixed, later }
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
fn corrections(matcher: &Matcher, records: &[Record], verdicts: &mut [Verdict]) -> (HashMap<u32, u32>, HashMap<u32, u32>) {
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
            t.duty == r.entry.duty && matcher.same(&t.dept, &r.entry.dept)
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
