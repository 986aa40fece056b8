//! `import xlsx`, `import csv`: fill-in tables into the log.
//!
//! A file at a time: its lawful rows are recorded together or not at all; the others go into a
//! table of their own, with why. Without --apply nothing is written, and the same is said.

use crate::author::write;
use crate::cli::args::ImportFormArgs;
use crate::cli::context::{Context, Stop};
use crate::cli::hand::{Item, record, somebody};
use crate::cli::log::undated;
use crate::exchange::fill::columns::COLUMNS;
use crate::exchange::fill::merge::{Desk, Outcome, Slip};
use crate::exchange::fill::{self, Form, Left, grid, grid::Grid};
use crate::intake::proposal::{Here, entry};
use crate::intake::table::joined;
use crate::log::spool::StateFolder;
use crate::model::{Event, Lang};
use crate::render::terminal::tame;
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A larger file is no table of duties.
const MOST_BYTES: u64 = 64 << 20;

/// Workbooks.
#[cfg(feature = "xlsx")]
pub fn xlsx(context: &Context, args: &ImportFormArgs) -> Result<u8, Stop> {
    all(context, args, Form::Xlsx)
}

/// CSV.
pub fn csv(context: &Context, args: &ImportFormArgs) -> Result<u8, Stop> {
    all(context, args, Form::Csv(false))
}

fn all(context: &Context, args: &ImportFormArgs, form: Form) -> Result<u8, Stop> {
    undated(context)?;
    let foreign = [
        ("--id", args.id.is_some()),
        ("--title", args.title.is_some()),
        ("--listed", args.listed.is_some()),
        ("--out", args.out.is_some()),
    ];
    if let Some((flag, _)) = foreign.iter().find(|f| f.1) {
        return Err(Stop::new(
            (format!("{flag} 只用于会成为政策的文件"), format!("{flag} is for files that become a policy")),
            ("填报表导入后成为日志条目", "a fill-in table becomes entries of the log"),
            "",
        ));
    }
    let mut code = 0;
    // What cannot be read is told before anything is written for the files before it.
    let grids = args.files.iter().map(|f| open(context, f, form)).collect::<Result<Vec<_>, _>>()?;
    for (path, (grid, form)) in args.files.iter().zip(grids) {
        code = code.max(one(context, args, path, &grid, form)?);
    }
    Ok(code)
}

fn open(context: &Context, path: &Path, form: Form) -> Result<(Grid, Form), Stop> {
    let lang = context.early_lang();
    let title = || if lang == Lang::En { format!("{} cannot be read", path.display()) } else { format!("{} 读不了", path.display()) };
    let bad = |why: String| Stop::new(title(), why, "");
    let size = std::fs::metadata(path).map_err(|e| bad(e.to_string()))?;
    if !size.is_file() || size.len() > MOST_BYTES {
        return Err(bad(match lang {
            Lang::En => format!("a plain file of at most {MOST_BYTES} bytes is wanted"),
            _ => format!("需要普通文件，至多 {MOST_BYTES} 字节"),
        }));
    }
    let bytes = std::fs::read(path).map_err(|e| bad(e.to_string()))?;
    // What comes back is written as it came.
    let zipped = bytes.starts_with(b"PK\x03\x04");
    if zipped != (form == Form::Xlsx) {
        return Err(mistaken(path, zipped, &bytes, lang));
    }
    let form = if form == Form::Xlsx { form } else { Form::Csv(bytes.starts_with(b"\xef\xbb\xbf")) };
    let grid = fill::read(&bytes, form).map_err(|w| bad(w.say(lang).into_owned()))?;
    if grid.rows.is_empty() {
        return Err(bad(if lang == Lang::En { "there is not one row in it".into() } else { "里面没有一行数据".into() }));
    }
    Ok((grid, form))
}

/// A file of the other form: what it is, and the command that takes it.
fn mistaken(path: &Path, zipped: bool, bytes: &[u8], lang: Lang) -> Stop {
    let old = bytes.starts_with(b"\xd0\xcf\x11\xe0");
    let shown = path.display();
    let (what, command) = match (zipped, old) {
        (true, _) => (crate::finding::words("这是工作簿（xlsx），不是 CSV".into(), "it is a workbook (xlsx) and no CSV".into()), "xlsx"),
        (_, true) => (
            crate::finding::words(
                "这是旧格式工作簿（xls）；先另存为 xlsx".into(),
                "it is a workbook of the old form (xls); save it as xlsx first".into(),
            ),
            "xlsx",
        ),
        _ => (crate::finding::words("这不是工作簿（xlsx）；若是 CSV".into(), "it is no workbook (xlsx); if it is a CSV".into()), "csv"),
    };
    let title = if lang == Lang::En { format!("{shown} cannot be read") } else { format!("{shown} 读不了") };
    Stop::new(title, what.say(lang), format!("duban import {command} {shown}"))
}

/// A row on its way in: its number in the table, its assignment, its entry.
struct Ready {
    row: usize,
    duty: usize,
    item: Item,
}

/// What became of the rows of a file.
#[derive(Default)]
struct Sorted {
    ready: Vec<Ready>,
    left: Vec<(usize, Option<usize>, Vec<Slip>)>,
    unchanged: usize,
    known: usize,
    /// Of those ready, recorded by somebody else since the register was opened.
    meanwhile: usize,
}

fn one(context: &Context, args: &ImportFormArgs, path: &Path, grid: &Grid, form: Form) -> Result<u8, Stop> {
    let s = context.open()?;
    let (state, lang) = (context.state()?, context.lang(&s));
    let by = somebody(&state, args.by.as_ref())?;
    let place = place(path, args.conflicts.as_deref(), form);
    if args.apply {
        outside(&place, &s.root)?;
    }
    let desk = Desk::new(&s);
    let mut sorted = sort(&desk, path, grid, &by, s.register.settings.time_zone.day(context.now));
    settle(context, &s, &state, &mut sorted, &by, true)?;
    if args.apply && !sorted.ready.is_empty() {
        settle(context, &s, &state, &mut sorted, &by, false)?;
    }
    sorted.left.sort_by_key(|l| l.0);
    // Told before the rows left over are written: that may fail, and what is recorded is recorded.
    context.write(&tame(&account(&desk, path, grid, &sorted, args.apply, lang)))?;
    if args.apply && !sorted.left.is_empty() {
        let left: Vec<Left> = sorted
            .left
            .iter()
            .map(|(row, duty, slips)| Left { row: &grid.rows[*row], duty: *duty, why: whys(slips, lang).join("\n") })
            .collect();
        let bytes = fill::conflicts(&desk, &left, form, lang)
            .map_err(|w| Stop::new(("剩下的行无法写出", "the rows left over cannot be written"), w.say(lang), ""))?;
        write::put(&place, &bytes).map_err(|e| {
            Stop::new(
                (format!("无法写入 {}", place.display()), format!("cannot write {}", place.display())),
                e.to_string(),
                (
                    "合规的行已登记；请用 --conflicts 指明目录再运行一次：已登记的不会重复登记",
                    "the lawful rows are recorded; name a folder with --conflicts and run it again: what is recorded is not recorded twice",
                ),
            )
        })?;
        context.write(&tame(&match lang {
            Lang::En => format!("  the rows not recorded: {}\n", place.display()),
            _ => format!("  未记录的行：{}\n", place.display()),
        }))?;
    }
    Ok(u8::from(!sorted.left.is_empty() || grid.unread > 0))
}

/// Every file in a register's folder is part of the register: the rows left over are not.
fn outside(place: &Path, root: &Path) -> Result<(), Stop> {
    let whole = |p: &Path| std::fs::canonicalize(p).or_else(|_| std::path::absolute(p)).unwrap_or_else(|_| p.to_path_buf());
    let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !whole(folder).starts_with(whole(root)) {
        return Ok(());
    }
    let why = ("无法登记的行会写进登记册", "rows that cannot be recorded would be written into the register");
    Err(Stop::new(
        (
            format!("{} 在登记册之内；什么也没有做", folder.display()),
            format!("{} is inside the register; nothing was done", folder.display()),
        ),
        why,
        ("请用 --conflicts 指明登记册之外的目录", "name a folder outside of it with --conflicts"),
    ))
}

/// Holds every row against the register.
fn sort(desk: &Desk, path: &Path, grid: &Grid, by: &str, today: NaiveDate) -> Sorted {
    let mut out = Sorted::default();
    let shown = path.display().to_string();
    let base = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut seen: HashMap<usize, u32> = HashMap::new();
    for (n, row) in grid.rows.iter().enumerate() {
        let (duty, outcome) = desk.row(row);
        let twice = duty.and_then(|d| seen.insert(d, row.line)).filter(|_| !matches!(outcome, Outcome::Unchanged));
        match (outcome, duty) {
            (Outcome::Unchanged, _) => out.unchanged += 1,
            (Outcome::Known(_), _) => out.known += 1,
            (Outcome::Entry(_), Some(_)) if twice.is_some() => {
                let line = twice.unwrap_or_default();
                let what = crate::finding::words(
                    format!("第 {line} 行也是这个办理项：一行一项"),
                    format!("row {line} has the same assignment: one row each"),
                );
                out.left.push((n, duty, vec![Slip { column: None, what }]));
            }
            (Outcome::Entry(proposal), Some(duty)) => {
                // Faults of one cell are told with their place; what is left is told of the row.
                let who = proposal.by.as_deref().unwrap_or(by);
                let faults = match entry(desk.s, &proposal, duty, who, Here { base: Some(&base), today }) {
                    Err(faults) if !who.is_empty() => faults,
                    _ => Vec::new(),
                };
                if !faults.is_empty() {
                    let slips = faults.into_iter().map(|f| Slip { column: column(f.field), what: joined(&f.what, &f.hint) }).collect();
                    out.left.push((n, Some(duty), slips));
                    continue;
                }
                let item = Item { file: shown.clone(), line: row.line as usize, proposal: *proposal, folder: None, base: base.clone() };
                out.ready.push(Ready { row: n, duty, item });
            }
            (Outcome::Entry(_), None) => unreachable!("an entry has an assignment"),
            (Outcome::Refused(slips), duty) => out.left.push((n, duty, slips)),
        }
    }
    out
}

/// The column of a field of an entry.
fn column(field: &str) -> Option<usize> {
    let key = if field == "evidence" { "evidence_type" } else { field };
    COLUMNS.iter().position(|c| c.key == key)
}

/// Asks for all rows at once; those refused step back, and the others are asked again without
/// them, until all that are left can be recorded together.
fn settle(context: &Context, s: &Snapshot, state: &StateFolder, sorted: &mut Sorted, by: &str, dry: bool) -> Result<(), Stop> {
    while !sorted.ready.is_empty() {
        let (items, places): (Vec<Item>, Vec<(usize, usize)>) =
            std::mem::take(&mut sorted.ready).into_iter().map(|r| (r.item, (r.row, r.duty))).unzip();
        let outcome = record(context, s, state, &items, by, dry)?;
        let mut refused: HashMap<usize, Vec<Slip>> = HashMap::new();
        let done = outcome.is_ok();
        // Somebody may have brought in the same rows meanwhile.
        sorted.meanwhile = outcome.as_ref().map_or(0, |d| d.known);
        for (n, what, field) in outcome.err().into_iter().flatten() {
            refused.entry(n).or_default().push(Slip { column: column(field), what });
        }
        for (n, (item, (row, duty))) in items.into_iter().zip(places).enumerate() {
            match refused.remove(&n) {
                Some(slips) => sorted.left.push((row, Some(duty), slips)),
                None => sorted.ready.push(Ready { row, duty, item }),
            }
        }
        if done {
            break;
        }
    }
    Ok(())
}

fn whys(slips: &[Slip], lang: Lang) -> Vec<String> {
    slips.iter().map(|s| s.what.say(lang).into_owned()).collect()
}

/// Beside the file, under a name that nobody has yet.
fn place(path: &Path, folder: Option<&Path>, form: Form) -> PathBuf {
    let stem = path.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let folder = folder.map_or_else(|| path.parent().map(Path::to_path_buf).unwrap_or_default(), Path::to_path_buf);
    let name = |n: usize| {
        let more = if n == 1 { String::new() } else { format!("-{n}") };
        folder.join(format!("{stem}-conflicts{more}.{}", form.extension()))
    };
    (1..).map(name).find(|p| !p.exists()).expect("some number is free")
}

/// What is, or would be, recorded, and what is not, each with its place.
fn account(desk: &Desk, path: &Path, grid: &Grid, sorted: &Sorted, applied: bool, lang: Lang) -> String {
    let en = lang == Lang::En;
    let (read, ready, left) = (grid.rows.len(), sorted.ready.len(), sorted.left.len());
    let ready = ready - sorted.meanwhile;
    let (unchanged, known) = (sorted.unchanged, sorted.known + sorted.meanwhile);
    let mut out = if en {
        let done = if applied { "recorded" } else { "to record" };
        let before = if known > 0 { format!(", {known} recorded before") } else { String::new() };
        format!("{}: {read} rows: {ready} {done}, {unchanged} unchanged{before}, {left} not\n", path.display())
    } else {
        let done = if applied { "已记录" } else { "可记录" };
        let before = if known > 0 { format!("，{known} 行此前已记录") } else { String::new() };
        format!("{}：{read} 行：{ready} 行{done}，{unchanged} 行未改{before}，{left} 行不行\n", path.display())
    };
    for note in &grid.notes {
        out += &format!("  {} {}\n", if en { "note:" } else { "注意：" }, note.say(lang));
    }
    for r in &sorted.ready {
        let (row, p) = (&grid.rows[r.row], &r.item.proposal);
        let percent = p.percent.map_or(String::new(), |n| format!(" {n}%"));
        out += &format!("  + {} {} {}{percent}\n", spot(grid, row, None), desk.fills[r.duty].base.id, event(p.event, lang));
    }
    for (n, duty, slips) in &sorted.left {
        let row = &grid.rows[*n];
        let id = duty.map_or_else(|| row.cells[0].text().ok().flatten().unwrap_or_default(), |d| desk.fills[d].base.id.clone());
        for slip in slips {
            out += &format!("  ✗ {} {id}{}{}\n", spot(grid, row, slip.column), if en { ": " } else { "：" }, slip.what.say(lang));
        }
    }
    if !applied {
        out += match (ready, en) {
            (0, true) => "  nothing was written\n",
            (0, false) => "  什么也没有写入\n",
            (_, true) => "  nothing was written; --apply records these rows\n",
            (_, false) => "  什么也没有写入；加 --apply 才记录\n",
        };
    }
    out
}

fn event(e: Event, lang: Lang) -> String {
    e.term().say(lang).into_owned()
}

/// `填报!K12`, or the row alone.
fn spot(grid: &Grid, row: &grid::Row, column: Option<usize>) -> String {
    let sheet = if row.sheet.is_empty() { String::new() } else { format!("{}!", row.sheet) };
    match column.and_then(|c| grid.places.get(c).copied().flatten()) {
        Some(c) => format!("{sheet}{}{}", grid::letters(c), row.line),
        None => format!("{sheet}{}", row.line),
    }
}
