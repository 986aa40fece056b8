//! The fields of a form: which, in what order, with what stands in them.

use super::about::About;
use crate::intake::{Fault, Proposal, proposal::Cited, table};
use crate::model::{Class, Due, Entry, Event, Role, Term, terms as t};
use crate::serve::call::{Call, Fields};
use maud::{Markup, html};

/// Fields that usually go with an event, besides those it needs.
fn usual(event: Event) -> &'static [&'static str] {
    match event {
        Event::Start => &["until", "note", "day"],
        Event::Progress => &["percent", "note", "issues", "next", "nil", "day"],
        Event::Apply => &["note"],
        Event::Accept => &["note"],
        Event::Review => &["note", "until"],
        Event::Measure => &["indicator", "value", "note", "day"],
        Event::Inspect => &["note", "issues", "until", "day"],
        Event::Suspend => &["reason", "note"],
        Event::Block => &["until", "note"],
        Event::Breach => &["note", "until", "day"],
        Event::Unblock | Event::Remedy => &["ref", "note"],
        Event::Void => &[],
        _ => &["note"],
    }
}

/// In this order.
const ORDER: [&str; 14] =
    ["percent", "indicator", "value", "nil", "note", "issues", "next", "reason", "release", "ref", "until", "day", "agreed", "evidence"];

/// Does the form show this field, so that a fault about it can stand beside it?
pub fn shown(about: &About, field: &str) -> bool {
    field == "evidence" || needed(about, field) || usual(about.event).contains(&field)
}

fn needed(about: &About, field: &str) -> bool {
    about.wants.fields.contains(&field)
}

fn label(field: &str, event: Event) -> Term {
    match (field, event) {
        ("percent", _) => t::PERCENT,
        ("indicator", _) => t::INDICATOR,
        ("value", _) => t::ACTUAL,
        ("nil", _) => t::NIL_REPORT,
        ("note", Event::Progress) => t::PROGRESS,
        ("note", _) => t::NOTE,
        ("issues", Event::Breach) => Term("违反情况", "What the breach is"),
        ("issues", _) => t::ISSUES,
        ("next", _) => t::NEXT,
        ("reason", _) => Term("理由", "Reason"),
        ("release", _) => Term("放行理由（前置事项未完成）", "Why accepted although a prerequisite is unfinished"),
        ("ref", Event::Remedy) => Term("所处置的违反", "The breach that this remedies"),
        ("ref", _) => Term("所解除的受阻", "The block that this ends"),
        ("until", Event::Suspend) => Term("恢复日期", "Resume on"),
        ("until", Event::Exempt) => Term("复查日期", "Re-check on"),
        ("until", Event::Block | Event::Breach) => Term("预计解决日期", "To be solved by"),
        ("until", Event::Review | Event::Inspect | Event::Measure) => Term("下次复核", "Next review"),
        ("until", Event::Extend | Event::Reopen | Event::Regress) => Term("新的完成时限", "New due date"),
        ("until", _) => t::DUE,
        ("day", _) => Term("发生日期", "True on"),
        ("agreed", Event::Apply) => Term("单位负责人同意", "Consent of the head of unit"),
        ("agreed", _) => Term("批准人", "Approver"),
        _ => t::EVIDENCE,
    }
}

fn hint(call: &Call, field: &str) -> &'static str {
    match field {
        "percent" => call.say("0 到 100", "0 to 100"),
        "nil" => call.say("本期确无进展时勾选", "tick where there is nothing to report"),
        "day" => call.say("不填即今天；不得晚于今天", "today when empty; never later"),
        "agreed" => call.say("提交后送该岗位同意，同意之后才成为记录", "that post is asked, and it becomes an entry once consent is given"),
        "value" => call.say("十进制数，照原样保存", "a decimal number, kept as written"),
        _ => "",
    }
}

/// Every field of the form.
pub fn all(call: &Call, about: &About, filled: &Fields, faults: &[Fault]) -> Markup {
    let mut here: Vec<&'static str> = ORDER.iter().copied().filter(|f| *f != "evidence" && shown(about, f)).collect();
    // What is needed comes first; the order is kept otherwise.
    here.sort_by_key(|f| !needed(about, f));
    let state = &about.s.folded.states[about.duty];
    let last = state.words.get().map(|w| &about.s.log.records[w as usize].entry).filter(|_| about.event == Event::Progress);
    html! {
        @if let Some(e) = last {
            p.quiet { (call.say("上次：", "Last: ")) (crate::model::entry::instant::show(&e.at).get(..10).unwrap_or("")) " " @if let Some(p) = state.percent { (p) "% " } (e.note.as_deref().unwrap_or("")) }
        }
        @for field in here { (row(call, about, field, filled, faults)) }
        @if !matches!(about.event, Event::Void | Event::Return | Event::Accept | Event::Attest) { (evidence(call, about, filled, faults)) }
    }
}

fn row(call: &Call, about: &About, field: &'static str, filled: &Fields, faults: &[Fault]) -> Markup {
    let must = needed(about, field)
        || (field == "value" || field == "indicator")
            && about.s.register.obligations[about.s.roster.duties[about.duty].obligation as usize].kind == crate::model::Kind::Outcome
            && about.event == Event::Measure;
    let wrong: Vec<String> =
        faults.iter().filter(|f| f.field == field).map(|f| table::joined(&f.what, &f.hint).say(call.lang).into_owned()).collect();
    let help = hint(call, field);
    let described = match (wrong.is_empty(), help.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("{field}-help")),
        (false, true) => Some(format!("{field}-err")),
        (false, false) => Some(format!("{field}-err {field}-help")),
    };
    html! {
        div.row {
            label.must[must] for=(field) { (label(field, about.event).say(call.lang)) }
            (control(call, about, field, filled.one(field).unwrap_or(""), must, described.as_deref(), !wrong.is_empty(), filled))
            @for w in &wrong { span.err id={ (field) "-err" } { (w) } }
            @if !help.is_empty() { small id={ (field) "-help" } { (help) } }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one control, and everything that may stand in it")]
fn control(call: &Call, about: &About, field: &str, value: &str, must: bool, by: Option<&str>, wrong: bool, filled: &Fields) -> Markup {
    let s = about.s;
    match field {
        "percent" => {
            html! { input id=(field) name=(field) inputmode="numeric" maxlength="4" value=(value) aria-describedby=[by] aria-invalid[wrong] required[must]; }
        }
        "nil" => {
            html! { span.lb { input type="checkbox" id=(field) name=(field) value="1" checked[!value.is_empty()] aria-describedby=[by]; } }
        }
        "until" => html! { div {
            input type="date" id=(field) name=(field) value=(value) aria-describedby=[by] aria-invalid[wrong] required[must && about.event != Event::Start];
            @if about.event == Event::Start { " " label { input type="checkbox" name="until_standing" value="1" checked[filled.one("until_standing").is_some()]; " " (t::STANDING.say(call.lang)) } }
        } },
        "day" => {
            html! { input type="date" id=(field) name=(field) value=(value) max=(s.register.settings.time_zone.day(call.now).to_string()) aria-describedby=[by] aria-invalid[wrong]; }
        }
        "indicator" => {
            let o = &s.register.obligations[s.roster.duties[about.duty].obligation as usize];
            html! { select id=(field) name=(field) aria-describedby=[by] required[must] {
                option value="" { "—" }
                @for k in &o.indicators { option value=(k.id.as_str()) selected[k.id.as_str() == value] { (k.id.as_str()) " " (k.name.say(call.lang)) } }
            } }
        }
        "value" => {
            html! { input id=(field) name=(field) inputmode="decimal" maxlength="40" value=(value) aria-describedby=[by] aria-invalid[wrong] required[must]; }
        }
        "ref" => {
            let state = &s.folded.states[about.duty];
            let open = if about.event == Event::Remedy { &state.breaches } else { &state.blocks };
            html! { select id=(field) name=(field) aria-describedby=[by] required[must] {
                @for x in open.iter() {
                    @let e = &s.log.records[x.record as usize].entry;
                    option value=(e.h) selected[*e.h == *value] { (crate::model::entry::instant::show(&e.at).get(..10).unwrap_or("")) " " (e.issues.as_deref().or(e.note.as_deref()).unwrap_or("").chars().take(40).collect::<String>()) }
                }
            } }
        }
        "agreed" => {
            let want: &[Role] = if about.event == Event::Apply { &[Role::Manager, Role::Approver] } else { &[Role::Approver] };
            let dept = about.dept();
            let mut posts: Vec<(&str, String)> = s
                .register
                .people
                .iter()
                .flatten()
                .filter(|p| p.roles.iter().any(|r| want.contains(r)))
                .map(|p| (p.post.as_str(), p.department.as_ref().map_or_else(String::new, |d| s.register.name(d, s.day(), call.lang))))
                .collect();
            let own = |post: &str| {
                s.register
                    .people
                    .iter()
                    .flatten()
                    .any(|p| p.post.as_str() == post && p.department.as_ref().is_some_and(|d| s.register.current(d) == dept))
            };
            posts.sort_by_key(|p| !own(p.0));
            html! { select id=(field) name=(field) aria-describedby=[by] required[must] {
                option value="" { "—" }
                @for (post, dept) in &posts { option value=(post) selected[*post == value] { (post) " " (dept) } }
            } }
        }
        _ => {
            html! { textarea id=(field) name=(field) maxlength="8000" aria-describedby=[by] aria-invalid[wrong] required[must] { (value) } }
        }
    }
}

/// One row for each piece that is needed, and some more.
fn evidence(call: &Call, about: &About, filled: &Fields, faults: &[Fault]) -> Markup {
    let wrong: Vec<String> =
        faults.iter().filter(|f| f.field == "evidence").map(|f| table::joined(&f.what, &f.hint).say(call.lang).into_owned()).collect();
    let groups = &about.wants.evidence;
    let have = (0..super::entry::PIECES)
        .rev()
        .find(|n| filled.0.iter().any(|f| f.0.starts_with(&format!("ev{n}_")) && !f.1.is_empty()))
        .map_or(0, |n| n + 1);
    let spare = groups.len().max(have);
    let open = have > groups.len();
    html! {
        @for (n, group) in groups.iter().enumerate() { (piece(call, about, n, Some(group), filled)) }
        @for w in &wrong { p.bad role="alert" { (w) } }
        details open[open] {
            summary { (if groups.is_empty() { call.say("附佐证材料", "Add evidence") } else { call.say("再附佐证材料", "Add more evidence") }) }
            @for n in groups.len()..(spare + 2).min(super::entry::PIECES) { (piece(call, about, n, None, filled)) }
        }
    }
}

fn piece(call: &Call, about: &About, n: usize, group: Option<&Vec<String>>, filled: &Fields) -> Markup {
    let r = &about.s.register;
    let lang = call.lang;
    let at = |name: &str| format!("ev{n}_{name}");
    let value = |name: &str| filled.one(&at(name)).unwrap_or("").to_string();
    let chosen = value("type");
    let types: Vec<(String, String)> = r
        .evidence_types
        .iter()
        .filter(|t| group.is_none_or(|g| g.contains(&t.code.to_string())))
        .map(|t| (t.code.to_string(), t.name.say(lang).into_owned()))
        .collect();
    let stored = r.settings.evidence_store.is_some();
    html! {
        fieldset {
            legend.must[group.is_some()] { (t::EVIDENCE.say(lang)) " " (n + 1) @if let Some(g) = group { @if g.len() == 1 { "：" (types.first().map_or("", |t| t.1.as_str())) } } }
            div.ev {
                label { (t::EVIDENCE_TYPE.say(lang))
                    select name=(at("type")) {
                        @if group.is_none_or(|g| g.len() > 1) { option value="" { "—" } }
                        @for (code, name) in &types { option value=(code) selected[*code == chosen] { (name) } }
                    }
                }
                label { (t::EVIDENCE_NAME.say(lang)) input name=(at("name")) maxlength="200" value=(value("name")); }
                label { (t::NUMBER.say(lang)) input name=(at("number")) maxlength="100" value=(value("number")); }
                label { (t::DATE.say(lang)) input type="date" name=(at("date")) value=(value("date")); }
                label { (t::CLASS.say(lang)) select name=(at("class")) { option value="" { "—" } @for c in Class::ALL { option value=(c.code()) selected[c.code() == value("class")] { (c.term().say(lang)) } } } }
                label { (call.say("存放处", "Kept at")) input name=(at("place")) maxlength="200" value=(value("place")); }
                label { (call.say("文件", "File")) input type="file" name=(at("file")); }
            }
            @if !value("sha256").is_empty() {
                input type="hidden" name=(at("sha256")) value=(value("sha256")); input type="hidden" name=(at("size")) value=(value("size"));
                p.quiet { (call.say("已附文件，摘要 ", "A file is attached, digest ")) code { (value("sha256").chars().take(12).collect::<String>()) } "…" }
            }
            @if n == 0 { p.quiet { (if stored { call.say("文件计算摘要后存入单位指定的文件夹（不在登记册内）。", "The file is hashed and kept in the office's folder, outside the register.") } else { call.say("文件只计算摘要，不保存。", "The file is hashed and not kept.") }) } }
        }
    }
}

/// What a proposal says, as fields of the form.
pub fn of(p: &Proposal) -> Fields {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: Option<String>| out.extend(value.map(|v| (name.to_string(), v)));
    let text = |x: &Option<Box<str>>| x.as_deref().map(String::from);
    put("percent", p.percent.map(|n| n.to_string()));
    put("day", p.day.map(|d| d.0.to_string()));
    match p.until {
        Some(Due::On(day)) => put("until", Some(day.to_string())),
        Some(Due::Standing) => put("until_standing", Some("1".into())),
        None => {}
    }
    for (name, value) in [
        ("indicator", &p.indicator),
        ("value", &p.value),
        ("note", &p.note),
        ("issues", &p.issues),
        ("next", &p.next),
        ("reason", &p.reason),
        ("ref", &p.reference),
        ("release", &p.release),
        ("agreed", &p.agreed),
        ("key", &p.key),
    ] {
        put(name, text(value));
    }
    put("nil", p.nil.filter(|n| *n).map(|_| "1".into()));
    for (n, cited) in p.evidence.iter().enumerate() {
        let Cited::Full(c) = cited else { continue };
        let mut one = |name: &str, value: Option<String>| put(&format!("ev{n}_{name}"), value);
        one("type", Some(c.kind.to_string()));
        for (name, value) in [("name", &c.name), ("number", &c.number), ("place", &c.place), ("sha256", &c.sha256)] {
            one(name, text(value));
        }
        one("date", c.date.map(|d| d.0.to_string()));
        one("size", c.size.map(|n| n.to_string()));
        one("class", c.class.map(|c| c.code().to_string()));
    }
    Fields(out)
}

/// What an entry says, as fields of the form that corrects it; never its key.
pub fn of_entry(e: &Entry) -> Fields {
    let evidence = e
        .evidence
        .iter()
        .map(|x| {
            Cited::Full(crate::intake::proposal::Citation {
                kind: x.kind.clone(),
                name: Some(x.name.clone()),
                file: None,
                number: x.number.clone(),
                date: Some(x.date),
                place: x.place.clone(),
                sha256: x.sha256.clone(),
                size: x.size,
                class: x.class,
            })
        })
        .collect();
    of(&Proposal {
        duty: e.duty.to_string().into(),
        event: e.event,
        by: None,
        via: None,
        agreed: e.agreed.clone(),
        percent: e.percent,
        day: e.day,
        until: e.until,
        indicator: e.indicator.clone(),
        value: e.value.clone(),
        note: e.note.clone(),
        issues: e.issues.clone(),
        next: e.next.clone(),
        reason: e.reason.clone(),
        reference: e.reference.clone(),
        nil: e.nil,
        release: e.release.clone(),
        evidence,
        fixes: None,
        key: None,
    })
}

/// A phrase without ornament, for those who only need the language.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn every_usual_field_has_a_place_and_a_name() {
        for event in Event::ALL {
            for field in usual(*event) {
                assert!(ORDER.contains(field), "{field}");
                assert!(!label(field, *event).say(Lang::En).is_empty());
            }
        }
    }
}
