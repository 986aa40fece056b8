//! Anchors in a text: every exact occurrence in one pass, the closest passage for the rest.
//!
//! [`occurrences`] asks one automaton for all anchors at once. [`nearest`] compares an
//! anchor with a few short stretches; [`Pairs`] says which stretches of a large text are
//! worth comparing, by pairs of neighbouring characters, rare ones first.

use super::reading::Reading;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashMap;
use std::rc::Rc;

/// Longer anchors are looked for by their beginning, then compared in full.
const LOOKED_FOR: usize = 64;

/// Sorted places of each phrase, equal phrases sharing one list.
pub fn occurrences(reading: &Reading, phrases: &[Vec<char>]) -> Vec<Rc<Vec<u32>>> {
    let mut index: HashMap<&[char], usize> = HashMap::new();
    let mut distinct: Vec<&[char]> = Vec::new();
    for phrase in phrases.iter().filter(|p| !p.is_empty()) {
        index.entry(phrase).or_insert_with(|| {
            distinct.push(phrase);
            distinct.len() - 1
        });
    }
    let text: String = reading.chars.iter().collect();
    let mut found: Vec<Vec<u32>> = vec![Vec::new(); distinct.len()];
    let needles: Vec<String> = distinct.iter().map(|p| p.iter().take(LOOKED_FOR).collect()).collect();
    if !needles.is_empty()
        && let Ok(automaton) = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&needles)
    {
        // Byte to character: matches come in the order of their ends, so one walk is enough.
        let mut starts: Vec<u32> = Vec::with_capacity(reading.chars.len());
        let mut byte = 0u32;
        for c in &reading.chars {
            starts.push(byte);
            byte += c.len_utf8() as u32;
        }
        for hit in automaton.find_overlapping_iter(&text) {
            let Ok(at) = starts.binary_search(&(hit.start() as u32)) else { continue };
            let phrase = distinct[hit.pattern().as_usize()];
            if phrase.len() <= LOOKED_FOR || reading.chars[at..].starts_with(phrase) {
                found[hit.pattern().as_usize()].push(at as u32);
            }
        }
    }
    let found: Vec<Rc<Vec<u32>>> = found.into_iter().map(Rc::new).collect();
    let none = Rc::new(Vec::new());
    phrases.iter().map(|p| index.get(p.as_slice()).map_or_else(|| none.clone(), |i| found[*i].clone())).collect()
}

/// The stretch of `text` most like `phrase`: how like in thousandths, and from where to where.
pub fn nearest(phrase: &[char], text: &[char]) -> Option<(u32, usize, usize)> {
    let phrase = &phrase[..phrase.len().min(LOOKED_FOR)];
    let m = phrase.len();
    if m == 0 || text.is_empty() {
        return None;
    }
    // Edits to turn the first i characters into some stretch that ends here, and its start.
    let mut column: Vec<(u32, usize)> = (0..=m).map(|i| (i as u32, 0)).collect();
    let mut best: Option<(u32, usize, usize)> = None;
    for (j, c) in text.iter().enumerate() {
        let mut corner = column[0];
        column[0] = (0, j + 1);
        for i in 1..=m {
            let swap = (corner.0 + u32::from(phrase[i - 1] != *c), corner.1);
            let drop = (column[i - 1].0 + 1, column[i - 1].1);
            let add = (column[i].0 + 1, column[i].1);
            corner = column[i];
            column[i] = swap.min(drop).min(add);
        }
        let (edits, from) = column[m];
        let long = m.max(j + 1 - from.min(j + 1)) as u32;
        let like = 1000 * long.saturating_sub(edits) / long;
        if from <= j && best.is_none_or(|b| like > b.0) {
            best = Some((like, from, j + 1));
        }
    }
    best
}

/// Places kept of one pair; what is commoner says nothing.
const KEPT: usize = 512;

/// Where pairs of neighbouring characters stand in the stretches that are left over.
pub struct Pairs(HashMap<(char, char), Vec<u32>>);

impl Pairs {
    /// Of the given stretches, only for pairs that one of the phrases has.
    pub fn new(reading: &Reading, stretches: &[(usize, usize)], phrases: &[&[char]]) -> Pairs {
        let mut map: HashMap<(char, char), Vec<u32>> = HashMap::new();
        for phrase in phrases {
            for w in phrase[..phrase.len().min(LOOKED_FOR)].windows(2) {
                map.entry((w[0], w[1])).or_default();
            }
        }
        for (from, to) in stretches {
            for (i, w) in reading.chars[*from..*to].windows(2).enumerate() {
                if let Some(list) = map.get_mut(&(w[0], w[1]))
                    && list.len() < KEPT
                {
                    list.push((from + i) as u32);
                }
            }
        }
        Pairs(map)
    }

    /// Beginnings of the few stretches that share most pairs with a phrase.
    pub fn likely(&self, phrase: &[char]) -> Vec<usize> {
        let phrase = &phrase[..phrase.len().min(LOOKED_FOR)];
        let mut votes: HashMap<usize, u32> = HashMap::new();
        for (i, w) in phrase.windows(2).enumerate() {
            for at in self.0.get(&(w[0], w[1])).into_iter().flatten() {
                *votes.entry((*at as usize).saturating_sub(i) / 4).or_default() += 1;
            }
        }
        let mut best: Vec<(u32, usize)> = votes.into_iter().map(|(at, n)| (n, at)).collect();
        best.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        best.into_iter().take(4).map(|(_, at)| at * 4).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::folded;

    #[test]
    fn every_occurrence_is_found_across_line_ends() {
        let r = Reading::new("开放自\n习室，开放自习室。".into());
        let all = occurrences(&r, &[folded("自习室"), folded("开 放"), folded("没有")]);
        assert_eq!((all[0].as_slice(), all[1].as_slice(), all[2].len()), ([2, 8].as_slice(), [0, 6].as_slice(), 0));
    }

    #[test]
    fn the_closest_stretch_and_how_close() {
        let (like, from, to) = nearest(&folded("建立登记制度"), &folded("各馆要建立健全登记制度，")).unwrap();
        assert_eq!((like, from, to), (750, 3, 11));
        assert!(nearest(&folded("建立登记制度"), &folded("天气很好")).unwrap().0 < 300);
    }
}
