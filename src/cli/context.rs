//! Where the register is, what day it is, how to speak and draw: decided once.

use super::args::{ColorArg, Format, Global, LangArg};
use super::effort::Bar;
use crate::finding::{Judged, Spot};
use crate::git;
use crate::load::OpenError;
use crate::log::lean::kept::Keep;
use crate::log::spool::StateFolder;
use crate::model::time::When;
use crate::model::{Lang, Level};
use crate::page::Page;
use crate::render::{markdown, terminal};
use crate::snapshot::{Options, Snapshot, query};
use chrono::{DateTime, FixedOffset, Local, NaiveDate};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

pub use super::stop::{Said, Stop, near};

/// Everything that a command needs besides its own arguments.
pub struct Context {
    /// The register's folder.
    pub root: PathBuf,
    /// Named to people.
    pub shown: String,
    /// The clock, asked once.
    pub now: DateTime<FixedOffset>,
    as_of: Option<When>,
    on: Option<When>,
    lang: Option<Lang>,
    /// Colour on standard output.
    pub colour: bool,
    /// Columns.
    pub width: usize,
    /// Standard error is a terminal: work that takes time says how far it is.
    pub bar: bool,
}

fn locale() -> Option<Lang> {
    let value = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|k| std::env::var(k).ok().filter(|v| !v.is_empty()))?;
    match value.get(..2)? {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

impl Context {
    /// From the options that every command takes.
    ///
    /// # Errors
    /// When there is no register, or a date is none.
    pub fn new(global: &Global) -> Result<Context, Stop> {
        let cwd = here(global)?;
        let root = find(&cwd, global.register.as_deref())?;
        Context::over(global, &cwd, root)
    }

    /// The same for a command that is glad of a register and can do without.
    ///
    /// # Errors
    /// When one is named that is not there.
    pub fn anywhere(global: &Global) -> Result<Context, Stop> {
        let cwd = here(global)?;
        let root = find(&cwd, global.register.as_deref());
        let root = if global.register.is_some() { root? } else { root.unwrap_or_else(|_| cwd.clone()) };
        Context::over(global, &cwd, root)
    }

    fn over(global: &Global, cwd: &Path, root: PathBuf) -> Result<Context, Stop> {
        let now = Local::now().fixed_offset();
        let date = |text: &Option<String>, flag: &str| day_told(&root, text, flag);
        let colour = match global.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        let columns = || std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let width = global.width.or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0))).or_else(columns).unwrap_or(120);
        let lang = told(global);
        Ok(Context {
            shown: relative(cwd, &root),
            as_of: date(&global.as_of, "--as-of")?,
            on: date(&global.on, "--on")?,
            root,
            now,
            lang,
            colour,
            width: width.clamp(20, 400),
            bar: std::io::stderr().is_terminal(),
        })
    }

    /// Was another day than today asked for?
    pub fn dated(&self) -> bool {
        self.as_of.is_some() || self.on.is_some()
    }

    /// The day of `--as-of`, where one was told.
    pub fn day_told(&self) -> Option<NaiveDate> {
        self.as_of.map(|w| w.day(crate::model::Zone::default()))
    }

    /// The day of `--on`, where one was told.
    #[cfg(feature = "rollup")]
    pub fn on_told(&self) -> Option<NaiveDate> {
        self.on.map(|w| w.day(crate::model::Zone::default()))
    }

    /// What this clone keeps for itself.
    ///
    /// # Errors
    /// When git is there and cannot be asked.
    pub fn state(&self) -> Result<StateFolder, Stop> {
        StateFolder::find(&self.root).map_err(|e| {
            Stop::new(
                ("无法向 git 询问这个目录", "git cannot be asked about this folder"),
                e,
                (
                    "日志须知道自己在哪个分支；请先解决（git 会说明办法），或在 git 之外使用",
                    "the log must know its branch; mend this first (git says how), or work outside git",
                ),
            )
        })
    }

    /// Opens the register.
    ///
    /// # Errors
    /// When register.yaml is missing or cannot be used; then its findings are told.
    pub fn open(&self) -> Result<Snapshot, Stop> {
        self.open_at(&self.root, None)
    }

    /// The same for whoever counts and looks at no entry; with the folded state of closed months
    /// where `keep` allows it.
    ///
    /// # Errors
    /// As [`Context::open`].
    pub fn open_lean(&self, keep: bool) -> Result<Snapshot, Stop> {
        // A git that cannot be asked is no reason to stop for whoever only counts.
        let state = || StateFolder::find(&self.root).ok();
        let usual = Keep::usual(&state);
        let _bar = Bar::over(&self.root, self.bar);
        Snapshot::open_keeping(&self.options(), keep.then_some(&usual)).map_err(|e| self.refuse(e))
    }

    /// The same, with the cause for whoever can say it in another form.
    ///
    /// # Errors
    /// When register.yaml is missing or cannot be used.
    pub fn try_open(&self) -> Result<Snapshot, OpenError> {
        let _bar = Bar::over(&self.root, self.bar);
        Snapshot::open(&Options { root: &self.root, shown: &self.shown, now: self.now, as_of: self.as_of, on: self.on })
    }

    /// Opens the register as of a day, unless another was told.
    ///
    /// # Errors
    /// As [`Context::open`].
    pub fn open_on(&self, day: Option<NaiveDate>) -> Result<Snapshot, Stop> {
        self.open_at(&self.root, day.filter(|_| !self.dated()).map(When::Day))
    }

    /// Opens the register as it lies in a folder, as of a day; as of the day told where there is none.
    ///
    /// # Errors
    /// As [`Context::open`].
    pub fn open_at(&self, root: &Path, as_of: Option<When>) -> Result<Snapshot, Stop> {
        let options = Options { root, shown: &self.shown, now: self.now, as_of: as_of.or(self.as_of), on: self.on };
        let _bar = Bar::over(root, self.bar);
        Snapshot::open(&options).map_err(|e| self.refuse(e))
    }

    /// A register that cannot be opened, in words.
    pub fn refuse(&self, e: OpenError) -> Stop {
        match e {
            OpenError::Missing(at) => Stop::new(
                ("没有登记册", "there is no register"),
                (format!("{at} 中没有 register.yaml"), format!("no register.yaml in {at}")),
                ("请用 --register 指明一个", "name one with --register"),
            ),
            OpenError::Settings(inner) => self.settings(*inner),
        }
    }

    /// What a register here is opened with.
    pub fn options(&self) -> Options<'_> {
        Options { root: &self.root, shown: &self.shown, now: self.now, as_of: self.as_of, on: self.on }
    }

    /// A register.yaml that cannot be used is a finding as well: exit 1.
    fn settings(&self, findings: Vec<crate::finding::Finding>) -> Stop {
        let mut text = String::new();
        let renderer = annotate_snippets::Renderer::plain();
        for judged in self.told(findings) {
            crate::emit::text::draw(&mut text, &renderer, &judged, self.early_lang());
        }
        Stop {
            code: 1,
            ..Stop::new(
                ("register.yaml 无法使用，因此什么也没有计入", "register.yaml cannot be used, so nothing was counted"),
                text,
                ("请先改正 register.yaml", "mend register.yaml first"),
            )
        }
    }

    /// Findings that are met before a register is open.
    pub fn told(&self, findings: Vec<crate::finding::Finding>) -> Vec<Judged> {
        let one = |finding: crate::finding::Finding| {
            let place = match &finding.spot {
                Spot::Exact(place) => place.clone(),
                Spot::Node(..) => crate::text::Place::file(&finding.subject),
            };
            Judged { finding, place, level: Level::Deny, waiver: None, fingerprint: String::new() }
        };
        let mut all: Vec<Judged> = findings.into_iter().map(one).collect();
        crate::finding::number(&self.shown, all.iter_mut());
        all
    }

    /// The language to speak: as told, else the register's, else the locale's.
    pub fn lang(&self, s: &Snapshot) -> Lang {
        self.lang.or(s.register.default_lang()).or(locale()).unwrap_or(Lang::En)
    }

    /// The language to speak without opening the register: as told, else the first that
    /// register.yaml lists, else the locale's.
    pub fn early_lang(&self) -> Lang {
        self.lang.or_else(|| written(&self.root)).or(locale()).unwrap_or(Lang::En)
    }

    /// As told, else as wished, else the register's.
    pub fn lang_or(&self, wish: Option<Lang>, s: &Snapshot) -> Lang {
        self.lang.or(wish).unwrap_or_else(|| self.lang(s))
    }

    /// The language that was asked for.
    pub fn lang_told(&self) -> Option<Lang> {
        self.lang
    }

    /// The language before a register is open.
    pub fn bare_lang(&self) -> Lang {
        self.lang.or(locale()).unwrap_or(Lang::En)
    }

    /// Prints a page or its data.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print<T: serde::Serialize>(&self, format: Format, data: &T, page: impl FnOnce() -> Page) -> Result<u8, Stop> {
        let text = match format {
            Format::Text => terminal::render(&page(), terminal::Style { width: self.width, colour: self.colour }),
            Format::Md => markdown::render(&page()),
            Format::Json => serde_json::to_string_pretty(data).expect("a report is plain data") + "\n",
        };
        if format == Format::Text && super::pager::page(text.as_bytes()) {
            return Ok(0);
        }
        self.write(&text)
    }

    /// Writes to standard output; a reader that went away is no error.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn write(&self, text: &str) -> Result<u8, Stop> {
        put(text)
    }
}

/// The working folder, after `-C`.
fn here(global: &Global) -> Result<PathBuf, Stop> {
    enter(global)?;
    std::env::current_dir().map_err(|e| Stop::new(("工作目录已不存在", "the working folder is gone"), e.to_string(), ""))
}

/// Changes to the folder after `-C`.
///
/// # Errors
/// When that is not possible.
pub fn enter(global: &Global) -> Result<(), Stop> {
    let Some(dir) = &global.directory else { return Ok(()) };
    std::env::set_current_dir(dir).map_err(|e| {
        Stop::new(
            (format!("无法进入 {}", dir.display()), format!("cannot change to {}", dir.display())),
            e.to_string(),
            ("请检查 -C 后面的目录", "check the folder after -C"),
        )
    })
}

/// The language that was asked for.
pub fn told(global: &Global) -> Option<Lang> {
    global.lang.map(|l| match l {
        LangArg::Zh => Lang::Zh,
        LangArg::En => Lang::En,
        LangArg::Both => Lang::Both,
    })
}

/// The first language that register.yaml lists.
fn written(root: &Path) -> Option<Lang> {
    let text = std::fs::read_to_string(root.join("register.yaml")).ok()?;
    let root = crate::load::tree::parse(&text).ok()??;
    match root.get("languages")?.items().first()?.text()? {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The language in which trouble is told, wherever it arose: as told, else the first that the
/// register lists, where there is one, else the locale's. Asked after `-C` has been followed.
pub fn tongue(lang: Option<Lang>, register: Option<&Path>) -> Lang {
    let listed = || written(&find(&std::env::current_dir().ok()?, register).ok()?);
    lang.or_else(listed).or(locale()).unwrap_or(Lang::En)
}

/// The language where there is no register to ask.
pub fn spoken(global: &Global) -> Lang {
    told(global).or(locale()).unwrap_or(Lang::En)
}

/// Writes to standard output; a reader that went away is no error.
///
/// # Errors
/// When standard output cannot be written.
pub fn put(text: &str) -> Result<u8, Stop> {
    put_bytes(text.as_bytes())
}

/// The same for bytes.
///
/// # Errors
/// When standard output cannot be written.
pub fn put_bytes(bytes: &[u8]) -> Result<u8, Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stop::new(("无法写到标准输出", "cannot write to standard output"), e.to_string(), ""))
        }
        _ => Ok(0),
    }
}

/// A date of the command line, where there is one; revisions are those of the folder.
///
/// # Errors
/// When it is none.
pub fn day_told(root: &Path, text: &Option<String>, flag: &str) -> Result<Option<When>, Stop> {
    let today = Local::now().date_naive();
    text.as_ref().map(|t| day(root, t, today, flag)).transpose()
}

/// A day, a period's last day, or the day of a git revision.
fn day(root: &Path, text: &str, today: NaiveDate, flag: &str) -> Result<When, Stop> {
    if let Ok(day) = crate::model::time::parse_date(text) {
        return Ok(When::Day(day));
    }
    if let Ok((_, last)) = query::period(text, today) {
        return Ok(When::Day(last));
    }
    git::date_of(root, text).and_then(|d| DateTime::parse_from_rfc3339(&d).ok()).map(When::Moment).ok_or_else(|| {
        Stop::new(
            (format!("{flag}：`{text}` 既不是日期，也不是版本"), format!("{flag}: `{text}` is neither a date nor a revision")),
            "",
            ("日期写作 2026-11-23，期间写作 2026Q1，或写一个 git 版本", "write a day as 2026-11-23, a period as 2026Q1, or a git revision"),
        )
    })
}

/// The nearest register.yaml or obligations/register.yaml upward.
pub fn find(cwd: &Path, given: Option<&Path>) -> Result<PathBuf, Stop> {
    if let Some(dir) = given {
        let dir = if dir.file_name().is_some_and(|n| n == "register.yaml") { dir.parent().unwrap_or(dir) } else { dir };
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        if dir.join("register.yaml").exists() {
            return Ok(cwd.join(dir));
        }
        return Err(Stop::new(
            (format!("{} 中没有登记册", dir.display()), format!("there is no register in {}", dir.display())),
            ("那里没有 register.yaml", "it has no register.yaml"),
            ("请指明有 register.yaml 的目录", "name a folder that has one"),
        ));
    }
    for up in cwd.ancestors() {
        for dir in [up.to_path_buf(), up.join("obligations")] {
            if dir.join("register.yaml").exists() {
                return Ok(dir);
            }
        }
    }
    Err(Stop::new(
        ("这里没有登记册", "there is no register here"),
        (
            format!("{} 及其上级目录中既没有 register.yaml，也没有 obligations/register.yaml", cwd.display()),
            format!("neither register.yaml nor obligations/register.yaml in {} or above it", cwd.display()),
        ),
        ("请到登记册所在目录，或用 -C、--register 指明", "go to the register's folder, or name it with -C or --register"),
    ))
}

/// `to` as seen from `from`, with `/`; empty when they are the same.
pub fn relative(from: &Path, to: &Path) -> String {
    let tidy = |p: &Path| p.canonicalize().unwrap_or_else(|_| p.to_path_buf());
    let (from, to) = (tidy(from), tidy(to));
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let ups = from.components().count() - common;
    let mut steps: Vec<String> = vec!["..".to_string(); ups];
    steps.extend(to.components().skip(common).map(|c| c.as_os_str().to_string_lossy().into_owned()));
    steps.join("/")
}
