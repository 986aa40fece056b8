//! `import oscal FILE`: a catalogue into a policy folder, shown first.
//!
//! 1. The file is read and made into policies ([`bring`]); whatever is told is printed.
//! 2. With `--out` the files go to a folder that needs no register; with `--apply` into the register
//!    and its list of policies, all of it held against the rules before. That nobody owns the new
//!    obligations (O001) is no reason to refuse: it is what `check` shall go on to say.

use super::land;
use crate::cli::args::ImportFormArgs;
use crate::cli::context::{Context, Stop};
use crate::exchange::oscal::read::{Brought, Given, bring};
use crate::model::Lang;

/// The form.
pub fn import(context: &Context, args: &ImportFormArgs) -> Result<u8, Stop> {
    let [file] = args.files.as_slice() else {
        return Err(Stop::new(
            ("一次只能导入一份目录", "one catalogue at a time"),
            (format!("指明了 {} 个文件", args.files.len()), format!("{} files were named", args.files.len())),
            ("请逐个运行", "run it for each"),
        ));
    };
    if let Some(id) = &args.id {
        land::code(id)?;
    }
    let listed = land::listed(context, args)?;
    let lang = context.early_lang();
    let bytes = land::read(file, ("请指明 JSON 格式的 OSCAL 目录", "name an OSCAL catalogue as JSON"))?;
    let given = Given { code: args.id.as_deref(), title: args.title.as_deref(), listed, bytes: &bytes };
    let brought = bring(&given).map_err(|w| {
        Stop::new((format!("{} 无法转成政策", file.display()), format!("nothing can be made of {}", file.display())), w.say(lang), "")
    })?;
    let mut said = told(&brought, lang);
    match (&args.out, args.apply) {
        (Some(out), _) => said += &land::write(out, &brought.policies, args.id.is_some(), lang)?,
        (None, true) => said += &land::apply(context, &brought.policies, lang)?,
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
