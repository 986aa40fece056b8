//! Head and foot of a file: what may run (nothing but our own words, by digest), title, the
//! line under it, counts, legend; at the end notes and the lines to sign on.

use super::block::contents;
use super::ids::Ids;
use super::said::{Dated, Line, Said, quoted};
use super::table::{FILTERED, tone};
use super::words::Words;
use crate::digest::integrity;
use crate::page::Page;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");
const PRINT: &str = include_str!("print.css");
const STACK: &str = include_str!("stack.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole file of a page.
pub fn page(page: &Page, ids: &Ids, body: &Markup, styles: &str, words: &Words) -> Markup {
    let script = page.tables().any(|t| t.items() > FILTERED);
    let marked = page.marking.as_deref().map_or(String::new(), |m| {
        // On the first sheet the marking stands in the page itself.
        format!("@page{{@top-right{{content:{}}}}}@page :first{{@top-right{{content:none}}}}", quoted(m))
    });
    let css = format!("{STYLE}{}{PRINT}{styles}{marked}", stacks(styles));
    let main = html! {
        header id="top" {
            @if let Some(m) = &page.marking { p.mark { (Said(m)) } }
            @if let Some(b) = &page.banner { p.ban { (Dated(b)) } }
            h1 { (Said(&page.title)) }
            @if page.head.iter().any(|h| !h.is_empty()) {
                p.line { @for part in &page.head { span { (Dated(part)) } } }
            }
            @if !page.meta.is_empty() { ul.meta { @for m in &page.meta { li { (Dated(m)) } } } }
            @if !page.legend.is_empty() {
                p.legend { b { (words.legend) } @for (t, text) in &page.legend { " " span class=(tone(*t)) { (Said(text)) } } }
            }
        }
        (contents(page, ids, words))
        main id="main" { (body) }
        footer {
            @if !page.notes.is_empty() { ul.notes { @for n in &page.notes { li { (Dated(n)) } } } }
            @if !page.signature.is_empty() {
                ul.sg { @for line in &page.signature { li { span { (Said(line)) } } } }
            }
        }
    };
    document(&page.lang, &page.title, &css, script, &main, words)
}

/// The rules that stack rows, for each width at which a table of the page needs them.
pub fn stacks(styles: &str) -> String {
    let needs = |w: &u16| styles.contains(&format!("(max-width:{}px)", w - 1));
    let rules = |w: u16| format!("@media screen and (max-width:{}px){{{}}}", w - 1, STACK.replace(".S", &format!(".s{w}")));
    [640, 900, 1100].into_iter().filter(needs).map(rules).collect()
}

/// A file with these styles and this body.
pub fn document(lang: &str, title: &str, css: &str, script: bool, body: &Markup, words: &Words) -> Markup {
    let sound = !lang.is_empty() && lang.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let css = squeezed(css);
    let may = |what: &str, text: &str| format!("; {what} '{}'", integrity(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'{}{}",
        may("style-src", &css),
        if script { may("script-src", SCRIPT) } else { String::new() }
    );
    html! {
        (DOCTYPE)
        html lang=(if sound { lang } else { "zh" }) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(PreEscaped(policy));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (Line(title)) }
                style { (PreEscaped(css)) }
            }
            body data-filter=[script.then_some(words.filter)] data-shown=[script.then_some(words.shown)] {
                a.skip href="#main" { (words.skip) }
                (body)
                @if script { script { (PreEscaped(SCRIPT)) } }
            }
        }
    }
}

/// Without the comments and indents that are for us.
fn squeezed(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |x| x.1);
    }
    out.push_str(rest);
    out.lines().map(str::trim).collect::<Vec<_>>().concat()
}

/// The parts of the style sheet that hang on no table.
pub fn plain_css() -> String {
    format!("{STYLE}{PRINT}")
}

/// The script that filters and sorts long tables.
pub fn script() -> &'static str {
    SCRIPT
}
