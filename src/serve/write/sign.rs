//! Signing in and out, and one's own password.

use crate::finding::words;
use crate::model::Words;
use crate::serve::call::{Call, Fields, Reply};
use crate::serve::gate::{clear_cookie, session_cookie};
use crate::serve::look::{Doc, frame};
use crate::serve::who::{Turn, Visitor};
use maud::{Markup, html};
use std::sync::atomic::Ordering::Relaxed;

/// `GET /sign-in`.
pub fn page(call: &Call) -> Reply {
    if call.visitor.is_some() {
        return Reply::go(next(call));
    }
    shown(call, 200, None, &Fields::default())
}

/// Whoever is not known and asks for a page that needs it. What was typed into a form goes with
/// the sign-in and stands in it again afterwards.
pub fn unknown(call: &Call) -> Reply {
    if call.api {
        return Reply::problem(401, call.say("请先登录", "sign in first: POST /api/v1/session"));
    }
    if call.desk.config.read_only {
        return Reply::problem(403, call.say("只读模式", "this desk is read-only"));
    }
    if call.form.0.is_empty() && !call.written {
        let asked = if call.query.0.is_empty() { call.at.clone() } else { format!("{}?{}", call.at, call.query.encoded()) };
        return Reply::go(format!("/sign-in?next={}", crate::serve::call::escape(&asked)));
    }
    // Only the form of an entry comes back filled: nothing else is worth it, and passwords least of all.
    if !call.at.starts_with("/assignment/") {
        let what = words("登录已过期，什么也没有做。".into(), "Your session has ended; nothing was done.".into());
        return shown(call, 401, Some(&what), &Fields::default());
    }
    let mut kept = Fields(call.form.0.iter().filter(|f| f.0 != "csrf").map(|(k, v)| (format!("f_{k}"), v.clone())).collect());
    kept.0.push(("resume".into(), call.at.clone()));
    let what = words(
        "登录已过期，没有记录。重新登录后，所填内容仍在表中（附件须重新选择）。".into(),
        "Your session has ended and nothing was recorded. Sign in again: what you typed will stand in the form (files have to be chosen again).".into(),
    );
    shown(call, 401, Some(&what), &kept)
}

fn shown(call: &Call, status: u16, what: Option<&Words>, kept: &Fields) -> Reply {
    let title = call.say("登录", "Sign in");
    let outside = call.desk.config.identity.is_some();
    let body = html! {
        div.title { h1 { (title) } }
        @if let Some(w) = what { p.bad role="alert" { (w.say(call.lang)) } }
        @if call.desk.config.read_only { p { (call.say("本台只读，无须登录。", "This desk is read-only: nobody signs in.")) } }
        @else if outside { p { (call.say("由前置代理登录；没有岗位的用户不能使用。", "The proxy in front signs people in; whoever has no post here cannot use it.")) } }
        @else {
            form.form.sign method="post" action="/sign-in" {
                @for (k, v) in &kept.0 { input type="hidden" name=(k) value=(v); }
                @if let Some(n) = call.query.one("next") { input type="hidden" name="next" value=(n); }
                label { (call.say("岗位", "Post")) input name="post" autocomplete="username" required maxlength="64" autofocus value=[call.form.one("post")] placeholder="officer-psb"; }
                label { (call.say("口令", "Password")) input type="password" name="password" autocomplete="current-password" required maxlength="256"; }
                div.send { button.main type="submit" { (title) } }
            }
            p.quiet { (call.say("岗位见 people.yaml；口令由管理员用 duban account 设定。", "Posts stand in people.yaml; passwords are set with duban account.")) }
        }
    };
    frame(call, status, Doc::new(title, body).typed())
}

/// Where to go after signing in: a path of ours, nothing else.
fn next(call: &Call) -> String {
    let asked = call.form.one("next").or(call.query.one("next")).unwrap_or("/");
    let ours = asked.starts_with('/') && !asked.starts_with("//") && !asked.contains('\\') && !asked.chars().any(char::is_control);
    if ours && !asked.starts_with("/sign-") { asked.to_string() } else { "/".into() }
}

/// Holds a password against the hash, where it may be tried.
///
/// # Errors
/// 401 where it is wrong, 429 where it is too early for another try.
pub fn proved(call: &Call, post: &str, password: &str) -> Result<Visitor, (u16, Words)> {
    let desk = &call.desk;
    if let Turn::Wait(seconds) = desk.attempts.turn(call.from, post) {
        desk.tell.held_back.fetch_add(1, Relaxed);
        let n = seconds.div_ceil(60);
        return Err((429, words(format!("试得太多，请 {n} 分钟后再试"), format!("too many tries; wait {n} minutes"))));
    }
    desk.tell.hashes.fetch_add(1, Relaxed);
    let wrong = || (401, words("岗位或口令不对".into(), "post or password is wrong".into()));
    // Asked one after the other: a hash takes 19 MiB and a core.
    let right = {
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(|e| e.into_inner());
        password.len() <= 256 && desk.accounts.right(post, password)
    };
    if !right {
        return Err(wrong());
    }
    let view = desk.views.now().map_err(|e| (503, words(e.clone(), e)))?;
    let who = Visitor::of(&view.s.register, post, String::new(), String::new()).ok_or_else(wrong)?;
    desk.attempts.right(call.from, post);
    desk.tell.signed_in.fetch_add(1, Relaxed);
    Ok(who)
}

/// `POST /sign-in`.
pub fn sign_in(call: &Call) -> Reply {
    if call.desk.config.identity.is_some() {
        return Reply::problem(403, call.say("由前置代理登录", "the proxy in front signs people in"));
    }
    let (post, password) =
        (call.form.one("post").unwrap_or(""), call.form.0.iter().find(|f| f.0 == "password").map_or("", |f| f.1.as_str()));
    let kept: Vec<(String, String)> = call.form.0.iter().filter(|f| f.0.starts_with("f_") || f.0 == "resume").cloned().collect();
    let who = match proved(call, post, password) {
        Ok(who) => who,
        Err((status, why)) => return shown(call, status, Some(&why), &Fields(kept)),
    };
    let (secret, session) = call.desk.sessions.begin(&who.post, &call.desk.accounts.mark(&who.post).unwrap_or_default(), call.now);
    let cookie = session_cookie(&secret, call.secure);
    if let Some(resume) = call.form.one("resume").filter(|_| kept.len() > 1) {
        let who = Visitor { csrf: session.csrf, session: crate::digest::hex(secret.as_bytes()), ..who };
        let fields = Fields(kept.iter().filter_map(|(k, v)| Some((k.strip_prefix("f_")?.to_string(), v.clone()))).collect());
        return super::form::again(call, who, resume, fields).with("set-cookie", cookie);
    }
    Reply::go(next(call)).with("set-cookie", cookie)
}

/// `POST /sign-out`.
pub fn sign_out(call: &Call) -> Reply {
    call.desk.sessions.end(&call.visitor().session, call.now);
    Reply::go("/sign-in").with("set-cookie", clear_cookie(call.secure)).with("clear-site-data", "\"storage\"")
}

/// `GET /account`.
pub fn account(call: &Call) -> Reply {
    accounted(call, call.visitor(), 200, html! {})
}

fn accounted(call: &Call, who: &Visitor, status: u16, told: Markup) -> Reply {
    let view = call.desk.views.today();
    let dept = view.ok().zip(who.dept.as_ref()).map(|(v, d)| v.s.register.name(d, v.s.day(), call.lang));
    let body = html! {
        div.title { h1 { (who.post) } p.sub { (dept.unwrap_or_default()) " · " (who.roles.iter().map(|r| r.term().say(call.lang)).collect::<Vec<_>>().join(call.say("、", ", "))) } }
        (told)
        @if call.desk.config.identity.is_none() {
            h2 { (call.say("更换口令", "Change the password")) }
            form.form.sign method="post" action="/account" {
                input type="hidden" name="csrf" value=(who.csrf);
                input name="post" value=(who.post) autocomplete="username" readonly hidden;
                label { (call.say("现在的口令", "Present password")) input type="password" name="password" autocomplete="current-password" required maxlength="256"; }
                label { (call.say("新口令（至少 10 个字符）", "New password (10 characters at least)")) input type="password" name="new" autocomplete="new-password" required minlength="10" maxlength="256"; }
                label { (call.say("再输一次", "Once more")) input type="password" name="again" autocomplete="new-password" required minlength="10" maxlength="256"; }
                div.send { button.main type="submit" { (call.say("更换", "Change")) } }
            }
        }
    };
    frame(call, status, Doc::new(who.post.clone(), body).typed())
}

/// `POST /account`: the other sessions of the post end.
pub fn password(call: &Call) -> Reply {
    let who = call.visitor();
    let raw = |name: &str| call.form.0.iter().find(|f| f.0 == name).map_or("", |f| f.1.as_str());
    let bad = |status, w: String| accounted(call, who, status, html! { p.bad role="alert" { (w) } });
    if call.desk.config.identity.is_some() {
        return Reply::problem(403, call.say("由前置代理登录", "the proxy in front signs people in"));
    }
    if raw("new") != raw("again") {
        return bad(422, call.say("两次输入的新口令不同", "the two new passwords differ").into());
    }
    if let Err((status, why)) = proved(call, &who.post, raw("password")) {
        return bad(status, why.say(call.lang).into_owned());
    }
    let now = (call.desk.config.clock)();
    match call.desk.accounts.set(&who.post, raw("new"), &now.to_rfc3339()) {
        Ok(()) => {
            // Also a copy of this very cookie is worth nothing from now on.
            call.desk.sessions.end_all(&who.post, now);
            let (secret, session) = call.desk.sessions.begin(&who.post, &call.desk.accounts.mark(&who.post).unwrap_or_default(), now);
            let who = Visitor { csrf: session.csrf, session: crate::digest::hex(secret.as_bytes()), ..who.clone() };
            let told = call.say("口令已更换，其他登录已结束。", "The password is changed; other sessions have ended.");
            accounted(call, &who, 200, html! { p.good role="status" { (told) } }).with("set-cookie", session_cookie(&secret, call.secure))
        }
        Err(e) => bad(422, e),
    }
}
