//! Which post may record what (people.yaml).
//!
//! Officers of the lead department write its record, those of a supporting one speak
//! through `via`; reviewers accept, supervisors regress and reopen, approvers and
//! managers consent. Roles do not change what the fold says: they are held at writing
//! and reported at reading, because people come and go and the record stays.

use crate::finding::words;
use crate::model::{Entry, Event, Item, Person, Register, Role, Words};
use std::collections::HashMap;

/// The posts of a register.
pub struct Desk<'a> {
    register: &'a Register,
    posts: HashMap<&'a str, &'a Person>,
}

impl<'a> Desk<'a> {
    /// From people.yaml.
    pub fn new(register: &'a Register, people: &'a [Item<Person>]) -> Desk<'a> {
        Desk { register, posts: people.iter().map(|p| (p.post.as_str(), &p.node)).collect() }
    }

    /// May this entry be made by its post, with the consent it names? `entry_of` finds an
    /// entry by its `h`, for voids and corrections.
    ///
    /// # Errors
    /// Who may not do what.
    pub fn may(&self, e: &Entry, entry_of: &dyn Fn(&str) -> Option<&'a Entry>) -> Result<(), Words> {
        use Role::*;
        let person = self.post(&e.by)?;
        let fixed = e.fixes.as_ref().and_then(|h| entry_of(h));
        let event = match e.event {
            Event::Void => fixed.map_or(Event::Progress, |f| f.event),
            other => other,
        };
        let any: &[Role] = match event {
            Event::Accept | Event::Return => &[Reviewer],
            Event::Regress | Event::Reopen => &[Supervisor],
            Event::Breach | Event::Remedy | Event::Inspect => &[Officer, Manager, Supervisor],
            Event::Suspend | Event::Exempt | Event::Restore => &[Officer, Manager, Approver],
            _ => &[Officer, Manager],
        };
        let void = e.event == Event::Void && person.roles.contains(&Supervisor);
        if !void && !person.roles.iter().any(|r| any.contains(r)) {
            let want: Vec<_> = any.iter().map(|r| r.term()).collect();
            return Err(words(
                format!("{} 没有记录 {} 的角色（需要：{}）", e.by, e.event.code(), want.iter().map(|t| t.0).collect::<Vec<_>>().join("或")),
                format!(
                    "{} may not record {}; the role needed is {}",
                    e.by,
                    e.event.code(),
                    any.iter().map(|r| r.code()).collect::<Vec<_>>().join(" or ")
                ),
            ));
        }
        // Whoever acts as reviewer, supervisor or approver stands beside the departments.
        let own_side = void || person.roles.iter().any(|r| any.contains(r) && matches!(r, Reviewer | Supervisor | Approver));
        let speaks_for = e.via.as_deref().unwrap_or(&e.dept);
        if let Some(dept) = person.department.as_ref().filter(|_| !own_side)
            && self.register.current(dept) != self.register.current(speaks_for)
        {
            return Err(words(
                format!("{} 属于 {dept}，不能代 {speaks_for} 填报", e.by),
                format!("{} belongs to {dept} and does not speak for {speaks_for}", e.by),
            ));
        }
        // Whose words they were, theirs they stay: a supporting unit does not rewrite the lead's
        // record, nor the lead what a supporting unit reported.
        if let Some(fixed) = fixed.filter(|_| !own_side) {
            let said = fixed.via.as_deref().unwrap_or(&fixed.dept);
            if self.register.current(said) != self.register.current(speaks_for) {
                return Err(words(
                    format!("所改条目是 {said} 报的，{speaks_for} 不能更正或撤回"),
                    format!("the entry was reported by {said}; {speaks_for} neither corrects nor withdraws it"),
                ));
            }
        }
        let Some(agreed) = &e.agreed else { return Ok(()) };
        let consent = self.post(agreed)?;
        let want = if event == Event::Apply { &[Manager, Approver][..] } else { &[Approver][..] };
        if consent.roles.iter().any(|r| want.contains(r)) {
            return Ok(());
        }
        Err(words(format!("{agreed} 没有同意 {} 的权限", event.code()), format!("{agreed} may not consent to {}", event.code())))
    }

    fn post(&self, post: &str) -> Result<&'a Person, Words> {
        self.posts.get(post).copied().ok_or_else(|| {
            let near = crate::text::did_you_mean(post, self.posts.keys().copied());
            words(
                format!("people.yaml 里没有 {post}{}", near.map_or(String::new(), |n| format!("；是否想写 {n}？"))),
                format!("{post} is not in people.yaml{}", near.map_or(String::new(), |n| format!("; did you mean {n}?"))),
            )
        })
    }
}
