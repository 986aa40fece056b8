//! Grouping for `status` and `coverage`: by department, sector, part, policy, tier, person.
//!
//! Department and person rows count assignments; the others count obligations by their
//! roll-up. The grand total counts every obligation once, the undecodable ones too.

use crate::model::{Lang, Quick, Register, terms as t};
use crate::snapshot::Snapshot;
use std::collections::BTreeMap;

/// What to group by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Lead department.
    Department,
    /// Sector reached.
    Sector,
    /// Part of the policy.
    Part,
    /// Policy.
    Policy,
    /// Tier that bears it.
    Tier,
    /// Named person.
    Person,
}

impl By {
    /// True when rows count assignments and not obligations.
    pub fn counts_assignments(self) -> bool {
        matches!(self, By::Department | By::Person)
    }
}

/// One group with what is in it.
#[derive(Debug, Clone)]
pub struct Group {
    /// Id of the department, sector …; `-` where there is none.
    pub key: String,
    /// Its name on the day shown.
    pub name: String,
    /// Assignments, where those are counted.
    pub duties: Vec<usize>,
    /// Obligations, where those are counted.
    pub obligations: Vec<usize>,
}

/// Groups in the order in which readers expect them.
pub fn groups(s: &Snapshot, by: By, selected: &[usize], lang: Lang) -> Vec<Group> {
    let r = &s.register;
    let mut found: BTreeMap<(usize, String), Group> = BTreeMap::new();
    if by == By::Department {
        return departments(s, selected, lang);
    }
    let mut put = |order: usize, key: &str, name: &dyn Fn() -> String, duty: Option<usize>, ob: Option<usize>| {
        let g = found.entry((order, key.to_string())).or_insert_with(|| Group {
            key: key.to_string(),
            name: name(),
            duties: Vec::new(),
            obligations: Vec::new(),
        });
        g.duties.extend(duty);
        g.obligations.extend(ob);
    };
    let last = usize::MAX;
    for duty in selected {
        let d = &s.roster.duties[*duty];
        if by == By::Person {
            match d.plan.and_then(|p| r.plan[p as usize].person.as_ref()) {
                Some(p) => put(0, p.as_str(), &|| p.to_string(), Some(*duty), None),
                None => put(last, "-", &|| t::NO_PERSON.say(lang).into_owned(), Some(*duty), None),
            }
        }
    }
    for ob in obligations(s, selected) {
        let o = &r.obligations[ob];
        match by {
            By::Sector => {
                let reached: Vec<&str> = if o.reaches.is_empty() {
                    o.sector.iter().map(|x| x.as_str()).collect()
                } else {
                    o.reaches.iter().map(|x| x.as_str()).collect()
                };
                for code in &reached {
                    let at = r.sectors.iter().position(|x| x.code.as_str() == *code).unwrap_or(last - 1);
                    put(at, code, &|| r.name(code, s.day(), lang), None, Some(ob));
                }
                if reached.is_empty() {
                    put(last, "-", &|| t::OUTSIDE.say(lang).into_owned(), None, Some(ob));
                }
            }
            By::Part => {
                let parts = r.policies.iter().flat_map(|p| &p.policy.parts);
                let hit = parts.enumerate().find(|(_, p)| p.id.as_str() == o.id.part());
                let name = || hit.map_or(o.id.part().to_string(), |(_, p)| format!("{} {}", p.id, p.title.say(lang)));
                put(hit.map_or(last, |(i, _)| i), o.id.part(), &name, None, Some(ob));
            }
            By::Policy => {
                let at = r.policies.iter().position(|p| p.policy.code.as_str() == o.id.policy());
                let name = || {
                    at.map_or(o.id.policy().to_string(), |i| {
                        r.policies[i].policy.short.as_ref().unwrap_or(&r.policies[i].policy.title).say(lang).into_owned()
                    })
                };
                put(at.unwrap_or(last), o.id.policy(), &name, None, Some(ob));
            }
            By::Tier => {
                for tier in &o.tier.bearer.0 {
                    put(*tier as usize, tier.code(), &|| tier.term().say(lang).into_owned(), None, Some(ob));
                }
                if o.tier.bearer.0.is_empty() {
                    put(last, "-", &|| t::OUTSIDE.say(lang).into_owned(), None, Some(ob));
                }
            }
            By::Department | By::Person => {}
        }
    }
    found.into_values().collect()
}

/// By department: a million assignments have a few, so each is looked up once.
fn departments(s: &Snapshot, selected: &[usize], lang: Lang) -> Vec<Group> {
    let r = &s.register;
    let mut places: Quick<Option<&str>, usize> = Quick::default();
    let mut lists: Vec<Vec<usize>> = Vec::new();
    for (at, duty) in selected.iter().enumerate() {
        let place = *places.entry(s.roster.duties[*duty].dept.as_deref()).or_insert_with(|| {
            lists.push(Vec::new());
            lists.len() - 1
        });
        lists[place].push(at);
    }
    let mut found: BTreeMap<(usize, &str), Group> = BTreeMap::new();
    for (dept, list) in places {
        let key = dept.map_or("-", |d| r.current(d));
        let order = dept.map_or(usize::MAX, |d| place(r, r.body_index.get(d).copied()));
        let name = || if dept.is_some() { r.name(key, s.day(), lang) } else { t::NO_LEAD.say(lang).into_owned() };
        let fresh = || Group { key: key.to_string(), name: name(), duties: Vec::new(), obligations: Vec::new() };
        found.entry((order, key)).or_insert_with(fresh).duties.append(&mut lists[list]);
    }
    let mut all: Vec<Group> = found.into_values().collect();
    for group in &mut all {
        // Under several ids, one department's assignments came in several lists.
        group.duties.sort_unstable();
        group.duties.iter_mut().for_each(|at| *at = selected[*at]);
    }
    all
}

/// Bodies in their written order of precedence, those without after them.
pub fn place(r: &Register, index: Option<u32>) -> usize {
    index.map_or(usize::MAX - 1, |i| r.bodies[i as usize].order.map_or(1_000_000 + i as usize, |o| o as usize))
}

/// Obligations of a selection of assignments, each once.
pub fn obligations(s: &Snapshot, selected: &[usize]) -> Vec<usize> {
    let mut all: Vec<usize> = selected.iter().map(|d| s.roster.duties[*d].obligation as usize).collect();
    all.dedup();
    all.sort_unstable();
    all.dedup();
    all
}
