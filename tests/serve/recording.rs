//! Recording: from start to acceptance through the pages, by those who may and by nobody else.

use super::world::City;
use serde_json::json;

const DUTY: &str = "OPN-0.31@CITY-CAC";
const PATH: &str = "/assignment/OPN-0.31%40CITY-CAC";

/// A city whose CAC has an item that is not started, with a person named.
fn city(posts: &[&str]) -> City {
    let mut city = City::closed(posts);
    let plan = city.root().join("plan.yaml");
    let text = std::fs::read_to_string(&plan).unwrap();
    let at = text.find("duty: OPN-0.31@CITY-CAC").expect("the plan has the item");
    if !text[at..].split("- ").next().unwrap().contains("person:") {
        let out = city.duban(&["set", DUTY, "person", "officer-cac"]).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    city.start(&[]);
    city
}

/// Path and mark of the first request for consent on a page.
#[track_caller]
fn asked_in(page: &str) -> (String, String) {
    let form = page.split("action=\"/consent/").nth(1).unwrap_or_else(|| panic!("{page}"));
    let quoted = |text: &str| text.split('"').next().unwrap().to_string();
    (quoted(form), quoted(form.split("name=\"mark\" value=\"").nth(1).unwrap()))
}

#[test]
fn an_assignment_is_walked_from_start_to_acceptance() {
    let city = city(&["officer-cac", "manager-cac", "reviewer-jco"]);
    assert_eq!(city.state(DUTY), "not-started");
    let before = city.entries();
    let (mut officer, mut manager, mut reviewer) = (city.signed("officer-cac"), city.signed("manager-cac"), city.signed("reviewer-jco"));
    // The form asks for what starting needs, and for nothing that is not lawful now.
    let page = officer.get(&format!("{PATH}?lang=en")).text();
    assert!(page.contains(&format!("href=\"{PATH}/start\"")) && !page.contains(&format!("{PATH}/apply")), "{page}");
    assert_eq!(officer.get(&format!("{PATH}/apply")).status, 409);
    let form = officer.get(&format!("{PATH}/start?lang=en")).text();
    for wanted in ["name=\"ev0_type\"", "value=\"minutes\"", "value=\"policy-doc\"", "value=\"circular\"", "name=\"until\""] {
        assert!(form.contains(wanted), "{wanted}");
    }
    assert!(!form.split("ev0_type").nth(1).unwrap().split("</select>").next().unwrap().contains("inspection"));
    // Without evidence it is refused, and what was typed stands there.
    let bare = officer.post(&format!("{PATH}/start"), &[("note", "we begin"), ("key", "s1"), ("action", "record")]);
    assert!(bare.status == 422 && bare.text().contains(">we begin</textarea>") && bare.text().contains("minutes, policy-doc or circular"));
    let start = [
        ("note", "we begin"),
        ("key", "s1"),
        ("action", "record"),
        ("ev0_type", "minutes"),
        ("ev0_name", "Kick-off"),
        ("ev0_number", "1"),
        ("ev0_date", "2026-10-01"),
    ];
    let done = officer.post(&format!("{PATH}/start"), &start);
    assert!(done.status == 303 && done.header("location").starts_with(&format!("{PATH}?done=")), "{}", done.text());
    assert!(officer.get(done.header("location")).text().contains("Recorded"));
    assert_eq!(city.state(DUTY), "in-progress");
    let progress = [("percent", "４０％"), ("note", "two of five"), ("key", "p1"), ("action", "record")];
    assert_eq!(officer.post(&format!("{PATH}/progress"), &progress).status, 303);
    // Applying needs consent, which the officer cannot give: it waits for the manager.
    let form = officer.get(&format!("{PATH}/apply?lang=en")).text();
    let mut apply: Vec<(String, String)> =
        vec![("agreed".into(), "manager-cac".into()), ("key".into(), "a1".into()), ("action".into(), "record".into())];
    let needed: Vec<&str> = form
        .split("<fieldset>")
        .skip(1)
        .filter(|f| f.contains("class=\"must\""))
        .map(|f| f.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap())
        .collect();
    assert!(!needed.is_empty());
    for (n, kind) in needed.iter().enumerate() {
        apply.extend([
            (format!("ev{n}_type"), kind.to_string()),
            (format!("ev{n}_name"), "The paper".into()),
            (format!("ev{n}_number"), "7".into()),
            (format!("ev{n}_date"), "2026-10-20".into()),
        ]);
    }
    let apply: Vec<(&str, &str)> = apply.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let asked = officer.post(&format!("{PATH}/apply"), &apply);
    assert!(asked.status == 303 && asked.header("location").contains("asked=manager-cac"), "{}", asked.text());
    assert_eq!((city.state(DUTY).as_str(), city.entries()), ("in-progress", before + 2));
    let queue = manager.get("/queue?lang=en").text();
    let (consent, mark) = asked_in(&queue);
    // Whoever was not asked gives none; a decline needs a reason.
    assert_eq!(officer.post(&format!("/consent/{consent}"), &[("action", "agree")]).status, 403);
    assert_eq!(reviewer.post(&format!("/consent/{consent}"), &[("action", "agree")]).status, 403);
    assert_eq!(manager.post(&format!("/consent/{consent}"), &[("action", "decline")]).status, 422);
    // What is agreed to is what was looked at.
    assert_eq!(manager.post(&format!("/consent/{consent}"), &[("action", "agree")]).status, 409);
    assert_eq!(manager.post(&format!("/consent/{consent}"), &[("action", "agree"), ("mark", &"0".repeat(64))]).status, 409);
    assert_eq!(manager.post(&format!("/consent/{consent}"), &[("action", "agree"), ("mark", &mark)]).status, 303);
    assert_eq!((city.state(DUTY).as_str(), city.entries()), ("submitted", before + 3));
    assert_eq!(manager.post(&format!("/consent/{consent}"), &[("action", "agree")]).status, 404);
    // The officer cannot accept: there is no button, and by hand it is refused.
    assert!(!officer.get(PATH).text().contains(&format!("{PATH}/accept")));
    for who in [&mut officer, &mut manager] {
        assert_eq!(who.post(&format!("{PATH}/accept"), &[("key", "x1"), ("action", "record")]).status, 403);
    }
    assert_eq!(officer.json("/api/v1/entries", &json!({"duty": DUTY, "event": "accept", "key": "x2", "release": "so"})).status, 422);
    // Returned once with a reason, applied for again, accepted.
    assert!(reviewer.get("/queue").text().contains("OPN-0.31"));
    assert_eq!(reviewer.post(&format!("{PATH}/return"), &[("key", "r1"), ("action", "record")]).status, 422);
    assert_eq!(
        reviewer.post(&format!("{PATH}/return"), &[("reason", "one paper is missing"), ("key", "r1"), ("action", "record")]).status,
        303
    );
    let again: Vec<(&str, &str)> = apply.iter().map(|(k, v)| if *k == "key" { ("key", "a2") } else { (*k, *v) }).collect();
    assert_eq!(officer.post(&format!("{PATH}/apply"), &again).status, 303);
    let queue = manager.get("/queue").text();
    let (consent, mark) = asked_in(&queue);
    assert_eq!(manager.post(&format!("/consent/{consent}"), &[("action", "agree"), ("mark", &mark)]).status, 303);
    let accepted =
        reviewer.post(&format!("{PATH}/accept"), &[("note", "seen"), ("release", "in order"), ("key", "ac1"), ("action", "record")]);
    assert_eq!(accepted.status, 303, "{}", accepted.text());
    assert!(["operating", "closed"].contains(&city.state(DUTY).as_str()));
    assert_eq!(city.entries(), before + 6);
    let last = city.told(&["history", DUTY, "--format", "json"])["rows"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((last["by"].as_str(), last["event"].as_str()), (Some("reviewer-jco"), Some("accept")));
}

#[test]
fn a_form_sent_twice_is_recorded_once() {
    let city = City::open(&["officer-psb"], &[]);
    let mut officer = city.signed("officer-psb");
    let before = city.entries();
    let path = "/assignment/OPN-5.04%40CITY-PSB";
    let first = officer.post(&format!("{path}/progress"), &[("note", "x"), ("key", "k"), ("action", "record")]);
    let second = officer.post(&format!("{path}/progress"), &[("note", "changed"), ("key", "k"), ("action", "record")]);
    assert!(!first.header("location").contains("known") && second.header("location").contains("known=1"));
    assert!(officer.get(&format!("{}&lang=en", second.header("location"))).text().contains("nothing was recorded twice"));
    let program = officer.json("/api/v1/entries", &json!({"duty": "OPN-5.04@CITY-PSB", "event": "progress", "note": "x", "key": "k"}));
    assert_eq!((program.status, program.json()["known"].as_bool()), (200, Some(true)));
    assert_eq!(city.entries(), before + 1);
    // Two at a time.
    let both: Vec<u16> = std::thread::scope(|s| {
        let send = |mut c: super::world::Client| {
            move || c.json("/api/v1/entries", &json!({"duty": "OPN-5.04@CITY-PSB", "event": "progress", "note": "y", "key": "k2"})).status
        };
        let all: Vec<_> = (0..6).map(|_| s.spawn(send(officer.clone()))).collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!((both.iter().filter(|s| **s == 201).count(), both.iter().filter(|s| **s == 200).count()), (1, 5));
    assert_eq!(city.entries(), before + 2);
}

#[test]
fn a_supporting_unit_reports_progress_and_nothing_else() {
    let city = City::open(&["officer-hrss", "officer-court"], &[]);
    let before = city.entries();
    let mut support = city.signed("officer-hrss");
    let path = "/assignment/OPN-5.04%40CITY-PSB";
    let done = support.post(&format!("{path}/progress"), &[("note", "posts advertised"), ("key", "k"), ("action", "record")]);
    assert_eq!(done.status, 303, "{}", done.text());
    let last = city.told(&["history", "OPN-5.04@CITY-PSB", "--format", "json"])["rows"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["fields"]["via"], "CITY-HRSS");
    for event in ["apply", "extend", "block", "exempt"] {
        assert_eq!(
            support.post(&format!("{path}/{event}"), &[("note", "x"), ("reason", "x"), ("key", event), ("action", "record")]).status,
            403,
            "{event}"
        );
        let by_program = json!({"duty": "OPN-5.04@CITY-PSB", "event": event, "reason": "x", "issues": "x", "until": "2027-01-01", "key": event, "via": "CITY-HRSS"});
        assert_eq!(support.json("/api/v1/entries", &by_program).status, 422, "{event}");
    }
    // Whoever neither leads nor supports reports nothing, in whatever name.
    let mut other = city.signed("officer-court");
    assert_eq!(other.post(&format!("{path}/progress"), &[("note", "x"), ("key", "k"), ("action", "record")]).status, 403);
    for more in [json!({}), json!({"via": "CITY-HRSS"}), json!({"via": "CITY-COURT"})] {
        let mut p = json!({"duty": "OPN-5.04@CITY-PSB", "event": "progress", "note": "x", "key": "o"});
        p.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(other.json("/api/v1/entries", &p).status, 422, "{p}");
    }
    assert_eq!(
        other
            .json(
                "/api/v1/entries",
                &json!({"duty": "OPN-5.04@CITY-PSB", "event": "progress", "note": "x", "key": "o", "by": "officer-psb"})
            )
            .status,
        403
    );
    assert_eq!(city.entries(), before + 1);
}

#[test]
fn nobody_rewrites_what_another_unit_reported() {
    let city = City::open(&["officer-psb", "officer-hrss"], &[]);
    let (mut lead, mut support) = (city.signed("officer-psb"), city.signed("officer-hrss"));
    let duty = "OPN-5.04@CITY-PSB";
    let path = "/assignment/OPN-5.04%40CITY-PSB";
    let entry = |c: &mut super::world::Client, more: serde_json::Value| {
        let mut p = json!({"duty": duty, "event": "progress", "note": "x"});
        p.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        c.json("/api/v1/entries", &p)
    };
    let led = entry(&mut lead, json!({"key": "a"})).json()["h"].as_str().unwrap().to_string();
    let supported = entry(&mut support, json!({"key": "b", "via": "CITY-HRSS"})).json()["h"].as_str().unwrap().to_string();
    let before = city.entries();
    // By a program and by a page, as a correction and as a withdrawal.
    assert_eq!(entry(&mut support, json!({"key": "c", "via": "CITY-HRSS", "fixes": led})).status, 422);
    assert_eq!(entry(&mut lead, json!({"key": "d", "fixes": supported})).status, 422);
    assert_eq!(entry(&mut support, json!({"key": "e", "via": "CITY-HRSS", "fixes": led, "event": "void", "reason": "r"})).status, 422);
    for (c, h) in [(&mut support, &led), (&mut lead, &supported)] {
        for event in ["progress", "void"] {
            assert_eq!(c.get(&format!("{path}/{event}?fixes={h}")).status, 403);
        }
    }
    assert_eq!(city.entries(), before);
    // One's own may be corrected and withdrawn.
    assert_eq!(entry(&mut support, json!({"key": "f", "via": "CITY-HRSS", "fixes": supported, "note": "y"})).status, 201);
    assert_eq!(
        support.post(&format!("{path}/void"), &[("reason", "r"), ("fixes", &supported), ("key", "g"), ("action", "record")]).status,
        303
    );
    assert_eq!(city.entries(), before + 2);
}

#[test]
fn a_draft_counts_nowhere_until_it_is_recorded() {
    let city = City::open(&["officer-psb", "manager-psb"], &[]);
    let mut officer = city.signed("officer-psb");
    let before = city.entries();
    let path = "/assignment/OPN-5.04%40CITY-PSB";
    let saved = officer.post(&format!("{path}/progress"), &[("note", "half a thought"), ("key", "d1"), ("action", "draft")]);
    assert!(saved.header("location").contains("drafted="), "{}", saved.text());
    assert_eq!(city.entries(), before);
    let page = officer.get(&format!("{path}?lang=en")).text();
    let on = page.split(&format!("{path}/progress?draft=")).nth(1).unwrap_or_else(|| panic!("{page}")).split('"').next().unwrap();
    let form = officer.get(&format!("{path}/progress?draft={on}")).text();
    assert!(form.contains(">half a thought</textarea>") && form.contains("value=\"d1\""));
    // It is nobody else's to see or to drop.
    let mut manager = city.signed("manager-psb");
    assert!(!manager.get(path).text().contains("half a thought"));
    assert_eq!(manager.post(&format!("/draft/CITY-PSB/{on}/drop"), &[]).status, 403);
    // Recorded, it is gone.
    assert_eq!(officer.post(&format!("{path}/progress"), &[("note", "a whole thought"), ("key", "d1"), ("action", "record")]).status, 303);
    assert_eq!(city.entries(), before + 1);
    assert!(!officer.get(path).text().contains("draft="));
    // Corrected by the one who wrote it, withdrawn with a reason.
    let h = city.told(&["history", "OPN-5.04@CITY-PSB", "--format", "json"])["rows"].as_array().unwrap().last().unwrap()["h"]
        .as_str()
        .unwrap()
        .to_string();
    let form = officer.get(&format!("{path}/progress?fixes={h}")).text();
    assert!(form.contains(">a whole thought</textarea>"));
    let fixed = officer.post(&format!("{path}/progress"), &[("note", "a better one"), ("fixes", &h), ("key", "f1"), ("action", "record")]);
    assert_eq!(fixed.status, 303, "{}", fixed.text());
    let gone = officer.post(&format!("{path}/void"), &[("reason", "by mistake"), ("fixes", &h), ("key", "v1"), ("action", "record")]);
    assert_eq!(gone.status, 303, "{}", gone.text());
    assert_eq!(city.entries(), before + 3);
}

#[test]
fn what_others_write_is_shown_at_once() {
    let city = City::open(&["officer-psb"], &[]);
    let mut officer = city.signed("officer-psb");
    let words = "written at the command line";
    assert!(!officer.get("/history?q=OPN-5.04").text().contains(words));
    let out = city.duban(&["log", "progress", "OPN-5.04@CITY-PSB", "--by", "officer-psb", "--note", words]).output().unwrap();
    assert!(out.status.success());
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(officer.get("/history?q=OPN-5.04").text().contains(words));
}
