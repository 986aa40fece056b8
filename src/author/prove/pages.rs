//! Kinds of breakage in the files and their fields: what cannot be read, who leads, who answers,
//! by when, where it comes from.

use super::bench::{Bench, key};
use super::kind::{Breakage, Broken, kind};
use crate::author::yaml::{Deed, Step};
use serde_json::{Value, json};

/// In the order of the table of rules.
pub const KINDS: &[Breakage] = &[
    kind("登记的政策文件夹不存在", "a listed policy folder is not there", &["E001"], |b| {
        let way = [key("policies")];
        let deed = if b.s.register.settings.policies.is_empty() { Deed::Set(json!(["nowhere"])) } else { Deed::Push(json!("nowhere")) };
        b.hands().node(b.s.register.settings_at.file, &way, deed)?.broken("register.yaml")
    }),
    kind("文件末尾成了残缺的 YAML", "a file ends in broken YAML", &["E002"], |b| {
        let file = b.at(first(b)?).file;
        b.hands().words(file, |t| t + "- id: [\n").broken(shown(b, file))
    }),
    kind("键名写错一个字母", "a key with a letter wrong", &["E003"], |b| field(b, "E003", "ownre", json!("x"))),
    kind("同一个键写了两次", "the same key twice", &["E004"], |b| {
        let ob = first(b)?;
        let id = b.s.register.obligations[ob].id.to_string();
        let twice = |t: String| {
            let mut inside = false;
            let lines = t.split_inclusive('\n').map(|l| {
                inside = if l.starts_with("- ") { l.contains(id.as_str()) } else { inside };
                if inside && l.trim_start().starts_with("kind:") { format!("{l}{l}") } else { l.to_string() }
            });
            lines.collect()
        };
        b.hands().words(b.at(ob).file, twice).broken(&id)
    }),
    kind("必填的值为空", "a value that must be there is empty", &["E005"], |b| field(b, "E005", "title", json!(""))),
    kind("取值不在词表里", "a value that no list has", &["E006"], |b| field(b, "E006", "modality", json!("mutst"))),
    kind("编号不合格式", "an id out of form", &["E007"], |b| field(b, "E007", "id", json!("opn 3.1"))),
    kind("编号重复", "a duplicate id", &["E008"], |b| {
        let r = &b.s.register;
        let second = (1..r.obligations.len()).find(|i| b.at(*i).file == b.at(*i - 1).file)?;
        let id = r.obligations[second - 1].id.as_str();
        b.hands().item(b.at(second), &[key("id")], Deed::Set(json!(id)))?.broken(id)
    }),
    kind("牵头单位查无此名", "a lead that is unknown", &["E009"], |b| lead(b, "E009", &["DEP-NOBODY"])),
    kind("计划指向不存在的义务", "a plan for an unknown obligation", &["E010"], |b| {
        let id = nobody(b)?;
        b.hands().plan(json!({"duty": id, "person": "officer-0", "due": "standing"}))?.broken(&id)
    }),
    kind("证据类型不存在", "an unknown evidence type", &["E011"], |b| {
        field(b, "E011", "evidence", json!([{"type": "nothing-known"}]))
    }),
    kind("多出一个不属于任何部分的文件", "a file that belongs to nothing", &["E012"], |b| {
        let name = (0..).map(|n| format!("stray-{n}.yaml")).find(|n| !b.s.root.join(n).exists())?;
        b.hands().file(b.s.root.join(&name), "[]\n".into()).broken(name)
    }),
    kind("义务放错了部分", "an obligation in the wrong part", &["E013"], |b| {
        let r = &b.s.register;
        let ob = first(b)?;
        let o = &r.obligations[ob];
        let policy = r.policy_of(&o.id)?;
        let other = policy.policy.parts.iter().find(|p| p.id.as_str() != o.id.part())?;
        b.hands().item(o.at, &[key("id")], Deed::Set(json!(format!("{}.99", other.id))))?.broken(o.id.as_str())
    }),
    kind("法条对照自相矛盾", "a crosswalk row that contradicts itself", &["E014"], |b| {
        let fits = |c: &&crate::model::Item<crate::model::Crosswalk>| c.links.first().is_some_and(|l| l.article.is_some());
        let row = b.s.register.crosswalk.iter().find(fits)?;
        let way = [key("links"), Step::Item(0), key("relation")];
        b.hands().item(row.at, &way, Deed::Set(json!("none")))?.broken(&*row.duty)
    }),
    kind("两个单位代行同一部门", "two bodies act for the same department", &["E015"], |b| {
        let r = &b.s.register;
        let body = r.bodies[..r.own_bodies].iter().find(|x| !x.acts_for.0.is_empty())?;
        let dept = body.acts_for.0[0].as_str();
        let twin = json!({"id": format!("{}-TWO", body.id), "acts_for": dept, "name": "a second one"});
        b.hands().node(body.at.file, &[key("bodies")], Deed::Push(twin))?.broken(dept)
    }),
    kind("所借用的目录打不开", "a catalogue that cannot be opened", &["E016"], |b| {
        let deed = Deed::Set(json!("nowhere"));
        b.hands().node(b.s.register.settings_at.file, &[key("catalogue")], deed)?.broken("register.yaml")
    }),
    kind("存档报表写错版式", "a saved report of no layout", &["E017"], |b| {
        let saved = b.s.register.reports.first()?;
        b.hands().item(saved.at, &[key("layout")], Deed::Set(json!("ledgerr")))?.broken(saved.name.as_str())
    }),
    kind("牵头单位整项删去", "the owner taken out", &["O001"], |b| {
        let ob = b.obligation("O001", |i| b.owner_written(i))?;
        b.hands().item(b.at(ob), &[key("owner")], Deed::Unset)?.broken(id(b, ob))
    }),
    kind("牵头单位清空", "the list of leads emptied", &["O001"], |b| lead(b, "O001", &[])),
    kind("责任人删去", "the named person taken out", &["O002"], |b| planned(b, "O002", "person")),
    kind("完成时限删去", "the due date taken out", &["O003"], |b| planned(b, "O003", "due")),
    kind("牵头单位是已撤并的机构", "a former body as lead", &["O004"], |b| {
        let former = b.s.register.bodies.iter().find_map(|x| x.was.first())?.id.to_string();
        lead(b, "O004", &[&former])
    }),
    kind("配合单位同时牵头", "a support that also leads", &["O005"], |b| {
        let ob = b.obligation("O005", |i| b.owner_written(i) && !b.s.roster.owners[i].lead.is_empty())?;
        let lead = b.s.roster.owners[ob].lead[0].to_string();
        owner(b, ob, json!({"mode": "single", "lead": [lead], "support": [lead]}))
    }),
    kind("单一牵头却有两个单位", "two leads where one is said to lead", &["O006"], |b| {
        let two: Vec<&str> = b.s.register.bodies.iter().take(2).map(|x| x.id.as_str()).collect();
        if two.len() == 2 { lead(b, "O006", &two) } else { None }
    }),
    kind("计划写给了不牵头的单位", "a plan for a department that does not lead", &["O007"], |b| {
        let r = &b.s.register;
        let ob = b.obligation("O007", |i| !b.s.roster.owners[i].lead.is_empty())?;
        let other = r.bodies.iter().find(|x| b.s.roster.find(r, &format!("{}@{}", id(b, ob), x.id)).is_none())?;
        let duty = format!("{}@{}", id(b, ob), other.id);
        b.hands().plan(json!({"duty": duty, "person": "officer-0", "due": "standing"}))?.broken(&duty)
    }),
    kind("同一分工计划了两次", "an assignment planned twice", &["O008"], |b| {
        let planned = b.s.roster.duties.iter().position(|d| d.plan.is_some());
        let duty = planned.or_else(|| b.s.roster.duties.iter().position(|d| d.dept.is_some()))?;
        let full = b.s.roster.full_id(&b.s.register, duty);
        let item = || json!({"duty": full, "person": "officer-0", "due": "standing"});
        let hands = if planned.is_some() { b.hands() } else { b.hands().plan(item())? };
        hands.plan(item())?.broken(&full)
    }),
    kind("由外单位牵头", "led by a body of the catalogue", &["O009"], |b| {
        let r = &b.s.register;
        let foreign = r.bodies.get(r.own_bodies..)?.first().filter(|_| r.borrowed)?.id.to_string();
        lead(b, "O009", &[&foreign])
    }),
    kind("来源整项删去", "the source taken out", &["S001"], |b| {
        let ob = b.obligation("S001", |i| b.s.register.obligations[i].source.is_some())?;
        b.hands().item(b.at(ob), &[key("source")], Deed::Unset)?.broken(id(b, ob))
    }),
    kind("锚点删去", "the anchor gone", &["E005"], |b| anchor(b, Deed::Unset)),
    kind("锚点引用过长", "an anchor that quotes too much", &["S002"], |b| {
        anchor(b, Deed::Set(json!("引用超过十五个字就不再是锚点而是抄录原文")))
    }),
    kind("来源条款不存在", "a clause that is not there", &["S003"], |b| {
        let ob = b.obligation("S003", |i| clause_of(b, i).is_some())?;
        let way = [key("source"), key("at")];
        b.hands().item(b.at(ob), &way, Deed::Set(json!("NO:P9.s9.c9")))?.broken(id(b, ob))
    }),
    kind("条款不再列出义务", "a clause that no longer names its obligation", &["S004", "S006"], |b| {
        let (at, name) = (0..b.s.register.obligations.len()).find_map(|i| clause_of(b, i))?;
        let way = [key("clauses"), Step::Item(at.item as usize), key("primary")];
        b.hands().node(at.file, &way, Deed::Unset)?.broken(&name)
    }),
    kind("条款指向不存在的义务", "a clause that names nothing", &["S005"], |b| {
        let (at, name) = (0..b.s.register.obligations.len()).find_map(|i| clause_of(b, i))?;
        let way = [key("clauses"), Step::Item(at.item as usize), key("primary")];
        b.hands().node(at.file, &way, Deed::Push(json!(nobody(b)?)))?.broken(&name)
    }),
    kind("条款没有着落", "a clause left open", &["S006"], |b| {
        let clauses = |p: &crate::model::register::PolicyFolder| {
            p.clauses.iter().find(|c| c.reason.is_some() && c.see.is_empty()).map(|c| (c.at, c.node.at.to_string()))
        };
        let (at, name) = b.s.register.policies.iter().find_map(clauses)?;
        let way = [key("clauses"), Step::Item(at.item as usize), key("reason")];
        b.hands().node(at.file, &way, Deed::Unset)?.broken(&name)
    }),
    kind("给不接受豁免的规则写豁免", "a waiver for a rule that takes none", &["W003"], |b| {
        let subject = id(b, first(b)?);
        waived(b, json!({"rule": "O001", "subject": subject, "who": "x", "why": "x", "until": "9999-12-31"}))
    }),
    kind("豁免没有排序", "waivers out of order", &["W004"], |b| {
        b.s.register.waivers.first()?;
        waived(b, json!({"rule": "A1", "subject": "x", "who": "x", "why": "x", "until": "9999-12-31"}))
    }),
];

fn first(b: &Bench) -> Option<usize> {
    (!b.s.register.obligations.is_empty()).then_some(0)
}

fn id<'a>(b: &Bench<'a>, ob: usize) -> &'a str {
    b.s.register.obligations[ob].id.as_str()
}

fn shown(b: &Bench, file: u32) -> String {
    b.s.register.files[file as usize].shown.clone()
}

/// An obligation id that is well formed and not there.
pub fn nobody(b: &Bench) -> Option<String> {
    let r = &b.s.register;
    let part = r.obligations.first()?.id.part().to_string();
    (90..=999).rev().map(|n| format!("{part}.{n}")).find(|id| !r.obligation_index.contains_key(id.as_str()))
}

/// One field of the first obligation set to something wrong.
fn field(b: &Bench, rule: &str, name: &str, value: Value) -> Option<Broken> {
    let ob = b.obligation(rule, |_| true)?;
    b.hands().item(b.at(ob), &[key(name)], Deed::Set(value))?.broken(id(b, ob))
}

/// Another owner: in the catalogue where it stands in the unit's own files, else in the plan.
fn owner(b: &Bench, ob: usize, owner: Value) -> Option<Broken> {
    if b.s.register.borrowed {
        return b.hands().plan(json!({"duty": id(b, ob), "owner": owner}))?.broken(id(b, ob));
    }
    b.hands().item(b.at(ob), &[key("owner")], Deed::Set(owner))?.broken(id(b, ob))
}

fn lead(b: &Bench, rule: &str, leads: &[&str]) -> Option<Broken> {
    let ob = b.obligation(rule, |i| b.owner_written(i))?;
    owner(b, ob, json!({"mode": "single", "lead": leads}))
}

/// A field of the plan taken away; where nothing is planned yet, a plan that lacks it from the first.
fn planned(b: &Bench, rule: &str, name: &str) -> Option<Broken> {
    let r = &b.s.register;
    let has = |d: usize| {
        b.s.roster.duties[d].plan.is_some_and(|p| {
            let p = &r.plan[p as usize];
            if name == "person" { p.person.is_some() } else { p.due.is_some() }
        })
    };
    if let Some((duty, at)) = b.duty(rule, has).and_then(|d| Some((d, b.s.roster.plan_at(r, d)?))) {
        return b.hands().item(at, &[key(name)], Deed::Unset)?.broken(b.s.roster.id(r, duty));
    }
    let duty = b.duty(rule, |d| b.s.roster.duties[d].dept.is_some() && b.s.roster.duties[d].plan.is_none())?;
    let mut item = json!({"duty": b.s.roster.full_id(r, duty), "person": "officer-0", "due": "standing"});
    item.as_object_mut()?.shift_remove(name);
    b.hands().plan(item)?.broken(b.s.roster.id(r, duty))
}

fn waived(b: &Bench, item: Value) -> Option<Broken> {
    match b.s.register.waivers.first() {
        Some(w) => b.hands().node(w.at.file, &[], Deed::Push(item))?.broken("waivers.yaml"),
        None => {
            let text = format!("- {}\n", crate::author::yaml::value::line(&item));
            b.hands().file(b.s.root.join("waivers.yaml"), text).broken("waivers.yaml")
        }
    }
}

fn anchor(b: &Bench, deed: Deed) -> Option<Broken> {
    let ob = b.obligation("S002", |i| b.s.register.obligations[i].source.is_some())?;
    b.hands().item(b.at(ob), &[key("source"), key("anchor")], deed)?.broken(id(b, ob))
}

/// The clause that has an obligation as primary: its place and its name.
fn clause_of(b: &Bench, ob: usize) -> Option<(crate::model::At, String)> {
    let o = &b.s.register.obligations[ob];
    let policy = b.s.register.policy_of(&o.id)?;
    let clause = policy.clauses.iter().find(|c| c.primary.iter().any(|p| *p == o.id))?;
    Some((clause.at, clause.node.at.to_string()))
}
