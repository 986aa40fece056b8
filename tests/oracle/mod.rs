//! A second reading of the log: slow, plain, and written without a look at the first.
//!
//! The program folds a register once, forwards, keeping a state. This file keeps no state. Every
//! question ("which status?", "which due date?", "which blocks are open?") is answered by reading
//! the list of entries again from its beginning. Where both readings agree on many small worlds,
//! the rules were probably understood; where they differ, one of the two is wrong.
//!
//! The order of things in [`read`]:
//! 1. [`entries_as_of`]: the lines recorded up to the as-of date, in fold order;
//! 2. [`places`]: where a correction stands for an entry, and which entries are left to judge;
//! 3. [`lawful`]: each place judged against the lawful ones before it;
//! 4. [`Story`]: the questions asked of one assignment's lawful places;
//! 5. [`reasons`]: the light rules, one line each.
#![allow(dead_code)]

pub mod generate;

use chrono::{Datelike, Days, NaiveDate};
use serde_json::Value;
use std::collections::BTreeMap;

// ---------------------------------------------------------------------------------------------
// The world: what the register says apart from its log

#[derive(Clone, Debug)]
pub struct World {
    pub zone_minutes: i32,
    pub listed: NaiveDate,
    pub thresholds: Thresholds,
    /// Evidence type → number of review cycles after which an item is too old.
    pub evidence_max_age: BTreeMap<String, u32>,
    pub obligations: Vec<Ob>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds {
    pub lead_grace_days: i64,
    pub behind_red: i64,
    pub behind_amber: i64,
    pub review_red_days: i64,
    pub near_days: i64,
    pub stale_grace_days: i64,
    pub dep_days: i64,
    pub accept_days: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            lead_grace_days: 30,
            behind_red: 30,
            behind_amber: 10,
            review_red_days: 30,
            near_days: 14,
            stale_grace_days: 7,
            dep_days: 28,
            accept_days: 14,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Ob {
    pub id: String,
    /// principle, organisation, action, build, prohibition or outcome.
    pub kind: String,
    /// one-off, build-then-operate or continuous.
    pub recurrence: String,
    /// monthly, quarterly, half-yearly or annual.
    pub review: Option<String>,
    pub leads: Vec<String>,
    /// Former leads and the last day on which their entries still count.
    pub former: Vec<(String, NaiveDate)>,
    /// The `requires` prerequisites.
    pub requires: Vec<String>,
    /// Needs of other kinds: (obligation, kind). No rule reads them.
    pub other_needs: Vec<(String, String)>,
    pub required_evidence: Vec<String>,
    /// By lead department.
    pub plan: BTreeMap<String, Plan>,
}

#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub start: Option<NaiveDate>,
    pub due: Option<Due>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Date(NaiveDate),
    Standing,
}

/// One log entry as it stands in a file.
#[derive(Clone, Debug)]
pub struct Line {
    pub file: String,
    pub writer: String,
    pub value: Value,
}

/// One assignment as a report would show it. An obligation without a lead has one row with an
/// empty department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub assignment: (String, String),
    pub status: String,
    pub light: String,
    pub reasons: Vec<String>,
    /// A date, `standing`, or nothing.
    pub due: Option<String>,
    pub extensions: u32,
    /// `h` of the assignment's unlawful entries, sorted.
    pub unlawful: Vec<String>,
}

// ---------------------------------------------------------------------------------------------
// The reading

/// Rows in the order of the world's obligations and their leads; and each obligation's roll-up.
pub fn read(world: &World, lines: &[Line], as_of: NaiveDate, on: Option<NaiveDate>) -> (Vec<Row>, BTreeMap<String, (String, String)>) {
    let entries = entries_as_of(world, lines, as_of);
    let places = places(world, &entries);
    let verdicts = verdicts(world, &places);
    let day = on.unwrap_or(as_of);

    // The places that are folded: lawful, and with `--on` only those true for a day up to it.
    let folded: Vec<&Place> = places
        .iter()
        .zip(&verdicts)
        .filter(|(_, lawful)| **lawful)
        .map(|(place, _)| place)
        .filter(|place| match on {
            None => true,
            Some(on) => place.true_for() <= on,
        })
        .collect();

    let mut rows = Vec::new();
    let mut totals = BTreeMap::new();
    for ob in &world.obligations {
        let mut lights = Vec::new();
        let leads = if ob.leads.is_empty() { vec![String::new()] } else { ob.leads.clone() };
        for lead in leads {
            let story = Story::of(ob, &lead, &folded);
            let reasons = reasons(world, &story, &folded, day);
            let light = colour(&reasons);
            lights.push(light.clone());
            rows.push(Row {
                assignment: (ob.id.clone(), lead.clone()),
                status: story.status().to_string(),
                light,
                reasons,
                due: match story.due() {
                    Some(Due::Date(date)) => Some(date.format("%Y-%m-%d").to_string()),
                    Some(Due::Standing) => Some("standing".to_string()),
                    None => None,
                },
                extensions: story.extensions(),
                unlawful: unlawful(world, &entries, &places, &verdicts, &ob.id, &lead),
            });
        }
        totals.insert(ob.id.clone(), (roll_up(ob, &folded).to_string(), worst(&lights)));
    }
    (rows, totals)
}

/// The unlawful entries of one assignment: fixers that fix nothing, rings, and the places whose
/// words were judged unlawful. Such a place is named by the entry whose words were judged.
fn unlawful(world: &World, entries: &[Entry], places: &[Place], verdicts: &[bool], ob: &str, lead: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in entries {
        if assignment(world, entry).as_ref().is_some_and(|(o, l)| o == ob && l == lead)
            && entry.fixes.is_some()
            && (target(entries, entry).is_none() || in_ring(entries, entry))
        {
            found.push(entry.h.clone());
        }
    }
    for (place, lawful) in places.iter().zip(verdicts) {
        if place.assignment.0 == ob && place.assignment.1 == lead && !lawful {
            found.push(place.words.h.clone());
        }
    }
    found.sort();
    found
}

// ---------------------------------------------------------------------------------------------
// Entries

/// An entry, taken apart. Empty texts count as absent.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    instant: i128,
    recorded: NaiveDate,
    writer: String,
    file: String,
    seq: i64,
    h: String,
    by: String,
    dept: String,
    duty: String,
    event: String,
    agreed: Option<String>,
    percent: Option<i64>,
    day: Option<NaiveDate>,
    until: Option<Due>,
    note: Option<String>,
    issues: Option<String>,
    reason: Option<String>,
    refers: Option<String>,
    release: Option<String>,
    fixes: Option<String>,
    evidence: Vec<(String, NaiveDate)>,
}

impl Entry {
    fn order(&self) -> (i128, &str, &str, i64) {
        (self.instant, &self.writer, &self.file, self.seq)
    }

    fn until_date(&self) -> Option<NaiveDate> {
        match self.until {
            Some(Due::Date(date)) => Some(date),
            _ => None,
        }
    }

    fn has_evidence_of(&self, kinds: &[&str]) -> bool {
        self.evidence.iter().any(|(kind, _)| kinds.contains(&kind.as_str()))
    }
}

/// Everything recorded up to the end of `as_of` in the register's zone, in fold order. Headers
/// (`seq` 0) and lines that are no entries are left out.
fn entries_as_of(world: &World, lines: &[Line], as_of: NaiveDate) -> Vec<Entry> {
    let mut entries: Vec<Entry> = lines.iter().filter_map(|line| entry(world, line)).filter(|e| e.recorded <= as_of).collect();
    entries.sort_by(|a, b| a.order().cmp(&b.order()));
    entries
}

fn entry(world: &World, line: &Line) -> Option<Entry> {
    let text = |name: &str| match line.value.get(name) {
        Some(Value::String(s)) if !s.is_empty() => Some(s.clone()),
        _ => None,
    };
    let seq = line.value.get("seq")?.as_i64()?;
    if seq == 0 {
        return None;
    }
    let instant = instant(&text("at")?)?;
    Some(Entry {
        instant,
        recorded: day_in_zone(instant, world.zone_minutes),
        writer: line.writer.clone(),
        file: line.file.clone(),
        seq,
        h: text("h")?,
        by: text("by").unwrap_or_default(),
        dept: text("dept").unwrap_or_default(),
        duty: text("duty").unwrap_or_default(),
        event: text("event").unwrap_or_default(),
        agreed: text("agreed"),
        percent: line.value.get("percent").and_then(Value::as_i64),
        day: text("day").and_then(|s| date(&s)),
        until: text("until").and_then(|s| if s == "standing" { Some(Due::Standing) } else { date(&s).map(Due::Date) }),
        note: text("note"),
        issues: text("issues"),
        reason: text("reason"),
        refers: text("ref"),
        release: text("release"),
        fixes: text("fixes"),
        evidence: match line.value.get("evidence") {
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(|item| {
                    let kind = item.get("type")?.as_str()?.to_string();
                    Some((kind, date(item.get("date")?.as_str()?)?))
                })
                .collect(),
            _ => Vec::new(),
        },
    })
}

/// Which assignment an entry belongs to by its own recording day. None: a stranger's entry.
fn assignment(world: &World, entry: &Entry) -> Option<(String, String)> {
    let ob = world.obligations.iter().find(|ob| ob.id == entry.duty)?;
    if ob.leads.contains(&entry.dept) {
        return Some((ob.id.clone(), entry.dept.clone()));
    }
    let handed_over = ob.former.iter().any(|(dept, to)| *dept == entry.dept && entry.recorded <= *to);
    if handed_over { Some((ob.id.clone(), ob.leads.first()?.clone())) } else { None }
}

// ---------------------------------------------------------------------------------------------
// Corrections

/// A place in the story of an assignment: the entry that took it, and the one whose words stand
/// there.
struct Place {
    assignment: (String, String),
    root: Entry,
    words: Entry,
    /// `h` of the root, of the words, and of every correction between them.
    names: Vec<String>,
}

impl Place {
    fn true_for(&self) -> NaiveDate {
        self.words.day.unwrap_or(self.root.recorded)
    }

    fn event(&self) -> &str {
        &self.words.event
    }

    fn is_called(&self, h: &Option<String>) -> bool {
        h.as_ref().is_some_and(|h| self.names.contains(h))
    }
}

/// Every entry without `fixes` that belongs to an assignment and was not withdrawn.
fn places(world: &World, entries: &[Entry]) -> Vec<Place> {
    let mut places = Vec::new();
    for root in entries.iter().filter(|e| e.fixes.is_none()) {
        let Some(assignment) = assignment(world, root) else {
            continue;
        };
        let Some(chain) = content(entries, root) else {
            continue;
        };
        places.push(Place {
            assignment,
            root: root.clone(),
            words: chain[chain.len() - 1].clone(),
            names: chain.iter().map(|e| e.h.clone()).collect(),
        });
    }
    places
}

/// The entry that this one fixes, if there is such an entry of the same duty and department.
fn target<'a>(entries: &'a [Entry], fixer: &Entry) -> Option<&'a Entry> {
    let fixes = fixer.fixes.as_ref()?;
    entries.iter().find(|e| e.h == *fixes && e.duty == fixer.duty && e.dept == fixer.dept)
}

/// Does following `fixes` from here come back here?
fn in_ring(entries: &[Entry], entry: &Entry) -> bool {
    let mut at = entry;
    for _ in 0..=entries.len() {
        match target(entries, at) {
            None => return false,
            Some(next) if next.h == entry.h => return true,
            Some(next) => at = next,
        }
    }
    false
}

/// What stands at an entry: itself, then correction upon correction down to the words that count.
/// None: withdrawn. Asked only of entries outside rings: a ring is never reached from a root.
fn content<'a>(entries: &'a [Entry], of: &'a Entry) -> Option<Vec<&'a Entry>> {
    let mut newest: Option<Vec<&Entry>> = None;
    for fixer in entries {
        let fixes_it = fixer.fixes.as_deref() == Some(of.h.as_str()) && fixer.duty == of.duty && fixer.dept == of.dept;
        if !fixes_it {
            continue;
        }
        let Some(chain) = content(entries, fixer) else {
            continue;
        };
        let newer = match &newest {
            None => true,
            Some(other) => chain.last().unwrap().order() > other.last().unwrap().order(),
        };
        if newer {
            newest = Some(chain);
        }
    }
    match newest {
        None => Some(vec![of]),
        Some(chain) if chain.last().unwrap().event == "void" => None,
        Some(chain) => {
            let mut whole = vec![of];
            whole.extend(chain);
            Some(whole)
        }
    }
}

// ---------------------------------------------------------------------------------------------
// Lawful or not

/// One verdict a place, in fold order, each made from the lawful ones before it.
fn verdicts(world: &World, places: &[Place]) -> Vec<bool> {
    let mut verdicts: Vec<bool> = Vec::new();
    for place in places {
        let before: Vec<&Place> = places.iter().zip(&verdicts).filter(|(_, lawful)| **lawful).map(|(p, _)| p).collect();
        verdicts.push(lawful(world, place, &before));
    }
    verdicts
}

fn lawful(world: &World, place: &Place, before: &[&Place]) -> bool {
    let (ob_id, lead) = &place.assignment;
    let ob = world.obligations.iter().find(|ob| ob.id == *ob_id).expect("a known obligation");
    let story = Story::of(ob, lead, before);
    let status = story.status();
    let e = &place.words;

    let required: Vec<&str> = ob.required_evidence.iter().map(String::as_str).collect();
    let prohibition = ob.kind == "prohibition";
    let outcome = ob.kind == "outcome";
    let agreed = e.agreed.is_some();
    let reason = e.reason.is_some();
    let until = e.until_date().is_some();
    let applies = status != "not-applicable";
    let open = status == "not-started" || status == "in-progress";

    match e.event.as_str() {
        "start" => {
            status == "not-started"
                && !prohibition
                && (e.until.is_some() || story.planned_due().is_some())
                && e.has_evidence_of(&["minutes", "policy-doc", "circular"])
        }
        "progress" => ["in-progress", "submitted", "operating"].contains(&status),
        "apply" => {
            let earlier = story.evidence();
            status == "in-progress"
                && !outcome
                && agreed
                && required.iter().all(|kind| e.has_evidence_of(&[kind]) || earlier.iter().any(|(k, _)| k == kind))
        }
        "return" => status == "submitted" && reason,
        "accept" => {
            let own_application = match story.application() {
                None => false,
                Some(apply) => apply.words.by == e.by || apply.words.agreed.as_ref() == Some(&e.by),
            };
            let waiting_for_others = unfinished_prerequisite(world, ob, before);
            status == "submitted" && !own_application && (!waiting_for_others || e.release.is_some())
        }
        "review" => status == "operating" && !e.evidence.is_empty(),
        "measure" => applies && (e.has_evidence_of(&["stat-report"]) || e.has_evidence_of(&required)),
        "inspect" => applies && (e.has_evidence_of(&["inspection"]) || e.has_evidence_of(&required)),
        "regress" => status == "operating" && reason && until,
        "reopen" => status == "closed" && reason && until,
        "suspend" => open && agreed && until,
        "resume" => status == "suspended",
        "exempt" => (open || status == "operating") && agreed && reason && until,
        "restore" => status == "not-applicable" && agreed && reason,
        "extend" => open && agreed && reason && until,
        "block" => open && e.issues.is_some(),
        "unblock" => open && story.open_blocks().iter().any(|b| b.is_called(&e.refers)),
        "breach" => prohibition && applies && (e.issues.is_some() || e.note.is_some()),
        "remedy" => prohibition && story.open_breaches().iter().any(|b| b.is_called(&e.refers)),
        "attest" => applies && reason,
        _ => false,
    }
}

/// Is one of the obligations that this one requires not yet finished?
fn unfinished_prerequisite(world: &World, ob: &Ob, lawful: &[&Place]) -> bool {
    ob.requires.iter().any(|id| match world.obligations.iter().find(|o| o.id == *id) {
        None => false,
        Some(other) => !["closed", "operating", "not-applicable"].contains(&roll_up(other, lawful)),
    })
}

// ---------------------------------------------------------------------------------------------
// The story of one assignment

/// The folded places of one assignment, in order. Each question reads them from the beginning.
struct Story<'a> {
    ob: &'a Ob,
    plan: Plan,
    places: Vec<&'a Place>,
}

impl<'a> Story<'a> {
    fn of(ob: &'a Ob, lead: &str, folded: &[&'a Place]) -> Story<'a> {
        Story {
            ob,
            plan: ob.plan.get(lead).cloned().unwrap_or_default(),
            places: folded.iter().copied().filter(|p| p.assignment.0 == ob.id && p.assignment.1 == lead).collect(),
        }
    }

    /// The same story, told only up to before its n-th place.
    fn before(&self, n: usize) -> Story<'a> {
        Story { ob: self.ob, plan: self.plan.clone(), places: self.places[..n].to_vec() }
    }

    /// Where the latest place with one of these events is.
    fn index_of_last(&self, events: &[&str]) -> Option<usize> {
        self.places.iter().rposition(|p| events.contains(&p.event()))
    }

    fn planned_due(&self) -> Option<Due> {
        self.plan.due
    }

    fn status(&self) -> &'static str {
        let mut status = "not-started";
        for place in &self.places {
            status = match place.event() {
                "start" | "return" | "regress" | "reopen" | "resume" => "in-progress",
                "apply" => "submitted",
                "accept" if self.ob.recurrence == "one-off" && self.ob.kind != "prohibition" => "closed",
                "accept" => "operating",
                "measure" if self.ob.kind == "outcome" && status == "in-progress" => "operating",
                "inspect" if self.ob.kind == "prohibition" && status == "not-started" => "operating",
                "suspend" => "suspended",
                "exempt" => "not-applicable",
                "restore" => "not-started",
                _ => status,
            };
        }
        status
    }

    /// Only what happened since the last restore counts.
    fn extensions(&self) -> u32 {
        let from = self.index_of_last(&["restore"]).map_or(0, |n| n + 1);
        self.places[from..].iter().filter(|p| p.event() == "extend").count() as u32
    }

    fn due(&self) -> Option<Due> {
        let mut due = self.plan.due;
        for (n, place) in self.places.iter().enumerate() {
            match place.event() {
                "start" if self.before(n).extensions() == 0 => {
                    due = place.words.until.or(self.plan.due);
                }
                "extend" | "regress" | "reopen" => due = place.words.until,
                "restore" => due = self.plan.due,
                _ => {}
            }
        }
        due
    }

    fn due_date(&self) -> Option<NaiveDate> {
        match self.due() {
            Some(Due::Date(date)) => Some(date),
            _ => None,
        }
    }

    fn percent(&self) -> Option<i64> {
        let from = self.index_of_last(&["regress", "reopen", "restore"]).map_or(0, |n| n + 1);
        self.places[from..].iter().rev().filter(|p| p.event() == "progress").find_map(|p| p.words.percent)
    }

    /// Blocks since the last restore that no later `unblock` names.
    fn open_blocks(&self) -> Vec<&'a Place> {
        self.still_open("block", "unblock")
    }

    fn open_breaches(&self) -> Vec<&'a Place> {
        self.still_open("breach", "remedy")
    }

    fn still_open(&self, opens: &str, closes: &str) -> Vec<&'a Place> {
        let from = self.index_of_last(&["restore"]).map_or(0, |n| n + 1);
        let mut open = Vec::new();
        for (n, place) in self.places.iter().enumerate().skip(from) {
            let closed = self.places[n + 1..].iter().any(|later| later.event() == closes && place.is_called(&later.words.refers));
            if place.event() == opens && !closed {
                open.push(*place);
            }
        }
        open
    }

    fn suspended_until(&self) -> Option<NaiveDate> {
        self.places[self.index_of_last(&["suspend"])?].words.until_date()
    }

    fn next_review(&self) -> Option<NaiveDate> {
        let mut next = None;
        for (n, place) in self.places.iter().enumerate() {
            let becomes = self.before(n + 1).status();
            let sets = match place.event() {
                "review" => true,
                "accept" => becomes == "operating",
                "measure" | "inspect" => becomes == "operating",
                _ => false,
            };
            if sets {
                next = place.words.until_date().or(self.cycle_months().map(|months| months_later(place.root.recorded, months)));
            }
            if ["regress", "reopen", "restore"].contains(&place.event()) {
                next = None;
            }
        }
        next
    }

    fn cycle_months(&self) -> Option<u32> {
        match self.ob.review.as_deref() {
            Some("monthly") => Some(1),
            Some("quarterly") => Some(3),
            Some("half-yearly") => Some(6),
            Some("annual") => Some(12),
            _ => None,
        }
    }

    /// Every item since the last regress or reopen.
    fn evidence(&self) -> Vec<(String, NaiveDate)> {
        let from = self.index_of_last(&["regress", "reopen"]).map_or(0, |n| n + 1);
        self.places[from..].iter().flat_map(|p| p.words.evidence.clone()).collect()
    }

    /// The latest application since the last regress or reopen.
    fn application(&self) -> Option<&'a Place> {
        Some(self.places[self.application_index()?])
    }

    fn application_index(&self) -> Option<usize> {
        let from = self.index_of_last(&["regress", "reopen"]).map_or(0, |n| n + 1);
        self.index_of_last(&["apply"]).filter(|n| *n >= from)
    }

    fn applied_late(&self) -> bool {
        match self.application_index() {
            None => false,
            Some(n) => match self.before(n).due_date() {
                None => false,
                Some(due) => self.places[n].root.recorded > due,
            },
        }
    }

    fn last_update(&self) -> Option<NaiveDate> {
        self.places.iter().filter(|p| p.event() != "void" && p.event() != "attest").map(|p| p.root.recorded).max()
    }
}

/// The status of an obligation from those of its leads.
fn roll_up(ob: &Ob, folded: &[&Place]) -> &'static str {
    let all: Vec<&str> = ob.leads.iter().map(|lead| Story::of(ob, lead, folded).status()).collect();
    let rest: Vec<&str> = all.iter().copied().filter(|s| *s != "not-applicable").collect();
    let only = |allowed: &[&str]| rest.iter().all(|s| allowed.contains(s));

    if all.is_empty() {
        "not-started"
    } else if rest.is_empty() {
        "not-applicable"
    } else if only(&["closed"]) {
        "closed"
    } else if only(&["closed", "operating"]) {
        "operating"
    } else if only(&["not-started"]) {
        "not-started"
    } else if only(&["suspended"]) {
        "suspended"
    } else if only(&["not-started", "suspended"]) {
        "not-started"
    } else if only(&["closed", "operating", "submitted"]) {
        "submitted"
    } else {
        "in-progress"
    }
}

// ---------------------------------------------------------------------------------------------
// Lights

/// The reason codes of one assignment on one day. Grey first and alone.
fn reasons(world: &World, story: &Story, folded: &[&Place], d: NaiveDate) -> Vec<String> {
    let limits = &world.thresholds;
    let ob = story.ob;
    let status = story.status();
    let plan_start = story.plan.start;

    if status == "not-applicable" {
        return vec!["G1".to_string()];
    }
    if status == "suspended" && story.suspended_until().is_some_and(|until| d <= until) {
        return vec!["G2".to_string()];
    }
    if status == "not-started" && plan_start.is_some_and(|start| start > d) {
        return vec!["G3".to_string()];
    }

    let open = status == "not-started" || status == "in-progress";
    let under_way = status == "in-progress";
    let submitted = status == "submitted";
    let closed = status == "closed";
    let operating = status == "operating";
    let no_lead = ob.leads.is_empty();

    // Days from the day of the report to the due date; negative when it has passed.
    let left: Option<i64> = story.due_date().map(|due| days(d, due));
    // Days since the review was due; negative when it is still to come.
    let review_late: Option<i64> = story.next_review().map(|next| days(next, d));
    let behind = behind_schedule(plan_start, story.due_date(), story.percent(), d);
    let fix_dates: Vec<Option<NaiveDate>> = story.open_blocks().iter().map(|b| b.words.until_date()).collect();

    let mut fired = Vec::new();
    let mut rule = |id: &str, fires: bool| {
        if fires {
            fired.push(id.to_string());
        }
    };

    rule("R1", open && left.is_some_and(|n| n < 0));
    rule("R2", no_lead && days(world.listed, d) > limits.lead_grace_days);
    let far_behind = behind.is_some_and(|(gap, planned)| gap > limits.behind_red * planned);
    rule("R3", open && far_behind);
    rule("R4", operating && review_late.is_some_and(|n| n > limits.review_red_days));
    rule("R5", !story.open_breaches().is_empty());
    rule("R6", open && fix_dates.iter().any(|fix| fix.is_none_or(|fix| fix < d)));
    rule("R7", status == "suspended" && story.suspended_until().is_some_and(|until| d > until));

    rule("A1", open && left.is_some_and(|n| 0 <= n && n <= limits.near_days));
    let somewhat_behind = behind.is_some_and(|(gap, planned)| gap >= limits.behind_amber * planned);
    rule("A2", open && somewhat_behind && !far_behind);
    rule("A3", open && stale(world, story, d));
    rule("A4", open && unfinished_prerequisite(world, ob, folded) && (under_way || left.is_some_and(|n| n <= limits.dep_days)));
    rule("A5", submitted && story.application().is_some_and(|apply| days(apply.root.recorded, d) > limits.accept_days));
    rule("A6", open && story.due().is_none());
    rule("A7", evidence_lacking(world, story, d));
    rule("A8", no_lead && days(world.listed, d) <= limits.lead_grace_days);
    rule("A9", open && fix_dates.iter().any(|fix| fix.is_some_and(|fix| fix >= d)));
    rule("A10", operating && review_late.is_some_and(|n| 1 <= n && n <= limits.review_red_days));
    rule("A11", (submitted || closed || operating) && story.applied_late());
    fired
}

/// (100·elapsed − percent·planned, planned), in whole days.
fn behind_schedule(start: Option<NaiveDate>, due: Option<NaiveDate>, percent: Option<i64>, d: NaiveDate) -> Option<(i64, i64)> {
    let (start, due, percent) = (start?, due?, percent?);
    let planned = days(start, due);
    if planned <= 0 {
        return None;
    }
    let elapsed = days(start, d).clamp(0, planned);
    Some((100 * elapsed - percent * planned, planned))
}

/// A3: nothing heard for one review cycle and the days of grace.
fn stale(world: &World, story: &Story, d: NaiveDate) -> bool {
    let Some(months) = story.cycle_months() else {
        return false;
    };
    let base = story.last_update().or(story.plan.start).unwrap_or(world.listed);
    days(months_later(base, months), d) > world.thresholds.stale_grace_days
}

/// A7: a required type without an item, or, once operating, with none young enough.
fn evidence_lacking(world: &World, story: &Story, d: NaiveDate) -> bool {
    let status = story.status();
    let looked_at = match story.ob.kind.as_str() {
        "outcome" | "prohibition" => status == "operating",
        _ => ["submitted", "closed", "operating"].contains(&status),
    };
    if !looked_at {
        return false;
    }
    let items = story.evidence();
    for required in &story.ob.required_evidence {
        let dates: Vec<NaiveDate> = items.iter().filter(|(kind, _)| kind == required).map(|(_, date)| *date).collect();
        if dates.is_empty() {
            return true;
        }
        // Items dated after the day of the report are there, but say nothing about age.
        let newest = dates.iter().filter(|date| **date <= d).max();
        let cycles = world.evidence_max_age.get(required);
        if let (true, Some(newest), Some(cycles), Some(months)) = (status == "operating", newest, cycles, story.cycle_months())
            && months_later(*newest, cycles * months) < d
        {
            return true;
        }
    }
    false
}

fn colour(reasons: &[String]) -> String {
    let begins = |letter: char| reasons.iter().any(|r| r.starts_with(letter));
    let word = if begins('G') {
        "grey"
    } else if begins('R') {
        "red"
    } else if begins('A') {
        "amber"
    } else {
        "green"
    };
    word.to_string()
}

/// The worst that is not grey; grey when all are.
fn worst(lights: &[String]) -> String {
    for word in ["red", "amber", "green"] {
        if lights.iter().any(|light| light == word) {
            return word.to_string();
        }
    }
    "grey".to_string()
}

// ---------------------------------------------------------------------------------------------
// Time

fn date(text: &str) -> Option<NaiveDate> {
    if text.len() != 10 {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days()
}

/// The same day of a later month, or that month's last day where it is shorter.
fn months_later(from: NaiveDate, months: u32) -> NaiveDate {
    let count = from.month0() + months;
    let (year, month) = (from.year() + (count / 12) as i32, count % 12 + 1);
    let mut day = from.day();
    loop {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => return date,
            None => day -= 1,
        }
    }
}

const NANOS_A_MINUTE: i128 = 60_000_000_000;

/// Nanoseconds since 1970 of an RFC 3339 time: `2026-11-03T09:12:00.250+08:00`.
fn instant(text: &str) -> Option<i128> {
    let day = date(text.get(..10)?)?;
    let hour: i128 = text.get(11..13)?.parse().ok()?;
    let minute: i128 = text.get(14..16)?.parse().ok()?;
    let second: i128 = text.get(17..19)?.parse().ok()?;
    let rest = text.get(19..)?;

    // The fraction, then the offset.
    let fraction: String = match rest.strip_prefix('.') {
        Some(digits) => digits.chars().take_while(char::is_ascii_digit).collect(),
        None => String::new(),
    };
    let offset = if fraction.is_empty() { rest } else { &rest[1 + fraction.len()..] };
    let nanos: i128 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let offset_minutes: i128 = match offset.get(..1)? {
        "Z" | "z" => 0,
        sign => {
            let hours: i128 = offset.get(1..3)?.parse().ok()?;
            let minutes: i128 = offset.get(4..6)?.parse().ok()?;
            (hours * 60 + minutes) * if sign == "-" { -1 } else { 1 }
        }
    };
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let minutes = days(epoch, day) as i128 * 1440 + hour * 60 + minute - offset_minutes;
    Some(minutes * NANOS_A_MINUTE + second * 1_000_000_000 + nanos)
}

/// The date that the clocks of a zone show at an instant.
fn day_in_zone(instant: i128, zone_minutes: i32) -> NaiveDate {
    let minutes = instant.div_euclid(NANOS_A_MINUTE) + zone_minutes as i128;
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");
    let days = minutes.div_euclid(1440);
    if days >= 0 { epoch + Days::new(days as u64) } else { epoch - Days::new((-days) as u64) }
}
