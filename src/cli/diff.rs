//! `diff`: two revisions or two days.
//!
//! A day means the present register folded for it; a revision the register as it was
//! committed. Revisions and the present are read as of one day, `--as-of` or today.

use super::args::Format;
use super::context::{Context, Said, Stop};
use crate::diff::{compare, page};
use crate::git::tree::{self, TreeError};
use crate::model::time::{When, parse_date};
use crate::snapshot::{Snapshot, query};

/// `diff A [B]`.
pub fn diff(context: &Context, from: &str, to: Option<&str>, format: Format) -> Result<u8, Stop> {
    let (from, to) = match (to, from.split_once("..")) {
        (None, Some((a, b))) if !a.is_empty() => (a, Some(b).filter(|b| !b.is_empty())),
        _ => (from, to),
    };
    let (a, left) = side(context, from)?;
    let (b, right) = match to {
        Some(to) => side(context, to)?,
        None => {
            let s = context.open()?;
            let side = compare::side(&s, "", "present", None);
            (s, side)
        }
    };
    let lang = context.lang(&b);
    let report = compare::compare(&a, &b, left, right, lang);
    context.print(format, &report, || page::page(&report, lang))?;
    Ok(u8::from(!report.whole()))
}

/// The register meant by a day or a revision.
/// Why a revision cannot be had.
pub fn why(e: &TreeError) -> Said {
    let zh = match e {
        TreeError::NoRepository => "登记册不在 git 仓库中".into(),
        TreeError::NoRevision(name) => format!("没有版本 {name}"),
        TreeError::NoRegister(name, file) => format!("版本 {name} 中没有 {file}"),
        TreeError::Failed(e) => format!("无法取出该版本：{e}"),
    };
    (zh, e.to_string()).into()
}

fn side(context: &Context, name: &str) -> Result<(Snapshot, compare::Side), Stop> {
    let day = parse_date(name).ok().or_else(|| query::period(name, context.now.date_naive()).ok().map(|(_, last)| last));
    if let Some(day) = day {
        let s = context.open_at(&context.root, Some(When::Day(day)))?;
        let side = compare::side(&s, name, "day", None);
        return Ok((s, side));
    }
    let tree = tree::materialise(&context.root, name).map_err(|e| {
        let hint = match e {
            TreeError::NoRevision(_) => (
                "日期写作 2026-11-23，期间写作 2026Q1，或写一个 git 版本",
                "write a day as 2026-11-23, a period as 2026Q1, or a git revision",
            ),
            TreeError::NoRepository => {
                ("请改为比较两个日期，或把登记册纳入 git", "compare two days instead, or put the register under git")
            }
            TreeError::NoRegister(..) => ("登记册当时在别处，或还没有", "the register stood elsewhere then, or not at all"),
            TreeError::Failed(_) => ("", ""),
        };
        Stop::new((format!("无法与 {name} 比较"), format!("cannot compare with {name}")), why(&e), hint)
    })?;
    let s = context.open_at(&tree.root, None)?;
    let side = compare::side(&s, name, "revision", Some(tree.commit.clone()));
    Ok((s, side))
}
