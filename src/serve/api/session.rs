//! Signing in by a program.

use crate::serve::call::{Call, Reply};
use crate::serve::gate::session_cookie;
use crate::serve::write::sign::proved;
use serde_json::json;

/// `POST /api/v1/session` with `{"post", "password"}`: the cookie, and the token for later requests.
pub fn begin(call: &Call) -> Reply {
    if call.desk.config.read_only || call.desk.config.identity.is_some() {
        return Reply::problem(403, "nobody signs in here: the desk is read-only, or the proxy in front says who asks");
    }
    let field = |name: &str| call.json.as_ref().and_then(|j| j.get(name)).and_then(|v| v.as_str());
    let (Some(post), Some(password)) = (field("post"), field("password")) else {
        return Reply::problem(422, "post and password are wanted, as texts");
    };
    match proved(call, post, password) {
        Ok(who) => {
            let (secret, session) = call.desk.sessions.begin(&who.post, &call.desk.accounts.mark(&who.post).unwrap_or_default(), call.now);
            Reply::json(201, &json!({"post": who.post, "csrf": session.csrf})).with("set-cookie", session_cookie(&secret, call.secure))
        }
        Err((status, why)) => Reply::trouble(call, status, &why),
    }
}

/// `GET /api/v1/session`: who asks.
pub fn whoami(call: &Call) -> Reply {
    let who = call.visitor.as_ref();
    let roles: Vec<&str> = who.iter().flat_map(|w| w.roles.iter().map(|r| r.code())).collect();
    Reply::json(
        200,
        &json!({"post": who.map(|w| &w.post), "department": who.and_then(|w| w.dept.as_ref()), "roles": roles, "csrf": who.map(|w| &w.csrf), "read_only": call.desk.config.read_only}),
    )
}
