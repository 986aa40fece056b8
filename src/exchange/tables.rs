//! The register as four plain tables: obligations, assignments, links, articles.
//!
//! CSV by RFC 4180 with LF and one header line of names that do not change with the language;
//! dates are ISO, several values of a field stand with `;` between, texts have a column a
//! language. Words that a spreadsheet would take for a formula get one `'` in front, as in the
//! CSV of reports. Undecodable obligations are rows of obligations.csv with `valid` = `no`.

use super::ask::{Ask, File, Written};
use crate::log::fp;
use crate::model::{Lang, Words};
use crate::report::list::invalid_rows;
use crate::report::rows::duty_row;
use std::collections::HashSet;

/// Sets a spreadsheet at ease about UTF-8.
const BOM: &str = "\u{feff}";

/// The four files.
pub fn write(ask: &Ask) -> Written {
    files(ask, "")
}

/// The same with a byte-order mark, for a spreadsheet that opens them by double-click.
pub fn with_bom(ask: &Ask) -> Written {
    files(ask, BOM)
}

fn files(ask: &Ask, bom: &str) -> Written {
    let all = [("obligations", obligations(ask)), ("assignments", assignments(ask)), ("links", links(ask)), ("articles", articles(ask))];
    Ok(all.into_iter().map(|(name, t)| File::text(format!("{name}.csv"), format!("{bom}{}", t.text))).collect())
}

/// A table as its text.
struct Csv {
    text: String,
    columns: usize,
}

impl Csv {
    fn new(head: &[&str]) -> Csv {
        Csv { text: head.join(",") + "\n", columns: head.len() }
    }
    fn row(&mut self, fields: &[String]) {
        assert_eq!(fields.len(), self.columns, "a row has a field for each column");
        self.text += &(fields.iter().map(|f| field(f)).collect::<Vec<_>>().join(",") + "\n");
    }
}

/// Quoted where it must be, and no formula.
fn field(text: &str) -> String {
    let risky = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\'');
    let text = if text.starts_with(risky) { format!("'{text}") } else { text.to_string() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn zh(w: &Words) -> String {
    w.zh.as_deref().unwrap_or("").into()
}

fn en(w: &Words) -> String {
    w.en.as_deref().unwrap_or("").into()
}

fn list<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|x| x.as_ref().to_string()).collect::<Vec<_>>().join(";")
}

fn obligations(ask: &Ask) -> Csv {
    let mut t = Csv::new(&[
        "id",
        "valid",
        "policy",
        "part",
        "foreign_id",
        "title_zh",
        "title_en",
        "requirement_zh",
        "requirement_en",
        "kind",
        "modality",
        "recurrence",
        "review",
        "mode",
        "lead",
        "support",
        "sector",
        "reaches",
        "tier",
        "evidence_required",
        "evidence_other",
        "source_at",
        "status",
        "light",
        "fp_recipe",
        "fp_requirement",
        "fp_modality",
        "fp_owner",
        "fp_needs",
        "place",
    ]);
    for ob in ask.obligations() {
        let o = &ask.s.register.obligations[ob];
        let owner = &ask.s.roster.owners[ob];
        let (status, light) = ask.s.folded.obligations[ob];
        let evidence = |required: bool| list(o.evidence.iter().filter(|e| e.required == required).map(|e| e.kind.as_str()));
        let print = fp::of(o, owner);
        t.row(&[
            o.id.to_string(),
            "yes".into(),
            o.id.policy().into(),
            o.id.part().into(),
            o.foreign_id.as_ref().map_or(String::new(), |x| x.to_string()),
            zh(&o.title),
            en(&o.title),
            zh(&o.requirement),
            en(&o.requirement),
            o.kind.code().into(),
            o.modality.code().into(),
            o.recurrence.code().into(),
            serde_json::to_value(o.review).ok().and_then(|v| v.as_str().map(String::from)).unwrap_or_default(),
            owner.mode.map_or("", |m| m.code()).into(),
            list(owner.lead.iter().map(|x| x.as_str())),
            list(owner.support.iter().map(|x| x.as_str())),
            o.sector.as_ref().map_or(String::new(), |x| x.to_string()),
            list(o.reaches.iter().map(|x| x.as_str())),
            list(o.tier.bearer.0.iter().map(|x| x.code())),
            evidence(true),
            evidence(false),
            o.source.as_ref().map_or(String::new(), |x| x.at.to_string()),
            status.code().into(),
            light.code().into(),
            print.recipe.to_string(),
            print.requirement.to_string(),
            print.modality.to_string(),
            print.owner.to_string(),
            print.needs.to_string(),
            place(ask, ob),
        ]);
    }
    for bad in invalid_rows(ask.s) {
        let mut row = vec![String::new(); t.columns];
        row[0] = bad.id.unwrap_or_else(|| "?".into());
        row[1] = "no".into();
        *row.last_mut().expect("a row has fields") = format!("{}:{}", bad.file, bad.line);
        t.row(&row);
    }
    t
}

/// The file that it stands in.
fn place(ask: &Ask, ob: usize) -> String {
    let at = ask.s.register.obligations[ob].at;
    ask.s.register.files[at.file as usize].shown.clone()
}

fn assignments(ask: &Ask) -> Csv {
    let mut t = Csv::new(&[
        "assignment",
        "id",
        "dept",
        "lead_zh",
        "lead_en",
        "person",
        "contact",
        "start",
        "due",
        "original_due",
        "extensions",
        "status",
        "light",
        "reasons",
        "percent",
        "next_review",
        "resume",
        "recheck",
        "applied_on",
        "accepted_on",
        "updated",
        "entries",
        "unlawful",
        "outdated",
    ]);
    for duty in &ask.selected {
        let row = duty_row(ask.s, *duty, ask.lang);
        let state = &ask.s.folded.states[*duty];
        let d = &ask.s.roster.duties[*duty];
        let plan = d.plan.map(|p| &ask.s.register.plan[p as usize]);
        let name = |lang: Lang| d.dept.as_ref().map_or(String::new(), |x| ask.s.register.name(x, ask.day(), lang));
        let day = |d: Option<chrono::NaiveDate>| d.map_or(String::new(), |d| d.to_string());
        t.row(&[
            row.assignment,
            row.id,
            row.dept,
            name(Lang::Zh),
            name(Lang::En),
            row.person.unwrap_or_default(),
            plan.and_then(|p| p.contact.as_ref()).map_or(String::new(), |c| c.to_string()),
            day(plan.and_then(|p| p.start).map(|d| d.0)),
            row.due.unwrap_or_default(),
            state.original.map_or(String::new(), |d| d.to_string()),
            row.extensions.to_string(),
            row.status.into(),
            row.light.into(),
            list(row.reasons),
            row.percent.map_or(String::new(), |p| p.to_string()),
            row.next_review.unwrap_or_default(),
            day(state.resume),
            day(state.recheck),
            day(state.applied.as_ref().map(|a| a.day)),
            day(state.accepted.as_ref().map(|a| a.day)),
            day(state.updated),
            state.entries.to_string(),
            state.unlawful.to_string(),
            list(row.outdated),
        ]);
    }
    t
}

fn links(ask: &Ask) -> Csv {
    let mut t = Csv::new(&["from", "to", "kind", "why_zh", "why_en", "to_is"]);
    let r = &ask.s.register;
    let inside: HashSet<usize> = ask.obligations().into_iter().collect();
    for ob in ask.obligations() {
        let o = &r.obligations[ob];
        for n in &o.needs {
            // Where the other end is: in the table, left out by the query, or nowhere.
            let end = match r.obligation_index.get(n.on.as_str()) {
                Some(i) if inside.contains(&(*i as usize)) => "listed",
                Some(_) => "filtered-out",
                None if r.invalid.iter().any(|i| i.id.as_deref() == Some(n.on.as_str())) => "invalid",
                None => "missing",
            };
            let why = n.why.clone().unwrap_or_default();
            t.row(&[o.id.to_string(), n.on.to_string(), n.kind.code().into(), zh(&why), en(&why), end.into()]);
        }
    }
    t
}

fn articles(ask: &Ask) -> Csv {
    let mut t =
        Csv::new(&["id", "law", "law_zh", "law_en", "article", "paragraph", "topic_zh", "topic_en", "relation", "confidence", "note"]);
    let r = &ask.s.register;
    let kept: HashSet<&str> = ask.obligations().into_iter().map(|o| r.obligations[o].id.as_str()).collect();
    for c in r.crosswalk.iter().filter(|c| kept.contains(c.duty.as_str())) {
        for l in &c.links {
            let law = r.laws.iter().find(|x| x.id == l.law);
            let article = law.and_then(|x| x.articles.iter().find(|a| Some(&a.no) == l.article.as_ref()));
            let (name, topic) = (law.map(|x| x.name.clone()).unwrap_or_default(), article.map(|a| a.topic.clone()).unwrap_or_default());
            t.row(&[
                c.duty.to_string(),
                l.law.to_string(),
                zh(&name),
                en(&name),
                l.article.as_ref().map_or(String::new(), |a| a.to_string()),
                l.paragraph.map_or(String::new(), |p| p.to_string()),
                zh(&topic),
                en(&topic),
                l.relation.code().into(),
                l.confidence.map_or("", |c| c.code()).into(),
                l.note.as_ref().map_or(String::new(), |n| n.to_string()),
            ]);
        }
    }
    t
}
