//! The catalogue: what a policy demands, shared by every unit that must obey it.
//!
//! Field names are FORMATS' contract. Everything optional is left out of the file
//! when there is nothing to say; an empty value is an error, never a silence.

use super::id::{ObligationId, Text, UnitId};
use super::kinds::*;
use super::time::{ChangeDate, Cycle, Day};
use super::words::Words;
use schemars::JsonSchema;
use serde::Deserialize;

/// One value or a list of them: `bearer: R` and `bearer: [R, E]` mean what they look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for V<T> {
            type Value = OneOrMany<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("one value or a list")
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Self::Value, E> {
                T::deserialize(serde::de::value::StrDeserializer::new(v)).map(|one| OneOrMany(vec![one]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element()? {
                    all.push(one);
                }
                Ok(OneOrMany(all))
            }
        }
        d.deserialize_any(V(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = g.subschema_for::<T>();
        schemars::json_schema!({"anyOf": [one, {"type": "array", "items": one}]})
    }
}

/// One obligation, as one YAML node.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Never renumbered, never reused.
    pub id: ObligationId,
    /// For people; the gate compares fingerprints.
    pub revision: Option<u32>,
    /// The section of the source as people call it.
    pub section: Option<Words>,
    /// Short title, used in tables.
    pub title: Words,
    /// Restates the text and adds nothing.
    pub requirement: Words,
    /// This model's reading of what doing it means.
    pub practice: Option<Words>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// How binding it is.
    pub modality: Modality,
    /// Where the source says it.
    pub source: Option<Source>,
    /// Whom the text makes responsible.
    pub bearer: Option<Bearer>,
    /// Who carries it out. Missing: rule O001.
    pub owner: Option<Owner>,
    /// Primary sector code.
    pub sector: Option<UnitId>,
    /// Every sector reached, as listed; the primary one is never added.
    #[serde(default)]
    pub reaches: Vec<UnitId>,
    /// The three tiers it concerns.
    #[serde(default)]
    pub tier: Tiers,
    /// Enterprise kinds concerned.
    #[serde(default)]
    pub enterprises: Vec<UnitId>,
    /// User kinds concerned.
    #[serde(default)]
    pub users: Vec<UnitId>,
    /// What it needs of other obligations.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// How it ends.
    pub recurrence: Recurrence,
    /// How often it is reviewed once operating.
    pub review: Option<Cycle>,
    /// Evidence types, required or recommended.
    #[serde(default)]
    pub evidence: Vec<EvidenceWanted>,
    /// What is measured.
    #[serde(default)]
    pub indicators: Vec<Indicator>,
    /// Remark of the editors.
    pub note: Option<Text>,
    /// Id in the system it was imported from, where that does not fit ours.
    pub foreign_id: Option<Text>,
}

/// Where in the source an obligation stands.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// opinions, explanation, consideration, pattern, court-notice; other policies name their own.
    pub layer: Text,
    /// Clause locator, `OPN:P3.s4.c2`.
    pub at: Text,
    /// Other clauses that say it too.
    #[serde(default)]
    pub also: Vec<Text>,
    /// Exact words of the source, 15 characters at most.
    pub anchor: Text,
    /// Which occurrence of the anchor, from 1.
    pub nth: Option<u32>,
}

/// Whom the text makes responsible.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bearer {
    /// The text's own terms, or `unnamed`.
    pub text: OneOrMany<Text>,
    /// What the surroundings suggest.
    pub context: Option<Text>,
}

/// Who carries an obligation out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// One lead, or each in its field.
    pub mode: LeadMode,
    /// Lead departments; each has its own assignment.
    #[serde(default)]
    pub lead: Vec<UnitId>,
    /// Supporting departments; they carry no status.
    #[serde(default)]
    pub support: Vec<UnitId>,
    /// named, category-named, context, proposed.
    pub basis: Option<Text>,
    /// Leads that handed the obligation over, with their last day.
    #[serde(default)]
    pub former: Vec<FormerLead>,
}

/// A lead department that handed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerLead {
    /// The department.
    pub dept: UnitId,
    /// Its last day; entries up to then belong to the new assignment.
    pub to: Day,
}

/// The tiers an obligation concerns.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// Who bears it; empty = outside the three tiers.
    #[serde(default)]
    pub bearer: OneOrMany<Tier>,
    /// Whom it is addressed to.
    #[serde(default)]
    pub addressed: OneOrMany<Tier>,
}

/// One link to another obligation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The other obligation.
    pub on: ObligationId,
    /// How it is needed.
    pub kind: NeedKind,
    /// Why.
    pub why: Option<Words>,
}

/// One type of evidence that an obligation asks for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceWanted {
    /// Code in evidence-types.yaml.
    #[serde(rename = "type")]
    pub kind: Text,
    /// Required before acceptance, or recommended.
    #[serde(default)]
    pub required: bool,
}

/// Something measured.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// `K1`, unique in the obligation.
    pub id: Text,
    /// Its name.
    pub name: Words,
    /// Unit of count.
    pub unit: Option<Words>,
    /// Which way it should go.
    pub direction: Option<Direction>,
    /// How often it is measured.
    pub cycle: Option<Cycle>,
    /// named or proposed.
    pub basis: Option<Text>,
}

/// policy.yaml: one policy text.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The code that its ids begin with, `OPN`.
    pub code: UnitId,
    /// Full title.
    pub title: Words,
    /// Short title.
    pub short: Option<Words>,
    /// Who issued it.
    pub issuer: Option<Words>,
    /// When it was published.
    pub published: Option<Day>,
    /// When its obligations were listed; the no-lead grace counts from here.
    pub listed: Day,
    /// `none` where the text sets no date for any item.
    pub deadline_in_text: Option<Text>,
    /// The text that was read, by fingerprint.
    pub source: Option<SourceText>,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// The source text by fingerprint: it is not kept here.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceText {
    /// What and where it is.
    pub about: Option<Words>,
    /// SHA-256 of the file that was read.
    pub sha256: Option<Text>,
    /// Its length in bytes.
    pub bytes: Option<u64>,
    /// Its length in characters.
    pub characters: Option<u64>,
}

/// One part of a policy.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `OPN-3`.
    pub id: UnitId,
    /// The file in the policy's folder that holds its obligations.
    pub file: Text,
    /// Its heading.
    pub title: Words,
}

/// clauses.yaml: every clause of a policy and what became of it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseFile {
    /// What each sentence is about, in our words.
    #[serde(default)]
    pub sentences: Vec<Sentence>,
    /// Every clause, in the order of the text.
    pub clauses: Vec<Clause>,
}

/// A sentence by its gist; never quoted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// Locator, `OPN:P3.s4`.
    pub at: Text,
    /// What it says, described.
    pub gist: Words,
}

/// One clause of the source.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Locator, `OPN:P3.s4.c2`.
    pub at: Text,
    /// Its first characters, six at most.
    pub opening: Option<Text>,
    /// Fingerprint of its words, so that a change in the text shows wherever it stands.
    pub fp: Option<Text>,
    /// obligation, restates, part-of, aim, roll-up, part-list, background, rationale, connector, question, news, headline.
    pub class: Text,
    /// Obligations that stand here first.
    #[serde(default)]
    pub primary: Vec<ObligationId>,
    /// Obligations that it touches otherwise.
    #[serde(default)]
    pub secondary: Vec<Secondary>,
    /// Obligations, parts or ranges that it points to.
    #[serde(default)]
    pub see: Vec<See>,
    /// Why it carries none.
    pub reason: Option<Words>,
}

/// An obligation that a clause says again, is part of, or aims at.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Secondary {
    /// The obligation.
    pub id: ObligationId,
    /// restates, part-of, aim.
    #[serde(rename = "as")]
    pub role: Text,
}

/// A pointer to one id, or to a range of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct See {
    /// The first id (obligation or part).
    pub from: Box<str>,
    /// The last, where it is a range.
    pub to: Option<Box<str>>,
}

impl<'de> Deserialize<'de> for See {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = See;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an id, or {from: …, to: …}")
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<See, E> {
                Ok(See { from: v.into(), to: None })
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<See, A::Error> {
                let range = Range::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(See { from: range.from.as_str().into(), to: Some(range.to.as_str().into()) })
            }
        }
        d.deserialize_any(V)
    }
}

/// A range of ids, both ends included.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Range {
    from: Text,
    to: Text,
}

impl JsonSchema for See {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "See".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let range = g.subschema_for::<Range>();
        schemars::json_schema!({"anyOf": [{"type": "string", "format": "text"}, range]})
    }
}

/// law/NAME.yaml: a law and its articles by topic.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Short id, `AFL`.
    pub id: UnitId,
    /// Its name.
    pub name: Words,
    /// Day it was passed.
    pub passed: Option<Day>,
    /// Day it came into force.
    pub in_force: Option<Day>,
    /// Chapters, where there are any.
    #[serde(default)]
    pub chapters: Vec<Chapter>,
    /// Articles in order.
    pub articles: Vec<Article>,
}

/// A chapter of a law.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its number.
    pub no: u32,
    /// Its heading.
    pub title: Words,
}

/// An article by its topic; the text of the law is not kept.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Number as a text: `6`, `287之二`.
    pub no: Text,
    /// Its chapter.
    pub chapter: Option<u32>,
    /// What it is about, in our words.
    pub topic: Words,
    /// How the topic was confirmed.
    pub confirmed: Option<Text>,
}

/// law/crosswalk.yaml: one obligation and the articles it meets.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crosswalk {
    /// The obligation.
    pub duty: ObligationId,
    /// Its articles.
    pub links: Vec<LawLink>,
}

/// One article for one obligation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawLink {
    /// The law's id.
    pub law: UnitId,
    /// The article; absent only where the relation is `none`.
    pub article: Option<Text>,
    /// Paragraph, counted from 1; absent = the whole article.
    pub paragraph: Option<u32>,
    /// How the article stands to the obligation.
    pub relation: Relation,
    /// How sure the match is.
    pub confidence: Option<Confidence>,
    /// Remark.
    pub note: Option<Text>,
}

/// evidence-types.yaml.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceTypes {
    /// Every type.
    pub types: Vec<EvidenceType>,
}

/// One type of evidence.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceType {
    /// Code, `stat-report`.
    pub code: Text,
    /// Its name.
    pub name: Words,
    /// What it must at least say.
    pub minimum: Option<Words>,
    /// How long it stays good.
    pub max_age: MaxAge,
}

/// How long evidence stays good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxAge {
    /// A document does not age.
    None,
    /// So many review cycles of the obligation.
    Cycles(u32),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cycles {
    cycles: u32,
}

impl<'de> Deserialize<'de> for MaxAge {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = MaxAge;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("`none`, or {cycles: 2}")
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<MaxAge, E> {
                if v == "none" { Ok(MaxAge::None) } else { Err(E::custom(format!("`{v}` is not an age; write `none`, or {{cycles: 2}}"))) }
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<MaxAge, A::Error> {
                Cycles::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|c| MaxAge::Cycles(c.cycles))
            }
        }
        d.deserialize_any(V)
    }
}

impl JsonSchema for MaxAge {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MaxAge".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let cycles = g.subschema_for::<Cycles>();
        schemars::json_schema!({"anyOf": [{"type": "string", "enum": ["none"]}, cycles]})
    }
}

/// departments.yaml.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Departments {
    /// Sectors.
    #[serde(default)]
    pub sectors: Vec<Sector>,
    /// Bodies: whoever can lead or support.
    #[serde(default)]
    pub bodies: Vec<Body>,
    /// Enterprise kinds.
    #[serde(default)]
    pub enterprises: Vec<GroupKind>,
    /// User kinds.
    #[serde(default)]
    pub users: Vec<GroupKind>,
    /// Reorganisations, as history.
    #[serde(default)]
    pub changes: Vec<Change>,
}

/// A sector.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sector {
    /// `SEC-JUD`.
    pub id: UnitId,
    /// `JUD`, as obligations write it.
    pub code: UnitId,
    /// Its name.
    pub name: Words,
    /// Whether the text names it.
    pub named: Option<Text>,
    /// What the naming rests on.
    pub basis: Option<Text>,
    /// Place in lists.
    pub order: Option<u32>,
}

/// A body: a ministry, a city office, a bank's unit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// `DEP-NFRA`.
    pub id: UnitId,
    /// Its sector's id; a body that acts for another has that one's by default.
    pub sector: Option<UnitId>,
    /// The body or enterprise kind that it belongs to.
    pub parent: Option<UnitId>,
    /// The catalogue's bodies that it stands for in this unit.
    #[serde(default)]
    pub acts_for: OneOrMany<UnitId>,
    /// Full name.
    pub name: Words,
    /// Short name, used in tables.
    pub short: Option<Words>,
    /// Whether the text names it.
    pub named: Option<Text>,
    /// What the naming rests on.
    pub basis: Option<Text>,
    /// What it does in this matter.
    pub role: Option<Words>,
    /// Remark.
    pub note: Option<Text>,
    /// Place in lists: Chinese readers expect precedence, not the alphabet.
    pub order: Option<u32>,
    /// Whom git asks about its files: `@org/team` or a mail address; used by `codeowners` alone.
    #[serde(default)]
    pub git: OneOrMany<Text>,
    /// Last day, for a body that ended without successor.
    pub valid_to: Option<Day>,
    /// Its former selves: same department in every total.
    #[serde(default)]
    pub was: Vec<FormerBody>,
}

/// A former self of a body.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerBody {
    /// Its id then; stays valid in log paths and queries.
    pub id: UnitId,
    /// Its last day.
    pub to: Day,
    /// Its name then.
    pub name: Words,
    /// Its short name then.
    pub short: Option<Words>,
    /// Whether the text names it.
    pub named: Option<Text>,
    /// What the naming rests on.
    pub basis: Option<Text>,
    /// What it did.
    pub role: Option<Words>,
    /// Remark.
    pub note: Option<Text>,
    /// Place in lists.
    pub order: Option<u32>,
}

/// A kind of enterprise or user.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupKind {
    /// `ENT-BANK`, `USR-PHONE`.
    pub id: UnitId,
    /// Its sector or the kind above it.
    pub parent: UnitId,
    /// Its name.
    pub name: Words,
    /// Short name.
    pub short: Option<Words>,
    /// Whether the text names it.
    pub named: Option<Text>,
    /// What the naming rests on.
    pub basis: Option<Text>,
    /// Who regulates it.
    #[serde(default)]
    pub regulators: Vec<UnitId>,
    /// Remark.
    pub note: Option<Text>,
    /// Place in lists.
    pub order: Option<u32>,
}

/// One reorganisation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When, to the day or to the year.
    pub date: ChangeDate,
    /// The body concerned.
    pub body: Option<UnitId>,
    /// rename, branch-rename, transfer, status, reform, term.
    pub kind: Option<Text>,
    /// Before.
    pub from: Words,
    /// After.
    pub to: Words,
    /// Remark.
    pub note: Option<Words>,
    /// What it rests on.
    pub basis: Option<Text>,
}
