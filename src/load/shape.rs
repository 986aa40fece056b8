//! Holds a tree against the shape of a file and tells every mistake at once.
//!
//! The shapes are JSON Schemas derived from the very structs that serde decodes
//! (`model`), so the two readers cannot drift apart. Only the part of JSON Schema
//! that those structs produce is understood; anything else is a bug of ours.

use super::tree::{Node, NodeKind, Span};
use crate::model::id;
use crate::text::did_you_mean;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// One mistake.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// E003 unknown key, E004 duplicate key, E005 empty or missing, E006 wrong value, E007 bad id.
    pub rule: &'static str,
    /// Where.
    pub span: Span,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// All mistakes of a node against a schema with its definitions.
pub fn mistakes(node: &Node, schema: &Value, root: &Value) -> Vec<Mistake> {
    let mut walker = Walker { root, out: Vec::new() };
    walker.node(node, schema);
    walker.out
}

/// Is the word a key of any register file?
pub fn is_key(word: &str) -> bool {
    static KEYS: std::sync::LazyLock<HashSet<String>> = std::sync::LazyLock::new(|| {
        use crate::model::*;
        let schemas = [
            schemars::schema_for!(Settings),
            schemars::schema_for!(Departments),
            schemars::schema_for!(EvidenceTypes),
            schemars::schema_for!(Law),
            schemars::schema_for!(Policy),
            schemars::schema_for!(ClauseFile),
            schemars::schema_for!(Obligation),
            schemars::schema_for!(PlanItem),
            schemars::schema_for!(Person),
            schemars::schema_for!(Waiver),
            schemars::schema_for!(Crosswalk),
        ];
        let mut keys = HashSet::new();
        let mut open: Vec<Value> = schemas.into_iter().map(|s| s.to_value()).collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(map) => {
                    if let Some(Value::Object(properties)) = map.get("properties") {
                        keys.extend(properties.keys().cloned());
                    }
                    open.extend(map.into_iter().map(|(_, v)| v));
                }
                Value::Array(all) => open.extend(all),
                _ => {}
            }
        }
        keys
    });
    KEYS.contains(word)
}

struct Walker<'a> {
    root: &'a Value,
    out: Vec<Mistake>,
}

impl<'a> Walker<'a> {
    fn tell(&mut self, rule: &'static str, span: Span, zh: String, en: String) {
        self.out.push(Mistake { rule, span, zh, en });
    }

    fn node(&mut self, node: &Node, schema: &'a Value) {
        let schema = self.resolve(schema);
        if node.is_empty() {
            return self.tell(
                "E005",
                node.span,
                "值为空；没有内容时请删去整个键".into(),
                "the value is empty; leave the key out when there is nothing to say".into(),
            );
        }
        if let Some(branches) = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
            return self.branches(node, branches);
        }
        match &node.kind {
            NodeKind::Map(entries) => self.map(node, entries, schema),
            NodeKind::Seq(items) => self.list(node, items, schema),
            NodeKind::Scalar { text, .. } => self.scalar(node, text, schema),
        }
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        while let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            schema = self.root.pointer(name.trim_start_matches('#')).expect("a derived schema points only to its own definitions");
        }
        schema
    }

    fn kinds(&self, schema: &Value) -> Vec<String> {
        match schema.get("type") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(String::from).collect(),
            _ if schema.get("const").is_some() || schema.get("enum").is_some() => vec!["string".into()],
            _ => Vec::new(),
        }
    }

    /// Several shapes are allowed: a list of constants, or one shape per sort of node.
    fn branches(&mut self, node: &Node, branches: &'a [Value]) {
        let branches: Vec<&Value> =
            branches.iter().map(|b| self.resolve(b)).filter(|b| b.get("type") != Some(&Value::String("null".into()))).collect();
        let constants: Vec<&str> = branches.iter().flat_map(|b| constants(b)).collect();
        if let (Some(text), false) = (node.text(), constants.is_empty()) {
            return self.choice(node, text, &constants);
        }
        let want = sort_of(node);
        let found = branches.iter().copied().find(|b| self.accepts(b, want));
        match found {
            Some(branch) => self.node(node, branch),
            None => self.wrong_sort(node, &branches.iter().flat_map(|b| self.kinds(b)).collect::<Vec<_>>()),
        }
    }

    /// Could this shape take a node of that sort? Looks into branches of branches: one
    /// value or a list of them is a choice inside a choice.
    fn accepts(&self, schema: &'a Value, want: &str) -> bool {
        let schema = self.resolve(schema);
        if let Some(inner) = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
            return inner.iter().any(|b| self.accepts(b, want));
        }
        self.kinds(schema).iter().any(|k| k == want || want == "string" && k != "object" && k != "array" && k != "null")
    }

    fn wrong_sort(&mut self, node: &Node, want: &[String]) {
        let zh: Vec<&str> = want.iter().map(|k| sort_name(k).0).collect();
        let en: Vec<&str> = want.iter().map(|k| sort_name(k).1).collect();
        let have = sort_name(sort_of(node));
        self.tell(
            "E006",
            node.span,
            format!("这里应为{}，写的却是{}", zh.join("或"), have.0),
            format!("here should stand {}, not {}", en.join(" or "), have.1),
        );
    }

    fn map(&mut self, node: &Node, entries: &[(Node, Node)], schema: &'a Value) {
        if !self.kinds(schema).iter().any(|k| k == "object") {
            return self.wrong_sort(node, &self.kinds(schema));
        }
        static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&NONE);
        let free = schema.get("additionalProperties").filter(|v| v.is_object());
        let mut seen = std::collections::HashSet::new();
        for (key, value) in entries {
            let Some(name) = key.text() else {
                self.tell("E003", key.span, "键必须是一个词".into(), "a key must be a word".into());
                continue;
            };
            if !seen.insert(name) {
                self.tell(
                    "E004",
                    key.span,
                    format!("键 `{name}` 重复"),
                    format!("the key `{name}` stands here twice; only one of them could count"),
                );
                continue;
            }
            match (known.get(name), free) {
                (Some(inner), _) | (None, Some(inner)) => self.node(value, inner),
                (None, None) => {
                    let near = did_you_mean(name, known.keys().map(String::as_str));
                    let all = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                    let (zh, en) = near.map_or((format!("；可用的键：{all}"), format!("; keys known here: {all}")), |n| {
                        (format!("；是否想写 `{n}`？"), format!("; did you mean `{n}`?"))
                    });
                    self.tell("E003", key.span, format!("未知的键 `{name}`{zh}"), format!("unknown key `{name}`{en}"));
                }
            }
        }
        if entries.is_empty() && schema.get("minProperties").is_some() {
            return self.tell(
                "E005",
                node.span,
                "值为空；没有内容时请删去整个键".into(),
                "the value is empty; leave the key out when there is nothing to say".into(),
            );
        }
        let required = schema.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for name in required.iter().filter_map(Value::as_str) {
            if !entries.iter().any(|(k, _)| k.text() == Some(name)) {
                let span = entries.first().map_or(node.span, |(k, _)| k.span);
                self.tell("E005", span, format!("缺少必填的键 `{name}`"), format!("the required key `{name}` is missing"));
            }
        }
    }

    fn list(&mut self, node: &Node, items: &[Node], schema: &'a Value) {
        if !self.kinds(schema).iter().any(|k| k == "array") {
            return self.wrong_sort(node, &self.kinds(schema));
        }
        if let Some(inner) = schema.get("items") {
            for item in items {
                self.node(item, inner);
            }
        }
    }

    fn scalar(&mut self, node: &Node, text: &str, schema: &'a Value) {
        let allowed = constants(schema);
        if !allowed.is_empty() {
            return self.choice(node, text, &allowed);
        }
        let kinds = self.kinds(schema);
        let plain = matches!(node.kind, NodeKind::Scalar { plain: true, .. });
        // `007`, `+7` and `"7"` are words to the other reader, so they are here.
        let whole = |n: i64| n >= 0 && n <= i64::from(u32::MAX) && n.to_string() == text;
        let fits = |k: &String| match k.as_str() {
            "string" => true,
            "boolean" => plain && matches!(text, "true" | "false"),
            "integer" => plain && text.parse::<i64>().is_ok_and(whole),
            _ => false,
        };
        if !kinds.iter().any(fits) {
            if kinds.iter().any(|k| k == "boolean" || k == "integer") {
                let want = sort_name(kinds.iter().find(|k| *k != "null").map_or("", String::as_str));
                return self.tell("E006", node.span, format!("`{text}` 不是{}", want.0), format!("`{text}` is not {}", want.1));
            }
            return self.wrong_sort(node, &kinds);
        }
        if let Some(format) = schema.get("format").and_then(Value::as_str)
            && let Err(en) = id::check(format, text)
        {
            let rule = if format.ends_with("-id") || matches!(format, "post" | "report-name") { "E007" } else { "E006" };
            let zh = match format {
                "obligation-id" => format!("`{text}` 不是义务编号，应形如 OPN-3.18"),
                "unit-id" => format!("`{text}` 不是编号，应形如 DEP-MIIT（大写字母、数字、单个连字符）"),
                "report-name" => format!("`{text}` 不能作报表名，应形如 monthly-ledger（小写字母、数字、连字符，至多40个，且不是 index）"),
                "post" => format!("`{text}` 不是岗位名，应形如 officer-miit（小写字母、数字、点、连字符，至多40个）"),
                "date" => format!("`{text}` 不是日期，应写十个字符，如 2026-02-03"),
                "due" => format!("`{text}` 不是日期（如 2026-02-03），也不是 standing"),
                _ => "值为空".to_string(),
            };
            self.tell(rule, node.span, zh, en);
        }
    }

    fn choice(&mut self, node: &Node, text: &str, allowed: &[&str]) {
        if allowed.contains(&text) {
            return;
        }
        let near = did_you_mean(text, allowed.iter().copied());
        let all = allowed.join(", ");
        let (zh, en) = near.map_or((format!("；可用：{all}"), format!("; allowed: {all}")), |n| {
            (format!("；是否想写 `{n}`？"), format!("; did you mean `{n}`?"))
        });
        self.tell("E006", node.span, format!("`{text}` 不在可选值之列{zh}"), format!("`{text}` is not one of the values{en}"));
    }
}

fn constants(schema: &Value) -> Vec<&str> {
    let many = schema.get("enum").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    many.iter().chain(schema.get("const")).filter_map(Value::as_str).collect()
}

fn sort_of(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::Map(_) => "object",
        NodeKind::Seq(_) => "array",
        NodeKind::Scalar { .. } => "string",
    }
}

fn sort_name(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "object" => ("键值对", "keys and values"),
        "array" => ("列表", "a list"),
        "integer" => ("非负整数", "a whole number"),
        "boolean" => ("true 或 false", "true or false"),
        _ => ("文字", "a text"),
    }
}
