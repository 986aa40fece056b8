//! law-….json: a law's articles by their topics, for the mapping to point into.
//!
//! The text of a law is not kept here, so its controls have no statement. An article that the
//! crosswalk names and the law's file does not have is no control: the mapping says so.

use super::book::{Book, both, prop};
use super::catalog::token;
use crate::exchange::names::slug;
use crate::model::{Article, Term, Words};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// A law with the names of its articles.
pub struct Law<'a> {
    /// The law.
    pub law: &'a crate::model::Law,
    /// Its file.
    pub file: String,
    /// Control ids by article number.
    pub controls: HashMap<&'a str, String>,
}

/// Every law of the register; one without articles has nothing to point into.
pub fn all<'a>(book: &Book<'a>) -> Vec<Law<'a>> {
    let mut taken = HashSet::new();
    let laws = book.ask.s.register.laws.iter().map(|l| &l.node);
    laws.filter(|law| !law.articles.is_empty() && taken.insert(law.id.as_str()))
        .map(|law| {
            let controls = law.articles.iter().map(|a| (a.no.as_str(), token(&format!("{}-{}", law.id, a.no.as_str())))).collect();
            Law { law, file: format!("law-{}.json", slug(&law.id)), controls }
        })
        .collect()
}

/// The document of a law.
pub fn document(book: &Book, law: &Law) -> Value {
    let mut seen = HashSet::new();
    let articles: Vec<&Article> = law.law.articles.iter().filter(|a| seen.insert(law.controls[a.no.as_str()].as_str())).collect();
    let in_chapter = |no: Option<u32>| articles.iter().filter(|a| a.chapter == no).map(|a| control(book, law, a)).collect::<Vec<_>>();
    let known: HashSet<u32> = law.law.chapters.iter().map(|c| c.no).collect();
    let groups: Vec<Value> = law
        .law
        .chapters
        .iter()
        .map(|c| {
            json!({"id": token(&format!("{}-chapter-{}", law.law.id, c.no)), "class": "chapter", "title": book.line(&c.title), "controls": in_chapter(Some(c.no))})
        })
        .filter(|g| g["controls"].as_array().is_some_and(|a| !a.is_empty()))
        .collect();
    let rest: Vec<Value> =
        articles.iter().filter(|a| a.chapter.is_none_or(|c| !known.contains(&c))).map(|a| control(book, law, a)).collect();
    let title = format!("{} {}", book.line(&law.law.name), book.say(Term("条文主题", "articles by topic")));
    let about = vec![prop("law", &law.law.id), prop("in-force", &law.law.in_force.map_or(String::new(), |d| d.0.to_string()))];
    book.document_of("catalog", &title, about, vec![("controls", json!(rest)), ("groups", json!(groups))])
}

fn control(book: &Book, law: &Law, article: &Article) -> Value {
    let no = article.no.as_str();
    let mut props = vec![json!({"name": "label", "value": no})];
    props.extend(both("title", &article.topic));
    props.push(prop("confirmed", article.confirmed.as_ref().map_or("", |c| c.as_str())));
    json!({"id": law.controls[no], "class": "article", "title": book.line(&named(article)), "props": props})
}

/// `第6条 立法目的`, `Article 6: Purpose`.
pub fn named(article: &Article) -> Words {
    let no = article.no.as_str();
    let zh = match no.split_once('之') {
        Some((head, tail)) => format!("第{head}条之{tail}"),
        None => format!("第{no}条"),
    };
    let topic = &article.topic;
    Words { zh: topic.zh.as_ref().map(|w| format!("{zh} {w}").into()), en: topic.en.as_ref().map(|w| format!("Article {no}: {w}").into()) }
}
