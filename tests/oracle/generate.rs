//! Small worlds with small histories, from a seed.
//!
//! A history is mostly what officers would do: a rough memory of each assignment's status picks
//! the next entry. Now and then it goes wrong on purpose: an unlawful entry, a correction, a
//! withdrawal, a ring of corrections, two writers in the same millisecond. The memory is not told
//! about most of that, so that later entries also go wrong in ways nobody planned.

use super::{Due, Line, Ob, Plan, Thresholds, World};
use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const DEPTS: [&str; 4] = ["DEP-A", "DEP-B", "DEP-C", "DEP-D"];
/// Supports every obligation and leads none: the voice behind `via`.
const SUPPORT: &str = "DEP-E";
const KINDS: [&str; 6] = ["principle", "organisation", "action", "build", "prohibition", "outcome"];
const EVIDENCE: [&str; 5] = ["stat-report", "inspection", "minutes", "policy-doc", "ledger"];
const EVENTS: [&str; 20] = [
    "start", "progress", "apply", "return", "accept", "review", "measure", "inspect", "regress", "reopen", "suspend", "resume", "exempt",
    "restore", "extend", "block", "unblock", "breach", "remedy", "attest",
];
const MINUTE: i64 = 60_000;
const DAY: i64 = 1440 * MINUTE;

/// A world, a history for it (sorted by file and `seq`), and six dates to look at it from.
pub fn world_and_history(seed: u64) -> (World, Vec<Line>, Vec<NaiveDate>) {
    let mut dice = Dice(seed);
    let world = world(&mut dice);
    let mut scribe = Scribe::new(world, dice);
    scribe.write_history();
    let dates = scribe.as_of_dates();
    let mut lines = scribe.lines;
    lines.sort_by_key(|line| (line.file.clone(), line.value["seq"].as_i64()));
    (scribe.world, lines, dates)
}

// ---------------------------------------------------------------------------------------------
// Dice

/// splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 … n-1.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// from … to, both included.
    fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1) as usize) as i64
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// One of the words, each with its weight.
    fn weigh<'a>(&mut self, words: &[(&'a str, usize)]) -> &'a str {
        let mut left = self.below(words.iter().map(|(_, w)| w).sum());
        for (word, weight) in words {
            if left < *weight {
                return word;
            }
            left -= weight;
        }
        unreachable!("the weights were summed")
    }

    /// 22 characters as a base64url digest would have them.
    fn h(&mut self) -> String {
        const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        (0..22).map(|_| SIGNS[self.below(64)] as char).collect()
    }
}

// ---------------------------------------------------------------------------------------------
// Worlds

fn world(dice: &mut Dice) -> World {
    let zone_minutes = if dice.percent(88) { 480 } else { dice.pick(&[0, 330, -300]) };
    let listed = plus(day(2026, 1, 5), dice.between(0, 300));
    let mut thresholds = Thresholds::default();
    if dice.percent(15) {
        thresholds.near_days = dice.between(5, 20);
        thresholds.accept_days = dice.between(3, 20);
        thresholds.behind_red = dice.between(20, 40);
        thresholds.stale_grace_days = dice.between(0, 10);
    }
    let mut evidence_max_age = BTreeMap::new();
    evidence_max_age.insert("stat-report".to_string(), dice.between(1, 2) as u32);
    evidence_max_age.insert("inspection".to_string(), 2);
    if dice.percent(30) {
        evidence_max_age.insert(dice.pick(&["minutes", "ledger"]).to_string(), 1);
    }

    let count = dice.between(2, 6).min(dice.between(2, 6)) as usize;
    // An obligation may require those of a lower rank: no cycles, and no order of ids either.
    let mut rank: Vec<usize> = (0..count).collect();
    for i in (1..count).rev() {
        rank.swap(i, dice.below(i + 1));
    }
    let mut obligations = Vec::new();
    for i in 0..count {
        let mut requires = Vec::new();
        let mut other_needs = Vec::new();
        for j in 0..count {
            if rank[j] < rank[i] && dice.percent(35) {
                requires.push(id(j));
            } else if j != i && rank[j] < rank[i] && dice.percent(15) {
                other_needs.push((id(j), dice.pick(&["supports", "feeds"]).to_string()));
            }
        }
        obligations.push(obligation(dice, i, listed, requires, other_needs));
    }
    World { zone_minutes, listed, thresholds, evidence_max_age, obligations }
}

fn id(index: usize) -> String {
    format!("TST-1.{:02}", index + 1)
}

fn obligation(dice: &mut Dice, index: usize, listed: NaiveDate, requires: Vec<String>, other_needs: Vec<(String, String)>) -> Ob {
    let kind = if index == 0 && dice.percent(30) { "prohibition" } else { dice.pick(&KINDS) };
    let recurrence = match kind {
        "outcome" => dice.pick(&["continuous", "build-then-operate"]),
        "prohibition" => dice.pick(&["continuous", "continuous", "one-off"]),
        _ => dice.pick(&["one-off", "build-then-operate", "continuous"]),
    };
    let review = match dice.weigh(&[("monthly", 40), ("quarterly", 25), ("half-yearly", 10), ("annual", 10), ("", 15)]) {
        "" => None,
        cycle => Some(cycle.to_string()),
    };

    let mut depts: Vec<&str> = DEPTS.to_vec();
    for i in (1..depts.len()).rev() {
        depts.swap(i, dice.below(i + 1));
    }
    // The first obligation always has a lead, so that the plan is never empty.
    let lead_count = if index > 0 && dice.percent(10) { 0 } else { [1, 1, 1, 1, 1, 1, 2, 2, 3][dice.below(9)] };
    let leads: Vec<String> = depts[..lead_count].iter().map(|d| d.to_string()).collect();
    let mut former = Vec::new();
    if !leads.is_empty() && dice.percent(25) {
        let to = plus(listed, dice.between(10, 250));
        former.push((depts[lead_count].to_string(), month_end_sometimes(dice, to)));
    }

    let mut required_evidence: Vec<String> = Vec::new();
    for _ in 0..[0, 1, 1, 1, 2][dice.below(5)] {
        let kind = dice.pick(&EVIDENCE).to_string();
        if !required_evidence.contains(&kind) {
            required_evidence.push(kind);
        }
    }

    let mut plan = BTreeMap::new();
    for (n, lead) in leads.iter().enumerate() {
        if (index == 0 && n == 0) || dice.percent(85) {
            plan.insert(lead.clone(), a_plan(dice, listed));
        }
    }
    Ob {
        id: id(index),
        kind: kind.to_string(),
        recurrence: recurrence.to_string(),
        review,
        leads,
        former,
        requires,
        other_needs,
        required_evidence,
        plan,
    }
}

fn a_plan(dice: &mut Dice, listed: NaiveDate) -> Plan {
    let begin = plus(listed, dice.between(-30, 120));
    let begin = month_end_sometimes(dice, begin);
    let end = match dice.below(100) {
        0..6 => plus(begin, dice.between(-5, 0)),
        // Lengths at which a percentage can be exactly as far behind as a rule says.
        6..40 => plus(begin, dice.pick(&[10, 20, 50, 100, 200])),
        _ => {
            let end = plus(begin, dice.between(1, 240));
            month_end_sometimes(dice, end)
        }
    };
    Plan {
        start: if dice.percent(70) { Some(begin) } else { None },
        due: match dice.below(100) {
            0..70 => Some(Due::Date(end)),
            70..82 => Some(Due::Standing),
            _ => None,
        },
    }
}

// ---------------------------------------------------------------------------------------------
// Histories

/// What an entry says, before it is written down.
#[derive(Clone, Default)]
struct Words {
    event: String,
    via: Option<String>,
    agreed: Option<String>,
    percent: Option<i64>,
    day: Option<NaiveDate>,
    until: Option<String>,
    note: Option<String>,
    issues: Option<String>,
    reason: Option<String>,
    refers: Option<String>,
    nil: bool,
    release: Option<String>,
    evidence: Vec<(String, NaiveDate)>,
}

/// A rough memory of one assignment; corrections make it wrong, and that is fine.
#[derive(Clone)]
struct Memory {
    status: &'static str,
    percent: i64,
    blocks: Vec<String>,
    breaches: Vec<String>,
    applicant: String,
}

/// An entry already written.
#[derive(Clone)]
struct Written {
    h: String,
    duty: String,
    dept: String,
    fixer: bool,
    words: Words,
}

type Key = (String, String);

struct Scribe {
    world: World,
    dice: Dice,
    /// Milliseconds since 1970.
    clock: i64,
    first_day: NaiveDate,
    last_writer: String,
    memory: BTreeMap<Key, Memory>,
    /// What the memory of an assignment was before its newest uncorrected entry.
    before: BTreeMap<Key, (String, Memory)>,
    written: Vec<Written>,
    next_seq: BTreeMap<String, i64>,
    lines: Vec<Line>,
    /// Dates worth looking from.
    pool: Vec<NaiveDate>,
}

impl Scribe {
    fn new(world: World, mut dice: Dice) -> Scribe {
        let mut memory = BTreeMap::new();
        let mut pool = vec![plus(world.listed, 30), plus(world.listed, 31)];
        for ob in &world.obligations {
            for lead in &ob.leads {
                let fresh =
                    Memory { status: "not-started", percent: 0, blocks: Vec::new(), breaches: Vec::new(), applicant: String::new() };
                memory.insert((ob.id.clone(), lead.clone()), fresh);
            }
            for plan in ob.plan.values() {
                pool.extend(plan.start);
                if let Some(Due::Date(due)) = plan.due {
                    pool.extend([due, plus(due, 1), plus(due, -14), plus(due, -15)]);
                }
            }
            pool.extend(ob.former.iter().map(|(_, to)| *to));
        }
        let first_day = plus(world.listed, dice.between(0, 60));
        Scribe {
            world,
            dice,
            clock: millis(first_day) + 2 * 60 * MINUTE,
            first_day,
            last_writer: String::new(),
            memory,
            before: BTreeMap::new(),
            written: Vec::new(),
            next_seq: BTreeMap::new(),
            lines: Vec::new(),
            pool,
        }
    }

    fn write_history(&mut self) {
        let keys: Vec<Key> = self.memory.keys().cloned().collect();
        let busy: Vec<Key> = (0..self.dice.between(1, 4)).map(|_| self.dice.pick(&keys)).collect();
        // From none to forty, long ones a little more often.
        let count = self.dice.below(41).max(self.dice.below(41).min(self.dice.below(41)));
        while self.lines.len() < count {
            let key = if self.dice.percent(88) { self.dice.pick(&busy) } else { self.dice.pick(&keys) };
            let chance = self.dice.below(100);
            if chance < 15 && !self.written.is_empty() {
                self.write_correction(&key);
            } else if chance < 17 && self.lines.len() + 3 <= count {
                self.write_ring(&key);
            } else if chance < 19 {
                self.write_as_a_stranger(&key);
            } else {
                self.write_ordinary(&key);
            }
        }
    }

    // -- the clock

    fn today(&self) -> NaiveDate {
        let local = self.clock + self.world.zone_minutes as i64 * MINUTE;
        plus(day(1970, 1, 1), local.div_euclid(DAY))
    }

    /// Sometimes not at all, mostly some days; hours near midnight are liked.
    fn let_time_pass(&mut self) -> bool {
        match self.dice.below(100) {
            0..12 => return false,
            12..30 => self.clock += self.dice.between(1, 90) * MINUTE + self.dice.between(0, 999),
            how_long => {
                let days = match how_long {
                    30..65 => self.dice.between(1, 6),
                    65..92 => self.dice.between(7, 35),
                    _ => self.dice.between(36, 130),
                };
                let mut target = plus(self.today(), days);
                if self.dice.percent(12) {
                    target = month_end(target);
                }
                let time = self.dice.pick(&[
                    0,
                    1,
                    30 * MINUTE,
                    7 * 60 * MINUTE + 59 * MINUTE,
                    8 * 60 * MINUTE,
                    9 * 60 * MINUTE + 15 * MINUTE + 250,
                    16 * 60 * MINUTE + 5 * MINUTE,
                    23 * 60 * MINUTE + 45 * MINUTE,
                    DAY - 1,
                ]);
                let local = millis(target) + time;
                self.clock = local - self.world.zone_minutes as i64 * MINUTE;
            }
        }
        true
    }

    // -- kinds of writing

    fn write_ordinary(&mut self, key: &Key) {
        let moved = self.let_time_pass();
        let ob = self.ob(key);
        let dept = self.dept_for(&ob, key);
        let event = self.likely_event(&ob, key);
        let mut words = self.fill(&event, &ob, key);
        let wrong = self.dice.percent(7);
        if wrong {
            self.spoil(&mut words);
        }
        let writer = self.writer_for(&words, &dept, key, moved);
        let h = self.put(&writer, &ob.id, &dept, words.clone(), None);
        let memory = self.memory[key].clone();
        self.before.insert(key.clone(), (h.clone(), memory));
        if !wrong {
            self.remember(key, &ob, &h, &words, &writer);
        }
    }

    /// A body that has no say, a late former lead, or an obligation nobody knows.
    fn write_as_a_stranger(&mut self, key: &Key) {
        let moved = self.let_time_pass();
        let ob = self.ob(key);
        let words = self.fill("attest", &ob, key);
        let (duty, dept) = if self.dice.percent(30) {
            ("TST-1.99".to_string(), key.1.clone())
        } else {
            (key.0.clone(), self.dice.pick(&DEPTS).to_string())
        };
        let writer = self.writer_for(&words, &dept, key, moved);
        self.put(&writer, &duty, &dept, words, None);
    }

    fn write_correction(&mut self, key: &Key) {
        let moved = self.let_time_pass();
        let target = self.something_to_correct(key);
        let holder = (target.duty.clone(), self.lead_behind(&target.duty, &target.dept));
        let known = self.memory.contains_key(&holder);
        let ob = if known { self.ob(&holder) } else { self.ob(key) };
        let state_key = if known { holder } else { key.clone() };

        let mut words = if self.dice.percent(32) {
            Words { event: "void".to_string(), reason: Some("wrong".to_string()), ..Words::default() }
        } else if target.words.event == "void" || self.dice.percent(15) {
            let event = self.likely_event(&ob, &state_key);
            self.fill(&event, &ob, &state_key)
        } else {
            self.reword(&target.words, &ob)
        };
        if self.dice.percent(8) {
            self.spoil(&mut words);
        }
        let (mut fixes, mut duty, mut dept) = (target.h.clone(), target.duty.clone(), target.dept.clone());
        match self.dice.below(100) {
            0..4 => fixes = self.dice.h(),
            4..7 => duty = self.dice.pick(&self.world.obligations).id,
            7..10 => dept = self.dice.pick(&DEPTS).to_string(),
            _ => {}
        }
        let writer = self.writer_for(&words, &dept, &state_key, moved);
        let voided = words.event == "void";
        self.put(&writer, &duty, &dept, words, Some(fixes.clone()));
        if voided
            && let Some((h, memory)) = self.before.get(&state_key).cloned()
            && h == fixes
        {
            self.memory.insert(state_key, memory);
        }
    }

    fn write_ring(&mut self, key: &Key) {
        let ob = self.ob(key);
        let dept = self.dept_for(&ob, key);
        let size = self.dice.between(1, 3) as usize;
        let hs: Vec<String> = (0..size).map(|_| self.dice.h()).collect();
        for n in 0..size {
            let moved = self.let_time_pass();
            let event = if self.dice.percent(25) { "void".to_string() } else { self.likely_event(&ob, key) };
            let words = self.fill(&event, &ob, key);
            let writer = self.writer_for(&words, &dept, key, moved);
            let fixes = Some(hs[(n + 1) % size].clone());
            self.put_as(hs[n].clone(), &writer, &ob.id, &dept, words, fixes);
        }
    }

    /// Mostly something of the assignment at hand, mostly recent, often a correction itself.
    fn something_to_correct(&mut self, key: &Key) -> Written {
        let mut from: Vec<Written> =
            self.written.iter().filter(|w| w.duty == key.0 && self.lead_behind(&w.duty, &w.dept) == key.1).cloned().collect();
        if from.is_empty() || self.dice.percent(10) {
            from = self.written.clone();
        }
        let fixers: Vec<Written> = from.iter().filter(|w| w.fixer).cloned().collect();
        if !fixers.is_empty() && self.dice.percent(45) {
            from = fixers;
        }
        let recent = from.len().min(4);
        if self.dice.percent(75) { self.dice.pick(&from[from.len() - recent..]) } else { self.dice.pick(&from) }
    }

    // -- who and what

    fn ob(&self, key: &Key) -> Ob {
        self.world.obligations.iter().find(|ob| ob.id == key.0).expect("a known obligation").clone()
    }

    fn dept_for(&mut self, ob: &Ob, key: &Key) -> String {
        if ob.leads.first() == Some(&key.1) {
            for (dept, to) in &ob.former {
                let chance = if self.today() <= *to { 60 } else { 8 };
                if self.dice.percent(chance) {
                    return dept.clone();
                }
            }
        }
        key.1.clone()
    }

    fn lead_behind(&self, duty: &str, dept: &str) -> String {
        match self.world.obligations.iter().find(|ob| ob.id == duty) {
            Some(ob) if ob.former.iter().any(|(former, _)| former == dept) => ob.leads[0].clone(),
            _ => dept.to_string(),
        }
    }

    /// `post` plus four characters. Another one than last time where the clock stood still.
    fn writer_for(&mut self, words: &Words, dept: &str, key: &Key, moved: bool) -> String {
        let letter = dept[4..].to_lowercase();
        if words.via.is_some() {
            return "support-e-6fff".to_string();
        }
        let applicant = self.memory.get(key).map(|m| m.applicant.clone()).unwrap_or_default();
        let names = match words.event.as_str() {
            "accept" | "return" if self.dice.percent(90) => [format!("approver-{letter}-3ccc"), "supervisor-jc-5eee".to_string()],
            "accept" if !applicant.is_empty() => [format!("{applicant}-1aaa"), format!("{applicant}-9zzz")],
            "regress" | "reopen" => ["supervisor-jc-5eee".to_string(), "supervisor-jc-0abc".to_string()],
            _ => [
                [format!("officer-{letter}-1aaa"), format!("officer-{letter}-9zzz")],
                [format!("officer-{letter}-1aaa"), format!("clerk-{letter}-2bbb")],
            ][self.dice.below(2)]
            .clone(),
        };
        let [one, other] = names;
        let (first, second) = if self.dice.percent(60) { (one, other) } else { (other, one) };
        // One time in ten the same writer writes twice in the same instant: `seq` decides.
        if !moved && first == self.last_writer && self.dice.percent(90) { second } else { first }
    }

    fn likely_event(&mut self, ob: &Ob, key: &Key) -> String {
        if self.dice.percent(6) {
            return self.dice.pick(&EVENTS).to_string();
        }
        let memory = self.memory[key].clone();
        let prohibition = ob.kind == "prohibition";
        let outcome = ob.kind == "outcome";
        let yes = |condition: bool, weight: usize| if condition { weight } else { 0 };
        let blocked = !memory.blocks.is_empty();
        let breached = !memory.breaches.is_empty();
        let weights = match memory.status {
            "not-started" => vec![
                ("start", yes(!prohibition, 60)),
                ("inspect", yes(prohibition, 40) + 2),
                ("measure", 2),
                ("suspend", 6),
                ("exempt", 5),
                ("extend", 6),
                ("block", 7),
                ("unblock", yes(blocked, 12)),
                ("breach", yes(prohibition, 10)),
                ("remedy", yes(breached, 12)),
                ("attest", 3),
            ],
            "in-progress" => vec![
                ("progress", 26),
                ("apply", yes(!outcome, 26)),
                ("measure", yes(outcome, 24) + 2),
                ("inspect", 3),
                ("suspend", 5),
                ("exempt", 3),
                ("extend", 8),
                ("block", 9),
                ("unblock", yes(blocked, 16)),
                ("breach", yes(prohibition, 8)),
                ("remedy", yes(breached, 12)),
                ("attest", 3),
            ],
            "submitted" => vec![("accept", 50), ("return", 14), ("progress", 8), ("measure", 3), ("attest", 3)],
            "operating" => vec![
                ("review", 28),
                ("measure", 12),
                ("inspect", 12),
                ("regress", 13),
                ("exempt", 5),
                ("progress", 8),
                ("breach", yes(prohibition, 16)),
                ("remedy", yes(breached, 20)),
                ("attest", 3),
            ],
            "closed" => vec![("reopen", 30), ("attest", 12), ("measure", 8), ("inspect", 8)],
            "suspended" => {
                vec![("resume", 50), ("attest", 6), ("measure", 6), ("breach", yes(prohibition, 8))]
            }
            _ => vec![("restore", 50), ("attest", 3), ("remedy", yes(breached, 10))],
        };
        self.dice.weigh(&weights).to_string()
    }

    /// All that the event needs, and some of what it may have.
    fn fill(&mut self, event: &str, ob: &Ob, key: &Key) -> Words {
        let today = self.today();
        let memory = self.memory[key].clone();
        let mut words = Words { event: event.to_string(), ..Words::default() };
        let plan_has_due = ob.plan.get(&key.1).is_some_and(|plan| plan.due.is_some());
        match event {
            "start" => {
                words.until = match self.dice.below(100) {
                    0..45 => Some(self.coming_date()),
                    45..55 => Some("standing".to_string()),
                    _ if plan_has_due || self.dice.percent(10) => None,
                    _ => Some(self.coming_date()),
                };
                let kind = self.dice.pick(&["minutes", "policy-doc", "circular"]);
                self.attach(&mut words, kind);
            }
            "progress" => {
                if self.dice.percent(75) {
                    words.percent = Some(match self.expected_percent(ob, key) {
                        Some(expected) if self.dice.percent(60) => {
                            let behind = self.dice.pick(&[0, 9, 10, 11, 20, 29, 30, 31, 40]);
                            (expected - behind).clamp(0, 100)
                        }
                        _ => (memory.percent + self.dice.between(0, 30)).min(100),
                    });
                } else {
                    words.nil = true;
                }
                if self.dice.percent(20) {
                    words.via = Some(SUPPORT.to_string());
                }
                if self.dice.percent(30) {
                    let kind = self.dice.pick(&EVIDENCE);
                    self.attach(&mut words, kind);
                }
            }
            "apply" => {
                words.agreed = Some(self.consent(&key.1));
                for kind in &ob.required_evidence {
                    if self.dice.percent(88) {
                        self.attach(&mut words, kind);
                    }
                }
            }
            "return" => words.reason = Some("incomplete".to_string()),
            "accept" => {
                if self.dice.percent(40) {
                    words.until = Some(self.coming_date());
                }
                if self.dice.percent(if ob.requires.is_empty() { 3 } else { 55 }) {
                    words.release = Some("cannot wait".to_string());
                }
            }
            "review" | "measure" | "inspect" => {
                let kind = match event {
                    "measure" => "stat-report",
                    "inspect" => "inspection",
                    _ => self.dice.pick(&EVIDENCE),
                };
                let required = self.dice.percent(40) && !ob.required_evidence.is_empty();
                let kind = if required { self.dice.pick(&ob.required_evidence) } else { kind.to_string() };
                self.attach(&mut words, &kind);
                if self.dice.percent(30) {
                    words.until = Some(self.coming_date());
                }
            }
            "regress" | "reopen" => {
                words.reason = Some("slipped back".to_string());
                words.until = Some(self.coming_date());
                if self.dice.percent(50) {
                    let kind = self.dice.pick(&EVIDENCE);
                    self.attach(&mut words, kind);
                }
            }
            "suspend" => {
                words.agreed = Some(self.consent(&key.1));
                words.until = Some(self.coming_date());
            }
            "exempt" | "extend" => {
                words.agreed = Some(self.consent(&key.1));
                words.reason = Some("as approved".to_string());
                words.until = Some(self.coming_date());
            }
            "restore" => {
                words.agreed = Some(self.consent(&key.1));
                words.reason = Some("applies again".to_string());
            }
            "block" => {
                words.issues = Some("no data link".to_string());
                if self.dice.percent(60) {
                    words.until = Some(self.coming_date());
                }
            }
            "unblock" | "remedy" => {
                let open = if event == "unblock" { &memory.blocks } else { &memory.breaches };
                words.refers = if open.is_empty() {
                    self.written.last().map(|w| w.h.clone())
                } else {
                    let h = self.dice.pick(open);
                    Some(self.another_name(&h))
                };
            }
            "breach" => {
                if self.dice.percent(50) {
                    words.issues = Some("a case was found".to_string());
                } else {
                    words.note = Some("a case was found".to_string());
                }
            }
            "attest" | "void" => words.reason = Some("read".to_string()),
            _ => {}
        }
        if self.dice.percent(20) {
            words.note.get_or_insert("for the record".to_string());
        }
        if self.dice.percent(20) {
            words.day = Some(plus(today, -self.dice.between(0, 40)));
        }
        words
    }

    /// How far the plan says the work is today.
    fn expected_percent(&self, ob: &Ob, key: &Key) -> Option<i64> {
        let plan = ob.plan.get(&key.1)?;
        let (start, Due::Date(due)) = (plan.start?, plan.due?) else {
            return None;
        };
        let planned = (due - start).num_days();
        if planned <= 0 {
            return None;
        }
        Some((100 * (self.today() - start).num_days() / planned).clamp(0, 100))
    }

    /// Sometimes a correction's `h` instead of that of the entry it corrects.
    fn another_name(&mut self, h: &str) -> String {
        let fixers: Vec<String> = self
            .lines
            .iter()
            .filter(|line| line.value.get("fixes").and_then(Value::as_str) == Some(h))
            .map(|line| line.value["h"].as_str().unwrap_or_default().to_string())
            .collect();
        if !fixers.is_empty() && self.dice.percent(60) { self.dice.pick(&fixers) } else { h.to_string() }
    }

    /// The same event in other words.
    fn reword(&mut self, old: &Words, ob: &Ob) -> Words {
        let mut words = old.clone();
        if words.until.is_some() && self.dice.percent(70) {
            words.until = Some(self.coming_date());
        }
        if let Some(percent) = words.percent {
            words.percent = Some((percent + self.dice.between(-20, 20)).clamp(0, 100));
        }
        if self.dice.percent(30) {
            words.day = Some(plus(self.today(), -self.dice.between(0, 60)));
        }
        if !words.evidence.is_empty() {
            match self.dice.below(4) {
                0 => words.evidence.clear(),
                1 => {
                    let mut kinds: Vec<String> = ob.required_evidence.clone();
                    kinds.extend(EVIDENCE.iter().map(|k| k.to_string()));
                    let kind = self.dice.pick(&kinds);
                    self.attach(&mut words, &kind);
                }
                2 => {
                    let date = self.evidence_date();
                    words.evidence[0].1 = date;
                }
                _ => {}
            }
        }
        if words.event == "block" && self.dice.percent(20) {
            words.until = None;
        }
        words.note = Some("corrected".to_string());
        words
    }

    /// Takes one thing away, or makes it a wrong one.
    fn spoil(&mut self, words: &mut Words) {
        match self.dice.below(7) {
            0 => words.reason = None,
            1 => words.agreed = None,
            2 => words.until = None,
            3 => words.until = Some("standing".to_string()),
            4 => words.evidence.clear(),
            5 => words.refers = Some(self.dice.h()),
            _ => words.event = self.dice.pick(&EVENTS).to_string(),
        }
    }

    fn consent(&mut self, dept: &str) -> String {
        let letter = dept[4..].to_lowercase();
        let name = if self.dice.percent(88) { "head" } else { "approver" };
        format!("{name}-{letter}")
    }

    fn attach(&mut self, words: &mut Words, kind: &str) {
        let date = self.evidence_date();
        words.evidence.push((kind.to_string(), date));
    }

    fn evidence_date(&mut self) -> NaiveDate {
        let today = self.today();
        if self.dice.percent(6) {
            return plus(today, self.dice.between(1, 40));
        }
        let ago = self.dice.pick(&[0, 0, 0, 1, 5, 20, 28, 30, 31, 59, 61, 90, 92, 181, 365]);
        let date = plus(today, -ago);
        if self.dice.percent(10) { month_end(month_later(date, -1)) } else { date }
    }

    fn coming_date(&mut self) -> String {
        let ahead = self.dice.between(1, 120);
        let date = plus(self.today(), ahead);
        let date = month_end_sometimes(&mut self.dice, date);
        text(date)
    }

    fn remember(&mut self, key: &Key, ob: &Ob, h: &str, words: &Words, writer: &str) {
        let memory = self.memory.get_mut(key).expect("a known assignment");
        let by = writer[..writer.len() - 5].to_string();
        match (words.event.as_str(), memory.status) {
            ("start", "not-started") if ob.kind != "prohibition" => memory.status = "in-progress",
            ("apply", "in-progress") if ob.kind != "outcome" => {
                memory.status = "submitted";
                memory.applicant = by;
            }
            ("return", "submitted") => memory.status = "in-progress",
            ("accept", "submitted") if by != memory.applicant => {
                let closes = ob.recurrence == "one-off" && ob.kind != "prohibition";
                memory.status = if closes { "closed" } else { "operating" };
            }
            ("measure", "in-progress") if ob.kind == "outcome" => memory.status = "operating",
            ("inspect", "not-started") if ob.kind == "prohibition" => memory.status = "operating",
            ("regress", "operating") | ("reopen", "closed") | ("resume", "suspended") => {
                memory.status = "in-progress";
            }
            ("suspend", "not-started" | "in-progress") => memory.status = "suspended",
            ("exempt", "not-started" | "in-progress" | "operating") => {
                memory.status = "not-applicable";
            }
            ("restore", "not-applicable") => {
                memory.status = "not-started";
                memory.blocks.clear();
                memory.breaches.clear();
            }
            ("block", "not-started" | "in-progress") => memory.blocks.push(h.to_string()),
            ("unblock", _) => memory.blocks.retain(|b| Some(b) != words.refers.as_ref()),
            ("breach", _) => memory.breaches.push(h.to_string()),
            ("remedy", _) => memory.breaches.retain(|b| Some(b) != words.refers.as_ref()),
            _ => {}
        }
        if let Some(percent) = words.percent {
            memory.percent = percent;
        }
    }

    // -- writing down

    fn put(&mut self, writer: &str, duty: &str, dept: &str, words: Words, fixes: Option<String>) -> String {
        let h = self.dice.h();
        self.put_as(h, writer, duty, dept, words, fixes)
    }

    fn put_as(&mut self, h: String, writer: &str, duty: &str, dept: &str, words: Words, fixes: Option<String>) -> String {
        let today = self.today();
        let file = format!("log/{dept}/{:04}-{:02}.{writer}.jsonl", today.year(), today.month());
        let seq = self.next_seq.entry(file.clone()).or_insert(0);
        *seq += 1;
        let seq = *seq;
        let offset = if self.dice.percent(75) { self.world.zone_minutes } else { self.dice.pick(&[0, 480, 540, 330, -210, -480]) };

        // Fields in the order of the format.
        let mut value = Map::new();
        let mut say = |name: &str, what: Option<Value>| {
            if let Some(what) = what {
                value.insert(name.to_string(), what);
            }
        };
        say("seq", Some(json!(seq)));
        say("at", Some(json!(written_time(self.clock, offset))));
        say("by", Some(json!(writer[..writer.len() - 5])));
        say("dept", Some(json!(dept)));
        say("duty", Some(json!(duty)));
        say("via", words.via.clone().map(Value::from));
        say("event", Some(json!(words.event)));
        say("agreed", words.agreed.clone().map(Value::from));
        say("percent", words.percent.map(Value::from));
        say("day", words.day.map(|d| json!(text(d))));
        say("until", words.until.clone().map(Value::from));
        say("note", words.note.clone().map(Value::from));
        say("issues", words.issues.clone().map(Value::from));
        say("reason", words.reason.clone().map(Value::from));
        say("ref", words.refers.clone().map(Value::from));
        say("nil", if words.nil { Some(json!(true)) } else { None });
        say("release", words.release.clone().map(Value::from));
        if !words.evidence.is_empty() {
            let items: Vec<Value> =
                words.evidence.iter().map(|(kind, date)| json!({"type": kind, "name": "a paper", "date": text(*date)})).collect();
            say("evidence", Some(Value::Array(items)));
        }
        say("fixes", fixes.clone().map(Value::from));
        say("h", Some(json!(h)));

        self.note_dates(duty, &words);
        self.written.push(Written { h: h.clone(), duty: duty.to_string(), dept: dept.to_string(), fixer: fixes.is_some(), words });
        self.lines.push(Line { file, writer: writer.to_string(), value: Value::Object(value) });
        self.last_writer = writer.to_string();
        h
    }

    // -- where to look from

    fn note_dates(&mut self, duty: &str, words: &Words) {
        let today = self.today();
        self.pool.extend([today, plus(today, 15)]);
        self.pool.extend(words.day);
        if let Some(until) = &words.until
            && let Ok(until) = NaiveDate::parse_from_str(until, "%Y-%m-%d")
        {
            self.pool.extend([until, plus(until, 1), plus(until, 30), plus(until, 31)]);
        }
        let review = self.world.obligations.iter().find(|o| o.id == duty).and_then(|o| o.review.clone());
        if let Some(cycle) = review {
            let months = match cycle.as_str() {
                "monthly" => 1,
                "quarterly" => 3,
                "half-yearly" => 6,
                _ => 12,
            };
            let later = month_later(today, months);
            self.pool.extend([later, plus(later, 1), plus(later, 7), plus(later, 8)]);
            self.pool.extend([plus(later, 30), plus(later, 31)]);
            for (kind, date) in &words.evidence {
                if let Some(cycles) = self.world.evidence_max_age.get(kind) {
                    let end = month_later(*date, months * *cycles as i32);
                    self.pool.extend([end, plus(end, 1)]);
                }
            }
        }
    }

    /// Before everything, soon after the last entry, three from the pool, after everything.
    fn as_of_dates(&mut self) -> Vec<NaiveDate> {
        let last = self.today();
        let early = plus(self.first_day.min(self.world.listed), -400);
        let late = plus(*self.pool.iter().max().expect("never empty"), 400);
        let mut dates = vec![early, plus(last, self.dice.between(0, 20)), late];
        for n in 0..3 {
            // Two of the three from the second half of the history, where most has happened.
            let mut from = self.pool.clone();
            if n < 2 {
                let middle = plus(self.first_day, (last - self.first_day).num_days() / 2);
                from.retain(|date| *date >= middle && *date <= plus(last, 60));
            }
            if from.is_empty() {
                from = self.pool.clone();
            }
            let date = plus(self.dice.pick(&from), self.dice.pick(&[0, 0, 0, -1, 1]));
            dates.push(if self.dice.percent(15) { month_end(date) } else { date });
        }
        dates.sort();
        dates
    }
}

// ---------------------------------------------------------------------------------------------
// The world as register files

/// Paths relative to the register, and their content. The log is not among them.
pub fn to_register_files(world: &World) -> Vec<(String, String)> {
    vec![
        ("register.yaml".to_string(), register_yaml(world)),
        ("departments.yaml".to_string(), departments_yaml()),
        ("evidence-types.yaml".to_string(), evidence_types_yaml(world)),
        ("p/policy.yaml".to_string(), policy_yaml(world)),
        ("p/1-all.yaml".to_string(), obligations_yaml(world)),
        ("plan.yaml".to_string(), plan_yaml(world)),
    ]
}

fn register_yaml(world: &World) -> String {
    let t = &world.thresholds;
    let zone = offset_text(world.zone_minutes);
    format!(
        "format: duban/1\n\
         unit: {{code: TST, name: {{zh: 测试, en: Test}}, kind: national}}\n\
         languages: [zh, en]\n\
         time_zone: \"{zone}\"\n\
         policies: [p]\n\
         thresholds: {{lead_grace_days: {}, behind_red: {}, behind_amber: {}, \
         review_red_days: {}, near_days: {}, stale_grace_days: {}, dep_days: {}, \
         accept_days: {}}}\n",
        t.lead_grace_days, t.behind_red, t.behind_amber, t.review_red_days, t.near_days, t.stale_grace_days, t.dep_days, t.accept_days,
    )
}

fn departments_yaml() -> String {
    let mut out = String::from(
        "sectors:\n  - {id: SEC-X, code: X, name: {zh: 测试领域, en: Test sector}, \
         named: \"no\", basis: page, order: 1000}\nbodies:\n",
    );
    for (n, dept) in DEPTS.iter().chain([&SUPPORT]).enumerate() {
        let letter = &dept[4..];
        out += &format!(
            "  - id: {dept}\n    sector: SEC-X\n    name: {{zh: 部门{letter}, en: Body {letter}}}\n    \
             short: {{zh: 部{letter}, en: B{letter}}}\n    named: \"no\"\n    basis: page\n    \
             role: {{zh: 职责{letter}, en: Role {letter}}}\n    order: {}\n",
            10 * (n + 1),
        );
    }
    out
}

fn evidence_types_yaml(world: &World) -> String {
    let mut out = String::from("types:\n");
    for code in EVIDENCE.iter().chain(&["circular", "approval", "acceptance"]) {
        let max_age = match world.evidence_max_age.get(*code) {
            Some(cycles) => format!("{{cycles: {cycles}}}"),
            None => "none".to_string(),
        };
        out += &format!(
            "  - {{code: {code}, name: {{zh: 材料, en: Paper {code}}}, \
             minimum: {{zh: 日期, en: date}}, max_age: {max_age}}}\n"
        );
    }
    out
}

fn policy_yaml(world: &World) -> String {
    let listed = text(world.listed);
    format!(
        "code: TST\n\
         title: {{zh: 测试文件, en: Test policy}}\n\
         short: {{zh: 测试, en: Test}}\n\
         issuer: {{zh: 测试机关, en: Test body}}\n\
         published: {listed}\n\
         listed: {listed}\n\
         deadline_in_text: none\n\
         parts:\n  - {{id: TST-1, file: 1-all.yaml, title: {{zh: 全部, en: All}}}}\n"
    )
}

fn obligations_yaml(world: &World) -> String {
    let mut out = String::new();
    for (n, ob) in world.obligations.iter().enumerate() {
        let modality = if ob.kind == "prohibition" { "prohibition" } else { "must" };
        out += &format!("- id: {}\n", ob.id);
        out += "  revision: 1\n";
        out += "  section: {zh: 第1部分, en: part 1}\n";
        out += &format!("  title: {{zh: 事项{n}, en: Item {n}}}\n");
        out += &format!("  requirement: {{zh: 要求{n}, en: Requirement {n}}}\n");
        out += &format!("  practice: {{zh: 做法{n}, en: Practice {n}}}\n");
        out += &format!("  kind: {}\n", ob.kind);
        out += &format!("  modality: {modality}\n");
        out += &format!("  source: {{layer: opinions, at: \"TST:P1.s1.c{}\", anchor: 词}}\n", n + 1);
        out += "  bearer: {text: unnamed, context: 各部门}\n";
        if !ob.leads.is_empty() {
            // A hand-over may stand in the catalogue or in the plan; every other one is there.
            out += &format!("  owner: {}\n", owner(ob, !former_in_plan(n, ob)));
        }
        out += "  sector: X\n  reaches: [X]\n";
        if !ob.requires.is_empty() || !ob.other_needs.is_empty() {
            let requires = ob.requires.iter().map(|id| (id.as_str(), "requires"));
            let others = ob.other_needs.iter().map(|(id, kind)| (id.as_str(), kind.as_str()));
            let needs: Vec<String> =
                requires.chain(others).map(|(id, kind)| format!("{{on: {id}, kind: {kind}, why: {{zh: 先后, en: order}}}}")).collect();
            out += &format!("  needs: [{}]\n", needs.join(", "));
        }
        out += &format!("  recurrence: {}\n", ob.recurrence);
        if let Some(review) = &ob.review {
            out += &format!("  review: {review}\n");
        }
        let mut evidence: Vec<String> = ob.required_evidence.iter().map(|kind| format!("{{type: {kind}, required: true}}")).collect();
        evidence.push("{type: circular}".to_string());
        out += &format!("  evidence: [{}]\n", evidence.join(", "));
        out += "  indicators: [{id: K1, name: {zh: 数量, en: Count}, unit: {zh: 件, en: cases}, \
                direction: up, cycle: quarterly, basis: proposed}]\n";
    }
    out
}

fn former_in_plan(index: usize, ob: &Ob) -> bool {
    !ob.former.is_empty() && index % 2 == 1
}

fn owner(ob: &Ob, with_former: bool) -> String {
    let mode = if ob.leads.len() == 1 { "single" } else { "by-remit" };
    let former: Vec<String> = ob.former.iter().map(|(dept, to)| format!("{{dept: {dept}, to: {}}}", text(*to))).collect();
    let former = if with_former && !former.is_empty() { format!(", former: [{}]", former.join(", ")) } else { String::new() };
    format!("{{mode: {mode}, lead: [{}], support: [{SUPPORT}], basis: proposed{former}}}", ob.leads.join(", "))
}

fn plan_yaml(world: &World) -> String {
    let mut out = String::new();
    for (n, ob) in world.obligations.iter().enumerate() {
        let owned_here = former_in_plan(n, ob);
        if owned_here {
            out += &format!("- duty: {}\n  owner: {}\n", ob.id, owner(ob, true));
        }
        for (lead, plan) in &ob.plan {
            // One lead: the bare id will do, unless the owner's item has it already.
            let duty = if ob.leads.len() == 1 && !owned_here { ob.id.clone() } else { format!("{}@{lead}", ob.id) };
            let letter = lead[4..].to_lowercase();
            out += &format!("- duty: {duty}\n  person: officer-{letter}\n");
            if let Some(start) = plan.start {
                out += &format!("  start: {}\n", text(start));
            }
            match plan.due {
                Some(Due::Date(due)) => out += &format!("  due: {}\n", text(due)),
                Some(Due::Standing) => out += "  due: standing\n",
                None => {}
            }
        }
    }
    out
}

// ---------------------------------------------------------------------------------------------
// Time

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn plus(date: NaiveDate, days: i64) -> NaiveDate {
    if days >= 0 { date + Days::new(days as u64) } else { date - Days::new(days.unsigned_abs()) }
}

fn month_end(date: NaiveDate) -> NaiveDate {
    let next = month_later(day(date.year(), date.month(), 1), 1);
    plus(next, -1)
}

fn month_end_sometimes(dice: &mut Dice, date: NaiveDate) -> NaiveDate {
    if dice.percent(25) { month_end(date) } else { date }
}

fn month_later(date: NaiveDate, months: i32) -> NaiveDate {
    let count = date.year() * 12 + date.month0() as i32 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
    (28..=date.day().max(28)).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d.min(date.day()))).expect("every month has 28 days")
}

fn text(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// Milliseconds from 1970 to the date's midnight, no zone minded.
fn millis(date: NaiveDate) -> i64 {
    (date - day(1970, 1, 1)).num_days() * DAY
}

fn offset_text(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// RFC 3339 with milliseconds, as clocks show it at this offset.
fn written_time(clock: i64, offset: i32) -> String {
    let local = clock + offset as i64 * MINUTE;
    let date = plus(day(1970, 1, 1), local.div_euclid(DAY));
    let rest = local.rem_euclid(DAY);
    let (hours, minutes) = (rest / (60 * MINUTE), rest / MINUTE % 60);
    let (seconds, thousandths) = (rest / 1000 % 60, rest % 1000);
    let zone = offset_text(offset);
    format!("{}T{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}{zone}", text(date))
}
