//! Where a policy that was brought in is put: a folder of its own, or the register; and what every
//! form that becomes one asks first.

use crate::author::mark::{self, Wanted};
use crate::author::yaml::{self, Deed, Step};
use crate::author::{find, schema, trial};
use crate::cli::args::ImportFormArgs;
use crate::cli::context::{Context, Said, Stop};
use crate::cli::desk::edit;
use crate::cli::source;
use crate::exchange::oscal::read::Policy;
use crate::load::Instead;
use crate::model::{Lang, ObligationId, UnitId};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

/// A larger file is no catalogue of duties: the largest known has ten megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// Can it be the code of a policy?
///
/// # Errors
/// When it cannot.
pub fn code(id: &str) -> Result<(), Stop> {
    if UnitId::new(id).is_ok() && ObligationId::new(&format!("{id}-1.01")).is_ok() {
        return Ok(());
    }
    Err(Stop::new(
        (format!("`{id}` 不能作政策代号"), format!("`{id}` cannot be the code of a policy")),
        (
            "编号（如 ABC-1.01）以它开头：2 至 12 个大写字母或数字，首位为字母",
            "ids like ABC-1.01 begin with it: 2 to 12 capitals and digits, a capital first",
        ),
        ("请另选 --id", "choose another --id"),
    ))
}

/// The day on which it is put on the list: as told, else the as-of day, else today.
///
/// # Errors
/// When it is no date.
pub fn listed(context: &Context, args: &ImportFormArgs) -> Result<NaiveDate, Stop> {
    match &args.listed {
        Some(day) => crate::model::time::parse_date(day)
            .map_err(|e| Stop::new(("--listed 不是日期", "--listed is no date"), e, ("请写作 2026-11-24", "write it as 2026-11-24"))),
        None => Ok(context.day_told().unwrap_or_else(|| context.now.date_naive())),
    }
}

/// A file, if it is one and not too large.
///
/// # Errors
/// When it is not.
pub fn read(file: &Path, hint: (&str, &str)) -> Result<Vec<u8>, Stop> {
    let fail = |why: Said| Stop::new((format!("无法读取 {}", file.display()), format!("cannot read {}", file.display())), why, hint);
    let meta = std::fs::metadata(file).map_err(|e| fail(e.to_string().into()))?;
    if !meta.is_file() {
        return Err(fail(("不是普通文件", "it is not a regular file").into()));
    }
    if meta.len() > MOST_BYTES {
        return Err(fail(
            (format!("有 {} 字节，至多 {MOST_BYTES}", meta.len()), format!("it has {} bytes; {MOST_BYTES} at most", meta.len())).into(),
        ));
    }
    std::fs::read(file).map_err(|e| fail(e.to_string().into()))
}

fn two<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    if lang == Lang::En { en } else { zh }
}

/// The folder of a policy in a register.
fn folder(policy: &Policy) -> String {
    policy.code.to_lowercase()
}

/// Files into a folder: one policy in it, several below it.
///
/// # Errors
/// When one is there already, or the disk does not take them.
pub fn write(out: &Path, policies: &[Policy], one: bool, lang: Lang) -> Result<String, Stop> {
    let place = |p: &Policy, name: &str| if one { PathBuf::from(name) } else { Path::new(&folder(p)).join(name) };
    let files: Vec<(String, String)> = policies
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
///
/// # Errors
/// When the policy would bring findings that deny, other than owners not yet named.
pub fn apply(context: &Context, policies: &[Policy], lang: Lang) -> Result<String, Stop> {
    let s = context.open()?;
    let files = find::files(&s).map_err(|e| {
        Stop::new(
            ("无法读取登记册的文件", "the register's files cannot be read"),
            e.to_string(),
            ("请先解决；`duban check` 会指出", "mend this first; `duban check` names it"),
        )
    })?;
    let wanted = wanted(&s, &files, policies, lang)?;
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
        let hint = (
            "请用 --out DIR 写出，在那里改正，再列入 register.yaml",
            "write it with --out DIR, mend it there, then list it in register.yaml",
        );
        let what = ("什么也没有写入：这项政策会带来拒绝级发现", "nothing was written: the policy would bring findings that deny");
        return Err(Stop { code: 1, ..Stop::new(what, why, hint) });
    }
    edit::put(&s, &files, &wanted)?;
    let owners = verdict.denied.len();
    let list: String = wanted.iter().map(|(path, _)| format!("  {path}\n")).collect();
    Ok(match lang {
        Lang::En => format!("written:\n{list}`duban check` now asks for the owners of {owners} obligations (O001)\n"),
        _ => format!("已写入：\n{list}`duban check` 现在要求给 {owners} 项义务定牵头单位（O001）\n"),
    })
}

fn wanted(s: &Snapshot, files: &[find::File], policies: &[Policy], lang: Lang) -> Result<Vec<Wanted>, Stop> {
    let home = mark::home(&s.root);
    let settings = files
        .iter()
        .find(|f| f.path == "register.yaml")
        .ok_or_else(|| Stop::new(("没有 register.yaml", "there is no register.yaml"), "", ""))?;
    let mut list = settings.text.clone();
    let mut out: Vec<Wanted> = Vec::new();
    for p in policies {
        let folder = folder(p);
        if s.register.policies.iter().any(|x| x.policy.code.as_str() == p.code) {
            return Err(Stop::new(
                ("什么也没有写入", "nothing was written"),
                (format!("已有政策 {}", p.code), format!("there is a policy {} already", p.code)),
                ("请另选 --id", "choose another --id"),
            ));
        }
        if s.root.join(&folder).symlink_metadata().is_ok() {
            return Err(Stop::new(
                ("什么也没有写入", "nothing was written"),
                (format!("已有目录 {folder}"), format!("there is a folder {folder} already")),
                ("请另选 --id", "choose another --id"),
            ));
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
