//! What a form is about: an assignment, an event that is lawful there for a post, and what it needs.

use crate::log::offer::{Wants, wants};
use crate::model::{Entry, Event, Role};
use crate::serve::call::{Call, Reply};
use crate::serve::who::{Visitor, may::May};
use crate::serve::write::assignment::find;
use crate::snapshot::Snapshot;

/// What a form is about.
pub struct About<'a> {
    /// The register as of now.
    pub s: &'a Snapshot,
    /// The assignment.
    pub duty: usize,
    /// Its id.
    pub id: String,
    /// The event.
    pub event: Event,
    /// What the event needs here.
    pub wants: Wants,
    /// The supporting department that speaks.
    pub via: Option<String>,
    /// The entry that it corrects or withdraws.
    pub fixes: Option<&'a Entry>,
}

impl<'a> About<'a> {
    /// What a path means for a post.
    ///
    /// # Errors
    /// 404 where it means nothing, 403 where the post may not, 409 where the state does not allow it.
    pub fn of(call: &Call, s: &'a Snapshot, who: &Visitor, id: &str, event: &str, fixes: Option<&str>) -> Result<About<'a>, Reply> {
        let duty = find(call, s, id)?;
        let event = Event::from_code(event).ok_or_else(|| Reply::problem(404, call.say("没有这种事项", "there is no such event")))?;
        let today = s.register.settings.time_zone.day(call.now);
        let may = May::new(s, today);
        let fixes = match fixes {
            None => None,
            Some(h) => {
                let found = s.log.records.iter().enumerate().find(|(i, r)| *r.entry.h == *h && s.folded.duty_of[*i] == Some(duty as u32));
                Some(
                    found
                        .map(|(_, r)| &r.entry)
                        .ok_or_else(|| Reply::problem(404, call.say("没有这条记录", "there is no such entry here")))?,
                )
            }
        };
        let lead = s.roster.duties[duty].dept.as_deref().unwrap_or("");
        let asked = fixes.map_or(event, |e| e.event);
        // A supervisor may withdraw what anybody recorded.
        let over = fixes
            .filter(|_| event == Event::Void && who.is(&[Role::Supervisor]))
            .map(|e| e.via.as_deref().map(|v| s.register.current(v).to_string()));
        let Some(via) = may.speaks(duty, who, asked).or(over) else {
            let why = may.allowed(lead, None, who, asked).err();
            return Err(Reply::problem(403, why.map_or_else(String::new, |w| w.say(call.lang).into_owned())));
        };
        if let Some(e) = fixes
            && e.via.as_deref().map(|v| s.register.current(v)) != via.as_deref()
        {
            return Err(Reply::problem(
                403,
                call.say("这条记录是另一单位报的，不能更正或撤回", "another unit reported this entry: it is theirs to correct or withdraw"),
            ));
        }
        if fixes.is_none() && !may.offered(duty, who).iter().any(|o| o.event == event) {
            let what = call.say(
                "以目前状态不能记录这一事项，页面可能已过时：请回到该办理项查看",
                "its present state does not allow this; the page may be out of date: look at the assignment again",
            );
            return Err(Reply::problem(409, what));
        }
        let facts = &may.facts()[duty];
        let ready = facts.requires.iter().all(|o| s.folded.obligations[*o as usize].0.finished());
        let types: Vec<&str> = s.register.evidence_types.iter().map(|t| t.code.as_str()).collect();
        let wants = match fixes {
            // A correction is judged at its old place, where other things were needed.
            Some(_) => Wants { fields: if event == Event::Void { vec!["reason"] } else { vec![] }, evidence: vec![] },
            None => wants(&s.folded.states[duty], facts, today, event, ready, &types),
        };
        Ok(About { s, duty, id: s.roster.full_id(&s.register, duty), event, wants, via, fixes })
    }
}

impl About<'_> {
    /// The lead department's present id.
    pub fn dept(&self) -> &str {
        self.s.roster.duties[self.duty].dept.as_deref().map_or("", |d| self.s.register.current(d))
    }
}
