//! `diff`: two revisions or two days.
//!
//! A day means the present register folded for it; a revision the register as it was
//! committed. Revisions and the present are read as of one day, `--as-of` or today.

use super::args::Format;
use super::context::{Context, Stop};
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
fn side(context: &Context, name: &str) -> Result<(Snapshot, compare::Side), Stop> {
    let day = parse_date(name).ok().or_else(|| query::period(name, context.now.date_naive()).ok().map(|(_, last)| last));
    if let Some(day) = day {
        let s = context.open_at(&context.root, Some(When::Day(day)))?;
        let side = compare::side(&s, name, "day", None);
        return Ok((s, side));
    }
    let tree = tree::materialise(&context.root, name).map_err(|e| {
        let hint = match e {
            TreeError::NoRevision(_) => "write a day as 2026-11-23, a period as 2026Q1, or a git revision",
            TreeError::NoRepository => "compare two days instead, or put the register under git",
            TreeError::NoRegister(..) => "the register stood elsewhere then, or not at all",
            TreeError::Failed(_) => "",
        };
        Stop::new(format!("cannot compare with {name}"), e.to_string(), hint)
    })?;
    let s = context.open_at(&tree.root, None)?;
    let side = compare::side(&s, name, "revision", Some(tree.commit.clone()));
    Ok((s, side))
}
