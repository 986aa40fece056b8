//! What every report wears: title, unit, as-of day, data version, filter, period, row count,
//! legend, signature block — in words for people and in `origin` for programs.

use super::ask::Ask;
use crate::model::{Lang, Term, terms as t};
use crate::page::{Block, Kind, Page, Table, Tone};
use serde_json::{Value, json};

/// A page with its blocks.
pub fn page(ask: &Ask, key: &str, title: Term, blocks: Vec<Block>, notes: Vec<String>) -> Page {
    let frame = ask.frame();
    let lang = ask.lang;
    let mut page = frame.page(ask.s, title, lang);
    page.key = key.into();
    page.lang = if lang == Lang::En { "en" } else { "zh" }.into();
    page.both = lang == Lang::Both;
    page.title = ask.title.as_ref().map_or_else(|| title.say(lang), |w| w.say(lang).into_owned().into()).into_owned();
    page.marking = ask.marking.clone();
    page.blocks = blocks;
    page.head = head(ask);
    // The unit and the day stand in the head.
    page.meta[0] = format!("{}{}{}", t::VERSION.say(lang), ask.colon(), frame.data_version);
    if let Some(on) = &frame.on {
        page.meta[0] += &format!(" · {}{}{on}", t::ON.say(lang), ask.colon());
    }
    let rows = rows(&page);
    page.meta.push(format!(
        "{}{}{} · {} {}",
        t::PERIOD.say(lang),
        ask.colon(),
        ask.period.say(lang),
        t::ROWS.say(lang),
        rows.iter().map(|r| r.1.to_string()).collect::<Vec<_>>().join(" + ")
    ));
    page.legend = legend(ask);
    page.signature = [t::SIGN_UNIT, t::SIGN_FILLED, t::SIGN_REVIEWED, t::SIGN_APPROVED, t::SIGN_PHONE, t::SIGN_DATE]
        .map(|x| x.say(lang).into_owned())
        .to_vec();
    page.origin = origin(ask, key, &frame, &rows);
    // The log's root stands last: it is the witness at the foot of the paper.
    let root = std::mem::take(&mut page.notes);
    page.notes = notes.into_iter().chain(root).collect();
    page
}

fn head(ask: &Ask) -> [String; 3] {
    let unit = ask.s.register.settings.unit.name.say(ask.lang);
    [
        format!("{}{}{unit}", t::UNIT.say(ask.lang), ask.colon()),
        format!("{}{}{}", t::AS_OF.say(ask.lang), ask.colon(), ask.day(ask.s.as_of)),
        t::COUNTED_IN.say(ask.lang).into_owned(),
    ]
}

fn legend(ask: &Ask) -> Vec<(Tone, String)> {
    [(Tone::Red, t::RED_MEANS), (Tone::Amber, t::AMBER_MEANS), (Tone::Green, t::GREEN_MEANS), (Tone::Grey, t::GREY_MEANS)]
        .map(|(tone, term)| (tone, term.say(ask.lang).into_owned()))
        .to_vec()
}

/// Rows of the list of each table.
fn rows(page: &Page) -> Vec<(String, usize)> {
    let count = |t: &Table| (t.key.clone(), t.rows.iter().filter(|r| r.kind == Kind::Item).count());
    let all: Vec<_> = page.tables().map(count).collect();
    if all.is_empty() { vec![(String::new(), 0)] } else { all }
}

fn origin(ask: &Ask, key: &str, frame: &crate::report::frame::Frame, rows: &[(String, usize)]) -> serde_json::Map<String, Value> {
    let Value::Object(mut map) = serde_json::to_value(frame).expect("a frame is plain data") else { unreachable!("a frame is a map") };
    map.insert("report".into(), json!(key));
    map.insert("period".into(), json!({"from": ask.period.from.to_string(), "to": ask.period.to.to_string(), "given": ask.period.given}));
    map.insert("row_count".into(), json!(rows.iter().map(|r| r.1).sum::<usize>()));
    map
}
