//! What is so, as the data commands print it.

use crate::model::Light;
use crate::report::groups::By;
use crate::report::{list, show, status};
use crate::serve::call::{Call, Reply};
use crate::serve::read::{or, query};
use crate::serve::who::may::May;
use crate::snapshot::query::Query;
use serde_json::json;

/// `GET /api/v1/status?by=&q=`.
pub fn status(call: &Call) -> Reply {
    or(call.view().and_then(|v| {
        let by = match call.query.one("by").unwrap_or("department") {
            "department" => By::Department,
            "sector" => By::Sector,
            "part" => By::Part,
            "policy" => By::Policy,
            "tier" => By::Tier,
            "person" => By::Person,
            other => return Err(Reply::problem(400, format!("by={other}: department, sector, part, policy, tier, person"))),
        };
        Ok(Reply::json(200, &status::build(&v.s, &query(call, &v.s)?, by, call.lang)))
    }))
}

/// `GET /api/v1/assignments?q=`.
pub fn assignments(call: &Call) -> Reply {
    or(call.view().and_then(|v| Ok(Reply::json(200, &list::build(&v.s, &query(call, &v.s)?, call.lang)))))
}

/// `GET /api/v1/history?q=`.
pub fn history(call: &Call) -> Reply {
    or(call.view().and_then(|v| Ok(Reply::json(200, &show::history(&v.s, &query(call, &v.s)?, call.lang)))))
}

/// `GET /api/v1/obligations/{id}`.
pub fn obligation(call: &Call) -> Reply {
    or(call.view().and_then(|v| {
        let ob = v.s.register.obligation_index.get(call.path[0].as_str());
        let ob = *ob.ok_or_else(|| crate::serve::read::shared::no_obligation(call, &v.s, &call.path[0]))? as usize;
        Ok(Reply::json(200, &show::show(&v.s, ob, call.lang)))
    }))
}

/// `GET /api/v1/assignments/{id}`: where it stands, and what whoever asks may record there.
pub fn assignment(call: &Call) -> Reply {
    or(call.desk.views.now().map_err(|e| Reply::problem(503, e)).and_then(|v| {
        let s = &v.s;
        let duty = crate::serve::write::assignment::find(call, s, &call.path[0])?;
        let today = s.register.settings.time_zone.day(call.now);
        let may = May::new(s, today);
        let types: Vec<&str> = s.register.evidence_types.iter().map(|t| t.code.as_str()).collect();
        let facts = &may.facts()[duty];
        let ready = facts.requires.iter().all(|o| s.folded.obligations[*o as usize].0.finished());
        let offers: Vec<_> = call.visitor.iter().flat_map(|who| may.offered(duty, who)).collect();
        let offers: Vec<_> = offers
            .iter()
            .map(|o| {
                let w = crate::log::offer::wants(&s.folded.states[duty], facts, today, o.event, ready, &types);
                json!({"event": o.event.code(), "to": o.to.code(), "fields": w.fields, "evidence": w.evidence})
            })
            .collect();
        let q = Query::parse(s, &[s.roster.full_id(&s.register, duty)]).map_err(|w| Reply::trouble(call, 400, &w))?;
        let row = list::build(s, &q, call.lang).rows.into_iter().next();
        let red = s.folded.states[duty].light == Light::Red;
        Ok(Reply::json(
            200,
            &json!({"schema": "duban/assignment/1", "as_of": s.as_of.to_string(), "assignment": row, "red": red, "offers": offers}),
        ))
    }))
}
