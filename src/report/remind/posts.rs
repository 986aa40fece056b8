//! Whom a department's mail goes to: the posts of people.yaml and the persons of the plan.

use crate::model::{Recipient, Role};
use crate::report::layout::Ask;
use std::collections::BTreeMap;

/// Posts of a department with their roles, by name; persons and contacts of the plan, for what
/// it leads, among them.
pub fn of(ask: &Ask, dept: &str) -> BTreeMap<String, Vec<Role>> {
    let r = &ask.s.register;
    let mut all: BTreeMap<String, Vec<Role>> = BTreeMap::new();
    for p in r.people.iter().flatten().filter(|p| p.department.as_deref().is_some_and(|d| r.current(d) == dept)) {
        all.entry(p.post.to_string()).or_default().extend(&p.roles);
    }
    for duty in leads(ask, dept) {
        let plan = ask.plan(duty);
        for name in plan.into_iter().flat_map(|p| [&p.person, &p.contact]).flatten() {
            all.entry(name.to_string()).or_default();
        }
    }
    all
}

/// Assignments of the selection that a department leads.
pub fn leads<'a>(ask: &'a Ask, dept: &'a str) -> impl Iterator<Item = usize> + 'a {
    let r = &ask.s.register;
    let led = move |d: &usize| ask.s.roster.duties[*d].dept.as_deref().is_some_and(|x| r.current(x) == dept);
    ask.selected.iter().copied().filter(led)
}

/// Those whom a letter about an assignment is written to: ids of posts and departments. Empty
/// where nobody is registered under that name.
pub fn recipients(ask: &Ask, duty: usize, to: Recipient) -> Vec<String> {
    let r = &ask.s.register;
    let d = &ask.s.roster.duties[duty];
    let lead = d.dept.as_deref().map(|x| r.current(x).to_string());
    match to {
        Recipient::Person => ask.plan(duty).and_then(|p| p.person.as_ref()).map(|p| p.to_string()).into_iter().collect(),
        Recipient::Lead => lead.into_iter().collect(),
        Recipient::Manager => {
            let heads = r.people.iter().flatten().filter(|p| p.roles.contains(&Role::Manager));
            heads.filter(|p| p.department.as_deref().map(|x| r.current(x)) == lead.as_deref()).map(|p| p.post.to_string()).collect()
        }
        Recipient::Units => {
            let support = ask.s.roster.owners[d.obligation as usize].support.iter().map(|x| r.current(x).to_string());
            lead.into_iter().chain(support).collect()
        }
        // Who they are the register says; a circular goes to them all.
        Recipient::All => Vec::new(),
    }
}
