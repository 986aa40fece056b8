//! A text made into a policy for a person to finish: policy.yaml, clauses.yaml, part files.
//!
//! 1. Lines that head something are ranked; the highest rank that occurs twice makes the parts.
//! 2. Pieces become sentences and clauses, `ABC:P3.s4.c2`; lines broken in a sentence are joined.
//! 3. Each clause with a word of duty becomes a draft obligation, each heading says so, and the
//!    rest is left open: nobody has read it yet, so no reason is invented.
//!
//! Drafts have no owner. `check` says so for each (O001), and names every clause left open (S006).

use super::anchors;
use super::duty::{self, Duty};
use super::headings;
use super::reading::{Break, Reading};
use super::stand::words_print;
use crate::digest;
use crate::model::Words;
use std::fmt::Write;

/// What to write.
pub struct Scaffold {
    /// Names and contents of the files.
    pub files: Vec<(String, String)>,
    /// Parts with drafts.
    pub parts: usize,
    /// Clauses in all.
    pub clauses: usize,
    /// Draft obligations.
    pub drafts: usize,
    /// Clauses that a person still has to read.
    pub open: usize,
}

/// What is known besides the text.
pub struct Given<'a> {
    /// The policy's code.
    pub code: &'a str,
    /// Its title, if told.
    pub title: Option<&'a str>,
    /// The day on which it is put on the list.
    pub listed: chrono::NaiveDate,
    /// Bytes of the file, for the fingerprint.
    pub bytes: &'a [u8],
}

/// A part of the text.
struct Part {
    number: usize,
    title: String,
    items: usize,
}

/// A clause of the text.
struct Line {
    block: usize,
    sentence: usize,
    clause: usize,
    from: usize,
    to: usize,
    heading: bool,
    duty: Option<(Duty, usize)>,
    id: Option<String>,
}

/// A wrapped line is at least so long.
const WRAPPED: usize = 20;
/// A heading is at most so long.
const HEADING: usize = 40;

fn two(zh: &str, en: &str) -> Words {
    Words { zh: Some(zh.into()), en: Some(en.into()) }
}

/// Makes the files.
///
/// # Errors
/// When the text has no clause of duty, or more than ids have room for.
pub fn build(text: String, given: &Given) -> Result<Scaffold, Words> {
    let r = Reading::new(text);
    let (mut parts, mut lines) = cut(&r);
    let drafts = lines.iter().filter(|l| l.duty.is_some()).count();
    if drafts == 0 {
        return Err(two(
            "文本中没有找到含义务用语（应、须、要、不得、禁止等）的条款",
            "no clause of duty was found (words such as shall, must, may not, 应, 须, 要, 不得, 禁止)",
        ));
    }
    let mut per_part = vec![0usize; parts.len()];
    lines.iter().filter(|l| l.duty.is_some()).for_each(|l| per_part[l.block] += 1);
    if let Some(most) = per_part.iter().max().filter(|n| **n > 999) {
        return Err(two(
            &format!("一个部分里有 {most} 条含义务用语的条款，编号只容得下 999；请先把文本分成几份"),
            &format!("{most} clauses of duty in one part; ids have room for 999: divide the text first"),
        ));
    }
    for l in lines.iter_mut().filter(|l| l.duty.is_some()) {
        let part = &mut parts[l.block];
        part.items += 1;
        let digits = if per_part[l.block] > 99 { 3 } else { 2 };
        l.id = Some(format!("{}-{}.{:0digits$}", given.code, part.number, part.items));
    }
    let mut files = vec![("policy.yaml".to_string(), policy(&r, &parts, given)), ("clauses.yaml".to_string(), clauses(&r, &lines, given))];
    files.extend(obligations(&r, &parts, &lines, given));
    let open = lines.iter().filter(|l| l.duty.is_none() && !l.heading).count();
    Ok(Scaffold { parts: files.len() - 2, clauses: lines.len(), drafts, open, files })
}

/// Parts, sentences and clauses.
fn cut(r: &Reading) -> (Vec<Part>, Vec<Line>) {
    let raw: Vec<&str> = r.text.lines().collect();
    let line_of = |t: usize| r.place(r.pieces[t].from).0 - 1;
    let ranks: Vec<Option<u8>> = raw.iter().map(|l| headings::rank(l)).collect();
    let mut counts = [0usize; 9];
    ranks.iter().flatten().for_each(|k| counts[*k as usize] += 1);
    let level = (0..=6).find(|k| (2..=99).contains(&counts[*k])).map(|k| k as u8);
    let mut parts = vec![Part { number: 0, title: String::new(), items: 0 }];
    let mut lines: Vec<Line> = Vec::new();
    if level.is_none() {
        parts.push(Part { number: 1, title: String::new(), items: 0 });
    }
    let (mut sentence, mut clause, mut ended, mut started) = (0, 0, true, level.is_some());
    for (t, p) in r.pieces.iter().enumerate() {
        let starts_line = t == 0 || line_of(t) != line_of(t - 1);
        let line = line_of(t);
        let head = starts_line && ranks[line].is_some();
        if starts_line && p.before != Break::Sign || t == 0 {
            if head && ranks[line] == level {
                let title: String = r.words(p.from, p.to).chars().take(HEADING).collect();
                let title = match headings::plain(&title) {
                    "" => title.as_str(),
                    plain => plain,
                };
                let title = title.trim_end_matches(['。', '.', ',', '，', ':', '：', ';', '；']).to_string();
                parts.push(Part { number: parts.len(), title, items: 0 });
                (sentence, ended) = (0, true);
            }
            let before = t.checked_sub(1);
            let wrapped = before
                .is_some_and(|b| r.unsigned(b) && raw[line_of(b)].chars().count() >= WRAPPED && ranks[line_of(b)].is_none_or(|k| k > 3));
            if let (Break::Line, true, false, Some(last)) = (p.before, wrapped, head, lines.last_mut()) {
                last.to = p.to;
                ended = p.stop;
                continue;
            }
            ended = ended || before.is_some_and(|b| r.unsigned(b));
        }
        let short = p.to - p.from <= HEADING && r.unsigned(t);
        let alone = starts_line && (t + 1 == r.pieces.len() || line_of(t + 1) != line);
        // Without headings, what stands above the first sentence is the title.
        if level.is_none() && !started && !(short && alone) {
            (started, sentence, ended) = (true, 0, true);
        }
        if ended {
            (sentence, clause) = (sentence + 1, 0);
        }
        clause += 1;
        ended = p.stop;
        let block = if level.is_none() { usize::from(started) } else { parts.len() - 1 };
        lines.push(Line { block, sentence, clause, from: p.from, to: p.to, heading: short && alone, duty: None, id: None });
    }
    for l in &mut lines {
        l.duty = duty::find(&r.chars[l.from..l.to], |i| r.starts_word(l.from + i));
        l.heading &= l.duty.is_none();
    }
    (parts, lines)
}

/// A YAML scalar that is nothing else, whatever the text holds.
pub fn quoted(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
        })
        .collect();
    serde_json::to_string(plain.trim()).expect("a string is plain data")
}

/// `{zh: …}` or `{en: …}`, by the script.
fn words(text: &str) -> String {
    let han = text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}'));
    format!("{{{}: {}}}", if han { "zh" } else { "en" }, quoted(text))
}

/// The beginning of a requirement, as a title.
pub fn short(said: &str) -> String {
    let longest = if said.is_ascii() { 60 } else { 24 };
    if said.chars().count() <= longest {
        return said.into();
    }
    let cut: String = said.chars().take(longest).collect();
    let whole = cut.rfind(' ').filter(|at| *at > longest / 2).map_or(cut.as_str(), |at| &cut[..at]);
    format!("{}…", whole.trim_end())
}

fn policy(r: &Reading, parts: &[Part], given: &Given) -> String {
    let title = given.title.map(String::from).unwrap_or_else(|| {
        let first = r.text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or(given.code);
        first.trim_start_matches('#').trim().chars().take(80).collect()
    });
    let mut out = format!(
        "# A draft by `duban source --scaffold`: titles and dates are for a person to set right.\n\
         # The fingerprint is that of the text that was read: SHA-256 of its bytes, and its length.\n\
         code: {}\ntitle: {}\nlisted: {}   # the day its items go on the list; the no-lead grace counts from here\n\
         source:\n  sha256: \"{}\"\n  bytes: {}\n  characters: {}\nparts:\n",
        given.code,
        words(&title),
        given.listed,
        digest::hex(given.bytes),
        given.bytes.len(),
        r.text.chars().count()
    );
    for p in parts.iter().filter(|p| p.items > 0) {
        let title = if p.title.is_empty() { "{zh: 正文, en: Text}".to_string() } else { words(&p.title) };
        let _ = writeln!(out, "  - {{id: {}-{}, file: {}-part.yaml, title: {title}}}", given.code, p.number, p.number);
    }
    for p in parts.iter().filter(|p| p.items == 0 && !p.title.is_empty()) {
        let title = quoted(&p.title);
        let _ = writeln!(out, "  # {}-{} {title}: no clause of duty was found in it", given.code, p.number);
    }
    out
}

fn locator(given: &Given, l: &Line) -> String {
    format!("{}:P{}.s{}.c{}", given.code, l.block, l.sentence, l.clause)
}

/// The end of a clause without the signs that end it.
fn bare(r: &Reading, l: &Line) -> usize {
    let end = r.chars[l.from..l.to].iter().rposition(|c| !matches!(c, ',' | ';' | ':' | '.' | '。' | '!' | '?' | '、'));
    end.map_or(l.to, |i| l.from + i + 1)
}

fn clauses(r: &Reading, lines: &[Line], given: &Given) -> String {
    let mut out = String::from(
        "# Every clause of the text, by policy:part.sentence.clause; `opening` is at most six characters, `fp` the\n\
         # fingerprint of its words. Give each clause marked `unread` an obligation (`primary`, `secondary`) or a\n\
         # `reason: {zh: …, en: …}` for none, and a class that fits. `sentences:` may say what each sentence is about.\n\
         clauses:\n",
    );
    let mut last = None;
    for l in lines {
        if last.is_some_and(|x| x != (l.block, l.sentence)) {
            out.push('\n');
        }
        last = Some((l.block, l.sentence));
        let opening = r.words(l.from, bare(r, l).min(l.from + 6));
        let _ = write!(
            out,
            "  - at: {}\n    opening: {}\n    fp: {}\n",
            locator(given, l),
            quoted(&opening),
            quoted(&words_print(&r.chars[l.from..l.to]))
        );
        match &l.id {
            Some(id) => drop(writeln!(out, "    class: obligation\n    primary: [{id}]")),
            None if l.heading => out.push_str("    class: headline\n    reason: {zh: 标题, en: Headline}\n"),
            None => out.push_str("    class: unread\n"),
        }
    }
    out
}

fn obligations(r: &Reading, parts: &[Part], lines: &[Line], given: &Given) -> Vec<(String, String)> {
    let drafts: Vec<&Line> = lines.iter().filter(|l| l.id.is_some()).collect();
    let spans: Vec<(usize, usize)> = drafts.iter().map(|l| anchor(r, l)).collect();
    let phrases: Vec<Vec<char>> = spans.iter().map(|(a, b)| r.chars[*a..*b].to_vec()).collect();
    let hits = anchors::occurrences(r, &phrases);
    let mut files: Vec<(String, String)> = Vec::new();
    for (block, p) in parts.iter().enumerate().filter(|(_, p)| p.items > 0) {
        let mut out = format!(
            "# Part {} of {}: drafts by `duban source --scaffold`, one for each clause with a word of duty.\n\
             # For each: restate the requirement in your own words, set kind and recurrence, name the owner.\n",
            p.number, given.code
        );
        for (k, l) in drafts.iter().enumerate().filter(|(_, l)| l.block == block) {
            let (from, to) = spans[k];
            let nth = hits[k].binary_search(&(from as u32)).map_or(1, |i| i + 1);
            let whole = r.words(l.from, bare(r, l));
            let said = match headings::plain(&whole) {
                "" => whole.as_str(),
                said => said,
            };
            let title = short(said);
            let (kind, modality) = match l.duty {
                Some((Duty::Not, _)) => ("prohibition", "prohibition"),
                _ => ("action", "must"),
            };
            let _ = write!(
                out,
                "\n- id: {}\n  title: {}\n  requirement: {}\n  kind: {kind}\n  modality: {modality}\n  source: {{layer: text, at: {}, anchor: {}{}}}\n  recurrence: continuous\n  note: {}\n",
                l.id.as_deref().expect("a draft has an id"),
                words(&title),
                words(said),
                locator(given, l),
                quoted(&r.words(from, to)),
                if nth > 1 { format!(", nth: {nth}") } else { String::new() },
                quoted("草稿，待人改定 / draft, for a person to finish"),
            );
        }
        files.push((format!("{}-part.yaml", p.number), out));
    }
    files
}

/// At most 15 characters of a clause that find it again: from its word of duty on, whole words.
fn anchor(r: &Reading, l: &Line) -> (usize, usize) {
    let end = bare(r, l);
    let from = l.from + l.duty.map_or(0, |(_, at)| at);
    let from = if end.saturating_sub(from) < 4 { l.from } else { from };
    let fits = |to: usize| {
        let words = r.words(from, to);
        // One line of the file, so that what is written is what stands there.
        words.chars().count() <= 15 && r.place(from).0 == r.place(to - 1).0
    };
    let mut to = from + 1;
    while to < end && fits(to + 1) {
        to += 1;
    }
    let whole = |to: usize| to == end || r.starts_word(to) || !r.chars[to].is_ascii_alphanumeric();
    let back = (from + 1..=to).rev().find(|t| whole(*t)).unwrap_or(to);
    (from, back)
}
