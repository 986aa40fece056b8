//! The answer on its way out: trouble as a page or as JSON, headers, cookies, access log.

use super::visit::{Visit, cookie_name};
use crate::model::Lang;
use crate::serve::call::{HTML, JSON, Reply};
use crate::serve::desk::Desk;
use crate::serve::look;
use axum::body::Body;
use axum::http::{Method, Response};
use serde_json::json;
use std::time::Duration;

/// What every answer carries, unless it says otherwise itself.
const HEADERS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // `no-referrer` would make browsers hide where a form comes from.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cache-control", "no-store"),
];

/// Makes the response and writes the access log.
pub fn dress(desk: &Desk, visit: &Visit, method: &Method, at: &str, mut reply: Reply, took: Duration) -> Response<Body> {
    if let Some(what) = reply.trouble.take() {
        let api = at.starts_with("/api/");
        let told = if api {
            (JSON, serde_json::to_vec_pretty(&json!({"error": {"status": reply.status, "what": what}})).expect("plain data"))
        } else {
            (HTML, look::trouble(visit.lang, visit.who.as_ref(), reply.status, &what).into_bytes())
        };
        (reply.kind, reply.body) = told;
    }
    log(desk, visit, method, at, &reply, took);
    let mut response = Response::builder().status(reply.status);
    if !reply.kind.is_empty() {
        response = response.header("content-type", reply.kind);
    }
    for (name, value) in HEADERS {
        if !reply.headers.iter().any(|h| h.0 == name) {
            response = response.header(name, value);
        }
    }
    if !reply.headers.iter().any(|h| h.0 == "content-security-policy") {
        response = response.header("content-security-policy", look::policy(&[]));
    }
    if visit.secure {
        response = response.header("strict-transport-security", "max-age=31536000");
    }
    if let Some(secret) = &visit.begun {
        response = response.header("set-cookie", session_cookie(secret, visit.secure));
    }
    if visit.told_lang {
        response = response.header("set-cookie", lang_cookie(visit.lang, visit.secure));
    }
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = if *method == Method::HEAD { Body::empty() } else { Body::from(reply.body) };
    response.body(body).unwrap_or_else(|_| {
        let mut bare = Response::new(Body::from("the answer could not be sent"));
        *bare.status_mut() = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        bare
    })
}

/// The cookie of a session.
pub fn session_cookie(secret: &str, secure: bool) -> String {
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax{}", cookie_name(secure), if secure { "; Secure" } else { "" })
}

/// The cookie of a session that ended.
pub fn clear_cookie(secure: bool) -> String {
    format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{}", cookie_name(secure), if secure { "; Secure" } else { "" })
}

/// The cookie of a language.
pub fn lang_cookie(lang: Lang, secure: bool) -> String {
    let code = if lang == Lang::En { "en" } else { "zh" };
    format!("lang={code}; Path=/; Max-Age=31536000; SameSite=Lax{}", if secure { "; Secure" } else { "" })
}

/// One line of JSON a request; never a query, which may hold words of people, nor a secret.
fn log(desk: &Desk, visit: &Visit, method: &Method, at: &str, reply: &Reply, took: Duration) {
    let line = json!({
        "at": visit.now.to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
        "from": visit.from.to_string(),
        "post": visit.who.as_ref().map(|w| w.post.as_str()),
        "method": method.as_str(),
        "path": at.chars().take(300).collect::<String>(),
        "status": reply.status,
        "bytes": reply.body.len(),
        "ms": (took.as_secs_f64() * 1e5).round() / 100.0,
    });
    let mut sink = desk.config.access.lock().unwrap_or_else(|e| e.into_inner());
    // That the log cannot be written is no reason to leave people without an answer.
    let _ = writeln!(sink, "{line}");
}
