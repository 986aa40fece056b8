//! Where one policy stands in a text: its clauses, its anchors, and what became of each.
//!
//! An anchor is *there* when its clause still holds it, wherever that clause is counted
//! now; *moved* when its words stand in another place; *reworded* when its own clause, the
//! gap that the clause left, or a piece that no clause claims holds something like it; else
//! *gone*. A clause taken out or put in beside it renumbers an anchor, and moves nothing.

use super::align::{self, Aligned, Expected};
use super::anchors::{Pairs, nearest};
use super::reading::{Break, Reading};
use crate::digest;
use crate::model::register::PolicyFolder;
use crate::model::{Item, Obligation};
use crate::text::folded;
use serde::Serialize;
use std::collections::HashMap;
use std::rc::Rc;

/// What became of an anchor or a locator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// Found in its place.
    There,
    /// Found in another place.
    Moved,
    /// Something like it stands in its place.
    Reworded,
    /// Not found.
    Gone,
}

/// An anchor or an opening and where it was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// What became of it.
    pub fate: Fate,
    /// From where to where, in characters of the reading.
    pub span: Option<(usize, usize)>,
    /// Thousandths of likeness, where reworded.
    pub like: u32,
}

/// From where to where: characters of the reading, or pieces.
pub type Span = (usize, usize);
/// Block, sentence, clause.
pub type Count<'a> = Option<(&'a str, u32, u32)>;

/// As like as this, in its own place.
const LIKE_HERE: u32 = 500;
/// As like as this, elsewhere.
const LIKE_ELSEWHERE: u32 = 600;
/// Characters of a clause that are compared with an anchor.
const COMPARED: usize = 4000;
/// A clause is followed over so many line ends.
const LONGEST_CLAUSE: usize = 200;
/// Pieces of a gap that are compared, from each end.
const GAP: usize = 32;

/// One policy put over a text.
pub struct Stand<'a> {
    /// The policy.
    pub folder: &'a PolicyFolder,
    /// Its obligations with their index in the register.
    pub obligations: Vec<(usize, &'a Item<Obligation>)>,
    /// Locator to its clause.
    pub index: HashMap<&'a str, usize>,
    /// Clauses and pieces.
    pub aligned: Aligned,
    /// Places of each obligation's anchor.
    pub hits: Vec<Rc<Vec<u32>>>,
    anchors: Vec<Vec<char>>,
    openings: Vec<Vec<char>>,
}

/// The text with what all policies on it have claimed.
pub struct Ground<'a> {
    /// The text.
    pub reading: &'a Reading,
    /// Piece to the clause that it is; a piece joined to the one before has none.
    pub claims: Vec<Option<Claim>>,
    /// Pieces that continue the one before over a line end.
    pub joined: Vec<bool>,
}

/// A clause of a policy that a piece is.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Index of the policy among those compared.
    pub policy: usize,
    /// Index of the clause.
    pub clause: usize,
    /// It left its order.
    pub moved: bool,
}

impl<'a> Ground<'a> {
    /// Lets every policy claim its pieces, the first comer first, and joins what a line end broke.
    pub fn new(reading: &'a Reading, stands: &[Stand]) -> Ground<'a> {
        let n = reading.pieces.len();
        let mut claims: Vec<Option<Claim>> = vec![None; n];
        for moved in [false, true] {
            for (policy, stand) in stands.iter().enumerate() {
                let places = if moved { &stand.aligned.moved } else { &stand.aligned.place };
                for (clause, t) in places.iter().enumerate() {
                    if let Some(t) = t {
                        claims[*t].get_or_insert(Claim { policy, clause, moved });
                    }
                }
            }
        }
        let mut joined = vec![false; n];
        let mut head: Option<Claim> = None;
        for t in 0..n {
            let p = reading.pieces[t];
            let open = t > 0 && p.before != Break::Sign && reading.unsigned(t - 1);
            // A heading ends with its line; any other words go on over it. Where nobody
            // knows the clause, an empty line ends it.
            let goes_on = match head {
                Some(c) => stands[c.policy].folder.clauses[c.clause].class.as_str() != "headline",
                None => p.before == Break::Line,
            };
            joined[t] = claims[t].is_none() && open && goes_on;
            if !joined[t] {
                head = claims[t];
            }
        }
        Ground { reading, claims, joined }
    }

    /// The first piece of the clause that a piece belongs to.
    pub fn head(&self, mut t: usize) -> usize {
        let least = t.saturating_sub(LONGEST_CLAUSE);
        while t > least && self.joined[t] {
            t -= 1;
        }
        t
    }

    /// From where to where the clause that begins with a piece goes.
    pub fn span(&self, t: usize) -> (usize, usize) {
        let mut last = t;
        while last + 1 < self.joined.len() && last - t < LONGEST_CLAUSE && self.joined[last + 1] {
            last += 1;
        }
        (self.reading.pieces[t].from, self.reading.pieces[last].to)
    }

    /// Every clause of the text that no clause of the register claims.
    fn free(&self) -> Vec<(usize, usize)> {
        (0..self.claims.len()).filter(|t| !self.joined[*t] && self.claims[*t].is_none()).map(|t| self.span(t)).collect()
    }

    /// The unclaimed clauses between two pieces: the first few and the last few.
    fn gap(&self, (from, to): (usize, usize)) -> Vec<(usize, usize)> {
        let free = |t: &usize| !self.joined[*t] && self.claims[*t].is_none_or(|c| c.moved);
        let middle = (from + GAP).min(to);
        let tail = to.saturating_sub(GAP).max(middle);
        (from..middle).chain(tail..to).filter(free).map(|t| self.span(t)).collect()
    }
}

impl<'a> Stand<'a> {
    /// Anchors of a policy's obligations, folded.
    pub fn phrases(obligations: &[(usize, &Item<Obligation>)]) -> Vec<Vec<char>> {
        obligations.iter().map(|(_, o)| o.source.as_ref().map_or_else(Vec::new, |s| folded(s.anchor.as_str()))).collect()
    }

    /// Finds the clauses of a policy.
    pub fn new(
        reading: &Reading,
        folder: &'a PolicyFolder,
        obligations: Vec<(usize, &'a Item<Obligation>)>,
        anchors: Vec<Vec<char>>,
        hits: Vec<Rc<Vec<u32>>>,
    ) -> Stand<'a> {
        let mut index = HashMap::new();
        for (i, c) in folder.clauses.iter().enumerate() {
            index.entry(c.node.at.as_str()).or_insert(i);
        }
        let openings: Vec<Vec<char>> =
            folder.clauses.iter().map(|c| c.opening.as_ref().map_or_else(Vec::new, |o| folded(o.as_str()))).collect();
        let mut expected: Vec<Expected> = openings.iter().map(|o| Expected { opening: o.clone(), anchors: Vec::new() }).collect();
        for (k, (_, o)) in obligations.iter().enumerate() {
            if let Some(i) = o.source.as_ref().and_then(|s| index.get(s.at.as_str())) {
                expected[*i].anchors.push(hits[k].clone());
            }
        }
        let aligned = align::align(reading, &expected);
        Stand { folder, obligations, index, aligned, hits, anchors, openings }
    }

    /// The piece of a clause, in its order or moved.
    pub fn piece(&self, clause: usize) -> Option<usize> {
        self.aligned.place[clause].or(self.aligned.moved[clause])
    }

    /// What became of every obligation's anchor; `exact` says that the text is the one read.
    pub fn anchors(&self, ground: &Ground, exact: bool) -> Vec<Option<Found>> {
        let r = ground.reading;
        let gaps = self.gaps(r.pieces.len());
        let mut out: Vec<Option<Found>> = vec![None; self.obligations.len()];
        let mut open = Vec::new();
        for (k, (_, o)) in self.obligations.iter().enumerate() {
            let Some(source) = &o.source else { continue };
            let clause = self.index.get(source.at.as_str()).copied();
            let span = clause.and_then(|c| self.aligned.place[c]).map(|t| ground.span(t));
            let n = self.anchors[k].len();
            let at = |x: u32| Some((x as usize, x as usize + n));
            let found = |fate, span| Some(Found { fate, span, like: 1000 });
            let hits = &self.hits[k];
            let nth = source.nth.unwrap_or(1).max(1) as usize;
            let here = span.and_then(|(from, to)| hits.get(hits.partition_point(|x| (*x as usize) < from)).filter(|x| (**x as usize) < to));
            // On the very text that was read, `nth` is held to the letter.
            let named = hits.get(nth - 1).copied();
            let inside = |x: u32| span.is_some_and(|(from, to)| (from..to).contains(&(x as usize)));
            out[k] = match (exact, here, named) {
                (true, Some(x), None) => found(Fate::Moved, at(*x)),
                (true, _, Some(x)) if clause.is_some() => found(if inside(x) { Fate::There } else { Fate::Moved }, at(x)),
                (_, Some(x), _) => found(Fate::There, at(*x)),
                // Nothing says where it should be: the missing locator is told by itself.
                _ if clause.is_none() && !hits.is_empty() => found(Fate::There, at(*hits.get(nth - 1).unwrap_or(&hits[0]))),
                _ => None,
            };
            if out[k].is_none() {
                open.push((k, clause, span, nth));
            }
        }
        let phrases: Vec<&[char]> = open.iter().map(|(k, ..)| self.anchors[*k].as_slice()).collect();
        let pairs = Pairs::new(r, &ground.free(), &phrases);
        for (k, clause, span, nth) in open {
            out[k] = Some(self.lost(ground, &pairs, k, (span, clause.map(|c| gaps[c]), nth)));
        }
        out
    }

    /// An anchor that its clause does not hold.
    fn lost(&self, ground: &Ground, pairs: &Pairs, k: usize, (span, gap, nth): (Option<Span>, Option<Span>, usize)) -> Found {
        let (r, phrase, hits) = (ground.reading, &self.anchors[k], &self.hits[k]);
        let at = |x: u32| Found { fate: Fate::Moved, span: Some((x as usize, x as usize + phrase.len())), like: 1000 };
        let unclaimed = |x: &&u32| ground.claims[ground.head(r.piece_at(**x as usize))].is_none_or(|c| c.moved);
        if let Some(x) = hits.iter().take(1000).find(unclaimed) {
            return at(*x);
        }
        let mut best: Option<(u32, usize, usize)> = None;
        let mut look = |from: usize, to: usize, least: u32| {
            let to = to.min(from + COMPARED);
            if let Some((like, a, b)) = nearest(phrase, &r.chars[from..to])
                && like >= least
                && best.is_none_or(|x| like > x.0)
                && !self.elsewhere_exact(k, from + a, from + b)
            {
                best = Some((like, from + a, from + b));
            }
        };
        if let Some((from, to)) = span {
            look(from, to, LIKE_HERE);
        }
        for (from, to) in gap.map(|g| ground.gap(g)).unwrap_or_default() {
            look(from, to, LIKE_HERE);
        }
        for from in pairs.likely(phrase) {
            let head = ground.head(r.piece_at(from));
            let (a, b) = ground.span(head);
            if ground.claims[head].is_none() {
                look(a.max(from.saturating_sub(phrase.len())), b.min(from + 3 * phrase.len() + 8), LIKE_ELSEWHERE);
            }
        }
        if let Some((like, from, to)) = best {
            return Found { fate: Fate::Reworded, span: Some((from, to)), like };
        }
        // The first `nth` - 1 occurrences were others' from the beginning.
        match hits.get(nth - 1) {
            Some(x) => at(*x),
            None => Found { fate: Fate::Gone, span: None, like: 0 },
        }
    }

    /// True when a stretch lies within another obligation's anchor, word for word.
    fn elsewhere_exact(&self, k: usize, from: usize, to: usize) -> bool {
        let at = self.obligations[k].1.source.as_ref().map(|s| s.at.as_str());
        let same = |j: &usize| *j != k && self.obligations[*j].1.source.as_ref().map(|s| s.at.as_str()) == at;
        // Neighbours in the register are neighbours in the text.
        (k.saturating_sub(16)..(k + 16).min(self.obligations.len())).filter(same).any(|j| {
            let (hits, n) = (&self.hits[j], self.anchors[j].len());
            let i = hits.partition_point(|x| (*x as usize) <= from);
            i > 0 && (hits[i - 1] as usize) + n >= to
        })
    }

    /// For each clause the pieces between its placed neighbours.
    fn gaps(&self, pieces: usize) -> Vec<(usize, usize)> {
        let place = &self.aligned.place;
        let mut out = vec![(0, pieces); place.len()];
        let mut low = 0;
        for (i, p) in place.iter().enumerate() {
            out[i].0 = low;
            low = p.map_or(low, |t| t + 1);
        }
        let mut high = pieces;
        for (i, p) in place.iter().enumerate().rev() {
            out[i].1 = high;
            high = p.unwrap_or(high);
        }
        // Before the first and after the last clause the whole text would be the gap.
        let first = place.iter().flatten().min().copied().unwrap_or(0);
        let last = place.iter().flatten().max().copied().unwrap_or(pieces);
        out.iter_mut().for_each(|g| *g = (g.0.max(first.saturating_sub(GAP)), g.1.min(last.saturating_add(GAP + 1)).min(pieces)));
        out
    }

    /// What became of every clause, given what became of the anchors.
    pub fn clauses(&self, ground: &Ground, anchors: &[Option<Found>]) -> Vec<Found> {
        let r = ground.reading;
        let gaps = self.gaps(r.pieces.len());
        let mut of: HashMap<usize, Vec<&Found>> = HashMap::new();
        for (k, (_, o)) in self.obligations.iter().enumerate() {
            if let (Some(c), Some(f)) = (o.source.as_ref().and_then(|s| self.index.get(s.at.as_str())), &anchors[k]) {
                of.entry(*c).or_default().push(f);
            }
        }
        let one = |c: usize| {
            let opening = &self.openings[c];
            if let Some(t) = self.aligned.place[c] {
                let (from, to) = ground.span(t);
                let begins = r.chars[from..].starts_with(opening);
                let same = self.folder.clauses[c].fp.as_ref().is_none_or(|fp| fp.as_str() == words_print(&r.chars[from..to]));
                let fate = if begins && same { Fate::There } else { Fate::Reworded };
                return Found { fate, span: Some((from, to)), like: 1000 };
            }
            if let Some(t) = self.aligned.moved[c] {
                return Found { fate: Fate::Moved, span: Some(ground.span(t)), like: 1000 };
            }
            let known = |fate| of.get(&c).into_iter().flatten().find(move |f| f.fate == fate);
            if let Some(f) = known(Fate::Reworded).or(known(Fate::Moved)) {
                let span = f.span.map(|(from, _)| ground.span(ground.head(r.piece_at(from))));
                return Found { fate: f.fate, span, like: f.like };
            }
            if opening.len() >= 4 {
                let like = |(from, to): &(usize, usize)| {
                    let head = (*to).min(from + opening.len() + 4);
                    nearest(opening, &r.chars[*from..head]).map(|(like, ..)| (like, *from, *to))
                };
                let best = ground.gap(gaps[c]).iter().filter_map(like).filter(|b| b.0 >= LIKE_HERE).max_by_key(|b| (b.0, usize::MAX - b.1));
                if let Some((like, from, to)) = best {
                    return Found { fate: Fate::Reworded, span: Some((from, to)), like };
                }
            }
            Found { fate: Fate::Gone, span: None, like: 0 }
        };
        (0..self.folder.clauses.len()).map(one).collect()
    }

    /// How every piece is counted in this text: block, sentence, clause.
    pub fn counted(&self, ground: &Ground, policy: usize) -> Vec<Count<'a>> {
        let r = ground.reading;
        let mut now: Count = None;
        let mut out: Vec<Count> = Vec::with_capacity(r.pieces.len());
        let mut ended = false;
        for t in 0..r.pieces.len() {
            if ground.joined[t] {
                out.push(out.last().copied().flatten());
                ended = r.pieces[t].stop;
                continue;
            }
            let new = ended || (r.pieces[t].before != Break::Sign && t > 0 && r.unsigned(t - 1));
            let next = now.map(|(b, s, c)| if new { (b, s + 1, 1) } else { (b, s, c + 1) });
            now = match ground.claims[t] {
                Some(c) if c.policy != policy => None,
                Some(c) if !c.moved => match split(self.folder.clauses[c.clause].node.at.as_str()) {
                    Some((b, s, n)) if now.is_none_or(|x| x.0 != b) => Some((b, s, n)),
                    Some(_) => next,
                    None => None,
                },
                _ => next,
            };
            out.push(now);
            ended = r.pieces[t].stop;
        }
        out
    }
}

/// `OPN:P3.s4.c2` as `OPN:P3`, 4, 2.
pub fn split(at: &str) -> Option<(&str, u32, u32)> {
    let (rest, c) = at.rsplit_once(".c")?;
    let (block, s) = rest.rsplit_once(".s")?;
    Some((block, s.parse().ok()?, c.parse().ok()?))
}

/// The fingerprint of a clause's words: recipe 1, over the folded characters without the
/// signs at its end.
pub fn words_print(chars: &[char]) -> String {
    let end = chars.iter().rposition(|c| c.is_alphanumeric()).map_or(0, |i| i + 1);
    let words: String = chars[..end].iter().collect();
    digest::fingerprint(["1", "clause", &words])
}
