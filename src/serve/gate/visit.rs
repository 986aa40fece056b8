//! Who asks, from where, in what language: read from the head of a request.

use super::fields;
use crate::model::Lang;
use crate::serve::call::Fields;
use crate::serve::desk::Desk;
use crate::serve::patient::Peer;
use crate::serve::who::Visitor;
use axum::http::HeaderMap;
use chrono::{DateTime, FixedOffset};
use std::net::{IpAddr, Ipv4Addr};

/// What the head of a request says.
pub struct Visit {
    /// The client's address, as far as trusted proxies tell it.
    pub from: IpAddr,
    /// It came by TLS, here or at a trusted proxy.
    pub secure: bool,
    /// The host is one by which this desk is called.
    pub host_is_ours: bool,
    /// It came by a way that this desk expects: bare HTTP from elsewhere only through a trusted proxy.
    pub expected: bool,
    /// A form, if it is one, was sent from one of our pages.
    pub same_origin: bool,
    /// Who asks.
    pub who: Option<Visitor>,
    /// A session that begins with this answer: the cookie's secret.
    pub begun: Option<String>,
    /// The language.
    pub lang: Lang,
    /// The language asked for in the address, to be remembered.
    pub told_lang: bool,
    /// The query.
    pub query: Fields,
    /// The clock, asked once.
    pub now: DateTime<FixedOffset>,
    /// The token that a program sends in its head.
    pub csrf: Option<String>,
}

impl Visit {
    /// A phrase in its language.
    pub fn lang_say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::En { en } else { zh }
    }
}

/// The name of our cookie.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-duban" } else { "duban" }
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all("cookie").iter().filter_map(|h| h.to_str().ok());
    all.flat_map(|h| h.split(';')).filter_map(|c| c.trim().split_once('=')).find(|(k, _)| *k == name).map(|(_, v)| v)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|h| h.to_str().ok())
}

/// Reads the head; a session may begin where `begins` says so.
pub fn visit(desk: &Desk, headers: &HeaderMap, query: &str, peer: Option<&Peer>, begins: bool) -> Visit {
    let config = &desk.config;
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |p| p.0.ip().to_canonical());
    let trusted = |ip: &IpAddr| config.proxies.contains(ip);
    let by_proxy = trusted(&peer);
    let told = headers.get_all("x-forwarded-for").iter().filter_map(|h| h.to_str().ok()).collect::<Vec<_>>().join(",");
    let from = if by_proxy { forwarded(&told, &trusted).unwrap_or(peer) } else { peer };
    let secure = config.tls.is_some() || (by_proxy && text(headers, "x-forwarded-proto") == Some("https"));
    let query = fields(query);
    let now = (config.clock)();
    let (who, begun) = who(desk, headers, by_proxy, secure, now, begins);
    let told_lang = query.one("lang").and_then(speak);
    let lang = told_lang.or_else(|| cookie(headers, "lang").and_then(speak)).or(config.lang).or_else(|| {
        let view = desk.views.today().ok()?;
        view.s.register.default_lang()
    });
    let host = text(headers, "host").unwrap_or("");
    Visit {
        from,
        secure,
        // A page elsewhere may have its own name lead to this machine: a desk that only this
        // machine is meant to reach answers to this machine's names alone.
        host_is_ours: headers.get_all("host").iter().count() <= 1
            && (!config.listen.ip().is_loopback() || by_proxy || config.tls.is_some() || loopback(host)),
        expected: config.tls.is_some() || config.listen.ip().is_loopback() || by_proxy,
        same_origin: same_origin(headers, host),
        who,
        begun,
        lang: lang.unwrap_or(Lang::Zh),
        told_lang: told_lang.is_some(),
        query,
        now,
        csrf: text(headers, "x-csrf-token").map(String::from),
    }
}

/// The last address that no trusted proxy has: those before it anybody may have written. One that
/// cannot be read ends the search, for what stands before it may be written by the client.
fn forwarded(told: &str, trusted: &dyn Fn(&IpAddr) -> bool) -> Option<IpAddr> {
    for part in told.split(',').rev().map(str::trim) {
        let ip = part.parse::<IpAddr>().or_else(|_| part.parse::<std::net::SocketAddr>().map(|a| a.ip())).ok()?.to_canonical();
        if !trusted(&ip) {
            return Some(ip);
        }
    }
    None
}

fn speak(code: &str) -> Option<Lang> {
    match code {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

fn loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.rsplit_once(':').map_or(host, |(n, _)| n),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Browsers say where a form comes from; whoever says nothing is no browser, and is held by the
/// token alone.
fn same_origin(headers: &HeaderMap, host: &str) -> bool {
    if text(headers, "sec-fetch-site").is_some_and(|s| s != "same-origin" && s != "none") {
        return false;
    }
    match text(headers, "origin") {
        None => true,
        Some(origin) => origin.split_once("://").is_some_and(|(_, h)| h.eq_ignore_ascii_case(host)),
    }
}

/// The post that asks, and the secret of a session that begins now.
fn who(
    desk: &Desk,
    headers: &HeaderMap,
    by_proxy: bool,
    secure: bool,
    now: DateTime<FixedOffset>,
    begins: bool,
) -> (Option<Visitor>, Option<String>) {
    if desk.config.read_only {
        return (None, None);
    }
    let Ok(view) = desk.views.now() else { return (None, None) };
    let kept = cookie(headers, cookie_name(secure)).and_then(|c| desk.sessions.find(c, now));
    let visitor = |key: String, s: crate::serve::who::Session| Visitor::of(&view.s.register, &s.post, s.csrf, key);
    let Some(identity) = &desk.config.identity else {
        // An account that is gone, or has another password since, ends its sessions.
        let kept = kept.filter(|(_, s)| desk.accounts.mark(&s.post).is_some_and(|mark| s.account == mark));
        return (kept.and_then(|(key, s)| visitor(key, s)), None);
    };
    // Who it is the proxy says at every request; the session is there for its forms' token.
    let Some(post) = text(headers, &identity.header).filter(|_| by_proxy && headers.get_all(&identity.header).iter().count() == 1) else {
        return (None, None);
    };
    if Visitor::of(&view.s.register, post, String::new(), String::new()).is_none() {
        return (None, None);
    }
    match kept.filter(|(_, s)| s.post == post) {
        Some((key, s)) => (visitor(key, s), None),
        None if !begins => (None, None),
        None => {
            let (secret, s) = desk.sessions.begin(post, "", now);
            (visitor(crate::digest::hex(secret.as_bytes()), s), Some(secret))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_names_are_loopback() {
        for yes in ["localhost", "LOCALHOST:8417", "127.0.0.1:80", "127.9.9.9", "[::1]:8417", "[::1]"] {
            assert!(loopback(yes), "{yes}");
        }
        for no in ["", "evil.example", "localhost.evil.example:8417", "10.0.0.1", "[2001:db8::1]:80", "127.0.0.1.evil.example"] {
            assert!(!loopback(no), "{no}");
        }
    }

    #[test]
    fn nobody_hides_behind_what_he_wrote_himself() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let trusted = |ip: &IpAddr| *ip == proxy;
        let cases = [
            ("203.0.113.9", Some("203.0.113.9")),
            ("1.2.3.4, 203.0.113.9, 10.0.0.1", Some("203.0.113.9")),
            ("1.2.3.4, 203.0.113.9:55", Some("203.0.113.9")),
            ("1.2.3.4, [2001:db8::1]:55", Some("2001:db8::1")),
            ("1.2.3.4, unknown", None),
            ("", None),
        ];
        for (told, want) in cases {
            assert_eq!(forwarded(told, &trusted), want.map(|w| w.parse().unwrap()), "{told}");
        }
    }

    #[test]
    fn forms_of_other_sites_are_told() {
        let with = |all: &[(&'static str, &str)]| {
            let mut h = HeaderMap::new();
            all.iter().for_each(|(k, v)| drop(h.insert(*k, v.parse().unwrap())));
            same_origin(&h, "localhost:8417")
        };
        assert!(with(&[]) && with(&[("origin", "http://localhost:8417"), ("sec-fetch-site", "same-origin")]));
        assert!(!with(&[("origin", "http://evil.example")]) && !with(&[("origin", "null")]) && !with(&[("sec-fetch-site", "same-site")]));
    }
}
