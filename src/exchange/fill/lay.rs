//! The rows of a table, laid out: what each cell says, whatever the file is.

use super::cells::{FAULT, Raw};
use super::columns::{COLUMNS, Holds, at};
use super::grid::Row;
use super::merge::seal;
use super::row::Fill;
use crate::model::{Due, Lang, Light, Term, terms as t};
use crate::report::rows::{due_text, light_cell};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Blank,
    /// Text.
    Text(String),
    /// Per cent.
    Percent(u8),
    /// A day.
    Day(NaiveDate),
}

/// A row, laid out.
#[derive(Debug, Clone)]
pub struct Laid {
    /// By our columns.
    pub values: Vec<Value>,
    /// Its light.
    pub light: Option<Light>,
    /// Names of the events offered.
    pub events: Vec<String>,
    /// Names of the states offered.
    pub targets: Vec<String>,
}

/// A table, laid out.
pub struct Table {
    /// Over it.
    pub title: String,
    /// Below the title.
    pub lines: Vec<String>,
    /// Its rows.
    pub rows: Vec<Laid>,
    /// Does it say of every row why it was not recorded?
    pub conflicts: bool,
    /// Names of the types of evidence.
    pub evidence: Vec<String>,
    /// The as-of day, which the file is dated by.
    pub day: NaiveDate,
    /// Chinese first?
    pub lang: Lang,
}

impl Table {
    /// The columns that it has.
    pub fn columns(&self) -> Vec<usize> {
        (0..COLUMNS.len()).filter(|i| self.conflicts || *i != at("why")).collect()
    }
}

/// One language for what is chosen from a list.
pub fn one(term: Term, lang: Lang) -> String {
    if lang == Lang::En { term.1.into() } else { term.0.into() }
}

/// A fresh row.
pub fn fresh(s: &Snapshot, fill: &Fill, lang: Lang) -> Laid {
    let (duty, state) = (&s.roster.duties[fill.duty], &s.folded.states[fill.duty]);
    let o = &s.register.obligations[duty.obligation as usize];
    let plan = duty.plan.map(|p| &s.register.plan[p as usize]);
    let mut values = vec![Value::Blank; COLUMNS.len()];
    let mut put = |key: &str, v: Value| values[at(key)] = v;
    let text = |t: &str| if t.is_empty() { Value::Blank } else { Value::Text(t.into()) };
    put("id", Value::Text(fill.base.id.clone()));
    put("title", Value::Text(o.title.say(lang).into_owned()));
    put("status", Value::Text(state.status.term().say(lang).into_owned()));
    put("light", Value::Text(light_cell(state.light, state.reasons, lang).text()));
    put(
        "due",
        match state.due {
            Some(Due::On(day)) => Value::Day(day),
            due => Value::Text(due_text(due, lang)),
        },
    );
    put("person", text(plan.and_then(|p| p.person.as_ref()).map_or("", |p| p.as_str())));
    put("percent", fill.base.percent.map_or(Value::Blank, Value::Percent));
    put("issues", text(&fill.base.issues));
    put("next", text(&fill.base.next));
    put("base", Value::Text(seal(&fill.base)));
    Laid {
        values,
        light: Some(state.light),
        events: fill.offers.iter().map(|o| one(o.event.term(), lang)).collect(),
        targets: fill.targets().into_iter().map(|s| one(s.term(), lang)).collect(),
    }
}

/// A cell as it came.
fn shown(raw: &Raw) -> Value {
    match raw {
        Raw::Empty => Value::Blank,
        Raw::Day(d) => Value::Day(*d),
        Raw::Number(n) if *n > 0.0 && *n <= 1.0 => Value::Percent((*n * 100.0).round() as u8),
        // It must not pass as empty when it comes back.
        Raw::Wrong(_, stood) => Value::Text(format!("{FAULT} {stood}")),
        Raw::Text(t) if t.trim_start().starts_with(FAULT) => Value::Text(t.clone()),
        other => other.text().ok().flatten().map_or(Value::Blank, Value::Text),
    }
}

/// A row that could not be taken: as it came, on fresh ground, with why.
pub fn returned(s: &Snapshot, fill: Option<&Fill>, row: &Row, why: &str, lang: Lang) -> Laid {
    let blank = || Laid { values: vec![Value::Blank; COLUMNS.len()], light: None, events: vec![], targets: vec![] };
    let mut laid = fill.map_or_else(blank, |f| fresh(s, f, lang));
    for (i, c) in COLUMNS.iter().enumerate() {
        let typed = match c.holds {
            // Where nobody knows which assignment is meant, all that came may help to find it.
            Holds::Said | Holds::Base | Holds::Id if fill.is_some() => continue,
            _ => shown(&row.cells[i]),
        };
        laid.values[i] = typed;
    }
    laid.values[at("why")] = Value::Text(why.into());
    laid
}

/// Title and lines over a table.
pub fn over(s: &Snapshot, who: &str, lang: Lang) -> (String, Vec<String>) {
    let settings = &s.register.settings;
    let unit = settings.unit.name.say(lang);
    let (zh, en) = (lang != Lang::En, lang != Lang::Zh);
    let mut title = String::new();
    if zh {
        title += &format!("督办填报表：{who}");
    }
    if en {
        title += &format!("{}Fill-in table: {who}", if zh { " / " } else { "" });
    }
    if settings.sample {
        title += &format!("【{}】", t::SAMPLE.say(lang));
    }
    let mut lines = vec![format!("{unit} · {} {} · {} {}", t::AS_OF.say(lang), s.day(), t::VERSION.say(lang), s.version)];
    if zh {
        lines.push("只填白色格；灰色格由登记册给出。未改的格不产生记录。填法见“说明”页。".into());
    }
    if en {
        lines.push(
            "Fill in white cells alone; grey ones are the register's. A cell left as it is records nothing. See the sheet of instructions."
                .into(),
        );
    }
    (title, lines)
}
