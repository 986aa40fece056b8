//! Whose entry is it: the assignment that a line of the log belongs to.
//!
//! A department is known by its present id and every former one; a former lead's entries go to
//! its successor up to the day of the hand-over.

use crate::finding::words;
use crate::model::{Quick, Register, Roster, Words};
use chrono::NaiveDate;

/// Finds assignments by obligation and department.
pub(super) struct Matcher<'a> {
    register: &'a Register,
    roster: &'a Roster,
    /// Present id of a department to what it leads: obligation and assignment, by obligation.
    leads: Quick<&'a str, Vec<(u32, u32)>>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(register: &'a Register, roster: &'a Roster) -> Self {
        let mut leads: Quick<&str, Vec<(u32, u32)>> = Quick::default();
        // Asked a million times for the few departments there are: by the id as it is written.
        let mut places: Quick<&str, usize> = Quick::default();
        let mut lists: Vec<Vec<(u32, u32)>> = Vec::new();
        for (i, duty) in roster.duties.iter().enumerate() {
            if let Some(dept) = &duty.dept {
                let place = *places.entry(dept).or_insert_with(|| {
                    lists.push(Vec::new());
                    lists.len() - 1
                });
                lists[place].push((duty.obligation, i as u32));
            }
        }
        let mut written: Vec<(&str, usize)> = places.into_iter().collect();
        written.sort_unstable();
        for (dept, place) in written {
            let led = leads.entry(register.current(dept)).or_default();
            if led.is_empty() { *led = std::mem::take(&mut lists[place]) } else { led.append(&mut lists[place]) }
        }
        // Written under several ids, one department's lists are no longer in order.
        leads.values_mut().for_each(|all| all.sort_by_key(|(_, duty)| *duty));
        // Assignments stand in the order of the obligations; of two at one department the first counts.
        leads.values_mut().for_each(|all| all.dedup_by_key(|(ob, _)| *ob));
        Matcher { register, roster, leads }
    }

    /// What a department leads, under whatever id: obligation and assignment, by obligation.
    pub(super) fn of_dept(&self, dept: &str) -> &[(u32, u32)] {
        self.leads.get(self.register.current(dept)).map_or(&[], Vec::as_slice)
    }

    /// Are two departments one?
    pub(super) fn same(&self, a: &str, b: &str) -> bool {
        self.register.current(a) == self.register.current(b)
    }

    /// The assignment of an entry about a duty by a department, recorded on a day.
    ///
    /// # Errors
    /// Why it belongs to none.
    pub(super) fn duty(&self, duty: &str, dept: &str, day: NaiveDate) -> Result<u32, Words> {
        self.duty_of(self.of_dept(dept), duty, dept, day)
    }

    /// The same with what the department leads at hand: all entries of a file have one department.
    ///
    /// # Errors
    /// Why it belongs to none.
    pub(super) fn duty_of(&self, led: &[(u32, u32)], duty: &str, dept: &str, day: NaiveDate) -> Result<u32, Words> {
        let Some(ob) = self.register.obligation_index.get(duty).copied() else {
            return Err(words(format!("登记册里没有义务 {duty}"), format!("there is no obligation {duty} in the register")));
        };
        if let Ok(at) = led.binary_search_by_key(&ob, |(ob, _)| *ob) {
            return Ok(led[at].1);
        }
        let current = self.register.current(dept);
        let former = self.roster.owners[ob as usize].former.iter().find(|f| self.register.current(&f.dept) == current);
        match former {
            Some(f) if day <= f.to.0 => self
                .roster
                .of(ob as usize)
                .find(|i| self.roster.duties[*i].dept.is_some())
                .map(|i| i as u32)
                .ok_or_else(|| words("没有接手的牵头单位".into(), "no lead has taken over".into())),
            Some(f) => Err(words(format!("{dept} 已于 {} 移交 {duty}", f.to.0), format!("{dept} handed {duty} over on {}", f.to.0))),
            None => Err(words(
                format!("{dept} 既不是 {duty} 的牵头单位，也不是原牵头单位"),
                format!("{dept} is neither lead nor former lead of {duty}"),
            )),
        }
    }
}
