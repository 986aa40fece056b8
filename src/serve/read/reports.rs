//! Reports: the shelf, and each in every form, as `duban report` prints it.

use super::shared::{or, query};
use crate::model::{Item, Saved, terms as t};
use crate::page::Page;
use crate::report::layout::{self, Ask, LAYOUTS, Layout, Period};
use crate::serve::call::{Call, Reply, escape};
use crate::serve::look::{Doc, frame};
use crate::snapshot::{Snapshot, query::Query};
use maud::html;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Media types by form.
const KINDS: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("pdf", "application/pdf"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("csv", "text/csv; charset=utf-8"),
    ("json", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
];

/// `GET /reports`: what there is, with a button a form.
pub fn shelf(call: &Call) -> Reply {
    or(shelved(call))
}

fn shelved(call: &Call) -> Result<Reply, Reply> {
    let view = call.view()?;
    let s = &view.s;
    let keep: Vec<(&str, &str)> = ["q", "period"].iter().filter_map(|k| Some((*k, call.query.one(k)?))).collect();
    let forms: Vec<&str> = KINDS.iter().map(|k| k.0).filter(|k| call.desk.config.forms.all.iter().any(|f| f.0 == *k)).collect();
    let buttons = |name: &str, more: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> = keep.iter().copied().chain(more.iter().copied()).collect();
        let list = |some: &[&str]| html! { ul.acts { @for f in some { li { a.button href=(call.link(&format!("/reports/{}/{f}", escape(name)), &all)) { (f.to_uppercase()) } } } } };
        let (first, rest): (Vec<&str>, Vec<&str>) = forms.iter().partition(|f| matches!(**f, "html" | "pdf" | "xlsx"));
        html! { (list(&first)) @if !rest.is_empty() { details { summary { (call.say("其他格式", "Other forms")) } (list(&rest)) } } }
    };
    let departments: Vec<(String, String)> = {
        let q = Query::default();
        let ask = Ask::new(s, &q, call.lang, None);
        layout::packed(&ask).into_iter().map(|id| (s.register.name(&id, s.day(), call.lang), id)).collect()
    };
    let title = call.say("报表", "Reports");
    let body = html! {
        div.title { h1 { (title) } p.sub { (call.say("与 duban report 打印的相同；HTML 一栏即打印页（A4 横向）。", "The same as duban report prints; HTML is the printed page (A4 landscape).")) } }
        form.find-q method="get" action="/reports" {
            @if let Some(v) = call.query.one("as_of") { input type="hidden" name="as_of" value=(v); }
            label { (t::FILTER.say(call.lang)) input name="q" value=(call.query.one("q").unwrap_or("")) placeholder="dept:CITY-PSB light:red"; }
            label { (t::PERIOD.say(call.lang)) input name="period" value=(call.query.one("period").unwrap_or("")) placeholder="2026-10 · 2026Q3"; }
            button { (call.say("设定", "Set")) }
        }
        table.plainlist {
            thead { tr { th scope="col" { (call.say("报表", "Report")) } th scope="col" { (call.say("周期", "Cycle")) } th scope="col" { (call.say("打开", "Open")) } } }
            tbody {
                @for item in s.register.reports.iter().filter(|r| layout::find(r.layout.as_str()).is_some_and(|l| !l.per_department)) {
                    tr { th scope="row" { (saved_title(call, item)) } td { (call.say("已存报表", "saved report")) } td { (buttons(item.name.as_str(), &[])) } }
                }
                @for l in LAYOUTS.iter().filter(|l| !l.per_department) {
                    tr { th scope="row" { (l.title.say(call.lang)) } td { (l.cycle.say(call.lang)) } td { (buttons(l.key, &[])) } }
                }
            }
        }
        h2 { (call.say("部门资料包", "Department packs")) }
        table.plainlist {
            thead { tr { th scope="col" { (t::DEPARTMENT.say(call.lang)) } th scope="col" { (call.say("打开", "Open")) } } }
            tbody { @for (name, id) in &departments { tr { th scope="row" { (name) } td { (buttons("pack", &[("dept", id)])) } } } }
        }
    };
    Ok(frame(call, 200, Doc::new(title, body)))
}

/// A saved report's title; else its layout's, with its filter and language.
fn saved_title(call: &Call, item: &Item<Saved>) -> String {
    if let Some(w) = &item.title {
        return w.say(call.lang).into_owned();
    }
    let layout = layout::find(item.layout.as_str()).map_or_else(|| item.layout.to_string(), |l| l.title.say(call.lang).into_owned());
    let filter: Vec<String> = item.filter.iter().map(|f| f.to_string()).collect();
    let lang = item.lang.map(|l| match l {
        crate::model::Lang::Zh => "中文",
        crate::model::Lang::En => "English",
        crate::model::Lang::Both => "中文 English",
    });
    let more: Vec<String> = filter.into_iter().chain(lang.map(String::from)).collect();
    if more.is_empty() { layout } else { format!("{layout}（{}）", more.join(" · ")) }
}

/// `GET /reports/{name}/{form}`.
pub fn report(call: &Call) -> Reply {
    or(printed(call))
}

fn printed(call: &Call) -> Result<Reply, Reply> {
    let (name, form) = (call.path[0].as_str(), call.path[1].as_str());
    let Some((_, kind)) = KINDS.iter().find(|k| k.0 == form && call.desk.config.forms.all.iter().any(|f| f.0 == form)) else {
        let all: Vec<&str> = call.desk.config.forms.all.iter().map(|f| f.0).collect();
        return Err(Reply::problem(
            404,
            format!("{}{}", call.say("没有这种格式；可用：", "there is no such form; there are "), all.join(", ")),
        ));
    };
    let view = call.view()?;
    let s = &view.s;
    let mut page = page(call, s, name)?;
    if call.desk.config.forms.all.iter().any(|f| f.0 == form && f.2) {
        page.behind = layout::behind(s, &[&page], call.lang).map(Box::new);
    }
    // Paper costs a core for a second: one at a time, some may wait, the others are told.
    let waiting = call.desk.tell.printing.fetch_add(1, Relaxed);
    let _leave = Leave(&call.desk.tell.printing);
    if waiting >= 8 {
        return Err(Reply::problem(
            503,
            call.say("正在打印的报表太多，请稍后再试", "too many reports are being made; try again in a moment"),
        )
        .with("retry-after", "5"));
    }
    static PRESS: Mutex<()> = Mutex::new(());
    let _one = (!matches!(form, "html" | "json" | "csv" | "md")).then(|| PRESS.lock().unwrap_or_else(|e| e.into_inner()));
    let bytes = (call.desk.config.forms.make)(form, &page).map_err(|e| Reply::problem(503, e))?;
    let extension = call.desk.config.forms.all.iter().find(|f| f.0 == form).map_or(form, |f| f.1);
    let stem: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).collect();
    let dept: String = call
        .query
        .one("dept")
        .map_or_else(String::new, |d| format!("-{}", d.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "-")));
    let shown = if matches!(form, "html" | "pdf" | "json" | "md") { "inline" } else { "attachment" };
    let mut reply =
        Reply::new(200, kind, bytes).with("content-disposition", format!("{shown}; filename=\"{stem}{dept}-{}.{extension}\"", s.day()));
    if form == "html" {
        // The file carries its own policy, which is stricter than any of ours: the same goes into the head.
        let text = String::from_utf8_lossy(&reply.body);
        let own = text.split_once("Content-Security-Policy\" content=\"").and_then(|x| x.1.split_once('"')).map(|x| x.0.to_string());
        let own = own.unwrap_or_else(|| "default-src 'none'".into());
        reply = reply.with("content-security-policy", format!("{own}; frame-ancestors 'none'"));
    }
    Ok(reply)
}

/// One fewer is being made, however it ended.
struct Leave<'a>(&'a AtomicU64);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// The page of a layout or of a saved report.
fn page(call: &Call, s: &Snapshot, name: &str) -> Result<Page, Reply> {
    let saved: Option<&Item<Saved>> = s.register.reports.iter().find(|r| r.name.as_str() == name);
    let key = saved.map_or(name, |r| r.layout.as_str());
    let layout: &Layout = layout::find(key).ok_or_else(|| Reply::problem(404, call.say("没有这种报表", "there is no such report")))?;
    let told = query(call, s)?;
    let mut words: Vec<String> = saved.iter().flat_map(|r| r.filter.iter().map(|f| f.to_string())).collect();
    words.push(told.shown);
    let q = Query::parse(s, &words).map_err(|w| Reply::trouble(call, 400, &w))?;
    let word = call.query.one("period").map(String::from).or_else(|| saved.and_then(|r| r.period.as_ref().map(|p| p.to_string())));
    let period = word.map(|p| Period::parse(&p, s.day())).transpose().map_err(|w| Reply::trouble(call, 400, &w))?;
    let mut ask = Ask::new(s, &q, call.lang, period);
    if let Some(item) = saved {
        ask.columns = item.columns.iter().map(|c| c.to_string()).collect();
        ask.title.clone_from(&item.title);
        ask.marking = item.marking.as_ref().map(|m| m.say(call.lang).into_owned());
    }
    if layout.per_department {
        let all = layout::packed(&ask);
        let want = call.query.one("dept").map(|d| s.register.current(d).to_string());
        let want = want
            .filter(|d| all.contains(d))
            .ok_or_else(|| Reply::problem(404, call.say("没有这个单位的资料包", "there is no pack for that department")))?;
        ask.dept = Some(want);
    }
    layout::build(layout, &ask).map_err(|(bad, known)| Reply::problem(400, format!("{bad}: {}", known.join(", "))))
}
