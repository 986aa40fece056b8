//! `source --text`: a text held against the policies that were read from it.
//!
//! Fingerprint first; then every anchor and every locator; then whatever speaks of duty in
//! the text and is no obligation. What is not in its place makes obligations suspect.

use super::anchors;
use super::duty;
use super::reading::Reading;
use super::stand::{Count, Fate, Found, Ground, Stand};
use crate::digest;
use crate::model::register::Table;
use crate::model::{Clause, Item, Lang, Obligation, Words};
use crate::report::frame::Frame;
use crate::snapshot::{Snapshot, query::Query};
use crate::text::difference;
use serde::Serialize;
use std::collections::BTreeMap;

/// The whole comparison.
#[derive(Debug, Serialize)]
pub struct TextReport {
    /// What every report carries.
    #[serde(flatten)]
    pub frame: Frame,
    /// The text.
    pub text: TextInfo,
    /// Each policy that was read from it.
    pub policies: Vec<PolicyText>,
    /// Clauses of duty that are no obligation.
    pub duties: Vec<DutyClause>,
    /// Clauses in the text that speak of duty.
    pub duties_total: usize,
    /// Of these, under an obligation.
    pub duties_covered: usize,
    /// True when nothing is out of place.
    pub holds: bool,
}

/// The text that was given.
#[derive(Debug, Serialize)]
pub struct TextInfo {
    /// Its path, as given.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Length in characters.
    pub characters: u64,
}

/// One policy against the text.
#[derive(Debug, Serialize)]
pub struct PolicyText {
    /// Its code.
    pub policy: String,
    /// `same`, `differs`, or `none` where policy.yaml has none.
    pub fingerprint: &'static str,
    /// What policy.yaml says that disagrees with the text, field by field.
    pub disagrees: Vec<String>,
    /// Anchors by what became of them.
    pub anchors: BTreeMap<&'static str, usize>,
    /// Locators by what became of them.
    pub locators: BTreeMap<&'static str, usize>,
    /// Anchors out of their place.
    pub anchors_out: Vec<AnchorRow>,
    /// Clauses out of their place.
    pub locators_out: Vec<LocatorRow>,
    /// Clauses in their place that are counted otherwise in this text.
    pub renumbered: Vec<Renumbered>,
    /// Obligations to read again, with the reasons.
    pub suspects: Vec<Suspect>,
}

/// An anchor out of its place.
#[derive(Debug, Serialize)]
pub struct AnchorRow {
    /// The obligation.
    pub id: String,
    /// The clause that it names.
    pub at: String,
    /// The anchor.
    pub anchor: String,
    /// Which occurrence.
    pub nth: u32,
    /// What became of it; `none` where the obligation has no anchor to look for.
    pub fate: &'static str,
    /// Where it, or something like it, stands.
    #[serde(flatten)]
    pub found: Option<FoundAt>,
    /// Old against new words, where reworded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
}

/// A place in the text.
#[derive(Debug, Serialize)]
pub struct FoundAt {
    /// As it is counted in this text; empty outside the policy.
    pub found_at: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column in characters.
    pub column: usize,
    /// The words that stand there.
    pub passage: String,
    /// Thousandths of likeness.
    pub likeness: u32,
    /// Which occurrence of the anchor, where it is word for word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<usize>,
}

/// A clause out of its place.
#[derive(Debug, Serialize)]
pub struct LocatorRow {
    /// Its locator.
    pub at: String,
    /// Its opening.
    pub opening: String,
    /// What became of it; `unknown` where clauses.yaml does not have it.
    pub fate: &'static str,
    /// Where it, or something like it, stands.
    #[serde(flatten)]
    pub found: Option<FoundAt>,
}

/// A clause in its place, counted otherwise.
#[derive(Debug, Serialize)]
pub struct Renumbered {
    /// Its locator in the register.
    pub at: String,
    /// As counted in this text.
    pub now: String,
}

/// An obligation to read again.
#[derive(Debug, Serialize)]
pub struct Suspect {
    /// The obligation.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Anchor or locators, and what became of each.
    pub reasons: Vec<String>,
}

/// A clause of duty that is no obligation.
#[derive(Debug, Serialize)]
pub struct DutyClause {
    /// `new`: in no clause of the register; `open`: in one that says nothing; `reason`: in one that says why.
    pub kind: &'static str,
    /// As counted in this text; empty outside every policy.
    pub at: String,
    /// 1-based line.
    pub line: usize,
    /// Its words.
    pub words: String,
    /// `do` or `not`.
    pub duty: &'static str,
    /// Class of the clause in the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Why it is no obligation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Words>,
}

/// Code of a fate.
pub fn code(fate: Fate) -> &'static str {
    match fate {
        Fate::There => "there",
        Fate::Moved => "moved",
        Fate::Reworded => "reworded",
        Fate::Gone => "gone",
    }
}

/// Words shown of one passage.
const SHOWN: usize = 120;

fn shown(reading: &Reading, from: usize, to: usize) -> String {
    if to - from <= SHOWN { reading.words(from, to) } else { reading.words(from, from + SHOWN) + "…" }
}

/// True when a clause stands for some obligation that is there, or could not be read.
pub fn covered(s: &Snapshot, c: &Clause) -> bool {
    let there = |id: &str| s.register.obligation_index.contains_key(id) || s.lost.may_hold(Table::Obligations, id);
    c.primary.iter().any(|id| there(id)) || c.secondary.iter().any(|x| there(&x.id))
}

/// Holds a text against policies, by their indices in the register; the first `asked` of
/// them are reported, the others only claim what is theirs.
pub fn build(s: &Snapshot, file: &str, bytes: &[u8], text: String, policies: &[usize], asked: usize, lang: Lang) -> TextReport {
    let info =
        TextInfo { file: file.into(), sha256: digest::hex(bytes), bytes: bytes.len() as u64, characters: text.chars().count() as u64 };
    let reading = Reading::new(text);
    let own: Vec<Vec<(usize, &Item<Obligation>)>> = policies
        .iter()
        .map(|p| {
            let code = s.register.policies[*p].policy.code.as_str();
            s.register.obligations.iter().enumerate().filter(|(_, o)| o.id.policy() == code).collect()
        })
        .collect();
    let phrases: Vec<Vec<Vec<char>>> = own.iter().map(|o| Stand::phrases(o)).collect();
    let mut hits = anchors::occurrences(&reading, &phrases.concat()).into_iter();
    let mut stands: Vec<Stand> = Vec::new();
    for ((p, own), phrases) in policies.iter().zip(own).zip(phrases) {
        let hits = hits.by_ref().take(phrases.len()).collect();
        stands.push(Stand::new(&reading, &s.register.policies[*p], own, phrases, hits));
    }
    let ground = Ground::new(&reading, &stands);
    let mut covers: Vec<Option<(usize, usize)>> = ground.claims.iter().map(|c| c.map(|c| (c.policy, c.clause))).collect();
    let mut counted: Vec<Vec<Count>> = Vec::new();
    let mut out = Vec::new();
    for (i, stand) in stands.iter().enumerate() {
        counted.push(stand.counted(&ground, i));
        let policy = One { lang, info: &info, ground: &ground, stand, counted: &counted[i] };
        let (report, clauses) = policy.report();
        // What replaces a clause is told with it, not as something new.
        for (c, f) in clauses.iter().enumerate() {
            if let (Fate::Reworded | Fate::Moved, Some((from, _))) = (f.fate, f.span) {
                covers[ground.head(reading.piece_at(from))].get_or_insert((i, c));
            }
        }
        if i < asked {
            out.push(report);
        }
    }
    let mut duties = Vec::new();
    let (mut total, mut under) = (0, 0);
    for t in (0..reading.pieces.len()).filter(|t| !ground.joined[*t]) {
        let claim = covers[t];
        let label = |i: usize| counted[i][t].map(|(b, s, c)| format!("{b}.s{s}.c{c}"));
        // With one policy asked for, what belongs to another is its own affair.
        if claim.is_some_and(|(p, _)| p >= asked) || (claim.is_none() && (asked..stands.len()).any(|i| counted[i][t].is_some())) {
            continue;
        }
        let (from, to) = ground.span(t);
        let Some((sort, _)) = duty::find(&reading.chars[from..to], |i| reading.starts_word(from + i)) else { continue };
        total += 1;
        let clause = claim.map(|(p, c)| &stands[p].folder.clauses[c].node);
        if clause.is_some_and(|c| covered(s, c)) {
            under += 1;
            continue;
        }
        let kind = match clause {
            None => "new",
            Some(c) if c.reason.is_none() && c.see.is_empty() => "open",
            Some(_) => "reason",
        };
        duties.push(DutyClause {
            kind,
            at: clause.map_or_else(|| (0..asked).find_map(label).unwrap_or_default(), |c| c.at.to_string()),
            line: reading.place(from).0,
            words: shown(&reading, from, to),
            duty: if sort == duty::Duty::Not { "not" } else { "do" },
            class: clause.map(|c| c.class.to_string()),
            reason: clause.and_then(|c| c.reason.clone()),
        });
    }
    let selected: Vec<usize> = (0..s.roster.duties.len()).collect();
    let frame = Frame::new(s, "source-text", &Query::default(), &selected);
    let holds = frame.invalid == 0
        && out.iter().all(|p| p.anchors_out.is_empty() && p.locators_out.is_empty())
        && duties.iter().all(|d| d.kind == "reason")
        && !s.lost.has(Table::Clauses)
        && !s.lost.has(Table::Policies);
    TextReport { frame, text: info, policies: out, duties, duties_total: total, duties_covered: under, holds }
}

struct One<'a, 'b> {
    lang: Lang,
    info: &'b TextInfo,
    ground: &'b Ground<'b>,
    stand: &'b Stand<'a>,
    counted: &'b [Count<'a>],
}

impl One<'_, '_> {
    fn report(&self) -> (PolicyText, Vec<Found>) {
        let (stand, ground) = (self.stand, self.ground);
        let policy = &stand.folder.policy;
        let recorded = policy.source.as_ref();
        let mut disagrees = Vec::new();
        let fingerprint = match recorded.and_then(|x| x.sha256.as_ref()) {
            None => "none",
            Some(sum) if sum.eq_ignore_ascii_case(&self.info.sha256) => "same",
            Some(sum) => {
                disagrees.push(format!("sha256 {} ≠ {}", sum.as_str(), self.info.sha256));
                "differs"
            }
        };
        for (name, was, now) in [
            ("bytes", recorded.and_then(|x| x.bytes), self.info.bytes),
            ("characters", recorded.and_then(|x| x.characters), self.info.characters),
        ] {
            disagrees.extend(was.filter(|w| *w != now).map(|was| format!("{name} {was} ≠ {now}")));
        }
        let found = stand.anchors(ground, fingerprint == "same");
        let clauses = stand.clauses(ground, &found);
        let mut out = PolicyText {
            policy: policy.code.to_string(),
            fingerprint,
            disagrees,
            anchors: fates(found.iter().map(|f| f.as_ref().map_or("none", |f| code(f.fate)))),
            locators: fates(clauses.iter().map(|f| code(f.fate))),
            anchors_out: Vec::new(),
            locators_out: Vec::new(),
            renumbered: Vec::new(),
            suspects: Vec::new(),
        };
        let mut why: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (k, f) in found.iter().enumerate().filter(|(_, f)| f.as_ref().is_none_or(|f| f.fate != Fate::There)) {
            let row = self.anchor(k, f.as_ref());
            why.entry(k).or_default().push(format!("{} {}", row.anchor, row.fate));
            out.anchors_out.push(row);
        }
        let by_id: BTreeMap<&str, usize> = stand.obligations.iter().enumerate().map(|(k, (_, o))| (o.id.as_str(), k)).collect();
        let mut doubt = |k: usize, reason: String| {
            let list = why.entry(k).or_default();
            if !list.contains(&reason) {
                list.push(reason);
            }
        };
        for (c, f) in clauses.iter().enumerate() {
            let clause = &stand.folder.clauses[c].node;
            if f.fate == Fate::There {
                let now = f.span.and_then(|(from, _)| self.label(from));
                out.renumbered.extend(now.filter(|now| now != clause.at.as_str()).map(|now| Renumbered { at: clause.at.to_string(), now }));
                continue;
            }
            let at = clause.at.as_str();
            for id in clause.primary.iter().chain(clause.secondary.iter().map(|x| &x.id)) {
                by_id.get(id.as_str()).into_iter().for_each(|k| doubt(*k, format!("{at} {}", code(f.fate))));
            }
            out.locators_out.push(LocatorRow {
                at: at.into(),
                opening: clause.opening.as_ref().map_or_else(String::new, |o| o.to_string()),
                fate: code(f.fate),
                found: self.at(f, None),
            });
        }
        let fate_of = |at: &str| stand.index.get(at).map(|c| clauses[*c].fate);
        let mut unknown: Vec<&str> = Vec::new();
        for (k, (_, o)) in stand.obligations.iter().enumerate() {
            for at in o.source.iter().flat_map(|x| std::iter::once(&x.at).chain(&x.also)) {
                match fate_of(at.as_str()) {
                    Some(Fate::There) => {}
                    Some(fate) => doubt(k, format!("{} {}", at.as_str(), code(fate))),
                    None => {
                        doubt(k, format!("{} unknown", at.as_str()));
                        unknown.push(at.as_str());
                    }
                }
            }
        }
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            out.locators.insert("unknown", unknown.len());
        }
        let row = |at: &&str| LocatorRow { at: at.to_string(), opening: String::new(), fate: "unknown", found: None };
        out.locators_out.extend(unknown.iter().map(row));
        let title = |k: usize| stand.obligations[k].1.title.say(self.lang).into_owned();
        out.suspects =
            why.into_iter().map(|(k, reasons)| Suspect { id: stand.obligations[k].1.id.to_string(), title: title(k), reasons }).collect();
        (out, clauses)
    }

    fn anchor(&self, k: usize, f: Option<&Found>) -> AnchorRow {
        let o = self.stand.obligations[k].1;
        let (at, anchor, nth) =
            o.source.as_ref().map_or_else(Default::default, |x| (x.at.to_string(), x.anchor.to_string(), x.nth.unwrap_or(1)));
        let found = f.and_then(|f| self.at(f, Some(k)));
        let difference = found.as_ref().filter(|_| f.is_some_and(|f| f.fate == Fate::Reworded)).map(|x| difference(&anchor, &x.passage));
        AnchorRow { id: o.id.to_string(), at, anchor, nth, fate: f.map_or("none", |f| code(f.fate)), found, difference }
    }

    fn at(&self, f: &Found, anchor: Option<usize>) -> Option<FoundAt> {
        let (from, to) = f.span?;
        let (line, column) = self.ground.reading.place(from);
        let occurrence = anchor.and_then(|k| self.stand.hits[k].binary_search(&(from as u32)).ok()).map(|i| i + 1);
        Some(FoundAt {
            found_at: self.label(from).unwrap_or_default(),
            line,
            column,
            passage: shown(self.ground.reading, from, to),
            likeness: f.like,
            occurrence,
        })
    }

    /// As a character's clause is counted in this text.
    fn label(&self, at: usize) -> Option<String> {
        self.counted[self.ground.reading.piece_at(at)].map(|(b, s, c)| format!("{b}.s{s}.c{c}"))
    }
}

fn fates<'a>(all: impl Iterator<Item = &'static str>) -> BTreeMap<&'a str, usize> {
    let mut out = BTreeMap::from([("there", 0), ("moved", 0), ("reworded", 0), ("gone", 0)]);
    all.for_each(|f| *out.entry(f).or_default() += 1);
    out
}
