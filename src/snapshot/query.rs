//! The query words, the same for every command.
//!
//! `dept: support: sector: part: policy: tier: person: status: light: reason: kind: due:
//! evidence: text:` with `a,b` for or and `not:` before a word; words are joined by *and*. A
//! bare word is an id, an assignment or a part. After `unit:obligation` the words `status:`
//! and `light:` speak of the obligation's roll-up and not of the assignment, up to
//! `unit:assignment`: so a total that counts obligations opens into their assignments. A
//! word that matches nothing known is an error with a suggestion, never an empty list.

use super::hall::Snapshot;
use crate::finding::words;
use crate::log::lights::CODES;
use crate::model::*;
use crate::text::did_you_mean;
use chrono::{Datelike, Days, Months, NaiveDate};

/// A query that was understood.
#[derive(Debug, Clone, Default)]
pub struct Query {
    tests: Vec<Word>,
    /// The newest `unit:` word was `unit:obligation`.
    whole: bool,
    /// The query as understood: spans spelled out.
    pub shown: String,
}

/// A word with what stood before it.
#[derive(Debug, Clone)]
struct Word {
    /// `not:`.
    not: bool,
    /// `unit:obligation`: states and lights are those of the roll-up.
    whole: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Dept(Vec<String>),
    Support(Vec<String>),
    Reason(Vec<&'static str>),
    Sector(Vec<String>),
    Part(Vec<String>),
    Policy(Vec<String>),
    Tier(Vec<Option<Tier>>),
    Person(Vec<String>),
    Status(Vec<Status>),
    Light(Vec<Light>),
    Kind(Vec<Kind>),
    Due(Vec<DueTest>),
    Evidence(Vec<String>),
    Text(Vec<String>),
    Id(Vec<String>),
}

#[derive(Debug, Clone)]
enum DueTest {
    None,
    Standing,
    Between(NaiveDate, NaiveDate),
}

/// Every query word.
pub const KEYS: &[&str] = &[
    "dept", "support", "sector", "part", "policy", "tier", "person", "status", "light", "reason", "kind", "due", "evidence", "text", "unit",
];

impl Query {
    /// Reads the words of a query.
    ///
    /// # Errors
    /// The first word that is not understood, with what was probably meant.
    pub fn parse(s: &Snapshot, input: &[String]) -> Result<Query, Words> {
        let mut query = Query::default();
        let mut not = false;
        let mut shown = Vec::new();
        for word in input.iter().flat_map(|w| w.split_whitespace()) {
            if word == "not" || word == "not:" {
                not = true;
                continue;
            }
            let (negated, rest) = word.strip_prefix("not:").map_or((not, word), |r| (true, r));
            if let Some(unit) = rest.strip_prefix("unit:").or(rest.strip_prefix("unit：")) {
                query.whole = unit_of(unit, negated)?;
                shown.push(format!("unit:{}", if query.whole { "obligation" } else { "assignment" }));
                continue;
            }
            let (test, spelled) = one(s, rest)?;
            shown.push(format!("{}{spelled}", if negated { "not:" } else { "" }));
            // Ids side by side are a list: no assignment could be all of them.
            let ids = query.tests.iter_mut().find_map(|w| match &mut w.test {
                Test::Id(all) if !w.not && !negated => Some(all),
                _ => None,
            });
            match (ids, test) {
                (Some(all), Test::Id(more)) => all.extend(more),
                (_, test) => query.tests.push(Word { not: negated, whole: query.whole, test }),
            }
            not = false;
        }
        if not {
            return Err(words("not 后面没有查询词".into(), "nothing follows `not`".into()));
        }
        query.shown = shown.join(" ");
        Ok(query)
    }

    /// Do the words that come next speak of obligations by their roll-up?
    pub fn whole(&self) -> bool {
        self.whole
    }

    /// The departments that it asks for, by their present ids; `None` where it asks for none.
    pub fn departments(&self) -> Option<Vec<&str>> {
        let mut asked = self.tests.iter().filter_map(|w| match &w.test {
            Test::Dept(ids) if !w.not => Some(ids),
            _ => None,
        });
        let first = asked.next()?;
        // Words are joined by *and*: what a second one does not name is out.
        let rest: Vec<&Vec<String>> = asked.collect();
        Some(first.iter().filter(|id| rest.iter().all(|r| r.contains(id))).map(String::as_str).collect())
    }

    /// The same question without the departments that it asks for.
    pub fn without_departments(&self) -> Query {
        let tests = self.tests.iter().filter(|w| w.not || !matches!(w.test, Test::Dept(_))).cloned().collect();
        let shown: Vec<&str> = self.shown.split(' ').filter(|w| !w.starts_with("dept:")).collect();
        Query { tests, whole: self.whole, shown: shown.join(" ") }
    }

    /// True when nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Does an assignment match?
    pub fn matches(&self, s: &Snapshot, duty: usize) -> bool {
        self.tests.iter().all(|w| w.test.matches(s, duty, w.whole) != w.not)
    }

    /// Indices of the assignments that match.
    pub fn select(&self, s: &Snapshot) -> Vec<usize> {
        (0..s.roster.duties.len()).filter(|i| self.matches(s, *i)).collect()
    }
}

/// What is counted: obligations or assignments.
fn unit_of(value: &str, negated: bool) -> Result<bool, Words> {
    let whole = match value {
        "obligation" | "义务" => true,
        "assignment" | "任务" => false,
        other => {
            let all = ["obligation", "assignment"];
            return Err(unknown("计数单位", "unit", other, did_you_mean(other, all), &all.join(", ")));
        }
    };
    if negated { Err(words("unit: 前面不能有 not".into(), "`not` cannot stand before unit:".into())) } else { Ok(whole) }
}

fn unknown(zh: &str, en: &str, value: &str, near: Option<&str>, known: &str) -> Words {
    let (a, b) = match near {
        Some(n) => (format!("；是否想写 {n}？"), format!("; did you mean {n}?")),
        None if known.is_empty() => Default::default(),
        None => (format!("；可用：{known}"), format!("; known: {known}")),
    };
    words(format!("没有{zh} {value}{a}"), format!("there is no {en} {value}{b}"))
}

fn one(s: &Snapshot, word: &str) -> Result<(Test, String), Words> {
    let Some((key, value)) = word.split_once([':', '：']) else { return bare(s, word) };
    if value.is_empty() {
        return Err(words(format!("{key}: 后面没有值"), format!("nothing follows {key}:")));
    }
    let values: Vec<&str> = value.split([',', '，']).filter(|v| !v.is_empty()).collect();
    if values.is_empty() {
        return Err(words(format!("{key}: 后面没有值"), format!("nothing follows {key}:")));
    }
    let r = &s.register;
    let plain = word.replace('：', ":");
    let test = match key {
        "dept" => Test::Dept(values.iter().map(|v| dept(s, v)).collect::<Result<_, _>>()?),
        "support" => Test::Support(values.iter().map(|v| dept(s, v)).collect::<Result<_, _>>()?),
        "reason" => Test::Reason(values.iter().map(|v| reason(v)).collect::<Result<_, _>>()?),
        "sector" => Test::Sector(
            values
                .iter()
                .map(|v| {
                    let hit =
                        r.sectors.iter().find(|x| x.code.eq_ignore_ascii_case(v) || x.id.eq_ignore_ascii_case(v) || named(&x.name, v));
                    hit.map(|x| x.code.to_string()).ok_or_else(|| {
                        let all: Vec<&str> = r.sectors.iter().map(|x| x.code.as_str()).collect();
                        unknown("领域", "sector", v, did_you_mean(v, all.iter().copied()), &all.join(", "))
                    })
                })
                .collect::<Result<_, _>>()?,
        ),
        "part" => Test::Part(values.iter().map(|v| part(s, v)).collect::<Result<Vec<_>, _>>()?.concat()),
        "policy" => Test::Policy(
            values
                .iter()
                .map(|v| {
                    let hit = r.policies.iter().find(|p| {
                        p.policy.code.eq_ignore_ascii_case(v)
                            || p.folder == **v
                            || named(&p.policy.title, v)
                            || p.policy.short.as_ref().is_some_and(|n| named(n, v))
                    });
                    hit.map(|p| p.policy.code.to_string()).ok_or_else(|| {
                        let all: Vec<&str> = r.policies.iter().map(|p| p.policy.code.as_str()).collect();
                        unknown("政策", "policy", v, did_you_mean(v, all.iter().copied()), &all.join(", "))
                    })
                })
                .collect::<Result<_, _>>()?,
        ),
        "tier" => Test::Tier(
            values
                .iter()
                .map(|v| {
                    if matches!(*v, "-" | "—" | "none") {
                        Ok(None)
                    } else {
                        vocab(v, Tier::ALL, Tier::code, Tier::term, ("层级", "tier")).map(Some)
                    }
                })
                .collect::<Result<_, _>>()?,
        ),
        "person" => Test::Person(values.iter().map(|v| person(s, v)).collect::<Result<_, _>>()?),
        "status" => Test::Status(
            values.iter().map(|v| vocab(v, Status::ALL, Status::code, Status::term, ("状态", "status"))).collect::<Result<_, _>>()?,
        ),
        "light" => Test::Light(
            values
                .iter()
                .map(|v| vocab(v.trim_end_matches('灯'), Light::ALL, Light::code, Light::term, ("亮灯", "light")))
                .collect::<Result<_, _>>()?,
        ),
        "kind" => {
            Test::Kind(values.iter().map(|v| vocab(v, Kind::ALL, Kind::code, Kind::term, ("性质", "kind"))).collect::<Result<_, _>>()?)
        }
        "due" => {
            let tests = values.iter().map(|v| due(v, s.day())).collect::<Result<Vec<_>, _>>()?;
            let spelled: Vec<String> = tests.iter().map(spell).collect();
            return Ok((Test::Due(tests), format!("due:{}", spelled.join(","))));
        }
        "evidence" => Test::Evidence(
            values
                .iter()
                .map(|v| match *v {
                    "missing" | "缺" | "缺项" => Ok("missing".to_string()),
                    "complete" | "齐" | "齐全" => Ok("complete".to_string()),
                    _ => r
                        .evidence_types
                        .iter()
                        .find(|t| t.code.eq_ignore_ascii_case(v) || named(&t.name, v))
                        .map(|t| t.code.to_string())
                        .ok_or_else(|| {
                            let all: Vec<&str> = r.evidence_types.iter().map(|t| t.code.as_str()).chain(["missing", "complete"]).collect();
                            unknown("证据类型", "evidence type", v, did_you_mean(v, all.iter().copied()), &all.join(", "))
                        }),
                })
                .collect::<Result<_, _>>()?,
        ),
        "text" => Test::Text(values.iter().map(|v| v.to_lowercase()).collect()),
        other => {
            return Err(unknown("查询词", "query word", word, did_you_mean(other, KEYS.iter().copied()), &KEYS.join(": ")));
        }
    };
    Ok((test, plain))
}

fn named(name: &Words, value: &str) -> bool {
    [&name.zh, &name.en].into_iter().flatten().any(|n| n.eq_ignore_ascii_case(value))
}

fn vocab<T: Copy>(value: &str, all: &[T], code: fn(T) -> &'static str, term: fn(T) -> Term, what: (&str, &str)) -> Result<T, Words> {
    let hit =
        all.iter().copied().find(|t| code(*t).eq_ignore_ascii_case(value) || term(*t).0 == value || term(*t).1.eq_ignore_ascii_case(value));
    hit.ok_or_else(|| {
        let codes: Vec<&str> = all.iter().map(|t| code(*t)).collect();
        let near = did_you_mean(value, codes.iter().copied().chain(all.iter().map(|t| term(*t).0)));
        unknown(what.0, what.1, value, near, &codes.join(", "))
    })
}

/// A rule of the lights by its code.
fn reason(value: &str) -> Result<&'static str, Words> {
    CODES
        .iter()
        .copied()
        .find(|c| c.eq_ignore_ascii_case(value))
        .ok_or_else(|| unknown("亮灯规则", "rule of the lights", value, did_you_mean(value, CODES.iter().copied()), &CODES.join(", ")))
}

/// The present id of a department by id, former id, name, former name or abbreviation;
/// a department of the catalogue also by the unit's own body that acts for it.
fn dept(s: &Snapshot, value: &str) -> Result<String, Words> {
    let r = &s.register;
    if matches!(value, "-" | "none" | "无") {
        return Ok(String::new());
    }
    let hit = r.bodies.iter().find(|b| {
        let own = named(&b.name, value) || b.short.as_ref().is_some_and(|n| named(n, value));
        let was = b.was.iter().any(|w| named(&w.name, value) || w.short.as_ref().is_some_and(|n| named(n, value)));
        own || was
            || b.ids()
                .any(|id| id.eq_ignore_ascii_case(value) || id.split_once('-').is_some_and(|(_, tail)| tail.eq_ignore_ascii_case(value)))
    });
    match hit {
        Some(b) => {
            let acts =
                r.bodies[..r.own_bodies].iter().find(|own| r.borrowed && own.acts_for.0.iter().any(|d| r.current(d) == b.id.as_str()));
            Ok(acts.unwrap_or(b).id.to_string())
        }
        None => {
            let names: Vec<&str> = r
                .bodies
                .iter()
                .flat_map(|b| {
                    b.ids().map(|i| i.as_str()).chain(b.short.iter().flat_map(|n| n.zh.as_deref().into_iter().chain(n.en.as_deref())))
                })
                .collect();
            Err(unknown("单位", "department", value, did_you_mean(value, names), ""))
        }
    }
}

fn part(s: &Snapshot, value: &str) -> Result<Vec<String>, Words> {
    let all: Vec<&Part> = s.register.policies.iter().flat_map(|p| &p.policy.parts).collect();
    let hits: Vec<String> = all
        .iter()
        .filter(|p| p.id.eq_ignore_ascii_case(value) || p.id.rsplit('-').next() == Some(value) || named(&p.title, value))
        .map(|p| p.id.to_string())
        .collect();
    if hits.is_empty() {
        let ids: Vec<&str> = all.iter().map(|p| p.id.as_str()).collect();
        return Err(unknown("部分", "part", value, did_you_mean(value, ids.iter().copied()), &ids.join(", ")));
    }
    Ok(hits)
}

fn person(s: &Snapshot, value: &str) -> Result<String, Words> {
    let mut known: Vec<&str> = s.register.plan.iter().filter_map(|p| p.person.as_ref().map(|x| x.as_str())).collect();
    known.extend(["none", "无"]);
    if known.contains(&value) {
        return Ok(value.replace('无', "none"));
    }
    Err(unknown("责任人", "person", value, did_you_mean(value, known), ""))
}

fn bare(s: &Snapshot, word: &str) -> Result<(Test, String), Words> {
    let upper = word.to_ascii_uppercase();
    let r = &s.register;
    let known = |w: &str| {
        r.obligation_index.contains_key(w) || s.roster.find(r, w).is_some() || r.invalid.iter().any(|i| i.id.as_deref() == Some(w))
    };
    let all: Vec<&str> = word.split(',').collect();
    for spelling in [all.iter().map(|w| w.to_string()).collect::<Vec<_>>(), all.iter().map(|w| w.to_ascii_uppercase()).collect()] {
        if spelling.iter().all(|w| known(w)) {
            let shown = spelling.join(",");
            return Ok((Test::Id(spelling), shown));
        }
    }
    if let Ok(parts) = part(s, &upper)
        && upper.contains('-')
    {
        return Ok((Test::Part(parts), format!("part:{upper}")));
    }
    let near = did_you_mean(word, r.obligation_index.keys().map(String::as_str));
    let (zh, en) = near.map_or_else(
        || (format!("；搜文字请写 text:{word}"), format!("; to search the words, write text:{word}")),
        |n| (format!("；是否想写 {n}？"), format!("; did you mean {n}?")),
    );
    Err(words(format!("没有 {word}{zh}"), format!("there is no {word}{en}")))
}

fn spell(t: &DueTest) -> String {
    match t {
        DueTest::None => "none".into(),
        DueTest::Standing => "standing".into(),
        DueTest::Between(a, b) if *a == NaiveDate::MIN => format!("..{b}"),
        DueTest::Between(a, b) if *b == NaiveDate::MAX => format!("{a}.."),
        DueTest::Between(a, b) if a == b => a.to_string(),
        DueTest::Between(a, b) => format!("{a}..{b}"),
    }
}

fn due(value: &str, today: NaiveDate) -> Result<DueTest, Words> {
    let day = |d: NaiveDate, n: i64| {
        if n < 0 { d.checked_sub_days(Days::new(n.unsigned_abs())) } else { d.checked_add_days(Days::new(n.unsigned_abs())) }.unwrap_or(d)
    };
    let end = |v: &str| period(v, today);
    let test = match value {
        "none" | "无" | "未定" => DueTest::None,
        "standing" | "长期坚持" => DueTest::Standing,
        v if v.starts_with("<=") => DueTest::Between(NaiveDate::MIN, end(&v[2..])?.1),
        v if v.starts_with(">=") => DueTest::Between(end(&v[2..])?.0, NaiveDate::MAX),
        v if v.starts_with('<') => DueTest::Between(NaiveDate::MIN, day(end(&v[1..])?.0, -1)),
        v if v.starts_with('>') => DueTest::Between(day(end(&v[1..])?.1, 1), NaiveDate::MAX),
        v => match v.split_once("..") {
            Some((a, b)) => DueTest::Between(
                if a.is_empty() { NaiveDate::MIN } else { end(a)?.0 },
                if b.is_empty() { NaiveDate::MAX } else { end(b)?.1 },
            ),
            None => {
                let (a, b) = end(v)?;
                DueTest::Between(a, b)
            }
        },
    };
    match test {
        DueTest::Between(a, b) if a > b => {
            Err(words(format!("{value} 的起止颠倒，选不出任何事项"), format!("{value} ends before it begins, so it could select nothing")))
        }
        test => Ok(test),
    }
}

/// First and last day of a period word: `2026-11-23`, `2026-11`, `2026Q1`, `2026`, 今天, 本月,
/// 上季度, 下月 … Both ends are included.
///
/// # Errors
/// When the word is no period.
pub fn period(word: &str, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Words> {
    let bad = || {
        words(
            format!("`{word}` 不是日期或期间；可写 2026-11-23、2026-11、2026Q1、2026、本月、上季度"),
            format!("`{word}` is neither a date nor a period; write 2026-11-23, 2026-11, 2026Q1, 2026, this-month, last-quarter"),
        )
    };
    if let Ok(day) = crate::model::time::parse_date(word) {
        return Ok((day, day));
    }
    let months = |first: NaiveDate, n: u32| Some((first, first.checked_add_months(Months::new(n))?.pred_opt()?));
    let month = |y: i32, m: i32, n: u32| {
        let index = y * 12 + m - 1;
        NaiveDate::from_ymd_opt(index.div_euclid(12), index.rem_euclid(12) as u32 + 1, 1).and_then(|d| months(d, n))
    };
    let (y, m) = (today.year(), today.month() as i32);
    let quarter = (m - 1) / 3 * 3 + 1;
    let found = match word.to_lowercase().as_str() {
        "今天" | "today" => Some((today, today)),
        "本月" | "this-month" => month(y, m, 1),
        "上月" | "last-month" => month(y, m - 1, 1),
        "下月" | "next-month" => month(y, m + 1, 1),
        "本季" | "本季度" | "this-quarter" => month(y, quarter, 3),
        "上季" | "上季度" | "last-quarter" => month(y, quarter - 3, 3),
        "下季" | "下季度" | "next-quarter" => month(y, quarter + 3, 3),
        "本年" | "今年" | "this-year" => month(y, 1, 12),
        "上年" | "去年" | "last-year" => month(y - 1, 1, 12),
        "下年" | "明年" | "next-year" => month(y + 1, 1, 12),
        w if w.len() == 7 && w.as_bytes()[4] == b'-' => crate::model::time::parse_date(&format!("{w}-01")).ok().and_then(|d| months(d, 1)),
        w if w.len() == 6 && w.as_bytes()[4] == b'q' => match (w[..4].parse(), w[5..].parse::<i32>()) {
            (Ok(y), Ok(q @ 1..=4)) => month(y, q * 3 - 2, 3),
            _ => None,
        },
        w if w.len() == 4 => w.parse().ok().and_then(|y| month(y, 1, 12)),
        _ => None,
    };
    found.ok_or_else(bad)
}

impl Test {
    fn matches(&self, s: &Snapshot, duty: usize, whole: bool) -> bool {
        let d = &s.roster.duties[duty];
        let o = &s.register.obligations[d.obligation as usize];
        let state = &s.folded.states[duty];
        let plan = d.plan.map(|p| &s.register.plan[p as usize]);
        match self {
            Test::Dept(ids) => ids.iter().any(|id| d.dept.as_ref().map_or(id.is_empty(), |x| s.register.current(x) == id)),
            Test::Sector(codes) => codes.iter().any(|c| {
                o.reaches.iter().any(|x| x.as_str() == c) || o.reaches.is_empty() && o.sector.as_ref().is_some_and(|x| x.as_str() == c)
            }),
            Test::Part(ids) => ids.iter().any(|p| o.id.part() == p),
            Test::Policy(codes) => codes.iter().any(|p| o.id.policy() == p),
            Test::Tier(tiers) => tiers.iter().any(|t| t.map_or(o.tier.bearer.0.is_empty(), |t| o.tier.bearer.0.contains(&t))),
            Test::Person(posts) => posts.iter().any(|p| plan.and_then(|x| x.person.as_ref()).map_or(p == "none", |x| x.as_str() == p)),
            Test::Status(all) => all.contains(if whole { &s.folded.obligations[d.obligation as usize].0 } else { &state.status }),
            Test::Light(all) => all.contains(if whole { &s.folded.obligations[d.obligation as usize].1 } else { &state.light }),
            Test::Reason(codes) => codes.iter().any(|c| state.reasons.contains(c)),
            Test::Support(ids) => {
                let supports = &s.roster.owners[d.obligation as usize].support;
                ids.iter().any(|id| supports.iter().any(|x| s.register.current(x) == id) || supports.is_empty() && id.is_empty())
            }
            Test::Kind(all) => all.contains(&o.kind),
            Test::Due(all) => all.iter().any(|t| match (t, state.due) {
                (DueTest::None, due) => due.is_none(),
                (DueTest::Standing, due) => due == Some(Due::Standing),
                (DueTest::Between(a, b), Some(Due::On(day))) => *a <= day && day <= *b,
                _ => false,
            }),
            Test::Evidence(all) => all.iter().any(|v| {
                let complete = o.evidence.iter().filter(|e| e.required).all(|e| state.evidence.has(e.kind.as_str()));
                match v.as_str() {
                    "missing" => !complete,
                    "complete" => complete,
                    code => o.evidence.iter().any(|e| e.kind.as_str() == code),
                }
            }),
            Test::Text(all) => all.iter().any(|v| {
                let texts = [Some(&o.title), Some(&o.requirement), o.practice.as_ref(), o.section.as_ref()];
                o.id.to_lowercase().contains(v)
                    || texts.into_iter().flatten().any(|w| w.contains(v))
                    || o.note.as_ref().is_some_and(|n| n.to_lowercase().contains(v))
            }),
            Test::Id(ids) => ids.iter().any(|id| {
                o.id.as_str() == id || s.roster.full_id(&s.register, duty) == *id || s.roster.find(&s.register, id) == Some(duty)
            }),
        }
    }
}
