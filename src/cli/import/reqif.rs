//! `import reqif FILE --id ABC`: spec objects and relations into a policy of drafts, shown first.

use super::land;
use crate::cli::args::ImportFormArgs;
use crate::cli::context::{Context, Stop};
use crate::exchange::draft::{Brought, Given, Source, What};
use crate::exchange::oscal::read::Policy;
use crate::exchange::reqif;
use crate::model::Lang;
use std::path::Path;

/// The form.
pub fn import(context: &Context, args: &ImportFormArgs) -> Result<u8, Stop> {
    let Some(id) = &args.id else {
        return Err(Stop::new(
            ("它要成为哪一项政策？", "which policy shall it become?"),
            ("其编号以政策代号开头", "its ids begin with the policy's code"),
            ("请给出 --id ABC", "give --id ABC"),
        ));
    };
    land::code(id)?;
    if args.title.is_some() {
        return Err(Stop::new(
            ("--title 只用于目录", "--title is for catalogues"),
            ("ReqIF 文件有自己的标题", "the title of a ReqIF file is its own"),
            ("请在 policy.yaml 中修改", "change it in policy.yaml"),
        ));
    }
    let lang = context.early_lang();
    let sources = args.files.iter().map(|f| source(f)).collect::<Result<Vec<_>, _>>()?;
    let given = Given { code: id, listed: land::listed(context, args)? };
    let brought = reqif::bring(&sources, &given).map_err(|w| Stop::new(("无法转成政策", "nothing can be made of it"), w.say(lang), ""))?;
    let files = brought.draft.files(&given);
    let policy = [Policy { code: id.clone(), parts: brought.draft.parts.len(), obligations: brought.draft.items(), files: files.clone() }];
    let (out, written) = match (&args.out, args.apply) {
        (Some(out), _) => (out.clone(), Some(land::write(out, &policy, true, lang)?)),
        (None, true) => (context.root.join(id.to_lowercase()), Some(land::apply(context, &policy, lang)?)),
        (None, false) => (context.root.join(id.to_lowercase()), None),
    };
    let said = account(&brought, &out, &files, written.as_deref(), lang);
    context.write(&crate::render::terminal::tame(&said))?;
    let lost = brought.told.iter().any(|t| matches!(t.what, What::Object | What::Link));
    Ok(u8::from(lost))
}

fn source(file: &Path) -> Result<Source, Stop> {
    let bytes = land::read(file, ("请指明 ReqIF 文件", "name a ReqIF file"))?;
    let name = file.file_name().map_or_else(|| file.display().to_string(), |n| n.to_string_lossy().into_owned());
    Ok(Source { name, bytes })
}

/// What is (or would be) written, what came of what, what is told, what comes next.
fn account(b: &Brought, out: &Path, files: &[(String, String)], written: Option<&str>, lang: Lang) -> String {
    let count = |what: What| b.told.iter().filter(|t| t.what == what).count();
    let (items, needs) = (b.draft.items(), b.draft.needs());
    let (headings, objects, links) = (count(What::Heading), count(What::Object), count(What::Link));
    let list = || files.iter().map(|(name, text)| format!("  {} ({} B)\n", out.join(name).display(), text.len())).collect::<String>();
    let shown = written.map_or_else(list, |_| String::new());
    let told = |lang: Lang| -> String {
        b.told.iter().map(|t| format!("  {}{}{}\n", t.place, if lang == Lang::En { ": " } else { "：" }, t.why.say(lang))).collect()
    };
    let zh = || {
        let head = if written.is_some() { "" } else { "将写入（加 --out 文件夹 或 --apply 才写）：\n" };
        let told = if b.told.is_empty() { "全部带入。\n".into() } else { format!("未带入或改动的：\n{}", told(Lang::Zh)) };
        let next = written.unwrap_or_default();
        format!(
            "{head}{shown}{} 个对象 = {items} 条义务草稿 + {headings} 个标题 + {objects} 个未能带入；{} 条关系，{links} 条未能带入；草稿中依赖 {needs} 条。\n{told}{next}",
            b.objects, b.links
        )
    };
    let en = || {
        let head = if written.is_some() { "" } else { "would write (with --out DIR or --apply):\n" };
        let told = if b.told.is_empty() {
            "everything was carried over.\n".into()
        } else {
            format!("not carried over, or changed:\n{}", told(Lang::En))
        };
        let next = written.unwrap_or_default();
        format!(
            "{head}{shown}{} objects = {items} draft obligations + {headings} headings + {objects} lost; {} relations, {links} lost; {needs} needs in the drafts.\n{told}{next}",
            b.objects, b.links
        )
    };
    match lang {
        Lang::Zh => zh(),
        Lang::En => en(),
        Lang::Both => zh() + &en(),
    }
}
