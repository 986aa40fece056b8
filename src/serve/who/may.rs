//! What a post may record: the one place where that is decided.
//!
//! The states' side is asked of [`crate::log::offer`], the posts' side of [`crate::log::roles`];
//! both are what the judge asks again under the lock when the entry comes. So what a page
//! offers is what would be taken, and what it does not offer would be refused.

use super::visitor::Visitor;
use crate::finding::words;
use crate::log::Facts;
use crate::log::offer::{Offer, blank, offers};
use crate::log::roles::Desk as Posts;
use crate::model::{Entry, Event, Words};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;

/// Asks for one register on one day.
pub struct May<'a> {
    s: &'a Snapshot,
    facts: Vec<Facts<'a>>,
    posts: Option<Posts<'a>>,
    today: NaiveDate,
}

impl<'a> May<'a> {
    /// Over a register as of now.
    pub fn new(s: &'a Snapshot, today: NaiveDate) -> May<'a> {
        May { s, facts: s.facts(), posts: s.register.people.as_ref().map(|p| Posts::new(&s.register, p)), today }
    }

    /// The facts behind the rules, by assignment.
    pub fn facts(&self) -> &[Facts<'a>] {
        &self.facts
    }

    /// What a post may record of an assignment, in the order of the vocabulary.
    pub fn offered(&self, duty: usize, who: &Visitor) -> Vec<Offer> {
        let all = offers(&self.s.folded.states[duty], &self.facts[duty], self.today);
        // Nobody accepts what they applied for or agreed to.
        let own = self.s.folded.states[duty]
            .applied
            .as_ref()
            .is_some_and(|a| *a.by == *who.post || a.agreed.as_deref() == Some(who.post.as_str()));
        all.into_iter().filter(|o| !(own && o.event == Event::Accept) && self.speaks(duty, who, o.event).is_some()).collect()
    }

    /// Through whom a post may record an event: `Some(None)` for the lead's own record,
    /// `Some(Some(dept))` for a supporting department's; `None` where it may not.
    pub fn speaks(&self, duty: usize, who: &Visitor, event: Event) -> Option<Option<String>> {
        let d = &self.s.roster.duties[duty];
        let lead = d.dept.as_deref()?;
        if self.allowed(lead, None, who, event).is_ok() {
            return Some(None);
        }
        let own = who.dept.as_deref()?;
        let support = &self.s.roster.owners[d.obligation as usize].support;
        let supports = support.iter().any(|x| self.s.register.current(x) == own);
        (supports && event == Event::Progress && self.allowed(lead, Some(own), who, event).is_ok()).then(|| Some(own.to_string()))
    }

    /// May a post record an event in a department's record?
    ///
    /// # Errors
    /// Why not.
    pub fn allowed(&self, lead: &str, via: Option<&str>, who: &Visitor, event: Event) -> Result<(), Words> {
        let Some(posts) = &self.posts else {
            return Err(words("没有 people.yaml，无从核对角色".into(), "there is no people.yaml, so no role can be checked".into()));
        };
        let entry = Entry { by: who.post.as_str().into(), dept: lead.into(), via: via.map(Into::into), event, ..blank() };
        posts.may(&entry, &|_| None)
    }
}
