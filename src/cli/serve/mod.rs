//! `serve`: the web desk. `account`: who may sign in there.
//!
//! [`args`] is the manual. What the desk may not ask for itself (clock, state folder, forms of
//! reports) is handed to it here.

pub mod args;

use super::context::{Context, Said, Stop, put};
use super::report::faces::Faces;
use super::report::forms::{FORMS, Setting, piped};
use crate::model::Lang;
use crate::page::Page;
use crate::serve::who::{Accounts, secret};
use crate::serve::{Config, Forms, GitMode, Identity, Limits, ServeError, Sink, run};
use args::{AccountCommand, ServeArgs};
use chrono::Local;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Opens the desk and serves until a signal.
pub fn serve(context: &Context, args: &ServeArgs) -> Result<u8, Stop> {
    let state = context.state()?;
    let accounts = args.accounts.clone().unwrap_or_else(|| state.path.join("desk/accounts.json"));
    let lang = context.early_lang();
    if !args.read_only && args.identity_header.is_none() && Accounts::at(accounts.clone()).read().is_ok_and(|a| a.is_empty()) {
        let hint = (
            "请给 people.yaml 中的岗位建账号：`duban account add 岗位…`；只看不写用 --read-only",
            "give posts of people.yaml one: `duban account add POST…`; or look only, with --read-only",
        );
        return Err(Stop::new(("没有任何账号，谁也登录不了", "nobody has an account, so nobody could sign in"), "", hint));
    }
    if args.git && state.repo.is_none() {
        return Err(Stop::new(
            ("--git：登记册不在 git 仓库中", "--git: the register is not in a git repository"),
            "",
            ("请去掉 --git，或先 `git init`", "leave --git out, or `git init` first"),
        ));
    }
    let access: Sink = match &args.access_log {
        None => Arc::new(Mutex::new(std::io::stderr())),
        Some(path) => {
            let open = std::fs::OpenOptions::new().create(true).append(true).open(path);
            Arc::new(Mutex::new(open.map_err(|e| {
                Stop::new(
                    (format!("无法写入 {}", path.display()), format!("cannot write {}", path.display())),
                    e.to_string(),
                    ("请另指文件", "name another file"),
                )
            })?))
        }
    };
    let font = context.open()?.register.settings.font.as_ref().map(|f| f.to_string());
    let config = Config {
        root: context.root.clone(),
        shown: context.shown.clone(),
        state,
        clock: || Local::now().fixed_offset(),
        lang: context.lang_told().filter(|l| *l != Lang::Both),
        as_of: context.day_told(),
        listen: args.listen,
        read_only: args.read_only,
        accounts,
        identity: args.identity_header.as_ref().map(|h| Identity { header: h.to_ascii_lowercase() }),
        proxies: args.proxy.iter().map(|ip| ip.to_canonical()).collect(),
        tls: args.tls_cert.clone().zip(args.tls_key.clone()),
        forms: forms(font),
        git: args.git.then(|| GitMode { push: args.push.clone() }),
        access,
        limits: Limits { idle: args.idle, session: args.session, upload: args.upload << 20, ..Limits::default() },
    };
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let told = |at| {
        let said = if lang == Lang::En { "the desk is open at" } else { "督办台已开放：" };
        eprintln!("duban: {said} {scheme}://{at}/");
    };
    match run(config, told) {
        Ok(()) => Ok(0),
        Err(e @ ServeError::Bare(_)) => {
            let hint = (
                "请监听 127.0.0.1，或给出 --tls-cert 和 --tls-key，或用 --proxy 指明反向代理",
                "listen on 127.0.0.1, give --tls-cert and --tls-key, or name the reverse proxy with --proxy",
            );
            Err(Stop::new(("督办台不会在没有保护时开放", "the desk does not open unprotected"), why(&e), hint))
        }
        Err(e) => Err(Stop::new(("督办台没有开放", "the desk does not open"), why(&e), ("请解决后再试", "mend this and try again"))),
    }
}

/// Why the desk does not open.
fn why(e: &ServeError) -> Said {
    let zh = match e {
        ServeError::Bare(at) => format!("{at} 可从别处访问，而没有指明 TLS 或代理"),
        ServeError::Listen(at, e) => format!("无法监听 {at}：{e}"),
        ServeError::Tls(e) => format!("TLS：{e}"),
        ServeError::Closed(_) | ServeError::Runtime(_) => e.to_string(),
    };
    (zh, e.to_string()).into()
}

/// The forms of reports, made as `duban report` makes them.
fn forms(font: Option<String>) -> Forms {
    let all = FORMS.iter().map(|f| (f.name, f.extension, f.behind)).collect();
    let make = move |name: &str, page: &Page| -> Result<Vec<u8>, String> {
        let form = FORMS.iter().find(|f| f.name == name).ok_or("there is no such form")?;
        let faces = std::rc::Rc::new(Faces::new(None::<PathBuf>, font.clone()));
        piped(form, page, &Setting::file(page, &faces))
    };
    Forms { all, make: Arc::new(make) }
}

/// `account add`, `remove`, `list`.
pub fn account(context: &Context, command: &AccountCommand) -> Result<u8, Stop> {
    let file = match command {
        AccountCommand::Add { accounts, .. } | AccountCommand::Remove { accounts, .. } | AccountCommand::List { accounts } => accounts,
    };
    let path = match file {
        Some(path) => path.clone(),
        None => context.state()?.path.join("desk/accounts.json"),
    };
    let accounts = Accounts::at(path.clone());
    let s = context.open()?;
    let lang = context.lang(&s);
    let bad = |e: String| Stop::new(("无法写入账号", "the accounts cannot be written"), e, ("请解决后再试", "mend this and try again"));
    let posts: Vec<&str> = s.register.people.iter().flatten().map(|p| p.post.as_str()).collect();
    match command {
        AccountCommand::Add { posts: wanted, stdin, .. } => {
            if posts.is_empty() {
                return Err(Stop::new(
                    ("没有 people.yaml，因此没有岗位", "there is no people.yaml, so there are no posts"),
                    "",
                    ("请写一份：岗位、部门、角色（见 README）", "write one: post, department, roles (see the README)"),
                ));
            }
            let unknown: Vec<(String, String)> = wanted
                .iter()
                .filter(|w| !posts.contains(&w.as_str()))
                .map(|w| match crate::text::did_you_mean(w, posts.iter().copied()) {
                    Some(near) => (format!("{w}（是否想写 {near}？）"), format!("{w} (did you mean {near}?)")),
                    None => (w.clone(), w.clone()),
                })
                .collect();
            if !unknown.is_empty() {
                return Err(Stop::new(
                    ("people.yaml 没有这样的岗位", "people.yaml has no such post"),
                    {
                        let (zh, en): (Vec<String>, Vec<String>) = unknown.into_iter().unzip();
                        (zh.join("\n"), en.join("\n"))
                    },
                    ("什么也没有写入；岗位写在 people.yaml 中", "nothing was written; posts stand in people.yaml"),
                ));
            }
            let mut lines = std::io::stdin().lock().lines();
            let mut out = String::new();
            for post in wanted {
                let password = if *stdin {
                    match lines.next() {
                        Some(Ok(line)) => line.trim_end_matches('\r').to_string(),
                        _ => {
                            return Err(Stop::new(
                                (format!("标准输入中没有 {post} 的密码"), format!("no password for {post} on standard input")),
                                "",
                                ("每行一个，按岗位的次序", "one a line, in the order of the posts"),
                            ));
                        }
                    }
                } else {
                    generated()
                };
                accounts.set(post, &password, &context.now.to_rfc3339()).map_err(bad)?;
                out += &if *stdin { format!("{post}\n") } else { format!("{post}  {password}\n") };
            }
            let said = if lang == Lang::En { "written to " } else { "已写入 " };
            eprintln!("duban: {said}{}", path.display());
            put(&out)
        }
        AccountCommand::Remove { posts: wanted, .. } => {
            let mut none = Vec::new();
            for post in wanted {
                if !accounts.remove(post).map_err(bad)? {
                    none.push(post.as_str());
                }
            }
            if none.is_empty() {
                Ok(0)
            } else {
                Err(Stop::new(
                    ("这些岗位没有账号", "these have no account"),
                    none.join("\n"),
                    ("`duban account list` 列出有账号的岗位", "`duban account list` shows who has"),
                ))
            }
        }
        AccountCommand::List { .. } => {
            let all = accounts.read().map_err(bad)?;
            let line = |(post, a): (&String, &crate::serve::who::Account)| {
                let gone = match lang {
                    _ if posts.contains(&post.as_str()) => "",
                    Lang::En => "  (not in people.yaml: cannot sign in)",
                    _ => "  （people.yaml 中没有：不能登录）",
                };
                format!("{post}  {}{gone}\n", a.set)
            };
            put(&all.iter().map(line).collect::<String>())
        }
    }
}

/// A password that is easily read out: 80 bits in groups of four, without letters that look alike.
fn generated() -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = secret();
    let signs: String = bytes
        .as_bytes()
        .chunks(2)
        .take(16)
        .map(|pair| {
            let n = usize::from_str_radix(std::str::from_utf8(pair).unwrap_or("0"), 16).unwrap_or(0);
            SIGNS[n % 32] as char
        })
        .collect();
    signs.as_bytes().chunks(4).map(|g| std::str::from_utf8(g).unwrap_or("")).collect::<Vec<_>>().join("-")
}
