//! The gate: every request comes in here and every answer goes out.
//!
//! In order: is the host ours → which [`Route`] → who asks ([`visit`]) → may they
//! ([`Need`]) → is a form from one of our pages → the body, within its limits ([`take`]) →
//! the answer, made off the network threads → headers, access log, counters.

mod dress;
mod take;
pub mod visit;

use super::call::{Call, Fields, Reply};
use super::desk::Desk;
use super::patient::Peer;
use super::table::{LONGEST, Need, ROUTES, Route};
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{DefaultBodyLimit, RawPathParams, Request};
use axum::http::{Method, Response};
use axum::routing::any;
pub use dress::{clear_cookie, session_cookie};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;
use visit::{Visit, visit};

/// The desk as a service.
pub fn router(desk: Arc<Desk>) -> Router {
    let mut paths: BTreeMap<&'static str, Vec<&'static Route>> = BTreeMap::new();
    for route in ROUTES {
        paths.entry(route.path).or_default().push(route);
    }
    let mut router = Router::new();
    for (path, routes) in paths {
        let (desk, routes): (_, Arc<[&'static Route]>) = (desk.clone(), routes.into());
        let run = move |params: Result<RawPathParams, RawPathParamsRejection>, request: Request| {
            // What is no UTF-8 names nothing here.
            let params = params.map(|p| p.iter().map(|(_, v)| v.to_string()).collect()).ok();
            let routes = if params.is_some() { routes.clone() } else { Arc::from([]) };
            handle(desk.clone(), routes, params.unwrap_or_default(), request)
        };
        router = router.route(path, any(run));
    }
    let news = desk.clone();
    let live = move |request: Request| super::live::live(news.clone(), request);
    let lost = move |request: Request| handle(desk.clone(), Arc::from([]), Vec::new(), request);
    router.route("/live", axum::routing::get(live)).fallback(lost).layer(DefaultBodyLimit::disable())
}

async fn handle(desk: Arc<Desk>, routes: Arc<[&'static Route]>, params: Vec<String>, request: Request) -> Response<Body> {
    let began = Instant::now();
    let (method, at) = (request.method().clone(), request.uri().path().to_string());
    let route = routes.iter().find(|r| r.method == method.as_str() || (method == Method::HEAD && r.method == "GET")).copied();
    // The register may be opened on the way: another thread takes over what else this one had to do.
    let visit = tokio::task::block_in_place(|| {
        let begins = route.is_some_and(|r| r.need != Need::Nothing);
        visit(&desk, request.headers(), request.uri().query().unwrap_or(""), request.extensions().get::<Peer>(), begins)
    });
    let reply = match (route, routes.first()) {
        (_, None) => Reply::problem(404, visit.lang_say("没有这一页", "there is no such page")),
        (None, Some(_)) => {
            let allow: Vec<&str> = routes.iter().map(|r| r.method).collect();
            Reply::problem(405, visit.lang_say("这一页不接受这种请求", "this address does not take such a request"))
                .with("allow", allow.join(", "))
        }
        _ if at.len() > LONGEST => Reply::problem(414, "the address is too long"),
        (Some(route), _) => answer(&desk, route, params, &visit, at.clone(), request).await,
    };
    let name = route.map_or("none", |r| r.path);
    desk.tell.answered(name, reply.status, began.elapsed());
    dress::dress(&desk, &visit, &method, &at, reply, began.elapsed())
}

/// The answer of a route, or why there is none.
async fn answer(desk: &Arc<Desk>, route: &'static Route, path: Vec<String>, visit: &Visit, at: String, request: Request) -> Reply {
    if !visit.host_is_ours {
        return Reply::problem(421, visit.lang_say("主机名不对", "this desk is not called by that host name"));
    }
    if !visit.expected {
        return Reply::problem(403, visit.lang_say("请经由前置代理访问", "come through the proxy in front of this desk"));
    }
    let known = match route.need {
        Need::Nothing => true,
        Need::Look => desk.config.read_only || visit.who.is_some(),
        Need::Post => !desk.config.read_only && visit.who.is_some(),
    };
    let writes = request.method() == Method::POST;
    if writes && desk.config.read_only {
        return Reply::problem(403, visit.lang_say("只读模式，不接受填报", "this desk is read-only; nothing is recorded here"));
    }
    if writes && !visit.same_origin {
        desk.tell.forged.fetch_add(1, Relaxed);
        return Reply::problem(
            403,
            visit.lang_say("表单不是从本站发出的，未受理", "the form does not come from this desk; nothing was done"),
        );
    }
    let body = match take::take(desk, route, visit, known, request).await {
        Ok(body) => body,
        Err(reply) => return reply,
    };
    let call = Call {
        desk: desk.clone(),
        visitor: visit.who.clone(),
        at,
        path,
        query: visit.query.clone(),
        form: body.form,
        files: body.files.into(),
        json: body.json,
        lang: visit.lang,
        now: visit.now,
        api: route.path.starts_with("/api/"),
        written: writes,
        from: visit.from,
        secure: visit.secure,
    };
    let _turn = if writes && route.need == Need::Post { desk.writers.acquire().await.ok() } else { None };
    let run = if known { route.run } else { super::write::sign::unknown };
    let done = tokio::task::spawn_blocking(move || run(&call)).await;
    done.unwrap_or_else(|_| {
        desk.tell.panics.fetch_add(1, Relaxed);
        Reply::problem(
            500,
            visit.lang_say(
                "程序出错，未受理；请把时间告诉管理员",
                "a mistake of the program; nothing is certain to have been done. Tell whoever runs the desk the time",
            ),
        )
    })
}

/// Names and values of a query or of a form's body.
pub fn fields(text: &str) -> Fields {
    let piece = |s: &str| {
        let bytes = s.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut i = 0;
        while i < bytes.len() {
            let hex = |at: usize| bytes.get(at).and_then(|b| (*b as char).to_digit(16));
            match (bytes[i], hex(i + 1), hex(i + 2)) {
                (b'+', ..) => out.push(b' '),
                (b'%', Some(a), Some(b)) => {
                    out.push((a * 16 + b) as u8);
                    i += 2;
                }
                (b, ..) => out.push(b),
            }
            i += 1;
        }
        String::from_utf8_lossy(&out).into_owned()
    };
    let pairs = text.split('&').filter(|p| !p.is_empty()).map(|p| p.split_once('=').unwrap_or((p, "")));
    Fields(pairs.map(|(k, v)| (piece(k), piece(v))).collect())
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn fields_come_back_as_they_went() {
        let all = fields("a=1+2&b=%E5%8A%9E%26&c&a=%zz&&=x%");
        let want = [("a", "1 2"), ("b", "办&"), ("c", ""), ("a", "%zz"), ("", "x%")];
        assert_eq!(all.0, want.map(|(k, v)| (k.to_string(), v.to_string())));
        assert_eq!(fields(&all.encoded()).0, all.0);
    }
}
