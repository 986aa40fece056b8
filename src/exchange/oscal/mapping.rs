//! mapping.json: the law crosswalk, obligation by obligation, with relation and confidence.
//!
//! The relation's word is ours, in our namespace: `implements`, `refines`, `sanctions`, `related`
//! are no relations of sets, and OSCAL's words would say more than anybody has checked. `none` is
//! no map but a gap: obligations without article, articles without obligation are the gap
//! summaries of each law.

use super::book::{Book, NS, prop, tidy};
use super::law::Law;
use crate::exchange::clean::{line, prose};
use crate::model::{LawLink, Relation, Term};
use serde_json::{Value, json};
use std::collections::HashSet;

/// The document; none where no obligation selected meets an article.
pub fn document(book: &Book, laws: &[Law]) -> Option<Value> {
    let mappings: Vec<Value> = laws.iter().filter_map(|law| mapping(book, law)).collect();
    if mappings.is_empty() {
        return None;
    }
    let about = Term(
        "义务与法律条文的对照，供工作参考，不构成法律意见；relationship 用本命名空间的词",
        "How the obligations stand to articles of law: a working aid, not legal advice; the relationship's words are those of our namespace",
    );
    let lost = unknown(book, laws);
    let provenance = json!({
        "method": "human", "matching-rationale": "semantic", "status": if lost.is_empty() { "complete" } else { "not-complete" },
        "mapping-description": book.say(about),
        "remarks": (!lost.is_empty()).then(|| prose(&format!("法律文件中没有、未列入 / not in the law's file and left out:\n{}", lost.join("\n")))),
    });
    Some(book.document(
        "mapping-collection",
        Term("法条对照", "Legal crosswalk"),
        vec![("provenance", provenance), ("mappings", json!(mappings))],
    ))
}

/// Every link of the obligations selected, each once, with a key that is its own.
fn links<'a>(book: &Book<'a>) -> Vec<(usize, &'a LawLink, String)> {
    let r = &book.ask.s.register;
    let mut taken = HashSet::new();
    let mut out = Vec::new();
    for ob in &book.obligations {
        for link in r.crosswalk.iter().filter(|c| c.duty == book.node(*ob).id).flat_map(|c| &c.links) {
            let article = link.article.as_ref().map_or("-", |a| a.as_str());
            let paragraph = link.paragraph.map_or(String::new(), |p| p.to_string());
            let key = format!("{} {} {article} {paragraph} {}", book.control(*ob), link.law, link.relation.code());
            if taken.insert(key.clone()) {
                out.push((*ob, link, key));
            }
        }
    }
    out
}

/// The article's control, for a link that has one.
fn target<'l>(law: &'l Law, link: &LawLink) -> Option<&'l str> {
    let no = link.article.as_ref().filter(|_| link.relation != Relation::None)?;
    law.controls.get(no.as_str()).map(String::as_str)
}

fn mapping(book: &Book, law: &Law) -> Option<Value> {
    let own: Vec<_> = links(book).into_iter().filter(|(_, l, _)| l.law == law.law.id).collect();
    let met: Vec<_> = own.iter().filter_map(|(ob, l, key)| Some((*ob, *l, key, target(law, l)?))).collect();
    if met.is_empty() {
        return None;
    }
    let mapped: HashSet<usize> = met.iter().map(|m| m.0).collect();
    let touched: HashSet<&str> = met.iter().map(|m| m.3).collect();
    let free: Vec<&str> = book.obligations.iter().filter(|ob| !mapped.contains(ob)).map(|ob| book.control(*ob)).collect();
    let mut seen = HashSet::new();
    let articles = law.law.articles.iter().map(|a| law.controls[a.no.as_str()].as_str());
    let unmet: Vec<&str> = articles.filter(|c| !touched.contains(c) && seen.insert(*c)).collect();
    let gap = |kind: &str, ids: Vec<&str>| {
        (!ids.is_empty()).then(|| json!({"uuid": book.space.id(kind, &law.law.id), "unmapped-controls": [{"with-ids": ids}]}))
    };
    let maps: Vec<Value> = met.iter().map(|(ob, link, key, target)| map(book, *ob, link, key, target)).collect();
    Some(tidy(json!({
        "uuid": book.space.id("mapping", &law.law.id),
        "source-resource": {"type": "catalog", "href": "catalog.json"}, "target-resource": {"type": "catalog", "href": law.file},
        "maps": maps, "mapping-description": book.line(&law.law.name),
        "source-gap-summary": gap("source-gap", free), "target-gap-summary": gap("target-gap", unmet),
    })))
}

fn map(book: &Book, ob: usize, link: &LawLink, key: &str, target: &str) -> Value {
    let paragraph = prop("paragraph", &link.paragraph.map_or(String::new(), |p| p.to_string()));
    json!({
        "uuid": book.space.id("map", key), "ns": NS, "relationship": link.relation.code(),
        "sources": [{"type": "control", "id-ref": book.control(ob)}],
        "targets": [{"type": "control", "id-ref": target, "props": [paragraph]}],
        "confidence-score": link.confidence.map(|c| json!({"category": c.code()})),
        "remarks": link.note.as_ref().map(|n| line(n.as_str())),
    })
}

/// Links that lead to no article: told, for they cannot be maps.
fn unknown(book: &Book, laws: &[Law]) -> Vec<String> {
    let lost = |l: &LawLink| l.relation != Relation::None && !laws.iter().any(|law| law.law.id == l.law && target(law, l).is_some());
    let all = links(book).into_iter().filter(|(_, l, _)| lost(l));
    all.map(|(ob, l, _)| format!("{} → {}:{}", book.node(ob).id, l.law, l.article.as_ref().map_or("-", |a| a.as_str()))).collect()
}
