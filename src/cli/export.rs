//! `export`: a form that other systems read, to standard output or into a folder.

use super::args::ExportArgs;
use super::context::{Context, Stop, put, put_bytes, relative};
use crate::author::write;
use crate::exchange::{Ask, File, KINDS, Kind, find, sometimes};
use crate::model::Lang;
use crate::snapshot::{Snapshot, query::Query};
use crate::text::did_you_mean;
use std::io::IsTerminal;
use std::path::Path;

/// The command.
pub fn export(context: &Context, args: &ExportArgs) -> Result<u8, Stop> {
    let kind = kind(&args.kind)?;
    let s = context.open()?;
    let lang = context.lang(&s);
    let query = Query::parse(&s, &args.query).map_err(|w| Stop::new(w.say(lang), "", ""))?;
    let ask = Ask::new(&s, &query, lang);
    let files = (kind.write)(&ask).map_err(|w| Stop::new(format!("{}: {}", kind.name, w.say(lang)), "", ""))?;
    let code = match (&args.out, files.as_slice()) {
        (Some(dir), _) => into(dir, &s, &files)?.max(left_over(dir, kind, &files)),
        (None, [one]) if kind.piped || !std::io::stdout().is_terminal() => put_bytes(&one.bytes)?,
        (None, [_]) => return Err(Stop::new(format!("{} is not for a terminal", kind.name), "it is a binary file", "give --out DIR")),
        (None, all) => {
            let why = format!("it is {} files: {}", all.len(), names(all));
            return Err(Stop::new(format!("{} needs a folder", kind.name), why, "give --out DIR"));
        }
    };
    Ok(code.max(doubts(&s, lang)))
}

fn kind(name: &str) -> Result<&'static Kind, Stop> {
    find(name).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|k| k.name).collect();
        let hint = did_you_mean(name, known.iter().copied()).map_or(String::new(), |n| format!("did you mean {n}? "));
        Stop::new(format!("there is no form `{name}`"), "", format!("{hint}known: {}", known.join(", ")))
    })
}

fn names(files: &[File]) -> String {
    let first: Vec<&str> = files.iter().take(5).map(|f| f.name.as_str()).collect();
    first.join(", ") + if files.len() > 5 { " …" } else { "" }
}

/// Each file in its place at once; what is as it should be is left alone.
fn into(dir: &Path, s: &Snapshot, files: &[File]) -> Result<u8, Stop> {
    let full = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let root = std::path::absolute(&s.root).unwrap_or_else(|_| s.root.clone());
    if full.starts_with(&root) {
        let why = "every file in a register's folder is part of the register";
        return Err(Stop::new(format!("{} is inside the register", dir.display()), why, "write to a folder outside of it"));
    }
    let here = std::env::current_dir().unwrap_or_default();
    let shown = relative(&here, &full);
    let mut written = 0;
    for file in files {
        let path = full.join(&file.name);
        if std::fs::read(&path).is_ok_and(|old| old == file.bytes) {
            continue;
        }
        let fail = |e: std::io::Error| {
            Stop::new(format!("cannot write {}", path.display()), e.to_string(), "what was written stays; run it again when this is mended")
        };
        write::put(&path, &file.bytes).map_err(fail)?;
        written += 1;
    }
    put(&format!("{} files in {}, {written} written\n", files.len(), if shown.is_empty() { "." } else { &shown }))
}

/// Files of an earlier export that this one has no reason to write: named, never removed.
fn left_over(dir: &Path, kind: &Kind, files: &[File]) -> u8 {
    let old = |name: &&&str| !files.iter().any(|f| f.name == **name) && dir.join(name).exists();
    let names: Vec<String> = sometimes(kind.name).iter().filter(old).map(|n| dir.join(n).display().to_string()).collect();
    if names.is_empty() {
        return 0;
    }
    let names = names.join(", ");
    eprintln!(
        "duban: 旧文件，不属于这次导出，请删除 / of an earlier export and not of this one, remove: {}",
        crate::render::terminal::tame(&names)
    );
    1
}

/// What was met while reading makes an export doubtful: said, and exit code 1.
pub(super) fn doubts(s: &Snapshot, lang: Lang) -> u8 {
    let n = s.findings.iter().filter(|f| f.rule != "L016").count();
    if n == 0 {
        return 0;
    }
    let lost = s.register.invalid.len();
    match lang {
        Lang::En => eprintln!("duban: {n} mistakes met while reading, {lost} obligations are missing from the export; see `duban check`"),
        _ => eprintln!("duban：读取时发现 {n} 处错误，导出内容缺少 {lost} 项义务；详见 `duban check`"),
    }
    1
}
