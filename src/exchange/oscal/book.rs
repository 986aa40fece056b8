//! What every OSCAL document is made from: the obligations and assignments with their names,
//! the head, and the small shapes.
//!
//! Control ids are the obligations' own. Where a register has one id twice (`check` denies it),
//! the second gets a tail, so that neither document nor reader loses it.

use super::when;
use crate::exchange::ask::Ask;
use crate::exchange::clean::{line, prose};
use crate::exchange::names::Space;
use crate::model::{Lang, Obligation, Term, Words, terms as t};
use crate::report::list::invalid_rows;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The version of OSCAL that is written.
pub const VERSION: &str = "1.2.1";
/// The namespace of properties and words that are ours.
pub const NS: &str = "urn:duban:oscal";

/// The source of every document.
pub struct Book<'a> {
    /// What was asked for.
    pub ask: &'a Ask<'a>,
    /// Obligations selected, in display order.
    pub obligations: Vec<usize>,
    /// The unit's ids.
    pub space: Space,
    controls: HashMap<usize, String>,
    duties: HashMap<usize, String>,
}

impl<'a> Book<'a> {
    /// Gives everything selected its name.
    pub fn new(ask: &'a Ask<'a>) -> Book<'a> {
        let r = &ask.s.register;
        let obligations = ask.obligations();
        let (mut taken, mut controls, mut duties) = (HashSet::new(), HashMap::new(), HashMap::new());
        for ob in &obligations {
            controls.insert(*ob, unique(&mut taken, r.obligations[*ob].id.as_str(), "_"));
        }
        let mut taken = HashSet::new();
        for duty in &ask.selected {
            duties.insert(*duty, unique(&mut taken, &ask.s.roster.full_id(r, *duty), "#"));
        }
        Book { ask, obligations, space: Space::of(r.settings.unit.code.as_str()), controls, duties }
    }
    /// An obligation.
    pub fn node(&self, ob: usize) -> &'a Obligation {
        &self.ask.s.register.obligations[ob].node
    }
    /// Its control id.
    pub fn control(&self, ob: usize) -> &str {
        &self.controls[&ob]
    }
    /// The id of its statement.
    pub fn statement(&self, ob: usize) -> String {
        format!("{}_smt", self.controls[&ob])
    }
    /// The control of an obligation's id, where that is in the selection.
    pub fn control_of(&self, id: &str) -> Option<&str> {
        let ob = *self.ask.s.register.obligation_index.get(id)? as usize;
        self.controls.get(&ob).map(String::as_str)
    }
    /// The name of an assignment, `OPN-3.18@DEP-NDRC`.
    pub fn duty(&self, duty: usize) -> &str {
        &self.duties[&duty]
    }
    /// The present id of an assignment's department; `-` without lead.
    pub fn dept(&self, duty: usize) -> &'a str {
        self.ask.s.roster.duties[duty].dept.as_ref().map_or("-", |d| self.ask.s.register.current(d))
    }
    /// Words on one line, in the language asked for.
    pub fn line(&self, words: &Words) -> String {
        line(&words.say(self.ask.lang))
    }
    /// A fixed phrase in the language asked for.
    pub fn say(&self, term: Term) -> String {
        line(&term.say(self.ask.lang))
    }
    /// The name of a department on the day shown.
    pub fn name(&self, dept: &str) -> String {
        match dept {
            "-" => self.say(t::NO_LEAD),
            id => line(&self.ask.s.register.name(id, self.ask.day(), self.ask.lang)),
        }
    }
    /// The language in which prose begins: the register's first where both are asked for.
    pub fn first(&self) -> Lang {
        match self.ask.lang {
            Lang::Both => self.ask.s.register.default_lang().filter(|l| *l != Lang::Both).unwrap_or(Lang::Zh),
            one => one,
        }
    }
    /// The document of a key: head and uuid before what it says. A document that says something
    /// else is another one, as OSCAL asks for: its uuid is a digest of it. What stands in it keeps
    /// its uuids.
    pub fn document(&self, key: &str, title: Term, body: Vec<(&str, Value)>) -> Value {
        let unit = self.ask.s.register.settings.unit.name.say(self.ask.lang);
        self.document_of(key, &format!("{} — {unit}", title.say(self.ask.lang)), Vec::new(), body)
    }

    /// The same with a title of its own, and properties of its head.
    pub fn document_of(&self, key: &str, title: &str, about: Vec<Value>, body: Vec<(&str, Value)>) -> Value {
        let mut inner = Map::new();
        inner.insert("uuid".into(), json!(""));
        inner.insert("metadata".into(), self.metadata(title, about));
        inner.extend(body.into_iter().map(|(k, v)| (k.to_string(), v)));
        let mut inner = tidy(Value::Object(inner));
        inner["uuid"] = json!(self.space.id(key, &inner.to_string()));
        json!({ key: inner })
    }

    fn metadata(&self, title: &str, about: Vec<Value>) -> Value {
        let (s, frame) = (self.ask.s, self.ask.frame("export"));
        let mut props = vec![
            prop("unit", &frame.unit),
            prop("as-of", &frame.as_of),
            prop("language", lang_code(self.ask.lang)),
            prop("filter", &frame.filter),
        ];
        let counts = [("read", frame.read), ("valid", frame.valid), ("invalid", frame.invalid), ("filtered-out", frame.filtered_out)];
        props.extend(counts.iter().map(|(name, n)| prop(name, &n.to_string())));
        props.extend(frame.on.as_ref().map(|d| prop("true-on", d)));
        props.extend(frame.sample.then(|| prop("sample", "yes")));
        props.push(prop("log-entries", &frame.log_entries.to_string()));
        props.push(prop("log-root", &frame.log_root));
        props.extend(about);
        json!({
            "title": line(title),
            "last-modified": when::day(self.ask.day(), s.register.settings.time_zone),
            "version": frame.data_version,
            "oscal-version": VERSION,
            "props": props,
            "roles": [
                {"id": "lead", "title": self.say(t::LEAD)},
                {"id": "support", "title": self.say(t::SUPPORT)},
            ],
            "parties": self.parties(),
            "remarks": self.remarks(frame.data_errors),
        })
    }

    /// What is not in here, and whether the rest is to be relied on.
    fn remarks(&self, errors: usize) -> Option<String> {
        let s = self.ask.s;
        let mut out = Vec::new();
        if s.register.settings.sample {
            out.push(self.say(t::SAMPLE));
        }
        if errors > 0 {
            let doubt = "读取时有错误，数字不可依据；见 duban check / mistakes were met while reading: the figures are not to be relied on; see `duban check`";
            out.push(format!("{errors}: {doubt}"));
        }
        for row in invalid_rows(s) {
            let id = row.id.unwrap_or_else(|| "?".into());
            out.push(format!("无法读取、不在其中 / could not be read and is not in here: {id} ({}:{})", row.file, row.line));
        }
        let twice: BTreeSet<&str> = self
            .obligations
            .iter()
            .filter(|ob| self.control(**ob) != self.node(**ob).id.as_str())
            .map(|ob| self.node(*ob).id.as_str())
            .collect();
        out.extend(
            twice.iter().map(|id| format!("编号重复，后者另加尾号 / an id that stands there twice; the later one has a tail: {id}")),
        );
        (!out.is_empty()).then(|| prose(&out.join("\n")))
    }

    /// Departments that lead or support what is selected, in display order.
    pub fn departments(&self) -> Vec<&'a str> {
        let r = &self.ask.s.register;
        let mut found: BTreeMap<(usize, &str), ()> = BTreeMap::new();
        let owners = self.obligations.iter().flat_map(|ob| {
            let owner = &self.ask.s.roster.owners[*ob];
            owner.lead.iter().chain(&owner.support)
        });
        for id in owners {
            let id = r.current(id);
            found.insert((crate::report::groups::place(r, r.body_index.get(id).copied()), id), ());
        }
        found.into_keys().map(|(_, id)| id).collect()
    }

    fn parties(&self) -> Vec<Value> {
        self.departments()
            .into_iter()
            .map(|id| {
                json!({"uuid": self.space.id("party", id), "type": "organization", "name": self.name(id), "props": [prop("department", id)]})
            })
            .collect()
    }
}

/// Its own code, or with a tail where that is taken.
fn unique(taken: &mut HashSet<String>, id: &str, mark: &str) -> String {
    let mut name = id.to_string();
    let mut n = 1;
    while !taken.insert(name.clone()) {
        n += 1;
        name = format!("{id}{mark}{n}");
    }
    name
}

/// A language's code in properties.
pub fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
        Lang::Both => "both",
    }
}

/// A property in our namespace; one that says nothing is left out by [`tidy`].
pub fn prop(name: &str, value: &str) -> Value {
    if value.is_empty() { Value::Null } else { json!({"name": name, "ns": NS, "value": line(value)}) }
}

/// One of several properties of a name, told apart by a class.
pub fn classed(name: &str, class: &str, value: &str) -> Value {
    json!({"name": name, "ns": NS, "value": line(value), "class": class})
}

/// Words in each language that they have, as `title-zh` and `title-en`.
pub fn both(name: &str, words: &Words) -> Vec<Value> {
    let each = [("zh", &words.zh), ("en", &words.en)];
    each.iter().filter_map(|(code, text)| text.as_deref().map(|text| prop(&format!("{name}-{code}"), text))).collect()
}

/// Without nulls and empty lists: OSCAL has neither.
pub fn tidy(value: Value) -> Value {
    let kept = |v: &Value| !v.is_null() && !v.as_array().is_some_and(Vec::is_empty);
    match value {
        Value::Object(map) => Value::Object(map.into_iter().map(|(k, v)| (k, tidy(v))).filter(|(_, v)| kept(v)).collect()),
        Value::Array(all) => Value::Array(all.into_iter().map(tidy).filter(kept).collect()),
        plain => plain,
    }
}
