//! One assignment as a row, and the small phrases that several reports share.

use crate::model::{Due, Lang, Light, terms as t};
use crate::page::{Cell, Tone};
use crate::snapshot::Snapshot;
use serde::Serialize;

/// One assignment.
#[derive(Debug, Clone, Serialize)]
pub struct DutyRow {
    /// Obligation id.
    pub id: String,
    /// `OPN-3.18@DEP-NDRC`.
    pub assignment: String,
    /// Lead department's present id; empty without lead.
    pub dept: String,
    /// Its short name on the day shown.
    pub lead: String,
    /// Title of the obligation.
    pub title: String,
    /// Its part.
    pub part: String,
    /// Code of the state.
    pub status: &'static str,
    /// Code of the light.
    pub light: &'static str,
    /// Rules that fire.
    pub reasons: Vec<&'static str>,
    /// Day, `standing`, or nothing.
    pub due: Option<String>,
    /// Named person.
    pub person: Option<String>,
    /// Newest percentage.
    pub percent: Option<u8>,
    /// Extensions so far.
    pub extensions: u32,
    /// Next review of an operating item.
    pub next_review: Option<String>,
    /// Entries refused at reading.
    pub unlawful: u32,
    /// Fields that changed since somebody signed the wording (L017).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outdated: Vec<&'static str>,
}

/// The row of an assignment.
pub fn duty_row(s: &Snapshot, i: usize, lang: Lang) -> DutyRow {
    let duty = &s.roster.duties[i];
    let o = &s.register.obligations[duty.obligation as usize];
    let state = &s.folded.states[i];
    let plan = duty.plan.map(|p| &s.register.plan[p as usize]);
    DutyRow {
        id: o.id.to_string(),
        assignment: s.roster.full_id(&s.register, i),
        dept: duty.dept.as_ref().map_or(String::new(), |d| s.register.current(d).to_string()),
        lead: lead_name(s, i, lang),
        title: o.title.say(lang).into_owned(),
        part: o.id.part().to_string(),
        status: state.status.code(),
        light: state.light.code(),
        reasons: state.reasons.to_vec(),
        due: state.due.map(|d| d.to_string()),
        person: plan.and_then(|p| p.person.as_ref()).map(|p| p.to_string()),
        percent: state.percent,
        extensions: state.extensions,
        next_review: state.next_review.map(|d| d.to_string()),
        unlawful: state.unlawful,
        outdated: s.outdated_at(i).map_or_else(Vec::new, |o| o.gap.codes()),
    }
}

/// The lead's short name on the day shown, or that there is none.
pub fn lead_name(s: &Snapshot, i: usize, lang: Lang) -> String {
    match &s.roster.duties[i].dept {
        Some(dept) => s.register.name(dept, s.day(), lang),
        None => t::NO_LEAD.say(lang).into_owned(),
    }
}

/// A due date in words: 长期坚持 and 未定 are not the same (reporting-habits section 9).
pub fn due_text(due: Option<Due>, lang: Lang) -> String {
    match due {
        Some(Due::On(day)) => day.to_string(),
        Some(Due::Standing) => t::STANDING.say(lang).into_owned(),
        None => t::NOT_SET.say(lang).into_owned(),
    }
}

/// The light's cell: its word with its colour, for ledgers are copied in black and white.
pub fn light_cell(light: Light, reasons: &[&str], lang: Lang) -> Cell {
    let word = light.term().say(lang);
    let text = if reasons.is_empty() { word.into_owned() } else { format!("{word} {}", reasons.join(" ")) };
    Cell::Light(tone(light), text)
}

/// Colour of a light.
pub fn tone(light: Light) -> Tone {
    match light {
        Light::Red => Tone::Red,
        Light::Amber => Tone::Amber,
        Light::Green => Tone::Green,
        Light::Grey => Tone::Grey,
    }
}
