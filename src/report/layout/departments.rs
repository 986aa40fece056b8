//! 部门任务清单: every department with what it leads and what it supports.
//!
//! An item appears under each department that has part in it. The row of a supporting unit
//! shows the lead's status; only lead rows are counted, or the sums would double. What has
//! no lead stands last, under a heading of its own.

use super::ask::Ask;
use super::dress::page;
use super::rows::{Group, block, by_due};
use super::tally;
use crate::model::{Light, Term, terms as t};
use crate::page::{Block, Page};
use crate::report::groups::{By, place};
use crate::report::rows::lead_name;
use std::collections::BTreeMap;

/// A department's rows.
#[derive(Default)]
pub struct Share {
    /// Assignments that it leads.
    pub leads: Vec<usize>,
    /// Assignments of others that it supports.
    pub supports: Vec<usize>,
}

/// Present id of each department, in order of precedence, with its share of the selection;
/// `-` last for what has no lead.
pub fn shares(ask: &Ask) -> BTreeMap<(usize, String), Share> {
    let r = &ask.s.register;
    let mut all: BTreeMap<(usize, String), Share> = BTreeMap::new();
    let key = |id: &str| (place(r, r.body_index.get(id).copied()), r.current(id).to_string());
    for duty in &ask.selected {
        let ob = ask.ob(*duty);
        let lead = ask.s.roster.duties[*duty].dept.as_deref();
        all.entry(lead.map_or((usize::MAX, "-".into()), key)).or_default().leads.push(*duty);
        for support in &ask.s.roster.owners[ob].support {
            // Who leads a part of the item already has its own row.
            let leads =
                ask.s.roster.of(ob).any(|d| ask.s.roster.duties[d].dept.as_deref().map(|x| r.current(x)) == Some(r.current(support)));
            if !leads {
                all.entry(key(support)).or_default().supports.push(*duty);
            }
        }
    }
    all
}

/// Light (red first), then due date.
pub fn urgency(ask: &Ask, duties: &mut [usize]) {
    duties.sort_by(|a, b| {
        let light = |d: usize| ask.s.folded.states[d].light;
        light(*a).cmp(&light(*b)).then_with(|| by_due(ask, *a, *b))
    });
}

/// Lead rows, then support rows, each with its role.
pub fn roles(ask: &Ask, share: &Share) -> Vec<(usize, String)> {
    let (mut leads, mut supports) = (share.leads.clone(), share.supports.clone());
    urgency(ask, &mut leads);
    urgency(ask, &mut supports);
    let lead = t::ROLE_LEAD.say(ask.lang);
    let with = |d: usize| {
        let name = lead_name(ask.s, d, ask.lang);
        ask.say(format!("配合（牵头：{name}）"), format!("support (lead: {name})"))
    };
    leads.into_iter().map(|d| (d, lead.to_string())).chain(supports.into_iter().map(|d| (d, with(d)))).collect()
}

fn heading(ask: &Ask, id: &str, share: &Share) -> String {
    if id == "-" {
        return t::NO_LEAD.say(ask.lang).into_owned();
    }
    let count = |l: Light| share.leads.iter().filter(|d| ask.s.folded.states[**d].light == l).count();
    let lights: Vec<String> = Light::ALL.iter().map(|l| format!("{}{}", l.term().say(ask.lang), count(*l))).collect();
    let (n, m) = (share.leads.len(), share.supports.len());
    let told = ask.say(format!("牵头 {n} 项、配合 {m} 项",), format!("leads {n}, supports {m}"));
    format!("{} · {told} · {}", ask.name(id), lights.join(" "))
}

/// The list of every department.
pub fn by_department(ask: &Ask) -> Page {
    let groups: Vec<Group> =
        shares(ask).into_iter().map(|((_, id), share)| Group { head: Some(heading(ask, &id, &share)), rows: roles(ask, &share) }).collect();
    let keys = ["id", "title", "part", "role", "due", "status", "light", "progress", "issues", "next"];
    let counts = Block::Table(tally::table(ask, "counts", By::Department, t::DEPARTMENT));
    let notes = [t::LEAD_NOTE, t::TOTAL_NOTE_DEPT].map(|n| n.say(ask.lang).into_owned()).to_vec();
    page(ask, "by-department", Term("部门任务清单", "By department"), vec![counts, block(ask, "by-department", &keys, &groups)], notes)
}
