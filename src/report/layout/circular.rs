//! 进展情况通报: the narrative that is sent round, with the ledger behind it.
//!
//! 一、总体情况 二、红灯事项 三、做法与成效 四、存在问题 五、下一步要求; 署名、日期; 附：台账. Every sentence is
//! counted from the data; judgement and praise are added by whoever signs it.

use super::ask::Ask;
use super::dress::page;
use super::lists;
use super::past;
use super::rates;
use super::rows::{self, Group, block};
use super::words;
use crate::model::time::plus_days;
use crate::model::{Due, Event, Light, Status, Term, terms as t};
use crate::page::{Block, Page, Table};
use crate::report::coverage;
use crate::report::groups::{By, obligations};

/// The page.
pub fn circular(ask: &Ask) -> Page {
    let head = |zh: &str, en: &str| Block::heading(ask.say(zh, en));
    let mut red: Vec<usize> = ask.selected.iter().copied().filter(|d| ask.s.folded.states[*d].light == Light::Red).collect();
    super::departments::urgency(ask, &mut red);
    let mut blocks = vec![head("一、总体情况", "1. Overall")];
    blocks.extend(overall(ask).into_iter().map(Block::Prose));
    blocks.push(Block::Table(Table { caption: String::new(), half: false, ..rates::ranking(ask) }));
    blocks.push(head("二、红灯事项", "2. Red items"));
    let keys = ["id", "title", "lead", "person", "due", "why"];
    blocks.push(block(ask, "red", &keys, &[Group::plain(red.clone())]));
    blocks.push(head("三、做法与成效", "3. What was done"));
    blocks.push(Block::Prose(results(ask)));
    blocks.push(block(ask, "done", &["id", "title", "lead", "status", "progress"], &[Group::plain(accepted(ask))]));
    blocks.push(head("四、存在问题", "4. Problems"));
    let troubled = ask.by_part().into_iter().filter(|d| !words::issues(ask, *d).is_empty());
    blocks.push(block(ask, "problems", &["id", "title", "lead", "light", "issues"], &[Group::plain(troubled)]));
    blocks.push(head("五、下一步要求", "5. What comes next"));
    blocks.extend(demands(ask, &red).into_iter().map(Block::Prose));
    blocks.push(block(ask, "next", &["id", "title", "lead", "person", "due", "next"], &[Group::plain(red)]));
    blocks.push(Block::Break);
    blocks.push(head("附：台账", "Annex: ledger"));
    let keys = ["seq", "id", "title", "lead", "person", "due", "status", "light", "progress"];
    blocks.push(Block::Table(rows::table(ask, "annex", &keys, &rows::by_part(ask))));
    page(ask, "circular", Term("进展情况通报", "Progress circular"), blocks, vec![t::RATE_NOTE.say(ask.lang).into_owned()])
}

/// 总数、销号率、亮灯分布.
fn overall(ask: &Ask) -> Vec<String> {
    let obs = obligations(ask.s, &ask.selected);
    let invalid = ask.s.register.invalid.len();
    let state = |s: Status| obs.iter().filter(|o| ask.s.folded.obligations[**o].0 == s).count();
    let light = |l: Light| obs.iter().filter(|o| ask.s.folded.obligations[**o].1 == l).count();
    let total = coverage::build(ask.s, ask.query, By::Department, ask.lang).total;
    let rate = |s: coverage::Share| crate::page::Cell::Share(s.0, s.1).text();
    let (n, m, day) = (obs.len() + invalid, ask.selected.len(), ask.day(ask.s.day()));
    let states =
        |sep: &str, one: &dyn Fn(&Status) -> String| Status::ALL.iter().filter(|s| state(**s) > 0).map(one).collect::<Vec<_>>().join(sep);
    let zh = states("，", &|s| format!("{}{}项", s.term().0, state(*s)));
    let en = states(", ", &|s| format!("{} {}", s.term().1.to_lowercase(), state(*s)));
    let unread = if invalid > 0 {
        ask.say(format!("另有{invalid}项无法读取。"), format!(" {invalid} could not be read."))
    } else {
        String::new()
    };
    vec![
        ask.say(
            format!("截至{day}，纳入督办的义务{n}项，分解为牵头任务{m}项：{zh}。{unread}"),
            format!("As of {day}, {n} obligations are supervised, in {m} assignments: {en}.{unread}"),
        ),
        ask.say(
            format!(
                "落实率{}，销号率{}，按期率{}，逾期率{}，证据齐全率{}。",
                rate(total.delivered),
                rate(total.closed),
                rate(total.on_time),
                rate(total.overdue),
                rate(total.evidence_complete)
            ),
            format!(
                "Delivered {}, closed {}, on time {}, overdue {}, evidence complete {}.",
                rate(total.delivered),
                rate(total.closed),
                rate(total.on_time),
                rate(total.overdue),
                rate(total.evidence_complete)
            ),
        ),
        ask.say(
            format!("亮灯：红{}，黄{}，绿{}，灰{}。", light(Light::Red), light(Light::Amber), light(Light::Green), light(Light::Grey)),
            format!(
                "Lights: red {}, amber {}, green {}, grey {}.",
                light(Light::Red),
                light(Light::Amber),
                light(Light::Green),
                light(Light::Grey)
            ),
        ),
    ]
}

/// Accepted or measured for the first time within the period.
fn accepted(ask: &Ask) -> Vec<usize> {
    let new = |d: &usize| {
        past::done(ask.s.folded.states[*d].status)
            && ask.this_period(*d).any(|(_, e)| matches!(e.event, Event::Accept | Event::Measure | Event::Inspect))
    };
    ask.by_part().into_iter().filter(new).collect()
}

fn results(ask: &Ask) -> String {
    let all = accepted(ask);
    let accepts = all.iter().filter(|d| ask.this_period(**d).any(|(_, e)| e.event == Event::Accept)).count();
    let reported = ask.selected.iter().filter(|d| ask.this_period(**d).next().is_some()).count();
    ask.say(
        format!("本期有{reported}项牵头任务报告了情况；验收通过{accepts}项，测量或核查{}项。", all.len() - accepts),
        format!("This period {reported} assignments reported; {accepts} were accepted, {} measured or inspected.", all.len() - accepts),
    )
}

fn demands(ask: &Ask, red: &[usize]) -> Vec<String> {
    let (today, last) = (ask.s.day(), plus_days(ask.s.day(), 30));
    let state = |d: usize| &ask.s.folded.states[d];
    let soon = ask
        .selected
        .iter()
        .filter(|d| state(**d).status.open() && state(**d).due.and_then(Due::day).is_some_and(|x| today <= x && x <= last));
    let soon = soon.count();
    let waiting = lists::firing(ask, "A5").len();
    let silent = ask.selected.iter().filter(|d| state(**d).status == Status::InProgress && ask.this_period(**d).next().is_none()).count();
    vec![
        ask.say(
            format!("（一）红灯事项{}项，由牵头单位逐项落实下列措施。", red.len()),
            format!("(1) {} red items: the lead units carry out the steps below.", red.len()),
        ),
        ask.say(
            format!("（二）30天内到期{soon}项，确需延期的，到期前办理延期说明。"),
            format!("(2) {soon} fall due within 30 days; extensions are applied for before the date."),
        ),
        ask.say(
            format!("（三）待验收超过限期{waiting}项，由验收人尽快办理。"),
            format!("(3) {waiting} have waited too long for acceptance; the reviewers act on them."),
        ),
        ask.say(
            format!("（四）本期未报的推进中事项{silent}项，补报进展；没有进展的作零报告。"),
            format!("(4) {silent} items in progress did not report; they report, or send a nil report."),
        ),
    ]
}
