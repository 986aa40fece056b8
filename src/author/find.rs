//! Which file and which place an id and a field mean.
//!
//! Files are looked through as they are, not as they were understood: what a rule complains
//! about can still be mended.

use super::field::Word;
use super::mark;
use super::yaml::{self, Refused, Step};
use crate::load::tree::Node;
use crate::snapshot::Snapshot;
use crate::text::did_you_mean;
use serde_json::{Value, json};

/// Fields that stand in the plan whatever is named before them.
const PLAN: &[&str] = &["person", "contact", "start", "due", "due_set", "remark"];

/// One file of the unit's own register.
pub struct File {
    /// Its path in the register.
    pub path: String,
    /// The name of its kind.
    pub kind: &'static str,
    /// Its text.
    pub text: String,
}

/// A place for a field.
pub struct Target {
    /// Index in the list of files.
    pub file: usize,
    /// The node that has the field.
    pub base: Vec<Step>,
    /// Where there is no such node yet: the element that is added to the list at `base`.
    pub fresh: Option<Value>,
}

/// The unit's own YAML files.
///
/// # Errors
/// When one cannot be read.
pub fn files(s: &Snapshot) -> std::io::Result<Vec<File>> {
    mark::files(&s.root)?
        .into_iter()
        .map(|(path, kind)| {
            let text = std::fs::read_to_string(s.root.join(&path)).map_err(|e| std::io::Error::new(e.kind(), format!("{path}: {e}")))?;
            Ok(File { path, kind: kind.name, text })
        })
        .collect()
}

/// Lists of things with an id, by kind of file.
const LISTS: &[(&str, &str, &str)] = &[
    ("obligations", "", "id"),
    ("departments", "bodies", "id"),
    ("departments", "sectors", "id"),
    ("departments", "enterprises", "id"),
    ("departments", "users", "id"),
    ("evidence-types", "types", "code"),
    ("people", "", "post"),
    ("clauses", "clauses", "at"),
];

/// The place that an id and the first word of a field mean.
///
/// # Errors
/// When there is none in the unit's own files: with where it is, or what was probably meant.
pub fn target(s: &Snapshot, files: &[File], id: &str, field: &Word) -> Result<Target, Refused> {
    let key = match field {
        Word::Key(key) => key.as_str(),
        Word::Item(_) => "",
    };
    let obligation = id.split('@').next().is_some_and(|ob| s.register.obligation(ob).is_some());
    if obligation && (id.contains('@') || PLAN.contains(&key) || key == "owner" && !listed(files, "obligations", "", "id", id)) {
        return plan(s, files, id, key);
    }
    if id == "register" {
        return whole(files, |f| f.kind == "register");
    }
    for (kind, list, name) in LISTS {
        for (n, file) in files.iter().enumerate().filter(|(_, f)| f.kind == *kind && f.text.contains(id)) {
            let root = yaml::read(&file.text).map_err(|e| within(file, e))?;
            if let Some(base) = element(&root, list, name, id) {
                return Ok(Target { file: n, base, fresh: None });
            }
        }
    }
    for (kind, name) in [("policy", "code"), ("law", "id")] {
        let named = |f: &File| f.kind == kind && yaml::read(&f.text).is_ok_and(|root| root.get(name).and_then(Node::text) == Some(id));
        if let Ok(found) = whole(files, named) {
            return Ok(found);
        }
    }
    Err(unknown(s, id))
}

fn within(file: &File, e: Refused) -> Refused {
    Refused::new(format!("{}：{}", file.path, e.0.0), format!("{}: {}", file.path, e.0.1))
}

fn whole(files: &[File], is: impl Fn(&File) -> bool) -> Result<Target, Refused> {
    let file = files.iter().position(is).ok_or_else(|| Refused::new("没有这个文件", "there is no such file"))?;
    Ok(Target { file, base: Vec::new(), fresh: None })
}

/// The element of a list that has this id.
fn element(root: &Node, list: &str, name: &str, id: &str) -> Option<Vec<Step>> {
    let (items, mut way) = match list {
        "" => (root.items(), Vec::new()),
        key => (root.get(key)?.items(), vec![Step::Key(key.into())]),
    };
    way.push(Step::Item(items.iter().position(|n| n.get(name).and_then(Node::text) == Some(id))?));
    Some(way)
}

fn listed(files: &[File], kind: &str, list: &str, name: &str, id: &str) -> bool {
    files
        .iter()
        .filter(|f| f.kind == kind && f.text.contains(id))
        .any(|f| yaml::read(&f.text).is_ok_and(|root| element(&root, list, name, id).is_some()))
}

/// The item of the plan, or a new one.
fn plan(s: &Snapshot, files: &[File], id: &str, key: &str) -> Result<Target, Refused> {
    let r = &s.register;
    let no_plan = || Refused::new("没有 plan.yaml；请先建一个，内容为 []", "there is no plan.yaml; make one that holds []");
    let file = files.iter().position(|f| f.kind == "plan").ok_or_else(no_plan)?;
    let root = yaml::read(&files[file].text).map_err(|e| within(&files[file], e))?;
    let exact = element(&root, "", "duty", id);
    if key == "owner" && !id.contains('@') {
        // Another owner stands with the obligation, whoever leads it now.
        return Ok(Target { file, base: exact.clone().unwrap_or_default(), fresh: exact.is_none().then(|| json!({"duty": id})) });
    }
    let Some(duty) = s.roster.find(r, id) else {
        let all: Vec<String> = r
            .obligation_index
            .get(id.split('@').next().unwrap_or(id))
            .map_or(Vec::new(), |o| s.roster.of(*o as usize).map(|d| s.roster.full_id(r, d)).collect());
        let all = all.join(", ");
        return Err(Refused::new(format!("没有唯一的分工 {id}；现有：{all}"), format!("{id} is not one assignment; there are: {all}")));
    };
    let full = s.roster.full_id(r, duty);
    let mine = |n: &&Node| n.get("duty").and_then(Node::text).is_some_and(|d| s.roster.find(r, d) == Some(duty));
    // An item that speaks of the owner alone is no plan of anybody's.
    let found =
        root.items().iter().enumerate().find(|(_, n)| mine(n) && (n.get("owner").is_none() || PLAN.iter().any(|p| n.get(p).is_some())));
    Ok(match found.map(|(i, _)| vec![Step::Item(i)]).or(exact) {
        Some(base) => Target { file, base, fresh: None },
        None => Target { file, base: Vec::new(), fresh: Some(json!({"duty": full})) },
    })
}

/// Nothing of the unit's own: elsewhere, or nowhere.
fn unknown(s: &Snapshot, id: &str) -> Refused {
    let r = &s.register;
    let at = r.obligation(id).map(|o| o.at).or_else(|| r.body(id).map(|b| b.at)).or_else(|| r.evidence_type(id).map(|t| t.at));
    if let Some(at) = at {
        let file = &r.files[at.file as usize].shown;
        return Refused::new(
            format!("{id} 在目录的 {file} 里，不属于本级登记册；请在那里改（-C）"),
            format!("{id} stands in {file} of the catalogue, not in this unit's own register; change it there (-C)"),
        );
    }
    let known = r.obligations.iter().map(|o| o.id.as_str()).chain(r.bodies.iter().map(|b| b.id.as_str()));
    let known = known.chain(r.evidence_types.iter().map(|t| t.code.as_str())).chain(r.people.iter().flatten().map(|p| p.post.as_str()));
    let (zh, en) =
        did_you_mean(id, known).map_or((String::new(), String::new()), |n| (format!("；是否想写 {n}？"), format!("; did you mean {n}?")));
    Refused::new(format!("登记册里没有 {id}{zh}"), format!("there is no {id} in the register{en}"))
}
