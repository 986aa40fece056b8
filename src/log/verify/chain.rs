//! What happened to one file, worked out from its chain (FORMAT.md, "One file by itself", 9).
//!
//! Asked only of a file in which a line does not follow the one above; the whole file is
//! at hand then. A line that follows some line of the file is *genuine*, wherever it
//! stands; of the others the neighbours say whether they were altered, brought here from
//! elsewhere, or stand after a gap.

use super::trouble::Word;
use crate::digest;
use crate::log::lines::{Shape, split};
use std::collections::HashMap;

/// A line of the file as it stands: `None` when it has no shape.
pub struct Row<'a> {
    /// 1-based line.
    pub line: u64,
    /// The line taken apart.
    pub shape: Option<Shape<'a>>,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Its department or writer is not the file's.
    pub foreign: bool,
}

/// One trouble of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// Its word.
    pub word: Word,
    /// Index of the row.
    pub row: usize,
    /// For `missing`: the first seq that is not there. The last one is before the row's own.
    pub from: u64,
}

/// Lines with one number whose values are tried as predecessors: more are hostile.
const TRIED: usize = 8;

/// Works the breaks out, in the order of the rows; also which rows are good.
pub fn breaks(rows: &[Row]) -> (Vec<Break>, Vec<bool>) {
    let mut by_seq: HashMap<u64, Vec<usize>> = HashMap::new();
    for (i, row) in rows.iter().enumerate() {
        if let Some(s) = row.shape {
            let all = by_seq.entry(s.seq).or_default();
            if all.len() < TRIED && all.iter().all(|j: &usize| rows[*j].shape.is_some_and(|t| t.h != s.h)) {
                all.push(i);
            }
        }
    }
    let mut numbers: Vec<u64> = by_seq.keys().copied().collect();
    numbers.sort_unstable();
    let mut seen: HashMap<&[u8], usize> = HashMap::new();
    let mut genuine_with: HashMap<u64, usize> = HashMap::new();
    let mut out: Vec<Break> = Vec::new();
    let mut good = vec![false; rows.len()];
    let mut altered = vec![false; rows.len()];
    for (i, row) in rows.iter().enumerate() {
        let Some(s) = row.shape else { continue };
        if seen.insert(row.bytes, i).is_some() {
            out.push(Break { word: Word::Repeated, row: i, from: s.seq });
            continue;
        }
        let above = i.checked_sub(1).map(|j| &rows[j]);
        let after = predecessor(rows, &by_seq, i, &s);
        if let Some(after) = after {
            match genuine_with.insert(s.seq, i) {
                Some(_) => out.push(Break { word: Word::Fork, row: i, from: s.seq }),
                None if after.is_some_and(|j| j > i) => out.push(Break { word: Word::Reordered, row: i, from: s.seq }),
                None => good[i] = true,
            }
            continue;
        }
        if above.is_some_and(|a| a.shape.is_none()) {
            continue;
        }
        if let Some(j) = i.checked_sub(1).filter(|j| altered[*j])
            && let Some(value) = proper(rows, j)
            && digest::follows(value.as_bytes(), s.body, s.h)
        {
            good[i] = true;
            continue;
        }
        let seq_above = above.and_then(|a| a.shape).map_or(-1, |a| a.seq as i64);
        let fits =
            rows.get(i + 1).and_then(|b| b.shape).is_some_and(|b| b.seq as i64 == seq_above + 2 && digest::follows(s.h, b.body, b.h));
        let word = if fits {
            Word::Altered
        } else if row.foreign {
            Word::Moved
        } else if s.seq > 0 && !by_seq.contains_key(&(s.seq - 1)) && !renumbered(&s, above, seq_above + 1) {
            let before = numbers.partition_point(|n| *n < s.seq);
            let from = before.checked_sub(1).map_or(0, |n| numbers[n] + 1);
            out.push(Break { word: Word::Missing, row: i, from });
            continue;
        } else {
            Word::Altered
        };
        altered[i] = word == Word::Altered;
        out.push(Break { word, row: i, from: s.seq });
    }
    (out, good)
}

/// What a line follows: `None` = nothing of this file, `Some(None)` = it is a header,
/// `Some(Some(j))` = row j; a row above wins over one below.
fn predecessor(rows: &[Row], by_seq: &HashMap<u64, Vec<usize>>, i: usize, s: &Shape) -> Option<Option<usize>> {
    if s.seq == 0 {
        return digest::follows(b"", s.body, s.h).then_some(None);
    }
    let above = i.checked_sub(1).filter(|j| rows[*j].shape.is_some());
    let others = by_seq.get(&(s.seq - 1)).map_or(&[][..], Vec::as_slice);
    let mut below = None;
    for j in above.into_iter().chain(others.iter().copied()) {
        let p = rows[j].shape.expect("only rows with a shape are listed");
        if digest::follows(p.h, s.body, s.h) {
            if j < i {
                return Some(Some(j));
            }
            below = Some(j);
        }
    }
    below.map(Some)
}

/// The value that a row ought to have, from the row above it.
fn proper(rows: &[Row], i: usize) -> Option<String> {
    let s = rows[i].shape?;
    let before = match i.checked_sub(1) {
        None => "",
        Some(j) => std::str::from_utf8(rows[j].shape?.h).ok()?,
    };
    Some(digest::chain(if s.seq == 0 { "" } else { before }, s.body))
}

/// Was only its number changed? With the number that belongs here it follows the row above.
fn renumbered(s: &Shape, above: Option<&Row>, seq: i64) -> bool {
    let before = match above {
        None => &b""[..],
        Some(a) => match a.shape {
            Some(a) => a.h,
            None => return false,
        },
    };
    let digits = s.seq.to_string().len();
    let mut body = format!("{{\"seq\":{seq}").into_bytes();
    body.extend_from_slice(&s.body["{\"seq\":".len() + digits..]);
    digest::follows(before, &body, s.h)
}

/// Splits a text into rows, passing over CRs and conflict markers.
pub fn rows<'a>(text: &'a [u8], foreign: &dyn Fn(&[u8]) -> bool) -> Vec<Row<'a>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut out = Vec::new();
    for (i, raw) in text.split_inclusive(|b| *b == b'\n').enumerate() {
        let Some(line) = raw.strip_suffix(b"\n") else { break };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if is_marker(line) {
            continue;
        }
        let shape = split(line).filter(|_| line.len() <= crate::log::lines::MAX_LINE);
        out.push(Row { line: i as u64 + 1, foreign: shape.is_some() && foreign(line), shape, bytes: line });
    }
    out
}

/// A line that a merge left behind.
pub fn is_marker(line: &[u8]) -> bool {
    line == b"=======" || [&b"<<<<<<< "[..], b">>>>>>> ", b"||||||| "].iter().any(|m| line.starts_with(m))
}
