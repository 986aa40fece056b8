//! The lists: task breakdown, ledger, by sector, by tier, and the four that press.

use super::ask::Ask;
use super::columns::days_late;
use super::dress::page;
use super::due;
use super::rows::{self, Group, block, by_due};
use super::tally;
use crate::model::{Status, Term, terms as t};
use crate::page::{Block, Page};
use crate::report::groups::{By, groups};

/// 督办台账: one row an assignment, by part and id.
pub fn ledger(ask: &Ask) -> Page {
    let keys = ["seq", "id", "title", "lead", "support", "person", "due", "status", "light", "progress", "issues", "next"];
    let list = block(ask, "ledger", &keys, &rows::by_part(ask));
    page(ask, "ledger", Term("督办台账", "Supervision ledger"), vec![list], due::note(ask, &ask.selected).into_iter().collect())
}

/// 分领域情况表: by the sectors that an item reaches, not by its primary one.
pub fn by_sector(ask: &Ask) -> Page {
    let keys = ["id", "title", "lead", "status", "light", "due", "progress"];
    let title = Term("分领域情况表", "By sector");
    grouped(ask, "by-sector", title, By::Sector, t::SECTOR, &keys, |ask, duties| {
        duties.sort_by(|a, b| order(ask, *a).cmp(&order(ask, *b)));
    })
}

/// 三级责任情况表: regulator, enterprise, user, and “—” for what is outside the three.
pub fn by_tier(ask: &Ask) -> Page {
    let keys = ["tier", "id", "title", "lead", "status", "light"];
    let title = Term("三级责任情况表", "By tier");
    grouped(ask, "by-tier", title, By::Tier, t::TIER, &keys, |ask, duties| {
        let sector = |d: usize| {
            let code = ask.obligation(d).sector.as_deref().unwrap_or("");
            ask.s.register.sectors.iter().position(|s| s.code.as_str() == code)
        };
        duties.sort_by(|a, b| (sector(*a), order(ask, *a)).cmp(&(sector(*b), order(ask, *b))));
    })
}

fn order<'a>(ask: &'a Ask, duty: usize) -> (usize, &'a str, usize) {
    (ask.part(ask.ob(duty)).0, ask.obligation(duty).id.as_str(), duty)
}

/// Counts a group, then the groups with their rows.
fn grouped(ask: &Ask, key: &str, title: Term, by: By, head: Term, keys: &[&str], sort: fn(&Ask, &mut Vec<usize>)) -> Page {
    let selected: std::collections::HashSet<usize> = ask.selected.iter().copied().collect();
    let all: Vec<Group> = groups(ask.s, by, &ask.selected, ask.lang)
        .into_iter()
        .map(|g| {
            let mut duties: Vec<usize> = g.obligations.iter().flat_map(|o| ask.s.roster.of(*o)).filter(|d| selected.contains(d)).collect();
            sort(ask, &mut duties);
            Group::under(g.name, duties)
        })
        .collect();
    let counts = Block::Table(tally::table(ask, "counts", by, head));
    page(ask, key, title, vec![counts, block(ask, key, keys, &all)], vec![t::ONCE_NOTE.say(ask.lang).into_owned()])
}

/// 逾期清单: rule R1, the longest overdue first.
pub fn overdue(ask: &Ask) -> Page {
    let mut late = firing(ask, "R1");
    late.sort_by_key(|d| (std::cmp::Reverse(days_late(ask, *d)), *d));
    let keys = ["id", "title", "lead", "person", "due", "days", "extensions", "issues", "next"];
    let list = block(ask, "overdue", &keys, &[Group::plain(late.clone())]);
    page(ask, "overdue", Term("逾期清单", "Overdue list"), vec![list], due::note(ask, &late).into_iter().collect())
}

/// 临期清单: rule A1.
pub fn near_due(ask: &Ask) -> Page {
    let mut near = firing(ask, "A1");
    near.sort_by(|a, b| by_due(ask, *a, *b));
    let keys = ["id", "title", "lead", "person", "due", "days_left", "status", "next"];
    let days = ask.s.register.settings.thresholds.near_days;
    let note =
        ask.say(format!("临期：距时限 {days} 天以内且未申请验收。"), format!("Due soon: due within {days} days and not yet submitted."));
    let list = block(ask, "near-due", &keys, &[Group::plain(near.clone())]);
    page(ask, "near-due", Term("临期清单", "Due soon"), vec![list], std::iter::once(note).chain(due::note(ask, &near)).collect())
}

/// 未启动清单, by due date.
pub fn not_started(ask: &Ask) -> Page {
    let mut all: Vec<usize> = ask.selected.iter().copied().filter(|d| ask.s.folded.states[*d].status == Status::NotStarted).collect();
    all.sort_by(|a, b| by_due(ask, *a, *b));
    let keys = ["id", "title", "lead", "person", "due", "light", "remark"];
    let list = block(ask, "not-started", &keys, &[Group::plain(all.clone())]);
    page(ask, "not-started", Term("未启动清单", "Not-started list"), vec![list], due::note(ask, &all).into_iter().collect())
}

/// 无牵头单位清单: whatever their light, for a grey one must not vanish.
pub fn no_owner(ask: &Ask) -> Page {
    let none: Vec<usize> = ask.by_part().into_iter().filter(|d| ask.s.roster.duties[*d].dept.is_none()).collect();
    let keys = ["id", "title", "proposed_lead", "listed_on", "remark"];
    let list = block(ask, "no-owner", &keys, &[Group::plain(none)]);
    page(ask, "no-owner", Term("无牵头单位清单", "No-owner list"), vec![list], vec![t::NO_OWNER_NOTE.say(ask.lang).into_owned()])
}

/// Assignments for which a rule of the lights fires.
pub fn firing(ask: &Ask, code: &str) -> Vec<usize> {
    ask.selected.iter().copied().filter(|d| ask.s.folded.states[*d].reasons.contains(&code)).collect()
}
