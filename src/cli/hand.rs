//! `log seal`, `log import`, `log amend`: many entries at once, all of a file or none.

use super::args::{AmendArgs, ImportArgs, SealArgs};
use super::context::{Context, Stop};
use super::log::{not_written, post, undated, unsettled};
use crate::intake::amend::{self, Becomes, Edit};
use crate::intake::drafts::{self, DraftFile};
use crate::intake::lawful::Judge;
use crate::intake::proposal::{self, Here, Proposal};
use crate::intake::table;
use crate::log::Log;
use crate::log::append::{AppendError, Appender};
use crate::log::disk::{Disk, Fail, Real};
use crate::log::repair::{self, Fix};
use crate::log::spool::StateFolder;
use crate::log::verify::{self, Options};
use crate::model::{Entry, Lang, Words};
use crate::render::terminal::tame;
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

fn say<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::En { en } else { zh }
}

/// Something wrong with an entry of a file.
struct Slip {
    file: String,
    line: usize,
    col: usize,
    what: Words,
}

impl Slip {
    fn show(&self, lang: Lang) -> String {
        let col = if self.col > 0 { format!(":{}", self.col) } else { String::new() };
        tame(&format!("{}:{}{col}: {}\n", self.file, self.line, self.what.say(lang))).into_owned()
    }
}

/// One entry on its way in.
pub struct Item {
    /// The file it stands in.
    pub file: String,
    /// And the line.
    pub line: usize,
    /// The entry in its person's words.
    pub proposal: Proposal,
    /// Department folder of the draft, which the entry must belong to.
    pub folder: Option<String>,
    /// Where its files are looked for.
    pub base: PathBuf,
}

/// What was done with the items that went in.
pub struct Done {
    /// Their entries; none in a dry run.
    pub entries: Vec<Entry>,
    /// Recorded before under the same key.
    pub known: usize,
}

/// The post for items that name none; empty where nobody is known, which those items are told.
///
/// # Errors
/// When the post given is none.
pub fn somebody(state: &StateFolder, given: Option<&String>) -> Result<String, Stop> {
    if given.is_none() && state.last_post().is_none() { Ok(String::new()) } else { post(state, given) }
}

/// Which item is refused, why, and the field that it is about; empty where it is about the whole.
pub type Fault = (usize, Words, &'static str);

/// Turns the items into entries; faults are told by item.
fn entries(s: &Snapshot, context: &Context, items: &[Item], by: &str) -> Result<Vec<Entry>, Vec<Fault>> {
    let today = s.register.settings.time_zone.day(context.now);
    let (mut out, mut slips) = (Vec::new(), Vec::new());
    for (n, item) in items.iter().enumerate() {
        let p = &item.proposal;
        let by = p.by.as_deref().unwrap_or(by);
        if by.is_empty() {
            let (zh, en) = ("没有说明由谁记录；写 by，或给出 --by", "nobody is named as recording this; write `by`, or give --by POST");
            slips.push((n, crate::finding::words(zh.into(), en.into()), "by"));
            continue;
        }
        let duty = match proposal::find_duty(s, &p.duty, by, item.folder.as_deref()) {
            Ok(duty) => duty,
            Err(f) => {
                slips.push((n, table::joined(&f.what, &f.hint), f.field));
                continue;
            }
        };
        match proposal::entry(s, p, duty, by, Here { base: Some(&item.base), today }) {
            Ok(entry) => match &item.folder {
                Some(folder) if s.register.current(folder) != s.register.current(&entry.dept) => slips.push((
                    n,
                    crate::finding::words(
                        format!("{} 由 {} 牵头，草稿却在 {folder} 的文件夹里", p.duty, entry.dept),
                        format!("{} is led by {}, but the draft lies in the folder of {folder}", p.duty, entry.dept),
                    ),
                    "",
                )),
                _ => out.push(entry),
            },
            Err(faults) => slips.extend(faults.iter().map(|f| (n, table::joined(&f.what, &f.hint), f.field))),
        }
    }
    if slips.is_empty() { Ok(out) } else { Err(slips) }
}

/// Records the items, all or none; the inner error tells which were refused and why.
///
/// # Errors
/// When the log cannot be written.
pub fn record(
    context: &Context,
    s: &Snapshot,
    state: &StateFolder,
    items: &[Item],
    by: &str,
    dry: bool,
) -> Result<Result<Done, Vec<Fault>>, Stop> {
    let drafts = match entries(s, context, items, by) {
        Ok(entries) => entries,
        Err(slips) => return Ok(Err(slips)),
    };
    let before: HashSet<Box<str>> = s.log.records.iter().map(|r| r.entry.h.clone()).collect();
    let judge = Judge::new(s);
    // A dry run asks everything and then refuses.
    let fine = std::cell::Cell::new(false);
    let check = |log: &Log, fresh: &[usize]| {
        let refused = judge.ask(log, fresh);
        if dry && refused.is_empty() {
            fine.set(true);
            return vec![(fresh[0], Words::default())];
        }
        refused
    };
    let lang = context.lang(s);
    let bar = |n: usize, all: usize| {
        if context.bar {
            eprint!("\r{} {n}/{all}  ", say(lang, "写入文件", "files written"));
        }
    };
    let appender = Appender { root: &s.root, register: &s.register, now: context.now, state, disk: &Real, progress: Some(&bar) };
    if context.bar && drafts.len() > 500 {
        eprint!("\r{} {}  ", say(lang, "核对条目", "judging entries"), drafts.len());
    }
    let done = appender.append_all(drafts, &check);
    if context.bar {
        eprint!("\r\u{1b}[K");
    }
    match done {
        Ok(entries) => {
            unsettled(&judge, lang);
            let known = entries.iter().filter(|e| before.contains(&e.h)).count();
            Ok(Ok(Done { entries, known }))
        }
        Err(AppendError::Refused(_)) if fine.get() => Ok(Ok(Done { entries: Vec::new(), known: 0 })),
        Err(AppendError::Refused(why)) => Ok(Err(why
            .into_iter()
            .map(|(n, what)| {
                let field = judge.field(&what);
                (n, what, field)
            })
            .collect())),
        Err(other) => Err(not_written(other)),
    }
}

fn line(e: &Entry, lang: Lang) -> String {
    format!("{} {} {}@{} {}\n", e.h, crate::model::entry::instant::show(&e.at), e.duty, e.dept, e.event.term().say(lang))
}

/// `log import FILE`.
pub fn import(context: &Context, args: &ImportArgs) -> Result<u8, Stop> {
    undated(context)?;
    let s = context.open()?;
    let (state, lang) = (context.state()?, context.lang(&s));
    let by = somebody(&state, args.by.as_ref())?;
    let shown = args.file.display().to_string();
    let bad = |what: String, hint: &str| Stop::new(format!("{shown}: {what}"), "", hint);
    let bytes = std::fs::read(&args.file).map_err(|e| bad(e.to_string(), ""))?;
    let rows = table::read(&shown, &bytes).map_err(|w| bad(w.say(lang).into_owned(), ""))?;
    for note in &rows.notes {
        eprintln!("duban: {shown}: {}", note.say(lang));
    }
    let base = args.file.parent().map(Path::to_path_buf).unwrap_or_default();
    let items: Vec<Item> = rows
        .items
        .into_iter()
        .map(|(line, proposal)| Item { file: shown.clone(), line, proposal, folder: None, base: base.clone() })
        .collect();
    let mut slips: Vec<Slip> = rows.slips.into_iter().map(|(line, what)| Slip { file: shown.clone(), line, col: 0, what }).collect();
    if rows.read == 0 {
        return Err(bad(say(lang, "没有一行数据", "there is not one row in it").into(), ""));
    }
    let told = |slip: Fault| Slip { file: shown.clone(), line: items[slip.0].line, col: 0, what: slip.1 };
    // Rows that do not read are told together with what is wrong with the others; lawfulness
    // is only asked where all are there, since one missing row makes others unlawful.
    let outcome = if slips.is_empty() {
        record(context, &s, &state, &items, &by, args.dry_run)?
    } else {
        entries(&s, context, &items, &by).map(|_| Done { entries: Vec::new(), known: 0 })
    };
    match outcome {
        Ok(done) if slips.is_empty() => {
            let here: HashSet<&str> = s.log.records.iter().map(|r| &*r.entry.h).collect();
            let fresh = done.entries.iter().filter(|e| !here.contains(&*e.h));
            let files: BTreeSet<(&str, &str)> = fresh.map(|e| (&*e.dept, &*e.by)).collect();
            let (new, n) = (done.entries.len() - done.known, rows.read);
            let text = match (args.dry_run, lang) {
                (true, Lang::En) => format!("{n} rows would be recorded; nothing was written\n"),
                (true, _) => format!("{n} 行均可记录；什么也没有写入\n"),
                (false, Lang::En) => {
                    format!("{new} entries recorded in {} files, {} were there already, of {n} rows\n", files.len(), done.known)
                }
                (false, _) => format!("共 {n} 行：新记录 {new} 条，写入 {} 个文件，原已记录 {} 条\n", files.len(), done.known),
            };
            context.write(&text)?;
            Ok(0)
        }
        outcome => {
            slips.extend(outcome.err().into_iter().flatten().map(told));
            slips.sort_by_key(|s| s.line);
            refused(context, &slips, rows.read, lang)
        }
    }
}

fn refused(context: &Context, slips: &[Slip], read: usize, lang: Lang) -> Result<u8, Stop> {
    let mut out: String = slips.iter().map(|s| s.show(lang)).collect();
    let rows = slips.iter().map(|s| (&s.file, s.line)).collect::<BTreeSet<_>>().len();
    out += &match lang {
        Lang::En => format!("refused: {rows} of {read} rows; nothing was written\n"),
        _ => format!("被拒绝：{read} 行中有 {rows} 行不行；什么也没有写入\n"),
    };
    context.write(&out)?;
    Ok(1)
}

/// `log seal [FILE…]`.
pub fn seal(context: &Context, args: &SealArgs) -> Result<u8, Stop> {
    undated(context)?;
    let s = context.open()?;
    let (state, lang) = (context.state()?, context.lang(&s));
    let by = somebody(&state, args.by.as_ref())?;
    let io = |e: std::io::Error| Stop::new("log/drafts", e.to_string(), "");
    let (all, odd) = drafts::find(&s.root).map_err(io)?;
    let mut out = String::new();
    for o in &odd {
        out += &tame(&match lang {
            Lang::En => format!("{o}: left alone; drafts are plain files log/drafts/DEPT/NAME.yaml\n"),
            _ => format!("{o}：未动；草稿应是普通文件 log/drafts/单位/名称.yaml\n"),
        });
    }
    let wanted = chosen(&s.root, &all, &args.files)?;
    let sealed = seal_files(context, &s, &state, &wanted, &by, args.dry_run, &mut out)?;
    if all.is_empty() && odd.is_empty() {
        out += say(lang, "没有待封存的草稿\n", "there are no drafts to seal\n");
    }
    context.write(&out)?;
    Ok(u8::from(!sealed))
}

/// The drafts that were named; all of them when none was.
fn chosen(root: &Path, all: &[String], named: &[PathBuf]) -> Result<Vec<String>, Stop> {
    if named.is_empty() {
        return Ok(all.to_vec());
    }
    let mut out = Vec::new();
    for name in named {
        let same =
            |rel: &&String| root.join(rel) == *name || std::fs::canonicalize(root.join(rel)).ok() == std::fs::canonicalize(name).ok();
        match all.iter().find(same) {
            Some(rel) => out.push(rel.clone()),
            None => {
                return Err(Stop::new(
                    (format!("{} 不是本登记册的草稿", name.display()), format!("{} is no draft of this register", name.display())),
                    ("草稿是 log/drafts/部门/名称.yaml 这样的普通文件", "drafts are plain files log/drafts/DEPT/NAME.yaml"),
                    (
                        format!("现有：{}", if all.is_empty() { "无".into() } else { all.join(" ") }),
                        format!("there are: {}", if all.is_empty() { "none".into() } else { all.join(" ") }),
                    ),
                ));
            }
        }
    }
    Ok(out)
}

/// Seals files, each whole or not at all; true when every one of them went in.
fn seal_files(
    context: &Context,
    s: &Snapshot,
    state: &StateFolder,
    rels: &[String],
    by: &str,
    dry: bool,
    out: &mut String,
) -> Result<bool, Stop> {
    let lang = context.lang(s);
    let mut slips: BTreeMap<String, Vec<Slip>> = BTreeMap::new();
    let mut files: Vec<DraftFile> = Vec::new();
    for rel in rels {
        match drafts::read(&s.root, rel) {
            Ok(file) => files.push(file),
            Err(e) => {
                let what = Words::plain(&e.to_string());
                slips.entry(rel.clone()).or_default().push(Slip { file: rel.clone(), line: 1, col: 0, what });
            }
        }
    }
    let sealed_before: Vec<(&str, &str)> = s
        .log
        .records
        .iter()
        .filter_map(|r| Some((r.entry.key.as_deref()?, &*r.entry.h)))
        .filter(|(k, _)| k.starts_with("draft-"))
        .collect();
    let mut open: Vec<usize> = Vec::new();
    for (i, f) in files.iter().enumerate() {
        let mut found: Vec<Slip> =
            f.slips.iter().map(|(line, col, what)| Slip { file: f.rel.clone(), line: *line, col: *col, what: what.clone() }).collect();
        for (n, (line, p)) in f.items.iter().enumerate() {
            let (mine, words) = (f.key(n), format!("{}-", f.words_key));
            let twin = sealed_before.iter().find(|(k, _)| k.starts_with(&words) && k.ends_with(&format!("-{n}")) && *k != mine);
            if let (None, Some((_, h))) = (&p.key, twin) {
                found.push(Slip { file: f.rel.clone(), line: *line, col: 0, what: drafts::again(h) });
            }
        }
        if found.is_empty() {
            open.push(i);
        } else {
            slips.insert(f.rel.clone(), found);
        }
    }
    // A file that is refused steps back, and the others are asked again without it.
    let mut done = None;
    while !open.is_empty() {
        let items: Vec<Item> = open
            .iter()
            .flat_map(|i| {
                let f = &files[*i];
                f.items.iter().enumerate().map(move |(n, (line, p))| {
                    let mut proposal = p.clone();
                    proposal.key = proposal.key.or_else(|| Some(f.key(n).into()));
                    let base = s.root.join(&f.rel).parent().map(Path::to_path_buf).unwrap_or_default();
                    Item { file: f.rel.clone(), line: *line, proposal, folder: Some(f.dept.clone()), base }
                })
            })
            .collect();
        match record(context, s, state, &items, by, dry)? {
            Ok(d) => {
                done = Some(d);
                break;
            }
            Err(why) => {
                for (n, what, _) in why {
                    let item = &items[n];
                    slips.entry(item.file.clone()).or_default().push(Slip { file: item.file.clone(), line: item.line, col: 0, what });
                }
                open.retain(|i| !slips.contains_key(&files[*i].rel));
            }
        }
    }
    *out += &slips.values().flatten().map(|x| x.show(lang)).collect::<String>();
    if let Some(d) = &done {
        let known: HashSet<&str> = s.log.records.iter().map(|r| &*r.entry.h).collect();
        for e in &d.entries {
            let mark = if known.contains(&*e.h) { say(lang, "（此前已记录）", "(recorded before) ") } else { "" };
            *out += &format!("{mark}{}", line(e, lang));
        }
        if !dry {
            for f in open.iter().map(|i| &files[*i]) {
                put_away(s, state, context, f, lang, out);
            }
        }
    }
    let (good, bad) = (open.len(), slips.len());
    *out += &match (dry, lang) {
        _ if good + bad == 0 => String::new(),
        (false, Lang::En) => format!("drafts sealed: {good} files; left in place: {bad}\n"),
        (false, _) => format!("草稿封存 {good} 个文件，留在原处 {bad} 个\n"),
        (true, Lang::En) => format!("drafts that would be sealed: {good} files; not: {bad}; nothing was written\n"),
        (true, _) => format!("可封存草稿 {good} 个文件，不能的 {bad} 个；什么也没有写入\n"),
    };
    Ok(bad == 0)
}

/// A sealed draft leaves its folder; its bytes are kept aside.
fn put_away(s: &Snapshot, state: &StateFolder, context: &Context, f: &DraftFile, lang: Lang, out: &mut String) {
    let path = s.root.join(&f.rel);
    let appender = Appender { root: &s.root, register: &s.register, now: context.now, state, disk: &Real, progress: None };
    let done = (|| {
        if std::fs::read(&path)? != f.bytes {
            return Err(std::io::Error::other(say(lang, "封存之后又被改动", "it was changed after it was sealed")));
        }
        appender.set_aside(&f.rel.replace('/', "+"), &f.bytes)?;
        Real.remove(&path)?;
        Real.sync_dir(path.parent().unwrap_or(&s.root))
    })();
    if let Err(e) = done {
        *out += &tame(&match lang {
            Lang::En => format!("{}: sealed, but the draft is still there: {e}\n", f.rel),
            _ => format!("{}：已封存，但草稿仍在原处：{e}\n", f.rel),
        });
    }
}

/// `log amend`: hand edits of sealed files, put back and recorded the lawful way.
pub fn amend(context: &Context, args: &AmendArgs) -> Result<u8, Stop> {
    undated(context)?;
    let s = context.open()?;
    let (state, lang) = (context.state()?, context.lang(&s));
    let by = if args.apply { post(&state, args.by.as_ref())? } else { String::new() };
    let appender = Appender { root: &s.root, register: &s.register, now: context.now, state: &state, disk: &Real, progress: None };
    let lock = if args.apply { Some(appender.lock().map_err(not_written)?) } else { None };
    let spool = state.spool();
    let options = Options {
        root: &s.root,
        spool: &spool,
        repo: state.repo.as_ref(),
        branch: state.branch.as_deref(),
        history: false,
        against: None,
        signers: None,
        progress: None,
    };
    let (report, _) = verify::verify(&options);
    let fixes = repair::plan(&options, &report.troubles);
    let mut out = String::new();
    let mut corrections = Vec::new();
    let mut drafts: Vec<(String, String)> = Vec::new();
    let mut mend: Vec<Fix> = Vec::new();
    let mut left = 0;
    for fix in fixes {
        let old = std::fs::read(s.root.join(&fix.file)).unwrap_or_default();
        if !fix.mends {
            left += 1;
            out += &tame(&format!("{}: {}: {}\n", fix.file, say(lang, "不能放回", "cannot be put back"), fix.what.say(lang)));
            continue;
        }
        let sealed: Vec<Vec<u8>> =
            fix.writes.iter().flat_map(|(_, b)| b.split(|c| *c == b'\n')).filter(|l| !l.is_empty()).map(<[u8]>::to_vec).collect();
        for edit in amend::find(&old, &sealed) {
            out += &tame(&format!("{}:{}: {}\n", fix.file, edit.line, edit.what.say(lang)));
            if let Some((rel, text)) = draft_of(&fix.file, &edit, &old, args.reason.as_deref(), lang) {
                if matches!(edit.becomes, Becomes::Correction(_)) {
                    corrections.push(rel.clone());
                } else {
                    out += &format!("    {} {rel}\n", say(lang, "草稿", "draft"));
                }
                drafts.push((rel, text));
            }
        }
        mend.push(fix);
    }
    if mend.is_empty() {
        out += say(lang, "没有找到手工改动\n", "no hand edit was found\n");
        context.write(&out)?;
        return Ok(u8::from(left > 0));
    }
    if !args.apply {
        out += say(lang, "以上只是试算，什么也没有改；加 --apply 才写入\n", "nothing was changed; add --apply to write\n");
        context.write(&out)?;
        return Ok(1);
    }
    // The person's words are on disk as drafts before the file is put back: cut short
    // anywhere, asking again goes on.
    let io = |e: std::io::Error| {
        Stop::new(
            ("更正中途停止", "amending stopped"),
            e.to_string(),
            ("已完成的部分是完整的；文字仍在草稿里；请再试一次", "what was done is whole; the drafts keep the words; try again"),
        )
    };
    for (rel, text) in &drafts {
        let path = s.root.join(rel);
        let dir = path.parent().expect("a draft has a folder");
        if !dir.exists() {
            Real.make_dirs(dir).map_err(io)?;
        }
        if std::fs::read(&path).is_ok_and(|b| b == text.as_bytes()) {
            continue;
        }
        Real.create(&path, text.as_bytes()).map_err(Fail::into_inner).map_err(io)?;
        Real.sync_dir(dir).map_err(io)?;
    }
    repair::apply(&appender, &mend).map_err(io)?;
    drop(lock);
    let s = context.open()?;
    let sealed = corrections.is_empty() || seal_files(context, &s, &state, &corrections, &by, false, &mut out)?;
    context.write(&out)?;
    Ok(u8::from(!sealed || left > 0))
}

/// Path and text of the draft for an edit, where it needs one.
fn draft_of(file: &str, edit: &Edit, old: &[u8], reason: Option<&str>, lang: Lang) -> Option<(String, String)> {
    let text = old.split(|b| *b == b'\n').nth(edit.line - 1).map(|l| String::from_utf8_lossy(l).into_owned()).unwrap_or_default();
    let (mut proposals, note) = match &edit.becomes {
        Becomes::PutBack => return None,
        Becomes::Correction(v) => (vec![v.clone()], say(lang, "手工改动，改记为更正", "a hand edit, to be recorded as a correction")),
        Becomes::Draft(Some(v)) => (vec![v.clone()], say(lang, "手工写入，请核对", "typed in by hand: look it over")),
        Becomes::Draft(None) => (Vec::new(), say(lang, "手工写入的文字；请写成条目", "words typed in by hand: make an entry of them")),
    };
    let mut comments = vec![note.to_string(), format!("{file}:{}", edit.line)];
    for p in &mut proposals {
        if let (Some(map), Some(reason), Becomes::Correction(_)) = (p.as_object_mut(), reason, &edit.becomes)
            && !map.contains_key("reason")
        {
            map.insert("reason".into(), reason.into());
        }
    }
    if proposals.is_empty() {
        comments.push(text.clone());
        // An entry's skeleton: empty values are mistakes until somebody fills them in.
        proposals.push(serde_json::json!({"duty": "", "event": "", "note": text}));
    }
    let dept = file.split('/').nth(1).unwrap_or_default();
    let rel = format!("log/drafts/{dept}/{}", amend::draft_name(file, edit, &text));
    Some((rel, drafts::write(&comments, &proposals)))
}
