//! `init`: a register of one's own, whole or not at all.

use super::args::{CiArg, InitArgs};
use crate::author::init::{self, Catalogue, Given, Runner};
use crate::author::write;
use crate::cli::context::{Stop, put, relative};
use crate::load;
use crate::model::{Lang, Level, Term, UnitId};
use crate::rules::{self, Overrides};
use crate::snapshot::{Options, Snapshot};
use std::io::ErrorKind;
use std::path::Path;

/// Makes the register and says what to do next.
pub fn init(args: &InitArgs, lang: Lang) -> Result<u8, Stop> {
    let place = args.dir.join(init::FOLDER);
    let taken = [place.clone(), args.dir.join("register.yaml")].into_iter().find(|p| p.symlink_metadata().is_ok());
    if let Some(taken) = taken {
        return Err(Stop::new(
            ("什么也没有写入", "nothing was written"),
            (format!("{} 已经存在", taken.display()), format!("{} is there already", taken.display())),
            ("请另指目录", "name another folder"),
        ));
    }
    let made = !args.dir.exists();
    std::fs::create_dir_all(&args.dir).map_err(|e| fail(&args.dir, &e))?;
    let done = write_all(args, &place, lang);
    if done.is_err() && made {
        // Only an empty folder goes: whatever else is in it is not ours.
        let _ = std::fs::remove_dir(&args.dir);
    }
    done
}

fn fail(path: &Path, e: &std::io::Error) -> Stop {
    Stop::new(
        (format!("无法写入 {}", path.display()), format!("cannot write {}", path.display())),
        e.to_string(),
        ("什么也没有写入；请解决后再试", "nothing was written; mend this and try again"),
    )
}

fn write_all(args: &InitArgs, place: &Path, lang: Lang) -> Result<u8, Stop> {
    let given = given(args)?;
    let files = init::files(&given);
    let stage = init::stage(&args.dir, &files).map_err(|e| fail(place, &e))?;
    if !args.empty {
        judge(stage.path())?;
    }
    init::settle(stage, place).map_err(|e| fail(place, &e))?;
    let word = |zh: &'static str, en: &'static str| Term(zh, en).say(lang);
    let mut said = format!("{}  {} {}\n", place.display(), files.len(), word("个文件", "files"));
    let runner = match args.ci {
        CiArg::Script => Runner::Script,
        CiArg::Github => Runner::GitHub,
        CiArg::Gitlab => Runner::GitLab,
    };
    for (name, text) in init::beside(runner) {
        let path = args.dir.join(name);
        match write::create(&path, text.as_bytes()) {
            Ok(()) => said += &format!("{}\n", path.display()),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                let (head, lines) =
                    (word("已有，未改动；请自行补上：", "is there already and was left alone; add to it:"), text.replace('\n', "\n    "));
                said += &format!("{} {head}\n    {}\n", path.display(), lines.trim_end());
            }
            Err(e) => {
                return Err(Stop::new(
                    (format!("无法写入 {}", path.display()), format!("cannot write {}", path.display())),
                    e.to_string(),
                    ("登记册本身已写好，是完整的", "the register itself is there and whole"),
                ));
            }
        }
    }
    said += &word("下一步见 obligations/README.md", "what comes next stands in obligations/README.md");
    if args.empty {
        said += &word(
            "；在列出第一份政策之前 duban check 不会通过：空登记册什么也没检查",
            "; until the first policy is listed `duban check` fails: an empty register checks nothing",
        );
    }
    put(&crate::render::terminal::tame(&(said + "\n")))
}

fn given(args: &InitArgs) -> Result<Given, Stop> {
    let code = UnitId::new(&args.code).ok().filter(|c| UnitId::new(&format!("{c}-OFFICE")).is_ok()).ok_or_else(|| {
        Stop::new(
            (format!("`{}` 不能作单位代号", args.code), format!("`{}` cannot be the code of a unit", args.code)),
            (
                "编号（如 SC-OFFICE）以它开头：大写字母、数字、单个连字符",
                "ids like SC-OFFICE begin with it: capitals, digits, single hyphens",
            ),
            ("请另选 --code", "choose another --code"),
        )
    })?;
    let named = || args.dir.canonicalize().ok()?.file_name().map(|n| n.to_string_lossy().into_owned());
    let name = args.name.clone().or_else(named).filter(|n| !n.trim().is_empty()).unwrap_or_else(|| code.to_string());
    let catalogue = match &args.catalogue {
        _ if args.empty => Catalogue::Empty,
        None => Catalogue::Shipped,
        Some(dir) => borrowed(dir, &args.dir)?,
    };
    if args.kind.trim().is_empty() {
        return Err(Stop::new(("--kind 为空", "--kind is empty"), "", ("请写 city、province、bank 等", "write city, province, bank …")));
    }
    Ok(Given { code, name, kind: args.kind.clone(), catalogue, today: chrono::Local::now().date_naive() })
}

/// Another register's catalogue: it must open, and its path is as seen from the new one.
fn borrowed(dir: &Path, home: &Path) -> Result<Catalogue, Stop> {
    let dir = if dir.join("register.yaml").exists() { dir.to_path_buf() } else { dir.join(init::FOLDER) };
    let loaded = load::open(&dir, "").map_err(|e| {
        Stop::new(
            (format!("{} 不是可供借用的登记册", dir.display()), format!("{} is no register to borrow from", dir.display())),
            e.to_string(),
            ("请指明有 register.yaml 的目录", "name a folder with a register.yaml"),
        )
    })?;
    let r = loaded.register;
    Ok(Catalogue::Other {
        path: format!("../{}", relative(home, &dir)),
        policies: r.policies.iter().map(|p| p.policy.code.to_string()).collect(),
        office: r.body("DEP-JCO").is_some(),
    })
}

/// A register that would not pass is not handed over.
fn judge(root: &Path) -> Result<(), Stop> {
    let options = Options { root, shown: "", now: chrono::Local::now().fixed_offset(), as_of: None, on: None };
    let open = |e: load::OpenError| {
        Stop::new(
            ("什么也没有写入", "nothing was written"),
            (format!("新登记册无法打开：{e}"), format!("the new register cannot be opened: {e}")),
            "",
        )
    };
    let s = Snapshot::open(&options).map_err(open)?;
    let outcome = rules::run(&s, &Overrides::default());
    let denied: Vec<String> = outcome
        .findings
        .iter()
        .filter(|j| j.level == Level::Deny)
        .take(5)
        .map(|j| format!("{} {}: {}", j.finding.rule, j.place.file, j.finding.message.say(Lang::En)))
        .collect();
    if denied.is_empty() {
        return Ok(());
    }
    Err(Stop::new(
        ("什么也没有写入", "nothing was written"),
        (
            format!("新登记册通不过 `duban check`：\n{}", denied.join("\n")),
            format!("the register would not pass `duban check`:\n{}", denied.join("\n")),
        ),
        ("请先改正目录", "mend the catalogue first"),
    ))
}
