//! The five rates: of the whole, of each department ranked, of one beside the whole.

use super::ask::Ask;
use super::rows::nil;
use crate::model::{Light, Term, terms as t};
use crate::page::{Cell, Column, Figure, Row, Table};
use crate::report::coverage::{self, CoverageRow, Share};
use crate::report::groups::{By, groups};
use crate::report::rows::tone;
use std::cmp::Reverse;

fn five(r: &CoverageRow) -> [(Term, &'static str, Share); 5] {
    [
        (t::DELIVERY, "delivered", r.delivered),
        (t::CLOSURE, "closed_rate", r.closed),
        (t::ON_TIME, "on_time", r.on_time),
        (t::OVERDUE_RATE, "overdue", r.overdue),
        (t::EVIDENCE_RATE, "evidence_complete", r.evidence_complete),
    ]
}

/// Rates of the whole besides 落实率, as key figures.
pub fn figures(ask: &Ask) -> Vec<Figure> {
    let total = coverage::build(ask.s, ask.query, By::Department, ask.lang).total;
    let figure = |(term, _, s): (Term, &str, Share)| Figure {
        label: term.say(ask.lang).into_owned(),
        value: Cell::Share(s.0, s.1),
        aside: format!("{}/{} {}", s.0, s.1, ask.say(format!("项{}", t::OBLIGATIONS.0), t::OBLIGATIONS.1.to_lowercase())),
        tone: None,
    };
    five(&total).into_iter().skip(1).map(figure).collect()
}

/// Departments by 落实率, then fewest red, then the order of precedence.
pub fn ranking(ask: &Ask) -> Table {
    let say = |term: Term| term.say(ask.lang).into_owned();
    let number = |term: Term, key: &str| Column::number(say(term), say(term)).key(key);
    let mut columns = vec![number(t::RANK, "rank"), Column::text(say(t::DEPARTMENT)).key("department"), number(t::ALL, "total")];
    columns.extend([Light::Red, Light::Amber].map(|l| number(l.term(), l.code()).counts(format!("light:{}", l.code()))));
    let rates = coverage::build(ask.s, ask.query, By::Department, ask.lang);
    columns.extend(five(&rates.total).map(|(term, key, _)| number(term, key)));
    let light = |g: &crate::report::groups::Group, l: Light| g.duties.iter().filter(|d| ask.s.folded.states[**d].light == l).count();
    let all = groups(ask.s, By::Department, &ask.selected, ask.lang);
    let mut order: Vec<_> = all.iter().zip(&rates.rows).collect();
    // Without denominator nothing can be ranked: it stands last.
    let permyriad = |s: Share| (s.1 > 0).then(|| s.0 * 1_000_000 / s.1);
    order.sort_by_key(|(g, r)| (Reverse(permyriad(r.delivered)), light(g, Light::Red)));
    let rows = order.into_iter().enumerate().map(|(i, (g, r))| {
        let mut cells = vec![Cell::Number((i + 1).to_string()), Cell::new(&g.name), Cell::Count(r.total)];
        cells.extend([Light::Red, Light::Amber].map(|l| match light(g, l) {
            0 => Cell::Count(0),
            n => Cell::Lit(tone(l), n),
        }));
        cells.extend(five(r).map(|(_, _, s)| Cell::Share(s.0, s.1)));
        Row::of(cells).opens(ask.opens(&format!("dept:{}", g.key)))
    });
    let rows = rows.collect();
    let caption = ask.based(Term("各单位排名", "Departments ranked"), t::ASSIGNMENTS);
    Table { key: "departments".into(), caption, columns, rows, empty: nil(ask), half: true }
}

/// One department's rates beside those of the whole.
pub fn beside(ask: &Ask, dept: &str) -> Table {
    let all = coverage::build(ask.s, ask.query, By::Department, ask.lang);
    let here = all.rows.iter().find(|r| r.key == dept);
    let say = |term: Term| term.say(ask.lang).into_owned();
    let number = |term: Term, key: &str| Column::number(say(term), say(term)).key(key).wide(30);
    let columns = vec![Column::text(say(t::RATE)).key("rate"), number(t::HERE, "here"), number(t::WHOLE, "whole")];
    let share = |s: Share| Cell::Share(s.0, s.1);
    let mine = here.map(five);
    let rows = five(&all.total)
        .into_iter()
        .enumerate()
        .map(|(i, (term, _, s))| Row::of(vec![Cell::new(term.say(ask.lang)), mine.map_or(Cell::Share(0, 0), |m| share(m[i].2)), share(s)]));
    let rows = rows.collect();
    Table { key: "rates".into(), columns, rows, empty: nil(ask), ..Table::default() }
}
