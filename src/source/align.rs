//! Which clause of the register is which piece of the text.
//!
//! A clause is known by its opening and by the anchors of its obligations; the text itself
//! is not kept. As in a patient comparison of two files: openings that occur once on both
//! sides hold fast, as far as they keep their order; from there the row is followed in both
//! directions; what lies between is matched by a small table, or, where that would be
//! large, by the next fitting place. Then clauses that left their place are looked for among
//! the pieces that are left over. Nothing grows worse than N log N.

use super::reading::Reading;
use std::collections::HashMap;

/// A clause that should be there.
pub struct Expected {
    /// Its opening, folded.
    pub opening: Vec<char>,
    /// Where the anchors of its obligations occur in the text: sorted places, one list each.
    pub anchors: Vec<std::rc::Rc<Vec<u32>>>,
}

/// The answer.
pub struct Aligned {
    /// For each clause its piece, in the order of the text.
    pub place: Vec<Option<usize>>,
    /// For each clause not in its order: the piece elsewhere that begins like it.
    pub moved: Vec<Option<usize>>,
}

/// Openings are compared up to here.
const LONGEST: usize = 12;
/// An opening shorter than this is known only where it is the whole clause.
const SHORTEST: usize = 4;
/// The short side of a table between two fixed clauses.
const TABLE: usize = 48;
/// A larger table is not made.
const CELLS: usize = 1 << 22;

struct Work<'a> {
    reading: &'a Reading,
    expected: &'a [Expected],
    /// Group of equal openings, by clause.
    group: Vec<Option<u32>>,
    /// Group that a piece begins with; false when only a short opening says so.
    begins: Vec<Option<(u32, bool)>>,
    place: Vec<Option<usize>>,
}

/// Puts the clauses in their places.
pub fn align(reading: &Reading, expected: &[Expected]) -> Aligned {
    let mut work = Work::new(reading, expected);
    work.fix(0..expected.len(), 0..reading.pieces.len(), 0);
    let moved = work.elsewhere();
    Aligned { place: work.place, moved }
}

impl<'a> Work<'a> {
    fn new(reading: &'a Reading, expected: &'a [Expected]) -> Work<'a> {
        let mut groups: HashMap<&[char], u32> = HashMap::new();
        let mut lengths = [false; LONGEST + 1];
        let mut group = Vec::with_capacity(expected.len());
        for e in expected {
            let key = &e.opening[..e.opening.len().min(LONGEST)];
            lengths[key.len()] = true;
            let next = groups.len() as u32;
            group.push((!key.is_empty()).then(|| *groups.entry(key).or_insert(next)));
        }
        let begins = reading.pieces.iter().map(|p| {
            // The longest opening that fits; it may run over a line end.
            (1..=LONGEST).rev().filter(|n| lengths[*n]).find_map(|n| {
                let key = reading.chars.get(p.from..p.from + n)?;
                let id = *groups.get(key)?;
                let whole = p.from + n == p.to || (p.from + n + 1 == p.to && !reading.chars[p.to - 1].is_alphanumeric());
                Some((id, n >= SHORTEST || whole))
            })
        });
        let begins = begins.collect();
        Work { reading, expected, group, begins, place: vec![None; expected.len()] }
    }

    /// How well a clause fits a piece: 0 not at all.
    fn fits(&self, e: usize, t: usize) -> u32 {
        let by_opening = match (self.group[e], self.begins[t]) {
            (Some(a), Some((b, sure))) if a == b => 2 + u32::from(sure),
            _ => 0,
        };
        if by_opening == 3 {
            return 3;
        }
        let p = self.reading.pieces[t];
        let inside =
            |list: &std::rc::Rc<Vec<u32>>| list.get(list.partition_point(|x| (*x as usize) < p.from)).is_some_and(|x| (*x as usize) < p.to);
        by_opening.max(u32::from(self.expected[e].anchors.iter().any(inside)))
    }

    fn set(&mut self, e: usize, t: usize) {
        self.place[e] = Some(t);
    }

    /// Fixes what is unique in both stretches, then what lies between.
    fn fix(&mut self, es: std::ops::Range<usize>, ts: std::ops::Range<usize>, depth: usize) {
        if es.is_empty() || ts.is_empty() {
            return;
        }
        let small = es.len().min(ts.len()) <= TABLE && es.len().saturating_mul(ts.len()) <= CELLS;
        if small && (depth > 0 || es.len() * ts.len() <= 4096) {
            return self.table(es, ts);
        }
        let pairs = rising(&self.unique(&es, &ts));
        if pairs.is_empty() || depth > 6 {
            return if small { self.table(es, ts) } else { self.next_fitting(es, ts) };
        }
        let mut fixed: Vec<(usize, usize)> = Vec::with_capacity(pairs.len());
        for (k, (e, t)) in pairs.iter().copied().enumerate() {
            let (low_e, low_t) = fixed.last().map_or((es.start, ts.start), |(e, t)| (e + 1, t + 1));
            let (high_e, high_t) = pairs.get(k + 1).copied().unwrap_or((es.end, ts.end));
            let mut back = Vec::new();
            let (mut i, mut j) = (e, t);
            while i > low_e && j > low_t && self.fits(i - 1, j - 1) == 3 {
                (i, j) = (i - 1, j - 1);
                back.push((i, j));
            }
            fixed.extend(back.into_iter().rev());
            fixed.push((e, t));
            let (mut i, mut j) = (e + 1, t + 1);
            while i < high_e && j < high_t && self.fits(i, j) == 3 {
                fixed.push((i, j));
                (i, j) = (i + 1, j + 1);
            }
        }
        let (mut e0, mut t0) = (es.start, ts.start);
        for (e, t) in fixed {
            self.set(e, t);
            self.fix(e0..e, t0..t, depth + 1);
            (e0, t0) = (e + 1, t + 1);
        }
        self.fix(e0..es.end, t0..ts.end, depth + 1);
    }

    /// Pairs whose opening occurs once in both stretches, in the order of the clauses.
    fn unique(&self, es: &std::ops::Range<usize>, ts: &std::ops::Range<usize>) -> Vec<(usize, usize)> {
        let mut seen: HashMap<u32, (usize, usize, usize, usize)> = HashMap::new();
        for e in es.clone() {
            if let Some(g) = self.group[e] {
                let x = seen.entry(g).or_default();
                (x.0, x.1) = (x.0 + 1, e);
            }
        }
        for t in ts.clone() {
            if let Some((g, true)) = self.begins[t]
                && let Some(x) = seen.get_mut(&g)
            {
                (x.2, x.3) = (x.2 + 1, t);
            }
        }
        let mut pairs: Vec<(usize, usize)> = seen.values().filter(|x| x.0 == 1 && x.2 == 1).map(|x| (x.1, x.3)).collect();
        pairs.sort_unstable();
        pairs
    }

    /// Best common order of two stretches of which one is short.
    fn table(&mut self, es: std::ops::Range<usize>, ts: std::ops::Range<usize>) {
        let (n, m) = (es.len(), ts.len());
        let width = m + 1;
        let mut best = vec![0u32; (n + 1) * width];
        let mut fit = vec![0u8; n * m];
        for i in (0..n).rev() {
            for j in (0..m).rev() {
                let f = self.fits(es.start + i, ts.start + j);
                fit[i * m + j] = f as u8;
                let with = if f > 0 { best[(i + 1) * width + j + 1] + f } else { 0 };
                best[i * width + j] = with.max(best[(i + 1) * width + j]).max(best[i * width + j + 1]);
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < n && j < m {
            let here = best[i * width + j];
            let f = u32::from(fit[i * m + j]);
            if f > 0 && here == best[(i + 1) * width + j + 1] + f {
                self.set(es.start + i, ts.start + j);
                (i, j) = (i + 1, j + 1);
            } else if here == best[i * width + j + 1] {
                j += 1;
            } else {
                i += 1;
            }
        }
    }

    /// Every clause at the next piece that begins like it.
    fn next_fitting(&mut self, es: std::ops::Range<usize>, ts: std::ops::Range<usize>) {
        let mut lists: HashMap<u32, Vec<usize>> = HashMap::new();
        for t in ts.clone() {
            if let Some((g, true)) = self.begins[t] {
                lists.entry(g).or_default().push(t);
            }
        }
        let mut from = ts.start;
        for e in es {
            let Some(list) = self.group[e].and_then(|g| lists.get(&g)) else { continue };
            if let Some(t) = list.get(list.partition_point(|t| *t < from)).copied() {
                self.set(e, t);
                from = t + 1;
            }
        }
    }

    /// Clauses without a place that begin like a piece without a clause.
    fn elsewhere(&self) -> Vec<Option<usize>> {
        let mut taken = vec![false; self.reading.pieces.len()];
        self.place.iter().flatten().for_each(|t| taken[*t] = true);
        let mut free: HashMap<u32, std::collections::VecDeque<usize>> = HashMap::new();
        for (t, begins) in self.begins.iter().enumerate() {
            if let (Some((g, true)), false) = (begins, taken[t]) {
                free.entry(*g).or_default().push_back(t);
            }
        }
        let find = |e: usize| match (self.place[e], self.group[e]) {
            (None, Some(g)) if self.expected[e].opening.len() >= SHORTEST => free.get_mut(&g).and_then(|list| list.pop_front()),
            _ => None,
        };
        (0..self.expected.len()).map(find).collect()
    }
}

/// The longest stretch of pairs that rises on both sides.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; pairs.len()];
    for (k, (_, t)) in pairs.iter().enumerate() {
        let at = tails.partition_point(|x| pairs[*x].1 < *t);
        if at > 0 {
            before[k] = tails[at - 1];
        }
        if at == tails.len() { tails.push(k) } else { tails[at] = k }
    }
    let mut out = Vec::new();
    let mut at = tails.last().copied().unwrap_or(usize::MAX);
    while at != usize::MAX {
        out.push(pairs[at]);
        at = before[at];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::folded;

    fn places(openings: &[&str], text: &str) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
        let reading = Reading::new(text.into());
        let expected: Vec<Expected> = openings.iter().map(|o| Expected { opening: folded(o), anchors: Vec::new() }).collect();
        let a = align(&reading, &expected);
        (a.place, a.moved)
    }

    #[test]
    fn openings_that_occur_twice_are_known_by_their_neighbours() {
        let (place, _) =
            places(&["甲甲甲甲", "各馆各馆", "乙乙乙乙", "各馆各馆", "丙丙丙丙"], "甲甲甲甲，各馆各馆一，乙乙乙乙，各馆各馆二，丙丙丙丙。");
        assert_eq!(place, (0..5).map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn a_clause_out_of_its_order_is_moved_and_one_cut_out_is_nowhere() {
        let (place, moved) = places(&["甲甲甲甲", "乙乙乙乙", "丙丙丙丙", "丁丁丁丁"], "甲甲甲甲，丁丁丁丁，乙乙乙乙，新新新新。");
        assert_eq!((place[0], place[2], moved[2]), (Some(0), None, None));
        assert_eq!(place.iter().zip(&moved).filter(|(p, m)| p.is_none() && m.is_some()).count(), 1);
    }

    #[test]
    fn the_longest_rise_is_kept() {
        assert_eq!(rising(&[(0, 3), (1, 0), (2, 1), (3, 2)]), [(1, 0), (2, 1), (3, 2)]);
    }
}
