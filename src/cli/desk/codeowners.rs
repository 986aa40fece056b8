//! `codeowners`: whom git asks about which file.

use super::args::CodeownersArgs;
use crate::author::{codeowners, mark};
use crate::cli::context::{Context, Stop, relative};
use crate::model::Lang;

/// Prints the file, or compares it with one that is there.
pub fn codeowners(context: &Context, args: &CodeownersArgs) -> Result<u8, Stop> {
    let s = context.open()?;
    let own = mark::files(&s.root).map_err(|e| {
        Stop::new(("无法读取登记册的文件", "the register's files cannot be read"), e.to_string(), ("请先解决", "mend this first"))
    })?;
    let own: Vec<String> = own.into_iter().map(|(path, _)| path).collect();
    let home = s.root.canonicalize().unwrap_or_else(|_| s.root.clone());
    let top = home.ancestors().find(|a| a.join(".git").exists()).unwrap_or(&home);
    let mut prefix = relative(top, &home);
    if !prefix.is_empty() {
        prefix.push('/');
    }
    let made = codeowners::make(&s, &own, &prefix, args.owner.as_deref());
    if !made.odd.is_empty() {
        return Err(Stop::new(
            ("git 账号既不是 @团队，也不是邮箱地址", "a handle is neither @team nor a mail address"),
            made.odd.join("\n"),
            ("请改正 departments.yaml 的 `git`", "mend `git` in departments.yaml"),
        ));
    }
    if !made.bare.is_empty() {
        let (n, all) = (made.bare.len(), made.bare.join(", "));
        match context.lang(&s) {
            Lang::En => eprintln!("duban: {n} lead departments have no `git` handle: {all}"),
            _ => eprintln!("duban: {n} 个牵头部门没有 git 账号：{all}"),
        }
    }
    let Some(file) = &args.check else { return context.write(&made.text) };
    let there = std::fs::read_to_string(file).map_err(|e| {
        Stop::new(
            (format!("无法读取 {}", file.display()), format!("cannot read {}", file.display())),
            e.to_string(),
            ("请指明 CODEOWNERS 文件", "name a CODEOWNERS file"),
        )
    })?;
    if there == made.text {
        return Ok(0);
    }
    context.write(&format!("{}\n{}\n", file.display(), crate::text::difference(&there, &made.text)))?;
    Ok(1)
}
