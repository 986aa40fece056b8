//! Findings as diagnostics: the very findings of `duban check`, with its levels.
//!
//! What denies is an error, what warns a warning. What a waiver covers is a hint with the
//! waiver's reason: seen where one looks, never in the way. A register that cannot be
//! opened is an error at its register.yaml and a note in every other open file of it.

use super::desk::Desk;
use super::lines::Lines;
use super::table::Sort;
use super::world::World;
use crate::finding::{Finding, Judged, Spot};
use crate::load::OpenError;
use crate::model::{Lang, Level, Term};
use crate::text::Place;
use gen_lsp_types::{Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message, Uri};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Diagnostics by file.
type Told = BTreeMap<PathBuf, Vec<Diagnostic>>;

/// Everything there is to say of a register.
pub fn of(world: &World, desk: &Desk) -> Told {
    let lang = world.lang(desk.setup);
    let mut teller = Teller { world, desk, lang, texts: HashMap::new(), out: Told::new() };
    match &world.snapshot {
        Ok(_) => {
            world.outcome.findings.iter().for_each(|j| teller.judged(j));
            world.outcome.waived.iter().for_each(|j| teller.judged(j));
        }
        Err(OpenError::Settings(findings)) => {
            findings.iter().for_each(|f| teller.unopened(f));
            teller.elsewhere();
        }
        Err(OpenError::Missing(_)) => {}
    }
    teller.out
}

struct Teller<'a> {
    world: &'a World,
    desk: &'a Desk<'a>,
    lang: Lang,
    texts: HashMap<PathBuf, Lines>,
    out: Told,
}

impl Teller<'_> {
    /// The text of a file: as the register read it, else as it lies on the disk.
    fn lines(&mut self, path: &Path) -> &Lines {
        let read = |path: &Path| {
            let open = || self.desk.open.get(path).map(|d| d.lines.clone());
            let disk = || Lines::new(std::fs::read_to_string(path).unwrap_or_default().into());
            self.world.leaf(path).map(|l| l.lines.clone()).or_else(open).unwrap_or_else(disk)
        };
        if !self.texts.contains_key(path) {
            let lines = read(path);
            self.texts.insert(path.to_path_buf(), lines);
        }
        &self.texts[path]
    }

    fn put(&mut self, place: &Place, one: Diagnostic) {
        let path = self.world.path(&place.file);
        let encoding = self.desk.encoding;
        let range = self.lines(&path).of_place(place, encoding);
        // A finding of the unit's own in a file of its catalogue says whose it is.
        let own = self.world.chain.len() < 2 || path.starts_with(&self.world.root);
        let source = if own { "duban".into() } else { format!("duban {}", self.world.shown) };
        self.out.entry(path).or_default().push(Diagnostic { range, source: Some(source), ..one });
    }

    fn judged(&mut self, j: &Judged) {
        let severity = match (j.waiver, j.level) {
            (Some(_), _) => DiagnosticSeverity::Hint,
            (None, Level::Deny) => DiagnosticSeverity::Error,
            (None, _) => DiagnosticSeverity::Warning,
        };
        let mut message = words(&j.finding, self.lang);
        let mut related = self.twins(&j.finding, &j.place);
        if let (Some(w), Ok(s)) = (j.waiver, &self.world.snapshot) {
            let waiver = &s.register.waivers[w];
            let lead = Term("已豁免至", "waived until").say(self.lang);
            message += &format!("\n{lead} {}: {} ({})", waiver.until.0, waiver.why.say(self.lang), waiver.who.as_str());
            let file = self.world.path(&s.register.files[waiver.at.file as usize].shown);
            related.extend(self.item(&file, waiver.at.item as usize, Term("豁免在这里", "the waiver")));
        }
        let related = (self.desk.client.related && !related.is_empty()).then_some(related);
        self.put(&j.place, diagnostic(j.finding.rule, severity, message, related));
    }

    /// Where else an id is given that may be given once only.
    fn twins(&self, f: &Finding, place: &Place) -> Vec<DiagnosticRelatedInformation> {
        if f.rule != "E008" {
            return Vec::new();
        }
        let here = self.world.path(&place.file);
        let same = |m: &super::marks::Mark| m.gives && m.id == f.subject && m.sort != Sort::Article;
        let all = self.world.leaves.iter().flat_map(|l| l.marks.iter().filter(|m| same(m)).map(move |m| (l, m)));
        all.filter(|(l, m)| !(l.path == here && l.lines.line_of(m.bytes.start) + 1 == place.line))
            .map(|(l, m)| DiagnosticRelatedInformation {
                location: Location::new(Uri(self.desk.uri(&l.path)), l.lines.range(m.bytes.clone(), self.desk.encoding)),
                message: Term("也在这里", "given here as well").say(self.lang).into_owned(),
            })
            .collect()
    }

    /// The first line of an element of a list file.
    fn item(&self, file: &Path, n: usize, what: Term) -> Option<DiagnosticRelatedInformation> {
        let leaf = self.world.leaf(file)?;
        let span = leaf.tree.as_ref()?.items().get(n)?.span;
        let line = leaf.lines.line(span.line - 1);
        let bytes = leaf.lines.byte(span.line, span.col)..line.end;
        Some(DiagnosticRelatedInformation {
            location: Location::new(Uri(self.desk.uri(file)), leaf.lines.range(bytes, self.desk.encoding)),
            message: what.say(self.lang).into_owned(),
        })
    }

    /// What was met before the register was open.
    fn unopened(&mut self, f: &Finding) {
        let place = match &f.spot {
            Spot::Exact(place) => place.clone(),
            Spot::Node(..) => Place::file(&f.subject),
        };
        self.put(&place, diagnostic(f.rule, DiagnosticSeverity::Error, words(f, self.lang), None));
    }

    /// A register that is not open checks nothing: no silence in its other files.
    fn elsewhere(&mut self) {
        let note = Term(
            "登记册的 register.yaml 无法使用，所以本文件什么也没有检查",
            "the register.yaml of this register cannot be used, so nothing here was checked",
        );
        let message = note.say(self.lang).into_owned();
        let others: Vec<PathBuf> =
            self.desk.open.keys().filter(|p| self.world.holds(p) && !p.ends_with("register.yaml")).cloned().collect();
        for path in others {
            let line = self.lines(&path).line(0);
            let range = self.desk.open[&path].lines.range(line, self.desk.encoding);
            let one = diagnostic("E002", DiagnosticSeverity::Information, message.clone(), None);
            self.out.entry(path).or_default().push(Diagnostic { range, source: Some("duban".into()), code: None, ..one });
        }
    }
}

/// What is so, and what to do.
fn words(f: &Finding, lang: Lang) -> String {
    let remedy = f.remedy.say(lang);
    let mut out = f.message.say(lang).into_owned();
    if !remedy.is_empty() {
        out += &format!("\n→ {remedy}");
    }
    out
}

fn diagnostic(rule: &str, severity: DiagnosticSeverity, message: String, related: Option<Vec<DiagnosticRelatedInformation>>) -> Diagnostic {
    Diagnostic {
        severity: Some(severity),
        code: Some(Code::String(rule.to_string())),
        message: Message::String(message),
        related_information: related,
        ..Diagnostic::default()
    }
}

/// The message of a diagnostic.
pub fn text(d: &Diagnostic) -> &str {
    match &d.message {
        Message::String(text) => text,
        Message::MarkupContent(m) => &m.value,
    }
}
