//! Who asks: passwords, sessions, tokens, names of hosts, proxies.

use super::world::{City, password};

#[test]
fn ten_thousand_guesses_do_not_reach_the_hash() {
    let city = City::open(&["officer-psb", "manager-psb"], &[]);
    let mut watcher = city.signed("manager-psb");
    let mut guesser = city.client();
    let mut seen = std::collections::BTreeMap::new();
    // Some dozen are enough here; `tests/desk/attacks.py` tries them all.
    for n in 0..60 {
        let post = ["officer-psb", "officer-cac", "nobody"][n % 3];
        *seen.entry(guesser.form("/sign-in", &[("post", post), ("password", "a guess of mine")]).status).or_insert(0) += 1;
    }
    let hashes = |text: String| -> u64 {
        let line = text.lines().find(|l| l.starts_with("duban_password_hashes_total ")).unwrap().to_string();
        line.split(' ').nth(1).unwrap().parse().unwrap()
    };
    assert!(hashes(watcher.get("/metrics").text()) <= 11, "{seen:?}");
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), [401, 429]);
}

#[test]
fn a_token_is_good_for_its_session_and_no_longer() {
    let city = City::open(&["officer-psb", "officer-cac"], &[]);
    let (mut psb, mut cac) = (city.signed("officer-psb"), city.signed("officer-cac"));
    let before = city.entries();
    let path = "/assignment/OPN-5.04%40CITY-PSB/progress";
    let words = [("note", "x"), ("key", "k1"), ("action", "record")];
    // No token, another's token.
    assert_eq!(psb.form(path, &words).status, 403);
    let token = std::mem::replace(&mut psb.csrf, cac.csrf.clone());
    assert_eq!(psb.post(path, &words).status, 403);
    psb.csrf = token;
    // From another site, or under another host's name.
    let csrf = psb.csrf.clone();
    let body = super::world::encode(&[("csrf", &csrf), ("note", "x"), ("key", "k1"), ("action", "record")]);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    for head in [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
        assert_eq!(psb.raw("POST", path, &[kind, head], body.as_bytes()).status, 403, "{head:?}");
    }
    assert_eq!(psb.raw("GET", "/", &[("host", "evil.example")], b"").status, 421);
    assert_eq!(city.entries(), before);
    // With the token it goes; after signing out neither cookie nor token are good for anything.
    assert_eq!(psb.post(path, &words).status, 303);
    assert_eq!(city.entries(), before + 1);
    let kept = psb.clone();
    assert_eq!(psb.post("/sign-out", &[]).status, 303);
    assert!(!psb.cookies.contains_key("duban"));
    let mut thief = kept;
    assert_eq!(thief.get("/mine").status, 303);
    assert_eq!(thief.post(path, &[("note", "y"), ("key", "k2"), ("action", "record")]).status, 401);
    assert_eq!(cac.get("/mine").status, 200);
    assert_eq!(city.entries(), before + 1);
}

#[test]
fn an_open_redirect_is_none() {
    let city = City::open(&["officer-psb"], &[]);
    for (next, want) in [
        ("/mine", "/mine"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nset-cookie: x=y", "/"),
    ] {
        let mut client = city.client();
        let answer = client.form("/sign-in", &[("post", "officer-psb"), ("password", &password("officer-psb")), ("next", next)]);
        assert_eq!((answer.status, answer.header("location")), (303, want), "{next:?}");
    }
}

#[test]
fn what_was_typed_survives_the_end_of_a_session() {
    let mut city = City::open(&["officer-psb"], &["--idle", "1s"]);
    let mut officer = city.signed("officer-psb");
    std::thread::sleep(std::time::Duration::from_millis(2200));
    let path = "/assignment/OPN-5.04%40CITY-PSB/progress";
    let late = officer.post(path, &[("note", "typed for an hour"), ("percent", "91"), ("key", "k9"), ("action", "record")]);
    assert_eq!(late.status, 401);
    assert!(late.text().contains("name=\"f_note\" value=\"typed for an hour\""), "{}", late.text());
    let again = officer.form(
        "/sign-in",
        &[
            ("post", "officer-psb"),
            ("password", &password("officer-psb")),
            ("resume", "/assignment/OPN-5.04%40CITY-PSB/progress"),
            ("f_note", "typed for an hour"),
            ("f_percent", "91"),
            ("f_key", "k9"),
        ],
    );
    let text = again.text();
    assert!(
        again.status == 200
            && text.contains(">typed for an hour</textarea>")
            && text.contains("value=\"91\"")
            && text.contains("value=\"k9\""),
        "{text}"
    );
    // A session outlives a restart, and so does the form's key.
    city.kill();
    city.start(&[]);
    let mut officer = city.signed("officer-psb");
    let first = officer.post(path, &[("note", "n"), ("key", "k10"), ("action", "record")]);
    assert!(first.header("location").contains("done="));
    let before = city.entries();
    city.kill();
    city.start(&[]);
    officer = officer.at(&city.address);
    let second = officer.post(path, &[("note", "n"), ("key", "k10"), ("action", "record")]);
    assert!(second.status == 303 && second.header("location").contains("known=1"), "{second:?}");
    assert_eq!(city.entries(), before);
}

#[test]
fn a_proxy_says_who_asks_and_nobody_else_does() {
    let city = City::open(&[], &["--identity-header", "X-Remote-User", "--proxy", "127.0.0.1"]);
    let head = |post| [("x-remote-user", post)];
    let mut c = city.client();
    assert_eq!(c.get("/mine").status, 303);
    assert_eq!(c.raw("GET", "/mine", &head("nobody-here"), b"").status, 303);
    assert_eq!(c.raw("GET", "/mine", &head("officer-psb"), b"").status, 200);
    c.csrf = c.raw("GET", "/api/v1/session", &head("officer-psb"), b"").json()["csrf"].as_str().unwrap().into();
    // The token is the session's: under another name it is none.
    let csrf = c.csrf.clone();
    let entry = serde_json::json!({"duty": "OPN-5.04@CITY-PSB", "event": "progress", "note": "x", "key": "k"}).to_string();
    let heads = |post| [("content-type", "application/json"), ("x-csrf-token", csrf.as_str()), ("x-remote-user", post)];
    assert_eq!(c.clone().raw("POST", "/api/v1/entries", &heads("officer-cac"), entry.as_bytes()).status, 403);
    assert_eq!(c.clone().raw("POST", "/api/v1/entries", &heads("officer-psb"), entry.as_bytes()).status, 201);
    assert_eq!(c.form("/sign-in", &[("post", "officer-psb"), ("password", "x")]).status, 403);
    // From an address that is no proxy the header means nothing.
    let other = City::open(&[], &["--identity-header", "X-Remote-User", "--proxy", "127.0.0.2"]);
    assert_eq!(other.client().raw("GET", "/mine", &head("officer-psb"), b"").status, 303);
}

#[test]
fn an_address_that_others_reach_needs_tls_or_a_proxy() {
    let city = City::closed(&["officer-psb"]);
    let out = city.duban(&["serve", "--listen", "0.0.0.0:0"]).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(2) && said.contains("does not open unprotected") && said.contains("--tls-cert"), "{said}");
    let nobody = City::closed(&[]);
    let out = nobody.duban(&["serve"]).output().unwrap();
    assert!(out.status.code() == Some(2) && String::from_utf8_lossy(&out.stderr).contains("duban account add"));
}
