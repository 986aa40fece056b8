//! `source`: clause coverage, a text held against the register, a scaffold.

use super::args::{Global, SourceArgs};
use super::context::{Context, Said, Stop, enter, near};
use crate::model::{Lang, UnitId};
use crate::snapshot::Snapshot;
use crate::source::{compare, cover, pages, scaffold};
use crate::text::did_you_mean;
use std::io::Write;
use std::path::Path;

/// A text larger than this is no policy.
const MOST_BYTES: u64 = 32 << 20;

/// `source` and `source --text`.
pub fn source(context: &Context, args: &SourceArgs) -> Result<u8, Stop> {
    let s = context.open()?;
    let lang = context.lang(&s);
    let named = args.policy.as_deref().map(|code| policy(&s, code)).transpose()?;
    let Some(file) = &args.text else {
        let wanted: Vec<usize> = named.map_or_else(|| (0..s.register.policies.len()).collect(), |p| vec![p]);
        let report = cover::build(&s, &wanted, lang);
        context.print(args.format, &report, || pages::cover(&s, &report, lang))?;
        return Ok(u8::from(!report.holds));
    };
    let (bytes, text) = read(file)?;
    let (wanted, asked) = sharing(&s, named, &crate::digest::hex(&bytes))?;
    let shown = file.display().to_string();
    let report = compare::build(&s, &shown, &bytes, text, &wanted, asked, lang);
    context.print(args.format, &report, || pages::compared(&s, &report, lang))?;
    Ok(u8::from(!report.holds))
}

fn policy(s: &Snapshot, code: &str) -> Result<usize, Stop> {
    let all = || s.register.policies.iter().map(|p| p.policy.code.as_str());
    all().position(|c| c.eq_ignore_ascii_case(code)).ok_or_else(|| {
        let known = all().collect::<Vec<_>>().join(", ");
        let hint = near(did_you_mean(code, all()), "", "");
        Stop::new(
            (format!("没有政策 {code}"), format!("there is no policy {code}")),
            (format!("已知：{known}"), format!("known: {known}")),
            hint,
        )
    })
}

/// The policies meant, then those that were read from the same text: on one page, what
/// belongs to a neighbour is not new.
fn sharing(s: &Snapshot, named: Option<usize>, sum: &str) -> Result<(Vec<usize>, usize), Stop> {
    let of = |p: usize| s.register.policies[p].policy.source.as_ref().and_then(|x| x.sha256.as_ref()).map(|x| x.to_lowercase());
    let all: Vec<usize> = (0..s.register.policies.len()).collect();
    if let Some(p) = named {
        let others = all.iter().copied().filter(|o| *o != p && of(p).is_some() && of(*o) == of(p));
        return Ok((std::iter::once(p).chain(others).collect(), 1));
    }
    let same: Vec<usize> = all.iter().copied().filter(|p| of(*p).as_deref() == Some(sum)).collect();
    let one_text = !all.is_empty() && all.iter().all(|p| of(*p).is_some() && of(*p) == of(all[0]));
    let wanted = match () {
        () if !same.is_empty() => same,
        () if one_text || all.len() == 1 => all,
        () => {
            let codes: Vec<&str> = s.register.policies.iter().map(|p| p.policy.code.as_str()).collect();
            let why = if codes.is_empty() {
                ("登记册没有可读的政策".to_string(), "the register has no policy that can be read".to_string())
            } else {
                let codes = codes.join(", ");
                (
                    format!("各政策依据的文本不同，没有一个是这个摘要：{codes}"),
                    format!("its policies were read from different texts, and none has this fingerprint: {codes}"),
                )
            };
            return Err(Stop::new(
                ("这是哪一项政策的文本？", "which policy is this the text of?"),
                why,
                ("请用 --policy 代号 指明", "say it with --policy CODE"),
            ));
        }
    };
    let asked = wanted.len();
    Ok((wanted, asked))
}

fn read(file: &Path) -> Result<(Vec<u8>, String), Stop> {
    let fail = |why: Said| {
        Stop::new(
            (format!("无法读取文本 {}", file.display()), format!("cannot read the text {}", file.display())),
            why,
            ("请指明 UTF-8 纯文本文件", "name a plain UTF-8 text file"),
        )
    };
    let meta = std::fs::metadata(file).map_err(|e| fail(e.to_string().into()))?;
    if !meta.is_file() {
        return Err(fail(("不是普通文件", "it is not a regular file").into()));
    }
    if meta.len() > MOST_BYTES {
        return Err(fail(
            (format!("有 {} 字节，至多 {MOST_BYTES}", meta.len()), format!("it has {} bytes; {MOST_BYTES} at most", meta.len())).into(),
        ));
    }
    let bytes = std::fs::read(file).map_err(|e| fail(e.to_string().into()))?;
    let text = String::from_utf8(bytes.clone()).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        fail((format!("第 {at} 字节处不是 UTF-8"), format!("it is not UTF-8 at byte {at}")).into())
    })?;
    if text.trim().is_empty() {
        return Err(fail(("文件是空的", "it is empty").into()));
    }
    Ok((bytes, text))
}

/// `source --scaffold`: the one command that needs no register.
pub fn scaffold(global: &Global, args: &SourceArgs) -> Result<u8, Stop> {
    enter(global)?;
    let lang = super::context::spoken(global);
    let file = args.scaffold.as_deref().expect("only called with a text");
    let (Some(code), Some(out)) = (&args.id, &args.out) else {
        return Err(Stop::new(
            ("--scaffold 需要 --id 和 --out", "--scaffold needs --id and --out"),
            "",
            "duban source --scaffold TEXT --id ABC --out DIR",
        ));
    };
    // The code begins every id; an id made of it must be one.
    if UnitId::new(code).is_err() || crate::model::ObligationId::new(&format!("{code}-1.01")).is_err() {
        return Err(Stop::new(
            (format!("`{code}` 不能作政策代号"), format!("`{code}` cannot be the code of a policy")),
            (
                "编号（如 ABC-1.01）以它开头：2 至 12 个大写字母或数字，首位为字母",
                "ids like ABC-1.01 begin with it: 2 to 12 capitals and digits, a capital first",
            ),
            ("请另选 --id", "choose another --id"),
        ));
    }
    let (bytes, text) = read(file)?;
    let listed = chrono::Local::now().date_naive();
    let given = scaffold::Given { code, title: args.title.as_deref(), listed, bytes: &bytes };
    let made = scaffold::build(text, &given).map_err(|w| {
        Stop::new((format!("{} 无法转成政策", file.display()), format!("no policy can be made of {}", file.display())), w.say(lang), "")
    })?;
    write(out, &made.files)?;
    let folder = out.file_name().map_or_else(|| out.display().to_string(), |n| n.to_string_lossy().into_owned());
    let files: String = made.files.iter().map(|(name, _)| format!("  {}\n", out.join(name).display())).collect();
    let zh = format!(
        "已写入：\n{files}{} 条款，{} 条义务草稿（{} 个部分），{} 条条款待人阅读。\n下一步：在 register.yaml 的 `policies:` 下列出 `{folder}`，再运行 `duban check`：每条草稿缺牵头单位（O001），每条未读条款未交代（S006）。\n",
        made.clauses, made.drafts, made.parts, made.open
    );
    let en = format!(
        "written:\n{files}{} clauses, {} draft obligations in {} parts, {} clauses that nobody has read yet.\nnext: list `{folder}` under `policies:` in register.yaml and run `duban check`: it names every draft without owner (O001) and every clause left open (S006).\n",
        made.clauses, made.drafts, made.parts, made.open
    );
    let said = match lang {
        Lang::Zh => zh,
        Lang::En => en,
        Lang::Both => zh + &en,
    };
    super::context::put(&crate::render::terminal::tame(&said))
}

/// Writes all files or, where one is there already, none.
///
/// # Errors
/// When one is there already, or the disk does not take them.
pub fn write(out: &Path, files: &[(String, String)]) -> Result<(), Stop> {
    let there: Vec<String> =
        files.iter().map(|(n, _)| out.join(n)).filter(|p| p.symlink_metadata().is_ok()).map(|p| p.display().to_string()).collect();
    if !there.is_empty() {
        return Err(Stop::new(
            ("什么也没有写入", "nothing was written"),
            (format!("已经存在：{}", there.join(", ")), format!("already there: {}", there.join(", "))),
            ("请用 --out 另指目录", "name another folder with --out"),
        ));
    }
    let fail = |path: &Path, e: std::io::Error| {
        Stop::new(
            (format!("无法写入 {}", path.display()), format!("cannot write {}", path.display())),
            e.to_string(),
            ("此前已写的文件留在目录中", "what was written before it is left in the folder"),
        )
    };
    std::fs::create_dir_all(out).map_err(|e| fail(out, e))?;
    for (name, text) in files {
        let path = out.join(name);
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).map_err(|e| fail(dir, e))?;
        }
        let mut file = std::fs::File::create_new(&path).map_err(|e| fail(&path, e))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| fail(&path, e))?;
    }
    Ok(())
}
