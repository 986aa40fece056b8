//! The roster: who carries what, after the plan has had its say.
//!
//! The effective owner is the plan's, else the catalogue's (FORMATS, Registers).
//! In a unit that borrows its catalogue, a department of the catalogue stands for
//! the unit's own body that `acts_for` it; two departments served by one body
//! become one lead, and a support that is then lead is dropped. The owner rules
//! judge this effective owner, never the written one.

use super::catalogue::Owner;
use super::register::{At, Register};
use super::{LeadMode, Text, UnitId};
use std::collections::HashMap;

/// The effective owner of one obligation.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// Written mode; `None` when no owner is written at all.
    pub mode: Option<LeadMode>,
    /// Leads, as present ids.
    pub lead: Vec<UnitId>,
    /// Supports, as present ids.
    pub support: Vec<UnitId>,
    /// Basis of the naming.
    pub basis: Option<Text>,
    /// Leads that handed over: id and last day.
    pub former: Vec<super::catalogue::FormerLead>,
    /// The plan item that overrides it, if any.
    pub plan: Option<u32>,
}

/// One assignment: an obligation at one lead department, or at nobody.
#[derive(Debug, Clone)]
pub struct Duty {
    /// Index of the obligation.
    pub obligation: u32,
    /// Present id of the lead; `None` = no lead, its own row in every table.
    pub dept: Option<UnitId>,
    /// Index of its plan item.
    pub plan: Option<u32>,
}

/// All assignments, in display order.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Effective owner by obligation index.
    pub owners: Vec<Effective>,
    /// Every assignment.
    pub duties: Vec<Duty>,
    /// First assignment of each obligation; one more at the end.
    pub first: Vec<u32>,
    /// Plan items that match no assignment.
    pub unmatched_plan: Vec<u32>,
    /// Plan items that repeat another's assignment.
    pub repeated_plan: Vec<(u32, u32)>,
}

impl Roster {
    /// Works the roster out of a register.
    pub fn build(register: &Register) -> Roster {
        let stand_in = stand_ins(register);
        let mut overrides: HashMap<&str, u32> = HashMap::new();
        let mut repeated = Vec::new();
        for (i, item) in register.plan.iter().enumerate() {
            if item.owner.is_some()
                && let Some(old) = overrides.insert(item.duty.as_str(), i as u32)
            {
                repeated.push((i as u32, old));
            }
        }
        let mut roster = Roster { repeated_plan: repeated, ..Roster::default() };
        for (i, obligation) in register.obligations.iter().enumerate() {
            let plan = overrides.get(obligation.id.as_str()).copied();
            let written = plan.and_then(|p| register.plan[p as usize].owner.as_ref());
            let owner = match written {
                Some(owner) => resolve(register, &HashMap::new(), owner),
                None => obligation.owner.as_ref().map(|o| resolve(register, &stand_in, o)).unwrap_or_default(),
            };
            roster.first.push(roster.duties.len() as u32);
            if owner.lead.is_empty() {
                roster.duties.push(Duty { obligation: i as u32, dept: None, plan: None });
            }
            for lead in &owner.lead {
                roster.duties.push(Duty { obligation: i as u32, dept: Some(lead.clone()), plan: None });
            }
            roster.owners.push(Effective { plan, ..owner });
        }
        roster.first.push(roster.duties.len() as u32);
        roster.attach_plan(register);
        roster
    }

    fn attach_plan(&mut self, register: &Register) {
        for (i, item) in register.plan.iter().enumerate() {
            let bare = item.person.is_none() && item.contact.is_none() && item.start.is_none() && item.due.is_none();
            if item.owner.is_some() && bare {
                // An owner on one assignment is told by O007 in its own words.
                if !item.duty.as_str().contains('@') && !register.obligation_index.contains_key(item.duty.as_str()) {
                    self.unmatched_plan.push(i as u32);
                }
                continue;
            }
            match self.find(register, item.duty.as_str()) {
                Some(duty) => match self.duties[duty].plan {
                    Some(old) => self.repeated_plan.push((i as u32, old)),
                    None => self.duties[duty].plan = Some(i as u32),
                },
                None => self.unmatched_plan.push(i as u32),
            }
        }
    }

    /// The assignment meant by `OPN-3.18@DEP-NDRC`, or by `OPN-3.18` where there is one lead.
    pub fn find(&self, register: &Register, written: &str) -> Option<usize> {
        let (id, dept) = written.split_once('@').map_or((written, None), |(id, d)| (id, Some(d)));
        let ob = *register.obligation_index.get(id)? as usize;
        let mut range = self.of(ob);
        match dept {
            None => (range.len() == 1).then_some(range.start),
            Some(dept) => {
                let dept = register.current(dept);
                range.find(|i| self.duties[*i].dept.as_ref().is_some_and(|d| register.current(d) == dept))
            }
        }
    }

    /// Indices of an obligation's assignments.
    pub fn of(&self, obligation: usize) -> std::ops::Range<usize> {
        self.first[obligation] as usize..self.first[obligation + 1] as usize
    }

    /// `OPN-3.18@DEP-NDRC`; `OPN-3.18` alone where there is one lead or none.
    pub fn id(&self, register: &Register, duty: usize) -> String {
        let d = &self.duties[duty];
        let id = &register.obligations[d.obligation as usize].id;
        match &d.dept {
            Some(dept) if self.of(d.obligation as usize).len() > 1 => format!("{id}@{dept}"),
            _ => id.to_string(),
        }
    }

    /// `OPN-3.18@DEP-NDRC` always, `OPN-3.18@-` without lead.
    pub fn full_id(&self, register: &Register, duty: usize) -> String {
        let d = &self.duties[duty];
        format!("{}@{}", register.obligations[d.obligation as usize].id, d.dept.as_deref().unwrap_or("-"))
    }

    /// Where the plan speaks of an assignment.
    pub fn plan_at(&self, register: &Register, duty: usize) -> Option<At> {
        self.duties[duty].plan.map(|p| register.plan[p as usize].at)
    }
}

/// The unit's own body for each department of the catalogue.
fn stand_ins(register: &Register) -> HashMap<&str, &UnitId> {
    let mut map = HashMap::new();
    if register.borrowed {
        for body in &register.bodies[..register.own_bodies] {
            for dept in &body.acts_for.0 {
                map.entry(register.current(dept)).or_insert(&body.id);
            }
        }
    }
    map
}

fn resolve(register: &Register, stand_in: &HashMap<&str, &UnitId>, owner: &Owner) -> Effective {
    // A former id is left as written where it is a lead: rule O004 speaks of it.
    let own = |id: &UnitId| match stand_in.is_empty() {
        true => id.clone(),
        false => stand_in.get(register.current(id)).map_or_else(|| id.clone(), |b| (*b).clone()),
    };
    let mut lead: Vec<UnitId> = Vec::with_capacity(owner.lead.len());
    for id in owner.lead.iter().map(own) {
        if stand_in.is_empty() || !lead.contains(&id) {
            lead.push(id);
        }
    }
    let mut support: Vec<UnitId> = Vec::new();
    for id in owner.support.iter().map(own) {
        if stand_in.is_empty() || !(lead.contains(&id) || support.contains(&id)) {
            support.push(id);
        }
    }
    Effective { mode: Some(owner.mode), lead, support, basis: owner.basis.clone(), former: owner.former.clone(), plan: None }
}
