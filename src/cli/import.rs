//! `import`: a form of another system made into a policy with draft obligations.
//!
//! A dry run unless `--apply` is given: it says what it would write, and everything that the
//! file has and the policy will not.

use super::args::{ForeignArgs, Global};
use super::context::{Stop, enter, find, put, spoken};
use crate::exchange::draft::{Brought, Given, Source, What};
use crate::exchange::{FOREIGN, Foreign, foreign};
use crate::model::{Lang, ObligationId, UnitId};
use crate::text::did_you_mean;
use std::path::{Path, PathBuf};

/// A file larger than this is no catalogue of duties.
const MOST_BYTES: u64 = 64 << 20;

/// The command. It needs a register only where no folder is named.
pub fn import(global: &Global, args: &ForeignArgs) -> Result<u8, Stop> {
    enter(global)?;
    let lang = spoken(global);
    let form = form(&args.kind)?;
    if UnitId::new(&args.id).is_err() || ObligationId::new(&format!("{}-1.01", args.id)).is_err() {
        return Err(Stop::new(
            format!("`{}` cannot be the code of a policy", args.id),
            "ids like ABC-1.01 begin with it: 2 to 12 capitals and digits, a capital first",
            "choose another --id",
        ));
    }
    let sources = args.files.iter().map(|f| source(f)).collect::<Result<Vec<_>, _>>()?;
    let listed = match super::context::day_told(Path::new("."), &global.as_of, "--as-of")? {
        Some(when) => when.day(crate::model::Zone::default()),
        None => chrono::Local::now().date_naive(),
    };
    let given = Given { code: &args.id, listed };
    let brought = (form.read)(&sources, &given).map_err(|w| Stop::new("nothing can be made of it", w.say(lang), ""))?;
    let out = target(global, args)?;
    let files = brought.draft.files(&given);
    if args.apply {
        super::source::write(&out, &files)?;
    }
    put(&crate::render::terminal::tame(&account(&brought, &out, &files, args.apply, lang)))?;
    let lost = brought.told.iter().any(|t| matches!(t.what, What::Object | What::Link));
    Ok(u8::from(lost))
}

fn form(name: &str) -> Result<&'static Foreign, Stop> {
    foreign(name).ok_or_else(|| {
        let known: Vec<&str> = FOREIGN.iter().map(|k| k.name).collect();
        let hint = did_you_mean(name, known.iter().copied()).map_or(String::new(), |n| format!("did you mean {n}? "));
        Stop::new(format!("there is no form `{name}` to import"), "", format!("{hint}known: {}", known.join(", ")))
    })
}

fn source(file: &Path) -> Result<Source, Stop> {
    let fail = |why: String| Stop::new(format!("cannot read {}", file.display()), why, "");
    let meta = std::fs::metadata(file).map_err(|e| fail(e.to_string()))?;
    if !meta.is_file() {
        return Err(fail("it is not a regular file".into()));
    }
    if meta.len() > MOST_BYTES {
        return Err(fail(format!("it has {} bytes; {MOST_BYTES} at most", meta.len())));
    }
    let bytes = std::fs::read(file).map_err(|e| fail(e.to_string()))?;
    let name = file.file_name().map_or_else(|| file.display().to_string(), |n| n.to_string_lossy().into_owned());
    Ok(Source { name, bytes })
}

/// The folder named, else one called by the code in the register's.
fn target(global: &Global, args: &ForeignArgs) -> Result<PathBuf, Stop> {
    if let Some(out) = &args.out {
        return Ok(out.clone());
    }
    let cwd = std::env::current_dir().map_err(|e| Stop::new("the working folder is gone", e.to_string(), ""))?;
    let root = find(&cwd, global.register.as_deref())?;
    Ok(root.join(args.id.to_lowercase()))
}

/// What is (or would be) written, what came of what, what is told, what comes next.
fn account(b: &Brought, out: &Path, files: &[(String, String)], applied: bool, lang: Lang) -> String {
    let count = |what: What| b.told.iter().filter(|t| t.what == what).count();
    let (items, needs) = (b.draft.items(), b.draft.needs());
    let (headings, objects, links) = (count(What::Heading), count(What::Object), count(What::Link));
    let folder = out.file_name().map_or_else(|| out.display().to_string(), |n| n.to_string_lossy().into_owned());
    let shown: String = files.iter().map(|(name, text)| format!("  {} ({} B)\n", out.join(name).display(), text.len())).collect();
    let told = |lang: Lang| -> String {
        b.told.iter().map(|t| format!("  {}{}{}\n", t.place, if lang == Lang::En { ": " } else { "：" }, t.why.say(lang))).collect()
    };
    let zh = || {
        let head = if applied { "已写入：" } else { "将写入（加 --apply 才写）：" };
        let told = if b.told.is_empty() { "全部带入。\n".into() } else { format!("未带入或改动的：\n{}", told(Lang::Zh)) };
        let next = if applied {
            format!("下一步：在 register.yaml 的 `policies:` 下列出 `{folder}`，再运行 `duban check`：每条草稿缺牵头单位（O001）。\n")
        } else {
            String::new()
        };
        format!(
            "{head}\n{shown}{} 个对象 = {items} 条义务草稿 + {headings} 个标题 + {objects} 个未能带入；{} 条关系，{links} 条未能带入；草稿中依赖 {needs} 条。\n{told}{next}",
            b.objects, b.links
        )
    };
    let en = || {
        let head = if applied { "written:" } else { "would write (--apply writes):" };
        let told = if b.told.is_empty() {
            "everything was carried over.\n".into()
        } else {
            format!("not carried over, or changed:\n{}", told(Lang::En))
        };
        let next = if applied {
            format!(
                "next: list `{folder}` under `policies:` in register.yaml and run `duban check`: it names every draft without owner (O001).\n"
            )
        } else {
            String::new()
        };
        format!(
            "{head}\n{shown}{} objects = {items} draft obligations + {headings} headings + {objects} lost; {} relations, {links} lost; {needs} needs in the drafts.\n{told}{next}",
            b.objects, b.links
        )
    };
    match lang {
        Lang::Zh => zh(),
        Lang::En => en(),
        Lang::Both => zh() + &en(),
    }
}
