//! The content of a page, and what the desk itself brings along: style sheet, scripts, the policy that
//! names them.

use crate::digest::integrity;
use crate::page::Page;
use crate::render::html::{Links, Piece, piece, plain_css, script};
use crate::serve::call::{Call, escape};
use crate::snapshot::Snapshot;
use maud::{Markup, PreEscaped, html};
use std::sync::LazyLock;

/// A file of the desk.
pub struct Fixed {
    /// Its address: the digest of its bytes is a part, so that it may be kept for ever.
    pub at: String,
    /// Its media type.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The files of the desk.
pub static FIXED: LazyLock<Vec<Fixed>> = LazyLock::new(|| {
    let all: [(&str, &'static str, Vec<u8>); 4] = [
        ("desk.css", "text/css; charset=utf-8", format!("{}{}", plain_css(), include_str!("desk.css")).into_bytes()),
        ("desk.js", "text/javascript; charset=utf-8", include_str!("desk.js").into()),
        ("tables.js", "text/javascript; charset=utf-8", script().into()),
        ("icon.svg", "image/svg+xml", include_str!("icon.svg").into()),
    ];
    all.map(|(name, kind, bytes)| {
        let digest: String = crate::digest::hex(&bytes).chars().take(12).collect();
        let (stem, end) = name.split_once('.').expect("files have an ending");
        Fixed { at: format!("{stem}-{digest}.{end}"), kind, bytes }
    })
    .into()
});

/// The address of a file of the desk.
pub fn fixed(stem: &str) -> String {
    let found = FIXED.iter().find(|f| f.at.starts_with(stem)).expect("it is one of ours");
    format!("/static/{}", found.at)
}

/// The content of a page.
#[derive(Debug, Clone)]
pub struct Doc {
    /// Its title.
    pub title: String,
    /// What stands in `main`.
    pub body: Markup,
    /// The style sheet of its tables.
    pub css: String,
    /// The texts of the script that filters long tables.
    pub filter: Option<(&'static str, &'static str)>,
    /// It may be loaded anew by itself when the files change: nothing is typed in it.
    pub calm: bool,
}

impl Doc {
    /// A page of markup.
    pub fn new(title: impl Into<String>, body: Markup) -> Doc {
        Doc { title: title.into(), body, css: String::new(), filter: None, calm: true }
    }

    /// With something to type in it.
    pub fn typed(mut self) -> Doc {
        self.calm = false;
        self
    }
}

/// What a page may load and do: nothing but ours; `styles` are the texts of its style sheets.
pub fn policy(styles: &[&str]) -> String {
    let hashes: String = styles.iter().map(|s| format!(" '{}'", integrity(s.as_bytes()))).collect();
    format!(
        "default-src 'none'; style-src 'self'{hashes}; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The links of a page of reports: counts to their rows, ids to their cards, on the same day.
pub fn links(call: &Call, s: &Snapshot) -> Links {
    let kept: Vec<(String, String)> =
        ["as_of", "on"].iter().filter_map(|k| Some((k.to_string(), call.query.one(k)?.to_string()))).collect();
    let tail = kept.iter().map(|(k, v)| format!("&{k}={}", escape(v))).collect::<String>();
    let duties: std::collections::HashSet<String> = (0..s.roster.duties.len()).map(|d| s.roster.full_id(&s.register, d)).collect();
    let obligations: std::collections::HashSet<String> = s.register.obligation_index.keys().map(|k| k.to_string()).collect();
    let here = tail.replacen('&', "?", 1);
    Links {
        open: Box::new(move |query| format!("/list?q={}{tail}", escape(query))),
        card: Box::new(move |id| {
            if obligations.contains(id) {
                Some(format!("/obligation/{}{here}", escape(id)))
            } else {
                duties.contains(id).then(|| format!("/assignment/{}{here}", escape(id)))
            }
        }),
    }
}

/// The blocks of a report's page as markup, with the style sheet of its tables.
pub fn part(call: &Call, s: &Snapshot, page: &Page) -> Piece {
    piece(page, links(call, s))
}

/// A report's page as content.
pub fn whole(call: &Call, s: &Snapshot, page: &Page) -> Doc {
    whole_with(call, s, page, &html! {}, &html! {})
}

/// A report's page as content, with something between its head and what it says, and after that.
pub fn whole_with(call: &Call, s: &Snapshot, page: &Page, before: &Markup, after: &Markup) -> Doc {
    let Piece { body, css, filter } = part(call, s, page);
    let body = html! {
        (head(page))
        (before)
        (PreEscaped(body))
        (after)
        (foot(page))
    };
    Doc { title: page.title.clone(), body, css, filter, calm: true }
}

/// Title, banner of sample data, and the lines that say what is counted.
pub fn head(page: &Page) -> Markup {
    html! {
        @if let Some(b) = &page.banner { p.ban { (crate::render::html::Dated(b)) } }
        div.title {
            h1 { (page.title) }
            @if page.head.iter().any(|h| !h.is_empty()) { p.line { @for part in &page.head { span { (part) } } } }
            ul.meta { @for m in &page.meta { li { (m) } } }
        }
    }
}

/// What the colours mean, and the notes.
pub fn foot(page: &Page) -> Markup {
    html! {
        @if !page.legend.is_empty() {
            p.legend { @for (tone, text) in &page.legend { span class=(shade(*tone)) { (text) } " " } }
        }
        @if !page.notes.is_empty() { ul.notes { @for n in &page.notes { li { (n) } } } }
    }
}

/// A moment as people read it, `2026-11-26 23:34`.
pub fn at(moment: &chrono::DateTime<chrono::FixedOffset>) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

/// The class of a colour.
fn shade(tone: crate::page::Tone) -> &'static str {
    use crate::page::Tone::*;
    match tone {
        Red => "r",
        Amber => "a",
        Green => "g",
        Grey => "k",
    }
}
