//! `set` and `new`: a change, held against every rule, then written.
//!
//! 1. `author` says which bytes change and has read the result again.
//! 2. The register is judged as it would be. A new denied finding refuses, unless forced.
//! 3. The change is shown; files are replaced one by one, register.yaml last.

use super::args::{NewArgs, NewObligation, NewWhat, Pen, SetArgs};
use crate::author::find::{self, File};
use crate::author::grow::{self, Pair};
use crate::author::mark::Wanted;
use crate::author::yaml::{self, Deed, Refused};
use crate::author::{field, schema, trial, write};
use crate::cli::context::{Context, Stop};
use crate::load::{Instead, OpenError};
use crate::model::{Lang, Term};
use crate::snapshot::Snapshot;

/// A change that cannot be made, in words.
pub fn refuse(e: &Refused, lang: Lang) -> Stop {
    let why = match lang {
        Lang::Zh => e.0.0.clone(),
        Lang::En => e.0.1.clone(),
        Lang::Both => format!("{}\n{}", e.0.0, e.0.1),
    };
    Stop::new(("什么也没有写入", "nothing was written"), why, "")
}

/// `set`.
pub fn set(context: &Context, args: &SetArgs) -> Result<u8, Stop> {
    let s = context.open()?;
    let files = files(&s)?;
    let changed = change(&s, &files, args).map_err(|e| refuse(&e, context.lang(&s)))?;
    finish(context, &s, &files, vec![changed], &args.pen)
}

fn change(s: &Snapshot, files: &[File], args: &SetArgs) -> Result<Wanted, Refused> {
    let words = field::parse(&args.field)?;
    let target = find::target(s, files, &args.id, &words[0])?;
    let file = &files[target.file];
    let root = yaml::read(&file.text)?;
    let node = yaml::at(&root, &target.base).unwrap_or(&root);
    let schema = schema::schema(schema::find(file.kind).expect("every file has a kind"));
    let mut shape = field::Shape::of(&schema);
    // An element that is not there yet has the shape of its neighbours.
    let fresh = target.fresh.is_some();
    for step in target.base.iter().chain(fresh.then_some(&yaml::Step::Item(0))) {
        shape = shape.step(step)?;
    }
    let empty = yaml::read("{}")?;
    let steps = field::steps(if fresh { &empty } else { node }, &words)?;
    // The mapping that gets a new key says in what order its keys stand.
    let (mut order, mut here) = (Vec::new(), (!fresh).then_some(node));
    for step in &steps {
        let next = here.and_then(|n| yaml::at(n, std::slice::from_ref(step)));
        if here.is_some() && next.is_none() {
            order = shape.keys();
        }
        here = next;
        shape = shape.step(step)?;
    }
    let deed = match &args.value {
        None => Deed::Unset,
        Some(typed) if args.add => Deed::Push(field::value(typed, &shape.step(&yaml::Step::Item(0))?, None)?),
        Some(typed) => Deed::Set(field::value(typed, &shape, here)?),
    };
    let text = match (target.fresh, deed) {
        (Some(_), Deed::Unset) => return Err(Refused::new("那里本来就没有", "there is nothing there to take away")),
        (Some(mut item), deed) => {
            let value = match deed {
                Deed::Push(v) => serde_json::Value::Array(vec![v]),
                Deed::Set(v) => v,
                Deed::Unset => unreachable!("met above"),
            };
            let serde_json::Value::Object(more) = yaml::value::nest(&steps, &value) else { unreachable!("a field begins with a key") };
            item.as_object_mut().expect("made as a mapping").extend(more);
            yaml::apply(&file.text, &target.base, &Deed::Push(item), &order)?
        }
        (None, deed) => yaml::apply(&file.text, &[target.base, steps].concat(), &deed, &order)?,
    };
    Ok((file.path.clone(), text))
}

/// `new`.
pub fn new(context: &Context, args: &NewArgs) -> Result<u8, Stop> {
    let s = context.open()?;
    let files = files(&s)?;
    let lang = context.lang(&s);
    let (wanted, pen) = match &args.what {
        NewWhat::Department { id, name, short_zh, short_en, acts_for, sector, parent, order, pen } => {
            let d = grow::Department {
                id: id.clone(),
                name: Pair { zh: name.zh.clone(), en: name.en.clone() },
                short: Pair { zh: short_zh.clone(), en: short_en.clone() },
                acts_for: acts_for.clone(),
                sector: sector.clone(),
                parent: parent.clone(),
                order: *order,
            };
            (grow::department(&s, &files, &d), pen)
        }
        NewWhat::Obligation(o) => (grow::obligation(&s, &files, &obligation(o)).map(|(_, wanted)| wanted), &o.pen),
        NewWhat::Policy { code, name, part_zh, part_en, listed, pen } => {
            let listed = match listed {
                Some(day) => crate::model::time::parse_date(day).map_err(|e| {
                    Stop::new(("--listed 不是日期", "--listed is no date"), e, ("请写作 2026-11-24", "write it as 2026-11-24"))
                })?,
                None => s.register.settings.time_zone.day(context.now),
            };
            let p = grow::Policy {
                code: code.clone(),
                title: Pair { zh: name.zh.clone(), en: name.en.clone() },
                part: Pair { zh: part_zh.clone(), en: part_en.clone() },
                listed,
            };
            (grow::policy(&s, &files, &p), pen)
        }
    };
    finish(context, &s, &files, wanted.map_err(|e| refuse(&e, lang))?, pen)
}

fn obligation(o: &NewObligation) -> grow::Obligation {
    grow::Obligation {
        id: o.id.clone(),
        title: Pair { zh: o.name.zh.clone(), en: o.name.en.clone() },
        requirement: Pair { zh: o.requirement_zh.clone(), en: o.requirement_en.clone() },
        codes: [o.kind.clone(), o.modality.clone(), o.recurrence.clone()],
        lead: o.lead.clone(),
        support: o.support.clone(),
        source: o.at.clone().zip(o.anchor.clone()).map(|(at, anchor)| [o.layer.clone(), at, anchor]),
        review: o.review.clone(),
        sector: o.sector.clone(),
    }
}

fn files(s: &Snapshot) -> Result<Vec<File>, Stop> {
    find::files(s).map_err(|e| {
        Stop::new(
            ("无法读取登记册的文件", "the register's files cannot be read"),
            e.to_string(),
            ("请先解决；`duban check` 会指出", "mend this first; `duban check` names it"),
        )
    })
}

/// What a file of the register said when it was read.
fn old<'a>(files: &'a [File], path: &str) -> Option<&'a str> {
    files.iter().find(|f| f.path == path).map(|f| f.text.as_str())
}

/// Judges the change, shows it and writes it.
fn finish(context: &Context, s: &Snapshot, files: &[File], wanted: Vec<Wanted>, pen: &Pen) -> Result<u8, Stop> {
    let lang = context.lang(s);
    let word = |zh: &'static str, en: &'static str| Term(zh, en).say(lang);
    let instead: Instead = wanted.iter().map(|(path, text)| (s.root.join(path), text.clone())).collect();
    let verdict = trial::hold(s, &context.options(), instead).map_err(|e| {
        let why = match e {
            OpenError::Settings(found) => found.iter().map(|f| f.message.say(lang).into_owned()).collect::<Vec<_>>().join("\n"),
            other => other.to_string(),
        };
        Stop::new(
            ("什么也没有写入", "nothing was written"),
            (format!("改后 register.yaml 将无法使用：{why}"), format!("register.yaml could not be used afterwards: {why}")),
            ("请另选一个值", "choose another value"),
        )
    })?;
    let tell = |j: &crate::finding::Judged| format!("{} {}:{} {}", j.finding.rule, j.place.file, j.place.line, j.finding.message.say(lang));
    if !verdict.denied.is_empty() && !pen.force {
        let all: Vec<String> = verdict.denied.iter().take(10).map(tell).collect();
        let more = verdict.denied.len().saturating_sub(10);
        let more = if more > 0 { format!("\n+ {more}") } else { String::new() };
        let why =
            format!("{}\n{}{more}", word("改动会带来新的拒绝级发现：", "the change would bring new findings that deny:"), all.join("\n"));
        let hint = ("改正取值；确要先写入，加 --force", "choose another value; --force writes it all the same");
        return Err(Stop { code: 1, ..Stop::new(("什么也没有写入", "nothing was written"), why, hint) });
    }
    let mut said = String::new();
    for (path, text) in &wanted {
        said += &shown(path, old(files, path).unwrap_or(""), text);
    }
    if wanted.iter().all(|(path, text)| old(files, path) == Some(text)) {
        said += &format!("{}\n", word("本来就是这样，没有改动", "it says so already; nothing changed"));
        return context.write(&crate::render::terminal::tame(&said));
    }
    for j in verdict.denied.iter().chain(verdict.warned.iter().take(5)) {
        said += &format!("  ! {}\n", tell(j));
    }
    if verdict.gone > 0 {
        said += &format!("{} {}\n", verdict.gone, word("条发现随之消除", "findings are gone"));
    }
    if pen.dry_run {
        said += &format!("{}\n", word("只是演示，没有写入", "a dry run: nothing was written"));
    } else {
        put(s, files, &wanted)?;
    }
    context.write(&crate::render::terminal::tame(&said))
}

/// Writes the files; each is still what it was when the change was worked out.
///
/// # Errors
/// When one was changed meanwhile, or the disk does not take them.
pub fn put(s: &Snapshot, files: &[File], wanted: &[Wanted]) -> Result<(), Stop> {
    for (path, _) in wanted {
        let now = std::fs::read_to_string(s.root.join(path)).ok();
        if now.as_deref() != old(files, path) {
            return Err(Stop::new(
                ("什么也没有写入", "nothing was written"),
                (format!("{path} 其间已被他人改动"), format!("{path} was changed by somebody else in the meantime")),
                ("请再运行一次", "run it again"),
            ));
        }
    }
    for (n, (path, text)) in wanted.iter().enumerate() {
        let place = s.root.join(path);
        let done =
            if old(files, path).is_some() { write::replace(&place, text.as_bytes()) } else { write::create(&place, text.as_bytes()) };
        done.map_err(|e| {
            let before: Vec<&str> = wanted[..n].iter().map(|(p, _)| p.as_str()).collect();
            let before = before.join(", ");
            let what = match n {
                0 => ("什么也没有写入".to_string(), "nothing was written".to_string()),
                _ => (format!("只写入了一部分：{before}"), format!("only part was written: {before}")),
            };
            Stop::new(what, format!("{path}: {e}"), ("请解决后用 `duban check` 查看", "mend this and look with `duban check`"))
        })?;
    }
    Ok(())
}

/// The lines that differ, as `-` and `+`; a new file by its name alone.
fn shown(path: &str, old: &str, new: &str) -> String {
    if old.is_empty() {
        return format!("{path}  +{}\n", new.lines().count());
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let mut out = format!("{path}:{}\n", head + 1);
    a[head..a.len() - tail].iter().for_each(|l| out += &format!("- {l}\n"));
    b[head..b.len() - tail].iter().for_each(|l| out += &format!("+ {l}\n"));
    out
}
