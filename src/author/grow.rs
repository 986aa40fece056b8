//! New things: a department, an obligation, a policy.
//!
//! Each comes as the files that change; only what was told is written, nothing is made up.

use super::find::File;
use super::mark::{self, Wanted};
use super::schema;
use super::yaml::{self, Deed, Refused, Step};
use crate::load::tree::Node;
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

/// Words in one or two languages.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// Chinese.
    pub zh: Option<String>,
    /// English.
    pub en: Option<String>,
}

impl Pair {
    fn value(&self) -> Option<Value> {
        let words = [("zh", &self.zh), ("en", &self.en)];
        let map: Map<String, Value> = words.into_iter().filter_map(|(k, v)| Some((k.to_string(), json!(v.as_ref()?)))).collect();
        (!map.is_empty()).then_some(Value::Object(map))
    }
}

/// A department to be.
pub struct Department {
    /// Its id.
    pub id: String,
    /// Full name.
    pub name: Pair,
    /// Short name.
    pub short: Pair,
    /// The catalogue's bodies that it stands for.
    pub acts_for: Vec<String>,
    /// Its sector.
    pub sector: Option<String>,
    /// The body above it.
    pub parent: Option<String>,
    /// Its place in lists.
    pub order: Option<u32>,
}

/// An obligation to be.
pub struct Obligation {
    /// Its id, or the part that it is added to.
    pub id: String,
    /// Title.
    pub title: Pair,
    /// What the text asks for.
    pub requirement: Pair,
    /// Codes of kind, modality and recurrence.
    pub codes: [String; 3],
    /// Lead departments.
    pub lead: Vec<String>,
    /// Supporting ones.
    pub support: Vec<String>,
    /// Layer, locator and anchor in the source.
    pub source: Option<[String; 3]>,
    /// Review cycle.
    pub review: Option<String>,
    /// Primary sector.
    pub sector: Option<String>,
}

/// A policy to be.
pub struct Policy {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: Pair,
    /// Heading of its first part.
    pub part: Pair,
    /// The day on which it is put on the list.
    pub listed: NaiveDate,
}

fn key(k: &str) -> Step {
    Step::Key(k.into())
}

/// A mapping of what there is.
fn object(parts: Vec<(&str, Option<Value>)>) -> Value {
    Value::Object(parts.into_iter().filter_map(|(k, v)| Some((k.to_string(), v?))).collect())
}

fn list(all: &[String]) -> Option<Value> {
    (!all.is_empty()).then(|| json!(all))
}

/// A department at the end of departments.yaml.
///
/// # Errors
/// When the id is taken or the file cannot be changed.
pub fn department(s: &Snapshot, files: &[File], d: &Department) -> Result<Vec<Wanted>, Refused> {
    if s.register.body(&d.id).is_some() {
        return Err(Refused::new(format!("{} 已有", d.id), format!("there is a {} already", d.id)));
    }
    let value = object(vec![
        ("id", Some(json!(d.id))),
        ("sector", d.sector.as_ref().map(|v| json!(v))),
        ("parent", d.parent.as_ref().map(|v| json!(v))),
        ("name", d.name.value()),
        ("short", d.short.value()),
        ("acts_for", list(&d.acts_for)),
        ("order", d.order.map(|v| json!(v))),
    ]);
    let path = "departments.yaml";
    let Some(file) = files.iter().find(|f| f.path == path) else {
        let kind = schema::find("departments").expect("a kind of ours");
        let text = format!("bodies:\n  - {}\n", yaml::value::block(&value, 4));
        return Ok(vec![(path.into(), mark::marked(&text, kind, path, &mark::home(&s.root)))]);
    };
    Ok(vec![(path.into(), yaml::apply(&file.text, &[key("bodies")], &Deed::Push(value), &[])?)])
}

/// An obligation at the end of its part's file, and in the clause that it names.
///
/// # Errors
/// When the id is taken, the part is not the unit's own, or a file cannot be changed.
pub fn obligation(s: &Snapshot, files: &[File], o: &Obligation) -> Result<(String, Vec<Wanted>), Refused> {
    let id = if o.id.contains('.') { o.id.clone() } else { next(s, &o.id) };
    let part = id.split('.').next().unwrap_or(&id);
    let r = &s.register;
    if r.obligation(&id).is_some() || r.invalid.iter().any(|i| i.id.as_deref() == Some(&id)) {
        return Err(Refused::new(format!("{id} 已有；编号不重用"), format!("there is an {id} already; ids are never used again")));
    }
    let own = |p: &&crate::model::register::PolicyFolder| files.iter().any(|f| f.path == format!("{}/policy.yaml", p.folder));
    let found = r.policies.iter().filter(own).find_map(|p| Some((p, p.policy.parts.iter().find(|x| x.id.as_str() == part)?)));
    let Some((policy, part)) = found else {
        let parts: Vec<&str> = r.policies.iter().filter(own).flat_map(|p| p.policy.parts.iter().map(|x| x.id.as_str())).collect();
        let all = parts.join(", ");
        return Err(Refused::new(
            format!("本级登记册里没有 {part} 部分；有：{all}"),
            format!("the unit's own policies have no part {part}; there are: {all}"),
        ));
    };
    let mode = if o.lead.len() > 1 { "by-remit" } else { "single" };
    let owner =
        (!o.lead.is_empty()).then(|| object(vec![("mode", Some(json!(mode))), ("lead", list(&o.lead)), ("support", list(&o.support))]));
    let [kind, modality, recurrence] = &o.codes;
    let value = object(vec![
        ("id", Some(json!(id))),
        ("revision", Some(json!(1))),
        ("title", o.title.value()),
        ("requirement", o.requirement.value()),
        ("kind", Some(json!(kind))),
        ("modality", Some(json!(modality))),
        ("source", o.source.as_ref().map(|[layer, at, anchor]| json!({"layer": layer, "at": at, "anchor": anchor}))),
        ("owner", owner),
        ("sector", o.sector.as_ref().map(|v| json!(v))),
        ("recurrence", Some(json!(recurrence))),
        ("review", o.review.as_ref().map(|v| json!(v))),
    ]);
    let text_of = |path: &str| {
        let absent = || Refused::new(format!("没有文件 {path}"), format!("there is no file {path}"));
        files.iter().find(|f| f.path == path).map(|f| f.text.as_str()).ok_or_else(absent)
    };
    let path = format!("{}/{}", policy.folder, part.file.as_str());
    let mut out = vec![(path.clone(), yaml::apply(text_of(&path)?, &[], &Deed::Push(value), &[])?)];
    if let Some([_, at, _]) = &o.source {
        let path = format!("{}/clauses.yaml", policy.folder);
        let text = text_of(&path)?;
        let root = yaml::read(text)?;
        let there = root.get("clauses").map_or(&[][..], Node::items).iter().position(|c| c.get("at").and_then(Node::text) == Some(at));
        let order: Vec<String> = ["at", "opening", "fp", "class", "primary"].map(String::from).into();
        let text = match there {
            Some(i) => yaml::apply(text, &[key("clauses"), Step::Item(i), key("primary")], &Deed::Push(json!(id)), &order)?,
            None => {
                let clause = json!({"at": at, "class": "obligation", "primary": [id]});
                yaml::apply(text, &[key("clauses")], &Deed::Push(clause), &order)?
            }
        };
        out.push((path, text));
    }
    Ok((id, out))
}

/// The number after the highest of a part; one that cannot be read counts as well.
fn next(s: &Snapshot, part: &str) -> String {
    let ids = s.register.obligations.iter().map(|o| o.id.as_str()).chain(s.register.invalid.iter().filter_map(|i| i.id.as_deref()));
    let numbers = ids.filter_map(|id| {
        id.split_once('.').filter(|(p, _)| *p == part)?.1.trim_end_matches(|c: char| c.is_ascii_lowercase()).parse::<u32>().ok()
    });
    format!("{part}.{:02}", numbers.max().unwrap_or(0) + 1)
}

/// A policy's folder with one part and no obligation yet, and its line in register.yaml.
///
/// # Errors
/// When the code is taken or a file is in the way.
pub fn policy(s: &Snapshot, files: &[File], p: &Policy) -> Result<Vec<Wanted>, Refused> {
    if s.register.policies.iter().any(|x| x.policy.code.as_str() == p.code) {
        return Err(Refused::new(format!("{} 已有", p.code), format!("there is a policy {} already", p.code)));
    }
    let folder = p.code.to_lowercase();
    if s.root.join(&folder).symlink_metadata().is_ok() {
        return Err(Refused::new(format!("文件夹 {folder} 已有"), format!("there is a folder {folder} already")));
    }
    let part = object(vec![
        ("id", Some(json!(format!("{}-1", p.code)))),
        ("file", Some(json!("1-part.yaml"))),
        ("title", p.part.value().or_else(|| p.title.value())),
    ]);
    let head = object(vec![("code", Some(json!(p.code))), ("title", p.title.value()), ("listed", Some(json!(p.listed.to_string())))]);
    let texts = [
        (
            "policy.yaml",
            format!(
                "# 标题、日期、各部分；listed 是列入清单之日，无牵头的宽限从这天算起。\n# Titles, dates, parts; `listed` is the day it was put on the list: the no-lead grace counts from here.\n{}\nparts:\n  - {}\n",
                yaml::value::block(&head, 0),
                yaml::value::line(&part)
            ),
        ),
        (
            "clauses.yaml",
            "# 原文每个分句：归于哪条义务，或为何没有。定位形如 ABC:P3.s4.c2。\n# Every clause of the text: the obligations it carries, or the reason for none. A locator reads ABC:P3.s4.c2.\nclauses: []\n"
                .to_string(),
        ),
        ("1-part.yaml", "# 一项一条；编号不改、不重用。 One item each; ids are kept and never used again.\n[]\n".to_string()),
    ];
    let home = mark::home(&s.root);
    let mut out: Vec<Wanted> = texts
        .into_iter()
        .map(|(name, text)| {
            let path = format!("{folder}/{name}");
            let kind = schema::kind_of(&path, &[]).expect("a file of a policy");
            let text = mark::marked(&text, kind, &path, &home);
            (path, text)
        })
        .collect();
    let settings =
        files.iter().find(|f| f.path == "register.yaml").ok_or_else(|| Refused::new("没有 register.yaml", "there is no register.yaml"))?;
    // Listed last: whoever is stopped before has files that `check` names, and no half policy.
    out.push((settings.path.clone(), yaml::apply(&settings.text, &[key("policies")], &Deed::Push(json!(folder)), &[])?));
    Ok(out)
}
