//! The words that were signed, from git: asked only where an assignment is outdated.
//!
//! The revision whose duty gives the recorded fingerprint has the words that were read. The
//! last commit before each signature is tried first, then the others from the newest back,
//! [`MOST`] in all: what is not found by then is "not available", and said to be.

use super::context::Context;
use crate::git::tree;
use crate::load;
use crate::log::fp;
use crate::log::wording::{self, Gap, Part};
use crate::model::{Register, Roster};
use crate::snapshot::Snapshot;
use chrono::DateTime;
use std::collections::BTreeSet;

/// Revisions that are laid out at the most; each costs about as much as opening the register.
const MOST: usize = 24;
/// Revisions that are listed at the most.
const LISTED: usize = 2000;

/// What is still looked for: assignment, part, and the record that signed it.
type Wanted = Vec<(u32, Part, u32)>;

/// Fills in [`Snapshot::then`].
pub fn recall(context: &Context, s: &mut Snapshot) {
    s.then = Some(Default::default());
    let mut wanted: Wanted = Vec::new();
    for o in &s.outdated {
        if let Gap::Changed(parts) = &o.gap {
            wanted.extend(parts.iter().map(|p| (o.duty, *p, o.record)));
        }
    }
    if wanted.is_empty() {
        return;
    }
    for commit in order(s, &wanted, tree::revisions(&context.root, LISTED)).into_iter().take(MOST) {
        let Ok(laid) = tree::materialise(&context.root, &commit) else { continue };
        let Ok(then) = load::open(&laid.root, &context.shown) else { continue };
        let roster = Roster::build(&then.register);
        wanted.retain(|w| !found(s, w, &then.register, &roster));
        if wanted.is_empty() {
            return;
        }
    }
}

/// The commits, those in force at a signature first.
fn order(s: &Snapshot, wanted: &Wanted, all: Vec<(String, String)>) -> Vec<String> {
    let dated: Vec<(DateTime<chrono::FixedOffset>, &str)> =
        all.iter().filter_map(|(c, d)| Some((DateTime::parse_from_rfc3339(d).ok()?, c.as_str()))).collect();
    let signed: BTreeSet<_> = wanted.iter().map(|w| s.log.records[w.2 as usize].entry.at).collect();
    let before = signed.iter().rev().filter_map(|at| dated.iter().find(|(day, _)| day <= at));
    let mut seen = BTreeSet::new();
    before.chain(&dated).filter(|(_, c)| seen.insert(*c)).map(|(_, c)| c.to_string()).collect()
}

/// Does the revision have the words? Then they are kept.
fn found(s: &mut Snapshot, (duty, part, record): &(u32, Part, u32), then: &Register, roster: &Roster) -> bool {
    let ob = s.roster.duties[*duty as usize].obligation as usize;
    let id = s.register.obligations[ob].id.as_str();
    let (Some(old), Some(signed)) = (then.obligation_index.get(id), &s.log.records[*record as usize].entry.fp) else { return false };
    let (o, owner) = (&then.obligations[*old as usize], &roster.owners[*old as usize]);
    let fits = part.of(&fp::of(o, owner)) == part.of(signed);
    if fits {
        s.then.get_or_insert_default().insert((*duty, *part), wording::say(o, owner, *part));
    }
    fits
}
