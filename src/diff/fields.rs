//! An obligation and a plan as named words, in the order of the file.

use crate::model::catalogue::FormerLead;
use crate::model::*;
use crate::snapshot::Snapshot;

/// Name and words; a field that is not there has none.
pub type Fields = Vec<(&'static str, String)>;

fn words(out: &mut Fields, zh: &'static str, en: &'static str, w: Option<&Words>) {
    out.push((zh, w.and_then(|w| w.zh.as_deref()).unwrap_or("").to_string()));
    out.push((en, w.and_then(|w| w.en.as_deref()).unwrap_or("").to_string()));
}

fn list<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|x| x.as_ref().to_string()).collect::<Vec<_>>().join(", ")
}

fn plain(text: Option<&Text>) -> String {
    text.map_or_else(String::new, |t| t.to_string())
}

fn cycle(c: Option<Cycle>) -> String {
    c.and_then(|c| serde_json::to_value(c).ok()).and_then(|v| v.as_str().map(String::from)).unwrap_or_default()
}

fn both(w: &Words) -> String {
    [&w.zh, &w.en].into_iter().flatten().map(|x| x.to_string()).collect::<Vec<_>>().join(" / ")
}

fn former(all: &[FormerLead]) -> String {
    list(all.iter().map(|f| format!("{} → {}", f.dept, f.to.0)))
}

/// Fields that are prose: their difference is shown by words.
pub fn is_prose(field: &str) -> bool {
    ["title", "requirement", "practice", "note", "remark", "bearer.context"].iter().any(|p| field.starts_with(p))
}

/// An obligation, with its effective owner.
pub fn obligation(s: &Snapshot, i: usize) -> Fields {
    let o = &s.register.obligations[i].node;
    let owner = &s.roster.owners[i];
    let mut out = Fields::new();
    words(&mut out, "title.zh", "title.en", Some(&o.title));
    words(&mut out, "requirement.zh", "requirement.en", Some(&o.requirement));
    words(&mut out, "practice.zh", "practice.en", o.practice.as_ref());
    words(&mut out, "section.zh", "section.en", o.section.as_ref());
    let source = o.source.as_ref();
    let needs = o.needs.iter().map(|n| {
        let why = n.why.as_ref().map_or_else(String::new, |w| format!(" ({})", both(w)));
        format!("{} {}{why}", n.kind.code(), n.on)
    });
    let indicators = o.indicators.iter().map(|k| {
        let unit = k.unit.as_ref().map_or_else(String::new, both);
        let direction = k.direction.map_or("", |d| d.code());
        list(
            [k.id.to_string(), both(&k.name), unit, direction.to_string(), cycle(k.cycle), plain(k.basis.as_ref())]
                .into_iter()
                .filter(|x| !x.is_empty()),
        )
    });
    out.extend([
        ("revision", o.revision.map_or_else(String::new, |r| r.to_string())),
        ("kind", o.kind.code().to_string()),
        ("modality", o.modality.code().to_string()),
        ("source.layer", source.map_or_else(String::new, |x| x.layer.to_string())),
        ("source.at", source.map_or_else(String::new, |x| x.at.to_string())),
        ("source.also", source.map_or_else(String::new, |x| list(x.also.iter().map(|a| a.as_str())))),
        ("source.anchor", source.map_or_else(String::new, |x| x.anchor.to_string())),
        ("source.nth", source.and_then(|x| x.nth).map_or_else(String::new, |n| n.to_string())),
        ("bearer.text", o.bearer.as_ref().map_or_else(String::new, |b| list(b.text.0.iter().map(|t| t.as_str())))),
        ("bearer.context", o.bearer.as_ref().map_or_else(String::new, |b| plain(b.context.as_ref()))),
        ("owner.mode", owner.mode.map_or("", |m| m.code()).to_string()),
        ("owner.lead", list(owner.lead.iter().map(|d| d.as_str()))),
        ("owner.support", list(owner.support.iter().map(|d| d.as_str()))),
        ("owner.former", former(&owner.former)),
        ("owner.basis", plain(owner.basis.as_ref())),
        ("sector", o.sector.as_ref().map_or_else(String::new, |x| x.to_string())),
        ("reaches", list(o.reaches.iter().map(|x| x.as_str()))),
        ("tier.bearer", list(o.tier.bearer.0.iter().map(|t| t.code()))),
        ("tier.addressed", list(o.tier.addressed.0.iter().map(|t| t.code()))),
        ("enterprises", list(o.enterprises.iter().map(|x| x.as_str()))),
        ("users", list(o.users.iter().map(|x| x.as_str()))),
        ("needs", list(needs)),
        ("recurrence", o.recurrence.code().to_string()),
        ("review", cycle(o.review)),
        ("evidence", list(o.evidence.iter().map(|e| format!("{}{}", e.kind.as_str(), if e.required { " (required)" } else { "" })))),
        ("indicators", indicators.collect::<Vec<_>>().join("; ")),
        ("note", plain(o.note.as_ref())),
        ("foreign_id", plain(o.foreign_id.as_ref())),
    ]);
    out
}

/// What the plan says of an assignment; nothing where it is silent.
pub fn plan(s: &Snapshot, duty: usize) -> Fields {
    let item = s.roster.duties[duty].plan.map(|p| &s.register.plan[p as usize].node);
    let set = item.and_then(|p| p.due_set.as_ref());
    let mut out = Fields::from([
        ("person", item.map_or_else(String::new, |p| plain(p.person.as_ref()))),
        ("contact", item.map_or_else(String::new, |p| plain(p.contact.as_ref()))),
        ("start", item.and_then(|p| p.start).map_or_else(String::new, |d| d.0.to_string())),
        ("due", item.and_then(|p| p.due).map_or_else(String::new, |d| d.to_string())),
        ("due_set.by", set.map_or_else(String::new, |d| d.by.to_string())),
        ("due_set.on", set.map_or_else(String::new, |d| d.on.0.to_string())),
        ("due_set.basis", set.and_then(|d| d.basis.as_ref()).map_or_else(String::new, both)),
    ]);
    let targets =
        item.iter().flat_map(|p| &p.indicators).map(|(k, t)| format!("{k} {} → {}", plain(t.baseline.as_ref()), plain(t.target.as_ref())));
    out.push(("indicators", targets.collect::<Vec<_>>().join("; ")));
    words(&mut out, "remark.zh", "remark.en", item.and_then(|p| p.remark.as_ref()));
    out
}
