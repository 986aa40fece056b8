//! JSON Schemas of the YAML files, for editors and for validators that are not ours.
//!
//! They come from the very structs that serde decodes, so they cannot drift from what
//! `check` takes. Three things are said differently for readers that do not know our
//! words: our formats become patterns, `null` is taken out (an empty value is an error
//! here), and whole numbers get their upper end. What a schema cannot say — whether an id
//! exists, who may lead — stays with `check`.
//!
//! Order of things: [`KINDS`] lists them, [`schema`] makes one, [`kind_of`] says which
//! belongs to a file, [`modeline`] is the line that tells an editor.

use crate::model::*;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The folder beside `register.yaml` that holds the schemas. Hidden, so it is no part of
/// the register and no reader of ours looks into it.
pub const FOLDER: &str = ".schemas";

/// One kind of file.
pub struct FileKind {
    /// `plan`: the schema is `plan.json`.
    pub name: &'static str,
    /// The files it belongs to, as people write them.
    pub files: &'static str,
    /// What stands in them.
    pub title: Term,
    make: fn(&mut SchemaGenerator) -> Value,
}

fn of<T: JsonSchema>(g: &mut SchemaGenerator) -> Value {
    g.root_schema_for::<T>().to_value()
}

/// Every kind of file in a register.
pub const KINDS: &[FileKind] = &[
    FileKind { name: "register", files: "register.yaml", title: Term("登记册设置", "settings of a register"), make: of::<Settings> },
    FileKind {
        name: "departments",
        files: "departments.yaml",
        title: Term("行业领域、单位、企业和用户类别", "sectors, bodies, enterprise and user kinds"),
        make: of::<Departments>,
    },
    FileKind {
        name: "evidence-types",
        files: "evidence-types.yaml",
        title: Term("佐证材料类型", "types of evidence"),
        make: of::<EvidenceTypes>,
    },
    FileKind { name: "people", files: "people.yaml", title: Term("岗位和角色", "posts and roles"), make: of::<Vec<Person>> },
    FileKind {
        name: "plan", files: "plan.yaml", title: Term("谁来办、何时完成", "who does it and by when"), make: of::<Vec<PlanItem>>
    },
    FileKind { name: "waivers", files: "waivers.yaml", title: Term("豁免", "waivers"), make: of::<Vec<Waiver>> },
    FileKind { name: "reports", files: "reports/NAME.yaml", title: Term("已存报表", "saved reports"), make: of::<Vec<Saved>> },
    FileKind { name: "policy", files: "POLICY/policy.yaml", title: Term("政策文件", "a policy text"), make: of::<Policy> },
    FileKind {
        name: "clauses",
        files: "POLICY/clauses.yaml",
        title: Term("原文各分句及其去向", "every clause and what became of it"),
        make: of::<ClauseFile>,
    },
    FileKind {
        name: "obligations",
        files: "POLICY/PART.yaml",
        title: Term("一个部分的义务", "the obligations of one part"),
        make: of::<Vec<Obligation>>,
    },
    FileKind {
        name: "law", files: "law/NAME.yaml", title: Term("一部法律的条文主题", "a law and its articles by topic"), make: of::<Law>
    },
    FileKind {
        name: "crosswalk",
        files: "law/crosswalk.yaml",
        title: Term("义务与法条对照", "how obligations stand to articles"),
        make: of::<Vec<Crosswalk>>,
    },
];

/// The kind with a name.
pub fn find(name: &str) -> Option<&'static FileKind> {
    KINDS.iter().find(|k| k.name == name)
}

/// The schema of a kind: draft 7, which every editor knows.
pub fn schema(kind: &FileKind) -> Value {
    let mut value = (kind.make)(&mut SchemaSettings::draft07().into_generator());
    public(&mut value);
    let mut out = Map::new();
    out.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    out.insert("title".into(), json!(format!("duban/1 {}: {} / {}", kind.files, kind.title.0, kind.title.1)));
    if let Value::Object(all) = value {
        out.extend(all.into_iter().filter(|(k, _)| k != "$schema" && k != "title"));
    }
    Value::Object(out)
}

/// The schema as the bytes of its file.
pub fn text(kind: &FileKind) -> String {
    serde_json::to_string_pretty(&schema(kind)).expect("a schema is plain data") + "\n"
}

/// Says in public words what our own reader says in its own.
fn public(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(public),
        Value::Object(map) => {
            map.values_mut().for_each(public);
            no_null(map);
            form(map);
        }
        _ => {}
    }
}

/// `Option` lets `null` in; a register does not.
fn no_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|t| t != "null");
        if types.len() == 1 {
            let one = types.remove(0);
            map.insert("type".into(), one);
        }
    }
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = map.get_mut(key) else { continue };
        branches.retain(|b| b.get("type").is_none_or(|t| t != "null"));
        if branches.len() == 1 {
            let one = branches.remove(0);
            map.shift_remove(key);
            let Value::Object(one) = one else { continue };
            if one.contains_key("$ref") {
                // Beside a `$ref` draft 7 hears nothing, so the description stays outside.
                map.insert("allOf".into(), json!([one]));
            } else {
                map.extend(one);
            }
        }
    }
    if map.get("default") == Some(&Value::Null) {
        map.shift_remove("default");
    }
}

/// Formats of ours as patterns; whole numbers with their upper end.
fn form(map: &mut Map<String, Value>) {
    let Some(format) = map.get("format").and_then(Value::as_str).map(String::from) else { return };
    let pattern = match format.as_str() {
        "obligation-id" => "^[A-Z][A-Z0-9]{1,11}-[0-9]{1,2}\\.[0-9]{2,3}[a-z]?$",
        "unit-id" => "^(?=.{1,40}$)[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$",
        "date" => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "due" => "^(standing|[0-9]{4}-[0-9]{2}-[0-9]{2})$",
        "post" => "^[a-z0-9-][a-z0-9.-]{0,39}$",
        "report-name" => "^[a-z0-9][a-z0-9-]{0,39}$",
        "days" => "^[0-9]{1,4}(d|天)$",
        "text" => "\\S",
        "uint32" => {
            map.insert("maximum".into(), json!(u32::MAX));
            map.shift_remove("format");
            return;
        }
        _ => {
            map.shift_remove("format");
            return;
        }
    };
    if format != "date" {
        map.shift_remove("format");
    }
    map.insert("pattern".into(), json!(pattern));
}

/// The kind of a register's file by its path in the register; `laws` as register.yaml
/// lists them. `None` for what is no YAML file of a register.
pub fn kind_of(path: &str, laws: &[Text]) -> Option<&'static FileKind> {
    let name = match path.rsplit('/').next()? {
        _ if laws.iter().any(|l| l.as_str() == path) => "law",
        _ if path == "law/crosswalk.yaml" => "crosswalk",
        _ if path.starts_with("reports/") && path.ends_with(".yaml") => "reports",
        "policy.yaml" | "clauses.yaml" if path.contains('/') => &path[path.rfind('/')? + 1..path.len() - 5],
        top if top == path => top.strip_suffix(".yaml")?,
        other if other.ends_with(".yaml") => "obligations",
        _ => return None,
    };
    find(name)
}

/// The first line of a file that tells an editor its schema; `folder` is the schema
/// folder as seen from the file.
pub fn modeline(kind: &FileKind, folder: &str) -> String {
    format!("{MODELINE}{folder}/{}.json\n", kind.name)
}

const MODELINE: &str = "# yaml-language-server: $schema=";

/// Does a line tell an editor its schema?
pub fn is_modeline(line: &str) -> bool {
    line.starts_with(MODELINE)
}
