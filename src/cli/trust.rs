//! `verify`, `checkpoint`, `repair`: is the log whole, sign that it is, mend it.

use super::args::{CheckFormat, CheckpointArgs, RepairArgs, VerifyArgs};
use super::context::{Context, Stop};
use crate::log::append::Appender;
use crate::log::disk::Real;
use crate::log::repair;
use crate::log::spool::{Spooled, StateFolder};
use crate::log::verify::{self, Against, Options, Report, Seen, Trouble, checkpoint};
use crate::model::{Lang, Register, id};
use crate::render::terminal::tame;
use serde_json::{Value, json};
use std::path::Path;

fn say<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::En { en } else { zh }
}

/// Is the log whole?
pub fn verify(context: &Context, args: &VerifyArgs) -> Result<u8, Stop> {
    let state = context.state()?;
    let lang = context.bare_lang();
    let against = args.against.as_ref().map(|a| against(context, &state, a)).transpose()?;
    let spool = state.spool();
    let (report, _) = ask(context, &state, &spool, against, !args.no_git, args.signers.as_deref());
    let text = if args.format == CheckFormat::Json { json(&report) } else { text(&report, lang) };
    context.write(&text)?;
    Ok(u8::from(!report.whole()))
}

fn against(context: &Context, state: &StateFolder, text: &str) -> Result<Against, Stop> {
    let inside = context.root.join("log/checkpoints").join(text);
    if let Some(path) = [Path::new(text).to_path_buf(), inside].into_iter().find(|p| p.is_file()) {
        return Ok(Against::Checkpoint(path));
    }
    match state.repo.as_ref().and_then(|r| r.commit(text)) {
        Some(_) => Ok(Against::Revision(text.into())),
        None => Err(Stop::new(
            (
                format!("--against：`{text}` 既不是检查点，也不是版本"),
                format!("--against: `{text}` is neither a checkpoint nor a revision"),
            ),
            "",
            ("请写 log/checkpoints 中的文件，或 git 版本，如 HEAD~3", "name a file of log/checkpoints, or a git revision such as HEAD~3"),
        )),
    }
}

fn ask(
    context: &Context,
    state: &StateFolder,
    spool: &[Spooled],
    against: Option<Against>,
    history: bool,
    signers: Option<&Path>,
) -> (Report, Vec<Seen>) {
    let bar = |n: usize, all: usize| {
        if context.bar && n.is_multiple_of(64) {
            eprint!("\r{n}/{all}  ");
        }
    };
    let done = verify::verify(&Options {
        root: &context.root,
        spool,
        repo: state.repo.as_ref(),
        branch: state.branch.as_deref(),
        history,
        against,
        signers,
        progress: Some(&bar),
    });
    if context.bar {
        eprint!("\r\u{1b}[K");
    }
    done
}

/// The whole answer for programs.
fn json(report: &Report) -> String {
    let mut v = json!({"schema": "duban/verify/1", "verdict": if report.whole() { "whole" } else { "not whole" }});
    if let (Value::Object(v), Ok(Value::Object(mut all))) = (&mut v, serde_json::to_value(report)) {
        let rows = all.remove("troubles").unwrap_or_default();
        v.extend(all);
        v.insert("rows".into(), rows);
    }
    serde_json::to_string_pretty(&v).expect("plain data") + "\n"
}

fn text(r: &Report, lang: Lang) -> String {
    let mut out = String::new();
    for t in &r.troubles {
        out += &trouble(t, lang);
    }
    if r.more > 0 {
        out += &match lang {
            Lang::En => format!("and {} more troubles in files with more than {}\n", r.more, verify::MOST),
            _ => format!("另有 {} 处，所在文件各超过 {} 处\n", r.more, verify::MOST),
        };
    }
    for s in &r.signatures {
        out += &format!("{} {}: {}\n", say(lang, "检查点", "checkpoint"), tame(&s.checkpoint), tame(&s.message.say(lang)));
    }
    for why in &r.heard.silent {
        out += &format!("{}: {}\n", say(lang, "未能作证", "not heard"), tame(&why.say(lang)));
    }
    let h = &r.heard;
    let root = r.root.get(..16).unwrap_or_default();
    out += &match lang {
        Lang::En => format!(
            "log: files {} · lines {} · entries {} · root {root}\nwitnesses: references {} · spool {} · checkpoints {} (signed {}) · commits {}\n",
            r.files, r.lines, r.entries, h.references, h.spool, h.checkpoints, h.signatures, h.commits
        ),
        _ => format!(
            "日志：文件 {} · 行 {} · 条目 {} · 根 {root}\n见证：引用 {} · 暂存 {} · 检查点 {}（签名有效 {}） · 提交 {}\n",
            r.files, r.lines, r.entries, h.references, h.spool, h.checkpoints, h.signatures, h.commits
        ),
    };
    let n = r.troubles.len() as u64 + r.more;
    out + &match (lang, r.whole()) {
        (Lang::En, true) => "whole\n".to_string(),
        (Lang::En, false) => format!("NOT whole: {n} troubles\n"),
        (_, true) => "完好\n".to_string(),
        (_, false) => format!("不完好：{n} 处\n"),
    }
}

fn trouble(t: &Trouble, lang: Lang) -> String {
    let at = if t.line == 0 { t.file.clone() } else { format!("{}:{}", t.file, t.line) };
    let name = if lang == Lang::En { t.word.code().to_string() } else { format!("{} {}", t.word.code(), t.word.term().say(Lang::Zh)) };
    let mut out = format!("{name}  {at}\n    {}\n", t.message.say(lang));
    if let Some(e) = &t.entry {
        out += &format!("    {} {} {} {}\n", e.duty, e.event, e.by, e.at);
    }
    if !t.witness.is_empty() {
        out += &format!("    {}: {}\n", say(lang, "见证", "witness"), t.witness.join(", "));
    }
    if !t.found.is_empty() {
        out += &format!("    {}: {}\n", say(lang, "仍在", "still in"), t.found.join(", "));
    }
    tame(&out).into_owned()
}

/// What `verify` says of a log that is not whole; nothing of one that is.
#[cfg(feature = "rollup")]
pub(super) fn doubts(context: &Context, state: &StateFolder) -> Option<String> {
    let spool = state.spool();
    let (report, _) = ask(context, state, &spool, None, true, None);
    (!report.whole()).then(|| text(&report, context.bare_lang()))
}

fn register(context: &Context) -> Result<Register, Stop> {
    Ok(context.open()?.register)
}

fn post(state: &StateFolder, by: Option<&String>) -> Result<String, Stop> {
    let by = by.cloned().or_else(|| state.last_post());
    let by = by.ok_or_else(|| {
        Stop::new(
            ("没有指明由谁签署", "nobody is named as signing this off"),
            ("检查点写明由谁作出", "a checkpoint says who made it"),
            ("请给出 --by 岗位，或设置 DUBAN_BY", "give --by POST, or set DUBAN_BY"),
        )
    })?;
    id::check("post", &by).map_err(|e| Stop::new("--by", e, ""))?;
    Ok(by)
}

/// A signed-off state of the log.
pub fn checkpoint(context: &Context, args: &CheckpointArgs) -> Result<u8, Stop> {
    let state = context.state()?;
    let lang = context.bare_lang();
    let register = register(context)?;
    let by = post(&state, args.by.as_ref())?;
    let appender = Appender { root: &context.root, register: &register, now: context.now, state: &state, disk: &Real, progress: None };
    let _lock = appender.lock().map_err(super::log::not_written)?;
    let spool = state.spool();
    let (report, seen) = ask(context, &state, &spool, None, true, None);
    if !report.whole() {
        context.write(&text(&report, lang))?;
        return Err(Stop {
            code: 1,
            ..Stop::new(
                ("没有作检查点：日志不完整", "no checkpoint was made: the log is not whole"),
                "",
                ("请看 `duban verify` 和 `duban repair`", "look at `duban verify`, and at `duban repair`"),
            )
        });
    }
    let bad = |e: String| Stop::new(("检查点没有作成", "the checkpoint was not made"), e, "");
    let signed = args.sign.as_ref().map(|k| crate::ssh::fingerprint(k)).transpose().map_err(bad)?.unwrap_or("no".into());
    let at = crate::model::entry::instant::show(&context.now.with_timezone(&register.settings.time_zone.0));
    let c = checkpoint::next(&context.root, register.settings.unit.code.as_str(), &by, &at, &seen, &signed);
    let mut body = c.text();
    if let Some(key) = &args.sign {
        body += &crate::ssh::sign(c.text().as_bytes(), key, checkpoint::NAMESPACE).map_err(bad)?;
    }
    let dir = context.root.join("log/checkpoints");
    let suffix = state.suffix(&Real).map_err(|e| bad(e.to_string()))?;
    let name = c.name(&format!("{by}-{suffix}"));
    let made = checkpoint::store(&Real, &dir, &name, &body);
    made.map_err(|e| bad(e.to_string()))?;
    context.write(&format!(
        "log/checkpoints/{name}\n{} {} · {} {} · {} {}\n",
        say(lang, "条目", "entries"),
        c.entries,
        say(lang, "文件", "files"),
        c.files.len(),
        say(lang, "根", "root"),
        c.root
    ))
}

/// Mends what can be mended.
pub fn repair(context: &Context, args: &RepairArgs) -> Result<u8, Stop> {
    let state = context.state()?;
    let lang = context.bare_lang();
    let register = register(context)?;
    let appender = Appender { root: &context.root, register: &register, now: context.now, state: &state, disk: &Real, progress: None };
    let _lock = if args.apply { Some(appender.lock().map_err(super::log::not_written)?) } else { None };
    let spool = state.spool();
    let (report, _) = ask(context, &state, &spool, None, true, None);
    let options = Options {
        root: &context.root,
        spool: &spool,
        repo: state.repo.as_ref(),
        branch: state.branch.as_deref(),
        history: true,
        against: None,
        signers: None,
        progress: None,
    };
    let fixes = repair::plan(&options, &report.troubles);
    let mut out = String::new();
    for f in &fixes {
        let head = match (f.mends, args.apply) {
            (false, _) => say(lang, "不能修", "cannot mend"),
            (true, false) => say(lang, "可修", "would mend"),
            (true, true) => say(lang, "已修", "mended"),
        };
        out += &format!("{head} {}: {}\n", tame(&f.file), f.what.say(lang));
    }
    if fixes.is_empty() {
        out += say(lang, "日志完好，无须修复\n", "the log is whole; there is nothing to mend\n");
    } else if args.apply {
        repair::apply(&appender, &fixes).map_err(|e| {
            Stop::new(
                ("修复中途停止", "mending stopped"),
                e.to_string(),
                (
                    "已修复的部分是完整的；旧字节在状态目录的 aside/ 下；请再试一次",
                    "what was mended is whole; old bytes lie in the state folder under aside/; try again",
                ),
            )
        })?;
        let (after, _) = ask(context, &state, &state.spool(), None, true, None);
        out += &match (lang, after.whole()) {
            (Lang::En, true) => format!("the log is whole again; old bytes are in {}\n", state.path.join("aside").display()),
            (Lang::En, false) => format!("{} troubles remain; see `duban verify`\n", after.troubles.len()),
            (_, true) => format!("日志已恢复完好；原有内容存放在 {}\n", state.path.join("aside").display()),
            (_, false) => format!("仍有 {} 处，见 duban verify\n", after.troubles.len()),
        };
        context.write(&out)?;
        return Ok(u8::from(!after.whole()));
    } else {
        out += say(lang, "以上只是试算，什么也没有改；加 --apply 才写入\n", "nothing was changed; add --apply to write\n");
    }
    context.write(&out)?;
    Ok(u8::from(!fixes.is_empty()))
}
