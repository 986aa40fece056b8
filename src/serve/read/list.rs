//! Assignments as rows: what any figure opens into, and what a query finds.

use super::shared::{or, paged, query};
use crate::model::{Light, Status};
use crate::report::list;
use crate::serve::call::{Call, Reply};
use crate::serve::look::{Doc, frame, whole_with};
use maud::html;

/// `GET /list?q=…`.
pub fn list(call: &Call) -> Reply {
    or(made(call))
}

fn made(call: &Call) -> Result<Reply, Reply> {
    let view = call.view()?;
    let s = &view.s;
    let asked = call.query.one("q").unwrap_or("");
    let (q, wrong) = match query(call, s) {
        Ok(q) => (q, None),
        // A query that is not understood is told above an empty field, not on a page that leads nowhere.
        Err(e) => (Default::default(), e.trouble),
    };
    let mut page = list::page(s, &list::build(s, &q, call.lang), call.lang);
    let pager = paged(call, &mut page);
    // A chosen light or state takes the place of the one chosen before; the one that is on is taken away.
    let on = |word: &str| asked.split_whitespace().any(|w| w == word);
    let add = |key: &str, code: &str| {
        let word = format!("{key}:{code}");
        let mut all: Vec<String> = asked.split_whitespace().filter(|w| !w.starts_with(&format!("{key}:"))).map(String::from).collect();
        if !on(&word) {
            all.push(word);
        }
        call.link("/list", &[("q", &all.join(" "))])
    };
    let chip = |key: &str, code: &str, name: std::borrow::Cow<str>| html! { li { a href=(add(key, code)) aria-current=[on(&format!("{key}:{code}")).then_some("true")] { (name) } } };
    let chips = html! {
        ul.chips aria-label=(call.say("缩小范围", "Narrow down")) {
            @for l in Light::ALL { (chip("light", l.code(), l.term().say(call.lang))) }
            @for x in Status::ALL { (chip("status", x.code(), x.term().say(call.lang))) }
            @if !asked.is_empty() { li { a href=(call.link("/list", &[])) { (call.say("清除", "Clear")) " ×" } } }
        }
    };
    let field = html! {
        form.find-q method="get" action="/list" {
            @for keep in ["as_of", "on"] { @if let Some(v) = call.query.one(keep) { input type="hidden" name=(keep) value=(v); } }
            label.vh for="q" { (call.say("查询词", "Query")) }
            input id="q" name="q" value=(asked) maxlength="500" aria-describedby="q-help" aria-invalid[wrong.is_some()];
            button { (call.say("筛选", "Filter")) }
            small id="q-help" .quiet { (call.say("如", "such as")) " dept:CITY-PSB light:red status:in-progress due:2026-11 text:冻结" }
        }
        @if let Some(w) = &wrong { p.bad role="alert" { (w) } }
        (chips)
    };
    if wrong.is_some() {
        return Ok(frame(call, 400, Doc::new(page.title.clone(), html! { div.title { h1 { (page.title) } } (field) })));
    }
    Ok(frame(call, 200, whole_with(call, s, &page, &html! { (field) (pager) }, &pager)))
}
