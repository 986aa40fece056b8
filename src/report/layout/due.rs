//! Due dates as they are printed: 长期坚持 and 未定 apart, an extended one with its original
//! and the count, and who set it — the policy page sets none.

use super::ask::Ask;
use crate::model::{Due, Lang, terms as t};
use crate::page::Cell;
use std::collections::BTreeMap;

/// A due date without its story.
pub fn plain(ask: &Ask, due: Option<Due>) -> Cell {
    match due {
        Some(Due::On(day)) => Cell::Date(day, ask.day(day)),
        Some(Due::Standing) => Cell::new(t::STANDING.say(ask.lang)),
        None => Cell::new(t::NOT_SET.say(ask.lang)),
    }
}

/// The present due date; where it moved, the original and how often stand below it.
pub fn cell(ask: &Ask, duty: usize) -> Cell {
    let state = &ask.s.folded.states[duty];
    if state.due == state.original && state.extensions == 0 {
        return plain(ask, state.due);
    }
    let mut lines = vec![ask.say("原定", "originally"), plain(ask, state.original).text()];
    lines.extend(extended(ask, state.extensions));
    above(plain(ask, state.due), &lines.join("\n"))
}

/// A day stays one: what became of it stands below.
fn above(due: Cell, story: &str) -> Cell {
    match due {
        Cell::Date(day, said) => Cell::Date(day, format!("{said}\n{story}")),
        other => Cell::Text(format!("{}\n{story}", other.text())),
    }
}

fn extended(ask: &Ask, n: u32) -> Option<String> {
    (n > 0).then(|| ask.say(format!("延期{n}次"), format!("extended ×{n}")))
}

/// The same in two lines, for a column that is wide enough.
pub fn broad(ask: &Ask, duty: usize) -> Cell {
    let due = plain(ask, ask.s.folded.states[duty].due);
    story(ask, duty).map_or(due.clone(), |story| above(due, &story))
}

/// The same in one, where a line has room for it: words and no day.
pub fn line(ask: &Ask, duty: usize) -> Cell {
    let due = plain(ask, ask.s.folded.states[duty].due);
    let Some(story) = story(ask, duty) else { return due };
    Cell::Text(ask.say(format!("{}（{story}）", due.text()), format!("{} ({story})", due.text())))
}

/// The original and how often it was extended, where the due date moved.
fn story(ask: &Ask, duty: usize) -> Option<String> {
    let state = &ask.s.folded.states[duty];
    let first = plain(ask, state.original).text();
    let story = [Some(ask.say(format!("原定{first}"), format!("originally {first}"))), extended(ask, state.extensions)];
    let story: Vec<String> = story.into_iter().flatten().collect();
    (state.due != state.original || state.extensions > 0).then(|| story.join(ask.say("，", ", ").as_str()))
}

/// Who set the due date, when and on what basis.
pub fn set_by(ask: &Ask, duty: usize) -> String {
    let Some(plan) = ask.plan(duty).filter(|p| p.due.is_some()) else { return String::new() };
    match &plan.due_set {
        None => t::NOTHING_DUE_SET.say(ask.lang).into_owned(),
        Some(set) => {
            let basis = set.basis.as_ref().map_or(String::new(), |b| match ask.lang {
                Lang::En => format!(" ({})", b.say(ask.lang)),
                _ => format!("（{}）", b.say(ask.lang)),
            });
            format!("{} {}{basis}", set.by, ask.day(set.on.0))
        }
    }
}

/// One line for the foot of a page: who set the due dates that stand on it, and how many.
pub fn note(ask: &Ask, duties: &[usize]) -> Option<String> {
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for duty in duties {
        let said = set_by(ask, *duty);
        if !said.is_empty() {
            *all.entry(said).or_default() += 1;
        }
    }
    let said: Vec<String> = all.into_iter().map(|(who, n)| format!("{who} ×{n}")).collect();
    let head = ask.say("完成时限的设定", "Due dates were set by");
    (!said.is_empty()).then(|| format!("{head}{}{}", ask.colon(), said.join(ask.semicolon())))
}
