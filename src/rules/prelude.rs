//! What every rule needs at hand.

pub use crate::finding::{Finding, RuleInfo, Spot, Step};
pub use crate::model::register::Table;
pub use crate::model::*;
pub use crate::snapshot::Snapshot;
pub use crate::text::did_you_mean;
pub use std::collections::{HashMap, HashSet};

/// The spot of a key of an obligation.
pub fn ob_spot(o: &Item<Obligation>, path: &[Step]) -> Spot {
    let mut all = vec![Step::Item(o.at.item as usize)];
    all.extend_from_slice(path);
    Spot::Node(o.at.file, all)
}

/// The spot of an element of one of the lists of a mapping file.
pub fn in_list(list: &'static str, at: At, path: &[Step]) -> Spot {
    let mut all = vec![Step::Key(list), Step::Item(at.item as usize)];
    all.extend_from_slice(path);
    Spot::Node(at.file, all)
}

/// The spot of an element of a list file.
pub fn in_file(at: At, path: &[Step]) -> Spot {
    let mut all = vec![Step::Item(at.item as usize)];
    all.extend_from_slice(path);
    Spot::Node(at.file, all)
}

/// May a plan item of the assignment stand in what could not be read? Then nobody says
/// that it plans nothing.
pub fn plan_lost(s: &Snapshot, duty: usize) -> bool {
    let full = s.roster.full_id(&s.register, duty);
    let bare = full.split('@').next().unwrap_or(&full);
    s.lost.may_hold(Table::Plan, &full) || s.lost.may_hold(Table::Plan, bare)
}

/// Where the effective owner of an obligation is written: the plan's override, else the catalogue.
pub fn owner_spot(s: &Snapshot, ob: usize, path: &[Step]) -> Spot {
    match s.roster.owners[ob].plan {
        Some(p) => in_file(s.register.plan[p as usize].at, path),
        None => ob_spot(&s.register.obligations[ob], path),
    }
}

/// Where an assignment's plan stands, else its obligation.
pub fn duty_spot(s: &Snapshot, duty: usize, key: &'static str) -> Spot {
    match s.roster.plan_at(&s.register, duty) {
        Some(at) => in_file(at, &[Step::Key(key)]),
        None => owner_spot(s, s.roster.duties[duty].obligation as usize, &[Step::Key("owner"), Step::Key("lead")]),
    }
}

/// The place of a line of the log.
pub fn line_spot(s: &Snapshot, record: usize) -> Spot {
    let r = &s.log.records[record];
    let file = &s.log.files[r.file as usize];
    let e = &r.entry;
    let line = format!(
        "{{\"seq\":{},…,\"by\":\"{}\",\"dept\":\"{}\",\"duty\":\"{}\",\"event\":\"{}\",…,\"h\":\"{}\"}}",
        e.seq,
        e.by,
        e.dept,
        e.duty,
        e.event.code(),
        e.h
    );
    Spot::Exact(crate::text::Place::line(&file.shown, r.line as usize, &line))
}

/// Are the findings of a rule still few? Asked while that rule is telling its own. Each suggestion
/// looks at every id, so that the first twenty have one and the others can be mended likewise.
pub fn few(out: &[Finding], rule: &str) -> bool {
    out.len() < 20 || out[out.len() - 20..].iter().any(|f| f.rule != rule)
}

/// "; did you mean X?" in both languages, or nothing. Only while findings are few: ten
/// thousand wrong ids against ten thousand right ones would take half a minute.
pub fn meant_if<'a>(few: bool, word: &str, known: impl IntoIterator<Item = &'a str>) -> (String, String) {
    if !few {
        return Default::default();
    }
    did_you_mean(word, known).map_or_else(Default::default, |n| (format!("；是否想写 {n}？"), format!("; did you mean {n}?")))
}
