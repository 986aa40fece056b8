//! A department's digest as a page: to whom, the figures, then each list, an empty one said
//! aloud.

use super::digest::{Digest, Line, List};
use crate::model::{Lang, Role, Term, terms as t};
use crate::page::{Block, Cell, Column, Figure, Page, Row, Table, Tone};
use crate::report::layout::{Ask, columns, dress, rows::nil};
use crate::report::list::invalid_block;

/// Columns of each list: those of any report by their keys, and the list's own, `date` `days`
/// `what` `letter`.
const COLUMNS: &[(&str, &[&str])] = &[
    ("late", &["id", "title", "person", "date", "days", "what", "letter"]),
    ("returned", &["id", "title", "person", "date", "what", "due"]),
    ("due", &["id", "title", "person", "date", "days", "what", "status", "light"]),
    ("waiting", &["id", "title", "date", "days", "what"]),
    ("new", &["id", "title", "person", "date", "what", "due"]),
    ("supports", &["id", "title", "lead", "due", "status", "light"]),
    ("accepts", &["id", "title", "lead", "date", "days", "what"]),
];

/// The page.
pub fn page(ask: &Ask, d: &Digest) -> Page {
    let mut blocks = vec![Block::Facts(facts(ask, d)), Block::Figures(figures(ask, d))];
    let presses = d.lists.iter().any(|l| l.key != "supports" && l.key != "accepts" && !l.lines.is_empty());
    if !presses {
        blocks.push(Block::Prose(ask.say(
            "本期没有需要本单位催办的事项：无逾期、退回、临期、待验收和新到事项。",
            "Nothing presses on this department: nothing late, returned, due, waiting or new.",
        )));
    }
    for list in &d.lists {
        blocks.push(Block::heading(format!("{} ({})", list.head.say(ask.lang), list.lines.len())));
        blocks.push(Block::Table(table(ask, list)));
    }
    let mut page = dress::page(ask, "digest", Term("督办提醒", "Reminder"), blocks, notes(ask, d));
    page.title = ask.say(format!("{}督办提醒", d.name), format!("{}: reminder", d.name));
    page.head[0] = ask.say(format!("发自：{}", unit(ask)), format!("From: {}", unit(ask)));
    page.signature.clear();
    page.origin.insert("dept".into(), d.dept.clone().into());
    invalid_block(&mut page, &d.invalid_items, ask.lang);
    page
}

fn unit(ask: &Ask) -> String {
    ask.s.register.settings.unit.name.say(ask.lang).into_owned()
}

/// Subject, addressees, span.
fn facts(ask: &Ask, d: &Digest) -> Vec<(String, Cell)> {
    let role = |code: &str| Role::from_code(code).map_or_else(|| code.to_string(), |r| r.term().say(ask.lang).into_owned());
    let (open, close) = if ask.lang == Lang::En { (" (", ")") } else { ("（", "）") };
    let posts = d.to.iter().map(|a| {
        let roles: Vec<String> = a.roles.iter().map(|r| role(r)).collect();
        if roles.is_empty() { a.post.clone() } else { format!("{}{open}{}{close}", a.post, roles.join(ask.comma())) }
    });
    let posts: Vec<String> = posts.collect();
    let posts = if posts.is_empty() { ask.say("未登记岗位", "no post registered") } else { posts.join(ask.comma()) };
    let since = crate::model::time::parse_date(&d.since).map_or(d.since.clone(), |day| ask.day(day));
    vec![
        (ask.say("主题", "Subject"), Cell::new(d.subject.clone())),
        (ask.say("致", "To"), Cell::new(format!("{}{}{posts}", d.name, ask.colon()))),
        (
            ask.say("口径", "Counted"),
            Cell::new(ask.say(
                format!("新到：{since}以来；临期：今后{}天内", d.next_days),
                format!("new: since {since}; due: within {} days", d.next_days),
            )),
        ),
    ]
}

fn figures(ask: &Ask, d: &Digest) -> Vec<Figure> {
    let support = ask.say(format!("另配合 {} 项", d.supports), format!("supports {} more", d.supports));
    let mut all =
        vec![Figure { label: t::ASSIGNMENTS.say(ask.lang).into_owned(), value: Cell::Count(d.leads), aside: support, tone: None }];
    let short = [
        ("late", Term("逾期", "Late"), Some(Tone::Red)),
        ("returned", Term("退回", "Returned"), Some(Tone::Amber)),
        ("due", Term("临期", "Due soon"), Some(Tone::Amber)),
        ("waiting", Term("待验收", "Waiting"), None),
        ("new", Term("新到", "New"), None),
    ];
    for (key, word, tone) in short {
        let n = d.lists.iter().find(|l| l.key == key).map_or(0, |l| l.lines.len());
        let tone = tone.filter(|_| n > 0);
        all.push(Figure { label: word.say(ask.lang).into_owned(), value: Cell::Count(n), aside: String::new(), tone });
    }
    all
}

fn table(ask: &Ask, list: &List) -> Table {
    let keys = COLUMNS.iter().find(|c| c.0 == list.key).map_or(&[][..], |c| c.1);
    let rows = list.lines.iter().enumerate().map(|(i, l)| Row::of(keys.iter().map(|k| cell(ask, k, l, i + 1)).collect()));
    Table {
        key: list.key.into(),
        columns: keys.iter().map(|k| head(ask, list.key, k)).collect(),
        rows: rows.collect(),
        empty: nil(ask),
        ..Table::default()
    }
}

fn head(ask: &Ask, list: &str, key: &str) -> Column {
    let own = |term: Term| Column::text(term.say(ask.lang)).key(key);
    let date = |term: Term| Column { short: term.say(ask.lang).into_owned(), ..Column::id(term.say(ask.lang)) }.key(key);
    let count = |term: Term| Column::number(term.say(ask.lang), term.say(ask.lang)).key(key);
    match (key, list) {
        ("date", "late") => date(Term("应办日", "Should be done")),
        ("date", "returned") => date(Term("退回日", "Came back on")),
        ("date", "waiting" | "accepts") => date(t::APPLIED_ON),
        ("date", _) => date(t::DATE),
        ("days", "late") => count(t::DAYS_OVERDUE),
        ("days", "waiting" | "accepts") => count(t::DAYS_WAITED),
        ("days", _) => count(t::DAYS_LEFT),
        ("what", "late" | "returned") => own(t::REASONS),
        ("what", "waiting" | "accepts") => own(t::REMARK),
        ("what", _) => own(t::WHAT),
        ("letter", _) => own(Term("应收函件", "Letter due")),
        _ => plain(ask, key),
    }
}

/// A column of any report without a width of its own: what is mailed is read on a screen and
/// shares the room by what it holds. Posts stay whole, so that they can be copied.
pub(super) fn plain(ask: &Ask, key: &str) -> Column {
    let column = columns::head(key, ask.lang, false).wide(0);
    Column { whole: column.whole || key == "person", ..column }
}

fn cell(ask: &Ask, key: &str, l: &Line, n: usize) -> Cell {
    match key {
        "date" => l.date.map_or(Cell::new("—"), |d| Cell::Date(d, ask.day(d))),
        "days" => l.days.map_or(Cell::new("—"), |n| Cell::Number(n.to_string())),
        "what" => Cell::new(l.what.clone()),
        "letter" => Cell::new(l.letter.as_ref().map_or("—".into(), |w| w.say(ask.lang))),
        _ => columns::cell(ask, key, &columns::Line { duty: l.duty, n, role: String::new() }),
    }
}

fn notes(ask: &Ask, d: &Digest) -> Vec<String> {
    let mut out = Vec::new();
    if d.supports > 0 {
        out.push(ask.say(
            "配合事项由牵头单位报送进展；配合单位的材料并入牵头单位的记录。",
            "The lead reports for everyone: what a supporting unit has to say goes into the lead's record.",
        ));
    }
    out.push(
        ask.say("一项可在多处列出；主题中的数字按各表行数。", "An item may stand in several lists; the subject counts the rows of each."),
    );
    out
}
