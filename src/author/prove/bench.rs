//! The register as it is, and the hands that break it: fields set or taken away in the texts
//! that were read, lines added to the log.

use super::kind::Broken;
use crate::author::yaml::{self, Deed, Step};
use crate::log::append::seal;
use crate::log::{Facts, fp};
use crate::model::*;
use crate::snapshot::Snapshot;
use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};

/// The register to be broken.
pub struct Bench<'a> {
    /// As it is.
    pub s: &'a Snapshot,
    /// What the lifecycle looks at, by assignment.
    pub facts: Vec<Facts<'a>>,
}

/// Texts in the making.
pub struct Hands<'a> {
    s: &'a Snapshot,
    /// What differs.
    pub texts: Instead,
}

/// A step by key.
pub fn key(name: &str) -> Step {
    Step::Key(name.into())
}

impl<'a> Bench<'a> {
    /// Over a snapshot.
    pub fn new(s: &'a Snapshot) -> Bench<'a> {
        Bench { s, facts: s.facts() }
    }

    /// Nothing changed yet.
    pub fn hands(&self) -> Hands<'a> {
        Hands { s: self.s, texts: Instead::new() }
    }

    /// Would no waiver hide a finding of the rule about the subject?
    pub fn open_to(&self, rule: &str, subject: &str) -> bool {
        !self.s.register.waivers.iter().any(|w| w.covers(rule, subject) && w.until.0 >= self.s.as_of)
    }

    /// The obligation at which something can be broken and no waiver would hide it; else one where
    /// it would, since that too is an answer.
    pub fn obligation(&self, rule: &str, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let all = || (0..self.s.register.obligations.len()).filter(|i| fits(*i));
        all().find(|i| self.open_to(rule, &self.s.register.obligations[*i].id)).or_else(|| all().next())
    }

    /// The same for an assignment.
    pub fn duty(&self, rule: &str, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let all = || (0..self.s.roster.duties.len()).filter(|i| fits(*i));
        all().find(|i| self.open_to(rule, &self.s.roster.id(&self.s.register, *i))).or_else(|| all().next())
    }

    /// An obligation's node.
    pub fn at(&self, ob: usize) -> At {
        self.s.register.obligations[ob].at
    }

    /// Is the effective owner the catalogue's own, written there?
    pub fn owner_written(&self, ob: usize) -> bool {
        self.s.roster.owners[ob].plan.is_none() && self.s.register.obligations[ob].owner.is_some()
    }
}

impl<'a> Hands<'a> {
    /// The text of a file as it stands by now.
    fn text(&self, file: u32) -> (&std::path::Path, String) {
        let info = &self.s.register.files[file as usize];
        (&info.path, self.texts.get(&info.path).cloned().unwrap_or_else(|| info.text.to_string()))
    }

    /// Changes a node of a list file.
    pub fn item(self, at: At, path: &[Step], deed: Deed) -> Option<Hands<'a>> {
        let way: Vec<Step> = std::iter::once(Step::Item(at.item as usize)).chain(path.iter().cloned()).collect();
        self.node(at.file, &way, deed)
    }

    /// Changes a node of any file.
    pub fn node(mut self, file: u32, way: &[Step], deed: Deed) -> Option<Hands<'a>> {
        let (path, text) = self.text(file);
        let (path, text) = (path.to_path_buf(), yaml::apply(&text, way, &deed, &[]).ok()?);
        self.texts.insert(path, text);
        Some(self)
    }

    /// Changes the words of a file.
    pub fn words(mut self, file: u32, change: impl FnOnce(String) -> String) -> Hands<'a> {
        let (path, text) = self.text(file);
        let path = path.to_path_buf();
        self.texts.insert(path, change(text));
        self
    }

    /// Adds a link to an obligation.
    pub fn need(self, ob: usize, on: &str, kind: &str) -> Option<Hands<'a>> {
        let o = &self.s.register.obligations[ob];
        let link = json!({"on": on, "kind": kind});
        let deed = if o.needs.is_empty() { Deed::Set(json!([link])) } else { Deed::Push(link) };
        let at = o.at;
        self.item(at, &[key("needs")], deed)
    }

    /// Adds an item to the plan; an empty one gets its first. One that cannot be read is left alone.
    pub fn plan(self, item: Value) -> Option<Hands<'a>> {
        if let Some(file) = self.s.register.plan.first().map(|p| p.at.file) {
            return self.node(file, &[], Deed::Push(item));
        }
        let path = self.s.root.join("plan.yaml");
        let there = self.texts.get(&path).cloned().or_else(|| std::fs::read_to_string(&path).ok()).unwrap_or_default();
        let said: Vec<&str> = there.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')).collect();
        let line = format!("- {}\n", yaml::value::line(&item));
        match said[..] {
            [] | ["[]"] => Some(self.file(path, line)),
            _ if self.texts.contains_key(&path) => Some(self.file(path, there + &line)),
            _ => None,
        }
    }

    /// Puts a text in the place of a file, or where there is none.
    pub fn file(mut self, path: std::path::PathBuf, text: String) -> Hands<'a> {
        self.texts.insert(path, text);
        self
    }

    /// Adds entries to the log: a file of its own for each writer, sealed as usual.
    pub fn log(mut self, dept: &str, entries: Vec<Entry>) -> Hands<'a> {
        let month = entries[0].at.format("%Y-%m").to_string();
        let mut by_post: std::collections::BTreeMap<Box<str>, Vec<Entry>> = Default::default();
        entries.into_iter().for_each(|e| by_post.entry(e.by.clone()).or_default().push(e));
        for (by, entries) in by_post {
            let writer = format!("{by}-0000");
            let header = Header {
                seq: 0,
                log: "duban/1".into(),
                dept: dept.into(),
                month: month.as_str().into(),
                writer: writer.as_str().into(),
                after: None,
                h: "".into(),
            };
            let (mut text, mut h) = seal(&header, "");
            for (n, e) in entries.into_iter().enumerate() {
                let (line, next) = seal(&Entry { seq: n as u64 + 1, ..e }, &h);
                (text, h) = (text + &line, next);
            }
            let path = self.s.root.join("log").join(dept).join(format!("{month}.{writer}.jsonl"));
            self.texts.insert(path, text);
        }
        self
    }

    /// Done.
    pub fn broken(self, what: impl Into<String>) -> Option<Broken> {
        Some(Broken { what: what.into(), texts: self.texts })
    }
}

/// An instant at the end of the as-of day, so many seconds before midnight: later than whatever
/// counts by then.
pub fn instant(s: &Snapshot, seconds_left: i64) -> DateTime<FixedOffset> {
    s.register.settings.time_zone.end(s.as_of) - chrono::Duration::seconds(seconds_left)
}

/// An entry with nothing but what every entry has.
pub fn entry(s: &Snapshot, duty: usize, event: Event, by: &str, seconds_left: i64) -> Entry {
    let d = &s.roster.duties[duty];
    let ob = d.obligation as usize;
    let o = &s.register.obligations[ob];
    Entry {
        at: instant(s, seconds_left),
        by: by.into(),
        dept: d.dept.as_deref().unwrap_or("-").into(),
        duty: o.id.as_str().into(),
        event,
        fp: event.signs().then(|| fp::of(o, &s.roster.owners[ob])),
        ..crate::log::offer::blank()
    }
}

/// A post that may do what an event needs, of the department where it has one; a made-up one
/// where the register names nobody.
pub fn post(s: &Snapshot, role: Role, dept: &str) -> String {
    let people = s.register.people.iter().flatten();
    let mut fit = people.filter(|p| p.roles.contains(&role));
    let own = |p: &&Item<Person>| p.department.as_ref().is_some_and(|d| s.register.current(d) == s.register.current(dept));
    let found = match role {
        Role::Reviewer | Role::Supervisor | Role::Approver => fit.next(),
        _ => fit.find(own),
    };
    found.map_or_else(|| format!("{}-0", role.code()), |p| p.post.to_string())
}
