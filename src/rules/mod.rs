//! What is wrong: one file and one page of prose a rule, one table.
//!
//! Order of things: [`TABLE`] lists every rule; [`run`] asks them all, gives each
//! finding its level, lets waivers have their say and works out the places. Data
//! errors (E…) and log errors met while reading come with the snapshot; their rules
//! stand in the table without a check of their own. `waivers` judges what covers what.

mod judge;
mod lights;
mod prelude;
mod reading;
mod rule;

pub use judge::Overrides;
pub use rule::{Rule, page};

use crate::finding::{Outcome, RuleInfo};
use crate::snapshot::Snapshot;

macro_rules! table {
    ($($rule:ident)+) => {
        $(mod $rule;)+
        const OWN: &[Rule] = &[$(Rule { info: $rule::RULE, check: Some($rule::check) }),+];
    };
}

table! {
    e008 e009 e010 e011 e013 e014 e015 e017
    o001 o002 o003 o004 o005 o006 o007 o008 o009
    d001 d002 d003 d004
    l005 l006 l007 l008 l011 l012 l013 l017
    s001 s002 s003 s004 s005 s006
    w004
}

/// Every rule, by id.
pub static TABLE: std::sync::LazyLock<Vec<Rule>> = std::sync::LazyLock::new(|| {
    let mut all: Vec<Rule> = OWN.iter().map(|e| Rule { info: e.info, check: e.check }).collect();
    all.extend(reading::RULES.iter().chain(judge::RULES).map(|info| Rule { info: *info, check: None }));
    all.extend(lights::RULES.iter().enumerate().map(|(i, info)| Rule { info: *info, check: (i == 0).then_some(lights::check as _) }));
    all.sort_by_key(|e| order(e.info.id));
    all
});

/// E, O, D, L, S, R, A, W; then by number.
fn order(id: &str) -> (usize, u32) {
    let (letter, number) = id.split_at(1);
    ("EODLSRAW".find(letter).unwrap_or(9), number.parse().unwrap_or(0))
}

/// The rule with an id, upper or lower case.
pub fn find(id: &str) -> Option<&'static RuleInfo> {
    TABLE.iter().map(|e| &e.info).find(|i| i.id.eq_ignore_ascii_case(id))
}

/// Asks every rule.
pub fn run(s: &Snapshot, overrides: &Overrides) -> Outcome {
    judge::run(&TABLE, s, overrides)
}
