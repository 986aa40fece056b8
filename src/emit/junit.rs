//! JUnit: a suite for every family of rules, a case for every rule without findings and for
//! every finding.
//!
//! A case may hold one outcome only, and a rule may have denied, warned and waived findings
//! at once; so each finding has its own case: denied ones fail, waived ones and those that
//! stood there before are skipped with the reason, warnings pass and stand in `system-out`.
//! The counts are properties of every suite. Nothing depends on the clock: the time stamp
//! is the as-of day.

use super::report::{Class, Report};
use crate::finding::{Judged, RuleInfo};
use crate::model::Level;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::collections::HashMap;
use std::fmt::Write;

/// The families in the order of the table, with their names: every rule belongs to one.
pub const FAMILIES: &[(char, &str)] = &[
    ('E', "reading"),
    ('O', "owners"),
    ('D', "dependencies"),
    ('L', "log"),
    ('S', "source"),
    ('R', "red lights"),
    ('A', "amber lights"),
    ('W', "waivers"),
];

/// One case.
struct Case {
    name: String,
    rule: &'static str,
    verdict: Verdict,
}

enum Verdict {
    Passed,
    Failed { message: String, text: String },
    Skipped(String),
}

/// The whole outcome.
pub fn render(report: &Report) -> String {
    let mut by_rule: HashMap<&str, Vec<(Class, &Judged)>> = HashMap::new();
    for (class, j) in report.all() {
        by_rule.entry(j.finding.rule).or_default().push((class, j));
    }
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    let done = out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).and_then(|()| {
        out.create_element("testsuites").write_inner_content(|out| {
            let families =
                FAMILIES.iter().map(|(letter, name)| (*name, report.rules.iter().filter(|r| r.id.starts_with(*letter)).collect()));
            for (id, (name, rules)) in families.enumerate() {
                suite(out, report, id, name, rules, &by_rule)?;
            }
            Ok(())
        })?;
        Ok(())
    });
    done.expect("writing to memory does not fail");
    String::from_utf8(out.into_inner()).expect("written as UTF-8") + "\n"
}

fn suite(
    out: &mut Writer<Vec<u8>>,
    report: &Report,
    id: usize,
    name: &str,
    rules: Vec<&RuleInfo>,
    by_rule: &HashMap<&str, Vec<(Class, &Judged)>>,
) -> std::io::Result<()> {
    let mut said = format!("{}\n", report.line());
    let mut cases = Vec::new();
    for rule in rules {
        let found = by_rule.get(rule.id).map_or(&[][..], Vec::as_slice);
        if found.is_empty() {
            cases.push(Case { name: format!("{} {}", rule.id, rule.title.say(report.lang)), rule: rule.id, verdict: Verdict::Passed });
        }
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (class, j) in found {
            let n = seen.entry(&j.finding.subject).or_default();
            *n += 1;
            let again = if *n > 1 { format!(" #{n}") } else { String::new() };
            cases.push(Case {
                name: format!("{} {}{again}", rule.id, j.finding.subject),
                rule: rule.id,
                verdict: verdict(report, *class, j, &mut said),
            });
        }
    }
    let count = |test: fn(&Verdict) -> bool| cases.iter().filter(|c| test(&c.verdict)).count().to_string();
    let (failures, skipped) = (count(|v| matches!(v, Verdict::Failed { .. })), count(|v| matches!(v, Verdict::Skipped(_))));
    let (m, stamp) = (report.summary, format!("{}T00:00:00", report.summary.as_of));
    let attributes = [
        ("name", name),
        ("package", "duban.check"),
        ("id", &id.to_string()),
        ("timestamp", &stamp),
        ("hostname", "localhost"),
        ("tests", &cases.len().to_string()),
        ("failures", &failures),
        ("errors", "0"),
        ("skipped", &skipped),
        ("time", "0"),
    ];
    let properties = [
        ("unit", m.unit.clone()),
        ("sample", m.sample.to_string()),
        ("as_of", m.as_of.clone()),
        ("data_version", m.data_version.clone()),
        ("read", m.read.to_string()),
        ("valid", m.valid.to_string()),
        ("invalid", m.invalid.to_string()),
        ("filtered_out", m.filtered_out.to_string()),
        ("assignments", m.assignments.to_string()),
        ("log_entries", m.log_entries.to_string()),
        ("unreadable_lines", m.unreadable_lines.to_string()),
        ("recorded_after", m.recorded_after.to_string()),
        ("files", m.files.to_string()),
        ("allowed", report.outcome.allowed.values().sum::<usize>().to_string()),
    ];
    let tidy: Vec<(&str, String)> = attributes.iter().map(|(k, v)| (*k, clean(v))).collect();
    out.create_element("testsuite").with_attributes(tidy.iter().map(|(k, v)| (*k, v.as_str()))).write_inner_content(|out| {
        out.create_element("properties").write_inner_content(|out| {
            for (name, value) in &properties {
                out.create_element("property").with_attributes([("name", *name), ("value", &*clean(value))]).write_empty()?;
            }
            Ok(())
        })?;
        cases.iter().try_for_each(|case| write_case(out, case))?;
        out.create_element("system-out").write_text_content(BytesText::new(&clean(&said)))?;
        out.create_element("system-err").write_empty()?;
        Ok(())
    })?;
    Ok(())
}

fn verdict(report: &Report, class: Class, j: &Judged, said: &mut String) -> Verdict {
    let (message, remedy) = report.words(j);
    let at = match (j.place.line, j.place.column) {
        (0, _) => j.place.file.clone(),
        (line, 0) => format!("{}:{line}", j.place.file),
        (line, column) => format!("{}:{line}:{column}", j.place.file),
    };
    match class {
        Class::Waived => Verdict::Skipped(format!("{}: {message}", report.excuse(j).unwrap_or_default())),
        Class::Old => Verdict::Skipped(format!("{}: {at}: {message}", report.there_already())),
        Class::Counts if j.level == Level::Deny => {
            let mut text = format!("{at}\n{}", j.place.excerpt);
            if !remedy.is_empty() {
                let _ = write!(text, "\n→ {remedy}");
            }
            Verdict::Failed { message, text }
        }
        Class::Counts => {
            let _ = writeln!(said, "{}[{}] {at}: {message}", report.say("提醒", "warning"), j.finding.rule);
            Verdict::Passed
        }
    }
}

fn write_case(out: &mut Writer<Vec<u8>>, case: &Case) -> std::io::Result<()> {
    let (name, class) = (clean(&case.name), format!("duban.{}", case.rule));
    let element = out.create_element("testcase").with_attributes([("name", name.as_str()), ("classname", class.as_str()), ("time", "0")]);
    match &case.verdict {
        Verdict::Passed => element.write_empty()?,
        Verdict::Failed { message, text } => element.write_inner_content(|out| {
            let message = clean(message);
            let failure = out.create_element("failure").with_attributes([("message", message.as_str()), ("type", case.rule)]);
            failure.write_text_content(BytesText::new(&clean(text)))?;
            Ok(())
        })?,
        Verdict::Skipped(why) => element.write_inner_content(|out| {
            out.create_element("skipped").with_attributes([("message", clean(why).as_str())]).write_empty()?;
            Ok(())
        })?,
    };
    Ok(())
}

/// Characters that XML cannot carry, however escaped, become a dot.
fn clean(text: &str) -> String {
    let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if bad(c) { '·' } else { c }).collect()
}
