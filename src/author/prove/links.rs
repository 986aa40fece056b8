//! Kinds of breakage in what obligations need of each other.

use super::bench::{Bench, Hands, key};
use super::kind::{Breakage, Broken};
use super::pages::nobody;
use crate::author::yaml::{Deed, Step};
use crate::model::Term;
use serde_json::json;

/// In the order of the table of rules.
pub const KINDS: &[Breakage] = &[
    Breakage { name: Term("依赖指向不存在的义务", "a link to nowhere"), rules: &["D001"], make: dangling },
    Breakage { name: Term("两项义务互相等待", "two obligations that wait for each other"), rules: &["D002"], make: |b| ring(b, 2) },
    Breakage { name: Term("五项义务首尾相等", "a ring of five obligations"), rules: &["D002"], make: |b| ring(b, 5) },
    Breakage { name: Term("同一依赖写了两次", "the same link twice"), rules: &["D003"], make: twice },
    Breakage { name: Term("依赖的种类不存在", "a wrong kind of link"), rules: &["E006"], make: wrong_kind },
    Breakage { name: Term("依赖指向部门而不是义务", "a link to a department"), rules: &["E007"], make: to_a_department },
];

fn dangling(b: &Bench) -> Option<Broken> {
    let ob = b.obligation("D001", |_| true)?;
    b.hands().need(ob, &nobody(b)?, "requires")?.broken(b.s.register.obligations[ob].id.as_str())
}

/// The first obligations in a ring; links that are there already are used.
fn ring(b: &Bench, n: usize) -> Option<Broken> {
    let r = &b.s.register;
    let all = r.obligations.get(..n)?;
    let mut hands: Hands = b.hands();
    for (i, o) in all.iter().enumerate() {
        let next = all[(i + 1) % n].id.as_str();
        if !o.needs.iter().any(|x| x.on.as_str() == next) {
            hands = hands.need(i, next, "feeds")?;
        }
    }
    hands.broken(all.iter().map(|o| o.id.as_str()).collect::<Vec<_>>().join(" → "))
}

fn twice(b: &Bench) -> Option<Broken> {
    let ob = b.obligation("D003", |i| !b.s.register.obligations[i].needs.is_empty())?;
    let o = &b.s.register.obligations[ob];
    b.hands().need(ob, o.needs[0].on.as_str(), o.needs[0].kind.code())?.broken(o.id.as_str())
}

fn linked<'a>(b: &Bench<'a>) -> Option<&'a crate::model::Item<crate::model::Obligation>> {
    b.s.register.obligations.iter().find(|o| !o.needs.is_empty())
}

fn wrong_kind(b: &Bench) -> Option<Broken> {
    let o = linked(b)?;
    let way = [key("needs"), Step::Item(0), key("kind")];
    b.hands().item(o.at, &way, Deed::Set(json!("contains")))?.broken(o.id.as_str())
}

fn to_a_department(b: &Bench) -> Option<Broken> {
    let (o, body) = (linked(b)?, b.s.register.bodies.first()?);
    let way = [key("needs"), Step::Item(0), key("on")];
    b.hands().item(o.at, &way, Deed::Set(json!(body.id.as_str())))?.broken(o.id.as_str())
}
