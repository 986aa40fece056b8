//! One place of a YAML text changed; every other byte stays.
//!
//! A change is a [`Splice`]: so many bytes out, so many in. There is no printer that could
//! lay comments, order or quotes out anew. Still nothing is believed: [`apply`] reads both
//! texts and refuses a splice that did anything but what was asked for.
//!
//! Order of things: [`Deed`] is what is asked for; [`value`] writes a value down; [`place`] finds the bytes of a node;
//! [`splice`] works out the change; [`apply`] makes it and compares.

mod deed;
mod place;
mod splice;
pub mod value;

pub use deed::{Deed, Refused, Say, Step};

use crate::load::tree::{self, Node, NodeKind};
use crate::model::Term;

/// A text with one thing changed. `order` says which keys come before which in the mapping
/// that gets a new one.
///
/// # Errors
/// When the text cannot be read, the path leads nowhere, a comment would be lost, or the
/// result says anything else than was meant.
pub fn apply(text: &str, path: &[Step], deed: &Deed, order: &[String]) -> Result<String, Refused> {
    let before = read(text)?;
    let splice = splice::splice(text, &before, path, deed, order)?;
    let after = format!("{}{}{}", &text[..splice.range.start], splice.words, &text[splice.range.end..]);
    let odd = || {
        Refused::term(Term(
            "改动之后的文件读起来与所求不同，所以没有改；请手工编辑",
            "the changed file would not read as asked for, so it was left alone; edit it by hand",
        ))
    };
    let read = read(&after).map_err(|_| odd())?;
    if same(&before, &read, path, deed) { Ok(after) } else { Err(odd()) }
}

/// The tree of a text.
///
/// # Errors
/// When it is no YAML that a register takes, or empty.
pub fn read(text: &str) -> Result<Node, Refused> {
    let broken = |e: tree::TreeError| Refused::new(format!("第{}行：{}", e.line, e.zh), format!("line {}: {}", e.line, e.en));
    tree::parse(text).map_err(broken)?.ok_or_else(|| Refused::new("文件是空的", "the file is empty"))
}

/// The node at a path.
pub fn at<'a>(node: &'a Node, path: &[Step]) -> Option<&'a Node> {
    path.iter().try_fold(node, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Item(i) => node.items().get(*i),
    })
}

/// Does the second tree say what the first says, but for the deed at the path?
fn same(before: &Node, after: &Node, path: &[Step], deed: &Deed) -> bool {
    let Some((step, rest)) = path.split_first() else {
        return match deed {
            Deed::Set(value) => value::says(after, value),
            Deed::Push(value) => match after.items().split_last() {
                Some((last, others)) => {
                    value::says(last, value)
                        && before.items().len() == others.len()
                        && before.items().iter().zip(others).all(|(a, b)| equal(a, b))
                }
                None => false,
            },
            Deed::Unset => false,
        };
    };
    match (step, &before.kind, &after.kind) {
        (Step::Key(key), NodeKind::Map(old), NodeKind::Map(new)) => {
            let others = |all: &[(Node, Node)]| all.iter().filter(|(k, _)| k.text() != Some(key)).cloned().collect::<Vec<_>>();
            let (others_old, others_new) = (others(old), others(new));
            let rest_equal = others_old.len() == others_new.len()
                && others_old.iter().zip(&others_new).all(|(a, b)| equal(&a.0, &b.0) && equal(&a.1, &b.1));
            // The keys stay in their order, whether or not this one is new.
            let order = |all: &[(Node, Node)]| all.iter().filter_map(|(k, _)| k.text().map(String::from)).collect::<Vec<_>>();
            let kept = before.get(key).is_none() || after.get(key).is_none() || order(old) == order(new);
            let here = match (before.get(key), after.get(key)) {
                (Some(_), None) => rest.is_empty() && matches!(deed, Deed::Unset),
                (Some(a), Some(b)) => same(a, b, rest, deed),
                (None, Some(b)) => matches!(deed, Deed::Set(v) if value::says(b, &value::nest(rest, v))),
                (None, None) => false,
            };
            rest_equal && kept && here
        }
        (Step::Item(i), NodeKind::Seq(old), NodeKind::Seq(new)) => {
            if rest.is_empty() && matches!(deed, Deed::Unset) {
                let left: Vec<&Node> = old.iter().enumerate().filter(|(n, _)| n != i).map(|(_, v)| v).collect();
                return left.len() + 1 == old.len() && left.len() == new.len() && left.iter().zip(new).all(|(a, b)| equal(a, b));
            }
            old.len() == new.len()
                && old.iter().zip(new).enumerate().all(|(n, (a, b))| if n == *i { same(a, b, rest, deed) } else { equal(a, b) })
        }
        _ => false,
    }
}

/// Equal but for their places: quotes count, because `"true"` is a word and `true` is not.
fn equal(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (NodeKind::Scalar { text: a, plain: p }, NodeKind::Scalar { text: b, plain: q }) => a == b && p == q,
        (NodeKind::Seq(a), NodeKind::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (NodeKind::Map(a), NodeKind::Map(b)) => a.len() == b.len() && a.iter().zip(b).all(|((k, v), (l, w))| equal(k, l) && equal(v, w)),
        _ => false,
    }
}
