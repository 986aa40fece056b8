//! Where each control goes: its part and its id here.
//!
//! 1. An id of ours, `ABC-3.18`, of the policy asked for stays, and says its part.
//! 2. Everything else keeps its id as `foreign_id` and is numbered in the part of its group; a group
//!    called `ABC-3` is that part, another one takes the next number that is free.
//! 3. Groups that hold controls are the parts; where they are more than ids have room for, the
//!    outermost groups are.

use super::told::{Told, Weight};
use super::walk::Walk;
use crate::exchange::clean::line;
use crate::model::{ObligationId, Term, Words};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where a control goes.
pub struct Place {
    /// Code of its policy.
    pub code: String,
    /// Its part, `ABC-3`.
    pub part: String,
    /// Its id here.
    pub id: String,
    /// Its own id, where that is another.
    pub foreign: Option<String>,
}

/// The parts of a policy in order, each with the group that it is made of.
pub type Parts = Vec<(String, Option<usize>)>;

const MOST_PARTS: usize = 99;
const MOST_ITEMS: usize = 999;
const NO_ID: Term = Term("控制项没有编号，另给一个", "a control without id, given one");
const TWICE: Term = Term(
    "编号重复，后者另给一个，原编号在 foreign_id",
    "an id that stands there twice; the later one is given another and keeps its own as foreign_id",
);

/// A place for each control, by its index, and the parts of each policy.
///
/// # Errors
/// When ids have no room for so many, or no code is given and an id needs one.
pub fn places(walk: &Walk, code: Option<&str>, told: &mut Told) -> Result<(Vec<Place>, BTreeMap<String, Parts>), Words> {
    let own = own_ids(walk, code, told)?;
    let group_of = group_level(walk, &own)?;
    let mut parts: BTreeMap<String, Parts> = BTreeMap::new();
    let mut taken: HashMap<String, HashSet<String>> = HashMap::new();
    let mut of_group: HashMap<(String, Option<usize>), String> = HashMap::new();
    // Ids that stay come first, so that nobody else is given one of them.
    let mut chosen: Vec<Option<String>> = vec![None; own.len()];
    for (i, id) in own.iter().enumerate() {
        let Some(id) = id else { continue };
        let part = id.part().to_string();
        let group = group_of[i];
        of_group.entry((id.policy().into(), group)).or_insert_with(|| part.clone());
        taken.entry(part.clone()).or_default().insert(id.as_str().into());
        chosen[i] = Some(part);
    }
    for (i, chosen) in chosen.iter_mut().enumerate() {
        if chosen.is_none() {
            let code = code_of(walk, i, code);
            let key = (code.clone(), group_of[i]);
            let part = match of_group.get(&key) {
                Some(part) => part.clone(),
                None => new_part(walk, &code, group_of[i], &taken)?,
            };
            taken.entry(part.clone()).or_default();
            of_group.insert(key, part.clone());
            *chosen = Some(part);
        }
    }
    let mut out = Vec::new();
    for (i, part) in chosen.into_iter().enumerate() {
        let part = part.expect("each has been given one");
        let code = part.split_once('-').map_or(part.clone(), |(code, _)| code.to_string());
        let list = parts.entry(code.clone()).or_default();
        if !list.iter().any(|(p, _)| *p == part) {
            list.push((part.clone(), named_group(walk, &part).or(group_of[i])));
        }
        let written = walk.controls[i].value["id"].as_str().map(line).filter(|id| id != "—");
        let (id, foreign) = match &own[i] {
            Some(id) => (id.to_string(), None),
            None => (number(&part, taken.entry(part.clone()).or_default())?, written),
        };
        out.push(Place { code, part, id, foreign });
    }
    Ok((out, parts))
}

/// Ids of ours that can stay, by control.
fn own_ids(walk: &Walk, code: Option<&str>, told: &mut Told) -> Result<Vec<Option<ObligationId>>, Words> {
    let (mut seen, mut ids) = (HashSet::new(), HashSet::new());
    let mut out = Vec::new();
    for control in &walk.controls {
        let written = control.value["id"].as_str().filter(|id| !id.trim().is_empty());
        match written {
            None => told.add(Weight::Changed, NO_ID, "", &control.path),
            Some(id) if !ids.insert(id) => told.add(Weight::Changed, TWICE, id, &control.path),
            Some(_) => {}
        }
        let id = written.and_then(|id| ObligationId::new(id).ok());
        if code.is_none() && id.is_none() {
            let what = written.map_or("—".to_string(), line);
            return Err(Words {
                zh: Some(format!("编号 {what}（{}）不是本系统的编号：请用 --id ABC 给出新政策的代码", control.path).into()),
                en: Some(format!("the id {what} ({}) is not one of ours: give the new policy a code with --id ABC", control.path).into()),
            });
        }
        out.push(id.filter(|id| code.is_none_or(|code| id.policy() == code)).filter(|id| seen.insert(id.clone())));
    }
    Ok(out)
}

/// The code of a control without an id that stays: the one asked for, else that of its own id.
fn code_of(walk: &Walk, i: usize, code: Option<&str>) -> String {
    let id = walk.controls[i].value["id"].as_str().unwrap_or("");
    code.map_or_else(|| id.split_once('-').map_or(id, |(code, _)| code).to_string(), String::from)
}

/// The group that makes a control's part.
fn group_level(walk: &Walk, own: &[Option<ObligationId>]) -> Result<Vec<Option<usize>>, Words> {
    let near: Vec<Option<usize>> = walk.controls.iter().map(|c| c.group).collect();
    let top: Vec<Option<usize>> = near.iter().map(|g| g.map(|g| walk.groups[g].top)).collect();
    let count = |all: &[Option<usize>]| {
        let new: HashSet<_> = all.iter().zip(own).filter(|(_, own)| own.is_none()).map(|(g, _)| *g).collect();
        let old: HashSet<&str> = own.iter().flatten().map(ObligationId::part).collect();
        new.len() + old.len()
    };
    if count(&near) <= MOST_PARTS {
        return Ok(near);
    }
    match count(&top) {
        n if n <= MOST_PARTS => Ok(top),
        n => Err(room(n, "组", "groups", MOST_PARTS)),
    }
}

fn room(n: usize, zh: &str, en: &str, most: usize) -> Words {
    Words {
        zh: Some(format!("{zh}有 {n} 个，编号只容得下 {most} 个；请先把目录分成几份").into()),
        en: Some(format!("{n} {en}; ids have room for {most}: divide the catalogue first").into()),
    }
}

/// A part for a group: its own name where that is one, else the next number.
fn new_part(walk: &Walk, code: &str, group: Option<usize>, taken: &HashMap<String, HashSet<String>>) -> Result<String, Words> {
    let named = group.and_then(|g| walk.groups[g].id).filter(|id| part_of(id, code) && !taken.contains_key(*id));
    if let Some(id) = named {
        return Ok(id.into());
    }
    let reserved: HashSet<&str> = walk.groups.iter().filter_map(|g| g.id).filter(|id| part_of(id, code)).collect();
    let free = (1..=MOST_PARTS).map(|n| format!("{code}-{n}")).find(|p| !taken.contains_key(p) && !reserved.contains(p.as_str()));
    free.ok_or_else(|| room(MOST_PARTS + 1, "组", "groups", MOST_PARTS))
}

/// Is it the name of a part of the policy?
fn part_of(id: &str, code: &str) -> bool {
    id.strip_prefix(code)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The group called like a part.
fn named_group(walk: &Walk, part: &str) -> Option<usize> {
    walk.groups.iter().position(|g| g.id == Some(part))
}

/// The lowest number that is free in a part.
fn number(part: &str, taken: &mut HashSet<String>) -> Result<String, Words> {
    let free = (1..=MOST_ITEMS).map(|n| format!("{part}.{n:02}")).find(|id| !taken.contains(id));
    let id = free.ok_or_else(|| room(MOST_ITEMS + 1, "同一部分的控制项", "controls in one part", MOST_ITEMS))?;
    taken.insert(id.clone());
    Ok(id)
}
