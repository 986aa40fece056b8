//! The words of a control: title, statement, guidance, with parameters put in.
//!
//! A statement's parts are its lines, each with its label. `{{ insert: param, ac-1_prm_1 }}`
//! becomes the parameter's value, else its choices, else its label, in 〔 〕. Our own catalogues
//! carry both languages; others have one, found by their script.

use super::told::{Told, Weight};
use crate::exchange::clean::{line, odd, prose};
use crate::exchange::oscal::book::NS;
use crate::model::Term;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// Parameters of the whole catalogue by id, and which of them some text names.
#[derive(Default)]
pub struct Params<'a> {
    all: HashMap<&'a str, (&'a Value, String)>,
    used: HashSet<String>,
}

const NO_PARAM: Term = Term("文中引用的参数不存在，原样保留", "a parameter that is not there, its place left as it was");
const UNUSED: Term = Term("参数在任何条文里都没有用到", "a parameter that no text names");
const NO_PARAM_ID: Term = Term("参数没有编号，或编号重复", "a parameter without id, or with one that is taken");
const CLEANED: Term = Term("去掉了控制字符等不可见字符", "control and other invisible characters were taken out");

const PART_PROP: Term = Term("条文部分的属性没有去处", "a property of a part of the text, without a place here");
const PART_LINKS: Term = Term("条文部分的链接没有去处", "links of a part of the text, without a place here");

/// The name of one of our properties.
fn own_name(prop: &Value) -> Option<&str> {
    prop["name"].as_str().filter(|_| ours(prop))
}

/// A property in our namespace.
pub fn ours(prop: &Value) -> bool {
    prop["ns"].as_str() == Some(NS)
}

/// The value of one of our properties.
pub fn own<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value["props"].as_array()?.iter().find(|p| ours(p) && p["name"].as_str() == Some(name))?["value"].as_str()
}

/// Words as the register writes them, from our two properties or from one text by its script.
pub fn named(value: &Value, name: &str, text: Option<&str>) -> Option<Value> {
    let both = [("zh", own(value, &format!("{name}-zh"))), ("en", own(value, &format!("{name}-en")))];
    let map: Map<String, Value> = both.into_iter().filter_map(|(k, v)| Some((k.to_string(), json!(line(v?))))).collect();
    if !map.is_empty() {
        return Some(Value::Object(map));
    }
    let text = text.map(line).filter(|t| t != "—")?;
    Some(json!({ script(&text): text }))
}

/// `zh` where a text has a Chinese character, else `en`.
pub fn script(text: &str) -> &'static str {
    let han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    if text.chars().any(han) { "zh" } else { "en" }
}

impl<'a> Params<'a> {
    /// Takes the parameters of a catalogue, group or control.
    pub fn take(&mut self, value: &'a Value, path: &str, told: &mut Told) {
        for (i, param) in value["params"].as_array().into_iter().flatten().enumerate() {
            let at = format!("{path}.params[{i}]").trim_start_matches('.').to_string();
            match param["id"].as_str().filter(|id| !self.all.contains_key(id)) {
                Some(id) => drop(self.all.insert(id, (param, at))),
                None => told.add(Weight::LeftOut, NO_PARAM_ID, "", at),
            }
        }
    }

    /// Tells the ones that no text named.
    pub fn rest(&self, told: &mut Told) {
        let mut left: Vec<&String> = self.all.iter().filter(|(id, _)| !self.used.contains(**id)).map(|(_, (_, at))| at).collect();
        left.sort_unstable();
        left.into_iter().for_each(|at| told.add(Weight::LeftOut, UNUSED, "", at));
    }

    /// A text with its parameters put in.
    fn fill(&mut self, text: &str, depth: usize, path: &str, told: &mut Told) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((inside, next)) = after.split_once("}}") else {
                out.push_str("{{");
                rest = after;
                continue;
            };
            let words: Vec<&str> = inside.split([',', ' ', ':']).filter(|w| !w.is_empty()).collect();
            rest = next;
            match words.as_slice() {
                ["insert", "param", id] | ["param", id] => match self.all.get(id).filter(|_| depth < 5).map(|(p, _)| *p) {
                    Some(param) => {
                        self.used.insert((*id).to_string());
                        let said = self.said(param, id, depth, path, told);
                        out.push_str(&format!("〔{said}〕"));
                    }
                    None => {
                        told.add(Weight::LeftOut, NO_PARAM, id, path);
                        out.push_str(&format!("{{{{{inside}}}}}"));
                    }
                },
                _ => out.push_str(&format!("{{{{{inside}}}}}")),
            }
        }
        out + rest
    }

    /// What a parameter says.
    fn said(&mut self, param: &Value, id: &str, depth: usize, path: &str, told: &mut Told) -> String {
        let texts = |v: &Value| v.as_array().into_iter().flatten().filter_map(Value::as_str).map(String::from).collect::<Vec<_>>();
        let values = texts(&param["values"]);
        if !values.is_empty() {
            return values.join(", ");
        }
        let choices = texts(&param["select"]["choice"]);
        if !choices.is_empty() {
            let filled: Vec<String> = choices.iter().map(|c| self.fill(c, depth + 1, path, told)).collect();
            return filled.join(" / ");
        }
        param["label"].as_str().map_or_else(|| id.to_string(), String::from)
    }

    /// The lines of a part and the parts inside it; nothing where none of them has prose.
    pub fn part(&mut self, part: &Value, path: &str, told: &mut Told) -> Option<Value> {
        let mut out: Vec<(String, Vec<String>)> = Vec::new();
        self.collect(part, path, "", &mut out, told);
        let map: Map<String, Value> = out
            .into_iter()
            .map(|(lang, lines)| (lang, prose(&lines.join("\n"))))
            .filter(|(_, text)| text != "—")
            .map(|(lang, text)| (lang, json!(text)))
            .collect();
        (!map.is_empty()).then_some(Value::Object(map))
    }

    fn collect(&mut self, part: &Value, path: &str, indent: &str, out: &mut Vec<(String, Vec<String>)>, told: &mut Told) {
        let label = part["props"].as_array().into_iter().flatten().find(|p| p["name"].as_str() == Some("label"));
        let label = label.and_then(|p| p["value"].as_str()).map_or(String::new(), |l| format!("{l} "));
        let heading = part["title"].as_str().map_or(String::new(), |t| format!("{t}: "));
        let text = part["prose"].as_str().map(|t| self.fill(t, 0, path, told));
        if text.as_ref().is_some_and(|t| t.chars().any(|c| odd(c) && !matches!(c, '\n' | '\r'))) {
            told.add(Weight::LeftOut, CLEANED, "", path);
        }
        if text.is_some() || !heading.is_empty() {
            let text = text.unwrap_or_default();
            let first = out.first().map(|(lang, _)| lang.clone());
            // A part that names its language is ours; another's parts speak as the first one does.
            let lang = own(part, "language").map(String::from).or(first).unwrap_or_else(|| script(&text).into());
            let lang = if lang == "zh" || lang == "en" { lang } else { script(&text).into() };
            let said = format!("{indent}{label}{heading}{text}");
            match out.iter_mut().find(|(l, _)| *l == lang) {
                Some((_, lines)) => lines.push(said),
                None => out.push((lang, vec![said])),
            }
        }
        for prop in part["props"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|p| p["name"].as_str() != Some("label") && own_name(p) != Some("language"))
        {
            told.add(Weight::LeftOut, PART_PROP, prop["name"].as_str().unwrap_or(""), path);
        }
        if part["links"].as_array().is_some_and(|l| !l.is_empty()) {
            told.add(Weight::LeftOut, PART_LINKS, "", path);
        }
        for (i, inner) in part["parts"].as_array().into_iter().flatten().enumerate() {
            let deeper = if indent.len() < 8 && part["prose"].is_string() { format!("{indent}  ") } else { indent.to_string() };
            self.collect(inner, &format!("{path}.parts[{i}]"), &deeper, out, told);
        }
    }
}
