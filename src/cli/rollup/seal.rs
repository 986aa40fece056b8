//! `rollup seal`.

use super::args::SealArgs;
use super::words::{say, told};
use crate::cli::context::{Context, Stop};
use crate::cli::trust;
use crate::log::append::Appender;
use crate::log::disk::Real;
use crate::rollup::seal::{Sealed, Sealing, seal as make};

/// Seals the register, which must be whole.
pub fn seal(context: &Context, args: &SealArgs) -> Result<u8, Stop> {
    let lang = context.bare_lang();
    let state = context.state()?;
    let full = std::path::absolute(&args.out).unwrap_or_else(|_| args.out.clone());
    if full.starts_with(std::path::absolute(&context.root).unwrap_or_else(|_| context.root.clone())) {
        let out = args.out.display();
        let what = (format!("{out} 在登记册之内"), format!("{out} is inside the register"));
        return Err(Stop::new(
            what,
            ("登记册目录中的每个文件都属于登记册", "every file in a register's folder is part of the register"),
            ("请封存到登记册之外的目录", "seal into a folder outside of it"),
        ));
    }
    // Nobody appends while it is read.
    let register = context.open()?.register;
    let appender = Appender { root: &context.root, register: &register, now: context.now, state: &state, disk: &Real, progress: None };
    let _lock = appender.lock().map_err(crate::cli::log::not_written)?;
    if let Some(said) = trust::doubts(context, &state) {
        context.write(&said)?;
        let what = say(lang, "没有封存：日志不完好".into(), "nothing was sealed: the log is not whole".into());
        return Err(Stop {
            code: 1,
            ..Stop::new(what, "", ("见 `duban verify` 和 `duban repair`", "see `duban verify`, and `duban repair`"))
        });
    }
    let snapshot = context.open()?;
    let lang = context.lang(&snapshot);
    let program = concat!("duban ", env!("CARGO_PKG_VERSION"));
    let sealing = Sealing {
        snapshot: &snapshot,
        unit: args.unit.as_deref(),
        kind: args.kind.as_deref(),
        out: &args.out,
        key: args.sign.as_deref(),
        program,
    };
    match make(&sealing).map_err(told(lang))? {
        Sealed::Nothing(day) => context.write(&say(
            lang,
            format!("{day} 以来没有新内容，没有封存\n"),
            format!("nothing is new since {day}: nothing was sealed\n"),
        )),
        Sealed::Segment { manifest: m, path, late } => {
            let text = say(
                lang,
                format!(
                    "{}\n行 {}（其中补正 {}） · 迟到的日志行 {late} · 封存到 {} · 签名 {}\n义务 {} · 无法读取 {}\n",
                    path.display(),
                    m.rows,
                    m.compensating,
                    m.through,
                    if m.signed == "no" { "无" } else { &m.signed },
                    m.read,
                    m.invalid
                ),
                format!(
                    "{}\nrows {} (compensating {}) · late log lines {late} · sealed through {} · signed {}\nobligations {} · invalid {}\n",
                    path.display(),
                    m.rows,
                    m.compensating,
                    m.through,
                    m.signed,
                    m.read,
                    m.invalid
                ),
            );
            context.write(&text)?;
            Ok(u8::from(m.invalid > 0))
        }
    }
}
