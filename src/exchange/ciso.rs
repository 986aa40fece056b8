//! CISO Assistant: the policies as a framework, the laws as frameworks of topics, the crosswalk
//! as mapping sets between them; one library, one YAML file.
//!
//! 1. Nodes: policy, part, obligation; what is assessed are the obligations. Of a law the articles
//!    are nodes and none is assessed: nobody's compliance with the law follows from this file.
//! 2. Urns are small ASCII letters; Chinese stands in `ref_id`, `name` and texts. The other
//!    language of each text is its translation.
//! 3. The version is the as-of day as a number, for the loader takes a library only when its
//!    version has grown.
//! 4. Along a mapping CISO Assistant infers results. So a sanction or a mere relation of subject is
//!    `not_related` with its true relation as annotation, and only a duty of the same content with
//!    high confidence and a whole article is `equal`.

use super::ask::{Ask, File, Written};
use super::clean::{cut, line, prose};
use super::names::slug;
use super::yaml;
use crate::model::{Article, Confidence, Lang, Law, LawLink, Obligation, Relation, Words, terms as t};
use crate::report::list::invalid_rows;
use chrono::Datelike;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};

/// Characters that the loader's tables hold of a name, of a `ref_id`.
const NAME: usize = 200;
const REF: usize = 100;

struct Library<'a> {
    ask: &'a Ask<'a>,
    unit: String,
    first: Lang,
    other: &'static str,
    taken: HashSet<String>,
}

/// The library.
pub fn write(ask: &Ask) -> Written {
    let two = |zh: &str, en: &str| Words { zh: Some(zh.into()), en: Some(en.into()) };
    let obligations = ask.obligations();
    if obligations.is_empty() {
        return Err(two("没有选中任何义务，没有内容可导出", "no obligation is selected, so there is nothing to export"));
    }
    if !(1900..=9999).contains(&ask.day().year()) {
        return Err(two("截至日期不在 1900 至 9999 年之间", "the as-of day is not in the years 1900 to 9999"));
    }
    let first = match ask.lang {
        Lang::Both => ask.s.register.default_lang().filter(|l| *l != Lang::Both).unwrap_or(Lang::Zh),
        one => one,
    };
    let other = if first == Lang::En { "zh" } else { "en" };
    let mut library = Library { ask, unit: slug(ask.s.register.settings.unit.code.as_str()), first, other, taken: HashSet::new() };
    let value = library.value(&obligations);
    Ok(vec![File::text("ciso-assistant.yaml", yaml::write(&value))])
}

impl Library<'_> {
    fn value(&mut self, obligations: &[usize]) -> Value {
        let (s, frame) = (self.ask.s, self.ask.frame("export"));
        let unit = s.register.settings.unit.name.clone();
        let name = title(&unit, "义务清单", "obligations");
        let mut frameworks = vec![self.framework(obligations, &name)];
        let laws: Vec<&Law> = s.register.laws.iter().map(|l| &l.node).filter(|l| !l.articles.is_empty()).collect();
        let mut sets = Vec::new();
        for law in laws {
            let Some(framework) = self.law(law) else { continue };
            sets.extend(self.mapping(obligations, law));
            frameworks.push(framework);
        }
        let mut objects = json!({"frameworks": frameworks});
        if !sets.is_empty() {
            objects["requirement_mapping_sets"] = json!(sets);
        }
        let day = self.ask.day();
        let mut head = json!({
            "urn": self.urn("library", &["obligations"]),
            "locale": if self.first == Lang::En { "en" } else { "zh" },
            "ref_id": cut(&format!("{}-obligations", line(s.register.settings.unit.code.as_str())), REF),
            "name": self.name(&name),
            "description": self.about(&frame),
            "copyright": line(&unit.say(self.first)),
            "version": day.year() * 10_000 + day.month() as i32 * 100 + day.day() as i32,
            "publication_date": day.to_string(),
            "provider": cut(&line(&unit.say(self.first)), REF),
            "packager": "duban",
        });
        self.translate(&mut head, &[("name", &name)]);
        head["objects"] = objects;
        head
    }

    /// Counts, and what is not in here.
    fn about(&self, frame: &crate::report::frame::Frame) -> String {
        let (s, lang) = (self.ask.s, self.ask.lang);
        let mut out = vec![format!(
            "{} {} · {} {} · {} {} · {} {} · {} {} · {} {}",
            t::AS_OF.say(lang),
            frame.as_of,
            t::VERSION.say(lang),
            frame.data_version,
            t::READ.say(lang),
            frame.read,
            t::VALID.say(lang),
            frame.valid,
            t::INVALID.say(lang),
            frame.invalid,
            t::FILTERED_OUT.say(lang),
            frame.filtered_out
        )];
        if frame.sample {
            out.push(t::SAMPLE.say(lang).into_owned());
        }
        if frame.data_errors > 0 {
            out.push("读取时有错误，见 duban check / mistakes were met while reading: see `duban check`".into());
        }
        out.extend(invalid_rows(s).into_iter().map(|r| {
            format!("无法读取、不在其中 / could not be read and is not in here: {} ({}:{})", r.id.as_deref().unwrap_or("?"), r.file, r.line)
        }));
        let kept: HashSet<&str> = self.ask.obligations().iter().map(|ob| s.register.obligations[*ob].id.as_str()).collect();
        let strange =
            |l: &&LawLink| l.relation != Relation::None && !s.register.laws.iter().any(|law| law.id == l.law && !law.articles.is_empty());
        let links = s.register.crosswalk.iter().filter(|c| kept.contains(c.duty.as_str()));
        out.extend(links.flat_map(|c| c.links.iter().filter(strange).map(move |l| (c, l))).map(|(c, l)| {
            format!(
                "没有这部法律、未列入 / no such law, left out: {} → {}:{}",
                c.duty,
                l.law,
                l.article.as_ref().map_or("-", |a| a.as_str())
            )
        }));
        prose(&out.join("\n"))
    }

    /// `urn:duban:risk:KIND:UNIT-…`; names that would be one get a number.
    fn urn(&mut self, kind: &str, names: &[&str]) -> String {
        let mut names = names.iter().map(|n| slug(n));
        let head = format!("urn:duban:risk:{kind}:{}-{}", self.unit, names.next().unwrap_or_default());
        let plain = names.fold(head, |urn, name| format!("{urn}:{name}"));
        let mut urn = plain.clone();
        let mut n = 1;
        while !self.taken.insert(urn.clone()) {
            n += 1;
            urn = format!("{plain}.{n}");
        }
        urn
    }

    fn name(&self, words: &Words) -> String {
        cut(&line(&words.say(self.first)), NAME)
    }

    /// Adds the other language of fields that have one.
    fn translate(&self, node: &mut Value, fields: &[(&str, &Words)]) {
        let mut map = Map::new();
        for (field, words) in fields {
            let text = if self.other == "en" { &words.en } else { &words.zh };
            let here = if self.other == "en" { &words.zh } else { &words.en };
            if let (Some(text), Some(_)) = (text, here) {
                let text = if *field == "name" { cut(&line(text), NAME) } else { prose(text) };
                map.insert((*field).into(), json!(text));
            }
        }
        if !map.is_empty() {
            node["translations"] = json!({ self.other: map });
        }
    }

    fn framework(&mut self, obligations: &[usize], name: &Words) -> Value {
        let r = &self.ask.s.register;
        let urn = self.urn("framework", &["obligations"]);
        let mut nodes: Vec<Value> = Vec::new();
        let (mut policies, mut parts) = (BTreeMap::new(), BTreeMap::new());
        // In the order of the policies and their parts, whatever the order of the files.
        let place = |ob: &usize| {
            let id = &r.obligations[*ob].id;
            let policy = r.policies.iter().position(|p| p.policy.code.as_str() == id.policy());
            let part = policy.and_then(|p| r.policies[p].policy.parts.iter().position(|x| x.id.as_str() == id.part()));
            (policy.unwrap_or(usize::MAX), id.policy().to_string(), part.unwrap_or(usize::MAX), id.part().to_string(), *ob)
        };
        let mut order = obligations.to_vec();
        order.sort_by_key(place);
        for ob in order {
            let o = &r.obligations[ob];
            let policy = r.policies.iter().map(|p| &p.policy).find(|p| p.code.as_str() == o.id.policy());
            let above = match policies.get(o.id.policy()) {
                Some(urn) => String::clone(urn),
                None => {
                    let urn = self.urn("req_node", &["obligations", o.id.policy()]);
                    let title = policy.map(|p| p.title.clone());
                    nodes.push(self.group(&urn, None, o.id.policy(), title.as_ref()));
                    policies.insert(o.id.policy().to_string(), urn.clone());
                    urn
                }
            };
            let part = match parts.get(o.id.part()) {
                Some(urn) => String::clone(urn),
                None => {
                    let urn = self.urn("req_node", &["obligations", o.id.part()]);
                    let title = policy.and_then(|p| p.parts.iter().find(|x| x.id.as_str() == o.id.part())).map(|p| p.title.clone());
                    nodes.push(self.group(&urn, Some(&above), o.id.part(), title.as_ref()));
                    parts.insert(o.id.part().to_string(), urn.clone());
                    urn
                }
            };
            let urn = self.urn("req_node", &["obligations", &o.id]);
            nodes.push(self.obligation(o, urn, &part));
        }
        let mut value = json!({"urn": urn, "ref_id": cut(&format!("{}-obligations", line(r.settings.unit.code.as_str())), REF), "name": self.name(name)});
        self.translate(&mut value, &[("name", name)]);
        value["requirement_nodes"] = json!(nodes);
        value
    }

    fn group(&self, urn: &str, parent: Option<&str>, id: &str, title: Option<&Words>) -> Value {
        let mut node = json!({"urn": urn, "assessable": false, "depth": if parent.is_some() { 2 } else { 1 }});
        if let Some(parent) = parent {
            node["parent_urn"] = json!(parent);
        }
        node["ref_id"] = json!(cut(&line(id), REF));
        if let Some(title) = title {
            node["name"] = json!(self.name(title));
            self.translate(&mut node, &[("name", title)]);
        }
        node
    }

    fn obligation(&self, o: &Obligation, urn: String, part: &str) -> Value {
        let mut node = json!({
            "urn": urn, "assessable": true, "depth": 3, "parent_urn": part, "ref_id": line(&o.id),
            "name": self.name(&o.title), "description": prose(&o.requirement.say(self.first)),
        });
        let mut fields = vec![("name", &o.title), ("description", &o.requirement)];
        if let Some(practice) = &o.practice {
            node["annotation"] = json!(prose(&practice.say(self.first)));
            fields.push(("annotation", practice));
        }
        let r = &self.ask.s.register;
        let wanted = |e: &crate::model::EvidenceWanted| {
            let name = r.evidence_type(e.kind.as_str()).map_or_else(|| e.kind.to_string(), |x| x.name.say(self.first).into_owned());
            format!("- {}{}", line(&name), if e.required { " *" } else { "" })
        };
        if !o.evidence.is_empty() {
            node["typical_evidence"] = json!(o.evidence.iter().map(wanted).collect::<Vec<_>>().join("\n"));
        }
        self.translate(&mut node, &fields);
        node
    }

    /// A law's articles by topic; none where the law is there already.
    fn law(&mut self, law: &Law) -> Option<Value> {
        let key = key(law);
        if self.taken.contains(&format!("urn:duban:risk:framework:{}-{}", self.unit, slug(&key))) {
            return None;
        }
        let urn = self.urn("framework", &[&key]);
        let mut nodes = Vec::new();
        let mut seen = HashSet::new();
        let articles: Vec<&Article> = law.articles.iter().filter(|a| seen.insert(a.no.as_str())).collect();
        let mut open: Option<(u32, String)> = None;
        for article in articles {
            let chapter = law.chapters.iter().find(|c| Some(c.no) == article.chapter);
            if let Some(c) = chapter.filter(|c| open.as_ref().is_none_or(|(no, _)| *no != c.no)) {
                let urn = self.urn("req_node", &[&key, &format!("chapter-{}", c.no)]);
                let mut node =
                    json!({"urn": urn, "assessable": false, "depth": 1, "ref_id": format!("第{}章", c.no), "name": self.name(&c.title)});
                self.translate(&mut node, &[("name", &c.title)]);
                nodes.push(node);
                open = Some((c.no, urn));
            }
            let parent = open.as_ref().filter(|_| chapter.is_some()).map(|(_, urn)| urn.clone());
            let urn = self.urn("req_node", &[&key, article.no.as_str()]);
            nodes.push(self.article(article, urn, parent));
        }
        let name = title(&law.name, "条文主题", "articles by topic");
        let mut value = json!({"urn": urn, "ref_id": cut(&line(&law.id), REF), "name": self.name(&name)});
        self.translate(&mut value, &[("name", &name)]);
        value["requirement_nodes"] = json!(nodes);
        Some(value)
    }

    fn article(&self, article: &Article, urn: String, parent: Option<String>) -> Value {
        let no = article.no.as_str();
        let shown = match no.split_once('之') {
            Some((head, tail)) => format!("第{head}条之{tail}"),
            None => format!("第{no}条"),
        };
        let mut node = json!({"urn": urn, "assessable": false, "depth": if parent.is_some() { 2 } else { 1 }});
        if let Some(parent) = parent {
            node["parent_urn"] = json!(parent);
        }
        node["ref_id"] = json!(cut(&line(&shown), REF));
        node["name"] = json!(self.name(&article.topic));
        self.translate(&mut node, &[("name", &article.topic)]);
        node
    }

    /// The crosswalk with a law: each obligation and article once, by its strongest relation.
    fn mapping(&mut self, obligations: &[usize], law: &Law) -> Option<Value> {
        let r = &self.ask.s.register;
        let mut pairs: BTreeMap<(usize, usize), Vec<&LawLink>> = BTreeMap::new();
        let mut lost = Vec::new();
        for ob in obligations {
            let id = &r.obligations[*ob].id;
            // Of an id that stands there twice the first is meant.
            if r.obligation_index.get(id.as_str()) != Some(&(*ob as u32)) {
                continue;
            }
            let links = r.crosswalk.iter().filter(|c| c.duty == *id).flat_map(|c| &c.links);
            for link in links.filter(|l| l.law == law.id && l.relation != Relation::None) {
                let no = link.article.as_ref().map_or("-", |a| a.as_str());
                match law.articles.iter().position(|a| a.no.as_str() == no) {
                    Some(article) => pairs.entry((*ob, article)).or_default().push(link),
                    None => lost.push(format!("{id} → {no}")),
                }
            }
        }
        if pairs.is_empty() {
            return None;
        }
        let mappings: Vec<Value> = pairs
            .iter()
            .map(|((ob, article), links)| {
                let source = self.known(&["obligations", &r.obligations[*ob].id]);
                let target = self.known(&[&key(law), law.articles[*article].no.as_str()]);
                let (relationship, strength) = links
                    .iter()
                    .map(|l| strength(l))
                    .max_by_key(|(word, n)| (["not_related", "intersect", "equal"].iter().position(|w| w == word), *n))
                    .expect("a pair has a link");
                json!({
                    "source_requirement_urn": source, "target_requirement_urn": target, "relationship": relationship,
                    "rationale": "semantic", "strength_of_relationship": strength, "annotation": self.annotation(links),
                })
            })
            .collect();
        let name = title(&law.name, "与义务清单对照", "against the obligations");
        let mut about =
            "关系按本登记册；罚则和仅主题相关者记为 not_related，不由此推断合规 / The relation is the register's; sanctions and mere \
                         relations of subject are not_related, so that no compliance is inferred from them."
                .to_string();
        if !lost.is_empty() {
            about += &format!("\n法律文件中没有、未列入 / not in the law's file and left out: {}", lost.join("; "));
        }
        Some(json!({
            "urn": self.urn("req_mapping_set", &[&format!("obligations-to-{}", law.id)]),
            "ref_id": cut(&format!("{}-obligations-to-{}", line(r.settings.unit.code.as_str()), line(&law.id)), REF),
            "name": self.name(&name), "description": prose(&about),
            "source_framework_urn": format!("urn:duban:risk:framework:{}-obligations", self.unit),
            "target_framework_urn": format!("urn:duban:risk:framework:{}-{}", self.unit, slug(&key(law))),
            "requirement_mappings": mappings,
        }))
    }

    /// The urn that a node has been given.
    fn known(&self, names: &[&str]) -> String {
        let rest: Vec<String> = names.iter().map(|n| slug(n)).collect();
        format!("urn:duban:risk:req_node:{}-{}", self.unit, rest.join(":"))
    }

    /// What the register says of a pair, link by link.
    fn annotation(&self, links: &[&LawLink]) -> String {
        let said = links.iter().map(|l| {
            let mut words = vec![l.relation.term().say(self.ask.lang).into_owned()];
            words.extend(l.paragraph.map(|p| if self.first == Lang::En { format!("paragraph {p}") } else { format!("第{p}款") }));
            words.extend(
                l.confidence
                    .map(|c| format!("{}: {}", if self.first == Lang::En { "confidence" } else { "把握" }, c.term().say(self.ask.lang))),
            );
            words.extend(l.note.as_ref().map(|n| line(n.as_str())));
            words.join(" · ")
        });
        prose(&said.collect::<Vec<_>>().join("\n"))
    }
}

/// A law's name in urns, apart from that of the obligations.
fn key(law: &Law) -> String {
    format!("law-{}", law.id)
}

/// CISO Assistant's word for a link, and how strong it is, 0 to 10.
fn strength(link: &LawLink) -> (&'static str, u8) {
    let sure = match link.confidence {
        Some(Confidence::High) => 9,
        Some(Confidence::Medium) => 6,
        Some(Confidence::Low) => 3,
        None => 1,
    };
    match link.relation {
        Relation::Implements if link.confidence == Some(Confidence::High) && link.paragraph.is_none() => ("equal", sure),
        Relation::Implements | Relation::Refines => ("intersect", sure),
        Relation::Sanctions | Relation::Related | Relation::None => ("not_related", 0),
    }
}

/// A name with what it is a name of, in each language that it has.
fn title(name: &Words, zh: &str, en: &str) -> Words {
    Words { zh: name.zh.as_ref().map(|n| format!("{n}{zh}").into()), en: name.en.as_ref().map(|n| format!("{n}: {en}").into()) }
}
