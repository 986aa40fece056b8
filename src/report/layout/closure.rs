//! 销号清单: what was accepted. 佐证材料目录: the evidence that stands.

use super::ask::Ask;
use super::dress::page;
use super::rows::{Group, block, nil};
use super::words::{printable, standing};
use crate::model::{Class, Status, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};

/// Accepted items by state, then by the day of acceptance; of the period alone where one was
/// asked for.
pub fn closure(ask: &Ask) -> Page {
    let on = |d: usize| ask.s.folded.states[d].accepted.as_ref().map(|a| a.day);
    let group = |status: Status| {
        let mut all: Vec<usize> = ask.selected.iter().copied().filter(|d| ask.s.folded.states[*d].status == status).collect();
        all.retain(|d| on(*d).is_some_and(|day| !ask.period.given || ask.period.holds(day)));
        all.sort_by_key(|d| (on(*d), *d));
        Group::under(status.term().say(ask.lang), all)
    };
    let groups = [group(Status::Closed), group(Status::Operating)];
    let keys = ["id", "title", "lead", "accepted_by", "accepted_on", "evidence"];
    let note = if ask.period.given {
        ask.say(format!("验收日在 {} 之内。", ask.period.say(ask.lang)), format!("Accepted within {}.", ask.period.say(ask.lang)))
    } else {
        ask.say(
            "全部已验收事项；给出 --period 时只列该期间验收的。",
            "Everything accepted so far; with --period, what was accepted within it.",
        )
    };
    page(ask, "closure", Term("销号清单", "Closure list"), vec![block(ask, "closure", &keys, &groups)], vec![note])
}

/// The evidence of every assignment, by id and date. Above 内部 the class stands in the place
/// of the name.
pub fn evidence(ask: &Ask) -> Page {
    let say = |term: Term| term.say(ask.lang).into_owned();
    let columns = vec![
        Column::id(say(t::ID)).key("id").wide(36),
        Column::text(say(t::EVIDENCE_TYPE)).key("evidence"),
        Column::text(say(t::EVIDENCE_NAME)).key("name"),
        Column::id(say(t::DATE)).key("date").wide(26),
        Column::text(say(t::NUMBER)).key("number"),
        Column::text(say(t::CLASS)).key("class").wide(16),
    ];
    let mut rows = Vec::new();
    for duty in ask.by_part() {
        let mut all = standing(ask, duty);
        all.sort_by_key(|e| e.date);
        rows.extend(all.into_iter().map(|e| {
            let kind = ask.s.register.evidence_type(&e.kind).map_or_else(|| e.kind.to_string(), |x| x.name.say(ask.lang).into_owned());
            Row::of(vec![
                Cell::Id(ask.s.roster.id(&ask.s.register, duty), None),
                Cell::new(kind),
                Cell::new(e.shown()),
                Cell::Date(e.date.0, ask.day(e.date.0)),
                Cell::new(e.number.as_ref().filter(|_| printable(e)).map_or("", |n| n)),
                Cell::new(e.class.map_or("", Class::code)),
            ])
        }));
    }
    let note = ask.say(
        "自最近一次反弹整改或重新立项以来的材料；密级高于内部的不印名称和文号。",
        "What was named since the last regress or reopen; above 内部 neither name nor number is printed.",
    );
    let table = Table { key: "evidence".into(), columns, rows, empty: nil(ask), ..Table::default() };
    page(ask, "evidence", Term("佐证材料目录", "Evidence index"), vec![Block::Table(table)], vec![note])
}
