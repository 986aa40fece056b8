//! Recording by a program: one proposal, as a draft holds it.

use crate::intake::{Fault, Proposal};
use crate::serve::call::{Call, Reply};
use crate::serve::read::or;
use crate::serve::write::entry::{self, Refused};
use crate::serve::write::{assignment, consent};
use serde_json::json;

/// `POST /api/v1/entries`: 201 recorded, 200 recorded before under this key, 202 waits for consent,
/// 422 refused.
pub fn record(call: &Call) -> Reply {
    or(recorded(call))
}

fn recorded(call: &Call) -> Result<Reply, Reply> {
    let who = call.visitor();
    let mut value = call.json.clone().ok_or_else(|| Reply::problem(415, "application/json is wanted"))?;
    // 13.0 is a whole number in JSON.
    if let Some(n) = value.get("percent").and_then(serde_json::Value::as_f64).filter(|n| n.fract() == 0.0 && (0.0..=100.0).contains(n)) {
        value["percent"] = json!(n as u8);
    }
    let p: Proposal = serde_json::from_value(value).map_err(|e| Reply::problem(422, format!("the body is no proposal: {e}")))?;
    if p.key.as_deref().is_none_or(|k| k.trim().is_empty() || k.len() > 200) {
        return Err(Reply::problem(
            422,
            "key is missing: any text of your own, up to 200 bytes, makes that an entry sent twice is recorded once",
        ));
    }
    if p.by.as_deref().is_some_and(|by| by != who.post) {
        return Err(Reply::problem(403, "`by` is the post that is signed in; leave it out"));
    }
    let p = Proposal { by: None, ..p };
    if let Some(agreed) = p.agreed.as_deref().filter(|a| *a != who.post) {
        let agreed = agreed.to_string();
        let view = call.desk.views.now().map_err(|e| Reply::problem(503, e))?;
        let key = p.key.as_deref().unwrap_or("");
        if let Some(h) = crate::serve::write::form::known(&view.s, &who.post, key) {
            return Ok(Reply::json(200, &json!({"h": h, "known": true})));
        }
        let duty = assignment::find(call, &view.s, &p.duty)?;
        entry::lawful(call, &p, &who.post).map_err(|r| refused(call, &r))?;
        let dept = view.s.roster.duties[duty].dept.as_deref().map_or("", |d| view.s.register.current(d)).to_string();
        consent::ask(call, &view.s, &p, &who.post, &dept)?;
        return Ok(Reply::json(202, &json!({"waiting_for": agreed})));
    }
    let done = entry::record(call, &p, &who.post).map_err(|r| refused(call, &r))?;
    let status = if done.known { 200 } else { 201 };
    let e = &done.entry;
    let told = json!({"h": e.h, "at": crate::model::entry::instant::show(&e.at), "duty": e.duty, "dept": e.dept, "event": e.event.code(), "known": done.known, "unsettled": done.unsettled, "git": done.git});
    Ok(Reply::json(status, &told))
}

fn refused(call: &Call, r: &Refused) -> Reply {
    let Refused::Faults(faults) = r else { return entry::closed(call, r).unwrap_or_default() };
    let all: Vec<_> = faults.iter().map(|f: &Fault| json!({"field": f.field, "what": f.what, "hint": f.hint})).collect();
    Reply::json(422, &json!({"error": {"status": 422, "what": call.say("没有记录", "nothing was recorded"), "faults": all}}))
}
