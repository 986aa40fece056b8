//! Search, in Chinese and English: an id leads straight to what it names; words are looked for in
//! ids, titles and requirements, in names of departments, and query words go to the list.

use super::shared::or;
use crate::report::rows::light_cell;
use crate::serve::call::{Call, Reply, escape};
use crate::serve::look::{Doc, frame};
use crate::snapshot::query::{KEYS, Query};
use crate::text::did_you_mean;
use maud::html;

/// Most finds shown of a kind.
const MOST: usize = 200;

/// `GET /search?q=…`.
pub fn search(call: &Call) -> Reply {
    or(made(call))
}

fn made(call: &Call) -> Result<Reply, Reply> {
    let view = call.view()?;
    let s = &view.s;
    let r = &s.register;
    let asked = call.query.one("q").unwrap_or("");
    // Full-width signs that an input method leaves are the plain ones.
    let plain: String = crate::text::folded(asked).into_iter().collect();
    let id = plain.trim().to_uppercase();
    // What cannot be read is told on its card.
    if r.obligation_index.contains_key(id.as_str()) || r.invalid.iter().any(|i| i.id.as_deref() == Some(id.as_str())) {
        return Ok(Reply::go(call.link(&format!("/obligation/{}", escape(&id)), &[])));
    }
    if s.roster.find(r, &id).is_some() {
        return Ok(Reply::go(call.link(&format!("/assignment/{}", escape(&id)), &[])));
    }
    let keyed = |w: &str| w.split_once(':').is_some_and(|(k, _)| KEYS.contains(&k.trim_start_matches("not:")));
    if plain.split_whitespace().any(keyed) {
        return Ok(Reply::go(call.link("/list", &[("q", &plain)])));
    }
    let words: Vec<String> = plain.to_lowercase().split_whitespace().map(String::from).collect();
    // The same fields as the query word `text:`, so that list and command line find the same.
    let found = |w: &String| -> Vec<usize> {
        let mut all: Vec<usize> = Query::parse(s, &[format!("text:{w}")]).map_or_else(|_| Vec::new(), |q| q.select(s));
        all.iter_mut().for_each(|d| *d = s.roster.duties[*d].obligation as usize);
        all.dedup();
        all
    };
    let mut obligations: Vec<usize> = words.first().map_or_else(Vec::new, found);
    for w in words.iter().skip(1) {
        let more: std::collections::HashSet<usize> = found(w).into_iter().collect();
        obligations.retain(|o| more.contains(o));
    }
    let has = |name: &crate::model::Words, id: &str, w: &String| id.to_lowercase().contains(w.as_str()) || name.contains(w);
    let bodies: Vec<_> = r.bodies.iter().filter(|b| !words.is_empty() && words.iter().all(|w| has(&b.name, b.id.as_str(), w))).collect();
    let near = || did_you_mean(&id, r.obligation_index.keys().map(String::as_str)).map(String::from);
    let body = html! {
        div.title { h1 { (call.say("检索", "Search")) } @if !asked.is_empty() { p.sub { "「" (asked) "」 · " (obligations.len()) " " (call.say("项义务", "obligations")) " · " (bodies.len()) " " (call.say("个单位", "departments")) } } }
        @if asked.is_empty() { p { (call.say("在上方输入编号、词语或单位名称。", "Type an id, words or a department's name above.")) } }
        @else if obligations.is_empty() && bodies.is_empty() {
            p.note { (call.say("没有找到。", "Nothing was found.")) @if let Some(n) = near() { " " (call.say("是否要找", "Did you mean")) " " a href=(call.link(&format!("/obligation/{}", escape(&n)), &[])) { (n) } "？" } }
        }
        @if !bodies.is_empty() {
            h2 { (call.say("单位", "Departments")) }
            ul { @for b in bodies.iter().take(MOST) { li { a href=(call.link("/list", &[("q", &format!("dept:{}", b.id))])) { (b.name.say(call.lang)) } " " small.quiet { (b.id) } } } }
        }
        @if !obligations.is_empty() {
            h2 { (call.say("义务", "Obligations")) }
            table.plainlist {
                thead { tr { th scope="col" { (call.say("编号", "ID")) } th scope="col" { (call.say("工作事项", "Obligation")) } th scope="col" { (call.say("牵头单位", "Lead unit")) } th scope="col" { (call.say("状态", "Status")) } th scope="col" { (call.say("亮灯", "RAG")) } } }
                tbody { @for i in obligations.iter().take(MOST) {
                    @let o = &r.obligations[*i];
                    @let (status, light) = s.folded.obligations[*i];
                    tr {
                        th.id scope="row" { a href=(call.link(&format!("/obligation/{}", escape(o.id.as_str())), &[])) { (o.id) } }
                        td.wide { (o.title.say(call.lang)) }
                        td data-label=(call.say("牵头单位", "Lead unit")) { (s.roster.owners[*i].lead.iter().map(|d| r.name(d, s.day(), call.lang)).collect::<Vec<_>>().join(call.say("、", ", "))) }
                        td { (status.term().say(call.lang)) }
                        td { span class=(shade(light)) { (light_cell(light, &[], call.lang).text()) } }
                    }
                } }
            }
            @if obligations.len() > MOST { p.note { (call.say("只列出前 200 项，请再加词语。", "Only the first 200 are listed: add words.")) } }
        }
    };
    Ok(frame(call, 200, Doc::new(call.say("检索", "Search"), body)))
}

/// The class of a light.
pub fn shade(light: crate::model::Light) -> &'static str {
    use crate::model::Light::*;
    match light {
        Red => "r",
        Amber => "a",
        Green => "g",
        Grey => "k",
    }
}
