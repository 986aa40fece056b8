//! `schema`: the shapes of the YAML files for editors and validators.

use super::args::SchemaArgs;
use crate::author::schema::{self, KINDS};
use crate::author::{mark, write};
use crate::cli::context::{Context, Stop, near as closest};
use crate::model::Lang;
use crate::text::did_you_mean;

/// One schema, or the list of kinds.
pub fn print(args: &SchemaArgs, lang: Lang) -> Result<String, Stop> {
    let Some(name) = &args.kind else {
        let rows = KINDS.iter().map(|k| format!("{:<15} {:<22} {}\n", k.name, k.files, k.title.say(lang)));
        return Ok(rows.collect());
    };
    let kind = schema::find(name).ok_or_else(|| {
        let near = did_you_mean(name, KINDS.iter().map(|k| k.name));
        Stop::new(
            (format!("没有这种文件 `{name}`"), format!("there is no kind of file `{name}`")),
            "",
            closest(near, "`duban schema` 列出全部", "`duban schema` lists them"),
        )
    })?;
    Ok(schema::text(kind))
}

/// `schema --write` and its dry run.
pub fn write(context: &Context, args: &SchemaArgs) -> Result<u8, Stop> {
    let fail = |e: std::io::Error| {
        Stop::new(("无法读取登记册的文件", "the register's files cannot be read"), e.to_string(), ("请先解决", "mend this first"))
    };
    let wanted = mark::plan(&context.root).map_err(fail)?;
    let mut said = String::new();
    for (path, text) in &wanted {
        if !args.check {
            write::put(&context.root.join(path), text.as_bytes()).map_err(|e| {
                Stop::new(
                    (format!("无法写入 {path}"), format!("cannot write {path}")),
                    e.to_string(),
                    ("解决后请再运行一次；已写的保留", "run it again when this is mended; what was written stays"),
                )
            })?;
        }
        said += &format!("{path}\n");
    }
    let lang = context.bare_lang();
    let word = |zh: &'static str, en: &'static str| crate::model::Term(zh, en).say(lang);
    said += &match (wanted.len(), args.check) {
        (0, _) => word("格式定义和各文件首行都已是最新", "schemas and first lines are as they should be").into_owned(),
        (n, true) => format!("{n} {}", word("个文件须更新：duban schema --write", "files are behind: duban schema --write")),
        (n, false) => format!("{n} {}", word("个文件已写入", "files written")),
    };
    context.write(&(said + "\n"))?;
    Ok(u8::from(args.check && !wanted.is_empty()))
}
