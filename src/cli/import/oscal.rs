//! `import oscal FILE`: a catalogue into a policy folder, shown first.
//!
//! 1. The file is read and made into policies ([`bring`]); whatever is told is printed.
//! 2. With `--out` the files go to a folder that needs no register; with `--apply` into the register
//!    and its list of policies, all of it held against the rules before. That nobody owns the new
//!    obligations (O001) is no reason to refuse: it is what `check` shall go on to say.

use crate::author::mark::{self, Wanted};
use crate::author::yaml::{self, Deed, Step};
use crate::author::{find, schema, trial};
use crate::cli::args::ImportFormArgs;
use crate::cli::context::{Context, Stop};
use crate::cli::desk::edit;
use crate::cli::source;
use crate::exchange::oscal::read::{Brought, Given, Policy, bring};
use crate::load::Instead;
use crate::model::{Lang, ObligationId, UnitId};
use crate::snapshot::Snapshot;
use std::path::{Path, PathBuf};

/// A catalogue larger than this is none: the largest known has ten megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// The form.
pub fn import(context: &Context, args: &ImportFormArgs) -> Result<u8, Stop> {
    let [file] = args.files.as_slice() else {
        return Err(Stop::new("one catalogue at a time", format!("{} files were named", args.files.len()), "run it for each"));
    };
    if let Some(code) = args.id.as_deref().filter(|code| UnitId::new(code).is_err() || ObligationId::new(&format!("{code}-1.01")).is_err())
    {
        return Err(Stop::new(
            format!("`{code}` cannot be the code of a policy"),
            "ids like ABC-1.01 begin with it: 2 to 12 capitals and digits, a capital first",
            "choose another --id",
        ));
    }
    let listed = match &args.listed {
        Some(day) => crate::model::time::parse_date(day).map_err(|e| Stop::new("--listed is no date", e, "write it as 2026-11-24"))?,
        None => context.now.date_naive(),
    };
    let lang = context.early_lang();
    let bytes = read(file)?;
    let given = Given { code: args.id.as_deref(), title: args.title.as_deref(), listed, bytes: &bytes };
    let brought = bring(&given).map_err(|w| Stop::new(format!("nothing can be made of {}", file.display()), w.say(lang), ""))?;
    let mut said = told(&brought, lang);
    match (&args.out, args.apply) {
        (Some(out), _) => said += &write(out, &brought, args.id.is_some(), lang)?,
        (None, true) => said += &apply(context, &brought, lang)?,
        (None, false) => {
            said += two(
                lang,
                "只是演示，没有写入；写入用 --out 文件夹 或 --apply\n",
                "a dry run: nothing was written; write with --out DIR or --apply\n",
            )
        }
    }
    context.write(&crate::render::terminal::tame(&said))?;
    Ok(u8::from(brought.unreadable > 0))
}

fn two<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    if lang == Lang::En { en } else { zh }
}

fn read(file: &Path) -> Result<Vec<u8>, Stop> {
    let fail = |why: String| Stop::new(format!("cannot read {}", file.display()), why, "name an OSCAL catalogue as JSON");
    let meta = std::fs::metadata(file).map_err(|e| fail(e.to_string()))?;
    if !meta.is_file() {
        return Err(fail("it is not a regular file".into()));
    }
    if meta.len() > MOST_BYTES {
        return Err(fail(format!("it has {} bytes; {MOST_BYTES} at most", meta.len())));
    }
    std::fs::read(file).map_err(|e| fail(e.to_string()))
}

/// The sum, policy by policy, and whatever is told.
fn told(brought: &Brought, lang: Lang) -> String {
    let written: usize = brought.policies.iter().map(|p| p.obligations).sum();
    let rest = brought.read - written;
    let mut out = match lang {
        Lang::En => format!(
            "{} controls read = {written} obligations + {rest} not written; {} ids kept as foreign_id\n",
            brought.read, brought.renamed
        ),
        _ => format!("读取控制项 {} = 义务 {written} + 未写入 {rest}；{} 个原编号存入 foreign_id\n", brought.read, brought.renamed),
    };
    for p in &brought.policies {
        out += &match lang {
            Lang::En => format!("  {}: {} obligations in {} parts\n", p.code, p.obligations, p.parts),
            _ => format!("  {}：{} 个部分，{} 项义务\n", p.code, p.parts, p.obligations),
        };
    }
    let lines = brought.told.lines(lang);
    if !lines.is_empty() {
        out += two(lang, "未能照原样保留的：\n", "what could not be kept as it was:\n");
        out += &lines;
    }
    out
}

/// The folder of a policy in a register.
fn folder(policy: &Policy) -> String {
    policy.code.to_lowercase()
}

/// Files into a folder: one policy in it, several below it.
fn write(out: &Path, brought: &Brought, one: bool, lang: Lang) -> Result<String, Stop> {
    let place = |p: &Policy, name: &str| if one { PathBuf::from(name) } else { Path::new(&folder(p)).join(name) };
    let files: Vec<(String, String)> = brought
        .policies
        .iter()
        .flat_map(|p| p.files.iter().map(move |(name, text)| (place(p, name).to_string_lossy().into_owned(), text.clone())))
        .collect();
    source::write(out, &files)?;
    let next = two(
        lang,
        "下一步：在 register.yaml 的 `policies:` 下列出它，再运行 `duban check`：每项义务缺牵头单位（O001）。\n",
        "next: list it under `policies:` in register.yaml and run `duban check`: it names every obligation without owner (O001).\n",
    );
    let head = two(lang, "已写入：\n", "written:\n");
    let list: String = files.iter().map(|(name, _)| format!("  {}\n", out.join(name).display())).collect();
    Ok(format!("{head}{list}{next}"))
}

/// Files into the register, and their folders into its list, all or none.
fn apply(context: &Context, brought: &Brought, lang: Lang) -> Result<String, Stop> {
    let s = context.open()?;
    let files = find::files(&s)
        .map_err(|e| Stop::new("the register's files cannot be read", e.to_string(), "mend this first; `duban check` names it"))?;
    let wanted = wanted(&s, &files, brought, lang)?;
    let instead: Instead = wanted.iter().map(|(path, text)| (s.root.join(path), text.clone())).collect();
    let verdict = trial::hold(&s, &context.options(), instead).map_err(|e| context.refuse(e))?;
    let bad: Vec<String> = verdict
        .denied
        .iter()
        .filter(|j| j.finding.rule != "O001")
        .map(|j| format!("{} {}:{} {}", j.finding.rule, j.place.file, j.place.line, j.finding.message.say(lang)))
        .collect();
    if !bad.is_empty() {
        let why = format!("{}{}", bad[..bad.len().min(10)].join("\n"), if bad.len() > 10 { "\n…" } else { "" });
        let hint = "write it with --out DIR, mend it there, then list it in register.yaml";
        return Err(Stop {
            what: "nothing was written: the policy would bring findings that deny".into(),
            why,
            hint: hint.into(),
            code: 1,
        });
    }
    edit::put(&s, &files, &wanted)?;
    let owners = verdict.denied.len();
    let list: String = wanted.iter().map(|(path, _)| format!("  {path}\n")).collect();
    Ok(match lang {
        Lang::En => format!("written:\n{list}`duban check` now asks for the owners of {owners} obligations (O001)\n"),
        _ => format!("已写入：\n{list}`duban check` 现在要求给 {owners} 项义务定牵头单位（O001）\n"),
    })
}

fn wanted(s: &Snapshot, files: &[find::File], brought: &Brought, lang: Lang) -> Result<Vec<Wanted>, Stop> {
    let home = mark::home(&s.root);
    let settings = files.iter().find(|f| f.path == "register.yaml").ok_or_else(|| Stop::new("there is no register.yaml", "", ""))?;
    let mut list = settings.text.clone();
    let mut out: Vec<Wanted> = Vec::new();
    for p in &brought.policies {
        let folder = folder(p);
        if s.register.policies.iter().any(|x| x.policy.code.as_str() == p.code) {
            return Err(Stop::new("nothing was written", format!("there is a policy {} already", p.code), "choose another --id"));
        }
        if s.root.join(&folder).symlink_metadata().is_ok() {
            return Err(Stop::new("nothing was written", format!("there is a folder {folder} already"), "choose another --id"));
        }
        for (name, text) in &p.files {
            let path = format!("{folder}/{name}");
            let kind = schema::kind_of(&path, &[]).expect("a file of a policy");
            out.push((path.clone(), mark::marked(text, kind, &path, &home)));
        }
        let folder = serde_json::json!(folder);
        // A register that borrows its catalogue may have no list of its own yet.
        let root = yaml::read(&list).map_err(|e| edit::refuse(&e, lang))?;
        let deed = if root.get("policies").is_some() { Deed::Push(folder) } else { Deed::Set(serde_json::json!([folder])) };
        list = yaml::apply(&list, &[Step::Key("policies".into())], &deed, &[]).map_err(|e| edit::refuse(&e, lang))?;
    }
    // Listed last: whoever is stopped before has files that `check` names, and no half policy.
    out.push((settings.path.clone(), list));
    Ok(out)
}
