//! Pages to look at: every figure is the command line's, every address is behind its door.

use super::world::City;
use duban::serve::{Need, ROUTES};

/// Every address, asked as nobody: what needs a post sends away, whatever is written says no.
#[test]
fn nobody_gets_in_anywhere() {
    let city = City::open(&["officer-psb"], &[]);
    let mut nobody = city.client();
    let before = city.entries();
    assert!(ROUTES.len() > 25);
    for route in ROUTES {
        let path = route.path.replace("{id}", "OPN-5.04@CITY-PSB").replace("{event}", "progress").replace("{dept}", "CITY-PSB");
        let path = path.replace("{name}", "x").replace("{form}", "html");
        let answer = match route.method {
            "GET" => nobody.get(&path),
            _ => nobody.form(&path, &[("note", "x"), ("action", "record")]),
        };
        let api = path.starts_with("/api/");
        match (route.need, route.method) {
            (Need::Nothing, _) => assert!(answer.status != 303 && answer.status < 500, "{path}: {}", answer.status),
            (_, "GET") if !api => {
                assert_eq!(answer.status, 303, "{path}");
                assert!(answer.header("location").starts_with("/sign-in?next="), "{path}");
            }
            _ => assert_eq!(answer.status, 401, "{path}"),
        }
        // Whoever is not known learns nothing of the register.
        assert!(!answer.text().contains("OPN-1."), "{path}");
    }
    assert_eq!(city.entries(), before);
}

#[test]
fn the_first_screen_counts_what_the_command_line_counts() {
    let city = City::open(&["manager-psb"], &[]);
    let mut manager = city.signed("manager-psb");
    let page = manager.get("/?lang=en");
    assert_eq!(page.status, 200);
    let text = page.text();
    let told = city.told(&["status", "--format", "json"]);
    let strip = |cell: &str| {
        let mut out = String::new();
        let mut inside = false;
        for c in cell.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out
    };
    let table = text.split("<table id=\"departments\"").nth(1).unwrap().split("</table>").next().unwrap();
    let rows: Vec<Vec<String>> = table
        .split("<tbody>")
        .nth(1)
        .unwrap()
        .split("<tr")
        .skip(1)
        .map(|r| r.split("<t").skip(1).map(|c| strip(&format!("<t{c}"))).collect())
        .collect();
    let all = told["rows"].as_array().unwrap();
    assert!(all.len() > 10);
    for (row, want) in rows.iter().zip(all) {
        let figures: Vec<u64> = std::iter::once(&want["total"])
            .chain(want["states"].as_object().unwrap().values())
            .chain(want["lights"].as_object().unwrap().values())
            .map(|n| n.as_u64().unwrap())
            .collect();
        let shown: Vec<u64> = row[1..=figures.len()].iter().map(|c| c.trim().parse().unwrap()).collect();
        assert_eq!(shown, figures, "{}", want["key"]);
    }
    // The total's share is of obligations, as its counts are.
    let total = &told["total"];
    let states = |code: &str| total["states"][code].as_u64().unwrap();
    let (done, all) = (states("closed") + states("operating"), total["total"].as_u64().unwrap() - states("not-applicable"));
    let shown = rows.iter().find(|r| r[0].contains("All obligations")).unwrap();
    assert_eq!(shown[13].trim(), format!("{:.1}%", 100.0 * done as f64 / all as f64));
    // A count opens into as many rows.
    let query = "dept:CITY-CAC light:red";
    let list = manager.get(&format!("/list?q={}", query.replace(' ', "%20"))).text();
    let told = city.told(&["list", "dept:CITY-CAC", "light:red", "--format", "json"]);
    let n = told["rows"].as_array().unwrap().len();
    assert!(n > 0);
    assert_eq!(list.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap().matches("<tr").count(), n);
    assert!(text.contains("href=\"/list?q=dept%3ACITY-CAC%20light%3Ared\""));
    // An earlier day has its own figures, and says so.
    let then = manager.get("/?as_of=2024-06-30&lang=en").text();
    assert!(then.contains("Shown as of") && then.contains("2024-06-30"));
    assert!(then.contains("/list?q=dept%3ACITY-CAC%20status%3Ain-progress&amp;as_of=2024-06-30"));
    for (path, status) in [("/?as_of=2024-6-30", 400), ("/list?q=dep:x", 400), ("/obligation/OPN-9.99", 404), ("/nowhere", 404)] {
        assert_eq!(manager.get(path).status, status, "{path}");
    }
}

#[test]
fn search_charts_reports_and_the_log_answer_in_both_languages() {
    let city = City::open(&["officer-psb"], &[]);
    let mut officer = city.signed("officer-psb");
    assert_eq!(officer.get("/search?q=opn-3.18").header("location"), "/obligation/OPN-3.18");
    assert_eq!(officer.get("/search?q=OPN-5.04%40CITY-PSB").header("location"), "/assignment/OPN-5.04%40CITY-PSB");
    assert!(officer.get("/search?q=light%3Ared").header("location").starts_with("/list?q=light%3Ared"));
    assert!(officer.get("/search?q=%E5%90%8D%E5%8D%95").text().contains("/obligation/OPN-"));
    assert!(officer.get("/search?q=security&lang=en").text().contains("dept%3ACITY-PSB"));
    // The same as the query word finds.
    let found = officer.get("/search?q=%E8%AF%88%E9%AA%97").text().matches("<th class=\"id\"").count();
    let told = city.told(&["list", "text:诈骗", "--format", "json"]);
    let told: std::collections::BTreeSet<&str> = told["rows"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert!(found > 5 && found == told.len(), "{found} {}", told.len());
    // What is no UTF-8 names nothing, and is told like everything else.
    let odd = officer.get("/assignment/%ff");
    assert!(odd.status == 404 && odd.header("content-security-policy").contains("default-src 'none'"));
    for (path, zh, en) in [
        ("/charts", "亮灯走势", "Lights over time"),
        ("/calendar", "到期日历", "Due-date calendar"),
        ("/history", "变更记录", "History"),
        ("/reports", "督办台账", "Supervision ledger"),
        ("/mine", "牵头事项", "Led"),
        ("/queue", "请我同意", "My consent is asked"),
        ("/obligation/OPN-3.18", "前置关系图", "Dependencies"),
        ("/assignment/OPN-5.04%40CITY-PSB", "变更记录", "History"),
    ] {
        for (lang, word) in [("zh", zh), ("en", en)] {
            let page = officer.get(&format!("{path}?lang={lang}"));
            assert!(page.status == 200 && page.text().contains(word), "{path} {lang}");
            assert!(page.header("content-security-policy").contains("default-src 'none'"));
            assert!(!page.text().contains("<script>"), "{path}");
        }
    }
    let magic: [(&str, &[u8]); 4] = [("html", b"<!DOCTYPE html>"), ("json", b"{"), ("csv", "\u{feff}".as_bytes()), ("md", b"#")];
    for (form, begins) in magic {
        let file = officer.get(&format!("/reports/ledger/{form}?q=dept%3ACITY-PSB"));
        let begins = if form == "csv" { b"" } else { begins };
        assert!(file.status == 200 && file.body.starts_with(begins), "{form}: {}", file.status);
    }
    assert_eq!(officer.get("/reports/pack/html?dept=CITY-PSB").status, 200);
    for (path, status) in
        [("/reports/pack/html", 404), ("/reports/no/html", 404), ("/reports/ledger/exe", 404), ("/reports/ledger/html?period=2026Q9", 400)]
    {
        assert_eq!(officer.get(path).status, status, "{path}");
    }
    // The same bytes as the command line prints.
    let printed = city.duban(&["report", "ledger", "--format", "json"]).output().unwrap().stdout;
    assert!(officer.get("/reports/ledger/json?lang=en").body == printed, "report ledger differs");
}

#[test]
fn a_wall_screen_shows_and_takes_nothing() {
    let city = City::open(&[], &["--read-only"]);
    let mut anybody = city.client();
    assert_eq!(anybody.get("/").status, 200);
    assert!(anybody.get("/api/v1/status").json()["rows"].as_array().unwrap().len() > 10);
    assert!(anybody.get("/metrics").text().contains("duban_lights{light=\"red\"}"));
    for route in ROUTES.iter().filter(|r| r.method == "POST") {
        let path = route.path.replace("{id}", "OPN-5.04@CITY-PSB").replace("{event}", "progress");
        assert_eq!(anybody.form(&path, &[("note", "x")]).status, 403, "{path}");
    }
    assert_eq!(anybody.get("/mine").status, 403);
}

/// An obligation, a line of the log and a request that cannot be read: no page passes over them.
#[test]
fn what_cannot_be_read_is_said_on_every_page() {
    let pages =
        ["/", "/list", "/charts", "/calendar", "/mine", "/queue", "/search?q=x", "/assignment/OPN-5.04%40CITY-PSB", "/history", "/reports"];
    let said = "mistakes met while reading: what cannot be read stays in the totals";
    let sound = City::open(&["manager-psb"], &[]);
    let mut manager = sound.signed("manager-psb");
    manager.get("/?lang=en");
    for path in pages {
        assert!(!manager.get(path).text().contains(said), "{path}");
    }
    let mut city = City::closed(&["manager-psb"]);
    let file = city.dir.path().join("obligations/opinions-2022/3-industry.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, after) = text.split_once("- id: OPN-3.18\n").unwrap();
    std::fs::write(&file, format!("{before}- id: OPN-3.18\n{}", after.replacen("  kind: ", "  kind: no-", 1))).unwrap();
    let log = std::fs::read_dir(city.root().join("log/CITY-PSB")).unwrap().flatten().map(|e| e.path()).max().unwrap();
    std::fs::write(&log, std::fs::read_to_string(&log).unwrap() + "no entry\n").unwrap();
    let drafts = city.root().join("log/drafts/CITY-PSB");
    std::fs::create_dir_all(&drafts).unwrap();
    std::fs::write(drafts.join("consent-officer-psb-1.yaml"), "duty: [no list\n").unwrap();
    city.start(&[]);
    let mut manager = city.signed("manager-psb");
    manager.get("/?lang=en");
    for path in pages {
        assert!(manager.get(path).text().contains(said), "{path}");
    }
    for path in ["/mine", "/queue"] {
        assert!(manager.get(path).text().contains("log/drafts/CITY-PSB/consent-officer-psb-1.yaml"), "{path}");
    }
    assert_eq!(manager.get("/search?q=OPN-3.18").header("location"), "/obligation/OPN-3.18");
    for path in ["/obligation/OPN-3.18", "/assignment/OPN-3.18%40CITY-DRC", "/api/v1/obligations/OPN-3.18"] {
        let told = manager.get(path);
        assert!(
            told.status == 404 && told.text().contains("cannot be read") && told.text().contains("3-industry.yaml:"),
            "{path}: {}",
            told.text()
        );
    }
}
