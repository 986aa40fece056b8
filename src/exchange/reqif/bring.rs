//! A foreign ReqIF as a draft policy: spec objects become obligations, relations their needs,
//! headings their parts; whatever does not is told with its place.
//!
//! 1. Each object is looked at alone: id, title, text, vocabulary ([`Seen`]); without a text but
//!    with others below it, it is a heading.
//! 2. The hierarchy gives the order and the parts; what stands nowhere in it comes last.
//! 3. Ids that already fit the policy's code are kept, the others get one and keep theirs as
//!    `foreign_id`.
//! 4. Relations between obligations become needs.

use super::names::{CHAPTER, ID, NAME, TEXT};
use super::read::{Foreign, Object, Relation, Specification, read};
use crate::exchange::draft::{Brought, Draft, Given, Item, Part, Source, Told, What, by_script};
use crate::finding::words;
use crate::model::{Kind, Modality, NeedKind, ObligationId, Recurrence, Words};
use crate::source::duty::{self, Duty};
use crate::source::reading::Reading;
use crate::source::scaffold::short;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Attribute names that hold an id, a title, a text: ours, the agreed ones, and what tools write.
const IDS: &[&str] = &[ID, "ForeignID", "UID", "ID", "Object Identifier", "Identifier", "编号"];
const TITLES: &[&str] = &[NAME, "Name", "Title", "Object Short Text", "Object Heading", "标题", "名称"];
const TEXTS: &[&str] = &[
    TEXT,
    "ReqIF.Description",
    "Text",
    "Object Text",
    "Statement",
    "Requirement",
    "Requirement Text",
    "Description",
    "正文",
    "要求",
    "内容",
];

/// What can be made of an object.
struct Seen<'a> {
    object: &'a Object,
    foreign: String,
    title: Option<Words>,
    text: Option<Words>,
    heading: Option<Words>,
    codes: [Option<String>; 3],
    /// Needs that our own export could not draw: `requires SPC-1.01`.
    outside: String,
    /// Attributes that have no place in a draft.
    left: Vec<String>,
}

/// Makes the draft of one file.
///
/// # Errors
/// Where the file is no ReqIF, or nothing in it can be an obligation.
pub fn bring(sources: &[Source], given: &Given) -> Result<Brought, Words> {
    let [source] = sources else {
        return Err(words("一次只读一个 ReqIF 文件：每个文件一份政策".into(), "one ReqIF file at a time: each becomes a policy".into()));
    };
    let at = |e: Words| {
        words(format!("{}：{}", source.name, e.say(crate::model::Lang::Zh)), format!("{}: {}", source.name, e.say(crate::model::Lang::En)))
    };
    let file = read(&source.bytes).map_err(at)?;
    let mut work = Work { file: &file, name: &source.name, given, told: Vec::new() };
    let brought = work.policy(source)?;
    Ok(brought)
}

struct Work<'a> {
    file: &'a Foreign,
    name: &'a str,
    given: &'a Given<'a>,
    told: Vec<Told>,
}

/// An obligation in the making: object, part and place.
struct Placed {
    object: usize,
    key: usize,
}

impl<'a> Work<'a> {
    fn tell(&mut self, what: What, object: &Object, zh: impl Into<String>, en: impl Into<String>) {
        let id = if object.id.is_empty() { "?" } else { &object.id };
        self.told.push(Told { what, place: format!("{}:{} {id}", self.name, object.line), why: words(zh.into(), en.into()) });
    }

    fn policy(&mut self, source: &Source) -> Result<Brought, Words> {
        let seen: Vec<Seen> = self.file.objects.iter().map(|o| look(self.file, o)).collect();
        let (keys, placed) = self.place(&seen);
        if placed.is_empty() {
            let n = seen.len();
            return Err(words(
                format!("{}：{n} 个规格对象中没有一个带正文，做不成义务", self.name),
                format!("{}: none of its {n} spec objects has a text: no obligation can be made", self.name),
            ));
        }
        let ids = self.ids(&seen, &placed)?;
        let mut needs = self.needs(&placed, &ids);
        let mut parts: BTreeMap<u32, Part> = BTreeMap::new();
        for (p, id) in placed.iter().zip(&ids) {
            let s = &seen[p.object];
            let mut links = needs.remove(&p.object).unwrap_or_default();
            links.extend(self.outside(s, id));
            let number = id.part().rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let part = parts.entry(number).or_insert_with(|| Part { number, title: keys[p.key].clone(), items: Vec::new() });
            part.items.push(item(s, id, links));
        }
        self.attributes(&seen, &placed);
        let draft = Draft {
            title: self.title(),
            about: words(format!("ReqIF 文件 {}", self.name), format!("the ReqIF file {}", self.name)),
            print: Draft::print_of(&source.bytes),
            parts: parts.into_values().collect(),
        };
        Ok(Brought { draft, objects: seen.len(), links: self.file.relations.len(), told: std::mem::take(&mut self.told) })
    }

    /// The only specification's title, else the file's, else the code.
    fn title(&self) -> Words {
        let named = match self.file.specifications.as_slice() {
            [one] => {
                let values = self.file.values(&one.object);
                pair(&values, ["title.zh", "title.en"])
                    .or_else(|| first(&values, &[NAME, "Name", "Title"]).map(|t| by_script(&t)))
                    .or_else(|| (!one.object.name.is_empty()).then(|| by_script(&one.object.name)))
            }
            _ => None,
        };
        named.unwrap_or_else(|| by_script(if self.file.title.is_empty() { self.given.code } else { &self.file.title }))
    }

    /// Titles of the parts, and the obligations in the order of the hierarchy.
    fn place(&mut self, seen: &[Seen]) -> (Vec<Words>, Vec<Placed>) {
        let mut by_id: HashMap<&str, usize> = HashMap::new();
        let mut lost: HashSet<usize> = HashSet::new();
        for (i, s) in seen.iter().enumerate() {
            if s.object.id.is_empty() {
                lost.insert(i);
                self.tell(What::Object, s.object, "没有 IDENTIFIER，无从引用", "it has no IDENTIFIER, so that nothing can point to it");
            } else if let Some(old) = by_id.get(s.object.id.as_str()) {
                lost.insert(i);
                let line = seen[*old].object.line;
                self.tell(
                    What::Object,
                    s.object,
                    format!("标识与第 {line} 行的对象相同；只取前一个"),
                    format!("the identifier of the object on line {line} again; the first is taken"),
                );
            } else {
                by_id.insert(&s.object.id, i);
            }
        }
        let (mut keys, mut placed) = (Vec::new(), Vec::new());
        let mut done: HashSet<usize> = lost;
        let specifications: Vec<&Specification> = self.file.specifications.iter().collect();
        for spec in specifications {
            self.specification(spec, seen, &by_id, (&mut keys, &mut placed, &mut done));
        }
        // What stands in no hierarchy is an obligation all the same.
        let rest: Vec<usize> = (0..seen.len()).filter(|i| !done.contains(i)).collect();
        if !rest.is_empty() {
            keys.push(words("未列入结构".into(), "In no specification".into()));
        }
        for i in rest {
            self.put(i, keys.len() - 1, false, seen, &mut placed);
        }
        (keys, placed)
    }

    fn specification(
        &mut self,
        spec: &Specification,
        seen: &[Seen],
        by_id: &HashMap<&str, usize>,
        (keys, placed, done): (&mut Vec<Words>, &mut Vec<Placed>, &mut HashSet<usize>),
    ) {
        let own = if spec.object.name.is_empty() { words("正文".into(), "Text".into()) } else { by_script(&spec.object.name) };
        keys.push(own);
        let mut key = keys.len() - 1;
        let level = level(spec, seen, by_id);
        for (n, (depth, id)) in spec.places.iter().enumerate() {
            let Some(i) = by_id.get(id.as_str()).copied() else {
                self.tell(
                    What::Other,
                    &spec.object,
                    format!("结构中的 {id} 没有对应的对象"),
                    format!("its hierarchy points to {id}, which is not there"),
                );
                continue;
            };
            if !done.insert(i) {
                self.tell(
                    What::Other,
                    seen[i].object,
                    "在结构中出现多次；只按第一处",
                    "it stands in the hierarchy more than once; its first place is taken",
                );
                continue;
            }
            let above = spec.places.get(n + 1).is_some_and(|next| next.0 > *depth);
            if let Some(title) = heading(&seen[i], above)
                && *depth <= level
            {
                keys.push(title);
                key = keys.len() - 1;
            }
            self.put(i, key, above, seen, placed);
        }
    }

    /// An obligation, a heading, or something without words.
    fn put(&mut self, i: usize, key: usize, above: bool, seen: &[Seen], placed: &mut Vec<Placed>) {
        let s = &seen[i];
        if heading(s, above).is_some() {
            self.tell(What::Heading, s.object, "标题，不作义务", "a heading, not made an obligation");
        } else if s.text.is_none() && s.title.is_none() {
            self.tell(What::Object, s.object, "没有正文也没有名称", "it has neither text nor name");
        } else {
            placed.push(Placed { object: i, key });
        }
    }

    /// An id for each: its own where that begins with the code and is there once.
    fn ids(&mut self, seen: &[Seen], placed: &[Placed]) -> Result<Vec<ObligationId>, Words> {
        let mut taken: BTreeSet<ObligationId> = BTreeSet::new();
        let mut kept: Vec<Option<ObligationId>> = Vec::new();
        for p in placed {
            let s = &seen[p.object];
            let own = ObligationId::new(&s.foreign).ok().filter(|id| id.policy() == self.given.code);
            let fresh = own.filter(|id| taken.insert(id.clone()));
            if fresh.is_none() && ObligationId::new(&s.foreign).is_ok_and(|id| taken.contains(&id)) {
                self.tell(
                    What::Other,
                    s.object,
                    format!("编号 {} 出现两次；后一个另编", s.foreign),
                    format!("the id {} stands there twice; the second gets another", s.foreign),
                );
            }
            kept.push(fresh);
        }
        let numbers: BTreeSet<u32> = taken.iter().filter_map(|id| id.part().rsplit('-').next()?.parse().ok()).collect();
        let mut free = (1..=99).filter(|n| !numbers.contains(n));
        let mut of_key: HashMap<usize, u32> = HashMap::new();
        for (p, id) in placed.iter().zip(&kept) {
            if let Some(number) = id.as_ref().and_then(|id| id.part().rsplit('-').next()?.parse().ok()) {
                of_key.entry(p.key).or_insert(number);
            }
        }
        let many: HashMap<usize, usize> = placed.iter().fold(HashMap::new(), |mut all, p| {
            *all.entry(p.key).or_default() += 1;
            all
        });
        let mut next: HashMap<u32, u32> = HashMap::new();
        let mut out = Vec::new();
        for (p, id) in placed.iter().zip(kept) {
            if let Some(id) = id {
                out.push(id);
                continue;
            }
            let number = match of_key.get(&p.key) {
                Some(n) => *n,
                None => *of_key.entry(p.key).or_insert(free.next().ok_or_else(|| full("部分", "parts", 99))?),
            };
            let digits = if many[&p.key] > 99 { 3 } else { 2 };
            let n = next.entry(number).or_insert(0);
            let id = loop {
                *n += 1;
                if *n > 999 {
                    return Err(full("一个部分的条目", "items in one part", 999));
                }
                let id = ObligationId::new(&format!("{}-{number}.{n:0digits$}", self.given.code)).map_err(|e| words(e.clone(), e))?;
                if taken.insert(id.clone()) {
                    break id;
                }
            };
            out.push(id);
        }
        Ok(out)
    }

    /// Needs by object.
    fn needs(&mut self, placed: &[Placed], ids: &[ObligationId]) -> HashMap<usize, Vec<(String, NeedKind, Option<Words>)>> {
        let place: HashMap<&str, (usize, &ObligationId)> =
            placed.iter().zip(ids).map(|(p, id)| (self.file.objects[p.object].id.as_str(), (p.object, id))).collect();
        let objects: HashSet<&str> = self.file.objects.iter().map(|o| o.id.as_str()).collect();
        let mut out: HashMap<usize, Vec<(String, NeedKind, Option<Words>)>> = HashMap::new();
        let mut others: BTreeMap<String, (usize, &Relation)> = BTreeMap::new();
        let mut known: HashSet<(usize, String, NeedKind)> = HashSet::new();
        let mut identifiers: HashSet<&str> = HashSet::new();
        for r in &self.file.relations {
            if !r.object.id.is_empty() && !identifiers.insert(&r.object.id) {
                self.tell(What::Link, &r.object, "关系标识重复；只取前一个", "the identifier of another relation; the first is taken");
                continue;
            }
            let lack = |id: &str| match () {
                _ if id.is_empty() => Some(words("没有写".into(), "is not given".into())),
                _ if place.contains_key(id) => None,
                _ if objects.contains(id) => Some(words(format!("{id} 不是义务"), format!("{id} is no obligation"))),
                _ => Some(words(format!("{id} 不存在"), format!("{id} is not there"))),
            };
            let ends = [("起点", "source", &r.source), ("终点", "target", &r.target)];
            if let Some((zh, en, why)) = ends.iter().find_map(|(zh, en, id)| Some((zh, en, lack(id)?))) {
                let (a, b) = (why.say(crate::model::Lang::Zh).into_owned(), why.say(crate::model::Lang::En).into_owned());
                self.tell(What::Link, &r.object, format!("{zh}{a}"), format!("its {en} {b}"));
                continue;
            }
            let ((from, _), (to, on)) = (place[r.source.as_str()], place[r.target.as_str()]);
            if from == to {
                self.tell(What::Link, &r.object, "指向自身", "it leads back to where it comes from");
                continue;
            }
            let named = [self.file.names.get(&r.kind).map(String::as_str), Some(r.object.name.as_str()), Some(r.kind.as_str())];
            let word = named.into_iter().flatten().find(|w| !w.is_empty()).unwrap_or("?").to_string();
            let (kind, same) = need(&word);
            if !known.insert((from, on.to_string(), kind)) {
                self.tell(
                    What::Link,
                    &r.object,
                    format!("重复：已有到 {on} 的同类依赖"),
                    format!("again: there is such a need of {on} already"),
                );
                continue;
            }
            let values = self.file.values(&r.object);
            let why = pair(&values, ["why.zh", "why.en"])
                .or_else(|| (!same).then(|| Words { zh: None, en: Some(format!("ReqIF: {word}").into()) }));
            if !same {
                others.entry(word).or_insert((0, r)).0 += 1;
            }
            out.entry(from).or_default().push((on.to_string(), kind, why));
        }
        for (word, (n, r)) in others {
            self.tell(
                What::Other,
                &r.object,
                format!("关系类型 {word}（{n} 处）按“支撑”带入，原名写在理由里"),
                format!("relations of type {word} ({n}) became `supports`; their name stands in `why`"),
            );
        }
        out
    }

    /// Needs of obligations that the file does not have, as our own export writes them.
    fn outside(&mut self, s: &Seen, own: &ObligationId) -> Vec<(String, NeedKind, Option<Words>)> {
        let mut out = Vec::new();
        for one in s.outside.split(';').map(str::trim).filter(|x| !x.is_empty()) {
            let read = one.split_once(' ').and_then(|(kind, id)| Some((NeedKind::from_code(kind)?, ObligationId::new(id).ok()?)));
            match read.filter(|(_, id)| id != own) {
                Some((kind, id)) => out.push((id.to_string(), kind, None)),
                None => self.tell(
                    What::Other,
                    s.object,
                    format!("needs.outside 中的 `{one}` 看不懂"),
                    format!("`{one}` in needs.outside is not understood"),
                ),
            }
        }
        out
    }

    /// Attributes that were not carried over, each once with how many have it.
    fn attributes(&mut self, seen: &[Seen], placed: &[Placed]) {
        let mut all: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for p in placed {
            for name in &seen[p.object].left {
                all.entry(name).or_insert((0, p.object)).0 += 1;
            }
        }
        for (name, (n, first)) in all {
            self.tell(
                What::Other,
                seen[first].object,
                format!("属性 {name} 没有带入（{n} 个对象有值）"),
                format!("the attribute {name} was not carried over ({n} objects have a value)"),
            );
        }
    }
}

fn full(zh: &str, en: &str, most: usize) -> Words {
    words(
        format!("{zh}多于 {most}，编号容不下；请先把文件分成几份"),
        format!("more than {most} {en}; ids have no room for them: divide the file first"),
    )
}

/// The depth whose headings make the parts: below headings that stand alone above everything.
fn level(spec: &Specification, seen: &[Seen], by_id: &HashMap<&str, usize>) -> usize {
    let mut level = 0;
    loop {
        let here: Vec<usize> = (0..spec.places.len()).filter(|i| spec.places[*i].0 == level).collect();
        let alone = match here.as_slice() {
            [one] => {
                let below = spec.places.get(one + 1).is_some_and(|n| n.0 > level);
                below && by_id.get(spec.places[*one].1.as_str()).is_some_and(|i| heading(&seen[*i], true).is_some())
            }
            _ => false,
        };
        if !alone {
            return level;
        }
        level += 1;
    }
}

/// Its words as a heading: it says that it is one, or it has a name, no text, and others below it.
fn heading(s: &Seen, above: bool) -> Option<Words> {
    s.heading.clone().or_else(|| s.title.clone().filter(|_| above && s.text.is_none()))
}

fn look<'a>(file: &Foreign, object: &'a Object) -> Seen<'a> {
    let values = file.values(object);
    let chapter = first(&values, &[CHAPTER]).map(|t| pair(&values, ["title.zh", "title.en"]).unwrap_or_else(|| by_script(&t)));
    let text = pair(&values, ["requirement.zh", "requirement.en"])
        .or_else(|| first(&values, TEXTS).map(|t| by_script(&t)))
        .or_else(|| (!object.about.trim().is_empty()).then(|| by_script(object.about.trim())));
    let title = pair(&values, ["title.zh", "title.en"])
        .or_else(|| first(&values, TITLES).map(|t| by_script(&t)))
        .or_else(|| (!object.name.trim().is_empty()).then(|| by_script(object.name.trim())));
    let code = |key: &str| first(&values, &[key]);
    let used = |name: &str| {
        let ours = ["title.zh", "title.en", "requirement.zh", "requirement.en", "kind", "modality", "recurrence", "needs.outside", CHAPTER];
        [IDS, TITLES, TEXTS, &ours].iter().any(|all| all.iter().any(|n| n.eq_ignore_ascii_case(name)))
    };
    Seen {
        foreign: first(&values, IDS).unwrap_or_else(|| object.id.clone()),
        heading: chapter,
        codes: ["kind", "modality", "recurrence"].map(code),
        outside: code("needs.outside").unwrap_or_default(),
        left: values.iter().map(|(k, _)| k.clone()).filter(|k| !used(k)).collect(),
        object,
        title,
        text,
    }
}

/// The first of these attributes that has a value.
fn first(values: &[(String, String)], names: &[&str]) -> Option<String> {
    names.iter().find_map(|n| values.iter().find(|(k, _)| k.eq_ignore_ascii_case(n))).map(|(_, v)| v.clone())
}

/// Two attributes, a language each.
fn pair(values: &[(String, String)], names: [&str; 2]) -> Option<Words> {
    let [zh, en] = names.map(|n| first(values, &[n]).map(Into::into));
    (zh.is_some() || en.is_some()).then_some(Words { zh, en })
}

/// The need that a type of relation means, and whether that is its very name.
fn need(word: &str) -> (NeedKind, bool) {
    let low = word.trim().to_lowercase();
    if let Some(kind) = NeedKind::from_code(&low) {
        return (kind, true);
    }
    match low.as_str() {
        "depends on" | "depends-on" | "dependency" | "prerequisite" | "前置" | "依赖" => (NeedKind::Requires, true),
        _ => (NeedKind::Supports, false),
    }
}

fn item(s: &Seen, id: &ObligationId, needs: Vec<(String, NeedKind, Option<Words>)>) -> Item {
    let requirement = s.text.clone().or_else(|| s.title.clone()).unwrap_or_default();
    let said = requirement.say(crate::model::Lang::Zh).into_owned();
    let title = s.title.clone().unwrap_or_else(|| by_script(&short(&said.replace('\n', " "))));
    let r = Reading::new(said);
    let forbids = matches!(duty::find(&r.chars, |i| r.starts_word(i)), Some((Duty::Not, _)));
    let [kind, modality, recurrence] = &s.codes;
    let known = |code: &Option<String>| code.as_deref().unwrap_or("").to_string();
    Item {
        id: id.to_string(),
        foreign_id: (s.foreign != id.as_str()).then(|| s.foreign.clone()),
        title,
        requirement,
        kind: Kind::from_code(&known(kind)).unwrap_or(if forbids { Kind::Prohibition } else { Kind::Action }),
        modality: Modality::from_code(&known(modality)).unwrap_or(if forbids { Modality::Prohibition } else { Modality::Must }),
        recurrence: Recurrence::from_code(&known(recurrence)).unwrap_or(Recurrence::Continuous),
        needs,
    }
}
