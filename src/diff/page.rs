//! The comparison as a page; as Markdown it fits a pull-request comment.

use super::compare::{Changed, Diff, Field, Named, Side};
use crate::model::{Lang, Light, Status, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::report::rows::tone;

fn say(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
        Lang::Both => format!("{zh} {en}"),
    }
}

fn text(x: impl Into<String>) -> Cell {
    Cell::Text(x.into())
}

fn head(s: &Side, lang: Lang) -> String {
    let what = match (s.kind, &s.commit) {
        ("revision", Some(commit)) if *commit != s.name => format!("{} ({commit})", s.name),
        ("present", _) => say(lang, "现状".into(), "as it is here".into()),
        _ => s.name.clone(),
    };
    say(
        lang,
        format!(
            "{what} · 截至 {} · 数据版本 {} · 读入 {} 有效 {} 无法读取 {} · 日志 {}",
            s.as_of, s.data_version, s.read, s.valid, s.invalid, s.entries
        ),
        format!(
            "{what} · as of {} · data version {} · read {} valid {} invalid {} · log entries {}",
            s.as_of, s.data_version, s.read, s.valid, s.invalid, s.entries
        ),
    )
}

fn arrow(old: &str, new: &str) -> String {
    let shown = |x: &str| if x.is_empty() { "—".to_string() } else { x.to_string() };
    format!("{} → {}", shown(old), shown(new))
}

/// The page.
pub fn page(d: &Diff, lang: Lang) -> Page {
    let title = Term("变动对照", "What changed").say(lang);
    let mut page = Page { title: format!("{title} — {}", d.unit), ..Page::default() };
    page.banner = d.sample.then(|| format!("【{} / {}】", t::SAMPLE.0, t::SAMPLE.1));
    page.meta.push(format!("A: {}", head(&d.from, lang)));
    page.meta.push(format!("B: {}", head(&d.to, lang)));
    if d.same {
        page.blocks.push(Block::Prose(say(lang, "没有任何变动。".into(), "Nothing changed.".into())));
    } else {
        summary(&mut page, d, lang);
    }
    named(&mut page, Term("新增义务", "Obligations added"), &d.added, lang);
    named(&mut page, Term("删去义务", "Obligations removed"), &d.removed, lang);
    changed(&mut page, Term("改动义务", "Obligations changed"), t::ID, &d.changed, lang);
    if !d.assignments.is_empty() {
        heading(&mut page, Term("分工增减", "Assignments that came or went"), d.assignments.len(), lang);
        let columns = [t::ID, Term("变动", "Change"), t::STATUS, t::LIGHT];
        let rows = d.assignments.iter().map(|x| {
            let change = if x.change == "added" { Term("新增", "added") } else { Term("删去", "removed") };
            vec![text(&x.assignment), text(change.say(lang)), text(status(x.status, lang)), light(x.light, &[], lang)]
        });
        table(&mut page, &columns, rows.collect(), lang);
    }
    changed(&mut page, Term("计划变动", "Plans changed"), t::ID, &d.plans, lang);
    moved(&mut page, d, lang);
    if !d.unreadable.is_empty() {
        heading(&mut page, Term("无法读取", "Cannot be read"), d.unreadable.len(), lang);
        let rows =
            d.unreadable.iter().map(|x| vec![text(&x.id), text(x.side.replace("from", "A").replace("to", "B").replace("both", "A, B"))]);
        table(&mut page, &[t::ID, Term("一侧", "Side")], rows.collect(), lang);
    }
    if !d.files.is_empty() {
        heading(&mut page, Term("改动的文件", "Files that differ"), d.files.len(), lang);
        let word = |c: &str| match c {
            "added" => Term("新增", "added"),
            "removed" => Term("删去", "removed"),
            _ => Term("改动", "changed"),
        };
        table(
            &mut page,
            &[Term("文件", "File"), Term("变动", "Change")],
            d.files.iter().map(|f| vec![text(&f.path), text(word(f.change).say(lang))]).collect(),
            lang,
        );
    }
    if !d.whole() {
        page.notes.push(say(
            lang,
            "两侧未能全部读取：没有列出的，不等于没有变动；见 `duban check`。".into(),
            "Not everything could be read on both sides: what is not listed may have changed all the same; see `duban check`.".into(),
        ));
    }
    if d.from.as_of == d.to.as_of && d.from.kind != "day" && d.to.kind != "day" {
        let day = &d.to.as_of;
        page.notes.push(say(
            lang,
            format!("两侧的状态和亮灯都按 {day} 计算，因此只显示改动带来的变化。"),
            format!("States and lights of both sides are as of {day}: what moved, the change moved, not the time between."),
        ));
    }
    page
}

fn summary(page: &mut Page, d: &Diff, lang: Lang) {
    let lights = |from: &str, to: &str| {
        d.moved.iter().filter(|m| m.light[0] != to && m.light[1] == to && (from.is_empty() || m.light[0] == from)).count()
    };
    let (red, green) = (lights("", "red"), lights("", "green"));
    let states = d.moved.iter().filter(|m| m.status[0] != m.status[1]).count();
    let owners = d.changed.iter().filter(|c| c.fields.iter().any(|f| f.field.starts_with("owner."))).count();
    let entries = d.to.entries as i64 - d.from.entries as i64;
    page.blocks.push(Block::Prose(say(
        lang,
        format!(
            "义务：新增 {} · 删去 {} · 改动 {}（责任 {owners}） · 计划变动 {} · 状态变动 {states} · 转红 {red} · 转绿 {green} · 日志 {entries:+}",
            d.added.len(),
            d.removed.len(),
            d.changed.len(),
            d.plans.len()
        ),
        format!(
            "obligations: added {} · removed {} · changed {} (owner {owners}) · plans changed {} · states moved {states} · turned red {red} · turned green {green} · log entries {entries:+}",
            d.added.len(),
            d.removed.len(),
            d.changed.len(),
            d.plans.len()
        ),
    )));
}

fn heading(page: &mut Page, term: Term, n: usize, lang: Lang) {
    page.blocks.push(Block::heading(format!("{} ({n})", term.say(lang))));
}

fn table(page: &mut Page, heads: &[Term], rows: Vec<Vec<Cell>>, lang: Lang) {
    let column = |(i, h): (usize, &Term)| if i == 0 { Column::id(h.say(lang)) } else { Column::text(h.say(lang)) };
    let columns = heads.iter().enumerate().map(column).collect();
    let rows = rows.into_iter().map(Row::of).collect();
    page.blocks.push(Block::Table(Table::of(columns, rows, String::new())));
}

fn named(page: &mut Page, term: Term, list: &[Named], lang: Lang) {
    if list.is_empty() {
        return;
    }
    heading(page, term, list.len(), lang);
    let lead = |n: &Named| if n.lead.is_empty() { t::NO_LEAD.say(lang).into_owned() } else { n.lead.join(", ") };
    table(page, &[t::ID, t::TITLE, t::LEAD], list.iter().map(|n| vec![text(&n.id), text(&n.title), text(lead(n))]).collect(), lang);
}

fn changed(page: &mut Page, term: Term, id: Term, list: &[Changed], lang: Lang) {
    if list.is_empty() {
        return;
    }
    heading(page, term, list.len(), lang);
    let words = |f: &Field| f.difference.clone().unwrap_or_else(|| arrow(&f.old, &f.new));
    let rows = list.iter().flat_map(|c| c.fields.iter().map(move |f| vec![text(&c.id), text(f.field), text(words(f))]));
    table(page, &[id, Term("字段", "Field"), Term("旧文 → 新文", "Old → new")], rows.collect(), lang);
}

fn status(code: &str, lang: Lang) -> String {
    Status::from_code(code).map_or_else(|| code.to_string(), |s| s.term().say(lang).into_owned())
}

fn light(code: &str, reasons: &[&'static str], lang: Lang) -> Cell {
    let Some(light) = Light::from_code(code) else { return text(code) };
    let word = light.term().say(lang);
    Cell::Light(tone(light), if reasons.is_empty() { word.into_owned() } else { format!("{word} {}", reasons.join(" ")) })
}

fn moved(page: &mut Page, d: &Diff, lang: Lang) {
    if d.moved.is_empty() {
        return;
    }
    heading(page, Term("状态与亮灯变动", "States and lights that moved"), d.moved.len(), lang);
    let rows = d.moved.iter().map(|m| {
        let states = if m.status[0] == m.status[1] {
            status(m.status[0], lang)
        } else {
            format!("{} → {}", status(m.status[0], lang), status(m.status[1], lang))
        };
        let lights = if (m.light[0], &m.reasons[0]) == (m.light[1], &m.reasons[1]) {
            light(m.light[1], &m.reasons[1], lang)
        } else {
            let word = format!("{} → {}", light(m.light[0], &m.reasons[0], lang).text(), light(m.light[1], &m.reasons[1], lang).text());
            Light::from_code(m.light[1]).map_or_else(|| text(&word), |l| Cell::Light(tone(l), word.clone()))
        };
        let due = |x: &Option<String>| x.clone().unwrap_or_default();
        let dues = if m.due[0] == m.due[1] { String::new() } else { arrow(&due(&m.due[0]), &due(&m.due[1])) };
        let percent = |x: Option<u8>| x.map_or_else(String::new, |p| format!("{p}%"));
        let progress = if m.percent[0] == m.percent[1] { String::new() } else { arrow(&percent(m.percent[0]), &percent(m.percent[1])) };
        vec![text(&m.assignment), text(&m.title), text(states), lights, text(dues), text(progress)]
    });
    table(page, &[t::ID, t::TITLE, t::STATUS, t::LIGHT, t::DUE, t::PROGRESS], rows.collect(), lang);
}
