//! Head and foot of a page: the unit, the ways to go, search, the day, the language, who is
//! signed in.

use super::doc::{Doc, FIXED, fixed, policy};
use crate::model::{Lang, Role};
use crate::report::frame::mistakes;
use crate::serve::call::{Call, Fields, HTML, Reply, escape};
use crate::serve::who::Visitor;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// What the head shows besides the page.
struct Head<'a> {
    lang: Lang,
    who: Option<&'a Visitor>,
    /// Path and query now, without the language.
    at: &'a str,
    query: Fields,
    /// The unit, the day shown and whether it is sample data; nothing where the register cannot be opened.
    unit: Option<(String, String)>,
    mark: u64,
    read_only: bool,
    dated: bool,
    /// Mistakes met while reading, where there are any: said on every page, not on those with figures alone.
    wrong: usize,
}

fn say<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::En { en } else { zh }
}

/// The page in its frame.
pub fn frame(call: &Call, status: u16, doc: Doc) -> Reply {
    let view = call.view().or_else(|_| call.desk.views.today().map_err(|e| Reply::problem(503, e))).ok();
    let unit = view.as_ref().map(|v| (v.s.register.settings.unit.name.say(call.lang).into_owned(), v.s.day().to_string()));
    let head = Head {
        lang: call.lang,
        who: call.visitor.as_ref(),
        at: &call.at,
        query: call.query.clone(),
        unit,
        // News are for those who may look.
        mark: view.as_ref().filter(|_| call.visitor.is_some() || call.desk.config.read_only).map_or(0, |v| v.mark),
        read_only: call.desk.config.read_only,
        dated: call.query.one("as_of").is_some(),
        wrong: view.as_ref().filter(|_| call.visitor.is_some() || call.desk.config.read_only).map_or(0, |v| mistakes(&v.s)),
    };
    let css = doc.css.clone();
    let styles: Vec<&str> = if css.is_empty() { vec![] } else { vec![&css] };
    Reply::new(status, HTML, document(&head, doc).into_string()).with("content-security-policy", policy(&styles))
}

/// A page that tells what went wrong.
pub fn trouble(lang: Lang, who: Option<&Visitor>, status: u16, what: &str) -> String {
    let title = match status {
        401 | 403 => say(lang, "不能这样做", "Not allowed"),
        404 => say(lang, "没有找到", "Not found"),
        408 | 413 | 415 | 429 => say(lang, "未受理", "Not taken"),
        500.. => say(lang, "暂不能办理", "Not possible now"),
        _ => say(lang, "请检查", "Please check"),
    };
    let body = html! {
        div.title { h1 { (title) } }
        p.bad role="alert" { (what) }
        p { a href="/" { (say(lang, "回到首页", "To the first page")) } }
    };
    let head = Head { lang, who, at: "", query: Fields::default(), unit: None, mark: 0, read_only: false, dated: false, wrong: 0 };
    document(&head, Doc::new(title, body).typed()).into_string()
}

fn document(h: &Head, doc: Doc) -> Markup {
    let code = if h.lang == Lang::En { "en" } else { "zh" };
    let unit = h.unit.as_ref().map_or("", |u| u.0.as_str());
    html! {
        (DOCTYPE)
        html lang=(code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (doc.title) @if !unit.is_empty() && !doc.title.contains(unit) { " · " (unit) } " · " (say(h.lang, "督办", "duban")) }
                link rel="icon" href=(fixed("icon"));
                link rel="stylesheet" href=(fixed("desk-"));
                @if !doc.css.is_empty() { style { (PreEscaped(&doc.css)) } }
            }
            body data-mark=(h.mark) data-calm[doc.calm] data-news=(say(h.lang, "数据有更新", "The register has changed"))
                data-reload=(say(h.lang, "重新载入", "Reload")) data-filter=[doc.filter.map(|f| f.0)] data-shown=[doc.filter.map(|f| f.1)] {
                a.skip href="#main" { (say(h.lang, "跳到正文", "Skip to the content")) }
                (top(h))
                @if h.wrong > 0 {
                    p.bad.wrong role="note" { "!! " (h.wrong) " " (say(h.lang, "处读入错误：无法读取的仍计入总数，数字和清单不可依据，见 duban check", "mistakes met while reading: what cannot be read stays in the totals, figures and lists are not to be relied on; see duban check")) }
                }
                main id="main" tabindex="-1" { (doc.body) }
                script src=(desk_js()) defer {}
                @if doc.filter.is_some() { script src=(fixed("tables")) defer {} }
            }
        }
    }
}

fn desk_js() -> String {
    let found = FIXED.iter().find(|f| f.at.starts_with("desk-") && f.at.ends_with(".js")).expect("it is one of ours");
    format!("/static/{}", found.at)
}

fn top(h: &Head) -> Markup {
    let day = h.query.one("as_of").map(|d| format!("?as_of={}", escape(d))).unwrap_or_default();
    let known = h.who.is_some();
    let queue = h.who.is_some_and(|w| w.is(&[Role::Reviewer, Role::Approver, Role::Supervisor, Role::Manager]));
    let ways: Vec<(String, &str, bool)> = vec![
        (format!("/{day}"), say(h.lang, "总览", "Overview"), true),
        ("/mine".into(), say(h.lang, "本单位", "My department"), known),
        ("/queue".into(), say(h.lang, "待办", "Queue"), queue),
        (format!("/list{day}"), say(h.lang, "清单", "List"), true),
        (format!("/charts{day}"), say(h.lang, "图表", "Charts"), true),
        (format!("/calendar{day}"), say(h.lang, "到期", "Due"), true),
        (format!("/history{day}"), say(h.lang, "记录", "Log"), true),
        (format!("/reports{day}"), say(h.lang, "报表", "Reports"), true),
    ];
    html! {
        div.top role="banner" {
            div.brand {
                a href={ "/" (day) } { b { (say(h.lang, "督办", "duban")) } @if let Some((unit, _)) = &h.unit { " " span { (unit) } } }
                div.who {
                    (tongue(h))
                    @match h.who {
                        Some(w) => {
                            a href="/account" { (w.post) }
                            form method="post" action="/sign-out" {
                                input type="hidden" name="csrf" value=(w.csrf);
                                button.plain { (say(h.lang, "退出", "Sign out")) }
                            }
                        }
                        None if h.read_only => span.quiet { (say(h.lang, "只读", "read-only")) },
                        None => a href="/sign-in" { (say(h.lang, "登录", "Sign in")) },
                    }
                }
            }
            // Whoever is not known would only be led back to the sign-in.
            @if known || h.read_only { nav.ways aria-label=(say(h.lang, "栏目", "Sections")) {
                ul { @for (to, name, _) in ways.iter().filter(|w| w.2) {
                    li { a href=(to) aria-current=[(to.split('?').next() == Some(h.at)).then_some("page")] { (name) } }
                } }
                (tools(h))
            } }
            @if h.dated { p.dated { (say(h.lang, "所示为往日口径：截至", "Shown as of")) " " b { (h.query.one("as_of").unwrap_or("")) } " · " a href=(h.at) { (say(h.lang, "回到今天", "back to today")) } } }
        }
    }
}

/// Search, and the day.
fn tools(h: &Head) -> Markup {
    let day = h.query.one("as_of").or(h.unit.as_ref().map(|u| u.1.as_str())).unwrap_or("");
    let looks =
        ["/", "/list", "/charts", "/calendar", "/history", "/reports", "/search"].contains(&h.at) || h.at.starts_with("/obligation/");
    html! {
        div.tools {
            form method="get" action="/search" role="search" {
                label { span.vh { (say(h.lang, "检索", "Search")) }
                    input type="search" name="q" maxlength="200" placeholder=(say(h.lang, "检索编号、事项、单位", "Search ids, obligations, departments")) value=[h.query.one("q").filter(|_| h.at == "/search")]; }
                button { (say(h.lang, "检索", "Search")) }
            }
            @if looks {
                form method="get" action=(h.at) {
                    @for (k, v) in h.query.0.iter().filter(|f| !matches!(f.0.as_str(), "as_of" | "lang" | "page")) { input type="hidden" name=(k) value=(v); }
                    label { (say(h.lang, "截至", "As of")) " " input type="date" name="as_of" value=(day); }
                    button { (say(h.lang, "查看", "Show")) }
                }
            }
        }
    }
}

/// The other language, on the same page.
fn tongue(h: &Head) -> Markup {
    let (code, name) = if h.lang == Lang::En { ("zh", "中文") } else { ("en", "English") };
    let mut fields = h.query.clone();
    fields.0.retain(|f| f.0 != "lang");
    fields.0.push(("lang".into(), code.into()));
    html! { a href={ (h.at) "?" (fields.encoded()) } lang=(code) hreflang=(code) { (name) } }
}
