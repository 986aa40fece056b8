//! `duban account`, and a password that is changed at the desk.

use super::world::{City, password};
use std::fs;

#[test]
fn accounts_are_for_posts_and_kept_as_hashes() {
    let city = City::closed(&[]);
    let add = |args: &[&str]| city.duban(&["account", "add"]).args(args).output().unwrap();
    let out = add(&["officer-psb", "officer-pbs", "reviewer-jco"]);
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(2) && said.contains("officer-pbs (did you mean officer-psb?)"), "{said}");
    let out = add(&["officer-psb", "reviewer-jco"]);
    let printed = String::from_utf8(out.stdout).unwrap();
    let passwords: Vec<&str> = printed.lines().map(|l| l.split("  ").nth(1).unwrap()).collect();
    assert!(passwords.len() == 2 && passwords[0] != passwords[1] && passwords.iter().all(|p| p.len() == 19), "{printed}");
    let file = city.root().join(".duban/desk/accounts.json");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.matches("$argon2id$").count() == 2 && passwords.iter().all(|p| !text.contains(p)));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o077, 0);
    // The register does not hold it: it is no file of it, and git would not see it.
    assert!(city.duban(&["check", "--as-of", "2026-10-31"]).output().unwrap().status.success());
    let list = String::from_utf8(city.duban(&["account", "list"]).output().unwrap().stdout).unwrap();
    assert_eq!(list.lines().count(), 2);
    assert!(city.duban(&["account", "remove", "reviewer-jco"]).output().unwrap().status.success());
    assert_eq!(city.duban(&["account", "remove", "reviewer-jco"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn a_changed_password_ends_the_other_sessions() {
    let city = City::open(&["officer-psb"], &[]);
    let (mut here, mut there) = (city.signed("officer-psb"), city.signed("officer-psb"));
    let old = password("officer-psb");
    let change =
        |old: &str, new: &str, again: &str| [("password", old.to_string()), ("new", new.to_string()), ("again", again.to_string())];
    let send = |c: &mut super::world::Client, f: [(&str, String); 3]| {
        let f: Vec<(&str, &str)> = f.iter().map(|(k, v)| (*k, v.as_str())).collect();
        c.post("/account", &f).status
    };
    assert_eq!(send(&mut here, change(&old, "a new long one", "another one")), 422);
    assert_eq!(send(&mut here, change("wrong wrong", "a new long one", "a new long one")), 401);
    assert_eq!(send(&mut here, change(&old, "short", "short")), 422);
    let copied = here.clone();
    assert_eq!(send(&mut here, change(&old, "a new long one", "a new long one")), 200);
    assert_eq!(copied.clone().get("/mine").status, 303, "a copy of the cookie is worth nothing");
    assert_eq!((here.get("/mine").status, there.get("/mine").status), (200, 303));
    let mut again = city.client();
    assert_eq!(again.form("/sign-in", &[("post", "officer-psb"), ("password", &old)]).status, 401);
    assert_eq!(again.form("/sign-in", &[("post", "officer-psb"), ("password", "a new long one")]).status, 303);
}

#[test]
fn whoever_loses_post_or_account_is_out() {
    let city = City::open(&["officer-psb", "officer-cac"], &[]);
    let (mut psb, mut cac) = (city.signed("officer-psb"), city.signed("officer-cac"));
    let people = city.root().join("people.yaml");
    let text = fs::read_to_string(&people).unwrap();
    let without: String = text.lines().filter(|l| !l.contains("post: officer-psb,")).map(|l| format!("{l}\n")).collect();
    fs::write(&people, without).unwrap();
    assert!(city.duban(&["account", "remove", "officer-cac"]).output().unwrap().status.success());
    std::thread::sleep(std::time::Duration::from_millis(400));
    assert_eq!((psb.get("/mine").status, cac.get("/mine").status), (303, 303));
}
