//! One obligation: what it says and where it comes from, who carries it, what it waits for,
//! the articles of law, its history.

use super::shared::{no_obligation, or};
use crate::model::terms as t;
use crate::report::layout::{Ask, board};
use crate::report::show;
use crate::serve::call::{Call, Reply, escape};
use crate::serve::look::{frame, whole_with};
use crate::snapshot::query::Query;
use maud::html;

/// `GET /obligation/{id}`.
pub fn card(call: &Call) -> Reply {
    or(made(call))
}

fn made(call: &Call) -> Result<Reply, Reply> {
    let view = call.view()?;
    let s = &view.s;
    let id = call.path[0].as_str();
    let Some(ob) = s.register.obligation_index.get(id).map(|i| *i as usize) else {
        return Err(no_obligation(call, s, id));
    };
    let report = show::show(s, ob, call.lang);
    let mut page = show::show_page(s, &report, ob, call.lang);
    let q = Query::parse(s, &[id.to_string()]).map_err(|w| Reply::trouble(call, 400, &w))?;
    let ask = Ask::new(s, &q, call.lang, None);
    if let Some(articles) = board::articles(&ask, ob) {
        page.blocks.push(crate::page::Block::heading(t::BASIS.say(call.lang)));
        page.blocks.push(articles);
    }
    page.blocks.extend(board::dependencies(&ask, ob));
    page.blocks.push(crate::page::Block::heading(t::HISTORY_TITLE.say(call.lang)));
    page.blocks.extend(crate::serve::read::history::entries(call, s, &q, s.roster.of(ob).count() > 1).blocks);
    page.lang = if call.lang == crate::model::Lang::En { "en" } else { "zh" }.into();
    let duties: Vec<(String, String)> = s
        .roster
        .of(ob)
        .filter(|d| s.roster.duties[*d].dept.is_some())
        .map(|d| (s.roster.full_id(&s.register, d), crate::report::rows::lead_name(s, d, call.lang)))
        .collect();
    let acts = html! {
        ul.acts aria-label=(call.say("办理", "Carried out by")) {
            @for (duty, lead) in &duties { li { a.button href=(call.link(&format!("/assignment/{}", escape(duty)), &[])) { (call.say("办理：", "Carried out by ")) (lead) } } }
        }
    };
    Ok(frame(call, 200, whole_with(call, s, &page, &acts, &html! {})))
}
