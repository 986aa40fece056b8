//! Kinds of breakage in the log: lines that were touched, and entries that a merge, a script or
//! a hand may bring in. Where the register has no log yet, one is made first.

use super::bench::{Bench, entry, key, post};
use super::kind::{Breakage, Broken, kind};
use crate::author::yaml::Deed;
use crate::model::*;
use serde_json::json;
use std::path::PathBuf;

/// In the order of the table of rules.
pub const KINDS: &[Breakage] = &[
    kind("日志行写坏", "a log line that cannot be read", &["L001"], |b| touched(b, |lines| lines[1] = "{\"seq\":1,".into())),
    kind("日志行被改动", "an altered log line", &["L002"], |b| {
        // Another millisecond: nothing else about the line is odd.
        let other = |l: &str| {
            l.find('.').map_or_else(String::new, |i| {
                format!("{}{}{}", &l[..i + 1], if l[i + 1..].starts_with('7') { "8" } else { "7" }, &l[i + 2..])
            })
        };
        touched(b, |lines| {
            let at = lines[1].find("\"at\":\"").unwrap_or(0);
            lines[1] = format!("{}{}", &lines[1][..at], other(&lines[1][at..]));
        })
    }),
    kind("日志文件放到别的单位名下", "a log file under another department", &["L003"], |b| {
        let (path, text) = whole_file(b)?;
        let other = b.s.register.bodies.iter().find(|x| !path.iter().any(|p| *p == *x.id.as_str()))?;
        let name = path.file_name()?.to_str()?.replacen('.', ".x", 1);
        b.hands().file(b.s.root.join("log").join(other.id.as_str()).join(&name), text).broken(name)
    }),
    kind("日志少了中间一行", "a line taken out of the log", &["L004", "L002"], |b| touched(b, |lines| drop(lines.remove(1)))),
    kind("最后一行没有写完", "a torn last line", &["L014"], |b| {
        let (path, text) = whole_file(b)?;
        let what = name(&path);
        b.hands().file(path, text.trim_end().to_string()).broken(what)
    }),
    kind("未申请就验收", "an illegal transition: accepted without an application", &["L005"], |b| {
        let duty = led(b, |s| matches!(s.status, Status::NotStarted))?;
        let dept = dept(b, duty);
        added(b, duty, vec![entry(b.s, duty, Event::Accept, &post(b.s, Role::Reviewer, &dept), 10)])
    }),
    kind("验收人就是申请人", "the accepter applied", &["L005"], |b| {
        let duty = applicable(b, |_| true)?;
        let mut steps = towards(b, duty, true);
        let by = steps.last()?.by.to_string();
        steps.push(Entry { release: Some("x".into()), ..entry(b.s, duty, Event::Accept, &by, 10) });
        added(b, duty, steps)
    }),
    kind("申请验收缺必备证据", "required evidence missing", &["L005"], |b| {
        let duty = applicable(b, |i| !b.facts[i].required.is_empty() && b.s.folded.states[i].evidence.is_empty())?;
        added(b, duty, towards(b, duty, false))
    }),
    kind("不牵头的单位记了一条", "an entry by a department that does not lead", &["L006"], |b| {
        let duty = led(b, |_| true)?;
        let r = &b.s.register;
        let d = &b.s.roster.duties[duty];
        let ob = r.obligations[d.obligation as usize].id.as_str();
        let former = |id: &str| b.s.roster.owners[d.obligation as usize].former.iter().any(|f| r.current(&f.dept) == id);
        let other = r.bodies.iter().find(|x| b.s.roster.find(r, &format!("{ob}@{}", x.id)).is_none() && !former(&x.id))?;
        let e = entry(b.s, duty, Event::Progress, &post(b.s, Role::Officer, &other.id), 10);
        let e = Entry { dept: other.id.as_str().into(), percent: Some(1), ..e };
        b.hands().log(&other.id, vec![e]).broken(format!("{ob}@{}", other.id))
    }),
    kind("启动之后改计划时限", "the plan's due date moved after the start", &["L007"], |b| {
        let r = &b.s.register;
        let fits = |i: usize| b.s.folded.states[i].started_due.is_some() && b.s.roster.duties[i].plan.is_some();
        if let Some((duty, at)) = b.duty("L007", fits).and_then(|d| Some((d, b.s.roster.plan_at(r, d)?))) {
            return b.hands().item(at, &[key("due")], Deed::Set(json!("2099-12-31")))?.broken(b.s.roster.id(r, duty));
        }
        // Nothing is under way: one is started with one date and planned with another.
        let startable = |i: usize| b.s.folded.states[i].status == Status::NotStarted && b.facts[i].kind != Kind::Prohibition;
        let duty = b.duty("L007", |i| startable(i) && b.s.roster.duties[i].dept.is_some() && b.s.roster.duties[i].plan.is_none())?;
        let start = entry(b.s, duty, Event::Start, &post(b.s, Role::Officer, &dept(b, duty)), 30);
        let start = Entry { until: Some(Due::Standing), evidence: vec![evidence(b, "minutes")], ..start };
        let item = json!({"duty": b.s.roster.full_id(r, duty), "person": "officer-0", "due": "2099-12-31"});
        b.hands().log(&dept(b, duty), vec![start]).plan(item)?.broken(b.s.roster.id(r, duty))
    }),
    kind("认定不适用已过复查日", "an exemption past its re-check date", &["L008"], |b| {
        let duty = led(b, |s| matches!(s.status, Status::NotStarted | Status::InProgress | Status::Operating))?;
        let yesterday = b.s.as_of.pred_opt()?;
        let dept = dept(b, duty);
        let e = entry(b.s, duty, Event::Exempt, &post(b.s, Role::Officer, &dept), 10);
        let agreed = Some(post(b.s, Role::Approver, &dept).into());
        added(b, duty, vec![Entry { agreed, reason: Some("x".into()), until: Some(Due::On(yesterday)), ..e }])
    }),
    kind("记录时间超前", "an entry ahead of the clock", &["L009"], |b| {
        let duty = led(b, |_| true)?;
        let e = entry(b.s, duty, Event::Progress, &post(b.s, Role::Officer, &dept(b, duty)), 10);
        added(b, duty, vec![Entry { at: e.at + chrono::Duration::days(36_525), ..e }])
    }),
    kind("他人见证过的行不在了", "a line that others saw is gone", &["L010"], |b| {
        let duty = led(b, |_| true)?;
        let mut e = entry(b.s, duty, Event::Progress, &post(b.s, Role::Officer, &dept(b, duty)), 10);
        e.saw.insert("2020-01.nobody-0000.jsonl".into(), "1:AAAAAAAAAAAAAAAAAAAAAA".into());
        added(b, duty, vec![e])
    }),
    kind("无此角色的岗位记了一条", "an entry by a post without the role", &["L011"], |b| {
        let only = |p: &&Item<Person>| p.roles.iter().all(|r| *r == Role::Reviewer);
        let reviewer = b.s.register.people.iter().flatten().find(only)?.post.to_string();
        let duty = led(b, |_| true)?;
        added(b, duty, vec![entry(b.s, duty, Event::Progress, &reviewer, 10)])
    }),
    kind("条目里的证据类型不存在", "an entry with an unknown evidence type", &["L013"], |b| {
        let duty = led(b, |_| true)?;
        let mut e = entry(b.s, duty, Event::Progress, &post(b.s, Role::Officer, &dept(b, duty)), 10);
        e.evidence.push(evidence(b, "nothing-known"));
        added(b, duty, vec![e])
    }),
    kind("所述日期晚于记录时间", "true only after it was recorded", &["L015"], |b| {
        let duty = led(b, |_| true)?;
        let e = entry(b.s, duty, Event::Progress, &post(b.s, Role::Officer, &dept(b, duty)), 10);
        added(b, duty, vec![Entry { day: Some(Day(b.s.as_of.succ_opt()?)), ..e }])
    }),
    kind("签认之后改了要求的文字", "a duty reworded after it was signed", &["L017"], |b| {
        let r = &b.s.register;
        let ob_of = |i: usize| b.s.roster.duties[i].obligation as usize;
        let outdated = |i: usize| b.s.outdated.iter().any(|o| o.duty as usize == i);
        let signed = |i: usize| b.s.folded.states[i].signed.get().is_some() && !outdated(i);
        let usable = |i: usize| b.s.roster.duties[i].dept.is_some() && b.s.folded.states[i].status != Status::NotApplicable && !outdated(i);
        let duty = b.duty("L017", signed).or_else(|| b.duty("L017", usable))?;
        let hands = if signed(duty) {
            b.hands()
        } else {
            let e = entry(b.s, duty, Event::Attest, &post(b.s, Role::Officer, &dept(b, duty)), 10);
            b.hands().log(&dept(b, duty), vec![Entry { reason: Some("x".into()), ..e }])
        };
        let words = json!({"zh": "改写后的要求。", "en": "Other words."});
        hands.item(b.at(ob_of(duty)), &[key("requirement")], Deed::Set(words))?.broken(b.s.roster.id(r, duty))
    }),
];

fn dept(b: &Bench, duty: usize) -> String {
    b.s.roster.duties[duty].dept.as_ref().map_or(String::new(), |d| d.to_string())
}

fn name(path: &std::path::Path) -> String {
    path.iter().rev().take(2).collect::<Vec<_>>().into_iter().rev().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// An assignment with a lead, in a fitting state.
fn led(b: &Bench, fits: impl Fn(&crate::log::State) -> bool) -> Option<usize> {
    let r = &b.s.register;
    // The log's findings are about duty and department, whatever the number of leads.
    let open = |i: &usize| b.open_to("L005", &b.s.roster.full_id(r, *i));
    let all = || (0..b.s.roster.duties.len()).filter(|i| b.s.roster.duties[*i].dept.is_some() && fits(&b.s.folded.states[*i]));
    all().find(open).or_else(|| all().next())
}

/// One that can be applied for from where it stands, without another's help.
fn applicable(b: &Bench, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let facts = &b.facts;
    let can = |i: usize| {
        let (f, s) = (&facts[i], &b.s.folded.states[i]);
        matches!(s.status, Status::NotStarted | Status::InProgress) && !matches!(f.kind, Kind::Prohibition | Kind::Outcome)
    };
    (0..facts.len()).find(|i| b.s.roster.duties[*i].dept.is_some() && can(*i) && fits(*i))
}

/// The entries that lead to an application, with what it needs or without its evidence.
fn towards(b: &Bench, duty: usize, whole: bool) -> Vec<Entry> {
    let (dept, required) = (dept(b, duty), b.facts[duty].required.iter().map(|r| r.0.to_string()).collect::<Vec<_>>());
    let by = post(b.s, Role::Officer, &dept);
    let mut out = Vec::new();
    if b.s.folded.states[duty].status == Status::NotStarted {
        let usual = ["minutes", "circular", "policy-doc"];
        let kind = usual.iter().find(|k| !required.iter().any(|r| r == *k)).unwrap_or(&usual[0]);
        let start = entry(b.s, duty, Event::Start, &by, 30);
        let until = b.s.folded.states[duty].due.or(Some(Due::Standing));
        out.push(Entry { until, evidence: vec![evidence(b, kind)], ..start });
    }
    let apply = entry(b.s, duty, Event::Apply, &by, 20);
    let evidence = if whole { required.iter().map(|k| evidence(b, k)).collect() } else { Vec::new() };
    out.push(Entry { agreed: Some(post(b.s, Role::Manager, &dept).into()), evidence, ..apply });
    out
}

fn evidence(b: &Bench, kind: &str) -> Evidence {
    Evidence { kind: kind.into(), name: "x".into(), number: None, date: Day(b.s.as_of), place: None, sha256: None, size: None, class: None }
}

fn added(b: &Bench, duty: usize, entries: Vec<Entry>) -> Option<Broken> {
    b.hands().log(&dept(b, duty), entries).broken(b.s.roster.full_id(&b.s.register, duty))
}

/// A file of the log with at least two entries, and what it says; made up where there is none.
fn whole_file(b: &Bench) -> Option<(PathBuf, String)> {
    let there = b.s.log.files.iter().find(|f| f.lines >= 3 && f.header.is_some());
    if let Some(f) = there {
        let path = b.s.root.join("log").join(&f.dept).join(&f.name);
        return Some((path.clone(), std::fs::read_to_string(path).ok()?));
    }
    let duty = led(b, |_| true)?;
    let by = post(b.s, Role::Officer, &dept(b, duty));
    let note = |left| Entry { note: Some("x".into()), ..entry(b.s, duty, Event::Progress, &by, left) };
    b.hands().log(&dept(b, duty), vec![note(20), note(10)]).texts.into_iter().next()
}

/// Lines of a log file changed.
fn touched(b: &Bench, change: impl Fn(&mut Vec<String>)) -> Option<Broken> {
    let (path, text) = whole_file(b)?;
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    change(&mut lines);
    let what = name(&path);
    b.hands().file(path, lines.join("\n") + "\n").broken(what)
}
