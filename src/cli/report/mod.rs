//! `report`: layouts and saved reports, printed, written into a folder, or compared with it.
//!
//! [`job`] is what is to be printed, [`forms`] in what formats, [`faces`] with what fonts, [`folder`] puts files in their
//! places or compares them, [`index`] is the page that leads to them.

#[cfg_attr(not(feature = "pdf"), allow(dead_code))]
pub mod faces;
mod folder;
pub mod forms;
mod index;
mod job;

use super::args::ReportArgs;
use super::context::{Context, Stop, put_bytes};
use crate::model::Lang;
use crate::page::Page;
use crate::report::layout::LAYOUTS;
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use faces::Faces;
use folder::{Folder, Printed};
use forms::{FORMS, Form, Setting};
use job::Job;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::rc::Rc;

/// The command.
pub fn report(context: &Context, args: &ReportArgs) -> Result<u8, Stop> {
    let asked = if args.format.iter().any(|f| f == "all") {
        Ok(FORMS.iter().filter(|f| f.in_all).collect())
    } else {
        args.format.iter().map(|f| forms::find(f)).collect::<Result<Vec<_>, _>>()
    };
    let asked = asked.map_err(|(what, hint)| Stop::new(what, "", hint))?;
    let s = context.open()?;
    let faces = Rc::new(Faces::new(args.font.clone(), s.register.settings.font.as_ref().map(|f| f.to_string())));
    if args.names.is_empty() && !args.all {
        return list(context, &s, &asked, &faces);
    }
    let jobs = jobs(&s, args)?;
    let target = target(&s, args)?;
    match target {
        Some(folder) => write(context, s, args, &jobs, &asked, (&folder, &faces)),
        None => print(context, s, &jobs, &asked, &faces),
    }
}

/// What was asked for, in order.
fn jobs(s: &Snapshot, args: &ReportArgs) -> Result<Vec<Job>, Stop> {
    // A sample's story ends on its day: what is kept of it does not change with the calendar.
    let pinned = s.register.settings.sample_as_of.map(|d| d.0).filter(|_| args.all || args.check);
    let pin = |mut job: Job| {
        job.as_of = job.as_of.or(pinned);
        job
    };
    if !args.all {
        return args.names.iter().map(|n| Ok(pin(Job::named(s, n)?.with(args)))).collect();
    }
    let mut all: Vec<Job> = s.register.reports.iter().map(|r| Job::saved(s, r)).collect::<Result<_, _>>()?;
    // The register's own folder holds what the register saves; any other place gets everything.
    if all.is_empty() || args.out.is_some() {
        let layouts = LAYOUTS.iter().map(Job::plain).filter(|j| s.register.reports.iter().all(|r| r.name.as_str() != j.stem));
        let layouts: Vec<Job> = layouts.collect();
        all.extend(layouts);
    }
    let mut names = std::collections::BTreeSet::new();
    if let Some(twice) = all.iter().find(|j| !names.insert(j.stem.clone())) {
        return Err(Stop::new(
            (format!("有两份已存报表都叫 `{}`", twice.stem), format!("two saved reports are called `{}`", twice.stem)),
            ("一个文件会覆盖另一个", "one file would overwrite the other"),
            ("请改其中一个的名称", "rename one of them"),
        ));
    }
    Ok(all.into_iter().map(|j| pin(j.with(args))).collect())
}

/// Where files go; `None` = standard output.
fn target(s: &Snapshot, args: &ReportArgs) -> Result<Option<Folder>, Stop> {
    let own = s.register.settings.reports.as_ref().map(|p| s.root.join(p.as_str()));
    let dir = match (&args.out, own) {
        (Some(dir), _) => dir.clone(),
        (None, Some(own)) if args.all || args.check => own,
        (None, None) if args.all || args.check => {
            let hint = (
                "请给出 --out DIR，或在 register.yaml 中写明：`reports: ../reports/national`",
                "give --out DIR, or name one in register.yaml: `reports: ../reports/national`",
            );
            return Err(Stop::new(
                ("没有可写入的目录", "there is no folder to write to"),
                ("register.yaml 没有 `reports`", "register.yaml has no `reports`"),
                hint,
            ));
        }
        _ => return Ok(None),
    };
    Folder::new(dir, &s.root).map(Some)
}

/// Snapshots by day, each opened once.
struct Days<'a> {
    context: &'a Context,
    open: BTreeMap<Option<NaiveDate>, Snapshot>,
}

impl<'a> Days<'a> {
    fn new(context: &'a Context, first: Snapshot) -> Days<'a> {
        Days { context, open: BTreeMap::from([(None, first)]) }
    }
    fn at(&mut self, day: Option<NaiveDate>) -> Result<&Snapshot, Stop> {
        let day = day.filter(|d| !self.context.dated() && self.open[&None].as_of != *d);
        if !self.open.contains_key(&day) {
            let s = self.context.open_on(day)?;
            self.open.insert(day, s);
        }
        Ok(&self.open[&day])
    }
}

/// One format to standard output.
fn print(context: &Context, s: Snapshot, jobs: &[Job], asked: &[&'static Form], faces: &Rc<Faces>) -> Result<u8, Stop> {
    let mut days = Days::new(context, s);
    if asked.len() > 1 {
        return Err(Stop::new(
            ("多种格式需要一个目录", "several formats need a folder"),
            ("标准输出只能容一种", "standard output takes one"),
            ("请给出 --out DIR", "give --out DIR"),
        ));
    }
    let mut out: Vec<u8> = Vec::new();
    for job in jobs {
        let form = asked.first().copied().unwrap_or(&FORMS[0]);
        let pages = job.pages(context, days.at(job.as_of)?, &[form])?;
        if let (Some(together), 2..) = (form.together, pages.len())
            && !std::io::stdout().is_terminal()
            && jobs.len() == 1
        {
            let all: Vec<&Page> = pages.iter().map(|(_, p)| p).collect();
            return put_bytes(&together(&all).map_err(|e| unprintable(&job.stem, form, e))?);
        }
        if form.binary && (std::io::stdout().is_terminal() || pages.len() + jobs.len() > 2) {
            return Err(Stop::new(
                (format!("{} 不宜输出到终端", form.name), format!("{} is not for a terminal", form.name)),
                ("它每页是一个二进制文件", "it is one binary file a page"),
                ("请给出 --out DIR", "give --out DIR"),
            ));
        }
        for (stem, page) in &pages {
            let style = crate::render::terminal::Style { width: context.width, colour: context.colour };
            let setting = Setting { style, ..Setting::file(page, faces) };
            if !out.is_empty() {
                out.push(b'\n');
            }
            out.extend(forms::piped(form, page, &setting).map_err(|e| unprintable(stem, form, e))?);
        }
    }
    if asked.first().is_none_or(|f| f.name == "terminal") && crate::cli::pager::page(&out) {
        return Ok(0);
    }
    put_bytes(&out)
}

fn unprintable(stem: &str, form: &Form, why: String) -> Stop {
    Stop::new((format!("{stem} 无法输出为 {}", form.name), format!("{stem} cannot be printed as {}", form.name)), why, "")
}

/// Files into a folder, or a comparison with it.
fn write(
    context: &Context,
    s: Snapshot,
    args: &ReportArgs,
    jobs: &[Job],
    asked: &[&'static Form],
    (folder, faces): (&Folder, &Rc<Faces>),
) -> Result<u8, Stop> {
    let hand = Hand { faces, check: args.check, committed: args.check.then(|| folder.fonts()).flatten() };
    let lang = context.lang(&s);
    let mut days = Days::new(context, s);
    let mut printed: Vec<Printed> = Vec::new();
    let mut errors = 0;
    for (i, job) in jobs.iter().enumerate() {
        if context.bar {
            eprint!("\r\u{1b}[K{}/{} {}", i + 1, jobs.len(), job.stem);
        }
        let s = days.at(job.as_of)?;
        errors = errors.max(job_errors(s));
        let chosen = formats(job, asked, args.all);
        let pages = job.pages(context, s, &chosen)?;
        // A workbook has a sheet a page; whatever has none gets a file a page.
        let (bound, single): (Vec<&'static Form>, Vec<_>) = chosen.into_iter().partition(|f| f.together.is_some() && pages.len() > 1);
        if !bound.is_empty() {
            printed.push(together(job, &pages, &bound)?);
        }
        for (stem, page) in pages {
            printed.push(make(&stem, page, &single, &hand)?);
        }
    }
    if context.bar {
        eprint!("\r\u{1b}[K");
    }
    if errors > 0 {
        match lang {
            Lang::En => eprintln!("duban: {errors} mistakes met while reading: the figures are not to be relied on; see `duban check`"),
            _ => eprintln!("duban: 读取时发现 {errors} 处错误，数字不可依据；详见 `duban check`"),
        }
    }
    if args.all {
        let s = days.at(None)?;
        let fonts = if args.check { folder.fonts_line() } else { index::fonts(&printed, faces, lang) };
        printed.push(index::of(s, &printed, lang, &fonts));
    }
    let only: Vec<&str> = asked.iter().map(|f| f.extension).collect();
    if args.check {
        folder.compare(&printed, args.all.then_some(&only), lang)
    } else {
        folder.write(&printed, args.all.then_some(&only), lang)
    }
}

fn job_errors(s: &Snapshot) -> usize {
    s.findings.iter().filter(|f| f.rule != "L016").count()
}

/// Asked for, else saved, else all of them or Markdown.
fn formats(job: &Job, asked: &[&'static Form], all: bool) -> Vec<&'static Form> {
    match () {
        _ if !asked.is_empty() => asked.to_vec(),
        _ if !job.formats.is_empty() => job.formats.clone(),
        _ if all => FORMS.iter().filter(|f| f.in_all).collect(),
        _ => FORMS.iter().filter(|f| f.name == "md").collect(),
    }
}

/// One file of all pages of a report.
fn together(job: &Job, pages: &[(String, Page)], forms: &[&'static Form]) -> Result<Printed, Stop> {
    let all: Vec<&Page> = pages.iter().map(|(_, p)| p).collect();
    let mut files = Vec::new();
    for form in forms {
        let bytes = form.together.map(|t| t(&all)).transpose().map_err(|e| unprintable(&job.stem, form, e))?.unwrap_or_default();
        files.push(folder::File { path: format!("{}.{}", job.stem, form.extension), is: folder::Is::Bytes(bytes) });
    }
    let digest = crate::digest::hex(all.iter().map(|p| crate::render::stamp::stamp(p)).collect::<String>().as_bytes());
    let (title, as_of) =
        all.first().map_or_else(Default::default, |p| (job.layout.title.say(index::lang(p)).into_owned(), p.head[1].clone()));
    Ok(Printed { stem: job.stem.clone(), title, as_of, digest, files })
}

/// What the files of a page are made with, or held against.
struct Hand<'a> {
    faces: &'a Rc<Faces>,
    check: bool,
    /// Digest of the fonts that the files in the folder were printed with.
    committed: Option<String>,
}

impl Hand<'_> {
    /// Can the bytes of a form be compared, and not only the digest that it carries? Those of
    /// PDF where this machine has the very fonts.
    fn bytes(&self, form: &Form) -> bool {
        form.name == "pdf" && self.committed.is_some() && self.committed == self.faces.digest()
    }
}

/// The files of a page. Where a form carries the page's digest, a comparison needs no bytes.
fn make(stem: &str, page: Page, forms: &[&'static Form], hand: &Hand) -> Result<Printed, Stop> {
    let setting = Setting::file(&page, hand.faces);
    let mut files = Vec::new();
    for form in forms {
        if hand.check
            && !hand.bytes(form)
            && let Some(carried) = form.carried
        {
            files.push(folder::File {
                path: format!("{stem}.{}", form.extension),
                is: folder::Is::Carrying(carried, setting.digest.clone()),
            });
            continue;
        }
        for (more, bytes) in (form.render)(&page, &setting).map_err(|e| unprintable(stem, form, e))? {
            files.push(folder::File { path: format!("{stem}{more}.{}", form.extension), is: folder::Is::Bytes(bytes) });
        }
    }
    Ok(Printed { stem: stem.into(), title: page.title.clone(), as_of: page.head[1].clone(), digest: setting.digest, files })
}

/// The layouts and the saved reports.
fn list(context: &Context, s: &Snapshot, asked: &[&'static Form], faces: &Rc<Faces>) -> Result<u8, Stop> {
    let page = index::list(s, context.lang(s));
    let form = asked.first().copied().unwrap_or(&FORMS[0]);
    let style = crate::render::terminal::Style { width: context.width, colour: context.colour };
    let bytes =
        forms::piped(form, &page, &Setting { style, ..Setting::file(&page, faces) }).map_err(|e| unprintable("the list", form, e))?;
    put_bytes(&bytes)
}
