//! A ReqIF file taken apart: objects with their values by name, relations, the hierarchy.
//!
//! The file is somebody else's. A document type, an entity of its own, another root element or
//! anything that is not well-formed XML in UTF-8 ends the reading with line and cause; nothing
//! is expanded and nothing is fetched. Depth is bounded, and every loop walks forward, so that
//! work grows with the length of the file alone.

use super::plain::Plain;
use crate::finding::words;
use crate::model::Words;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::HashMap;

/// Elements inside each other at most.
const DEEPEST: usize = 500;

/// What stands in a file.
#[derive(Default)]
pub struct Foreign {
    /// Title of the header.
    pub title: String,
    /// Spec objects in the order of the file.
    pub objects: Vec<Object>,
    /// Relations in the order of the file.
    pub relations: Vec<Relation>,
    /// Specifications with the places in them.
    pub specifications: Vec<Specification>,
    /// Names of attributes, values of enumerations, types and the like, by identifier.
    pub names: HashMap<String, String>,
}

/// A spec object.
#[derive(Default)]
pub struct Object {
    /// Its identifier; empty where it has none.
    pub id: String,
    /// Line in the file.
    pub line: usize,
    /// LONG-NAME.
    pub name: String,
    /// DESC.
    pub about: String,
    /// Values by the identifier of their definition; names come from [`Foreign::names`].
    pub values: Vec<(String, String)>,
}

/// A relation.
#[derive(Default)]
pub struct Relation {
    /// What every object has.
    pub object: Object,
    /// Identifier of its type.
    pub kind: String,
    /// Identifier of the object that it leads from.
    pub source: String,
    /// … and to.
    pub target: String,
}

/// A specification.
#[derive(Default)]
pub struct Specification {
    /// What every object has.
    pub object: Object,
    /// Depth from 0 and identifier of the object at each place, from above.
    pub places: Vec<(usize, String)>,
}

/// Takes a file apart.
///
/// # Errors
/// Where it is no ReqIF that can be read.
pub fn read(bytes: &[u8]) -> Result<Foreign, Words> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(words("这是压缩包（.reqifz）；请先解压".into(), "it is an archive (.reqifz): unpack it first".into()));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(words("编码是 UTF-16；请另存为 UTF-8".into(), "it is UTF-16: save it as UTF-8".into()));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let at = e.valid_up_to();
        words(format!("第 {at} 字节不是 UTF-8"), format!("it is not UTF-8 at byte {at}"))
    })?;
    let mut walk = Walk { text, seen: 0, line: 1, stack: Vec::new(), skip: None, item: Item::None, value: None, out: Foreign::default() };
    walk.run()?;
    Ok(walk.out)
}

/// What is being read.
enum Item {
    None,
    Object(Object),
    Relation(Relation),
    Specification(Specification, usize),
}

/// A value being read.
#[derive(Default)]
struct Value {
    definition: String,
    text: String,
    choices: Vec<String>,
    rich: Option<Plain>,
}

struct Walk<'a> {
    text: &'a str,
    /// Bytes whose lines are counted.
    seen: usize,
    line: usize,
    stack: Vec<String>,
    /// Depth of an element that is passed over whole.
    skip: Option<usize>,
    item: Item,
    value: Option<Value>,
    out: Foreign,
}

impl Walk<'_> {
    fn bad(&self, zh: impl std::fmt::Display, en: impl std::fmt::Display) -> Words {
        words(format!("第 {} 行：{zh}", self.line), format!("line {}: {en}", self.line))
    }

    fn run(&mut self) -> Result<(), Words> {
        let mut reader = Reader::from_str(self.text);
        loop {
            let before = reader.buffer_position() as usize;
            let event = reader.read_event();
            self.count(before);
            match event {
                Err(e) => {
                    self.count(reader.error_position() as usize);
                    return Err(self.bad(format!("不是合格的 XML：{e}"), format!("not well-formed XML: {e}")));
                }
                Ok(Event::Eof) => break,
                Ok(Event::DocType(_)) => {
                    return Err(self.bad(
                        "文件带有文档类型声明（DTD）；ReqIF 不需要，一律不读",
                        "the file has a document type (DTD); ReqIF needs none, so it is refused",
                    ));
                }
                Ok(Event::Start(e)) => self.open(&e, true)?,
                Ok(Event::Empty(e)) => self.open(&e, false)?,
                Ok(Event::End(_)) => self.close(),
                Ok(Event::Text(e)) => self.words(&e.xml_content(XmlVersion::Implicit1_0))?,
                Ok(Event::CData(e)) => self.words(&e)?,
                Ok(Event::GeneralRef(e)) => {
                    let sign = match e.resolve_char_ref() {
                        Ok(Some(c)) => Some(c.to_string()),
                        Ok(None) => quick_xml::escape::resolve_predefined_entity(&e).map(String::from),
                        Err(_) => None,
                    };
                    let Some(sign) = sign else {
                        return Err(self.bad(format!("实体 &{};未定义", &*e), format!("the entity &{}; is not one of XML's own", &*e)));
                    };
                    self.words(&sign)?;
                }
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
            }
        }
        match self.stack.last() {
            Some(open) => Err(self.bad(format!("文件在 <{open}> 中断"), format!("the file ends inside <{open}>"))),
            None if self.seen == 0 || self.text.trim().is_empty() => Err(words("文件是空的".into(), "the file is empty".into())),
            None => Ok(()),
        }
    }

    /// Counts lines up to a byte.
    fn count(&mut self, to: usize) {
        let to = to.min(self.text.len());
        if to > self.seen {
            self.line += self.text.as_bytes()[self.seen..to].iter().filter(|b| **b == b'\n').count();
            self.seen = to;
        }
    }

    fn open(&mut self, e: &BytesStart, stays: bool) -> Result<(), Words> {
        let name = e.local_name().into_inner().to_string();
        if self.stack.is_empty() && name != "REQ-IF" {
            return Err(self.bad(format!("根元素是 <{name}>，不是 ReqIF 文件"), format!("its root is <{name}>: no ReqIF file")));
        }
        if self.stack.len() >= DEEPEST {
            return Err(self.bad(format!("元素嵌套超过 {DEEPEST} 层"), format!("more than {DEEPEST} elements inside each other")));
        }
        let mut attributes: HashMap<String, String> = HashMap::new();
        for a in e.attributes() {
            let told = |e: &dyn std::fmt::Display| self.bad(format!("<{name}> 的属性有误：{e}"), format!("an attribute of <{name}>: {e}"));
            let a = a.map_err(|e| told(&e))?;
            let value = a.normalized_value(XmlVersion::Implicit1_0).map_err(|e| told(&e))?;
            attributes.insert(a.key.local_name().into_inner().to_string(), value.into_owned());
        }
        let depth = self.stack.len();
        self.stack.push(name.clone());
        if self.skip.is_none() {
            match &mut self.value {
                // Inside the text of a value.
                Some(Value { rich: Some(plain), .. }) => plain.open(&name),
                _ => self.begin(&name, attributes, depth),
            }
        }
        if !stays {
            self.close();
        }
        Ok(())
    }

    fn begin(&mut self, name: &str, mut a: HashMap<String, String>, depth: usize) {
        let mut take = |key: &str| a.remove(key).unwrap_or_default();
        let inside = !matches!(self.item, Item::None);
        match name {
            // Tools keep their own things there; a default is no value.
            "TOOL-EXTENSIONS" | "DEFAULT-VALUE" => self.skip = Some(depth),
            "SPEC-OBJECT" | "SPEC-RELATION" | "SPECIFICATION" if !inside => {
                let object =
                    Object { id: take("IDENTIFIER"), line: self.line, name: take("LONG-NAME"), about: take("DESC"), values: Vec::new() };
                self.item = match name {
                    "SPEC-OBJECT" => Item::Object(object),
                    "SPEC-RELATION" => Item::Relation(Relation { object, ..Relation::default() }),
                    _ => Item::Specification(Specification { object, places: Vec::new() }, 0),
                };
            }
            "SPEC-HIERARCHY" => {
                if let Item::Specification(_, depth) = &mut self.item {
                    *depth += 1;
                }
            }
            "THE-VALUE" => {
                if let Some(value) = &mut self.value {
                    value.rich = Some(Plain::default());
                }
            }
            _ if name.starts_with("ATTRIBUTE-VALUE-") && inside => {
                self.value = Some(Value { text: take("THE-VALUE"), ..Value::default() });
            }
            _ => {
                let (id, long) = (take("IDENTIFIER"), take("LONG-NAME"));
                if !id.is_empty() && !inside {
                    self.out.names.entry(id).or_insert(long);
                }
            }
        }
    }

    fn words(&mut self, text: &str) -> Result<(), Words> {
        if self.skip.is_some() {
            return Ok(());
        }
        let Some(here) = self.stack.last().map(String::as_str) else {
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(self.bad("根元素之外有文字", "text outside the root element"))
            };
        };
        if let Some(Value { rich: Some(plain), .. }) = &mut self.value {
            plain.add(text);
            return Ok(());
        }
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let above = self.stack.iter().rev().nth(1).map(String::as_str).unwrap_or("");
        match (&mut self.item, &mut self.value, here) {
            (Item::None, _, "TITLE") => self.out.title.push_str(text),
            (_, Some(v), "ENUM-VALUE-REF") => v.choices.push(text.into()),
            (_, Some(v), _) if above == "DEFINITION" => v.definition.push_str(text),
            (Item::Relation(r), None, "SPEC-OBJECT-REF") if above == "SOURCE" => r.source.push_str(text),
            (Item::Relation(r), None, "SPEC-OBJECT-REF") if above == "TARGET" => r.target.push_str(text),
            (Item::Relation(r), None, _) if above == "TYPE" => r.kind.push_str(text),
            (Item::Specification(s, depth), None, "SPEC-OBJECT-REF") => s.places.push((depth.saturating_sub(1), text.into())),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) {
        let Some(name) = self.stack.pop() else { return };
        if let Some(depth) = self.skip {
            if self.stack.len() == depth {
                self.skip = None;
            }
            return;
        }
        if let Some(value) = &mut self.value {
            if name == "THE-VALUE" {
                value.text = value.rich.take().map_or(String::new(), Plain::end);
                return;
            }
            if let Some(plain) = &mut value.rich {
                plain.close(&name);
                return;
            }
        }
        if name.starts_with("ATTRIBUTE-VALUE-") {
            self.finish_value();
        }
        match (name.as_str(), &mut self.item) {
            ("SPEC-HIERARCHY", Item::Specification(_, depth)) => *depth = depth.saturating_sub(1),
            ("SPEC-OBJECT", Item::Object(_)) | ("SPEC-RELATION", Item::Relation(_)) | ("SPECIFICATION", Item::Specification(..)) => {
                match std::mem::replace(&mut self.item, Item::None) {
                    Item::Object(o) => self.out.objects.push(o),
                    Item::Relation(r) => self.out.relations.push(r),
                    Item::Specification(s, _) => self.out.specifications.push(s),
                    Item::None => {}
                }
            }
            _ => {}
        }
    }

    fn finish_value(&mut self) {
        let Some(v) = self.value.take() else { return };
        // The names of a vocabulary may stand further down in the file: they are looked up later.
        let text = if v.choices.is_empty() { v.text } else { v.choices.iter().map(|c| format!("\u{1}{c}")).collect() };
        let object = match &mut self.item {
            Item::Object(o) => o,
            Item::Relation(r) => &mut r.object,
            Item::Specification(s, _) => &mut s.object,
            Item::None => return,
        };
        object.values.push((v.definition, text));
    }
}

impl Foreign {
    /// The values of an object by the names of their attributes, empty ones left out; an
    /// attribute that nobody defines goes by its identifier.
    pub fn values(&self, object: &Object) -> Vec<(String, String)> {
        let name = |id: &str| self.names.get(id).filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| id.to_string());
        let text = |raw: &str| match raw.strip_prefix('\u{1}') {
            Some(ids) => ids.split('\u{1}').map(name).collect::<Vec<_>>().join("; "),
            None => raw.trim().to_string(),
        };
        object.values.iter().map(|(id, raw)| (name(id), text(raw))).filter(|(_, v)| !v.is_empty()).collect()
    }
}
