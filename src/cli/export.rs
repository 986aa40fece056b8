//! `export`: a form that other systems read, to standard output or into a folder.

use super::args::ExportArgs;
use super::context::{Context, Stop, near, put, put_bytes, relative};
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
        (Some(dir), _) => into(dir, &s, &files, lang)?.max(left_over(dir, kind, &files)),
        (None, [one]) if kind.piped || !std::io::stdout().is_terminal() => put_bytes(&one.bytes)?,
        (None, [_]) => {
            return Err(Stop::new(
                (format!("{} 不宜输出到终端", kind.name), format!("{} is not for a terminal", kind.name)),
                ("它是二进制文件", "it is a binary file"),
                ("请给出 --out DIR", "give --out DIR"),
            ));
        }
        (None, all) => {
            let why = (format!("共 {} 个文件：{}", all.len(), names(all)), format!("it is {} files: {}", all.len(), names(all)));
            return Err(Stop::new(
                (format!("{} 需要一个目录", kind.name), format!("{} needs a folder", kind.name)),
                why,
                ("请给出 --out DIR", "give --out DIR"),
            ));
        }
    };
    Ok(code.max(doubts(&s, lang)))
}

fn kind(name: &str) -> Result<&'static Kind, Stop> {
    find(name).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|k| k.name).collect();
        let (zh, en) = near(did_you_mean(name, known.iter().copied()), "", "");
        let known = known.join(", ");
        Stop::new(
            (format!("没有格式 `{name}`"), format!("there is no form `{name}`")),
            "",
            (format!("{zh}可用：{known}"), format!("{en}{}known: {known}", if en.is_empty() { "" } else { " " })),
        )
    })
}

fn names(files: &[File]) -> String {
    let first: Vec<&str> = files.iter().take(5).map(|f| f.name.as_str()).collect();
    first.join(", ") + if files.len() > 5 { " …" } else { "" }
}

/// Each file in its place at once; what is as it should be is left alone.
fn into(dir: &Path, s: &Snapshot, files: &[File], lang: Lang) -> Result<u8, Stop> {
    let full = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let root = std::path::absolute(&s.root).unwrap_or_else(|_| s.root.clone());
    if full.starts_with(&root) {
        let why = ("登记册目录中的每个文件都属于登记册", "every file in a register's folder is part of the register");
        return Err(Stop::new(
            (format!("{} 在登记册之内", dir.display()), format!("{} is inside the register", dir.display())),
            why,
            ("请写到登记册之外的目录", "write to a folder outside of it"),
        ));
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
            Stop::new(
                (format!("无法写入 {}", path.display()), format!("cannot write {}", path.display())),
                e.to_string(),
                ("已写的保留；解决后请再运行一次", "what was written stays; run it again when this is mended"),
            )
        };
        write::put(&path, &file.bytes).map_err(fail)?;
        written += 1;
    }
    let (n, shown) = (files.len(), if shown.is_empty() { "." } else { &shown });
    put(&match lang {
        Lang::En => format!("{n} files in {shown}, {written} written\n"),
        _ => format!("{shown} 中共 {n} 个文件，写入 {written} 个\n"),
    })
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
        _ => eprintln!("duban: 读取时发现 {n} 处错误，导出内容缺少 {lost} 项义务；详见 `duban check`"),
    }
    1
}
